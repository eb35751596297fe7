"""Measures of the compiled engine: numbers over facts that hold, or may hold, against a limit."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from bigrules.engines.conditions import Valuation, Value3
from bigrules.engines.groups import linked_groups, most_linked
from bigrules.program.core import MeasureTable

Key = tuple[Any, ...]
Number = Any  # int, Fraction or, for ages and such, a date


@attrs.define(eq=False)
class Contributions:
    """What a measure is taken over for one binding of the outer slots.

    Args:
        measure: The measure.
        counted: For each (key, value, shared) that may be counted, its condition.
        among: For a share, for each (key, value, None) that may be among, its condition.
        links: For a group by a link, (key, key) and condition.
    """

    measure: MeasureTable
    counted: dict[Key, int] = attrs.field(factory=dict)
    among: dict[Key, int] = attrs.field(factory=dict)
    links: list[tuple[Any, Any, int]] = attrs.field(factory=list)

    def reads(self) -> list[int]:
        """Every condition that it depends on."""
        return [*self.counted.values(), *self.among.values(), *(each[2] for each in self.links)]

    def interval(self, value: Valuation) -> tuple[Number | None, Number | None]:
        """Least and greatest value; None on both sides where it is certainly of nobody.

        Where it may be of nobody or not, the interval is that of the cases in which it is not.
        """
        match self.measure.aggregate:
            case "number":
                return self._sum(value, lambda key: 1)
            case "total":
                return self._sum(value, lambda key: key[1])
            case "least" | "greatest":
                return self._extreme(value)
            case "group sharing":
                return self._largest_sharing(value)
            case "group linked":
                return self._largest_linked(value)
            case _:
                return self._share(value)

    def nobody(self, value: Valuation) -> Value3:
        """Whether there is nobody to measure, where that makes a difference."""
        if self.measure.aggregate == "share":
            if not self.measure.has_value:
                return _none(value, self.among.values())
            # Weights may cancel out: a share of a weight of nothing is of nobody.
            least, greatest = self.total_among(value)
            return True if least == greatest == 0 else (False if least > 0 or greatest < 0 else None)
        if self.measure.aggregate in ("least", "greatest"):
            return _none(value, self.counted.values())
        return False

    def _sum(self, value: Valuation, weight: Any) -> tuple[Number, Number]:
        return _total((weight(key), value(condition)) for key, condition in self.counted.items())

    def _extreme(self, value: Valuation) -> tuple[Number | None, Number | None]:
        sure = [key[1] for key, condition in self.counted.items() if value(condition) is True]
        possible = [key[1] for key, condition in self.counted.items() if value(condition) is not False]
        if not possible:
            return None, None
        if self.measure.aggregate == "least":
            return min(possible), min(sure) if sure else max(possible)
        return max(sure) if sure else min(possible), max(possible)

    def _largest_sharing(self, value: Valuation) -> tuple[int, int]:
        sure: dict[Any, set[Any]] = {}
        possible: dict[Any, set[Any]] = {}
        for key, condition in self.counted.items():
            held = value(condition)
            if held is True:
                sure.setdefault(key[2], set()).add(key[0])
            if held is not False:
                possible.setdefault(key[2], set()).add(key[0])
        least = max(map(len, sure.values()), default=0)
        return least, max(map(len, possible.values()), default=0)

    def _largest_linked(self, value: Valuation) -> tuple[int, int]:
        through = self.measure.through_anyone
        return (
            most_linked(*self._linked(value, True), through),
            most_linked(*self._linked(value, False), through),
        )

    def linked_groups(self, value: Valuation, sure: bool) -> list[list[Any]]:
        """Groups of counted keys by links: with what is certain only, or with all that may be."""
        return linked_groups(*self._linked(value, sure), self.measure.through_anyone)

    def _linked(self, value: Valuation, sure: bool) -> tuple[set[Any], list[tuple[Any, Any]]]:
        """Who is counted, and links: those that are certain, or all that may be."""

        def held(condition: int) -> bool:
            result = value(condition)
            return result is True if sure else result is not False

        counted = {key[0] for key, condition in self.counted.items() if held(condition)}
        return counted, [(left, right) for left, right, condition in self.links if held(condition)]

    def sharing_groups(self, value: Valuation, sure: bool) -> list[list[Any]]:
        """Groups of counted keys by shared value: with what is certain only, or with all that may be."""
        groups: dict[Any, set[Any]] = {}
        for key, condition in self.counted.items():
            held = value(condition)
            if held is True or (held is None and not sure):
                groups.setdefault(key[2], set()).add(key[0])
        return [sorted(each, key=str) for each in groups.values()]

    def _share(self, value: Valuation) -> tuple[Fraction | None, Fraction | None]:
        weight = self.weight
        sure_yes = sum(weight(key) for key, each in self.counted.items() if value(each) is True)
        least_all = most_no = may_yes = 0
        for key, condition in self.among.items():
            among, counted = value(condition), self.counted_value(key, value)
            if among is False:
                continue
            if among is True:
                least_all += weight(key)
            if counted is not True:
                most_no += weight(key)
            if counted is not False:
                may_yes += weight(key)
        # Least share: everyone who can, fails to count; those who may be among and fail are among.
        least_total = sure_yes + most_no
        least = Fraction(sure_yes, least_total) if least_total else None
        sure_no = sum(
            weight(key)
            for key, condition in self.among.items()
            if value(condition) is True and self.counted_value(key, value) is False
        )
        most_total = may_yes + sure_no
        return least, Fraction(may_yes, most_total) if most_total else None

    def total_among(self, value: Valuation) -> tuple[Number, Number]:
        """How many, or what weight, a share is taken among."""
        return _total(((self.weight(key), value(each)) for key, each in self.among.items()))

    def total_counted(self, value: Valuation) -> tuple[Number, Number]:
        """How many, or what weight, of them are counted."""
        return _total(((self.weight(key), value(each)) for key, each in self.counted.items()))

    def weight(self, key: Key) -> Any:
        """What one key weighs in a share."""
        return key[1] if self.measure.has_value else 1

    def counted_value(self, key: Key, value: Valuation) -> Value3:
        """Whether a key that is among is counted."""
        condition = self.counted.get(key)
        return False if condition is None else value(condition)

    def share_against(self, op: str, bound: Fraction, value: Valuation) -> Value3:
        """A share against a limit, exactly where no two keys depend on one site.

        Summed for each person, 100·r − 51·m: intervals of numerator and denominator would not be exact.
        """
        if any(self.weight(key) < 0 for key in self.among):
            # Multiplying by a total that may be negative would turn the relation round.
            (counts, most), (all_of_them, total) = self.total_counted(value), self.total_among(value)
            if counts != most or all_of_them != total or not total:
                return None
            return compare(op, (Fraction(counts, total), Fraction(counts, total)), (bound, bound))
        # Times the denominator of the limit: whole numbers stay whole.
        inside, outside = bound.denominator - bound.numerator, -bound.numerator
        least = greatest = 0
        for key, condition in self.among.items():
            among, counted = value(condition), self.counted_value(key, value)
            if among is False:
                continue
            weight = self.weight(key)
            # Whoever counts whenever they are among can never be among without counting.
            together = among is None and self.counted.get(key) == condition
            options = [0] if among is None and counted is not True else []
            if counted is not False:
                options.append(weight * inside)
            if counted is not True and not together:
                options.append(weight * outside)
            least += min(options)
            greatest += max(options)
        return compare(op, (least, greatest), (0, 0))


def _total(parts: Iterable[tuple[Number, Value3]]) -> tuple[Number, Number]:
    least = greatest = 0
    for amount, held in parts:
        if held is True:
            least += amount
            greatest += amount
        elif held is None:
            least += min(amount, 0)
            greatest += max(amount, 0)
    return least, greatest


def _possible(condition: int) -> Value3:
    return None if condition > 1 else condition == 1


def _none(value: Valuation, conditions: Any) -> Value3:
    result: Value3 = True
    for each in conditions:
        held = value(each)
        if held is True:
            return False
        if held is None:
            result = None
    return result


def compare(op: str, left: tuple[Any, Any], right: tuple[Any, Any]) -> Value3:
    """Whether every value of one interval (or none) stands in a relation to every value of another.

    >>> compare("at least", (3, 5), (4, 4)) is None
    True
    """
    (low, high), (least, most) = left, right
    if op == "at least":
        return True if low >= most else (False if high < least else None)
    if op == "at most":
        return True if high <= least else (False if low > most else None)
    if op == "more than":
        return True if low > most else (False if high <= least else None)
    if op == "less than":
        return True if high < least else (False if low >= most else None)
    if low == high == least == most:
        return True
    return False if high < least or low > most else None


def rounded(number: Any, how: str) -> Any:
    """A number rounded `up`, `down`, to the `nearest` whole (a half goes up), or not at all.

    >>> rounded(Fraction(13, 3), "down")
    4
    """
    if how == "up":
        return math.ceil(number)
    if how == "down":
        return math.floor(number)
    if how == "nearest":
        return math.floor(number + Fraction(1, 2))
    return number


@attrs.define(eq=False)
class Held:
    """A measure held against its limit, for one binding of the outer slots.

    Args:
        measure: What the measure is taken over.
        op: How it is held against the limit.
        bound: The number, or what it is multiplied with.
        of: What the limit is a fraction of, or None.
        rounding: How the product is rounded.
        of_nobody: What it means that it is of nobody.
    """

    measure: Contributions
    op: str
    bound: Any
    of: Contributions | None = None
    rounding: str = ""
    of_nobody: str = "natural"

    def narrowed(self) -> Held:
        """The same, without those who cannot make a group too large, whatever is not known.

        What they hang on then makes no difference to the finding, and nobody need ask about it.
        """
        table = self.measure.measure
        if (
            self.op not in ("at most", "less than")
            or self.of is not None
            or not isinstance(self.bound, Fraction)
        ):
            return self
        if table.aggregate == "group linked":
            groups = self.measure.linked_groups(_possible, False)
        elif table.aggregate == "group sharing":
            groups = self.measure.sharing_groups(_possible, False)
        else:
            return self
        most = rounded(self.bound, self.rounding)
        large = [
            set(each) for each in groups if len(each) > most or (self.op == "less than" and len(each) == most)
        ]
        kept = set().union(*large)
        if table.aggregate == "group sharing":
            sizes = Counter(shared for key, shared in {(key[0], key[2]) for key in self.measure.counted})
            counted = {
                key: each
                for key, each in self.measure.counted.items()
                if sizes[key[2]] > most or (self.op == "less than" and sizes[key[2]] == most)
            }
        else:
            counted = {key: each for key, each in self.measure.counted.items() if key[0] in kept}
        links = [
            each
            for each in self.measure.links
            if table.through_anyone or (each[0] in kept and each[1] in kept)
        ]
        return attrs.evolve(self, measure=Contributions(table, counted, self.measure.among, links))

    def reads(self) -> list[int]:
        """Every condition that it depends on."""
        return [*self.measure.reads(), *(self.of.reads() if self.of else ())]

    def sense(self, void: bool = False) -> bool | None:
        """Whether more that is counted helps to keep the limit (or, for `void`, to be of nobody): a hint."""
        if void:
            return False
        if self.measure.measure.aggregate == "least":
            return self.op in ("at most", "less than")
        return {"at least": True, "more than": True, "at most": False, "less than": False}.get(self.op)

    def limit(self, value: Valuation) -> tuple[Any, Any]:
        """Least and greatest that the limit may be; None on both sides if it is of nobody."""
        if self.of is None:
            bound = rounded(self.bound, self.rounding)
            return bound, bound
        least, greatest = self.of.interval(value)
        if least is None or greatest is None:
            return None, None
        ends = sorted(
            (rounded(self.bound * least, self.rounding), rounded(self.bound * greatest, self.rounding))
        )
        return ends[0], ends[1]

    def nobody(self, value: Valuation) -> Value3:
        """Whether the measure, or what the limit is a fraction of, is of nobody."""
        first = self.measure.nobody(value)
        second = self.of.nobody(value) if self.of else False
        if first is True or second is True:
            return True
        return None if first is None or second is None else False

    def void(self, value: Valuation) -> Value3:
        """Whether that makes it not applicable."""
        return self.nobody(value) if self.of_nobody == "natural" else False

    def kept(self, value: Valuation) -> Value3:
        """Whether the limit is kept (never where it is not applicable)."""
        nobody = self.nobody(value)
        if nobody is True:
            return self.of_nobody == "met"
        inside = self._kept_by_somebody(value)
        if nobody is False:
            return inside
        # Whether it is of nobody is not known: what holds either way holds.
        return inside if inside is not None and inside == (self.of_nobody == "met") else None

    def _kept_by_somebody(self, value: Valuation) -> Value3:
        if self.measure.measure.aggregate == "share" and self.of is None:
            if self.rounding:
                least, greatest = self.measure.total_among(value)
                ends = (
                    rounded(self.bound * least, self.rounding),
                    rounded(self.bound * greatest, self.rounding),
                )
                return compare(self.op, self.measure.total_counted(value), ends)
            return self.measure.share_against(self.op, Fraction(self.bound), value)
        interval, limit = self.measure.interval(value), self.limit(value)
        if interval[0] is None or interval[1] is None or limit[0] is None or limit[1] is None:
            return None
        return compare(self.op, interval, limit)


def gather(rows: Mapping[Key, int], width: int, measure: MeasureTable) -> dict[Key, dict[Key, int]]:
    """Rows of a table by their outer columns, each as (key, value, shared value)."""
    found: dict[Key, dict[Key, int]] = {}
    for row, condition in rows.items():
        rest = row[width:]
        value = rest[1] if measure.has_value else None
        shared = rest[-1] if measure.has_shared else None
        found.setdefault(row[:width], {})[(rest[0], value, shared)] = condition
    return found


def as_number(value: Any) -> Any:
    """A value that measures can add and compare; dates stay dates."""
    return value if isinstance(value, int | Fraction | datetime.date) else Fraction(str(value))
