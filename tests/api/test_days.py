"""Judged as of any day: the first and the last that there are, 29 February, and the register's own day or another."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

import bigrules

STRESS = Path(__file__).parents[1] / "language" / "stress"
CLUB, COUNCIL, SEASONS = "a-parameter-over-time", "within-28-days", "a-window-each-year"
# A year lies between 1700 and 2300: what is written otherwise is a slip.
FIRST, LAST = datetime.date(1700, 1, 1), datetime.date(2300, 12, 31)


def found(book: str, rule: str, register: dict[str, Any], as_of: object = None) -> str:
    """The outcome of a rule, found by each engine that there is."""
    rulebook = bigrules.load_rulebook(STRESS / book)
    report = rulebook.check(rulebook.read(register, as_of=as_of), confirm=True)  # type: ignore[arg-type]
    return str(report[f"rules/{rule}"].outcome)


def members(count: int, **spell: str) -> dict[str, Any]:
    """A club with so many members, each for some time."""
    rows = [{"person": f"member {number}", **spell} for number in range(count)]
    return {"memberships": rows, "homes": [], "purchases": []}


@pytest.mark.parametrize(("as_of", "allowed"), [
    (FIRST, 3), (datetime.date(1900, 2, 28), 3), (datetime.date(2016, 2, 29), 3), (datetime.date(2017, 12, 31), 3),
    (datetime.date(2018, 1, 1), 4), (datetime.date(2020, 2, 29), 4), (LAST, 4),
])  # fmt: skip
def test_every_day_of_the_calendar_is_judged(as_of: datetime.date, allowed: int) -> None:
    """As many members as were allowed on the day, and one more."""
    assert found(CLUB, "no-more-members", members(allowed), as_of) == "met"
    assert found(CLUB, "no-more-members", members(allowed + 1), as_of) == "breached"


@pytest.mark.parametrize(("spell", "as_of", "outcome"), [
    ({"from": "2018-03-01"}, "2018-02-28", "met"),
    ({"from": "2018-03-01"}, "2018-03-01", "breached"),
    ({"from": "2016-02-29"}, "2016-02-28", "met"),
    ({"from": "2016-02-29"}, "2016-02-29", "breached"),
    ({"from": "2016-01-01", "until": "2016-02-29"}, "2016-02-29", "breached"),
    ({"from": "2016-01-01", "until": "2016-02-29"}, "2016-03-01", "met"),
    ({"from": "2018-06-01", "until": "2018-06-01"}, "2018-05-31", "met"),
    ({"from": "2018-06-01", "until": "2018-06-01"}, "2018-06-01", "breached"),
    ({"from": "2018-06-01", "until": "2018-06-01"}, "2018-06-02", "met"),
    ({"from": "1700-01-01", "until": "2300-12-31"}, "1700-01-01", "breached"),
    ({"from": "1700-01-01", "until": "2300-12-31"}, "2300-12-31", "breached"),
    # A beginning that is not written down is on or before the day of judging, whichever that is.
    ({}, "1700-01-01", "breached"),
    ({"until": "2018-05-31"}, "2018-05-31", "breached"),
    ({"until": "2018-05-31"}, "2018-06-01", "met"),
])  # fmt: skip
def test_first_and_last_day_of_a_membership_count(spell: dict[str, str], as_of: str, outcome: str) -> None:
    """Five members are more than was ever allowed: on the days on which they are members."""
    assert found(CLUB, "no-more-members", members(5, **spell), as_of) == outcome


@pytest.mark.parametrize(("bought", "outcome"), [
    ("2018-02-28", "not applicable"), ("2018-03-01", "breached"), ("2018-04-30", "breached"), ("2018-05-01", "met"),
])  # fmt: skip
def test_what_is_done_is_judged_by_its_own_day(bought: str, outcome: str) -> None:
    """Judged in June, when nobody is a member any more; what is bought before the books begin is not there."""
    club = members(5, **{"from": "2018-03-01", "until": "2018-04-30"})
    rows = [] if outcome == "not applicable" else [{"purchase": "boat", "day": bought, "price": 1}]
    assert found(CLUB, "buyers", {**club, "purchases": rows}, "2018-06-01") == outcome


@pytest.mark.parametrize(("held", "as_of", "outcome"), [
    ("2300-12-03", "2300-12-30", "undecided"),
    ("2300-12-03", "2300-12-31", "undecided"),
    ("2300-12-20", "2300-12-31", "undecided"),
    ("2300-11-01", "2300-12-31", "breached"),
    ("1700-01-01", "1700-01-01", "undecided"),
    ("1700-01-01", "1700-01-29", "undecided"),
    ("1700-01-01", "1700-01-30", "breached"),
    ("1700-01-02", "1700-01-01", "not applicable"),
])  # fmt: skip
def test_deadlines_at_both_ends_of_the_calendar(held: str, as_of: str, outcome: str) -> None:
    """28 days after 3 December are 31 December, after which there is no day that could be written."""
    register = {"meetings": [{"meeting": "spring", "day": held}], "minutes": []}
    assert found(COUNCIL, "minutes-in-time", register, as_of) == outcome


@pytest.mark.parametrize("as_of", [FIRST, datetime.date(2016, 2, 29), LAST])
def test_something_not_known_on_any_day(as_of: datetime.date) -> None:
    """A day that is not known is tried around the ends of the calendar too."""
    register = {
        "meetings": [{"meeting": "spring", "day": "?"}],
        "minutes": [{"meeting": "spring", "sent": "?"}],
    }
    assert found(COUNCIL, "minutes-in-time", register, as_of) == "undecided"
    assert found(CLUB, "no-more-members", members(5, until="?"), as_of) == "undecided"


def test_the_day_that_is_asked_for_goes_before_that_of_the_register() -> None:
    """A register has its own day; whoever asks for another gets it, and without either it is today."""
    own = {**members(4), "as of": "2017-12-31"}
    assert found(CLUB, "no-more-members", own) == "breached"
    assert found(CLUB, "no-more-members", own, "2018-01-01") == "met"
    assert found(CLUB, "no-more-members", {**own, "as of": "2018-01-01"}, "2017-12-31") == "breached"
    assert found(CLUB, "no-more-members", members(4)) == "met"


def test_two_registers_each_on_its_own_day() -> None:
    """With one rulebook, one after the other and turned about: no day is kept for the next."""
    rulebook = bigrules.load_rulebook(STRESS / SEASONS)
    season = {"years": [{"season": "autumn", "year": 2018}], "reviews": [], "meetings": [], "notices": []}
    cases = {
        day: rulebook.read({**season, "as of": day})
        for day in ("2018-12-30", "2018-12-31", "2019-01-01", "2018-02-28")
    }
    expected = {
        "2018-12-30": "undecided",
        "2018-12-31": "undecided",
        "2019-01-01": "breached",
        "2018-02-28": "undecided",
    }
    for days in (list(cases), list(cases)[::-1], [*cases, *cases]):
        outcomes = [str(rulebook.check(cases[day])["rules/sent-in-autumn"].outcome) for day in days]
        assert outcomes == [expected[day] for day in days]
    club = bigrules.load_rulebook(STRESS / CLUB)
    before = club.read({**members(4), "as of": "2017-12-31"})
    after = club.read({**members(4), "as of": "2018-01-01"})
    for case, outcome in ((before, "breached"), (after, "met"), (before, "breached"), (after, "met")):
        assert str(club.check(case)["rules/no-more-members"].outcome) == outcome


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--as-of` goes before the register's own day, and every day of the calendar may be asked for."""
    from bigrules.cli import main

    file = tmp_path / "club.yaml"
    rows = "".join(f"  - {{person: member {number}}}\n" for number in range(4))
    file.write_text(f"as of: 2017-12-31\nmemberships:\n{rows}homes: []\npurchases: []\n", encoding="utf-8")
    told = {
        (): "Judged as of 31 December 2017.",
        ("--as-of", "2018-01-01"): "Judged as of 1 January 2018.",
        ("--as-of", "29/2/2016"): "Judged as of 29 February 2016.",
        ("--as-of", "1700-01-01"): "Judged as of 1 January 1700.",
        ("--as-of", "2300-12-31"): "Judged as of 31 December 2300.",
    }
    for options, said in told.items():
        status = main(["check", str(file), "--rulebook", str(STRESS / CLUB), *options])
        assert said in capsys.readouterr().out
        # Nobody is recorded as living there, so that another rule is breached on any day.
        assert status == 1
    for wrong in ("2018-02-29", "1699-12-31", "2301-01-01", "0000-01-01", "9999-12-31"):
        assert main(["check", str(file), "--rulebook", str(STRESS / CLUB), "--as-of", wrong]) == 2
