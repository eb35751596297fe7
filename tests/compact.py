"""Rulebooks and cases as Python text that leaves out whatever is as it is without being said."""

from __future__ import annotations

import attrs

from bigrules.diagnostics import DataPath, Span

SKIPPED = (Span, DataPath)


def text(thing: object, indent: int = 0) -> str:
    """An object as an expression that makes it again, with attributes that have their default left out."""
    inner = _text(thing, indent)
    return inner


def _text(thing: object, indent: int) -> str:
    if attrs.has(type(thing)) and not isinstance(thing, type):
        return _object(thing, indent)
    if isinstance(thing, tuple | list):
        return _sequence(
            [_text(each, indent + 4) for each in thing], "(", ",)" if len(thing) == 1 else ")", indent
        )
    if isinstance(thing, frozenset):
        if not thing:
            return "frozenset()"
        return _sequence(sorted(_text(each, indent + 4) for each in thing), "frozenset({", "})", indent)
    if isinstance(thing, dict):
        items = [f"{_text(key, indent + 4)}: {_text(each, indent + 4)}" for key, each in thing.items()]
        return _sequence(items, "{", "}", indent)
    return repr(thing)


def _object(thing: object, indent: int) -> str:
    given = []
    for field in attrs.fields(type(thing)):
        value = getattr(thing, field.name)
        default = field.default
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
            default = default.factory()  # type: ignore[union-attr]
        skip = isinstance(value, SKIPPED) or field.name.startswith("_")
        if not skip and (default is attrs.NOTHING or value != default):
            positional = default is attrs.NOTHING and len(given) == list(attrs.fields(type(thing))).index(
                field
            )
            shown = _text(value, indent + 4)
            given.append(shown if positional else f"{field.name}={shown}")
    return _sequence(given, f"{type(thing).__name__}(", ")", indent)


def _sequence(items: list[str], opening: str, closing: str, indent: int) -> str:
    short = opening + ", ".join(items) + closing
    if len(short) + indent < 100 and "\n" not in short:
        return short
    pad = " " * (indent + 4)
    return opening + "\n" + "".join(f"{pad}{each},\n" for each in items) + " " * indent + closing.lstrip(",")
