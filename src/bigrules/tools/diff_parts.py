"""What changed in a file, part by part, as sentences before and after: in the words of the file."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence

import attrs

from bigrules.findings.wording import count, listed
from bigrules.language.conditions import AGGREGATES, LIMITS
from bigrules.language.earlier import is_earlier
from bigrules.language.rules import EVERYWHERE
from bigrules.language.source import Listing, Mapping, Node, Text, plain


@attrs.frozen
class Part:
    """One part of a file that changed.

    Args:
        what: What it is, such as `limit`.
        before: What stood there, or "".
        after: What stands there now, or "".
        wording: Whether only what is said of it changed, whatever it decides.
    """

    what: str
    before: str
    after: str
    wording: bool = False


# What each key of a rule or definition is called, and whether it is wording.
_TEXTS = {
    "rule": ("what it says", True),
    "definition": ("what it says", True),
    "otherwise": ("what it says of the contrary", True),
    "source": ("source", True),
    "by": ("authority", True),
    "force": ("force", False),
    "from": ("first day", False),
    "until": ("last day", False),
    "replaces": ("in place of", False),
    "on": ("day", False),
    "ask": ("question", True),
    "asked again after": ("how long an answer counts", False),
    "in both directions": ("in both directions", False),
    "never with oneself": ("never with oneself", False),
    "may be the same": ("slots that may be the same", True),
    "shown": ("what is shown with it", True),
    "note": ("note", True),
}
_CONDITIONS = {
    "for each": "for each",
    "only if": "only if",
    "required": "what is required",
    "not allowed": "what is not allowed",
    "holds when": "when it holds",
    "people decide when": "when people decide",
}
_NAMED = {"other readings": "other readings", "examples": "examples", "equivalent": "changes without effect"}
_OTHERS = {"adopted reading": "adopted reading", "show": "evidence"}

Entries = dict[str, Node]


def entries_of(node: Node | None) -> Entries:
    """The entries of a mapping by key."""
    return {key.text: value for key, value in node.entries} if isinstance(node, Mapping) else {}


def parts_of(old: Node, new: Node) -> list[Part]:
    """What changed from one text of a rule or definition to another, in the order of the keys.

    Args:
        old: The root of the old document.
        new: The root of the new one.
    """
    before, after = entries_of(old), entries_of(new)
    found: list[Part] = []
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if _as_written(key, one) == _as_written(key, other):
            continue
        base = key.removesuffix(" any of")
        if key in _TEXTS:
            what, wording = _TEXTS[key]
            found.append(Part(what, said(one), said(other), wording))
        elif base in _CONDITIONS:
            found += _conditions(_CONDITIONS[base], key, one, other)
        elif key == "unless":
            found += _items("exception", _list(one), _list(other), exception_said)
        elif key in _NAMED:
            found += _named(_NAMED[key], one, other)
        else:
            found.append(Part(_OTHERS.get(key, key), "", "", True))
    return _any_and_all(found, before, after)


def _as_written(key: str, node: Node | None) -> object:
    """What stands under a key; what evidence names of earlier texts of a rule is put in by an amendment."""
    written = plain(node)
    return _without_earlier(written) if key == "show" else written


def _without_earlier(written: object) -> object:
    if isinstance(written, list):
        kept = [each for each in written if not (isinstance(each, str) and is_earlier(each))]
        return [_without_earlier(each) for each in kept]
    if isinstance(written, dict):
        return {key: _without_earlier(value) for key, value in written.items()}
    return written


def _any_and_all(found: list[Part], before: Entries, after: Entries) -> list[Part]:
    """A list that stands under another key now: `holds when any of` in place of `holds when`."""
    for base, what in _CONDITIONS.items():
        keys = (base, f"{base} any of")
        for one, other in (keys, keys[::-1]):
            if one in before and one not in after and other in after and other not in before:
                found = [each for each in found if each.what != what]
                found.append(Part(what, _whole(one, before[one]), _whole(other, after[other])))
    return found


def _whole(key: str, node: Node) -> str:
    return _together([said(each) for each in _list(node)], "or" if key.endswith("any of") else "and")


def _is_everywhere(node: Node) -> bool:
    """Whether it is the condition that always holds, which an amendment puts in and no author writes."""
    return isinstance(node, Text) and node.text == EVERYWHERE


def _list(node: Node | None) -> list[Node]:
    if node is None:
        return []
    items: list[Node] = list(node.items) if isinstance(node, Listing) else [node]
    return [each for each in items if not _is_everywhere(each)] or items


def _conditions(what: str, key: str, old: Node | None, new: Node | None) -> list[Part]:
    if is_measure(old) and is_measure(new):
        return _measures(old, new)
    return _items(what, _list(old), _list(new), said)


def _items(what: str, old: Sequence[Node], new: Sequence[Node], say: Callable[[Node], str]) -> list[Part]:
    """Items of a list that were added, taken out, or changed."""
    before, after = [say(each) for each in old], [say(each) for each in new]
    found: list[Part] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for way, a, b, c, d in matcher.get_opcodes():
        if way == "equal":
            continue
        for at in range(max(b - a, d - c)):
            one = old[a + at] if a + at < b else None
            other = new[c + at] if c + at < d else None
            if one is not None and other is not None and is_measure(one) and is_measure(other):
                found += _measures(one, other)
            else:
                found.append(Part(what, say(one) if one else "", say(other) if other else ""))
    if not found and before != after:
        found.append(Part(what, "; ".join(before), "; ".join(after)))
    if not found:
        # The order alone, or where lines are broken.
        found.append(Part(what, "", "", True))
    return found


# ---------------------------------------------------------------- measures


def is_measure(node: Node | None) -> bool:
    """Whether a condition is a measure."""
    return isinstance(node, Mapping) and any(key.text in AGGREGATES for key, _ in node.entries)


_MEASURED = {
    "among": "among whom it is counted",
    "where": "which of them count",
    "linked by": "what links them",
    "sharing": "what they share",
    "weighted by": "weight",
    "per": "for each of whom a value is taken",
    "of nobody": "what it means where there is nobody",
    "through": "through whom links may run",
    "rounded": "rounding",
    "of": "what the limit is a part of",
}


def _measures(old: Node | None, new: Node | None) -> list[Part]:
    """What changed in a measure and its limit."""
    before, after = entries_of(old), entries_of(new)
    found: list[Part] = []
    if limit_said(before) != limit_said(after):
        found.append(Part("limit", limit_said(before), limit_said(after)))
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if key in LIMITS or key in AGGREGATES or plain(one) == plain(other):
            continue
        what = _MEASURED.get(key, key)
        if key in ("among", "where", "linked by"):
            found += _items(what, _list(one), _list(other), said)
        else:
            found.append(Part(what, said(one), said(other)))
    return found


def limit_said(measure: Entries) -> str:
    """A limit with what is held against it, such as `at least 8 of <person>`."""
    op = next((each for each in LIMITS if each in measure), "")
    what = next((each for each in AGGREGATES if each in measure), "")
    held = f"{op} {said(measure[op])}" if op else ""
    about = said(measure[what]) if what else ""
    if what in ("number of", "share of"):
        return f"{held} of {about}" if held else f"the {what} {about}"
    return f"{held} as the {what} {about}" if held else f"the {what} {about}"


def _measure_said(measure: Entries) -> str:
    parts = [limit_said(measure)]
    for key in measure:
        if key not in LIMITS and key not in AGGREGATES:
            word = {"among": "among those for whom", "where": "counting those for whom"}.get(key, key)
            parts.append(f"{word} {said(measure[key])}")
    return ", ".join(parts)


# ---------------------------------------------------------------- conditions as text


def said(node: Node | None) -> str:
    """A condition as one text, in the words of the file; "" for nothing."""
    if node is None:
        return ""
    if isinstance(node, Text):
        return "in every case" if _is_everywhere(node) else node.text
    if isinstance(node, Listing):
        return _together([said(each) for each in _list(node)], "and")
    entries = entries_of(node)
    if is_measure(node):
        return _measure_said(entries)
    if "on" in entries:
        inner = next((_whole(key, value) for key, value in entries.items() if key != "on"), "")
        return f"on {said(entries['on'])}: {inner}"
    parts = []
    for key, value in entries.items():
        word = {"any of": "", "all of": "", "ever": "at any time: "}.get(key, f"{key} ")
        parts.append(word + _whole(key, value))
    return ", ".join(parts)


def _together(parts: list[str], word: str) -> str:
    """Several conditions in one text."""
    if len(parts) > 1:
        parts = [f"({each})" if " and " in each or " or " in each or ", " in each else each for each in parts]
    return f" {word} ".join(parts)


def exception_said(node: Node) -> str:
    """An exception as one text."""
    entries = entries_of(node)
    if "when" not in entries:
        return said(node)
    text = said(entries["when"])
    text += f", because {said(entries['because'])}" if "because" in entries else ""
    text += f" ({said(entries['source'])})" if "source" in entries else ""
    inner = [exception_said(each) for each in _list(entries.get("unless"))]
    return text + "".join(f", unless {each}" for each in inner)


# ---------------------------------------------------------------- what has names


def _named(what: str, old: Node | None, new: Node | None) -> list[Part]:
    """Readings or examples: which were added, taken out or changed."""
    before, after = dict(_names(old)), dict(_names(new))
    gone = [each for each in before if each not in after]
    come = [each for each in after if each not in before]
    other = [each for each in after if each in before and plain(before[each]) != plain(after[each])]
    parts = [
        f"{word} {_few(names)}"
        for word, names in (("added:", come), ("taken out:", gone), ("changed:", other))
        if names
    ]
    return [Part(what, "", "; ".join(parts) or "in another order", True)]


def _names(node: Node | None) -> Iterator[tuple[str, Node]]:
    for at, each in enumerate(_list(node)):
        entries = entries_of(each)
        name = said(entries.get("name")) or f"number {at + 1}"
        yield name, each


def _few(names: list[str]) -> str:
    """Some names, not too many of them.

    >>> _few(["a", "b"])
    '“a” and “b”'
    """
    if len(names) > 4:
        return f"{', '.join(f'“{each}”' for each in names[:3])} and {count(len(names) - 3, 'other')}"
    return listed(f"“{each}”" for each in names)
