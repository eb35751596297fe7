"""Which list is which kind of fact, which column which field: raw lists → rows by the vocabulary's names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import attrs

from bigrules.diagnostics import Diagnostic, Place
from bigrules.facts.codes import diagnostic
from bigrules.facts.headings import sample_row
from bigrules.facts.raw import RawCell, RawRow, RawSheet, RawTable
from bigrules.facts.records import CERTAIN
from bigrules.facts.values import is_blank, shown
from bigrules.facts.words import did_you_mean, heading, is_example, listing, says_nothing, singular
from bigrules.language.model import Blank, Field, Kind, Type, Vocabulary

# A column that says the same as `certain` the other way round.
POSSIBLE = "possible"
# Tells two things of one name apart; only in the list of a thing.
ID = "id"
# How far down the headings of a table may begin, under titles and remarks.
_HEADINGS_WITHIN = 12
# Beyond so many unknown columns of one list it is not asked which others were meant: each takes time.
_MOST_GUESSES = 100
# The hidden sheet with the drop-downs of a new register.
CHOICES_SHEET = "choices"

_TEXT = Type("text")
_ANSWER = Type("yes or no", ("yes", "no"))
# The lists that every register may have besides those of the vocabulary.
BUILT_IN = {
    "answers": Kind(
        "answers",
        (
            Field("question", _TEXT, Blank("required")),
            Field("about", _TEXT),
            Field("answer", _ANSWER, Blank("required")),
            Field("who", _TEXT),
            Field("when", Type("date")),
            Field("why", _TEXT),
        ),
        help="One row for each question that people have decided.",
    ),
    "incomplete": Kind(
        "incomplete",
        (Field("kind", _TEXT, Blank("required")), Field("about", _TEXT)),
        help="One row for each list that is known to be incomplete: of one person, or as a whole.",
    ),
}
REGISTER = "register"


@attrs.frozen
class Row:
    """One row that is to be read.

    Args:
        cells: By name of the field, and `certain` or `id` where they are given.
        place: Where it begins.
    """

    cells: dict[str, RawCell]
    place: Place


@attrs.frozen
class Sheet:
    """One list that was recognised.

    Args:
        kind: The kind of fact that it lists.
        rows: Those that are to be read.
        place: Where it stands.
        has_rows: Whether any row stands in it besides the example, rows about no one included.
        has_example: Whether the example row stands in it.
        is_broken: Whether a column that everything hangs on is missing, which has been said.
    """

    kind: Kind
    rows: tuple[Row, ...]
    place: Place
    has_rows: bool
    has_example: bool
    is_broken: bool = False


def known_kinds(vocabulary: Vocabulary) -> dict[str, Kind]:
    """The kinds of the vocabulary and the built-in ones, by name; the vocabulary's go first."""
    return {
        **{name: kind for name, kind in BUILT_IN.items() if name not in vocabulary.given},
        **vocabulary.given,
    }


def find_name(written: str, names: Iterable[str]) -> str | None:
    """The one of the names that is written here, whatever its case, spacing and number.

    >>> find_name("Taking_Part", ["taking part", "people"]), find_name("Membership", ["memberships"])
    ('taking part', 'memberships')
    """
    names = tuple(names)
    by_heading, by_singular = _spelt(names)
    if len(by_heading.get(written, ())) == 1:
        return by_heading[written][0]  # it is a heading already, as most are
    word = heading(written)
    for same, spelt in ((heading, by_heading), (singular, by_singular)):
        found = spelt.get(same(word), ())
        if len(found) == 1:
            return found[0]
    # A workbook cuts the name of a sheet off after 31 characters.
    cut = [each for each in names if len(word) >= 28 and heading(each).startswith(word)]
    return cut[0] if len(cut) == 1 else None


