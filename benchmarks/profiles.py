"""Where the time goes: a profile of what a row measures, by function and by module."""

from __future__ import annotations

import contextlib
import cProfile
import io
import pstats
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import adapters, cases
from benchmarks.checking import Setting
from benchmarks.processes import ENVIRONMENT, ROOT

MOST = 25
ROWS = ("structured", "derivations", "plain", "unknowns", "durable", "growth", "load", "command", "import")


def show(setting: Setting, row: str) -> None:
    """Print the profile of a row."""
    if row in ("command", "import"):
        words = (
            ["-m", "bigrules", "check", "examples/riverside.xlsx"]
            if row == "command"
            else ["-c", "import bigrules"]
        )
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *words], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        print(_slowest_imports(done.stderr))
        if row == "import":
            return
    call, repeats = _calls(setting)[row]()
    if row != "command":
        call()  # what is made once is not of interest, but where a process does it all
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(repeats):
        call()
    profile.disable()
    stats = pstats.Stats(profile)
    stats.strip_dirs().sort_stats("cumulative").print_stats(MOST)
    stats.sort_stats("tottime").print_stats(MOST)
    print(_by_module(profile))


def _calls(setting: Setting) -> dict[str, Callable[[], tuple[Callable[[], object], int]]]:
    """What is run for each row, and how often."""

    def on(case_of: Callable[[], object], call_of: Callable[..., Callable[..., object]], repeats: int):
        def made() -> tuple[Callable[[], object], int]:
            case, call = case_of(), call_of(setting.rulebook)
            return (lambda: call(case)), repeats

        return made

    def command() -> tuple[Callable[[], object], int]:
        from bigrules.cli import main

        def quietly() -> None:
            with contextlib.redirect_stdout(io.StringIO()):
                main(["check", str(ROOT / "examples" / "riverside.xlsx")])

        return quietly, 1

    return {
        "structured": on(setting.case, adapters.structured, 200),
        "derivations": on(setting.case, adapters.with_derivations, 20),
        "plain": on(cases.twelve, adapters.from_plain, 50),
        "unknowns": on(lambda: setting.case(cases.three_unknowns()), adapters.structured, 100),
        "durable": on(setting.case, lambda rulebook: adapters.structured(rulebook, "durable"), 50),
        "growth": on(lambda: cases.grown(setting.rulebook.model, 1_000), adapters.structured, 3),
        "load": lambda: (adapters.load_and_compile, 3),
        "command": command,
    }


def _by_module(profile: cProfile.Profile) -> str:
    """The share of each module in the time, calls of what is built in counted where they are made."""
    own: dict[str, float] = {}
    for each in profile.getstats():
        code = each.code
        if isinstance(code, str):
            continue
        built_in = sum(called.totaltime for called in each.calls or () if isinstance(called.code, str))
        path = Path(code.co_filename)
        name = "/".join(path.parts[-2:]) if path.parts else code.co_filename
        own[name] = own.get(name, 0.0) + each.inlinetime + built_in
    total = sum(own.values())
    lines = sorted(own.items(), key=lambda each: -each[1])[:MOST]
    return "\n".join(f"{time / total:6.1%}  {name}" for name, time in lines)


def _slowest_imports(text: str) -> str:
    """The imports that took longest, with what they import themselves."""
    found = []
    for line in text.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[1].strip().isdigit():
            found.append((int(parts[1]), parts[2].rstrip()))
    return "\n".join(f"{time / 1e3:8.1f} ms {name}" for time, name in sorted(found, reverse=True)[:MOST])
