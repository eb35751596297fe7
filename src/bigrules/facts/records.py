"""Typed records: an attrs class for each kind of fact, made from the vocabulary and structured by cattrs."""

from __future__ import annotations

import datetime
import keyword
import re
import threading
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import Any, Literal

import attrs
from cattrs import AttributeValidationNote, ClassValidationError, Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from bigrules.diagnostics import DataPath, Place
from bigrules.facts.case import BY_NOW, UNKNOWN, ByNow, Fact, Unknown
from bigrules.facts.values import (
    NO_BEGINNING,
    NO_END,
    Unusable,
    blank_value,
    field_value,
    is_blank,
    read_yes_or_no,
)
from bigrules.facts.words import says_not_known, singular
from bigrules.language.model import Field, Kind, Value, Vocabulary

# The column that every kind has besides its fields: whether it is certain that there is the record.
CERTAIN = "certain"
_KIND = "__bigrules_kind__"


@attrs.frozen
class RecordTypes:
    """The record classes of a vocabulary.

    A class is found by the name of its kind (`types["taking part"]`) or by its own name
    (`types.TakingPart`).

    Args:
        by_kind: The classes by name of their kind, in the order of the vocabulary.
    """

    by_kind: Mapping[str, type[Any]]

    def __getitem__(self, kind: str) -> type[Any]:
        return self.by_kind[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_kind)

    def __getattr__(self, name: str) -> type[Any]:
        if not name.startswith("__"):
            for each in self.by_kind.values():
                if each.__name__ == name:
                    return each
        raise AttributeError(name)


def identifier(text: str) -> str:
    """The Python name of a field.

    >>> identifier("in the area"), identifier("from")
    ('in_the_area', 'from_')
    """
    name = re.sub(r"\W+", "_", text.strip()).strip("_") or "field"
    if name[0].isdigit() or name.startswith("__"):
        name = f"f_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def class_name(kind: str) -> str:
    """The Python name of a kind's class.

    >>> class_name("memberships"), class_name("taking part")
    ('Membership', 'TakingPart')
    """
    words = re.sub(r"\W+", " ", singular(kind)).split()
    name = "".join(word[:1].upper() + word[1:] for word in words) or "Record"
    return f"R{name}" if name[0].isdigit() else name


def rulebook_records(vocabulary: Vocabulary) -> RecordTypes:
    """Makes a frozen attrs class for each kind of fact.

    A field that is left out holds what a blank in it means; a field that may not be blank must be
    given. Every class also has `possible`: whether it is only possible that there is this record.
    The same vocabulary gives the same classes.

    Args:
        vocabulary: The kinds of fact.

    Returns:
        The classes by kind.
    """
    return _made(vocabulary)[0]


def converter_for(vocabulary: Vocabulary) -> tuple[RecordTypes, Converter]:
    """The record classes of a vocabulary with their converter, made once."""
    return _made(vocabulary)


# Making the classes takes longer than reading a register with them; those of the last few
# vocabularies are kept, beside the vocabulary itself, so that no other can take its place.
_MOST_KEPT = 16
_KEPT: dict[int, tuple[Vocabulary, RecordTypes, Converter]] = {}
_LOCK = threading.Lock()


def _made(vocabulary: Vocabulary) -> tuple[RecordTypes, Converter]:
    with _LOCK:
        if id(vocabulary) not in _KEPT:
            types = _record_types(vocabulary)
            while len(_KEPT) >= _MOST_KEPT:
                del _KEPT[next(iter(_KEPT))]
            _KEPT[id(vocabulary)] = (vocabulary, types, make_converter(types))
        _, types, converter = _KEPT[id(vocabulary)]
        return types, converter


def _record_types(vocabulary: Vocabulary) -> RecordTypes:
    made: dict[str, type[Any]] = {}
    taken: set[str] = set()
    for kind in vocabulary.given.values():
        name = class_name(kind.name)
        while name in taken:
            name += "_"
        taken.add(name)
        made[kind.name] = _record_class(kind, name)
    return RecordTypes(made)


def _record_class(kind: Kind, name: str) -> type[Any]:
    fields: dict[str, Any] = {}
    for each in kind.fields:
        attribute = identifier(each.name)
        while attribute in fields or attribute == "possible":
            attribute += "_"
        default: object = attrs.NOTHING
        if each.blank.meaning != "required" and not (kind.lists and each is kind.fields[0]):
            default = blank_value(each)
        fields[attribute] = attrs.field(
            default=default, type=_annotation(each), kw_only=True, metadata={"field": each}
        )
    fields["possible"] = attrs.field(default=False, type=bool, kw_only=True)
    made = attrs.make_class(
        name, fields, frozen=True, class_body={_KIND: kind.name, "__doc__": kind.help or None}
    )
    made.__module__ = __name__
    return made


