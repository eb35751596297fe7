"""Figures and other small things in words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from bigrules.diagnostics import Cell, DataPath, Span
from bigrules.findings import wording
from bigrules.findings.figures import between, figure_in_words, needed
from bigrules.findings.report import Figure

HALF = Fraction(1, 2)


def figure(
    aggregate: str, least: Any, greatest: Any, op: str, bound: Any, of: Any = None, of_most: Any = None
) -> Figure:
    """A figure of a finding."""
    return Figure(aggregate, least, greatest, of, of if of_most is None else of_most, op, bound)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("op", "bound", "whole", "said"),
    [
        ("at least", 1, True, "at least 1 is needed"), ("at least", HALF, True, "at least 1 is needed"),
        ("at least", 2, True, "at least 2 are needed"), ("more than", 2, True, "at least 3 are needed"),
        ("more than", Fraction(5, 2), True, "at least 3 are needed"), ("more than", 0, True, "at least 1 is needed"),
        ("at most", 2, True, "no more than 2 are allowed"),
        ("at most", Fraction(5, 2), True, "no more than 2 are allowed"),
        ("at most", 1, True, "no more than 1 is allowed"), ("at most", 0, True, "none is allowed"),
        ("at most", HALF, True, "none is allowed"), ("less than", 1, True, "none is allowed"),
        ("less than", 2, True, "no more than 1 is allowed"),
        ("less than", Fraction(5, 2), True, "no more than 2 are allowed"),
        ("less than", 3, True, "no more than 2 are allowed"),
        ("exactly", 1, True, "exactly 1 is needed"), ("exactly", 3, True, "exactly 3 are needed"),
        ("exactly", HALF, False, "exactly 0.5 is needed"), ("more than", HALF, False, "more than 0.5 is needed"),
        ("at most", HALF, False, "at most 0.5 is allowed"), ("less than", HALF, False, "less than 0.5 is allowed"),
    ],
)  # fmt: skip
def test_what_a_limit_asks_for(op: str, bound: Any, whole: bool, said: str) -> None:
    """Whole numbers where only those can come."""
    assert needed(op, Fraction(bound), whole) == said


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (figure("number", 3, 3, "at least", Fraction(4)), "3; at least 4 are needed"),
        (figure("number", 3, None, "at least", Fraction(4)), "3 or more; at least 4 are needed"),
        (figure("number", None, None, "at least", Fraction(4)), "there is nobody to take it of"),
        (figure("number", None, 2, "at least", Fraction(4)), "0 to 2; at least 4 are needed"),
        (figure("number", 1, 2, "at most", None), "1 or 2; none is allowed"),
        (figure("number", 1, 2, "at most", 3), "1 or 2; no more than 3 are allowed"),
        (figure("group sharing", 2, 3, "at most", Fraction(2)),
         "the largest group has 2 or 3; no more than 2 are allowed"),
        (figure("group linked", 2, 4, "less than", Fraction(3)),
         "the largest group has 2 to 4; no more than 2 are allowed"),
        (figure("total", 10, 10, "at most", Fraction(19, 2)), "the total is 10; at most 9.5 is allowed"),
        (figure("least", 16, 18, "at least", Fraction(16)), "the least is 16 to 18; at least 16 is needed"),
        (figure("greatest", 70, 70, "less than", Fraction(70)), "the greatest is 70; less than 70 is allowed"),
        (figure("number", 2, 2, "at most", Fraction(2), 8),
         "2, where the other number is 8; no more than 2 are allowed"),
        (figure("total", 2, 2, "at most", Fraction(5, 2), 5),
         "the total is 2, where the other number is 5; at most 2.5 is allowed"),
        (figure("share", Fraction(1, 3), Fraction(2, 3), "more than", HALF, 9), "3 to 6 of 9; at least 5 are needed"),
        (figure("share", Fraction(1, 3), None, "at most", HALF, 9), "3 of 9; no more than 4 are allowed"),
        (figure("share", None, Fraction(1, 3), "at most", HALF, 9), "0 to 3 of 9; no more than 4 are allowed"),
        (figure("share", HALF, HALF, "at least", Fraction(51, 100), 8, 10), "50% of 8 to 10; at least 51% is needed"),
        (figure("share", HALF, Fraction(2, 3), "at most", Fraction(3, 5), 8, 10),
         "50% to 66.7% of 8 to 10; at most 60% is allowed"),
        (figure("share", HALF, Fraction(2, 3), "less than", Fraction(3, 5), 8, 9),
         "50% to 66.7% of 8 or 9; less than 60% is allowed"),
        # What would look like the limit is shown with more places.
        (figure("share", Fraction(50999, 100000), HALF, "more than", Fraction(51, 100), 8, 9),
         "50.999% to 50% of 8 or 9; more than 51% is needed"),
        (figure("share", HALF, Fraction(50999, 100000), "more than", Fraction(51, 100), 8, 9),
         "50% to 50.999% of 8 or 9; more than 51% is needed"),
    ],
)  # fmt: skip
def test_a_figure_says_what_was_counted_and_what_is_needed(what: Figure, said: str) -> None:
    """Of how many, where it is of some; a share as a number of them, where that is known."""
    assert figure_in_words(what) == said


def test_a_weighted_share_counts_nothing() -> None:
    """It has no whole numbers."""
    share = figure("share", HALF, HALF, "at most", Fraction(49, 100), 101)
    assert figure_in_words(share, weighted=True) == "50.5 of 101; at most 49.49 is allowed"


def test_a_limit_that_is_a_fraction_of_what_is_open_is_said_as_one() -> None:
    """With how it is rounded."""
    some = figure("number", 3, 4, "at most", Fraction(2), 8, 9)
    said = "3 or 4, where the other number is 8 or 9; at most 1/3 of that is allowed"
    assert figure_in_words(some, Fraction(1, 3)) == said
    assert figure_in_words(some, Fraction(1, 3), "down") == f"{said}, rounded down"
    more = figure("number", 3, 4, "more than", Fraction(2), 8, 9)
    assert figure_in_words(more, HALF).endswith("more than 0.5 of that is needed")
    less = figure("number", 3, 4, "less than", Fraction(2), 8, 9)
    assert figure_in_words(less).endswith("less than 1 of that is allowed")


def test_two_numbers_beside_each_other_are_one_or_the_other() -> None:
    """Fractions too, where they differ by one."""
    assert between(HALF, Fraction(3, 2)) == "0.5 or 1.5"
    assert between(2, 4) == "2 to 4"
    assert between("2018-01-01", "2018-01-02") == "2018-01-01 to 2018-01-02"


def test_numbers_are_as_short_as_they_go_without_loss() -> None:
    """A decimal where it ends, else a fraction."""
    said = {
        "1/8": "0.125", "1/5": "0.2", "3/10": "0.3", "1/6": "1/6", "-1/2": "-0.5", "7": "7", "1/1000000": "0.000001",
        "1/2000000": "1/2000000", "1/3000": "1/3000",
    }  # fmt: skip
    assert {each: wording.number_in_words(Fraction(each)) for each in said} == said
    assert wording.number_in_words(12) == "12"


def test_percentages_have_as_many_places_as_they_need() -> None:
    """One at the least where they do not end; more beside a limit that they are not."""
    third = Fraction(1, 3)
    assert wording.percent(third) == "33.3%"
    assert wording.percent(third, Fraction(333, 1000)) == "33.33%"
    assert wording.percent(Fraction(1, 200)) == "0.5%"
    assert wording.percent(Fraction(333, 1000), Fraction(333, 1000)) == "33.3%"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Cell("ours.xlsx", "homes", "C14"), "homes, row 14"), (Cell("folder/homes.csv", "", "A2"), "homes, row 2"),
        (Cell("ours.xlsx", "homes", ""), "homes"), (DataPath("", "homes[0]"), "homes, record 1"),
        (DataPath("", "name"), "name"), (Span("folder\\ours.yaml", 3), "ours.yaml, line 3"), (Span("", 3), ""),
        (None, ""),
    ],
)  # fmt: skip
def test_where_a_fact_stands(place: Any, said: str) -> None:
    """As people would look it up."""
    assert wording.where_from(place) == said


def test_sentences_begin_and_end_as_sentences_do() -> None:
    """What has an end keeps it; nothing is no sentence."""
    assert [wording.sentence(each) for each in ("", "  is it so? ", "as follows:", "so.", "so!", "x")] == [
        "", "Is it so?", "As follows:", "So.", "So!", "X.",
    ]  # fmt: skip


def test_slots_become_words() -> None:
    """With an article; the second time it is the one that was named."""
    assert wording.articled("<worker> and <other> met <the day>, <other> on <any day>") == (
        "a worker and another met the day, the other on any day"
    )
    assert wording.articled("<office> is held by <worker>") == "an office is held by a worker"
    assert wording.fill("<a> and <b>", {"a": "Ann"}, keep=True) == "Ann and <b>"
    assert wording.about("<person> lives with <other>", "person") == "lives with other"
    assert wording.about("here lives <person>", "person") == "here lives person"


def test_a_sentence_is_negated_at_its_verb() -> None:
    """Once, behind a slot; else as a whole; and as the rulebook says, where it does."""
    said = {
        "<a> has been sent": "<a> has not been sent",
        "<a> was in <b> and <c> is there": "<a> was not in <b> and <c> is there",
        "<a> is not here": "it is not so that <a> is not here", "<a> have been seen": "<a> have not been seen",
        "there is <a>": "it is not so that there is <a>",
    }  # fmt: skip
    assert {each: wording.negated(each) for each in said} == said
    assert wording.negated("<a> is here", "<a> is away") == "<a> is away"
    assert wording.with_dates("from 2016-01-31 to 2016-13-01") == "from 31 January 2016 to 2016-13-01"
    assert wording.listed([]) == ""
    assert wording.listed(["a", "b"], "or") == "a or b"
    assert wording.count(2, "person", "people") == "2 people"
    assert wording.natural("a10b") == ((-1, "a"), (10, "10"), (-1, "b"))
