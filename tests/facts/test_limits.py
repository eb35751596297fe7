"""The limits of a register: what is just within is read, what is just beyond is said to be so."""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bigrules.diagnostics import MOST_FOUND, MOST_SHOWN, DataPath, Diagnostic, Enough, Found, InputError
from bigrules.facts import readers
from bigrules.facts.readers import csv_folder, json_file, workbook
from bigrules.language import source
from bigrules.render.diagnostics import diagnostic_lines

if TYPE_CHECKING:
    from conftest import Read

Make = Callable[[Path, int], Path]


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def sheet(path: Path, rows: list[list[Any]], further: int = 0) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "people"
    for row in rows:
        book.active.append(row)
    for number in range(further):
        book.create_sheet(f"x{number}")
    book.save(path)
    return path


# Each makes a register that is as large as it is told in one respect, and sound in all others.


def bytes_of_json(path: Path, size: int) -> Path:
    text = '{"people": []}'
    return written(path / "a.json", text + " " * (size - len(text)))


def bytes_of_a_workbook(path: Path, size: int) -> Path:
    made = sheet(path / "a.xlsx", [["person"]])
    name = "xl/media/noise"
    overhead = 30 + 46 + 2 * len(name)
    noise = random.Random(1).randbytes(size - made.stat().st_size - overhead)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(name, noise)
    assert made.stat().st_size == size
    return made


def bytes_of_all_csv(path: Path, size: int) -> Path:
    written(path / "d" / "people.csv", "person\n")
    return written(path / "d" / "homes.csv", "person\n" + " " * (size - 14)).parent


def rows_of_json(path: Path, count: int) -> Path:
    return written(path / "a.json", json.dumps({"memberships": [{"person": "vacant"}] * count}))


def rows_of_csv(path: Path, count: int) -> Path:
    return written(path / "d" / "memberships.csv", "person\n" + "vacant\n" * count).parent


def lines_of_csv(path: Path, count: int) -> Path:
    return written(path / "d" / "people.csv", "\n" * (count - 1) + "person\n").parent


def columns_of_yaml(path: Path, count: int) -> Path:
    further = "".join(f", column {number}: x" for number in range(count - 1))
    return written(path / "a.yaml", f"people:\n  - {{person: Ann{further}}}\n")


def columns_of_csv(path: Path, count: int) -> Path:
    return written(path / "d" / "people.csv", f"person{',' * (count - 2)},x\nAnn\n").parent


def columns_of_a_workbook(path: Path, count: int) -> Path:
    return sheet(path / "a.xlsx", [["person", *[None] * (count - 2), "x"], ["Ann"]])


def lists_of_yaml(path: Path, count: int) -> Path:
    return written(
        path / "a.yaml", "people: []\n" + "".join(f"list {number}: []\n" for number in range(count - 1))
    )


def entries_of_yaml(path: Path, count: int) -> Path:
    return written(path / "a.yaml", "people: []\nregister:\n" + "".join(f"  x{n}: y\n" for n in range(count)))


def lists_of_csv(path: Path, count: int) -> Path:
    for number in range(count - 1):
        written(path / "d" / f"list {number}.csv", "")
    return written(path / "d" / "people.csv", "").parent


def lists_of_a_workbook(path: Path, count: int) -> Path:
    return sheet(path / "a.xlsx", [["person"]], count - 1)


def files_of_a_folder(path: Path, count: int) -> Path:
    for number in range(count - 1):
        written(path / "d" / f"{number}.txt", "")
    return written(path / "d" / "people.csv", "").parent


def text_of_yaml(path: Path, length: int) -> Path:
    return written(path / "a.yaml", f"people: [{'a' * length}]\n")


def text_of_json(path: Path, length: int) -> Path:
    return written(path / "a.json", json.dumps({"people": ["a" * length]}))


def text_of_csv(path: Path, length: int) -> Path:
    return written(path / "d" / "people.csv", f"person\n{'a' * length}\n").parent


