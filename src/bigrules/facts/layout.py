"""A case laid out as tables for a program: rows with the sites that they depend on."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterable, Iterator

from bigrules.diagnostics import Place
from bigrules.facts import calendar
from bigrules.facts.case import BY_NOW, UNKNOWN, Case, Fact, Incomplete
from bigrules.facts.constraints import pairs_of_one_thing
from bigrules.facts.domains import Domains, Fresh
from bigrules.facts.known import recorded_answers
from bigrules.facts.sites import Layout, Row, Site, When
from bigrules.language.model import Kind, Rulebook
from bigrules.program.core import ALWAYS, DAYS, TODAY, Predicate, Program

# A further list is laid out up to so many candidates; beyond, what reads it is not settled.
MOST_CANDIDATES = 50_000

# In so many further records a thing that no record names is looked for.
MOST_PLACES = 64

# So often it is looked who is new in the rows that everybody has: each time a chain may be longer by one.
MOST_ROUNDS = 4


def lay_out(
    program: Program,
    rulebook: Rulebook,
    case: Case,
    further: int | None = None,
    too_large: frozenset[str] = frozenset(),
) -> Layout:
    """Lay a case out for a program.

    Args:
        program: What is going to read it.
        rulebook: The rulebook that the program was compiled from.
        case: The case.
        further: At most so many further records of a list that is not complete; None for any number.
        too_large: Kinds whose further records are not to be tried.

    Returns:
        The layout. Two engines may share one.
    """
    return _LayOut(program, rulebook, case, further, too_large).run()


class _LayOut:
    def __init__(
        self,
        program: Program,
        rulebook: Rulebook,
        case: Case,
        further: int | None,
        too_large: frozenset[str],
    ) -> None:
        self.program = program
        self.rulebook = rulebook
        self.case = case
        self.further = further
        self.layout = Layout(case, group_limit=further)
        self.kinds = rulebook.vocabulary.kinds
        self.known: set[datetime.date] = {case.as_of}
        self.days_known = False
        self.field_sites: dict[tuple[object, ...], int] = {}
        self.domains = Domains(program, rulebook, case, further)
        self.read = program.columns_read
        self.facts: dict[str, list[tuple[int, Fact]]] = {}
        for number, fact in enumerate(case.facts):
            self.facts.setdefault(fact.kind, []).append((number, fact))
        self.too_large: set[str] = set()
        self.left_out = too_large
        self._candidates: dict[tuple[object, ...], list[tuple[tuple[object, ...], When]]] = {}

    def run(self) -> Layout:
        layout = self.layout
        layout.tables[ALWAYS] = [Row(())]
        layout.tables[TODAY] = [Row((self.case.as_of,))]
        base = [each for each in self.program.predicates.values() if each.base and each.source in self.kinds]
        layout._questions.update(recorded_answers(self.rulebook, self.case))
        # Days first: what is read on days of its own is laid out for these only.
        first = {name for name, _ in self.program.day_columns}
        for predicate in base:
            if predicate.name in first and predicate.mode != "on":
                layout.tables[predicate.name] = self._table(predicate)
        days = {
            row.values[column]
            for name, column in self.program.day_columns
            for row in layout.tables.get(name, ())
            if isinstance(row.values[column], datetime.date)
        }
        for name, column in self.program.day_columns:
            predicate = self.program.predicates[name]
            if predicate.mode == "on":
                # What is read on one day may name another, on which something else is read.
                days |= self._days_named(self.kinds[predicate.source], column)
        for assumed in self.case.assumed:
            days |= {value for value in assumed.values if isinstance(value, datetime.date)}
        layout.days = tuple(sorted(days))  # type: ignore[arg-type]
        self.known |= days  # type: ignore[arg-type]
        self.days_known = True
        layout.tables[DAYS] = [Row((day,)) for day in layout.days]
        if any(self._may_be_open(name, column) for name, column in self.program.day_columns):
            # Nothing dated is in force on an open end; what has no days holds on it, too.
            layout.tables[DAYS].append(Row((None,)))
        # Kinds that everything has a row of come last: what further records speak of has one too.
        base.sort(key=lambda predicate: bool(self.kinds[predicate.source].one_for_each))
        for predicate in base:
            if predicate.name not in layout.tables:
                layout.tables[predicate.name] = self._table(predicate)
        self._chains([each for each in base if self.kinds[each.source].one_for_each])
        self._assumed()
        layout.too_large = frozenset(self.too_large)
        if not self.case.closed:
            layout.everybody = frozenset(each.source for each in base if self.kinds[each.source].one_for_each)
        if layout.sites:
            layout.is_stranger = self.domains.is_stranger
        return layout

    def _may_be_open(self, name: str, column: int) -> bool:
        """Whether a column that days come from may hold an open end."""
        kind = self.kinds[self.program.predicates[name].source]
        if not kind.dated or column < len(kind.fields) - 2:
            return False
        is_open = kind.one_for_each or kind.name not in self.case.asked
        is_open = is_open or any(each.kind == kind.name for each in self.case.incomplete)
        ends = (fact.values[column] for _, fact in self.facts.get(kind.name, ()))
        return bool(is_open) or any(each is None or each is UNKNOWN for each in ends)

    def _days_named(self, kind: Kind, column: int) -> set[object]:
        """Every day that a record of a kind names or may name in a column, whenever the record is in force."""
        values = [fact.values[column] for _, fact in self.facts.get(kind.name, ())]
        is_open = kind.one_for_each or kind.name not in self.case.asked
        is_open = is_open or any(each.kind == kind.name for each in self.case.incomplete)
        if is_open or any(value is UNKNOWN or value is BY_NOW for value in values):
            return set(self.domains.dates())
        return {value for value in values if isinstance(value, datetime.date)}

    # ------------------------------------------------------------ rows

    def _chains(self, everybody: list[Predicate]) -> None:
        """Rows of those whom only a row that nobody wrote down names, until there is nobody new."""
        owners = {
            self.kinds[each.source].field(self.kinds[each.source].one_for_each).type for each in everybody
        }
        chained = any(
            field.type in owners and field.name != self.kinds[each.source].one_for_each
            for each in everybody
            for column, field in enumerate(self.kinds[each.source].fields)
            if column in self.read.get(each.source, frozenset())
        )
        for _ in range(MOST_ROUNDS if chained and not self.case.closed else 0):
            before = [len(self.layout.tables[each.name]) for each in everybody]
            for predicate in everybody:
                self.layout.tables[predicate.name] = self._table(predicate)
            if before == [len(self.layout.tables[each.name]) for each in everybody]:
                break

    def _fresh_in_use(self, name: str) -> dict[object, list[When]]:
        """Every fresh thing of a type that stands in a row so far, and when it does."""
        found: dict[Fresh, dict[When, None]] = {}
        for row in (row for table in self.layout.tables.values() for row in table):
            for value in row.values:
                if isinstance(value, Fresh) and value.type == name:
                    found.setdefault(value, {})[row.when] = None
        # An unknown field may stand for one, in whatever table and on whatever day.
        for number, fact, column in self._unknown_columns(name):
            kind = self.kinds[fact.kind]
            field = kind.fields[column]
            values = self.domains.values(field.type)
            subject = tuple(zip((each.name for each in kind.fields), fact.values, strict=True))
            site = self._site(
                ("field", number, column), "field", kind.name, field.name, subject, values, fact.place
            )
            start: When = ()
            if fact.possible:
                record = self._site(
                    ("record", number), "record", kind.name, "", subject, (False, True), fact.place
                )
                start = ((record, frozenset((1,))),)
            for index, value in enumerate(values):
                if isinstance(value, Fresh):
                    found.setdefault(value, {})[(*start, (site, frozenset((index,))))] = None
        return {each: _least(list(found[each])) for each in sorted(found, key=str)}

    def _unknown_columns(self, name: str) -> Iterator[tuple[int, Fact, int]]:
        """Fields of a type that are not known and that something reads: number of the fact, fact, column."""
        for number, fact in enumerate(self.case.facts):
            read = self.read.get(fact.kind, frozenset())
            for column, field in enumerate(self.kinds[fact.kind].fields):
                if fact.values[column] is UNKNOWN and field.type.name == name and column in read:
                    yield number, fact, column

    def _site(self, key: tuple[object, ...], sort: str, kind: str, field: str, subject: tuple[tuple[str, object], ...],
              values: Iterable[object], place: Place | None, group: int | None = None) -> int:  # fmt: skip
        found = self.field_sites.get(key)
        if found is None:
            found = len(self.layout.sites)
            known = tuple(
                (name, value) for name, value in subject if value is not UNKNOWN and value is not BY_NOW
            )
            self.layout.add(Site(found, sort, kind, field, known, tuple(values), group, place))  # type: ignore[arg-type]
            self.field_sites[key] = found
        return found

    def _ends(self, kind: Kind, number: int, fact: Fact) -> tuple[int | None, list[tuple[object, object]]]:
        """The first and last day of a dated record: a site (or None) and each pair that it may be."""
        begin, end = fact.values[-2], fact.values[-1]
        open_begin = begin is UNKNOWN or begin is BY_NOW
        if not open_begin and end is not UNKNOWN:
            return None, [(begin, end)]
        width = len(kind.fields)
        reads_ends = bool({width - 2, width - 1} & self.read.get(kind.name, frozenset()))
        if reads_ends or not self.days_known:
            days = self.domains.dates()
            begins: list[object] = [*days] if open_begin else [begin]
            ends: list[object] = [*days, None] if end is UNKNOWN else [end]
        else:
            known = sorted(self.known)
            around = {*known, calendar.days(known[0], -1), calendar.days(known[-1], 1)}
            around |= {each for each in (begin, end) if isinstance(each, datetime.date)}
            begins = list[object](sorted(around)) if open_begin else [begin]
            ends = list[object](sorted(around)) if end is UNKNOWN else [end]
        latest = self.case.as_of if begin is BY_NOW else None
        pairs = [
            (first, last)
            for first in begins
            for last in ends
            if (latest is None or not isinstance(first, datetime.date) or first <= latest)
            and (not isinstance(first, datetime.date) or not isinstance(last, datetime.date) or first <= last)
        ]
        if not pairs:  # It ended before the day of judging: it also began by then.
            pairs = [(end, end)]
        if len(pairs) == 1:
            return None, pairs
        field = " and ".join(name for name, gap in (("from", open_begin), ("until", end is UNKNOWN)) if gap)
        subject = tuple(zip((each.name for each in kind.fields), fact.values, strict=True))
        site = self._site(("ends", number), "field", kind.name, field, subject, pairs, fact.place)
        return site, pairs

    def _table(self, predicate: Predicate) -> list[Row]:
        kind = self.kinds[predicate.source]
        if predicate.mode == "soon":
            return self._further(kind, predicate, Incomplete(kind.name), soon=True)
        rows: list[Row] = []
        for number, fact in self.facts.get(kind.name, ()):
            if _is_known(fact):
                self._known_rows(kind, predicate, number, fact, rows)
            else:
                rows += self._fact_rows(kind, predicate, number, fact)
        if kind.one_for_each and not self.case.closed:
            rows += self._implied(kind, predicate)
        elif kind.name not in self.case.asked:
            rows += self._further(kind, predicate, Incomplete(kind.name), soon=False)
        if not (kind.one_for_each and not self.case.closed) and kind.name in self.case.asked:
            for incomplete in self.case.incomplete:
                if incomplete.kind == kind.name:
                    rows += self._further(kind, predicate, incomplete, soon=False)
        return rows

    def _known_rows(self, kind: Kind, predicate: Predicate, number: int, fact: Fact, rows: list[Row]) -> None:
        """Rows of a fact of which everything is known: most facts of most cases."""
        values = fact.values
        if kind.happened and any(
            field.happened and isinstance(value, datetime.date) and value > self.case.as_of
            for field, value in zip(kind.fields, values, strict=True)
        ):
            return
        if not kind.dated or predicate.mode == "ever":
            rows.append(Row(values, (), number))
            return
        first, last = values[-2], values[-1]
        for day in self._days_of(predicate):
            if isinstance(first, datetime.date) and first > day:
                continue
            if isinstance(last, datetime.date) and last < day:
                continue
            rows.append(Row((*values, day) if predicate.mode == "on" else values, (), number))

    def _fact_rows(self, kind: Kind, predicate: Predicate, number: int, fact: Fact) -> list[Row]:
        subject = tuple(zip((each.name for each in kind.fields), fact.values, strict=True))
        start: When = ()
        if fact.possible:
            site = self._site(("record", number), "record", kind.name, "", subject, (False, True), fact.place)
            start = ((site, frozenset((1,))),)
        read = self.read.get(kind.name, frozenset())
        options: list[tuple[list[object], When]] = [([], start)]
        width = len(kind.fields) - (2 if kind.dated else 0)
        for column in range(width):
            value = fact.values[column]
            field = kind.fields[column]
            if value is not UNKNOWN:
                if field.happened and isinstance(value, datetime.date) and value > self.case.as_of:
                    return []
                options = [([*values, value], when) for values, when in options]
            elif column not in read and not field.happened:
                options = [([*values, None], when) for values, when in options]
            else:
                choices = self.domains.values(field.type)
                site = self._site(
                    ("field", number, column), "field", kind.name, field.name, subject, choices, fact.place
                )
                options = [
                    ([*values, choice], (*when, (site, frozenset((index,)))))
                    for values, when in options
                    for index, choice in enumerate(self.layout.sites[site].values)
                    if not (field.happened and isinstance(choice, datetime.date) and choice > self.case.as_of)
                ]
        if not kind.dated:
            return [Row(tuple(values), when, number) for values, when in options]
        site_or_none, pairs = self._ends(kind, number, fact)
        rows = []
        for day in self._days_of(predicate):
            extra = (day,) if predicate.mode == "on" else ()
            for ends, indexes in self._in_force(kind, pairs, None if predicate.mode == "ever" else day):
                when_ends: When = ()
                if site_or_none is not None and len(indexes) < len(pairs):
                    when_ends = ((site_or_none, frozenset(indexes)),)
                rows += [
                    Row((*values, *ends, *extra), (*when, *when_ends), number) for values, when in options
                ]
        return rows

    def _days_of(self, predicate: Predicate) -> tuple[datetime.date, ...]:
        return self.layout.days if predicate.mode == "on" else (self.case.as_of,)

    def _in_force(
        self, kind: Kind, pairs: list[tuple[object, object]], day: datetime.date | None
    ) -> list[tuple[tuple[object, object], list[int]]]:
        """Which of the pairs of ends are in force on a day, by what a row can tell of them."""
        width = len(kind.fields)
        reads_ends = bool({width - 2, width - 1} & self.read.get(kind.name, frozenset()))
        found: dict[tuple[object, object], list[int]] = {}
        for index, (first, last) in enumerate(pairs):
            if day is not None:
                if isinstance(first, datetime.date) and first > day:
                    continue
                if isinstance(last, datetime.date) and last < day:
                    continue
            shown = (first, last) if reads_ends or len(pairs) == 1 else (None, None)
            found.setdefault(shown, []).append(index)
        return list(found.items())

    def _implied(self, kind: Kind, predicate: Predicate) -> list[Row]:
        """Rows for things that have none, although everything of their type has one."""
        column = next(index for index, each in enumerate(kind.fields) if each.name == kind.one_for_each)
        thing = kind.fields[column].type.name
        fresh = self._fresh_in_use(thing)
        listed = [*self.domains.things(thing), *fresh]
        read = self.read.get(kind.name, frozenset())
        found: list[Row] = []
        width = len(kind.fields) - (2 if kind.dated else 0)
        for day in self._days_of(predicate):
            explicit: dict[object, set[When]] = {}
            for number, fact in self.facts.get(kind.name, ()):
                owner = fact.values[column]
                site: int | None = None
                pairs: list[tuple[object, object]] = [(None, None)]
                if kind.dated:
                    site, pairs = self._ends(kind, number, fact)
                for _, indexes in self._in_force(kind, pairs, day if kind.dated else None):
                    start: When = ()
                    if fact.possible:
                        rec = self._site(
                            ("record", number), "record", kind.name, "", (), (False, True), fact.place
                        )
                        start = ((rec, frozenset((1,))),)
                    if site is not None and len(indexes) < len(pairs):
                        start = (*start, (site, frozenset(indexes)))
                    if owner is UNKNOWN:
                        values = self.domains.values(kind.fields[column].type)
                        who = self._site(
                            ("field", number, column),
                            "field",
                            kind.name,
                            kind.one_for_each,
                            (),
                            values,
                            fact.place,
                        )
                        for index, value in enumerate(values):
                            explicit.setdefault(value, set()).add((*start, (who, frozenset((index,)))))
                    else:
                        explicit.setdefault(owner, set()).add(start)
            for thing_id in listed:
                # A thing that no record names has a row only where a further record names it. With very many
                # of these it has one anyway, which leaves open a little more than need be.
                there = fresh.get(thing_id, [()])
                nones = self._none_of(sorted(explicit.get(thing_id, ()), key=str))
                for none in _each_of(nones, there if len(there) <= MOST_PLACES else [()]):
                    options: list[tuple[list[object], When]] = [([], none)]
                    for index in range(width):
                        field = kind.fields[index]
                        if index == column:
                            options = [([*values, thing_id], when) for values, when in options]
                        elif index not in read:
                            options = [([*values, None], when) for values, when in options]
                        else:
                            site_index = self._site(
                                ("implied", kind.name, thing_id, day, index), "field", kind.name, field.name,
                                ((kind.one_for_each, thing_id),), self.domains.values(field.type), None,
                            )  # fmt: skip
                            options = [
                                ([*values, choice], (*when, (site_index, frozenset((number,)))))
                                for values, when in options
                                for number, choice in enumerate(self.layout.sites[site_index].values)
                            ]
                    extra = (day,) if predicate.mode == "on" else ()
                    found += [
                        Row((*values, *ends, *extra), (*when, *when_ends))
                        for ends, when_ends in self._implied_ends(kind, thing_id, day)
                        for values, when in options
                    ]
        return found

    def _implied_ends(
        self, kind: Kind, thing: object, day: datetime.date
    ) -> list[tuple[tuple[object, ...], When]]:
        """Since when and until when a row that nobody wrote down is in force: nothing is known of it."""
        if not kind.dated:
            return [((), ())]
        width = len(kind.fields)
        if not {width - 2, width - 1} & self.read.get(kind.name, frozenset()):
            return [((None, None), ())]
        days = self.domains.dates()
        pairs = [
            (first, last)
            for first in days
            if first <= day
            for last in (*days, None)
            if last is None or day <= last
        ]
        key = ("implied ends", kind.name, thing, day)
        subject = ((kind.one_for_each, thing),)
        site = self._site(key, "field", kind.name, "from and until", subject, pairs, None)
        return [(pair, ((site, frozenset((number,))),)) for number, pair in enumerate(pairs)]

    def _none_of(self, conditions: list[When]) -> list[When]:
        """Disjoint conjunctions that say that none of these conjunctions holds."""
        result: list[When] = [()]
        for when in conditions:
            step: list[When] = []
            for index, (site, allowed) in enumerate(when):
                rest = frozenset(range(len(self.layout.sites[site].values))) - allowed
                if rest:
                    step.append((*when[:index], (site, rest)))
            result = [(*left, *right) for left in result for right in step]
        return [merged for each in result if (merged := _merge(each)) is not None]

    # ------------------------------------------------------------ lists that are not complete

    def _further(self, kind: Kind, predicate: Predicate, incomplete: Incomplete, soon: bool) -> list[Row]:
        """Rows of records that may exist although nobody wrote them down."""
        key = (kind.name, incomplete.field, incomplete.value, soon)
        if key not in self._candidates:
            self._candidates[key] = self._candidate_records(kind, incomplete, soon)
        rows = []
        for values, when in self._candidates[key]:
            if not kind.dated or soon:
                rows.append(Row(values, when))
                continue
            first, last = values[-2], values[-1]
            for day in self._days_of(predicate):
                if predicate.mode != "ever":
                    if isinstance(first, datetime.date) and first > day:
                        continue
                    if isinstance(last, datetime.date) and last < day:
                        continue
                rows.append(Row((*values, day) if predicate.mode == "on" else values, when))
        return rows

    def _candidate_records(
        self, kind: Kind, incomplete: Incomplete, soon: bool
    ) -> list[tuple[tuple[object, ...], When]]:
        read = self.read.get(kind.name, frozenset())
        width = len(kind.fields) - (2 if kind.dated else 0)
        domains: list[list[object]] = []
        for column in range(width):
            field = kind.fields[column]
            if field.name == incomplete.field:
                domains.append([incomplete.value])
            elif field.happened and column not in read:
                # Nothing looks at the day: that it has come is all there is to it.
                domains.append([self.case.as_of])
            elif field.happened:
                # The day of judging is not over: what is recorded for it is there, and more may follow.
                today = self.case.as_of
                days = self.domains.dates()
                domains.append([day for day in days if (day >= today if soon else day <= today)])
            elif column not in read and not (
                field.type.is_thing and ((column == 0 and kind.lists) or field.name in kind.key)
            ):
                domains.append([None])
            elif field.type.is_thing:
                fresh = [
                    Fresh(field.type.name, number + 1)
                    for number in range(self.domains.fresh_for(kind, field.type))
                ]
                domains.append([*self.domains.things(field.type.name), *fresh])
            elif field.type.choices:
                domains.append(self.domains.told_apart(kind, column, field.type.choices))
            else:
                domains.append(self.domains.values(field.type))
        ends: list[tuple[object, ...]] = [()]
        if kind.dated:
            reads_ends = bool({width, width + 1} & read)
            ends = self._further_ends(kind, read) if reads_ends or not soon else [(None, None)]
        count = math.prod(len(each) for each in domains) * len(ends)
        if count > MOST_CANDIDATES or kind.name in self.left_out:
            self.too_large.add(kind.name)
            return []
        group = len(self.layout.lists)
        self.layout.lists.append(incomplete)
        names = [each.name for each in kind.fields]
        sort = "future" if soon else "list"
        apart = [(names.index(one), names.index(other)) for one, other in pairs_of_one_thing(kind)]
        records = [
            (*values, *each)
            for values in itertools.product(*domains)
            # Nobody is related to themselves.
            if not any(values[one] is not None and values[one] == values[other] for one, other in apart)
            for each in ends
        ]
        found: list[tuple[tuple[object, ...], When]] = []
        for number, record in enumerate(records):
            subject = tuple(zip(names, record, strict=True))
            site = self._site(
                ("further", group, number), sort, kind.name, "", subject, (False, True), None, group
            )
            found.append((record, ((site, frozenset((1,))),)))
        return found

    def _further_ends(self, kind: Kind, read: frozenset[int]) -> list[tuple[object, ...]]:
        width = len(kind.fields)
        if {width - 2, width - 1} & read:
            days = self.domains.dates()
            if not {width - 2, width - 1} <= read and not self._on_days(kind):
                return [*calendar.ends_seen(days, self.case.as_of, begins=width - 2 in read)]
            return [
                (first, last) for first in days for last in (*days, None) if last is None or first <= last
            ]
        known = sorted(self.known)
        if self.further is None:
            # Any number of records: one for each day does for every stretch of days.
            return [(day, day) for day in known]
        return [(first, last) for index, first in enumerate(known) for last in known[index:]]

    def _on_days(self, kind: Kind) -> bool:
        """Whether a kind is read on days other than that of judging."""
        return any(
            each.base and each.source == kind.name and each.mode == "on"
            for each in self.program.predicates.values()
        )

    # ------------------------------------------------------------ answers, and what examples state

    def _assumed(self) -> None:
        for assumed in self.case.assumed:
            definition = self.rulebook.definitions[assumed.predicate]
            when: When = ()
            if not assumed.known:
                subject = tuple(zip(definition.slots, assumed.values, strict=True))
                key = ("assumed", assumed.predicate, assumed.values)
                site = self._site(key, "record", assumed.predicate, "", subject, (False, True), None)
                when = ((site, frozenset((1,))),)
            both: list[tuple[object, ...]] = [assumed.values]
            if definition.symmetric:
                both.append((assumed.values[1], assumed.values[0], *assumed.values[2:]))
            for values in both:
                for name in (assumed.predicate, f"{assumed.predicate} @ever"):
                    if name in self.program.predicates:
                        self.layout.tables.setdefault(name, []).append(Row(values, when))
                name = f"{assumed.predicate} @on"
                if name in self.program.predicates:
                    table = self.layout.tables.setdefault(name, [])
                    table += [Row((*values, *row.values), when) for row in self.layout.tables[DAYS]]


def _is_known(fact: Fact) -> bool:
    return not fact.possible and not any(value is UNKNOWN or value is BY_NOW for value in fact.values)


def _least(conditions: list[When]) -> list[When]:
    """Conjunctions without those that hold only where another one does."""
    if len(conditions) > 4 * MOST_PLACES:
        return conditions
    kept: list[When] = []
    for each in sorted(conditions, key=len):
        mine = dict(each)
        if not any(all(site in mine and mine[site] <= allowed for site, allowed in one) for one in kept):
            kept.append(each)
    return kept


def _each_of(left: list[When], right: list[When]) -> list[When]:
    return [merged for one in left for other in right if (merged := _merge((*one, *other))) is not None]


def _merge(when: When) -> When | None:
    """One entry for each site; None if they exclude each other."""
    merged: dict[int, frozenset[int]] = {}
    for site, allowed in when:
        merged[site] = merged[site] & allowed if site in merged else allowed
        if not merged[site]:
            return None
    return tuple(merged.items())


__all__ = ["Layout", "Row", "Site", "When", "lay_out"]
