"""Clauses → lines of Python over sets of tuples, for what is known: no conditions, and joins by hash."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bigrules.engines.computed import function_for
from bigrules.language.model import Const, Slot, Term, Test
from bigrules.program.core import DAYS, TODAY, Literal_, Program
from bigrules.program.fold import Folded

# Predicate, columns, and whether rows are wanted or only whether there are any.
IndexKey = tuple[str, tuple[int, ...], bool]

FIRST, LAST = datetime.date.min, datetime.date.max

COMPARED = {"same": "==", "is": "==", "different": "!="}


def is_uncovered(asked: Iterable[tuple[Any, tuple[Any, Any]]], table: Mapping[Any, Any]) -> bool:
    """Whether something was asked about days on which it is not known to hold anyway."""
    return any(
        not any(first <= span[0] and span[1] <= last for first, last in table.get(key, ()))
        for key, span in asked
    )


def is_bare(program: Program, name: str) -> bool:
    """Whether a row of a predicate is its one value, and not a tuple; kinds of fact keep their records."""
    predicate = program.predicates[name]
    return len(predicate.columns) == 1 and (not predicate.base or name in (TODAY, DAYS))


class Writer:
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
        # Names of the first and last day that the patterns matched so far have in common.
        self._span: tuple[str, str] | None = None
        self._spanned = False
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
                found.append(f"{self._row(literal, slots)} not in {self.table(literal.predicate)}")
        return found

    def _if(self, tests: Sequence[str]) -> None:
        if tests:
            self.line(f"if {' and '.join(tests)}:")
            self.depth += 1

    # ------------------------------------------------------------ clauses

    def inline(
        self, clauses: Iterable[Folded], columns: Mapping[int, str], ends: tuple[str, str] | None
    ) -> None:
        """Clauses over a record that is at hand, with the names of its values by column, and its first and last day."""
        for clause in clauses:
            start, slots, tests = self.depth, dict[str, str](), list[str]()
            for column, term in enumerate(clause.body[0].terms):
                if column not in columns:
                    continue  # The day, of which the span is known.
                if isinstance(term, Const):
                    tests.append(f"{columns[column]} == {self.constant(term.value)}")
                elif term is not None and term.name in slots:
                    tests.append(f"{columns[column]} == {slots[term.name]}")
                elif term is not None:
                    slots[term.name] = columns[column]
            self._if([*tests, *self._ready(list(clause.tests), [], slots)])
            self._span = ends
            self._derive(clause, slots, set())
            self.depth = start

    def clause(self, clause: Folded) -> None:
        """Nested loops for a clause, where none of the tables that it joins is empty."""
        start = self.depth
        self._if(list(dict.fromkeys(self.table(each.predicate) for each in clause.body)))
        if self._is_of_sets(clause):
            tables = " & ".join(self.table(each.predicate) for each in clause.body)
            for head in clause.heads:
                self.line(f"{self.table(head.predicate)}.update({tables})")
            self.depth = start
            return
        self._with_indexes(lambda: self._joins(clause, None, set()))
        self.depth = start

    def _is_of_sets(self, clause: Folded) -> bool:
        """Whether what is derived is what several tables have in common, as it stands."""
        terms = clause.heads[0].terms
        slots = {each for each in terms if isinstance(each, Slot)}
        return (
            not (clause.tests or clause.absent or clause.asked)
            and bool(clause.body)
            and len(slots) == len(terms)
            and all(each.terms == terms for each in (*clause.heads, *clause.body))
            and all(
                each.predicate not in self.spans and not self.program.predicates[each.predicate].base
                for each in (*clause.heads, *clause.body)
            )
        )

    def _joins(self, clause: Folded, delta: int | None, growing: set[str]) -> None:
        slots: dict[str, str] = {}
        waiting, absent = list(clause.tests), list(clause.absent)
        self._span, self._spanned = None, clause.heads[0].predicate in self.spans
        self._if(self._ready(waiting, absent, slots))
        left = list(range(len(clause.body)))
        first = True
        while left:
            position = delta if first and delta is not None else self._next(clause.body, left, slots)
            left.remove(position)
            tests = self._literal(clause.body[position], first and delta is not None, slots)
            self._if([*tests, *self._ready(waiting, absent, slots)])
            first = False
        self._derive(clause, slots, growing)

    def _next(self, body: Sequence[Literal_], left: Sequence[int], slots: Mapping[str, str]) -> int:
        """What is wholly bound comes first, then what is bound by things; at the start what binds most."""

        def rank(number: int) -> tuple[Any, ...]:
            literal = body[number]
            of_days = literal.predicate in self.spans
            terms = literal.terms[:-1] if of_days else literal.terms
            pairs = list(zip(terms, self.program.predicates[literal.predicate].types, strict=False))
            open = [type for term, type in pairs if isinstance(term, Slot) and term.name not in slots]
            bound = [
                type
                for term, type in pairs
                if isinstance(term, Const) or (isinstance(term, Slot) and term.name in slots)
            ]
            if not slots:
                return (0, len({term for term in terms if isinstance(term, Slot)}), -number)
            day = literal.terms[-1] if of_days else None
            if not open and (not isinstance(day, Slot) or day.name in slots or self._spanned):
                return (2, 0, -number)
            # Like things are linked to few of their like; a day or a choice tells little apart.
            weight = sum(2 + (type in open) if type.is_thing else 1 for type in bound)
            return (1, weight, -number)

        return max(left, key=rank)

    def _literal(self, literal: Literal_, new: bool, slots: dict[str, str]) -> list[str]:
        """Loop over what matches a pattern; tests on it that are still to be made."""
        if literal.predicate in self.spans:
            return self._span_literal(literal, slots)
        known = tuple(
            column
            for column, term in enumerate(literal.terms)
            if isinstance(term, Const) or (isinstance(term, Slot) and term.name in slots)
        )
        table = self.table(literal.predicate)
        free = any(
            isinstance(term, Slot) and column not in known for column, term in enumerate(literal.terms)
        )
        if not new and not free:
            if not literal.terms:
                return [table]
            is_set = not self.program.predicates[literal.predicate].base or self._is_bare(literal.predicate)
            if len(known) == len(literal.terms) and is_set:
                return [f"{self._row(literal, slots)} in {table}"]
            if not known:
                return [table]
            return [f"{self._key(literal, known, slots)} in {self._index(literal.predicate, known, False)}"]
        rows = table
        if new:
            rows = f"d{self.numbers[literal.predicate]}"
        elif known:
            index = self._index(literal.predicate, known, True)
            rows = f"{index}.get({self._key(literal, known, slots)}, ())"
        names, tests = self._names(literal.terms, () if new else known, slots)
        target = names[0] if self._is_bare(literal.predicate) else f"({', '.join(names)},)"
        self.line(f"for {target} in {rows}:" if names else f"for _ in {rows}:")
        self.depth += 1
        return tests

    def _names(
        self, terms: Sequence[Term | None], known: Sequence[int], slots: dict[str, str]
    ) -> tuple[list[str], list[str]]:
        """Names for the values of a row, and tests on those that the loop does not take care of."""
        names, tests = list[str](), list[str]()
        for column, term in enumerate(terms):
            if isinstance(term, Slot) and term.name not in slots:
                slots[term.name] = self.name("s")
                names.append(slots[term.name])
            elif term is None or column in known:
                names.append("_")
            else:
                names.append(self.name("x"))
                tests.append(f"{names[-1]} == {self._value(term, slots)}")
        return names, tests

    def _span_literal(self, literal: Literal_, slots: dict[str, str]) -> list[str]:
        """Loop over what matches a pattern that is kept with spans, and over its spans."""
        predicate, terms, day = literal.predicate, literal.terms[:-1], literal.terms[-1]
        known = tuple(
            column
            for column, term in enumerate(terms)
            if isinstance(term, Const) or (isinstance(term, Slot) and term.name in slots)
        )
        table = self.table(predicate)
        base = self.program.predicates[predicate].base
        first, last = self.name("b"), self.name("e")
        if not base and len(known) == len(terms):
            self.line(f"for {first}, {last} in {table}.get({self._row(literal, slots)}, ()):")
            self.depth += 1
            tests: list[str] = []
        else:
            rows = table if base else f"{table}.items()"
            if known:
                rows = f"{self._index(predicate, known, True)}.get({self._key(literal, known, slots)}, ())"
            if base:
                ends = (len(terms) - 2, len(terms) - 1)
                names, tests = self._names(terms, known, slots)
                for place, name in zip(ends, (first, last), strict=True):
                    names[place] = name if names[place] == "_" else names[place]
                own = [names[place] for place in ends]
                self.line(f"for ({', '.join(names)},) in {rows}:")
                self.depth += 1
                self.line(f"{first} = {own[0]} or {self.constant(FIRST)}")
                self.line(f"{last} = {own[1]} or {self.constant(LAST)}")
            else:
                names, tests = self._names(terms, known, slots)
                target = names[0] if len(names) == 1 else f"({', '.join(names)},)" if names else "_"
                spans = self.name("y")
                self.line(f"for {target}, {spans} in {rows}:")
                self.depth += 1
                self._if(tests)
                tests = []
                self.line(f"for {first}, {last} in {spans}:")
                self.depth += 1
        if isinstance(day, Const) or (isinstance(day, Slot) and day.name in slots):
            tests.append(f"{first} <= {self._value(day, slots)} <= {last}")
        elif self._spanned:
            if self._span is not None:
                before = self._span
                self.line(f"if {before[0]} > {first}: {first} = {before[0]}")
                self.line(f"if {before[1]} < {last}: {last} = {before[1]}")
                tests.append(f"{first} <= {last}")
            self._span = first, last
        else:
            self._if(tests)
            name = self.name("s")
            if isinstance(day, Slot):
                slots[day.name] = name
            self.line(f"for {name} in days:")
            self.depth += 1
            tests = [f"{first} <= {name} <= {last}"]
        return tests

    def _key(self, literal: Literal_, known: Sequence[int], slots: Mapping[str, str]) -> str:
        parts = [self._value(literal.terms[column], slots) for column in known]  # type: ignore[arg-type]
        return parts[0] if len(parts) == 1 else self._tuple(parts)

    def _derive(self, clause: Folded, slots: Mapping[str, str], growing: set[str]) -> None:
        rows = [(head.predicate, self._row(head, slots)) for head in clause.heads]
        add: list[tuple[str, ...]] = []
        ends = ""
        for predicate, row in rows:
            table = self.table(predicate)
            if predicate in self.spans:
                assert self._span is not None
                ends = f"({self._span[0]}, {self._span[1]})"
                add.append((f"{table}.setdefault({row}, []).append({ends})",))
            elif predicate in growing:
                add.append((f"if {row} not in {table}:", f"    g{self.numbers[predicate]}.add({row})"))
            else:
                add.append((f"{table}.add({row})",))
        if clause.asked is None:
            for some in add:
                for text in some:
                    self.line(text)
            return
        question = self.constant((clause.asked.question, clause.asked.symmetric))
        subject = self._tuple([self._value(term, slots) for term in clause.asked.terms])
        self.line(f"q = ask({question}, {subject})")
        self.line("if q:")
        for some in add:
            for text in some:
                self.line(f"    {text}")
        self.line("elif q is None:")
        for predicate, row in rows:
            pending = f"({row}, {ends})" if predicate in self.spans else row
            self.line(f"    {self.asked(predicate)}.add({pending})")

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
        parts = [row if row == "r[0]" and self._is_bare(predicate) else f"{row}[{column}]" for column in columns]
        self.line(f"for r in {rows}:")
        if not with_rows:
            self.line(f"    {name}.add({parts[0] if len(parts) == 1 else self._tuple(parts)})")
            return
        self.line(f"    k = {parts[0] if len(parts) == 1 else self._tuple(parts)}")
        self.line(f"    if k in {name}: {name}[k].append(r)")
        self.line(f"    else: {name}[k] = [r]")

    # ------------------------------------------------------------ recursion (semi-naive)

    def recursive(self, group: Sequence[str], clauses: Sequence[Folded]) -> None:
        """Clauses whose heads are among what they read: each round joins what was new in the last."""
        inside = set(group)
        rounds: list[tuple[Folded, int]] = []
        for clause in clauses:
            places = [number for number, each in enumerate(clause.body) if each.predicate in inside]
            rounds += [(clause, number) for number in places]
            if not places:
                self.clause(clause)
        numbers = [self.numbers[each] for each in group]
        for number in numbers:
            self.line(f"d{number} = list(t{number})")

        def loop() -> None:
            self.line(f"while {' or '.join(f'd{number}' for number in numbers)}:")
            self.depth += 1
            start = self.depth
            for number in numbers:
                self.line(f"g{number} = set()")
            for clause, delta in rounds:
                self._joins(clause, delta, inside)
                self.depth = start
            for number in numbers:
                self.line(f"d{number} = list(g{number})")
                self.line(f"t{number} |= g{number}")
            # Indexes of what is still growing grow along.
            for key in dict.fromkeys(self._needed):
                if key[0] in inside:
                    self._fill(key, f"g{self.numbers[key[0]]}")

        self._with_indexes(loop)
