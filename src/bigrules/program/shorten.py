"""What a clause that joins very many patterns joins first: the rest joins what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bigrules.language.model import Slot, Term, Test
from bigrules.program.core import Literal_

# Python nests no more than twenty loops in each other, and a pattern that is read on days takes two.
MOST_JOINED = 9
# Nor more than a hundred lines that are indented.
MOST_TESTED = 30


def is_long(literals: Sequence[Literal_], tests: Sequence[Test], absent: Sequence[Literal_]) -> bool:
    """Whether a clause is too long to be run in one go."""
    return len(literals) > MOST_JOINED or len(tests) + len(absent) > MOST_TESTED


def begun(
    literals: Sequence[Literal_], tests: Sequence[Test], absent: Sequence[Literal_]
) -> tuple[list[Literal_], list[Test], list[Literal_]]:
    """Patterns that are to be joined first, and the tests and absences that can be made with them.

    Args:
        literals: Patterns of a clause.
        tests: Its tests.
        absent: Patterns that must have no match.
    """
    first, left = list(literals[:1]), list(literals[1:])
    bound = slots_of(term for each in first for term in each.terms)
    while left and len(first) < MOST_JOINED:
        # What shares most with those before: patterns that share nothing would have to be joined each with each.
        best = max(left, key=lambda each: len(slots_of(each.terms) & bound))
        left.remove(best)
        first.append(best)
        bound |= slots_of(best.terms)
    mine = [each for each in tests if slots_of(each.terms) <= bound][:MOST_TESTED]
    gone = [each for each in absent if slots_of(each.terms) <= bound][: MOST_TESTED - len(mine)]
    return first, mine, gone


def slots_of(terms: Iterable[Term | None]) -> set[str]:
    """Names of the slots among some terms."""
    return {each.name for each in terms if isinstance(each, Slot)}
