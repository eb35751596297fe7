"""A folder of CSV files, each named after the kind of fact that it holds → one register."""

from __future__ import annotations

import csv
import io
from itertools import islice
from pathlib import Path

from bigrules.diagnostics import Cell, Diagnostic
from bigrules.facts.codes import diagnostic
from bigrules.facts.raw import RawCell, RawRegister, RawTable
from bigrules.facts.readers import (
    MAX_COLUMNS,
    MAX_FILES,
    MAX_LINES,
    MAX_LISTS,
    MAX_ROWS,
    MAX_TEXT_BYTES,
    MAX_VALUES,
    SUFFIXES,
    decode,
    read_bytes,
    too_long,
    too_many_columns,
    too_many_rows,
    too_many_values,
)
from bigrules.facts.readers.workbook import column_letters
from bigrules.facts.sheets import REGISTER, find_name, known_kinds
from bigrules.facts.values import shown
from bigrules.facts.words import did_you_mean, heading, listing, printable
from bigrules.language.model import Vocabulary

CSV_SUFFIXES = (".csv", ".tsv")
_SEPARATORS = ",;\t"


def look_into(
    folder: Path, source: str, vocabulary: Vocabulary, found: list[Diagnostic], inner: bool = True
) -> tuple[list[Path], list[Path]]:
    """What a folder holds: CSV files, if some are named after kinds, and registers.

    Args:
        folder: The folder.
        source: The folder as the user named it.
        vocabulary: The kinds.
        found: Where to note what is wrong.
        inner: Whether folders in it are looked into.

    Returns:
        The CSV files of the one register that the folder is, and the registers in it; at most one
        of them has anything, and a folder that has both is a fault.
    """
    place = Cell(source)
    try:
        # Lock files of workbooks that are open elsewhere, and hidden files, are not registers.
        entries = list(islice(folder.iterdir(), MAX_FILES + 1))
        if len(entries) > MAX_FILES:
            message = f"`{source}` holds more than {MAX_FILES:,} files"
            found.append(
                diagnostic("too-many-lists", message, place, "put the register into a folder of its own")
            )
            return [], []
        inside = sorted(each for each in entries if not each.name.startswith((".", "~$")))
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        found.append(diagnostic("unreadable", f"`{source}` cannot be read: {why}", place))
        return [], []
    kinds = known_kinds(vocabulary)
    tables = [each for each in inside if each.suffix.lower() in CSV_SUFFIXES]
    named = [each for each in tables if find_name(each.stem, kinds) is not None]
    # What is named like a list and is no file (a folder, a link to nothing) is no list that was not asked.
    tables = [each for each in tables if each in named or each.is_file()]
    registers = [each for each in inside if each.suffix.lower() in SUFFIXES and each.is_file()]
    if inner:
        for each in inside:
            # What is wrong inside is said when it is read.
            if each.is_dir() and look_into(each, str(each), vocabulary, [], inner=False)[0]:
                registers.append(each)
    if named and registers:
        both = f"a list, `{printable(named[0].name)}`, and a register, `{printable(registers[0].name)}`"
        message = f"`{source}` holds {both}: it cannot be told whether it is one register or many"
        help = "put the CSV files of one register into a folder of their own"
        found.append(diagnostic("mixed-folder", message, place, help))
        return [], []
    if named or registers:
        return (tables if named else []), registers
    if tables:
        message = f"no file in `{source}` is named after a kind of fact"
        near = did_you_mean(tables[0].stem, kinds)
        help = f"name each file after its kind: {listing(vocabulary.given)}"
        found.append(
            diagnostic(
                "empty-register", message, Cell(printable(str(tables[0]))) if near else place, near or help
            )
        )
    else:
        message = f"`{source}` is a directory without a register in it"
        help = "it should hold CSV files that are named after kinds of fact, or registers"
        found.append(diagnostic("empty-directory", message, place, help))
    return [], []


def registers_in(
    path: Path, source: str, vocabulary: Vocabulary
) -> tuple[tuple[Path, ...], list[Diagnostic]]:
    """The registers that a path stands for.

    Args:
        path: A file, a folder of CSV files (one register) or a folder of registers.
        source: The path as the user named it.
        vocabulary: The kinds.

    Returns:
        The paths of the registers, in order, and what is wrong with the folder.
    """
    found: list[Diagnostic] = []
    if not path.is_dir():
        return (path,), found
    tables, registers = look_into(path, source, vocabulary, found)
    return ((path,) if tables else tuple(registers)), found


