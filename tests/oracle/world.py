"""One completion while it is being evaluated: the records, and what has been chosen so far."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping

import attrs

from bigrules.language.model import Kind, Rulebook

# A site is a tuple that begins with its sort: `field`, `record`, `list`, `future`, `row`, `question`.
Site = tuple[object, ...]
Row = tuple[object, ...]

EVER = "ever"
Mode = datetime.date | str | None  # a day, or `ever`; None where a slot holds an open end


class Need(Exception):
    """Something that is not known was asked for.

    Args:
        site: What was asked for.
        options: What it may be.
    """

    def __init__(self, site: Site, options: tuple[object, ...]) -> None:
        super().__init__(site)
        self.site = site
        self.options = options


@attrs.define(eq=False)
class World:
    """Everything that one completion says.

    Args:
        rulebook: The rules.
        as_of: The day of judging.
        rows: The records of each kind.
        later: Records of each kind that may still happen, from the day of judging on, for deadlines.
        assumed: Tuples of definitions that are stated outright.
        answers: What people decided: question and subject to `yes` or `no`.
        chosen: What was chosen for sites that were met on the way.
        things: Things that have a row where a kind has one for each of them, by type.
        row_options: What the fields of an unknown row may be.
        tables: Tables of definitions that are settled, by id and mode.
        current: Tables of definitions that are being computed.
        results: Outcomes of rules that are settled.
    """

    rulebook: Rulebook
    as_of: datetime.date
    rows: Mapping[str, tuple[Row, ...]]
    later: Mapping[str, tuple[Row, ...]] = attrs.field(factory=dict)
    assumed: Mapping[str, tuple[Row, ...]] = attrs.field(factory=dict)
    answers: Mapping[tuple[str, Row], str] = attrs.field(factory=dict)
    chosen: Mapping[Site, object] = attrs.field(factory=dict)
    things: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    row_options: Callable[[World, Kind, str, datetime.date], tuple[Row, ...]] | None = None
    tables: dict[tuple[str, Mode], set[Row]] = attrs.field(factory=dict)
    current: dict[tuple[str, Mode], set[Row]] = attrs.field(factory=dict)
    results: dict[str, dict[Row, object]] = attrs.field(factory=dict)
    read_rows: dict[tuple[str, Mode, bool], tuple[Row, ...]] = attrs.field(factory=dict)

    def choose(self, site: Site, options: Callable[[], tuple[object, ...]]) -> object:
        """What was chosen for a site; asks for it where nothing was."""
        if site not in self.chosen:
            raise Need(site, options())
        return self.chosen[site]

    def answer(self, question: str, subject: Row, symmetric: bool) -> bool:
        """Whether people say yes; one question for the pair where it is symmetric."""
        turned = (subject[1], subject[0], *subject[2:]) if symmetric else subject
        for each in (subject, turned):
            if (question, each) in self.answers:
                return self.answers[question, each] == "yes"
        site = ("question", question, min(subject, turned, key=repr))
        return self.choose(site, lambda: ("yes", "no")) == "yes"

    def read(self, kind_name: str, mode: Mode, future: bool) -> tuple[Row, ...]:
        """The records of a kind that are read on a day or ever."""
        key = (kind_name, mode, future)
        if key not in self.read_rows:
            self.read_rows[key] = tuple(self._read(self.rulebook.vocabulary.kinds[kind_name], mode, future))
        return self.read_rows[key]

    def _read(self, kind: Kind, mode: Mode, future: bool) -> Iterable[Row]:
        recorded = [row for row in self.rows.get(kind.name, ()) if self._happened(kind, row)]
        yield from (row for row in recorded if in_force(kind, row, mode))
        if future:
            yield from self.later.get(kind.name, ())
        if kind.one_for_each and (mode is not None or not kind.dated):
            # Whoever has no row on the day has one that is not known; read ever, on the day of judging.
            day = mode if isinstance(mode, datetime.date) and kind.dated else self.as_of
            at = [each.name for each in kind.fields].index(kind.one_for_each)
            have = {row[at] for row in recorded if in_force(kind, row, day)}
            for thing in self.listed(kind.fields[at].type.name):
                if thing not in have:
                    site = ("row", kind.name, thing, day)
                    yield self.choose(site, lambda thing=thing: self.options(kind, thing, day))

    def options(self, kind: Kind, thing: str, day: datetime.date) -> tuple[Row, ...]:
        """What the row that is not known of one thing may be."""
        return () if self.row_options is None else self.row_options(self, kind, thing, day)

    def listed(self, type_name: str) -> list[str]:
        """The things of a type that each have a row where a kind has one for each."""
        if not self.things:
            return []
        found = set(self.things.get(type_name, ()))
        for site, row in self.chosen.items():
            if site[0] == "row":
                fields = self.rulebook.vocabulary.kinds[str(site[1])].fields
                of_type = (v for field, v in zip(fields, row, strict=True) if field.type.name == type_name)
                found |= {each for each in of_type if isinstance(each, str)}
        return sorted(found)

    def _happened(self, kind: Kind, row: Row) -> bool:
        if not kind.happened:
            return True
        day = row[[each.name for each in kind.fields].index(kind.happened)]
        return day is None or not isinstance(day, datetime.date) or day <= self.as_of


def in_force(kind: Kind, row: Row, mode: Mode) -> bool:
    """Whether a record counts on a day; whatever is not dated always does."""
    if not kind.dated or mode == EVER:
        return True
    if mode is None:
        return False
    begins, ends = row[-2], row[-1]
    return (begins is None or begins <= mode) and (ends is None or mode <= ends)
