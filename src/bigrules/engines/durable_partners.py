"""Which facts can match by now: Rete is given a fact only once it has something to be joined with."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any

import attrs

from bigrules.engines.durable_session import Joined

Tuple = tuple[Any, ...]

# Cuts a row to some of its columns.
Cut = Callable[[Tuple], Tuple]
# Takes some columns of a row, for comparison: of one column its value alone.
Key = Callable[[Tuple], Any]


def cut_to(columns: Sequence[int], width: int = -1) -> Cut:
    """A function that cuts a row to some columns.

    Args:
        columns: The columns.
        width: How many columns a row has, if that is known.

    >>> cut_to([2, 0])(("a", "b", "c"))
    ('c', 'a')
    >>> cut_to([1])(("a", "b", "c"))
    ('b',)
    >>> cut_to([])(("a", "b", "c"))
    ()
    """
    if not columns:
        return lambda row: ()
    if tuple(columns) == tuple(range(width)):
        return lambda row: row
    if len(columns) == 1:
        (column,) = columns
        return lambda row: (row[column],)
    return itemgetter(*columns)


@attrs.frozen(eq=False)
class Seat:
    """One pattern of a join.

    Args:
        kind: The kind of fact that it matches.
        needs: What a fact must find to match there, pattern by pattern: which columns of its row, and the
            number of the index in which the same must stand.
    """

    kind: int
    needs: tuple[tuple[Key, int], ...]


@attrs.frozen(eq=False)
class Seating:
    """The patterns of a join, and what they must find in each other.

    Args:
        seats: The patterns.
        kinds: Their kinds, each once.
        indexes: Of each kind, what is kept of its facts: number of the index, and which columns.
        count: How many indexes there are.
        steps: Of each pattern, the earlier ones that it is joined with: which, its columns, and theirs.
    """

    seats: tuple[Seat, ...]
    kinds: tuple[int, ...]
    indexes: dict[int, tuple[tuple[int, Key], ...]]
    count: int
    steps: tuple[tuple[tuple[int, Key, Key], ...], ...]


def seating(rule: Joined) -> Seating:
    """What the patterns of a join must find in each other."""
    # Of each pair of patterns that are joined, the columns of the one and of the other.
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for position, pattern in enumerate(rule):
        for own, other, column in pattern.joins:
            pairs.setdefault((position, other), []).append((own, column))
            pairs.setdefault((other, position), []).append((column, own))
    numbers: dict[tuple[int, tuple[int, ...]], int] = {}
    needs: list[list[tuple[Key, int]]] = [[] for _ in rule]
    for (one, other), columns in pairs.items():
        index = (rule[other].kind, tuple(theirs for _, theirs in columns))
        number = numbers.setdefault(index, len(numbers))
        needs[one].append((itemgetter(*[mine for mine, _ in columns]), number))
    indexes: dict[int, tuple[tuple[int, Key], ...]] = {}
    for (kind, wanted), number in numbers.items():
        indexes[kind] = (*indexes.get(kind, ()), (number, itemgetter(*wanted)))
    seats = tuple(Seat(each.kind, tuple(needs[at])) for at, each in enumerate(rule))
    steps: list[list[tuple[int, Key, Key]]] = [[] for _ in rule]
    for (one, other), columns in pairs.items():
        if other < one:
            mine, theirs = zip(*columns, strict=True)
            steps[one].append((other, itemgetter(*mine), itemgetter(*theirs)))
    kinds = tuple(dict.fromkeys(each.kind for each in rule))
    return Seating(seats, kinds, indexes, len(numbers), tuple(map(tuple, steps)))


class Partners:
    """The facts of one join, until each has what it can be joined with.

    That a fact finds a row for each other pattern that it is joined with is needed for a match and not
    enough for one: what matches is for Rete to find. Values are compared here as Python does, which is
    never stricter than by their numbers.

    Args:
        seating: The join.
        selected: The facts of each kind that there are so far.
    """

    def __init__(self, seating: Seating, selected: Sequence[Collection[Tuple]]) -> None:
        self._seating = seating
        self._keys: list[set[Any]] = [set() for _ in range(seating.count)]
        # Of each index, facts that wait for a row in it.
        self._waiting: list[dict[Any, list[tuple[Seat, Tuple]]]] = [{} for _ in self._keys]
        # Facts that lack something, and are not yet where they wait for it.
        self._lacking: list[tuple[Seat, Tuple]] = []
        self._seen: dict[int, set[Tuple]] = {kind: set() for kind in seating.kinds}
        # Facts that can match, until there are some of every kind.
        self._held: list[tuple[int, Tuple]] = []
        # What is there to begin with.
        self._first: dict[int, Collection[Tuple]] | None = {kind: selected[kind] for kind in seating.kinds}

    def ready(self, new: Mapping[int, list[Tuple]]) -> list[tuple[int, Tuple]]:
        """The facts, with their kinds, that can match now that there are some more; each is given once.

        Args:
            new: What was added since this was last called, by kind; when it is first called, what was added
                before is taken in too.
        """
        if self._first is not None:
            rows, self._first = self._first, None
            return self._further(rows)
        further: dict[int, Collection[Tuple]] = {
            kind: new[kind] for kind in self._seating.kinds if kind in new
        }
        return self._further(further) if further else []

    def _further(self, rows: Mapping[int, Collection[Tuple]]) -> list[tuple[int, Tuple]]:
        """Take in further facts; those that can match now."""
        seating, keys, held, lacking = self._seating, self._keys, self._held, self._lacking
        for seat, row in lacking:
            need = next((need for need in seat.needs if need[0](row) not in keys[need[1]]), None)
            assert need is not None
            self._waiting[need[1]].setdefault(need[0](row), []).append((seat, row))
        lacking.clear()
        todo: list[tuple[Seat, Collection[Tuple]]] = []
        for kind, more in rows.items():
            for number, key in seating.indexes.get(kind, ()):
                waiting = self._waiting[number]
                if waiting:
                    for found in dict.fromkeys(map(key, more)):
                        todo.extend((seat, (row,)) for seat, row in waiting.pop(found, ()))
                keys[number].update(map(key, more))
        todo.extend((seat, rows[seat.kind]) for seat in seating.seats if seat.kind in rows)
        for seat, some in todo:
            kind, needs, seen = seat.kind, seat.needs, self._seen[seat.kind]
            for row in some:
                if row in seen:
                    continue
                for key, number in needs:
                    if key(row) not in keys[number]:
                        lacking.append((seat, row))
                        break
                else:
                    seen.add(row)
                    held.append((kind, row))
        if not all(self._seen.values()):
            return []
        self._held = []
        return held

    def most_matches(self, enough: int) -> int:
        """A number that the matches of all facts that were given do not exceed.

        Args:
            enough: Up to this number it need not be a good one.
        """
        rows = [self._seen[seat.kind] for seat in self._seating.seats]
        most = math.prod(map(len, rows))
        if most <= enough:
            return most
        most = len(rows[0])
        for position, steps in enumerate(self._seating.steps[1:], 1):
            counts = [len(rows[position]) * most]
            for other, mine, theirs in steps:
                beside = Counter(map(mine, rows[position]))
                # Of the first two patterns it is the very number; from there on, as many as for the worst row.
                exact = position == 1
                counts.append(
                    sum(beside[key] for key in map(theirs, rows[other]))
                    if exact
                    else most * max(beside.values())
                )
            most = min(counts)
        return most
