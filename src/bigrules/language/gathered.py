"""A rulebook and its amendments → all their files together, and what amends them."""

from __future__ import annotations

import attrs

from bigrules.language.amend import Change, is_change, read_change, text_at, with_entry, with_spell
from bigrules.language.assembly import identify
from bigrules.language.faults import Faults
from bigrules.language.files import CLAUSES, MANIFEST, REVIEW, VOCABULARY
from bigrules.language.layers import Layer, Stack
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping
from bigrules.language.spells import ALWAYS, Spell, read_spell


@attrs.frozen(eq=False)
class Gathered:
    """The files of all layers.

    Args:
        documents: Rules, definitions and what they are read with, by their path.
        changes: What amends them: a layer after those below it, and in one layer by the first day.
        layers: The number of the layer that each file, `vocabulary/kind` and `parameter/name` came with, by its id;
            those that are not named came with the rulebook itself.
    """

    documents: dict[str, Document]
    changes: list[Change]
    layers: dict[str, int]


def gather(stack: Stack, faults: Faults) -> Gathered:
    """Gather the files of a rulebook and of what is laid over it; what is there twice is noted."""
    return _Gathering(stack, faults).gather()


class _Gathering:
    def __init__(self, stack: Stack, faults: Faults) -> None:
        self.stack = stack
        self.faults = faults
        self.documents: dict[str, Document] = {}
        self.changes: list[Change] = []
        self.layers: dict[str, int] = {}

    def gather(self) -> Gathered:
        """The files of all layers together, and what they change."""
        for file, document in self.stack.base.documents.items():
            if is_change(document):
                self.change(document, identify(file), 0, "", "", ALWAYS)
            else:
                self.documents[file] = document
        for number, layer in enumerate(self.stack.layers, 1):
            self.parameters_of(layer, number)
            for file, document in layer.documents.items():
                if is_change(document):
                    self.change(document, identify(file), number, layer.name, layer.by, layer.spell)
                elif file in (VOCABULARY, CLAUSES):
                    self.add_entries(file, document, number)
                elif file in (MANIFEST, REVIEW):
                    message = f"an amendment has no `{file}`"
                    self.faults.add("unknown-key", message, document.start, "take it out")
                else:
                    self.add_file(file, document, layer)
                    self.layers.setdefault(identify(file), number)
        self.changes.sort(key=lambda each: (each.layer, each.spell.first))
        return Gathered(self.documents, self.changes, self.layers)

    def change(self, document: Document, id: str, layer: int, name: str, by: str, within: Spell) -> None:
        found = read_change(document, id, layer, name, by, within, self.faults)
        if found is not None:
            self.changes.append(found)

    def add_file(self, file: str, document: Document, layer: Layer) -> None:
        """A rule or definition more."""
        there = {identify(each).casefold(): each for each in self.documents}
        if identify(file).casefold() in there:
            other = self.documents[there[identify(file).casefold()]].file
            message = f"there is `{identify(file)}` already, in `{other}`"
            help = "amend it with `amends:` and `change`, or give this file another path and let it say `replaces:`"
            self.faults.add("already-there", message, document.start, help)
            return
        root = document.root
        if isinstance(root, Mapping):
            shape = Shape(document, Faults())
            keys = {key.text: (key, value) for key, value in root.entries}
            own = read_spell(shape, keys, document.start, "this file")
            at = root.entries[0][0] if root.entries else root
            if layer.by and root.get("by") is None:
                root = with_entry(root, "by", text_at(layer.by, at), at)
            if own is not None and not layer.spell.is_always:
                both = own.within(layer.spell)
                if both is None:
                    whole = layer.spell.in_words()
                    message = (
                        f"this is in force {own.in_words()}, and the amendment that it belongs to {whole}"
                    )
                    help = "let the days of this file lie within those of all of it"
                    self.faults.add("wrong-value", message, document.start, help)
                    both = own
                root = with_spell(root, both, at)
        self.documents[file] = attrs.evolve(document, root=root)

    def add_entries(self, file: str, document: Document, layer: int) -> None:
        """Kinds of fact more, or clauses."""
        old = self.documents.get(file)
        if old is None:
            self.documents[file] = document
            return
        if not isinstance(document.root, Mapping) or not isinstance(old.root, Mapping):
            self.faults.add(
                "wrong-shape", f"`{document.file}` must be a mapping of keys to values", document.start
            )
            return
        what = "kind of fact" if file == VOCABULARY else "clause"
        for key, _ in document.root.entries:
            if old.root.get(key.text) is not None:
                message = f"there is a {what} `{key.text}` already"
                help = (
                    f"amend it with `amends: vocabulary/{key.text}`"
                    if file == VOCABULARY
                    else "call this one otherwise"
                )
                self.faults.add("already-there", message, document.span(key), help)
        whole, root = old.with_lines_of(document)
        assert isinstance(root, Mapping)
        entries = [each for each in root.entries if old.root.get(each[0].text) is None]
        if file == VOCABULARY:
            self.layers.update({f"vocabulary/{key.text}": layer for key, _ in entries})
        merged = attrs.evolve(old.root, entries=(*old.root.entries, *entries))
        self.documents[file] = attrs.evolve(whole, root=merged)

    def parameters_of(self, layer: Layer, number: int) -> None:
        """Parameters more."""
        manifest = self.documents.get(MANIFEST)
        if layer.parameters is None or manifest is None or not isinstance(manifest.root, Mapping):
            return
        document, node = layer.parameters
        if not isinstance(node, Mapping):
            self.faults.add(
                "wrong-shape", "`parameters` must be a mapping of keys to values", document.span(node)
            )
            return
        old = manifest.root.get("parameters")
        there = old.entries if isinstance(old, Mapping) else ()
        known = {each.text for each, _ in there}
        for key, _ in node.entries:
            if key.text in known:
                help = f"change it with `parameter: {key.text}`, in a file of its own"
                message = f"there is a parameter `{key.text}` already"
                self.faults.add("already-there", message, document.span(key), help)
        whole, root = manifest.with_lines_of(attrs.evolve(document, root=node))
        assert isinstance(root, Mapping)
        entries = (*there, *(each for each in root.entries if each[0].text not in known))
        self.layers.update({f"parameter/{key.text}": number for key, _ in entries[len(there) :]})
        new = attrs.evolve(root, entries=entries)
        self.documents[MANIFEST] = attrs.evolve(whole, root=with_entry(manifest.root, "parameters", new, new))
