"""Bad files that are better made than stored: workbooks, bytes that are no text, links, and what is very large.

Each recipe is a function with the name of the bad file. What is said about it stands in `registers` or
in `hostile`, under that name with `-` for `_`.
"""

from __future__ import annotations

import datetime
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

REGISTERS: dict[str, Callable[[Path], Path]] = {}
RULEBOOKS: dict[str, Callable[[Path], None]] = {}

ANN = "people: [Ann Example]\n"
RULE = "rule: There are enough keyholders\nsource: hall.1\nforce: must\n"


def register(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    """A recipe for a register: it is given an empty folder and says where in it the register is."""
    REGISTERS[make.__name__.strip("_").replace("_", "-")] = make
    return make


def rulebook(make: Callable[[Path], None]) -> Callable[[Path], None]:
    """A recipe for a rulebook: it is given a sound one and spoils it."""
    RULEBOOKS[make.__name__.strip("_").replace("_", "-")] = make
    return make


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


# ---------------------------------------------------------------- workbooks


def workbook(
    path: Path, sheets: dict[str, list[list[Any]]], change: Callable[[Any], None] | None = None
) -> Path:
    """A workbook as a spreadsheet writes it."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change is not None:
        change(book)
    book.save(path)
    return path


PEOPLE = {"people": [["person", "born"], ["Ann Example"], ["Bob Sample"]]}
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return path


def with_rows(path: Path, rows: bytes) -> Path:
    """A workbook whose sheet of people holds these rows, as they stand in the file."""
    text = b'<?xml version="1.0"?><worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
    return with_part(workbook(path, PEOPLE), SHEET, lambda _: text % (MAIN.encode(), rows))


def text_cell(where: str, text: str) -> bytes:
    return f'<c r="{where}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def one_row(number: int, text: str) -> bytes:
    return b'<row r="%d">%s</row>' % (number, text_cell(f"A{number}", text))


@register
def merged_names(folder: Path) -> Path:
    """One name over two rows: the second row has none."""
    sheets = {
        **PEOPLE,
        "memberships": [
            ["person", "role"],
            ["Ann Example", "member"],
            [None, "treasurer"],
            ["Bob Sample", "member"],
        ],
    }
    return workbook(folder / "ours.xlsx", sheets, lambda book: book["memberships"].merge_cells("A2:A3"))


@register
def merged_headings(folder: Path) -> Path:
    """One heading over two columns."""
    sheets = {**PEOPLE, "memberships": [["person", "from", None], ["Ann Example", "1/4/2017", "1/4/2018"]]}
    return workbook(folder / "ours.xlsx", sheets, lambda book: book["memberships"].merge_cells("B1:C1"))


@register
def formulas_never_worked_out(folder: Path) -> Path:
    """Formulas that a program wrote and no spreadsheet has seen."""
    rows = [["person", "voting"], ["Ann Example", '=IF(1=1,"yes","no")'], ["=people!A3", "yes"]]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "memberships": rows})


@register
def errors_of_the_spreadsheet(folder: Path) -> Path:
    """Formulas that point nowhere any more."""
    rows = [["person", "voting"], ["#REF!", "yes"], ["Ann Example", "#N/A"]]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "memberships": rows})


@register
def serial_numbers_for_days(folder: Path) -> Path:
    """Days that lost their format: only numbers are left."""
    rows = [["person", "from"], ["Ann Example", 42826], ["Bob Sample", 42826.5]]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "memberships": rows})


@register
def days_before_the_calendar(folder: Path) -> Path:
    """In a workbook that counts from 1904, and where the number of a day was typed for its year."""

    def counts_from_1904(book: Any) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904

    rows = [
        ["person", "from", "until"],
        ["Ann Example", datetime.date(2017, 4, 1), datetime.date(2016, 4, 1)],
    ]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "memberships": rows}, counts_from_1904)


@register
def day_that_no_calendar_has(folder: Path) -> Path:
    """A number far beyond the last day, in the format of a date."""

    def as_day(book: Any) -> None:
        book["people"]["B2"] = 99_999_999
        book["people"]["B2"].number_format = "dd/mm/yyyy"

    return workbook(folder / "ours.xlsx", PEOPLE, as_day)


@register
def time_for_a_day_in_a_workbook(folder: Path) -> Path:
    """The time of a meeting in the column for its day."""
    rows = [["meeting", "day"], ["The spring meeting", datetime.time(19, 30)]]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "meetings": rows})


@register
def name_that_became_a_day(folder: Path) -> Path:
    """A spreadsheet has made a date of `3-4`, the name of a meeting."""
    rows = [["meeting", "day"], [datetime.datetime(2018, 4, 3), datetime.datetime(2018, 4, 3)]]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "meetings": rows})


@register
def tick_for_a_name(folder: Path) -> Path:
    """A box that is ticked where a name should stand."""
    return workbook(
        folder / "ours.xlsx", {**PEOPLE, "memberships": [["person", "voting"], [True, "Ann Example"]]}
    )


@register
def headings_twice(folder: Path) -> Path:
    rows = [["person", "voting", "VOTING "], ["Ann Example", "yes", "no"]]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "memberships": rows})


@register
def sheets_twice(folder: Path) -> Path:
    """Somebody has copied a sheet, and then renamed the copy."""
    return workbook(folder / "ours.xlsx", {**PEOPLE, "Person": [["person"], ["Cy Specimen"]]})


@register
def sheets_of_other_names(folder: Path) -> Path:
    sheets = {
        "Sheet1": [["person"], ["Ann Example"]],
        "Sheet2": [["person", "voting"], ["Ann Example", "yes"]],
    }
    return workbook(folder / "ours.xlsx", sheets)


@register
def headings_too_far_down(folder: Path) -> Path:
    """More remarks above the headings than anybody is expected to write."""
    remarks = [[f"remark {number}"] for number in range(1, 15)]
    return workbook(folder / "ours.xlsx", {"people": [*remarks, ["person"], ["Ann Example"]]})


@register
def note_beside_the_table(folder: Path) -> Path:
    rows = [["person", "voting"], ["Ann Example", "yes", None, None, "is she still here?"]]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "memberships": rows})


@register
def totals_below_the_table(folder: Path) -> Path:
    rows = [["person", "voting"], ["Ann Example", "yes"], ["Total", 1]]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "memberships": rows})


@register
def two_tables_on_one_sheet(folder: Path) -> Path:
    rows = [
        ["person", "voting"],
        ["Ann Example", "yes"],
        [],
        ["person", "in the village"],
        ["Ann Example", "yes"],
    ]
    return workbook(folder / "ours.xlsx", {**PEOPLE, "memberships": rows})


@register
def zip_bomb(folder: Path) -> Path:
    """A small file that unpacks to a hundred times what any register holds."""
    path = workbook(folder / "ours.xlsx", PEOPLE)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.xml", b"0" * 61_000_000)
    return path


@register
def part_that_is_nearly_nothing(folder: Path) -> Path:
    """A part that shrinks to less than a 250th."""
    path = workbook(folder / "ours.xlsx", PEOPLE)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/extra.xml", b" " * 2_000_000)
    return path


@register
def very_many_parts(folder: Path) -> Path:
    path = workbook(folder / "ours.xlsx", PEOPLE)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/media/{number}", b"")
    return path


ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@register
def entities_that_multiply(folder: Path) -> Path:
    text = f'<?xml version="1.0"?>{ENTITIES}<worksheet xmlns="{MAIN}">&b;</worksheet>'
    return with_part(workbook(folder / "ours.xlsx", PEOPLE), SHEET, lambda _: text.encode())


@register
def entities_in_utf_16(folder: Path) -> Path:
    """The same in an encoding in which the bytes of `<!DOCTYPE` do not stand."""
    text = f'<?xml version="1.0" encoding="UTF-16"?>{ENTITIES}<worksheet xmlns="{MAIN}">&b;</worksheet>'
    return with_part(workbook(folder / "ours.xlsx", PEOPLE), SHEET, lambda _: text.encode("utf-16"))


@register
def entities_in_a_part_of_another_name(folder: Path) -> Path:
    """A sheet may have any name: it need not end in `.xml`."""
    path = workbook(folder / "ours.xlsx", PEOPLE)
    with_part(path, "xl/sheet.bin", lambda _: f"{ENTITIES}<worksheet/>".encode())
    return with_part(
        path, "xl/_rels/workbook.xml.rels", lambda old: old.replace(b"worksheets/sheet1.xml", b"sheet.bin")
    )


@register
def tag_without_end(folder: Path) -> Path:
    """A tag with so many attributes that a parser takes minutes."""
    attributes = " ".join(f'a{number}="{number * 7919 % 100_003}"' for number in range(9_000)).encode()
    return with_rows(folder / "ours.xlsx", b'<row r="1" ' + attributes + b"></row>")


@register
def rows_out_of_order(folder: Path) -> Path:
    """No spreadsheet writes this; the second row would be passed over in silence."""
    return with_rows(folder / "ours.xlsx", one_row(5, "person") + one_row(1, "Ann Example"))


@register
def cell_twice(folder: Path) -> Path:
    """The second of two cells of one name would take the place of the first."""
    rows = (
        one_row(1, "person")
        + b'<row r="2">'
        + text_cell("A2", "Ann Example")
        + text_cell("A2", "Bob")
        + b"</row>"
    )
    return with_rows(folder / "ours.xlsx", rows)


@register
def sheet_that_is_missing(folder: Path) -> Path:
    """A sheet that is named and not there would count as not asked."""
    path = workbook(folder / "ours.xlsx", {**PEOPLE, "memberships": [["person"], ["Ann Example"]]})
    return with_part(
        path,
        "xl/_rels/workbook.xml.rels",
        lambda old: old.replace(b"worksheets/sheet2.xml", b"worksheets/no.xml"),
    )


@register
def half_a_workbook(folder: Path) -> Path:
    path = workbook(folder / "ours.xlsx", PEOPLE)
    return write(path, path.read_bytes()[: path.stat().st_size // 2])


@register
def half_a_sheet(folder: Path) -> Path:
    return with_part(workbook(folder / "ours.xlsx", PEOPLE), SHEET, lambda old: old[: len(old) // 2])


@register
def bytes_that_have_changed(folder: Path) -> Path:
    """A workbook that was damaged on its way: its parts are there, and one does not unpack."""
    path = workbook(folder / "ours.xlsx", PEOPLE)
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo(SHEET).header_offset + 30 + len(SHEET) + 10
    data = bytearray(path.read_bytes())
    data[at : at + 8] = b"\xff" * 8
    return write(path, bytes(data))


@register
def document_for_a_workbook(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "ours.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return folder / "ours.xlsx"


@register
def text_for_a_workbook(folder: Path) -> Path:
    """A list that was saved as text, and then renamed."""
    return write(folder / "ours.xlsx", "person\nAnn Example\n")


@register
def page_for_a_workbook(folder: Path) -> Path:
    """What many web sites give to whoever asks for a workbook."""
    return write(folder / "ours.xlsx", "<html><table><tr><td>person</td></tr></table></html>")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


@register
def workbook_with_a_password(folder: Path) -> Path:
    return write(folder / "ours.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"))


@register
def old_workbook_renamed(folder: Path) -> Path:
    return write(folder / "ours.xlsx", OLE + "Workbook".encode("utf-16-le"))


@register
def old_workbook(folder: Path) -> Path:
    return write(folder / "ours.xls", OLE + "Workbook".encode("utf-16-le"))


@register
def strict_workbook(folder: Path) -> Path:
    """One of the two formats that are offered under nearly the same name."""
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    path = workbook(folder / "ours.xlsx", PEOPLE)
    return with_part(path, "xl/workbook.xml", lambda old: old.replace(MAIN.encode(), strict))


@register
def parts_locked_with_a_password(folder: Path) -> Path:
    """A zip whose parts say that they are encrypted."""
    path = workbook(folder / "ours.xlsx", PEOPLE)
    data = path.read_bytes()
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = data.split(mark)
        parts[1:] = [each[: at - 4] + bytes([each[at - 4] | 1]) + each[at - 3 :] for each in parts[1:]]
        data = mark.join(parts)
    return write(path, data)


@register
def very_many_sheets(folder: Path) -> Path:
    return workbook(folder / "ours.xlsx", {**PEOPLE, **{f"sheet {number}": [] for number in range(500)}})


@register
def very_many_rows(folder: Path) -> Path:
    rows = b"".join(one_row(number, f"Person {number}") for number in range(1, 20_003))
    return with_rows(folder / "ours.xlsx", rows)


@register
def row_very_far_down(folder: Path) -> Path:
    return with_rows(folder / "ours.xlsx", one_row(1, "person") + one_row(1_000_000, "Ann Example"))


@register
def column_very_far_right(folder: Path) -> Path:
    row = b'<row r="2">' + text_cell("A2", "Ann Example") + text_cell("XFD2", "1980-01-01") + b"</row>"
    return with_rows(folder / "ours.xlsx", one_row(1, "person") + row)


@register
def text_without_end_in_a_cell(folder: Path) -> Path:
    """More than a spreadsheet lets anybody type."""
    return with_rows(folder / "ours.xlsx", one_row(1, "person") + one_row(2, "Ann Example " * 3_000))


@register
def macros_and_a_slip(folder: Path) -> Path:
    """A workbook with macros is read like any other."""
    rows = [["person", "voting"], ["Ann Example", "nay"]]
    return workbook(folder / "ours.xlsm", {**PEOPLE, "memberships": rows})


# ---------------------------------------------------------------- bytes and encodings


@register
def yaml_in_utf_16(folder: Path) -> Path:
    return write(folder / "ours.yaml", ANN.encode("utf-16"))


@register
def yaml_in_latin_1(folder: Path) -> Path:
    return write(folder / "ours.yaml", "people:\n  - Ann Example\n  - Zoé Instance\n".encode("latin-1"))


@register
def yaml_with_a_zero_byte(folder: Path) -> Path:
    return write(folder / "ours.yaml", "people:\n  - Ann\0Example\n")


@register
def json_in_utf_16(folder: Path) -> Path:
    return write(folder / "ours.json", '{"people": ["Ann Example"]}'.encode("utf-16"))


@register
def csv_in_the_encoding_of_windows(folder: Path) -> Path:
    write(folder / "ours" / "people.csv", "person\nAnn Example\n")
    return write(folder / "ours" / "homes.csv", "person\nZoé Instance\n".encode("cp1252")).parent


@register
def json_with_a_byte_that_is_no_text(folder: Path) -> Path:
    """Behind a control character that some take for the end of a line, and a text file does not."""
    return write(folder / "ours.json", b'{"people": ["Ann\x0bExample",\n  "Zo\xe9"]}')


@register
def csv_in_utf_16(folder: Path) -> Path:
    """What a spreadsheet calls `Unicode text`."""
    return write(
        folder / "ours" / "people.csv", "person\tborn\nAnn Example\t1980-01-01\n".encode("utf-16")
    ).parent


@register
def csv_with_zero_bytes(folder: Path) -> Path:
    return write(folder / "ours" / "people.csv", b"person\nAnn\0Example\n").parent


@register
def nested_without_end(folder: Path) -> Path:
    return write(folder / "ours.yaml", "people: " + "[" * 5_000)


@register
def nested_without_end_in_json(folder: Path) -> Path:
    return write(folder / "ours.json", '{"people": ' + "[" * 100_000)


@register
def name_of_ten_thousand_letters(folder: Path) -> Path:
    return write(
        folder / "ours.yaml", f"{ANN}memberships:\n  - {{person: {'Ann ' * 2_500}Example, voting: maybe}}\n"
    )


@register
def text_without_end(folder: Path) -> Path:
    return write(folder / "ours.json", '{"people": ["Ann Example", "' + "a" * 32_768 + '"]}')


@register
def key_without_end(folder: Path) -> Path:
    return write(folder / "ours.json", '{"people": [{"person": "Ann Example", "' + "k" * 40_000 + '": 1}]}')


@register
def field_without_end_in_csv(folder: Path) -> Path:
    return write(folder / "ours" / "people.csv", f"person\n{'a' * 32_768}\n").parent


@register
def very_large(folder: Path) -> Path:
    return write(folder / "ours.yaml", b"#" * 10_000_001)


@register
def very_many_values(folder: Path) -> Path:
    return write(folder / "ours.json", '{"people": [' + "[],[],[],[],[]," * 60_000 + "[]]}")


@register
def very_many_lists(folder: Path) -> Path:
    return write(folder / "ours.yaml", ANN + "".join(f"list {number}: []\n" for number in range(500)))


@register
def very_many_columns(folder: Path) -> Path:
    columns = ",".join(f"column {number}" for number in range(256))
    return write(folder / "ours" / "people.csv", f"person,{columns}\nAnn Example\n").parent


@register
def very_many_columns_in_one_row(folder: Path) -> Path:
    columns = ", ".join(f"column {number}: 1" for number in range(256))
    return write(folder / "ours.yaml", f"people:\n  - {{person: Ann Example, {columns}}}\n")


# ---------------------------------------------------------------- files and folders


@register
def no_such_file(folder: Path) -> Path:
    write(folder / "ours.yaml", ANN)
    return folder / "our.yaml"


@register
def empty_file(folder: Path) -> Path:
    return write(folder / "ours.xlsx", b"")


@register
def list_without_its_folder(folder: Path) -> Path:
    return write(folder / "people.csv", "person\nAnn Example\n")


@register
def file_of_another_kind(folder: Path) -> Path:
    return write(folder / "ours.ods", b"PK\x03\x04")


@register
def file_without_an_ending(folder: Path) -> Path:
    return write(folder / "ours", ANN)


@register
def name_that_breaks_a_line(folder: Path) -> Path:
    """The name of a file can hold what a terminal obeys."""
    return folder / "ours\x1b[2J\n\u202eours.yaml"


@register
def folder_for_a_list(folder: Path) -> Path:
    """A folder that is named like a list would count as a list that was not asked."""
    (folder / "ours" / "homes.csv").mkdir(parents=True)
    return write(folder / "ours" / "people.csv", "person\nAnn Example\n").parent


@register
def link_to_nothing(folder: Path) -> Path:
    """So would a link to a file that has gone."""
    ours = write(folder / "ours" / "people.csv", "person\nAnn Example\n").parent
    os.symlink(folder / "gone.csv", ours / "homes.csv")
    return ours


@register
def link_to_itself(folder: Path) -> Path:
    os.symlink(folder / "ours.yaml", folder / "ours.yaml")
    return folder / "ours.yaml"


@register
def pipe_for_a_file(folder: Path) -> Path:
    """Whoever opens it waits for ever."""
    os.mkfifo(folder / "ours.json")
    return folder / "ours.json"


# ---------------------------------------------------------------- rulebooks


@rulebook
def rule_in_utf_16(book: Path) -> None:
    write(book / "size.yaml", (RULE + "ask: Is it?\n").encode("utf-16"))


@rulebook
def rule_in_latin_1(book: Path) -> None:
    write(book / "size.yaml", (RULE + "note: as agreed at the café\nask: Is it?\n").encode("latin-1"))


@rulebook
def rule_with_a_zero_byte(book: Path) -> None:
    write(book / "size.yaml", RULE + "ask: Is\0it?\n")


@rulebook
def rule_without_end(book: Path) -> None:
    write(book / "size.yaml", RULE + "ask: Is it?\nnote: " + "a" * 1_000_000 + "\n")


@rulebook
def rule_of_very_many_values(book: Path) -> None:
    write(book / "size.yaml", RULE + "ask: Is it?\nnote: [" + "[]," * 100_000 + "]\n")


@rulebook
def slot_of_ten_thousand_letters(book: Path) -> None:
    write(book / "size.yaml", f"{RULE}required: <{'person' * 1_667}> is a keyholder\n")


@rulebook
def sentence_of_ten_thousand_letters(book: Path) -> None:
    write(book / "size.yaml", f"{RULE}required: <any person> is a {'key' * 3_333}holder\n")


@rulebook
def bracket_after_bracket(book: Path) -> None:
    write(book / "size.yaml", f'{RULE}required: "{"<" * 5_000}{">" * 5_000} is a keyholder"\n')


@rulebook
def very_many_conditions(book: Path) -> None:
    write(book / "size.yaml", RULE + "required:\n" + "  - <any person> is a keyholder\n" * 1_001)


@rulebook
def link_to_a_folder(book: Path) -> None:
    """Links to folders are not followed; without a word the rules in them would be missing."""
    write(book.parent / "elsewhere" / "size.yaml", RULE + "ask: Is it?\n")
    os.symlink(book.parent / "elsewhere", book / "more")


@rulebook
def link_round_in_a_circle(book: Path) -> None:
    os.symlink(book, book / "again")


@rulebook
def rule_that_links_to_itself(book: Path) -> None:
    os.symlink(book / "size.yaml", book / "size.yaml")


@rulebook
def pipe_for_a_rule(book: Path) -> None:
    os.mkfifo(book / "size.yaml")


@rulebook
def folder_for_a_rule(book: Path) -> None:
    (book / "size.yaml").mkdir()


@rulebook
def folders_without_end(book: Path) -> None:
    write(book.joinpath(*"abcdefghijklmn", "size.yaml"), RULE + "ask: Is it?\n")


@rulebook
def name_of_a_file_that_is_code(book: Path) -> None:
    """A file may be called anything; its name is an id, and never more."""
    write(
        book / "a'+__import__('os').system('x')\n\u202e.yaml", RULE + "required: <any person> is a keyhlder\n"
    )
