"""A JSON Schema of rule files, made from a rulebook, for completion and hints in editors.

The loader words the faults; the schema helps while somebody writes. It is a little more lenient: it
knows sentences and shapes, and nothing of what slots mean.
"""

from __future__ import annotations

import re
from typing import Any

from bigrules.language.conditions import AGGREGATES, BRACKETS, LIMITS, OUTCOMES
from bigrules.language.definitions import DEFINITION_KEYS
from bigrules.language.equivalents import EQUIVALENT_KEYS
from bigrules.language.model import Parameter, Rulebook
from bigrules.language.review_schema import review_schema
from bigrules.language.rules import FORCES, RULE_KEYS
from bigrules.language.scenarios import KEYS as SCENARIO_KEYS
from bigrules.language.scenarios import NEEDED as SCENARIO_NEEDED
from bigrules.language.sentences import SLOT
from bigrules.language.statements import OUTCOMES as FINDINGS
from bigrules.language.tests import SURFACES, patterns

Schema = dict[str, Any]

_SLOT = r"<[^<>]+>"
_NUMBER = r"(-?[0-9]+(\.[0-9]+)?%?|[0-9]+ ?/ ?[0-9]+)"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def json_schema(rulebook: Rulebook) -> Schema:
    """The schema of the rule and definition files of a rulebook.

    Args:
        rulebook: Its sentences, clauses, parameters and rules are what a file can use.

    Returns:
        A JSON Schema (draft 2020-12) as plain data.
    """
    says = _sentences(rulebook)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A rule or definition of {rulebook.name}, or its review",
        "type": "object",
        "if": {"required": ["definition"]},
        "then": {"$ref": "#/$defs/definition"},
        "else": {
            "if": {"required": ["review"]},
            "then": {"$ref": "#/$defs/review"},
            "else": {"$ref": "#/$defs/rule"},
        },
        "$defs": {
            **_basics(rulebook),
            "sentence": {
                "title": "a sentence of the vocabulary or of a definition",
                "anyOf": [{"enum": says}, {"pattern": _any_of([_pattern(each) for each in says])}],
            },
            "test": {"title": "a test over slots", "anyOf": [{"enum": list(SURFACES)}, *_tests(rulebook)]},
            **_conditions(rulebook),
            **_readings_and_examples(rulebook),
            "shown": _shown(rulebook),
            "rule": _file("rule", RULE_KEYS, ["rule", "force"], _RULE | _SHARED),
            **review_schema(rulebook),
            "definition": _file("definition", DEFINITION_KEYS, ["definition"], _DEFINITION | _SHARED),
        },
    }


