"""A directory → Rulebook: reading its files, building all of them together, and trying readings."""

from __future__ import annotations

import os
from collections.abc import Collection
from collections.abc import Mapping as Map
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import attrs

from bigrules.diagnostics import Diagnostic, Enough, Span, errors, too_many
from bigrules.language import checks
from bigrules.language.build import Setting
from bigrules.language.definitions import DefinitionDraft
from bigrules.language.faults import Faults, did_you_mean, in_words
from bigrules.language.files import (
    CLAUSES,
    MANIFEST,
    VOCABULARY,
    Sources,
    read_clauses,
    read_manifest,
    read_sources,
)
from bigrules.language.model import Blank, Clause, Definition, Kind, Reading, Rule, Rulebook, Type, Vocabulary
from bigrules.language.readings import patch, patched, read_readings, reading_nodes
from bigrules.language.rules import RuleDraft
from bigrules.language.sentences import Sentences
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping
from bigrules.language.statements import Known, Question, Statements
from bigrules.language.vocabulary import build_vocabulary, index_vocabulary


def load(path: str | os.PathLike[str], *, thorough: bool = True) -> tuple[Rulebook | None, list[Diagnostic]]:
    """Read, build and check a rulebook.

    Args:
        path: Its directory.
        thorough: Whether to build every other reading as well, so that its faults are found now and
            not when it is chosen; a rulebook that is known to be sound loads faster without.

    Returns:
        The rulebook, or None where it has errors; and everything that is wrong with it, warnings
        included, in the order of its files. Places are relative to the rulebook.
    """
    faults = Faults()
    try:
        sources = read_sources(Path(path), faults)
        rulebook = assemble(sources, faults, thorough=thorough) if sources is not None else None
    except Enough:
        return None, faults.sorted()
    return (None if errors(faults.found) else rulebook), faults.sorted()


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
        found = _again(sources, sources.setting, faults, rulebook, changed)
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


def identify(file: str) -> str:
    """The id of a file: its path without ending.

    >>> identify("criteria/minimum-size.yaml")
    'criteria/minimum-size'
    """
    return file.rpartition(".")[0]


def assemble(
    sources: Sources, faults: Faults, old: Rulebook | None = None, thorough: bool = False
) -> Rulebook:
    """Build a rulebook from its documents.

    Args:
        sources: The documents.
        faults: Where to note what is wrong.
        old: The rulebook that has the adopted readings, where a document is not what its file says
            but what another reading makes of it.
        thorough: Whether to build every reading too.
    """
    documents = sources.documents
    manifest = read_manifest(documents.get(MANIFEST), faults)
    clauses = read_clauses(documents.get(CLAUSES), faults)
    sentences = Sentences()
    vocabulary, places = Vocabulary({}, ()), dict[str, Span]()
    before = len(errors(faults.found))
    if VOCABULARY in documents:
        vocabulary, places = build_vocabulary(documents[VOCABULARY], faults)
    index_vocabulary(vocabulary, places, sentences, faults)
    sentences.partial = VOCABULARY not in documents or len(errors(faults.found)) > before
    parameters: dict[str, Fraction] = {name: each.value for name, each in manifest.parameters.items()}
    setting = Setting(vocabulary, sentences, parameters, clauses)
    rules, definitions = drafts(documents, faults)
    for each in definitions.values():
        each.head(sentences)
        sentences.partial = sentences.partial or each.failed
    everything: list[RuleDraft | DefinitionDraft] = [*definitions.values(), *rules.values()]
    for draft in everything:
        draft.read(setting)
    columns = kind_columns(vocabulary)
    infer_definitions(definitions, columns)
    for draft in everything:
        draft.infer(columns, True)
        draft.settle(setting)
    known = None
    if old is None or columns != {**kind_columns(old.vocabulary), **definition_columns(old)}:
        known = knowledge(setting, rules, definitions, columns, old is not None)
    book = Rulebook(
        manifest.name, manifest.format, manifest.version, manifest.edition, sources.digest, manifest.body,
        vocabulary,
        {id: each.finish(known) for id, each in definitions.items()},
        {each.id: each.finish(known) for each in in_clause_order(rules.values(), clauses)},
        clauses or {}, manifest.parameters, sources.path, attrs.evolve(sources, setting=setting),
    )  # fmt: skip
    if old is None and known is not None and VOCABULARY in documents:
        kinds = with_statements(vocabulary, documents[VOCABULARY], known, faults)
        book = attrs.evolve(book, vocabulary=attrs.evolve(vocabulary, kinds=kinds))
    if old is not None and known is None:
        book = attrs.evolve(
            book,
            definitions={id: keep(each, old.definitions[id]) for id, each in book.definitions.items()},
            rules={id: keep(each, old.rules[id]) for id, each in book.rules.items()},
        )
    checks.check_files(everything, book, faults)
    checks.check_book(book, [each.id for each in everything], faults)
    if old is None:
        check_readings(book, sources, faults, thorough)
    return book


def with_statements(
    vocabulary: Vocabulary, document: Document, known: Known, faults: Faults
) -> dict[str, Kind]:
    """The kinds, with the statements on which their readings differ: now it is known what can be said."""
    kinds = dict(vocabulary.kinds)
    # One look at each key: `get` of a mapping goes through all of them.
    root = document.root
    nodes = {key.text: value for key, value in root.entries} if isinstance(root, Mapping) else {}
    shape = Shape(document, faults)
    for name, kind in kinds.items():
        node = nodes.get(name)
        readings = node.get("other readings") if isinstance(node, Mapping) else None
        if readings is not None:
            others = read_readings(shape, readings, kind.adopted, Statements(shape, known))
            kinds[name] = attrs.evolve(kind, other_readings=others)
    return kinds


