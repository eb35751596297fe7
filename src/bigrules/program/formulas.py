"""Conditions taken apart: what they mention, what they bind, and their alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, cast

import attrs

from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Const,
    Formula,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Rule,
    Slot,
    Test,
    Value,
)

# What is left of a condition list when alternatives and nested lists are taken apart.
Item = Atom | Test | NoneOf | Limit | OutcomeIs


def bites_on(rule: Rule) -> Formula | None:
    """Whom or what a rule bites on; the day of which it speaks there is the rule's own."""
    return substitute(rule.given, {THE_DAY: rule.on}) if rule.given is not None and rule.on else rule.given


def flat(formula: Formula) -> list[Formula]:
    """The items of a condition list, nested lists taken apart."""
    if isinstance(formula, All):
        return [item for part in formula.parts for item in flat(part)]
    return [formula]


def walk(formula: Formula) -> Iterator[Formula]:
    """Every atom, test, absence, limit and outcome in a formula, at any depth."""
    yield formula
    if isinstance(formula, All | AnyOf):
        for part in formula.parts:
            yield from walk(part)
    elif isinstance(formula, NoneOf):
        yield from walk(formula.part)
    elif isinstance(formula, Limit):
        for part in measure_parts(formula.measure) + (measure_parts(formula.of) if formula.of else []):
            yield from walk(part)


def measure_parts(measure: Measure) -> list[Formula]:
    return [each for each in (measure.among, measure.where, measure.link) if each is not None]


def slots(formula: Formula) -> set[str]:
    """Every slot that a formula mentions, at any depth."""
    found: set[str] = set()
    for item in walk(formula):
        if isinstance(item, Atom | Test):
            found |= {term.name for term in item.terms if isinstance(term, Slot)}
            if isinstance(item, Atom) and item.day.mode == "on":
                found.add(item.day.slot)
        elif isinstance(item, Limit) and isinstance(item.bound, Slot):
            found.add(item.bound.name)
    return found


def exported(formula: Formula) -> dict[str, None]:
    """Slots that a formula binds, in order: what it gives to the bracket around it."""
    if isinstance(formula, Atom):
        return dict.fromkeys(term.name for term in formula.terms if isinstance(term, Slot))
    if isinstance(formula, All):
        return {name: None for part in formula.parts for name in exported(part)}
    if isinstance(formula, AnyOf):
        branches = [exported(part) for part in formula.parts]
        return (
            {name: None for name in branches[0] if all(name in each for each in branches)} if branches else {}
        )
    return {}


def needs_outside(formula: Formula) -> bool:
    """Whether something in it needs to be told what is bound outside."""
    return any(isinstance(item, NoneOf | Limit) for item in walk(formula))


def may_be_void(limit: Limit) -> bool:
    return limit.of_nobody == "natural" and (
        limit.measure.aggregate in ("share", "least", "greatest")
        or (limit.of is not None and limit.of.aggregate in ("share", "least", "greatest"))
    )


def alternatives(formula: Formula, bound: set[str], rename: Callable[[str], str]) -> list[list[Item]]:
    """Disjunctive normal form; slots that are local to a branch get names of their own."""
    items = flat(formula)
    here = set(bound)
    for each in items:
        here |= exported(each).keys()
    result: list[list[Item]] = [[]]
    for item in items:
        if isinstance(item, AnyOf):
            branches: list[list[Item]] = []
            for part in item.parts:
                local = sorted(exported(part).keys() - here)
                renaming = {name: rename(name) for name in local}
                branches += alternatives(substitute(part, renaming), here, rename)
            result = [[*left, *right] for left in result for right in branches]
        else:
            result = [[*left, item] for left in result]  # type: ignore[list-item]
    return result


def substitute(formula: Formula, renaming: dict[str, str]) -> Formula:
    """The formula with slots renamed."""
    if not renaming:
        return formula

    def term(each: Any) -> Any:
        return Slot(renaming.get(each.name, each.name)) if isinstance(each, Slot) else each

    def measure(each: Measure) -> Measure:
        return attrs.evolve(
            each,
            key=renaming.get(each.key, each.key),
            among=substitute(each.among, renaming),
            where=None if each.where is None else substitute(each.where, renaming),
            value=renaming.get(each.value, each.value),
            sharing=renaming.get(each.sharing, each.sharing),
            link=None if each.link is None else substitute(each.link, renaming),
            other=renaming.get(each.other, each.other),
        )

    if isinstance(formula, Atom):
        day = attrs.evolve(formula.day, slot=renaming.get(formula.day.slot, formula.day.slot))
        future = renaming.get(formula.future, formula.future)
        return attrs.evolve(
            formula, terms=tuple(term(each) for each in formula.terms), day=day, future=future
        )
    if isinstance(formula, Test):
        # The day has no value among those of the slots, so that its words would say the day of judging.
        text = formula.text.replace(f"<{THE_DAY}>", f"<{renaming.get(THE_DAY, THE_DAY)}>")
        return attrs.evolve(formula, terms=tuple(term(each) for each in formula.terms), text=text)
    if isinstance(formula, All | AnyOf):
        return attrs.evolve(formula, parts=tuple(substitute(each, renaming) for each in formula.parts))
    if isinstance(formula, NoneOf):
        return NoneOf(substitute(formula.part, renaming))
    if isinstance(formula, Limit):
        bound = term(formula.bound) if isinstance(formula.bound, Slot) else formula.bound
        of = None if formula.of is None else measure(formula.of)
        beside = None if formula.value is None else cast(Atom, substitute(formula.value, renaming))
        return attrs.evolve(formula, measure=measure(formula.measure), bound=bound, of=of, value=beside)
    return formula


def fixed(formula: Formula, slot: str, value: Value) -> Formula:
    """The formula with a value in place of a slot.

    Args:
        formula: The formula.
        slot: Name of the slot.
        value: What it stands for.
    """

    def term(each: Any) -> Any:
        return Const(value) if isinstance(each, Slot) and each.name == slot else each

    def inner(each: Formula) -> Formula:
        return fixed(each, slot, value)

    def measure(each: Measure) -> Measure:
        return attrs.evolve(
            each,
            among=inner(each.among),
            where=None if each.where is None else inner(each.where),
            link=None if each.link is None else inner(each.link),
        )

    if isinstance(formula, Atom | Test):
        return attrs.evolve(formula, terms=tuple(term(each) for each in formula.terms))
    if isinstance(formula, All | AnyOf):
        return attrs.evolve(formula, parts=tuple(inner(each) for each in formula.parts))
    if isinstance(formula, NoneOf):
        return NoneOf(inner(formula.part))
    if isinstance(formula, Limit):
        bound = term(formula.bound)
        return attrs.evolve(
            formula,
            measure=measure(formula.measure),
            of=None if formula.of is None else measure(formula.of),
            bound=Fraction(str(value)) if isinstance(bound, Const) else bound,
        )
    return formula
