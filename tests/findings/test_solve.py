"""The ways in which a condition holds, on cases small enough to list them by hand."""

from __future__ import annotations

from typing import Any

import pytest

from bigrules.facts.case import UNKNOWN, Case, Fact
from bigrules.facts.layout import Site
from bigrules.findings.judge import evaluate
from bigrules.findings.report import Outcome
from bigrules.findings.solve import Reads, Solver, covers
from bigrules.language.model import AnyOf, Formula, NoneOf, OutcomeIs, Rulebook, Slot
from bigrules.language.model import Test as Computed
from bigrules.program.compile import compile_program
from oracle.hand import (
    AS_OF,
    DATE,
    PERSON,
    YES_NO,
    all_of,
    atom,
    case,
    day,
    definition,
    fact,
    kind,
    limit,
    rule,
    rulebook,
)  # fmt: skip

MEMBER = kind("member", person=PERSON)
JOB = kind("job", person=PERSON, paid=YES_NO, dated=True)
SEEN = kind("seen", person=PERSON, day=DATE)
HOME = kind("home", one_for_each="person", person=PERSON, inside=YES_NO)
TYPES = {"p": PERSON, "q": PERSON, "d": DATE}
WORKS = definition("works", "p", (PERSON,), holds=atom("job", "<p>", "yes", "_", "_"))
EARLY = day("2018-01-01")

NOW_JOB, EVER_JOB = atom("job", "<p>", "<y>", "_", "_"), atom("job", "<p>", "<y>", "_", "_", ever=True)
ON_JOB = atom("job", "<p>", "<y>", "_", "_", on="d")
FACTS = [
    fact("member", "a"), fact("member", "b"), fact("member", "c", possible=True),
    # a has a job until March, b has one since February; what that of c is paid is not known.
    fact("job", "a", "yes", day("2017-01-01"), day("2018-03-01")), fact("job", "b", "no", day("2018-02-01"), None),
    fact("job", "c", UNKNOWN, day("2018-02-01"), None),
    fact("seen", "a", EARLY), fact("seen", "b", day("2018-04-01")),
    fact("home", "a", "yes"), fact("home", "b", "no"), fact("home", "c", UNKNOWN),
]  # fmt: skip


def solver(
    *conditions: Formula, facts: list[Fact] = FACTS, outcomes: dict[str, Outcome] | None = None, **more: Any
) -> Solver:
    """A solver over a rulebook with a rule of each condition."""
    types = {**TYPES, "y": YES_NO}
    rules = [
        rule(f"r{number}", form="not allowed", condition=each, types=types)
        for number, each in enumerate(conditions)
    ]
    book: Rulebook = rulebook([MEMBER, JOB, SEEN, HOME], [*rules, *more.get("rules", ())], [WORKS])
    made: Case = case(book, *facts)
    return Solver(book, made, evaluate(book, compile_program(book), made), outcomes)


def ways(
    condition: Formula, reads: Reads = "now", binding: dict[str, object] | None = None, **more: Any
) -> Any:
    """What is bound to p and y in each way, and whether it is certain."""
    found = solver(condition, **more).solve(condition, binding or {}, reads)
    return sorted(
        ("".join(str(each.binding[name]) for name in "py" if name in each.binding), each.certain)
        for each in found
    )


def test_records_are_read_on_the_day() -> None:
    """Now, ever, and on the day of another record."""
    # What c is paid may be either.
    assert ways(NOW_JOB) == [("bno", True), ("cno", False), ("cyes", False)]
    assert {each[0][0] for each in ways(EVER_JOB)} == {"a", "b", "c"}
    assert ways(all_of(atom("seen", "<p>", "<d>"), ON_JOB)) == [("ayes", True), ("bno", True)]
    later = [*FACTS, fact("seen", "a", day("2018-04-01"))]
    assert ways(all_of(atom("seen", "<p>", "<d>"), ON_JOB), facts=later) == [("ayes", True), ("bno", True)]


