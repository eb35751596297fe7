"""review.yaml → Review: what the pack holds that is sent in each year, read with a fault where it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Set

from bigrules.language.build import Keys, Setting
from bigrules.language.conditions import Conditions
from bigrules.language.faults import Faults, did_you_mean, in_words
from bigrules.language.model import Atom, Day, Formula, OutcomeIs, Rulebook, Type
from bigrules.language.pack import Review, ReviewItem, Way
from bigrules.language.scope import Scope, bound, in_order
from bigrules.language.sentences import slots_of
from bigrules.language.settle import Settle
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Node, Text
from bigrules.language.tests import BadTest, window_of
from bigrules.language.types import Inference, parts_of, start

REVIEW_KEYS = ("review", "of", "window", "members", "questions", "criteria", "actions", "sent", "note")
_NEEDED = ("review", "of", "window", "members")
_WINDOW = re.compile(r"(\d+) (\w+) to (\d+) (\w+)")
_YEAR = Type("whole number")


def read_review(document: Document, setting: Setting, book: Rulebook, faults: Faults) -> Review | None:
    """What review.yaml says, or None where it cannot be used.

    Args:
        document: The file.
        setting: What the other files were built with.
        book: The rulebook without its review.
        faults: Where to note what is wrong.
    """
    return _Reader(document, setting, book, faults).review()


class _Reader:
    """Reads one file; arguments as for `read_review`."""

    def __init__(self, document: Document, setting: Setting, book: Rulebook, faults: Faults) -> None:
        self.document, self.setting, self.book, self.faults = document, setting, book, faults
        self.shape = Shape(document, faults)
        self.conditions = Conditions(self.shape, setting.sentences, setting.parameters)
        kinds = book.vocabulary.kinds.values()
        self.columns: dict[str, tuple[Type | None, ...]] = {
            **{kind.name: tuple(each.type for each in kind.fields) for kind in kinds},
            **{id: each.types for id, each in book.definitions.items()},
        }
        self.year = "year"
        # The member of a line, and the types of what is bound for it.
        self.person = ""
        self.around: dict[str, Type] = {}

    def review(self) -> Review | None:
        """The review."""
        keys = self.keys(self.document.root, "review.yaml", REVIEW_KEYS, _NEEDED)
        title = self.text(keys, "review")
        self.year = (self.conditions.slot(keys["of"][1], "`of`") if "of" in keys else "") or "year"
        self.around = {**start(), self.year: _YEAR}
        window = self.window(keys["window"][1]) if "window" in keys else None
        section = self.part(keys, "questions", ("heading", "entries"), ("heading", "entries"))
        questions = (self.text(section, "heading"), self.entries(section, "entries", self.question))
        section = self.part(keys, "actions", ("heading", "rule", "entries"), ("heading", "entries"))
        actions = (self.text(section, "heading"), self.entries(section, "entries", self.action))
        actions_rule = (*self.rules(section, "rule"), "")[0]
        section = self.part(keys, "criteria", ("heading", "rules"), ("heading", "rules"))
        criteria = (self.text(section, "heading"), self.rules(section, "rules"))
        section = self.part(keys, "sent", ("heading", "when", "shows", "beside"), ("heading", "when"))
        sent = self.item(section, "") if section else None
        sent_heading = self.text(section, "heading")
        section = self.part(keys, "members", ("heading", "each", "columns"), ("heading", "each", "columns"))
        each, types = self.condition(section["each"][1]) if "each" in section else (None, {})
        if each is not None:
            slots = in_order(each, bound(each) - {self.year})
            if len(slots) != 1:
                help = "write a sentence with one slot, such as `<person> is a member`"
                self.shape.wrong(section["each"][1], "`each` binds one slot, of whom a line speaks", help)
                each = None
            else:
                self.person, self.around = slots[0], types
        columns = self.entries(section, "columns", self.column) if self.person else ()
        if each is None or window is None:
            return None
        return Review(
            title=title, slot=self.year, window=window, each=each, types=types, person=self.person,
            members_heading=self.text(section, "heading"), columns=columns,
            questions_heading=questions[0], questions=questions[1],
            criteria_heading=criteria[0], criteria=criteria[1],
            actions_heading=actions[0], actions=actions[1], actions_rule=actions_rule,
            sent=sent, sent_heading=sent_heading, place=self.shape.span(self.document.root),
        )  # fmt: skip

    # ------------------------------------------------------------ shapes

    def keys(self, node: Node, what: str, allowed: Collection[str], needed: Collection[str] = ()) -> Keys:
        """A mapping by key; what it lacks is noted."""
        found = self.shape.mapping(node, what, allowed)
        for key in needed if found is not None else ():
            if self.shape.lacks(node, key):
                self.faults.add("missing-key", f"{what} has no `{key}`", self.shape.span(node))
        return found or {}

    def part(self, keys: Keys, key: str, allowed: Collection[str], needed: Collection[str]) -> Keys:
        """The keys of a part of the pack; none where it is left out."""
        return self.keys(keys[key][1], f"`{key}`", allowed, needed) if key in keys else {}

    def text(self, keys: Keys, key: str) -> str:
        """The text under a key, or ""."""
        return self.shape.text(keys[key][1], f"`{key}`") if key in keys else ""

    def entries(
        self, section: Keys, key: str, read: Callable[[Node], ReviewItem | None]
    ) -> tuple[ReviewItem, ...]:
        """What stands in a list."""
        nodes = self.shape.items(section[key][1], f"`{key}`") if key in section else ()
        return tuple(made for node in nodes if (made := read(node)) is not None)

    def window(self, node: Node) -> tuple[int, int, int, int] | None:
        """The days of the year on which the pack is sent."""
        text = self.shape.text(node, "`window`")
        match = _WINDOW.fullmatch(text)
        if match is None:
            if text:
                help = "write it like `1 September to 31 December`"
                self.faults.add("wrong-value", f"`{text}` is no window", self.shape.span(node), help)
            return None
        try:
            return window_of(list(match.groups()))
        except BadTest as bad:
            where = self.document.within(node, bad.part) if isinstance(node, Text) else self.shape.span(node)
            self.faults.add("wrong-value", bad.message, where, bad.help)
            return None

    # ------------------------------------------------------------ items

    def column(self, node: Node) -> ReviewItem | None:
        """A column of the lines of members."""
        keys = self.keys(node, "a column", ("heading", "shows", "first of", "missing"), ("heading",))
        if not keys:
            return None
        label = self.text(keys, "heading")
        if "first of" in keys and "shows" in keys:
            help = "put `shows` beside each `when`"
            self.shape.wrong(keys["shows"][0], "`shows` and `first of` cannot stand together", help)
        elif "first of" not in keys and "missing" in keys:
            help = "the member is always there; take it out, or say under `first of` what may be missing"
            self.shape.wrong(keys["missing"][0], "`missing` stands without `first of`", help)
        elif "first of" not in keys and self.shape.lacks(node, "shows", "first of"):
            help = "give it `shows` with the slot of the member, or `first of` with several ways"
            self.faults.add("missing-key", "this column shows nothing", self.shape.span(node), help)
        if "first of" not in keys:
            return ReviewItem(label, shows=self.templates(keys, "shows", {self.person, self.year}))
        ways: list[Way] = []
        for each in self.shape.items(keys["first of"][1], "`first of`"):
            inner = self.keys(each, "a way", ("when", "shows", "missing"), ("when", "shows"))
            ways += self.ways(inner, "when")
        return ReviewItem(label, tuple(ways), missing=self.missing(keys))

    def question(self, node: Node) -> ReviewItem | None:
        """A question that is answered in the pack."""
        allowed = ("question", "yes", "no", "shows", "missing", "beside")
        keys = self.keys(node, "a question", allowed, ("question", "yes", "no"))
        return self.item(keys, self.text(keys, "question")) if keys else None

    def action(self, node: Node) -> ReviewItem | None:
        """Something that is told where a criterion is not met."""
        keys = self.keys(node, "an action", ("says", "when", "shows", "missing"), ("says", "when"))
        return self.item(keys, self.text(keys, "says")) if keys else None

    def item(self, keys: Keys, label: str) -> ReviewItem:
        """A line that is not about a member."""
        rest = {key: each for key, each in keys.items() if key != "missing"}
        ways = [way for key in ("when", "yes", "no") for way in self.ways(rest, key)]
        return ReviewItem(label, tuple(ways), (), self.missing(keys), self.rules(keys, "beside"))

    def ways(self, keys: Keys, key: str) -> list[Way]:
        """The way whose condition stands under a key; none where there is none."""
        when, types = self.condition(keys[key][1]) if key in keys else (None, {})
        if when is None:
            return []
        known = {*self.around, *bound(when), *self._fields(when)}
        answer = key if key in ("yes", "no") else ""
        place = self.shape.span(keys[key][1])
        return [Way(when, types, self.templates(keys, "shows", known), self.missing(keys), answer, place)]

    def condition(self, node: Node) -> tuple[Formula | None, dict[str, Type]]:
        """A condition with the types of its slots; the year and the member are bound around it."""
        self.conditions.failed = False
        found = self.conditions.read(node, Day())
        if found is None or self.conditions.failed:
            return None, {}
        inference = Inference(self.columns)
        types = {**self.around, **inference.formula(found, self.around)}
        inference.report(self.faults)
        if inference.clashes:
            return None, {}
        settle = Settle(types, self.setting.parameters, self.setting.sentences, self.faults)
        outer = frozenset(self.around)
        settled = settle.formula(found, outer)
        # A slot may be there only to be shown.
        Scope(self.faults, self.book.types).check(settled, outer, bound(settled))
        for part in parts_of(settled):
            if isinstance(part, OutcomeIs) and part.rule not in self.book.rules:
                help = did_you_mean(part.rule, self.book.rules, "write the path of its file without `.yaml`")
                self.faults.add("unknown-rule", f"there is no rule `{part.rule}`", part.place, help)
        return settled, types

    def _fields(self, formula: Formula) -> set[str]:
        """The fields of the records that a condition reads itself: they can be shown too."""
        kinds = self.book.vocabulary.kinds
        read = {each.predicate for each in parts_of(formula) if isinstance(each, Atom)} & kinds.keys()
        return {field.name for each in read for field in kinds[each].fields}

    # ------------------------------------------------------------ texts

    def missing(self, keys: Keys) -> str:
        """What there is to do, or ""."""
        return (*self.templates(keys, "missing", {*self.around} - start().keys()), "")[0]

    def templates(self, keys: Keys, key: str, known: Set[str]) -> tuple[str, ...]:
        """Texts with slots, of which something binds each."""
        texts = self.shape.texts(keys[key][1], f"`{key}`") if key in keys else []
        for each in texts:
            for slot in slots_of(each.text):
                if slot not in known:
                    help = f"it can name {in_words(sorted(f'<{one}>' for one in known))}"
                    where = self.document.within(each, f"<{slot}>")
                    self.faults.add("slot-bound-nowhere", f"nothing binds `<{slot}>` here", where, help)
        return tuple(each.text for each in texts)

    def rules(self, keys: Keys, key: str) -> tuple[str, ...]:
        """Ids of rules; `folder/*` is every rule of a folder."""
        found: dict[str, None] = {}
        for each in self.shape.texts(keys[key][1], f"`{key}`") if key in keys else ():
            start = each.text.removesuffix("*") if each.text.endswith("/*") else ""
            fitting = [id for id in self.book.rules if (id.startswith(start) if start else id == each.text)]
            if not fitting:
                otherwise = "write the path of its file without `.yaml`, or `folder/*` for all of a folder"
                help = did_you_mean(each.text, self.book.rules, otherwise)
                message = f"there is no rule `{each.text}`"
                self.faults.add("unknown-rule", message, self.shape.span(each), help)
            found.update(dict.fromkeys(fitting))
        return tuple(found)
