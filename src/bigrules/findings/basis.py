"""A report: findings by rule, the outcome of the case, what it rests on, and what its reasons are made from."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import attrs

from bigrules.facts.case import Case
from bigrules.findings.report import ORDER, CaseOutcome, Finding, Outcome, RestsOn, in_report
from bigrules.language import edition_on

if TYPE_CHECKING:
    from bigrules.findings.apart import Evaluations
    from bigrules.findings.derive import Deriver
    from bigrules.findings.evidence import Contradiction, Evidence, Gathering
    from bigrules.findings.explain import Explanation
    from bigrules.findings.names import NameMode, Names
    from bigrules.language import model

BREACHED, OPEN = Outcome.BREACHED, (Outcome.UNDECIDED, Outcome.JUDGEMENT)
FailOn = Literal["should", "expected"]


class Basis:
    """What explanations are made from; pickles without what can be made again.

    Args:
        rulebook: The rulebook as it was applied.
        case: The case.
        evaluations: What was evaluated, or None to do so when it is needed.
    """

    def __init__(
        self,
        rulebook: model.Rulebook,
        case: Case,
        evaluations: Evaluations | None = None,
    ) -> None:
        self.rulebook, self.case = rulebook, case
        self.outcomes: dict[str, Outcome] = {}
        self._evaluations = evaluations
        self._lock = threading.RLock()
        self._derivers: dict[tuple[str, frozenset[str]], Deriver] = {}
        self._gatherings: dict[str, Gathering] = {}

    def __getstate__(self) -> tuple[Any, ...]:
        return (attrs.evolve(self.rulebook, sources=None), self.case, self.outcomes)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.__init__(state[0], state[1])  # type: ignore[misc]
        self.outcomes = state[2]

    def evaluations(self) -> Evaluations:
        """What holds, by rules."""
        with self._lock:
            if self._evaluations is None:
                from bigrules.findings.apart import Evaluations
                from bigrules.program.compile import compile_program

                self._evaluations = Evaluations(self.rulebook, compile_program(self.rulebook), self.case)
            return self._evaluations

    def names(self, mode: NameMode = "full") -> Names:
        """What things are called."""
        from bigrules.findings.names import names_of

        return names_of(self.rulebook, self.case, mode)

    def deriver(self, rule: str, mode: NameMode = "full") -> Deriver:
        """Finds derivations of the findings of a rule, with names shown so."""
        from bigrules.findings.derive import Deriver

        with self._lock:
            evaluations = self.evaluations()
            key = (mode, evaluations.group(rule))
            if key not in self._derivers:
                names = self.names(mode)
                self._derivers[key] = Deriver(
                    self.rulebook, self.case, evaluations.of(rule), names, self.outcomes
                )
            return self._derivers[key]

    def gathering(self, rule: str) -> Gathering:
        """What gathers the evidence of a rule."""
        from bigrules.findings.evidence import Gathering

        with self._lock:
            if rule not in self._gatherings:
                self._gatherings[rule] = Gathering(self.rulebook, rule, self.case, self.outcomes)
            return self._gatherings[rule]

    def evidence(self, finding: Finding) -> tuple[Evidence, ...]:
        """What goes with a finding; nothing is evaluated where its rule shows nothing."""
        if not self.rulebook.rules[finding.rule].show:
            return ()
        with self._lock:
            return tuple(each for _, each in self.gathering(finding.rule).of(finding))

    def explain(
        self, finding: Finding, mode: NameMode = "full", small_counts: bool | None = None
    ) -> Explanation:
        """A finding in words.

        Args:
            finding: The finding.
            mode: How much of the names of people is shown.
            small_counts: Whether small counts are told; None where names in full are.
        """
        from bigrules.findings.explain import Explainer

        told = mode == "full" if small_counts is None else small_counts
        with self._lock:
            explanation = Explainer(self.deriver(finding.rule, mode)).explain(finding)
            rule = self.rulebook.rules[finding.rule]
            if not rule.show:
                return explanation
            from bigrules.findings.evidence_words import tell

            gathering = self.gathering(finding.rule)
            found = gathering.of(finding)
            words = tell(rule, finding, found, gathering.deriver(mode), told)
            return attrs.evolve(explanation, evidence=tuple(each for _, each in found), shown=words)


# Without a slot for weak references, so that it can be made from a draft.
@attrs.frozen(weakref_slot=False)
class RuleReport:
    """What was found for one rule.

    Args:
        rule: Its id.
        title: What it says.
        force: How strong it is.
        outcome: The outcome over all its findings.
        findings: One for each subject, or one for the case.
    """

    rule: str
    title: str
    force: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


class _DraftRuleReport:
    __slots__ = tuple(each.name for each in attrs.fields(RuleReport))


def _rule_report(rule: model.Rule, outcome: Outcome, findings: tuple[Finding, ...]) -> RuleReport:
    """As its constructor makes it, which takes three times as long."""
    made: Any = _DraftRuleReport()
    made.rule, made.title, made.force, made.outcome, made.findings = (
        rule.id, rule.title, rule.force, outcome, findings,
    )  # fmt: skip
    made.__class__ = RuleReport
    frozen: RuleReport = made
    return frozen


@attrs.frozen
class Report:
    """What was found for a case.

    Args:
        outcome: The outcome of the case.
        rules: What was found, in the order of the rulebook.
        rests_on: What the report rests on.
        basis: What its reasons are made from.
        fail_on: Whether rules that are only `expected` count for the outcome.
    """

    outcome: CaseOutcome
    rules: tuple[RuleReport, ...]
    rests_on: RestsOn
    basis: Basis = attrs.field(eq=False, repr=False)
    fail_on: FailOn = "should"

    def __getitem__(self, rule: str) -> RuleReport:
        for each in self.rules:
            if each.rule == rule:
                return each
        near = [each.rule for each in self.rules if each.rule.endswith(f"/{rule}")]
        raise KeyError(f"there is no rule {rule!r}" + (f"; did you mean {near[0]!r}?" if near else ""))

    def __iter__(self) -> Iterator[RuleReport]:
        return iter(self.rules)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of the rulebook."""
        return tuple(finding for rule in self.rules for finding in rule.findings)

    def having(self, outcome: Outcome) -> tuple[Finding, ...]:
        """The findings with an outcome, in the order of the rulebook."""
        return tuple(each for each in self.findings if each.outcome is outcome)

    @property
    def breached(self) -> tuple[Finding, ...]:
        """The findings that are breached."""
        return self.having(Outcome.BREACHED)

    @property
    def undecided(self) -> tuple[Finding, ...]:
        """The findings that turn on facts that are not known."""
        return self.having(Outcome.UNDECIDED)

    @property
    def judgement(self) -> tuple[Finding, ...]:
        """The findings that are left to people."""
        return self.having(Outcome.JUDGEMENT)

    @property
    def contradictions(self) -> tuple[tuple[Finding, Contradiction], ...]:
        """Where what people say, and what was found for the rules that they say it of, contradict each other."""
        from bigrules.findings.evidence import FoundElsewhere
        from bigrules.language.shown import ShowFindings

        rules = self.basis.rulebook.rules
        return tuple(
            (finding, contradiction)
            for each in self.rules
            if any(isinstance(show, ShowFindings) for show in rules[each.rule].show)
            for finding in each.findings
            for evidence in finding.evidence
            if isinstance(evidence, FoundElsewhere)
            for contradiction in evidence.contradictions
        )

    def explain(
        self, finding: Finding, names: NameMode = "full", small_counts: bool | None = None
    ) -> Explanation:
        """A finding in words.

        Args:
            finding: A finding of the report.
            names: How much of the names of people is shown.
            small_counts: Whether small counts of people are told; without it, where names are in full.
        """
        return self.basis.explain(finding, names, small_counts)


