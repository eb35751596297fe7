"""A whole program as one function, for what is known: one loop a kind of fact, joins over sets, no conditions.

It says which predicates rest on something that is not known; what reads them is left to `engines.compiled`.
"""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from bigrules.engines.fused_limits import Taken
from bigrules.engines.fused_program import Generator
from bigrules.engines.fused_rules import Ask
from bigrules.facts.known import Known, Values
from bigrules.language.model import Vocabulary
from bigrules.program.core import (
    DAYS,
    Program,
)
from bigrules.program.strata import cones, rule_tables

# Rows of predicates by number; a row of a predicate with one column is its value alone.
Tables = dict[int, Any]


@attrs.define(eq=False)
class Run:
    """What holds in a case as far as it is known.

    Args:
        tables: Rows by number of predicate.
        measured: For each limit, by name of its predicate, what was taken, by the values of its outer slots.
        unsure: Bits of the predicates that rest on something that is not known.
        ask: What people decided.
    """

    tables: Tables
    measured: dict[str, dict[tuple[Any, ...], Taken]]
    unsure: int
    ask: Ask


class Fused:
    """A program as one function.

    Args:
        program: The program.
        vocabulary: The vocabulary of its rulebook.
    """

    def __init__(self, program: Program, vocabulary: Vocabulary) -> None:
        self.numbers = {name: number for number, name in enumerate(program.predicates)}
        self._read = program.columns_read
        self._bits = {name: 1 << number for name, number in self.numbers.items()}
        self._base = [
            (each, vocabulary.kinds[each.source])
            for each in program.predicates.values()
            if each.base and each.source in vocabulary.kinds
        ]
        self._of_days = {name for name, _ in program.day_columns}
        self._on_days = sum(self._bits[each.name] for each, _ in self._base if each.mode == "on")
        self._on_days |= self._bits.get(DAYS, 0)
        # Records that happen later may always come: what reads them is never known.
        self._never = sum(self._bits[each.name] for each, _ in self._base if each.mode == "soon")
        depends = cones(program.strata, {each.id: each for each in program.rules})
        self.rests_on = {
            rule.id: sum(
                self._bits[name]
                for name in {each for table in rule_tables(rule) for each in depends.get(table, {table})}
            )
            for rule in program.rules
        }
        self._run, self.source = Generator(program, vocabulary, self.numbers, self._bits).generate()

    def run(self, known: Known, day: datetime.date, answers: dict[tuple[str, Values], bool]) -> Run:
        """What holds in a case, as far as it is known.

        Args:
            known: The case by kinds.
            day: The day of judging.
            answers: What people decided.
        """
        unsure = self._never if known.plain else self._never | self._gaps(known)

        def ask(question: tuple[str, bool], subject: Values) -> bool | None:
            if question[1]:
                subject = (*sorted(subject[:2], key=str), *subject[2:])
            return answers.get((question[0], subject))

        tables, measured, found = self._run(known, day, ask, unsure)
        return Run(tables, measured, found, ask)

    def _gaps(self, known: Known) -> int:
        """Bits of the base predicates in which something is not known."""
        unsure = 0
        strangers: set[str] = set()
        for predicate, kind in self._base:
            name = kind.name
            read = self._read.get(name, frozenset())
            open = name in known.open or not read.isdisjoint(known.columns.get(name, ()))
            if not open and name in known.by_now:
                ends = {len(kind.fields) - 2, len(kind.fields) - 1}
                open = predicate.mode == "on" or not ends.isdisjoint(read)
            if open:
                unsure |= self._bits[predicate.name]
                strangers |= known.strangers.get(name, set())
                if predicate.name in self._of_days:
                    unsure |= self._on_days
        for predicate, kind in self._base:
            # Where a record may name somebody new, they too have a row in what everybody has one of.
            if kind.one_for_each and kind.field(kind.one_for_each).type.name in strangers:
                unsure |= self._bits[predicate.name]
        return unsure
