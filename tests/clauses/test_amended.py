"""The trace of a rulebook with an amendment: its own paragraphs, and what it takes away."""

from __future__ import annotations

from pathlib import Path

from bigrules.language import load
from bigrules.tools.trace import trace

ROOT = Path(__file__).parents[2]


def test_paragraphs_that_only_an_amendment_names_are_encoded() -> None:
    """`by:` of an amendment names the paragraph by which it changes a rule below."""
    rulebook, _ = load(ROOT / "examples" / "constitution")
    assert rulebook is not None
    traced = trace(rulebook)
    files = {each.clause.id: [file.id for file in each.encoded_by] for each in traced.clauses}
    assert files["constitution.4.1"] == ["criteria/minimum-size"]
    assert files["constitution.6.3"] == ["definitions/involved"]
    assert [each for each in traced.diagnostics if each.severity == "error"] == []


def test_what_an_amendment_takes_away_is_a_warning() -> None:
    """Eight members are permitted by the guidance, and not by a constitution that asks for ten."""
    rulebook, _ = load(ROOT / "examples" / "constitution")
    assert rulebook is not None
    found = trace(rulebook).diagnostics
    (eighth,) = [each for each in found if "`the eighth joins on the day`" in each.message]
    assert (eighth.code, eighth.severity) == ("BR347", "warning")
    assert "is not met under “Constitution of a partnership (made up)”" in eighth.message
