"""The order in which a program runs, on programs small enough to be ordered by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bigrules.program.core import (
    Clause,
    ExceptionNode,
    LimitStep,
    Literal_,
    MeasureTable,
    OutcomeStep,
    ProgramRule,
)
from bigrules.program.strata import components, cones, exception_tables, rule_tables, stratify


def clause(head: str, *body: str, absent: tuple[str, ...] = ()) -> Clause:
    """A clause over predicates without columns."""
    return Clause(
        f"{head} from {' '.join(body)}",
        Literal_(head, ()),
        tuple(Literal_(each, ()) for each in body),
        absent=tuple(Literal_(each, ()) for each in absent),
    )


def step(name: str, demand: str, counted: str, among: str = "", link: str = "", of: str = "") -> LimitStep:
    """A limit on what is counted in a table."""
    measure = MeasureTable("number", (), among, counted, link)
    other = MeasureTable("number", (), "", of) if of else None
    return LimitStep(f"{name} kept", f"{name} void", demand, (), measure, "at most", Fraction(1), other)


def test_components_stand_after_what_they_point_to() -> None:
    """Two circles, one of which points to the other, and one that stands alone."""
    edges = {"a": "bx", "b": "a", "x": "y", "y": "x", "z": "", "w": "za"}
    assert components("abxyzw", edges) == [["x", "y"], ["a", "b"], ["z"], ["w"]]


def test_a_component_with_a_way_back_further_down_is_one() -> None:
    """a → b → c → d → b, and c → a: all of them reach each other."""
    assert components("abcd", {"a": "b", "b": "c", "c": "da", "d": "b"}) == [["a", "b", "c", "d"]]
    # Without the way from c back to a, a is alone, and after the others.
    assert components("abcd", {"a": "b", "b": "c", "c": "d", "d": "b"}) == [["b", "c", "d"], ["a"]]


def test_what_was_found_before_is_not_gone_into_again() -> None:
    """Two that point to one, which is complete when the second comes to it."""
    assert components("abc", {"a": "c", "b": "c"}) == [["c"], ["a"], ["b"]]


def test_what_depends_on_an_absence_runs_in_a_later_stratum() -> None:
    """`late` needs that there is no `early`, which rests on the case; `last` rests on `late`."""
    late, early = clause("late", "base", absent=("early",)), clause("early", "base")
    last = clause("last", "late")
    first, second = stratify([last, late, early], [], [], {})
    assert first.clauses == (early,)
    # Within one stratum a clause stands after those that it reads.
    assert second.clauses == (late, last)
    assert not first.recursive and not second.recursive


def test_only_the_stratum_that_reads_what_it_derives_is_recursive() -> None:
    """`far` is reached from `far`; what comes after an absence of it is not recursive."""
    near, far, none = (
        clause("far", "base"),
        clause("far", "far", "base"),
        clause("none", "base", absent=("far",)),
    )
    first, second = stratify([near, far, none], [], [], {})
    assert (first.recursive, second.recursive) == (True, False)
    assert first.clauses == (near, far)


@pytest.mark.parametrize(
    "limit",
    [
        step("some", "wanted", "base"), step("some", "base", "wanted"), step("some", "base", "base", among="wanted"),
        step("some", "base", "base", link="wanted"), step("some", "base", "base", of="wanted"),
    ],
)  # fmt: skip
def test_a_limit_stands_after_everything_that_it_reads(limit: LimitStep) -> None:
    """Whom it is asked for, what is counted and among, links, and what it is a fraction of."""
    wanted, kept, void = clause("wanted", "base"), clause("ok", "some kept"), clause("off", "some void")
    first, second = stratify([kept, void, wanted], [limit], [], {})
    assert first.clauses == (wanted,)
    assert first.limits == (limit,)
    assert second.limits == ()
    assert set(second.clauses) == {kept, void}
    # In a circle there is no such order.
    with pytest.raises(ValueError, match="depends on itself through an absence, a measure or an outcome"):
        stratify([clause("wanted", "some kept")], [limit], [], {})


RULE = ProgramRule(
    "a rule", (), (), "given", "required", ok="ok", void=("void",),
    exceptions=(ExceptionNode("one", "when", (ExceptionNode("other", "unless"),)),),
)  # fmt: skip


def test_the_tables_of_a_rule_are_those_of_its_exceptions_too() -> None:
    """What has no name is no table."""
    assert exception_tables(RULE.exceptions) == ["when", "unless"]
    assert rule_tables(RULE) == ["given", "ok", "void", "when", "unless"]


@pytest.mark.parametrize("table", ["given", "ok", "void", "when", "unless"])
def test_an_outcome_stands_after_everything_that_the_rule_is_read_off_from(table: str) -> None:
    """What rests on the outcome runs after it; a rule that rests on its own outcome has no order."""
    outcome = OutcomeStep("it is met", "a rule", "met")
    first, second = stratify(
        [clause("after", "it is met"), clause(table, "base")], [], [outcome], {"a rule": RULE}
    )
    assert [each.head.predicate for each in first.clauses] == [table]
    assert (first.outcomes, second.outcomes) == ((outcome,), ())
    assert [each.head.predicate for each in second.clauses] == ["after"]
    with pytest.raises(ValueError, match="depends on itself"):
        stratify([clause(table, "it is met")], [], [outcome], {"a rule": RULE})


def test_nothing_to_run_is_one_empty_stratum() -> None:
    """A program of rules that rest on the case alone."""
    (only,) = stratify([], [], [], {})
    assert (only.clauses, only.limits, only.outcomes, only.recursive) == ((), (), (), False)


def test_a_cone_holds_all_that_something_rests_on() -> None:
    """Through clauses, absences, limits and outcomes; each in a circle rests on all of it."""
    limit = step("some", "wanted", "counted", among="among", link="link", of="of")
    outcome = OutcomeStep("it is met", "a rule", "met")
    clauses = [
        clause("one", "two", "base"), clause("two", "one"), clause("top", "two", "some kept", absent=("gone",)),
        clause("above", "it is met"),
    ]  # fmt: skip
    found = cones(stratify(clauses, [limit], [outcome], {"a rule": RULE}), {"a rule": RULE})
    assert found["one"] == found["two"] == {"one", "two", "base"}
    measured = {"wanted", "counted", "among", "link", "of"}
    assert found["some kept"] == {"some kept"} | measured
    assert found["some void"] == {"some void"} | measured
    assert found["top"] == {"top", "one", "two", "base", "gone", "some kept"} | measured
    assert found["above"] == {"above", "it is met", "given", "ok", "void", "when", "unless"}
