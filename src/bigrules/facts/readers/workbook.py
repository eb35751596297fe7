"""Excel workbooks → tables of cells.

openpyxl reads and writes them: one dependency for both, with the real type of each cell. What is
not a sound workbook is found out from the directory of the zip before anything is unpacked.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import Any
from xml.etree import ElementTree

from bigrules.diagnostics import Cell, Diagnostic
from bigrules.facts.codes import diagnostic
from bigrules.facts.raw import Broken, RawCell, RawRegister, RawTable
from bigrules.facts.readers import MAX_ROWS
from bigrules.facts.values import shown

MAX_PARTS = 2_000
MAX_UNPACKED = 100_000_000
# A sheet shrinks to a tenth or so; what shrinks to less than this much of it was made to fill a disk.
MAX_RATIO = 250
# Formatting reaches far below the last row, but not as far as this.
MAX_LINES = 200_000
MAX_COLUMNS = 256

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

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
            message, help = (
                f"`{source}` is locked with a password",
                "save it without one; nothing here can open it",
            )
            found.append(diagnostic("workbook-password", message, place, help))
        else:
            message = f"`{source}` is a workbook of the old format (.xls)"
            found.append(diagnostic("old-workbook", message, place, _SAVE_AGAIN))
        return None
    fault = _unsound(data)
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
            tables = tuple(
                _table(source, sheet, empty.get(sheet.title, frozenset()), found) for sheet in book.worksheets
            )
    except Exception:  # noqa: BLE001
        # A damaged workbook can fail anywhere in the library, in any way.
        message = f"`{source}` is damaged and cannot be read as a workbook"
        found.append(diagnostic("not-a-workbook", message, place, _SAVE_AGAIN))
        return None
    return RawRegister(source, tables, place=place) if len(found) == before else None


def _unsound(data: bytes) -> str | None:
    """What is wrong with the file as a zip with a workbook in it, or None."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(each.flag_bits & 1 for each in parts):
                return "is locked with a password"
            if len(parts) > MAX_PARTS or sum(each.file_size for each in parts) > MAX_UNPACKED:
                return "unpacks to more than any register holds"
            if any(
                each.file_size > 1_000_000 and each.file_size > MAX_RATIO * each.compress_size
                for each in parts
            ):
                return "unpacks to far more than its size"
            if not any(each.filename.lower().lstrip("/") == "xl/workbook.xml" for each in parts):
                return "is a zip file, but no workbook"
            for each in parts:
                # No workbook has a document type; one that has means to make the parser work.
                if each.filename.lower().endswith((".xml", ".rels", ".vml")) and b"<!DOCTYPE" in archive.read(
                    each
                ):
                    return "holds a document type, which no workbook does"
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError):
        return "is no workbook"
    except Exception:  # noqa: BLE001 zlib and others raise errors of their own on damaged data
        return "is no workbook"
    return None


def _table(source: str, sheet: Any, empty: frozenset[str], found: list[Diagnostic]) -> RawTable:
    name = sheet.title
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    lines: list[tuple[RawCell, ...]] = []
    for number, line in enumerate(sheet.iter_rows(), start=1):
        if len(lines) > MAX_ROWS or number > MAX_LINES:
            message = f"`{name}` has more than {MAX_ROWS:,} rows"
            help = "clear what is far below the last row, or split the register"
            found.append(diagnostic("too-many-rows", message, Cell(source, name, f"A{number}"), help))
            break
        cells: list[RawCell] = []
        for column, cell in enumerate(line[:MAX_COLUMNS], start=1):
            where = f"{column_letters(column)}{number}"
            value = _value(cell, where, empty)
            cells.append(RawCell(value, Cell(source, name, where, "" if value is None else shown(value))))
        while cells and cells[-1].value is None:
            cells.pop()
        if cells:
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
    """Cells by sheet whose formula was never worked out: the library shows them as blanks."""
    result: dict[str, frozenset[str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {each.lower().lstrip("/"): each for each in archive.namelist()}
        book = ElementTree.fromstring(archive.read(parts["xl/workbook.xml"]))
        relations = ElementTree.fromstring(archive.read(parts["xl/_rels/workbook.xml.rels"]))
        targets = {each.get("Id"): each.get("Target") or "" for each in relations}
        for sheet in book.iter(f"{_MAIN}sheet"):
            target = targets.get(sheet.get(_RELATION), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            content = archive.read(parts[path.lower()]) if path.lower() in parts else b""
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
