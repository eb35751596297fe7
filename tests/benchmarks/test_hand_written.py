"""The function that bigrules is measured against finds what the oracle and the engine find."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import attrs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.adapters import core_findings as findings
from benchmarks.adapters import core_rulebook

from benchmarks import cases, hand_written
from bigrules.facts.case import Answer, Case
from oracle import FURTHER
from partnerships import DECIDED, partnerships
from properties.agree import oracle_findings
from properties.evaluators import fewer
from strategies import AS_OF, ONE_DAY

Found = dict[tuple[str, str], tuple[str, set[frozenset[str]]]]


def by_hand(case: Case) -> Found:
    """What the function finds, by rule and subject."""
    listed = hand_written.check(cases.register_of(case))
    found = {(rule, subject): (outcome, set(people)) for rule, subject, outcome, people in listed}
    assert len(found) == len(listed)
    assert all(len(set(people)) == len(people) for _, _, _, people in listed)
    return found


def by_engine(case: Case) -> Found:
    """What the engine finds: of a breach those who are concerned in it whatever people answer."""
    found: Found = {}
    for (rule, _), each in findings(case).items():
        certain = each.outcome != "breached"
        people = {way.concerned for way in each.witnesses if way.concerned and (way.certain or certain)}
        found[rule, "".join(str(value) for _, value in each.subject)] = (str(each.outcome), people)
    return found


@st.composite
def answered(draw: st.DrawFn, case: Case) -> Case:
    """The case, on some day, with some answers to what is left to people."""
    values = {
        "person": sorted({each.values[0] for each in case.facts if each.kind == "people"}),
        "decision": ["d1", "d2"],
        "household": ["h1", "h2"],
    }
    questions = {
        each.id: each.types
        for each in core_rulebook().model.definitions.values()
        if each.people_decide is not None
    }
    answers = []
    for question in draw(st.lists(st.sampled_from(sorted(questions)), max_size=6)):
        subject = [draw(st.sampled_from(values[each.name])) for each in questions[question]]
        when = draw(st.sampled_from([None, AS_OF, AS_OF - ONE_DAY, AS_OF + ONE_DAY]))
        answers.append(Answer(question, tuple(subject), draw(st.sampled_from(["yes", "no"])), when=when))
    # Before one of the decisions, on the last day of a spell, and long after everything.
    as_of = draw(st.sampled_from([AS_OF, AS_OF, DAY_BETWEEN, AS_OF + 400 * ONE_DAY]))
    return attrs.evolve(case, as_of=as_of, answers=tuple(answers))


def differences(mine: Found, theirs: Found) -> Iterable[str]:
    """Where two findings differ."""
    for key in dict.fromkeys([*mine, *theirs]):
        one, two = mine.get(key), theirs.get(key)
        if one is None or two is None or one[0] != two[0]:
            yield f"{key}: by hand {one}, else {two}"
        elif one[0] == "breached" and one[1] != two[1]:
            yield f"{key}: concerned by hand {one[1]}, else {two[1]}"


DAY_BETWEEN = DECIDED[0] + 31 * ONE_DAY


@settings(max_examples=settings.default.max_examples * 3)
@given(st.data())
def test_it_finds_what_the_engine_finds(data: st.DataObject) -> None:
    """Outcomes and the people concerned, on partnerships of which everything is known but what people decide."""
    case = data.draw(answered(data.draw(partnerships(core_rulebook().model, unknown=0, not_asked=0))))
    mine, theirs = by_hand(case), by_engine(case)
    is_open = any(outcome == "judgement" for outcome, _ in [*mine.values(), *theirs.values()])
    event(f"people decide: {is_open}")
    assert not list(differences(mine, theirs))


def by_oracle(case: Case) -> tuple[Found, set[str]]:
    """What the oracle finds, and the rules that it could follow to the end."""
    expected, followed = oracle_findings(core_rulebook().model, case, 600)
    found: Found = {}
    for (rule, subject), each in expected.items():
        assert subject != FURTHER
        found[rule, "".join(map(str, subject))] = (str(each.outcome), {who for who in each.certain if who})
    return found, followed


@fewer(4)
@given(st.data())
def test_it_finds_what_the_oracle_finds(data: st.DataObject) -> None:
    """The same against the oracle."""
    case = data.draw(answered(data.draw(partnerships(core_rulebook().model, unknown=0, not_asked=0))))
    theirs, followed = by_oracle(case)
    mine = {key: each for key, each in by_hand(case).items() if key[0] in followed}
    assert not list(differences(mine, theirs))


def twelve() -> Case:
    """The partnership that is measured."""
    case, found = core_rulebook().try_read(cases.twelve(), AS_OF)
    assert case is not None, found
    return case


def test_the_partnership_that_is_measured() -> None:
    """Worked out from the rule files by hand; the engine has to find the same."""
    found = by_hand(twelve())
    assert {key: people for key, (outcome, people) in found.items() if outcome == "breached"} == {
        (hand_written.DECISION_MAKER, "playground contract"): {frozenset(["Will Standin"])},
        (hand_written.HOUSEHOLD, ""): {frozenset(["Hugo Mock", "Iris Notreal", "Jack Imaginary"])},
        (hand_written.OFFICERS, ""): {frozenset(["Dan Placeholder", "Eve Instance"])},
        (hand_written.DIRECT, "playground contract"): {frozenset(["Hugo Mock"])},
        (hand_written.INDIRECT, "café lease"): {frozenset(["Cara Specimen", "Yan Offstage"])},
    }
    # Seven rules about the case, one about each of four decisions, three about each of three contracts and grants.
    assert len(found) == 7 + 4 + 3 * 3
    assert {outcome for outcome, _ in found.values()} == {"met", "breached"}
    assert not list(differences(found, by_engine(twelve())))


@pytest.mark.parametrize("order", cases.ORDERS)
def test_a_family_in_any_order(order: str) -> None:
    """A chain of a quarter of the members is one family, in whatever order its links are recorded."""
    found = by_hand(cases.grown(core_rulebook().model, 40, order))
    outcome, families = found[hand_written.FAMILY, ""]
    assert outcome == "breached"
    assert frozenset(f"p{at:06}" for at in range(10)) in families


def test_grown_partnerships_come_out_alike() -> None:
    """What is measured for growth finds the same by hand and by the engine."""
    for chain in ("", "random"):
        case = cases.grown(core_rulebook().model, 60, chain)
        assert not list(differences(by_hand(case), by_engine(case)))


def test_three_unknowns_matter() -> None:
    """The case with three unknowns turns on some of them, so that they are not merely passed over."""
    case, found = core_rulebook().try_read(cases.three_unknowns(), AS_OF)
    assert case is not None, found
    with pytest.raises(AssertionError, match="needs to know everything"):
        cases.register_of(case)
    outcomes = {rule: each.outcome for (rule, _), each in findings(case).items()}
    assert outcomes[hand_written.MAJORITY] == outcomes[hand_written.FAMILY] == "undecided"


def test_changed_cases_differ() -> None:
    """The cases over which memory is watched are not all the same."""
    found = [
        {
            key: outcome
            for key, (outcome, _) in by_hand(cases.changed(core_rulebook().model, twelve(), at)).items()
        }
        for at in range(40)
    ]
    assert sum(each != found[0] for each in found) > 5
