"""A rulebook and its amendments → the documents that there are on each day.

What is in force is decided by the day on which a rule is read. A rule of the day of judging has one text on each such
day, so that there is a version of the rulebook for each stretch of days. A rule with a day of its own (`on:`), and a
definition, are read on many days in one case: they are written out with all their texts, each for its days.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Map

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.language.amend import (
    Change,
    changed_node,
    conditions,
    exception_of,
    in_spell,
    is_change,
    listing,
    mapping,
    read_change,
    substitute_of,
    text_at,
    with_entry,
    with_exception,
    with_spell,
)
from bigrules.language.assembly import identify
from bigrules.language.definitions import CONDITION_KEYS
from bigrules.language.faults import Faults, did_you_mean, in_words
from bigrules.language.files import CLAUSES, MANIFEST, REVIEW, VOCABULARY
from bigrules.language.layers import Layer, Stack
from bigrules.language.model import THE_DAY, Amended, Laid
from bigrules.language.parameters import amend_parameter
from bigrules.language.readings import patch, reading_nodes
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Listing, Mapping, Node, Text, plain
from bigrules.language.spells import ALWAYS, DAY, Spell, read_spell

_OUTCOME = re.compile(r"rule (\S+) is (breached|met|not applicable)")


@attrs.frozen(eq=False)
class Amending:
    """What became of the documents.

    Args:
        documents: As they stand in the last version.
        earlier: Earlier versions: the first day of each, and the documents in it that are other ones.
        start: The first day of the last version, or None.
        laid: The amendments.
        amended: What they do to single files.
    """

    documents: dict[str, Document]
    earlier: tuple[tuple[datetime.date | None, dict[str, Document]], ...] = ()
    start: datetime.date | None = None
    laid: tuple[Laid, ...] = ()
    amended: tuple[Amended, ...] = ()


def amend(stack: Stack, faults: Faults) -> Amending:
    """Lay the amendments over the rulebook.

    Args:
        stack: The rulebook and what is laid over it.
        faults: Where to note what is wrong.
    """
    documents = stack.base.documents
    if not stack.layers and not any(is_change(each) or _replaced(each.root) for each in documents.values()):
        return Amending(documents)  # as nearly every rulebook is
    return _Amender(stack, faults).amend()


def _replaced(root: Node) -> Text | None:
    node = root.get("replaces") if isinstance(root, Mapping) else None
    return node if isinstance(node, Text) else None


class _Amender:
    def __init__(self, stack: Stack, faults: Faults) -> None:
        self.stack = stack
        self.faults = faults
        self.documents: dict[str, Document] = {}
        self.changes: list[Change] = []
        # For each rule of the day of judging that changes on a day: its texts and their days.
        self.dated: dict[str, list[tuple[Spell, Document]]] = {}
        # Rules that are written out for their days: the id of the last text, and of the ones before.
        self.split: dict[str, list[str]] = {}
        # What takes a rule out of play: its id, and what does so everywhere, with its days.
        self.out: dict[str, list[Change]] = {}

    def amend(self) -> Amending:
        self.gather()
        by_file: dict[str, list[Change]] = {}
        for change in self.changes:
            by_file.setdefault(change.file, []).append(change)
        files = {identify(file): file for file in self.documents}
        for id, changes in by_file.items():
            if id.startswith("parameter/"):
                self.parameter(id.removeprefix("parameter/"), changes)
            elif id.startswith("vocabulary/"):
                self.kind(id.removeprefix("vocabulary/"), changes)
            elif id not in files or files[id] in (MANIFEST, VOCABULARY, CLAUSES, REVIEW):
                self.unknown(id, changes, files)
            else:
                self.file(files[id], changes)
        self.replacements()
        self.rewrite_outcomes()
        return self.result()

    # ------------------------------------------------------------ gathering

    def gather(self) -> None:
        """The files of all layers together, and what they change."""
        for file, document in self.stack.base.documents.items():
            if is_change(document):
                self.change(document, identify(file), 0, "", "", ALWAYS)
            else:
                self.documents[file] = document
        for number, layer in enumerate(self.stack.layers, 1):
            self.parameters_of(layer)
            for file, document in layer.documents.items():
                if is_change(document):
                    self.change(document, identify(file), number, layer.name, layer.by, layer.spell)
                elif file in (VOCABULARY, CLAUSES):
                    self.add_entries(file, document)
                elif file in (MANIFEST, REVIEW):
                    message = f"an amendment has no `{file}`"
                    self.faults.add("unknown-key", message, document.start, "take it out")
                else:
                    self.add_file(file, document, layer)
        self.changes.sort(key=lambda each: (each.layer, each.spell.first))

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

    def add_entries(self, file: str, document: Document) -> None:
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
        merged = attrs.evolve(old.root, entries=(*old.root.entries, *entries))
        self.documents[file] = attrs.evolve(whole, root=merged)

    def parameters_of(self, layer: Layer) -> None:
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
        new = attrs.evolve(root, entries=entries)
        self.documents[MANIFEST] = attrs.evolve(whole, root=with_entry(manifest.root, "parameters", new, new))

    def unknown(self, id: str, changes: Sequence[Change], files: Iterable[str]) -> None:
        for change in changes:
            help = did_you_mean(id, files, "write the path of a rule or definition without `.yaml`")
            self.at(change, "amends", "unknown-target", f"there is no rule or definition `{id}`", help)

    def at(self, change: Change, key: str, name: str, message: str, help: str | None) -> None:
        """Note something at the value of a key of a change."""
        node = change.root.get(key)
        place = change.document.span(node) if node is not None else change.amended.place
        self.faults.add(name, message, place, help)

    # ------------------------------------------------------------ parameters and kinds

    def parameter(self, name: str, changes: Sequence[Change]) -> None:
        manifest = self.documents.get(MANIFEST)
        if manifest is None or not isinstance(manifest.root, Mapping):
            return
        all_ = manifest.root.get("parameters")
        names = [key.text for key, _ in all_.entries] if isinstance(all_, Mapping) else []
        if name not in names:
            for change in changes:
                help = did_you_mean(
                    name, names, f"there are {in_words(names, 'and')}" if names else "the rulebook has none"
                )
                self.at(change, "parameter", "unknown-target", f"there is no parameter `{name}`", help)
            return
        self.contradictions(changes, lambda mine: self._parameter_as(name, mine, Faults()) is not None)
        document = self._parameter_as(name, changes, self.faults)
        if document is not None:
            self.documents[MANIFEST] = document

    def _parameter_as(self, name: str, changes: Sequence[Change], faults: Faults) -> Document | None:
        whole = self.documents[MANIFEST]
        before = len(faults.found)
        for change in changes:
            whole, root = whole.with_lines_of(change.document)
            assert isinstance(root, Mapping) and isinstance(whole.root, Mapping)
            all_ = whole.root.get("parameters")
            assert isinstance(all_, Mapping)
            new = amend_parameter(
                Shape(whole, faults), name, all_.get(name), root, change.spell, change.amended.by
            )
            if new is None or len(faults.found) > before:
                return None
            whole = attrs.evolve(
                whole, root=with_entry(whole.root, "parameters", with_entry(all_, name, new))
            )
        return whole

    def kind(self, name: str, changes: Sequence[Change]) -> None:
        for change in changes:
            document = self.documents.get(VOCABULARY)
            if document is None or not isinstance(document.root, Mapping):
                return
            node = document.root.get(name)
            if node is None:
                names = [key.text for key, _ in document.root.entries]
                help = did_you_mean(name, names, "its kinds stand in `vocabulary.yaml`")
                self.at(change, "amends", "unknown-target", f"there is no kind of fact `{name}`", help)
                continue
            if not change.spell.is_always:
                message = "the vocabulary has no days: what is changed in it is changed for all of them"
                help = "take `from` and `until` out here; what rules say of the new facts may have days"
                self.faults.add("not-with-days", message, change.amended.place, help)
                continue
            if change.amended.operation not in ("change", "add"):
                self.at(
                    change,
                    "amends",
                    "one-operation",
                    f"a kind of fact cannot be {_done(change)}",
                    "change it",
                )
                continue
            whole, root = document.with_lines_of(change.document)
            assert isinstance(root, Mapping) and isinstance(whole.root, Mapping)
            new, found = changed_node(whole, node, change, root)
            self.faults.found += found
            if new is not None:
                self.documents[VOCABULARY] = attrs.evolve(whole, root=with_entry(whole.root, name, new))

    # ------------------------------------------------------------ rules and definitions

    def file(self, file: str, changes: Sequence[Change]) -> None:
        """A rule or definition as amended."""
        document = self.documents[file]
        if not isinstance(document.root, Mapping):
            return
        what = "definition" if document.root.get("definition") is not None else "rule"
        texts = [each for each in changes if each.amended.operation in ("change", "add")]
        others = [each for each in changes if each.amended.operation not in ("change", "add")]
        for each in [each for each in texts if exception_of(each.target)[1]]:
            help = f"amend `{each.file}` itself, and write the condition of the exception under `change`"
            self.at(each, "amends", "unknown-target", "an exception can be disapplied, and not changed", help)
            texts.remove(each)
        if what == "definition" and others:
            for each in others:
                message = f"a definition cannot be {_done(each)}"
                self.at(each, "amends", "one-operation", message, "change its conditions")
            others = []
        whole, roots = _joined(document, [*texts, *others])
        segments = self.segments(whole, texts, roots)
        if segments is None:
            return
        if what == "definition":
            self.documents[file] = self.definition(whole, segments, texts, document) or document
            return
        segments = self.exceptions(file, segments, others, roots)
        if len(segments) == 1:
            self.documents[file] = segments[0][1]
        elif isinstance(on := document.root.get("on"), Text) and on.text != f"<{THE_DAY}>":
            self.split_rule(file, segments)
        else:
            self.documents[file] = segments[-1][1]
            self.dated[file] = segments

    def segments(
        self, whole: Document, changes: Sequence[Change], roots: Map[int, Mapping]
    ) -> list[tuple[Spell, Document]] | None:
        """The texts of a file, each with its days; None where a change cannot be made."""
        before = len(self.faults.found)
        found: list[tuple[Spell, Document]] = []
        noted: set[int] = set()
        for spell in stretches(each.spell for each in changes):
            mine = [each for each in changes if each.spell.meets(spell)]
            self.contradictions(mine, lambda some: _as_changed(whole, some, roots)[0] is not None, noted)
            node, wrong, culprit = _as_changed(whole, mine, roots)
            if node is None:
                if culprit is not None and id(culprit) not in noted:
                    noted.add(id(culprit))
                    self.faults.found += [self.with_help(each, culprit, mine) for each in wrong]
                continue
            found.append((spell, self.without_lost_readings(attrs.evolve(whole, root=node))))
        return found if len(self.faults.found) == before else None

    def with_help(self, wrong: Diagnostic, change: Change, together: Sequence[Change]) -> Diagnostic:
        """Which amendment has changed before what is not there any more."""
        earlier = [each for each in together if each.layer < change.layer]
        if wrong.name != "old-value-gone" or not earlier:
            return wrong
        said = wrong.help or "write down what stands there now"
        return attrs.evolve(
            wrong, help=f"{said}; {in_words([each.document.file for each in earlier], 'and')} changed it"
        )

    def contradictions(
        self, changes: Sequence[Change], works: Callable[[list[Change]], bool], noted: set[int] | None = None
    ) -> None:
        """Two changes of one layer that are in force together, and of which one alone can be made."""
        noted = noted if noted is not None else set()
        for one, other in itertools.combinations(changes, 2):
            both = one.spell.within(other.spell)
            if one.layer != other.layer or both is None or id(other) in noted:
                continue
            below = [each for each in changes if each.layer < one.layer and each.spell.meets(both)]
            if not works([*below, one]):
                continue  # That is a fault of its own.
            alone, after = works([*below, other]), works([*below, one, other])
            if one.spell.first == other.spell.first:
                # Files have no order: whichever is taken first, both have to fit.
                if not (alone or after) or (alone and after and works([*below, other, one])):
                    continue
            elif after or not alone:
                continue
            noted.add(id(other))
            days = "" if both.is_always else f", and are in force {both.in_words()}"
            message = f"this and {one} contradict each other: both change the same of `{other.target}`{days}"
            help = "take one of them out, say both in one file, or let one end on the day before the other begins"
            self.faults.add("amendments-contradict", message, other.amended.place, help)

    @staticmethod
    def without_lost_readings(document: Document) -> Document:
        """The text without readings of what is not there any more."""
        root = document.root
        assert isinstance(root, Mapping)
        lost = {
            id(node)
            for _, node in reading_nodes(root)
            if node.get("stated only") is None and patch(Shape(document, Faults()), root, node) is None
        }
        listed = root.get("other readings")
        if not lost or not isinstance(listed, Listing):
            return document
        left = [each for each in listed.items if id(each) not in lost]
        new = listing(left, listed) if left else None
        return attrs.evolve(document, root=with_entry(root, "other readings", new))

    def definition(
        self,
        whole: Document,
        segments: list[tuple[Spell, Document]],
        changes: Sequence[Change],
        old: Document,
    ) -> Document | None:
        """A definition with all its texts, each for the days on which it is read so."""
        if len(segments) == 1:
            return segments[0][1]
        assert isinstance(old.root, Mapping)
        roots = [each.root for _, each in segments]
        rests = [
            {
                key: each
                for key, each in plain(root).items()
                if key not in (*CONDITION_KEYS, "other readings", "examples")
            }
            for root in roots
        ]
        if any(each != rests[0] for each in rests):
            keys = sorted(
                {key for each in rests for key in each if each.get(key) != rests[0].get(key)}
                | {key for key in rests[0] if any(key not in each for each in rests)}
            )
            message = f"with days only the conditions of a definition can be changed, and not {in_words(keys, 'and')}"
            help = "take the days out, or define it in a file of its own with a sentence of its own"
            self.faults.add("not-with-days", message, changes[0].amended.place, help)
            return None
        root = segments[-1][1].root
        assert isinstance(root, Mapping)
        at = old.root.entries[0][0]
        for key in ("holds when", "people decide when"):
            branches: list[Node] = []
            for spell, document in segments:
                assert isinstance(document.root, Mapping)
                found = [*conditions(document.root.get(key))]
                any_of = document.root.get(f"{key} any of")
                if any_of is not None:
                    found.append(mapping({"any of": any_of}, any_of))
                if found:
                    branches.append(
                        mapping({"all of": listing([*in_spell(spell, at), *found], found[0])}, found[0])
                    )
            root = with_entry(root, key, None)
            root = with_entry(root, f"{key} any of", None)
            if branches:
                root = with_entry(root, f"{key} any of", listing(branches, branches[0]))
        # A reading of a part that now stands there once for each text cannot be taken any more.
        return self.without_lost_readings(attrs.evolve(whole, root=root))

    def split_rule(self, file: str, segments: list[tuple[Spell, Document]]) -> None:
        """A rule with a day of its own, as a rule for each text and its days."""
        ids = []
        for spell, document in segments:
            root = document.root
            assert isinstance(root, Mapping)
            keys = {key.text: (key, value) for key, value in root.entries}
            own = read_spell(Shape(document, Faults()), keys, document.start, "") or ALWAYS
            both = own.within(spell)
            if both is None:
                continue
            last = spell.end is None
            new = with_spell(root, both, root.entries[0][0])
            if not last:
                for key in ("examples", "other readings", "adopted reading", "equivalent"):
                    new = with_entry(new, key, None)
            name = file if last else f"{identify(file)}@until-{spell.end}.yaml"
            if not last:
                ids.append(identify(name))
            self.documents[name] = attrs.evolve(document, root=new)
        self.split[identify(file)] = ids

    # ------------------------------------------------------------ exceptions

    def exceptions(
        self,
        file: str,
        segments: list[tuple[Spell, Document]],
        changes: Sequence[Change],
        roots: Map[int, Mapping],
    ) -> list[tuple[Spell, Document]]:
        """The texts of a rule with what takes it out of play."""
        whole_out: list[Change] = []
        for change in changes:
            root = roots[id(change)]
            title = root.get("amendment")
            assert isinstance(title, Text)
            instead = change.amended.id if change.amended.operation == "substitute" else ""
            numbers = exception_of(change.target)[1]
            everywhere = not numbers and root.get("when") is None
            for other in whole_out if everywhere else ():
                if other.spell.meets(change.spell) and other.layer == change.layer:
                    message = f"`{change.target}` is disapplied by this and by {other}"
                    self.at(change, "amends", "amendments-contradict", message, "take one of them out")
            if everywhere:
                whole_out.append(change)
            if instead and not self.substitute(segments, change, root, title, numbers):
                continue
            new: list[tuple[Spell, Document]] = []
            for spell, document in segments:
                made = with_exception(
                    document.root, numbers, title, change.amended.by, root.get("when"), change.spell, instead
                )
                if made is None:
                    message = f"`{change.file}` has no exception `{change.target.removeprefix(change.file).strip()}`"
                    self.at(
                        change,
                        "amends",
                        "unknown-target",
                        message,
                        "count the exceptions under `unless` from 1, in their order",
                    )
                    break
                made_root = made if instead or not isinstance(made, Mapping) else _with_examples(made, root)
                new.append((spell, attrs.evolve(document, root=made_root)))
            else:
                segments = new
        self.out[identify(file)] = whole_out
        texts = [
            each
            for each in self.changes
            if each.file == identify(file) and each.amended.operation in ("change", "add")
        ]
        for out, text in itertools.product(whole_out, texts):
            if out.spell.meets(text.spell) and text.layer >= out.layer:
                message = f"`{text.target}` is disapplied by {out}, so that this changes nothing that counts"
                if text.layer == out.layer:
                    self.at(text, "amends", "amendments-contradict", message, "take one of them out")
                else:
                    self.faults.warn("changes-what-is-disapplied", message, text.amended.place, "take it out")
        return segments

    def substitute(
        self,
        segments: list[tuple[Spell, Document]],
        change: Change,
        root: Mapping,
        title: Text,
        numbers: tuple[int, ...],
    ) -> bool:
        """The rule that applies in place of another for some, as a file of its own."""
        if numbers:
            help = "amend the rule, or disapply the exception"
            self.at(
                change, "amends", "unknown-target", "an exception can be disapplied, and not changed", help
            )
            return False
        document = next(text for days, text in segments if days.meets(change.spell))
        assert isinstance(document.root, Mapping)
        node, wrong = changed_node(document, document.root, change, root)
        self.faults.found += wrong
        if not isinstance(node, Mapping):
            return False
        made = substitute_of(node, root, title, change.amended.by, change.spell)
        file = f"{change.amended.id}.yaml"
        if file in self.documents:
            message = (
                f"there is `{change.amended.id}` already, and what applies here instead is a rule of its own"
            )
            help = "give this file another path"
            self.faults.add("already-there", message, change.amended.place, help)
            return False
        self.documents[file] = attrs.evolve(document, root=made)
        return True

    def replacements(self) -> None:
        """Rules that stand in place of others."""
        for file, document in list(self.documents.items()):
            name = _replaced(document.root)
            if name is None or not isinstance(document.root, Mapping):
                continue
            target = next((each for each in self.documents if identify(each) == name.text), None)
            old = self.documents[target].root if target else None
            if target is None or not isinstance(old, Mapping) or old.get("rule") is None or target == file:
                rules = [
                    identify(each)
                    for each, one in self.documents.items()
                    if isinstance(one.root, Mapping) and one.root.get("rule") is not None
                ]
                help = did_you_mean(name.text, rules, "write the path of its file without `.yaml`")
                self.faults.add(
                    "unknown-rule", f"there is no rule `{name.text}` to replace", document.span(name), help
                )
                continue
            for other in self.out.get(name.text, ()):
                message = f"`{name.text}` is replaced by this, and disapplied by {other}"
                self.faults.add("amendments-contradict", message, document.span(name), "take one of them out")
            keys = {key.text: (key, value) for key, value in document.root.entries}
            spell = read_spell(Shape(document, Faults()), keys, document.start, "") or ALWAYS
            title, by = document.root.get("rule"), document.root.get("by")
            said = title.text if isinstance(title, Text) else ""
            authority = by.text if isinstance(by, Text) else ", ".join(_texts(document.root.get("source")))
            id = identify(file)

            for each in (target, *(f"{each}.yaml" for each in self.split.get(name.text, ()))):
                self.documents[each] = _out(self.documents[each], document, name, said, authority, spell, id)
            if target in self.dated:
                texts = self.dated[target]
                self.dated[target] = [
                    (days, _out(text, document, name, said, authority, spell, id)) for days, text in texts
                ]

    # ------------------------------------------------------------ outcomes of rules that were split

    def rewrite_outcomes(self) -> None:
        """What other files say of the outcome of a rule is said of all its texts."""
        if not self.split:
            return
        for file, document in self.documents.items():
            self.documents[file] = attrs.evolve(document, root=self._outcomes(document.root))
        self.dated = {
            file: [(spell, attrs.evolve(each, root=self._outcomes(each.root))) for spell, each in texts]
            for file, texts in self.dated.items()
        }

    def _outcomes(self, node: Node, key: str = "") -> Node:
        if isinstance(node, Text):
            match = _OUTCOME.fullmatch(node.text)
            if match is None or match[1] not in self.split:
                return node
            return _of_any([match[1], *self.split[match[1]]], match[2], node)
        if isinstance(node, Listing):
            items: list[Node] = []
            for each in node.items:
                items.append(self._outcomes(each))
                if key == "findings of" and isinstance(each, Text):
                    items += [text_at(other, each) for other in self.split.get(each.text, ())]
            return attrs.evolve(node, items=tuple(items))
        entries = []
        for name, value in node.entries:
            left = name.text in ("examples", "other readings", "change", "to")
            entries.append((name, value if left else self._outcomes(value, name.text)))
        return attrs.evolve(node, entries=tuple(entries))

    # ------------------------------------------------------------ versions

    def result(self) -> Amending:
        starts = sorted({spell.first for texts in self.dated.values() for spell, _ in texts})
        earlier = []
        for day in starts[:-1]:
            other = {
                file: next(document for spell, document in texts if day in spell)
                for file, texts in self.dated.items()
            }
            earlier.append((None if day == datetime.date.min else day, other))
        laid = tuple(
            Laid(
                each.name,
                each.version,
                each.by,
                str(each.path),
                each.shown,
                each.digest,
                each.spell.start,
                each.spell.end,
            )
            for each in self.stack.layers
        )
        amended = tuple(each.amended for each in self.changes)
        return Amending(self.documents, tuple(earlier), starts[-1] if starts else None, laid, amended)


def stretches(spells: Iterable[Spell]) -> list[Spell]:
    """All days, cut wherever one of some spells begins or ends.

    >>> [each.in_words() for each in stretches([Spell(datetime.date(2018, 4, 1))])]
    ['until 2018-03-31', 'from 2018-04-01']
    """
    cuts: set[datetime.date] = set()
    for each in spells:
        cuts.update([each.start] if each.start is not None and each.start > datetime.date.min else [])
        cuts.update([each.end + DAY] if each.end is not None and each.end < datetime.date.max else [])
    days = sorted(cuts)
    starts: list[datetime.date | None] = [None, *days]
    ends: list[datetime.date | None] = [*(each - DAY for each in days), None]
    return [Spell(start, end) for start, end in zip(starts, ends, strict=True)]


def _joined(document: Document, changes: Sequence[Change]) -> tuple[Document, dict[int, Mapping]]:
    """A document with the lines of all that change it, and what they say as it stands in it."""
    roots: dict[int, Mapping] = {}
    for change in changes:
        document, root = document.with_lines_of(change.document)
        assert isinstance(root, Mapping)
        roots[id(change)] = root
    return document, roots


def _as_changed(
    whole: Document, changes: Sequence[Change], roots: Map[int, Mapping]
) -> tuple[Mapping | None, list[Diagnostic], Change | None]:
    """What changes make of a file one after the other; or None, why, and which cannot be made."""
    node: Node = whole.root
    for change in changes:
        root = roots[id(change)]
        new, wrong = changed_node(whole, node, change, root)
        if not isinstance(new, Mapping):
            return None, wrong, change
        title = root.get("amendment")
        if new.get("rule") is not None and title is not None and _same(new.get("rule"), node):
            # What it said before is no longer so.
            new = with_entry(new, "rule", title)
        node = _with_examples(new, root)
    assert isinstance(node, Mapping)
    return node, [], None


def _same(title: Node | None, before: Node) -> bool:
    return isinstance(before, Mapping) and plain(title) == plain(before.get("rule"))


def _with_examples(node: Mapping, change: Mapping) -> Mapping:
    """A file with the examples of what changes it behind its own."""
    more = change.get("examples")
    if more is None:
        return node
    own = node.get("examples")
    if not isinstance(own, Listing) or not isinstance(more, Listing):
        return with_entry(node, "examples", more, more)
    return with_entry(node, "examples", attrs.evolve(own, items=(*own.items, *more.items)))


def _of_any(ids: list[str], outcome: str, at: Text) -> Node:
    """The outcome of several rules that are one rule at different times."""

    def all_say(said: str) -> Node:
        return listing([text_at(f"rule {id} is {said}", at) for id in ids], at)

    if outcome == "not applicable":
        return mapping({"all of": all_say(outcome)}, at)
    any_says = mapping({"any of": all_say(outcome)}, at)
    if outcome == "breached":
        return any_says
    none_breached = mapping({"unless": mapping({"any of": all_say("breached")}, at)}, at)
    return mapping({"all of": listing([any_says, none_breached], at)}, at)


def _out(
    old: Document, new: Document, name: Text, said: str, by: str, spell: Spell, instead: str
) -> Document:
    """A rule that does not apply while another, which names it, stands in its place."""
    whole, _ = old.with_lines_of(new)
    down = len(old.lines)
    at = Text(said, name.line + down, name.column, name.end_line + down, name.end_column)
    root = with_exception(old.root, (), at, by, None, spell, instead)
    return attrs.evolve(whole, root=root) if root is not None else old


def _texts(node: Node | None) -> list[str]:
    return [each.text for each in conditions(node) if isinstance(each, Text)]


def _done(change: Change) -> str:
    return {"disapply": "disapplied", "substitute": "changed for some with `when`"}.get(
        change.amended.operation, "changed"
    )
