"""Short ways to build rulebooks and cases by hand."""

from __future__ import annotations

import datetime
from fractions import Fraction

from bigrules.facts.case import Answer, Case, Fact, Incomplete
from bigrules.language.model import (
    All,
    Atom,
    Blank,
    Const,
    Day,
    Definition,
    Field,
    Formula,
    Kind,
    Limit,
    Measure,
    Rule,
    Rulebook,
    Slot,
    Term,
    Type,
    Value,
    Vocabulary,
)

AS_OF = datetime.date(2018, 6, 1)
PERSON = Type("person")
HOUSEHOLD = Type("household")
DATE = Type("date")
NUMBER = Type("whole number", least=0)
YES_NO = Type("yes or no", choices=("yes", "no"))


def day(text: str) -> datetime.date:
    """A date from text."""
    return datetime.date.fromisoformat(text)


def kind(
    name: str, *, one_for_each: str = "", dated: bool = False, happened: str = "", **fields: Type
) -> Kind:
    """A kind of fact with those fields."""
    found = [
        Field(each.replace("_", " "), type_, happened=each == happened) for each, type_ in fields.items()
    ]
    if dated:
        found += [Field("from", DATE, Blank("by now")), Field("until", DATE, Blank("nothing"))]
    return Kind(name, tuple(found), dated=dated, one_for_each=one_for_each)


def term(text: str | Value) -> Term | None:
    """`<x>` is a slot, `_` does not matter, all else stands as it is."""
    if isinstance(text, str) and text == "_":
        return None
    if isinstance(text, str) and text.startswith("<"):
        return Slot(text.strip("<>"))
    return Const(text)


def atom(predicate: str, *terms: str | Value, on: str = "", ever: bool = False, future: str = "") -> Atom:
    """A sentence of a kind or definition."""
    when = Day("ever") if ever else Day("on", on) if on else Day()
    return Atom(predicate, tuple(term(each) for each in terms), when, future)


def all_of(*parts: Formula) -> All:
    """All of them."""
    return All(parts)


def limit(
    aggregate: str,
    key: str,
    among: Formula,
    op: str,
    bound: object,
    *,
    of: Measure | None = None,
    rounding: str = "",
    of_nobody: str = "natural",
    **more: object,
) -> Limit:
    """A measure held against a limit."""
    measure = Measure(aggregate, key, among, **more)  # type: ignore[arg-type]
    held = bound if isinstance(bound, Slot) else Fraction(str(bound))
    return Limit(measure, op, held, of, rounding, of_nobody)  # type: ignore[arg-type]


def rule(id_: str, form: str = "required", condition: Formula | None = None, **more: object) -> Rule:
    """A rule; every slot is a person unless its name says another type."""
    return Rule(id_, id_, form=form, condition=condition, **more)  # type: ignore[arg-type]


def definition(id_: str, slots: str, types: tuple[Type, ...], **more: object) -> Definition:
    """A definition."""
    return Definition(id_, id_, tuple(slots.split()), types, **more)  # type: ignore[arg-type]


def rulebook(kinds: list[Kind], rules: list[Rule], definitions: list[Definition] | None = None) -> Rulebook:
    """A rulebook of those."""
    things = {f.type.name for each in kinds for f in each.fields if f.type.is_thing}
    return Rulebook(
        name="by hand",
        format=1,
        version="1",
        edition="",
        digest="",
        body="the body",
        vocabulary=Vocabulary({each.name: each for each in kinds}, tuple(sorted(things))),
        definitions={each.id: each for each in definitions or []},
        rules={each.id: each for each in rules},
        clauses={},
    )


def case(
    book: Rulebook,
    *facts: Fact,
    asked: set[str] | None = None,
    incomplete: tuple[Incomplete, ...] = (),
    answers: tuple[Answer, ...] = (),
    as_of: datetime.date = AS_OF,
) -> Case:
    """A case; every kind was asked unless it says otherwise."""
    given = frozenset(book.vocabulary.kinds) if asked is None else frozenset(asked)
    return Case("by hand", as_of, facts, given, incomplete, answers)


def fact(kind_: str, *values: object, possible: bool = False) -> Fact:
    """One record."""
    return Fact(kind_, values, possible)  # type: ignore[arg-type]
