"""Hypothesis strategies: random cases for any rulebook, with every sort of thing that is not known.

Random rulebooks are in `random_rulebooks`, random partnerships for the shipped rules in `partnerships`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import strategies as st

from bigrules.facts.case import BY_NOW, UNKNOWN, Answer, Case, Fact, Incomplete
from bigrules.facts.worked_out import with_worked_out
from bigrules.language.model import Field, Kind, Rulebook, Type, Value, Window
from oracle.completions import constant_texts
from oracle.reads import all_formulas, constants

AS_OF = datetime.date(2018, 6, 1)
ONE_DAY = datetime.timedelta(days=1)
DAYS = (
    AS_OF,
    AS_OF - ONE_DAY,
    AS_OF + ONE_DAY,
    datetime.date(2018, 5, 4),
    datetime.date(2018, 1, 15),
    datetime.date(2017, 9, 1),
    datetime.date(2017, 12, 31),
    datetime.date(2016, 2, 29),
    datetime.date(2000, 6, 1),
)


@attrs.frozen
class Sorts:
    """How much of a case is not known, and how.

    Args:
        unknown: At most so many fields and possible records.
        not_asked: At most so many kinds were not asked.
        incomplete: At most so many lists are said to be incomplete.
        no_row: Whether things may have no row where a kind has one for each.
        answers: Whether people have answered questions.
    """

    unknown: int = 2
    not_asked: int = 1
    incomplete: int = 1
    no_row: bool = True
    answers: bool = True


KNOWN = Sorts(unknown=0, not_asked=0, incomplete=0, no_row=False, answers=True)

# Lists that are open make many completions: most cases have either these or gaps in records.
MIXED = (
    Sorts(unknown=3, not_asked=0, incomplete=0, no_row=False),
    Sorts(unknown=2, not_asked=0, incomplete=0),
    Sorts(unknown=1, not_asked=0, incomplete=1, no_row=False),
    Sorts(unknown=1, not_asked=1, incomplete=0, no_row=False),
    Sorts(),
)


def things(type_name: str, count: int) -> list[str]:
    """Names of things of a type; people have the letters from a."""
    if type_name == "person":
        return [chr(ord("a") + at) for at in range(count)]
    return [f"{type_name} {at + 1}" for at in range(count)]


@st.composite
def cases(
    draw: st.DrawFn,
    rulebook: Rulebook,
    *,
    people: tuple[int, int] = (2, 4),
    others: int = 2,
    rows: int = 4,
    sorts: Sorts = Sorts(),
    kinds: Sequence[str] | None = None,
    as_of: datetime.date = AS_OF,
) -> Case:
    """A random case for a rulebook.

    Args:
        draw: Given by Hypothesis.
        rulebook: The rules; values that stand in them are likely.
        people: Least and greatest number of people.
        others: Number of things of any other type.
        rows: Greatest number of records of a kind.
        sorts: What may not be known.
        kinds: The kinds that may hold records; None for all.
        as_of: The day of judging.
    """
    names = {
        each: things(each, draw(st.integers(*people)) if each == "person" else others)
        for each in rulebook.vocabulary.things
    }
    dates = sorted(
        {*DAYS, *(each for each in constants(all_formulas(rulebook)) if type(each) is datetime.date)}
    )
    values = Values(names, tuple(dates), constant_texts(rulebook), years_of(rulebook))
    facts: list[Fact] = []
    for kind in rulebook.vocabulary.given.values():
        if kinds is None or kind.name in kinds:
            facts += draw(records(kind, values, rows))
    facts = [each for each in facts if possible_spans(rulebook, each)]
    facts = draw(unknowns(rulebook, facts, sorts.unknown))
    facts = without_repeated_keys(rulebook, facts)
    every = list(rulebook.vocabulary.given)
    left_out = draw(st.lists(st.sampled_from(every), max_size=sorts.not_asked, unique=True))
    if not sorts.no_row:
        facts += missing_rows(draw, rulebook, values, facts)
    else:
        # Most have a row: each that is missing doubles the number of completions.
        facts += draw(st.sampled_from([[], missing_rows(draw, rulebook, values, facts)]))
    incomplete = draw(st.lists(incompletes(rulebook, names), max_size=sorts.incomplete))
    answers = draw(st.lists(given_answers(rulebook, values), max_size=3)) if sorts.answers else []
    found, asked, open_ = with_worked_out(
        rulebook.vocabulary, facts, as_of, frozenset(every) - set(left_out), tuple(incomplete)
    )
    return Case(
        name="at random",
        as_of=as_of,
        facts=found,
        asked=asked,
        incomplete=open_,
        answers=tuple(each for each in answers if each is not None),
    )


@attrs.frozen
class Values:
    """The values that a case may hold.

    Args:
        names: The things of each type.
        dates: The days.
        texts: Texts that stand in rules, by type.
        years: Whole numbers that are likely beside the first few.
    """

    names: dict[str, list[str]]
    dates: tuple[datetime.date, ...]
    texts: dict[str, set[object]]
    years: tuple[int, ...] = ()

    def of(self, type_: Type) -> st.SearchStrategy[Any]:
        """A value of a type."""
        if type_.choices:
            return st.sampled_from(type_.choices)
        if type_.name in ("number", "whole number"):
            least = 0 if type_.least is None else type_.least
            whole = st.integers(least, least + 3 if type_.greatest is None else type_.greatest)
            if self.years and type_.greatest is None:
                whole = st.sampled_from(self.years) | whole
            return whole if type_.name == "whole number" else whole | st.just(Fraction(1, 2))
        if type_.name == "date":
            return st.sampled_from(self.dates)
        known = sorted(map(str, self.texts.get(type_.name, set())))
        return st.sampled_from([*self.names.get(type_.name, ["x", "y"]), *known])


def years_of(rulebook: Rulebook) -> tuple[int, ...]:
    """The years about the first that has a window, where a kind is worked out from one."""
    windows = (each.worked_out for each in rulebook.vocabulary.kinds.values())
    first = [each.since for each in windows if isinstance(each, Window)]
    return tuple(year + step for year in first for step in (-1, 0, 1))


@st.composite
def records(draw: st.DrawFn, kind: Kind, values: Values, rows: int) -> list[Fact]:
    """Some records of a kind."""
    each = st.tuples(*(cell(kind, field, values) for field in kind.fields))
    return [Fact(kind.name, row) for row in draw(st.lists(each, max_size=rows))]


def cell(kind: Kind, field: Field, values: Values) -> st.SearchStrategy[Any]:
    """What may stand in a field."""
    if kind.dated and field.name in ("from", "until"):
        open_end: Any = st.just(None)
        return open_end | open_end | values.of(field.type)
    return values.of(field.type)


def possible_spans(rulebook: Rulebook, fact: Fact) -> bool:
    """Whether a record does not end before it begins."""
    if not rulebook.vocabulary.kinds[fact.kind].dated:
        return True
    begins, ends = fact.values[-2:]
    known = isinstance(begins, datetime.date) and isinstance(ends, datetime.date)
    return not known or begins <= ends


@st.composite
def unknowns(draw: st.DrawFn, rulebook: Rulebook, facts: list[Fact], most: int) -> list[Fact]:
    """The records with some fields not known, some records only possible."""
    facts = list(facts)
    for _ in range(draw(st.integers(0, most)) if facts else 0):
        at = draw(st.integers(0, len(facts) - 1))
        kind = rulebook.vocabulary.kinds[facts[at].kind]
        # That a membership has no beginning is what registers leave blank most.
        often = [len(kind.fields) - 2, len(kind.fields) - 2, len(kind.fields) - 1] if kind.dated else []
        column = draw(st.sampled_from([*range(-1, len(kind.fields)), *often]))
        if column < 0:
            facts[at] = attrs.evolve(facts[at], possible=True)
            continue
        row = list(facts[at].values)
        begins = kind.dated and kind.fields[column].name == "from"
        row[column] = draw(st.sampled_from([BY_NOW, UNKNOWN])) if begins else UNKNOWN
        if row[column] is BY_NOW and isinstance(row[-1], datetime.date) and row[-1] < DAYS[-1]:
            continue
        facts[at] = attrs.evolve(facts[at], values=tuple(row))
    return facts


def without_repeated_keys(rulebook: Rulebook, facts: list[Fact]) -> list[Fact]:
    """The records without any that agree with an earlier one on the key of their kind."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for fact in facts:
        kind = rulebook.vocabulary.kinds[fact.kind]
        names = [each.name for each in kind.fields]
        key = (fact.kind, *(fact.values[names.index(each)] for each in kind.key))
        if not kind.key or key not in seen:
            kept.append(fact)
        seen.add(key)
    return kept


