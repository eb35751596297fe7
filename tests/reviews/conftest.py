"""The chess club, whose review is small enough to be worked out by hand."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bigrules
from bigrules.findings.pack import Pack

HERE = Path(__file__).parent
CLUB = HERE / "club"

# Three players, of whom everything is known: nothing is missing.
COMPLETE: dict[str, Any] = {
    "register": {"name": "Rook & Pawn", "as of": "2018-03-15"},
    "people": [{"person": each} for each in ("Ann Example", "Bob Sample", "Cid Mock", "Zoe Outside")],
    "memberships": [{"person": each} for each in ("Ann Example", "Bob Sample", "Cid Mock")],
    "offices": [{"person": "Ann Example", "office": "chair"}],
    "homes": [
        {"person": "Ann Example", "in town": "yes"},
        {"person": "Bob Sample", "in town": "no"},
        {"person": "Cid Mock", "in town": "yes"},
        {"person": "Zoe Outside", "in town": "no"},
    ],
    "relations": [],
    "forms": [
        {"person": "Ann Example", "day": "2018-01-02"},
        {"person": "Bob Sample", "day": "2018-01-03"},
        {"person": "Cid Mock", "day": "2018-03-15"},
    ],
    "replies": [{"year": 2018, "fair": "yes", "day": "2018-03-10", "why": "everybody got a turn"}],
    "letters": [],
    "promises": [],
    "answers": [{"question": "rules/welcoming", "answer": "yes", "when": "2018-03-01"}],
}

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="session")
def club() -> bigrules.Rulebook:
    return bigrules.load_rulebook(CLUB)


def register(*changes: Change) -> dict[str, Any]:
    """The register with changes made to it."""
    made = copy.deepcopy(COMPLETE)
    for each in changes:
        each(made)
    return made


@pytest.fixture(scope="session")
def fill(club: bigrules.Rulebook) -> Callable[..., Pack]:
    """The pack of the register with changes."""

    def filled(*changes: Change, year: int = 2018, as_of: str | None = None, **more: Any) -> Pack:
        return club.review(club.read(register(*changes), as_of=as_of), year, **more)

    return filled
