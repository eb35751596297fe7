"""Of eight members, with nothing else asked, each two were told in twenty lines of their own: 1,400 lines in all."""

from __future__ import annotations

import bigrules
from bigrules.render.report import report_lines

RULE = "conflicts/care-about-workers"


def _lines(members: str, show_all: bool = False) -> list[str]:
    people = [{"person": each} for each in members]
    rulebook = bigrules.load_rulebook()
    report = rulebook.check(rulebook.read({"people": people, "memberships": people}, as_of="2018-06-01"))
    assert len([each for each in report[RULE].findings if not each.further]) == len(members) * (
        len(members) - 1
    )
    return [each.text for each in report_lines(report, show_all=show_all)]


def _about(lines: list[str]) -> list[str]:
    start = next(number for number, each in enumerate(lines) if each.endswith(RULE))
    rest = lines[start + 1 :]
    end = next(number for number, each in enumerate(rest) if " · " in each)
    return [each for each in rest[:end] if each.startswith(("About ", "It is open about "))]


def test_one_pair_of_many_is_told() -> None:
    """Which lists to ask about is said once; how many others it is open for, too."""
    told = [each for each in _about(_lines("abc")) if "not recorded" not in each]
    also = "It is open about 5 more, such as a and c, by the same lists that were not asked."
    assert told == ["About a and b.", also]


def test_few_pairs_are_told_one_by_one() -> None:
    """Up to five."""
    told = [each for each in _about(_lines("ab")) if "not recorded" not in each]
    assert told == ["About a and b.", "About b and a."]


def test_all_are_told_to_whoever_wants_all() -> None:
    """With `--all` nothing is left out."""
    told = [each for each in _about(_lines("abc", show_all=True)) if "not recorded" not in each]
    assert len(told) == 6
