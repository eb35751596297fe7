"""Registers in files: what each reader makes of good ones, and of everything that is none."""

from __future__ import annotations

import datetime
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bigrules.diagnostics import Cell, DataPath, Span
from bigrules.facts.case import BY_NOW, UNKNOWN
from bigrules.facts.readers.csv_folder import registers_in
from bigrules.language.model import Rulebook

if TYPE_CHECKING:
    from conftest import Read, Result


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Writes a workbook as a person might have made it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def csv_folder(path: Path, files: dict[str, str | bytes]) -> Path:
    """Writes a folder of CSV files."""
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# ---------------------------------------------------------------- workbooks


def test_an_untidy_workbook(read: Read, tmp_path: Path) -> None:
    """Titles above the headings, other orders, cases and spacings, real dates and real booleans."""
    path = workbook(
        tmp_path / "ours.xlsx",
        {
            "Register": [["Name of the partnership", "Riverside"], ["As of", datetime.date(2018, 3, 1)]],
            "PEOPLE": [["Person"], ["Ann Example "], [None], ["Bob"]],
            "Membership": [
                ["Our members"],
                [],
                ["From", "until", " Voting ", "PERSON"],
                [datetime.datetime(2017, 1, 1), None, True, "ann  example"],
                ["31/12/2017", "?", "N", "Bob"],
                [None, None, None, "vacant"],
            ],
            "homes": [["person", "in the area"]],
            "Sheet1": [],
        },
    )
    result = read(path, None)
    assert result.found == []
    assert result.case is not None
    assert (result.case.name, result.case.as_of) == ("Riverside", datetime.date(2018, 3, 1))
    assert result.case.asked == {"people", "memberships", "homes"}
    assert result.facts("memberships") == [
        ("Ann Example", "member", "yes", datetime.date(2017, 1, 1), None),
        ("Bob", "member", "no", datetime.date(2017, 12, 31), UNKNOWN),
    ]
    assert [each.place for each in result.case.facts if each.kind == "memberships"] == [
        Cell(str(path), "Membership", "A4", "01/01/2017"),
        Cell(str(path), "Membership", "A5", "31/12/2017"),
    ]


def test_faults_of_a_workbook_have_their_cells(read: Read, tmp_path: Path) -> None:
    """Each fault names the sheet and the cell."""
    path = workbook(
        tmp_path / "ours.xlsx",
        {
            "people": [
                ["person", "born", "shoe size"],
                ["Ann", "30/2/1980", 5],
                ["Ann", "1/3/1980"],
                ["Ann", "1/4/1980"],
            ],
            "homes": [["person", "in the area"], ["An", "=1+1"], ["Ann", "#REF!"]],
            "memberships": [["voting"], ["yes"]],
        },
    )
    result = read(path)
    assert result.case is None
    places = {(each.name, str(each.place).removeprefix(str(path))) for each in result.found}
    assert places == {
        ("extra-column", ":people!C1"),
        ("no-such-date", ":people!B2"),
        ("conflicting-rows", ":people!A3"),
        ("conflicting-rows", ":people!A4"),
        ("formula-without-value", ":homes!B2"),
        ("error-cell", ":homes!B3"),
        ("missing-column", ":memberships"),
    }


def with_part(path: Path, name: str, change: Callable[[str], str]) -> Path:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return path


def test_formulas_are_read_by_the_value_that_the_spreadsheet_saved(read: Read, tmp_path: Path) -> None:
    """A formula with a saved value is that value; an empty text is a blank."""
    path = workbook(tmp_path / "a.xlsx", {"people": [["person", "born"], ["=A", "=B"]]})

    def saved(text: str) -> str:
        text = text.replace('<c r="A2"><f>A</f><v /></c>', '<c r="A2" t="str"><f>A</f><v>Ann</v></c>')
        return text.replace('<c r="B2"><f>B</f><v /></c>', '<c r="B2" t="str"><f>B</f><v></v></c>')

    result = read(with_part(path, "xl/worksheets/sheet1.xml", saved))
    assert result.found == []
    assert result.facts("people") == [("Ann", UNKNOWN)]


