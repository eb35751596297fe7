"""Reports go from one process to another, and every process finds the same, however it was started."""

from __future__ import annotations

import datetime
import io
import json
import locale
import multiprocessing
import os
import pickle
import subprocess
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import bigrules
from bigrules.facts.case import BY_NOW, UNKNOWN
from journeys import BOOK, HALL, asked_why, checked, disagrees, misread, told

ROOT = Path(__file__).parents[2]
RIVERSIDE = ROOT / "examples" / "riverside.yaml"
LONG = os.environ.get("BIGRULES_PROFILE") == "long"


@pytest.fixture(scope="module")
def hall() -> tuple[bigrules.Rulebook, bigrules.Case]:
    rulebook = bigrules.load_rulebook(BOOK)
    return rulebook, rulebook.read(HALL)


# ---------------------------------------------------------------- from one process to another


@pytest.mark.parametrize("start", multiprocessing.get_all_start_methods())
def test_everything_goes_to_another_process_and_back(
    start: str, hall: tuple[bigrules.Rulebook, bigrules.Case]
) -> None:
    rulebook, case = hall
    mine, here = checked(rulebook, case)
    with warnings.catch_warnings():
        # Newer versions of Python warn of forking beside threads.
        warnings.simplefilter("ignore", DeprecationWarning)
        with ProcessPoolExecutor(1, multiprocessing.get_context(start)) as pool:
            # A rulebook and a case go there, a report comes back.
            report, there = pool.submit(checked, rulebook, case).result()
            assert there == here
            assert report == mine
            assert told(report) == here
            # A finding takes its reasons along.
            assert mine.breached
            assert pool.submit(asked_why, mine.breached[0]).result() == str(mine.breached[0].why())
            with pytest.raises(bigrules.InputError) as caught:
                pool.submit(misread, rulebook).result()
            assert [each.name for each in caught.value.diagnostics] == ["unknown-name"]
            with pytest.raises(
                bigrules.EnginesDisagree, match="rules/size for person Ann: compiled says met"
            ):
                pool.submit(disagrees).result()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_of_pickle_will_do(
    protocol: int, hall: tuple[bigrules.Rulebook, bigrules.Case]
) -> None:
    rulebook, case = hall
    report = rulebook.check(case, readings="each")
    for each in (case, report, report.findings, report.rests_on, report.findings[0].why()):
        assert pickle.loads(pickle.dumps(each, protocol)) == each
    # Reasons that speak of the outcome of a rule are made from these.
    assert pickle.loads(pickle.dumps(report, protocol)).basis.outcomes == report.basis.outcomes
    assert set(report.basis.outcomes) == set(rulebook.rules)
    again: bigrules.Rulebook = pickle.loads(pickle.dumps(rulebook, protocol))
    assert again.check(case, readings="each") == report
    assert told(again.check(pickle.loads(pickle.dumps(case, protocol)))) == told(rulebook.check(case))


def test_what_is_not_known_is_still_that_when_it_comes_back(
    hall: tuple[bigrules.Rulebook, bigrules.Case],
) -> None:
    """The values that stand for it are compared by identity."""
    again = pickle.loads(pickle.dumps(hall[1]))
    before = [value for fact in hall[1].facts for value in fact.values]
    after = [value for fact in again.facts for value in fact.values]
    assert any(value is UNKNOWN for value in before)
    for mine, theirs in zip(before, after, strict=True):
        assert (mine is UNKNOWN) == (theirs is UNKNOWN)
        assert (mine is BY_NOW) == (theirs is BY_NOW)


# ---------------------------------------------------------------- however it was started

