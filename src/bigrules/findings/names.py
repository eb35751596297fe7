"""What each thing is called in what is printed: names in full, as initials, or not at all."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Literal, get_args

import attrs

from bigrules.facts.case import BY_NOW, UNKNOWN, Case
from bigrules.facts.domains import Fresh
from bigrules.findings import wording
from bigrules.language.model import Rulebook, Type

NameMode = Literal["full", "initials", "none", "ids"]

PERSON = "person"
# Things whose names tell who people are, and are hidden with them.
PRIVATE = (PERSON, "household")


@attrs.frozen
class Names:
    """What each thing is called in what is printed.

    Args:
        mode: `full`, `initials`, `none` (people are numbered) or `ids` (those of the JSON form).
        shown: The words for each thing, by type and id.
    """

    mode: NameMode
    shown: dict[tuple[str, str], str]

    def of(self, type_: Type | None, value: object) -> str:
        """A value in words.

        Args:
            type_: Its type, or None where it is not known; then only its form tells.
            value: A value of a fact.
        """
        if value is UNKNOWN:
            return (
                f"{wording.article(noun)} {noun} that is not known" if (noun := _noun(type_)) else "not known"
            )
        if value is BY_NOW:
            return "some day before"
        if value is None:
            return "open"
        if isinstance(value, Fresh):
            return f"{wording.article(value.type)} {value.type} {_who(value.type)} is not recorded"
        if isinstance(value, datetime.date):
            return wording.day_in_words(value)
        if isinstance(value, str):
            if type_ is not None and type_.is_thing:
                return self.shown.get((type_.name, value), value)
            return self._hidden(value) if type_ is not None and type_.name == "text" else value
        return wording.number_in_words(value)

    def several(self, type_: Type | None, values: Iterable[object]) -> list[str]:
        """Values in words, sorted; what is not recorded stands last and once, as nobody knows how many they are.

        Args:
            type_: Their type, or None where it is not known.
            values: Values of facts.
        """
        values = list(values)
        fresh = [each for each in values if isinstance(each, Fresh)]
        told = sorted((self.of(type_, each) for each in values if each not in fresh), key=wording.natural)
        if len(fresh) == 1:
            return [*told, self.of(type_, fresh[0])]
        for one in dict.fromkeys(each.type for each in fresh):
            told.append(_not_recorded(one))
        return told

    def called(self, slot: str, type_: Type | None, value: object) -> str:
        """A thing with what it is in front: "decision new roof", but "decision 3" where things are numbered."""
        said = self.of(type_, value)
        numbered = type_ is not None and said.startswith(f"{type_.name} ")
        return said if isinstance(value, Fresh) or numbered else f"{slot} {said}"

    def any_number(self, type_: Type | None) -> str:
        """Those whom no record names and of whom there may be any number."""
        return f"any number of {_not_recorded(type_.name if type_ is not None else PERSON)}"

    def person(self, id_: str) -> str:
        """A person in words."""
        return self.shown.get((PERSON, id_), id_)

    def _hidden(self, text: str) -> str:
        # Free text may name people; where names are held back, so is it.
        return text if self.mode == "full" else "(text)"


def _not_recorded(type_name: str) -> str:
    many = "people" if type_name == PERSON else f"{type_name}s"
    return f"{many} {_who(type_name)} are not recorded"


def _who(type_name: str) -> str:
    return "who" if type_name == PERSON else "that"


def _noun(type_: Type | None) -> str:
    if type_ is None or type_.name in ("one of", "text", "yes or no"):
        return ""
    return "day" if type_.name == "date" else type_.name


def things_of(rulebook: Rulebook, case: Case) -> dict[str, list[str]]:
    """The ids of all things in a case by type, sorted, so that numbering does not hang on order."""
    found: dict[str, set[str]] = {}

    def note(types: Iterable[Type], values: Iterable[object]) -> None:
        for type_, value in zip(types, values, strict=False):
            if type_.is_thing and isinstance(value, str):
                found.setdefault(type_.name, set()).add(value)

    for fact in case.facts:
        note(rulebook.types(fact.kind), fact.values)
    for stated in case.assumed:
        note(rulebook.types(stated.predicate), stated.values)
    for answer in case.answers:
        if answer.question in rulebook.definitions:
            note(rulebook.types(answer.question), answer.subject)
        elif answer.question in rulebook.rules:
            rule = rulebook.rules[answer.question]
            note((rule.types.get(each, Type("text")) for each in rule.subject), answer.subject)
    for incomplete in case.incomplete:
        if incomplete.field:
            note(
                (rulebook.vocabulary.kinds[incomplete.kind].field(incomplete.field).type,),
                (incomplete.value,),
            )
    for type_name, id_ in case.names:
        found.setdefault(type_name, set()).add(id_)
    return {name: sorted(ids) for name, ids in sorted(found.items())}


def names_of(rulebook: Rulebook, case: Case, mode: NameMode = "full") -> Names:
    """What each thing of a case is called.

    Args:
        rulebook: Tells which fields hold things.
        case: The case.
        mode: How much of names is shown.

    Raises:
        ValueError: There is no such mode; a slip must never show names in full.
    """
    if mode not in get_args(NameMode):
        said = ", ".join(f"`{each}`" for each in get_args(NameMode))
        raise ValueError(f"`names` is one of {said}, and not {mode!r}")
    shown: dict[tuple[str, str], str] = {}
    for type_name, ids in things_of(rulebook, case).items():
        full = {each: case.names.get((type_name, each), each) for each in ids}
        numbered = {each: f"{type_name} {number}" for number, each in enumerate(ids, 1)}
        if mode == "ids":
            words = {each: word.replace(" ", "-") for each, word in numbered.items()}
        elif mode == "none" or (mode == "initials" and type_name in PRIVATE and type_name != PERSON):
            words = numbered
        elif mode == "initials" and type_name == PERSON:
            words = _apart({each: initials(name) for each, name in full.items()})
        else:
            words = _apart(full)
        shown.update({(type_name, each): word for each, word in words.items()})
    return Names(mode, shown)


def initials(name: str) -> str:
    """The initials of a name.

    >>> initials("Ann-Marie Example")
    'A. M. E.'
    """
    letters = [part[0].upper() for part in re.split(r"[\s\-]+", name) if part and part[0].isalnum()]
    return " ".join(f"{letter}." for letter in letters) or "?"


def _apart(words: dict[str, str]) -> dict[str, str]:
    # Two people must never look like one.
    same: dict[str, list[str]] = {}
    for id_, word in words.items():
        same.setdefault(word, []).append(id_)
    for word, ids in same.items():
        if len(ids) > 1:
            words.update({id_: f"{word} ({number})" for number, id_ in enumerate(ids, 1)})
    return words
