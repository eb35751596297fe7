"""The files of a rulebook: which there are, and what its manifest says."""

from __future__ import annotations

import datetime
import hashlib
import os
from pathlib import Path

import attrs

from bigrules.diagnostics import Enough, Span
from bigrules.language.build import Setting
from bigrules.language.faults import Faults
from bigrules.language.model import Edition, Parameter
from bigrules.language.parameters import read_parameters
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Listing, Node, parse, read_bytes
from bigrules.language.spells import read_spell

FORMAT = 1
MANIFEST, VOCABULARY, CLAUSES = "rulebook.yaml", "vocabulary.yaml", "clauses.yaml"
REVIEW = "review.yaml"
AMENDMENT = "amendment.yaml"
_ENDINGS = (".yaml", ".yml")
MAX_FILES = 5_000
MAX_FOLDERS = 12
# All files of a rulebook together.
MAX_ALL_BYTES = 20_000_000


class Tried(dict[tuple[str, str], tuple[object, object]]):
    """Rulebooks as single readings make them: by file and reading what it was made from, and what came out."""

    def __reduce__(self) -> tuple[type[Tried], tuple[()]]:
        # They can be made again, and would make a rulebook large to send.
        return Tried, ()


@attrs.frozen(eq=False)
class Sources:
    """What a rulebook was built from, kept so that readings can be tried without reading files again.

    Args:
        path: Where it was read from.
        documents: By their path in the rulebook.
        digest: Hash over the files.
        setting: What the files were built with, once they are.
        tried: What readings make of it, as far as that is known.
    """

    path: str
    documents: dict[str, Document]
    digest: str
    setting: Setting | None = None
    tried: Tried = attrs.field(factory=Tried)


@attrs.frozen(eq=False)
class Manifest:
    """rulebook.yaml."""

    name: str = ""
    format: int = FORMAT
    version: str = ""
    edition: str = ""
    body: str = "the case"
    parameters: dict[str, Parameter] = attrs.field(factory=dict)
    editions: tuple[Edition, ...] = ()


def read_sources(path: Path, faults: Faults) -> Sources | None:
    """Read the files of a rulebook; None where the path is not one."""
    shown = str(path)
    try:
        if not path.exists():
            faults.add("missing-file", f"there is no `{shown}`", Span(shown))
            return None
        if not path.is_dir():
            help = "name the directory that holds `rulebook.yaml`"
            faults.add(
                "not-a-rulebook", f"`{shown}` is a file, and a rulebook is a directory", Span(shown), help
            )
            return None
        names = sorted(os.listdir(path))
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        faults.add("unreadable", f"`{shown}` cannot be read: {why}", Span(shown))
        return None
    if not names:
        help = "a rulebook holds `rulebook.yaml`, `vocabulary.yaml` and a file for each rule"
        faults.add("empty-directory", f"`{shown}` is an empty directory", Span(shown), help)
        return None
    if MANIFEST not in names and VOCABULARY not in names:
        message = f"`{shown}` is not a rulebook: it holds neither `{MANIFEST}` nor `{VOCABULARY}`"
        faults.add("not-a-rulebook", message, Span(shown), f"name the directory that holds `{MANIFEST}`")
        return None
    if MANIFEST in names and AMENDMENT in names:
        message = f"`{shown}` holds both `{MANIFEST}` and `{AMENDMENT}`"
        help = "a directory is one or the other: put the amendment into one of its own, or take one of the two away"
        faults.add("not-a-rulebook", message, Span(shown), help)
        return None
    files = yaml_files(path, faults)
    for needed in (MANIFEST, VOCABULARY):
        if needed not in names:
            faults.add("missing-file", f"there is no `{needed}`", Span(needed), "every rulebook has one")
    documents, digest = _read(path, files, shown, "", faults)
    return Sources(shown, documents, digest) if digest else None


def read_documents(path: Path, shown: str, before: str, faults: Faults) -> tuple[dict[str, Document], str]:
    """Every YAML file below a directory.

    Args:
        path: The directory.
        shown: What to call it.
        before: What stands before the names of its files in places.
        faults: Where to note what is wrong.

    Returns:
        The documents by their path in it, and a hash over the files; "" where they are too large.
    """
    return _read(path, yaml_files(path, faults, f"`{shown}`"), shown, before, faults)


def _read(
    path: Path, files: list[str], shown: str, before: str, faults: Faults
) -> tuple[dict[str, Document], str]:
    documents = {}
    digest = hashlib.sha256()
    size = 0
    for file in files:
        data = read_bytes(path / file, before + file, faults)
        if data is None:
            continue
        size += len(data)
        if size > MAX_ALL_BYTES:
            help = f"all files of a rulebook together have at most {MAX_ALL_BYTES // 1_000_000} MB"
            faults.add("too-large", "the rulebook is too large", Span(shown), help)
            return {}, ""
        _add(digest, file, data)
        document = parse(data, before + file, faults)
        if document is not None:
            documents[file] = document
    return documents, digest.hexdigest()


