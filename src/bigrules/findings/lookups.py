"""Conditions that are no rule, looked up in a case: whether they hold, in which ways, and what is not known.

Each is asked as a rule that allows nothing of it, so that what is not known is told from what is not so by the
same engine as for rules, and what is missing can say where it goes.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from bigrules.diagnostics import Span
from bigrules.facts.case import Case
from bigrules.facts.domains import Fresh
from bigrules.findings.apart import Evaluations
from bigrules.findings.basis import Basis, assemble
from bigrules.findings.derive import Deriver
from bigrules.findings.formulas import outcomes_in
from bigrules.findings.names import NameMode
from bigrules.findings.report import Finding
from bigrules.findings.solve import Solution
from bigrules.language.model import Formula, Rule, Rulebook, Type, Value
from bigrules.program.compile import compile_program


@attrs.frozen
class Lookup:
    """A condition to be looked up.

    Args:
        condition: The condition.
        types: The types of its slots.
        given: What it is asked for each of, or None.
        subject: The slot of `given` that it is asked for.
        place: Where it stands.
    """

    condition: Formula
    types: Mapping[str, Type]
    given: Formula | None = None
    subject: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)


class Lookups:
    """Conditions looked up in one case.

    Args:
        rulebook: The rulebook.
        case: The case.
        lookups: The conditions, by any name.
        names: How much of the names of people is shown.
    """

    def __init__(
        self, rulebook: Rulebook, case: Case, lookups: Mapping[str, Lookup], names: NameMode = "full"
    ) -> None:
        self.lookups = lookups
        probes = {name: self._probe(name, each) for name, each in lookups.items()}
        reads = any(True for each in lookups.values() for _ in outcomes_in(each.condition))
        self.rulebook = attrs.evolve(rulebook, rules={**(rulebook.rules if reads else {}), **probes})
        program = compile_program(self.rulebook, list(self.rulebook.rules))
        self.evaluations = Evaluations(self.rulebook, program, case)
        self.basis = Basis(self.rulebook, case, self.evaluations)
        self.names = names
        found = self.evaluations.judge(list(self.rulebook.rules))
        self.found = findings = tuple(one for each in found.values() for one in each)
        report = assemble(self.rulebook, case, findings, self.basis, "should", ("compiled",), (), ())
        self._findings = {
            (each.rule, each.subject[0][1] if each.subject else None): each
            for each in report.findings
            if each.rule in probes and not each.further
        }

    @staticmethod
    def _probe(name: str, lookup: Lookup) -> Rule:
        return Rule(
            id=name,
            title=name,
            force="expected",
            given=lookup.given,
            subject=(lookup.subject,) if lookup.subject else (),
            types=dict(lookup.types),
            form="not allowed",
            condition=lookup.condition,
            place=lookup.place,
        )

    def confirm(self) -> None:
        """Have the second engine look everything up as well, where it is installed.

        Raises:
            EnginesDisagree: The engines found something different.
        """
        from bigrules.findings.check import confirmed

        confirmed(self.found, frozenset(), self.evaluations)

    def finding(self, name: str, subject: Value = None) -> Finding | None:
        """What was found for a condition: breached where it holds, met where it does not."""
        return self._findings.get((name, subject))

    def deriver(self, name: str) -> Deriver:
        """Finds derivations for a condition, and words."""
        return self.basis.deriver(name, self.names)

    def solutions(self, name: str, binding: Mapping[str, object]) -> list[Solution]:
        """The ways in which a condition holds, or may, by what is in the register."""
        deriver = self.deriver(name)
        return [
            each
            for each in deriver.solve(self.lookups[name].condition, binding)
            if not any(isinstance(one, Fresh) for one in each.binding.values())
            and (
                each.certain or not any(one.supposed and one.sort != "test" for one in deriver.of_steps(each))
            )
        ]
