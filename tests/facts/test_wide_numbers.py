"""A whole number between bounds that are far apart: not each of them is tried, and yet it can come out either way."""

from __future__ import annotations

from pathlib import Path

import pytest

import bigrules
from bigrules import InputError

BOOK = {
    "rulebook.yaml": "rulebook: Scores\nformat: 1\nversion: 1.0.0\nedition: 2020\n",
    "vocabulary.yaml": """
people:
  lists: person
  fields: {person: {is: person}}
scores:
  key: [person]
  fields:
    person: {is: person}
    score: {is: whole number, from: 1, to: 100000}
  sentences: [<person> scored <score>]
""",
}
RULE = "rule: x\nforce: must\nfor each: <person> scored <score>\nrequired: <score> is %s\n"


def outcome(tmp_path: Path, test: str, score: str | int) -> str:
    """What a rule about a score comes to."""
    for name, text in {**BOOK, "a.yaml": RULE % test}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    rulebook = bigrules.load_rulebook(tmp_path)
    case = rulebook.read(
        {"people": [{"person": "a"}], "scores": [{"person": "a", "score": score}]}, "2018-06-01"
    )
    return str(rulebook.check(case, confirm=True).outcome)


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("at least 1", "conforms"),
        ("at least 2", "open"),
        ("more than 50000", "open"),
        ("at least 100000", "open"),
        ("more than 99999", "open"),
        ("at most 100000", "conforms"),
        ("less than 100000", "open"),
        ("less than 2", "open"),
        ("at most 1", "open"),
        ("777", "open"),
        ("not one of 1, 100000", "open"),
    ],
)
def test_an_unknown_number_can_be_any_between_its_bounds(tmp_path: Path, test: str, found: str) -> None:
    """It is never below the least nor above the greatest, and every number between is possible."""
    assert outcome(tmp_path, test, "?") == found


def test_a_year_of_a_review_has_four_figures() -> None:
    """`18` for 2018 is no year that anybody means."""
    rulebook = bigrules.load_rulebook()
    with pytest.raises(InputError, match="`18` is less than 1900"):
        rulebook.read({"reviews": [{"year": 18, "day": "2018-10-01", "through": "?"}]}, "2018-11-01")
