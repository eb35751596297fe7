"""From which day until which: the spell in which something is in force, with both days in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping as Map

import attrs

from bigrules.diagnostics import Span
from bigrules.language.model import THE_DAY, Formula, Test, Type
from bigrules.language.shape import Shape, convert
from bigrules.language.source import Node, Text
from bigrules.language.tests import parse_test

DAY = datetime.timedelta(days=1)
_DATE = Type("date")


@attrs.frozen
class Spell:
    """Some days, without a gap.

    Args:
        start: The first of them; None where there is none.
        end: The last of them; None where there is none.

    >>> Spell(datetime.date(2018, 1, 1)).meets(Spell(end=datetime.date(2018, 1, 1)))
    True
    """

    start: datetime.date | None = None
    end: datetime.date | None = None

    @property
    def is_always(self) -> bool:
        """Whether it has neither a beginning nor an end."""
        return self.start is None and self.end is None

    @property
    def first(self) -> datetime.date:
        """Its first day, or the first day of all."""
        return self.start or datetime.date.min

    @property
    def last(self) -> datetime.date:
        """Its last day, or the last day of all."""
        return self.end or datetime.date.max

    def meets(self, other: Spell) -> bool:
        """Whether there is a day that is in both."""
        return self.first <= other.last and other.first <= self.last

    def within(self, other: Spell) -> Spell | None:
        """The days that are in both, or None where there are none."""
        if not self.meets(other):
            return None
        starts = [each for each in (self.start, other.start) if each is not None]
        ends = [each for each in (self.end, other.end) if each is not None]
        return Spell(max(starts, default=None), min(ends, default=None))

    def __contains__(self, day: datetime.date) -> bool:
        return self.first <= day <= self.last

    def in_words(self) -> str:
        """As people say it: `from 2018-01-01 until 2018-12-31`, or `always`."""
        said = f"from {self.start}" if self.start else ""
        return f"{said} until {self.end}".strip() if self.end else said or "always"


ALWAYS = Spell()


def read_spell(shape: Shape, keys: Map[str, tuple[Text, Node]], place: Span, what: str) -> Spell | None:
    """What `from` and `until` of a mapping say; None where it cannot be used, which is noted.

    Args:
        shape: Reads the nodes.
        keys: The mapping by key.
        place: Where the mapping stands.
        what: What would end before it begins.
    """
    ends: dict[str, datetime.date | None] = {"from": None, "until": None}
    for key in ends:
        if key not in keys:
            continue
        written = shape.text(keys[key][1], f"`{key}`")
        day, help = convert(written, _DATE)
        if not isinstance(day, datetime.date):
            if written:
                message = f"`{written}` is no day"
                shape.faults.add("wrong-value", message, shape.span(keys[key][1]), help)
            return None
        ends[key] = day
    spell = Spell(ends["from"], ends["until"])
    if spell.first > spell.last:
        help = "let `until` be on or after `from`"
        shape.faults.add("wrong-value", f"{what} ends before it begins", place, help)
        return None
    return spell


def spell_tests(spell: Spell, place: Span) -> list[Formula]:
    """What has to hold of the own day of a rule, or of the day on which a definition is read, to be in a spell."""
    words = (("on or after", spell.start), ("on or before", spell.end))
    return [_test(f"<{THE_DAY}> is {op} {day}", place) for op, day in words if day is not None]


def _test(text: str, place: Span) -> Test:
    test = parse_test(text, place)
    assert test is not None
    return test
