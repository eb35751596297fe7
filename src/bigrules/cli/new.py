"""`bigrules new`: an empty register, or the beginning of a rulebook, a rule, a kind of fact or an amendment."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING

from bigrules.cli.helpers import CONFORMS, UNUSABLE, complain, load, print_lines

if TYPE_CHECKING:
    from bigrules.tools.new_files import Made

FORCES = ("must", "should", "expected")
FORMS = ("required", "not-allowed", "ask", "measure")


def add_parser(new: argparse.ArgumentParser) -> None:
    """What can be made, and how."""
    from bigrules.cli.editor import add_parser as add_editor
    from bigrules.cli.words import Parser, rulebook_option

    made = new.add_subparsers(dest="what", metavar="WHAT", parser_class=Parser, required=True)

    def one(name: str, help_: str, description: str) -> argparse.ArgumentParser:
        return made.add_parser(name, help=help_, description=description, allow_abbrev=False)

    register = one("register", "a workbook to fill in", "Make an empty workbook.")
    register.add_argument(
        "file", metavar="FILE.xlsx", help="where to put it; a file that is there is not overwritten"
    )
    rulebook_option(register)

    add_editor(
        one(
            "editor",
            "completion and hints for rule files in VS Code",
            "Write the settings with which VS Code, with its YAML extension, offers the sentences of a rulebook.",
        )
    )

    rulebook = one(
        "rulebook",
        "a directory with a vocabulary, a ledger and a first rule",
        "Make a rulebook that passes `bigrules test`, to begin with.",
    )
    rulebook.add_argument("directory", metavar="DIR", help="where to put it; nothing may be there yet")
    rulebook.add_argument("--name", default="", help="what it is called (default: as its directory)")
    rulebook.add_argument("--body", default="", help="what a case is called, such as 'the club'")
    rulebook.add_argument("--edition", default="", help="the edition of the text that it encodes")

    rule = one(
        "rule",
        "a rule, with examples and its clause",
        "Make a rule that passes `bigrules test`, with examples, and enter its clause in the ledger.",
    )
    rule.add_argument("id", metavar="ID", help="folder and name, such as criteria/minimum-size")
    _into(rule)
    rule.add_argument("--title", default="", help="what it says, in one sentence")
    _source(rule)
    rule.add_argument("--force", choices=FORCES, default="must", help="how strong it is (default: must)")
    rule.add_argument(
        "--form",
        choices=FORMS,
        default="required",
        help="something is required (the default) or not allowed, people are asked, or something is counted",
    )
    rule.add_argument(
        "--for-each",
        metavar="SENTENCE",
        action="append",
        default=[],
        help="of whom or what there is a finding each, such as '<person> is a member'; may be given again",
    )

    definition = one(
        "definition",
        "a sentence that follows from others",
        "Make a definition that passes `bigrules test`, with examples, and enter its clause in the ledger.",
    )
    definition.add_argument("id", metavar="ID", help="its name; without a folder it goes into definitions")
    _into(definition)
    definition.add_argument("--says", default="", metavar="SENTENCE", help="such as '<person> is trained'")
    _source(definition)

    amendment = one(
        "amendment",
        "a directory that is laid over a rulebook",
        "Make an amendment that passes `bigrules test`, with one change where one is named and cases that show it.",
    )
    amendment.add_argument("directory", metavar="DIR", help="where to put it; nothing may be there yet")
    amendment.add_argument(
        "--over",
        default="",
        metavar="RULES",
        help="directory or name of what it is laid over; without it, the shipped rulebook",
    )
    amendment.add_argument("--name", default="", help="what it is called (default: as its directory)")
    amendment.add_argument("--by", default="", help="by what authority, such as 'constitution 4.1'")
    amendment.add_argument(
        "--amends", default="", metavar="ID", help="the rule or definition that it changes"
    )
    amendment.add_argument("--parameter", default="", metavar="NAME", help="the parameter that it changes")
    amendment.add_argument("--change", default="", help="what stands there, such as 'at least: 8'")
    amendment.add_argument("--to", default="", help="what is to stand there, such as 'at least: 10'")
    amendment.add_argument("--disapply", action="store_true", help="the rule is not to apply")
    amendment.add_argument("--title", default="", help="what is so from then on, in one sentence")
    amendment.add_argument("--from", dest="start", default="", metavar="DAY", help="first day of the change")
    amendment.add_argument("--until", dest="end", default="", metavar="DAY", help="last day of the change")

    fact = one("fact", "a kind of fact", "Add a kind of fact to the vocabulary: a sheet of the register.")
    fact.add_argument("name", metavar="NAME", help="its name, which is also that of its sheet")
    _into(fact)
    fact.add_argument(
        "--fields",
        metavar="'FIELD: TYPE'",
        nargs="+",
        action="extend",
        default=[],
        help="such as 'person: person' 'day: happened' 'level: one of low, high'; a type is text, number, "
        "whole number (from 1 to 5), date, happened (the day on which it did), yes or no, one of …, or a thing",
    )
    fact.add_argument(
        "--says", default="", metavar="SENTENCE", help="such as '<person> was trained on <day>'"
    )
    fact.add_argument("--otherwise", default="", metavar="SENTENCE", help="how its absence is said")
    fact.add_argument(
        "--lists", default="", metavar="THING", help="it is the list of these, one row for each"
    )
    fact.add_argument("--dated", action="store_true", help="it is in force from a day until a day")
    fact.add_argument("--asks", default="", metavar="QUESTION", help="what is asked where nobody was asked")


def _into(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--rules",
        metavar="DIR",
        default=".",
        help="directory of the rulebook or amendment (default: the one that you are in)",
    )


def _source(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--source",
        metavar="CLAUSE",
        action="append",
        default=[],
        help="the clause that it encodes; one that is not in the ledger is entered; may be given again",
    )
    to.add_argument("--section", default="", help="the heading under which a new clause stands")
    to.add_argument("--place", default="", help="where it stands under it, such as 'second bullet'")


def new(args: argparse.Namespace) -> int:
    """Make what is asked for: 0 where it is there now, 2 where nothing was made."""
    if args.what == "register":
        return _register(args)
    if args.what == "editor":
        from bigrules.cli.editor import new_editor

        return new_editor(args)
    _print(_made(args))
    return CONFORMS


def _made(args: argparse.Namespace) -> Made:
    if args.what == "rulebook":
        from bigrules.tools.new_rulebook import new_rulebook

        return new_rulebook(args.directory, args.name, body=args.body, edition=args.edition)
    if args.what == "amendment":
        from bigrules.tools.new_amendment import Wanted, new_amendment

        asked = ("amends", "parameter", "change", "to", "disapply", "title", "start", "end")
        wanted = Wanted(**{each: getattr(args, each) for each in asked})
        return new_amendment(
            args.directory,
            args.over,
            name=args.name,
            by=args.by,
            wanted=wanted if wanted != Wanted() else None,
        )
    if args.what == "fact":
        from bigrules.tools.new_fact import new_fact

        return new_fact(
            args.name,
            args.rules,
            fields=args.fields,
            says=args.says,
            otherwise=args.otherwise,
            lists=args.lists,
            dated=args.dated,
            asks=args.asks,
        )
    clause = {"source": args.source, "section": args.section, "place": args.place}
    if args.what == "definition":
        from bigrules.tools.new_rule import new_definition

        return new_definition(args.id, args.rules, says=args.says, **clause)
    from bigrules.tools.new_rule import new_rule

    return new_rule(
        args.id,
        args.rules,
        title=args.title,
        force=args.force,
        form=args.form,
        for_each=args.for_each,
        **clause,
    )


def _print(made: Made) -> None:
    from bigrules.render.text import Line

    lines = [Line(f"{each} is there now.") for each in made.files]
    lines += [Line(f"{file} has the entry {entry}.") for file, entry in made.entries]
    lines += [Line(each) for each in made.notes]
    if made.then:
        lines.append(Line(f"Then: {shlex.join(made.then)}"))
    print_lines(lines)


def _register(args: argparse.Namespace) -> int:
    from bigrules.diagnostics import errors
    from bigrules.facts.workbook import new_register
    from bigrules.render.text import Line

    rulebook = load(args.rulebook, args.amendment)
    diagnostics = new_register(rulebook.model, args.file)
    complain(diagnostics or ())
    if errors(diagnostics or ()):
        return UNUSABLE
    then = ["bigrules", "check", args.file]
    then += ["--rulebook", args.rulebook] if args.rulebook else []
    for each in args.amendment:
        then += ["--amendment", each]
    print_lines([Line(f"{args.file} is ready to be filled in. Then: {shlex.join(then)}")])
    return CONFORMS
