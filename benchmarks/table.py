"""What a measurement says, and the table that it stands in."""

from __future__ import annotations

import attrs


@attrs.frozen
class Line:
    """One line of the table.

    Args:
        what: What is measured.
        measured: The figure, with its unit.
        bar: What it is held against, or "" for a line that only tells more.
        over: By what factor the bar is missed (above 1) or kept (up to 1); None where there is no bar.
        beside: What else is worth knowing.
    """

    what: str
    measured: str
    bar: str = ""
    over: float | None = None
    beside: str = ""

    @property
    def verdict(self) -> str:
        """Whether the bar is kept."""
        if self.over is None:
            return ""
        return "kept" if self.over <= 1 else f"missed, {self.over:.3g} × the bar"


def bar(what: str, figure: float, limit: float, unit: str, beside: str = "", digits: int = 2) -> Line:
    """A figure that is held against a limit."""
    return Line(what, f"{figure:,.{digits}f} {unit}", f"≤ {limit:g} {unit}", figure / limit, beside)


def told(what: str, measured: str, beside: str = "") -> Line:
    """A figure that is held against nothing."""
    return Line(what, measured, beside=beside)


HEAD = "| what | measured | bar | | beside |\n|---|---|---|---|---|"


def row(line: Line) -> str:
    """The line as Markdown.

    >>> row(bar("a check", 3.0, 1.5, "×"))
    '| a check | 3.00 × | ≤ 1.5 × | missed, 2 × the bar |  |'
    """
    return f"| {line.what} | {line.measured} | {line.bar} | {line.verdict} | {line.beside} |"
