"""Every bad rulebook file under `tests/bad` is told about in exactly the words that stand beside it.

`make reset-bad` writes those words anew; read the difference.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bigrules.diagnostics import errors, render
from bigrules.language import load

BAD = Path(__file__).parents[1] / "bad"
# Where a file of each folder is laid into a copy of the sound rulebook in `base`.
PLACES = {
    "rules": "{name}.yaml",
    "definitions": "definitions/{name}.yaml",
    "vocabulary": "vocabulary.yaml",
    "manifest": "rulebook.yaml",
    "clauses": "clauses.yaml",
}
FILES = sorted(path for folder in PLACES for path in (BAD / folder).glob("*.yaml"))
BOOKS = sorted(path for path in (BAD / "books").iterdir() if path.is_dir())


def recipes() -> dict[str, Callable[[Path], None]]:
    """What spoils a rulebook in ways that are not stored; the corpus is no package, and read from its file."""
    spec = importlib.util.spec_from_file_location("recipes", BAD / "recipes.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return dict(made.RULEBOOKS)


MADE = recipes()
NEEDS_LINKS = ("link-to-a-folder", "link-round-in-a-circle", "rule-that-links-to-itself", "pipe-for-a-rule")


def said(path: Path) -> str:
    """All that is said about a rulebook."""
    rulebook, found = load(path)
    assert (rulebook is None) == bool(errors(found))
    return "\n\n".join(render(each) for each in found) + "\n"


def compare(text: str, expected: Path) -> None:
    """What is said must be what is written, unless it is to be written anew."""
    if os.environ.get("BIGRULES_RESET"):
        expected.write_text(text, encoding="utf-8")
    assert expected.exists(), f"run `make reset-bad` to write {expected.name}"
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_bad_file_is_told_about(path: Path, tmp_path: Path) -> None:
    """A bad file in a sound rulebook gets the diagnostics that stand beside it, and no others."""
    book = tmp_path / "book"
    shutil.copytree(BAD / "base", book)
    shutil.copyfile(path, book / PLACES[path.parent.name].format(name=path.stem))
    text = said(book)
    assert text.strip(), "a bad file must be told about"
    compare(text, path.with_suffix(".txt"))


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)
def test_a_bad_rulebook_is_told_about(path: Path, tmp_path: Path) -> None:
    """A bad rulebook gets the diagnostics that stand beside it, and no others."""
    text = said(path)
    assert text.strip(), "a bad rulebook must be told about"
    compare(text.replace(str(path), path.name), path.with_suffix(".txt"))


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_spoiled_rulebook_is_told_about(name: str, tmp_path: Path) -> None:
    """So does one that a recipe spoils: with bytes that are no text, links, or far too much of something."""
    if os.name == "nt" and (name in NEEDS_LINKS or name.startswith("name-of-a-file")):
        pytest.skip("no links, pipes or such names here")
    book = tmp_path / "book"
    shutil.copytree(BAD / "base", book)
    MADE[name](book)
    text = said(book)
    assert text.strip(), "a bad rulebook must be told about"
    compare(text.replace(str(book), book.name), BAD / "hostile" / f"{name}.txt")


def test_the_sound_rulebook_has_no_faults() -> None:
    """The rulebook into which bad files are laid has no faults of its own."""
    rulebook, found = load(BAD / "base")
    assert found == []
    assert rulebook is not None


def test_every_fault_comes_with_help() -> None:
    """Whoever is told what is wrong is told what to do."""
    for path in sorted(BAD.glob("*/*.txt")):
        for each in path.read_text(encoding="utf-8").split("\n\n"):
            assert "\nhelp: " in each, f"{path.name}: {each}"


def test_every_expected_output_has_its_file() -> None:
    """No expected output is left behind where a bad file was taken out."""
    for path in BAD.glob("*/*.txt"):
        if path.parent.name == "hostile":
            assert path.stem in MADE, path
        elif path.parent.name != "registers":  # those are looked after where registers are
            assert path.with_suffix(".yaml").exists() or path.with_suffix("").is_dir(), path
