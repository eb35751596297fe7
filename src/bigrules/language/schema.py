"""JSON Schemas of the files of a rulebook, made from it, for completion and hints in editors.

The loader words the faults; the schemas help while somebody writes. They are a little more lenient: they
know sentences and shapes, and nothing of what slots mean.
"""

from __future__ import annotations

from typing import Any

from bigrules.language import schema_words as words
from bigrules.language.definitions import DEFINITION_KEYS
from bigrules.language.model import Exception_, Rulebook
from bigrules.language.review_schema import review_schema
from bigrules.language.rules import FORCES, RULE_KEYS
from bigrules.language.scenarios import KEYS as SCENARIO_KEYS
from bigrules.language.scenarios import NEEDED as SCENARIO_NEEDED
from bigrules.language.schema_files import (
    amendment_schema,
    clauses_schema,
    rulebook_schema,
    vocabulary_schema,
)
from bigrules.language.schema_parts import (
    LISTS,
    Schema,
    basics,
    conditions,
    list_,
    object_,
    readings_and_examples,
    ref,
    rule_ids,
    shown,
)
from bigrules.language.schema_snippets import files
from bigrules.language.schema_words import told
from bigrules.language.statements import OUTCOMES as FINDINGS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_ANY_OF = list_(ref("conditions"))
# One for each sort of file; the first is of all files of rules, definitions and what amends them.
SORTS = ("rules", "vocabulary", "clauses", "rulebook", "amendment", "scenarios")


def schema_of(sort: str, rulebook: Rulebook) -> Schema:
    """The schema of one sort of file of a rulebook, as plain data.

    Args:
        sort: One of `SORTS`.
        rulebook: Its sentences, clauses, parameters and rules are what a file can use.
    """
    if sort == "rules":
        return json_schema(rulebook)
    if sort == "scenarios":
        return scenarios_schema(rulebook)
    made = {
        "vocabulary": vocabulary_schema,
        "clauses": clauses_schema,
        "rulebook": rulebook_schema,
        "amendment": amendment_schema,
    }[sort](rulebook)
    return _whole({"$schema": DRAFT, "title": f"{sort}.yaml of {rulebook.name}", **made}, _defs(rulebook))


def _whole(schema: Schema, defs: Schema) -> Schema:
    """A schema with those parts that it refers to."""
    needed: dict[str, None] = {}
    todo: list[Any] = [schema]
    while todo:
        each = todo.pop()
        if isinstance(each, list):
            todo += each
        elif isinstance(each, dict):
            todo += each.values()
            name = str(each.get("$ref", "")).removeprefix("#/$defs/")
            if name and name not in needed:
                needed[name] = None
                todo.append(defs[name])
    return {**schema, "$defs": {name: part for name, part in defs.items() if name in needed}}


def json_schema(rulebook: Rulebook) -> Schema:
    """The schema of the rule and definition files of a rulebook, of what amends them, and of its review.

    Args:
        rulebook: Its sentences, clauses, parameters and rules are what a file can use.

    Returns:
        A JSON Schema (draft 2020-12) as plain data.
    """
    sorts = ("definition", "review", "amendment")
    which: Schema = ref("rule")
    for each in reversed(sorts):
        which = {"if": {"required": [each]}, "then": ref(each), "else": which}
    schema = {
        "$schema": DRAFT,
        "title": f"A rule or definition of {rulebook.name}, what amends one, or its review",
        "type": "object",
        **which,
        "defaultSnippets": files(rulebook),
    }
    return _whole(schema, _defs(rulebook))


def _defs(rulebook: Rulebook) -> Schema:
    rule = _file(RULE_KEYS, ["rule", "force"], _RULE | _SHARED)
    rule["properties"]["replaces"] = {**rule["properties"].get("replaces", {}), **rule_ids(rulebook)}
    rule["oneOf"] = [{"required": [each]} for each in ("required", "not allowed", "ask")]
    return {
        **basics(rulebook),
        **conditions(rulebook),
        **readings_and_examples(rulebook),
        "shown": shown(rulebook),
        "rule": rule,
        **review_schema(rulebook),
        "definition": _file(DEFINITION_KEYS, ["definition"], _DEFINITION | _SHARED),
        "amendment": _amending(rulebook),
    }


