"""Conditions that nothing can make hold, so that a rule with them is never triggered."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fractions import Fraction

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import Faults, in_words
from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Const,
    Formula,
    Limit,
    NoneOf,
    Rulebook,
    Slot,
    Test,
    Type,
    Value,
)
from bigrules.language.types import parts_of

Amount = int | Fraction | datetime.date
_HELP = "take one of these conditions out, or put them under `any of`"


@attrs.define
class Range:
    """What a slot can still be.

    Args:
        choices: The values that are left, or None for any.
        least, greatest: Bounds with whether they count themselves, or None.
    """

    choices: set[Value] | None = None
    least: tuple[Amount, bool] | None = None
    greatest: tuple[Amount, bool] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        if self.choices is not None and not self.choices:
            return True
        if self.least is None or self.greatest is None:
            return False
        low, high = self.least[0], self.greatest[0]
        return bool(low > high or (low == high and not (self.least[1] and self.greatest[1])))  # type: ignore[operator]

    def above(self, value: Amount, counts: bool) -> None:
        """It is at least, or more than, a value."""
        if self.least is None or (value, not counts) > (self.least[0], not self.least[1]):
            self.least = (value, counts)

    def below(self, value: Amount, counts: bool) -> None:
        """It is at most, or less than, a value."""
        if self.greatest is None or (value, counts) < (self.greatest[0], self.greatest[1]):
            self.greatest = (value, counts)


def check_never_holds(
    sections: Iterable[tuple[str, Formula]],
    given: Formula | None,
    types: dict[str, Type],
    book: Rulebook,
    faults: Faults,
) -> None:
    """`never-holds`, for each section of a file.

    Args:
        sections: Its conditions.
        given: Its `for each`, which holds wherever the others do.
        types: The types of its slots.
        book: The rulebook.
        faults: Where to note what is found.
    """
    check = _Check(types, book, faults)
    around = _flat(given) if given is not None else []
    for name, formula in sections:
        check.formula(formula, [] if name == "for each" else around)


def _flat(formula: Formula) -> list[Formula]:
    return list(formula.parts) if isinstance(formula, All) else [formula]


class _Check:
    def __init__(self, types: dict[str, Type], book: Rulebook, faults: Faults) -> None:
        self.types = types
        self.book = book
        self.faults = faults

    def formula(self, formula: Formula, around: list[Formula]) -> None:
        """Check a condition together with what holds around it."""
        own = _flat(formula)
        self.conjunction(own, around)
        inside = [*around, *own]
        for part in own:
            if isinstance(part, AnyOf):
                for branch in part.parts:
                    self.formula(branch, inside)
            elif isinstance(part, NoneOf):
                self.formula(part.part, inside)
            elif isinstance(part, Limit):
                self.limit(part, inside)

    def limit(self, limit: Limit, around: list[Formula]) -> None:
        """Check a measure, and whether any number could keep its limit."""
        for measure in (limit.measure, limit.of):
            if measure is not None:
                self.formula(measure.among, around)
                inside = [*around, *_flat(measure.among)]
                for part in (measure.where, measure.link):
                    if part is not None:
                        self.formula(part, inside)
        aggregate = limit.measure.aggregate
        if not isinstance(limit.bound, Fraction) or limit.of is not None:
            return
        never = False
        if aggregate in ("number", "share", "group sharing", "group linked") and limit.measure.value == "":
            low = limit.op in ("at most", "exactly") and limit.bound < 0
            never = low or (limit.op == "less than" and limit.bound <= 0)
            if aggregate == "share":
                high = limit.op in ("at least", "exactly") and limit.bound > 1
                never = never or high or (limit.op == "more than" and limit.bound >= 1)
            elif limit.op == "exactly" and limit.bound.denominator != 1:
                never = True
        if never:
            what = "share" if aggregate == "share" else "number"
            message = f"no {what} is {limit.text}, so that nothing can keep this limit"
            self.faults.add("never-holds", message, limit.place, "check the limit")

    def conjunction(self, own: list[Formula], around: list[Formula]) -> None:
        """Check what must hold at once; something of it must be new here."""
        ranges: dict[str, Range] = {}
        fresh = {id(part) for part in own}
        noted: set[str] = set()
        for part in [*around, *own]:
            slots: list[str] = []
            if isinstance(part, Atom):
                if id(part) in fresh:
                    self.atom(part)
                slots = self.columns(part, ranges)
            elif isinstance(part, Test):
                if id(part) in fresh:
                    self.itself(part)
                slots = self.test(part, ranges)
            for slot in slots:
                if ranges[slot].is_empty and slot not in noted:
                    noted.add(slot)
                    if id(part) in fresh:
                        place = getattr(part, "place", Span(""))
                        message = f"nothing that `<{slot}>` can be meets this and the conditions beside it"
                        self.faults.add("never-holds", message, place, _HELP)
        self.opposed(own, around)

    def atom(self, atom: Atom) -> None:
        """One slot twice in a sentence that never holds of one and itself."""
        definition = self.book.definitions.get(atom.predicate)
        slots = [term.name for term in atom.terms if isinstance(term, Slot)]
        if definition is not None and definition.irreflexive and len(slots) == 2 and slots[0] == slots[1]:
            message = f"`{definition.says}` never holds of one and itself"
            self.faults.add("never-holds", message, atom.place, "use another word for one of the slots")

    def itself(self, test: Test) -> None:
        """A slot that is compared with itself and never passes."""
        slots = [term.name if isinstance(term, Slot) else None for term in test.terms]
        never = ("different", "before", "after", "more than", "less than", "years before", "months before",
                 "more years before", "more months before")  # fmt: skip
        if len(slots) == 2 and slots[0] == slots[1] and test.op in never:
            if test.op in ("years before", "months before") and test.amount == 0:
                return
            message = f"`<{slots[0]}>` is compared with itself, so that this never holds"
            self.faults.add("never-holds", message, test.place, "use another word for one of the slots")

    def columns(self, atom: Atom, ranges: dict[str, Range]) -> list[str]:
        """What the columns of a sentence leave of its slots."""
        found = []
        try:
            types = self.book.types(atom.predicate)
        except KeyError:
            return []
        for term, type in zip(atom.terms, types, strict=True):
            if isinstance(term, Slot) and (
                type.choices or type.least is not None or type.greatest is not None
            ):
                own = ranges.setdefault(term.name, Range())
                if type.choices:
                    own.choices = (
                        set(type.choices) if own.choices is None else own.choices & set(type.choices)
                    )
                if type.least is not None:
                    own.above(type.least, True)
                if type.greatest is not None:
                    own.below(type.greatest, True)
                found.append(term.name)
        return found

    def test(self, test: Test, ranges: dict[str, Range]) -> list[str]:
        """What a test leaves of the slot on its left."""
        left = test.terms[0]
        values = [term.value for term in test.terms[1:] if isinstance(term, Const)]
        if not isinstance(left, Slot) or len(values) < len(test.terms) - 1 or not values:
            return []
        own = ranges.setdefault(left.name, Range())
        value = values[0]
        if test.op in ("is", "one of", "same"):
            own.choices = set(values) if own.choices is None else own.choices & set(values)
            if not isinstance(value, str):
                own.choices = {each for each in own.choices if _within(each, own)}
        elif test.op == "not one of" and own.choices is not None:
            own.choices = own.choices - set(values)
        elif isinstance(value, (int, Fraction, datetime.date)):
            if test.op in ("at least", "on or after"):
                own.above(value, True)
            elif test.op in ("more than", "after"):
                own.above(value, False)
            elif test.op in ("at most", "on or before"):
                own.below(value, True)
            elif test.op in ("less than", "before"):
                own.below(value, False)
            if own.choices is not None:
                own.choices = {each for each in own.choices if _within(each, own)}
        return [left.name]

    def opposed(self, own: list[Formula], around: list[Formula]) -> None:
        """`are different` beside `is the same as`; a sentence beside its own absence."""
        everything = [*around, *own]
        tests = [part for part in everything if isinstance(part, Test) and part.op in ("same", "different")]
        for part in tests:
            for other in tests:
                if part.op == "different" and other.op == "same" and set(part.terms) == set(other.terms):
                    place = part if part in own else other
                    words = in_words([part.text, other.text], "and")
                    self.faults.add("never-holds", f"{words} cannot both hold", place.place, _HELP)
                    return
        atoms = [part for part in everything if isinstance(part, Atom)]
        for each in own:
            if isinstance(each, NoneOf) and isinstance(each.part, Atom) and each.part in atoms:
                message = f"`{each.part.text}` is wanted and ruled out at once"
                self.faults.add("never-holds", message, each.part.place, _HELP)
                return


def _within(value: Value, own: Range) -> bool:
    if not isinstance(value, (int, Fraction, datetime.date)):
        return True
    return not attrs.evolve(own, choices=None, **_meet(value, own)).is_empty


def _meet(value: Amount, own: Range) -> dict[str, tuple[Amount, bool]]:
    trial = Range(None, own.least, own.greatest)
    trial.above(value, True)
    trial.below(value, True)
    assert trial.least is not None and trial.greatest is not None
    return {"least": trial.least, "greatest": trial.greatest}


def never_defined(book: Rulebook) -> set[str]:
    """Definitions without any branch that can hold: they only rest on themselves."""
    # Of what could not be read nothing is known.
    able = {id for id, each in book.definitions.items() if each.holds is None and each.people_decide is None}
    while True:
        more = {
            id for id, each in book.definitions.items()
            if id not in able and any(f is not None and _can(f, able, book) for f in (each.holds, each.people_decide))
        }  # fmt: skip
        if not more:
            return set(book.definitions) - able
        able |= more


def _can(formula: Formula, able: set[str], book: Rulebook) -> bool:
    if isinstance(formula, Atom):
        return formula.predicate in book.vocabulary.kinds or formula.predicate in able
    if isinstance(formula, All):
        return all(_can(each, able, book) for each in formula.parts)
    if isinstance(formula, AnyOf):
        return any(_can(each, able, book) for each in formula.parts)
    return True


def check_never_defined(book: Rulebook, touched: Iterable[str], faults: Faults) -> None:
    """`never-holds`: a definition that only rests on itself."""
    if not any(id in book.definitions for id in touched):
        return
    for id in sorted(never_defined(book)):
        definition = book.definitions[id]
        used = [p.predicate for f in (definition.holds, definition.people_decide) for p in parts_of(f)
                if isinstance(p, Atom) and p.predicate in book.definitions]  # fmt: skip
        message = (
            f"`{definition.says}` can never hold: it rests on {in_words(dict.fromkeys(used), 'and')} alone"
        )
        help = "give it a branch that rests on facts"
        faults.add("never-holds", message, definition.place, help)
