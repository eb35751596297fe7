"""The command line as it is written: its commands, options and help."""

from __future__ import annotations

import argparse
import difflib
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from bigrules.diagnostics import Diagnostic

GROUPS = (
    ("For a partnership and those who look after its register", ("check", "explain", "review", "new")),
    ("For authors of rules", ("new", "test", "fmt", "diff")),
    ("For auditors and anyone who wants to see inside", ("trace", "show")),
)
EXIT = """exit status:
  check  0 conforms, 1 breached, 3 open, 2 cannot be used, 4 the engines disagree;
         of several registers the worst, in the order 4, 2, 1, 3, 0
  test, trace  0 clean, 1 faults, 2 cannot be used
  diff   0 every register comes out as before, as far as is known, 1 some may not, 2 cannot be used
  fmt    0 done, 1 something would change (with --check), 2 something was left as it is
  review 0 nothing is missing, 1 something is, 2 cannot be used, 4 the engines disagree
  others 0 done, 2 cannot be used"""

# Of what `show schema` prints a schema.
SCHEMAS = (
    "rules", "vocabulary", "clauses", "rulebook", "amendment", "scenarios", "report", "review", "trace", "diff",
)  # fmt: skip


class Refused(Exception):
    """The command line cannot be used.

    Args:
        diagnostic: Why.
        usage: How it is used.
    """

    def __init__(self, diagnostic: Diagnostic, usage: str = "") -> None:
        super().__init__(diagnostic)
        self.diagnostic, self.usage = diagnostic, usage


class Parser(argparse.ArgumentParser):
    @property
    def options(self) -> list[str]:
        """The options that it has."""
        return list(self._option_string_actions)

    def error(self, message: str, help: str | None = None) -> NoReturn:
        from bigrules.diagnostics import DataPath, Diagnostic

        asks = help or f"`{self.prog} --help` says what can be asked"
        message = message.replace("'", "`")
        raise Refused(
            Diagnostic("BR500", "command-line", message, DataPath("command line"), asks), self.format_usage()
        )


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    from bigrules.cli.new import add_parser as add_new
    from bigrules.cli.review import add_parser as add_review

    main_ = Parser(prog="bigrules", add_help=False, usage="bigrules COMMAND ...", allow_abbrev=False)
    main_.add_argument("-h", "--help", action="store_true")
    main_.add_argument("--version", action="store_true")
    commands = main_.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser, prog="bigrules")

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
    _report_options(check)
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
    _report_options(explain)

    add_review(
        _command(
            commands,
            "review",
            "fill in the yearly review, and say what is missing",
            "Fill in the pack that is sent in a year: each member, the questions and what was found beside each "
            "answer, the criteria, what will be done, and what is missing. Of several registers, a line for each.",
        )
    )

    add_new(
        _command(
            commands,
            "new",
            "make an empty register, or begin a rulebook, a rule, a kind of fact",
            "Make an empty workbook, or the beginning of a rulebook, rule, definition, kind of fact or amendment that "
            "passes `bigrules test` as it stands. Nothing that is there is overwritten.",
        )
    )

    test = _command(
        commands,
        "test",
        "check rule files and run their examples",
        "Check a rulebook and run every example in its rule files.",
    )
    test.add_argument(
        "rules", nargs="?", metavar="RULES", help="directory of the rulebook; without it, the shipped one"
    )
    amendment_option(test)
    test.add_argument(
        "--scenarios",
        metavar="FOLDER",
        help="run the scenarios in it too: cases that stand apart from the rules",
    )
    from bigrules.cli.deep import add_options as add_deep

    add_deep(test)
    test.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print (default: text)"
    )

    from bigrules.cli.fmt import add_parser as add_fmt

    add_fmt(
        _command(
            commands,
            "fmt",
            "write rule files in one layout",
            "Put the keys of each file into their order, with comments kept, and indent and space it as the shipped "
            "rules are. Nothing that a file says is changed.",
        )
    )

    from bigrules.cli.diff import add_parser as add_diff

    add_diff(
        _command(
            commands,
            "diff",
            "show what differs between two rulebooks",
            "Show what changed from one rulebook to another, as sentences before and after; small made cases on which "
            "they differ; registers that come out otherwise, and why; and which step of the version is due.",
        )
    )

    trace = _command(
        commands,
        "trace",
        "show what became of each sentence of the guidance",
        "Show each clause of the guidance, in order, and what encodes it or why it binds nobody. With --guidance "
        "your own copy of the text is held against it, however it was typeset, and its sentences stand beside it.",
    )
    # `check` and `explain` call it `--rulebook`, so that whoever comes from there is not stopped.
    trace.add_argument(
        "--rules",
        "--rulebook",
        metavar="RULES",
        help="directory of the rulebook; without it, the shipped one",
    )
    amendment_option(trace)
    trace.add_argument("--guidance", metavar="FILE", help="your copy of the guidance, a text file")
    trace.add_argument(
        "--scenarios",
        metavar="DIR",
        help="the scenarios that show permissions; without it, those of the rulebook",
    )
    trace.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print (default: text)"
    )

    show = _command(
        commands,
        "show",
        "print what a rulebook turns into, or what a message means",
        "Print the vocabulary, the core form, the compiled program, a JSON Schema, or the page on a diagnostic.",
    )
    show.add_argument(
        "what",
        choices=("program", "core", "vocabulary", "schema", "code"),
        metavar="WHAT",
        help="vocabulary, core, program, schema or code",
    )
    show.add_argument(
        "rules",
        nargs="?",
        metavar="RULES",
        help="directory of the rulebook; without it, the shipped one. For code: one such as BR204, or the list of all",
    )
    amendment_option(show)
    show.add_argument(
        "--of",
        choices=SCHEMAS,
        default="rules",
        help="for schema: of rule files (the default), vocabulary, clauses, rulebook, amendment or scenarios, or "
        "of what check (report), review, trace or diff print",
    )
    return main_


