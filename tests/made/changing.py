"""A rulebook with one of its files changed, and what the oracle says of a made case."""

from __future__ import annotations

import functools

import attrs

from bigrules.diagnostics import errors
from bigrules.facts.examples import example_case
from bigrules.findings.report import Outcome
from bigrules.language import load, shipped_path
from bigrules.language.assembly import assemble
from bigrules.language.faults import Faults
from bigrules.language.files import Sources
from bigrules.language.model import Example, Rulebook
from bigrules.language.scenarios import knowledge_of
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping, parse
from bigrules.language.statements import Statements
from bigrules.tools.examples import run_examples
from bigrules.tools.made import MadeCase
from bigrules.tools.mutants import built, document_of
from oracle import TooMany, outcomes

# The first of these that a finding of the rule has is its outcome.
WORST = (Outcome.BREACHED, Outcome.UNDECIDED, Outcome.JUDGEMENT, Outcome.MET)


@functools.cache
def shipped() -> Rulebook:
    """The shipped rulebook."""
    rulebook, found = load(shipped_path(), thorough=False)
    assert rulebook is not None, found
    return rulebook


def text_of(book: Rulebook, id: str) -> str:
    """The text of a file of a rulebook, as it was read."""
    return "\n".join(document_of(book, id)[1].lines)


def with_text(book: Rulebook, id: str, text: str) -> Rulebook:
    """The rulebook with another text in place of that of a file."""
    faults = Faults()
    file, _ = document_of(book, id)
    document = parse(text.encode(), file, faults)
    assert document is not None, faults.found
    new = built(book, file, document)
    assert new is not None, text
    return new


def changed(book: Rulebook, id: str, old: str, new: str) -> Rulebook:
    """The rulebook with a text in a file changed where it stands first."""
    text = text_of(book, id)
    assert old in text, f"`{old}` does not stand in {id}"
    return with_text(book, id, text.replace(old, new, 1))


def read(book: Rulebook, id: str, made: MadeCase, then: str) -> Example:
    """A made case as the example that a file of the rulebook would have."""
    faults = Faults()
    document = parse(f"examples:\n{made.as_example('made', then)}".encode(), "made.yaml", faults)
    assert isinstance(document, Document) and isinstance(document.root, Mapping), faults.found
    node = document.root.get("examples")
    assert node is not None
    (example,) = Statements(Shape(document, faults), knowledge_of(book)).examples(node, id in book.rules)
    assert not faults.found
    return example


def by_the_oracle(book: Rulebook, id: str, example: Example) -> str | None:
    """The outcome of a rule by the oracle; None where there are too many completions for it."""
    try:
        found = outcomes(book, example_case(book, example), rules=[id], limit=2_000, with_sites=False)
    except TooMany:
        return None
    seen = {each.outcome for each in found.values()}
    return str(next((each for each in WORST if each in seen), Outcome.NOT_APPLICABLE))


def faults_when_pasted(book: Rulebook, id: str, made: MadeCase, then: str) -> list[str]:
    """What is wrong with the examples of a file, with the made case as the only one."""
    text = text_of(book, id)
    text = text[: text.index("\nexamples:")] if "\nexamples:" in text else text
    faults = Faults()
    pasted = f"{text.rstrip()}\n\nexamples:\n{made.as_example('made', then)}"
    document = parse(pasted.encode(), document_of(book, id)[0], faults)
    assert document is not None, faults.found
    sources = book._sources
    assert isinstance(sources, Sources)
    # Built from the beginning, as a file on disk would be, so that the example is read with it.
    new = assemble(attrs.evolve(sources, documents={**sources.documents, document.file: document}), faults)
    kept = {id: new.rules[id]} if id in new.rules else {}
    definitions = {
        each: attrs.evolve(one, examples=one.examples if each == id else (), other_readings=())
        for each, one in new.definitions.items()
    }
    rules = {
        each: attrs.evolve(one, examples=kept[id].examples if each in kept else (), other_readings=())
        for each, one in new.rules.items()
    }
    found, ran = run_examples(attrs.evolve(new, rules=rules, definitions=definitions))
    assert ran == 1
    return [str(each) for each in errors([*faults.found, *found])]
