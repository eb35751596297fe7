"""The pack of a year for people: as lines for a terminal, and as Markdown that can be sent.

Both are made from the same blocks, so that what is read in one is read in the other.
"""

from __future__ import annotations

from typing import Literal

import attrs

from bigrules.findings.pack import Pack, PackCell, PackFinding, PackQuestion
from bigrules.findings.report import Outcome
from bigrules.findings.wording import count, day_in_words, listed, sentence
from bigrules.render.markdown import bullet, heading, paragraph, table
from bigrules.render.report import rests_on_lines
from bigrules.render.text import Line, Style

DayFrom = Literal["asked", "register", "clock"]
_DAY_FROM = {
    "asked": "",
    "register": ", the day that the register gives",
    "clock": "; no day was given, so that it is the day on which this was run",
}
_FOUND: dict[Outcome, tuple[str, Style]] = {
    Outcome.BREACHED: ("Not met", "breached"),
    Outcome.UNDECIDED: ("Not known", "open"),
    Outcome.JUDGEMENT: ("For people to decide", "open"),
    Outcome.MET: ("Met", "met"),
    Outcome.NOT_APPLICABLE: ("Does not apply on that day", "faint"),
}


@attrs.frozen
class Block:
    """A part of a page.

    Args:
        text: Its text; of a table the names of its columns, joined.
        sort: What it is; a point belongs under the item before it.
        style: How it looks where there is colour.
        rows: The rows of a table.
        columns: The names of its columns.
    """

    text: str = ""
    sort: Literal["title", "heading", "question", "paragraph", "item", "point", "table"] = "paragraph"
    style: Style = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def review_lines(pack: Pack, day_from: DayFrom = "asked") -> list[Line]:
    """A pack as lines of text.

    Args:
        pack: The pack.
        day_from: Where the day of judging was taken from.
    """
    lines: list[Line] = []
    before = ""
    for each in blocks(pack, day_from):
        if each.sort in ("heading", "question") or (each.sort == "item" and before == "paragraph"):
            lines += [Line()] if lines and (each.sort != "item") else []
        if each.sort == "table":
            lines.append(Line("; ".join(each.columns), 2, "faint"))
            lines += [Line("; ".join(one for one in row if one), 2, mark="- ") for row in each.rows]
        else:
            indent, mark = {
                "title": (0, ""), "heading": (0, ""), "question": (2, ""), "paragraph": (2, ""),
                "item": (2, "- "), "point": (6, ""),
            }[each.sort]  # fmt: skip
            bold: Style = "title" if each.sort in ("title", "heading", "question") else ""
            lines.append(Line(each.text, indent, each.style or bold, mark))
        before = each.sort
    return [*lines, Line(), *rests_on_lines(pack.report.rests_on)]


def review_markdown(pack: Pack, day_from: DayFrom = "asked") -> str:
    """A pack as Markdown (CommonMark with tables).

    Args:
        pack: The pack.
        day_from: Where the day of judging was taken from.
    """
    made: list[str] = []
    before = ""
    for each in blocks(pack, day_from):
        if not (each.sort in ("item", "point") and before in ("item", "point")):
            made.append("")
        if each.sort == "title":
            made.append(heading(1, each.text))
        elif each.sort == "heading":
            made.append(heading(2, each.text))
        elif each.sort == "question":
            made.append(heading(3, each.text))
        elif each.sort == "table":
            made += table(each.columns, each.rows)
        elif each.sort == "paragraph":
            made.append(paragraph(each.text))
        else:
            made.append(bullet(each.text, deep=each.sort == "point"))
        before = each.sort
    made += ["", heading(2, "What this rests on"), ""]
    made += [bullet(each.text) for each in rests_on_lines(pack.report.rests_on)[1:]]
    return "\n".join(made).lstrip("\n") + "\n"


