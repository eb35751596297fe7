"""The ledger for people: each clause, what encodes it or why it binds nobody, and what stands in the reader's copy."""

from __future__ import annotations

import json
from collections import Counter
from importlib import resources
from typing import Any

from bigrules.diagnostics import errors
from bigrules.findings.wording import count, listed
from bigrules.language.ledger import TREATMENTS
from bigrules.language.model import Definition, Rule, Shown
from bigrules.render.as_json import diagnostic_data
from bigrules.render.text import Line
from bigrules.tools.trace import Trace, Traced

FORMAT = 1


def trace_lines(trace: Trace) -> list[Line]:
    """A trace as lines of text."""
    lines: list[Line] = []
    section = ""
    for each in trace.clauses:
        if each.clause.section != section:
            section = each.clause.section
            lines += [Line(), Line(section, style="title")] if lines else [Line(section, style="title")]
        lines += _clause(each)
    return [*lines, Line(), *_summary(trace)]


def _clause(traced: Traced) -> list[Line]:
    clause = traced.clause
    state = traced.state if traced.state not in ("", "word for word") else ""
    head = " · ".join(each for each in (clause.id, clause.place, clause.treatment, state) if each)
    lines = [Line(head, 2, "error" if state else "")]
    if traced.text:
        lines.append(Line(f"“{traced.text}”", 4, "faint"))
    if clause.because:
        lines.append(Line(f"Binds nobody: {clause.because}.", 4))
    lines += [Line(f"Shown by {_shown(each)}.", 4, mark="- ") for each in clause.shown]
    lines += [Line(_encodes(each), 4, mark="- ") for each in traced.encoded_by]
    if clause.note:
        lines.append(Line(f"Note: {clause.note}.", 4))
    return lines


def _shown(shown: Shown) -> str:
    if shown.rule:
        return f"the example “{shown.name}” of {shown.rule}"
    return f"the scenario “{shown.name}”"


def _encodes(file: Rule | Definition) -> str:
    if isinstance(file, Definition):
        return f"Says when {file.says} ({file.id})"
    return f"{file.title} ({file.id}, {file.force}{', asks people' if file.form == 'ask' else ''})"


def _summary(trace: Trace) -> list[Line]:
    counted = Counter(each.clause.treatment for each in trace.clauses)
    parts = [f"{counted[each]} {each}" for each in TREATMENTS if counted[each]]
    if counted[""]:
        parts.append(f"{counted['']} of another document or without treatment")
    said = f": {listed(parts)}" if parts else ""
    lines = [Line(f"{count(len(trace.clauses), 'clause')}{said}.")]
    book = trace.rulebook
    lines.append(
        Line(
            f"{count(len(book.rules), 'rule')} and {count(len(book.definitions), 'definition')} beside them."
        )
    )
    if not trace.guidance:
        lines.append(Line("Not held against the text: name your copy of it with --guidance FILE."))
    else:
        held = [each for each in trace.clauses if each.clause.fingerprint]
        same = sum(each.state == "word for word" for each in held)
        lines.append(
            Line(f"{same} of {len(held)} stand word for word, and in their place, in {trace.guidance}.")
        )
    wrong = len(errors(trace.diagnostics))
    lines.append(Line(f"{count(wrong, 'fault')}." if wrong else "Nothing is left out."))
    return lines


def trace_data(trace: Trace) -> dict[str, Any]:
    """A trace as plain data."""
    return {
        "format": FORMAT,
        "rulebook": trace.rulebook.name,
        "edition": trace.rulebook.edition,
        "guidance": trace.guidance or None,
        "clauses": [_data(each) for each in trace.clauses],
        "diagnostics": [diagnostic_data(each) for each in trace.diagnostics],
    }


def trace_schema() -> dict[str, Any]:
    """The JSON Schema of traces."""
    text = resources.files("bigrules.render").joinpath("trace.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _data(traced: Traced) -> dict[str, Any]:
    clause, place = traced.clause, traced.place
    return {
        "clause": clause.id,
        "section": clause.section,
        "place": clause.place or None,
        "fingerprint": clause.fingerprint or None,
        "treatment": clause.treatment or None,
        "because": clause.because or None,
        "shown by": [{"rule": each.rule or None, "name": each.name} for each in clause.shown],
        "note": clause.note or None,
        "encoded by": [
            {
                "file": each.id,
                "sort": "rule" if isinstance(each, Rule) else "definition",
                "says": each.title if isinstance(each, Rule) else each.says,
                "force": each.force if isinstance(each, Rule) else None,
                "form": each.form if isinstance(each, Rule) else None,
            }
            for each in traced.encoded_by
        ],
        "state": traced.state or None,
        "text": traced.text or None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }
