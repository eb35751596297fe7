"""Which findings turn on how an open word is read: other readings, tried one at a time or together."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from bigrules.diagnostics import InputError
from bigrules.findings.formulas import atoms, outcomes_in
from bigrules.findings.report import Finding, Outcome, Turn
from bigrules.language.model import Definition, Exception_, Formula, Rule, Rulebook, Value

if TYPE_CHECKING:
    from bigrules.facts.case import Case
    from bigrules.findings import check

Choice = tuple[tuple[str, str], ...]
Key = tuple[str, tuple[tuple[str, Value], ...], bool]

# "All" readings of a rule together are tried up to so many.
MOST_TOGETHER = 1_024
VOCABULARY = "vocabulary"


def turned(
    rulebook: check.Rulebook,
    adopted: Rulebook,
    case: Case,
    findings: tuple[Finding, ...],
    chosen: Choice,
    together: bool,
    sure: frozenset[str],
) -> tuple[tuple[Finding, ...], list[str]]:
    """The findings with the readings on which they turn.

    Args:
        rulebook: Where other readings are prepared.
        adopted: The rulebook that the findings were found with.
        case: The case.
        findings: What was found.
        chosen: Readings that were chosen in place of the adopted ones.
        together: Whether readings are tried together as well.
        sure: Rules of which everything that they rest on was known.

    Returns:
        The findings, and notes on what could not be tried.
    """
    from bigrules.findings.apart import Evaluations
    from bigrules.findings.judge import judge

    choices, said = rulebook._choices(adopted, chosen, together, case.as_of)
    notes = list(said)
    turns: dict[Key, list[Turn]] = {}
    seen: dict[Key, list[frozenset[tuple[str, str]]]] = {}
    known = {(each.rule, each.subject, each.further): each for each in findings}
    waiting = _waiting(case, findings)
    for choice, touched in choices:
        rules = touched - waiting
        if not rules:
            continue
        merged = tuple(sorted({**dict(chosen), **dict(choice)}.items()))
        try:
            other, program = rulebook._prepared(merged, rules, case.as_of)
        except InputError:
            names = " and ".join(f"“{name}” ({file})" for file, name in choice)
            notes.append(f"the reading {names} could not be tried")
            continue
        # Where something was not known, it hardly is under another reading.
        if rules <= sure:
            judged = judge(other, program, case, brief=True)
        else:
            by_rule = Evaluations(other, program, case).judge(rules, brief=True)
            judged = tuple(each for mine in by_rule.values() for each in mine)
        found = {(each.rule, each.subject, each.further): each for each in judged}
        for key in sorted({*found, *(key for key in known if key[0] in rules)}, key=str):
            if key[0] not in rules:
                continue
            before = known[key].outcome if key in known else Outcome.NOT_APPLICABLE
            after = found[key].outcome if key in found else Outcome.NOT_APPLICABLE
            parts = frozenset(choice)
            # Of readings taken together only those are told that none of them alone brings about.
            if before is after or any(each < parts for each in seen.get(key, ())):
                continue
            seen.setdefault(key, []).append(parts)
            file, name = (" and ".join(each) for each in zip(*choice, strict=True))
            turns.setdefault(key, []).append(Turn(file, name, after))
    result = [
        attrs.evolve(each, turns=tuple(turns.get((each.rule, each.subject, each.further), ())))
        for each in findings
    ]
    for key in sorted(set(turns) - set(known), key=str):
        rule, subject, further = key
        result.append(
            Finding(rule, subject, Outcome.NOT_APPLICABLE, turns=tuple(turns[key]), further=further)
        )
    return tuple(result), list(dict.fromkeys(notes))


def _waiting(case: Case, findings: tuple[Finding, ...]) -> set[str]:
    """Rules of which every finding waits for a whole list that nobody has asked about.

    Before these are asked about, how a word is read is no matter.
    """
    waiting: dict[str, bool] = {}
    for each in findings:
        waits = each.outcome is Outcome.UNDECIDED and any(
            one.sort == "list" and not one.subject and one.kind not in case.asked for one in each.missing
        )
        waiting[each.rule] = waiting.get(each.rule, True) and waits
    return {rule for rule, waits in waiting.items() if waits}


def choices_of(
    adopted: Rulebook, chosen: Choice, together: bool
) -> tuple[list[tuple[Choice, frozenset[str]]], list[str]]:
    """What is tried, and for which rules, single readings first; and notes on what is not.

    Args:
        adopted: The rulebook as it is applied.
        chosen: Readings that were chosen in place of the adopted ones.
        together: Whether readings are tried together as well.
    """
    reach = {rule: files_of(adopted, rule) for rule in adopted.rules}
    options = {file: names for file, names in _options(adopted).items() if file not in dict(chosen)}
    found: dict[Choice, set[str]] = {}
    notes: list[str] = []
    for file, names in options.items():
        touched = {rule for rule, files in reach.items() if file in files}
        for name in names if touched else ():
            found.setdefault(((_file(file), name),), set()).update(touched)
    if together:
        for rule, files in reach.items():
            mine = [
                [None, *((_file(file), name) for name in options[file])]
                for file in sorted(files)
                if file in options
            ]
            tried = 0
            for picked in itertools.product(*mine):
                choice = tuple(sorted(each for each in picked if each is not None))
                if len(choice) < 2 or len({file for file, _ in choice}) < len(choice):
                    continue
                tried += 1
                if tried > MOST_TOGETHER:
                    notes.append(
                        f"of the readings of {rule} together, {MOST_TOGETHER} were tried and not all"
                    )
                    break
                found.setdefault(choice, set()).add(rule)
    ordered = sorted(found.items(), key=lambda each: (len(each[0]), each[0]))
    return [(choice, frozenset(rules)) for choice, rules in ordered], notes


def _file(file: str) -> str:
    return VOCABULARY if file.startswith(VOCABULARY + ":") else file


def _options(rulebook: Rulebook) -> dict[str, list[str]]:
    """The readings that can be run, by file; those of the vocabulary by kind."""
    found: dict[str, list[str]] = {}
    files: dict[str, Definition | Rule] = {**rulebook.definitions, **rulebook.rules}
    for id_, file in files.items():
        found[id_] = [each.name for each in file.other_readings if each.runs]
    for kind in rulebook.vocabulary.kinds.values():
        found[f"{VOCABULARY}:{kind.name}"] = [each.name for each in kind.other_readings if each.runs]
    return {file: names for file, names in found.items() if names}


def files_of(rulebook: Rulebook, rule: str) -> frozenset[str]:
    """Every file that the outcome of a rule hangs on, itself included; kinds as `vocabulary:kind`."""
    found: set[str] = set()
    todo = [rule]
    while todo:
        id_ = todo.pop()
        if id_ in found:
            continue
        found.add(id_)
        for formula in formulas(rulebook, id_):
            for atom in atoms(formula):
                kind = atom.predicate in rulebook.vocabulary.kinds
                todo.append(f"{VOCABULARY}:{atom.predicate}" if kind else atom.predicate)
            todo += outcomes_in(formula)
    return frozenset(found)


def formulas(rulebook: Rulebook, id_: str) -> Iterator[Formula]:
    """The conditions of a rule or definition, those of exceptions too."""
    if id_ in rulebook.definitions:
        definition = rulebook.definitions[id_]
        yield from (each for each in (definition.holds, definition.people_decide) if each is not None)
    elif id_ in rulebook.rules:
        rule = rulebook.rules[id_]
        yield from (each for each in (rule.given, rule.condition) if each is not None)
        yield from _of_exceptions(rule.exceptions)


def _of_exceptions(exceptions: tuple[Exception_, ...]) -> Iterator[Formula]:
    for each in exceptions:
        yield each.when
        yield from _of_exceptions(each.unless)
