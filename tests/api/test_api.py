"""The Python face: loading, reading, checking, asking why; in threads and across processes."""

from __future__ import annotations

import datetime
import doctest
import importlib
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import pytest

import bigrules
from bigrules.findings.confirm import Disagreement

HERE = Path(__file__).parent
BOOK = HERE.parent / "render" / "book"
HALL = HERE.parent / "render" / "hall.yaml"


@pytest.fixture(scope="module")
def rulebook() -> bigrules.Rulebook:
    return bigrules.load_rulebook(BOOK)


@pytest.fixture(scope="module")
def case(rulebook: bigrules.Rulebook) -> bigrules.Case:
    return rulebook.read(HALL)


@pytest.fixture(scope="module")
def report(rulebook: bigrules.Rulebook, case: bigrules.Case) -> bigrules.Report:
    return rulebook.check(case)


# ---------------------------------------------------------------- public names


def test_public_names_are_there_and_sorted() -> None:
    assert bigrules.__all__ == sorted(bigrules.__all__, key=lambda name: (not name.isupper(), name))
    for name in bigrules.__all__:
        assert getattr(bigrules, name) is not None
    assert set(bigrules.__all__) <= set(dir(bigrules))


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = bigrules.nonsense


# ---------------------------------------------------------------- a report


def test_a_report_can_be_asked(report: bigrules.Report) -> None:
    assert report.outcome == "breached" == bigrules.CaseOutcome.BREACHED
    assert [each.rule for each in report.breached] == ["rules/size", "rules/signed", "rules/worker-related"]
    assert [each.rule for each in report.undecided] == ["rules/majority", "rules/signed"]
    assert [each.rule for each in report.judgement] == ["rules/welcoming"]
    assert report["rules/signed"].outcome is bigrules.Outcome.BREACHED
    assert [each.rule for each in report] == list(report.basis.rulebook.rules)
    with pytest.raises(KeyError, match=r"there is no rule 'rules/nonsense'\"$"):
        _ = report["rules/nonsense"]
    with pytest.raises(KeyError, match="did you mean 'rules/signed'"):
        _ = report["signed"]


def test_a_finding_says_why(report: bigrules.Report) -> None:
    why = report["rules/size"].findings[0].why()
    assert str(why) == (
        "The rule “At least five people are on the committee” is breached.\n"
        "Figures: 4; at least 5 are needed.\n"
        "Counted (4): Ann Example, Bob Baker, Cid Dale and Dee Fox (memberships, lines 11 to 14)."
    )


def test_reasons_are_a_tree_too(report: bigrules.Report) -> None:
    """Down to the records, through a definition that uses itself."""
    why = report["rules/worker-related"].findings[0].why()
    related = why.derivations[2]
    assert (related.says, related.sort) == ("Flo Hunt and Ann Example are related", "definition")
    (ancestor,) = related.because
    assert [each.says for each in ancestor.because] == [
        "Ann Example is a parent of Eve Gray",
        "Eve Gray is an ancestor of Flo Hunt",
    ]
    (fact,) = ancestor.because[1].because
    assert (fact.says, fact.sort, fact.where) == (
        "Eve Gray is a parent of Flo Hunt",
        "fact",
        "relations, line 21",
    )


def test_what_is_not_certain_is_not_told_as_if_it_were() -> None:
    """Through a definition that people decide, and where somebody has no row."""
    rulebook = bigrules.load_rulebook()
    people = ["Ann", "Bob", "Cid"]
    data = {
        "people": [{"person": each} for each in people],
        "memberships": [{"person": each} for each in people],
        "homes": [
            {"person": "Ann", "in the area": "yes"},
            {"person": "Bob", "in the area": "yes"},
            {"person": "Bob", "in the area": "no"},
        ],
    }
    report = rulebook.check(rulebook.read(data, as_of="2018-06-01"))
    (finding,) = report["criteria/resident-majority"].findings
    assert finding.why().reasons == (
        "Lives in the area (1): Ann (homes, record 1).",
        "Not known (2): Bob and Cid (homes, records 2 and 3).",
    )
    assert [each.text for each in finding.why().questions][:1] == [
        "Is the home of Cid within the boundary of the Big Local area?"
    ]


EVERY_LIST = (
    "people",
    "memberships",
    "homes",
    "households",
    "relations",
    "offices",
    "work",
    "decisions",
    "taking part",
    "candidates",
    "interests",
)


