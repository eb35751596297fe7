"""A program → the text of its one function: a loop for each kind of fact, then joins, then limits.

Nothing that a file contains stands in the text: names are made of numbers, and every constant, test and
limit is handed over.
"""

from __future__ import annotations

import datetime
import itertools
import linecache
import re
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from bigrules.engines import fused_limits as limits
from bigrules.engines.fused_clauses import Writer
from bigrules.engines.fused_limits import LimitRunner
from bigrules.engines.fused_lines import FIRST, LAST, is_bare, is_uncovered, unite
from bigrules.engines.fused_rules import RuleReader
from bigrules.language.model import Kind, Vocabulary
from bigrules.program.core import (
    ALWAYS,
    DAYS,
    TODAY,
    Clause,
    LimitStep,
    Literal_,
    Predicate,
    Program,
    Stratum,
)
from bigrules.program.fold import Folded, fold
from bigrules.program.needs import whole_tables
from bigrules.program.simplify import simplified
from bigrules.program.spans import spans_of
from bigrules.program.strata import components, rule_tables

_number = itertools.count()


class Generator:
    """Makes the function of a program.

    Args:
        program: The program.
        vocabulary: The vocabulary of its rulebook.
        numbers: Number of each predicate.
        bits: The bit that says of a predicate that it rests on something unknown.
    """

    def __init__(
        self, program: Program, vocabulary: Vocabulary, numbers: dict[str, int], bits: dict[str, int]
    ) -> None:
        self.program = program
        self.kinds = vocabulary.kinds
        self.numbers = numbers
        self.bits = bits
        self.recursive: set[str] = set()
        self.records: dict[str, str] = {}
        self.groups: list[list[list[str]]] = []
        for stratum in program.strata:
            heads = list(dict.fromkeys(clause.head.predicate for clause in stratum.clauses))
            edges: dict[str, list[str]] = {each: [] for each in heads}
            for clause in stratum.clauses:
                inside = [each.predicate for each in clause.body if each.predicate in edges]
                edges[clause.head.predicate] += inside
            groups = components(heads, edges)
            self.groups.append(groups)
            self.recursive |= {
                each for some in groups for each in some if len(some) > 1 or each in edges[each]
            }
        self.clauses = [clause for stratum in program.strata for clause in stratum.clauses]
        whole = {each.name for each in whole_tables(program.predicates, self._limits(), program.rules)}
        self.spans = spans_of(program.predicates, self.clauses, whole | self.recursive)
        self.writer = Writer(program, numbers, self.spans)

    def generate(self) -> tuple[Callable[..., Any], str]:
        writer = self.writer
        inline, rest = self._shared()
        self._days()
        self._load(
            inline, {each.predicate for some in rest for one in some for each in (*one.body, *one.absent)}
        )
        for number, stratum in enumerate(self.program.strata):
            for group in self.groups[number]:
                self._component(group, rest[number])
            self._barrier(stratum)
        head = ["def run(known, D, ask, m):", "    R = known.rows.get", "    M = {}"]
        read = {self.numbers[name] for rule in self.program.rules for name in rule_tables(rule)}
        tables = f"{{{', '.join(f'{number}: t{number}' for number in sorted(read))}}}"
        used = {*map(int, re.findall(r"\bt(\d+)\b", "\n".join(writer.lines))), *read}
        made = self._tables(used)
        lines = [*head, *writer.before, *made, *writer.lines, f"    return {tables}, M, m", ""]
        text = "\n".join(lines)
        name = f"<bigrules program {next(_number)}>"
        namespace: dict[str, Any] = {f"K{number}": each for number, each in enumerate(writer.constants)}
        namespace["__builtins__"] = {"set": set, "list": list, "len": len, "min": min, "date": datetime.date}
        exec(compile(text, name, "exec"), namespace)
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        run: Callable[..., Any] = namespace["run"]
        # The text is there for tracebacks, as long as the function is.
        weakref.finalize(run, linecache.cache.pop, name, None).atexit = False
        return run, text

    def _shared(self) -> tuple[list[Folded], list[list[Folded]]]:
        """Clauses over a single kind of fact, which run as it is read; and the others, by stratum."""
        inline: list[Clause] = []
        rest: list[list[Folded]] = []
        for stratum in self.program.strata:
            simple = [each for each in stratum.clauses if self._is_inline(each)]
            joined = [each for each in stratum.clauses if not self._is_inline(each)]
            inline += simple
            plain = [each for each in joined if each.head.predicate not in self.recursive]
            looping = [each for each in joined if each.head.predicate in self.recursive]
            folded = simplified(self._folded(plain), self.clauses, self.program.predicates)
            rest.append([*folded, *(one for each in looping for one in fold([each], ALWAYS))])
        # What is simple enough now is no longer joined.
        single = [each for some in rest for each in some if self._is_single(each.body) and not each.absent]
        single = [each for each in single if each.heads[0].predicate not in self.recursive]
        rest = [[each for each in some if each not in single] for some in rest]
        return [*self._folded(inline), *single], rest

    def _folded(self, clauses: list[Clause]) -> list[Folded]:
        """Folded, those with spans apart from the others."""
        mine = [each for each in clauses if each.head.predicate in self.spans]
        others = [each for each in clauses if each.head.predicate not in self.spans]
        return [*fold(mine, ALWAYS), *fold(others, ALWAYS)]

    def _is_inline(self, clause: Clause) -> bool:
        body = [each for each in clause.body if each.predicate != ALWAYS]
        return self._is_single(body) and not clause.absent

    def _is_single(self, body: Sequence[Literal_]) -> bool:
        """Whether it is one pattern over a kind of fact."""
        if len(body) != 1 or self._kind(body[0].predicate) is None:
            return False
        return self.program.predicates[body[0].predicate].mode != "soon"

    def _kind(self, name: str) -> Kind | None:
        predicate = self.program.predicates[name]
        return self.kinds.get(predicate.source) if predicate.base else None

    def _component(self, group: list[str], clauses: list[Folded]) -> None:
        """What one component derives; then whatever was asked and not answered, and does not hold anyway."""
        writer = self.writer
        mine = [each for each in clauses if any(head.predicate in group for head in each.heads)]
        # Heads of a later component that share a body were derived with the first of them.
        for each in mine:
            clauses.remove(each)
        if group[0] in self.recursive:
            writer.recursive(group, mine)
        else:
            for each in mine:
                writer.clause(each)
        for predicate in dict.fromkeys(head.predicate for each in mine for head in each.heads):
            if predicate in self.spans:
                writer.line(f"{writer.constant(unite)}({writer.table(predicate)})")
        for predicate in group:
            number = self.numbers[predicate]
            if f"    p{number} = set()" in writer.before:
                uncovered = f"not p{number} <= t{number}"
                if predicate in self.spans:
                    uncovered = f"{writer.constant(is_uncovered)}(p{number}, t{number})"
                writer.line(f"if p{number} and {uncovered}: m |= {self.bits[predicate]}")

    def _barrier(self, stratum: Stratum) -> None:
        writer = self.writer
        for step in stratum.limits:
            reads = LimitRunner.reads(step)
            sets = all(self._kind(each) is None for each in reads if each)
            lines = None
            if sets:
                link = self.program.predicates.get(step.measure.link)
                both_ways = link is not None and link.symmetric and step.measure.key_type.is_thing
                lines = limits.inline(step, both_ways, writer.constant, writer.table)
            if lines is not None:
                for line in lines:
                    writer.line(line)
                writer.line(f"M[{writer.constant(step.holds)}] = {{(): o}}")
                continue
            runner = LimitRunner(step, [bool(each) and is_bare(self.program, each) for each in reads])
            tables = ", ".join(writer.table(each) if each else "()" for each in reads)
            writer.line(f"o = {writer.constant(runner)}({tables})")
            writer.line(f"M[{writer.constant(step.holds)}] = o.taken")
            for predicate, found in ((step.holds, "o.holds"), (step.void, "o.void")):
                if predicate in self.numbers:
                    writer.line(f"{writer.table(predicate)}.update({found})")
        for outcome in stratum.outcomes:
            reader = RuleReader(self.program, self.program.rule(outcome.rule), self.numbers)
            read = sorted({self.numbers[name] for name in rule_tables(reader.rule)})
            tables = ", ".join(f"{number}: t{number}" for number in read)
            writer.line(f"o = {writer.constant(reader)}.outcome({{{tables}}}, ask)")
            writer.line(f"if o == {writer.constant(outcome.outcome)}: {writer.table(outcome.holds)}.add(())")
            writer.line(f"elif not o: m |= {self.bits[outcome.holds]}")

    # ------------------------------------------------------------ reading the case

    def _tables(self, used: set[int]) -> list[str]:
        """Lines that make a table for each predicate that is used."""
        special = {ALWAYS: "{()}", TODAY: "{D}"}

        def empty(name: str) -> str:
            kind = self._kind(name)
            if kind is not None:
                return self._records(kind) if name in self.spans else "[]"
            return "{}" if name in self.spans else "set()"

        return [
            f"    t{number} = {special[name] if name in special else empty(name)}"
            for name, number in self.numbers.items()
            if number in used
        ]

    def _days(self) -> None:
        writer = self.writer
        writer.line("days = set()")
        for name, column in self.program.day_columns:
            predicate = self.program.predicates[name]
            kind = self._kind(name)
            if kind is None:
                continue
            writer.line(f"for r in {self._records(kind)}:")
            writer.depth += 1
            if kind.dated and predicate.mode == "now":
                width = len(kind.fields)
                self._in_force(f"r[{width - 2}]", f"r[{width - 1}]", "D")
            writer.line(f"if r[{column}].__class__ is date: days.add(r[{column}])")
            if DAYS in self.numbers:
                # What is said of an open end is not worked out here.
                writer.line(f"elif r[{column}] is None: m |= {self.bits[DAYS]}")
            writer.depth = 1
        if DAYS in self.numbers:
            writer.line(f"t{self.numbers[DAYS]} = days")

    def _records(self, kind: Kind) -> str:
        """The records of a kind that can be used: those too of which only what nothing reads is not known."""
        writer = self.writer
        if kind.name not in self.records:
            self.records[kind.name] = f"a{len(self.records)}"
            name = writer.constant(kind.name)
            read = writer.constant(self.program.columns_read.get(kind.name, frozenset()))
            listed = self.records[kind.name]
            writer.before.append(f"    {listed} = R({name}, ())")
            writer.before.append(
                f"    if {name} in known.partial and {read}.isdisjoint(known.columns[{name}]): "
                f"{listed} = [*{listed}, *known.partial[{name}]]"
            )
        return self.records[kind.name]

    def _in_force(self, begin: str, end: str, day: str) -> None:
        self.writer.line(f"if ({begin} is None or {begin} <= {day}) and ({end} is None or {end} >= {day}):")
        self.writer.depth += 1

    def _load(self, inline: list[Folded], joined: set[str]) -> None:
        """One loop for each kind of fact."""
        whole = {each.name for each in self._whole()}
        by_kind: dict[str, list[Predicate]] = {}
        for name, predicate in self.program.predicates.items():
            kind = self._kind(name)
            if kind is not None and predicate.mode != "soon":
                by_kind.setdefault(kind.name, []).append(predicate)
        for name, predicates in by_kind.items():
            _Loop(self, self.kinds[name], predicates).write(inline, joined | whole)

    def _whole(self) -> list[Predicate]:
        return whole_tables(self.program.predicates, self._limits(), self.program.rules)

    def _limits(self) -> list[LimitStep]:
        return [step for stratum in self.program.strata for step in stratum.limits]


