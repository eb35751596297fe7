"""From an evaluation to findings: who is concerned, what is missing, figures, and lists that are too large."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from bigrules.engines import conditions
from bigrules.facts.case import UNKNOWN, Answer, Fact, Incomplete
from bigrules.findings.judge import evaluate, judge, judge_evaluation, people_of, program_for
from bigrules.findings.report import Finding, Outcome
from bigrules.language.model import Exception_, OutcomeIs, Rulebook, Slot
from bigrules.language.model import Test as Computed
from bigrules.program.compile import compile_program
from oracle.hand import (
    DATE,
    PERSON,
    YES_NO,
    all_of,
    atom,
    case,
    definition,
    fact,
    kind,
    limit,
    rule,
    rulebook,
)

MEMBER = kind("member", person=PERSON)
HOME = kind("home", one_for_each="person", person=PERSON, inside=YES_NO)
KIN = kind("kin", person=PERSON, other=PERSON)
SEEN = kind("seen", person=PERSON, day=DATE)
KINDS = [MEMBER, HOME, KIN, SEEN]
TYPES = {"p": PERSON, "q": PERSON, "d": DATE, "e": DATE}
MET, BREACHED, UNDECIDED = Outcome.MET, Outcome.BREACHED, Outcome.UNDECIDED
IS_MEMBER = atom("member", "<p>")
APART = Computed("different", (Slot("p"), Slot("q")))


def judged(made: Any, *facts: Fact, definitions: list[Any] | None = None, **more: Any) -> list[Finding]:
    """What is found for a rule, or some, with conditions."""
    rules = list(made) if isinstance(made, tuple) else [made]
    book = rulebook(KINDS, [attrs.evolve(each, types={**TYPES, **each.types}) for each in rules], definitions)
    return list(judge_evaluation(evaluate(book, compile_program(book), case(book, *facts, **more))))


def concerned(finding: Finding) -> list[tuple[str, bool]]:
    """Who is, in order, and whether that is certain."""
    return [("".join(sorted(each.concerned)), each.certain) for each in finding.witnesses]


def not_asked(*names: str) -> set[str]:
    """Every list but these."""
    return {each.name for each in KINDS} - set(names)


# ---------------------------------------------------------------- who is concerned


def test_those_who_certainly_are_come_first_each_set_once() -> None:
    """Two ways round a pair are one; what is certain one way is certain."""
    book = rule("r", form="not allowed", condition=all_of(atom("kin", "<p>", "<q>"), APART))
    facts = [
        fact("kin", "a", "b", possible=True),
        fact("kin", "b", "a"),
        fact("kin", "c", "d"),
        fact("kin", "a", "c"),
    ]
    (finding,) = judged(book, *facts, fact("kin", "a", "d", possible=True))
    assert concerned(finding) == [("ab", True), ("ac", True), ("cd", True), ("ad", False)]
    assert [each.binding for each in finding.witnesses][1:] == [
        (("p", "a"), ("q", "c")), (("p", "c"), ("q", "d")), (("p", "a"), ("q", "d")),
    ]  # fmt: skip


def test_who_breaches_it_whatever_is_the_case_is_certain_though_no_one_reason_is() -> None:
    """Somebody lives inside or not, and may do neither."""
    both = rule("r", form="not allowed", condition=atom("home", "<p>", "_"))
    (finding,) = judged(both, fact("home", "a", UNKNOWN))
    assert (finding.outcome, concerned(finding)) == (BREACHED, [("a", True)])


def test_an_exception_that_may_apply_leaves_open_who_is_concerned() -> None:
    """One is exempt if they live inside; of two, the other is concerned for certain."""
    exempt = (Exception_("inside", atom("home", "<p>", "yes")),)
    held = rule(
        "r",
        form="not allowed",
        condition=atom("kin", "<p>", "<q>"),
        subject=("p",),
        given=IS_MEMBER,
        exceptions=exempt,
    )
    facts = [fact("member", "a"), fact("member", "b"), fact("kin", "a", "c"), fact("kin", "b", "c")]
    first, second = judged(held, *facts, fact("home", "a", UNKNOWN), fact("home", "b", "no"))
    assert (first.outcome, concerned(first)) == (UNDECIDED, [("ac", False)])
    assert (second.outcome, concerned(second)) == (BREACHED, [("bc", True)])
    (first, second) = judged(held, *facts, fact("home", "a", "yes"), fact("home", "b", "no"))
    assert (first.outcome, first.exception, first.would_be) == (Outcome.NOT_APPLICABLE, "inside", BREACHED)
    assert (first.witnesses, first.missing) == ((), ())
    assert (second.exception, second.would_be) == ("", None)


def test_a_requirement_concerns_its_subject() -> None:
    """Of people only; where a number is too great, those who are counted too."""
    inside = rule("r", condition=atom("home", "<p>", "yes"), subject=("p",), given=IS_MEMBER)
    (finding,) = judged(inside, fact("member", "a"), fact("home", "a", "no"))
    assert concerned(finding) == [("a", True)]
    few = rule(
        "few",
        condition=limit("number", "q", atom("kin", "<p>", "<q>"), "at most", 1),
        subject=("p",),
        given=IS_MEMBER,
    )
    facts = [fact("member", "a"), fact("kin", "a", "b"), fact("kin", "a", "c")]
    (finding,) = judged(few, *facts)
    assert concerned(finding) == [("abc", True)]
    (finding,) = judged(few, *facts, fact("kin", "a", "d", possible=True))
    assert (finding.outcome, concerned(finding)) == (BREACHED, [("abc", True)])
    (finding,) = judged(few, *facts[:2], fact("kin", "a", "d", possible=True))
    assert (finding.outcome, concerned(finding)) == (UNDECIDED, [("abd", False)])


@pytest.mark.parametrize(
    ("op", "bound", "who"),
    [
        ("at most", 1, "ab"),
        ("less than", 2, "ab"),
        ("exactly", 1, "ab"),
        ("at least", 3, ""),
        ("more than", 2, ""),
    ],
)
def test_a_number_that_is_too_low_concerns_nobody(op: str, bound: int, who: str) -> None:
    """One that is too great concerns those who are counted."""
    held = rule("r", condition=limit("number", "p", IS_MEMBER, op, bound))
    (finding,) = judged(held, fact("member", "a"), fact("member", "b"))
    assert finding.outcome is BREACHED
    assert concerned(finding) == [(who, True)]


def test_people_are_told_from_other_things() -> None:
    """And from values that no record names."""
    assert people_of([PERSON, DATE, PERSON], ["a", "b", None]) == {"a"}
    with pytest.raises(ValueError, match="zip"):
        people_of([PERSON], ["a", "b"])


# ---------------------------------------------------------------- what is missing


def test_what_is_missing_comes_with_what_each_answer_leads_to() -> None:
    """A field, a record that may be there, a row that is not there; and where it stands."""
    inside = rule("r", condition=atom("home", "<p>", "yes"), subject=("p",), given=IS_MEMBER)
    first, second, third = judged(
        inside, fact("member", "a"), fact("member", "b", possible=True), fact("member", "c"),
        fact("home", "a", UNKNOWN), fact("home", "b", "no"),
    )  # fmt: skip
    (field,), (record,), (row,) = first.missing, second.missing, third.missing
    assert (field.sort, field.kind, field.field, field.subject) == (
        "field",
        "home",
        "inside",
        (("person", "a"),),
    )
    assert field.answers == (("yes", MET), ("no", BREACHED))
    assert (record.sort, record.kind, dict(record.subject)) == ("record", "member", {"person": "b"})
    assert dict(record.answers) == {"yes": BREACHED, "no": Outcome.NOT_APPLICABLE}
    assert (row.kind, dict(row.subject)) == ("home", {"person": "c"})
    assert {outcome for _, outcome in row.answers} == {MET, BREACHED}
    assert [[len(each) for each in finding.completions] for finding in (first, second, third)] == [[1, 1]] * 3
    one, other = first.completions
    assert (one[0].value, other[0].value) == ("no", "yes")


def test_only_what_matters_is_missing() -> None:
    """The home of whoever is no relation of anybody does not."""
    held = rule(
        "r", form="not allowed", condition=all_of(atom("kin", "<p>", "<q>"), atom("home", "<p>", "no"))
    )
    facts = [fact("home", each, UNKNOWN) for each in "abc"]
    (finding,) = judged(held, fact("kin", "a", "b"), fact("kin", "c", "b", possible=True), *facts)
    assert sorted((each.kind, dict(each.subject)["person"]) for each in finding.missing) == [
        ("home", "a"), ("home", "c"), ("kin", "c"),
    ]  # fmt: skip


def test_a_list_that_was_not_asked_is_missing_as_one() -> None:
    """With what follows if there is nothing further; a list that is not complete for somebody is about them."""
    held = rule("r", form="not allowed", condition=all_of(IS_MEMBER, atom("kin", "<p>", "<q>")))
    (finding,) = judged(held, fact("member", "a"), asked=not_asked("kin"))
    (missing,) = finding.missing
    assert (missing.sort, missing.kind, missing.subject, missing.answers) == (
        "list", "kin", (), (("nothing further", MET),),
    )  # fmt: skip
    incomplete = (Incomplete("kin", "person", "a"),)
    (finding,) = judged(held, fact("member", "a"), fact("member", "b"), incomplete=incomplete)
    (missing,) = finding.missing
    assert (missing.sort, missing.kind, missing.subject) == ("list", "kin", (("person", "a"),))
    assert (missing.id, missing.answers) == ("list kin a", (("nothing further", MET),))
    (finding,) = judged(held, fact("member", "b"), incomplete=incomplete)
    assert (finding.outcome, finding.missing) == (MET, ())


def test_beside_a_long_list_that_was_not_asked_only_what_would_matter_is_asked() -> None:
    """Ten members whose relations were not asked: that is one question, and no home is another."""
    held = rule(
        "r", form="not allowed", condition=all_of(atom("kin", "<p>", "<q>"), atom("home", "<p>", "no"))
    )
    people = [f"p{each}" for each in range(10)]
    facts = [fact("member", each) for each in people] + [fact("home", each, UNKNOWN) for each in people]
    (finding,) = judged(held, *facts, asked=not_asked("kin"))
    assert [(each.sort, each.kind) for each in finding.missing] == [("list", "kin")]
    # One relation is recorded: then the home of that one matters, whatever else there is.
    (finding,) = judged(held, *facts, fact("kin", "p3", "p4"), asked=not_asked("kin"))
    assert sorted((each.sort, each.kind, each.subject) for each in finding.missing) == [
        ("field", "home", (("person", "p3"),)), ("list", "kin", ()),
    ]  # fmt: skip


def test_where_every_site_that_matters_is_a_question_people_decide() -> None:
    """A fact that does not matter beside it changes nothing; one that does leaves it undecided."""
    ask = definition("close", "p q", (PERSON, PERSON), people_decide=atom("kin", "<p>", "<q>"))
    held = rule("r", form="not allowed", condition=atom("close", "<p>", "<q>"))
    (finding,) = judged(held, fact("kin", "a", "b"), definitions=[ask])
    assert (finding.outcome, [each.sort for each in finding.missing]) == (Outcome.JUDGEMENT, ["question"])
    assert dict(finding.missing[0].answers) == {"yes": BREACHED, "no": MET}
    (finding,) = judged(held, fact("kin", "a", "b", possible=True), definitions=[ask])
    assert (finding.outcome, sorted(each.sort for each in finding.missing)) == (
        UNDECIDED,
        ["question", "record"],
    )
    answers = (Answer("close", ("a", "b"), "no"),)
    (finding,) = judged(
        held, fact("kin", "a", "b"), fact("kin", "c", "d"), definitions=[ask], answers=answers
    )
    assert finding.outcome is Outcome.JUDGEMENT
    assert [each.subject[0][1] for each in finding.missing] == ["c"]


# ---------------------------------------------------------------- figures


def test_a_figure_is_as_narrow_as_what_can_be_the_case() -> None:
    """Somebody who lives inside or not is counted in one of two, and never in neither or both."""
    book = limit("number", "p", all_of(IS_MEMBER, atom("home", "<p>", "_")), "at least", 3)
    (finding,) = judged(
        rule("r", condition=book), *[fact("member", each) for each in "ab"], fact("home", "a", UNKNOWN)
    )
    (figure,) = finding.figures
    assert (figure.least, figure.greatest, figure.bound, figure.op) == (2, 2, 3, "at least")


def test_a_rule_without_a_measure_has_no_figures() -> None:
    """And one that is about each of several has one for each."""
    inside = rule("r", condition=atom("home", "<p>", "yes"), subject=("p",), given=IS_MEMBER)
    (finding,) = judged(inside, fact("member", "a"), fact("home", "a", "yes"))
    assert (finding.outcome, finding.figures) == (MET, ())
    few = rule(
        "few",
        condition=limit("number", "q", atom("kin", "<p>", "<q>"), "at most", 1),
        subject=("p",),
        given=IS_MEMBER,
    )
    found = judged(few, fact("member", "a"), fact("member", "b"), fact("kin", "a", "b"))
    assert [[(each.least, each.greatest) for each in finding.figures] for finding in found] == [
        [(1, 1)],
        [(0, 0)],
    ]


# ---------------------------------------------------------------- what is too large


def two_lists() -> tuple[Rulebook, Any]:
    """Rules over relations of members, and of each alone, and a case in which nobody asked who they are."""
    pair = all_of(atom("kin", "<p>", "<q>"), IS_MEMBER, atom("member", "<q>"), APART)
    rules = [
        rule("pairs", form="not allowed", condition=pair, types=TYPES),
        rule("about pairs", form="not allowed", condition=OutcomeIs("pairs", "breached"), types=TYPES),
        rule("homes", form="not allowed", condition=atom("home", "<p>", "no"), types=TYPES),
    ]
    book = rulebook(KINDS, rules)
    return book, case(book, fact("home", "a", "yes"), asked=not_asked("kin", "member"))


def test_lists_that_are_too_large_are_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other, with whatever rests on them; the rest is settled."""
    monkeypatch.setattr(conditions, "MOST_ROWS", 0)
    book, made = two_lists()
    evaluation = evaluate(book, compile_program(book), made)
    assert evaluation.layout.too_large == {"kin", "member"}
    pairs, about, homes = judge_evaluation(evaluation)
    for each in (pairs, about):
        assert (each.outcome, each.settled) == (UNDECIDED, False)
        assert [(one.id, one.sort, one.kind) for one in each.missing if one.id.startswith("list ")] == [
            ("list kin", "list", "kin"), ("list member", "list", "member"),
        ]  # fmt: skip
    assert (homes.outcome, homes.settled, homes.missing) == (MET, True, ())


