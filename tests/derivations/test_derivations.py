"""Each derivation that a report gives is checked again, by a checker that knows only the rules and the facts."""

from __future__ import annotations

import functools
import os
from collections import Counter

import attrs
import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

import bigrules
import compact
from bigrules.facts.case import Answer, Case, Fact
from bigrules.facts.examples import example_case
from bigrules.facts.parameters import with_parameters
from bigrules.findings.derive import Derivation
from bigrules.findings.report import Finding, Outcome
from bigrules.language.model import Limit, NoneOf, OutcomeIs, Rule, Rulebook
from derivations.checker import Checker, leaves
from oracle.evaluate import closed_world, evaluate_world
from oracle.reads import parts, reads
from partnerships import partnerships
from properties import tally
from properties.agree import TooLong, at_most
from properties.evaluators import shipped
from properties.long_run import examples, repeated
from random_rulebooks import rulebook_of
from strategies import KNOWN, cases

OPEN = (Outcome.UNDECIDED, Outcome.JUDGEMENT)
# An explanation writes out so many ways in which a rule is breached, at the most.
MOST_WITNESSES = 12
STEPS = "steps checked"
BREACHES = "breaches whose facts alone breach the rule"


@functools.cache
def shipped_rules() -> bigrules.Rulebook:
    """The shipped rulebook in use, compiled once."""
    return bigrules.Rulebook(shipped())


def rules_in_use(rulebook: Rulebook) -> bigrules.Rulebook:
    """A rulebook in use."""
    return shipped_rules() if rulebook is shipped() else _in_use(rulebook)


_LAST: list[bigrules.Rulebook] = []


def _in_use(rulebook: Rulebook) -> bigrules.Rulebook:
    """A rulebook in use, compiled once for as long as it is asked for."""
    if not _LAST or _LAST[0].model is not rulebook:
        _LAST[:] = [bigrules.Rulebook(rulebook)]
    return _LAST[0]


def known(rulebook: Rulebook, case: Case) -> bool:
    """Whether nothing is open, so that every step has to be certain."""
    gaps = any(each.possible or not all(map(settled, each.values)) for each in case.facts)
    every = case.asked >= frozenset(rulebook.vocabulary.given)
    return every and not gaps and not case.incomplete and all(each.known for each in case.assumed)


def settled(value: object) -> bool:
    """Whether a value is known."""
    return repr(value) not in ("UNKNOWN", "BY_NOW")


def checked(rulebook: Rulebook, case: Case, test: str) -> int:
    """Check every derivation of every finding; gives how many steps there were."""
    report = rules_in_use(rulebook).check(case)
    # What a parameter is on each day enters a case when it is judged.
    checker = Checker(rulebook, with_parameters(rulebook, case))
    steps = 0
    for finding in report.findings:
        if finding.outcome in OPEN or finding.further:
            continue
        made = finding.why().derivations
        wrong = [fault for each in made for fault in checker.faults(each)]
        assert not wrong, "\n".join(wrong)
        steps += sum(1 for each in made for _ in all_steps(each))
        rule = rulebook.rules[finding.rule]
        if finding.outcome is Outcome.BREACHED and rule.form == "not allowed":
            steps += breach(checker, rule, finding, made, test)
    tally.count(test, "compiled", STEPS, steps)
    tally.count(test, "compiled", tally.PAIRS)
    return steps


def all_steps(step: Derivation) -> list[Derivation]:
    """A step and all that are below it."""
    return [step, *(below for each in step.because for below in all_steps(each))]


