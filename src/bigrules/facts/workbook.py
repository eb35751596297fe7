"""Registers as workbooks: an empty one to fill in, and one with the facts of a case.

openpyxl writes them: it is what reads them too, so that workbooks need one dependency and not two.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs

from bigrules.diagnostics import Cell, Diagnostic
from bigrules.facts.case import Case
from bigrules.facts.codes import diagnostic
from bigrules.facts.headings import (
    BUILT_IN_HELP,
    CERTAIN_HELP,
    field_help,
    how_to,
    sample_row,
    sheet_title,
    text_of,
)
from bigrules.facts.judgements import questions
from bigrules.facts.readers.workbook import column_letters
from bigrules.facts.records import CERTAIN, plain_value
from bigrules.facts.sheets import BUILT_IN, CHOICES_SHEET, ID, REGISTER
from bigrules.facts.values import FIRST_YEAR, LAST_YEAR
from bigrules.language.model import Field, Kind, Rulebook, Value

# Drop-downs and checks reach so far down.
_LAST = 1_000
_DATE = "DD/MM/YYYY"


def new_register(rulebook: Rulebook, path: str | Path) -> list[Diagnostic]:
    """Writes an empty workbook: a sheet for each kind of fact, with headings, drop-downs, checks and help.

    Until somebody writes rows into a sheet, or says on the first sheet that it was asked, its kind
    counts as not asked: what nobody has looked into never reads as "none".

    Args:
        rulebook: Whose vocabulary it is made from.
        path: Where to write it; nothing that is there is overwritten.

    Returns:
        What went wrong; then nothing was written.
    """
    return _write(path, lambda: _Book(rulebook).empty())


def write_register(
    rulebook: Rulebook,
    register: Case | Mapping[str, object],
    path: str | Path,
    as_of: str | datetime.date | None = None,
) -> list[Diagnostic]:
    """Writes a workbook that reads back as the same facts.

    Args:
        rulebook: Whose vocabulary it is made from.
        register: A case, or plain data as `read_register` takes them.
        path: Where to write it; nothing that is there is overwritten.
        as_of: The day of judging, for plain data.

    Returns:
        What went wrong; if an error is among it, nothing was written.
    """
    from bigrules.facts import read_register

    noticed: list[Diagnostic] = []
    if isinstance(register, Case):
        case: Case | None = register
    else:
        case, noticed = read_register(rulebook, register, as_of)
    if case is None:
        return noticed
    filled = case
    return [*noticed, *_write(path, lambda: _Book(rulebook).filled(filled))]


def _write(path: str | Path, make: Any) -> list[Diagnostic]:
    place = Cell(str(path))
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        message = f"`{path}` does not end in .xlsx"
        return [
            diagnostic("cannot-write", message, place, "a register is written as an Excel workbook (.xlsx)")
        ]
    if target.exists():
        help = "choose another name, or move the file away first"
        return [diagnostic("file-exists", f"`{path}` is there already and is not overwritten", place, help)]
    try:
        import openpyxl  # type: ignore[import-untyped, unused-ignore]  # noqa: F401
        from openpyxl.utils.exceptions import (  # type: ignore[import-untyped, unused-ignore]
            IllegalCharacterError,
        )
    except ImportError:
        help = 'install it with `pip install "bigrules[xlsx]"`'
        return [diagnostic("not-installed", "writing workbooks needs the extra `xlsx`", place, help)]
    try:
        stream = io.BytesIO()
        make().save(stream)  # all of it is made before anything is written
        with target.open("xb") as file:
            file.write(stream.getvalue())
    except IllegalCharacterError:
        message = "a name or text holds a control character, which no workbook can hold"
        return [diagnostic("cannot-write", message, place)]
    except FileExistsError:
        return [diagnostic("file-exists", f"`{path}` is there already and is not overwritten", place)]
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        return [diagnostic("cannot-write", f"`{path}` cannot be written: {why}", place)]
    return []


@attrs.frozen
class _Column:
    """A column of a sheet.

    Args:
        heading: Its heading.
        help: What to write under it.
        field: The field of a kind, or None for a built-in column.
        choices: What its drop-down offers, or ().
    """

    heading: str
    help: str
    field: Field | None = None
    choices: tuple[str, ...] = ()


class _Book:
    """One workbook in the making."""

    def __init__(self, rulebook: Rulebook) -> None:
        import openpyxl

        self.rulebook = rulebook
        self.kinds = rulebook.vocabulary.given
        self.book: Any = openpyxl.Workbook()
        self.front: Any = self.book.active
        self.front.title = REGISTER
        self.choices: Any = None
        self.offered: dict[tuple[str, ...], str] = {}
        self.first = 2  # the first row that is read
        self.titles = {name: sheet_title(name) for name in self.kinds}

    # ------------------------------------------------------------ the two sorts of workbook

    def empty(self) -> Any:
        """A workbook to fill in."""
        self.first = 3  # no drop-down offers the example
        self._front(None, dict.fromkeys(self.kinds, ""))
        for kind in self.kinds.values():
            sheet = self._sheet(self.titles[kind.name], [self._column(kind, each) for each in kind.fields])
            self._example(sheet, kind)
        self._built_in("answers")
        self._built_in("incomplete")
        return self.book

    def filled(self, case: Case) -> Any:
        """A workbook with the facts of a case."""
        of = {name: [each for each in case.facts if each.kind == name] for name in self.kinds}
        shown = {
            name: "yes" if name in case.asked else "no"
            for name in self.kinds
            if name in case.asked or of[name]
        }
        self._front(case, shown)
        for name in shown:
            self._rows(self.kinds[name], case)
        if case.answers:
            sheet = self._built_in("answers")
            for number, each in enumerate(case.answers, start=2):
                about = "; ".join(text_of(value) for value in each.subject)
                self._line(sheet, number, [each.question, about, each.answer, each.who, each.when, each.why])
        if case.incomplete:
            sheet = self._built_in("incomplete")
            gaps = dict.fromkeys((each.kind, each.value) for each in case.incomplete)
            for number, gap in enumerate(gaps, start=2):
                self._line(sheet, number, gap)
        return self.book

    def _rows(self, kind: Kind, case: Case) -> None:
        facts = [each for each in case.facts if each.kind == kind.name]
        columns = [self._column(kind, each) for each in kind.fields]
        names = {id: name for (thing, id), name in case.names.items() if thing == kind.lists}
        if names:
            columns.append(
                _Column(ID, f"What other sheets may call this {kind.lists}; tells two of one name apart.")
            )
        possible = any(each.possible for each in facts)
        if possible:
            columns.append(_Column(CERTAIN, CERTAIN_HELP, choices=("yes", "no", "?")))
        sheet = self._sheet(self.titles[kind.name], columns)
        for number, fact in enumerate(facts, start=2):
            line: list[Value] = [plain_value(*each) for each in zip(kind.fields, fact.values, strict=True)]
            if names:
                id = str(line[0])
                line[0] = names.get(id, id)
                line.append(id)
            if possible:
                line.append("no" if fact.possible else None)
            self._line(sheet, number, line)

    # ------------------------------------------------------------ the first sheet

    def _front(self, case: Case | None, shown: dict[str, str]) -> None:
        from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped, unused-ignore]
        from openpyxl.worksheet.hyperlink import Hyperlink  # type: ignore[import-untyped, unused-ignore]

        sheet = self.front
        body = self.rulebook.body or "the body"
        sheet["A1"] = f"Register of {body}"
        sheet["A1"].font = Font(bold=True, size=14)
        _put(sheet["A3"], f"Name of {body}")
        _put(sheet["B3"], case.name if case is not None and case.name else None)
        _put(sheet["A4"], "As of")
        _put(sheet["B4"], case.as_of if case is not None and case.day_given else None)
        sheet["B4"].number_format = _DATE
        _put(sheet["C4"], f"The day on which {body} is judged; blank means today.")
        self._check_date(sheet, "B4:B4", "As of", "The day of judging, such as 31/12/2017. Blank: today.")
        for column, text in enumerate(("List", "Asked?", "What it asks"), start=1):
            _head(sheet.cell(6, column), text)
        last = 6
        for last, (name, asked) in enumerate(shown.items(), start=7):
            kind = self.kinds[name]
            _put(sheet.cell(last, 1), name)
            where = f"'{_quoted(self.titles[name])}'!A1"
            sheet.cell(last, 1).hyperlink = Hyperlink(ref=f"A{last}", location=where)
            sheet.cell(last, 1).font = Font(underline="single", color="0563C1")
            _put(sheet.cell(last, 2), asked or None)
            _put(sheet.cell(last, 3), kind.asks or kind.help)
            sheet.cell(last, 3).alignment = Alignment(wrap_text=True, vertical="top")
        if shown:
            prompt = (
                "yes: somebody asked, and the sheet says all there is; empty, it says none. "
                "no: nobody asked, or it is not finished. Blank: a sheet with rows was asked, an empty one not."
            )
            self._offer(sheet, f"B7:B{last}", ("yes", "no"), "Asked?", prompt)
        for number, text in enumerate(("How to fill it in", *how_to(self.rulebook)), start=last + 2):
            sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=3)
            _put(sheet.cell(number, 1), text)
            sheet.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
            sheet.row_dimensions[number].height = 15 * (1 + len(text) // 105)
            if number == last + 2:
                sheet.cell(number, 1).font = Font(bold=True)
        for letter, width in (("A", 30), ("B", 24), ("C", 62)):
            sheet.column_dimensions[letter].width = width
        _fit(sheet)

    # ------------------------------------------------------------ the other sheets

    def _column(self, kind: Kind, field: Field) -> _Column:
        choices = (*field.type.choices, "?") if field.type.choices else ()
        return _Column(field.name, field_help(kind, field), field, choices)

    def _built_in(self, name: str) -> Any:
        asking = tuple(questions(self.rulebook))
        choices = {"question": asking, "kind": tuple(self.kinds), "answer": ("yes", "no")}
        fields = BUILT_IN[name].fields
        helps = BUILT_IN_HELP[name]
        columns = [_Column(each.name, helps[each.name], each, choices.get(each.name, ())) for each in fields]
        return self._sheet(name, columns)

    def _sheet(self, title: str, columns: Sequence[_Column]) -> Any:
        from openpyxl.comments import Comment  # type: ignore[import-untyped, unused-ignore]

        sheet = self.book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        _fit(sheet)
        for number, column in enumerate(columns, start=1):
            letter = column_letters(number)
            cell = sheet.cell(1, number)
            _head(cell, column.heading)
            cell.comment = Comment(
                column.help, "bigrules", width=320, height=40 + 20 * (len(column.help) // 45 + 1)
            )
            type = column.field.type if column.field is not None else None
            longest = max((len(each) for each in column.choices), default=0)
            wide = 30 if type is not None and (type.is_thing or type.name == "text") else 14
            sheet.column_dimensions[letter].width = min(45, max(wide, len(column.heading) + 4, longest + 4))
            if type is not None:
                # Text stays text: no spreadsheet makes a date of the flat "1/2".
                sheet.column_dimensions[letter].number_format = _format(column)
            self._check(sheet, letter, column)
        return sheet

    def _check(self, sheet: Any, letter: str, column: _Column) -> None:
        """The drop-down or check of a column; it warns and never forbids: `?` may stand in any cell."""
        cells, type = f"{letter}2:{letter}{_LAST}", column.field.type if column.field is not None else None
        if column.choices:
            self._offer(sheet, cells, column.choices, column.heading, column.help)
        elif type is not None and type.name == "date":
            self._check_date(sheet, cells, column.heading, column.help)
        elif type is not None and type.name == "whole number":
            least, greatest = type.least, type.greatest
            self._validate(
                sheet,
                cells,
                column.heading,
                column.help,
                type="whole",
                operator="between",
                formula1=str(-(10**9) if least is None else least),
                formula2=str(10**9 if greatest is None else greatest),
                error="This is no whole number that fits. Keep it?",
            )
        else:
            listing = next(
                (each for each in self.kinds.values() if type is not None and each.lists == type.name), None
            )
            if listing is not None and self.titles[listing.name] != sheet.title:
                source = f"'{_quoted(self.titles[listing.name])}'!$A${self.first}:$A${_LAST}"
                self._validate(sheet, cells, column.heading, column.help, type="list", formula1=source)
            else:
                self._validate(sheet, cells, column.heading, column.help, type=None)

    def _offer(self, sheet: Any, cells: str, choices: tuple[str, ...], title: str, help: str) -> None:
        formula = '"' + ",".join(choices) + '"'
        if len(formula) > 250 or any("," in each or '"' in each for each in choices):
            formula = self._hidden(choices)
        error = "This is none of the choices. Keep it?"
        self._validate(sheet, cells, title, help, type="list", formula1=formula, error=error)

    def _hidden(self, choices: tuple[str, ...]) -> str:
        """Choices that are too long for a formula stand on a hidden sheet, which is not read."""
        if self.choices is None:
            self.choices = self.book.create_sheet(CHOICES_SHEET)
            self.choices.sheet_state = "hidden"
        if choices not in self.offered:
            number = len(self.offered) + 1
            for row, each in enumerate(choices, start=1):
                _put(self.choices.cell(row, number), each)
            letter = column_letters(number)
            self.offered[choices] = f"{CHOICES_SHEET}!${letter}$1:${letter}${len(choices)}"
        return self.offered[choices]

    def _check_date(self, sheet: Any, cells: str, title: str, help: str) -> None:
        self._validate(
            sheet,
            cells,
            title,
            help,
            type="date",
            operator="between",
            formula1=f"DATE({max(FIRST_YEAR, 1900)},1,1)",
            formula2=f"DATE({LAST_YEAR},12,31)",
            error="This is no date such as 31/12/2017. Keep it?",
        )

    def _validate(self, sheet: Any, cells: str, title: str, help: str, error: str = "", **check: Any) -> None:
        from openpyxl.worksheet.datavalidation import (  # type: ignore[import-untyped, unused-ignore]
            DataValidation,
        )

        made = DataValidation(allow_blank=True, **check)
        made.promptTitle, made.prompt, made.showInputMessage = title[:32], help[:255], True
        if error:
            made.errorTitle, made.error, made.errorStyle, made.showErrorMessage = (
                title[:32],
                error,
                "warning",
                True,
            )
        else:
            made.showErrorMessage = False
        made.add(cells)
        sheet.add_data_validation(made)

    def _example(self, sheet: Any, kind: Kind) -> None:
        from openpyxl.styles import Font  # type: ignore[import-untyped, unused-ignore]

        for number, value in enumerate(sample_row(kind).values(), start=1):
            cell = sheet.cell(2, number)
            _put(cell, value)
            if isinstance(value, datetime.date):
                cell.number_format = _DATE
            cell.font = Font(italic=True, color="808080")

    def _line(self, sheet: Any, number: int, values: Iterable[object]) -> None:
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(number, column)
            _put(cell, value)
            if isinstance(value, datetime.date):
                cell.number_format = _DATE


def _quoted(title: str) -> str:
    return title.replace("'", "''")


def _format(column: _Column) -> str:
    name = column.field.type.name if column.field is not None else ""
    return _DATE if name == "date" else "General" if name in ("number", "whole number") else "@"


def _fit(sheet: Any) -> None:
    """Whoever prints it gets whole rows on a page."""
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0


def _head(cell: Any, text: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped, unused-ignore]

    _put(cell, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", start_color="DDE6F0")
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _put(cell: Any, value: object) -> None:
    """Writes a value; text is text, even where it looks like a formula or an error."""
    if isinstance(value, Fraction):
        plain = float(value)
        value = plain if Fraction(repr(plain)) == value else str(value)
    if isinstance(value, int) and abs(value) >= 10**15:
        value = str(value)  # a spreadsheet keeps fifteen digits
    cell.value = None if value == "" else value
    if value and isinstance(value, str):
        cell.data_type = "s"
