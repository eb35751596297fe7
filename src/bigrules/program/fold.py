"""Clauses that say the same but for one constant, as one: `a married b`, `a and b are siblings` …"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from bigrules.language.model import Const, Slot, Term, Test
from bigrules.program.core import Asked, Clause, Literal_


@attrs.frozen
class Folded:
    """One body and every head that it derives.

    Args:
        heads: Patterns that are derived together; two for a definition in which order does not matter.
        body: Positive patterns; none of them is `always`.
        tests: Computed conditions over bound slots.
        absent: Patterns of earlier strata that must have no match.
        asked: The question that must be answered with yes, or None.
        clauses: The clauses that it stands for.
    """

    heads: tuple[Literal_, ...]
    body: tuple[Literal_, ...]
    tests: tuple[Test, ...] = ()
    absent: tuple[Literal_, ...] = ()
    asked: Asked | None = None
    clauses: tuple[Clause, ...] = ()


def fold(clauses: Sequence[Clause], always: str) -> list[Folded]:
    """Clauses with as few bodies as say the same.

    Args:
        clauses: Clauses of one component.
        always: The predicate that always holds; patterns over it are left out.

    Returns:
        The folded clauses. What they derive is what the clauses derive.
    """
    bare = [
        Folded((each.head,), tuple(one for one in each.body if one.predicate != always),
               each.tests, each.absent, each.asked, (each,))
        for each in clauses
    ]  # fmt: skip
    return _with_heads(_without_constants(bare))


def _places(folded: Folded) -> list[tuple[int, int]]:
    return [
        (number, column)
        for number, literal in enumerate(folded.body)
        for column, term in enumerate(literal.terms)
        if isinstance(term, Const)
    ]


def _with(folded: Folded, place: tuple[int, int], term: Term) -> tuple[Literal_, ...]:
    number, column = place
    literal = folded.body[number]
    terms = (*literal.terms[:column], term, *literal.terms[column + 1 :])
    return (*folded.body[:number], attrs.evolve(literal, terms=terms), *folded.body[number + 1 :])


def _without_constants(clauses: list[Folded]) -> list[Folded]:
    """Clauses that differ in one constant become one with a slot there, and a test on it."""
    groups: dict[tuple[tuple[int, int], tuple[object, ...]], list[tuple[Folded, object]]] = {}
    for each in clauses:
        for place in _places(each):
            number, column = place
            slot = Slot(f"folded {number} {column}")
            rest = (each.heads, _with(each, place, slot), each.tests, each.absent, each.asked)
            groups.setdefault((place, rest), []).append((each, each.body[number].terms[column]))
    made: list[Folded] = []
    gone: set[int] = set()
    for ((number, column), _), members in sorted(groups.items(), key=lambda item: -len(item[1])):
        left = [(each, value) for each, value in members if id(each) not in gone]
        if len(left) < 2:
            continue
        gone |= {id(each) for each, _ in left}
        first = left[0][0]
        slot = Slot(f"folded {number} {column}")
        test = Test("one of", (slot, *(value for _, value in left)))  # type: ignore[arg-type]
        made.append(
            attrs.evolve(
                first,
                body=_with(first, (number, column), slot),
                tests=(test, *first.tests),
                clauses=tuple(clause for each, _ in left for clause in each.clauses),
            )
        )
    return [each for each in clauses if id(each) not in gone] + made


def _with_heads(clauses: list[Folded]) -> list[Folded]:
    """Clauses with the same body become one with several heads."""
    groups: dict[tuple[object, ...], list[Folded]] = {}
    for each in clauses:
        groups.setdefault((each.body, each.tests, each.absent, each.asked), []).append(each)
    return [
        attrs.evolve(
            some[0],
            heads=tuple(head for each in some for head in each.heads),
            clauses=tuple(clause for each in some for clause in each.clauses),
        )
        for some in groups.values()
    ]
