"""A diagnostic as people see it."""

from __future__ import annotations

import pytest

from bigrules.diagnostics import Cell, DataPath, Diagnostic, Span, render


def shown(place: Span | Cell | DataPath, help: str | None = None) -> list[str]:
    """The lines of a diagnostic at a place."""
    return render(Diagnostic("BR204", "unknown-sentence", "no sentence says `x`", place, help)).split("\n")


def test_the_line_is_shown_with_what_is_meant_underlined() -> None:
    """Number, line and carets stand under each other, whatever the width of the number."""
    assert shown(Span("a.yaml", 120, 5, 6, "  - x y"), "did you mean `y`?") == [
        "error[BR204 unknown-sentence]: no sentence says `x`",
        "   --> a.yaml:120:5",
        "    |",
        "120 |   - x y",
        "    |     ^",
        "help: did you mean `y`?",
    ]


def test_a_place_of_no_width_gets_one_caret() -> None:
    """The end of a line can be pointed at."""
    assert shown(Span("a.yaml", 1, 4, 4, "a: "))[-1] == "  |    ^"


def test_wide_characters_keep_the_carets_in_place() -> None:
    """Characters that take two columns, or none, are counted as terminals do."""
    assert shown(Span("a.yaml", 1, 3, 5, "日本x語"))[-1] == "  |     ^^^"
    assert shown(Span("a.yaml", 1, 4, 5, "e\u0301 x"))[-1] == "  |   ^"


@pytest.mark.parametrize(
    ("text", "line"), [("a\x1b[31mb", "1 | a\ufffd[31mb"), ("\ta", "1 |  a"), ("a\u202eb", "1 | a\ufffdb")]
)
def test_what_a_file_holds_cannot_steer_a_terminal(text: str, line: str) -> None:
    """Control characters are shown as such, and a tab takes one column as it is counted."""
    assert shown(Span("a.yaml", 1, 1, 2, text))[3] == line


def test_a_long_line_is_shown_around_what_is_meant() -> None:
    """A line that would not fit on a screen is cut, and the carets still stand under what is meant."""
    _, _, _, line, carets = shown(Span("a.yaml", 1, 501, 504, "x" * 500 + "abc" + "y" * 500))
    assert line == f"1 | …{'x' * 40}abc{'y' * 117}…"
    assert line[carets.index("^") : carets.rindex("^") + 1] == "abc"


def test_cells_and_paths_show_what_stands_there() -> None:
    """A place without lines has its text below it."""
    assert shown(Cell("a.xlsx", "homes", "C4", "maybe"))[1:] == ["--> a.xlsx:homes!C4", "    maybe"]
    assert shown(DataPath("data", "homes[1].person"))[1:] == ["--> data: homes[1].person"]
    assert shown(Span("a.yaml"))[1:] == ["--> a.yaml"]
    assert shown(Span("a.yaml", 2, 1))[1:] == ["--> a.yaml:2:1"]
