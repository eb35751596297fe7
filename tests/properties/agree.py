"""Holding what an engine finds against what the oracle finds."""

from __future__ import annotations

import contextlib
import signal
from collections import Counter
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

import attrs

from bigrules.facts.case import Case
from bigrules.findings.basis import Basis, assemble
from bigrules.findings.judge import judge
from bigrules.findings.report import CaseOutcome, Figure, Finding, Outcome
from bigrules.language.model import Rulebook
from bigrules.program.compile import compile_program
from oracle import FURTHER, OracleFinding, TooMany
from oracle.completions import Completion, completions
from oracle.outcomes import Key, over
from oracle.reads import reads
from oracle.samples import samples
from properties import tally

FURTHER_RECORDS = 2
# No case here has more completions than can be tried one after the other in less than this.
SECONDS = 20
# A case with more is left where an engine takes longer than this.
SECONDS_OF_MANY = 1
# So many completions are drawn at random where there are too many.
SAMPLES = 20
# What stands for a number without a bound is this far away at least.
FAR = 9_000
OPEN = (Outcome.UNDECIDED, Outcome.JUDGEMENT)


class TooLong(AssertionError):
    """An engine took too long over a small case."""


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what takes more processor time than this, where the system can."""

    def stop(_: int, frame: FrameType | None) -> None:
        # What is raised where memory is tidied up, or in what the engine calls, is lost or becomes another error: only
        # our own code is stopped, else soon after.
        code = frame.f_code if frame is not None else None
        if code is not None and "bigrules" in code.co_filename and code.co_name not in ("<lambda>", "fire"):
            raise TooLong(f"more than {seconds} seconds")
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.002)

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


def engine_findings(
    rulebook: Rulebook, case: Case, engine: str = "compiled", seconds: float = SECONDS
) -> dict[Key, Finding]:
    """What an engine finds, by rule and subject."""
    with at_most(seconds):
        found = judge(rulebook, compile_program(rulebook), case, engine=engine, further=FURTHER_RECORDS)
    keyed: dict[Key, Finding] = {}
    for each in found:
        subject = FURTHER if each.further else tuple(value for _, value in each.subject)
        assert (each.rule, subject) not in keyed, f"two findings of {each.rule} for {subject}"
        keyed[each.rule, subject] = each
    return keyed


def oracle_findings(
    rulebook: Rulebook,
    case: Case,
    limit: int,
    rules: Iterable[str] | None = None,
    further: int = FURTHER_RECORDS,
) -> tuple[dict[Key, OracleFinding], set[str]]:
    """What the oracle finds, and the rules that it could follow to the end."""
    found: dict[Key, OracleFinding] = {}
    followed: set[str] = set()
    for rule in rulebook.rules if rules is None else rules:
        try:
            tried = list(completions(rulebook, case, further, rules={rule}, limit=limit))
        except TooMany:
            continue
        followed.add(rule)
        found.update(over(rulebook, case, rule, tried, with_sites=False))
    return found, followed


def differences(
    rulebook: Rulebook, case: Case, engine: str = "compiled", limit: int = 600, test: str = "other"
) -> tuple[list[str], set[str]]:
    """Where an engine and the oracle differ, one line each; and the rules that were compared in full.

    Args:
        rulebook: The rules.
        case: The case.
        engine: The engine.
        limit: How many completions of a rule are tried; of one that has more some are tried at random.
        test: What is counted in the tally.
    """
    expected, followed = oracle_findings(rulebook, case, limit)
    lines: list[str] = []
    try:
        lines += _in_full(rulebook, case, engine, expected, followed, test) if followed else []
    except TooLong:
        tally.count(test, engine, tally.TOO_LONG)
    for rule in rulebook.rules:
        if rule not in followed:
            lines += _in_part(rulebook, case, engine, rule, test)
    tally.count(test, engine, tally.PAIRS)
    tally.count(test, engine, tally.RULES, len(followed))
    tally.count(test, engine, tally.DIFFERENT, bool(lines))
    return lines, followed


def _only(rulebook: Rulebook, rules: set[str]) -> Rulebook:
    """The rulebook with these rules, and those whose outcome they ask for."""
    needed = reads(rulebook, rules).rules
    return attrs.evolve(rulebook, rules={id_: each for id_, each in rulebook.rules.items() if id_ in needed})


def _in_full(
    rulebook: Rulebook,
    case: Case,
    engine: str,
    expected: dict[Key, OracleFinding],
    followed: set[str],
    test: str,
) -> list[str]:
    """Where they differ on rules of which the oracle tried every completion."""
    # What the oracle cannot follow to the end is no small case for an engine either.
    small = _only(rulebook, followed)
    found = engine_findings(small, case, engine)
    lines: list[str] = []
    for key in dict.fromkeys([*expected, *found]):
        if key[0] in followed:
            tally.count(test, engine, tally.FINDINGS)
            mine = found.get(key)
            tally.count(test, engine, tally.NOT_SETTLED, mine is not None and not mine.settled)
            lines += compare(key, expected.get(key), mine)
    if not lines and set(small.rules) == followed and all(each.settled for each in found.values()):
        ours = assemble(small, case, tuple(found.values()), Basis(small, case), "should", (), (), ()).outcome
        theirs = case_outcome(small, expected)
        if ours is not theirs:
            lines.append(f"case: the engine says {ours}, the oracle {theirs}")
    return lines


def case_outcome(rulebook: Rulebook, expected: dict[Key, OracleFinding]) -> CaseOutcome:
    """The outcome of a case: what is only expected does not count."""
    counting = {
        each.outcome for (rule, _), each in expected.items() if rulebook.rules[rule].force != "expected"
    }
    if Outcome.BREACHED in counting:
        return CaseOutcome.BREACHED
    return CaseOutcome.OPEN if counting & set(OPEN) else CaseOutcome.CONFORMS


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
    if key[1] == FURTHER:
        return []
    lines = compare_people(name, expected, found)
    if found.settled and expected.outcome is not Outcome.NOT_APPLICABLE:
        lines += compare_figures(name, expected, found.figures)
    return lines


def compare_people(name: str, expected: OracleFinding, found: Finding) -> list[str]:
    """Where the people concerned of two findings differ."""
    lines = []
    certain = {each.concerned for each in found.witnesses if each.certain and each.concerned}
    if expected.completions == 1:
        # Whoever is not recorded has no name that an engine could give.
        people = {named for each in expected.concerned if (named := recorded(each))}
        if certain != people:
            lines.append(f"{name}: the engine names {shown(certain)}, the oracle {shown(people)}")
        return lines
    people = {each for each in expected.certain if each and not is_fresh(each)}
    # Who is counted may be certain of some and open of others: then those who are certain are the witness.
    within_each = all(any(some <= each for each in way) for some in certain for way in expected.ways)
    if found.outcome is Outcome.BREACHED and not (people <= certain and within_each):
        lines.append(f"{name}: the engine is certain of {shown(certain)}, the oracle of {shown(people)}")
    possible = {each.concerned for each in found.witnesses if each.concerned}
    ways = {recorded(each) for each in expected.concerned}
    if not possible <= ways:
        lines.append(f"{name}: the engine names {shown(possible - ways)}, which no completion does")
    return lines


def compare_figures(name: str, expected: OracleFinding, found: tuple[Figure, ...]) -> list[str]:
    """Where the figures of two findings differ.

    Where something is not known an engine may show bounds that are wider than what completions come to.
    """
    ours = [(each.text, (each.least, each.greatest, each.of_least, each.of_greatest)) for each in found]
    theirs = [(str(key[0]), each) for key, each in expected.by_limit.items()]  # type: ignore[index]
    if expected.completions == 1:
        same = Counter(ours) == Counter(theirs)
    else:
        # What a limit is taken for may be open: each that a completion has must be among those of the engine.
        same = all(_held_by(ours, theirs, text) for text in {text for text, _ in theirs})
    return [] if same else [f"{name}: the engine's figures are {ours}, the oracle's {theirs}"]


def _held_by(ours: list[tuple[str, Any]], theirs: list[tuple[str, Any]], text: str) -> bool:
    """Whether each figure of a limit lies within one of the engine's, and there are enough of these."""
    mine = [figure for each, figure in ours if each == text]
    wanted = [figure for each, figure in theirs if each == text]
    return len(wanted) <= len(mine) and all(
        any(within(each[:2], our[:2]) and within(each[2:], our[2:]) for our in mine) for each in wanted
    )


