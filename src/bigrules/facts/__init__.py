"""Data → Case: registers as people keep them, whatever they are kept in."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from pathlib import Path

import attrs

from bigrules.diagnostics import DataPath, Diagnostic
from bigrules.facts.case import Case
from bigrules.language.model import Rulebook

__all__ = ["read_register"]


def read_register(
    rulebook: Rulebook, source: object, as_of: str | datetime.date | None = None
) -> tuple[Case | None, list[Diagnostic]]:
    """Reads a register.

    Args:
        rulebook: Whose vocabulary and questions the register is read with.
        source: A path: of a workbook, a YAML or JSON file, or a folder of CSV files. Or Python
            objects: a mapping of kinds of fact to their rows, or an object with such attributes;
            a row is a mapping, a record of `rulebook_records`, or any attrs or dataclass object.
        as_of: The day of judging, a date or text; wins over the day that the register names. With
            neither it is today.

    Returns:
        The case, or None if anything in the register is wrong, and everything that was noticed:
        errors and warnings.
    """
    if type(source) is dict:
        from bigrules.facts.plain import read_plain

        # Most of what programs hand over is in order, and is read without looking for what could be said of it.
        case = read_plain(rulebook, source, as_of)
        if case is not None:
            return case, []

    from bigrules.diagnostics import Enough, Found
    from bigrules.facts.codes import diagnostic
    from bigrules.facts.readers import read_path
    from bigrules.facts.readers.objects import read_objects
    from bigrules.facts.structure import structure
    from bigrules.facts.words import printable

    found: list[Diagnostic] = Found()
    raw = None
    try:
        if isinstance(source, str | os.PathLike):
            path = Path(os.fspath(source))
            raw = read_path(path, printable(str(source)), rulebook.vocabulary, found)
        elif isinstance(source, Mapping) or (hasattr(type(source), "__dict__") and _has_fields(source)):
            raw = read_objects(source, rulebook.vocabulary, found)
        else:
            message = f"a register cannot be read from `{type(source).__name__}`"
            help = "give a path, or a mapping of kinds of fact to their rows"
            found.append(diagnostic("wrong-shape", message, DataPath("data"), help))
    except Enough:
        return None, list(found)
    if raw is None:
        return None, list(found)
    case, noticed = structure(rulebook, raw, as_of)
    everything = [*found, *noticed]
    return (None if any(each.severity == "error" for each in everything) else case), everything


def _has_fields(source: object) -> bool:
    import dataclasses

    return attrs.has(type(source)) or (dataclasses.is_dataclass(source) and not isinstance(source, type))
