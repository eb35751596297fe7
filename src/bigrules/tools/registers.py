"""Which registers a command line names: files, folders of CSV, and folders of registers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bigrules.diagnostics import Cell, DataPath, Diagnostic
from bigrules.language.model import Rulebook

ENDINGS = (".xlsx", ".xlsm", ".yaml", ".yml", ".json")


def find_registers(rulebook: Rulebook, named: Iterable[str]) -> tuple[list[str], list[Diagnostic]]:
    """The registers that are meant.

    CSV files named after kinds of fact make a folder one register; a folder of registers is many.

    Args:
        rulebook: Tells the kinds of fact.
        named: Files and folders.

    Returns:
        Paths of registers in order, and what cannot be used.
    """
    found: list[str] = []
    diagnostics: list[Diagnostic] = []
    for each in named:
        if not each.strip():
            # Such as a variable of a shell that is not set; the current folder is not what was meant.
            help = "name a file or a folder; `.` is the folder that you are in"
            place = DataPath("command line")
            diagnostics.append(Diagnostic("BR507", "no-register", "a register has no name", place, help))
            continue
        path = Path(each)
        try:
            inside = _inside(path) if path.is_dir() else None
        except OSError as error:
            why, help = (error.strerror or str(error)).lower(), "see that the folder may be read"
            diagnostics.append(Diagnostic("BR505", "cannot-use", why, Cell(each), help))
            continue
        if inside is None or _is_register(path):
            # What is wrong with a file, or with a folder of CSV, is for the reader to say.
            found.append(each)
        elif inside:
            found += [str(one) for one in inside]
        else:
            found.append(each)
    return list(dict.fromkeys(found)), diagnostics


def _inside(folder: Path) -> list[Path]:
    registers = []
    for each in sorted(folder.iterdir(), key=lambda one: one.name.lower()):
        if each.name.startswith((".", "~$")):
            continue
        if each.is_dir():
            if _is_register(each):
                registers.append(each)
        elif each.suffix.lower() in ENDINGS:
            registers.append(each)
    return registers


def _is_register(folder: Path) -> bool:
    return any(each.suffix.lower() == ".csv" and not each.name.startswith(".") for each in folder.iterdir())
