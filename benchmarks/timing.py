"""How time is taken: several functions in turn, in one process, by processor time."""

from __future__ import annotations

import gc
import math
import statistics
from collections.abc import Callable, Sequence
from time import process_time_ns
from typing import Any

import attrs


@attrs.frozen
class Measured:
    """A function, and how what it is called with is made: anew for each call, and before the time is taken."""

    call: Callable[[Any], object]
    make: Callable[[], Any]


@attrs.frozen
class Times:
    """Processor time of one call, in nanoseconds, once for each round."""

    each: tuple[float, ...]

    @property
    def least(self) -> float:
        """The least: what disturbs a run only ever makes it longer."""
        return min(self.each)

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.each)


def in_turn(functions: Sequence[Measured], rounds: int, seconds: float = 0.02) -> list[Times]:
    """Times of some functions, each run in each round, so that what slows the machine slows all of them.

    Args:
        functions: What to run.
        rounds: How often each is run.
        seconds: For about so long it is repeated in each run.
    """
    repeats = [_calibrated(each, seconds) for each in functions]
    times: list[list[float]] = [[] for _ in functions]
    for round_ in range(rounds):
        order = range(len(functions)) if round_ % 2 else reversed(range(len(functions)))
        for at in order:
            times[at].append(once(functions[at], repeats[at]))
    return [Times(tuple(each)) for each in times]


def once(measured: Measured, repeats: int = 1) -> float:
    """Processor time of one call, in nanoseconds, over so many calls.

    The garbage collector is on, as it is in use. What was made before is not in its way: it starts from the same
    state before each run.
    """
    call, given = measured.call, [measured.make() for _ in range(repeats)]
    gc.collect()
    gc.freeze()
    start = process_time_ns()
    for each in given:
        call(each)
    taken = process_time_ns() - start
    gc.unfreeze()
    return taken / repeats


def _calibrated(measured: Measured, seconds: float) -> int:
    """How often it has to run to take so long; this is its warm-up too."""
    taken = once(measured)
    if taken >= seconds * 1e9:
        return 1
    taken = min(once(measured) for _ in range(3))
    return max(1, math.ceil(seconds * 1e9 / max(taken, 1)))


def ratio(one: Times, other: Times) -> tuple[float, float]:
    """How many times as long one takes: by the least of all rounds, and by the median of the rounds' own ratios."""
    pairs = [first / second for first, second in zip(one.each, other.each, strict=True)]
    return one.least / other.least, statistics.median(pairs)


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The power with which time grows with size: the slope of the least squares through the logarithms.

    >>> round(exponent([10, 100, 1000], [1, 10, 100]), 6)
    1.0
    """
    xs, ys = [math.log(each) for each in sizes], [math.log(each) for each in times]
    return statistics.linear_regression(xs, ys).slope