def family(kind: str) -> dict[str, Any]:
    """Eight members: three of whom the first two are married, and the third is something; and a couple."""
    people = [f"Person {letter}" for letter in "ABCDEFGH"]
    pairs = [("A", "B", "married"), ("C", "B", kind), ("D", "E", "siblings")]
    return {each: [] for each in EVERY_LIST} | {
        "people": [{"person": each} for each in people],
        "memberships": [{"person": each, "voting": "yes"} for each in people],
        "homes": [{"person": each, "in the area": "yes"} for each in people],
        "relations": [
            {"person": f"Person {one}", "other": f"Person {other}", "kind": how} for one, other, how in pairs
        ],
    }


def the_finding(data: dict[str, Any], rule: str) -> bigrules.Finding:
    rulebook = bigrules.load_rulebook()
    (finding,) = rulebook.check(rulebook.read(data, as_of="2018-06-01"))[rule].findings
    return finding


def test_a_question_says_where_its_answer_goes() -> None:
    """And the answer that is written there settles it."""
    data = family("step-parent")
    finding = the_finding(data, "conflicts/family-limit")
    assert finding.outcome is bigrules.Outcome.JUDGEMENT
    (question,) = finding.why().questions
    assert question.where == "answers: definitions/related, about Person B; Person C"
    assert f"({question.where})" in str(finding.why())
    name, _, about = question.where.removeprefix("answers: ").partition(", about ")
    for answer, outcome in question.answers:
        data["answers"] = [{"question": name, "about": about, "answer": answer}]
        assert the_finding(data, "conflicts/family-limit").outcome is outcome


def test_a_group_is_said_to_be_one_where_it_is() -> None:
    told = the_finding(family("step-parent"), "conflicts/family-limit").why().reasons
    assert "Person A, Person B and Person C would be one group, if all that may be so is so." in told
    assert "Person D and Person E are one group." in told


def test_a_breach_tells_the_groups_that_are_too_large() -> None:
    told = the_finding(family("siblings"), "conflicts/family-limit").why().reasons
    assert [each for each in told if "group" in each] == ["Person A, Person B and Person C are one group."]
    data = family("friends")
    homes = {"A": "1 Mill Lane", "B": "1 Mill Lane", "C": "1 Mill Lane", "D": "Fern Hill", "E": "Fern Hill"}
    data["households"] = [{"person": f"Person {one}", "household": home} for one, home in homes.items()]
    (told_of_homes,) = the_finding(data, "conflicts/household-limit").why().reasons
    assert told_of_homes.startswith("Share household 1 Mill Lane (3): Person A, Person B and Person C (")


def test_those_who_are_not_recorded_are_told_once() -> None:
    """How many there are nobody knows."""
    people = [{"person": "Person A"}]
    data = {"people": people, "memberships": people, "incomplete": [{"kind": "memberships"}]}
    told = the_finding(data, "criteria/minimum-size").why().reasons
    assert told == (
        "Counted (1): Person A (memberships, record 1).",
        "Perhaps too: any number of people who are not recorded.",
        "Perhaps not all is recorded: memberships.",
    )


def test_names_can_be_held_back(report: bigrules.Report) -> None:
    finding = report["rules/size"].findings[0]
    assert "A. E., B. B., C. D. and D. F." in str(finding.why("initials"))
    assert "person 1, person 2, person 3 and person 4" in str(finding.why("none"))


@pytest.mark.parametrize("mode", ["inital", "", None])
def test_a_slip_never_shows_names(report: bigrules.Report, mode: Any) -> None:
    with pytest.raises(ValueError, match="`names` is one of `full`, `initials`"):
        report["rules/size"].findings[0].why(mode)


def test_a_finding_of_no_report_has_no_reasons() -> None:
    with pytest.raises(ValueError, match="only a finding of a report"):
        bigrules.Finding("rules/size", (), bigrules.Outcome.MET).why()


def test_what_it_rests_on(report: bigrules.Report) -> None:
    rests_on = report.rests_on
    assert rests_on.as_of == datetime.date(2018, 6, 1)
    assert dict(rests_on.given)["memberships"] == 4
    assert rests_on.not_asked == ()
    assert rests_on.engines == ("compiled",)


def test_everything_is_frozen(report: bigrules.Report) -> None:
    for each, name in (
        (report, "outcome"),
        (report["rules/size"], "findings"),
        (report.findings[0], "outcome"),
    ):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(each, name, None)


