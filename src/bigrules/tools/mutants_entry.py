"""A mutant as authors write it: what is changed, to what, and as an entry of `equivalent` to paste."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bigrules.language.equivalents import Equivalent
from bigrules.language.faults import Faults
from bigrules.language.readings import patch
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Listing, Mapping, Node, Text, parse, plain
from bigrules.tools.mutants import Change

# What stands in place of what is taken out.
NOTHING = "nothing"
_BLOCK = re.compile(r"[<A-Za-z0-9][^#\n\"'{}\[\]]*")
_FLOW = re.compile(r"[<A-Za-z0-9][^#\n\"'{}\[\],:]*")


def told(change: Change) -> tuple[str, str]:
    """What a change takes away, and what it puts there, each on one line.

    Args:
        change: The change.
    """
    before = _told_one(change.before)
    return before, ", ".join(_told_one(each) for each in change.after) or NOTHING


def _told_one(part: Node | tuple[Text, Node]) -> str:
    if isinstance(part, tuple):
        key, value = part
        return f"{key.text}: {_flow(plain(value))}"
    return _flow(plain(part), outside=True)


def entry(document: Document, root: Node, change: Change) -> str:
    """The entry of `equivalent` that names a mutant, but for why; "" where none can name it.

    Args:
        document: The file without the change.
        root: The file with it.
        change: The change.
    """
    wanted = repr(plain(root))
    for old, new in _candidates(document.root, root, change):
        lines = ["equivalent:", *_item(old, new)]
        made = parse("\n".join([*lines, "    because: why"]).encode(), document.file, Faults())
        if made is None or not isinstance(made.root, Mapping):
            continue
        listed = made.root.get("equivalent")
        if not isinstance(listed, Listing) or not isinstance(listed.items[0], Mapping):
            continue
        patched = patch(Shape(document, Faults()), document.root, listed.items[0])
        if patched is not None and repr(plain(patched)) == wanted:
            return "\n".join(lines[1:])
    return ""


def as_changed(document: Document, equivalent: Equivalent) -> Node | None:
    """A file with a change of which it says that it makes no difference, or None where the file is not so.

    Args:
        document: The file.
        equivalent: The change.
    """
    return patch(Shape(document, Faults()), document.root, equivalent.node)


def _candidates(old: Node, new: Node, change: Change) -> Iterator[tuple[Any, Any]]:
    """What an entry may change, to what: the text alone, then the entry around it, then those around that."""
    before, after = change.before, change.after
    texts = _texts_apart(old, new, change)
    if len(texts) > 1:
        yield [one for one, _ in texts], [other for _, other in texts]
    if isinstance(before, Text) and len(after) <= 1:
        # A text is changed to nodes, and never to entries.
        yield before.text, plain(after[0]) if after else NOTHING  # type: ignore[arg-type]
    if isinstance(before, tuple):
        if not after:
            yield {before[0].text: plain(before[1])}, NOTHING
        elif isinstance(after[0], tuple):
            yield {before[0].text: plain(before[1])}, {after[0][0].text: plain(after[0][1])}
    whole: tuple[Any, Any] | None = None
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        now = {key.text: plain(value) for key, value in new.entries}
        apart = {key.text: plain(value) for key, value in old.entries if now.get(key.text) != plain(value)}
        if apart.keys() <= now.keys():
            whole = (apart, {key: now[key] for key in apart})
    around: list[tuple[Any, Any]] = []
    for depth, at in enumerate(change.path):
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            if depth == len(change.path) - 1:
                break
            key = old.entries[at][0].text
            around.append(({key: plain(old.entries[at][1])}, {key: plain(new.entries[at][1])}))
            old, new = old.entries[at][1], new.entries[at][1]
        elif isinstance(old, Listing) and isinstance(new, Listing):
            if depth == len(change.path) - 1:
                break
            old, new = old.items[at], new.items[at]
    yield from reversed(around)
    if whole is not None:
        yield whole


def _texts_apart(old: Node, new: Node, change: Change) -> list[tuple[str, str]]:
    """The texts that are others in a file with a change; those that it takes out become nothing."""
    there = {(each.line, each.column): each.text for each in texts_in(new)}
    gone = change.before[1] if isinstance(change.before, tuple) else change.before
    found = []
    for each in texts_in(old):
        other = there.get((each.line, each.column))
        if other is not None and other != each.text:
            found.append((each.text, other))
        elif other is None and each is gone and not change.after:
            found.append((each.text, NOTHING))
    return found


def texts_in(part: Node | tuple[Text, Node]) -> Iterator[Text]:
    """Every text in an item or entry; of a mapping its values."""
    if isinstance(part, tuple):
        yield from texts_in(part[1])
    elif isinstance(part, Text):
        yield part
    elif isinstance(part, Listing):
        for item in part.items:
            yield from texts_in(item)
    else:
        for _, value in part.entries:
            yield from texts_in(value)


def _item(old: Any, new: Any) -> list[str]:
    """The lines of an entry, as an item of a list."""
    lines = []
    for key, value in (("change", old), ("to", new)):
        short = _flow(value, outside=True)
        if isinstance(value, str) or len(short) <= 90:
            lines.append(f"    {key}: {short}")
        else:
            lines += [f"    {key}:", *_block(value, 6)]
    return [f"  - {lines[0].lstrip()}", *lines[1:]]


def _block(value: Any, indent: int) -> list[str]:
    """Lists and mappings with an entry on each line."""
    edge = " " * indent
    if isinstance(value, str):
        return [edge + _text(value, _BLOCK)]
    found = []
    for key, each in value.items() if isinstance(value, dict) else [("", item) for item in value]:
        head = f"{edge}{_text(key, _BLOCK)}:" if key else f"{edge}-"
        if isinstance(each, str):
            found.append(f"{head} {_text(each, _BLOCK)}")
        elif isinstance(value, dict):
            found += [head, *_block(each, indent + 2)]
        else:
            first, *rest = _block(each, indent + 2)
            found += [f"{head} {first.lstrip()}", *rest]
    return found


def _flow(value: Any, outside: bool = False) -> str:
    """A value on one line; a text that stands outside of brackets needs fewer quotation marks."""
    if isinstance(value, str):
        return _text(value, _BLOCK if outside else _FLOW)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key, _FLOW)}: {_flow(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(map(_flow, value)) + "]"


def _text(text: str, bare: re.Pattern[str]) -> str:
    is_bare = bare.fullmatch(text) and ": " not in text and not text.endswith((":", " "))
    return text if is_bare else json.dumps(text, ensure_ascii=False)
