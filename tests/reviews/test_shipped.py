"""The review of the rules that are shipped: on the made-up register, and against the rules that ask for it."""

from __future__ import annotations

import functools
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bigrules
from bigrules.findings.pack import Pack
from bigrules.findings.report import Outcome
from bigrules.render.review import review_markdown
from bigrules.render.review_json import review_data, review_schema

EXAMPLES = Path(__file__).parents[2] / "examples"
FORMS = ("riverside.yaml", "riverside.xlsx")


@pytest.fixture(scope="module")
def rulebook() -> bigrules.Rulebook:
    return bigrules.load_rulebook()


@pytest.fixture(scope="module")
def packs(rulebook: bigrules.Rulebook) -> dict[tuple[str, int], Pack]:
    """The packs of the made-up register, by its form and the year."""
    cases = {form: rulebook.read(EXAMPLES / form) for form in FORMS}
    return {
        (form, year): rulebook.review(case, year) for form, case in cases.items() for year in (2017, 2018)
    }


# What stands in the register under `memberships`, `offices`, `homes` and `membership forms`.
MEMBERS = [
    ["Ann Example", "chair", "resident", "signed on 1 March 2016"],
    ["Bob Sample", "another office", "resident", "signed on 1 March 2016"],
    ["Cara Specimen", "member", "resident", "signed on 12 September 2016"],
    ["Dan Placeholder", "treasurer", "not resident", "signed on 1 March 2016"],
    ["Eve Instance", "secretary", "not resident", "signed on 16 January 2017"],
    ["Finn Madeup", "vice-chair", "not resident", "signed on 1 March 2016"],
    ["Gwen Pretend", "member", "not resident", "signed on 5 June 2017"],
    ["Hugo Mock", "member", "resident", "signed on 1 March 2016"],
    ["Iris Notreal", "member", "resident", "signed on 16 January 2017"],
    ["Jack Imaginary", "member", "resident", "signed on 16 January 2017"],
    ["Kay Fictional", "member", "not known", "not signed"],
    ["Liam Invented", "member", "for people to decide", "signed on 1 March 2016"],
    ["Wanda Prototype", "co-opted member", "not resident", "signed on 8 May 2017"],
]
# Kay's home, Kay's form, Liam's two homes; the rep has told what will be done, and not by when.
ALWAYS = [
    "Find out whether Kay Fictional lives in the area.",
    "Have Kay Fictional sign a membership form.",
    "Find out whether Liam Invented lives in the area.",
    "Let the rep tell Local Trust by when every criterion will be met.",
]
# Of 2018 only the question on policies has been answered.
OF_2018 = [
    "Let the rep answer, in 2018, whether the partnership reflects its community.",
    "Let the rep answer, in 2018, whether the partnership kept to the ethos and the values.",
    "Let the rep answer, in 2018, whether the partnership keeps to what is asked about conflicts.",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("year", [2017, 2018])
def test_the_members_of_the_made_up_register(
    packs: dict[tuple[str, int], Pack], form: str, year: int
) -> None:
    pack = packs[form, year]
    assert [[cell.text for cell in each.cells] for each in pack.members] == MEMBERS


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("year", "more"), [(2017, []), (2018, OF_2018)])
def test_what_is_missing_from_the_made_up_register(
    packs: dict[tuple[str, int], Pack], form: str, year: int, more: list[str]
) -> None:
    assert sorted(each.text for each in packs[form, year].missing) == sorted(ALWAYS + more)


@pytest.mark.parametrize("form", FORMS)
def test_where_it_goes(packs: dict[tuple[str, int], Pack], form: str) -> None:
    """The place of Kay's home is where it stands in the file."""
    text = (EXAMPLES / "riverside.yaml").read_text(encoding="utf-8").splitlines()
    line = 1 + next(number for number, each in enumerate(text) if "Kay Fictional, in the area" in each)
    rows = [each for each in text if "in the area:" in each]
    row = 2 + next(number for number, each in enumerate(rows) if "Kay Fictional" in each)
    place = f"homes, line {line}" if form.endswith("yaml") else f"homes, row {row}"
    assert packs[form, 2018].missing[0].where == f"{place}, under “in the area”"