def test_a_day_in_place_of_now_is_the_day_of_everything_that_has_none() -> None:
    """Of a rule that has a day of its own; `ever` stays `ever`."""
    on = all_of(atom("seen", "<p>", "<d>"), ON_JOB)
    both = solver(on, NOW_JOB, EVER_JOB)
    at = {each.binding["p"] for each in both.solve(NOW_JOB, {}, EARLY)}
    assert at == {"a"}
    assert {each.binding["p"] for each in both.solve(EVER_JOB, {}, EARLY)} == {"a", "b", "c"}
    assert {each.binding["the day"] for each in both.solve(NOW_JOB, {}, EARLY)} == {EARLY}
    assert {each.binding["the day"] for each in both.solve(NOW_JOB, {})} == {AS_OF}


def test_what_is_possible_is_not_certain() -> None:
    """A record that may be there; a field that is not known; and whoever is bound before."""
    member = atom("member", "<p>")
    assert ways(member) == [("a", True), ("b", True), ("c", False)]
    assert ways(member, binding={"p": "b"}) == [("b", True)]
    assert ways(member, binding={"p": "z"}) == []
    assert ways(atom("home", "<p>", "yes")) == [("a", True), ("c", False)]
    # Whatever it is, c has a home that is inside or not.
    assert ways(atom("home", "<p>", "_")) == [("a", True), ("b", True), ("c", True)]
    both = all_of(member, atom("home", "<p>", "yes"))
    assert ways(both) == [("a", True), ("c", False)]
    (first, second) = sorted(solver(both).solve(both, {}), key=lambda each: str(each.binding["p"]))
    assert [each.part for each in first.steps] == [member, atom("home", "<p>", "yes")]
    assert [each.certain for each in second.steps] == [False, False]


def test_a_record_that_is_enough_by_itself_is_what_a_way_rests_on() -> None:
    """Else the first of those that are enough together."""
    some = atom("job", "<p>", "_", "_", "_")
    job = [
        fact("job", "a", UNKNOWN, day("2018-02-01"), UNKNOWN),
        fact("job", "a", UNKNOWN, day("2018-02-01"), None),
    ]
    for facts, number in ((job, 1), (job[::-1], 0)):
        (found,) = solver(some, atom("job", "<p>", "yes", "_", "_"), facts=facts).solve(some, {})
        entry = found.steps[0].entry
        assert entry is not None and (found.certain, entry.fact) == (True, number)


def test_alternatives_and_lists_are_ways_of_their_own() -> None:
    """One after the other."""
    either = AnyOf(
        (all_of(atom("member", "<p>"), all_of(atom("home", "<p>", "no"))), atom("seen", "<p>", "_"))
    )
    assert ways(either) == [("a", True), ("b", True), ("b", True), ("c", False)]


def test_an_absence_is_certain_open_or_not_so() -> None:
    """Whoever has no job now for certain, may have none that is paid, or has one."""
    member = atom("member", "<p>")
    assert ways(all_of(member, NoneOf(atom("job", "<p>", "_", "_", "_")))) == [("a", True)]
    assert ways(all_of(member, NoneOf(atom("job", "<p>", "yes", "_", "_")))) == [
        ("a", True),
        ("b", True),
        ("c", False),
    ]
    home = all_of(atom("seen", "<p>", "_"), NoneOf(atom("home", "<p>", "yes")))
    assert ways(home) == [("b", True)]
    assert ways(all_of(atom("home", "<p>", "_"), NoneOf(atom("home", "<p>", "yes")))) == [
        ("b", True),
        ("c", False),
    ]
    # An absence is read on the same day.
    at = all_of(atom("member", "<p>"), NoneOf(atom("job", "<p>", "_", "_", "_")))
    on = all_of(atom("seen", "<p>", "<d>"), ON_JOB)
    found = solver(on, at).solve(at, {}, EARLY)
    assert sorted(each.binding["p"] for each in found) == ["b", "c"]


def test_a_test_is_taken_when_its_slots_are_bound() -> None:
    """It stands first, and is taken last; of what is not known it is open."""
    alike = Computed("is", (Slot("y"), atom("x", "yes").terms[0]))  # type: ignore[arg-type]
    assert ways(all_of(alike, EVER_JOB))[0] == ("ayes", True)
    assert ("bno", True) not in ways(all_of(alike, EVER_JOB))
    apart = Computed("different", (Slot("p"), Slot("q")))
    pairs = solver(all_of(apart, atom("seen", "<p>", "_"), atom("seen", "<q>", "_")))
    condition = all_of(apart, atom("seen", "<p>", "_"), atom("seen", "<q>", "_"))
    assert sorted(str(each.binding["p"]) + str(each.binding["q"]) for each in pairs.solve(condition, {})) == [
        "ab",
        "ba",
    ]
    open_ = list(pairs.solve(apart, {"p": UNKNOWN, "q": "a"}))
    assert [each.certain for each in open_] == [False]


