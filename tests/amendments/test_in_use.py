"""Amended rulebooks in use: in threads, in other processes, in memory, and in every command."""

from __future__ import annotations

import gc
import pickle
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import bigrules
from amendments.society import AMENDMENT, FIVE, KINDS, base, found, layer, loaded, members, used
from bigrules.cli import main
from bigrules.findings.check import load_rulebook, try_load

TWO = (
    "amendment: Two are enough\namends: quorum\nchange: {at least: 3}\nto: {at least: 2}\nfrom: 2018-03-01\n"
)
KEYS = "keys:\n  fields: {person: {is: person}}\n  sentences: [<person> has a key]\n"
DAYS = ("2018-01-01", "2018-03-31", "2018-04-01", "2018-06-30", "2018-07-01")


@pytest.fixture
def north(tmp_path: Path) -> Path:
    """An amendment with a rule that changes twice, one with a day of its own, and a new kind of fact."""
    base(tmp_path)
    five = FIVE + "from: 2018-04-01\nuntil: 2018-06-30\nexamples: [{given: [], then: breached}]\n"
    return layer(tmp_path, five=five, two=TWO, vocabulary=KEYS)


def said(book: bigrules.Rulebook) -> list[Any]:
    """What is found on each side of each day."""
    meetings = [{"meeting": f"m{at}", "day": day} for at, day in enumerate(DAYS)]
    coming = [{"person": person, "meeting": each["meeting"]} for each in meetings for person in ("p1", "p2")]
    given = {"memberships": members(4), "meetings": meetings, "attending": coming, "keys": []}
    return [found(book, day, **given) for day in (*DAYS, "2019-01-01")]


def test_it_can_be_sent_to_another_process(north: Path) -> None:
    """With all its versions."""
    book = used(north)
    again = pickle.loads(pickle.dumps(book))
    assert [str(each.start) for each in again.model.versions] == ["None", "2018-04-01", "2018-07-01"]
    assert said(again) == said(book)
    assert [each["size"][0][1] for each in said(book)] == ["met", "met", "breached", "breached", "met", "met"]


def test_threads_find_what_one_alone_finds(north: Path) -> None:
    """Many at once, on days of all versions, with a rulebook that nobody has used yet."""
    expected = said(used(north))
    shared = used(north)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: said(shared), range(16))) == [expected] * 16


def test_nothing_of_it_stays_in_memory(north: Path) -> None:
    """Neither the rulebook nor an earlier version of it is kept by anything else."""
    book = used(north)
    said(book)
    kept = [weakref.ref(book.model), *(weakref.ref(each.rulebook) for each in book.model.versions)]
    assert all(each() is not None for each in kept)
    del book
    gc.collect()
    assert [each() for each in kept] == [None] * 4


def test_a_rulebook_is_read_anew_where_an_amendment_changed(north: Path) -> None:
    """What is kept of a rulebook is never that of other files."""
    book = north.parent / "book"
    first = loaded(book, north)
    (north / "five.yaml").write_text(FIVE.replace("5", "6"), encoding="utf-8")
    second = loaded(book, north)
    assert first.digest != second.digest
    assert first.rules["size"].condition != second.rules["size"].condition


def test_it_is_loaded_by_path_or_over_another(north: Path) -> None:
    """The functions of the API take paths and texts, and say in place of raising where that is asked for."""
    book = north.parent / "book"
    for rulebook in (
        load_rulebook(north),
        load_rulebook(str(book), [str(north)]),
        load_rulebook(book, (north,)),
    ):
        assert (rulebook.name, rulebook.amendments) == ("The allotment society", ("Rules of the north side",))
    none, diagnostics = try_load(book, [north / "nowhere"])
    assert none is None and [each.code for each in diagnostics] == ["BR101"]
    with pytest.raises(bigrules.InputError) as raised:
        load_rulebook(book, [book])
    assert [each.code for each in raised.value.diagnostics] == ["BR104"]


def test_every_command_takes_amendments(
    north: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kind of fact that only the amendment knows is in what each command says."""
    monkeypatch.chdir(north.parent)
    over = ["--rulebook", "book", "--amendment", "north"]
    register = {
        **{each: [] for each in KINDS},
        "people": [{"person": "Ann Example"}],
        "keys": [{"person": "Ann Example"}],
    }
    (north.parent / "reg.yaml").write_text(
        "\n".join(f"{name}: {rows}" for name, rows in register.items()), encoding="utf-8"
    )
    assert main(["check", "reg.yaml", "--as-of", "2018-05-01", "--no-confirm", *over]) == 1
    told = capsys.readouterr().out
    assert "There are at least five active members" in told and "keys (1)" in told
    assert main(["explain", "reg.yaml", "size", "--as-of", "2018-05-01", *over]) == 0
    assert "As amended from 1 April 2018 until 30 June 2018 by north side 1" in " ".join(
        capsys.readouterr().out.split()
    )
    assert main(["show", "vocabulary", "book", "--amendment", "north"]) == 0
    assert "<person> has a key" in capsys.readouterr().out
    assert main(["new", "register", "new.xlsx", *over]) == 0
    assert "--rulebook book --amendment north" in " ".join(capsys.readouterr().out.split())
    assert main(["check", "new.xlsx", "--as-of", "2018-05-01", "--no-confirm", *over]) in (1, 3)
    capsys.readouterr()
    assert main(["trace", *over]) == 0
    assert "Two are enough (quorum, should)" in capsys.readouterr().out
    assert main(["test", "book", "--amendment", "north"]) == 0
    assert capsys.readouterr().out.startswith("4 rules and 1 definition: 1 example ran, no faults\n")


def test_an_amendment_of_an_amendment_on_the_command_line(
    north: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Several are laid in their order; one that brings another is enough."""
    south = AMENDMENT.replace("../book", "../north").replace("north side", "south side")
    six = (
        FIVE.replace("5", "6").replace("4", "5").replace("five", "six")
        + "from: 2018-04-01\nuntil: 2018-06-30\n"
    )
    layer(north.parent, "south", south, six=six + "examples: [{given: [], then: breached}]\n")
    for given in (
        [str(north.parent / "south")],
        [str(north.parent / "book"), "--amendment", str(north), "--amendment", str(north.parent / "south")],
    ):
        assert main(["test", *given]) == 0
        told = " ".join(capsys.readouterr().out.split())
        assert "before: at least 5 of <person>" in told and "now: at least 6 of <person>" in told
