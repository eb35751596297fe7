"""The pack that is sent in each year, as review.yaml describes it: only data, nothing is read or found here."""

from __future__ import annotations

import attrs

from bigrules.diagnostics import Span
from bigrules.language.model import Formula, Type


@attrs.frozen
class Way:
    """One way in which something can be so, and what the pack then shows.

    Args:
        when: The condition; the year and the member are bound around it.
        types: The types of its slots.
        shows: Texts with slots: those of the condition, and fields of the records that it reads.
        missing: What there is to do where it is so, or "".
        answer: `yes` or `no`, for a question; else "".
        place: Where it stands.
    """

    when: Formula
    types: dict[str, Type] = attrs.field(eq=False)
    shows: tuple[str, ...] = ()
    missing: str = ""
    answer: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class ReviewItem:
    """A column, a question, or anything else that the pack has a line for.

    Args:
        label: Its heading, or the question.
        ways: The first that holds is shown.
        shows: What is shown where there are no ways: texts with the slot of the member.
        missing: What there is to do where none of the ways holds, or it is not known, or "".
        beside: Ids of the rules whose findings stand beside it.
    """

    label: str
    ways: tuple[Way, ...] = ()
    shows: tuple[str, ...] = ()
    missing: str = ""
    beside: tuple[str, ...] = ()


@attrs.frozen
class Review:
    """What the pack of a year holds.

    Args:
        title: What it is called.
        slot: The slot that holds the year.
        window: Month and day on which it can first, and last, be sent.
        each: For whom there is a line.
        types: The types of its slots.
        person: The slot of `each` that a line is about.
        members_heading: Heading of these lines.
        columns: What a line holds.
        questions_heading, questions: The questions that are answered.
        criteria_heading, criteria: Ids of the rules that are the criteria.
        actions_heading, actions: What is told where a criterion is not met.
        actions_rule: Id of the rule that says when it has to be told, or "" where the criteria do.
        sent: How it is seen whether the pack was sent, or None.
        place: Where it stands.
    """

    title: str
    slot: str
    window: tuple[int, int, int, int]
    each: Formula
    types: dict[str, Type] = attrs.field(eq=False)
    person: str
    members_heading: str
    columns: tuple[ReviewItem, ...]
    questions_heading: str = ""
    questions: tuple[ReviewItem, ...] = ()
    criteria_heading: str = ""
    criteria: tuple[str, ...] = ()
    actions_heading: str = ""
    actions: tuple[ReviewItem, ...] = ()
    actions_rule: str = ""
    sent: ReviewItem | None = None
    sent_heading: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)
