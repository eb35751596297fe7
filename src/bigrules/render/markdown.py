"""Markdown, with every text escaped: whatever a register holds, it stands on the page as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&!$]")
# What makes something else of a line that it begins.
_FIRST = re.compile(r"^([#+=:-]|\d+(?=[.)]))")


def escaped(text: str) -> str:
    """A text on one line in which nothing is a mark of Markdown.

    >>> escaped("A | B <b>*c*</b>")
    'A \\\\| B \\\\<b\\\\>\\\\*c\\\\*\\\\</b\\\\>'
    >>> escaped("1. April")
    '1\\\\. April'
    """
    text = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    made = _SPECIAL.sub(lambda found: f"\\{found.group()}", text)
    return _FIRST.sub(lambda found: _quiet(found.group()), made, count=1)


def _quiet(first: str) -> str:
    return f"{first}\\" if first.isdigit() else f"\\{first}"


def heading(level: int, text: str) -> str:
    """A heading."""
    return f"{'#' * level} {escaped(text)}"


def paragraph(text: str) -> str:
    """A paragraph."""
    return escaped(text)


def bullet(text: str, deep: bool = False) -> str:
    """An item of a list, or of a list in it."""
    return f"{'  ' if deep else ''}- {escaped(text)}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table."""
    made = [_row(columns), _row(["---"] * len(columns), raw=True)]
    return [*made, *(_row(each) for each in rows)]


def _row(cells: Sequence[str], raw: bool = False) -> str:
    return f"| {' | '.join(each if raw else escaped(each) for each in cells)} |"
