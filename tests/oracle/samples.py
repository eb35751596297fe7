"""Some completions at random, of cases that have too many to be tried one after the other."""

from __future__ import annotations

import random
from collections.abc import Iterator

import attrs

from bigrules.facts.case import Case
from bigrules.language.model import Rulebook
from oracle.cases import recorded_answers, with_values
from oracle.completions import (
    Completion,
    completed,
    domains,
    facts_read,
    filled,
    fresh_pool,
    further_columns,
    lists,
    of_records,
    possible_spans,
)
from oracle.evaluate import evaluate_world
from oracle.reads import reads
from oracle.world import Need, Row, Site

# A further record that would end before it begins is drawn again, so many times.
MOST_DRAWS = 20


def samples(
    rulebook: Rulebook, case: Case, rule: str, times: int, seed: int, further: int = 2
) -> Iterator[Completion]:
    """Some completions of what one rule reads.

    Args:
        rulebook: The rules.
        case: The case.
        rule: Only what this rule reads is completed.
        times: How many are drawn; fewer where some would have a record that ends before it begins.
        seed: Of the choices.
        further: How many further records a list that is not complete may hold.
    """
    case = with_values(rulebook, case)
    chance = random.Random(seed)
    read = reads(rulebook, {rule})
    space = domains(rulebook, case, read, relevant_only=True)
    facts = facts_read(case, read, space)
    pool = fresh_pool(rulebook, case, read, space, facts, further)
    known = of_records(case, read, space, facts, pool)
    open_lists = [
        (site, kind, further_columns(space, kind, fixed, pool, later=site[0] == "future"))
        for site, kind, fixed in lists(rulebook, case, read, space)
    ]
    if not all(options for _, options in known):
        return
    answers = recorded_answers(rulebook, case)
    for _ in range(times):
        sites: dict[Site, object] = {site: chance.choice(options) for site, options in known}
        for site, kind, columns in open_lists:
            found: dict[Row, None] = {}
            for _ in range(MOST_DRAWS if all(columns) else 0):
                row = tuple(chance.choice(options) for options in columns)
                if possible_spans(kind, row):
                    found[row] = None
            sites[site] = tuple(found)[: chance.randint(0, further)]
        base = completed(rulebook, case, facts, sites, answers, space)
        if base is None:
            continue
        chosen: dict[Site, object] = {}
        while True:
            world = attrs.evolve(base, chosen=chosen, tables={}, current={}, results={}, read_rows={})
            try:
                findings = evaluate_world(world, {rule})
            except Need as need:
                if not need.options:
                    break
                chosen = {**chosen, need.site: chance.choice(need.options)}
                continue
            yield Completion({**sites, **chosen}, filled(case, world, sites), findings)
            break
