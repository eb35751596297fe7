"""Rule and definition files → Rule and Definition, one file at a time.

A file is a draft first: its conditions are read, then the types of its slots follow from those of the
whole rulebook, then values in it get their types and the file is done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from fractions import Fraction
from typing import Any, cast

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import Faults, did_you_mean, in_words
from bigrules.language.future import mark_future
from bigrules.language.model import (
    THE_DAY,
    All,
    Clause,
    Day,
    Definition,
    Example,
    Exception_,
    Formula,
    Reading,
    Rule,
    Type,
    Vocabulary,
)
from bigrules.language.conditions import Conditions
from bigrules.language.readings import read_adopted, read_readings
from bigrules.language.scope import bound, in_order, names_in, place_of
from bigrules.language.sentences import Entry, Sentences, does_not_matter, slots_of
from bigrules.language.settle import Settle
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Listing, Mapping, Node, Text, plain
from bigrules.language.statements import Known, Statements
from bigrules.language.types import Columns, Inference, join, start

_SHARED_KEYS = (
    "source", "ask", "adopted reading", "other readings", "examples", "note", "may be the same",
)  # fmt: skip
RULE_KEYS = (
    "rule", "force", "on", "for each", "only if", "only if any of", "required", "not allowed",
    "unless", "asked again after", "show", *_SHARED_KEYS,
)  # fmt: skip
DEFINITION_KEYS = (
    "definition", "otherwise", "in both directions", "never with oneself", "holds when",
    "holds when any of", "people decide when", "people decide when any of", "shown", *_SHARED_KEYS,
)  # fmt: skip
EXCEPTION_KEYS = ("when", "because", "source", "unless")
FORCES = ("must", "should", "expected")
FORMS = ("required", "not allowed", "ask")
_AGAIN = re.compile(r"(\d{1,4}) (day|month|year)s?")


@attrs.frozen(eq=False)
class Setting:
    """What every file of a rulebook is built with.

    Args:
        vocabulary: The kinds of fact.
        sentences: Every sentence, those of definitions too.
        parameters: Named numbers.
        clauses: The ledger, or None where there is none.
    """

    vocabulary: Vocabulary
    sentences: Sentences
    parameters: dict[str, Fraction]
    clauses: dict[str, Clause] | None


Keys = dict[str, tuple[Text, Node]]
Extras = tuple[Reading | None, tuple[Reading, ...], tuple[Example, ...]]


class Draft:
    """What a rule and a definition have in common while they are built.

    Attributes:
        id: Path of the file without ending.
        failed: Whether some of its conditions could not be read; checks across them are left out then.
        types: The types of its slots, once they are known.
        apart: Groups of slots that may be the same.
    """

    what = "a file"
    allowed: tuple[str, ...] = ()

    def __init__(self, document: Document, id: str, faults: Faults) -> None:
        self.document = document
        self.id = id
        self.faults = faults
        self.shape = Shape(document, faults)
        self.keys: Keys = self.shape.mapping(document.root, self.what, self.allowed) or {}
        self.types: dict[str, Type] = {}
        self.failed = False
        self.same: list[frozenset[str]] = []
        self.source: tuple[str, ...] = ()
        self.place = self.shape.span(document.root)

    def text(self, key: str) -> str:
        """The text under a key, or ""."""
        return self.shape.text(self.keys[key][1], f"`{key}`") if key in self.keys else ""

    def yes(self, key: str) -> bool:
        """Whether a key says yes."""
        return key in self.keys and self.shape.yes(self.keys[key][1], f"`{key}`")

    def clauses(self, clauses: Map[str, Clause] | None) -> tuple[str, ...]:
        """The clauses that the file encodes."""
        if "source" not in self.keys:
            return ()
        found = []
        for each in self.shape.texts(self.keys["source"][1], "`source`"):
            if clauses is not None and each.text not in clauses:
                help = did_you_mean(each.text, clauses, "enter it in `clauses.yaml`")
                message = f"there is no clause `{each.text}`"
                self.faults.add("unknown-clause", message, self.shape.span(each), help)
            found.append(each.text)
        return tuple(found)

    def formulas(self) -> list[tuple[str, Formula]]:
        """Its sections: what they are called, and their conditions."""
        raise NotImplementedError

    def read_same(self) -> None:
        """Slots that may be the same."""
        if "may be the same" not in self.keys:
            return
        node = self.keys["may be the same"][1]
        items = node.items if isinstance(node, Listing) else (node,)
        groups = items if any(isinstance(each, Listing) for each in items) else (node,)
        for group in groups:
            words = [each.text.strip("<>") for each in self.shape.texts(group, "`may be the same`")]
            if len(words) < 2:
                self.shape.wrong(group, "`may be the same` needs two slots", "write `[<a>, <b>]`")
            self.same.append(frozenset(words))

    def both(self, conditions: Conditions, key: str, day: Day) -> Formula | None:
        """What stands under a key, and one of what stands under the same key with `any of`."""
        parts: list[Formula] = []
        if key in self.keys:
            part = conditions.read(self.keys[key][1], day)
            parts += part.parts if isinstance(part, All) else [part] if part else []
        if f"{key} any of" in self.keys:
            part = conditions.any_of(self.keys[f"{key} any of"][1], day)
            parts += [part] if part else []
        return together(parts)

    def extras(self, known: Known | None, is_rule: bool) -> Extras:
        """Readings and examples; nothing where it is not said what they are read with."""
        if known is None:
            return None, (), ()
        # Examples are written for the adopted readings: under another one, an answer may have no question.
        shape = Shape(self.document, Faults()) if known.under_a_reading else self.shape
        statements = Statements(shape, known)
        adopted = read_adopted(shape, self.keys["adopted reading"][1]) if "adopted reading" in self.keys else None
        others: tuple[Reading, ...] = ()
        if "other readings" in self.keys:
            others = read_readings(shape, self.keys["other readings"][1], adopted, statements)
        examples: tuple[Example, ...] = ()
        if "examples" in self.keys:
            examples = statements.examples(self.keys["examples"][1], is_rule)
        return adopted, others, examples

    def slots_in(self, key: str, allowed: set[str]) -> None:
        """Check the slots of a question."""
        if key not in self.keys or not isinstance(self.keys[key][1], Text):
            return
        node = cast(Text, self.keys[key][1])
        for slot in slots_of(node.text):
            if slot not in allowed:
                help = f"it can name {in_words(sorted(f'<{each}>' for each in allowed))}" if allowed else None
                message = f"nothing binds `<{slot}>` for this question"
                self.faults.add("slot-bound-nowhere", message, self.document.within(node, f"<{slot}>"), help)


def together(parts: list[Formula]) -> Formula | None:
    """All of some conditions as one, or None if there are none."""
    flat: list[Formula] = []
    for each in parts:
        flat += each.parts if isinstance(each, All) else [each]
    if len(flat) < 2:
        return flat[0] if flat else None
    return All(tuple(flat))


class RuleDraft(Draft):
    """A rule file."""

    what = "a rule"
    allowed = RULE_KEYS

    def read(self, setting: Setting) -> None:
        """Read the conditions."""
        self.source = self.clauses(setting.clauses)
        self.read_same()
        conditions = Conditions(self.shape, setting.sentences, setting.parameters)
        self.each = self.both(conditions, "for each", Day())
        self.on = conditions.slot(self.keys["on"][1], "`on`") if "on" in self.keys else ""
        day = conditions.base = Day("on", self.on) if self.on and self.on != THE_DAY else Day()
        self.only = self.both(conditions, "only if", day)
        self.form, self.condition = self.read_form(conditions, day)
        self.exceptions: tuple[Exception_, ...] = ()
        if "unless" in self.keys:
            self.exceptions = self.read_exceptions(self.keys["unless"][1], self.id, conditions, day)
        if self.form == "required" and self.condition is not None:
            free = names_in(self.condition) - bound(self.each)
            self.condition = mark_future(self.condition, setting.vocabulary, free)
        self.failed = conditions.failed

    def read_form(self, conditions: Conditions, day: Day) -> tuple[str, Formula | None]:
        """Which of the three forms the rule has, and its condition."""
        forms = [each for each in FORMS if each in self.keys]
        if len(forms) != 1:
            if forms:
                place, message = self.shape.span(self.keys[forms[1]][0]), f"a rule cannot have {in_words(forms, 'and')}"
            else:
                place, message = self.place, f"this rule has none of {in_words(FORMS, 'and')}"
            self.faults.add("one-of-three", message, place, f"give it exactly one of {in_words(FORMS, 'and')}")
        if not forms:
            conditions.failed = True
            return "required", None
        found = None
        for each in forms:
            if each != "ask":
                found = conditions.read(self.keys[each][1], day)
        return forms[0], found

    def read_exceptions(
        self, node: Node, id: str, conditions: Conditions, day: Day
    ) -> tuple[Exception_, ...]:
        """The exceptions under `unless`: a condition, or a list of exceptions."""
        items = node.items if isinstance(node, Listing) else (node,)
        if not any(isinstance(each, Mapping) and each.get("when") is not None for each in items):
            when = conditions.read(node, day)
            return (Exception_(f"{id} unless 1", when, place=self.shape.span(node)),) if when else ()
        found = []
        for number, each in enumerate(items, 1):
            keys = self.shape.mapping(each, "an exception", EXCEPTION_KEYS)
            if keys is None:
                continue
            if "when" not in keys:
                self.faults.add("missing-key", "this exception has no `when`", self.shape.span(each))
                continue
            own = f"{id} unless {number}"
            when = conditions.read(keys["when"][1], day)
            because = self.shape.text(keys["because"][1], "`because`") if "because" in keys else ""
            source = self.shape.text(keys["source"][1], "`source`") if "source" in keys else ""
            inner = self.read_exceptions(keys["unless"][1], own, conditions, day) if "unless" in keys else ()
            if when is not None:
                found.append(Exception_(own, when, because, source, inner, self.shape.span(each)))
        return tuple(found)

    def formulas(self) -> list[tuple[str, Formula]]:
        """Its sections: what they are called, and their conditions."""
        sections = [("for each", self.each), ("only if", self.only), (self.form, self.condition)]
        found = [(name, each) for name, each in sections if each is not None]

        def add(exceptions: tuple[Exception_, ...]) -> None:
            for each in exceptions:
                found.append((each.id.removeprefix(f"{self.id} "), each.when))
                add(each.unless)

        add(self.exceptions)
        return found

    def infer(self, columns: Columns, report: bool) -> None:
        """The types of its slots."""
        inference = Inference(columns)
        types = inference.formula(self.each, start())
        outer = {**start(), **types}
        for name, formula in self.formulas():
            if name == "for each":
                continue
            for slot, type in inference.formula(formula, outer).items():
                found = types.get(slot)
                types[slot] = type if found is None else (join(found, type) or found)
        self.types = {**types, **start()}
        if report:
            inference.report(self.faults)
            if self.on and self.on in types and types[self.on].name != "date":
                message = f"`<{self.on}>` is not a date"
                self.faults.add("types-cannot-meet", message, self.shape.span(self.keys["on"][1]))
        self.failed = self.failed or bool(inference.clashes)

    def settle(self, setting: Setting) -> None:
        """Give the values in it their types."""
        settle = Settle(self.types, setting.parameters, setting.sentences, self.faults)
        settle.failed = self.failed
        outer = bound(self.each)

        def one(formula: Formula | None, seen: frozenset[str]) -> Formula | None:
            return None if formula is None else settle.formula(formula, seen)

        def exceptions(found: tuple[Exception_, ...]) -> tuple[Exception_, ...]:
            return tuple(
                attrs.evolve(each, when=settle.formula(each.when, outer), unless=exceptions(each.unless))
                for each in found
            )

        self.each = one(self.each, frozenset())
        self.only = one(self.only, outer)
        self.condition = one(self.condition, outer)
        self.exceptions = exceptions(self.exceptions)
        self.failed = settle.failed

    @property
    def subject(self) -> tuple[str, ...]:
        """The slots that its findings are about."""
        return tuple(in_order(self.each, bound(self.each)))

    def finish(self, known: Known | None) -> Rule:
        """The rule."""
        adopted, others, examples = self.extras(known, True)
        self.slots_in("ask", set(self.subject) | {THE_DAY})
        title = self.text("rule")
        force = self.shape.choice(self.keys["force"][1], "`force`", FORCES) if "force" in self.keys else ""
        if "force" not in self.keys:
            help = f"say how strong it is: {in_words(FORCES)}"
            self.faults.add("missing-key", "this rule has no `force`", self.place, help)
        for key in ("asked again after", "show"):
            if key in self.keys and self.form != "ask":
                self.shape.wrong(self.keys[key][0], f"`{key}` goes with `ask` only")
        given = together([each for each in (self.each, self.only) if each is not None])
        return Rule(
            id=self.id,
            title=title,
            source=self.source,
            force=cast(Any, force or "must"),
            given=given,
            subject=self.subject,
            types=self.types,
            form=cast(Any, self.form),
            condition=self.condition,
            ask=self.text("ask"),
            exceptions=self.exceptions,
            on="" if self.on == THE_DAY else self.on,
            asked_again_after=self.again(),
            show=plain(self.keys["show"][1]) if "show" in self.keys else None,
            adopted=adopted,
            other_readings=others,
            examples=examples,
            note=self.text("note"),
            place=self.place,
        )

    def again(self) -> tuple[int, str] | None:
        """How long a recorded answer counts."""
        text = self.text("asked again after")
        if not text:
            return None
        match = _AGAIN.fullmatch(text)
        if match is None:
            place = self.shape.span(self.keys["asked again after"][1])
            help = "write it like `1 year`, `6 months` or `28 days`"
            self.faults.add("wrong-value", f"`{text}` is no length of time", place, help)
            return None
        return int(match[1]), match[2]


class DefinitionDraft(Draft):
    """A definition file."""

    what = "a definition"
    allowed = DEFINITION_KEYS

    def head(self, sentences: Sentences | None) -> None:
        """Read its sentence and enter it, so that others can use it (None: it is entered already)."""
        from bigrules.language.vocabulary import enter

        self.says = self.text("definition")
        self.negative = self.text("otherwise")
        self.slots = tuple(slots_of(self.says))
        node = self.keys["definition"][1] if "definition" in self.keys else self.document.root
        place = self.shape.span(node)
        fault = None
        if not self.slots and self.says:
            fault = "has no slot"
        elif len(set(self.slots)) < len(self.slots):
            fault = "has one slot twice"
        elif any(does_not_matter(each) or each in ("", THE_DAY) for each in self.slots):
            fault = "has a slot that cannot stand in a definition"
        if fault:
            self.faults.add("bad-slot", f"`{self.says}` {fault}", place)
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
            if key in self.keys and len(self.slots) != 2:
                help = "it goes with a sentence of two slots"
                self.shape.wrong(self.keys[key][0], f"`{key}` does not fit this sentence", help)
                self.symmetric = self.irreflexive = False
        conditions = Conditions(self.shape, setting.sentences, setting.parameters)
        self.holds = self.both(conditions, "holds when", Day())
        self.decide = self.both(conditions, "people decide when", Day())
        if self.holds is None and self.decide is None and not conditions.failed:
            help = "give it `holds when` or `people decide when`"
            self.faults.add("missing-key", "this definition has no condition", self.place, help)
            conditions.failed = True
        if self.decide is not None and "ask" not in self.keys:
            place = next(self.shape.span(self.keys[k][0]) for k in self.keys if k.startswith("people decide"))
            help = "put the question to people under `ask`"
            self.faults.add("missing-key", "this definition has no `ask`", place, help)
        if "ask" in self.keys and not any(each.startswith("people decide") for each in self.keys):
            self.shape.wrong(self.keys["ask"][0], "`ask` stands without `people decide when`")
        self.shown: tuple[str, ...] = ()
        if "shown" in self.keys:
            node = self.keys["shown"][1]
            items = node.items if isinstance(node, Listing) else (node,)
            self.shown = tuple(name for each in items if (name := conditions.slot(each, "`shown`")))
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
                place = self.shape.span(self.keys["in both directions"][0])
                self.faults.add("types-cannot-meet", message, place)

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
                self.faults.add("bad-slot", f"`<{slot}>` cannot be shown: it {why}", place)
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
        )
