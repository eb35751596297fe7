"""Each thing that is not in use was offered as an answer of its own, all with the same words."""

from __future__ import annotations

import bigrules
from bigrules.findings.report import Missing
from found import finding


def test_answers_are_told_apart() -> None:
    """`none of these` is offered once."""
    people = [{"person": each} for each in "abc"]
    unknown = [{**each, "household": "?"} for each in people]
    found = finding("conflicts/household-limit", people=people, memberships=people, households=unknown)
    assert [[answer for answer, _ in each.answers] for each in found.missing] == [["none of these"]] * 3


def test_answers_that_lead_apart_settle_nothing() -> None:
    """The same words with two ends leave it open."""
    met, breached = bigrules.Outcome.MET, bigrules.Outcome.BREACHED
    missing = Missing(
        "site 1", "field", "kind", answers=(("none of these", met), ("none of these", breached))
    )
    assert missing.answers == (("none of these", bigrules.Outcome.UNDECIDED),)
