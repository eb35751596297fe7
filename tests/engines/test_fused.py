"""What is known is found by one function: it finds what conditions find, and says what it cannot."""

from __future__ import annotations

import datetime
import gc
import linecache
import re
import runpy
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.adapters import core_rulebook

from bigrules.engines import compiled
from bigrules.engines.fused import Fused
from bigrules.engines.fused_limits import LimitRunner, groups_over, measure_of
from bigrules.engines.fused_lines import unite
from bigrules.engines.groups import linked_groups, most_linked
from bigrules.facts.case import BY_NOW, UNKNOWN, Answer, Case, Fact, Incomplete
from bigrules.facts.known import known_of
from bigrules.facts.layout import lay_out
from bigrules.findings.fused import fused_program
from bigrules.findings.judge import judge, judge_evaluation
from bigrules.findings.report import Finding, Outcome
from bigrules.language.model import NoneOf, Rulebook
from bigrules.program.compile import compile_program
from bigrules.program.core import ALWAYS, LimitStep, MeasureTable, Program
from oracle.hand import PERSON, atom, case, fact, kind, rule, rulebook
from partnerships import partnerships
from properties.evaluators import fewer, shipped, shipped_program
from random_rulebooks import rulebooks
from strategies import KNOWN, cases

DAY = datetime.date(2018, 6, 1)
EARLIER = datetime.date(2018, 3, 1)


def by_conditions(rulebook: Rulebook, case: Case, rule: str) -> list[Finding]:
    """What is found for a rule with conditions, and with nothing but the rule."""
    program = compile_program(rulebook, [rule])
    evaluation = compiled.evaluate(program, lay_out(program, rulebook, case))
    return list(judge_evaluation(evaluation, wanted=[rule]))


def agree(rulebook: Rulebook, case: Case) -> None:
    """Whatever is found for what is known is found with conditions too: outcomes, people, figures."""
    program = compile_program(rulebook)
    found, left = fused_program(program, rulebook).findings(rulebook, case)
    assert {*found, *left} == set(rulebook.rules)
    for id, mine in found.items():
        theirs = by_conditions(rulebook, case, id)
        assert mine == theirs or not all(each.settled for each in theirs), id


@fewer(2)
@given(st.data())
def test_on_random_rulebooks_and_cases_of_which_everything_is_known(data: st.DataObject) -> None:
    rulebook = data.draw(rulebooks())
    agree(rulebook, data.draw(cases(rulebook, sorts=KNOWN)))


@fewer(4)
@given(st.data())
def test_on_random_rulebooks_and_cases_with_every_sort_of_unknown(data: st.DataObject) -> None:
    rulebook = data.draw(rulebooks())
    agree(rulebook, data.draw(cases(rulebook)))


@fewer(2)
@given(st.data())
def test_on_the_shipped_rules(data: st.DataObject) -> None:
    agree(shipped(), data.draw(partnerships(shipped(), unknown=data.draw(st.sampled_from([0, 0, 2])))))


# ---------------------------------------------------------------- what is left to conditions


# Who took a decision, and whether it is written down and was made known how.
BY_THE_PARTNERSHIP = ("the partnership", "yes", "yes")


def core() -> Rulebook:
    """Rules that leave nothing to people where everything is known, so that one sees what is left and why."""
    return core_rulebook().model


def core_program() -> Program:
    return core_rulebook()._prepared(())[1]


def small(*facts: Fact, **more: Any) -> Case:
    """Three members of whom two live in the area, and whatever else is said."""
    people = ["ann", "bob", "cat"]
    every = [Fact("people", (each,)) for each in people]
    every += [Fact("memberships", (each, "member", "yes", "not said", None, None)) for each in people]
    every += [Fact("homes", (each, "no" if each == "cat" else "yes", None, None)) for each in people]
    return attrs.evolve(Case("small", DAY, (*every, *facts), frozenset(core().vocabulary.kinds)), **more)


def left(case: Case) -> set[str]:
    """Rules that rest on something that is not known."""
    return set(fused_program(core_program(), core()).findings(core(), case)[1])


HOUSEHOLD = {"conflicts/household-limit"}
MAJORITY = {"criteria/resident-majority"}
OFFICERS = {"conflicts/officers-not-related", "conflicts/worker-related-to-officer"}
CASES = [
    ("nothing", small(), set()),
    ("a household", small(Fact("households", ("ann", UNKNOWN, "no", None, None))), HOUSEHOLD),
    ("whether it is so", small(Fact("households", ("ann", "h", "no", None, None), possible=True)), HOUSEHOLD),
    ("since when", small(Fact("households", ("ann", "h", "no", UNKNOWN, None))), HOUSEHOLD),
    ("that it had begun by now", small(Fact("households", ("ann", "h", "no", BY_NOW, None))), set()),
    ("whether a list is whole", small(incomplete=(Incomplete("households", "person", "ann"),)), HOUSEHOLD),
    ("a question", small(Fact("offices", ("ann", "other", None, None))), OFFICERS),
    (
        "a question that is answered",
        small(
            Fact("offices", ("ann", "other", None, None)),
            answers=(Answer("definitions/position-of-power", ("ann",), "yes"),),
        ),
        set(),
    ),
    (
        "a question about what holds anyway",
        small(Fact("offices", ("ann", "other", None, None)), Fact("offices", ("ann", "chair", None, None))),
        set(),
    ),
    ("where somebody lives who has no row", small(Fact("people", ("dan",))), MAJORITY),
]  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])
def test_only_what_rests_on_something_unknown_is_left_to_conditions(case: Case, expected: set[str]) -> None:
    assert left(case) == expected


