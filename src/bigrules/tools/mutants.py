"""Mutants: a rule or definition file with one small change, such as `at most` for `less than`.

Whatever a mutant changes is meant to matter; where no example of the file comes out differently, either an
example is missing or the change makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import attrs

from bigrules.language.build import Setting
from bigrules.language.conditions import AGGREGATES, LIMITS
from bigrules.language.faults import Faults
from bigrules.language.files import Sources
from bigrules.language.model import Rulebook
from bigrules.language.rules import EVERYWHERE
from bigrules.language.source import Document, Listing, Mapping, Node, Text, plain
from bigrules.tools.mutants_built import built, document_of, loosened
from bigrules.tools.mutants_same import sense
from bigrules.tools.mutants_text import (
    TURNED,
    WITH_OR_WITHOUT,
    as_test,
    by_one,
    days_by_one,
    length_by_one,
    of_sentence,
    of_test,
)

# What the changes are called where they are told.
SORTS = {
    "limit": "with or without the limit itself",
    "by one": "a limit by one",
    "dropped": "a condition dropped",
    "negated": "a condition negated",
    "any and all": "any in place of all, or all in place of any",
    "exception": "an exception removed",
    "swapped": "two slots swapped",
}
_CONDITIONS = ("for each", "only if", "required", "not allowed", "holds when", "people decide when")
_MEASURED = ("among", "where", "linked by")

# The way to a node: the number of an entry or item on each level.
Path = tuple[int, ...]


@attrs.frozen(eq=False)
class Change:
    """One small change of a document.

    Args:
        sort: A key of `SORTS`.
        path: The way to what is changed: an item of a list, or an entry of a mapping.
        before: The item, or the entry.
        after: What stands there instead; () for nothing.
    """

    sort: str
    path: Path
    before: Node | tuple[Text, Node]
    after: tuple[Node, ...] | tuple[tuple[Text, Node], ...]

    @property
    def place(self) -> Node:
        """The node whose line it is told by."""
        return self.before[0] if isinstance(self.before, tuple) else self.before


@attrs.frozen(eq=False)
class Mutant:
    """A rulebook in which one file has one small change.

    Args:
        change: The change.
        document: The file with it.
        rulebook: What is built of it.
        loose: Slots that are used once with it, and so are written `<any …>`.
    """

    change: Change
    document: Document
    rulebook: Rulebook
    loose: tuple[str, ...] = ()


def mutants(rulebook: Rulebook, id: str) -> tuple[list[Mutant], int]:
    """Every mutant of a file that can be built and says something else, and how many could not be built.

    Args:
        rulebook: A rulebook without faults.
        id: Id of a rule or definition.
    """
    file, document = document_of(rulebook, id)
    seen = {sense(rulebook, id)}
    texts = {repr(plain(document.root))}
    found: list[Mutant] = []
    not_built = 0
    for change in _Changes(rulebook, document).found():
        root = changed(document.root, change)
        text = repr(plain(root))
        if text in texts:
            continue
        texts.add(text)
        mutated = attrs.evolve(document, root=root)
        faults = Faults()
        book = built(rulebook, file, mutated, faults)
        loose: tuple[str, ...] = ()
        if book is None:
            mutated, loose = loosened(mutated, faults)
            book = built(rulebook, file, mutated) if loose else None
        if book is None:
            not_built += 1
            continue
        # What reads the same by how the language works, such as a relation turned that holds both ways, is none.
        meant = sense(book, id)
        if meant not in seen:
            seen.add(meant)
            found.append(Mutant(change, mutated, book, loose))
    return found, not_built


def changed(root: Node, change: Change, depth: int = 0) -> Node:
    """A node with a change."""
    at, last = change.path[depth], depth == len(change.path) - 1
    if isinstance(root, Mapping):
        name, value = root.entries[at]
        entry = (
            cast(tuple[tuple[Text, Node], ...], change.after)
            if last
            else ((name, changed(value, change, depth + 1)),)
        )
        return attrs.evolve(root, entries=(*root.entries[:at], *entry, *root.entries[at + 1 :]))
    assert isinstance(root, Listing)
    item = cast(tuple[Node, ...], change.after) if last else (changed(root.items[at], change, depth + 1),)
    return attrs.evolve(root, items=(*root.items[:at], *item, *root.items[at + 1 :]))


class _Changes:
    """The changes of one file.

    Args:
        rulebook: The rulebook.
        document: The file.
    """

    def __init__(self, rulebook: Rulebook, document: Document) -> None:
        self.rulebook = rulebook
        self.root = cast(Mapping, document.root)
        self.setting = cast(Setting, cast(Sources, rulebook._sources).setting)
        self.place = document.start

    def found(self) -> Iterator[Change]:
        """All of them, in the order of the file."""
        keys = {key.text for key, _ in self.root.entries}
        for at, (key, value) in enumerate(self.root.entries):
            name, path = key.text, (at,)
            if name in _CONDITIONS:
                yield from self.beside(path, key, value)
                if name in ("for each", "only if"):
                    yield Change("dropped", path, (key, value), ())
            elif name.removesuffix(" any of") in _CONDITIONS:
                plain_key = name.removesuffix(" any of")
                if _length(value) > 1 and plain_key not in keys:
                    yield Change(
                        "any and all", path, (key, value), ((attrs.evolve(key, text=plain_key), value),)
                    )
                yield from self.items(path, value)
                if plain_key in ("for each", "only if"):
                    yield Change("dropped", path, (key, value), ())
            elif name == "unless":
                yield from self.exceptions(path, key, value)
            elif name in ("from", "until") and isinstance(value, Text):
                for text in days_by_one(value.text):
                    yield Change("by one", path, (key, value), ((key, attrs.evolve(value, text=text)),))
            elif name == "asked again after" and isinstance(value, Text):
                for text in length_by_one(value.text):
                    yield Change("by one", path, (key, value), ((key, attrs.evolve(value, text=text)),))

    def exceptions(self, path: Path, key: Text, value: Node) -> Iterator[Change]:
        """Of what stands under `unless` of a rule, or of an exception."""
        items = value.items if isinstance(value, Listing) else (value,)
        are_exceptions = any(isinstance(each, Mapping) and each.get("when") is not None for each in items)
        if not are_exceptions or len(items) == 1:
            yield Change("exception", path, (key, value), ())
        if not are_exceptions:
            yield from self.beside(path, key, value)
            return
        for at, each in enumerate(items):
            inner = (*path, at) if isinstance(value, Listing) else path
            if len(items) > 1:
                yield Change("exception", inner, each, ())
            for number, (name, node) in enumerate(each.entries) if isinstance(each, Mapping) else ():
                if name.text == "when":
                    yield from self.beside((*inner, number), name, node)
                elif name.text == "unless":
                    yield from self.exceptions((*inner, number), name, node)

    # ------------------------------------------------------------ conditions

    def beside(self, path: Path, key: Text, value: Node) -> Iterator[Change]:
        """Of a condition that stands beside a key."""
        if isinstance(value, Text) and value.text == EVERYWHERE:
            return
        for sort, after in self.instead(value):
            yield Change(sort, path, (key, value), ((key, after),))
        yield from self.inside(path, value)

    def inside(self, path: Path, node: Node) -> Iterator[Change]:
        """Of what stands in a condition."""
        if isinstance(node, Listing):
            yield from self.items(path, node)
        elif isinstance(node, Mapping):
            if any(key.text in AGGREGATES for key, _ in node.entries):
                yield from self.measure(path, node)
                return
            for at, (key, value) in enumerate(node.entries):
                if key.text in ("any of", "all of"):
                    if _length(value) > 1:
                        other = "all of" if key.text == "any of" else "any of"
                        yield Change(
                            "any and all",
                            (*path, at),
                            (key, value),
                            ((attrs.evolve(key, text=other), value),),
                        )
                    yield from self.inside((*path, at), value)
                elif key.text in ("unless", "ever"):
                    for each in self.beside((*path, at), key, value):
                        # What `unless` takes away is negated where the `unless` itself is.
                        if key.text == "ever" or each.sort != "negated" or each.path != (*path, at):
                            yield each

    def items(self, path: Path, node: Node) -> Iterator[Change]:
        """Of the items of a list."""
        items = node.items if isinstance(node, Listing) else ()
        for at, each in enumerate(items):
            inner = (*path, at)
            if isinstance(each, Text) and each.text == EVERYWHERE:
                continue  # no author wrote it
            if len(items) > 1:
                yield Change("dropped", inner, each, ())
            for sort, after in self.instead(each):
                yield Change(sort, inner, each, (after,))
            yield from self.inside(inner, each)

    def measure(self, path: Path, node: Mapping) -> Iterator[Change]:
        """Of a measure and its limit."""
        for at, (key, value) in enumerate(node.entries):
            inner = (*path, at)
            if key.text in LIMITS and isinstance(value, Text):
                for other in WITH_OR_WITHOUT[key.text]:
                    yield Change("limit", inner, (key, value), ((attrs.evolve(key, text=other), value),))
                for text in by_one(value.text, self.setting.parameters):
                    yield Change("by one", inner, (key, value), ((key, attrs.evolve(value, text=text)),))
            elif key.text in _MEASURED:
                # A link is taken in both directions, so that its slots may as well be swapped.
                skipped = "swapped" if key.text == "linked by" and isinstance(value, Text) else ""
                for each in self.beside(inner, key, value):
                    if each.sort != skipped:
                        yield each
                if key.text == "where":
                    yield Change("dropped", inner, (key, value), ())
            elif key.text == "of" and isinstance(value, Mapping):
                yield from self.measure(inner, value)

    def instead(self, node: Node) -> Iterator[tuple[str, Node]]:
        """What may stand in place of one condition, and of what sort that is."""
        if isinstance(node, Text):
            for sort, text in self.texts(node):
                yield sort, attrs.evolve(node, text=text)
        yield from (("negated", each) for each in _negated(node))
        if isinstance(node, Listing) and len(node.items) > 1:
            yield "any and all", _mapping("any of", node)

    def texts(self, node: Text) -> Iterator[tuple[str, str]]:
        """What may stand in place of a sentence or a test."""
        entry = self.setting.sentences.find(node.text)
        if entry is not None:
            definition = self.rulebook.definitions.get(entry.predicate)
            types = tuple(each.name for each in self.rulebook.types(entry.predicate))
            symmetric = definition is not None and definition.symmetric
            yield from of_sentence(node.text, entry, types, symmetric)
            return
        test = as_test(node.text, self.place)
        if test is not None:
            yield from of_test(node.text, test, self.setting.parameters)


def _negated(node: Node) -> Iterator[Node]:
    """A condition that says the opposite."""
    if isinstance(node, Listing):
        if len(node.items) > 1:
            yield _mapping("unless", node)
        return
    if isinstance(node, Mapping):
        for at, (key, value) in enumerate(node.entries):
            if key.text in TURNED:
                turned = (attrs.evolve(key, text=TURNED[key.text]), value)
                yield attrs.evolve(node, entries=(*node.entries[:at], turned, *node.entries[at + 1 :]))
                return
        if len(node.entries) == 1 and node.entries[0][0].text == "unless":
            inner = node.entries[0][1]
            yield _mapping("all of", inner) if isinstance(inner, Listing) else inner
            return
        if len(node.entries) == 1 and node.entries[0][0].text == "all of":
            yield _mapping("unless", node.entries[0][1])
            return
    yield _mapping("unless", node)


def _mapping(key: str, node: Node) -> Mapping:
    """A mapping of one entry, at the place of what stands in it."""
    place = (node.line, node.column, node.end_line, node.end_column)
    return Mapping(((Text(key, node.line, node.column, node.line, node.column), node),), *place)


def _length(node: Node) -> int:
    return len(node.items) if isinstance(node, Listing) else 1
