"""`bigrules fmt`: the files of a rulebook in one layout, with nothing in them changed.

What is written is read again first: the same content, each comment at the same thing, and nothing left to
change. Where one of these does not hold the file is left alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import attrs

from bigrules.diagnostics import Diagnostic, Span, errors
from bigrules.language.faults import Faults
from bigrules.language.files import MANIFEST, yaml_files
from bigrules.language.source import Mapping, Node, Text, parse, read_bytes
from bigrules.tools.fmt_layout import LAYOUTS, Layout, arrange, is_scenarios, sort_of
from bigrules.tools.fmt_print import write_tree
from bigrules.tools.fmt_tree import Branch, Odd, Tree, plain_lines, read_tree

AMENDMENT = "amendment.yaml"
_ENDINGS = (".yaml", ".yml")
_MOST_FOLDERS = 12

Outcome = Literal["same", "changed", "left alone", "unreadable", "other"]


@attrs.frozen
class Formatted:
    """What becomes of one file.

    Args:
        path: The file.
        outcome: Whether it changes; `left alone` where it cannot be laid out without losing something,
            `other` where it is no file of a rulebook.
        old: Its bytes.
        new: What it is to be.
        diagnostics: What there is to say.
    """

    path: Path
    outcome: Outcome
    old: bytes = b""
    new: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


def format_text(text: str, sort: str, file: str = "file") -> str:
    """A text as `bigrules fmt` writes it.

    Args:
        text: What stands in a file.
        sort: What it is: a key of `LAYOUTS`, such as `rule`.
        file: What to call it.

    Raises:
        Odd: It cannot be laid out without losing something.
    """
    layout = LAYOUTS[sort]
    text = plain_lines(text)
    tree = read_tree(text)
    arrange(tree, layout)
    new = write_tree(tree, layout)
    _make_sure(text, tree, new, layout, file)
    return new


def _make_sure(text: str, tree: Tree, new: str, layout: Layout, file: str) -> None:
    """What is promised of each file, looked at before it is written."""
    before, after = Faults(), Faults()
    old_document, document = parse(text.encode(), file, before), parse(new.encode(), file, after)
    if old_document is None or document is None or len(after.found) != len(before.found):
        raise Odd("something that could not be read again")
    if _content(old_document.root, layout) != _content(document.root, layout):
        raise Odd("something that would mean something else")
    again = read_tree(new)
    if comments_of(again) != comments_of(tree):
        raise Odd("a comment that would be lost, or stand beside something else")
    arrange(again, layout)
    if write_tree(again, layout) != new:
        raise Odd("something that would be laid out in another way each time")


def _content(node: Node, layout: Layout) -> Any:
    """All that a file says: the order of its keys only where it may mean something."""
    if isinstance(node, Text):
        return node.text
    if not isinstance(node, Mapping):
        return [_content(each, layout) for each in node.items]
    pairs = [(key.text, _content(value, layout.under(key.text))) for key, value in node.entries]
    return dict(pairs) if layout.order else pairs


def comments_of(tree: Tree) -> Counter[tuple[str, ...]]:
    """Every comment of a tree, with what it belongs to."""
    found: Counter[tuple[str, ...]] = Counter(("the file", each) for each in tree.head if each)
    todo: list[tuple[Branch, tuple[str, ...]]] = [(tree.root, ())]
    while todo:
        branch, path = todo.pop()
        found.update(("end", *path, each) for each in branch.after if each)
        for number, child in enumerate(branch.children):
            own = (*path, child.key.text if child.key else str(number))
            found.update(("at", *own, each) for each in [*child.before, child.trailing] if each)
            if isinstance(child.value, Branch):
                todo.append((child.value, own))
    return found


def format_file(path: Path, shown: str, top: Path | None) -> Formatted:
    """What becomes of a file; nothing is written.

    Args:
        path: The file.
        shown: What to call it.
        top: The directory of its rulebook or amendment, or None where it is in none.
    """
    faults = Faults()
    data = read_bytes(path, shown, faults)
    document = parse(data, shown, faults) if data is not None else None
    if data is None or document is None or errors(faults.found):
        is_other = top is None and data is not None
        return Formatted(path, "other" if is_other else "unreadable", diagnostics=tuple(faults.sorted()))
    text = data.decode("utf-8-sig")
    try:
        tree = read_tree(plain_lines(text))
        if top is None and not is_scenarios(tree.root):
            return Formatted(path, "other", data)
        sort = sort_of(path.name, path.parent == top, tree.root)
        if sort is None:
            return Formatted(path, "other", data)
        new = format_text(text, sort, shown)
    except Odd as odd:
        return Formatted(
            path, "other" if top is None else "left alone", data, diagnostics=(_left(shown, odd),)
        )
    return Formatted(path, "same" if new.encode() == data else "changed", data, new)


def _left(shown: str, odd: Odd) -> Diagnostic:
    message = f"`{shown}` is left as it is: it holds {odd}"
    return Diagnostic("BR541", "left-alone", message, Span(shown), "write it without, and try again")


def find_files(named: Sequence[str]) -> tuple[list[tuple[Path, str, Path | None]], list[Diagnostic]]:
    """The files that are meant by paths: of rulebooks and amendments, and of scenarios.

    Args:
        named: Files and directories.

    Returns:
        Each file, what to call it, and the directory of its rulebook; and what is wrong with the paths.
    """
    found: dict[Path, tuple[Path, str, Path | None]] = {}
    faults = Faults()
    for name in named:
        path = Path(name)
        if not path.is_dir():
            if not path.exists():
                faults.add("missing-file", f"there is no `{name}`", Span(name))
            else:
                found.setdefault(path.absolute(), (path, name, top_of(path)))
            continue
        for each in _below(path, faults):
            found.setdefault(each.absolute(), (each, str(each), top_of(each)))
    return list(found.values()), faults.sorted()


def _below(folder: Path, faults: Faults) -> Iterator[Path]:
    """The YAML files in a directory that bigrules may have written: those that the loader would read."""
    for each in yaml_files(folder, faults, f"`{folder}`"):
        yield folder / each


def top_of(file: Path) -> Path | None:
    """The directory of the rulebook or amendment that a file stands in, or None."""
    # What stands beside a link is what the name says, and not what it leads to.
    for number, folder in enumerate(Path(os.path.abspath(file)).parents):
        if number > _MOST_FOLDERS:
            break
        if (folder / MANIFEST).is_file() or (folder / AMENDMENT).is_file():
            own = file.parent
            for _ in range(number):
                own = own.parent
            return own if own.absolute() == folder else folder
    return None


def write(made: Formatted) -> Diagnostic | None:
    """Write a file that changes, whole or not at all; what there is to say where that cannot be done."""
    # A link stays one: what it leads to is written.
    target = Path(os.path.realpath(made.path))
    beside: str | None = None
    try:
        handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        with open(handle, "wb") as stream:
            stream.write(made.new.encode())
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(target, beside)
        if target.read_bytes() != made.old:
            message = f"`{made.path}` is left as it is: somebody else has just changed it"
            return Diagnostic("BR541", "left-alone", message, Span(str(made.path)), "try again")
        os.replace(beside, target)
        beside = None
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        message = f"`{made.path}` cannot be written: {why}"
        help = "see that there is room, and that the file and its folder may be written"
        return Diagnostic("BR542", "not-written", message, Span(str(made.path)), help)
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
    return None
