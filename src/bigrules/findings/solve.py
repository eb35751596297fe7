"""The ways in which a condition holds: a rule's own conditions, read over the tables of an evaluation."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import attrs

from bigrules.engines.base import Evaluation
from bigrules.engines.computed import function_for
from bigrules.facts.case import UNKNOWN, Case
from bigrules.facts.layout import Site, When
from bigrules.findings.formulas import matched, value
from bigrules.findings.report import Outcome
from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Formula,
    Limit,
    NoneOf,
    OutcomeIs,
    Rulebook,
    Slot,
    Test,
)
from bigrules.program.formulas import flat

# On which day something is read: `now`, `ever`, or a day.
Reads = Literal["now", "ever"] | datetime.date
Tuple = tuple[object, ...]


@attrs.frozen
class Entry:
    """A tuple of a table, for certain or not.

    Args:
        values: One for each column.
        certain: Whether it is there in every completion.
        fact: Number of the fact behind it, or None.
        when: Of a kind of fact: the sites on which it depends.
    """

    values: Tuple
    certain: bool
    fact: int | None = None
    when: When = ()


@attrs.frozen
class Step:
    """A part of a condition that holds, and the entry that it was matched with."""

    part: Formula
    entry: Entry | None
    reads: Reads
    certain: bool


@attrs.frozen
class Solution:
    """One way in which a condition holds."""

    binding: Mapping[str, object]
    certain: bool = True
    steps: tuple[Step, ...] = ()


class Solver:
    """Finds the ways in which conditions hold over one evaluation.

    Args:
        rulebook: Where the conditions stand.
        case: The facts.
        evaluation: What holds.
        outcomes: Outcomes of rules, for conditions on them.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        case: Case,
        evaluation: Evaluation,
        outcomes: Mapping[str, Outcome] | None = None,
    ) -> None:
        self.rulebook, self.case, self.evaluation = rulebook, case, evaluation
        self.outcomes = outcomes or {}
        self._tables: dict[tuple[str, Reads, bool], list[Entry]] = {}
        self._indexes: dict[tuple[str, Reads, bool, int], dict[object, list[int]]] = {}

    # ------------------------------------------------------------ tables

    def entries(self, predicate: str, reads: Reads, future: bool = False) -> list[Entry]:
        """Everything that holds, or may hold, of a kind or definition read so."""
        key = (predicate, reads, future)
        if key not in self._tables:
            self._tables[key] = list(self._read(predicate, reads, future))
        return self._tables[key]

    def _fitting(
        self, part: Atom, reads: Reads, binding: Mapping[str, object]
    ) -> Iterator[Entry] | Sequence[Entry]:
        """The entries that a part may be matched with, in the order of the table."""
        table = self.entries(part.predicate, reads, bool(part.future))
        fewest: list[int] | None = None
        for column, term in enumerate(part.terms):
            held = value(term, binding) if term is not None else None
            if held is None:
                continue
            key = (part.predicate, reads, bool(part.future), column)
            if key not in self._indexes:
                index = self._indexes.setdefault(key, {})
                for number, entry in enumerate(table):
                    index.setdefault(entry.values[column], []).append(number)
            # What is not said in a column fits everything.
            found = self._indexes[key].get(held, [])
            anything = self._indexes[key].get(None, [])
            found = sorted([*found, *anything]) if anything else found
            if fewest is None or len(found) < len(fewest):
                fewest = found
        return table if fewest is None else (table[each] for each in fewest)

    def _read(self, predicate: str, reads: Reads, future: bool) -> Iterator[Entry]:
        if future:
            yield from self._read(predicate, reads, False)
            for row in self.evaluation.layout.tables.get(f"{predicate} @soon", ()):
                yield Entry(tuple(row.values), not row.when, row.fact, row.when)
            return
        suffix = {"now": "", "ever": " @ever"}.get(str(reads), " @on")
        name = predicate + suffix if predicate + suffix in self.evaluation.program.predicates else predicate
        on = reads if name.endswith(" @on") else None
        if predicate in self.rulebook.vocabulary.kinds:
            for row in self.evaluation.layout.tables.get(name, ()):
                values = tuple(row.values)
                if on is not None:
                    if values[-1] != on:
                        continue
                    values = values[:-1]
                yield Entry(values, not row.when, row.fact, row.when)
            return
        if name not in self.evaluation.program.predicates:
            return
        columns = len(self.rulebook.definitions[predicate].slots)
        truth_of = self.evaluation.valuation({})
        for values, condition in self.evaluation.table(name).items():
            if on is not None and values[-1] != on:
                continue
            truth = truth_of(condition)
            if truth is not False:
                yield Entry(values[:columns], truth is True)

    # ------------------------------------------------------------ conditions

    def solve(
        self, formula: Formula, binding: Mapping[str, object], reads: Reads = "now"
    ) -> Iterator[Solution]:
        """Every way in which a condition holds, or may hold, under a binding of slots."""
        start = dict(binding)
        start.setdefault(THE_DAY, reads if isinstance(reads, datetime.date) else self.case.as_of)
        yield from self._parts(flat(formula), Solution(start), reads)

    def first(self, formula: Formula, binding: Mapping[str, object], reads: Reads = "now") -> Solution | None:
        """A way in which it holds for certain, if there is one; else one in which it may."""
        best: Solution | None = None
        for number, each in enumerate(self.solve(formula, binding, reads)):
            if each.certain:
                return each
            best = best or each
            if number > 5_000:
                break
        return best

    def _parts(self, parts: list[Formula], so_far: Solution, reads: Reads) -> Iterator[Solution]:
        if not parts:
            yield so_far
            return
        index = min(range(len(parts)), key=lambda each: (self._cost(parts[each], so_far.binding), each))
        rest = parts[:index] + parts[index + 1 :]
        for each in self._one(parts[index], so_far, reads):
            yield from self._parts(rest, each, reads)

    def _cost(self, part: Formula, binding: Mapping[str, object]) -> int:
        # Tests as soon as they can be taken; absence and measures when everything else is bound.
        if isinstance(part, Test):
            return 0 if all(not isinstance(term, Slot) or term.name in binding for term in part.terms) else 90
        if isinstance(part, Atom):
            if part.day.mode == "on" and part.day.slot not in binding:
                return 80
            unbound = sum(isinstance(term, Slot) and term.name not in binding for term in part.terms)
            bound = sum(isinstance(term, Slot) and term.name in binding for term in part.terms)
            return 10 + unbound - (5 if bound else 0)
        return {OutcomeIs: 1, AnyOf: 50}.get(type(part), 95)

    def _one(self, part: Formula, so_far: Solution, reads: Reads) -> Iterator[Solution]:
        binding = so_far.binding
        if isinstance(part, All):
            yield from self._parts(flat(part), so_far, reads)
        elif isinstance(part, AnyOf):
            for branch in part.parts:
                yield from self._parts(flat(branch), so_far, reads)
        elif isinstance(part, Atom):
            yield from self._atom(part, so_far, reads)
        elif isinstance(part, Test):
            values = [value(term, binding) for term in part.terms]
            if UNKNOWN in values:
                yield self._with(so_far, Step(part, None, reads, False))
            elif function_for(part)(*values):
                yield self._with(so_far, Step(part, None, reads, True))
        else:
            truth = self._settled(part, binding, reads)
            if truth is not False:
                yield self._with(so_far, Step(part, None, reads, truth is True))

    def _settled(self, part: Formula, binding: Mapping[str, object], reads: Reads) -> bool | None:
        if isinstance(part, NoneOf):
            found = self.first(part.part, binding, reads)
            return True if found is None else (False if found.certain else None)
        if isinstance(part, OutcomeIs):
            known = self.outcomes.get(part.rule)
            if known in (Outcome.UNDECIDED, Outcome.JUDGEMENT, None):
                return None
            return str(known) == part.outcome
        assert isinstance(part, Limit)
        for stratum in self.evaluation.program.strata:
            for step in stratum.limits:
                if step.text == part.text and step.op == part.op:
                    key = tuple(binding.get(each) for each in step.outer)
                    condition = self.evaluation.table(step.holds).get(key)  # type: ignore[arg-type]
                    return False if condition is None else self.evaluation.valuation({})(condition)
        return None

    def _atom(self, part: Atom, so_far: Solution, reads: Reads) -> Iterator[Solution]:
        binding = so_far.binding
        if part.day.mode == "ever":
            reads = "ever"
        elif part.day.mode == "on":
            day = binding.get(part.day.slot)
            if not isinstance(day, datetime.date):
                return
            reads = day
        found: dict[tuple[tuple[str, object], ...], tuple[Mapping[str, object], list[Entry]]] = {}
        for entry in self._fitting(part, reads, binding):
            if not self.allowed(part.predicate, entry):
                continue
            extended = matched(part.terms, entry.values, binding)
            if extended is not None:
                found.setdefault(tuple(extended.items()), (extended, []))[1].append(entry)
        for extended, entries in found.values():
            # Rows that differ in what does not matter here are together as certain as all of them.
            best = next((each for each in entries if each.certain), None)
            if best is None:
                best = entries[0]
                # What a definition hangs on is the engine's own business, and not seen here.
                if all(each.when for each in entries) and self._covers(entries):
                    # One record that is enough by itself is a better reason than one of several that are together.
                    enough = (each for each in entries if self._covers(_of_fact(entries, each.fact)))
                    best = attrs.evolve(next(enough, best), certain=True)
            step = Step(part, best, reads, best.certain)
            yield Solution(extended, so_far.certain and best.certain, (*so_far.steps, step))

    def _covers(self, entries: Sequence[Entry]) -> bool:
        return covers([each.when for each in entries], self.evaluation.layout.sites)

    @staticmethod
    def _with(so_far: Solution, step: Step) -> Solution:
        return Solution(so_far.binding, so_far.certain and step.certain, (*so_far.steps, step))

    def allowed(self, predicate: str, entry: Entry) -> bool:
        """Whether an entry may be used here; a reason may not rest on itself."""
        return True


def _of_fact(entries: Sequence[Entry], fact: int | None) -> list[Entry]:
    return [each for each in entries if each.fact == fact]


def covers(alternatives: Sequence[When], sites: Sequence[Site]) -> bool:
    """Whether one of the alternatives holds in every completion; False where that is not seen."""
    read = sorted({site for each in alternatives for site, _ in each})
    if math.prod(len(sites[each].values) for each in read) > 4_096:
        return False
    allowed = [dict(each) for each in alternatives]
    return all(
        any(all(chosen[site] in values for site, values in each.items()) for each in allowed)
        for choice in itertools.product(*(range(len(sites[each].values)) for each in read))
        for chosen in [dict(zip(read, choice, strict=True))]
    )
