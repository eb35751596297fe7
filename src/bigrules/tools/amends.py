"""What an amendment makes of the rulebook that it is laid over: which rules are stricter, and which examples turn."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from typing import Any

import attrs

from bigrules.diagnostics import Place
from bigrules.findings.readings import VOCABULARY, files_of
from bigrules.language import in_force, load
from bigrules.language.model import Definition, Rule, Rulebook
from bigrules.tools.diff import Change, compare
from bigrules.tools.examples import Otherwise, otherwise
from bigrules.tools.made import tally

# So many cases are made to say whether a rule is stricter or looser where its form does not tell.
CASES = 200


@attrs.frozen
class Amends:
    """What the amendment that was laid last makes of what lies below it.

    Args:
        name: What it is called.
        below: What it is laid over: the rulebook and the amendments below it.
        changes: What became of each rule and of what rules read; clauses and the like are left out.
        otherwise: Examples of what lies below that come out otherwise.
        examples: How many examples there are below.
    """

    name: str
    below: tuple[str, ...]
    changes: tuple[Change, ...]
    otherwise: tuple[Otherwise, ...]
    examples: int


def what_it_amends(rulebook: Rulebook, cases: int = CASES) -> Amends | None:
    """What an amendment makes of what it is laid over; None where nothing is laid over the rulebook.

    Args:
        rulebook: A rulebook without faults, as `load` gives it.
        cases: How many cases are made for each rule of whose form nothing follows.
    """
    if not rulebook.laid:
        return None
    below, _ = load(rulebook.path, amendments=[each.path for each in rulebook.laid[:-1]], thorough=False)
    if below is None:
        return None  # It was there when the amendment was laid over it, and is not there any more.
    changes = [
        _with_direction(below, rulebook, each, cases)
        for each in compare(below, rulebook, cases=0).changes
        if each.sort in ("rule", "definition", "kind", "parameter")
    ]
    reached = _reached(below, rulebook)
    # What an amendment below has turned already is none of this one.
    before = {_key(each) for each in otherwise(below, reached)[0]}
    turned, examples = otherwise(rulebook, reached)
    turned = [each for each in turned if _key(each) not in before]
    names = (rulebook.name, *(each.name for each in rulebook.laid[:-1]))
    return Amends(rulebook.laid[-1].name, names, tuple(changes), tuple(turned), examples)


def _reached(below: Rulebook, rulebook: Rulebook) -> Callable[[str], bool]:
    """Whether a file means something else than below on some day, or reads one that does."""
    starts = {each.start for book in (below, rulebook) for each in book.versions if each.start is not None}
    days = [datetime.date.min, *starts]
    books = [(in_force(below, day), in_force(rulebook, day)) for day in days]
    changed: set[str] = set()
    for old, new in books:
        changed |= {id for id in {*old.rules, *new.rules} if _rule(old, id) != _rule(new, id)}
        changed |= {
            id for id in {*old.definitions, *new.definitions} if _definition(old, id) != _definition(new, id)
        }
        kinds = (old.vocabulary.kinds, new.vocabulary.kinds)
        changed |= {
            f"{VOCABULARY}:{id}" for id in {*kinds[0], *kinds[1]} if kinds[0].get(id) != kinds[1].get(id)
        }
    found = functools.cache(lambda id: any(not changed.isdisjoint(files_of(book, id)) for _, book in books))
    return found


def _rule(book: Rulebook, id: str) -> Rule | None:
    """All of a rule on which an outcome rests."""
    rule = book.rules.get(id)
    aside: dict[str, Any] = {
        "title": "",
        "amended": (),
        "examples": (),
        "other_readings": (),
        "adopted": None,
    }
    return None if rule is None else attrs.evolve(rule, **aside)


def _definition(book: Rulebook, id: str) -> Definition | None:
    definition = book.definitions.get(id)
    aside: dict[str, Any] = {"amended": (), "examples": (), "other_readings": (), "adopted": None}
    return None if definition is None else attrs.evolve(definition, **aside)


def _key(turned: Otherwise) -> tuple[str, Place, str]:
    return turned.file, turned.example.place, turned.found


def _with_direction(below: Rulebook, rulebook: Rulebook, change: Change, cases: int) -> Change:
    both = change.id in below.rules and change.id in rulebook.rules
    if change.sort != "rule" or not both or change.direction or change.wording or not cases:
        return change
    return attrs.evolve(change, shown=tally(below, rulebook, change.id, cases=cases))
