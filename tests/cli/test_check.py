"""`bigrules check`: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bigrules.findings.confirm import Disagreement
from bigrules.render.as_json import schema

from .conftest import RENDER, Run


def test_a_register_that_conforms(run: Run, good: Path) -> None:
    ran = run.check(str(good))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("The committee conforms to the rules.\n")


def test_a_breach_is_1(run: Run, hall: Path) -> None:
    ran = run.check(str(hall), "--names", "full")
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("Little Snoring hall does not conform to the rules.\n")


def test_what_is_not_settled_is_3(run: Run, good: Path) -> None:
    good.write_text(good.read_text().replace("relations: []\noffices: []\nposts: []\n", ""), encoding="utf-8")
    ran = run.check(str(good))
    assert ran.status == 3
    assert "posts: Who works for the hall?" in ran.said


def test_a_question_to_people_is_3(run: Run, good: Path) -> None:
    text = good.read_text()
    good.write_text(text[: text.index("answers:")], encoding="utf-8")
    ran = run.check(str(good))
    assert ran.status == 3
    assert "For people to decide (1)" in ran.out


def test_expected_rules_count_only_when_asked(run: Run, good: Path) -> None:
    good.write_text(
        good.read_text().replace("Person A, signed: yes", "Person A, signed: no"), encoding="utf-8"
    )
    assert run.check(str(good)).status == 0
    ran = run.check(str(good), "--fail-on", "expected")
    assert ran.status == 1
    assert "expected; does not count" not in ran.out


def test_what_is_wrong_with_a_register_goes_to_stderr(run: Run, hall: Path) -> None:
    hall.write_text(hall.read_text().replace("signed: no", "signed: perhaps"), encoding="utf-8")
    ran = run.check(str(hall))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("error[BR430 not-yes-or-no]: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch.yaml"], "error[BR101 missing-file]"),
        (
            ["{hall}", "--as-of", "2018-02-30"],
            "error[BR506 no-such-day]: there is no day `2018-02-30`",
        ),
        (["{hall}", "--reading", "nonsense"], "error[BR502 bad-reading]: `nonsense` names no reading"),
        (["{hall}", "--reading", "rules/size=more"], "error[BR311 unknown-reading]"),
        (["{hall}", "--rulebook", "nosuch"], "error[BR101 missing-file]"),
        (["{hall}", "--format", "xml"], "error[BR500 command-line]"),
        (["{hall}", "--nosuch"], "error[BR500 command-line]: there is no place for `--nosuch`"),
        ([], "error[BR500 command-line]"),
    ],
)
def test_what_cannot_be_used_is_2(run: Run, hall: Path, words: list[str], said: str) -> None:
    ran = run.check(*(each.format(hall=hall) for each in words))
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("words", "help"),
    [
        (["test", "--rulebook", "nosuch"], "help: name the rulebook without it: `bigrules test RULES`"),
        (["test", "--rules=nosuch"], "help: name the rulebook without it: `bigrules test RULES`"),
        (
            ["show", "vocabulary", "--rulebook", "nosuch"],
            "help: name the rulebook without it: `bigrules show WHAT RULES`",
        ),
    ],
)
def test_a_rulebook_where_it_has_no_option(run: Run, words: list[str], help: str) -> None:
    """Whoever comes from `check` is told how it is written here, and nothing else is tested or shown."""
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert help in ran.err


def test_engines_that_disagree_are_4(run: Run, hall: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is reported then, and the finding is named."""
    pytest.importorskip("durable.engine")
    found = [Disagreement("rules/size", (), "breached", "met")]
    monkeypatch.setattr("bigrules.findings.confirm.confirm", lambda *_: (found, []))
    ran = run("check", "--rulebook", str(RENDER / "book"), str(hall))
    assert (ran.status, ran.out) == (4, "")
    assert "the engines disagree on rules/size: compiled says breached, durable says met" in ran.said


def test_both_engines_are_named(run: Run, hall: Path) -> None:
    pytest.importorskip("durable.engine")
    ran = run("check", "--rulebook", str(RENDER / "book"), str(hall))
    assert "Engines: compiled and durable; they found the same." in ran.out