def test_dates_that_are_only_numbers(read: Read, tmp_path: Path) -> None:
    """A spreadsheet's number for a day is read if the cell is a date, and a fault if it is not."""
    path = workbook(tmp_path / "a.xlsx", {"people": [["person", "born"], ["Ann", 29342]]})
    result = read(path)
    assert result.only.name == "not-a-date" and "01/05/1980" in (result.only.help or "")
    book = openpyxl.load_workbook(path)
    book["people"]["B2"].number_format = "dd/mm/yyyy"
    book.save(path)
    assert read(path).facts("people") == [("Ann", datetime.date(1980, 5, 1))]


def test_an_empty_sheet_says_none(read: Read, tmp_path: Path) -> None:
    """In a workbook of one's own a sheet that is there and empty says none, headings or not."""
    result = read(
        workbook(
            tmp_path / "a.xlsx", {"people": [["person"], ["Ann"]], "relations": [], "homes": [["person"]]}
        )
    )
    assert result.found == []
    assert result.case is not None and result.case.asked == {"people", "relations", "homes"}


def test_example_rows_are_not_read(read: Read, tmp_path: Path) -> None:
    """A row that begins with `example:` is not read, and a sheet with nothing else was not asked."""
    result = read(
        workbook(
            tmp_path / "a.xlsx",
            {
                "people": [["person"], ["Example:  Ann example"], ["Ann"]],
                "homes": [
                    ["person", "in the area", "from"],
                    [" EXAMPLE: Ann Example", "Yes", datetime.date(2017, 4, 1)],
                ],
            },
        )
    )
    assert result.found == []
    assert result.facts("people") == [("Ann", UNKNOWN)]
    assert result.case is not None and result.case.asked == {"people"}


def test_an_example_row_that_was_written_over(read: Read, tmp_path: Path) -> None:
    """Somebody may have typed a record over the example and left the mark: a warning says that it is not read."""
    result = read(workbook(tmp_path / "a.xlsx", {"people": [["person"], ["example: Jane Doe"], ["Ann"]]}))
    assert result.only.name == "changed-example" and result.only.severity == "warning"
    assert result.facts("people") == [("Ann", UNKNOWN)]


