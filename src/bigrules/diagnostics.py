"""What is wrong, where it is, and what to do: the one shape of every message to a user."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Literal

import attrs

Severity = Literal["error", "warning"]


@attrs.frozen
class Span:
    """A stretch of one line of a text file; lines and columns count from 1.

    Args:
        file: The file as the user named it, or relative to the rulebook.
        line: Number of the line, from 1.
        column: First character of the stretch, from 1, counted in characters.
        end_column: One past the last character.
        text: The whole line, so that it can be shown with the stretch underlined.
    """

    file: str
    line: int = 1
    column: int = 1
    end_column: int = 1
    text: str = ""

    def __str__(self) -> str:
        if not self.text and (self.line, self.column) == (1, 1):
            return self.file  # all of it: it is a folder, or empty, or not there
        return f"{self.file}:{self.line}:{self.column}"


@attrs.frozen
class Cell:
    """A cell of a workbook or CSV file.

    Args:
        file: The file as the user named it.
        sheet: Name of the sheet; empty for a CSV file.
        cell: Where in it, such as `C4`; empty for the sheet as a whole.
        text: What stands in the cell.
    """

    file: str
    sheet: str = ""
    cell: str = ""
    text: str = ""

    def __str__(self) -> str:
        inside = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{self.file}:{inside}" if inside else self.file


@attrs.frozen
class DataPath:
    """A place in plain data that has no lines, such as JSON or Python objects.

    Args:
        file: The file, or `data` for Python objects.
        path: Keys and positions, such as `memberships[3].person`.
        text: The value that stands there.
    """

    file: str
    path: str = ""
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.path}" if self.path else self.file


Place = Span | Cell | DataPath


@attrs.frozen
class Diagnostic:
    """One thing that is wrong with an input.

    Args:
        code: Stable code, such as `BR204`.
        name: Stable name that goes with the code, such as `unknown-sentence`.
        message: One sentence, lower case, no full stop, user text in backticks.
        place: Where it is.
        help: What to do about it, or None.
        severity: `error` stops the work after everything is collected, `warning` does not.
    """

    code: str
    name: str
    message: str
    place: Place
    help: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        text = f"{self.place}: {self.severity}[{self.code} {self.name}]: {self.message}"
        return f"{text}\n  help: {self.help}" if self.help else text


# Whoever has made more faults than this has made one many times; the rest is not looked for.
MOST_FOUND = 1_000
# How many are printed for people; programs get all.
MOST_SHOWN = 100


class Enough(Exception):
    """So much is wrong with an input that the rest is not looked at; what was found is kept."""


class Found(list[Diagnostic]):
    """What was found so far: up to `MOST_FOUND` errors, beyond which the work ends, and as many warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[Severity, int] = {"error": 0, "warning": 0}

    def append(self, each: Diagnostic) -> None:
        """Note one more.

        Raises:
            Enough: It is an error that is one too many.
        """
        self.counts[each.severity] += 1
        beyond = self.counts[each.severity] - MOST_FOUND
        if beyond <= 0:
            super().append(each)
        elif beyond == 1:
            super().append(too_many(each.place, each.severity))
        if beyond > 0 and each.severity == "error":
            raise Enough


def too_many(place: Place, severity: Severity = "error") -> Diagnostic:
    """What is said where there is more than anybody reads."""
    whole = attrs.evolve(Span(place.file)) if isinstance(place, Span) else DataPath(place.file)
    message = f"more than {MOST_FOUND:,} things are wrong here, and the rest was not looked at"
    help = "mend these first; what is left is said then"
    if severity == "warning":
        message = f"there are more than {MOST_FOUND:,} warnings, and the rest is not listed"
    return Diagnostic("BR116", "too-many-faults", message, whole, help, severity)


class InputError(Exception):
    """A rulebook or register cannot be used; carries every diagnostic that was collected.

    Args:
        diagnostics: All of them, errors and warnings, in the order of their places.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        first, left = to_show(self.diagnostics)
        more = [f"… and {left:,} more"] if left else []
        return "\n".join([*map(str, first), *more])


def to_show(diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], int]:
    """The diagnostics that people are shown, errors before warnings where not all are, and how many are left."""
    found = list(diagnostics)
    if len(found) <= MOST_SHOWN:
        return found, 0
    first = sorted(found, key=lambda each: each.severity != "error")[:MOST_SHOWN]
    # That the rest was not looked at is said in any case.
    last = [each for each in found if each.name == "too-many-faults" and each not in first]
    first[MOST_SHOWN - len(last) :] = last
    return first, len(found) - len(first)


def render(diagnostic: Diagnostic) -> str:
    """A diagnostic as lines to read, with the line that it is about and what is meant underlined.

    Args:
        diagnostic: What is wrong.

    Returns:
        Plain text without a line end, the same on every terminal; control characters in what a
        file holds are shown as `\ufffd`.

    >>> print(render(Diagnostic("BR201", "unknown-key", "a rule has no key `forse`",
    ...       Span("a.yaml", 3, 1, 6, "forse: must"), "did you mean `force`?")))
    error[BR201 unknown-key]: a rule has no key `forse`
     --> a.yaml:3:1
      |
    3 | forse: must
      | ^^^^^
    help: did you mean `force`?
    """
    place = diagnostic.place
    head = f"{diagnostic.severity}[{diagnostic.code} {diagnostic.name}]: {diagnostic.message}"
    number = str(place.line) if isinstance(place, Span) and place.text else ""
    lines = [head, f"{' ' * len(number)}--> {place}"]
    if isinstance(place, Span) and place.text:
        edge = " " * len(number)
        text, start, end = _cut(place.text, place.column - 1, place.end_column - 1)
        before, marked = text[:start], text[start:end]
        lines.append(f"{edge} |")
        lines.append(f"{number} | {text}")
        lines.append(f"{edge} | {' ' * _width(before)}{'^' * max(_width(marked), 1)}")
    elif place_text := getattr(place, "text", ""):
        lines.append(f"    {place_text}")
    if diagnostic.help:
        lines.append(f"help: {diagnostic.help}")
    return "\n".join(_printable(each) for each in lines)


_LONGEST = 160


def _cut(text: str, start: int, end: int) -> tuple[str, int, int]:
    """A line without what would not fit on a screen, and where the marked stretch is in it."""
    if len(text) <= _LONGEST:
        return text, start, end
    first = max(0, start - 40)
    last = min(len(text), first + _LONGEST)
    left, right = "…" if first else "", "…" if last < len(text) else ""
    shift = len(left) - first
    return f"{left}{text[first:last]}{right}", start + shift, min(end, last) + shift


def _printable(text: str) -> str:
    """Text that cannot steer a terminal or break its line."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else " " if each == "\t" else "\ufffd" for each in text)


def _width(text: str) -> int:
    """How many columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.combining(each) > 0 for each in text)


def errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics that stop the work.

    >>> errors([Diagnostic("BR100", "x", "m", Span("f"), severity="warning")])
    []
    """
    return [each for each in diagnostics if each.severity == "error"]
