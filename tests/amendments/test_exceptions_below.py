"""Exceptions to exceptions that an amendment below has made, and old values that stand there on some days only."""

from __future__ import annotations

from pathlib import Path

import pytest

from amendments.society import AMENDMENT, base, faults, found, holding, layer, members, used

SOUTH = "amendment: Rules of the south side\nformat: 1\nversion: 0.1.0\nover: ../north\nby: south side 1\n"
EAST = SOUTH.replace("south side", "east side").replace("../north", "../south")
JUNIORS = """
    amendment: Juniors hold what they like
    amends: plots
    disapply: yes
    when: [<person> is a member as <kind>, <kind> is junior]
    """
# Its own exception is the first, so that the one that the amendment below has made is the second.
OWING = """
    amendment: Not those who owe rent
    amends: plots unless 2
    disapply: yes
    when: <person> owes rent
    examples:
      - name: a junior who owes rent
        given: [<1> is a member as <junior>, <1> owes rent, <1> holds <a>, <1> holds <b>, <1> holds <c>]
        then: breached
    """
FOUNDED = """
    amendment: Founders may owe
    amends: plots unless 2 unless 1
    disapply: yes
    when: <person> founded the society
    """


@pytest.fixture
def north(tmp_path: Path) -> Path:
    """An amendment by which juniors are an exception."""
    base(tmp_path)
    return layer(tmp_path, juniors=JUNIORS)


def said(source: Path, *more: str, as_of: str = "2018-06-01") -> str:
    """What is found of a junior with three plots, who is in some lists more."""
    rows = {"memberships": members(1, "junior"), "plots": holding("p1", "abc")}
    [(_, outcome)] = found(used(source), as_of, **rows, **{each: [{"person": "p1"}] for each in more})[
        "plots"
    ]
    return outcome


@pytest.mark.usefixtures("north")
def test_an_exception_that_an_amendment_below_has_made_has_an_exception(tmp_path: Path) -> None:
    """It is counted behind those of the rule, as reports count it; and so on, one layer over the other."""
    south = layer(tmp_path, "south", SOUTH, owing=OWING)
    assert [said(south), said(south, "owing")] == ["not applicable", "breached"]
    east = layer(
        tmp_path, "east", EAST, founded=FOUNDED.replace("founded the society", "came to <any meeting>")
    )
    assert said(east, "owing") == "breached"
    rows = {"memberships": members(1, "junior"), "plots": holding("p1", "abc"), "owing": [{"person": "p1"}]}
    held = {"meetings": [{"meeting": "may"}], "attending": [{"person": "p1", "meeting": "may"}]}
    assert found(used(east), **held, **rows)["plots"] == [("p1", "not applicable")]


def test_a_rule_that_is_out_of_play_comes_back_for_some(tmp_path: Path) -> None:
    """An exception of an amendment that takes a rule out for all has exceptions too, and no warning is due."""
    base(tmp_path)
    layer(tmp_path, no="amendment: No limit\namends: plots\ndisapply: yes\n")
    south = layer(tmp_path, "south", SOUTH, owing=OWING)
    assert faults(tmp_path, source=south) == []
    assert [said(south), said(south, "owing")] == ["not applicable", "breached"]


def test_days_on_which_the_exception_is_not_there(tmp_path: Path) -> None:
    """An exception to it says nothing on those days; and it has one number on all days."""
    base(tmp_path)
    text = "amendment: At most one\nfrom: 2019-01-01\namends: plots\nchange: {at most: most plots}\nto: {at most: 1}\n"
    layer(tmp_path, one=text, juniors=JUNIORS + "from: 2018-01-01\n    until: 2018-12-31\n")
    south = layer(
        tmp_path, "south", SOUTH, owing=OWING.replace("    examples:", "    examples: []\n    note:")
    )
    for day, plain, owing in (
        ("2017-12-31", "breached", "breached"),
        ("2018-01-01", "not applicable", "breached"),
        ("2018-12-31", "not applicable", "breached"),
        ("2019-01-01", "breached", "breached"),
    ):
        assert [said(south, as_of=day), said(south, "owing", as_of=day)] == [plain, owing], day


@pytest.mark.usefixtures("north")
def test_exceptions_that_are_not_there(tmp_path: Path) -> None:
    """One too many is told, and so is one of the same amendment: what is beside it has no number yet."""
    text = "amendment: None\namends: plots unless 3\ndisapply: yes\n"
    south = layer(tmp_path, "south", SOUTH, none=text)
    [gone] = faults(tmp_path, source=south)
    assert (gone.code, gone.message) == ("BR354", "`plots` has no exception `unless 3`")
    assert "those of amendments that are laid below" in str(gone.help)
    beside = layer(tmp_path, "north", AMENDMENT, none=text.replace("3", "2"))
    assert [each.code for each in faults(tmp_path, source=beside)] == ["BR354"]
    deeper = layer(tmp_path, "east", EAST.replace("../south", "../book"), none=FOUNDED)
    assert [each.code for each in faults(tmp_path, source=deeper)] == ["BR354"]


def test_what_applies_instead_is_amended_by_its_own_name(tmp_path: Path) -> None:
    """Were the exception alone taken out of play, both rules would apply."""
    base(tmp_path)
    instead = JUNIORS.replace("disapply: yes", "change: {at most: most plots}\n    to: {at most: 1}")
    layer(tmp_path, juniors=instead + "examples: [{given: [<1> is a member as <junior>], then: met}]\n")
    south = layer(tmp_path, "south", SOUTH, owing=OWING)
    [refused] = faults(tmp_path, source=south)
    assert (refused.code, refused.message) == ("BR354", "`plots unless 2` cannot be disapplied")
    assert refused.help == "what applies instead is `juniors`: amend that"


def test_an_old_value_that_stands_there_on_some_days(tmp_path: Path) -> None:
    """The days are told: whoever wrote down what stands there now was sent back to what stood there before."""
    base(tmp_path)
    text = "amendment: {title}\n{days}amends: size\nchange: {{at least: {old}}}\nto: {{at least: {new}}}\n"
    layer(tmp_path, five=text.format(title="Five", days="from: 2018-04-01\n", old=4, new=5))
    south = layer(tmp_path, "south", SOUTH, six=text.format(title="Six", days="", old=5, new=6))
    [gone] = faults(tmp_path, source=south)
    assert (gone.code, gone.message) == ("BR352", "`at least: 5` does not stand in `size` until 2018-03-31")
    assert str(gone.help).startswith("what `size` says then is `at least: 4`; `")
    assert str(gone.help).endswith("five.yaml` changes it from 2018-04-01")
    layer(tmp_path, "south", SOUTH, six=text.format(title="Six", days="from: 2018-04-01\n", old=5, new=6))
    assert faults(tmp_path, source=south) == []
    layer(tmp_path, "south", SOUTH, six=text.format(title="Six", days="from: 2018-04-01\n", old=4, new=6))
    [gone] = faults(tmp_path, source=south)
    assert gone.message == "`at least: 4` does not stand in `size`"
    assert str(gone.help).startswith("what `size` says now is `at least: 5`; `")
