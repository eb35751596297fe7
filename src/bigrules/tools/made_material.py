"""What cases are made of: the sentences that a rule reads, the values that turn it, and cases to begin with."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import attrs

from bigrules.facts.calendar import moved
from bigrules.facts.examples import EXAMPLE_DAY
from bigrules.findings.formulas import atoms
from bigrules.findings.readings import files_of, formulas
from bigrules.findings.wording import number_in_words
from bigrules.language import texts_of
from bigrules.language.model import (
    Const,
    Definition,
    Formula,
    Limit,
    Rule,
    Rulebook,
    Test,
    Type,
    Window,
    WorkedOut,
)
from bigrules.program.formulas import walk
from bigrules.tools.made_items import Item, Reader

# A case that examples state, with its day of judging.
Start = tuple[tuple[Item, ...], datetime.date | None]

DAY = datetime.timedelta(days=1)
# Cases of other files to begin with.
MOST_NEIGHBOURS = 60
# Limits up to which people are made one by one.
MOST_PEOPLE = 120
PERSON = "person"


@attrs.define(eq=False)
class Material:
    """What cases for one rule or definition are made of.

    Args:
        books: The rulebooks that are held against each other.
        readers: A reader for each of them.
        id: The rule or definition.
        own: Cases of the file itself.
        near: Cases of files that read the same.
        sentences: Sentences to make statements of; those that the rule itself reads stand several times.
        read: Those that the file itself reads.
        forms: For each predicate its sentences.
        questions: Questions that may be answered.
        dates: Days that a condition names.
        changes: Days on which one of the rulebooks changes.
        numbers: Numbers that a condition names.
        counts: Numbers that a measure is held against.
        shifts: Spans that a condition names, as number and unit.
        windows: Windows of the year that a condition names.
    """

    books: Sequence[Rulebook]
    readers: Sequence[Reader]
    id: str
    own: list[Start] = attrs.field(factory=list)
    near: list[Start] = attrs.field(factory=list)
    sentences: list[str] = attrs.field(factory=list)
    read: dict[str, None] = attrs.field(factory=dict)
    forms: dict[str, list[str]] = attrs.field(factory=dict)
    questions: list[str] = attrs.field(factory=list)
    dates: list[datetime.date] = attrs.field(factory=list)
    changes: list[datetime.date] = attrs.field(factory=list)
    numbers: list[Fraction] = attrs.field(factory=list)
    counts: list[int] = attrs.field(factory=list)
    shifts: list[tuple[int, str]] = attrs.field(factory=list)
    windows: list[tuple[int, int, int, int]] = attrs.field(factory=list)

    def types(self, item: Item) -> tuple[Type, ...] | None:
        """The types of the slots of an item, in the first rulebook that can say it."""
        return next((found for each in self.readers if (found := each.types(item)) is not None), None)

    # ------------------------------------------------------------ values

    def value(
        self, type_: Type, used: dict[str, list[str]], chance: random.Random, day: datetime.date
    ) -> str:
        """A text that a slot of a type may hold: one in use, a new one, or one beside what is compared.

        Args:
            type_: The type.
            used: Values in use, by type.
            chance: Chooses.
            day: The day of judging.
        """
        mine = used.get(type_.name, [])
        if type_.choices:
            return chance.choice(type_.choices)
        if type_.name == "date":
            return self.day(mine, chance, day, years_in(used)).isoformat()
        if "number" in type_.name:
            years = [day.year, *(datetime.date.fromisoformat(each).year for each in used.get("date", ()))]
            return self.number(type_, mine, chance, years if self.windows else ())
        if mine and chance.random() < 0.75:
            return chance.choice(mine)
        return fresh(type_, mine)

    def day(
        self, mine: Sequence[str], chance: random.Random, day: datetime.date, years: Sequence[int] = ()
    ) -> datetime.date:
        """A day near one that counts."""
        base = chance.choice([day, day, *self.dates, *map(datetime.date.fromisoformat, mine)])
        if self.windows and chance.random() < 0.5:
            window = chance.choice(self.windows)
            at = chance.choice((0, 2))
            year = chance.choice((base.year - 1, base.year, base.year, *years, *years))
            base = moved(datetime.date(max(year, 2), window[at], 1), window[at + 1] - 1, "days")
        if self.shifts and chance.random() < 0.6:
            number, unit = chance.choice(self.shifts)
            base = moved(base, chance.choice((number, -number)), unit)
        return moved(base, chance.choice((0, 0, 1, -1, -30)), "days")

    def number(
        self, type_: Type, mine: Sequence[str], chance: random.Random, years: Sequence[int] = ()
    ) -> str:
        """A number near one that counts."""
        others = [Fraction(str(each)) for each in (*mine, *years)]
        known = [Fraction(0), Fraction(1), *self.numbers, *self.numbers, *others]
        found = chance.choice(known) + chance.choice((0, 0, 1, -1))
        if type_.name == "whole number":
            found = Fraction(int(found))
        if type_.least is not None:
            found = max(found, Fraction(type_.least))
        if type_.greatest is not None:
            found = min(found, Fraction(type_.greatest))
        written = number_in_words(found)
        return written if "/" not in written else str(int(found))


def years_in(used: dict[str, list[str]]) -> list[int]:
    """The numbers in use that may be years."""
    numbers = [each for name, values in used.items() if "number" in name for each in values]
    return [int(each) for each in numbers if each.isdigit() and 1900 <= int(each) <= 2200]


def fresh(type_: Type, mine: Iterable[str]) -> str:
    """The name of something new; people are numbered."""
    taken = set(mine)
    names = (
        str(number) if type_.name == PERSON else f"{type_.name} {_letters(number)}"
        for number in range(1, 10**6)
    )
    return next(each for each in names if each not in taken)


def _letters(number: int) -> str:
    return ("one", "two", "three", "four", "five")[number - 1] if number < 6 else str(number)


def material(books: Sequence[Rulebook], id: str) -> Material:
    """What cases for a rule or definition are made of.

    Args:
        books: The rulebooks that are held against each other; those that have no such file say nothing.
        id: Id of the rule or definition.
    """
    found = Material(books, [Reader(each) for each in books], id)
    reach: dict[str, None] = {}
    for book in books:
        if id in book.rules or id in book.definitions:
            for version in versions_of(book):
                reach.update(dict.fromkeys(sorted(files_of(version, id))))
    for book, reader in zip(books, found.readers, strict=True):
        _sentences(found, book, reader, reach)
        found.changes += [each.start for each in book.versions if each.start is not None]
        for version in versions_of(book):
            _compared(found, version, reach)
    # Only definitions and rules with a day of their own name these in a condition.
    found.dates += found.changes
    for each in (
        found.dates,
        found.changes,
        found.numbers,
        found.counts,
        found.shifts,
        found.windows,
        found.questions,
    ):
        # Lists of several types; each keeps what is in it.
        each[:] = list(dict.fromkeys(each))  # type: ignore[arg-type]
    _starts(found, reach)
    return found


def versions_of(book: Rulebook) -> list[Rulebook]:
    """A rulebook as it stands at different times."""
    return [each.rulebook for each in book.versions] or [book]


def _compared(found: Material, book: Rulebook, reach: Iterable[str]) -> None:
    """The values that files compare with."""
    for file in reach:
        for text in texts_of(book, file) if file in book.rules else (file,):
            for formula in formulas(book, text):
                _constants(found, formula)
        rule = book.rules.get(file)
        if rule is not None and rule.asked_again_after is not None:
            found.shifts.append(rule.asked_again_after)
    for kind in book.vocabulary.kinds.values():
        if f"vocabulary:{kind.name}" in reach and isinstance(kind.worked_out, Window):
            found.windows.append(kind.worked_out.days)
    for parameter in book.parameters.values():
        for value in parameter.values:
            found.dates += [each for each in (value.start, value.end) if each is not None]
            if f"vocabulary:rulebook.yaml/{parameter.name}" in reach:
                _bound(found, value.value)


def _sentences(found: Material, book: Rulebook, reader: Reader, reach: Iterable[str]) -> None:
    """The sentences that say what is read."""
    predicates: dict[str, None] = {}
    for file in reach:
        name = file.removeprefix("vocabulary:")
        predicates[name] = None
        kind = book.vocabulary.kinds.get(name)
        if kind is not None and isinstance(kind.worked_out, WorkedOut):
            predicates[kind.worked_out.list] = None
        if file in reader.known.questions:
            found.questions.append(file)
    for entry in reader.known.sentences.entries.values():
        name = entry.predicate
        if entry.negated or name not in predicates or name in reader.known.worked_out or name == found.id:
            continue
        forms = found.forms.setdefault(name, [])
        if entry.says not in forms:
            forms.append(entry.says)
            found.sentences.append(entry.says)
    if found.id in book.rules or found.id in book.definitions:
        for formula in formulas(book, found.id):
            for atom in atoms(formula):
                says = form_of(reader, atom.text, atom.predicate)
                if says:
                    found.sentences += [says] * 4
                    found.read[says] = None


def form_of(reader: Reader, text: str, predicate: str) -> str | None:
    """The sentence of the rulebook that a condition is written in, if it can be stated."""
    entry = reader.entry(text)
    if entry is None or entry.predicate != predicate or predicate in reader.known.worked_out:
        return None
    if not entry.negated:
        return entry.says
    same = (
        each.says
        for each in reader.known.sentences.entries.values()
        if (each.predicate, each.positions, each.fixed, each.negated)
        == (entry.predicate, entry.positions, entry.fixed, False)
    )
    return next(same, None)


def _constants(found: Material, formula: Formula) -> None:
    """The values that a condition compares with."""
    for part in walk(formula):
        if isinstance(part, Test):
            for term in part.terms:
                if isinstance(term, Const):
                    if isinstance(term.value, datetime.date):
                        found.dates.append(term.value)
                    elif isinstance(term.value, int | Fraction):
                        found.numbers.append(Fraction(term.value))
            if part.op == "window":
                found.windows.append(part.window)
            if part.amount:
                unit = next(each for each in ("days", "months", "years") if each in part.op)
                found.shifts.append((part.amount, unit))
        elif isinstance(part, Limit) and isinstance(part.bound, Fraction):
            _bound(found, part.bound)


def _bound(found: Material, bound: Fraction) -> None:
    found.numbers.append(bound)
    if bound.denominator == 1 and 0 <= bound <= MOST_PEOPLE:
        found.counts.append(int(bound))


def _starts(found: Material, reach: Iterable[str]) -> None:
    """Cases that are written down: of the file itself, then of those that read the same."""
    mine = set(reach)
    seen: set[Start] = set()
    near: list[tuple[int, int, Start]] = []
    for book, reader in zip(found.books, found.readers, strict=True):
        files: dict[str, Rule | Definition] = {**book.rules, **book.definitions}
        for file in files.values():
            own = file.id == found.id
            if not own and file.id not in mine and not (mine & files_of(book, file.id)):
                continue
            distance = 0 if own else 1 if file.id in mine else 2
            for start in starts_of(file, reader):
                if start not in seen:
                    seen.add(start)
                    if own:
                        found.own.append(start)
                    elif not any(each.status == "not asked" for each in start[0]):
                        near.append((distance, len(start[0]), start))
    near.sort(key=lambda each: each[:2])
    found.near = [start for _, _, start in near[:MOST_NEIGHBOURS]]


def starts_of(file: Rule | Definition, reader: Reader) -> Iterator[Start]:
    """The cases in a file: its examples, and those on which its readings differ."""
    for example in file.examples:
        yield reader.items(example.given), example.as_of
    for reading in file.other_readings:
        if reading.differs_when:
            yield reader.items(reading.differs_when), None


def day_of(as_of: datetime.date | None) -> datetime.date:
    """The day of judging."""
    return as_of or EXAMPLE_DAY
