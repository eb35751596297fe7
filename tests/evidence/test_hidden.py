"""Small counts: in what leaves a terminal none can be worked out, not even by whoever knows how they are hidden."""

from __future__ import annotations

import io
import itertools
import json
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from bigrules.cli import main
from bigrules.findings.names import NameMode
from bigrules.findings.profile import SMALL, Characteristic, Count, Group, hidden, without_own_words
from bigrules.render.as_json import dumps, report_data
from bigrules.render.report import report_lines
from bigrules.render.text import plain

from .society import BOOK, PLOTS, members, report


def exactly(*numbers: int) -> list[Count]:
    return [Count(each, each) for each in numbers]


def told(*numbers: int) -> tuple[str, ...]:
    return hidden(exactly(*numbers), Count(sum(numbers), sum(numbers)))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        # Nothing is small: all is told.
        ((7, 6, 0), ("7", "6", "none")),
        ((0, 0, 12), ("none", "none", "12")),
        ((5, 5), ("5", "5")),
        # One is small: none of the others is told exactly, or it would be what they leave of the total.
        ((7, 4, 0), ("5 or more", "fewer than 5", "none")),
        ((9, 3, 1, 0), ("5 or more", "fewer than 5", "fewer than 5", "none")),
        ((2, 1), ("fewer than 5", "fewer than 5")),
        # Even so only one number is left that it can be: nothing is told.
        ((3, 0, 0), ("not shown", "not shown", "not shown")),
        ((1, 5), ("not shown", "not shown")),
        ((1, 1), ("not shown", "not shown")),
        ((4, 4), ("not shown", "not shown")),
        # With four in each of two groups nothing could be told, so that nothing is told of any eight in two groups.
        ((3, 5), ("not shown", "not shown")),
        ((8, 0), ("8", "none")),
    ],
)
def test_what_is_told(numbers: tuple[int, ...], expected: tuple[str, ...]) -> None:
    assert told(*numbers) == expected


@pytest.mark.parametrize(("groups", "most"), [(2, 30), (3, 20), (4, 12)])
def test_nobody_can_work_a_small_count_out(groups: int, most: int) -> None:
    """Of all that looks the same in a report, no count is the same small one: tried for every total.

    This is what somebody can learn who knows the total, and exactly how counts are hidden.
    """
    tried = 0
    for total in range(1, most + 1):
        alike: dict[tuple[str, ...], list[tuple[int, ...]]] = defaultdict(list)
        for numbers in itertools.product(range(total + 1), repeat=groups):
            if sum(numbers) == total:
                alike[told(*numbers)].append(numbers)
        for words, ways in alike.items():
            for values in zip(*ways, strict=True):
                tried += 1
                assert len(set(values)) > 1 or not 0 < values[0] < SMALL, (words, ways[:3])
            # And no count that is told is a small one.
            assert not set(words) & set(map(str, range(1, SMALL)))
    assert tried > 500


def test_counts_that_are_not_known_are_small_where_they_may_be() -> None:
    """Of 3 to 7 it is not said which; of 0 to 3 that it is fewer than five; 5 to 9 is five or more."""
    counts = [Count(3, 7), Count(0, 3), Count(5, 9), Count(0, None)]
    assert hidden(counts, Count(8, None)) == ("not shown", "fewer than 5", "5 or more", "not shown")
    # What the bounds of the total leave would be the bounds themselves.
    assert hidden([Count(3, 7), Count(0, 0)], Count(3, 7)) == ("not shown", "not shown")
    assert hidden([Count(6, 7), Count(0, 0)], Count(6, 7)) == ("6 or 7", "none")


def test_own_words_stand_together() -> None:
    """What the area does not list may tell who says it; who prefers not to say tells nothing."""
    groups = (
        Group("woman", Count(2, 2), None, True),
        Group("Astronaut of Mars", Count(1, 1)),
        Group("knight", Count(1, 2)),
        Group("Prefers not to say", Count(1, 1)),
    )
    shown = without_own_words(Characteristic("gender", groups, Count()))
    assert [(each.name, each.count) for each in shown.groups] == [
        ("woman", Count(2, 2)),
        ("other answers", Count(2, 3)),
        ("Prefers not to say", Count(1, 1)),
    ]
    assert without_own_words(shown).groups[-1].name == "Prefers not to say"


# ---------------------------------------------------------------- reports

NAMES = ("Ann", "Bob", "Cid", "Dee", "Eli", "Flo", "Gus")
GENDERS = ("woman", "woman", "man", "knight", "prefers not to say", "man", "woman")
AREA = [{"characteristic": "gender", "group": each, "percent": 50} for each in ("woman", "man")]
# Three women, two men, one knight, and one who prefers not to say; nothing is known of their ages.
SEVEN = members(
    *NAMES,
    profiles=[{"person": name, "gender": gender} for name, gender in zip(NAMES, GENDERS, strict=True)],
    **{"area profile": AREA},
)
FULL = (
    "By gender: woman: 3 of 7 (in the area: 50%); man: 2 of 7 (in the area: 50%); knight: 1 of 7; "
    "prefers not to say: 1 of 7; not known: none."
)
KEPT_BACK = (
    "By gender: woman: fewer than 5 (in the area: 50%); man: fewer than 5 (in the area: 50%); other answers: "
    "fewer than 5; prefers not to say: fewer than 5; not known: none."
)


