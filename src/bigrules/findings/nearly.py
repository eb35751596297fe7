"""Why a definition does not hold of something that comes near it: the day that is not kept, or what rules it out."""

from __future__ import annotations

import datetime
import itertools
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

from bigrules.facts.domains import Fresh
from bigrules.findings import wording
from bigrules.findings.derive import QUIET, Deriver
from bigrules.findings.figures import figure_in_words
from bigrules.findings.formulas import value
from bigrules.findings.narrate import narrate
from bigrules.findings.report import Figure
from bigrules.findings.solve import Reads
from bigrules.language.model import All, Atom, Formula, Limit, NoneOf, Test
from bigrules.program.formulas import flat

# So many records that come near are told of.
MOST_NEAR = 3
# Of more ways to be counted no number is told.
MOST_COUNTED = 2_000
_KEPT: Mapping[str, Callable[[int, Fraction], bool]] = {
    "at least": operator.ge, "at most": operator.le, "more than": operator.gt, "less than": operator.lt,
    "exactly": operator.eq,
}  # fmt: skip


def nearly(deriver: Deriver, part: Formula, binding: Mapping[str, object], reads: Reads) -> list[str]:
    """What keeps a definition from holding, where all the records that it asks for are there; [] where they are not.

    Args:
        deriver: Where the condition is looked up.
        part: A condition that does not hold.
        binding: The values of its slots.
        reads: On which day it is read.
    """
    if not isinstance(part, Atom):
        return []
    if part.day.mode != "now":
        day = binding.get(part.day.slot)
        if part.day.mode == "ever" or not isinstance(day, datetime.date):
            return []
        reads = day
    definition = deriver.rulebook.definitions.get(part.predicate)
    head = [value(term, binding) if term is not None else None for term in part.terms]
    if definition is None or definition.holds is None or definition.symmetric or None in head:
        return []
    parts = flat(definition.holds)
    tests = [each for each in parts if isinstance(each, Test) and each.op not in QUIET]
    absences = [each for each in parts if isinstance(each, NoneOf)]
    limits = [each for each in parts if isinstance(each, Limit)]
    near = All(tuple(each for each in parts if each not in [*tests, *absences, *limits]))
    if not (tests or absences or limits) or not all(isinstance(each, Atom | Test) for each in near.parts):
        return []
    told: list[str] = []
    around = dict(zip(definition.slots, head, strict=True))
    ways = (each for each in deriver.solve(near, around, reads) if each.certain)
    for one in itertools.islice(ways, MOST_NEAR):
        failing = [each for each in tests if deriver.first(each, one.binding, reads) is None]
        if failing:
            said = wording.listed(deriver.condition(each, one.binding) for each in failing)
            told.append(wording.sentence(f"it is not so that {said}"))
        told += [said for each in limits if (said := _too_few_or_many(deriver, each, one.binding, reads))]
        for absence in absences:
            found = deriver.first(absence.part, one.binding, reads)
            if not failing and found is not None and found.certain:
                told += narrate(deriver.of_steps(found), set())
    return list(dict.fromkeys(told))


def _too_few_or_many(deriver: Deriver, limit: Limit, binding: Mapping[str, object], reads: Reads) -> str:
    """How many were counted of a number that is not kept; "" where it is kept, or may be."""
    measure = limit.measure
    if measure.aggregate != "number" or limit.of is not None or not isinstance(limit.bound, Fraction):
        return ""
    counted = All((measure.among,) if measure.where is None else (measure.among, measure.where))
    ways = list(itertools.islice(deriver.solve(counted, binding, reads), MOST_COUNTED + 1))
    keys = {each.binding.get(measure.key) for each in ways}
    least, greatest = len({each.binding.get(measure.key) for each in ways if each.certain}), len(keys)
    if len(ways) > MOST_COUNTED or any(isinstance(each, Fresh) for each in keys):
        return ""
    if any(_KEPT[limit.op](each, limit.bound) for each in (least, greatest)):
        return ""
    figure = Figure("number", least, greatest, op=limit.op, bound=limit.bound, text=limit.text)
    return wording.sentence(f"counted: {figure_in_words(figure)}")
