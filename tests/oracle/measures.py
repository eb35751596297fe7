"""Measures and limits, by plain loops."""

from __future__ import annotations

import math
from fractions import Fraction

import attrs

from bigrules.language.model import Limit, Measure, Slot
from oracle.formulas import Env, solutions
from oracle.world import Mode, World


@attrs.frozen
class Measured:
    """What a measure comes to.

    Args:
        value: The number; of a share what counts; None where it is of nobody.
        of: What a share is taken among, or the other measure of a limit; None without one.
        keys: The keys that are counted.
        groups: Every group of keys, for a largest group.
    """

    value: Fraction | None
    of: Fraction | None = None
    keys: frozenset[object] = frozenset()
    groups: tuple[frozenset[object], ...] = ()


@attrs.frozen
class Held:
    """A measure held against its limit.

    Args:
        kept: Whether the limit is kept.
        void: Whether it is of nobody and that means not applicable.
        measured: What the measure comes to.
        of: What the measure that the limit is a fraction of comes to, or None.
        bound: What the measure is held against; of a share, what those counted are held against.
        too_large: Keys that are one witness each, where the limit is exceeded.
    """

    kept: bool
    void: bool
    measured: Measured
    of: Measured | None
    bound: Fraction | None
    too_large: tuple[frozenset[object], ...] = ()


def take(world: World, measure: Measure, env: Env, mode: Mode) -> Measured:
    """A measure, with the slots outside it bound."""
    among = list(solutions(world, measure.among, env, mode))
    if measure.where is None:
        counted = among
    else:
        counted = [found for each in among for found in solutions(world, measure.where, each, mode)]
    keys = frozenset(each[measure.key] for each in counted)

    def summed(found: list[Env]) -> Fraction:
        pairs = {(each[measure.key], each[measure.value]) for each in found}
        return sum((Fraction(number) for _, number in pairs), Fraction(0))

    match measure.aggregate:
        case "number":
            return Measured(Fraction(len(keys)), keys=keys)
        case "share":
            if measure.value:
                part, whole = summed(counted), summed(among)
            else:
                part, whole = Fraction(len(keys)), Fraction(len({each[measure.key] for each in among}))
            return Measured(part if whole else None, whole, keys)
        case "total":
            return Measured(summed(counted), keys=keys)
        case "least" | "greatest":
            numbers = [Fraction(each[measure.value]) for each in counted]
            if not numbers:
                return Measured(None)
            return Measured(min(numbers) if measure.aggregate == "least" else max(numbers), keys=keys)
        case "group sharing":
            shared: dict[object, set[object]] = {}
            for each in counted:
                shared.setdefault(each[measure.sharing], set()).add(each[measure.key])
            groups = tuple(frozenset(group) for group in shared.values())
        case "group linked":
            groups = linked(world, measure, among, keys, env, mode)
    return Measured(Fraction(max(map(len, groups), default=0)), keys=keys, groups=groups)


def linked(
    world: World, measure: Measure, among: list[Env], keys: frozenset[object], env: Env, mode: Mode
) -> tuple[frozenset[object], ...]:
    """The groups of counted keys that links connect."""
    assert measure.link is not None
    # The link sees the slots of among, where it runs between those among.
    starts = [env] if measure.through_anyone else among
    links: dict[object, set[object]] = {}
    for start in starts:
        for each in solutions(world, measure.link, start, mode):
            one, other = each[measure.key], each[measure.other]
            if measure.through_anyone or (one in keys and other in keys):
                links.setdefault(one, set()).add(other)
                links.setdefault(other, set()).add(one)
    groups: list[frozenset[object]] = []
    left = set(keys)
    while left:
        todo, reached = [left.pop()], set()
        while todo:
            each = todo.pop()
            if each not in reached:
                reached.add(each)
                todo.extend(links.get(each, ()))
        left -= reached
        groups.append(frozenset(reached & keys))
    return tuple(groups)


def rounded(number: Fraction, rounding: str) -> Fraction:
    """A number, rounded; half counts up to nearest."""
    match rounding:
        case "up":
            return Fraction(math.ceil(number))
        case "down":
            return Fraction(math.floor(number))
        case "nearest":
            return Fraction(math.floor(number + Fraction(1, 2)))
    return number


def keeps(number: Fraction, op: str, bound: Fraction) -> bool:
    """Whether a number keeps a limit."""
    match op:
        case "at least":
            return number >= bound
        case "at most":
            return number <= bound
        case "more than":
            return number > bound
        case "less than":
            return number < bound
        case "exactly":
            return number == bound
    raise AssertionError(op)


def exceeds(number: Fraction, op: str, bound: Fraction) -> bool:
    """Whether a number is more than a limit allows."""
    return op in ("at most", "less than", "exactly") and not keeps(number, op, bound) and number >= bound


def measured(world: World, limit: Limit, env: Env, mode: Mode) -> Held:
    """A measure held against its limit."""
    it = take(world, limit.measure, env, mode)
    of = take(world, limit.of, env, mode) if limit.of is not None else None
    if it.value is None or (of is not None and of.value is None):
        kept = limit.of_nobody == "met"
        return Held(kept, limit.of_nobody == "natural", it, of, None)
    bound = env[limit.bound.name] if isinstance(limit.bound, Slot) else limit.bound
    if bound is None:
        return Held(False, False, it, of, None)
    factor = Fraction(1)
    if of is not None:
        # A share as the whole of a fraction is the fraction that it comes to.
        factor = of.value if limit.of.aggregate != "share" else of.value / of.of
    if limit.measure.aggregate == "share":
        factor *= it.of
    against = rounded(Fraction(bound) * factor, limit.rounding)
    too_large: tuple[frozenset[object], ...] = ()
    if limit.measure.aggregate == "number" and exceeds(it.value, limit.op, against):
        too_large = (it.keys,)
    elif limit.measure.aggregate.startswith("group"):
        large = (group for group in it.groups if exceeds(Fraction(len(group)), limit.op, against))
        too_large = tuple(dict.fromkeys(large))
    return Held(keeps(it.value, limit.op, against), False, it, of, against, too_large)
