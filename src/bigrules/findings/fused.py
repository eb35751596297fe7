"""What holds, as far as it is known → findings, without completions: there is only the one."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable, Sequence
from typing import Any

from bigrules.engines.fused import Fused, Run
from bigrules.engines.fused_limits import Taken, groups_over
from bigrules.engines.fused_rules import NotAnswered, RuleReader, Subject
from bigrules.facts.case import Case
from bigrules.facts.known import known_of, recorded_answers
from bigrules.findings.names import PERSON
from bigrules.findings.report import Figure, Finding, Outcome, Witness, figure, finding, witness
from bigrules.language.model import Rulebook, Value
from bigrules.program.core import LimitStep, Program, ProgramRule

Row = tuple[Any, ...]


class FusedProgram:
    """A program with a reader for each of its rules, made once and used for every case.

    Args:
        program: The program.
        rulebook: The rulebook that it was compiled from.
    """

    def __init__(self, program: Program, rulebook: Rulebook) -> None:
        self.fused = Fused(program, rulebook.vocabulary)
        self.readers = {rule.id: _Reader(program, rule, self.fused.numbers) for rule in program.rules}
        self.vocabulary = rulebook.vocabulary

    def findings(self, rulebook: Rulebook, case: Case) -> tuple[dict[str, list[Finding]], list[str]]:
        """Findings by rule, of the rules that rest on nothing that is not known; and the other rules.

        Args:
            rulebook: The rulebook.
            case: The case.
        """
        known = known_of(case, self.vocabulary)
        answers = recorded_answers(rulebook, case) if case.answers else {}
        run = self.fused.run(known, case.as_of, answers)
        found: dict[str, list[Finding]] = {}
        left: list[str] = []
        unsure, rests_on = run.unsure, self.fused.rests_on
        for rule, reader in self.readers.items():
            if unsure and unsure & rests_on[rule]:
                left.append(rule)
            else:
                try:
                    found[rule] = reader.findings(run)
                except NotAnswered:
                    left.append(rule)
        return found, left


_lock = threading.Lock()
# By identity: programs compare by value, and comparing them would cost more than making this.
_made: dict[int, FusedProgram] = {}


def fused_program(program: Program, rulebook: Rulebook) -> FusedProgram:
    """The fused form of a program; the same one as long as the program lives."""
    found = _made.get(id(program))
    if found is None:
        with _lock:
            found = _made.get(id(program))
            if found is None:
                found = _made[id(program)] = FusedProgram(program, rulebook)
                weakref.finalize(program, _made.pop, id(program), None).atexit = False
    return found


class _Reader:
    """One rule, on its way to findings."""

    def __init__(self, program: Program, rule: ProgramRule, numbers: dict[str, int]) -> None:
        self.rule = rule
        self.id = rule.id
        self.reader = RuleReader(program, rule, numbers)
        things = [number for number, type in enumerate(rule.types) if type.is_thing]
        # A finding is about things: a day or a kind in `for each` only says more about them.
        self.key = things or list(range(len(rule.subject)))
        self.slots = [rule.subject[each] for each in self.key]
        self.given = numbers[rule.given]
        self.void = [numbers[each] for each in rule.void]
        self.wrong = numbers[rule.hit] if rule.hit else -1
        self.ok = numbers[rule.ok] if rule.ok else -1
        self.none = [Finding(rule.id, (), Outcome.NOT_APPLICABLE)]
        self.met = [Finding(rule.id, (), Outcome.MET)]
        types = (*rule.types, *rule.witness_types)
        self.people = [number for number, type in enumerate(types) if type.name == PERSON]
        self.own = [number for number, type in enumerate(rule.types) if type.name == PERSON]
        self.names = (*rule.subject, *rule.witness)
        self.one_limit = rule.limits[0] if len(rule.limits) == 1 and not rule.limits[0].outer else None
        # Most rules need none of what the general way is for.
        self.is_simple = not rule.exceptions and (
            rule.form == "not allowed" if rule.subject else rule.form != "ask"
        )

    def findings(self, run: Run) -> list[Finding]:
        """Findings of the rule, in the order of their subjects."""
        tables = run.tables
        given = tables[self.given]
        if not given:
            return self.none
        if not self.is_simple or any(tables[each] for each in self.void):
            return list(self._general(run))
        if self.rule.subject:
            return self._each(given, self.reader.rows(tables, self.rule.hit))
        if self.ok >= 0:
            figures = self._figures(run, [()])
            if tables[self.ok]:
                return [finding(self.id, (), Outcome.MET, figures)] if figures else self.met
            groups = list(self._over(run, ()))
            witnesses = _of_groups((), (), (), groups)
            return [finding(self.id, (), Outcome.BREACHED, figures, witnesses)]
        if not tables[self.wrong]:
            return self.met
        witnesses = self._matches(list(self.reader.rows(tables, self.rule.hit)))
        return [finding(self.id, (), Outcome.BREACHED, (), witnesses)]

    def _each(self, given: Iterable[Any], hits: Iterable[Row]) -> list[Finding]:
        """A finding for each subject of a rule about what is not allowed."""
        rule, key = self.id, self.key
        wrong: dict[Any, list[Row]] = {}
        if len(key) == 1:
            column, slot = key[0], self.slots[0]
            for row in hits:
                wrong.setdefault(row[column], []).append(row)
            values = set(given) if self.reader.bare[self.rule.given] else {row[column] for row in given}
            named: list[tuple[Any, tuple[tuple[str, Value], ...]]] = [
                (value, ((slot, value),)) for value in sorted(values, key=str)
            ]
        else:
            for row in hits:
                wrong.setdefault(tuple([row[each] for each in key]), []).append(row)
            subjects = {tuple([row[each] for each in key]) for row in given}
            named = [
                (each, tuple(zip(self.slots, each, strict=True))) for each in sorted(subjects, key=in_order)
            ]
        if not wrong:
            return [finding(rule, subject, Outcome.MET) for _, subject in named]
        return [
            finding(rule, subject, Outcome.BREACHED, (), self._matches(wrong[value]))
            if value in wrong
            else finding(rule, subject, Outcome.MET)
            for value, subject in named
        ]

    def _matches(self, rows: list[Row]) -> tuple[Witness, ...]:
        """Witnesses of what is not allowed: the first in order for each set of people."""
        if len(rows) > 1:
            rows.sort(key=in_order)
        found: dict[frozenset[str], Witness] = {}
        for row in rows:
            concerned = frozenset([row[each] for each in self.people if isinstance(row[each], str)])
            if concerned not in found:
                found[concerned] = witness(concerned, tuple(zip(self.names, row, strict=True)))
        return _in_order(found)

    # ------------------------------------------------------------ any rule

    def _general(self, run: Run) -> Iterable[Finding]:
        hits = self.reader.hits(run.tables) if self.rule.form == "not allowed" else {}
        groups: dict[Row, list[Subject]] = {}
        for subject in self.reader.subjects(run.tables, run.ask):
            groups.setdefault(tuple([subject.values[each] for each in self.key]), []).append(subject)
        for key in sorted(groups, key=in_order):
            subjects = sorted(groups[key], key=lambda each: in_order(each.values))
            outcome = _outcome([each.breached for each in subjects], [each.applicable for each in subjects])
            witnesses: tuple[Witness, ...] = ()
            exception, would_be = "", None
            if outcome is Outcome.BREACHED:
                witnesses = self._witnesses(run, subjects, hits)
            elif outcome is Outcome.NOT_APPLICABLE:
                exempt = [each.exempt[0] for each in subjects if each.exempt]
                if exempt:
                    exception = exempt[0]
                    without = [each.without_exceptions for each in subjects]
                    would_be = _outcome(without, [each.given for each in subjects])
            yield Finding(
                rule=self.rule.id,
                subject=tuple(zip(self.slots, key, strict=True)),
                outcome=outcome,
                witnesses=witnesses,
                figures=self._figures(run, [each.values for each in subjects]),
                exception=exception,
                would_be=would_be,
            )

    def _witnesses(
        self, run: Run, subjects: Sequence[Subject], hits: dict[Row, list[Row]]
    ) -> tuple[Witness, ...]:
        breached = [each.values for each in subjects if each.breached]
        if self.rule.form == "not allowed":
            return self._matches([(*each, *hit) for each in breached for hit in hits[each]])
        found: dict[frozenset[str], Witness] = {}
        for values in breached:
            groups = list(self._over(run, values)) if self.rule.form == "required" else []
            for each in _of_groups(self.rule.subject, values, self.own, groups):
                found.setdefault(each.concerned, each)
        return _in_order(found)

    # ------------------------------------------------------------ measures

    def _taken(self, run: Run, subject: Row) -> Iterable[tuple[LimitStep, Taken]]:
        """Measures of the rule's own limits for a subject."""
        known = dict(zip(self.rule.subject, subject, strict=True))
        for step in self.rule.limits:
            taken = run.measured[step.holds]
            if not step.outer:
                yield step, taken[()]
                continue
            for outer in sorted(taken, key=in_order):
                if all(known.get(name, each) == each for name, each in zip(step.outer, outer, strict=True)):
                    yield step, taken[outer]

    def _figures(self, run: Run, subjects: Sequence[Row]) -> tuple[Figure, ...]:
        if not self.rule.limits:
            return ()
        if self.one_limit is not None and len(subjects) == 1:
            step = self.one_limit
            taken = run.measured[step.holds][()]
            shown = figure(step.measure.aggregate, taken.value, taken.of, step.op, taken.bound, step.text)
            return (shown,)
        return tuple(
            figure(step.measure.aggregate, taken.value, taken.of, step.op, taken.bound, step.text)
            for subject in subjects
            for step, taken in self._taken(run, subject)
        )

    def _over(self, run: Run, subject: Row) -> Iterable[Sequence[Value]]:
        """Sets of people that make a measure too great."""
        for step, taken in self._taken(run, subject):
            if step.measure.key_type.name == PERSON:
                yield from groups_over(step, taken)


