"""Random partnerships of up to twenty members for the shipped rules, and what can happen to them."""

from __future__ import annotations

import datetime
from typing import Any

import attrs
from hypothesis import strategies as st

from bigrules.facts.case import UNKNOWN, Case, Fact
from bigrules.language.model import Rulebook
from strategies import AS_OF, things

ONE_DAY = datetime.timedelta(days=1)
# Days on which a decision may have been taken, and spells that hold some of them or none.
DECIDED = (datetime.date(2018, 3, 1), datetime.date(2018, 5, 1))
SPELLS: tuple[tuple[datetime.date | None, datetime.date | None], ...] = (
    (None, None),
    (datetime.date(2018, 4, 1), None),
    (None, datetime.date(2018, 4, 1)),
    (AS_OF, AS_OF),
)
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


def row_of(rulebook: Rulebook, kind: str, people: list[str]) -> st.SearchStrategy[Fact]:
    """A random record of a kind about some people."""
    person = st.sampled_from(people)
    decision = st.sampled_from(["d1", "d2"])
    organisation = st.sampled_from(["o1", "o2"])
    spell = st.sampled_from(SPELLS)

    def dated(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Fact]:
        return st.tuples(spell, st.fixed_dictionaries(fields)).map(
            lambda pair: record(rulebook, kind, **pair[1], **{"from": pair[0][0], "until": pair[0][1]})
        )

    def undated(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Fact]:
        return st.fixed_dictionaries(fields).map(lambda each: record(rulebook, kind, **each))

    def one_of(field: str) -> st.SearchStrategy[Any]:
        # Half of them are the values on which most conflicts turn.
        every = choices(rulebook, kind, field)
        often = [each for each in every if each in OFTEN]
        return st.sampled_from(often or every) | st.sampled_from(every)

    match kind:
        case "memberships":
            return dated(person=person, capacity=one_of("capacity"), voting=one_of("voting"))
        case "homes":
            return dated(person=person, in_the_area=one_of("in the area"))
        case "households":
            return dated(
                person=person, household=st.sampled_from(["h1", "h2"]), separate_flat=one_of("separate flat")
            )
        case "relations":
            # Parents before children, so that no chain of parents closes.
            pair = st.tuples(person, person).filter(lambda each: each[0] != each[1]).map(sorted)
            return st.tuples(pair, one_of("kind")).map(
                lambda each: record(rulebook, kind, person=each[0][0], other=each[0][1], kind=each[1])
            )
        case "offices":
            return dated(person=person, office=one_of("office"))
        case "work":
            return dated(person=person, pay=one_of("pay"), route=one_of("route"))
        case "taking part":
            return undated(person=person, decision=decision, how=one_of("how"))
        case "candidates":
            return undated(decision=decision, organisation=organisation, chosen=one_of("chosen"))
        case "interests":
            return dated(person=person, organisation=organisation, how=one_of("how"))
    raise AssertionError(kind)


@st.composite
def partnerships(
    draw: st.DrawFn,
    rulebook: Rulebook,
    members: tuple[int, int] = (0, 12),
    others: int = 3,
    unknown: int = 0,
    not_asked: int = 0,
) -> Case:
    """A partnership with so many members, and some other people about them.

    Args:
        draw: Given by Hypothesis.
        rulebook: The shipped rules.
        members: Least and greatest number of members.
        others: Number of other people.
        unknown: At most so many fields that are not known and records that are only possible.
        not_asked: At most so many kinds that were not asked.
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
        about = draw(st.sampled_from(["contract", "grant", *choices(rulebook, "decisions", "about")]))
        facts.append(record(rulebook, "decisions", decision=f"d{at + 1}", about=about, day=day))
    # Ties are among few, so that they often meet in one conflict.
    few = core(people)
    for kind, most in MOST.items():
        facts += draw(st.lists(row_of(rulebook, kind, few), max_size=most, unique=True))
    for _ in range(draw(st.integers(0, 2))):
        facts += draw(knot(rulebook, few))
    for _ in range(draw(st.integers(0, unknown))):
        facts = draw(less_known(rulebook, facts))
    left_out = draw(st.lists(st.sampled_from(ASKED), max_size=not_asked, unique=True))
    kept = [each for each in facts if each.kind not in left_out]
    return Case("at random", AS_OF, tuple(kept), frozenset(rulebook.vocabulary.kinds) - set(left_out))


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
)

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
ASKED = ("homes", "households", "relations", "offices", "work", "taking part", "candidates", "interests")


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
