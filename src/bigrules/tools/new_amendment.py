"""A new amendment: what it is laid over, what it changes, and made cases that show it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import attrs

from bigrules.diagnostics import Diagnostic, errors
from bigrules.language import load, shipped_path
from bigrules.language.faults import Faults, did_you_mean
from bigrules.language.files import AMENDMENT, MANIFEST
from bigrules.language.layers import find_by_name, is_amendment
from bigrules.language.model import Rulebook
from bigrules.language.shape import date
from bigrules.language.source import parse, plain
from bigrules.tools.deep import deep_file
from bigrules.tools.examples import run_examples
from bigrules.tools.made import Seen, search, told_apart
from bigrules.tools.new_files import Made, free_directory, free_file, one_line, refused, written
from bigrules.tools.new_trial import Failed, would_fail
from bigrules.tools.new_yaml import block, comment, flow, laid_out, scalar

# So many cases are tried for an example, and no longer: whoever begins a file does not wait.
_CASES, _SECONDS = 1_000, 5.0
# So often it is asked which small changes no example notices, and for so many an example is made.
_ROUNDS, _MOST_MORE = 2, 4
_LONGEST_NAME = 100


@attrs.frozen
class Wanted:
    """What an amendment is to do.

    Args:
        amends: Id of what it changes, or "".
        parameter: Name of the parameter that it changes, or "".
        change: What stands there, as YAML.
        to: What is to stand there, as YAML.
        disapply: Whether the rule is not to apply.
        title: What is so from then on, in one sentence.
        start: First day on which it is in force, or "".
        end: Last day, or "".
    """

    amends: str = ""
    parameter: str = ""
    change: str = ""
    to: str = ""
    disapply: bool = False
    title: str = ""
    start: str = ""
    end: str = ""


def new_amendment(
    directory: str, over: str = "", *, name: str = "", by: str = "", wanted: Wanted | None = None
) -> Made:
    """Make an amendment, with one change where one is named.

    Args:
        directory: Where; it must not be there yet, or be empty.
        over: What it is laid over: a directory, or a name; without it, the shipped rulebook.
        name: What it is called; without it, as the directory.
        by: By what authority.
        wanted: What it changes, or None.

    Raises:
        InputError: It cannot be made; then nothing was.
    """
    path = free_directory(directory)
    below, said = _below(over, path)
    book, found = load(below, thorough=False)
    if book is None:
        first = next(iter(errors(found)), None)
        message = f"`{over or below}` has faults, over which nothing can be laid"
        help = f"mend first what `bigrules test {over or below}` says"
        raise refused(
            "faults-first", message + (f", such as: {first.message}" if first else ""), "--over", help
        )
    called = one_line(name, "--name") if name else path.absolute().name.replace("-", " ").capitalize()
    authority = one_line(by, "--by") if by else called
    lines = [
        *comment(
            "What the amendment is called, and over what it is laid: a name, or a folder seen from this one."
        ),
        f"amendment: {scalar(called)}",
        "format: 1",
        "version: 0.1.0",
        f"over: {scalar(said)}",
        *comment("The authority of every file that names none of its own."),
        f"by: {scalar(authority)}",
    ]
    files = {path / AMENDMENT: laid_out("\n".join(lines) + "\n", "amendment")}
    notes: tuple[str, ...] = ()
    try:
        if wanted is None:
            _kept(path, files, found)
            more = ("bigrules", "new", "rule", "ID", "--rules", directory)
            return Made(tuple(map(str, files)), (), more)
        id, target, head = _change(path, book, wanted)
        file = free_file(path, id, {*book.rules, *book.definitions}, "amendment")

        def with_examples(items: Sequence[str]) -> dict[Path, str]:
            more = ["", *comment(_MADE), "examples:", *items] if items else []
            return {**files, file: laid_out("\n".join([*head, *more]) + "\n", "rule")}

        made = _loaded(path, with_examples(()), found)
        items = _both_sides(book, made, target) if target else []
        for _ in range(_ROUNDS if items else 0):
            more_items = _unnoticed(_loaded(path, with_examples(items), found), target)
            if not more_items:
                break
            items += more_items
        if target and not items:
            notes = ("No case was found on which it matters: write one under `examples`.",)
        _kept(path, with_examples(items), found)
    except Failed as failed:
        raise would_fail(failed, "amendment", directory) from None
    return Made((*map(str, files), str(file)), (), ("bigrules", "test", directory), notes)


_MADE = (
    "These cases were made by trying, and say what comes out now: see whether it is what you mean, and let them say "
    "what is told in the text."
)


def _below(over: str, path: Path) -> tuple[Path, str]:
    """What the amendment is laid over, and how the amendment says so."""
    if not over:
        base = shipped_path()
        book, _ = load(base, thorough=False)
        return base, book.name if book is not None else ""
    near = Path(over)
    if (near / MANIFEST).is_file() or is_amendment(near):
        try:
            way = os.path.relpath(near.resolve(), path.resolve())
        except ValueError:  # on another drive
            help = "put the two on one drive, or name a rulebook that a package offers"
            raise refused("no-place", f"there is no way from `{path}` to `{over}`", "--over", help) from None
        return near, Path(way).as_posix()
    found = find_by_name(one_line(over, "--over"))
    if found is None:
        help = "name its directory, or the name under which a package offers it"
        raise refused("no-place", f"there is no rulebook `{over}`", "--over", help)
    return found, one_line(over, "--over")


def _change(path: Path, book: Rulebook, wanted: Wanted) -> tuple[str, str, list[str]]:
    """The id of the file with the change, the rule or definition it is about or "", and what stands in it."""
    target = wanted.amends.strip().removesuffix(".yaml")
    named = [each for each in (target, wanted.parameter) if each]
    if len(named) != 1:
        help = "name with --amends what is changed, or with --parameter a parameter"
        raise refused("does-not-fit", "an amendment file changes one thing", "--amends", help)
    if wanted.disapply == bool(wanted.change or wanted.to) or bool(wanted.change) != bool(wanted.to):
        help = "give --change and --to, or --disapply"
        raise refused("does-not-fit", "an amendment file does one thing", "--change", help)
    file = target.split(" unless ")[0]
    files = {**book.rules, **book.definitions}
    title = ""
    if wanted.parameter:
        if wanted.parameter not in book.parameters:
            help = did_you_mean(wanted.parameter, book.parameters) or "they stand in `rulebook.yaml`"
            raise refused(
                "does-not-fit", f"there is no parameter `{wanted.parameter}`", "--parameter", help or ""
            )
        title = (
            f"{wanted.parameter[:1].upper()}{wanted.parameter[1:]}: {wanted.to} in place of {wanted.change}"
        )
    elif file in files:
        one = files[file]
        title = f"{getattr(one, 'title', '') or getattr(one, 'says', '')} (as amended)"
    elif target.startswith("vocabulary/") and target.removeprefix("vocabulary/") in book.vocabulary.kinds:
        title = f"The list {target.removeprefix('vocabulary/')} (as amended)"
    else:
        known = [*files, *(f"vocabulary/{each}" for each in book.vocabulary.kinds)]
        help = did_you_mean(target, known) or "name the path of a rule or definition without `.yaml`"
        raise refused("does-not-fit", f"there is no `{target}` to amend", "--amends", help)
    lines = [
        *comment("What is so from then on, in one sentence: the rule says it in place of what it said."),
        f"amendment: {scalar(one_line(wanted.title or title[:300], '--title'))}",
    ]
    for key, day in (("from", wanted.start), ("until", wanted.end)):
        if day:
            if date(day) is None:
                help = "write a date of the calendar, such as 2018-06-01"
                raise refused("bad-words", f"`{day}` is no day", f"--{key}", help)
            lines.append(f"{key}: {day}")
    lines += [
        "",
        f"parameter: {scalar(wanted.parameter)}" if wanted.parameter else f"amends: {scalar(target)}",
    ]
    if wanted.disapply:
        lines.append("disapply: yes")
    else:
        lines += comment("What stands there now, and what stands there then.")
        for key, written_ in (("change", wanted.change), ("to", wanted.to)):
            lines += _value(key, written_)
    slug = (wanted.parameter or target).rpartition("/")[2].replace(" ", "-")
    return f"amendments/{slug}", file if file in files else "", lines


def _value(key: str, text: str) -> list[str]:
    """What was written on the command line, as YAML under a key."""
    faults = Faults()
    document = parse(text.encode("utf-8", "surrogateescape"), f"--{key}", faults)
    if document is None:
        why = faults.found[0].message if faults.found else "it is empty"
        help = "write it as in a rule file, such as 'at least: 8', or a whole condition"
        raise refused("does-not-fit", f"`--{key} {text}` cannot be read: {why}", f"--{key}", help)
    found = plain(document.root)
    if isinstance(found, str):
        return [f"{key}: {flow(found) if len(found.split()) == 1 else scalar(found)}"]
    one = f"{key}: {flow(found)}"
    return [one] if len(one) <= 100 else [f"{key}:", *block(found, 2)]


def _kept(path: Path, files: dict[Path, str], before: Sequence[Diagnostic]) -> None:
    """Write files, which stay where nothing is to be said about them."""
    with written(files, {}):
        book, found = _said(path, before)
        if book is None or found:
            raise Failed(found)
        wrong, _ = run_examples(book)
        if wrong:
            raise Failed(wrong)


def _said(path: Path, before: Sequence[Diagnostic]) -> tuple[Rulebook | None, list[Diagnostic]]:
    """The rulebook with the amendment, and what is to be said that was not to be said without it."""
    book, found = load(path, thorough=False)
    known = {(each.code, each.message) for each in before}
    return book, [each for each in found if (each.code, each.message) not in known]


def _loaded(path: Path, files: dict[Path, str], before: Sequence[Diagnostic]) -> Rulebook:
    """The rulebook with an amendment, whose files are taken back at once."""
    try:
        with written(files, {}):
            book, found = _said(path, before)
            if book is None:
                raise Failed(found)
            raise _Back(book)
    except _Back as back:
        return back.book


class _Back(Exception):
    """What was written only to be looked at is taken back."""

    def __init__(self, book: Rulebook) -> None:
        super().__init__()
        self.book = book


def _both_sides(old: Rulebook, new: Rulebook, target: str) -> list[str]:
    """Made cases on both sides of the change, as lines of `examples`; none where nothing tells it."""
    is_rule = target in new.rules

    def turns(seen: Sequence[Seen]) -> bool:
        return seen[0].outcome != seen[1].outcome and "breached" in (seen[0].outcome, seen[1].outcome)

    case = None
    if is_rule:
        # A case that is breached on one side says more than one that nothing is said of.
        case, _ = search((old, new), target, turns, cases=_CASES, deadline=_SECONDS)
    if case is None:
        case, _ = told_apart(old, new, target, cases=_CASES, deadline=_SECONDS)
    if case is None:
        return []
    if not is_rule:
        lines = case.as_example("otherwise before", "after").splitlines()
        kept, _ = search((new,), target, lambda seen: bool(seen[0].holds), cases=_CASES, deadline=_SECONDS)
        return lines + (kept.as_example("it holds", "after").splitlines() if kept is not None else [])
    lines = case.as_example(f"{case.before} before the amendment", "after").splitlines()
    other = "met" if case.after == "breached" else "breached"

    def stays(seen: Sequence[Seen]) -> bool:
        return seen[0].outcome == seen[1].outcome == other

    kept, _ = search((old, new), target, stays, cases=_CASES, deadline=_SECONDS)
    return lines + (
        kept.as_example(f"{other} before and after", "after").splitlines() if kept is not None else []
    )


def _unnoticed(book: Rulebook, target: str) -> list[str]:
    """Made cases for small changes of an amendment that its examples would not notice, as lines of `examples`."""
    lines: list[str] = []
    for each in deep_file(book, target, _CASES // 4).survivors[:_MOST_MORE]:
        if each.case is not None:
            name = f"tells {each.before} from {each.after}" if each.after else f"needs {each.before}"
            lines += each.case.as_example(" ".join(name.split())[:_LONGEST_NAME], "before").splitlines()
    return lines
