"""Very many cases in one process: both engines find the same in each, and none leaves anything behind.

`make test-long` tries 100,000; `make test` a few, by the same way.
"""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("durable_rules_engine", exc_type=ImportError)

from bigrules import load_rulebook
from bigrules.engines import durable
from bigrules.findings.check import Rulebook
from bigrules.findings.confirm import confirm
from bigrules.findings.judge import evaluate, judge_evaluation
from bigrules.findings.report import Finding
from many_cases import ManyCases

LONG = os.environ.get("BIGRULES_PROFILE") == "long"
CASES = 100_000 if LONG else 150
# Before it is looked at how memory grows, what is made once has been made.
WARM = 5_000
# Megabytes.
MOST_GROWTH = 5.0


def resident() -> float:
    """Resident memory of this process in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def told(findings: tuple[Finding, ...]) -> list[Any]:
    """What is told to people of some findings: the outcomes, those concerned, and the figures."""
    return [
        (
            each.rule, each.subject, each.outcome, each.would_be,
            {(witness.concerned, witness.certain) for witness in each.witnesses},
            sorted((str(figure.aggregate), figure.least, figure.greatest, figure.of_least) for figure in each.figures),
        )
        for each in findings
    ]  # fmt: skip


def differences(rulebook: Rulebook, made: ManyCases) -> list[str]:
    """What the two engines find different in one case."""
    model, program = rulebook._prepared(())
    case = made.case()
    first = evaluate(model, program, case)
    findings = judge_evaluation(first)
    second = durable.evaluate(program, first.layout)
    disagreements, unsure = confirm(findings, second)
    found = [f"{each} in {case}" for each in disagreements]
    found += [f"{rule} was not confirmed in {case}" for rule in unsure]
    if not first.layout.sites and told(findings) != told(judge_evaluation(second)):
        found.append(f"people or figures differ in {case}")
    return found


def test_no_case_of_very_many_differs_and_memory_does_not_grow() -> None:
    rulebook = load_rulebook()
    made = ManyCases(rulebook.model, seed=CASES)
    start = time.monotonic()
    grown: list[float] = []
    before = 0.0
    known = 0
    for number in range(CASES):
        found = differences(rulebook, made)
        assert not found, f"case {number}: {found}"
        if LONG and number >= WARM and number % WARM == 0:
            gc.collect()
            if number == WARM:
                before = resident()
            grown.append(resident() - before)
            known = number
    seconds = time.monotonic() - start
    print(
        f"{CASES} cases in {seconds:.0f} s; megabytes more after each {WARM} from {WARM} to {known}: {grown}"
    )
    assert not grown or max(grown) < MOST_GROWTH
