"""Stricter and looser by form: worked by hand, and never said where a made case shows otherwise."""

from __future__ import annotations

import functools
import random
from pathlib import Path

import pytest

from bigrules.language.model import Rulebook
from bigrules.tools.direction import direction, together
from bigrules.tools.made import tally
from bigrules.tools.mutants import mutants
from language.books import book
from made.changing import changed, shipped
from properties.long_run import LONG

# One rule that has of everything, so that each part of it can be moved by itself.
RULE = """rule: Members who vote
force: must
for each:
  - <person> is a member
  - <person> was born on <born>
only if: <person> is recorded
required:
  number of: <other>
  among: <person> and <other> are related
  where:
    - <other> is a member
    - <other> has a vote
  at least: 3
unless:
  - when:
      - <person> has a vote
      - <born> is before 1950-01-01
    because: of age
"""
PAIR = """rule: Nobody who is related writes early
force: should
not allowed:
  - <person> is a member
  - <person> and <other> are related
  - <person> wrote on <sent>
  - <sent> is before 2016-01-01
  - <other> was born on <any day>
  - unless:
      - <other> wrote on <sent>
      - <sent> is after 2010-01-01
"""
UNLESS = """  - unless:
      - <other> wrote on <sent>
      - <sent> is after 2010-01-01
"""
RELATED = """definition: <person> and <other> are related
holds when any of:
  - all of:
      - <person> and <other> are recorded as <kind>
      - <kind> is one of married, siblings
  - <person> is a parent of <other>
"""
RECORDED = "definition: <person> is recorded\nholds when: <person> was born on <any day>\n"
SHARE = """rule: Half of those who vote
force: must
required:
  share of: <person>
  among: <person> is a member
  where: <person> has a vote
  at least: 50%
"""
GROUP = """rule: No family has more than two members
force: must
required:
  largest group of: <person>
  among: <person> is a member
  linked by: <person> and <other> are related
  at most: 2
"""
AGED = """rule: Who is related was not born early
force: must
for each:
  - <person> is a member
  - <person> was born on <born>
not allowed: <person> and <any other> are related
unless:
  - when:
      - <person> was born on <born>
      - <born> is before 1950-01-01
    because: of age
"""
FEW = """rule: Not so few vote
force: must
not allowed:
  share of: <person>
  among: <person> is a member
  where: <person> has a vote
  at most: 20%
"""
FILES = {
    "few.yaml": FEW,
    "aged.yaml": AGED,
    "rule.yaml": RULE, "pair.yaml": PAIR, "related.yaml": RELATED, "recorded.yaml": RECORDED,
    "share.yaml": SHARE, "group.yaml": GROUP,
}  # fmt: skip


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return book(tmp_path_factory.mktemp("book"), FILES)


