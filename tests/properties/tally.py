"""Counts of what was tried: how many pairs of a rulebook and a case, how they were compared, what differed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

# What is counted, by test and engine: `COUNTS[test, engine, what]`.
COUNTS: Counter[tuple[str, str, str]] = Counter()

PAIRS = "pairs of a rulebook and a case"
RULES = "rules compared with every completion"
PARTLY = "with some completions, of too many to try all"
SLOW = "passed over, because the engine takes too long where there are too many"
TOO_LONG = "pairs passed over, because the engine takes too long or cannot settle them"
FINDINGS = "findings compared"
NOT_SETTLED = "of these not settled by the engine"
DIFFERENT = "pairs that differ"
ORDER = (PAIRS, RULES, PARTLY, SLOW, TOO_LONG, FINDINGS, NOT_SETTLED, DIFFERENT)


def count(test: str, engine: str, what: str, times: int = 1) -> None:
    """Count something."""
    COUNTS[test, engine, what] += times


def as_data() -> list[tuple[str, str, str, int]]:
    """The counts as plain data, to be handed from one process to another."""
    return [(*key, number) for key, number in COUNTS.items()]


def add(data: Iterable[tuple[str, str, str, int]]) -> None:
    """Add the counts of another process."""
    for test, engine, what, number in data:
        COUNTS[test, engine, what] += number


def report() -> list[str]:
    """All that was counted: in all for each engine, then for each test."""
    totals: Counter[tuple[str, str, str]] = Counter()
    for (_, engine, what), number in COUNTS.items():
        totals["in all", engine, what] += number
    return [*table(totals), *table(COUNTS)]


def table(counts: Mapping[tuple[str, str, str], int]) -> list[str]:
    """The counts in lines, by test and engine.

    >>> table({("a law", "compiled", PAIRS): 12, ("a law", "compiled", DIFFERENT): 0})
    ['a law, compiled: 12 pairs of a rulebook and a case, 0 pairs that differ']
    """
    rows: dict[tuple[str, str], list[str]] = {}
    for test, engine, what in sorted(counts, key=lambda key: (key[0], key[1], _place(key[2]), key[2])):
        rows.setdefault((test, engine), []).append(f"{counts[test, engine, what]:,} {what}")
    return [f"{test}, {engine}: {', '.join(said)}" for (test, engine), said in rows.items()]


def _place(what: str) -> int:
    return ORDER.index(what) if what in ORDER else len(ORDER)
