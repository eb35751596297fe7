"""A rulebook and its amendments → the documents that there are on each day.

What is in force is decided by the day on which a rule is read. A rule of the day of judging has one text on each such
day, so that there is a version of the rulebook for each stretch of days. A rule with a day of its own (`on:`), and a
definition, are read on many days in one case: they are written out with all their texts, each for its days.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map

import attrs

from bigrules.language.amend import (
    Change,
    changed_node,
    conditions,
    exception_of,
    is_change,
    substitute_of,
    with_entry,
    with_exception,
    with_spell,
)
from bigrules.language.assembly import identify
from bigrules.language.faults import Faults, did_you_mean, in_words
from bigrules.language.files import CLAUSES, MANIFEST, REVIEW, VOCABULARY
from bigrules.language.gathered import gather
from bigrules.language.layers import Stack
from bigrules.language.model import THE_DAY, Amended, Laid
from bigrules.language.parameters import amend_parameter
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping, Node, Text
from bigrules.language.spells import ALWAYS, Spell, read_spell
from bigrules.language.split_outcomes import of_all_texts
from bigrules.language.texts import (
    Texts,
    contradictions,
    joined,
    texts_in_time,
    with_examples,
    without_lost_readings,
    written_out,
)


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
        gathered = gather(stack, faults)
        self.documents, self.changes = gathered.documents, gathered.changes
        # For each rule of the day of judging that changes on a day: its texts and their days.
        self.dated: dict[str, Texts] = {}
        # Rules that are written out for their days: the id of the last text, and of the ones before.
        self.split: dict[str, list[str]] = {}
        # Rules in whose place others stand, at some time or for some: the ids of these.
        self.instead: dict[str, list[str]] = {}
        # What takes a rule out of play: its id, and what does so everywhere, with its days.
        self.out: dict[str, list[Change]] = {}

    def amend(self) -> Amending:
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
        contradictions(
            changes, lambda mine: self._parameter_as(name, mine, Faults()) is not None, self.faults, set()
        )
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
        whole, roots = joined(document, [*texts, *others])
        segments = texts_in_time(whole, texts, roots, self.faults)
        if segments is None:
            return
        if what == "definition":
            self.documents[file] = written_out(whole, segments, texts, document, self.faults) or document
            return
        segments = self.exceptions(file, segments, others, roots)
        if len(segments) == 1:
            self.documents[file] = segments[0][1]
        elif isinstance(on := document.root.get("on"), Text) and on.text != f"<{THE_DAY}>":
            self.split_rule(file, segments)
        else:
            self.documents[file] = segments[-1][1]
            self.dated[file] = segments

    def split_rule(self, file: str, segments: Texts) -> None:
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
        segments: Texts,
        changes: Sequence[Change],
        roots: Map[int, Mapping],
    ) -> Texts:
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
            new: Texts = []
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
                made_root = made if instead or not isinstance(made, Mapping) else with_examples(made, root)
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
        segments: Texts,
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
        self.instead.setdefault(change.file, []).append(change.amended.id)
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
            self.instead.setdefault(name.text, []).append(id)
            for each in (target, *(f"{each}.yaml" for each in self.split.get(name.text, ()))):
                self.documents[each] = _out(self.documents[each], document, name, said, authority, spell, id)
            if target in self.dated:
                texts = self.dated[target]
                self.dated[target] = [
                    (days, _out(text, document, name, said, authority, spell, id)) for days, text in texts
                ]

    # ------------------------------------------------------------ outcomes of rules that are several rules now

    def rewrite_outcomes(self) -> None:
        """What other files say of the outcome of a rule is said of all its texts, and of what stands in its place."""
        others = {
            id: [*self.split.get(id, ()), *self.instead.get(id, ())] for id in (*self.split, *self.instead)
        }
        if not others:
            return

        def rewritten(file: str, document: Document) -> Document:
            # A rule that stands in the place of another may still speak of that one.
            seen = {id: ids for id, ids in others.items() if identify(file) not in ids}
            root = of_all_texts(document.root, seen)
            if root is document.root:
                return document
            new = attrs.evolve(document, root=root)
            return new if file in (VOCABULARY, REVIEW, MANIFEST, CLAUSES) else without_lost_readings(new)

        self.documents = {file: rewritten(file, each) for file, each in self.documents.items()}
        self.dated = {
            file: [(spell, rewritten(file, each)) for spell, each in texts]
            for file, texts in self.dated.items()
        }

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
