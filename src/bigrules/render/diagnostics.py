"""Diagnostics as lines of text: what is wrong, where, the text underlined, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from bigrules.diagnostics import Diagnostic, render, to_show
from bigrules.render.text import Line, Style


def diagnostic_lines(diagnostics: Iterable[Diagnostic]) -> list[Line]:
    """Diagnostics one after the other, with a count at the end where there are several."""
    found = list(diagnostics)
    lines: list[Line] = []
    first_ones, left = to_show(found)
    for each in first_ones:
        look: Style = "error" if each.severity == "error" else "warning"
        first, *rest = render(each).split("\n")
        lines.append(Line(first, style=look))
        for line in rest:
            is_help = line.startswith("help: ")
            lines.append(
                Line(line.removeprefix("help: "), mark="help: ") if is_help else Line(line, keep=True)
            )
    if left:
        lines.append(Line(f"… and {left:,} more, which are not shown"))
    if len(found) > 1:
        errors = sum(each.severity == "error" for each in found)
        numbers = ((errors, "error"), (len(found) - errors, "warning"))
        lines.append(
            Line(" and ".join(f"{each} {word}{'s' * (each != 1)}" for each, word in numbers if each))
        )
    return lines
