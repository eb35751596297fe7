"""Which predicates that are read on days of their own need no row for each day: since when and until when will do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bigrules.language.model import THE_DAY, Slot, Term
from bigrules.program.core import Clause, Predicate


def spans_of(
    predicates: Mapping[str, Predicate], clauses: Iterable[Clause], whole: Iterable[str]
) -> frozenset[str]:
    """Predicates whose last column, the day, can be kept as spans of days.

    A definition is one of them where its day is that of patterns over such predicates, and nothing else in
    it speaks of that day.

    Args:
        predicates: The predicates by name.
        clauses: The clauses.
        whole: Predicates that are read without a clause, that must be absent, or that are recursive.

    Returns:
        Their names.
    """
    by_head: dict[str, list[Clause]] = {}
    absent = set(whole)
    for clause in clauses:
        by_head.setdefault(clause.head.predicate, []).append(clause)
        absent |= {each.predicate for each in clause.absent}
    found = {
        name
        for name, each in predicates.items()
        if each.columns[-1:] == (THE_DAY,)
        and name not in absent
        and (each.mode == "on" if each.base else name in by_head)
    }
    while True:
        wrong = {
            name
            for name in found
            if not predicates[name].base and not all(_has_span(each, found) for each in by_head[name])
        }
        if not wrong:
            return frozenset(found)
        found -= wrong


def _has_span(clause: Clause, spans: set[str]) -> bool:
    day = clause.head.terms[-1]
    if not isinstance(day, Slot) or day in clause.head.terms[:-1]:
        return False
    others: list[Term | None] = [term for test in clause.tests for term in test.terms]
    others += [term for each in clause.absent for term in each.terms]
    others += clause.asked.terms if clause.asked is not None else ()
    reads = [each for each in clause.body if day in each.terms]
    return (
        day not in others
        and bool(reads)
        and all(
            each.predicate in spans and day not in each.terms[:-1] and each.terms[-1] == day for each in reads
        )
    )