def breach(checker: Checker, rule: Rule, finding: Finding, made: tuple[Derivation, ...], test: str) -> int:
    """Check that what is told of a breach is a breach, and that it needs each of its facts."""
    assert rule.condition is not None
    witnesses = [each for each in finding.witnesses if each.certain][:MOST_WITNESSES]
    for witness in witnesses:
        env = {slot: value for slot, value in witness.binding if slot}
        mode = env[rule.on] if rule.on else checker.case.as_of
        assert rule.given is None or checker.holds(rule.given, env, checker.case.as_of, made), witness
        assert checker.holds(rule.condition, env, mode, made), witness
    for fact in {(each.predicate, each.values): each for each in leaves(made)}.values():
        without = tuple(
            each for each in checker.case.facts if (each.kind, each.values) != (fact.predicate, fact.values)
        )
        poorer = Checker(checker.rulebook, attrs.evolve(checker.case, facts=without))
        assert any(fault for each in made for fault in poorer.faults(each)), fact.says
    if plain(checker.rulebook, rule.id):
        # Where nothing rests on what is absent, the facts that are told are all that it takes.
        told = {(each.predicate, each.values) for each in leaves(made)}
        enough = tuple(each for each in checker.case.facts if (each.kind, each.values) in told)
        alone = attrs.evolve(checker.case, facts=enough, closed=True)
        found = evaluate_world(closed_world(checker.rulebook, alone), {rule.id})
        people = {each.concerned for each in witnesses if each.concerned}
        told_people = {
            each for key, result in found.items() if key[0] == rule.id for each in result.concerned
        }
        assert people <= told_people
        tally.count(test, "compiled", BREACHES)
    return len(witnesses)


def plain(rulebook: Rulebook, rule: str) -> bool:
    """Whether nothing in a rule, or in what it reads, is an absence, a measure or an outcome, or is left to people."""
    it = reads(rulebook, {rule})
    inside = [part for formula in it.formulas for part in parts(formula)]
    decided = any(
        rulebook.definitions[each].people_decide is not None
        for each in it.modes
        if each in rulebook.definitions
    )
    return not decided and not any(isinstance(part, NoneOf | Limit | OutcomeIs) for part in inside)


def answered(data: st.DataObject, rulebook: Rulebook, case: Case) -> Case:
    """The case with every question answered: what is left open has no certain derivation."""
    for _ in range(60):
        report = rules_in_use(rulebook).check(case)
        questions = {
            (gap.kind, tuple(value for _, value in gap.subject))
            for finding in report.findings
            for gap in finding.missing
            if gap.sort == "question"
        }
        if not questions:
            return case
        more = [
            # Given on the day: an answer without one does not settle what is asked again.
            Answer(question, subject, data.draw(st.sampled_from(["yes", "yes", "no"])), when=case.as_of)
            for question, subject in sorted(questions, key=repr)
        ]
        case = attrs.evolve(case, answers=(*case.answers, *more))
    raise AssertionError("questions without end")


def test_random_rulebooks() -> None:
    """On random rulebooks and cases of which everything is known."""

    @examples(30)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        rulebook = data.draw(st.integers(0, 2**60).map(rulebook_of))
        case = data.draw(cases(rulebook, sorts=KNOWN))
        note(compact.text(rulebook.vocabulary.kinds))
        note(compact.text(rulebook.definitions))
        note(compact.text(rulebook.rules))
        note(compact.text(case))
        try:
            with at_most(5):
                assume(nothing_open(rulebook, case))
                checked(rulebook, case, "derivations of random rulebooks")
        except TooLong:
            assume(False)

    repeated(tried, weight=10)


def nothing_open(rulebook: Rulebook, case: Case) -> bool:
    """Whether every finding is settled: the oracle follows a case only if nothing in it is open."""
    return not any(each.outcome in OPEN for each in rules_in_use(rulebook).check(case).findings)


def test_shipped_rules() -> None:
    """On the shipped rules and random partnerships of which everything is known."""

    @examples(8)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        case = data.draw(partnerships(shipped(), unknown=0, not_asked=0))
        case = answered(data, shipped(), case)
        assume(known(shipped(), case) and nothing_open(shipped(), case))
        checked(shipped(), case, "derivations of the shipped rules")

    repeated(tried, weight=5)


