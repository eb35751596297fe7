"""What makes no difference to what a clause derives is left out, and nothing else is."""

from __future__ import annotations

import pytest

from bigrules.language.model import Const, Slot, Term
from bigrules.language.model import Test as Computed
from bigrules.program.core import Asked, Clause, Literal_, Predicate
from bigrules.program.fold import Folded
from bigrules.program.simplify import simplified
from oracle.hand import PERSON

P, Q, R, A, B = (Slot(each) for each in "pqrab")
ANN, YES = Const("ann"), Const("yes")
HEAD = (Literal_("head", (P,)),)
APART = Computed("different", (P, Q))


def lit(predicate: str, *terms: Term | None) -> Literal_:
    """A pattern."""
    return Literal_(predicate, terms)


def table(name: str, width: int, symmetric: bool = False) -> Predicate:
    """A table of people."""
    return Predicate(name, tuple("abc"[:width]), (PERSON,) * width, name, symmetric=symmetric)


PREDICATES = {
    each.name: each
    for each in (
        table("member", 1), table("voter", 2), table("kin", 2, symmetric=True), table("knows", 2),
        table("trio", 3, symmetric=True), table("home", 2), table("near", 2),
    )
}  # fmt: skip


def body_of(clause: Folded, *others: Clause) -> tuple[Literal_, ...]:
    """The body that is left."""
    (made,) = simplified([clause], list(others), PREDICATES)
    return made.body


# A voter, with or without a vote, is a member; so is whoever is at home with somebody.
VOTERS = Clause("voters", lit("member", A), (lit("voter", A, None),))
YES_VOTERS = Clause("voters who say yes", lit("member", A), (lit("voter", A, YES),))
AT_HOME = Clause("at home", lit("member", A), (lit("home", A, B), lit("near", A, B)))


def test_what_follows_from_another_pattern_is_left_out() -> None:
    """A voter is a member: that they are one need not be asked again."""
    voter, member = lit("voter", P, Q), lit("member", P)
    assert body_of(Folded(HEAD, (member, voter)), VOTERS) == (voter,)
    assert body_of(Folded(HEAD, (voter, member)), VOTERS) == (voter,)
    assert body_of(Folded(HEAD, (voter, lit("member", None))), VOTERS) == (voter,)
    # One clause of several is enough.
    assert body_of(Folded(HEAD, (member, voter)), AT_HOME, VOTERS) == (voter,)


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        # Somebody else is the voter.
        ((lit("member", P), lit("voter", Q, P)), VOTERS),
        # How they voted is not said, or is something else.
        ((lit("member", P), lit("voter", P, Q)), YES_VOTERS),
        ((lit("member", P), lit("voter", P, ANN)), YES_VOTERS),
        ((lit("member", P), lit("voter", P, None)), YES_VOTERS),
        # One of the two patterns is not there, or is about others.
        ((lit("member", P), lit("home", P, Q)), AT_HOME),
        ((lit("member", P), lit("home", P, Q), lit("near", P, R)), AT_HOME),
        ((lit("member", P), lit("home", P, None), lit("near", P, None)), AT_HOME),
        # There is nothing else that it could follow from.
        ((lit("member", P),), VOTERS),
        # Another predicate that looks the same.
        ((lit("member", P), lit("knows", P, Q)), VOTERS),
    ],
)
def test_what_does_not_follow_stays(body: tuple[Literal_, ...], clause: Clause) -> None:
    """Each time something small is missing."""
    assert body_of(Folded(HEAD, body), clause) == body


def test_both_patterns_of_a_clause_may_be_found_among_the_rest() -> None:
    """In any order, and where a first choice leads nowhere, another is tried."""
    rest = (lit("near", P, R), lit("home", P, Q), lit("home", P, R))
    assert body_of(Folded(HEAD, (lit("member", P), *rest)), AT_HOME) == rest
    yes = (lit("voter", P, YES),)
    assert body_of(Folded(HEAD, (lit("member", P), *yes)), YES_VOTERS) == yes


def test_a_clause_that_asks_or_needs_an_absence_or_a_value_in_its_head_implies_nothing() -> None:
    """A test in it must be among the tests of the clause, about the same."""
    body = (lit("member", P), lit("voter", P, Q))
    for other in (
        Clause("asked", lit("member", A), (lit("voter", A, B),), asked=Asked("q", (A,))),
        Clause("absent", lit("member", A), (lit("voter", A, B),), absent=(lit("knows", A, B),)),
        Clause("ann", lit("member", ANN), (lit("voter", A, B),)),
    ):
        assert body_of(Folded(HEAD, body), other) == body
    tested = Clause("tested", lit("member", A), (lit("voter", A, B),), (Computed("different", (A, B)),))
    assert body_of(Folded(HEAD, body), tested) == body
    assert body_of(Folded(HEAD, body, (Computed("different", (Q, P)),)), tested) == body
    assert body_of(Folded(HEAD, body, (APART,)), tested) == body[1:]
    valued = Clause("valued", lit("member", A), (lit("voter", A, B),), (Computed("is", (B, YES)),))
    assert body_of(Folded(HEAD, body, (Computed("is", (Q, ANN)),)), valued) == body
    assert body_of(Folded(HEAD, body, (Computed("is", (Q, YES)),)), valued) == body[1:]


