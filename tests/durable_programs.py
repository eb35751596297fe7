"""Programs and layouts written in a few words, for tests of the second engine."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from bigrules.facts.case import Case
from bigrules.facts.layout import Layout, Row, Site
from bigrules.language.model import Const, Slot, Term, Type
from bigrules.language.model import Test as Computed
from bigrules.program.core import (
    ALWAYS,
    TODAY,
    Asked,
    Clause,
    LimitStep,
    Literal_,
    MeasureTable,
    OutcomeStep,
    Predicate,
    Program,
    ProgramRule,
    Stratum,
)

TEXT = Type("text")
AS_OF = datetime.date(2018, 6, 1)


def term(value: Any) -> Term | None:
    """`?x` is a slot, `_` does not matter, anything else is a constant."""
    if value == "_":
        return None
    if isinstance(value, str) and value.startswith("?"):
        return Slot(value[1:])
    return Const(value)


def lit(predicate: str, *terms: Any) -> Literal_:
    """A pattern."""
    return Literal_(predicate, tuple(term(each) for each in terms))


def check(op: str, *terms: Any, **more: Any) -> Computed:
    """A computed test."""
    found = tuple(term(each) for each in terms)
    assert None not in found
    return Computed(op, found, **more)  # type: ignore[arg-type]


def clause(
    head: Literal_,
    *body: Literal_,
    tests: Sequence[Computed] = (),
    absent: Sequence[Literal_] = (),
    asked: Asked | None = None,
) -> Clause:
    """head ← body."""
    return Clause(f"{head.predicate} / {id(head)}", head, body, tuple(tests), tuple(absent), asked)


def measure(aggregate: str, counted: str, outer: Sequence[str] = (), **more: Any) -> MeasureTable:
    """What a limit is held against; `among` and `link` are names of predicates."""
    return MeasureTable(
        aggregate=aggregate,  # type: ignore[arg-type]
        outer=tuple(outer),
        among=more.pop("among", ""),
        counted=counted,
        **more,
    )


def limit(
    holds: str, of_what: MeasureTable, op: str, bound: Any, outer: Sequence[str] = (), **more: Any
) -> LimitStep:
    """A limit; where it is void is called `void of <holds>`."""
    return LimitStep(
        holds=holds,
        void=f"void of {holds}",
        demand=more.pop("demand", ALWAYS),
        outer=tuple(outer),
        measure=of_what,
        op=op,  # type: ignore[arg-type]
        bound=bound if isinstance(bound, str) else Fraction(bound),
        **more,
    )


def program(*strata: Stratum, rules: Iterable[ProgramRule] = ()) -> Program:
    """A program; its predicates are those that it mentions."""
    rules = tuple(rules)
    widths: dict[str, int] = {ALWAYS: 0, TODAY: 1}
    heads: set[str] = set()
    for stratum in strata:
        for each in stratum.clauses:
            heads.add(each.head.predicate)
            for literal in (each.head, *each.body, *each.absent):
                widths[literal.predicate] = len(literal.terms)
        for step in stratum.limits:
            widths[step.holds] = widths[step.void] = len(step.outer)
            widths.setdefault(step.demand, len(step.outer))
            heads |= {step.holds, step.void}
            for table in (step.measure, step.of):
                if table is not None:
                    width = len(table.outer) + 1 + table.has_value + table.has_shared
                    widths.setdefault(table.counted, width)
                    if table.among:
                        widths.setdefault(table.among, width)
                    if table.link:
                        widths.setdefault(table.link, len(table.outer) + 2)
        for outcome in stratum.outcomes:
            widths[outcome.holds] = 0
            heads.add(outcome.holds)
    for rule in rules:
        for name in (rule.given, rule.ok, *rule.void):
            if name:
                widths.setdefault(name, len(rule.subject))
        if rule.hit:
            widths.setdefault(rule.hit, len(rule.subject) + len(rule.witness))
        for exception in _exceptions(rule.exceptions):
            widths.setdefault(exception.when, len(rule.subject))
    predicates = {
        name: Predicate(
            name, tuple(f"c{at}" for at in range(width)), (TEXT,) * width, name, name not in heads
        )
        for name, width in widths.items()
    }
    return Program(predicates, strata, rules)


def _exceptions(nodes: Iterable[Any]) -> Iterable[Any]:
    for node in nodes:
        yield node
        yield from _exceptions(node.unless)


def stratum(
    *clauses: Clause,
    limits: Sequence[LimitStep] = (),
    outcomes: Sequence[OutcomeStep] = (),
    recursive: bool = False,
) -> Stratum:
    """A stratum."""
    return Stratum(clauses, recursive, tuple(limits), tuple(outcomes))


def layout(tables: Mapping[str, Iterable[Any]], sites: Sequence[int] = ()) -> Layout:
    """A layout; a row is a tuple, or `when(tuple, site=index, …)`; sites are given by how many values they have."""
    made = Layout(Case("by hand", AS_OF))
    made.tables[ALWAYS] = [Row(())]
    made.tables[TODAY] = [Row((AS_OF,))]
    for name, rows in tables.items():
        made.tables[name] = [each if isinstance(each, Row) else Row(each) for each in rows]
    for number, count in enumerate(sites):
        made.add(Site(number, "field", "kind", "field", (), tuple(range(count))))
    return made


def when(values: tuple[Any, ...], *conditions: tuple[int, Iterable[int]]) -> Row:
    """A row that is there where each of these sites has one of these values."""
    return Row(values, tuple((site, frozenset(allowed)) for site, allowed in conditions))