def scenarios_schema(rulebook: Rulebook) -> Schema:
    """The schema of files of scenarios for a rulebook, as plain data."""
    scenario = {
        **dict.fromkeys(("scenario", "because", "note"), _ref("scalar")),
        "clause": _ref("source"),
        "rule": {"enum": list(rulebook.rules)},
        "as of": _ref("date"),
        "given": _ref("statements"),
        "then": {"enum": list(FINDINGS)},
        "concerns": {"type": "array", "items": {"type": "array", "items": _ref("scalar")}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Scenarios for {rulebook.name}",
        "type": "array",
        "items": _object({key: scenario[key] for key in SCENARIO_KEYS}, list(SCENARIO_NEEDED)),
        "$defs": json_schema(rulebook)["$defs"],
    }


def _sentences(rulebook: Rulebook) -> list[str]:
    """Everything that can be said, in the order of the rulebook."""
    found: dict[str, None] = {}
    for kind in rulebook.vocabulary.kinds.values():
        # Of a parameter no file says anything: it is named.
        for sentence in () if isinstance(kind.worked_out, Parameter) else kind.sentences:
            found.update(dict.fromkeys(each for each in (sentence.says, sentence.negative) if each))
    for definition in rulebook.definitions.values():
        found.update(dict.fromkeys(each for each in (definition.says, definition.negative) if each))
    return list(found)


def _pattern(says: str) -> str:
    """A sentence with anything in its slots."""
    return " +".join(
        _SLOT.join(_escape(each) for each in re.split(SLOT.pattern, word)[::2]) for word in _words(says)
    )


def _words(says: str) -> list[str]:
    """The words of a sentence; a slot is part of one word."""
    return re.findall(r"(?:<[^<>]*>|\S)+", says)


def _escape(text: str) -> str:
    """Text as a regular expression of any dialect."""
    return re.sub(r"([\\^$.|?*+()\[\]{}/])", r"\\\1", text)


def _any_of(patterns: list[str]) -> str:
    return f"^({'|'.join(patterns)})$" if patterns else "^$"


def _tests(rulebook: Rulebook) -> list[Schema]:
    """The forms of tests; what a slot can be is limited to choices, numbers and dates."""
    choices: dict[str, None] = {"yes": None, "no": None}
    for kind in rulebook.vocabulary.kinds.values():
        for field in kind.fields:
            choices.update(dict.fromkeys(field.type.choices))
    is_ = f"{_SLOT} is ({'|'.join([*map(_escape, choices), _NUMBER, _DATE])})"
    forms = [pattern for op, pattern in patterns() if op != "is"]
    return [{"pattern": _any_of([*forms, is_])}]


def _basics(rulebook: Rulebook) -> Schema:
    source: Schema = {"enum": list(rulebook.clauses)} if rulebook.clauses else {"$ref": "#/$defs/scalar"}
    return {
        "scalar": {"type": ["string", "number", "boolean"]},
        "yes or no": {"enum": ["yes", "no", True, False]},
        "slot": {"type": "string", "pattern": f"^{_SLOT}$"},
        "slots": {"anyOf": [{"$ref": "#/$defs/slot"}, {"type": "array", "items": {"$ref": "#/$defs/slot"}}]},
        "date": {"type": "string", "pattern": f"^{_DATE}$"},
        "source": {"anyOf": [source, {"type": "array", "items": source, "minItems": 1}]},
        "bound": {
            "title": "a number, a fraction, a percentage, a parameter or a slot",
            "anyOf": [
                {"type": "number"},
                {"type": "string", "pattern": f"^{_NUMBER}$"},
                {"enum": list(rulebook.parameters)},
                {"$ref": "#/$defs/slot"},
            ],
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(properties: Schema, required: list[str] | None = None, **more: Any) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required or [],
        "additionalProperties": False,
        **more,
    }


def _measure() -> Schema:
    """The keys of a measure."""
    return {
        **{each: _ref("slot") for each in AGGREGATES},
        "among": _ref("conditions"),
        "where": _ref("conditions"),
        "weighted by": _ref("slot"),
        "per": _ref("slot"),
        "linked by": _ref("conditions"),
        "through": {"const": "anyone"},
        "sharing": _ref("slot"),
    }


def _conditions(rulebook: Rulebook) -> Schema:
    outcome = rf"^rule \S+ is ({'|'.join(OUTCOMES)})$"
    brackets: Schema = {each: _ref("conditions") for each in BRACKETS if each != "on"}
    on = {"on": _ref("slot"), "all of": _ref("conditions"), "any of": _ref("conditions")}
    measure = _measure()
    limit = {
        **measure,
        **{each: _ref("bound") for each in LIMITS},
        "of": _ref("measure"),
        "rounded": {"enum": ["up", "down", "nearest"]},
        "of nobody": {"enum": ["met", "breached"]},
    }
    one_aggregate = {"oneOf": [{"required": [each]} for each in AGGREGATES]}
    one_limit = {"oneOf": [{"required": [each]} for each in LIMITS]}
    return {
        "measure": _object(measure, ["among"], allOf=[one_aggregate]),
        "limit": _object(limit, ["among"], allOf=[one_aggregate, one_limit]),
        "outcome": {
            "title": "the outcome of another rule",
            "anyOf": [
                {"enum": [f"rule {id} is {each}" for id in rulebook.rules for each in OUTCOMES]},
                {"pattern": outcome},
            ],
        },
        "condition": {
            "anyOf": [
                {"type": "string", "anyOf": [_ref("sentence"), _ref("test"), _ref("outcome")]},
                _object(brackets, minProperties=1, maxProperties=1),
                _object(on, ["on"], minProperties=2, maxProperties=2),
                _ref("limit"),
            ]
        },
        "conditions": {
            "anyOf": [
                _ref("condition"),
                {"type": "array", "items": _ref("conditions"), "minItems": 1},
            ]
        },
    }


def _shown(rulebook: Rulebook) -> Schema:
    """What can stand under `show`."""
    kinds = rulebook.vocabulary.given.values()
    fields = {"enum": list(dict.fromkeys(field.name for kind in kinds for field in kind.fields))}
    plain_kinds: Schema = {"enum": [kind.name for kind in kinds if not kind.dated]}
    rules: Schema = {"enum": list(rulebook.rules)}
    profile: Schema = {
        "profile of": _ref("slot"),
        "among": _ref("conditions"),
        "from": plain_kinds,
        "by": {"anyOf": [fields, {"type": "array", "items": fields, "minItems": 1}]},
        "beside": plain_kinds,
    }
    findings: Schema = {
        "findings of": {"anyOf": [rules, {"type": "array", "items": rules, "minItems": 1}]},
        "said yes": _ref("conditions"),
        "said no": _ref("conditions"),
    }
    figure = {**_measure(), "says": _ref("scalar")}
    item: Schema = {
        "anyOf": [
            _object(profile, ["profile of", "among", "by"]),
            _object(figure, ["says", "among"], oneOf=[{"required": [each]} for each in AGGREGATES]),
            _object({"says": _ref("scalar"), "each": _ref("conditions")}, ["says", "each"]),
            _object(findings, ["findings of"]),
        ]
    }
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _readings_and_examples(rulebook: Rulebook) -> Schema:
    asking = [id for id, each in rulebook.definitions.items() if each.people_decide is not None]
    asking += [id for id, each in rulebook.rules.items() if each.form == "ask"]
    statement = {
        "anyOf": [
            {"type": "string", **_ref("sentence")},
            _object({"not": _ref("statement text"), "not recorded": _ref("statement text")}, minProperties=1),
            _object({"not asked": {"enum": list(rulebook.vocabulary.given)}}, ["not asked"]),
            _object(
                {
                    "answer": _object(
                        {
                            "question": {"enum": asking},
                            "about": {"type": "array", "items": _ref("scalar")},
                            "answer": _ref("yes or no"),
                            "when": _ref("date"),
                        },
                        ["question", "answer"],
                    )
                },
                ["answer"],
            ),
        ]
    }
    statements = {"anyOf": [_ref("statement"), {"type": "array", "items": _ref("statement")}]}
    example = {
        "name": _ref("scalar"),
        "as of": _ref("date"),
        "given": _ref("statements"),
        "concerns": {"type": "array", "items": {"type": "array", "items": _ref("scalar")}},
        "note": _ref("scalar"),
    }
    named = {"name": _ref("scalar"), "because": _ref("scalar"), "note": _ref("scalar")}
    return {
        "statement text": {"anyOf": [_ref("sentence"), {"type": "array", "items": _ref("sentence")}]},
        "statement": statement,
        "statements": statements,
        "rule example": _object({**example, "then": {"enum": list(FINDINGS)}}, ["then"]),
        "definition example": _object({**example, "then": _ref("statements")}, ["then"]),
        "adopted": _object(named, ["name"]),
        "reading": _object(
            {
                **named,
                "change": {},
                "to": {},
                "add to": {"enum": [*RULE_KEYS, *DEFINITION_KEYS, "among", "where", "linked by"]},
                "condition": _ref("conditions"),
                "stated only": _ref("yes or no"),
                "differs when": _ref("statements"),
            },
            ["name"],
        ),
        "exception": _object(
            {
                "when": _ref("conditions"),
                "because": _ref("scalar"),
                "source": _ref("scalar"),
                "unless": _ref("unless"),
            },
            ["when"],
        ),
        "unless": {
            "anyOf": [
                _ref("conditions"),
                _ref("exception"),
                {"type": "array", "items": _ref("exception"), "minItems": 1},
            ]
        },
    }


_SHARED: Schema = {
    "source": _ref("source"),
    "ask": _ref("scalar"),
    "adopted reading": _ref("adopted"),
    "other readings": {"type": "array", "items": _ref("reading")},
    "equivalent": {
        "type": "array",
        "items": _object({"change": {}, "to": {}, "because": _ref("scalar")}, list(EQUIVALENT_KEYS)),
    },
    "note": _ref("scalar"),
    "may be the same": {"type": "array"},
}
_RULE: Schema = {
    "rule": _ref("scalar"),
    "force": {"enum": list(FORCES)},
    "on": _ref("slot"),
    "for each": _ref("conditions"),
    "only if": _ref("conditions"),
    "only if any of": {"type": "array", "items": _ref("conditions")},
    "required": _ref("conditions"),
    "not allowed": _ref("conditions"),
    "unless": _ref("unless"),
    "asked again after": {"type": "string", "pattern": "^[0-9]{1,4} (day|month|year)s?$"},
    "show": _ref("shown"),
    "examples": {"type": "array", "items": _ref("rule example")},
}
_DEFINITION: Schema = {
    "definition": _ref("scalar"),
    "otherwise": _ref("scalar"),
    "in both directions": _ref("yes or no"),
    "never with oneself": _ref("yes or no"),
    "holds when": _ref("conditions"),
    "holds when any of": {"type": "array", "items": _ref("conditions")},
    "people decide when": _ref("conditions"),
    "people decide when any of": {"type": "array", "items": _ref("conditions")},
    "shown": _ref("slots"),
    "examples": {"type": "array", "items": _ref("definition example")},
}


def _file(name: str, keys: tuple[str, ...], required: list[str], properties: Schema) -> Schema:
    """The schema of one sort of file, with its keys in the order in which they are written."""
    found = _object({key: properties[key] for key in keys}, required)
    if name == "rule":
        found["oneOf"] = [{"required": [each]} for each in ("required", "not allowed", "ask")]
    return found
