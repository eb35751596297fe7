"""Parameters: named numbers in `rulebook.yaml`, of which some had other values at other times.

One that changed with time is a dated kind whose records stand in `rulebook.yaml` and in no register. A condition
that names it reads that kind, as it would read any other, on its own day.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from collections.abc import Mapping as Map

import attrs

from bigrules.language.faults import Faults
from bigrules.language.model import (
    Atom,
    Blank,
    Day,
    Field,
    Kind,
    Parameter,
    ParameterValue,
    Sentence,
    Slot,
    Type,
    Vocabulary,
)
from bigrules.language.shape import Shape, number
from bigrules.language.source import Listing, Mapping, Node, Text
from bigrules.language.spells import Spell, read_spell

_KEYS = ("value", "source", "note")
_DATED_KEYS = ("value", "from", "until", "source", "note")
_DATE = Type("date")
_DAY = datetime.timedelta(days=1)
# No author can write two spaces in a slot: they are read as one.
_SLOT = "parameter  "


def read_parameters(shape: Shape, node: Node, faults: Faults) -> dict[str, Parameter]:
    """What stands under `parameters`; what is wrong with one is noted, and it is left out."""
    found: dict[str, Parameter] = {}
    for word, each in (shape.mapping(node, "`parameters`") or {}).values():
        made = _parameter(shape, word, each, faults)
        if made is None:
            continue
        if number(word.text) is not None or "<" in word.text:
            message = f"a parameter cannot be called `{word.text}`"
            faults.add("wrong-value", message, shape.span(word), "give it a name in words")
            continue
        found[word.text] = made
    return found


def _parameter(shape: Shape, word: Text, node: Node, faults: Faults) -> Parameter | None:
    if not isinstance(node, Listing):
        one = _value(shape, word, node, _KEYS, faults)
        return None if one is None else Parameter(word.text, one.value, one.source)
    if not node.items:
        shape.wrong(node, f"the parameter `{word.text}` has no value", "write its values, each an item")
        return None
    values = [_value(shape, word, each, _DATED_KEYS, faults) for each in node.items]
    if None in values:
        return None
    known = sorted(
        (each for each in values if each is not None), key=lambda each: each.start or datetime.date.min
    )
    if not _without_gaps(word.text, known, faults):
        return None
    if len(known) == 1:
        return Parameter(word.text, known[0].value, known[0].source)
    return Parameter(word.text, None, "", tuple(known))


def _value(
    shape: Shape, word: Text, node: Node, allowed: tuple[str, ...], faults: Faults
) -> ParameterValue | None:
    """A value as it is written: alone, or with its source and its days."""
    inner = {} if isinstance(node, Text) else shape.mapping(node, "a parameter", allowed)
    given = (inner or {}).get("value")
    value_node = node if isinstance(node, Text) else given[1] if given else None
    if value_node is None:
        place = shape.span(word if allowed == _KEYS else node)
        faults.add("missing-key", f"the parameter `{word.text}` has no `value`", place)
        return None
    text = shape.text(value_node, "`value`")
    value = number(text)
    if value is None:
        if text:
            help = "write it like `12`, `1/3` or `51%`"
            faults.add("wrong-value", f"`{text}` is not a number", shape.span(value_node), help)
        return None
    source = shape.text(inner["source"][1], "`source`") if inner and "source" in inner else ""
    spell = read_spell(shape, inner or {}, shape.span(node), f"this value of `{word.text}`")
    if spell is None:
        return None
    return ParameterValue(value, spell.start, spell.end, source, shape.span(node))


def amend_parameter(
    shape: Shape, name: str, node: Node | None, change: Mapping, spell: Spell, by: str
) -> Node | None:
    """A parameter with another value on some days; None where it has not the old value on all of them.

    Args:
        shape: Notes what is wrong.
        name: Its name.
        node: What stands under its name.
        change: What amends it, with `change` and `to`.
        spell: On which days.
        by: By what authority.
    """
    old, new = change.get("change"), change.get("to")
    if not isinstance(old, Text) or not isinstance(new, Text):
        shape.wrong(old or change, "the value of a parameter is a number", "write `change: 12` and `to: 14`")
        return None
    pieces: list[tuple[Spell, Text, Node | None]] = []
    for each in node.items if isinstance(node, Listing) else (node,):
        value = each.get("value") if isinstance(each, Mapping) else each
        keys = {key.text: (key, one) for key, one in each.entries} if isinstance(each, Mapping) else {}
        days = (
            read_spell(shape, keys, shape.span(each), f"this value of `{name}`") if each is not None else None
        )
        if days is None or not isinstance(value, Text):
            return None  # It is noted where the parameter is read.
        source = keys["source"][1] if "source" in keys else None
        both = days.within(spell)
        if both is None:
            pieces.append((days, value, source))
            continue
        if number(value.text) != number(old.text):
            when = "" if both.is_always else f" {both.in_words()}"
            message = f"`{name}` is not `{old.text}`{when}: it is `{value.text}`"
            shape.faults.add(
                "old-value-gone", message, shape.span(old), f"write `change: {value.text}` if that is meant"
            )
            return None
        if both.start is not None and days.first < both.start:
            pieces.append((Spell(days.start, both.start - _DAY), value, source))
        pieces.append((both, new, _at(by, new) if by else None))
        if both.end is not None and both.end < days.last:
            pieces.append((Spell(both.end + _DAY, days.end), value, source))
    items = tuple(_written(*each) for each in pieces)
    at = (old.line, old.column, new.end_line, new.end_column)
    return items[0] if len(items) == 1 else Listing(items, *at)


def _written(days: Spell, value: Text, source: Node | None) -> Node:
    """A value of a parameter as it is written in a file."""
    entries: list[tuple[Text, Node]] = [(_at("value", value), value)]
    entries += [
        (_at(key, value), _at(str(day), value))
        for key, day in (("from", days.start), ("until", days.end))
        if day
    ]
    entries += [(_at("source", value), source)] if source is not None else []
    return Mapping(tuple(entries), value.line, value.column, value.end_line, value.end_column)


def _at(text: str, node: Text) -> Text:
    return Text(text, node.line, node.column, node.end_line, node.end_column)


def _without_gaps(name: str, values: list[ParameterValue], faults: Faults) -> bool:
    """Whether there is exactly one value on each day; days with none or with two are noted."""
    good = True

    def wrong(message: str, each: ParameterValue, help: str) -> None:
        nonlocal good
        good = False
        faults.add("parameter-over-time", message, each.place, help)

    first, last = values[0], values[-1]
    if first.start is not None:
        help = "take `from` out of the first value, so that every day has one"
        wrong(f"`{name}` has no value before {first.start}", first, help)
    help = "let each value begin on the day after the one before it ends"
    for one, other in itertools.pairwise(values):
        if one.end is None or other.start is None or other.start <= one.end:
            end = min(one.end or datetime.date.max, other.end or datetime.date.max)
            wrong(f"`{name}` has two values {_days(other.start, end)}", other, help)
        elif other.start > one.end + _DAY:
            none = _days(one.end + _DAY, other.start - _DAY)
            wrong(f"`{name}` has no value {none}", other, help)
    if last.end is not None and good:
        help = "take `until` out of the last value, so that every day has one"
        wrong(f"`{name}` has no value after {last.end}", last, help)
    return good


def _days(first: datetime.date | None, last: datetime.date) -> str:
    """Some days in words; the last of all days is no end.

    >>> _days(datetime.date(2018, 1, 1), datetime.date(2018, 1, 1))
    'on 2018-01-01'
    """
    if first == last:
        return f"on {first}"
    until = "" if last == datetime.date.max else f" until {last}"
    if first is None:
        return until.strip() or "at all times"
    return f"from {first}{until or ' on'}"


# ---------------------------------------------------------------- as a kind of fact


def kind_name(parameter: str) -> str:
    """The name of the kind that a parameter is: no kind of a vocabulary and no file can be called so."""
    return f"rulebook.yaml/{parameter}"


def with_kinds(vocabulary: Vocabulary, parameters: Map[str, Parameter]) -> Vocabulary:
    """The vocabulary with a kind for each parameter whose value changed with time."""
    kinds = {kind_name(each.name): kind_of(each) for each in parameters.values() if each.values}
    return attrs.evolve(vocabulary, kinds={**vocabulary.kinds, **kinds}) if kinds else vocabulary


def kind_of(parameter: Parameter) -> Kind:
    """The kind of fact that a parameter is whose value changed with time."""
    fields = (
        Field("value", Type("number")),
        Field("from", _DATE, Blank("nothing")),
        Field("until", _DATE, Blank("nothing")),
    )
    says = Sentence(f"“{parameter.name}” is <value>", ("value",))
    return Kind(kind_name(parameter.name), fields, dated=True, sentences=(says,), worked_out=parameter)


def value_of(parameter: Parameter, number: int, day: Day) -> Atom:
    """The sentence that binds a slot of its own, by its number in the file, to the value of a parameter on a day."""
    return Atom(kind_name(parameter.name), (Slot(f"{_SLOT}{number}"), None, None), day)


def is_value(slot: str) -> bool:
    """Whether a slot holds the value of a parameter, and is none that an author wrote."""
    return slot.startswith(_SLOT)


def value_on(parameter: Parameter, day: datetime.date) -> ParameterValue:
    """The value that a parameter had on a day, of one that changed with time."""
    return next(each for each in reversed(parameter.values) if each.start is None or each.start <= day)


def changed(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Those whose value changed with time."""
    return [each for each in parameters if each.values]