@pytest.mark.parametrize("form", FORMS)
def test_the_answers_of_the_made_up_register(packs: dict[tuple[str, int], Pack], form: str) -> None:
    assert [each.answer for each in packs[form, 2018].questions] == ["", "yes", "", ""]
    pack = packs[form, 2017]
    assert [(each.answer, each.cell.text) for each in pack.questions] == [
        ("no", "on 13 November 2017; nobody is under 25"),
        ("yes", "on 13 November 2017; the minutes of the year were read through"),
        ("yes", "on 13 November 2017"),
        ("yes", "on 13 November 2017; everybody has filled in the register of interests"),
    ]
    # What the engine found beside a yes: no word on how the logo was chosen; no topic of the policy on people in
    # power; Will scored; three in one household; related officers; Hugo voted; Liam's friend.
    against = [
        [one.rule for one in each.beside if one.outcome is Outcome.BREACHED] for each in pack.questions[1:]
    ]
    assert [sorted(each) for each in against] == [
        ["expectations/decisions-communicated"],
        [],
        [
            "conflicts/decision-direct-interest",
            "conflicts/decision-indirect-interest",
            "conflicts/household-limit",
            "conflicts/officers-not-related",
            "conflicts/policy-covers-power",
            "conflicts/worker-not-decision-maker",
        ],
    ]
    assert [len(each.contradictions) for each in pack.questions] == [0, 1, 0, 6]


@pytest.mark.parametrize("form", FORMS)
def test_the_criteria_of_the_made_up_register(packs: dict[tuple[str, int], Pack], form: str) -> None:
    pack = packs[form, 2018]
    assert [str(each.outcome) for each in pack.criteria] == ["met", "undecided", "breached"]
    assert (pack.needed, [each.state for each in pack.actions]) == ("yes", ["given"] * 3 + ["missing"])
    assert pack.actions[2].text == "a workshop with the youth club; told on 27 November 2017"


@pytest.mark.parametrize("form", FORMS)
def test_when_the_made_up_review_is_sent(packs: dict[tuple[str, int], Pack], form: str) -> None:
    past, coming = packs[form, 2017], packs[form, 2018]
    assert (past.state, past.sent) == (
        "closed",
        ("on 20 November 2017 (email)", "on 27 November 2017 (Big Local Community)"),
    )
    assert [str(each.outcome) for each in past.sending] == ["met", "met"]
    assert (coming.state, coming.sent, coming.was_sent) == ("not open yet", (), "missing")
    # 2018 is no review year yet, so that nothing is asked of it.
    assert [str(each.outcome) for each in coming.sending] == ["not applicable"] * 2


def test_the_pack_names_no_relative_and_no_small_number(packs: dict[tuple[str, int], Pack]) -> None:
    """Those who are not members stand nowhere on the page, and no group of fewer than five is counted."""
    page = review_markdown(packs["riverside.yaml", 2018])
    for outsider in ("Mona", "Will", "Yan", "Zac", "Zoe"):
        assert outsider not in page
    # What was decided of Bob's office is for `explain`.
    for word in ("married", "Weir Street", "Lock Cottages", "books the hall"):
        assert word not in page
    # Listings that a rule shows say who did what.
    assert "person 1" not in page and "declared an interest" not in page
    # Three are 65 and over, three from 25 to 44.
    assert "65 and over: fewer than 5" in page and "25 to 44: fewer than 5" in page


def test_nothing_is_said_twice(packs: dict[tuple[str, int], Pack]) -> None:
    """Two rules show the profile, which stands once; a rule of which nothing more was said is no `see above`."""
    pack = packs["riverside.yaml", 2018]
    page = review_markdown(pack)
    assert page.count("65 and over: fewer than 5") == 1
    values = next(each for each in pack.questions[2].beside if each.rule == "expectations/values-and-ethos")
    assert page.count(f"For people to decide: {values.title}.") == 2


def test_the_pack_as_json(rulebook: bigrules.Rulebook) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    case = rulebook.read(EXAMPLES / "riverside.yaml")
    data = {"format": 1, "reviews": [review_data(rulebook.review(case, 2018, names="ids"), "none")]}
    found = jsonschema.Draft202012Validator(review_schema()).iter_errors(data)
    assert [each.message for each in found] == []
    assert "Kay" not in str(data["reviews"])


# ---------------------------------------------------------------- against the rules

QUESTIONS = {
    "reflects the community": "review/answers-reflects",
    "followed its own policies": "review/answers-policies",
    "in line with ethos and values": "review/answers-values",
    "conforms to the conflicts guidance": "review/answers-conflicts",
}


