"""`pytest rules/` runs each example as a test that fails at its line. pytest is run on rulebooks made here."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import bigrules

pytest_plugins = ["pytester"]

# A run in this process forgets what it imports: a class that is imported again is another class.
for each in pkgutil.walk_packages(bigrules.__path__, "bigrules."):
    if not each.name.startswith(("bigrules.__main__", "bigrules.engines.durable", "bigrules.cli")):
        importlib.import_module(each.name)
importlib.import_module("yaml")
READABLE = Path(__file__).parents[1] / "language" / "readable"

SIZE = """\
rule: There are at least two members
source: criteria.1
force: must

required:
  number of: <person>
  among: <person> is a member
  at least: 2

other readings:
  - name: three
    change: {at least: 2}
    to: {at least: 3}
    differs when:
      - <1 to 2> is a member

examples:
  - name: two
    given:
      - <1 to 2> is a member
    then: met
  - name: one, or less
    given:
      - <ann> is a member
    then: breached
  - given: []
    then: breached
"""
FILES = {
    "rulebook.yaml": "rulebook: Ours\nformat: 1\nversion: 0.1.0\nedition: 2026\n",
    "vocabulary.yaml": """\
people:
  lists: person
  fields:
    person: {is: person, blank means: required}
members:
  fields:
    person: {is: person, blank means: required}
  sentences:
    - <person> is a member
""",
    "clauses.yaml": "criteria.1: {section: Criteria}\n",
    "criteria/size.yaml": SIZE,
    "definitions/lonely.yaml": """\
definition: <person> is lonely
source: criteria.1

holds when:
  - <person> is a member
  - unless:
      - <other> is a member
      - <person> and <other> are different

examples:
  - name: alone
    given:
      - <ann> is a member
    then:
      - <ann> is lonely
""",
}
SCENARIOS = """\
- scenario: two of them
  clause: criteria.1
  rule: criteria/size
  given:
    - <1 to 2> is a member
  then: met
  because: Two is enough.

- scenario: nobody
  clause: criteria.1
  rule: criteria/size
  given: []
  then: met
  because: (worked out wrongly)
"""
ALL = [
    "rules/criteria/size.yaml::two",
    "rules/criteria/size.yaml::one, or less",
    "rules/criteria/size.yaml::example 3",
    "rules/criteria/size.yaml::reading: three",
    "rules/definitions/lonely.yaml::alone",
]


def write(top: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def ours(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A directory with a small rulebook in it, in which pytest is run."""
    monkeypatch.setenv("PYTHONPATH", str(Path(bigrules.__file__).parents[1]))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini("[pytest]\n")
    write(pytester.path / "rules", FILES)
    return pytester


def run(ours: pytest.Pytester, *words: str) -> pytest.RunResult:
    """One run, in this process; where bigrules is installed the plugin would be there twice."""
    return ours.runpytest_inprocess("-p", "no:bigrules", "-p", "bigrules.pytest_plugin", *words)


def ids(result: pytest.RunResult, outcome: str) -> list[str]:
    """The node ids with an outcome, of a run with `-v`."""
    lines = [line for line in result.outlines if f" {outcome}" in line and "::" in line and "[" in line]
    return [line.split(f" {outcome}")[0] for line in lines]


def spoil(ours: pytest.Pytester, file: str, old: str, new: str) -> None:
    path = ours.path / "rules" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_each_example_and_reading_is_a_test(ours: pytest.Pytester) -> None:
    result = run(ours, "-v", "rules")
    result.assert_outcomes(passed=5)
    assert ids(result, "PASSED") == ALL


