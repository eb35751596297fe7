"""A definition file → Definition."""

from __future__ import annotations

from typing import cast

import attrs

from bigrules.language.build import SHARED_KEYS, Draft, Setting
from bigrules.language.conditions import Conditions
from bigrules.language.faults import in_words
from bigrules.language.model import THE_DAY, Day, Definition, Formula, Type
from bigrules.language.scope import bound, place_of
from bigrules.language.sentences import Entry, Sentences, does_not_matter, slots_of
from bigrules.language.settle import Settle
from bigrules.language.source import Listing
from bigrules.language.statements import Known
from bigrules.language.types import Columns, Inference, join, start
from bigrules.language.vocabulary import enter

DEFINITION_KEYS = (
    "definition", "otherwise", "in both directions", "never with oneself", "holds when",
    "holds when any of", "people decide when", "people decide when any of", "shown", *SHARED_KEYS,
)  # fmt: skip
CONDITION_KEYS = ("holds when", "holds when any of", "people decide when", "people decide when any of")


class DefinitionDraft(Draft):
    """A definition file."""

    what = "a definition"
    allowed = DEFINITION_KEYS

    def head(self, sentences: Sentences | None) -> None:
        """Read its sentence and enter it, so that others can use it (None: it is entered already)."""
        self.says = self.text("definition")
        self.negative = self.text("otherwise")
        self.slots = tuple(slots_of(self.says))
        node = self.keys["definition"][1] if "definition" in self.keys else self.document.root
        place = self.shape.span(node)
        fault = None
        if len(set(self.slots)) < len(self.slots):
            fault, help = "has one slot twice", "use another word for one of them"
        elif any(does_not_matter(each) or each in ("", THE_DAY) for each in self.slots):
            fault = "has a slot that cannot stand in a definition"
            help = "use a word that does not begin with `any`, and not `<the day>`"
        if fault:
            self.faults.add("bad-slot", f"`{self.says}` {fault}", place, help)
            self.slots = tuple(dict.fromkeys(self.slots))
            self.failed = True
        self.columns: list[Type | None] = [None] * len(self.slots)
        if not self.says or fault or sentences is None:
            return
        entry = Entry(self.id, self.says, len(self.slots), tuple(range(len(self.slots))), (), False, place)
        enter(entry, sentences, self.faults)
        if self.negative:
            own = slots_of(self.negative)
            if sorted(own) != sorted(self.slots):
                message = f"`{self.negative}` has not the slots of `{self.says}`"
                help = f"write {in_words((f'<{each}>' for each in self.slots), 'and')}"
                self.faults.add("bad-slot", message, self.shape.span(self.keys["otherwise"][1]), help)
            else:
                at = tuple(self.slots.index(each) for each in own)
                entry = attrs.evolve(entry, says=self.negative, positions=at, negated=True)
                enter(entry, sentences, self.faults)

    def read(self, setting: Setting) -> None:
        """Read the conditions."""
        self.source = self.clauses(setting.clauses)
        self.read_same()
        self.symmetric = self.yes("in both directions")
        self.irreflexive = self.yes("never with oneself")
        for key in ("in both directions", "never with oneself"):
            if key in self.keys and len(self.slots) != 2 and not self.failed:
                help = "it goes with a sentence of two slots"
                self.shape.wrong(self.keys[key][0], f"`{key}` does not fit this sentence", help)
                self.symmetric = self.irreflexive = False
        conditions = Conditions(self.shape, setting.sentences, setting.parameters)
        self.holds = self.both(conditions, "holds when", Day())
        self.decide = self.both(conditions, "people decide when", Day())
        if self.holds is None and self.decide is None and not conditions.failed:
            conditions.failed = True
            if self.shape.lacks(self.document.root, *CONDITION_KEYS):
                help = "give it `holds when` or `people decide when`"
                self.faults.add("missing-key", "this definition has no condition", self.place, help)
        if self.decide is not None and "ask" not in self.keys:
            place = next(self.shape.span(self.keys[k][0]) for k in self.keys if k.startswith("people decide"))
            help = "put the question to people under `ask`"
            self.faults.add("missing-key", "this definition has no `ask`", place, help)
        if "ask" in self.keys and not any(each.startswith("people decide") for each in self.keys):
            help = "say under `people decide when` in which cases it is asked, or take `ask` out"
            self.shape.wrong(self.keys["ask"][0], "`ask` stands without `people decide when`", help)
        self.shown: tuple[str, ...] = ()
        if "shown" in self.keys:
            node = self.keys["shown"][1]
            items = node.items if isinstance(node, Listing) else (node,)
            self.shown = tuple(name for each in items if (name := conditions.slot(each, "`shown`")))
        if not self.spell.is_always:
            # Outside of its days it holds for nothing.
            self.holds = self.holds and self.in_force(self.holds)
            self.decide = self.decide and self.in_force(self.decide)
        self.failed = self.failed or conditions.failed

    def formulas(self) -> list[tuple[str, Formula]]:
        """Its sections: what they are called, and their conditions."""
        sections = (("holds when", self.holds), ("people decide when", self.decide))
        return [(name, each) for name, each in sections if each is not None]

    @property
    def asked(self) -> set[str]:
        """The slots in its question."""
        return set(slots_of(self.text("ask")))

    def infer(self, columns: Columns, report: bool) -> None:
        """The types of its slots, as far as those of what it uses are known."""
        inference = Inference(columns)
        types: dict[str, Type] = {}
        for _, formula in self.formulas():
            for slot, type in inference.formula(formula, start()).items():
                both = join(types[slot], type) if slot in types else type
                if both is None:
                    inference.clash(slot, type, types[slot], place_of("", formula))
                else:
                    types[slot] = both
        self.types = {**types, **start()}
        self.columns = [types.get(slot) for slot in self.slots]
        if not report:
            return
        inference.report(self.faults)
        self.failed = self.failed or bool(inference.clashes)
        if self.symmetric and len(self.slots) == 2 and None not in self.columns:
            one, other = cast(tuple[Type, Type], tuple(self.columns))
            if one.name != other.name:
                message = "this cannot hold in both directions: its slots are of two types"
                help = "take `in both directions` out, or let both slots be of one type"
                place = self.shape.span(self.keys["in both directions"][0])
                self.faults.add("types-cannot-meet", message, place, help)

    def settle(self, setting: Setting) -> None:
        """Give the values in it their types."""
        settle = Settle(self.types, setting.parameters, setting.sentences, self.faults)
        settle.failed = self.failed
        nothing: frozenset[str] = frozenset()
        self.holds = None if self.holds is None else settle.formula(self.holds, nothing)
        self.decide = None if self.decide is None else settle.formula(self.decide, nothing)
        self.failed = settle.failed

    def finish(self, known: Known | None) -> Definition:
        """The definition."""
        adopted, others, examples = self.extras(known, False)
        inside = bound(self.holds) | bound(self.decide)
        for slot in self.shown:
            if slot in self.slots or slot not in inside:
                why = "stands in its sentence" if slot in self.slots else "is bound by no condition"
                place = self.shape.span(self.keys["shown"][1])
                self.faults.add("bad-slot", f"`<{slot}>` cannot be shown: it {why}", place, "take it out")
        self.slots_in("ask", {*self.slots, *self.shown, *bound(self.decide)})
        return Definition(
            id=self.id,
            says=self.says,
            slots=self.slots,
            types=tuple(each or Type("text") for each in self.columns),
            source=self.source,
            holds=self.holds,
            people_decide=self.decide,
            ask=self.text("ask"),
            symmetric=self.symmetric,
            irreflexive=self.irreflexive,
            shown=self.shown,
            negative=self.negative,
            adopted=adopted,
            other_readings=others,
            examples=examples,
            note=self.text("note"),
            place=self.place,
            start=self.spell.start,
            end=self.spell.end,
            by=self.text("by"),
        )
