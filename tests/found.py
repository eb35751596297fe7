"""The first finding of a shipped rule on a register in which every list is asked, but for those that are named."""

from __future__ import annotations

from typing import Any

import bigrules

KINDS = (
    *("people", "memberships", "homes", "households", "relations", "offices"),
    *("work", "decisions", "taking part", "candidates", "interests"),
)


def finding(
    rule: str, reading: dict[str, str] | None = None, not_asked: str = "", **given: Any
) -> bigrules.Finding:
    """What a rule finds.

    Args:
        rule: Its id.
        reading: Readings to apply in place of the adopted ones.
        not_asked: Names of lists that the register does not have, with commas between.
        given: The lists that are not empty.
    """
    rulebook = bigrules.load_rulebook()
    asked = [each for each in KINDS if each not in not_asked.split(", ")]
    register = {each: given.get(each.replace(" ", "_"), []) for each in asked}
    case = rulebook.read(register, as_of="2018-06-01")
    return rulebook.check(case, reading=reading or {})[rule].findings[0]
