"""What is found where everything is known is held against the conditions, and what is found is asked why."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import attrs
import pytest

import bigrules
from bigrules.findings.check import Rulebook
from bigrules.findings.confirm import Disagreement, held_against
from bigrules.findings.fused import FusedProgram
from bigrules.findings.judge import evaluate, judge_evaluation
from bigrules.findings.readings import turned
from oracle import hand as by_hand

HERE = Path(__file__).parent
BOOK = HERE.parent / "render" / "book"
HALL = HERE.parent / "render" / "hall.yaml"


@pytest.fixture(scope="module")
def rulebook() -> bigrules.Rulebook:
    return bigrules.load_rulebook(BOOK)


@pytest.fixture(scope="module")
def case(rulebook: bigrules.Rulebook) -> bigrules.Case:
    """All is known, but for what people decide: two are members, and one who is paid is related to one of them."""
    people = [{"person": each} for each in ("Ann Example", "Bob Baker", "Eve Gray")]
    return rulebook.read(
        {
            "people": people,
            "memberships": [{**each, "signed": "yes", "from": "2017-01-01"} for each in people[:2]],
            "homes": [{**each, "in the village": "yes"} for each in people],
            "relations": [{"person": "Ann Example", "other": "Eve Gray", "kind": "parent"}],
            "offices": [{"person": "Ann Example", "office": "chair", "from": "2017-01-01"}],
            "posts": [{"person": "Eve Gray", "pay": "yes", "trial": "no"}],
        },
        as_of="2018-06-01",
    )


def without_people(finding: bigrules.Finding) -> bigrules.Finding:
    return attrs.evolve(finding, witnesses=finding.witnesses[1:])


def one_more(finding: bigrules.Finding) -> bigrules.Finding:
    (figure,) = finding.figures
    return attrs.evolve(finding, figures=(attrs.evolve(figure, least=figure.least + 1),))


@pytest.mark.parametrize(
    ("rule", "spoilt", "said"),
    [
        ("rules/size", lambda each: attrs.evolve(each, outcome=bigrules.Outcome.MET), "met, .* breached$"),
        ("rules/size", one_more, "breached, .* breached with other figures$"),
        (
            "rules/size",
            lambda each: attrs.evolve(each, exception="x"),
            "breached, .* breached for another exception$",
        ),
        ("rules/worker-related", without_people, "breached, .* breached by other people$"),
        (
            "rules/worker-related",
            lambda each: attrs.evolve(each, subject=(("day", 1),)),
            "breached, .* nothing$",
        ),
    ],
)
def test_what_is_found_without_conditions_is_confirmed(
    rulebook: bigrules.Rulebook,
    case: bigrules.Case,
    monkeypatch: pytest.MonkeyPatch,
    rule: str,
    spoilt: Any,
    said: str,
) -> None:
    found = FusedProgram.findings

    def findings(self: FusedProgram, *arguments: Any) -> Any:
        known, left = found(self, *arguments)
        assert rule in known, "spoil a rule of which everything is known"
        return {**known, rule: [spoilt(each) for each in known[rule]]}, left

    assert rulebook.check(case, confirm=True)
    monkeypatch.setattr(FusedProgram, "findings", findings)
    assert rulebook.check(case)
    with pytest.raises(bigrules.EnginesDisagree, match=f"on {rule}.*: compiled says {said}") as caught:
        rulebook.check(case, confirm=True)
    assert [name for name, _ in caught.value.found] == ["compiled", "compiled with conditions"]


def test_one_that_nothing_else_finds_is_a_disagreement(
    rulebook: bigrules.Rulebook, case: bigrules.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = FusedProgram.findings

    def findings(self: FusedProgram, *arguments: Any) -> Any:
        known, left = found(self, *arguments)
        extra = attrs.evolve(known["rules/size"][0], subject=(("person", "Zed"),))
        return {**known, "rules/size": [*known["rules/size"], extra]}, left

    monkeypatch.setattr(FusedProgram, "findings", findings)
    with pytest.raises(
        bigrules.EnginesDisagree, match=r"for person Zed: compiled says breached, .* nothing$"
    ):
        rulebook.check(case, confirm=True)


def test_a_report_is_what_the_conditions_give(rulebook: bigrules.Rulebook) -> None:
    """Open findings too, with the completions and the questions that its reasons are made from."""
    case = rulebook.read(HALL)
    model, program = rulebook._prepared(())
    evaluation = evaluate(model, program, case)
    report = rulebook.check(case)
    assert {str(each.outcome) for each in report.findings} >= {"undecided", "judgement", "breached"}
    assert report.findings == judge_evaluation(evaluation)


def test_reasons_are_found_when_they_are_asked_for(rulebook: bigrules.Rulebook, case: bigrules.Case) -> None:
    """Of a case of which everything is known nothing is evaluated before; afterwards, and elsewhere, it is the same."""
    rules = {each: rulebook.model.rules[each] for each in ("rules/size", "rules/signed")}
    small = bigrules.Rulebook(attrs.evolve(rulebook.model, rules=rules))
    report = small.check(case)
    assert not report.basis.evaluations()._made
    away = pickle.loads(pickle.dumps(report))
    told = str(report["rules/size"].findings[0].why())
    assert "Counted (2): Ann Example and Bob Baker" in told
    assert report.basis.evaluations()._made
    assert str(away["rules/size"].findings[0].why()) == told
    assert str(small.check(case, confirm=True)["rules/size"].findings[0].why()) == told


def test_readings_turn_the_same_findings_with_conditions_and_without() -> None:
    """Which way is taken hangs on what was known under the adopted readings; what comes out does not."""
    rulebook = bigrules.load_rulebook()
    case = rulebook.read(HERE.parents[1] / "examples" / "riverside.yaml")
    model, _ = rulebook._prepared(())
    findings = rulebook.check(case).findings
    ways = [
        turned(rulebook, model, case, findings, (), False, sure)
        for sure in (frozenset[str](), frozenset(model.rules))
    ]
    assert ways[0] == ways[1]
    assert any(each.turns for each in ways[0][0])


def test_somebody_of_whom_only_other_rules_know_is_no_disagreement() -> None:
    """Ann's household may be one that is not recorded, with rooms of its own; what counts the rooms reads no homes."""
    book = by_hand.rulebook(
        [
            by_hand.kind("people", person=by_hand.PERSON),
            by_hand.kind("homes", one_for_each="person", person=by_hand.PERSON, household=by_hand.HOUSEHOLD),
            by_hand.kind("rooms", one_for_each="household", household=by_hand.HOUSEHOLD, big=by_hand.YES_NO),
        ],
        [
            by_hand.rule(
                "size",
                condition=by_hand.limit("number", "h", by_hand.atom("rooms", "<h>", "yes"), "at most", 1),
                types={"h": by_hand.HOUSEHOLD},
            ),
            by_hand.rule(
                "other",
                "not allowed",
                by_hand.atom("homes", "<p>", "<h>"),
                types={"p": by_hand.PERSON, "h": by_hand.HOUSEHOLD},
            ),
        ],
    )
    facts = (("people", "ann"), ("homes", "bob", "h"), ("rooms", "h", "yes"))
    case = by_hand.case(book, *(by_hand.fact(*each) for each in facts))
    report = Rulebook(book).check(case, confirm=True)
    (finding,) = report["size"].findings
    assert finding.outcome == "met"
    assert (finding.figures[0].least, finding.figures[0].greatest) == (1, 1)


def test_what_was_not_settled_disagrees_with_nothing() -> None:
    """A list that is too large for conditions leaves open what without them rests on nothing that is not known."""
    known = bigrules.Finding("r", (), bigrules.Outcome.NOT_APPLICABLE)
    left_open = bigrules.Finding("r", (), bigrules.Outcome.UNDECIDED, settled=False)
    assert held_against([known], [left_open]) == []
    assert held_against([known], [attrs.evolve(left_open, settled=True)]) == [
        Disagreement("r", (), "not applicable", "undecided")
    ]
    assert held_against([known], [attrs.evolve(known)]) == []
