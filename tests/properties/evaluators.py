"""The shipped rules, and one way to ask each engine and the oracle what they find."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterable

from hypothesis import settings

from bigrules.facts.case import Case
from bigrules.findings.judge import judge
from bigrules.findings.report import Finding, Outcome
from bigrules.language import load, shipped_path
from bigrules.language.model import Rulebook
from bigrules.program.compile import compile_program
from bigrules.program.core import Program
from oracle import FURTHER, outcomes

Found = dict[tuple[str, object], Outcome]

ENGINES = ["compiled", *(["durable"] if importlib.util.find_spec("durable_rules_engine") else [])]
EVALUATORS = ["oracle", *ENGINES]
# How many of the examples of the profile each is given: the oracle is plain, and slow.
SHARE = {"oracle": 8, "compiled": 2, "durable": 6}


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


def findings(case: Case, engine: str = "compiled") -> dict[tuple[str, object], Finding]:
    """What an engine finds with the shipped rules."""
    found = judge(shipped(), shipped_program(), case, engine=engine)
    return {(each.rule, FURTHER if each.further else each.subject): each for each in found}


def found(evaluator: str, case: Case, rules: Iterable[str] | None = None) -> Found:
    """The outcome of each rule for each subject."""
    wanted = list(shipped().rules) if rules is None else list(rules)
    if evaluator != "oracle":
        return {key: each.outcome for key, each in findings(case, evaluator).items() if key[0] in wanted}
    result: Found = {}
    for (rule, subject), each in outcomes(shipped(), case, rules=wanted, with_sites=False).items():
        slots = [slot for slot in shipped().rules[rule].subject if shipped().rules[rule].types[slot].is_thing]
        named = subject if subject == FURTHER else tuple(zip(slots, subject, strict=False))
        result[rule, named] = each.outcome
    return result
