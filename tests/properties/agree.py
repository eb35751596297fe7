"""Holding what an engine finds against what the oracle finds."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from bigrules.facts.case import Case
from bigrules.findings.judge import judge
from bigrules.findings.report import Figure, Finding, Outcome
from bigrules.language.model import Rulebook
from bigrules.program.compile import compile_program
from oracle import FURTHER, OracleFinding, TooMany
from oracle.completions import completions
from oracle.outcomes import Key, over
from oracle.reads import reads

FURTHER_RECORDS = 2
# No case here has more completions than can be tried one after the other in less than this.
SECONDS = 20


class TooLong(AssertionError):
    """An engine took too long over a small case."""


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what takes more processor time than this, where the system can."""

    def stop(*_: object) -> None:
        raise TooLong(f"more than {seconds} seconds")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def engine_findings(rulebook: Rulebook, case: Case, engine: str = "compiled") -> dict[Key, Finding]:
    """What an engine finds, by rule and subject."""
    with at_most(SECONDS):
        found = judge(rulebook, compile_program(rulebook), case, engine=engine, further=FURTHER_RECORDS)
    keyed: dict[Key, Finding] = {}
    for each in found:
        subject = FURTHER if each.further else tuple(value for _, value in each.subject)
        assert (each.rule, subject) not in keyed, f"two findings of {each.rule} for {subject}"
        keyed[each.rule, subject] = each
    return keyed


def oracle_findings(
    rulebook: Rulebook, case: Case, limit: int, rules: Iterable[str] | None = None
) -> tuple[dict[Key, OracleFinding], set[str]]:
    """What the oracle finds, and the rules that it could follow to the end."""
    found: dict[Key, OracleFinding] = {}
    followed: set[str] = set()
    for rule in rulebook.rules if rules is None else rules:
        try:
            tried = list(completions(rulebook, case, FURTHER_RECORDS, rules={rule}, limit=limit))
        except TooMany:
            continue
        followed.add(rule)
        found.update(over(rulebook, case, rule, tried, with_sites=False))
    return found, followed


def differences(
    rulebook: Rulebook, case: Case, engine: str = "compiled", limit: int = 600
) -> tuple[list[str], set[str]]:
    """Where an engine and the oracle differ, one line each; and the rules that were compared."""
    expected, followed = oracle_findings(rulebook, case, limit)
    if not followed:
        return [], followed
    # What the oracle cannot follow to the end is no small case for an engine either.
    needed = reads(rulebook, followed).rules
    small = attrs.evolve(
        rulebook, rules={name: rule for name, rule in rulebook.rules.items() if name in needed}
    )
    found = engine_findings(small, case, engine)
    lines: list[str] = []
    # What was not settled says so, and need not name every subject that there might be.
    not_settled = {rule for (rule, _), each in found.items() if not each.settled}
    for key in dict.fromkeys([*expected, *found]):
        if key[0] in not_settled and (key not in expected or key not in found):
            continue
        if key[0] in followed:
            lines += compare(key, expected.get(key), found.get(key))
    return lines, followed


def compare(key: Key, expected: OracleFinding | None, found: Finding | None) -> list[str]:
    """Where two findings about the same differ."""
    name = f"{key[0]} for {key[1]}"
    if expected is None or found is None:
        has = expected.outcome if expected is not None else found.outcome if found is not None else ""
        return [f"{name}: only the {'oracle' if found is None else 'engine'} has it, {has}"]
    if expected.outcome != found.outcome:
        if not found.settled and found.outcome is Outcome.UNDECIDED:
            return []
        return [f"{name}: the engine says {found.outcome}, the oracle {expected.outcome}"]
    lines = []
    if key[1] != FURTHER:
        certain = {each.concerned for each in found.witnesses if each.certain and each.concerned}
        people = {each for each in expected.certain if each and not is_fresh(each)}
        # Who is counted may be certain of some and open of others: then those who are certain are the witness.
        within_each = all(any(some <= each for each in way) for some in certain for way in expected.ways)
        if found.outcome is Outcome.BREACHED and not (people <= certain and within_each):
            lines.append(f"{name}: the engine is certain of {shown(certain)}, the oracle of {shown(people)}")
        possible = {each.concerned for each in found.witnesses if each.concerned}
        # Whoever is not recorded has no name that an engine could give.
        ways = {frozenset(name for name in each if not name.startswith("~")) for each in expected.concerned}
        if not possible <= ways:
            lines.append(f"{name}: the engine names {shown(possible - ways)}, which no completion does")
        if found.settled and expected.figures is not None and expected.outcome is not Outcome.NOT_APPLICABLE:
            lines += compare_figures(name, expected, found.figures)
    return lines


def compare_figures(name: str, expected: OracleFinding, found: tuple[Figure, ...]) -> list[str]:
    """Where the figures of two findings differ.

    Where something is not known an engine may show bounds that are wider than what completions come to.
    """
    ours = [(each.least, each.greatest, each.of_least, each.of_greatest) for each in found]
    theirs = [tuple(each) for each in expected.figures or ()]
    if expected.completions == 1:
        same = ours == theirs
    elif len(ours) != len(theirs):
        # A limit is taken for each binding of the slots of its list that it uses: these too may be open.
        same = True
    else:
        pairs = zip(ours, theirs, strict=True)
        same = all(within(their[:2], our[:2]) and within(their[2:], our[2:]) for our, their in pairs)
    return [] if same else [f"{name}: the engine's figures are {ours}, the oracle's {theirs}"]


def within(inner: tuple[Any, ...], outer: tuple[Any, ...]) -> bool:
    """Whether bounds hold what is found; nobody is within any, and no bound holds everything."""
    if inner[0] is None:
        return True
    least, greatest = outer
    return (least is None or least <= inner[0]) and (greatest is None or inner[1] <= greatest)


def is_fresh(people: frozenset[str]) -> bool:
    """Whether somebody among them is not recorded."""
    return any(each.startswith("~") for each in people)


def shown(sets: Iterable[frozenset[str]]) -> str:
    """Sets of people, in order."""
    return str(sorted(sorted(each) for each in sets))
