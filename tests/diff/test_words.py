"""What differs, in sentences."""

from __future__ import annotations

import pytest

from bigrules.render.diff_words import sides
from bigrules.tools.diff_cases import FindingChange


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ((("A. E.", "B. S."),), "Concerned: A. E. and B. S."),
        ((("Ann Example",), ("Bob Sample",)), "Concerned: Ann Example; Bob Sample."),
    ],
)
def test_one_full_stop_behind_people(people: tuple[tuple[str, ...], ...], said: str) -> None:
    """Initials end with one already."""
    change = FindingChange(
        "a/b", "A rule", "", "breached", "met", concerned_before=people, why_after=("So.",)
    )
    assert sides(change) == [("Before", [said]), ("Now", ["So."])]