def summary(pack: Pack) -> str:
    """How a pack stands, in a few words."""
    parts = ["nothing is missing" if pack.ready else f"{count(len(pack.missing), 'thing')} missing"]
    breached = sum(each.outcome is Outcome.BREACHED for each in pack.criteria)
    open_ = sum(each.outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT) for each in pack.criteria)
    if breached:
        parts.append(f"{count(breached, 'criterion', 'criteria')} not met")
    if open_:
        parts.append(f"{count(open_, 'criterion', 'criteria')} open")
    against = sum(bool(each.contradictions) for each in pack.questions)
    if against:
        parts.append(f"{count(against, 'answer')} contradicted")
    if pack.was_sent == "given":
        parts.append("sent")
    return f"{'ready' if pack.ready else 'not ready'} ({', '.join(parts)})"


def summary_line(pack: Pack, source: str) -> Line:
    """One line for one of several registers."""
    return Line(f"{source}: {pack.body}, {pack.year}: {summary(pack)}", keep=True)


# ---------------------------------------------------------------- the page


def blocks(pack: Pack, day_from: DayFrom) -> list[Block]:
    """The parts of the page of a pack, in order."""
    findings = _Findings()
    made = [
        Block(f"{pack.title}, {pack.year}", "title"),
        Block(pack.body),
        *(Block(each, "item") for each in _times(pack, day_from)),
        Block(*_standing(pack)),
    ]
    if pack.missing:
        made.append(Block(f"{_lacking(pack).capitalize()} ({len(pack.missing)})", "heading"))
        for todo in pack.missing:
            made.append(Block(f"{todo.text}{f' ({todo.where})' if todo.where else ''}", "item"))
    if pack.criteria:
        made.append(Block(pack.review.criteria_heading, "heading"))
        made += [one for each in pack.criteria for one in findings.told(each)]
    made += _actions(pack)
    made += _members(pack)
    if pack.questions:
        made.append(Block(pack.review.questions_heading, "heading"))
        made += [one for each in pack.questions for one in _question(each, findings)]
    if pack.review.sent is not None:
        made.append(Block(pack.review.sent_heading, "heading"))
        made.append(Block(_sent(pack)))
        made += [one for each in pack.sending for one in findings.told(each)]
    return made


def _times(pack: Pack, day_from: DayFrom) -> list[str]:
    first, last = (day_in_words(each) for each in pack.window)
    day = pack.report.rests_on.as_of
    told = [f"Judged as of {day_in_words(day)}{_DAY_FROM[day_from]}."]
    if pack.state == "not open yet":
        told.append(
            f"It can be sent from {first} to {last}; it is not yet time, and this is how it stands so far."
        )
    elif pack.state == "open":
        told.append(f"It can be sent now, until {last}.")
    else:
        told.append(
            f"It could be sent from {first} to {last}, which is over; this is how it stands on the day above."
        )
    return [*told, _sent(pack)] if pack.sent else told


def _sent(pack: Pack) -> str:
    if pack.sent:
        return sentence(f"it was sent {listed(pack.sent)}")
    if pack.was_sent == "missing":
        return "It has not been sent."
    return "Whether it was sent is not known."


def _lacking(pack: Pack) -> str:
    return "missing" if pack.was_sent == "given" else "missing before it can be sent"


def _standing(pack: Pack) -> tuple[str, Literal["paragraph"], Style]:
    breached = sum(each.outcome is Outcome.BREACHED for each in pack.criteria)
    open_ = sum(each.outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT) for each in pack.criteria)
    parts = []
    if not pack.missing:
        parts.append("Nothing is missing.")
    else:
        number = len(pack.missing)
        parts.append(f"{count(number, 'thing')} {'is' if number == 1 else 'are'} {_lacking(pack)}.")
    if breached:
        parts.append(
            f"{count(breached, 'criterion', 'criteria')} {'is' if breached == 1 else 'are'} not met."
        )
    if open_:
        parts.append(f"{count(open_, 'criterion', 'criteria')} {'is' if open_ == 1 else 'are'} open.")
    if pack.criteria and not breached and not open_:
        parts.append("Every criterion is met.")
    number = sum(bool(each.contradictions) for each in pack.questions)
    if number:
        parts.append(
            f"{count(number, 'answer')} {'contradicts' if number == 1 else 'contradict'} what was found."
        )
    return " ".join(parts), "paragraph", "met" if pack.ready and not breached else "open"


