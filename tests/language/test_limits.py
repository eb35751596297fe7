"""The limits of a rulebook: what is just within is read, what is just beyond is said to be so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bigrules.diagnostics import MOST_FOUND, errors
from bigrules.language import conditions, files, load, readings, source, statements
from bigrules.language.faults import Faults, nearest
from bigrules.language.sentences import Entry, Sentences

BASE = Path(__file__).parents[1] / "bad" / "base"
RULE = "rule: There are enough keyholders\nsource: hall.1\nforce: must\n"
ASK = f"{RULE}ask: Are there?\n"


def names(book: Path) -> list[str]:
    """The errors of a rulebook."""
    rulebook, found = load(book)
    wrong = errors(found)
    assert (rulebook is None) == bool(wrong)
    assert all(each.help for each in wrong)
    return [each.name for each in wrong]


def put(book: Path, text: str, name: str = "size.yaml") -> None:
    path = book / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# Each spoils a sound rulebook in one respect, as far as it is told.


def bytes_of_a_file(book: Path, size: int) -> None:
    put(book, ASK + "#" * (size - len(ASK)))


def values_of_a_file(book: Path, count: int) -> None:
    # The rule itself has a mapping with four keys and four values, and what is left alone a list.
    put(book, ASK + "may be the same: [" + ", ".join(["<any person>"] * (count - 11)) + "]\n")


def depth_of_a_file(book: Path, depth: int) -> None:
    put(book, ASK + "show: " + "[" * (depth - 1) + "]" * (depth - 1) + "\n")


def conditions_of_a_file(book: Path, count: int) -> None:
    # The list is one of them.
    put(book, RULE + "required:\n" + "  - <any person> is a keyholder\n" * (count - 1))


def readings_of_a_file(book: Path, count: int) -> None:
    text = "adopted reading: {name: first, because: It says so.}\nother readings:\n"
    for number in range(count):
        to = f"to: {{ask: Are there {number}?}}"
        text += f"  - {{name: r{number}, because: So., change: {{ask: Are there?}}, {to}}}\n"
    put(book, ASK + text)


def range_of_an_example(book: Path, last: int) -> None:
    put(book, f"{ASK}examples:\n  - given: [<1 to {last}> is a keyholder]\n    then: judgement\n")


def statements_of_examples(book: Path, count: int) -> None:
    given = "  - given: [<1 to {0}> is a keyholder]\n    then: judgement\n"
    put(book, f"{ASK}examples:\n{given.format(10)}{given.format(count - 10)}")


def files_of_a_rulebook(book: Path, count: int) -> None:
    for number in range(count - len(list(book.rglob("*.yaml")))):
        put(book, ASK, f"more/r{number}.yaml")


def folders_of_a_rulebook(book: Path, depth: int) -> None:
    put(book, ASK, "/".join(["f"] * depth) + "/size.yaml")


def bytes_of_a_rulebook(book: Path, size: int) -> None:
    left = size - sum(path.stat().st_size for path in book.rglob("*.yaml"))
    put(book, ASK + "#" * (left - len(ASK)))


Spoil = Callable[[Path, int], None]
CASES: list[tuple[Spoil, int, str, tuple[Any, str], int | None]] = [
    (bytes_of_a_file, 1_000_000, "too-large", (source, "MAX_BYTES"), None),
    (depth_of_a_file, 30, "too-deep", (source, "MAX_DEPTH"), None),
    (conditions_of_a_file, 1_000, "too-large", (conditions, "MAX_CONDITIONS"), None),
    (readings_of_a_file, 100, "too-large", (readings, "MAX_READINGS"), None),
    (range_of_an_example, 1_000, "bad-slot", (statements, "MAX_RANGE"), None),
    (statements_of_examples, 20_000, "too-large", (statements, "MAX_STATEMENTS"), 300),
    (files_of_a_rulebook, 5_000, "too-large", (files, "MAX_FILES"), 20),
    (folders_of_a_rulebook, 12, "too-deep", (files, "MAX_FOLDERS"), None),
    (bytes_of_a_rulebook, 20_000_000, "too-large", (files, "MAX_ALL_BYTES"), 90_000),
]


@pytest.mark.parametrize(
    ("spoil", "limit", "name", "kept", "other"), CASES, ids=[each[0].__name__ for each in CASES]
)
def test_both_sides_of_a_limit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Spoil,
    limit: int,
    name: str,
    kept: tuple[Any, str],
    other: int | None,
) -> None:
    """At the limit nothing is too much; one beyond it something is, and it is said what and what to do."""
    where, constant = kept
    assert getattr(where, constant) == limit
    if other is not None:
        monkeypatch.setattr(where, constant, other)
        limit = other
    for folder in ("within", "beyond"):
        shutil.copytree(BASE, tmp_path / folder)
    spoil(tmp_path / "within", limit)
    assert name not in names(tmp_path / "within")
    spoil(tmp_path / "beyond", limit + 1)
    assert names(tmp_path / "beyond").count(name) == 1


@pytest.mark.parametrize("count", [7, 8])
def test_values_of_a_file(count: int) -> None:
    """Texts, lists and mappings are counted, keys too: `{a: [b, c], d: e}` has seven."""
    faults = Faults()
    document = source.parse(b"{a: [b, c], d: e}", "x.yaml", faults, most=count - 1)
    assert (document is None, [each.name for each in faults.found]) == (
        (True, ["too-large"]) if count == 7 else (False, [])
    )
    assert source.MAX_VALUES == 100_000


@pytest.mark.parametrize("more", [0, 1, 300])
def test_most_faults_are_found(tmp_path: Path, more: int) -> None:
    """A thousand errors of a rulebook are told about; of more it is said that the rest was not looked at."""
    book = tmp_path / "book"
    shutil.copytree(BASE, book)
    each = 100  # a file may have a thousand conditions, and these are in several files
    for number in range(0, MOST_FOUND + more, each):
        lines = "  - <any person> keeps no key\n" * min(each, MOST_FOUND + more - number)
        put(book, f"{RULE}required:\n{lines}", f"more/r{number}.yaml")
    assert names(book) == ["unknown-sentence"] * MOST_FOUND + ["too-many-faults"] * (more > 0)


def test_what_was_meant_is_looked_for_only_so_often() -> None:
    """Comparing with thousands of sentences is slow; when patience is at an end the help says where they stand."""
    sentences = Sentences()
    assert sentences.patience == 20_000
    sentences.patience = 2_000
    for number in range(500):
        sentences.add(Entry(f"kind {number}", f"<person> has thing {number}", 1, (0,)))
    helps = [sentences.help(f"<person> has thign {number}") or "" for number in range(6)]
    assert [each.startswith("did you mean") for each in helps] == [True] * 3 + [False] * 3


def test_what_was_meant_is_found_among_very_many() -> None:
    """Of thousands of words the one that is a letter away is found, and no other is guessed."""
    words = [f"section {number // 100}.clause {number % 100:02}" for number in range(5_000)]
    for slip in ("section 31.cluase 07", "sectoin 31.clause 07", "section 31.claus 07", "sections 31.clause 07"):
        assert nearest(slip, words) == "section 31.clause 07", slip
    assert nearest("section thirty-one, clause 07", words) is None
