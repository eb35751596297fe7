"""What the tests of the command line share."""

from __future__ import annotations

import shutil
from pathlib import Path

import attrs
import pytest

from bigrules.cli import main

RENDER = Path(__file__).parents[1] / "render"


@attrs.frozen
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All that was printed, as one line."""
        return " ".join((self.out + self.err).split())


class Run:
    """Runs commands."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: str) -> Ran:
        status = main(words)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(status, out, err)

    def check(self, *words: str) -> Ran:
        """A check with the rulebook of the village hall."""
        return self("check", "--rulebook", str(RENDER / "book"), "--no-confirm", *words)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "80")
    return Run(capsys)


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """The register of the village hall, to be changed."""
    return Path(shutil.copy(RENDER / "hall.yaml", tmp_path / "hall.yaml"))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A register that conforms."""
    people = [f"Person {letter}" for letter in "ABCDE"]
    lines = ["as of: 2018-06-01", "people:", *(f"  - {{person: {each}}}" for each in people)]
    lines += ["memberships:", *(f"  - {{person: {each}, signed: yes}}" for each in people)]
    lines += ["homes:", *(f"  - {{person: {each}, in the village: yes}}" for each in people)]
    lines += ["relations: []", "offices: []", "posts: []"]
    lines += ["answers:", "  - {question: rules/welcoming, about: [], answer: yes}"]
    file = tmp_path / "good.yaml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
