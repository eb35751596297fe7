"""Tries mutants in one process: each in a fork of its own, on the tests that run the function it changes.

`-m engines.compiled` tries those of one module only, `-o bigrules.engines.compiled:machine:3` only that one; see
README.md for the rest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import resource
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent), str(ROOT / "src")]
PLAN = tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))
KEPT = ROOT / "build" / "mutants"
# So many seconds more than it should may a check run.
SECONDS_MORE = 5
BYTES = 3 << 30


@attrs.frozen(eq=False)
class Check:
    """Something that fails where a mutant is noticed.

    Args:
        name: What it is called: the test, and for a replayed test the number of the pair.
        run: Runs it; false where it fails.
    """

    name: str
    run: Callable[[], bool]


class Pairs:
    """The pairs of a rulebook and a case that the differential tests draw, with what the oracle finds.

    They are drawn, and the oracle is asked, once: what is under test has no part in either.
    """

    def __init__(self) -> None:
        self.found: list[tuple[Any, ...]] = []
        self.item = ""

    def record(self, items: list[Any]) -> None:
        """Run the tests, and keep what they compare."""
        from properties import agree

        plain = agree.oracle_findings

        def asked(rulebook: Any, case: Any, limit: int, rules: Any = None) -> Any:
            expected, followed = plain(rulebook, case, limit, rules)
            if rules is None and followed:
                self.found.append((self.item, agree.judge, rulebook, case, expected, followed))
            return expected, followed

        agree.oracle_findings = asked
        for item in items:
            self.item = item.nodeid
            run_item(item)

    @staticmethod
    def check(judge: Any, rulebook: Any, case: Any, expected: Any, followed: Any) -> bool:
        """Whether the engine finds what the oracle found."""
        from properties import agree

        agree.judge = judge
        return not agree._in_full(rulebook, case, "compiled", expected, followed, "replayed")


def run_item(item: Any) -> bool:
    """Run a test as pytest does; whether it passes."""
    from _pytest.runner import runtestprotocol

    return not any(each.failed for each in runtestprotocol(item, log=False, nextitem=None))


def guarded(run: Callable[[], bool]) -> bool:
    """Run a check; whether it passes."""
    try:
        return run()
    except BaseException:  # noqa: BLE001 - whatever is raised is a failure, to stop included
        return False


def forked(work: Callable[[], object], cpu: float) -> tuple[Any, str]:
    """What some work gives, done in a process of its own; and how that ended otherwise."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(quiet, stream)
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu) + 1, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        status = 1
        try:
            with os.fdopen(writing, "wb") as out:
                pickle.dump(work(), out)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as given:
        data = given.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return None, "timeout"
    return (pickle.loads(data), "") if status == 0 and data else (None, "crash")


