"""Small partnerships, worked out from the rule files by hand: what random ones seldom come to."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.adapters import core_findings as findings
from benchmarks.adapters import core_rulebook

from benchmarks import cases, hand_written
from bigrules.facts.case import Answer, Case, Fact
from partnerships import record
from strategies import AS_OF, ONE_DAY

Found = tuple[str, list[list[str]]]


def found(rule: str, facts: list[Fact], *answers: Answer, subject: str = "") -> Found:
    """What the function finds, which the engine has to find too."""
    case = Case(
        "small", AS_OF, tuple(facts), frozenset(core_rulebook().model.vocabulary.kinds), answers=answers
    )
    mine = {
        each[:2]: (each[2], sorted(map(sorted, each[3])))
        for each in hand_written.check(cases.register_of(case))
    }
    theirs = {
        (each.rule, "".join(str(value) for _, value in each.subject)): (
            str(each.outcome),
            sorted(sorted(way.concerned) for way in each.witnesses if way.concerned),
        )
        for each in findings(case).values()
    }
    assert mine == theirs
    return mine[rule, subject]


def members(*people: str, **fields: Any) -> list[Fact]:
    """Members, each with a home in the area."""
    given = {"capacity": "member", "voting": "yes", **fields}
    return [
        *(record(core_rulebook().model, "memberships", person=each, **given) for each in people),
        *(record(core_rulebook().model, "homes", person=each, in_the_area="yes") for each in people),
    ]


def tie(one: str, kind: str, other: str) -> Fact:
    """A relation: what the first is to the second."""
    return record(core_rulebook().model, "relations", person=one, other=other, kind=kind)


def officers(*people: str) -> list[Fact]:
    """Officers who are no members."""
    return [record(core_rulebook().model, "offices", person=each, office="chair") for each in people]


def decided(day: datetime.date, until: datetime.date | None = None) -> list[Fact]:
    """A member who took part in a contract with an organisation that is theirs until some day."""
    return [
        *members("ann"),
        record(core_rulebook().model, "decisions", decision="hall", about="contract", day=day),
        record(core_rulebook().model, "taking part", person="ann", decision="hall", how="voted"),
        record(core_rulebook().model, "candidates", decision="hall", organisation="builders", chosen="no"),
        record(
            core_rulebook().model,
            "interests",
            person="ann",
            organisation="builders",
            how="owner",
            until=until,
        ),
    ]


@pytest.mark.parametrize(("inside", "outcome"), [(51, "met"), (50, "breached")])
def test_51_in_every_100_is_exact(inside: int, outcome: str) -> None:
    people = [f"p{at}" for at in range(100)]
    facts = [
        record(core_rulebook().model, "memberships", person=each, capacity="member", voting="no")
        for each in people
    ]
    facts += [
        record(core_rulebook().model, "homes", person=each, in_the_area="yes" if at < inside else "no")
        for at, each in enumerate(people)
    ]
    assert found(hand_written.MAJORITY, facts) == (outcome, [])


@pytest.mark.parametrize(("answer", "outcome"), [("", "judgement"), ("yes", "met"), ("no", "breached")])
def test_two_homes_are_for_people_to_decide(answer: str, outcome: str) -> None:
    """One of two lives in the area, the other has a home inside and another outside."""
    facts = [
        *members("ann", "bob", "cal"),
        record(core_rulebook().model, "homes", person="bob", in_the_area="no"),
    ]
    facts += [record(core_rulebook().model, "homes", person="cal", in_the_area="no")]
    answers = [Answer("definitions/lives-in-the-area", ("cal",), "no")]
    if answer:
        answers.append(Answer("definitions/lives-in-the-area", ("bob",), answer))
    assert found(hand_written.MAJORITY, facts, *answers) == (outcome, [])


@pytest.mark.parametrize(("late", "expected"), [(0, ("breached", [["ann"]])), (1, ("not applicable", []))])
def test_a_decision_is_read_from_its_own_day_on(late: int, expected: Found) -> None:
    subject = "" if late else "hall"
    assert found(hand_written.DIRECT, decided(AS_OF + late * ONE_DAY), subject=subject) == expected


@pytest.mark.parametrize(("before", "expected"), [(0, ("breached", [["ann"]])), (1, ("met", []))])
def test_an_interest_counts_to_its_last_day(before: int, expected: Found) -> None:
    day = AS_OF - 30 * ONE_DAY
    facts = decided(day, until=day - before * ONE_DAY)
    assert found(hand_written.DIRECT, facts, subject="hall") == expected


@pytest.mark.parametrize(
    "ties",
    [
        pytest.param([("ann", "parent", "mid"), ("mid", "parent", "bob")], id="grandparent first"),
        pytest.param([("bob", "parent", "mid"), ("mid", "adoptive parent", "ann")], id="grandchild first"),
        pytest.param([("mid", "parent", "ann"), ("mid", "adoptive parent", "bob")], id="a shared parent"),
        pytest.param([("bob", "half-siblings", "ann")], id="recorded"),
    ],
)
def test_relatives_through_somebody_else(ties: list[tuple[str, str, str]]) -> None:
    """Officers, a worker and an officer, and members of one family, none of whom is the one between."""
    facts = [tie(*each) for each in ties]
    both = ("breached", [["ann", "bob"]])
    assert found(hand_written.OFFICERS, [*facts, *officers("ann", "bob")]) == both
    worker = record(core_rulebook().model, "work", person="ann", pay="wage", route="other")
    assert found(hand_written.WORKER_OFFICER, [*facts, worker, *officers("bob")]) == both
    family = [*facts, *members("ann", "bob", "cal"), tie("bob", "married", "cal")]
    assert found(hand_written.FAMILY, family) == ("breached", [["ann", "bob", "cal"]])


def test_nobody_is_related_to_themselves() -> None:
    facts = [tie("ann", "siblings", "ann"), tie("ann", "parent", "ann"), *officers("ann")]
    assert found(hand_written.OFFICERS, facts) == ("met", [])


def test_families_that_are_joined_late_are_one() -> None:
    """Two pairs and a third are joined by links that come last, the larger into the smaller by name."""
    links = [("a", "b"), ("c", "d"), ("d", "e"), ("a", "e"), ("f", "g")]
    facts = [*members(*"abcdefg"), *(tie(one, "siblings", other) for one, other in links)]
    assert found(hand_written.FAMILY, facts) == ("breached", [["a", "b", "c", "d", "e"]])


@pytest.mark.parametrize(("late", "expected"), [(0, ("met", [])), (1, ("judgement", [["ann", "bob"]]))])
@pytest.mark.parametrize("about", [("ann", "bob"), ("bob", "ann")])
def test_an_answer_about_two_counts_whichever_way_round(
    about: tuple[str, str], late: int, expected: Found
) -> None:
    """It counts on its own day, and not before."""
    facts = [tie("ann", "step-parent", "bob"), *officers("ann", "bob")]
    answer = Answer("definitions/related", about, "no", when=AS_OF + late * ONE_DAY)
    assert found(hand_written.OFFICERS, facts, answer) == expected


def test_one_person_in_two_records_is_one() -> None:
    """Two records of a membership and of a household, and two households of the same three."""
    people = ["ann", "ann", "bob"]
    facts = [*members("ann", "ann", "bob")]
    facts += [
        record(core_rulebook().model, "households", person=each, household="h1", separate_flat="no")
        for each in people
    ]
    assert found(hand_written.HOUSEHOLD, facts) == ("met", [])
    three = [
        record(core_rulebook().model, "households", person=each, household=household, separate_flat="no")
        for household in ("h1", "h2")
        for each in ("ann", "bob", "cal")
    ]
    expected = ("breached", [["ann", "bob", "cal"]])
    assert found(hand_written.HOUSEHOLD, [*members("ann", "bob", "cal"), *three]) == expected
