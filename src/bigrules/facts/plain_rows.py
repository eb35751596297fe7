"""Lists of mappings → rows of values: one function for a whole vocabulary, generated when it is first used.

Nothing that a file contains stands in the generated text: names are made of numbers, and every key, value and
dictionary is handed over.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from bigrules.facts.case import BY_NOW, UNKNOWN, ByNow, Unknown
from bigrules.facts.constraints import pairs_of_one_thing
from bigrules.facts.readers import MAX_ROWS
from bigrules.facts.values import Unusable, blank_value, field_value, is_blank, shown
from bigrules.facts.words import heading, is_example
from bigrules.language.model import Field, Kind, Value

Values = tuple[Any, ...]
Raw = Mapping[Any, Any]

# Beyond so many ways to write the values of one field, those that were learnt are forgotten.
MOST_LEARNT = 10_000

# What may stand for a value and is equal to nothing that would be read in another way.
_LEARNT = (str, datetime.date, datetime.datetime)


class Odd(Exception):
    """Something is not in plain order; what it is, is for others to say."""


# What was taken from a register:
# - for each kind that has any, the values of its rows; and of kinds that happen, without what is still to come;
# - how many of the kinds stand in the register;
# - for each thing that has a list the names in it, each with itself; for each other thing the names that were met;
# - kind, text and number of what was read as the vocabulary says;
# - links of chains that never come back to where they began.
Taken = tuple[
    dict[str, list[Values]],
    dict[str, list[Values]],
    int,
    dict[str, dict[Any, Any]],
    dict[str, set[Any]],
    list[tuple[str, str, int]],
    list[tuple[Any, Any]],
]


class Rows:
    """How the rows of some kinds are taken.

    Args:
        kinds: The kinds.
        strict: Whether everything has to be known.
    """

    def __init__(self, kinds: Iterable[Kind], strict: bool) -> None:
        self.kinds = list(kinds)
        self.strict = strict
        self.lists = {each.lists: number for number, each in enumerate(self.kinds) if each.lists}
        self.learnt: dict[tuple[str, str], dict[Any, Any]] = {
            (kind.name, field.name): {}
            for kind in self.kinds
            for field in kind.fields
            if field.type.name == "date" or field.type.choices
        }
        self.source = ""
        self._take: Callable[[Raw, datetime.date], Taken] | None = None

    def take(self, source: Raw, day: datetime.date) -> Taken:
        """The values of all rows.

        Args:
            source: Lists of rows by kind.
            day: The day of judging.

        Raises:
            Odd, KeyError, TypeError: Some row is not in plain order.
        """
        if self._take is None:
            self._take = self._generate()
        try:
            return self._take(source, day)
        except KeyError:
            # A value that was not met before, or something that is wrong.
            self._learn(source)
            return self._take(source, day)

    # ------------------------------------------------------------ values

    def _learn(self, source: Raw) -> None:
        """Read in full every value that was not met before, and keep those of which there is nothing to say."""
        for kind in self.kinds:
            rows = source.get(kind.name, [])
            if type(rows) is not list or any(type(row) is not dict for row in rows):
                raise Odd  # Nothing else is gone through: it could be gone through only once.
            for field in kind.fields:
                learnt = self.learnt.get((kind.name, field.name))
                if learnt is None:
                    continue
                if len(learnt) > MOST_LEARNT:
                    learnt.clear()
                for raw in {row[field.name]: None for row in rows if field.name in row}:
                    if raw not in learnt:
                        if type(raw) not in _LEARNT and raw is not UNKNOWN and raw is not BY_NOW:
                            raise Odd
                        learnt[raw] = self._read(field, raw)

    def _read(self, field: Field, raw: object) -> Value | Unknown | ByNow:
        """What is read from a value, if nothing at all is to be said of it."""
        if is_blank(raw):
            raise Odd
        if isinstance(raw, str) and (is_example(raw) or heading(raw) in {heading(w) for w in field.nobody}):
            raise Odd
        try:
            return self._known(field_value(field, raw))
        except Unusable:
            raise Odd from None

    def _known(self, value: Value | Unknown | ByNow) -> Value | Unknown | ByNow:
        if self.strict and (value is UNKNOWN or value is BY_NOW):
            raise Odd
        return value

    # ------------------------------------------------------------ generating

    def _generate(self) -> Callable[[Raw, datetime.date], Taken]:
        writer = _Writer(self)
        lines = ["def take(source, day):", "    get, asked = source.get, 0"]
        lines.append("    taken, happened, listed, unlisted, defaults, links = {}, {}, {}, {}, [], []")
        lines += [f"    {each}" for each in writer.lists()]
        for kind in self.kinds:
            lines += [f"    {each}" for each in writer.kind(kind)]
        self.source = "\n".join(
            [*lines, "    return taken, happened, asked, listed, unlisted, defaults, links", ""]
        )
        namespace = writer.given
        exec(compile(self.source, "<bigrules rows>", "exec"), namespace)
        made: Callable[[Raw, datetime.date], Taken] = namespace["take"]
        return made


class _Writer:
    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.given: dict[str, Any] = {
            "__builtins__": {"len": len, "dict": dict, "zip": zip, "sum": sum, "list": list, "set": set, "type": type},
            "D": dict, "L": list, "Odd": Odd, "U": UNKNOWN, "N": BY_NOW, "date": datetime.date,
            "isinstance": isinstance, "MOST": MAX_ROWS,
        }  # fmt: skip

    def give(self, letter: str, value: Any) -> str:
        """A name for a value that is handed over."""
        name = f"{letter}{len(self.given)}"
        self.given[name] = value
        return name

    def lists(self) -> list[str]:
        """The names in each list, each with itself."""
        lines = []
        for thing, number in self.rows.lists.items():
            kind = self.rows.kinds[number]
            name, field = self.give("k", kind.name), self.give("k", kind.fields[0].name)
            lines += [
                f"l{number} = {{}}",
                f"rows = get({name})",
                "if type(rows) is L:",
                f"    names = [r[{field}] for r in rows if type(r) is D]",
                f"    l{number} = dict(zip(names, names))",
                f"    if len(l{number}) != len(rows): raise Odd",
                f"listed[{self.give('k', thing)}] = l{number}",
            ]
            if not self.rows.strict:
                # Names are checked without it, so it is another dictionary.
                lines.append(f"l{number} = {{**l{number}, U: U}}")
        return lines

    def kind(self, kind: Kind) -> list[str]:
        """The rows of one kind."""
        name = self.give("k", kind.name)
        at = {each.name: column for column, each in enumerate(kind.fields)}
        keys = {each.name: self.give("k", each.name) for each in kind.fields}
        values: list[str] = []
        always = 0
        sometimes: list[str] = []
        for column, field in enumerate(kind.fields):
            key = keys[field.name]
            value = self.value(kind, field, f"r[{key}]")
            blank = self.blank(field) if column else None
            if blank is None:
                always += 1
            else:
                given = f"x{len(sometimes)}"
                sometimes.append(f"({given} := {key} in r)")
                value = f"({value} if {given} else {blank})"
            values.append(value)
        size = " + ".join([str(always), *sometimes])
        made = f"[({', '.join(values)},) for r in rows if type(r) is D and len(r) == {size}]"
        if kind.lists and len(kind.fields) == 1:
            made = f"[(r[{keys[kind.fields[0].name]}],) for r in rows if len(r) == 1]"  # looked at above
        lines = [
            f"rows = get({name})",
            "if rows is not None:",
            "    if type(rows) is not L or len(rows) > MOST: raise Odd",
            "    asked += 1",
            f"    a = {made}",
            "    if len(a) != len(rows): raise Odd",
        ]
        inside = [f"taken[{name}] = a"]
        if not kind.lists:
            inside.append("if len({*a}) != len(a): raise Odd")
        if kind.key:
            key = ", ".join(f"r[{at[each]}]" for each in kind.key)
            inside.append(f"if len({{({key},) for r in a}}) != len(a): raise Odd")
        inside += self.wrong(kind, at)
        inside += self.unlisted_names(kind)
        inside += self.links(kind, at)
        inside += self.defaults(kind, at, keys, name)
        days = [f"r[{at[each.name]}]" for each in kind.fields if each.happened]
        if days:
            later = " or ".join(f"(isinstance({each}, date) and {each} > day)" for each in days)
            inside.append(f"happened[{name}] = [r for r in a if not ({later})]")
        lines += ["    if a:", *(f"        {each}" for each in inside)]
        return [*lines, *(f"    {each}" for each in self.without_row(kind, name))]

    def value(self, kind: Kind, field: Field, raw: str) -> str:
        """What is taken from a cell."""
        if field.type.name in self.rows.lists:
            return f"l{self.rows.lists[field.type.name]}[{raw}]"
        if field.type.is_thing:
            return raw  # Names of what has no list are checked when all are taken.
        learnt = self.rows.learnt.get((kind.name, field.name))
        if learnt is not None:
            return f"{self.give('v', learnt)}[{raw}]"
        # Of numbers and texts there are too many to keep those that were met.
        return f"{self.give('v', partial(self.rows._read, field))}({raw})"

    def blank(self, field: Field) -> str | None:
        """What a cell that is not there is read as, or None where it has to be there."""
        try:
            return self.give("b", self.rows._known(blank_value(field)))
        except (Unusable, Odd):
            return None

    def wrong(self, kind: Kind, at: dict[str, int]) -> list[str]:
        """What would be wrong with one row by itself."""
        tests = []
        if "from" in at and "until" in at:
            start, end = f"r[{at['from']}]", f"r[{at['until']}]"
            known = f"isinstance({start}, date) and isinstance({end}, date)"
            tests.append(f"{end} is not None and {known} and {end} < {start}")
        for one, other in pairs_of_one_thing(kind):
            tests.append(f"r[{at[one]}] == r[{at[other]}] and r[{at[one]}] is not U")
        return ["for r in a:", *(f"    if {each}: raise Odd" for each in tests)] if tests else []

    def unlisted_names(self, kind: Kind) -> list[str]:
        """Keep the names of things that have no list anywhere."""
        lines = []
        for column, field in enumerate(kind.fields):
            if field.type.is_thing and field.type.name not in self.rows.lists:
                lines.append(
                    f"unlisted.setdefault({self.give('k', field.type.name)}, set())"
                    f".update([r[{column}] for r in a])"
                )
        return lines

    def links(self, kind: Kind, at: dict[str, int]) -> list[str]:
        """Keep what may be a link of a chain that never comes back to where it began."""
        chains = [each for each in kind.sentences if each.acyclic and len(each.fields) > 1]
        lines = []
        for one, other in dict.fromkeys(each.fields[:2] for each in chains):
            fixed = [each.fixed for each in chains if each.fields[:2] == (one, other)]
            columns = {name for each in fixed for name, _ in each}
            told = ""
            if len(columns) == 1 and all(fixed):
                told = self.give("f", frozenset(value for each in fixed for _, value in each))
                told = f" if r[{at[columns.pop()]}] in {told}"
            lines.append(f"links += [(r[{at[one]}], r[{at[other]}]) for r in a{told}]")
        return lines

    def defaults(self, kind: Kind, at: dict[str, int], keys: dict[str, str], name: str) -> list[str]:
        """Count what is blank and read as the vocabulary says."""
        lines = []
        for field in kind.fields:
            if field.blank.meaning == "value":
                text = f"`{field.name}` is blank in {kind.name}: read as `{shown(field.blank.value)}`"
                lines.append(f"n = sum([{keys[field.name]} not in r for r in rows])")
            elif field.blank.meaning == "by now" and not self.rows.strict:
                text = f"`{field.name}` is blank in {kind.name}: it had begun by the day of judging"
                lines.append(f"n = sum([r[{at[field.name]}] is N for r in a])")
            else:
                continue
            lines.append(f"if n: defaults.append(({name}, {self.give('k', text)}, n))")
        return lines

    def without_row(self, kind: Kind, name: str) -> list[str]:
        """Count the listed things that have no row in a kind where that means something."""
        columns = [column for column, each in enumerate(kind.fields) if each.type.name in self.rows.lists]
        if not kind.no_row or not columns:
            return []
        listed = f"l{self.rows.lists[kind.fields[columns[0]].type.name]}"
        return [
            f"n = len({listed}.keys() - {{r[{columns[0]}] for r in a}} - {{U}})",
            f"if n: defaults.append(({name}, {self.give('k', kind.no_row)}, n))",
        ]
