"""Until when something that a rule requires may still happen."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from bigrules.facts import calendar
from bigrules.findings.formulas import value
from bigrules.language.model import Atom, Formula, Rule, Slot, Test
from bigrules.program.formulas import walk


def last_day(rule: Rule, kind: str, binding: Mapping[str, object]) -> datetime.date | None:
    """The last day on which a record that a rule waits for may be one that keeps it; None where there is no one day.

    Args:
        rule: The rule.
        kind: The kind of the record.
        binding: The slots of what the rule is about.
    """
    if rule.condition is None:
        return None
    parts = list(walk(rule.condition))
    atoms = [each for each in parts if isinstance(each, Atom) and each.future and each.predicate == kind]
    slots = {each.future for each in atoms}
    # A word that two branches use means something else in each of them.
    days = {_earliest(parts, each, binding) for each in slots} if len(slots) == len(atoms) else set()
    return days.pop() if len(days) == 1 else None


def _earliest(parts: list[Formula], slot: str, binding: Mapping[str, object]) -> datetime.date | None:
    tests = [each for each in parts if isinstance(each, Test)]
    return min((day for each in tests for day in _ends(each, slot, binding)), default=None)


def _ends(test: Test, slot: str, binding: Mapping[str, object]) -> Iterator[datetime.date]:
    """The last day that a test leaves for a slot, if it says one."""
    own = [number for number, term in enumerate(test.terms) if term == Slot(slot)]
    if own != [0] and not (own == [1] and test.op == "within days"):
        return
    other = test.terms[1 - own[0]]
    if isinstance(other, Slot) and other.name not in binding:
        return
    found = value(other, binding)
    if test.op == "window" and isinstance(found, int) and 1 <= found < 9999:
        yield calendar.window(test.window, found)[1]
    elif test.op in ("within days", "within days after") and isinstance(found, datetime.date):
        yield calendar.days(found, test.amount)
