"""Diagnostics as lines of text: what is wrong, where, the text underlined, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from bigrules.diagnostics import Cell, DataPath, Diagnostic, Span
from bigrules.render.text import Line, Style


def diagnostic_lines(diagnostics: Iterable[Diagnostic]) -> list[Line]:
    """Diagnostics one after the other, with a count at the end where there are several."""
    found = list(diagnostics)
    lines: list[Line] = []
    for each in found:
        lines += _one(each)
    errors = sum(each.severity == "error" for each in found)
    if len(found) > 1:
        warnings = len(found) - errors
        parts = [
            f"{number} {word}{'s' if number != 1 else ''}"
            for number, word in ((errors, "error"), (warnings, "warning"))
            if number
        ]
        lines.append(Line(" and ".join(parts)))
    return lines


def _one(diagnostic: Diagnostic) -> list[Line]:
    look: Style = "error" if diagnostic.severity == "error" else "warning"
    lines = [
        Line(f"{diagnostic.severity}[{diagnostic.code} {diagnostic.name}]: {diagnostic.message}", style=look)
    ]
    place = diagnostic.place
    if str(place):
        lines.append(Line(f"at {place}", 2))
    if isinstance(place, Span) and place.text.strip():
        lines += _underlined(place)
    elif isinstance(place, (Cell, DataPath)) and place.text and f"`{place.text}`" not in diagnostic.message:
        lines.append(Line(place.text[:200], 2, mark="| "))
    if diagnostic.help:
        lines.append(Line(diagnostic.help, 2, mark="help: "))
    return lines


def _underlined(place: Span) -> list[Line]:
    text = place.text.rstrip("\n").replace("\t", " ")
    cut = max(0, place.column - 60)
    shown = text[cut : cut + 120]
    start = max(0, place.column - 1 - cut)
    marks = " " * start + "^" * max(1, min(place.end_column - place.column, len(shown) - start))
    return [Line(shown, 2, mark="| ", keep=True), Line(marks, 2, mark="| ", keep=True)]
