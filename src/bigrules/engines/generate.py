"""Clauses → Python: a function for each stratum, nested loops over hash indexes.

Nothing that a file contains stands in the generated text: names are made of numbers, and every
constant, test and table is handed over in a list.
"""

from __future__ import annotations

import itertools
import linecache
import threading
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any, cast

import attrs

from bigrules.engines.computed import function_for
from bigrules.language.model import Const, Slot, Term
from bigrules.program.core import Clause, Literal_, Program, Stratum
from bigrules.program.strata import components

Table = dict[tuple[Any, ...], int]


@attrs.define
class Generated:
    """A stratum as a function.

    Args:
        run: Takes the list of tables, a function that answers questions, and the conditions; fills
            the tables of the heads.
        source: Its text.
    """

    run: Callable[..., None]
    source: str


def generate(program: Program, stratum: Stratum, names: dict[str, int], conditional: bool) -> Generated:
    """Generate the function of one stratum.

    Args:
        program: The program.
        stratum: One of its strata.
        names: Number of each predicate's table in the list of tables.
        conditional: Whether facts carry conditions; if not, whatever is in a table is certain.

    Returns:
        The function and its text.
    """
    by_head: dict[str, list[Clause]] = {}
    for clause in stratum.clauses:
        by_head.setdefault(clause.head.predicate, []).append(clause)
    edges = {
        head: sorted({each.predicate for clause in mine for each in clause.body} & by_head.keys())
        for head, mine in by_head.items()
    }
    texts: list[str] = []
    parts: list[tuple[Callable[..., None], list[Any], list[int]]] = []
    for group in components(list(by_head), edges):
        recursive = len(group) > 1 or group[0] in edges[group[0]]
        clauses = tuple([clause for head in group for clause in by_head[head]])
        ordered = tuple(sorted(group, key=names.__getitem__))
        key = (tuple(map(id, clauses)), ordered, recursive, conditional)
        written = _written.get(key)
        if written is None:
            writer = _Generator(ordered, conditional)
            text = writer.generate(clauses, recursive)
            written = Written(clauses, text, writer.constants, tuple(writer.numbers))
            _keep(_written, key, written)
        texts.append(written.text)
        numbers = [names[each] for each in written.predicates]
        parts.append((_made(written.text), written.constants, numbers))

    def run(tables: Sequence[Table], ask: Any, conditions: Any, index: Any) -> None:
        indexes: dict[tuple[int, tuple[int, ...]], Any] = {}

        def shared(table: Table, positions: tuple[int, ...]) -> Any:
            key = (id(table), positions)
            if key not in indexes:
                indexes[key] = index(table, positions)
            return indexes[key]

        for function, constants, numbers in parts:
            function(tables, ask, conditions, shared, constants, numbers)

    return Generated(run, "\n".join(texts))


def _made(text: str) -> FunctionType:
    """The function that a text defines; programs share those of the clauses that they have in common."""
    found = _functions.get(text)
    if found is None:
        name = f"<bigrules clauses {next(_number)}>"
        namespace: dict[str, Any] = {}
        exec(compile(text, name, "exec"), {"__builtins__": {"list": list, "len": len}}, namespace)
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        found = cast(FunctionType, namespace["run"])
        for old in _keep(_functions, text, found):
            linecache.cache.pop(old.__code__.co_filename, None)
    return found


@attrs.frozen(eq=False)
class Written:
    """The text of some clauses.

    Args:
        clauses: The clauses, kept so that no others can have their identity.
        text: The text.
        constants: What is handed over to it.
        predicates: Those whose tables are handed over to it, in order.
    """

    clauses: tuple[Clause, ...]
    text: str
    constants: list[Any]
    predicates: tuple[str, ...]


# Functions by their text, and texts by the identity of what they were made for; the oldest first.
_functions: dict[str, FunctionType] = {}
_written: dict[tuple[Any, ...], Written] = {}
_number = itertools.count()
MOST_KEPT = 1_000
_lock = threading.Lock()


def _keep(kept: dict[Any, Any], key: Any, value: Any) -> list[Any]:
    """Keep something, in place of the oldest where there is too much; those that went."""
    with _lock:
        gone = [kept.pop(next(iter(kept))) for _ in range(len(kept) - MOST_KEPT + 1)]
        kept[key] = value
    return gone