def within(inner: tuple[Any, ...], outer: tuple[Any, ...]) -> bool:
    """Whether bounds hold what is found; nobody is within any, and no bound holds everything."""
    if inner[0] is None:
        return True
    least, greatest = outer
    # A number that has no bound is stood for by one that is far away: how far is each one's own choice.
    low = least is None or least <= inner[0] or (inner[0] <= -FAR and least <= -FAR)
    return low and (greatest is None or inner[1] <= greatest or (inner[1] >= FAR and greatest >= FAR))


def recorded(people: frozenset[str]) -> frozenset[str]:
    """Those of some people who are recorded."""
    return frozenset(each for each in people if not each.startswith("~"))


def is_fresh(people: frozenset[str]) -> bool:
    """Whether somebody among them is not recorded."""
    return any(each.startswith("~") for each in people)


def shown(sets: Iterable[frozenset[str]]) -> str:
    """Sets of people, in order."""
    return str(sorted(sorted(each) for each in sets))


# ---------------------------------------------------------------- too many completions


def _in_part(rulebook: Rulebook, case: Case, engine: str, rule: str, test: str) -> list[str]:
    """Where an engine claims what one of some completions, drawn at random, contradicts."""
    try:
        found = engine_findings(_only(rulebook, {rule}), case, engine, SECONDS_OF_MANY)
    except TooLong:
        tally.count(test, engine, tally.SLOW)
        return []
    tally.count(test, engine, tally.PARTLY)
    tried = list(samples(rulebook, case, rule, SAMPLES, seed=len(case.facts), further=FURTHER_RECORDS))
    mine = {key[1]: each for key, each in found.items() if key[0] == rule}
    lines: list[str] = []
    for each in tried:
        lines += contradicted(rulebook, case, rule, mine, each)
    return list(dict.fromkeys(lines))


