"""What a rulebook compiles to: a stratified set of positive clauses, with barriers between the strata.

Everything above the engines sees only this. A predicate is a table of tuples; a clause derives
tuples of its head; absence and measures only read predicates of earlier strata.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import attrs

from bigrules.diagnostics import Span
from bigrules.language.model import Const, Slot, Term, Test, Type


@attrs.frozen
class Predicate:
    """A table.

    Args:
        name: Unique. A kind of fact or definition that is read now has its own name; ` @ever` is
            appended where any day counts, ` @on` where it is read on days of their own (it then has
            a last column, the day), ` @soon` for the records that may still happen.
        columns: Names of the columns.
        types: Their types.
        source: Name of the kind or id of the definition or rule behind it.
        base: Whether it comes from the case (a kind of fact) and not from clauses.
        mode: When dated facts in it are read; for a base table it says what the layout gives it.
        symmetric: Whether (a, b) and (b, a) are the same fact.
    """

    name: str
    columns: tuple[str, ...]
    types: tuple[Type, ...]
    source: str
    base: bool = False
    mode: Literal["now", "ever", "on", "soon"] = "now"
    symmetric: bool = False


@attrs.frozen
class Literal_:
    """A pattern over a table: a slot binds or joins, a constant selects, None does not matter."""

    predicate: str
    terms: tuple[Term | None, ...]
    text: str = attrs.field(default="", eq=False)


@attrs.frozen
class Asked:
    """A question to people that a clause depends on.

    Args:
        question: Id of the rule or definition that asks.
        terms: The subject: slots of the clause.
        symmetric: Whether the order of the two terms does not matter.
    """

    question: str
    terms: tuple[Term, ...]
    symmetric: bool = False


@attrs.frozen
class Clause:
    """head ← body, tests, absent, asked.

    Args:
        id: Unique, such as `definitions/related 2`.
        head: The pattern that is derived; all its terms are slots bound in the body, or constants.
        body: Positive patterns, in the order in which they were written.
        tests: Computed conditions over bound slots.
        absent: Patterns of earlier strata that must have no match; slots in them are bound by body.
        asked: The question that must be answered with yes, or None.
        source: Id of the definition or rule that it came from.
        place: Where that stands.
    """

    id: str
    head: Literal_
    body: tuple[Literal_, ...]
    tests: tuple[Test, ...] = ()
    absent: tuple[Literal_, ...] = ()
    asked: Asked | None = None
    source: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class MeasureTable:
    """What a measure is taken over.

    Args:
        aggregate: As in the language.
        outer: Names of the outer columns that it depends on, a subset of those of its limit: the
            first columns of `among`, `counted` and `link`.
        among: For `share`: predicate with columns outer + key (+ value), everyone that is among;
            else "".
        counted: Predicate with columns outer + key (+ value) (+ shared value), in that order: those
            that count.
        link: Predicate with columns outer + key + other, for `group linked`; else "".
        has_value: Whether there is a value column (total, least, greatest, weighted share).
        has_shared: Whether there is a column with the shared value.
        through_anyone: Whether links run through those who are not among.
        key_type: Type of the key.
    """

    aggregate: Literal["number", "share", "total", "least", "greatest", "group sharing", "group linked"]
    outer: tuple[str, ...]
    among: str
    counted: str
    link: str = ""
    has_value: bool = False
    has_shared: bool = False
    through_anyone: bool = False
    key_type: Type = attrs.field(factory=lambda: Type("text"))


@attrs.frozen
class LimitStep:
    """A barrier at which a measure is held against a limit.

    Args:
        holds: Predicate with the outer columns that is derived where the limit is kept.
        void: Predicate with the outer columns that is derived where the measure is of nobody and
            that means not applicable.
        demand: Predicate with the columns `outer`: for which it is asked.
        outer: Names of the outer columns.
        measure: What is measured.
        op: How it is held against the bound.
        bound: The number, or the name of an outer column that holds it.
        of: Measure that the bound is a fraction of, or None.
        rounding: How bound × of is rounded.
        of_nobody: As in the language.
        source: Id of the rule or definition.
        text: The limit in words.
    """

    holds: str
    void: str
    demand: str
    outer: tuple[str, ...]
    measure: MeasureTable
    op: Literal["at least", "at most", "more than", "less than", "exactly"]
    bound: Fraction | str
    of: MeasureTable | None = None
    rounding: str = ""
    of_nobody: str = "natural"
    source: str = ""
    text: str = ""


@attrs.frozen
class OutcomeStep:
    """A barrier at which the outcome of a rule becomes a fact.

    Args:
        holds: Predicate without columns.
        rule: Id of the rule.
        outcome: `breached`, `met` or `not applicable`.
    """

    holds: str
    rule: str
    outcome: Literal["breached", "met", "not applicable"]


@attrs.frozen
class Stratum:
    """Clauses that are run to a fixpoint, then the steps at the barrier after them.

    Args:
        clauses: In any order.
        recursive: Whether a clause reads a predicate that the stratum derives.
        limits: Limits at the barrier.
        outcomes: Outcomes at the barrier.
    """

    clauses: tuple[Clause, ...]
    recursive: bool = False
    limits: tuple[LimitStep, ...] = ()
    outcomes: tuple[OutcomeStep, ...] = ()


@attrs.frozen
class ExceptionNode:
    """An exception of a rule.

    Args:
        id: Its id.
        when: Predicate with the subject columns.
        unless: Exceptions to it.
    """

    id: str
    when: str
    unless: tuple[ExceptionNode, ...] = ()


@attrs.frozen
class ProgramRule:
    """Where the findings of a rule are read off.

    Args:
        id: Id of the rule.
        subject: Names of the subject columns.
        given: Predicate with the subject columns: whom the rule bites on.
        form: As in the language.
        hit: For `not allowed`: predicate with the subject columns, then the columns of `witness`;
            each tuple is a breach.
        ok: For `required`: predicate with the subject columns where the requirement is kept; what
            is given and not ok is a breach.
        void: Predicates with the subject columns where the rule is not applicable after all.
        asked: For `ask`: the question; `no` is a breach.
        witness: Names of the columns of `hit` after the subject.
        exceptions: The tree.
        limits: Limits whose figures the finding shows (those of the requirement itself).
    """

    id: str
    subject: tuple[str, ...]
    types: tuple[Type, ...]
    given: str
    form: Literal["required", "not allowed", "ask"]
    hit: str = ""
    ok: str = ""
    void: tuple[str, ...] = ()
    asked: Asked | None = None
    witness: tuple[str, ...] = ()
    witness_types: tuple[Type, ...] = ()
    exceptions: tuple[ExceptionNode, ...] = ()
    limits: tuple[LimitStep, ...] = ()


@attrs.frozen
class Program:
    """A compiled rulebook, the same for every engine.

    Args:
        predicates: By name.
        strata: In the order in which they run.
        rules: In the order of the rulebook.
        constants: Values that stand in it, by type name: representatives of unknown values
            are chosen so that every test can come out either way.
        date_offsets: Numbers of days by which tests compare dates.
        year_offsets: Numbers of years likewise.
        month_offsets: Numbers of months likewise.
        windows: Windows of the year that tests compare dates with.
        day_columns: Base predicate and column whose dates are days on which something is read.
        columns_read: For each kind of fact, numbers of the columns that something looks at.
        read_whole: Kinds of fact whose tables are read without a clause.
    """

    predicates: dict[str, Predicate]
    strata: tuple[Stratum, ...]
    rules: tuple[ProgramRule, ...]
    constants: tuple[tuple[str, tuple[object, ...]], ...] = ()
    date_offsets: tuple[int, ...] = ()
    year_offsets: tuple[int, ...] = ()
    month_offsets: tuple[int, ...] = ()
    windows: tuple[tuple[int, int, int, int], ...] = ()
    day_columns: tuple[tuple[str, int], ...] = ()
    columns_read: dict[str, frozenset[int]] = attrs.field(factory=dict)
    read_whole: frozenset[str] = frozenset()

    def rule(self, id: str) -> ProgramRule:
        """The rule of that id; KeyError if there is none."""
        for each in self.rules:
            if each.id == id:
                return each
        raise KeyError(id)


# Base predicates that every layout has: one row without columns, the day of judging, and every day
# on which something is read.
ALWAYS = "<always>"
TODAY = "<the day>"
DAYS = "<days read>"


__all__ = [
    "ALWAYS", "DAYS", "TODAY", "Asked", "Clause", "Const", "ExceptionNode", "LimitStep", "Literal_", "MeasureTable",
    "OutcomeStep", "Predicate", "Program", "ProgramRule", "Slot", "Stratum",
]  # fmt: skip
