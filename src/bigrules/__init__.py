"""bigrules: written guidance as rules that people can read and programs can run.

    import bigrules

    rulebook = bigrules.load_rulebook()                    # the shipped one; a path; an entry point's name
    case = rulebook.read("register.xlsx", as_of="2018-06-01")
    report = rulebook.check(case)
    report.outcome, report.breached
    print(report["criteria/resident-majority"].findings[0].why())

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bigrules.diagnostics import Cell, DataPath, Diagnostic, InputError, Span
    from bigrules.facts.case import UNKNOWN, Answer, Case, Fact
    from bigrules.findings.answers import RecordedAnswer
    from bigrules.findings.basis import Report, RuleReport
    from bigrules.findings.check import EnginesDisagree, Rulebook, load_rulebook
    from bigrules.findings.derive import Derivation
    from bigrules.findings.evidence import Contradiction, FoundElsewhere, Listed, Measured
    from bigrules.findings.explain import Explanation
    from bigrules.findings.pack import Pack, PackCell, PackFinding, PackMember, PackQuestion, ToDo
    from bigrules.findings.profile import Profile
    from bigrules.findings.questions import Question
    from bigrules.findings.report import (
        CaseOutcome,
        Figure,
        Finding,
        Missing,
        Outcome,
        RestsOn,
        Turn,
        Witness,
    )

__version__ = "0.1.0"

# Where each public name is found when it is first used.
_HOMES = {
    "Answer": "bigrules.facts.case",
    "Case": "bigrules.facts.case",
    "CaseOutcome": "bigrules.findings.report",
    "Cell": "bigrules.diagnostics",
    "Contradiction": "bigrules.findings.evidence",
    "DataPath": "bigrules.diagnostics",
    "Derivation": "bigrules.findings.derive",
    "Diagnostic": "bigrules.diagnostics",
    "EnginesDisagree": "bigrules.findings.check",
    "Explanation": "bigrules.findings.explain",
    "Fact": "bigrules.facts.case",
    "Figure": "bigrules.findings.report",
    "Finding": "bigrules.findings.report",
    "FoundElsewhere": "bigrules.findings.evidence",
    "InputError": "bigrules.diagnostics",
    "Listed": "bigrules.findings.evidence",
    "Measured": "bigrules.findings.evidence",
    "Missing": "bigrules.findings.report",
    "Outcome": "bigrules.findings.report",
    "Pack": "bigrules.findings.pack",
    "PackCell": "bigrules.findings.pack",
    "PackFinding": "bigrules.findings.pack",
    "PackMember": "bigrules.findings.pack",
    "PackQuestion": "bigrules.findings.pack",
    "Profile": "bigrules.findings.profile",
    "Question": "bigrules.findings.questions",
    "RecordedAnswer": "bigrules.findings.answers",
    "Report": "bigrules.findings.basis",
    "RestsOn": "bigrules.findings.report",
    "RuleReport": "bigrules.findings.basis",
    "Rulebook": "bigrules.findings.check",
    "Span": "bigrules.diagnostics",
    "ToDo": "bigrules.findings.pack",
    "Turn": "bigrules.findings.report",
    "UNKNOWN": "bigrules.facts.case",
    "Witness": "bigrules.findings.report",
    "load_rulebook": "bigrules.findings.check",
}

__all__ = [
    "UNKNOWN",
    "Answer",
    "Case",
    "CaseOutcome",
    "Cell",
    "Contradiction",
    "DataPath",
    "Derivation",
    "Diagnostic",
    "EnginesDisagree",
    "Explanation",
    "Fact",
    "Figure",
    "Finding",
    "FoundElsewhere",
    "InputError",
    "Listed",
    "Measured",
    "Missing",
    "Outcome",
    "Pack",
    "PackCell",
    "PackFinding",
    "PackMember",
    "PackQuestion",
    "Profile",
    "Question",
    "RecordedAnswer",
    "Report",
    "RestsOn",
    "RuleReport",
    "Rulebook",
    "Span",
    "ToDo",
    "Turn",
    "Witness",
    "__version__",
    "load_rulebook",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'bigrules' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
