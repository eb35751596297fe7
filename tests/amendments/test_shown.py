"""What is shown of an amendment: in `bigrules test`, in findings, in reports and in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amendments.society import (
    AMENDMENT,
    BASE,
    FIVE,
    KINDS,
    base,
    holding,
    layer,
    loaded,
    members,
    used,
    write,
)
from bigrules.cli import main
from bigrules.render.as_json import report_data
from bigrules.render.report import report_lines
from bigrules.render.text import plain
from bigrules.tools.amends import what_it_amends
from bigrules.tools.examples import otherwise

JUNIORS = """\
amendment: A junior holds at most one plot
amends: plots
when: [<person> is a member as <kind>, <kind> is junior]
change: {at most: most plots}
to: {at most: 1}
examples:
  - given: [<1> is a member as <junior>, <1> holds <a>, <1> holds <b>]
    then: breached
"""
MORE = "amendment: Any member counts\namends: size\n"
MORE += "change: {among: <person> is active}\nto: {among: <person> is a member}\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The rulebook."""
    return base(tmp_path)


def test_of_each_rule_it_is_told_whether_it_is_stricter(book: Path, tmp_path: Path) -> None:
    """Five are stricter than four, any member is looser than an active one, and what is worded otherwise is said."""
    title = "amendment: Whoever misses a quorum has five members\namends: warned\n"
    title += "change: {rule: 'Where a quorum is missed, there are five members'}\n"
    title += "to: {rule: Five where a quorum is missed}\n"
    north = layer(tmp_path, five=FIVE, juniors=JUNIORS, title=title)
    found = what_it_amends(loaded(north))
    assert found is not None and found.below == ("The allotment society",)
    by_id = {each.id: each for each in found.changes}
    assert by_id["size"].direction == "stricter"
    assert [(part.what, part.before, part.after) for part in by_id["size"].parts if part.what == "limit"] == [
        ("limit", "at least 4 of <person>", "at least 5 of <person>")
    ]
    assert by_id["plots"].direction == "looser"  # to juniors it applies no more, and another rule does
    assert by_id["juniors"].how == "added"
    assert by_id["warned"].wording
    # Of the rulebook's examples only “four” comes out otherwise where five are needed.
    assert [(each.file, each.example.name) for each in found.otherwise] == [("size", "four")]
    assert found.examples == 8
    # Those of files that it does not reach are left out, and are none of these.
    assert otherwise(loaded(north)) == (list(found.otherwise), found.examples)
    looser = what_it_amends(loaded(layer(tmp_path, "looser", AMENDMENT, more=MORE)))
    assert looser is not None
    [size] = looser.changes
    # Nothing follows from the form of it, so that cases are made.
    assert size.direction == "" and size.shown is not None
    assert size.id == "size" and size.shown.looser > size.shown.stricter


