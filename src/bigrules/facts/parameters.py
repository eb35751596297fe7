"""The values of parameters that changed with time, as facts: they stand in the rulebook and in no register."""

from __future__ import annotations

from fractions import Fraction

import attrs

from bigrules.diagnostics import DataPath
from bigrules.facts.case import Case, Fact
from bigrules.language.model import Parameter, Rulebook
from bigrules.language.parameters import changed, kind_name


def with_parameters(rulebook: Rulebook, case: Case) -> Case:
    """A case with the values of the parameters of the rulebook that judges it, and may not be the one it was read with.

    Args:
        rulebook: The rulebook.
        case: The case.
    """
    parameters = changed(rulebook.parameters.values())
    if not parameters:
        return case
    facts = tuple(fact for each in parameters for fact in facts_of(each))
    names = {kind_name(each.name) for each in parameters}
    if names <= case.asked and case.facts[-len(facts) :] == facts:
        return case
    others = tuple(each for each in case.facts if each.kind not in names)
    return attrs.evolve(case, facts=(*others, *facts), asked=case.asked | names)


def facts_of(parameter: Parameter) -> tuple[Fact, ...]:
    """The facts that the values of a parameter are, in the order of time."""
    return tuple(
        Fact(
            kind_name(parameter.name),
            (_plain(each.value), each.start, each.end),
            place=DataPath("rulebook.yaml", f"rulebook.yaml, line {each.place.line}"),
        )
        for each in parameter.values
    )


def _plain(value: Fraction) -> int | Fraction:
    return int(value) if value.denominator == 1 else value
