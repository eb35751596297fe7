"""What every reader gives: lists of rows of cells, each cell with its place, before anything is tidied."""

from __future__ import annotations

import attrs

from bigrules.diagnostics import DataPath, Place


@attrs.frozen
class RawCell:
    """One value as it stands in a register.

    Args:
        value: A text, number, bool, date, datetime, UNKNOWN, BY_NOW or None for a blank; a list
            or mapping where the register has one.
        place: Where it stands.
    """

    value: object
    place: Place = attrs.field(default=DataPath("data"))


@attrs.frozen
class Broken:
    """Stands in a cell that cannot be read; a fault only where the cell is read at all.

    Args:
        name: Name of the diagnostic.
        message: Its message.
        help: What to do about it.
    """

    name: str
    message: str
    help: str

    def __str__(self) -> str:
        return "…"


@attrs.frozen
class RawRow:
    """One row: headings as written with their cells.

    Args:
        cells: Pairs of the heading's cell and the value's cell, in order; a heading whose value is
            None stands for the first field, as in a plain list of names.
        place: Where the row begins.
    """

    cells: tuple[tuple[RawCell, RawCell], ...]
    place: Place


@attrs.frozen
class RawSheet:
    """One list of a register, its rows with their headings.

    Args:
        name: As written.
        rows: Its rows.
        place: Where it stands.
        headings: The headings of a table, also of one without rows; None for plain data, where
            every row has its own.
    """

    name: str
    rows: tuple[RawRow, ...]
    place: Place
    headings: tuple[RawCell, ...] | None = None


@attrs.frozen
class RawTable:
    """A sheet of a workbook or a CSV file, of which it is not yet known where its headings are.

    Args:
        name: As written.
        lines: Its lines, each with a cell for each column up to the last that holds something.
        place: Where it stands.
        strict: Whether a cell outside the headings is a fault: in CSV it is a slip of commas.
    """

    name: str
    lines: tuple[tuple[RawCell, ...], ...]
    place: Place
    strict: bool = False


@attrs.frozen
class RawRegister:
    """A whole register before it is held against a vocabulary.

    Args:
        source: The register as the user named it.
        sheets: Its lists.
        entries: What it says about itself: label and value, such as `as of`, or the name of a
            list and whether it was asked.
        place: The register as a whole.
    """

    source: str
    sheets: tuple[RawSheet | RawTable, ...]
    entries: tuple[tuple[RawCell, RawCell], ...] = ()
    place: Place = attrs.field(default=DataPath("data"))
