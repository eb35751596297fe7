"""Documents → Rulebook: building all files together, or only those that changed."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Map
from typing import TypeVar

import attrs

from bigrules.diagnostics import Span, errors
from bigrules.language import checks
from bigrules.language.build import Setting
from bigrules.language.definitions import DefinitionDraft
from bigrules.language.faults import Faults, did_you_mean
from bigrules.language.files import (
    CLAUSES,
    MANIFEST,
    REVIEW,
    VOCABULARY,
    Sources,
    read_manifest,
)
from bigrules.language.ledger import read_clauses
from bigrules.language.model import Clause, Definition, Kind, Rule, Rulebook, Type, Vocabulary
from bigrules.language.parameters import with_kinds
from bigrules.language.readings import read_readings
from bigrules.language.review import read_review
from bigrules.language.rules import RuleDraft
from bigrules.language.sentences import Sentences
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping
from bigrules.language.statements import Known, Question, Statements
from bigrules.language.vocabulary import build_vocabulary, index_vocabulary


def identify(file: str) -> str:
    """The id of a file: its path without ending.

    >>> identify("criteria/minimum-size.yaml")
    'criteria/minimum-size'
    """
    return file.rpartition(".")[0]


def assemble(sources: Sources, faults: Faults, old: Rulebook | None = None) -> Rulebook:
    """Build a rulebook from its documents.

    Args:
        sources: The documents.
        faults: Where to note what is wrong.
        old: The rulebook that has the adopted readings, where a document is not what its file says
            but what another reading makes of it.
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
    vocabulary = with_kinds(vocabulary, manifest.parameters)
    setting = Setting(vocabulary, sentences, manifest.parameters, clauses)
    rules, definitions = drafts(documents, faults)
    for id in [each for each in definitions if each in vocabulary.kinds]:
        help = "put it into a folder, such as `definitions`, or call one of them otherwise"
        place = definitions.pop(id).place
        faults.add("duplicate-id", f"there is a kind of fact that is called `{id}` too", place, help)
        sentences.partial = True
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
        editions=manifest.editions,
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
    if REVIEW in documents:
        book = attrs.evolve(book, review=read_review(documents[REVIEW], setting, book, faults))
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


def again(
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
        if file in (MANIFEST, VOCABULARY, CLAUSES, REVIEW):
            continue
        id = identify(file)
        if id.casefold() in first:
            message = f"`{file}` has the same id as `{first[id.casefold()]}`"
            help = "give one of them another name: ids are paths without their ending, and differ by more than capitals"
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
            near = next((did_you_mean(key, ("rule", "definition", "amendment")) for key in keys[:1]), None)
            message = f"`{file}` is neither a rule nor a definition"
            help = near or "begin it with `rule:`, `definition:` or `amendment:` and what it says"
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
    kinds = frozenset(setting.vocabulary.given)
    worked_out = frozenset(setting.vocabulary.kinds) - kinds
    return Known(setting.sentences, names, types, kinds, questions, under_a_reading, worked_out)


def in_clause_order(rules: Collection[RuleDraft], clauses: Map[str, Clause] | None) -> list[RuleDraft]:
    """Rules in the order of the clauses that they encode, then of their paths."""
    order = {id: at for at, id in enumerate(clauses or ())}
    last = len(order)

    def key(rule: RuleDraft) -> tuple[int, str]:
        return (min((order.get(each, last) for each in rule.source), default=last), rule.id)

    return sorted(rules, key=key)
