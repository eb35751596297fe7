"""Which slot is bound where: the slots of a condition, and faults in their use."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set

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
from bigrules.language.shape import number
from bigrules.language.types import NUMBERS, parts_of, slot_place

_NOTHING: frozenset[str] = frozenset()


def bound(formula: Formula | None) -> frozenset[str]:
    """The slots that a condition binds for what stands beside it.

    >>> from bigrules.language.model import Atom
    >>> sorted(bound(AnyOf((Atom("a", (Slot("x"), Slot("y"))), Atom("b", (Slot("x"),))))))
    ['x']
    """
    if isinstance(formula, Atom):
        return frozenset(term.name for term in formula.terms if isinstance(term, Slot)) - {THE_DAY}
    if isinstance(formula, All):
        return _NOTHING.union(*(bound(each) for each in formula.parts))
    if isinstance(formula, AnyOf):
        first, *rest = (bound(each) for each in formula.parts)
        return first.intersection(*rest)
    return _NOTHING


def in_order(formula: Formula | None, names: Set[str]) -> list[str]:
    """Slots in the order in which they stand in a condition."""
    found: dict[str, None] = {}
    for part in parts_of(formula):
        if isinstance(part, Atom):
            words = [word for word in part.text.split("<")[1:] if ">" in word]
            written = [" ".join(word.split(">")[0].split()) for word in words]
            terms = [term.name for term in part.terms if isinstance(term, Slot)]
            for name in [*(each for each in written if each in terms), *terms]:
                if name in names:
                    found.setdefault(name)
    return list(found)


def names_in(formula: Formula | None) -> set[str]:
    """Every slot that a condition mentions, wherever it is bound."""
    found: set[str] = set()
    for part in parts_of(formula):
        found.update(_own(part))
    return found


def _own(part: Formula) -> list[str]:
    """The slots that a part mentions itself."""
    if isinstance(part, Atom):
        own = [term.name for term in part.terms if isinstance(term, Slot)]
        return [*own, part.day.slot] if part.day.slot else own
    if isinstance(part, Test):
        return [term.name for term in part.terms if isinstance(term, Slot)]
    if isinstance(part, Limit):
        own = [name for measure in (part.measure, part.of) if measure for name in _measure_slots(measure)]
        return [*own, part.bound.name] if isinstance(part.bound, Slot) else own
    return []


def _measure_slots(measure: Measure) -> list[str]:
    return [name for name in (measure.key, measure.value, measure.sharing) if name]


def uses(formula: Formula | None, slot: str) -> int:
    """How often a condition uses a slot; of several branches the one that uses it most counts."""
    if formula is None or isinstance(formula, OutcomeIs):
        return 0
    if isinstance(formula, All):
        return sum(uses(each, slot) for each in formula.parts)
    if isinstance(formula, AnyOf):
        return max(uses(each, slot) for each in formula.parts)
    if isinstance(formula, NoneOf):
        return uses(formula.part, slot)
    count = _own(formula).count(slot)
    if isinstance(formula, Limit):
        for measure in (formula.measure, formula.of):
            if measure is not None:
                count += sum(uses(each, slot) for each in (measure.among, measure.where, measure.link))
    return count


class Scope:
    """Checks the use of slots in the conditions of one file.

    Args:
        faults: Where to note what is wrong.
        types: The types of the columns of a kind or definition.
    """

    def __init__(self, faults: Faults, types: Callable[[str], Sequence[Type]]) -> None:
        self.faults = faults
        self.types = types
        self.noted: set[tuple[str, str]] = set()
        # Slots of which it is said that nothing binds them: that they are used once is no fault beside that.
        self.unbound: set[str] = set()

    def check(self, formula: Formula | None, outer: Set[str], used: Set[str] = _NOTHING) -> None:
        """Check a condition.

        Args:
            formula: The condition.
            outer: Slots that are bound outside of it.
            used: Slots that something else uses, such as the head of a definition, beside `outer`.
        """
        if formula is None:
            return
        seen = frozenset(outer) | {THE_DAY}
        new = bound(formula) - seen
        for slot in in_order(formula, new):
            if slot not in used and uses(formula, slot) == 1:
                self.once(slot, formula)
        self.inside(formula, seen | new, used)

    def inside(self, formula: Formula, seen: frozenset[str], used: Set[str] = _NOTHING) -> None:
        """Check what a condition holds, given the slots that are bound around it and by it."""
        if isinstance(formula, Atom):
            if formula.day.slot and formula.day.slot not in seen:
                self.nowhere(formula.day.slot, formula.place)
        elif isinstance(formula, Test):
            for term in formula.terms:
                if isinstance(term, Slot) and term.name not in seen:
                    self.nowhere(term.name, formula.place)
        elif isinstance(formula, All):
            brackets = [each for each in formula.parts if isinstance(each, (AnyOf, NoneOf))]
            for part in formula.parts:
                if not isinstance(part, (AnyOf, NoneOf)):
                    self.inside(part, seen)
            for each in brackets:
                self.bracket(each, seen, used)
        elif isinstance(formula, (AnyOf, NoneOf)):
            self.bracket(formula, seen, used)
        elif isinstance(formula, Limit):
            self.limit(formula, seen)

    def bracket(self, formula: AnyOf | NoneOf, seen: frozenset[str], used: Set[str]) -> None:
        """Check each branch: what it binds and does not export is its own."""
        if isinstance(formula, NoneOf):
            self.check(formula.part, seen)
            return
        for part in formula.parts:
            self.check(part, seen, used)

    def limit(self, limit: Limit, seen: frozenset[str]) -> None:
        """Check a measure, what it is a fraction of, and what it is held against."""
        if isinstance(limit.bound, Slot) and limit.bound.name not in seen:
            self.nowhere(limit.bound.name, limit.place)
        for measure in (limit.measure, limit.of):
            if measure is not None:
                self.measure(measure, seen)

    def measure(self, measure: Measure, seen: frozenset[str]) -> None:
        """Check a measure: `among` binds its slots, and they are seen in the rest of it."""
        new = bound(measure.among) - seen
        for name in _measure_slots(measure):
            if name in seen:
                message = (
                    f"`<{name}>` is bound outside of the measure already, so that it is one and not many"
                )
                self.faults.add("bad-slot", message, measure.place, "use another word for what is measured")
            elif name not in new:
                self.nowhere(name, measure.place, "bind it in a sentence under `among`")
        parts = [each for each in (measure.where, measure.link) if each is not None]
        own = set(_measure_slots(measure))
        for slot in in_order(measure.among, new - own):
            if uses(measure.among, slot) + sum(uses(each, slot) for each in parts) == 1:
                self.once(slot, measure.among)
        self.inside(measure.among, seen | new)
        for part in parts:
            self.check(part, seen | new, {measure.other} if part is measure.link else _NOTHING)

    def once(self, slot: str, formula: Formula) -> None:
        """Note a slot that is used once."""
        place = place_of(slot, formula)
        key = (slot, str(place))
        if key not in self.noted and slot not in self.unbound:
            self.noted.add(key)
            help = f"if it does not matter, write `<any {slot}>`; if it does, use the word of another slot"
            if test := self.test_of(slot, formula):
                word = test.split(">")[0] + ">"
                help = f"only examples have values in slots; write `{word}` here, and beside it a test such as `{test}`"
            self.faults.add("slot-used-once", f"`<{slot}>` is used once", place, help)

    def test_of(self, slot: str, formula: Formula) -> str:
        """The test that is meant where a value stands in a slot, as in an example; "" where a word stands."""
        for part in parts_of(formula):
            if not isinstance(part, Atom):
                continue
            for term, type in zip(part.terms, self.types(part.predicate), strict=True):
                if not isinstance(term, Slot) or term.name != slot:
                    continue
                if type.choices and slot.lower() in {each.lower() for each in type.choices}:
                    return f"<what> is {slot}"
                if type.name == "date" and re.fullmatch(r"[\d /.-]+", slot):
                    day = slot if re.fullmatch(r"\d{4}-\d{2}-\d{2}", slot) else "2018-06-01"
                    return f"<day> is before {day}"
                if type.name in NUMBERS and number(slot) is not None:
                    return f"<number> is at least {slot}"
        return ""

    def nowhere(self, slot: str, place: Span, help: str = "") -> None:
        """Note a slot that nothing binds."""
        place = slot_place(place, slot)
        key = (slot, str(place))
        self.unbound.add(slot)
        if key not in self.noted:
            self.noted.add(key)
            help = (
                help
                or "let a sentence beside it, outside of `unless` and in every branch of `any of`, bind it"
            )
            self.faults.add("slot-bound-nowhere", f"nothing binds `<{slot}>`", place, help)


def place_of(slot: str, formula: Formula | None) -> Span:
    """Where a slot stands first in a condition."""
    first = Span("")
    for part in parts_of(formula):
        place = getattr(part, "place", None)
        if isinstance(place, Span):
            first = first if first.file else place
            if slot in _own(part):
                return slot_place(place, slot)
    return first
