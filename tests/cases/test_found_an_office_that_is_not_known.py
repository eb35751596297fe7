"""An office that is not known was taken for a role that is recorded: some office it is, whichever that may be."""

from __future__ import annotations

import pytest

from found import finding


@pytest.mark.parametrize(
    ("capacity", "office", "outcome"),
    [("?", "?", "undecided"), ("?", "chair", "met"), ("", "?", "met")],
)
def test_a_role_is_recorded_where_one_is_known(capacity: str, office: str, outcome: str) -> None:
    """The pack of the review said at the same time that the role is missing."""
    people = [{"person": "a"}]
    found = finding(
        "review/members-described",
        people=people,
        memberships=[{"person": "a", "capacity": capacity}],
        offices=[{"person": "a", "office": office}],
        homes=[{"person": "a", "in the area": "no"}],
    )
    assert found.outcome == outcome