def test_a_failure_is_told_at_its_line_without_a_traceback(ours: pytest.Pytester) -> None:
    """In the words of `bigrules test`, and short where pytest sums up."""
    spoil(ours, "criteria/size.yaml", "at least: 2\n\n", "at least: 1\n\n")
    spoil(ours, "criteria/size.yaml", "{at least: 2}", "{at least: 1}")
    result = run(ours, "rules")
    result.assert_outcomes(passed=4, failed=1)
    text = result.stdout.str()
    assert (
        "error[BR320 example-contradicted]: the example `one, or less` says `breached` and its rule says `met`"
        in text
    )
    assert "--> rules/criteria/size.yaml:22:5" in text
    assert "22 |   - name: one, or less" in text
    assert "help: write `then: met` if that is right" in text
    assert "FAILED rules/criteria/size.yaml::one, or less - " in text
    assert "Traceback" not in text and "pytest_plugin.py" not in text and "raise Wrong" not in text


def test_a_reading_that_makes_no_difference_fails(ours: pytest.Pytester) -> None:
    spoil(ours, "criteria/size.yaml", "- <1 to 2> is a member", "- <1 to 3> is a member")
    result = run(ours, "-v", "rules")
    result.assert_outcomes(passed=4, failed=1)
    assert ids(result, "FAILED") == ["rules/criteria/size.yaml::reading: three"]
    assert "BR322 reading-makes-no-difference" in result.stdout.str()


def test_one_by_its_id_and_by_a_word(ours: pytest.Pytester) -> None:
    run(ours, "rules/criteria/size.yaml::one, or less").assert_outcomes(passed=1)
    run(ours, "rules", "-k", "lonely").assert_outcomes(passed=1, deselected=4)
    run(ours, "rules/definitions").assert_outcomes(passed=1)


def test_the_last_that_failed_are_run_again_and_the_first_stops(ours: pytest.Pytester) -> None:
    spoil(ours, "criteria/size.yaml", "at least: 2\n\n", "at least: 1\n\n")
    spoil(ours, "criteria/size.yaml", "{at least: 2}", "{at least: 1}")
    spoil(ours, "definitions/lonely.yaml", "      - <ann> is lonely", "      - not: <ann> is lonely")
    run(ours, "rules", "-x").assert_outcomes(passed=1, failed=1)
    run(ours, "rules").assert_outcomes(passed=3, failed=2)
    result = run(ours, "rules", "--lf", "-v")
    result.assert_outcomes(failed=2)
    assert ids(result, "FAILED") == [ALL[1], ALL[4]]


def test_a_report_for_other_programs(ours: pytest.Pytester) -> None:
    """As JUnit writes it: names, and what is wrong."""
    spoil(ours, "criteria/size.yaml", "then: met", "then: breached")
    run(ours, "rules", "--junitxml=report.xml").assert_outcomes(passed=4, failed=1)
    cases = list(ElementTree.parse(ours.path / "report.xml").iter("testcase"))
    assert {each.get("name") for each in cases} == {each.split("::")[1] for each in ALL}
    wrong = [each for each in cases if each.find("failure") is not None]
    assert [each.get("name") for each in wrong] == ["two"]
    failure = wrong[0].find("failure")
    assert failure is not None
    assert failure.get("message") == "the example `two` says `breached` and its rule says `met`"
    assert "rules/criteria/size.yaml:18:5" in (failure.text or "")


def test_a_rulebook_with_faults_fails_once_for_each(ours: pytest.Pytester) -> None:
    """In the file that is at fault, whichever files were named."""
    spoil(ours, "criteria/size.yaml", "force: must", "forse: must")
    spoil(ours, "clauses.yaml", "section", "secton")
    result = run(ours, "-v", "rules")
    text = result.stdout.str()
    wrong = [
        "rules/clauses.yaml::missing-key in line 1",
        "rules/clauses.yaml::unknown-key in line 1",
        "rules/criteria/size.yaml::unknown-key in line 3",
    ]
    assert sorted(ids(result, "FAILED")) == wrong
    result.assert_outcomes(failed=3)
    assert "--> rules/criteria/size.yaml:3:1" in text and "did you mean `force`?" in text
    assert "Traceback" not in text
    # Of a file that was not named the faults are told by one that was.
    result = run(ours, "-v", "rules/definitions")
    result.assert_outcomes(failed=3)
    assert "rules/definitions/lonely.yaml::unknown-key in line 3 of size.yaml" in ids(result, "FAILED")
    run(ours, "rules", "--ignore=rules/criteria").assert_outcomes(failed=3)


