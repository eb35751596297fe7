"""The types of slots, from the columns in which they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import Faults
from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Formula,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Slot,
    Test,
    Type,
)
from bigrules.language.shape import type_words

NUMBERS = ("number", "whole number")
Columns = Mapping[str, tuple[Type | None, ...]]


def family(type: Type) -> str:
    """What values of a type can be compared with: choices with choices, numbers with numbers."""
    if type.choices:
        return "one of"
    return "number" if type.name in NUMBERS else type.name


def meet(one: Type, other: Type) -> Type | None:
    """The type of what is of both types, or None if nothing can be.

    >>> meet(Type("one of", ("a", "b")), Type("one of", ("b", "c"))).choices
    ('b',)
    >>> meet(Type("person"), Type("household")) is None
    True
    """
    if one == other:
        return one
    if family(one) != family(other):
        return None
    if one.choices:
        both = tuple(each for each in one.choices if each in other.choices)
        return attrs.evolve(one, choices=both) if both else None
    if family(one) == "number":
        name = "whole number" if "whole number" in (one.name, other.name) else "number"
        least = max((x for x in (one.least, other.least) if x is not None), default=None)
        greatest = min((x for x in (one.greatest, other.greatest) if x is not None), default=None)
        if least is not None and greatest is not None and least > greatest:
            return None
        return Type(name, (), least, greatest)
    return one


def join(one: Type, other: Type) -> Type | None:
    """The type of what is of one of the types, or None if they have nothing in common.

    >>> join(Type("one of", ("a", "b")), Type("one of", ("b", "c"))).choices
    ('a', 'b', 'c')
    """
    if one == other:
        return one
    if family(one) != family(other):
        return None
    if one.choices:
        choices = one.choices + tuple(each for each in other.choices if each not in one.choices)
        return Type("one of", choices)
    if family(one) == "number":
        name = "number" if "number" in (one.name, other.name) else "whole number"
        least = None if one.least is None or other.least is None else min(one.least, other.least)
        greatest = (
            None if one.greatest is None or other.greatest is None else max(one.greatest, other.greatest)
        )
        return Type(name, (), least, greatest)
    return one


@attrs.frozen
class Clash:
    """A slot whose types cannot meet."""

    slot: str
    here: Type
    there: Type
    place: Span


class Inference:
    """Infers the types of the slots of a file.

    Args:
        columns: The types of the columns of every kind and definition, None where not known yet.
    """

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.clashes: list[Clash] = []

    def formula(self, formula: Formula | None, outer: dict[str, Type]) -> dict[str, Type]:
        """The types of the slots in a condition; `outer` are those that are known outside of it."""
        if formula is None or isinstance(formula, (Test, OutcomeIs)):
            return {}
        if isinstance(formula, Atom):
            return self.atom(formula, outer)
        if isinstance(formula, All):
            found: dict[str, Type] = {}
            for part in formula.parts:
                self.merge(found, self.formula(part, {**outer, **found}), _place(part))
            return found
        if isinstance(formula, AnyOf):
            return self.any_of(formula, outer)
        if isinstance(formula, NoneOf):
            return self.formula(formula.part, outer)
        return self.limit(formula, outer)

    def atom(self, atom: Atom, outer: dict[str, Type]) -> dict[str, Type]:
        found: dict[str, Type] = {}
        for term, type in zip(atom.terms, self.columns[atom.predicate], strict=True):
            if isinstance(term, Slot) and type is not None:
                place = slot_place(atom.place, term.name, term.name in found)
                self.put(found, term.name, type, place)
                if term.name in outer and meet(outer[term.name], type) is None:
                    self.clash(term.name, type, outer[term.name], place)
        if atom.day.slot:
            self.put(found, atom.day.slot, Type("date"), atom.place)
            known = outer.get(atom.day.slot)
            if known is not None and known.name != "date":
                self.clash(atom.day.slot, Type("date"), known, atom.place)
        return found

    def any_of(self, formula: AnyOf, outer: dict[str, Type]) -> dict[str, Type]:
        found: dict[str, Type] = {}
        for part in formula.parts:
            for slot, type in self.formula(part, outer).items():
                both = join(found[slot], type) if slot in found else type
                if both is None:
                    self.clash(slot, type, found[slot], _place(part))
                else:
                    found[slot] = both
        return found

    def limit(self, formula: Limit, outer: dict[str, Type]) -> dict[str, Type]:
        found: dict[str, Type] = {}
        for measure in (formula.measure, formula.of):
            if measure is not None:
                self.merge(found, self.measure(measure, outer), measure.place)
        if isinstance(formula.bound, Slot):
            self.put(found, formula.bound.name, Type("number"), formula.place)
        return found

    def measure(self, measure: Measure, outer: dict[str, Type]) -> dict[str, Type]:
        found = dict(self.formula(measure.among, outer))
        for part in (measure.where, measure.link):
            self.merge(found, self.formula(part, {**outer, **found}), measure.place)
        if measure.other and measure.key in found:
            self.put(found, measure.other, found[measure.key], measure.place)
        if measure.value and measure.value in found and found[measure.value].name not in NUMBERS:
            self.clash(measure.value, found[measure.value], Type("number"), measure.place)
        return found

    def merge(self, found: dict[str, Type], more: dict[str, Type], place: Span) -> None:
        for slot, type in more.items():
            self.put(found, slot, type, place)

    def put(self, found: dict[str, Type], slot: str, type: Type, place: Span) -> None:
        both = meet(found[slot], type) if slot in found else type
        if both is None:
            self.clash(slot, type, found[slot], place)
        else:
            found[slot] = both

    def clash(self, slot: str, here: Type, there: Type, place: Span) -> None:
        """Note a clash, once for a slot."""
        if all(each.slot != slot for each in self.clashes):
            self.clashes.append(Clash(slot, here, there, place))

    def report(self, faults: Faults) -> None:
        """Say what cannot meet."""
        for each in self.clashes:
            message = (
                f"`<{each.slot}>` is {type_words(each.here)} here and {type_words(each.there)} elsewhere"
            )
            help = "the same word is the same thing throughout a file; use another word for one of them"
            faults.add("types-cannot-meet", message, each.place, help)


def start() -> dict[str, Type]:
    """The types that every file begins with."""
    return {THE_DAY: Type("date")}


def parts_of(formula: Formula | None) -> Iterator[Formula]:
    """A condition and everything in it, from the outside in."""
    if formula is None:
        return
    yield formula
    if isinstance(formula, (All, AnyOf)):
        for part in formula.parts:
            yield from parts_of(part)
    elif isinstance(formula, NoneOf):
        yield from parts_of(formula.part)
    elif isinstance(formula, Limit):
        for measure in (formula.measure, formula.of):
            if measure is not None:
                yield from parts_of(measure.among)
                yield from parts_of(measure.where)
                yield from parts_of(measure.link)


def _place(formula: Formula) -> Span:
    for part in parts_of(formula):
        place = getattr(part, "place", None)
        if isinstance(place, Span) and place.file:
            return place
    return Span("")


def slot_place(place: Span, slot: str, last: bool = False) -> Span:
    """Where a slot stands first, or last, in a condition; all of it if the slot is not to be seen there."""
    find = place.text.rfind if last else place.text.find
    at = find(f"<{slot}>", place.column - 1, place.end_column - 1)
    if at < 0:
        return place
    return attrs.evolve(place, column=at + 1, end_column=at + 3 + len(slot))
