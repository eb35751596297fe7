"""Random rulebooks as model objects: safe, stratified, and of every form."""

from __future__ import annotations

import datetime
import itertools
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Protocol, TypeVar

import attrs
from hypothesis import strategies as st

from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Blank,
    Const,
    Day,
    Definition,
    Exception_,
    Field,
    Formula,
    Kind,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Parameter,
    ParameterValue,
    Rule,
    Rulebook,
    Slot,
    Term,
    Test,
    Type,
    Vocabulary,
)
from bigrules.language.parameters import is_value, value_of, with_kinds
from oracle.formulas import exports, flat
from oracle.reads import parts

PERSON, GROUP = Type("person"), Type("group")
DATE, TEXT = Type("date"), Type("text")
YES_NO = Type("yes or no", choices=("yes", "no"))
ROLE = Type("one of", choices=("x", "y", "z"))
SMALL = Type("whole number", least=0, greatest=2)
NUMBER, FRACTION = Type("whole number", least=0), Type("number", least=0)
TYPES = (PERSON, PERSON, PERSON, GROUP, YES_NO, ROLE, SMALL, NUMBER, FRACTION, DATE, DATE, TEXT)
# Few names for each type, so that a word is often used in two places.
NAMES = {
    PERSON: "pqrs",
    GROUP: "ghi",
    YES_NO: "yw",
    ROLE: "cv",
    SMALL: "km",
    NUMBER: "nl",
    FRACTION: "fb",
    DATE: "de",
    TEXT: "tu",
}
NUMBERS = (SMALL, NUMBER, FRACTION)
# Days on which a parameter may get another value: those of judging and of records, and 29 February.
CHANGES = (
    *(datetime.date(2018, 6, 1), datetime.date(2018, 6, 2), datetime.date(2018, 5, 4)),
    *(datetime.date(2018, 1, 15), datetime.date(2016, 2, 29)),
)
T = TypeVar("T")
Env = dict[str, Type]


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """A random rulebook."""
    return Maker(Drawn(draw)).rulebook()


def rulebook_of(seed: int) -> Rulebook:
    """The random rulebook of a number: much faster than one that Hypothesis draws, and not made smaller."""
    return Maker(Plain(random.Random(seed))).rulebook()


@st.composite
def amended(draw: st.DrawFn, rulebook: Rulebook) -> Rulebook:
    """A rulebook with one rule as an amendment, or another reading, would have it.

    A limit is another number or is kept another way, a part of a list is taken out or put in, an exception is
    dropped or made, or the force is another.
    """
    kinds, definitions = dict(rulebook.vocabulary.given), dict(rulebook.definitions)
    maker = Maker(Drawn(draw), kinds, definitions, limits=100, parameters=rulebook.parameters, named=100)
    rule = rulebook.rules[draw(st.sampled_from(list(rulebook.rules)))]
    maker.day = Day("on", rule.on) if rule.on else Day()
    env = {slot: rule.types[slot] for slot in rule.subject}
    changes: list[Callable[[], Rule]] = [
        lambda: attrs.evolve(rule, force=maker.one(("must", "should", "expected"))),
        lambda: attrs.evolve(rule, exceptions=rule.exceptions[1:]),
        lambda: attrs.evolve(rule, exceptions=(*rule.exceptions, maker.exception(f"{rule.id} new", env, 1))),
    ]
    if rule.condition is not None:
        parts_ = flat(rule.condition)
        limits = [part for part in parts_ if isinstance(part, Limit)]
        more = maker.filter({**env, **maker.bound(rule.condition)}, 1)
        changes.append(lambda: attrs.evolve(rule, condition=All((*parts_, more))))
        for limit in limits:
            rest = tuple(part for part in parts_ if part is not limit)
            op = maker.one(("at least", "at most", "more than", "less than", "exactly"))
            bound = Fraction(draw(st.integers(0, 3)), draw(st.integers(1, 2)))
            changes.append(
                lambda limit=limit, rest=rest, op=op, bound=bound: attrs.evolve(  # type: ignore[misc]
                    rule, condition=All((*rest, attrs.evolve(limit, op=op, bound=bound, value=None)))
                )
            )
            if rest:
                changes.append(lambda rest=rest: attrs.evolve(rule, condition=All(rest)))  # type: ignore[misc]
    made = draw(st.sampled_from(changes))()
    made = attrs.evolve(made, types={**made.types, **maker.slot_types(made)})
    return attrs.evolve(rulebook, rules={**rulebook.rules, rule.id: made})


