"""The second engine, on programs worked out by hand."""

from __future__ import annotations

import datetime
import itertools
import threading
from fractions import Fraction
from typing import Any

import pytest

pytest.importorskip("durable_rules_engine", exc_type=ImportError)

from bigrules.engines import durable, durable_rounds
from bigrules.engines.base import Evaluation
from bigrules.engines.conditions import TooMuch
from bigrules.facts.layout import Fresh, Layout
from bigrules.program.core import (
    ALWAYS,
    TODAY,
    Asked,
    ExceptionNode,
    OutcomeStep,
    Program,
    ProgramRule,
)
from durable_programs import AS_OF, check, clause, layout, limit, lit, measure, program, stratum, when

HOSTILE = [
    'a"b',
    "a'b",
    "a\nb",
    "a" * 70_000,
    "\u202eabc",
    "a\x00b",
    "\\",
    "{x}",
    "%s",
    "%d",
    "'''",
    "#0",
    "\u2028",
    "",
    "\ud800",
    "null",
    "1",
    1,
    Fraction(1, 2),
    2**80,
    -1,
    0,
    "0",
    datetime.date(2018, 6, 1),
    "2018-06-01",
    None,
    "None",
    Fresh("person", 1),
    Fresh("person", 2),
    Fresh("group", 1),
    "id",
    "sid",
    "t",
    "one",
    "rest",
]


def run(made: Program, laid: Layout) -> Evaluation:
    return durable.evaluate(made, laid)


def rows(found: Evaluation, name: str, **assignment: int) -> set[Any]:
    """Rows that hold under an assignment; every site of what is asked must be given."""
    chosen = {int(site[1:]): number for site, number in assignment.items()}
    held = {row: found.value(condition, chosen) for row, condition in found.table(name).items()}
    assert None not in held.values()
    return {row for row, value in held.items() if value}


def value(found: Evaluation, name: str, row: tuple[Any, ...] = (), **assignment: int) -> bool | None:
    chosen = {int(site[1:]): number for site, number in assignment.items()}
    condition = found.table(name).get(row, False)
    return found.value(condition, chosen)


# ---------------------------------------------------------------- joins


def test_patterns_join_on_the_slots_that_they_share() -> None:
    made = program(stratum(clause(lit("h", "?x", "?z"), lit("p", "?x", "?y"), lit("q", "?y", "?z"))))
    tables = {"p": [("a", 1), ("b", 2), ("c", 1)], "q": [(1, "u"), (1, "v"), (3, "w")]}
    assert rows(run(made, layout(tables)), "h") == {("a", "u"), ("a", "v"), ("c", "u"), ("c", "v")}


def test_patterns_join_on_several_slots_at_once() -> None:
    made = program(
        stratum(clause(lit("h", "?x"), lit("p", "?x", "?y"), lit("q", "?y", "?x"), lit("r", "?x")))
    )
    tables = {"p": [("a", 1), ("a", 2), ("b", 1)], "q": [(2, "a"), (2, "b"), (1, "c")], "r": [("a",), ("b",)]}
    assert rows(run(made, layout(tables)), "h") == {("a",)}


def test_one_fact_may_fill_two_patterns_of_a_clause() -> None:
    made = program(stratum(clause(lit("h", "?x", "?y"), lit("p", "?x"), lit("p", "?y"))))
    assert rows(run(made, layout({"p": [("a",), ("b",)]})), "h") == set(itertools.product("ab", repeat=2))


def test_patterns_that_share_nothing_are_all_combined() -> None:
    made = program(stratum(clause(lit("h", "?x", "?y"), lit("p", "?x"), lit("q", "?y"))))
    found = run(made, layout({"p": [("a",), ("b",)], "q": [(1,), (2,)]}))
    assert rows(found, "h") == {("a", 1), ("a", 2), ("b", 1), ("b", 2)}


def test_constants_and_repeated_slots_select() -> None:
    made = program(
        stratum(clause(lit("h", "?x", "k"), lit("p", "?x", "?x", "yes"), lit("q", "?x", "_"))),
    )
    tables = {
        "p": [("a", "a", "yes"), ("b", "c", "yes"), ("d", "d", "no"), ("e", "e", "yes")],
        "q": [("a", 1), ("b", 2), ("d", 3)],
    }
    assert rows(run(made, layout(tables)), "h") == {("a", "k")}


def test_tests_over_one_row_and_over_several() -> None:
    made = program(
        stratum(
            clause(
                lit("h", "?x", "?y"),
                lit("p", "?x", "?n"),
                lit("p", "?y", "?m"),
                tests=[check("more than", "?n", 1), check("less than", "?m", "?n")],
            )
        )
    )
    found = run(made, layout({"p": [("a", 1), ("b", 2), ("c", 3)]}))
    assert rows(found, "h") == {("b", "a"), ("c", "a"), ("c", "b")}


