"""What each command does. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from bigrules.cli.diff import diff
from bigrules.cli.fmt import fmt
from bigrules.cli.helpers import (
    BREACHED,
    CONFORMS,
    DISAGREE,
    OPEN,
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
    rule_id,
    small_counts,
    unusable,
    worst_status,
)
from bigrules.cli.new import new
from bigrules.cli.review import engines_disagree, review
from bigrules.cli.trace import trace

if TYPE_CHECKING:
    from bigrules.findings.basis import Report


def check(args: argparse.Namespace) -> int:
    from bigrules.render.report import summary_line
    from bigrules.render.text import Line
    from bigrules.tools.registers import find_registers

    rulebook = load(args.rulebook, args.amendment)
    reading = chosen_readings(args.reading)
    registers, diagnostics = find_registers(rulebook.model, args.registers)
    statuses = [UNUSABLE] if diagnostics else []
    complain(diagnostics)
    reports: list[dict[str, object]] = [unusable("", diagnostics)] if diagnostics else []
    summary: list[Line] = []
    for number, register in enumerate(registers):
        if len(registers) > 1:
            progress(f"{number + 1} of {len(registers)}: {register}")
        status, data, report = _check_one(args, rulebook, register, reading, first=not summary)
        statuses.append(status)
        reports.append(data)
        if report is not None:
            summary.append(summary_line(report, register))
        elif args.format == "text":
            summary.append(Line(f"{register}: {data['outcome']}"))
    if len(registers) > 1 and args.format == "text":
        print_lines([Line(), Line(f"{len(registers)} registers", style="title"), *summary])
    if args.format == "json":
        from bigrules.render.as_json import FORMAT

        print_json({"format": FORMAT, "reports": reports})
    return worst_status(statuses)


def _check_one(
    args: argparse.Namespace, rulebook: object, register: str, reading: dict[str, str], first: bool
) -> tuple[int, dict[str, object], Report | None]:
    from bigrules.diagnostics import errors
    from bigrules.findings.check import EnginesDisagree, Rulebook

    assert isinstance(rulebook, Rulebook)
    case, diagnostics = rulebook.try_read(register, args.as_of)
    complain(diagnostics)
    if case is None or errors(diagnostics):
        return UNUSABLE, unusable(register, diagnostics), None
    try:
        report = rulebook.check(
            case, confirm=not args.no_confirm, readings=args.readings, reading=reading, fail_on=args.fail_on
        )
    except EnginesDisagree as disagree:
        found = engines_disagree(register, disagree)
        complain([found])
        return DISAGREE, {**unusable(register, [found]), "outcome": "disagree"}, None
    status = {"conforms": CONFORMS, "breached": BREACHED, "open": OPEN}[str(report.outcome)]
    names = names_mode(args)
    if args.format == "json":
        from bigrules.render.as_json import report_data

        return status, report_data(report, names), report
    from bigrules.render.report import report_lines
    from bigrules.render.text import Line

    between = [] if first else [Line(), Line("-" * 40), Line()]
    print_lines([*between, *report_lines(report, names, args.all, small_counts(args)), *about_names(args)])
    return status, {}, report


def explain(args: argparse.Namespace) -> int:
    rulebook = load(args.rulebook, args.amendment)
    rule = rule_id(rulebook.rules, args.rule) if args.rule else None
    case, diagnostics = rulebook.try_read(args.register, args.as_of)
    from bigrules.diagnostics import errors

    complain(diagnostics)
    if case is None or errors(diagnostics):
        if args.format == "json":
            from bigrules.render.as_json import FORMAT

            print_json({"format": FORMAT, "reports": [unusable(args.register, diagnostics)]})
        return UNUSABLE
    report = rulebook.check(case, readings="each", reading=chosen_readings(args.reading))
    names = names_mode(args)
    findings = [each for each in report.findings if rule is None or each.rule == rule]
    if args.format == "json":
        from bigrules.render.as_json import FORMAT, report_data

        print_json({"format": FORMAT, "reports": [report_data(report, names, findings)]})
        return CONFORMS
    from bigrules.render.report import explain_lines
    from bigrules.render.text import Line

    lines = explain_lines(report, findings, names, small_counts(args))
    if not lines and rule is not None:
        lines = [
            Line(
                f"The rule “{report[rule].title}” is not applicable: the register holds nothing that it is about."
            )
        ]
    print_lines([*lines, *about_names(args)])
    return CONFORMS


def test(args: argparse.Namespace) -> int:
    from bigrules.cli.deep import below, deep, shares
    from bigrules.diagnostics import errors
    from bigrules.findings.check import try_load
    from bigrules.tools.examples import amended_without_examples, run_examples
    from bigrules.tools.scenarios import run_scenarios

    least = shares(args)
    rulebook, diagnostics = try_load(args.rules, args.amendment)
    found, ran, scenarios = list(diagnostics), 0, 0
    unusable = rulebook is None and any(each.code.startswith("BR1") for each in errors(found))
    if rulebook is not None and not errors(found):
        more, ran = run_examples(rulebook.model)
        found += [*amended_without_examples(rulebook.model), *more]
        if args.scenarios is not None:
            more, scenarios = run_scenarios(rulebook.model, args.scenarios)
            found += more
            unusable = any(each.code.startswith("BR1") for each in errors(more))
    tested = None
    if args.deep and rulebook is not None and not errors(found):
        tested = deep(args, rulebook.model)
        found += tested.faults
    amends = None
    if rulebook is not None and not errors(diagnostics) and rulebook.model.laid:
        from bigrules.tools.amends import what_it_amends

        amends = what_it_amends(rulebook.model)
    complain(found)
    too_little = below(tested, least)
    status = UNUSABLE if unusable else (BREACHED if errors(found) or too_little else CONFORMS)
    if args.format == "json":
        from bigrules.render.as_json import FORMAT, diagnostic_data

        counts: dict[str, object] = {"examples": ran}
        if args.scenarios is not None:
            counts["scenarios"] = scenarios
        if tested is not None:
            from bigrules.render.deep import deep_data

            counts["deep"] = deep_data(tested)
        if amends is not None:
            from bigrules.render.amendments import amends_data

            counts["amends"] = amends_data(amends)
        print_json({"format": FORMAT, **counts, "diagnostics": [diagnostic_data(each) for each in found]})
        return status
    from bigrules.findings.wording import count
    from bigrules.render.text import Line

    if rulebook is not None and not errors(diagnostics):
        from bigrules.language.earlier import is_earlier

        rules = [each for each in rulebook.model.rules if not is_earlier(each)]
        files = f"{count(len(rules), 'rule')} and {count(len(rulebook.model.definitions), 'definition')}"
        tried = count(ran, "example")
        if args.scenarios is not None:
            tried += f" and {count(scenarios, 'scenario')}"
        faults = count(len(errors(found)), "fault") if errors(found) else "no faults"
        print_lines([Line(f"{files}: {tried} ran, {faults}")])
    if amends is not None:
        from bigrules.render.amendments import amends_lines

        print_lines(amends_lines(amends))
    if tested is not None:
        from bigrules.render.deep import deep_lines

        print_lines([*deep_lines(tested), *map(Line, too_little)])
    elif args.deep:
        print_lines([Line("Nothing is looked at in depth while there are faults.")])
    return status


def show(args: argparse.Namespace) -> int:
    from bigrules.tools import show

    if args.what == "code":
        from bigrules.tools.pages import page

        print_text(page(args.rules))
        return CONFORMS
    if args.what == "schema" and args.of == "report":
        from bigrules.render.as_json import schema

        print_json(schema())
        return CONFORMS
    if args.what == "schema" and args.of == "review":
        from bigrules.render.review_json import review_schema

        print_json(review_schema())
        return CONFORMS
    if args.what == "schema" and args.of == "trace":
        from bigrules.render.trace import trace_schema

        print_json(trace_schema())
        return CONFORMS
    if args.what == "schema" and args.of == "diff":
        from bigrules.render.diff import diff_schema

        print_json(diff_schema())
        return CONFORMS
    rulebook = load(args.rules, args.amendment).model
    if args.what == "schema":
        from bigrules.language.schema import schema_of

        print_json(schema_of(args.of, rulebook))
        return CONFORMS
    print_text(
        {"vocabulary": show.vocabulary, "core": show.core, "program": show.program}[args.what](rulebook)
    )
    return CONFORMS


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": check,
    "explain": explain,
    "review": review,
    "new": new,
    "test": test,
    "fmt": fmt,
    "diff": diff,
    "trace": trace,
    "show": show,
}
