"""Nested plain data (YAML, JSON, Python objects) → lists of rows, whatever it was written in."""

from __future__ import annotations

import attrs

from bigrules.diagnostics import Diagnostic, Place
from bigrules.facts.codes import diagnostic
from bigrules.facts.raw import RawCell, RawRegister, RawRow, RawSheet
from bigrules.facts.readers import MAX_COLUMNS, MAX_LISTS, MAX_ROWS, too_many_columns, too_many_rows
from bigrules.facts.values import in_full, is_blank, shown
from bigrules.facts.words import fold, heading


@attrs.frozen
class ListNode:
    """A list with its place."""

    items: tuple[Node, ...]
    place: Place


@attrs.frozen
class MapNode:
    """A mapping with its place; keys are cells."""

    pairs: tuple[tuple[RawCell, Node], ...]
    place: Place


Node = RawCell | ListNode | MapNode

# Keys beside the kinds of fact, by the label that they stand for.
ENTRY_LABELS = frozenset({"name", "as of", "as at"})
_LISTS_HELP = "keep one list for each kind of fact"
_ROWS_HELP = "write a list with one entry for each row, such as `[{person: Ann Example}]`"


def register_from(root: Node, source: str, found: list[Diagnostic]) -> RawRegister | None:
    """A register from a mapping of lists.

    Args:
        root: The whole.
        source: The register as the user named it.
        found: Where to note what is wrong.

    Returns:
        The register, or None where it has not the shape of one.
    """
    if isinstance(root, RawCell) and is_blank(root.value):
        found.append(diagnostic("empty-file", f"`{source}` is empty", root.place))
        return None
    if not isinstance(root, MapNode):
        message = "a register is a mapping of kinds of fact to their rows"
        help = "begin with the name of a kind, such as `people:`, and its rows under it"
        found.append(diagnostic("wrong-shape", message, root.place, help))
        return None
    if len(root.pairs) > MAX_LISTS:
        message = f"`{source}` has more than {MAX_LISTS} lists"
        place = root.pairs[MAX_LISTS][0].place
        found.append(diagnostic("too-many-lists", message, place, _LISTS_HELP))
        return None
    sheets: list[RawSheet] = []
    entries: list[tuple[RawCell, RawCell]] = []
    for key, node in root.pairs:
        label = heading(str(key.value))
        if label in ENTRY_LABELS and isinstance(node, RawCell):
            entries.append((key, node))
        elif label == "register" and isinstance(node, MapNode):
            if len(node.pairs) > MAX_LISTS:
                message = f"`register` has more than {MAX_LISTS} entries"
                found.append(
                    diagnostic("too-many-lists", message, node.pairs[MAX_LISTS][0].place, _LISTS_HELP)
                )
                return None
            for inner, value in node.pairs:
                if isinstance(value, RawCell):
                    entries.append((inner, value))
                else:
                    message = f"`{shown(inner.value)}` should have one value"
                    found.append(diagnostic("wrong-shape", message, value.place, "write one text behind it"))
        else:
            sheet = _sheet(key, node, found)
            if sheet is not None:
                sheets.append(sheet)
    return RawRegister(source, tuple(sheets), tuple(entries), root.place)


def _sheet(key: RawCell, node: Node, found: list[Diagnostic]) -> RawSheet | None:
    name = in_full(key.value)
    if isinstance(node, RawCell):
        if is_blank(node.value) or (isinstance(node.value, str) and fold(node.value) == "none"):
            return RawSheet(name, (), key.place)
        if isinstance(node.value, str) and fold(node.value) in ("not asked", "?"):
            return None
    if not isinstance(node, ListNode):
        what = f"`{shown(node.value)}`" if isinstance(node, RawCell) else "a mapping"
        message = f"`{shown(name)}` holds {what} where its rows should be"
        found.append(diagnostic("wrong-shape", message, node.place, _ROWS_HELP))
        return RawSheet(name, (), key.place)
    if len(node.items) > MAX_ROWS:
        found.append(too_many_rows(name, node.place))
        return RawSheet(name, (), key.place)
    rows: list[RawRow] = []
    for item in node.items:
        if isinstance(item, RawCell):
            # A plain list of names is a list of rows with the first field alone.
            rows.append(RawRow(((RawCell(None, item.place), item),), item.place))
        elif isinstance(item, ListNode):
            found.append(
                diagnostic(
                    "wrong-shape",
                    f"a list stands where a row of `{shown(name)}` should be",
                    item.place,
                    _ROWS_HELP,
                )
            )
        elif len(item.pairs) > MAX_COLUMNS:
            found.append(too_many_columns(name, item.place, "a row"))
        else:
            cells = tuple((heading_cell, _cell(value)) for heading_cell, value in item.pairs)
            rows.append(RawRow(cells, item.place))
    return RawSheet(name, tuple(rows), key.place)


def _cell(node: Node) -> RawCell:
    if isinstance(node, RawCell):
        return node
    if isinstance(node, ListNode):
        return RawCell([_cell(each) for each in node.items], node.place)
    return RawCell({str(key.value): _cell(value) for key, value in node.pairs}, node.place)
