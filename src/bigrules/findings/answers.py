"""What people decided, as a register records it: who, when and why, and whether it is asked again."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import attrs

from bigrules.diagnostics import Place
from bigrules.facts.case import Answer, Case
from bigrules.facts.known import last_day
from bigrules.findings import wording
from bigrules.findings.derive import Deriver
from bigrules.findings.formulas import atoms
from bigrules.findings.names import PERSON, names_of
from bigrules.findings.report import Finding
from bigrules.findings.solve import Reads
from bigrules.language.model import Definition, Exception_, Formula, Rule, Rulebook, Value

_ONE_DAY = datetime.timedelta(days=1)


@attrs.frozen
class RecordedAnswer:
    """A recorded answer that a finding rests on, or would if it were not too old.

    Args:
        question: Id of the rule or definition that asks.
        subject: What it was asked about: slot and value.
        answer: `yes` or `no`.
        who: Who decided, or "".
        when: On which day, or None where that is not recorded.
        why: The reason that was given, or "".
        counts: Whether it counts on the day of judging; if not, the question is asked again.
        again: Since when it is asked again, or None.
        place: Where it stands.
    """

    question: str
    subject: tuple[tuple[str, Value], ...]
    answer: str
    who: str = ""
    when: datetime.date | None = None
    why: str = ""
    counts: bool = True
    again: datetime.date | None = None
    place: Place | None = attrs.field(default=None, eq=False)


def answers_to(rulebook: Rulebook, case: Case, finding: Finding) -> tuple[RecordedAnswer, ...]:
    """The answers to the question of the rule itself about what a finding is about: the latest to each."""
    rule = rulebook.rules[finding.rule]
    about = dict(finding.subject)
    if rule.form != "ask" or finding.further:
        return ()
    found = (_recorded(rulebook, each, case, rule.subject) for each in _latest(rulebook, case, {rule.id}))
    return tuple(each for each in found if all((slot, about[slot]) in each.subject for slot in about))


def answers_below(rulebook: Rulebook, case: Case, finding: Finding) -> tuple[RecordedAnswer, ...]:
    """The answers to the questions of definitions that a rule rests on, as far as they may bear on a finding."""
    rule = rulebook.rules[finding.rule]
    if finding.further or not case.answers:
        return ()
    asking = {each for each in uses(rulebook, rule) if rulebook.definitions[each].people_decide is not None}
    return tuple(
        recorded
        for each in _latest(rulebook, case, asking)
        if _bears_on(rulebook, rule, finding, each)
        and (recorded := _recorded(rulebook, each, case, rulebook.definitions[each.question].slots))
    )


def _latest(rulebook: Rulebook, case: Case, questions: set[str]) -> Iterator[Answer]:
    """Of the answers to some questions that were given by the day of judging, the latest to each."""
    found: dict[tuple[str, object], Answer] = {}
    for each in case.answers:
        if each.question not in questions or (each.when is not None and each.when > case.as_of):
            continue
        definition = rulebook.definitions.get(each.question)
        turned = definition is not None and definition.symmetric
        key = (each.question, frozenset(each.subject) if turned else each.subject)
        before = found.get(key)
        if before is None or (before.when or datetime.date.min) <= (each.when or datetime.date.min):
            found[key] = each
    return iter(found.values())


def _recorded(rulebook: Rulebook, answer: Answer, case: Case, slots: tuple[str, ...]) -> RecordedAnswer:
    rule = rulebook.rules.get(answer.question)
    after = rule.asked_again_after if rule is not None else None
    counts, again = True, None
    if after is not None and answer.when is None:
        counts = False
    elif after is not None and answer.when is not None:
        last = last_day(after, answer.when)
        counts = last >= case.as_of
        again = None if counts else last + _ONE_DAY
    subject = tuple(zip(slots, answer.subject, strict=False))
    return RecordedAnswer(
        answer.question,
        subject,
        answer.answer,
        answer.who,
        answer.when,
        answer.why,
        counts,
        again,
        answer.place,
    )


def _bears_on(rulebook: Rulebook, rule: Rule, finding: Finding, answer: Answer) -> bool:
    """Whether an answer is not about some other thing of the sort that the finding is about."""
    types = rulebook.definitions[answer.question].types
    for slot, value in finding.subject:
        mine = [
            other for type, other in zip(types, answer.subject, strict=False) if type == rule.types.get(slot)
        ]
        if mine and value not in mine:
            return False
    return True


def uses(rulebook: Rulebook, rule: Rule) -> set[str]:
    """The definitions that a rule rests on, directly or through others."""

    def formulas(exceptions: tuple[Exception_, ...]) -> Iterator[Formula]:
        for each in exceptions:
            yield each.when
            yield from formulas(each.unless)

    def of(definition: Definition) -> Iterator[Formula]:
        return (each for each in (definition.holds, definition.people_decide) if each is not None)

    own = [each for each in (rule.given, rule.condition) if each is not None]
    todo = [*own, *formulas(rule.exceptions)]
    found: set[str] = set()
    while todo:
        for atom in atoms(todo.pop()):
            definition = rulebook.definitions.get(atom.predicate)
            if definition is not None and definition.id not in found:
                found.add(definition.id)
                todo += of(definition)
    return found


# ---------------------------------------------------------------- words


def of_finding(deriver: Deriver, finding: Finding) -> tuple[RecordedAnswer, ...]:
    """The answers to the rule's own question, and to others that are left to people where the rule reads them."""
    rulebook, case = deriver.rulebook, deriver.case
    if not case.answers:
        return ()
    below = answers_below(rulebook, case, finding)
    return (*answers_to(rulebook, case, finding), *(each for each in below if _is_open(deriver, each)))


