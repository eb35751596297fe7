"""The search for completions: it goes straight for what is wanted, keeps to what may be, and gives up in time."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from typing import Any

import pytest

from bigrules.engines.base import Evaluation
from bigrules.engines.conditions import Conditions
from bigrules.facts.case import Case
from bigrules.facts.layout import Layout, Site
from bigrules.findings.completions import DEEPEST, Goal, NotSettled, Search
from bigrules.program.core import Program


class Only(Evaluation):
    """An evaluation of nothing but conditions over sites that are so or not."""

    def __init__(self, count: int, groups: Mapping[int, int] | None = None, limit: int | None = None) -> None:
        layout = Layout(Case("", datetime.date(2018, 6, 1)), group_limit=limit)
        for number in range(count):
            layout.add(Site(number, "field", "k", "f", (), (0, 1), (groups or {}).get(number)))
        super().__init__(Program({}, (), ()), layout)
        self.conditions = Conditions(layout)
        self.tried = 0

    def candidates(self, rule: Any) -> Any:
        raise NotImplementedError

    taken = table = candidates  # type: ignore[assignment]

    def is_so(self, site: int, value: int = 1) -> int:
        """The condition that a site has a value."""
        return self.conditions.site(site, frozenset((value,)))

    def all_of(self, *conditions: int) -> int:
        """All of some conditions."""
        return self.conditions.negated(
            self.conditions.any_of(self.conditions.negated(each) for each in conditions)
        )

    def value(self, condition: int, assignment: Mapping[int, int]) -> bool | None:
        return self.valuation(assignment)(condition)

    def valuation(self, assignment: Mapping[int, int]) -> Any:
        self.tried += 1
        return self.conditions.valuation(assignment)

    def support(self, condition: int) -> frozenset[int]:
        return self.conditions.support(condition)

    def size(self, condition: int) -> int:
        return self.conditions.size(condition)

    def suggest(self, condition: int, wanted: bool, value: Any) -> tuple[int, int] | None:
        return self.conditions.suggest(condition, wanted, value)

    def preferences(self, condition: int, wanted: bool, value: Any) -> dict[int, int]:
        return self.conditions.preferences(condition, wanted, value)


class Blind(Only):
    """The same without hints."""

    def suggest(self, condition: int, wanted: bool, value: Any) -> None:
        return None

    def preferences(self, condition: int, wanted: bool, value: Any) -> dict[int, int]:
        return {}


MANY = 40


def test_what_is_read_in_one_direction_is_reached_at_once() -> None:
    """Forty that must all be so, or all not; one guess is enough after the first look."""
    over = Only(MANY)
    every = over.all_of(*(over.is_so(each, each % 2) for each in range(MANY)))
    found = Search(over, trials=2).find([every], True)
    assert found == {each: each % 2 for each in range(MANY)}
    some = over.conditions.any_of(over.is_so(each) for each in range(MANY))
    assert Search(over, trials=2).find([some], False) == dict.fromkeys(range(MANY), 0)


def test_what_is_settled_among_several_is_passed_over() -> None:
    """None of three is wanted; the first and last are open, the second is not."""
    over = Only(4)
    conditions = [over.is_so(0), over.all_of(over.is_so(1), over.is_so(2)), over.is_so(3)]
    search = Search(over, {1: 0}, trials=2)
    assert search.find(conditions, False) == {0: 0, 1: 0, 3: 0}
    assert search.value(conditions) is None
    assert Search(over, {0: 1}).value(conditions) is True
    assert Search(over, {0: 0, 1: 0, 3: 0}).value(conditions) is False


def test_whether_a_site_matters_is_seen_at_once_where_others_only_have_to_stand_aside() -> None:
    """It does where all others are so: these must be the same in both completions, and it must not."""
    over = Only(MANY)
    every = over.all_of(*(over.is_so(each) for each in range(MANY)))
    search = Search(over, trials=4)
    assert search.matters([every], frozenset((7,)))
    one, two = search.solve([Goal((every,), True, 0), Goal((every,), False, 1)], frozenset((7,))) or ({}, {})
    assert (one[7], two[7]) == (1, 0)
    assert {**one, 7: None} == {**two, 7: None}
    some = over.conditions.any_of(over.is_so(each) for each in range(MANY))
    assert Search(over, trials=4).matters([some], frozenset((7,)))


def test_a_site_that_is_not_read_does_not_matter() -> None:
    """Nor one that is read, but makes no difference beside what is fixed."""
    over = Only(4)
    both = over.all_of(over.is_so(0), over.is_so(1))
    assert not Search(over).matters([both], frozenset((2,)))
    assert not Search(over, {0: 0}).matters([both], frozenset((1,)))
    assert Search(over, {0: 1}).matters([both], frozenset((1,)))
    assert not Search(over).matters([both, over.conditions.negated(both)], frozenset((0, 1)))


@pytest.mark.parametrize("kind", [Only, Blind])
def test_no_more_records_are_supposed_than_there_may_be(kind: type[Only]) -> None:
    """Of four that may be in one list two may be; another list has room of its own, and what is no list has no end."""
    over = kind(8, groups={0: 0, 1: 0, 2: 0, 3: 0, 4: 1, 5: 1}, limit=2)
    search = Search(over)
    assert search.find([over.all_of(*map(over.is_so, (0, 3)))], True) is not None
    assert search.find([over.all_of(*map(over.is_so, (0, 1, 3)))], True) is None
    assert search.find([over.all_of(*map(over.is_so, (0, 1, 4, 5, 6, 7)))], True) is not None
    # A site of a full list matters only where it takes the place of another.
    pair = over.all_of(over.is_so(0), over.is_so(1))
    three = over.all_of(pair, over.is_so(2))
    assert not search.matters([three], frozenset((2,)))
    assert search.matters([pair], frozenset((1,)))
    free = kind(4, groups={0: 0, 1: 0, 2: 0})
    assert Search(free).find([free.all_of(*map(free.is_so, (0, 1, 2)))], True) is not None


@pytest.mark.parametrize("kind", [Only, Blind])
def test_a_search_gives_up_after_its_trials(kind: type[Only]) -> None:
    """Exactly one of each pair, and both of the last: there is none, and that takes more than a few trials."""
    over = kind(12)
    differ = []
    for each in range(0, 10, 2):
        left, right = over.is_so(each), over.is_so(each + 1)
        both, none = over.all_of(left, right), over.conditions.negated(over.conditions.either(left, right))
        differ.append(over.conditions.negated(over.conditions.either(both, none)))
    impossible = over.all_of(*differ, *(over.conditions.negated(each) for each in differ))
    with pytest.raises(NotSettled):
        Search(over, trials=3).find([impossible], True)
    with pytest.raises(NotSettled):
        Search(over, work=over.size(impossible)).find([impossible], True)
    assert Search(over).find([impossible], True) is None
    found = Search(over).find([over.all_of(*differ)], True)
    assert found is not None
    assert all(found[each] != found[each + 1] for each in range(0, 10, 2))


def test_what_was_found_is_not_sought_again() -> None:
    """Nor that there is none."""
    over = Only(3)
    search = Search(over)
    condition = over.all_of(over.is_so(0), over.is_so(1))
    first = search.find([condition], True)
    before = over.tried
    assert search.find([condition], True) == first
    assert over.tried == before
    assert search.find([condition], False) is not None
    assert over.tried > before


def test_a_search_goes_only_so_deep() -> None:
    """Without hints one site is chosen after the other, up to so many."""
    over = Blind(DEEPEST + 2)
    every = over.all_of(*(over.is_so(each) for each in range(DEEPEST + 2)))
    with pytest.raises(NotSettled):
        Search(over, trials=10_000).find([every], True)
    short = Blind(DEEPEST)
    every = short.all_of(*(short.is_so(each, 0) for each in range(DEEPEST)))
    assert Search(short, trials=10_000).find([every], True) == dict.fromkeys(range(DEEPEST), 0)


@pytest.mark.parametrize("kind", [Only, Blind])
def test_random_goals_of_two_completions_are_met_just_where_they_can_be(kind: type[Only]) -> None:
    """Whatever may differ between the two, and whatever is fixed before."""
    from itertools import product

    for seed in range(120):
        chance, over = random.Random(seed), kind(4)
        parts = [over.is_so(chance.randrange(4), chance.randint(0, 1)) for _ in range(5)]
        while len(parts) > 1:
            one, other = parts.pop(), parts.pop(0)
            parts.append(chance.choice([over.conditions.both, over.conditions.either])(one, other))
        condition = parts[0]
        private = frozenset(chance.sample(range(4), chance.randint(0, 2)))
        fixed = {each: chance.randint(0, 1) for each in set(range(4)) - private if chance.random() < 0.2}
        goals = [Goal((condition,), chance.random() < 0.5, 0), Goal((condition,), chance.random() < 0.5, 1)]
        every = [dict(enumerate(values)) for values in product((0, 1), repeat=4)]
        every = [each for each in every if all(each[site] == value for site, value in fixed.items())]
        exists = any(
            over.value(condition, one) is goals[0].wanted and over.value(condition, two) is goals[1].wanted
            for one in every
            for two in every
            if all(one[site] == two[site] for site in range(4) if site not in private)
        )
        found = Search(over, fixed).solve(goals, private)
        assert (found is not None) is exists, seed
        if found is not None:
            assert all(found[0].get(site) == found[1].get(site) for site in range(4) if site not in private)
            assert all(each[site] == value for each in found for site, value in fixed.items())
            assert [over.value(condition, each) for each in found] == [goal.wanted for goal in goals]