def digest_of(path: Path) -> str:
    """The digest that a rulebook read from here would have, or "" where something is to be said of its files."""
    faults = Faults()
    digest = hashlib.sha256()
    size = 0
    try:
        if not (path / MANIFEST).is_file() or not (path / VOCABULARY).is_file():
            return ""
        for file in yaml_files(path, faults):
            size += (path / file).stat().st_size
            if size > MAX_ALL_BYTES or not (path / file).is_file():
                return ""
            _add(digest, file, (path / file).read_bytes())
    except (OSError, ValueError, Enough):
        return ""
    return "" if faults.found else digest.hexdigest()


def _add(digest: hashlib._Hash, file: str, data: bytes) -> None:
    digest.update(f"{file}\0{len(data)}\0".encode())
    digest.update(data)


def yaml_files(path: Path, faults: Faults, what: str = "the rulebook") -> list[str]:
    """The YAML files below a directory, sorted, as paths with `/`."""
    found: list[str] = []
    todo = [""]
    while todo:
        folder = todo.pop()
        if folder.count("/") > MAX_FOLDERS:
            faults.add("too-deep", f"`{folder}` is nested too deeply", Span(folder), "use fewer directories")
            continue
        try:
            with os.scandir(path / folder) as entries:
                for each in entries:
                    name = folder + each.name
                    if each.name.startswith((".", "_")):
                        continue
                    if each.name.lower().endswith(_ENDINGS):
                        found.append(name)
                    elif each.is_dir(follow_symlinks=False):
                        todo.append(f"{name}/")
                    elif each.is_symlink() and each.is_dir():
                        # It could lead round in a circle; passed over in silence its rules would be missing.
                        help = "put the directory itself there, or take the link away"
                        faults.add("not-a-file", f"`{name}` is a link to a directory", Span(name), help)
        except OSError as error:
            why = (error.strerror or "unknown reason").lower()
            faults.add("unreadable", f"`{folder}` cannot be read: {why}", Span(folder))
        if len(found) > MAX_FILES:
            help = f"it may have at most {MAX_FILES} files"
            faults.add("too-large", f"{what} has too many files", Span(str(path)), help)
            return []
    return sorted(found)


def read_manifest(document: Document | None, faults: Faults) -> Manifest:
    """What rulebook.yaml says."""
    if document is None:
        return Manifest()
    shape = Shape(document, faults)
    allowed = ("rulebook", "format", "version", "edition", "body", "parameters", "note")
    keys = shape.mapping(document.root, "rulebook.yaml", allowed)
    if keys is None:
        return Manifest()
    texts = {}
    editions: tuple[Edition, ...] = ()
    for key in ("rulebook", "format", "version", "edition", "body"):
        if key == "edition" and key in keys and isinstance(keys[key][1], Listing):
            editions = _editions(shape, keys[key][1])
            texts[key] = editions[-1].name if editions else ""
        else:
            texts[key] = shape.text(keys[key][1], f"`{key}`") if key in keys else ""
        if key not in keys and key != "body":
            help = f"add `{key}: {FORMAT}`" if key == "format" else None
            faults.add("missing-key", f"rulebook.yaml has no `{key}`", document.start, help)
    if texts["format"] and texts["format"] != str(FORMAT):
        message = f"this rulebook has format `{texts['format']}`"
        help = f"this version of bigrules reads format `{FORMAT}`"
        faults.add("unknown-format", message, shape.span(keys["format"][1]), help)
    parameters: dict[str, Parameter] = {}
    if "parameters" in keys:
        parameters = read_parameters(shape, keys["parameters"][1], faults)
    return Manifest(
        texts["rulebook"], FORMAT, texts["version"], texts["edition"], texts["body"] or "the case", parameters,
        editions,
    )  # fmt: skip


def _editions(shape: Shape, node: Node) -> tuple[Edition, ...]:
    """The editions of a rulebook, in the order of time."""
    found: list[tuple[Edition, Span]] = []
    items = shape.items(node, "`edition`")
    if isinstance(node, Listing) and not items:
        help = "write the name of the edition, or a list of them, each with the day from which it is in force"
        shape.faults.add("missing-key", "`edition` names no edition", shape.span(node), help)
    for each in items:
        keys = shape.mapping(each, "an edition", ("edition", "from", "note"))
        if keys is None:
            continue
        name = shape.text(keys["edition"][1], "`edition`") if "edition" in keys else ""
        place = shape.span(each)
        if not name and shape.lacks(each, "edition"):
            shape.faults.add("missing-key", "this edition has no `edition`", place, "say what it is called")
        spell = read_spell(shape, keys, place, "this edition")
        if spell is not None and name:
            found.append((Edition(name, spell.start), place))
    days: dict[object, str] = {}
    for edition, place in found:
        if edition.start in days:
            when = f"on {edition.start}" if edition.start else "with no `from`"
            message = f"`{days[edition.start]}` and `{edition.name}` both begin {when}"
            shape.faults.add("edition-over-time", message, place, "each edition begins on a day of its own")
        days.setdefault(edition.start, edition.name)
    return tuple(sorted((each for each, _ in found), key=lambda each: each.start or datetime.date.min))
