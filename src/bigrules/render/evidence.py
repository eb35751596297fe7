"""Evidence, and what people decided: as lines for people, and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bigrules.findings.answers import RecordedAnswer, in_words, who_decided
from bigrules.findings.basis import Report
from bigrules.findings.derive import Deriver
from bigrules.findings.evidence import FoundElsewhere, Listed, Measured
from bigrules.findings.evidence_words import NOT_SETTLED, Telling, Told
from bigrules.findings.figures import measure_in_words
from bigrules.findings.names import NameMode
from bigrules.findings.profile import Characteristic, Profile, hidden, without_own_words
from bigrules.findings.report import Finding
from bigrules.language.model import Type
from bigrules.language.shown import Show, ShowEach, ShowFindings
from bigrules.render.plain_data import number_data, value_data
from bigrules.render.text import Line


def evidence_lines(shown: Iterable[Told], indent: int, briefly: bool = False) -> list[Line]:
    """Evidence as lines under the question that it belongs to.

    Args:
        shown: The evidence.
        indent: How far the lines are indented.
        briefly: Whether an item that can be is one sentence; contradictions are told in any case.
    """
    lines: list[Line] = []
    for each in shown:
        if briefly and each.brief:
            lines.append(Line(each.brief, indent + 2, mark="- "))
            lines += [Line(one, indent + 4, "breached", mark="! ") for one in each.contradictions]
            continue
        lines.append(Line(each.lead, indent + 2, mark="- "))
        lines += [Line(one, indent + 4, mark="- ") for one in each.lines]
        lines += [Line(one, indent + 4, "breached", mark="! ") for one in each.contradictions]
    return [Line("Evidence:", indent), *lines] if lines else []


# ---------------------------------------------------------------- JSON


def answers_data(
    recorded: Iterable[RecordedAnswer], deriver: Deriver, names: NameMode
) -> list[dict[str, Any]]:
    """What people decided; why, and who that is nobody in the register, only where names are in full.

    Args:
        recorded: The answers.
        deriver: Finds words, with ids for names.
        names: How much of names is shown.
    """
    return [_answer(each, deriver, names) for each in recorded]


def _answer(each: RecordedAnswer, deriver: Deriver, names: NameMode) -> dict[str, Any]:
    who = who_decided(each.who, deriver) or (each.who if names == "full" else "")
    types = _types(each.question, deriver)
    return {
        "question": each.question,
        "subject": {slot: value_data(value, types.get(slot), deriver.names) for slot, value in each.subject},
        "answer": each.answer,
        "who": who or None,
        "when": each.when.isoformat() if each.when else None,
        "why": (each.why or None) if names == "full" else None,
        "counts": each.counts,
        "asked again since": each.again.isoformat() if each.again else None,
        "text": in_words(each, deriver),
    }


def _types(question: str, deriver: Deriver) -> dict[str, Type]:
    definition = deriver.rulebook.definitions.get(question)
    if definition is not None:
        return dict(zip(definition.slots, definition.types, strict=True))
    return deriver.rulebook.rules[question].types


def evidence_data(report: Report, finding: Finding) -> list[dict[str, Any]]:
    """The evidence of a finding; small counts are hidden in it."""
    rule = report.basis.rulebook.rules[finding.rule]
    if not rule.show:
        return []
    gathering = report.basis.gathering(finding.rule)
    telling = Telling(rule, gathering.deriver("ids"), small_counts=False)
    return [_item(show, each, telling, finding) for show, each in gathering.of(finding)]


def _item(
    show: Show, each: Profile | Measured | Listed | FoundElsewhere, telling: Telling, finding: Finding
) -> dict[str, Any]:
    if isinstance(each, Measured):
        figure = each.figure
        return {
            "sort": "figure",
            "says": telling.says(each.says, finding),
            "measure": figure.aggregate,
            "least": number_data(figure.least),
            "greatest": number_data(figure.greatest),
            "of least": number_data(figure.of_least),
            "of greatest": number_data(figure.of_greatest),
            "settled": each.settled,
            "text": measure_in_words(figure) if each.settled else NOT_SETTLED,
        }
    if isinstance(each, Listed):
        assert isinstance(show, ShowEach)
        return {
            "sort": "each",
            "says": telling.says(each.says, finding),
            "found": [
                {"text": telling.instance(one, show.each), "certain": one.certain} for one in each.found
            ],
            "not asked": list(each.not_asked),
            "incomplete": list(each.incomplete),
        }
    if isinstance(each, FoundElsewhere):
        assert isinstance(show, ShowFindings)
        return {
            "sort": "findings",
            "found": [{"rule": rule, "outcome": str(outcome)} for rule, outcome in each.outcomes],
            "said": list(each.said),
            "contradictions": [
                {
                    "answer": one.answer,
                    "recorded": one.recorded,
                    "rules": list(one.rules),
                    "text": telling.contradiction(one, show, finding),
                }
                for one in each.contradictions
            ],
        }
    return {
        "sort": "profile",
        "of": each.what,
        "least": each.count.least,
        "greatest": each.count.greatest,
        "characteristics": [_characteristic(one, each) for one in each.characteristics],
        "not asked": list(each.not_asked),
    }


def _characteristic(characteristic: Characteristic, profile: Profile) -> dict[str, Any]:
    shown = without_own_words(characteristic)
    words = hidden([*(each.count for each in shown.groups), shown.not_known], profile.count)
    return {
        "by": shown.name,
        "groups": [
            {"group": each.name, "count": said, "percent in the area": number_data(each.percent)}
            for each, said in zip(shown.groups, words, strict=False)
        ],
        "not known": words[-1],
    }
