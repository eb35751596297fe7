"""Whether a condition holds, by trying every record for every atom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Const,
    Definition,
    Formula,
    Limit,
    NoneOf,
    OutcomeIs,
    Slot,
    Term,
    Test,
)
from oracle import calendar
from oracle.world import EVER, Mode, Row, World

Env = Mapping[str, object]


def flat(formula: Formula) -> tuple[Formula, ...]:
    """The items of a condition list, or the one condition."""
    if isinstance(formula, All):
        return tuple(item for part in formula.parts for item in flat(part))
    return (formula,)


def exports(formula: Formula) -> set[str]:
    """The slots that a condition binds: those of atoms, and those that every branch binds."""
    if isinstance(formula, Atom):
        return {term.name for term in formula.terms if isinstance(term, Slot)}
    if isinstance(formula, All):
        return {name for part in formula.parts for name in exports(part)}
    if isinstance(formula, AnyOf):
        branches = [exports(part) for part in formula.parts]
        return set.intersection(*branches) if branches else set()
    return set()


def value(term: Term, env: Env) -> object:
    """What a term stands for."""
    return term.value if isinstance(term, Const) else env[term.name]


def match(atom: Atom, row: Row, env: Env) -> dict[str, object] | None:
    """The slots with those that the record binds, or None where it does not fit."""
    bound = dict(env)
    for term, found in zip(atom.terms, row, strict=True):
        if term is None:
            continue
        if isinstance(term, Const):
            if term.value != found:
                return None
        elif term.name in bound:
            if bound[term.name] != found:
                return None
        else:
            bound[term.name] = found
    return bound


def matches(world: World, atom: Atom, env: Env, mode: Mode) -> Iterator[dict[str, object]]:
    """Every way in which a record, or a tuple of a definition, fits an atom."""
    if atom.day.mode == "ever":
        mode = EVER
    elif atom.day.mode == "on":
        mode = env[atom.day.slot]  # type: ignore[assignment]
    if atom.predicate in world.rulebook.definitions:
        rows: Iterable[Row] = extension(world, atom.predicate, mode)
    else:
        rows = world.read(atom.predicate, mode, bool(atom.future))
    for row in sorted(rows, key=repr):
        found = match(atom, row, env)
        if found is not None:
            yield found


def ready(part: Formula, bound: set[str]) -> bool:
    """Whether the days on which it is read are known, when these slots are bound."""
    if isinstance(part, Atom):
        return part.day.mode != "on" or part.day.slot in bound
    if isinstance(part, AnyOf):
        return all(in_order(flat(branch), bound) for branch in part.parts)
    return True


def in_order(items: tuple[Formula, ...], bound: set[str]) -> bool:
    """Whether the items of a list can be taken in some order such that each is ready when it is taken."""
    left = list(items)
    while left:
        item = next((each for each in left if ready(each, bound)), None)
        if item is None:
            return False
        left.remove(item)
        bound = bound | exports(item)
    return True


def bindings(world: World, items: tuple[Formula, ...], env: Env, mode: Mode) -> Iterator[Env]:
    """Every binding of what the positive conditions of a list bind; all else is left out."""
    if not items:
        yield env
        return
    at = next((at for at, item in enumerate(items) if ready(item, set(env))), None)
    assert at is not None, "an atom is read on a day that nothing binds"
    item, rest = items[at], items[:at] + items[at + 1 :]
    if isinstance(item, Atom):
        for found in matches(world, item, env, mode):
            yield from bindings(world, rest, found, mode)
    elif isinstance(item, AnyOf):
        kept = exports(item) | set(env)
        seen: list[Env] = []
        for branch in item.parts:
            for found in bindings(world, flat(branch), env, mode):
                shown = {name: each for name, each in found.items() if name in kept}
                if shown not in seen:
                    seen.append(shown)
        for shown in seen:
            yield from bindings(world, rest, shown, mode)
    else:
        yield from bindings(world, rest, env, mode)


def check(world: World, item: Formula, env: Env, mode: Mode) -> bool:
    """Whether one item of a list holds, when all that the list binds is bound."""
    if isinstance(item, Atom):
        return True  # it was matched to get this binding
    if isinstance(item, Test):
        return calendar.holds(item, [value(term, env) for term in item.terms])
    if isinstance(item, AnyOf):
        return any(holds(world, branch, env, mode) for branch in item.parts)
    if isinstance(item, NoneOf):
        return not holds(world, item.part, env, mode)
    if isinstance(item, OutcomeIs):
        from oracle.evaluate import rule_outcome

        return rule_outcome(world, item.rule) == item.outcome
    assert isinstance(item, Limit)
    from oracle.measures import measured

    return measured(world, item, env, mode).kept


def solutions(world: World, formula: Formula, env: Env, mode: Mode) -> Iterator[Env]:
    """Every binding for which a condition holds, with the slots that it exports."""
    items = flat(formula)
    kept = exports(formula) | set(env)
    seen: set[tuple[tuple[str, object], ...]] = set()
    for found in bindings(world, items, env, mode):
        shown = {name: each for name, each in found.items() if name in kept}
        key = tuple(sorted(shown.items(), key=lambda pair: pair[0]))
        if key not in seen and all(check(world, item, found, mode) for item in items):
            seen.add(key)
            yield shown


def holds(world: World, formula: Formula, env: Env, mode: Mode) -> bool:
    """Whether a condition holds for something."""
    return next(solutions(world, formula, env, mode), None) is not None


# ---------------------------------------------------------------- definitions


def family(world: World, definition: str) -> set[str]:
    """The definitions that use it and that it uses: they are computed together."""
    from oracle.reads import definition_parts

    def used(start: str) -> set[str]:
        found: set[str] = set()
        todo = [start]
        while todo:
            for part in definition_parts(world.rulebook, todo.pop()):
                known = isinstance(part, Atom) and part.predicate in world.rulebook.definitions
                if isinstance(part, Atom) and known and part.predicate not in found:
                    found.add(part.predicate)
                    todo.append(part.predicate)
        return found

    return {definition} | {each for each in used(definition) if definition in used(each)}


def extension(world: World, definition: str, mode: Mode) -> set[Row]:
    """Every tuple of which a definition holds, read on a day or ever."""
    key = (definition, mode)
    if key in world.tables:
        return world.tables[key]
    if key in world.current:
        return world.current[key]
    together = family(world, definition)
    if any(name in together for name, _ in world.current):
        # A member of the family that is being computed: begin with nothing, the loop comes back to it.
        world.current[key] = set()
        return world.current[key]
    outer, world.current = world.current, {key: set()}
    try:
        before: dict[tuple[str, Mode], set[Row]] | None = None
        while before != world.current:
            before = dict(world.current)
            for name, day in before:
                found = once(world, world.rulebook.definitions[name], day)
                world.current[name, day] = world.current[name, day] | found
        world.tables.update(world.current)
    finally:
        world.current = outer
    return world.tables[key]


def once(world: World, definition: Definition, mode: Mode) -> set[Row]:
    """What a definition derives from the tables as they stand."""
    env = {THE_DAY: world.as_of if mode == EVER else mode}
    found: set[Row] = set()
    if definition.holds is not None:
        for each in solutions(world, definition.holds, env, mode):
            found.add(tuple(each[slot] for slot in definition.slots))
    if definition.people_decide is not None:
        asked = {
            tuple(each[slot] for slot in definition.slots)
            for each in solutions(world, definition.people_decide, env, mode)
        }
        for row in sorted(asked - found, key=repr):
            if definition.irreflexive and row[0] == row[1]:
                continue
            if world.answer(definition.id, row, definition.symmetric):
                found.add(row)
    if definition.irreflexive:
        found = {row for row in found if row[0] != row[1]}
    found |= set(world.assumed.get(definition.id, ()))
    if definition.symmetric:
        found |= {(row[1], row[0], *row[2:]) for row in found}
    return found
