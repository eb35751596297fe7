"""What an example cannot say, as it has no blank in it: a capacity, and a beginning, that are not known."""

from __future__ import annotations

from found import finding


def test_a_capacity_that_is_not_known() -> None:
    """The eighth may be an observer, who is not counted; where there are eight others it does not matter."""
    people = [{"person": each} for each in "abcdefgh"]
    unknown = [*people[:7], {"person": "h", "capacity": "?"}]
    found = finding("criteria/minimum-size", people=people, memberships=unknown)
    assert found.outcome == "undecided"
    assert found.why().reasons == (
        "Counted (7): a, b, c, d, e, f and g (memberships, records 1 to 7).",
        "Perhaps too (1): h (memberships, record 8).",
    )
    people = [*people, {"person": "i"}]
    found = finding("criteria/minimum-size", people=people, memberships=[*unknown, {"person": "i"}])
    assert found.outcome == "met"


def test_a_beginning_that_is_blank_before_an_earlier_decision() -> None:
    """A blank `from` says that the membership has begun by now, and not that it had by the decision."""
    given = {
        "people": [{"person": "a"}],
        "memberships": [{"person": "a"}],
        "taking_part": [{"person": "a", "decision": "roof", "how": "voted"}],
        "candidates": [{"decision": "roof", "organisation": "tilers"}],
        "interests": [{"person": "a", "organisation": "tilers", "how": "owner", "from": "2017-01-01"}],
    }
    rule = "conflicts/decision-direct-interest"
    earlier = [{"decision": "roof", "about": "contract", "day": "2018-03-01"}]
    assert finding(rule, **given, decisions=earlier).outcome == "undecided"
    # On the day of judging it has begun.
    today = [{"decision": "roof", "about": "contract", "day": "2018-06-01"}]
    assert finding(rule, **given, decisions=today).outcome == "breached"
