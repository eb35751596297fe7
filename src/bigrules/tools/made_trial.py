"""Trying a case: what one rulebook says of it by one rule or definition."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence

import attrs

from bigrules.diagnostics import Diagnostic, InputError
from bigrules.facts.case import UNKNOWN, Case, Fact
from bigrules.facts.constraints import check_cycles, check_fact
from bigrules.facts.examples import example_case
from bigrules.facts.parameters import with_parameters
from bigrules.findings.apart import Evaluations
from bigrules.findings.basis import worst
from bigrules.findings.fused import fused_program
from bigrules.findings.judge import judge
from bigrules.findings.report import Finding, Outcome
from bigrules.language import in_force, texts_of
from bigrules.language.model import (
    AnyOf,
    Atom,
    Example,
    Field,
    Kind,
    Rule,
    Rulebook,
    Slot,
    Statement,
    Type,
    Value,
)
from bigrules.program.compile import compile_program
from bigrules.program.core import Program
from bigrules.tools.made_items import Item, Reader
from bigrules.tools.made_material import day_of

# A case in which more is open takes too long, where the rule rests on some of it; a day may be
# any of many, and more of them the more rows of its kind there are.
MOST_OPEN = 12
OPEN_DAY = 4
OPEN = (Outcome.UNDECIDED, Outcome.JUDGEMENT)


@attrs.frozen
class Seen:
    """What one rulebook says of a case by a rule or a definition.

    Args:
        outcome: The outcome of the rule, of its worst finding; "" for a definition.
        people: The sets of people concerned.
        holds: Of a definition, what certainly holds: the values of its slots.
        open: Of a definition, what may hold.
        brief: Whether the people concerned were not asked for, as where something is open.
    """

    outcome: str
    people: frozenset[frozenset[str]] = frozenset()
    holds: frozenset[tuple[Value, ...]] = frozenset()
    open: frozenset[tuple[Value, ...]] = frozenset()
    brief: bool = attrs.field(default=False, eq=False)

    def differs(self, other: Seen) -> bool:
        """Whether two say something else, as far as they were asked."""
        if (self.outcome, self.holds, self.open) != (other.outcome, other.holds, other.open):
            return True
        return not (self.brief or other.brief) and self.people != other.people

    @property
    def settled(self) -> bool:
        """Whether nothing is left open."""
        return not self.open and self.outcome not in OPEN


@attrs.frozen(eq=False)
class Prepared:
    """A rulebook and its program, made ready for cases as a search tries them.

    Args:
        rulebook: The rulebook with the rule that tells what a definition says.
        program: The program of the rule.
        stated: The same with a kind of fact for what examples state of each definition, so that what is stated
            outright is known like any other fact, and evaluated as fast.
        stated_program: Its program.
        kinds: Names of these kinds.
    """

    rulebook: Rulebook
    program: Program
    stated: Rulebook
    stated_program: Program
    kinds: frozenset[str]


class Trial:
    """One rulebook, ready to say what it makes of many cases by one rule or definition.

    Args:
        rulebook: The rulebook.
        id: Id of the rule or definition.
        reader: Reads items for the rulebook.
    """

    def __init__(self, rulebook: Rulebook, id: str, reader: Reader) -> None:
        self.id, self.reader = id, reader
        self.rulebook = rulebook
        self._made: dict[int, tuple[Rulebook, Prepared]] = {}

    def see(self, items: Sequence[Item], as_of: datetime.date | None) -> Seen | None:
        """What it says of a case; None where it cannot be stated, or contradicts itself."""
        statements: list[Statement] = []
        for each in items:
            said = self.reader.statements(each)
            if said is None:
                return None
            statements += said
        ready = self._prepared(as_of)
        case = sound_case(ready.rulebook, Example("", tuple(statements), as_of=as_of))
        if case is None:
            return None
        facts = [
            Fact(_kind_of(each.predicate), (*each.values, "yes"), not each.known) for each in case.assumed
        ]
        case = attrs.evolve(case, facts=(*case.facts, *facts), asked=case.asked | ready.kinds, assumed=())
        # What is open takes long to be told of in full, and of most cases nobody wants to know.
        return self._quickly(ready.stated, ready.stated_program, case)

    def of_example(self, example: Example) -> Seen | None:
        """What it says of an example that has been read, in the ordinary way."""
        ready = self._prepared(example.as_of)
        case = sound_case(ready.rulebook, example)
        return None if case is None else self._seen(ready.rulebook, ready.program, case)

    def _prepared(self, as_of: datetime.date | None) -> Prepared:
        """The rulebook and the program that are in force on a day."""
        book = in_force(self.rulebook, day_of(as_of))
        if id(book) not in self._made:
            probed, wanted = with_probe(book, self.id), probes_of(book, self.id)
            stated, kinds = with_stated(probed)
            ready = Prepared(
                probed, compile_program(probed, wanted), stated, compile_program(stated, wanted), kinds
            )
            self._made[id(book)] = (book, ready)
        return self._made[id(book)][1]

    def _quickly(self, rulebook: Rulebook, program: Program, case: Case) -> Seen | None:
        """What it says of a case as far as that is told soon; None where too much is open."""
        case = with_parameters(rulebook, case)
        found, left = fused_program(program, rulebook).findings(rulebook, case)
        brief = self.id in self.rulebook.rules
        if left and open_in(rulebook, case) > MOST_OPEN:
            return None
        if left:
            found.update(Evaluations(rulebook, program, case).judge(left, brief))
        return self._told(rulebook, [each for some in found.values() for each in some], brief and bool(left))

    def _seen(self, rulebook: Rulebook, program: Program, case: Case) -> Seen:
        return self._told(rulebook, judge(rulebook, program, case), False)

    def _told(self, rulebook: Rulebook, findings: Iterable[Finding], brief: bool) -> Seen:
        rules = probes_of(rulebook, self.id)
        findings = [each for each in findings if each.rule in rules]
        if self.id in rulebook.definitions:
            slots = rulebook.definitions[self.id].slots
            held: dict[bool, set[tuple[Value, ...]]] = {True: set(), False: set()}
            for finding in findings:
                for each in finding.witnesses:
                    binding = dict(each.binding)
                    held[each.certain].add(tuple(binding.get(slot) for slot in slots))
            return Seen("", frozenset(), frozenset(held[True]), frozenset(held[False]))
        people = {each.concerned for finding in findings for each in finding.witnesses if each.concerned}
        return Seen(str(worst(findings)), frozenset() if brief else frozenset(people), brief=brief)


def open_in(rulebook: Rulebook, case: Case) -> int:
    """How much is open in a case: records that may be there, and fields that are not known."""
    found = 0
    rows = Counter(each.kind for each in case.facts)
    for fact in case.facts:
        if fact.possible or UNKNOWN in fact.values:
            found += fact.possible
            a_day = max(OPEN_DAY, 2 * rows[fact.kind])
            fields = rulebook.vocabulary.kinds[fact.kind].fields
            for field, value in zip(fields, fact.values, strict=True):
                if value is UNKNOWN:
                    found += a_day if field.type.name == "date" else 1
    return found


def sound_case(rulebook: Rulebook, example: Example) -> Case | None:
    """The case of an example; None where it contradicts itself, or no register could hold it."""
    try:
        case = example_case(rulebook, example)
    except InputError:
        return None
    return case if is_sound(rulebook, case) else None


def is_sound(rulebook: Rulebook, case: Case) -> bool:
    """Whether a register could hold it: no end before its beginning, nothing with itself, no circle of parents."""
    found: list[Diagnostic] = []
    kinds = rulebook.vocabulary.kinds
    for fact in case.facts:
        check_fact(kinds[fact.kind], fact, found)
    check_cycles(rulebook.vocabulary, case.facts, found)
    return not found


def probes_of(rulebook: Rulebook, id: str) -> list[str]:
    """The rules that tell what a file says: its own, with all its texts, or one that asks for a definition."""
    return list(texts_of(rulebook, id)) if id not in rulebook.definitions else [f"all of {id}"]


def with_probe(rulebook: Rulebook, id: str) -> Rulebook:
    """The rulebook with a rule that tells what a definition says; as it is for a rule."""
    definition = rulebook.definitions.get(id)
    if definition is None:
        return rulebook
    atom = Atom(id, tuple(Slot(each) for each in definition.slots), text=definition.says)
    types = dict(zip(definition.slots, definition.types, strict=True))
    rule = Rule(probes_of(rulebook, id)[0], definition.says, form="not allowed", condition=atom, types=types)
    return attrs.evolve(rulebook, rules={**rulebook.rules, rule.id: rule})


def _kind_of(definition: str) -> str:
    """The kind of fact for what examples state of a definition."""
    return f"stated: {definition}"


def with_stated(rulebook: Rulebook) -> tuple[Rulebook, frozenset[str]]:
    """The rulebook with a kind of fact for what is stated of each definition; and the names of these kinds."""
    kinds, definitions = dict(rulebook.vocabulary.kinds), {}
    for definition in rulebook.definitions.values():
        name = _kind_of(definition.id)
        pairs = zip(definition.slots, definition.types, strict=True)
        fields = tuple(Field(slot, type_) for slot, type_ in pairs)
        # A kind without any field has no records: what speaks of nothing has one that says so.
        kinds[name] = Kind(name, (*fields, Field("said", Type("text"))))
        atom = Atom(name, (*(Slot(each) for each in definition.slots), None), text=definition.says)
        holds = atom if definition.holds is None else AnyOf((definition.holds, atom))
        definitions[definition.id] = attrs.evolve(definition, holds=holds)
    vocabulary = attrs.evolve(rulebook.vocabulary, kinds=kinds)
    names = frozenset(map(_kind_of, rulebook.definitions))
    return attrs.evolve(rulebook, vocabulary=vocabulary, definitions=definitions), names
