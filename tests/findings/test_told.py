"""Why each worked example came out as it did, word for word; BIGRULES_RESET=1 writes it anew, to be read as a whole.

The examples are small and worked out by hand in the rule files, so that whoever reads the text sees whether it is so.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bigrules.facts.examples import example_case
from bigrules.findings.check import load_rulebook
from bigrules.language import shipped_path

HERE = Path(__file__).parent
LINES = re.compile(r"(lines?) \d+(?:(?: to | and |, )\d+)*")
BOOKS = {
    each.parent.name: each.parent
    for each in sorted((HERE.parent / "language" / "stress").glob("*/rulebook.yaml"))
}


def told(book: Path, only_open: bool = False) -> str:
    """Each example of each rule, with why each finding of the rule came out so."""
    rulebook = load_rulebook(book)
    said = []
    for rule in rulebook.model.rules.values():
        for example in rule.examples:
            report = rulebook.check(example_case(rulebook.model, example))
            for finding in report.findings:
                if finding.rule == rule.id and not (
                    only_open and str(finding.outcome) in ("met", "not applicable")
                ):
                    said.append(f"# {rule.id}: {example.name}\n{finding.why()}\n")
    return "\n".join(said)


def kept(name: str, text: str) -> None:
    """Hold a text against the one that is kept."""
    file = HERE / "told" / f"{name}.txt"
    if os.environ.get("BIGRULES_RESET"):
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("book", BOOKS)
def test_why_an_example_came_out_so(book: str) -> None:
    """Of the rulebooks that show what the language can say."""
    kept(book, told(BOOKS[book]))


def test_why_an_example_of_a_shipped_rule_is_not_met() -> None:
    """Breached, undecided or for people to decide."""
    # Where in a rule file an example stands is no matter here.
    kept("shipped", LINES.sub(r"\1 …", told(shipped_path(), only_open=True)))
