"""What compiling one file gave, so that it is compiled once for all the readings of other files."""

from __future__ import annotations

import threading
import weakref
from typing import Any

import attrs

from bigrules.language.model import Definition, Rule, Type, Vocabulary
from bigrules.program.core import ProgramRule


@attrs.frozen
class Head:
    """All of a definition that what reads it is compiled with.

    Args:
        moves: Whether what it says depends on the day on which it is read.
        slots: Its slots.
        types: Their types.
        symmetric: Whether it holds in both directions.
    """

    moves: bool
    slots: tuple[str, ...]
    types: tuple[Type, ...]
    symmetric: bool


@attrs.define
class Part:
    """One rule or definition, compiled.

    Args:
        file: What was compiled.
        reads: The definitions that it reads, by id, as they were.
        steps: What was made, in order: the sort of step, and what it is about.
        made: What is read off a rule, once it is made.
    """

    file: Rule | Definition
    reads: dict[str, Head] = attrs.field(factory=dict)
    steps: list[tuple[str, Any]] = attrs.field(factory=list)
    made: ProgramRule | None = None


# By the identity of a file, and how it is read; a part keeps its file, so that no other can have its identity.
Parts = dict[tuple[int, str], Part]

_lock = threading.Lock()
_parts: dict[int, Parts] = {}
# Of the files of a rulebook under all its readings few are ever compiled.
MOST_PARTS = 2_000


def parts_of(vocabulary: Vocabulary) -> Parts:
    """The parts that were compiled with a vocabulary, kept as long as that lives."""
    with _lock:
        found = _parts.get(id(vocabulary))
        if found is None:
            found = _parts[id(vocabulary)] = {}
            weakref.finalize(vocabulary, _parts.pop, id(vocabulary), None).atexit = False
        return found


def keep(parts: Parts, part: Part, mode: str) -> None:
    """Keep a part that is finished."""
    with _lock:
        while len(parts) >= MOST_PARTS:
            parts.pop(next(iter(parts)))
        parts[(id(part.file), mode)] = part
