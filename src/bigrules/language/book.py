"""A directory → Rulebook: reading its files, having them built, and trying readings."""

from __future__ import annotations

import datetime
import os
import weakref
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from pathlib import Path

import attrs

from bigrules.diagnostics import Diagnostic, Enough, Span, errors, too_many
from bigrules.language.assembly import again, assemble, identify
from bigrules.language.build import Setting
from bigrules.language.earlier import EARLIER
from bigrules.language.faults import Faults, did_you_mean, in_words
from bigrules.language.files import (
    VOCABULARY,
    Sources,
    Tried,
    digest_of,
)
from bigrules.language.layers import Stack, read_stack
from bigrules.language.meeting import as_amended, exceptions_meet
from bigrules.language.model import Blank, Definition, Reading, Rule, Rulebook, Version, Vocabulary
from bigrules.language.readings import patch, patched, reading_nodes
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping
from bigrules.language.versions import amend
from bigrules.language.vocabulary import build_vocabulary


def load(
    path: str | os.PathLike[str],
    *,
    thorough: bool = True,
    amendments: Sequence[str | os.PathLike[str]] = (),
) -> tuple[Rulebook | None, list[Diagnostic]]:
    """Read, build and check a rulebook, with what is laid over it.

    Args:
        path: Its directory; or that of an amendment, which brings what it is laid over.
        thorough: Whether to build every other reading as well, so that its faults are found now and
            not when it is chosen; a rulebook that is known to be sound loads faster without.
        amendments: Directories of amendments to lay over it, in their order.

    Returns:
        The rulebook, or None where it has errors; and everything that is wrong with it, warnings
        included, in the order of its files. Places are relative to the rulebook, those in an amendment begin
        with its directory. A rulebook that changes with time is the last of its versions: see `in_force`.
    """
    faults = Faults()
    key = (str(path), thorough, "" if amendments else digest_of(Path(path)))
    kept = _KEPT.get(key) if key[2] else None
    if kept is not None:
        return kept, []
    try:
        stack = read_stack(Path(path), amendments, faults)
        rulebook = _laid(stack, faults, thorough) if stack is not None else None
    except Enough:
        return None, faults.sorted()
    found = None if errors(faults.found) else rulebook
    # What there is something to say about is read again, so that it is said again.
    if found is not None and not faults.found and found.digest == key[2]:
        _KEPT[key] = found
    return found, faults.sorted()


def _laid(stack: Stack, faults: Faults, thorough: bool) -> Rulebook | None:
    """A rulebook with what is laid over it, as it stands at the end of time, and its earlier versions."""
    amending = amend(stack, faults)
    if errors(faults.found) and (stack.layers or amending.amended):
        # What could not be laid would only lead to further faults.
        return None
    sources = attrs.evolve(stack.base, documents=amending.documents, digest=stack.digest)
    whole = assemble(sources, faults)
    dated = {file for _, documents in amending.earlier for file in documents}
    rulebook = _without_lost_readings(whole, amending.documents, dated)
    if amending.amended or amending.laid:
        rulebook = attrs.evolve(
            as_amended(rulebook, amending.amended), laid=amending.laid, amended=amending.amended
        )
        exceptions_meet(rulebook, faults)
    found = rulebook._sources
    assert isinstance(found, Sources)
    check_readings(rulebook, found, faults, thorough)
    if not amending.earlier or errors(faults.found) or found.setting is None:
        return rulebook
    versions = []
    for start, documents in amending.earlier:
        earlier = attrs.evolve(found, documents={**found.documents, **documents}, tried=Tried())
        before = again(earlier, found.setting, faults, whole, documents)
        assert before is not None, "only rules have a text for each day, and they are built alone"
        before = attrs.evolve(
            _without_lost_readings(before, documents, dated), laid=amending.laid, amended=amending.amended
        )
        versions.append(Version(start, as_amended(before, amending.amended, start)))
    versions.append(Version(amending.start, rulebook))
    return attrs.evolve(rulebook, versions=tuple(versions))


def _without_lost_readings(book: Rulebook, documents: Map[str, Document], files: Iterable[str]) -> Rulebook:
    """A rulebook without readings of what does not stand in some of its files."""
    rules = dict(book.rules)
    for id in (each for each in map(identify, files) if each in rules):
        document = next(each for file, each in documents.items() if identify(file) == id)
        there = [
            each
            for each in rules[id].other_readings
            if not each.runs or patch_document(document, each.name, Faults()) is not None
        ]
        rules[id] = attrs.evolve(rules[id], other_readings=tuple(there))
    return attrs.evolve(book, rules=rules)


