"""The command `bigrules fmt`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from bigrules.cli.helpers import BREACHED, CONFORMS, UNUSABLE, complain, print_lines, print_text

if TYPE_CHECKING:
    from bigrules.tools.fmt import Formatted


def fmt(args: argparse.Namespace) -> int:
    from bigrules.diagnostics import DataPath, Diagnostic
    from bigrules.findings.wording import count
    from bigrules.render.text import Line
    from bigrules.tools.fmt import find_files, format_file, write

    paths = args.paths or ["."]
    files, found = find_files(paths)
    complain(found)
    failed = bool(found)
    made = [format_file(*each) for each in files]
    ours = [each for each in made if each.outcome != "other"]
    if not ours and not failed:
        message = f"there is no file of a rulebook in {', '.join(f'`{each}`' for each in paths)}"
        help_ = (
            "name a directory with `rulebook.yaml` or `amendment.yaml`, a file in one, or a file of scenarios"
        )
        complain(
            [Diagnostic("BR543", "nothing-to-format", message, DataPath("command line"), help_, "warning")]
        )
        return CONFORMS
    changed, written = 0, 0
    for each in ours:
        complain(each.diagnostics)
        failed = failed or each.outcome in ("unreadable", "left alone")
        if each.outcome != "changed":
            continue
        changed += 1
        if args.diff:
            print_text(_difference(each))
        elif args.check:
            print_lines([Line(f"{each.path} would be laid out anew", keep=True)])
        elif (fault := write(each)) is not None:
            complain([fault])
            failed = True
        else:
            written += 1
            print_lines([Line(f"{each.path} was laid out anew", keep=True)])
    if not args.diff:
        what = f"{changed} would change" if args.check else f"{written} changed"
        print_lines([Line(f"{count(len(ours), 'file')}: {what}")])
    if failed:
        return UNUSABLE
    return BREACHED if args.check and changed else CONFORMS


def _difference(made: Formatted) -> str:
    """What would change in a file, as lines with `-` and `+`."""
    import difflib

    old = made.old.decode("utf-8-sig").splitlines(keepends=True)
    lines = difflib.unified_diff(old, made.new.splitlines(keepends=True), str(made.path), str(made.path))
    return "".join(each if each.endswith("\n") else f"{each}\n\\ no line end here\n" for each in lines)


def add_parser(made: Any) -> None:
    """The options of the command.

    Args:
        made: Its parser.
    """
    made.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="rulebooks, amendments, folders of scenarios, or files of them; without it, what is in this folder",
    )
    made.add_argument(
        "--check", action="store_true", help="write nothing; exit status 1 if a file would change"
    )
    made.add_argument("--diff", action="store_true", help="write nothing; print what would change")