class _Loop:
    """The loop over the records of one kind of fact."""

    def __init__(self, generator: Generator, kind: Kind, predicates: list[Predicate]) -> None:
        self.generator, self.writer = generator, generator.writer
        self.kind, self.predicates = kind, predicates
        self.slots = {number: f"v{number}" for number in range(len(kind.fields))}
        width = len(kind.fields)
        self.ends = (f"v{width - 2}", f"v{width - 1}")
        owners = [number for number, each in enumerate(kind.fields) if each.name == kind.one_for_each]
        self.owner = owners[0] if owners else None

    def write(self, inline: list[Folded], joined: set[str]) -> None:
        writer = self.writer
        spans = [each for each in self.predicates if each.name in self.generator.spans]
        daily = [each for each in self.predicates if each.mode == "on" and each not in spans]
        dated = [each for each in self.predicates if each.mode == "now" and self.kind.dated]
        others = [each for each in self.predicates if each.mode != "on" and each not in dated]
        reads_days = any(each.mode == "on" for each in self.predicates)
        consumed = [
            each for each in inline if each.body[0].predicate in {one.name for one in self.predicates}
        ]
        stored = {each.name for each in self.predicates if each.name in joined}
        if self.owner is not None:
            writer.line("w, wd = set(), {d: set() for d in days}")
        elif not consumed and not stored - {each.name for each in spans}:
            return
        writer.line(f"for r in {self.generator._records(self.kind)}:")
        writer.depth += 1
        start = writer.depth
        writer.line(f"({', '.join(self.slots.values())},) = r")
        for each in others:
            self._consume(each, "D", consumed, joined)
            writer.depth = start
        if dated or self.owner is not None:
            if self.kind.dated:
                self.generator._in_force(*self.ends, "D")
            self._inside(dated, "D", "w", consumed, joined)
            writer.depth = start
        for each in spans:
            mine = [one for one in consumed if one.body[0].predicate == each.name]
            spanned = [one for one in mine if one.heads[0].predicate in self.generator.spans]
            if spanned:
                first, last = (writer.constant(each) for each in (FIRST, LAST))
                ends = (f"{self.ends[0]} or {first}", f"{self.ends[1]} or {last}")
                writer.inline(spanned, self.slots, ends)
            if len(spanned) < len(mine):
                daily = [*daily, each]
        if daily or (self.owner is not None and reads_days):
            writer.line("for d in days:")
            writer.depth += 1
            if self.kind.dated:
                self.generator._in_force(*self.ends, "d")
            left = [each for each in consumed if each.heads[0].predicate not in self.generator.spans]
            self._inside(daily, "d", "wd[d]", left, joined - self.generator.spans)
        writer.depth = 1
        if self.owner is not None:
            self._missing()

    def _inside(
        self, predicates: list[Predicate], day: str, owners: str, inline: list[Folded], joined: set[str]
    ) -> None:
        """What is done with a record that is in force."""
        writer = self.writer
        depth = writer.depth
        if self.owner is not None:
            writer.line(f"{owners}.add({self.slots[self.owner]})")
        for each in predicates:
            self._consume(each, day, inline, joined)
            writer.depth = depth
        writer.line("pass")

    def _consume(self, predicate: Predicate, day: str, inline: list[Folded], joined: set[str]) -> None:
        columns, row = dict(self.slots), "r"
        if predicate.mode == "on":
            columns[len(self.kind.fields)], row = day, "(*r, d)"
        if predicate.name in joined:
            self.writer.line(f"{self.writer.table(predicate.name)}.append({row})")
        mine = [each for each in inline if each.body[0].predicate == predicate.name]
        self.writer.inline(mine, columns, None)

    def _missing(self) -> None:
        """Whoever has no row although everybody has one: theirs is not known."""
        writer = self.writer
        assert self.owner is not None
        thing = writer.constant(self.kind.fields[self.owner].type.name)
        bits = self.generator.bits
        now = sum(bits[each.name] for each in self.predicates if each.mode != "on")
        on = sum(bits[each.name] for each in self.predicates if each.mode == "on")
        if now:
            writer.line(f"if not known.closed and not known.things[{thing}] <= w: m |= {now}")
        if on:
            writer.line("for w in wd.values():")
            writer.line(f"    if not known.closed and not known.things[{thing}] <= w: m |= {on}")
