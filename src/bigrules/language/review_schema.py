"""The part of the JSON Schema of rule files that is about review.yaml."""

from __future__ import annotations

from typing import Any

from bigrules.language.model import Rulebook
from bigrules.language.review import REVIEW_KEYS

Schema = dict[str, Any]


def review_schema(rulebook: Rulebook) -> Schema:
    """Definitions for review.yaml, to stand beside those of rules.

    Args:
        rulebook: Its rules can be named.
    """
    folders = sorted({f"{id.rpartition('/')[0]}/*" for id in rulebook.rules if "/" in id})
    rule: Schema = {"enum": [*rulebook.rules, *folders]}
    rules: Schema = {"anyOf": [rule, {"type": "array", "items": rule, "minItems": 1}]}
    scalar: Schema = {"$ref": "#/$defs/scalar"}
    texts: Schema = {"anyOf": [scalar, {"type": "array", "items": scalar, "minItems": 1}]}
    conditions: Schema = {"$ref": "#/$defs/conditions"}
    way = _object({"when": conditions, "shows": texts, "missing": scalar}, ["when", "shows"])
    column = {"heading": scalar, "shows": texts, "first of": _list(way), "missing": scalar}
    question = {
        "question": scalar, "yes": conditions, "no": conditions, "shows": texts, "missing": scalar, "beside": rules,
    }  # fmt: skip
    action = {"says": scalar, "when": conditions, "shows": texts, "missing": scalar}
    members = {"heading": scalar, "each": conditions, "columns": _list(_object(column, ["heading"]))}
    sent = {"heading": scalar, "when": conditions, "shows": texts, "beside": rules}
    parts: Schema = {
        **dict.fromkeys(REVIEW_KEYS, scalar),
        "of": {"$ref": "#/$defs/slot"},
        "window": {"type": "string", "pattern": r"^\d+ \w+ to \d+ \w+$"},
        "members": _object(members, ["heading", "each", "columns"]),
        "questions": _entries(_object(question, ["question", "yes", "no"])),
        "criteria": _object({"heading": scalar, "rules": rules}, ["heading", "rules"]),
        "actions": _entries(_object(action, ["says", "when"]), rule={"enum": list(rulebook.rules)}),
        "sent": _object(sent, ["heading", "when"]),
    }
    return {"review": _object(parts, ["review", "of", "window", "members"])}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _entries(items: Schema, **more: Schema) -> Schema:
    heading = {"$ref": "#/$defs/scalar"}
    return _object({"heading": heading, "entries": _list(items), **more}, ["heading", "entries"])
