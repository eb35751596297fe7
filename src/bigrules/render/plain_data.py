"""Values of facts and numbers as JSON has them."""

from __future__ import annotations

import datetime
from fractions import Fraction

from bigrules.findings.names import Names
from bigrules.language.model import Type


def number_data(value: object) -> object:
    """A number for JSON: whole ones as they are, fractions as strings.

    >>> number_data(Fraction(51, 100)), number_data(Fraction(8)), number_data(None)
    ('51/100', 8, None)
    """
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    return value


def value_data(value: object, type_: Type | None, ids: Names) -> object:
    """A value of a fact for JSON; things are ids."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (int, Fraction)) or value is None:
        return number_data(value)
    return ids.of(type_, value)
