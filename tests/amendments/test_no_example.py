"""A file that amends a rule shows by an example what is so now; where it has none, `bigrules test` says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from amendments.society import FIVE, base, layer, loaded
from bigrules.cli import main
from bigrules.tools.examples import amended_without_examples


def test_an_amendment_without_an_example_is_told(tmp_path: Path) -> None:
    """One that has an example is not, and neither is the one below, which is not its own."""
    base(tmp_path)
    north = layer(tmp_path, five=FIVE)
    (found,) = amended_without_examples(loaded(north))
    assert (found.code, found.severity) == ("BR310", "warning")
    assert found.message == "`five` has no examples"
    assert found.help == "give it one of `size` that comes out otherwise than before, and one that does not"
    (north / "five.yaml").write_text(
        "amendment: There are at least five members\namends: size\nchange: {at least: 4}\nto: {at least: 5}\n"
        "examples:\n  - {name: nobody, given: [], then: breached}\n",
        encoding="utf-8",
    )
    assert amended_without_examples(loaded(north)) == []


def test_it_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status stays 0."""
    base(tmp_path)
    north = layer(tmp_path, five=FIVE)
    assert main(["test", str(north)]) == 0
    assert "BR310" in capsys.readouterr().err
