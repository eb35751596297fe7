"""Statements as a search changes them: sentences with texts in their slots, written and read as in a rule file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

import attrs

from bigrules.diagnostics import Enough
from bigrules.language.faults import Faults
from bigrules.language.model import Rulebook, Statement, Type
from bigrules.language.scenarios import knowledge_of
from bigrules.language.sentences import SLOT, Entry, slots_of
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Node, Text, parse
from bigrules.language.statements import Statements

_PLAIN = re.compile(r"[<A-Za-z0-9][^#\n\"'{}\[\],]*")
_INSIDE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]*")


@attrs.frozen(cache_hash=True)
class Item:
    """One item under `given:`, as long as a search changes it.

    Args:
        status: "", `not`, `not recorded`, `not asked` or `answer`.
        says: The sentence with its slots; the name of a kind that was not asked; the id of a question.
        values: The texts in the slots; what an answer is about.
        answer: `yes` or `no`.
        when: The day of the answer, or "".
    """

    status: str
    says: str
    values: tuple[str, ...] = ()
    answer: str = ""
    when: str = ""

    def text(self) -> str:
        """The item as it stands in a file."""
        if self.status == "answer":
            parts = [f"question: {inside(self.says)}"]
            parts += [f"about: [{', '.join(map(inside, self.values))}]"] if self.values else []
            parts += [f"answer: {inside(self.answer)}"]
            parts += [f"when: {self.when}"] if self.when else []
            return f"answer: {{{', '.join(parts)}}}"
        if self.status == "not asked":
            return f"not asked: {quoted(self.says)}"
        said = filled(self.says, self.values)
        return f"{self.status}: {quoted(said)}" if self.status else quoted(said)

    def with_value(self, at: int, value: str) -> Item:
        """The item with another text in one of its slots."""
        return attrs.evolve(self, values=(*self.values[:at], value, *self.values[at + 1 :]))


def filled(says: str, values: Sequence[str]) -> str:
    """A sentence with texts in its slots.

    >>> filled("<a> and <b> are related", ["ann", "1 to 3"])
    '<ann> and <1 to 3> are related'
    """
    fill = iter(values)
    return SLOT.sub(lambda _: f"<{next(fill)}>", says)


def quoted(text: str) -> str:
    """A text as YAML would have it in a block, in quotes where it needs them.

    >>> quoted("<ann> is a member"), quoted("who: ann")
    ('<ann> is a member', '"who: ann"')
    """
    is_plain = _PLAIN.fullmatch(text.replace(",", "")) and ": " not in text and not text.endswith((":", " "))
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def inside(text: str) -> str:
    """A text as YAML would have it between brackets.

    >>> inside("ann"), inside("ann, gardener")
    ('ann', '"ann, gardener"')
    """
    is_plain = _INSIDE.fullmatch(text) and text == text.strip()
    return text if is_plain else json.dumps(text, ensure_ascii=False)


class Reader:
    """What one rulebook makes of items; each is read once.

    Args:
        rulebook: A rulebook that was read from files.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self.known = knowledge_of(rulebook)
        self._read: dict[Item, tuple[Statement, ...] | None] = {}
        self._types: dict[tuple[str, str], tuple[Type, ...] | None] = {}

    def statements(self, item: Item) -> tuple[Statement, ...] | None:
        """The statements that an item stands for, or None where the rulebook cannot say it."""
        if item not in self._read:
            self._read[item] = read_item(item.text(), self)
        return self._read[item]

    def entry(self, says: str) -> Entry | None:
        """What a sentence stands for, or None."""
        return self.known.sentences.find(says)

    def types(self, item: Item) -> tuple[Type, ...] | None:
        """The types of the slots of an item, or None where the rulebook cannot say it."""
        key = (item.says, "answer" if item.status == "answer" else "")
        if key not in self._types:
            found: tuple[Type, ...] | None = None
            if item.status == "answer":
                question = self.known.questions.get(item.says)
                found = question.types if question else None
            elif item.status != "not asked":
                entry = self.entry(item.says)
                columns = self.known.types[entry.predicate] if entry else ()
                found = tuple(columns[each] for each in entry.positions) if entry else None
            self._types[key] = found
        return self._types[key]

    def item(self, statement: Statement) -> Item | None:
        """The item that says a statement; None where its sentence is not to be found."""
        if statement.status == "not asked":
            return Item("not asked", statement.predicate)
        if statement.status == "answer":
            values = tuple(map(_as_text, statement.values))
            when = statement.when.isoformat() if statement.when else ""
            return Item("answer", statement.predicate, values, statement.answer, when)
        entry = self.entry(statement.text)
        if entry is None:
            return None
        status = {"false": "not", "unknown": "not recorded"}.get(statement.status, "")
        return Item("" if entry.negated else status, entry.says, slots_of(statement.text))

    def items(self, statements: Iterable[object]) -> tuple[Item, ...]:
        """The items of some statements; those that cannot be said are left out."""
        said = (self.item(each) for each in statements if isinstance(each, Statement))
        return tuple(dict.fromkeys(each for each in said if each is not None))


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def document_of(text: str) -> tuple[Document | None, Faults]:
    """A text as a document, and the faults that it has."""
    faults = Faults()
    return parse(text.encode(), "made.yaml", faults), faults


def read_item(text: str, reader: Reader) -> tuple[Statement, ...] | None:
    """The statements of one item as it stands in a file, or None where there is a fault in it."""
    if ":" in text or text.startswith('"'):
        document, faults = document_of(text)
        if document is None:
            return None
        node: Node = document.root
    else:
        faults = Faults()
        node = Text(text, 1, 1, 1, len(text) + 1)
        document = Document("made.yaml", (text,), node)
    try:
        found = Statements(Shape(document, faults), reader.known).statement(node)
    except Enough:
        return None
    return tuple(found) if found and not faults.found else None


def in_ranges(items: Sequence[Item], types: Mapping[Item, tuple[Type, ...] | None]) -> list[Item]:
    """Items with a range in a slot where several say the same of things that are numbered one after another.

    Args:
        items: The items.
        types: The types of their slots.
    """
    found: list[Item] = []
    for each in items:
        last = found[-1] if found else None
        joined = _joined(last, each, types.get(each)) if last is not None else None
        if joined is not None:
            found[-1] = joined
        else:
            found.append(each)
    return found


def _joined(before: Item, each: Item, types: tuple[Type, ...] | None) -> Item | None:
    if types is None or each.status == "answer" or (before.status, before.says) != (each.status, each.says):
        return None
    different = [
        at for at, (one, other) in enumerate(zip(before.values, each.values, strict=True)) if one != other
    ]
    if len(different) != 1 or not types[different[0]].is_thing or not each.values[different[0]].isdigit():
        return None
    at = different[0]
    first, _, last = before.values[at].partition(" to ")
    last = last or first
    if not first.isdigit() or int(each.values[at]) != int(last) + 1:
        return None
    return before.with_value(at, f"{first} to {each.values[at]}")
