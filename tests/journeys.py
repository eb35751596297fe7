"""What other processes are asked to do in tests: they import it by its name."""

from __future__ import annotations

from pathlib import Path

import bigrules
from bigrules.render.as_json import dumps, report_data

RENDER = Path(__file__).parent / "render"
BOOK, HALL = RENDER / "book", RENDER / "hall.yaml"


def told(report: bigrules.Report) -> str:
    """All that a report says, reasons too."""
    reasons = [str(report.explain(each, "full")) for each in report.findings]
    return dumps(report_data(report, "full")) + "\n".join(reasons)


def checked(rulebook: bigrules.Rulebook, case: bigrules.Case) -> tuple[bigrules.Report, str]:
    """A report with everything, and what it says there where it was made."""
    report = rulebook.check(case, confirm=True, readings="each")
    return report, told(report)


def asked_why(finding: bigrules.Finding) -> str:
    """The reasons of a finding that came alone."""
    return str(finding.why())


def misread(rulebook: bigrules.Rulebook) -> None:
    """Fails as a register fails that cannot be used."""
    rulebook.read({"people": [{"person": "Ann Example"}], "memberships": [{"person": "Ann Exmaple"}]})


def disagrees() -> None:
    """Fails as a check fails in which the engines differ."""
    raise bigrules.EnginesDisagree("rules/size", "person Ann", (("compiled", "met"), ("durable", "breached")))
