"""Cycles: nothing may depend on its own absence, on a measure of itself, or on its own outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import Faults
from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Exception_,
    Formula,
    Limit,
    NoneOf,
    OutcomeIs,
    Rule,
    Rulebook,
)

_OUTCOME = "the outcome of a rule"


@attrs.frozen
class Edge:
    """One file depends on another.

    Args:
        to: Id of the other.
        through: `unless`, `a measure`, `the outcome of a rule`, or "" where it only uses it.
        place: Where.
    """

    to: str
    through: str
    place: Span


def check_cycles(book: Rulebook, touched: Iterable[str], faults: Faults) -> None:
    """`cycle`: a definition or rule that depends on itself through `unless`, a measure or an outcome.

    Args:
        book: The rulebook.
        touched: The files that a cycle could have come with.
        faults: Where to note what is found.
    """
    edges: dict[str, list[Edge]] = {}

    def of(id: str) -> list[Edge]:
        if id not in edges:
            edges[id] = _edges(book, id)
        return edges[id]

    component = _components(touched, of)
    noted: set[int] = set()
    for id in component:
        for edge in of(id):
            if not edge.through or component[edge.to] != component[id] or component[id] in noted:
                continue
            noted.add(component[id])
            chain = " → ".join(f"`{each}`" for each in [id, *_way(of, edge.to, id)])
            message = f"`{id}` depends on itself through {edge.through}: {chain}"
            faults.add(
                "cycle", message, edge.place, "take one of these steps out, or define what both need apart"
            )


def may_close_cycle(book: Rulebook, old: Rulebook, touched: Iterable[str]) -> list[str]:
    """Of the files that were changed those that depend on something on which they did not, or not so."""

    def reads(where: Rulebook, id: str) -> set[tuple[str, str]]:
        return {(each.to, each.through) for each in _edges(where, id)}

    return [id for id in touched if not reads(book, id) <= reads(old, id)]


def _edges(book: Rulebook, id: str) -> list[Edge]:
    rule, definition = book.rules.get(id), book.definitions.get(id)
    found = _edges_of_rule(rule) if rule else []
    if definition:
        found = _edges_of_formula(definition.holds) + _edges_of_formula(definition.people_decide)
    # A rule may be called as a kind of fact is: only what asks for an outcome leads to it.
    return [
        each for each in found if each.to in (book.rules if each.through == _OUTCOME else book.definitions)
    ]


def _edges_of_rule(rule: Rule) -> list[Edge]:
    found = _edges_of_formula(rule.given) + _edges_of_formula(rule.condition)

    def add(exceptions: tuple[Exception_, ...]) -> None:
        for each in exceptions:
            found.extend(_edges_of_formula(each.when))
            add(each.unless)

    add(rule.exceptions)
    return found


def _edges_of_formula(formula: Formula | None, through: str = "") -> list[Edge]:
    if formula is None:
        return []
    if isinstance(formula, Atom):
        return [Edge(formula.predicate, through, formula.place)]
    if isinstance(formula, OutcomeIs):
        return [Edge(formula.rule, _OUTCOME, formula.place)]
    if isinstance(formula, (All, AnyOf)):
        return [edge for part in formula.parts for edge in _edges_of_formula(part, through)]
    if isinstance(formula, NoneOf):
        return _edges_of_formula(formula.part, through or "`unless`")
    found: list[Edge] = []
    if isinstance(formula, Limit):
        for measure in (formula.measure, formula.of):
            if measure is not None:
                for part in (measure.among, measure.where, measure.link):
                    found += _edges_of_formula(part, through or "a measure")
    return found


def _components(roots: Iterable[str], of: Callable[[str], list[Edge]]) -> dict[str, int]:
    """The strongly connected component of each file that can be reached (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    component: dict[str, int] = {}
    stack: list[str] = []
    for root in roots:
        if root in index:
            continue
        work = [(root, iter(of(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            id, rest = work[-1]
            for edge in rest:
                if edge.to not in index:
                    index[edge.to] = low[edge.to] = len(index)
                    stack.append(edge.to)
                    work.append((edge.to, iter(of(edge.to))))
                    break
                if edge.to not in component:
                    low[id] = min(low[id], index[edge.to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[id])
                if low[id] == index[id]:
                    while True:
                        member = stack.pop()
                        component[member] = index[id]
                        if member == id:
                            break
    # In one order, so that a cycle is always told from the same place.
    return dict(sorted(component.items()))


def _way(of: Callable[[str], list[Edge]], start: str, end: str) -> list[str]:
    """A shortest way from one file to another, both included."""
    before: dict[str, str] = {}
    todo = [start]
    for id in todo:
        if id == end:
            break
        for edge in of(id):
            if edge.to not in before and edge.to != start:
                before[edge.to] = id
                todo.append(edge.to)
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]
