"""Readings: other ways to understand a clause, as patches of the file that states it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from bigrules.language.faults import nearest
from bigrules.language.model import Reading, Statement
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Listing, Mapping, Node, Text, plain

if TYPE_CHECKING:
    from bigrules.language.statements import Statements

READING_KEYS = (
    "name", "because", "change", "to", "add to", "condition", "stated only", "differs when", "note",
)  # fmt: skip
MAX_READINGS = 100
# What a reading never changes.
_LEFT_ALONE = ("adopted reading", "other readings", "equivalent", "examples", "show")
# Marks an exception that an amendment has put into a rule: no author can write it, nor mean what stands in it.
INSTEAD = " instead"

Entries = tuple[tuple[Text, Node], ...]


def read_adopted(shape: Shape, node: Node) -> Reading | None:
    """The reading that a file takes."""
    keys = shape.mapping(node, "an adopted reading", ("name", "because", "note"))
    if keys is None:
        return None
    if "name" not in keys:
        shape.faults.add("missing-key", "this reading has no `name`", shape.span(node))
        return None
    name = shape.text(keys["name"][1], "`name`")
    because = shape.text(keys["because"][1], "`because`") if "because" in keys else ""
    return Reading(name, because, place=shape.span(node))


def read_readings(
    shape: Shape, node: Node, adopted: Reading | None = None, statements: Statements | None = None
) -> tuple[Reading, ...]:
    """The other readings of a file.

    Args:
        shape: Reads the nodes of the file.
        node: What stands under `other readings`.
        adopted: The reading that the file takes, whose name is taken.
        statements: Reads statements; None leaves them out.
    """
    found: list[Reading] = []
    names = {adopted.name} if adopted else set()
    items = shape.items(node, "`other readings`")
    if len(items) > MAX_READINGS:
        message = f"this file has more than {MAX_READINGS} readings"
        shape.faults.add("too-large", message, shape.span(items[MAX_READINGS]), "keep those that people hold")
    for each in items[:MAX_READINGS]:
        reading = _read(shape, each, statements)
        if reading is None:
            continue
        if reading.name in names:
            message = f"two readings of this file are called `{reading.name}`"
            shape.faults.add("duplicate-name", message, reading.place, "give one of them another name")
            continue
        names.add(reading.name)
        found.append(reading)
    return tuple(found)


def _read(shape: Shape, node: Node, statements: Statements | None) -> Reading | None:
    keys = shape.mapping(node, "a reading", READING_KEYS)
    if keys is None:
        return None
    if "name" not in keys:
        if shape.lacks(node, "name"):
            shape.faults.add("missing-key", "this reading has no `name`", shape.span(node))
        return None
    name = shape.text(keys["name"][1], "`name`")
    because = shape.text(keys["because"][1], "`because`") if "because" in keys else ""
    stated = "stated only" in keys and shape.yes(keys["stated only"][1], "`stated only`")
    differs: tuple[Statement, ...] = ()
    if "differs when" in keys and statements is not None:
        differs = statements.statements(keys["differs when"][1], "`differs when`")
    change = [each for each in ("change", "to", "add to", "condition") if each in keys]
    runs = change in (["change", "to"], ["add to", "condition"])
    if stated and change:
        help = f"take `{change[0]}` out, or `stated only`"
        shape.wrong(keys[change[0]][0], f"`{name}` is stated only, and changes something", help)
    elif not stated and not runs and (change or shape.lacks(node, *READING_KEYS[2:7])):
        help = "give it `change` and `to`, or `add to` and `condition`, or `stated only: yes`"
        shape.faults.add("missing-key", f"`{name}` does not say what it changes", shape.span(node), help)
    runs = runs and not stated
    old = keys["change"][1] if "change" in keys else keys["add to"][1] if "add to" in keys else None
    new = keys["to"][1] if "to" in keys else keys["condition"][1] if "condition" in keys else None
    return Reading(name, because, plain(old), plain(new), runs, differs, shape.span(node))


def reading_nodes(root: Node) -> list[tuple[str, Mapping]]:
    """The other readings that stand in a node, by name."""
    listed = root.get("other readings") if isinstance(root, Mapping) else None
    found = []
    if isinstance(listed, Listing):
        for each in listed.items:
            name = each.get("name") if isinstance(each, Mapping) else None
            if isinstance(name, Text) and isinstance(each, Mapping):
                found.append((name.text, each))
    return found


def patch(shape: Shape, root: Node, reading: Mapping) -> Node | None:
    """The node that a reading makes of another.

    Args:
        shape: Where to note what cannot be changed.
        root: What is read otherwise: all of a rule or definition, or one kind of the vocabulary.
        reading: The reading as it stands in the file.

    Returns:
        What stands there instead, or None where the reading changes what is not there.
    """
    before = len(shape.faults.found)
    changed: Node | None = root
    if add := reading.get("add to"):
        changed = _add(shape, root, add, reading.get("condition"))
    else:
        old, new = reading.get("change"), reading.get("to")
        if old is not None and new is not None:
            changed = _change(shape, root, old, new)
    return changed if len(shape.faults.found) == before else None


def _add(shape: Shape, root: Node, key: Node, condition: Node | None) -> Node | None:
    """One condition more in the list under a key."""
    name = shape.text(key, "`add to`")
    if condition is None or not name:
        return None

    def more(entry: Text, value: Node) -> Entries | None:
        if entry.text != name:
            return None
        items = value.items if isinstance(value, Listing) else (value,)
        place = (value.line, value.column, value.end_line, value.end_column)
        return ((entry, Listing((*items, condition), *place)),)

    changed, hits = _replace(root, more, None)
    _expect_one(shape, hits, key, f"the key `{name}`", _keys(root))
    return changed


def _change(shape: Shape, root: Node, old: Node, new: Node) -> Node | None:
    """Something else in place of entries or of texts."""
    nothing = isinstance(new, Text) and new.text == "nothing"
    if isinstance(old, Mapping):
        if not nothing and (not isinstance(new, Mapping) or len(new.entries) != len(old.entries)):
            help = "in place of each entry under `change` stands the one at the same place under `to`"
            shape.wrong(new, "`to` has not as many entries as `change`", help)
            return None
        changed: Node | None = root
        for at, (key, value) in enumerate(old.entries):
            entry = () if nothing or not isinstance(new, Mapping) else (new.entries[at],)
            changed = _change_entry(shape, changed or root, key, value, entry)
        return changed
    olds = old.items if isinstance(old, Listing) else (old,)
    news = new.items if isinstance(old, Listing) and isinstance(new, Listing) else (new,)
    if nothing:
        news = (new,) * len(olds)
    if len(olds) != len(news):
        help = "in place of each text under `change` stands the one at the same place under `to`"
        shape.wrong(new, "`to` has not as many texts as `change`", help)
        return None
    changed = root
    for one, other in zip(olds, news, strict=True):
        if not isinstance(one, Text):
            help = "what is no text, such as `unless: …`, is changed with its key: `change: {holds when: [...]}`"
            shape.wrong(one, "`change` is a mapping, a text, or a list of texts", help)
        elif isinstance(other, Listing):
            shape.wrong(other, "in place of a text stands one condition", "put several under `all of`")
        else:
            changed = _change_text(shape, changed or root, one, other)
    return changed


def _change_entry(shape: Shape, root: Node, key: Text, value: Node, entry: Entries) -> Node | None:
    written = plain(value)

    def swap(name: Text, found: Node) -> Entries | None:
        return entry if name.text == key.text and plain(_as_written(found)) == written else None

    changed, hits = _replace(root, swap, None)
    what = f"`{key.text}: {written}`" if isinstance(value, Text) else f"this `{key.text}`"
    values = [plain(found) for name, found in _entries(root) if name.text == key.text]
    texts = [f"{key.text}: {each}" for each in values if isinstance(each, str)]
    _expect_one(shape, hits, key, what, texts if texts else _keys(root))
    return changed


def _change_text(shape: Shape, root: Node, old: Text, new: Node) -> Node | None:
    keep = () if isinstance(new, Text) and new.text == "nothing" else (new,)

    def swap(name: Text, found: Node) -> Entries | None:
        if isinstance(found, Text) and found.text == old.text:
            return tuple((name, each) for each in keep)
        return None

    def swap_item(found: Node) -> tuple[Node, ...] | None:
        return keep if isinstance(found, Text) and found.text == old.text else None

    changed, hits = _replace(root, swap, swap_item)
    _expect_one(shape, hits, old, f"`{old.text}`", [each.text for each in _texts(root)])
    return changed


def _expect_one(shape: Shape, hits: int, node: Node, what: str, known: list[str]) -> None:
    """What is changed must stand in the file exactly once."""
    if hits == 1:
        return
    if hits:
        message = f"{what} stands {hits} times in the file, so that it is not clear which is changed"
        help = "change something that stands once, such as the whole list or mapping around it"
    else:
        message = f"{what} does not stand in the file"
        near = nearest(what.strip("`"), known)
        help = f"what the file says now is `{near}`" if near else "write down what the file says now"
    shape.faults.add("reading-changes-nothing", message, shape.span(node), help)


def _replace(
    node: Node,
    entry: Callable[[Text, Node], Entries | None],
    item: Callable[[Node], tuple[Node, ...] | None] | None,
    top: bool = True,
) -> tuple[Node, int]:
    """A node with entries and items replaced, and how many were."""
    hits = 0
    if _is_put_in(node):
        return node, 0
    if isinstance(node, Mapping):
        entries: list[tuple[Text, Node]] = []
        for key, value in node.entries:
            if top and key.text in _LEFT_ALONE:
                entries.append((key, value))
                continue
            swapped = entry(key, value)
            if swapped is not None:
                hits += 1
                entries += swapped
                continue
            value, more = _replace(value, entry, item, False)
            hits += more
            entries.append((key, value))
        return (attrs.evolve(node, entries=tuple(entries)) if hits else node), hits
    if isinstance(node, Listing):
        items: list[Node] = []
        for each in node.items:
            kept = item(each) if item else None
            if kept is not None:
                hits += 1
                items += kept
                continue
            value, more = _replace(each, entry, item, False)
            hits += more
            items.append(value)
        return (attrs.evolve(node, items=tuple(items)) if hits else node), hits
    return node, 0


def _entries(node: Node, top: bool = True) -> list[tuple[Text, Node]]:
    """Every entry of every mapping in a node."""
    found: list[tuple[Text, Node]] = []
    if isinstance(node, Mapping) and not _is_put_in(node):
        for key, value in node.entries:
            if not (top and key.text in _LEFT_ALONE):
                found += [(key, value), *_entries(value, False)]
    elif isinstance(node, Listing):
        for each in node.items:
            found += _entries(each, False)
    return found


def _is_put_in(node: Node) -> bool:
    return isinstance(node, Mapping) and node.get(INSTEAD) is not None


def _as_written(node: Node) -> Node:
    """What authors have written of a node: without exceptions that amendments have put in."""
    if isinstance(node, Listing):
        return attrs.evolve(
            node, items=tuple(_as_written(each) for each in node.items if not _is_put_in(each))
        )
    if not isinstance(node, Mapping):
        return node
    entries = tuple((key, _as_written(value)) for key, value in node.entries)
    # A list of exceptions that were all put in is none.
    kept = (
        each
        for each in entries
        if not (isinstance(each[1], Listing) and not each[1].items and each[0].text == "unless")
    )
    return attrs.evolve(node, entries=tuple(kept))


def _keys(node: Node) -> list[str]:
    return [key.text for key, _ in _entries(node)]


def _texts(node: Node, top: bool = True) -> list[Text]:
    if isinstance(node, Text):
        return [node]
    if isinstance(node, Listing):
        return [each for item in node.items for each in _texts(item, False)]
    return (
        []
        if _is_put_in(node)
        else [
            each
            for key, value in node.entries
            if not (top and key.text in _LEFT_ALONE)
            for each in _texts(value, False)
        ]
    )


def patched(document: Document, shape: Shape, name: str) -> Document | None:
    """A rule or definition file as one of its readings has it, or None."""
    for each, node in reading_nodes(document.root):
        if each == name:
            root = patch(shape, document.root, node)
            return None if root is None else attrs.evolve(document, root=root)
    return None
