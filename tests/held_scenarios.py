"""Scenarios, held against the product, each engine, the oracle, and a register that says the same."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable
from functools import cache, cached_property
from pathlib import Path

import attrs
import yaml

from bigrules.diagnostics import errors
from bigrules.facts import read_register
from bigrules.facts.case import UNKNOWN, Case
from bigrules.facts.examples import EXAMPLE_DAY, example_case
from bigrules.findings.judge import judge
from bigrules.findings.report import Finding
from bigrules.language import in_force, load, with_readings
from bigrules.language.model import Rulebook, WorkedOut
from bigrules.language.scenarios import Scenario, read_scenarios
from bigrules.program.compile import compile_program
from bigrules.program.core import Program
from bigrules.tools.scenarios import run_scenario
from oracle import TooMany, outcomes
from oracle.outcomes import OracleFinding
from oracle.reads import reads
from properties.evaluators import ENGINES

# How many further records of a list that is not complete the oracle tries: two, or one where two are too many.
LONG = os.environ.get("BIGRULES_PROFILE") == "long"
FURTHER = (2, 1) if LONG else (1,)
LIMIT = 3_000
ORDER = ("breached", "undecided", "judgement", "met", "not applicable")


def written(folder: Path) -> list[tuple[str, str]]:
    """File and name of each scenario; read without bigrules, so that one that it cannot read is a failure."""
    return [
        (file.stem, each["scenario"])
        for file in sorted(folder.glob("*.yaml"))
        for each in yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    ]


@attrs.frozen(eq=False)
class Known:
    """A rulebook by its identity, so that what is found of it can be kept."""

    book: Rulebook


@cache
def program_of(known: Known, rule: str) -> Program:
    """What one rule compiles to."""
    return compile_program(known.book, [rule])


@cache
def read_by(known: Known, rule: str) -> frozenset[str]:
    """The kinds and definitions that a rule reads."""
    return frozenset(reads(known.book, {rule}).modes)


@attrs.frozen(slots=False, eq=False)
class Held:
    """The scenarios of a folder, and what they are held against.

    Args:
        source: The rulebook, or the amendment.
        folder: The scenarios.
    """

    source: Path
    folder: Path

    @cached_property
    def book(self) -> Rulebook:
        """The rulebook."""
        found, diagnostics = load(self.source, thorough=False)
        assert found is not None, [str(each) for each in diagnostics]
        return found

    @cached_property
    def scenarios(self) -> tuple[dict[str, Scenario], tuple[str, ...]]:
        """Every scenario by its name, and what is wrong with their files."""
        found, diagnostics = read_scenarios(self.book, self.folder)
        return {each.name: each for each in found}, tuple(str(each) for each in diagnostics)

    @cached_property
    def known(self) -> dict[int, Known]:
        """The rulebook as it stands on some day, by its identity."""
        return {}

    def on_its_day(self, one: Scenario) -> Known:
        """The rulebook as it stands on the day of a scenario."""
        book = in_force(self.book, one.example.as_of or EXAMPLE_DAY)
        return self.known.setdefault(id(book), Known(book))

    def agrees(self, file: str, name: str) -> None:
        """The tool, each engine, the oracle and a register come to the outcome and the people written down."""
        found, wrong = self.scenarios
        assert name in found, [each for each in wrong if f"{file}.yaml" in each]
        one = found[name]
        known = self.on_its_day(one)
        book, program = known.book, program_of(known, one.rule)
        assert [str(each) for each in run_scenario(book, one, program)] == []
        case = example_case(book, one.example)
        for engine in ENGINES[1:]:  # the tool runs the first
            judged = judge(book, program, case, engine=engine)
            agrees(one, [each for each in judged if each.rule == one.rule], engine)
        asked_of_the_oracle(book, one, case)
        read_from_a_register(known, one, case)

    def says_something(self, one: Scenario) -> bool:
        """Whether it is a fault of the scenario where another outcome, or other people, are written down."""
        others = [attrs.evolve(one.example, then=each) for each in ORDER if each != one.example.then]
        if one.example.concerns is not None:
            others.append(attrs.evolve(one.example, concerns=(*one.example.concerns, frozenset({"nobody"}))))
        known = self.on_its_day(one)
        wrong = run_scenario(known.book, attrs.evolve(one, example=others[-1]), program_of(known, one.rule))
        return [each.code for each in wrong] == ["BR323"]

    def untold_readings(self, of: Container[str] | None = None) -> list[str]:
        """Other readings of rules and definitions, or of some of them, that no scenario tells from the adopted."""
        book = self.book
        used = {rule: {rule, *reads(book, {rule}).modes} for rule in book.rules}
        missed = []
        for file in (*book.rules.values(), *book.definitions.values()):
            if of is not None and file.id not in of:
                continue
            asked = [each for each in self.scenarios[0].values() if file.id in used.get(each.rule, ())]
            for reading in file.other_readings:
                if reading.runs and asked:
                    other, _ = with_readings(book, {file.id: reading.name})
                    assert other is not None
                    told = {rule: compile_program(other, [rule]) for rule in {each.rule for each in asked}}
                    if not any(run_scenario(other, each, told[each.rule]) for each in asked):
                        missed.append(f"{file.id}: {reading.name}")
        return missed


def read_from_a_register(known: Known, one: Scenario, case: Case) -> None:
    """The same facts, as somebody keeps them, come to the same; unless a row would be not known there."""
    book = known.book
    lists = as_register(book, case)
    kinds = book.vocabulary.kinds
    for name in read_by(known, one.rule):
        made = kinds[name].worked_out if name in kinds else None
        kind = kinds.get(made.list if isinstance(made, WorkedOut) else name)
        if kind is not None and kind.one_for_each and kind.name in case.asked:
            type_ = kind.field(kind.one_for_each).type.name
            there = {row[kind.one_for_each] for row in lists[kind.name]}
            listed = {
                row[each.fields[0].name]
                for each in kinds.values()
                if each.lists == type_
                for row in lists[each.name]
            }
            if listed - there:
                return
    found, wrong = read_register(book, {"as of": str(case.as_of), **lists})
    assert found is not None and [str(each) for each in errors(wrong)] == []
    judged = judge(book, program_of(known, one.rule), found)
    agrees(one, [each for each in judged if each.rule == one.rule], "a register")


def as_register(book: Rulebook, case: Case) -> dict[str, list[dict[str, object]]]:
    """The lists of a register that says what a case says; what has no first day began long ago."""
    kinds = book.vocabulary.given
    lists: dict[str, list[dict[str, object]]] = {kind: [] for kind in kinds if kind in case.asked}
    for fact in case.facts:
        if fact.kind in kinds:
            row: dict[str, object] = {"certain": "no"} if fact.possible else {}
            for field, value in zip(kinds[fact.kind].fields, fact.values, strict=True):
                if value is not None:
                    row[field.name] = "?" if value is UNKNOWN else str(value)
                elif field.name == "from":
                    row[field.name] = "1990-01-01"
            lists[fact.kind].append(row)
    lists["answers"] = [
        {
            "question": each.question,
            "about": [str(thing) for thing in each.subject],
            "answer": each.answer,
            **({"when": str(each.when)} if each.when is not None else {}),
        }
        for each in case.answers
    ]
    return lists


def asked_of_the_oracle(book: Rulebook, one: Scenario, case: Case) -> None:
    """Hold the oracle against a scenario; of a list that was not asked it may not see all that it may hold."""
    not_asked = frozenset(book.vocabulary.given) - case.asked
    may_see_less = bool(not_asked) and one.example.then == "undecided"
    if may_see_less and not LONG:
        return
    for further in FURTHER:
        try:
            found = outcomes(book, case, further, rules={one.rule}, limit=LIMIT, with_sites=False)
            break
        except TooMany:
            continue
    else:
        assert not_asked, "only a list that was not asked may be too large"
        return
    if may_see_less and worst(found.values()) != "undecided":
        return
    agrees(one, list(found.values()), "oracle")


def agrees(one: Scenario, findings: list[Finding] | list[OracleFinding], by: str) -> None:
    """Hold findings against what is written down."""
    assert worst(findings) == one.example.then, by
    if one.example.concerns is not None:
        assert people_of(findings) == set(one.example.concerns), by


def worst(findings: Iterable[Finding | OracleFinding]) -> str:
    """The outcome of a rule: the first in `ORDER` that one of its findings has."""
    there = {str(each.outcome) for each in findings}
    return next(each for each in ORDER if each in there)


def people_of(findings: Iterable[Finding | OracleFinding]) -> set[frozenset[str]]:
    """The sets of people that findings concern."""
    found: set[frozenset[str]] = set()
    for each in findings:
        if isinstance(each, OracleFinding):
            found |= {people for people in each.concerned if people}
        else:
            found |= {witness.concerned for witness in each.witnesses if witness.concerned}
    return found
