"""Conditions: many random ones against every completion; what shape they have; hints, circles and their bounds."""

from __future__ import annotations

import datetime
import itertools
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bigrules.engines.conditions import ALWAYS, MOST_MERGED, MOST_ROWS, NEVER, Conditions, TooMuch
from bigrules.facts.case import Case
from bigrules.facts.layout import Layout, Site

SIZES = (2, 3, 2, 2)
EVERY = [dict(enumerate(values)) for values in itertools.product(*map(range, SIZES))]
Plain = Callable[[Mapping[int, int]], bool]


def conditions(*groups: int | None, limit: int | None = None) -> Conditions:
    """Conditions over four sites of two or three values."""
    layout = Layout(Case("", datetime.date(2018, 6, 1)), group_limit=limit)
    for number, size in enumerate(SIZES):
        group = groups[number] if number < len(groups) else None
        layout.add(Site(number, "field", "k", "f", (), tuple(range(size)), group))
    return Conditions(layout)


def made(made_by: random.Random, over: Conditions, depth: int) -> tuple[int, Plain]:
    """A random condition, and what it means."""
    if depth == 0 or made_by.random() < 0.2:
        site = made_by.randrange(4)
        allowed = frozenset(each for each in range(SIZES[site]) if made_by.random() < 0.5)
        return over.site(site, allowed), lambda each: each[site] in allowed
    op = made_by.choice(["and", "or", "not", "two of", "any of"])
    parts = [made(made_by, over, depth - 1) for _ in range({"not": 1, "and": 2, "or": 2}.get(op, 3))]
    ids, plain = [id_ for id_, _ in parts], [each for _, each in parts]
    if op == "not":
        return over.negated(ids[0]), lambda each: not plain[0](each)
    if op == "and":
        return over.both(*ids), lambda each: all(one(each) for one in plain)
    if op == "or":
        return over.either(*ids), lambda each: any(one(each) for one in plain)
    if op == "any of":
        return over.any_of(ids), lambda each: any(one(each) for one in plain)

    def two(value: Any) -> bool | None:
        held = [value(each) for each in ids]
        return True if held.count(True) >= 2 else False if held.count(False) >= 2 else None

    return over.measured(two, ids, True), lambda each: sum(one(each) for one in plain) >= 2


def random_conditions(count: int, depth: int = 4) -> list[tuple[Conditions, int, Plain, random.Random]]:
    """So many conditions that are neither always nor never so."""
    found = []
    for seed in itertools.count():
        chance, over = random.Random(seed), conditions()
        condition, plain = made(chance, over, depth)
        if condition > ALWAYS:
            found.append((over, condition, plain, chance))
        if len(found) == count:
            return found
    raise AssertionError


MANY = random_conditions(250)


def test_values_are_those_of_every_completion() -> None:
    """Exact with everything known; with less, never against a completion; and so of what is restricted."""
    open_ = 0
    for over, condition, plain, chance in MANY:
        known = {site: chance.randrange(SIZES[site]) for site in range(4) if chance.random() < 0.4}
        agreeing = [each for each in EVERY if all(each[site] == value for site, value in known.items())]
        value = over.valuation(known)(condition)
        smaller = over.restricted(condition, known)
        open_ += value is None
        assert value is None or all(plain(each) is value for each in agreeing)
        assert value is None or smaller == (ALWAYS if value else NEVER)
        assert not over.support(smaller) & set(known)
        for each in agreeing:
            assert over.valuation(each)(condition) is over.valuation(each)(smaller) is plain(each)
    assert open_ > 50


def test_what_is_said_to_be_read_is_all_that_makes_a_difference() -> None:
    """Asked of the whole before and after its parts."""
    for over, condition, plain, _ in MANY:
        support = over.support(condition)
        for each in EVERY:
            for site in set(range(4)) - support:
                assert plain(each) == plain({**each, site: (each[site] + 1) % SIZES[site]})
        assert over.support(over.negated(condition)) == support
        other = over.site(3, frozenset((0,)))
        assert over.support(over.both(condition, other)) <= support | {3}


def test_a_condition_that_reads_each_site_once_reaches_what_is_wanted_as_it_is_pulled() -> None:
    """All open sites together; and one after the other, as is suggested."""
    for seed in range(60):
        chance, over = random.Random(seed), conditions()
        left = [0, 1, 2, 3]
        chance.shuffle(left)
        parts = [
            over.site(site, frozenset(chance.sample(range(SIZES[site]), chance.randint(1, SIZES[site] - 1))))
            for site in left
        ]
        while len(parts) > 1:
            one, other = parts.pop(), parts.pop(0)
            joined = chance.choice([over.both, over.either])(one, other)
            parts.append(over.negated(joined) if chance.random() < 0.5 else joined)
        (condition,) = parts
        for wanted in (True, False):
            value = over.valuation({})
            pulled = over.preferences(condition, wanted, value)
            assert over.valuation(pulled)(condition) is wanted
            chosen: dict[int, int] = {}
            for _ in range(4):
                hint = over.suggest(condition, wanted, over.valuation(chosen))
                if hint is None:
                    break
                assert hint[0] not in chosen
                chosen[hint[0]] = hint[1]
            assert over.valuation(chosen)(condition) is wanted


