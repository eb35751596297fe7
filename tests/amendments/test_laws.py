"""Laws: an amended rulebook is the rulebook with the same change made by hand in its files, and nothing else."""

from __future__ import annotations

import datetime
import itertools
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bigrules
from amendments.by_hand import Change, amendment, change_of, copied, files_of, loaded, read, said_by
from amendments.society import base
from bigrules.language import in_force, shipped_path
from properties.agree import differences

LONG = os.environ.get("BIGRULES_PROFILE") == "long"
TESTS = Path(__file__).parents[1]
FIRST, LAST = datetime.date(2018, 4, 1), datetime.date(2018, 6, 30)
DAY = datetime.timedelta(days=1)
DAYS = (FIRST - DAY, FIRST, LAST, LAST + DAY)


def books(folder: Path, shipped: bool = False) -> Iterator[tuple[Path, int]]:
    """Rulebooks, and how often each is changed; the shipped one takes long to read."""
    yield base(folder), 400 if LONG else 8
    yield copied(TESTS / "language/readable", folder / "readable"), 200 if LONG else 2
    yield copied(TESTS.parent / "examples/neighbourhood-forum", folder / "forum"), 200 if LONG else 1
    if LONG or shipped:
        yield copied(shipped_path(), folder / "shipped"), 200 if LONG else 1


def test_an_amendment_is_the_change_made_by_hand(tmp_path: Path) -> None:
    """Both are the same rulebook; or neither can be read."""
    usable = 0
    for book, times in books(tmp_path, shipped=True):
        rng = random.Random(book.name)
        for _ in range(times):
            change = change_of(book, rng)
            hand = copied(book, tmp_path / "hand")
            change.by_hand(hand)
            north = amendment(tmp_path / "north", book, {"changed": change.as_amendment()})
            one, other = loaded(north), loaded(hand)
            assert said_by(one) == said_by(other), change
            usable += one is not None
    assert usable > times


def test_each_side_of_each_day_is_the_one_or_the_other(tmp_path: Path) -> None:
    """On its days an amended rulebook is the changed one, and on all others what it was."""
    tried = 0
    for book, times in books(tmp_path):
        rng = random.Random(f"{book.name} in time")
        rules = [
            each for each in files_of(book) if "rule" in (tree := read(book / each)) and "on" not in tree
        ]
        before = loaded(book)
        for _ in range(times):
            change = change_of(book, rng, files=rules)
            hand = copied(book, tmp_path / "hand")
            change.by_hand(hand)
            days = {"from": str(FIRST), "until": str(LAST)}
            where = rng.choice(("file", "all"))
            north = amendment(
                tmp_path / "north", book,
                {"changed": change.as_amendment(**(days if where == "file" else {}))},
                **(days if where == "all" else {}),
            )  # fmt: skip
            amended, after = loaded(north), loaded(hand)
            assert (amended is None) == (after is None), change
            if amended is None:
                continue
            tried += 1
            for day in DAYS:
                assert said_by(in_force(amended, day)) == said_by(after if FIRST <= day <= LAST else before)
    assert tried > times


