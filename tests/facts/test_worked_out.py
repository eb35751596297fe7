"""Kinds that no register holds: years with a window, and what is recorded at all."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigrules import load_rulebook
from bigrules.diagnostics import errors
from bigrules.facts.worked_out import years
from bigrules.findings.check import Rulebook, try_load
from bigrules.language.model import Window

BOOK = {
    "rulebook.yaml": "rulebook: A book\nformat: 1\nversion: 1.0.0\nedition: 2020\n",
    "clauses.yaml": "a.1: {section: A}\n",
    "vocabulary.yaml": """
people:
  lists: person
  fields:
    person: {is: person}
memberships:
  dated: yes
  fields:
    person: {is: person}
  sentences: [<person> is a member]
homes:
  dated: yes
  one for each: person
  fields:
    person: {is: person}
    in the area: {is: yes or no}
  sentences:
    - says: <person> lives in the area
      with: {in the area: yes}
  asks: Where do they live?
letters:
  fields:
    year: {is: whole number}
    sent: {is: date, happened: yes}
  sentences: [the letter of <year> was sent on <sent>]
known homes:
  dated: yes
  worked out from: {list: homes, known: in the area}
  fields:
    person: {is: person}
  sentences: [it is known where <person> lives]
years:
  worked out from: {window: 1 September to 31 December, since: 2017}
  fields:
    year: {is: whole number}
  sentences: [<year> has a window]
""",
    "known.yaml": """
rule: It is known where each member lives
source: a.1
force: must
for each: <person> is a member
required: it is known where <person> lives
examples:
  - given:
      - <ann> is a member
      - <ann> lives in the area
    then: met
""",
    "sent.yaml": """
rule: A letter is sent in the window of each year
source: a.1
force: must
for each: <year> has a window
required:
  - the letter of <year> was sent on <day>
  - <day> is from 1 September to 31 December of <year>
examples:
  - given: []
    then: breached
