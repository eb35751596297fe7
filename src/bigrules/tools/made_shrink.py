"""Making a case small: fewer statements, fewer people, shorter sentences, plain days and plain names."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Sequence

import attrs

from bigrules.facts.examples import EXAMPLE_DAY
from bigrules.language.sentences import slots_of
from bigrules.tools.made_changes import in_use, renamed
from bigrules.tools.made_items import Item
from bigrules.tools.made_material import PERSON, Material, Start

NAMES = (
    "ann", "bob", "cal", "dee", "eve", "fay", "gus", "hal", "ivy", "jon", "kay", "lee",
)  # fmt: skip
# More people than these are numbered.
MOST_NAMED = 6
MOST_TRIES = 1_200
MOST_COUNTS = 500
MOST_ROUNDS = 20

Keeps = Callable[[Start], bool]


class Shrinking:
    """One case that is made smaller as long as it still tells what it tells.

    Args:
        material: What it is made of.
        keeps: Whether a case still tells it.
    """

    def __init__(self, material: Material, keeps: Keeps) -> None:
        self.material, self.left = material, MOST_TRIES
        self._keeps = keeps
        self._known: dict[Start, bool] = {}

    def keeps(self, start: Start) -> bool:
        """Whether a case still tells it; no for what has not been tried when there have been too many."""
        if start not in self._known:
            if self.left <= 0:
                return False
            # A long case takes longer.
            self.left -= 1 + len(start[0]) // 25
            self._known[start] = self._keeps(start)
        return self._known[start]

    def smallest(self, start: Start) -> Start:
        """The smallest case that is found on the way down."""
        before = None
        for _ in range(MOST_ROUNDS):
            if before == start or self.left <= 0:
                break
            before = start
            start = self._without_day(start)
            start = self._fewer_people(start)
            start = self._fewer(start)
            start = self._fewer_things(start)
            start = self._shorter(start)
            start = self._plainer(start)
        return start

    def _without_day(self, start: Start) -> Start:
        items, as_of = start
        return (items, None) if as_of is not None and self.keeps((items, None)) else start

    def _fewer(self, start: Start) -> Start:
        """Statements left out, many at a time first."""
        items, as_of = start
        size = len(items)
        while size:
            at = 0
            while at < len(items):
                fewer = (*items[:at], *items[at + size :])
                if fewer != items and self.keeps((fewer, as_of)):
                    items = fewer
                else:
                    at += size
            size //= 2
        return items, as_of

    def _fewer_people(self, start: Start) -> Start:
        """As few people of each sort as will do: those of one sort have the same said of them."""
        items, as_of = start
        groups = list(self._sorts(items).values())
        total = sum(map(len, groups))
        if total < 3 or not 1 <= len(groups) <= 4:
            return start
        # Every way to take some of each sort, the fewest first.
        ranges = [range(len(each) + 1) for each in groups]
        if len(groups) > 1:
            ranges = [range(min(len(each), 40 if len(groups) == 2 else 6) + 1) for each in groups]
        counts = itertools.product(*ranges)
        smaller = [each for each in counts if sum(each) < total]
        smaller.sort(key=lambda each: (sum(each), each))
        for each in smaller[:MOST_COUNTS]:
            gone = {name for group, kept in zip(groups, each, strict=True) for name in group[kept:]}
            fewer = tuple(one for one in items if not self._names_any(one, gone))
            if self.keeps((fewer, as_of)):
                return fewer, as_of
        return start

    def _names_any(self, item: Item, people: set[str]) -> bool:
        types = self.material.types(item) or ()
        return any(
            type_.name == PERSON and value in people for type_, value in zip(types, item.values, strict=False)
        )

    def _sorts(self, items: Sequence[Item]) -> dict[object, list[str]]:
        """People by what is said of them, where each of it speaks of one person alone."""
        said: dict[str, list[object]] = {}
        for each in items:
            types = self.material.types(each) or ()
            people = [value for type_, value in zip(types, each.values, strict=False) if type_.name == PERSON]
            for one in people:
                rest = tuple("*" if value == one else value for value in each.values)
                said.setdefault(one, []).append((each.status, each.says, each.answer, each.when, rest))
        found: dict[object, list[str]] = {}
        for one, about in said.items():
            found.setdefault(tuple(sorted(map(str, about))), []).append(one)
        return found

    def _fewer_things(self, start: Start) -> Start:
        """Two things made one."""
        items, as_of = start
        for type_, names in in_use(items, self.material, True).items():
            for one, other in itertools.combinations(names[:8], 2):
                merged = tuple(dict.fromkeys(renamed(items, self.material, type_, {other: one})))
                if len(merged) < len(items) and self.keeps((merged, as_of)):
                    return merged, as_of
        return start

    def _shorter(self, start: Start) -> Start:
        """Sentences that say less in place of others."""
        items, as_of = start
        for form in dict.fromkeys((each.status, each.says) for each in items if each.status != "answer"):
            for says in self._shorter_forms(form[1]):
                short = tuple(
                    self._reworded(each, says) if (each.status, each.says) == form else each for each in items
                )
                short = tuple(dict.fromkeys(short))
                if short != items and self.keeps((short, as_of)):
                    items = short
                    break
        for at, each in enumerate(items):
            if each.when:
                plain = (*items[:at], attrs.evolve(each, when=""), *items[at + 1 :])
                items = plain if self.keeps((plain, as_of)) else items
            elif each.status == "not recorded":
                plain = (*items[:at], attrs.evolve(each, status=""), *items[at + 1 :])
                items = plain if self.keeps((plain, as_of)) else items
        return items, as_of

    def _shorter_forms(self, says: str) -> list[str]:
        """Sentences of the same kind, or of definitions, that are simpler than a sentence; the simplest first."""
        mine = {found.predicate for each in self.material.readers if (found := each.entry(says))}
        length = self._length(says, mine)
        simpler: list[tuple[tuple[int, bool, bool, int, str], str]] = []
        for predicate, forms in self.material.forms.items():
            if predicate not in mine and not self._is_definition({predicate}):
                continue
            for each in forms:
                # Strictly simpler, so that nothing is ever said one way and then the other way again.
                its = self._length(each, {predicate})
                if its < length:
                    simpler.append((its, each))
        return [each for _, each in sorted(simpler)]

    def _length(self, says: str, predicates: set[str]) -> tuple[int, bool, bool, int, str]:
        # What the file itself says is the plainest.
        read = says in self.material.read
        return (len(slots_of(says)), not read, not self._is_definition(predicates), len(says), says)

    def _is_definition(self, predicates: set[str]) -> bool:
        return any(each in book.definitions for each in predicates for book in self.material.books)

    def _reworded(self, item: Item, says: str) -> Item:
        """Another sentence about the first of its slots' types that the item has."""
        new = Item(item.status, says, ("",) * len(slots_of(says)))
        left = list(zip(self.material.types(item) or (), item.values, strict=False))
        values = []
        for each in self.material.types(new) or ():
            same = next((pair for pair in left if pair[0] == each), None)
            if same is None:
                return item
            left.remove(same)
            values.append(same[1])
        return attrs.evolve(new, values=tuple(values))

    def _plainer(self, start: Start) -> Start:
        """Days that need not be what they are, as far as they can be the first of a month."""
        items, as_of = start
        day = as_of or EXAMPLE_DAY
        plain = (day, datetime.date(day.year, 1, 1), datetime.date(day.year - 1, 1, 1))
        for old in in_use(items, self.material).get("date", ()):
            if old in {each.isoformat() for each in plain}:
                continue
            for each in plain:
                tried = tuple(renamed(items, self.material, "date", {old: each.isoformat()}))
                if self.keeps((tried, as_of)):
                    items = tried
                    break
        return items, as_of

    # ------------------------------------------------------------ names

    def named(self, start: Start) -> Start:
        """The case with plain names: a few people by name, many numbered so that those alike stand together."""
        items, as_of = start
        sorts = self._sorts(items)
        people = [one for group in sorts.values() for one in group]
        if len(people) <= MOST_NAMED:
            plain: Sequence[str] = NAMES
        else:
            plain = [str(number) for number in range(1, len(people) + 1)]
        new = dict(zip(people, plain, strict=False))
        # By way of names that nobody has, so that two that change places do not become one.
        items = tuple(renamed(items, self.material, PERSON, {old: f"\0{old}" for old in new}))
        items = tuple(renamed(items, self.material, PERSON, {f"\0{old}": name for old, name in new.items()}))
        order = {
            says: at for at, says in enumerate(dict.fromkeys((each.status, each.says) for each in items))
        }
        numbers = {name: at for at, name in enumerate(plain)}

        def key(item: Item) -> tuple[int, tuple[int, ...]]:
            places = tuple(numbers.get(value, -1) for value in item.values)
            return (order[item.status, item.says], places if len(people) > MOST_NAMED else ())

        return tuple(sorted(items, key=key)), as_of
