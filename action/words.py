"""Texts as Markdown and as lines for the runner, which nothing in them can steer."""

from __future__ import annotations

import re
from collections.abc import Callable


def data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_(text: str) -> str:
    return data(text).replace(":", "%3A").replace(",", "%2C")


def code(text: str) -> str:
    """A text as code in Markdown.

    >>> code("a`b")
    '`` a`b ``'
    """
    text = " ".join(text.split())
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (max(map(len, re.findall("`+", text))) + 1)
    return f"{fence} {text} {fence}"


def escaped(text: str) -> str:
    """A text of which Markdown makes nothing but text; what stands in backticks stays code.

    >>> escaped("no sentence says `<person> is in`, *alas*")
    'no sentence says `<person> is in`, \\\\*alas\\\\*'
    """
    text = " ".join(text.split())
    parts = re.split(r"(`[^`]*`)", text)
    parts[::2] = [re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", each) for each in parts[::2]]
    return without_mentions("".join(parts))


def without_mentions(text: str) -> str:
    """A text that calls nobody: rules may be written by anybody."""
    return re.sub(r"@(?=[\w-])", "@\u200b", text)


def within(text: str, most: int, rest: str, size: Callable[[str], int] = len) -> str:
    """A text that is not longer than allowed, cut between lines, with a word on the rest.

    Args:
        text: Markdown.
        most: How long it may be.
        rest: What is said where something was left out.
        size: How its length is counted.
    """
    if size(text) <= most:
        return text
    kept: list[str] = []
    left = most - size(rest) - 20
    for line in text.split("\n"):
        left -= size(line) + 1
        if left < 0:
            break
        kept.append(line)
    # A block of code that was cut open would swallow what follows it.
    fence = ""
    for line in kept:
        mark = re.match(r"\s*(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
    return "\n".join([*kept, *([fence] if fence else []), "", rest, ""])


def characters(text: str) -> int:
    """How many characters GitHub counts: those beyond the first 65,536 count twice."""
    return len(text.encode("utf-16-le")) // 2


def octets(text: str) -> int:
    """How many bytes a text takes."""
    return len(text.encode("utf-8"))
