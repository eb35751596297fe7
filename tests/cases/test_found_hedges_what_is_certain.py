"""What a record certainly says was told as possible where its sentence says what is not known of it."""

from __future__ import annotations

from found import finding


def test_a_day_that_is_not_known() -> None:
    """A decision that is recorded was taken on some day: only which is not known."""
    told = finding(
        "conflicts/decision-direct-interest",
        people=[{"person": "a"}],
        memberships=[{"person": "a", "from": "2018-01-05"}],
        decisions=[{"decision": "e", "about": "contract", "day": "?"}],
        taking_part=[{"person": "a", "decision": "e", "how": "voted"}],
        candidates=[{"decision": "e", "organisation": "o"}],
        interests=[{"person": "a", "organisation": "o", "how": "owner", "from": "2017-01-05"}],
    ).why()
    assert "E was taken on a day that is not known (decisions, record 1)." in told.reasons
    assert "A was involved in e, because a voted in e (taking part, record 1)." in told.reasons


def test_a_decision_is_called_one_once() -> None:
    """Where names are held back, a decision is `decision 1`."""
    told = finding(
        "conflicts/decision-direct-interest",
        decisions=[{"decision": "e", "about": "contract", "day": "2018-03-01"}],
    )
    assert (told.why("none").subject, told.why().subject) == ("decision 1", "decision e")