@pytest.mark.parametrize(
    ("outcome", "asked", "expected"),
    [
        (Outcome.MET, "met", [True]), (Outcome.MET, "breached", []), (Outcome.BREACHED, "breached", [True]),
        (Outcome.NOT_APPLICABLE, "not applicable", [True]), (Outcome.UNDECIDED, "met", [False]),
        (Outcome.JUDGEMENT, "breached", [False]), (None, "met", [False]),
    ],
)  # fmt: skip
def test_the_outcome_of_a_rule_is_what_was_found(
    outcome: Outcome | None, asked: str, expected: list[bool]
) -> None:
    """Open where that is open, or was not found."""
    asks = OutcomeIs("r0", asked)  # type: ignore[arg-type]
    outcomes = {} if outcome is None else {"r0": outcome}
    found = solver(atom("member", "<p>"), outcomes=outcomes).solve(asks, {})
    assert [each.certain for each in found] == expected


def test_a_limit_is_as_the_engine_holds_it() -> None:
    """Two members for certain, and a third that may be."""
    import attrs

    few = [
        attrs.evolve(limit("number", "p", atom("member", "<p>"), "at least", bound), text=f"at least {bound}")
        for bound in (2, 3, 4)
    ]
    rules = [rule(f"l{number}", condition=each, types=TYPES) for number, each in enumerate(few)]
    made = solver(atom("member", "<p>"), rules=rules)
    assert [[each.certain for each in made.solve(one, {})] for one in few] == [[True], [False], []]
    unseen = attrs.evolve(few[0], text="never compiled")
    assert [each.certain for each in made.solve(unseen, {})] == [False]


def test_the_first_way_is_one_that_is_certain() -> None:
    """Else one that may be; none where there is none."""
    member = atom("member", "<p>")
    backwards = [fact("member", "c", possible=True), fact("member", "b", possible=True), fact("member", "a")]
    found = solver(member, facts=backwards).first(member, {})
    assert found is not None and (found.binding["p"], found.certain) == ("a", True)
    found = solver(member, facts=backwards[:2]).first(member, {})
    assert found is not None and (found.binding["p"], found.certain) == ("c", False)
    assert solver(member, facts=[]).first(member, {}) is None


def test_definitions_are_read_as_the_engine_derives_them() -> None:
    """For certain, or not; a definition that the program does not read has no ways."""
    works = atom("works", "<p>")
    facts = [
        fact("job", "a", "yes", EARLY, None),
        fact("job", "b", "no", EARLY, None),
        fact("job", "c", UNKNOWN, EARLY, None),
    ]
    assert ways(works, facts=facts) == [("a", True), ("c", False)]
    assert list(solver(atom("member", "<p>"), facts=facts).solve(works, {})) == []


def site(number: int, count: int) -> Site:
    """A site with so many values."""
    return Site(number, "field", "k", "f", (), tuple(range(count)), None)


def test_alternatives_cover_everything_only_together() -> None:
    """Each value of each site that they speak of; where there are too many to try, that is not seen."""
    sites = [site(0, 2), site(1, 3), site(2, 4_096), site(3, 2)]
    no, yes = ((0, frozenset((0,))),), ((0, frozenset((1,))),)
    assert covers([no, yes], sites)
    assert not covers([no], sites)
    assert covers([((1, frozenset((0, 2))),), ((1, frozenset((1,))),)], sites)
    assert not covers([((1, frozenset((0,))),), ((1, frozenset((1,))),)], sites)
    corner = ((0, frozenset((1,))), (3, frozenset((1,))))
    assert not covers([no, corner], sites)
    assert covers([no, corner, ((3, frozenset((0,))),)], sites)
    many = [((2, frozenset(range(4_095))),), ((2, frozenset((4_095,))),)]
    assert covers(many, sites)
    assert not covers([*many, yes], sites)
