"""However a file is laid out, `bigrules fmt` writes the same content, with each comment beside the same thing."""

from __future__ import annotations

import os
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bigrules.cli import main
from bigrules.language import shipped_path
from bigrules.tools.fmt import format_text
from bigrules.tools.fmt_layout import LAYOUTS, Layout
from fmt.layouts import Writer, misplaced

RULES = shipped_path()
SCENARIOS = Path(__file__).parents[1] / "scenarios"
ROUNDS = range(2_000 if os.environ.get("BIGRULES_PROFILE") == "long" else 60)


@cache
def files() -> list[tuple[str, Path]]:
    """Every file of the shipped rulebook and its scenarios, with what it is."""
    found = []
    for path in sorted(RULES.rglob("*.yaml")):
        found.append((path.stem if path.parent == RULES else "rule", path))
    return found + [("scenarios", path) for path in sorted(SCENARIOS.glob("*.yaml"))]


def part_of(sort: str, path: Path, chance: random.Random) -> Any:
    """What a file holds; of long lists a few items, so that many layouts can be tried."""
    data = _read(path)
    if sort in ("vocabulary", "clauses"):
        return {key: data[key] for key in chance.sample(list(data), 3)}
    if sort == "scenarios":
        return chance.sample(data, min(3, len(data)))
    return {
        **data,
        **{key: chance.sample(data[key], min(2, len(data[key]))) for key in ("examples",) if key in data},
    }


@cache
def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def spaced(data: Any) -> Any:
    """Data with white space made single, as the loader reads it."""
    if isinstance(data, dict):
        return {key: spaced(value) for key, value in data.items()}
    return [spaced(each) for each in data] if isinstance(data, list) else " ".join(data.split())


def same_order(one: Any, other: Any, layout: Layout) -> bool:
    """Whether what has an order of its own has kept it."""
    if isinstance(one, list):
        return all(same_order(a, b, layout) for a, b in zip(one, other, strict=True))
    if not isinstance(one, dict):
        return True
    kept = bool(layout.order) or list(one) == list(other)
    return kept and all(same_order(value, other[key], layout.under(key)) for key, value in one.items())


def layout_at(layout: Layout, path: tuple[str | int, ...]) -> Layout:
    for step in path:
        layout = layout.under(step) if isinstance(step, str) else layout
    return layout


@pytest.mark.parametrize("seed", ROUNDS)
def test_any_layout_comes_to_the_same(seed: int) -> None:
    """Content, comments and order are as they were; formatting again changes nothing; two layouts come to one."""
    chance = random.Random(seed)
    sort, path = chance.choice(files())
    data = part_of(sort, path, chance)
    layout = LAYOUTS[sort]
    writer = Writer(chance, lambda at: bool(layout_at(layout, at).order))
    text = writer.file(data)
    assert spaced(yaml.load(text, Loader=yaml.BaseLoader)) == spaced(data), "the test itself is wrong"

    new = format_text(text, sort, path.name)
    read = yaml.load(new, Loader=yaml.BaseLoader)
    assert spaced(read) == spaced(data)
    assert same_order(yaml.load(text, Loader=yaml.BaseLoader), read, layout)
    assert misplaced(writer.comments, new) == [], new
    assert new.count("#") == text.count("#")
    assert format_text(new, sort) == new
    assert new.endswith("\n") and not new.endswith("\n\n") and "\r" not in new
    assert not [line for line in new.split("\n") if line != line.rstrip()]
    assert "\n\n\n" not in new


@pytest.mark.parametrize(("sort", "path"), files(), ids=lambda each: getattr(each, "name", each))
def test_the_shipped_files_are_laid_out_so(sort: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_text(text, sort) == text


def test_so_are_the_examples() -> None:
    """Those of an author who takes one as a pattern would be laid out anew at once."""
    examples = Path(__file__).parents[2] / "examples"
    assert main(["fmt", "--check", str(examples)]) == 0
