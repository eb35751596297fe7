"""One rulebook used by eight threads at once: each finds what it would find alone."""

from __future__ import annotations

import importlib.util
import os
import pickle
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.adapters import core_rulebook

import bigrules
from bigrules.render.as_json import dumps, report_data
from many_cases import ManyCases

ROOT = Path(__file__).parents[2]
RENDER = Path(__file__).parents[1] / "render"
BOOK, HALL, RIVERSIDE = RENDER / "book", RENDER / "hall.yaml", ROOT / "examples" / "riverside.yaml"
THREADS = 8
LONG = os.environ.get("BIGRULES_PROFILE") == "long"
HAS_DURABLE = importlib.util.find_spec("durable_rules_engine") is not None


@pytest.fixture(autouse=True)
def _often() -> Iterator[None]:
    """Threads take turns a hundred times as often as they would."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 100)
    yield
    sys.setswitchinterval(before)


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """What each task gives, all begun at the same moment in threads of their own."""
    barrier = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        barrier.wait(30)
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [each.result() for each in [pool.submit(run, task) for task in tasks]]


def told(report: bigrules.Report, findings: Sequence[bigrules.Finding] | None = None) -> str:
    """All that a report says, reasons too."""
    reasons = [report.explain(each, "initials") for each in findings or report.findings]
    return dumps(report_data(report, "full")) + "\n".join(map(str, reasons))


def anew(rulebook: bigrules.Rulebook) -> bigrules.Rulebook:
    """The same rulebook, of which nothing has been made ready yet: while one is in use, loading it gives that one."""
    made: bigrules.Rulebook = pickle.loads(pickle.dumps(rulebook))
    return made


def plainly(rulebook: bigrules.Rulebook, case: bigrules.Case) -> str:
    return told(rulebook.check(case))


def confirmed(rulebook: bigrules.Rulebook, case: bigrules.Case) -> str:
    report = rulebook.check(case, confirm=True)
    assert report.rests_on.engines == (("compiled", "durable") if HAS_DURABLE else ("compiled",))
    return told(report)


def with_readings(rulebook: bigrules.Rulebook, case: bigrules.Case) -> str:
    return told(rulebook.check(case, readings="each"), ())


def with_a_reading(rulebook: bigrules.Rulebook, case: bigrules.Case) -> str:
    reading = {"criteria/resident-majority": "more than half"}
    return told(rulebook.check(case, reading=reading, confirm=True))


def after_a_journey(rulebook: bigrules.Rulebook, case: bigrules.Case) -> str:
    """What a report says that was pickled and has to make its reasons anew."""
    return told(pickle.loads(pickle.dumps(rulebook.check(pickle.loads(pickle.dumps(case))))))


WAYS = (plainly, confirmed, with_readings, with_a_reading, after_a_journey)


def test_many_cases_in_every_way_at_once() -> None:
    # Whatever is shared between threads is shared by few rules as by many.
    alone = bigrules.load_rulebook() if LONG else core_rulebook()
    made = ManyCases(alone.model, seed=8)
    cases = [made.case() for _ in range(12 if LONG else 2)]
    cases += [alone.read(RIVERSIDE)] if LONG else []
    tasks = [(way, at) for way in WAYS for at in range(len(cases))]
    expected = {task: task[0](alone, cases[task[1]]) for task in tasks}
    assert len(set(expected.values())) > 2 * len(cases)

    shared = anew(alone)
    shuffled = [random.Random(seed).sample(tasks, len(tasks)) for seed in range(THREADS)]

    def work(mine: list[tuple[Callable[..., str], int]]) -> list[tuple[str, int]]:
        """The tasks that come out as something else than they do alone."""
        return [
            (way.__name__, at)
            for way, at in mine[: len(mine) // 3]
            if way(shared, cases[at]) != expected[way, at]
        ]

    assert at_once(*(lambda mine=mine: work(mine) for mine in shuffled)) == [[]] * THREADS


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_first_use_may_be_by_all_of_them(way: Callable[..., str]) -> None:
    """Programs, functions and plans are made when they are first asked for."""
    if way is with_a_reading and not LONG:
        pytest.skip("the long profile tries it, as it does all of them with more to be found")
    book, register = (None, RIVERSIDE) if LONG else (BOOK, HALL)
    alone = bigrules.load_rulebook(book)
    case = alone.read(register)
    expected = way(alone, case)
    shared = anew(alone)
    assert at_once(*[lambda: way(shared, case)] * THREADS) == [expected] * THREADS


def test_the_reasons_of_one_report_may_be_asked_for_at_once() -> None:
    rulebook = bigrules.load_rulebook(None if LONG else BOOK)
    case = rulebook.read(RIVERSIDE if LONG else HALL)
    expected = told(rulebook.check(case))
    shared = rulebook.check(case)
    assert at_once(*[lambda: told(shared)] * THREADS) == [expected] * THREADS
    travelled = pickle.loads(pickle.dumps(shared))
    assert at_once(*[lambda: told(travelled)] * THREADS) == [expected] * THREADS
    modes: list[Any] = ["full", "initials", "none"]
    asked = [(mode, each) for mode in modes for each in shared.findings]
    texts = [str(shared.explain(each, mode)) for mode, each in asked]
    again = pickle.loads(pickle.dumps(shared))
    found = at_once(
        *[lambda: [str(again.explain(each, mode)) for mode, each in asked]] * (THREADS // 2),
        *[lambda: [str(again.explain(each, mode)) for mode, each in asked[::-1]][::-1]] * (THREADS // 2),
    )
    assert found == [texts] * THREADS


def test_registers_may_be_read_at_once() -> None:
    alone = bigrules.load_rulebook()
    expected = alone.read(RIVERSIDE)
    shared = bigrules.load_rulebook()
    assert at_once(*[lambda: shared.read(RIVERSIDE)] * THREADS) == [expected] * THREADS
    fresh = bigrules.load_rulebook()
    kinds = at_once(*[lambda: fresh.facts] * THREADS)
    assert len({id(each) for each in kinds}) == 1
    home = kinds[0].Home(person="Ann Example", in_the_area="yes")
    assert fresh.read({"people": [{"person": "Ann Example"}], "homes": [home]}, as_of="2018-06-01").facts


def test_two_rulebooks_may_be_used_at_once() -> None:
    hall, area = bigrules.load_rulebook(BOOK), bigrules.load_rulebook()
    cases = {hall: hall.read(HALL), area: ManyCases(area.model, seed=5).case()}
    expected = {each: confirmed(each, cases[each]) for each in cases}
    books = [hall, area] * (THREADS // 2)

    def work(book: bigrules.Rulebook) -> bool:
        return all(confirmed(book, cases[book]) == expected[book] for _ in range(3 if LONG else 1))

    assert at_once(*(lambda book=book: work(book) for book in books)) == [True] * THREADS


FROM_NOTHING = """
import sys, threading
sys.setswitchinterval(1e-5)
barrier, found, wrong = threading.Barrier(8), [], []
def work():
    barrier.wait()
    try:
        import bigrules
        book = bigrules.load_rulebook(sys.argv[2] or None)
        report = book.check(book.read(sys.argv[1]), confirm=True)
        found.append((report.outcome, tuple(str(each.why()) for each in report.breached)))
    except BaseException as error:
        wrong.append(repr(error))
threads = [threading.Thread(target=work) for _ in range(8)]
for each in threads: each.start()
for each in threads: each.join()
print(len(found), len(set(found)), found[:1] and str(found[0][0]), len(found[0][1]) if found else 0, wrong)
"""


def test_even_importing_it_may_be_left_to_eight_threads() -> None:
    of, book = (RIVERSIDE, "") if LONG else (HALL, str(BOOK))
    rulebook = bigrules.load_rulebook(book or None)
    report = rulebook.check(rulebook.read(of))
    command = [sys.executable, "-c", FROM_NOTHING, str(of), book]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == (f"8 1 {report.outcome} {len(report.breached)} []", "")