def _is_open(deriver: Deriver, answer: RecordedAnswer) -> bool:
    """Whether the register leaves to people what was decided."""
    definition = deriver.rulebook.definitions[answer.question]
    decide, values = definition.people_decide, tuple(value for _, value in answer.subject)
    reads: list[Reads] = ["now", "ever", *deriver.evaluation.layout.days]
    return decide is not None and any(deriver.is_recorded(decide, definition, values, each) for each in reads)


def who_decided(who: str, deriver: Deriver) -> str:
    """Who decided, in words; "" where names are held back and it is nobody whom the register names.

    A person is called as everywhere in the report; the body itself is nobody's name.
    """
    names, rulebook, case = deriver.names, deriver.rulebook, deriver.case
    if names.mode == "full" or not who or who.casefold() == rulebook.body.casefold():
        return who
    for (type, id), name in names_of(rulebook, case, "full").shown.items():
        if type == PERSON and name.casefold() == who.casefold():
            return names.person(id)
    return ""


def in_words(each: RecordedAnswer, deriver: Deriver) -> str:
    """A recorded answer as a sentence: what, when, by whom, and whether it is asked again."""
    rulebook = deriver.rulebook
    who = who_decided(each.who, deriver)
    day = f"on {wording.day_in_words(each.when)}" if each.when else "on a day that is not recorded"
    by = f" by {who}" if who else ""
    definition = rulebook.definitions.get(each.question)
    told = f"answered {each.answer} {day}{by}"
    if definition is not None:
        values = tuple(value for _, value in each.subject)
        is_so = each.answer == "yes"
        said = deriver.say(definition.id, values) if is_so else deriver.say_not(definition, values)
        told = f"decided {day}{by}: {said}"
    where = wording.where_from(each.place, "answers")
    told = wording.sentence(f"{told} ({where})" if where else told)
    if each.why and deriver.names.mode == "full":
        told = f"{told} {wording.sentence(f'the reason given: {each.why}')}"
    after = rulebook.rules[each.question].asked_again_after if definition is None else None
    if each.counts or after is None:
        return told
    since = f" since {wording.day_in_words(each.again)}" if each.again else ""
    return f"{told} It is asked again{since}: an answer counts for {wording.count(*after)}."
