"""Making and lengthening files for an author: all of them or none, and nothing that is there is lost."""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs

from bigrules.diagnostics import DataPath, Diagnostic, InputError
from bigrules.language.faults import Faults, cut
from bigrules.language.files import MAX_FOLDERS
from bigrules.language.source import Mapping as Keys
from bigrules.language.source import parse, plain

CODES = {
    "bad-id": "BR530",
    "already-there": "BR531",
    "no-place": "BR532",
    "bad-words": "BR533",
    "bad-field": "BR534",
    "no-sentence": "BR535",
    "faults-first": "BR536",
    "cannot-write": "BR537",
    "would-fail": "BR538",
    "does-not-fit": "BR539",
}
# Names that Windows keeps for devices, whatever their ending: a file of one cannot be checked out there.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{a}{n}" for a in ("com", "lpt") for n in "123456789¹²³")}
# What the loader reads as something else than a rule or a definition, where it stands at the top.
_TAKEN = ("rulebook", "vocabulary", "clauses", "review", "amendment")
_PART = re.compile(r"[^\W_]\w*(?:-\w+)*")
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')
# In bytes: file systems allow 255, and an ending is added.
_LONGEST_PART = 200
MOST_WORDS = 300


@attrs.frozen
class Made:
    """What was made.

    Args:
        files: The new files, as the author would name them.
        entries: Each file that was added to, with the entry that it has now.
        then: The next command, as words.
        notes: What else there is to say, a sentence each.
    """

    files: tuple[str, ...]
    entries: tuple[tuple[str, str], ...] = ()
    then: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def refused(name: str, message: str, place: str, help: str) -> InputError:
    """Why something cannot be made, and what to do.

    Args:
        name: The name of the fault, a key of `CODES`.
        message: One sentence, lower case, no full stop, user text in backticks.
        place: The option, or the file.
        help: What to do about it.
    """
    # What somebody wrote may hold line ends; a message is one line.
    said, todo = cut(" ".join(message.split())), cut(" ".join(help.split()), 1_000)
    return InputError([Diagnostic(CODES[name], name, said, DataPath(place), todo)])


def one_line(text: str, option: str) -> str:
    """A text that an author gave, on one line.

    Args:
        text: What was written.
        option: Where, such as `--title`.

    Raises:
        InputError: It is empty, too long, or holds what no file can hold.

    >>> one_line("  No more than  two ", "--title")
    'No more than two'
    """
    found = " ".join(text.split())
    if not found:
        raise refused("bad-words", f"`{option}` is left empty", option, "write something, or leave it out")
    if len(found) > MOST_WORDS:
        message = f"`{option}` has {len(found)} characters"
        help = f"write at most {MOST_WORDS}, and put the rest into a `note` in the file"
        raise refused("bad-words", message, option, help)
    for each in found:
        if unicodedata.category(each) in ("Cc", "Cs") or ord(each) & 0xFFFE == 0xFFFE:
            message = f"`{option}` holds a character that cannot be written down (U+{ord(each):04X})"
            raise refused(
                "bad-words", message, option, "type the text anew: copied text may hold such characters"
            )
    return found


# ---------------------------------------------------------------- ids and places


def good_id(written: str, what: str) -> str:
    """The id that somebody means, as a path of names that every machine can hold.

    Args:
        written: What was written; `.yaml` at its end is left out.
        what: What it is the id of, such as `rule`.

    Raises:
        InputError: It is none.

    >>> good_id("criteria/minimum-size.yaml", "rule")
    'criteria/minimum-size'
    """
    id = unicodedata.normalize("NFC", re.sub(r"\.ya?ml$", "", written.strip(), flags=re.IGNORECASE))
    parts = id.split("/")
    fine = [bool(_PART.fullmatch(each)) and each.casefold() not in _DEVICES for each in parts]
    shown = " ".join(written.split()) or " "
    if not all(fine) or (len(parts) == 1 and id.casefold() in _TAKEN):
        near = "/".join(filter(None, (_mended(each) for each in re.split(r"[/\\]", id))))
        help = "write folders and a name with `/` between them, each of letters, digits and `-`"
        if near and near != id and all(_PART.fullmatch(each) for each in near.split("/")):
            with contextlib.suppress(InputError):
                help += f", such as `{good_id(near, what)}`"
        raise refused("bad-id", f"a {what} cannot have the id `{shown}`", "command line", help)
    if len(parts) > MAX_FOLDERS or any(len(each.encode()) > _LONGEST_PART for each in parts):
        help = f"use at most {MAX_FOLDERS} parts, each of at most {_LONGEST_PART} bytes"
        raise refused("bad-id", f"the id `{shown}` is too long", "command line", help)
    return id


