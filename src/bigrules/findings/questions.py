"""What is not known, as questions in the words of the vocabulary, with what each answer leads to."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence

import attrs

from bigrules.facts.domains import Fresh
from bigrules.findings import wording
from bigrules.findings.deadlines import last_day
from bigrules.findings.derive import Deriver
from bigrules.findings.report import Finding, Missing, Outcome
from bigrules.findings.solve import Reads
from bigrules.language.model import THE_DAY, Kind, Type
from bigrules.program.formulas import bites_on

# So many ways in which a finding is about something are looked into.
MOST_WAYS = 50


@attrs.frozen
class Question:
    """Something that is not known, put as a question.

    Args:
        text: The question.
        answers: Each answer, with the outcome of the finding that it leads to.
        where: Where in the register the gap is, or the answer goes, in words, or "".
        for_people: Whether people decide it, and no fact does.
        later: Whether it only comes up once something else is known.
        not_asked: Name of the list that it asks for as a whole, since nobody has asked for it, or "".
    """

    text: str
    answers: tuple[tuple[str, Outcome], ...] = ()
    where: str = ""
    for_people: bool = False
    later: bool = False
    not_asked: str = ""


class Questions:
    """Puts what is missing as questions.

    Args:
        deriver: Knows the rulebook, the case and the names.
    """

    def __init__(self, deriver: Deriver) -> None:
        self.deriver, self.rulebook, self.names = deriver, deriver.rulebook, deriver.names

    def of(self, finding: Finding) -> tuple[Question, ...]:
        facts = any(each.sort != "question" for each in finding.missing)
        made = []
        for missing in self.worth_asking(finding):
            by = self._last_day(finding, missing) if missing.sort == "future" else None
            question = self.question(missing, by)
            open_ = all(outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT) for _, outcome in question.answers)
            about_nothing = any(isinstance(value, Fresh) for _, value in missing.subject)
            made.append(
                attrs.evolve(question, later=facts and question.for_people and (open_ or about_nothing))
            )
        return tuple(dict.fromkeys(sorted(made, key=lambda each: (each.later, each.for_people))))

    def worth_asking(self, finding: Finding) -> tuple[Missing, ...]:
        """What is missing, without what only a list that was not asked could give reason to ask."""
        asked, kinds = self.deriver.case.asked, self.rulebook.vocabulary.kinds
        # What is worked out is asked for where it follows from.
        missing = [
            attrs.evolve(each, kind=self.rulebook.vocabulary.asked_under(each.kind))
            for each in finding.missing
        ]
        lists = {each.kind for each in missing if each.sort == "list"}
        found: list[Missing] = []
        for each in missing:
            if each.kind in kinds and each.kind not in asked and each.sort != "list" and each.place is None:
                # Of a list that was not asked nobody can say what stands in its rows.
                if each.kind not in lists:
                    found.append(Missing(f"list {each.kind}", "list", each.kind))
                    lists.add(each.kind)
            elif each.sort in ("list", "future") or not self._presumes(each):
                found.append(each)
        return tuple(found) or finding.missing

    def _presumes(self, missing: Missing) -> bool:
        """Whether it is about what no record names, or comes up only by a record that is not there."""
        values = tuple(value for _, value in missing.subject)
        if any(isinstance(value, Fresh) for value in values):
            return True
        definition = self.rulebook.definitions.get(missing.kind)
        if missing.sort != "question" or definition is None or definition.people_decide is None:
            return False
        reads: list[Reads] = ["now", "ever", *self.deriver.evaluation.layout.days]
        return not any(
            self.deriver.is_recorded(definition.people_decide, definition, values, each) for each in reads
        )

    def _last_day(self, finding: Finding, missing: Missing) -> datetime.date | None:
        """Until when what a finding waits for may still happen; None where that is not one day."""
        rule = self.rulebook.rules[finding.rule]
        subject: dict[str, object] = {THE_DAY: self.deriver.case.as_of, **dict(finding.subject)}
        subjects = [subject]
        bites = bites_on(rule)
        if bites is not None:
            ways = itertools.islice(self.deriver.solve(bites, subject), MOST_WAYS)
            subjects = [{**subject, **{slot: way.binding.get(slot) for slot in rule.subject}} for way in ways]
        if rule.on:
            subjects = [{**each, THE_DAY: each.get(rule.on)} for each in subjects]
        days = {last_day(rule, missing.kind, each) for each in subjects}
        return days.pop() if len(days) == 1 else None

    def question(self, missing: Missing, by: datetime.date | None = None) -> Question:
        """Something that is not known, as a question with what each answer leads to.

        Args:
            missing: What is not known.
            by: Of what may still happen: the last day for it, if there is one.
        """
        subject = dict(missing.subject)
        type_ = None
        if missing.kind in self.rulebook.vocabulary.kinds:
            kind = self.rulebook.vocabulary.kinds[missing.kind]
            type_ = next((field.type for field in kind.fields if field.name == missing.field), None)
            text = self._of_kind(kind, missing, subject)
            text += f" by {wording.day_in_words(by)}" if by is not None else ""
        else:
            text = self._of_people(missing, tuple(subject.values()))
        answers = tuple((self._answer(each, type_), outcome) for each, outcome in missing.answers)
        where = wording.where_from(missing.place, missing.kind)
        if missing.sort == "future":
            answers = tuple(("there is none", one) for _, one in answers)
        if missing.sort == "list":
            absent = missing.kind not in self.deriver.case.asked
            where = f"{missing.kind}: {'not asked' if absent else 'the list is not complete'}"
            answers = tuple(
                (("there is none" if absent else "there is nothing more"), one) for _, one in answers
            )
        if missing.sort == "question":
            where = self._recorded_as(missing)
        whole = missing.sort == "list" and not missing.subject and missing.kind not in self.deriver.case.asked
        return Question(
            _asking(text),
            answers,
            where,
            missing.sort == "question",
            not_asked=missing.kind if whole else "",
        )

    def _recorded_as(self, missing: Missing) -> str:
        """What to write into a register once people have decided."""
        values = [value for _, value in missing.subject]
        if any(isinstance(value, Fresh) for value in values):
            return f"answers: {missing.kind}"
        if missing.kind in self.rulebook.definitions:
            types: Sequence[Type | None] = self.rulebook.definitions[missing.kind].types
        else:
            rule = self.rulebook.rules[missing.kind]
            types = [rule.types.get(slot) for slot in rule.subject]
        about = "; ".join(self._written(type_, value) for type_, value in zip(types, values, strict=False))
        return f"answers: {missing.kind}" + (f", about {about}" if about else "")

    def _written(self, type_: Type | None, value: object) -> str:
        """What a register calls a value: of two things of one name, each by its id."""
        if self.names.mode == "full" and type_ is not None and type_.is_thing and isinstance(value, str):
            names = self.deriver.case.names
            name = names.get((type_.name, value), value)
            if sum(thing == type_.name and each == name for (thing, _), each in names.items()) > 1:
                return value
        return self.names.of(type_, value)

    def _answer(self, answer: str, type_: Type | None) -> str:
        return self.names.of(type_, answer) if type_ is not None and type_.is_thing else answer

    def _of_people(self, missing: Missing, values: tuple[object, ...]) -> str:
        """The question of a rule or definition, or whether a definition holds."""
        if missing.kind in self.rulebook.definitions:
            definition = self.rulebook.definitions[missing.kind]
            if missing.sort == "question" and definition.ask:
                return self.deriver.question(definition, values)
            return f"is it so that {self.deriver.say(definition.id, values)}"
        rule = self.rulebook.rules[missing.kind]
        words = {
            slot: self.names.of(rule.types.get(slot), value)
            for slot, value in zip(rule.subject, values, strict=False)
        }
        return wording.fill(rule.ask or rule.title, words)

    def _of_kind(self, kind: Kind, missing: Missing, subject: Mapping[str, object]) -> str:
        types = {field.name: field.type for field in kind.fields}
        known = {name: value for name, value in subject.items() if value is not None}
        words = {name: self.names.of(types.get(name), value) for name, value in known.items()}

        def said(fixed: tuple[str, str] | None) -> str:
            """A sentence that says the record with what is known of it."""
            for each in sorted(kind.sentences, key=lambda one: (-len(one.fields), -len(one.fixed))):
                fits = all(known.get(name) == value for name, value in each.fixed if (name, value) != fixed)
                if (
                    fits
                    and all(name in known for name in each.fields)
                    and (fixed is None or fixed in each.fixed)
                ):
                    slots = zip(wording.slots_of(each.says), each.fields, strict=True)
                    return wording.fill(each.says, {slot: words[name] for slot, name in slots})
            return ""

        of = wording.listed(word for name, word in words.items() if name not in ("from", "until"))
        if missing.sort == "field":
            asks = kind.field(missing.field).asks if missing.field in types else ""
            if asks:
                return wording.fill(asks, words)
            record = said(None)
            if missing.field not in types or missing.field in ("from", "until"):
                lead = {"from": "since when", "until": "until when"}.get(
                    missing.field, "from when until when"
                )
                return (
                    f"{lead} is it so that {record}"
                    if record
                    else f"{lead} is there the record of {of} under {kind.name}"
                )
            yes = said((missing.field, "yes"))
            return f"is it so that {yes}" if yes else f"what is the {missing.field} of {of or kind.name}"
        if missing.sort == "record":
            record = said(None)
            return f"is it so that {record}" if record else f"is there such a record under {kind.name}: {of}"
        if missing.sort == "future":
            return f"will there still be a record under {kind.name}" + (f" for {of}" if of else "")
        return (
            f"is there anything more under {kind.name} for {of}"
            if of
            else kind.asks or f"what are the {kind.name}"
        )


def _asking(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith(("?", ".")) else text + "?"