def test_laid_one_after_the_other_is_changed_one_after_the_other(tmp_path: Path) -> None:
    """Three amendments, each over the one below, are three changes by hand."""
    usable = 0
    for book, times in books(tmp_path):
        rng = random.Random(f"{book.name} thrice")
        for _ in range(times // 2 or 1):
            hand = copied(book, tmp_path / "hand")
            over, layers = book, []
            for number in range(3):
                change = change_of(hand, rng, files=files_of(book)[:4])
                change.by_hand(hand)
                over = amendment(tmp_path / f"layer-{number}", over, {"changed": change.as_amendment()})
                layers.append(over)
            after = said_by(loaded(hand))
            assert said_by(loaded(over)) == said_by(loaded(book, *layers)) == after
            usable += after is not None
    assert usable


def test_the_names_of_files_make_no_difference(tmp_path: Path) -> None:
    """Changes of several files in one amendment, under any names."""
    book = base(tmp_path)
    rng = random.Random("names")
    for _ in range(100 if LONG else 3):
        changes = [change_of(book, rng, each) for each in rng.sample(files_of(book), 3)]
        said = []
        for order in itertools.permutations(changes):
            files = {f"{'abc'[at]}{rng.randrange(99)}": each.as_amendment() for at, each in enumerate(order)}
            said.append(said_by(loaded(amendment(tmp_path / "north", book, files))))
        assert all(each == said[0] for each in said)


def test_what_changes_nothing_changes_nothing(tmp_path: Path) -> None:
    """The same text in its own place, or an amendment without any file, leaves the rulebook as it is."""
    for book, times in books(tmp_path):
        rng = random.Random(f"{book.name} nothing")
        before = loaded(book)
        assert said_by(loaded(amendment(tmp_path / "north", book, {}))) == said_by(before)
        for _ in range(times // 4 or 1):
            change = change_of(book, rng)
            same = {**change.as_amendment(), "to": {change.key: change.old}}
            assert said_by(loaded(amendment(tmp_path / "north", book, {"same": same}))) == said_by(before)


# ---------------------------------------------------------------- findings on random registers


def register(rng: random.Random) -> tuple[dict[str, Any], datetime.date]:
    """A register of the society at random, with things about the days, and the day of judging."""
    people = [f"p{each}" for each in range(rng.randrange(1, 7))]
    days = [*map(str, DAYS), "2018-05-01", "?"]

    def some(most: int) -> list[str]:
        return [rng.choice(people) for _ in range(rng.randrange(most))]

    kinds = ("full", "full", "junior", "?")
    given: dict[str, Any] = {
        "people": [{"person": each} for each in people],
        "memberships": [
            {
                "person": each,
                "kind": rng.choice(kinds),
                "from": "2010-01-01",
                "until": rng.choice(("", "", *days[:4])),
            }
            for each in people
        ],
        "plots": [{"person": each, "plot": rng.choice("abcd"), "from": "2010-01-01"} for each in some(9)],
        "founders": [{"person": each} for each in dict.fromkeys(some(4))],
        "owing": [{"person": each} for each in dict.fromkeys(some(4))],
        "meetings": [{"meeting": f"m{at}", "day": rng.choice(days)} for at in range(rng.randrange(4))],
    }
    given["attending"] = [
        {"person": one, "meeting": each["meeting"]}
        for each in given["meetings"]
        for one in dict.fromkeys(some(9))
    ]
    for each in rng.sample(("plots", "founders", "owing"), rng.choice((0, 0, 0, 1))):
        del given[each]
    return given, rng.choice((*DAYS, datetime.date(2019, 1, 1)))


def findings(
    book: bigrules.Rulebook, given: dict[str, Any], day: datetime.date, confirm: bool = False
) -> Any:
    """What is found, by rule and subject."""
    report = book.check(book.read(given, as_of=day), confirm=confirm)
    return {
        (each.rule, each.subject): (
            str(each.outcome),
            each.figures,
            {one.concerned for one in each.witnesses},
        )
        for each in report.findings
    }


ACTIVE = (
    ["<person> is a member"],
    ["<person> is a member as <kind>", "<kind> is junior"],
    ["<person> is a member as <kind>", "<kind> is full", {"unless": "<person> owes rent"}],
)
FILES = ("size", "plots", "definitions/active", "quorum", "warned")


@pytest.mark.parametrize("file", FILES)
def test_it_finds_what_the_changed_files_find(tmp_path: Path, file: str) -> None:
    """On each side of each day, with both engines; a rule with a day of its own by that day."""
    book = base(tmp_path)
    rng = random.Random(file)
    before, compared = bigrules.load_rulebook(book), 0
    for turn in range(40 if LONG else 2):
        change = change_of(book, rng, f"{file}.yaml")
        if file == "definitions/active":
            old = read(book / change.file)["holds when"]
            change = Change(change.file, "holds when", old, ACTIVE[turn % len(ACTIVE)])
        hand = copied(book, tmp_path / "hand")
        change.by_hand(hand)
        north = amendment(
            tmp_path / "north",
            book,
            {"changed": change.as_amendment(**{"from": str(FIRST), "until": str(LAST)})},
        )
        if loaded(hand) is None:
            assert loaded(north) is None
            continue
        amended, after = bigrules.load_rulebook(north), bigrules.load_rulebook(hand)
        for number in range(60 if LONG else 6):
            given, day = register(rng)
            old, new = findings(before, given, day), findings(after, given, day)
            mine = findings(amended, given, day, confirm=not turn and not number)
            for (rule, subject), said in mine.items():
                id = rule.partition("@until-")[0]
                own = [value for _, value in subject if isinstance(value, datetime.date)]
                if id == "warned" and file in ("quorum", "definitions/active"):
                    continue  # It speaks of meetings on several days at once.
                if id == "quorum" and not own:
                    continue  # … and so does a meeting on a day that is not known.
                on = own[0] if own else day
                expected = (
                    (new if FIRST <= on <= LAST else old)[id, subject] if (id, subject) in old else None
                )
                if rule != id or said[0] == "not applicable":
                    texts = [
                        mine.get((each, subject))
                        for each in amended.rules
                        if each.partition("@until-")[0] == id
                    ]
                    in_play = [each for each in texts if each is not None and each[0] != "not applicable"]
                    said = in_play[0] if in_play else said
                if expected is None or "not applicable" in (said[0], expected[0]):
                    assert said[0] == (expected or said)[0], (change, given, day, rule, subject)
                    continue
                assert said == expected, (change, given, day, rule, subject)
                compared += 1
    assert compared


def test_what_is_disapplied_is_breached_for_nobody(tmp_path: Path) -> None:
    """It would be what it was, and nothing else changes; on other days it is what it was."""
    book = base(tmp_path)
    before = bigrules.load_rulebook(book)
    rng = random.Random("disapplied")
    for id in ("size", "plots", "quorum"):
        file = {"amendment": "Not this", "amends": id, "disapply": "yes", "from": str(FIRST)}
        north = bigrules.load_rulebook(amendment(tmp_path / "north", book, {"not": file}))
        for _ in range(200 if LONG else 8):
            given, day = register(rng)
            old = before.check(before.read(given, as_of=day))
            new = north.check(north.read(given, as_of=day))
            assert [(each.rule, each.subject) for each in old.findings] == [
                (each.rule, each.subject) for each in new.findings
            ]
            for was, now in zip(old.findings, new.findings, strict=True):
                if was.rule == "warned" and id == "quorum":
                    continue
                on = [value for _, value in was.subject if isinstance(value, datetime.date)]
                out = was.rule == id and (on[0] if on else day) >= FIRST
                if was.rule == "quorum" and not on:
                    continue
                # What would have been found is said as if none of its own exceptions applied either.
                own = was.rule == "plots" and any("An exception" in each for each in was.why().sentences())
                if out and own:
                    assert str(now.outcome) == "not applicable"
                elif not out or str(was.outcome) == "not applicable":
                    assert (was.outcome, was.exception) == (now.outcome, now.exception)
                else:
                    assert (str(now.outcome), now.would_be) == ("not applicable", was.outcome)
                    assert now.exception.startswith(f"{id} unless ")


def test_the_oracle_finds_the_same(tmp_path: Path) -> None:
    """By completions, on small cases: rules that are split, disapplied or replaced for some, definitions with days."""
    book = base(tmp_path)
    files: dict[str, Any] = {
        "two": {"amendment": "Two", "amends": "quorum", "change": {"at least": "3"}, "to": {"at least": "2"},
                "from": str(FIRST)},
        "junior": {"amendment": "Juniors", "amends": "definitions/active", "change": "<kind> is full",
                   "to": "<kind> is one of full, junior", "from": str(FIRST), "until": str(LAST)},
        "one": {"amendment": "One", "amends": "plots", "change": {"at most": "most plots"}, "to": {"at most": "1"},
                "when": ["<person> is a member as <kind>", "<kind> is junior"]},
        "no": {"amendment": "No exception", "amends": "plots unless 1", "disapply": "yes", "from": str(LAST)},
        "most": {"amendment": "Most", "parameter": "most plots", "change": "2", "to": "1", "from": str(FIRST)},
    }  # fmt: skip
    north = bigrules.load_rulebook(amendment(tmp_path / "north", book, files))
    rng = random.Random("oracle")
    followed = 0
    for _ in range(150 if LONG else 6):
        given, day = register(rng)
        given["attending"] = given["attending"][:4]
        case = north.read(given, as_of=day)
        lines, rules = differences(in_force(north.model, day), case, limit=400, test="amendments")
        # Of a meeting on a day that is not known there is a figure for each stretch of days, which both cut otherwise.
        lines = [
            each for each in lines if not (each.startswith("quorum") and "the engine's figures are" in each)
        ]
        assert not lines, (lines, given, day)
        followed += len(rules)
    assert followed
