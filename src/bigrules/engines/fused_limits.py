"""Measures over what is known: one number each, held against its limit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Any, NamedTuple

import attrs

from bigrules.engines.groups import linked_groups, most_linked
from bigrules.engines.measures import as_number, rounded
from bigrules.program.core import ALWAYS, LimitStep, MeasureTable

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "at least": ge, "at most": le, "more than": gt, "less than": lt, "exactly": eq,
}  # fmt: skip

SIGNS = {"at least": ">=", "at most": "<=", "more than": ">", "less than": "<", "exactly": "=="}

# A row without its outer columns; one that has nothing but its key is the key alone.
Rows = Collection[Any]


class Taken(NamedTuple):
    """A measure as it was taken for one binding of the outer slots.

    Args:
        value: The number, or None where it is of nobody.
        of: For a share, among how many (or what weight); for a limit that is a fraction, of what; else None.
        bound: The limit, or None where it is a fraction of what is of nobody.
        counted: Who is counted.
        links: Links between them.
    """

    value: Any
    of: Any
    bound: Any
    counted: Rows
    links: Rows


@attrs.define(eq=False)
class Measured:
    """What a limit was taken over, for every binding of its outer slots.

    Args:
        taken: By the values of the outer slots; see `inline` for a limit that has none.
        holds: Bindings for which the limit is kept, as rows.
        void: Bindings for which it does not apply, as rows.
    """

    taken: dict[tuple[Any, ...], Taken] = attrs.field(factory=dict)
    holds: list[Any] = attrs.field(factory=list)
    void: list[Any] = attrs.field(factory=list)


def inline(
    step: LimitStep, both_ways: bool, name: Callable[[Any], str], table: Callable[[str], str]
) -> list[str] | None:
    """Lines for a limit that is taken once for a case and depends on nothing else; None for any other.

    Args:
        step: The limit.
        both_ways: Whether every link between two things is among the links in both directions.
        name: Gives the name of a constant.
        table: Gives the name of a table, whose rows have one column for a key.

    Returns:
        Lines that leave `o`, what was taken, and fill the tables of the limit.
    """
    measure = step.measure
    if step.outer or step.demand != ALWAYS or step.of is not None or not isinstance(step.bound, Fraction):
        return None
    if measure.has_value or measure.aggregate not in ("number", "share", "group sharing", "group linked"):
        return None
    counted, bound = table(measure.counted), rounded(step.bound, step.rounding)
    shown = name(bound)
    taken = name(Taken)
    holds = f"{table(step.holds)}.add(())"
    sign = SIGNS[step.op]
    if measure.aggregate == "share":
        if step.rounding:
            return None
        nobody = {"natural": f"{table(step.void)}.add(())", "met": holds}.get(step.of_nobody, "pass")
        among, fraction = table(measure.among), name(Fraction)
        return [
            f"n = len({among})",
            f"o = {taken}({fraction}(len({counted}), n) if n else None, n, {shown}, {counted}, ())",
            f"if not n: {nobody}",
            f"elif len({counted}) * {bound.denominator} {sign} n * {bound.numerator}: {holds}",
        ]
    links = table(measure.link) if measure.aggregate == "group linked" else "()"
    value = f"len({counted})"
    if measure.aggregate == "group sharing":
        value = f"{name(_most_sharing)}({counted})"
    elif measure.aggregate == "group linked":
        value = f"{name(most_linked)}({counted}, {links}, {measure.through_anyone}, {both_ways})"
    number = Fraction(bound)
    times = f" * {number.denominator}" if number.denominator != 1 else ""
    return [
        f"x = {value}",
        f"o = {taken}(x, None, {shown}, {counted}, {links})",
        f"if x{times} {sign} {number.numerator}: {holds}",
    ]


class LimitRunner:
    """A limit of a program.

    Args:
        step: The limit.
        bare: For each table that `reads` names, whether its rows are single values.
    """

    def __init__(self, step: LimitStep, bare: Sequence[bool]) -> None:
        self.step = step
        self.bare = tuple(bare)
        self.demand_bare = self.bare[0]
        self.head_bare = len(step.outer) == 1
        place = {name: column for column, name in enumerate(step.outer)}
        self.outer = [place[each] for each in step.measure.outer]
        self.of_outer = [place[each] for each in step.of.outer] if step.of is not None else []
        self.bound_column = place[step.bound] if isinstance(step.bound, str) else None
        self.kept = OPERATORS[step.op]
        self.value = measure_of(step.measure)
        self.of_value = measure_of(step.of) if step.of is not None else None

    @staticmethod
    def reads(step: LimitStep) -> list[str]:
        """Names of the tables that it is called with; "" where there is none."""
        measures = [step.measure, *([step.of] if step.of is not None else [])]
        return [step.demand, *(name for each in measures for name in (each.counted, each.among, each.link))]

    def __call__(self, demand: Iterable[Any], *tables: Rows) -> Measured:
        result = Measured()
        rows = [
            self._by_outer(table, bare, self.outer if number < 3 else self.of_outer)
            for number, (table, bare) in enumerate(zip(tables, self.bare[1:], strict=True))
        ]
        for row in demand:
            outer = (row,) if self.demand_bare else row
            if outer in result.taken:
                continue
            mine = tuple([outer[each] for each in self.outer])
            counted, among, links = (each.get(mine, ()) for each in rows[:3])
            value, total = self.value(counted, among, links)
            of_nobody = value is None
            bound: Any = self.step.bound if self.bound_column is None else as_number(outer[self.bound_column])
            limit = bound
            of = None
            if self.of_value is not None:
                theirs = tuple([outer[each] for each in self.of_outer])
                of, _ = self.of_value(*(each.get(theirs, ()) for each in rows[3:]))
                of_nobody = of_nobody or of is None
                limit = None if of is None else rounded(bound * of, self.step.rounding)
            else:
                limit = rounded(bound, self.step.rounding)
            shown = total if self.step.measure.aggregate == "share" else of
            result.taken[outer] = Taken(value, shown, limit, counted, links)
            if of_nobody:
                if self.step.of_nobody == "natural":
                    result.void.append(outer[0] if self.head_bare else outer)
                    continue
                kept = self.step.of_nobody == "met"
            else:
                kept = self._is_kept(value, total, limit, bound, counted)
            if kept:
                result.holds.append(outer[0] if self.head_bare else outer)
        return result

    def _is_kept(self, value: Any, total: Any, limit: Any, bound: Any, counted: Rows) -> bool:
        if self.step.measure.aggregate == "share" and self.step.of is None:
            if self.step.rounding:
                return self.kept(value * total, rounded(bound * total, self.step.rounding))
            return self.kept(value, bound)
        return self.kept(value, limit)

    @staticmethod
    def _by_outer(table: Rows, bare: bool, outer: Sequence[int]) -> dict[tuple[Any, ...], Rows]:
        """Rows by the values of their first columns, without these."""
        if not outer:
            return {(): table if bare or not table else _keys(table)} if table else {}
        width = len(outer)
        found: dict[tuple[Any, ...], set[Any]] = {}
        for row in table:
            rest = row[width:]
            found.setdefault(row[:width], set()).add(rest[0] if len(rest) == 1 else rest)
        return found  # type: ignore[return-value]


def _keys(table: Rows) -> Rows:
    """Each row once; a row of one column as its value."""
    rows = table if isinstance(table, set) else set(table)
    return {row[0] for row in rows} if len(next(iter(rows))) == 1 else rows


def measure_of(measure: MeasureTable) -> Callable[[Rows, Rows, Rows], tuple[Any, Any]]:
    """A function of who is counted, who is among, and links: the value (None: of nobody), and of how many.

    >>> from bigrules.program.core import MeasureTable
    >>> measure_of(MeasureTable("share", (), "members", "residents"))({"ann"}, {"ann", "bob"}, ())
    (Fraction(1, 2), 2)
    """
    match measure.aggregate:
        case "number":
            return lambda counted, among, links: (len(counted), None)
        case "total":
            return lambda counted, among, links: (sum([row[1] for row in counted]), None)
        case "least":
            return lambda counted, among, links: (min([row[1] for row in counted], default=None), None)
        case "greatest":
            return lambda counted, among, links: (max([row[1] for row in counted], default=None), None)
        case "group sharing":
            return lambda counted, among, links: (_most_sharing(counted), None)
        case "group linked":
            through = measure.through_anyone
            return lambda counted, among, links: (most_linked(counted, links, through), None)
        case _:
            return _share_of_weight if measure.has_value else _share


def _share(counted: Rows, among: Rows, links: Rows) -> tuple[Any, Any]:
    total = len(among)
    return (Fraction(len(counted), total), total) if total else (None, 0)


def _share_of_weight(counted: Rows, among: Rows, links: Rows) -> tuple[Any, Any]:
    total = sum([row[1] for row in among])
    # Weights may cancel out: a share of a weight of nothing is of nobody.
    return (Fraction(sum([row[1] for row in counted])) / total, total) if total else (None, 0)


def _most_sharing(counted: Rows) -> int:
    sizes: dict[Any, int] = {}
    for row in counted:
        sizes[row[-1]] = sizes.get(row[-1], 0) + 1
    return max(sizes.values(), default=0)


def groups_over(step: LimitStep, taken: Taken) -> Iterator[Sequence[Any]]:
    """Each set of those counted that makes a number or a group too great, in order.

    A group that is over the limit with fewer is told once.

    Args:
        step: The limit.
        taken: What it was taken over.
    """
    if step.op not in ("at most", "less than", "exactly") or taken.bound is None:
        return
    groups: list[list[Any]] = []
    match step.measure.aggregate:
        case "number":
            groups = [sorted(taken.counted, key=str)]
        case "group sharing":
            sharing: dict[Any, set[Any]] = {}
            for row in taken.counted:
                sharing.setdefault(row[-1], set()).add(row[0])
            groups = [sorted(each, key=str) for each in sharing.values() if len(each) >= taken.bound]
        case "group linked":
            groups = linked_groups(taken.counted, taken.links, step.measure.through_anyone)
    if len(groups) > 1:
        groups.sort(key=lambda each: (len(each), [str(one) for one in each]))
    told: list[set[Any]] = []
    for group in groups:
        over = len(group) > taken.bound or (step.op == "less than" and len(group) == taken.bound)
        if over and not any(each <= set(group) for each in told):
            told.append(set(group))
            yield group
