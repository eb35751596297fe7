"""What rule and definition files have in common while they are built, one file at a time.

A file is a draft first: its conditions are read, then the types of its slots follow from those of the
whole rulebook, then values in it get their types and the file is done.
"""

from __future__ import annotations

from collections.abc import Mapping as Map

import attrs

from bigrules.diagnostics import Span
from bigrules.language.conditions import Conditions
from bigrules.language.equivalents import read_equivalents
from bigrules.language.faults import Faults, did_you_mean, in_words
from bigrules.language.model import All, Clause, Day, Example, Formula, Parameter, Reading, Type, Vocabulary
from bigrules.language.readings import read_adopted, read_readings
from bigrules.language.sentences import Sentences, slots_of
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Listing, Node, Text
from bigrules.language.spells import ALWAYS, read_spell, spell_tests
from bigrules.language.statements import Known, Statements

SHARED_KEYS = (
    "source", "ask", "adopted reading", "other readings", "equivalent", "examples", "note", "may be the same",
    "by", "from", "until",
)  # fmt: skip


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
    parameters: dict[str, Parameter]
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
        self.same_places: dict[str, Span] = {}
        self.source: tuple[str, ...] = ()
        self.place = self.shape.span(document.root)
        self.spell = read_spell(self.shape, self.keys, self.place, f"this {self.what.split()[-1]}") or ALWAYS

    def in_force(self, conditions: Formula | None) -> Formula | None:
        """Conditions, and that the day on which they are read is one on which the file is in force."""
        tests = spell_tests(self.spell, self.place)
        return together([*tests, conditions] if conditions is not None else tests)

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
            texts = self.shape.texts(group, "`may be the same`")
            words = [each.text.strip("<>") for each in texts]
            self.same_places.update(zip(words, map(self.shape.span, texts), strict=True))
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
        adopted = (
            read_adopted(shape, self.keys["adopted reading"][1]) if "adopted reading" in self.keys else None
        )
        others: tuple[Reading, ...] = ()
        if "other readings" in self.keys:
            others = read_readings(shape, self.keys["other readings"][1], adopted, statements)
        if "equivalent" in self.keys:
            read_equivalents(shape, self.keys["equivalent"][1])  # only `test --deep` asks for them again
        examples: tuple[Example, ...] = ()
        if "examples" in self.keys:
            examples = statements.examples(self.keys["examples"][1], is_rule)
        return adopted, others, examples

    def slots_in(self, key: str, allowed: set[str]) -> None:
        """Check the slots of a question."""
        node = self.keys[key][1] if key in self.keys else None
        if not isinstance(node, Text):
            return
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
