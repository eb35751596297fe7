"""Whole pieces that editors offer, with places to fill in: measures, examples, files."""

from __future__ import annotations

from typing import Any

from bigrules.language.model import Rulebook
from bigrules.language.sentences import slots_of

Schema = dict[str, Any]


def typical(rulebook: Rulebook) -> tuple[str, str, str]:
    """A slot and two sentences about it, to begin with: the first that a rulebook has."""
    found: dict[str, list[str]] = {}
    for definition in rulebook.definitions.values():
        if len(definition.slots) == 1:
            found.setdefault(definition.slots[0], []).append(definition.says)
    for kind in rulebook.vocabulary.given.values():
        for each in kind.sentences:
            if len(each.fields) == 1 and len(slots_of(each.says)) == 1:
                found.setdefault(slots_of(each.says)[0], []).append(each.says)
    slot, says = max(
        found.items(), key=lambda each: len(each[1]), default=("person", ["<person> is a member"])
    )
    return slot, says[0], says[1 if len(says) > 1 else 0]


def measures(rulebook: Rulebook) -> list[Schema]:
    """Measures that an editor puts in, with places to fill in."""
    slot, one, other = typical(rulebook)
    return [
        {
            "label": "number of … at least …",
            "description": "a measure: how many, and the limit",
            "body": {"number of": f"<${{1:{slot}}}>", "among": f"${{2:{one}}}", "at least": "${3:8}"},
        },
        {
            "label": "share of … at least …",
            "description": "a measure: which part of them, and the limit",
            "body": {
                "share of": f"<${{1:{slot}}}>",
                "among": f"${{2:{one}}}",
                "where": f"${{3:{other}}}",
                "at least": "${4:51%}",
            },
        },
    ]


def example(rulebook: Rulebook, outcome: bool = True, first: int = 1) -> Schema:
    """An example that an editor puts in, with places to fill in.

    Args:
        rulebook: Its sentences are what is given.
        outcome: Whether it says an outcome, as in a rule, or what holds, as in a definition.
        first: Number of its first place.
    """
    slot, one, other = typical(rulebook)

    def filled(says: str, value: str) -> str:
        return says.replace(f"<{slot}>", f"<{value}>")

    then: Any = f"${{{first + 2}:met}}" if outcome else [f"${{{first + 2}:{filled(other, 'ann')}}}"]
    given = [f"${{{first + 1}:{filled(one, '1 to 8' if outcome else 'ann')}}}"]
    return {"name": f"${{{first}:what it shows}}", "given": given, "then": then}


def an_example(rulebook: Rulebook, outcome: bool) -> list[Schema]:
    """An example, as an editor offers it; see `example`."""
    said = "a small case, and what must come out"
    return [{"label": "example", "description": said, "body": example(rulebook, outcome)}]


def files(rulebook: Rulebook) -> list[Schema]:
    """Files to begin with, that load as they stand.

    Args:
        rulebook: Its first clause that a rule may encode, and sentences of it, stand in the places.
    """
    clauses = rulebook.clauses.values()
    clause = next((each.id for each in clauses if each.treatment in ("", "rule")), "criteria.1")
    slot, one, other = typical(rulebook)
    rule = {
        "rule": "${1:what it says, in one sentence}",
        "source": f"${{2:{clause}}}",
        "force": "${3:must}",
        "for each": f"${{4:{one}}}",
        "required": f"${{5:{other}}}",
        "examples": [example(rulebook, first=6)],
    }
    definition = {
        "definition": f"${{1:<{slot}> is what the sentence says}}",
        "source": f"${{2:{clause}}}",
        "holds when": [f"${{3:{one}}}", f"${{4:{other}}}"],
        "examples": [{**example(rulebook, False, first=5), "then": ["${7:<ann> is what the sentence says}"]}],
    }
    return [
        {
            "label": "a rule",
            "description": "a rule that requires something of each of some things",
            "body": rule,
        },
        {
            "label": "a definition",
            "description": "a sentence that rules may use, and when it holds",
            "body": definition,
        },
    ]
