"""Evidence as objects: what a rule file asks to be shown beside its findings.

Each is read by itself: its slots are those of `for each`, and its own. None of it changes an outcome.
"""

from __future__ import annotations

from fractions import Fraction

import attrs

from bigrules.diagnostics import Span
from bigrules.language.model import Formula, Limit, Measure, Type

# What a measure is held against of which nothing is asked.
NOTHING = Fraction(0)

# The fields of a kind of fact that a profile can stand beside.
BESIDE = ("characteristic", "group", "percent")


@attrs.frozen
class ShowProfile:
    """How those that a condition holds for are made up, beside another list.

    Args:
        limit: How many there are, held against nothing: the slot that is counted, and among whom.
        kind: Kind of fact with a row for each of them.
        holder: The field of it that says whose row it is.
        by: The fields of it that they are counted by.
        beside: Kind of fact with a characteristic, a group and a percentage, or "".
        types: Type of every slot in it, by name.
        place: Where it stands.
    """

    limit: Limit
    kind: str
    holder: str
    by: tuple[str, ...]
    beside: str = ""
    types: dict[str, Type] = attrs.field(factory=dict, eq=False)
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class ShowMeasure:
    """A figure.

    Args:
        says: What the figure is.
        limit: The measure, held against nothing.
        types: Type of every slot in it, by name.
        place: Where it stands.
    """

    says: str
    limit: Limit
    types: dict[str, Type] = attrs.field(factory=dict, eq=False)
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class ShowEach:
    """Everything that a condition holds for.

    Args:
        says: What it is.
        each: The condition.
        types: Type of every slot in it, by name.
        place: Where it stands.
    """

    says: str
    each: Formula
    types: dict[str, Type] = attrs.field(factory=dict, eq=False)
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class ShowFindings:
    """What was found for other rules, beside what people say.

    Args:
        rules: Ids of the rules.
        said_yes: Holds where somebody says that all is well with them, or None.
        said_no: Holds where somebody says that it is not, or None.
        types: Type of every slot in it, by name.
        place: Where it stands.
        places: Where each id stands.
    """

    rules: tuple[str, ...]
    said_yes: Formula | None = None
    said_no: Formula | None = None
    types: dict[str, Type] = attrs.field(factory=dict, eq=False)
    place: Span = attrs.field(default=Span(""), eq=False)
    places: tuple[Span, ...] = attrs.field(default=(), eq=False)


Show = ShowProfile | ShowMeasure | ShowEach | ShowFindings


def unlimited(measure: Measure) -> Limit:
    """A measure of which nothing is asked."""
    return Limit(measure, "at least", NOTHING, place=measure.place)


def formulas_of(show: Show) -> tuple[tuple[str, Formula], ...]:
    """The conditions of an item, by the name of the attribute that holds each."""
    if isinstance(show, ShowProfile | ShowMeasure):
        return (("limit", show.limit),)
    if isinstance(show, ShowEach):
        return (("each", show.each),)
    said = (("said_yes", show.said_yes), ("said_no", show.said_no))
    return tuple((name, formula) for name, formula in said if formula is not None)
