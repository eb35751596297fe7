"""What a report says of what it rests on, and its outcome, on a rulebook of three rules of different force."""

from __future__ import annotations

import datetime
from typing import Any

import attrs
import pytest

from bigrules.facts.case import Default
from bigrules.findings.basis import Basis, Report, assemble, worst
from bigrules.findings.judge import judge
from bigrules.findings.report import CaseOutcome, Outcome
from bigrules.program.compile import compile_program
from oracle.hand import AS_OF, PERSON, atom, case, fact, kind, rule, rulebook

MET, BREACHED, UNDECIDED = Outcome.MET, Outcome.BREACHED, Outcome.UNDECIDED
FACTS = [fact("one", "a"), fact("one", "b"), fact("two", "a")]


def report(*facts: Any, fail_on: Any = "should", **more: Any) -> Report:
    """The report on those facts; nothing is allowed of `one` (must), `two` (should), `three` (expected)."""
    kinds = [kind(each, person=PERSON) for each in ("one", "two", "three", "four")]
    forces = {"one": "must", "two": "should", "three": "expected"}
    rules = [
        rule(f"no {each}", form="not allowed", condition=atom(each, "<p>"), types={"p": PERSON}, force=force)
        for each, force in forces.items()
    ]
    book = attrs.evolve(rulebook(kinds, rules), edition="the first", digest="abc", version="1.2.3")
    made = attrs.evolve(case(book, *facts), source="ours.yaml", **more)
    findings = judge(book, compile_program(book), made)
    return assemble(
        book,
        made,
        findings,
        Basis(book, made),
        fail_on,
        ("compiled", "other"),
        ("a note",),
        (("no one", "a word"),),
    )


def test_it_says_what_it_rests_on() -> None:
    """The rulebook, the day, the lists with the number of their records, and what was chosen."""
    asked = frozenset(("one", "two", "four"))
    found = report(*FACTS, asked=asked, day_given=True, defaults=(Default("so it is read", 3),)).rests_on
    assert (found.rulebook, found.version, found.edition, found.digest) == (
        "by hand",
        "1.2.3",
        "the first",
        "abc",
    )
    assert (found.as_of, found.day_given, found.source) == (AS_OF, True, "ours.yaml")
    assert found.given == (("one", 2), ("two", 1), ("four", 0))
    assert found.not_asked == ("three",)
    assert found.defaults == (("so it is read", 3),)
    assert (found.engines, found.notes) == (("compiled", "other"), ("a note",))
    assert found.reading == (("no one", "a word"),)
    assert report(*FACTS, day_given=False).rests_on.day_given is False
    assert report(as_of=datetime.date(2018, 6, 2)).rests_on.as_of == datetime.date(2018, 6, 2)


@pytest.mark.parametrize(
    ("facts", "asked", "fail_on", "outcome"),
    [
        ([], "one two three four", "should", CaseOutcome.CONFORMS),
        (["three"], "one two three four", "should", CaseOutcome.CONFORMS),
        (["three"], "one two three four", "expected", CaseOutcome.BREACHED),
        (["two"], "one two three four", "should", CaseOutcome.BREACHED),
        (["one"], "one two three four", "should", CaseOutcome.BREACHED),
        ([], "two three four", "should", CaseOutcome.OPEN), (["two"], "two three four", "should", CaseOutcome.BREACHED),
        (["one"], "one three four", "should", CaseOutcome.BREACHED),
        ([], "one two four", "should", CaseOutcome.CONFORMS), ([], "one two four", "expected", CaseOutcome.OPEN),
        ([], "one two three", "should", CaseOutcome.CONFORMS),
    ],
)  # fmt: skip
def test_the_outcome_of_a_case_is_the_worst_of_the_rules_that_count(
    facts: list[str], asked: str, fail_on: str, outcome: CaseOutcome
) -> None:
    """What is only expected counts where it is said to."""
    found = report(*(fact(each, "a") for each in facts), fail_on=fail_on, asked=frozenset(asked.split()))
    assert (found.outcome, found.fail_on) == (outcome, fail_on)


def test_a_report_has_each_rule_with_its_findings() -> None:
    """By id, or by the end of it; in the order of the rulebook."""
    found = report(*FACTS, asked=frozenset(("one", "two")))
    assert [each.rule for each in found] == ["no one", "no two", "no three"]
    assert [(each.title, each.force, each.outcome) for each in found.rules] == [
        ("no one", "must", BREACHED), ("no two", "should", BREACHED), ("no three", "expected", UNDECIDED),
    ]  # fmt: skip
    assert [each.rule for each in found.findings] == ["no one", "no two", "no three"]
    assert [each.rule for each in found.breached] == ["no one", "no two"]
    assert [each.rule for each in found.undecided] == ["no three"]
    assert found.judgement == ()
    assert found["no two"] is found.rules[1]
    assert found["no two"].findings[0] is found.findings[1]
    with pytest.raises(KeyError, match="there is no rule 'two'"):
        found["two"]
    assert found.basis.outcomes == {"no one": BREACHED, "no two": BREACHED, "no three": UNDECIDED}


def test_the_worst_of_several_findings_is_the_first_in_order() -> None:
    """Breached, undecided, judgement, met, not applicable."""
    found = report(*FACTS).findings[0]
    order = [BREACHED, UNDECIDED, Outcome.JUDGEMENT, MET, Outcome.NOT_APPLICABLE]
    for place, outcome in enumerate(order):
        rest = [attrs.evolve(found, outcome=each) for each in reversed(order[place:])]
        assert worst(rest) is outcome
        assert worst(rest[-1:]) is outcome


def test_names_are_shown_in_full_unless_something_else_is_said() -> None:
    """The same as with `full`, and other than with initials."""
    found = report(fact("one", "Ann Example"))
    finding = found.breached[0]
    assert found.explain(finding) == found.explain(finding, "full") == found.basis.explain(finding)
    assert found.explain(finding) != found.explain(finding, "initials")
    assert found.basis.names().mode == "full"
    assert found.basis.deriver(finding.rule) is found.basis.deriver(finding.rule, "full")
    assert found.basis.evaluations() is found.basis.evaluations()