def test_a_clause_without_a_body_holds() -> None:
    made = program(stratum(clause(lit("h", "a")), clause(lit("g"), lit(ALWAYS))))
    found = run(made, layout({}))
    assert rows(found, "h") == {("a",)}
    assert rows(found, "g") == {()}


def test_the_day_joins_and_is_bound_like_any_slot() -> None:
    made = program(
        stratum(
            clause(lit("h", "?x", "?d"), lit("p", "?x", "_"), lit(TODAY, "?d")),
            clause(lit("g", "?x"), lit("p", "?x", "?d"), lit(TODAY, "?d"), lit("q", "?x")),
        )
    )
    tables = {"p": [("a", AS_OF), ("b", datetime.date(2017, 1, 1))], "q": [("a",), ("b",)]}
    found = run(made, layout(tables))
    assert rows(found, "h") == {("a", AS_OF), ("b", AS_OF)}
    assert rows(found, "g") == {("a",)}


def test_two_clauses_may_read_the_same_table_without_columns() -> None:
    """A table of one row is looked at by every clause that reads it, not by the first alone."""
    made = program(
        stratum(clause(lit("on"), lit("p", "_"))),
        stratum(
            clause(lit("h", "?x"), lit("on"), lit("p", "?x")),
            clause(lit("g", "?x"), lit("on"), lit("p", "?x")),
        ),
    )
    found = run(made, layout({"p": [("a",)]}))
    assert rows(found, "h") == rows(found, "g") == {("a",)}


def test_a_table_without_columns_may_be_derived_in_the_stratum_that_reads_it() -> None:
    made = program(
        stratum(
            clause(lit("h", "?x"), lit("on"), lit("q", "?x")),
            clause(lit("on"), lit("p", "?x"), lit("q", "?x")),
        )
    )
    assert rows(run(made, layout({"p": [(1,)], "q": [(1,), (2,)]})), "h") == {(1,), (2,)}
    assert rows(run(made, layout({"p": [(3,)], "q": [(1,), (2,)]})), "h") == set()


def test_what_is_derived_in_a_stratum_is_read_in_it() -> None:
    made = program(
        stratum(
            clause(lit("b", "?x"), lit("a", "?x")),
            clause(lit("c", "?x", "?y"), lit("b", "?x"), lit("b", "?y")),
            clause(
                lit("d", "?x"),
                lit("c", "?x", "?y"),
                lit("c", "?y", "?x"),
                tests=[check("different", "?x", "?y")],
            ),
            clause(lit("e", "?x"), lit("d", "?x"), lit("a", "?x")),
        )
    )
    assert rows(run(made, layout({"a": [(1,), (2,)]})), "e") == {(1,), (2,)}


def test_a_pattern_that_is_implied_by_another_changes_nothing() -> None:
    made = program(
        stratum(clause(lit("h", "?x", "?y"), lit("p", "?x", "_"), lit("p", "?x", "?y"), lit("q", "?y")))
    )
    found = run(made, layout({"p": [("a", 1), ("a", 2), ("b", 3)], "q": [(1,), (3,)]}))
    assert rows(found, "h") == {("a", 1), ("b", 3)}


# ---------------------------------------------------------------- recursion

CHAIN = program(
    stratum(
        clause(lit("reach", "?x", "?y"), lit("edge", "?x", "?y")),
        clause(lit("reach", "?x", "?z"), lit("edge", "?x", "?y"), lit("reach", "?y", "?z")),
        recursive=True,
    )
)


def test_recursion_reaches_everything_and_ends() -> None:
    found = run(CHAIN, layout({"edge": [(0, 1), (1, 2), (2, 0), (3, 0)]}))
    ring = set(itertools.product(range(3), repeat=2))
    assert rows(found, "reach") == ring | {(3, 0), (3, 1), (3, 2)}


def test_recursion_over_a_long_chain() -> None:
    found = run(CHAIN, layout({"edge": [(each, each + 1) for each in range(30)]}))
    assert len(rows(found, "reach")) == 31 * 30 // 2


def test_a_circle_does_not_hold_itself_up() -> None:
    """0 → 1 is open, 1 → 2 → 1 is a circle: with 0 → 1 gone, 0 reaches nothing."""
    found = run(CHAIN, layout({"edge": [when((0, 1), (0, [1])), (1, 2), (2, 1)]}, sites=[2]))
    assert value(found, "reach", (0, 2)) is None
    assert value(found, "reach", (1, 1)) is True
    assert rows(found, "reach", s0=0) == {(1, 2), (2, 1), (1, 1), (2, 2)}
    assert rows(found, "reach", s0=1) == {(1, 2), (2, 1), (1, 1), (2, 2), (0, 1), (0, 2)}