def test_the_command_tells_it(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As text, and as JSON with the same in it; of a rulebook by itself nothing of the kind is said."""
    north = layer(tmp_path, five=FIVE + "examples: [{given: [], then: breached}]\n")
    assert main(["test", str(north)]) == 0
    assert capsys.readouterr().out == (
        "5 rules and 1 definition: 1 example ran, no faults\n"
        "\n"
        "What it makes of “The allotment society”: 1 rule\n"
        "  - There are at least five active members (size): stricter.\n"
        "      - limit, before: at least 4 of <person>\n"
        "      - limit, now: at least 5 of <person>\n"
        "\n"
        "1 of 8 examples below comes out otherwise under it\n"
        "  - size: the example `four` says `met` and its rule says `breached`.\n"
    ).replace("5 rules", "4 rules")
    assert main(["test", str(north), "--format", "json"]) == 0
    amends = json.loads(capsys.readouterr().out)["amends"]
    assert [(each["id"], each["direction"], each["way"]) for each in amends["changes"]] == [
        ("size", "stricter", "stricter")
    ]
    assert [(each["id"], each["example"]) for each in amends["otherwise"]] == [("size", "four")]
    assert main(["test", str(book)]) == 0
    assert "What it makes" not in capsys.readouterr().out


def test_what_an_amendment_below_has_turned_is_not_told_again(book: Path, tmp_path: Path) -> None:
    """Only what the upper one turns is told of it."""
    layer(tmp_path, five=FIVE)
    most = "amendment: One plot\nparameter: most plots\nchange: 2\nto: 1\n"
    south = AMENDMENT.replace("../book", "../north").replace("north side", "south side")
    found = what_it_amends(loaded(layer(tmp_path, "south", south, most=most)))
    assert found is not None and found.below == ("The allotment society", "Rules of the north side")
    assert [each.example.name for each in found.otherwise] == ["two plots"]


# ---------------------------------------------------------------- findings and reports

REGISTER: dict[str, Any] = {
    **{each: [] for each in KINDS},
    "people": [{"person": f"p{at}"} for at in range(1, 5)],
    "memberships": [*members(3), {"person": "p4", "kind": "junior"}],
    "plots": [*holding("p1", "abc"), *holding("p2", "def"), *holding("p4", "gh")],
    "founders": [{"person": "p1"}, {"person": "p2"}],
    "owing": [{"person": "p1"}],
}


def why(book: Path, *amendments: Path) -> dict[tuple[str, str], str]:
    """Why each finding of `plots` and `juniors` is what it is, by person."""
    rulebook = used(book, *amendments)
    report = rulebook.check(rulebook.read(REGISTER, as_of="2018-06-01"))
    return {(each.rule, str(each.subject[0][1])): str(each.why()) for each in report.findings if each.subject}


def test_exceptions_to_exceptions_are_steps_of_their_own(book: Path, tmp_path: Path) -> None:
    """A founder who owes rent: the exception, the exception to it, and what took that one out, in this order."""
    no = "amendment: Founders who owe rent keep theirs too\namends: plots unless 1 unless 1\ndisapply: yes\n"
    said = why(book, layer(tmp_path, no=no))["plots", "p1"]
    steps = [
        "An exception applies: Founders keep what they have.",
        "But an exception to it would apply: Whoever owes rent keeps nothing.",
        "But an exception to it applies: Founders who owe rent keep theirs too (north side 1).",
        "Without it, this would have been breached.",
    ]
    at = [said.index(each) for each in steps]
    assert at == sorted(at)
    assert "An exception applies" not in why(book)["plots", "p1"].replace("But an exception", "")


def test_what_would_have_been_is_without_any_exception(book: Path, tmp_path: Path) -> None:
    """Where two exceptions apply, taking one of them out would not make it breached: it is said of both."""
    north = layer(tmp_path, none="amendment: No most\namends: plots\ndisapply: yes\n")
    assert "Without any of them, this would have been breached." in why(book, north)["plots", "p2"]
    assert "Without it, this would have been met." in why(book, north)["plots", "p4"]


def test_what_applies_instead_is_named(book: Path, tmp_path: Path) -> None:
    """By its sentence and its id, from the rule that does not apply; and back from the one that does."""
    found = why(book, layer(tmp_path, juniors=JUNIORS))
    assert "An exception applies: A junior holds at most one plot (north side 1)." in found["plots", "p4"]
    assert "What applies instead is “A junior holds at most one plot” (juniors)." in found["plots", "p4"]
    assert "Without it, this would have been met." in found["plots", "p4"]
    assert (
        "It stands in place of “Nobody holds more plots than the most” (plots) where it applies."
        in (found["juniors", "p4"])
    )
    assert "is breached for P4" in found["juniors", "p4"] or "is breached for p4" in found["juniors", "p4"]


def test_what_applies_instead_is_in_the_json(book: Path, tmp_path: Path) -> None:
    """By its id; of what only takes a rule out there is none."""
    rulebook = used(layer(tmp_path, juniors=JUNIORS))
    data = report_data(rulebook.check(rulebook.read(REGISTER, as_of="2018-06-01")))
    plots = next(each["findings"] for each in data["rules"] if each["rule"] == "plots")
    assert {each["subject"]["person"]: (each["outcome"], each["instead"]) for each in plots} == {
        "person-1": ("breached", None), "person-2": ("not applicable", None),
        "person-3": ("met", None), "person-4": ("not applicable", "juniors"),
    }  # fmt: skip


def test_a_report_tells_what_is_disapplied_and_what_it_rests_on(book: Path, tmp_path: Path) -> None:
    """In a part of its own, with what would have been found; and the amendments under what it rests on."""
    write(book, {"rulebook.yaml": BASE["rulebook.yaml"].replace('edition: "2016"', """edition:
          - {edition: "2016"}
          - {edition: "2018", from: 2018-01-01}
        """)})  # fmt: skip
    north = layer(tmp_path, none="amendment: No size\namends: size\ndisapply: yes\nbecause: We are few.\n")
    rulebook = used(north)
    case = rulebook.read(REGISTER, as_of="2018-06-01")
    report = rulebook.check(case)
    text = plain(report_lines(report))
    assert "Disapplied or replaced" in text and "No size (north side 1)" in text
    assert "Amended by: Rules of the north side, version 0.1.0, by north side 1." in text
    assert "edition 2018" in text
    data = report_data(report)
    [size] = next(each["findings"] for each in data["rules"] if each["rule"] == "size")
    assert (size["outcome"], size["would be"], size["exception"]) == (
        "not applicable",
        "breached",
        "size unless 1",
    )
    assert [each["amendment"] for each in data["rests on"]["amendments"]] == ["Rules of the north side"]
    assert data["rests on"]["edition"] == "2018"
    for day, edition in (("2017-12-31", "2016"), ("2018-01-01", "2018")):
        before = rulebook.check(rulebook.read({**REGISTER}, as_of=day))
        assert report_data(before)["rests on"]["edition"] == edition


def test_before_the_first_edition(tmp_path: Path) -> None:
    """A day before the first edition is said to be before it."""
    text = BASE["rulebook.yaml"].replace(
        'edition: "2016"', "edition: [{edition: July 2017, from: 2017-07-01}]"
    )
    rulebook = used(base(tmp_path, rulebook=text))
    report = rulebook.check(rulebook.read({**{each: [] for each in KINDS}, "people": []}, as_of="2017-06-30"))
    assert report_data(report)["rests on"]["edition"] == "before July 2017"
    assert rulebook.edition == "July 2017"
