"""The calls that are measured, in one place: what bigrules is asked for, from which form of a case."""

from __future__ import annotations

import datetime
import functools
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import bigrules
from benchmarks import hand_written
from bigrules import Case, Finding, Report, Rulebook
from bigrules.facts.known import known_of
from bigrules.findings.judge import judge
from bigrules.language import shipped_path

AS_OF = datetime.date(2018, 6, 1)
OTHER_DAY = datetime.date(2018, 5, 31)

# Readings that change what is counted, who is related and who is paid: a choice that an app might make.
READINGS = {
    "criteria/resident-majority": "more than half",
    "definitions/paid-worker": "last day does not count",
    "definitions/related": "step-relations count",
}


T = TypeVar("T")


def anew(value: T, rulebook: Rulebook | None = None) -> Callable[[], T]:
    """Makes a case, or plain data, anew, so that nothing kept with an earlier one can help.

    With a rulebook a case is by kinds, as `Rulebook.read` gives it; a pickle leaves that out.
    """
    kept = pickle.dumps(value)

    def make() -> T:
        made: T = pickle.loads(kept)
        if rulebook is not None and isinstance(made, Case):
            known_of(made, rulebook.model.vocabulary)
        return made

    return make


def structured(rulebook: Rulebook, engine: str = "compiled") -> Callable[[Case], tuple[Finding, ...]]:
    """A case to its findings with the people concerned, by an engine."""
    model, program = rulebook._prepared(())
    return lambda case: judge(model, program, case, engine)


def report(rulebook: Rulebook) -> Callable[[Case], Report]:
    """A case to its report."""
    return lambda case: rulebook.check(case)


def with_readings(rulebook: Rulebook) -> Callable[[Case], tuple[Finding, ...]]:
    """A case to its findings, under readings other than the adopted ones."""
    model, program = rulebook._prepared(tuple(sorted(READINGS.items())))
    return lambda case: judge(model, program, case)


def report_with_readings(rulebook: Rulebook) -> Callable[[Case], Report]:
    """A case to its report, under readings other than the adopted ones."""
    return lambda case: rulebook.check(case, reading=READINGS)


def each_reading(rulebook: Rulebook) -> Callable[[Case], Report]:
    """A case to its report, with every other reading tried by itself."""
    return lambda case: rulebook.check(case, readings="each")


def with_derivations(rulebook: Rulebook, breached: bool = False) -> Callable[[Case], list[Any]]:
    """A case to its report, and the reasons of each finding, or of each that is breached, with their trees."""

    def derived(case: Case) -> list[Any]:
        found = rulebook.check(case)
        return [each.why() for each in (found.breached if breached else found.findings)]

    return derived


def from_plain(rulebook: Rulebook) -> Callable[[Mapping[str, Any]], tuple[Finding, ...]]:
    """A plain dict, validated, to its findings."""
    found = structured(rulebook)
    return lambda plain: found(rulebook.read(plain, as_of=AS_OF))


@functools.cache
def core_rulebook() -> Rulebook:
    """The shipped rulebook with no rules but those that are written by hand, so that both do the same."""
    with tempfile.TemporaryDirectory() as folder:
        root = shutil.copytree(shipped_path(), Path(folder) / "rules")
        for file in sorted(root.glob("*/*.yaml")):
            if (
                file.parent.name != "definitions"
                and f"{file.parent.name}/{file.stem}" not in hand_written.CORE
            ):
                file.unlink()
        # The pack of the review speaks of rules that are not among them.
        (root / "review.yaml").unlink()
        rulebook = bigrules.load_rulebook(root)
    assert {*rulebook.rules} == {*hand_written.CORE}
    structured(rulebook)
    return rulebook


def core_findings(case: Case) -> dict[tuple[str, object], Finding]:
    """What is found with the core rules, by rule and subject."""
    return {(each.rule, each.subject): each for each in structured(core_rulebook())(case)}


def load_and_compile() -> Rulebook:
    """The shipped rulebook, read from its files and compiled."""
    rulebook = bigrules.load_rulebook()
    structured(rulebook)
    return rulebook


def durable_missing() -> str:
    """Why the second engine cannot be measured here, or ""."""
    from bigrules.engines import durable

    return durable.available() or ""


def essence(findings: Iterable[Finding]) -> set[tuple[object, ...]]:
    """What two engines have to agree on: outcomes and the people concerned."""
    return {
        (
            each.rule,
            each.subject,
            each.outcome,
            frozenset((way.concerned, way.certain) for way in each.witnesses),
        )
        for each in findings
    }