class Choices(Protocol):
    """Where choices come from."""

    def one(self, options: list[Any]) -> Any:
        """One of some options."""

    def between(self, least: int, most: int) -> int:
        """A number; the least is the simplest."""

    def order(self, items: list[Any]) -> list[Any]:
        """The items in some order."""


@attrs.frozen
class Drawn:
    """Choices that Hypothesis draws, so that it can make a failure smaller."""

    draw: st.DrawFn

    def one(self, options: list[Any]) -> Any:
        """One of some options."""
        return self.draw(st.sampled_from(options))

    def between(self, least: int, most: int) -> int:
        """A number; the least is the simplest."""
        return self.draw(st.integers(least, most))

    def order(self, items: list[Any]) -> list[Any]:
        """The items in some order."""
        return self.draw(st.permutations(items))


@attrs.frozen
class Plain:
    """Choices by a plain generator of random numbers."""

    random: random.Random

    def one(self, options: list[Any]) -> Any:
        """One of some options."""
        return self.random.choice(options)

    def between(self, least: int, most: int) -> int:
        """A number from the least to the most."""
        return self.random.randint(least, most)

    def order(self, items: list[Any]) -> list[Any]:
        """The items in some order."""
        return self.random.sample(items, len(items))


@attrs.define
class Maker:
    """Makes one random rulebook, a part after the other.

    Args:
        choices: Where choices come from.
        kinds: The kinds of fact.
        definitions: The definitions that what is made next may use.
        rules: The rules whose outcome what is made next may ask for.
        day: How atoms of the rule are read that is being made.
        limits: How many limits there are so far: each has a text of its own, by which its figure is known.
        parameters: Named numbers that had other values at other times.
        named: How often one of them was named so far.
    """

    choices: Choices
    kinds: dict[str, Kind] = attrs.field(factory=dict)
    definitions: dict[str, Definition] = attrs.field(factory=dict)
    rules: dict[str, Rule] = attrs.field(factory=dict)
    day: Day = attrs.field(factory=Day)
    limits: int = 0
    parameters: dict[str, Parameter] = attrs.field(factory=dict)
    named: int = 0

    # ------------------------------------------------------------ choices

    def one(self, options: Any) -> Any:
        """One of some options."""
        return self.choices.one(list(options))

    def chance(self, of: int) -> bool:
        """True once in so many times; False is simpler."""
        return self.choices.between(0, of - 1) == of - 1

    def some(self, least: int, most: int, make: Callable[[], T]) -> list[T]:
        """From so many to so many things."""
        return [make() for _ in range(self.choices.between(least, most))]

    # ------------------------------------------------------------ vocabulary

    def rulebook(self) -> Rulebook:
        """The whole rulebook."""
        for at in range(self.choices.between(2, 4)):
            self.kinds[f"kind {at}"] = self.kind(f"kind {at}", at)
        if self.chance(3):
            self.parameters = {
                each.name: each for each in (self.parameter("most", 1), self.parameter("part", 4))
            }
        for at in range(self.choices.between(0, 3)):
            # Most come before the rules; one that comes after them may ask for their outcome.
            if self.rules or self.chance(4):
                self.add_rule()
            made = self.definition(f"definitions/d{at}")
            if self.chance(6):
                made = self.through_another(made)
            self.definitions[made.id] = made
        for _ in range(max(1 - len(self.rules), self.choices.between(0, 3 - len(self.rules)))):
            self.add_rule()
        return Rulebook(
            name="at random",
            format=1,
            version="1",
            edition="",
            digest="",
            body="the body",
            vocabulary=with_kinds(Vocabulary(self.kinds, ("person", "group")), self.parameters),
            definitions=self.definitions,
            rules=self.rules,
            clauses={},
            parameters=self.parameters,
        )

    def parameter(self, name: str, of: int) -> Parameter:
        """A number, in so many parts of one, that was another before a day or two."""
        days = sorted({self.one(CHANGES) for _ in range(self.choices.between(1, 2))})
        ends = [None, *days, None]
        values = tuple(
            ParameterValue(
                Fraction(self.choices.between(0, 3), of),
                start,
                None if end is None else end - datetime.timedelta(days=1),
            )
            for start, end in itertools.pairwise(ends)
        )
        return Parameter(name, None, "", values)

    def value(self, name: str) -> Atom:
        """What binds a slot of its own to the value of a parameter on the own day of what is being made."""
        self.named += 1
        return value_of(self.parameters[name], self.named, self.day)

    def add_rule(self) -> None:
        """One more rule, if there are not three."""
        if len(self.rules) < 3:
            rule = self.rule(f"rules/r{len(self.rules)}")
            self.rules[rule.id] = rule

    def through_another(self, made: Definition) -> Definition:
        """Another definition that holds where one holds, and the one where the other does, each by its turn."""
        other = f"{made.id}b"
        slots = tuple(map(Slot, made.slots))
        own = self.condition({}, 1, dict(zip(made.slots, made.types, strict=True)))
        if not {each.name for each in slots} <= exports(own):
            return made
        turned = Atom(made.id, slots[::-1] if len(set(made.types)) == 1 else slots)
        self.definitions[other] = Definition(other, other, made.slots, made.types, holds=AnyOf((own, turned)))
        back: Formula = Atom(other, slots)
        holds = back if made.holds is None else AnyOf((made.holds, back))
        return attrs.evolve(made, holds=holds)

    def kind(self, name: str, at: int) -> Kind:
        """A kind of fact; the first is about people."""
        types = [PERSON] if at == 0 or self.chance(2) else []
        types += self.some(0 if types else 1, 2, lambda: self.one(TYPES))
        dated, happened = self.chance(3), DATE in types and self.chance(2)
        fields = [
            Field(f"f{i}", type_, happened=happened and i == types.index(DATE))
            for i, type_ in enumerate(types)
        ]
        if dated:
            fields += [Field("from", DATE, Blank("by now")), Field("until", DATE, Blank("nothing"))]
        has_more = len(types) > 1 and types[0] in (PERSON, GROUP) and not happened
        one_for_each = "f0" if has_more and self.chance(3) else ""
        key = ("f0",) if self.chance(6) else ()
        return Kind(name, tuple(fields), dated=dated, key=key, one_for_each=one_for_each)

    # ------------------------------------------------------------ conditions

    def slot(self, type_: Type, env: Env, free: bool = False) -> Term | None:
        """A term for a column: a slot, bound or new, a value, or nothing."""
        bound = [name for name, each in env.items() if each == type_]
        if bound and self.chance(2):
            return Slot(self.one(bound))
        # Where the day is another than that of judging, it makes more of a difference.
        if type_ == DATE and self.chance(3 if self.day.mode == "on" else 8):
            return Slot(THE_DAY)
        if not free and self.chance(4):
            return self.constant(type_)
        if not free and self.chance(4):
            return None
        return Slot(self.one(NAMES[type_]))

    def constant(self, type_: Type) -> Term | None:
        """A value that stands in a rule."""
        if type_.choices:
            return Const(self.one(type_.choices))
        if type_ in NUMBERS:
            return Const(self.choices.between(0, 2))
        if type_ == DATE:
            return Const(self.one([datetime.date(2018, 1, 15), datetime.date(2018, 6, 1)]))
        return Const("x") if type_ == TEXT else None

    def atom(self, env: Env, only: str = "") -> Atom:
        """A sentence of a kind or of a definition."""
        predicate = only or self.one([*self.kinds, *self.kinds, *self.definitions])
        if predicate in self.kinds:
            kind = self.kinds[predicate]
            terms = []
            for field in kind.fields:
                skip = kind.dated and field.name in ("from", "until") and not self.chance(6)
                terms.append(None if skip else self.slot(field.type, env))
        else:
            terms = [self.slot(type_, env) for type_ in self.definitions[predicate].types]
        return Atom(predicate, tuple(terms), self.read(env))

    def read(self, env: Env) -> Day:
        """When an atom is read."""
        dates = [name for name, type_ in env.items() if type_ == DATE]
        if dates and self.chance(6):
            return Day("on", self.one(dates))
        return Day("ever") if self.chance(6) else self.day

    def bound(self, formula: Formula) -> Env:
        """The slots that a condition binds, with their types."""
        names = exports(formula)
        found: Env = {}
        for part in parts(formula):
            if isinstance(part, Atom) and not part.predicate.startswith("rulebook.yaml/"):
                types = self.types(part.predicate)
                for term, type_ in zip(part.terms, types, strict=True):
                    if isinstance(term, Slot) and term.name in names and term.name != THE_DAY:
                        found[term.name] = type_
        return found

    def types(self, predicate: str) -> tuple[Type, ...]:
        """The types of the columns of a predicate."""
        if predicate in self.kinds:
            return tuple(each.type for each in self.kinds[predicate].fields)
        return self.definitions[predicate].types

    def condition(self, env: Env, depth: int = 2, need: Env | None = None) -> Formula:
        """A condition list that is safe with the slots of `env` bound, and binds those of `need`."""
        items: list[Formula] = []
        seen = dict(env)
        for _ in range(self.choices.between(1, 2)):
            if depth and self.chance(5):
                positive: Formula = AnyOf((self.condition(seen, 0), self.condition(seen, depth - 1)))
            else:
                positive = self.atom(seen)
            items.append(positive)
            seen.update(self.bound(positive))
        for name, type_ in (need or {}).items():
            if name not in {each for item in items for each in exports(item)}:
                item = self.binder(name, type_, seen)
                if item is not None:
                    items.append(item)
                    seen.update(self.bound(item))
        if depth:
            for _ in range(self.choices.between(0, depth)):
                items.append(self.filter(seen, depth))
        # The order in which they are written makes no difference.
        order = self.choices.order(items) if len(items) > 1 else items
        return order[0] if len(order) == 1 else All(tuple(order))

    def binder(self, name: str, type_: Type, env: Env) -> Atom | None:
        """An atom that binds a slot; None where no kind has a column of its type."""
        able = [each for each in self.kinds if type_ in self.types(each)]
        if not able:
            return None
        atom = self.atom(env, self.one(able))
        at = self.one([i for i, each in enumerate(self.types(atom.predicate)) if each == type_])
        terms = list(atom.terms)
        terms[at] = Slot(name)
        return attrs.evolve(atom, terms=tuple(terms))

    def filter(self, env: Env, depth: int) -> Formula:
        """A condition that binds nothing."""
        sort = self.choices.between(0, 5)
        if sort == 5 and self.rules:
            return OutcomeIs(self.one(self.rules), self.one(["breached", "met", "not applicable"]))
        if sort == 4:
            return self.limit(env)
        if sort == 3:
            return NoneOf(self.condition(env, depth - 1))
        return self.test(env) or NoneOf(self.condition(env, 0))

    def test(self, env: Env) -> Formula | None:
        """A test over slots that are bound; None where there are none."""
        if not env:
            return None
        name = self.one(sorted(env))
        type_ = env[name]
        others = [each for each in env if env[each] == type_ and each != name]
        others += [THE_DAY] if type_ == DATE and self.chance(2) else []
        other: Term | None = Slot(self.one(others)) if others else self.constant(type_)
        years = [each for each in env if env[each] in NUMBERS]
        if type_ == DATE:
            if self.chance(3):
                year = Slot(self.one(years)) if years and self.chance(2) else Const(self.one([2017, 2018]))
                op = self.one(["window", "in year"])
                return Test(op, (Slot(name), year), window=(9, 1, 12, 31))
            assert other is not None
            op = self.one(
                [
                    "before",
                    "after",
                    "on or before",
                    "on or after",
                    "within days",
                    "within days after",
                    "within days before",
                    "years before",
                    "not years before",
                    "more years before",
                    "not more years before",
                    "months before",
                    "not months before",
                    "more months before",
                    "not more months before",
                    "same",
                ]
            )
            pair = (Slot(name), other) if self.chance(2) else (other, Slot(name))
            amount = self.one([0, 28]) if op.startswith("within") else self.one([1, 16])
            return Test(op, pair, amount if "within" in op or "before" in op[4:] else 0)
        if self.parameters and type_ in NUMBERS and self.chance(2):
            value = self.value(self.one(self.parameters))
            op = self.one(["at least", "at most", "more than", "less than"])
            return All((value, Test(op, (Slot(name), value.terms[0]))))  # type: ignore[arg-type]
        if other is None:
            return None
        if type_ in NUMBERS:
            op = self.one(["at least", "at most", "more than", "less than", "same", "different"])
            return Test(op, (Slot(name), other))
        if isinstance(other, Const):
            op = self.one(["one of", "not one of", "is"])
            more = () if op == "is" else (self.constant(type_),)
            return Test(op, (Slot(name), other, *more))
        return Test(self.one(["same", "different", "different"]), (Slot(name), other))

    # ------------------------------------------------------------ measures

    def measure(self, env: Env, sorts: tuple[str, ...]) -> Measure | None:
        """A measure of one of some sorts; None where the vocabulary has nothing to take it over."""
        sort = self.one(sorts)
        numeric = [each for each in NUMBERS if any(each in self.types(name) for name in self.kinds)]
        if sort in ("total", "least", "greatest", "weighted"):
            if not numeric:
                sort = "number"
            else:
                return self.valued(env, sort, self.one(numeric))
        type_ = self.one([PERSON, PERSON, GROUP])
        if not any(type_ in self.types(name) for name in self.kinds):
            type_ = PERSON
        free = [each for each in NAMES[type_] if each not in env]
        if len(free) < 2:
            return None
        key = free[0]
        if sort == "group sharing":
            shared_type = self.one([GROUP, ROLE, YES_NO, PERSON])
            shared = next((each for each in reversed(NAMES[shared_type]) if each not in {*env, key}), "")
            need = {key: type_, shared: shared_type}
            among = self.condition(env, 1, need)
            if shared and need.keys() <= exports(among):
                return Measure("group sharing", key, among, self.where(env, among), sharing=shared)
            sort = "number"
        among = self.condition(env, 1, {key: type_})
        where = self.where(env, among)
        if sort == "share":
            return Measure("share", key, among, where)
        # The second slot of a link is none that `among` binds.
        others = [each for each in free[1:] if each not in exports(among)]
        if sort == "group linked" and others:
            other = others[0]
            link = self.link(env, key, other, type_, self.bound(among))
            if link is not None:
                return Measure(
                    "group linked", key, among, where, link=link, other=other, through_anyone=self.chance(3)
                )
        return Measure("number", key, among, where)

    def valued(self, env: Env, sort: str, number: Type) -> Measure | None:
        """A measure that takes a number for each key."""
        free = [each for each in NAMES[PERSON] if each not in env]
        numbers = [each for each in NAMES[number] if each not in env]
        if not free or not numbers:
            return None
        key, value = free[0], numbers[0]
        among = self.condition(env, 1, {key: PERSON, value: number})
        if not {key, value} <= exports(among):
            return None
        aggregate = "share" if sort == "weighted" else sort
        return Measure(aggregate, key, among, self.where(env, among), value=value)  # type: ignore[arg-type]

    def where(self, env: Env, among: Formula) -> Formula | None:
        """Which of those among count; it sees the slots of `among`."""
        seen = {**env, **self.bound(among)}
        return self.condition(seen, 1) if self.chance(2) else None

    def link(self, env: Env, key: str, other: str, type_: Type, among: Env) -> Formula | None:
        """A condition that links two keys and shares no other word with `among`."""
        able = [
            (name, [i for i, each in enumerate(self.types(name)) if each == type_])
            for name in (*self.kinds, *self.definitions)
        ]
        able = [(name, at) for name, at in able if len(at) > 1]
        if not able:
            return None
        name, at = self.one(able)
        atom = self.atom({}, name)
        terms: list[Term | None] = [None if isinstance(each, Slot) else each for each in atom.terms]
        terms[at[0]], terms[at[1]] = Slot(key), Slot(other)
        return attrs.evolve(atom, terms=tuple(terms))

    def limit(self, env: Env) -> Formula:
        """A measure held against a limit."""
        sorts = (
            *("number", "share", "group sharing", "group linked"),
            *("total", "least", "greatest", "weighted", "number", "share"),
        )
        measure = self.measure(env, sorts)
        if measure is None:
            return NoneOf(self.condition(env, 0))
        op = self.one(["at least", "at most", "more than", "less than", "exactly"])
        of = None
        bound: Fraction | Slot = Fraction(self.choices.between(0, 3))
        numbers = [name for name, type_ in env.items() if type_ in NUMBERS]
        rounding = ""
        if measure.aggregate == "share":
            bound = self.one([Fraction(1, 2), Fraction(51, 100), Fraction(1, 3), Fraction(1)])
            rounding = self.one(["", "", "", "up", "down"])
        elif numbers and self.chance(2):
            bound = Slot(self.one(numbers))
        elif self.chance(4):
            of = self.measure(env, ("number", "total", "greatest"))
            bound = self.one([Fraction(1, 2), Fraction(1, 3), Fraction(2)])
            rounding = self.one(["", "up", "down", "nearest"]) if of is not None else ""
        of_nobody = "natural"
        if measure.aggregate in ("share", "least", "greatest"):
            of_nobody = self.one(["natural", "natural", "met", "breached"])
        self.limits += 1
        text = f"limit {self.limits}"
        limit = Limit(measure, op, bound, of, rounding, of_nobody, text)  # type: ignore[arg-type]
        if not self.parameters or self.chance(3):
            return limit
        value = self.value("part" if measure.aggregate == "share" or of is not None else "most")
        return All((value, attrs.evolve(limit, bound=value.terms[0], value=value)))

    # ------------------------------------------------------------ definitions and rules

    def definition(self, name: str) -> Definition:
        """A definition; perhaps recursive, symmetric, left to people, over absence."""
        self.day = Day()
        pair = self.chance(2)
        types = (PERSON, PERSON) if pair else (self.one([PERSON, GROUP]),)
        types = types if all(any(t in self.types(k) for k in self.kinds) for t in types) else (PERSON,)
        slots = tuple(NAMES[types[0]][: len(types)])
        head = dict(zip(slots, types, strict=True))
        symmetric = pair and self.chance(2)
        irreflexive = pair and self.chance(3)
        holds: Formula | None = self.condition({}, 2, head)
        if len(types) == 2 and self.chance(3):
            step = All((self.binder_to("p", "r"), Atom(name, (Slot("r"), Slot("q")))))
            assert holds is not None
            if "p" in exports(step):
                holds = AnyOf((holds, step))
        elif types == (PERSON,) and self.chance(3):
            assert holds is not None
            holds = AnyOf((holds, All((self.binder_to("p", "r"), Atom(name, (Slot("r"),))))))
            if "p" not in exports(holds):
                holds = holds.parts[0]
        people_decide = self.condition({}, 1, head) if self.chance(4) else None
        if people_decide is not None and self.chance(2):
            holds = None
        return Definition(
            name,
            name,
            slots,
            types,
            holds=holds,
            people_decide=people_decide,
            ask="" if people_decide is None else "is it so?",
            symmetric=symmetric,
            irreflexive=irreflexive,
        )

    def binder_to(self, one: str, other: str) -> Formula:
        """A condition that binds two people."""
        first = self.binder(one, PERSON, {})
        assert first is not None
        at = [i for i, each in enumerate(self.types(first.predicate)) if each == PERSON]
        terms = list(first.terms)
        if len(at) > 1:
            terms[at[0]], terms[at[1]] = Slot(one), Slot(other)
            return attrs.evolve(first, terms=tuple(terms))
        second = self.binder(other, PERSON, self.bound(first))
        assert second is not None
        return All((first, second))

    def rule(self, name: str) -> Rule:
        """A rule of any form."""
        self.day = Day()
        given: Formula | None = None
        subject: tuple[str, ...] = ()
        env: Env = {}
        on = ""
        if self.chance(2):
            each = All(tuple(self.some(1, 2, lambda: attrs.evolve(self.atom({}), day=Day()))))
            env = self.bound(each)
            env = {slot: env[slot] for slot in sorted(env)}
            dates = [slot for slot, type_ in env.items() if type_ == DATE]
            on = dates[0] if dates and self.chance(2) else ""
            subject, given = tuple(env), each
        if self.chance(4):
            self.day = Day("on", on) if on else Day()
            only_if = self.condition(env, 1)
            given = only_if if given is None else All((*flat(given), *flat(only_if)))
        self.day = Day("on", on) if on else Day()
        form = self.one(["required", "required", "not allowed", "ask"])
        condition: Formula | None = None
        if form == "required":
            condition = self.deadline(env) if self.chance(3) else None
            if condition is None:
                condition = self.required(env)
        elif form == "not allowed":
            condition = self.condition(env)
        exceptions = tuple(
            self.exception(f"{name} unless {at + 1}", env, 1) for at in range(self.one((0, 0, 1, 1, 2)))
        )
        after = (1, "year") if form == "ask" and self.chance(2) else None
        rule = Rule(
            name,
            name,
            given=given,
            subject=subject,
            form=form,
            condition=condition,
            ask="is it so?" if form == "ask" else "",
            exceptions=exceptions,
            on=on,
            force=self.one(("must", "must", "should", "expected")),
            asked_again_after=after,
        )
        return attrs.evolve(rule, types=self.slot_types(rule))

    def required(self, env: Env) -> Formula:
        """What is required: a condition, a limit, or a list with limits that may use what it binds."""
        if self.chance(2):
            return self.condition(env)
        if not self.chance(3):
            return self.limit(env)
        first = self.condition(env, 0)
        return All((*flat(first), self.limit({**env, **self.bound(first)})))

    def deadline(self, env: Env) -> Formula | None:
        """Something that must happen within some days of one that is bound; None where nothing happens."""
        dates = [slot for slot, type_ in env.items() if type_ == DATE]
        able = [kind for kind in self.kinds.values() if kind.happened]
        free = [each for each in NAMES[DATE] if each not in env]
        if not able or not free:
            return None
        kind, slot = self.one(able), free[0]
        atom = self.atom(env, kind.name)
        terms = list(atom.terms)
        terms[[each.name for each in kind.fields].index(kind.happened)] = Slot(slot)
        atom = Atom(kind.name, tuple(terms), self.day, future=slot)
        # 28 days after 4 May are the day of judging of most cases, 1 June.
        first = datetime.date(2018, 5, self.choices.between(3, 5))
        to: Term = Slot(self.one(dates)) if dates else Const(first)
        if self.chance(4):
            # Its last day is before the day of judging, that day, or after it.
            window = self.one([(5, 1, 5, 31), (5, 1, 6, 1), (5, 1, 7, 31)])
            return All((atom, Test("window", (Slot(slot), Const(self.one([2018, 2019]))), window=window)))
        return All((atom, Test(self.one(["within days", "within days after"]), (Slot(slot), to), 28)))

    def exception(self, name: str, env: Env, depth: int) -> Exception_:
        """An exception, perhaps with an exception to it."""
        unless = tuple(self.some(0, depth, lambda: self.exception(f"{name} unless 1", env, 0)))
        return Exception_(name, self.condition(env, 1), unless=unless)

    def slot_types(self, rule: Rule) -> dict[str, Type]:
        """The type of every slot in a rule; each name has one type in all rules."""
        said = repr(rule)
        found = {name: type_ for type_, names in NAMES.items() for name in names if f"'{name}'" in said}
        values = {part.name for part in slots_in(rule) if is_value(part.name)}
        return {**found, **dict.fromkeys(values, Type("number"))}


def slots_in(rule: Rule) -> Iterator[Slot]:
    """The slots of the atoms of a rule."""
    for formula in (rule.given, rule.condition, *_conditions(rule.exceptions)):
        for part in parts(formula):
            if isinstance(part, Atom):
                yield from (term for term in part.terms if isinstance(term, Slot))


def _conditions(exceptions: tuple[Exception_, ...]) -> Iterator[Formula]:
    for each in exceptions:
        yield each.when
        yield from _conditions(each.unless)
