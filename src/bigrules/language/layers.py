"""Where a rulebook stands, and what is laid over it: directories → base and layers, each with its documents."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import Faults, in_words
from bigrules.language.files import (
    AMENDMENT,
    FORMAT,
    MANIFEST,
    VOCABULARY,
    Sources,
    read_documents,
    read_sources,
)
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping, Node, Text, read_document
from bigrules.language.spells import ALWAYS, Spell, read_spell

_KEYS = ("amendment", "format", "version", "over", "by", "from", "until", "parameters", "note")
# Whoever lays more over each other has made a circle, or nobody can follow it any more.
MAX_LAYERS = 20


@attrs.frozen(eq=False)
class Layer:
    """An amendment: a directory that is laid over a rulebook.

    Args:
        name: What it is called.
        version: Its version.
        by: The authority of every file that names none of its own, or "".
        over: What it is laid over, as it is written.
        spell: When all of it is in force.
        path: Where it stands.
        shown: What its files are called by in places: `shown/file`.
        documents: Its files but `amendment.yaml`, by their path in it.
        parameters: What stands under `parameters`, with the document that it stands in, or None.
        digest: Hash over its files.
        place: Where it says what it is laid over.
    """

    name: str
    version: str
    by: str
    over: str
    spell: Spell
    path: Path
    shown: str
    documents: dict[str, Document]
    parameters: tuple[Document, Node] | None
    digest: str
    place: Span


@attrs.frozen(eq=False)
class Stack:
    """A rulebook, and the amendments that are laid over it in their order."""

    base: Sources
    layers: tuple[Layer, ...]

    @property
    def digest(self) -> str:
        """Hash over all files."""
        if not self.layers:
            return self.base.digest
        parts = [self.base.digest, *(each.digest for each in self.layers)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_amendment(path: Path) -> bool:
    """Whether a directory holds an amendment and no rulebook."""
    try:
        return (path / AMENDMENT).is_file() and not (path / MANIFEST).exists()
    except (OSError, ValueError):
        return False


def read_stack(path: Path, amendments: Sequence[str | os.PathLike[str]], faults: Faults) -> Stack | None:
    """Read a rulebook and what is laid over it; None where one of them cannot be read.

    Args:
        path: A rulebook, or an amendment, which brings what it is laid over.
        amendments: Directories to lay over it, in their order; each brings the amendments that it is laid over.
        faults: Where to note what is wrong.
    """
    finder = _Finder(faults)
    if is_amendment(path):
        base = finder.base_of(path, os.fspath(path))
    else:
        base = read_sources(path, faults)
        if base is not None:
            finder.names_of_base(path, base)
    if base is None:
        return None
    for each in amendments:
        if not is_amendment(Path(each)):
            _not_an_amendment(Path(each), os.fspath(each), faults)
        elif Path(each).resolve() not in finder.known:
            finder.lay(Path(each), os.fspath(each))
    if finder.failed:
        return None
    return Stack(base, tuple(finder.layers))


class _Finder:
    """Finds what amendments are laid over, and lays each once."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.layers: list[Layer] = []
        # Directories that are laid or are being laid, and names that an amendment may say it is over.
        self.known: set[Path] = set()
        self.names: dict[str, str] = {}
        self.base_path: Path | None = None
        self.failed = False
        # Those that are being laid: each waits for the one that it is over.
        self.open: set[Path] = set()

    def names_of_base(self, path: Path, base: Sources) -> None:
        """What an amendment may call the rulebook."""
        self.base_path = path.resolve()
        document = base.documents.get(MANIFEST)
        name = document.root.get("rulebook") if document and isinstance(document.root, Mapping) else None
        if isinstance(name, Text):
            self.names[name.text.casefold()] = name.text

    def base_of(self, path: Path, shown: str) -> Sources | None:
        """Read the rulebook that an amendment is laid over in the end, and lay the amendments between."""
        chain: list[Layer] = []
        while is_amendment(path):
            if path.resolve() in self.known or len(chain) > MAX_LAYERS:
                self.circle(chain[-1])
                return None
            layer = self.read(path, shown)
            if layer is None:
                return None
            chain.append(layer)
            found = find(layer)
            if found is None:
                self.nothing(layer)
                return None
            path, shown = found, _shown(found)
        base = read_sources(path, self.faults)
        if base is not None:
            self.names_of_base(path, base)
            for each in reversed(chain):
                self.add(each)
        return base

    def lay(self, path: Path, shown: str) -> None:
        """Lay an amendment, after those that it is laid over."""
        layer = self.read(path, shown)
        if layer is None:
            return
        self.open.add(path.resolve())
        if layer.over.casefold() not in self.names:
            found = find(layer)
            resolved = found.resolve() if found is not None else None
            if found is None:
                self.nothing(layer)
                return
            if resolved in self.open or len(self.open) > MAX_LAYERS:
                self.circle(layer)
                return
            if resolved != self.base_path and resolved not in self.known:
                if not is_amendment(found):
                    there = in_words(self.names.values(), "and")
                    message = (
                        f"`{layer.name}` is laid over `{layer.over}`, and here it would stand over {there}"
                    )
                    help = "name the rulebook that it is made for, or mend `over` if it is made for this one"
                    self.faults.add("other-base", message, layer.place, help)
                    self.failed = True
                    return
                self.lay(found, _shown(found))
        self.open.discard(path.resolve())
        self.add(layer)

    def add(self, layer: Layer) -> None:
        self.names[layer.name.casefold()] = layer.name
        self.layers.append(layer)

    def circle(self, layer: Layer) -> None:
        message = f"`{layer.name}` is laid over itself, through `{layer.over}`"
        self.faults.add("unknown-base", message, layer.place, "name the rulebook that it amends")
        self.failed = True

    def nothing(self, layer: Layer) -> None:
        message = f"there is no rulebook `{layer.over}` to lay this over"
        help = "name the shipped rulebook by its name, another by its directory, seen from this one"
        self.faults.add("unknown-base", message, layer.place, help)
        self.failed = True

    def read(self, path: Path, shown: str) -> Layer | None:
        self.known.add(path.resolve())
        layer = read_layer(path, shown, self.faults)
        if layer is None or not layer.over:
            self.failed = True
            return None
        return layer


