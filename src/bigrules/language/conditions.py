"""Conditions: sentences, tests, brackets and measures → the core form."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from fractions import Fraction
from typing import Any, cast

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import did_you_mean, in_words
from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Const,
    Day,
    Formula,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Parameter,
    Slot,
)
from bigrules.language.parameters import value_of
from bigrules.language.sentences import SLOT, Sentences, does_not_matter, slots_of
from bigrules.language.shape import Shape, number
from bigrules.language.source import Listing, Mapping, Node, Text
from bigrules.language.tests import NUMBER_OPS, SURFACES, BadTest, parse_test

LIMITS = ("at least", "at most", "more than", "less than", "exactly")
AGGREGATES = {
    "number of": "number",
    "share of": "share",
    "total of": "total",
    "least of": "least",
    "greatest of": "greatest",
    "largest group of": "group",
}
_MEASURE_KEYS = ("among", "where")
_FURTHER_KEYS = {
    "number": (),
    "share": ("weighted by",),
    "total": ("per",),
    "least": ("per",),
    "greatest": ("per",),
    "group": ("linked by", "through", "sharing"),
}
_LIMIT_KEYS = (*LIMITS, "of", "rounded", "of nobody")
BRACKETS = ("any of", "all of", "unless", "ever", "on")
OUTCOMES = ("breached", "met", "not applicable")
MAX_CONDITIONS = 1_000
_OUTCOME = re.compile(r"rule (\S+) is (.+)")
_BROKEN = re.compile(r"<[^<>]*(<|$)|(^|>)[^<>]*>")


class Conditions:
    """Reads the conditions of one file.

    Args:
        shape: Reads its nodes.
        sentences: Every sentence of the rulebook.
        parameters: Named numbers.
        base: The rule's own day, which `<the day>` stands for in `on:`.
        own: The same, in `for each` too: the day of the values of parameters.

    Attributes:
        failed: Whether something could not be read, so that what the file says is not all known.
    """

    def __init__(self, shape: Shape, sentences: Sentences, parameters: Map[str, Parameter]) -> None:
        self.shape = shape
        self.faults = shape.faults
        self.sentences = sentences
        self.parameters = parameters
        self.base = Day()
        self.own = Day()
        self.named = 0
        self.failed = False
        self.count = 0

    def read(self, node: Node, day: Day) -> Formula | None:
        """A condition, or a list of which all must hold; None where it cannot be read."""
        self.count += 1
        if self.count > MAX_CONDITIONS:
            if self.count == MAX_CONDITIONS + 1:
                help = "put some of them into definitions of their own"
                message = f"this file has more than {MAX_CONDITIONS} conditions"
                self.faults.add("too-large", message, self.shape.span(node), help)
            found = None
        elif isinstance(node, Text):
            found = self.sentence(node, day)
        elif isinstance(node, Listing):
            found = self.all_of(node.items, day, node)
        else:
            found = self.mapping(node, day)
        if found is None:
            self.failed = True
        return found

    def all_of(self, items: tuple[Node, ...], day: Day, node: Node) -> Formula | None:
        """All of the items; lists in lists are one list."""
        parts: list[Formula] = []
        complete = True
        for each in items:
            part = self.read(each, day)
            if part is None:
                complete = False
            elif isinstance(part, All):
                parts += part.parts
            else:
                parts.append(part)
        if not items:
            self.shape.wrong(node, "a condition is left empty", "write a condition, or take the key out")
        if not parts or not complete:
            return All(tuple(parts)) if parts else None
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def any_of(self, node: Node, day: Day) -> Formula | None:
        """One of the items of a list."""
        items = self.shape.items(node, "`any of`")
        parts = [part for each in items if (part := self.read(each, day)) is not None]
        if isinstance(node, Listing) and not items:
            help = "write the conditions of which one is enough, each with `- `"
            self.shape.wrong(node, "`any of` is an empty list", help)
        if len(parts) < max(len(items), 1):
            self.failed = True
        if not parts:
            return None
        return parts[0] if len(items) == 1 else AnyOf(tuple(parts))

    def mapping(self, node: Mapping, day: Day) -> Formula | None:
        """A bracket or a measure."""
        keys = [key.text for key, _ in node.entries]
        if any(key in AGGREGATES for key in keys):
            return self.limit(node, day)
        brackets = [key for key in keys if key in BRACKETS]
        if "on" in brackets:
            return self.on_day(node, day)
        if len(node.entries) != 1 or not brackets:
            self.bad_mapping(node, keys)
            return None
        key, value = node.entries[0]
        if key.text == "any of":
            return self.any_of(value, day)
        if key.text == "all of":
            return self.read(value, day)
        if key.text == "ever":
            return self.read(value, Day("ever"))
        part = self.read(value, day)
        return NoneOf(part) if part is not None else None

    def bad_mapping(self, node: Mapping, keys: list[str]) -> None:
        """Note a mapping that is neither a bracket nor a measure."""
        allowed = (*BRACKETS, *AGGREGATES)
        unknown = next((key for key, _ in node.entries if key.text not in allowed), None)
        if unknown is None and keys:
            help = "begin a new item of the list for each, with `- `"
            self.shape.wrong(node, f"{in_words(keys, 'and')} cannot stand together", help)
        elif unknown is None:
            self.shape.wrong(node, "a condition is left empty", "write a condition, or take the key out")
        elif any(key in (*_LIMIT_KEYS, *_MEASURE_KEYS) for key in keys) and unknown.text not in keys[1:]:
            known = f"a measure has one of the keys {in_words(AGGREGATES)}"
            advice = did_you_mean(unknown.text, AGGREGATES, known)
            message = f"there is no measure `{unknown.text}`"
            self.faults.add("unknown-key", message, self.shape.span(unknown), advice)
        else:
            self.shape.unknown_key(unknown, "a condition", allowed)

    def on_day(self, node: Mapping, day: Day) -> Formula | None:
        """Dated facts in it are read on the day in a slot."""
        keys = self.shape.mapping(node, "a condition with `on`", ("on", "all of", "any of"))
        slot = self.slot(keys["on"][1], "`on`") if keys else ""
        body = [each for each in ("all of", "any of") if keys and each in keys]
        if not slot or not keys or len(body) != 1:
            if slot:
                self.faults.add(
                    "missing-key",
                    "`on` has no condition",
                    self.shape.span(node),
                    "put it under `all of` beside it",
                )
            self.failed = True
            return None
        on = self.base if slot == THE_DAY else Day("on", slot)
        value = keys[body[0]][1]
        return self.read(value, on) if body[0] == "all of" else self.any_of(value, on)

    def slot(self, node: Node, what: str) -> str:
        """A single slot, or ""."""
        text = self.shape.text(node, what)
        match = SLOT.fullmatch(text)
        name = " ".join(match[1].split()) if match else ""
        if text and not name:
            self.shape.wrong(
                node, f"{what} must be one slot", f"write it in angle brackets: `<{text.strip('<>')}>`"
            )
        elif does_not_matter(name):
            message = f"`<{name}>` does not matter, so that it cannot stand here"
            self.faults.add("bad-slot", message, self.shape.span(node), "give the slot a name")
            return ""
        return name

    # ------------------------------------------------------------ sentences

    def sentence(self, node: Text, day: Day) -> Formula | None:
        """A sentence, the outcome of a rule, or a test."""
        text, place = node.text, self.shape.span(node)
        entry = self.sentences.find(text)
        if entry is not None:
            slots = slots_of(text)
            if not all(slots):
                self.faults.add("bad-slot", "a slot is left empty", place, "write a word between `<` and `>`")
                return None
            atom = Atom(entry.predicate, entry.terms(slots), day, text=text, place=place)
            return NoneOf(atom) if entry.negated else atom
        if not text:
            help = "write a condition, or take the key out"
            self.faults.add("wrong-shape", "a condition is left empty", place, help)
            return None
        outcome = _OUTCOME.fullmatch(text)
        if outcome is not None:
            if outcome[2] in OUTCOMES:
                return OutcomeIs(outcome[1], cast(Any, outcome[2]), place)
            advice = did_you_mean(outcome[2], OUTCOMES, f"write {in_words(OUTCOMES)}")
            where = self.shape.document.within(node, outcome[2])
            self.faults.add("wrong-value", f"a rule cannot be `{outcome[2]}` here", where, advice)
            return None
        if _BROKEN.search(text):
            help = "a slot is one word, or some, between `<` and `>`"
            self.faults.add("bad-slot", f"the brackets of `{text}` do not match", place, help)
            return None
        try:
            test = parse_test(text, place)
        except BadTest as bad:
            where = self.shape.document.within(node, bad.part)
            self.faults.add("wrong-value", bad.message, where, bad.help)
            return None
        if test is None:
            self.unknown(node)
            return None
        right = test.terms[-1]
        name = right.value if test.op in NUMBER_OPS and isinstance(right, Const) else None
        if isinstance(name, str) and name in self.parameters and self.parameters[name].value is None:
            value = self.value(name, place)
            return All((value, attrs.evolve(test, terms=(test.terms[0], cast(Slot, value.terms[0])))))
        return test

    def unknown(self, node: Text) -> None:
        """Note a sentence that nothing says."""
        help = self.sentences.help(node.text, SURFACES)
        if help is not None:
            self.faults.add(
                "unknown-sentence", f"no sentence says `{node.text}`", self.shape.span(node), help
            )

    # ------------------------------------------------------------ measures

    def limit(self, node: Mapping, day: Day) -> Formula | None:
        """A measure held against a limit."""
        place = self.shape.span(node)
        measure, keys = self.measure(node, day, _LIMIT_KEYS)
        given = [each for each in LIMITS if each in keys]
        if len(given) != 1:
            found = f"has {in_words(given, 'and')}" if given else "has no limit"
            self.faults.add("missing-key", f"a measure {found}", place, f"give it one of {in_words(LIMITS)}")
            self.failed = True
            return None
        op = given[0]
        bound, words = self.bound(keys[op][1])
        value = bound if isinstance(bound, Atom) else None
        if value is not None:
            bound = cast(Slot, value.terms[0])
        of = None
        text = f"{op} {words}"
        if "of" in keys:
            if not isinstance(keys["of"][1], Mapping):
                help = "write the measure as a mapping: `of: {number of: <x>, among: …}`"
                self.shape.wrong(keys["of"][1], "`of` must be a measure", help)
                self.failed = True
            else:
                of, _ = self.measure(keys["of"][1], day, ())
                if of is None:
                    self.failed = True
                else:
                    text += f" of the {of.aggregate.replace('group ', 'largest group ')} of <{of.key}>"
        rounding = ""
        if "rounded" in keys:
            rounding = self.shape.choice(keys["rounded"][1], "`rounded`", ("up", "down", "nearest"))
            text += f", rounded {rounding}"
            if of is None and "of" not in keys:
                help = "`rounded` says how limit × measure is rounded, so it needs `of`"
                self.shape.wrong(keys["rounded"][0], "`rounded` stands without `of`", help)
        nobody = "natural"
        if "of nobody" in keys:
            nobody = self.shape.choice(keys["of nobody"][1], "`of nobody`", ("met", "breached")) or "natural"
            if measure is not None and measure.aggregate not in ("share", "least", "greatest"):
                help = "a number, total or group of nobody is 0"
                self.shape.wrong(keys["of nobody"][0], "`of nobody` does not go with this measure", help)
        if measure is None or bound is None:
            self.failed = True
            return None
        limit = Limit(
            measure,
            cast(Any, op),
            cast(Any, bound),
            of,
            cast(Any, rounding),
            cast(Any, nobody),
            text,
            place,
            value,
        )
        return limit if value is None else All((value, limit))

    def bound(self, node: Node) -> tuple[Fraction | Slot | Atom | None, str]:
        """What a measure is held against, and how that is said; a sentence where that changed with time."""
        text = self.shape.text(node, "a limit")
        if not text:
            return None, ""
        value = number(text)
        if value is not None:
            return value, text
        if text in self.parameters:
            value = self.parameters[text].value
            if value is None:
                return self.value(text, self.shape.span(node)), text
            return value, f"{value} ({text})"
        if SLOT.fullmatch(text):
            name = self.slot(node, "a limit")
            return (Slot(name) if name else None), text
        help = did_you_mean(
            text, self.parameters, "write a number, a fraction such as `1/3`, `51%`, or a parameter"
        )
        self.faults.add(
            "unknown-limit", f"`{text}` is no number and no parameter", self.shape.span(node), help
        )
        return None, text

    def value(self, parameter: str, place: Span) -> Atom:
        """What binds a slot of its own to the value of a parameter on the own day of the rule or definition."""
        self.named += 1
        atom = value_of(self.parameters[parameter], self.named, self.own)
        return attrs.evolve(atom, place=place)

    def measure(
        self, node: Mapping, day: Day, further: tuple[str, ...]
    ) -> tuple[Measure | None, dict[str, tuple[Text, Node]]]:
        """A measure, or None; and the keys beside it."""
        taken = [key for key, _ in node.entries if key.text in AGGREGATES]
        if len(taken) != 1:
            found = in_words((each.text for each in taken), "and") if taken else "none"
            help = f"give it one of {in_words(AGGREGATES)}"
            self.shape.wrong(
                taken[1] if taken else node, f"a measure takes one thing, and here is {found}", help
            )
            return None, {}
        name = taken[0].text
        aggregate = AGGREGATES[name]
        allowed = (name, *_MEASURE_KEYS, *_FURTHER_KEYS[aggregate], *further)
        keys = self.shape.mapping(node, "this measure", allowed) or {}
        slot = self.slot(keys[name][1], f"`{name}`")
        place = self.shape.span(node)
        among = self.need(keys, "among", f"`{name}`", node, day)
        where = self.read(keys["where"][1], day) if "where" in keys else None
        if not slot or among is None or ("where" in keys and where is None):
            return None, keys
        if aggregate == "group":
            return self.group(keys, slot, among, where, day, node), keys
        if aggregate in ("number", "share"):
            value = self.slot(keys["weighted by"][1], "`weighted by`") if "weighted by" in keys else ""
            if aggregate == "share" and where is None:
                help = "say under `where` which of them count"
                self.faults.add("missing-key", "a share has no `where`", place, help)
                return None, keys
            return Measure(cast(Any, aggregate), slot, among, where, value, place=place), keys
        if "per" not in keys:
            help = "say under `per` what has one value each, such as `per: <person>`"
            self.faults.add("missing-key", f"`{name}` has no `per`", place, help)
            return None, keys
        key = self.slot(keys["per"][1], "`per`")
        return (Measure(cast(Any, aggregate), key, among, where, slot, place=place) if key else None), keys

    def need(
        self, keys: dict[str, tuple[Text, Node]], key: str, what: str, node: Node, day: Day
    ) -> Formula | None:
        if key in keys:
            return self.read(keys[key][1], day)
        help = f"say under `{key}` whom it is taken among"
        self.faults.add("missing-key", f"{what} has no `{key}`", self.shape.span(node), help)
        return None

    def group(
        self,
        keys: dict[str, tuple[Text, Node]],
        slot: str,
        among: Formula,
        where: Formula | None,
        day: Day,
        node: Node,
    ) -> Measure | None:
        """A largest group, by a link or by a shared value."""
        place = self.shape.span(node)
        if ("linked by" in keys) == ("sharing" in keys):
            help = "say what they are `linked by`, or what they are `sharing`; one of both"
            self.faults.add(
                "missing-key", "a largest group needs either a link or what is shared", place, help
            )
            return None
        through = (
            "through" in keys and self.shape.choice(keys["through"][1], "`through`", ("anyone",)) == "anyone"
        )
        if "sharing" in keys:
            if "through" in keys:
                help = "take it out: only the chains of `linked by` run through others"
                self.shape.wrong(keys["through"][0], "`through` does not go with `sharing`", help)
            shared = self.slot(keys["sharing"][1], "`sharing`")
            return (
                Measure("group sharing", slot, among, where, sharing=shared, place=place) if shared else None
            )
        link = self.read(keys["linked by"][1], day)
        if link is None:
            return None
        # Its second slot is found once types are known, see `settle`.
        return Measure("group linked", slot, among, where, link=link, through_anyone=through, place=place)
