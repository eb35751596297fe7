"""The other commands, help, and what may happen to any of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bigrules
from bigrules import cli
from bigrules.diagnostics import InputError

from .conftest import RENDER, Run

BOOK = str(RENDER / "book")
ROOT = Path(__file__).parents[2]


def python(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Runs Python outside of this process."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, *words], capture_output=True, text=True, env=environ, check=False, **options
    )


# ---------------------------------------------------------------- help


def test_help_is_grouped_by_who_uses_it(run: Run) -> None:
    ran = run("--help")
    assert ran.status == 0
    headings = [line for line in ran.out.splitlines() if line.startswith("For ")]
    assert [each.split()[1:3] for each in headings] == [
        ["a", "partnership"],
        ["authors", "of"],
        ["auditors", "and"],
    ]
    for command in cli.COMMANDS:
        assert f"\n  {command} " in ran.out


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
def test_every_command_has_help(run: Run, command: str) -> None:
    ran = run(command, "--help")
    assert ran.status == 0
    assert ran.out.startswith(f"usage: bigrules {command}")


def test_no_command_is_no_success(run: Run) -> None:
    assert run().status == 2


def test_version(run: Run) -> None:
    assert run("--version").out == f"bigrules {bigrules.__version__}\n"


def test_a_command_that_is_not_there(run: Run) -> None:
    ran = run("chekc")
    assert (ran.status, ran.out) == (2, "")
    assert "there is no command `chekc`" in ran.err
    assert "did you mean `check`?" in ran.err


# ---------------------------------------------------------------- explain


def test_explain_one_rule(run: Run, hall: Path) -> None:
    ran = run("explain", "--rulebook", BOOK, str(hall), "size", "--names", "full")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "The rule “At least five people are on the committee” is breached.\n"
        "  The committee: first sentence · must · rules/size\n"
        "  Figures: 4; at least 5 are needed.\n"
        "  Counted (4): Ann Example, Bob Baker, Cid Dale and Dee Fox (memberships, lines\n"
        "  11 to 14).\n"
    )


def test_explain_an_exception(run: Run, hall: Path) -> None:
    """An exception is a step of its own, and what would have been found is said."""
    hall.write_text(hall.read_text().replace("pay: yes}", "pay: yes, trial: yes}"), encoding="utf-8")
    ran = run("explain", str(hall), "--rulebook", BOOK, "--names", "full", "worker-related")
    assert ran.out == (
        "The rule “Nobody who is paid is related to somebody who holds an office” is not\n"
        "applicable.\n"
        "  Staff: first bullet · must · rules/worker-related\n"
        "  An exception applies: a trial is not a post yet (Staff: second bullet).\n"
        "  Flo Hunt is on trial (posts, line 27).\n"
        "  Without it, this would have been breached.\n"
    )


def test_explain_all_in_json(run: Run, hall: Path) -> None:
    ran = run("explain", str(hall), "--rulebook", BOOK, "--format", "json")
    (report,) = json.loads(ran.out)["reports"]
    findings = [finding for rule in report["rules"] for finding in rule["findings"]]
    assert len(findings) == 8
    assert all("derivations" in each for each in findings)


@pytest.mark.parametrize(
    ("rule", "help_"),
    [("sise", "did you mean `rules/size`?"), ("zzz", "the rules are rules/majority,")],
)
def test_explain_a_rule_that_is_not_there(run: Run, hall: Path, rule: str, help_: str) -> None:
    ran = run("explain", str(hall), rule, "--rulebook", BOOK)
    assert (ran.status, ran.out) == (2, "")
    assert f"there is no rule `{rule}`" in ran.err
    assert help_ in ran.err


# ---------------------------------------------------------------- new, test, show


def test_new_register_can_be_checked_and_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    file = tmp_path / "ours.xlsx"
    assert run("new", "register", str(file), "--rulebook", BOOK).status == 0
    before = file.read_bytes()
    ran = run("new", "register", str(file), "--rulebook", BOOK)
    assert ran.status == 2
    assert "BR480" in ran.err
    assert file.read_bytes() == before
    assert run.check(str(file)).status in (1, 3)


def test_the_shipped_rules_have_no_faults(run: Run) -> None:
    ran = run("test")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith("no faults\n")


def test_an_example_that_contradicts_its_rule_is_a_fault(run: Run, tmp_path: Path) -> None:
    import shutil

    book = Path(shutil.copytree(BOOK, tmp_path / "book"))
    rule = book / "rules" / "size.yaml"
    rule.write_text(rule.read_text().replace("at least: 5", "at least: 6"), encoding="utf-8")
    ran = run("test", str(book))
    assert ran.status == 1
    assert (
        "error[BR320 example-contradicted]: this example says `met` and its rule says `breached`" in ran.said
    )
    assert "help: write `then: breached` if that is right" in ran.said
    assert "rules/size.yaml:9:" in ran.err
    ran = run("test", str(book), "--format", "json")
    assert ran.status == 1
    assert "BR320" in [each["code"] for each in json.loads(ran.out)["diagnostics"]]


def test_a_definition_that_contradicts_its_example_is_a_fault(run: Run, tmp_path: Path) -> None:
    import shutil

    book = Path(shutil.copytree(BOOK, tmp_path / "book"))
    file = book / "definitions" / "related.yaml"
    file.write_text(
        file.read_text() + "examples:\n  - given: [<ann> is a parent of <bob>]\n"
        "    then: [<ann> and <bob> are related, not: <bob> and <ann> are related]\n",
        encoding="utf-8",
    )
    ran = run("test", str(book))
    assert ran.status == 1
    assert "says that `<bob> and <ann> are related` does not hold, and by the definition it holds" in ran.said


def test_a_reading_has_to_make_the_difference_it_claims(run: Run, tmp_path: Path) -> None:
    import shutil

    book = Path(shutil.copytree(BOOK, tmp_path / "book"))
    file = book / "rules" / "majority.yaml"
    text = file.read_text().replace(
        "    to: {more than: 40%}\n",
        "    to: {more than: 40%}\n    differs when: [<1 to 4> is on the committee, <1 to 3> lives in the village]\n",
    )
    file.write_text(text, encoding="utf-8")
    ran = run("test", str(book))
    assert ran.status == 1
    assert "BR322" in ran.err


@pytest.mark.parametrize("what", ["nosuch", ""])
def test_rules_that_cannot_be_used(run: Run, tmp_path: Path, what: str) -> None:
    assert run("test", str(tmp_path / what)).status == 2


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (
            "vocabulary",
            "  says <person> lives in the village\n    otherwise <person> does not live in the village\n",
        ),
        (
            "core",
            "rule rules/size [must] for the case\n  require\n    measure at least 5\n      number[<person>]\n",
        ),
        ("program", "rules/size() given <always>"),
        ("schema", '"$schema": "https://json-schema.org/draft/2020-12/schema"'),
    ],
)
def test_show(run: Run, what: str, said: str) -> None:
    ran = run("show", what, BOOK)
    assert ran.status == 0
    assert said in ran.out


def test_show_the_schema_of_reports(run: Run) -> None:
    assert json.loads(run("show", "schema", "--of", "report").out)["properties"]["format"] == {"const": 1}


# ---------------------------------------------------------------- what may happen


def test_nothing_heavy_is_loaded_at_the_start() -> None:
    heavy = (
        "yaml",
        "cattrs",
        "openpyxl",
        "python_calamine",
        "rich",
        "durable",
        "bigrules.language",
        "bigrules.cli",
    )
    ran = python("-c", f"import sys, bigrules; print([each for each in {heavy!r} if each in sys.modules])")
    assert ran.stdout == "[]\n"


def test_it_runs_as_a_module() -> None:
    ran = python("-m", "bigrules", "--version")
    assert (ran.returncode, ran.stdout) == (0, f"bigrules {bigrules.__version__}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_goes_away_is_no_fault() -> None:
    code = "import sys; from bigrules.cli import main; sys.exit(main(['show', 'schema']))"
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ
    ) as it:
        assert it.stdout is not None
        assert it.stderr is not None
        it.stdout.close()
        assert it.stderr.read() == b""
    assert it.returncode == 141


def test_ctrl_c_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(cli.COMMANDS, "show", stopped)
    ran = run("show", "core")
    assert (ran.status, ran.err) == (130, "stopped\n")


@pytest.mark.parametrize(
    "error", [RecursionError(), MemoryError(), OSError(13, "Permission denied", "x"), ValueError("x")]
)
def test_no_error_is_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(_: object) -> int:
        raise error

    monkeypatch.setitem(cli.COMMANDS, "show", fails)
    ran = run("show", "core")
    assert ran.status == 2
    assert ran.err.startswith("error[BR5")


def test_an_input_error_is_printed_whole(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> int:
        raise InputError(
            bigrules.Diagnostic("BR900", "x", each, bigrules.DataPath("d")) for each in ("one", "two")
        )

    monkeypatch.setitem(cli.COMMANDS, "show", fails)
    assert run("show", "core").err.splitlines()[-1] == "2 errors"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes streams otherwise there")
@pytest.mark.parametrize("form", ["text", "json"])
def test_closed_streams_leave_the_exit_status(form: str, good: Path) -> None:
    """A caller who wants the exit status alone may have closed both."""
    words = ("check", "--rulebook", BOOK, "--no-confirm", "--format", form, str(good))
    script = "import os, sys; os.close(1); os.close(2); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    assert python("-c", script, "-m", "bigrules", *words).returncode == 0
    assert python("-c", script, "-m", "bigrules", "check", "no-such.yaml").returncode == 2
