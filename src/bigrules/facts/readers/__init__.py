"""Readers: a file, a folder or Python objects → lists of rows of cells, each with its place."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path

from bigrules.diagnostics import Cell, DataPath, Diagnostic, Place, Span
from bigrules.facts.codes import diagnostic
from bigrules.facts.raw import RawRegister
from bigrules.facts.values import shown
from bigrules.facts.words import listing
from bigrules.language.model import Vocabulary

# A register of a thousand people is well below these; whatever is above them is no register.
MAX_TEXT_BYTES = 10_000_000
MAX_WORKBOOK_BYTES = 20_000_000
MAX_ROWS = 20_000
MAX_DEPTH = 20
# All lists together: what stands in them (names of columns and blank cells between others included).
MAX_VALUES = 500_000
MAX_LISTS = 500
# As much as a cell of a spreadsheet can hold.
MAX_TEXT = 32_767
MAX_COLUMNS = 256
# Formatting reaches far below the last row, but not as far as this.
MAX_LINES = 200_000
# Entries of the folder that a register stands in.
MAX_FILES = 5_000

WORKBOOKS = (".xlsx", ".xlsm")
SUFFIXES = (*WORKBOOKS, ".yaml", ".yml", ".json")

Reader = Callable[[bytes, str, list[Diagnostic]], RawRegister | None]


def read_path(path: Path, source: str, vocabulary: Vocabulary, found: list[Diagnostic]) -> RawRegister | None:
    """Reads a register from a file or a folder of CSV files.

    Args:
        path: Where it is.
        source: The register as the user named it.
        vocabulary: Which names of CSV files are those of kinds.
        found: Where to note what is wrong.

    Returns:
        The register, or None where it cannot be read.
    """
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError):
        is_folder = False
    if is_folder:
        from bigrules.facts.readers.csv_folder import read_folder

        return read_folder(path, source, vocabulary, found)
    suffix = path.suffix.lower()
    place = Cell(source) if suffix in WORKBOOKS else DataPath(source)
    data = read_bytes(
        path, source, MAX_WORKBOOK_BYTES if suffix in WORKBOOKS else MAX_TEXT_BYTES, place, found
    )
    if data is None:
        return None
    reader = _reader(suffix, data)
    if reader is None:
        if suffix == ".csv":
            message = f"`{source}` is one CSV file, and a register of CSV files is a folder of them"
            help = "give the folder; each file in it is named after the kind of fact that it holds"
        else:
            message = f"`{source}` is no file of a kind that can be read"
            help = f"a register is a file ending in {listing(SUFFIXES, 'or')}, or a folder of CSV files"
            if suffix == ".xls":
                help = "open it in a spreadsheet and save it as an Excel workbook (.xlsx)"
        found.append(diagnostic("unknown-file-type", message, place, help))
        return None
    return reader(data, source, found)


def _reader(suffix: str, data: bytes) -> Reader | None:
    if suffix in WORKBOOKS:
        from bigrules.facts.readers.workbook import read_workbook

        return read_workbook
    if suffix in (".yaml", ".yml"):
        from bigrules.facts.readers.yaml_file import read_yaml

        return read_yaml
    if suffix == ".json":
        from bigrules.facts.readers.json_file import read_json

        return read_json
    return None


def read_bytes(path: Path, source: str, limit: int, place: Place, found: list[Diagnostic]) -> bytes | None:
    """The bytes of a file, or None where it cannot be used; its size is looked at before it is read."""

    def fault(name: str, message: str, help: str | None = None) -> None:
        found.append(diagnostic(name, message, place, help))

    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            fault("not-a-file", f"`{source}` is a directory where a file belongs")
        elif not stat.S_ISREG(status.st_mode):
            fault("not-a-file", f"`{source}` is not an ordinary file")
        elif status.st_size > limit:
            size = f"{status.st_size / 1_000_000:.1f} MB"
            fault(
                "too-large",
                f"`{source}` is too large ({size})",
                f"a register has at most {limit // 1_000_000} MB",
            )
        elif status.st_size == 0:
            fault("empty-file", f"`{source}` is empty")
        else:
            with path.open("rb") as stream:  # it may have grown since
                data = stream.read(limit + 1)
            if len(data) <= limit:
                return data
            fault("too-large", f"`{source}` is too large")
    except FileNotFoundError:
        if path.is_symlink():
            fault("missing-file", f"`{source}` is a link to a file that is not there", "put the file there")
            return None
        fault("missing-file", f"there is no `{source}`", _beside(path))
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "the path cannot be used").lower()
        fault("unreadable", f"`{source}` cannot be read: {why}")
    return None


def _beside(path: Path) -> str | None:
    """A file of nearly that name in the same folder."""
    from itertools import islice

    from bigrules.facts.words import did_you_mean

    try:
        names = [each.name for each in islice(path.parent.iterdir(), MAX_FILES) if each.name != path.name]
    except OSError:
        return None
    return did_you_mean(path.name, names)


def too_many_values(source: str, place: Place) -> Diagnostic:
    """What is said of a register that holds more than any does."""
    message = f"`{source}` holds more than {MAX_VALUES:,} values"
    return diagnostic("too-large", message, place, "take out what is not needed, or split the register")


def too_long(text: object, place: Place, found: list[Diagnostic]) -> bool:
    """Whether a text is longer than any value, which is then noted."""
    if not isinstance(text, str) or len(text) <= MAX_TEXT:
        return False
    message = f"this text has more than {MAX_TEXT:,} characters"
    found.append(diagnostic("too-long", message, place, "shorten it, or keep it somewhere else"))
    return True


def too_many_rows(name: str, place: Place, line: int = 0) -> Diagnostic:
    """What is said of a list that is longer than any; it may be blank for most of its length."""
    message = f"`{shown(name)}` has more than {MAX_ROWS:,} rows"
    if line > MAX_LINES:
        message = f"`{shown(name)}` goes on below line {MAX_LINES:,}"
    return diagnostic(
        "too-many-rows", message, place, "clear what is below the last row, or split the register"
    )


def too_many_columns(name: str, place: Place, what: str) -> Diagnostic:
    """What is said of a row that is wider than any list."""
    message = f"{what} of `{shown(name)}` has more than {MAX_COLUMNS} columns"
    return diagnostic("too-many-columns", message, place, "clear the columns that are not needed")


def decode(data: bytes, source: str, found: list[Diagnostic]) -> str | None:
    """The text of UTF-8 bytes, with or without a byte order mark, or None where they are none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = f"`{source}` is UTF-16 text, and only UTF-8 is read"
        help = "save the file with the encoding UTF-8 (in Excel: `CSV UTF-8`)"
        found.append(diagnostic("not-utf-8", message, Span(source), help))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = re.split("\r\n|[\r\n]", data[: error.start].decode("utf-8-sig", "replace"))
        line, column = len(before), len(before[-1]) + 1
        found.append(
            diagnostic(
                "not-utf-8",
                f"`{source}` is not UTF-8 text: byte {data[error.start]:#04x} stands here",
                Span(source, line, column, column + 1),
                "save the file with the encoding UTF-8 (in Excel: `CSV UTF-8`)",
            )
        )
        return None
