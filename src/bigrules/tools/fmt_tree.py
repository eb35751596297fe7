"""The text of a rulebook file → a tree that knows its comments and blank lines, for `bigrules fmt`.

Positions come from the events of the parser; comments are what stands between them. Each comment belongs
to one entry or item, so that it goes where that goes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from typing import Any

import attrs

LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_BLOCK_HEAD = re.compile(r"[|>][-+0-9]*[ \t]*(#.*)?$")


class Odd(Exception):
    """Something that is allowed in YAML, and that this tree has no place for."""


@attrs.define(eq=False)
class Scalar:
    """A text.

    Args:
        text: Its text as the loader has it.
        style: How it was written: nothing for a plain one, else `'`, `"`, `|` or `>`.
        raw: The lines of its source, without indentation and quotation marks.
    """

    text: str
    style: str
    raw: tuple[str, ...]
    start: int
    end: int


@attrs.define(eq=False)
class Branch:
    """A mapping or a list.

    Args:
        flow: Whether it was written with brackets.
        children: Its entries or items.
        after: Comments behind the last of them; "" is a blank line.
    """

    is_map: bool
    flow: bool
    column: int
    start: int
    end: int = 0
    children: list[Child] = attrs.field(factory=list)
    after: list[str] = attrs.field(factory=list)


@attrs.define(eq=False)
class Child:
    """An entry of a mapping or an item of a list.

    Args:
        key: Its key; None for an item.
        value: What stands there.
        before: Comments above it; "" is a blank line.
        trailing: The comment behind it, on its line.
    """

    start: int
    column: int
    key: Scalar | None
    value: Scalar | Branch
    before: list[str] = attrs.field(factory=list)
    trailing: str = ""


@attrs.define(eq=False)
class Tree:
    """A file.

    Args:
        root: What stands in it.
        head: Comments at its beginning that belong to all of it.
    """

    root: Branch
    head: list[str] = attrs.field(factory=list)


@attrs.frozen
class _Comment:
    index: int
    column: int
    text: str
    alone: bool
    below_blank: bool


def plain_lines(text: str) -> str:
    """Text with one sort of line end."""
    return text if text.isascii() and "\r" not in text else LINE_END.sub("\n", text)


def read_tree(text: str) -> Tree:
    """The tree of a text that the loader can read.

    Raises:
        Odd: It holds something that would be lost.
    """
    root, scalars = _Reader(text).read()
    return _with_comments(text, root, scalars)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.scalars: list[Scalar] = []

    def read(self) -> tuple[Branch, list[Scalar]]:
        import yaml

        root: Scalar | Branch | None = None
        # Each open collection, and its key that waits for a value.
        open_: list[tuple[Branch, list[Scalar]]] = []
        event: Any
        mark: Any
        for event in yaml.parse(self.text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
            if isinstance(event, yaml.DocumentStartEvent) and (event.version or event.tags):
                raise Odd("a directive, which begins with `%`")
            if getattr(event, "anchor", None) is not None:
                raise Odd(f"the anchor `&{event.anchor}`")
            if getattr(event, "tag", None) is not None:
                raise Odd(f"the tag `{event.tag}`")
            node: Scalar | Branch
            if isinstance(event, yaml.ScalarEvent):
                node = self.scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                mark = event.start_mark
                is_map = isinstance(event, yaml.MappingStartEvent)
                open_.append((Branch(is_map, bool(event.flow_style), mark.column, mark.index), []))
                continue
            elif isinstance(event, yaml.CollectionEndEvent):
                node, _ = open_.pop()
                last = node.children[-1].value.end if node.children else node.start
                mark = event.end_mark
                node.end = mark.index if node.flow else last
            else:
                continue
            if not open_:
                root = node
                continue
            branch, keys = open_[-1]
            if branch.is_map and not keys:
                if not isinstance(node, Scalar):
                    raise Odd("a key that is not a text")
                keys.append(node)
            else:
                branch.children.append(self.child(branch, keys.pop() if branch.is_map else None, node))
        if not isinstance(root, Branch):
            raise Odd("nothing but a text")
        return root, self.scalars

    def scalar(self, event: Any) -> Scalar:
        start, end, style = event.start_mark.index, event.end_mark.index, event.style or ""
        source = self.text[start:end]
        raw = [line.strip() for line in source.split("\n")]
        if style in ("|", ">"):
            raw = _block_lines(source.split("\n")[1:])
        elif style:
            raw[0], raw[-1] = raw[0][1:], raw[-1]
            raw[-1] = raw[-1][:-1]
        found = Scalar(" ".join(event.value.split()), style, tuple(raw), start, end)
        self.scalars.append(found)
        return found

    def child(self, branch: Branch, key: Scalar | None, value: Scalar | Branch) -> Child:
        if key is not None:
            return Child(key.start, branch.column, key, value)
        if branch.flow:
            return Child(value.start, branch.column, None, value)
        # The parser does not say where the dash is: behind the item before, outside of comments.
        at = branch.children[-1].value.end if branch.children else branch.start
        while self.text[at] != "-":
            at = self.text.index("\n", at) if self.text[at] == "#" else at + 1
        return Child(at, branch.column, None, value)


def _block_lines(lines: list[str]) -> list[str]:
    """The lines of a block text without their indentation, without blank lines around them."""
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        kept.pop(0)
    least = min((len(line) - len(line.lstrip(" ")) for line in kept if line), default=0)
    return [line[least:] for line in kept]


def _comments(text: str, scalars: list[Scalar]) -> Iterator[_Comment]:
    """Every comment, in order: what follows a `#` that is in no text."""
    at = 0
    for scalar in [*scalars, None]:
        stop = len(text) if scalar is None else scalar.start
        while (found := text.find("#", at, stop)) >= 0:
            yield _comment(text, found)
            at = text.find("\n", found)
            at = len(text) if at < 0 else at
        if scalar is None:
            continue
        at = max(at, scalar.end)
        if scalar.style in ("|", ">"):
            line_end = text.find("\n", scalar.start)
            match = _BLOCK_HEAD.match(text[scalar.start : line_end if line_end >= 0 else len(text)])
            if match and match[1]:
                yield _comment(text, scalar.start + match.start(1))


def _comment(text: str, at: int) -> _Comment:
    line = text.rfind("\n", 0, at) + 1
    stop = text.find("\n", at)
    said = text[at : stop if stop >= 0 else len(text)].rstrip()
    alone = not text[line:at].strip(" \t\ufeff")
    return _Comment(at, at - line, said, alone, _below_blank(text, line))


def _below_blank(text: str, line: int) -> bool:
    """Whether the line above the one that begins here is blank."""
    if line == 0:
        return False
    above = text.rfind("\n", 0, line - 1) + 1
    return not text[above : line - 1].strip()


def _with_comments(text: str, root: Branch, scalars: list[Scalar]) -> Tree:
    tree = Tree(root)
    keeper = _Keeper(root)
    comments = deque(_comments(text, scalars))
    # In the order of the text, since some comments belong to what they stand below.
    for child, _ in keeper.stations:
        while comments and comments[0].index < child.start:
            keeper.keep(comments.popleft())
        line = text.rfind("\n", 0, child.start) + 1
        # What begins in the middle of a line has no line above it.
        if not text[line : child.start].strip() and _below_blank(text, line):
            child.before.append("")
    for each in comments:
        keeper.keep(each)
    split_head(tree)
    return tree


def split_head(tree: Tree) -> None:
    """Comments at the top of a file, with a blank line below them, belong to the file."""
    first = tree.root.children[0].before if tree.root.children else []
    last = max((at for at, each in enumerate(first) if not each), default=-1)
    if last > 0 and any(first[:last]):
        tree.head += [*([""] if tree.head else []), *_trimmed(first[:last])]
        del first[: last + 1]


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[0]:
        lines = lines[1:]
    return lines


# An entry or item, with the collections around it from the outside and what holds each of them.
_Station = tuple[Child, tuple[tuple[Branch, Child | None], ...]]


class _Keeper:
    """Whom each comment belongs to."""

    def __init__(self, root: Branch) -> None:
        self.root = root
        # Entries and items in the order of the text, each with the collections around it from the outside.
        self.stations: list[_Station] = []
        todo: list[tuple[Branch, tuple[tuple[Branch, Child | None], ...]]] = [(root, ((root, None),))]
        while todo:
            branch, around = todo.pop()
            for child in branch.children:
                self.stations.append((child, around))
                if isinstance(child.value, Branch):
                    todo.append((child.value, (*around, (child.value, child))))
        # Of those that begin together the outer one comes first.
        self.stations.sort(key=lambda each: (each[0].start, len(each[1])))
        self.starts = [child.start for child, _ in self.stations]

    def keep(self, comment: _Comment) -> None:
        at = bisect_right(self.starts, comment.index)
        if not comment.alone and at:
            self.behind(comment, at - 1)
        else:
            self.above(comment, at)

    def behind(self, comment: _Comment, at: int) -> None:
        """A comment on the line of something."""
        child, around = self.stations[at]
        for branch, holder in around:
            if branch.flow and branch.end <= comment.index and holder is not None:
                child = holder
                break
        if child.trailing:
            child.before.append(comment.text)
        else:
            child.trailing = comment.text

    def above(self, comment: _Comment, at: int) -> None:
        """A comment on a line of its own."""
        before = self.stations[at - 1] if at else None
        next_ = self.stations[at] if at < len(self.stations) else None
        lines = self.lines_of(comment, before, next_)
        if comment.below_blank:
            lines.append("")
        lines.append(comment.text)

    def lines_of(self, comment: _Comment, before: _Station | None, next_: _Station | None) -> list[str]:
        if before is not None:
            child, around = before
            value = child.value
            if value.start > comment.index and not (isinstance(value, Branch) and not value.flow):
                return child.before
            if isinstance(value, Scalar) and not value.raw[0] and comment.column > child.column:
                return child.before  # it stands where a value is missing
            # Inside of brackets: to what comes next in them, or to their end.
            if isinstance(value, Branch):
                around = (*around, (value, child))
            inside = [each for each, _ in around if each.flow and each.start < comment.index < each.end]
            if inside:
                if not inside[-1].children:
                    return child.before  # brackets with nothing in them
                shared = next_ is not None and any(each is inside[-1] for each, _ in next_[1])
                return next_[0].before if next_ is not None and shared else inside[-1].after
            if next_ is None or comment.column > next_[0].column:
                still = {id(each) for each, _ in next_[1]} if next_ else set()
                ended = [each for each, _ in around if not each.flow and id(each) not in still]
                left = [each for each in ended if each.column <= comment.column]
                if left:
                    # A list may begin below its key: what stands there is about what has the key.
                    return next(each for each in left if each.column == left[-1].column).after
        return next_[0].before if next_ is not None else self.root.after
