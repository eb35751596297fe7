"""The engine of the API: a program as generated Python, fed with a case laid out as tables."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bigrules.engines.base import Assignment, Candidate, Condition, Evaluation, Exempt, Hit, Taken
from bigrules.engines.conditions import ALWAYS, NEVER, Conditions
from bigrules.engines.generate import Generated, Index, Table, generate
from bigrules.engines.measures import Contributions, Held, as_number, gather
from bigrules.facts.layout import Layout
from bigrules.language.model import Value
from bigrules.program.core import (
    ExceptionNode,
    LimitStep,
    MeasureTable,
    OutcomeStep,
    Program,
    ProgramRule,
)


class OpenQuestion(Exception):
    """A question to people without an answer was met where everything was taken to be certain."""


class Machine:
    """A program as functions, made once and used for every case.

    Args:
        program: The program.
    """

    def __init__(self, program: Program) -> None:
        # Not the program itself: the machine goes when the program does.
        self.names = {name: number for number, name in enumerate(program.predicates)}
        self._plain: list[Generated] | None = None
        self._conditional: list[Generated] | None = None
        self._lock = threading.Lock()

    def functions(self, program: Program, conditional: bool) -> list[Generated]:
        """A function for each stratum, generated when it is first asked for."""
        with self._lock:
            made = self._conditional if conditional else self._plain
            if made is None:
                made = [generate(program, each, self.names, conditional) for each in program.strata]
                if conditional:
                    self._conditional = made
                else:
                    self._plain = made
            return made


_machines_lock = threading.Lock()
# By identity: programs compare by value, and comparing them would cost more than making the machine.
_machines: dict[int, Machine] = {}


def machine(program: Program) -> Machine:
    """The machine of a program; the same one as long as the program lives."""
    with _machines_lock:
        found = _machines.get(id(program))
        if found is None:
            found = _machines[id(program)] = Machine(program)
            weakref.finalize(program, _machines.pop, id(program), None).atexit = False
        return found


def evaluate(program: Program, layout: Layout) -> Evaluation:
    """Run a program on a case.

    Args:
        program: The program.
        layout: The case, laid out for it.

    Returns:
        The evaluation, from which findings are read.
    """
    made = machine(program)
    conditional = any(row.when for rows in layout.tables.values() for row in rows)
    if not conditional:
        try:
            return CompiledEvaluation(program, made, layout, False)
        except OpenQuestion:
            pass
    return CompiledEvaluation(program, made, layout, True)


class CompiledEvaluation(Evaluation):
    """Findings of the compiled engine. Conditions are those of `engines.conditions`."""

    name = "compiled"

    def __init__(self, program: Program, made: Machine, layout: Layout, conditional: bool) -> None:
        super().__init__(program, layout)
        self.conditions = Conditions(layout)
        self.conditional = conditional
        self.names = made.names
        self.tables: list[Table] = [{} for _ in made.names]
        self._held: dict[tuple[str, tuple[Any, ...]], Held] = {}
        self._candidates: dict[str, tuple[Candidate, ...]] = {}
        self._valuations: dict[tuple[tuple[int, int], ...], Any] = {}
        for name, rows in layout.tables.items():
            if name in self.names:
                self._load(self.tables[self.names[name]], rows)
        for stratum, function in zip(self.program.strata, made.functions(program, conditional), strict=True):
            function.run(self.tables, self._ask, self.conditions, Index)
            if stratum.recursive and conditional:
                self._settle_loops()
            for step in stratum.limits:
                self._limit(step)
            for outcome in stratum.outcomes:
                self._outcome(outcome)

    def _load(self, table: Table, rows: Iterable[Any]) -> None:
        for row in rows:
            condition = self.conditions.when(row.when) if row.when else ALWAYS
            before = table.get(row.values)
            table[row.values] = condition if before is None else self.conditions.either(before, condition)

    def _ask(self, question: tuple[str, bool], subject: tuple[Any, ...]) -> int:
        answer = self.layout.question(question[0], subject, question[1])
        if answer is True or answer is False:
            return int(answer)
        if not self.conditional:
            raise OpenQuestion
        return self.conditions.site(answer, frozenset((1,)))

    def _settle_loops(self) -> None:
        """Recursive facts that are certain after all carry no condition further up."""
        value = self.conditions.valuation({})
        for table in self.tables:
            for row, condition in table.items():
                if (
                    condition > ALWAYS
                    and self.conditions.nodes[condition][0] == "loop"
                    and value(condition) is True
                ):
                    table[row] = ALWAYS

    # ------------------------------------------------------------ barriers

    def _rows(self, name: str) -> Table:
        return self.tables[self.names[name]]

    def _limit(self, step: LimitStep) -> None:
        measure = self._gather(step.measure)
        of = self._gather(step.of) if step.of is not None else None
        holds, void = self._rows(step.holds), self._rows(step.void)
        place = {name: column for column, name in enumerate(step.outer)}
        mine = [place[each] for each in step.measure.outer]
        theirs = [place[each] for each in step.of.outer] if step.of is not None else []
        for outer, demanded in self._rows(step.demand).items():
            bound = step.bound if not isinstance(step.bound, str) else as_number(outer[place[step.bound]])
            held = Held(
                measure(tuple([outer[each] for each in mine])),
                step.op,
                bound,
                of(tuple([outer[each] for each in theirs])) if of is not None else None,
                step.rounding,
                step.of_nobody,
            )
            self._held[(step.holds, outer)] = held
            reads = held.reads()
            if self.conditional and any(each > ALWAYS for each in reads):
                held = held.narrowed()
                reads = held.reads()
            nobody = self.conditions.measured(held.void, reads, held.sense(void=True))
            kept = NEVER if nobody == ALWAYS else self.conditions.measured(held.kept, reads, held.sense())
            kept = self.conditions.both(demanded, self.conditions.both(kept, self.conditions.negated(nobody)))
            if kept:
                holds[outer] = kept
            nobody = self.conditions.both(demanded, nobody)
            if nobody:
                void[outer] = nobody

    def _gather(self, measure: MeasureTable) -> Any:
        width = len(measure.outer)
        counted = gather(self._rows(measure.counted), width, measure)
        among = gather(self._rows(measure.among), width, measure) if measure.among else {}
        links: dict[tuple[Any, ...], list[tuple[Any, Any, int]]] = {}
        if measure.link:
            for row, condition in self._rows(measure.link).items():
                links.setdefault(row[:width], []).append((row[width], row[width + 1], condition))

        def contributions(outer: tuple[Any, ...]) -> Contributions:
            return Contributions(measure, counted.get(outer, {}), among.get(outer, {}), links.get(outer, []))

        return contributions

    def _outcome(self, step: OutcomeStep) -> None:
        found = self.candidates(self.program.rule(step.rule))
        any_of, negated, both = self.conditions.any_of, self.conditions.negated, self.conditions.both
        breached = any_of(each.breached for each in found)
        if step.outcome == "breached":
            condition = breached
        elif step.outcome == "not applicable":
            condition = negated(any_of(each.applicable for each in found))
        else:
            met = any_of(both(each.applicable, negated(each.breached)) for each in found)
            condition = both(negated(breached), met)
        if condition > ALWAYS and not self.conditional:
            # What reads the outcome was made for what is known, and would take it as certain.
            raise OpenQuestion
        if condition:
            self._rows(step.holds)[()] = condition

    # ------------------------------------------------------------ findings

    def candidates(self, rule: ProgramRule) -> tuple[Candidate, ...]:
        found = self._candidates.get(rule.id)
        if found is None:
            found = self._candidates[rule.id] = tuple(self._read_off(rule))
        return found

    def _read_off(self, rule: ProgramRule) -> Iterable[Candidate]:
        conditions = self.conditions
        width = len(rule.subject)
        hits: dict[tuple[Any, ...], list[Hit]] = {}
        if rule.hit:
            for row, condition in self._rows(rule.hit).items():
                hits.setdefault(row[:width], []).append(Hit(row[width:], condition))
        for subject, given in self._rows(rule.given).items():
            void = conditions.any_of(self._rows(name).get(subject, NEVER) for name in rule.void)
            base = conditions.both(given, conditions.negated(void))
            exempt = tuple(self._exempt(rule.exceptions, subject))
            free = conditions.negated(conditions.any_of(each.applies for each in exempt))
            mine = tuple(hits.get(subject, ()))
            if rule.form == "not allowed":
                wrong = conditions.any_of(each.holds for each in mine)
            elif rule.form == "required":
                wrong = conditions.negated(self._rows(rule.ok).get(subject, NEVER))
            else:
                wrong = conditions.negated(self._asked(rule, subject))
            applicable = conditions.both(base, free)
            yield Candidate(
                subject=subject,
                applicable=applicable,
                breached=conditions.both(applicable, wrong),
                without_exceptions=conditions.both(base, wrong),
                given=base,
                there=given,
                hits=mine,
                exempt=exempt,
            )

    def _asked(self, rule: ProgramRule, subject: tuple[Any, ...]) -> int:
        answer = self.layout.question(rule.id, subject)
        if answer is True or answer is False:
            return int(answer)
        return self.conditions.site(answer, frozenset((1,)))

    def _exempt(self, nodes: Iterable[ExceptionNode], subject: tuple[Any, ...]) -> Iterable[Exempt]:
        for node in nodes:
            when = self._rows(node.when).get(subject, NEVER)
            inner = self.conditions.any_of(each.applies for each in self._exempt(node.unless, subject))
            applies = self.conditions.both(when, self.conditions.negated(inner))
            if applies:
                yield Exempt(node.id, applies)

    def value(self, condition: Condition, assignment: Assignment) -> bool | None:
        if condition <= ALWAYS:
            return bool(condition)
        return self.conditions.valuation(assignment)(condition)

    def valuation(self, assignment: Assignment) -> Callable[[Condition], bool | None]:
        return self.conditions.valuation(assignment)

    def suggest(
        self, condition: Condition, wanted: bool, value: Callable[[Condition], bool | None]
    ) -> tuple[int, int] | None:
        return self.conditions.suggest(condition, wanted, value)

    def preferences(
        self,
        condition: Condition,
        wanted: bool,
        value: Callable[[Condition], bool | None],
        avoid: int | None = None,
    ) -> dict[int, int]:
        return self.conditions.preferences(condition, wanted, value, avoid)

    def beside(
        self, condition: Condition, sites: frozenset[int], value: Callable[[Condition], bool | None]
    ) -> tuple[int, Sequence[Condition], Sequence[Condition]] | None:
        return self.conditions.beside(condition, sites, value)

    def size(self, condition: Condition) -> int:
        return self.conditions.size(condition)

    def told_apart(self, site: int) -> Iterable[int]:
        return self.conditions.told_apart(site)

    def restricted(self, condition: Condition, assignment: Assignment) -> Condition:
        return self.conditions.restricted(condition, assignment)

    def support(self, condition: Condition) -> frozenset[int]:
        return self.conditions.support(condition)

    def taken(self, rule: ProgramRule, candidate: Candidate, assignment: Assignment) -> tuple[Taken, ...]:
        value = self.conditions.valuation(assignment)
        known = dict(zip(rule.subject, candidate.subject, strict=True))
        found = []
        for step in rule.limits:
            for outer in sorted(self._rows(step.demand), key=lambda each: [str(one) for one in each]):
                named = dict(zip(step.outer, outer, strict=True))
                if any(known.get(name, each) != each for name, each in named.items()):
                    continue
                held = self._held[(step.holds, outer)]
                found.append(_taken(step, outer, held, value))
        return tuple(found)

    def table(self, predicate: str) -> Mapping[tuple[Value, ...], Condition]:
        return self._rows(predicate)

    def held_against(self, taken: Taken, op: str, bound: int) -> Condition | None:
        held = self._held[(taken.step.holds, taken.outer)]
        other = Held(held.measure, op, bound)
        return self.conditions.measured(other.kept, other.reads(), other.sense())

    def held(self, step: LimitStep, outer: tuple[Any, ...]) -> Held | None:
        """What a limit was taken over for one binding of its outer slots, for explanations."""
        return self._held.get((step.holds, outer))


def _taken(step: LimitStep, outer: tuple[Any, ...], held: Held, value: Any) -> Taken:
    measure = held.measure
    least, greatest = measure.interval(value)
    of_least = of_greatest = None
    if step.measure.aggregate == "share":
        sure = [measure.weight(key) for key, each in measure.among.items() if value(each) is True]
        may = [measure.weight(key) for key, each in measure.among.items() if value(each) is not False]
        of_least, of_greatest = sum(sure), sum(may)
    elif held.of is not None:
        of_least, of_greatest = held.of.interval(value)
    counted = {key[0]: value(each) for key, each in measure.counted.items() if value(each) is not False}
    return Taken(
        step=step,
        least=least,
        greatest=greatest,
        of_least=of_least,
        of_greatest=of_greatest,
        counted=tuple(counted),
        sure=tuple(key for key, each in counted.items() if each is True),
        groups=tuple(_groups_over(step, held, value)),
        bound=held.limit(value)[0],
        outer=outer,
    )


def _groups_over(step: LimitStep, held: Held, value: Any) -> Iterable[tuple[tuple[Any, ...], bool]]:
    """Groups over the limit: first those that certainly are, then those that may be."""
    if not step.measure.aggregate.startswith("group") or step.op not in ("at most", "less than", "exactly"):
        return
    groups = (
        held.measure.linked_groups
        if step.measure.aggregate == "group linked"
        else held.measure.sharing_groups
    )
    least, most = held.limit(value)
    if least is None or most is None:
        return
    told: list[set[Any]] = []
    for sure, limit in ((True, most), (False, least)):
        for group in sorted(groups(value, sure), key=lambda each: (len(each), [str(one) for one in each])):
            over = len(group) > limit or (step.op == "less than" and len(group) == limit)
            # A group that is over the limit already is told once, however it may grow.
            if over and not any(each <= set(group) for each in told):
                told.append(set(group))
                yield tuple(group), sure


__all__ = ["CompiledEvaluation", "Machine", "evaluate", "machine"]
