"""`worked out from`: how the records of a kind follow from another list, or from the day of judging."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Mapping as Map

from bigrules.language.faults import did_you_mean, in_words
from bigrules.language.model import Kind, Window, WorkedOut
from bigrules.language.shape import Shape, type_words
from bigrules.language.source import Node, Text
from bigrules.language.tests import BadTest, window_of

WORKED_OUT_KEYS = ("list", "known", "window", "since")
_WINDOW = re.compile(r"(\d+) (\w+) to (\d+) (\w+)")
_YEAR = re.compile(r"[12]\d{3}")
_HELP = "write `{list: homes, known: in the area}`, or `{window: 1 September to 31 December, since: 2017}`"


def read_worked_out(
    shape: Shape, kinds: Map[str, Kind], kind: Kind, node: Node, others: Collection[str] = ()
) -> WorkedOut | Window | None:
    """How the records of a kind follow from something else.

    Args:
        shape: Reads the vocabulary, and notes what is wrong.
        kinds: All kinds, as far as they could be understood.
        kind: The kind whose records follow.
        node: What stands under `worked out from`.
        others: Names of all kinds that are worked out.

    Returns:
        How they follow, or None where something is wrong with it.
    """
    keys = shape.mapping(node, "`worked out from`", WORKED_OUT_KEYS)
    if keys is None:
        return None
    if kind.lists or kind.one_for_each or kind.no_row:
        what = "lists" if kind.lists else "one for each" if kind.one_for_each else "no row means"
        shape.wrong(
            node, f"`{kind.name}` is worked out, and cannot have `{what}` too", "take one of them out"
        )
        return None
    if "list" in keys and "known" in keys and len(keys) == 2:
        return _from_list(shape, kinds, kind, keys, others)
    if "window" in keys and "since" in keys and len(keys) == 2:
        return _from_day(shape, kind, keys)
    shape.wrong(node, f"this does not say what `{kind.name}` is worked out from", _HELP)
    return None


def _from_list(
    shape: Shape,
    kinds: Map[str, Kind],
    kind: Kind,
    keys: dict[str, tuple[Text, Node]],
    worked_out: Collection[str],
) -> WorkedOut | None:
    name = shape.text(keys["list"][1], "`list`")
    known = [each.text for each in shape.texts(keys["known"][1], "`known`")]
    if not name or not known:
        return None
    others = [each for each in kinds if each != kind.name]
    if name not in others:
        help = did_you_mean(name, others, "write the name of another kind of fact")
        shape.faults.add("unknown-kind", f"there is no kind `{name}`", shape.span(keys["list"][1]), help)
        return None
    source = kinds[name]
    if name in worked_out:
        help = "name the list that it follows from"
        shape.wrong(keys["list"][1], f"`{name}` is worked out itself", help)
        return None
    fields = {each.name: each.type for each in source.fields}
    for each in shape.texts(keys["known"][1], "`known`"):
        if each.text not in fields:
            help = did_you_mean(each.text, fields, f"its fields are {in_words(fields, 'and')}")
            message = f"there is no field `{each.text}` in `{name}`"
            shape.faults.add("slot-is-no-field", message, shape.span(each), help)
            return None
    for field in kind.fields:
        if fields.get(field.name) != field.type:
            own = {each for each in fields if each not in ("from", "until") or source.dated}
            help = (
                f"there it is {type_words(fields[field.name])}" if field.name in fields
                else f"its fields are {in_words(own, 'and')}"
            )  # fmt: skip
            message = f"`{kind.name}` has the field `{field.name}`, which `{name}` has not so"
            shape.faults.add("slot-is-no-field", message, kind.place, help)
            return None
    return WorkedOut(name, tuple(known))


def _from_day(shape: Shape, kind: Kind, keys: dict[str, tuple[Text, Node]]) -> Window | None:
    text = shape.text(keys["window"][1], "`window`")
    since = shape.text(keys["since"][1], "`since`")
    match = _WINDOW.fullmatch(text)
    if text and match is None:
        shape.wrong(keys["window"][1], f"`{text}` is no window", "write it like `1 September to 31 December`")
    if since and not _YEAR.fullmatch(since):
        shape.wrong(keys["since"][1], f"`{since}` is no year", "write it like `2017`")
        return None
    days = None
    if match is not None:
        try:
            days = window_of(list(match.groups()))
        except BadTest as bad:
            shape.wrong(keys["window"][1], bad.message, bad.help)
            return None
    if len(kind.fields) != 1 or kind.fields[0].type.name != "whole number":
        message = f"`{kind.name}` follows from the day, and holds nothing but years"
        shape.wrong(keys["window"][0], message, "give it one field that is a whole number, and no `dated`")
        return None
    return Window(days, int(since)) if days is not None and since else None
