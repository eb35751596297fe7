"""Registers in every form, spoiled: a case or diagnostics, never both, never an exception, never without end."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import pytest
import yaml
from hypothesis import event, given
from hypothesis import strategies as st
from spoiling import (
    FEW,
    bounded,
    check_said,
    in_data,
    in_sheets,
    in_text,
    spoiled,
    spoiled_part,
    spoiled_tree,
)

from bigrules.diagnostics import Diagnostic, Place, errors
from bigrules.facts import read_register
from bigrules.facts.plain import read_plain
from bigrules.facts.readers.objects import read_objects
from bigrules.facts.structure import structure
from bigrules.language import load
from bigrules.language.model import Rulebook

RULEBOOK, _FOUND = load(Path(__file__).parents[1] / "bad" / "society")
assert RULEBOOK is not None
SOCIETY: Rulebook = RULEBOOK

GOOD: dict[str, list[dict[str, Any]]] = {
    "people": [
        {"person": "Ann Example", "born": "1980-01-01", "id": "a"},
        {"person": "Bob Sample", "born": "?", "id": "b"},
        {"person": "Zoë Instance", "born": "1/2/1990", "id": "z"},
    ],
    "memberships": [
        {"person": "Ann Example", "role": "treasurer", "voting": "yes", "from": "2017-04-01", "until": ""},
        {"person": "Bob Sample", "role": "co-opted member", "voting": "no", "from": "1/4/2017", "until": "1/4/2018"},
        {"person": "vacant", "role": "", "voting": "", "from": "", "until": ""},
    ],
    "plots": [{"plot": "1", "person": "Ann Example", "rent": "12.50", "remark": "by the gate; sunny"}],
    "homes": [{"person": "Ann Example", "in the village": "yes", "from": "always", "until": ""}],
    "families": [
        {"person": "Ann Example", "other": "Bob Sample", "kind": "parent", "certain": "yes"},
        {"person": "Zoë Instance", "other": "Bob Sample", "kind": "friends", "certain": "?"},
    ],
    "meetings": [{"meeting": "The spring meeting", "day": "2018-04-03", "about": "rent"}],
    "taking part": [{"person": "Ann Example", "meeting": "The spring meeting", "how": "chaired"}],
    "answers": [{"question": "rules/water", "about": "", "answer": "yes", "who": "all", "when": "1/5/2018"}],
    "incomplete": [{"kind": "families", "about": "Bob Sample"}],
}  # fmt: skip


def check(path: Path, within: Any) -> None:
    """Read what is there."""
    with bounded():
        case, found = read_register(SOCIETY, str(path), "2018-06-01")
    assert (case is None) == bool(errors(found)), found
    if case is not None:
        # What a case holds is what the vocabulary says that there may be.
        assert all(len(each.values) == len(SOCIETY.vocabulary.kinds[each.kind].fields) for each in case.facts)
    check_said(found, within)


def in_file(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        check(path, in_text(data))


# ---------------------------------------------------------------- as they are written


def as_yaml(tree: Any) -> bytes:
    text: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=4_000)
    return text.encode()


def as_json(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=False, indent=1).encode()


def as_csv(rows: list[dict[str, Any]], separator: str = ",") -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if row.get(name) is None else str(row[name]) for name in names])
    return stream.getvalue().encode("utf-8", "replace")


def as_workbook(tree: dict[str, list[dict[str, Any]]]) -> tuple[bytes, dict[str, int]]:
    """A workbook, and how many rows each of its sheets has."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tree.items():
        title = ILLEGAL_CHARACTERS_RE.sub("", "".join(each for each in name if each not in r"[]:*?/\'"))[
            :31
        ].strip()
        sheet = book.create_sheet(title or "x")
        names = list(dict.fromkeys(each for row in rows for each in row))
        for line in [names, *([row.get(each) for each in names] for row in rows)]:
            try:
                sheet.append(line)
            except (IllegalCharacterError, ValueError):
                sheet.append(["x"])
    if not book.worksheets:
        book.create_sheet("x")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue(), {sheet.title: sheet.max_row for sheet in book.worksheets}


YAML, JSON, BOOK = as_yaml(GOOD), as_json(GOOD), as_workbook(GOOD)[0]


def test_what_is_spoiled_is_sound_at_first(tmp_path: Path) -> None:
    """The files that are spoiled here have nothing to be told of themselves."""
    for name, data in (("a.yaml", YAML), ("a.json", JSON), ("a.xlsx", BOOK)):
        (tmp_path / name).write_bytes(data)
        case, found = read_register(SOCIETY, str(tmp_path / name), "2018-06-01")
        assert case is not None and not errors(found), found
        assert len(case.facts) == 11, name


@FEW
@given(tree=spoiled_tree(GOOD))
def test_spoiled_data_in_yaml(tree: dict[str, Any]) -> None:
    """Cells, headings and lists as nobody expects them, in YAML."""
    in_file("a.yaml", as_yaml(tree))


