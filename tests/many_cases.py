"""Random partnerships made quickly, for tests that try very many of them."""

from __future__ import annotations

import random
from typing import Any

import attrs

from bigrules.facts.case import UNKNOWN, Case, Fact
from bigrules.language.model import Rulebook
from partnerships import DECIDED, MUTUAL, OFTEN, SPELLS, choices, record
from strategies import AS_OF

# Of so many cases one has something that is not known.
ONE_IN = 4


class ManyCases:
    """Random partnerships of up to fourteen members, with ties among a few people.

    Args:
        rulebook: The shipped rules.
        seed: Of the random numbers.
    """

    def __init__(self, rulebook: Rulebook, seed: int) -> None:
        self._rulebook = rulebook
        self._random = random.Random(seed)
        fields = [
            ("relations", "kind"), ("offices", "office"), ("work", "pay"), ("taking part", "how"),
            ("interests", "how"), ("decisions", "about"), ("candidates", "chosen"),
        ]  # fmt: skip
        self._values = {each: choices(rulebook, *each) for each in fields}
        self._often = {each: [v for v in values if v in OFTEN] for each, values in self._values.items()}

    def _one_of(self, kind: str, field: str) -> str:
        often = self._often[kind, field]
        return self._random.choice(
            often if often and self._random.random() < 0.6 else self._values[kind, field]
        )

    def case(self) -> Case:
        """The next one."""
        rng = self._random
        count = rng.choice([0, 1, 7, 8, 9, 10, 11, 12, 12, 13, 14])
        people = [f"p{at:02}" for at in range(count + 2)]
        few = [*people[:3], *people[-3:]]
        facts: list[Fact] = []

        def add(of: str, /, **given: Any) -> None:
            facts.append(record(self._rulebook, of, **given))

        def spell() -> dict[str, Any]:
            since, until = rng.choice(SPELLS)
            return {"from": since, "until": until}

        inside = rng.randint(0, count)
        for at, person in enumerate(people):
            add("people", person=person)
            add("homes", person=person, in_the_area="yes" if at < inside else "no")
            if at < count:
                add("memberships", person=person, capacity="member", voting=rng.choice(["yes", "yes", "no"]))
        for at, day in enumerate(DECIDED):
            add("decisions", decision=f"d{at}", about=self._one_of("decisions", "about"), day=day)
        for _ in range(rng.randint(0, 3)):
            one, other = sorted(rng.sample(range(len(people)), 2)) if len(people) > 1 else (0, 0)
            if one != other:
                kind = self._one_of("relations", "kind")
                pair = (
                    (people[other], people[one])
                    if kind in MUTUAL and rng.random() < 0.5
                    else (people[one], people[other])
                )
                add("relations", person=pair[0], other=pair[1], kind=kind)
        for person in rng.sample(people, rng.randint(0, min(4, len(people)))):
            add("households", person=person, household=rng.choice("hk"), separate_flat="no")
        for _ in range(rng.randint(0, 3)):
            add("offices", person=rng.choice(few), office=self._one_of("offices", "office"), **spell())
        for _ in range(rng.randint(0, 2)):
            add("work", person=rng.choice(few), pay=self._one_of("work", "pay"), route="other", **spell())
        for _ in range(rng.randint(0, 4)):
            how = self._one_of("taking part", "how")
            add("taking part", person=rng.choice(few), decision=rng.choice(["d0", "d1"]), how=how)
        for _ in range(rng.randint(0, 2)):
            chosen = self._one_of("candidates", "chosen")
            add("candidates", decision=rng.choice(["d0", "d1"]), organisation=rng.choice("op"), chosen=chosen)
        for _ in range(rng.randint(0, 3)):
            how = self._one_of("interests", "how")
            add("interests", person=rng.choice(few), organisation=rng.choice("op"), how=how, **spell())
        if rng.randrange(ONE_IN) == 0:
            for _ in range(rng.randint(1, 2)):
                self._less_known(facts)
        return Case(
            "at random", AS_OF, tuple(dict.fromkeys(facts)), frozenset(self._rulebook.vocabulary.kinds)
        )

    def _less_known(self, facts: list[Fact]) -> None:
        """Make one field unknown, or one record only possible."""
        at = self._random.randrange(len(facts))
        kind = self._rulebook.vocabulary.kinds[facts[at].kind]
        if kind.lists:
            return
        columns = [
            column
            for column, field in enumerate(kind.fields)
            if field.blank.meaning not in ("required", "by now", "nothing") and not field.type.is_thing
        ]
        if not columns or self._random.random() < 0.3:
            facts[at] = attrs.evolve(facts[at], possible=True)
            return
        row = list(facts[at].values)
        row[self._random.choice(columns)] = UNKNOWN
        facts[at] = attrs.evolve(facts[at], values=tuple(row))
