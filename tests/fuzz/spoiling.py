"""How files are spoiled, and what must hold of whatever is said about them."""

from __future__ import annotations

import itertools
import os
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from bigrules.diagnostics import Cell, DataPath, Diagnostic, Place, Span, render
from bigrules.facts.codes import CODES
from bigrules.facts.readers.json_file import join
from bigrules.language.faults import CODES as FILE_CODES

# ---------------------------------------------------------------- what must hold

# No input here has more than a few thousand bytes; reading a sound one takes some ten thousand calls.
MOST_CALLS = 3_000_000
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


IS_LONG = os.environ.get("BIGRULES_PROFILE") == "long"
_TURNS = itertools.count()
# For what takes long to make or read: fewer in every run, and as many as any other in the long one.
FEW = settings() if IS_LONG else settings(max_examples=15)


class TooMuchWork(AssertionError):
    """A small input has made more work than any should."""


@contextmanager
def bounded(most: int = MOST_CALLS) -> Iterator[None]:
    """Counts calls, which unlike time are the same on every machine: an input that hangs is an error."""
    calls = 0
    turn = next(_TURNS)
    if IS_LONG and most == MOST_CALLS and turn % 4:
        yield  # counting takes longer than reading: of very many inputs every fourth is enough
        return

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += 1
        if calls > most:
            sys.setprofile(None)
            raise TooMuchWork

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)


def check_said(found: list[Diagnostic], within: Callable[[Place], bool]) -> None:
    """Each diagnostic is one of ours, in one sentence, can be shown, and points into the file."""
    for each in found:
        assert each.code in (FILE_CODES.get(each.name), CODES.get(each.name)), each
        assert each.message and "\n" not in each.message and not each.message.endswith("."), each
        assert each.message[0] in "`…" or not each.message[0].isupper(), each
        assert each.help, each
        shown = render(each)
        assert not _BAD.search(shown.replace("\n", "")), repr(shown)
        shown.encode()
        assert len(shown) < 4_000, len(shown)
        assert within(each.place), each


def in_text(data: bytes) -> Callable[[Place], bool]:
    """Whether a place lies within a text file."""
    text = data.decode("utf-8-sig", "replace")
    of_yaml, of_json = _LINE_END.split(text), text.split("\n")

    def within(place: Place) -> bool:
        if not isinstance(place, Span):
            return True
        whole = not place.text and (place.line, place.column) == (1, 1)
        return whole or any(_on_line(place, lines) for lines in (of_yaml, of_json))

    return within


def _on_line(place: Span, lines: list[str]) -> bool:
    if not 1 <= place.line <= len(lines):
        return False
    line = lines[place.line - 1]
    return (
        place.text in (line, "") and 1 <= place.column <= len(line) + 1 and place.column <= place.end_column
    )


def in_data(value: Any) -> Callable[[Place], bool]:
    """Whether a place lies within plain data."""
    paths = set(_paths(value, ""))
    return lambda place: not isinstance(place, DataPath) or place.path in paths


def _paths(value: Any, path: str) -> Iterator[str]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, join(path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths(inner, f"{path}[{number}]")


def in_sheets(rows: dict[str, int]) -> Callable[[Place], bool]:
    """Whether a place lies within the rows of sheets or CSV files."""

    def within(place: Place) -> bool:
        if not isinstance(place, Cell) or not place.cell:
            return True
        last = rows.get(place.sheet or place.file.replace("\\", "/").rsplit("/", 1)[-1])
        found = re.fullmatch(r"([A-Z]+)([1-9]\d*)", place.cell)
        return last is not None and found is not None and int(found[2]) <= last

    return within


# ---------------------------------------------------------------- spoiling bytes

# fmt: off
TOKENS = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\r", b"\n", b"\t", b'"', b"'", b"{", b"}", b"[", b"]",
    b"<", b">",
    b":", b": ", b"- ", b"? ", b"&a ", b"*a", b"!!python/object:os.system ", b"!x ", b"%", b"@", b"|\n", b">\n",
    b"---\n",
    b"<<: *a", b"#", b",", b";", b"sep=;\n", b"\\", b"\\u202e", b"\\ud800", b"NaN", b"-Infinity", b"1e999", b"0x1f",
    b"null", b"~",
    b"999999999999999999999999999999999999999999999", b"=1+1", b"#REF!", b"?", b"example: ", b"30/2/2017", b"1/1/17",
    "\u202e".encode(), "\u200b".encode(), "\u2028".encode(), "\x85".encode(),
    "＜".encode(), "é".encode(), "\U0001f600".encode(),
    b"<any person>", b"<1 to 1000>", b"unless", b"any of:", b"<!DOCTYPE a>", b"&b;", b"</c>", b"r=", b't="s"', b't="d"',
]
# fmt: on


