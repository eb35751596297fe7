"""What an amendment makes of what it is laid over, as lines to read and as JSON."""

from __future__ import annotations

from typing import Any

from bigrules.findings.wording import count, listed
from bigrules.render.diff_words import direction_said, part_said, title_of
from bigrules.render.text import Line
from bigrules.tools.amends import Amends
from bigrules.tools.diff import Change

# Of more examples that come out otherwise only so many are shown as text.
_MOST = 12


def amends_lines(amends: Amends) -> list[Line]:
    """Each rule that it touches, with what it says before and now, and examples below that come out otherwise."""
    rules = [each for each in amends.changes if each.sort == "rule"]
    others = [each for each in amends.changes if each.sort != "rule"]
    over = listed([f"“{each}”" for each in amends.below])
    if not amends.changes:
        return [Line(), Line(f"It changes nothing of {over}.", style="title")]
    said = f"What it makes of {over}: {count(len(rules), 'rule')}"
    lines = [Line(), Line(said, style="title")]
    for change in (*rules, *others):
        lines += _change(change)
    if amends.otherwise:
        turned = f"{len(amends.otherwise)} of {count(amends.examples, 'example')} below"
        verb = "comes" if len(amends.otherwise) == 1 else "come"
        lines += [Line(), Line(f"{turned} {verb} out otherwise under it", style="title")]
        lines += [Line(f"{each.file}: {each.found}.", 2, mark="- ") for each in amends.otherwise[:_MOST]]
        more = len(amends.otherwise) - _MOST
        lines += [Line(f"and {more:,} more (--format json lists them).", 2, mark="- ")] if more > 0 else []
    return lines


def _change(change: Change) -> list[Line]:
    way = way_of(change)
    id = f" ({change.id})" if change.title else ""
    lines = [Line(f"{title_of(change)}{id}: {way}.", 2, mark="- ")]
    if change.how != "added":
        for part in change.parts:
            if not part.wording:
                lines += [Line(f"{label}: {said}", 6, mark="- ") for label, said in part_said(part)]
    return lines


def way_of(change: Change) -> str:
    """Whether something is stricter, looser or neither, in words."""
    if change.how in ("added", "removed"):
        return {"added": "new", "removed": "gone"}[change.how]
    through = (
        f", through {listed(list(change.through))}" if change.how == "reached" and change.through else ""
    )
    if change.wording:
        return f"only worded otherwise{through}"
    if change.sort != "rule":
        return f"changed{through}"
    found = direction_said(change)
    if found in ("stricter", "looser"):
        return f"{found}{through}"
    tried = change.shown.tried if change.shown is not None else 0
    unknown = (
        f"neither stricter nor looser in {count(tried, 'made case')}"
        if tried
        else "stricter or looser by the case"
    )
    return f"{found or unknown}{through}"


def amends_data(amends: Amends) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "amendment": amends.name,
        "over": list(amends.below),
        "changes": [
            {
                "sort": each.sort,
                "id": each.id,
                "title": each.title or None,
                "how": each.how,
                "way": way_of(each),
                "direction": each.direction or None,
                "cases": None if each.shown is None else _tally(each),
                "wording": each.wording,
                "through": list(each.through),
                "parts": [
                    {"what": part.what, "before": part.before or None, "after": part.after or None}
                    for part in each.parts
                ],
            }
            for each in amends.changes
        ],
        "examples below": amends.examples,
        "otherwise": [
            {
                "id": each.file,
                "example": each.example.name or None,
                "line": each.example.place.line,
                "found": each.found,
            }
            for each in amends.otherwise
        ],
    }


def _tally(change: Change) -> dict[str, int]:
    assert change.shown is not None
    return {"stricter": change.shown.stricter, "looser": change.shown.looser, "tried": change.shown.tried}