def read_folder(
    folder: Path, source: str, vocabulary: Vocabulary, found: list[Diagnostic]
) -> RawRegister | None:
    """Reads a folder of CSV files as one register.

    Args:
        folder: The folder.
        source: The register as the user named it.
        vocabulary: The kinds.
        found: Where to note what is wrong.
    """
    before = len(found)
    paths, registers = look_into(folder, source, vocabulary, found)
    if registers:
        message = f"`{source}` is a folder of registers ({len(registers)}), and not one itself"
        help = f"give one of them, such as `{printable(registers[0].as_posix())}`"
        found.append(diagnostic("folder-of-registers", message, Cell(source), help))
    if len(paths) > MAX_LISTS:
        message = f"`{source}` holds more than {MAX_LISTS} CSV files"
        found.append(
            diagnostic("too-many-lists", message, Cell(source), "keep one file for each kind of fact")
        )
        return None
    tables: list[RawTable] = []
    size, values = 0, 0
    for path in paths:
        # Files that are not those of a kind are looked at only to say that they are not read.
        if find_name(path.stem, known_kinds(vocabulary)) is None and heading(path.stem) != REGISTER:
            tables.append(RawTable(path.stem, ((RawCell(path.name),),), Cell(printable(str(path)))))
            continue
        data = _bytes(path, found)
        if data is None:
            continue
        size += len(data)
        if size > MAX_TEXT_BYTES:
            help = f"all files of a register together have at most {MAX_TEXT_BYTES // 1_000_000} MB"
            found.append(diagnostic("too-large", f"`{source}` is too large", Cell(source), help))
            return None
        table = read_table(data, printable(str(path)), path.stem, found, MAX_VALUES - values)
        if table is not None:
            values += sum(len(line) for line in table.lines)
            tables.append(table)
    return RawRegister(source, tuple(tables), place=Cell(source)) if len(found) == before else None


def _bytes(path: Path, found: list[Diagnostic]) -> bytes | None:
    try:
        if path.stat().st_size == 0:
            return b""  # there and empty: none
    except OSError:
        pass
    return read_bytes(path, printable(str(path)), MAX_TEXT_BYTES, Cell(printable(str(path))), found)


def read_table(
    data: bytes, file: str, name: str, found: list[Diagnostic], most: int = MAX_VALUES
) -> RawTable | None:
    """Reads one CSV file, separated by commas, semicolons or tabs.

    Args:
        data: Its bytes.
        file: Its name, for places.
        name: Which list it is.
        found: Where to note what is wrong.
        most: How many cells it may have.
    """
    text = decode(data, file, found)
    if text is None:
        return None
    if "\0" in text:
        message, help = "this is no CSV file: it holds zero bytes", "save the list as `CSV UTF-8`"
        found.append(diagnostic("not-csv", message, Cell(file), help))
        return None
    first = text.split("\n", 1)[0].strip()
    separator = _separator(first)
    skip = 0
    if len(first) == 5 and first.lower().startswith("sep="):  # Excel writes this line for itself
        separator, skip = first[4], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[tuple[RawCell, ...]] = []
    number = 0
    try:
        for number, line in enumerate(reader, start=1):
            if number <= skip:
                continue
            if len(lines) > MAX_ROWS or number > MAX_LINES:
                found.append(too_many_rows(name, Cell(file, "", f"A{number}"), number))
                return None
            if len(line) > MAX_COLUMNS and any(line[MAX_COLUMNS:]):
                place = Cell(file, "", f"{column_letters(MAX_COLUMNS + 1)}{number}")
                found.append(too_many_columns(name, place, "this row"))
                return None
            most -= len(line[:MAX_COLUMNS])
            if most < 0:
                found.append(too_many_values(file, Cell(file, "", f"A{number}")))
                return None
            cells: list[RawCell] = []
            for column, text in enumerate(line[:MAX_COLUMNS], start=1):
                place = Cell(file, "", f"{column_letters(column)}{number}", shown(text))
                cells.append(RawCell(None if not text or too_long(text, place, found) else text, place))
            while cells and cells[-1].value is None:
                cells.pop()
            if cells:
                lines.append(tuple(cells))
    except csv.Error as error:
        message = f"this cannot be read as CSV: {str(error).lower()}"
        if "end of data" in str(error) or "field limit" in str(error):
            message = "a quote is opened here or further down and never closed"
        elif "expected after" in str(error):
            message = "a quote is closed in this row, and text stands behind it"
        help = "a quote inside a quoted text is written twice"
        found.append(diagnostic("not-csv", message, Cell(file, "", f"A{number + 1}"), help))
        return None
    return RawTable(name, tuple(lines), Cell(file), strict=True)


def _separator(first: str) -> str:
    """The separator that the headings use most, outside quotes."""
    outside = "".join(part for number, part in enumerate(first.split('"')) if number % 2 == 0)
    return max(_SEPARATORS, key=outside.count)
