"""Whatever a register holds, reading it gives a case or diagnostics, and never a traceback."""

from __future__ import annotations

import datetime
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from bigrules.diagnostics import errors
from bigrules.facts.codes import CODES
from bigrules.language.faults import CODES as FILE_CODES

if TYPE_CHECKING:
    from conftest import Read, Result

PLAIN_WORDS = """
    people person memberships Homes relations relation kind other seats seat votes remark households household
    decisions day about taking_part how answers question answer when who why incomplete register name from until
    certain possible id example: Ann Bob ann ? unknown n/a yes no married parent child friends 1/1/2018 31/2/2018
    1/1/18 definitions/related criteria/reflects conflicts/fair Ann;Bob always 3 -1 voted grant vacant
"""
OTHER_WORDS = [
    "in the area",
    "as of",
    "taking part",
    "not asked",
    "Ann; Bob",
    "",
    " ",
    "=A1",
    "\x00",
    "\ud800",
    "é",
]
WORDS = st.sampled_from([*PLAIN_WORDS.split(), *OTHER_WORDS])
SCALARS = st.one_of(
    WORDS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.binary(max_size=3),
    st.fractions(),
)
ROWS = st.lists(st.one_of(SCALARS, st.dictionaries(WORDS, SCALARS, max_size=6)), max_size=4)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4)),
)
REGISTERS = st.dictionaries(WORDS, st.one_of(ROWS, ANYTHING), max_size=6)


def sound(result: Result) -> None:
    """A case exactly where there is no error; every diagnostic is one of ours, in one sentence, and can be shown."""
    assert (result.case is None) == bool(errors(result.found))
    for each in result.found:
        assert {**FILE_CODES, **CODES}[each.name] == each.code
        assert each.message and not each.message.endswith(".") and "\n" not in each.message
        str(each).encode()


@given(data=REGISTERS)
def test_any_python_data(read: Read, data: dict[str, Any]) -> None:
    """Python objects of any shape."""
    sound(read(data))


@given(
    data=REGISTERS.filter(lambda each: "as of" not in each), day=st.one_of(st.dates(), st.text(max_size=8))
)
def test_any_day(read: Read, data: dict[str, Any], day: str | datetime.date) -> None:
    """Any day of judging."""
    sound(read(data, day))


@given(data=ANYTHING)
def test_any_json(read: Read, data: object) -> None:
    """JSON of any shape."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_text(json.dumps(data, default=str))
        sound(read(path))


TEXTS = st.text().map(lambda each: each.encode("utf-8", "replace"))


@given(name=st.sampled_from(["a.json", "a.yaml", "a.xlsx"]), data=st.one_of(st.binary(), TEXTS))
def test_any_bytes(read: Read, name: str, data: bytes) -> None:
    """Bytes of any sort."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        sound(read(path))


CELLS = st.one_of(
    WORDS.map(lambda each: each.replace("\ud800", "x")), st.text(st.characters(codec="utf-8"), max_size=4)
)
TABLES = st.lists(st.lists(CELLS, max_size=4), max_size=4)
NAMES = st.sampled_from(["people", "homes", "seats", "answers", "relations", "register", "other"])


@given(sheets=st.dictionaries(NAMES, TABLES, min_size=1), separator=st.sampled_from(",;\t"))
def test_any_csv(read: Read, sheets: dict[str, list[list[str]]], separator: str) -> None:
    """CSV files with anything in their cells."""
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in sheets.items():
            text = "\n".join(separator.join(row) for row in rows)
            (Path(folder) / f"{name}.csv").write_bytes(text.encode())
        sound(read(folder))
