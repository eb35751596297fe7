"""Tests over values, as plain as they can be said."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from bigrules.language.model import Test

Date = datetime.date


def day_of(year: int, month: int, day: int) -> Date:
    """That day, or the first of the next month where the month has no such day."""
    try:
        return Date(year, month, day)
    except ValueError:
        return Date(year + month // 12, month % 12 + 1, 1)


def years_later(day: Date, years: int) -> Date:
    """The anniversary after so many years; 29 February counts on 1 March."""
    return day_of(day.year + years, day.month, day.day)


def months_later(day: Date, months: int) -> Date:
    """The same day of a later month, or the first of the month after where there is none."""
    total = day.year * 12 + day.month - 1 + months
    return day_of(total // 12, total % 12 + 1, day.day)


def last_day(year: int, month: int, day: int) -> Date:
    """The last day of a window: 29 February is 28 February in most years."""
    while True:
        try:
            return Date(year, month, day)
        except ValueError:
            day -= 1


def holds(test: Test, values: Sequence[object]) -> bool:
    """Whether a test holds of the values of its terms; of an open end only that it is another, or as open."""
    equality = ("same", "is", "different", "not one of")
    if any(value is None for value in values) and test.op not in equality:
        return False
    a = values[0]
    b = values[1] if len(values) > 1 else None
    n = test.amount
    match test.op:
        case "same" | "is":
            return a == b
        case "different":
            return a != b
        case "one of":
            return a in values[1:]
        case "not one of":
            return a not in values[1:]
        case "at least" | "on or after":
            return a >= b
        case "at most" | "on or before":
            return a <= b
        case "more than" | "after":
            return a > b
        case "less than" | "before":
            return a < b
        case "within days":
            return abs((a - b).days) <= n
        case "within days after":
            return 0 <= (a - b).days <= n
        case "within days before":
            return 0 <= (b - a).days <= n
        case "years before":
            return years_later(a, n) <= b
        case "not years before":
            return years_later(a, n) > b
        case "more years before":
            return b > years_later(a, n)
        case "not more years before":
            return b <= years_later(a, n)
        case "months before":
            return months_later(a, n) <= b
        case "not months before":
            return months_later(a, n) > b
        case "more months before":
            return b > months_later(a, n)
        case "not more months before":
            return b <= months_later(a, n)
        case "in year":
            return a.year == b
        case "window":
            if b != int(b) or not 1 <= b <= 9999:
                return False
            first_month, first, last_month, last = test.window
            return day_of(int(b), first_month, first) <= a <= last_day(int(b), last_month, last)
    raise AssertionError(test.op)