def test_mutual_recursion_over_what_is_open() -> None:
    made = program(
        stratum(
            clause(lit("odd", "?y"), lit("edge", "?x", "?y"), lit("even", "?x")),
            clause(lit("even", "?x"), lit("start", "?x")),
            clause(lit("even", "?y"), lit("edge", "?x", "?y"), lit("odd", "?x")),
            recursive=True,
        )
    )
    edges = [when((0, 1), (0, [1])), (1, 2), when((2, 3), (1, [0])), (3, 0)]
    found = run(made, layout({"edge": edges, "start": [(0,)]}, sites=[2, 2]))
    assert rows(found, "even", s0=1, s1=0) == {(0,), (2,)}
    assert rows(found, "odd", s0=1, s1=0) == {(1,), (3,)}
    assert rows(found, "odd", s0=1, s1=1) == {(1,)}
    assert rows(found, "odd", s0=0, s1=0) == set()
    assert value(found, "odd", (3,), s1=1) is False
    assert value(found, "odd", (3,), s0=1) is None


# ---------------------------------------------------------------- absence

UNLESS = program(
    stratum(clause(lit("bad", "?x", "?y"), lit("b", "?x", "?y"))),
    stratum(
        clause(lit("h", "?x"), lit("a", "?x"), absent=[lit("bad", "?x", "_")]),
        clause(lit("g", "?x", "?y"), lit("a", "?x"), lit("a", "?y"), absent=[lit("bad", "?x", "?y")]),
    ),
)


def test_what_is_certain_blocks() -> None:
    found = run(UNLESS, layout({"a": [(1,), (2,)], "b": [(1, 2)]}))
    assert rows(found, "h") == {(2,)}
    assert rows(found, "g") == {(1, 1), (2, 1), (2, 2)}


def test_what_is_possible_makes_it_open() -> None:
    found = run(
        UNLESS,
        layout({"a": [(1,), (2,)], "b": [when((1, 2), (0, [1])), when((1, 5), (1, [0]))]}, sites=[2, 2]),
    )
    assert value(found, "h", (1,)) is None
    assert value(found, "h", (2,)) is True
    assert value(found, "h", (1,), s0=1) is False
    assert value(found, "h", (1,), s0=0) is None
    assert value(found, "h", (1,), s0=0, s1=1) is True
    assert found.support(found.table("h")[(1,)]) == {0, 1}
    assert found.support(found.table("g")[(1, 2)]) == {0}


def test_absence_of_a_table_that_is_empty() -> None:
    assert rows(run(UNLESS, layout({"a": [(1,)]})), "h") == {(1,)}


# ---------------------------------------------------------------- questions

ASK = Asked("related", (lit("_", "?x").terms[0], lit("_", "?y").terms[0]), symmetric=True)  # type: ignore[arg-type]
FRIENDS = program(
    stratum(
        clause(lit("related", "?x", "?y"), lit("friends", "?x", "?y"), asked=ASK),
        clause(lit("related", "?y", "?x"), lit("friends", "?x", "?y"), asked=ASK),
    )
)


def test_both_directions_are_one_question() -> None:
    laid = layout({"friends": [("a", "b")]})
    found = run(FRIENDS, laid)
    assert [site.sort for site in laid.sites] == ["question"]
    assert value(found, "related", ("a", "b")) is None
    for answer in (0, 1):
        assert value(found, "related", ("a", "b"), s0=answer) is bool(answer)
        assert value(found, "related", ("b", "a"), s0=answer) is bool(answer)


@pytest.mark.parametrize("answer", [True, False])
def test_a_recorded_answer_leaves_nothing_open(answer: bool) -> None:
    laid = layout({"friends": [("a", "b")]})
    laid._questions[("related", ("a", "b"))] = answer
    found = run(FRIENDS, laid)
    assert not laid.sites
    assert rows(found, "related") == ({("a", "b"), ("b", "a")} if answer else set())


# ---------------------------------------------------------------- what is open, and what is not


def test_a_field_that_is_not_looked_at_leaves_nothing_open() -> None:
    """Who votes is not known; that there is a record is."""
    made = program(
        stratum(clause(lit("h", "?x"), lit("m", "?x", "_")), clause(lit("v", "?x"), lit("m", "?x", "yes")))
    )
    found = run(made, layout({"m": [when(("a", "yes"), (0, [0])), when(("a", "no"), (0, [1]))]}, sites=[2]))
    assert value(found, "h", ("a",)) is True
    assert value(found, "v", ("a",)) is None
    assert found.support(found.table("h")[("a",)]) == frozenset()


def test_what_holds_for_another_reason_in_each_case_holds() -> None:
    """Either of two clauses applies, whatever the field is."""
    made = program(
        stratum(
            clause(lit("h", "?x"), lit("m", "?x", "yes"), lit("k", "?x")),
            clause(lit("h", "?x"), lit("m", "?x", "no"), lit("n", "?x")),
        )
    )
    tables = {"m": [when(("a", "yes"), (0, [0])), when(("a", "no"), (0, [1]))], "k": [("a",)], "n": [("a",)]}
    assert value(run(made, layout(tables, sites=[2])), "h", ("a",)) is True


