"""A second engine confirms what is so, and contradicts what is not: findings are made wrong, one thing at a time."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from bigrules.engines.base import Evaluation
from bigrules.facts.case import UNKNOWN, Answer, Fact
from bigrules.findings.confirm import confirm, held_against
from bigrules.findings.judge import evaluate, judge_evaluation
from bigrules.findings.report import Figure, Finding, Outcome, Witness
from bigrules.language.model import Exception_
from bigrules.program.compile import compile_program
from oracle.hand import AS_OF, PERSON, YES_NO, atom, case, fact, kind, limit, rule, rulebook

MEMBER = kind("member", person=PERSON)
HOME = kind("home", one_for_each="person", person=PERSON, inside=YES_NO)
TYPES = {"p": PERSON, "q": PERSON}
MET, BREACHED, UNDECIDED = Outcome.MET, Outcome.BREACHED, Outcome.UNDECIDED


def outside(**more: Any) -> Any:
    """Nobody lives outside."""
    return rule("outside", form="not allowed", condition=atom("home", "<p>", "no"), types=TYPES, **more)


def inside() -> Any:
    """Each member lives inside."""
    given, held = atom("member", "<p>"), atom("home", "<p>", "yes")
    return rule("inside", condition=held, types=TYPES, subject=("p",), given=given)


def found(*facts: Fact, rules: tuple[Any, ...] = (), **more: Any) -> tuple[tuple[Finding, ...], Evaluation]:
    """What is found, and the evaluation that it is held against."""
    book = rulebook([MEMBER, HOME], list(rules or (outside(), inside())))
    evaluation = evaluate(book, compile_program(book), case(book, *facts, **more))
    return judge_evaluation(evaluation), evaluation


def contradicted(findings: Any, second: Evaluation) -> list[tuple[str, str, str]]:
    """The disagreements: about what, what the first says and what the second."""
    disagreements, unsure = confirm(findings, second)
    assert unsure == []
    return [
        (f"{each.rule} {''.join(str(value) for _, value in each.subject)}".strip(), each.first, each.second)
        for each in disagreements
    ]


HERE = [fact("member", "a"), fact("member", "b"), fact("home", "a", "yes"), fact("home", "b", "no")]


def test_what_is_so_is_confirmed() -> None:
    """With everything known; with an unknown; with somebody who may be there."""
    for facts in (HERE, [*HERE[:3], fact("home", "b", UNKNOWN)], [*HERE, fact("member", "c", possible=True)]):
        assert contradicted(*found(*facts)) == []


def test_an_outcome_that_is_not_so_is_contradicted() -> None:
    """Each of the two rules, with what the second says."""
    findings, second = found(*HERE)
    wrong, first, other = findings
    assert [(each.rule, each.outcome) for each in findings] == [
        ("outside", BREACHED), ("inside", MET), ("inside", BREACHED),
    ]  # fmt: skip
    assert contradicted([attrs.evolve(wrong, outcome=MET), first, other], second) == [
        ("outside", "met", "breached")
    ]
    assert contradicted([wrong, attrs.evolve(first, outcome=BREACHED), other], second) == [
        ("inside a", "breached", "met")
    ]
    assert contradicted([wrong, first, attrs.evolve(other, outcome=Outcome.NOT_APPLICABLE)], second) == [
        ("inside b", "not applicable", "breached")
    ]
    # Each that is wrong is told, and none is left out for another.
    every = [attrs.evolve(each, outcome=Outcome.NOT_APPLICABLE) for each in findings]
    assert [each[0] for each in contradicted(every, second)] == ["outside", "inside a", "inside b"]


def test_people_who_are_not_those_concerned_are_contradicted() -> None:
    """Of a rule that allows something to nobody; whoever is only possible is no matter."""
    findings, second = found(*HERE)
    (mine,) = [each for each in findings if each.rule == "outside"]
    a, b = (Witness(frozenset(each), (("p", each),), True) for each in "ab")
    rest = [each for each in findings if each.rule != "outside"]
    assert mine.witnesses == (b,)
    for witnesses in ((a,), (a, b), ()):
        said = contradicted([attrs.evolve(mine, witnesses=witnesses), *rest], second)
        assert said == [("outside", "breached", "breached by other people")]
    perhaps = attrs.evolve(a, certain=False)
    assert contradicted([attrs.evolve(mine, witnesses=(b, perhaps)), *rest], second) == []


def test_what_is_open_is_held_against_its_two_completions() -> None:
    """One in which it is breached and one in which it is not; said the wrong way round, both are contradicted."""
    findings, second = found(*HERE[:3], fact("home", "b", UNKNOWN))
    wrong, first, other = findings
    assert (wrong.outcome, first.outcome, other.outcome) == (UNDECIDED, MET, UNDECIDED)
    turned = attrs.evolve(wrong, completions=wrong.completions[::-1])
    assert contradicted([turned, first, other], second) == [
        ("outside", "undecided", "not breached where the other says breached")
    ]
    twice = attrs.evolve(wrong, completions=(wrong.completions[0], wrong.completions[0]))
    assert contradicted([twice, first, other], second) == [
        ("outside", "undecided", "breached where the other says not")
    ]
    for outcome in (MET, BREACHED, Outcome.NOT_APPLICABLE):
        settled = attrs.evolve(wrong, outcome=outcome)
        assert contradicted([settled, first, other], second) == [("outside", str(outcome), "open")]


def test_what_is_not_applicable_is_told_from_what_is_met() -> None:
    """For somebody who may be a member it is met or of no matter: that is met."""
    findings, second = found(fact("member", "c", possible=True), fact("home", "c", "yes"), rules=(inside(),))
    (only,) = findings
    assert only.outcome is MET
    assert contradicted([attrs.evolve(only, outcome=Outcome.NOT_APPLICABLE)], second) == [
        ("inside c", "not applicable", "met")
    ]
    exempt = inside_unless_outside()
    findings, second = found(*HERE, rules=(exempt,))
    assert [each.outcome for each in findings] == [MET, Outcome.NOT_APPLICABLE]
    assert contradicted(findings, second) == []
    assert contradicted([findings[0], attrs.evolve(findings[1], outcome=MET)], second) == [
        ("inside b", "met", "not applicable")
    ]


def inside_unless_outside() -> Any:
    """Each member lives inside, except whoever lives outside."""
    return attrs.evolve(inside(), exceptions=(Exception_("one", atom("home", "<p>", "no")),))


def test_a_subject_that_the_first_does_not_know_is_told() -> None:
    """Unless it is none in any completion; and one that the second does not know."""
    findings, second = found(*HERE)
    wrong, first, _ = findings
    assert contradicted([wrong, first], second) == [("inside b", "nothing", "a finding")]
    assert [each[0] for each in contradicted([], second)] == ["outside", "inside a", "inside b"]


def test_a_limit_is_confirmed_too() -> None:
    """Two at least, of one and another that may be."""
    size = rule("size", condition=limit("number", "p", atom("member", "<p>"), "at least", 2), types=TYPES)
    findings, second = found(fact("member", "a"), fact("member", "b", possible=True), rules=(size,))
    assert contradicted(findings, second) == []
    assert contradicted([attrs.evolve(findings[0], outcome=BREACHED)], second) == [
        ("size", "breached", "open")
    ]


def test_a_question_that_was_answered_is_confirmed() -> None:
    """And contradicted, where the answer is the other."""
    ask = rule("asked", form="ask")
    for said, outcome in (("yes", MET), ("no", BREACHED)):
        answers = (Answer("asked", (), said, "Ann", AS_OF, "so it is"),)
        findings, second = found(rules=(ask,), answers=answers)
        assert [each.outcome for each in findings] == [outcome]
        assert contradicted(findings, second) == []
        other = BREACHED if outcome is MET else MET
        assert contradicted([attrs.evolve(findings[0], outcome=other)], second) == [
            ("asked", str(other), str(outcome))
        ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"outcome": MET}, "met"), ({"witnesses": ()}, "breached by other people"),
        ({"figures": (Figure("number", 1, 1, None, None, "at most", 1, ""),)}, "breached with other figures"),
        ({"exception": "one"}, "breached for another exception"),
        ({"would_be": MET}, "breached but otherwise without the exception"),
    ],
)  # fmt: skip
def test_what_was_found_where_all_is_known_is_held_against_the_conditions(
    changed: dict[str, Any], said: str
) -> None:
    """Outcome, people, figures, exception, and what would be without it."""
    findings, _ = found(*HERE)
    assert held_against(findings, findings) == []
    evaluated = [attrs.evolve(findings[0], **changed), *findings[1:]]
    (one,) = held_against(findings, evaluated)
    assert (one.rule, one.subject, one.first, one.second) == ("outside", (), "breached", said)


def test_what_one_way_does_not_find_at_all_is_told() -> None:
    """With whom it is about."""
    findings, _ = found(*HERE)
    (one,) = held_against(findings, findings[:2])
    assert (one.rule, one.subject, one.first, one.second) == ("inside", (("p", "b"),), "breached", "nothing")
    (one,) = held_against(findings[:2], findings)
    assert (one.first, one.second) == ("nothing", "breached")