class Runner:
    """A plugin of pytest: once the tests are collected, it tries mutants with them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.kills: dict[str, Counter[str]] = defaultdict(Counter)
        self.checks: list[Check] = []
        self.rows: list[tuple[str, int, int, int]] = []
        # For each check the functions that it runs, and the seconds that it takes.
        self.reach: dict[str, tuple[frozenset[str], float]] = {}

    def pytest_collection(self) -> None:
        """Before tests are made: smaller examples are for people, and a mutant is killed by any."""
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutants", settings.get_profile("fast"), phases=(Phase.explicit, Phase.generate),
            report_multiple_bugs=False, database=None,
        )  # fmt: skip
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: Any) -> bool:
        """In place of running the tests."""
        KEPT.mkdir(parents=True, exist_ok=True)
        if not self.options.keep:
            forget_what_is_old()
        # The second engine is not what is tried here.
        items = [each for each in session.items if "[durable" not in each.name]
        replayed = [each for each in items if self._is(each, "replayed")]
        plain = [each for each in items if not self._is(each, "replayed")]
        self.checks = [Check(each.nodeid, lambda each=each: run_item(each)) for each in plain]
        self.checks += [
            Check(f"{item} pair {number}", lambda pair=pair: Pairs.check(*pair))
            for number, (item, *pair) in enumerate(self._pairs(replayed))
        ]
        self._reached()
        self._all()
        return True

    @staticmethod
    def _is(item: Any, what: str) -> bool:
        return any(item.nodeid.startswith(each) for each in PLAN["tests"][what])

    def _pairs(self, items: list[Any]) -> list[Any]:
        file = KEPT / "pairs.pickle"
        if not file.exists():

            def work() -> Any:
                pairs = Pairs()
                pairs.record(items)
                return pairs.found

            found, fault = forked(work, 3_000)
            assert not fault, fault
            file.write_bytes(pickle.dumps(found))
        return pickle.loads(file.read_bytes())

    def _reached(self) -> None:
        """Which functions each check runs; known before for what was tried before."""
        file = KEPT / "reach.pickle"
        if file.exists():
            self.reach = pickle.loads(file.read_bytes())
        for check in self.checks:
            if check.name not in self.reach:
                found, fault = forked(lambda check=check: traced(check), 600)
                if fault or not found[2]:
                    print(f"left out, as it fails without a mutant ({fault}): {check.name}", flush=True)
                    found = (frozenset(), 0.0, False)
                self.reach[check.name] = found[:2]
                if found[1] > 2:
                    print(f"slow, {found[1]:.1f} s: {check.name}", flush=True)
                file.write_bytes(pickle.dumps(self.reach))
        took = sum(self.reach[each.name][1] for each in self.checks)
        print(f"{len(self.checks)} checks, {took:.0f} s in all", flush=True)

    def _all(self) -> None:
        import mutants as made

        only = set(self.options.only)
        modules = (
            self.options.module or sorted({each.split(":")[0] for each in only}) or list(PLAN["modules"])
        )
        for short in modules:
            module = short if short.startswith("bigrules.") else f"bigrules.{short}"
            size = self.options.size or PLAN["modules"].get(module.removeprefix("bigrules."), 0)
            drawn, total = made.sample(module, size, self.options.seed, only)
            counts: Counter[str] = Counter()
            for each in drawn:
                if f"{each.module}:{each.function}" in PLAN["at_import"]:
                    continue
                outcome, by, seconds = self._one(each)
                counts[outcome] += 1
                line = {
                    "mutant": each.name, "outcome": outcome, "by": by, "seconds": round(seconds, 2),
                    "change": each.change, "of": total,
                }  # fmt: skip
                with (KEPT / "results.jsonl").open("a", encoding="utf-8") as out:
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
                if outcome in ("survived", "not reached") or self.options.verbose:
                    print(f"{outcome} {each.name} ({by})\n{each.change}", flush=True)
            killed = sum(counts[each] for each in ("killed", "timeout", "crash"))
            tried = sum(counts.values()) - counts["same"]
            print(f"{module}: {killed} of {tried} killed, drawn from {total}; {dict(counts)}", flush=True)
            self.rows.append((module.removeprefix("bigrules."), total, tried, killed))
        (KEPT / "table.md").write_text("\n".join(table(self.rows)) + "\n", encoding="utf-8")

    def _one(self, mutant: Any) -> tuple[str, str, float]:
        """What becomes of a mutant: how it ended, the check that noticed, and the seconds it took."""
        import mutants as made

        where = f"{mutant.module}:{mutant.function}"
        kills = self.kills[mutant.module]
        wanted = tuple(self.options.test) or ("",)
        mine = [
            each for each in self.checks if where in self.reach[each.name][0] and each.name.startswith(wanted)
        ]
        # First what has killed much in little time, and what is about little else.
        reach = self.reach
        mine.sort(
            key=lambda each: (
                -(kills[each.name] + 0.2) / (reach[each.name][1] + 0.02) / (len(reach[each.name][0]) + 5)
            )
        )
        if not mine:
            return "not reached", "", 0.0
        # Half of the time for pairs, which are many and much alike, and half for the rest.
        queues = [[each for each in mine if (" pair " in each.name) is is_pair] for is_pair in (False, True)]
        if self.options.no_pairs:
            queues[1] = []
        spent = [0.0, 0.0]
        chosen: list[Check] = []
        while any(queues):
            queue = min((0, 1), key=lambda each: (not queues[each], spent[each]))
            check = queues[queue].pop(0)
            spent[queue] += reach[check.name][1]
            if chosen and sum(spent) > self.options.seconds:
                break
            chosen.append(check)

        def work() -> tuple[str, str]:
            if not made.put_in(mutant):
                return "same", ""
            for each in chosen:
                # Where a check runs so much longer than it should, the mutant goes round for ever.
                end = time.process_time() + 3 * self.reach[each.name][1] + SECONDS_MORE
                resource.setrlimit(resource.RLIMIT_CPU, (int(end) + 1, resource.RLIM_INFINITY))
                if not guarded(each.run):
                    return "killed", each.name
            return "survived", f"{len(chosen)} of {len(mine)} checks"

        start = time.monotonic()
        found, fault = forked(work, SECONDS_MORE)
        outcome, by = found if found is not None else (fault, "")
        if outcome == "killed":
            kills[by] += 1
        return outcome, by, time.monotonic() - start


def traced(check: Check) -> tuple[frozenset[str], float, bool]:
    """The functions of the package that a check runs, how long it takes, and whether it passes."""
    codes: set[Any] = set()

    def profile(frame: Any, event: str, _: object) -> None:
        if event == "call":
            codes.add(frame.f_code)

    start = time.process_time()
    sys.setprofile(profile)
    passes = guarded(check.run)
    sys.setprofile(None)
    took = time.process_time() - start
    names = set()
    for code in codes:
        module = module_of(code.co_filename)
        if module:
            names.add(f"{module}:{code.co_qualname.split('.<locals>')[0]}")
    return frozenset(names), took, passes


def table(rows: Sequence[tuple[str, int, int, int]]) -> list[str]:
    """What was killed, as a table: of each module, and together."""
    lines = ["| module | mutants | drawn | killed | |", "|---|---|---|---|---|"]
    whole = [sum(numbers) for numbers in zip(*(each[1:] for each in rows), strict=True)]
    for name, total, tried, killed in [*rows, ("together", *whole)]:
        share = f"{100 * killed / tried:.0f}%" if tried else ""
        lines.append(f"| `{name}` | {total} | {tried} | {killed} | {share} |")
    return lines


def forget_what_is_old() -> None:
    """What the tests run, and what they compare, is found out anew where a file has changed since."""
    digest = hashlib.sha256()
    for folder in ("src", "tests", "rules"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    of, said = KEPT / "of", digest.hexdigest()
    if not of.exists() or of.read_text(encoding="utf-8") != said:
        for name in ("pairs.pickle", "reach.pickle"):
            (KEPT / name).unlink(missing_ok=True)
        of.write_text(said, encoding="utf-8")


def module_of(file: str) -> str:
    """The name of a module of the package, from its file."""
    base = str(ROOT / "src") + os.sep
    return file.removeprefix(base).removesuffix(".py").replace(os.sep, ".") if file.startswith(base) else ""


def main() -> int:
    """Collect the tests of the plan, then try mutants."""
    import pytest

    parser = argparse.ArgumentParser()
    parser.add_argument("-m", "--module", action="append", default=[])
    parser.add_argument("-o", "--only", action="append", default=[], help="name of a mutant")
    parser.add_argument("-n", "--size", type=int, default=0, help="how many mutants of each module")
    parser.add_argument(
        "-s", "--seconds", type=float, default=PLAN["seconds"], help="of tests for each mutant"
    )
    parser.add_argument(
        "-k", "--keep", action="store_true", help="take the tests to run what they ran the last time"
    )
    parser.add_argument(
        "-t", "--test", action="append", default=[], help="tests to try alone, by how they begin"
    )
    parser.add_argument(
        "-p", "--no-pairs", action="store_true", help="leave out what the differential tests compare"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="show those that were killed too")
    parser.add_argument("--seed", type=int, default=PLAN["seed"], help="of another sample")
    options = parser.parse_args()
    os.chdir(ROOT)
    tests = [*PLAN["tests"]["plain"], *PLAN["tests"]["replayed"]]
    chosen = ["-q", "-s", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    return int(pytest.main(chosen, plugins=[Runner(options)]))


if __name__ == "__main__":
    sys.exit(main())
