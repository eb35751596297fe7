"""The parts that the JSON Schemas for editors are made of: sentences, conditions, evidence, readings, examples."""

from __future__ import annotations

import re
from typing import Any

from bigrules.language import schema_words as words
from bigrules.language.conditions import AGGREGATES, BRACKETS, LIMITS, OUTCOMES
from bigrules.language.equivalents import EQUIVALENT_KEYS
from bigrules.language.model import Parameter, Rulebook
from bigrules.language.schema_snippets import an_example, measures
from bigrules.language.schema_words import told
from bigrules.language.sentences import SLOT
from bigrules.language.statements import OUTCOMES as FINDINGS
from bigrules.language.tests import SURFACES, patterns

Schema = dict[str, Any]

_SLOT = r"<[^<>]+>"
_NUMBER = r"(-?[0-9]+(\.[0-9]+)?%?|[0-9]+ ?/ ?[0-9]+)"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def sentences(rulebook: Rulebook) -> list[str]:
    """Everything that can be said, in the order of the rulebook."""
    found: dict[str, None] = {}
    for kind in rulebook.vocabulary.kinds.values():
        # Of a parameter no file says anything: it is named.
        for sentence in () if isinstance(kind.worked_out, Parameter) else kind.sentences:
            found.update(dict.fromkeys(each for each in (sentence.says, sentence.negative) if each))
    for definition in rulebook.definitions.values():
        found.update(dict.fromkeys(each for each in (definition.says, definition.negative) if each))
    return list(found)


def pattern_of(says: str) -> str:
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


def any_of(patterns: list[str]) -> str:
    """A pattern that any of some makes."""
    return f"^({'|'.join(patterns)})$" if patterns else "^$"


def tests(rulebook: Rulebook) -> list[Schema]:
    """The forms of tests; what a slot can be is limited to choices, numbers and dates."""
    choices: dict[str, None] = {"yes": None, "no": None}
    for kind in rulebook.vocabulary.kinds.values():
        for field in kind.fields:
            choices.update(dict.fromkeys(field.type.choices))
    is_ = f"{_SLOT} is ({'|'.join([*map(_escape, choices), _NUMBER, _DATE])})"
    forms = [pattern for op, pattern in patterns() if op != "is"]
    return [{"pattern": any_of([*forms, is_])}]


def rule_ids(rulebook: Rulebook) -> Schema:
    """The ids of rules, each with what the rule says."""
    says = [each.title for each in rulebook.rules.values()]
    return {"enum": list(rulebook.rules), "enumDescriptions": says, "markdownEnumDescriptions": says}


