"""Deadlines: which facts may still happen, from the day of judging on."""

from __future__ import annotations

from collections.abc import Iterator, Set

import attrs

from bigrules.language.model import All, AnyOf, Atom, Formula, Slot, Test, Vocabulary

# Tests that bound the day on their left from above; `within … of` bounds the one on its right too.
_DEADLINES = ("within days", "within days after", "window")


def mark_future(formula: Formula, vocabulary: Vocabulary, free: Set[str]) -> Formula:
    """What is required, with those facts marked that may lie in the future until a deadline.

    Args:
        formula: What is required.
        vocabulary: Says which kinds have happened on a day.
        free: The slots that `for each` has not bound.
    """
    slots = _bounded(formula) & free
    return _mark(formula, vocabulary, slots) if slots else formula


def _tests(formula: Formula) -> Iterator[Test]:
    if isinstance(formula, Test):
        yield formula
    elif isinstance(formula, (All, AnyOf)):
        for part in formula.parts:
            yield from _tests(part)


def _bounded(formula: Formula) -> set[str]:
    found: set[str] = set()
    for test in _tests(formula):
        if test.op in _DEADLINES:
            terms = test.terms if test.op == "within days" else test.terms[:1]
            found.update(each.name for each in terms if isinstance(each, Slot))
    return found


def _mark(formula: Formula, vocabulary: Vocabulary, slots: Set[str]) -> Formula:
    if isinstance(formula, (All, AnyOf)):
        return attrs.evolve(formula, parts=tuple(_mark(each, vocabulary, slots) for each in formula.parts))
    if isinstance(formula, Atom) and formula.predicate in vocabulary.kinds:
        kind = vocabulary.kinds[formula.predicate]
        if kind.happened:
            term = formula.terms[[each.name for each in kind.fields].index(kind.happened)]
            if isinstance(term, Slot) and term.name in slots:
                return attrs.evolve(formula, future=term.name)
    return formula