def test_what_is_too_large_because_of_what_is_written_down_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is no list to leave out."""
    monkeypatch.setattr(conditions.Conditions, "spend", _too_much)
    book, _ = two_lists()
    with pytest.raises(conditions.TooMuch):
        evaluate(book, compile_program(book), case(book, fact("home", "a", UNKNOWN)))


def _too_much(self: object, rows: int) -> None:
    raise conditions.TooMuch


def test_rules_may_be_judged_alone() -> None:
    """With those whose outcome they ask for; in the order of the rulebook."""
    book, made = two_lists()
    program = compile_program(book)
    part = program_for(book, program, frozenset(["homes", "about pairs"]))
    assert [each.id for each in part.rules] == ["pairs", "about pairs", "homes"]
    assert program_for(book, program, frozenset(["about pairs", "homes"])) is part
    assert program_for(book, program, frozenset(book.rules)) is program
    found = judge_evaluation(evaluate(book, program, made), wanted=["homes"])
    assert [each.rule for each in found] == ["homes"]
    assert [each.rule for each in judge(book, program, made)] == ["pairs", "about pairs", "homes"]
    brief = judge(book, program, made, brief=True)
    assert [each.outcome for each in brief] == [each.outcome for each in judge(book, program, made)]
    assert all(not each.missing and not each.witnesses for each in brief)
