"""What amends entries and no files: kinds of fact in the vocabulary, and parameters."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.language.amend import Change, changed_node, with_entry
from bigrules.language.faults import Faults, did_you_mean, in_words
from bigrules.language.parameters import amend_parameter
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping
from bigrules.language.spells import ALWAYS
from bigrules.language.texts import contradictions, said_of


def parameter_as_amended(
    manifest: Document | None, name: str, changes: Sequence[Change], faults: Faults
) -> Document | None:
    """The manifest with another value of a parameter; None where it cannot be changed so.

    Args:
        manifest: `rulebook.yaml`.
        name: The parameter.
        changes: What changes it, in order.
        faults: Where to note what is wrong.
    """
    if manifest is None or not isinstance(manifest.root, Mapping):
        return None
    all_ = manifest.root.get("parameters")
    names = [key.text for key, _ in all_.entries] if isinstance(all_, Mapping) else []
    if name not in names:
        there = f"there are {in_words(names, 'and')}" if names else "the rulebook has none"
        for change in changes:
            help = did_you_mean(name, names, there)
            change.note(faults, "parameter", "unknown-target", f"there is no parameter `{name}`", help)
        return None

    def works(mine: Sequence[Change]) -> bool:
        return _parameter(manifest, name, mine, Faults()) is not None

    noted: set[int] = set()
    contradictions(changes, works, faults, noted)
    return _parameter(manifest, name, changes, Faults() if noted else faults)


def _parameter(whole: Document, name: str, changes: Sequence[Change], faults: Faults) -> Document | None:
    before = len(faults.found)
    for change in changes:
        whole, root = whole.with_lines_of(change.document)
        assert isinstance(root, Mapping) and isinstance(whole.root, Mapping)
        all_ = whole.root.get("parameters")
        assert isinstance(all_, Mapping)
        shape = Shape(whole, faults)
        new = amend_parameter(shape, name, all_.get(name), root, change.spell, change.amended.by)
        if new is None or len(faults.found) > before:
            return None
        whole = attrs.evolve(whole, root=with_entry(whole.root, "parameters", with_entry(all_, name, new)))
    return whole


def kind_as_amended(
    vocabulary: Document | None, name: str, changes: Sequence[Change], faults: Faults
) -> Document | None:
    """The vocabulary with a kind of fact as amended; None where it cannot be amended so.

    Args:
        vocabulary: `vocabulary.yaml`.
        name: The kind.
        changes: What changes it, in order.
        faults: Where to note what is wrong.
    """
    if vocabulary is None or not isinstance(vocabulary.root, Mapping):
        return None
    if vocabulary.root.get(name) is None:
        names = [key.text for key, _ in vocabulary.root.entries]
        for change in changes:
            help = did_you_mean(name, names, "its kinds stand in `vocabulary.yaml`")
            change.note(faults, "amends", "unknown-target", f"there is no kind of fact `{name}`", help)
        return None
    mine = [each for each in changes if _fits(each, faults)]

    def works(some: Sequence[Change]) -> bool:
        return _kind(vocabulary, name, some)[0] is not None

    noted: set[int] = set()
    contradictions(mine, works, faults, noted)
    made, wrong, culprit = _kind(vocabulary, name, mine)
    if culprit is not None and id(culprit) not in noted:
        faults.found += said_of(wrong, culprit, mine, ALWAYS)
    return made


def _fits(change: Change, faults: Faults) -> bool:
    """Whether a change is one that a kind of fact can have."""
    if not change.spell.is_always:
        message = "the vocabulary has no days: what is changed in it is changed for all of them"
        help = "take `from` and `until` out here; what rules say of the new facts may have days"
        faults.add("not-with-days", message, change.amended.place, help)
        return False
    if change.amended.operation not in ("change", "add"):
        change.note(
            faults,
            "amends",
            "one-operation",
            f"a kind of fact cannot be {change.done}",
            "give it `change` and `to`",
        )
        return False
    return True


def _kind(
    whole: Document, name: str, changes: Sequence[Change]
) -> tuple[Document | None, list[Diagnostic], Change | None]:
    for change in changes:
        whole, root = whole.with_lines_of(change.document)
        assert isinstance(root, Mapping) and isinstance(whole.root, Mapping)
        node = whole.root.get(name)
        assert node is not None
        new, wrong = changed_node(whole, node, change, root)
        if new is None:
            return None, wrong, change
        whole = attrs.evolve(whole, root=with_entry(whole.root, name, new))
    return whole, [], None
