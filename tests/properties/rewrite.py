"""Rewriting rulebooks and cases: other names, another order, rules split in two, forms said in another form."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from bigrules.facts.case import Answer, Case, Fact
from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Const,
    Day,
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
    Test,
    Type,
    Value,
)
from oracle.formulas import exports, flat
from oracle.reads import parts

UNTOUCHED = (Type, Day, Kind, str, int, bool, type(None))


def rewritten(thing: Any, change: Callable[[Any], Any]) -> Any:
    """A rule, definition or condition with every part of it changed, from the inside."""
    if isinstance(thing, tuple):
        return tuple(rewritten(each, change) for each in thing)
    if isinstance(thing, UNTOUCHED) or not attrs.has(type(thing)):
        return thing
    made = {}
    for field in attrs.fields(type(thing)):
        if field.name not in ("place", "text", "types", "examples", "adopted", "other_readings"):
            value = getattr(thing, field.name)
            new = rewritten(value, change)
            if new is not value:
                made[field.name.lstrip("_")] = new
    return change(attrs.evolve(thing, **made) if made else thing)


def slots_of(thing: Any) -> set[str]:
    """Every slot that stands anywhere in a rule or condition."""
    found: set[str] = set()

    def note(part: Any) -> Any:
        if isinstance(part, Slot):
            found.add(part.name)
        if isinstance(part, Atom) and part.day.slot:
            found.add(part.day.slot)
        if isinstance(part, Measure):
            found.update(each for each in (part.key, part.value, part.sharing, part.other) if each)
        return part

    rewritten(thing, note)
    return found - {THE_DAY}


def with_slots(thing: Any, names: Mapping[str, str]) -> Any:
    """A rule, definition or condition with other words in its slots."""

    def new(name: str) -> str:
        return names.get(name, name)

    def change(part: Any) -> Any:
        if isinstance(part, Slot):
            return Slot(new(part.name))
        if isinstance(part, Atom):
            day = attrs.evolve(part.day, slot=new(part.day.slot))
            return attrs.evolve(part, day=day, future=new(part.future))
        if isinstance(part, Measure):
            return attrs.evolve(
                part,
                key=new(part.key),
                value=new(part.value),
                sharing=new(part.sharing),
                other=new(part.other),
            )
        if isinstance(part, Rule):
            types = {new(name): type_ for name, type_ in part.types.items()}
            return attrs.evolve(part, subject=tuple(map(new, part.subject)), on=new(part.on), types=types)
        if isinstance(part, Definition):
            return attrs.evolve(part, slots=tuple(map(new, part.slots)))
        return part

    return rewritten(thing, change)


# ---------------------------------------------------------------- another order


def reordered(rulebook: Rulebook, chance: random.Random) -> Rulebook:
    """The rulebook with its kinds, definitions, rules, lists, alternatives and exceptions in another order."""

    def shuffled(items: Iterable[Any]) -> list[Any]:
        listed = list(items)
        return chance.sample(listed, len(listed))

    def change(part: Any) -> Any:
        if isinstance(part, All | AnyOf):
            return attrs.evolve(part, parts=tuple(shuffled(part.parts)))
        if isinstance(part, Rule):
            return attrs.evolve(part, exceptions=tuple(shuffled(part.exceptions)))
        if isinstance(part, Exception_):
            return attrs.evolve(part, unless=tuple(shuffled(part.unless)))
        return part

    kinds = dict(shuffled(rulebook.vocabulary.kinds.items()))
    return attrs.evolve(
        rulebook,
        vocabulary=attrs.evolve(rulebook.vocabulary, kinds=kinds),
        definitions=dict(shuffled((id_, rewritten(it, change)) for id_, it in rulebook.definitions.items())),
        rules=dict(shuffled((id_, rewritten(it, change)) for id_, it in rulebook.rules.items())),
    )


# ---------------------------------------------------------------- other names


@attrs.frozen
class Renaming:
    """Other names for everything: the order of the new ones is not that of the old.

    Args:
        predicates: Kinds and definitions.
        rules: Rules.
        slots: Slots.
        fields: Fields, but for the ends of a dated kind.
        things: People and other things, in records and answers.
    """

    predicates: dict[str, str]
    rules: dict[str, str]
    slots: dict[str, str]
    fields: dict[str, str]
    things: dict[object, str]

    def rulebook(self, it: Rulebook) -> Rulebook:
        """The rulebook with other names."""

        def change(part: Any) -> Any:
            if isinstance(part, Atom):
                return attrs.evolve(part, predicate=self.predicates[part.predicate])
            if isinstance(part, OutcomeIs):
                return attrs.evolve(part, rule=self.rules[part.rule])
            if isinstance(part, Rule):
                return attrs.evolve(part, id=self.rules[part.id])
            if isinstance(part, Definition):
                return attrs.evolve(part, id=self.predicates[part.id])
            return part

        def changed(part: Any) -> Any:
            return with_slots(rewritten(part, change), self.slots)

        kinds = {self.predicates[name]: self.kind(each) for name, each in it.vocabulary.given.items()}
        # A parameter is called as `rulebook.yaml` calls it.
        kinds |= {name: each for name, each in it.vocabulary.kinds.items() if name not in it.vocabulary.given}
        return attrs.evolve(
            it,
            vocabulary=attrs.evolve(it.vocabulary, kinds=kinds),
            definitions={self.predicates[id_]: changed(each) for id_, each in it.definitions.items()},
            rules={self.rules[id_]: changed(each) for id_, each in it.rules.items()},
        )

    def kind(self, it: Kind) -> Kind:
        """A kind with other names."""
        return attrs.evolve(
            it,
            name=self.predicates[it.name],
            fields=tuple(attrs.evolve(each, name=self.field(each.name)) for each in it.fields),
            key=tuple(map(self.field, it.key)),
            one_for_each=self.field(it.one_for_each),
        )

    def field(self, name: str) -> str:
        """Another name for a field; the ends of a dated kind keep theirs."""
        return self.fields.get(name, name)

    def values(self, types: Iterable[Type], values: Iterable[Any]) -> tuple[Any, ...]:
        """Values with other names for things."""
        pairs = zip(types, values, strict=True)
        return tuple(self.things.get(value, value) if type_.is_thing else value for type_, value in pairs)

    def case(self, rulebook: Rulebook, it: Case) -> Case:
        """The case with other names; `rulebook` is the one with the old."""

        def fact(each: Fact) -> Fact:
            values = self.values(rulebook.types(each.kind), each.values)
            return attrs.evolve(each, kind=self.predicates[each.kind], values=values)

        def answer(each: Answer) -> Answer:
            if each.question in rulebook.definitions:
                types = rulebook.definitions[each.question].types
                question = self.predicates[each.question]
            else:
                rule = rulebook.rules[each.question]
                types = tuple(rule.types[slot] for slot in rule.subject)
                question = self.rules[each.question]
            return attrs.evolve(each, question=question, subject=self.values(types, each.subject))

        return attrs.evolve(
            it,
            facts=tuple(map(fact, it.facts)),
            asked=frozenset(self.predicates[each] for each in it.asked),
            incomplete=tuple(
                attrs.evolve(
                    each,
                    kind=self.predicates[each.kind],
                    field=self.field(each.field),
                    value=self.things.get(each.value, each.value) if each.field else each.value,
                )
                for each in it.incomplete
            ),
            answers=tuple(map(answer, it.answers)),
        )


def renaming(rulebook: Rulebook, things: Iterable[object], chance: random.Random) -> Renaming:
    """Other names for everything in a rulebook and for some things."""

    def other(names: Iterable[Any], stem: str) -> dict[Any, str]:
        listed = sorted(set(names), key=str)
        numbers = chance.sample(range(10, 10 + len(listed)), len(listed))
        return {name: f"{stem}{number}" for name, number in zip(listed, numbers, strict=True)}

    inside = [*rulebook.rules.values(), *rulebook.definitions.values()]
    slots = {name for each in inside for name in slots_of(each)}
    slots |= {name for each in rulebook.rules.values() for name in (*each.subject, *each.types)}
    slots |= {name for each in rulebook.definitions.values() for name in each.slots}
    fields = {field.name for kind in rulebook.vocabulary.given.values() for field in kind.fields}
    predicates = {name: name for name in rulebook.vocabulary.kinds}
    predicates |= other(rulebook.vocabulary.given, "list ") | other(rulebook.definitions, "words/w")
    return Renaming(
        predicates=predicates,
        rules=other(rulebook.rules, "clauses/c"),
        slots=other(slots - {THE_DAY}, "word "),
        fields=other(fields - {"from", "until"}, "column "),
        things=other(things, "thing "),
    )


# ---------------------------------------------------------------- split in two


def asked_for(rulebook: Rulebook, rule: str) -> bool:
    """Whether something asks for the outcome of a rule."""
    inside = [*rulebook.rules.values(), *rulebook.definitions.values()]
    found: set[str] = set()

    def note(part: Any) -> Any:
        if isinstance(part, OutcomeIs):
            found.add(part.rule)
        return part

    rewritten(tuple(inside), note)
    return rule in found


def split_by_subject(rule: Rule, some: tuple[Value, ...]) -> tuple[Rule, Rule]:
    """Two rules: one about some things, one about all others. Each subject has its finding in one of them."""
    slot = next(each for each in rule.subject if rule.types[each].is_thing)
    assert rule.given is not None
    terms = (Slot(slot), *(Const(each) for each in some))
    return tuple(
        attrs.evolve(rule, id=f"{rule.id} {number}", given=All((rule.given, Test(op, terms))))
        for number, op in ((1, "one of"), (2, "not one of"))
    )  # type: ignore[return-value]


def split_by_part(rule: Rule) -> tuple[Rule, Rule] | None:
    """Two rules of which each requires one part of the list; None where the parts share a slot of the list.

    The rule is breached for a subject just where one of the two is.
    """
    if rule.form != "required" or rule.condition is None:
        return None
    items = flat(rule.condition)
    bound = exports(rule.condition) - set(rule.subject)
    for item in items:
        rest = tuple(each for each in items if each is not item)
        shared = slots_of(item) & slots_of(rest) & bound
        void = any(isinstance(part, Limit) for part in items)
        if rest and not shared and not void:
            one = attrs.evolve(rule, id=f"{rule.id} 1", condition=item)
            return one, attrs.evolve(rule, id=f"{rule.id} 2", condition=All(rest))
    return None


# ---------------------------------------------------------------- in core form


def absence(rule: Rule) -> Rule:
    """What is not allowed, as a requirement that there be none of it."""
    assert rule.condition is not None
    return attrs.evolve(rule, form="required", condition=NoneOf(rule.condition))


def on_day(formula: Formula, slot: str) -> Formula:
    """A condition that is read on the day in a slot, as one that says so at every sentence."""

    def change(part: Any) -> Any:
        if isinstance(part, Atom) and part.day.mode == "now":
            return attrs.evolve(part, day=Day("on", slot))
        return part

    return rewritten(formula, change) if slot else formula


def exceptions_in_given(rule: Rule) -> Rule:
    """Exceptions as a part of what the rule is given: that none of them applies."""

    types = dict(rule.types)

    def applies(exception: Exception_) -> Formula:
        # What one exception binds, no other sees.
        free = slots_of(exception.when) - set(rule.subject)
        names = {name: f"{name} of {exception.id}" for name in free}
        types.update({new: types[old] for old, new in names.items() if old in types})
        when = with_slots(on_day(exception.when, rule.on), names)
        return All((when, *(NoneOf(applies(each)) for each in exception.unless)))

    absent = tuple(NoneOf(applies(each)) for each in rule.exceptions)
    given = All((*(() if rule.given is None else (rule.given,)), *absent))
    return attrs.evolve(rule, given=given, exceptions=(), types=types)


def distributed(formula: Formula) -> Formula:
    """The first `any of` of a list, with the rest of the list in each of its branches."""
    items = flat(formula)
    either = next((each for each in items if isinstance(each, AnyOf)), None)
    if either is None:
        return formula
    rest = tuple(each for each in items if each is not either)
    return AnyOf(tuple(All((*rest, branch)) for branch in either.parts))


def has_direct_limit(formula: Formula) -> bool:
    """Whether a limit stands directly in a condition."""
    return any(isinstance(each, Limit) for each in flat(formula))


def share_as_numbers(part: Any) -> Any:
    """A share that is met of nobody, as a number held against a fraction of another."""
    if (
        not isinstance(part, Limit)
        or part.measure.aggregate != "share"
        or part.measure.value
        or part.of is not None
    ):
        return part
    if part.of_nobody != "met" or part.op in ("more than", "less than"):
        return part
    measure = attrs.evolve(part.measure, aggregate="number")
    whole = Measure("number", measure.key, measure.among)
    return attrs.evolve(part, measure=measure, of=whole, of_nobody="natural")


def asks_nothing(formula: Formula) -> bool:
    """Whether a condition reads no definition that might ask people."""
    return not any(isinstance(each, OutcomeIs) for each in parts(formula))