def test_hints_about_a_measure_go_the_way_that_it_tends() -> None:
    """More of them help, or fewer; where neither is known, what is wanted of it is wanted of them."""
    over = conditions()
    left, right = over.site(0, frozenset((1,))), over.site(2, frozenset((1,)))
    for sense, towards in ((True, 1), (False, 0), (None, 1)):
        measure = over.measured(lambda value: None, (left, right), sense)
        value = over.valuation({})
        assert over.suggest(measure, True, value) == (0, towards)
        assert over.preferences(measure, True, value) == {0: towards, 2: towards}
        other = 1 - towards if sense is not None else 0
        assert over.suggest(measure, False, value) == (0, other)
        assert over.preferences(measure, False, value) == {0: other, 2: other}


def test_the_smallest_open_reason_is_suggested() -> None:
    """A plain site before two together; what is settled gives no hint."""
    over = conditions()
    one, both = (
        over.site(3, frozenset((1,))),
        over.both(over.site(0, frozenset((1,))), over.site(2, frozenset((1,)))),
    )
    either = over.any_of((both, one))
    assert over.suggest(either, True, over.valuation({})) == (3, 1)
    assert over.preferences(either, True, over.valuation({})) == {3: 1}
    # That two are not together takes one of them.
    assert over.preferences(either, False, over.valuation({})) == {0: 0, 3: 0}
    assert over.suggest(either, True, over.valuation({3: 0})) == (0, 1)
    assert over.suggest(either, True, over.valuation({3: 1})) is None
    assert over.preferences(either, True, over.valuation({3: 1})) == {}
    assert over.suggest(ALWAYS, True, over.valuation({})) is None


def test_what_says_the_same_is_the_same() -> None:
    """Always and never are left out; what is said of one site is said once; twice not is nothing."""
    over = conditions()
    no, yes, other = (
        over.site(0, frozenset((0,))),
        over.site(0, frozenset((1,))),
        over.site(2, frozenset((1,))),
    )
    assert over.site(0, frozenset((0, 1))) == ALWAYS
    assert over.site(0, frozenset()) == NEVER
    assert over.site(0, frozenset((1,))) == yes
    assert [over.both(yes, each) for each in (ALWAYS, NEVER, yes)] == [yes, NEVER, yes]
    assert [over.both(each, yes) for each in (ALWAYS, NEVER)] == [yes, NEVER]
    assert [over.either(yes, each) for each in (ALWAYS, NEVER, yes)] == [ALWAYS, yes, yes]
    assert [over.negated(each) for each in (NEVER, ALWAYS, yes, no)] == [ALWAYS, NEVER, no, yes]
    both = over.both(yes, other)
    assert over.both(other, yes) == both
    assert over.negated(over.negated(both)) == both
    assert over.both(yes, no) == over.both(both, no) == NEVER
    assert over.either(yes, no) == ALWAYS
    assert over.any_of(()) == over.any_of((NEVER, NEVER)) == NEVER
    assert over.both(over.site(1, frozenset((0, 1))), over.site(1, frozenset((1, 2)))) == over.site(
        1, frozenset((1,))
    )
    assert over.either(over.site(1, frozenset((0,))), over.site(1, frozenset((2,)))) == over.site(
        1, frozenset((0, 2))
    )
    assert over.when(()) == ALWAYS
    assert over.when(((0, frozenset((1,))), (2, frozenset((1,))))) == both


def test_alternatives_that_differ_in_one_site_are_one() -> None:
    """Up to so many of them are held against each other."""
    over = conditions()
    other = over.site(2, frozenset((1,)))
    ways = [over.both(over.site(1, frozenset((each,))), other) for each in range(3)]
    assert over.any_of(ways) == other
    assert over.any_of(ways[:2]) == over.both(over.site(1, frozenset((0, 1))), other)
    assert over.any_of([*ways, over.negated(other)]) == ALWAYS
    # One that says the same without the site does not go with them.
    apart = over.any_of([ways[0], over.both(over.site(1, frozenset((1,))), over.site(3, frozenset((1,))))])
    assert over.nodes[apart][0] == "or"