def test_two_values_of_one_field_are_never_taken_together() -> None:
    made = program(stratum(clause(lit("h", "?x"), lit("m", "?x", "yes"), lit("m", "?x", "no"))))
    found = run(made, layout({"m": [when(("a", "yes"), (0, [0])), when(("a", "no"), (0, [1]))]}, sites=[2]))
    assert dict(found.table("h")) == {}


def test_a_row_that_is_certain_after_all_is_certain_everywhere() -> None:
    """It is derived from what is open first, and from what is certain later."""
    made = program(
        stratum(
            clause(lit("a", "?x"), lit("p", "?x")),
            clause(lit("b", "?x"), lit("a", "?x"), lit("a", "?x")),
            clause(lit("c", "?x"), lit("b", "?x"), lit("a", "_")),
            clause(lit("a", "?x"), lit("q", "?x"), lit("r", "?x")),
        )
    )
    laid = layout({"p": [when((1,), (0, [1]))], "q": [(1,)], "r": [(1,)]}, sites=[2])
    found = run(made, laid)
    assert found.table("c") == {(1,): True}


def test_a_definition_may_have_rows_of_its_own() -> None:
    made = program(
        stratum(clause(lit("h", "?x"), lit("p", "?x"))), stratum(clause(lit("g", "?x"), lit("h", "?x")))
    )
    found = run(
        made, layout({"p": [(1,)], "h": [(2,), when((1,), (0, [1])), when((3,), (0, [1]))]}, sites=[2])
    )
    assert rows(found, "g", s0=0) == {(1,), (2,)}
    assert rows(found, "g", s0=1) == {(1,), (2,), (3,)}


# ---------------------------------------------------------------- values and names that try to do harm


def test_values_stay_what_they_are() -> None:
    made = program(
        stratum(
            clause(lit("h", "?x", "?y"), lit("p", "?x"), lit("q", "?y"), lit("r", "?x", "?y")),
            clause(lit("g", "?x"), lit("p", "?x"), lit("q", "?x")),
        )
    )
    pairs = [(each,) for each in HOSTILE]
    found = run(
        made, layout({"p": pairs, "q": pairs, "r": [(a, b) for a in HOSTILE for b in HOSTILE if a is b]})
    )
    assert len(set(HOSTILE)) == len(HOSTILE)
    assert rows(found, "h") == {(each, each) for each in HOSTILE}
    assert rows(found, "g") == set(pairs)


def test_a_whole_fraction_is_the_number() -> None:
    made = program(stratum(clause(lit("h", "?x"), lit("p", "?x"), lit("q", "?x"))))
    assert len(rows(run(made, layout({"p": [(Fraction(4, 2),)], "q": [(2,)]})), "h")) == 1


@pytest.mark.parametrize(
    "name", ['"', "\\", "$all", "m$not", "costarring", "a\x00b", "{}", "", "id", "%s", "é" * 1000]
)
def test_names_never_reach_the_rete_engine(name: str) -> None:
    other = f"{name} or other"
    made = program(
        stratum(clause(lit("h", f"?{name}"), lit(name, f"?{name}", "?liquid"), lit(other, "?liquid", name)))
    )
    found = run(made, layout({name: [(1, 2), (3, 4)], other: [(2, name), (4, "else")]}))
    assert rows(found, "h") == {(1,)}


# ---------------------------------------------------------------- measures


def kept(of_what: Any, op: str, bound: Any, tables: Any, sites: Any = (), **more: Any) -> Evaluation:
    made = program(stratum(limits=[limit("kept", of_what, op, bound, **more)]))
    return run(made, layout(tables, sites))


@pytest.mark.parametrize(
    ("op", "holds"),
    [
        ("at least", (True, True, False)),
        ("at most", (False, True, True)),
        ("more than", (True, False, False)),
        ("less than", (False, False, True)),
        ("exactly", (False, True, False)),
    ],
)
def test_a_number_is_held_against_its_limit(op: str, holds: tuple[bool, ...]) -> None:
    """Distinct keys: three, of four rows."""
    tables = {"c": [("a", 1), ("a", 2), ("b", 1), ("c", 9)]}
    for bound, expected in zip((2, 3, 4), holds, strict=True):
        found = kept(measure("number", "c", has_value=True), op, bound, tables)
        assert value(found, "kept") is expected


def test_a_number_of_what_is_open() -> None:
    tables = {"c": [("a",), when(("b",), (0, [1])), when(("c",), (1, [1]))]}
    found = kept(measure("number", "c"), "at least", 2, tables, [2, 2])
    assert value(found, "kept") is None
    assert value(found, "kept", s0=1) is True
    assert value(found, "kept", s0=0) is None
    assert value(found, "kept", s0=0, s1=0) is False
    (least,) = {value(kept(measure("number", "c"), "at least", 1, tables, [2, 2]), "kept")}
    assert least is True
    assert value(kept(measure("number", "c"), "at least", 4, tables, [2, 2]), "kept") is False


