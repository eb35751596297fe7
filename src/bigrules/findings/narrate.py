"""Reasons as sentences: each conclusion with what it holds because of, and nothing told twice."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from bigrules.findings import wording
from bigrules.findings.derive import Derivation
from bigrules.findings.report import Outcome

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def narrate(derivations: Iterable[Derivation], seen: set[str], deep: bool = True) -> list[str]:
    """Derivations as sentences, each conclusion with its own reasons and none of them twice.

    Args:
        derivations: What is to be told.
        seen: Conclusions that have been told; added to.
        deep: Whether the reasons of reasons are told too.

    >>> fact = Derivation("Ann holds the office of chair", "fact", where="offices, row 2")
    >>> narrate([Derivation("Ann is in a position of power", "definition", because=(fact,))], set())
    ['Ann is in a position of power, because Ann holds the office of chair (offices, row 2).']
    """
    told: list[str] = []
    for each in derivations:
        if each.sort == "match" or each.supposed or each.says in seen:
            continue
        seen.add(each.says)
        premises = _premises(each)
        said = _premise(each)
        if each.sort == "definition" and premises:
            said += f", because {wording.listed([_premise(one, not each.certain, inside=True) for one in premises])}"
        told.append(wording.sentence(said))
        if deep:
            told += narrate([one for one in premises if one.because and not _is_plain(one)], seen)
    return told


def _premises(each: Derivation) -> list[Derivation]:
    return [one for one in each.because if one.sort != "match" and not one.supposed]


def _is_plain(each: Derivation) -> bool:
    """Whether it says in other words what one record says, so that the record's place is reason enough."""
    below = _premises(each)
    return len(below) == 1 and below[0].sort == "fact" and bool(below[0].where)


def _premise(each: Derivation, within_possible: bool = False, inside: bool = False) -> str:
    shown = _premises(each)[0] if inside and _is_plain(each) else each
    where = ", ".join(part for part in (shown.where, shown.spell) if part)
    said = f"{each.says} ({where})" if where else each.says
    if each.certain or each.sort == "question":
        return said
    return f"perhaps {said}" if within_possible else f"it may be that {said}"


def places_of(derivations: Iterable[Derivation]) -> list[str]:
    found = []
    for each in derivations:
        found += [each.where] if each.where else []
        found += places_of(each.because)
    return list(dict.fromkeys(found))


def merged(places: Iterable[str]) -> str:
    """Several places in one phrase, rows of a sheet together.

    >>> merged(["homes, row 3", "homes, row 2", "homes, row 4", "posts, row 9"])
    'homes, rows 2 to 4; posts, row 9'
    >>> merged(["homes, row 1", "homes, row 3", "homes, row 4"])
    'homes, rows 1, 3 and 4'
    """
    sheets: dict[tuple[str, str], set[int]] = {}
    others: list[str] = []
    for place in places:
        found = re.fullmatch(r"(.*), (row|record|line) (\d+)", place)
        if found:
            sheets.setdefault((found.group(1), found.group(2)), set()).add(int(found.group(3)))
        elif place not in others:
            others.append(place)
    told = []
    for (sheet, word), numbers in sheets.items():
        runs: list[list[int]] = []
        for number in sorted(numbers):
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        said: list[str] = []
        for run in runs:
            said += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(each) for each in run]
        told.append(f"{sheet}, {word}{'s' if len(numbers) > 1 else ''} {wording.listed(said)}")
    return "; ".join([*told, *others])


def answers_in_words(answers: Iterable[tuple[str, Outcome]]) -> list[str]:
    """What each answer leads to, answers with the same end told together.

    >>> answers_in_words([("yes", Outcome.MET), ("no", Outcome.BREACHED)])
    ['If yes, it is met; if no, it is breached.']
    """
    answers = _days_together(list(answers))
    ends: dict[Outcome, list[str]] = {}
    for answer, outcome in sorted(answers, key=lambda each: each[0] != "yes"):
        ends.setdefault(outcome, []).append(answer)
    if not ends:
        return []
    if len(ends) == 1 and next(iter(ends)) in (Outcome.UNDECIDED, Outcome.JUDGEMENT):
        return ["This alone does not settle it."]
    told = [
        f"if {wording.listed(each, 'or')}, it is {outcome_in_words(outcome)}"
        for outcome, each in ends.items()
    ]
    return [wording.sentence("; ".join(told))]


def _days_together(answers: list[tuple[str, Outcome]]) -> list[tuple[str, Outcome]]:
    """Answers that are days, with those one after the other that lead to the same told as one stretch.

    They stand for all days: between two that are next to each other and lead to the same, every day does.

    >>> _days_together([("2018-06-02", Outcome.MET), ("2018-06-01", Outcome.BREACHED)])
    [('on or before 2018-06-01', <Outcome.BREACHED: 'breached'>), ('on or after 2018-06-02', <Outcome.MET: 'met'>)]
    """
    if len(answers) < 2 or not all(_DAY.fullmatch(answer) for answer, _ in answers):
        return answers
    ordered = sorted(answers)
    runs = [[answer for answer, _ in run] for _, run in itertools.groupby(ordered, key=lambda each: each[1])]
    outcomes = [outcome for outcome, _ in itertools.groupby(outcome for _, outcome in ordered)]
    if len(runs) == 1:
        return [("on any day", outcomes[0])]
    told = []
    for number, (run, outcome) in enumerate(zip(runs, outcomes, strict=True)):
        if number == 0:
            words = f"on or before {run[-1]}"
        elif number == len(runs) - 1:
            words = f"on or after {run[0]}"
        else:
            words = f"from {run[0]} to {run[-1]}" if len(run) > 1 else f"on {run[0]}"
        told.append((words, outcome))
    return told


def outcome_in_words(outcome: Outcome) -> str:
    return {
        Outcome.UNDECIDED: "still undecided",
        Outcome.JUDGEMENT: "for people to decide",
    }.get(outcome, str(outcome))


def would_be(outcome: Outcome) -> str:
    """An outcome that something else would lead to.

    >>> would_be(Outcome.UNDECIDED), would_be(Outcome.JUDGEMENT)
    ('would be undecided', 'would be for people to decide')
    """
    return "would be undecided" if outcome is Outcome.UNDECIDED else f"would be {outcome_in_words(outcome)}"
