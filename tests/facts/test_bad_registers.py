"""Every bad register under `tests/bad` is told about in exactly the words that stand beside it.

`make reset-bad` writes those words anew; read the difference.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bigrules.diagnostics import errors, render
from bigrules.facts import read_register
from bigrules.language import load
from bigrules.language.model import Rulebook

BAD = Path(__file__).parents[1] / "bad"
REGISTERS = BAD / "registers"


def recipes() -> dict[str, Callable[[Path], Path]]:
    """What makes the registers that are not stored; the corpus is no package, so that it is read from its file."""
    spec = importlib.util.spec_from_file_location("recipes", BAD / "recipes.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return dict(made.REGISTERS)


MADE = recipes()
STORED = sorted(path for path in REGISTERS.iterdir() if path.suffix != ".txt")
NEEDS_LINKS = ("link-to-nothing", "link-to-itself", "pipe-for-a-file", "name-that-breaks-a-line")


@pytest.fixture(scope="module")
def society() -> Rulebook:
    """The rulebook that the registers are read with."""
    rulebook, found = load(BAD / "society")
    assert rulebook is not None, "\n".join(map(str, found))
    return rulebook


def said(rulebook: Rulebook, name: str) -> str:
    """All that is said about a register, by its name in the folder that we are in."""
    case, found = read_register(rulebook, name)
    assert (case is None) == bool(errors(found)), "a case, or errors, and never both"
    return "\n\n".join(render(each) for each in found) + "\n"


def compare(text: str, expected: Path) -> None:
    """What is said must be what is written, unless it is to be written anew."""
    assert text.strip(), "a bad register must be told about"
    if os.environ.get("BIGRULES_RESET"):
        expected.write_text(text, encoding="utf-8")
    assert expected.exists(), f"run `make reset-bad` to write {expected.name}"
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_a_bad_register_is_told_about(path: Path, society: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A register that is stored gets the diagnostics that stand beside it, and no others."""
    monkeypatch.chdir(REGISTERS)
    compare(said(society, path.name), REGISTERS / f"{path.stem}.txt")


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_register_that_is_made_is_told_about(
    name: str, society: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does one that is made."""
    if name in NEEDS_LINKS and os.name == "nt":
        pytest.skip("no links or pipes here")
    register = MADE[name](tmp_path)
    monkeypatch.chdir(tmp_path)
    compare(said(society, register.name), REGISTERS / f"{name}.txt")


def test_each_has_its_words_and_a_name_of_its_own() -> None:
    """No two share their words, and no words are left of one that was taken out."""
    names = [path.stem for path in STORED] + list(MADE)
    assert len(set(names)) == len(names)
    assert {path.stem for path in REGISTERS.glob("*.txt")} == set(names)


def test_every_fault_comes_with_help() -> None:
    """Whoever is told what is wrong is told what to do."""
    for path in sorted(REGISTERS.glob("*.txt")):
        for each in path.read_text(encoding="utf-8").split("\n\n"):
            assert "\nhelp: " in each, f"{path.name}: {each}"


def test_the_sound_register_of_the_society_has_no_faults(society: Rulebook) -> None:
    """What is told of the bad ones is about what is bad in them: a good one has nothing to be told."""
    good = {
        "people": ["Ann Example", "Bob Sample"],
        "memberships": [{"person": "Ann Example", "voting": "yes"}],
    }
    case, found = read_register(society, good, "2018-06-01")
    assert case is not None and found == []


def test_there_are_enough() -> None:
    """The corpus is as large as it says, in rule files and in registers."""
    rules = [
        path
        for folder in ("rules", "definitions", "vocabulary", "manifest", "clauses")
        for path in (BAD / folder).glob("*.yaml")
    ]
    assert len(rules) >= 80
    assert len(STORED) + len(MADE) >= 60
