"""Made cases: found where something changed, small, ready to paste, and no more claimed than was tried."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bigrules.language import load
from bigrules.language.model import Rulebook
from bigrules.tools.made import MadeCase, Seen, search, told_apart
from language.books import book
from made.changing import by_the_oracle, changed, faults_when_pasted, read, shipped
from properties.long_run import LONG

SIZE = """
rule: There are at least three members
force: must
required: {number of: <person>, among: <person> is a member, at least: 3}
"""


def parted(old: Rulebook, new: Rulebook, id: str) -> MadeCase:
    """The made case that there has to be; it holds as an example of either rulebook, and by the oracle."""
    made, tried = told_apart(old, new, id)
    assert made is not None, f"none found in {tried} cases"
    for rulebook, then in ((old, "before"), (new, "after")):
        assert faults_when_pasted(rulebook, id, made, then) == []
        if id in rulebook.rules:
            said = by_the_oracle(rulebook, id, read(rulebook, id, made, then))
            assert said in (None, made.before if then == "before" else made.after)
    return made


# ---------------------------------------------------------------- small, worked by hand


def test_a_limit_by_one(tmp_path: Path) -> None:
    """Three members are the only number on which at least three and at least four differ."""
    old = book(tmp_path, {"size.yaml": SIZE})
    made = parted(old, changed(old, "size", "at least: 3", "at least: 4"), "size")
    assert made == MadeCase(
        ("<ann> is a member", "<bob> is a member", "<cal> is a member"), None, "met", "breached"
    )


def test_many_people_are_numbered_and_stand_in_a_range(tmp_path: Path) -> None:
    old = book(tmp_path, {"size.yaml": SIZE.replace("at least: 3", "at least: 40")})
    made = parted(old, changed(old, "size", "at least: 40", "more than: 40"), "size")
    assert made.statements == ("<1 to 40> is a member",)
    assert (made.before, made.after) == ("met", "breached")


def test_both_directions_are_told(tmp_path: Path) -> None:
    old = book(tmp_path, {"size.yaml": SIZE})
    made = parted(changed(old, "size", "at least: 3", "at least: 4"), old, "size")
    assert (made.before, made.after) == ("breached", "met")


def test_a_share_takes_as_few_as_there_can_be(tmp_path: Path) -> None:
    """Of the shares of few members, 1 of 2 is the first that is at least a half and not more than a half."""
    share = """
    rule: At least half of the members have a vote
    force: must
    required: {share of: <person>, among: <person> is a member, where: <person> has a vote, at least: 50%}
    """
    old = book(tmp_path, {"share.yaml": share})
    made = parted(old, changed(old, "share", "at least: 50%", "more than: 50%"), "share")
    assert (made.before, made.after) == ("met", "breached")
    assert len({each for each in " ".join(made.statements).split() if each.startswith("<")}) == 2


def test_a_day_by_one(tmp_path: Path) -> None:
    """Only a grant of the last day itself is on or before it and not before it."""
    late = """
    rule: No grant was made before 2016
    force: must
    for each: <grant> was made on <day>
    not allowed: <day> is before 2016-01-01
    """
    old = book(tmp_path, {"late.yaml": late})
    made = parted(old, changed(old, "late", "before 2016-01-01", "on or before 2016-01-01"), "late")
    assert made.statements == ("<grant one> was made on <2016-01-01>",)
    assert (made.before, made.after) == ("met", "breached")


def test_a_deadline_by_one(tmp_path: Path) -> None:
    """28 days after a grant and no fewer; who wrote does not matter."""
    letter = """
    rule: Somebody writes within 28 days after a grant
    force: must
    for each: <grant> was made on <day>
    required:
      - <person> wrote on <sent>
      - <sent> is within 28 days after <day>
    """
    old = book(tmp_path, {"letter.yaml": letter.replace("<person> wrote", "<any person> wrote")})
    made = parted(old, changed(old, "letter", "28 days after <day>", "27 days after <day>"), "letter")
    assert (made.before, made.after) == ("met", "breached")
    assert len(made.statements) == 2


def test_a_condition_dropped_and_an_exception_removed(tmp_path: Path) -> None:
    text = """
    rule: Members who vote are not related
    force: must
    not allowed:
      - <person> is a member
      - <other> is a member
      - <other> has a vote
      - <person> and <other> are recorded as <any kind>
    unless:
      - when: <any grant> had <any votes> votes
        because: of the vote
    """
    old = book(tmp_path, {"kin.yaml": text})
    made = parted(old, changed(old, "kin", "  - <other> has a vote\n", ""), "kin")
    assert (made.before, made.after, len(made.statements)) == ("met", "breached", 4)
    assert made.concerns_after == (("ann", "bob"),)
    without = text[: text.index("    unless")]
    new = book(tmp_path / "new", {"kin.yaml": without})
    made = parted(old, new, "kin")
    assert made.before == "not applicable"
    assert any("grant one" in each for each in made.statements)


def test_two_slots_swapped(tmp_path: Path) -> None:
    text = """
    rule: No member has a parent who votes
    force: must
    not allowed: [<person> is a member, <other> is a member, <person> has a vote, <person> is a parent of <other>]
    """
    old = book(tmp_path, {"kin.yaml": text})
    new = changed(old, "kin", "<person> is a parent of <other>", "<other> is a parent of <person>")
    made = parted(old, new, "kin")
    assert {made.before, made.after} == {"met", "breached"}
    assert len(made.statements) == 4


def test_any_and_all(tmp_path: Path) -> None:
    text = """
    definition: <person> counts
    holds when any of: [<person> is a member, <person> has a vote]
    """
    use = "rule: Nobody counts\nforce: must\nnot allowed: <any person> counts\n"
    old = book(tmp_path, {"counts.yaml": text, "use.yaml": use})
    new = changed(old, "counts", "holds when any of", "holds when")
    made = parted(old, new, "counts")
    # Whether a member has a vote is open unless it is said.
    assert made.statements == ("<ann> is a member", "not: <ann> has a vote")
    assert (made.before, made.after) == ("<ann> counts", "not: <ann> counts")
    # A rule that says the same as before, and reads what has changed: by way of the records below.
    by_way = parted(old, new, "use")
    assert (by_way.statements, by_way.before, by_way.after) == (made.statements, "breached", "met")


def test_what_people_decide(tmp_path: Path) -> None:
    """Where an answer is what turns it, the case has one."""
    text = """
    definition: <person> counts
    people decide when: <person> is a member
    ask: Does <person> count?
    """
    use = "rule: No member counts\nforce: must\nnot allowed: [<person> is a member, <person> counts]\n"
    old = book(tmp_path, {"counts.yaml": text, "use.yaml": use})
    made = parted(
        old, changed(old, "use", "[<person> is a member, <person> counts]", "<any person> is a member"), "use"
    )
    assert (made.before, made.after) == ("met", "breached")


def test_an_age_on_a_day(tmp_path: Path) -> None:
    text = """
    rule: Nobody under sixteen is a member
    force: must
    not allowed:
      - <person> is a member
      - <person> was born on <born>
      - <born> is less than 16 years before <the day>
    """
    old = book(tmp_path, {"age.yaml": text})
    made = parted(old, changed(old, "age", "16 years", "17 years"), "age")
    assert (made.before, made.after) == ("met", "breached")
    assert len(made.statements) == 2


def test_a_day_that_has_to_be_in_a_year_that_is_named() -> None:
    """Days were tried of the year of judging alone, and no review of another season was in its window."""
    folder = Path(__file__).parents[1] / "language" / "stress" / "a-window-each-year"
    old, _ = load(folder)
    assert old is not None
    id = "rules/sent-in-february"
    made = parted(old, changed(old, id, "from 1 February to", "from 2 February to"), id)
    assert (made.before, made.after, len(made.statements)) == ("met", "breached", 2)
    assert made.statements[1].endswith("-02-01>")


# ---------------------------------------------------------------- what is not claimed


def test_nothing_is_found_where_nothing_changed(tmp_path: Path) -> None:
    old = book(tmp_path, {"size.yaml": SIZE})
    new = changed(old, "size", "There are at least three members", "Three members are enough")
    assert told_apart(old, new, "size", cases=150) == (None, 150)


def test_a_deadline_of_no_time_tries_nothing(tmp_path: Path) -> None:
    old = book(tmp_path, {"size.yaml": SIZE})
    new = changed(old, "size", "at least: 3", "at least: 4")
    assert told_apart(old, new, "size", deadline=0) == (None, 0)


def test_a_file_that_one_of_them_does_not_have(tmp_path: Path) -> None:
    old = book(tmp_path, {"size.yaml": SIZE})
    with pytest.raises(KeyError):
        told_apart(old, old, "sizes")


def test_a_definition_about_other_things_is_not_compared(tmp_path: Path) -> None:
    """What holds of one person cannot be held against what holds of a person and a grant."""
    one = "definition: <person> counts\nholds when: <person> is a member\n"
    two = "definition: <person> counts for <grant>\nholds when: [<person> is a member, <grant> had <any votes> votes]\n"
    old, new = (book(tmp_path / str(at), {"counts.yaml": each}) for at, each in enumerate((one, two)))
    assert told_apart(old, new, "counts") == (None, 0)


def test_another_wish(tmp_path: Path) -> None:
    """A search may want anything of what is said: here just a breach."""
    old = book(tmp_path, {"size.yaml": SIZE.replace("at least: 3", "at most: 3")})

    def breached(seen: tuple[Seen, ...]) -> bool:
        return seen[0].outcome == "breached"

    made, _ = search((old,), "size", breached)
    assert made is not None
    assert len(made.statements) == 4
    assert made.concerns_before == (("ann", "bob", "cal", "dee"),)


# ---------------------------------------------------------------- the shipped rules

# A change of each sort, and what can come out of it.
CHANGES = [
    ("criteria/minimum-size", "at least: 8", "more than: 8", {("met", "breached")}),
    ("criteria/minimum-size", "at least: 8", "at least: 9", {("met", "breached")}),
    ("conflicts/family-limit", "at most: 2", "at most: 1", {("met", "breached")}),
    ("criteria/resident-majority", "at least: 51%", "more than: 50%", {("breached", "met")}),
    ("conflicts/decision-direct-interest", "  - <person> is a member\n", "", {("met", "breached")}),
    ("conflicts/household-limit", "at most: 2", "at most: 3", {("breached", "met")}),
    ("review/sent-in-window", "31 December of <year>", "30 December of <year>", {("met", "breached")}),
    ("criteria/reflects-the-area", "1 year", "2 years", {("judgement", "met"), ("judgement", "breached")}),
]


@pytest.mark.parametrize(("id", "old", "new", "comes_out"), CHANGES if LONG else CHANGES[::2])
def test_seeded_changes_of_shipped_rules(
    id: str, old: str, new: str, comes_out: set[tuple[str, str]]
) -> None:
    made = parted(shipped(), changed(shipped(), id, old, new), id)
    assert (made.before, made.after) in comes_out


DEFINITIONS = [
    ("definitions/position-of-power", "  - <person> is the treasurer\n", ""),
    ("definitions/lives-in-the-area", "  - unless: <person> has a home outside the area\n", ""),
]


@pytest.mark.parametrize(("id", "old", "new"), DEFINITIONS if LONG else DEFINITIONS[:1])
def test_seeded_changes_of_shipped_definitions(id: str, old: str, new: str) -> None:
    made = parted(shipped(), changed(shipped(), id, old, new), id)
    assert made.before != made.after
    assert len(made.statements) <= 3


def test_a_rule_that_changed_through_a_definition_only() -> None:
    """Who is the treasurer is told by records, and not by the sentence that has changed."""
    new = changed(shipped(), "definitions/position-of-power", "  - <person> is the treasurer\n", "")
    made = parted(shipped(), new, "conflicts/officers-not-related")
    assert (made.before, made.after) == ("breached", "met")
    assert any("treasurer" in each for each in made.statements)


def test_the_same_case_in_every_process(tmp_path: Path) -> None:
    """Whatever texts hash to, the search takes the same way."""
    text = "rule: No member is related\nforce: must\nnot allowed:\n"
    text += "  - <person> is a member\n  - <other> has a vote\n  - <person> and <other> are recorded as <any kind>\n"
    book(tmp_path, {"kin.yaml": text})
    code = (
        "import sys\n"
        "from bigrules.language import load\n"
        "from made.changing import changed\n"
        "from bigrules.tools.made import told_apart\n"
        "old, _ = load(sys.argv[1])\n"
        "new = changed(old, 'kin', '<other> has a vote', '<other> is a member')\n"
        "print(told_apart(old, new, 'kin', cases=300))\n"
    )
    said = set()
    for seed in ("1", "2"):
        paths = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            capture_output=True,
            text=True,
            env=environment,
            check=True,
        )
        said.add(done.stdout)
    assert len(said) == 1 and "MadeCase" in said.pop()
