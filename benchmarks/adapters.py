"""The calls that are measured, in one place: what bigrules is asked for, from which form of a case."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from bigrules import Case, Report, Rulebook
from bigrules.findings.judge import judge

# Readings that change what is counted, who is related and who is paid: a choice that an app might make.
READINGS = {
    "criteria/resident-majority": "more than half",
    "definitions/related": "step-relations count",
    "definitions/paid-worker": "last day does not count",
}


def structured(rulebook: Rulebook, engine: str = "compiled") -> Callable[[Case], Any]:
    """A case to its findings with the people concerned, by an engine."""
    model, program = rulebook._prepared(())
    return lambda case: judge(model, program, case, engine)


def with_readings(rulebook: Rulebook) -> Callable[[Case], Report]:
    """A case to its report, under readings other than the adopted ones."""
    return lambda case: rulebook.check(case, reading=READINGS)


def report(rulebook: Rulebook) -> Callable[[Case], Report]:
    """A case to its report."""
    return lambda case: rulebook.check(case)


def with_derivations(rulebook: Rulebook) -> Callable[[Case], list[Any]]:
    """A case to its report, and from that the derivation of each finding."""
    return lambda case: [each.why().derivations for each in rulebook.check(case).findings]


def from_plain(rulebook: Rulebook) -> Callable[[Mapping[str, Any]], Any]:
    """A plain dict, validated, to its findings."""
    found = structured(rulebook)
    return lambda plain: found(rulebook.read(plain, as_of=AS_OF))


AS_OF = datetime.date(2018, 6, 1)