@st.composite
def spoiled(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes with some put in, taken out, changed, moved or doubled; or cut off."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 12)))
        match draw(
            st.sampled_from(["token", "token", "bytes", "out", "double", "move", "cut", "flip", "long"])
        ):
            case "token":
                data = data[:at] + draw(st.sampled_from(TOKENS)) + data[at:]
            case "bytes":
                data = data[:at] + draw(st.binary(max_size=6)) + data[end:]
            case "out":
                data = data[:at] + data[end:]
            case "double":
                data = data[:end] + data[at:]
            case "move":
                to = draw(st.integers(0, len(data)))
                rest = data[:at] + data[end:]
                data = rest[:to] + data[at:end] + rest[to:]
            case "cut":
                data = data[:at] if draw(st.booleans()) else data[at:]
            case "flip" if at < len(data):
                data = data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]
            case "long":
                data = (
                    data[:at]
                    + draw(st.sampled_from([b"a", b"[", b" ", b"<", b"'", b"\n"])) * 2_000
                    + data[at:]
                )
    return data


@st.composite
def spoiled_part(draw: st.DrawFn, data: bytes) -> bytes:
    """A workbook of which one or two parts are spoiled, under a sound zip."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(sorted(parts)))
        match draw(st.sampled_from(["spoil", "spoil", "spoil", "out", "other"])):
            case "spoil":
                parts[name] = draw(spoiled(parts[name]))
            case "out" if len(parts) > 1:
                del parts[name]
            case "other":
                parts[name] = parts[draw(st.sampled_from(sorted(parts)))]
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return stream.getvalue()


# ---------------------------------------------------------------- spoiling plain data

HOSTILE = [
    "", " ", "?", "-", "n/a", "yes", "no", "maybe", "vacant", "example: Ann Example", "not asked", "=1+1", "#REF!",
    "31/2/2017", "12/31/2017", "1/4/17", "2017", "42826", "9999-12-31", "1e99", "1/0", "٣", "½", "−1", "12,5",
    "Ann  EXAMPLE", "Ann\u202eExample", "Ann\u200bExample", "\u202e", "\ufeff", "Ann\x00", "\x1b[2J", "a\nb",
    "'; DROP TABLE",
    "__import__('os')", "{0.__class__}", "%s%n", "a" * 300, "e\u0301" * 40, "Example, Ann", "Ann Example; Bob Sample",
    "Ä", "ﬁ", "ß",
    "<person>", "people", "certain", "possible", "id", "register", "as of", "answers", "incomplete", "None", "true",
]  # fmt: skip
SCALARS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.none(),
)


@st.composite
def spoiled_tree(draw: st.DrawFn, tree: dict[str, Any]) -> dict[str, Any]:
    """A register as plain data with cells, headings, rows and lists changed, doubled or left out."""
    tree = {name: [dict(row) for row in rows] for name, rows in tree.items()}
    for _ in range(draw(st.integers(1, 5))):
        name = draw(st.sampled_from(sorted(tree))) if tree else ""
        rows = tree.get(name, [])
        row = draw(st.sampled_from(rows)) if rows else {}
        key = draw(st.sampled_from(sorted(row))) if row else ""
        match draw(st.sampled_from(["cell"] * 5 + ["key", "list", "no row", "again", "no list", "new"])):
            case "cell" if key:
                row[key] = draw(SCALARS)
            case "key" if key:
                row[draw(st.sampled_from(HOSTILE)) or "x"] = row.pop(key)
            case "list" if name:
                tree[draw(st.sampled_from(HOSTILE)) or "x"] = tree.pop(name)
            case "no row" if row:
                rows[:] = [each for each in rows if each is not row]
            case "again" if row:
                rows.append({**row, **({key: draw(SCALARS)} if draw(st.booleans()) else {})})
            case "no list" if name:
                del tree[name]
            case "new":
                tree.setdefault(draw(st.sampled_from(["answers", "incomplete", "meetings", "x"])), []).append(
                    draw(
                        st.dictionaries(
                            st.sampled_from(["question", "about", "answer", "kind", "person", "x"]), SCALARS
                        )
                    )
                )
    return tree
