"""Things that no record names, and that only what a rule does not read could bring in: for the rule they are not there.

Where everything of a type has a row, a stranger has one too. Rules that are evaluated together share these rows, and
what one of them reads must make no difference to another.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping

from bigrules.engines.base import Evaluation
from bigrules.facts.domains import Fresh
from bigrules.facts.sites import Site
from bigrules.program.core import Program, ProgramRule
from bigrules.program.needs import columns_read
from bigrules.program.strata import cones, rule_tables

Columns = Mapping[str, frozenset[int]]

# By identity of the program: of each rule, the columns of each kind of fact that it reads.
_columns: dict[int, dict[str, Columns]] = {}
_lock = threading.Lock()


class Strangers:
    """The sites of an evaluation that bring strangers in.

    Args:
        evaluation: The evaluation.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.program, layout = evaluation.program, evaluation.layout
        self.everybody = layout.everybody
        self.sites = [each for each in layout.sites if _names_one(each)] if self.everybody else []
        # Columns in which the further records of a list name somebody known, too.
        self.known: set[tuple[int | None, str]] = set()
        self.columns: dict[str, tuple[str, ...]] = {}
        if self.sites:
            self.columns = {
                each.source: each.columns for each in self.program.predicates.values() if each.base
            }
            self.known = {
                (each.group, name)
                for each in layout.sites
                if each.group is not None
                for name, value in each.subject
                if not isinstance(value, Fresh)
            }

    def absent(self, rule: ProgramRule) -> dict[int, int]:
        """Sites that only bring in strangers whom the rule does not read, with the choice that brings none in.

        Args:
            rule: The rule.
        """
        if not self.sites:
            return {}
        read = columns_of(self.program)[rule.id]
        if self.everybody.isdisjoint(read):
            return {}
        found: dict[int, int] = {}
        for site in self.sites:
            choice = self._without(site, read.get(site.kind))
            if choice is not None:
                found[site.index] = choice
        return found

    def _without(self, site: Site, read: frozenset[int] | None) -> int | None:
        """The choice for a site that brings nobody in; None where it has one that the rule reads, or has no other."""
        if site.sort == "field":
            if read is not None and self.columns[site.kind].index(site.field) in read:
                return None
            return next((at for at, each in enumerate(site.values) if not isinstance(each, Fresh)), None)
        if read is None:
            return 0
        # Some other record does for the rule what this one does, if that one names somebody known in its place.
        unread = (
            name
            for name, value in site.subject
            if isinstance(value, Fresh) and self.columns[site.kind].index(name) not in read
        )
        return 0 if any((site.group, name) in self.known for name in unread) else None


def _names_one(site: Site) -> bool:
    """Whether it brings in somebody, or something, that no record names."""
    if site.sort == "field":
        return any(isinstance(each, Fresh) for each in site.values)
    return site.sort in ("list", "future") and any(isinstance(each, Fresh) for _, each in site.subject)


def columns_of(program: Program) -> dict[str, Columns]:
    """For each rule the columns of each kind of fact that it reads by itself."""
    with _lock:
        found = _columns.get(id(program))
        if found is None:
            rules = {each.id: each for each in program.rules}
            depends = cones(program.strata, rules)
            found = {each.id: _columns_read(program, each, depends) for each in program.rules}
            _columns[id(program)] = found
            weakref.finalize(program, _columns.pop, id(program), None).atexit = False
        return found


def _columns_read(program: Program, rule: ProgramRule, depends: Mapping[str, set[str]]) -> Columns:
    tables = {name for table in rule_tables(rule) for name in depends.get(table, {table})}
    clauses = [
        each for stratum in program.strata for each in stratum.clauses if each.head.predicate in tables
    ]
    limits = [
        each for stratum in program.strata for each in stratum.limits if {each.holds, each.void} & tables
    ]
    # The tables of rules whose outcome it asks for are read whole by these, and are among its tables.
    asked = {each.rule for stratum in program.strata for each in stratum.outcomes if each.holds in tables}
    rules = [each for each in program.rules if each is rule or each.id in asked]
    return columns_read(program.predicates, clauses, limits, rules)
