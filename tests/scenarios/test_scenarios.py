"""The scenarios: written by hand from the guidance, and held against product and oracle, each by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bigrules.language import shipped_path
from held_scenarios import LONG, Held, written

HERE = Path(__file__).parent
HELD = Held(Path(shipped_path()), HERE)


def test_the_files_have_no_faults() -> None:
    """Each sentence, rule, clause and question that they name is there, and no name is there twice."""
    found, wrong = HELD.scenarios
    assert wrong == ()
    assert sorted(found) == sorted(name for _, name in written(HERE))


def test_there_is_a_scenario_for_every_rule() -> None:
    """Every rule has scenarios that differ in what comes out."""
    outcomes_: dict[str, set[str]] = {rule: set() for rule in HELD.book.rules}
    for each in HELD.scenarios[0].values():
        outcomes_[each.rule].add(each.example.then)
    assert [rule for rule, there in outcomes_.items() if len(there) < 2] == []


@pytest.mark.parametrize(("file", "name"), written(HERE))
def test_scenario(file: str, name: str) -> None:
    """The tool, each engine, the oracle and a register come to the outcome and the people that are written down."""
    HELD.agrees(file, name)


def test_a_scenario_that_says_something_else_is_told() -> None:
    """Each of them (in a short run some), with another outcome or other people, is a fault: none says nothing."""
    some = list(HELD.scenarios[0].values())[:: 1 if LONG else 4]
    assert [each.name for each in some if not HELD.says_something(each)] == []


def test_every_other_reading_is_told_apart() -> None:
    """Whoever takes another reading, of a rule or a definition, sees a scenario come out otherwise."""
    assert HELD.untold_readings() == []


def test_there_is_a_scenario_for_every_clause_that_says_what_is_to_be() -> None:
    """Whatever binds or permits, by the ledger, has one; what only explains, or belongs to the page, need not."""
    shown = {clause for each in HELD.scenarios[0].values() for clause in each.clauses}
    asked = [each.id for each in HELD.book.clauses.values() if each.treatment not in ("explanation", "page")]
    assert len(asked) > 40
    assert [each for each in asked if each not in shown] == []
