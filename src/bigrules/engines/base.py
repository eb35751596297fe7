"""What every engine gives: the findings of a program on a case, as conditions over what is not known."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from bigrules.facts.layout import Layout
from bigrules.language.model import Value
from bigrules.program.core import LimitStep, Program, ProgramRule

# A choice for some of the sites: index of the site to index of the value in `Site.values`.
Assignment = Mapping[int, int]

# A condition over sites. What it is inside is the engine's own business; True and False are
# conditions too, and every engine uses them for what holds in all or in no completions.
Condition = Any


@attrs.frozen
class Hit:
    """One tuple of a `not allowed` condition that is matched, in some completion at least.

    Args:
        values: Values of the witness columns.
        holds: In which completions it is matched.
    """

    values: tuple[Value, ...]
    holds: Condition


@attrs.frozen
class Exempt:
    """An exception of a rule, for one subject.

    Args:
        id: Its id.
        applies: In which completions it applies, exceptions to it taken into account.
    """

    id: str
    applies: Condition


@attrs.frozen
class Candidate:
    """A subject of a rule, in some completion at least.

    Args:
        subject: Values of the subject columns.
        applicable: In which completions the rule applies to it.
        breached: In which completions it is breached (only where it is applicable).
        without_exceptions: In which completions it would be breached if no exception applied.
        given: In which completions the rule would apply to it, exceptions left aside.
        there: In which completions it is a subject at all.
        hits: Matches of a `not allowed` condition.
        exempt: Exceptions that may apply.
    """

    subject: tuple[Value, ...]
    applicable: Condition
    breached: Condition
    without_exceptions: Condition
    given: Condition
    there: Condition
    hits: tuple[Hit, ...] = ()
    exempt: tuple[Exempt, ...] = ()


@attrs.frozen
class Taken:
    """A measure as it was taken for one subject.

    Args:
        step: The limit that it is held against.
        least: Least value in any completion that is consistent with the assignment, or None (nobody).
        greatest: Greatest value likewise.
        of_least: For a share, the least number (or weight) among; for a limit that is a fraction of
            another measure, the least of that measure; else None.
        of_greatest: The greatest likewise.
        counted: Keys that are counted for certain, or may be.
        sure: Those that are counted for certain.
        groups: Each set of keys that is, or may be, a group over the limit, and whether it certainly is.
        bound: The limit, as a number.
        outer: Values of the outer columns of the limit.
    """

    step: LimitStep
    least: object
    greatest: object
    of_least: object = None
    of_greatest: object = None
    counted: tuple[Value, ...] = ()
    sure: tuple[Value, ...] = ()
    groups: tuple[tuple[tuple[Value, ...], bool], ...] = ()
    bound: object = None
    outer: tuple[Value, ...] = ()


class Evaluation(ABC):
    """The findings of one program on one case.

    Args:
        program: What was run.
        layout: On what.
    """

    name = ""

    def __init__(self, program: Program, layout: Layout) -> None:
        self.program = program
        self.layout = layout

    @abstractmethod
    def candidates(self, rule: ProgramRule) -> tuple[Candidate, ...]:
        """Every subject that the rule has in some completion, in a stable order."""

    @abstractmethod
    def value(self, condition: Condition, assignment: Assignment) -> bool | None:
        """Whether the condition holds in all (True) or in none (False) of the completions that
        agree with the assignment; None where that is not seen. With every site of its support
        assigned it is never None."""

    def valuation(self, assignment: Assignment) -> Callable[[Condition], bool | None]:
        """`value` for one assignment and many conditions; an engine may make it faster."""
        return lambda condition: self.value(condition, assignment)

    def suggest(
        self, condition: Condition, wanted: bool, value: Callable[[Condition], bool | None]
    ) -> tuple[int, int] | None:
        """A site that is not assigned, and a value for it that may bring a condition to what is wanted.

        Only a hint for the search; None where the engine has none.
        """
        return None

    def preferences(
        self,
        condition: Condition,
        wanted: bool,
        value: Callable[[Condition], bool | None],
        avoid: int | None = None,
    ) -> dict[int, int]:
        """Values of sites that are not assigned, which together pull a condition towards what is wanted.

        Only a hint for the search; empty where the engine has none. A site may be avoided where there is a choice.
        """
        return {}

    def beside(
        self, condition: Condition, sites: frozenset[int], value: Callable[[Condition], bool | None]
    ) -> tuple[int, Sequence[Condition], Sequence[Condition]] | None:
        """One of some sites, and what has to hold, and must not, for that site to decide a condition.

        Only a hint for the search; None where the engine has none.
        """
        return None

    def size(self, condition: Condition) -> int:
        """About how much work it is to find the value of a condition; 1 is the least."""
        return 1

    def told_apart(self, site: int) -> Iterable[int]:
        """Values of a site (by index), without those that make no difference beside one before them."""
        return range(len(self.layout.sites[site].values))

    def restricted(self, condition: Condition, assignment: Assignment) -> Condition:
        """A condition that is the same in every completion that agrees with the assignment.

        An engine may give a smaller one; it need not.
        """
        return condition

    @abstractmethod
    def support(self, condition: Condition) -> frozenset[int]:
        """Sites that the condition reads; others make no difference to it."""

    @abstractmethod
    def taken(self, rule: ProgramRule, candidate: Candidate, assignment: Assignment) -> tuple[Taken, ...]:
        """The measures of the rule's own limits for a candidate."""

    def held_against(self, taken: Taken, op: str, bound: int) -> Condition | None:
        """In which completions a measure that was taken stands in a relation to another number.

        None where the engine cannot say; figures are then less precise.
        """
        return None

    @abstractmethod
    def table(self, predicate: str) -> Mapping[tuple[Value, ...], Condition]:
        """Every tuple of a predicate that holds in some completion, with its condition."""
