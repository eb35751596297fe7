"""Every rule in one completion, where everything is known, in two values."""

from __future__ import annotations

import attrs

from bigrules.facts.case import Case
from bigrules.findings.report import Outcome
from bigrules.language.model import (
    THE_DAY,
    Atom,
    Exception_,
    Formula,
    Limit,
    Rule,
    Rulebook,
    Slot,
    Test,
    Type,
)
from oracle.cases import in_use, listed, recorded_answers, with_values
from oracle.formulas import Env, bindings, exports, flat, holds, matches, solutions
from oracle.measures import Held, measured
from oracle.reads import parts
from oracle.world import Row, World

People = frozenset[str]


@attrs.frozen
class TwoValued:
    """What one rule comes to for one subject in one completion.

    Args:
        outcome: `met`, `breached` or `not applicable`.
        concerned: The people of each witness of a breach.
        figures: For each limit that stands directly in what is required: the measure (of a share the
            fraction), and what it is taken among; None where it is of nobody.
        named: For each of the figures its name: the text of the limit, and the slots that it was taken with.
        excepted: Whether an exception applies.
    """

    outcome: Outcome
    concerned: frozenset[People] = frozenset()
    figures: tuple[tuple[object, object], ...] = ()
    named: tuple[object, ...] = ()
    excepted: bool = False


def evaluate(rulebook: Rulebook, case: Case) -> dict[tuple[str, Row], TwoValued]:
    """Every finding of a case of which everything is known.

    Raises:
        Need: Something is not known after all.
    """
    return evaluate_world(closed_world(rulebook, case))


def closed_world(rulebook: Rulebook, case: Case) -> World:
    """A case of which everything is known, ready to be evaluated."""
    case = with_values(rulebook, case)
    rows: dict[str, tuple[Row, ...]] = {}
    for fact in case.facts:
        rows[fact.kind] = (*rows.get(fact.kind, ()), tuple(fact.values))
    assumed: dict[str, tuple[Row, ...]] = {}
    for each in case.assumed:
        assumed[each.predicate] = (*assumed.get(each.predicate, ()), tuple(each.values))
    answers = recorded_answers(rulebook, case)
    things = listed(rulebook, case, in_use(rulebook, case), (rows,))
    return World(rulebook, case.as_of, rows, assumed=assumed, answers=answers, things=things)


def evaluate_world(world: World, rules: set[str] | None = None) -> dict[tuple[str, Row], TwoValued]:
    """Every finding of some rules, or of all, in one completion."""
    found: dict[tuple[str, Row], TwoValued] = {}
    for rule in world.rulebook.rules:
        if rules is None or rule in rules:
            for subject, result in rule_findings(world, rule).items():
                found[rule, subject] = result
    return found


def rule_outcome(world: World, rule: str) -> str:
    """The outcome of a rule over all its findings."""
    outcomes = {each.outcome for each in rule_findings(world, rule).values()}
    for outcome in (Outcome.BREACHED, Outcome.MET):
        if outcome in outcomes:
            return str(outcome)
    return str(Outcome.NOT_APPLICABLE)


def rule_findings(world: World, rule_id: str) -> dict[Row, TwoValued]:
    """What one rule comes to for each of its subjects."""
    if rule_id not in world.results:
        rule = own_day(world.rulebook.rules[rule_id])
        found: dict[Row, TwoValued] = {}
        base = {} if rule.on else {THE_DAY: world.as_of}
        if rule.given is None:
            subjects: list[Row] = [()]
        else:
            given = solutions(world, rule.given, base, world.as_of)
            subjects = list(dict.fromkeys(tuple(each[slot] for slot in rule.subject) for each in given))
        for subject in sorted(subjects, key=repr):
            env = {**base, **dict(zip(rule.subject, subject, strict=True))}
            found[subject] = finding(world, rule, subject, env)
        if not rule.subject and not subjects:
            found[()] = TwoValued(Outcome.NOT_APPLICABLE)
        world.results[rule_id] = dict(found)
    return world.results[rule_id]


def own_day(rule: Rule) -> Rule:
    """The rule with `<the day>` written as the slot that `on:` names."""
    if not rule.on:
        return rule

    def mend(thing: object) -> object:
        if isinstance(thing, Slot):
            return Slot(rule.on) if thing.name == THE_DAY else thing
        if isinstance(thing, tuple):
            return tuple(mend(each) for each in thing)
        if attrs.has(type(thing)) and not isinstance(thing, Type | Rule):
            changed = {
                field.name: mend(getattr(thing, field.name))
                for field in attrs.fields(type(thing))
                if field.name not in ("place", "text")
            }
            return attrs.evolve(thing, **changed)
        return rule.on if thing == THE_DAY else thing

    return attrs.evolve(
        rule,
        given=mend(rule.given),
        condition=mend(rule.condition),
        exceptions=mend(rule.exceptions),
    )


