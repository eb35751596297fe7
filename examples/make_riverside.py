"""Makes `riverside.xlsx` from `riverside.yaml`, and then as untidy as workbooks are that people keep.

    python examples/make_riverside.py

Both hold the same facts: what is untidied here is how they are written, and every reader has to see through it.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import openpyxl  # type: ignore[import-untyped, unused-ignore]
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]

from bigrules.diagnostics import errors
from bigrules.facts import read_register
from bigrules.facts.workbook import write_register
from bigrules.language import load, shipped_path

HERE = Path(__file__).parent


def column(sheet: Worksheet, heading: str) -> int:
    """The number of the column with a heading."""
    return next(int(cell.column) for cell in sheet[1] if cell.value == heading)


def untidy(book: openpyxl.Workbook) -> None:
    """Write some cells as people would."""
    memberships = book["memberships"]
    voting, capacity, begins = (column(memberships, each) for each in ("voting", "capacity", "from"))
    for number in range(2, memberships.max_row + 1):
        if memberships.cell(number, capacity).value == "member":
            memberships.cell(number, capacity).value = None  # blank means member
        if memberships.cell(number, voting).value == "yes":
            memberships.cell(number, voting).value = ("Y", "yes", "Yes ", True)[number % 4]
        began = memberships.cell(number, begins).value
        if isinstance(began, datetime.datetime) and number % 3 == 0:
            memberships.cell(number, begins).value = f"{began:%d/%m/%Y}"
    memberships.cell(4, 1).value = f"  {memberships.cell(4, 1).value} "
    memberships.cell(memberships.max_row + 1, 1).value = "Vacant"

    homes = book["homes"]
    homes.cell(1, column(homes, "in the area")).value = "In the  Area?"
    homes.cell(2, 1).value = str(homes.cell(2, 1).value).upper()

    offices = book["offices"]
    offices.cell(2, column(offices, "office")).value = "Chair"

    households = book["households"]
    flat = column(households, "separate flat")
    for number in range(2, households.max_row + 1):
        if households.cell(number, flat).value == "no":
            households.cell(number, flat).value = None  # blank means no

    taking_part = book["taking part"]
    how = column(taking_part, "how")
    for number in range(2, taking_part.max_row + 1):
        if taking_part.cell(number, how).value == "?":
            taking_part.cell(number, how).value = "not known"


def main() -> int:
    """Write the workbook; 1 if anything is wrong with the register."""
    rulebook, found = load(shipped_path())
    if rulebook is not None:
        case, noticed = read_register(rulebook, HERE / "riverside.yaml")
        found += noticed
        if case is not None:
            target = HERE / "riverside.xlsx"
            target.unlink(missing_ok=True)
            found += write_register(rulebook, case, target)
            if not errors(found):
                book = openpyxl.load_workbook(target)
                untidy(book)
                book.save(target)
    for each in found:
        print(each, file=sys.stderr)
    return 1 if errors(found) else 0


if __name__ == "__main__":
    sys.exit(main())