# What a process may be started with: environment, options of Python, and whether its output has only ASCII.
STARTS: dict[str, tuple[dict[str, str], list[str]]] = {
    "seed 1, C, far east": ({"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "<+14>-14"}, []),
    "seed 4242, Turkish, far west, -O": (
        {"PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "<-11>11"},
        ["-O"],
    ),
    "seed 77, German, -X dev": (
        {"PYTHONHASHSEED": "77", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "TZ": "Pacific/Kiritimati"},
        ["-X", "dev"],
    ),
}
MORE: dict[str, tuple[dict[str, str], list[str]]] = {
    **{f"seed {seed}": ({"PYTHONHASHSEED": str(seed)}, []) for seed in (0, *range(2, 12))},
    **{
        f"locale {each}": ({"LC_ALL": each, "LANG": each}, [])
        for each in ("C", "C.UTF-8", "POSIX", "tr_TR.UTF-8")
    },
    **{f"zone {each}": ({"TZ": each}, []) for each in ("Pacific/Kiritimati", "America/Los_Angeles", "UTC")},
    **{f"option {each}": ({}, [each]) for each in ("-O", "-OO", "-E", "-s")},
    "a bytes warning is an error": ({}, ["-bb"]),
    "a warning is an error": ({}, ["-W", "error"]),
    "UTF-8 mode off": ({"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, []),
    "an encoding that is not said is an error": (
        {"PYTHONWARNDEFAULTENCODING": "1"},
        ["-W", "error::EncodingWarning"],
    ),
}
# Streams that cannot take every sign.
POOR: dict[str, dict[str, str]] = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C without UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "a code page": {"PYTHONIOENCODING": "cp437"},
}

REGISTER = """
name: Straße Ødegård (made up)
people:
  - {person: Zoë Example}
  - {person: İnci Sample}
  - {person: 京 Placeholder}
memberships:
  - {person: Zoë Example, voting: yes}
  - {person: İnci Sample, voting: "?"}
  - {person: 京 Placeholder, voting: yes}
homes:
  - {person: Zoë Example, in the area: yes}
  - {person: İnci Sample, in the area: "?"}
offices:
  - {person: Zoë Example, office: chair}
  - {person: 京 Placeholder, office: treasurer}
relations:
  - {person: Zoë Example, other: 京 Placeholder, kind: siblings}
  - {person: İnci Sample, other: 京 Placeholder, kind: step-parent}
households: []
work: []
decisions: []
taking part: []
candidates: []
interests: []
"""


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with names of many alphabets, and unknowns of every sort."""
    file = tmp_path_factory.mktemp("register") / "street.yaml"
    file.write_text(REGISTER, encoding="utf-8")
    return file


def run(
    start: tuple[dict[str, str], list[str]], *words: str, day: str = "2018-06-01"
) -> subprocess.CompletedProcess[bytes]:
    """What `bigrules check` does in a process that is started so."""
    environment, options = start
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTHONIO"))}
    command = [sys.executable, *options, "-m", "bigrules", "check", *words]
    command += ["--as-of", day] if day else []
    # -E leaves out where the package is found.
    if "-E" in options:
        command[1 + len(options) : 3 + len(options)] = ["-c", IMPORTED]
    return subprocess.run(command, capture_output=True, env={**plain, "COLUMNS": "80", **environment})


IMPORTED = f"import sys; sys.path[:0] = {[str(Path(bigrules.__file__).parents[1])]!r}; import runpy; " + (
    "runpy.run_module('bigrules', run_name='__main__')"
)


@pytest.fixture(scope="module")
def usual(register: Path) -> bytes:
    """The report as JSON, found here."""
    done = run(({}, []), str(register), "--format", "json", "--names", "full")
    assert (done.returncode, done.stderr) == (1, b"")
    data = json.loads(done.stdout)
    outcomes = {finding["outcome"] for rule in data["reports"][0]["rules"] for finding in rule["findings"]}
    # Otherwise there is little to be seen.
    assert {"met", "breached", "undecided", "judgement"} <= outcomes
    return done.stdout


@pytest.mark.parametrize("name", [*STARTS, *(MORE if LONG else [])])
def test_the_report_is_the_same_byte_for_byte(name: str, register: Path, usual: bytes) -> None:
    start = {**MORE, **STARTS}[name]
    done = run(start, str(register), "--format", "json", "--names", "full")
    assert done.stderr == b""
    assert (done.returncode, done.stdout) == (1, usual)


@pytest.mark.parametrize("name", POOR if LONG else ["ascii", "C without UTF-8"])
def test_a_stream_that_cannot_take_every_sign_gets_what_it_can(
    name: str, register: Path, usual: bytes
) -> None:
    done = run((POOR[name], []), str(register), "--format", "json", "--names", "full")
    assert (done.returncode, done.stderr) == (1, b"")
    assert json.loads(done.stdout.decode(POOR[name].get("PYTHONIOENCODING", "ascii"))) == json.loads(usual)
    told_to_people = run((POOR[name], []), str(register), "--all", "--names", "full", "--readings", "adopted")
    assert (told_to_people.returncode, told_to_people.stderr) == (1, b"")
    assert b"Example" in told_to_people.stdout and b"Breached" in told_to_people.stdout


def test_a_day_that_is_not_given_is_today_where_the_clock_stands(register: Path) -> None:
    """In the far east it is always a later day than in the far west, and each is right about its own."""
    days = {}
    for hours in (14, -11):
        zone = datetime.timezone(datetime.timedelta(hours=hours))
        first = datetime.datetime.now(zone).date()
        name = f"<{hours:+03}>{-hours}"
        done = run(({"TZ": name}, []), str(register), "--format", "json", "--readings", "adopted", day="")
        last = datetime.datetime.now(zone).date()
        (report,) = json.loads(done.stdout)["reports"]
        days[hours] = datetime.date.fromisoformat(report["rests on"]["as of"])
        assert first <= days[hours] <= last
        assert report["rests on"]["day given"] is False
    assert days[14] > days[-11]


def test_a_report_of_a_process_with_another_seed_is_the_same_here(tmp_path: Path) -> None:
    """What is hashed there is hashed anew here."""
    book_path, register = ("", RIVERSIDE) if LONG else (str(BOOK), HALL)
    file = tmp_path / "report.pickle"
    code = (
        "import bigrules, pickle, sys; book = bigrules.load_rulebook(sys.argv[3] or None); "
        "report = book.check(book.read(sys.argv[1]), readings='each', confirm=True); "
        "report.breached[0].why(); pickle.dump((book, report), open(sys.argv[2], 'wb'))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(register), str(file), book_path],
        check=True, env={**os.environ, "PYTHONHASHSEED": "31337"},
    )  # fmt: skip
    book, report = pickle.load(io.BytesIO(file.read_bytes()))
    here = bigrules.load_rulebook(book_path or None)
    mine = here.check(here.read(register), readings="each", confirm=True)
    assert report == mine
    assert told(report) == told(mine)
    assert book.check(report.basis.case, readings="each", confirm=True) == mine


def test_a_locale_that_the_program_chose_changes_nothing(
    hall: tuple[bigrules.Rulebook, bigrules.Case],
) -> None:
    before = locale.setlocale(locale.LC_ALL)
    expected = told(hall[0].check(hall[1]))
    tried: list[Any] = []
    try:
        for name in ("tr_TR.UTF-8", "de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            tried.append(name)
            assert told(bigrules.load_rulebook(BOOK).check(hall[1])) == expected
    finally:
        locale.setlocale(locale.LC_ALL, before)
    assert tried
