"""Conditions taken apart, on conditions taken apart by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bigrules.language.model import AnyOf, Limit, Measure, NoneOf, OutcomeIs, Slot
from bigrules.language.model import Test as Computed
from bigrules.program.formulas import (
    alternatives,
    exported,
    flat,
    may_be_void,
    measure_parts,
    needs_outside,
    slots,
    substitute,
    walk,
)
from oracle.hand import all_of, atom, limit

A, B, C = atom("a", "<p>"), atom("b", "<p>", "<q>"), atom("c", "<r>")
SAME = Computed("same", (Slot("p"), Slot("s")))
GROUP = Measure("group linked", "p", A, where=atom("w", "<t>"), link=B, other="q")
FEW = Limit(GROUP, "at most", Slot("n"), of=Measure("number", "x", atom("d", "<x>")))
OUTCOME = OutcomeIs("a rule", "met")


def test_a_list_in_a_list_is_one_list() -> None:
    """Alternatives and absences are left whole."""
    either, none = AnyOf((A, B)), NoneOf(all_of(A, B))
    assert flat(all_of(A, all_of(B, all_of(either)), none)) == [A, B, either, none]
    assert flat(A) == [A]


def test_everything_in_a_condition_is_walked_through() -> None:
    """Lists, alternatives, absences, and both measures of a limit with all their parts."""
    assert measure_parts(GROUP) == [A, atom("w", "<t>"), B]
    assert measure_parts(Measure("number", "p", A)) == [A]
    whole = all_of(AnyOf((A, SAME)), NoneOf(C), FEW, OUTCOME)
    assert [each for each in walk(whole) if each in (A, B, C, SAME, OUTCOME, FEW)] == [
        A,
        SAME,
        C,
        FEW,
        A,
        B,
        OUTCOME,
    ]
    assert atom("d", "<x>") in list(walk(whole))
    assert atom("w", "<t>") in list(walk(whole))


def test_slots_are_all_that_are_mentioned() -> None:
    """At any depth; the day of a sentence and a bound that is a slot too, and no values."""
    assert slots(all_of(B, SAME, NoneOf(C))) == {"p", "q", "r", "s"}
    assert slots(atom("a", "<p>", "ann", on="d")) == {"p", "d"}
    assert slots(atom("a", "<p>", ever=True)) == {"p"}
    assert slots(FEW) == {"p", "q", "t", "n", "x"}
    assert slots(limit("number", "p", A, "at most", 2)) == {"p"}
    assert slots(OUTCOME) == set()


def test_a_condition_binds_what_each_of_its_alternatives_binds() -> None:
    """In the order in which it is written; tests, absences and limits bind nothing."""
    assert list(exported(all_of(B, C, SAME))) == ["p", "q", "r"]
    assert list(exported(AnyOf((B, all_of(A, C), atom("b", "<q>", "<p>"))))) == ["p"]
    assert list(exported(atom("a", "<p>", "ann", "_"))) == ["p"]
    assert exported(AnyOf(())) == {}
    for each in (SAME, NoneOf(A), FEW, OUTCOME):
        assert exported(each) == {}


def test_absences_and_limits_need_to_be_told_what_is_bound_outside() -> None:
    """At any depth."""
    assert needs_outside(all_of(A, AnyOf((B, NoneOf(C)))))
    assert needs_outside(FEW)
    assert not needs_outside(all_of(A, AnyOf((B, SAME))))


@pytest.mark.parametrize(
    ("aggregate", "of", "of_nobody", "expected"),
    [
        ("share", None, "natural", True), ("least", None, "natural", True), ("greatest", None, "natural", True),
        ("number", None, "natural", False), ("total", None, "natural", False),
        ("share", None, "met", False), ("share", None, "breached", False),
        ("number", "least", "natural", True), ("number", "greatest", "natural", True),
        ("number", "share", "natural", True), ("number", "number", "natural", False), ("number", "least", "met", False),
    ],
)  # fmt: skip
def test_a_limit_may_be_of_nobody_where_a_measure_in_it_may(
    aggregate: str, of: str | None, of_nobody: str, expected: bool
) -> None:
    """Unless the rule says what that means."""
    other = None if of is None else Measure(of, "p", A)  # type: ignore[arg-type]
    assert (
        may_be_void(Limit(Measure(aggregate, "p", A), "at most", Fraction(1), other, "", of_nobody))
        is expected
    )  # type: ignore[arg-type]


def test_alternatives_are_every_choice_of_one_from_each() -> None:
    """In order; slots that are local to an alternative get names of their own, others do not."""
    made = alternatives(
        all_of(A, AnyOf((B, C)), AnyOf((SAME, all_of(A, OUTCOME)))), {"p"}, lambda name: f"{name}!"
    )
    b, c = atom("b", "<p>", "<q!>"), atom("c", "<r!>")
    assert made == [[A, b, SAME], [A, b, A, OUTCOME], [A, c, SAME], [A, c, A, OUTCOME]]
    # What every alternative binds is not local, nor is what is bound beside them or outside.
    assert alternatives(AnyOf((B, atom("d", "<q>"))), {"p"}, str.upper) == [[B], [atom("d", "<q>")]]
    assert alternatives(all_of(AnyOf((B, A)), atom("d", "<q>")), set(), str.upper) == [
        [B, atom("d", "<q>")],
        [A, atom("d", "<q>")],
    ]
    assert alternatives(AnyOf((A, AnyOf((B, C)))), {"p", "q", "r"}, str.upper) == [[A], [B], [C]]
    # Inside an alternative that holds for what is bound in it.
    inner = all_of(C, AnyOf((A, atom("b", "<r>", "<z>"))))
    assert alternatives(AnyOf((inner, A)), set(), str.upper) == [
        [atom("c", "<R>"), atom("a", "<P>")],
        [atom("c", "<R>"), atom("b", "<R>", "<Z>")],
        [atom("a", "<P>")],
    ]


def test_slots_are_renamed_everywhere() -> None:
    """In sentences with their day and future, tests, absences, alternatives, limits and what they measure."""
    new = {"p": "P", "q": "Q", "d": "D", "n": "N", "v": "V", "g": "G"}
    assert substitute(atom("a", "<p>", "ann", "_", on="d"), new) == atom("a", "<P>", "ann", "_", on="D")
    assert substitute(atom("a", "<x>", future="d"), new) == atom("a", "<x>", future="D")
    assert substitute(atom("a", "<p>", ever=True), new) == atom("a", "<P>", ever=True)
    assert substitute(Computed("before", (Slot("p"), Slot("x")), amount=3), new) == Computed(
        "before", (Slot("P"), Slot("x")), amount=3
    )
    assert substitute(all_of(A, AnyOf((A, C)), NoneOf(B)), new) == all_of(
        atom("a", "<P>"), AnyOf((atom("a", "<P>"), C)), NoneOf(atom("b", "<P>", "<Q>"))
    )
    measure = Measure(
        "total", "p", A, where=B, value="v", sharing="g", link=atom("l", "<p>", "<q>"), other="q"
    )
    renamed = Measure(
        "total", "P", atom("a", "<P>"), where=atom("b", "<P>", "<Q>"), value="V", sharing="G",
        link=atom("l", "<P>", "<Q>"), other="Q",
    )  # fmt: skip
    of = Measure("number", "x", atom("a", "<d>"))
    assert substitute(Limit(measure, "at most", Slot("n"), of), new) == Limit(
        renamed, "at most", Slot("N"), Measure("number", "x", atom("a", "<D>"))
    )
    # What is not named stays: values, other slots, measures without more.
    assert substitute(Limit(of, "at most", Fraction(2)), {"z": "Z"}) == Limit(of, "at most", Fraction(2))
    assert substitute(OUTCOME, new) is OUTCOME
    assert substitute(A, {}) is A
