"""Clauses that say the same but for one constant, or but for what they derive, become one."""

from __future__ import annotations

from bigrules.language.model import Const, Slot
from bigrules.language.model import Test as Computed
from bigrules.program.core import ALWAYS, Asked, Clause, Literal_
from bigrules.program.fold import Folded, fold

P, Q = Slot("p"), Slot("q")
HEAD, BACK = Literal_("related", (P, Q)), Literal_("related", (Q, P))
APART = (Computed("different", (P, Q)),)
NONE = (Literal_("gone", (P,)),)
ASKED = Asked("close", (P, Q))


def kin(how: object, *, head: Literal_ = HEAD, **more: object) -> Clause:
    """Related, as they are kin of one sort."""
    return Clause(f"related by {how}", head, (Literal_("kin", (P, Q, Const(how))),), **more)  # type: ignore[arg-type]


def test_clauses_that_differ_in_one_constant_are_one_with_a_test() -> None:
    """The other tests, absences and the question stay; the new test comes first."""
    clauses = [
        kin(each, tests=APART, absent=NONE, asked=ASKED) for each in ("married", "siblings", "cousins")
    ]
    slot = Slot("folded 0 2")
    (made,) = fold(clauses, ALWAYS)
    assert made == Folded(
        (HEAD,),
        (Literal_("kin", (P, Q, slot)),),
        (Computed("one of", (slot, Const("married"), Const("siblings"), Const("cousins"))), *APART),
        NONE,
        ASKED,
        tuple(clauses),
    )


def test_the_constant_may_stand_anywhere_in_the_body() -> None:
    """In the second pattern and its first column; what stands before and after it stays."""
    first, last = Literal_("member", (P,)), Literal_("voter", (Q,))
    clauses = [
        Clause(name, HEAD, (first, Literal_("in", (Const(name), P, Q)), last)) for name in ("list", "board")
    ]
    slot = Slot("folded 1 0")
    (made,) = fold(clauses, ALWAYS)
    assert made.body == (first, Literal_("in", (slot, P, Q)), last)
    assert made.tests == (Computed("one of", (slot, Const("list"), Const("board"))),)


def test_clauses_that_differ_in_anything_else_stay_apart() -> None:
    """In tests, absences, the question, or in two constants at once; and one alone stays as it is."""
    for other in (kin("b"), kin("b", absent=NONE), kin("b", tests=APART, asked=ASKED)):
        pair = [kin("a", tests=APART), other]
        assert [each.clauses for each in fold(pair, ALWAYS)] == [(each,) for each in pair]
    two = [Clause(name, HEAD, (Literal_("kin", (P, Const(name), Const(name))),)) for name in "ab"]
    assert [each.clauses for each in fold(two, ALWAYS)] == [(each,) for each in two]
    (alone,) = fold([kin("a")], ALWAYS)
    assert alone == Folded((HEAD,), kin("a").body, clauses=(kin("a"),))


def test_a_clause_is_folded_once_with_as_many_others_as_can_be() -> None:
    """(a, x) goes with (b, x) and (c, x), and so (a, y) stays alone."""

    def pair(left: str, right: str) -> Clause:
        return Clause(left + right, HEAD, (Literal_("p", (Const(left), Const(right), P, Q)),))

    ax, bx, cx, ay = pair("a", "x"), pair("b", "x"), pair("c", "x"), pair("a", "y")
    alone, made = fold([ax, ay, bx, cx], ALWAYS)
    assert alone.clauses == (ay,)
    assert made.clauses == (ax, bx, cx)
    assert made.body == (Literal_("p", (Slot("folded 0 0"), Const("x"), P, Q)),)


def test_what_was_folded_stays_folded_whatever_is_folded_after_it() -> None:
    """(a, x) is gone with (b, x) and (c, x), though (d, y) and (e, y) go between it and (a, z)."""

    def pair(left: str, right: str) -> Clause:
        return Clause(left + right, HEAD, (Literal_("p", (Const(left), Const(right), P, Q)),))

    clauses = [pair(*each) for each in ("dy", "ey", "ax", "bx", "cx", "az")]
    made = fold(clauses, ALWAYS)
    assert [[each.id for each in one.clauses] for one in made] == [["az"], ["ax", "bx", "cx"], ["dy", "ey"]]


def test_clauses_with_the_same_body_are_one_with_several_heads() -> None:
    """Both ways of a relation; and a body that does not match word for word stays apart."""
    both = [kin("married"), kin("married", head=BACK)]
    (made,) = fold(both, ALWAYS)
    assert made == Folded((HEAD, BACK), both[0].body, clauses=tuple(both))
    for other in (
        kin("married", head=BACK, tests=APART),
        kin("married", head=BACK, absent=NONE),
        kin("married", head=BACK, asked=ASKED),
    ):
        assert [each.heads for each in fold([both[0], other], ALWAYS)] == [(HEAD,), (BACK,)]


def test_what_always_holds_is_left_out_of_bodies() -> None:
    """A pattern over the table that always has its one row joins with nothing."""
    (made,) = fold([Clause("c", HEAD, (Literal_(ALWAYS, ()), *kin("a").body))], ALWAYS)
    assert made.body == kin("a").body
