"""YAML registers; every scalar is kept as its text, and every value knows its line and column."""

from __future__ import annotations

from bigrules.diagnostics import Diagnostic
from bigrules.facts.raw import RawCell, RawRegister
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
    document = parse(data, source, faults)
    found.extend(faults.sorted())
    if document is None:
        return None
    return register_from(_node(document, document.root), source, found)


def _node(document: Document, written: Written) -> Node:
    # Depth is limited where the text is parsed, so that this cannot run too deep.
    place = document.span(written)
    if isinstance(written, Text):
        return RawCell(None if written.text in _NULL else written.text, place)
    if isinstance(written, Listing):
        return ListNode(tuple(_node(document, each) for each in written.items), place)
    return MapNode(
        tuple(
            (RawCell(key.text, document.span(key)), _node(document, value)) for key, value in written.entries
        ),
        place,
    )
