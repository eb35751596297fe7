"""The rulebooks under `examples/`: rule files only, held against scenarios that were worked out by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import bigrules
from bigrules.findings.check import Report
from bigrules.tools.trace import trace
from held_scenarios import LONG, Held, written

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ["constitution", "neighbourhood-forum"]


@cache
def held(name: str) -> Held:
    """One of them and its scenarios."""
    return Held(EXAMPLES / name, EXAMPLES / "scenarios" / name)


@cache
def report_on(name: str, register: str) -> Report:
    """What is found of the register of one of them."""
    book = bigrules.load_rulebook(EXAMPLES / name)
    return book.check(book.read(EXAMPLES / register))


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_rule_files_only(name: str) -> None:
    """No Python, and nothing else that is run."""
    files = [each for each in (EXAMPLES / name).rglob("*") if each.is_file()]
    assert len(files) > 5
    assert {each.suffix for each in files} == {".yaml"}


@pytest.mark.parametrize("name", NAMES)
def test_the_files_have_no_faults(name: str) -> None:
    """Each sentence, rule, clause and question that they name is there, and there are enough of them."""
    found, wrong = held(name).scenarios
    assert wrong == ()
    assert len(found) >= 60
    assert sorted(found) == sorted(each for _, each in written(held(name).folder))


@pytest.mark.parametrize(
    ("name", "file", "scenario"), [(name, *each) for name in NAMES for each in written(held(name).folder)]
)
def test_scenario(name: str, file: str, scenario: str) -> None:
    """The tool, each engine, the oracle and a register come to the outcome and the people that are written down."""
    held(name).agrees(file, scenario)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_that_says_something_else_is_told(name: str) -> None:
    """Each of them (in a short run some), with another outcome or other people, is a fault: none says nothing."""
    some = list(held(name).scenarios[0].values())[:: 1 if LONG else 8]
    assert [each.name for each in some if not held(name).says_something(each)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_of_its_own_comes_out_in_two_ways(name: str) -> None:
    """Every rule that it has, or amends, has scenarios that differ in what comes out."""
    book = held(name).book
    own = {
        rule
        for rule in book.rules
        if name != "constitution" or rule.startswith(("constitution/", "amendments/"))
    }
    own |= {each.target for each in book.amended if each.target in book.rules}
    assert len(own) > 8
    outcomes: dict[str, set[str]] = {rule: set() for rule in book.rules}
    for each in held(name).scenarios[0].values():
        outcomes[each.rule].add(each.example.then)
    assert [rule for rule in own if len(outcomes[rule]) < 2] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_reading_of_its_own_is_told_apart(name: str) -> None:
    """Whoever takes another reading sees a scenario come out otherwise."""
    own = {
        each.relative_to(EXAMPLES / name).with_suffix("").as_posix()
        for each in (EXAMPLES / name).rglob("*.yaml")
    }
    assert held(name).untold_readings(own) == []


def test_every_part_of_the_texts_that_can_be_tried_is_tried() -> None:
    """Each clause of the two ledgers has a scenario, but for the one that says nothing by itself."""
    one, other = held("neighbourhood-forum"), held("constitution")
    shown = {
        clause for each in (one, other) for every in each.scenarios[0].values() for clause in every.clauses
    }
    assert set(one.book.clauses) - shown == {"61F.5.e"}
    assert [
        each for each in other.book.clauses if each.startswith("constitution") and each not in shown
    ] == []


def test_days_that_nobody_knows_are_told_as_days() -> None:
    """In an absence with tests a day was called by the word of its slot: "a made is on or after 5 March"."""
    report = report_on("neighbourhood-forum", "weirside.yaml")
    (finding,) = report["conditions/enough-members"].findings
    told = "not recorded that Lock Forum was designated on a day and the day is on or after 5 March 2018"
    assert told in str(finding.why())


def test_a_day_that_was_only_tried_out_is_no_reason() -> None:
    """Of a term whose first day is blank it was said that "23 March 2010 is at least 2 years before 1 June 2018"."""
    report = report_on("constitution", "millbrook.yaml")
    said = [
        str(each.why()) for each in report["constitution/two-years"].findings if each.outcome == "undecided"
    ]
    assert len(said) == 1 and "Since when is it so that Jack Imaginary serves a term" in said[0]
    assert "at least 2 years before" not in said[0]


def test_the_ledger_of_a_text_without_a_copy_says_what_became_of_each_part() -> None:
    """A treatment asked for a fingerprint, so that without a copy of the text none could be written down."""
    one = held("neighbourhood-forum")
    assert {each.fingerprint for each in one.book.clauses.values()} == {""}
    assert "" not in {each.treatment for each in one.book.clauses.values()}
    assert [str(each) for each in trace(one.book, scenarios=one.folder).diagnostics] == []


@pytest.mark.parametrize(
    ("name", "register", "breached"),
    [
        (
            "constitution",
            "millbrook.yaml",
            {
                "conflicts/decision-divided-loyalty",
                "constitution/two-years",
                "constitution/three-terms",
                "constitution/quorum",
                "constitution/residents-vote",
                "constitution/no-grant-to-household",
            },
        ),
        (
            "neighbourhood-forum",
            "weirside.yaml",
            {"designation/conditions-met", "forum/in-force", "forum/proposals"},
        ),
    ],
)
def test_each_register_is_breached_where_it_is_meant_to_be(
    name: str, register: str, breached: set[str]
) -> None:
    """Worked out by hand from the lists, as the page on the examples tells it."""
    assert {each.rule for each in report_on(name, register).breached} == breached


def test_why_a_definition_does_not_hold_is_told() -> None:
    """Of a designation that had run out, or was withdrawn, it was said only that there is none."""
    (late,) = report_on("neighbourhood-forum", "weirside.yaml")["forum/proposals"].findings[:1]
    assert "It is not so that 31 May 2013 is less than 5 years before 31 May 2018." in str(late.why())

    (few,) = report_on("neighbourhood-forum", "weirside.yaml")["designation/conditions-met"].findings
    # Two were members in 2013; whether their homes were there by then is not recorded.
    assert "Counted: 0 to 2; at least 21 are needed." in str(few.why())

    book = bigrules.load_rulebook(EXAMPLES / "neighbourhood-forum")
    lists = {
        "bodies": [{"body": "Weir"}],
        "designations": [{"body": "Weir", "day": "2017-06-01"}],
        "withdrawals": [{"body": "Weir", "day": "2018-03-01", "reasons": "yes"}],
        "proposals": [{"proposal": "yard", "body": "Weir", "day": "2018-04-01"}],
    }
    report = book.check(book.read({"as of": "2018-06-01", **lists}))
    (withdrawn,) = report["forum/proposals"].findings
    assert "The designation of Weir was withdrawn on 1 March 2018" in str(withdrawn.why())
    assert "less than 5 years" not in str(withdrawn.why())
