"""Figures and reasons counted the people by whom any number of people is stood for."""

from __future__ import annotations

from found import finding


def test_strangers_are_not_listed() -> None:
    """Where members were not asked there is no greatest number, and strangers are not listed one by one."""
    told = finding("criteria/minimum-size", not_asked="memberships", people=[{"person": "a"}]).why()
    assert told.figures == ("0 or more; at least 8 are needed",)
    assert told.reasons == (
        "Perhaps counted: a and any number of people who are not recorded.",
        "Not asked, so that anything may be so: memberships.",
    )


def test_a_share_of_strangers_has_no_greatest_size() -> None:
    """Nor has what a share is taken of."""
    found = finding("criteria/resident-majority", not_asked="memberships", people=[{"person": "a"}])
    assert found.why().figures == ("0% to 100% of 0 or more; at least 51% is needed",)
