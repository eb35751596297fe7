"""Text for people: lines with an indent and a style, the same with and without colour."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable
from typing import Literal, TextIO

import attrs

Style = Literal["", "title", "breached", "open", "met", "faint", "error", "warning"]

# Where a console knows ASCII only, or an old code page.
_PLAIN = str.maketrans({"“": '"', "”": '"', "’": "'", "·": "-", "…": "...", "–": "-", "→": "->"})
_RICH = {
    "title": "bold",
    "breached": "bold red",
    "open": "bold yellow",
    "met": "green",
    "faint": "dim",
    "error": "bold red",
    "warning": "bold yellow",
}


@attrs.frozen
class Line:
    """A line of text before it is wrapped.

    Args:
        text: The text.
        indent: Spaces before it.
        style: How it looks where there is colour; it never says anything that the text does not.
        mark: What stands in front of its first line, such as `- `; further lines are indented by as much.
        keep: Whether it is kept on one line with its spaces, as source text is.
    """

    text: str = ""
    indent: int = 0
    style: Style = ""
    mark: str = ""
    keep: bool = False


def wrapped(lines: Iterable[Line], width: int) -> list[tuple[str, Style]]:
    """Lines wrapped at a width; a word that is longer stays whole, so that it can be copied.

    >>> wrapped([Line("Ann and Bob are related.", 2, mark="- ")], 20)
    [('  - Ann and Bob are', ''), ('    related.', '')]
    """
    made: list[tuple[str, Style]] = []
    for line in lines:
        before = " " * line.indent + line.mark
        after = " " * len(before)
        if line.keep:
            made.append((before + line.text, line.style))
            continue
        parts = textwrap.wrap(
            line.text,
            max(width, len(before) + 12),
            initial_indent=before,
            subsequent_indent=after,
            break_long_words=False,
            break_on_hyphens=False,
        )
        made += [(each, line.style) for each in parts] or [("", "")]
    return made


def plain(lines: Iterable[Line], width: int = 80) -> str:
    """Lines as plain text.

    >>> plain([Line("Breached", style="breached")])
    'Breached\\n'
    """
    return "".join(f"{text}\n" for text, _ in wrapped(lines, width))


def width_of(stream: TextIO) -> int:
    """How wide text for a stream may be: the terminal's width, at most 100; 80 elsewhere."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return max(30, min(int(columns), 100))
    try:
        return max(30, min(os.get_terminal_size(stream.fileno()).columns - 1, 100))
    except (OSError, ValueError, AttributeError):
        return 80


def wants_colour(stream: TextIO) -> bool:
    """Whether colour is wanted: on a terminal, unless NO_COLOR or TERM=dumb say otherwise."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether a stream is a terminal."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def write(lines: Iterable[Line], stream: TextIO, width: int | None = None) -> None:
    """Write lines, in colour where that is wanted and rich is installed.

    Args:
        lines: What to write.
        stream: Where to.
        width: At which width to wrap; None for that of the stream.
    """
    width = width or width_of(stream)
    lines = list(lines)
    if wants_colour(stream):
        try:
            from rich.console import Console
            from rich.text import Text
        except ImportError:
            pass
        else:
            console = Console(file=stream, width=max(width, 200), highlight=False, markup=False, emoji=False)
            for text, style in wrapped(lines, width):
                console.print(Text(encodable(text, stream), style=_RICH.get(style, "")), soft_wrap=True)
            return
    write_text(plain(lines, width), stream)


def write_text(text: str, stream: TextIO) -> None:
    """Write text so that no console can refuse it."""
    stream.write(encodable(text, stream))


def encodable(text: str, stream: TextIO) -> str:
    """The text with what the stream cannot encode replaced by the nearest that it can."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
        return text
    except (UnicodeEncodeError, LookupError):
        text = text.translate(_PLAIN)
        try:
            return text.encode(encoding, "replace").decode(encoding)
        except LookupError:
            return text.encode("ascii", "replace").decode("ascii")
