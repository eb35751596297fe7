"""What a file means, so that two that the language reads alike are one: the order of conditions does not count."""

from __future__ import annotations

from collections.abc import Hashable

from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Definition,
    Exception_,
    Formula,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Rule,
    Rulebook,
    Slot,
    Term,
    Test,
)

# Beyond so many branches it is not looked whether turning a relation that holds both ways makes a difference.
MOST_BRANCHES = 256
_BOTH_WAYS = ("same", "different", "within days")

Sense = Hashable


def sense(rulebook: Rulebook, id: str) -> Sense:
    """What a rule or definition says, without the order in which it says it.

    Args:
        rulebook: The rulebook.
        id: Id of the rule or definition.
    """
    return file_sense(rulebook, rulebook.rules.get(id) or rulebook.definitions[id])


def file_sense(rulebook: Rulebook, file: Rule | Definition) -> Sense:
    """What a file says that may be that of another rulebook; arguments as for `sense`."""
    if isinstance(file, Rule):
        return _of_rule(rulebook, file)
    return _of_definition(rulebook, file)


def _of_rule(rulebook: Rulebook, rule: Rule) -> Sense:
    def exceptions(found: tuple[Exception_, ...]) -> Sense:
        return tuple((_all(rulebook, each.when), exceptions(each.unless)) for each in found)

    return (
        _all(rulebook, rule.given), rule.subject, rule.form, _all(rulebook, rule.condition),
        exceptions(rule.exceptions), rule.on, rule.asked_again_after,
    )  # fmt: skip


def _of_definition(rulebook: Rulebook, definition: Definition) -> Sense:
    parts = (definition.holds, definition.people_decide)
    if definition.symmetric:
        return tuple(_both_ways(rulebook, each, definition.slots[:2]) for each in parts)
    return tuple(_all(rulebook, each) for each in parts)


def _both_ways(rulebook: Rulebook, formula: Formula | None, turned: tuple[str, ...]) -> Sense:
    """What holds in both directions: of each branch it does not matter which way round it is written."""
    branches = _branches(formula) if formula is not None else None
    if branches is None:
        return _all(rulebook, formula)
    swap = dict(zip(turned, reversed(turned), strict=True))
    found = []
    for branch in branches:
        ways = [frozenset(_formula(rulebook, part, names) for part in branch) for names in ({}, swap)]
        found.append(min(ways, key=lambda way: sorted(map(repr, way))))
    return frozenset(found)


def _branches(formula: Formula) -> list[tuple[Formula, ...]] | None:
    """A condition as branches of which one is enough, each of conditions without `any of`; None if these are many."""
    if isinstance(formula, AnyOf):
        parts = [_branches(each) for each in formula.parts]
        if any(each is None for each in parts):
            return None
        found = [branch for each in parts for branch in each or ()]
    elif isinstance(formula, All):
        found = [()]
        for part in formula.parts:
            more = _branches(part)
            if more is None or len(found) * len(more) > MOST_BRANCHES:
                return None
            found = [(*one, *other) for one in found for other in more]
    else:
        found = [(formula,)]
    return found if len(found) <= MOST_BRANCHES else None


def _all(rulebook: Rulebook, formula: Formula | None) -> Sense:
    return None if formula is None else _formula(rulebook, formula, {})


def _formula(rulebook: Rulebook, formula: Formula, names: dict[str, str]) -> Sense:
    """A condition, with some slots called otherwise."""
    if isinstance(formula, All | AnyOf):
        return (type(formula).__name__, frozenset(_formula(rulebook, each, names) for each in formula.parts))
    if isinstance(formula, NoneOf):
        return ("none of", _formula(rulebook, formula.part, names))
    if isinstance(formula, OutcomeIs):
        return ("rule", formula.rule, formula.outcome)
    if isinstance(formula, Atom):
        terms = tuple(_term(each, names) for each in formula.terms)
        definition = rulebook.definitions.get(formula.predicate)
        if definition is not None and definition.symmetric:
            terms = (*sorted(terms[:2], key=repr), *terms[2:])
        day = (formula.day.mode, names.get(formula.day.slot, formula.day.slot))
        return ("atom", formula.predicate, terms, day, formula.future)
    if isinstance(formula, Test):
        terms = tuple(_term(each, names) for each in formula.terms)
        if formula.op in _BOTH_WAYS:
            terms = tuple(sorted(terms, key=repr))
        elif formula.op in ("one of", "not one of"):
            terms = (terms[0], *sorted(terms[1:], key=repr))
        return ("test", formula.op, terms, formula.amount, formula.window)
    return _limit(rulebook, formula, names)


def _limit(rulebook: Rulebook, limit: Limit, names: dict[str, str]) -> Sense:
    bound = _term(limit.bound, names) if isinstance(limit.bound, Slot) else limit.bound
    return (
        "limit", _measure(rulebook, limit.measure, names), limit.op, bound,
        None if limit.of is None else _measure(rulebook, limit.of, names), limit.rounding, limit.of_nobody,
    )  # fmt: skip


def _measure(rulebook: Rulebook, measure: Measure, names: dict[str, str]) -> Sense:
    parts = tuple(
        None if each is None else _formula(rulebook, each, names)
        for each in (measure.among, measure.where, measure.link)
    )
    slots = (measure.key, measure.value, measure.sharing, measure.other)
    return (measure.aggregate, tuple(names.get(each, each) for each in slots), parts, measure.through_anyone)


def _term(term: Term | None, names: dict[str, str]) -> Sense:
    if isinstance(term, Slot):
        return ("slot", names.get(term.name, term.name))
    return None if term is None else ("value", term.value)
