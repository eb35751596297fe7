"""Possible members were counted into a group that was stated."""

from __future__ import annotations

from found import finding


def test_explains_a_possible_member_as_one() -> None:
    """Somebody of whom it is not known that they are a member is not said to be in the group."""
    people = [{"person": each} for each in "abcd"]
    told = finding(
        "conflicts/family-limit",
        people=people,
        memberships=[*people[:3], {"person": "d", "capacity": "?"}],
        relations=[{"person": one, "other": other, "kind": "siblings"} for one, other in ("ab", "bc", "cd")],
    ).why()
    assert [each for each in told.reasons if "related" not in each] == [
        "A, b and c are one group.",
        "A, b, c and d would be one group, if all that may be so is so.",
        "Perhaps counted (1): d (memberships, record 4).",
    ]