def _mended(part: str) -> str:
    found = re.sub(r"[^\w]+", "-", part).strip("-_")
    return f"{found}-1" if found.casefold() in {*_DEVICES, *_TAKEN} else found


def free_file(root: Path, id: str, ids: Mapping[str, object] | set[str], what: str) -> Path:
    """The file that an id stands for, which is not there yet.

    Args:
        root: The directory of the rulebook.
        id: The id.
        ids: All ids that are taken, those of other layers too.
        what: What it is the id of.

    Raises:
        InputError: The id is taken, also but for capitals, or a folder of it is not what it seems.
    """
    taken = {_folded(each): each for each in ids}
    if _folded(id) in taken:
        other = taken[_folded(id)]
        same = "" if other == id else ", and ids do not differ by capitals alone"
        raise refused(
            "already-there", f"there is `{other}` already{same}", "command line", "choose another id"
        )
    folder = root
    parts = id.split("/")
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        for name in sorted(os.listdir(folder)) if folder.is_dir() else ():
            stem = re.sub(r"\.ya?ml$", "", name, flags=re.IGNORECASE) if last else name
            if _folded(stem) != _folded(part) or (last and stem == name):
                continue
            if last:
                message = f"`{folder / name}` is there already"
                raise refused("already-there", message, "command line", "choose another id")
            if unicodedata.normalize("NFC", name) != part:
                near = "/".join([*parts[:at], name, *parts[at + 1 :]])
                message = f"there is a folder `{name}`, and names do not differ by capitals alone"
                raise refused("already-there", message, "command line", f"did you mean `{near}`?")
        folder /= part
        if not last and folder.is_symlink():
            help = "put the folder itself there, or use another: a rulebook is not read through links"
            raise refused("no-place", f"`{folder}` is a link to a folder", "command line", help)
        if not last and folder.exists() and not folder.is_dir():
            help = "choose another id"
            raise refused("no-place", f"`{folder}` is a file where a folder is needed", "command line", help)
    return folder.with_name(f"{parts[-1]}.yaml")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def free_directory(written: str) -> Path:
    """A directory that is not there yet, or is empty, and lies in no rulebook.

    Args:
        written: Its path.

    Raises:
        InputError: It is not free, or no directory can be made there.
    """
    if not written.strip() or any(unicodedata.category(each) in ("Cc", "Cs") for each in written):
        raise refused("no-place", f"`{written}` is no name of a directory", "command line", "name another")
    path = Path(written)
    try:
        if path.exists() or path.is_symlink():
            if not path.is_dir():
                raise refused("no-place", f"`{written}` is a file", "command line", "name another directory")
            if os.listdir(path):
                help = "name one that is not there yet: nothing is overwritten"
                raise refused("already-there", f"`{written}` is there and not empty", "command line", help)
        fresh: list[str] = []
        above = Path(os.path.abspath(path))
        while not above.exists():
            fresh.append(above.name)
            above = above.parent
        if not above.is_dir():
            raise refused("no-place", f"`{above}` is a file", "command line", "name another directory")
        inside = _rulebook_above(Path(os.path.abspath(path)))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise refused(
            "no-place", f"`{written}` cannot be used: {why}", "command line", "name another"
        ) from None
    for each in fresh:
        stem = each.split(".")[0].casefold().strip()
        if _FORBIDDEN.search(each) or each != each.rstrip(". ") or stem in _DEVICES:
            help = "choose a name of letters, digits and `-`"
            raise refused(
                "no-place", f"`{each}` is a name that some machines cannot hold", "command line", help
            )
    if inside is not None:
        message = f"`{written}` lies inside the rulebook `{inside}`, which would read its files as its own"
        raise refused("no-place", message, "command line", "name a directory beside it")
    return path


