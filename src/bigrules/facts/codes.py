"""The diagnostics of registers: each name with its stable code, and whether it stops the work."""

from __future__ import annotations

from typing import Final

from bigrules.diagnostics import Diagnostic, Place
from bigrules.language.faults import CODES as FILE_CODES
from bigrules.language.faults import HELP, cut

# What can be wrong with any file (missing, empty, not UTF-8 …) has the code that it has in a rulebook.
# A code is never given to another name; what is no longer used is left out, not filled.
CODES: Final[dict[str, str]] = {
    # The file
    "unknown-file-type": "BR401",
    "folder-of-registers": "BR402",
    "mixed-folder": "BR403",
    "not-installed": "BR404",
    "not-a-workbook": "BR405",
    "workbook-password": "BR406",
    "old-workbook": "BR407",
    "formula-without-value": "BR408",
    "error-cell": "BR409",
    "not-csv": "BR410",
    "not-json": "BR411",
    "too-many-rows": "BR412",
    "empty-register": "BR413",
    "too-many-lists": "BR415",
    "too-many-columns": "BR416",
    "too-long": "BR417",
    # Its lists and columns
    "extra-sheet": "BR420",
    "extra-column": "BR421",
    "sheet-twice": "BR422",
    "column-twice": "BR423",
    "missing-column": "BR424",
    "wrong-shape": "BR425",
    "too-many-cells": "BR426",
    "asked-without-sheet": "BR427",
    "empty-not-asked": "BR428",
    "unknown-entry": "BR429",
    "changed-example": "BR414",
    # Single values
    "not-yes-or-no": "BR430",
    "not-a-choice": "BR431",
    "not-a-number": "BR432",
    "not-a-whole-number": "BR433",
    "out-of-range": "BR434",
    "not-a-date": "BR435",
    "no-such-date": "BR436",
    "two-digit-year": "BR437",
    "blank-required": "BR438",
    "placeholder": "BR439",
    "not-a-value": "BR440",
    # Rows held against each other
    "unknown-name": "BR450",
    "ambiguous-name": "BR451",
    "conflicting-rows": "BR452",
    "conflicting-key": "BR453",
    "end-before-beginning": "BR454",
    "with-oneself": "BR455",
    "cycle": "BR456",
    "names-without-list": "BR457",
    "id-twice": "BR458",
    # Answers, incomplete lists
    "unknown-question": "BR460",
    "wrong-subject": "BR461",
    "conflicting-answers": "BR462",
    "later-answer": "BR463",
    "unknown-kind": "BR464",
    # Examples
    "contradictory-example": "BR470",
    # Writing
    "file-exists": "BR480",
    "cannot-write": "BR481",
}

# What to do where nothing more can be said than the name of the fault tells.
_HELP: Final = {
    name: HELP[name] for name in ("empty-file", "not-a-file", "too-large", "too-deep", "unreadable")
} | {
    "missing-file": "look at its spelling, and at the folder that you are in; "
    "`bigrules new register FILE.xlsx` makes an empty register",
    "not-a-value": "write one value, as the help on the column says",
    "out-of-range": "mend the number, or write `?` where it is not known",
    "cannot-write": "choose a folder that is there and that you may write to",
    "file-exists": "choose another name, or move the file away first",
}

_WARNINGS: Final = frozenset(
    {
        "extra-sheet",
        "extra-column",
        "asked-without-sheet",
        "empty-not-asked",
        "unknown-entry",
        "changed-example",
        "names-without-list",
        "later-answer",
    }
)


def diagnostic(name: str, message: str, place: Place, help: str | None = None) -> Diagnostic:
    """A diagnostic of a register, with the code and the severity that go with its name.

    >>> from bigrules.diagnostics import Cell
    >>> diagnostic("extra-column", "`Notes` is no column", Cell("a.xlsx", "people", "C1")).code
    'BR421'
    """
    return Diagnostic(
        code=CODES.get(name) or FILE_CODES[name],
        name=name,
        message=cut(message),
        place=place,
        help=cut(help or _HELP.get(name, ""), 1_000) or None,
        severity="warning" if name in _WARNINGS else "error",
    )
