"""Evaluations of a case: each rule that reads a list which is not complete by itself, all others together.

What may stand in a list that is not complete names somebody new, and would matter to every rule beside it.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Collection, Iterable

from bigrules.engines.base import Evaluation
from bigrules.facts.case import Case
from bigrules.findings.judge import evaluate, judge_evaluation, program_for
from bigrules.findings.report import Finding
from bigrules.language.model import Rulebook
from bigrules.program.core import Program
from bigrules.program.strata import cones, rule_tables

Rules = frozenset[str]

# By identity of the program: of each rule, the kinds of fact it reads, and whether more may still happen in one.
_reads: dict[int, dict[str, tuple[Rules, bool]]] = {}
_reads_lock = threading.Lock()


class Evaluations:
    """What an engine makes of a case, evaluated when it is asked for.

    Args:
        rulebook: The rulebook.
        program: The program that was compiled from it.
        case: The case.
        engine: `compiled` or `durable`.
        further: At most so many further records of a list that is not complete; None for any number.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        program: Program,
        case: Case,
        engine: str = "compiled",
        further: int | None = None,
    ) -> None:
        self.rulebook, self.program, self.case = rulebook, program, case
        self.engine, self.further = engine, further
        self._made: dict[Rules, Evaluation] = {}
        self._groups: dict[str, Rules] = {}
        self._lock = threading.RLock()

    @property
    def _group(self) -> dict[str, Rules]:
        if not self._groups:
            self._groups = self._grouped()
        return self._groups

    def _grouped(self) -> dict[str, Rules]:
        case, kinds = self.case, self.rulebook.vocabulary.kinds
        open_ = {name for name in kinds if name not in case.asked} | {each.kind for each in case.incomplete}
        # Where everybody has a row there are no further ones.
        open_ = {name for name in open_ if name in kinds and not kinds[name].one_for_each}
        reads = _reads_of(self.program)
        alone = {rule for rule, (read, soon) in reads.items() if soon or not read.isdisjoint(open_)}
        together = frozenset(reads) - alone
        return {each: frozenset((each,)) if each in alone else together for each in reads}

    def group(self, rule: str) -> Rules:
        """The rules that are evaluated together with a rule, and the rule itself."""
        return self._group[rule]

    def of(self, rule: str) -> Evaluation:
        """What a rule is judged by."""
        group = self._group[rule]
        with self._lock:
            if group not in self._made:
                program = program_for(self.rulebook, self.program, group)
                self._made[group] = evaluate(self.rulebook, program, self.case, self.engine, self.further)
            return self._made[group]

    def groups(self, rules: Iterable[str]) -> list[Rules]:
        """The rules, by those that are evaluated together."""
        found: dict[Rules, list[str]] = {}
        for rule in rules:
            found.setdefault(self._group[rule], []).append(rule)
        return [frozenset(each) for each in found.values()]

    def judge(self, rules: Collection[str], brief: bool = False) -> dict[str, list[Finding]]:
        """Findings of rules, by rule.

        Args:
            rules: Their ids.
            brief: Whether outcomes are all that is wanted.
        """
        found: dict[str, list[Finding]] = {rule: [] for rule in rules}
        for group in self.groups(rules):
            for each in judge_evaluation(self.of(min(group)), brief, group):
                found[each.rule].append(each)
        return found


def _reads_of(program: Program) -> dict[str, tuple[Rules, bool]]:
    with _reads_lock:
        found = _reads.get(id(program))
        if found is None:
            rules = {each.id: each for each in program.rules}
            depends = cones(program.strata, rules)
            found = {}
            for rule in program.rules:
                tables = {name for table in rule_tables(rule) for name in depends.get(table, {table})}
                base = [program.predicates[name] for name in tables if program.predicates[name].base]
                found[rule.id] = (
                    frozenset(each.source for each in base),
                    any(each.mode == "soon" for each in base),
                )
            _reads[id(program)] = found
            weakref.finalize(program, _reads.pop, id(program), None).atexit = False
        return found
