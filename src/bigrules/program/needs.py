"""What a program needs to be told of a case: which values it compares with, and on which days it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bigrules.language.model import THE_DAY, Const, Slot
from bigrules.program.core import (
    DAYS,
    TODAY,
    Clause,
    LimitStep,
    Literal_,
    Predicate,
    ProgramRule,
)
from bigrules.program.strata import rule_tables


def constants(clauses: Sequence[Clause]) -> tuple[tuple[str, tuple[object, ...]], ...]:
    """Every value that stands in a test or pattern, by the name of its Python type."""
    found: dict[str, set[object]] = {}
    for test in (test for clause in clauses for test in clause.tests):
        for term in test.terms:
            if isinstance(term, Const):
                found.setdefault(type(term.value).__name__, set()).add(term.value)
    for clause in clauses:
        for each in (*clause.body, *clause.absent):
            for value in (other.value for other in each.terms if isinstance(other, Const)):
                found.setdefault(type(value).__name__, set()).add(value)
    return tuple((name, tuple(sorted(values, key=str))) for name, values in sorted(found.items()))


def day_columns(
    clauses: Sequence[Clause],
    predicates: Mapping[str, Predicate],
    day_slots: Iterable[tuple[tuple[Literal_, ...], str]],
) -> set[tuple[str, int]]:
    """Follows each slot that holds a day back to the columns of the case that it comes from."""
    found: set[tuple[str, int]] = set()
    seen: set[tuple[str, int]] = set()
    todo: list[tuple[str, int]] = []

    def sources(literals: Iterable[Literal_], slot: str) -> None:
        for each in literals:
            for column, term in enumerate(each.terms):
                if term == Slot(slot):
                    todo.append((each.predicate, column))

    for clause in clauses:
        for each in clause.body:
            if predicates[each.predicate].columns[-1:] == (THE_DAY,) and isinstance(each.terms[-1], Slot):
                sources([other for other in clause.body if other is not each], each.terms[-1].name)
    for literals, slot in day_slots:
        sources(literals, slot)
    while todo:
        item = todo.pop()
        predicate, column = item
        if item in seen or predicates[predicate].columns[column] == THE_DAY or predicate in (TODAY, DAYS):
            continue
        seen.add(item)
        if predicates[predicate].base:
            found.add(item)
            continue
        for clause in clauses:
            if clause.head.predicate == predicate:
                term = clause.head.terms[column]
                if isinstance(term, Slot):
                    sources(clause.body, term.name)
    return found


def columns_read(
    predicates: Mapping[str, Predicate],
    clauses: Sequence[Clause],
    limits: Iterable[LimitStep],
    rules: Iterable[ProgramRule],
) -> dict[str, frozenset[int]]:
    """Columns of each kind of fact that something looks at; the others need not be completed."""
    read: dict[str, set[int]] = {}
    for clause in clauses:
        for each in (*clause.body, *clause.absent):
            predicate = predicates[each.predicate]
            if predicate.base:
                width = len(predicate.columns) - (predicate.mode == "on")
                used = {column for column, term in enumerate(each.terms[:width]) if term is not None}
                read.setdefault(predicate.source, set()).update(used)
    for predicate in whole_tables(predicates, limits, rules):
        if predicate.base:
            width = len(predicate.columns) - (predicate.mode == "on")
            read.setdefault(predicate.source, set()).update(range(width))
    return {kind: frozenset(columns) for kind, columns in read.items()}


def whole_tables(
    predicates: Mapping[str, Predicate], limits: Iterable[LimitStep], rules: Iterable[ProgramRule]
) -> list[Predicate]:
    """Tables that are read without a clause, as the counted of a measure or the given of a rule."""
    tables = {each for rule in rules for each in rule_tables(rule)}
    for step in limits:
        tables.add(step.demand)
        for measure in (step.measure, step.of):
            if measure is not None:
                tables |= {each for each in (measure.among, measure.counted, measure.link) if each}
    return [predicates[name] for name in sorted(tables)]