def _annotation(field: Field) -> Any:
    """The type of a field's attribute, for readers, stubs and type checkers."""
    plain: Any = str
    if field.type.choices:
        plain = Literal[field.type.choices]
    elif field.type.name == "date":
        plain = datetime.date
    elif field.type.name == "whole number":
        plain = int
    elif field.type.name == "number":
        plain = int | Fraction
    if field.name == "from":
        return plain | Unknown | ByNow | None
    return plain | Unknown | None if field.name == "until" else plain | Unknown


def kind_of(record: object) -> str | None:
    """Name of the kind of a record of one of these classes, or None for anything else."""
    found = getattr(type(record), _KIND, None)
    return found if isinstance(found, str) else None


def record_fields(record: type[Any] | object) -> tuple[tuple[str, Field], ...]:
    """Attribute and field of a record class, in the order of the vocabulary."""
    of = record if isinstance(record, type) else type(record)
    return tuple((each.name, each.metadata["field"]) for each in attrs.fields(of) if "field" in each.metadata)


def make_converter(types: RecordTypes) -> Converter:
    """A cattrs converter between plain rows, keyed by field name, and records.

    Structuring gathers everything that is wrong with a row; see `faults`. Unstructuring gives a
    row that structures back to the same record.

    Args:
        types: The record classes.

    Returns:
        The converter, with detailed validation.
    """
    converter = Converter(detailed_validation=True)
    for made in types.by_kind.values():
        taking: dict[str, Any] = {"possible": override(rename=CERTAIN, struct_hook=_possible)}
        giving: dict[str, Any] = {
            "possible": override(rename=CERTAIN, omit_if_default=True, unstruct_hook=lambda _: "no")
        }
        for attribute, field in record_fields(made):
            taking[attribute] = override(rename=field.name, struct_hook=partial(_structured, field))
            giving[attribute] = override(rename=field.name, unstruct_hook=partial(plain_value, field))
        converter.register_structure_hook(made, make_dict_structure_fn(made, converter, **taking))
        converter.register_unstructure_hook(made, make_dict_unstructure_fn(made, converter, **giving))
    return converter


def _structured(field: Field, raw: object, _: object) -> Value | Unknown | ByNow:
    return field_value(field, raw)


def _possible(raw: object, _: object) -> bool:
    if is_blank(raw):
        return False
    if raw is UNKNOWN or (isinstance(raw, str) and says_not_known(raw)):
        return True
    return read_yes_or_no(raw, CERTAIN) == "no"


def faults(error: ClassValidationError) -> list[tuple[str, Unusable]]:
    """Everything that was wrong with a row: the attribute, and why it is unusable.

    Args:
        error: What structuring the row raised.

    Returns:
        Pairs in the order of the attributes.
    """
    found: list[tuple[str, Unusable]] = []
    for each in error.exceptions:
        notes = [note for note in getattr(each, "__notes__", ()) if isinstance(note, AttributeValidationNote)]
        name = notes[0].name if notes else ""
        if isinstance(each, Unusable):
            found.append((name, each))
        elif isinstance(each, KeyError):
            found.append((name, Unusable("blank-required", f"`{each.args[0]}` is missing", "fill it in")))
        else:
            found.append((name, Unusable("not-a-value", f"this cannot be read: {each}")))
    return found


def plain_value(field: Field, value: Value | Unknown | ByNow) -> Value:
    """What is written in a register so that it reads back as the value.

    >>> from bigrules.language.model import Type
    >>> plain_value(Field("voting", Type("yes or no", ("yes", "no"))), UNKNOWN)
    '?'
    """
    if value is UNKNOWN:
        return "?"
    if value is BY_NOW:
        return None
    if value is None:
        if field.name == "from":
            return NO_BEGINNING
        return None if field.blank.meaning == "nothing" else NO_END
    assert not isinstance(value, Unknown | ByNow)
    return value


def fact_of(record: object, place: Place | None = None) -> Fact:
    """The fact that a record says; names stand in it as the record has them.

    Args:
        record: An instance of one of the record classes.
        place: Where it came from.

    Raises:
        TypeError: It is no such record.
    """
    kind = kind_of(record)
    if kind is None:
        raise TypeError(f"{type(record).__name__} is no record of a kind of fact")
    values = tuple(getattr(record, attribute) for attribute, _ in record_fields(record))
    return Fact(kind, values, getattr(record, "possible", False), place or DataPath("data"))


def record_of(types: RecordTypes, fact: Fact) -> Any:
    """The record that says a fact.

    Args:
        types: The record classes.
        fact: The fact.

    Returns:
        An instance of the class of the fact's kind.
    """
    made = types[fact.kind]
    given = {attribute: value for (attribute, _), value in zip(record_fields(made), fact.values, strict=True)}
    return made(**given, possible=fact.possible)
