"""Random rulebooks whose rules show their own conditions: evidence and finding must say the same."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from bigrules.facts.case import Case
from bigrules.findings.check import Rulebook
from bigrules.findings.evidence import Listed, Measured
from bigrules.findings.report import Figure, Finding, Outcome
from bigrules.language import model
from bigrules.language.model import Limit
from bigrules.language.scope import bound, names_in
from bigrules.language.shown import Show, ShowEach, ShowMeasure, unlimited
from bigrules.program.formulas import flat
from properties.long_run import examples, repeated
from random_rulebooks import rulebook_of
from strategies import KNOWN, MIXED, cases


def own(rule: model.Rule) -> tuple[Show, ...]:
    """The rule's own condition as evidence: its measures, or what it does not allow."""
    if rule.condition is None:
        return ()
    if rule.form == "not allowed":
        return (ShowEach("what is not allowed", rule.condition, rule.types),)
    parts = flat(rule.condition)
    limits = [each for each in parts if isinstance(each, Limit) and each.of is None]
    # A measure that uses what the list beside it binds is another one without it.
    beside = frozenset[str]().union(*(bound(each) for each in parts)) - set(rule.subject)
    alone = [each for each in limits if not named(each) & beside]
    return tuple(
        ShowMeasure(str(number), unlimited(each.measure), rule.types) for number, each in enumerate(alone)
    )


def named(limit: Limit) -> set[str]:
    """The slots of a measure."""
    measure = limit.measure
    return names_in(measure.among) | names_in(measure.where) | names_in(measure.link)


def showing(rulebook: model.Rulebook) -> model.Rulebook:
    rules = {id: attrs.evolve(each, show=own(each)) for id, each in rulebook.rules.items()}
    return attrs.evolve(rulebook, rules=rules)


def people(rule: model.Rule, binding: Iterable[tuple[str, object]]) -> frozenset[str]:
    return frozenset(
        str(value) for slot, value in binding if rule.types[slot].name == "person" and isinstance(value, str)
    )


def within(inner: Figure, outer: Figure) -> bool:
    """Whether all that one figure leaves open is left open by the other."""
    for least, greatest in (("least", "greatest"), ("of_least", "of_greatest")):
        ends = [getattr(each, name) for name in (least, greatest) for each in (inner, outer)]
        low, outer_low, high, outer_high = ends
        if outer_low is not None and (low is None or low < outer_low):
            return False
        if outer_high is not None and (high is None or high > outer_high):
            return False
    return True


def fits(evidence: Figure, figure: Figure) -> bool:
    """Whether they may be figures of one measure: either may have the wider bounds, and both are bounds."""
    return evidence.aggregate == figure.aggregate and (within(evidence, figure) or within(figure, evidence))


def compare(rule: model.Rule, finding: Finding, is_known: bool) -> int:
    """Hold the evidence of a finding against the finding; how much was compared."""
    compared = 0
    for each in finding.evidence:
        if isinstance(each, Measured):
            mine = [figure for figure in finding.figures if fits(each.figure, figure)]
            assert mine, (rule.id, each, finding.figures)
            if is_known:
                assert all(each.figure == attrs.evolve(figure, op="", bound=None, text="") for figure in mine)
        else:
            assert isinstance(each, Listed)
            said = {people(rule, one.binding) for one in each.found}
            certain = {people(rule, one.binding) for one in each.found if one.certain}
            concerned = {witness.concerned for witness in finding.witnesses}
            if finding.outcome is Outcome.MET:
                assert not certain or rule.exceptions, (rule.id, each)
            if finding.outcome is Outcome.BREACHED:
                assert certain <= concerned, (rule.id, each, finding.witnesses)
            # Of what people have not decided yet, it is not known though all facts are.
            if is_known and not rule.exceptions and said == certain:
                assert said == certain == concerned, (rule.id, each, finding.witnesses)
        compared += 1
    return compared


def tried(rulebook: model.Rulebook, case: Case, is_known: bool) -> None:
    book = showing(rulebook)
    report = Rulebook(book).check(case)
    plain = Rulebook(rulebook).check(case)
    assert report.findings == plain.findings
    compared = 0
    for finding in report.findings:
        if finding.settled:
            compared += compare(book.rules[finding.rule], finding, is_known)
    event("compared" if compared else "nothing to compare")


@pytest.mark.parametrize("is_known", [True, False], ids=["all known", "some not known"])
def test_what_a_rule_shows_of_itself_is_what_it_finds(is_known: bool) -> None:
    @examples(4)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        rulebook = rulebook_of(data.draw(st.integers(0, 2**60)))
        sorts = KNOWN if is_known else data.draw(st.sampled_from(MIXED))
        tried(rulebook, data.draw(cases(rulebook, sorts=sorts)), is_known)

    repeated(run, 1)