def test_a_list_that_was_not_asked_leaves_open_whatever_reads_it() -> None:
    asked = frozenset(core().vocabulary.kinds) - {"households"}
    # It may name somebody whom no other record names, and of whom it is not known where they live.
    assert left(small(asked=asked)) == HOUSEHOLD | MAJORITY


def test_a_beginning_by_now_leaves_open_what_is_read_on_earlier_days() -> None:
    """Ann had begun to work by the first of June; whether she had on the first of March is not known."""
    case = small(
        Fact("work", ("ann", "wage", "other", BY_NOW, None)),
        Fact("decisions", ("d", "other", EARLIER, *BY_THE_PARTNERSHIP)),
        Fact("taking part", ("ann", "d", "voted")),
    )
    assert left(case) == {"conflicts/worker-not-decision-maker"}
    found = {each.rule: each.outcome for each in judge(core(), core_program(), case)}
    assert found["conflicts/worker-not-decision-maker"] is Outcome.UNDECIDED
    assert found["conflicts/worker-not-voting-member"] is Outcome.BREACHED


def test_what_is_said_to_have_happened_later_has_not_happened() -> None:
    later = Fact("decisions", ("d", "other", datetime.date(2018, 6, 2), *BY_THE_PARTNERSHIP))
    case = small(
        later, Fact("work", ("ann", "wage", "other", None, None)), Fact("taking part", ("ann", "d", "voted"))
    )
    found = {each.rule: each.outcome for each in judge(core(), core_program(), case)}
    assert found["conflicts/worker-not-decision-maker"] is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [
        (None, None, Outcome.BREACHED),
        (EARLIER, EARLIER, Outcome.BREACHED),
        (EARLIER + datetime.timedelta(1), None, Outcome.MET),
        (None, EARLIER - datetime.timedelta(1), Outcome.MET),
        (None, EARLIER, Outcome.BREACHED),
    ],
)
def test_a_decision_is_judged_on_its_own_day(
    first: datetime.date | None, last: datetime.date | None, outcome: Outcome
) -> None:
    """Ann is paid from a day until a day and votes on the first of March."""
    case = small(
        Fact("work", ("ann", "wage", "other", first, last)),
        Fact("decisions", ("d", "other", EARLIER, *BY_THE_PARTNERSHIP)),
        Fact("taking part", ("ann", "d", "voted")),
    )
    assert left(case) == set()
    found = {each.rule: each for each in judge(core(), core_program(), case)}
    assert found["conflicts/worker-not-decision-maker"].outcome is outcome


def test_a_case_keeps_its_facts_by_kind_for_one_vocabulary_only() -> None:
    case = small()
    known = known_of(case, shipped().vocabulary)
    assert known_of(case, shipped().vocabulary) is known
    other = attrs.evolve(shipped().vocabulary)
    assert known_of(case, other) is not known
    assert attrs.evolve(case, as_of=EARLIER).known is None


def test_its_text_holds_nothing_of_the_rulebook() -> None:
    """No name of a kind, slot, value, rule or definition: only numbers and names of its own."""
    source = Fused(shipped_program(), shipped().vocabulary).source
    assert '"' not in source
    assert "'" not in source
    for word in (*shipped().vocabulary.kinds, "member", "wage", "criteria", "chair"):
        assert word not in source.replace("known", "")


# ---------------------------------------------------------------- measures


def step(op: Any = "at most", bound: int = 2, aggregate: Any = "group linked", **more: Any) -> LimitStep:
    """A limit over tables without outer columns."""
    return LimitStep(
        "kept",
        "nobody",
        ALWAYS,
        (),
        MeasureTable(aggregate, (), "among", "counted", "link", **more),
        op,
        Fraction(bound),
    )


def test_groups_run_through_those_who_are_not_counted_only_where_they_may() -> None:
    links = [("ann", "dan"), ("dan", "bob"), ("bob", "cat")]
    counted = {"ann", "bob", "cat"}
    assert most_linked(counted, links, False) == 2
    assert most_linked(counted, links, True) == 3
    assert linked_groups(counted, links, False) == [["ann"], ["bob", "cat"]]
    assert linked_groups(counted, links, True) == [["ann", "bob", "cat"]]
    assert most_linked(set(), links, True) == 0
    assert most_linked({"eve"}, links, True) == 1


