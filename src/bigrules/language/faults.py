"""Collecting what is wrong with a rulebook, and the codes that it is told by."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from bigrules.diagnostics import Diagnostic, Found, Severity, Span

# The code of each fault by its name. A code is never used again for something else.
CODES = {
    # files and YAML
    "missing-file": "BR101",
    "empty-file": "BR102",
    "not-a-file": "BR103",
    "not-a-rulebook": "BR104",
    "empty-directory": "BR105",
    "not-utf-8": "BR106",
    "not-yaml": "BR107",
    "alias": "BR108",
    "too-large": "BR109",
    "too-deep": "BR110",
    "duplicate-key": "BR111",
    "tab": "BR112",
    "several-documents": "BR113",
    "tag": "BR114",
    "unreadable": "BR115",
    "too-many-faults": "BR116",
    "odd-space": "BR117",
    # one rulebook file
    "unknown-key": "BR201",
    "missing-key": "BR202",
    "wrong-shape": "BR203",
    "unknown-sentence": "BR204",
    "wrong-value": "BR205",
    "unknown-type": "BR206",
    "same-sentence": "BR207",
    "slot-is-no-field": "BR208",
    "bad-slot": "BR209",
    "unknown-clause": "BR210",
    "unknown-rule": "BR211",
    "unknown-limit": "BR212",
    "unknown-format": "BR213",
    "unknown-kind": "BR214",
    "one-of-three": "BR215",
    "unknown-question": "BR216",
    "parameter-over-time": "BR217",
    # across a rulebook
    "slot-used-once": "BR301",
    "slot-bound-nowhere": "BR302",
    "types-cannot-meet": "BR303",
    "cycle": "BR304",
    "duplicate-id": "BR305",
    "could-be-the-same": "BR306",
    "reading-changes-nothing": "BR307",
    "never-holds": "BR308",
    "slot-apart": "BR309",
    "no-example": "BR310",
    "unknown-reading": "BR311",
    "duplicate-name": "BR312",
    # amendments and editions
    "unknown-base": "BR350",
    "other-base": "BR351",
    "old-value-gone": "BR352",
    "amendments-contradict": "BR353",
    "unknown-target": "BR354",
    "one-operation": "BR355",
    "exceptions-meet": "BR356",
    "already-there": "BR357",
    "not-with-days": "BR358",
    "changes-what-is-disapplied": "BR359",
    "edition-over-time": "BR360",
}

# What to do where nothing more can be said than the name of the fault tells.
HELP = {
    "missing-file": "look at its spelling, and at the folder that you are in",
    "empty-file": "write something into it, or take it away",
    "not-a-file": "put a file in its place, or name another",
    "too-large": "take out what is not needed, or make several of it",
    "too-deep": "write it with fewer lists and mappings in each other",
    "unreadable": "see that it is there and may be read",
    "missing-key": "add it",
    "wrong-shape": "the page on the format of a rulebook shows what stands here",
    "duplicate-name": "give one of them another name",
}

_LONG = 400
_LONG_HELP = 1_000
# A slip is compared with so many words; of more, which would take long, it is asked which are one letter away.
_MOST_COMPARED = 200
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 .-/_"
_FIRST = ("rulebook.yaml", "vocabulary.yaml", "clauses.yaml")


class Faults:
    """The faults that were found so far; nothing stops at the first."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = Found()

    def add(
        self, name: str, message: str, place: Span, help: str | None = None, severity: Severity = "error"
    ) -> None:
        """Note a fault.

        Args:
            name: Its stable name, a key of `CODES`.
            message: One sentence, lower case, no full stop, user text in backticks.
            place: Where it is.
            help: What to do about it, or None for what `HELP` says.
            severity: Whether it stops the work.

        Raises:
            Enough: So many were noted that the rest is not looked for.
        """
        message = cut(message)
        help = cut(help or HELP.get(name, ""), _LONG_HELP) or None
        self.found.append(Diagnostic(CODES[name], name, message, place, help, severity))

    def warn(self, name: str, message: str, place: Span, help: str | None = None) -> None:
        """Note a fault that does not stop the work."""
        self.add(name, message, place, help, "warning")

    def sorted(self) -> list[Diagnostic]:
        """All of them, each once, in the order of their places."""
        unique = dict.fromkeys(self.found)

        def order(each: Diagnostic) -> tuple[int, str, int, int, str]:
            place = each.place
            if not isinstance(place, Span) or each.name == "too-many-faults":
                return (9, str(place), 0, 0, each.code)
            # What everything else rests on comes first.
            rank = _FIRST.index(place.file) if place.file in _FIRST else len(_FIRST)
            return (rank, place.file, place.line, place.column, each.code)

        return sorted(unique, key=order)


def cut(text: str, most: int = _LONG) -> str:
    """A message that is not longer than anybody reads; a quotation that is cut off is still closed."""
    if len(text) <= most:
        return text
    return f"{text[: most - 2]}…`" if text.count("`", 0, most - 2) % 2 else text[:most] + "…"


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of the words that is most like a word, if any is like it.

    >>> nearest("requird", ["required", "rule"])
    'required'
    """
    if len(word) > 80:
        return None  # nobody mistypes that much, and the comparison is slow
    known = list(words)
    if len(known) > _MOST_COMPARED:
        return _one_slip(word, set(known))
    found = difflib.get_close_matches(word, known, 1, 0.6)
    return found[0] if found else None


def _one_slip(word: str, known: set[str]) -> str | None:
    """The one of very many words that is one letter away: left out, put in, mistaken, or changed with the next."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        tries = [head + tail[1:], head + tail[1:2] + tail[:1] + tail[2:]]
        tries += [head + letter + rest for letter in _LETTERS for rest in (tail, tail[1:])]
        for each in tries:
            if each in known:
                return each
    return None


def did_you_mean(word: str, words: Iterable[str], otherwise: str | None = None) -> str | None:
    """Help for a word that is not one of the words.

    >>> did_you_mean("mst", ["must", "should"])
    'did you mean `must`?'
    """
    words = list(words)
    near = nearest(word, words)
    return f"did you mean `{near}`?" if near else otherwise


def in_words(words: Iterable[str], last: str = "or") -> str:
    """Words as a list to read.

    >>> in_words(["must", "should", "expected"])
    '`must`, `should` or `expected`'
    """
    quoted = [f"`{each}`" for each in words]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)
