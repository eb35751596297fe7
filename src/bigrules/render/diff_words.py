"""What differs between two rulebooks, in sentences: the same for text and Markdown."""

from __future__ import annotations

from bigrules.findings.wording import count, listed, sentence
from bigrules.tools.diff import Change, Diff
from bigrules.tools.diff_cases import CaseChange, FindingChange
from bigrules.tools.diff_parts import Part
from bigrules.tools.diff_step import Due

# Of more reasons for a step than these the rest are counted.
MOST_REASONS = 12
_SORTS = {
    "rule": "rule", "definition": "definition", "kind": "kind of fact", "parameter": "parameter",
    "clause": "clause", "edition": "edition", "manifest": "rulebook", "review": "yearly review",
}  # fmt: skip


def heading(diff: Diff) -> str:
    """Which rulebooks are compared."""
    named = []
    for book in (diff.old, diff.new):
        laid = [f"{each.name} {each.version}" for each in book.laid]
        over = f" with {listed(laid)}" if laid else ""
        named.append(f"{book.name} {book.version} ({book.edition}){over}")
    return f"From {named[0]} to {named[1]}"


def groups(diff: Diff) -> list[tuple[str, list[Change]]]:
    """The changes under headings: what comes out otherwise first, and what is only wording last."""
    rules = [each for each in diff.changes if each.sort == "rule" and not each.wording]
    other = [each for each in diff.changes if each.sort != "rule" and not each.wording]
    wording = [each for each in diff.changes if each.wording]
    found = [
        ("Rules that come out otherwise, or may", rules),
        ("What rules read, and the rest", other),
        ("Only wording, as far as is known", wording),
    ]
    return [(f"{title} ({len(each)})", each) for title, each in found if each]


def ledger_apart(changes: list[Change]) -> tuple[list[Change], list[tuple[str, list[str]]]]:
    """Changes without clauses that came or went as a whole; and these, in a list under a heading each."""
    whole = [each for each in changes if each.sort == "clause" and not each.parts]
    lists = []
    for how in ("added", "removed"):
        said = [f"{each.id} ({each.title})" if each.title else each.id for each in whole if each.how == how]
        if said:
            lists.append((f"{count(len(said), 'clause')} {how} in the ledger", said))
    return [each for each in changes if each not in whole], lists


def because(due: Due) -> list[str]:
    """Why a step is due; of many reasons the first."""
    more = len(due.because) - MOST_REASONS
    said = [f"{each}." for each in due.because[:MOST_REASONS]]
    return [*said, f"And {count(more, 'more change')} of that kind."] if more > 0 else said


def title_of(change: Change) -> str:
    """What stands at the top of a change."""
    return change.title or f"The {_SORTS[change.sort]} “{change.id}”"


def head(change: Change) -> str:
    """What became of a thing: its id, its sort, its force, and whether it is stricter."""
    parts = [change.id, _SORTS[change.sort]] if change.title else []
    parts += [change.force] if change.force else []
    parts.append(f"was {change.was}" if change.was else _how(change))
    direction = direction_said(change)
    return " · ".join([*parts, *([direction] if direction else [])])


def _how(change: Change) -> str:
    if change.how == "reached":
        return (
            f"changed through {listed(change.through)}" if change.through else "changed through what it reads"
        )
    return change.how


def direction_said(change: Change) -> str:
    """Whether it is stricter or looser: by its form, else what made cases show."""
    if change.how in ("added", "removed") or change.sort != "rule":
        return ""
    if change.direction in ("stricter", "looser"):
        return change.direction
    shown = change.shown
    if shown is None or not (shown.stricter or shown.looser):
        return ""
    both = (("stricter", shown.stricter), ("looser", shown.looser))
    first, last = both if shown.stricter else both[::-1]
    rest = f"{last[0]} in {last[1] or 'none'}"
    return f"{first[0]} in {first[1]} of {count(shown.tried, 'made case')}, {rest}"


