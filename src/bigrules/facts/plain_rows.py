"""Rows of one kind of fact, as mappings → tuples of values, by a function that is generated for each set of keys.

Nothing that a file contains stands in the generated text: names are made of numbers, and every key, value and
dictionary is handed over.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from bigrules.facts.case import BY_NOW, UNKNOWN, ByNow, Unknown
from bigrules.facts.constraints import pairs_of_one_thing
from bigrules.facts.readers import MAX_ROWS
from bigrules.facts.values import Unusable, blank_value, field_value, is_blank, shown
from bigrules.facts.words import heading, is_example
from bigrules.language.model import Field, Kind, Value

Values = tuple[Any, ...]
Raw = dict[Any, Any]
Take = Callable[[Sequence[Raw], list[dict[Any, Any]]], list[Values]]

# Beyond so many ways to write values, or sets of keys, those that were learnt are forgotten.
MOST_LEARNT = 10_000
MOST_SHAPES = 500

_DICT = {dict}
# What may stand for a value, and is equal to nothing that would be read in another way.
_PLAIN = (str, datetime.date, datetime.datetime)
_NUMBERS = (str, int, float, Fraction, Decimal)


class Odd(Exception):
    """Something is not in plain order; what it is, is for others to say."""


class Rows:
    """How rows of one kind are taken.

    Args:
        kind: The kind.
        lists: Number of the list that the names of a thing stand in, by type.
        strict: Whether everything has to be known.
    """

    def __init__(self, kind: Kind, lists: dict[str, int], strict: bool) -> None:
        self.kind, self.lists, self.strict = kind, lists, strict
        self.names = [each.name for each in kind.fields]
        at = {name: number for number, name in enumerate(self.names)}
        self.learnt: list[Raw] = [{} for _ in kind.fields]
        self.shapes: dict[tuple[Any, ...], tuple[Take, tuple[int, ...]]] = {}
        # Things that have no list anywhere: their names are checked when all are taken.
        self.unlisted = [
            (number, each.type.name)
            for number, each in enumerate(kind.fields)
            if each.type.is_thing and each.type.name not in lists
        ]
        self.key = [at[each] for each in kind.key]
        self.is_list = bool(kind.lists)
        self.pairs = [(at[one], at[other]) for one, other in pairs_of_one_thing(kind)]
        self.ends = [(at["from"], at["until"])] if "from" in at and "until" in at else []
        self.defaults = [
            (number, text) for number, each in enumerate(kind.fields) if (text := _said(kind, each))
        ]
        chains = [each for each in kind.sentences if each.acyclic and len(each.fields) > 1]
        # Of chains that never come back to where they began: from, to, and what tells that a row is a link.
        self.links = [
            (at[one], at[other], *_told_by(at, [e.fixed for e in chains if e.fields[:2] == (one, other)]))
            for one, other in dict.fromkeys(each.fields[:2] for each in chains)
        ]

    def take(self, rows: Sequence[Raw], lists: list[dict[Any, Any]]) -> tuple[list[Values], list[int]]:
        """The values of each row, and for each of `defaults` how often it was used.

        Args:
            rows: The rows, at least one.
            lists: The names of each thing that has a list, each with itself.

        Raises:
            Odd, KeyError, TypeError: Some row is not in plain order.
        """
        if {*map(type, rows)} != _DICT or len(rows) > MAX_ROWS:
            raise Odd
        keys = tuple(rows[0])
        made = self.shapes.get(keys)
        taken: list[Values] | None = None
        if made is not None and sum(map(len, rows)) == len(keys) * len(rows):
            try:
                taken = made[0](rows, lists)
            except KeyError:
                pass
            else:
                counts = [len(rows) if number in made[1] else 0 for number, _ in self.defaults]
        if taken is None:
            taken, counts = self._by_shape(rows, lists)
        if not self.is_list and len({*taken}) != len(taken):
            raise Odd
        if self.key and len({tuple([row[each] for each in self.key]) for row in taken}) != len(taken):
            raise Odd
        if not self.strict:
            for at, (number, _) in enumerate(self.defaults):
                if self.kind.fields[number].blank.meaning == "by now":
                    counts[at] = sum([row[number] is BY_NOW for row in taken])
        return taken, counts

    def _by_shape(self, rows: Sequence[Raw], lists: list[dict[Any, Any]]) -> tuple[list[Values], list[int]]:
        """As `take`, where rows have different keys, or a value that was not met before."""
        taken: list[Values] = []
        counts = [0 for _ in self.defaults]
        for keys, group in groupby(rows, tuple):
            some = list(group)
            function, blank = self.shapes.get(keys) or self._shape(keys)
            try:
                taken += function(some, lists)
            except KeyError:
                self._learn(some)
                taken += function(some, lists)
            for at, (number, _) in enumerate(self.defaults):
                counts[at] += len(some) if number in blank else 0
        return taken, counts

    # ------------------------------------------------------------ values

    def _learn(self, rows: Sequence[Raw]) -> None:
        """Read in full every value that was not met before, and keep those in which nothing is wrong."""
        for number, field in enumerate(self.kind.fields):
            learnt = self.learnt[number]
            if not _is_learnt(field):
                continue
            if len(learnt) > MOST_LEARNT:
                learnt.clear()
            for raw in {row[field.name]: None for row in rows if field.name in row}:
                if raw not in learnt:
                    if type(raw) not in _PLAIN and raw is not UNKNOWN and raw is not BY_NOW:
                        raise Odd
                    learnt[raw] = self._read(field, raw)

    def _read(self, field: Field, raw: object) -> Value | Unknown | ByNow:
        """What is read from a value, if nothing at all is to be said of it."""
        if is_blank(raw):
            raise Odd
        if isinstance(raw, str) and (is_example(raw) or heading(raw) in {heading(w) for w in field.nobody}):
            raise Odd
        try:
            value = field_value(field, raw)
        except Unusable:
            raise Odd from None
        if self.strict and (value is UNKNOWN or value is BY_NOW):
            raise Odd
        return value

    def _reader(self, field: Field) -> Callable[[object], object]:
        """Reads a number or a text, of which there are too many to keep those that were met."""
        types = (str,) if field.type.name == "text" else _NUMBERS

        def read(raw: object) -> object:
            if type(raw) not in types and raw is not UNKNOWN:
                raise Odd
            return self._read(field, raw)

        return read

    # ------------------------------------------------------------ generating

    def _shape(self, keys: tuple[Any, ...]) -> tuple[Take, tuple[int, ...]]:
        """The function that takes rows with these keys, and the fields that are blank in them."""
        if any(type(each) is not str or each not in self.names for each in keys) or self.names[0] not in keys:
            raise Odd
        blank = tuple(number for number, name in enumerate(self.names) if name not in keys)
        text, namespace = self._text(frozenset(keys))
        exec(compile(text, "<bigrules rows>", "exec"), namespace)
        if len(self.shapes) >= MOST_SHAPES:
            self.shapes.clear()
        made = self.shapes[keys] = (namespace["take"], blank)
        return made

    def _text(self, keys: frozenset[Any]) -> tuple[str, dict[str, Any]]:
        """The text of a function, and what it is handed over."""
        namespace: dict[str, Any] = {"__builtins__": {"isinstance": isinstance}}
        namespace |= {"date": datetime.date, "Odd": Odd, "U": UNKNOWN}
        values = []
        for number, field in enumerate(self.kind.fields):
            if field.name not in keys:
                namespace[f"b{number}"] = self._blank(field)
                values.append(f"b{number}")
                continue
            namespace[f"k{number}"] = field.name
            raw = f"r[k{number}]"
            if field.type.name in self.lists:
                raw = f"t{self.lists[field.type.name]}[{raw}]"
            elif not field.type.is_thing:
                is_learnt = _is_learnt(field)
                namespace[f"v{number}"] = self.learnt[number] if is_learnt else self._reader(field)
                raw = f"v{number}[{raw}]" if is_learnt else f"v{number}({raw})"
            values.append(raw)
        lists = sorted(
            {self.lists[each.type.name] for each in self.kind.fields if each.type.name in self.lists}
        )
        lines = ["def take(rows, lists):", *(f"    t{number} = lists[{number}]" for number in lists)]
        lines.append(f"    taken = [({', '.join(values)},) for r in rows]")
        wrong = [
            f"isinstance(r[{start}], date) and isinstance(r[{end}], date) and r[{end}] < r[{start}]"
            for start, end in self.ends
            if {self.names[start], self.names[end]} <= keys
        ]
        wrong += [f"r[{one}] == r[{other}] and r[{one}] is not U" for one, other in self.pairs]
        if wrong:
            lines += ["    for r in taken:", *(f"        if {each}: raise Odd" for each in wrong)]
        return "\n".join([*lines, "    return taken", ""]), namespace

    def _blank(self, field: Field) -> Value | Unknown | ByNow:
        try:
            value = blank_value(field)
        except Unusable:
            raise Odd from None
        if self.strict and (value is UNKNOWN or value is BY_NOW):
            raise Odd
        return value


def _told_by(
    at: dict[str, int], fixed: list[tuple[tuple[str, Value], ...]]
) -> tuple[int | None, frozenset[Value]]:
    """A column and its values in what may be a link of a chain, or None where any row may be one."""
    columns = {name for each in fixed for name, _ in each}
    if len(columns) != 1 or not all(fixed):
        return None, frozenset()
    return at[columns.pop()], frozenset(value for each in fixed for _, value in each)


def _is_learnt(field: Field) -> bool:
    """Whether a field has so few values that those that were met are kept; names of people are never kept."""
    return field.type.name == "date" or bool(field.type.choices)


def _said(kind: Kind, field: Field) -> str:
    """What is said of a blank that is read as the vocabulary says, or ""."""
    if field.blank.meaning == "value":
        return f"`{field.name}` is blank in {kind.name}: read as `{shown(field.blank.value)}`"
    if field.blank.meaning == "by now":
        return f"`{field.name}` is blank in {kind.name}: it had begun by the day of judging"
    return ""
