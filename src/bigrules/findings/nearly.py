"""Why a definition does not hold of something that comes near it: the day that is not kept, or what rules it out."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping

from bigrules.findings import wording
from bigrules.findings.derive import QUIET, Deriver
from bigrules.findings.formulas import value
from bigrules.findings.narrate import narrate
from bigrules.findings.solve import Reads
from bigrules.language.model import All, Atom, Formula, NoneOf, Test
from bigrules.program.formulas import flat

# So many records that come near are told of.
MOST_NEAR = 3


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
    near = All(tuple(each for each in parts if each not in tests and each not in absences))
    if not (tests or absences) or not all(isinstance(each, Atom | Test) for each in near.parts):
        return []
    told: list[str] = []
    around = dict(zip(definition.slots, head, strict=True))
    ways = (each for each in deriver.solve(near, around, reads) if each.certain)
    for one in itertools.islice(ways, MOST_NEAR):
        failing = [each for each in tests if deriver.first(each, one.binding, reads) is None]
        if failing:
            said = wording.listed(deriver.condition(each, one.binding) for each in failing)
            told.append(wording.sentence(f"it is not so that {said}"))
        for absence in absences:
            found = deriver.first(absence.part, one.binding, reads)
            if not failing and found is not None and found.certain:
                told += narrate(deriver.of_steps(found), set())
    return list(dict.fromkeys(told))
