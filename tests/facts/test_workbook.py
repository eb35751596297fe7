"""Workbooks that are written: the empty one to fill in, and filled ones that read back as the same case."""

from __future__ import annotations

import datetime
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bigrules.facts import read_register
from bigrules.facts.case import BY_NOW, UNKNOWN, Answer, Case, Fact, Incomplete
from bigrules.facts.sheets import BUILT_IN, CHOICES_SHEET
from bigrules.facts.workbook import new_register, write_register
from bigrules.language.model import Kind, Rulebook

if TYPE_CHECKING:
    from conftest import Read


@pytest.fixture
def fresh(rulebook: Rulebook, tmp_path: Path) -> Path:
    path = tmp_path / "ours.xlsx"
    assert new_register(rulebook, path) == []
    return path


def edit(path: Path, cells: dict[str, dict[str, Any]]) -> Path:
    """Fills cells in, as a person would."""
    book = openpyxl.load_workbook(path)
    for name, values in cells.items():
        for where, value in values.items():
            book[name][where] = value
    book.save(path)
    return path


def asked(path: Path, kind: str) -> str:
    """The cell beside the kind under `Asked?`."""
    sheet = openpyxl.load_workbook(path)["register"]
    return next(f"B{row[0].row}" for row in sheet.iter_rows() if row[0].value == kind)


def test_a_new_register_has_a_sheet_for_each_kind(fresh: Path, rulebook: Rulebook) -> None:
    """Sheets in the order of the vocabulary, headings frozen and with help, an example row."""
    book = openpyxl.load_workbook(fresh)
    names = [each for each in book.sheetnames if each != CHOICES_SHEET]
    assert names == ["register", *rulebook.vocabulary.kinds, *BUILT_IN]
    for kind in rulebook.vocabulary.kinds.values():
        sheet = book[kind.name]
        assert [each.value for each in sheet[1]] == [each.name for each in kind.fields]
        assert sheet.freeze_panes == "A2"
        assert all(each.font.bold and each.comment is not None for each in sheet[1])
        assert str(sheet["A2"].value).startswith("example: ")
        assert sheet["A2"].font.italic
    checks = {str(each.sqref): each for each in book["memberships"].data_validations.dataValidation}
    assert checks["A2:A1000"].formula1 == "'people'!$A$3:$A$1000"
    assert checks["B2:B1000"].formula1 == '"member,co-opted member,observer,?"'
    assert checks["C2:C1000"].formula1 == '"yes,no,?"'
    assert checks["D2:D1000"].type == "date" and "begun by the day" in checks["D2:D1000"].prompt
    assert all(len(each.prompt) <= 255 and len(each.promptTitle) <= 32 for each in checks.values())


def test_a_page_holds_whole_rows(fresh: Path) -> None:
    """A committee prints what it fills in; no row runs over to another page."""
    for sheet in openpyxl.load_workbook(fresh):
        if sheet.title != CHOICES_SHEET:
            assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)


def test_an_untouched_register_says_nothing(fresh: Path, read: Read) -> None:
    """Nothing was asked, and nothing is complained about: an untouched sheet never says none."""
    result = read(fresh)
    assert result.found == []
    assert result.case is not None
    assert result.case.asked == frozenset() and result.case.facts == ()


def test_a_register_that_is_filled_in(fresh: Path, read: Read) -> None:
    """Rows make a list asked; `yes` makes an empty one say none; the rest was not asked."""
    edit(
        fresh,
        {
            "register": {
                "B3": "Riverside",
                "B4": datetime.date(2018, 3, 1),
                asked(fresh, "relations"): "yes",
            },
            "people": {"A3": "Ann", "A4": "Bob"},
            "memberships": {"A3": "ann", "C3": "yes", "D3": datetime.datetime(2017, 1, 1), "A4": "bob"},
        },
    )
    result = read(fresh, None)
    assert result.found == []
    assert result.case is not None
    assert (result.case.name, result.case.as_of) == ("Riverside", datetime.date(2018, 3, 1))
    assert result.case.asked == {"people", "memberships", "relations"}
    assert result.facts("memberships") == [
        ("Ann", "member", "yes", datetime.date(2017, 1, 1), None),
        ("Bob", "member", UNKNOWN, BY_NOW, None),
    ]


def test_a_list_that_is_not_finished(fresh: Path, read: Read) -> None:
    """`no` beside a list with rows: the rows are read, and there may be more."""
    edit(fresh, {"register": {asked(fresh, "people"): "no"}, "people": {"A3": "Ann"}})
    result = read(fresh)
    assert result.found == []
    assert result.facts("people") == [("Ann", UNKNOWN)]
    assert result.case is not None and result.case.asked == frozenset()


