"""Checks leave nothing behind: not one evaluation, and no memory after very many."""

from __future__ import annotations

import gc
import os
import time
import weakref
from pathlib import Path

import pytest

import bigrules
from many_cases import ManyCases

LONG = os.environ.get("BIGRULES_PROFILE") == "long"
CHECKS = 100_000
WARM = 5_000
# Megabytes.
MOST_GROWTH = 5.0


@pytest.mark.parametrize("confirm", [False, True], ids=["compiled", "both engines"])
def test_nothing_of_a_check_is_left_when_its_report_is_gone(confirm: bool) -> None:
    rulebook = bigrules.load_rulebook()
    made = ManyCases(rulebook.model, seed=3)
    left: list[weakref.ref[object]] = []
    for _ in range(12):
        case = made.case()
        report = rulebook.check(case, confirm=confirm)
        assert report.findings[0].why()
        evaluations = report.basis.evaluations()
        evaluation = evaluations.of(report.findings[0].rule)
        left += [weakref.ref(each) for each in (case, report, report.basis, evaluations, evaluation)]
    del case, report, evaluations, evaluation
    gc.collect()
    assert [each() for each in left] == [None] * len(left)


@pytest.mark.skipif(not LONG, reason="the long profile makes 100,000 checks")
def test_memory_does_not_grow_with_checks() -> None:
    rulebook = bigrules.load_rulebook()
    made = ManyCases(rulebook.model, seed=11)
    grown: list[float] = []
    before = 0.0
    start = time.monotonic()
    for number in range(CHECKS + 1):
        rulebook.check(made.case())
        if number >= WARM and number % WARM == 0:
            gc.collect()
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            now = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
            before = before or now
            grown.append(now - before)
    print(f"{CHECKS} checks in {time.monotonic() - start:.0f} s; megabytes more: {grown}")
    assert len(grown) == CHECKS // WARM
    assert max(grown) < MOST_GROWTH
