"""JSON registers; what cannot be parsed has its line and column, everything else its path."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from bigrules.diagnostics import DataPath, Diagnostic, Span
from bigrules.facts.codes import diagnostic
from bigrules.facts.raw import RawCell, RawRegister
from bigrules.facts.readers import MAX_DEPTH, MAX_VALUES, decode, too_long, too_many_values
from bigrules.facts.readers.plain import ListNode, MapNode, Node, register_from
from bigrules.facts.values import shown

# Strings (closed or not) are skipped; what is left are the brackets that nest, and what parts values.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[\]{},:]', re.DOTALL)

_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}
_PARTS = frozenset("[{,:")


class _Pairs(list[tuple[str, Any]]):
    """An object with its keys as written, the same key twice included."""


class _NotFinite:
    """`NaN` or `Infinity`, which JSON does not have."""

    def __init__(self, text: str) -> None:
        self.text = text


class _LongNumber:
    """A number of more digits than anything is counted in."""


def _number(text: str) -> object:
    if len(text) > 40:
        return _LongNumber()
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def read_json(data: bytes, source: str, found: list[Diagnostic]) -> RawRegister | None:
    """Reads a register in JSON.

    Args:
        data: The bytes of the file.
        source: The register as the user named it.
        found: Where to note what is wrong.
    """
    text = decode(data, source, found)
    if text is None:
        return None
    if not text.strip():
        found.append(diagnostic("empty-file", f"`{source}` is empty", DataPath(source)))
        return None
    depth = values = 0
    # The parser recurses: how deep it would have to go, and how much it would make, is counted before it starts.
    for bracket in _BRACKETS.finditer(text):
        sign = bracket[0]
        depth += _DEPTH.get(sign, 0)
        values += sign in _PARTS
        if values > MAX_VALUES:
            found.append(too_many_values(source, _span(source, text, bracket.start())))
            return None
        if depth > MAX_DEPTH:
            message, help = "this is nested too deeply", "a register is a mapping of lists of rows"
            found.append(diagnostic("too-deep", message, _span(source, text, bracket.start()), help))
            return None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_constant=_NotFinite,
            parse_float=_number,
            parse_int=_number,
        )
    except json.JSONDecodeError as error:
        # The wording of Python's parser differs between versions; a line of our own does not.
        position = error.pos
        closing = re.compile(r",\s*([\]}])").match(text, position)
        if closing:  # a comma before it: some versions point at the one, some at the other
            position = closing.start(1)
        advice = _advice(text, position)
        if error.msg.startswith("Unterminated string"):
            advice = "a quote is opened here and never closed"
        place = _span(source, text, min(position, len(text) - 1))
        found.append(diagnostic("not-json", "this cannot be read as JSON from here on", place, advice))
        return None
    return register_from(_node(value, source, "", found), source, found)


def _advice(text: str, position: int) -> str | None:
    rest = text[position : position + 1]
    if not rest.strip():
        return "the file ends, or a line breaks, in the middle: a bracket, brace or quote may not be closed"
    if rest == "'":
        return 'texts and keys stand in double quotes: "so"'
    if rest in "]}":
        return "a comma may stand before the last bracket or brace: take it out"
    if position == len(text) - len(text.lstrip()):
        return "a register in JSON begins with `{` and the name of a kind of fact"
    if rest in "/#":
        return "JSON has no comments: take them out"
    return "a comma, colon or quote may be missing before it"


def _span(source: str, text: str, position: int) -> Span:
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : end if end >= 0 else len(text)]
    column = position - start + 1
    # A file of one long line is not shown whole.
    return Span(
        source, text.count("\n", 0, position) + 1, column, column + 1, line if len(line) <= 200 else ""
    )


def _node(value: object, source: str, path: str, found: list[Diagnostic]) -> Node:
    place = DataPath(source, path, "" if value is None or isinstance(value, list) else shown(value))
    if isinstance(value, _NotFinite):
        help = "write a number, or null where it is not known"
        found.append(
            diagnostic(
                "not-a-number", f"`{value.text}` is no number", DataPath(source, path, value.text), help
            )
        )
        return RawCell(None, place)
    if isinstance(value, _LongNumber):
        message, help = (
            "this number has more than 40 digits",
            "shorten it, or put it in quotes if it is a name",
        )
        found.append(diagnostic("not-a-number", message, DataPath(source, path), help))
        return RawCell(None, place)
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        pairs: list[tuple[RawCell, Node]] = []
        for key, inner in value:
            inner_path = join(path, key)
            if too_long(key, DataPath(source, inner_path), found):
                continue
            if key in seen:
                help = "keep one of them"
                found.append(
                    diagnostic(
                        "duplicate-key",
                        f"the key `{shown(key)}` stands twice",
                        DataPath(source, inner_path),
                        help,
                    )
                )
                continue
            seen.add(key)
            pairs.append(
                (RawCell(key, DataPath(source, inner_path)), _node(inner, source, inner_path, found))
            )
        return MapNode(tuple(pairs), place)
    if isinstance(value, list):
        items = (_node(inner, source, f"{path}[{number}]", found) for number, inner in enumerate(value))
        return ListNode(tuple(items), place)
    return RawCell(None if too_long(value, place, found) else value, place)


def join(path: str, key: str) -> str:
    """The path of a key: dotted, or in brackets where it is no plain word.

    >>> join("memberships[3]", "in the area")
    'memberships[3]["in the area"]'
    """
    key = shown(key)  # it may not break a terminal, nor fill it
    if re.fullmatch(r"\w+", key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
