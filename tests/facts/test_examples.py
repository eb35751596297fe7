"""Examples of rule files as cases."""

from __future__ import annotations

import datetime

import pytest

from bigrules.diagnostics import InputError
from bigrules.facts.case import UNKNOWN, Answer, Assumed, Case, Fact
from bigrules.facts.examples import example_case
from bigrules.language.model import Example, Rulebook, Statement

ANN = ("people", ("ann", UNKNOWN))


def said(rulebook: Rulebook, *statements: Statement) -> Case:
    return example_case(rulebook, Example("", statements))


def facts(case: Case, kind: str) -> list[tuple[object, ...]]:
    return [each.values for each in case.facts if each.kind == kind]


def test_a_bare_example(rulebook: Rulebook) -> None:
    """Everything was asked, nothing is so, and the day is the first of June 2018."""
    case = said(rulebook)
    assert case.as_of == datetime.date(2018, 6, 1)
    assert case.asked == frozenset(rulebook.vocabulary.kinds)
    assert case.facts == () and case.closed
    assert example_case(rulebook, Example("", (), as_of=datetime.date(2020, 1, 1))).as_of.year == 2020


def test_rows_and_what_they_do_not_mention(rulebook: Rulebook) -> None:
    """What is not mentioned is blank, but spells are open; whoever is named is listed."""
    case = said(rulebook, Statement("true", "memberships", ("ann", None, None, None, None)))
    assert case.facts == (Fact(*ANN), Fact("memberships", ("ann", "member", UNKNOWN, None, None)))


def test_statements_about_a_listed_thing_are_one_row(rulebook: Rulebook) -> None:
    """A decision that was taken on a day and is about a grant is one decision."""
    day = datetime.date(2018, 2, 1)
    case = said(
        rulebook,
        Statement("true", "decisions", ("one", day, None)),
        Statement("true", "decisions", ("one", None, "grant"), fixed=("about",)),
        Statement("true", "taking part", ("ann", "two", "voted"), fixed=("how",)),
    )
    assert facts(case, "decisions") == [("one", day, "grant"), ("two", UNKNOWN, UNKNOWN)]


def test_statements_that_agree_on_a_key_are_one_row(rulebook: Rulebook) -> None:
    """A seat stands once, whoever sits on it; other rows stand beside each other."""
    case = said(
        rulebook,
        Statement("true", "seats", (3, "ann", None, None)),
        Statement("true", "seats", (3, None, 2, None)),
        Statement("true", "taking part", ("ann", "one", "voted"), fixed=("how",)),
        Statement("true", "taking part", ("ann", "one", "absent"), fixed=("how",)),
        Statement("true", "taking part", ("ann", "one", "absent"), fixed=("how",)),
    )
    assert facts(case, "seats") == [(3, "ann", 2, UNKNOWN)]
    assert facts(case, "taking part") == [("ann", "one", "voted"), ("ann", "one", "absent")]


def test_not_recorded(rulebook: Rulebook) -> None:
    """A fixed field is then not known; without one the record is possible; a definition is open."""
    case = said(
        rulebook,
        Statement("unknown", "memberships", ("ann", None, "yes", None, None), fixed=("voting",)),
        Statement("unknown", "relations", ("ann", "bob", "married")),
        Statement("unknown", "definitions/related", ("ann", "cy")),
        Statement("true", "definitions/member", ("dee",)),
    )
    assert facts(case, "memberships") == [("ann", "member", UNKNOWN, None, None)]
    relation = next(each for each in case.facts if each.kind == "relations")
    assert relation.possible and relation.values == ("ann", "bob", "married")
    assert case.assumed == (
        Assumed("definitions/related", ("ann", "cy"), known=False),
        Assumed("definitions/member", ("dee",)),
    )
    assert [each[0] for each in facts(case, "people")] == ["ann", "bob", "cy", "dee"]


def test_not(rulebook: Rulebook) -> None:
    """`not:` adds no row; where a row leaves it open it says no; of a definition it states nothing."""
    case = said(
        rulebook,
        Statement("false", "memberships", ("ann", None, "yes", None, None), fixed=("voting",)),
        Statement("true", "memberships", ("ann", None, None, None, None)),
        Statement("false", "homes", ("bob", "yes", None, None), fixed=("in the area",)),
        Statement("false", "definitions/member", ("cy",)),
        Statement("false", "taking part", ("ann", "one", "voted"), fixed=("how",)),
    )
    assert facts(case, "memberships") == [("ann", "member", "no", None, None)]
    assert facts(case, "homes") == [] and facts(case, "taking part") == [] and case.assumed == ()
    assert [each[0] for each in facts(case, "people")] == ["ann", "bob", "cy"]


def test_not_asked_and_answers(rulebook: Rulebook) -> None:
    """Kinds may be taken out, and questions answered."""
    when = datetime.date(2018, 1, 1)
    case = said(
        rulebook,
        Statement("not asked", "relations"),
        Statement("answer", "definitions/related", ("ann", "bob"), answer="yes", when=when),
    )
    assert "relations" not in case.asked
    assert case.answers == (Answer("definitions/related", ("ann", "bob"), "yes", when=when),)
    assert [each[0] for each in facts(case, "people")] == ["ann", "bob"]


@pytest.mark.parametrize(
    "statements",
    [
        (
            Statement("true", "seats", (3, "ann", None, None)),
            Statement("true", "seats", (3, "bob", None, None)),
        ),
        (
            Statement("true", "taking part", ("ann", "one", "voted"), fixed=("how",)),
            Statement("false", "taking part", ("ann", "one", "voted"), fixed=("how",)),
        ),
        (
            Statement("true", "definitions/member", ("ann",)),
            Statement("false", "definitions/member", ("ann",)),
        ),
        (
            Statement("true", "definitions/member", ("ann",)),
            Statement("unknown", "definitions/member", ("ann",)),
        ),
    ],
)
def test_examples_that_contradict_themselves(rulebook: Rulebook, statements: tuple[Statement, ...]) -> None:
    """An example cannot say a thing and its opposite."""
    with pytest.raises(InputError) as caught:
        said(rulebook, *statements)
    assert {each.name for each in caught.value.diagnostics} == {"contradictory-example"}
