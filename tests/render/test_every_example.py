"""Every finding of every example in every rulebook here can be told, in text and in JSON.

The shipped rulebook has hundreds; a run in a hurry takes one from each of its files, of one outcome after the other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from bigrules.facts.examples import example_case
from bigrules.findings.check import Rulebook, load_rulebook
from bigrules.language import shipped_path
from bigrules.language.model import Example
from bigrules.render.as_json import report_data, schema
from bigrules.render.report import explain_lines, report_lines
from bigrules.render.text import plain

HERE = Path(__file__).parent
MANY = 30
BOOKS = [
    shipped_path(),
    HERE / "book",
    *sorted((HERE.parent / "language" / "stress").glob("*/rulebook.yaml")),
]


def examples(rulebook: Rulebook) -> Iterator[Example]:
    """Every example of a rulebook."""
    files = (*rulebook.model.rules.values(), *rulebook.model.definitions.values())
    for number, file in enumerate(files):
        if len(rulebook.model.rules) < MANY or os.environ.get("BIGRULES_PROFILE") == "long":
            yield from file.examples
        else:
            of_each = [*{each.then: each for each in file.examples}.values()]
            if number % 2:
                yield of_each[number // 2 % len(of_each)]


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: (path.parent if path.suffix else path).name)
def test_every_finding_can_be_told(book: Path) -> None:
    """Nothing is left unsaid: no slot, no placeholder, no empty sentence."""
    rulebook = load_rulebook(book.parent if book.suffix else book)
    reports = []
    for example in examples(rulebook):
        # Its name may be any words.
        case = attrs.evolve(example_case(rulebook.model, example), name="")
        report = rulebook.check(case, readings="adopted" if len(rulebook.rules) >= MANY else "each")
        lines = [*report_lines(report, show_all=True), *explain_lines(report, report.findings, "initials")]
        text = plain(lines)
        text = text.replace("None of these", "")
        assert not any(
            each in text for each in ("<", ">", "Unknown", "UNKNOWN", "BY_NOW", "None", "Fresh(", "..", " .")
        )
        reports.append(report_data(report, only=report.findings))
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate({"format": 1, "reports": reports}, schema())
