"""Rulebook → Program: brackets become clauses, absence and measures become barriers between strata."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

import attrs

from bigrules.diagnostics import Span
from bigrules.language.model import (
    THE_DAY,
    All,
    Atom,
    Definition,
    Exception_,
    Formula,
    Kind,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Rule,
    Rulebook,
    Slot,
    Term,
    Test,
    Type,
)
from bigrules.program.core import (
    ALWAYS,
    DAYS,
    TODAY,
    Asked,
    Clause,
    ExceptionNode,
    LimitStep,
    Literal_,
    MeasureTable,
    OutcomeStep,
    Predicate,
    Program,
    ProgramRule,
)
from bigrules.program.formulas import (
    Item,
    alternatives,
    bites_on,
    exported,
    flat,
    may_be_void,
    measure_parts,
    needs_outside,
    slots,
    walk,
)
from bigrules.program.needs import columns_read, constants, day_columns, whole_tables
from bigrules.program.parts import Head, Part, parts_of
from bigrules.program.shorten import begun, is_long, slots_of
from bigrules.program.strata import stratify

DATE = Type("date")


def _name(id: str, mode: str) -> str:
    """The predicate of a definition that is read so."""
    return id if mode == "now" else f"{id} @{mode}"


def compile_program(rulebook: Rulebook, rules: Iterable[str] | None = None) -> Program:
    """Compile a rulebook to the form that engines run.

    Args:
        rulebook: A rulebook without faults.
        rules: Ids of the rules to compile, or None for all; rules that they speak about come along.

    Returns:
        The program.
    """
    return _Compiler(rulebook).program(rules)


@attrs.define
class _Context:
    """What a bracket is compiled in.

    Args:
        source: Id of the file.
        place: Its place.
        mode: How atoms without a day of their own are read: now, ever, or on `day`.
        day: The slot with the day, for mode on.
        types: Types of slots, for columns of helper predicates.
        outer: Literals that bind what is bound outside.
    """

    source: str
    place: Span
    mode: str
    day: str
    types: dict[str, Type]
    outer: tuple[Literal_, ...] = ()

    def bound(self) -> set[str]:
        return {term.name for each in self.outer for term in each.terms if isinstance(term, Slot)}


@attrs.define
class _Body:
    literals: list[Literal_]
    tests: list[Test]
    absent: list[Literal_]
    limits: list[tuple[Limit, LimitStep]]


def _is_alone(limit: Limit, outer: Iterable[str], context: _Context) -> bool:
    """Whether a limit uses no slot of its list; a parameter is no part of that, though its value stands beside it."""
    own = limit.value.terms if limit.value is not None else ()
    return all(Slot(each) in own or each in context.bound() or each == THE_DAY for each in outer)


class _Compiler:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.predicates: dict[str, Predicate] = {}
        self.clauses: list[Clause] = []
        self.limits: list[LimitStep] = []
        self.outcomes: dict[tuple[str, str], OutcomeStep] = {}
        self.rules: dict[str, ProgramRule] = {}
        # Numbers of what has no name of its own, within the file and mode that is being compiled.
        self.number = 0
        self.mode = "now"
        # How many clauses each predicate has.
        self.numbers: dict[str, int] = {}
        self.parts = parts_of(rulebook.vocabulary)
        self.part: Part | None = None
        self.day_slots: list[tuple[tuple[Literal_, ...], str]] = []
        self._moves: dict[str, bool] = {}
        self._base(ALWAYS, (), (), ALWAYS)
        self._base(TODAY, ("day",), (DATE,), TODAY)
        self._base(DAYS, ("day",), (DATE,), DAYS)

    def program(self, wanted: Iterable[str] | None) -> Program:
        ids = list(self.rulebook.rules) if wanted is None else list(wanted)
        for id in ids:
            self.rule(id)
        order = {id: number for number, id in enumerate(self.rulebook.rules)}
        rules = tuple(sorted(self.rules.values(), key=lambda rule: order[rule.id]))
        strata = stratify(self.clauses, self.limits, list(self.outcomes.values()), self.rules)
        tests = [test for clause in self.clauses for test in clause.tests]
        days = sorted({test.amount for test in tests if test.op.startswith("within")})
        years = sorted({test.amount for test in tests if "years" in test.op})
        months = sorted({test.amount for test in tests if "months" in test.op})
        return Program(
            predicates=self.predicates,
            strata=strata,
            rules=rules,
            constants=constants(self.clauses),
            date_offsets=tuple(days),
            year_offsets=tuple(years),
            month_offsets=tuple(months),
            windows=tuple(sorted({test.window for test in tests if test.op == "window"})),
            read_whole=frozenset(
                each.source for each in whole_tables(self.predicates, self.limits, rules) if each.base
            ),
            columns_read=columns_read(self.predicates, self.clauses, self.limits, rules),
            day_columns=tuple(sorted(day_columns(self.clauses, self.predicates, self.day_slots))),
        )

    # ------------------------------------------------------------ predicates

    def _base(
        self, name: str, columns: tuple[str, ...], types: tuple[Type, ...], source: str, mode: str = "now"
    ) -> str:
        made = self.predicates.get(name)
        if made is None:
            made = Predicate(name, columns, types, source, base=True, mode=mode)  # type: ignore[arg-type]
        self._step("predicate", made)
        return name

    def _derived(
        self, name: str, columns: Iterable[str], types: Iterable[Type], source: str, symmetric: bool = False
    ) -> str:
        self._step("predicate", Predicate(name, tuple(columns), tuple(types), source, symmetric=symmetric))
        return name

    def _fresh(self, what: str, source: str) -> str:
        self.number += 1
        return f"{what} {self.number}{'' if self.mode == 'now' else f' ({self.mode})'} of {source}"

    # ------------------------------------------------------------ files

    def _step(self, sort: str, value: Any) -> None:
        """One step of compiling: done, and noted for other programs with the same file."""
        if self.part is not None:
            self.part.steps.append((sort, value))
        if sort == "predicate":
            self.predicates.setdefault(value.name, value)
        elif sort == "clause":
            self.clauses.append(value)
        elif sort == "limit":
            self.limits.append(value)
        elif sort == "day":
            self.day_slots.append(value)
        elif sort == "definition":
            self.definition(*value)
        else:
            self._outcome(value)

    def _compiled(self, file: Rule | Definition, mode: str, make: Callable[[], ProgramRule | None]) -> Part:
        """A file, compiled; by the steps that were noted where it was compiled before and reads the same."""
        outer = self.part, self.number, self.mode
        part = self.parts.compiled.get((id(file), mode))
        if part is not None and all(self._head(id) == head for id, head in part.reads.items()):
            self.part = None
            for sort, value in part.steps:
                self._step(sort, value)
        else:
            part = self.part = Part(file)
            self.number, self.mode = 0, mode
            part.made = make()
            self.parts.keep(part, mode)
        self.part, self.number, self.mode = outer
        return part

    def _head(self, id: str) -> Head | None:
        definition = self.rulebook.definitions.get(id)
        if definition is None:
            return None
        return Head(self.moves(id), definition.slots, definition.types, definition.symmetric)

    def moves(self, predicate: str) -> bool:
        """Whether what it says depends on the day on which it is read: something that it rests on does."""
        if predicate in self.rulebook.vocabulary.kinds:
            return self.rulebook.vocabulary.kinds[predicate].dated
        if predicate not in self._moves:
            seen: set[str] = set()
            todo, moves = [predicate], False
            while todo and not moves:
                id = todo.pop()
                if id not in seen:
                    seen.add(id)
                    itself, reads = self._on_its_day(id)
                    moves = itself or self._moves.get(id, False)
                    todo += reads
            self._moves[predicate] = moves
        return self._moves[predicate]

    def _on_its_day(self, id: str) -> tuple[bool, tuple[str, ...]]:
        """Whether a definition itself depends on the day, and the others that it reads on that day."""
        definition = self.rulebook.definitions[id]
        known = self.parts.day_of(definition)
        if known is not None:
            return known
        moves, reads = False, []
        for part in (definition.holds, definition.people_decide):
            for item in walk(part) if part is not None else ():
                moves = moves or (isinstance(item, Atom | Test) and Slot(THE_DAY) in item.terms)
                if isinstance(item, Atom) and item.day.mode == "now":
                    if item.predicate in self.rulebook.definitions:
                        reads.append(item.predicate)
                    else:
                        moves = moves or self.moves(item.predicate)
        self.parts.keep_days(definition, moves, tuple(reads))
        return moves, tuple(reads)

    def _read(self, atom: Atom, context: _Context) -> Literal_:
        """The pattern for an atom, over the table that gives it on its day."""
        mode, day = context.mode, context.day
        if atom.day.mode == "ever":
            mode, day = "ever", ""
        elif atom.day.mode == "on":
            mode, day = "on", atom.day.slot
        terms = tuple(self._term(term, context) for term in atom.terms)
        kind = self.rulebook.vocabulary.kinds.get(atom.predicate)
        if kind is not None:
            columns = tuple(field.name for field in kind.fields)
            types = tuple(field.type for field in kind.fields)
            if atom.future:
                return self._still(atom, kind, terms, day if kind.dated and mode == "on" else "", context)
            if not kind.dated or mode == "now":
                name = self._base(kind.name, columns, types, kind.name)
            elif mode == "ever":
                name = self._base(f"{kind.name} @ever", columns, types, kind.name, "ever")
            else:
                name = self._base(f"{kind.name} @on", (*columns, THE_DAY), (*types, DATE), kind.name, "on")
                terms = (*terms, Slot(day))
        else:
            head = self._head(atom.predicate)
            assert head is not None
            if self.part is not None:
                self.part.reads[atom.predicate] = head
            if not head.moves:
                mode = "now"
            name = _name(atom.predicate, mode)
            self._step("definition", (atom.predicate, mode))
            if mode == "on":
                terms = (*terms, Slot(day))
        return Literal_(name, terms, atom.text)

    def _still(
        self, atom: Atom, kind: Kind, terms: tuple[Term | None, ...], day: str, context: _Context
    ) -> Literal_:
        """The pattern for an atom that also matches what may still happen, on whatever day it is read."""
        recorded = self._read(attrs.evolve(atom, future=""), context)
        columns, types = zip(*((field.name, field.type) for field in kind.fields), strict=True)
        soon = Literal_(self._base(f"{kind.name} @soon", columns, types, kind.name, "soon"), terms)
        slots = tuple(dict.fromkeys(term for term in terms if isinstance(term, Slot)))
        names = [each.name for each in slots]
        found = [self._type_of(each, (recorded,), context) for each in names]
        later = [soon]
        if day:
            slots, names, found = (*slots, Slot(day)), [*names, THE_DAY], [*found, DATE]
            later.append(Literal_(DAYS, (Slot(day),)))
        head = Literal_(
            self._derived(self._fresh("still", context.source), names, found, context.source), slots
        )
        for body in ([recorded], later):
            self._clause(head, _Body(body, [], [], []), context)
        return attrs.evolve(head, text=atom.text)

    @staticmethod
    def _term(term: Term | None, context: _Context) -> Term | None:
        if term == Slot(THE_DAY) and context.mode == "on":
            return Slot(context.day)
        return term

    # ------------------------------------------------------------ definitions

    def definition(self, id: str, mode: str) -> None:
        """The predicate of a definition read so, compiled when it is first asked for."""
        if _name(id, mode) not in self.predicates:
            definition = self.rulebook.definitions[id]
            self._compiled(definition, mode, lambda: self._definition(definition, mode))

    def _definition(self, definition: Definition, mode: str) -> None:
        id, name = definition.id, _name(definition.id, mode)
        columns: tuple[str, ...] = definition.slots
        types: tuple[Type, ...] = definition.types
        if mode == "on":
            columns, types = (*columns, THE_DAY), (*types, DATE)
        self._derived(name, columns, types, id, definition.symmetric)
        context = _Context(
            id,
            definition.place,
            mode,
            THE_DAY if mode == "on" else "",
            dict(zip(columns, types, strict=True)),
        )
        if definition.holds is not None:
            self._define(definition, name, definition.holds, context, None)
        if definition.people_decide is not None:
            asked = Asked(id, tuple(Slot(each) for each in definition.slots), definition.symmetric)
            self._define(definition, name, definition.people_decide, context, asked)

    def _define(
        self, definition: Definition, name: str, formula: Formula, context: _Context, asked: Asked | None
    ) -> None:
        head = tuple(Slot(each) for each in definition.slots)
        extra = (Slot(THE_DAY),) if context.mode == "on" else ()
        heads = [head]
        if definition.symmetric:
            heads.append((head[1], head[0], *head[2:]))
        for body in self._bodies(formula, context):
            if definition.irreflexive:
                body.tests.append(Test("different", (head[0], head[1]), place=definition.place))
            for each in heads:
                self._clause(Literal_(name, (*each, *extra)), body, context, asked)

    # ------------------------------------------------------------ rules

    def rule(self, id: str) -> ProgramRule:
        """The rule, compiled when it is first asked for."""
        if id not in self.rules:
            rule = self.rulebook.rules[id]
            made = self._compiled(rule, "now", lambda: self._rule(rule)).made
            assert made is not None
            self.rules[id] = made
        return self.rules[id]

    def _rule(self, rule: Rule) -> ProgramRule:
        id = rule.id
        types = tuple(rule.types[each] for each in rule.subject)
        context = _Context(id, rule.place, "on" if rule.on else "now", rule.on, dict(rule.types))
        # Whom it bites on is found now; only what is said of them is read on the rule's own day.
        given = self._table("given", rule.subject, bites_on(rule), attrs.evolve(context, mode="now", day=""))
        start = (Literal_(given, tuple(Slot(each) for each in rule.subject)),)
        inner = attrs.evolve(context, outer=start)
        if rule.on:
            self._step("day", (start, rule.on))
        exceptions = tuple(self._exception(each, rule, inner) for each in rule.exceptions)
        made = ProgramRule(id, rule.subject, types, given, rule.form, exceptions=exceptions)
        if rule.form == "ask":
            made = attrs.evolve(made, asked=Asked(id, tuple(Slot(each) for each in rule.subject)))
        elif rule.form == "not allowed":
            assert rule.condition is not None
            witness = tuple(
                each for each in exported(rule.condition) if each not in rule.subject and each != THE_DAY
            )
            hit = self._table("breach", (*rule.subject, *witness), rule.condition, inner)
            witness_types = tuple(rule.types[each] for each in witness)
            made = attrs.evolve(made, hit=hit, witness=witness, witness_types=witness_types)
        else:
            made = self._required(made, rule, inner)
        return made

    def _required(self, made: ProgramRule, rule: Rule, context: _Context) -> ProgramRule:
        assert rule.condition is not None
        ok = self._derived(self._fresh("kept", rule.id), rule.subject, made.types, rule.id)
        void = self._derived(self._fresh("not applicable", rule.id), rule.subject, made.types, rule.id)
        head = tuple(Slot(each) for each in rule.subject)
        direct = [each for each in flat(rule.condition) if isinstance(each, Limit)]
        steps: list[LimitStep] = []
        voids = False
        for body in self._bodies(rule.condition, context):
            self._clause(Literal_(ok, head), body, context)
            for limit, step in body.limits:
                if not any(limit is each for each in direct):
                    continue
                steps += [] if step in steps else [step]
                if not may_be_void(limit):
                    continue
                voids = True
                # Only what binds the measure's outer slots counts here: no other limits, tests, outcomes or absences.
                outcomes = {each.holds for each in self.outcomes.values()}
                kept = [
                    each
                    for each in body.literals
                    if not each.predicate.startswith("limit ") and each.predicate not in outcomes
                ]
                if _is_alone(limit, step.outer, context):
                    kept = list(context.outer)
                about = Literal_(step.void, tuple(Slot(each) for each in step.outer))
                self._clause(Literal_(void, head), _Body([*kept, about], [], [], []), context)
        return attrs.evolve(made, ok=ok, void=(void,) if voids else (), limits=tuple(steps))

    def _exception(self, exception: Exception_, rule: Rule, context: _Context) -> ExceptionNode:
        when = self._table("exception", rule.subject, exception.when, context)
        unless = tuple(self._exception(each, rule, context) for each in exception.unless)
        return ExceptionNode(exception.id, when, unless)

    # ------------------------------------------------------------ brackets

    def _table(self, what: str, columns: tuple[str, ...], formula: Formula | None, context: _Context) -> str:
        """A predicate with these columns that holds where the formula does."""
        bodies = (
            [_Body(list(context.outer), [], [], [])]
            if formula is None
            else list(self._bodies(formula, context))
        )
        types = (
            tuple(self._type_of(each, tuple(bodies[0].literals), context) for each in columns)
            if bodies
            else ()
        )
        wanted = tuple(Slot(each) for each in columns)
        if len(bodies) == 1:
            (body,) = bodies
            if not body.literals and not body.tests and not body.absent and not columns:
                return ALWAYS
            # A bracket that is one plain pattern needs no table of its own.
            if (
                len(body.literals) == 1
                and not body.tests
                and not body.absent
                and body.literals[0].terms == wanted
            ):
                return body.literals[0].predicate
        name = self._derived(self._fresh(what, context.source), columns, types, context.source)
        for body in bodies:
            self._clause(Literal_(name, wanted), body, context)
        return name

    def _clause(self, head: Literal_, body: _Body, context: _Context, asked: Asked | None = None) -> None:
        literals = list(body.literals)
        bound = {term.name for each in literals for term in each.terms if isinstance(term, Slot)}
        needed = {term.name for term in head.terms if isinstance(term, Slot)}
        needed |= {term.name for test in body.tests for term in test.terms if isinstance(term, Slot)}
        needed |= {term.name for each in body.absent for term in each.terms if isinstance(term, Slot)}
        if asked is not None:
            needed |= {term.name for term in asked.terms if isinstance(term, Slot)}
        day = context.day if context.mode == "on" else THE_DAY
        if day in needed and day not in bound:
            table = DAYS if context.mode == "on" else TODAY
            literals.append(Literal_(table, (Slot(day),)))
            bound.add(day)
        missing = sorted(needed - bound)
        if missing:
            raise AssertionError(f"{context.source}: {missing} bound nowhere in {head.predicate}")
        body = _Body(
            list(dict.fromkeys(literals)),
            list(dict.fromkeys(body.tests)),
            list(dict.fromkeys(body.absent)),
            [],
        )
        if is_long(body.literals, body.tests, body.absent):
            self._day_slots_of(body.literals)
            kept = slots_of(head.terms) | (slots_of(asked.terms) if asked is not None else set())
            while is_long(body.literals, body.tests, body.absent):
                body = self._shortened(body, kept, context)
        number = self.numbers[head.predicate] = self.numbers.get(head.predicate, 0) + 1
        id = f"{head.predicate} / {number}"
        parts = tuple(body.literals), tuple(body.tests), tuple(body.absent)
        self._step("clause", Clause(id, head, *parts, asked, context.source, context.place))

    def _day_slots_of(self, literals: list[Literal_]) -> None:
        """Notes on which days patterns are read: what binds the day may be joined elsewhere."""
        for each in literals:
            if self.predicates[each.predicate].columns[-1:] == (THE_DAY,) and isinstance(
                each.terms[-1], Slot
            ):
                self._step("day", (tuple(literals), each.terms[-1].name))

    def _shortened(self, body: _Body, kept: set[str], context: _Context) -> _Body:
        """A body with one pattern for those that are joined first, over a table of what comes of them."""
        first, tests, absent = begun(body.literals, body.tests, body.absent)
        left = _Body(
            [each for each in body.literals if each not in first],
            [each for each in body.tests if each not in tests],
            [each for each in body.absent if each not in absent],
            [],
        )
        wanted = set(kept)
        for terms in (part.terms for each in (left.literals, left.tests, left.absent) for part in each):
            wanted |= slots_of(terms)
        found = dict.fromkeys(
            term.name
            for each in first
            for term in each.terms
            if isinstance(term, Slot) and term.name in wanted
        )
        names = sorted(found, key=lambda each: each == THE_DAY)
        types = [self._type_of(each, tuple(first), context) for each in names]
        name = self._derived(self._fresh("joined", context.source), names, types, context.source)
        literal = Literal_(name, tuple(Slot(each) for each in names))
        self._clause(literal, _Body(first, tests, absent, []), context)
        return attrs.evolve(left, literals=[literal, *left.literals])

    def _bodies(self, formula: Formula, context: _Context) -> Iterator[_Body]:
        """The alternatives of a bracket, each a conjunction that can stand in a clause."""
        made: list[tuple[list[Item], tuple[Literal_, ...], _Body]] = []
        for items in alternatives(formula, context.bound() | {THE_DAY}, self._rename):
            atoms = [each for each in items if isinstance(each, Atom)]
            literals = list(context.outer)
            if context.mode != "on" and any(Slot(THE_DAY) in each.terms for each in atoms):
                # A sentence that names the day does not bind it: it is the one day that there is.
                literals.append(Literal_(TODAY, (Slot(THE_DAY),)))
            literals += [self._read(each, context) for each in atoms]
            # The outcome of a rule binds nothing: like a test, it is no part of what a limit is taken for.
            positive = tuple(literals)
            literals += [self._outcome_literal(each) for each in items if isinstance(each, OutcomeIs)]
            tests = [self._test(each, context) for each in items if isinstance(each, Test)]
            made.append((items, positive, _Body(literals, tests, [], [])))
        steps: dict[int, LimitStep] = {}
        for items, positive, body in made:
            for each in items:
                if isinstance(each, NoneOf):
                    body.absent.append(self._none(each.part, positive, context))
            for each in items:
                if isinstance(each, Limit):
                    # A limit beside alternatives is one limit, and not one for each of them.
                    if id(each) not in steps:
                        ways = [other for some, other, _ in made if any(one is each for one in some)]
                        steps[id(each)] = self._limit(each, ways, context)
                    step = steps[id(each)]
                    body.limits.append((each, step))
                    body.literals.append(
                        Literal_(step.holds, tuple(Slot(name) for name in step.outer), each.text)
                    )
            yield body

    def _test(self, test: Test, context: _Context) -> Test:
        terms: tuple[Term, ...] = tuple(self._term(term, context) or term for term in test.terms)
        return attrs.evolve(test, terms=terms)

    def _rename(self, name: str) -> str:
        self.number += 1
        return f"{name} ({self.number})"

    def _outcome(self, item: OutcomeIs) -> None:
        key = (item.rule, item.outcome)
        if key not in self.outcomes:
            name = f"rule {item.rule} is {item.outcome}"
            self.predicates[name] = Predicate(name, (), (), item.rule)
            self.outcomes[key] = OutcomeStep(name, item.rule, item.outcome)
            self.rule(item.rule)

    def _outcome_literal(self, item: OutcomeIs) -> Literal_:
        self._step("outcome", item)
        return Literal_(self.outcomes[(item.rule, item.outcome)].holds, ())

    def _shared(
        self, formulas: Iterable[Formula], positive: tuple[Literal_, ...], context: _Context
    ) -> tuple[str, ...]:
        """Slots of the formulas that are bound outside them, in a stable order."""
        used = {self._term(Slot(name), context) for formula in formulas for name in slots(formula)}
        names = {term.name for term in used if isinstance(term, Slot)}
        if context.mode == "on" and any(self._reads_on(formula) for formula in formulas):
            names.add(context.day)
        bound = [term.name for each in positive for term in each.terms if isinstance(term, Slot)]
        day = {context.day} if context.mode == "on" else {THE_DAY}
        return tuple(dict.fromkeys([*(each for each in bound if each in names), *sorted(day & names)]))

    def _reads_on(self, formula: Formula) -> bool:
        return any(
            isinstance(item, Atom) and item.day.mode == "now" and self.moves(item.predicate)
            for item in walk(formula)
        )

    def _narrow(
        self, names: tuple[str, ...], positive: tuple[Literal_, ...], context: _Context,
        *more: tuple[Literal_, ...], exact: bool = False,
    ) -> tuple[Literal_, ...]:  # fmt: skip
        """Literals that bind just these slots, one way or another: a table of what is asked for."""
        if not names:
            return ()
        wanted = tuple(Slot(each) for each in names)
        for each in positive if all(other == positive for other in more) else ():
            # What else is asked for narrows it further: what is shown must be exact, what is only looked up need not.
            if each.terms == wanted and not (exact and set(positive) - {each}):
                return (each,)
        types = [self._type_of(each, positive, context) for each in names]
        name = self._derived(self._fresh("asked for", context.source), names, types, context.source)
        for way in dict.fromkeys((positive, *more)):
            self._clause(Literal_(name, wanted), _Body(list(way), [], [], []), context)
        return (Literal_(name, wanted),)

    def _type_of(self, name: str, literals: tuple[Literal_, ...], context: _Context) -> Type:
        for each in literals:
            for term, type in zip(each.terms, self.predicates[each.predicate].types, strict=True):
                if term == Slot(name):
                    return type
        if name in (THE_DAY, context.day):
            return DATE
        return context.types[name.partition(" (")[0]]

    def _none(self, part: Formula, positive: tuple[Literal_, ...], context: _Context) -> Literal_:
        shared = self._shared([part], positive, context)
        outer: tuple[Literal_, ...] = ()
        free = {context.day} if context.mode == "on" and self._reads_on(part) else set()
        if not set(shared) - free <= exported(part).keys() or needs_outside(part):
            outer = self._narrow(shared, positive, context)
        types = {**context.types, **{name: self._type_of(name, positive, context) for name in shared}}
        inner = attrs.evolve(context, outer=outer, types=types)
        name = self._table("present", shared, part, inner)
        return Literal_(name, tuple(Slot(each) for each in shared))

    # ------------------------------------------------------------ measures

    def _limit(self, limit: Limit, ways: list[tuple[Literal_, ...]], context: _Context) -> LimitStep:
        positive, *more = ways
        parts = measure_parts(limit.measure) + (measure_parts(limit.of) if limit.of else [])
        own = {limit.measure.key, limit.measure.other}
        outer = tuple(
            each
            for each in self._shared(parts, positive, context)
            if each not in own or each in context.bound()
        )
        if isinstance(limit.bound, Slot) and limit.bound.name not in outer:
            outer = (*outer, limit.bound.name)
        if _is_alone(limit, outer, context):
            # What else its list asks for is no matter of a limit that uses no slot of it.
            positive, more = context.outer, []
            if limit.value is not None:
                positive = (*positive, self._read(limit.value, context))
        types = [self._type_of(each, positive, context) for each in outer]
        demand = self._narrow(outer, positive, context, *more, exact=True)
        inner = attrs.evolve(
            context, outer=demand, types={**context.types, **dict(zip(outer, types, strict=True))}
        )
        number = self._fresh("limit", context.source)
        step = LimitStep(
            holds=self._derived(f"{number} is kept", outer, types, context.source),
            void=self._derived(f"{number} is of nobody", outer, types, context.source),
            demand=demand[0].predicate if demand else ALWAYS,
            outer=outer,
            measure=self._measure(limit.measure, outer, inner),
            op=limit.op,
            bound=limit.bound.name if isinstance(limit.bound, Slot) else Fraction(limit.bound),
            of=self._measure(limit.of, outer, inner) if limit.of else None,
            rounding=limit.rounding,
            of_nobody=limit.of_nobody,
            source=context.source,
            text=limit.text,
        )  # fmt: skip
        self._step("limit", step)
        return step

    def _measure(self, measure: Measure, outer: tuple[str, ...], context: _Context) -> MeasureTable:
        named = [Slot(name) for part in measure_parts(measure) for name in slots(part)]
        # <the day> in a measure is the rule's own day, too.
        used = {term.name for each in named if isinstance(term := self._term(each, context), Slot)}
        if context.mode == "on" and any(self._reads_on(part) for part in measure_parts(measure)):
            used.add(context.day)
        mine = tuple(each for each in outer if each in used and each != measure.key)
        context = attrs.evolve(context, outer=self._project(mine, context))
        columns = (*mine, measure.key)
        if measure.value:
            columns = (*columns, measure.value)
        if measure.sharing:
            columns = (*columns, measure.sharing)
        counting = All((measure.among, measure.where)) if measure.where is not None else measure.among
        counted = self._table("counted", columns, counting, context)
        among = self._table("among", columns, measure.among, context) if measure.aggregate == "share" else ""
        link = ""
        if measure.link is not None:
            link = self._table("linked", (*mine, measure.key, measure.other), measure.link, context)
        return MeasureTable(
            aggregate=measure.aggregate, outer=mine, among=among, counted=counted, link=link,
            has_value=bool(measure.value), has_shared=bool(measure.sharing),
            through_anyone=measure.through_anyone, key_type=self.predicates[counted].types[len(mine)],
        )  # fmt: skip

    def _project(self, names: tuple[str, ...], context: _Context) -> tuple[Literal_, ...]:
        if not names:
            return ()
        return self._narrow(names, context.outer, context)
