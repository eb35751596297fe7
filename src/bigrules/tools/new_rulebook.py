"""A new rulebook: what it is called, a vocabulary to begin with, a ledger, and a first rule that passes."""

from __future__ import annotations

from pathlib import Path

from bigrules.diagnostics import errors
from bigrules.language import load
from bigrules.tools.new_files import Made, free_directory, one_line, written
from bigrules.tools.new_trial import Failed, failing_examples, would_fail
from bigrules.tools.new_yaml import comment, laid_out, scalar

FIRST = "members/enough-members"
_VOCABULARY = """\
# The kinds of fact that a register may hold. Each is a sheet of the workbook.
# A sheet that is left out was not asked; a sheet that is there and empty says that there are none.

people:
  lists: person
  fields:
    person:
      is: person
      blank means: required
      help: The name by which every other sheet calls this person; two people need two names.
  asks: Who are the people that this register is about?
  help: One row for each person that any other sheet names.

memberships:
  dated: yes
  fields:
    person:
      is: person
      blank means: required
      help: The member.
  sentences:
    - says: <person> is a member
      otherwise: <person> is not a member
  asks: Who are the members, and since when?
  help: One row for each spell of membership.

offices:
  dated: yes
  fields:
    person:
      is: person
      blank means: required
      help: Who holds the office, a member or not.
    office:
      one of: [chair, secretary, treasurer, other]
      asks: Which office does <person> hold?
      help: Which office it is; write `other` for any that is not in the list.
  sentences:
    - says: <person> holds the office of <office>
      otherwise: <person> does not hold the office of <office>
  asks: Who holds an office?
  help: One row for each office and the spell for which somebody held it.
"""
_CLAUSES = """\
# The clause ledger: what the rules come from, in the order of the text. Each entry has a section, and a place in it.
# With the text beside you, `bigrules trace --guidance FILE` says the fingerprint of each sentence.

members.1:
  section: Members
  place: to be filled in
"""
_RULE = """\
# What has to be so, in one sentence. This rule is only here to begin with: change it, or take it away.
rule: There are at least three members
# The clause that says so, an entry of clauses.yaml.
source: members.1
# How strong it is: must, should or expected.
force: must

# What has to hold; the sentences that there are: `bigrules show vocabulary`.
required:
  number of: <person>
  among: <person> is a member
  at least: 3

# Small cases, and what comes out; `bigrules test` runs them.
examples:
  - name: three are enough
    given:
      - <1 to 3> is a member
    then: met
  - name: two are too few
    given:
      - <1 to 2> is a member
    then: breached
  - name: nobody at all
    given: []
    then: breached
  - name: two, and one who may be a member
    given:
      - <1 to 2> is a member
      - not recorded: <3> is a member
    then: undecided
"""


def new_rulebook(directory: str, name: str = "", *, body: str = "", edition: str = "") -> Made:
    """Make a rulebook with a first rule.

    Args:
        directory: Where; it must not be there yet, or be empty.
        name: What it is called; without it, as the directory.
        body: What a case is called, such as `the club`.
        edition: The edition of the text that it encodes.

    Raises:
        InputError: It cannot be made; then nothing was.
    """
    path = free_directory(directory)
    called = one_line(name, "--name") if name else path.absolute().name.replace("-", " ").capitalize()
    lines = [
        *comment("What the rulebook is called, and which edition of the text it encodes."),
        f"rulebook: {scalar(called)}",
        "format: 1",
        "version: 0.1.0",
        f"edition: {scalar(one_line(edition, '--edition') if edition else 'first')}",
        *comment("What a case is called."),
        f"body: {scalar(one_line(body, '--body') if body else 'the case')}",
    ]
    files: dict[Path, str] = {
        path / "rulebook.yaml": laid_out("\n".join(lines) + "\n", "rulebook"),
        path / "vocabulary.yaml": _VOCABULARY,
        path / "clauses.yaml": _CLAUSES,
        path / f"{FIRST}.yaml": _RULE,
    }
    try:
        with written(files, {}):
            book, found = load(path, thorough=False)
            if book is None or found:
                raise Failed(errors(found) or found)
            for each in failing_examples(book, FIRST).values():
                raise Failed(each)
    except Failed as failed:
        raise would_fail(failed, "rulebook", directory) from None
    return Made(tuple(str(each) for each in files), (), ("bigrules", "test", directory))
