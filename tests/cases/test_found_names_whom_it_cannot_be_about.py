"""Two officers were named as perhaps without care, though people had said of just these two that it was taken.

What is asked about them, and what they are asked about, turn on the same unknown home: each by itself was open.
"""

from __future__ import annotations

from typing import Any

import bigrules

OFFICES = {"ann": "chair", "bob": "secretary", "cal": "treasurer"}
GIVEN: dict[str, Any] = {
    "people": [{"person": each} for each in OFFICES],
    "memberships": [],
    "offices": [{"person": each, "office": office} for each, office in OFFICES.items()],
    "households": [{"person": each, "household": "?"} for each in OFFICES],
    "relations": [],
    "work": [],
}


def _found(**answers: str) -> bigrules.Finding:
    question = "definitions/care-taken"
    said = [
        {"question": question, "about": two.split("_"), "answer": answer} for two, answer in answers.items()
    ]
    rulebook = bigrules.load_rulebook()
    case = rulebook.read({**GIVEN, "answers": said}, as_of="2018-06-01")
    return rulebook.check(case)["conflicts/care-about-officers"].findings[0]


def test_who_is_answered_for_is_not_open() -> None:
    """Of the three pairs, only the two of which people said no may be in breach."""
    found = _found(ann_bob="yes", ann_cal="no", bob_cal="no")
    assert found.outcome == "undecided"
    assert [each.concerned for each in found.witnesses] == [{"ann", "cal"}, {"bob", "cal"}]
    assert not any("ann and bob are close" in each for each in found.why().reasons)


def test_who_is_not_answered_for_is_open() -> None:
    """Without the answers each pair may be."""
    found = _found()
    assert [each.concerned for each in found.witnesses] == [{"ann", "bob"}, {"ann", "cal"}, {"bob", "cal"}]
