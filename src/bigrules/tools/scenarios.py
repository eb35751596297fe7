"""Scenarios, run: each stands apart from the rules, so that a rule and its examples cannot be wrong together."""

from __future__ import annotations

import os

from bigrules.diagnostics import Diagnostic, Span
from bigrules.facts.examples import EXAMPLE_DAY
from bigrules.language import in_force
from bigrules.language.model import Rulebook
from bigrules.language.scenarios import Scenario, read_scenarios
from bigrules.program.compile import compile_program
from bigrules.program.core import Program
from bigrules.tools.examples import held_against


def run_scenarios(rulebook: Rulebook, path: str | os.PathLike[str]) -> tuple[list[Diagnostic], int]:
    """Run every scenario of a file or directory.

    Args:
        rulebook: A rulebook without faults.
        path: Where the scenarios are.

    Returns:
        What is wrong, in the order in which it is written, and how many scenarios ran.
    """
    scenarios, found = read_scenarios(rulebook, path)
    programs: dict[tuple[int, str], Program] = {}
    for each in scenarios:
        # Each by the rules of its own day.
        book = in_force(rulebook, each.example.as_of or EXAMPLE_DAY)
        key = (id(book), each.rule)
        if key not in programs:
            programs[key] = compile_program(book, [each.rule])
        found += run_scenario(book, each, programs[key])
    return sorted(found, key=_place), len(scenarios)


def _place(each: Diagnostic) -> tuple[str, int, int]:
    place = each.place
    return (place.file, place.line, place.column) if isinstance(place, Span) else (str(place), 0, 0)


def run_scenario(rulebook: Rulebook, scenario: Scenario, program: Program | None = None) -> list[Diagnostic]:
    """What is wrong with one scenario: another outcome, other people, or statements that contradict each other.

    Args:
        rulebook: The rulebook that it was read with, as it stands on the day of the scenario.
        scenario: The scenario.
        program: The program of its rule, if there is one already.
    """
    if program is None:
        program = compile_program(rulebook, [scenario.rule])
    return held_against(rulebook, program, rulebook.rules[scenario.rule], scenario.example, "scenario")
