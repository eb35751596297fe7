"""Measures and limits of the second engine, under three-valued membership."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import attrs

from bigrules.engines.base import Assignment
from bigrules.engines.durable_nodes import FALSE, OPEN, TRUE, Node, State, Truth
from bigrules.program.core import LimitStep, MeasureTable

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


def _parts(members: Members, state: State) -> list[tuple[Any, int, int]]:
    """Of a share: each part with its weight, whether it is among, and whether it counts."""
    if not members.table.has_value:
        counted = _keys(members.counted, state)
        return [(1, value, counted.get(key, FALSE)) for key, value in _keys(members.among, state).items()]
    counting = {row[:2]: state(truth) for row, truth in members.counted}
    return [(row[1], state(truth), counting.get(row[:2], FALSE)) for row, truth in members.among]


def _share(members: Members, state: State) -> Extent:
    parts = _parts(members, state)
    least, greatest = _spread((weight, min(among, counts)) for weight, among, counts in parts)
    of_least, of_greatest = _spread((weight, among) for weight, among, _ in parts)
    nobody = TRUE if of_least == of_greatest == 0 else OPEN if of_least <= 0 <= of_greatest else FALSE
    return Extent(least, greatest, nobody, of_least, of_greatest)


def fraction(members: Members, state: State) -> tuple[Fraction, Fraction] | None:
    """Least and greatest fraction that a share comes to, where it is not of nobody; None if it surely is.

    A fraction is least where all who may not count do not, and greatest where all who may do.
    """
    parts = [each for each in _parts(members, state) if each[1] != FALSE and each[0] != 0]
    if not parts:
        return None
    if any(weight < 0 for weight, _, _ in parts):
        it = _share(members, state)
        if it.least == it.greatest and it.of_least == it.of_greatest != 0:
            return it.least / it.of_least, it.least / it.of_least
        return -_VAST, _VAST
    sure = sum(weight for weight, among, counts in parts if among == counts == TRUE)
    against = sum(weight for weight, _, counts in parts if counts != TRUE)
    may = sum(weight for weight, _, counts in parts if counts != FALSE)
    never = sum(weight for weight, among, counts in parts if among == TRUE and counts == FALSE)
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
    return Extent(
        Fraction(max(map(len, linked(members, state, TRUE)), default=0)),
        Fraction(max(map(len, linked(members, state, OPEN)), default=0)),
    )


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


def rounded(number: Fraction, how: str) -> Fraction:
    """A number rounded `up`, `down`, to the `nearest` (half counts up), or as it is."""
    if how == "up":
        return Fraction(math.ceil(number))
    if how == "down":
        return Fraction(math.floor(number))
    if how == "nearest":
        return Fraction(math.floor(number + Fraction(1, 2)))
    return number


def _times(one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    corners = [a * b for a in one for b in other]
    return min(corners), max(corners)


@attrs.frozen(eq=False)
class Held:
    """A limit, for one choice of its outer columns.

    Args:
        step: The limit.
        measure: What is measured.
        of: What the bound is a fraction of, or None.
        bound: The bound as a number, or None where the slot that holds it is open.
        asked: Where it is asked for.
    """

    step: LimitStep
    measure: Members
    of: Members | None
    bound: Fraction | None
    asked: Truth

    def bounds(self, it: Extent, of: Extent | None, state: State) -> tuple[Fraction, Fraction]:
        """Between which numbers that lies which the measure is held against."""
        assert self.bound is not None
        against = (self.bound, self.bound)
        if of is not None:
            against = _times(against, self._whole(of, state))
        if self.step.measure.aggregate == "share":
            against = _times(against, (it.of_least, it.of_greatest))
        return rounded(against[0], self.step.rounding), rounded(against[1], self.step.rounding)

    def limit(self, state: State) -> Fraction | None:
        """The limit as people are shown it: of a share a fraction, of a measure the least that it can be."""
        if self.of is None or self.bound is None:
            return self.bound
        if extent(self.of, state).nobody == TRUE:
            return None
        return rounded(
            _times((self.bound, self.bound), self._whole(extent(self.of, state), state))[0],
            self.step.rounding,
        )

    def _whole(self, of: Extent, state: State) -> tuple[Fraction, Fraction]:
        """What the bound is a fraction of: of a share, the fraction that it comes to."""
        assert self.of is not None
        if self.of.table.aggregate != "share":
            return of.least, of.greatest
        return fraction(self.of, state) or (Fraction(0), Fraction(0))

    def kept(self, state: State) -> int:
        """Whether the limit is kept."""
        it, of = self.extents(state)
        nobody = it.nobody if of is None else max(it.nobody, of.nobody)
        if self.step.of_nobody == "met":
            value = TRUE if nobody == TRUE else max(nobody, self._compared(it, of, state))
        else:
            value = FALSE if nobody == TRUE else min(TRUE - nobody, self._compared(it, of, state))
        return min(value, state(self.asked))

    def void(self, state: State) -> int:
        """Whether it is of nobody, where that means not applicable."""
        if self.step.of_nobody != "natural":
            return FALSE
        it, of = self.extents(state)
        nobody = it.nobody if of is None else max(it.nobody, of.nobody)
        return min(nobody, state(self.asked))

    def extents(self, state: State) -> tuple[Extent, Extent | None]:
        """Between which numbers the measure lies, and that which the bound is a fraction of."""
        return extent(self.measure, state), None if self.of is None else extent(self.of, state)

    def _compared(self, it: Extent, of: Extent | None, state: State) -> int:
        if self.bound is None:
            return FALSE
        if self.step.measure.aggregate == "share" and of is None and not self.step.rounding:
            # Part by part: counted weighs 1 - bound, not counted -bound. Intervals of both sides are not exact.
            # Times the denominator of the bound, so that whole numbers stay whole.
            yes = self.bound.denominator - self.bound.numerator
            no = -self.bound.numerator
            least: Any = 0
            greatest: Any = 0
            for weight, among, counts in _parts(self.measure, state):
                if among == FALSE:
                    continue
                choices = [] if among == TRUE else [0]
                if counts != FALSE:
                    choices.append(weight * yes)
                if counts != TRUE:
                    choices.append(weight * no)
                least += min(choices)
                greatest += max(choices)
            return compared(self.step.op, (least, greatest), (_ZERO, _ZERO))
        return compared(self.step.op, (it.least, it.greatest), self.bounds(it, of, state))


def compared(op: str, it: Sequence[Fraction], bound: Sequence[Fraction]) -> int:
    """Whether a number between these two keeps a limit between those two.

    >>> compared("at least", (3, 5), (4, 4))
    1
    """
    (least, greatest), (low, high) = it, bound
    if op == "exactly":
        if least == greatest == low == high:
            return TRUE
        return FALSE if greatest < low or least > high else OPEN
    if op == "at least":
        sure, possible = least >= high, greatest >= low
    elif op == "more than":
        sure, possible = least > high, greatest > low
    elif op == "at most":
        sure, possible = greatest <= low, least <= high
    else:
        sure, possible = greatest < low, least < high
    return TRUE if sure else OPEN if possible else FALSE


def counted_keys(members: Members, state: State) -> Tuple:
    """Keys that are counted for certain, or may be."""
    return tuple(key for key, value in _keys(members.counted, state).items() if value != FALSE)


def groups_over(held: Held, state: State) -> tuple[Tuple, ...]:
    """Groups of keys over the limit: those that certainly are, or where there are none, those that may be."""
    name = held.measure.table.aggregate
    if (
        not name.startswith("group")
        or held.bound is None
        or held.step.op not in ("at most", "less than", "exactly")
    ):
        return ()
    most = held.bounds(*held.extents(state), state)[0]
    for enough in (TRUE, OPEN):
        if name == "group linked":
            groups = linked(held.measure, state, enough)
        else:
            found = shared(held.measure, state).values()
            groups = [[key for key, value in keys.items() if value >= enough] for keys in found]
        over = [
            each for each in groups if len(each) > most or (held.step.op == "less than" and len(each) == most)
        ]
        if over:
            return tuple(tuple(sorted(each, key=str)) for each in over)
    return ()


class LimitNode(Node):
    """A limit that is kept, or void, in some completions only."""

    __slots__ = ("_look", "_needs", "held")

    plain = False

    def __init__(self, number: int, held: Held, look: Callable[[State], int]) -> None:
        super().__init__(number)
        self.held = held
        self._look = look
        truths = [held.asked, *held.measure.truths(), *(held.of.truths() if held.of is not None else ())]
        found = {each.number: each for each in truths if isinstance(each, Node) and not each.sure}
        self._needs = tuple(found.values())

    def needs(self) -> Iterable[Node]:
        """The rows that may be counted."""
        return self._needs

    def pulls(self, wanted: bool) -> Iterable[tuple[Truth, bool]]:
        """What each row should be for the limit to come out as wanted, as far as one can tell."""
        step = self.held.step
        if self._look == self.held.void:
            yield self.held.asked, wanted
            yield from ((truth, not wanted) for truth in self.held.measure.truths())
            return
        if wanted:
            yield self.held.asked, True
        more = wanted == (step.op in ("at least", "more than"))
        counted = more if step.measure.aggregate != "least" else not more
        yield from ((truth, counted) for _, truth in self.held.measure.counted)
        yield from ((truth, counted) for _, truth in self.held.measure.links)
        yield from ((truth, not more) for _, truth in self.held.measure.among)
        if self.held.of is not None:
            yield from ((truth, not more) for truth in self.held.of.truths())

    def compute(self, values: Sequence[int], assignment: Assignment) -> int:
        """Its value, given those of the rows."""

        def state(each: Truth) -> int:
            if isinstance(each, Node):
                return TRUE if each.sure else values[each.number]
            return TRUE if each else FALSE

        return self._look(state)
