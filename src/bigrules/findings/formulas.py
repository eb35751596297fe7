"""Looking into conditions: their parts, atoms and slots, and the sentences that say a kind of fact."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from bigrules.facts.case import UNKNOWN
from bigrules.findings import wording
from bigrules.language.model import (
    Atom,
    Const,
    Formula,
    Kind,
    Limit,
    OutcomeIs,
    Rulebook,
    Sentence,
    Slot,
    Term,
    Test,
    Type,
)
from bigrules.program.formulas import walk


def atoms(formula: Formula) -> Iterator[Atom]:
    """Every atom in a formula, at any depth."""
    return (each for each in walk(formula) if isinstance(each, Atom))


def outcomes_in(formula: Formula | None) -> Iterator[str]:
    """Ids of the rules whose outcome a formula reads."""
    return (each.rule for each in walk(formula) if isinstance(each, OutcomeIs)) if formula else iter(())


def slot_types(rulebook: Rulebook, formula: Formula) -> dict[str, Type]:
    """The type of each slot, from the columns in which it stands."""
    found: dict[str, Type] = {}
    for atom in atoms(formula):
        for term, type_ in zip(atom.terms, rulebook.types(atom.predicate), strict=True):
            if isinstance(term, Slot):
                found.setdefault(term.name, type_)
    return found


def value(term: Term, binding: Mapping[str, object]) -> object:
    """What a term stands for under a binding."""
    return term.value if isinstance(term, Const) else binding.get(term.name)


def matched(
    terms: tuple[Term | None, ...], values: tuple[object, ...], binding: Mapping[str, object]
) -> Mapping[str, object] | None:
    """The binding extended so that the terms are these values, or None where they cannot be."""
    extended = dict(binding)
    for term, found in zip(terms, values, strict=True):
        if term is None or (found is None and not isinstance(term, Slot)):
            continue
        if isinstance(term, Const):
            if term.value != found:
                return None
        elif term.name not in extended or extended[term.name] is None:
            extended[term.name] = found
        elif found is not None and extended[term.name] != found:
            return None
    return extended


def best_sentence(kind: Kind, values: Mapping[str, object]) -> Sentence | None:
    """The sentence of a kind that says the most of a record."""
    fitting = [
        each
        for each in kind.sentences
        if all(values.get(name) == fixed for name, fixed in each.fixed)
        and all(values.get(name) not in (None, UNKNOWN) for name in each.fields)
    ]
    return max(fitting, key=lambda each: (len(each.fixed), len(each.fields)), default=None)


def respelled(form: str, known: str, text: str) -> str:
    """A sentence with the slots that a rule uses: `known` is the form that has the shape of the rule's text."""
    names = dict(zip(wording.slots_of(known), wording.slots_of(text), strict=False))
    return wording.SLOT.sub(lambda found: f"<{names.get(found.group(1), found.group(1))}>", form)


def spell_in_words(start: object, end: object, says: str) -> str:
    """From when until when a record is in force, but for what its sentence says already.

    >>> spell_in_words(datetime.date(2018, 3, 1), None, "Ann is a member")
    'from 1 March 2018'
    """
    words = []
    for lead, day in (("from", start), ("until", end)):
        said = wording.day_in_words(day) if isinstance(day, datetime.date) else ""
        words += [f"{lead} {said}"] if said and said not in says else []
    return " ".join(words)


def place_in_file(part: Formula) -> tuple[int, int]:
    """Line and column of a condition, to tell its parts in the order of the file."""
    if isinstance(part, Atom | Test | OutcomeIs | Limit):
        return (part.place.line, part.place.column)
    first = next(atoms(part), None)
    return (first.place.line, first.place.column) if first else (1_000_000, 0)