def _command(commands: argparse._SubParsersAction[Parser], name: str, help_: str, description: str) -> Parser:
    return commands.add_parser(name, help=help_, description=description, allow_abbrev=False)


def rulebook_option(to: argparse.ArgumentParser) -> None:
    """Which rulebook is used."""
    to.add_argument(
        "--rulebook", metavar="RULES", help="directory or name of a rulebook; without it, the shipped one"
    )
    amendment_option(to)


def amendment_option(to: argparse.ArgumentParser) -> None:
    """What is laid over the rulebook."""
    to.add_argument(
        "--amendment",
        metavar="DIR",
        action="append",
        default=[],
        help="directory of an amendment to lay over the rulebook; may be given several times",
    )


def reading_options(
    to: argparse.ArgumentParser,
    example: str = "criteria/resident-majority='more than half'",
    names: str = "full on a terminal, initials elsewhere",
) -> None:
    """As of which day, with which readings, and with how much of names.

    Args:
        to: The parser of a command.
        example: A reading that the command may be given.
        names: How much of names is shown where nothing is said.
    """
    to.add_argument("--as-of", metavar="DAY", help="the day to judge as of, such as 2018-06-01")
    to.add_argument(
        "--reading",
        metavar="FILE=NAME",
        action="append",
        default=[],
        help=f"apply another reading, such as {example}",
    )
    to.add_argument(
        "--names",
        choices=("full", "initials", "none"),
        help=f"how much of people's names is shown (default: {names})",
    )


def _report_options(to: argparse.ArgumentParser) -> None:
    """What `check` and `explain` have in common."""
    reading_options(to)
    to.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    rulebook_option(to)


def help_text() -> str:
    lines = [
        "usage: bigrules COMMAND ...",
        "",
        "Written guidance as rules that people can read and programs can run.",
        "",
    ]
    words = {
        "check": "check registers against the rules",
        "explain": "say why, for any rule and any finding",
        "review": "fill in the yearly review, and say what is missing",
        "new": "make an empty register to fill in",
        "test": "check rule files and run their examples",
        "fmt": "write rule files in one layout, with comments kept",
        "diff": "show what differs between two rulebooks, on made cases and on registers",
        "trace": "show what became of each sentence of the guidance",
        "show": "print the vocabulary, core form, program or schema of a rulebook, or the page on a message",
    }
    for heading, names in GROUPS:
        lines += [f"{heading}:", *(f"  {name:8} {words[name]}" for name in names), ""]
        # Registers are made with it, and rules are begun with it.
        words["new"] = "begin a rulebook, a rule, a definition, a kind of fact or an amendment"
    lines += [
        "  bigrules COMMAND --help says more about one command; bigrules --version says which this is.",
        "",
        EXIT,
    ]
    return "\n".join(lines) + "\n"


def parsed(words: list[str]) -> argparse.Namespace:
    """The command line; an argument that may be left out is taken after options too, where argparse is not."""
    whole = parser()
    args, left = whole.parse_known_args(words)
    optional = {"explain": "rule", "diff": "new", "test": "rules", "show": "rules"}.get(
        args.command or "", ""
    )
    if len(left) == 1 and optional and getattr(args, optional) is None and not left[0].startswith("-"):
        setattr(args, optional, left.pop())
    if left:
        command = _parser_of(whole, args.command)
        word = left[0].partition("=")[0]
        near = [each for each in command.options if each.startswith(word)]
        near = near or difflib.get_close_matches(word, command.options, 1, 0.6)
        help_ = f"did you mean `{near[0]}`?" if word.startswith("--") and near else None
        if optional == "rules" and word in ("--rulebook", "--rules"):
            what = {"show": "show WHAT"}.get(args.command, args.command)
            help_ = f"name the rulebook without it: `bigrules {what} RULES`"
        command.error(f"there is no place for `{' '.join(left)}`", help_)
    return args


def _parser_of(whole: argparse.ArgumentParser, command: str | None) -> Parser:
    """The parser of a command, which knows its options and how it is used; the whole one without a command."""
    for action in whole._actions:
        if isinstance(action, argparse._SubParsersAction) and command in action.choices:
            chosen: Parser = action.choices[command]
            return chosen
    assert isinstance(whole, Parser)
    return whole