class _Generator:
    """Writes the function of the clauses of some predicates (`heads`) that depend on each other, or of one.

    Tables are numbered in the order in which they are used, so that the same clauses have the same text in
    every program.
    """

    def __init__(self, heads: Sequence[str], conditional: bool) -> None:
        self.heads = heads
        self.conditional = conditional
        self.lines: list[str] = []
        self.depth = 1
        self.constants: list[Any] = []
        self.numbers: dict[str, int] = {}
        self.indexes: dict[tuple[int, tuple[int, ...]], str] = {}
        self.number = 0

    def generate(self, clauses: Sequence[Clause], recursive: bool) -> str:
        """The text of the function."""
        if recursive:
            self._recursive(set(self.heads), clauses)
        elif self.conditional:
            # Reasons are gathered in lists first: joining them one by one would be quadratic.
            number = self._local(self.heads[0])
            self._line(f"g{number} = {{}}")
            for clause in clauses:
                self._clause(clause, None, set())
            self._line(f"for k, c in g{number}.items():")
            self._line(f"    t{number}[k] = any_of([t{number}.get(k, 0), *c])")
        else:
            for clause in clauses:
                self._clause(clause, None, set())
        head = ["def run(T, ask, C, index, K, N):"]
        if self.conditional:
            head.append(
                "    both, any_of, loop, nodes, negated, spend = "
                "C.both, C.any_of, C.loop, C.nodes, C.negated, C.spend"
            )
        head += [f"    t{number} = T[N[{number}]]" for number in self.numbers.values()]
        return "\n".join([*head, *self.lines, "    return None", ""])

    def _local(self, predicate: str) -> int:
        return self.numbers.setdefault(predicate, len(self.numbers))

    # ------------------------------------------------------------ writing

    def _line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def _name(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.number}"

    def _constant(self, value: Any) -> str:
        self.constants.append(value)
        return f"K[{len(self.constants) - 1}]"

    def _table(self, predicate: str) -> str:
        return f"t{self._local(predicate)}"

    def _index(self, predicate: str, positions: tuple[int, ...], live: bool) -> str:
        """An index of a table on some columns; of a table that still grows, one that grows along."""
        key = (self._local(predicate), positions)
        if key not in self.indexes:
            name = self.indexes[key] = self._name("i")
            place = self._constant(positions)
            # Written at the level of the function, so that every later clause can use it.
            self.lines.append(f"    {name} = index({self._table(predicate)}, {place})")
        return self.indexes[key]

    @staticmethod
    def _tuple(parts: Sequence[str]) -> str:
        return f"({', '.join(parts)},)" if parts else "()"

    # ------------------------------------------------------------ one clause

    def _clause(self, clause: Clause, delta: int | None, growing: set[str], prepared: bool = False) -> None:
        """Nested loops for a clause; with `delta`, that literal ranges over what was new last round."""
        order = self._order(clause.body, delta)
        if not prepared:
            self._prepare(clause, order)
        start = self.depth
        slots: dict[str, str] = {}
        conditions: list[str] = []
        waiting = list(clause.tests)
        absent = list(clause.absent)
        self._checks(waiting, absent, slots, conditions)
        for position in order:
            literal = clause.body[position]
            self._literal(literal, position == delta, slots, conditions)
            self._checks(waiting, absent, slots, conditions)
        self._derive(clause, slots, conditions, growing)
        self.depth = start

    def _order(self, body: Sequence[Literal_], delta: int | None) -> list[int]:
        """The literal with most slots bound comes next; the first is as written, or the new one."""
        left = list(range(len(body)))
        order: list[int] = []
        bound: set[str] = set()
        while left:
            if not order and delta is not None:
                best = delta
            else:
                best = max(left, key=lambda number: (self._bound(body[number], bound), -number))
            left.remove(best)
            order.append(best)
            bound |= {term.name for term in body[best].terms if isinstance(term, Slot)}
        return order

    @staticmethod
    def _bound(literal: Literal_, bound: set[str]) -> tuple[bool, int]:
        known = [
            isinstance(term, Const) or (isinstance(term, Slot) and term.name in bound)
            for term in literal.terms
        ]
        return all(known), sum(known)

    def _prepare(self, clause: Clause, order: Sequence[int], delta: int | None = None) -> None:
        """Write down the indexes that the clause needs, before its loops begin."""
        bound: set[str] = set()
        for position in order:
            literal = clause.body[position]
            positions = tuple(
                column
                for column, term in enumerate(literal.terms)
                if isinstance(term, Const) or (isinstance(term, Slot) and term.name in bound)
            )
            if position != delta and positions and len(positions) < len(literal.terms):
                self._index(literal.predicate, positions, False)
            bound |= {term.name for term in literal.terms if isinstance(term, Slot)}

    def _value(self, term: Term, slots: dict[str, str]) -> str:
        return slots[term.name] if isinstance(term, Slot) else self._constant(term.value)

    def _literal(self, literal: Literal_, new: bool, slots: dict[str, str], conditions: list[str]) -> None:
        known = tuple(
            column
            for column, term in enumerate(literal.terms)
            if isinstance(term, Const) or (isinstance(term, Slot) and term.name in slots)
        )
        condition = self._name("c")
        if len(known) == len(literal.terms) and not new:
            key = self._tuple([self._value(term, slots) for term in literal.terms if term is not None])
            if self.conditional:
                self._line(f"{condition} = {self._table(literal.predicate)}.get({key})")
                self._line(f"if {condition}:")
                conditions.append(condition)
            else:
                self._line(f"if {key} in {self._table(literal.predicate)}:")
            self.depth += 1
            return
        row = self._name("r")
        if new:
            self._line(f"for {row}, {condition} in d{self._local(literal.predicate)}:")
        elif known:
            parts = [self._value(literal.terms[column], slots) for column in known]  # type: ignore[arg-type]
            key = parts[0] if len(parts) == 1 else self._tuple(parts)
            name = self._index(literal.predicate, known, False)
            free = any(
                isinstance(term, Slot) and column not in known for column, term in enumerate(literal.terms)
            )
            if not free and not self.conditional:
                self._line(f"if {key} in {name}:")
                self.depth += 1
                return
            found = self._name("f")
            self._line(f"{found} = {name}.get({key}, ())")
            if self.conditional:
                self._line(f"spend(len({found}))")
            self._line(f"for {row}, {condition} in {found}:")
        else:
            if self.conditional:
                self._line(f"spend(len({self._table(literal.predicate)}))")
            self._line(f"for {row}, {condition} in {self._table(literal.predicate)}.items():")
        self.depth += 1
        if self.conditional:
            conditions.append(condition)
        same: list[str] = []
        for column, term in enumerate(literal.terms):
            if term is None or (column in known and not new):
                continue
            if isinstance(term, Slot) and term.name not in slots:
                name = slots[term.name] = self._name("s")
                self._line(f"{name} = {row}[{column}]")
            else:
                same.append(f"{row}[{column}] == {self._value(term, slots)}")
        if same:
            self._line(f"if {' and '.join(same)}:")
            self.depth += 1

    def _checks(
        self, waiting: list[Any], absent: list[Literal_], slots: dict[str, str], conditions: list[str]
    ) -> None:
        """Everything that can be tested by now."""
        for test in list(waiting):
            if all(isinstance(term, Const) or term.name in slots for term in test.terms):
                waiting.remove(test)
                self._test(test, slots)
        for literal in list(absent):
            if all(not isinstance(term, Slot) or term.name in slots for term in literal.terms):
                absent.remove(literal)
                key = self._tuple([self._value(term, slots) for term in literal.terms if term is not None])
                table = self._table(literal.predicate)
                if self.conditional:
                    found, condition = self._name("n"), self._name("c")
                    self._line(f"{found} = {table}.get({key}, 0)")
                    self._line(f"if {found} != 1:")
                    self.depth += 1
                    self._line(f"{condition} = negated({found})")
                    conditions.append(condition)
                else:
                    self._line(f"if {key} not in {table}:")
                    self.depth += 1

    def _test(self, test: Any, slots: dict[str, str]) -> None:
        if test.op in ("same", "is", "different"):
            left, right = (self._value(term, slots) for term in test.terms)
            self._line(f"if {left} {'!=' if test.op == 'different' else '=='} {right}:")
        elif test.op in ("one of", "not one of") and all(isinstance(term, Const) for term in test.terms[1:]):
            among = self._constant(frozenset(term.value for term in test.terms[1:]))
            negated = "not " if test.op == "not one of" else ""
            self._line(f"if {self._value(test.terms[0], slots)} {negated}in {among}:")
        else:
            function = self._constant(function_for(test))
            self._line(f"if {function}({', '.join(self._value(term, slots) for term in test.terms)}):")
        self.depth += 1

    def _derive(
        self, clause: Clause, slots: dict[str, str], conditions: list[str], growing: set[str]
    ) -> None:
        if clause.asked is not None:
            condition = self._name("c")
            subject = self._tuple([self._value(term, slots) for term in clause.asked.terms])
            question = self._constant((clause.asked.question, clause.asked.symmetric))
            self._line(f"{condition} = ask({question}, {subject})")
            self._line(f"if {condition}:")
            self.depth += 1
            conditions.append(condition)
        key = self._tuple([self._value(term, slots) for term in clause.head.terms if term is not None])
        table = self._table(clause.head.predicate)
        number = self._local(clause.head.predicate)
        if clause.head.predicate in growing:
            self._grow(key, table, number, conditions)
        elif not self.conditional:
            self._line(f"{table}[{key}] = 1")
        else:
            made_key, old = self._name("k"), self._name("o")
            self._line(f"{made_key} = {key}")
            self._line(f"{old} = g{number}.get({made_key})")
            self._line(f"if {old} is None: g{number}[{made_key}] = [{self._conjunction(conditions)}]")
            self._line(f"else: {old}.append({self._conjunction(conditions)})")

    def _conjunction(self, conditions: list[str]) -> str:
        text = "1"
        for each in conditions:
            text = each if text == "1" else f"both({text}, {each})"
        return text

    # ------------------------------------------------------------ recursion (semi-naive)

    def _grow(self, key: str, table: str, number: int, conditions: list[str]) -> None:
        made_key = self._name("k")
        self._line(f"{made_key} = {key}")
        if not self.conditional:
            self._line(f"if {made_key} not in {table}: g{number}[{made_key}] = 1")
            return
        # Each reason is added to the fact's own node: a recursive fact may be among its own reasons.
        node = self._name("o")
        self._line(f"{node} = {table}.get({made_key}) or g{number}.get({made_key})")
        self._line(f"if {node} is None: {node} = g{number}[{made_key}] = loop(N[{number}])")
        self._line(f"nodes[{node}][1].append({self._conjunction(conditions)})")

    def _recursive(self, group: set[str], clauses: Sequence[Clause]) -> None:
        numbers = [self._local(each) for each in self.heads]
        if self.conditional:
            for number in numbers:
                # What an example states outright is one reason among others.
                self._line(f"for k, c in list(t{number}.items()):")
                self._line(f"    t{number}[k] = o = loop(N[{number}])")
                self._line("    nodes[o][1].append(c)")
        variants: list[tuple[Clause, int | None]] = []
        for clause in clauses:
            inside = [number for number, each in enumerate(clause.body) if each.predicate in group]
            variants += [(clause, number) for number in inside] or [(clause, None)]
        for clause, delta in variants:
            self._prepare(clause, self._order(clause.body, delta), delta)
        for number in numbers:
            self._line(f"g{number} = {{}}")
        for clause, delta in variants:
            if delta is None:
                self._clause(clause, None, group, prepared=True)
        for number in numbers:
            self._line(f"d{number} = [*t{number}.items(), *g{number}.items()]")
            self._merge(number)
        self._line(f"while {' or '.join(f'd{number}' for number in numbers)}:")
        self.depth += 1
        for number in numbers:
            self._line(f"g{number} = {{}}")
        for clause, delta in variants:
            if delta is not None:
                self._clause(clause, delta, group, prepared=True)
        for number in numbers:
            self._line(f"d{number} = list(g{number}.items())")
            self._merge(number)
        self.depth -= 1

    def _merge(self, number: int) -> None:
        self._line(f"t{number}.update(g{number})")
        for (table, _), name in self.indexes.items():
            if table == number:
                self._line(f"{name}.grow(g{number})")


class Index(dict[Any, list[tuple[tuple[Any, ...], int]]]):
    """A hash index of a table on some columns."""

    def __init__(self, table: Table, positions: tuple[int, ...]) -> None:
        self.positions = positions
        self.grow(table)

    def grow(self, table: Table) -> None:
        """Take in further rows."""
        if len(self.positions) == 1:
            (column,) = self.positions
            for row, condition in table.items():
                self.setdefault(row[column], []).append((row, condition))
        else:
            positions = self.positions
            for row, condition in table.items():
                self.setdefault(tuple([row[each] for each in positions]), []).append((row, condition))