def text_of_a_key(path: Path, length: int) -> Path:
    return written(path / "a.json", json.dumps({"people": ["Ann"], "k" * length: []}))


def depth_of_json(path: Path, depth: int) -> Path:
    nested = "[" * (depth - 3) + "]" * (depth - 3)
    return written(path / "a.json", f'{{"people": [{{"person": "Ann", "x": {nested}}}]}}')


def depth_of_yaml(path: Path, depth: int) -> Path:
    nested = "[" * (depth - 3) + "]" * (depth - 3)
    return written(path / "a.yaml", f"people:\n  - {{person: Ann, x: {nested}}}\n")


def values_of_json(path: Path, count: int) -> Path:
    # Each value but the first stands behind a `:` or a `,`; lists and mappings count once more.
    return written(path / "a.json", '{"people": [' + ",".join(['"Ann"'] * (count - 2)) + "]}")


def values_of_csv(path: Path, count: int) -> Path:
    return written(path / "d" / "people.csv", "person\n" + "Ann\n" * (count - 1)).parent


def values_of_a_workbook(path: Path, count: int) -> Path:
    return sheet(path / "a.xlsx", [["person"], *[["Ann"]] * (count - 1)])


def blank_cells_of_a_workbook(path: Path, count: int) -> Path:
    made = sheet(path / "a.xlsx", [["person"]])
    book = openpyxl.load_workbook(made)
    book["people"].cell(2, count - 1).number_format = "0.00"  # formatted, and blank
    book.save(made)
    return made


def parts_of_a_workbook(path: Path, count: int) -> Path:
    made = sheet(path / "a.xlsx", [["person"]])
    with zipfile.ZipFile(made, "a") as archive:
        for number in range(count - len(archive.namelist())):
            archive.writestr(f"xl/media/{number}", b"")
    return made


