"""What the tests of `bigrules new` share: rulebooks to write into, odd words, and what stands in a directory."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import strategies as st

from bigrules.diagnostics import Diagnostic, InputError
from bigrules.language import load
from bigrules.language.faults import Faults
from bigrules.language.source import Mapping, Node, parse
from bigrules.tools.examples import run_examples
from bigrules.tools.fmt import format_text
from bigrules.tools.new_rulebook import new_rulebook

LONG = os.environ.get("BIGRULES_PROFILE") == "long"
SHIPPED = Path(__file__).parents[2] / "rules"

# Words that YAML readers take for something else, and signs that mean something in YAML.
ODD = (
    "no", "null", "~", "true", "y", "12", "51%", "2017-07-01", "1e3", "0x1F", ".5", "=", "<<",
    "a: b", "a:", ": a", "%a",
    "a #b", "#b", "- a", "-", "? a", "[a]", "{a: b}", "&a", "*a", "!a", "|", ">", "@a", "`a`",
    "'", '"', "it's", 'the "board"', "a\\b", "---", "...",
    "a, b", "a | b", "\ufeffa", "a\u00adb", "\U0001f9d1\u200d\U0001f33e",
    "naïve café", "日本の会議", "<person> is a member", "<", ">", "<any>", "a  b\tc\nd", "\u2028", "x" * 300, "a\u0301",
)  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(ODD),
    st.lists(st.sampled_from(ODD), min_size=2, max_size=3).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
).filter(
    lambda text: (
        text.strip() != "" and 0 < len(" ".join(text.split())) <= 300 and " ".join(text.split()) != ""
    )
)
_NAME = st.from_regex(r"[A-Za-zäß日0-9][A-Za-z0-9é_]{0,8}(-[a-z0-9]{1,5}){0,3}", fullmatch=True)
IDS = st.lists(_NAME, min_size=1, max_size=4).map("/".join)


@functools.cache
def _made() -> dict[str, bytes | None]:
    """What `new rulebook` makes; it is the same each time."""
    with tempfile.TemporaryDirectory() as folder:
        new_rulebook(f"{folder}/club", "The club")
        return holds(Path(folder) / "club")


def club(directory: Path) -> Path:
    """A rulebook as `new rulebook` makes it."""
    for name, data in _made().items():
        if data is not None:
            file = directory / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    return directory


def shipped(directory: Path) -> Path:
    """A copy of the shipped rules."""
    shutil.copytree(SHIPPED, directory)
    return directory


def holds(directory: Path) -> dict[str, bytes | None]:
    """Everything below a directory: the bytes of each file, None for each folder."""
    found = sorted(directory.rglob("*"))
    return {
        each.relative_to(directory).as_posix(): each.read_bytes() if each.is_file() else None
        for each in found
    }


def what_is_said(directory: Path) -> list[Diagnostic]:
    """All that `bigrules test` has to say about a rulebook."""
    book, found = load(directory)
    return list(found) if book is None else [*found, *run_examples(book)[0]]


def root_of(file: Path) -> Node:
    """What the loader reads in a file."""
    faults = Faults()
    document = parse(file.read_bytes(), file.name, faults)
    assert document is not None, faults.found
    return document.root


def text_at(file: Path, *keys: str) -> str:
    """The text under some keys of a file."""
    node: Node | None = root_of(file)
    for key in keys:
        assert isinstance(node, Mapping)
        node = node.get(key)
    assert node is not None and hasattr(node, "text"), keys
    return str(node.text)


def as_fmt_writes(file: Path, sort: str) -> bool:
    """Whether `bigrules fmt` would leave a file as it is."""
    text = file.read_text(encoding="utf-8")
    return format_text(text, sort) == text


def refusal(error: InputError) -> tuple[str, str, str]:
    """Code, message and help of the one thing that was said."""
    (only,) = error.diagnostics
    return only.code, only.message, only.help or ""
