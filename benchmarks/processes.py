"""What whole processes take: importing, loading, the command, and memory over many checks."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import adapters
from benchmarks.checking import Setting, loading
from benchmarks.table import Line, bar, told

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    "PYTHONDONTWRITEBYTECODE": "",
}

# What nobody who only imports bigrules should wait for.
HEAVY = ("attr", "attrs", "cattrs", "yaml", "openpyxl", "rich", "durable", "numpy", "logging", "asyncio")

IMPORTING = """
import sys, time
before = set(sys.modules)
start = time.process_time()
import {module}
taken = time.process_time() - start
print(taken, *sorted({{each.split(".")[0] for each in set(sys.modules) - before}}))
"""

LOADING = """
import time
start = time.process_time()
from benchmarks import adapters
imported = time.process_time()
adapters.load_and_compile()
print(imported - start, time.process_time() - imported)
"""

FIRST = """
import time
start = time.process_time()
import bigrules
bigrules.load_rulebook()._prepared(())
print(time.process_time() - start)
"""


def python(code: str, *arguments: str) -> list[str]:
    """What a new Python process prints, in words."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(
        command, env=ENVIRONMENT, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()


def importing(setting: Setting) -> Iterator[Line]:
    """`import bigrules` against `import attrs`, each in new processes, in turn."""
    times: dict[str, list[float]] = {"attrs": [], "bigrules": []}
    loaded: set[str] = set()
    for _ in range(setting.rounds + 1):
        for module, taken in times.items():
            said = python(IMPORTING.format(module=module))
            taken.append(float(said[0]) * 1e3)
            if module == "bigrules":
                loaded |= set(said[1:])
    ours, theirs = (sorted(times[module][1:]) for module in ("bigrules", "attrs"))
    heavy = sorted(loaded & set(HEAVY))
    says = (
        f"least {ours[0]:.2f} ms against {theirs[0]:.2f} ms; medians {statistics.median(ours):.2f} and "
        f"{statistics.median(theirs):.2f} ms; {'heavy: ' + ', '.join(heavy) if heavy else 'nothing heavy loaded'}"
    )
    yield bar("`import bigrules` against `import attrs`", ours[0] / theirs[0], 1.3, "×", says)


def load(setting: Setting) -> Iterator[Line]:
    """Loading and compiling the shipped rulebook, in new processes."""
    taken, imports, first = [], [], []
    for _ in range(max(3, setting.rounds // 2)):
        imported, made = map(float, python(LOADING))
        imports.append(imported * 1e3)
        taken.append(made * 1e3)
        first.append(float(python(FIRST)[0]) * 1e3)
    says = f"median {statistics.median(taken):.1f} ms"
    yield bar("load and compile the shipped rulebook, first time in a process", min(taken), 80, "ms", says, 1)
    yield told(
        "the same with importing what it needs", f"{min(first):,.1f} ms", f"imports {min(imports):.1f} ms"
    )
    yield from loading(setting)


def command(setting: Setting) -> Iterator[Line]:
    """The whole of `bigrules check` of the example workbook."""
    line = [sys.executable, "-m", "bigrules", "check", str(ROOT / "examples" / "riverside.xlsx")]
    walls, cpus = timed(line, setting.rounds)
    says = f"median {statistics.median(walls):.0f} ms; processor {min(cpus):.0f} ms"
    yield bar("`bigrules check examples/riverside.xlsx`, the whole process", min(walls), 450, "ms", says, 0)
    walls, _ = timed([sys.executable, "-c", "pass"], setting.rounds)
    yield told("a Python process that does nothing", f"{min(walls):.0f} ms")


def timed(line: Sequence[str], rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds by the clock and of the processor that a command takes; its first run warms the disk."""
    walls, cpus = [], []
    for _ in range(rounds + 1):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(line, env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, check=False)
        walls.append((time.perf_counter() - start) * 1e3)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode in (0, 1, 3), done.stderr
        cpus.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3)
    return walls[1:], cpus[1:]


def memory(setting: Setting) -> Iterator[Line]:
    """Resident memory over many checks with either engine, each in a process of its own."""
    for engine in ("compiled", "durable"):
        what = f"resident memory over {setting.checks:,} checks, `{engine}`"
        why_not = adapters.durable_missing() if engine == "durable" else ""
        if why_not:
            yield told(what, "not measured", why_not)
            continue
        told_ = subprocess.run(
            [sys.executable, "-m", "benchmarks.memory", engine, str(setting.checks)],
            env=ENVIRONMENT, cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        said = json.loads(told_.stdout)
        says = (
            f"{said['first']:.1f} MB after the first {said['warm']:,}, {said['last']:.1f} MB after the last, "
            f"at most {said['most']:.1f} MB; {said['seconds']:.0f} s"
        )
        yield bar(what, said["most"] - said["first"], 5, "MB", says)
        if engine == "durable":
            yield Line(
                f"cases of {setting.checks:,} on which the engines differ", str(said["different"]), "0",
                1.0 if not said["different"] else float("inf"),
            )  # fmt: skip
