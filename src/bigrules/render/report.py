"""A report for people: what is breached first, then what needs facts, then what is for people to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bigrules.findings import wording
from bigrules.findings.amended import exception_named
from bigrules.findings.basis import Report, RuleReport
from bigrules.findings.explain import Explanation
from bigrules.findings.formulas import spell_in_words
from bigrules.findings.names import NameMode
from bigrules.findings.narrate import answers_in_words
from bigrules.findings.questions import Questions
from bigrules.findings.report import CaseOutcome, Finding, Outcome, RestsOn
from bigrules.findings.wording import count, day_in_words, listed
from bigrules.render.evidence import evidence_lines
from bigrules.render.text import Line, Style

SECTIONS: tuple[tuple[Outcome, str, Style], ...] = (
    (Outcome.BREACHED, "Breached", "breached"),
    (Outcome.UNDECIDED, "Needs facts", "open"),
    (Outcome.JUDGEMENT, "For people to decide", "open"),
    (Outcome.MET, "Met", "met"),
    (Outcome.NOT_APPLICABLE, "Not applicable", "faint"),
)
OUTCOME_WORDS = {
    CaseOutcome.CONFORMS: ("conforms to the rules", "met"),
    CaseOutcome.BREACHED: ("does not conform to the rules", "breached"),
    CaseOutcome.OPEN: ("is open: nothing is breached, and something is not settled yet", "open"),
}

# Of more findings of one rule that rest on nothing but lists that were not asked, one is told.
MOST_SUPPOSED = 5


def report_lines(
    report: Report, names: NameMode = "full", show_all: bool = False, small_counts: bool | None = None
) -> list[Line]:
    """A report as lines of text.

    Args:
        report: The report.
        names: How much of the names of people is shown.
        show_all: Whether rules that are met or not applicable are shown too, evidence is told in full, and
            each finding by itself though it waits for a list that nobody has asked about.
        small_counts: Whether small counts of people are told; without it, where names are in full.
    """
    rests_on = report.rests_on
    said, style = OUTCOME_WORDS[report.outcome]
    who = _who(report)
    lines = [
        Line(wording.sentence(f"{who} {said}"), style=style),  # type: ignore[arg-type]
        Line(f"Judged as of {day_in_words(rests_on.as_of)}." + _clock(rests_on), style="faint"),
    ]
    for outcome, heading, look in SECTIONS:
        shown = list(report.having(outcome))
        if outcome in (Outcome.MET, Outcome.NOT_APPLICABLE):
            if not show_all:
                continue
            bare = [rule for rule in report if rule.outcome is outcome and not rule.findings]
            if not shown and not bare:
                continue
        else:
            bare = []
        waiting: dict[str, list[Finding]] = {}
        if outcome is Outcome.UNDECIDED and not show_all:
            shown, waiting = _waiting(report, shown, names)
        if shown or bare:
            lines += [Line(), Line(f"{heading} ({len(shown) + len(bare)})", style=look)]
        for rule in report:
            mine = [each for each in shown if each.rule == rule.rule]
            if mine or rule in bare:
                lines += [Line(), *_rule(report, rule, mine, names, small_counts, show_all)]
        lines += _waiting_lines(report, waiting)
    if not show_all:
        lines += _contradictions(report, names)
        lines += _disapplied(report, names)
        lines += _rest(report)
    return [*lines, Line(), *rests_on_lines(rests_on)]


def _who(report: Report) -> str:
    return report.basis.case.name or report.basis.rulebook.body


def _clock(rests_on: RestsOn) -> str:
    return "" if rests_on.day_given else " No day was given, so it is the day on which this was run."


def _waiting(
    report: Report, findings: list[Finding], names: NameMode
) -> tuple[list[Finding], dict[str, list[Finding]]]:
    """Findings that something else is needed for, and those that wait for nothing but whole lists, by list."""
    rest: list[Finding] = []
    waiting: dict[str, list[Finding]] = {}
    for finding in findings:
        questions = Questions(report.basis.deriver(finding.rule, names)).of(finding)
        lists = {each.not_asked for each in questions if not each.later}
        if lists and "" not in lists and finding.settled:
            for each in lists:
                waiting.setdefault(each, []).append(finding)
        else:
            rest.append(finding)
    return rest, waiting


def _waiting_lines(report: Report, waiting: dict[str, list[Finding]]) -> list[Line]:
    """Each list that nobody has asked about, with what waits for it."""
    if not waiting:
        return []
    kinds = report.basis.rulebook.vocabulary.given
    lines = [
        Line(),
        Line(f"Waits for lists that nobody has asked about ({len(waiting)})", style="open"),
        Line("What turns on several of them stands under each; --all tells more of each rule.", 2, "faint"),
    ]
    for name in (each for each in kinds if each in waiting):
        numbers = Counter(each.rule for each in waiting[name])
        lines += [Line(), Line(f"{name}: {kinds[name].asks or kinds[name].help}", 2, "title")]
        for rule in report:
            number = numbers[rule.rule]
            if number:
                often = f", {count(number, 'finding')}" if number > 1 else ""
                lines.append(Line(f"{rule.title} ({rule.rule}{often})", 4, mark="- "))
    return lines


def _rule(
    report: Report,
    rule: RuleReport,
    findings: list[Finding],
    names: NameMode,
    small_counts: bool | None,
    in_full: bool,
) -> list[Line]:
    model = report.basis.rulebook.rules[rule.rule]
    clause = wording.clause_in_words(report.basis.rulebook, model.source)
    is_aside = rule.force == "expected" and report.fail_on == "should"
    force = "expected; does not count for the outcome" if is_aside else rule.force
    lines = [
        Line(rule.title, 2, "title"),
        Line(" · ".join(each for each in (clause, force, rule.rule) if each), 4, "faint"),
    ]
    # What is said alike of several things is said once.
    alike: dict[tuple[Line, ...], list[str]] = {}
    supposed: dict[tuple[Line, ...], None] = {}
    for finding in findings:
        explanation = report.explain(finding, names, small_counts)
        said = tuple(explanation_lines(explanation, 4, briefly=not in_full))
        alike.setdefault(said, []).append(explanation.subject)
        if _rests_on_lists(finding):
            supposed[said] = None
    # Each two of many people, say: of the rest there is nothing to say but that the same lists were not asked.
    rest = list(supposed)[1:] if len(supposed) > MOST_SUPPOSED and not in_full else []
    more = [subject for said in rest for subject in alike.pop(said)]
    for number, (said, subjects) in enumerate(alike.items()):
        about = [each for each in subjects if each]
        if about:
            lines.append(Line(wording.sentence(f"about {listed(about)}"), 4))
        lines += said
        if number + 1 < len(alike):
            lines.append(Line())
    if more:
        also = f"It is open about {len(more)} more, such as {more[0]}, by the same lists that were not asked."
        lines += [Line(), Line(also, 4)]
    if not findings:
        lines.append(Line("There is nothing in the register that this rule is about.", 4))
    return lines


def _rests_on_lists(finding: Finding) -> bool:
    """Whether a finding is open by nothing but lists that were not asked, and what people would say then."""
    sorts = {each.sort for each in finding.missing}
    return finding.outcome is Outcome.UNDECIDED and "list" in sorts and sorts <= {"list", "question"}


def explanation_lines(explanation: Explanation, indent: int, briefly: bool = False) -> list[Line]:
    """What a finding says, without its heading.

    Args:
        explanation: The finding in words.
        indent: How far the lines are indented.
        briefly: Whether each item of evidence is told in one sentence.
    """
    lines: list[Line] = []
    if explanation.concerned and explanation.concerned != ((explanation.subject,),):
        many = [listed(each) for each in explanation.concerned]
        if len(many) == 1:
            lines.append(Line(wording.sentence(f"concerned: {many[0]}"), indent))
        else:
            lines.append(Line("Concerned, each by themselves:", indent))
            lines += [Line(wording.sentence(each), indent, mark="- ") for each in many]
    lines += [Line(wording.sentence(f"figures: {each}"), indent) for each in explanation.figures]
    if explanation.reasons:
        known = explanation.outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT)
        lines.append(Line("What is known:" if known else "Why:", indent))
        lines += [Line(each, indent, mark="- ") for each in explanation.reasons]
    lines += [Line(each, indent) for each in explanation.answers]
    later = [each for each in explanation.questions if each.later]
    for question in explanation.questions:
        if question.later:
            continue
        where = f" ({question.where})" if question.where else ""
        lines.append(Line(f"{question.text}{where}", indent, mark="? "))
        lines += [Line(each, indent + 2) for each in answers_in_words(question.answers)]
    if later:
        lines.append(
            Line(f"When that is known, {count(len(later), 'question')} may be left for people.", indent)
        )
    lines += evidence_lines(explanation.shown, indent, briefly)
    lines += [
        Line(each, indent)
        for each in (*explanation.exceptions, *explanation.amended, *explanation.turns, *explanation.notes)
    ]
    return lines


def _contradictions(report: Report, names: NameMode) -> list[Line]:
    """What contradicts a finding that is not shown, such as an answer that makes a rule met."""
    lines: list[Line] = []
    hidden = (Outcome.MET, Outcome.NOT_APPLICABLE)
    found = {id(each): each for each, _ in report.contradictions if each.outcome in hidden}
    for finding in found.values():
        explanation = report.explain(finding, names, small_counts=False)
        about = f" ({explanation.subject})" if explanation.subject else ""
        lines += [Line(), Line(f"{explanation.title}{about}", 2, "title")]
        lines.append(Line(f"{finding.rule} · {finding.outcome}", 4, "faint"))
        lines += [Line(each, 4) for each in explanation.answers]
        lines += [Line(each, 4) for shown in explanation.shown for each in shown.contradictions]
    if not lines:
        return []
    number = sum(1 for each, _ in report.contradictions if id(each) in found)
    return [Line(), Line(f"Contradictions ({number})", style="breached"), *lines]


def _disapplied(report: Report, names: NameMode) -> list[Line]:
    """What would have been found for rules that an amendment has disapplied or replaced."""
    lines: list[Line] = []
    number = 0
    for rule in report:
        model = report.basis.rulebook.rules[rule.rule]
        out = [
            each
            for each in rule.findings
            if each.exception and (by := exception_named(model, each.exception)) and by.by_amendment
        ]
        if out:
            number += 1
            lines += [Line(), Line(f"{rule.title} ({rule.rule})", 2, "title")]
        said = {
            (f"About {explanation.subject}: " if explanation.subject else "")
            + " ".join(explanation.exceptions): None
            for explanation in (report.explain(each, names, small_counts=False) for each in out)
        }
        lines += [Line(each, 4) for each in said]
    return [Line(), Line(f"Disapplied or replaced ({number})", style="title"), *lines] if lines else []


def _rest(report: Report) -> list[Line]:
    parts = []
    for outcome, word in ((Outcome.MET, "met"), (Outcome.NOT_APPLICABLE, "not applicable")):
        number = sum(rule.outcome is outcome for rule in report)
        if number:
            parts.append(f"{number} {'is' if number == 1 else 'are'} {word}")
    if not parts:
        return []
    shown = any(rule.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE) for rule in report)
    return [
        Line(),
        Line(
            wording.sentence(f"of the {'other ' if shown else ''}rules, {listed(parts)} (--all shows them)")
        ),
    ]


def rests_on_lines(rests_on: RestsOn) -> list[Line]:
    """What a report rests on."""
    lines = [Line("What this rests on", style="title")]

    def add(text: str) -> None:
        lines.append(Line(text, 2, mark="- "))

    add(
        f"Rulebook: {rests_on.rulebook}, version {rests_on.version}, edition {rests_on.edition}, "
        f"digest {rests_on.digest.removeprefix('sha256:')[:12]}."
    )
    for each in rests_on.amendments:
        by = f", by {each.by}" if each.by else ""
        spell = spell_in_words(each.start, each.end, "")
        add(f"Amended by: {each.name}, version {each.version}{by}{f', in force {spell}' if spell else ''}.")
    if rests_on.source:
        add(f"Register: {rests_on.source}.")
    if rests_on.given:
        add(f"Given: {listed(f'{kind} ({number})' for kind, number in rests_on.given)}.")
    if rests_on.not_asked:
        add(f"Not asked, so that anything may be so: {listed(rests_on.not_asked)}.")
    for text, number in rests_on.defaults:
        add(wording.sentence(f"a default, used {_times(number)}: {text}"))
    for file, name in rests_on.reading:
        add(f"Reading chosen: “{name}” ({file}).")
    engines = listed(rests_on.engines)
    agreed = "; they found the same" if len(rests_on.engines) > 1 else ""
    add(f"Engine{'s' if len(rests_on.engines) > 1 else ''}: {engines}{agreed}.")
    for note in rests_on.notes:
        add(wording.sentence(f"note: {note}"))
    return lines


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def explain_lines(
    report: Report, findings: Iterable[Finding], names: NameMode = "full", small_counts: bool | None = None
) -> list[Line]:
    """Findings as a few sentences each; arguments as for `report_lines`."""
    lines: list[Line] = []
    for finding in findings:
        explanation = report.explain(finding, names, small_counts)
        style = next(look for outcome, _, look in SECTIONS if outcome is finding.outcome)
        head, *rest = explanation.sentences()
        if lines:
            lines.append(Line())
        lines += [
            Line(head, style=style),
            Line(
                " · ".join(
                    part for part in (explanation.clause, explanation.force, explanation.rule) if part
                ),
                2,
                "faint",
            ),
        ]
        lines += [Line(each, 2) for each in rest]
    return lines


def summary_line(report: Report, source: str) -> Line:
    """One line for one of several registers."""
    parts = []
    for outcome, heading, _ in SECTIONS:
        number = len(report.having(outcome)) if outcome is not Outcome.NOT_APPLICABLE else 0
        if number and outcome is not Outcome.MET:
            parts.append(f"{heading.lower()} {number}")
    met = sum(rule.outcome is Outcome.MET for rule in report)
    parts.append(f"{count(met, 'rule')} met")
    return Line(f"{source}: {report.outcome} ({', '.join(parts)})")
