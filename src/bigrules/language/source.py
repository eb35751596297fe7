"""YAML text → Document: nodes that know where they stand, with every scalar kept as text.

Only the parser of PyYAML is used, never its constructors: nothing in a file can become anything but
text, lists and mappings, and depth, size and aliases are checked before they can cost anything.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import Faults
from bigrules.language.stumbles import BEGUN, in_plain_words

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
# Texts, lists and mappings in one file: each takes time and memory, however few bytes it has.
MAX_VALUES = 100_000

# YAML 1.1 ends lines at all of these; the line numbers of the parser count them.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


# Without a slot for weak references, so that it can be made from a draft.
@attrs.frozen(eq=False, weakref_slot=False)
class Text:
    """A scalar, as it was written.

    Args:
        text: Its text with white space made single.
        line: Line of its first character, from 1.
        column: Column of its first character, from 1.
        end_line: Line of its end.
        end_column: One past its last character.
    """

    text: str
    line: int
    column: int
    end_line: int
    end_column: int


class _DraftText:
    __slots__ = ("column", "end_column", "end_line", "line", "text")


def _text(text: str, line: int, column: int, end_line: int, end_column: int) -> Text:
    """A text as its constructor makes it, which takes three times as long: a file is made of texts."""
    made: Any = _DraftText()
    made.text, made.line, made.column, made.end_line, made.end_column = (
        text,
        line,
        column,
        end_line,
        end_column,
    )
    made.__class__ = Text
    frozen: Text = made
    return frozen


@attrs.frozen(eq=False)
class Listing:
    """A list; places as in `Text`, those of an empty one are its brackets."""

    items: tuple[Node, ...]
    line: int
    column: int
    end_line: int
    end_column: int


@attrs.frozen(eq=False)
class Mapping:
    """A mapping; its keys are texts and differ from each other."""

    entries: tuple[tuple[Text, Node], ...]
    line: int
    column: int
    end_line: int
    end_column: int

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None


Node = Text | Listing | Mapping


@attrs.frozen(eq=False)
class Document:
    """One file of a rulebook.

    Args:
        file: Its path relative to the rulebook, with `/`.
        lines: Its lines.
        root: What stands in it.
        joined: Where nodes of other files were put into it: the line before theirs, and the file. Their lines
            stand behind its own, so that each node still knows where it was written.
    """

    file: str
    lines: tuple[str, ...]
    root: Node
    joined: tuple[tuple[int, str], ...] = ()

    def span(self, node: Node) -> Span:
        """Where a node stands: all of a text on its first line; the first key or item of the others."""
        while not isinstance(node, Text):
            if node.line == node.end_line and node.end_column > node.column:
                break
            if isinstance(node, Mapping) and node.entries:
                node = node.entries[0][0]
            elif isinstance(node, Listing) and node.items:
                node = node.items[0]
            else:
                break
        text = self.lines[node.line - 1] if node.line <= len(self.lines) else ""
        end = node.end_column if node.end_line == node.line else len(text.rstrip()) + 1
        file, before = self._written(node.line)
        return Span(file, node.line - before, node.column, max(end, node.column), text)

    def _written(self, line: int) -> tuple[str, int]:
        """The file that a line was written in, and how many lines stand before those of that file."""
        for before, file in reversed(self.joined):
            if line > before:
                return file, before
        return self.file, 0

    def with_lines_of(self, other: Document) -> tuple[Document, Node]:
        """This document with another's lines behind its own, and the root of the other as it stands there.

        Args:
            other: What is to be put into this one; nothing was joined to it.
        """
        before = len(self.lines)
        joined = (*self.joined, (before, other.file))
        whole = attrs.evolve(self, lines=self.lines + other.lines, joined=joined)
        return whole, moved(other.root, before)

    def within(self, node: Text, part: str) -> Span:
        """Where a part of a text stands, such as one slot; all of the text if it runs over lines."""
        span = self.span(node)
        at = span.text.find(part, node.column - 1, span.end_column - 1)
        if not part or at < 0:
            return span
        return attrs.evolve(span, column=at + 1, end_column=at + 1 + len(part))

    @property
    def start(self) -> Span:
        """The first line."""
        text = self.lines[0] if self.lines else ""
        return Span(self.file, 1, 1, max(len(text.rstrip()), 1) + 1 if text else 1, text)


def moved(node: Node, down: int) -> Node:
    """A node that stands so many lines further down."""
    place = (node.line + down, node.column, node.end_line + down, node.end_column)
    if isinstance(node, Text):
        return Text(node.text, *place)
    if isinstance(node, Listing):
        return Listing(tuple(moved(each, down) for each in node.items), *place)
    entries = []
    for key, value in node.entries:
        new = moved(key, down)
        assert isinstance(new, Text)
        entries.append((new, moved(value, down)))
    return Mapping(tuple(entries), *place)


def plain(node: Node | None) -> Any:
    """A node as texts, lists and dicts."""
    if node is None:
        return None
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Listing):
        return [plain(each) for each in node.items]
    return {name.text: plain(value) for name, value in node.entries}


def read_document(path: Path, file: str, faults: Faults) -> tuple[Document | None, bytes]:
    """Read one file.

    Args:
        path: The file.
        file: What to call it in diagnostics.
        faults: Where to note what is wrong.

    Returns:
        The document, or None where it cannot be used; and the bytes of the file.
    """
    data = read_bytes(path, file, faults)
    if data is None:
        return None, b""
    return parse(data, file, faults), data


def read_bytes(path: Path, file: str, faults: Faults) -> bytes | None:
    """The bytes of a file, or None where it cannot be used; its size is looked at first."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            faults.add("not-a-file", f"`{file}` is a directory where a file belongs", Span(file))
            return None
        if not stat.S_ISREG(found.st_mode):
            faults.add("not-a-file", f"`{file}` is not an ordinary file", Span(file))
            return None
        if found.st_size > MAX_BYTES:
            size = f"{found.st_size / 1_000_000:.1f} MB"
            help = f"a file of a rulebook has at most {MAX_BYTES // 1_000_000} MB"
            faults.add("too-large", f"`{file}` is too large ({size})", Span(file), help)
            return None
        with path.open("rb") as stream:  # it may have grown since
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            faults.add("too-large", f"`{file}` is too large", Span(file))
            return None
        return data
    except FileNotFoundError:
        faults.add("missing-file", f"there is no `{file}`", Span(file))
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        faults.add("unreadable", f"`{file}` cannot be read: {why}", Span(file))
    return None