def _rulebook_above(path: Path) -> Path | None:
    """The rulebook or amendment that would read what stands in a directory."""
    for each in path.parents:
        if any((each / name).is_file() for name in ("rulebook.yaml", "amendment.yaml")):
            below = path.relative_to(each).parts
            # What begins with these is not read.
            return None if any(part.startswith((".", "_")) for part in below) else each
    return None


# ---------------------------------------------------------------- adding and writing


def added(path: Path, key: str, block: str) -> tuple[bytes, bytes]:
    """An entry more at the end of a file of entries.

    Args:
        path: The file; it may not be there yet.
        key: The key of the entry, as the loader will read it.
        block: Its lines, with comments before it.

    Returns:
        What stands there, and what has to follow it.

    Raises:
        InputError: The file cannot be read, has the key already, or is written so that nothing can be added.
    """
    try:
        before = path.read_bytes() if path.exists() else b""
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise refused(
            "cannot-write", f"`{path}` cannot be read: {why}", str(path), "see that it may be"
        ) from None
    old = parse(before, path.name, Faults()) if before.strip(b"\xef\xbb\xbf \r\n") else None
    entries = old.root.entries if old is not None and isinstance(old.root, Keys) else ()
    for name, _ in entries:
        if name.text.casefold() == key.casefold():
            help = "choose another name, or change the entry that is there"
            raise refused("already-there", f"`{path.name}` has `{name.text}` already", str(path), help)
    end = "\r\n" if b"\r\n" in before else "\n"
    indent = " " * (old.root.column - 1) if old is not None and entries else ""
    lines = [f"{indent}{line}" if line else line for line in block.splitlines()]
    more = (end.join(lines) + end).encode()
    if before:
        # One empty line between entries, as the others have it.
        gap = "" if before.endswith((b"\n\n", b"\r\n\r\n")) else end
        more = (("" if before.endswith(b"\n") else end) + gap).encode() + more
    new = parse(before + more, path.name, Faults())
    was = plain(old.root) if old is not None else {}
    now = plain(new.root) if new is not None else None
    is_kept = isinstance(now, dict) and list(now) == [*was, key] if isinstance(was, dict) else False
    if not is_kept or not isinstance(now, dict) or {**now, key: None} != {**was, key: None}:
        help = f"let each entry begin a line of its own, without braces around all, or add `{key}` by hand"
        message = f"nothing can be added to `{path.name}` as it is written"
        raise refused("would-fail", message, str(path), help)
    return before, more


@contextlib.contextmanager
def written(files: Mapping[Path, str], more: Mapping[Path, tuple[bytes, bytes]]) -> Iterator[None]:
    """New files and additions, for as long as nothing goes wrong; then all of them are taken back.

    Args:
        files: What stands in each new file.
        more: For each file that is added to: what stands there, and what follows it.

    Raises:
        InputError: Something could not be written; then nothing was.
    """
    undo: list[Callable[[], object]] = []
    path = Path()
    try:
        try:
            for path, text in files.items():
                _folders(path.parent, undo)
                _create(path, text.encode(), undo)
            for path, (before, addition) in more.items():
                if before or path.exists():
                    _lengthen(path, before, addition, undo)
                else:
                    _create(path, addition, undo)
        except FileExistsError:
            message = f"`{path}` is there already"
            raise refused("already-there", message, str(path), "choose another name") from None
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            message = f"`{path}` cannot be written, and nothing was: {why}"
            raise refused(
                "cannot-write", message, str(path), "see that there is room and it may be"
            ) from None
        yield
    except BaseException:
        for each in reversed(undo):
            with contextlib.suppress(OSError):
                each()
        raise


def _folders(folder: Path, undo: list[Callable[[], object]]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
        undo.append(each.rmdir)


def _create(path: Path, data: bytes, undo: list[Callable[[], object]]) -> None:
    with path.open("xb") as stream:
        undo.append(path.unlink)
        stream.write(data)


def _lengthen(path: Path, before: bytes, addition: bytes, undo: list[Callable[[], object]]) -> None:
    with path.open("r+b") as stream:
        if stream.read() != before:
            help = "give the command again"
            raise refused(
                "cannot-write", f"`{path}` was changed just now, and nothing was written", str(path), help
            )
        undo.append(lambda: os.truncate(path, len(before)))
        stream.write(addition)
