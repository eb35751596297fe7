"""Whether a test over known values holds; explanations need it for one binding at a time."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from bigrules.facts import calendar
from bigrules.language.model import Test

_PLAIN: dict[str, Callable[[Any, Any], bool]] = {
    "same": lambda a, b: a == b,
    "is": lambda a, b: a == b,
    "different": lambda a, b: a != b,
    "at least": lambda a, b: a >= b,
    "at most": lambda a, b: a <= b,
    "more than": lambda a, b: a > b,
    "less than": lambda a, b: a < b,
    "before": lambda a, b: a < b,
    "after": lambda a, b: a > b,
    "on or before": lambda a, b: a <= b,
    "on or after": lambda a, b: a >= b,
    "in year": lambda a, b: a.year == b,
}


def test_holds(test: Test, values: Sequence[object]) -> bool:
    """Whether a test holds of values that are all known.

    >>> from bigrules.language.model import Slot
    >>> born, today = datetime.date(2000, 2, 29), datetime.date(2018, 3, 1)
    >>> test_holds(Test("years before", (Slot("a"), Slot("b")), amount=18), [born, today])
    True
    """
    first, *others = values
    if test.op == "one of":
        return first in others
    if test.op == "not one of":
        return first not in others
    second: Any = others[0]
    if test.op in _PLAIN:
        return _PLAIN[test.op](first, second)
    assert isinstance(first, datetime.date)
    if test.op == "window":
        start, end = calendar.window(test.window, int(second))
        return start <= first <= end
    if test.op == "years before":
        return calendar.months(first, 12 * test.amount) <= second
    if test.op == "not years before":
        return not calendar.months(first, 12 * test.amount) <= second
    if test.op == "months before":
        return calendar.months(first, test.amount) <= second
    apart = (first - second).days
    return {
        "within days": abs(apart) <= test.amount,
        "within days after": 0 <= apart <= test.amount,
        "within days before": 0 <= -apart <= test.amount,
    }[test.op]
