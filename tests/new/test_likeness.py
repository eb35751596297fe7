"""Which of the sentences that there are a new rule begins with."""

from __future__ import annotations

from pathlib import Path

from bigrules.tools.new_fact import new_fact
from bigrules.tools.new_rule import new_rule
from new.desk import club, text_at


def required(root: Path, id: str, title: str) -> str:
    """What a new rule on each member requires."""
    new_rule(id, str(root), title=title, for_each=["<person> is a member"])
    return text_at(root / f"{id}.yaml", "required")


def test_a_rare_word_counts_for_more_than_a_common_one_and_the_folder_for_nothing(tmp_path: Path) -> None:
    """`member` is said of everybody, and `play` is where the rule stands; only one sentence is about training."""
    root = club(tmp_path / "club")
    new_fact("trainings", str(root), says="<person> was trained on <day>")
    new_fact("games", str(root), says="<person> came to play as a member")
    new_fact("guests", str(root), says="<person> was brought by a member")
    assert required(root, "play/a", "Every member was trained") == "<person> was trained on <any day>"
    assert required(root, "play/trained", "") == "<person> was trained on <any day>"
    assert required(root, "play/b", "Every member came to play") == "<person> came to play as a member"
