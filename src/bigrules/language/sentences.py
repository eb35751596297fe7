"""Looking a sentence up: its slots are blanked, and what is left is a key of a dictionary."""

from __future__ import annotations

import difflib
import functools
import re

import attrs

from bigrules.diagnostics import Span
from bigrules.language.model import Const, Slot, Term

SLOT = re.compile(r"<([^<>]*)>")


@functools.lru_cache(4096)
def slots_of(text: str) -> tuple[str, ...]:
    """The words in angle brackets, in order.

    >>> slots_of("<person> voted in <decision>")
    ('person', 'decision')
    """
    return tuple([" ".join(word.split()) for word in SLOT.findall(text)])


@functools.lru_cache(4096)
def blank(text: str) -> str:
    """A sentence with blanked slots, in small letters.

    >>> blank("<Ann> and <Bob> are  Related")
    '<> and <> are related'
    """
    return " ".join(SLOT.sub("<>", text).split()).casefold()


def does_not_matter(slot: str) -> bool:
    """Whether a slot is written `<any …>`, or just `<any>`."""
    return slot == "any" or slot.startswith("any ")


@attrs.frozen
class Entry:
    """What a sentence stands for.

    Args:
        predicate: Name of the kind, or id of the definition.
        says: The sentence as the vocabulary has it.
        columns: How many columns the predicate has.
        positions: The column of each slot, in order of the slots.
        fixed: Columns with a fixed value.
        negated: Whether it says that it is not so.
        place: Where it is said.
    """

    predicate: str
    says: str
    columns: int
    positions: tuple[int, ...]
    fixed: tuple[tuple[int, Const], ...] = ()
    negated: bool = False
    place: Span = attrs.field(default=Span(""), eq=False)

    def terms(self, slots: tuple[str, ...]) -> tuple[Term | None, ...]:
        """The columns with the slots of a sentence in them."""
        terms: list[Term | None] = [None] * self.columns
        for position, const in self.fixed:
            terms[position] = const
        for position, slot in zip(self.positions, slots, strict=True):
            terms[position] = None if does_not_matter(slot) else Slot(slot)
        return tuple(terms)


# The help where no sentence is near.
WHERE = "the sentences stand in `vocabulary.yaml` and in the definitions"


class Sentences:
    """Every sentence of a rulebook, by what is left of it when its slots are blanked."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        # Whether some are missing because what says them could not be read.
        self.partial = False
        # How many more comparisons are made to say what was meant; they are slow.
        self.patience = 20_000

    def add(self, entry: Entry) -> Entry | None:
        """Add a sentence; if another says the same already, leave that and return it."""
        key = blank(entry.says)
        other = self.entries.get(key)
        if other is None:
            self.entries[key] = entry
        return other

    def find(self, text: str) -> Entry | None:
        """What a sentence stands for, or None."""
        return self.entries.get(blank(text))

    def help(self, text: str, further: tuple[str, ...] = ()) -> str | None:
        """The help for a sentence that nothing says; None where it may be one that could not be read."""
        self.patience -= len(self.entries) + len(further)
        near = self.like(text, further) if self.patience > 0 and len(text) < 400 else None
        return f"did you mean `{near}`?" if near else None if self.partial else WHERE

    def like(self, text: str, further: tuple[str, ...] = ()) -> str | None:
        """The sentence that is most like a text, with the slots of the text where they fit.

        Args:
            text: What somebody wrote.
            further: Other forms that it could have been, with slots, such as those of tests.
        """
        known = {key: entry.says for key, entry in self.entries.items() if not entry.negated}
        known.update({blank(each): each for each in further})
        key = blank(text)
        # Whoever leaves the brackets out, or writes another slot, still means a sentence.
        bare = {each.replace("<", "").replace(">", "").strip(): each for each in known}
        best, score = None, 0.0
        for candidate, original in ((key, known), (key.replace("<>", "").strip(), bare)):
            for found in difflib.get_close_matches(candidate, list(original), 1, 0.75):
                ratio = difflib.SequenceMatcher(None, candidate, found).ratio()
                if ratio > score:
                    target = original[found]
                    best, score = (known[target] if original is bare else target), ratio
        if best is None:
            words = set(key.split())
            for found, says in known.items():
                mine = {" ".join(found.split())} if not found else set(_words_without_slots(says))
                if len(mine) > 1 and mine <= words | {"<>"}:
                    best = says
        if best is None:
            return None
        own, theirs = slots_of(text), slots_of(best)
        if len(own) == len(theirs):
            fill = iter(own)
            return SLOT.sub(lambda _: f"<{next(fill)}>", best)
        return best


def _words_without_slots(says: str) -> list[str]:
    return SLOT.sub(" ", says).casefold().split()