def in_force(rulebook: Rulebook, day: datetime.date) -> Rulebook:
    """A rulebook as it stands on a day.

    Args:
        rulebook: As `load` gives it.
        day: The day of judging.

    Returns:
        The same rulebook where it does not change with time.
    """
    for each in reversed(rulebook.versions):
        if each.start is None or each.start <= day:
            return each.rulebook
    return rulebook


def texts_of(rulebook: Rulebook, rule: str) -> tuple[str, ...]:
    """The ids of a rule with a day of its own for each of its texts; of nearly every rule that is one.

    Where an amendment changes such a rule from a day on, the text before it is a rule `id@until-2018-03-31`.

    Args:
        rulebook: The rulebook.
        rule: Id of the rule.
    """
    return (rule, *(each for each in rulebook.rules if each.startswith(f"{rule}{EARLIER}")))


def edition_on(rulebook: Rulebook, day: datetime.date) -> str:
    """Which edition of the guidance was in force on a day.

    Args:
        rulebook: As `load` gives it.
        day: The day of judging.

    Returns:
        Its name; `before` and the name of the first where none was yet.
    """
    for each in reversed(rulebook.editions):
        if each.start is None or each.start <= day:
            return each.name
    return f"before {rulebook.editions[0].name}" if rulebook.editions else rulebook.edition


# Rulebooks that are in use, by where they stand and what is in their files: nobody reads one twice at a time.
_KEPT: weakref.WeakValueDictionary[tuple[str, bool, str], Rulebook] = weakref.WeakValueDictionary()


def with_readings(rulebook: Rulebook, readings: Map[str, str]) -> tuple[Rulebook | None, list[Diagnostic]]:
    """The same rulebook with other readings in place of the adopted ones.

    Args:
        rulebook: A rulebook that `load` returned.
        readings: Names of readings by the id of the file that has them (`vocabulary` for those of
            a kind of fact). The name of the adopted reading leaves a file as it is.

    Returns:
        The rulebook as it reads then, or None where a reading cannot be taken; and its errors.
    """
    faults = Faults()
    tried = rulebook._sources.tried if isinstance(rulebook._sources, Sources) else {}
    for key in readings.items() if len(readings) == 1 else ():
        base, found = tried.get(key, (None, None))
        if base is rulebook and isinstance(found, Rulebook):
            return found, []
    try:
        made, wrong = _with_readings(rulebook, readings, faults)
    except Enough:
        return None, faults.sorted() or [too_many(Span(rulebook.path))]
    for key in readings.items() if len(readings) == 1 and made is not None and not wrong else ():
        tried[key] = (rulebook, made)
    return made, wrong


def _with_readings(
    rulebook: Rulebook, readings: Map[str, str], faults: Faults
) -> tuple[Rulebook | None, list[Diagnostic]]:
    sources = rulebook._sources
    if not isinstance(sources, Sources):
        message = "this rulebook was not read from files, so that it has no readings to choose from"
        faults.add("unknown-reading", message, Span(rulebook.path), "load it from its directory")
        return None, faults.found
    documents = dict(sources.documents)
    changed: set[str] = set()
    by_id = {identify(file): file for file in documents}
    for id, name in readings.items():
        file = by_id.get(id, "")
        adopted, others = _readings_of(rulebook, id)
        if adopted is not None and adopted.name == name:
            continue
        reading = next((each for each in others if each.name == name), None)
        if reading is None or not file:
            _unknown_reading(rulebook, id, name, others, faults)
            continue
        if not reading.runs:
            help = "it is about force or wording, and changes no outcome"
            message = f"the reading `{name}` of `{id}` is stated only, and cannot be run"
            faults.add("unknown-reading", message, reading.place, help)
            continue
        document = patch_document(documents[file], name, faults)
        if document is not None:
            documents[file] = document
            changed.add(file)
    if errors(faults.found):
        return None, faults.sorted()
    if not changed:
        return rulebook, []
    sources = attrs.evolve(sources, documents=documents)
    found = None
    if VOCABULARY not in changed and sources.setting is not None:
        found = again(sources, sources.setting, faults, rulebook, changed)
    elif changed == {VOCABULARY} and sources.setting is not None:
        found = _with_vocabulary(sources, sources.setting, rulebook)
    if found is None:
        found = assemble(sources, faults, rulebook)
    # What is only a warning was said when the rulebook was loaded.
    wrong = errors(faults.sorted())
    return (None if wrong else found), wrong


