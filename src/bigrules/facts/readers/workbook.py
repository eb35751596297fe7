"""Excel workbooks → tables of cells.

openpyxl reads and writes them: one dependency for both, with the real type of each cell. What is
not a sound workbook is found out from the directory of the zip before anything is unpacked.
"""

from __future__ import annotations

import io
import itertools
import re
import warnings
import zipfile
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from bigrules.diagnostics import Cell, Diagnostic, Enough
from bigrules.facts.codes import diagnostic
from bigrules.facts.raw import Broken, RawCell, RawRegister, RawTable
from bigrules.facts.readers import (
    MAX_COLUMNS,
    MAX_LINES,
    MAX_LISTS,
    MAX_ROWS,
    MAX_VALUES,
    too_long,
    too_many_columns,
    too_many_rows,
    too_many_values,
)
from bigrules.facts.values import shown

MAX_PARTS = 2_000
MAX_UNPACKED = 60_000_000
# A sheet shrinks to a tenth or so; what shrinks to less than this much of it was made to fill a disk.
MAX_RATIO = 250
# What a workbook says of itself is small; only its sheets and their texts are large.
MAX_ABOUT = 5_000_000
_ABOUT = ("xl/workbook.xml", "xl/styles.xml", "[content_types].xml")
# Blank cells count too: a row that is formatted to its far end is made of them.
MAX_CELLS = 5_000_000

_LONG_TAG = re.compile(rb"<[^<>]{65536}")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_LOCKED = "is locked with a password"
_WITHOUT_PASSWORD = "save it without one; nothing here can open it"
_SAVE_AGAIN = "open it in a spreadsheet and save it as an Excel workbook (.xlsx)"


def read_workbook(data: bytes, source: str, found: list[Diagnostic]) -> RawRegister | None:
    """Reads a workbook.

    Args:
        data: The bytes of the file.
        source: The register as the user named it.
        found: Where to note what is wrong.
    """
    place = Cell(source)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            found.append(diagnostic("workbook-password", f"`{source}` {_LOCKED}", place, _WITHOUT_PASSWORD))
        else:
            message = f"`{source}` is a workbook of the old format (.xls)"
            found.append(diagnostic("old-workbook", message, place, _SAVE_AGAIN))
        return None
    fault = _unsound(data)
    if fault == _LOCKED:
        found.append(diagnostic("workbook-password", f"`{source}` {fault}", place, _WITHOUT_PASSWORD))
        return None
    if fault is not None:
        found.append(diagnostic("not-a-workbook", f"`{source}` {fault}", place, _SAVE_AGAIN))
        return None
    try:
        import openpyxl  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        help = 'install it with `pip install "bigrules[xlsx]"`, or give the register as a folder of CSV files'
        found.append(diagnostic("not-installed", "reading workbooks needs the extra `xlsx`", place, help))
        return None
    before = len(found)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about drop-downs and styles that are not needed here
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            empty = _formulas_without_value(data)
            lost = [name for name in empty if name not in book.sheetnames]
            if lost:
                # The library leaves out what it cannot find; a list that is there would count as not asked.
                message = f"`{source}` is damaged: the sheet `{shown(lost[0])}` is missing from it"
                found.append(diagnostic("not-a-workbook", message, place, _SAVE_AGAIN))
                return None
            tables = _tables(source, book, empty, found)
    except Enough:
        raise
    except _Strict:
        message = f"`{source}` is a workbook of the strict format, which nothing here can read"
        help = "save it as an ordinary Excel workbook (.xlsx), not as a `Strict Open XML` one"
        found.append(diagnostic("not-a-workbook", message, place, help))
        return None
    except Exception:  # noqa: BLE001
        # A damaged workbook can fail anywhere in the library, in any way.
        message = f"`{source}` is damaged and cannot be read as a workbook"
        found.append(diagnostic("not-a-workbook", message, place, _SAVE_AGAIN))
        return None
    return RawRegister(source, tables, place=place) if len(found) == before else None


class _Strict(Exception):
    """Its parts have the names of the strict format, of which the library sees nothing."""