def contradicted(
    rulebook: Rulebook, case: Case, rule: str, found: dict[Any, Finding], tried: Completion
) -> Iterator[str]:
    """What an engine found that cannot be, as one completion has it."""
    seen = {key[1]: each for key, each in over(rulebook, case, rule, [tried], with_sites=False).items()}
    about_nothing = set(seen) == {()} and seen[()].outcome is Outcome.NOT_APPLICABLE
    for subject, each in found.items():
        other = seen.get(subject)
        there = other.outcome if other is not None else Outcome.NOT_APPLICABLE
        wrong = {
            Outcome.BREACHED: there is not Outcome.BREACHED,
            Outcome.MET: there is Outcome.BREACHED,
            Outcome.NOT_APPLICABLE: there is not Outcome.NOT_APPLICABLE,
        }
        if wrong.get(each.outcome, False):
            yield f"{rule} for {subject}: the engine says {each.outcome}, though a completion has it {there}"
        elif each.outcome is Outcome.BREACHED and other is not None and subject != FURTHER:
            certain = [one.concerned for one in each.witnesses if one.certain and one.concerned]
            if not all(any(some <= way for way in other.concerned) for some in certain):
                ways = shown(other.concerned)
                yield f"{rule} for {subject}: certain of {shown(certain)}, though a completion has {ways}"
    for subject, one in seen.items():
        if subject not in found and subject != FURTHER and not about_nothing:
            yield f"{rule} for {subject}: the engine has no such finding, though a completion has it {one.outcome}"
