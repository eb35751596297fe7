"""Small rulebooks unlike the guidance, so that the language says more than one document needs.

Each directory beside this file is a rulebook. The outcomes in its examples were worked out by hand
from the text of the rule; the name of each example says how.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bigrules.language import load
from bigrules.tools.examples import run_examples

BOOKS = sorted(path.parent for path in Path(__file__).parent.glob("*/rulebook.yaml"))


def test_there_are_fourteen() -> None:
    """Every stress rule that the language must be able to say has its rulebook."""
    assert len(BOOKS) == 14


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_loads_without_a_word(book: Path) -> None:
    """A stress rulebook has neither errors nor warnings."""
    rulebook, found = load(book)
    assert [str(each) for each in found] == []
    assert rulebook is not None


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_comes_out_as_worked_by_hand(book: Path) -> None:
    """Every example of a stress rulebook has the outcome, and concerns the people, that it says."""
    rulebook, _ = load(book)
    assert rulebook is not None
    found, ran = run_examples(rulebook)
    assert [str(each) for each in found] == []
    assert ran >= 4


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_has_a_case_with_something_unknown(book: Path) -> None:
    """Each rulebook has cases on both sides of its limit and one that is open."""
    rulebook, _ = load(book)
    assert rulebook is not None
    said = {example.then for rule in rulebook.rules.values() for example in rule.examples}
    assert "breached" in said
    assert "undecided" in said
    assert said & {"met", "not applicable"}