def test_an_engine_that_is_not_there_is_said(run: Run, hall: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bigrules.engines.durable.available", lambda: "durable-rules is not installed")
    ran = run("check", "--rulebook", str(RENDER / "book"), str(hall))
    assert ran.status == 1
    assert "Note: one engine alone ran, because durable-rules is not installed." in ran.out


def test_names_are_initials_where_there_is_no_terminal(run: Run, hall: Path) -> None:
    ran = run.check(str(hall))
    assert "Counted (4): A. E., B. B., C. D. and D. F." in ran.out
    assert "--names full shows their names" in ran.out


def test_a_reading_can_be_chosen(run: Run, hall: Path) -> None:
    ran = run.check(str(hall), "--reading", "rules/majority=more than 40%", "--all")
    assert "Figures: 2 or 3 of 4; at least 2 are needed." in ran.out
    assert "Reading chosen: “more than 40%” (rules/majority)." in ran.out


def test_readings_need_not_be_tried(run: Run, hall: Path) -> None:
    assert "It turns on a reading" in run.check(str(hall)).out
    assert "It turns on a reading" in run.check(str(hall), "--readings", "all").out
    assert "It turns on a reading" not in run.check(str(hall), "--readings", "adopted").out


def test_the_day_can_be_chosen(run: Run, hall: Path) -> None:
    ran = run.check(str(hall), "--as-of", "2018-02-28", "--names", "full")
    assert "Judged as of 28 February 2018." in ran.out
    assert "Counted (3): Bob Baker, Cid Dale and Dee Fox" in ran.out


def test_a_folder_of_registers(run: Run, hall: Path, good: Path) -> None:
    """The worst of them is the exit status; each is said at the end."""
    ran = run.check(str(hall.parent))
    assert ran.status == 1
    # A long path may be folded at the width of the terminal.
    assert f"2 registers {good}: conforms" in " ".join(ran.out.split())
    (hall.parent / "broken.json").write_text("{", encoding="utf-8")
    ran = run.check(str(hall.parent))
    assert ran.status == 2
    assert "3 registers\n" in ran.out
    assert "broken.json: unusable" in " ".join(ran.out.split())


def test_an_empty_folder(run: Run, tmp_path: Path) -> None:
    ran = run.check(str(tmp_path))
    assert (ran.status, ran.out) == (2, "")


def test_a_register_without_a_name_is_not_the_folder_one_is_in(
    run: Run, hall: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hall.parent)
    ran = run.check("")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("error[BR507 no-register]: a register has no name\n")


def test_json_of_several(run: Run, hall: Path, good: Path) -> None:
    (hall.parent / "broken.json").write_text("{", encoding="utf-8")
    ran = run.check(str(hall.parent), "--format", "json")
    data = json.loads(ran.out)
    assert data["format"] == 1
    assert [each["outcome"] for each in data["reports"]] == ["unusable", "conforms", "breached"]
    assert data["reports"][0]["diagnostics"][0]["code"].startswith("BR4")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["check", "nosuch.yaml"], "BR101"),
        (["check", "{hall}", "--as-of", "x"], "BR506"),
        (["check", "{hall}", "--reading", "a=b"], "BR311"),
        (["check", "{hall}", "--reading", "a"], "BR502"),
        (["check", "{hall}", "--rulebook", "nosuch"], "BR101"),
        (["explain", "nosuch.yaml"], "BR101"),
        (["explain", "{hall}", "nosuch"], "BR503"),
    ],
)
def test_a_program_always_gets_json(run: Run, hall: Path, words: list[str], code: str) -> None:
    """And reads there what stands on stderr too."""
    ran = run(*(each.format(hall=hall) for each in words), "--format", "json")
    assert ran.status == 2
    data = json.loads(ran.out)
    assert data["reports"][0]["outcome"] == "unusable"
    assert [each["code"] for each in data["reports"][0]["diagnostics"]] == [code]
    assert code in ran.err
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(data, schema())


def test_narrow_and_wide(run: Run, hall: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = run.check(str(hall)).out.splitlines()
    assert all(len(each) <= 40 or str(hall) in each for each in lines)