def partnership(chance: random.Random) -> dict[str, Any]:
    """A register in which things are missing here and there."""
    names = [f"Person {letter}" for letter in "ABCDEFGHI"[: chance.choice((7, 8, 9))]]
    data: dict[str, Any] = {
        "people": [{"person": each} for each in names],
        "memberships": [{"person": each} for each in names],
        "homes": [],
        "offices": [],
        "membership forms": [],
        "review answers": [],
        "told Local Trust": [],
        "reviews": [],
        "answers": [],
    }
    for each in ("relations", "households", "work", "decisions", "taking part", "candidates", "interests"):
        data[each] = []
    for each in (
        "documents",
        "policy topics",
        "activities",
        "partners",
        "concerns",
        "budget",
        "public offices",
    ):
        data[each] = []
    calm = chance.random() < 0.4
    for each in names:
        for home in chance.choice([["yes"]] * 6 + ([] if calm else [["no"], ["?"], [], ["yes", "no"]])):
            data["homes"].append({"person": each, "in the area": home})
        if calm or chance.random() < 0.8:
            day = "2018-03-01" if calm else chance.choice(["2018-03-01", "2018-10-01", "2018-10-02", "?"])
            data["membership forms"].append({"person": each, "day": day})
        if chance.random() < 0.2:
            data["offices"].append({"person": each, "office": chance.choice(["chair", "other", "?"])})
    for question in QUESTIONS:
        if calm or chance.random() < 0.8:
            day = "2018-09-20" if calm else chance.choice(["2018-09-20", "2017-12-31", "2018-10-02", "?"])
            answer = "yes" if calm else chance.choice(["yes", "no", "?"])
            data["review answers"].append({"year": 2018, "question": question, "answer": answer, "day": day})
    for by in ("the partnership", "the rep"):
        for what in ("actions", "timeline"):
            if chance.random() < 0.8:
                data["told Local Trust"].append({"by": by, "what": what, "day": "2018-09-20"})
    if calm or chance.random() < 0.5:
        data["answers"] = [
            {
                "question": "criteria/reflects-the-area",
                "answer": chance.choice(["yes", "yes", "no"]),
                "when": chance.choice(["2018-09-01", "2018-09-01", "2017-09-30"]),
            }
        ]
    return data


def test_an_answer_of_another_year_is_put_right_in_its_row(rulebook: bigrules.Rulebook) -> None:
    """There is one row for each question and year, so that a second would be a fault."""
    data = partnership(random.Random(0))
    question = "followed its own policies"
    data["review answers"] = [{"year": 2018, "question": question, "answer": "yes", "day": "2017-12-31"}]
    pack = rulebook.review(rulebook.read(data, as_of="2018-10-01"), 2018)
    where = {each.text: each.where for each in pack.missing}
    assert (
        where["Let the rep answer, in 2018, whether the partnership kept to its own policies."]
        == "review answers, record 1"
    )
    assert (
        where["Let the rep answer, in 2018, whether the partnership reflects its community."]
        == "review answers, a new row"
    )


# In the long profile many more.
SEEDS = range(200 if os.environ.get("BIGRULES_PROFILE") == "long" else 16)


@pytest.fixture(scope="module")
def made(rulebook: bigrules.Rulebook) -> Callable[[int], Pack]:
    """The pack of a random register, made once."""

    @functools.cache
    def of(seed: int) -> Pack:
        case = rulebook.read(partnership(random.Random(seed)), as_of="2018-10-01")
        return rulebook.review(case, 2018)

    return of


@pytest.mark.parametrize("seed", SEEDS)
def test_the_pack_agrees_with_the_rules_on_the_review(made: Callable[[int], Pack], seed: int) -> None:
    """What the pack shows as given is what the rules find to be there, and nothing is missing where they are met."""
    pack = made(seed)
    report = pack.report

    def outcomes(rule: str, slot: str) -> dict[object, Outcome]:
        return {dict(each.subject).get(slot): each.outcome for each in report[rule].findings}

    described, signed = (
        outcomes(f"review/{rule}", "person") for rule in ("members-described", "every-member-signed")
    )
    for member in pack.members:
        _, role, residency, form = member.cells
        assert (form.state == "given") == (signed[member.person] is Outcome.MET)
        if role.state == "given" and residency.state in ("given", "judgement"):
            assert described[member.person] is Outcome.MET
        if described[member.person] is Outcome.BREACHED:
            assert "unknown" in (role.state, residency.state) or "missing" in (role.state, residency.state)
    for question, rule in zip(pack.questions, QUESTIONS.values(), strict=True):
        # The rule asks that it was answered in the year, whatever the answer, so that it may be met without one.
        assert not question.answer or outcomes(rule, "year")[2018] is Outcome.MET
    duty = report["review/say-what-will-be-done"].outcome
    if duty is Outcome.NOT_APPLICABLE:
        assert pack.needed == "no"
    if duty is Outcome.BREACHED:
        assert pack.needed == "yes" and any(each.state == "missing" for each in pack.actions)
    if duty is Outcome.MET:
        assert pack.needed == "yes" and all(each.state == "given" for each in pack.actions)
    if pack.ready:
        quiet = (Outcome.MET, Outcome.NOT_APPLICABLE)
        for rule in ("members-described", "every-member-signed", "say-what-will-be-done"):
            assert report[f"review/{rule}"].outcome in quiet, rule
        assert all(outcomes(rule, "year")[2018] is Outcome.MET for rule in QUESTIONS.values())
        assert not any(each.outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT) for each in pack.criteria)


def test_these_registers_are_of_both_sorts(made: Callable[[int], Pack]) -> None:
    """Some of them lack nothing, so that what holds of these is tried."""
    ready = [made(seed).ready for seed in SEEDS]
    assert 2 <= sum(ready) <= len(SEEDS) - 2
