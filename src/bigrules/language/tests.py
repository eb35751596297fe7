"""Tests: the short fixed list of computed conditions, written as sentences."""

from __future__ import annotations

import re

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import did_you_mean
from bigrules.language.model import Const, Slot, Term, Test
from bigrules.language.sentences import does_not_matter

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_A = r"<([^<>]+)> "
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (op, re.compile(_A + form, re.IGNORECASE))
    for op, form in (
        ("different", r"and <([^<>]+)> are different"),
        ("same", r"is the same as (.+)"),
        ("one of", r"is one of (.+)"),
        ("not one of", r"is not one of (.+)"),
        ("within days of", r"is within (\d+) days? of (.+)"),
        ("within days after", r"is within (\d+) days? after (.+)"),
        ("within days before", r"is within (\d+) days? before (.+)"),
        ("years before", r"is at least (\d+) years? before (.+)"),
        ("not years before", r"is less than (\d+) years? before (.+)"),
        ("more years before", r"is more than (\d+) years? before (.+)"),
        ("not more years before", r"is at most (\d+) years? before (.+)"),
        ("months before", r"is at least (\d+) months? before (.+)"),
        ("not months before", r"is less than (\d+) months? before (.+)"),
        ("more months before", r"is more than (\d+) months? before (.+)"),
        ("not more months before", r"is at most (\d+) months? before (.+)"),
        ("window", r"is from (\d+) (\w+) to (\d+) (\w+) of (.+)"),
        ("in year", r"is in the year (.+)"),
        ("on or before", r"is on or before (.+)"),
        ("on or after", r"is on or after (.+)"),
        ("before", r"is before (.+)"),
        ("after", r"is after (.+)"),
        ("at least", r"is at least (.+)"),
        ("at most", r"is at most (.+)"),
        ("more than", r"is more than (.+)"),
        ("less than", r"is less than (.+)"),
        ("is", r"is (.+)"),
    )
)
# How each is written, for "did you mean".
SURFACES = (
    "<a> and <b> are different", "<a> is the same as <b>", "<a> is one of x, y", "<a> is not one of x, y",
    "<a> is within 28 days of <b>", "<a> is within 28 days after <b>", "<a> is within 28 days before <b>",
    "<a> is at least 16 years before <b>", "<a> is less than 16 years before <b>",
    "<a> is more than 16 years before <b>", "<a> is at most 16 years before <b>",
    "<a> is at least 6 months before <b>", "<a> is less than 6 months before <b>",
    "<a> is more than 6 months before <b>", "<a> is at most 6 months before <b>",
    "<a> is from 1 September to 31 December of <b>", "<a> is in the year <b>",
)  # fmt: skip

NUMBER_OPS = ("at least", "at most", "more than", "less than")
ORDER_OPS = ("before", "after", "on or before", "on or after")
SPAN_OPS = (
    "within days", "within days after", "within days before",
    "years before", "not years before", "more years before", "not more years before",
    "months before", "not months before", "more months before", "not more months before",
)  # fmt: skip
YEAR_OPS = ("window", "in year")


@attrs.frozen
class BadTest(Exception):
    """A sentence has the form of a test and yet is none."""

    message: str
    help: str | None = None
    part: str = ""


def patterns() -> list[tuple[str, str]]:
    """Each form of a test as a regular expression, for the schema of editors."""
    return [(op, re.sub(r"\((\[|\.|\\d|\\w)", r"(?:\1", pattern.pattern)) for op, pattern in _FORMS]


def parse_test(text: str, place: Span) -> Test | None:
    """A sentence as a test, or None if it has not the form of one.

    The values in it stay text until the types of its slots are known (see `settle`).

    Raises:
        BadTest: It has the form of a test, but something in it cannot be.

    >>> parse_test("<n> is at least 3", Span("")).terms
    (Slot(name='n'), Const(value='3'))
    """
    for op, pattern in _FORMS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        first, *rest = match.groups()
        if op == "is" and does_not_matter(" ".join(first.split())):
            return None  # rather a sentence with a slip in it
        left = _slot(first)
        if op == "different":
            return Test(op, (left, _slot(rest[0])), text=text, place=place)
        if op in ("one of", "not one of"):
            listed = [each.strip() for each in rest[0].split(",")]
            if len(listed) == 1 and " or " in listed[0]:
                raise BadTest(f"`{rest[0]}` is one value", "put a `,` between the values", rest[0])
            if "" in listed:
                raise BadTest("a value is missing between two commas", None, rest[0])
            return Test(op, (left, *(_term(each) for each in listed)), text=text, place=place)
        if op == "window":
            return Test(op, (left, _term(rest[4])), window=window_of(rest), text=text, place=place)
        if len(rest) == 2:  # an amount and a term
            if len(rest[0]) > 5:
                raise BadTest(f"`{rest[0]}` is too large", None, rest[0])
            name = "within days" if op == "within days of" else op
            return Test(name, (left, _term(rest[1])), int(rest[0]), text=text, place=place)
        return Test(op, (left, _term(rest[0])), text=text, place=place)
    return None


def _slot(word: str) -> Slot:
    name = " ".join(word.split())
    if does_not_matter(name):
        raise BadTest(
            f"`<{name}>` does not matter, so that it cannot be tested", "give the slot a name", f"<{word}>"
        )
    return Slot(name)


def _term(text: str) -> Term:
    text = text.strip()
    if text.startswith("<") and text.endswith(">") and "<" not in text[1:]:
        return _slot(text[1:-1])
    return Const(text)


def window_of(parts: list[str]) -> tuple[int, int, int, int]:
    """Month and day of the first and of the last day of a window.

    Args:
        parts: Day and month in words of both, such as `1`, `September`, `31`, `December`.

    Raises:
        BadTest: There is no such day, or the window ends before it begins.

    >>> window_of(["1", "September", "31", "December"])
    (9, 1, 12, 31)
    """
    found = []
    for day, month in ((parts[0], parts[1]), (parts[2], parts[3])):
        if month.casefold() not in MONTHS:
            help = did_you_mean(month.title(), [each.title() for each in MONTHS], "write its English name")
            raise BadTest(f"`{month}` is no month", help, month)
        number = MONTHS.index(month.casefold())
        if len(day) > 2 or not 1 <= int(day) <= DAYS_IN_MONTH[number]:
            help = f"{month} has {DAYS_IN_MONTH[number]} days"
            raise BadTest(f"`{day} {month}` is no day of the year", help, f"{day} {month}")
        found += [number + 1, int(day)]
    if (found[2], found[3]) < (found[0], found[1]):
        raise BadTest("this window ends before it begins", "keep it within one year", " to ".join(parts[:1]))
    return (found[0], found[1], found[2], found[3])
