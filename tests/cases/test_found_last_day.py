"""`last day does not count` reached what is certain alone: neither votes, nor what people decide."""

from __future__ import annotations

from found import finding

LAST_DAY = "last day does not count"


def test_of_a_voting_member() -> None:
    """Whoever ceases to be a member on this day is no voting member under that reading."""
    given = {
        "people": [{"person": "a"}],
        "memberships": [{"person": "a", "voting": "yes", "until": "2018-06-01"}],
        "work": [{"person": "a", "pay": "wage"}],
    }
    rule = "conflicts/worker-not-voting-member"
    assert finding(rule, **given).outcome == "breached"
    assert finding(rule, {"definitions/member": LAST_DAY}, **given).outcome == "met"


def test_of_another_office() -> None:
    """Whose other office ends on this day is not for judgement under that reading."""
    given = {
        "people": [{"person": "a"}, {"person": "b"}],
        "offices": [
            {"person": "a", "office": "chair"},
            {"person": "b", "office": "other", "until": "2018-06-01"},
        ],
        "relations": [{"person": "a", "other": "b", "kind": "married"}],
    }
    rule = "conflicts/officers-not-related"
    assert finding(rule, **given).outcome == "judgement"
    assert finding(rule, {"definitions/position-of-power": LAST_DAY}, **given).outcome == "met"
    given["offices"] = [{**each, "until": "2018-06-02"} for each in given["offices"]]
    assert finding(rule, {"definitions/position-of-power": LAST_DAY}, **given).outcome == "judgement"


def test_of_a_single_fee() -> None:
    """Nor is a single fee for work that ends on this day."""
    given = {
        "people": [{"person": "a"}],
        "memberships": [{"person": "a", "voting": "yes"}],
        "work": [{"person": "a", "pay": "single fee", "until": "2018-06-01"}],
    }
    rule = "conflicts/worker-not-voting-member"
    assert finding(rule, **given).outcome == "judgement"
    assert finding(rule, {"definitions/paid-worker": LAST_DAY}, **given).outcome == "met"
