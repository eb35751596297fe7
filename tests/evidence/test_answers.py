"""What people decided: who, when and why, in every report; what is asked again; and how an answer is given."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

import bigrules
from bigrules.findings.names import NameMode
from bigrules.findings.report import Finding, Outcome
from bigrules.render.as_json import report_data, schema
from bigrules.render.report import explain_lines, report_lines
from bigrules.render.text import plain

from .society import members, report, rulebook

SURVEY = {
    "question": "rules/open-to-all",
    "answer": "yes",
    "who": "the society",
    "when": "2018-05-01",
    "why": "a survey was taken",
}


def unfolded(text: str) -> str:
    return " ".join(text.split())


def answered(*answers: dict[str, Any], as_of: str = "2018-06-01", **further: Any) -> bigrules.Report:
    return report(members("Ann Example", "Bob Sample", **{**further, "answers": list(answers)}), as_of)


def the(made: bigrules.Report, rule: str) -> Finding:
    (found,) = made[f"rules/{rule}"].findings
    return found


# ---------------------------------------------------------------- what a report says


@pytest.mark.parametrize(("answer", "outcome"), [("yes", Outcome.MET), ("no", Outcome.BREACHED)])
def test_who_decided_and_when_and_why(answer: str, outcome: Outcome) -> None:
    """In the report, in what `explain` says, and in the reasons that an app gets."""
    made = answered({**SURVEY, "answer": answer})
    said = (
        f"Answered {answer} on 1 May 2018 by the society (answers, record 1). "
        "The reason given: a survey was taken."
    )
    finding = the(made, "open-to-all")
    assert finding.outcome is outcome
    assert finding.why().answers == (said,)
    assert said in str(finding.why()).splitlines()
    assert said in unfolded(plain(report_lines(made, show_all=True)))
    assert said in unfolded(plain(explain_lines(made, [finding])))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"when": ""}, "Answered yes on a day that is not recorded by the society (answers, record 1)."),
        ({"when": "?"}, "Answered yes on a day that is not recorded by the society (answers, record 1)."),
        ({"who": ""}, "Answered yes on 1 May 2018 (answers, record 1)."),
    ],
)
def test_what_is_left_blank_is_not_told(answer: dict[str, str], expected: str) -> None:
    row = {**SURVEY, "question": "rules/runs-itself", "why": "", **answer}
    assert the(answered(row), "runs-itself").why().answers == (expected,)


@pytest.mark.parametrize(
    ("names", "who", "expected"),
    [
        ("full", "Bob Sample", "by Bob Sample (answers, record 1). The reason given: Zed said so."),
        ("full", "Zed Outsider", "by Zed Outsider (answers, record 1). The reason given: Zed said so."),
        ("initials", "bob sample", "by B. S. (answers, record 1)."),
        ("initials", "Zed Outsider", "(answers, record 1)."),
        ("initials", "The society", "by The society (answers, record 1)."),
        ("none", "Bob Sample", "by person 2 (answers, record 1)."),
        ("none", "Zed Outsider", "(answers, record 1)."),
        ("ids", "Bob Sample", "by person-2 (answers, record 1)."),
    ],
)
def test_who_is_called_as_names_are_shown(names: NameMode, who: str, expected: str) -> None:
    """Where names are held back, so is who decided, if the register does not name them; and so is the reason."""
    made = answered({**SURVEY, "who": who, "why": "Zed said so"})
    (said,) = made.explain(the(made, "open-to-all"), names).answers
    assert said == f"Answered yes on 1 May 2018 {expected}"


@pytest.mark.parametrize(
    ("names", "who", "why"),
    [("full", "Zed Outsider", "Zed said so"), ("initials", None, None), ("none", None, None)],
)
def test_answers_in_json(names: NameMode, who: str | None, why: str | None) -> None:
    made = answered({**SURVEY, "who": "Zed Outsider", "why": "Zed said so"})
    (rule,) = [each for each in report_data(made, names)["rules"] if each["rule"] == "rules/open-to-all"]
    assert rule["findings"][0]["answers"] == [
        {
            "question": "rules/open-to-all",
            "subject": {},
            "answer": "yes",
            "who": who,
            "when": "2018-05-01",
            "why": why,
            "counts": True,
            "asked again since": None,
            "text": "Answered yes on 1 May 2018 (answers, record 1).",
        }
    ]


def test_people_who_decided_are_ids_in_json() -> None:
    made = answered({**SURVEY, "who": "Ann Example"})
    for names in ("full", "initials", "none"):
        text = json.dumps(report_data(made, names)["rules"])
        assert '"who": "person-1"' in text and "Ann Example" not in text


@pytest.mark.parametrize("names", ["full", "initials", "none"])
def test_json_is_as_its_schema_says(names: NameMode) -> None:
    """Every sort of evidence, and answers that count and that do not."""
    jsonschema = pytest.importorskip("jsonschema")
    from .society import PLOTS

    made = report(PLOTS)
    data = {"format": 1, "reports": [report_data(made, names), report_data(made, names, made.findings)]}
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(data)) == []
    evidence = [
        one for rule in data["reports"][0]["rules"] for f in rule["findings"] for one in f["evidence"]
    ]
    assert {each["sort"] for each in evidence} == {"figure", "each", "findings", "profile"}
    answers = [one for rule in data["reports"][0]["rules"] for f in rule["findings"] for one in f["answers"]]
    assert {each["counts"] for each in answers} == {True, False}


# ---------------------------------------------------------------- questions of definitions

COUSINS = [{"person": "Ann Example", "other": "Bob Sample", "kind": "cousins"}]


@pytest.mark.parametrize(
    ("answer", "about", "outcome", "said"),
    [
        ("no", "Ann Example; Bob Sample", Outcome.MET, "Ann Example and Bob Sample are not related"),
        ("no", "Bob Sample; Ann Example", Outcome.MET, "Bob Sample and Ann Example are not related"),
        ("yes", "Bob Sample; Ann Example", Outcome.BREACHED, "Bob Sample and Ann Example are related"),
    ],
)
def test_what_was_decided_of_a_definition_is_told(
    answer: str, about: str, outcome: Outcome, said: str
) -> None:
    """With the finding that rests on it, whichever way round, and also where nothing comes of it."""
    row = {"question": "definitions/related", "about": about, "answer": answer, "who": "the society"}
    made = answered({**row, "when": "2018-02-01", "why": "they grew up together"}, kin=COUSINS)
    finding = the(made, "no-relatives")
    assert finding.outcome is outcome
    assert finding.why().answers == (
        f"Decided on 1 February 2018 by the society: {said} (answers, record 1). "
        "The reason given: they grew up together.",
    )
    # It has nothing to do with how many members there are.
    assert the(made, "at-least-two").why().answers == ()


def test_what_nobody_had_to_decide_is_not_told() -> None:
    """Siblings are related whatever anybody decided, and two without a record are not asked about."""
    row = {"question": "definitions/related", "about": "Ann Example; Bob Sample", "answer": "no"}
    for kin in ([{**COUSINS[0], "kind": "siblings"}], []):
        assert the(answered(row, kin=kin), "no-relatives").why().answers == ()


def test_what_was_decided_of_others_is_not_told() -> None:
    """Beside each member stands what was decided of them, and nothing that was decided of two others."""
    names = ("Ann Example", "Bob Sample", "Cara Specimen")
    kin = [{"person": "Bob Sample", "other": each, "kind": "cousins"} for each in (names[0], names[2])]
    rows = [
        {"question": "definitions/related", "about": f"Bob Sample; {each}", "answer": "no", "why": each}
        for each in (names[0], names[2])
    ]
    made = report(members(*names, kin=kin, answers=rows))
    told = {
        dict(each.subject)["person"]: [one.rpartition(": ")[2] for one in each.why().answers]
        for each in made["rules/stands-alone"].findings
    }
    assert told == {
        "Ann Example": ["Ann Example."],
        "Bob Sample": ["Ann Example.", "Cara Specimen."],
        "Cara Specimen": ["Cara Specimen."],
    }


# ---------------------------------------------------------------- asked again

AGAIN = "Answered yes on 1 May 2018 by the society (answers, record 1). The reason given: a survey was taken."


@pytest.mark.parametrize(
    ("as_of", "outcome", "said"),
    [
        ("2018-05-01", Outcome.MET, AGAIN),
        # A year to the day still counts.
        ("2019-05-01", Outcome.MET, AGAIN),
        (
            "2019-05-02",
            Outcome.JUDGEMENT,
            f"{AGAIN} It is asked again since 2 May 2019: an answer counts for 1 year.",
        ),
    ],
)
def test_an_answer_that_is_too_old_is_asked_again(as_of: str, outcome: Outcome, said: str) -> None:
    """And the report says so: what was answered, when, by whom, and since when it is asked again."""
    made = answered(SURVEY, as_of=as_of)
    finding = the(made, "open-to-all")
    assert finding.outcome is outcome
    assert finding.why().answers == (said,)
    text = unfolded(plain(report_lines(made, show_all=True)))
    assert said in text
    (rule,) = [each for each in report_data(made)["rules"] if each["rule"] == "rules/open-to-all"]
    (data,) = rule["findings"][0]["answers"]
    open_ = outcome is Outcome.JUDGEMENT
    assert (data["counts"], data["asked again since"]) == (not open_, "2019-05-02" if open_ else None)
    # The question stands there again, and what to write.
    assert ("? Are the members like the people of the area? (answers: rules/open-to-all)" in text) is open_


def test_an_answer_without_a_day_is_asked_again_where_answers_grow_old() -> None:
    """It cannot be shown that it is in time; where answers do not grow old it counts."""
    row = {**SURVEY, "when": "", "why": ""}
    made = answered(row, {**row, "question": "rules/runs-itself"})
    finding = the(made, "open-to-all")
    assert finding.outcome is Outcome.JUDGEMENT
    assert finding.why().answers == (
        "Answered yes on a day that is not recorded by the society (answers, record 1). "
        "It is asked again: an answer counts for 1 year.",
    )
    assert the(made, "runs-itself").outcome is Outcome.MET


def test_of_several_answers_the_latest_counts() -> None:
    """And only that one is told."""
    first = {**SURVEY, "answer": "no", "when": "2017-09-01", "why": "too few"}
    for rows in ([first, SURVEY], [SURVEY, first], [{**first, "when": ""}, SURVEY]):
        finding = the(answered(*rows), "open-to-all")
        assert finding.outcome is Outcome.MET
        (said,) = finding.why().answers
        assert "Answered yes on 1 May 2018" in said


def test_an_answer_of_a_later_day_is_not_read() -> None:
    """Neither is it told; the one before it counts."""
    later = {**SURVEY, "answer": "no", "when": "2018-06-02"}
    register = members("Ann Example", answers=[SURVEY, later])
    case, found = rulebook().try_read(register, as_of="2018-06-01")
    assert [each.name for each in found] == ["later-answer"]
    assert case is not None
    made = rulebook().check(case)
    assert [each.split(" by")[0] for each in the(made, "open-to-all").why().answers] == [
        "Answered yes on 1 May 2018"
    ]
    assert the(answered(later), "open-to-all").why().answers == ()


# ---------------------------------------------------------------- answers in a workbook

YEARS = [{"year": year, "answer": "yes"} for year in (2017, 2018)]
DECISIONS = [
    {"decision": "new roof", "day": "2018-05-01", "taken by": "the society"},
    {"decision": "Fence; gate", "day": "2018-05-02", "taken by": "the society"},
]
ASKING = {"kin": COUSINS, "decisions": DECISIONS, "yearly answers": YEARS}


def filled(path: Path) -> Any:
    """A new workbook with members, kin, decisions and years in it, as somebody fills it in."""
    openpyxl = pytest.importorskip("openpyxl")
    from bigrules.facts.workbook import new_register

    assert new_register(rulebook().model, path) == []
    book = openpyxl.load_workbook(path)
    rows = members("Ann Example", "Bob Sample", **ASKING)
    book["register"]["B4"] = datetime.date(2018, 6, 1)
    for name, facts in rows.items():
        sheet = book[name]
        headings = [cell.value for cell in sheet[1]]
        for number, fact in enumerate(facts, start=3):
            for key, value in fact.items():
                sheet.cell(number, headings.index(key) + 1).value = value
    return book


def questions(made: bigrules.Report) -> list[tuple[str, str]]:
    """Each question that a report puts to people, and what it says to write about it."""
    found = []
    for finding in made.findings:
        for each in finding.why().questions:
            if each.for_people:
                question, _, about = each.where.removeprefix("answers: ").partition(", about ")
                found.append((question, about))
    return list(dict.fromkeys(found))


def test_every_question_can_be_answered_in_a_workbook(tmp_path: Path) -> None:
    """A year, a pair, a decision with its day, or nothing: what the report says to write is read as the answer."""
    book = filled(tmp_path / "ours.xlsx")
    book.save(tmp_path / "open.xlsx")
    made = rulebook().check(rulebook().read(tmp_path / "open.xlsx"))
    asked = questions(made)
    assert {
        ("rules/open-to-all", ""),
        ("rules/year-is-closed", "2018"),
        ("rules/each-decision", "new roof; 1 May 2018"),
        ("rules/care-about-pairs", "Ann Example; Bob Sample"),
        ("definitions/related", "Ann Example; Bob Sample"),
    } <= set(asked)
    sheet = book["answers"]
    assert [cell.value for cell in sheet[1]] == ["question", "about", "answer", "who", "when", "why"]
    day = datetime.date(2018, 5, 20)
    for number, (question, about) in enumerate(asked, start=2):
        row = [question, about or None, "yes", "the society", day, "we talked"]
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    book.save(tmp_path / "answered.xlsx")
    case, found = rulebook().try_read(tmp_path / "answered.xlsx")
    assert [each.message for each in found] == []
    assert case is not None
    settled = rulebook().check(case)
    assert questions(settled) == []
    assert settled.judgement == ()
    for finding in settled["rules/each-decision"].findings:
        (said,) = finding.why().answers
        assert said.startswith("Answered yes on 20 May 2018 by the society (answers, row ")
        assert said.endswith("). The reason given: we talked.")


def test_a_name_with_a_semicolon_is_not_taken_apart() -> None:
    """As long as it is clear what is meant; else it says that it is not."""
    rows = [
        {"question": "rules/each-decision", "about": "Fence; gate; 2 May 2018", "answer": "yes"},
        {"question": "rules/each-decision", "about": "Fence;  gate ;2/5/2018", "answer": "yes"},
    ]
    for row in rows:
        made = answered(row, **ASKING)
        outcomes = {
            dict(each.subject)["decision"]: each.outcome for each in made["rules/each-decision"].findings
        }
        assert outcomes == {"new roof": Outcome.JUDGEMENT, "Fence; gate": Outcome.MET}
    for about in ("Fence; hedge; 2 May 2018", "Fence; gate; oak; 2 May 2018", "; ".join("x" * 40)):
        _, found = rulebook().try_read(
            members("Ann Example", **ASKING, answers=[{**rows[0], "about": about}]), as_of="2018-06-01"
        )
        assert "wrong-subject" in [each.name for each in found], about


def test_of_two_people_of_one_name_each_is_called_by_their_id() -> None:
    """What the report says to write names one of them, and no other."""
    people = [{"person": "Ann Example", "id": each} for each in ("a1", "a2")]
    register = {
        "people": people,
        "memberships": [{"person": each} for each in ("a1", "a2")],
        "kin": [{"person": "a1", "other": "a2", "kind": "cousins"}],
    }
    made = report(register)
    assert ("definitions/related", "a1; a2") in questions(made)
    row = {"question": "definitions/related", "about": "a1; a2", "answer": "yes"}
    assert the(report({**register, "answers": [row]}), "no-relatives").outcome is Outcome.BREACHED


def test_a_year_may_be_a_number_in_its_cell(tmp_path: Path) -> None:
    """As a spreadsheet has it where somebody has changed the column."""
    book = filled(tmp_path / "ours.xlsx")
    sheet = book["answers"]
    for column, value in enumerate(["The books of each year are closed", 2018, "no", None, "1/5/2018"], 1):
        sheet.cell(2, column).value = value
    book.save(tmp_path / "answered.xlsx")
    made = rulebook().check(rulebook().read(tmp_path / "answered.xlsx"))
    outcomes = {dict(each.subject)["year"]: each.outcome for each in made["rules/year-is-closed"].findings}
    assert outcomes == {2017: Outcome.JUDGEMENT, 2018: Outcome.BREACHED}


@pytest.mark.parametrize("which", ["society", "shipped"])
def test_the_drop_down_offers_every_question(which: str, tmp_path: Path) -> None:
    """Those of rules and of definitions, and no other."""
    openpyxl = pytest.importorskip("openpyxl")
    from bigrules.facts.workbook import new_register

    book = rulebook() if which == "society" else bigrules.load_rulebook()
    assert new_register(book.model, tmp_path / "new.xlsx") == []
    workbook = openpyxl.load_workbook(tmp_path / "new.xlsx")
    sheet = workbook["answers"]
    (found,) = [each for each in sheet.data_validations.dataValidation if "A2" in each.sqref]
    formula = found.formula1
    if formula.startswith('"'):
        offered = formula.strip('"').split(",")
    else:
        name, _, cells = formula.rpartition("!")
        offered = [row[0].value for row in workbook[name.strip("'")][cells.replace("$", "")]]
    model = book.model
    expected = [each.id for each in model.rules.values() if each.form == "ask"]
    expected += [each.id for each in model.definitions.values() if each.people_decide is not None]
    assert sorted(offered) == sorted(expected)
    assert len(offered) >= 6
