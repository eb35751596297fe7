"""The command line. Results go to stdout, diagnostics to stderr; nothing heavy is imported before it is needed."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from bigrules.diagnostics import Diagnostic
    from bigrules.findings.basis import Report
    from bigrules.findings.wording import NameMode

CONFORMS, BREACHED, UNUSABLE, OPEN, DISAGREE = 0, 1, 2, 3, 4
# Of several registers the exit status is the first of these that one of them has.
WORST = (DISAGREE, UNUSABLE, BREACHED, OPEN, CONFORMS)

GROUPS = (
    ("For a partnership and those who look after its register", ("check", "explain", "new")),
    ("For authors of rules", ("test",)),
    ("For auditors and anyone who wants to see inside", ("show",)),
)
EXIT = """exit status:
  check  0 conforms, 1 breached, 3 open, 2 cannot be used, 4 the engines disagree;
         of several registers the worst, in the order 4, 2, 1, 3, 0
  test   0 clean, 1 faults, 2 cannot be used
  others 0 done, 2 cannot be used"""


class _Refused(Exception):
    """The command line cannot be used.

    Args:
        diagnostic: Why.
        usage: How it is used.
    """

    def __init__(self, diagnostic: Diagnostic, usage: str = "") -> None:
        super().__init__(diagnostic)
        self.diagnostic, self.usage = diagnostic, usage


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        from bigrules.diagnostics import DataPath, Diagnostic

        asks = f"`{self.prog} --help` says what can be asked"
        message = message.replace("'", "`")
        raise _Refused(
            Diagnostic("BR500", "command-line", message, DataPath("command line"), asks), self.format_usage()
        )


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    main_ = _Parser(prog="bigrules", add_help=False, usage="bigrules COMMAND ...", allow_abbrev=False)
    main_.add_argument("-h", "--help", action="store_true")
    main_.add_argument("--version", action="store_true")
    commands = main_.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser, prog="bigrules")

    check = _command(
        commands,
        "check",
        "check registers against the rules",
        "Check one register or several. What is breached comes first, then what needs facts, then what "
        "is for people to decide.",
    )
    check.add_argument(
        "registers",
        nargs="+",
        metavar="REGISTER|FOLDER",
        help="a workbook, YAML or JSON file, a folder of CSV files, or a folder of registers",
    )
    check.add_argument("--all", action="store_true", help="show what is met or not applicable too")
    _reading_options(check)
    check.add_argument(
        "--readings",
        choices=("adopted", "each", "all"),
        default="each",
        help="try other readings too: each by itself (the default), all of them together, or none",
    )
    check.add_argument("--no-confirm", action="store_true", help="do not confirm with the second engine")
    check.add_argument(
        "--fail-on",
        choices=("should", "expected"),
        default="should",
        help="whether rules that are only expected count for the outcome (default: should)",
    )

    explain = _command(
        commands,
        "explain",
        "say why, for any rule",
        "Give the reasons of a finding, those that are met too, in a few sentences.",
    )
    explain.add_argument(
        "register", metavar="REGISTER", help="a workbook, YAML or JSON file, or a folder of CSV files"
    )
    explain.add_argument(
        "rule", nargs="?", metavar="RULE", help="id of the rule, or the end of it; without it, all rules"
    )
    _reading_options(explain)

    new = _command(
        commands,
        "new",
        "make an empty register",
        "Make an empty workbook with a sheet for each kind of fact, ready to be filled in.",
    )
    made = new.add_subparsers(dest="what", metavar="WHAT", parser_class=_Parser, required=True)
    register = made.add_parser(
        "register", help="a workbook", description="Make an empty workbook.", allow_abbrev=False
    )
    register.add_argument(
        "file", metavar="FILE.xlsx", help="where to put it; a file that is there is not overwritten"
    )
    _rulebook_option(register)

    test = _command(
        commands,
        "test",
        "check rule files and run their examples",
        "Check a rulebook and run every example in its rule files.",
    )
    test.add_argument(
        "rules", nargs="?", metavar="RULES", help="directory of the rulebook; without it, the shipped one"
    )
    test.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print (default: text)"
    )

    show = _command(
        commands,
        "show",
        "print what a rulebook turns into",
        "Print the vocabulary, the core form, the compiled program, or a JSON Schema.",
    )
    show.add_argument(
        "what",
        choices=("program", "core", "vocabulary", "schema"),
        metavar="WHAT",
        help="vocabulary, core, program or schema",
    )
    show.add_argument(
        "rules", nargs="?", metavar="RULES", help="directory of the rulebook; without it, the shipped one"
    )
    show.add_argument(
        "--of",
        choices=("rules", "report"),
        default="rules",
        help="for schema: of rule files (the default) or of reports in JSON",
    )
    return main_


def _command(
    commands: argparse._SubParsersAction[_Parser], name: str, help_: str, description: str
) -> _Parser:
    return commands.add_parser(name, help=help_, description=description, allow_abbrev=False)


def _rulebook_option(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--rulebook", metavar="RULES", help="directory or name of a rulebook; without it, the shipped one"
    )


def _reading_options(to: argparse.ArgumentParser) -> None:
    to.add_argument("--as-of", metavar="DAY", help="the day to judge as of, such as 2018-06-01")
    to.add_argument(
        "--reading",
        metavar="FILE=NAME",
        action="append",
        default=[],
        help="apply another reading, such as criteria/resident-majority='more than half'",
    )
    to.add_argument(
        "--names",
        choices=("full", "initials", "none"),
        help="how much of people's names is shown (default: full on a terminal, initials elsewhere)",
    )
    to.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    _rulebook_option(to)


def _help() -> str:
    lines = [
        "usage: bigrules COMMAND ...",
        "",
        "Written guidance as rules that people can read and programs can run.",
        "",
    ]
    words = {
        "check": "check registers against the rules",
        "explain": "say why, for any rule and any finding",
        "new": "make an empty register to fill in",
        "test": "check rule files and run their examples",
        "show": "print the vocabulary, core form, program or schema of a rulebook",
    }
    for heading, names in GROUPS:
        lines += [f"{heading}:", *(f"  {name:8} {words[name]}" for name in names), ""]
    lines += [
        "  bigrules COMMAND --help says more about one command; bigrules --version says which this is.",
        "",
        EXIT,
    ]
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- commands


def _check(args: argparse.Namespace) -> int:
    from bigrules.render.report import summary_line
    from bigrules.render.text import Line
    from bigrules.tools.registers import find_registers

    rulebook = _load(args.rulebook)
    reading = _chosen(args.reading)
    registers, diagnostics = find_registers(rulebook.model, args.registers)
    statuses = [UNUSABLE] if diagnostics else []
    _complain(diagnostics)
    reports: list[dict[str, object]] = [_unusable("", diagnostics)] if diagnostics else []
    summary: list[Line] = []
    for number, register in enumerate(registers):
        if len(registers) > 1:
            _progress(f"{number + 1} of {len(registers)}: {register}")
        status, data, report = _check_one(args, rulebook, register, reading, first=not summary)
        statuses.append(status)
        reports.append(data)
        if report is not None:
            summary.append(summary_line(report, register))
        elif args.format == "text":
            summary.append(Line(f"{register}: {data['outcome']}"))
    if len(registers) > 1 and args.format == "text":
        _lines([Line(), Line(f"{len(registers)} registers", style="title"), *summary])
    if args.format == "json":
        from bigrules.render.as_json import FORMAT, dumps

        _out(dumps({"format": FORMAT, "reports": reports}))
    return worst_status(statuses)


def _check_one(
    args: argparse.Namespace, rulebook: object, register: str, reading: dict[str, str], first: bool
) -> tuple[int, dict[str, object], Report | None]:
    from bigrules.diagnostics import errors
    from bigrules.findings.check import EnginesDisagree, Rulebook

    assert isinstance(rulebook, Rulebook)
    case, diagnostics = rulebook.try_read(register, args.as_of)
    _complain(diagnostics)
    if case is None or errors(diagnostics):
        return UNUSABLE, _unusable(register, diagnostics), None
    try:
        report = rulebook.check(
            case, confirm=not args.no_confirm, readings=args.readings, reading=reading, fail_on=args.fail_on
        )
    except EnginesDisagree as disagree:
        from bigrules.diagnostics import DataPath, Diagnostic

        found = Diagnostic(
            "BR510",
            "engines-disagree",
            str(disagree),
            DataPath(register),
            "nothing is reported for this register; please report this as a fault of bigrules",
        )
        _complain([found])
        return DISAGREE, {**_unusable(register, [found]), "outcome": "disagree"}, None
    status = {"conforms": CONFORMS, "breached": BREACHED, "open": OPEN}[str(report.outcome)]
    names = _names(args)
    if args.format == "json":
        from bigrules.render.as_json import report_data

        return status, report_data(report, names), report
    from bigrules.render.report import report_lines
    from bigrules.render.text import Line

    between = [] if first else [Line(), Line("-" * 40), Line()]
    _lines([*between, *report_lines(report, names, show_all=args.all), *_about_names(args)])
    return status, {}, report


def _explain(args: argparse.Namespace) -> int:
    rulebook = _load(args.rulebook)
    rule = _rule_id(rulebook.rules, args.rule) if args.rule else None
    case, diagnostics = rulebook.try_read(args.register, args.as_of)
    from bigrules.diagnostics import errors

    _complain(diagnostics)
    if case is None or errors(diagnostics):
        return UNUSABLE
    report = rulebook.check(case, readings="each", reading=_chosen(args.reading))
    names = _names(args)
    findings = [each for each in report.findings if rule is None or each.rule == rule]
    if args.format == "json":
        from bigrules.render.as_json import FORMAT, dumps, report_data

        _out(dumps({"format": FORMAT, "reports": [report_data(report, names, findings)]}))
        return CONFORMS
    from bigrules.render.report import explain_lines
    from bigrules.render.text import Line

    lines = explain_lines(report, findings, names)
    if not lines and rule is not None:
        lines = [
            Line(
                f"The rule “{report[rule].title}” is not applicable: the register holds nothing that it is about."
            )
        ]
    _lines([*lines, *_about_names(args)])
    return CONFORMS


def _new(args: argparse.Namespace) -> int:
    from bigrules.diagnostics import errors
    from bigrules.facts.workbook import new_register

    rulebook = _load(args.rulebook)
    diagnostics = new_register(rulebook.model, args.file)
    _complain(diagnostics or ())
    if errors(diagnostics or ()):
        return UNUSABLE
    from bigrules.render.text import Line

    _lines([Line(f"{args.file} is ready to be filled in. Then: bigrules check {args.file}")])
    return CONFORMS


def _test(args: argparse.Namespace) -> int:
    from bigrules.diagnostics import errors
    from bigrules.findings.check import try_load
    from bigrules.tools.examples import run_examples

    rulebook, diagnostics = try_load(args.rules)
    found, ran = list(diagnostics), 0
    if rulebook is not None and not errors(found):
        more, ran = run_examples(rulebook.model)
        found += more
    _complain(found)
    unusable = rulebook is None and any(each.code.startswith("BR1") for each in errors(found))
    status = UNUSABLE if unusable else (BREACHED if errors(found) else CONFORMS)
    if args.format == "json":
        from bigrules.render.as_json import FORMAT, diagnostic_data, dumps

        _out(
            dumps(
                {"format": FORMAT, "examples": ran, "diagnostics": [diagnostic_data(each) for each in found]}
            )
        )
        return status
    from bigrules.findings.wording import count
    from bigrules.render.text import Line

    if rulebook is not None and not errors(diagnostics):
        files = f"{count(len(rulebook.model.rules), 'rule')} and {count(len(rulebook.model.definitions), 'definition')}"
        faults = count(len(errors(found)), "fault") if errors(found) else "no faults"
        _lines([Line(f"{files}: {count(ran, 'example')} ran, {faults}")])
    return status


def _show(args: argparse.Namespace) -> int:
    from bigrules.tools import show

    if args.what == "schema" and args.of == "report":
        from bigrules.render.as_json import dumps, schema

        _out(dumps(schema()))
        return CONFORMS
    rulebook = _load(args.rules).model
    if args.what == "schema":
        from bigrules.language import json_schema
        from bigrules.render.as_json import dumps

        _out(dumps(json_schema(rulebook)))
        return CONFORMS
    _out({"vocabulary": show.vocabulary, "core": show.core, "program": show.program}[args.what](rulebook))
    return CONFORMS


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check,
    "explain": _explain,
    "new": _new,
    "test": _test,
    "show": _show,
}

# ---------------------------------------------------------------- helpers


def worst_status(statuses: Sequence[int]) -> int:
    """The exit status of several registers.

    >>> worst_status([0, 3, 1]), worst_status([1, 2]), worst_status([])
    (1, 2, 0)
    """
    return next((each for each in WORST if each in statuses), CONFORMS)


def _load(source: str | None):  # type: ignore[no-untyped-def]
    from bigrules.diagnostics import InputError, errors
    from bigrules.findings.check import try_load

    rulebook, diagnostics = try_load(source)
    if rulebook is None or errors(diagnostics):
        raise InputError(diagnostics)
    return rulebook


def _chosen(pairs: Sequence[str]) -> dict[str, str]:
    from bigrules.diagnostics import DataPath, Diagnostic

    chosen: dict[str, str] = {}
    for each in pairs:
        file, sign, name = each.partition("=")
        if not sign or not file.strip() or not name.strip():
            raise _Refused(
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


def _rule_id(rules: Sequence[str], written: str) -> str:
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
    raise _Refused(Diagnostic("BR503", "no-such-rule", said, DataPath("command line"), help_))


def _names(args: argparse.Namespace) -> NameMode:
    from bigrules.render.text import is_terminal

    if args.names:
        chosen: NameMode = args.names
        return chosen
    return "full" if args.format == "text" and is_terminal(sys.stdout) else "initials"


def _about_names(args: argparse.Namespace) -> list:  # type: ignore[type-arg]
    from bigrules.render.text import Line, is_terminal

    if args.names or is_terminal(sys.stdout):
        return []
    return [Line("People are given by their initials here; --names full shows their names.", 2, mark="- ")]


def _unusable(register: str, diagnostics: Sequence[Diagnostic]) -> dict[str, object]:
    from bigrules.render.as_json import diagnostic_data

    return {
        "register": register,
        "outcome": "unusable",
        "diagnostics": [diagnostic_data(each) for each in diagnostics],
    }


def _complain(diagnostics: Sequence[Diagnostic]) -> None:
    if diagnostics:
        from bigrules.render.diagnostics import diagnostic_lines
        from bigrules.render.text import write

        sys.stdout.flush()
        write(diagnostic_lines(diagnostics), sys.stderr)


def _progress(text: str) -> None:
    from bigrules.render.text import encodable, is_terminal

    if is_terminal(sys.stderr):
        print(encodable(text, sys.stderr), file=sys.stderr)


def _lines(lines: list) -> None:  # type: ignore[type-arg]
    from bigrules.render.text import write

    write(lines, sys.stdout)


def _out(text: str) -> None:
    from bigrules.render.text import write_text

    write_text(text, sys.stdout)


# ---------------------------------------------------------------- main


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: The words after `bigrules`; those of the process if None.

    Returns:
        The exit status.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _run(words)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more can be said, and Python must not try at exit.
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def _parsed(words: list[str]) -> argparse.Namespace:
    """The command line; an argument that may be left out is taken after options too, where argparse is not."""
    whole = parser()
    args, left = whole.parse_known_args(words)
    optional = {"explain": "rule", "test": "rules", "show": "rules"}.get(args.command or "", "")
    if len(left) == 1 and optional and getattr(args, optional) is None and not left[0].startswith("-"):
        setattr(args, optional, left.pop())
    if left:
        whole.error(f"there is no place for `{' '.join(left)}`")
    return args


def _run(words: list[str]) -> int:
    from bigrules.diagnostics import DataPath, Diagnostic, InputError

    try:
        if words and not words[0].startswith("-") and words[0] not in COMMANDS:
            near = difflib.get_close_matches(words[0], COMMANDS, 1, 0.5)
            help_ = f"did you mean `{near[0]}`?" if near else f"the commands are {', '.join(COMMANDS)}"
            raise _Refused(
                Diagnostic(
                    "BR501",
                    "no-such-command",
                    f"there is no command `{words[0]}`",
                    DataPath("command line"),
                    help_,
                )
            )
        args = _parsed(words)
        if args.version:
            from bigrules import __version__

            _out(f"bigrules {__version__}\n")
            return CONFORMS
        if args.help or not args.command:
            _out(_help())
            return CONFORMS if args.help else UNUSABLE
        return COMMANDS[args.command](args)
    except _Refused as refused:
        if refused.usage:
            sys.stderr.write(refused.usage)
        _complain([refused.diagnostic])
    except InputError as error:
        _complain(error.diagnostics)
    except (RecursionError, MemoryError):
        _complain(
            [
                Diagnostic(
                    "BR504",
                    "too-much",
                    "the input is too large or too deeply nested to be worked on",
                    DataPath("command line"),
                    "take a part of it",
                )
            ]
        )
    except BrokenPipeError:
        raise
    except OSError as error:
        name = os.fspath(error.filename) if isinstance(error.filename, (str, os.PathLike)) else ""
        _complain(
            [
                Diagnostic(
                    "BR505",
                    "cannot-use",
                    (error.strerror or str(error)).lower(),
                    DataPath(name or "command line"),
                )
            ]
        )
    except SystemExit as stop:  # argparse after --help of a command
        return int(stop.code or 0)
    except Exception as error:
        # A fault of bigrules; what somebody was working on must not be answered with a traceback.
        if os.environ.get("BIGRULES_TRACEBACK"):
            raise
        message = f"something went wrong inside bigrules: {type(error).__name__}"
        help_ = "please report it, with what BIGRULES_TRACEBACK=1 prints; nothing that was printed can be relied on"
        _complain([Diagnostic("BR599", "fault-of-bigrules", message, DataPath("command line"), help_)])
    return UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
