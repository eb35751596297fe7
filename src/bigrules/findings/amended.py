"""What amendments have made of a rule, and since when it is in force, as sentences."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

import attrs

from bigrules.findings import wording
from bigrules.findings.answers import uses
from bigrules.findings.formulas import spell_in_words
from bigrules.language.model import Amended, Definition, Exception_, Limit, Rule, Rulebook
from bigrules.language.spells import Spell
from bigrules.program.formulas import walk

_PARAMETER = "parameter/"


def amended_in_words(rulebook: Rulebook, file: Rule | Definition, day: datetime.date) -> tuple[str, ...]:
    """What a reader has to know of a rule or definition that is not, or not only, as the guidance has it.

    Args:
        rulebook: The rulebook, as it stands on the day.
        file: The rule or definition.
        day: The day of judging.
    """
    said = []
    if file.start is not None or file.end is not None:
        is_now = day in Spell(file.start, file.end) or (isinstance(file, Rule) and file.on)
        verb = "is" if is_now else "is not in force on this day: it is"
        said.append(wording.sentence(f"it {verb} in force {spell_in_words(file.start, file.end, '')}"))
    if isinstance(file, Rule) and file.replaces:
        said.append(f"It stands in place of {_named(rulebook, file.replaces)}.")
    for each in file.amended:
        if each.operation in ("change", "add") and day in Spell(each.start, each.end):
            said.append(_change(rulebook, each))
        elif each.operation == "substitute" and each.id == file.id:
            said.append(f"It stands in place of {_named(rulebook, each.target)} where it applies.")
    said += _parameters(rulebook, file, day)
    return (*said, *_definitions(rulebook, file, day)) if isinstance(file, Rule) else tuple(said)


def _definitions(rulebook: Rulebook, rule: Rule, day: datetime.date) -> Iterator[str]:
    """What amendments have made of the definitions that a rule rests on: it says something else by them."""
    changed = [each for each in rulebook.definitions.values() if each.amended]
    rests_on = uses(rulebook, rule) if changed else set()
    for definition in changed:
        for each in definition.amended if definition.id in rests_on else ():
            if day in Spell(each.start, each.end) or rule.on:
                yield _change(rulebook, each, definition.id)


def _parameters(rulebook: Rulebook, file: Rule | Definition, day: datetime.date) -> Iterator[str]:
    """What amendments have made of the parameters that stand in the limits of a file."""
    changed = [each for each in rulebook.amended if each.target.startswith(_PARAMETER)]
    if not changed:
        return
    own = (file.given, file.condition) if isinstance(file, Rule) else (file.holds, file.people_decide)
    when = [each.when for each in _all(file.exceptions)] if isinstance(file, Rule) else []
    limits = [
        part for each in (*own, *when) if each is not None for part in walk(each) if isinstance(part, Limit)
    ]
    for each in changed:
        name = each.target.removeprefix(_PARAMETER)
        # A rule with a day of its own may be held against any of the values: each is told with its days.
        if day not in Spell(each.start, each.end) and not (isinstance(file, Rule) and file.on):
            continue
        if any(
            limit.value.predicate.endswith(f"/{name}") if limit.value else f"({name})" in limit.text
            for limit in limits
        ):
            yield _change(rulebook, attrs.evolve(each, before={name: each.before}, after={name: each.after}))


def authority(rulebook: Rulebook, by: str) -> str:
    """By what authority something is so; a clause of the ledger by its section and place."""
    return wording.clause_in_words(rulebook, (by,)) if by else ""


def _named(rulebook: Rulebook, id: str) -> str:
    rule = rulebook.rules.get(id)
    return f"“{rule.title}” ({id})" if rule else id


def _change(rulebook: Rulebook, amended: Amended, where: str = "") -> str:
    by = authority(rulebook, amended.by)
    since = spell_in_words(amended.start, amended.end, "")
    parts = [f"as amended{f' {since}' if since else ''}{f' by {by}' if by else ''}"]
    after, before = in_short(amended.after), in_short(amended.before)
    if amended.operation == "add":
        parts.append(f"“{after}” was added" if after else "something was added")
    elif after == "nothing":
        parts.append(f"“{before}” was taken out" if before else "something was taken out")
    elif before and after:
        parts.append(f"“{after}” in place of “{before}”")
    said = wording.sentence(": ".join(parts) + (f" ({where})" if where else ""))
    return f"{said} {wording.sentence(amended.because.rstrip('.'))}" if amended.because else said


def why_amended(rulebook: Rulebook, exception: Exception_) -> str:
    """Why an amendment has made an exception, where it says so; else ""."""
    rule = rulebook.rules.get(exception.id.partition(" unless ")[0])
    mine = [] if rule is None else [each for each in rule.amended if each.title == exception.because]
    return next((each.because.rstrip(".") for each in mine if each.operation not in ("change", "add")), "")


def in_short(written: object) -> str:
    """What stands in a file, in one line; "" where that is too long to read.

    >>> in_short({"at least": "10"})
    'at least: 10'
    """
    if isinstance(written, str):
        return written
    if isinstance(written, Mapping):
        said = [(key, in_short(value)) for key, value in written.items()]
        return "; ".join(f"{key}: {value}" for key, value in said) if all(value for _, value in said) else ""
    if isinstance(written, list):
        said_items = [in_short(each) for each in written]
        return "; ".join(said_items) if said_items and all(said_items) else ""
    return ""


def exception_named(rule: Rule, id: str) -> Exception_ | None:
    """An exception of a rule, or of one of its exceptions, by its id."""
    return next((each for each in _all(rule.exceptions) if each.id == id), None)


def _all(exceptions: tuple[Exception_, ...]) -> Iterator[Exception_]:
    for each in exceptions:
        yield each
        yield from _all(each.unless)