def test_a_share_is_of_those_among() -> None:
    tables = {"among": [(each,) for each in range(100)], "in": [(each,) for each in range(51)]}
    share = measure("share", "in", among="among")
    assert value(kept(share, "at least", Fraction(51, 100), tables), "kept") is True
    assert value(kept(share, "more than", Fraction(51, 100), tables), "kept") is False


def test_a_share_is_exact_where_people_are_open_one_by_one() -> None:
    """Four of seven live here; two more may be members, one of whom may live here. 4/9 < 1/2 ≤ 5/9."""
    tables = {
        "among": [*((each,) for each in range(7)), when((7,), (0, [1])), when((8,), (1, [1]))],
        "in": [*((each,) for each in range(4)), when((8,), (1, [1]), (2, [1]))],
    }
    share = measure("share", "in", among="among")
    found = kept(share, "at least", Fraction(1, 2), tables, [2, 2, 2])
    assert value(found, "kept") is None
    assert value(found, "kept", s1=0) is True
    assert value(found, "kept", s0=0) is True
    assert value(found, "kept", s1=1, s2=1) is True
    assert value(found, "kept", s0=1, s1=1, s2=0) is False


def test_a_share_by_weight() -> None:
    """3 of 5 votes; the weight of a key that has two is that of both."""
    tables = {"among": [("a", 1), ("b", 2), ("c", 2)], "in": [("a", 1), ("b", 2)]}
    share = measure("share", "in", among="among", has_value=True)
    assert value(kept(share, "at least", Fraction(3, 5), tables), "kept") is True
    assert value(kept(share, "more than", Fraction(3, 5), tables), "kept") is False


@pytest.mark.parametrize(
    ("of_nobody", "holds", "void"),
    [("natural", False, True), ("met", True, False), ("breached", False, False)],
)
@pytest.mark.parametrize(
    "of_what",
    [
        measure("share", "in", among="among"),
        measure("least", "v", has_value=True),
        measure("greatest", "v", has_value=True),
    ],
)
def test_of_nobody(of_what: Any, of_nobody: str, holds: bool, void: bool) -> None:
    found = kept(of_what, "at least", Fraction(1, 2), {}, of_nobody=of_nobody)
    assert value(found, "kept") is holds
    assert value(found, "void of kept") is void


def test_possibly_of_nobody() -> None:
    tables = {"v": [when(("a", 5), (0, [1]))]}
    found = kept(measure("least", "v", has_value=True), "at least", 3, tables, [2])
    assert value(found, "kept") is None
    assert value(found, "kept", s0=1) is True
    assert value(found, "void of kept", s0=1) is False
    assert value(found, "kept", s0=0) is False
    assert value(found, "void of kept", s0=0) is True
    met = kept(measure("least", "v", has_value=True), "at least", 3, tables, [2], of_nobody="met")
    assert value(met, "kept") is True


def test_a_total_takes_each_key_and_value_once() -> None:
    tables = {"v": [("a", 2), ("b", 2), when(("c", -3), (0, [1]))]}
    total = measure("total", "v", has_value=True)
    found = kept(total, "at least", 4, tables, [2])
    assert value(found, "kept") is None
    assert value(found, "kept", s0=0) is True
    assert value(found, "kept", s0=1) is False
    assert value(kept(total, "at most", 0, {}), "kept") is True


@pytest.mark.parametrize(
    ("aggregate", "open_value", "bound", "op"), [("least", 1, 2, "at least"), ("greatest", 9, 5, "at most")]
)
def test_least_and_greatest(aggregate: str, open_value: int, bound: int, op: str) -> None:
    tables = {"v": [("a", 3), ("b", 4), when(("c", open_value), (0, [1]))]}
    found = kept(measure(aggregate, "v", has_value=True), op, bound, tables, [2])
    assert value(found, "kept") is None
    assert value(found, "kept", s0=0) is True
    assert value(found, "kept", s0=1) is False


def test_groups_that_share_a_value() -> None:
    """Two for certain at h; a third may live at h or at g."""
    rows_ = [("a", "h"), ("b", "h"), when(("c", "h"), (0, [0])), when(("c", "g"), (0, [1]))]
    group = measure("group sharing", "s", has_shared=True)
    found = kept(group, "at most", 2, {"s": rows_}, [2])
    assert value(found, "kept") is None
    assert value(found, "kept", s0=0) is False
    assert value(found, "kept", s0=1) is True
    assert value(kept(group, "at most", 3, {"s": rows_}, [2]), "kept") is True
    assert value(kept(group, "at most", 1, {"s": rows_}, [2]), "kept") is False
    assert value(kept(group, "at most", 0, {}), "kept") is True


