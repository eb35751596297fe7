"""The second engine: durable-rules finds what a clause can match, and this module what follows from it.

It is there so that two engines that have little in common but the program can be held against each other.
Rete enumerates the joins of each stratum over all that may be so; absence, measures and outcomes are seen to
at the barriers. What comes out is a ground program, which `durable_ground` evaluates for one choice of the
sites after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

from bigrules.engines.base import Assignment, Candidate, Condition, Evaluation, Exempt, Hit, Taken
from bigrules.engines.durable_clauses import plan_program
from bigrules.engines.durable_ground import Ground, Under
from bigrules.engines.durable_hints import pulled
from bigrules.engines.durable_limits import Held, LimitNode, groups_over
from bigrules.engines.durable_measures import Member, Members, counted_keys, fraction
from bigrules.engines.durable_nodes import FALSE, OPEN, TRUE, Node, State, Truth
from bigrules.engines.durable_partners import Tuple
from bigrules.engines.durable_rounds import Rounds, Symbols, Tables
from bigrules.engines.durable_session import OutsideProfile, available
from bigrules.facts.layout import Layout
from bigrules.language.model import Value
from bigrules.program.core import ExceptionNode, LimitStep, MeasureTable, OutcomeStep, Program, ProgramRule


def evaluate(program: Program, layout: Layout) -> Evaluation:
    """Run a program on a case.

    Args:
        program: The program.
        layout: The case, laid out for it.

    Returns:
        The evaluation, from which findings are read.

    Raises:
        OutsideProfile: The program or the case is outside of what durable-rules can be relied on for; the
            sentence says in what. Where too much is possible in the case, it is a `TooMuch` too.
        ImportError: durable-rules cannot be used here, see `available`.
    """
    reason = available()
    if reason is not None:
        raise ImportError(reason)
    return DurableEvaluation(program, layout)


class DurableEvaluation(Evaluation):
    """Findings of the second engine. A condition is True, False or a node of the ground program."""

    name = "durable"

    def __init__(self, program: Program, layout: Layout) -> None:
        super().__init__(program, layout)
        self._ground = Ground(layout.sites)
        self._tables = Tables(program.predicates, self._ground)
        self._tables.load(layout.tables)
        self._held: dict[tuple[str, Tuple], Held] = {}
        self._candidates: dict[str, tuple[Candidate, ...]] = {}
        symbols = Symbols()
        for plan in plan_program(program):
            Rounds(plan, self._tables, symbols, layout.question).run()
            for step in plan.stratum.limits:
                self._limit(step)
            for outcome in plan.stratum.outcomes:
                self._outcome(outcome)

    # ------------------------------------------------------------ barriers

    def _limit(self, step: LimitStep) -> None:
        rows = self._tables.rows
        place = {name: column for column, name in enumerate(step.outer)}
        for outer, asked in rows[step.demand].items():
            bound: object = step.bound
            if isinstance(bound, str):
                bound = outer[place[bound]]
            held = Held(
                step=step,
                measure=self._members(step.measure, outer, place),
                of=None if step.of is None else self._members(step.of, outer, place),
                bound=bound
                if type(bound) is Fraction
                else Fraction(bound)
                if isinstance(bound, int)
                else None,
                asked=asked,
            )
            self._held[(step.holds, outer)] = held
            for name, look in ((step.holds, held.kept), (step.void, held.void)):
                truth = self._limited(held, look)
                if truth is not False:
                    rows[name][outer] = truth

    def _members(self, measure: MeasureTable, outer: Tuple, place: Mapping[str, int]) -> Members:
        width = len(measure.outer)
        key = tuple([outer[place[name]] for name in measure.outer])

        def members(name: str) -> tuple[Member, ...]:
            if not name:
                return ()
            table = self._tables.rows[name]
            found = self._tables.index(name, tuple(range(width))).get(key, ())
            return tuple([(row[width:], table[row]) for row in found])

        return Members(measure, members(measure.among), members(measure.counted), members(measure.link))

    def _limited(self, held: Held, look: Callable[[State], int]) -> Truth:
        """Whether a limit is kept, or void: a node only where that depends on something."""

        def state(each: Truth) -> int:
            return OPEN if isinstance(each, Node) else TRUE if each else FALSE

        value = look(state)
        if value != OPEN:
            return value == TRUE
        node = LimitNode(len(self._ground.nodes), held, look)
        self._ground.add(node)
        return node

    def _outcome(self, step: OutcomeStep) -> None:
        found = self.candidates(self.program.rule(step.rule))
        every, some = self._ground.every, self._ground.some
        breached = some(each.breached for each in found)
        if step.outcome == "breached":
            truth = breached
        elif step.outcome == "met":
            met = some(every((each.applicable,), (each.breached,)) for each in found)
            truth = every((met,), (breached,))
        else:
            truth = every((), (some(each.applicable for each in found),))
        if truth is not False:
            self._tables.rows[step.holds][()] = truth

    # ------------------------------------------------------------ findings

    def candidates(self, rule: ProgramRule) -> tuple[Candidate, ...]:
        found = self._candidates.get(rule.id)
        if found is None:
            found = self._candidates[rule.id] = tuple(self._read_off(rule))
        return found

    def _read_off(self, rule: ProgramRule) -> Iterable[Candidate]:
        rows, every, some = self._tables.rows, self._ground.every, self._ground.some
        width = len(rule.subject)
        by_subject = self._tables.index(rule.hit, tuple(range(width))) if rule.hit else {}
        for subject, given in _ordered(rows[rule.given].items()):
            base = every((given,), [rows[name].get(subject, False) for name in rule.void])
            exempt = tuple(self._exempt(rule.exceptions, subject))
            applicable = every((base,), [each.applies for each in exempt])
            mine = [(row[width:], rows[rule.hit][row]) for row in by_subject.get(subject, ())]
            hits = tuple([Hit(values, truth) for values, truth in _ordered(mine)])
            if rule.form == "not allowed":
                wrong = some(each.holds for each in hits)
                breached, without = every((applicable, wrong)), every((base, wrong))
            else:
                right = (
                    self._answered(rule, subject) if rule.form == "ask" else rows[rule.ok].get(subject, False)
                )
                breached, without = every((applicable,), (right,)), every((base,), (right,))
            yield Candidate(
                subject=subject,
                applicable=applicable,
                breached=breached,
                without_exceptions=without,
                given=base,
                there=given,
                hits=hits,
                exempt=exempt,
            )

    def _answered(self, rule: ProgramRule, subject: Tuple) -> Truth:
        assert rule.asked is not None
        answer = self.layout.question(rule.asked.question, subject, rule.asked.symmetric)
        if answer is True or answer is False:
            return answer
        return self._ground.every((), (), ((answer, frozenset((1,))),))

    def _exempt(self, nodes: Iterable[ExceptionNode], subject: Tuple) -> Iterable[Exempt]:
        for node in nodes:
            when = self._tables.rows[node.when].get(subject, False)
            unless = [each.applies for each in self._exempt(node.unless, subject)]
            applies = self._ground.every((when,), unless)
            if applies is not False:
                yield Exempt(node.id, applies)

    def value(self, condition: Condition, assignment: Assignment) -> bool | None:
        return self._ground.under(assignment)(condition)

    def valuation(self, assignment: Assignment) -> Callable[[Condition], bool | None]:
        return self._ground.under(assignment)

    def suggest(
        self, condition: Condition, wanted: bool, value: Callable[[Condition], bool | None]
    ) -> tuple[int, int] | None:
        return next(iter(self.preferences(condition, wanted, value).items()), None)

    def preferences(
        self,
        condition: Condition,
        wanted: bool,
        value: Callable[[Condition], bool | None],
        avoid: int | None = None,
    ) -> dict[int, int]:
        if not isinstance(condition, Node) or not isinstance(value, Under):
            return {}
        return pulled(condition, wanted, value, self.layout.sites)

    def size(self, condition: Condition) -> int:
        return self._ground.size(condition)

    def support(self, condition: Condition) -> frozenset[int]:
        return self._ground.support(condition)

    def table(self, predicate: str) -> Mapping[tuple[Value, ...], Condition]:
        return self._tables.rows[predicate]

    def taken(self, rule: ProgramRule, candidate: Candidate, assignment: Assignment) -> tuple[Taken, ...]:
        state = self._ground.under(assignment).state
        known = dict(zip(rule.subject, candidate.subject, strict=True))
        found = []
        for step in rule.limits:
            for outer in self._tables.rows[step.demand]:
                named = zip(step.outer, outer, strict=True)
                if all(known.get(name, value) == value for name, value in named):
                    found.append(_taken(self._held[(step.holds, outer)], outer, state))
        return tuple(found)


def _ordered(rows: Collection[tuple[Tuple, Truth]]) -> Collection[tuple[Tuple, Truth]]:
    """Rows in an order that does not depend on the order in which Rete fires."""
    if len(rows) < 2:
        return rows
    return sorted(rows, key=lambda row: [(str(value), repr(value)) for value in row[0]])


def _taken(held: Held, outer: Tuple, state: State) -> Taken:
    it, of = held.extents(state)
    least: Any = it.least if it.nobody != TRUE else None
    greatest: Any = it.greatest if it.nobody != TRUE else None
    of_least: Any = None
    of_greatest: Any = None
    if held.step.measure.aggregate == "share":
        least, greatest = fraction(held.measure, state) or (None, None)
        of_least, of_greatest = it.of_least, it.of_greatest
    elif of is not None:
        of_least, of_greatest = (of.least, of.greatest) if of.nobody != TRUE else (None, None)
    counted = counted_keys(held.measure, state)
    return Taken(
        step=held.step,
        least=least,
        greatest=greatest,
        of_least=of_least,
        of_greatest=of_greatest,
        counted=counted,
        sure=counted if held.is_settled else counted_keys(held.measure, state, TRUE),
        groups=groups_over(held, state),
        bound=held.limit(state),
        outer=outer,
    )


__all__ = ["DurableEvaluation", "OutsideProfile", "available", "evaluate"]
