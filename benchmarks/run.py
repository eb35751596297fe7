"""Measures bigrules and prints the table: `python benchmarks/run.py [--quick] [--only ROW …] [--profile ROW]`."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# The checkout is measured, whatever else is installed.
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).parents[1]))

import attrs

from benchmarks import checking, processes, profiles
from benchmarks.checking import Setting
from benchmarks.table import HEAD, Line, row

ROWS: dict[str, Callable[[Setting], Iterator[Line]]] = {
    "structured": checking.structured,
    "readings": checking.readings,
    "derivations": checking.derivations,
    "plain": checking.plain,
    "unknowns": checking.unknowns,
    "durable": checking.durable,
    "growth": checking.growth,
    "chains": checking.chains,
    "memory": processes.memory,
    "import": processes.importing,
    "load": processes.load,
    "command": processes.command,
}

QUICK = Setting(rounds=5, sizes=(10, 100, 1_000), chains=(100, 1_000), checks=2_000)


def main() -> None:
    """Run what is asked for, and print the table as Markdown."""
    parser = argparse.ArgumentParser(description="Measures bigrules and prints a table.")
    parser.add_argument(
        "--quick", action="store_true", help="fewer rounds, smaller cases, 2,000 checks for memory"
    )
    parser.add_argument("--only", nargs="+", choices=ROWS, metavar="ROW", help=f"some of: {', '.join(ROWS)}")
    parser.add_argument("--checks", type=int, help="how many checks the memory is watched over")
    parser.add_argument(
        "--profile", choices=profiles.ROWS, metavar="ROW", help="show where the time goes instead"
    )
    options = parser.parse_args()
    setting = QUICK if options.quick else Setting()
    if options.checks:
        setting = attrs.evolve(setting, checks=options.checks)
    if options.profile:
        profiles.show(setting, options.profile)
        return
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}.\n")
    print(HEAD, flush=True)
    for name in options.only or ROWS:
        for line in ROWS[name](setting):
            print(row(line), flush=True)


if __name__ == "__main__":
    main()