def test_a_report_pickles_and_still_says_why(report: bigrules.Report) -> None:
    again: bigrules.Report = pickle.loads(pickle.dumps(report))
    assert again == report
    for mine, theirs in zip(again.findings, report.findings, strict=True):
        assert str(mine.why()) == str(theirs.why())


def test_rulebooks_and_errors_pickle(rulebook: bigrules.Rulebook) -> None:
    assert pickle.loads(pickle.dumps(rulebook)).rules == rulebook.rules
    error = bigrules.EnginesDisagree("rules/size", "", (("compiled", "met"), ("durable", "breached")))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


# ---------------------------------------------------------------- reading


def test_a_day_may_be_a_text(rulebook: bigrules.Rulebook) -> None:
    assert rulebook.read(HALL, as_of="2018-03-01") == rulebook.read(HALL, as_of=datetime.date(2018, 3, 1))


@pytest.mark.parametrize("written", ["1/3/2018", "1 March 2018", " 2018-03-01 "])
def test_a_day_may_be_written_as_in_a_register(rulebook: bigrules.Rulebook, written: str) -> None:
    assert rulebook.read(HALL, as_of=written).as_of == datetime.date(2018, 3, 1)


@pytest.mark.parametrize("written", ["", "?", "x", "1/3/18", "2018"])
def test_a_day_that_is_no_day(rulebook: bigrules.Rulebook, written: str) -> None:
    with pytest.raises(bigrules.InputError) as caught:
        rulebook.read(HALL, as_of=written)
    (found,) = caught.value.diagnostics
    assert (found.code, str(found.place)) == ("BR506", "as of")
    assert found.help == "write it as year, month, day, such as 2018-06-01, or as 1/6/2018"


def test_python_objects_can_be_read(rulebook: bigrules.Rulebook) -> None:
    facts = rulebook.facts
    ann = facts.Membership(person="Ann", signed="yes")
    data = {"people": [{"person": "Ann"}], "memberships": [ann]}
    report = rulebook.check(rulebook.read(data, as_of="2018-06-01"))
    assert report["rules/signed"].outcome is bigrules.Outcome.MET
    assert report["rules/size"].outcome is bigrules.Outcome.BREACHED


@pytest.mark.parametrize("source", ["nosuch.yaml", {"nonsense": 3}, 3])
def test_what_cannot_be_read_is_an_input_error(rulebook: bigrules.Rulebook, source: Any) -> None:
    with pytest.raises(bigrules.InputError) as caught:
        rulebook.read(source)
    assert caught.value.diagnostics
    assert all(isinstance(each, bigrules.Diagnostic) for each in caught.value.diagnostics)


def test_a_day_that_is_none_is_an_input_error(rulebook: bigrules.Rulebook) -> None:
    with pytest.raises(bigrules.InputError, match="2018-02-30"):
        rulebook.read(HALL, as_of="2018-02-30")


def test_a_rulebook_that_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(bigrules.InputError):
        bigrules.load_rulebook(tmp_path)


def test_a_rulebook_of_another_package(monkeypatch: pytest.MonkeyPatch) -> None:
    class Offered:
        def load(self) -> Any:
            return lambda: BOOK

    monkeypatch.setattr(
        "importlib.metadata.entry_points", lambda *, group, name: [Offered()] if name == "hall" else []
    )
    assert bigrules.load_rulebook("hall").name == "Village hall"


# ---------------------------------------------------------------- readings, engines, threads


def test_other_readings_are_tried_when_asked(rulebook: bigrules.Rulebook, case: bigrules.Case) -> None:
    (finding,) = rulebook.check(case, readings="each")["rules/majority"].findings
    assert finding.turns == (bigrules.Turn("rules/majority", "more than 40%", bigrules.Outcome.MET),)
    (finding,) = rulebook.check(case, readings="all")["rules/majority"].findings
    assert len(finding.turns) == 1


def test_a_reading_can_be_chosen(rulebook: bigrules.Rulebook, case: bigrules.Case) -> None:
    report = rulebook.check(case, reading={"rules/majority": "more than 40%"}, readings="each")
    assert report["rules/majority"].outcome is bigrules.Outcome.MET
    assert report.rests_on.reading == (("rules/majority", "more than 40%"),)


