"""YAML registers; every scalar is kept as its text, and every value knows its line and column."""

from __future__ import annotations

from bigrules.diagnostics import Diagnostic, Enough
from bigrules.facts.raw import RawCell, RawRegister
from bigrules.facts.readers import MAX_VALUES, too_long
from bigrules.facts.readers.plain import ListNode, MapNode, Node, register_from
from bigrules.language.faults import Faults
from bigrules.language.source import Document, Listing, Text, parse
from bigrules.language.source import Node as Written

_NULL = frozenset({"", "~", "null"})


def read_yaml(data: bytes, source: str, found: list[Diagnostic]) -> RawRegister | None:
    """Reads a register in YAML.

    Args:
        data: The bytes of the file.
        source: The register as the user named it.
        found: Where to note what is wrong.
    """
    faults = Faults()
    try:
        document = parse(data, source, faults, MAX_VALUES)
    except Enough:
        document = None
    found.extend(faults.sorted())
    if document is None:
        return None
    return register_from(_node(document, document.root, found), source, found)


def _node(document: Document, written: Written, found: list[Diagnostic]) -> Node:
    # Depth is limited where the text is parsed, so that this cannot run too deep.
    place = document.span(written)
    if isinstance(written, Text):
        is_null = written.text in _NULL or too_long(written.text, place, found)
        return RawCell(None if is_null else written.text, place)
    if isinstance(written, Listing):
        return ListNode(tuple(_node(document, each, found) for each in written.items), place)
    pairs: list[tuple[RawCell, Node]] = []
    for key, value in written.entries:
        key_place = document.span(key)
        if not too_long(key.text, key_place, found):
            pairs.append((RawCell(key.text, key_place), _node(document, value, found)))
    return MapNode(tuple(pairs), place)
