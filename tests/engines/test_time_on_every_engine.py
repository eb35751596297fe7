"""Deadlines and values that changed, on every engine and the oracle: the day before, the last day, the day after."""

from __future__ import annotations

from pathlib import Path

import pytest

from bigrules.facts.examples import example_case
from bigrules.findings.basis import worst
from bigrules.findings.judge import evaluate, judge, judge_evaluation
from bigrules.language import load
from bigrules.program.compile import compile_program
from oracle import outcomes
from properties.evaluators import ENGINES

STRESS = Path(__file__).parents[1] / "language" / "stress"
BOOKS = ("a-window-each-year", "within-28-days", "a-parameter-over-time")
EVALUATORS = ("oracle", "conditions", *ENGINES)
ORDER = ("breached", "undecided", "judgement", "met", "not applicable")


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("evaluator", EVALUATORS)
def test_every_example_about_time_comes_out(evaluator: str, name: str) -> None:
    """What was worked out by hand from the text of a rule is found by each way of finding it."""
    book, _ = load(STRESS / name)
    assert book is not None
    tried = 0
    for rule in book.rules.values():
        program = compile_program(book, [rule.id])
        for example in rule.examples:
            case = example_case(book, example)
            if evaluator == "oracle":
                # One further record is enough for any of these; of members that were not asked, five.
                further = 1 if case.asked >= book.vocabulary.given.keys() else 5
                every = outcomes(book, case, further, rules=[rule.id])
                found = {str(each.outcome) for each in every.values()}
                outcome = next(each for each in ORDER if each in found)
            else:
                findings = (
                    judge_evaluation(evaluate(book, program, case))
                    if evaluator == "conditions"
                    else judge(book, program, case, engine=evaluator)
                )
                outcome = str(worst([each for each in findings if each.rule == rule.id]))
            assert outcome == example.then, f"{rule.id}: {example.name}"
            tried += 1
    assert tried == sum(len(rule.examples) for rule in book.rules.values()) > 10
