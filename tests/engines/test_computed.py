"""What each computed test of the language says of days, numbers and things, on both sides of its bound."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import pytest

from bigrules.engines.computed import function_for
from bigrules.language.model import TESTS, Slot
from bigrules.language.model import Test as Computed
from oracle.hand import day

FIRST, LATER = day("2018-01-01"), day("2018-01-29")
A, B = Slot("a"), Slot("b")

# The test, its amount, two values, and whether it holds; worked out by hand.
SAYS: list[tuple[str, int, Any, Any, bool]] = [
    ("same", 0, "ann", "ann", True), ("same", 0, "ann", "bob", False), ("same", 0, None, None, True),
    ("is", 0, "ann", "ann", True), ("is", 0, 3, 4, False),
    ("different", 0, "ann", "bob", True), ("different", 0, "ann", "ann", False),
    ("one of", 0, "ann", "ann", True), ("one of", 0, "ann", "bob", False),
    ("not one of", 0, "ann", "bob", True), ("not one of", 0, "ann", "ann", False),
    ("at least", 0, 3, 3, True), ("at least", 0, 4, 3, True), ("at least", 0, 2, 3, False),
    ("at most", 0, 3, 3, True), ("at most", 0, 2, 3, True), ("at most", 0, 4, 3, False),
    ("more than", 0, 3, 3, False), ("more than", 0, 4, 3, True), ("more than", 0, Fraction(7, 2), 3, True),
    ("less than", 0, 3, 3, False), ("less than", 0, 2, 3, True), ("less than", 0, 3, Fraction(7, 2), True),
    ("before", 0, FIRST, LATER, True), ("before", 0, FIRST, FIRST, False), ("before", 0, LATER, FIRST, False),
    ("after", 0, LATER, FIRST, True), ("after", 0, FIRST, FIRST, False), ("after", 0, FIRST, LATER, False),
    ("on or before", 0, FIRST, LATER, True), ("on or before", 0, FIRST, FIRST, True),
    ("on or before", 0, LATER, FIRST, False),
    ("on or after", 0, LATER, FIRST, True), ("on or after", 0, FIRST, FIRST, True),
    ("on or after", 0, FIRST, LATER, False),
    # From the first to the 29th are 28 days.
    ("within days", 28, FIRST, LATER, True), ("within days", 28, LATER, FIRST, True),
    ("within days", 27, FIRST, LATER, False), ("within days", 27, LATER, FIRST, False),
    ("within days after", 28, LATER, FIRST, True), ("within days after", 27, LATER, FIRST, False),
    ("within days after", 28, FIRST, LATER, False), ("within days after", 28, FIRST, FIRST, True),
    ("within days before", 28, FIRST, LATER, True), ("within days before", 27, FIRST, LATER, False),
    ("within days before", 28, LATER, FIRST, False), ("within days before", 28, FIRST, FIRST, True),
    ("years before", 2, day("2016-06-01"), day("2018-06-01"), True),
    ("years before", 2, day("2016-06-02"), day("2018-06-01"), False),
    ("not years before", 2, day("2016-06-01"), day("2018-06-01"), False),
    ("not years before", 2, day("2016-06-02"), day("2018-06-01"), True),
    ("months before", 3, day("2018-03-01"), day("2018-06-01"), True),
    ("months before", 3, day("2018-03-02"), day("2018-06-01"), False),
    ("more years before", 2, day("2016-06-01"), day("2018-06-01"), False),
    ("more years before", 2, day("2016-05-31"), day("2018-06-01"), True),
    ("not more years before", 2, day("2016-06-01"), day("2018-06-01"), True),
    ("not more years before", 2, day("2016-05-31"), day("2018-06-01"), False),
    # The fifth anniversary of 29 February is 1 March where there is none.
    ("not more years before", 5, day("2012-02-29"), day("2017-03-01"), True),
    ("not more years before", 5, day("2012-02-29"), day("2017-03-02"), False),
    ("not months before", 3, day("2018-03-01"), day("2018-06-01"), False),
    ("not months before", 3, day("2018-03-02"), day("2018-06-01"), True),
    ("more months before", 3, day("2018-03-01"), day("2018-06-01"), False),
    ("more months before", 3, day("2018-02-28"), day("2018-06-01"), True),
    ("not more months before", 3, day("2018-03-01"), day("2018-06-01"), True),
    ("not more months before", 3, day("2018-02-28"), day("2018-06-01"), False),
    # From 1 September to 31 December, where nothing else is said.
    ("window", 0, day("2018-09-01"), 2018, True), ("window", 0, day("2018-12-31"), 2018, True),
    ("window", 0, day("2018-08-31"), 2018, False), ("window", 0, day("2019-01-01"), 2018, False),
    ("window", 0, day("2018-09-01"), 2017, False), ("window", 0, day("2018-09-01"), 0, False),
    ("window", 0, day("0001-09-01"), 1, True), ("window", 0, day("9998-09-01"), 9998, True),
    ("window", 0, day("9999-09-01"), 9999, False),
    ("in year", 0, day("2018-12-31"), 2018, True), ("in year", 0, day("2019-01-01"), 2018, False),
]  # fmt: skip

# What has no order: nobody that is recorded, an open end, a word.
NEITHER = (None, "ann")


def said(op: str, amount: int = 0) -> Any:
    """The function of a test."""
    return function_for(Computed(op, (A, B), amount=amount, window=(9, 1, 12, 31)))


@pytest.mark.parametrize(("op", "amount", "a", "b", "expected"), SAYS)
def test_each_test_says_what_it_means(op: str, amount: int, a: Any, b: Any, expected: bool) -> None:
    """On its bound, and beside it."""
    assert said(op, amount)(a, b) is expected


def test_every_test_of_the_language_is_tried_both_ways() -> None:
    """Nothing is missing above."""
    assert {(op, expected) for op, _, _, _, expected in SAYS} == {
        (op, each) for op in TESTS for each in (True, False)
    }


@pytest.mark.parametrize(
    "op", [each for each in TESTS if each not in ("same", "is", "different", "one of", "not one of")]
)
@pytest.mark.parametrize("neither", NEITHER)
def test_what_has_no_order_satisfies_no_test_of_order(op: str, neither: object) -> None:
    """On either side, beside something that would satisfy it."""
    _, amount, a, b, _ = next(each for each in SAYS if each[0] == op and each[4])
    assert said(op, amount)(a, neither) is False
    assert said(op, amount)(neither, b) is False


def test_one_of_many_is_any_of_them() -> None:
    """Numbers are not days, nor days numbers."""
    one_of = function_for(Computed("one of", (A, B, B)))
    assert one_of("ann", "bob", "ann")
    assert not function_for(Computed("not one of", (A, B, B)))("ann", "bob", "ann")
    assert not said("at least")(datetime.date(2018, 1, 1), datetime.date(2017, 1, 1))
    assert not said("before")(1, 2)


def test_a_test_that_there_is_not_is_refused() -> None:
    """By its name."""
    with pytest.raises(AssertionError, match="much like"):
        said("much like")
