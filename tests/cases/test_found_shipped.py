"""Cases of the shipped rules in which too much or too little was once claimed, each with its cause."""

from __future__ import annotations

from typing import Any

import pytest

import bigrules
from bigrules.engines import conditions

RULEBOOK = bigrules.load_rulebook()


def finding(rule: str, reading: dict[str, str] | None = None, not_asked: str = "", **given: Any) -> Any:
    """The first finding of a rule; every kind was asked but the one that is named."""
    asked = {kind: [] for kind in RULEBOOK.model.vocabulary.kinds if kind != not_asked}
    case = RULEBOOK.read({**asked, **given}, as_of="2018-06-01")
    return RULEBOOK.check(case, confirm=True, reading=reading or {})[rule].findings[0]


def test_family_is_settled() -> None:
    """Five members and three relations of a kind that is not known: settled, and nobody asks about the fifth.

    judge._open stops at the first fact of which it cannot be shown that it matters, although others do.
    """
    people = [{"person": each} for each in "abcdg"]
    kinds = [("a", "b", "married"), ("b", "c", "?"), ("b", "d", "?"), ("a", "d", "?")]
    found = finding(
        "conflicts/family-limit",
        people=people,
        memberships=[*people[:4], {"person": "g", "until": "?"}],
        relations=[{"person": one, "other": other, "kind": kind} for one, other, kind in kinds],
    )
    assert found.outcome == "undecided" and found.settled
    assert not [each for each in found.missing if each.kind == "memberships"]


def test_implied_household_is_asked() -> None:
    """With whom they live is what has to be asked.

    Under the reading that a missing household is not known, all are put into one, and it is not asked which.
    """
    people = [{"person": each} for each in "abc"]
    reading = {"vocabulary": "somebody without a household is not known"}
    found = finding("conflicts/household-limit", reading, people=people, memberships=people)
    assert "household" in {each.field for each in found.missing}


def test_majority_of_seventy() -> None:
    """Seventy residents, and a list of members that is not complete: outsiders may outnumber them.

    The 64 fresh people of domains.fresh_for are too few for a share among 70 (shipped rule).
    """
    names = [{"person": f"p{number}"} for number in range(70)]
    homes = [{**each, "in the area": "yes"} for each in names]
    found = finding(
        "criteria/resident-majority",
        people=names,
        memberships=names,
        homes=homes,
        incomplete=[{"kind": "memberships"}],
    )
    assert found.outcome == "undecided"


def test_too_much_without_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large register with one thing unknown is judged, or left open; it does not end in a traceback.

    judge.evaluate raises TooMuch again where no list is open: a traceback.
    """
    monkeypatch.setattr(conditions, "MOST_ROWS", 100)
    people = [{"person": "hub"}, *({"person": f"k{number}"} for number in range(40))]
    relations = [{"person": "hub", "other": each["person"], "kind": "parent"} for each in people[1:]]
    relations[0]["kind"] = "?"
    assert (
        finding("criteria/minimum-size", people=people, memberships=people[:8], relations=relations).outcome
        == "met"
    )
