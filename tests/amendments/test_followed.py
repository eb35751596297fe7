"""What other rules say of a rule is said of what an amendment puts in its place."""

from __future__ import annotations

from pathlib import Path

import bigrules

MANIFEST = (
    "amendment: Two thirds\nformat: 1\nversion: 0.1.0\nover: Big Local partnerships\nby: constitution 4\n"
)
RESIDENTS = """
rule: At least two thirds of the members live in the area
source: criteria.4
force: must
replaces: criteria/resident-majority
required:
  share of: <person>
  among: <person> is a member
  where: <person> lives in the area
  at least: 2/3
examples:
  - {given: [<1> is a member, <1> lives in the area], then: met}
"""


def test_what_has_to_be_told_is_told_of_the_rule_in_place_of_a_criterion(tmp_path: Path) -> None:
    """Nine of fifteen are a majority and not two thirds: only with the amendment a criterion is breached."""
    (tmp_path / "amendment.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "residents.yaml").write_text(RESIDENTS, encoding="utf-8")
    people = [f"p{number}" for number in range(15)]
    data = {
        "people": [{"person": each} for each in people],
        "memberships": [{"person": each} for each in people],
        "homes": [
            {"person": each, "in_the_area": "yes" if at < 9 else "no"} for at, each in enumerate(people)
        ],

        "answers": [
            {
                "question": "criteria/reflects-the-area", "about": [], "answer": "yes",
                "who": "the members", "when": "2018-05-01", "why": "we looked",
            }
        ],
    }  # fmt: skip
    plain = bigrules.load_rulebook()
    # All else was asked, and there is none of it.
    data = {**{kind.replace(" ", "_"): [] for kind in plain.model.vocabulary.given}, **data}
    report = plain.check(plain.read(data, "2018-06-01"))
    assert report["criteria/resident-majority"].outcome == "met"
    assert report["review/say-what-will-be-done"].outcome == "not applicable"
    amended = bigrules.load_rulebook(tmp_path)
    case = amended.read(data, "2018-06-01")
    report = amended.check(case, confirm=True)
    assert report["criteria/resident-majority"].outcome == "not applicable"
    assert report["criteria/resident-majority"].findings[0].would_be == "met"
    assert report["residents"].outcome == "breached"
    assert report["review/say-what-will-be-done"].outcome == "breached"
    (pack,) = [each for each in amended.review(case, 2018).criteria if each.rule == "residents"]
    assert pack.outcome == "breached"
