"""A tree → the text of a file, in the one way in which a rulebook is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bigrules.tools.fmt_layout import Layout
from bigrules.tools.fmt_tree import Branch, Child, Scalar, Tree

# What is longer is not kept within brackets, nor put together on one line.
WIDTH = 120
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
# A text that another program would take for a number, a date or a yes keeps its quotation marks.
_NUMBERLIKE = re.compile(r"[-+]?(0o[0-7]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)|[yYnN]")
_UNPRINTABLE = re.compile("[^ -~\u00a1-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def write_tree(tree: Tree, layout: Layout) -> str:
    """The text of a file.

    Args:
        tree: What stands in it, arranged.
        layout: How it is laid out.
    """
    head = [*_single(tree.head), ""] if tree.head else []
    body = list(_branch(tree.root, 0, layout, True)) or ["[]" if not tree.root.is_map else "{}"]
    return "\n".join([*head, *body]) + "\n"


def _single(lines: list[str]) -> list[str]:
    """Comments with no two blank lines in a row, and none in front."""
    found: list[str] = []
    for each in lines:
        if each or (found and found[-1]):
            found.append(each)
    return found


def _branch(branch: Branch, column: int, layout: Layout, top: bool = False) -> Iterator[str]:
    """The lines of a mapping or list, each child on lines of its own."""
    edge = " " * column
    group = 0
    for number, child in enumerate(branch.children):
        key = child.key.text if child.key else ""
        old, group = group, layout.groups.get(key, group)
        lines = _single(child.before)
        if number and _is_apart(child, layout, old != group, bool(lines), top):
            yield ""
        yield from (edge + each if each else "" for each in lines)
        yield from _child(child, column, layout.under(key) if child.key else layout)
    after = _single(branch.after)
    if after and not branch.after[0]:
        yield ""
    yield from (edge + each if each else "" for each in after)


def _is_apart(child: Child, layout: Layout, other_group: bool, is_told: bool, top: bool) -> bool:
    """Whether there is a blank line above an entry or item."""
    if top and (layout.apart or other_group):
        return True
    wanted = bool(child.before) and not child.before[0]
    return wanted and (is_told or not (top and layout.groups))


def _child(child: Child, column: int, layout: Layout) -> Iterator[str]:
    edge = " " * column
    value = child.value
    said = f"{edge}{_one_line(child.key, False)}:" if child.key else f"{edge}-"
    behind = f"  {child.trailing}" if child.trailing else ""
    if isinstance(value, Scalar):
        yield from _text(said, value, column, behind)
        return
    # A dash and one entry need no brackets.
    inline = None if child.key is None and value.is_map and len(value.children) == 1 else _inline(value)
    if inline is not None and len(said) + 1 + len(inline) <= WIDTH:
        yield f"{said} {inline}{behind}"
    elif child.key:
        yield said + behind
        yield from _branch(value, column + 2, layout)
    else:
        if child.trailing:
            yield edge + child.trailing  # there is no room behind a dash that something follows
        lines = list(_branch(value, column + 2, layout))
        yield f"{said} {lines[0][column + 2 :]}"
        yield from lines[1:]


def _text(said: str, value: Scalar, column: int, behind: str) -> Iterator[str]:
    """A text behind its key or dash."""
    lines = _block(value)
    if lines is None or (
        value.style not in ("|", ">") and len(said) + 1 + len(_one_line(value, False)) <= WIDTH
    ):
        one = _one_line(value, False)
        yield f"{said} {one}{behind}" if one else said + behind
        return
    head = value.style if value.style == "|" else ">"
    yield f"{said} {head}{'2' if lines[0].startswith(' ') else ''}-{behind}"
    yield from (" " * (column + 2) + each if each else "" for each in lines)


def _block(value: Scalar) -> tuple[str, ...] | None:
    """The lines of a text that can stand below its key as they are, or None."""
    if value.style in ("|", ">"):
        return value.raw if value.text else None
    whole = " ".join(" ".join(value.raw).split())
    if len(value.raw) < 2 or whole != value.text or _UNPRINTABLE.search(whole):
        return None
    return value.raw


def _inline(branch: Branch) -> str | None:
    """A list or mapping within brackets, where it was written so and can be."""
    if branch.children and (not branch.flow or branch.after):
        return None
    parts = []
    for child in branch.children:
        if any(child.before) or child.trailing:
            return None
        said = _inline(child.value) if isinstance(child.value, Branch) else _one_line(child.value, True)
        if not said or (child.key is not None and not child.key.text and not child.key.style):
            return None
        parts.append(f"{_one_line(child.key, True)}: {said}" if child.key else said)
    inside = ", ".join(parts)
    return f"{{{inside}}}" if branch.is_map else f"[{inside}]"


def _one_line(scalar: Scalar, flow: bool) -> str:
    """A text on one line, with quotation marks only where they are needed."""
    text, style = scalar.text, scalar.style
    if not text:
        return '""' if style else ""
    if not style and len(scalar.raw) == 1:
        return text
    if _is_plain(text, flow) and not (style in ("'", '"') and _is_no_text(text)):
        return text
    if _UNPRINTABLE.search(text):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _UNPRINTABLE.sub(lambda each: f"\\U{ord(each[0]):08x}", escaped) + '"'
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _is_plain(text: str, flow: bool) -> bool:
    """Whether a text can stand without quotation marks."""
    if text[0] in _INDICATORS and not (text[0] in "-?:" and text[1:2] not in ("", " ") and not flow):
        return False
    if ": " in text or " #" in text or text[-1] == ":" or text.startswith(("---", "...")):
        return False
    return not _UNPRINTABLE.search(text) and not (flow and re.search(r"[,\[\]{}?]|:[^ ]", text))


def _is_no_text(text: str) -> bool:
    """Whether another program would read a number, a date or the like where these are no quotation marks."""
    import yaml

    known = yaml.SafeLoader.yaml_implicit_resolvers
    return bool(_NUMBERLIKE.fullmatch(text)) or any(
        each.match(text) for _, each in [*known.get(text[0], []), *known.get(None, [])]
    )
