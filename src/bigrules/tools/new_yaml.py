"""Texts as YAML: plain where that says the same, else in quotes."""

from __future__ import annotations

import contextlib
import re
import textwrap

from bigrules.tools.fmt import format_text
from bigrules.tools.fmt_tree import Odd

# What may follow the first character of a plain text anywhere; the rest is looked at by itself.
_FIRST = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~]")
_OTHERWISE = re.compile(
    r"(?:y|n|yes|no|on|off|true|false|null|none|nan|[-+.\d]\S*|\d{4}-\d\d?-\d\d?\s.*)", re.IGNORECASE
)
_BREAKS = re.compile(r": |:$| #|^\.\.\.|^---|<<$")


def scalar(text: str, inside: bool = False) -> str:
    """A text as YAML that any reader takes for this text.

    Args:
        text: On one line.
        inside: Whether it stands between braces or brackets.

    >>> scalar("At least 51% live here"), scalar("no"), scalar('He said: "go"')
    ('At least 51% live here', '"no"', '"He said: \\\\"go\\\\""')
    """
    plain = (
        bool(text)
        and text.isprintable()
        and bool(_FIRST.match(text))
        and text == text.strip()
        and not _BREAKS.search(text)
        and not _OTHERWISE.fullmatch(text)
        and not (inside and re.search(r"[,\[\]{}?]|:", text))
    )
    return text if plain else '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class Flow(dict[str, object]):
    """A mapping that stands on one line, in braces."""


def block(value: object, indent: int = 0) -> list[str]:
    """Texts, lists and dicts as lines of YAML.

    >>> print("\\n".join(block({"a": ["b", {"c": "no", "d": "e"}], "f": {"g": "h"}})))
    a:
      - b
      - c: no
        d: e
    f:
      g: h
    """
    pad = " " * indent
    if isinstance(value, dict):
        lines = []
        for key, each in value.items():
            name = scalar(str(key))
            if isinstance(each, str):
                lines.append(f"{pad}{name}: {_value(each)}")
            elif isinstance(each, Flow):
                lines.append(f"{pad}{name}: {flow(each)}")
            elif not each:
                lines.append(f"{pad}{name}: {'[]' if isinstance(each, list) else '{}'}")
            else:
                lines += [f"{pad}{name}:", *block(each, indent + 2)]
        return lines
    if isinstance(value, list):
        lines = []
        for each in value:
            if isinstance(each, str):
                lines.append(f"{pad}- {_value(each)}")
            else:
                first, *rest = block(each, indent + 2)
                lines += [f"{pad}- {first.strip()}", *rest]
        return lines
    return [f"{pad}{_value(str(value))}"]


def flow(value: object) -> str:
    """The same on one line.

    >>> flow({"at least": "8"}), flow(["a", "b, c"])
    ('{at least: 8}', '[a, "b, c"]')
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(str(k), True)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return _value(str(value), True)


def _value(text: str, inside: bool = False) -> str:
    """A value of the language: a number, a day, `yes` and `no` stand as they are."""
    return (
        text
        if re.fullmatch(r"\d+(?:\.\d+)?%?|\d+/\d+|\d{4}-\d\d-\d\d|yes|no", text)
        else scalar(text, inside)
    )


def laid_out(text: str, sort: str) -> str:
    """A file, or a part of one, as `bigrules fmt` writes it.

    Args:
        text: What stands in it.
        sort: What it is, as `bigrules fmt` calls it: `rule`, `clauses` and so on.
    """
    # What it cannot lay out it leaves as it is, and so does this.
    with contextlib.suppress(Odd):
        return format_text(text, sort)
    return text


def comment(text: str, indent: int = 0) -> list[str]:
    """A remark as lines that begin with `#`, none of them long."""

    return textwrap.wrap(
        text, 96 - indent, initial_indent=" " * indent + "# ", subsequent_indent=" " * indent + "# "
    )
