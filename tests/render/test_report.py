"""What a report looks like, against texts that are kept beside; BIGRULES_RESET=1 writes them anew."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from bigrules.findings.basis import Report
from bigrules.findings.check import load_rulebook
from bigrules.findings.names import NameMode
from bigrules.render.as_json import dumps, report_data, schema, write_json
from bigrules.render.report import explain_lines, report_lines
from bigrules.render.text import Line, encodable, plain, wants_colour, wrapped, write

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def report() -> Report:
    """The report on the village hall."""
    rulebook = load_rulebook(HERE / "book")
    case = rulebook.read(str(HERE / "hall.yaml"))
    made = rulebook.check(case, readings="each")
    # Where the register and the rulebook stand differs from machine to machine.
    import attrs

    return attrs.evolve(made, rests_on=attrs.evolve(made.rests_on, source="hall.yaml", digest="0" * 64))


def kept(name: str, text: str) -> None:
    """Hold a text against the one that is kept."""
    file = HERE / "expected" / name
    if os.environ.get("BIGRULES_RESET"):
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


def test_breaches_come_first_then_facts_then_people(report: Report) -> None:
    kept("hall.txt", plain(report_lines(report)))


def test_all_shows_what_is_met_too(report: Report) -> None:
    kept("hall-all.txt", plain(report_lines(report, show_all=True)))


def test_initials_show_no_name(report: Report) -> None:
    text = plain(report_lines(report, "initials", show_all=True))
    kept("hall-initials.txt", text)
    assert not any(name in text for name in ("Ann", "Baker", "Flo", "Gray"))


def test_without_names_people_are_numbered(report: Report) -> None:
    text = plain(report_lines(report, "none"))
    assert "person 1" in text
    assert not any(name in text for name in ("Ann", "A. E.", "Flo"))


def test_reasons_are_sentences(report: Report) -> None:
    kept("hall-explained.txt", plain(explain_lines(report, report.findings)))


@pytest.mark.parametrize("names", ["full", "initials", "none"])
def test_json_has_names_in_one_place(report: Report, names: NameMode) -> None:
    data = report_data(report, names, report.findings)
    text = dumps({"format": 1, "reports": [data]})
    if names == "initials":
        kept("hall.json", text)
    people = data.pop("people")
    assert [each.get("name") for each in people.values()][:1] == {
        "full": ["Ann Example"],
        "initials": ["A. E."],
        "none": [None],
    }[names]
    rest = json.dumps(data, ensure_ascii=False)
    assert not any(name in rest for name in ("Ann", "Example", "A. E.", "Flo"))


def test_json_keeps_to_its_schema(report: Report) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    data: dict[str, Any] = {
        "format": 1,
        "reports": [report_data(report), report_data(report, "full", report.findings)],
    }
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(data, schema())


def test_fractions_are_strings(report: Report) -> None:
    (majority,) = [each for each in report_data(report)["rules"] if each["rule"] == "rules/majority"]
    (figure,) = majority["findings"][0]["figures"]
    assert (figure["least"], figure["greatest"], figure["limit"]) == ("1/2", "3/4", "51/100")


@pytest.mark.parametrize("width", [30, 40, 60, 100])
def test_text_is_wrapped_at_the_width(report: Report, width: int) -> None:
    """Only a word that is longer than the line stays whole."""
    for line in plain(report_lines(report, show_all=True), width).splitlines():
        assert len(line) <= width or " " not in line.strip("-? ")


def test_a_console_without_the_signs_gets_plain_ones(report: Report) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    write(report_lines(report), stream)
    stream.flush()
    text = stream.buffer.getvalue().decode("ascii")  # type: ignore[attr-defined]
    assert 'as "more than 40%" has it' in text
    assert "?" not in text.replace("? ", "").replace("?\n", "").replace("form?", "")


def test_names_that_a_console_cannot_show_do_not_stop_it() -> None:
    class Old(io.StringIO):
        encoding = "cp437"

    assert encodable("Łucja said “no”", Old()) == '?ucja said "no"'


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_colour_and_the_same_words(monkeypatch: pytest.MonkeyPatch, report: Report) -> None:
    pytest.importorskip("rich")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    write(report_lines(report), terminal, 80)
    import re

    coloured = terminal.getvalue()
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain(report_lines(report), 80)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colour_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    assert not wants_colour(Terminal())


def test_a_mark_hangs_before_its_text() -> None:
    assert [text for text, _ in wrapped([Line("one two three four", 2, mark="- ")], 16)] == [
        "  - one two",
        "    three four",
    ]


def test_json_loses_nothing_on_an_old_console() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp437")
    write_json({"name": "Łucja “Lu” Ø"}, stream)
    stream.flush()
    assert json.loads(stream.buffer.getvalue().decode("cp437")) == {"name": "Łucja “Lu” Ø"}  # type: ignore[attr-defined]
