"""`bigrules diff`: what differs between two rulebooks, as sentences, on made cases and on registers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bigrules.cli.helpers import (
    BREACHED,
    CONFORMS,
    UNUSABLE,
    complain,
    load,
    names_mode,
    print_json,
    print_lines,
    print_text,
    progress,
)
from bigrules.cli.words import Refused, amendment_option

if TYPE_CHECKING:
    from bigrules.diagnostics import Diagnostic
    from bigrules.findings.check import Rulebook
    from bigrules.tools.diff_cases import CaseChange

MOST_CASES = 100_000


def add_parser(to: argparse.ArgumentParser) -> None:
    """The options of the command."""
    to.add_argument(
        "old", metavar="OLD", help="a rulebook, an amendment (with what it is laid over), or the name of one"
    )
    to.add_argument(
        "new", nargs="?", metavar="NEW", help="the same, to hold against it; without it, OLD with --amendment"
    )
    amendment_option(to)
    to.add_argument(
        "--cases", metavar="FOLDER", action="append", default=[],
        help="registers to check with both: a folder of them, or one; may be given several times",
    )  # fmt: skip
    to.add_argument("--as-of", metavar="DAY", help="the day to judge registers as of, such as 2018-06-01")
    to.add_argument(
        "--made", metavar="N", default="1000",
        help="how many cases are made for each rule at the most, to find one on which it differs (default: 1000)",
    )  # fmt: skip
    to.add_argument(
        "--names",
        choices=("full", "initials", "none"),
        help="how much of people's names is shown (default: full on a terminal, initials elsewhere)",
    )
    to.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="how to print (default: text)"
    )


def diff(args: argparse.Namespace) -> int:
    """Runs the command: 0 where every register comes out as before, as far as is known, 1 where not, 2 unusable."""
    from bigrules.tools.diff import compare, with_cases

    made = _number(args.made)
    if args.new is None and not args.amendment:
        raise _refused(
            "BR370", "nothing-to-compare", "only one rulebook is named", "name another, or --amendment"
        )
    old, new = load(args.old), load(args.new or args.old, args.amendment)
    found = compare(old.model, new.model, cases=made, progress=progress)
    cases, diagnostics = _registers(args, new)
    if args.cases:
        renamed = {each.was: each.id for each in found.changes if each.sort == "rule" and each.was}
        changes: list[CaseChange] = []
        for number, register in enumerate(cases):
            progress(f"{number + 1} of {len(cases)}: {register}")
            change, more = _compared(args, old, new, register, renamed)
            changes.append(change)
            diagnostics += more
        found = with_cases(found, changes, diagnostics)
    complain(diagnostics)
    if args.format == "json":
        from bigrules.render.diff import diff_data

        print_json(diff_data(found))
    elif args.format == "markdown":
        from bigrules.render.diff import diff_markdown

        print_text(diff_markdown(found))
    else:
        from bigrules.render.diff import diff_lines

        print_lines(diff_lines(found))
    unread = any(each.before == each.after == "unusable" for each in found.cases)
    if unread or (args.cases and not cases):
        return UNUSABLE
    return BREACHED if found.differs else CONFORMS


def _registers(args: argparse.Namespace, new: Rulebook) -> tuple[list[str], list[Diagnostic]]:
    """The registers that are meant; the kinds of fact of the new rulebook make a folder of CSV one."""
    from bigrules.tools.registers import find_registers

    return find_registers(new.model, args.cases) if args.cases else ([], [])


def _compared(
    args: argparse.Namespace, old: Rulebook, new: Rulebook, register: str, renamed: dict[str, str]
) -> tuple[CaseChange, tuple[Diagnostic, ...]]:
    from bigrules.tools.diff_cases import compare_register

    names = names_mode(args)
    return compare_register(old, new, register, as_of=args.as_of, names=names, renamed=renamed)


def _number(written: str) -> int:
    if written.isdigit() and int(written) <= MOST_CASES:
        return int(written)
    message = f"`{written}` is no number of cases"
    raise _refused("BR500", "command-line", message, f"write a number from 0 to {MOST_CASES}")


def _refused(code: str, name: str, message: str, help: str) -> Refused:
    from bigrules.diagnostics import DataPath
    from bigrules.diagnostics import Diagnostic as Fault

    return Refused(Fault(code, name, message, DataPath("command line"), help))