def unfolded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("names", "small_counts", "expected"),
    [
        ("full", None, FULL),
        ("full", True, FULL),
        ("full", False, KEPT_BACK),
        ("initials", None, KEPT_BACK),
        ("none", None, KEPT_BACK),
    ],
)
def test_small_counts_in_a_report(names: NameMode, small_counts: bool | None, expected: str) -> None:
    """They are told where names are told in full, if nobody says otherwise."""
    text = unfolded(plain(report_lines(report(SEVEN), names, small_counts=small_counts)))
    assert expected in text
    assert "How those who are counted are made up (7 people)" in text
    assert ("knight" in text) == (expected is FULL)


@pytest.mark.parametrize(("count", "said"), [(0, "0 people"), (1, "1 person"), (2, "2 people")])
def test_one_person_is_no_people(count: int, said: str) -> None:
    text = unfolded(plain(report_lines(report(members(*NAMES[:count], profiles=[])), "full")))
    assert f"How those who are counted are made up ({said})" in text


@pytest.mark.parametrize("names", ["full", "initials", "none"])
def test_no_small_count_is_in_json(names: NameMode) -> None:
    """Whatever is told of names."""
    made = report(SEVEN)
    (rule,) = [each for each in report_data(made, names)["rules"] if each["rule"] == "rules/open-to-all"]
    profile, share = rule["findings"][0]["evidence"]
    assert profile == {
        "sort": "profile",
        "of": "person",
        "least": 7,
        "greatest": 7,
        "characteristics": [
            {"by": "age band", "groups": [], "not known": "7"},
            {
                "by": "gender",
                "groups": [
                    {"group": "woman", "count": "fewer than 5", "percent in the area": 50},
                    {"group": "man", "count": "fewer than 5", "percent in the area": 50},
                    {"group": "other answers", "count": "fewer than 5", "percent in the area": None},
                    {"group": "prefers not to say", "count": "fewer than 5", "percent in the area": None},
                ],
                "not known": "none",
            },
        ],
        "not asked": [],
    }
    assert share["text"] == "0 to 7 of 7"
    assert "knight" not in dumps(rule)


@pytest.mark.parametrize("names", ["full", "initials", "none"])
def test_a_profile_names_nobody(names: NameMode) -> None:
    """Not even where everything else is told in full."""
    made = report(SEVEN)
    finding = made["rules/open-to-all"].findings[0]
    profile, _ = made.explain(finding, names).shown
    text = " ".join(profile.sentences())
    assert not any(name in text for name in (*NAMES, "A.", "person 1", "person-1"))


class Terminal(io.StringIO):
    """A stream that is, or is not, a terminal."""

    def __init__(self, is_one: bool) -> None:
        super().__init__()
        self.is_one = is_one

    def isatty(self) -> bool:
        return self.is_one


def run(monkeypatch: pytest.MonkeyPatch, terminal: bool, *words: str) -> str:
    stream = Terminal(terminal)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("NO_COLOR", "1")
    main([words[0], *words[1:], "--rulebook", str(BOOK)])
    return unfolded(stream.getvalue())


def seven(folder: Path) -> str:
    """The seven members as a file."""
    path = folder / "seven.json"
    path.write_text(json.dumps({"register": {"as of": "2018-06-01"}, **SEVEN}), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("terminal", "words", "expected"),
    [
        (True, ["check"], FULL),
        (True, ["check", "--names", "initials"], KEPT_BACK),
        (False, ["check", "--names", "full"], KEPT_BACK),
        (False, ["check"], KEPT_BACK),
        (True, ["explain"], FULL),
        (False, ["explain", "--names", "full"], KEPT_BACK),
    ],
)
def test_small_counts_stay_on_a_terminal_with_names_in_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, terminal: bool, words: list[str], expected: str
) -> None:
    """A file has none, even where it is asked to have names; nor a terminal without names."""
    command, *further = words
    no_confirm = ["--no-confirm"] if command == "check" else ["open-to-all"]
    text = run(monkeypatch, terminal, command, seven(tmp_path), *no_confirm, *further)
    assert expected in text
    assert ("knight" in text) == (expected is FULL)


def test_json_has_no_small_count_even_on_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = ("check", seven(tmp_path), "--no-confirm", "--format", "json", "--names", "full")
    text = run(monkeypatch, True, *words)
    assert '"count": "fewer than 5"' in text and "knight" not in text


def test_what_is_not_all_known_is_hidden_too() -> None:
    """Four or five are members, and of each group it is known only that it is small."""
    text = unfolded(plain(report_lines(report(PLOTS), "initials")))
    assert "not known: fewer than 5" in text
    assert "45 to 64: none (in the area: 27%)" in text