def _with_vocabulary(sources: Sources, setting: Setting, old: Rulebook) -> Rulebook | None:
    """A rulebook with another vocabulary that says the same; None where the files may be read differently with it.

    Args:
        sources: The documents, with the changed vocabulary.
        setting: What they were built with before.
        old: What they were built to before.
    """
    trial = Faults()
    vocabulary, _ = build_vocabulary(sources.documents[VOCABULARY], trial)
    if trial.found or said_by(vocabulary) != said_by(old.vocabulary):
        return None
    sources = attrs.evolve(sources, setting=attrs.evolve(setting, vocabulary=vocabulary))
    return attrs.evolve(old, vocabulary=vocabulary, sources=sources)


def said_by(vocabulary: Vocabulary) -> tuple[object, ...]:
    """All of a vocabulary that files are read with: not what a blank or a missing row means, nor help."""
    kinds = [
        attrs.evolve(
            kind,
            fields=tuple(attrs.evolve(each, blank=Blank(), asks="", help="") for each in kind.fields),
            one_for_each="", no_row="", asks="", help="", adopted=None, other_readings=(),
        )
        for kind in vocabulary.kinds.values()
    ]  # fmt: skip
    return (kinds, vocabulary.things)


def _readings_of(rulebook: Rulebook, id: str) -> tuple[Reading | None, tuple[Reading, ...]]:
    """The adopted reading and the others of a file."""
    if id == "vocabulary":
        kinds = rulebook.vocabulary.kinds.values()
        return None, tuple(reading for kind in kinds for reading in kind.other_readings)
    file = rulebook.rules.get(id) or rulebook.definitions.get(id)
    return (file.adopted, file.other_readings) if file else (None, ())


def _unknown_reading(
    rulebook: Rulebook, id: str, name: str, others: tuple[Reading, ...], faults: Faults
) -> None:
    files: dict[str, Rule | Definition] = {**rulebook.rules, **rulebook.definitions}
    if id not in files and id != "vocabulary":
        having = [each.id for each in files.values() if any(one.runs for one in each.other_readings)]
        help = did_you_mean(
            id, files, f"other readings stand in {in_words(having, 'and')}" if having else None
        )
        faults.add("unknown-reading", f"there is no rule or definition `{id}`", Span(rulebook.path), help)
        return
    names = [each.name for each in others if each.runs]
    help = did_you_mean(
        name, names, f"it has {in_words(names, 'and')}" if names else "it has no other readings"
    )
    place = files[id].place if id in files else Span(VOCABULARY)
    faults.add("unknown-reading", f"`{id}` has no reading `{name}`", place, help)


def patch_document(document: Document, name: str, faults: Faults) -> Document | None:
    """A document as one of its readings has it, or None where that cannot be done."""
    shape = Shape(document, faults)
    if document.file != VOCABULARY or not isinstance(document.root, Mapping):
        return patched(document, shape, name)
    entries = list(document.root.entries)
    for at, (key, kind) in enumerate(entries):
        for each, node in reading_nodes(kind):
            if each == name:
                new = patch(shape, kind, node)
                if new is None:
                    return None
                entries[at] = (key, new)
                return attrs.evolve(document, root=attrs.evolve(document.root, entries=tuple(entries)))
    return None


def check_readings(book: Rulebook, sources: Sources, faults: Faults, thorough: bool) -> None:
    """Every reading that can be run must change what is there, into something that can be read."""
    sound = thorough and not errors(faults.found)
    by_id = {identify(file): file for file in sources.documents}
    for id in ["vocabulary", *book.definitions, *book.rules]:
        for reading in _readings_of(book, id)[1]:
            if not reading.runs or id not in by_id:
                continue
            trial = Faults()
            patch_document(sources.documents[by_id[id]], reading.name, trial)
            if sound and not trial.found:
                # Whether what it makes of the file can be read is only to be said of a sound rulebook.
                for each in errors(with_readings(book, {id: reading.name})[1]):
                    message = f"{each.message} (in the reading `{reading.name}`)"
                    trial.found.append(attrs.evolve(each, message=message))
            faults.found += trial.found


def readings_of(book: Rulebook) -> dict[str, list[str]]:
    """The names of all readings that can be run, by the id of their file."""
    ids = ["vocabulary", *book.definitions, *book.rules]
    found = {id: [each.name for each in _readings_of(book, id)[1] if each.runs] for id in ids}
    return {id: names for id, names in found.items() if names}
