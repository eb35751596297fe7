"""The JSON Schemas of the files that a rulebook has one of: vocabulary, clause ledger, manifests."""

from __future__ import annotations

from bigrules.language import schema_words as words
from bigrules.language.ledger import CLAUSE_KEYS, TREATMENTS
from bigrules.language.model import BUILT_IN_TYPES, Rulebook
from bigrules.language.schema_parts import Schema, list_, object_, one_or_more, ref
from bigrules.language.schema_words import told
from bigrules.language.vocabulary import FIELD_KEYS, KIND_KEYS, SENTENCE_KEYS
from bigrules.language.worked_out import WORKED_OUT_KEYS

_TEXT = ref("scalar")
_YES = ref("yes or no")
_KIND_SNIPPET = [
    {
        "label": "a kind of fact",
        "description": "a list that a register may hold, and the sentence that rules say it by",
        "body": {
            "${1:trainings}": {
                "fields": {
                    "person": {"is": "person", "blank means": "required"},
                    "day": {"is": "date", "happened": "yes"},
                },
                "sentences": [
                    {
                        "says": "<person> ${2:was trained on} <day>",
                        "otherwise": "<person> ${3:was not trained on} <day>",
                    }
                ],
                "asks": "${4:Who was trained, and when?}",
                "help": "${5:One row for each training.}",
            }
        },
    }
]


def vocabulary_schema(rulebook: Rulebook) -> Schema:
    """The schema of vocabulary.yaml.

    Args:
        rulebook: Its types can be named.
    """
    things = [each.lists for each in rulebook.vocabulary.kinds.values() if each.lists]
    field: Schema = {
        "is": {"anyOf": [{"enum": [*BUILT_IN_TYPES, *things]}, _TEXT]},
        "one of": list_(_TEXT),
        "from": _TEXT,
        "to": _TEXT,
        "blank means": {"anyOf": [{"enum": ["unknown", "nothing", "by now", "required"]}, _TEXT]},
        "happened": _YES,
        "nobody": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
        "asks": _TEXT,
        "help": _TEXT,
    }
    sentence: Schema = {
        "says": _TEXT,
        "with": {"type": "object", "additionalProperties": _TEXT},
        "otherwise": _TEXT,
        "slots": {"type": "object", "additionalProperties": _TEXT},
        "no cycles": _YES,
    }
    worked_out: Schema = dict.fromkeys(WORKED_OUT_KEYS, one_or_more(_TEXT))
    fields = object_(told({key: field[key] for key in FIELD_KEYS}, words.FIELD))
    said = object_(told({key: sentence[key] for key in SENTENCE_KEYS}, words.SENTENCE), ["says"])
    kind: Schema = {
        "fields": {"type": "object", "additionalProperties": fields},
        "sentences": {"type": "array", "items": {"anyOf": [{"type": "string"}, said]}},
        "dated": _YES,
        "lists": _TEXT,
        "key": one_or_more(_TEXT),
        "one for each": _TEXT,
        "no row means": _TEXT,
        "asks": _TEXT,
        "help": _TEXT,
        "worked out from": object_(worked_out),
        "adopted reading": ref("adopted"),
        "other readings": {"type": "array", "items": ref("reading")},
        "note": _TEXT,
    }
    known = object_(told({key: kind[key] for key in KIND_KEYS}, words.KIND), ["fields"])
    return {"type": "object", "additionalProperties": known, "defaultSnippets": _KIND_SNIPPET}


def clauses_schema(rulebook: Rulebook) -> Schema:
    """The schema of clauses.yaml.

    Args:
        rulebook: Unused: a ledger names nothing that has to be there.
    """
    why = list(TREATMENTS.values())
    shown = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": _TEXT}]}
    clause: Schema = {
        **dict.fromkeys(CLAUSE_KEYS, _TEXT),
        "fingerprint": {"type": "string", "pattern": "^sha256:[0-9a-f]{16}$"},
        "treatment": {"enum": list(TREATMENTS), "enumDescriptions": why, "markdownEnumDescriptions": why},
        "shown by": one_or_more(shown),
    }
    return {"type": "object", "additionalProperties": object_(told(clause, words.CLAUSE), ["section"])}


def _parameters() -> Schema:
    value = {"value": ref("bound"), "source": _TEXT, "note": _TEXT}
    one = object_(value, ["value"])
    dated = object_({**value, "from": ref("date"), "until": ref("date")}, ["value"])
    return {"type": "object", "additionalProperties": {"anyOf": [ref("bound"), one, list_(dated)]}}


def rulebook_schema(rulebook: Rulebook) -> Schema:
    """The schema of rulebook.yaml.

    Args:
        rulebook: Unused: a manifest names nothing that has to be there.
    """
    edition = object_({"edition": _TEXT, "from": ref("date"), "note": _TEXT}, ["edition"])
    manifest: Schema = {
        **dict.fromkeys(("rulebook", "version", "body", "note"), _TEXT),
        "format": {"enum": ["1", 1]},
        "edition": {"anyOf": [_TEXT, list_(edition)]},
        "parameters": _parameters(),
    }
    return object_(told(manifest, words.MANIFEST), ["rulebook", "format", "version", "edition"])


def amendment_schema(rulebook: Rulebook) -> Schema:
    """The schema of amendment.yaml.

    Args:
        rulebook: Its name can stand in `over`.
    """
    manifest: Schema = {
        **dict.fromkeys(("amendment", "version", "by", "note"), _TEXT),
        "format": {"enum": ["1", 1]},
        "over": {"anyOf": [{"enum": [rulebook.name]}, _TEXT]},
        "from": ref("date"),
        "until": ref("date"),
        "parameters": _parameters(),
    }
    return object_(told(manifest, words.MANIFEST), ["amendment", "format", "version", "over"])