@pytest.mark.parametrize(("through_anyone", "holds"), [(False, True), (True, False)])
def test_groups_by_a_link(through_anyone: bool, holds: bool) -> None:
    """a – x – b – c: x does not count; without x there are {a} and {b, c}."""
    tables = {"c": [("a",), ("b",), ("c",)], "l": [("a", "x"), ("b", "x"), ("c", "b")]}
    group = measure("group linked", "c", link="l", through_anyone=through_anyone)
    assert value(kept(group, "at most", 2, tables), "kept") is holds


def test_a_link_that_is_open_joins_two_groups() -> None:
    tables = {
        "c": [("a",), ("b",), ("c",), ("d",)],
        "l": [("a", "b"), ("c", "d"), when(("b", "c"), (0, [1]))],
    }
    found = kept(measure("group linked", "c", link="l"), "at most", 2, tables, [2])
    assert value(found, "kept") is None
    assert value(found, "kept", s0=0) is True
    assert value(found, "kept", s0=1) is False


@pytest.mark.parametrize(
    ("rounding", "holds"),
    [("", (False, True)), ("up", (False, True)), ("down", (True, True)), ("nearest", (True, True))],
)
def test_a_limit_that_is_a_fraction_of_another_measure(rounding: str, holds: tuple[bool, bool]) -> None:
    """A third of 7 is 2 1/3: rounded down and to the nearest it is 2."""
    for number, expected in zip((2, 3), holds, strict=True):
        tables = {"c": [(each,) for each in range(number)], "all": [(each,) for each in range(7)]}
        found = kept(
            measure("number", "c"),
            "at least",
            Fraction(1, 3),
            tables,
            of=measure("number", "all"),
            rounding=rounding,
        )
        assert value(found, "kept") is expected


def test_half_rounds_up_to_the_nearest() -> None:
    """Half of 3 is 2 to the nearest."""
    tables = {"c": [(1,), (2,)], "all": [(1,), (2,), (3,)]}
    number, every = measure("number", "c"), measure("number", "all")
    for rounding, expected in (("nearest", True), ("down", False), ("", False)):
        found = kept(number, "at most", Fraction(1, 2), tables, of=every, rounding=rounding)
        assert value(found, "kept") is expected


def test_the_other_measure_may_be_open() -> None:
    tables = {"c": [(1,), (2,)], "all": [(1,), (2,), (3,), when((4,), (0, [1])), when((5,), (0, [1]))]}
    found = kept(
        measure("number", "c"), "more than", Fraction(1, 2), tables, [2], of=measure("number", "all")
    )
    assert value(found, "kept") is None
    assert value(found, "kept", s0=0) is True
    assert value(found, "kept", s0=1) is False


def test_a_measure_for_each_of_something_with_a_bound_of_its_own() -> None:
    """At least as many who voted as the quorum of each decision says."""
    made = program(
        stratum(
            limits=[
                limit("kept", measure("number", "voted", ["d"]), "at least", "q", ["d", "q"], demand="quorum")
            ]
        ),
        stratum(clause(lit("low", "?d"), lit("quorum", "?d", "?q"), absent=[lit("kept", "?d", "?q")])),
    )
    tables = {
        "quorum": [("x", 2), ("y", 2), ("z", 0)],
        "voted": [("x", "a"), ("x", "b"), ("y", "a"), ("w", "a")],
    }
    found = run(made, layout(tables))
    assert rows(found, "kept") == {("x", 2), ("z", 0)}
    assert rows(found, "low") == {("y",)}


def test_a_limit_holds_only_where_it_is_asked_for() -> None:
    made = program(stratum(limits=[limit("kept", measure("number", "c"), "at least", 1, ["x"], demand="d")]))
    found = run(made, layout({"c": [("a",)], "d": [when((1,), (0, [1])), (2,)]}, sites=[2]))
    assert rows(found, "kept", s0=0) == {(2,)}
    assert rows(found, "kept", s0=1) == {(1,), (2,)}


# ---------------------------------------------------------------- findings


def rule(id: str, given: str, form: str, subject: str = "", **more: Any) -> ProgramRule:
    names = tuple(subject.split())
    return ProgramRule(id, names, (), given, form, **more)  # type: ignore[arg-type]


def outcomes(found: Evaluation, made: ProgramRule, **assignment: int) -> dict[tuple[Any, ...], str]:
    chosen = {int(site[1:]): number for site, number in assignment.items()}
    names = {True: "breached", False: "met"}
    result = {}
    for each in found.candidates(made):
        applicable, breached = found.value(each.applicable, chosen), found.value(each.breached, chosen)
        assert applicable is not None
        assert breached is not None
        assert applicable or not breached
        result[each.subject] = names[breached] if applicable else "not applicable"
    return result


