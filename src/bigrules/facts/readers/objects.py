"""Python objects: mappings of rows, where a row is a mapping, a record, or any attrs or dataclass object."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from bigrules.diagnostics import DataPath, Diagnostic
from bigrules.facts.case import BY_NOW, UNKNOWN, Fact
from bigrules.facts.codes import diagnostic
from bigrules.facts.raw import RawCell, RawRegister
from bigrules.facts.readers import MAX_DEPTH
from bigrules.facts.readers.json_file import join
from bigrules.facts.readers.plain import ListNode, MapNode, Node, register_from
from bigrules.facts.records import CERTAIN, kind_of, record_fields
from bigrules.facts.values import NO_BEGINNING, shown
from bigrules.language.model import Vocabulary

DATA = "data"


def read_objects(source: object, vocabulary: Vocabulary, found: list[Diagnostic]) -> RawRegister | None:
    """Reads a register from Python objects.

    Args:
        source: A mapping, or an attrs or dataclass object, of kinds of fact to their rows.
        vocabulary: The kinds of fact; gives the fields of a `Fact`.
        found: Where to note what is wrong.
    """
    root = _node(source, "", 0, vocabulary, found)
    if isinstance(root, MapNode) and not root.pairs:
        help = "give at least one kind of fact; an empty list says that there are none"
        found.append(diagnostic("empty-register", "the data hold no kind of fact", root.place, help))
        return None
    return register_from(root, DATA, found)


def _node(value: object, path: str, depth: int, vocabulary: Vocabulary, found: list[Diagnostic]) -> Node:
    if isinstance(value, str | bytes) or value is UNKNOWN or value is BY_NOW or value is None:
        place = DataPath(DATA, path, "" if value is None else shown(value))
        if isinstance(value, bytes):
            found.append(diagnostic("not-a-value", "bytes stand here, not text", place, "decode them"))
        return RawCell(value, place)
    place = DataPath(DATA, path)
    if depth > MAX_DEPTH:
        found.append(diagnostic("too-deep", "this is nested too deeply", place))
        return RawCell(None, place)
    pairs = _pairs(value, vocabulary)
    if pairs is not None:
        # A name of an enumeration that is a text is that text, however it would print itself.
        named = [(str.__str__(key) if isinstance(key, str) else str(key), inner) for key, inner in pairs]
        return MapNode(
            tuple(
                (
                    RawCell(key, DataPath(DATA, join(path, key))),
                    _node(inner, join(path, key), depth + 1, vocabulary, found),
                )
                for key, inner in named
            ),
            place,
        )
    if isinstance(value, Iterable):
        items = (_node(each, f"{path}[{n}]", depth + 1, vocabulary, found) for n, each in enumerate(value))
        return ListNode(tuple(items), place)
    return RawCell(value, DataPath(DATA, path, shown(value)))


def _pairs(value: object, vocabulary: Vocabulary) -> list[tuple[object, object]] | None:
    """The keys and values of something that has them; None for anything else."""
    if isinstance(value, Mapping):
        return list(value.items())
    if isinstance(value, Fact) and value.kind in vocabulary.kinds:
        names = [each.name for each in vocabulary.kinds[value.kind].fields]
        return _record(list(zip(names, value.values, strict=False)), value.possible)
    if kind_of(value) is not None:
        named = [(field.name, getattr(value, attribute)) for attribute, field in record_fields(value)]
        return _record(named, bool(getattr(value, "possible", False)))
    made: type[Any] = type(value)
    if attrs.has(made):
        return [(each.name.rstrip("_"), getattr(value, each.name)) for each in attrs.fields(made)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [(each.name.rstrip("_"), getattr(value, each.name)) for each in dataclasses.fields(value)]
    return None


def _record(named: list[tuple[str, object]], possible: bool) -> list[tuple[object, object]]:
    """A typed record: None in its `from` was meant, whereas in a plain row it is a blank."""
    pairs: list[tuple[object, object]] = [
        (name, NO_BEGINNING if name == "from" and value is None else value) for name, value in named
    ]
    return [*pairs, (CERTAIN, "no")] if possible else pairs