def test_a_pattern_with_two_columns_follows_only_for_both() -> None:
    """Near are those who know each other: (p, q), and not (p, p) or (q, p)."""
    near = Clause("near", lit("near", A, B), (lit("knows", A, B),))
    knows = lit("knows", P, Q)
    assert body_of(Folded(HEAD, (lit("near", P, Q), knows)), near) == (knows,)
    assert body_of(Folded(HEAD, (lit("near", Q, P), knows)), near) == (lit("near", Q, P), knows)
    assert body_of(Folded(HEAD, (lit("near", P, P), knows)), near) == (lit("near", P, P), knows)
    self = Clause("self", lit("near", A, A), (lit("knows", A, B),))
    assert body_of(Folded(HEAD, (lit("near", P, P), knows)), self) == (knows,)
    assert body_of(Folded(HEAD, (lit("near", P, Q), knows)), self) == (lit("near", P, Q), knows)


FORTH, BACK = lit("related", P, Q), lit("related", Q, P)
# That two are kin is said of two who are not the same, or of any two.
KIN_APART = Clause("kin", lit("kin", A, B), (lit("knows", A, B),), (Computed("different", (B, A)),))
KIN_ANY = Clause("kin any", lit("kin", A, B), (lit("knows", A, B),))
MIRRORED = Folded((FORTH, BACK), (lit("kin", P, Q),), (APART,))


def test_over_a_relation_that_holds_both_ways_one_head_and_no_test_will_do() -> None:
    """The test stays where the relation may be of somebody with themselves."""
    (made,) = simplified([MIRRORED], [KIN_APART], PREDICATES)
    assert made == Folded((FORTH,), (lit("kin", P, Q),))
    (made,) = simplified([MIRRORED], [KIN_APART, KIN_ANY], PREDICATES)
    assert made == Folded((FORTH,), (lit("kin", P, Q),), (APART,))
    # Heads of other predicates, and of other terms, stay.
    other = Folded((FORTH, lit("near", Q, P), lit("related", P, P), BACK), (lit("kin", P, Q),))
    (made,) = simplified([other], [KIN_APART], PREDICATES)
    assert made.heads == (FORTH, lit("near", Q, P), lit("related", P, P))


@pytest.mark.parametrize(
    "others",
    [
        Clause("same", lit("kin", A, A), (lit("knows", A, B),), (Computed("different", (A, A)),)),
        Clause("other test", lit("kin", A, B), (lit("knows", A, B),), (Computed("same", (A, B)),)),
        Clause("of others", lit("kin", A, B), (lit("trio", A, B, R),), (Computed("different", (A, R)),)),
    ],
)
def test_a_relation_is_apart_only_if_its_own_two_are_said_to_differ(others: Clause) -> None:
    """Not where the test is another, or about others."""
    (made,) = simplified([MIRRORED], [others], PREDICATES)
    assert made.tests == (APART,)


@pytest.mark.parametrize(
    "clause",
    [
        Folded((FORTH, BACK), (lit("knows", P, Q),), (APART,)),
        Folded((FORTH, BACK), (lit("kin", P, Q), lit("knows", P, Q)), (APART,)),
        Folded((FORTH, BACK), (lit("kin", P, Q),), (APART,), (lit("near", P, Q),)),
        Folded((FORTH, BACK), (lit("trio", P, Q, R),), (APART,)),
        Folded((FORTH, BACK), (lit("trio", P, Q, None),), (APART,)),
        Folded((FORTH,), (lit("kin", P, None),), ()),
        Folded((FORTH, BACK), (lit("kin", P, P),), ()),
        Folded((FORTH, BACK), (lit("kin", P, Q),), (APART, Computed("is", (P, ANN)))),
    ],
)
def test_anything_else_keeps_its_heads_and_tests(clause: Folded) -> None:
    """A relation of one direction, of three, with more beside it, or with other tests."""
    assert simplified([clause], [KIN_APART], PREDICATES) == [clause]


@pytest.mark.parametrize("predicate", ["knows", "trio"])
def test_a_relation_that_is_derived_but_not_one_of_two_both_ways_keeps_its_heads(predicate: str) -> None:
    """However far apart those two are that it is derived of."""
    terms = (A, B, R)[: len(PREDICATES[predicate].columns)]
    apart = Clause(
        "apart", lit(predicate, *terms), (lit("home", *terms[:2]),), (Computed("different", (A, B)),)
    )
    clause = Folded((FORTH, BACK), (lit(predicate, *(P, Q, R)[: len(terms)]),))
    assert simplified([clause], [apart], PREDICATES) == [clause]


def test_what_comes_from_the_case_keeps_its_heads() -> None:
    """Nothing is known of how such a table was made."""
    assert simplified([MIRRORED], [], PREDICATES) == [MIRRORED]


def test_a_question_is_asked_of_both_ways_unless_it_is_one_for_the_pair() -> None:
    """Whoever is asked about p and q is not asked about q and p."""
    import attrs

    one = attrs.evolve(MIRRORED, asked=Asked("close", (P, Q), symmetric=True))
    two = attrs.evolve(MIRRORED, asked=Asked("close", (P, Q)))
    (made,) = simplified([one], [KIN_APART], PREDICATES)
    assert (made.heads, made.asked) == ((FORTH,), one.asked)
    (made,) = simplified([two], [KIN_APART], PREDICATES)
    assert (made.heads, made.tests, made.asked) == ((FORTH, BACK), (), two.asked)