def test_of_pairs_in_both_directions_one_will_do() -> None:
    links = [("b", "a"), ("a", "b"), ("b", "c"), ("c", "b")]
    assert most_linked({"a", "b", "c"}, links, False, True) == 3


@given(
    st.sets(st.sampled_from("abcdefgh")),
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=12),
    st.booleans(),
)
def test_the_largest_group_is_the_largest_of_the_groups(
    counted: set[str], links: list[tuple[str, str]], through: bool
) -> None:
    groups = linked_groups(counted, links, through)
    assert sorted(each for group in groups for each in group) == sorted(counted)
    assert most_linked(counted, links, through) == max(map(len, groups), default=0)
    both = [*links, *((right, left) for left, right in links)]
    assert most_linked(counted, both, through, True) == most_linked(counted, links, through)


def test_a_group_that_is_over_with_fewer_is_told_once() -> None:
    sharing = {
        ("ann", "h"),
        ("bob", "h"),
        ("cat", "h"),
        ("ann", "g"),
        ("bob", "g"),
        ("cat", "g"),
        ("dan", "g"),
    }
    limit = step(aggregate="group sharing", has_shared=True)
    taken = LimitRunner(limit, [False] * 4)({()}, sharing, (), ()).taken[()]
    assert taken.value == 4
    assert list(groups_over(limit, taken)) == [["ann", "bob", "cat"]]


@pytest.mark.parametrize(
    ("op", "kept"), [("at most", [False, True]), ("less than", [False, False]), ("at least", [True, True]),
                     ("more than", [True, False]), ("exactly", [False, True])],
)  # fmt: skip
def test_a_number_is_held_against_its_limit_on_both_sides(op: str, kept: list[bool]) -> None:
    limit = step(op=op, aggregate="number")
    runner = LimitRunner(limit, [False] * 4)
    found = [bool(runner({()}, {(each,) for each in range(number)}, (), ()).holds) for number in (3, 2)]
    assert found == kept


def test_a_share_of_nobody_is_none() -> None:
    share = measure_of(MeasureTable("share", (), "among", "counted"))
    assert share(set(), set(), ()) == (None, 0)
    weighted = measure_of(MeasureTable("share", (), "among", "counted", has_value=True))
    assert (
        weighted({("a", 1)}, {("a", 1), ("b", 2)}, ()) == (1 / 3, 3)
        or weighted({("a", 1)}, {("a", 1), ("b", 2)}, ())[1] == 3
    )
    assert weighted({("a", 1)}, {("a", 1), ("b", 2)}, ()) == (Fraction(1, 3), 3)
    assert weighted({("a", 1)}, {("a", 1), ("b", -1)}, ()) == (None, 0)


# ---------------------------------------------------------------- work


def test_spells_that_overlap_are_one_and_others_stay_apart() -> None:
    table = {"ann": [(5, 9), (1, 2), (2, 4), (6, 7), (9, 10)], "bob": [(3, 4), (1, 2)], "cat": [(1, 1)]}
    unite(table)
    assert table == {"ann": [(1, 4), (5, 10)], "bob": [(1, 2), (3, 4)], "cat": [(1, 1)]}


def test_of_many_spells_joined_with_many_as_many_are_left() -> None:
    """Each level of a definition multiplied the spells of the last: eight, then 8 * 8, then 64 * 64."""
    made = runpy.run_path(str(Path(__file__).parents[1] / "cases" / "differences" / "spans_that_overlap.py"))
    lines = Fused(compile_program(made["RULEBOOK"]), made["RULEBOOK"].vocabulary).source.splitlines()
    united = [each for each in lines if re.fullmatch(r" *K\d+\(t\d+\)", each)]
    # One table for `close` and one for `closer`.
    assert len(united) == 2


def test_a_record_is_not_looked_for_in_a_list() -> None:
    """That nobody is in a kind of fact is looked up: its records are gone through once, and not once for each."""
    book = rulebook(
        [kind("listed", person=PERSON), kind("wears", person=PERSON)],
        [rule("r", "not allowed", NoneOf(atom("wears", "<p>")), given=atom("listed", "<p>"), subject=("p",),
              types={"p": PERSON})],
    )  # fmt: skip
    fused = Fused(compile_program(book), book.vocabulary)
    assert f"not in t{fused.numbers['wears']}" not in fused.source
    found = judge(
        book, compile_program(book), case(book, *(fact("listed", each) for each in "ab"), fact("wears", "b"))
    )
    assert [each.outcome for each in found] == [Outcome.BREACHED, Outcome.MET]


def test_what_was_made_goes_with_the_program() -> None:
    """Its text too, which is kept for tracebacks."""

    def texts() -> set[str]:
        gc.collect()
        return {each for each in linecache.cache if each.startswith("<bigrules program ")}

    before = texts()
    program = compile_program(shipped())
    fused_program(program, shipped())
    assert len(texts() - before) == 1
    del program
    assert not texts() - before