""",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("book")
    return loaded(folder, {})


def loaded(folder: Path, changed: dict[str, str]) -> Rulebook:
    for name, text in {**BOOK, **changed}.items():
        (folder / name).write_text(text, encoding="utf-8")
    found, diagnostics = try_load(str(folder))
    assert found is not None and not errors(diagnostics), diagnostics
    return found


def outcomes(book: Rulebook, rule: str, data: dict[str, object], as_of: str = "2018-06-01") -> dict[str, str]:
    report = book.check(book.read(data, as_of=as_of), confirm=True)
    return {
        ", ".join(str(value) for _, value in each.subject): str(each.outcome)
        for each in report.findings
        if each.rule == rule
    }


PEOPLE = {
    "people": [{"person": each} for each in ("ann", "bob", "cat", "dan")],
    "memberships": [{"person": each} for each in ("ann", "bob", "cat", "dan")],
}


def test_what_is_recorded_at_all(book: Rulebook) -> None:
    """`no` is an answer; a `?`, a blank and a missing row are none; what has ended says nothing of today."""
    homes = [
        {"person": "ann", "in the area": "no"},
        {"person": "bob", "in the area": "?"},
        {"person": "dan", "in the area": "yes", "until": "2018-05-31"},
    ]
    found = outcomes(book, "known", {**PEOPLE, "homes": homes})
    assert found == {"ann": "met", "bob": "breached", "cat": "breached", "dan": "breached"}


def test_ends_on_the_day(book: Rulebook) -> None:
    """The last day counts."""
    homes = [{"person": "ann", "in the area": "yes", "until": "2018-06-01"}]
    assert outcomes(book, "known", {**PEOPLE, "homes": homes})["ann"] == "met"


def test_a_list_that_was_not_asked_is_asked_for(book: Rulebook) -> None:
    """Whatever is worked out from it is open, and the question names the list that a register can hold."""
    report = book.check(book.read(dict(PEOPLE), as_of="2018-06-01"))
    finding = report["known"].findings[0]
    assert finding.outcome == "undecided"
    from bigrules.render.report import report_lines

    text = "\n".join(each.text for each in report_lines(report, "full", show_all=True))
    assert "homes: not asked" in text and "known homes" not in text


def test_a_list_that_is_incomplete_for_somebody(book: Rulebook) -> None:
    homes = [{"person": "ann", "in the area": "no"}]
    data = {**PEOPLE, "homes": homes, "incomplete": [{"kind": "homes", "about": "bob"}]}
    found = outcomes(book, "known", data)
    assert found == {"ann": "met", "bob": "undecided", "cat": "breached", "dan": "breached"}


def test_a_record_that_is_only_possible(book: Rulebook) -> None:
    homes = [{"person": "ann", "in the area": "no", "certain": "no"}]
    assert outcomes(book, "known", {**PEOPLE, "homes": homes})["ann"] == "undecided"


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        ("2017-08-31", []),  # the first window has not opened
        ("2017-09-01", [2017]),
        ("2017-12-31", [2017]),
        ("2018-01-01", [2017]),
        ("2018-08-31", [2017]),
        ("2018-09-01", [2017, 2018]),
        ("2018-12-31", [2017, 2018]),
        ("2019-01-01", [2018]),
        ("2020-02-29", [2019]),
    ],
)
def test_which_years(as_of: str, found: list[int], book: Rulebook) -> None:
    assert years(Window((9, 1, 12, 31), 2017), datetime.date.fromisoformat(as_of)) == found
    subjects = outcomes(book, "sent", {"people": [], "letters": []}, as_of)
    assert [*subjects] == ([str(each) for each in found] or [""])


@given(
    st.dates(datetime.date(2017, 1, 1), datetime.date(2040, 12, 31)),
    st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 12, 31)),
    st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 12, 31)),
)
def test_which_years_by_counting(day: datetime.date, one: datetime.date, other: datetime.date) -> None:
    """Day by day: the open year is that of a window the day lies in, the closed one the last to have ended."""
    first, last = sorted((one, other))
    if (2, 29) in ((first.month, first.day), (last.month, last.day)):
        return
    window = Window((first.month, first.day, last.month, last.day), 2017)
    spans = {y: (first.replace(year=y), last.replace(year=y)) for y in range(2017, 2042)}
    closed = [y for y, (_, end) in spans.items() if end < day]
    expected = [*closed[-1:], *(y for y, (begin, end) in spans.items() if begin <= day <= end)]
    assert years(window, day) == expected


def test_nobody_can_write_it_down(book: Rulebook, tmp_path: Path) -> None:
    """A list of that name in a register is passed over with a word, and a workbook has no such sheet."""
    case, found = book.try_read({**PEOPLE, "known homes": [{"person": "ann"}]}, "2018-06-01")
    assert case is not None and [each.name for each in found] == ["extra-sheet"]
    assert not any(each.kind == "known homes" for each in case.facts)
    for name in ("not: <ann> has a window", "<2018> has a window", "not asked: known homes"):
        text = BOOK["sent.yaml"] + f"  - given:\n      - {name}\n    then: met\n"
        for file, content in {**BOOK, "sent.yaml": text}.items():
            (tmp_path / file).write_text(content, encoding="utf-8")
        _, diagnostics = try_load(str(tmp_path))
        assert errors(diagnostics), name


def test_the_short_way_is_the_long_way() -> None:
    """Plain data give the same case, with the same facts in the same order, as data that need a second look."""
    rulebook = load_rulebook()
    data = {
        **PEOPLE,
        "homes": [{"person": "ann", "in the area": "no"}, {"person": "bob", "in the area": "yes"}],
    }
    untidy = {**data, "memberships": [{"Person": each["person"]} for each in data["memberships"]]}
    plain = rulebook.read(data, as_of="2018-10-01")
    long = rulebook.read(untidy, as_of="2018-10-01")
    assert plain.asked == long.asked and plain.facts == long.facts
    kinds = [each.kind for each in plain.facts]
    assert kinds.count("recorded homes") == 2 and kinds.count("review years") == 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{list: houses, known: in the area}", "no kind `houses`"),
        ("{list: homes, known: colour}", "no field `colour`"),
        ("{list: years, known: year}", "worked out itself"),
        ("{list: homes}", "does not say what"),
        ("{window: 1 Sept to 31 December, since: 2017}", "no month"),
        ("{window: all the year, since: 2017}", "no window"),
        ("{window: 1 September to 31 December, since: last year}", "no year"),
        ("{window: 1 September to 31 December, since: 2017}", "nothing but years"),
        ("homes", "must be a mapping"),
    ],
)
def test_what_can_be_wrong(written: str, said: str, tmp_path: Path) -> None:
    """Each slip in `worked out from` is told about at its place."""
    text = BOOK["vocabulary.yaml"].replace("{list: homes, known: in the area}", written)
    for file, content in {**BOOK, "vocabulary.yaml": text}.items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    _, diagnostics = try_load(str(tmp_path))
    found = [each for each in errors(diagnostics) if said in each.message]
    assert found, [each.message for each in diagnostics]
    assert str(found[0].place).startswith("vocabulary.yaml") or "vocabulary.yaml" in str(found[0].place)


def test_which_years_day_by_day() -> None:
    """Over four years and a leap day: the year before on every day, and from September to December that year too."""
    first = datetime.date(2018, 1, 1)
    for number in range(4 * 365 + 1):
        day = first + datetime.timedelta(number)
        open_ = [day.year] if day.month >= 9 else []
        assert years(Window((9, 1, 12, 31), 2017), day) == [day.year - 1, *open_], day
