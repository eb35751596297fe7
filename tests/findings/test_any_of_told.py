"""Where one of several things would do and there is none, each that is lacking is named."""

from __future__ import annotations

from pathlib import Path

from bigrules import load_rulebook

BOOK = {
    "rulebook.yaml": "rulebook: A book\nformat: 1\nversion: 1.0.0\nedition: 2020\n",
    "clauses.yaml": "a.1: {section: A}\n",
    "vocabulary.yaml": """
budget:
  fields:
    for: {one of: [training, tea, other]}
  sentences:
    - says: the budget has money for training
      with: {for: training}
      otherwise: the budget has no money for training
    - says: the budget has money for tea
      with: {for: tea}
      otherwise: the budget has no money for tea
    - says: the budget has money for <for>
      otherwise: the budget has no money for <for>
""",
    "money.yaml": """
rule: There is money for training or for tea
source: a.1
force: should
required:
  any of:
    - the budget has money for training
    - the budget has money for tea
""",
}


def reasons(folder: Path, *lines: str) -> str:
    """Why the rule comes out as it does with these lines of the budget."""
    for name, text in BOOK.items():
        (folder / name).write_text(text, encoding="utf-8")
    rulebook = load_rulebook(folder)
    report = rulebook.check(rulebook.read({"budget": [{"for": each} for each in lines]}, as_of="2018-06-01"))
    return " ".join(report["money"].findings[0].why().reasons)


def test_each_that_is_lacking_is_named(tmp_path: Path) -> None:
    said = "The budget has no money for training and the budget has no money for tea."
    assert reasons(tmp_path) == reasons(tmp_path, "other") == said


def test_the_one_that_is_there_is_named_alone(tmp_path: Path) -> None:
    assert reasons(tmp_path, "tea") == "The budget has money for tea (budget, record 1)."
