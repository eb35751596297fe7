"""What a case says outright: the answers that count, the values in use, the things that are listed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import attrs

from bigrules.facts.case import BY_NOW, UNKNOWN, Case, Fact
from bigrules.language.model import Rulebook, Type
from oracle import calendar
from oracle.world import Row

DAY = datetime.timedelta(days=1)


def with_values(rulebook: Rulebook, case: Case) -> Case:
    """A case with a record for each value of each parameter that changed with time: these stand in the rulebook."""
    names = {name: f"rulebook.yaml/{name}" for name, each in rulebook.parameters.items() if each.values}
    facts = [fact for fact in case.facts if fact.kind not in names.values()]
    for name, kind in names.items():
        for each in rulebook.parameters[name].values:
            number = int(each.value) if each.value.denominator == 1 else each.value
            facts.append(Fact(kind, (number, each.start, each.end)))
    return attrs.evolve(case, facts=tuple(facts), asked=case.asked | set(names.values())) if names else case


def recorded_answers(rulebook: Rulebook, case: Case) -> dict[tuple[str, Row], str]:
    """The recorded answers that count on the day of judging; of several the latest."""
    found: dict[tuple[str, Row], str] = {}
    for answer in sorted(case.answers, key=lambda each: each.when or datetime.date.min):
        if answer.when is not None and answer.when > case.as_of:
            continue
        rule = rulebook.rules.get(answer.question)
        if rule is not None and rule.asked_again_after is not None:
            number, unit = rule.asked_again_after
            if answer.when is None or later(answer.when, number, unit) < case.as_of:
                continue
        definition = rulebook.definitions.get(answer.question)
        subject = tuple(answer.subject)
        if definition is not None and definition.symmetric:
            found.pop((answer.question, (subject[1], subject[0], *subject[2:])), None)
        found[answer.question, subject] = answer.answer
    return found


def later(day: datetime.date, number: int, unit: str) -> datetime.date:
    """A day, moved by so many days, weeks, months or years."""
    if unit.startswith("year"):
        return calendar.years_later(day, number)
    if unit.startswith("month"):
        return calendar.months_later(day, number)
    return day + DAY * number * (7 if unit.startswith("week") else 1)


def in_use(rulebook: Rulebook, case: Case) -> dict[str, set[object]]:
    """The values that stand in a record of the case, by type name; the day of judging is a date in use."""
    found: dict[str, set[object]] = {"date": {case.as_of}}

    def note(type_: Type, value: object) -> None:
        if value is not UNKNOWN and value is not BY_NOW and value is not None:
            found.setdefault(type_.name, set()).add(value)

    for fact in case.facts:
        for field, value in zip(rulebook.vocabulary.kinds[fact.kind].fields, fact.values, strict=True):
            note(field.type, value)
    for each in case.incomplete:
        if each.field:
            note(rulebook.vocabulary.kinds[each.kind].field(each.field).type, each.value)
    for assumed in case.assumed:
        for type_, value in zip(rulebook.types(assumed.predicate), assumed.values, strict=True):
            note(type_, value)
    return found


def listed(
    rulebook: Rulebook,
    case: Case,
    used: Mapping[str, set[object]],
    tables: Iterable[Mapping[str, tuple[Row, ...]]],
) -> dict[str, tuple[str, ...]]:
    """The things of which each has a row, where a kind has one for each: all that stand in a record.

    Args:
        rulebook: The rules.
        case: The case; a closed one adds no rows.
        used: The values in use in it.
        tables: The records of a completion of it, with fresh things.
    """
    if case.closed:
        return {}
    found = {name: {str(each) for each in used.get(name, ())} for name in rulebook.vocabulary.things}
    for table in tables:
        for kind, rows in table.items():
            for row in rows:
                for field, value in zip(rulebook.vocabulary.kinds[kind].fields, row, strict=True):
                    if field.type.is_thing and isinstance(value, str):
                        found.setdefault(field.type.name, set()).add(value)
    return {name: tuple(sorted(things)) for name, things in found.items()}
