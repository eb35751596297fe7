"""What the computed tests of the language mean: order and calendar. Shared by the engines."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from bigrules.facts import calendar
from bigrules.language.model import Test


def function_for(test: Test) -> Callable[..., bool]:
    """A function of the values of the terms of a test that says whether it holds.

    An open end (None) and a thing that is not recorded satisfy no test but those of equality.

    >>> from bigrules.language.model import Slot
    >>> within = function_for(Test("within days after", (Slot("a"), Slot("b")), amount=28))
    >>> within(datetime.date(2018, 1, 29), datetime.date(2018, 1, 1))
    True
    >>> within(datetime.date(2018, 1, 30), datetime.date(2018, 1, 1))
    False
    """
    amount = test.amount
    match test.op:
        case "same" | "is":
            return lambda a, b: a == b
        case "different":
            return lambda a, b: a != b
        case "one of":
            return lambda a, *others: a in others
        case "not one of":
            return lambda a, *others: a not in others
        case "at least":
            return lambda a, b: _numbers(a, b) and a >= b
        case "at most":
            return lambda a, b: _numbers(a, b) and a <= b
        case "more than":
            return lambda a, b: _numbers(a, b) and a > b
        case "less than":
            return lambda a, b: _numbers(a, b) and a < b
        case "before":
            return lambda a, b: _dates(a, b) and a < b
        case "after":
            return lambda a, b: _dates(a, b) and a > b
        case "on or before":
            return lambda a, b: _dates(a, b) and a <= b
        case "on or after":
            return lambda a, b: _dates(a, b) and a >= b
        case "within days":
            return lambda a, b: _dates(a, b) and abs((a - b).days) <= amount
        case "within days after":
            return lambda a, b: _dates(a, b) and 0 <= (a - b).days <= amount
        case "within days before":
            return lambda a, b: _dates(a, b) and 0 <= (b - a).days <= amount
        case "years before":
            return lambda a, b: _dates(a, b) and calendar.months(a, 12 * amount) <= b
        case "not years before":
            return lambda a, b: _dates(a, b) and calendar.months(a, 12 * amount) > b
        case "more years before":
            return lambda a, b: _dates(a, b) and calendar.months(a, 12 * amount) < b
        case "not more years before":
            return lambda a, b: _dates(a, b) and calendar.months(a, 12 * amount) >= b
        case "months before":
            return lambda a, b: _dates(a, b) and calendar.months(a, amount) <= b
        case "not months before":
            return lambda a, b: _dates(a, b) and calendar.months(a, amount) > b
        case "more months before":
            return lambda a, b: _dates(a, b) and calendar.months(a, amount) < b
        case "not more months before":
            return lambda a, b: _dates(a, b) and calendar.months(a, amount) >= b
        case "window":
            return lambda a, b: _in_window(test.window, a, b)
        case "in year":
            return lambda a, b: isinstance(a, datetime.date) and a.year == b
    raise AssertionError(test.op)


def _numbers(a: Any, b: Any) -> bool:
    return isinstance(a, int | Fraction) and isinstance(b, int | Fraction)


def _dates(a: Any, b: Any) -> bool:
    return isinstance(a, datetime.date) and isinstance(b, datetime.date)


def _in_window(window: tuple[int, int, int, int], day: Any, year: Any) -> bool:
    if not isinstance(day, datetime.date) or not isinstance(year, int) or not 1 <= year <= 9998:
        return False
    first, last = calendar.window(window, year)
    return first <= day <= last