def test_a_reading_that_is_not_there(rulebook: bigrules.Rulebook, case: bigrules.Case) -> None:
    with pytest.raises(bigrules.InputError):
        rulebook.check(case, reading={"rules/majority": "nonsense"})
    with pytest.raises(bigrules.InputError, match="other readings stand in `rules/majority`"):
        rulebook.check(case, reading={"x": "y"})


@pytest.mark.parametrize("one", ["ours", Path("ours")])
def test_one_amendment_where_several_belong(one: Any) -> None:
    """A text is several letters, and no amendment is called `o`."""
    with pytest.raises(TypeError, match=r"amendments are several, as in `amendments=\['ours'\]`"):
        bigrules.load_rulebook(amendments=one)


@pytest.mark.parametrize("source", [None, {}, str(HALL)])
def test_only_a_case_is_checked(rulebook: bigrules.Rulebook, source: Any) -> None:
    with pytest.raises(TypeError, match="a case is checked, as `read` gives it, and no "):
        rulebook.check(source)


@pytest.mark.parametrize(
    "wrong",
    [
        {"readings": "every"},
        {"readings": None},
        {"fail_on": "must"},
        {"reading": "x"},
        {"reading": {"rules/majority": 5}},
        {"reading": [("rules/majority", "half")]},
    ],
)
def test_what_cannot_be_meant_is_refused(
    rulebook: bigrules.Rulebook, case: bigrules.Case, wrong: dict[str, Any]
) -> None:
    """And not passed over, as if something had been asked for and done."""
    with pytest.raises((TypeError, ValueError), match="|".join(wrong)):
        rulebook.check(case, **wrong)


def test_expected_rules_count_when_asked(rulebook: bigrules.Rulebook) -> None:
    data = {"people": [], "memberships": [], "homes": [], "relations": [], "offices": [], "posts": []}
    case = rulebook.read({**data, "answers": []}, as_of="2018-06-01")
    assert rulebook.check(case).outcome == rulebook.check(case, fail_on="expected").outcome


def test_a_second_engine_confirms(rulebook: bigrules.Rulebook, case: bigrules.Case) -> None:
    pytest.importorskip("durable.engine")
    assert rulebook.check(case, confirm=True).rests_on.engines == ("compiled", "durable")


def test_engines_that_disagree_name_the_finding(
    rulebook: bigrules.Rulebook, case: bigrules.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("durable.engine")
    found = [Disagreement("rules/signed", (("person", "Ann"),), "met", "breached")]
    monkeypatch.setattr("bigrules.findings.confirm.confirm", lambda *_: (found, []))
    with pytest.raises(
        bigrules.EnginesDisagree, match="rules/signed for person Ann: compiled says met, durable"
    ) as caught:
        rulebook.check(case, confirm=True)
    assert caught.value.rule == "rules/signed"


def test_eight_threads_find_the_same() -> None:
    """On one rulebook that nobody has used yet."""
    rulebook = bigrules.load_rulebook(BOOK)
    case = rulebook.read(HALL)

    def once(number: int) -> tuple[object, ...]:
        report = rulebook.check(case, readings="each" if number % 2 else "adopted")
        return (report.outcome, *(str(each.why()) for each in report.findings if not each.turns))

    def why(finding: bigrules.Finding) -> str:
        return str(finding.why())

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(once, range(32)))
        shared = rulebook.check(case)
        told = list(pool.map(why, shared.findings * 8))
    assert len({each for number, each in enumerate(results) if number % 2}) == 1
    assert len({each for number, each in enumerate(results) if not number % 2}) == 1
    assert told == [str(each.why()) for each in shared.findings] * 8


def test_it_says_the_same_every_time(rulebook: bigrules.Rulebook, case: bigrules.Case) -> None:
    shuffled = attrs.evolve(case, facts=case.facts[::-1])
    one, other = rulebook.check(case, readings="each"), rulebook.check(shuffled, readings="each")
    assert one == other


@pytest.mark.parametrize(
    "module",
    [
        "cli.helpers",
        "findings.wording",
        "findings.figures",
        "findings.names",
        "findings.narrate",
        "findings.formulas",
        "render.as_json",
        "render.text",
    ],
)
def test_the_examples_in_docstrings_run(module: str) -> None:
    results = doctest.testmod(importlib.import_module(f"bigrules.{module}"))
    assert results.attempted
    assert not results.failed