@pytest.mark.parametrize(("count", "merged"), [(MOST_MERGED, True), (MOST_MERGED + 1, False)])
def test_only_so_many_alternatives_are_held_against_each_other(count: int, merged: bool) -> None:
    """A pair that goes together, among so many that do not."""
    layout = Layout(Case("", datetime.date(2018, 6, 1)))
    for number in range(count):
        layout.add(Site(number, "field", "k", "f", (), (0, 1, 2), None))
    over = Conditions(layout)
    pair = [over.both(over.site(0, frozenset((each,))), over.site(1, frozenset((1,)))) for each in (0, 1)]
    rest = [over.site(each, frozenset((1,))) for each in range(2, count)]
    assert len(over.nodes[over.any_of([*pair, *rest])][1]) == count - merged


def test_values_that_no_condition_tells_apart_are_tried_once() -> None:
    """Of three, the second and third are alike until something says one of them."""
    over = conditions()
    assert over.told_apart(1) == [0]
    over.site(1, frozenset((0,)))
    assert over.told_apart(1) == [0, 1]
    over.site(1, frozenset((0,)))
    over.site(1, frozenset((2,)))
    assert over.told_apart(1) == [0, 1, 2]
    assert over.told_apart(0) == [0]


def test_the_size_of_a_condition_is_that_of_all_it_is_made_of() -> None:
    """What is there twice is counted once."""
    over = conditions()
    one, other = over.site(0, frozenset((1,))), over.site(2, frozenset((1,)))
    both = over.both(one, other)
    assert [over.size(each) for each in (NEVER, ALWAYS, one, both, over.negated(both))] == [1, 1, 1, 3, 4]
    measure = over.measured(lambda value: None, (one, both))
    assert over.size(measure) == 4
    assert over.size(over.both(measure, both)) == 5
    loop = over.loop(0)
    over.nodes[loop][1].extend([one, loop])
    assert over.size(loop) == 2


def test_what_is_measured_of_what_is_certain_is_settled_at_once() -> None:
    """Nothing is kept of it."""
    over = conditions()
    before = len(over.nodes)
    assert over.measured(lambda value: value(ALWAYS) and not value(NEVER), (ALWAYS, NEVER)) == ALWAYS
    assert over.measured(lambda value: value(NEVER), (ALWAYS, NEVER)) == NEVER
    assert len(over.nodes) == before


def test_only_what_might_be_recorded_is_bounded() -> None:
    """What is written down is gone through to the end."""
    free, bounded = conditions(), conditions(0, None, 0, limit=1)
    free.spend(10 * MOST_ROWS)
    bounded.spend(MOST_ROWS)
    with pytest.raises(TooMuch):
        bounded.spend(1)


def fixpoint(reasons: list[list[tuple[str, list[Any]]]], completion: Mapping[int, int]) -> list[bool]:
    """What holds in the least way in which everything that holds has a reason."""
    holds = [False] * len(reasons)

    def is_so(part: Any) -> bool:
        if isinstance(part, int):
            return holds[part]
        site, allowed = part
        return completion[site] in allowed

    while True:
        new = [
            any((all if op == "and" else any)(is_so(part) for part in parts) for op, parts in mine)
            for mine in reasons
        ]
        if new == holds:
            return holds
        holds = new


def test_circles_of_reasons_hold_what_follows_and_no_more() -> None:
    """Random ones, with reasons in which facts of the circle stand together or beside each other."""
    open_ = 0
    for seed in range(80):
        chance, over = random.Random(seed), conditions()
        count = chance.randint(2, 4)
        loops = [over.loop(chance.randint(0, 1)) for _ in range(count)]
        reasons: list[list[tuple[str, list[Any]]]] = []
        for loop in loops:
            mine: list[tuple[str, list[Any]]] = []
            for _ in range(chance.randint(1, 3)):
                parts: list[Any] = []
                for _ in range(chance.randint(1, 2)):
                    if chance.random() < 0.6:
                        parts.append(chance.randrange(count))
                    else:
                        site = chance.randrange(4)
                        parts.append((site, frozenset((chance.randrange(SIZES[site]),))))
                ids = [loops[each] if isinstance(each, int) else over.site(*each) for each in parts]
                op = chance.choice(["and", "or"])
                joined = ALWAYS if op == "and" else NEVER
                for each in ids:
                    joined = over.both(joined, each) if op == "and" else over.either(joined, each)
                over.nodes[loop][1].append(joined)
                mine.append((op, parts))
            reasons.append(mine)
        known = {site: chance.randrange(SIZES[site]) for site in range(4) if chance.random() < 0.3}
        partly = over.valuation(known)
        bounds = [partly(each) for each in loops]
        open_ += bounds.count(None)
        agreeing = [each for each in EVERY if all(each[site] == value for site, value in known.items())]
        truths = [fixpoint(reasons, each) for each in agreeing]
        for each, truth in zip(agreeing, truths, strict=True):
            value = over.valuation(each)
            assert [value(loop) for loop in loops] == truth
        for number, bound in enumerate(bounds):
            assert bound is None or all(truth[number] is bound for truth in truths)
    assert open_ > 40