def test_a_sheet_whose_example_was_cleared(fresh: Path, read: Read) -> None:
    """Clearing the example does not make an empty sheet say none; a warning says how to say so."""
    book = openpyxl.load_workbook(fresh)
    book["relations"].delete_rows(2)
    book.save(fresh)
    result = read(fresh)
    assert result.names == ["empty-not-asked"] and result.only.severity == "warning"
    assert result.case is not None and result.case.asked == frozenset()
    edit(fresh, {"register": {asked(fresh, "relations"): "Yes "}})
    result = read(fresh)
    assert result.found == [] and result.case is not None and result.case.asked == {"relations"}


def test_sheets_may_be_deleted(fresh: Path, read: Read) -> None:
    """A sheet that was deleted was not asked, the first sheet too; `yes` beside it is a warning."""
    edit(fresh, {"register": {asked(fresh, "homes"): "yes"}, "people": {"A3": "Ann"}})
    book = openpyxl.load_workbook(fresh)
    del book["homes"]
    del book["relations"]
    book.save(fresh)
    result = read(fresh)
    assert result.names == ["asked-without-sheet"]
    assert result.case is not None and result.case.asked == {"people"}
    del book["register"]
    book.save(fresh)
    result = read(fresh)
    assert result.found == [] and result.case is not None and result.case.asked == {"people"}


def test_what_beside_a_list_is_no_answer(fresh: Path, read: Read) -> None:
    """What stands under `Asked?` is yes or no."""
    cell = asked(fresh, "homes")
    result = read(edit(fresh, {"register": {cell: "perhaps"}}))
    assert result.only.name == "not-yes-or-no"
    assert result.only.place.cell == cell  # type: ignore[union-attr]


def test_what_decides_is_asked_on_its_own_sheets(fresh: Path, read: Read) -> None:
    """Answers and gaps are read from their sheets; what they offer stands in the workbook."""
    edit(
        fresh,
        {
            "people": {"A3": "Ann", "A4": "Bob"},
            "answers": {
                "A2": "definitions/related",
                "B2": "Ann; Bob",
                "C2": "no",
                "E2": datetime.date(2018, 5, 1),
            },
            "incomplete": {"A2": "homes", "B2": "Ann"},
        },
    )
    result = read(fresh)
    assert result.found == [] and result.case is not None
    assert result.case.answers == (
        Answer("definitions/related", ("Ann", "Bob"), "no", when=datetime.date(2018, 5, 1)),
    )
    assert result.case.incomplete == (Incomplete("homes", "person", "Ann"),)


def test_nothing_is_overwritten(rulebook: Rulebook, fresh: Path) -> None:
    """What is there stays as it is."""
    before = fresh.read_bytes()
    assert [each.name for each in new_register(rulebook, fresh)] == ["file-exists"]
    assert [each.name for each in write_register(rulebook, {"people": ["Ann"]}, fresh)] == ["file-exists"]
    assert fresh.read_bytes() == before


@pytest.mark.parametrize("name", ["ours.xls", "ours", "no such folder/ours.xlsx"])
def test_what_cannot_be_written(rulebook: Rulebook, tmp_path: Path, name: str) -> None:
    """A wrong ending or a folder that is not there is a diagnostic, and nothing is written."""
    assert [each.name for each in new_register(rulebook, tmp_path / name)] == ["cannot-write"]
    assert list(tmp_path.iterdir()) == []


def test_bad_data_are_not_written(rulebook: Rulebook, tmp_path: Path) -> None:
    """A register with faults is not written at all."""
    found = write_register(rulebook, {"people": ["Ann"], "homes": [{"person": "Bob"}]}, tmp_path / "a.xlsx")
    assert [each.name for each in found] == ["unknown-name"]
    assert list(tmp_path.iterdir()) == []


def test_text_that_looks_like_something_else(rulebook: Rulebook, read: Read, tmp_path: Path) -> None:
    """Names that look like formulas, errors, numbers or dates are names."""
    names = ["=1+1", "#REF!", "12", "1/2", "+44 20", "'quoted", "@x"]
    assert write_register(rulebook, {"people": names}, tmp_path / "a.xlsx") == []
    result = read(tmp_path / "a.xlsx")
    assert result.found == []
    assert [each[0] for each in result.facts("people")] == names


def test_long_names_and_long_choices(tmp_path: Path, rulebook: Rulebook) -> None:
    """Names that are too long for a sheet, and choices that are too long for a formula, still work."""
    long = "what everybody has said of everybody else: a list"
    words = tuple(f"a long choice, number {number}" for number in range(40))
    people = rulebook.vocabulary.kinds["people"]
    how = attrs.evolve(
        people.fields[1], name="how", type=attrs.evolve(people.fields[0].type, name="one of", choices=words)
    )
    kinds = {"people": people, long: Kind(long, (people.fields[0], how))}
    book = attrs.evolve(rulebook, vocabulary=attrs.evolve(rulebook.vocabulary, kinds=kinds))
    data = {"people": ["Ann"], long: [{"person": "Ann", "how": words[39].upper()}]}
    assert new_register(book, tmp_path / "new.xlsx") == []
    assert read_register(book, tmp_path / "new.xlsx")[1] == []
    assert write_register(book, data, tmp_path / "a.xlsx", "2018-06-01") == []
    case, found = read_register(book, tmp_path / "a.xlsx")
    assert found == [] and case is not None
    assert case.facts[1].values == ("Ann", words[39])


