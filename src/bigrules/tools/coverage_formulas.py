"""Conditions as coverage looks at them: which of a list can stand without one of it, and where each is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Map
from typing import cast

import attrs

from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Formula,
    Kind,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Slot,
    Term,
    Test,
)
from bigrules.language.scope import bound, names_in
from bigrules.language.source import Listing, Mapping, Node
from bigrules.language.types import parts_of

# A file and a line of it; no file and 0 for the line of a file's own sentence.
Where = tuple[str, int]


def mappings_in(node: Node) -> Iterator[Mapping]:
    """Every mapping in a node that holds something."""
    if isinstance(node, Mapping):
        yield from (node,) if node.entries else ()
        for _, value in node.entries:
            yield from mappings_in(value)
    elif isinstance(node, Listing):
        for each in node.items:
            yield from mappings_in(each)


def parts_in(formula: Formula) -> tuple[Formula, ...]:
    return formula.parts if isinstance(formula, All) else (formula,)


def standing(parts: list[Formula], before: frozenset[str]) -> list[Formula]:
    """Those conditions of a list that can stand where one of it is left out: what they use is still bound.

    Args:
        parts: The conditions that are left.
        before: The slots that were bound with the one that is left out.
    """
    kept = list(parts)
    while True:
        there = bound(All(tuple(kept))) | {THE_DAY}
        standing = [each for each in kept if _needs(each, before) <= there]
        if len(standing) == len(kept):
            return kept
        kept = standing


def _needs(part: Formula, before: frozenset[str]) -> set[str]:
    """The slots that a condition uses and that something beside it has to bind."""
    if isinstance(part, Test):
        return names_in(part) - {THE_DAY}
    if isinstance(part, Atom):
        return {part.day.slot} if part.day.slot else set()
    if isinstance(part, All | AnyOf):
        own = bound(part)
        return {name for each in part.parts for name in _needs(each, before)} - own
    return names_in(part) & before


def others_in(around: list[Formula], rest: list[Formula]) -> list[Formula]:
    """That something is another, which cannot stand without what is left out: it is another one that is not there."""
    left_out = [each for each in around if each not in rest]
    return [each for each in left_out if isinstance(each, Test) and each.op == "different"]


def implied(part: Formula, around: list[Formula], dated: Callable[[str], bool]) -> bool:
    """Whether a sentence holds wherever what is around it does: the same is said there, of the same or of anything.

    Args:
        part: The sentence, or another condition, of which that is not known.
        around: What is around it.
        dated: Whether it matters for a kind of fact or a definition on which day it is read.
    """
    if not isinstance(part, Atom):
        return False
    there = {Slot(each) for each in bound(All(tuple(around)))} | {Slot(THE_DAY)}

    def fits(said: Term | None, meant: Term | None) -> bool:
        return said == meant or (isinstance(meant, Slot) and meant not in there) or meant is None

    return any(
        isinstance(each, Atom)
        and each.predicate == part.predicate
        and (each.day == part.day or not dated(part.predicate))
        and all(map(fits, each.terms, part.terms))
        for each in around
    )


def where(part: Formula) -> Where:
    """File and line of the first thing that stands in a condition."""
    places = [each.place for each in parts_of(part) if isinstance(each, Atom | Test | OutcomeIs | Limit)]
    first = min(places, key=lambda each: (each.line, each.column), default=None)
    return ("", 0) if first is None else (first.file, first.line)


def first_text(part: Formula) -> str:
    """The first thing that stands in a condition, quoted."""
    for each in parts_of(part):
        if isinstance(each, Atom | Test | Limit):
            return f"`{each.text}`"
        if isinstance(each, OutcomeIs):
            return f"`rule {each.rule} is {each.outcome}`"
    return "it"


def as_recorded(formula: Formula, on: str) -> Formula:
    """A condition that reads nothing of the future, with `<the day>` as the slot that holds it."""
    return renamed(formula, {THE_DAY: on} if on else {})


def renamed(formula: Formula, names: dict[str, str]) -> Formula:
    """A condition with other words in its slots, that reads nothing of the future.

    Args:
        formula: The condition.
        names: The new word for each slot that is to have one; the slots of measures keep theirs.
    """
    if isinstance(formula, All | AnyOf):
        return type(formula)(tuple(renamed(each, names) for each in formula.parts))
    if isinstance(formula, NoneOf):
        return NoneOf(renamed(formula.part, names))
    if isinstance(formula, Atom):
        day = attrs.evolve(formula.day, slot=names.get(formula.day.slot, formula.day.slot))
        terms = tuple(_term(each, names) for each in formula.terms)
        return attrs.evolve(formula, future="", terms=terms, day=day)
    if isinstance(formula, Test):
        return attrs.evolve(formula, terms=tuple(cast(Term, _term(each, names)) for each in formula.terms))
    if isinstance(formula, Limit):
        of = None if formula.of is None else _measure(formula.of, names)
        return attrs.evolve(formula, measure=_measure(formula.measure, names), of=of)
    return formula


def _measure(measure: Measure, names: dict[str, str]) -> Measure:
    return attrs.evolve(
        measure,
        among=renamed(measure.among, names),
        where=None if measure.where is None else renamed(measure.where, names),
        link=None if measure.link is None else renamed(measure.link, names),
    )


def _term(term: Term | None, names: dict[str, str]) -> Term | None:
    return Slot(names.get(term.name, term.name)) if isinstance(term, Slot) else term


# ---------------------------------------------------------------- what facts are like


def is_listed(kinds: Map[str, Kind], part: Formula, around: list[Formula]) -> bool:
    """Whether a sentence says no more than that something is in its list: whatever is named is.

    Args:
        kinds: The kinds of fact.
        part: The sentence, or another condition, of which that is not so.
        around: What is around it.
    """
    kind = kinds.get(part.predicate) if isinstance(part, Atom) else None
    if kind is None or not isinstance(part, Atom):
        return False
    there = {Slot(each) for each in bound(All(tuple(around)))}
    first, *others = part.terms
    is_free = all(each is None or (isinstance(each, Slot) and each not in there) for each in others)
    # What happens later is not read, though it is listed.
    return bool(kind.lists) and not kind.dated and not kind.happened and first in there and is_free


def orders_in(kinds: Map[str, Kind], atom: Atom) -> Iterator[tuple[Term, Term]]:
    """Pairs of days in a sentence of which the first is never after the second."""
    kind = kinds.get(atom.predicate)
    if kind is None:
        return
    day = Slot(atom.day.slot or THE_DAY)
    for field, term in zip(kind.fields, atom.terms, strict=True):
        if term is None:
            continue
        if field.happened:
            yield term, Slot(THE_DAY)
        elif kind.dated and atom.day.mode != "ever" and field.name == "from":
            yield term, day
        elif kind.dated and atom.day.mode != "ever" and field.name == "until":
            yield day, term