def _unsound(data: bytes) -> str | None:
    """What is wrong with the file as a zip with a workbook in it, or None."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(each.flag_bits & 1 for each in parts):
                return _LOCKED
            if len(parts) > MAX_PARTS or sum(each.file_size for each in parts) > MAX_UNPACKED:
                return "unpacks to more than any register holds"
            about = [each for each in parts if each.filename.lower().lstrip("/").endswith((*_ABOUT, ".rels"))]
            if any(each.file_size > MAX_ABOUT for each in about):
                return "says more of itself than any register does"
            if any(
                each.file_size > 1_000_000 and each.file_size > MAX_RATIO * each.compress_size
                for each in parts
            ):
                return "unpacks to far more than its size"
            if not any(each.filename.lower().lstrip("/") == "xl/workbook.xml" for each in parts):
                return "is a zip file, but no workbook"
            for each in parts:
                content = archive.read(each)
                # No workbook has either; one that has means to make the parser work.
                if _has_document_type(content):
                    return "holds a document type, which no workbook does"
                if _LONG_TAG.search(content):
                    return "holds a tag of more than 65,536 characters, which no workbook does"
    except Exception:  # noqa: BLE001 zlib and others raise errors of their own on damaged data
        return "is no workbook, or a damaged one"
    return None


def _has_document_type(content: bytes) -> bool:
    """Whether it is XML, in whatever encoding, with a document type before its first element."""
    parser = expat.ParserCreate()
    seen: list[bool] = []
    parser.StartDoctypeDeclHandler = lambda *_: seen.append(True)
    parser.StartElementHandler = lambda *_: seen.append(False)
    try:
        for at in range(0, len(content), 16_384):
            parser.Parse(content[at : at + 16_384])
            if seen:
                break
    except expat.ExpatError:
        pass  # it is no XML, such as a picture; or damaged, which is said when it is needed
    return bool(seen) and seen[0]


def _tables(
    source: str, book: Any, empty: dict[str, frozenset[str]], found: list[Diagnostic]
) -> tuple[RawTable, ...]:
    if len(book.worksheets) > MAX_LISTS:
        message = f"`{source}` has more than {MAX_LISTS} sheets"
        help = "keep one sheet for each kind of fact"
        found.append(diagnostic("too-many-lists", message, Cell(source), help))
        return ()
    tables: list[RawTable] = []
    left = MAX_VALUES
    for sheet in book.worksheets:
        table = _table(source, sheet, empty.get(sheet.title, frozenset()), left, found)
        left -= sum(len(line) for line in table.lines)
        tables.append(table)
    return tuple(tables)


def _table(source: str, sheet: Any, empty: frozenset[str], left: int, found: list[Diagnostic]) -> RawTable:
    name = sheet.title
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    lines: list[tuple[RawCell, ...]] = []
    looked_at = 0
    for number, line in enumerate(sheet.iter_rows(), start=1):
        looked_at += len(line)
        if len(line) and (left <= 0 or looked_at > MAX_CELLS):
            found.append(too_many_values(source, Cell(source, name, f"A{number}")))
            break
        if len(lines) > MAX_ROWS or number > MAX_LINES:
            found.append(too_many_rows(name, Cell(source, name, f"A{number}"), number))
            break
        beyond = next((each for each in line[MAX_COLUMNS:] if each.value is not None), None)
        if beyond is not None:
            place = Cell(source, name, f"{column_letters(beyond.column)}{number}", shown(beyond.value))
            found.append(too_many_columns(name, place, "this row"))
            break
        cells: list[RawCell] = []
        for column, cell in enumerate(line[:MAX_COLUMNS], start=1):
            where = f"{column_letters(column)}{number}"
            value = _value(cell, where, empty)
            if value is not None and (cell.row, cell.column) != (number, column):
                raise ValueError("rows or cells stand in another order than they are numbered")
            place = Cell(
                source, name, where, "" if value is None or isinstance(value, Broken) else shown(value)
            )
            cells.append(RawCell(None if too_long(value, place, found) else value, place))
        while cells and cells[-1].value is None:
            cells.pop()
        if cells:
            left -= len(cells)
            lines.append(tuple(cells))
    return RawTable(name, tuple(lines), Cell(source, name))


def _value(cell: Any, where: str, empty: frozenset[str]) -> object:
    if where in empty:
        help = "open the workbook in a spreadsheet and save it, or write the value in place of the formula"
        return Broken("formula-without-value", "the formula in this cell has no value yet", help)
    if cell.data_type == "e":
        help = "mend the formula, or write the value in its place; write `?` where it is not known"
        return Broken("error-cell", f"the spreadsheet shows the error `{cell.value}` here", help)
    return cell.value


def _formulas_without_value(data: bytes) -> dict[str, frozenset[str]]:
    """Each sheet with its cells whose formula was never worked out: the library shows them as blanks."""
    result: dict[str, frozenset[str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {each.lower().lstrip("/"): each for each in archive.namelist()}
        book = ElementTree.fromstring(archive.read(parts["xl/workbook.xml"]))
        if "purl.oclc.org" in book.tag:
            raise _Strict
        relations = ElementTree.fromstring(archive.read(parts["xl/_rels/workbook.xml.rels"]))
        targets = {each.get("Id"): each.get("Target") or "" for each in relations}
        for sheet in book.iter(f"{_MAIN}sheet"):
            target = targets.get(sheet.get(_RELATION), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            content = archive.read(parts[path.lower()]) if path.lower() in parts else b""
            result[sheet.get("name", "")] = frozenset()
            if _is_disordered(content):
                raise ValueError("a row or a cell stands twice, or out of order")
            if not re.search(rb"<(\w+:)?f[\s>/]", content):
                continue
            cells: set[str] = set()
            for _, element in ElementTree.iterparse(io.BytesIO(content)):
                if element.tag == f"{_MAIN}c":
                    value = element.find(f"{_MAIN}v")
                    # A formula whose value is an empty text has a value; one of any other type has not.
                    empty = value is None or (not value.text and element.get("t") != "str")
                    if empty and element.find(f"{_MAIN}f") is not None and element.find(f"{_MAIN}is") is None:
                        cells.add(element.get("r", ""))
                    element.clear()
            result[sheet.get("name", "")] = frozenset(cells)
    return result


_ROWS = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*?\s)?r=["'](\d+)""")
_CELLS = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["'](\w+)""")


def _is_disordered(content: bytes) -> bool:
    """Whether the library would pass a row or a cell over in silence, since it has been there already."""
    rows = [int(each) for each in _ROWS.findall(content)]
    cells = _CELLS.findall(content)
    return any(one >= other for one, other in itertools.pairwise(rows)) or len(set(cells)) < len(cells)


def column_letters(number: int) -> str:
    """The letters of a column, counted from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
