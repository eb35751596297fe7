"""The page on limits names everything that is left to people, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from properties.evaluators import shipped

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text("utf-8")
NAMED = set(
    re.findall(
        r"`((?:role|expectations|delivering|criteria|conflicts|review|support|definitions)/[\w-]+)`", PAGE
    )
)


def test_every_question_is_named() -> None:
    """Rules and definitions that put a question to people."""
    asking = {each.id for each in shipped().rules.values() if each.ask}
    asking |= {each.id for each in shipped().definitions.values() if each.people_decide is not None}
    assert asking - NAMED == set()


def test_nothing_is_named_that_decides_by_facts() -> None:
    """What the page says is left to people is."""
    rules, definitions = shipped().rules, shipped().definitions
    for each in NAMED:
        assert each in rules or each in definitions, each
        assert each not in rules or rules[each].ask, f"{each} asks nobody"
        assert each not in definitions or definitions[each].people_decide is not None, f"{each} asks nobody"
