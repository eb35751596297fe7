"""How those that a condition holds for are made up: counts by characteristic, beside those of the area.

No count says who is meant, and where a report leaves the terminal no small one can be worked out: see `hidden`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import attrs

from bigrules.facts.case import UNKNOWN, Case, Fact
from bigrules.findings import wording
from bigrules.findings.figures import between
from bigrules.language.model import Rulebook
from bigrules.language.shown import BESIDE, ShowProfile

# A count below this, other than none, is a small one.
SMALL = 5
FEWER, MORE, NONE, KEPT_BACK = f"fewer than {SMALL}", f"{SMALL} or more", "none", "not shown"

# An answer, and not a group of its own beside which the area could have a percentage.
NO_ANSWER = "prefers not to say"


@attrs.frozen
class Count:
    """How many, over all completions.

    Args:
        least: At least so many.
        greatest: At most so many, or None where there is no bound.
    """

    least: int = 0
    greatest: int | None = 0

    def __str__(self) -> str:
        return between(self.least, self.greatest)


@attrs.frozen
class Group:
    """One group of a characteristic.

    Args:
        name: What it is called.
        count: How many are known to be of it.
        percent: How many of every hundred in the area are of it, or None where that is not recorded.
        of_the_area: Whether the list of the area names it.
    """

    name: str
    count: Count
    percent: Fraction | None = None
    of_the_area: bool = False


@attrs.frozen
class Characteristic:
    """One characteristic.

    Args:
        name: Its name.
        groups: Its groups: those of the area in their order, then others that somebody is of.
        not_known: Of how many it is not known.
    """

    name: str
    groups: tuple[Group, ...]
    not_known: Count


@attrs.frozen
class Profile:
    """How some are made up.

    Args:
        what: What is counted, such as `person`.
        count: How many there are.
        characteristics: By each characteristic.
        not_asked: Lists that it is made from and that were not asked.
    """

    what: str
    count: Count
    characteristics: tuple[Characteristic, ...]
    not_asked: tuple[str, ...] = ()


def profile_of(
    show: ShowProfile,
    rulebook: Rulebook,
    case: Case,
    certain: Iterable[str],
    possible: Iterable[str],
    count: Count,
) -> Profile:
    """The profile of some.

    Args:
        show: What is asked for.
        rulebook: Has the kinds of fact.
        case: Has the rows.
        certain: Those that are counted for certain.
        possible: Those that are counted in some completions.
        count: How many there are.
    """
    certain, possible = list(certain), list(possible)
    # Of those whom no record names nothing is known.
    nameless = Count(
        max(count.least - len(certain) - len(possible), 0),
        None if count.greatest is None else max(count.greatest - len(certain) - len(possible), 0),
    )
    rows = _rows(show, rulebook, case)
    characteristics = tuple(
        _characteristic(
            each, rows.get(each, {}), _area(show, rulebook, case, each), certain, possible, nameless
        )
        for each in show.by
    )
    kinds = [show.kind, *([show.beside] if show.beside else [])]
    what = show.types[show.limit.measure.key].name
    return Profile(what, count, characteristics, tuple(each for each in kinds if each not in case.asked))


def _recorded(case: Case, kind: str) -> Iterable[Fact]:
    return (each for each in case.facts if each.kind == kind and not each.possible)


def _rows(show: ShowProfile, rulebook: Rulebook, case: Case) -> dict[str, dict[str, str | None]]:
    """By characteristic, what is recorded of each; None where rows contradict each other."""
    fields = rulebook.vocabulary.kinds[show.kind].fields
    columns = {field.name: number for number, field in enumerate(fields)}
    found: dict[str, dict[str, str | None]] = {}
    for fact in _recorded(case, show.kind):
        holder = fact.values[columns[show.holder]]
        for name in show.by:
            value = fact.values[columns[name]]
            if value is UNKNOWN or value is None or not isinstance(holder, str):
                continue
            said, mine = wording.number_in_words(value), found.setdefault(name, {})
            before = mine.setdefault(holder, said)
            if before is not None and _same(before) != _same(said):
                mine[holder] = None
    return found


def _area(show: ShowProfile, rulebook: Rulebook, case: Case, name: str) -> dict[str, Fraction | None]:
    """The groups of the area by one characteristic, with their percentages."""
    if not show.beside:
        return {}
    names = [field.name for field in rulebook.vocabulary.kinds[show.beside].fields]
    characteristic, group, percent = (names.index(each) for each in BESIDE)
    found: dict[str, Fraction | None] = {}
    for fact in _recorded(case, show.beside):
        values = fact.values
        if values[characteristic] == name and values[group] is not UNKNOWN and values[group] is not None:
            share = values[percent]
            known = Fraction(share) if isinstance(share, int | Fraction) else None
            found.setdefault(wording.number_in_words(values[group]), known)
    return found


def _characteristic(
    name: str,
    rows: Mapping[str, str | None],
    area: Mapping[str, Fraction | None],
    certain: Sequence[str],
    possible: Sequence[str],
    nameless: Count,
) -> Characteristic:
    called = {_same(each): each for each in area}
    numbers: dict[str | None, list[int]] = {_same(each): [0, 0] for each in area}
    for number, those in enumerate((certain, possible)):
        for each in those:
            said = rows.get(each)
            key = None if said is None else _same(said)
            if said is not None:
                called.setdefault(_same(said), said)
            numbers.setdefault(key, [0, 0])[number] += 1

    def counted(key: str | None) -> Count:
        sure, perhaps = numbers.get(key, [0, 0])
        return Count(sure, sure + perhaps)

    own = [each for each in numbers if each is not None and each not in map(_same, area)]
    own.sort(key=lambda each: (each == NO_ANSWER, wording.natural(each)))
    groups = [Group(each, counted(_same(each)), percent, True) for each, percent in area.items()]
    groups += [Group(called[each], counted(each)) for each in own]
    unknown = counted(None)
    greatest = (
        None
        if unknown.greatest is None or nameless.greatest is None
        else unknown.greatest + nameless.greatest
    )
    return Characteristic(name, tuple(groups), Count(unknown.least + nameless.least, greatest))


def _same(said: str) -> str:
    """Capitals and spaces make no other group."""
    return " ".join(said.split()).casefold()


# ---------------------------------------------------------------- small counts


def without_own_words(characteristic: Characteristic) -> Characteristic:
    """A characteristic with all groups that the area does not have as one: what people say in their own words."""
    listed = [each for each in characteristic.groups if each.of_the_area]
    apart = [each for each in characteristic.groups if not each.of_the_area and _same(each.name) == NO_ANSWER]
    others = [each for each in characteristic.groups if each not in listed and each not in apart]
    if others:
        sure = sum(each.count.least for each in others)
        most = sum(each.count.greatest or 0 for each in others)
        listed.append(Group("other answers", Count(sure, most)))
    return attrs.evolve(characteristic, groups=(*listed, *apart))


def hidden(counts: Sequence[Count], of: Count) -> tuple[str, ...]:
    """Counts in words, so that no small one can be worked out, not even by whoever knows how many there are in all.

    Where one of the counts is small, none of them is told exactly, or it would be what the others leave of the
    total. Where even so only one number is left that a small count can be, none is told at all.

    Args:
        counts: The counts; together they are all.
        of: How many there are in all.

    >>> hidden([Count(7, 7), Count(6, 6), Count(0, 0)], Count(13, 13))
    ('7', '6', 'none')
    >>> hidden([Count(7, 7), Count(4, 4), Count(2, 2), Count(0, 0)], Count(13, 13))
    ('5 or more', 'fewer than 5', 'fewer than 5', 'none')
    >>> hidden([Count(1, 1), Count(5, 5)], Count(6, 6))
    ('not shown', 'not shown')
    """
    if not any(_may_be_small(each) for each in counts):
        return tuple(NONE if each.greatest == 0 else str(each) for each in counts)
    if of.least == of.greatest and of.least in (len(counts), (SMALL - 1) * len(counts)):
        # Of such a total all counts could be the same, and then to keep all of them back would tell them.
        return tuple(KEPT_BACK for _ in counts)
    ranges = [_told(each) for each in counts]
    for number, (words, least, greatest) in enumerate(ranges):
        others = ranges[:number] + ranges[number + 1 :]
        low, high = least, greatest
        if all(top is not None for _, _, top in others):
            low = max(low, of.least - sum(top or 0 for _, _, top in others))
        if of.greatest is not None:
            rest = of.greatest - sum(bottom for _, bottom, _ in others)
            high = rest if high is None else min(high, rest)
        mine = counts[number]
        as_exact = (low, high) == (mine.least, mine.greatest)
        if words in (FEWER, KEPT_BACK) and high is not None and as_exact:
            return tuple(KEPT_BACK for _ in counts)
    return tuple(words for words, _, _ in ranges)


def _may_be_small(count: Count) -> bool:
    return count.least < SMALL and count.greatest != 0


def _told(count: Count) -> tuple[str, int, int | None]:
    """What is told of a count where one of them is small, and what that leaves open: least and greatest."""
    if count.greatest == 0:
        return NONE, 0, 0
    if count.least >= SMALL:
        return MORE, SMALL, None
    if count.greatest is not None and count.greatest < SMALL:
        return FEWER, min(count.least, 1), SMALL - 1
    return KEPT_BACK, 0, None
