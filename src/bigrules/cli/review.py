"""`bigrules review`: the pack that is sent in each year, of one register, or a line for each of several."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bigrules.cli.helpers import (
    BREACHED,
    CONFORMS,
    DISAGREE,
    UNUSABLE,
    about_names,
    chosen_readings,
    complain,
    load,
    names_mode,
    print_json,
    print_lines,
    print_text,
    progress,
    unusable,
    worst_status,
)
from bigrules.cli.words import Refused, reading_options, rulebook_option

if TYPE_CHECKING:
    from bigrules.diagnostics import Diagnostic
    from bigrules.findings.check import Rulebook
    from bigrules.findings.names import NameMode
    from bigrules.findings.pack import Pack
    from bigrules.render.review import DayFrom

_ONE = "name one register; without --output and --format there is a line for each"
_BY_ENDING = {".md": "markdown", ".markdown": "markdown", ".json": "json"}


def review(args: argparse.Namespace) -> int:
    """Runs the command."""
    from bigrules.findings.review import no_review
    from bigrules.tools.registers import find_registers

    target = Path(args.output) if args.output else None
    if args.format is None:
        args.format = _BY_ENDING.get(target.suffix.lower(), "text") if target else "text"
    year = _year(args.year)
    rulebook = load(args.rulebook, args.amendment)
    if rulebook.model.review is None:
        raise Refused(no_review(rulebook.model))
    registers, diagnostics = find_registers(rulebook.model, args.registers)
    many = len(registers) > 1 or any(_is_folder_of(each, registers) for each in args.registers)
    if many and args.format == "markdown":
        raise _refused("BR521", "one-register", "a pack in Markdown is of one register", _ONE)
    if target is not None:
        _may_be_written(target, registers, args.force)
    complain(diagnostics)
    statuses = [UNUSABLE] if diagnostics else []
    made: list[dict[str, object]] = [unusable("", diagnostics)] if diagnostics else []
    lines = []
    for number, register in enumerate(registers):
        if many:
            progress(f"{number + 1} of {len(registers)}: {register}")
        names = _names(args, target)
        pack, status, failed, day_from = _one(args, rulebook, register, year, names)
        statuses.append(status)
        if pack is None:
            made.append(failed)
        elif args.format == "json":
            from bigrules.render.review_json import review_data

            made.append(review_data(pack, names))
        elif args.format == "markdown":
            from bigrules.render.review import review_markdown

            _give(review_markdown(pack, day_from), target, args.force)
        elif not many:
            lines = _lines(args, pack, day_from, target)
        if many and args.format == "text":
            from bigrules.render.review import summary_line
            from bigrules.render.text import Line

            lines.append(
                summary_line(pack, register) if pack else Line(f"{register}: {failed['outcome']}", keep=True)
            )
    if args.format == "json":
        from bigrules.render.as_json import FORMAT, dumps

        data = {"format": FORMAT, "reviews": made}
        # What cannot be used is no pack: a file that holds one is not written, nor written over.
        if target is not None and UNUSABLE not in statuses and DISAGREE not in statuses:
            _give(dumps(data), target, args.force)
        else:
            print_json(data)
    elif lines and target is None:
        print_lines(lines)
    elif lines:
        from bigrules.render.text import plain

        _give(plain(lines), target, args.force)
    return worst_status(statuses)


def _one(
    args: argparse.Namespace, rulebook: Rulebook, register: str, year: int | None, names: NameMode
) -> tuple[Pack | None, int, dict[str, object], DayFrom]:
    """The pack of one register, the exit status, and what is said where there is none."""
    from bigrules.diagnostics import errors
    from bigrules.findings.check import EnginesDisagree
    from bigrules.findings.review import fill_in

    case, diagnostics = rulebook.try_read(register, args.as_of)
    complain(diagnostics)
    if case is None or errors(diagnostics):
        return None, UNUSABLE, unusable(register, diagnostics), "asked"
    day_from: DayFrom = "asked" if args.as_of else "register" if case.day_given else "clock"
    try:
        report = rulebook.check(case, confirm=not args.no_confirm, reading=chosen_readings(args.reading))
        shown: NameMode = "ids" if args.format == "json" else names
        wanted = year or case.as_of.year
        pack = fill_in(report, wanted, shown, names == "full", confirm=not args.no_confirm)
    except EnginesDisagree as disagree:
        found = engines_disagree(register, disagree)
        complain([found])
        return None, DISAGREE, {**unusable(register, [found]), "outcome": "disagree"}, day_from
    return pack, CONFORMS if pack.ready else BREACHED, {}, day_from


def engines_disagree(register: str, error: Exception) -> Diagnostic:
    """What is said where two engines found something different."""
    from bigrules.diagnostics import DataPath, Diagnostic

    help_ = "nothing is reported for this register; please report this as a fault of bigrules"
    return Diagnostic("BR510", "engines-disagree", str(error), DataPath(register), help_)


def _lines(args: argparse.Namespace, pack: Pack, day_from: DayFrom, target: Path | None) -> list[Any]:
    from bigrules.render.review import review_lines

    return [*review_lines(pack, day_from), *(about_names(args) if target is None else [])]


def _names(args: argparse.Namespace, target: Path | None) -> NameMode:
    """How much of names is shown: the pack that is made to be sent needs them."""
    if args.names or (args.format == "text" and target is None):
        return names_mode(args)
    return "full" if args.format == "markdown" else "initials"


def _is_folder_of(named: str, registers: list[str]) -> bool:
    return os.path.isdir(named) and named not in registers


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    if written.isascii() and written.isdigit() and len(written) == 4 and int(written):
        return int(written)
    raise _refused(
        "BR523", "no-such-year", f"`{written}` is no year", "write it with four digits, such as 2018"
    )


def _may_be_written(target: Path, registers: list[str], force: bool) -> None:
    """Refuse a file before any work is done for it."""
    for each in registers:
        if target.exists() and os.path.exists(each) and os.path.samefile(target, each):
            raise _refused("BR522", "file-exists", f"`{target}` is the register itself", "name another file")
    if target.is_dir():
        raise _refused("BR522", "file-exists", f"`{target}` is a folder", "name a file in it")
    if target.exists() and not force:
        help_ = "name another file, or say --force to write over it"
        raise _refused("BR522", "file-exists", f"`{target}` is there already", help_)


def _give(text: str, target: Path | None, force: bool) -> None:
    """Write to a file, whole or not at all; or print."""
    if target is None:
        print_text(text)
        return
    if not force:
        # Again, now that it is written: somebody may have put a file there meanwhile.
        try:
            with open(target, "x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except FileExistsError:
            help_ = "name another file, or say --force to write over it"
            raise _refused("BR522", "file-exists", f"`{target}` is there already", help_) from None
    else:
        beside = target.with_name(f"{target.name}.part")
        try:
            beside.write_text(text, encoding="utf-8", newline="\n")
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)


def _refused(code: str, name: str, message: str, help_: str) -> Refused:
    from bigrules.diagnostics import DataPath, Diagnostic

    return Refused(Diagnostic(code, name, message, DataPath("command line"), help_))


def add_parser(made: Any) -> None:
    """The options of the command.

    Args:
        made: Its parser.
    """
    made.add_argument(
        "registers",
        nargs="+",
        metavar="REGISTER|FOLDER",
        help="a workbook, YAML or JSON file, a folder of CSV files, or a folder of registers",
    )
    made.add_argument(
        "--year", metavar="YEAR", help="the year, such as 2018; without it, that of the day of judging"
    )
    reading_options(
        made,
        "review/sent-in-window='ends on 1 December'",
        "full on a terminal and in Markdown, initials elsewhere",
    )
    made.add_argument(
        "--format",
        choices=("text", "markdown", "json"),
        help="how to print (default: as the ending of --output says, else text)",
    )
    made.add_argument("--output", metavar="FILE", help="write to a file and not to the terminal")
    made.add_argument("--force", action="store_true", help="write over a file that is there")
    made.add_argument("--no-confirm", action="store_true", help="do not confirm with the second engine")
    rulebook_option(made)