# ---------------------------------------------------------------- round trip

NAMES = ["Ann Example", "Bob", "Ćira O’Neil", "=SUM(A1)", "Émile-Zoé 2", "12"]
DAYS = st.dates(datetime.date(1900, 3, 1), datetime.date(2200, 1, 1))
PEOPLE = st.sampled_from(NAMES)


def known(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, st.just(UNKNOWN))


@st.composite
def spells(draw: st.DrawFn) -> tuple[Any, Any]:
    start, end = sorted((draw(DAYS), draw(DAYS)))
    return draw(st.sampled_from([start, UNKNOWN, BY_NOW, None])), draw(st.sampled_from([end, UNKNOWN, None]))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    yes_or_no = known(st.sampled_from(["yes", "no"]))
    facts: list[Fact] = [Fact("people", (name, draw(known(DAYS)))) for name in NAMES]
    for _ in range(draw(st.integers(0, 4))):
        capacity = draw(known(st.sampled_from(["member", "observer"])))
        facts.append(
            Fact(
                "memberships",
                (draw(known(PEOPLE)), capacity, draw(yes_or_no), *draw(spells())),
                draw(st.booleans()),
            )
        )
    for _ in range(draw(st.integers(0, 3))):
        facts.append(Fact("homes", (draw(PEOPLE), draw(yes_or_no), *draw(spells()))))
    for _ in range(draw(st.integers(0, 3))):
        one, other = draw(st.permutations(NAMES))[:2]
        kind = draw(known(st.sampled_from(["married", "friends"])))
        facts.append(Fact("relations", (one, other, kind), draw(st.booleans())))
    for seat in draw(st.sets(st.integers(1, 20), max_size=3)):
        votes = draw(
            known(
                st.one_of(
                    st.integers(-(10**20), 10**20),
                    st.fractions(max_denominator=1000),
                    st.just(Fraction(1, 8)),
                )
            )
        )
        text = draw(known(st.sampled_from(["a remark", "2017", "#N/A", "yes"])))
        facts.append(Fact("seats", (seat, draw(known(PEOPLE)), votes, text)))
    certain = {(each.kind, each.values) for each in facts if not each.possible}
    kept = dict.fromkeys(
        each for each in facts if not (each.possible and (each.kind, each.values) in certain)
    )
    asked = frozenset(
        draw(st.sets(st.sampled_from(["memberships", "homes", "relations", "seats", "decisions"])))
    ) | {"people"}
    answers = draw(
        st.lists(
            st.builds(
                Answer,
                st.just("definitions/related"),
                st.just(("Bob", "Ann Example")),
                st.sampled_from(["yes", "no"]),
                when=st.one_of(st.none(), st.just(datetime.date(2018, 1, 1))),
            ),
            max_size=1,
        )
    )
    return Case(
        name=draw(st.sampled_from(["", "Riverside"])),
        as_of=datetime.date(2018, 6, 1),
        facts=tuple(kept),
        asked=asked,
        incomplete=tuple(draw(st.sets(st.sampled_from([Incomplete("homes"), Incomplete("homes", "person", "Bob")])))),
        answers=tuple(answers),
    )  # fmt: skip


# Each workbook takes a fifth of a second to write and read.
@settings(max_examples=settings().max_examples // 3)
@given(case=cases())
def test_a_case_survives_a_workbook(rulebook: Rulebook, case: Case) -> None:
    """What is written reads back as the same case."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ours.xlsx"
        assert write_register(rulebook, case, path) == []
        back, found = read_register(rulebook, path)
    assert found == []
    assert back is not None
    order = list(rulebook.vocabulary.kinds)
    expected = sorted(case.facts, key=lambda each: order.index(each.kind))
    assert list(back.facts) == expected
    for each in ("name", "as_of", "asked", "answers", "day_given", "names"):
        assert getattr(back, each) == getattr(case, each), each
    assert set(back.incomplete) == set(case.incomplete)


def test_ids_survive_a_workbook(rulebook: Rulebook, read: Read, tmp_path: Path) -> None:
    """Two people of one name stay two."""
    people = [{"id": "A1", "person": "Ann"}, {"id": "A2", "person": "Ann"}]
    before = read({"people": people, "homes": [{"person": "A2"}]})
    assert before.case is not None
    assert write_register(rulebook, before.case, tmp_path / "a.xlsx") == []
    after = read(tmp_path / "a.xlsx")
    assert after.found == [] and after.case is not None
    assert (after.case.facts, after.case.names) == (before.case.facts, before.case.names)
