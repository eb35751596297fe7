"""Changes of rule files at random: made by hand in a copy of the rulebook, and said in an amendment."""

from __future__ import annotations

import functools
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import yaml

from bigrules.language import load, model

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
CONDITIONS = (
    "for each", "only if", "required", "not allowed", "unless",
    "holds when", "holds when any of", "people decide when",
)  # fmt: skip
LIMITS = ("at least", "at most", "more than", "less than", "exactly")


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def read(path: Path) -> Any:
    """A file with every value as the text that is written."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)


def dump(path: Path, tree: Any) -> None:
    """Write a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(tree, Dumper=_Plain, sort_keys=False, width=10_000, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


@functools.cache
def files_of(book: Path) -> tuple[str, ...]:
    """Its rules and definitions."""
    found = sorted(str(each.relative_to(book)) for each in book.rglob("*.yaml"))
    trees = ((each, read(book / each)) for each in found)
    return tuple(
        each for each, tree in trees if isinstance(tree, dict) and {"rule", "definition"} & set(tree)
    )


def changed(tree: Any, rng: random.Random) -> Any:
    """A tree with one limit otherwise, or one item of a list left out; the same where there is neither."""
    places: list[tuple[Any, Any, Any]] = []

    def look(node: Any) -> None:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if key in LIMITS and isinstance(value, str):
                places.append(
                    (node, key, str(int(value) + rng.choice((-1, 1, 2))) if value.isdigit() else "1")
                )
            if isinstance(value, list) and len(value) > 1:
                places.append((node, key, "shorter"))
            if isinstance(value, (dict, list)):
                look(value)

    tree = yaml.load(yaml.safe_dump(tree, sort_keys=False), Loader=LOADER)
    look(tree)
    if places:
        node, key, value = rng.choice(places)
        if value == "shorter":
            value = list(node[key])
            del value[rng.randrange(len(value))]
        node[key] = value
    return tree


@attrs.frozen
class Change:
    """One key of a file with something else under it.

    Args:
        file: The file.
        key: The key.
        old: What stands under it.
        new: What stands there instead.
    """

    file: str
    key: str
    old: Any
    new: Any

    def by_hand(self, book: Path) -> None:
        """Change the file itself."""
        tree = read(book / self.file)
        # What a reading would change may not be there any more: an amendment leaves out those that are lost.
        kept = {key: value for key, value in tree.items() if key not in ("other readings", "equivalent")}
        dump(book / self.file, {**kept, self.key: self.new})

    def as_amendment(self, **more: Any) -> dict[str, Any]:
        """The file that says so."""
        id = self.file.removesuffix(".yaml")
        title = {"amendment": f"`{self.key}` of {id} is otherwise", "amends": id}
        return {**title, "change": {self.key: self.old}, "to": {self.key: self.new}, **more}


def change_of(book: Path, rng: random.Random, file: str = "", files: Sequence[str] = ()) -> Change:
    """A change of a rulebook, of one file where one is named that can be changed so, else of one of some or of all."""
    while True:
        name = file or rng.choice(files or files_of(book))
        tree = read(book / name)
        for key in rng.sample(CONDITIONS, len(CONDITIONS)):
            new = changed({key: tree[key]}, rng)[key] if key in tree else None
            if new is not None and new != tree[key]:
                return Change(name, key, tree[key], new)
        file = ""


def amendment(folder: Path, over: Path, files: dict[str, Any], **manifest: Any) -> Path:
    """An amendment with these files."""
    shutil.rmtree(folder, ignore_errors=True)
    head = {"amendment": folder.name, "format": "1", "version": "0.1.0", "over": str(over), **manifest}
    for name, tree in {"amendment": head, **files}.items():
        dump(folder / f"{name}.yaml", tree)
    return folder


def copied(book: Path, folder: Path) -> Path:
    """A copy of a rulebook."""
    shutil.rmtree(folder, ignore_errors=True)
    return Path(shutil.copytree(book, folder))


def said_by(book: model.Rulebook | None) -> object:
    """All of a rulebook on which findings rest: not how it is called, nor what is said beside its rules."""
    if book is None:
        return None
    aside: dict[str, Any] = {"other_readings": (), "adopted": None, "examples": (), "amended": (), "note": ""}
    rules = {id: attrs.evolve(each, title="", **aside) for id, each in book.rules.items()}
    definitions = {id: attrs.evolve(each, **aside) for id, each in book.definitions.items()}
    return rules, definitions, book.parameters, book.vocabulary.kinds


def loaded(path: Path, *amendments: Path) -> model.Rulebook | None:
    """A rulebook, or None where it has errors."""
    return load(path, amendments=amendments, thorough=False)[0]
