"""What differs between two rulebooks, as text, as Markdown for a comment, and as JSON."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from bigrules.render import diff_words as words
from bigrules.render import markdown as md
from bigrules.render.as_json import diagnostic_data
from bigrules.render.text import Line
from bigrules.tools.diff import Change, Diff
from bigrules.tools.diff_cases import CaseChange, FindingChange
from bigrules.tools.made import MadeCase

FORMAT = 1
# More reasons than these of one finding are left to `explain` in a comment.
MOST_REASONS = 6


# ---------------------------------------------------------------- text


def diff_lines(diff: Diff) -> list[Line]:
    """What differs, as lines of text."""
    lines = [Line(f"{words.heading(diff)}.", style="title")]
    for title, changes in words.groups(diff):
        lines += [Line(), Line(title, style="title")]
        rest, lists = words.ledger_apart(changes)
        for each in rest:
            lines += [Line(), *_change(each)]
        for name, items in lists:
            lines += [Line(), Line(name, 2, "title"), *(Line(item, 4, mark="- ") for item in items)]
    if diff.cases:
        lines += [Line(), Line(words.cases_said(diff), style="title")]
        for case in diff.cases:
            lines += _case(case)
    lines += [Line(), Line(words.due_said(diff.due), style="error" if diff.due.enough is False else "")]
    return [*lines, *(Line(each, 2, mark="- ") for each in words.because(diff.due))]


def _change(change: Change) -> list[Line]:
    lines = [Line(words.title_of(change), 2, "title"), Line(words.head(change), 4, "faint")]
    for part in change.parts:
        lines += [Line(f"{label}: {said}", 4, mark="- ") for label, said in words.part_said(part)]
    lines += [Line(each, 4, mark="- ") for each in change.amended]
    made = words.made_said(change)
    if made:
        lines.append(Line(made, 4))
    if change.made is not None:
        lines += [Line(each, 6, mark="- ", keep=True) for each in _given(change.made)]
        lines += [Line(each, 6) for each in words.concerned_said(change)]
    return lines


def _given(made: MadeCase) -> list[str]:
    day = [f"as of: {made.as_of.isoformat()}"] if made.as_of else []
    return [*day, *(made.statements or ("nothing is recorded",))]


def _case(case: CaseChange) -> list[Line]:
    lines = [Line(words.case_said(case), 2)]
    for finding in case.findings:
        lines.append(Line(words.finding_said(finding), 4, mark="- "))
        for side, reasons in words.sides(finding):
            lines.append(Line(f"{side}:", 8))
            lines += [Line(each, 8, mark="- ") for each in reasons]
    return lines


# ---------------------------------------------------------------- Markdown


def diff_markdown(diff: Diff) -> str:
    """What differs, as Markdown for a comment on a change."""
    lines = [md.heading(2, words.heading(diff)), "", f"**{md.escaped(words.due_said(diff.due))}**", ""]
    lines += [md.bullet(each) for each in words.because(diff.due)]
    for title, changes in words.groups(diff):
        lines += ["", md.heading(3, title)]
        rest, lists = words.ledger_apart(changes)
        for each in rest:
            lines += ["", *_change_markdown(each)]
        for name, items in lists:
            lines += ["", f"**{md.escaped(name)}**", "", *map(md.bullet, items)]
    if diff.cases:
        lines += ["", md.heading(3, words.cases_said(diff)), ""]
        for case in diff.cases:
            lines += _case_markdown(case)
    text = "\n".join(lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip() + "\n"


def _change_markdown(change: Change) -> list[str]:
    lines = [f"**{md.escaped(words.title_of(change))}**", "", md.paragraph(words.head(change)), ""]
    for part in change.parts:
        lines += [md.bullet(f"{label}: {said}") for label, said in words.part_said(part)]
    lines += [md.bullet(each) for each in change.amended]
    made = words.made_said(change)
    if made:
        lines += ["", md.paragraph(made)]
    if change.made is not None:
        then = "after" if change.made.after else "before"
        example = change.made.as_example("made case", then)
        lines += ["", "```yaml", *_unindented(example), "```"]
    return lines


def _unindented(example: str) -> list[str]:
    return [each.removeprefix("  ").replace("```", "'''") for each in example.rstrip("\n").split("\n")]


def _case_markdown(case: CaseChange) -> list[str]:
    lines = [md.bullet(words.case_said(case))]
    for finding in case.findings:
        lines.append(md.bullet(words.finding_said(finding), deep=True))
        for side, reasons in words.sides(finding):
            shown = reasons[:MOST_REASONS]
            more = len(reasons) - len(shown)
            shown = [*shown, f"and {more} more"] if more else shown
            lines.append(f"    - {side}: {' '.join(map(md.escaped, shown))}")
    return lines


# ---------------------------------------------------------------- JSON


def diff_data(diff: Diff) -> dict[str, Any]:
    """What differs, as plain data."""
    return {
        "format": FORMAT,
        "old": _book(diff, "old"),
        "new": _book(diff, "new"),
        "differs": diff.differs,
        "changes": [_change_data(each) for each in diff.changes],
        "cases": [_case_data(each) for each in diff.cases],
        "version": {
            "step": diff.due.step,
            "because": list(diff.due.because),
            "taken": diff.due.taken or None,
            "enough": diff.due.enough,
        },
        "diagnostics": [diagnostic_data(each) for each in diff.diagnostics],
    }


def diff_schema() -> dict[str, Any]:
    """The JSON Schema of what differs."""
    text = resources.files("bigrules.render").joinpath("diff.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _book(diff: Diff, which: str) -> dict[str, Any]:
    book = diff.old if which == "old" else diff.new
    return {
        "rulebook": book.name,
        "version": book.version,
        "edition": book.edition,
        "digest": book.digest,
        "amendments": [{"amendment": each.name, "version": each.version} for each in book.laid],
    }


def _change_data(change: Change) -> dict[str, Any]:
    shown = change.shown
    return {
        "sort": change.sort,
        "id": change.id,
        "how": change.how,
        "says": change.title or None,
        "was": change.was or None,
        "force": change.force or None,
        "wording": change.wording,
        "parts": [
            {
                "what": each.what,
                "before": each.before or None,
                "after": each.after or None,
                "wording": each.wording,
            }
            for each in change.parts
        ],
        "through": list(change.through),
        "amended": list(change.amended),
        "direction": change.direction or None,
        "shown by made cases": (
            {"stricter": shown.stricter, "looser": shown.looser, "tried": shown.tried} if shown else None
        ),
        "made case": _made(change.made) if change.made is not None else None,
        "tried": change.tried,
    }


def _made(made: MadeCase) -> dict[str, Any]:
    return {
        "given": list(made.statements),
        "as of": made.as_of.isoformat() if made.as_of else None,
        "before": made.before or None,
        "after": made.after or None,
        "concerns before": [list(each) for each in made.concerns_before],
        "concerns after": [list(each) for each in made.concerns_after],
        "example": made.as_example("made case", "after" if made.after else "before"),
    }


def _case_data(case: CaseChange) -> dict[str, Any]:
    return {
        "register": case.register,
        "as of": case.as_of.isoformat() if case.as_of else None,
        "before": case.before,
        "after": case.after,
        "findings": [_finding(each) for each in case.findings],
    }


def _finding(finding: FindingChange) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "says": finding.title,
        "subject": finding.subject or None,
        "before": finding.before or None,
        "after": finding.after or None,
        "concerned before": [list(each) for each in finding.concerned_before],
        "concerned after": [list(each) for each in finding.concerned_after],
        "why before": list(finding.why_before),
        "why after": list(finding.why_after),
    }
