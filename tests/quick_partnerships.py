"""Random partnerships over every kind of fact, made quickly from one number, for laws that are tried on many."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable
from typing import Any

import attrs
from hypothesis import strategies as st

from bigrules.facts.case import UNKNOWN, Answer, Case, Fact, Incomplete
from bigrules.language.model import Rulebook
from partnerships import (
    DECIDED,
    FEW,
    JUDGED,
    MOST,
    SOCIETY,
    SPELLS,
    core,
    once_each,
    random_row,
    record,
    worked_out,
)

# Sizes about the limits of eight members and of 51% are the likely ones.
SIZES = (0, 1, 2, 7, 8, 8, 9, 10, 11, 12)
# Of a kind that makes up the society at most so many records.
MOST_OF_EACH = 3

numbers = st.integers(0, 2**40)


def quick(rulebook: Rulebook, number: int, unknown: int = 0, day: Any = None, answers: bool = False) -> Case:
    """The partnership of a number.

    Args:
        rulebook: The shipped rules.
        number: The same one gives the same partnership.
        unknown: So many fields are not known, or records only possible.
        day: The day of judging; None for any about the window of a review.
        answers: Whether people have answered questions.
    """
    chance = random.Random(number)
    count = chance.choice(SIZES)
    people = [f"p{at:02}" for at in range(count + 3)]
    few = core(people)
    facts: list[Fact] = []

    def add(kind: str, /, **given: Any) -> None:
        facts.append(record(rulebook, kind, **given))

    inside = chance.choice([chance.randint(0, count), (count + 1) // 2, count])
    for at, person in enumerate(people):
        add("people", person=person)
        add("homes", person=person, in_the_area="yes" if at < inside else "no")
        if at < count:
            fixed = {"person": person, "capacity": "member", "from": None, "until": None}
            facts.append(random_row(rulebook, "memberships", people, chance, **fixed))
    for at, day_of in enumerate(DECIDED):
        facts.append(random_row(rulebook, "decisions", few, chance, decision=f"d{at + 1}", day=day_of))
    for kind, most in (*MOST.items(), *((each, MOST_OF_EACH) for each in SOCIETY)):
        for _ in range(chance.randint(0, most)):
            facts.append(random_row(rulebook, kind, few, chance))
    if chance.random() < 0.5:
        facts += conflict(rulebook, few, chance)
    if chance.random() < 0.3:
        # A partnership in which everybody has signed, so that one form more or less tells.
        facts += [
            random_row(rulebook, "membership forms", people, chance, person=each) for each in people[:count]
        ]
    facts = once_each(rulebook, list(dict.fromkeys(facts)))
    for _ in range(unknown):
        less_known(rulebook, facts, chance)
    day = day or chance.choice(JUDGED)
    said = some_answers(rulebook, people, day, chance) if answers else ()
    asked = frozenset(rulebook.vocabulary.given)
    return worked_out(rulebook, Case("at random", day, tuple(facts), asked, answers=said))


def questions(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """What people may be asked, and about things of which types."""
    found = {
        each.id: tuple(each.types[slot].name for slot in each.subject)
        for each in rulebook.rules.values()
        if each.form == "ask"
    }
    for definition in rulebook.definitions.values():
        if definition.people_decide is not None:
            found[definition.id] = tuple(each.name for each in definition.types)
    return found


def some_answers(
    rulebook: Rulebook, people: list[str], day: datetime.date, chance: random.Random
) -> tuple[Answer, ...]:
    """What people said on the day of judging, to most of what is asked of the case, and to some of the rest."""
    given: list[Answer] = []
    for question, types in questions(rulebook).items():
        for _ in range(chance.randint(0, 3) if types else chance.choice([0, 1, 1])):
            subject = tuple(chance.choice(people if each == "person" else FEW[each]) for each in types)
            given.append(Answer(question, subject, chance.choice(["yes", "yes", "no"]), when=day))
    return tuple(given)


def conflict(rulebook: Rulebook, people: list[str], chance: random.Random) -> list[Fact]:
    """The records of one conflict of each sort, with one left out at times."""
    one, two, three = chance.sample(people, 3)
    made = chance.choice(
        [
            [
                ("offices", {"person": one, "office": "chair"}),
                ("offices", {"person": two, "office": "treasurer"}),
                ("relations", {"person": min(one, two), "other": max(one, two), "kind": "siblings"}),
                ("relations", {"person": min(two, three), "other": max(two, three), "kind": "married"}),
                ("work", {"person": three, "pay": "wage", "route": "other"}),
            ],
            [
                ("taking part", {"person": one, "decision": "d1", "how": "voted"}),
                ("candidates", {"decision": "d1", "organisation": "o1", "chosen": "no"}),
                ("interests", {"person": one, "organisation": "o1", "how": "owner"}),
                ("interests", {"person": two, "organisation": "o1", "how": "employee"}),
                ("relations", {"person": min(one, two), "other": max(one, two), "kind": "friends"}),
            ],
            [
                ("households", {"person": each, "household": "h1", "separate_flat": "no"})
                for each in (one, two, three)
            ],
        ]
    )
    kept = []
    for kind, fields in made:
        since, until = chance.choice([(None, None), *SPELLS])
        spell = {"from": since, "until": until} if rulebook.vocabulary.kinds[kind].dated else {}
        kept.append(record(rulebook, kind, **fields, **spell))
    if chance.random() < 0.3:
        kept.pop(chance.randrange(len(kept)))
    return kept


def less_known(rulebook: Rulebook, facts: list[Fact], chance: random.Random) -> None:
    """Make one field unknown, or one record only possible."""
    at = chance.randrange(len(facts))
    kind = rulebook.vocabulary.kinds[facts[at].kind]
    if kind.lists:
        return
    columns = [
        i
        for i, field in enumerate(kind.fields)
        if field.blank.meaning not in ("required", "by now", "nothing") and field.type.name != "text"
    ]
    if not columns or (chance.random() < 0.3 and not kind.one_for_each):
        facts[at] = attrs.evolve(facts[at], possible=True)
        return
    row = list(facts[at].values)
    row[chance.choice(columns)] = UNKNOWN
    facts[at] = attrs.evolve(facts[at], values=tuple(row))


def plain(
    rulebook: Rulebook, members: int, residents: int, open_homes: int = 0, prefix: str = "p"
) -> list[Fact]:
    """The records of so many members, the first of whom live in the area; of the last the home is not known."""
    facts = []
    for at in range(members):
        person = f"{prefix}{at}"
        facts.append(record(rulebook, "people", person=person))
        facts.append(record(rulebook, "memberships", person=person, capacity="member", voting="yes"))
        inside: object = "yes" if at < residents else UNKNOWN if at >= members - open_homes else "no"
        facts.append(record(rulebook, "homes", person=person, in_the_area=inside))
    return facts


def case_of(rulebook: Rulebook, facts: Iterable[Fact], like: Case | None = None, day: Any = None) -> Case:
    """A case with these records, of which everything was asked; in the rest as another case is."""
    as_of = day or (like.as_of if like is not None else JUDGED[0])
    asked = frozenset(rulebook.vocabulary.given) if like is None else like.asked
    incomplete: tuple[Incomplete, ...] = () if like is None else like.incomplete
    answers = () if like is None else like.answers
    case = Case("at random", as_of, tuple(facts), asked, incomplete, answers)
    return worked_out(rulebook, case)


def given(rulebook: Rulebook, case: Case) -> list[Fact]:
    """The records of a case without those that follow from others."""
    return [each for each in case.facts if each.kind in rulebook.vocabulary.given]
