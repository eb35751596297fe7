"""Whatever stands in a file, somebody is told what is wrong with it, and nobody sees a traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bigrules.diagnostics import errors, render
from bigrules.language import load

BASE = Path(__file__).parent / "readable"
FILES = sorted(path.relative_to(BASE).as_posix() for path in BASE.rglob("*.yaml"))
TEXTS = {name: (BASE / name).read_text(encoding="utf-8") for name in FILES}
LINES = sorted({line for text in TEXTS.values() for line in text.splitlines() if line.strip()})
WORDS = sorted({word for line in LINES for word in line.replace(":", " : ").split()})


def said(files: dict[str, bytes]) -> None:
    """Load a rulebook; every fault can be shown, and the rulebook is there exactly if there is no error."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        rulebook, found = load(folder)
    assert (rulebook is None) == bool(errors(found))
    for each in found:
        assert render(each).isprintable() or "\n" in render(each)
        assert each.message[0] in "`…" or each.message[0].islower()
        assert not each.message.endswith(".")


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, bytes]:
    """The readable rulebook with a few lines of one file taken out, moved, indented or replaced."""
    name = draw(st.sampled_from(FILES))
    lines = TEXTS[name].splitlines()
    for _ in range(draw(st.integers(1, 4))):
        if not lines:
            break
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["out", "double", "indent", "other", "word", "cut", "junk"]))
        if how == "out":
            del lines[at]
        elif how == "double":
            lines.insert(at, lines[at])
        elif how == "indent":
            lines[at] = " " * draw(st.integers(0, 6)) + lines[at].lstrip()
        elif how == "other":
            lines[at] = draw(st.sampled_from(LINES))
        elif how == "word":
            words = lines[at].split(" ")
            words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS))
            lines[at] = " ".join(words)
        elif how == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        else:
            lines[at] += draw(st.text(max_size=8))
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    return {**{each: TEXTS[each].encode() for each in FILES}, name: text}


@given(spoiled())
def test_a_spoiled_file_is_told_about(files: dict[str, bytes]) -> None:
    """Small slips in any file of a rulebook end in diagnostics."""
    said(files)


@given(st.binary(max_size=200))
def test_any_bytes_are_told_about(data: bytes) -> None:
    """A rule file may hold anything at all."""
    said({"rulebook.yaml": TEXTS["rulebook.yaml"].encode(), "vocabulary.yaml": b"{}", "a.yaml": data})


SCALARS = st.one_of(st.sampled_from(WORDS), st.sampled_from(LINES).map(str.strip), st.text(max_size=5))
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(SCALARS, inner, max_size=3)),
    max_leaves=8,
)


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=100)
def test_any_shape_is_told_about(name: str, data: st.DataObject) -> None:
    """Any list, mapping or text may stand where another is wanted."""
    yaml = pytest.importorskip("yaml")
    root = yaml.load(TEXTS[name], Loader=yaml.BaseLoader)
    places = list(paths(root))
    for path in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=2)):
        put(root, path, data.draw(TREES))
    text = yaml.dump(root, allow_unicode=True, sort_keys=False).encode("utf-8", "surrogatepass")
    said({**{each: TEXTS[each].encode() for each in FILES}, name: text})


def paths(value: object, here: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The way to everything in a tree."""
    found: list[tuple[object, ...]] = []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        found += [(*here, key), *paths(each, (*here, key))]
    return found


def put(root: object, path: tuple[object, ...], value: object) -> None:
    """Put something else at a place, if it is still there."""
    for key in path[:-1]:
        try:
            root = root[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(root, dict) or (
        isinstance(root, list) and isinstance(path[-1], int) and path[-1] < len(root)
    ):
        root[path[-1]] = value  # type: ignore[index]