def parse(data: bytes, file: str, faults: Faults, most: int = MAX_VALUES) -> Document | None:
    """Parse the bytes of one file into a document, or None where that cannot be done.

    Args:
        data: The bytes.
        file: What to call it in diagnostics.
        faults: Where to note what is wrong.
        most: How many texts, lists and mappings it may have.

    >>> parse(b"a: 51%", "x.yaml", Faults()).root.get("a").text
    '51%'
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = f"`{file}` is UTF-16 text, and only UTF-8 is read"
        faults.add("not-utf-8", message, Span(file), "save the file with the encoding UTF-8")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = _LINE_END.split(data[: error.start].decode("utf-8", "replace"))
        whole = _LINE_END.split(data.decode("utf-8", "replace"))[len(good) - 1]
        column = len(good[-1].lstrip("\ufeff")) + 1
        place = Span(file, len(good), column, column + 1, whole)
        message = f"`{file}` is not UTF-8 text: byte {data[error.start]:#04x} stands here"
        faults.add("not-utf-8", message, place, "save the file with the encoding UTF-8")
        return None
    # The other line ends are rare, and looking for all of them takes longer.
    is_plain = text.isascii() and "\r" not in text
    lines = tuple(text.split("\n") if is_plain else _LINE_END.split(text))
    before = len(faults.found)
    for number, line in enumerate(lines, 1):
        rest = line.lstrip()
        indent = line[: len(line) - len(rest)]
        if rest and indent.strip(" "):
            column = len(indent) - len(indent.lstrip(" ")) + 1
            place = Span(file, number, column, len(indent) + 1, line)
            if "\t" in indent:
                faults.add("tab", "a tab indents this line", place, "indent with spaces")
            else:
                message = "what indents this line only looks like a space"
                faults.add("odd-space", message, place, "type the spaces again: copied text may hold others")
    if len(faults.found) > before:
        return None
    root = _Composer(text, file, lines, faults, most).compose()
    if root is None:
        if len(faults.found) == before:
            faults.add("empty-file", f"`{file}` is empty", Span(file))
        return None
    return Document(file, lines, root)


class _Stop(Exception):
    """Nothing more can be read from the file; why has been noted."""


class _Composer:
    """Events → nodes, without recursion, so that no depth of nesting can hurt."""

    def __init__(self, text: str, file: str, lines: tuple[str, ...], faults: Faults, most: int) -> None:
        self.text = text
        self.most = most
        self.file = file
        self.lines = lines
        self.faults = faults

    def compose(self) -> Node | None:
        """The root of the one document in the text, or None."""
        before = len(self.faults.found)
        try:
            root = self._compose()
        except _Stop:
            return None
        # What was left out must not lead to further faults that the author did not make.
        return root if len(self.faults.found) == before else None

    def _compose(self) -> Node | None:
        import yaml

        # In C where PyYAML has it, else in Python.
        base = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        loader: Any = None
        try:
            loader = base(self.text)
            return self._nodes(loader.get_event, yaml)
        except yaml.YAMLError as error:
            self._not_yaml(error)
            raise _Stop from None
        finally:
            if loader is not None:
                loader.dispose()

    def _nodes(self, next_event: Callable[[], Any], yaml: Any) -> Node | None:
        """The root that the events of the parser make."""
        scalar, ends = yaml.ScalarEvent, (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        starts = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
        root: Node | None = None
        documents = values = 0
        aliased: set[str] = set()
        # Each open collection: its start, its nodes so far (keys and values by turns in a mapping).
        open_: list[tuple[Any, list[Node]]] = []
        while True:
            event = next_event()
            sort = event.__class__
            if sort is scalar:
                values += 1
                if values > self.most or event.tag is not None:
                    self._look_at(event, values)
                text = event.value
                if not text.isascii() or "  " in text or "\n" in text or text != text.strip() or "\t" in text:
                    text = " ".join(text.split())
                start, end = event.start_mark, event.end_mark
                node: Node = _text(text, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
            elif sort in starts:
                values += 1
                self._look_at(event, values)
                if len(open_) >= MAX_DEPTH:
                    help = f"nest at most {MAX_DEPTH} lists and mappings in each other"
                    self.faults.add("too-deep", "this is nested too deeply", self._place(event), help)
                    raise _Stop
                open_.append((event, []))
                continue
            elif sort in ends:
                begun, nodes = open_.pop()
                node = self._close(begun, event, nodes, sort is yaml.MappingEndEvent)
            elif sort is yaml.AliasEvent:
                if event.anchor not in aliased:
                    aliased.add(event.anchor)
                    help = "write the value out in full"
                    self.faults.add("alias", f"`*{event.anchor}` is an alias", self._place(event), help)
                start, end = event.start_mark, event.end_mark
                node = Text("", start.line + 1, start.column + 1, end.line + 1, end.column + 1)
            elif sort is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    help = "put each into a file of its own"
                    self.faults.add(
                        "several-documents", "a second document begins here", self._place(event), help
                    )
                    raise _Stop
                continue
            elif sort is yaml.StreamEndEvent:
                break
            else:
                continue
            if open_:
                open_[-1][1].append(node)
            else:
                root = node
        if isinstance(root, Text) and not root.text:
            return None
        return root

    def _look_at(self, event: Any, values: int) -> None:
        """Stop at one value too many; note a tag."""
        if values > self.most:
            message = f"`{self.file}` holds more than {self.most:,} values"
            self.faults.add("too-large", message, self._place(event))
            raise _Stop
        if event.tag is not None and event.tag != "!":
            self._tag(event)

    def _close(self, begun: Any, ended: Any, nodes: list[Node], is_mapping: bool) -> Node:
        """The collection that ends here."""
        start, end = begun.start_mark, ended.end_mark
        if begun.flow_style:
            place = (start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        else:
            last = nodes[-1] if nodes else None
            place = (
                start.line + 1,
                start.column + 1,
                last.end_line if last else start.line + 1,
                last.end_column if last else start.column + 1,
            )
        if not is_mapping:
            return Listing(tuple(nodes), *place)
        entries: dict[str, tuple[Text, Node]] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Text):
                span = self._span(key.line, key.column, key.end_line, key.end_column)
                help = "write a word, or some, in front of the `:`; a list or mapping cannot stand there"
                self.faults.add("wrong-shape", "a key must be text", span, help)
            elif key.text in entries:
                first = entries[key.text][0].line
                span = self._span(key.line, key.column, key.end_line, key.end_column)
                help = f"it stands in line {first} already; keep one of them"
                self.faults.add("duplicate-key", f"the key `{key.text}` stands twice", span, help)
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), *place)

    def _not_yaml(self, error: Any) -> None:
        """Say in plain words what the parser stumbled over; it words it differently in C and in Python."""
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            offset = getattr(error, "position", 0) or 0
            before = _LINE_END.split(self.text[:offset])
            line, column = len(before), len(before[-1]) + 1
            place = self._span(line, column, line, column + 1)
            message = "a character that is not text stands here"
            self.faults.add("not-yaml", message, place, "take it out; text files hold no control characters")
            return
        problem = f"{error.context or ''} {error.problem or ''}"
        begun = getattr(error, "context_mark", None)
        if begun is not None and begun.line < mark.line and any(each in problem for each in BEGUN):
            mark = begun  # what is wrong is what was begun there, and not where the parser gave up
        line, column = mark.line + 1, mark.column + 1
        while line > 1 and (line > len(self.lines) or not self.lines[line - 1].strip()):
            line -= 1  # the end of the file, where nothing is to be seen: its last line
            column = len(self.lines[line - 1].rstrip()) + 1
        before = self.lines[line - 1][: column - 1].rstrip()
        above = self.lines[line - 2] if line > 1 else ""
        message, help, at_colon = in_plain_words(problem, before, above)
        if at_colon:
            line, column = line - 1, at_colon
        self.faults.add("not-yaml", message, self._span(line, column, line, column + 1), help)

    def _tag(self, event: Any) -> None:
        help = "take it out; the type of a value follows from where it stands"
        self.faults.add("tag", f"`{event.tag}` is a tag", self._place(event), help)

    def _place(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return self._span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _span(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        end = end_column if end_line == line else len(text.rstrip()) + 1
        return Span(self.file, line, column, max(end, column + 1), text)