def unpacked_bytes_of_a_workbook(path: Path, size: int) -> Path:
    made = sheet(path / "a.xlsx", [["person"]])
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        left = size - sum(each.file_size for each in archive.infolist())
        archive.writestr(
            "xl/media/noise", random.Random(1).randbytes(1_000) * (left // 1_000) + b"x" * (left % 1_000)
        )
    return made


def bytes_about_a_workbook(path: Path, size: int) -> Path:
    made = sheet(path / "a.xlsx", [["person"]])
    with zipfile.ZipFile(made) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    about = parts["xl/workbook.xml"]
    # Comments of a thousand letters, and one that fills the rest.
    noise = random.Random(1).randbytes(500 * 5_000).hex().encode()
    left = size - len(about)
    whole = [b"<!--" + noise[at : at + 993] + b"-->" for at in range(0, (left // 1_000 - 1) * 1_000, 1_000)]
    last = left - 1_000 * len(whole) - 7
    parts["xl/workbook.xml"] = about + b"".join(whole) + b"<!--" + noise[:last] + b"-->"
    assert len(parts["xl/workbook.xml"]) == size
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made


def letters_of_a_tag(path: Path, length: int) -> Path:
    made = sheet(path / "a.xlsx", [["person"]])
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/extra.xml", b"<" + b"a" * length + b"/>")
    return made


# Limit, where it is kept (module and name), another value to try it with where the true one takes long.
CASES: list[tuple[Make, int, str, tuple[Any, str], int | None]] = [
    (bytes_of_json, 10_000_000, "too-large", (readers, "MAX_TEXT_BYTES"), None),
    (bytes_of_a_workbook, 20_000_000, "too-large", (readers, "MAX_WORKBOOK_BYTES"), None),
    (bytes_of_all_csv, 10_000_000, "too-large", (csv_folder, "MAX_TEXT_BYTES"), 5_000),
    (rows_of_json, 20_000, "too-many-rows", (readers.__dict__, "MAX_ROWS"), None),
    (rows_of_csv, 20_000, "too-many-rows", (csv_folder, "MAX_ROWS"), None),
    (lines_of_csv, 200_000, "too-many-rows", (csv_folder, "MAX_LINES"), None),
    (columns_of_yaml, 256, "too-many-columns", (readers, "MAX_COLUMNS"), None),
    (columns_of_csv, 256, "too-many-columns", (csv_folder, "MAX_COLUMNS"), None),
    (columns_of_a_workbook, 256, "too-many-columns", (workbook, "MAX_COLUMNS"), None),
    (lists_of_yaml, 500, "too-many-lists", (readers, "MAX_LISTS"), None),
    (entries_of_yaml, 500, "too-many-lists", (readers, "MAX_LISTS"), None),
    (lists_of_csv, 500, "too-many-lists", (csv_folder, "MAX_LISTS"), 20),
    (lists_of_a_workbook, 500, "too-many-lists", (workbook, "MAX_LISTS"), 20),
    (files_of_a_folder, 5_000, "too-many-lists", (csv_folder, "MAX_FILES"), 20),
    (text_of_yaml, 32_767, "too-long", (readers, "MAX_TEXT"), None),
    (text_of_json, 32_767, "too-long", (readers, "MAX_TEXT"), None),
    (text_of_csv, 32_767, "too-long", (readers, "MAX_TEXT"), None),
    (text_of_a_key, 32_767, "too-long", (readers, "MAX_TEXT"), None),
    (depth_of_json, 20, "too-deep", (json_file, "MAX_DEPTH"), None),
    (depth_of_yaml, 30, "too-deep", (source, "MAX_DEPTH"), None),
    (values_of_json, 500_000, "too-large", (json_file, "MAX_VALUES"), 400),
    (values_of_csv, 500_000, "too-large", (csv_folder, "MAX_VALUES"), 400),
    (values_of_a_workbook, 500_000, "too-large", (workbook, "MAX_VALUES"), 400),
    (blank_cells_of_a_workbook, 5_000_000, "too-large", (workbook, "MAX_CELLS"), 400),
    (parts_of_a_workbook, 2_000, "not-a-workbook", (workbook, "MAX_PARTS"), 50),
    (unpacked_bytes_of_a_workbook, 60_000_000, "not-a-workbook", (workbook, "MAX_UNPACKED"), 900_000),
    (bytes_about_a_workbook, 5_000_000, "not-a-workbook", (workbook, "MAX_ABOUT"), None),
    (letters_of_a_tag, 65_534, "not-a-workbook", (workbook, "_LONG_TAG"), None),
]


@pytest.mark.parametrize(
    ("make", "limit", "name", "kept", "other"), CASES, ids=[each[0].__name__ for each in CASES]
)
def test_both_sides_of_a_limit(
    read: Read,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Make,
    limit: int,
    name: str,
    kept: tuple[Any, str],
    other: int | None,
) -> None:
    """At the limit a register has no error; one beyond it has one, which says what is too much and what to do."""
    where, constant = kept
    value = where[constant] if isinstance(where, dict) else getattr(where, constant)
    assert isinstance(value, re.Pattern) or value == limit
    if other is not None:
        monkeypatch.setattr(where, constant, other)
        limit = other
    (tmp_path / "within").mkdir()
    (tmp_path / "beyond").mkdir()
    within = read(make(tmp_path / "within", limit))
    assert within.case is not None, [str(each) for each in within.found[:3]]
    beyond = read(make(tmp_path / "beyond", limit + 1))
    assert beyond.case is None
    wrong = [each for each in beyond.found if each.severity == "error"]
    assert [each.name for each in wrong] == [name]
    assert wrong[0].help


def test_a_part_may_shrink_to_a_250th(read: Read, tmp_path: Path) -> None:
    """What shrinks further was made to fill a disk, if it is large; a sheet of zeros shrinks to a tenth."""

    def with_part(name: str, content: bytes) -> Path:
        made = sheet(tmp_path / name, [["person"]])
        with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/x", content)
        return made

    noise = random.Random(1).randbytes(8_000)  # shrinks to nothing less than itself
    assert read(with_part("a.xlsx", noise + b"0" * 1_800_000)).case is not None
    assert read(with_part("b.xlsx", b"0" * 900_000)).case is not None
    only = read(with_part("c.xlsx", b"0" * 1_800_000)).only
    assert only.name == "not-a-workbook" and "far more than its size" in only.message


@pytest.mark.parametrize("more", [0, 1, 500])
def test_most_faults_are_found(read: Read, more: int) -> None:
    """A thousand errors are told about; of more it is said that the rest was not looked at."""
    rows = [{"seat": number, "person": "?", "votes": "many"} for number in [1] * (MOST_FOUND + more)]
    result = read({"people": [], "seats": rows})
    assert result.case is None
    assert result.names == ["not-a-number"] * MOST_FOUND + ["too-many-faults"] * (more > 0)


def test_the_rest_is_not_looked_at() -> None:
    """One error too many ends the work, whatever else there would be to do."""
    found = Found()
    error = Diagnostic("BR440", "not-a-value", "`e`", DataPath("a"), "x")
    for _ in range(MOST_FOUND):
        found.append(error)
    with pytest.raises(Enough):
        found.append(error)
    assert [each.name for each in found[MOST_FOUND:]] == ["too-many-faults"]


def test_most_warnings_are_found(read: Read) -> None:
    """Warnings alone stop nothing, however many they are."""
    rows = [{"person": f"example: {number}"} for number in range(MOST_FOUND + 10)]
    result = read({"people": rows, "memberships": []})
    assert result.case is not None
    assert result.names == ["changed-example"] * MOST_FOUND + ["too-many-faults"]
    assert {each.severity for each in result.found} == {"warning"}


def many(count: int, warnings: int = 0) -> list[Diagnostic]:
    found: list[Diagnostic] = Found()
    for number in range(warnings):
        found.append(Diagnostic("BR421", "extra-column", f"`w{number}`", DataPath("a"), "x", "warning"))
    for number in range(count):
        found.append(Diagnostic("BR440", "not-a-value", f"`e{number}`", DataPath("a"), "x"))
    return found


@pytest.mark.parametrize("more", [0, 1])
def test_most_faults_are_shown(more: int) -> None:
    """People are shown a hundred, and how many more there are; programs are given all."""
    found = many(MOST_SHOWN + more)
    lines = [each.text for each in diagnostic_lines(found)]
    assert sum("not-a-value" in each for each in lines) == MOST_SHOWN
    assert any(each == "… and 1 more, which are not shown" for each in lines) == bool(more)
    assert lines[-1] == f"{MOST_SHOWN + more} errors"
    error = InputError(found)
    assert len(error.diagnostics) == MOST_SHOWN + more
    assert str(error).count("not-a-value") == MOST_SHOWN
    assert ("… and 1 more" in str(error)) == bool(more)


def test_errors_are_shown_before_warnings_where_not_all_are() -> None:
    """A hundred warnings do not hide the one error."""
    lines = [each.text for each in diagnostic_lines(many(1, warnings=MOST_SHOWN))]
    assert "not-a-value" in lines[0]
    assert lines[-1] == f"1 error and {MOST_SHOWN} warnings"


def test_the_limits_are_written_down() -> None:
    """The page on limits names each with its number."""
    page = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")
    numbers = {
        f"{number:,}" for number in
        (readers.MAX_ROWS, readers.MAX_VALUES, readers.MAX_LISTS, readers.MAX_COLUMNS, readers.MAX_TEXT,
         readers.MAX_LINES, readers.MAX_FILES, readers.MAX_DEPTH, source.MAX_DEPTH, source.MAX_VALUES,
         workbook.MAX_PARTS, workbook.MAX_RATIO, MOST_FOUND, MOST_SHOWN)
    } | {
        f"{size // 1_000_000} MB" for size in
        (readers.MAX_TEXT_BYTES, readers.MAX_WORKBOOK_BYTES, workbook.MAX_UNPACKED, source.MAX_BYTES)
    }  # fmt: skip
    assert [
        each for each in sorted(numbers) if not re.search(rf"(?<![\d,]){re.escape(each)}(?!,?\d)", page)
    ] == []
