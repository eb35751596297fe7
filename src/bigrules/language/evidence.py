"""What stands under `show` in a rule file → evidence: a profile, a figure, a listing, or other rules' findings."""

from __future__ import annotations

from typing import Any

import attrs

from bigrules.language.conditions import AGGREGATES, Conditions
from bigrules.language.faults import Faults, did_you_mean, in_words
from bigrules.language.model import Day, Field, Formula, Kind, Measure, Type, Vocabulary
from bigrules.language.scope import Scope, bound
from bigrules.language.sentences import slots_of
from bigrules.language.settle import Settle
from bigrules.language.shape import Shape
from bigrules.language.shown import (
    BESIDE,
    Show,
    ShowEach,
    ShowFindings,
    ShowMeasure,
    ShowProfile,
    formulas_of,
    unlimited,
)
from bigrules.language.source import Listing, Mapping, Node, Text
from bigrules.language.types import Inference, join

PROFILE_KEYS = ("profile of", "among", "from", "by", "beside")
EACH_KEYS = ("says", "each")
FINDINGS_KEYS = ("findings of", "said yes", "said no")
# An item has exactly one of these; a figure has one of the measures in its place.
SORTS = ("profile of", "each", "findings of", *AGGREGATES)

Keys = dict[str, tuple[Text, Node]]


