"""Writing new files beside a rulebook and keeping them only where they pass `bigrules test`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import attrs

from bigrules.diagnostics import Diagnostic, InputError, errors
from bigrules.language import load
from bigrules.language.files import CLAUSES
from bigrules.language.model import Definition, Rule, Rulebook
from bigrules.tools.examples import run_examples
from bigrules.tools.new_files import added, one_line, refused, written
from bigrules.tools.new_yaml import comment, laid_out, scalar

File = TypeVar("File", Rule, Definition)
MANIFESTS = ("rulebook.yaml", "amendment.yaml")


@attrs.frozen
class Desk:
    """A rulebook or amendment that something new is written into.

    Args:
        root: Its directory.
        rulebook: What it is now.
        found: What there was to say about it, none of it an error.
    """

    root: Path
    rulebook: Rulebook
    found: tuple[Diagnostic, ...] = ()


def place(directory: str) -> Path:
    """The directory of a rulebook or an amendment.

    Raises:
        InputError: It is none.
    """
    root = Path(directory)
    if not any((root / each).is_file() for each in MANIFESTS):
        message = f"`{directory}` holds neither a rulebook nor an amendment"
        help = "name its directory with --rules; `bigrules new rulebook DIR` makes one"
        raise refused("no-place", message, "--rules", help)
    return root


def desk(directory: str) -> Desk:
    """A rulebook without errors, to write something new into.

    Raises:
        InputError: There is none, or it has errors.
    """
    root = place(directory)
    rulebook, found = load(root, thorough=False)
    if rulebook is None:
        first = next(iter(errors(found)), None)
        message = f"`{directory}` has faults, beside which nothing new can be tried"
        if first is not None:
            message += f", such as: {first.message}"
        help = f"mend first what `bigrules test {shlex.quote(directory)}` says"
        raise refused("faults-first", message, "--rules", help)
    return Desk(root, rulebook, tuple(found))


def entry(desk: Desk, source: str, id: str, section: str, where: str) -> tuple[str, str] | None:
    """The entry that a clause gets in the ledger, or None where it has one.

    Args:
        desk: Where it is written.
        source: The clause.
        id: The file that names it.
        section: Under which heading it stands, or "".
        where: Where there, or "".

    Raises:
        InputError: The clause is marked as binding nobody.
    """
    clause = desk.rulebook.clauses.get(source)
    if clause is not None:
        if clause.treatment in ("explanation", "page"):
            message = f"the clause `{source}` is marked `{clause.treatment}`, and binds nobody"
            help = "name another, or mark it in `clauses.yaml` as what it is"
            raise refused("does-not-fit", message, "--source", help)
        return None
    heading = (
        section
        or id.rpartition("/")[0].replace("/", ", ").replace("-", " ").capitalize()
        or desk.rulebook.name
    )
    said = f"Where {id} comes from: the heading that it stands under, and where under it."
    lines = [
        *comment(said),
        f"{scalar(source)}:",
        f"  section: {scalar(one_line(heading, '--section'))}",
        f"  place: {scalar(one_line(where or 'to be filled in', '--place'))}",
    ]
    return source, laid_out("\n".join(lines) + "\n", "clauses")


def ledger(
    desk: Desk, sources: list[str], id: str, section: str, where: str
) -> dict[Path, tuple[bytes, bytes]]:
    """What is added to the ledger for the sources of a file."""
    path = desk.root / CLAUSES
    new = [
        each for one in dict.fromkeys(sources) if (each := entry(desk, one, id, section, where)) is not None
    ]
    before = more = b""
    for at, (key, block) in enumerate(new):
        # Each is looked at as if it were the only one; they do not depend on each other.
        start, addition = added(path, key, block)
        before, more = start, more + (addition if not at else b"\n" + addition.lstrip(b"\r\n"))
    return {path: (before, more)} if new else {}


def tried(
    desk: Desk, files: Mapping[Path, str], more: Mapping[Path, tuple[bytes, bytes]], id: str, must: set[str]
) -> set[str]:
    """Write new files; they stay where nothing is to be said about them.

    Args:
        desk: Where they are written.
        files: What stands in each.
        more: What is added to others.
        id: The rule or definition among them whose examples are run.
        must: Names of the examples that have to hold.

    Returns:
        The names of the other examples that do not hold; where there are some, nothing was kept.

    Raises:
        Failed: Something is to be said about them, and nothing was kept.
    """
    try:
        with written(files, more):
            book, found = load(desk.root, thorough=False)
            new = [each for each in found if each not in desk.found]
            if new or book is None:
                raise Failed(new)
            failing = failing_examples(book, id)
            for name, each in failing.items():
                if name in must:
                    raise Failed(each)
            if failing:
                raise _Without(set(failing))
    except _Without as without:
        return without.names
    return set()


class Failed(Exception):
    """What was made has faults.

    Args:
        found: What they are.
    """

    def __init__(self, found: list[Diagnostic]) -> None:
        super().__init__(found)
        self.found = found


class _Without(Exception):
    def __init__(self, names: set[str]) -> None:
        super().__init__(names)
        self.names = names


def failing_examples(book: Rulebook, id: str) -> dict[str, list[Diagnostic]]:
    """The examples of a file that do not hold, by their names."""
    rules: dict[str, Rule] = {key: _bare(each) for key, each in book.rules.items()}
    definitions: dict[str, Definition] = {key: _bare(each) for key, each in book.definitions.items()}
    file = book.rules.get(id) or book.definitions.get(id)
    failing = {}
    for example in file.examples if file is not None else ():
        if id in rules:
            rules[id] = attrs.evolve(rules[id], examples=(example,))
        else:
            definitions[id] = attrs.evolve(definitions[id], examples=(example,))
        found, _ = run_examples(attrs.evolve(book, rules=rules, definitions=definitions))
        if found:
            failing[example.name] = found
    return failing


def _bare(file: File) -> File:
    return attrs.evolve(file, examples=(), other_readings=())


def would_fail(reason: Failed | None, what: str, place: str) -> InputError:
    """That nothing could be made which passes, and what is to be said about the first that was tried."""
    found = reason.found if reason is not None else []
    message = f"no {what} can be made of this that passes `bigrules test`"
    help = "begin it by hand, or give other options"
    if found and found[0].name == "example-contradicted":
        # What is said of an example is of no use to whoever has not written it.
        message = f"the vocabulary has no sentence that a {what} of this form could use"
        help = "make a kind of fact for it first: `bigrules new fact`; or give other options"
    elif found:
        message += f": {found[0].message}"
        help = found[0].help or help
    return refused("would-fail", message, place, help)
