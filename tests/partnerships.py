"""Random partnerships of up to twenty members for the shipped rules, and what can happen to them."""

from __future__ import annotations

import datetime
import random
from typing import Any

import attrs
from hypothesis import strategies as st

from bigrules.facts.case import UNKNOWN, Case, Fact
from bigrules.facts.worked_out import with_worked_out
from bigrules.language.model import Field, Rulebook
from strategies import AS_OF, things, without_repeated_keys

ONE_DAY = datetime.timedelta(days=1)
# Days on which a decision may have been taken, and spells that hold some of them or none.
DECIDED = (datetime.date(2018, 3, 1), datetime.date(2018, 5, 1))
SPELLS: tuple[tuple[datetime.date | None, datetime.date | None], ...] = (
    (None, None),
    (datetime.date(2018, 4, 1), None),
    (None, datetime.date(2018, 4, 1)),
    (AS_OF, AS_OF),
)
# Days on which something else may have happened: about the window of a review, the day of judging, and after it.
HAPPENED = (
    datetime.date(2017, 8, 31),
    datetime.date(2017, 9, 1),
    datetime.date(2017, 12, 31),
    datetime.date(2018, 1, 1),
    DECIDED[1],
    AS_OF,
    AS_OF + ONE_DAY,
    datetime.date(2018, 9, 1),
    datetime.date(2018, 12, 31),
)
# Days of judging about the window of a review.
JUDGED = (AS_OF, *HAPPENED[-2:], datetime.date(2018, 8, 31), datetime.date(2019, 1, 1))
# Spells that hold neither the day of judging nor any day of a decision.
NEVER = (
    (None, datetime.date(2018, 2, 28)),
    (datetime.date(2018, 3, 2), datetime.date(2018, 4, 30)),
    (datetime.date(2018, 5, 2), AS_OF - ONE_DAY),
    (AS_OF + ONE_DAY, None),
)
# Relations in which the first of the two is to the second what the second is to the first.
MUTUAL = (
    "married",
    "civil partners",
    "unmarried partners",
    "siblings",
    "half-siblings",
    "step-sibling",
    "in-laws",
    "cousins",
    "other relative",
    "former partners",
    "friends",
    "close friends",
)


def record(rulebook: Rulebook, kind_name: str, possible: bool = False, /, **given: Any) -> Fact:
    """A record of a kind; fields that are not given are as a blank means, with open ends."""
    kind = rulebook.vocabulary.kinds[kind_name]
    row: list[Any] = []
    for field in kind.fields:
        name = field.name.replace(" ", "_")
        if name in given:
            row.append(given.pop(name))
        elif kind.dated and field.name in ("from", "until"):
            row.append(None)
        else:
            row.append(field.blank.value if field.blank.meaning == "value" else UNKNOWN)
    assert not given, f"`{kind_name}` has no field {sorted(given)}"
    return Fact(kind_name, tuple(row), possible)


def choices(rulebook: Rulebook, kind: str, field: str) -> tuple[str, ...]:
    """The values of a choice."""
    return rulebook.vocabulary.kinds[kind].field(field).type.choices


