"""The two sides of a limit: the last value that is kept, and the first that is not."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs

from bigrules.engines.computed import function_for
from bigrules.facts import calendar
from bigrules.findings.report import Figure
from bigrules.language.model import Limit, Test, Type
from bigrules.language.tests import NUMBER_OPS, ORDER_OPS, SPAN_OPS, YEAR_OPS

_DAY = datetime.timedelta(days=1)
# On which end of the line of values each test stops to hold, going up or going down.
_ENDS = {
    "at least": (-1,), "more than": (-1,), "at most": (1,), "less than": (1,),
    "before": (1,), "on or before": (1,), "after": (-1,), "on or after": (-1,),
    "within days": (-1, 1), "within days after": (-1, 1), "within days before": (-1, 1),
    "years before": (1,), "not years before": (-1,), "more years before": (1,), "not more years before": (-1,),
    "months before": (1,), "not months before": (-1,), "more months before": (1,),
    "not more months before": (-1,), "window": (-1, 1), "in year": (-1, 1),
}  # fmt: skip
# What the value at an end is called, and the one beyond it.
_DAYS = {
    -1: ("the first day on which it holds", "the day before the first on which it holds"),
    1: ("the last day on which it holds", "the day after the last on which it holds"),
}
_VALUES = {
    -1: ("the least value for which it holds", "the value just below the least for which it holds"),
    1: ("the greatest value for which it holds", "the value just above the greatest for which it holds"),
}


@attrs.frozen(eq=False)
class Edge:
    """A value at a limit that an example ought to have.

    Args:
        says: What it is, such as `the least that is too many`.
        reached: Whether a value is it.
    """

    says: str
    reached: Callable[[Any], bool]


# ---------------------------------------------------------------- limits of measures


def edges_of_limit(limit: Limit, value: Type | None) -> list[Edge]:
    """The values of a measure at its limit, each a test of a figure.

    Args:
        limit: The limit.
        value: The type of what is added up or compared, for a total, least or greatest; else None.
    """
    counted = limit.measure.aggregate in ("number", "group sharing", "group linked")
    is_share = limit.measure.aggregate == "share" and not limit.measure.value
    step = counted or is_share or (value is not None and value.name == "whole number")
    bound = limit.bound if isinstance(limit.bound, Fraction) and limit.of is None else None
    found = []
    for direction in _directions(limit.op):
        if bound is not None and _never_beyond(limit, bound, direction, is_share):
            continue
        end = "most" if direction > 0 else "least"
        kept_ = f"the {end} that is {'allowed' if direction > 0 else 'enough'}"
        word = (
            ("many" if direction > 0 else "few")
            if counted or is_share
            else "much"
            if direction > 0
            else "little"
        )
        beyond = f"the {'least' if direction > 0 else 'most'} that is too {word}"
        if limit.op == "exactly":
            kept_ = "just that value"
        if step or limit.op in ("at least", "at most", "exactly"):
            found.append(Edge(kept_, _at_edge(limit, direction, step, True)))
        if step or limit.op in ("more than", "less than"):
            found.append(Edge(beyond, _at_edge(limit, direction, step, False)))
    return found


def _directions(op: str) -> tuple[int, ...]:
    """Where a measure leaves what is kept: above it, below it."""
    return {"at least": (-1,), "more than": (-1,), "at most": (1,), "less than": (1,)}.get(op, (-1, 1))


def _never_beyond(limit: Limit, bound: Fraction, direction: int, is_share: bool) -> bool:
    """Whether no measure can be beyond the limit: fewer than none, or more than all."""
    if direction < 0:
        return bound < 0 or (bound == 0 and limit.op != "more than")
    return is_share and (bound > 1 or (bound == 1 and limit.op != "less than"))


def kept(op: str, value: Fraction, bound: Fraction) -> bool:
    """Whether a value is within a limit.

    >>> kept("at most", Fraction(2), Fraction(2)), kept("less than", Fraction(2), Fraction(2))
    (True, False)
    """
    return {
        "at least": value >= bound,
        "at most": value <= bound,
        "more than": value > bound,
        "less than": value < bound,
        "exactly": value == bound,
    }[op]


def _at_edge(limit: Limit, direction: int, step: bool, wanted: bool) -> Callable[[Figure], bool]:
    def reached(figure: Figure) -> bool:
        measured = settled(figure)
        if measured is None:
            return False
        value, bound = measured
        if not step:
            return value == bound
        size = Fraction(1)
        if figure.aggregate == "share":
            if not figure.of_least or figure.of_least != figure.of_greatest:
                return False
            size = 1 / Fraction(str(figure.of_least))
        other = value + size * (direction if wanted else -direction)
        return kept(limit.op, value, bound) is wanted and kept(limit.op, other, bound) is not wanted

    return reached


def settled(figure: Figure) -> tuple[Fraction, Fraction] | None:
    """The value of a figure and the limit that it is held against, where both are known for certain."""
    if figure.least is None or figure.least != figure.greatest or figure.bound is None:
        return None
    return Fraction(str(figure.least)), Fraction(str(figure.bound))


# ---------------------------------------------------------------- tests


def has_edges(test: Test) -> bool:
    """Whether a test holds up to a value and not beyond."""
    return test.op in (*NUMBER_OPS, *ORDER_OPS, *SPAN_OPS, *YEAR_OPS)


def edges_of_test(test: Test, first: Type) -> list[Edge]:
    """The values of the first term of a test at which it stops to hold, each a test of the values of all terms.

    Args:
        test: The test.
        first: The type of its first term.
    """
    holds = function_for(test)
    whole = first.name != "number"
    found = []
    for direction in _ENDS.get(test.op, ()):
        keeps, breaks = _DAYS[direction] if first.name == "date" else _VALUES[direction]
        if whole or test.op in ("at least", "at most"):
            found.append(Edge(keeps, _turns(holds, direction, True, whole)))
        if whole or test.op in ("more than", "less than"):
            found.append(Edge(breaks, _turns(holds, direction, False, whole)))
    return found


def _turns(
    holds: Callable[..., bool], direction: int, wanted: bool, whole: bool
) -> Callable[[tuple[Any, ...]], bool]:
    def reached(values: tuple[Any, ...]) -> bool:
        first, *others = values
        if first is None or any(each is None for each in others):
            return False
        if not whole:
            return bool(first == others[0])
        by = direction if wanted else -direction
        try:
            moved = first + by * (_DAY if isinstance(first, datetime.date) else 1)
        except OverflowError:
            return False
        return holds(first, *others) is wanted and holds(moved, *others) is not wanted

    return reached


def possible(test: Test, reached: Callable[[tuple[Any, ...]], bool], earlier: int) -> bool:
    """Whether the two days of a test can be so, where one of them is never after the other.

    Args:
        test: A test of two days.
        reached: What is looked for.
        earlier: Position of the day that is never after the other: 0 or 1.
    """
    other = datetime.date(2018, 6, 15)
    months = test.amount * (12 if "years" in test.op else 1)
    near = [other]
    if test.op.startswith("within"):
        near += [calendar.days(other, by * test.amount) for by in (1, -1)]
    elif months:
        near += [calendar.months(other, by * months) for by in (1, -1)]
    firsts = [calendar.days(each, by) for each in near for by in range(-3, 4)]
    return any(
        reached((first, other)) for first in firsts if (first <= other if earlier == 0 else other <= first)
    )
