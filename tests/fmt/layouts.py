"""Data written as YAML in a random layout, with comments of which it is known what they stand beside.

It shares nothing with the program that is tested: text is written here, and looked at with the composer of PyYAML.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import attrs
import yaml

Path = tuple[str | int, ...]
_FLOW_SIGNS = set(",[]{}?#&*!|>'\"%@`:")


@attrs.frozen
class Comment:
    """A comment that was put into a text.

    Args:
        text: All of it, with its mark; no other comment has it.
        where: `above`, `behind`, `end` (of a list or mapping) or `head` (of the file).
        path: What it stands beside.
    """

    text: str
    where: str
    path: Path


@attrs.define
class Writer:
    """Writes data in a random layout.

    Args:
        chance: Where choices come from.
        free: Whether the keys of a mapping may be shuffled, by its path.
        comments: Those that were put in.
    """

    chance: random.Random
    free: Any
    comments: list[Comment] = attrs.field(factory=list)
    numbers: Iterator[int] = attrs.field(factory=itertools.count)

    def file(self, data: Any) -> str:
        lines = list(self.block(data, 0, ()))
        if self.may(0.3):
            lines = [self.comment("head", ()), "", *lines]
        if self.may(0.2):
            lines = ["---", *lines]
        if self.may(0.2):
            lines += ["", self.comment("end", ())]
        end = "\r\n" if self.may(0.2) else "\n"
        return end.join(each + " " * (self.may(0.1) * 2) for each in lines) + end * self.chance.choice(
            [0, 1, 3]
        )

    def may(self, share: float) -> bool:
        return self.chance.random() < share

    def comment(self, where: str, path: Path) -> str:
        made = Comment(f"# {next(self.numbers)}: it's a 'word', {{x}} [y] - z", where, path)
        self.comments.append(made)
        return made.text

    def behind(self, path: Path) -> str:
        return f"{' ' * self.chance.randint(1, 4)}{self.comment('behind', path)}" if self.may(0.1) else ""

    def children(self, data: Any, path: Path) -> list[tuple[str, Any, Path]]:
        if not isinstance(data, dict):
            return [("", each, (*path, number)) for number, each in enumerate(data)]
        found = [(self.key(key), value, (*path, key)) for key, value in data.items()]
        if self.free(path) and self.may(0.5):
            self.chance.shuffle(found)
        return found

    def key(self, key: str) -> str:
        return f'"{key}"' if self.may(0.1) else key

    def block(self, data: Any, column: int, path: Path, outside: int = -1) -> Iterator[str]:
        """The lines of a mapping or list that is not empty."""
        edge = " " * column
        for number, (key, value, own) in enumerate(self.children(data, path)):
            blank = self.may(0.15) and (number > 0 or bool(path))
            yield from [""] * (blank * self.chance.randint(1, 2))
            if self.may(0.1):
                yield edge + self.comment("above", own)
                # With a blank line below, the comment on the first key would be one on all of the file.
                if self.may(0.2) and (path or number):
                    yield ""
            yield from self.child(edge + (f"{key}:" if key else "-"), value, column, own)
        # Below a list that is not indented nobody can say whether it ends there.
        if path and self.may(0.05) and not (isinstance(data, list) and column == outside):
            yield edge + self.comment("end", path)

    def child(self, said: str, value: Any, column: int, path: Path) -> Iterator[str]:
        is_item = isinstance(path[-1], int)
        if isinstance(value, str):
            yield from self.text(said, value, column, path)
        elif not value or self.may(0.2):
            yield from self.flow_lines(said, value, column, path)
        elif is_item and self.may(0.8):
            step = self.chance.randint(1, 3)
            # Nothing can stand above the first key of an item that begins on the line of its dash.
            quiet = Writer(self.chance, self.free, self.comments, self.numbers)
            lines = list(quiet.block(value, column + 1 + step, path))
            while not lines[0].strip() or lines[0].strip().startswith("#"):
                first = lines.pop(0).strip()
                self.comments[:] = [each for each in self.comments if each.text != first]
            yield said + " " * step + lines[0][column + 1 + step :]
            yield from lines[1:]
        else:
            least = 1 if isinstance(value, dict) or is_item else 0
            yield said + self.behind(path)
            step = self.chance.randint(least, 4)
            yield from self.block(value, column + step, path, column)

    def text(self, said: str, text: str, column: int, path: Path) -> Iterator[str]:
        edge = " " * (column + self.chance.randint(1, 4))
        words = text.split(" ")
        at = self.chance.randrange(1, len(words)) if len(words) > 1 else 0
        form = self.chance.random()
        if not text:
            yield said + self.chance.choice(["", ' ""', " ''"]) + self.behind(path)
        elif form < 0.1:
            yield f"{said} {self.chance.choice(['|', '>'])}{self.chance.choice(['', '-', '+'])}{self.behind(path)}"
            yield from (edge + " ".join(each) for each in (words[:at], words[at:]) if each)
        elif form < 0.2 and at and not words[at].startswith("#") and self.is_plain(text):
            yield f"{said} {' '.join(words[:at])}"
            yield edge + " ".join(words[at:]) + self.behind(path)
        elif form < 0.25:
            yield said
            if self.may(0.3):
                yield edge + self.comment("above", path)
            yield edge + self.one(text, False) + self.behind(path)
        else:
            gap = " " * self.chance.choice([1, 1, 1, 3])
            yield said + gap + self.one(text, False) + self.behind(path)

    def one(self, text: str, flow: bool) -> str:
        """A text on one line."""
        safe = self.is_plain(text) and not (flow and _FLOW_SIGNS & set(text))
        form = self.chance.random()
        if safe and form < 0.8:
            return text
        if form < 0.9:
            return "'" + text.replace("'", "''") + "'"
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def is_plain(self, text: str) -> bool:
        return bool(text) and text[0] not in _FLOW_SIGNS | {"-"} and not {": ", " #"} & {
            text[at : at + 2] for at in range(len(text))
        } and not text.endswith(":")  # fmt: skip

    def flow_lines(self, said: str, value: Any, column: int, path: Path) -> Iterator[str]:
        edge = " " * (column + self.chance.randint(1, 4))
        text = self.flow(value, edge, path)
        yield from f"{said} {text}{self.behind(path)}".split("\n")

    def flow(self, value: Any, edge: str, path: Path) -> str:
        if isinstance(value, str):
            return self.one(value, True) if value else '""'
        parts = []
        for key, each, own in self.children(value, path):
            before = ""
            if self.may(0.1):
                before = f"\n{edge}{self.comment('above', own)}\n{edge}"
            elif self.may(0.15):
                before = f"\n{edge}"
            parts.append(before + (f"{key}: " if key else "") + self.flow(each, edge, own))
        inside = ", ".join(parts)
        if parts and self.may(0.1):
            inside += f"\n{edge}{self.comment('end', path)}\n{edge}"
        return f"{{{inside}}}" if isinstance(value, dict) else f"[{inside}]"


def misplaced(comments: list[Comment], text: str) -> list[str]:
    """The comments that are not in a text exactly once, or stand beside something else than what they did."""
    lines = text.split("\n")
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    found = []
    for each in comments:
        at = [number for number, line in enumerate(lines) if line.endswith(each.text)]
        if len(at) != 1 or not _is_right(each, at[0], lines, root):
            found.append(f"{each} in line {[number + 1 for number in at]}")
    return found


def _is_right(comment: Comment, at: int, lines: list[str], root: Any) -> bool:
    alone = lines[at].strip() == comment.text

    def is_said(line: str) -> bool:
        return bool(line.strip()) and not line.strip().startswith("#")

    below = next((number for number in range(at + 1, len(lines)) if is_said(lines[number])), None)
    above = next((number for number in range(at - 1, -1, -1) if is_said(lines[number])), None)
    if comment.where == "head":
        return alone and above is None
    line, last = _lines_of(comment.path, root)
    while not lines[last].strip():
        last -= 1  # a text over several lines ends below the blank lines behind it
    if comment.where == "end":
        # In brackets with nothing behind it, or below its last line.
        return alone and above is not None and above == last
    return below == line if alone else at == line


def _lines_of(path: Path, node: Any) -> tuple[int, int]:
    """The line that a thing begins in, with its key, and the last that it stands in."""
    line = 0
    for step in path:
        if isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line
        else:
            key, node = next(pair for pair in node.value if pair[0].value == step)
            line = key.start_mark.line
    return line, _last(node)


def _last(node: Any) -> int:
    """The last line of a node."""
    if isinstance(node, yaml.ScalarNode) or not node.value or node.flow_style:
        end = node.end_mark
        ends_below = end.column == 0 or getattr(node, "style", None) in ("|", ">")
        return int(end.line - 1 if ends_below and end.line > node.start_mark.line else end.line)
    last = node.value[-1]
    return _last(last[1] if isinstance(last, tuple) else last)
