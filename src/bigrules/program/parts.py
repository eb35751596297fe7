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


class Parts:
    """What was compiled with one vocabulary.

    All is kept by the identity of a file, beside the file itself, so that no other can have its identity.

    Attributes:
        compiled: Files, by how they are read.
        days: Of definitions, whether they themselves depend on the day, and which others they read on it.
    """

    def __init__(self) -> None:
        self.compiled: dict[tuple[int, str], Part] = {}
        self.days: dict[int, tuple[Definition, bool, tuple[str, ...]]] = {}

    def keep(self, part: Part, mode: str) -> None:
        """Keep a part that is finished."""
        with _lock:
            _make_room(self.compiled)
            self.compiled[(id(part.file), mode)] = part

    def day_of(self, definition: Definition) -> tuple[bool, tuple[str, ...]] | None:
        """Whether a definition depends on the day and which others it reads on it, or None."""
        found = self.days.get(id(definition))
        return None if found is None else found[1:]

    def keep_days(self, definition: Definition, moves: bool, reads: tuple[str, ...]) -> None:
        """Keep whether a definition depends on the day."""
        with _lock:
            _make_room(self.days)
            self.days[id(definition)] = (definition, moves, reads)


_lock = threading.Lock()
_parts: dict[int, Parts] = {}
# Of the files of a rulebook under all its readings few are ever compiled.
MOST_PARTS = 2_000


def _make_room(kept: dict[Any, Any]) -> None:
    while len(kept) >= MOST_PARTS:
        kept.pop(next(iter(kept)))


def parts_of(vocabulary: Vocabulary) -> Parts:
    """The parts that were compiled with a vocabulary, kept as long as that lives."""
    with _lock:
        found = _parts.get(id(vocabulary))
        if found is None:
            found = _parts[id(vocabulary)] = Parts()
            weakref.finalize(vocabulary, _parts.pop, id(vocabulary), None).atexit = False
        return found
