"""Small changes of one text of a rule file: a test, a limit, a sentence."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from bigrules.diagnostics import Span
from bigrules.language.model import Const, Parameter, Test
from bigrules.language.sentences import SLOT, Entry, does_not_matter, slots_of
from bigrules.language.shape import date, number
from bigrules.language.tests import MONTHS, BadTest, parse_test

# What each way of holding against a limit becomes: with or without the limit itself, and turned round.
WITH_OR_WITHOUT = {
    "at least": ("more than",),
    "more than": ("at least",),
    "at most": ("less than",),
    "less than": ("at most",),
    "exactly": ("at least", "at most"),
}
TURNED = {
    "at least": "less than",
    "more than": "at most",
    "at most": "more than",
    "less than": "at least",
}
_OR_ON = {
    "before": "on or before",
    "on or before": "before",
    "after": "on or after",
    "on or after": "after",
    **{each: others[0] for each, others in WITH_OR_WITHOUT.items() if each != "exactly"},
}
# Tests that say the same with their two terms the other way round.
_BOTH_WAYS = ("same", "different", "within days")
_SPAN = re.compile(r"(?<=> is )(at least|more than|at most|less than)(?= \d+ (?:month|year)s? before )")
_AMOUNT = re.compile(r"\b(\d+) (day|month|year)s?\b")
_DAY_OF_YEAR = re.compile(r"\b(\d+) ([A-Za-z]+)\b")


def by_one(text: str, parameters: Mapping[str, Parameter]) -> list[str]:
    """A limit by one more and one less, in its own unit: a whole number by 1, a percentage by a point.

    Args:
        text: The limit as written: a number, a fraction, a percentage, or a parameter by its name.
        parameters: The named numbers.

    >>> by_one("8", {}), by_one("51%", {}), by_one("2/3", {}), by_one("0.5", {}), by_one("0", {})
    (['9', '7'], ['52%', '50%'], ['3/3', '1/3'], ['0.6', '0.4'], ['1'])
    """
    if text in parameters:
        value = parameters[text].value
        if value is None:
            return []
        per_cent = _plain(value * 100)
        text = str(value) if value.denominator == 1 or "/" in per_cent else f"{per_cent}%"
    if number(text) is None:
        return []
    head, mark, tail = text.partition("/") if "/" in text else text.partition("%")
    head, step = head.strip(), Fraction(1)
    if "." in head and not mark:
        step = Fraction(1, 10 ** len(head.partition(".")[2]))
    found = [Fraction(head) + step, Fraction(head) - step]
    return [f"{_plain(each)}{mark}{tail}" for each in found if each >= 0 or Fraction(head) < 0]


def _plain(value: Fraction) -> str:
    """A number as people write it; a fraction that has no end stays one."""
    if value.denominator == 1:
        return str(value.numerator)
    for digits in range(1, 7):
        if (value * 10**digits).denominator == 1:
            return f"{float(value):.{digits}f}"
    return str(value)


def length_by_one(text: str) -> list[str]:
    """A length of time by one day, month or year more and less.

    >>> length_by_one("1 year")
    ['2 years', '0 years']
    """
    match = _AMOUNT.fullmatch(text)
    return [] if match is None else [_length(each, match[2]) for each in _near(int(match[1]))]


def _near(amount: int) -> list[int]:
    return [each for each in (amount + 1, amount - 1) if each >= 0]


def _length(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def of_test(text: str, test: Test, parameters: Mapping[str, Parameter]) -> Iterator[tuple[str, str]]:
    """The changes of a test: what sort each is, and what the test then says.

    >>> [after for _, after in of_test("<d> is before <e>", parse_test("<d> is before <e>", None), {})]
    ['<d> is on or before <e>', '<e> is before <d>']
    """
    if test.op in _OR_ON:
        yield "limit", text.replace(f" is {test.op} ", f" is {_OR_ON[test.op]} ", 1)
    if span := _SPAN.search(text):
        yield "limit", text[: span.start()] + _OR_ON[span[1]] + text[span.end() :]
    if (amount := _AMOUNT.search(text)) and test.op not in ("one of", "not one of", "is"):
        for length in _near(int(amount[1])):
            yield "by one", text[: amount.start()] + _length(length, amount[2]) + text[amount.end() :]
    if test.op == "window":
        for match in itertools.islice(_DAY_OF_YEAR.finditer(text), 2):
            for moved in _days_of_year(int(match[1]), match[2]):
                yield "by one", text[: match.start()] + moved + text[match.end() :]
    last = test.terms[-1]
    if isinstance(last, Const) and isinstance(last.value, str) and test.op not in ("one of", "not one of"):
        lead = text[: len(text) - len(last.value)]
        for each in [*days_by_one(last.value), *by_one(last.value, parameters)]:
            yield "by one", lead + each
    if test.op in ("one of", "not one of") and len(test.terms) > 2:
        lead, values = re.split(r"(?<= one of) ", text, maxsplit=1)
        listed = [each.strip() for each in values.split(",")]
        for left_out in range(len(listed)):
            kept = ", ".join(each for at, each in enumerate(listed) if at != left_out)
            yield "dropped", f"{lead} {kept}"
    if test.op not in _BOTH_WAYS and len(slots_of(text)) == 2:
        yield from ((sort, each) for sort, each in _swapped(text, [(0, 1)]))


def days_by_one(text: str) -> list[str]:
    """A date by one day more and less; nothing where it is none.

    >>> days_by_one("2018-03-01"), days_by_one("8")
    (['2018-03-02', '2018-02-28'], [])
    """
    day = date(text)
    return [] if day is None else [str(day + datetime.timedelta(days=each)) for each in (1, -1)]


def _days_of_year(day: int, month: str) -> list[str]:
    """A day of the year by one day."""
    # A year without a 29 February: by one is then what people expect.
    number = MONTHS.index(month.casefold()) + 1
    if (number, day) == (2, 29):
        return ["1 March", "28 February"]
    start = datetime.date(2001, number, day)
    moved = [start + datetime.timedelta(days=each) for each in (1, -1)]
    return [f"{each.day} {MONTHS[each.month - 1].title()}" for each in moved]


def of_sentence(
    text: str, entry: Entry, types: tuple[str, ...], symmetric: bool
) -> Iterator[tuple[str, str]]:
    """A sentence with two slots of one type swapped, where that says something else.

    Args:
        text: The sentence.
        entry: What it stands for.
        types: The type of each column, as one word.
        symmetric: Whether the first two columns may be swapped without a difference.
    """
    pairs = []
    slots = slots_of(text)
    for one, other in itertools.combinations(range(len(slots)), 2):
        columns = entry.positions[one], entry.positions[other]
        if types[columns[0]] != types[columns[1]] or slots[one] == slots[other]:
            continue
        if does_not_matter(slots[one]) and does_not_matter(slots[other]):
            continue
        if not (symmetric and set(columns) == {0, 1}):
            pairs.append((one, other))
    yield from _swapped(text, pairs)


def _swapped(text: str, pairs: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    for one, other in pairs:
        slots = [each.group(0) for each in SLOT.finditer(text)]
        slots[one], slots[other] = slots[other], slots[one]
        fill = iter(slots)
        # The checker cannot infer a lambda whose default binds the slots of this round.
        yield "swapped", SLOT.sub(lambda _, fill=fill: next(fill), text)  # type: ignore[misc]


def as_test(text: str, place: Span) -> Test | None:
    """The test that a text is, or None."""
    try:
        return parse_test(text, place)
    except BadTest:
        return None