def test_what_is_required_and_what_makes_it_not_applicable() -> None:
    made = rule("r", "given", "required", "x", ok="ok", void=("void",))
    found = run(program(rules=[made]), layout({"given": [(1,), (2,), (3,)], "ok": [(1,)], "void": [(3,)]}))
    assert outcomes(found, made) == {(1,): "met", (2,): "breached", (3,): "not applicable"}


def test_what_is_not_allowed_has_its_hits() -> None:
    made = rule("r", "given", "not allowed", "x", hit="hit", witness=("y",))
    tables = {"given": [(1,), (2,), (3,)], "hit": [(1, "b"), (1, "a"), when((2, "c"), (0, [1]))]}
    found = run(program(rules=[made]), layout(tables, sites=[2]))
    assert outcomes(found, made, s0=0) == {(1,): "breached", (2,): "met", (3,): "met"}
    assert outcomes(found, made, s0=1) == {(1,): "breached", (2,): "breached", (3,): "met"}
    first, second, _ = found.candidates(made)
    assert [(each.values, found.value(each.holds, {})) for each in first.hits] == [
        (("a",), True),
        (("b",), True),
    ]
    assert [(each.values, found.value(each.holds, {})) for each in second.hits] == [(("c",), None)]


def test_a_question_of_a_rule() -> None:
    made = rule("r", "given", "ask", "x", asked=Asked("r", lit("_", "?x").terms))  # type: ignore[arg-type]
    laid = layout({"given": [(1,), (2,)]})
    laid._questions[("r", (2,))] = False
    found = run(program(rules=[made]), laid)
    assert outcomes(found, made, s0=0) == {(1,): "breached", (2,): "breached"}
    assert outcomes(found, made, s0=1) == {(1,): "met", (2,): "breached"}


def test_an_exception_and_one_to_it() -> None:
    tree = (ExceptionNode("e", "when", (ExceptionNode("e e", "but"),)),)
    made = rule("r", "given", "required", "x", ok="ok", exceptions=tree)
    tables = {"given": [(1,), (2,), (3,)], "when": [(1,), (2,)], "but": [(2,), when((1,), (0, [1]))]}
    found = run(program(rules=[made]), layout(tables, sites=[2]))
    assert outcomes(found, made, s0=0) == {(1,): "not applicable", (2,): "breached", (3,): "breached"}
    assert outcomes(found, made, s0=1) == {(1,): "breached", (2,): "breached", (3,): "breached"}
    first = found.candidates(made)[0]
    assert found.value(first.without_exceptions, {}) is True
    assert found.value(first.breached, {}) is None
    assert [(each.id, found.value(each.applies, {0: 0})) for each in first.exempt] == [("e", True)]


def test_the_outcome_of_a_rule_over_all_its_subjects() -> None:
    first = rule("r", "given", "required", "x", ok="ok")
    steps = [OutcomeStep(name, "r", name) for name in ("breached", "met", "not applicable")]  # type: ignore[arg-type]
    made = program(stratum(outcomes=steps), stratum(clause(lit("say"), lit("met"))), rules=[first])
    names = [step.holds for step in steps]

    def holding(tables: Any, sites: Any = (), **assignment: int) -> list[str]:
        found = run(made, layout(tables, sites))
        return [name for name in names if value(found, name, **assignment)]

    assert holding({}) == ["not applicable"]
    assert holding({"given": [(1,)], "ok": [(1,)]}) == ["met"]
    assert holding({"given": [(1,), (2,)], "ok": [(1,)]}) == ["breached"]
    opened = {"given": [(1,), when((2,), (0, [1]))], "ok": [(1,)]}
    assert holding(opened, [2]) == []
    assert holding(opened, [2], s0=0) == ["met"]
    assert holding(opened, [2], s0=1) == ["breached"]
    assert value(run(made, layout(opened, [2])), "say", s0=0) is True


def test_a_rule_without_a_subject_is_about_the_case() -> None:
    made = rule("r", ALWAYS, "required", ok="ok")
    found = run(program(rules=[made]), layout({"ok": []}))
    assert outcomes(found, made) == {(): "breached"}


def test_figures_of_a_share() -> None:
    share = limit("kept", measure("share", "in", among="among"), "at least", Fraction(1, 2))
    made = rule("r", ALWAYS, "required", ok="kept", limits=(share,))
    tables = {"among": [(1,), (2,), when((3,), (0, [1]))], "in": [(1,), when((2,), (1, [1]))]}
    found = run(program(stratum(limits=[share]), rules=[made]), layout(tables, sites=[2, 2]))
    (candidate,) = found.candidates(made)
    (taken,) = found.taken(made, candidate, {})
    assert (taken.least, taken.greatest) == (Fraction(1, 3), 1)
    assert (taken.of_least, taken.of_greatest, taken.bound) == (2, 3, Fraction(1, 2))
    assert taken.counted == (1, 2)
    (taken,) = found.taken(made, candidate, {0: 1, 1: 0})
    assert taken.least == taken.greatest == Fraction(1, 3)