def test_what_is_no_yaml_fails_at_its_line(ours: pytest.Pytester) -> None:
    spoil(ours, "criteria/size.yaml", "  at least: 2", "  at least: [2")
    result = run(ours, "rules")
    result.assert_outcomes(failed=1)
    assert "BR107 not-yaml" in result.stdout.str()


def test_scenarios_beside_a_rulebook(ours: pytest.Pytester) -> None:
    write(ours.path / "scenarios", {"homes/size.yaml": SCENARIOS})
    result = run(ours, "-v", "rules", "scenarios")
    result.assert_outcomes(passed=6, failed=1)
    assert ids(result, "FAILED") == ["scenarios/homes/size.yaml::nobody"]
    text = result.stdout.str()
    assert "BR323 scenario-contradicted" in text and "--> scenarios/homes/size.yaml:9:3" in text
    write(ours.path / "scenarios", {"again.yaml": SCENARIOS})
    result = run(ours, "scenarios")
    assert "BR312 duplicate-name" in result.stdout.str()


def test_scenarios_elsewhere_and_of_several_rulebooks(ours: pytest.Pytester) -> None:
    """A setting says whose they are; without it that is asked, and nothing is passed over in silence."""
    write(ours.path / "cases", {"size.yaml": SCENARIOS})
    run(ours, "cases").assert_outcomes()
    ours.makeini("[pytest]\nbigrules_scenarios =\n    cases = rules\n")
    run(ours, "cases").assert_outcomes(passed=1, failed=1)
    write(ours.path / "others", FILES)
    write(ours.path / "scenarios", {"size.yaml": SCENARIOS})
    result = run(ours, "scenarios")
    result.assert_outcomes(errors=1)
    assert "several rulebooks stand beside these scenarios: others, rules" in result.stdout.str()
    (ours.path / "scenarios" / "size.yaml").unlink()
    write(ours.path / "scenarios" / "rules", {"size.yaml": SCENARIOS})
    run(ours, "scenarios").assert_outcomes(passed=1, failed=1)


def test_an_amendment_is_tested_over_what_it_is_laid_over(ours: pytest.Pytester) -> None:
    write(
        ours.path / "constitution",
        {
            "amendment.yaml": "amendment: Constitution\nformat: 1\nversion: 0.1.0\nover: ../rules\nby: constitution\n",
            "three.yaml": (
                "amendment: There are at least three members\nby: constitution 1\n\namends: criteria/size\n"
                "change: {at least: 2}\nto: {at least: 3}\n\nexamples:\n"
                "  - name: three\n    given:\n      - <1 to 3> is a member\n    then: met\n"
                "  - name: two are too few\n    given:\n      - <1 to 2> is a member\n    then: met\n"
            ),
        },
    )
    result = run(ours, "-v", "constitution")
    assert ids(result, "PASSED") == ["constitution/three.yaml::three"]
    assert ids(result, "FAILED") == ["constitution/three.yaml::two are too few"]
    assert "--> constitution/three.yaml:13:5" in result.stdout.str()
    # A fault in what lies below it is told where it is.
    spoil(ours, "criteria/size.yaml", "force: must", "forse: must")
    result = run(ours, "-v", "constitution")
    assert ids(result, "FAILED") == ["constitution/amendment.yaml::unknown-key in line 3 of size.yaml"]
    assert "--> rules/criteria/size.yaml:3:1" in result.stdout.str()
    spoil(ours, "criteria/size.yaml", "forse: must", "force: must")
    path = ours.path / "constitution" / "three.yaml"
    path.write_text(path.read_text().replace("amends: criteria/size", "amends: criteria/siz"))
    result = run(ours, "-v", "constitution")
    assert ids(result, "FAILED") == ["constitution/three.yaml::unknown-target in line 4"]


