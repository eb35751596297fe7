"""A rule file → Rule."""

from __future__ import annotations

import re
from typing import Any, cast

import attrs

from bigrules.language.build import SHARED_KEYS, Draft, Setting, together
from bigrules.language.conditions import Conditions
from bigrules.language.evidence import EvidenceDraft
from bigrules.language.faults import in_words
from bigrules.language.future import mark_future
from bigrules.language.model import THE_DAY, All, Day, Exception_, Formula, Rule, Type
from bigrules.language.parameters import is_value
from bigrules.language.readings import INSTEAD
from bigrules.language.scope import bound, in_order, names_in
from bigrules.language.settle import Settle
from bigrules.language.source import Listing, Mapping, Node, Text
from bigrules.language.statements import Known
from bigrules.language.types import Columns, Inference, join, start

RULE_KEYS = (
    "rule", "force", "on", "for each", "only if", "only if any of", "required", "not allowed",
    "unless", "asked again after", "show", "replaces", *SHARED_KEYS,
)  # fmt: skip
EXCEPTION_KEYS = ("when", "because", "source", "unless")
# What amendments put into a rule, and no author can write: texts in files do not begin with a space.
EVERYWHERE = " everywhere"
FORCES = ("must", "should", "expected")
FORMS = ("required", "not allowed", "ask")
_AGAIN = re.compile(r"(\d{1,4}) (day|month|year)s?")


def _is_exception(node: Mapping) -> bool:
    return any(node.get(key) is not None for key in ("when", "because", "source"))


class RuleDraft(Draft):
    """A rule file."""

    what = "a rule"
    allowed = RULE_KEYS

    def read(self, setting: Setting) -> None:
        """Read the conditions."""
        self.source = self.clauses(setting.clauses)
        self.read_same()
        conditions = Conditions(self.shape, setting.sentences, setting.parameters)
        self.on = conditions.slot(self.keys["on"][1], "`on`") if "on" in self.keys else ""
        day = conditions.own = Day("on", self.on) if self.on and self.on != THE_DAY else Day()
        self.each = self.both(conditions, "for each", Day())
        conditions.base = day
        self.only = self.in_force(self.both(conditions, "only if", day))
        self.form, self.condition = self.read_form(conditions, day)
        self.exceptions: tuple[Exception_, ...] = ()
        if "unless" in self.keys:
            self.exceptions = self.read_exceptions(self.keys["unless"][1], self.id, conditions, day)
        if self.form == "required" and self.condition is not None:
            free = names_in(self.condition) - bound(self.each)
            self.condition = mark_future(self.condition, setting.vocabulary, free)
        self.evidence = EvidenceDraft(self.shape, setting.vocabulary)
        if "show" in self.keys:
            self.evidence.read(self.keys["show"][1], conditions, day)
        self.failed = conditions.failed

    def read_form(self, conditions: Conditions, day: Day) -> tuple[str, Formula | None]:
        """Which of the three forms the rule has, and its condition."""
        forms = [each for each in FORMS if each in self.keys]
        if len(forms) != 1 and (forms or self.shape.lacks(self.document.root, *FORMS)):
            if forms:
                place, message = (
                    self.shape.span(self.keys[forms[1]][0]),
                    f"a rule cannot have {in_words(forms, 'and')}",
                )
            else:
                place, message = self.place, f"this rule has none of {in_words(FORMS, 'and')}"
            self.faults.add(
                "one-of-three", message, place, f"give it exactly one of {in_words(FORMS, 'and')}"
            )
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
        if not any(isinstance(each, Mapping) and _is_exception(each) for each in items):
            when = conditions.read(node, day)
            return (Exception_(f"{id} unless 1", when, place=self.shape.span(node)),) if when else ()
        found = []
        for number, each in enumerate(items, 1):
            instead = each.get(INSTEAD) if isinstance(each, Mapping) else None
            allowed = EXCEPTION_KEYS if instead is None else (*EXCEPTION_KEYS, INSTEAD)
            keys = self.shape.mapping(each, "an exception", allowed)
            if keys is None:
                continue
            if "when" not in keys:
                conditions.failed = True
                self.faults.add("missing-key", "this exception has no `when`", self.shape.span(each))
                continue
            own = f"{id} unless {number}"
            when = self.read_when(keys["when"][1], conditions, day)
            because = self.shape.text(keys["because"][1], "`because`") if "because" in keys else ""
            source = self.shape.text(keys["source"][1], "`source`") if "source" in keys else ""
            inner = self.read_exceptions(keys["unless"][1], own, conditions, day) if "unless" in keys else ()
            if when is not None:
                other = instead.text if isinstance(instead, Text) else ""
                place = self.shape.span(each)
                amended = instead is not None
                found.append(Exception_(own, when, because, source, inner, place, other, amended))
        return tuple(found)

    @staticmethod
    def read_when(node: Node, conditions: Conditions, day: Day) -> Formula | None:
        """When an exception applies; one that an amendment makes may apply everywhere."""
        items = node.items if isinstance(node, Listing) else (node,)
        left = [each for each in items if not (isinstance(each, Text) and each.text == EVERYWHERE)]
        if len(left) == len(items):
            return conditions.read(node, day)
        parts = [part for each in left if (part := conditions.read(each, day)) is not None]
        return All(
            tuple(part for each in parts for part in (each.parts if isinstance(each, All) else (each,)))
        )

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
        self.evidence.infer(inference, outer)
        if report:
            inference.report(self.faults)
            if self.on and self.on in types and types[self.on].name != "date":
                message = f"`<{self.on}>` is not a date"
                help = "name a slot of `for each` that holds a date"
                self.faults.add("types-cannot-meet", message, self.shape.span(self.keys["on"][1]), help)
        self.failed = self.failed or bool(inference.clashes)

    def settle(self, setting: Setting) -> None:
        """Give the values in it their types."""

        def settling(types: dict[str, Type]) -> Settle:
            settle = Settle(types, setting.parameters, setting.sentences, self.faults)
            settle.failed = self.failed
            return settle

        settle = settling(self.types)
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
        failed = self.evidence.settle(settling, outer)
        self.failed = settle.failed or failed

    @property
    def subject(self) -> tuple[str, ...]:
        """The slots that its findings are about."""
        return tuple(each for each in in_order(self.each, bound(self.each)) if not is_value(each))

    def finish(self, known: Known | None) -> Rule:
        """The rule."""
        adopted, others, examples = self.extras(known, True)
        self.slots_in("ask", set(self.subject) | {THE_DAY})
        title = self.text("rule")
        force = self.shape.choice(self.keys["force"][1], "`force`", FORCES) if "force" in self.keys else ""
        if self.shape.lacks(self.document.root, "force"):
            help = f"say how strong it is: {in_words(FORCES)}"
            self.faults.add("missing-key", "this rule has no `force`", self.place, help)
        if "asked again after" in self.keys and self.form != "ask":
            help = "take it out: only what people answer grows old"
            self.shape.wrong(
                self.keys["asked again after"][0], "`asked again after` goes with `ask` only", help
            )
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
            show=tuple(self.evidence.items),
            adopted=adopted,
            other_readings=others,
            examples=examples,
            note=self.text("note"),
            place=self.place,
            start=self.spell.start,
            end=self.spell.end,
            by=self.text("by"),
            replaces=self.text("replaces"),
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