def missing_rows(draw: st.DrawFn, rulebook: Rulebook, values: Values, facts: list[Fact]) -> list[Fact]:
    """A row for each thing that has none, of each kind that has one for each."""
    found: list[Fact] = []
    for kind in rulebook.vocabulary.kinds.values():
        if kind.one_for_each:
            at = [each.name for each in kind.fields].index(kind.one_for_each)
            have = {
                fact.values[at]
                for fact in facts
                if fact.kind == kind.name and (not kind.dated or fact.values[-2:] == (None, None))
            }
            for thing in values.names.get(kind.fields[at].type.name, []):
                if thing not in have:
                    row = [draw(values.of(each.type)) for each in kind.fields]
                    row[at] = thing
                    if kind.dated:
                        row[-2:] = [None, None]
                    found.append(Fact(kind.name, tuple(row)))
    return found


@st.composite
def incompletes(draw: st.DrawFn, rulebook: Rulebook, names: dict[str, list[str]]) -> Incomplete:
    """A list that is said to be incomplete, for one key mostly."""
    kind = draw(st.sampled_from(list(rulebook.vocabulary.given.values())))
    keys = [each for each in kind.fields if each.type.is_thing and names.get(each.type.name)]
    if not keys or draw(st.integers(0, 4)) == 0:
        return Incomplete(kind.name)
    field = draw(st.sampled_from(keys))
    return Incomplete(kind.name, field.name, draw(st.sampled_from(names[field.type.name])))


@st.composite
def given_answers(draw: st.DrawFn, rulebook: Rulebook, values: Values) -> Answer | None:
    """What people may have decided."""
    questions: dict[str, tuple[Type, ...]] = {}
    for each in rulebook.rules.values():
        if each.form == "ask":
            questions[each.id] = tuple(each.types[slot] for slot in each.subject)
    for definition in rulebook.definitions.values():
        if definition.people_decide is not None:
            questions[definition.id] = definition.types
    if not questions:
        return None
    question = draw(st.sampled_from(sorted(questions)))
    subject: list[Value] = [draw(values.of(type_)) for type_ in questions[question]]
    when = draw(st.none() | st.sampled_from(values.dates))
    return Answer(question, tuple(subject), draw(st.sampled_from(["yes", "no"])), when=when)
