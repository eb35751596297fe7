"""A rulebook and its amendments → the documents that there are on each day.

What is in force is decided by the day on which a rule is read. A rule of the day of judging has one text on each such
day, so that there is a version of the rulebook for each stretch of days. A rule with a day of its own (`on:`), and a
definition, are read on many days in one case: they are written out with all their texts, each for its days.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence

import attrs

from bigrules.language.amend import (
    Change,
    conditions,
    exception_of,
    is_change,
    with_entry,
    with_exception,
    with_spell,
)
from bigrules.language.assembly import identify
from bigrules.language.earlier import EARLIER, is_earlier
from bigrules.language.entries import kind_as_amended, parameter_as_amended
from bigrules.language.faults import Faults, did_you_mean
from bigrules.language.files import CLAUSES, MANIFEST, REVIEW, VOCABULARY
from bigrules.language.gathered import gather
from bigrules.language.layers import Stack
from bigrules.language.model import THE_DAY, Amended, Laid
from bigrules.language.rule_texts import rule_in_time
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping, Node, Text
from bigrules.language.spells import ALWAYS, Spell, read_spell
from bigrules.language.split_outcomes import of_all_texts
from bigrules.language.texts import (
    Texts,
    is_of_text,
    joined,
    texts_in_time,
    without_lost_readings,
    written_out,
)

_NO_RULES = (MANIFEST, VOCABULARY, CLAUSES, REVIEW)


@attrs.frozen(eq=False)
class Amending:
    """What became of the documents.

    Args:
        documents: As they stand in the last version. Where there are earlier ones, what changes with time has all
            of its readings in each, also those of what does not stand there on some days.
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
        self.documents, self.changes, self.layers = gathered.documents, gathered.changes, gathered.layers
        # The texts of each rule that has several, or that stands in place of another for some.
        self.texts: dict[str, Texts] = {}
        # Of these, rules of the day of judging, which have one text on each such day.
        self.dated: dict[str, Texts] = {}
        # Rules that are written out for their days: the id of the last text, and of the ones before.
        self.split: dict[str, list[str]] = {}
        # Rules in whose place others stand, at some time or for some: the ids of these.
        self.instead: dict[str, list[str]] = {}

    def amend(self) -> Amending:
        left: dict[str, list[Change]] = {}
        for change in self.changes:
            left.setdefault(change.file, []).append(change)
        while True:
            # What stands in place of a rule for some is a rule that can be amended too.
            ids = {identify(each): each for each in self.documents if each not in _NO_RULES}
            ready = [each for each in left if each in ids or each.startswith(("parameter/", "vocabulary/"))]
            if not ready:
                break
            for id in ready:
                self.one(id, ids.get(id, ""), left.pop(id))
        for id, changes in left.items():
            for change in changes:
                help = did_you_mean(id, ids, "write the path of a rule or definition without `.yaml`")
                message = f"there is no rule or definition `{id}`"
                change.note(self.faults, "amends", "unknown-target", message, help)
        for file, texts in self.texts.items():
            self.put(file, texts)
        self.replacements()
        self.rewrite_outcomes()
        return self.result()

    def one(self, id: str, file: str, changes: list[Change]) -> None:
        """What becomes of a file, of a kind of fact or of a parameter."""
        mine = [each for each in changes if self.is_below(id, each)]
        kind, _, name = id.partition("/")
        if not mine:
            return
        if file:
            self.file(file, mine)
        elif kind == "parameter":
            document = parameter_as_amended(self.documents.get(MANIFEST), name, mine, self.faults)
            self.documents.update({MANIFEST: document} if document is not None else {})
        else:
            document = kind_as_amended(self.documents.get(VOCABULARY), name, mine, self.faults)
            self.documents.update({VOCABULARY: document} if document is not None else {})

    def is_below(self, id: str, change: Change) -> bool:
        """Whether what is amended came with a layer below, or with the same one; else that is noted."""
        came = self.layers.get(id, 0)
        if came <= change.layer:
            return True
        above = self.stack.layers[came - 1].name
        message = f"`{id}` comes with `{above}`, which is laid over this one"
        change.note(
            self.faults, "amends", "unknown-target", message, f"amend it in `{above}`, or lay this over that"
        )
        return False

    # ------------------------------------------------------------ rules and definitions

    def file(self, file: str, changes: list[Change]) -> None:
        """A rule or definition as amended."""
        document = self.documents[file]
        if not isinstance(document.root, Mapping):
            return
        is_definition = document.root.get("definition") is not None
        fits = self.of_definition if is_definition else self.of_rule
        changes = [each for each in changes if fits(each)]
        if is_definition:
            whole, roots = joined(document, changes)
            segments = texts_in_time(whole, changes, roots, self.faults)
            if segments is not None and changes:
                made = written_out(whole, segments, changes, document, self.faults)
                self.documents[file] = made or document
            return
        self.disapplied(changes)
        texts: Texts = []
        instead: dict[int, tuple[Change, Texts]] = {}
        for days, text in self.texts.get(file, [(ALWAYS, document)]):
            made_of = rule_in_time(text, days, changes, self.faults)
            if made_of is None:
                return
            texts += made_of.texts
            for change, others in made_of.instead:
                instead.setdefault(id(change), (change, []))[1].extend(others)
        self.texts[file] = texts
        self.documents[file] = texts[-1][1]
        for change, others in instead.values():
            self.substitute(change, others)

    def of_definition(self, change: Change) -> bool:
        """Whether a change is one that a definition can have."""
        if is_of_text(change) and not exception_of(change.target)[1]:
            return True
        message = f"a definition cannot be {change.done}"
        change.note(self.faults, "amends", "one-operation", message, "change its conditions")
        return False

    def of_rule(self, change: Change) -> bool:
        """Whether a change is one that a rule can have."""
        if change.amended.operation == "disapply" or not exception_of(change.target)[1]:
            return True
        help = f"amend `{change.file}` itself, and write the condition of the exception under `change`"
        message = "an exception can be disapplied, and not changed"
        change.note(self.faults, "amends", "unknown-target", message, help)
        return False

    def disapplied(self, changes: Sequence[Change]) -> None:
        """What changes nothing that counts, because the rule is out of play."""
        for out, other in itertools.permutations(changes, 2):
            if not out.takes_out or not out.spell.meets(other.spell):
                continue
            message = f"`{other.target}` is disapplied by {out}, so that this changes nothing that counts"
            if out.layer == other.layer:
                twice = other.takes_out and (other.spell.first, other.document.file) < (
                    out.spell.first,
                    out.document.file,
                )
                if other.spell.first >= out.spell.first and not twice:
                    help = "take one of them out, or let this one end on the day before the other begins"
                    change_help = help if other.spell.first > out.spell.first else "take one of them out"
                    other.note(self.faults, "amends", "amendments-contradict", message, change_help)
            elif out.layer < other.layer and other.spell.within(out.spell) == other.spell:
                # What takes out that very exception brings the rule back.
                if exception_of(other.target)[1]:
                    continue
                self.faults.warn("changes-what-is-disapplied", message, other.amended.place, "take it out")

    def substitute(self, change: Change, texts: Texts) -> None:
        """The rule that applies in place of another for some, as a file of its own."""
        id = change.amended.id
        there = next((each for each in self.documents if identify(each).casefold() == id.casefold()), None)
        if there is not None:
            message = f"there is `{id}` already, and what applies here instead is a rule of its own"
            self.faults.add("already-there", message, change.amended.place, "give this file another path")
            return
        # It has days of its own, so that its first text may be said to reach back to the first of all.
        first, last = texts[0], texts[-1]
        texts = [(Spell(None, first[0].end), first[1]), *texts[1:]]
        texts[-1] = (Spell(texts[-1][0].start, None), last[1])
        file = f"{id}.yaml"
        self.texts[file], self.documents[file] = texts, last[1]
        self.layers[id] = change.layer
        self.instead.setdefault(change.file, []).append(id)

    def put(self, file: str, texts: Texts) -> None:
        """A rule with its texts."""
        root = texts[-1][1].root
        on = root.get("on") if isinstance(root, Mapping) else None
        if len(texts) == 1:
            self.documents[file] = without_lost_readings(texts[0][1])
        elif isinstance(on, Text) and on.text != f"<{THE_DAY}>":
            self.split_rule(file, texts)
        else:
            self.documents[file] = texts[-1][1]
            self.dated[file] = texts

    def split_rule(self, file: str, texts: Texts) -> None:
        """A rule with a day of its own, as a rule for each text and its days."""
        kept = [
            (both, document)
            for days, document in texts
            if (both := _own_spell(document).within(days)) is not None
        ]
        if not kept:
            return  # What is wrong with its days is noted where it is built.
        *before, (days, last) = kept
        assert isinstance(last.root, Mapping)
        new = attrs.evolve(last, root=with_spell(last.root, days, last.root.entries[0][0]))
        self.documents[file] = without_lost_readings(new)
        ids = []
        for days, document in before:
            root = document.root
            assert isinstance(root, Mapping)
            for key in ("examples", "other readings", "adopted reading", "equivalent"):
                root = with_entry(root, key, None)
            ids.append(f"{identify(file)}{EARLIER}{days.end}")
            self.documents[f"{ids[-1]}.yaml"] = attrs.evolve(
                document, root=with_spell(root, days, root.entries[0][0])
            )
        self.split[identify(file)] = ids

    # ------------------------------------------------------------ rules in place of others

    def replacements(self) -> None:
        """Rules that stand in place of others."""
        replaced: dict[str, list[tuple[str, Spell]]] = {}
        for file, document in list(self.documents.items()):
            name = _replaced(document.root)
            if name is None or is_earlier(file) or not self.can_be_replaced(file, document, name):
                continue
            target = next(each for each in self.documents if identify(each) == name.text)
            id, spell = identify(file), _own_spell(document)
            self.goes_with_changes(document, name, spell, self.layers.get(id, 0))
            for other, days in replaced.get(target, ()):
                if days.meets(spell):
                    message = f"`{name.text}` is replaced by this and by `{other}`"
                    help = f"write `replaces: {other}` if this one is meant to follow it, else take one of them out"
                    self.faults.add("amendments-contradict", message, document.span(name), help)
            replaced.setdefault(target, []).append((id, spell))
            self.instead.setdefault(name.text, []).append(id)
            for each in (target, *(f"{each}.yaml" for each in self.split.get(name.text, ()))):
                self.documents[each] = _out(self.documents[each], document, name, spell, id)
            if target in self.dated:
                texts = self.dated[target]
                self.dated[target] = [(days, _out(text, document, name, spell, id)) for days, text in texts]

    def can_be_replaced(self, file: str, document: Document, name: Text) -> bool:
        """Whether there is a rule that a rule says it replaces, and it is not that rule in the end."""
        rules = {
            identify(each): one.root
            for each, one in self.documents.items()
            if isinstance(one.root, Mapping) and one.root.get("rule") is not None and not is_earlier(each)
        }
        seen, at = [identify(file)], name.text
        while at in rules and at not in seen:
            seen.append(at)
            further = _replaced(rules[at])
            at = further.text if further is not None else ""
        if name.text in rules and at != seen[0]:
            return True
        help = did_you_mean(name.text, rules, "write the path of its file without `.yaml`")
        message = f"there is no rule `{name.text}` to replace"
        if name.text in rules:
            message, help = f"`{at}` would stand in place of itself", "take one `replaces` out"
        self.faults.add("unknown-rule", message, document.span(name), help)
        return False

    def goes_with_changes(self, document: Document, name: Text, spell: Spell, layer: int) -> None:
        """What changes a rule that another replaces changes nothing that counts."""
        for each in self.changes:
            if each.file != name.text or not each.spell.meets(spell):
                continue
            if each.takes_out and each.layer <= layer:
                message = f"`{name.text}` is replaced by this, and disapplied by {each}"
                help = "take one of them out"
                self.faults.add("amendments-contradict", message, document.span(name), help)
            elif is_of_text(each) and each.layer >= layer and each.spell.within(spell) == each.spell:
                message = f"`{name.text}` is replaced by `{document.file}`, so that this changes nothing that counts"
                if each.layer == layer:
                    each.note(self.faults, "amends", "amendments-contradict", message, "take one of them out")
                else:
                    self.faults.warn("changes-what-is-disapplied", message, each.amended.place, "take it out")

    # ------------------------------------------------------------ outcomes of rules that are several rules now

    def rewrite_outcomes(self) -> None:
        """What other files say of the outcome of a rule is said of all its texts, and of what stands in its place."""
        others = {id: self.also(id) for id in (*self.split, *self.instead)}
        if not others:
            return

        def rewritten(file: str, document: Document) -> Document:
            # A rule that stands in the place of another may still speak of that one.
            seen = {id: ids for id, ids in others.items() if identify(file) not in ids}
            root = of_all_texts(document.root, seen)
            if root is document.root:
                return document
            new = attrs.evolve(document, root=root)
            # Of a rule that has a text for each day some readings may be there on some days.
            return new if file in _NO_RULES or file in self.dated else without_lost_readings(new)

        self.documents = {file: rewritten(file, each) for file, each in self.documents.items()}
        self.dated = {
            file: [(spell, rewritten(file, each)) for spell, each in texts]
            for file, texts in self.dated.items()
        }

    def also(self, id: str) -> list[str]:
        """All rules that a rule is too: its earlier texts, what stands in its place, and so on."""
        found = [id]
        for each in found:
            found += [
                one for one in (*self.split.get(each, ()), *self.instead.get(each, ())) if one not in found
            ]
        return found[1:]

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


def _own_spell(document: Document) -> Spell:
    """On which days a rule says that it is in force."""
    root = document.root
    keys = {key.text: (key, value) for key, value in root.entries} if isinstance(root, Mapping) else {}
    return read_spell(Shape(document, Faults()), keys, document.start, "") or ALWAYS


def _out(old: Document, new: Document, name: Text, spell: Spell, instead: str) -> Document:
    """A rule that does not apply while another, which names it, stands in its place."""
    assert isinstance(new.root, Mapping)
    whole, _ = old.with_lines_of(new)
    down = len(old.lines)
    title, by = new.root.get("rule"), new.root.get("by")
    said = title.text if isinstance(title, Text) else ""
    authority = by.text if isinstance(by, Text) else ", ".join(_texts(new.root.get("source")))
    at = Text(said, name.line + down, name.column, name.end_line + down, name.end_column)
    root = with_exception(old.root, (), at, authority, None, spell, instead)
    return attrs.evolve(whole, root=root) if root is not None else old


def _texts(node: Node | None) -> list[str]:
    return [each.text for each in conditions(node) if isinstance(each, Text)]