@FEW
@given(tree=spoiled_tree(GOOD))
def test_spoiled_data_in_json(tree: dict[str, Any]) -> None:
    """The same in JSON, where each place is a path into the data."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_bytes(as_json(tree))
        check(path, in_data(tree))


# What the short way reads: no ids, nobody who is possible, nothing but facts.
TIDY = {
    name: [{key: value for key, value in row.items() if key not in ("id", "certain")} for row in rows]
    for name, rows in GOOD.items()
    if name not in ("answers", "incomplete")
}
TIDY["memberships"] = TIDY["memberships"][:2]


def test_the_short_way_reads_what_is_tidy() -> None:
    """What is spoiled below can be read in the short way at first."""
    assert read_plain(SOCIETY, TIDY, "2018-06-01") is not None


@given(tree=st.one_of(spoiled_tree(GOOD), spoiled_tree(TIDY), spoiled_tree(TIDY)))
def test_spoiled_data_as_it_is(tree: dict[str, Any]) -> None:
    """The same as Python objects; where the short way reads them, the full way reads the same."""
    with bounded():
        case, found = read_register(SOCIETY, tree, "2018-06-01")
    assert (case is None) == bool(errors(found)), found
    check_said(found, in_data(tree))
    short = read_plain(SOCIETY, tree, "2018-06-01")
    event("the short way" if short is not None else "the full way")
    if short is None:
        return
    noticed: list[Diagnostic] = []
    raw = read_objects(tree, SOCIETY.vocabulary, noticed)
    assert raw is not None and not noticed
    full, said = structure(SOCIETY, raw, "2018-06-01")
    assert full is not None and not said, said
    assert attrs.evolve(full, source=short.source) == short
    assert [(each.kind, each.values, each.possible) for each in short.facts] == [
        (each.kind, each.values, each.possible) for each in full.facts
    ]


@FEW
@given(tree=spoiled_tree(GOOD), separator=st.sampled_from(",;\t"))
def test_spoiled_data_in_csv(tree: dict[str, Any], separator: str) -> None:
    """The same in a folder of CSV files."""
    with tempfile.TemporaryDirectory() as folder:
        rows = {}
        for number, (name, lines) in enumerate(tree.items()):
            plain = (
                name
                if name.isascii() and name.replace(" ", "").isalpha() and len(name) < 40
                else f"list {number}"
            )
            data = as_csv(lines, separator)
            (Path(folder) / f"{plain}.csv").write_bytes(data)
            rows[f"{plain}.csv"] = len(data.decode().splitlines())
        check(Path(folder), in_sheets(rows))


@FEW
@given(tree=spoiled_tree(GOOD))
def test_spoiled_data_in_a_workbook(tree: dict[str, Any]) -> None:
    """The same in a workbook."""
    data, rows = as_workbook(tree)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(data)
        check(path, in_sheets(rows))


@given(data=spoiled(YAML))
def test_spoiled_bytes_of_yaml(data: bytes) -> None:
    """The bytes of a good register in YAML, with some of them changed."""
    in_file("a.yaml", data)


@given(data=spoiled(JSON))
def test_spoiled_bytes_of_json(data: bytes) -> None:
    """The bytes of a good register in JSON, with some of them changed."""
    in_file("a.json", data)


@FEW
@given(name=st.sampled_from(sorted(GOOD)), data=st.data())
def test_spoiled_bytes_of_csv(name: str, data: st.DataObject) -> None:
    """The bytes of one of its CSV files, with some of them changed."""
    with tempfile.TemporaryDirectory() as folder:
        rows = {}
        for each, lines in GOOD.items():
            content = as_csv(lines)
            if each == name:
                content = data.draw(spoiled(content))
            (Path(folder) / f"{each}.csv").write_bytes(content)
            rows[f"{each}.csv"] = max(
                1, len(content.decode("utf-8", "replace").splitlines()) + content.count(b"\r")
            )
        check(Path(folder), in_sheets(rows))


@FEW
@given(data=spoiled(BOOK))
def test_spoiled_bytes_of_a_workbook(data: bytes) -> None:
    """The bytes of a workbook, as a zip, with some of them changed."""
    in_file("a.xlsx", data)


@FEW
@given(data=spoiled_part(BOOK))
def test_spoiled_parts_of_a_workbook(data: bytes) -> None:
    """The parts of a workbook with some of their bytes changed: the zip is sound, the XML or what it says is not."""
    in_file("a.xlsx", data)


@given(name=st.sampled_from(["a.yaml", "a.json", "a.xlsx"]), data=st.binary(max_size=400))
def test_any_bytes(name: str, data: bytes) -> None:
    """Bytes of any sort."""
    in_file(name, data)


def test_work_without_end_would_be_found() -> None:
    """What counts the work stops what has no end."""
    with pytest.raises(AssertionError), bounded(10_000):
        while True:
            str(1).strip()


@pytest.mark.parametrize("shift", [0, 1])
def test_a_place_outside_would_be_found(shift: int) -> None:
    """What looks at places tells one in the file from one below it."""
    from bigrules.diagnostics import Cell, DataPath, Span

    places: list[tuple[Any, Place]] = [
        (in_text(b"ab\ncd\n"), Span("a", 2 + 3 * shift, 1, 2, "cd")),
        (in_data({"a": [1]}), DataPath("a", f"a[{shift}]")),
        (in_sheets({"a": 3}), Cell("a.xlsx", "a", f"B{3 + shift}")),
    ]
    assert [within(place) for within, place in places] == [not shift] * 3
