"""Folded clauses without what makes no difference to what they derive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from bigrules.language.model import Const, Slot, Term, Test
from bigrules.program.core import Clause, Literal_, Predicate
from bigrules.program.fold import Folded

Named = dict[str, Term]


def simplified(
    clauses: Iterable[Folded], every: Sequence[Clause], predicates: Mapping[str, Predicate]
) -> list[Folded]:
    """Folded clauses without patterns that others imply, and without heads and tests that say nothing new.

    Args:
        clauses: What is to be made simpler; none of them is recursive.
        every: All clauses of the program.
        predicates: The predicates by name.

    Returns:
        Clauses that derive the same.
    """
    by_head: dict[str, list[Clause]] = {}
    for clause in every:
        by_head.setdefault(clause.head.predicate, []).append(clause)
    return [_mirrored(_without_implied(each, by_head), by_head, predicates) for each in clauses]


def _without_implied(clause: Folded, by_head: Mapping[str, Sequence[Clause]]) -> Folded:
    """A pattern that follows from the others is left out: a voting member of the list is a member of it."""
    for literal in clause.body:
        rest = tuple(each for each in clause.body if each is not literal)
        if rest and any(
            _implies(rest, clause.tests, literal, each) for each in by_head.get(literal.predicate, ())
        ):
            return _without_implied(attrs.evolve(clause, body=rest), by_head)
    return clause


def _implies(rest: Sequence[Literal_], tests: Sequence[Test], literal: Literal_, clause: Clause) -> bool:
    """Whether a clause derives the pattern from what the rest of a body matches (containment by a mapping)."""
    if clause.asked is not None or clause.absent:
        return False
    named: Named = {}
    for mine, theirs in zip(clause.head.terms, literal.terms, strict=True):
        if theirs is None:
            continue
        if not isinstance(mine, Slot) or not _names(named, mine, theirs):
            return False
    return any(
        all(_as(test, each) in tests for test in clause.tests)
        for each in _mappings(list(clause.body), rest, named)
    )


def _mappings(body: list[Literal_], rest: Sequence[Literal_], named: Named) -> Iterable[Named]:
    """Every way to read each pattern of a body as one of the rest."""
    if not body:
        yield named
        return
    for other in rest:
        if other.predicate != body[0].predicate:
            continue
        trial = dict(named)
        if all(
            mine is None
            or (
                mine == theirs
                if isinstance(mine, Const)
                else theirs is not None and _names(trial, mine, theirs)
            )
            for mine, theirs in zip(body[0].terms, other.terms, strict=True)
        ):
            yield from _mappings(body[1:], rest, trial)


def _names(named: Named, slot: Slot, term: Term) -> bool:
    return named.setdefault(slot.name, term) == term


def _as(test: Test, named: Named) -> Test:
    terms = tuple(named.get(each.name, each) if isinstance(each, Slot) else each for each in test.terms)
    return attrs.evolve(test, terms=terms)


def _mirrored(
    clause: Folded, by_head: Mapping[str, Sequence[Clause]], predicates: Mapping[str, Predicate]
) -> Folded:
    """Over a relation that holds both ways, and of nobody with themselves, there is no need to say so again."""
    if len(clause.body) != 1 or clause.absent:
        return clause
    (literal,) = clause.body
    terms = literal.terms
    if (
        not predicates[literal.predicate].symmetric
        or len(terms) != 2
        or None in terms
        or terms[0] == terms[1]
    ):
        return clause
    apart = [test for test in clause.tests if test.op == "different" and set(test.terms) == set(terms)]
    if len(apart) < len(clause.tests) or literal.predicate not in by_head:
        return clause
    tests = () if all(_is_apart(each) for each in by_head[literal.predicate]) else clause.tests
    heads = clause.heads
    if clause.asked is None or clause.asked.symmetric:
        heads = tuple(
            each
            for number, each in enumerate(heads)
            if not any(
                each.predicate == other.predicate and each.terms == other.terms[::-1] and len(each.terms) == 2
                for other in heads[:number]
            )
        )
    return attrs.evolve(clause, heads=heads, tests=tests)


def _is_apart(clause: Clause) -> bool:
    return (
        any(test.op == "different" and set(test.terms) == set(clause.head.terms) for test in clause.tests)
        and len(set(clause.head.terms)) == 2
    )
