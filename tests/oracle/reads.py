"""What a rule reads: the definitions, kinds, columns and rules that its outcome can depend on."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Const,
    Exception_,
    Formula,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Rulebook,
    Test,
)


def parts(formula: Formula | None) -> Iterator[Formula]:
    """A formula and everything inside it, measures' conditions included."""
    if formula is None:
        return
    yield formula
    if isinstance(formula, All | AnyOf):
        for each in formula.parts:
            yield from parts(each)
    elif isinstance(formula, NoneOf):
        yield from parts(formula.part)
    elif isinstance(formula, Limit):
        yield from measure_parts(formula.measure)
        if formula.of is not None:
            yield from measure_parts(formula.of)


def measure_parts(measure: Measure) -> Iterator[Formula]:
    """Everything inside the conditions of a measure."""
    yield from parts(measure.among)
    yield from parts(measure.where)
    yield from parts(measure.link)


def exception_parts(exceptions: tuple[Exception_, ...]) -> Iterator[Formula]:
    """Everything inside a tree of exceptions."""
    for each in exceptions:
        yield from parts(each.when)
        yield from exception_parts(each.unless)


def rule_parts(rulebook: Rulebook, rule: str) -> Iterator[Formula]:
    """Everything inside one rule."""
    it = rulebook.rules[rule]
    yield from parts(it.given)
    yield from parts(it.condition)
    yield from exception_parts(it.exceptions)


def definition_parts(rulebook: Rulebook, definition: str) -> Iterator[Formula]:
    """Everything inside one definition."""
    it = rulebook.definitions[definition]
    yield from parts(it.holds)
    yield from parts(it.people_decide)


@attrs.define
class Reads:
    """What some rules read, directly or through definitions and other rules.

    Args:
        rules: These rules and the rules whose outcome they ask for.
        columns: For each kind that is read, the positions of the fields that a condition names.
        modes: For each kind and definition, how it is read: `now`, `ever`, `on`.
        future: Kinds that a condition reads with what may still happen.
        formulas: Every condition in them.
    """

    rules: set[str] = attrs.field(factory=set)
    columns: dict[str, set[int]] = attrs.field(factory=dict)
    modes: dict[str, set[str]] = attrs.field(factory=dict)
    future: set[str] = attrs.field(factory=set)
    formulas: list[Formula] = attrs.field(factory=list)


def reads(rulebook: Rulebook, rules: set[str]) -> Reads:
    """What these rules read."""
    out = Reads()
    todo: list[tuple[str, str, str]] = [("rule", rule, "now") for rule in rules]
    seen: set[tuple[str, str, str]] = set()
    while todo:
        item = todo.pop()
        if item in seen:
            continue
        seen.add(item)
        sort, name, mode = item
        if sort == "rule":
            out.rules.add(name)
            inside = list(rule_parts(rulebook, name))
        else:
            inside = list(definition_parts(rulebook, name))
        out.formulas.extend(inside)
        for part in inside:
            if isinstance(part, OutcomeIs):
                todo.append(("rule", part.rule, "now"))
            if isinstance(part, Atom):
                # What a definition reads `now` it reads on the day on which it is read itself.
                inner = mode if part.day.mode == "now" else part.day.mode
                out.modes.setdefault(part.predicate, set()).add(inner)
                if part.predicate in rulebook.definitions:
                    todo.append(("definition", part.predicate, inner))
                    continue
                columns = out.columns.setdefault(part.predicate, set())
                columns.update(at for at, term in enumerate(part.terms) if term is not None)
                if part.future:
                    out.future.add(part.predicate)
    return out


def constants(formulas: list[Formula]) -> set[object]:
    """Every value that stands in a condition or as the limit of a total, least or greatest."""
    found: set[object] = set()
    for part in formulas:
        if isinstance(part, Atom | Test):
            found.update(term.value for term in part.terms if isinstance(term, Const))
        summed = isinstance(part, Limit) and part.measure.aggregate in ("total", "least", "greatest")
        if isinstance(part, Limit) and summed and part.of is None and not hasattr(part.bound, "name"):
            found.add(part.bound)
    return found


def all_formulas(rulebook: Rulebook) -> list[Formula]:
    """Every condition in a rulebook."""
    found: list[Formula] = []
    for rule in rulebook.rules:
        found.extend(rule_parts(rulebook, rule))
    for definition in rulebook.definitions:
        found.extend(definition_parts(rulebook, definition))
    return found
