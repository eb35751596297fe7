"""What amendments leave in a rulebook: who amended what, and exceptions that could both apply."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction

import attrs

from bigrules.language.amend import exception_of
from bigrules.language.faults import Faults
from bigrules.language.model import (
    All,
    Amended,
    AnyOf,
    Atom,
    Const,
    Exception_,
    Formula,
    NoneOf,
    Rule,
    Rulebook,
    Slot,
    Test,
)
from bigrules.language.spells import Spell
from bigrules.language.tests import NUMBER_OPS


def as_amended(rulebook: Rulebook, amended: Sequence[Amended], day: datetime.date | None = None) -> Rulebook:
    """A rulebook whose rules and definitions know what amended them.

    Args:
        rulebook: The rulebook.
        amended: What amendments do.
        day: A day of the version that it is; None for the last.
    """
    by_file: dict[str, list[Amended]] = {}
    for each in amended:
        by_file.setdefault(exception_of(each.target)[0], []).append(each)
        if each.operation == "substitute":
            by_file.setdefault(each.id, []).append(each)
    rules, definitions = dict(rulebook.rules), dict(rulebook.definitions)
    for id, mine in by_file.items():
        if id in rules:
            rules[id] = attrs.evolve(rules[id], amended=tuple(mine))
        elif id in definitions:
            definitions[id] = attrs.evolve(definitions[id], amended=tuple(mine))
    return attrs.evolve(rulebook, rules=rules, definitions=definitions)


def exceptions_meet(rulebook: Rulebook, faults: Faults) -> None:
    """`exceptions-meet`: two exceptions beside each other with different effects that could both apply."""
    for rule in rulebook.rules.values():
        for one, other in _beside(rule.exceptions):
            if one.instead == other.instead or apart(rule, one.when, other.when):
                continue
            if _goes_along(rulebook, rule, one, other) or _goes_along(rulebook, rule, other, one):
                continue
            message = (
                f"two exceptions of `{rule.id}` could both apply: by {_effect(one)}, by {_effect(other)}"
            )
            faults.add("exceptions-meet", message, other.place, _to_do(rulebook, one, other))


def _goes_along(rulebook: Rulebook, rule: Rule, taking: Exception_, putting: Exception_) -> bool:
    """Whether what one exception puts in place of a rule does not apply either where the other takes it out."""
    if taking.instead or putting.instead not in rulebook.rules:
        return False
    instead = rulebook.rules[putting.instead]
    if instead.replaces == rule.id and not taking.by_amendment:
        return True  # It stands in place of the rule with all the exceptions that were written with it.
    return any(
        _is_everywhere(each) or _alike(each, taking) for each in instead.exceptions if not each.instead
    )


def _is_everywhere(exception: Exception_) -> bool:
    return exception.when == All(()) and not exception.unless


def _alike(one: Exception_, other: Exception_) -> bool:
    """Whether two exceptions hold of the same, as they are written."""
    return (one.when, one.instead, len(one.unless)) == (other.when, other.instead, len(other.unless)) and all(
        map(_alike, one.unless, other.unless)
    )


def _to_do(rulebook: Rulebook, one: Exception_, other: Exception_) -> str:
    apart = "say under `when` of one of them that what the other asks for is not so"
    [instead, *more] = [each.instead for each in (one, other) if each.instead]
    if more:
        return apart
    if instead in rulebook.rules and rulebook.rules[instead].replaces:
        return f"write the exception under `unless` of `{instead}` too, if it holds there as well; else take it out"
    return f"{apart}, or disapply `{instead}` where it holds too"


def _beside(exceptions: Iterable[Exception_]) -> Iterable[tuple[Exception_, Exception_]]:
    """Every two exceptions that belong to the same rule or exception."""
    there = tuple(exceptions)
    yield from itertools.combinations(there, 2)
    for each in there:
        yield from _beside(each.unless)


def _effect(exception: Exception_) -> str:
    named = f"“{exception.because}”" if exception.because else f"the exception in line {exception.place.line}"
    return (
        f"{named} `{exception.instead}` applies instead"
        if exception.instead
        else f"{named} it does not apply"
    )


def apart(rule: Rule, one: Formula, other: Formula) -> bool:
    """Whether two conditions on one subject can be seen never to hold together.

    They cannot where one asks for what the other denies, or where they test one value of the subject for two things
    that exclude each other. Conditions of which this cannot be seen may still be apart.

    Args:
        rule: The rule whose subject they are about.
        one: A condition.
        other: Another.
    """
    seen = frozenset(rule.subject)
    return any(_excludes(a, b, seen) or _excludes(b, a, seen) for a in _parts(one) for b in _parts(other))


def _parts(formula: Formula) -> tuple[Formula, ...]:
    return formula.parts if isinstance(formula, All) else (formula,)


def _excludes(one: Formula, other: Formula, seen: frozenset[str]) -> bool:
    """Whether one condition cannot hold where another does."""
    if isinstance(one, NoneOf) and _follows(other, one.part, seen):
        return True
    if isinstance(one, AnyOf):
        return all(
            any(_excludes(part, other, seen) or _excludes(other, part, seen) for part in _parts(each))
            for each in one.parts
        )
    if isinstance(one, Test) and isinstance(other, Test):
        return _tests_exclude(one, other, seen)
    return False


def _follows(known: Formula, asked: Formula, seen: frozenset[str]) -> bool:
    """Whether what is asked holds where something is known: it is the same, but for slots that nothing else binds."""
    if isinstance(asked, All) and len(asked.parts) == 1:
        asked = asked.parts[0]
    if isinstance(known, Test) and isinstance(asked, Test):
        return (known.op, known.terms, known.amount, known.window) == (
            asked.op,
            asked.terms,
            asked.amount,
            asked.window,
        ) and all(not isinstance(term, Slot) or term.name in seen for term in asked.terms)
    if not isinstance(known, Atom) or not isinstance(asked, Atom):
        return False
    if (known.predicate, known.day, known.future) != (asked.predicate, asked.day, asked.future):
        return False
    free: set[str] = set()
    for have, want in zip(known.terms, asked.terms, strict=True):
        own = isinstance(want, Slot) and want.name not in seen
        if want is None or (have == want and not own):
            continue
        # A slot of its own stands for anything; the same one twice would join.
        if isinstance(want, Slot) and own and want.name not in free:
            free.add(want.name)
            continue
        return False
    return True


def _tests_exclude(one: Test, other: Test, seen: frozenset[str]) -> bool:
    first, second = one.terms[0], other.terms[0]
    if first != second or not isinstance(first, Slot) or first.name not in seen | {"the day"}:
        return False
    days = [_days(each) for each in (one, other)]
    if days[0] is not None and days[1] is not None:
        return not days[0].meets(days[1])
    ranges = [_range(each) for each in (one, other)]
    if ranges[0] is not None and ranges[1] is not None:
        return _without_numbers(*ranges[0], *ranges[1])
    sets = [_values(each) for each in (one, other)]
    if None not in sets:
        return sets[0] is not None and sets[1] is not None and not sets[0] & sets[1]
    for known, denied in ((sets[0], other), (sets[1], one)):
        if known is not None and denied.op == "not one of":
            listed = {each.value for each in denied.terms[1:] if isinstance(each, Const)}
            return len(listed) == len(denied.terms) - 1 and known <= listed
    return False


def _range(test: Test) -> tuple[str, Fraction] | None:
    """How a test on a number holds it against a number that is written down."""
    end = test.terms[-1]
    if test.op not in NUMBER_OPS or not isinstance(end, Const) or not isinstance(end.value, (int, Fraction)):
        return None
    return test.op, Fraction(end.value)


def _without_numbers(op: str, bound: Fraction, other_op: str, other: Fraction) -> bool:
    """Whether no number is on both sides of two limits."""
    if op in ("at most", "less than"):
        op, bound, other_op, other = other_op, other, op, bound
    if op not in ("at least", "more than") or other_op not in ("at most", "less than"):
        return False
    both_count = (op, other_op) == ("at least", "at most")
    return bound > other or (bound == other and not both_count)


def _days(test: Test) -> Spell | None:
    """The days that a test on a date allows."""
    end = test.terms[-1]
    if not isinstance(end, Const) or not isinstance(end.value, datetime.date):
        return None
    day, step = end.value, datetime.timedelta(days=1)
    return {
        "on or after": Spell(start=day), "on or before": Spell(end=day),
        "after": Spell(start=day + step), "before": Spell(end=day - step),
    }.get(test.op)  # fmt: skip


def _values(test: Test) -> frozenset[object] | None:
    """The values that a test on a choice allows."""
    if test.op not in ("is", "one of") or not all(isinstance(each, Const) for each in test.terms[1:]):
        return None
    return frozenset(each.value for each in test.terms[1:] if isinstance(each, Const))
