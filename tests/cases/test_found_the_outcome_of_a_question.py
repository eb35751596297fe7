"""A rule that turned on a question which nobody had answered, with all else known, was taken as if it had been."""

from __future__ import annotations

import pytest

from bigrules.facts.case import Answer, Case
from bigrules.findings.report import Outcome
from bigrules.language.model import AnyOf, OutcomeIs, Rulebook
from oracle.hand import PERSON, atom, case, fact, kind, rule, rulebook
from properties.agree import differences, engine_findings

TOLD, HURT = kind("told", person=PERSON), kind("hurt", person=PERSON)


def book(outcome: str) -> Rulebook:
    """People say whether it is fair; where the outcome of that is so, or somebody was hurt, somebody has to be told."""
    given = AnyOf((OutcomeIs("fair", outcome), atom("hurt", "_")))  # type: ignore[arg-type]
    told = rule("told", condition=atom("told", "_"), given=given)
    return rulebook([TOLD, HURT], [rule("fair", "ask"), told])


def told(rules: Rulebook, made: Case) -> list[Outcome]:
    """What both engines say of the second rule, after the oracle has said the same."""
    assert differences(rules, made)[0] == []
    return [engine_findings(rules, made, engine)["told", ()].outcome for engine in ("compiled", "durable")]


@pytest.mark.parametrize("outcome", ["breached", "met"])
def test_what_turns_on_a_question_that_is_open_is_open(outcome: str) -> None:
    """Nobody was told: that is a breach if people say so, and else the rule does not apply."""
    pytest.importorskip("durable")
    rules = book(outcome)
    assert told(rules, case(rules)) == [Outcome.JUDGEMENT] * 2
    assert told(rules, case(rules, fact("told", "a"))) == [Outcome.MET] * 2


@pytest.mark.parametrize("outcome", ["breached", "met"])
@pytest.mark.parametrize("said", ["yes", "no"])
def test_what_turns_on_a_question_that_is_answered_is_settled(outcome: str, said: str) -> None:
    """Yes is met and no is breached."""
    pytest.importorskip("durable")
    rules = book(outcome)
    applies = (said == "yes") == (outcome == "met")
    made = case(rules, answers=(Answer("fair", (), said),))
    assert told(rules, made) == [Outcome.BREACHED if applies else Outcome.NOT_APPLICABLE] * 2