def basics(rulebook: Rulebook) -> Schema:
    """What stands by itself: texts, slots, days, clauses, limits."""
    source: Schema = ref("scalar")
    if rulebook.clauses:
        where = [
            f"{each.section}, {each.place}" if each.place else each.section
            for each in rulebook.clauses.values()
        ]
        source = {
            "enum": list(rulebook.clauses),
            "enumDescriptions": where,
            "markdownEnumDescriptions": where,
        }
    return {
        # Said so, an editor does not offer `true` and `false` wherever a text stands.
        "scalar": {"not": {"type": ["object", "array", "null"]}},
        "changed": _changed(),
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


def ref(name: str) -> Schema:
    """What is said elsewhere in the schema."""
    return {"$ref": f"#/$defs/{name}"}


def list_(items: Schema) -> Schema:
    """A list of at least one."""
    return {"type": "array", "items": items, "minItems": 1}


def one_or_more(items: Schema) -> Schema:
    """One, or a list of them."""
    return {"anyOf": [items, list_(items)]}


def object_(properties: Schema, required: list[str] | None = None, **more: Any) -> Schema:
    """A mapping with these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required or [],
        "additionalProperties": False,
        **more,
    }


def _changed() -> Schema:
    """What stands under `change` and `to`: entries, whose keys are offered, or a text, or texts."""
    keys = {**words.FILE, **words.CONDITION}
    return {
        "anyOf": [
            {"type": "object", "properties": told({key: {} for key in keys}, keys)},
            ref("scalar"),
            {"type": "array", "items": ref("scalar")},
        ]
    }


# Where one condition more can be added.
LISTS = (
    "for each", "only if", "only if any of", "required", "not allowed", "unless", "holds when", "holds when any of",
    "people decide when", "people decide when any of", "all of", "any of", "ever", "among", "where", "linked by",
)  # fmt: skip


def _measure() -> Schema:
    """The keys of a measure."""
    return {
        **{each: ref("slot") for each in AGGREGATES},
        "among": ref("conditions"),
        "where": ref("conditions"),
        "weighted by": ref("slot"),
        "per": ref("slot"),
        "linked by": ref("conditions"),
        "through": {"const": "anyone"},
        "sharing": ref("slot"),
    }


def conditions(rulebook: Rulebook) -> Schema:
    """Sentences, tests, measures and outcomes, and how they are put together."""
    says = sentences(rulebook)
    outcome = rf"^rule \S+ is ({'|'.join(OUTCOMES)})$"
    brackets: Schema = {each: ref("conditions") for each in BRACKETS if each != "on"}
    on = {"on": ref("slot"), "all of": ref("conditions"), "any of": ref("conditions")}
    measure = told(_measure(), words.CONDITION)
    limit = {
        **measure,
        **{each: ref("bound") for each in LIMITS},
        "of": ref("measure"),
        "rounded": {"enum": ["up", "down", "nearest"]},
        "of nobody": {"enum": ["met", "breached"]},
    }
    limit = told(limit, words.CONDITION)
    one_aggregate = {"oneOf": [{"required": [each]} for each in AGGREGATES]}
    one_limit = {"oneOf": [{"required": [each]} for each in LIMITS]}
    return {
        "sentence": {
            "title": "a sentence of the vocabulary or of a definition",
            "anyOf": [{"enum": says}, {"pattern": any_of([pattern_of(each) for each in says])}],
        },
        "test": {"title": "a test over slots", "anyOf": [{"enum": list(SURFACES)}, *tests(rulebook)]},
        "measure": object_(measure, ["among"], allOf=[one_aggregate]),
        "limit": object_(limit, ["among"], allOf=[one_aggregate, one_limit]),
        "outcome": {
            "title": "the outcome of another rule",
            "anyOf": [
                {"enum": [f"rule {id} is {each}" for id in rulebook.rules for each in OUTCOMES]},
                {"pattern": outcome},
            ],
        },
        "condition": {
            "anyOf": [
                {"type": "string", "anyOf": [ref("sentence"), ref("test"), ref("outcome")]},
                object_(told(brackets, words.CONDITION), minProperties=1, maxProperties=1),
                object_(told(on, words.CONDITION), ["on"], minProperties=2, maxProperties=2),
                ref("limit"),
            ],
            "defaultSnippets": measures(rulebook),
        },
        "conditions": {
            "anyOf": [
                ref("condition"),
                {"type": "array", "items": ref("conditions"), "minItems": 1},
            ]
        },
    }


def shown(rulebook: Rulebook) -> Schema:
    """What can stand under `show`."""
    kinds = rulebook.vocabulary.given.values()
    fields = {"enum": list(dict.fromkeys(field.name for kind in kinds for field in kind.fields))}
    plain_kinds: Schema = {"enum": [kind.name for kind in kinds if not kind.dated]}
    rules = rule_ids(rulebook)
    profile: Schema = {
        "profile of": ref("slot"),
        "among": ref("conditions"),
        "from": plain_kinds,
        "by": {"anyOf": [fields, {"type": "array", "items": fields, "minItems": 1}]},
        "beside": plain_kinds,
    }
    findings: Schema = {
        "findings of": {"anyOf": [rules, {"type": "array", "items": rules, "minItems": 1}]},
        "said yes": ref("conditions"),
        "said no": ref("conditions"),
    }
    figure = {**_measure(), "says": ref("scalar")}
    item: Schema = {
        "anyOf": [
            object_(told(profile, words.CONDITION | words.SHOW), ["profile of", "among", "by"]),
            object_(
                told(figure, words.CONDITION | words.SHOW),
                ["says", "among"],
                oneOf=[{"required": [each]} for each in AGGREGATES],
            ),
            object_(told({"says": ref("scalar"), "each": ref("conditions")}, words.SHOW), ["says", "each"]),
            object_(told(findings, words.SHOW), ["findings of"]),
        ]
    }
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def readings_and_examples(rulebook: Rulebook) -> Schema:
    """Readings, examples, exceptions, and what they are made of."""
    asking = [id for id, each in rulebook.definitions.items() if each.people_decide is not None]
    asking += [id for id, each in rulebook.rules.items() if each.form == "ask"]
    statement = {
        "anyOf": [
            {"type": "string", **ref("sentence")},
            object_(
                told({"not": ref("statement text"), "not recorded": ref("statement text")}, words.STATEMENT),
                minProperties=1,
            ),
            object_(
                told({"not asked": {"enum": list(rulebook.vocabulary.given)}}, words.STATEMENT), ["not asked"]
            ),
            object_(
                {
                    "answer": object_(
                        {
                            "question": {"enum": asking},
                            "about": {"type": "array", "items": ref("scalar")},
                            "answer": ref("yes or no"),
                            "when": ref("date"),
                        },
                        ["question", "answer"],
                    )
                },
                ["answer"],
            ),
        ]
    }
    statements = {"anyOf": [ref("statement"), {"type": "array", "items": ref("statement")}]}
    example = {
        "name": ref("scalar"),
        "as of": ref("date"),
        "given": ref("statements"),
        "concerns": {"type": "array", "items": {"type": "array", "items": ref("scalar")}},
        "note": ref("scalar"),
    }
    example = told(example, words.EXAMPLE)
    then = {"description": words.EXAMPLE["then"]}
    named = {"name": ref("scalar"), "because": ref("scalar"), "note": ref("scalar")}
    return {
        "statement text": {"anyOf": [ref("sentence"), {"type": "array", "items": ref("sentence")}]},
        "statement": statement,
        "statements": statements,
        "rule example": object_(
            {**example, "then": {"enum": list(FINDINGS), **then}},
            ["then"],
            defaultSnippets=an_example(rulebook, True),
        ),
        "definition example": object_(
            {**example, "then": {**ref("statements"), **then}},
            ["then"],
            defaultSnippets=an_example(rulebook, False),
        ),
        "adopted": object_(told(named, words.READING), ["name"]),
        "equivalent": object_(
            told({"change": ref("changed"), "to": ref("changed"), "because": ref("scalar")}, words.READING),
            list(EQUIVALENT_KEYS),
        ),
        "reading": object_(
            told(
                {
                    **named,
                    "change": ref("changed"),
                    "to": ref("changed"),
                    "add to": {"enum": list(LISTS)},
                    "condition": ref("conditions"),
                    "stated only": ref("yes or no"),
                    "differs when": ref("statements"),
                },
                words.READING,
            ),
            ["name"],
        ),
        "exception": object_(
            told(
                {
                    "when": ref("conditions"),
                    "because": ref("scalar"),
                    "source": ref("scalar"),
                    "unless": ref("unless"),
                },
                words.EXCEPTION,
            ),
            ["when"],
        ),
        "unless": {
            "anyOf": [
                ref("conditions"),
                ref("exception"),
                {"type": "array", "items": ref("exception"), "minItems": 1},
            ]
        },
    }
