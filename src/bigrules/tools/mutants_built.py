"""A rulebook with one file changed: built again, and put right where only a slot is used once."""

from __future__ import annotations

import re
from typing import cast

import attrs

from bigrules.diagnostics import Span, errors
from bigrules.language.assembly import again, assemble, identify
from bigrules.language.faults import Faults
from bigrules.language.files import Sources
from bigrules.language.model import Rulebook
from bigrules.language.source import Document, Listing, Mapping, Node, plain

_ONCE = re.compile(r"`<(.+)>` is used once")


def document_of(rulebook: Rulebook, id: str) -> tuple[str, Document]:
    """The file of a rule or definition, as the rulebook has it, and its document.

    Raises:
        KeyError: There is none.
    """
    documents = cast(Sources, rulebook._sources).documents
    for file, document in documents.items():
        if identify(file) == id:
            return file, document
    raise KeyError(id)


def built(rulebook: Rulebook, file: str, document: Document, faults: Faults | None = None) -> Rulebook | None:
    """A rulebook with another document in place of that of a file, or None where that is no rulebook.

    Where a rulebook changes with time, the document counts in all versions that have the one that it replaces.

    Args:
        rulebook: The rulebook.
        file: The file, as the rulebook has it.
        document: What stands in it instead.
        faults: Where to note what is wrong.
    """
    faults = Faults() if faults is None else faults
    book = _built(rulebook, file, document, faults)
    if book is None or not rulebook.versions:
        return book
    was = plain(cast(Sources, rulebook._sources).documents[file].root)
    versions = []
    for each in rulebook.versions:
        theirs = cast(Sources, each.rulebook._sources).documents.get(file)
        is_other = theirs is None or plain(theirs.root) != was
        changed_too = each.rulebook if is_other else _built(each.rulebook, file, document, faults)
        if changed_too is None:
            return None
        versions.append(attrs.evolve(each, rulebook=changed_too))
    return attrs.evolve(book, versions=tuple(versions))


def _built(rulebook: Rulebook, file: str, document: Document, faults: Faults) -> Rulebook | None:
    sources = cast(Sources, rulebook._sources)
    sources = attrs.evolve(sources, documents={**sources.documents, file: document})
    found = None
    if sources.setting is not None:
        found = again(sources, sources.setting, faults, rulebook, {file})
    if found is None:
        faults.found.clear()
        found = assemble(sources, faults, rulebook)
    return None if errors(faults.found) or _unanswered(rulebook, found, identify(file)) else found


def _unanswered(old: Rulebook, new: Rulebook, id: str) -> bool:
    """Whether a rule asks about other things than before, so that the answers in its examples fit no longer."""
    before, after = old.rules.get(id), new.rules.get(id)
    if before is None or after is None:
        return False
    answers = any(
        each.status == "answer" and each.predicate == id for one in before.examples for each in one.given
    )
    return answers and [before.types[each] for each in before.subject] != [
        after.types[each] for each in after.subject
    ]


def loosened(document: Document, faults: Faults) -> tuple[Document, tuple[str, ...]]:
    """A document in which slots that are used once, for that and nothing else it cannot be built, do not matter.

    Args:
        document: The document.
        faults: What is wrong with it.

    Returns:
        The document with `<any slot>` for each of them, and these slots; none where something else is wrong.
    """
    once: dict[str, set[tuple[str, int]]] = {}
    for each in errors(faults.found):
        slot = _ONCE.fullmatch(each.message)
        if each.name != "slot-used-once" or slot is None or not isinstance(each.place, Span):
            return document, ()
        once.setdefault(slot[1], set()).add((each.place.file, each.place.line))

    def loose(node: Node) -> Node:
        if isinstance(node, Mapping):
            return attrs.evolve(node, entries=tuple((key, loose(value)) for key, value in node.entries))
        if isinstance(node, Listing):
            return attrs.evolve(node, items=tuple(map(loose, node.items)))
        place, text = document.span(node), node.text
        for slot, places in once.items():
            if (place.file, place.line) in places:
                text = text.replace(f"<{slot}>", f"<any {slot}>")
        return attrs.evolve(node, text=text)

    return attrs.evolve(document, root=loose(document.root)), tuple(once)
