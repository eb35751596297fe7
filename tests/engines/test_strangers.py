"""Strangers in the row that everybody has: a completion may go on without end, so that the oracle cannot follow."""

from __future__ import annotations

import pytest

from bigrules.findings.judge import judge
from bigrules.language.model import Slot
from bigrules.language.model import Test as Computed
from bigrules.program.compile import compile_program
from oracle.hand import PERSON, all_of, atom, case, fact, kind, rule, rulebook
from properties.evaluators import ENGINES

APART = Computed("different", (Slot("p"), Slot("q")))
LED = all_of(atom("member", "<p>"), atom("leader", "<p>", "<q>"), APART)
TYPES = {"p": PERSON, "q": PERSON}
RULES = {
    # a is led by somebody who leads himself; by somebody whom a leads; by anybody else.
    "himself": all_of(LED, atom("leader", "<q>", "<q>")),
    "each other": all_of(LED, atom("leader", "<q>", "<p>")),
    "anybody": LED,
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", RULES)
def test_who_is_named_by_nothing_but_a_row_that_everybody_has_has_one_too(engine: str, name: str) -> None:
    """Nobody knows who leads `a`: it may be a stranger, and nobody knows who leads that one."""
    kinds = [
        kind("leader", one_for_each="person", person=PERSON, leader=PERSON),
        kind("member", person=PERSON),
    ]
    book = rulebook(kinds, [rule("r", "not allowed", RULES[name], types=TYPES)])
    (found,) = judge(book, compile_program(book), case(book, fact("member", "a")), engine=engine)
    assert (str(found.outcome), found.settled) == ("undecided", True)
    known = case(book, fact("member", "a"), fact("leader", "a", "a"))
    (found,) = judge(book, compile_program(book), known, engine=engine)
    assert str(found.outcome) == "met"