def test_examples_of_all_rules() -> None:
    """On the examples in the rule files of which everything is known, for all rules that facts decide."""
    steps = tried = 0
    # Every other one, from the first or the second on by turns; all of them in the long profile.
    step = 1 if os.environ.get("BIGRULES_PROFILE") == "long" else 2
    for number, rule in enumerate((*shipped().rules.values(), *shipped().definitions.values())):
        for example in rule.examples[number % step :: step]:
            case = with_decisions_told(example_case(shipped(), example))
            if known(by_facts(), case) and nothing_open(by_facts(), case):
                steps += checked(by_facts(), case, "derivations of the examples")
                tried += 1
    assert tried > 200 / step
    assert steps > 800 / step


@functools.cache
def by_facts() -> Rulebook:
    """The shipped rules without those that people answer, and those that speak of their outcome."""
    rules = shipped().rules
    asking = {each.id for each in rules.values() if each.ask}
    asking |= {
        each.id
        for each in rules.values()
        if any(
            isinstance(part, OutcomeIs) and part.rule in asking
            for formula in reads(shipped(), {each.id}).formulas
            for part in parts(formula)
        )
    }
    # Evidence speaks of rules that are left out.
    kept = {id: attrs.evolve(each, show=()) for id, each in rules.items() if id not in asking}
    return attrs.evolve(shipped(), rules=kept)


def with_decisions_told(case: Case) -> Case:
    """The case with every decision written down and made known, unless it says otherwise: few examples speak of it."""
    return attrs.evolve(
        case,
        facts=tuple(
            attrs.evolve(
                each,
                values=(
                    *each.values[:-2],
                    *(("yes" if not settled(one) else one) for one in each.values[-2:]),
                ),
            )
            if each.kind == "decisions"
            else each
            for each in case.facts
        ),
    )


# ---------------------------------------------------------------- the checker can fail


@pytest.fixture(scope="module")
def related() -> tuple[Case, tuple[Derivation, ...]]:
    """A case in which a worker is the child of an officer's sister, with what is told of the breach."""
    rule = shipped().rules["conflicts/worker-related-to-officer"]
    for example in rule.examples:
        case = example_case(shipped(), example)
        if example.then == "breached" and known(shipped(), case):
            report = rules_in_use(shipped()).check(case)
            return case, report[rule.id].findings[0].why().derivations
    raise AssertionError("no such example")


def faults(case: Case, steps: tuple[Derivation, ...]) -> list[str]:
    """What the checker finds wrong."""
    return [fault for each in steps for fault in Checker(shipped(), case).faults(each)]


def test_a_derivation_that_leaves_out_a_step_is_wrong(related: tuple[Case, tuple[Derivation, ...]]) -> None:
    """What a definition holds because of has to be all that it asks for."""
    case, steps = related
    assert not faults(case, steps)
    for number, step in enumerate(steps):
        if step.sort == "definition":
            for left_out in range(len(step.because)):
                because = (*step.because[:left_out], *step.because[left_out + 1 :])
                if step.because[left_out].sort in ("fact", "definition"):
                    lame = attrs.evolve(step, because=because)
                    assert faults(case, (*steps[:number], lame, *steps[number + 1 :]))


def test_a_derivation_about_somebody_else_is_wrong(related: tuple[Case, tuple[Derivation, ...]]) -> None:
    """What a step says is held against the rules and the facts, whatever is below it."""
    case, steps = related
    for step in steps:
        if step.sort in ("fact", "definition"):
            other = tuple("somebody else" if isinstance(each, str) else each for each in step.values)
            assert faults(case, (attrs.evolve(step, values=other),))


def test_a_derivation_from_what_is_not_recorded_is_wrong(
    related: tuple[Case, tuple[Derivation, ...]],
) -> None:
    """Each leaf is a record, or was stated."""
    case, steps = related
    told: Counter[str] = Counter(each.sort for step in steps for each in all_steps(step))
    assert told["fact"] + told["stated"] > 1
    facts: tuple[Fact, ...] = ()
    assert faults(attrs.evolve(case, facts=facts, assumed=()), steps)
