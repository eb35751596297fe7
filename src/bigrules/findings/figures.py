"""Measures in words: what was counted, and what is needed."""

from __future__ import annotations

import math
from fractions import Fraction

from bigrules.findings import wording
from bigrules.findings.report import Figure


def between(least: object, greatest: object) -> str:
    """The values that a measure may have.

    >>> between(7, 7), between(7, 8), between(5, 9), between(5, None)
    ('7', '7 or 8', '5 to 9', '5 or more')
    """
    if greatest is None:
        return f"{wording.number_in_words(least)} or more"
    low, high = wording.number_in_words(least), wording.number_in_words(greatest)
    if low == high:
        return low
    next_one = isinstance(least, (int, Fraction)) and greatest == least + 1
    return f"{low} or {high}" if next_one else f"{low} to {high}"


def needed(op: str, bound: Fraction, whole: bool) -> str:
    """What a limit asks for; whole numbers are worked out where only those can come.

    >>> needed("at least", Fraction("4.59"), whole=True)
    'at least 5 are needed'
    >>> needed("less than", Fraction(3), whole=True)
    'no more than 2 are allowed'
    >>> needed("at least", Fraction(51, 100), whole=False)
    'at least 0.51 is needed'
    """
    if not whole:
        verb = "allowed" if op in ("at most", "less than") else "needed"
        return f"{op} {wording.number_in_words(bound)} is {verb}"
    if op in ("at least", "more than"):
        number = math.ceil(bound) if op == "at least" else math.floor(bound) + 1
        return f"at least {number} {_are(number)} needed"
    if op in ("at most", "less than"):
        number = math.floor(bound) if op == "at most" else math.ceil(bound) - 1
        return f"no more than {number} {_are(number)} allowed" if number > 0 else "none is allowed"
    return f"exactly {wording.number_in_words(bound)} {_are(bound)} needed"


def _are(number: object) -> str:
    return "is" if number == 1 else "are"


def figure_in_words(
    figure: Figure, fraction: Fraction = Fraction(1), rounding: str = "", weighted: bool = False
) -> str:
    """A measure and what is needed of it.

    Args:
        figure: The figure of a finding.
        fraction: Where its limit is a fraction of another measure, that fraction.
        rounding: How that is rounded.
        weighted: Whether a share adds up a weight and counts nothing.

    >>> share = Figure("share", Fraction(4, 9), Fraction(5, 9), 9, 9, "at least", Fraction(51, 100))
    >>> figure_in_words(share)
    '4 or 5 of 9; at least 5 are needed'
    """
    if figure.least is None and figure.greatest is None:
        return "there is nobody to take it of"
    bound = figure.bound if isinstance(figure.bound, Fraction) else Fraction(str(figure.bound or 0))
    whole = figure.aggregate in ("number", "group sharing", "group linked")
    if figure.aggregate == "share":
        return _share(figure, bound, weighted)
    values = between(figure.least if figure.least is not None else 0, figure.greatest)
    said = _lead(figure) + values
    if figure.of_least is None:
        return f"{said}; {needed(figure.op, bound, whole)}"
    of_whom = f"{said}, where the other number is {between(figure.of_least, figure.of_greatest)}"
    if figure.of_least == figure.of_greatest:
        return f"{of_whom}; {needed(figure.op, bound, whole)}"
    verb = "allowed" if figure.op in ("at most", "less than") else "needed"
    said = f"{of_whom}; {figure.op} {wording.number_in_words(fraction)} of that is {verb}"
    return f"{said}, rounded {rounding}" if rounding else said


def _lead(figure: Figure) -> str:
    lead = {
        "group sharing": "the largest group has ",
        "group linked": "the largest group has ",
        "total": "the total is ",
        "least": "the least is ",
        "greatest": "the greatest is ",
    }
    return lead.get(figure.aggregate, "")


def _share(figure: Figure, bound: Fraction, weighted: bool) -> str:
    said = _measured_share(figure, bound)
    if figure.of_least == figure.of_greatest and isinstance(figure.of_least, (int, Fraction)):
        return f"{said}; {needed(figure.op, bound * Fraction(figure.of_least), not weighted)}"
    verb = "allowed" if figure.op in ("at most", "less than") else "needed"
    return f"{said}; {figure.op} {wording.percent(bound)} is {verb}"


def _measured_share(figure: Figure, beside: Fraction | None = None) -> str:
    low = Fraction(0) if figure.least is None else Fraction(str(figure.least))
    high = low if figure.greatest is None else Fraction(str(figure.greatest))
    of_whom = between(figure.of_least, figure.of_greatest)
    if figure.of_least == figure.of_greatest and isinstance(figure.of_least, (int, Fraction)):
        size = Fraction(figure.of_least)
        return f"{between(low * size, high * size)} of {of_whom}"
    words = wording.percent(low, beside)
    if low != high:
        words = f"{words} to {wording.percent(high, beside)}"
    return f"{words} of {of_whom}"


def measure_in_words(figure: Figure) -> str:
    """A measure of which nothing is needed.

    >>> measure_in_words(Figure("share", Fraction(6, 13), Fraction(8, 13), 13, 13))
    '6 to 8 of 13'
    """
    if figure.least is None and figure.greatest is None:
        return "there is nobody to take it of"
    if figure.aggregate == "share":
        return _measured_share(figure)
    return _lead(figure) + between(figure.least if figure.least is not None else 0, figure.greatest)
