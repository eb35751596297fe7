"""What the pack says of each thing, and what it says is missing: worked out by hand on a small club."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest

import bigrules
from bigrules.findings.pack import Pack
from bigrules.findings.report import Outcome

Fill = Callable[..., Pack]
NAMES = ["Ann Example", "Bob Sample", "Cid Mock"]


def cells(pack: Pack, label: str) -> dict[str, tuple[str, str]]:
    """What stands under a heading, by person: text and state."""
    return {
        member.person: (cell.text, cell.state)
        for member in pack.members
        for cell in member.cells
        if cell.label == label
    }


def missing(pack: Pack) -> list[tuple[str, str]]:
    return [(each.text, each.where) for each in pack.missing]


def without(kind: str, person: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.update({kind: [each for each in data[kind] if each["person"] != person]})


def of(kind: str, person: str, **fields: object) -> Callable[[dict[str, Any]], object]:
    """Fields of the rows of a person, with `_` for a space."""

    def change(data: dict[str, Any]) -> None:
        for row in data[kind]:
            if row["person"] == person:
                row.update({name.replace("_", " "): value for name, value in fields.items()})

    return change


def add(kind: str, **fields: object) -> Callable[[dict[str, Any]], object]:
    return lambda data: data[kind].append({name.replace("_", " "): value for name, value in fields.items()})


def leave_out(kind: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.pop(kind)


# ---------------------------------------------------------------- nothing is missing


def test_a_register_that_is_complete(fill: Fill) -> None:
    pack = fill()
    assert pack.ready and missing(pack) == []
    assert (pack.title, pack.body, pack.year, pack.state) == (
        "Letter to the town",
        "Rook & Pawn",
        2018,
        "open",
    )
    assert [each.person for each in pack.members] == NAMES
    assert [[cell.text for cell in each.cells] for each in pack.members] == [
        ["Ann Example", "chair", "in town", "signed on 2 January 2018"],
        ["Bob Sample", "player", "elsewhere", "signed on 3 January 2018"],
        ["Cid Mock", "player", "in town", "signed on 15 March 2018"],
    ]
    assert all(each.certain for each in pack.members)
    assert (pack.needed, pack.sent, pack.was_sent) == ("no", (), "missing")
    (question,) = pack.questions
    assert (question.answer, question.cell.text) == ("yes", "on 10 March 2018; everybody got a turn")
    assert pack.contradictions == ()


def test_the_year_is_that_of_the_day_where_none_is_given(club: bigrules.Rulebook) -> None:
    from .conftest import register

    assert club.review(club.read(register(), as_of="2019-02-01")).year == 2019


# ---------------------------------------------------------------- members


@pytest.mark.parametrize(
    ("change", "text", "to_do"),
    [
        (
            without("forms", "Bob Sample"),
            ("not signed", "missing"),
            ("Have Bob Sample sign.", "forms, a new row"),
        ),
        # Signed on the day after the day of judging: not yet.
        (
            of("forms", "Bob Sample", day="2018-03-16"),
            ("not signed", "missing"),
            ("Have Bob Sample sign.", "forms, a new row"),
        ),
        (
            of("forms", "Bob Sample", day="?"),
            ("not known", "unknown"),
            ("Ask whether Bob Sample has signed.", "forms, record 2, under “day”"),
        ),
        (
            of("forms", "Bob Sample", certain="no"),
            ("not known", "unknown"),
            ("Ask whether Bob Sample has signed.", "forms, record 2"),
        ),
    ],
)
def test_a_form_that_is_not_there_for_certain(
    fill: Fill, change: Callable[[dict[str, Any]], object], text: tuple[str, str], to_do: tuple[str, str]
) -> None:
    pack = fill(change)
    assert cells(pack, "Form")["Bob Sample"] == text
    assert missing(pack) == [to_do]
    assert pack.missing[0].people == ("Bob Sample",)


def test_several_people_lack_the_same(fill: Fill) -> None:
    pack = fill(without("forms", "Bob Sample"), without("forms", "Cid Mock"))
    assert missing(pack) == [("Have each of Bob Sample and Cid Mock sign.", "forms, a new row for each")]


def test_a_list_that_was_not_asked(fill: Fill) -> None:
    pack = fill(leave_out("forms"))
    assert set(cells(pack, "Form").values()) == {("not known", "unknown")}
    said = "Ask whether each of Ann Example, Bob Sample and Cid Mock has signed."
    assert missing(pack) == [(said, "forms, not filled in so far")]


@pytest.mark.parametrize(
    ("changes", "text", "to_do"),
    [
        (
            [of("homes", "Bob Sample", in_town="?")],
            ("not known", "unknown"),
            [("Ask where Bob Sample lives.", "homes, record 2, under “in town”")],
        ),
        (
            [without("homes", "Bob Sample")],
            ("not known", "unknown"),
            [("Ask where Bob Sample lives.", "homes, a new row")],
        ),
        (
            [add("homes", person="Bob Sample", in_town="yes")],
            ("for people to decide", "judgement"),
            [("Ask where Bob Sample lives.", "answers: definitions/townsfolk, about Bob Sample")],
        ),
        (
            [
                add("homes", person="Bob Sample", in_town="yes"),
                add("answers", question="definitions/townsfolk", about="Bob Sample", answer="yes"),
            ],
            ("in town", "given"),
            [],
        ),
        (
            [
                add("homes", person="Bob Sample", in_town="yes"),
                add("answers", question="definitions/townsfolk", about="Bob Sample", answer="no"),
            ],
            ("elsewhere", "given"),
            [],
        ),
    ],
)
def test_where_somebody_lives(
    fill: Fill,
    changes: list[Callable[[dict[str, Any]], object]],
    text: tuple[str, str],
    to_do: list[tuple[str, str]],
) -> None:
    pack = fill(*changes)
    assert cells(pack, "Town")["Bob Sample"] == text
    assert missing(pack) == to_do


def test_what_people_decide_stands_beside_it(fill: Fill) -> None:
    pack = fill(add("homes", person="Bob Sample", in_town="yes"))
    (cell,) = [one for each in pack.members for one in each.cells if one.state == "judgement"]
    assert cell.notes == ("Does Bob Sample, who has two homes, live in town?",)


def test_several_offices_and_one_that_is_over(fill: Fill) -> None:
    pack = fill(
        add("offices", person="Ann Example", office="treasurer"),
        add("offices", person="Bob Sample", office="treasurer", until="2018-03-14"),
        add("offices", person="Cid Mock", office="chair", **{"from": "2018-03-16"}),
    )
    assert [text for text, _ in cells(pack, "Part").values()] == ["chair and treasurer", "player", "player"]


def test_an_office_that_is_not_certain(fill: Fill) -> None:
    """What is certain is shown, and beside it what may be; an office that may be any says nothing."""
    perhaps = fill(add("offices", person="Bob Sample", office="treasurer", certain="no"))
    (cell,) = [one for one in perhaps.members[1].cells if one.label == "Part"]
    assert (cell.text, cell.notes, perhaps.ready) == ("player", ("perhaps treasurer",), True)
    unknown = fill(add("offices", person="Bob Sample", office="?"))
    (cell,) = [one for one in unknown.members[1].cells if one.label == "Part"]
    assert (cell.text, cell.notes, unknown.ready) == ("player", (), True)


def test_who_is_a_member_on_the_day(fill: Fill) -> None:
    changes = [
        of("memberships", "Ann Example", until="2018-03-15"),
        of("memberships", "Bob Sample", until="2018-03-14"),
        of("memberships", "Cid Mock", certain="no"),
    ]
    pack = fill(*changes)
    assert [(each.person, each.certain) for each in pack.members] == [
        ("Ann Example", True),
        ("Cid Mock", False),
    ]
    # One for certain, two at the most: too few whatever is so.
    assert pack.criteria[0].outcome is Outcome.BREACHED


def test_nobody_knows_who_the_members_are(fill: Fill) -> None:
    pack = fill(leave_out("memberships"))
    assert pack.members == ()
    assert ("Who is in the club?", "memberships, not filled in so far") in missing(pack)


# ---------------------------------------------------------------- the question


def test_an_answer_that_is_not_there(fill: Fill) -> None:
    pack = fill(lambda data: data.update(replies=[]))
    assert (pack.questions[0].answer, pack.questions[0].cell.state) == ("", "missing")
    assert missing(pack) == [("Say for 2018 whether the club was fair.", "replies, a new row")]


def test_an_answer_of_another_year_is_none(fill: Fill) -> None:
    pack = fill(year=2017)
    assert missing(pack) == [("Say for 2017 whether the club was fair.", "replies, a new row")]
    assert fill(year=2018).ready


@pytest.mark.parametrize("field", ["fair", "day"])
def test_an_answer_that_is_not_filled_in(fill: Fill, field: str) -> None:
    pack = fill(lambda data: data["replies"][0].update({field: "?"}))
    assert pack.questions[0].cell.state == "unknown"
    assert missing(pack) == [
        ("Say for 2018 whether the club was fair.", f"replies, record 1, under “{field}”")
    ]


def test_an_answer_without_a_reason(fill: Fill) -> None:
    pack = fill(lambda data: data["replies"][0].pop("why"))
    assert (pack.questions[0].cell.text, pack.ready) == ("on 10 March 2018", True)


def test_yes_against_what_was_found(fill: Fill) -> None:
    """The answer stands, and what was found beside it is named; it is not missing."""
    pack = fill(add("offices", person="Zoe Outside", office="treasurer"))
    assert pack.contradictions == (
        "The answer is yes, and this is breached: “Whoever holds an office is in the club”.",
    )
    assert pack.ready


def test_no_against_what_was_found(fill: Fill) -> None:
    pack = fill(lambda data: data["replies"][0].update(fair="no"))
    assert pack.contradictions == ("The answer is no, and nothing that was found here is breached or open.",)


def test_no_where_something_is_open_is_no_contradiction(fill: Fill) -> None:
    pack = fill(
        lambda data: data["replies"][0].update(fair="no"),
        add("offices", person="Bob Sample", office="treasurer"),
        leave_out("relations"),
    )
    assert pack.questions[0].beside[0].outcome is Outcome.UNDECIDED
    assert pack.contradictions == ()


def test_no_with_what_was_found(fill: Fill) -> None:
    pack = fill(
        lambda data: data["replies"][0].update(fair="no"),
        add("offices", person="Zoe Outside", office="treasurer"),
    )
    assert pack.contradictions == ()


# ---------------------------------------------------------------- criteria, and what will be done


def too_few(data: dict[str, Any]) -> None:
    data["memberships"].pop()


def test_a_criterion_that_is_not_met(fill: Fill) -> None:
    pack = fill(too_few)
    assert [each.outcome for each in pack.criteria] == [Outcome.BREACHED, Outcome.MET]
    assert pack.criteria[0].said == ("Figures: 2; at least 3 are needed.",)
    assert pack.needed == "yes"
    assert missing(pack) == [
        ("Promise a deed.", "promises, a new row"),
        ("Promise a date.", "promises, a new row"),
    ]


def test_what_was_told_of_it(fill: Fill) -> None:
    pack = fill(
        too_few,
        add("promises", what="deed", day="2018-03-12", words="an open evening"),
        add("promises", what="date", day="2018-03-12"),
    )
    assert [(each.text, each.state) for each in pack.actions] == [
        ("an open evening; on 12 March 2018", "given"),
        ("", "given"),
    ]
    assert pack.ready


def test_a_criterion_for_people_to_decide(fill: Fill) -> None:
    pack = fill(lambda data: data.update(answers=[]))
    assert pack.needed == "open"
    assert missing(pack) == [("Is the club open to everyone?", "answers: rules/welcoming")]


def test_evidence_is_figures_and_no_listing(fill: Fill) -> None:
    """A listing says who did what, which is not for the pack."""
    assert fill().criteria[1].evidence == (("Players: 3.", ()),)


def test_a_criterion_that_facts_are_lacking_for(fill: Fill) -> None:
    """The same gap is named once, though a column and a criterion both turn on it."""
    pack = fill(of("memberships", "Cid Mock", certain="no"))
    assert pack.needed == "open"
    assert [where for _, where in missing(pack)] == ["memberships, record 3"]


# ---------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2018-02-28", "not open yet"),
        ("2018-03-01", "open"),
        ("2018-04-30", "open"),
        ("2018-05-01", "closed"),
    ],
)
def test_the_window(fill: Fill, day: str, state: str) -> None:
    assert fill(as_of=day).state == state


def test_what_was_sent(fill: Fill) -> None:
    pack = fill(
        add("letters", year=2018, day="2018-03-12", by="post"),
        add("letters", year=2018, day="2018-03-14", by="hand"),
        add("letters", year=2018, day="2018-03-16", by="hand"),  # after the day of judging
        add("letters", year=2017, day="2017-03-16", by="hand"),
    )
    assert pack.was_sent == "given"
    assert pack.sent == ("on 12 March 2018 by post", "on 14 March 2018 by hand")


def test_rules_about_a_year_speak_of_that_year(fill: Fill) -> None:
    letters = (
        add("letters", year=2018, day="2018-03-12", by="post"),
        add("letters", year=2017, day="2017-03-16", by="hand"),
    )
    assert fill(*letters).sending[0].outcome is Outcome.MET
    assert fill(*letters, year=2017).sending[0].outcome is Outcome.BREACHED
    assert fill(*letters, year=2016).sending[0].outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("change", "state"),
    [(leave_out("letters"), "unknown"), (add("letters", year=2018, day="?", by="post"), "unknown")],
)
def test_whether_it_was_sent_is_not_known(
    fill: Fill, change: Callable[[dict[str, Any]], object], state: str
) -> None:
    pack = fill(change)
    assert (pack.was_sent, pack.sent) == (state, ())


# ---------------------------------------------------------------- names


def test_it_names_nobody_but_members(fill: Fill) -> None:
    """The pack is sent to others: whom a member is married to is not for it, only that a rule is breached."""
    pack = fill(
        add("offices", person="Zoe Outside", office="treasurer"),
        add("relations", person="Ann Example", other="Zoe Outside"),
    )
    said = [one for question in pack.questions for each in question.beside for one in each.said]
    assert said == [
        "Concerned: Ann Example and somebody who is not a member.",
        "Somebody who is not a member.",
        "Answered yes on 1 March 2018 (answers, record 1).",
    ]


def test_for_whom_a_rule_is_open(fill: Fill) -> None:
    """Where a rule is about each of several, those for whom it is open are named, if they are members."""
    pack = fill(
        add("offices", person="Cid Mock", office="treasurer"),
        of("memberships", "Cid Mock", certain="no"),
        add("offices", person="Zoe Outside", office="treasurer"),
    )
    found = pack.questions[0].beside[1]
    assert (found.rule, found.outcome) == ("rules/officers-join", Outcome.BREACHED)
    assert found.said == ("Somebody who is not a member.", "Open for Cid Mock.")


def test_names_that_are_held_back(fill: Fill) -> None:
    pack = fill(without("forms", "Bob Sample"), names="initials")
    assert missing(pack) == [("Have B. S. sign.", "forms, a new row")]
    assert pack.questions[0].cell.text == "on 10 March 2018; (text)"
    assert [each.cells[0].text for each in fill(names="none").members] == ["person 1", "person 2", "person 3"]


# ---------------------------------------------------------------- the API


def test_a_pack_is_frozen_and_pickles(fill: Fill) -> None:
    pack = fill()
    assert pickle.loads(pickle.dumps(pack)).members == pack.members
    with pytest.raises(AttributeError):
        pack.year = 2019  # type: ignore[misc]


@pytest.mark.parametrize("year", ["2018", 2018.0, True])
def test_a_year_is_a_number(fill: Fill, year: object) -> None:
    with pytest.raises(TypeError):
        fill(year=year)


@pytest.mark.parametrize("year", [0, 10000, -1])
def test_a_year_of_the_calendar(fill: Fill, year: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 9999"):
        fill(year=year)


def test_names_that_nobody_knows(fill: Fill) -> None:
    with pytest.raises(ValueError, match="names"):
        fill(names="all")


def test_findings_are_those_of_check(club: bigrules.Rulebook, fill: Fill) -> None:
    """What the pack asks for itself changes nothing of what the rules find."""
    pack = fill(leave_out("relations"), too_few)
    report = club.check(pack.report.basis.case)
    assert pack.report.findings == report.findings


def test_the_second_engine_looks_up_the_same(
    club: bigrules.Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the pack shows is confirmed as findings are, and a difference stops it."""
    from bigrules.engines import durable
    from bigrules.findings import confirm

    from .conftest import register

    if durable.available() is not None:
        pytest.skip(f"the second engine is not here: {durable.available()}")
    case = club.read(register(without("forms", "Bob Sample"), leave_out("letters")))
    asked: set[str] = set()
    held = confirm.confirm

    def watched(findings: Any, second: Any) -> Any:
        asked.update(each.rule for each in findings)
        return held(findings, second)

    monkeypatch.setattr(confirm, "confirm", watched)
    assert not club.review(case, 2018, confirm=True).ready
    assert {"rules/size", "review.yaml members", "review.yaml 1"} <= asked

    def differs(findings: Any, second: Any) -> Any:
        found, unsure = held(findings, second)
        mine = [each for each in findings if each.rule == "review.yaml 1"]
        return (
            [*found, *(confirm.Disagreement(each.rule, each.subject, "met", "breached") for each in mine)],
            unsure,
        )

    monkeypatch.setattr(confirm, "confirm", differs)
    with pytest.raises(bigrules.EnginesDisagree):
        club.review(case, 2018, confirm=True)
