"""The pack of a year as it is found: plain data, frozen, for every form in which it is shown."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from bigrules.findings.basis import Report
from bigrules.findings.report import Outcome
from bigrules.language.pack import Review

# given: there; missing: known not to be there; unknown: facts are lacking; judgement: people decide.
State = Literal["given", "missing", "unknown", "judgement"]
WindowState = Literal["not open yet", "open", "closed"]


@attrs.frozen
class PackCell:
    """What the pack says in one place.

    Args:
        label: Its heading.
        text: What is shown.
        state: Whether it is given, missing, not known or for people to decide.
        notes: What is not known about it, or what people decide, in sentences.
    """

    label: str
    text: str
    state: State = "given"
    notes: tuple[str, ...] = ()


@attrs.frozen
class PackMember:
    """The line of one member.

    Args:
        person: Their id.
        cells: What the line holds.
        certain: Whether they are a member whatever is not known.
    """

    person: str
    cells: tuple[PackCell, ...]
    certain: bool = True


@attrs.frozen
class PackFinding:
    """What was found by one rule, as it stands in the pack.

    Args:
        rule: Its id.
        title: What it says.
        outcome: The outcome over its findings, those of other years left out.
        said: Figures, the people concerned, and what it turns on, in sentences.
        asks: What has to be known or decided: the question, and where it goes.
        evidence: Profiles and figures that the rule shows: what each is, and what belongs to it.
    """

    rule: str
    title: str
    outcome: Outcome
    said: tuple[str, ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    evidence: tuple[tuple[str, tuple[str, ...]], ...] = ()


@attrs.frozen
class PackQuestion:
    """One of the questions.

    Args:
        question: The question.
        answer: `yes`, `no`, or "" where there is no answer yet.
        cell: When it was answered, and what was said.
        beside: What was found by the rules that speak to it.
        contradictions: Where the answer and the findings do not agree, in sentences.
    """

    question: str
    answer: str
    cell: PackCell
    beside: tuple[PackFinding, ...] = ()
    contradictions: tuple[str, ...] = ()


@attrs.frozen
class ToDo:
    """Something that is missing before the pack can be sent.

    Args:
        text: What there is to do.
        where: Where in the register it goes, in words, or "".
        people: Ids of the members for whom it is.
    """

    text: str
    where: str = ""
    people: tuple[str, ...] = ()


@attrs.frozen
class Pack:
    """The pack of one year.

    Args:
        title: What it is called.
        body: Whose it is.
        year: The year.
        window: First and last day on which it can be sent.
        state: How the day of judging lies to the window.
        review: What it was filled in from.
        members: A line for each member.
        questions: The questions.
        criteria: What was found by the criteria.
        needed: Whether it has to be told what will be done: `yes`, `no`, or `open`.
        actions: What was told of it.
        sent: When and how it was sent, in words, once for each time.
        was_sent: Whether it was sent at all: `given`, `missing` or `unknown`.
        sending: What was found by the rules about sending.
        missing: What there is to do before it can be sent.
        report: What was found of the case.
    """

    title: str
    body: str
    year: int
    window: tuple[datetime.date, datetime.date]
    state: WindowState
    review: Review
    members: tuple[PackMember, ...]
    questions: tuple[PackQuestion, ...]
    criteria: tuple[PackFinding, ...]
    needed: Literal["yes", "no", "open"]
    actions: tuple[PackCell, ...]
    sent: tuple[str, ...]
    was_sent: State
    sending: tuple[PackFinding, ...]
    missing: tuple[ToDo, ...]
    report: Report = attrs.field(repr=False)

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def contradictions(self) -> tuple[str, ...]:
        """Where answers and findings do not agree."""
        return tuple(said for each in self.questions for said in each.contradictions)