def _of_groups(
    names: Sequence[str], subject: Row, own: Iterable[int], groups: Sequence[Sequence[Value]]
) -> tuple[Witness, ...]:
    """Witnesses of a requirement: the people of each group that is too great; the subject where there is none."""
    people = [str(subject[each]) for each in own if isinstance(subject[each], str)]
    found: dict[frozenset[str], Witness] = {}
    for group in groups or ((),):
        concerned = frozenset([*people, *(str(each) for each in group if isinstance(each, str))])
        binding = (*zip(names, subject, strict=True), *(("", each) for each in group))
        if concerned not in found:
            found[concerned] = witness(concerned, binding)
    return _in_order(found)


def _in_order(found: dict[frozenset[str], Witness]) -> tuple[Witness, ...]:
    if len(found) == 1:
        return tuple(found.values())
    return tuple(sorted(found.values(), key=lambda each: sorted(each.concerned)))


def in_order(values: Row) -> tuple[str, ...]:
    """What rows are sorted by, whatever is in them."""
    return tuple([str(each) for each in values])


def _outcome(wrong: Iterable[bool], applies: Iterable[bool]) -> Outcome:
    if any(wrong):
        return Outcome.BREACHED
    return Outcome.MET if any(applies) else Outcome.NOT_APPLICABLE
