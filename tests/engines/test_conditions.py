"""Conditions over sites, and the search for completions, against every completion tried in turn."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bigrules.engines.base import Evaluation
from bigrules.engines.conditions import ALWAYS, NEVER, Conditions
from bigrules.facts.case import Case
from bigrules.facts.layout import Layout, Site
from bigrules.findings.completions import Search
from bigrules.program.core import Program

SIZES = (2, 3, 2, 2)


def layout(groups: Mapping[int, int] | None = None, limit: int | None = None) -> Layout:
    made = Layout(Case("", datetime.date(2018, 6, 1)), group_limit=limit)
    for number, size in enumerate(SIZES):
        group = (groups or {}).get(number)
        made.add(Site(number, "field", "k", "f", (), tuple(range(size)), group))
    return made


def everything() -> Iterator[dict[int, int]]:
    """Every completion of the four sites."""
    for values in itertools.product(*(range(size) for size in SIZES)):
        yield dict(enumerate(values))


# A formula as nested tuples, so that it can be built both as a condition and in plain Python.
leaves = st.one_of(
    st.booleans(),
    st.integers(0, 3).flatmap(
        lambda site: st.tuples(
            st.just("site"),
            st.just(site),
            st.frozensets(st.integers(0, SIZES[site] - 1), max_size=SIZES[site]),
        )
    ),
)
formulas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.just("not"), inner),
        st.tuples(st.just("two of"), inner, inner, inner),
    ),
    max_leaves=12,
)


def build(conditions: Conditions, formula: Any) -> int:
    if isinstance(formula, bool):
        return ALWAYS if formula else NEVER
    op, *parts = formula
    if op == "site":
        return conditions.site(parts[0], parts[1])
    ids = [build(conditions, part) for part in parts]
    if op == "and":
        return conditions.both(*ids)
    if op == "or":
        return conditions.either(*ids)
    if op == "not":
        return conditions.negated(ids[0])

    def two(value: Any) -> bool | None:
        held = [value(each) for each in ids]
        if held.count(True) >= 2:
            return True
        return False if held.count(False) >= 2 else None

    return conditions.measured(two, ids)


def plain(formula: Any, completion: Mapping[int, int]) -> bool:
    if isinstance(formula, bool):
        return formula
    op, *parts = formula
    if op == "site":
        return completion[parts[0]] in parts[1]
    held = [plain(part, completion) for part in parts]
    return {"and": all(held), "or": any(held), "not": not held[0], "two of": sum(held) >= 2}[op]


class Fake(Evaluation):
    """An evaluation that has nothing but conditions."""

    def __init__(self, conditions: Conditions, hints: bool) -> None:
        super().__init__(Program({}, (), ()), conditions.layout)
        self.conditions, self.hints = conditions, hints

    def candidates(self, rule: Any) -> Any:
        raise NotImplementedError

    taken = table = candidates  # type: ignore[assignment]

    def value(self, condition: int, assignment: Mapping[int, int]) -> bool | None:
        return self.conditions.valuation(assignment)(condition)

    def support(self, condition: int) -> frozenset[int]:
        return self.conditions.support(condition)

    def suggest(self, condition: int, wanted: bool, value: Any) -> tuple[int, int] | None:
        return self.conditions.suggest(condition, wanted, value) if self.hints else None

    def preferences(self, condition: int, wanted: bool, value: Any) -> dict[int, int]:
        return self.conditions.preferences(condition, wanted, value) if self.hints else {}


@given(formulas, st.dictionaries(st.integers(0, 3), st.integers(0, 1), max_size=3))
def test_a_condition_says_what_holds_in_every_completion(formula: Any, known: dict[int, int]) -> None:
    """With everything known a condition is exact; with less it never claims what a completion denies."""
    conditions = Conditions(layout())
    condition = build(conditions, formula)
    bounds = conditions.valuation(known)(condition)
    smaller = conditions.restricted(condition, known)
    for completion in everything():
        truth = plain(formula, completion)
        assert conditions.valuation(completion)(condition) is truth
        if all(completion[site] == value for site, value in known.items()):
            assert bounds is None or bounds is truth
            assert conditions.valuation(completion)(smaller) is truth


@given(formulas)
def test_what_is_not_in_the_support_makes_no_difference(formula: Any) -> None:
    conditions = Conditions(layout())
    condition = build(conditions, formula)
    support = conditions.support(condition)
    for completion in everything():
        for site in set(range(4)) - support:
            other = {**completion, site: (completion[site] + 1) % SIZES[site]}
            assert plain(formula, completion) == plain(formula, other)


@given(formulas, st.booleans(), st.booleans())
def test_the_search_finds_a_completion_just_where_there_is_one(
    formula: Any, wanted: bool, hints: bool
) -> None:
    conditions = Conditions(layout())
    condition = build(conditions, formula)
    found = Search(Fake(conditions, hints)).find([condition], wanted)
    exists = any(plain(formula, each) is wanted for each in everything())
    assert (found is not None) is exists
    if found is not None:
        # Whatever is not chosen makes no difference.
        for completion in everything():
            if all(completion[site] == value for site, value in found.items()):
                assert plain(formula, completion) is wanted


@given(formulas, st.integers(0, 3), st.booleans())
def test_a_site_matters_just_where_two_completions_that_differ_in_it_differ(
    formula: Any, site: int, hints: bool
) -> None:
    conditions = Conditions(layout())
    condition = build(conditions, formula)
    expected = any(
        plain(formula, each) != plain(formula, {**each, site: value})
        for each in everything()
        for value in range(SIZES[site])
    )
    assert Search(Fake(conditions, hints)).matters([condition], frozenset((site,))) is expected


@given(formulas, st.booleans(), st.booleans())
def test_a_bounded_list_holds_no_more_records_than_it_may(formula: Any, wanted: bool, hints: bool) -> None:
    """Sites 0, 2 and 3 are records of one list, of which there may be one at the most."""
    conditions = Conditions(layout({0: 0, 2: 0, 3: 0}, limit=1))
    condition = build(conditions, formula)
    allowed = [each for each in everything() if each[0] + each[2] + each[3] <= 1]
    found = Search(Fake(conditions, hints)).find([condition], wanted)
    assert (found is not None) is any(plain(formula, each) is wanted for each in allowed)


def test_reasons_that_go_round_in_a_circle_are_no_reasons() -> None:
    """A fact that holds because of itself does not hold; one with a reason outside holds with it."""
    conditions = Conditions(layout())
    outside = conditions.site(0, frozenset((1,)))
    one, other = conditions.loop(0), conditions.loop(0)
    conditions.nodes[one][1].append(other)
    conditions.nodes[other][1].extend([one, outside])
    assert conditions.valuation({0: 0})(one) is False
    assert conditions.valuation({0: 1})(one) is True
    assert conditions.valuation({})(one) is None
    assert conditions.support(one) == {0}


def test_what_is_recursive_may_rest_on_what_was_open_before_it_was_asked_about() -> None:
    """What is open stays open in what is asked about after it."""
    conditions = Conditions(layout())
    below, above = conditions.loop(0), conditions.loop(1)
    conditions.nodes[below][1].append(conditions.site(0, frozenset((1,))))
    conditions.nodes[above][1].append(below)
    value = conditions.valuation({})
    assert value(below) is None
    assert value(above) is None


def test_what_is_recursive_may_rest_on_the_absence_of_what_it_rests_on() -> None:
    """What is needed both ways, as it is and not, is settled on the way, whatever is being settled around it."""
    conditions = Conditions(layout())
    below, above = conditions.loop(0), conditions.loop(1)
    conditions.nodes[below][1].append(conditions.site(0, frozenset((1,))))
    other = conditions.site(1, frozenset((0,)))
    conditions.nodes[above][1].extend([below, conditions.both(conditions.negated(below), other)])
    assert conditions.valuation({})(above) is None
    assert conditions.valuation({1: 0})(above) is None
    assert conditions.valuation({0: 1})(above) is True
    assert conditions.valuation({0: 0, 1: 0})(above) is True
    assert conditions.valuation({0: 0, 1: 1})(above) is False
