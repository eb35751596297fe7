"""Every way to fill in what is not known about a small case."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import attrs

from bigrules.facts.case import BY_NOW, UNKNOWN, Case, Fact
from bigrules.language.model import Kind, Limit, Rulebook, Slot, Test, Type
from oracle import calendar
from oracle.cases import DAY, in_use, listed, recorded_answers, with_values
from oracle.evaluate import TwoValued, evaluate_world
from oracle.reads import Reads, all_formulas, constants, reads
from oracle.world import Need, Row, Site, World

# A whole number with bounds that are nearer to each other is of a finite type: each of them is tried.
NEAR = 60


class TooMany(Exception):
    """A case has more completions than may be tried."""


@attrs.frozen
class Completion:
    """One completion and what every rule comes to in it.

    Args:
        sites: What was chosen for each site: fields, records and lists for all, rows and questions
            where a rule asked for them.
        case: The case with everything that was chosen filled in.
        findings: What each rule comes to.
    """

    sites: Mapping[Site, object]
    case: Case
    findings: Mapping[tuple[str, Row], TwoValued]


def fresh(type_name: str, number: int) -> str:
    """A thing or text that stands nowhere in the case."""
    return f"~{type_name} {number}"


def numbers_in_use(used: Mapping[str, set[object]]) -> set[object]:
    """Numbers and whole numbers that stand in the case."""
    return used.get("number", set()) | used.get("whole number", set())


def representatives(used: Mapping[str, set[object]], read: Reads, unknown_dates: int) -> list[datetime.date]:
    """One date at least for each stretch between the days that the rules tell apart."""
    dates = {each for each in used["date"] if isinstance(each, datetime.date)}
    dates |= {each for each in constants(read.formulas) if isinstance(each, datetime.date)}
    tests = [part for part in read.formulas if isinstance(part, Test)]
    found = set(dates)
    for test in tests:
        for day in dates:
            if test.op.startswith("within days"):
                found |= {day + DAY * test.amount, day - DAY * test.amount}
            elif test.op.endswith("years before"):
                found |= {calendar.years_later(day, n) for n in (test.amount, -test.amount)}
            elif test.op.endswith("months before"):
                found |= {calendar.months_later(day, n) for n in (test.amount, -test.amount)}
    numbers = numbers_in_use(used) | constants(read.formulas)
    years = {day.year for day in dates}
    years |= {int(n) for n in numbers if isinstance(n, int | Fraction) and n == int(n) and 1900 <= n <= 2100}
    for test in tests:
        first_month, first, last_month, last = (1, 1, 12, 31) if test.op == "in year" else test.window
        if test.op in ("in year", "window"):
            for year in years:
                found.add(calendar.day_of(year, first_month, first))
                found.add(calendar.last_day(year, last_month, last))
    # Between two days there is room for as many unknown dates as the rules may put in a row.
    room = range(1, max(2, min(unknown_dates, dates_in_a_row(read))))
    return sorted(found | {day + sign * DAY * step for day in found for sign in (-1, 1) for step in room})


def dates_in_a_row(read: Reads) -> int:
    """How many slots stand in tests that hold against dates, at the most."""
    order = ("before", "after", "on or before", "on or after", "different")
    tests = [part for part in read.formulas if isinstance(part, Test)]
    dated = [
        part for part in tests if part.op in order or part.op.startswith("within") or "before" in part.op
    ]
    return sum(sum(isinstance(term, Slot) for term in part.terms) for part in dated)


def dates_not_known(rulebook: Rulebook, case: Case) -> int:
    """How many dates are not known; very many where a list with dates is not complete."""
    dated = {
        kind.name
        for kind in rulebook.vocabulary.kinds.values()
        if any(field.type.name == "date" for field in kind.fields)
    }
    if dated - case.asked or any(each.kind in dated for each in case.incomplete):
        return 3
    kinds = rulebook.vocabulary.kinds
    return sum(
        (value is UNKNOWN or value is BY_NOW) and field.type.name == "date"
        for fact in case.facts
        for field, value in zip(kinds[fact.kind].fields, fact.values, strict=True)
    )


def far_numbers(rulebook: Rulebook, case: Case) -> set[object]:
    """Numbers that bring a sum to its limit, and far to either side of it."""
    bounds = {
        part.bound if isinstance(part.bound, Fraction) else Fraction(1)
        for part in all_formulas(rulebook)
        if isinstance(part, Limit)
        for measure in (part.measure, part.of)
        if measure is not None
        and (measure.aggregate == "total" or (measure.aggregate == "share" and measure.value))
    }
    known = [value for fact in case.facts for value in fact.values if isinstance(value, int | Fraction)]
    far = 10_000 * (1 + sum(abs(value) for value in known))
    return {number for bound in bounds for number in (far, -far, bound - sum(known))}


@attrs.define(eq=False)
class Domains:
    """What a field that is not known may be.

    Args:
        rulebook: The rules.
        case: The case.
        read: What the rules read.
        used: Values in use, by type.
        relevant_only: Whether fields that no rule reads are left out.
        dates: Representatives of dates.
        days: Days on which facts may be read.
        texts: Texts and things that stand in a rule, for every type.
        numbers: Numbers that an unknown number may be.
    """

    rulebook: Rulebook
    case: Case
    read: Reads
    used: dict[str, set[object]]
    relevant_only: bool
    dates: list[datetime.date]
    days: set[datetime.date]
    numbers: list[object]
    texts: dict[str, set[object]]

    def matters(self, kind: Kind, at: int) -> bool:
        """Whether what stands in a field can make a difference."""
        if kind.name not in self.read.columns:
            return False
        field = kind.fields[at]
        day = kind.dated and field.name in ("from", "until")
        return at in self.read.columns[kind.name] or day or field.happened

    def field(self, kind: Kind, at: int, fresh_values: list[str], row: Row | None = None) -> list[object]:
        """Every value of a field that is not known."""
        field = kind.fields[at]
        type_ = field.type
        if self.relevant_only and not self.matters(kind, at):
            return [UNKNOWN]
        if type_.choices:
            return list(type_.choices)
        # Between far bounds, such as those of a year, those that tests can tell apart stand for the others.
        if type_.least is not None and type_.greatest is not None and type_.greatest - type_.least < NEAR:
            return list(range(type_.least, type_.greatest + 1))
        if type_.name in ("number", "whole number"):
            return self.number(type_)
        if type_.name == "date":
            return self.date(kind, at, row)
        return [
            *sorted(self.used.get(type_.name, set()) | self.texts.get(type_.name, set()), key=repr),
            *fresh_values,
        ]

    def number(self, type_: Type) -> list[object]:
        """Numbers in use and in rules, and those beside them."""
        whole = type_.name == "whole number"
        found = [
            number
            for number in (round_both(self.numbers) if whole else self.numbers)
            if (type_.least is None or number >= type_.least)
            and (type_.greatest is None or number <= type_.greatest)
        ]
        ends = {end for end in (type_.least, type_.greatest) if end is not None}
        return sorted(set(found) | ends) or [0]

    def date(self, kind: Kind, at: int, row: Row | None) -> list[object]:
        """Representatives; only those about the day of judging where nothing else can make a difference."""
        name = kind.fields[at].name
        named = at in self.read.columns.get(kind.name, set())
        span = kind.dated and name in ("from", "until")
        on_days = "on" in self.read.modes.get(kind.name, set())
        if not self.relevant_only or named:
            return [*self.dates, *([None] if span and name == "until" else [])]
        days = self.days if span and on_days else {self.case.as_of}
        found = {day + step for day in days for step in (-DAY, DAY * 0, DAY)}
        if span and row is not None:
            found |= {each for each in row[-2:] if isinstance(each, datetime.date)}
        return sorted(found)


def round_both(numbers: list[object]) -> list[object]:
    """Whole numbers beside those that are not whole."""
    return sorted({each for number in numbers for each in (math.floor(number), math.ceil(number))})  # type: ignore[call-overload]


def possible_spans(kind: Kind, row: Row) -> bool:
    """Whether a record does not end before it begins."""
    if not kind.dated:
        return True
    begins, ends = row[-2], row[-1]
    known = isinstance(begins, datetime.date) and isinstance(ends, datetime.date)
    return not known or begins <= ends


def domains(rulebook: Rulebook, case: Case, read: Reads, relevant_only: bool) -> Domains:
    """What fields that are not known may be."""
    used = in_use(rulebook, case)
    every = constants(all_formulas(rulebook))
    numbers = {n for n in every | numbers_in_use(used) if isinstance(n, int | Fraction)}
    numbers |= far_numbers(rulebook, case)
    beside = {n + step for n in numbers for step in (-1, 0, 1)}
    texts = constant_texts(rulebook)
    dates = representatives(used, read, dates_not_known(rulebook, case))
    days = days_read(rulebook, case, read, dates)
    return Domains(rulebook, case, read, used, relevant_only, dates, days, sorted(beside), texts)


def days_read(rulebook: Rulebook, case: Case, read: Reads, dates: list[datetime.date]) -> set[datetime.date]:
    """The days on which facts may be read: that of judging, and any that a slot may hold."""
    found = {case.as_of}
    for name, columns in read.columns.items():
        kind = rulebook.vocabulary.kinds[name]
        named = [at for at in columns if kind.fields[at].type.name == "date"]
        closed = name in case.asked and name not in read.future
        if named and (not closed or any(each.kind == name for each in case.incomplete)):
            return set(dates)
        for fact in case.facts:
            if fact.kind == name:
                for at in named:
                    if fact.values[at] is UNKNOWN or fact.values[at] is BY_NOW:
                        return set(dates)
                    if isinstance(fact.values[at], datetime.date):
                        found.add(fact.values[at])
    return found


def constant_texts(rulebook: Rulebook) -> dict[str, set[object]]:
    """Texts and things that stand in a rule, by the type of the column that they are held against."""
    from bigrules.language.model import Atom, Const, Slot

    found: dict[str, set[object]] = {}
    for formulas in [all_formulas(rulebook)]:
        for part in formulas:
            if isinstance(part, Atom):
                for type_, term in zip(rulebook.types(part.predicate), part.terms, strict=True):
                    if isinstance(term, Const):
                        found.setdefault(type_.name, set()).add(term.value)
            if isinstance(part, Test) and any(isinstance(term, Slot) for term in part.terms):
                for term in part.terms:
                    if isinstance(term, Const) and isinstance(term.value, str):
                        found.setdefault("text", set()).add(term.value)
    return found


def subsets(rows: list[Row], further: int) -> Iterator[tuple[Row, ...]]:
    """Up to so many further records."""
    for size in range(further + 1):
        yield from itertools.combinations(rows, size)


def completions(
    rulebook: Rulebook,
    case: Case,
    further: int = 2,
    *,
    rules: set[str] | None = None,
    relevant_only: bool = True,
    limit: int = 20_000,
) -> Iterator[Completion]:
    """Every completion of a case, one after the other.

    Args:
        rulebook: The rules.
        case: The case.
        further: How many further records a list that is not complete may hold.
        rules: Only what these rules read is completed, and only they are evaluated; None for all.
        relevant_only: Leave out fields that none of the rules reads.
        limit: How many there may be.

    Raises:
        TooMany: There are more.
    """
    case = with_values(rulebook, case)
    wanted = set(rulebook.rules) if rules is None else rules
    read = reads(rulebook, wanted)
    space = domains(rulebook, case, read, relevant_only)
    count = 0
    for sites, base in fillings(rulebook, case, read, space, further, limit):
        todo: list[dict[Site, object]] = [{}]
        while todo:
            chosen = todo.pop()
            world = attrs.evolve(base, chosen=chosen, tables={}, current={}, results={}, read_rows={})
            try:
                findings = evaluate_world(world, wanted)
            except Need as need:
                todo.extend({**chosen, need.site: option} for option in reversed(need.options))
                if len(todo) > limit:
                    raise TooMany from None
                continue
            count += 1
            if count > limit:
                raise TooMany
            yield Completion({**sites, **chosen}, filled(case, world, sites), findings)


def filled(case: Case, world: World, sites: Mapping[Site, object]) -> Case:
    """The case with what was chosen written into it."""
    kinds = world.rulebook.vocabulary.kinds
    facts = [Fact(kind, row) for kind, rows in world.rows.items() for row in rows]
    facts += [Fact(kind, row) for kind, rows in world.later.items() for row in rows]
    for site, value in world.chosen.items():
        if site[0] == "row":
            facts.append(Fact(str(site[1]), tuple(value)))
    known = [attrs.evolve(each, known=True) for each in case.assumed if each.known]
    known += [
        attrs.evolve(case.assumed[int(site[1])], known=True)
        for site, value in sites.items()
        if site[0] == "assumed" and value
    ]
    return attrs.evolve(case, facts=tuple(facts), asked=frozenset(kinds), incomplete=(), assumed=tuple(known))


def fillings(
    rulebook: Rulebook, case: Case, read: Reads, space: Domains, further: int, limit: int
) -> Iterator[tuple[dict[Site, object], World]]:
    """Every choice of fields, records and lists, with the records that it leaves."""
    facts = facts_read(case, read, space)
    pool = fresh_pool(rulebook, case, read, space, facts, further)
    choices = of_records(case, read, space, facts, pool)
    for site, kind, fixed in lists(rulebook, case, read, space):
        rows = further_rows(space, kind, fixed, pool, later=site[0] == "future")
        if len(rows) ** further / 2 > limit:
            raise TooMany
        choices.append((site, list(subsets(rows, further))))
    size = 1
    for _, options in choices:
        size *= len(options)
    if size > limit * 5:
        raise TooMany
    answers = recorded_answers(rulebook, case)
    for picked in itertools.product(*(options for _, options in choices)):
        sites = dict(zip((site for site, _ in choices), picked, strict=True))
        world = completed(rulebook, case, facts, sites, answers, space)
        if world is not None:
            yield sites, world


def facts_read(case: Case, read: Reads, space: Domains) -> list[tuple[int, Fact]]:
    """The records that the rules read, with their numbers."""
    facts = enumerate(case.facts)
    return [(at, fact) for at, fact in facts if fact.kind in read.columns or not space.relevant_only]


def of_records(
    case: Case, read: Reads, space: Domains, facts: list[tuple[int, Fact]], pool: Mapping[str, list[str]]
) -> list[tuple[Site, list[object]]]:
    """What every field, record and statement that is not known may be."""
    kinds = space.rulebook.vocabulary.kinds
    choices: list[tuple[Site, list[object]]] = []
    for at, fact in facts:
        kind = kinds[fact.kind]
        open_at = [i for i, value in enumerate(fact.values) if value is UNKNOWN or value is BY_NOW]
        if fact.possible:
            choices.append((("record", at), [True, False]))
        for i in open_at:
            options = space.field(kind, i, pool.get(kind.fields[i].type.name, []), fact.values)
            if fact.values[i] is BY_NOW:
                options = [each for each in options if each is UNKNOWN or each <= case.as_of]
            choices.append((("field", at, kind.fields[i].name), options))
    for at, each in enumerate(case.assumed):
        if not each.known and (each.predicate in read.modes or not space.relevant_only):
            choices.append((("assumed", at), [True, False]))
    return choices


def lists(
    rulebook: Rulebook, case: Case, read: Reads, space: Domains
) -> Iterator[tuple[Site, Kind, dict[int, object]]]:
    """Every list that may hold further records, with the fields that are fixed in them."""
    for kind in rulebook.vocabulary.kinds.values():
        if space.relevant_only and kind.name not in read.columns:
            continue
        if not kind.one_for_each:
            if kind.name not in case.asked:
                yield ("list", kind.name), kind, {}
            else:
                for each in dict.fromkeys(each for each in case.incomplete if each.kind == kind.name):
                    names = [field.name for field in kind.fields]
                    fixed = {names.index(each.field): each.value} if each.field else {}
                    yield ("list", kind.name, each.field, each.value), kind, fixed
        if kind.name in read.future:
            yield ("future", kind.name), kind, {}


def fresh_pool(
    rulebook: Rulebook,
    case: Case,
    read: Reads,
    space: Domains,
    facts: list[tuple[int, Fact]],
    further: int,
) -> dict[str, list[str]]:
    """As many fresh values of a type as there are fields of it that are not known."""
    count: dict[str, int] = {}

    def note(kind: Kind, at: int, times: int) -> None:
        if space.matters(kind, at) or not space.relevant_only:
            name = kind.fields[at].type.name
            count[name] = count.get(name, 0) + times

    for _, fact in facts:
        for at, value in enumerate(fact.values):
            if value is UNKNOWN:
                note(rulebook.vocabulary.kinds[fact.kind], at, 1)
    for _, kind, fixed in lists(rulebook, case, read, space):
        for at in range(len(kind.fields)):
            if at not in fixed:
                note(kind, at, further)
    return {name: [fresh(name, n + 1) for n in range(times)] for name, times in count.items()}


def further_rows(
    space: Domains, kind: Kind, fixed: Mapping[int, object], pool: Mapping[str, list[str]], later: bool
) -> list[Row]:
    """Every further record of a list."""
    rows = itertools.product(*further_columns(space, kind, fixed, pool, later))
    return list(dict.fromkeys(row for row in rows if possible_spans(kind, row)))


def further_columns(
    space: Domains, kind: Kind, fixed: Mapping[int, object], pool: Mapping[str, list[str]], later: bool
) -> list[list[object]]:
    """What each field of a further record may be."""
    as_of = space.case.as_of
    columns: list[list[object]] = []
    for at, field in enumerate(kind.fields):
        options = [fixed[at]] if at in fixed else space.field(kind, at, pool.get(field.type.name, []))
        if kind.dated and field.name in ("from", "until") and at not in fixed:
            options = further_span(space, kind, at, later)
        if field.happened:
            options = [each for each in options if (each >= as_of if later else each <= as_of)]
        columns.append(options)
    return columns


def further_span(space: Domains, kind: Kind, at: int, later: bool) -> list[object]:
    """When a further record may begin or end; every way in which it can be in force on the days that are read."""
    modes = space.read.modes.get(kind.name, set())
    if not space.relevant_only or at in space.read.columns[kind.name]:
        return space.field(kind, at, [])
    if later:
        return [None]
    days = {space.case.as_of} if "on" not in modes else set(space.days)
    if "ever" in modes:
        # Read ever, a record counts that is in force on none of these days.
        days.add(min(days) - DAY)
    return sorted(days)


def completed(
    rulebook: Rulebook,
    case: Case,
    facts: list[tuple[int, Fact]],
    sites: Mapping[Site, object],
    answers: Mapping[tuple[str, Row], str],
    space: Domains,
) -> World | None:
    """The records that a choice leaves; None where a record would end before it begins."""
    kinds = rulebook.vocabulary.kinds
    rows: dict[str, tuple[Row, ...]] = {}
    later_rows: dict[str, tuple[Row, ...]] = {}
    for at, fact in facts:
        if fact.possible and not sites["record", at]:
            continue
        row = tuple(
            sites["field", at, field.name] if value is UNKNOWN or value is BY_NOW else value
            for field, value in zip(kinds[fact.kind].fields, fact.values, strict=True)
        )
        if not possible_spans(kinds[fact.kind], row):
            return None
        rows[fact.kind] = (*rows.get(fact.kind, ()), row)
    assumed: dict[str, tuple[Row, ...]] = {}
    for at, each in enumerate(case.assumed):
        if each.known or sites.get(("assumed", at)):
            assumed[each.predicate] = (*assumed.get(each.predicate, ()), tuple(each.values))
    for site, value in sites.items():
        if site[0] == "list":
            rows[str(site[1])] = (*rows.get(str(site[1]), ()), *value)
        if site[0] == "future":
            later_rows[str(site[1])] = value
    return World(
        rulebook,
        case.as_of,
        rows,
        later=later_rows,
        assumed=assumed,
        answers=answers,
        things=listed(rulebook, case, space.used, (rows, later_rows)),
        row_options=row_options(space),
    )


def row_options(
    space: Domains,
) -> Callable[[World, Kind, str, datetime.date], tuple[Row, ...]]:
    """What the row that is not known of one thing may be, on one day."""

    def options(world: World, kind: Kind, thing: str, day: datetime.date) -> tuple[Row, ...]:
        columns: list[list[object]] = []
        for at, field in enumerate(kind.fields):
            if field.name == kind.one_for_each:
                columns.append([thing])
            elif kind.dated and field.name in ("from", "until"):
                columns.append(span(space, kind, at, day))
            else:
                columns.append(space.field(kind, at, row_fresh(world, field.type.name)))
        return tuple(itertools.product(*columns))

    return options


def span(space: Domains, kind: Kind, at: int, day: datetime.date) -> list[object]:
    """When an unknown row that is in force on a day may begin or end."""
    if at not in space.read.columns.get(kind.name, set()):
        return [None]
    if kind.fields[at].name == "from":
        return [each for each in space.dates if each <= day]
    return [None, *(each for each in space.dates if each >= day)]


def row_fresh(world: World, type_name: str) -> list[str]:
    """The fresh values of a type that stand somewhere by now, and one more."""
    tables = [*world.rows.values(), tuple(row for row in world.chosen.values() if isinstance(row, tuple))]
    start = fresh(type_name, 0)[:-1]
    found = {
        each
        for rows in tables
        for row in rows
        for each in row
        if isinstance(each, str) and each.startswith(start)
    }
    numbers = {int(each.removeprefix(start)) for each in found}
    return [*sorted(found), fresh(type_name, max(numbers, default=0) + 1)]
