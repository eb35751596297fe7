"""Lines of Python over sets of tuples: names, rows, tests and indexes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bigrules.engines.computed import function_for
from bigrules.language.model import Const, Slot, Term, Test
from bigrules.program.core import DAYS, TODAY, Literal_, Program

# Predicate, columns, and whether rows are wanted or only whether there are any.
IndexKey = tuple[str, tuple[int, ...], bool]

FIRST, LAST = datetime.date.min, datetime.date.max

COMPARED = {"same": "==", "is": "==", "different": "!="}


def within(day: str, first: str, last: str) -> str:
    """A test of whether a day is within a span; an open end that is read as a day is none."""
    return f"{day} is not None and {first} <= {day} <= {last}"


def is_uncovered(asked: Iterable[tuple[Any, tuple[Any, Any]]], table: Mapping[Any, Any]) -> bool:
    """Whether something was asked about days on which it is not known to hold anyway."""
    return any(
        not any(first <= span[0] and span[1] <= last for first, last in table.get(key, ()))
        for key, span in asked
    )


def unite(table: dict[Any, list[tuple[Any, Any]]]) -> None:
    """Spans that have a day in common as one: of many joined with many there would soon be too many.

    >>> table = {"ann": [(5, 9), (1, 2), (2, 4), (6, 7)]}
    >>> unite(table)
    >>> table
    {'ann': [(1, 4), (5, 9)]}
    """
    for spans in table.values():
        if len(spans) == 1:
            continue
        spans.sort()
        united = [spans[0]]
        for first, last in spans[1:]:
            before = united[-1]
            if first > before[1]:
                united.append((first, last))
            elif last > before[1]:
                united[-1] = (before[0], last)
        spans[:] = united


def is_bare(program: Program, name: str) -> bool:
    """Whether a row of a predicate is its one value, and not a tuple; kinds of fact keep their records."""
    predicate = program.predicates[name]
    return len(predicate.columns) == 1 and (not predicate.base or name in (TODAY, DAYS))


class Lines:
    """Lines of the function of a program.

    Args:
        program: The program.
        numbers: Number of each predicate: `t7` is its table, `p7` what was asked and not answered.
        spans: Predicates that are kept with spans of days in place of a row for each day: of a definition
            a mapping of the other values to its spans, of a kind of fact its records.
    """

    def __init__(self, program: Program, numbers: Mapping[str, int], spans: frozenset[str]) -> None:
        self.program = program
        self.numbers = numbers
        self.spans = spans
        self.before: list[str] = []
        self.lines: list[str] = []
        self.depth = 1
        self.constants: list[Any] = []
        self._count = 0
        self._places: dict[tuple[Any, ...], str] = {}
        self._indexes: dict[IndexKey, str] = {}
        self._needed: list[IndexKey] = []

    # ------------------------------------------------------------ names and lines

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + text)

    def name(self, letter: str) -> str:
        """A name that is not in use."""
        self._count += 1
        return f"{letter}{self._count}"

    def constant(self, value: Any) -> str:
        """The place of a value that is handed over."""
        key = (type(value), value) if isinstance(value, str | frozenset) else (id(value), len(self.constants))
        if key not in self._places:
            self.constants.append(value)
            self._places[key] = f"K{len(self.constants) - 1}"
        return self._places[key]

    def table(self, predicate: str) -> str:
        """The table of a predicate."""
        return f"t{self.numbers[predicate]}"

    def asked(self, predicate: str) -> str:
        """The set of what was asked about a predicate and not answered."""
        name = f"p{self.numbers[predicate]}"
        if f"    {name} = set()" not in self.before:
            self.before.append(f"    {name} = set()")
        return name

    @staticmethod
    def _tuple(parts: Sequence[str]) -> str:
        return f"({', '.join(parts)},)" if parts else "()"

    def _row(self, literal: Literal_, slots: Mapping[str, str]) -> str:
        """The row of a pattern of which everything is bound."""
        terms = literal.terms[:-1] if literal.predicate in self.spans else literal.terms
        parts = [self._value(term, slots) for term in terms if term is not None]
        return parts[0] if self._is_bare(literal.predicate) else self._tuple(parts)

    def _is_bare(self, name: str) -> bool:
        """Whether a row, or of spans what they are the spans of, is a single value."""
        if name in self.spans:
            return len(self.program.predicates[name].columns) == 2
        return is_bare(self.program, name)

    def _value(self, term: Term, slots: Mapping[str, str]) -> str:
        return slots[term.name] if isinstance(term, Slot) else self.constant(term.value)

    # ------------------------------------------------------------ tests

    def _test(self, test: Test, slots: Mapping[str, str]) -> str:
        values = [self._value(term, slots) for term in test.terms]
        if test.op in COMPARED:
            return f"{values[0]} {COMPARED[test.op]} {values[1]}"
        if test.op in ("one of", "not one of") and all(isinstance(term, Const) for term in test.terms[1:]):
            among = frozenset(term.value for term in test.terms[1:] if isinstance(term, Const))
            return f"{values[0]} {'not ' if test.op == 'not one of' else ''}in {self.constant(among)}"
        return f"{self.constant(function_for(test))}({', '.join(values)})"

    def _ready(self, waiting: list[Test], absent: list[Literal_], slots: Mapping[str, str]) -> list[str]:
        """Every test that can be made by now, and is not waited for any longer."""
        found = []
        for test in list(waiting):
            if all(isinstance(term, Const) or term.name in slots for term in test.terms):
                waiting.remove(test)
                found.append(self._test(test, slots))
        for literal in list(absent):
            if all(not isinstance(term, Slot) or term.name in slots for term in literal.terms):
                absent.remove(literal)
                table = self.table(literal.predicate)
                if self.program.predicates[literal.predicate].base and not self._is_bare(literal.predicate):
                    # Records are a list, in which looking for one takes as long as there are records.
                    table = self._index(literal.predicate, tuple(range(len(literal.terms))), False)
                    parts = [self._value(term, slots) for term in literal.terms if term is not None]
                    row = parts[0] if len(parts) == 1 else self._tuple(parts)
                else:
                    row = self._row(literal, slots)
                found.append(f"{row} not in {table}")
        return found

    def _if(self, tests: Sequence[str]) -> None:
        if tests:
            self.line(f"if {' and '.join(tests)}:")
            self.depth += 1

    # ------------------------------------------------------------ indexes

    def _index(self, predicate: str, columns: tuple[int, ...], rows: bool) -> str:
        """An index of a table on some columns, made where it is first needed: rows, or only whether there are any."""
        key = (predicate, columns, rows)
        if key not in self._indexes:
            self._indexes[key] = self.name("i" if rows else "e")
            self.before.append(f"    {self._indexes[key]} = None")
        self._needed.append(key)
        return self._indexes[key]

    def _with_indexes(self, write: Callable[[], None]) -> list[IndexKey]:
        """Write lines, with the indexes that they need made before them."""
        lines, self.lines, self._needed = self.lines, [], []
        depth = self.depth
        write()
        inner, self.lines, self.depth = self.lines, lines, depth
        needed = list(dict.fromkeys(self._needed))
        for key in needed:
            name = self._indexes[key]
            self.line(f"if {name} is None:")
            self.depth += 1
            self.line(f"{name} = {'{}' if key[2] else 'set()'}")
            self._fill(key, self.table(key[0]))
            self.depth = depth
        self.lines += inner
        return needed

    def _fill(self, key: IndexKey, rows: str) -> None:
        predicate, columns, with_rows = key
        name = self._indexes[key]
        row = "r"
        if predicate in self.spans and not self.program.predicates[predicate].base:
            rows, row = f"{rows}.items()", "r[0]"
        parts = [
            row if row == "r[0]" and self._is_bare(predicate) else f"{row}[{column}]" for column in columns
        ]
        self.line(f"for r in {rows}:")
        if not with_rows:
            self.line(f"    {name}.add({parts[0] if len(parts) == 1 else self._tuple(parts)})")
            return
        self.line(f"    k = {parts[0] if len(parts) == 1 else self._tuple(parts)}")
        self.line(f"    if k in {name}: {name}[k].append(r)")
        self.line(f"    else: {name}[k] = [r]")
