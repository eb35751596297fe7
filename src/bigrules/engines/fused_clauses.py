"""Clauses → lines of Python over sets of tuples, for what is known: no conditions, and joins by hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bigrules.engines.fused_lines import FIRST, LAST, Lines, within
from bigrules.language.model import Const, Slot, Term
from bigrules.program.core import Literal_, Program
from bigrules.program.fold import Folded


class Writer(Lines):
    """Lines for the clauses of a program."""

    def __init__(self, program: Program, numbers: Mapping[str, int], spans: frozenset[str]) -> None:
        super().__init__(program, numbers, spans)
        # Names of the first and last day that the patterns matched so far have in common.
        self._span: tuple[str, str] | None = None
        # The day of what is derived, where that is kept with spans; other days of the clause are none of it.
        self._spanned: Term | None = None
        self._left: list[Literal_] = []
        self._waiting: list[tuple[str, str, str]] = []

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
        starts: list[int | None] = [*self._starts(clause)] or [None]
        sizes: dict[int | None, str] = {}
        if len(starts) > 1:
            # Which of them is the smallest is only known when it runs.
            sizes.update(
                {each: f"len({self.table(clause.body[each].predicate)})" for each in self._starts(clause)}
            )
            self.line(f"n = min({', '.join(sizes.values())})")
        inner = self.depth
        for number, each in enumerate(starts):
            if len(starts) > 1:
                last = number == len(starts) - 1
                self.line("else:" if last else f"{'el' if number else ''}if {sizes[each]} == n:")
                self.depth += 1
            self._with_indexes(lambda each=each: self._joins(clause, each, set()))  # type: ignore[misc]
            self.depth = inner
        self.depth = start

    def _starts(self, clause: Folded) -> list[int]:
        """Patterns that a join may begin with: those that bind most, where there is something to choose."""
        counts = {}
        for number, literal in enumerate(clause.body):
            terms = literal.terms[:-1] if literal.predicate in self.spans else literal.terms
            if any(isinstance(term, Const) for term in terms):
                return []
            counts[number] = len({term for term in terms if isinstance(term, Slot)})
        most = max(counts.values(), default=0)
        found = [number for number, count in counts.items() if count == most]
        # One table under two names is the same size: the first will do.
        tables = {self.table(clause.body[each].predicate): each for each in reversed(found)}
        return sorted(tables.values()) if len(clause.body) > 1 and most > 1 else []

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

    def _joins(self, clause: Folded, begin: int | None, growing: set[str]) -> None:
        slots: dict[str, str] = {}
        waiting, absent = list(clause.tests), list(clause.absent)
        head = clause.heads[0]
        self._span, self._spanned = None, head.terms[-1] if head.predicate in self.spans else None
        self._if(self._ready(waiting, absent, slots))
        left = list(range(len(clause.body)))
        self._waiting = []
        first = True
        while left:
            position = begin if first and begin is not None else self._next(clause.body, left, slots)
            left.remove(position)
            self._left = [clause.body[each] for each in left]
            tests = self._literal(clause.body[position], first and bool(growing), slots)
            self._if([*tests, *self._on_days(slots), *self._ready(waiting, absent, slots)])
            first = False
        self._derive(clause, slots, growing)

    def _on_days(self, slots: Mapping[str, str]) -> list[str]:
        """Tests of spans whose day is known by now."""
        ready = [each for each in self._waiting if each[0] in slots]
        self._waiting = [each for each in self._waiting if each[0] not in slots]
        return [within(slots[day], begin, end) for day, begin, end in ready]

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
            if not open and (not isinstance(day, Slot) or day.name in slots or day == self._spanned):
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
        elif known and slots:
            index = self._index(literal.predicate, known, True)
            rows = f"{index}.get({self._key(literal, known, slots)}, ())"
        else:
            known = ()  # With nothing but constants at hand one look at every row is all that it takes.
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
            tests.append(within(self._value(day, slots), first, last))
        elif day is not None and day == self._spanned:
            if self._span is not None:
                before = self._span
                self.line(f"if {before[0]} > {first}: {first} = {before[0]}")
                self.line(f"if {before[1]} < {last}: {last} = {before[1]}")
                tests.append(f"{first} <= {last}")
            self._span = first, last
        elif isinstance(day, Slot) and any(
            day in each.terms and each.predicate not in self.spans for each in self._left
        ):
            # Another pattern will say which day it is.
            self._waiting.append((day.name, first, last))
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
