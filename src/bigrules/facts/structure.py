"""A raw register → Case: rows become typed records, names become things, rows are held against each other."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import attrs
from cattrs import ClassValidationError

from bigrules.diagnostics import DataPath, Diagnostic, Enough, Found, Place, errors
from bigrules.facts.case import BY_NOW, UNKNOWN, ByNow, Case, Default, Fact, Incomplete, Unknown
from bigrules.facts.codes import diagnostic
from bigrules.facts.constraints import Read, check_cycles, check_fact, merge_by, merge_same
from bigrules.facts.directory import Directory, Listed
from bigrules.facts.judgements import read_answers, read_incomplete
from bigrules.facts.raw import RawCell, RawRegister, RawTable
from bigrules.facts.records import CERTAIN, converter_for, fact_of, faults, record_fields
from bigrules.facts.sheets import (
    BUILT_IN,
    CHOICES_SHEET,
    ID,
    REGISTER,
    Row,
    Sheet,
    entries_of,
    find_name,
    known_kinds,
    recognise,
)
from bigrules.facts.values import Unusable, blank_value, in_full, is_blank, read_date, read_yes_or_no, shown
from bigrules.facts.words import did_you_mean, fold, heading, listing, says_not_known
from bigrules.facts.worked_out import with_worked_out
from bigrules.language.model import Field, Kind, Rulebook, Value, Vocabulary


def structure(
    rulebook: Rulebook, raw: RawRegister, as_of: str | datetime.date | None = None
) -> tuple[Case | None, list[Diagnostic]]:
    """Makes a case of a raw register.

    Args:
        rulebook: Gives the vocabulary and the questions.
        raw: What a reader gave.
        as_of: The day of judging; wins over the one that the register names.

    Returns:
        The case, or None where anything is wrong, and everything that was noticed.
    """
    reading = _Reading(rulebook, raw)
    try:
        case = reading.case(as_of)
    except Enough:
        case = None
    found = list(reading.found)
    return (None if errors(found) else case), found


class _Reading:
    """One register on its way to a case; collects whatever is wrong with it."""

    def __init__(self, rulebook: Rulebook, raw: RawRegister) -> None:
        self.rulebook, self.raw = rulebook, raw
        self.vocabulary: Vocabulary = rulebook.vocabulary
        self.found: list[Diagnostic] = Found()
        self.directory = Directory()
        self.types, self.converter = converter_for(self.vocabulary)
        self.entries: list[tuple[RawCell, RawCell]] = list(raw.entries)
        self.sheets: dict[str, Sheet] = {}
        self.name = ""
        self.register_day: RawCell | None = None
        self.said_asked: dict[str, RawCell] = {}
        # A name that is not found is said once for each list, with how often it stands there.
        self.not_found: dict[tuple[str, str, str], tuple[Unusable, Place, int]] = {}

    def case(self, as_of: str | datetime.date | None) -> Case:
        """The case; of use only if no error was found."""
        self._recognise()
        self._read_entries()
        day, day_given = self._day(as_of)
        self._read_lists()
        reads = {
            name: self._reads(sheet) for name, sheet in self.sheets.items() if name in self.vocabulary.kinds
        }
        asked = frozenset(kind for kind in self.vocabulary.given if self._is_asked(kind))
        reads = {name: self._consistent(self.vocabulary.kinds[name], rows) for name, rows in reads.items()}
        facts = [read.fact for rows in reads.values() for read in rows]
        answers = read_answers(self.rulebook, self._built_in("answers"), self.directory, day, self.found)
        incomplete = read_incomplete(
            self.vocabulary, self._built_in("incomplete"), self.directory, self.found
        )
        self._say_not_found()
        check_cycles(self.vocabulary, facts, self.found)
        # Things that are named and have no list here are listed, so that what holds of each holds of them.
        facts += self._unlisted()
        order = {name: number for number, name in enumerate(self.vocabulary.kinds)}
        facts.sort(key=lambda each: order[each.kind])
        defaults = self._defaults(reads, asked, incomplete)
        everything, asked, incomplete = with_worked_out(self.vocabulary, facts, day, asked, incomplete)
        return Case(
            name=self.name,
            as_of=day,
            facts=everything,
            asked=asked,
            incomplete=incomplete,
            answers=answers,
            names=self._names(),
            defaults=defaults,
            day_given=day_given,
            source=self.raw.source,
        )

    # ------------------------------------------------------------ lists, entries, day

    def _recognise(self) -> None:
        kinds = known_kinds(self.vocabulary)
        seen: dict[str, Place] = {}
        for raw in self.raw.sheets:
            name = find_name(raw.name, kinds)
            if name is None:
                word = heading(raw.name)
                if word == REGISTER and isinstance(raw, RawTable):
                    self.entries.extend(entries_of(raw))
                elif word != CHOICES_SHEET and (raw.lines if isinstance(raw, RawTable) else raw.rows):
                    message = f"`{shown(raw.name)}` is no kind of fact and is not read"
                    help = did_you_mean(word, kinds) or f"the kinds are {listing(kinds)}"
                    self.found.append(diagnostic("extra-sheet", message, raw.place, help))
            elif name in seen:
                message = f"`{shown(raw.name)}` is a second list of `{name}`"
                help = f"the first is at {seen[name]}; put the rows of both into one"
                self.found.append(diagnostic("sheet-twice", message, raw.place, help))
            else:
                seen[name] = raw.place
                self.sheets[name] = recognise(raw, kinds[name], self.found)
        if not self.sheets:
            message = f"`{shown(self.raw.source)}` holds no kind of fact"
            help = f"name a list after each kind that was asked: {listing(self.vocabulary.given)}"
            self.found.append(diagnostic("empty-register", message, self.raw.place, help))

    def _read_entries(self) -> None:
        body = heading(self.rulebook.body)
        short = body.removeprefix("the ")
        names = {"name", body, short, f"name of {body}", f"name of the {short}", f"{short} name"}
        days = {"as of", "as at", "judged as of", "as of day", "day"}
        headings = {"list", "lists", "kind", "kinds"}
        for label, value in self.entries:
            word = heading(shown(label.value))
            if word in names:
                self.name = "" if is_blank(value.value) else in_full(value.value)
            elif word in days:
                self.register_day = value
            elif (kind := find_name(word, self.vocabulary.given)) is not None:
                self.said_asked[kind] = value
            elif not is_blank(value.value) and word not in headings:
                message = (
                    f"`{shown(label.value)}` is nothing that the register says about itself, and is not read"
                )
                help = did_you_mean(word, ("name", "as of", *self.vocabulary.given))
                help = (
                    help or "it says its `name`, its day under `as of`, and of each list whether it was asked"
                )
                self.found.append(diagnostic("unknown-entry", message, label.place, help))

    def _day(self, as_of: str | datetime.date | None) -> tuple[datetime.date, bool]:
        given = RawCell(as_of, DataPath("as of", "", str(as_of))) if as_of is not None else self.register_day
        if given is not None and not is_blank(given.value):
            try:
                return read_date(given.value), True
            except Unusable as error:
                self._fault(error, given.place)
        return datetime.date.today(), False

    def _is_asked(self, kind: str) -> bool:
        """Whether the kind was asked: an empty list says "none" only where somebody says so.

        A list with rows was asked, unless the register says no. One without was asked if the
        register says yes; or if it does not speak of the list and no example row stands in it.
        """
        sheet, said = self.sheets.get(kind), self.said_asked.get(kind)
        answer = ""
        if said is not None and not is_blank(said.value):
            try:
                text = shown(said.value)
                answer = "no" if says_not_known(text) else read_yes_or_no(said.value, f"{kind} asked")
            except Unusable as error:
                self._fault(error, said.place)
                return False
        if sheet is None:
            if answer == "yes" and said is not None:
                message = f"`{kind}` is said to be asked, and has no list"
                help = "it counts as not asked; add the list, empty if there are none"
                self.found.append(diagnostic("asked-without-sheet", message, said.place, help))
            return False
        if answer:
            return answer == "yes"
        if sheet.has_rows:
            return True
        if said is not None and not sheet.has_example:
            message = f"`{kind}` is empty and counts as not asked"
            help = "write `yes` behind it if there are none, and `no` if nobody has asked"
            self.found.append(diagnostic("empty-not-asked", message, said.place, help))
        return said is None and not sheet.has_example

    def _built_in(self, name: str) -> Sheet | None:
        sheet = self.sheets.get(name)
        return sheet if sheet is not None and sheet.kind is BUILT_IN.get(name) else None

    # ------------------------------------------------------------ names

    def _read_lists(self) -> None:
        """Who is in the lists, before anything that names them is read."""
        for name, sheet in self.sheets.items():
            kind = self.vocabulary.kinds.get(name)
            if kind is None or not kind.lists or not (sheet.has_rows or self._says_yes(name)):
                continue
            self.directory.open_list(kind.lists, sheet.is_broken)
            for row in sheet.rows:
                written, id = self._own_name(kind, row), self._own_id(row)
                if written is None or id is None:
                    continue
                other = self.directory.by_id(kind.lists, id)
                if other is not None and fold(other.name) != fold(written):
                    message = f"the id `{id}` is given to `{other.name}` and to `{written}`"
                    help = f"the other row is at {other.place}"
                    self.found.append(diagnostic("id-twice", message, row.place, help))
                self.directory.add(kind.lists, Listed(id, written, row.place))
            # A row without an id is the one of that name, if the list has one; else its name is its id.
            for row in sheet.rows:
                written = self._own_name(kind, row)
                if written is None or self._own_id(row) is not None:
                    continue
                if not self.directory.by_name(kind.lists, written):
                    self.directory.add(kind.lists, Listed(written, written, row.place))

    def _says_yes(self, kind: str) -> bool:
        said = self.said_asked.get(kind)
        if said is None:
            return not self.sheets[kind].has_example
        return fold(shown(said.value)) in ("yes", "y", "true", "1")

    def _own_name(self, kind: Kind, row: Row) -> str | None:
        cell = row.cells.get(kind.fields[0].name)
        if (
            cell is None
            or is_blank(cell.value)
            or (isinstance(cell.value, str) and says_not_known(cell.value))
        ):
            return None
        return in_full(cell.value)

    def _own_id(self, row: Row) -> str | None:
        cell = row.cells.get(ID)
        return None if cell is None or is_blank(cell.value) else in_full(cell.value)

    def _names(self) -> dict[tuple[str, str], str]:
        names: dict[tuple[str, str], str] = {}
        for thing in self.vocabulary.things:
            if self.directory.has_list(thing):
                names.update(
                    {
                        (thing, each.id): each.name
                        for each in self.directory.all(thing)
                        if each.id != each.name
                    }
                )
        return names

    def _say_not_found(self) -> None:
        for (_, sheet, _), (error, place, count) in self.not_found.items():
            times = f" (and in {count - 1} more places in `{sheet}`)" if count > 1 else ""
            self.found.append(diagnostic(error.name, error.args[0] + times, place, error.help))

    # ------------------------------------------------------------ rows

    def _reads(self, sheet: Sheet) -> list[Read]:
        reads: list[Read] = []
        for row in sheet.rows:
            read = self._read(sheet.kind, row)
            if read is not None:
                reads.append(read)
        return reads

    def _read(self, kind: Kind, row: Row) -> Read | None:
        plain = {
            field.name: row.cells[field.name].value if field.name in row.cells else None
            for field in kind.fields
        }
        if CERTAIN in row.cells:
            plain[CERTAIN] = row.cells[CERTAIN].value
        made = self.types[kind.name]
        try:
            fact = fact_of(self.converter.structure(plain, made), row.place)
        except ClassValidationError as error:
            names = {attribute: field.name for attribute, field in record_fields(made)}
            for attribute, fault in faults(error):
                cell = row.cells.get(names.get(attribute, CERTAIN))
                self._fault(fault, cell.place if cell is not None else row.place)
            return None
        if kind.lists and not isinstance(fact.values[0], str):
            message = f"this row does not name its {kind.lists}"
            self.found.append(
                diagnostic("blank-required", message, row.place, "write the name, or clear the row")
            )
            return None
        values = tuple(self._resolved(kind, number, value, row) for number, value in enumerate(fact.values))
        fact = attrs.evolve(fact, values=values)
        check_fact(kind, fact, self.found)
        return Read(fact, frozenset(name for name, value in plain.items() if is_blank(value)))

    def _resolved(
        self, kind: Kind, number: int, value: Value | Unknown | ByNow, row: Row
    ) -> Value | Unknown | ByNow:
        """The id of a thing in place of its name; any other value as it stands."""
        field = kind.fields[number]
        if not field.type.is_thing or not isinstance(value, str):
            return value
        id = self._own_id(row) if kind.lists and number == 0 else None
        if id is not None:
            listed = self.directory.by_id(kind.lists, id)
            return listed.id if listed is not None else id
        cell = row.cells[field.name]
        if kind.lists and number == 0 and not self.directory.has_list(kind.lists):
            return value
        try:
            return self.directory.find(field.type.name, value, cell.place)
        except Unusable as error:
            key = (field.type.name, kind.name, fold(value))
            before = self.not_found.get(key)
            self.not_found[key] = (error, cell.place, 1) if before is None else (*before[:2], before[2] + 1)
            return value

    def _consistent(self, kind: Kind, reads: list[Read]) -> list[Read]:
        """Each fact once; rows for one listed thing, or of one key, in one."""
        reads = merge_same(reads)
        if kind.lists:
            reads = merge_by(kind, (kind.fields[0].name,), reads, "conflicting-rows", self.found)
        if kind.key:
            reads = merge_by(kind, kind.key, reads, "conflicting-key", self.found)
        return reads

    def _unlisted(self) -> list[Fact]:
        facts: list[Fact] = []
        for kind in self.vocabulary.kinds.values():
            if not kind.lists or self.directory.has_list(kind.lists):
                continue
            named = self.directory.all(kind.lists)
            for each in named:
                values = [each.id, *(_blank(field) for field in kind.fields[1:])]
                facts.append(Fact(kind.name, tuple(values), place=each.place))
            if named:
                message = (
                    f"there is no list of `{kind.name}`: each name in another list is taken as it stands"
                )
                help = f"add the list, so that a slip in a name is not taken for another {kind.lists}"
                self.found.append(diagnostic("names-without-list", message, self.raw.place, help))
        return facts

    # ------------------------------------------------------------ defaults

    def _defaults(
        self, reads: dict[str, list[Read]], asked: frozenset[str], incomplete: Sequence[Incomplete]
    ) -> tuple[Default, ...]:
        """Blanks and missing rows that were read as the vocabulary says, each with how often."""
        defaults: list[Default] = []
        for name, rows in reads.items():
            kind = self.vocabulary.kinds[name]
            for number, field in enumerate(kind.fields):
                text = ""
                if field.blank.meaning == "value":
                    text = f"`{field.name}` is blank in {name}: read as `{shown(field.blank.value)}`"
                    count = sum(1 for each in rows if field.name in each.blank)
                elif field.blank.meaning == "by now":
                    text = f"`{field.name}` is blank in {name}: it had begun by the day of judging"
                    count = sum(1 for each in rows if each.fact.values[number] is BY_NOW)
                if text and count:
                    defaults.append(Default(text, count))
            if kind.no_row and name in asked:
                count = self._without_row(kind, rows, incomplete)
                if count:
                    defaults.append(Default(kind.no_row, count))
        return tuple(defaults)

    def _without_row(self, kind: Kind, rows: list[Read], incomplete: Sequence[Incomplete]) -> int:
        """How many listed things have no row in a kind where that means something."""
        gaps = [each for each in incomplete if each.kind == kind.name]
        things = {each.lists for each in self.vocabulary.kinds.values() if each.lists}
        at = next((n for n, field in enumerate(kind.fields) if field.type.name in things), None)
        if at is None or any(not each.field for each in gaps):
            return 0
        having = {each.fact.values[at] for each in rows} | {each.value for each in gaps}
        return sum(1 for each in self.directory.all(kind.fields[at].type.name) if each.id not in having)

    def _fault(self, error: Unusable, place: Place) -> None:
        self.found.append(diagnostic(error.name, error.message, place, error.help))


def _blank(field: Field) -> Value | Unknown | ByNow:
    try:
        return blank_value(field)
    except Unusable:
        return UNKNOWN
