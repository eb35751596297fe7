"""Calendar arithmetic: the one place that moves dates. Shared by the engines."""

from __future__ import annotations

import datetime
from calendar import monthrange

FIRST = datetime.date(1, 1, 1)
LAST = datetime.date(9999, 12, 31)


def days(day: datetime.date, amount: int) -> datetime.date:
    """The day so many days later (earlier, if negative), held within the calendar.

    >>> days(datetime.date(2018, 12, 31), 1)
    datetime.date(2019, 1, 1)
    """
    try:
        return day + datetime.timedelta(days=amount)
    except OverflowError:
        return LAST if amount > 0 else FIRST


def months(day: datetime.date, amount: int) -> datetime.date:
    """The same day so many months later; where there is none, the first of the month after.

    So the anniversary of 29 February is 1 March in a common year.

    >>> months(datetime.date(2000, 2, 29), 12 * 18)
    datetime.date(2018, 3, 1)
    """
    number = day.year * 12 + day.month - 1 + amount
    year, month = divmod(number, 12)
    if year < 1:
        return FIRST
    if year > 9999:
        return LAST
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return months(datetime.date(year, month + 1, 1), 1)


def moved(day: datetime.date, amount: int, unit: str) -> datetime.date:
    """The day so many `days`, `weeks`, `months` or `years` later; the unit may be singular.

    >>> moved(datetime.date(2017, 7, 1), 1, "year")
    datetime.date(2018, 7, 1)
    """
    unit = unit.rstrip("s")
    if unit == "day":
        return days(day, amount)
    if unit == "week":
        return days(day, 7 * amount)
    return months(day, amount if unit == "month" else 12 * amount)


def window(window: tuple[int, int, int, int], year: int) -> tuple[datetime.date, datetime.date]:
    """First and last day of a window (month, day, month, day) in a year.

    A window that ends before it begins runs into the next year. A first day that does not exist is the
    first of the next month, a last day that does not exist the last of its month.

    >>> window((9, 1, 12, 31), 2018)
    (datetime.date(2018, 9, 1), datetime.date(2018, 12, 31))
    """
    first_month, first_day, last_month, last_day = window
    later = (last_month, last_day) < (first_month, first_day)
    first = months(datetime.date(year, first_month, 1), 1)
    if first_day <= monthrange(year, first_month)[1]:
        first = datetime.date(year, first_month, first_day)
    length = monthrange(year + later, last_month)[1]
    return first, datetime.date(year + later, last_month, min(last_day, length))


def ends_seen(
    among: list[datetime.date], today: datetime.date, begins: bool
) -> list[tuple[datetime.date, datetime.date | None]]:
    """First and last days of which only one is looked at: each value of it, in force today and not.

    Args:
        among: The days to choose from, in order; today is one of them.
        today: The only day on which it matters whether a record is in force.
        begins: Whether it is the first day that is looked at, and not the last.
    """
    pairs: list[tuple[datetime.date, datetime.date | None]] = []
    if begins:
        for first in among:
            pairs.append((first, None))
            if first < today:
                pairs.append((first, first))
        return pairs
    for last in among:
        if last >= today:
            pairs.append((among[0], last))
        if last != today:
            pairs.append((last, last))
    pairs.append((among[0], None))
    if among[-1] > today:
        pairs.append((among[-1], None))
    return pairs
