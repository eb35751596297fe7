"""`bigrules test --scenarios`: cases that stand apart from the rules, and what is wrong with them at its line."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bigrules.diagnostics import Span
from bigrules.language import load
from bigrules.language.model import Rulebook
from bigrules.language.scenarios import KEYS, read_scenarios
from bigrules.tools.scenarios import run_scenarios

from .conftest import RENDER, Run

BOOK = str(RENDER / "book")
ENOUGH = """\
- scenario: five are enough
  clause: hall.1
  rule: rules/size
  given: [<1 to 5> is on the committee]
  then: met
  because: Five is at least five.
"""
PARENT = """\
- scenario: a worker and a parent in office
  clause: [hall.4, hall.5]
  rule: rules/worker-related
  as of: 2018-06-01
  given: [<will> is paid by the hall, <ann> holds the office of <chair>, <ann> is a parent of <will>]
  then: breached
  concerns: [[will, ann]]
  because: A parent is a relative.
  note: Written down for the tests.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for scenarios."""
    found = tmp_path / "scenarios"
    found.mkdir()
    return found


def tried(run: Run, folder: Path, text: str, file: str = "a.yaml") -> tuple[int, list[dict[str, Any]], int]:
    """Status, diagnostics and number of scenarios that ran, where a file holds a text."""
    (folder / file).write_text(text, encoding="utf-8")
    ran = run("test", BOOK, "--scenarios", str(folder), "--format", "json")
    data = json.loads(ran.out)
    # The rulebook itself has some warnings.
    found = [each for each in data["diagnostics"] if each["severity"] == "error"]
    return ran.status, found, data["scenarios"]


def changed(old: str, new: str, text: str = ENOUGH) -> str:
    """A scenario with something else in it."""
    assert text.count(old) == 1
    return text.replace(old, new)


def test_what_is_as_it_says(run: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text(ENOUGH, encoding="utf-8")
    (folder / "inner").mkdir()
    (folder / "inner" / "b.yml").write_text(PARENT, encoding="utf-8")
    (folder / "notes.txt").write_text("not read", encoding="utf-8")
    ran = run("test", BOOK, "--scenarios", str(folder))
    assert (ran.status, "error" in ran.err) == (0, False)
    assert ran.out.endswith(" and 2 scenarios ran, no faults\n")


def test_one_file_may_be_named(run: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text(ENOUGH, encoding="utf-8")
    (folder / "b.yaml").write_text("broken: [", encoding="utf-8")
    ran = run("test", BOOK, "--scenarios", str(folder / "a.yaml"))
    assert (ran.status, "error" in ran.err) == (0, False)
    assert "and 1 scenario ran" in ran.out


def test_without_the_option_nothing_is_said_of_scenarios(run: Run) -> None:
    assert "scenario" not in run("test", BOOK).out
    assert "scenarios" not in json.loads(run("test", BOOK, "--format", "json").out)


def test_another_outcome_is_told_at_the_line_of_the_scenario(run: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text(PARENT + changed("then: met", "then: breached"), encoding="utf-8")
    ran = run("test", BOOK, "--scenarios", str(folder))
    assert ran.status == 1
    assert "error[BR323 scenario-contradicted]: the scenario `five are enough` says" in ran.said
    assert "says `breached` and its rule says `met`" in ran.said
    assert "help: write `then: met` if that is right, else mend the rule" in ran.said
    assert f"{folder / 'a.yaml'}:10:3" in ran.err
    assert "2 scenarios ran, 1 fault" in ran.out


def test_faults_are_told_in_the_order_of_the_file(run: Run, folder: Path) -> None:
    text = changed("then: met", "then: breached") + changed("[[will, ann]]", "[]", PARENT)
    text += changed("rules/size", "rules/sise").replace("five", "again five")
    _, found, _ = tried(run, folder, text + changed("<1 to 5>", "<1 to 4>").replace("five", "four"))
    assert [(each["code"], each["place"]["line"]) for each in found] == [
        ("BR323", 1), ("BR323", 7), ("BR211", 18), ("BR323", 22),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("[[will]]", "says that it concerns `will` and its rule says `ann, will`"),
        ("[]", "concerns nobody and"),
    ],
)
def test_other_people_are_told(run: Run, folder: Path, people: str, said: str) -> None:
    status, (found,), ran = tried(run, folder, changed("[[will, ann]]", people, PARENT))
    assert (status, found["code"], ran) == (1, "BR323", 1)
    assert said in found["message"]
    assert found["help"] == "mend the scenario, or the rule"
    assert found["place"]["line"] == 1


def test_a_name_may_be_used_once_in_all_files(run: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text(ENOUGH, encoding="utf-8")
    status, (found,), ran = tried(run, folder, PARENT + changed("five are", "Five  are"), "b.yaml")
    assert (status, found["code"], found["name"], ran) == (1, "BR312", "duplicate-name", 2)
    assert found["message"] == "there are two scenarios `Five are enough`"
    assert f"{folder / 'a.yaml'}:1:13" in found["help"]
    assert (found["place"]["file"], found["place"]["line"]) == (str(folder / "b.yaml"), 10)


WRONG = {
    "unknown rule": ("rules/size", "rules/sise", "BR211", 3, "did you mean `rules/size`?"),
    "a definition": ("rules/size", "definitions/related", "BR211", 3, "write the id of a rule"),
    "unknown clause": ("hall.1", "hall.9", "BR210", 2, "did you mean `hall.5`?"),
    "one of two clauses": ("hall.1", "[hall.1, town.1]", "BR210", 2, "in `clauses.yaml`"),
    "unknown sentence": ("is on the", "is in the", "BR204", 4, "did you mean `<1 to 5> is on the committee`?"),
    "unknown outcome": ("then: met", "then: kept", "BR205", 5, "write `met`"),
    "outcome of a definition": ("then: met", "then: [<1> is on the committee]", "BR203", 5, None),
    "unknown key": ("because", "becuase", "BR201", 6, "did you mean `because`?"),
    "a day that is none": ("then: met", "as of: 2018-02-30\n  then: met", "BR205", 5, "a date of the calendar"),
    "people as one list": ("then: met", "concerns: [ann]\n  then: met", "BR203", 5, "write `[[ann]]`"),
    "empty name": ("five are enough", '""', "BR203", 1, None),
    "no key of its own": ("- scenario", "- name", "BR201", 1, None),
    "a question that is none": ("given: [", "given: [answer: {question: rules/size, answer: yes}, ", "BR216", 4, None),
    "a kind that is none": ("given: [", "given: [not asked: nothing, ", "BR214", 4, None),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told_where_it_stands(run: Run, folder: Path, what: str) -> None:
    """Each slip is one fault at its place; the scenario is not run, and those beside it are."""
    old, new, code, line, help_ = WRONG[what]
    status, found, ran = tried(run, folder, changed(old, new) + PARENT)
    assert (status, ran) == (1, 1)
    first = found[0]
    assert (first["code"], first["place"]["line"]) == (code, line)
    assert help_ is None or help_ in first["help"]
    assert all(each["place"]["line"] <= 7 for each in found), "what stands beside it is right"


@pytest.mark.parametrize("key", ["scenario", "clause", "rule", "given", "then", "because"])
def test_what_is_missing_is_told(run: Run, folder: Path, key: str) -> None:
    lines = PARENT.replace("- ", "  ", 1).splitlines()
    left = [each for each in lines if not each.startswith(f"  {key}:")]
    status, (found,), ran = tried(run, folder, "-" + "\n".join(left)[1:] + "\n")
    assert (status, found["code"], ran) == (1, "BR202", 0)
    assert found["message"] == f"this scenario has no `{key}`"


def test_statements_that_contradict_each_other(run: Run, folder: Path) -> None:
    text = changed("<1 to 5> is on the committee", "<1> lives in the village, not: <1> lives in the village")
    status, (found,), _ = tried(run, folder, text)
    assert (status, found["code"], found["name"]) == (1, "BR324", "scenario-not-usable")
    assert found["place"]["line"] == 1


FILES = {
    "a mapping": ("scenario: five\n", "BR203", 1),
    "a text": ("five are enough\n", "BR203", 1),
    "texts": ("- five are enough\n", "BR203", 1),
    "nothing": ("", "BR102", 2),
    "no YAML": ("- scenario: [\n", "BR107", 2),
    "a tab": ("- scenario: five\n\tclause: hall.1\n", "BR112", 2),
    "a key twice": (ENOUGH + "  then: met\n", "BR111", 2),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_holds_something_else(run: Run, folder: Path, what: str) -> None:
    """It is told, with the status of what cannot be used where it cannot be read at all; other files run."""
    text, code, wanted = FILES[what]
    (folder / "b.yaml").write_text(PARENT, encoding="utf-8")
    status, found, ran = tried(run, folder, text)
    assert (status, ran) == (wanted, 1)
    assert code in [each["code"] for each in found]


@pytest.mark.parametrize("what", ["missing", "empty", "bytes"])
def test_what_cannot_be_used(run: Run, folder: Path, what: str) -> None:
    path = folder / "missing" if what == "missing" else folder
    if what == "bytes":
        (folder / "a.yaml").write_bytes(b"\xff\xfe\x00\x01")
    ran = run("test", BOOK, "--scenarios", str(path))
    assert ran.status == 2
    assert {"missing": "BR101", "empty": "BR105", "bytes": "BR106"}[what] in ran.err
    assert "0 scenarios ran, 1 fault" in ran.out


def test_a_rulebook_with_faults_is_mended_first(run: Run, folder: Path, tmp_path: Path) -> None:
    book = Path(shutil.copytree(BOOK, tmp_path / "book"))
    rule = book / "rules" / "size.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("hall.1", "hall.77"), encoding="utf-8")
    (folder / "a.yaml").write_text(changed("hall.1", "hall.99"), encoding="utf-8")
    ran = run("test", str(book), "--scenarios", str(folder))
    assert ran.status == 1
    assert "hall.77" in ran.err
    assert "hall.99" not in ran.err


def test_more_faults_than_anybody_reads(run: Run, folder: Path) -> None:
    text = "".join(changed("five are enough", f"number {at}").replace("met", "breached") for at in range(120))
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    ran = run("test", BOOK, "--scenarios", str(folder))
    assert ran.status == 1
    assert "120 scenarios ran, 120 faults" in ran.out
    assert "120 errors" in ran.said


@cache
def village() -> Rulebook:
    """The rulebook of the village hall."""
    found, _ = load(BOOK)
    assert found is not None
    return found


_SCALARS = st.sampled_from(
    [
        "",
        "five",
        "met",
        "hall.1",
        "rules/size",
        "<1 to 5> is on the committee",
        "2018-06-01",
        "no",
        "[]",
        "<>",
    ]
)
_NODES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "not", "answer"]), inner)
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), _NODES), max_size=3) | _NODES)
def test_whatever_a_file_holds_is_told_in_words(
    tmp_path_factory: pytest.TempPathFactory, held: object
) -> None:
    """Every fault has a place in the file, a message and no traceback; what is not at fault is run."""
    rulebook = village()
    file = tmp_path_factory.mktemp("held") / "a.yaml"
    file.write_text(yaml.safe_dump(held), encoding="utf-8")
    found, ran = run_scenarios(rulebook, file)
    assert ran == len(read_scenarios(rulebook, file)[0])
    for each in found:
        assert isinstance(each.place, Span)
        assert each.place.file == str(file)
        assert each.message and "Traceback" not in each.message


def test_the_schema_of_scenarios_is_printed(run: Run) -> None:
    ran = run("show", "schema", BOOK, "--of", "scenarios")
    assert ran.status == 0
    schema = json.loads(ran.out)
    assert (schema["type"], set(schema["items"]["properties"])) == ("array", set(KEYS))
    assert "rules/size" in schema["items"]["properties"]["rule"]["enum"]
