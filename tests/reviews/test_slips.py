"""What is wrong with a review.yaml is told at its line and column, and nothing is left to guess."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import bigrules
from bigrules.diagnostics import InputError, Span

from .conftest import CLUB

# What is changed in the review of the club, where that stands, and what is said.
SLIPS = [
    ("<person> lives in town", "<person> livs in town", "BR204", "no sentence says `<person> livs in town`"),
    ("window: 1 March to 30 April", "window: spring", "BR205", "`spring` is no window"),
    ("window: 1 March to 30 April", "window: 31 April to 1 May", "BR205", "`31 April` is no day of the year"),
    ("window: 1 March to 30 April", "window: 1 May to 1 March", "BR205", "this window ends before it begins"),
    ("window: 1 March to 30 April", "window: [1]", "BR203", "`window` must be a text"),
    ("of: <year>", "of: year", "BR203", "`of` must be one slot"),
    ("review: Letter to the town", "reviw: Letter", "BR201", "review.yaml has no key `reviw`"),
    ("window: 1 March to 30 April\n", "", "BR202", "review.yaml has no `window`"),
    ("  each: <person> is in the club\n", "", "BR202", "`members` has no `each`"),
    ("each: <person> is in the club", "each: <person> is married to <other>", "BR203", "`each` binds one slot"),
    ("beside: rules/sent-each-year", "beside: rules/sent-each-yeer", "BR211", "no rule `rules/sent-each-yeer`"),
    ("beside: rules/sent-each-year", "beside: other/*", "BR211", "there is no rule `other/*`"),
    ("shows: signed on <day>", "shows: signed on <dya>", "BR302", "nothing binds `<dya>` here"),
    ("missing: Have <person> sign", "missing: Have <persn> sign", "BR302", "nothing binds `<persn>` here"),
    ("missing: Have <person> sign", "missing: Have it signed on <day>", "BR302", "nothing binds `<day>` here"),
    ("          shows: player\n", "", "BR202", "a way has no `shows`"),
    ("shows: <person>", "show: <person>", "BR201", "a column has no key `show`"),
    ("      shows: <person>\n", "", "BR202", "this column shows nothing"),
    ("      shows: <person>\n", "      shows: <person>\n      missing: Ask\n", "BR203", "`missing` stands without"),
    ("first of:\n        - when: <person> signed", "shows: x\n      first of:\n        - when: <person> signed",
     "BR203", "`shows` and `first of` cannot stand together"),
    ("      yes: the club was fair in <year>, as was said on <day>\n", "", "BR202", "a question has no `yes`"),
    ("when: the club promised a deed", "when: []", "BR203", "a condition is left empty"),
    ("when: the club promised a deed", "when: rule rules/size is breched", "BR205", "a rule cannot be `breched`"),
    ("when: the club promised a deed", "when: rule rules/siz is breached", "BR211", "there is no rule `rules/siz`"),
    ("when: <person> signed on <day>", "when: [<person> signed on <day>, <day> is in the year <person>]",
     "BR303", "`<person>`"),
    ("when: <person> signed on <day>", "when: [<person> signed on <day>, <dya> is in the year <year>]",
     "BR302", "nothing binds `<dya>`"),
    ("when: <person> did not sign on <any day>", "when: <person> did not sign on <day>",
     "BR301", "`<day>` is used once"),
    ("rules: [rules/size, rules/welcoming]", "rules: []", "BR203", "`rules` is an empty list"),
    ("entries:\n    - question", "entries:\n      question", "BR203", "`entries` must be a list"),
]  # fmt: skip


def loaded(folder: Path, text: str) -> list[bigrules.Diagnostic]:
    shutil.copytree(CLUB, folder)
    (folder / "review.yaml").write_text(text, encoding="utf-8")
    try:
        bigrules.load_rulebook(folder)
    except InputError as error:
        return list(error.diagnostics)
    return []


@pytest.mark.parametrize(("old", "new", "code", "said"), SLIPS, ids=[each[1].strip()[:40] for each in SLIPS])
def test_a_slip(tmp_path: Path, old: str, new: str, code: str, said: str) -> None:
    text = (CLUB / "review.yaml").read_text(encoding="utf-8")
    assert text.count(old) >= 1
    at = text.index(old)
    found = loaded(tmp_path / "club", text.replace(old, new, 1))
    fitting = [each for each in found if each.code == code and said in each.message]
    assert fitting, [str(each) for each in found]
    place = fitting[0].place
    assert isinstance(place, Span) and place.file == "review.yaml"
    if new and code not in ("BR202", "BR203"):
        first = text.count("\n", 0, at) + 1
        assert first <= place.line <= first + new.count("\n") + 1
    assert fitting[0].help


def test_all_slips_are_told_at_once(tmp_path: Path) -> None:
    text = (CLUB / "review.yaml").read_text(encoding="utf-8")
    text = text.replace("<person> lives in town", "<person> livs in town").replace(
        "to 30 April", "to 31 April"
    )
    assert {each.code for each in loaded(tmp_path / "club", text)} == {"BR204", "BR205"}


@pytest.mark.parametrize("text", ["", "- a\n", "review\n", "review: {a: b}\n", "rule: x\nforce: must\n"])
def test_a_file_that_is_no_review(tmp_path: Path, text: str) -> None:
    found = loaded(tmp_path / "club", text)
    assert found and all(str(each.place).startswith("review.yaml") for each in found)


def test_a_rulebook_needs_no_review(tmp_path: Path) -> None:
    shutil.copytree(CLUB, tmp_path / "club")
    (tmp_path / "club" / "review.yaml").unlink()
    rulebook = bigrules.load_rulebook(tmp_path / "club")
    case = rulebook.read({"people": [{"person": "Ann Example"}]}, as_of="2018-03-15")
    with pytest.raises(InputError) as refused:
        rulebook.review(case, 2018)
    assert refused.value.diagnostics[0].code == "BR520"