def test_groups_that_are_over_the_limit() -> None:
    step = limit("kept", measure("group linked", "c", link="l"), "at most", 2)
    made = rule("r", ALWAYS, "required", ok="kept", limits=(step,))
    tables = {"c": [(each,) for each in "abcd"], "l": [("a", "b"), ("b", "c"), when(("c", "d"), (0, [1]))]}
    found = run(program(stratum(limits=[step]), rules=[made]), layout(tables, sites=[2]))
    (candidate,) = found.candidates(made)
    assert [each.groups for each in found.taken(made, candidate, {})] == [((("a", "b", "c"), True),)]
    assert [each.groups for each in found.taken(made, candidate, {0: 1})] == [((("a", "b", "c", "d"), True),)]


@pytest.mark.parametrize(
    ("op", "bound", "over"), [("less than", 2, True), ("at most", 2, False), ("exactly", 2, False)]
)
def test_a_group_that_is_just_as_large_as_its_limit(op: str, bound: int, over: bool) -> None:
    step = limit("kept", measure("group linked", "c", link="l"), op, bound)
    made = rule("r", ALWAYS, "required", ok="kept", limits=(step,))
    tables = {"c": [("a",), ("b",), ("c",)], "l": [("a", "b")]}
    found = run(program(stratum(limits=[step]), rules=[made]), layout(tables))
    (candidate,) = found.candidates(made)
    (taken,) = found.taken(made, candidate, {})
    assert taken.groups == (((("a", "b"), True),) if over else ())


# ---------------------------------------------------------------- hints


@pytest.mark.parametrize("wanted", [True, False])
def test_hints_pull_a_condition_to_what_is_wanted(wanted: bool) -> None:
    """Reads each site in one direction only, so that all hints together reach it."""
    made = program(
        stratum(
            clause(lit("far", "?x"), lit("out", "?x")),
            limits=[limit("many", measure("number", "m"), "at least", 3)],
        ),
        stratum(clause(lit("h"), lit("many"), lit("m", "?x"), lit("n", "?x"), absent=[lit("far", "?x")])),
    )
    tables = {
        "m": [(1,), when((2,), (0, [1])), when((3,), (1, [1]))],
        "n": [when((1,), (2, [1, 2]))],
        "out": [when((1,), (3, [1]))],
    }
    found = run(made, layout(tables, sites=[2, 2, 3, 2]))
    condition = found.table("h")[()]
    under = found.valuation({})
    assert under(condition) is None
    chosen = found.preferences(condition, wanted, under)
    assert found.value(condition, chosen) is wanted
    site, number = found.suggest(condition, wanted, under) or (-1, -1)
    assert chosen[site] == number


# ---------------------------------------------------------------- large cases


def test_a_large_join_is_taken_in_batches() -> None:
    made = program(stratum(clause(lit("h", "?y"), lit("p", "?x", "?y"), lit("q", "?x"))))
    tables = {"p": [(each % 50, each) for each in range(1_700)], "q": [(each,) for each in range(0, 50, 2)]}
    assert rows(run(made, layout(tables)), "h") == {(each,) for each in range(1_700) if each % 50 % 2 == 0}


def test_where_too_much_is_possible_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is certain does not count: there is one reason for it, and no more are kept."""
    monkeypatch.setattr(durable_rounds, "MOST_OPEN", 100)
    made = program(stratum(clause(lit("h", "?x", "?y"), lit("p", "?x"), lit("p", "?y"))))
    assert len(run(made, layout({"p": [(each,) for each in range(20)]})).table("h")) == 400
    possible = [when((each,), (each, [1])) for each in range(20)]
    with pytest.raises(TooMuch, match="too much is possible"):
        run(made, layout({"p": possible}, sites=[2] * 20))
    with pytest.raises(durable.OutsideProfile):
        run(made, layout({"p": possible}, sites=[2] * 20))


def test_the_work_for_a_condition_grows_with_what_it_rests_on() -> None:
    made = program(
        stratum(
            clause(lit("h"), lit("p", "?x"), lit("q", "?x")),
            clause(lit("g", "?x"), lit("p", "?x"), lit("q", "?x")),
        )
    )
    tables = {
        "p": [when((each,), (each, [1])) for each in range(9)],
        "q": [when((each,), (9, [1])) for each in range(9)],
    }
    found = run(made, layout(tables, sites=[2] * 10))
    assert found.size(found.table("h")[()]) > found.size(found.table("g")[(0,)]) > found.size(True) == 1


# ---------------------------------------------------------------- many at once


def test_threads_do_not_disturb_each_other() -> None:
    wrong: list[object] = []

    def work(seed: int) -> None:
        for each in range(20):
            size = 2 + (seed + each) % 5
            found = run(CHAIN, layout({"edge": [(at, at + 1) for at in range(size)]}))
            if len(found.table("reach")) != size * (size + 1) // 2:
                wrong.append((seed, each))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