def applies(world: World, exception: Exception_, env: Env) -> bool:
    """Whether an exception applies: its condition holds and no exception to it applies."""
    return holds(world, exception.when, env, world.as_of) and not any(
        applies(world, each, env) for each in exception.unless
    )


def people(rule: Rule, env: Env, slots: set[str]) -> People:
    """The people in some slots."""
    return frozenset(
        str(env[slot]) for slot in slots if slot in env and rule.types.get(slot, Type("")).name == "person"
    )


def finding(world: World, rule: Rule, subject: Row, env: Env) -> TwoValued:
    """What a rule comes to for one subject on which it bites."""
    excepted = any(applies(world, each, env) for each in rule.exceptions)
    if rule.form == "ask":
        if excepted:
            return TwoValued(Outcome.NOT_APPLICABLE, excepted=True)
        good = world.answer(rule.id, subject, symmetric=False)
        about = people(rule, env, set(rule.subject))
        return TwoValued(
            Outcome.MET if good else Outcome.BREACHED, frozenset([about] if about and not good else [])
        )
    assert rule.condition is not None
    if rule.form == "not allowed":
        if excepted:
            return TwoValued(Outcome.NOT_APPLICABLE, excepted=True)
        named = set(rule.subject) | exports(rule.condition)
        sets = frozenset(
            people(rule, each, named) for each in solutions(world, rule.condition, env, world.as_of)
        )
        return TwoValued(Outcome.BREACHED if sets else Outcome.MET, sets)
    limits = direct_limits(world, rule.condition, env)
    figures = tuple(figure(limit, each) for limit, each, _ in limits)
    named = tuple((limit.text, *sorted(shown.items(), key=repr)) for limit, _, shown in limits)
    if excepted:
        return TwoValued(Outcome.NOT_APPLICABLE, figures=figures, named=named, excepted=True)
    if any(each.void for _, each, _ in limits):
        return TwoValued(Outcome.NOT_APPLICABLE, figures=figures, named=named)
    if holds(world, rule.condition, env, world.as_of):
        return TwoValued(Outcome.MET, figures=figures, named=named)
    about = people(rule, env, set(rule.subject))
    sets_ = set()
    for limit, held, _ in limits:
        if rule.types.get(limit.measure.key, Type("")).name == "person":
            sets_.update(about | frozenset(map(str, group)) for group in held.too_large)
    return TwoValued(Outcome.BREACHED, frozenset(sets_ or {about}) - {frozenset()}, figures, named)


def direct_limits(world: World, condition: Formula, env: Env) -> list[tuple[Limit, Held, Env]]:
    """The limits directly in what is required, for every binding of the slots of its list that they use."""
    items = flat(condition)
    found: list[tuple[Limit, Held, Env]] = []
    for limit in (item for item in items if isinstance(item, Limit)):
        # The value of a parameter stands beside the limit, and is no part of what its list asks for.
        own = exports(limit.value) if limit.value is not None else set()
        used = (exports(condition) & words(limit)) - set(env) - own
        beside: list[Env] = (
            [env] if limit.value is None else list(matches(world, limit.value, env, world.as_of))
        )
        seen: list[Env] = [] if used else beside
        for each in bindings(world, items, env, world.as_of) if used else ():
            shown = {name: value for name, value in each.items() if name in used | own or name in env}
            if shown not in seen:
                seen.append(shown)
        found += [(limit, measured(world, limit, each, world.as_of), each) for each in seen]
    return found


def words(limit: Limit) -> set[str]:
    """Every slot that a limit names."""
    found = {limit.bound.name} if isinstance(limit.bound, Slot) else set()
    for measure in (limit.measure, limit.of):
        if measure is not None:
            found |= {measure.key, measure.value, measure.sharing, measure.other}
    for part in parts(limit):
        if isinstance(part, Atom | Test):
            found |= {term.name for term in part.terms if isinstance(term, Slot)}
        if isinstance(part, Atom):
            found.add(part.day.slot)
    return found


def figure(limit: Limit, held: Held) -> tuple[object, object]:
    """The measure and what it is taken among, or what its limit is a fraction of."""
    of = held.measured.of
    if of is None and held.of is not None:
        of = held.of.value
    if limit.measure.aggregate == "share" and held.measured.value is not None:
        return held.measured.value / held.measured.of, of
    return held.measured.value, of
