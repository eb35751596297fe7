"""A value in place of a slot: wherever the year stands in a condition, it is the year of the pack."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bigrules.language import model
from bigrules.language.model import All, AnyOf, Atom, Const, Formula, Limit, Measure, NoneOf, Slot
from bigrules.program.formulas import fixed, slots

SAID = Atom("replies", (Slot("year"), Slot("day")))
TESTED = model.Test("in year", (Slot("day"), Slot("year")))
OF = Measure("number", "person", Atom("forms", (Slot("person"), Slot("year"))))
MEASURE = Measure(
    "group linked",
    "person",
    Atom("forms", (Slot("person"), Slot("year"))),
    where=TESTED,
    link=Atom("met", (Slot("person"), Slot("other"), Slot("year"))),
    other="other",
)

FORMULAS: list[Formula] = [
    SAID,
    TESTED,
    All((SAID, TESTED)),
    AnyOf((SAID, NoneOf(All((SAID, TESTED))))),
    NoneOf(SAID),
    Limit(MEASURE, "at most", Fraction(3)),
    Limit(MEASURE, "at most", Slot("year")),
    Limit(OF, "at least", Fraction(1, 2), of=MEASURE),
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_year_stands_wherever_its_slot_did(formula: Formula) -> None:
    made = fixed(formula, "year", 2018)
    assert "year" in slots(formula) and "year" not in slots(made)
    assert slots(made) == slots(formula) - {"year"}
    assert fixed(formula, "nothing of it", 2018) == formula


def test_what_it_becomes() -> None:
    assert fixed(SAID, "year", 2018) == Atom("replies", (Const(2018), Slot("day")))
    made = fixed(FORMULAS[6], "year", 2018)
    assert isinstance(made, Limit) and made.bound == Fraction(2018)
