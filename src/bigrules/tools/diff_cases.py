"""Registers under two rulebooks: which findings come out otherwise, and why."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import attrs

from bigrules.diagnostics import Diagnostic, errors
from bigrules.facts.case import Case
from bigrules.findings.basis import Report
from bigrules.findings.check import Rulebook
from bigrules.findings.names import NameMode
from bigrules.findings.report import Finding
from bigrules.language.model import Value

Key = tuple[str, tuple[tuple[str, Value], ...], bool]


@attrs.frozen
class FindingChange:
    """A finding that comes out otherwise.

    Args:
        rule: Id of the rule, in the new rulebook where it has it.
        title: What the rule says.
        subject: What the finding is about, in words, or "" for the case.
        before: The outcome, or "" where there was no such finding.
        after: The same with the new rulebook.
        concerned_before: People concerned, a group for each way in which it is breached.
        concerned_after: The same with the new rulebook.
        why_before: The reasons.
        why_after: The same with the new rulebook.
    """

    rule: str
    title: str
    subject: str
    before: str
    after: str
    concerned_before: tuple[tuple[str, ...], ...] = ()
    concerned_after: tuple[tuple[str, ...], ...] = ()
    why_before: tuple[str, ...] = ()
    why_after: tuple[str, ...] = ()


@attrs.frozen
class CaseChange:
    """A register under both rulebooks.

    Args:
        register: The register, as it was named.
        before: The outcome of the case, or `unusable`.
        after: The same with the new rulebook.
        findings: What comes out otherwise; () where nothing does.
        as_of: The day that it was judged as of, or None where it could not be read.
    """

    register: str
    before: str
    after: str
    findings: tuple[FindingChange, ...] = ()
    as_of: datetime.date | None = None

    @property
    def changed(self) -> bool:
        """Whether anything comes out otherwise."""
        return self.before != self.after or bool(self.findings)


def compare_register(
    old: Rulebook,
    new: Rulebook,
    register: str,
    *,
    as_of: str | None = None,
    names: NameMode = "initials",
    renamed: Mapping[str, str] | None = None,
) -> tuple[CaseChange, tuple[Diagnostic, ...]]:
    """A register, read and checked with each rulebook.

    Args:
        old: The old rulebook.
        new: The new one.
        register: Its path.
        as_of: The day to judge as of, or None for the register's own.
        names: How much of people's names is told.
        renamed: Rules that were renamed: the new id by the old one.

    Returns:
        What changed, and what is wrong with the register.
    """
    reports: list[Report | None] = []
    found: list[Diagnostic] = []
    day = as_of
    for book in (old, new):
        case, diagnostics = book.try_read(register, day)
        found += [each for each in diagnostics if each not in found]
        usable: Case | None = case if not errors(diagnostics) else None
        reports.append(None if usable is None else book.check(usable))
        # Both judge the same day, also where it is that of the clock.
        day = day or (usable.as_of.isoformat() if usable is not None else None)
    before, after = reports
    outcomes = [str(each.outcome) if each is not None else "unusable" for each in reports]
    judged = [each.rests_on.as_of for each in reports if each is not None]
    findings: tuple[FindingChange, ...] = ()
    if before is not None and after is not None:
        findings = tuple(_findings(before, after, names, renamed or {}))
    return CaseChange(register, outcomes[0], outcomes[1], findings, judged[0] if judged else None), tuple(
        found
    )


def _findings(
    before: Report, after: Report, names: NameMode, renamed: Mapping[str, str]
) -> Sequence[FindingChange]:
    """Findings that differ in their outcome, or in the people concerned."""
    one = {(renamed.get(each.rule, each.rule), each.subject, each.further): each for each in before.findings}
    other: dict[Key, Finding] = {(each.rule, each.subject, each.further): each for each in after.findings}
    rules = [*(rule.rule for rule in after), *(renamed.get(rule.rule, rule.rule) for rule in before)]
    order = {rule: at for at, rule in enumerate(dict.fromkeys(rules))}
    every = sorted({*one, *other}, key=lambda each: (order.get(each[0], 0), str(each[1]), each[2]))
    found = []
    for key in every:
        mine, its = one.get(key), other.get(key)
        if _told(mine) == _told(its):
            continue
        sides = [_side(before, mine, names), _side(after, its, names)]
        shown = sides[1] if its is not None else sides[0]
        found.append(
            FindingChange(
                key[0], shown.title, shown.subject, sides[0].outcome, sides[1].outcome,
                sides[0].concerned, sides[1].concerned, sides[0].why, sides[1].why,
            )
        )  # fmt: skip
    return found


def _told(finding: Finding | None) -> object:
    """What of a finding counts; one that is not there is one that does not apply."""
    if finding is None:
        return ("not applicable", frozenset())
    return (str(finding.outcome), frozenset(each.concerned for each in finding.witnesses if each.concerned))


@attrs.frozen
class _Side:
    outcome: str = ""
    title: str = ""
    subject: str = ""
    concerned: tuple[tuple[str, ...], ...] = ()
    why: tuple[str, ...] = ()


def _side(report: Report, finding: Finding | None, names: NameMode) -> _Side:
    if finding is None:
        return _Side()
    said = report.explain(finding, names)
    why = (
        *(f"Figures: {each}." for each in said.figures),
        *said.reasons,
        *said.exceptions,
        *(each.text for each in said.questions),
        *said.notes,
    )
    return _Side(str(finding.outcome), said.title, said.subject, said.concerned, tuple(dict.fromkeys(why)))