class EvidenceDraft:
    """The evidence of one rule file while it is built.

    Args:
        shape: Reads its nodes.
        vocabulary: The kinds of fact.

    Attributes:
        items: What is shown, in order.
    """

    def __init__(self, shape: Shape, vocabulary: Vocabulary) -> None:
        self.shape, self.faults, self.vocabulary = shape, shape.faults, vocabulary
        self.items: list[Show] = []
        self.nodes: list[Keys] = []

    # ------------------------------------------------------------ reading

    def read(self, node: Node, conditions: Conditions, day: Day) -> None:
        """Read all of it; what cannot be read is noted, and `conditions` have failed then."""
        items = node.items if isinstance(node, Listing) else (node,)
        if not items:
            self.shape.wrong(node, "`show` is an empty list", "say what to show, or take the key out")
        for each in items:
            made = self.item(each, conditions, day)
            if made is None:
                conditions.failed = True
                continue
            show, keys = made
            self.items.append(show)
            self.nodes.append(keys)

    def item(self, node: Node, conditions: Conditions, day: Day) -> tuple[Show, Keys] | None:
        """One item, or None."""
        if not isinstance(node, Mapping):
            help = f"write it as `key: value`, with one of the keys {in_words(SORTS)}"
            self.shape.wrong(node, "evidence must be a mapping of keys to values", help)
            return None
        there = [key for key, _ in node.entries if key.text in SORTS]
        if len(there) != 1:
            self.no_sort(node, there)
            return None
        sort = there[0].text
        if sort == "profile of":
            return self.profile(node, conditions, day)
        if sort == "findings of":
            return self.findings(node, conditions, day)
        if sort == "each":
            keys = self.shape.mapping(node, "this evidence", EACH_KEYS) or {}
            each = conditions.read(keys["each"][1], day)
            says = self.says(keys, node)
            return (ShowEach(says, each, place=self.shape.span(node)), keys) if each and says else None
        measure, keys = conditions.measure(node, day, ("says",))
        says = self.says(keys, node) if measure is not None else ""
        if measure is None or not says:
            return None
        return ShowMeasure(says, unlimited(measure), place=self.shape.span(node)), keys

    def no_sort(self, node: Mapping, there: list[Text]) -> None:
        """Note that it cannot be told what is to be shown."""
        help = f"give it exactly one of {in_words(SORTS)}"
        if there:
            message = f"evidence cannot have {in_words((each.text for each in there), 'and')}"
            self.faults.add("one-of-three", message, self.shape.span(there[1]), help)
            return
        keys = [key for key, _ in node.entries]
        allowed = (*PROFILE_KEYS, "says", "each", *FINDINGS_KEYS, *AGGREGATES)
        unknown = [each for each in keys if each.text not in (*allowed, "where", "weighted by", "per")]
        if unknown:
            self.shape.unknown_key(unknown[0], "evidence", SORTS)
        else:
            self.faults.add("missing-key", "it is not said what to show", self.shape.span(node), help)

    def says(self, keys: Keys, node: Node) -> str:
        """What the evidence is, in words."""
        if "says" not in keys:
            help = "say what it is that is shown, such as `says: Members who live in the area`"
            self.faults.add("missing-key", "this evidence has no `says`", self.shape.span(node), help)
            return ""
        return self.shape.text(keys["says"][1], "`says`")

    def findings(self, node: Mapping, conditions: Conditions, day: Day) -> tuple[Show, Keys] | None:
        """The findings of other rules."""
        keys = self.shape.mapping(node, "this evidence", FINDINGS_KEYS) or {}
        texts = self.shape.texts(keys["findings of"][1], "`findings of`")
        ids = {each.text: self.shape.span(each) for each in texts}
        said: dict[str, Any] = {}
        for key, name in (("said yes", "said_yes"), ("said no", "said_no")):
            said[name] = conditions.read(keys[key][1], day) if key in keys else None
            if key in keys and said[name] is None:
                return None
        if not ids:
            return None
        place = self.shape.span(node)
        return ShowFindings(tuple(ids), place=place, places=tuple(ids.values()), **said), keys

    # ------------------------------------------------------------ profiles

    def profile(self, node: Mapping, conditions: Conditions, day: Day) -> tuple[Show, Keys] | None:
        """How some are made up; whose the kind is, is looked at once the types are known."""
        keys = self.shape.mapping(node, "this evidence", PROFILE_KEYS) or {}
        place = self.shape.span(node)
        slot = conditions.slot(keys["profile of"][1], "`profile of`")
        among = conditions.need(keys, "among", "`profile of`", node, day)
        if "by" not in keys:
            help = "say by which fields they are counted, such as `by: [age band, gender]`"
            self.faults.add("missing-key", "`profile of` has no `by`", place, help)
            return None
        by = [each.text for each in self.shape.texts(keys["by"][1], "`by`")]
        kind = self.kind(keys, by)
        if not slot or among is None or not by or kind is None:
            return None
        beside = self.shape.text(keys["beside"][1], "`beside`") if "beside" in keys else ""
        sound = self.fields(kind, keys["by"][1])
        sound = (not beside or self.stands_beside(beside, keys)) and sound
        if not sound:
            return None
        limit = unlimited(Measure("number", slot, among, place=place))
        return ShowProfile(limit, kind.name, "", tuple(dict.fromkeys(by)), beside, place=place), keys

    def kind(self, keys: Keys, by: list[str]) -> Kind | None:
        """The kind with what the profile is about: the one that is named, else the only one that fits."""
        kinds = self.vocabulary.given
        if "from" in keys:
            node = keys["from"][1]
            written = self.shape.text(node, "`from`")
            if not written:
                return None
            if written not in kinds:
                help = did_you_mean(written, kinds, "name a kind of fact of `vocabulary.yaml`")
                message = f"there is no kind of fact `{written}`"
                self.faults.add("unknown-kind", message, self.shape.span(node), help)
                return None
            return self.not_dated(kinds[written], node)
        fitting = [
            kind
            for kind in kinds.values()
            if not kind.dated and set(by) <= {field.name for field in kind.fields}
        ]
        if len(fitting) == 1:
            return fitting[0]
        help = "say under `from` which kind of fact holds it"
        found = f"{in_words((each.name for each in fitting), 'and')} do" if fitting else "none does"
        message = f"the fields of `by` should stand in one kind of fact, and {found}"
        self.faults.add("missing-key", message, self.shape.span(keys["by"][1]), help)
        return None

    def not_dated(self, kind: Kind, node: Node) -> Kind | None:
        """The kind, if what its rows say does not change with the day."""
        if not kind.dated:
            return kind
        help = "name a kind without `dated: yes`, with one row for each"
        message = f"`{kind.name}` is dated, and a profile has one row for each"
        self.faults.add("wrong-value", message, self.shape.span(node), help)
        return None

    def fields(self, kind: Kind, node: Node) -> bool:
        """Whether the kind has fields of these names that can be counted by."""
        sound = True
        names = [each.name for each in kind.fields]
        for each in node.items if isinstance(node, Listing) else (node,):
            if not isinstance(each, Text):
                return False
            place = self.shape.span(each)
            if each.text not in names:
                help = did_you_mean(each.text, names, f"its fields are {in_words(names, 'and')}")
                message = f"`{kind.name}` has no field `{each.text}`"
                self.faults.add("wrong-value", message, place, help)
                sound = False
            elif _is_one_each(kind.field(each.text).type):
                help = "count by a field that several can have in common, such as a choice or a band"
                message = f"`{each.text}` is another for each, and gives no groups"
                self.faults.add("wrong-value", message, place, help)
                sound = False
        return sound

    def stands_beside(self, beside: str, keys: Keys) -> bool:
        """Whether there is such a kind, with a group and a percentage for each characteristic."""
        node = keys["beside"][1]
        place, kinds = self.shape.span(node), self.vocabulary.given
        if beside not in kinds:
            help = did_you_mean(beside, kinds, "name a kind of fact of `vocabulary.yaml`")
            self.faults.add("unknown-kind", f"there is no kind of fact `{beside}`", place, help)
            return False
        kind = self.not_dated(kinds[beside], node)
        if kind is None:
            return False
        names = {field.name: field for field in kind.fields}
        lacking = [each for each in BESIDE if each not in names]
        if lacking:
            help = f"what stands beside a profile has the fields {in_words(BESIDE, 'and')}"
            message = f"`{beside}` has no field {in_words(lacking, 'and')}"
            self.faults.add("wrong-value", message, place, help)
            return False
        if names["percent"].type.name not in ("number", "whole number"):
            help = "give it `is: number` in the vocabulary"
            self.faults.add("wrong-value", f"`percent` of `{beside}` is no number", place, help)
            return False
        return self.characteristics(names["characteristic"], keys)

    def characteristics(self, field: Field, keys: Keys) -> bool:
        """Whether what stands beside can speak of all that is counted by."""
        choices = field.type.choices
        sound = True
        for each in self.shape.texts(keys["by"][1], "`by`") if choices else ():
            if each.text not in choices:
                help = did_you_mean(each.text, choices, f"its characteristics are {in_words(choices, 'and')}")
                message = f"`{self.shape.text(keys['beside'][1], '`beside`')}` says nothing of `{each.text}`"
                self.faults.add("wrong-value", message, self.shape.span(each), help)
                sound = False
        return sound

    # ------------------------------------------------------------ types and scope

    def infer(self, inference: Inference, outer: dict[str, Type]) -> None:
        """The types of the slots of each item."""
        for number, show in enumerate(self.items):
            types: dict[str, Type] = {}
            for _, formula in formulas_of(show):
                for slot, type in inference.formula(formula, outer).items():
                    types[slot] = type if slot not in types else (join(types[slot], type) or types[slot])
            self.items[number] = attrs.evolve(show, types={**types, **outer})

    def settle(self, make: Any, outer: frozenset[str]) -> bool:
        """Give the values in it their types; whether something could not be settled.

        Args:
            make: Makes what settles conditions, from the types of their slots.
            outer: The slots that are bound outside.
        """
        failed = False
        for number, show in enumerate(self.items):
            settle: Settle = make(show.types)
            changes: dict[str, Any] = {
                name: settle.formula(formula, outer) for name, formula in formulas_of(show)
            }
            failed = failed or settle.failed
            show = attrs.evolve(show, **changes)
            if isinstance(show, ShowProfile) and not settle.failed:
                show, sound = self.held_by(show, number)
                failed = failed or not sound
            self.items[number] = show
        return failed

    def formulas(self) -> list[tuple[str, Formula]]:
        """The conditions of all items."""
        return [each for show in self.items for each in formulas_of(show)]

    def held_by(self, show: ShowProfile, number: int) -> tuple[ShowProfile, bool]:
        """A profile with the field that says whose a row is."""
        type = show.types.get(show.limit.measure.key)
        if type is None:
            return show, True  # bound nowhere, which is noted elsewhere
        kind = self.vocabulary.kinds[show.kind]
        holder = next((each.name for each in kind.fields if each.type == type and type.is_thing), "")
        if holder and holder not in show.by:
            return attrs.evolve(show, holder=holder), True
        node = self.nodes[number]["profile of"][1]
        help = "count what the kind has one row for each of"
        message = f"`{show.kind}` has no rows about `<{show.limit.measure.key}>`"
        self.faults.add("types-cannot-meet", message, self.shape.span(node), help)
        return show, False

    def check(self, scope: Scope, subject: frozenset[str], day: str) -> None:
        """Check the use of slots in it."""
        for show, keys in zip(self.items, self.nodes, strict=True):
            for _, formula in formulas_of(show):
                # What is listed is shown, so that its slots may stand there once.
                used = bound(formula) if isinstance(show, ShowEach) else frozenset()
                scope.check(formula, subject | {day}, subject | used)
            said = keys["says"][1] if "says" in keys else None
            named = in_words(sorted(f"<{each}>" for each in subject))
            for slot in slots_of(said.text) if isinstance(said, Text) else ():
                if slot not in subject and isinstance(said, Text):
                    help = f"it can name {named}" if named else "write it without a slot"
                    place = self.shape.document.within(said, f"<{slot}>")
                    self.faults.add("slot-bound-nowhere", f"nothing binds `<{slot}>` for this", place, help)


def _is_one_each(type: Type) -> bool:
    return type.is_thing or type.name == "date"


def check_findings_of(items: list[Show], id: str, rules: Any, faults: Faults) -> None:
    """`unknown-rule`: the findings of a rule that there is not, or of the rule itself."""
    for show in items:
        if not isinstance(show, ShowFindings):
            continue
        for rule, place in zip(show.rules, show.places, strict=True):
            if rule == id:
                own = "its own findings stand beside it anyway"
                faults.add("wrong-value", "a rule is no evidence for itself", place, own)
            elif rule not in rules:
                help = did_you_mean(rule, rules, "write the path of its file without `.yaml`")
                faults.add("unknown-rule", f"there is no rule `{rule}`", place, help)
