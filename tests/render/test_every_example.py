"""Every finding of every example in every rulebook here can be told, in text and in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bigrules.facts.examples import example_case
from bigrules.findings.check import Rulebook, load_rulebook
from bigrules.language import shipped_path
from bigrules.language.model import Example
from bigrules.render.as_json import report_data, schema
from bigrules.render.report import explain_lines, report_lines
from bigrules.render.text import plain

HERE = Path(__file__).parent
BOOKS = [
    shipped_path(),
    HERE / "book",
    *sorted((HERE.parent / "language" / "stress").glob("*/rulebook.yaml")),
]


def examples(rulebook: Rulebook) -> Iterator[Example]:
    """Every example of a rulebook."""
    for file in (*rulebook.model.rules.values(), *rulebook.model.definitions.values()):
        yield from file.examples


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: (path.parent if path.suffix else path).name)
def test_every_finding_can_be_told(book: Path) -> None:
    """Nothing is left unsaid: no slot, no placeholder, no empty sentence."""
    rulebook = load_rulebook(book.parent if book.suffix else book)
    reports = []
    for example in examples(rulebook):
        report = rulebook.check(example_case(rulebook.model, example))
        lines = [*report_lines(report, show_all=True), *explain_lines(report, report.findings, "initials")]
        text = plain(lines)
        assert not any(
            each in text for each in ("<", ">", "Unknown", "UNKNOWN", "BY_NOW", "None", "Fresh(", "..", " .")
        )
        reports.append(report_data(report, only=report.findings))
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate({"format": 1, "reports": reports}, schema())