File = TypeVar("File", Rule, Definition)


def keep(new: File, old: File) -> File:
    """A file under another reading; its readings and examples stay what they are."""
    return attrs.evolve(new, adopted=old.adopted, other_readings=old.other_readings, examples=old.examples)


def _again(
    sources: Sources, setting: Setting, faults: Faults, old: Rulebook, changed: Collection[str]
) -> Rulebook | None:
    """Build only what changed; None where others may read a changed definition differently now.

    Args:
        sources: The documents, with the changed ones.
        setting: What they were built with before.
        faults: Where to note what is wrong.
        old: What they were built to before.
        changed: The files that were changed; none of them is the vocabulary.
    """
    trial = Faults()
    columns = {**kind_columns(setting.vocabulary), **definition_columns(old)}
    touched: list[RuleDraft | DefinitionDraft] = []
    for file in sorted(changed):
        id, document = identify(file), sources.documents[file]
        if id in old.rules:
            touched.append(RuleDraft(document, id, trial))
        else:
            definition = DefinitionDraft(document, id, trial)
            definition.head(None)
            touched.append(definition)
    for draft in touched:
        draft.read(setting)
        draft.infer(columns, True)
        draft.settle(setting)
    rules, definitions = dict(old.rules), dict(old.definitions)
    for draft in touched:
        if isinstance(draft, RuleDraft):
            rules[draft.id] = keep(draft.finish(None), old.rules[draft.id])
            continue
        one = old.definitions[draft.id]
        heads = (draft.says, draft.negative, tuple(draft.columns))
        if heads != (one.says, one.negative, one.types):
            return None
        definitions[draft.id] = keep(draft.finish(None), one)
    book = attrs.evolve(old, definitions=definitions, rules=rules, sources=sources)
    checks.check_files(touched, book, trial)
    checks.check_book(book, [each.id for each in touched], trial, old)
    faults.found += trial.found
    return book


def kind_columns(vocabulary: Vocabulary) -> dict[str, tuple[Type | None, ...]]:
    """The types of the columns of every kind."""
    return {kind.name: tuple(each.type for each in kind.fields) for kind in vocabulary.kinds.values()}


def definition_columns(book: Rulebook) -> dict[str, tuple[Type | None, ...]]:
    """The types of the columns of every definition."""
    return {id: each.types for id, each in book.definitions.items()}


def infer_definitions(
    definitions: Map[str, DefinitionDraft], columns: dict[str, tuple[Type | None, ...]]
) -> None:
    """The types of the columns of every definition, which may use each other, into `columns`."""
    for id, each in definitions.items():
        columns[id] = tuple(each.columns)
    for _ in range(len(definitions) + 2):
        settled = True
        for id, each in definitions.items():
            each.infer(columns, False)
            if tuple(each.columns) != columns[id]:
                columns[id] = tuple(each.columns)
                settled = False
        if settled:
            return


def drafts(
    documents: Map[str, Document], faults: Faults
) -> tuple[dict[str, RuleDraft], dict[str, DefinitionDraft]]:
    """A draft for every file that is a rule or a definition."""
    rules: dict[str, RuleDraft] = {}
    definitions: dict[str, DefinitionDraft] = {}
    first: dict[str, str] = {}
    for file, document in documents.items():
        if file in (MANIFEST, VOCABULARY, CLAUSES):
            continue
        id = identify(file)
        if id.casefold() in first:
            message = f"`{file}` has the same id as `{first[id.casefold()]}`"
            help = "ids are paths without their ending, and do not differ by capitals alone"
            faults.add("duplicate-id", message, document.start, help)
            continue
        first[id.casefold()] = file
        root = document.root
        if isinstance(root, Mapping) and root.get("definition") is not None:
            definitions[id] = DefinitionDraft(document, id, faults)
        elif isinstance(root, Mapping) and root.get("rule") is not None:
            rules[id] = RuleDraft(document, id, faults)
        else:
            keys = [key.text for key, _ in root.entries] if isinstance(root, Mapping) else []
            near = next((did_you_mean(key, ("rule", "definition")) for key in keys[:1]), None)
            message = f"`{file}` is neither a rule nor a definition"
            help = near or "begin it with `rule:` or `definition:` and what it says"
            faults.add("missing-key", message, document.start, help)
    return rules, definitions


def knowledge(
    setting: Setting,
    rules: Map[str, RuleDraft],
    definitions: Map[str, DefinitionDraft],
    columns: Map[str, tuple[Type | None, ...]],
    under_a_reading: bool = False,
) -> Known:
    """What the statements of examples are read with."""
    text = Type("text")
    types = {id: tuple(each or text for each in found) for id, found in columns.items()}
    names = {kind.name: tuple(f.name for f in kind.fields) for kind in setting.vocabulary.kinds.values()}
    names.update({id: each.slots for id, each in definitions.items()})
    questions = {}
    for id, definition in definitions.items():
        if any(key.startswith("people decide") for key in definition.keys):
            questions[id] = Question(types[id])
    for id, rule in rules.items():
        if "ask" in rule.keys:
            questions[id] = Question(tuple(rule.types.get(slot, text) for slot in rule.subject))
    kinds = frozenset(setting.vocabulary.kinds)
    return Known(setting.sentences, names, types, kinds, questions, under_a_reading)


def in_clause_order(rules: Collection[RuleDraft], clauses: Map[str, Clause] | None) -> list[RuleDraft]:
    """Rules in the order of the clauses that they encode, then of their paths."""
    order = {id: at for at, id in enumerate(clauses or ())}
    last = len(order)

    def key(rule: RuleDraft) -> tuple[int, str]:
        return (min((order.get(each, last) for each in rule.source), default=last), rule.id)

    return sorted(rules, key=key)


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