def find(layer: Layer) -> Path | None:
    """The directory of what an amendment is laid over, or None: a path seen from it, or a name."""
    if not layer.over:
        return None
    near = layer.path / layer.over
    try:
        if (near / MANIFEST).is_file() or is_amendment(near):
            return near
    except (OSError, ValueError):
        return None
    return find_by_name(layer.over)


def find_by_name(name: str) -> Path | None:
    """The directory of the rulebook that is shipped, or that another package offers, by its name; or None."""
    from bigrules.language import shipped_path

    shipped = shipped_path()
    document, _ = read_document(shipped / MANIFEST, MANIFEST, Faults())
    called = document.root.get("rulebook") if document and isinstance(document.root, Mapping) else None
    if isinstance(called, Text) and called.text.casefold() == name.casefold():
        return shipped
    offered = offered_path(name)
    return Path(offered) if offered is not None else None


def offered_path(name: str) -> str | None:
    """The path of a rulebook that another package offers under a name (entry point `bigrules.rulebooks`)."""
    if os.sep in name or "/" in name:
        return None
    from importlib.metadata import entry_points

    for each in entry_points(group="bigrules.rulebooks", name=name):
        found = each.load()
        return str(found() if callable(found) else found)
    return None


def read_layer(path: Path, shown: str, faults: Faults) -> Layer | None:
    """Read an amendment; None where it cannot be used."""
    before = len(faults.found)
    documents, digest = read_documents(path, shown, f"{shown.rstrip('/')}/", faults)
    manifest = documents.pop(AMENDMENT, None)
    if manifest is None:
        if len(faults.found) == before:
            faults.add("missing-file", f"there is no `{shown}/{AMENDMENT}`", Span(shown))
        return None
    shape = Shape(manifest, faults)
    keys = shape.mapping(manifest.root, AMENDMENT, _KEYS)
    if keys is None:
        return None
    texts = {}
    for key in ("amendment", "format", "version", "over", "by"):
        texts[key] = shape.text(keys[key][1], f"`{key}`") if key in keys else ""
        if key not in keys and key != "by" and shape.lacks(manifest.root, key):
            help = {
                "format": f"add `format: {FORMAT}`",
                "over": "say which rulebook it is laid over: `over: Big Local partnerships`",
            }.get(key)
            faults.add("missing-key", f"{AMENDMENT} has no `{key}`", manifest.start, help)
    if texts["format"] and texts["format"] != str(FORMAT):
        message = f"this amendment has format `{texts['format']}`"
        help = f"this version of bigrules reads format `{FORMAT}`"
        faults.add("unknown-format", message, shape.span(keys["format"][1]), help)
    spell = read_spell(shape, keys, manifest.start, "this amendment") or ALWAYS
    parameters = (manifest, keys["parameters"][1]) if "parameters" in keys else None
    place = shape.span(keys["over"][1]) if "over" in keys else manifest.start
    return Layer(
        texts["amendment"], texts["version"], texts["by"], texts["over"], spell, path, shown.rstrip("/"),
        documents, parameters, digest, place,
    )  # fmt: skip


def _shown(path: Path) -> str:
    """What the files of a directory are called by that nobody named."""
    return os.path.normpath(path)


def _not_an_amendment(path: Path, shown: str, faults: Faults) -> None:
    if not path.exists():
        faults.add("missing-file", f"there is no `{shown}`", Span(shown))
    elif (path / MANIFEST).is_file() or (path / VOCABULARY).is_file():
        message = f"`{shown}` is a rulebook, and what is laid over one is an amendment"
        help = f"an amendment holds `{AMENDMENT}`, and no `{MANIFEST}`"
        faults.add("not-a-rulebook", message, Span(shown), help)
    else:
        message = f"`{shown}` is not an amendment: it holds no `{AMENDMENT}`"
        faults.add("not-a-rulebook", message, Span(shown), f"name the directory that holds `{AMENDMENT}`")