def assemble(
    rulebook: model.Rulebook,
    case: Case,
    findings: tuple[Finding, ...],
    basis: Basis,
    fail_on: FailOn,
    engines: tuple[str, ...],
    notes: tuple[str, ...],
    chosen: tuple[tuple[str, str], ...],
) -> Report:
    by_rule: dict[str, list[Finding]] = {each: [] for each in rulebook.rules}
    for finding in findings:
        by_rule[finding.rule].append(in_report(finding, basis))
    rules: list[RuleReport] = []
    outcome = CaseOutcome.CONFORMS
    for each in rulebook.rules.values():
        mine = by_rule[each.id]
        found = worst(mine)
        rules.append(_rule_report(each, found, tuple(mine)))
        basis.outcomes[each.id] = found
        if each.force == "expected" and fail_on != "expected":
            continue
        if found is BREACHED:
            outcome = CaseOutcome.BREACHED
        elif found in OPEN and outcome is CaseOutcome.CONFORMS:
            outcome = CaseOutcome.OPEN
    numbers: dict[str, int] = {}
    for fact in case.facts:
        numbers[fact.kind] = numbers.get(fact.kind, 0) + 1
    kinds = rulebook.vocabulary.given
    rests_on = RestsOn(
        rulebook=rulebook.name,
        version=rulebook.version,
        edition=edition_on(rulebook, case.as_of),
        digest=rulebook.digest,
        as_of=case.as_of,
        day_given=case.day_given,
        given=tuple([(each, numbers.get(each, 0)) for each in kinds if each in case.asked]),
        not_asked=tuple([each for each in kinds if each not in case.asked]),
        defaults=tuple((each.text, each.count) for each in case.defaults),
        engines=engines,
        notes=notes,
        reading=chosen,
        source=case.source,
        amendments=rulebook.laid,
    )
    return Report(outcome, tuple(rules), rests_on, basis, fail_on)


def worst(findings: Sequence[Finding]) -> Outcome:
    """The outcome of a rule over its findings.

    >>> worst([])
    <Outcome.NOT_APPLICABLE: 'not applicable'>
    """
    if len(findings) == 1:
        return findings[0].outcome
    # By identity: outcomes are texts too, and slow to hash.
    there = [each.outcome for each in findings]
    for outcome in ORDER:
        for each in there:
            if each is outcome:
                return outcome
    return Outcome.NOT_APPLICABLE
