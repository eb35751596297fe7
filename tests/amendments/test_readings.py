"""Readings of rules that are amended: those of what is not there any more are left out, the others still turn."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from amendments.society import FIVE, KINDS, base, layer, members, used
from bigrules.language import in_force
from bigrules.tools.examples import parts, run_examples


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The rulebook, whose rule `size` has the readings `five` (at least 5) and `members of any kind`."""
    return base(tmp_path)


def turns(path: Path, day: str, full: int, junior: int) -> dict[str, str]:
    """Readings under which `size` comes out otherwise, and to what."""
    rulebook = used(path)
    rows = [*members(full), *({**each, "person": f"j{each['person']}"} for each in members(junior, "junior"))]
    given = {**{each: [] for each in KINDS}, "people": [{"person": each["person"]} for each in rows]}
    report = rulebook.check(rulebook.read({**given, "memberships": rows}, as_of=day), readings="each")
    return {each.reading: str(each.outcome) for finding in report["size"].findings for each in finding.turns}


def test_a_reading_of_what_was_changed_is_left_out(book: Path, tmp_path: Path) -> None:
    """Of five the reading that made five of four says nothing; that of any kind of member still counts."""
    north = layer(tmp_path, five=FIVE)
    assert [each.name for each in used(north).model.rules["size"].other_readings] == ["members of any kind"]
    assert turns(book, "2018-06-01", 4, 1) == {"five": "breached"}
    assert turns(north, "2018-06-01", 4, 1) == {"members of any kind": "met"}
    assert turns(north, "2018-06-01", 4, 0) == {}


def test_a_reading_is_there_on_the_days_of_what_it_reads(book: Path, tmp_path: Path) -> None:
    """On the day before the change both readings can be taken, from then on the one."""
    north = layer(tmp_path, five=FIVE + "from: 2018-04-01\n")
    assert turns(north, "2018-03-31", 4, 1) == {"five": "breached"}
    assert turns(north, "2018-03-31", 3, 1) == {"members of any kind": "met"}
    assert turns(north, "2018-04-01", 4, 1) == {"members of any kind": "met"}
    ended = layer(tmp_path, "ended", five=FIVE + "until: 2018-03-31\n")
    for day, names in ((31, ["members of any kind"]), (1, ["five", "members of any kind"])):
        version = in_force(used(ended).model, datetime.date(2018, 3 if day == 31 else 4, day))
        assert [each.name for each in version.rules["size"].other_readings] == names
    assert turns(ended, "2018-03-31", 4, 1) == {"members of any kind": "met"}
    assert turns(ended, "2018-04-01", 4, 1) == {"five": "breached"}


def test_a_chosen_reading_is_one_of_the_day(book: Path, tmp_path: Path) -> None:
    """A reading that is chosen is applied on each day on which it is there."""
    rulebook = used(layer(tmp_path, five=FIVE + "from: 2018-04-01\n"))
    rows = members(4)
    given = {**{each: [] for each in KINDS}, "people": [{"person": each["person"]} for each in rows]}
    case = rulebook.read({**given, "memberships": rows}, as_of="2018-03-31")
    assert str(rulebook.check(case)["size"].outcome) == "met"
    assert str(rulebook.check(case, reading={"size": "five"})["size"].outcome) == "breached"
    for day in ("2018-03-31", "2018-04-01"):
        version = in_force(rulebook.model, rulebook.read({**given}, as_of=day).as_of)
        assert version.amended == rulebook.model.amended and version.laid == rulebook.model.laid


def test_where_a_reading_differs_is_tried_when_it_is_there(tmp_path: Path) -> None:
    """A rulebook that amends itself later still tries its readings on the day on which examples are judged."""
    folder = base(tmp_path, later=FIVE + "from: 2020-01-01\n")
    text = (folder / "size.yaml").read_text(encoding="utf-8")
    marked = text.replace(
        "to: {at least: 5}", "to: {at least: 5}\n    differs when: [<1 to 4> is a member as <full>]"
    )
    (folder / "size.yaml").write_text(marked, encoding="utf-8")
    model = used(folder).model
    tried = [each.name for each in parts(model) if each.what == "reading"]
    assert tried == ["five", "members of any kind"]
    assert run_examples(model) == ([], 8)
