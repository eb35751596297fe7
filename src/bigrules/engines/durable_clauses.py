"""A program made ready for the Rete engine: what a clause selects, what it joins, what is left to check."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import attrs

from bigrules.engines.computed import function_for
from bigrules.engines.durable_partners import Cut, Seating, cut_to, seating
from bigrules.engines.durable_selections import Check, Selection, Selections
from bigrules.engines.durable_session import Joined, Pattern, Ruleset, fact_format, ruleset
from bigrules.language.model import Const, Slot, Term, Test
from bigrules.program.core import ALWAYS, TODAY, Asked, Clause, Literal_, Program, Stratum


@attrs.frozen(eq=False)
class Absence:
    """A pattern that must have no match.

    Args:
        predicate: The table.
        columns: Columns that are bound.
        places: Where their values stand in a binding.
        whole: Whether that is every column.
    """

    predicate: str
    columns: tuple[int, ...]
    places: tuple[int, ...]
    whole: bool


@attrs.frozen(eq=False)
class Plan:
    """How one clause is run.

    A binding is a list of the values that are needed, then the constants that are.

    Args:
        clause: The clause.
        number: Its number in the stratum.
        gates: Selections of tables that have one row at most: there is nothing to join with them.
        joined: The other selections, in the order in which they are joined.
        rule: The join as the Rete engine sees it.
        sources: For each value of a binding: which row (gates first), which column.
        constants: The constants at the end of a binding.
        agree: Pairs of row and column that must be equal, where a gate is one side.
        head: Predicate that is derived.
        places: Where the values of its columns stand in a binding.
        checks: Tests over several rows, with where their terms stand.
        absent: What must have no match.
        asked: The question, and where its subject stands in a binding, or None.
        heads: Where the head follows from a match whatever else there is: of each of its columns, which row
            and which column that is; else None.
        cut: Where such a match is one row: cuts it to the head; else None.
    """

    clause: Clause
    number: int
    gates: tuple[Selection, ...]
    joined: tuple[Selection, ...]
    rule: Joined
    sources: tuple[tuple[int, int], ...]
    constants: tuple[Any, ...]
    agree: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    head: str
    places: tuple[int, ...]
    checks: tuple[tuple[Check, tuple[int, ...]], ...]
    absent: tuple[Absence, ...]
    asked: tuple[Asked, tuple[int, ...]] | None
    heads: tuple[tuple[int, int], ...] | None
    cut: Cut | None


@attrs.frozen(eq=False)
class Join:
    """A join that Rete makes, in a session of its own.

    What Rete sees of it is its shape alone: kinds and columns are numbered in the order in which they come, so
    that clauses, strata and programs share what is made ready for it.

    Args:
        plans: The clauses that follow from it: those of a definition in both directions share one.
        gated: Whether all of these have gates.
        ruleset: The join as Rete sees it.
        seating: What its facts must find to match.
        cuts: Of each kind, how a row is cut to the columns that something is joined on.
        formats: Of each kind, how a fact is written.
    """

    plans: tuple[Plan, ...]
    gated: bool
    ruleset: Ruleset
    seating: Seating
    cuts: dict[int, Cut]
    formats: dict[int, str]


@attrs.frozen(eq=False)
class StratumPlan:
    """How one stratum is run.

    Args:
        stratum: The stratum.
        plans: One for each clause.
        gated: Those that have gates.
        facts: Those that have nothing to be matched.
        reads: Selections by the table that they read, but for those in `by_value`.
        by_value: Of each table, selections by a value of one column: the column, and the selections by value.
        selections: Selections by their number.
        alone: Clauses with one pattern, by the number of its selection.
        joins: What Rete is asked for.
    """

    stratum: Stratum
    plans: tuple[Plan, ...]
    gated: tuple[Plan, ...]
    facts: tuple[Plan, ...]
    reads: dict[str, list[Selection]]
    by_value: dict[str, list[tuple[int, dict[Any, list[Selection]]]]]
    selections: tuple[Selection, ...]
    alone: dict[int, tuple[Plan, ...]]
    joins: tuple[Join, ...]


def plan_program(program: Program) -> tuple[StratumPlan, ...]:
    """The plans of a program, made when they are first asked for and kept as long as the program.

    Raises:
        OutsideProfile: A clause cannot be held by durable-rules.
    """
    known = _plans.get(id(program))
    if known is not None and known[0]() is program:
        return known[1]
    plans = tuple(_stratum(each, program) for each in program.strata)
    number = id(program)
    forget = _plans.pop  # bound now: when Python ends, the name may be gone before the program
    _plans[number] = (weakref.ref(program, lambda _: forget(number, None)), plans)
    return plans


# A program holds dictionaries and cannot be a key itself.
_plans: dict[int, tuple[weakref.ref[Program], tuple[StratumPlan, ...]]] = {}


def _stratum(stratum: Stratum, program: Program) -> StratumPlan:
    derives = frozenset(clause.head.predicate for clause in stratum.clauses)
    selections = Selections()

    def is_gate(literal: Literal_) -> bool:
        one_row = literal.predicate in (ALWAYS, TODAY) or not program.predicates[literal.predicate].columns
        return one_row and literal.predicate not in derives

    plans = tuple(_plan(clause, number, selections, is_gate) for number, clause in enumerate(stratum.clauses))
    alone: dict[int, tuple[Plan, ...]] = {}
    joining: dict[Joined, tuple[Plan, ...]] = {}
    for plan in plans:
        if len(plan.joined) == 1:
            # A copy has nothing to join: Rete would only take time, and there is nothing to compare.
            number = plan.joined[0].number
            alone[number] = (*alone.get(number, ()), plan)
        elif plan.joined:
            joining[plan.rule] = (*joining.get(plan.rule, ()), plan)
    joins = tuple(_join(rule, mine) for rule, mine in joining.items())
    chosen = tuple(selections.known.values())
    gated = tuple(plan for plan in plans if plan.gates)
    facts = tuple(plan for plan in plans if not plan.joined)
    reads: dict[str, list[Selection]] = {}
    by_value: dict[str, list[tuple[int, dict[Any, list[Selection]]]]] = {}
    for name, mine in selections.reads.items():
        reads[name] = [each for each in mine if not each.by_value]
        columns: dict[int, dict[Any, list[Selection]]] = {}
        for each in mine:
            if each.by_value:
                ((column, value),) = each.constants
                columns.setdefault(column, {}).setdefault(value, []).append(each)
        by_value[name] = list(columns.items())
    return StratumPlan(stratum, plans, gated, facts, reads, by_value, chosen, alone, joins)


def _join(rule: Joined, plans: tuple[Plan, ...]) -> Join:
    columns: dict[int, set[int]] = {each.kind: set() for each in rule}
    for pattern in rule:
        for own, other, column in pattern.joins:
            columns[pattern.kind].add(own)
            columns[rule[other].kind].add(column)
    ordered = {kind: sorted(each) for kind, each in columns.items()}
    numbers = {kind: number for number, kind in enumerate(ordered)}
    shape = tuple(
        Pattern(
            numbers[pattern.kind],
            tuple(
                (ordered[pattern.kind].index(own), other, ordered[rule[other].kind].index(column))
                for own, other, column in pattern.joins
            ),
        )
        for pattern in rule
    )
    return Join(
        plans=plans,
        gated=all(plan.gates for plan in plans),
        ruleset=ruleset({0: shape}),
        seating=seating(rule),
        cuts={kind: cut_to(each) for kind, each in ordered.items()},
        formats={kind: fact_format(numbers[kind], range(len(each))) for kind, each in ordered.items()},
    )


def _plan(clause: Clause, number: int, selections: Selections, is_gate: Callable[[Literal_], bool]) -> Plan:
    gates = [each for each in clause.body if is_gate(each)]
    joined = _connected(_without_implied([each for each in clause.body if not is_gate(each)]))
    body = [*gates, *joined]
    slots = [_slots(each) for each in body]

    local: list[list[Test]] = [[] for _ in body]
    wider: list[Test] = []
    for test in clause.tests:
        used = _slots(test)
        rows = [row for row in range(len(body)) if used <= slots[row]]
        for row in rows:
            local[row].append(test)
        if not rows:
            wider.append(test)

    # A slot is kept where it joins two patterns, or where what is not a join looks at it.
    looks = _slots(clause.head)
    for test in wider:
        looks |= _slots(test)
    for literal in clause.absent:
        looks |= _slots(literal)
    if clause.asked is not None:
        looks |= _slots(clause.asked)
    kept = {
        name for each in slots for name in each if name in looks or sum(name in other for other in slots) > 1
    }
    chosen: list[Selection] = []
    # Every row and column where a slot is bound; the first is the one that a binding is taken from.
    places: dict[str, list[tuple[int, int]]] = {}
    for row, literal in enumerate(body):
        selection, where = selections.selection(literal, local[row], kept)
        chosen.append(selection)
        for name, column in where.items():
            places.setdefault(name, []).append((row, column))

    rule, agree = _joins(len(gates), chosen, places)
    binding = _Binding(places)
    heads, cut = None, None
    told = [places[term.name][0] for term in clause.head.terms if isinstance(term, Slot)]
    if len(told) == len(clause.head.terms) and not (gates or wider or clause.absent or clause.asked):
        heads = tuple(told)
        if len(joined) == 1:
            cut = cut_to([column for _, column in told], len(chosen[0].columns))
    return Plan(
        clause=clause, number=number,
        gates=tuple(chosen[: len(gates)]), joined=tuple(chosen[len(gates) :]), rule=rule,
        agree=agree,
        head=clause.head.predicate,
        places=binding.all(clause.head.terms),
        checks=tuple((function_for(test), binding.all(test.terms)) for test in wider),
        absent=tuple(_absence(each, binding) for each in clause.absent),
        asked=None if clause.asked is None else (clause.asked, binding.all(clause.asked.terms)),
        sources=binding.sources, constants=binding.constants,
        heads=heads, cut=cut,
    )  # fmt: skip


def _joins(
    gates: int, chosen: list[Selection], places: dict[str, list[tuple[int, int]]]
) -> tuple[Joined, tuple[tuple[tuple[int, int], tuple[int, int]], ...]]:
    """The equalities between rows: those that Rete joins on, and those with a gate."""
    joins: list[list[tuple[int, int, int]]] = [[] for _ in chosen]
    agree: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for found in places.values():
        among = [each for each in found if each[0] >= gates]
        agree.extend((found[0], each) for each in found[1:] if found[0][0] < gates)
        for row, column in among[1:]:
            joins[row].append((column, among[0][0] - gates, among[0][1]))
    rule = tuple(Pattern(chosen[row].number, tuple(joins[row])) for row in range(gates, len(chosen)))
    return rule, tuple(agree)


def _without_implied(literals: list[Literal_]) -> list[Literal_]:
    """The patterns without those that hold wherever another of them does."""
    left = list(literals)
    for each in literals:
        if any(other is not each and _implies(other, each) for other in left):
            left = [other for other in left if other is not each]
    return left


def _implies(one: Literal_, other: Literal_) -> bool:
    """Whether every row that matches one pattern matches the other, with the same slots."""
    return one.predicate == other.predicate and all(
        wanted is None or wanted == term for term, wanted in zip(one.terms, other.terms, strict=True)
    )


def _connected(literals: list[Literal_]) -> list[Literal_]:
    """An order in which each pattern shares a slot with those before it, where there is one."""
    left = list(literals)
    ordered: list[Literal_] = []
    bound: set[str] = set()
    while left:
        # A pattern with a constant is likely to have few rows; otherwise the order of the clause stands.
        best = max(
            left,
            key=lambda each: (
                len(_slots(each) & bound) - len(_slots(each) - bound) if bound else 0,
                sum(isinstance(term, Const) for term in each.terms),
            ),
        )
        left.remove(best)
        ordered.append(best)
        bound |= _slots(best)
    return ordered


def _slots(of: Literal_ | Test | Asked) -> set[str]:
    return {term.name for term in of.terms if isinstance(term, Slot)}


class _Binding:
    """Where the values that a clause needs stand: those of slots from the front, constants from the end."""

    def __init__(self, places: dict[str, list[tuple[int, int]]]) -> None:
        self._places = places
        self._slots: dict[str, int] = {}
        self._constants: list[Any] = []

    @property
    def sources(self) -> tuple[tuple[int, int], ...]:
        return tuple(self._places[name][0] for name in self._slots)

    @property
    def constants(self) -> tuple[Any, ...]:
        return tuple(reversed(self._constants))

    def place(self, term: Term) -> int:
        if isinstance(term, Slot):
            return self._slots.setdefault(term.name, len(self._slots))
        self._constants.append(term.value)
        return -len(self._constants)

    def all(self, terms: tuple[Term | None, ...]) -> tuple[int, ...]:
        return tuple(self.place(term) for term in terms if term is not None)


def _absence(literal: Literal_, binding: _Binding) -> Absence:
    columns = tuple(column for column, term in enumerate(literal.terms) if term is not None)
    return Absence(literal.predicate, columns, binding.all(literal.terms), len(columns) == len(literal.terms))
