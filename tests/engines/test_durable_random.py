"""The second engine against plain loops, on random programs with sites: every table, in many completions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest

pytest.importorskip("durable_rules_engine", exc_type=ImportError)

from bigrules.engines import durable
from bigrules.engines.computed import function_for
from bigrules.facts.layout import Layout
from bigrules.language.model import Const, Slot
from bigrules.program.core import ALWAYS, Asked, Clause, LimitStep, Literal_, MeasureTable, Program
from durable_programs import check, clause, layout, limit, lit, measure, program, stratum, when

Rows = dict[str, set[tuple[Any, ...]]]
SLOTS = ("?x", "?y", "?z")


# ---------------------------------------------------------------- plain loops


def plain(made: Program, laid: Layout, chosen: Mapping[int, int]) -> Rows:
    """Every table in one completion, by loops over all rows."""
    found: Rows = {name: set() for name in made.predicates}
    for name, rows in laid.tables.items():
        if name in found:
            found[name] |= {row.values for row in rows if all(chosen[site] in may for site, may in row.when)}
    for each in made.strata:
        before = -1
        while before != sum(map(len, found.values())):
            before = sum(map(len, found.values()))
            for one in each.clauses:
                found[one.head.predicate] |= set(derived(one, found, laid, chosen))
        for step in each.limits:
            for outer in found[step.demand]:
                if keeps(step, dict(zip(step.outer, outer, strict=True)), found):
                    found[step.holds].add(outer)
    return found


def derived(one: Clause, found: Rows, laid: Layout, chosen: Mapping[int, int]) -> Iterator[tuple[Any, ...]]:
    for env in matches(one.body, {}, found):
        if not all(function_for(test)(*[at(each, env) for each in test.terms]) for test in one.tests):
            continue
        if any(True for absent in one.absent for _ in matches((absent,), env, found)):
            continue
        if one.asked is not None:
            subject = tuple(at(each, env) for each in one.asked.terms)
            answer = laid.question(one.asked.question, subject, one.asked.symmetric)
            # A question that nobody has come to yet is in no completion so far.
            if answer is False or (answer is not True and not chosen.get(answer, 0)):
                continue
        yield tuple(at(each, env) for each in one.head.terms)


def at(term: Any, env: Mapping[str, Any]) -> Any:
    return term.value if isinstance(term, Const) else env[term.name]


def matches(body: tuple[Literal_, ...], env: dict[str, Any], found: Rows) -> Iterator[dict[str, Any]]:
    if not body:
        yield env
        return
    for row in found[body[0].predicate]:
        more = dict(env)
        for term, value in zip(body[0].terms, row, strict=True):
            if isinstance(term, Const) and term.value != value:
                break
            if isinstance(term, Slot) and more.setdefault(term.name, value) != value:
                break
        else:
            yield from matches(body[1:], more, found)


def taken(table: MeasureTable, env: Mapping[str, Any], found: Rows) -> tuple[Fraction, Fraction] | None:
    """What a measure comes to, and for a share what it is taken among; None of nobody."""
    width = len(table.outer)
    outer = tuple(env[name] for name in table.outer)

    def mine(name: str) -> set[tuple[Any, ...]]:
        return {row[width:] for row in found[name] if row[:width] == outer} if name else set()

    counted, among = mine(table.counted), mine(table.among)
    keys = {row[0] for row in counted}
    if table.aggregate == "number":
        return Fraction(len(keys)), Fraction(1)
    if table.aggregate == "total":
        return Fraction(sum(value for _, value in counted)), Fraction(1)
    if table.aggregate in ("least", "greatest"):
        numbers = [value for _, value in counted]
        pick = min if table.aggregate == "least" else max
        return (Fraction(pick(numbers)), Fraction(1)) if numbers else None
    if table.aggregate == "share":
        weigh = (lambda rows: sum(row[1] for row in rows)) if table.has_value else len
        return (Fraction(weigh(counted)), Fraction(weigh(among))) if weigh(among) else None
    if table.aggregate == "group sharing":
        shared = {row[-1] for row in counted}
        return Fraction(max((sum(r[-1] == each for r in counted) for each in shared), default=0)), Fraction(1)
    links = mine(table.link)
    groups = [{key} for key in {*keys, *(each for pair in links for each in pair)}]
    for one, other in links:
        if table.through_anyone or (one in keys and other in keys):
            (first,) = (group for group in groups if one in group)
            (second,) = (group for group in groups if other in group)
            if first is not second:
                first |= second
                groups = [group for group in groups if group is not second]
    return Fraction(max((len(group & keys) for group in groups), default=0)), Fraction(1)


def keeps(step: LimitStep, env: Mapping[str, Any], found: Rows) -> bool:
    it = taken(step.measure, env, found)
    of = taken(step.of, env, found) if step.of is not None else (Fraction(1), Fraction(1))
    if it is None or of is None:
        return step.of_nobody == "met"
    bound = Fraction(env[step.bound]) if isinstance(step.bound, str) else step.bound
    number, against = it[0], bound * of[0] / of[1] * it[1]
    return {
        "at least": number >= against,
        "at most": number <= against,
        "more than": number > against,
        "less than": number < against,
        "exactly": number == against,
    }[step.op]


# ---------------------------------------------------------------- random programs


def body(rng: random.Random, names: dict[str, int], most: int) -> list[Literal_]:
    """Patterns over three slots; some do not matter, some are constants."""
    made = []
    for _ in range(rng.randint(1, most)):
        name = rng.choice(list(names))
        terms = [rng.choice([*SLOTS, *SLOTS, "_", rng.randrange(3)]) for _ in range(names[name])]
        made.append(lit(name, *terms))
    return made


def slots(literals: list[Literal_]) -> list[str]:
    return sorted({f"?{each.name}" for one in literals for each in one.terms if isinstance(each, Slot)})


def head(rng: random.Random, name: str, width: int, bound: list[str]) -> Literal_:
    return lit(name, *[rng.choice([*bound, *bound, *bound, 1] if bound else [0, 1]) for _ in range(width)])


def measured(rng: random.Random, names: dict[str, int]) -> MeasureTable:
    aggregate = rng.choice(["number", "share", "total", "least", "greatest", "group sharing", "group linked"])
    outer = ["o"] if rng.random() < 0.4 else []
    if aggregate in ("total", "least", "greatest"):
        return measure(aggregate, f"m{len(outer)}v", outer, has_value=True)
    if aggregate == "group sharing":
        return measure(aggregate, f"m{len(outer)}v", outer, has_shared=True)
    if aggregate == "group linked":
        return measure(
            aggregate, f"m{len(outer)}", outer, link=f"m{len(outer)}v", through_anyone=rng.random() < 0.5
        )
    if aggregate == "share" and rng.random() < 0.5:
        return measure(aggregate, f"m{len(outer)}c", outer, among=f"m{len(outer)}v", has_value=True)
    return measure(
        aggregate, f"m{len(outer)}", outer, among=f"m{len(outer)}a" if aggregate == "share" else ""
    )


def random_case(rng: random.Random) -> tuple[Program, Layout]:
    base = {"p": 1, "q": 2, "r": 2, "s": 3}
    sites = [rng.choice([2, 2, 3]) for _ in range(rng.randint(0, 4))]
    tables: dict[str, list[Any]] = {}
    for name, width in base.items():
        tables[name] = []
        for _ in range(rng.randint(0, 5)):
            row = tuple(rng.randrange(3) for _ in range(width))
            picked = (
                []
                if rng.random() < 0.5
                else rng.sample(range(len(sites)), min(len(sites), rng.randint(1, 2)))
            )
            may = [(site, rng.sample(range(sites[site]), rng.randint(1, sites[site] - 1))) for site in picked]
            tables[name].append(when(row, *may))
    names = dict(base)
    first = []
    for name, width in (("d", 1), ("e", 2)):
        for _ in range(rng.randint(1, 3)):
            mine = body(rng, {**names, "d": 1, "e": 2}, 3)
            tests = (
                [check("different", *rng.sample(slots(mine), 2))]
                if len(slots(mine)) > 1 and rng.random() < 0.3
                else []
            )
            asked = None
            if slots(mine) and rng.random() < 0.15:
                asked = Asked(f"ask {name}", (Slot(rng.choice(slots(mine))[1:]),))
            first.append(clause(head(rng, name, width, slots(mine)), *mine, tests=tests, asked=asked))
    names.update(d=1, e=2)
    second = []
    for name, width in (("f", 1), ("g", 2)):
        for _ in range(rng.randint(1, 2)):
            mine = body(rng, names, 3)
            absent = []
            if rng.random() < 0.6:
                other = rng.choice(list(names))
                bound = slots(mine)
                terms = [rng.choice([*bound, "_", 0] if bound else ["_", 0]) for _ in range(names[other])]
                absent.append(lit(other, *terms))
            second.append(clause(head(rng, name, width, slots(mine)), *mine, absent=absent))
    names.update(f=1, g=2)
    third = [
        clause(lit("m0", "?x"), lit(rng.choice("pdf"), "?x")),
        clause(lit("m0v", "?x", "?y"), lit(rng.choice("qeg"), "?x", "?y")),
        clause(lit("m0a", "?x"), lit("m0", "?x")),
        clause(lit("m0a", "?x"), lit(rng.choice("qeg"), "?x", "_")),
        clause(lit("m0c", "?x", "?y"), lit("m0v", "?x", "?y"), lit(rng.choice("pdf"), "?x")),
        clause(lit("m1", "?o", "?x"), lit(rng.choice("qeg"), "?o", "?x")),
        clause(lit("m1v", "?o", "?x", "?y"), lit("s", "?o", "?x", "?y")),
        clause(lit("m1a", "?o", "?x"), lit("m1", "?o", "?x")),
        clause(lit("m1a", "?o", "?x"), lit("s", "?o", "?x", "_")),
        clause(lit("m1c", "?o", "?x", "?y"), lit("m1v", "?o", "?x", "?y"), lit(rng.choice("pdf"), "?x")),
    ]
    limits = []
    for number in range(3):
        of_what = measured(rng, names)
        outer = list(of_what.outer) or (["o"] if rng.random() < 0.2 else [])
        bound: Any = rng.choice([Fraction(1, 3), Fraction(1, 2), 1, 2])
        if outer and rng.random() < 0.2:
            bound = "o"
        op = rng.choice(["at least", "at most", "more than", "less than", "exactly"])
        of = None
        if rng.random() < 0.3:
            of = measure("number", "m0")
        demand = rng.choice("pdf") if outer else ALWAYS
        nobody = rng.choice(["natural", "met", "breached"])
        limits.append(limit(f"k{number}", of_what, op, bound, outer, of=of, demand=demand, of_nobody=nobody))
    fourth = []
    for step in limits:
        kept = lit(step.holds, *(f"?{name}" for name in step.outer))
        fourth.append(clause(lit("n", "?x"), kept, lit("p", "?x")))
    made = program(
        stratum(*first, recursive=True), stratum(*second), stratum(*third, limits=limits), stratum(*fourth)
    )
    return made, layout(tables, sites)


@pytest.mark.parametrize("seed", range(250))
def test_every_table_is_that_of_plain_loops(seed: int) -> None:
    rng = random.Random(seed)
    made, laid = random_case(rng)
    found = durable.evaluate(made, laid)
    for _ in range(5):
        full = {site.index: rng.randrange(len(site.values)) for site in laid.sites}
        part = {site: number for site, number in full.items() if rng.random() < 0.5}
        expected = plain(made, laid, full)
        for name in made.predicates:
            if name.startswith("void"):
                continue
            table = found.table(name)
            assert {row for row in table if found.value(table[row], full)} == expected[name], name
            for condition in table.values():
                value = found.value(condition, full)
                assert found.value(condition, part) in (None, value)
                # Sites that it does not read make no difference.
                known = {site: full[site] for site in found.support(condition)}
                assert found.value(condition, known) is value