def bomb(path: Path) -> Path:
    """A small zip that unpacks to very much."""
    workbook(path, {"people": [["person"]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.xml", b"0" * 120_000_000)
    return path


def squashed(path: Path) -> Path:
    """A part that shrinks to nearly nothing."""
    workbook(path, {"people": [["person"]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/extra.xml", b" " * 5_000_000)
    return path


def entities(path: Path) -> Path:
    """A sheet with a document type."""
    doctype = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]>\n<worksheet'
    return with_part(
        workbook(path, {"people": [["person"]]}),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace("<worksheet", doctype, 1),
    )


def damaged(path: Path) -> Path:
    """A sheet that is half there."""
    return with_part(
        workbook(path, {"people": [["person"], ["Ann"]]}),
        "xl/worksheets/sheet1.xml",
        lambda text: text[: len(text) // 2],
    )


def truncated(path: Path) -> Path:
    """Half a file."""
    data = workbook(path, {"people": [["person"], ["Ann"]]}).read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def other_zip(path: Path) -> Path:
    """A zip that is no workbook."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return path


def ole(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + content)
        return path

    return write


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (bomb, "not-a-workbook"),
        (squashed, "not-a-workbook"),
        (entities, "not-a-workbook"),
        (damaged, "not-a-workbook"),
        (truncated, "not-a-workbook"),
        (other_zip, "not-a-workbook"),
        (ole("EncryptedPackage".encode("utf-16-le")), "workbook-password"),
        (ole(b"Workbook"), "old-workbook"),
    ],
)
def test_what_is_no_workbook(read: Read, tmp_path: Path, make: Callable[[Path], Path], name: str) -> None:
    """A file that is no sound workbook is one diagnostic, found before it can cost anything."""
    path = make(tmp_path / "ours.xlsx")
    result = read(path)
    assert result.case is None
    assert result.only.name == name
    assert result.only.place == Cell(str(path))


def test_too_many_rows(read: Read, tmp_path: Path) -> None:
    """A sheet with more rows than any register has is a diagnostic."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("people")
    for number in range(20_010):
        sheet.append([str(number)])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").names == ["too-many-rows"]


def test_workbooks_without_the_extra(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where openpyxl is not installed, a diagnostic says how to get it."""
    path = workbook(tmp_path / "a.xlsx", {"people": []})
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    result = read(path)
    assert result.only.name == "not-installed" and "bigrules[xlsx]" in (result.only.help or "")


# ---------------------------------------------------------------- CSV


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_folder_of_csv(read: Read, tmp_path: Path, separator: str) -> None:
    """Files named after kinds make one register, with any usual separator, with or without a byte order mark."""
    rows = [["Person", "Voting", "From"], ["Ann", "Y", "31/12/2017"], ['"Example, B;ob\n"', "?", ""]]
    text = "\r\n".join(separator.join(row) for row in rows)
    files: dict[str, str | bytes] = {
        "people.csv": '\ufeffperson\r\nAnn\r\n"Example, B;ob"\r\n',
        "Membership.CSV": text,
        "taking_part.csv": "",
        "register.csv": "name,as of\nRiverside,1/6/2018\n",
        "notes.txt": "not read",
        "~$people.xlsx": b"lock",
    }
    folder = csv_folder(tmp_path / "ours", files)
    result = read(folder, None)
    assert result.found == []
    assert result.case is not None and (result.case.name, result.case.as_of) == (
        "Riverside",
        datetime.date(2018, 6, 1),
    )
    assert result.case.asked == {"people", "memberships", "taking part"}
    assert result.facts("memberships") == [
        ("Ann", "member", "yes", datetime.date(2017, 12, 31), None),
        ("Example, B;ob", "member", UNKNOWN, BY_NOW, None),
    ]


def test_faults_of_csv_have_their_cells(read: Read, tmp_path: Path) -> None:
    """A fault names the file and the cell, as a spreadsheet would show it."""
    folder = csv_folder(
        tmp_path / "ours",
        {"people.csv": "sep=;\nperson;born\nAnn;31/2/1980\nBob;1/2/1980;3\n", "other.csv": "x\n"},
    )
    result = read(folder)
    assert {(each.name, str(each.place)) for each in result.found} == {
        ("extra-sheet", str(folder / "other.csv")),
        ("no-such-date", f"{folder / 'people.csv'}:B3"),
        ("too-many-cells", f"{folder / 'people.csv'}:C4"),
    }


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("person\nJosé\n".encode("cp1252"), "not-utf-8"),
        ("person\nAnn\n".encode("utf-16"), "not-utf-8"),
        (b'person\n"Ann\nBob\n', "not-csv"),
        (b"person\nA\0nn\n", "not-csv"),
        (b'person\n"Ann"x\n', "not-csv"),
    ],
)
def test_what_is_no_csv(read: Read, tmp_path: Path, content: bytes, name: str) -> None:
    """Bytes that are not UTF-8 and quotes that never close are faults of the file."""
    result = read(csv_folder(tmp_path / "ours", {"people.csv": content, "homes.csv": "person\n"}))
    assert result.case is None and result.names == [name]


def test_folders(read: Read, rulebook: Rulebook, tmp_path: Path) -> None:
    """A folder is one register, many, a mixture of both, or nothing."""
    one = csv_folder(tmp_path / "one", {"people.csv": "person\nAnn\n"})
    many = tmp_path / "many"
    csv_folder(many, {"a.json": '{"people": []}', "~$b.xlsx": "lock", ".hidden.json": "", "readme.txt": "x"})
    csv_folder(many / "c", {"people.csv": "person\n"})
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "readme.txt").write_text("x")
    unnamed = csv_folder(tmp_path / "unnamed", {"poeple.csv": "person\n"})

    assert read(one).found == []
    assert registers_in(one, "one", rulebook.vocabulary) == ((one,), [])
    assert read(many).only.name == "folder-of-registers"
    assert registers_in(many, "many", rulebook.vocabulary) == ((many / "a.json", many / "c"), [])
    assert read(tmp_path / "empty").only.name == "empty-directory"
    assert read(unnamed).only.name == "empty-register"
    assert read(unnamed).only.help == "did you mean `people`?"
    csv_folder(one, {"b.yaml": "people: []"})
    assert read(one).only.name == "mixed-folder"
    assert [each.name for each in registers_in(one, "one", rulebook.vocabulary)[1]] == ["mixed-folder"]


def test_one_csv_file_is_no_register(read: Read, tmp_path: Path) -> None:
    """The folder is the register."""
    folder = csv_folder(tmp_path / "ours", {"people.csv": "person\n"})
    assert "give the folder" in (read(folder / "people.csv").only.help or "")


# ---------------------------------------------------------------- YAML and JSON


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_yaml(read: Read, tmp_path: Path) -> None:
    """YAML keeps its texts: `no` and dates are converted by their fields, each fault has line and column."""
    path = write(
        tmp_path / "ours.yaml",
        """\
name: Riverside
as of: 2018-06-01
people: [Ann, Bob]
homes:
  - {person: ann, in the area: no, from: 2017-03-01}
relations:
""",
    )
    result = read(path, None)
    assert result.found == []
    assert result.facts("homes") == [("Ann", "no", datetime.date(2017, 3, 1), None)]
    assert result.case is not None and result.case.asked == {"people", "homes", "relations"}

    write(path, "people: [Ann]\nhomes:\n  - person: Ann\n    in the area: perhaps\n")
    only = read(path).only
    assert only.name == "not-yes-or-no"
    assert only.place == Span(str(path), 4, 18, 25, "    in the area: perhaps")


def test_json(read: Read, tmp_path: Path) -> None:
    """JSON numbers stay exact, and each fault has its path."""
    data = {"people": ["Ann"], "seats": [{"seat": 3, "votes": 0.1, "person": "Ann"}], "as of": "2018-06-01"}
    path = write(tmp_path / "ours.json", "\ufeff" + json.dumps(data))
    assert str(read(path).facts("seats")) == "[(3, 'Ann', Fraction(1, 10), UNKNOWN)]"
    write(path, '{"people": ["Ann"], "homes": [{}, {"person": "Ann", "in the area": "perhaps"}]}')
    assert read(path).only.place == DataPath(str(path), 'homes[1]["in the area"]', "perhaps")


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ('{"people": [], "people": []}', ["duplicate-key"]),
        ('{"seats": [{"seat": NaN}, {"seat": Infinity}]}', ["not-a-number", "not-a-number"]),
        ('{"seats": [{"seat": 1' + "0" * 5000 + "}]}", ["not-a-number"]),
        ('{"seats": [{"seat": 1e999999999}]}', ["not-a-number"]),
        ('{"people": [', ["not-json"]),
        ('{"people": ["Ann",]}', ["not-json"]),
        ("{'people': []}", ["not-json"]),
        ("[" * 100_000, ["too-deep"]),
        ('{"a":' * 100_000, ["too-deep"]),
        ("[]", ["wrong-shape"]),
        ("null", ["empty-file"]),
        ("{}", ["empty-register"]),
        (" \n", ["empty-file"]),
        (b"\xff\xfe{", ["not-utf-8"]),
        (b'{"people": ["Jos\xe9"]}', ["not-utf-8"]),
        ('{"people": ["\\ud800"]}', []),
        ('"' + '\\"' * 50_000, ["not-json"]),
    ],
)
def test_what_is_no_json(read: Read, tmp_path: Path, content: str | bytes, names: list[str]) -> None:
    """JSON that cannot be used is said to be so, and nothing of it is used."""
    result = read(write(tmp_path / "ours.json", content))
    assert result.names == names
    assert (result.case is None) == bool(names)


def test_where_json_breaks(read: Read, tmp_path: Path) -> None:
    """What cannot be parsed has its line and column."""
    path = write(tmp_path / "ours.json", '{\n  "people": ["Ann" "Bob"]\n}')
    assert read(path).only.place == Span(str(path), 2, 20, 21, '  "people": ["Ann" "Bob"]')


ALIASES = "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\npeople: [*b, *b, *b, *b]\n"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("people: [Ann", "not-yaml"),
        ("people: [Ann]\npeople: [Bob]\n", "duplicate-key"),
        ("people:\n\t- Ann\n", "tab"),
        ("[" * 5_000, "too-deep"),
        (ALIASES, "alias"),
        ("people: !!python/object/apply:os.system [ls]\n", "tag"),
        ("", "empty-file"),
        ("# nothing\n", "empty-file"),
        ("Ann", "wrong-shape"),
        ("- Ann\n", "wrong-shape"),
        (b"people: [Jos\xe9]", "not-utf-8"),
        ("people: [Ann]\n---\npeople: [Bob]\n", "several-documents"),
        ("memberships: 5\n", "wrong-shape"),
    ],
)
def test_what_is_no_yaml(read: Read, tmp_path: Path, content: str | bytes, name: str) -> None:
    """YAML that cannot be used is said to be so, and nothing of it is used."""
    result = read(write(tmp_path / "ours.yaml", content))
    assert result.case is None
    assert name in result.names


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("suffix", ["xlsx", "yaml", "json"])
def test_files_that_cannot_be_used(read: Read, tmp_path: Path, suffix: str) -> None:
    """Missing, empty, too large, a directory: one diagnostic each, before anything is read."""
    path = tmp_path / f"ours.{suffix}"
    assert read(path).only.name == "missing-file"
    path.touch()
    assert read(path).only.name == "empty-file"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert read(path).only.name == "too-large"
    path.unlink()
    path.mkdir()
    assert read(path).only.name == "empty-directory"


def test_a_missing_file_with_a_near_name(read: Read, tmp_path: Path) -> None:
    """A slip in the name of a file gets a suggestion."""
    write(tmp_path / "ours.yaml", "people: []")
    assert read(tmp_path / "ous.yaml").only.help == "did you mean `ours.yaml`?"


@pytest.mark.parametrize("name", ["ours.txt", "ours.xls", "ours.ods", "ours"])
def test_other_kinds_of_file(read: Read, tmp_path: Path, name: str) -> None:
    """What can be read is said."""
    only = read(write(tmp_path / name, "x")).only
    assert only.name == "unknown-file-type" and only.help


def test_strange_paths(read: Read, tmp_path: Path) -> None:
    """No path makes a traceback."""
    for source in ("", "\0.yaml", "a" * 5_000 + ".yaml", "/dev/null", str(tmp_path / "x" / "y.json")):
        result = read(source)
        assert result.case is None and result.names


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_ordinary_file(read: Read, tmp_path: Path) -> None:
    """A pipe is not waited for."""
    os.mkfifo(tmp_path / "ours.json")
    assert read(tmp_path / "ours.json").only.name == "not-a-file"


def test_many_rows_are_read_fast_enough(read: Read, tmp_path: Path) -> None:
    """Ten thousand rows are no trouble."""
    rows = "".join(f"Person {number},yes,1/1/2017\n" for number in range(5_000))
    people = "person\n" + "".join(f"Person {number}\n" for number in range(5_000))
    folder = csv_folder(
        tmp_path / "ours", {"people.csv": people, "homes.csv": "person,in the area,from\n" + rows}
    )
    result = read(folder)
    assert result.found == [] and len(result.facts("homes")) == 5_000


def test_nothing_is_partial(read: Read, tmp_path: Path) -> None:
    """A damaged list beside good ones leaves no case."""
    good = {"people.csv": "person\nAnn\n"}
    result: Result = read(
        csv_folder(tmp_path / "ours", {**good, "homes.csv": "person,in the area\nAnn,perhaps\n"})
    )
    assert result.case is None


def test_the_bytes_of_a_workbook_may_be_anything(read: Read, tmp_path: Path) -> None:
    """No damage to a workbook makes a traceback."""
    path = workbook(tmp_path / "a.xlsx", {"people": [["person"], ["Ann"]], "homes": [["person"], ["Ann"]]})
    data = path.read_bytes()
    buffer = io.BytesIO(data)
    for at in range(0, len(buffer.getvalue()), max(1, len(data) // 60)):
        broken = bytearray(data)
        broken[at : at + 4] = b"\xff\x00\xff\x00"
        path.write_bytes(bytes(broken))
        result = read(path)
        assert result.case is not None or result.names
