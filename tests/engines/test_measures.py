"""Measures over what is certain and what may be: bounds are those of all completions, and limits are held exactly."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from bigrules.engines.conditions import ALWAYS, NEVER
from bigrules.engines.measures import Contributions, Held, as_number, compare, gather, rounded
from bigrules.program.core import MeasureTable

OPS = {
    "at least": lambda one, other: one >= other,
    "at most": lambda one, other: one <= other,
    "more than": lambda one, other: one > other,
    "less than": lambda one, other: one < other,
    "exactly": lambda one, other: one == other,
}


def table(aggregate: str, **more: Any) -> MeasureTable:
    """A measure without outer slots."""
    among = "among" if aggregate == "share" else ""
    return MeasureTable(aggregate, (), among, "counted", **more)  # type: ignore[arg-type]


def valuation(known: dict[int, bool | None]) -> Callable[[int], bool | None]:
    """What is certain, and what is said of the others."""
    return lambda condition: {NEVER: False, ALWAYS: True}.get(condition, known.get(condition))


def truly(measure: Contributions, holds: Callable[[int], bool | None]) -> Any:
    """The measure where everything is known; None of nobody. Written plainly."""
    counted = [key for key, each in measure.counted.items() if holds(each)]
    among = [key for key, each in measure.among.items() if holds(each)]
    kind = measure.measure
    match kind.aggregate:
        case "number":
            return len({key[0] for key in counted})
        case "total":
            return sum(key[1] for key in counted)
        case "least" | "greatest":
            worst = min if kind.aggregate == "least" else max
            return worst((key[1] for key in counted), default=None)
        case "share":
            weight = (lambda key: key[1]) if kind.has_value else (lambda key: 1)
            whole = sum(map(weight, among))
            return Fraction(sum(map(weight, counted)), whole) if whole else None
        case "group sharing":
            return max((len({key[0] for key in counted if key[2] == each[2]}) for each in counted), default=0)
    people = {key[0] for key in counted}
    links = [each[:2] for each in measure.links if holds(each[2])]
    if not kind.through_anyone:
        links = [each for each in links if set(each) <= people]
    groups = [{each} for each in {*people, *itertools.chain(*links)}]
    for link in links:
        joined = set().union(*(each for each in groups if each & set(link)))
        groups = [each for each in groups if not each & set(link)] + [joined]
    return max((len(each & people) for each in groups), default=0)


SHAPES = [
    table("number"), table("total", has_value=True), table("least", has_value=True), table("greatest", has_value=True),
    table("share"), table("share", has_value=True), table("group sharing", has_shared=True),
    table("group linked", link="link"), table("group linked", link="link", through_anyone=True),
]  # fmt: skip
NAMES = [f"{each.aggregate} {each.has_value} {each.through_anyone}" for each in SHAPES]


def drawn(shape: MeasureTable, chance: random.Random, least: int = 0) -> tuple[Contributions, list[int]]:
    """A measure over a few people of whom some only may be, each by a condition of their own; and those conditions."""
    fresh = itertools.count(2)
    counted: dict[tuple[Any, ...], int] = {}
    among: dict[tuple[Any, ...], int] = {}
    for person in range(chance.randint(1, 4)):
        value = chance.randint(least, 3) if shape.has_value else None
        key = (person, value, chance.randint(0, 1) if shape.has_shared else None)
        sort = chance.choice(["yes", "may be", "may count", "never counts"])
        if shape.aggregate != "share":
            counted[key] = ALWAYS if sort in ("yes", "never counts") else next(fresh)
            continue
        among[key] = ALWAYS if sort != "may be" else next(fresh)
        if sort in ("yes", "may be"):
            # Whoever may be among, and counts if so.
            counted[key] = among[key]
        elif sort == "may count":
            counted[key] = next(fresh)
    links = []
    if shape.link:
        for _ in range(chance.randint(0, 4)):
            left, right = chance.sample(range(5), 2)
            links.append((left, right, ALWAYS if chance.random() < 0.5 else next(fresh)))
    return Contributions(shape, counted, among, links), list(range(2, next(fresh)))


@pytest.mark.parametrize("shape", SHAPES, ids=NAMES)
def test_bounds_are_the_least_and_greatest_of_all_completions(shape: MeasureTable) -> None:
    """And of the links as they stand; nobody where nobody is measured in any of them."""
    for seed in range(120):
        measure, conditions = drawn(shape, random.Random(seed))
        every = [
            dict(zip(conditions, values, strict=True))
            for values in itertools.product((False, True), repeat=len(conditions))
        ]
        found = [truly(measure, valuation(each)) for each in every]
        there = [each for each in found if each is not None]
        least, greatest = measure.interval(valuation({}))
        nobody = measure.nobody(valuation({}))
        assert nobody is (True if not there else None if len(there) < len(found) else False)
        if there:
            assert least <= min(there) and max(there) <= greatest, seed
            # A share of those who count whenever they are among is shown with bounds that may be wider.
            if not set(measure.among.values()) & set(measure.counted.values()) - {ALWAYS}:
                assert (least, greatest) == (min(there), max(there)), seed
        assert set(conditions) <= set(measure.reads())
        for each, exactly in zip(every, found, strict=True):
            if exactly is not None:
                assert measure.interval(valuation(each)) == (exactly, exactly)


@pytest.mark.parametrize("of_nobody", ["natural", "met", "breached"])
@pytest.mark.parametrize("shape", SHAPES, ids=NAMES)
def test_a_limit_is_kept_where_every_completion_keeps_it(shape: MeasureTable, of_nobody: str) -> None:
    """Open where they differ, and only there: each hangs on conditions of its own."""
    seen = set()
    for seed in range(120):
        chance = random.Random(seed)
        measure, conditions = drawn(shape, chance)
        op = chance.choice(list(OPS))
        bound = Fraction(chance.randint(0, 4), chance.randint(1, 2) if shape.aggregate != "share" else 4)
        held = Held(measure, op, bound, of_nobody=of_nobody)
        kept, void, nobody = [], [], []
        for values in itertools.product((False, True), repeat=len(conditions)):
            value = valuation(dict(zip(conditions, values, strict=True)))
            exactly = truly(measure, value)
            nobody.append(exactly is None)
            void.append(exactly is None and of_nobody == "natural")
            kept.append(OPS[op](exactly, bound) if exactly is not None else of_nobody == "met")
            assert (held.kept(value), held.void(value)) == (kept[-1], void[-1]), seed
        told = (held.kept(valuation({})), held.void(valuation({})))
        for said, truth in zip(told, (kept, void), strict=True):
            assert said is None or all(each is said for each in truth), seed
        # A number between two others may be none that there is; what nobody means is held against it alone.
        if op != "exactly" and not any(nobody):
            assert told[0] is not None or len(set(kept)) == 2, seed
        seen.add(told[0])
    assert seen == {True, False, None}


@pytest.mark.parametrize("rounding", ["", "up", "down", "nearest"])
def test_a_limit_may_be_a_fraction_of_another_measure(rounding: str) -> None:
    """Rounded, and turned round where it is a fraction below nothing."""
    for seed in range(80):
        chance = random.Random(seed)
        measure, mine = drawn(table("number"), chance)
        other, theirs = drawn(table("greatest", has_value=True), chance)
        shift = {key: each if each < 2 else each + 100 for key, each in other.counted.items()}
        other = Contributions(other.measure, counted=shift)
        conditions = [*mine, *(each + 100 for each in theirs)]
        op, factor = chance.choice(list(OPS)), Fraction(chance.choice((1, 2, -1)), chance.choice((1, 2, 3)))
        held = Held(measure, op, factor, other, rounding, chance.choice(("natural", "met", "breached")))
        assert set(conditions) <= set(held.reads())
        told = held.kept(valuation({}))
        limits = held.limit(valuation({}))
        for values in itertools.product((False, True), repeat=len(conditions)):
            value = valuation(dict(zip(conditions, values, strict=True)))
            exactly, of = truly(measure, value), truly(other, value)
            if of is None:
                assert held.limit(value) == (None, None)
                assert (held.void(value), held.kept(value)) == (
                    held.of_nobody == "natural",
                    held.of_nobody == "met",
                )
            else:
                bound = rounded(factor * of, rounding)
                assert held.limit(value) == (bound, bound)
                assert limits[0] is None or limits[0] <= bound <= limits[1]
                assert (held.void(value), held.kept(value)) == (False, OPS[op](exactly, bound)), seed
            assert told is None or told is held.kept(value)


def test_a_share_may_be_rounded_as_a_number_of_those_among() -> None:
    """At least a third of four, rounded up, is two; rounded down, one."""
    among = {(each, None, None): ALWAYS for each in range(4)}
    for counted, rounding, kept in [(1, "up", False), (2, "up", True), (1, "down", True), (0, "down", False)]:
        some = Contributions(table("share"), dict(itertools.islice(among.items(), counted)), among)
        assert Held(some, "at least", Fraction(1, 3), rounding=rounding).kept(valuation({})) is kept
    # One more may be among: then a third of five, rounded up, is two as well, and down one.
    more = {**among, (4, None, None): 7}
    one = Contributions(table("share"), {(0, None, None): ALWAYS}, more)
    assert Held(one, "at least", Fraction(1, 4), rounding="up").kept(valuation({})) is None
    assert Held(one, "at least", Fraction(1, 4), rounding="down").kept(valuation({})) is True


def test_weights_below_nothing_do_not_turn_a_relation_round() -> None:
    """With a total of -2 a share of 1 / -2 is not more than a half; what is open stays open."""
    shape = table("share", has_value=True)
    among = {("a", 1, None): ALWAYS, ("b", -3, None): ALWAYS}
    share = Contributions(shape, {("a", 1, None): ALWAYS}, among)
    assert share.share_against("more than", Fraction(1, 2), valuation({})) is False
    assert share.share_against("less than", Fraction(0), valuation({})) is True
    assert share.share_against("exactly", Fraction(-1, 2), valuation({})) is True
    maybe = Contributions(shape, {("a", 1, None): 5}, among)
    assert maybe.share_against("more than", Fraction(1, 2), valuation({})) is None
    perhaps = Contributions(shape, {("a", 1, None): ALWAYS}, {**among, ("c", 1, None): 5})
    assert perhaps.share_against("more than", Fraction(1, 2), valuation({})) is None
    nothing = Contributions(shape, {}, {("a", 1, None): ALWAYS, ("b", -1, None): ALWAYS})
    assert nothing.nobody(valuation({})) is True
    assert nothing.share_against("more than", Fraction(1, 2), valuation({})) is None
    assert perhaps.nobody(valuation({})) is False
    below = Contributions(shape, {}, {("b", -3, None): ALWAYS, ("c", 2, None): 5})
    assert below.nobody(valuation({})) is False
    assert Contributions(shape, {}, {("b", -2, None): 4, ("c", 2, None): 5}).nobody(valuation({})) is None


def test_who_cannot_make_a_group_too_large_is_left_out() -> None:
    """Of a pair and a group of three, a limit of two concerns the three; links between others go too."""
    counted = {(each, None, None): ALWAYS if each != "c" else 5 for each in "abcde"}
    links = [("a", "b", ALWAYS), ("b", "c", 6), ("d", "e", 7)]
    shape = table("group linked", link="link")
    for op, bound, kept, left in [
        ("at most", Fraction(2), "abc", links[:2]), ("less than", Fraction(3), "abc", links[:2]),
        ("less than", Fraction(4), "", []), ("at most", Fraction(3), "", []),
        ("less than", Fraction(2), "abcde", links),
        ("at most", Fraction(1), "abcde", links), ("at most", Fraction(5, 2), "abc", links[:2]),
    ]:  # fmt: skip
        narrowed = Held(Contributions(shape, counted, links=links), op, bound, of_nobody="met").narrowed()
        assert {key[0] for key in narrowed.measure.counted} == set(kept)
        assert narrowed.measure.links == left
        assert (narrowed.op, narrowed.bound, narrowed.of_nobody) == (op, bound, "met")
    anyone = table("group linked", link="link", through_anyone=True)
    through = Held(Contributions(anyone, counted, links=links), "at most", Fraction(2)).narrowed()
    assert through.measure.links == links
    rounded_ = Held(
        Contributions(shape, counted, links=links), "at most", Fraction(5, 2), rounding="up"
    ).narrowed()
    assert rounded_.measure.counted == {}
    # What may be none of these is left as it is.
    held = Held(Contributions(shape, counted, links=links), "at least", Fraction(2))
    assert held.narrowed() is held
    held = Held(Contributions(shape, counted, links=links), "at most", "n")
    assert held.narrowed() is held
    held = Held(
        Contributions(shape, counted, links=links), "at most", Fraction(1), Contributions(table("number"))
    )
    assert held.narrowed() is held
    held = Held(Contributions(table("number"), counted), "at most", Fraction(1))
    assert held.narrowed() is held


def test_who_shares_with_too_few_is_left_out() -> None:
    """By the value that is shared: somebody may be counted for one and not for the other."""
    counted = {
        ("a", None, 1): ALWAYS,
        ("b", None, 1): 5,
        ("c", None, 1): 6,
        ("a", None, 2): 7,
        ("d", None, 2): ALWAYS,
    }
    shape = table("group sharing", has_shared=True)
    first = {key: each for key, each in counted.items() if key[2] == 1}
    for op, bound, kept in [
        ("at most", 2, first), ("less than", 3, first), ("at most", 1, counted), ("less than", 2, counted),
        ("at most", 3, {}), ("less than", 4, {}),
    ]:  # fmt: skip
        narrowed = Held(Contributions(shape, counted), op, Fraction(bound)).narrowed()
        assert narrowed.measure.counted == kept


def test_groups_are_told_by_name_in_order() -> None:
    """With what is certain, or with what may be."""
    counted = {("b", None, 1): ALWAYS, ("a", None, 1): 5, ("c", None, 2): ALWAYS}
    shared = Contributions(table("group sharing", has_shared=True), counted)
    assert shared.sharing_groups(valuation({}), True) == [["b"], ["c"]]
    assert shared.sharing_groups(valuation({}), False) == [["a", "b"], ["c"]]
    assert shared.sharing_groups(valuation({5: False}), False) == [["b"], ["c"]]
    linked = Contributions(
        table("group linked", link="l"), counted, links=[("c", "a", 6), ("c", "b", ALWAYS)]
    )
    assert linked.linked_groups(valuation({}), True) == [["b", "c"]]
    assert linked.linked_groups(valuation({}), False) == [["a", "b", "c"]]
    assert linked.linked_groups(valuation({6: False}), False) == [["a"], ["b", "c"]]


@pytest.mark.parametrize("op", OPS)
def test_intervals_are_compared_as_all_their_numbers_are(op: str) -> None:
    """Every pair of intervals from 0 to 2."""
    spans = [(low, high) for low in range(3) for high in range(low, 3)]
    for left, right in itertools.product(spans, spans):
        found = {
            OPS[op](one, other)
            for one in range(left[0], left[1] + 1)
            for other in range(right[0], right[1] + 1)
        }
        assert compare(op, left, right) is (found.pop() if len(found) == 1 else None)


def test_whether_more_helps_is_said_for_the_search() -> None:
    """The least of more is less; of nobody there are fewer."""
    for aggregate, senses in [
        ("number", (True, True, False, False, None)),
        ("least", (False, False, True, True, False)),
    ]:
        measure = Contributions(table(aggregate))
        for op, sense in zip(
            ("at least", "more than", "at most", "less than", "exactly"), senses, strict=True
        ):
            assert Held(measure, op, Fraction(1)).sense() is sense
            assert Held(measure, op, Fraction(1)).sense(void=True) is False


def test_rows_are_gathered_by_what_they_are_asked_for() -> None:
    """The key, then the value, then what is shared."""
    rows = {("x", "a", 3, "h"): 1, ("x", "b", 4, "h"): 5, ("y", "a", 3, "i"): 1}
    both = MeasureTable("total", ("o",), "", "c", has_value=True, has_shared=True)
    assert gather(rows, 1, both) == {("x",): {("a", 3, "h"): 1, ("b", 4, "h"): 5}, ("y",): {("a", 3, "i"): 1}}
    shared = MeasureTable("group sharing", (), "", "c", has_shared=True)
    assert gather({("a", "h"): 1}, 0, shared) == {(): {("a", None, "h"): 1}}
    assert gather({("a",): 7}, 0, table("number")) == {(): {("a", None, None): 7}}
    assert as_number("0.25") == Fraction(1, 4)
    assert as_number(3) == 3
