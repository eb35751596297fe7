"""A case from nothing: statements that make a condition hold, as far as that is easily done."""

from __future__ import annotations

import datetime
import itertools
import random
from fractions import Fraction

import attrs

from bigrules.findings.formulas import slot_types
from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Const,
    Exception_,
    Formula,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Rulebook,
    Slot,
    Test,
    Type,
    WorkedOut,
)
from bigrules.language.sentences import does_not_matter, slots_of
from bigrules.tools.made_items import Item, Reader
from bigrules.tools.made_material import MOST_PEOPLE, PERSON, Material, day_of, form_of, fresh

MOST_DEPTH = 6
# Of a share so many are made; the first are tried the most.
SIZES = (1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10, 12, 20)


@attrs.define(eq=False)
class Making:
    """One case on its way from conditions to statements."""

    material: Material
    chance: random.Random
    book: Rulebook
    reader: Reader
    items: list[Item] = attrs.field(factory=list)
    used: dict[str, list[str]] = attrs.field(factory=dict)
    day: datetime.date = attrs.field(factory=lambda: day_of(None))

    def file(self, id: str, depth: int = 0) -> None:
        """What makes a rule bite, or a definition hold."""
        rule = self.book.rules.get(id)
        if rule is None:
            if id in self.book.definitions:
                self.define(id, {}, depth)
            return
        binding: dict[str, str] = {}
        if rule.given is not None:
            self.formula(rule.given, binding, rule.types, depth)
        if rule.condition is not None and self.chance.random() < 0.9:
            self.formula(rule.condition, dict(binding), rule.types, depth)
        if rule.form == "ask" and self.chance.random() < 0.8:
            values = tuple(self.named(each, rule.types[each], binding) for each in rule.subject)
            self.answered(id, values)
        for each in rule.exceptions:
            self.exception(each, binding, rule.types, depth)

    def exception(
        self, each: Exception_, binding: dict[str, str], types: dict[str, Type], depth: int
    ) -> None:
        """An exception, now and then, and an exception to it."""
        if self.chance.random() < 0.4:
            self.formula(each.when, dict(binding), types, depth)
            for one in each.unless:
                self.exception(one, binding, types, depth)

    def define(self, id: str, binding: dict[str, str], depth: int) -> None:
        """What makes a definition hold of what its head is bound to."""
        definition = self.book.definitions[id]
        types = dict(zip(definition.slots, definition.types, strict=True))
        values = tuple(self.named(slot, types[slot], binding) for slot in definition.slots)
        parts = [each for each in (definition.holds, definition.people_decide) if each is not None]
        if not parts or depth > MOST_DEPTH:
            return
        part = parts[0] if len(parts) == 1 or self.chance.random() < 0.75 else parts[1]
        if part is definition.people_decide and self.chance.random() < 0.9:
            self.answered(id, values)
        self.formula(part, dict(zip(definition.slots, values, strict=True)), types, depth + 1)

    def answered(self, question: str, values: tuple[str, ...]) -> None:
        """An answer to a question, with a day now and then."""
        when = self.material.day([], self.chance, self.day).isoformat() if self.chance.random() < 0.3 else ""
        answer = "yes" if self.chance.random() < 0.7 else "no"
        self.items.append(Item("answer", question, values, answer, when))

    def named(self, slot: str, type_: Type, binding: dict[str, str]) -> str:
        """What a slot is bound to; bound now if it is not."""
        if slot == THE_DAY:
            return self.day.isoformat()
        if slot not in binding or does_not_matter(slot):
            # Things are new ones mostly: two that happen to be one are for the changes to make.
            mine = self.used.setdefault(type_.name, [])
            if type_.is_thing and (self.chance.random() < 0.85 or not mine):
                binding[slot] = fresh(type_, mine)
            else:
                binding[slot] = self.material.value(type_, self.used, self.chance, self.day)
            mine.append(binding[slot])
        return binding[slot]

    def formula(self, formula: Formula, binding: dict[str, str], types: dict[str, Type], depth: int) -> None:
        """Statements that make a condition hold, as far as that is easily done."""
        if not types.keys() >= {THE_DAY}:
            types = {**slot_types(self.book, formula), **types, THE_DAY: Type("date")}
        self.hints(formula, binding, types)
        if isinstance(formula, Atom):
            self.atom(formula, binding, types, depth)
        elif isinstance(formula, All):
            for part in formula.parts:
                self.formula(part, binding, types, depth)
        elif isinstance(formula, AnyOf):
            self.formula(self.chance.choice(formula.parts), binding, types, depth)
        elif isinstance(formula, NoneOf):
            if self.chance.random() < 0.25:
                self.formula(formula.part, dict(binding), types, depth)
        elif isinstance(formula, OutcomeIs):
            if depth < 2 and self.chance.random() < 0.7:
                self.file(formula.rule, depth + 1)
        elif isinstance(formula, Limit):
            self.limit(formula, binding, types, depth)

    def hints(self, formula: Formula, binding: dict[str, str], types: dict[str, Type]) -> None:
        """Values that tests speak of, for slots that are still free."""
        for part in formula.parts if isinstance(formula, All) else ():
            if isinstance(part, Test) and isinstance(part.terms[0], Slot) and self.chance.random() < 0.9:
                slot = part.terms[0].name
                if slot in binding or slot == THE_DAY:
                    continue
                consts = [each.value for each in part.terms[1:] if isinstance(each, Const)]
                if part.op in ("is", "one of") and consts:
                    binding[slot] = _written(self.chance.choice(consts))
                elif part.op == "same" and consts:
                    binding[slot] = _written(consts[0])

    def atom(self, atom: Atom, binding: dict[str, str], types: dict[str, Type], depth: int) -> None:
        """A statement, or what a definition follows from."""
        columns = self.book.types(atom.predicate)
        kind = self.book.vocabulary.kinds.get(atom.predicate)
        if kind is not None and kind.worked_out is not None:
            if isinstance(kind.worked_out, WorkedOut):
                self.listed_under(atom, kind.worked_out, binding)
            return
        if kind is None and depth <= MOST_DEPTH and self.chance.random() < 0.6:
            head = self.book.definitions[atom.predicate].slots
            inner = {
                name: self.named(term.name, columns[at], binding)
                if isinstance(term, Slot)
                else _written(term.value)
                for at, (name, term) in enumerate(zip(head, atom.terms, strict=True))
                if term is not None
            }
            self.define(atom.predicate, inner, depth + 1)
            return
        says = form_of(self.reader, atom.text, atom.predicate)
        entry = self.reader.entry(says) if says else None
        if says is None or entry is None or atom.predicate == self.material.id:
            return
        values = []
        for slot, position in zip(slots_of(atom.text), entry.positions, strict=True):
            values.append(self.named(slot, columns[position], {} if does_not_matter(slot) else binding))
        self.items.append(Item("", says, tuple(values)))
        if kind is not None and self.chance.random() < 0.3:
            self.beside(atom.predicate, says, tuple(values))

    def beside(self, predicate: str, says: str, values: tuple[str, ...]) -> None:
        """More about the same: a sentence of the same kind that says, or denies, something further."""
        entry = self.reader.entry(says)
        assert entry is not None
        known = dict(zip(entry.positions, values, strict=True))
        columns = self.book.types(predicate)
        forms = [each for each in self.material.forms.get(predicate, ()) if each != says]
        if not forms:
            return
        more = self.chance.choice(forms)
        other = self.reader.entry(more)
        if other is None:
            return
        filled = tuple(
            known.get(at) or self.material.value(columns[at], self.used, self.chance, self.day)
            for at in other.positions
        )
        self.items.append(Item("not" if self.chance.random() < 0.5 else "", more, filled))

    def deny(self, formula: Formula, binding: dict[str, str], types: dict[str, Type]) -> None:
        """That a condition which is one sentence does not hold, said outright."""
        if isinstance(formula, Atom):
            says = form_of(self.reader, formula.text, formula.predicate)
            slots = slots_of(formula.text)
            if says is not None and all(each in binding for each in slots):
                self.items.append(Item("not", says, tuple(binding[each] for each in slots)))

    def listed_under(self, atom: Atom, made: WorkedOut, binding: dict[str, str]) -> None:
        """A record of the list from which another follows."""
        kinds = self.book.vocabulary.kinds
        columns = dict(zip((each.name for each in kinds[atom.predicate].fields), atom.terms, strict=True))
        forms = [
            entry
            for entry in self.reader.known.sentences.entries.values()
            if entry.predicate == made.list and not entry.negated
        ]
        if not forms:
            return
        entry = self.chance.choice(forms)
        fields = kinds[made.list].fields
        values = []
        for position in entry.positions:
            term = columns.get(fields[position].name)
            slot = term.name if isinstance(term, Slot) else f"any {position}"
            values.append(self.named(slot, fields[position].type, binding if isinstance(term, Slot) else {}))
        self.items.append(Item("", entry.says, tuple(values)))

    def limit(self, limit: Limit, binding: dict[str, str], types: dict[str, Type], depth: int) -> None:
        """As many as a limit speaks of, one fewer or one more."""
        bound = limit.bound if isinstance(limit.bound, Fraction) else Fraction(self.chance.choice((1, 2, 3)))
        if limit.of is not None:
            size = self.chance.choice(SIZES)
            self.measured(limit.of, size, size, binding, types, depth)
            bound = bound * size
        if limit.measure.aggregate == "share":
            size = self.chance.choice(SIZES)
            part = int(bound * size) + self.chance.choice((0, 0, 1, -1))
            self.measured(limit.measure, size, max(0, min(part, size)), binding, types, depth)
        elif limit.measure.aggregate in ("total", "least", "greatest"):
            size = self.chance.choice((1, 1, 2, 3))
            self.measured(limit.measure, size, size, binding, types, depth)
        else:
            size = int(bound) + self.chance.choice((0, 0, 1, -1))
            size = max(0, min(size, MOST_PEOPLE))
            self.measured(limit.measure, size, size, binding, types, depth)

    def measured(
        self,
        measure: Measure,
        size: int,
        part: int,
        binding: dict[str, str],
        types: dict[str, Type],
        depth: int,
    ) -> None:
        """So many for a measure to be taken among, and so many that count.

        What is said of one is said of all of them in the same words.
        """
        types = {
            **{key: each for f in _parts(measure) for key, each in slot_types(self.book, f).items()},
            **types,
        }
        seed, denied = self.chance.random(), self.chance.random() < 0.5
        shared = dict(binding)
        names: list[str] = []
        for at in range(size):
            each = dict(shared)
            names.append(self.named(measure.key, types.get(measure.key, Type(PERSON)), each))
            if measure.sharing and at:
                each[measure.sharing] = shared[measure.sharing]
            kept = self.chance
            self.chance = random.Random(f"{seed}")
            self.formula(measure.among, each, types, depth + 1)
            if measure.where is not None and at < part:
                self.formula(measure.where, each, types, depth + 1)
            elif measure.where is not None and denied:
                self.deny(measure.where, each, types)
            self.chance = kept
            if measure.sharing:
                shared.setdefault(measure.sharing, each.get(measure.sharing, ""))
        if measure.link is not None:
            for one, other in itertools.pairwise(names):
                self.formula(
                    measure.link, {**binding, measure.key: one, measure.other: other}, types, depth + 1
                )


def _parts(measure: Measure) -> list[Formula]:
    return [each for each in (measure.among, measure.where, measure.link) if each is not None]


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
