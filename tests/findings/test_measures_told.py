"""What is left open in figures, and where nothing is found, in words."""

from __future__ import annotations

from found import finding

PEOPLE = [{"person": each} for each in ("Ann", "Bob", "Cat")]


def test_where_a_list_was_not_asked_a_number_has_no_end() -> None:
    """There may be any number of members whom no record names."""
    found = finding("criteria/minimum-size", not_asked="memberships", people=PEOPLE)
    assert str(found.why()).splitlines()[1] == "Figures: 0 or more; at least 8 are needed."