def _members(pack: Pack) -> list[Block]:
    number = len(pack.members)
    made = [Block(f"{pack.review.members_heading} ({number})", "heading")]
    if not number:
        return [*made, Block("Nobody is recorded.")]
    rows = []
    notes: list[str] = []
    for member in pack.members:
        texts = [_shown(each) for each in member.cells]
        if not member.certain:
            texts[0] = f"{texts[0]} (whether they are one is not known)"
        rows.append(tuple(texts))
        for cell in member.cells:
            notes += cell.notes if cell.state == "judgement" else ()
    columns = tuple(each.label for each in pack.review.columns)
    return [
        *made,
        Block(sort="table", columns=columns, rows=tuple(rows)),
        *(Block(each, "item") for each in notes),
    ]


def _shown(cell: PackCell) -> str:
    notes = f" ({listed(cell.notes)})" if cell.notes and cell.state != "judgement" else ""
    return cell.text + notes


def _question(question: PackQuestion, findings: _Findings) -> list[Block]:
    made = [Block(question.question, "question")]
    if question.answer:
        rest = f", {question.cell.text}" if question.cell.text else ""
        made.append(Block(sentence(f"{question.answer.capitalize()}{rest}")))
    else:
        made.append(Block("Not answered yet.", style="open"))
    if len(question.contradictions) > 1:
        number = len(question.contradictions)
        made.append(
            Block(
                f"The answer is {question.answer}, and {number} things were found otherwise:",
                style="breached",
            )
        )
    else:
        made += [Block(each, style="breached") for each in question.contradictions]
    for outcome in (Outcome.BREACHED, Outcome.UNDECIDED, Outcome.JUDGEMENT):
        made += [one for each in question.beside if each.outcome is outcome for one in findings.told(each)]
    met = [each for each in question.beside if each.outcome is Outcome.MET]
    if met and len(question.beside) > 1:
        made.append(Block(f"Met: {listed(f'“{each.title}”' for each in met)}.", "item", "met"))
    elif met:
        made += findings.told(met[0])
    quiet = sum(each.outcome is Outcome.NOT_APPLICABLE for each in question.beside)
    if quiet:
        about = "one rule" if quiet == 1 else f"{quiet} rules"
        do = "does" if quiet == 1 else "do"
        said = f"{about.capitalize()} beside this {do} not apply on that day."
        made.append(Block(said, "item", "faint"))
    return made


class _Findings:
    """What was found, told once on a page: what was said above is not said again."""

    def __init__(self) -> None:
        self.rules: set[str] = set()
        self.evidence: set[object] = set()

    def told(self, found: PackFinding) -> list[Block]:
        """The item of what was found by a rule, and what belongs to it."""
        word, style = _FOUND[found.outcome]
        number = len(found.asks)
        # Where people decide, the one thing that it turns on is what they decide.
        turns = number > 1 or (number == 1 and found.outcome is not Outcome.JUDGEMENT)
        if found.rule in self.rules and (found.said or found.evidence or turns):
            return [Block(f"{word}: {found.title} (see above).", "item", style)]
        self.rules.add(found.rule)
        made = [Block(f"{word}: {found.title}.", "item", style)]
        made += [Block(each, "point") for each in found.said]
        for each in found.evidence:
            if each not in self.evidence:
                self.evidence.add(each)
                lead, lines = each
                made += [Block(one, "point") for one in (lead, *lines)]
        if turns:
            said = "one thing that is" if number == 1 else f"{number} things that are"
            made.append(Block(f"It turns on {said} not known or not decided.", "point"))
        return made


def _actions(pack: Pack) -> list[Block]:
    if not pack.actions:
        return []
    made = [Block(pack.review.actions_heading, "heading")]
    if pack.needed == "no" and all(each.state != "given" for each in pack.actions):
        return [*made, Block("Every criterion is met, so that nothing has to be told.")]
    if pack.needed == "open":
        made.append(Block("Whether anything has to be told turns on the criteria that are open."))
    for each in pack.actions:
        style: Style = "" if each.state == "given" or pack.needed != "yes" else "open"
        text = "not told" if each.state == "missing" else each.text or "told"
        made.append(Block(sentence(f"{each.label}: {text}"), "item", style))
    return made
