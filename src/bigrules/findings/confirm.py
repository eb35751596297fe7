"""Whether a second engine finds what the first found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from bigrules.engines.base import Candidate, Evaluation
from bigrules.findings.completions import NotSettled, Search
from bigrules.findings.judge import FindingsOf, Subject
from bigrules.findings.report import Finding, Outcome
from bigrules.findings.strangers import Strangers
from bigrules.program.core import ProgramRule

# A second engine may try so many completions to refute the first.
MOST_TRIALS = 256


@attrs.frozen
class Disagreement:
    """Two engines found something different.

    Args:
        rule: Id of the rule.
        subject: What the finding is about.
        first: What the first engine says.
        second: What the second says.
    """

    rule: str
    subject: Subject
    first: str
    second: str


def held_against(findings: Iterable[Finding], evaluated: Iterable[Finding]) -> list[Disagreement]:
    """Hold what was found where everything is known against what an evaluation with conditions gives.

    Outcomes, subjects, the people concerned and the figures must be the same; what the evaluation could not
    settle says nothing.

    Args:
        findings: What was found, of some rules.
        evaluated: What the evaluation gives, of the same rules.
    """
    mine = {(each.rule, each.subject, each.further): each for each in findings}
    theirs = {(each.rule, each.subject, each.further): each for each in evaluated}
    found = []
    unsettled = {each.rule for each in theirs.values() if not each.settled}
    for key in sorted({*mine, *theirs}, key=str):
        if key[0] in unsettled:
            continue
        first, second = _told(mine.get(key)), _told(theirs.get(key))
        if first[0] != second[0]:
            found.append(Disagreement(key[0], key[1], str(first[0]), str(second[0])))
        elif first != second:
            at = next(at for at in range(1, len(first)) if first[at] != second[at])
            # What differs is not said: it may be about people.
            found.append(Disagreement(key[0], key[1], str(first[0]), f"{second[0]} {_OTHERWISE[at]}"))
    return found


_OTHERWISE = (
    "",
    "by other people",
    "with other figures",
    "for another exception",
    "but otherwise without the exception",
)


def _told(finding: Finding | None) -> tuple[object, ...]:
    """What two ways of finding it have to agree on."""
    if finding is None:
        return ("nothing",)
    people = sorted((sorted(each.concerned), each.certain) for each in finding.witnesses)
    figures = [
        (each.least, each.greatest, each.of_least, each.of_greatest, each.bound) for each in finding.figures
    ]
    return (str(finding.outcome), people, figures, finding.exception, finding.would_be)


def confirm(findings: Iterable[Finding], second: Evaluation) -> tuple[list[Disagreement], list[str]]:
    """Hold findings against another engine's evaluation of the same layout.

    A finding that is met or breached must be so in every completion that the other engine can try;
    one that is open must come out both ways in the two completions that it carries.

    Args:
        findings: What the first engine found.
        second: What the second engine made of the same layout.

    Returns:
        The disagreements, and ids of rules of which the second engine could not try every completion.
    """
    disagreements: list[Disagreement] = []
    unsure: list[str] = []
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    strangers = Strangers(second)
    for rule in second.program.rules:
        mine = by_rule.get(rule.id, [])
        absent = strangers.absent(rule)
        groups, further = FindingsOf(second, rule, absent=absent).groups()
        left = dict(groups)
        for finding in mine:
            candidates = further if finding.further else left.pop(finding.subject, [])
            try:
                said = _said(second, rule, finding, candidates, absent)
            except NotSettled:
                unsure.append(rule.id)
                continue
            if said is not None:
                disagreements.append(Disagreement(rule.id, finding.subject, str(finding.outcome), said))
        for subject, candidates in left.items():
            # A subject that the first engine does not know may not bite in any completion.
            if (
                Search(second, absent, MOST_TRIALS).find([each.there for each in candidates], True)
                is not None
            ):
                disagreements.append(Disagreement(rule.id, subject, "nothing", "a finding"))
    return disagreements, unsure


def _said(
    second: Evaluation,
    rule: ProgramRule,
    finding: Finding,
    candidates: list[Candidate],
    absent: Mapping[int, int],
) -> str | None:
    """What the second engine says if it is something else; None if it agrees."""
    breached = [each.breached for each in candidates]
    applicable = [each.applicable for each in candidates]
    search = Search(second, absent, MOST_TRIALS)
    if finding.outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT):
        for choices, wanted in zip(finding.completions, (True, False), strict=False):
            fixed = {**absent, **dict(each.site for each in choices)}
            # What the choices leave out makes no difference; the second engine may need it said.
            for each in breached:
                for site in second.support(each):
                    fixed.setdefault(site, 0)
            if Search(second, fixed).value(breached) is not wanted:
                return (
                    "not breached where the other says breached"
                    if wanted
                    else "breached where the other says not"
                )
        return None
    wrong = search.value(breached)
    if wrong is None:
        wanted = finding.outcome is not Outcome.BREACHED
        wrong = not wanted if search.find(breached, wanted) is None else None
    if wrong is None:
        return "open"
    if wrong:
        outcome = Outcome.BREACHED
    else:
        applies = search.value(applicable)
        if applies is None:
            applies = search.find(applicable, True) is not None
        outcome = Outcome.MET if applies else Outcome.NOT_APPLICABLE
    if outcome is not finding.outcome:
        return str(outcome)
    if outcome is Outcome.BREACHED and rule.form == "not allowed":
        theirs = FindingsOf(second, rule, absent=absent).certain(candidates)
        ours = {each.concerned for each in finding.witnesses if each.certain}
        if theirs != ours:
            return "breached by other people"
    return None