def values_of(rulebook: Rulebook, kind: str, field: Field, people: list[str]) -> list[Any]:
    """The values that a field of a random record is drawn from."""
    if field.type.name == "person":
        return people
    if field.type.choices:
        # Half of them are the values on which most conflicts turn.
        every = list(choices(rulebook, kind, field.name))
        often = [each for each in every if each in OFTEN]
        return [*every, *(often * (1 + len(every) // len(often)) if often else [])]
    if field.type.name == "date":
        return list(HAPPENED)
    if field.name == "year":
        return [2016, 2017, 2017, 2018]
    if field.type.name in ("number", "whole number"):
        return [10, 25, 60]
    return FEW.get(field.type.name, ["x", "y"])


def row_of(rulebook: Rulebook, kind: str, people: list[str], /, **fixed: Any) -> st.SearchStrategy[Fact]:
    """A random record of a kind about some people, with the given values in some fields."""
    found = rulebook.vocabulary.kinds[kind]
    fields = {
        each.name.replace(" ", "_"): st.sampled_from(values_of(rulebook, kind, each, people))
        for each in found.fields
        if not (found.dated and each.name in ("from", "until")) and each.name.replace(" ", "_") not in fixed
    }
    spell = st.sampled_from(SPELLS) if found.dated else st.just((None, None))
    return (
        st.tuples(spell, st.fixed_dictionaries(fields))
        .map(lambda pair: made(rulebook, kind, {**pair[1], **fixed}, pair[0]))
        .filter(about_two)
    )


def random_row(
    rulebook: Rulebook, kind: str, people: list[str], chance: random.Random, /, **fixed: Any
) -> Fact:
    """The same, made quickly."""
    found = rulebook.vocabulary.kinds[kind]
    while True:
        fields = {
            each.name.replace(" ", "_"): chance.choice(values_of(rulebook, kind, each, people))
            for each in found.fields
            if not (found.dated and each.name in ("from", "until"))
        }
        row = made(rulebook, kind, {**fields, **fixed}, chance.choice(SPELLS))
        if about_two(row):
            return row


def made(
    rulebook: Rulebook,
    kind: str,
    fields: dict[str, Any],
    spell: tuple[datetime.date | None, datetime.date | None],
) -> Fact:
    """A record with these values, and with this spell if it has one."""
    if kind == "relations":
        # Parents before children, so that no chain of parents closes.
        one, other = sorted((fields["person"], fields["other"]))
        fields = {**fields, "person": one, "other": other}
    if rulebook.vocabulary.kinds[kind].dated:
        fields = {"from": spell[0], "until": spell[1], **fields}
    return record(rulebook, kind, **fields)


def about_two(row: Fact) -> bool:
    """Whether a relation is not one of somebody with themselves."""
    return row.kind != "relations" or row.values[0] != row.values[1]


def once_each(rulebook: Rulebook, facts: list[Fact]) -> list[Fact]:
    """The records without those that name a listed thing, or a key, once again."""
    kinds = rulebook.vocabulary.kinds
    listed = {(each.kind, each.values[0]): each for each in reversed(facts) if kinds[each.kind].lists}
    kept = [each for each in facts if not kinds[each.kind].lists or listed[each.kind, each.values[0]] is each]
    return without_repeated_keys(rulebook, kept)


def worked_out(rulebook: Rulebook, case: Case) -> Case:
    """The case with the records that follow from others or from the day, as they follow from it now."""
    given = rulebook.vocabulary.given
    facts, asked, incomplete = with_worked_out(
        rulebook.vocabulary,
        tuple(each for each in case.facts if each.kind in given),
        case.as_of,
        case.asked & frozenset(given),
        tuple(each for each in case.incomplete if each.kind in given),
    )
    return attrs.evolve(case, facts=facts, asked=asked, incomplete=incomplete)


@st.composite
def partnerships(
    draw: st.DrawFn,
    rulebook: Rulebook,
    members: tuple[int, int] = (0, 12),
    others: int = 3,
    unknown: int = 0,
    not_asked: int = 0,
    days: tuple[datetime.date, ...] | None = None,
) -> Case:
    """A partnership with so many members, and some other people about them.

    Args:
        draw: Given by Hypothesis.
        rulebook: The shipped rules.
        members: Least and greatest number of members.
        others: Number of other people.
        unknown: At most so many fields that are not known and records that are only possible.
        not_asked: At most so many kinds that were not asked.
        days: Days of judging; None for the one of all other random cases.
    """
    count = draw(st.integers(*members))
    people = things("person", count + others)
    facts = [record(rulebook, "people", person=person) for person in people]
    residents = draw(st.integers(0, count))
    for at, person in enumerate(people):
        inside = "yes" if at < residents else "no"
        facts.append(record(rulebook, "homes", person=person, in_the_area=inside))
        if at < count:
            capacity, voting = draw(
                st.sampled_from([("member", "yes"), ("member", "no"), ("co-opted member", "yes")])
            )
            facts.append(record(rulebook, "memberships", person=person, capacity=capacity, voting=voting))
    for at, day in enumerate(DECIDED):
        facts.append(draw(row_of(rulebook, "decisions", people, decision=f"d{at + 1}", day=day)))
    # Ties are among few, so that they often meet in one conflict.
    few = core(people)
    for kind, most in MOST.items():
        facts += draw(st.lists(row_of(rulebook, kind, few), max_size=most, unique=True))
    held = draw(st.lists(st.sampled_from(SOCIETY), max_size=MOST_SOCIETY))
    facts += [draw(row_of(rulebook, kind, few)) for kind in held]
    for _ in range(draw(st.integers(0, 2))):
        facts += draw(knot(rulebook, few))
    for _ in range(draw(st.integers(0, unknown))):
        facts = draw(less_known(rulebook, facts))
    left_out = draw(st.lists(st.sampled_from(ASKED), max_size=not_asked, unique=True))
    facts = [each for each in once_each(rulebook, facts) if each.kind not in left_out]
    as_of = AS_OF if days is None else draw(st.sampled_from(days))
    case = Case("at random", as_of, tuple(facts), frozenset(rulebook.vocabulary.given) - set(left_out))
    return worked_out(rulebook, case)


OFTEN = (
    "married",
    "siblings",
    "friends",
    "chair",
    "treasurer",
    "wage",
    "voted",
    "owner",
    "trustee",
    "contract",
    "others alone",
    "councillor",
    "plan",
    "conflicts policy",
    "oversaw delivery",
    "misuse of funds",
    "Big Local Community",
)

# The names that things of some types have in random records.
FEW = {
    "decision": ["d1", "d2"],
    "organisation": ["o1", "o2"],
    "household": ["h1", "h2"],
    "concern": ["c1", "c2"],
}

# At most so many records of each kind.
MOST = {
    "households": 4,
    "relations": 6,
    "offices": 4,
    "work": 2,
    "taking part": 4,
    "candidates": 2,
    "interests": 3,
}

# What a partnership agrees, does, is told of and sends: so many records of all of these together.
SOCIETY = (
    *("documents", "policy topics", "activities", "partners", "concerns", "budget", "membership forms"),
    *("reviews", "review answers", "told Local Trust", "public offices", "profiles", "area profile"),
)
MOST_SOCIETY = 6


def core(people: list[str]) -> list[str]:
    """Some of the first and of the last of them: members mostly, and people who are none."""
    return list(dict.fromkeys([*people[:3], *people[-3:]]))


@st.composite
def knot(draw: st.DrawFn, rulebook: Rulebook, people: list[str]) -> list[Fact]:
    """A conflict, or all but one record of it: that is where laws break."""
    one, two, three = people[:3] if draw(st.booleans()) else draw(st.permutations(people))[:3]
    kin = record(rulebook, "relations", person=min(one, two), other=max(one, two), kind="siblings")
    more_kin = record(rulebook, "relations", person=min(two, three), other=max(two, three), kind="married")
    chair = record(rulebook, "offices", person=one, office="chair")
    treasurer = record(rulebook, "offices", person=two, office="treasurer")
    worker = record(rulebook, "work", person=two, pay="wage", route="other")
    voted = record(rulebook, "taking part", person=two, decision="d1", how="voted")
    asked = record(rulebook, "candidates", decision="d1", organisation="o1", chosen="yes")
    mine = record(rulebook, "interests", person=two, organisation="o1", how="owner")
    theirs = record(rulebook, "interests", person=one, organisation="o1", how="employee")
    loyal = record(rulebook, "interests", person=two, organisation="o1", how="trustee")
    flats = [
        record(rulebook, "households", person=each, household="h1", separate_flat="no")
        for each in (one, two, three)
    ]
    conflicts = [
        [kin, more_kin],
        flats,
        [voted, asked, mine],
        [voted, asked, theirs, kin],
        [voted, asked, loyal],
        [worker, voted],
        [worker],
        [chair, treasurer, kin],
        [worker, chair, kin],
    ]
    made = list(draw(st.sampled_from(conflicts)))
    if draw(st.integers(0, 3)) == 3:
        made.pop(draw(st.integers(0, len(made) - 1)))
    return made


# Kinds that a register may leave out; without members or decisions there is little to find.
ASKED = (
    *("homes", "households", "relations", "offices", "work", "taking part", "candidates", "interests"),
    *SOCIETY,
)


@st.composite
def less_known(draw: st.DrawFn, rulebook: Rulebook, facts: list[Fact]) -> list[Fact]:
    """The records with one field not known, or one record only possible, or one home that is missing."""
    facts = list(facts)
    at = draw(st.integers(0, len(facts) - 1))
    kind = rulebook.vocabulary.kinds[facts[at].kind]
    if kind.lists and kind.name != "decisions":
        return facts
    columns = [
        i
        for i, field in enumerate(kind.fields)
        if field.blank.meaning not in ("required", "by now", "nothing")
    ]
    column = draw(st.sampled_from([-1, *columns]))
    if column >= 0:
        row = list(facts[at].values)
        row[column] = UNKNOWN
        facts[at] = attrs.evolve(facts[at], values=tuple(row))
    elif kind.one_for_each:
        del facts[at]
    else:
        facts[at] = attrs.evolve(facts[at], possible=True)
    return facts


def with_facts(case: Case, *facts: Fact) -> Case:
    """The case with further records."""
    return attrs.evolve(case, facts=(*case.facts, *facts))


def joined(rulebook: Rulebook, case: Case, resident: bool) -> Case:
    """The case after somebody new has joined as a member."""
    return with_facts(
        case,
        record(rulebook, "people", person="new"),
        record(rulebook, "homes", person="new", in_the_area="yes" if resident else "no"),
        record(rulebook, "memberships", person="new", capacity="member", voting="yes"),
    )


def left(case: Case, person: str) -> Case:
    """The case after a member has left."""
    kept = (each for each in case.facts if each.kind != "memberships" or each.values[0] != person)
    return attrs.evolve(case, facts=tuple(kept))
