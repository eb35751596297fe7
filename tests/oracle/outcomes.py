"""What every rule comes to over all completions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from bigrules.facts.case import Case
from bigrules.findings.report import Outcome
from bigrules.language.model import Rulebook, Type
from oracle.cases import in_use, with_values
from oracle.completions import Completion, completions, numbers_in_use
from oracle.evaluate import People, TwoValued
from oracle.world import Row, Site

FURTHER = "further"
Key = tuple[str, Row | str]
# Least and greatest of a measure, and of what it is taken among.
Bounds = tuple[object, object, object, object]


@attrs.frozen
class OracleFinding:
    """What a rule comes to for a subject over all completions.

    Args:
        outcome: Its outcome.
        concerned: The people of each witness of a breach, in any completion.
        certain: Those of them that are so in every completion.
        sites: Every site on which it turns: two completions that differ in it alone differ in being breached.
        figures: For each limit least and greatest of the measure, and of what it is taken among, over
            the completions in which it is of somebody; None where it is of nobody in all. None
            for a finding about things for which the measure is taken for several days or values.
        completions: How many there are.
        ways: The witnesses of each completion.
        by_limit: As `figures`, for each limit by its text and the values of the slots that it was taken with.
    """

    outcome: Outcome
    concerned: frozenset[People] = frozenset()
    certain: frozenset[People] = frozenset()
    sites: frozenset[Site] = frozenset()
    figures: tuple[tuple[object, object, object, object], ...] | None = ()
    completions: int = 0
    ways: frozenset[frozenset[People]] = frozenset()
    by_limit: Mapping[object, Bounds] = attrs.field(factory=dict)


def outcomes(
    rulebook: Rulebook,
    case: Case,
    further: int = 2,
    *,
    rules: Iterable[str] | None = None,
    limit: int = 20_000,
    with_sites: bool = True,
) -> dict[Key, OracleFinding]:
    """Every finding of a case: each rule over the completions of what it reads.

    Args:
        rulebook: The rules.
        case: The case.
        further: How many further records a list that is not complete may hold.
        rules: Only these; None for all.
        limit: How many completions there may be for one rule.
        with_sites: Whether to say on which sites each finding turns.

    Raises:
        TooMany: A rule has more completions.
    """
    found: dict[Key, OracleFinding] = {}
    for rule in rulebook.rules if rules is None else rules:
        tried = list(completions(rulebook, case, further, rules={rule}, limit=limit))
        found.update(over(rulebook, case, rule, tried, with_sites))
    return found


def over(
    rulebook: Rulebook, case: Case, rule: str, tried: list[Completion], with_sites: bool = True
) -> dict[Key, OracleFinding]:
    """The findings of one rule over its completions."""
    in_records = in_use(rulebook, with_values(rulebook, case))
    types, slots = rulebook.rules[rule].types, rulebook.rules[rule].subject
    about = [at for at, slot in enumerate(slots) if types[slot].is_thing] or range(len(slots))

    def is_known(type_: Type, value: object) -> bool:
        """Whether a value is one of few, or stands in a record where something of its type does."""
        numbers = numbers_in_use(in_records) if "number" in type_.name else set()
        return type_.is_finite or value in in_records.get(type_.name, set()) | numbers

    def key_of(subject: Row) -> Row | str:
        """The things that a finding is about; one key for all that are not recorded."""
        known = all(subject[at] is None or is_known(types[slots[at]], subject[at]) for at in about)
        return tuple(subject[at] for at in about) if known else FURTHER

    groups: list[dict[Row | str, list[TwoValued]]] = []
    for each in tried:
        group: dict[Row | str, list[TwoValued]] = {}
        for (name, subject), result in each.findings.items():
            if name == rule:
                group.setdefault(key_of(subject), []).append(result)
        groups.append(group)
    found: dict[Key, OracleFinding] = {}
    for key in dict.fromkeys(key for group in groups for key in group):
        finding = summed_up(tried, [merged(group.get(key, [])) for group in groups], with_sites)
        if len(about) < len(slots):
            finding = attrs.evolve(finding, figures=None)
        if key != FURTHER or finding.outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT):
            found[rule, key] = finding
    # A rule that bites on nothing is not applicable to the case.
    return found or {(rule, ()): OracleFinding(Outcome.NOT_APPLICABLE, completions=len(tried))}


def merged(results: list[TwoValued]) -> TwoValued:
    """Breached if one is, else met if one is, else not applicable; with the witnesses of all."""
    if len(results) == 1:
        return results[0]
    outcome = next(
        (
            each
            for each in (Outcome.BREACHED, Outcome.MET)
            if any(result.outcome is each for result in results)
        ),
        Outcome.NOT_APPLICABLE,
    )
    concerned = frozenset(people for each in results for people in each.concerned)
    figures_ = tuple(figure for each in results for figure in each.figures)
    return TwoValued(outcome, concerned, figures_, tuple(name for each in results for name in each.named))


def summed_up(tried: list[Completion], results: list[TwoValued], with_sites: bool) -> OracleFinding:
    """One finding over all completions."""
    seen = {each.outcome for each in results}
    sites: frozenset[Site] = frozenset()
    if seen == {Outcome.NOT_APPLICABLE}:
        outcome = Outcome.NOT_APPLICABLE
    elif Outcome.BREACHED not in seen:
        outcome = Outcome.MET
    elif seen == {Outcome.BREACHED}:
        outcome = Outcome.BREACHED
    else:
        pairs = [
            (each.sites, result.outcome is Outcome.BREACHED)
            for each, result in zip(tried, results, strict=True)
        ]
        outcome = Outcome.UNDECIDED if facts_matter(pairs) else Outcome.JUDGEMENT
        if with_sites:
            sites = turning(pairs)
    concerned = frozenset(people for each in results for people in each.concerned)
    certain = frozenset.intersection(*(each.concerned for each in results))
    ways = frozenset(each.concerned for each in results)
    return OracleFinding(
        outcome, concerned, certain, sites, figures(results), len(tried), ways, by_limit(results)
    )


def is_question(site: Site) -> bool:
    """Whether people decide it."""
    return site[0] == "question"


def compatible(one: Mapping[Site, object], other: Mapping[Site, object]) -> bool:
    """Whether two choices agree on every site that stands in both."""
    return all(other.get(site, value) == value for site, value in one.items())


def facts_matter(pairs: list[tuple[Mapping[Site, object], bool]]) -> bool:
    """Whether a site that is no question matters.

    It does just where two completions whose answers agree differ in being breached: on the way from
    the one to the other, a site at a time, there is a step at which it turns.
    """
    groups: dict[frozenset[tuple[Site, object]], set[bool]] = {}
    for sites, breached in pairs:
        answers = frozenset((site, value) for site, value in sites.items() if is_question(site))
        groups.setdefault(answers, set()).add(breached)
    listed = list(groups.items())
    for at, (answers, outcomes_) in enumerate(listed):
        if len(outcomes_) > 1:
            return True
        for others, other_outcomes in listed[at + 1 :]:
            if other_outcomes != outcomes_ and compatible(dict(answers), dict(others)):
                return True
    return False


def turning(pairs: list[tuple[Mapping[Site, object], bool]]) -> frozenset[Site]:
    """Every site such that two completions that differ in it alone differ in being breached."""
    found: set[Site] = set()
    every = {site for sites, _ in pairs for site in sites}
    for site in every:
        groups: dict[frozenset[tuple[Site, object]], list[tuple[Mapping[Site, object], bool]]] = {}
        for sites, breached in pairs:
            if site in sites:
                # Rows and questions that only one of the two asks for do not tell them apart.
                rest = frozenset(
                    (each, value)
                    for each, value in sites.items()
                    if each != site and each[0] not in ("row", "question")
                )
                groups.setdefault(rest, []).append((sites, breached))
        if any(turns(group, site) for group in groups.values()):
            found.add(site)
    return frozenset(found)


def turns(group: list[tuple[Mapping[Site, object], bool]], site: Site) -> bool:
    """Whether two of them differ in the site alone, of those that are asked for in both, and in being breached."""
    good = [sites for sites, breached in group if not breached]
    bad = [sites for sites, breached in group if breached]
    return any(
        one[site] != other[site] and compatible({**one, site: other[site]}, other)
        for one in good
        for other in bad
    )


def figures(results: list[TwoValued]) -> tuple[Bounds, ...]:
    """Least and greatest of each limit's measure over the completions."""
    count = max((len(each.figures) for each in results), default=0)
    return tuple(
        bounds([each.figures[at] for each in results if len(each.figures) > at]) for at in range(count)
    )


def by_limit(results: list[TwoValued]) -> dict[object, Bounds]:
    """The same for each limit by its name."""
    taken: dict[object, list[tuple[object, object]]] = {}
    for each in results:
        for name, figure in zip(each.named, each.figures, strict=True):
            taken.setdefault(name, []).append(figure)
    return {name: bounds(some) for name, some in taken.items()}


def bounds(taken: list[tuple[object, object]]) -> Bounds:
    """Least and greatest of one measure, and of what it is taken among; None where it is of nobody in all."""
    values = [value for value, _ in taken if value is not None]
    wholes = [of for _, of in taken if of is not None]
    return (
        min(values, default=None),
        max(values, default=None),
        min(wholes, default=None),
        max(wholes, default=None),
    )
