"""The shipped rules, and one way to ask each engine and the oracle what they find."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from bigrules.facts.case import Case
from bigrules.findings.judge import judge
from bigrules.findings.report import Finding, Outcome
from bigrules.language import load, shipped_path
from bigrules.language.model import Rulebook
from bigrules.program.compile import compile_program
from bigrules.program.core import Program
from oracle import FURTHER, TooMany, outcomes
from oracle.reads import reads
from properties.long_run import LONG

Found = dict[tuple[str, object], Outcome]

ENGINES = ["compiled", *(["durable"] if importlib.util.find_spec("durable_rules_engine") else [])]
EVALUATORS = ["oracle", *ENGINES]
# How many of the examples of the profile each is given: the oracle is plain, and slow.
SHARE = {"oracle": 8, "compiled": 2, "durable": 6}
# A case that has more completions of one rule is not followed by the oracle.
MOST_COMPLETIONS = 300
# The evaluators of laws about whole partnerships: the oracle, which takes long over one, only in the long profile.
WHOLE = EVALUATORS if LONG else ENGINES


def fewer(share: int) -> settings:
    """Settings with so small a share of the examples of the profile."""
    return settings(max_examples=max(3, settings.default.max_examples // share))


@functools.cache
def shipped() -> Rulebook:
    """The shipped rulebook."""
    rulebook, diagnostics = load(shipped_path())
    assert rulebook is not None, "\n".join(map(str, diagnostics))
    return rulebook


@functools.cache
def shipped_program() -> Program:
    """What it compiles to."""
    return compile_program(shipped())


@functools.cache
def program_of(rules: tuple[str, ...]) -> Program:
    """What some of the shipped rules compile to."""
    return compile_program(shipped(), list(rules))


def law(*evaluators: str, times: float = 1) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A law on random cases, for each evaluator: the slower it is the fewer cases, times so many."""

    def wrap(test: Callable[..., None]) -> Callable[..., None]:
        @pytest.mark.parametrize("evaluator", evaluators or EVALUATORS)
        def run(evaluator: str) -> None:
            @settings(max_examples=max(2, int(fewer(SHARE[evaluator]).max_examples * times)))
            @given(st.data())
            def tried(data: st.DataObject) -> None:
                test(evaluator, data)

            tried()

        run.__name__, run.__doc__ = test.__name__, test.__doc__
        return run

    return wrap


def findings(
    case: Case, engine: str = "compiled", rules: Iterable[str] | None = None
) -> dict[tuple[str, object], Finding]:
    """What an engine finds with the shipped rules, or with some of them."""
    program = shipped_program() if rules is None else program_of(tuple(rules))
    found = judge(shipped(), program, case, engine=engine)
    return {(each.rule, FURTHER if each.further else each.subject): each for each in found}


@functools.cache
def without_deadline() -> tuple[str, ...]:
    """The rules that read nothing that may still happen: there is no end of what may, for the oracle."""
    return tuple(rule for rule in shipped().rules if not reads(shipped(), {rule}).future)


def found(evaluator: str, case: Case, rules: Iterable[str] | None = None) -> Found:
    """The outcome of each rule for each subject; the oracle is asked about those without a deadline, if about all."""
    every = without_deadline() if evaluator == "oracle" else shipped().rules
    wanted = list(every) if rules is None else list(rules)
    if evaluator != "oracle":
        some = findings(case, evaluator, None if rules is None else wanted)
        return {key: each.outcome for key, each in some.items() if key[0] in wanted}
    result: Found = {}
    try:
        tried = outcomes(shipped(), case, rules=wanted, limit=MOST_COMPLETIONS, with_sites=False)
    except TooMany:
        # Each question that people are asked doubles them: such a case is left to the engines.
        reject()
    for (rule, subject), each in tried.items():
        it = shipped().rules[rule]
        slots = [slot for slot in it.subject if it.types[slot].is_thing] or list(it.subject)
        named = subject if subject == FURTHER else tuple(zip(slots, subject, strict=False))
        result[rule, named] = each.outcome
    return result
