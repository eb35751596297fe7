"""Two slots that could be the same person where nothing says."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import attrs

from bigrules.language.faults import Faults
from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Formula,
    Limit,
    Measure,
    NoneOf,
    Rulebook,
    Slot,
    Test,
    Type,
)
from bigrules.language.scope import place_of
from bigrules.language.types import parts_of

Pair = frozenset[str]
# Whoever has that many in one file is not helped by more.
MAX_NOTES = 20


@attrs.frozen
class Context:
    """What holds around a condition.

    Args:
        slots: The slots that stand in sentences there.
        told: Pairs of which something says whether they can be the same.
        chains: Steps of sentences whose chains never close: sentence, from, to.
    """

    slots: frozenset[str] = frozenset()
    told: frozenset[Pair] = frozenset()
    chains: frozenset[tuple[str, str, str]] = frozenset()


def check_same(
    sections: Iterable[tuple[str, Formula]],
    given: Formula | None,
    types: dict[str, Type],
    allowed: list[frozenset[str]],
    book: Rulebook,
    faults: Faults,
) -> None:
    """`could-be-the-same`, for each section of a file.

    Args:
        sections: The conditions of the file.
        given: Its `for each`, which holds wherever the others do.
        types: The types of its slots.
        allowed: Groups of slots of which the file says that they may be the same, or cannot be.
        book: The rulebook.
        faults: Where to note what is found.
    """
    check = _Check(types, allowed, book, faults)
    context = check.context(given, Context()) if given is not None else Context()
    for name, formula in sections:
        check.formula(formula, Context() if name == "for each" else context)


class _Check:
    def __init__(
        self, types: dict[str, Type], allowed: list[frozenset[str]], book: Rulebook, faults: Faults
    ) -> None:
        self.types = types
        self.allowed = allowed
        self.book = book
        self.faults = faults
        self.noted: set[Pair] = set()

    def context(self, formula: Formula, outer: Context) -> Context:
        """What is known where a condition holds, beside what is known outside of it."""
        parts = formula.parts if isinstance(formula, All) else (formula,)
        slots, told, chains = set(outer.slots), set(outer.told), set(outer.chains)
        for part in parts:
            if isinstance(part, Atom):
                own = [
                    term.name for term in part.terms if isinstance(term, Slot) and self.is_thing(term.name)
                ]
                slots.update(own)
                self.tell(part, told, chains)
            elif isinstance(part, Test) and part.op in ("same", "different"):
                told.add(frozenset(term.name for term in part.terms if isinstance(term, Slot)))
            elif isinstance(part, NoneOf) and isinstance(part.part, Test) and part.part.op == "same":
                told.add(frozenset(term.name for term in part.part.terms if isinstance(term, Slot)))
            elif isinstance(part, AnyOf):
                # What every branch says is said.
                branches = [self.context(each, Context()) for each in part.parts]
                told |= frozenset.intersection(*(self.closed(each) for each in branches))
                slots |= frozenset.intersection(*(each.slots for each in branches))
        return Context(frozenset(slots), frozenset(told), frozenset(chains))

    def is_thing(self, slot: str) -> bool:
        return slot in self.types and self.types[slot].is_thing

    def tell(self, atom: Atom, told: set[Pair], chains: set[tuple[str, str, str]]) -> None:
        """What one sentence says of the slots in it."""
        definition = self.book.definitions.get(atom.predicate)
        if definition is not None:
            if definition.irreflexive:
                told.add(frozenset(term.name for term in atom.terms if isinstance(term, Slot)))
            return
        kind = self.book.vocabulary.kinds[atom.predicate]
        columns = [each.name for each in kind.fields]
        for sentence in kind.sentences:
            if not sentence.acyclic:
                continue
            fixed = dict(sentence.fixed)
            if all(
                getattr(atom.terms[columns.index(name)], "value", None) == value
                for name, value in fixed.items()
            ):
                first, second = (atom.terms[columns.index(name)] for name in sentence.fields[:2])
                if isinstance(first, Slot) and isinstance(second, Slot):
                    chains.add((sentence.says, first.name, second.name))

    def closed(self, context: Context) -> frozenset[Pair]:
        """Every pair of which something is said, at the ends of chains too."""
        found = set(context.told)
        steps = set(context.chains)
        while True:
            further = {
                (s, a, d) for s, a, b in steps for t, c, d in context.chains if s == t and b == c
            } - steps
            if not further:
                break
            steps |= further
        found.update(frozenset((a, b)) for _, a, b in steps)
        return frozenset(found)

    def formula(self, formula: Formula, outer: Context) -> None:
        """Check a condition, and every bracket in it."""
        here = self.context(formula, outer)
        told = self.closed(here)
        for one, other in combinations(sorted(here.slots), 2):
            pair = frozenset((one, other))
            if pair <= outer.slots or pair in self.noted or self.types[one] != self.types[other]:
                continue
            if pair in told or any(pair <= group for group in self.allowed):
                continue
            if len(self.noted) >= MAX_NOTES:
                return
            self.note(one, other, formula)
        for part in formula.parts if isinstance(formula, All) else (formula,):
            if isinstance(part, AnyOf):
                for branch in part.parts:
                    self.formula(branch, here)
            elif isinstance(part, NoneOf):
                self.formula(part.part, here)
            elif isinstance(part, Limit):
                for measure in (part.measure, part.of):
                    if measure is not None:
                        self.measure(measure, here)

    def measure(self, measure: Measure, outer: Context) -> None:
        """Check a measure; a link that joins one with itself changes no group."""
        self.formula(measure.among, outer)
        inside = self.context(measure.among, outer)
        if measure.where is not None:
            self.formula(measure.where, inside)
        if measure.link is not None:
            ends: Pair = frozenset((measure.key, measure.other))
            self.formula(measure.link, attrs.evolve(inside, told=inside.told | {ends}))

    def note(self, one: str, other: str, formula: Formula) -> None:
        """Warn of a pair, at the one that stands later."""
        order = [
            term.name for part in parts_of(formula) if isinstance(part, Atom)
            for term in part.terms if isinstance(term, Slot)
        ]  # fmt: skip
        first, second = sorted((one, other), key=lambda each: order.index(each) if each in order else -1)
        self.noted.add(frozenset((one, other)))
        help = f"add `<{first}> and <{second}> are different`, or `may be the same: [<{first}>, <{second}>]`"
        message = (
            f"`<{first}>` and `<{second}>` could be the same {self.types[one].name}, and nothing says whether"
        )
        self.faults.warn("could-be-the-same", message, place_of(second, formula), help)
