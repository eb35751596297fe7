"""The scenarios: written by hand from the guidance, and held against product and oracle, each by its name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import attrs
import pytest
import yaml

from bigrules.diagnostics import errors
from bigrules.facts import read_register
from bigrules.facts.case import UNKNOWN, Case
from bigrules.facts.examples import example_case
from bigrules.findings.judge import judge
from bigrules.findings.report import Finding
from bigrules.language import load, shipped_path, with_readings
from bigrules.language.model import Rulebook
from bigrules.language.scenarios import Scenario, read_scenarios
from bigrules.program.compile import compile_program
from bigrules.program.core import Program
from bigrules.tools.scenarios import run_scenario
from oracle import TooMany, outcomes
from oracle.outcomes import OracleFinding
from oracle.reads import reads
from properties.evaluators import ENGINES

HERE = Path(__file__).parent
# Read without bigrules, so that a scenario that it cannot read is a failure and not a test that is missing.
WRITTEN = [
    (file.stem, each["scenario"])
    for file in sorted(HERE.glob("*.yaml"))
    for each in yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CBaseLoader", yaml.BaseLoader))
]
# How many further records of a list that is not complete the oracle tries: two, or one where two are too many.
LONG = os.environ.get("BIGRULES_PROFILE") == "long"
FURTHER = (2, 1) if LONG else (1,)
LIMIT = 3_000


@cache
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    found, diagnostics = load(shipped_path(), thorough=False)
    assert found is not None, [str(each) for each in diagnostics]
    return found


@cache
def program(rule: str) -> Program:
    """What one rule compiles to."""
    return compile_program(rulebook(), [rule])


@cache
def scenarios() -> tuple[dict[str, Scenario], tuple[str, ...]]:
    """Every scenario by its name, and what is wrong with their files."""
    found, diagnostics = read_scenarios(rulebook(), HERE)
    return {each.name: each for each in found}, tuple(str(each) for each in diagnostics)


def test_the_files_have_no_faults() -> None:
    """Each sentence, rule, clause and question that they name is there, and no name is there twice."""
    found, wrong = scenarios()
    assert wrong == ()
    assert sorted(found) == sorted(name for _, name in WRITTEN)


def test_there_is_a_scenario_for_every_rule() -> None:
    """Every rule has scenarios that differ in what comes out."""
    outcomes_: dict[str, set[str]] = {rule: set() for rule in rulebook().rules}
    for each in scenarios()[0].values():
        outcomes_[each.rule].add(each.example.then)
    assert [rule for rule, there in outcomes_.items() if len(there) < 2] == []


@pytest.mark.parametrize(("file", "name"), WRITTEN)
def test_scenario(file: str, name: str) -> None:
    """The tool, each engine, the oracle and a register come to the outcome and the people that are written down."""
    found, wrong = scenarios()
    assert name in found, [each for each in wrong if f"{file}.yaml" in each]
    one = found[name]
    assert [str(each) for each in run_scenario(rulebook(), one, program(one.rule))] == []
    case = example_case(rulebook(), one.example)
    for engine in ENGINES[1:]:  # the tool runs the first
        judged = judge(rulebook(), program(one.rule), case, engine=engine)
        agrees(one, [each for each in judged if each.rule == one.rule], engine)
    asked_of_the_oracle(one, case)
    read_from_a_register(one, case)


def read_from_a_register(one: Scenario, case: Case) -> None:
    """The same facts, as somebody keeps them, come to the same; without a row a home would not be known there."""
    book = rulebook()
    lists = as_register(case)
    if {"homes", "recorded homes"} & set(read_by(one.rule)) and "homes" in case.asked:
        housed = {row["person"] for row in lists["homes"]}
        if any(row["person"] not in housed for row in lists["people"]):
            return
    found, wrong = read_register(book, {"as of": str(case.as_of), **lists})
    assert found is not None and [str(each) for each in errors(wrong)] == []
    judged = judge(book, program(one.rule), found)
    agrees(one, [each for each in judged if each.rule == one.rule], "a register")


def as_register(case: Case) -> dict[str, list[dict[str, object]]]:
    """The lists of a register that says what a case says; what has no first day began long ago."""
    kinds = rulebook().vocabulary.given
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
            "about": list(each.subject),
            "answer": each.answer,
            "when": str(each.when),
        }
        for each in case.answers
    ]
    return lists


@cache
def read_by(rule: str) -> frozenset[str]:
    """The kinds and definitions that a rule reads."""
    return frozenset(reads(rulebook(), {rule}).modes)


def asked_of_the_oracle(one: Scenario, case: Case) -> None:
    """Hold the oracle against a scenario; of a list that was not asked it may not see all that it may hold."""
    not_asked = frozenset(rulebook().vocabulary.given) - case.asked
    may_see_less = bool(not_asked) and one.example.then == "undecided"
    if may_see_less and not LONG:
        return
    for further in FURTHER:
        try:
            found = outcomes(rulebook(), case, further, rules={one.rule}, limit=LIMIT, with_sites=False)
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
    """The outcome of a rule: the first of these that one of its findings has."""
    there = {str(each.outcome) for each in findings}
    order = ("breached", "undecided", "judgement", "met", "not applicable")
    return next(each for each in order if each in there)


def people_of(findings: Iterable[Finding | OracleFinding]) -> set[frozenset[str]]:
    """The sets of people that findings concern."""
    found: set[frozenset[str]] = set()
    for each in findings:
        if isinstance(each, OracleFinding):
            found |= {people for people in each.concerned if people}
        else:
            found |= {witness.concerned for witness in each.witnesses if witness.concerned}
    return found


def test_a_scenario_that_says_something_else_is_told() -> None:
    """Each of them (in a short run some), with another outcome or other people, is a fault: none says nothing."""
    order = ("breached", "undecided", "judgement", "met", "not applicable")
    missed = []
    for name, one in list(scenarios()[0].items())[:: 1 if LONG else 4]:
        others = [attrs.evolve(one.example, then=each) for each in order if each != one.example.then]
        if one.example.concerns is not None:
            others.append(attrs.evolve(one.example, concerns=(*one.example.concerns, frozenset({"nobody"}))))
        wrong = run_scenario(rulebook(), attrs.evolve(one, example=others[-1]), program(one.rule))
        if [each.code for each in wrong] != ["BR323"]:
            missed.append(name)
    assert missed == []


def test_every_other_reading_is_told_apart() -> None:
    """Whoever takes another reading, of a rule or a definition, sees a scenario come out otherwise."""
    book = rulebook()
    used = {rule: {rule, *read_by(rule)} for rule in book.rules}
    for file in (*book.rules.values(), *book.definitions.values()):
        asked = [each for each in scenarios()[0].values() if file.id in used[each.rule]]
        for reading in file.other_readings:
            if reading.runs and asked:
                other, _ = with_readings(book, {file.id: reading.name})
                assert other is not None
                told = {rule: compile_program(other, [rule]) for rule in {each.rule for each in asked}}
                assert any(run_scenario(other, each, told[each.rule]) for each in asked), (
                    f"no scenario tells the reading `{reading.name}` of {file.id} from the adopted one"
                )


def test_there_is_a_scenario_for_every_clause_that_says_what_is_to_be() -> None:
    """Whatever binds or permits, by the ledger, has one; what only explains, or belongs to the page, need not."""
    shown = {clause for each in scenarios()[0].values() for clause in each.clauses}
    asked = [each.id for each in rulebook().clauses.values() if each.treatment not in ("explanation", "page")]
    assert len(asked) > 40
    assert [each for each in asked if each not in shown] == []
