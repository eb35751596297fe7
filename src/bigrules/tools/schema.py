"""A JSON Schema of rule files, made from the vocabulary, so that an editor can complete sentences."""

from __future__ import annotations

import json
import re
from typing import Any

from bigrules.findings.wording import SLOT
from bigrules.language.conditions import AGGREGATES, LIMITS, OUTCOMES
from bigrules.language.definitions import DEFINITION_KEYS
from bigrules.language.model import TESTS, Rulebook
from bigrules.language.readings import READING_KEYS
from bigrules.language.rules import EXCEPTION_KEYS, FORCES, RULE_KEYS
from bigrules.language.statements import EXAMPLE_KEYS

TEXT = {"type": ["string", "number", "boolean"]}
ANY: dict[str, Any] = {}


def rule_schema(rulebook: Rulebook) -> str:
    """The schema of the rule and definition files of a rulebook, as text.

    Args:
        rulebook: Whose sentences are completed.
    """
    conditions = {"$ref": "#/$defs/conditions"}
    statements = {"type": "array", "items": {"$ref": "#/$defs/statement"}}
    exceptions = {"anyOf": [conditions, {"type": "array", "items": {"$ref": "#/$defs/exception"}}]}
    example: dict[str, Any] = dict.fromkeys(EXAMPLE_KEYS, ANY) | {"name": TEXT, "given": statements}
    shared: dict[str, Any] = {
        "source": {
            "anyOf": [{"$ref": "#/$defs/clause"}, {"type": "array", "items": {"$ref": "#/$defs/clause"}}]
        },
        "ask": TEXT,
        "note": TEXT,
        "adopted reading": _object({"name": TEXT, "because": TEXT, "note": TEXT}, ("name",)),
        "other readings": {
            "type": "array",
            "items": _object(
                dict.fromkeys(READING_KEYS, ANY)
                | {"name": TEXT, "because": TEXT, "differs when": statements},
                ("name",),
            ),
        },
        "examples": {"type": "array", "items": _object(example, ("then",))},
    }
    rule: dict[str, Any] = (
        dict.fromkeys(RULE_KEYS, ANY)
        | shared
        | {
            "rule": TEXT,
            "force": {"enum": list(FORCES)},
            "for each": conditions,
            "only if": conditions,
            "only if any of": conditions,
            "required": conditions,
            "not allowed": conditions,
            "unless": exceptions,
        }
    )
    definition: dict[str, Any] = (
        dict.fromkeys(DEFINITION_KEYS, ANY)
        | shared
        | {
            "definition": TEXT,
            "otherwise": TEXT,
            "holds when": conditions,
            "holds when any of": conditions,
            "people decide when": conditions,
            "people decide when any of": conditions,
            "in both directions": {"enum": ["yes", "no", True, False]},
            "never with oneself": {"enum": ["yes", "no", True, False]},
        }
    )
    forms = [
        {
            "required": [form],
            "not": {
                "anyOf": [{"required": [each]} for each in ("required", "not allowed", "ask") if each != form]
            },
        }
        for form in ("required", "not allowed", "ask")
    ]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Rule files of {rulebook.name}, format {rulebook.format}",
        "type": "object",
        "if": {"required": ["definition"]},
        "then": _object(definition, ("definition",)),
        "else": _object(rule, ("rule",)) | {"oneOf": forms},
        "$defs": {
            "conditions": {
                "anyOf": [
                    {"$ref": "#/$defs/condition"},
                    {"type": "array", "items": {"$ref": "#/$defs/condition"}},
                ]
            },
            "condition": {
                "anyOf": [
                    {"$ref": "#/$defs/sentence"},
                    {"$ref": "#/$defs/bracket"},
                    {"$ref": "#/$defs/measure"},
                ]
            },
            "sentence": _sentences(rulebook),
            "bracket": _bracket(conditions),
            "measure": _measure(conditions),
            "exception": _object(
                {"when": conditions, "because": TEXT, "source": TEXT, "unless": exceptions},
                ("when",),
                EXCEPTION_KEYS,
            ),
            "statement": {"type": ["string", "object"]},
            "clause": {"enum": list(rulebook.clauses)} if rulebook.clauses else TEXT,
        },
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _object(
    properties: dict[str, Any], required: tuple[str, ...] = (), known: tuple[str, ...] = ()
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "properties": {**dict.fromkeys(known, ANY), **properties},
        "additionalProperties": False,
    }
    return {**made, "required": list(required)} if required else made


def _bracket(conditions: dict[str, Any]) -> dict[str, Any]:
    keys = ("any of", "all of", "unless", "ever")
    made = [_object({key: conditions}, (key,)) for key in keys]
    return {"anyOf": [*made, _object({"on": TEXT, "all of": conditions, "any of": conditions}, ("on",))]}


def _measure(conditions: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = dict.fromkeys((*AGGREGATES, *LIMITS, "weighted by", "per", "sharing"), TEXT)
    properties |= {
        "among": conditions,
        "where": conditions,
        "linked by": conditions,
        "through": {"enum": ["anyone"]},
        "of": {"$ref": "#/$defs/measure"},
        "rounded": {"enum": ["up", "down", "nearest"]},
        "of nobody": {"enum": ["met", "breached"]},
    }
    return _object(properties) | {"anyOf": [{"required": [each]} for each in AGGREGATES]}


def _sentences(rulebook: Rulebook) -> dict[str, Any]:
    """Every sentence: as examples for completion, and as a pattern."""
    known: list[str] = []
    for kind in rulebook.vocabulary.kinds.values():
        for each in kind.sentences:
            known += [text for text in (each.says, each.negative) if text]
    for definition in rulebook.definitions.values():
        known += [text for text in (definition.says, definition.negative) if text]
    known = list(dict.fromkeys(known))
    patterns = ["^\\s*" + _pattern(each) + "\\s*$" for each in known]
    outcomes = [f"rule {rule} is {outcome}" for rule in rulebook.rules for outcome in OUTCOMES]
    # Tests have values in them; whether they can be is for the loader to say.
    patterns += [r"^\s*rule \S+ is .+$", r"^\s*<[^<>]+> (is|and) .+$"]
    return {
        "type": "string",
        "examples": [*known, *TESTS.values(), *outcomes],
        "anyOf": [{"pattern": each} for each in patterns],
    }


def _pattern(sentence: str) -> str:
    """A sentence as a pattern, with any words in its slots, in any case and spacing."""
    made = []
    for part in re.split(f"({SLOT.pattern.replace('(', '(?:')})", sentence):
        if part.startswith("<"):
            made.append("<[^<>]+>")
        else:
            words = [re.escape(word).replace("\\-", "-").replace("\\'", "'") for word in part.split()]
            said = r"\s+".join(_any_case(word) for word in words)
            made.append(
                (r"\s+" if part[:1].isspace() else "")
                + said
                + (r"\s+" if part[-1:].isspace() and words else "")
            )
    return "".join(made)


def _any_case(word: str) -> str:
    return f"[{word[0].upper()}{word[0]}]{word[1:]}" if word[:1].isalpha() and word[0].islower() else word
