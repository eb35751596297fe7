"""What commands share: loading, choosing, printing."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bigrules.cli.words import Refused

if TYPE_CHECKING:
    from bigrules.diagnostics import Diagnostic
    from bigrules.findings.check import Rulebook
    from bigrules.findings.names import NameMode
    from bigrules.render.text import Line


CONFORMS, BREACHED, UNUSABLE, OPEN, DISAGREE = 0, 1, 2, 3, 4
# Of several registers the exit status is the first of these that one of them has.
WORST = (DISAGREE, UNUSABLE, BREACHED, OPEN, CONFORMS)


def worst_status(statuses: Sequence[int]) -> int:
    """The exit status of several registers.

    >>> worst_status([0, 3, 1]), worst_status([1, 2]), worst_status([])
    (1, 2, 0)
    """
    return next((each for each in WORST if each in statuses), CONFORMS)


def load(source: str | None, amendments: Sequence[str] = ()) -> Rulebook:
    from bigrules.diagnostics import InputError, errors
    from bigrules.findings.check import try_load

    rulebook, diagnostics = try_load(source, amendments)
    if rulebook is None or errors(diagnostics):
        raise InputError(diagnostics)
    return rulebook


def chosen_readings(pairs: Sequence[str]) -> dict[str, str]:
    from bigrules.diagnostics import DataPath, Diagnostic

    chosen: dict[str, str] = {}
    for each in pairs:
        file, sign, name = each.partition("=")
        if not sign or not file.strip() or not name.strip():
            raise Refused(
                Diagnostic(
                    "BR502",
                    "bad-reading",
                    f"`{each}` names no reading",
                    DataPath("--reading"),
                    "write the file and the name of the reading, such as "
                    "--reading 'criteria/resident-majority=more than half'",
                )
            )
        chosen[file.strip()] = name.strip()
    return chosen


def rule_id(rules: Sequence[str], written: str) -> str:
    """The rule that is meant: its id, or the end of it where that is clear."""
    from bigrules.diagnostics import DataPath, Diagnostic

    wanted = written.strip().removesuffix(".yaml").strip("/")
    fitting = [each for each in rules if each == wanted] or [
        each for each in rules if each.endswith("/" + wanted)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        said, help_ = f"`{written}` may be any of several rules", "write one of " + ", ".join(fitting)
    else:
        last = {each.rpartition("/")[2]: each for each in rules}
        near = difflib.get_close_matches(wanted, rules, 1, 0.6) or [
            last[each] for each in difflib.get_close_matches(wanted.rpartition("/")[2], last, 1, 0.6)
        ]
        said = f"there is no rule `{written}`"
        help_ = f"did you mean `{near[0]}`?" if near else "the rules are " + ", ".join(rules)
    raise Refused(Diagnostic("BR503", "no-such-rule", said, DataPath("command line"), help_))


def names_mode(args: argparse.Namespace) -> NameMode:
    from bigrules.render.text import is_terminal

    if args.names:
        chosen: NameMode = args.names
        return chosen
    return "full" if args.format == "text" and is_terminal(sys.stdout) else "initials"


def small_counts(args: argparse.Namespace) -> bool:
    """Whether small counts of people are told: on a terminal with names in full, and nowhere else."""
    from bigrules.render.text import is_terminal

    return names_mode(args) == "full" and is_terminal(sys.stdout)


def about_names(args: argparse.Namespace) -> list[Line]:
    from bigrules.render.text import Line, is_terminal

    if args.names or is_terminal(sys.stdout):
        return []
    return [Line("People are given by their initials here; --names full shows their names.", 2, mark="- ")]


def unusable(register: str, diagnostics: Sequence[Diagnostic]) -> dict[str, object]:
    from bigrules.render.as_json import diagnostic_data

    return {
        "register": register,
        "outcome": "unusable",
        "diagnostics": [diagnostic_data(each) for each in diagnostics],
    }


def complain(diagnostics: Sequence[Diagnostic]) -> None:
    if diagnostics:
        from bigrules.render.diagnostics import diagnostic_lines
        from bigrules.render.text import write

        sys.stdout.flush()
        write(diagnostic_lines(diagnostics), sys.stderr)


def progress(text: str) -> None:
    from bigrules.render.text import encodable, is_terminal

    if is_terminal(sys.stderr):
        print(encodable(text, sys.stderr), file=sys.stderr)


def print_lines(lines: list[Line]) -> None:
    from bigrules.render.text import write

    write(lines, sys.stdout)


def print_text(text: str) -> None:
    from bigrules.render.text import write_text

    write_text(text, sys.stdout)


def print_json(data: object) -> None:
    """Print data as JSON to stdout."""
    from bigrules.render.as_json import write_json

    write_json(data, sys.stdout)
