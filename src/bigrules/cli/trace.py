"""`bigrules trace`: the clause ledger beside the rules, and beside a copy of the guidance."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bigrules.cli.helpers import BREACHED, CONFORMS, UNUSABLE, complain, print_json, print_lines

if TYPE_CHECKING:
    from bigrules.diagnostics import Diagnostic


def trace(args: argparse.Namespace) -> int:
    """Trace a rulebook: 0 where nothing is left out, 1 where something is, 2 where it cannot be read."""
    import attrs

    from bigrules.diagnostics import InputError, errors
    from bigrules.findings.check import try_load
    from bigrules.tools import trace as tool

    rulebook, found = try_load(args.rules, args.amendment)
    if rulebook is None or errors(found):
        is_unusable = any(each.code.startswith("BR1") for each in errors(found))
        return _stop(args, UNUSABLE if is_unusable else BREACHED, found)
    try:
        traced = tool.trace(rulebook.model, args.guidance, args.scenarios)
    except InputError as error:
        return _stop(args, UNUSABLE, (*found, *error.diagnostics))
    traced = attrs.evolve(traced, diagnostics=(*found, *traced.diagnostics))
    if args.format == "json":
        from bigrules.render.trace import trace_data

        print_json(trace_data(traced))
    else:
        from bigrules.render.trace import trace_lines

        print_lines(trace_lines(traced))
    complain(traced.diagnostics)
    return BREACHED if errors(traced.diagnostics) else CONFORMS


def _stop(args: argparse.Namespace, status: int, found: Sequence[Diagnostic]) -> int:
    if args.format == "json":
        from bigrules.render.as_json import diagnostic_data
        from bigrules.render.trace import FORMAT

        print_json({"format": FORMAT, "diagnostics": [diagnostic_data(each) for each in found]})
    complain(found)
    return status