# The file that is changed, the change, the rule that is asked about, and what follows by its form.
MOVES = [
    ("rule", "at least: 3", "at least: 4", "rule", "stricter"),
    ("rule", "at least: 3", "more than: 3", "rule", "stricter"),
    ("rule", "at least: 3", "at least: 2", "rule", "looser"),
    ("rule", "at least: 3", "exactly: 3", "rule", "stricter"),
    # At least four, and more than three, are one and the same of whole numbers: nothing is said of that.
    ("rule", "at least: 3", "more than: 2", "rule", ""),
    ("rule", "at least: 3", "at most: 3", "rule", ""),
    # Fewer count, so that fewer reach three.
    ("rule", "    - <other> has a vote\n", "", "rule", "looser"),
    ("rule", "<born> is before 1950-01-01", "<born> is before 1960-01-01", "rule", "looser"),
    ("rule", "<born> is before 1950-01-01", "<born> is on or before 1950-01-01", "rule", "looser"),
    ("rule", "      - <person> has a vote\n", "", "rule", "looser"),
    ("rule", "only if: <person> is recorded\n", "", "rule", "stricter"),
    ("rule", "force: must", "force: should", "rule", "same"),
    ("rule", "force: must", "force: expected", "rule", "looser"),
    ("pair", "  - <person> is a member\n", "", "pair", "stricter"),
    ("pair", "2016-01-01", "2015-01-01", "pair", "looser"),
    ("pair", UNLESS, "", "pair", "stricter"),
    # <sent> would be any letter of the other's then, and not that of the same day.
    ("pair", "  - <person> wrote on <sent>\n  - <sent> is before 2016-01-01\n", "", "pair", ""),
    ("related", "married, siblings", "married", "pair", "looser"),
    ("related", "married, siblings", "married, siblings", "pair", "same"),
    ("related", "  - <person> is a parent of <other>\n", "", "pair", "looser"),
    # Fewer are related: fewer groups are too large, and fewer people reach a number.
    ("related", "married, siblings", "married", "group", "looser"),
    ("related", "married, siblings", "married", "rule", "stricter"),
    ("share", "at least: 50%", "at least: 51%", "share", "stricter"),
    # Who has two days of birth was breached for the later one, and is exempt for the earlier one now.
    ("aged", "  - <person> was born on <born>\n", "", "aged", ""),
    # Among fewer a share may be greater or less.
    ("share", "among: <person> is a member", "among: [<person> is a member, <person> is recorded]", "share", ""),
    ("few", "among: <person> is a member", "among: [<person> is a member, <person> is recorded]", "few", ""),
    ("share", "among: <person> is a member", "among: <person> was born on <any day>", "share", ""),
    ("share", "where: <person> has a vote", "where: [<person> has a vote, <person> is recorded]", "share", "stricter"),
    ("group", "at most: 2", "at most: 3", "group", "looser"),
    ("group", "at most: 2", "less than: 2", "group", "stricter"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "one", "other", "rule", "word"), MOVES)
def test_what_follows_by_form(old: Rulebook, file: str, one: str, other: str, rule: str, word: str) -> None:
    new = changed(old, file, one, other)
    assert direction(old, new, rule) == word
    turned = {"stricter": "looser", "looser": "stricter"}.get(word, word)
    assert direction(new, old, rule) == turned
    # No made case says otherwise.
    shown = tally(old, new, rule, cases=200 if LONG else 30)
    assert not (shown.looser if word in ("stricter", "same") else 0)
    assert not (shown.stricter if word in ("looser", "same") else 0)


def test_rules_that_one_of_them_does_not_have(old: Rulebook, tmp_path: Path) -> None:
    fewer = book(tmp_path, {name: text for name, text in FILES.items() if name != "share.yaml"})
    assert direction(fewer, old, "share") == "stricter"
    assert direction(old, fewer, "share") == "looser"


def test_ways_together() -> None:
    assert together(["same", "same"]) == "same"
    assert together(["neither", "narrows"]) == "neither"


@functools.cache
def of_shipped() -> list[tuple[str, Rulebook]]:
    """Small changes of shipped rules and definitions: some, by chance; in the long profile all."""
    chance = random.Random("direction")
    every = [*shipped().rules, *shipped().definitions]
    found = []
    for id in every if LONG else chance.sample(every, 13):
        made, _ = mutants(shipped(), id)
        chosen = made if LONG else chance.sample(made, min(2, len(made)))
        found += [(id, each.rulebook) for each in chosen]
    return found


def test_no_made_case_contradicts_what_is_said_of_shipped_rules() -> None:
    said = 0
    for id, new in of_shipped():
        for rule in (id,) if id in shipped().rules else readers(id):
            word = direction(shipped(), new, rule)
            if not word:
                continue
            said += 1
            shown = tally(shipped(), new, rule, cases=300 if LONG else 30)
            wrong = {"stricter": shown.looser, "looser": shown.stricter}.get(
                word, shown.stricter + shown.looser
            )
            assert not wrong, (id, rule, word, shown)
    assert said >= 5


def readers(definition: str) -> tuple[str, ...]:
    """Rules that read a definition; a few of them."""
    from bigrules.findings.readings import files_of

    found = [each for each in shipped().rules if definition in files_of(shipped(), each)]
    return tuple(found if LONG else found[:2])
