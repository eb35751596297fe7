"""Reports as JSON: a format version, names in one place, everything exact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any, TextIO

from bigrules.diagnostics import Cell, DataPath, Diagnostic, Span
from bigrules.findings.amended import amended_in_words, exception_named
from bigrules.findings.basis import Report, RuleReport
from bigrules.findings.derive import Derivation
from bigrules.findings.names import PERSON, NameMode, Names, names_of, things_of
from bigrules.findings.questions import Question, Questions
from bigrules.findings.report import Figure, Finding, Missing
from bigrules.findings.wording import clause_in_words, natural
from bigrules.language.model import Type
from bigrules.render.evidence import answers_data, evidence_data
from bigrules.render.plain_data import number_data, value_data

FORMAT = 1


def dumps(data: object) -> str:
    """JSON text that is the same for the same data.

    >>> dumps({"share": "51/100"})
    '{\\n  "share": "51/100"\\n}\\n'
    """
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def write_json(data: object, stream: TextIO) -> None:
    """Write data so that nothing is lost on a stream that cannot encode it."""
    text = dumps(data)
    try:
        text.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        text = json.dumps(data, indent=2) + "\n"
    stream.write(text)


def schema() -> dict[str, Any]:
    """The JSON Schema of reports."""
    text = resources.files("bigrules.render").joinpath("report.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def report_data(
    report: Report, names: NameMode = "initials", only: Iterable[Finding] | None = None
) -> dict[str, Any]:
    """A report as plain data.

    Args:
        report: The report.
        names: How much of names stands under `people`; `none` leaves the names out.
        only: Findings to give, with their derivations; None for all, without.
    """
    case, rulebook, rests_on = report.basis.case, report.basis.rulebook, report.rests_on
    ids = report.basis.names("ids")
    people, things = who(report, names)
    wanted = None if only is None else list(only)
    rules = []
    for rule in report:
        findings = (
            rule.findings
            if wanted is None
            else [each for each in rule.findings if any(each is one for one in wanted)]
        )
        if wanted is None or findings:
            rules.append(_rule(report, rule, findings, ids, wanted is not None, names))
    return {
        "register": rests_on.source,
        "body": case.name or rulebook.body,
        "outcome": str(report.outcome),
        "rests on": rests_on_data(report),
        "people": people,
        "things": things,
        "rules": rules,
    }


def rests_on_data(report: Report) -> dict[str, Any]:
    """What a report rests on, as plain data."""
    rests_on = report.rests_on
    return {
        "rulebook": rests_on.rulebook,
        "version": rests_on.version,
        "edition": rests_on.edition,
        "digest": rests_on.digest,
        "amendments": [
            {
                "amendment": each.name,
                "version": each.version,
                "by": each.by or None,
                "digest": each.digest,
                "from": each.start.isoformat() if each.start else None,
                "until": each.end.isoformat() if each.end else None,
            }
            for each in rests_on.amendments
        ],
        "as of": rests_on.as_of.isoformat(),
        "day given": rests_on.day_given,
        "given": dict(rests_on.given),
        "not asked": list(rests_on.not_asked),
        "defaults": [{"text": text, "count": number} for text, number in rests_on.defaults],
        "engines": list(rests_on.engines),
        "notes": list(rests_on.notes),
        "readings": dict(rests_on.reading),
    }


def who(report: Report, mode: NameMode) -> tuple[dict[str, Any], dict[str, Any]]:
    """The people and the other things of a case by the ids that the JSON form gives them, with their names."""
    case, rulebook = report.basis.case, report.basis.rulebook
    shown = names_of(rulebook, case, mode).shown
    people: dict[str, Any] = {}
    things: dict[str, Any] = {}
    for type_name, found in things_of(rulebook, case).items():
        for number, id_ in enumerate(found, 1):
            entry: dict[str, Any] = {} if mode == "none" else {"name": shown[type_name, id_]}
            if mode == "full" and (type_name, id_) in case.names:
                entry["id"] = id_
            if type_name == PERSON:
                people[f"{type_name}-{number}"] = entry
            else:
                things[f"{type_name.replace(' ', '-')}-{number}"] = {"is": type_name, **entry}
    return people, things


def _rule(
    report: Report,
    rule: RuleReport,
    findings: Iterable[Finding],
    ids: Names,
    derivations: bool,
    names: NameMode,
) -> dict[str, Any]:
    model = report.basis.rulebook.rules[rule.rule]
    return {
        "rule": rule.rule,
        "says": rule.title,
        "force": rule.force,
        "source": list(model.source),
        "clause": clause_in_words(report.basis.rulebook, model.source),
        "amended": list(amended_in_words(report.basis.rulebook, model, report.rests_on.as_of)),
        "outcome": str(rule.outcome),
        "findings": [_finding(report, each, ids, model.types, derivations, names) for each in findings],
    }


def _finding(
    report: Report,
    finding: Finding,
    ids: Names,
    types: Mapping[str, Type],
    derivations: bool,
    names: NameMode,
) -> dict[str, Any]:
    explanation = report.explain(finding, "ids")
    deriver = report.basis.deriver(finding.rule, "ids")
    questions = Questions(deriver)
    data: dict[str, Any] = {
        "outcome": str(finding.outcome),
        "subject": {slot: value_data(value, types.get(slot), ids) for slot, value in finding.subject},
        "concerned": [
            {
                "people": sorted((ids.person(each) for each in witness.concerned), key=natural),
                "certain": witness.certain,
            }
            for witness in finding.witnesses
            if witness.concerned
        ],
        "figures": [_figure(each, said) for each, said in explanation.measures],
        "missing": [
            _missing(each, questions.question(each), report, ids) for each in questions.worth_asking(finding)
        ],
        "exception": finding.exception or None,
        "would be": str(finding.would_be) if finding.would_be else None,
        "instead": _instead(report, finding),
        "turns": [
            {"file": each.file, "reading": each.reading, "outcome": str(each.outcome)}
            for each in finding.turns
        ],
        "settled": finding.settled,
        "not recorded": finding.further,
        "reasons": [*explanation.reasons, *explanation.exceptions],
        "answers": answers_data(explanation.recorded, deriver, names),
        "evidence": evidence_data(report, finding),
    }
    if derivations:
        data["derivations"] = [_derivation(each) for each in explanation.derivations]
    return data


def _instead(report: Report, finding: Finding) -> str | None:
    """Id of the rule that applies in place of the one that does not."""
    rule = report.basis.rulebook.rules.get(finding.rule)
    exception = exception_named(rule, finding.exception) if rule is not None and finding.exception else None
    return (exception.instead or None) if exception is not None else None


def _missing(missing: Missing, said: Question, report: Report, ids: Names) -> dict[str, Any]:
    rulebook = report.basis.rulebook
    columns: Sequence[tuple[str, Type]] = ()
    if missing.kind in rulebook.vocabulary.kinds:
        fields = {field.name: field.type for field in rulebook.vocabulary.kinds[missing.kind].fields}
        columns = [(name, fields.get(name, Type("text"))) for name, _ in missing.subject]
    elif missing.kind in rulebook.definitions:
        definition = rulebook.definitions[missing.kind]
        columns = list(zip(definition.slots, definition.types, strict=True))
    elif missing.kind in rulebook.rules:
        rule = rulebook.rules[missing.kind]
        columns = [(slot, rule.types.get(slot, Type("text"))) for slot in rule.subject]
    return {
        "sort": missing.sort,
        "kind": missing.kind,
        "field": missing.field or None,
        "subject": {
            name: value_data(value, type_, ids)
            for (name, type_), (_, value) in zip(columns, missing.subject, strict=False)
        },
        "question": said.text,
        "answers": [{"answer": answer, "outcome": str(outcome)} for answer, outcome in said.answers],
        "where": said.where or None,
    }


def _figure(figure: Figure, said: str) -> dict[str, Any]:
    return {
        "measure": figure.aggregate,
        "least": number_data(figure.least),
        "greatest": number_data(figure.greatest),
        "of least": number_data(figure.of_least),
        "of greatest": number_data(figure.of_greatest),
        "op": figure.op,
        "limit": number_data(figure.bound),
        "text": said,
    }


def _derivation(derivation: Derivation) -> dict[str, Any]:
    return {
        "says": derivation.says,
        "sort": derivation.sort,
        "certain": derivation.certain,
        "where": derivation.where or None,
        "spell": derivation.spell or None,
        "source": derivation.source or None,
        "because": [_derivation(each) for each in derivation.because],
    }


def diagnostic_data(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as plain data."""
    place = diagnostic.place
    where: dict[str, Any] = {"file": place.file}
    if isinstance(place, Span):
        where |= {"line": place.line, "column": place.column}
    elif isinstance(place, Cell):
        where |= {"sheet": place.sheet or None, "cell": place.cell or None}
    elif isinstance(place, DataPath):
        where |= {"path": place.path}
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "place": where,
    }