def test_only_files_of_rulebooks_and_only_where_pytest_looks(ours: pytest.Pytester) -> None:
    """Not other YAML files, hidden ones, directories that are left out, or anything with the plugin off."""
    (ours.path / "settings.yaml").write_text("a: [\n")
    write(ours.path / "rules", {"_drafts/x.yaml": "rule: [\n", "criteria/_x.yaml": "rule: [\n", "a.txt": "x"})
    run(ours, ".").assert_outcomes(passed=5)
    (ours.path / "elsewhere").mkdir()
    run(ours, "elsewhere").assert_outcomes()
    assert ours.runpytest_inprocess("-p", "no:bigrules", "rules").ret == pytest.ExitCode.NO_TESTS_COLLECTED
    ours.makeini("[pytest]\nbigrules_ignore =\n    rules/criteria\n")
    run(ours, "rules").assert_outcomes(passed=1)
    ours.makeini("[pytest]\nbigrules_scenarios = nonsense\n")
    result = run(ours, "rules")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_one_name_twice(ours: pytest.Pytester) -> None:
    """An example and a reading may be called alike, and both can be asked for."""
    spoil(ours, "criteria/size.yaml", "- name: one, or less", "- name: 'reading: three'")
    result = run(ours, "-v", "rules/criteria")
    assert "rules/criteria/size.yaml::reading: three (2)" in ids(result, "PASSED")
    run(ours, "rules/criteria/size.yaml::reading: three (2)").assert_outcomes(passed=1)


def test_a_fault_of_bigrules_itself_keeps_its_traceback(
    ours: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bigrules.tools import examples

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(examples, "held_against", broken)
    assert "ZeroDivisionError" in run(ours, "rules").stdout.str()


def test_in_several_processes(ours: pytest.Pytester) -> None:
    """The same tests, the same failures, the same words."""
    pytest.importorskip("xdist")
    spoil(ours, "criteria/size.yaml", "at least: 2\n\n", "at least: 1\n\n")
    spoil(ours, "criteria/size.yaml", "{at least: 2}", "{at least: 1}")
    words = ["-p", "no:bigrules", "-p", "bigrules.pytest_plugin", "-n", "1", "rules"]
    result = ours.runpytest_subprocess(*words)
    result.assert_outcomes(passed=4, failed=1)
    assert "--> rules/criteria/size.yaml:22:5" in result.stdout.str()


def test_nothing_is_imported_where_there_is_no_rulebook(tmp_path: Path) -> None:
    """Whoever has bigrules installed pays for no more than one small module."""
    (tmp_path / "test_x.py").write_text(
        "import sys\n\ndef test_x():\n"
        "    ours = {each for each in sys.modules if each.startswith('bigrules')}\n"
        "    assert ours == {'bigrules', 'bigrules.pytest_plugin'}\n"
    )
    (tmp_path / "settings.yaml").write_text("a: 1\n")
    words = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:bigrules",
        "-p",
        "bigrules.pytest_plugin",
    ]
    done = subprocess.run(
        [sys.executable, *words, str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(Path(bigrules.__file__).parents[1]), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_pytest_finds_it_where_bigrules_is_installed() -> None:
    """The name under which the package offers it leads to the hook that takes files."""
    project = Path(__file__).parents[2] / "pyproject.toml"
    if not project.exists():
        pytest.skip("only a checkout has pyproject.toml")
    offered = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["entry-points"]["pytest11"]
    assert list(offered) == ["bigrules"]
    assert callable(importlib.import_module(offered["bigrules"]).pytest_collect_file)


def test_the_readable_rulebook(ours: pytest.Pytester) -> None:
    """One that others wrote: as many tests as `bigrules test` runs examples, and a test for each reading."""
    from bigrules.language import load
    from bigrules.tools.examples import parts, run_examples

    shutil.copytree(READABLE, ours.path / "readable")
    rulebook, _ = load(READABLE)
    assert rulebook is not None
    found, ran = run_examples(rulebook)
    readings = [each for each in parts(rulebook) if each.what == "reading"]
    assert found == [] and ran == 9
    run(ours, "readable").assert_outcomes(passed=ran + len(readings))
