"""Kinds that no register holds: their records follow from other lists, or from the day of judging."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

import attrs

from bigrules.diagnostics import DataPath, Place
from bigrules.facts import calendar
from bigrules.facts.case import UNKNOWN, Fact, Incomplete
from bigrules.language.model import Kind, Vocabulary, Window, WorkedOut

Values = tuple[Any, ...]


@attrs.frozen
class _Columns:
    """Where in a row of the other list stands what a row of the kind is made of."""

    known: tuple[int, ...]
    kept: tuple[int, ...]


def worked_out_kinds(vocabulary: Vocabulary) -> tuple[Kind, ...]:
    """The kinds of a vocabulary that are worked out from a case, in its order."""
    if len(vocabulary.given) == len(vocabulary.kinds):
        return ()
    return tuple(
        each for each in vocabulary.kinds.values() if isinstance(each.worked_out, Window | WorkedOut)
    )


def years(window: Window, day: datetime.date) -> list[int]:
    """The years whose window counts on a day: the latest that has closed, and the one that is open.

    Args:
        window: First and last day of the window, and the first year that has one.
        day: The day of judging.

    >>> years(Window((9, 1, 12, 31), 2017), datetime.date(2018, 8, 31))
    [2017]
    >>> years(Window((9, 1, 12, 31), 2017), datetime.date(2018, 9, 1))
    [2017, 2018]
    >>> years(Window((9, 1, 12, 31), 2017), datetime.date(2019, 1, 1))
    [2018]
    """
    spans = [(year, *calendar.window(window.days, year)) for year in (day.year - 1, day.year)]
    closed = [year for year, _, last in spans if last < day]
    open_ = [year for year, first, last in spans if first <= day <= last]
    return [year for year in (*closed[-1:], *open_) if year >= window.since]


def rows_of(kind: Kind, vocabulary: Vocabulary, rows: Iterable[Values], day: datetime.date) -> list[Values]:
    """The rows of a kind that is worked out, each once.

    Args:
        kind: The kind.
        vocabulary: Its vocabulary.
        rows: Those of the list that it is worked out from, if it is from one.
        day: The day of judging.
    """
    if isinstance(kind.worked_out, Window):
        return [(each,) for each in years(kind.worked_out, day)]
    columns = _columns(kind, vocabulary)
    return [*dict.fromkeys(found for row in rows if (found := _kept(row, columns)) is not None)]


def with_worked_out(
    vocabulary: Vocabulary,
    facts: Collection[Fact],
    day: datetime.date,
    asked: frozenset[str],
    incomplete: tuple[Incomplete, ...] = (),
) -> tuple[tuple[Fact, ...], frozenset[str], tuple[Incomplete, ...]]:
    """Facts, kinds that were asked, and what is incomplete, with those that are worked out.

    A kind that follows from the day is always asked. One that follows from a list was asked where that
    was, and is incomplete where that is; a record that is only possible makes one that is.

    Args:
        vocabulary: The vocabulary.
        facts: What the register holds, in the order of the vocabulary.
        day: The day of judging.
        asked: Kinds that were asked.
        incomplete: Kinds that are known to be incomplete.

    Returns:
        All three, facts in the order of the vocabulary.
    """
    kinds = worked_out_kinds(vocabulary)
    if not kinds:
        return tuple(facts), asked, incomplete
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    more: list[Incomplete] = []
    for kind in kinds:
        made = kind.worked_out
        if isinstance(made, Window):
            place: Place = DataPath("the day of judging")
            by_kind[kind.name] = [Fact(kind.name, (year,), place=place) for year in years(made, day)]
            asked |= {kind.name}
            continue
        assert isinstance(made, WorkedOut)
        by_kind[kind.name] = _facts(kind, vocabulary, by_kind.get(made.list, ()))
        if made.list in asked:
            asked |= {kind.name}
        names = {each.name for each in kind.fields}
        for each in incomplete:
            if each.kind == made.list:
                of = each.field in names
                more.append(Incomplete(kind.name, each.field if of else "", each.value if of else None))
    everything = [fact for name in vocabulary.kinds for fact in by_kind.get(name, ())]
    return tuple(everything), asked, (*incomplete, *more)


def _facts(kind: Kind, vocabulary: Vocabulary, facts: Iterable[Fact]) -> list[Fact]:
    columns = _columns(kind, vocabulary)
    found: dict[Values, Fact] = {}
    for fact in facts:
        values = _kept(fact.values, columns)
        # What is certain goes before what is only possible.
        if values is not None and (values not in found or found[values].possible):
            found[values] = Fact(kind.name, values, fact.possible, fact.place)
    return [*found.values()]


def _kept(row: Values, columns: _Columns) -> Values | None:
    if any(row[each] is UNKNOWN for each in columns.known):
        return None
    return tuple([row[each] for each in columns.kept])


def _columns(kind: Kind, vocabulary: Vocabulary) -> _Columns:
    assert isinstance(kind.worked_out, WorkedOut)
    names = [each.name for each in vocabulary.kinds[kind.worked_out.list].fields]
    return _Columns(
        tuple(names.index(each) for each in kind.worked_out.known),
        tuple(names.index(each.name) for each in kind.fields),
    )
