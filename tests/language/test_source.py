"""Reading YAML: everything stays text and knows its place, and nothing in a file can do harm."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import yaml

from bigrules.diagnostics import Span
from bigrules.language import load
from bigrules.language.faults import Faults
from bigrules.language.source import MAX_BYTES, Document, Mapping, Text, parse, plain, read_document

from .books import underlined, write


def document(text: str | bytes) -> Document:
    """A sound document."""
    faults = Faults()
    found = parse(text.encode() if isinstance(text, str) else text, "a.yaml", faults)
    assert found is not None and not faults.found
    return found


def fault(data: bytes) -> tuple[str, str, int, int]:
    """Name, underlined text, line and column of the one fault of a text."""
    faults = Faults()
    assert parse(data, "a.yaml", faults) is None
    (found,) = faults.found
    assert isinstance(found.place, Span)
    return found.name, underlined(found), found.place.line, found.place.column


def test_every_scalar_stays_the_text_that_was_written() -> None:
    """`no`, `51%`, dates and numbers are not converted."""
    text = "a: [no, 51%, 2017-07-01, 007, 1e3, ~, '8', null]"
    assert plain(document(text).root) == {"a": ["no", "51%", "2017-07-01", "007", "1e3", "~", "8", "null"]}


def test_white_space_in_a_text_is_single() -> None:
    """A text that runs over lines, or is padded, is one line."""
    text = 'a: >-\n  one\n  two\nb: "  three   four "\nc: five\n  six\n'
    assert plain(document(text).root) == {"a": "one two", "b": "three four", "c": "five six"}


def test_places_count_characters_from_one() -> None:
    """A node knows its line and column, whatever stands before it."""
    found = document("# é\nähm: {ö: <größe> x}\n")
    root = found.root
    assert isinstance(root, Mapping)
    inner = root.get("ähm")
    assert isinstance(inner, Mapping)
    value = inner.get("ö")
    assert isinstance(value, Text)
    span = found.span(value)
    assert (span.line, span.column, span.end_column) == (2, 10, 19)
    assert span.text[span.column - 1 : span.end_column - 1] == "<größe> x"
    assert found.within(value, "<größe>").end_column == 17


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(end: str) -> None:
    """Lines are counted alike with the line ends of every system."""
    found = document(f"a: 1{end}b: 2{end}")
    assert found.lines[:2] == ("a: 1", "b: 2")
    assert found.root.end_line == 2


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    """A BOM is accepted and moves no column."""
    found = document(b"\xef\xbb\xbfrule: x\n")
    assert plain(found.root) == {"rule": "x"}
    assert found.root.column == 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("empty-file", "", 1, 1)),
        (b"# only this\n", ("empty-file", "", 1, 1)),
        (b"\n\n", ("empty-file", "", 1, 1)),
        (b"a: 1\nb: caf\xe9 x\n", ("not-utf-8", "\ufffd", 2, 7)),
        ("a: 1\n".encode("utf-16"), ("not-utf-8", "", 1, 1)),
        (b"a: \x00\n", ("not-yaml", "\x00", 1, 4)),
        (b"a: [b\n", ("not-yaml", "[", 1, 4)),
        (b'a: "b\n', ("not-yaml", '"', 1, 4)),
        (b'a: "b\nc: d\n', ("not-yaml", '"', 1, 4)),
        (b"a: b\nc d\ne: f\n", ("not-yaml", "c", 2, 1)),
        (b"a: b: c\n", ("not-yaml", ":", 1, 5)),
        (b"a: @b\n", ("not-yaml", "@", 1, 4)),
        (b"a: %b\n", ("not-yaml", "%", 1, 4)),
        (b"a:\n\t- b\n", ("tab", "\t", 2, 1)),
        (b"a: *b\n", ("alias", "*b", 1, 4)),
        (b"a: &b c\nd: *b\n", ("alias", "*b", 2, 4)),
        (b"<<: *b\na: 1\n", ("alias", "*b", 1, 5)),
        (b"a: 1\n---\nb: 2\n", ("several-documents", "---", 2, 1)),
        (b"a: !!int 5\n", ("tag", "!!int 5", 1, 4)),
        (b"a: !!python/name:os.system x\n", ("tag", "!!python/name:os.system x", 1, 4)),
        (b"a: 1\na: 2\n", ("duplicate-key", "a", 2, 1)),
        (b"b: {a: 1, a: 2}\n", ("duplicate-key", "a", 1, 11)),
        (b"{a: 1}: 2\n", ("wrong-shape", "{a: 1}", 1, 1)),
    ],
)
@pytest.mark.parametrize("parser", ["c", "python"])
def test_a_text_that_cannot_be_used_is_told_about(
    data: bytes, expected: tuple[str, str, int, int], parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault of a text has its name and place, with either parser of PyYAML."""
    if parser == "python":
        monkeypatch.delattr(yaml, "CBaseLoader", raising=False)
    assert fault(data) == expected


@pytest.mark.parametrize("parser", ["c", "python"])
@pytest.mark.parametrize("opened", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_noticed_before_it_hurts(
    opened: str, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred thousand brackets are one diagnostic and no crash."""
    if parser == "python":
        monkeypatch.delattr(yaml, "CBaseLoader", raising=False)
    name, *_ = fault(opened.encode() * 100_000)
    assert name == "too-deep"


def test_an_alias_bomb_is_not_expanded() -> None:
    """Aliases are refused, so that nothing can grow."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    faults = Faults()
    assert parse("\n".join(lines).encode(), "a.yaml", faults) is None
    assert {each.name for each in faults.found} == {"alias"}


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of a file is looked at before it is opened."""
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
    faults = Faults()
    assert read_document(path, "large.yaml", faults) == (None, b"")
    (found,) = faults.found
    assert (found.code, found.message) == ("BR109", "`large.yaml` is too large (50.0 MB)")
    assert found.help == "a file of a rulebook has at most 1 MB"
    assert MAX_BYTES == 1_000_000


def test_what_is_no_file_is_told_about(tmp_path: Path) -> None:
    """A directory, nothing, and something that never ends are not read."""
    for name, path in (("not-a-file", tmp_path), ("missing-file", tmp_path / "none.yaml")):
        faults = Faults()
        assert read_document(path, "x.yaml", faults) == (None, b"")
        assert [each.name for each in faults.found] == [name]
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.yaml")
        faults = Faults()
        assert read_document(tmp_path / "pipe.yaml", "pipe.yaml", faults) == (None, b"")
        assert faults.found[0].message == "`pipe.yaml` is not an ordinary file"


def test_both_parsers_read_a_rulebook_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the C parser of PyYAML a rulebook is the same."""
    path = write(tmp_path, {"a.yaml": "rule: x\nforce: must\nrequired: <any person> is a member\n"})
    fast = load(path)
    monkeypatch.delattr(yaml, "CBaseLoader", raising=False)
    slow = load(path)
    assert fast == slow
    assert fast[0] is not None
