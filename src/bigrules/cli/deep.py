"""`bigrules test --deep`: what the examples reach, and which small changes they would notice."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from bigrules.cli.helpers import progress, rule_id
from bigrules.cli.words import Refused

if TYPE_CHECKING:
    from bigrules.language import model
    from bigrules.tools.deep import Deep

# So often it is told how far the work is, where that takes a line each time.
EACH_SECONDS = 2


def deep(args: argparse.Namespace, rulebook: model.Rulebook) -> Deep:
    """Test a rulebook in depth, with the progress on a terminal."""
    from bigrules.tools.deep import deep_test

    ids = [*rulebook.rules, *rulebook.definitions]
    only = [rule_id(ids, each) for each in args.only] or None
    jobs = _whole(args.jobs, "--jobs", 1)
    cases = _whole(args.cases, "--cases", 0)
    with telling() as told:
        return deep_test(rulebook, only, cases, jobs, told)


@contextlib.contextmanager
def telling() -> Iterator[Callable[[int, int, str], None]]:
    """What tells how far the work is: a bar where there is colour, else a line now and then; nothing in a file."""
    from bigrules.render.text import wants_colour

    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    except ImportError:
        has_bar = False
    else:
        has_bar = wants_colour(sys.stderr)
    if has_bar:
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
        with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
            task = bar.add_task("")
            yield lambda at, of, id: bar.update(task, completed=at - 1, total=of, description=id)
        return
    last = time.monotonic()

    def told(at: int, of: int, id: str) -> None:
        nonlocal last
        if time.monotonic() >= last + EACH_SECONDS:
            last = time.monotonic()
            progress(f"{at} of {of}: {id}")

    yield told


def shares(args: argparse.Namespace) -> tuple[Fraction, Fraction]:
    """The least coverage and the least score that are asked for.

    Raises:
        Refused: One of them is no share, or stands without `--deep`.
    """
    given = {"--min-coverage": args.min_coverage, "--min-score": args.min_score}
    if not args.deep:
        further = {**given, "--only": args.only or None, "--jobs": args.jobs, "--cases": args.cases}
        for option, value in further.items():
            if value is not None:
                raise _refused(option, f"`{option}` goes with `--deep`", f"write `--deep {option} {value}`")
    return _share(args.min_coverage, "--min-coverage"), _share(args.min_score, "--min-score")


def below(found: Deep | None, least: tuple[Fraction, Fraction]) -> list[str]:
    """What is said where less is reached or noticed than is asked for."""
    if found is None:
        return []
    from bigrules.render.deep import percent

    told = (("coverage", found.coverage, least[0]), ("score", found.score, least[1]))
    return [
        f"The {what} is {percent(share)}, and at least {percent(wanted)} is asked for."
        for what, share, wanted in told
        if share < wanted
    ]


def _share(text: str | None, option: str) -> Fraction:
    from bigrules.language.shape import number

    if text is None:
        return Fraction(0)
    value = number(text.strip())
    if value is None or not text.strip().endswith("%") or not 0 <= value <= 1:
        raise _refused(option, f"`{text}` is no share", f"write it like `{option} 95%`")
    return value


def _whole(text: str | None, option: str, least: int) -> int:
    from bigrules.tools.deep import CASES

    if text is None:
        return CASES if option == "--cases" else 1
    if not text.strip().isdecimal() or len(text.strip()) > 7 or int(text) < least:
        raise _refused(option, f"`{text}` is no number of {option[2:]}", f"write it like `{option} 2`")
    return int(text)


def _refused(option: str, message: str, help: str) -> Refused:
    from bigrules.diagnostics import DataPath, Diagnostic

    return Refused(Diagnostic("BR500", "command-line", message, DataPath(option), help))


def add_options(to: argparse.ArgumentParser) -> None:
    """The options of `test` that go with `--deep`."""
    to.add_argument(
        "--deep",
        action="store_true",
        help="tell what no example reaches, and which small changes of the rules no example would notice",
    )
    to.add_argument(
        "--only",
        metavar="FILE",
        action="append",
        default=[],
        help="with --deep: look at this rule or definition alone; may be given several times",
    )
    to.add_argument("--min-coverage", metavar="SHARE", help="with --deep: fail below it, such as 95%%")
    to.add_argument("--min-score", metavar="SHARE", help="with --deep: fail below it, such as 90%%")
    to.add_argument("--jobs", metavar="N", help="with --deep: share the work among so many processes")
    to.add_argument(
        "--cases",
        metavar="N",
        help="with --deep: make at most so many cases for each change that no example notices (default: 2000)",
    )
