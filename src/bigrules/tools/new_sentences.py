"""The sentences that a new file can use: which fit, and how an example says them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from bigrules.language.faults import nearest
from bigrules.language.model import Field, Kind, Rulebook, Sentence, Type, Value
from bigrules.language.sentences import SLOT, blank, does_not_matter, slots_of
from bigrules.tools.new_files import refused

# What a word counts that no other sentence has.
_RARE = 1000
# The names that examples use; things that are no people are numbered.
_PEOPLE = ("ann", "bob", "cem", "dee")


@attrs.frozen
class Said:
    """A sentence, as a new file says it.

    Args:
        text: The sentence, with the words that the file has in its slots.
        fields: For each slot what it holds.
        of: The kind of fact or the definition that it is of.
        alike: How far it has words in common with the name or title of the new file; rare words count for more.
        fuller: The sentence in whose words an example says it, where this one leaves open when it happened.
    """

    text: str
    fields: tuple[Field, ...]
    of: str
    alike: int = 0
    fuller: Said | None = None

    @property
    def slots(self) -> tuple[str, ...]:
        """The words in its slots."""
        return slots_of(self.text)

    def things(self) -> list[str]:
        """The slots that hold a thing, such as a person, and matter."""
        pairs = zip(self.slots, self.fields, strict=True)
        return [slot for slot, field in pairs if field.type.is_thing and not does_not_matter(slot)]

    def type(self, slot: str) -> Type:
        """The type of a slot."""
        return self.fields[self.slots.index(slot)].type

    def with_slots(self, words: Mapping[int, str]) -> Said:
        """The same with other words in some slots; in all others stands one that does not matter."""
        own = [words.get(at, f"any {slot.removeprefix('any ')}") for at, slot in enumerate(self.slots)]
        return attrs.evolve(self, text=_filled(self.text, own))

    def stated(self, values: Mapping[str, str]) -> str:
        """It as an example says it: with a value in each slot, its own where none is given."""
        pairs = list(zip(self.slots, self.fields, strict=True))
        said = [values.get(slot) or value_of(field) for slot, field in pairs]
        if self.fuller is None:
            return _filled(self.text, said)
        known = {field.name: word for (_, field), word in zip(pairs, said, strict=True)}
        return _filled(
            self.fuller.text, [known.get(each.name) or value_of(each) for each in self.fuller.fields]
        )


def _filled(text: str, words: Iterable[str]) -> str:
    """A sentence with these words in its slots, in order."""
    fill = iter(words)
    return SLOT.sub(lambda _: f"<{next(fill)}>", text)


def sentences_of(rulebook: Rulebook) -> list[Said]:
    """Every sentence that an example can state, those of definitions first."""
    found = []
    for each in rulebook.definitions.values():
        fields = tuple(Field(slot, type) for slot, type in zip(each.slots, each.types, strict=True))
        found.append(Said(each.says, fields, each.id))
    for kind in rulebook.vocabulary.kinds.values():
        if kind.worked_out is not None:
            continue
        columns = {each.name: each for each in kind.fields}
        # Of a fact of which nobody knows when it happened, nobody knows whether it has.
        happened = {each.name for each in kind.fields if each.happened}
        for sentence in kind.sentences:
            said = _of_kind(kind, sentence, columns)
            more = [
                each
                for each in kind.sentences
                if {*sentence.fields, *happened} <= set(each.fields) and each.fixed == sentence.fixed
            ]
            if more and not happened <= set(sentence.fields):
                said = attrs.evolve(said, fuller=_of_kind(kind, more[0], columns))
            found.append(said)
    return found


def _of_kind(kind: Kind, sentence: Sentence, columns: Mapping[str, Field]) -> Said:
    return Said(sentence.says, tuple(columns[name] for name in sentence.fields), kind.name)


def value_of(field: Field) -> str:
    """A value that an example can have in a field."""
    type_ = field.type
    if type_.is_thing:
        return _PEOPLE[0] if type_.name == "person" else f"{type_.name} 1"
    if type_.choices:
        return type_.choices[0]
    if type_.name == "date":
        return {"from": "2018-01-01", "until": "2018-12-31"}.get(field.name, "2018-05-01")
    if type_.name in ("number", "whole number"):
        least, greatest = type_.least, type_.greatest
        number: Value = 1
        if least is not None and least > 1:
            number = least
        elif greatest is not None and greatest < 1:
            number = greatest
        return str(number)
    return "something"


def another(field: Field, number: int) -> str | None:
    """One more value for a field, counted from 0; None where it has not so many."""
    type_ = field.type
    if type_.is_thing:
        if type_.name == "person" and number < len(_PEOPLE):
            return _PEOPLE[number]
        return f"{type_.name} {number + 1}"
    if type_.choices:
        return type_.choices[number] if number < len(type_.choices) else None
    if type_.name == "date":
        return f"2018-05-{number + 1:02}" if field.name not in ("from", "until") else None
    if type_.name in ("number", "whole number"):
        found = int(value_of(field)) + number
        return str(found) if type_.greatest is None or found <= type_.greatest else None
    return f"something {number + 1}"


def named(texts: Iterable[str], known: list[Said], option: str) -> list[Said]:
    """The sentences that an author wrote.

    Args:
        texts: As written, with slots.
        known: Every sentence that there is.
        option: Where they were written.

    Raises:
        InputError: There is no such sentence.
    """
    by_blank = {blank(each.text): each for each in known}
    found = []
    for text in texts:
        said = by_blank.get(blank(text))
        if said is None:
            near = nearest(blank(text), by_blank)
            help = "`bigrules show vocabulary` lists the sentences, and `bigrules new fact` makes another"
            if near is not None:
                own = slots_of(text) if len(slots_of(text)) == near.count("<>") else by_blank[near].slots
                help = f"did you mean `{_filled(by_blank[near].text, own)}`?"
            raise refused("no-sentence", f"no sentence says `{text}`", option, help)
        found.append(attrs.evolve(said, text=text))
    return found


def by_likeness(known: Iterable[Said], words: str) -> list[Said]:
    """Sentences, those first that have most words in common with a name or title, then the short ones."""
    wanted = _stems(words)

    def key(said: Said) -> tuple[int, int, int, str]:
        return (-said.alike, len(said.slots), len(said.text), said.text)

    stems = [(each, _stems(SLOT.sub(" ", each.text))) for each in known]
    # A word that many sentences have, such as `member`, says little about which of them is meant.
    often = Counter(stem for _, found in stems for stem in found)
    counted = (
        attrs.evolve(each, alike=sum(max(1, _RARE // often[stem]) for stem in wanted & found))
        for each, found in stems
    )
    return sorted(counted, key=key)


_FILLERS = {
    "the",
    "and",
    "has",
    "have",
    "for",
    "with",
    "not",
    "are",
    "was",
    "were",
    "every",
    "each",
    "rule",
    "that",
}


def _stems(text: str) -> set[str]:
    return {word[:4] for word in re.findall(r"[^\W\d_]{3,}", text.casefold()) if word not in _FILLERS}
