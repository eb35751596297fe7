"""A case by kinds: what is known, and where something is not. Made once for a case, beside its facts."""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from bigrules.facts import calendar
from bigrules.facts.case import BY_NOW, UNKNOWN, Answer, Case, Fact
from bigrules.language.model import Rulebook, Vocabulary

Values = tuple[Any, ...]


@attrs.define(eq=False)
class Known:
    """The records of a case that can be taken as they stand, by kind; and the kinds that cannot.

    Args:
        vocabulary: The vocabulary that the case was read with.
        rows: For each kind the values of every record of which everything is known. A beginning that is
            not written down is None; what is said to have happened after the day of judging is left out.
        partial: For each kind the values of records of which a plain field is not known.
        columns: For each kind, numbers of the plain columns that are not known in some record.
        open: Kinds with records that may be there or not, whose ends are not known, that were not
            asked, or that are not complete.
        strangers: For each kind the types of the things that its records may name and no record does name.
        by_now: Kinds with records of which only that they had begun by the day of judging is known.
        things: Things that stand in the case, by type, for types of which every one has a row somewhere.
        plain: Whether nothing of all this is missing.
        closed: Whether what is not stated is not so; see `Case`.
    """

    vocabulary: Vocabulary
    rows: dict[str, list[Values]] = attrs.field(factory=dict)
    partial: dict[str, list[Values]] = attrs.field(factory=dict)
    columns: dict[str, set[int]] = attrs.field(factory=dict)
    open: set[str] = attrs.field(factory=set)
    strangers: dict[str, set[str]] = attrs.field(factory=dict)
    by_now: set[str] = attrs.field(factory=set)
    things: dict[str, set[Any]] = attrs.field(factory=dict)
    plain: bool = True
    closed: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        # It can be made again, and belongs to one vocabulary object.
        return type(None), ()


def known_of(case: Case, vocabulary: Vocabulary) -> Known:
    """What is known of a case, made when it is first asked for.

    Args:
        case: The case.
        vocabulary: The vocabulary that it was read with.
    """
    found: Known | None = case.known
    if found is None or found.vocabulary is not vocabulary:
        found = _known(case, vocabulary)
        # A case never changes: whoever makes this makes the same.
        object.__setattr__(case, "known", found)
    return found


def _known(case: Case, vocabulary: Vocabulary) -> Known:
    known = Known(vocabulary, closed=case.closed)
    kinds = vocabulary.kinds
    known.things = {
        kind.field(kind.one_for_each).type.name: set() for kind in kinds.values() if kind.one_for_each
    }
    by_kind: dict[str, list[Fact]] = {}
    for fact in case.facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    for name, facts in by_kind.items():
        kind = kinds[name]
        named = [
            (number, known.things[each.type.name])
            for number, each in enumerate(kind.fields)
            if each.type.name in known.things
        ]
        happened = [number for number, each in enumerate(kind.fields) if each.happened]
        begin, end = (len(kind.fields) - 2, len(kind.fields) - 1) if kind.dated else (-1, -1)
        rows = known.rows[name] = []
        for fact in facts:
            values = fact.values
            if UNKNOWN in values:
                types = (
                    each.type.name
                    for each, value in zip(kind.fields, values, strict=True)
                    if value is UNKNOWN
                )
                known.strangers.setdefault(name, set()).update(types)
            for number, things in named:
                if values[number] is not UNKNOWN and values[number] is not None:
                    things.add(values[number])
            later = False
            for number in happened:
                value = values[number]
                if value is UNKNOWN:
                    known.open.add(name)
                elif isinstance(value, datetime.date) and value > case.as_of:
                    later = True
            if later:
                continue
            if fact.possible:
                known.open.add(name)
            elif UNKNOWN in values or BY_NOW in values:
                _partly(known, name, values, begin, end)
            else:
                rows.append(values)
    for incomplete in case.incomplete:
        known.open.add(incomplete.kind)
        if incomplete.field:
            type = kinds[incomplete.kind].field(incomplete.field).type.name
            if type in known.things:
                known.things[type].add(incomplete.value)
    # Of what everything has a row, rows that are not there are noticed where they are missed.
    known.open |= {
        name
        for name, kind in kinds.items()
        if name not in case.asked and (not kind.one_for_each or case.closed)
    }
    gaps = [(each.kind, each.field) for each in case.incomplete]
    for name, key in (*gaps, *((each, "") for each in kinds if each not in case.asked)):
        types = (each.type.name for each in kinds[name].fields if each.name != key)
        known.strangers.setdefault(name, set()).update(types)
    known.plain = not (known.open or known.columns or known.by_now)
    return known


def _partly(known: Known, kind: str, values: Values, begin: int, end: int) -> None:
    """Keep the values of a record of which something is not known."""
    missing = {number for number, value in enumerate(values) if value is UNKNOWN}
    if missing & {begin, end}:
        known.open.add(kind)
        return
    if begin >= 0 and values[begin] is BY_NOW:
        known.by_now.add(kind)
        values = (*values[:begin], None, values[end])
    if missing:
        known.columns.setdefault(kind, set()).update(missing)
        known.partial.setdefault(kind, []).append(values)
    else:
        known.rows[kind].append(values)


def last_day(asked_again_after: tuple[int, str], when: datetime.date) -> datetime.date:
    """The last day on which an answer counts that is asked again.

    >>> last_day((1, "year"), datetime.date(2017, 6, 1))
    datetime.date(2018, 6, 1)
    """
    return calendar.moved(when, *asked_again_after)


def recorded_answers(rulebook: Rulebook, case: Case) -> dict[tuple[str, Values], bool]:
    """What people decided, as it stands on the day of judging: the latest answer that is not too old.

    Args:
        rulebook: Says which questions are asked again, and when.
        case: The case.

    Returns:
        By question and subject, whether the answer is yes. Where the order of a subject does not
        matter, it is sorted.
    """
    latest: dict[tuple[str, Values], Answer] = {}
    for answer in case.answers:
        if answer.when is not None and answer.when > case.as_of:
            continue
        rule = rulebook.rules.get(answer.question)
        after = rule.asked_again_after if rule is not None else None
        # Of an answer without a day it cannot be shown that it is in time.
        if after is not None and (answer.when is None or last_day(after, answer.when) < case.as_of):
            continue
        subject: Values = answer.subject
        definition = rulebook.definitions.get(answer.question)
        if definition is not None and definition.symmetric:
            subject = (*sorted(subject[:2], key=str), *subject[2:])
        before = latest.get((answer.question, subject))
        if before is None or (answer.when or datetime.date.min) >= (before.when or datetime.date.min):
            latest[(answer.question, subject)] = answer
    return {key: answer.answer == "yes" for key, answer in latest.items()}
