"""Limits of the second engine: a measure held against a number, in three values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import attrs

from bigrules.engines.base import Assignment
from bigrules.engines.durable_measures import (
    Extent,
    Members,
    Tuple,
    certain,
    extent,
    fraction,
    linked,
    parts,
    shared,
)
from bigrules.engines.durable_nodes import FALSE, OPEN, TRUE, Node, State, Truth
from bigrules.program.core import LimitStep

_ZERO = Fraction(0)


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
    if one[0] == one[1] and other[0] == other[1]:
        product = one[0] * other[0]
        return product, product
    corners = [a * b for a in one for b in other]
    return min(corners), max(corners)


@attrs.define(eq=False)
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
    # Where nothing that is counted is open: the measures as they always are.
    _settled: tuple[Extent, Extent | None] | None = attrs.field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        if self.measure.settled() and (self.of is None or self.of.settled()):
            self._settled = (
                extent(self.measure, certain),
                None if self.of is None else extent(self.of, certain),
            )

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is counted is open."""
        return self._settled is not None

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
        if self._settled is not None:
            return self._settled
        return extent(self.measure, state), None if self.of is None else extent(self.of, state)

    def _compared(self, it: Extent, of: Extent | None, state: State) -> int:
        if self.bound is None:
            return FALSE
        part_by_part = self.step.measure.aggregate == "share" and of is None and not self.step.rounding
        if part_by_part and self._settled is None:
            # Part by part: counted weighs 1 - bound, not counted -bound. Two intervals would not be exact.
            # Times the denominator of the bound, so that whole numbers stay whole.
            yes = self.bound.denominator - self.bound.numerator
            no = -self.bound.numerator
            least: Any = 0
            greatest: Any = 0
            for weight, among, counts in parts(self.measure, state):
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


def groups_over(held: Held, state: State) -> tuple[tuple[Tuple, bool], ...]:
    """Groups of keys over the limit, and whether they certainly are; one that grows is told once."""
    name = held.measure.table.aggregate
    if (
        not name.startswith("group")
        or held.bound is None
        or held.step.op not in ("at most", "less than", "exactly")
    ):
        return ()
    it, of = held.extents(state)
    low, high = held.bounds(it, of, state)
    if it.greatest < low or (it.greatest == low and held.step.op != "less than"):
        return ()
    found: list[tuple[Tuple, bool]] = []
    for enough, most in ((TRUE, high), (OPEN, low)):
        if name == "group linked":
            groups = linked(held.measure, state, enough)
        else:
            by_value = shared(held.measure, state).values()
            groups = [[key for key, value in keys.items() if value >= enough] for keys in by_value]
        for each in groups:
            over = len(each) > most or (held.step.op == "less than" and len(each) == most)
            if over and not any(set(told) <= set(each) for told, _ in found):
                found.append((tuple(sorted(each, key=str)), enough == TRUE))
    return tuple(found)


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
