"""Measures and limits of the second engine, under three-valued membership."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import attrs

from bigrules.engines.durable_nodes import FALSE, OPEN, TRUE, State, Truth
from bigrules.program.core import MeasureTable

Tuple = tuple[Any, ...]

_ZERO = Fraction(0)

# More than any number that a case can lead to, where nothing is known of one.
_VAST = Fraction(10**60)

# A row that may be counted, without the outer columns: key (, value) (, shared value).
Member = tuple[Tuple, Truth]


@attrs.frozen(eq=False)
class Members:
    """The rows that a measure is taken over, for one choice of its outer columns.

    Args:
        table: The measure.
        among: Rows that may be among (of a share).
        counted: Rows that may be counted.
        links: Pairs of keys that may be linked.
    """

    table: MeasureTable
    among: tuple[Member, ...]
    counted: tuple[Member, ...]
    links: tuple[Member, ...]

    def truths(self) -> Iterable[Truth]:
        """What it depends on."""
        for rows in (self.among, self.counted, self.links):
            for _, truth in rows:
                yield truth

    def settled(self) -> bool:
        """Whether it depends on nothing that is open."""
        return all(truth is True for rows in (self.among, self.counted, self.links) for _, truth in rows)


def certain(truth: Truth) -> int:
    """The value of what is certain, in place of a `State` where everything is."""
    return TRUE


@attrs.frozen
class Extent:
    """Between which numbers a measure lies.

    Args:
        least: Least that it can be, where it is not of nobody.
        greatest: Greatest likewise.
        nobody: Whether it is of nobody: TRUE, OPEN or FALSE.
        of_least: Of a share: least of what it is taken among.
        of_greatest: Greatest likewise.
    """

    least: Fraction
    greatest: Fraction
    nobody: int = FALSE
    of_least: Fraction = Fraction(0)
    of_greatest: Fraction = Fraction(0)


def extent(members: Members, state: State) -> Extent:
    """Between which numbers a measure lies; of a share, the number (or weight) that counts."""
    return _AGGREGATES[members.table.aggregate](members, state)


def _spread(terms: Iterable[tuple[Any, int]]) -> tuple[Fraction, Fraction]:
    """Least and greatest sum of numbers that are there for certain, or may be."""
    # Whole numbers stay whole: fractions are many times slower.
    least: Any = 0
    greatest: Any = 0
    for number, value in terms:
        if value == TRUE or (value == OPEN and number < 0):
            least += number
        if value == TRUE or (value == OPEN and number > 0):
            greatest += number
    return least, greatest


def _keys(rows: Iterable[Member], state: State) -> dict[Any, int]:
    """Each key that is there in some row, with how certain that is."""
    found: dict[Any, int] = {}
    for row, truth in rows:
        value = state(truth)
        if value > found.get(row[0], FALSE):
            found[row[0]] = value
    return found


def _number(members: Members, state: State) -> Extent:
    least, greatest = _spread((1, value) for value in _keys(members.counted, state).values())
    return Extent(least, greatest)


def parts(members: Members, state: State) -> list[tuple[Any, int, int]]:
    """Of a share: each part with its weight, whether it is among, and whether it counts."""
    if not members.table.has_value:
        counted = _keys(members.counted, state)
        return [(1, value, counted.get(key, FALSE)) for key, value in _keys(members.among, state).items()]
    counting = {row[:2]: state(truth) for row, truth in members.counted}
    return [(row[1], state(truth), counting.get(row[:2], FALSE)) for row, truth in members.among]


def _share(members: Members, state: State) -> Extent:
    found = parts(members, state)
    least, greatest = _spread((weight, min(among, counts)) for weight, among, counts in found)
    of_least, of_greatest = _spread((weight, among) for weight, among, _ in found)
    nobody = TRUE if of_least == of_greatest == 0 else OPEN if of_least <= 0 <= of_greatest else FALSE
    return Extent(least, greatest, nobody, of_least, of_greatest)


def fraction(members: Members, state: State) -> tuple[Fraction, Fraction] | None:
    """Least and greatest fraction that a share comes to, where it is not of nobody; None if it surely is.

    A fraction is least where all who may not count do not, and greatest where all who may do.
    """
    found = [each for each in parts(members, state) if each[1] != FALSE and each[0] != 0]
    if not found:
        return None
    if any(weight < 0 for weight, _, _ in found):
        it = _share(members, state)
        if it.least == it.greatest and it.of_least == it.of_greatest != 0:
            exact = Fraction(it.least) / it.of_least
            return exact, exact
        return -_VAST, _VAST
    sure = sum(weight for weight, among, counts in found if among == counts == TRUE)
    against = sum(weight for weight, _, counts in found if counts != TRUE)
    may = sum(weight for weight, _, counts in found if counts != FALSE)
    never = sum(weight for weight, among, counts in found if among == TRUE and counts == FALSE)
    least = Fraction(sure) / (sure + against) if sure + against else Fraction(1)
    greatest = Fraction(may) / (may + never) if may + never else Fraction(0)
    return least, greatest


def _total(members: Members, state: State) -> Extent:
    return Extent(*_spread((row[1], state(truth)) for row, truth in members.counted))


def _extreme(members: Members, state: State) -> Extent:
    found = [(Fraction(row[1]), state(truth)) for row, truth in members.counted]
    sure = [number for number, value in found if value == TRUE]
    possible = [number for number, value in found if value != FALSE]
    if not possible:
        return Extent(Fraction(0), Fraction(0), TRUE)
    nobody = FALSE if sure else OPEN
    if members.table.aggregate == "least":
        return Extent(min(possible), min(sure) if sure else max(possible), nobody)
    return Extent(max(sure) if sure else min(possible), max(possible), nobody)


def _sharing(members: Members, state: State) -> Extent:
    sizes = [_spread((1, value) for value in keys.values()) for keys in shared(members, state).values()]
    return Extent(
        max((least for least, _ in sizes), default=Fraction(0)),
        max((greatest for _, greatest in sizes), default=Fraction(0)),
    )


def shared(members: Members, state: State) -> dict[Any, dict[Any, int]]:
    """For each shared value the keys that share it, with how certain that is."""
    found: dict[Any, dict[Any, int]] = {}
    for row, truth in members.counted:
        value = state(truth)
        if value != FALSE:
            keys = found.setdefault(row[-1], {})
            keys[row[0]] = max(value, keys.get(row[0], FALSE))
    return found


def _linked(members: Members, state: State) -> Extent:
    least = Fraction(max(map(len, linked(members, state, TRUE)), default=0))
    if state is certain:
        return Extent(least, least)
    return Extent(least, Fraction(max(map(len, linked(members, state, OPEN)), default=0)))


def linked(members: Members, state: State, enough: int) -> list[list[Any]]:
    """Groups of counted keys that are connected, by what is at least so certain.

    Returns:
        The keys of each group, in the order in which they stand in the tables.
    """
    counted = [key for key, value in _keys(members.counted, state).items() if value >= enough]
    inside = set(counted)
    beside: dict[Any, list[Any]] = {}
    for (one, other, *_), truth in members.links:
        if (members.table.through_anyone or (one in inside and other in inside)) and state(truth) >= enough:
            beside.setdefault(one, []).append(other)
            beside.setdefault(other, []).append(one)
    groups: list[list[Any]] = []
    group_of: dict[Any, int] = {}
    for key in counted:
        if key not in group_of:
            todo = [key]
            group_of[key] = len(groups)
            while todo:
                for other in beside.get(todo.pop(), ()):
                    if other not in group_of:
                        group_of[other] = len(groups)
                        todo.append(other)
            groups.append([])
        groups[group_of[key]].append(key)
    return groups


_AGGREGATES: dict[str, Callable[[Members, State], Extent]] = {
    "number": _number,
    "share": _share,
    "total": _total,
    "least": _extreme,
    "greatest": _extreme,
    "group sharing": _sharing,
    "group linked": _linked,
}


def counted_keys(members: Members, state: State, enough: int = OPEN) -> Tuple:
    """Keys that are counted for certain, or (where that is enough) may be."""
    return tuple(key for key, value in _keys(members.counted, state).items() if value >= enough)
