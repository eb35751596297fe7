"""Reading nodes as what they ought to be, with a fault where they are not."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection
from fractions import Fraction

from bigrules.diagnostics import Span
from bigrules.language.faults import Faults, did_you_mean, in_words, nearest
from bigrules.language.model import Type, Value
from bigrules.language.source import Document, Listing, Mapping, Node, Text

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FRACTION = re.compile(r"(-?\d+) ?/ ?(\d+)")

# What authors take over from a file of the other sort.
_ELSEWHERE = {
    **dict.fromkeys(("rule", "force", "for each", "only if", "required", "not allowed"), "a rule"),
    **dict.fromkeys(("definition", "holds when", "people decide when", "in both directions"), "a definition"),
}


class Shape:
    """Reads the nodes of one document.

    Args:
        document: The document.
        faults: Where to note what is wrong.
    """

    def __init__(self, document: Document, faults: Faults) -> None:
        self.document = document
        self.faults = faults
        # Keys that an unknown key was probably meant to be, by the identity of their mapping.
        self.meant: set[tuple[int, str]] = set()

    def span(self, node: Node) -> Span:
        """Where a node stands."""
        return self.document.span(node)

    def wrong(self, node: Node, message: str, help: str | None = None) -> None:
        """Note that a node has the wrong shape."""
        self.faults.add("wrong-shape", message, self.span(node), help)

    def mapping(
        self, node: Node, what: str, allowed: Collection[str] | None = None
    ) -> dict[str, tuple[Text, Node]] | None:
        """A mapping by key, or None; unknown keys are noted and left out.

        Args:
            node: The node.
            what: What it is, such as `a rule`.
            allowed: The keys that it may have, or None for any.
        """
        if not isinstance(node, Mapping):
            keys = f", with the keys {in_words(allowed, 'and')}" if allowed else ""
            help = f"write it as `key: value`{keys}"
            self.wrong(node, f"{what} must be a mapping of keys to values", help)
            return None
        found: dict[str, tuple[Text, Node]] = {}
        for key, value in node.entries:
            if allowed is not None and key.text not in allowed:
                near = self.unknown_key(key, what, allowed)
                if near:
                    self.meant.add((id(node), near))
            else:
                found[key.text] = (key, value)
        return found

    def lacks(self, node: Node, *keys: str) -> bool:
        """Whether a mapping has none of some keys, and none that was probably meant to be one of them."""
        if not isinstance(node, Mapping):
            return True
        return all(node.get(key) is None and (id(node), key) not in self.meant for key in keys)

    def unknown_key(self, key: Text, what: str, allowed: Collection[str]) -> str | None:
        """Note a key that does not belong here; the key that it was probably meant to be, or None."""
        near = nearest(key.text, allowed)
        help = f"did you mean `{near}`?" if near else f"its keys are {in_words(allowed, 'and')}"
        elsewhere = _ELSEWHERE.get(key.text)
        if elsewhere and what in _ELSEWHERE.values() and elsewhere != what:
            help = f"it belongs to {elsewhere}, and a file is one or the other: take it out, or make two files of it"
            near = None
        if "<" in key.text:
            help = "put the text in quotes if the `:` belongs to it"
        self.faults.add("unknown-key", f"{what} has no key `{key.text}`", self.span(key), help)
        return near

    def text(self, node: Node, what: str) -> str:
        """A text that says something, or ""."""
        if not isinstance(node, Text):
            help = "write one text behind the `:`; one that begins with `[` or `{` stands in quotes"
            self.wrong(node, f"{what} must be a text", help)
            return ""
        if not node.text:
            help = "write something behind the `:`, or take the key out"
            self.faults.add("wrong-shape", f"{what} is left empty", self.span(node), help)
        return node.text

    def texts(self, node: Node, what: str) -> list[Text]:
        """A text, or a list of texts."""
        items = node.items if isinstance(node, Listing) else (node,)
        found = []
        for each in items:
            if self.text(each, what) and isinstance(each, Text):
                found.append(each)
        if isinstance(node, Listing) and not items:
            self.wrong(
                node, f"{what} is an empty list", "write its items, each with `- `, or take the key out"
            )
        return found

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        """The items of a list; a fault where it is none."""
        if not isinstance(node, Listing):
            self.wrong(node, f"{what} must be a list", "begin each item with `- `")
            return ()
        return node.items

    def yes(self, node: Node, what: str) -> bool:
        """Whether it says yes."""
        return self.choice(node, what, ("yes", "no")) == "yes"

    def choice(self, node: Node, what: str, choices: Collection[str]) -> str:
        """One of the choices, or ""."""
        text = self.text(node, what)
        if text and text not in choices:
            help = did_you_mean(text, choices, f"write {in_words(choices)}")
            self.faults.add("wrong-value", f"{what} cannot be `{text}`", self.span(node), help)
            return ""
        return text

    def each(self, node: Node, what: str, read: Callable[[Node], object]) -> None:
        """Do something with each item of a list."""
        for item in self.items(node, what):
            read(item)


def number(text: str) -> Fraction | None:
    """A number, a fraction or a percentage, exactly; None if it is none of them.

    >>> number("51%"), number("1/3"), number("2.5"), number("eight")
    (Fraction(51, 100), Fraction(1, 3), Fraction(5, 2), None)
    """
    percent = text.endswith("%")
    if percent:
        text = text[:-1].rstrip()
    if len(text) > 30:
        return None
    if _NUMBER.fullmatch(text):
        value = Fraction(text)
    elif (match := _FRACTION.fullmatch(text)) and int(match[2]):
        value = Fraction(int(match[1]), int(match[2]))
    else:
        return None
    return value / 100 if percent else value


def date(text: str) -> datetime.date | None:
    """A date such as 2018-06-01, or None.

    >>> date("2018-02-30") is None
    True
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def convert(text: str, type: Type) -> tuple[Value, str | None]:
    """A text as a value of a type.

    Args:
        text: What is written.
        type: What it ought to be.

    Returns:
        The value, and help where it does not fit (then the value is None).

    >>> convert("Yes", Type("yes or no", ("yes", "no")))
    ('yes', None)
    >>> convert("maried", Type("one of", ("married", "siblings")))
    (None, 'did you mean `married`?')
    """
    if type.choices:
        folded = text.casefold()
        for choice in type.choices:
            if choice.casefold() == folded:
                return choice, None
        return None, did_you_mean(text, type.choices, f"write {in_words(type.choices)}")
    if type.name == "date":
        value = date(text)
        if value:
            return value, None
        return None, "write a date of the calendar, such as `2018-06-01`"
    if type.name in ("number", "whole number"):
        found = number(text)
        if found is None:
            return None, "write a number, such as `3`"
        if type.name == "whole number" and found.denominator != 1:
            return None, "write a whole number, such as `3`"
        if type.least is not None and found < type.least:
            return None, f"it is at least `{type.least}`"
        if type.greatest is not None and found > type.greatest:
            return None, f"it is at most `{type.greatest}`"
        return (int(found) if found.denominator == 1 else found), None
    return text, None


def type_words(type: Type) -> str:
    """A type as people call it, such as `a person`.

    >>> type_words(Type("one of", ("a", "b")))
    'one of a, b'
    """
    if type.name == "one of":
        return f"one of {', '.join(type.choices)}"
    article = "an" if type.name[:1] in "aeiou" else "a"
    return type.name if type.name in ("yes or no", "text") else f"{article} {type.name}"
