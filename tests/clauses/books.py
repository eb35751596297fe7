"""A rulebook of the made-up garden: each clause with a treatment, and rules beside them."""

from __future__ import annotations

from pathlib import Path

from bigrules.language import load
from bigrules.language.model import Rulebook

from .made_up import GARDEN, ledger_of

# What became of each clause; headings belong to the page and all else explains.
TREATMENTS = {
    "3.1": "treatment: rule",
    "3.2": "treatment: definition",
    "7.1": "treatment: judgement",
    "8.1": "treatment: record",
    "10.1": "treatment: permission\n  shown by: {rules/six: seven}",
    "17.1": "treatment: permission\n  shown by: [{rules/six: six}, six in winter]",
}
FILES = {
    "rulebook.yaml": "rulebook: A garden\nformat: 1\nversion: 1.0.0\nedition: 2019\n",
    "vocabulary.yaml": """
people:
  lists: person
  fields: {person: {is: person}}
memberships:
  dated: yes
  fields: {person: {is: person}, near: {is: yes or no, blank means: yes}}
  sentences:
    - <person> is in the book of gardeners
    - says: <person> lives near
      with: {near: yes}
waterings:
  fields: {person: {is: person}, day: {is: date, happened: yes}}
  sentences: [<person> watered the beds on <day>]
""",
    "definitions/gardener.yaml": """
definition: <person> is a gardener
source: 3.2
holds when: <person> is in the book of gardeners
examples:
  - given: <ann> is in the book of gardeners
    then: <ann> is a gardener
""",
    "rules/six.yaml": """
rule: There are six gardeners
source: 3.1
force: must
required:
  number of: <person>
  among: <person> is a gardener
  at least: 6
examples:
  - name: six
    given: <1 to 6> is a gardener
    then: met
  - name: seven
    given: <1 to 7> is a gardener
    then: met
  - name: five
    given: <1 to 5> is a gardener
    then: breached
""",
    "rules/care.yaml": """
rule: The garden is cared for
source: 7.1
force: should
ask: Is it?
examples:
  - given: {answer: {question: rules/care, answer: yes}}
    then: met
""",
    "rules/watered.yaml": """
rule: Somebody waters the beds
source: 8.1
force: expected
required: <any person> watered the beds on <any day>
examples:
  - given: <ann> watered the beds on <2018-05-01>
    then: met
""",
    "tests/scenarios/winter.yaml": """
- scenario: six in winter
  clause: "17.1"
  rule: rules/six
  given: <1 to 6> is a gardener
  then: met
  because: Six is six.
- scenario: five in winter
  clause: "17.1"
  rule: rules/six
  given: <1 to 5> is a gardener
  then: breached
  because: Five is less.
- scenario: a slip
  clause: "17.1"
  rule: rules/six
  given: <1 to 5> is a gardener
  then: met
  because: This is wrong.
""",
}


def ledger() -> str:
    """The ledger of the garden as a file."""
    lines = []
    for clause in ledger_of(GARDEN):
        became = TREATMENTS.get(clause.id, "treatment: explanation\n  because: says why")
        if clause.treatment == "page":
            became = "treatment: page"
        lines += [
            f'"{clause.id}":',
            f"  section: {clause.section}",
            f"  place: {clause.place}",
            f"  fingerprint: {clause.fingerprint}",
            f"  {became}",
        ]
    return "\n".join(lines) + "\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    """The rulebook of the garden, with some files in place of its own, in a folder; its scenarios stand beside it."""
    for name, text in {**FILES, "clauses.yaml": ledger(), **files}.items():
        path = folder / name if name.startswith("tests/") else folder / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text, encoding="utf-8")
    return folder / "book"


def garden(folder: Path, **files: str) -> Rulebook:
    """The rulebook of the garden; `clauses`, `six` and so on are texts to replace, as `old => new`."""
    changed = {}
    for name, change in files.items():
        path = next(each for each in [*FILES, "clauses.yaml"] if each.endswith(f"{name}.yaml"))
        old, _, new = change.partition(" => ")
        text = changed.get(path, {**FILES, "clauses.yaml": ledger()}[path])
        assert text.count(old) == 1, (old, text.count(old))
        changed[path] = text.replace(old, new)
    rulebook, found = load(write(folder, changed))
    assert rulebook is not None, [str(each) for each in found]
    return rulebook
