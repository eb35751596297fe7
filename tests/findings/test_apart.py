"""Rules that read a list which is not complete are evaluated each by itself, all others together."""

from __future__ import annotations

import datetime

import pytest

from bigrules.facts.case import Incomplete
from bigrules.findings.apart import Evaluations
from bigrules.findings.judge import evaluate, judge, judge_evaluation
from bigrules.findings.report import Outcome
from bigrules.language.model import OutcomeIs, Rulebook
from bigrules.language.model import Test as Computed
from bigrules.program.compile import compile_program
from oracle.hand import DATE, PERSON, YES_NO, all_of, atom, case, fact, kind, limit, rule, rulebook, term

MEMBER, SIGNED = kind("member", person=PERSON), kind("signed", person=PERSON)
HOME = kind("home", one_for_each="person", person=PERSON, inside=YES_NO)
SENT = kind("sent", day=DATE, happened="day")
TYPES = {"p": PERSON}
IS_MEMBER = atom("member", "<p>")


def book() -> Rulebook:
    """Two members are enough, half live here, each has signed; somebody is to be told where there are too few."""
    return rulebook(
        [MEMBER, SIGNED, HOME, SENT],
        [
            rule("size", condition=limit("number", "p", IS_MEMBER, "at least", 2), types=TYPES),
            rule(
                "half",
                condition=limit("share", "p", IS_MEMBER, "at least", "1/2", where=atom("home", "<p>", "yes")),
                types=TYPES,
            ),
            rule("form", condition=atom("signed", "<p>"), given=IS_MEMBER, subject=("p",), types=TYPES),
            rule("tell", condition=atom("signed", "_"), given=OutcomeIs("size", "breached")),
        ],
    )


def groups(**more: object) -> list[set[str]]:
    """Which rules are evaluated together."""
    made = book()
    evaluations = Evaluations(made, compile_program(made), case(made, fact("member", "a"), **more))  # type: ignore[arg-type]
    return [set(each) for each in evaluations.groups(made.rules)]


def test_where_every_list_is_complete_all_rules_are_evaluated_together() -> None:
    """Homes too, of which everybody has one: there is nobody further in that list."""
    assert groups() == [{"size", "half", "form", "tell"}]
    assert groups(asked={"member", "signed", "sent"}) == [{"size", "half", "form", "tell"}]


def test_what_reads_an_open_list_is_evaluated_by_itself() -> None:
    """Whether it was not asked or is said to be incomplete, and also where another rule reads it."""
    apart = [{"size", "half"}, {"form"}, {"tell"}]
    assert groups(asked={"member", "home"}) == apart
    assert groups(incomplete=(Incomplete("signed", "person", "a"),)) == apart
    assert groups(asked={"signed", "home"}) == [{"size"}, {"half"}, {"form"}, {"tell"}]


def test_what_may_still_happen_is_evaluated_by_itself() -> None:
    """More may come of it, though the list is complete."""
    day = Computed("window", (term("<d>"), term(2018)), window=(9, 1, 12, 31))
    due = rule("due", condition=all_of(atom("sent", "<d>", future="d"), day), types={"d": DATE})
    made = rulebook([MEMBER, SENT], [due, book().rules["size"]])
    evaluations = Evaluations(made, compile_program(made), case(made, as_of=datetime.date(2018, 10, 1)))
    assert [set(each) for each in evaluations.groups(made.rules)] == [{"due"}, {"size"}]


def test_each_is_evaluated_once() -> None:
    made = book()
    evaluations = Evaluations(made, compile_program(made), case(made, asked={"member", "home"}))
    assert evaluations.of("size") is evaluations.of("half") is not evaluations.of("form")


@pytest.mark.parametrize(
    "asked", [{"member", "signed", "home"}, {"member", "home"}, {"signed", "home"}, set()]
)
def test_a_rule_finds_the_same_whatever_stands_beside_it(asked: set[str]) -> None:
    """What others read may name strangers, and asks about nothing that is not its own."""
    made = book()
    given = case(made, fact("member", "a"), fact("home", "a", "yes"), asked=asked)
    found = judge(made, compile_program(made), given)
    for id_ in made.rules:
        alone = judge_evaluation(evaluate(made, compile_program(made, [id_]), given), wanted=[id_])
        mine = [each for each in found if each.rule == id_]
        assert [(each.subject, each.outcome, each.figures) for each in mine] == [
            (each.subject, each.outcome, each.figures) for each in alone
        ]
        assert [[one.kind for one in each.missing] for each in mine] == [
            [one.kind for one in each.missing] for each in alone
        ]


def test_a_rule_about_a_rule_is_judged_with_it() -> None:
    """Too few members, and nobody can say whether somebody signed."""
    made = book()
    evaluations = Evaluations(made, compile_program(made), case(made, fact("member", "a"), asked={"member"}))
    found = evaluations.judge(["tell", "size"])
    assert [each.outcome for each in found["tell"]] == [Outcome.UNDECIDED]
    assert [each.outcome for each in found["size"]] == [Outcome.BREACHED]