def part_said(part: Part) -> list[tuple[str, str]]:
    """A part as labelled sentences, before and after."""
    if not part.before and not part.after:
        return [(part.what, "written otherwise")]
    if not part.before:
        return [(part.what, part.after) if part.wording else (f"{part.what}, new", part.after)]
    if not part.after:
        return [(f"{part.what}, taken out", part.before)]
    return [(f"{part.what}, before", part.before), (f"{part.what}, now", part.after)]


def made_said(change: Change) -> str:
    """The sentence over a made case, or that none was found."""
    made = change.made
    if made is None:
        if not change.tried or change.wording:
            return ""
        return f"No case on which it comes out otherwise: none found in {count(change.tried, 'case')}."
    if not made.before:
        return f"A made case that it finds {made.after}:"
    if not made.after:
        return f"A made case that it found {made.before}:"
    if made.kind == "definition":
        return f"A made case: before, “{made.before}”; now, “{made.after}”."
    if made.before == made.after:
        return f"A made case, {made.before} before and now, in which other people are concerned:"
    return f"A made case, {made.before} before and {made.after} now:"


def concerned_said(change: Change) -> list[str]:
    """The people whom a made case concerns, before and after."""
    made = change.made
    if made is None:
        return []
    sides = (("Before", made.concerns_before), ("Now", made.concerns_after))
    return [f"{word} it concerns {people_said(groups)}." for word, groups in sides if groups]


def people_said(groups: tuple[tuple[str, ...], ...]) -> str:
    """Groups of people."""
    return "; ".join(listed(each) for each in groups)


def case_said(case: CaseChange) -> str:
    """What became of a register."""
    if case.before == case.after:
        return f"{case.register}: {case.before}, before and now."
    return f"{case.register}: {case.before} before, {case.after} now."


def finding_said(finding: FindingChange) -> str:
    """What became of a finding."""
    about = f" ({finding.subject})" if finding.subject else ""
    before, after = finding.before or "no finding", finding.after or "no finding"
    if before == after:
        return f"{finding.title}{about}: {before} before and now, for other people."
    return f"{finding.title}{about}: {before} before, {after} now."


def sides(finding: FindingChange) -> list[tuple[str, list[str]]]:
    """The reasons of a finding before and after."""
    found = []
    for word, concerned, why in (
        ("Before", finding.concerned_before, finding.why_before),
        ("Now", finding.concerned_after, finding.why_after),
    ):
        said = [sentence(f"concerned: {people_said(concerned)}")] if concerned else []
        if said or why:
            found.append((word, [*said, *why]))
    return found


def due_said(due: Due) -> str:
    """Which step of the version is due, and whether it was taken."""
    if due.step == "none":
        said = "Nothing differs, so that no step of the version is due"
    else:
        said = f"A {due.step} step of the version is due"
    if not due.what:
        return f"{said}; two rulebooks that are not two versions of one are compared."
    versions = f"{due.what}: {due.old} to {due.new}"
    if due.enough is None:
        return f"{said} ({versions})."
    if due.taken == "back":
        return f"{said}, and the version goes back ({versions})."
    if not due.enough:
        step = "no step was taken" if due.taken == "none" else f"a {due.taken} step is too small"
        # Whoever goes from 0.1.0 to 0.1.1 takes that for the third number.
        below = "; below 1.0.0 the second number counts as the first" if due.new.startswith("0.") else ""
        return f"{said}, and {step} ({versions}{below})."
    if due.step == "none" or due.taken == due.step:
        return f"{said}{', and was taken' if due.step != 'none' else ''} ({versions})."
    return f"{said}, and a {due.taken} step was taken ({versions})."


def cases_said(diff: Diff) -> str:
    """How many registers come out otherwise."""
    changed = sum(each.changed for each in diff.cases)
    return f"{changed} of {count(len(diff.cases), 'register')} {'comes' if changed == 1 else 'come'} out otherwise"
