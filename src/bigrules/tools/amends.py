"""What an amendment makes of the rulebook that it is laid over: which rules are stricter, and which examples turn."""

from __future__ import annotations

import attrs

from bigrules.diagnostics import Place
from bigrules.language import load
from bigrules.language.model import Rulebook
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
    # What an amendment below has turned already is none of this one.
    before = {_key(each) for each in otherwise(below)[0]}
    turned, examples = otherwise(rulebook)
    turned = [each for each in turned if _key(each) not in before]
    names = (rulebook.name, *(each.name for each in rulebook.laid[:-1]))
    return Amends(rulebook.laid[-1].name, names, tuple(changes), tuple(turned), examples)


def _key(turned: Otherwise) -> tuple[str, Place, str]:
    return turned.file, turned.example.place, turned.found


def _with_direction(below: Rulebook, rulebook: Rulebook, change: Change, cases: int) -> Change:
    both = change.id in below.rules and change.id in rulebook.rules
    if change.sort != "rule" or not both or change.direction or change.wording or not cases:
        return change
    return attrs.evolve(change, shown=tally(below, rulebook, change.id, cases=cases))
