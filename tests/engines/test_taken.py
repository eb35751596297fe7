"""The figures of a limit and the groups beyond it, as the engine with conditions takes them, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from bigrules.engines import compiled
from bigrules.engines.base import Candidate, Taken
from bigrules.facts.case import UNKNOWN, Fact
from bigrules.facts.layout import lay_out
from bigrules.language.model import Measure, Rulebook, Slot
from bigrules.program.compile import compile_program
from oracle.hand import (
    HOUSEHOLD,
    NUMBER,
    PERSON,
    YES_NO,
    all_of,
    atom,
    case,
    fact,
    kind,
    limit,
    rule,
    rulebook,
)

HOME = kind("home", one_for_each="person", person=PERSON, household=HOUSEHOLD)
KIN = kind("kin", person=PERSON, other=PERSON)
MEMBER = kind("member", person=PERSON, voting=YES_NO)
BOARD = kind("board", board=PERSON, person=PERSON)
VOTES = kind("votes", person=PERSON, number=NUMBER)
TYPES = {"p": PERSON, "q": PERSON, "h": HOUSEHOLD, "b": PERSON, "n": NUMBER}
HERE = atom("member", "<p>", "_")
SHARING = all_of(HERE, atom("home", "<p>", "<h>"))


def evaluated(book: Rulebook, *facts: Fact) -> tuple[compiled.CompiledEvaluation, Any, tuple[Candidate, ...]]:
    """The evaluation of the one rule, and whom it is about."""
    program = compile_program(book)
    found = compiled.evaluate(program, lay_out(program, book, case(book, *facts)))
    assert isinstance(found, compiled.CompiledEvaluation)
    (only,) = program.rules
    return found, only, found.candidates(only)


def taken(condition: Any, *facts: Fact, **more: Any) -> Taken:
    """What is taken for a rule with that requirement."""
    book = rulebook([HOME, KIN, MEMBER, BOARD, VOTES], [rule("r", condition=condition, types=TYPES, **more)])
    evaluation, made, candidates = evaluated(book, *facts)
    (found,) = evaluation.taken(made, candidates[0], {})
    return found


def members(names: str) -> list[Fact]:
    """Members who vote."""
    return [fact("member", each, "yes") for each in names]


LIVE = [fact("home", each, "x") for each in "abc"] + [fact("home", each, "y") for each in "de"]


@pytest.mark.parametrize(
    ("op", "bound", "groups"),
    [
        ("at most", 1, ["de", "abc"]), ("at most", 2, ["abc"]), ("at most", 3, []),
        ("less than", 2, ["de", "abc"]), ("less than", 3, ["abc"]), ("less than", 4, []),
        ("exactly", 1, ["de", "abc"]), ("exactly", 2, ["abc"]), ("exactly", 3, []),
        ("at least", 1, []), ("more than", 1, []),
    ],
)  # fmt: skip
def test_groups_beyond_a_limit_the_smaller_first(op: str, bound: int, groups: list[str]) -> None:
    """Three in one household and two in another; a limit from below is not gone beyond."""
    held = limit("group sharing", "p", SHARING, op, bound, sharing="h")
    found = taken(held, *members("abcde"), *LIVE)
    assert [("".join(each), sure) for each, sure in found.groups] == [(each, True) for each in groups]
    assert (found.least, found.greatest, found.bound) == (3, 3, bound)


def test_a_group_that_is_too_large_is_told_once_however_it_may_grow() -> None:
    """Two are certain, and a third may be; two others may be together."""
    homes = [
        fact("home", "a", "x"),
        fact("home", "b", "x"),
        fact("home", "c", UNKNOWN),
        fact("home", "d", "y"),
    ]
    held = limit("group sharing", "p", SHARING, "at most", 1, sharing="h")
    found = taken(held, *members("abcd"), *homes)
    assert [(set(each), sure) for each, sure in found.groups] == [({"a", "b"}, True), ({"c", "d"}, False)]
    assert (found.least, found.greatest) == (2, 3)


def test_groups_by_links() -> None:
    """Three in a row; the link to a fourth is only possible, so that it is three or four."""
    link = atom("kin", "<p>", "<q>")
    facts = [
        *members("abcd"),
        fact("kin", "a", "b"),
        fact("kin", "b", "c"),
        fact("kin", "c", "d", possible=True),
    ]
    for bound, groups in [(2, [("abc", True)]), (3, [("abcd", False)]), (4, [])]:
        held = limit("group linked", "p", HERE, "at most", bound, link=link, other="q")
        found = taken(held, *facts)
        assert [("".join(each), sure) for each, sure in found.groups] == groups
        assert (found.least, found.greatest) == (3, 4)


def test_a_share_is_shown_with_those_it_is_taken_among() -> None:
    """Two of three vote, or three of four: of the fourth it is not known whether they are a member."""
    facts = [*members("ab"), fact("member", "c", "no"), fact("member", "d", "yes", possible=True)]
    found = taken(limit("share", "p", HERE, "at least", "1/2", where=atom("member", "<p>", "yes")), *facts)
    assert (found.of_least, found.of_greatest) == (3, 4)
    assert found.least <= Fraction(2, 3) and found.greatest >= Fraction(3, 4)
    assert (found.counted, found.sure, found.bound) == (("a", "b", "d"), ("a", "b"), Fraction(1, 2))
    assert found.groups == ()


def test_a_weighted_share_is_shown_with_the_weight_it_is_taken_among() -> None:
    """Three votes of four, for certain; two more that may be."""
    facts = [fact("votes", "a", 3), fact("votes", "b", 1), fact("votes", "c", 2, possible=True)]
    among = atom("votes", "<p>", "<n>")
    found = taken(
        limit("share", "p", among, "at most", "3/4", where=atom("kin", "<p>", "_"), value="n"), *facts
    )
    assert (found.of_least, found.of_greatest) == (4, 6)


def test_a_limit_that_is_a_fraction_is_shown_with_what_it_is_a_fraction_of() -> None:
    """A third of three members or four, rounded down, is one."""
    facts = [*members("abc"), fact("member", "d", "yes", possible=True), fact("kin", "a", "b")]
    of = Measure("number", "q", atom("member", "<q>", "_"))
    held = limit("number", "p", atom("kin", "<p>", "_"), "at most", "1/3", of=of, rounding="down")
    found = taken(held, *facts)
    assert (found.least, found.greatest, found.of_least, found.of_greatest, found.bound) == (1, 1, 3, 4, 1)


def test_a_measure_is_taken_for_each_subject_alone() -> None:
    """Two boards, of which one has two members and the other one; in order of what the limit is asked for."""
    held = limit("number", "p", atom("board", "<b>", "<p>"), "at least", 2)
    book = rulebook(
        [BOARD], [rule("r", condition=held, types=TYPES, subject=("b",), given=atom("board", "<b>", "_"))]
    )
    facts = [fact("board", "y", "a"), fact("board", "x", "a"), fact("board", "x", "b")]
    evaluation, made, candidates = evaluated(book, *facts)
    found = {each.subject: evaluation.taken(made, each, {}) for each in candidates}
    assert {subject: [(each.least, each.outer) for each in mine] for subject, mine in found.items()} == {
        ("x",): [(2, ("x",))], ("y",): [(1, ("y",))],
    }  # fmt: skip
    assert {each.subject: evaluation.value(each.breached, {}) for each in candidates} == {
        ("x",): False,
        ("y",): True,
    }


def test_a_measure_for_each_of_something_is_taken_in_order() -> None:
    """One limit for each board, in a rule about all of them."""
    held = limit("number", "p", atom("board", "<b>", "<p>"), "at least", 2)
    book = rulebook([BOARD], [rule("r", condition=all_of(atom("board", "<b>", "_"), held), types=TYPES)])
    facts = [fact("board", each, "a") for each in "zyx"] + [fact("board", "y", "b")]
    evaluation, made, (candidate,) = evaluated(book, *facts)
    found = evaluation.taken(made, candidate, {})
    assert [(each.outer, each.least) for each in found] == [(("x",), 1), (("y",), 2), (("z",), 1)]


def test_a_measure_may_be_held_against_another_number() -> None:
    """Of two for certain and one who may be: at least two always, at least three in some completions."""
    facts = [*members("ab"), fact("member", "c", "yes", possible=True)]
    book = rulebook([MEMBER], [rule("r", condition=limit("number", "p", HERE, "at most", 9), types=TYPES)])
    evaluation, made, (candidate,) = evaluated(book, *facts)
    (found,) = evaluation.taken(made, candidate, {})
    held = [evaluation.value(evaluation.held_against(found, "at least", each), {}) for each in (2, 3, 4)]
    assert held == [True, None, False]
    (step,) = made.limits
    assert evaluation.held(step, ()) is not None
    assert evaluation.held(step, ("x",)) is None


def test_the_bound_may_be_a_value_of_the_register() -> None:
    """At most as many members as votes are recorded: three members, and two are allowed."""
    held = limit("number", "p", HERE, "at most", Slot("n"))
    found = taken(all_of(atom("votes", "_", "<n>"), held), *members("abc"), fact("votes", "a", 2))
    assert (found.least, found.bound, found.outer) == (3, 2, (2,))