def scenarios_schema(rulebook: Rulebook) -> Schema:
    """The schema of files of scenarios for a rulebook, as plain data."""
    scenario = {
        **dict.fromkeys(("scenario", "because", "note"), ref("scalar")),
        "clause": ref("source"),
        "rule": rule_ids(rulebook),
        "as of": ref("date"),
        "given": ref("statements"),
        "then": {"enum": list(FINDINGS)},
        "concerns": {"type": "array", "items": {"type": "array", "items": ref("scalar")}},
    }
    known = told({key: scenario[key] for key in SCENARIO_KEYS}, words.EXAMPLE)
    schema = {
        "$schema": DRAFT,
        "title": f"Scenarios for {rulebook.name}",
        "type": "array",
        "items": object_(known, list(SCENARIO_NEEDED)),
    }
    return _whole(schema, _defs(rulebook))


def _amending(rulebook: Rulebook) -> Schema:
    """The schema of a file that amends another."""

    def exceptions(of: tuple[Exception_, ...]) -> list[str]:
        return [id for each in of for id in (each.id, *exceptions(each.unless))]

    ids: list[str] = []
    for rule in rulebook.rules.values():
        ids += [rule.id, *exceptions(rule.exceptions)]
    ids += [*rulebook.definitions, *(f"vocabulary/{each}" for each in rulebook.vocabulary.given)]
    example = {"anyOf": [ref("rule example"), ref("definition example")]}
    properties: Schema = {
        **dict.fromkeys(("amendment", "by", "because", "note"), ref("scalar")),
        "from": ref("date"),
        "until": ref("date"),
        "amends": {"enum": ids},
        "parameter": {"enum": list(rulebook.parameters)},
        "when": ref("conditions"),
        "change": ref("changed"),
        "to": ref("changed"),
        "add to": {"enum": [*LISTS, "fields", "sentences"]},
        # In a kind of fact it is a sentence with what belongs to it.
        "condition": {"anyOf": [ref("conditions"), {"type": "object"}]},
        "entries": {"type": "object"},
        "disapply": ref("yes or no"),
        "examples": {"type": "array", "items": example},
    }
    ways = [{"required": [each]} for each in ("change", "add to", "disapply")]
    targets = [{"required": ["amends"]}, {"required": ["parameter"]}]
    return object_(told(properties, words.FILE), ["amendment"], allOf=[{"oneOf": ways}, {"oneOf": targets}])


_SHARED: Schema = {
    "source": ref("source"),
    "by": ref("scalar"),
    "from": ref("date"),
    "until": ref("date"),
    "ask": ref("scalar"),
    "adopted reading": ref("adopted"),
    "other readings": {"type": "array", "items": ref("reading")},
    "equivalent": {"type": "array", "items": ref("equivalent")},
    "note": ref("scalar"),
    "may be the same": {"type": "array", "items": ref("slot")},
}
_RULE: Schema = {
    "rule": ref("scalar"),
    "force": {"enum": list(FORCES)},
    "on": ref("slot"),
    "for each": ref("conditions"),
    "only if": ref("conditions"),
    "only if any of": _ANY_OF,
    "required": ref("conditions"),
    "not allowed": ref("conditions"),
    "unless": ref("unless"),
    "asked again after": {"type": "string", "pattern": "^[0-9]{1,4} (day|month|year)s?$"},
    "show": ref("shown"),
    "replaces": {},
    "examples": {"type": "array", "items": ref("rule example")},
}
_DEFINITION: Schema = {
    "definition": ref("scalar"),
    "otherwise": ref("scalar"),
    "in both directions": ref("yes or no"),
    "never with oneself": ref("yes or no"),
    "holds when": ref("conditions"),
    "holds when any of": _ANY_OF,
    "people decide when": ref("conditions"),
    "people decide when any of": _ANY_OF,
    "shown": ref("slots"),
    "examples": {"type": "array", "items": ref("definition example")},
}


def _file(keys: tuple[str, ...], required: list[str], properties: Schema) -> Schema:
    """The schema of one sort of file, with its keys in the order in which they are written."""
    known: dict[str, Any] = {key: properties[key] for key in keys}
    return object_(told(known, words.FILE), required)