@lru_cache(maxsize=256)
def _spelt(names: tuple[str, ...]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Names of a vocabulary by their heading, and in the singular: each row asks for the same ones."""
    spelt: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    for each in names:
        spelt[0].setdefault(heading(each), []).append(each)
        spelt[1].setdefault(singular(each), []).append(each)
    return spelt


def recognise(raw: RawSheet | RawTable, kind: Kind, found: list[Diagnostic]) -> Sheet:
    """Reads a list as rows of a kind.

    Args:
        raw: The list.
        kind: The kind that it was recognised as.
        found: Where to note what is wrong.
    """
    sheet = _with_headings(raw, kind, found) if isinstance(raw, RawTable) else raw
    columns = _Columns(kind, sheet, found)
    rows: list[Row] = []
    has_rows = has_example = False
    for each in sheet.rows:
        filled = [cell for _, cell in each.cells if not is_blank(cell.value)]
        if not filled:
            continue
        if isinstance(filled[0].value, str) and is_example(filled[0].value):
            has_example = True
            _check_example(kind, columns.cells(each) or {}, filled[0], found)
            continue
        has_rows = True
        cells = columns.cells(each)
        if cells is not None and not _about_nobody(kind, cells):
            rows.append(Row(cells, each.place))
    is_broken = has_rows and columns.lacks_any()
    return Sheet(kind, () if is_broken else tuple(rows), sheet.place, has_rows, has_example, is_broken)


def _check_example(kind: Kind, cells: dict[str, RawCell], first: RawCell, found: list[Diagnostic]) -> None:
    """An example row as it was made is passed over in silence; one that was written over may be a record."""
    for name, value in sample_row(kind).items():
        cell = cells.get(name)
        written = "" if cell is None or is_blank(cell.value) else heading(shown(cell.value))
        if written and written != heading("" if value is None else shown(value)):
            message = f"`{shown(first.value)}` begins like an example, so that its row is not read"
            help = "if it is a record, take `example:` out; else clear the row"
            found.append(diagnostic("changed-example", message, first.place, help))
            return


def _about_nobody(kind: Kind, cells: dict[str, RawCell]) -> bool:
    for field in kind.fields:
        cell = cells.get(field.name) if field.nobody else None
        if (
            cell is not None
            and isinstance(cell.value, str)
            and heading(cell.value) in {heading(each) for each in field.nobody}
        ):
            return True
    return False


def _with_headings(table: RawTable, kind: Kind, found: list[Diagnostic]) -> RawSheet:
    """Finds the row of headings and puts each later line under it."""
    names = _column_names(kind)
    lines = [
        (number, line)
        for number, line in enumerate(table.lines)
        if any(not is_blank(each.value) for each in line)
    ]
    if not lines:
        return RawSheet(table.name, (), table.place, headings=None)

    def known(line: tuple[RawCell, ...]) -> int:
        return sum(
            1 for each in line if isinstance(each.value, str) and find_name(each.value, names) is not None
        )

    # The row with the most known headings; the first of equals, so that data never wins over headings.
    at, headings = max(lines[:_HEADINGS_WITHIN], key=lambda each: known(each[1]))
    rows: list[RawRow] = []
    for number, line in lines:
        if number <= at:
            continue
        cells = tuple(zip(headings, line, strict=False))
        rows.append(RawRow(cells, next(each.place for each in line if not is_blank(each.value))))
        for beyond in line[len(headings) :]:
            if not is_blank(beyond.value):
                message = f"`{shown(beyond.value)}` stands outside the headings"
                if table.strict:
                    help = "put a text that holds the separator in double quotes, or add a heading"
                    found.append(diagnostic("too-many-cells", message, beyond.place, help))
                else:
                    help = "put a heading above it, or take it out"
                    found.append(diagnostic("extra-column", f"{message} and is not read", beyond.place, help))
                break
    return RawSheet(table.name, tuple(rows), table.place, headings=headings)


def _column_names(kind: Kind) -> list[str]:
    names = [each.name for each in kind.fields]
    if kind.name not in BUILT_IN or kind is not BUILT_IN[kind.name]:
        names += [each for each in (CERTAIN, POSSIBLE) if each not in names]
    if kind.lists and ID not in names:
        names.append(ID)
    return names


class _Columns:
    """The columns of one list; each thing that is wrong with them is said once."""

    def __init__(self, kind: Kind, sheet: RawSheet, found: list[Diagnostic]) -> None:
        self.kind, self.sheet, self.found = kind, sheet, found
        self.names = _column_names(kind)
        self.fields = {each.name for each in kind.fields}
        self.matched: dict[str, str | None] = {}
        self.extra: dict[str, RawCell] = {}
        if sheet.headings is not None:
            self._check_headings(sheet.headings)

    def _name(self, cell: RawCell) -> str | None:
        """The column that a heading names; an unknown one is noted."""
        if cell.value is None:
            return self.kind.fields[0].name
        written = str(cell.value)
        if written not in self.matched:
            self.matched[written] = find_name(written, self.names)
        return self.matched[written]

    def _check_headings(self, headings: tuple[RawCell, ...]) -> None:
        seen: dict[str, RawCell] = {}
        for cell in headings:
            if is_blank(cell.value):
                continue
            name = self._name(cell)
            if name is None:
                self._note_extra(cell)
            elif name in seen:
                message = f"the column `{name}` stands twice"
                help = f"the other one is at {seen[name].place}; keep one of them"
                self.found.append(diagnostic("column-twice", message, cell.place, help))
            else:
                seen[name] = cell

    def _note_extra(self, cell: RawCell) -> None:
        word = heading(str(cell.value))
        if word in self.extra:
            return
        self.extra[word] = cell
        near = did_you_mean(word, self.names) if len(self.extra) <= _MOST_GUESSES else None
        help = near or f"its columns are {listing(each.name for each in self.kind.fields)}"
        message = f"`{shown(cell.value)}` is no column of `{self.kind.name}` and is not read"
        self.found.append(diagnostic("extra-column", message, cell.place, help))

    def cells(self, row: RawRow) -> dict[str, RawCell] | None:
        """The cells of a row by column, or None where it cannot be read."""
        cells: dict[str, RawCell] = {}
        seen: dict[str, RawCell] = {}
        good = True
        for head, cell in row.cells:
            if is_blank(head.value) and (head.value is not None or self.sheet.headings is not None):
                if not is_blank(cell.value) and "" not in self.extra:
                    self.extra[""] = cell
                    message = f"`{shown(cell.value)}` stands under no heading and is not read"
                    help = "put a heading above it, or take it out"
                    self.found.append(diagnostic("extra-column", message, cell.place, help))
                continue
            name = self._name(head)
            if name is None:
                self._note_extra(head)
            elif name in seen:
                if self.sheet.headings is None:
                    message = f"`{name}` stands twice in one row"
                    help = f"as `{shown(seen[name].value)}` and as `{shown(head.value)}`; keep one of them"
                    self.found.append(diagnostic("column-twice", message, head.place, help))
                good = False
            else:
                seen[name] = head
                self._put(cells, name, cell)
        return cells if good else None

    def _put(self, cells: dict[str, RawCell], name: str, cell: RawCell) -> None:
        if name == POSSIBLE and name not in self.fields:
            if is_blank(cell.value):
                return
            turned = {"yes": "no", "no": "yes"}
            word = heading(shown(cell.value))
            plain = {"y": "yes", "true": "yes", "1": "yes", "n": "no", "false": "no", "0": "no"}.get(
                word, word
            )
            cells.setdefault(CERTAIN, RawCell(turned.get(plain, cell.value), cell.place))
        elif name != CERTAIN or name in self.fields or not is_blank(cell.value):
            cells[name] = cell

    def lacks_any(self) -> bool:
        """Whether a table lacks a column that everything hangs on: said once, and not row by row."""
        if self.sheet.headings is None:
            return False
        before = len(self.found)
        present = {self._name(each) for each in self.sheet.headings if not is_blank(each.value)}
        for number, field in enumerate(self.kind.fields):
            if field.name not in present and (number == 0 or field.blank.meaning == "required"):
                near = did_you_mean(field.name, [str(each.value) for each in self.extra.values()])
                help = f"add it; {near}" if near else "add it as a heading in the first row"
                message = f"`{self.kind.name}` has no column `{field.name}`"
                self.found.append(diagnostic("missing-column", message, self.sheet.place, help))
        return len(self.found) > before


def entries_of(raw: RawTable) -> tuple[tuple[RawCell, RawCell], ...]:
    """What the sheet `register` says: a label and the value beside it, or headings with values under them."""
    entries: list[tuple[RawCell, RawCell]] = []
    lines = [[each for each in line if not is_blank(each.value)] for line in raw.lines]
    filled = [(line, cells) for line, cells in zip(raw.lines, lines, strict=True) if cells]
    if (
        len(filled) == 2
        and len(filled[0][1]) > 1
        and heading(shown(filled[0][1][1].value)) in ("as of", "as at")
    ):
        return tuple(zip(filled[0][0], filled[1][0], strict=False))
    for line in raw.lines:
        for number, cell in enumerate(line):
            if isinstance(cell.value, str) and not says_nothing(cell.value):
                beside = line[number + 1] if number + 1 < len(line) else RawCell(None, cell.place)
                entries.append((cell, beside))
                break
    return tuple(entries)
