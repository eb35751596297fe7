"""The allotment society that evidence is tried on: its rulebook, and registers of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bigrules

HERE = Path(__file__).parent
BOOK = HERE / "book"
PLOTS = HERE / "plots.yaml"
DAY = "2018-06-01"

_kept: dict[str, bigrules.Rulebook] = {}


def rulebook() -> bigrules.Rulebook:
    """The rulebook, loaded once."""
    if "book" not in _kept:
        _kept["book"] = bigrules.load_rulebook(BOOK)
    return _kept["book"]


def report(register: Any, as_of: str = DAY) -> bigrules.Report:
    """The report on a register, as plain data or a path."""
    book = rulebook()
    return book.check(book.read(register, as_of=as_of))


def members(*names: str, **further: Any) -> dict[str, Any]:
    """A register of members, in which nothing else was asked that is not given."""
    return {
        "people": [{"person": each} for each in names],
        "memberships": [{"person": each} for each in names],
        **further,
    }
