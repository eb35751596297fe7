"""Changing a case a little: a statement more or fewer, another value, one person more."""

from __future__ import annotations

import datetime
import itertools
import random
from collections.abc import Iterator, Sequence

import attrs

from bigrules.language.model import Type
from bigrules.language.sentences import slots_of
from bigrules.tools.made_anew import Making
from bigrules.tools.made_items import Item
from bigrules.tools.made_material import MOST_PEOPLE, PERSON, Material, Start, day_of, fresh, years_in

MOST_ITEMS = 400


@attrs.define(eq=False)
class Maker:
    """Makes cases for one rule or definition.

    Args:
        material: What they are made of.
        chance: Chooses.
    """

    material: Material
    chance: random.Random

    # ------------------------------------------------------------ from nothing

    def anew(self) -> Start:
        """A case in which something that the file asks for is so."""
        chance, material = self.chance, self.material
        at = chance.randrange(len(material.books))
        book, reader = material.books[at], material.readers[at]
        if material.id not in book.rules and material.id not in book.definitions:
            at = 1 - at if len(material.books) == 2 else at
            book, reader = material.books[at], material.readers[at]
        making = Making(self.material, chance, book, reader)
        making.file(material.id)
        return tuple(dict.fromkeys(making.items)), None

    # ------------------------------------------------------------ changes

    def changed(self, start: Start) -> Start:
        """A case, changed in one to three places."""
        # A list that nobody was asked for takes long to be judged, and leaves everything open.
        items, as_of = [each for each in start[0] if each.status != "not asked"], start[1]
        for _ in range(self.chance.choice((1, 1, 2, 2, 3))):
            way = self.chance.choice(WAYS)
            if way == "day":
                used = in_use(items, self.material)
                as_of = self.material.day(used.get("date", ()), self.chance, day_of(as_of), years_in(used))
            else:
                items = getattr(self, way)(items, day_of(as_of))
        return tuple(dict.fromkeys(items))[:MOST_ITEMS], as_of

    def drop(self, items: list[Item], day: datetime.date) -> list[Item]:
        """One statement fewer."""
        if not items:
            return items
        at = self.chance.randrange(len(items))
        return [*items[:at], *items[at + 1 :]]

    def add(self, items: list[Item], day: datetime.date) -> list[Item]:
        """One statement more."""
        if not self.material.sentences:
            return items
        item = Item("", says := self.chance.choice(self.material.sentences), ("",) * len(slots_of(says)))
        types = self.material.types(item)
        if types is None:
            return items
        used = in_use(items, self.material)
        values: list[str] = []
        for each in types:
            value = self.material.value(each, used, self.chance, day)
            used.setdefault(each.name, []).append(value)
            values.append(value)
        return [*items, attrs.evolve(item, values=tuple(values))]

    def alter(self, items: list[Item], day: datetime.date) -> list[Item]:
        """Another value in one slot."""
        held = [at for at, each in enumerate(items) if each.values]
        if not held:
            return items
        at = self.chance.choice(held)
        types = self.material.types(items[at])
        if types is None:
            return items
        slot = self.chance.randrange(len(types))
        value = self.material.value(types[slot], in_use(items, self.material), self.chance, day)
        return [*items[:at], items[at].with_value(slot, value), *items[at + 1 :]]

    def nudge(self, items: list[Item], day: datetime.date) -> list[Item]:
        """One more or less in a number, a day later or earlier."""
        spots = [
            (at, slot, type_.name)
            for at, each in enumerate(items)
            for slot, type_ in enumerate(self.material.types(each) or ())
            if type_.name == "date" or "number" in type_.name
        ]
        if not spots:
            return self.alter(items, day)
        at, slot, name = self.chance.choice(spots)
        step, value = self.chance.choice((1, -1)), items[at].values[slot]
        if name == "date":
            changed = (datetime.date.fromisoformat(value) + datetime.timedelta(days=step)).isoformat()
        else:
            try:
                changed = str(int(value) + step)
            except ValueError:
                return items
        return [*items[:at], items[at].with_value(slot, changed), *items[at + 1 :]]

    def swap(self, items: list[Item], day: datetime.date) -> list[Item]:
        """Two values of one sentence the other way round."""
        spots = []
        for at, each in enumerate(items):
            types = self.material.types(each) or ()
            spots += [
                (at, one, other)
                for one in range(len(types))
                for other in range(one + 1, len(types))
                if types[one] == types[other]
            ]
        if not spots:
            return items
        at, one, other = self.chance.choice(spots)
        item = items[at]
        turned = item.with_value(one, item.values[other]).with_value(other, item.values[one])
        return [*items[:at], turned, *items[at + 1 :]]

    def merge(self, items: list[Item], day: datetime.date) -> list[Item]:
        """Two things made one."""
        used = {name: each for name, each in in_use(items, self.material, True).items() if len(each) > 1}
        if not used:
            return items
        name = self.chance.choice(sorted(used))
        one, other = self.chance.sample(used[name], 2)
        return renamed(items, self.material, name, {one: other})

    def clone(self, items: list[Item], day: datetime.date) -> list[Item]:
        """One more of a thing, of which the same is said; or as many as a limit speaks of."""
        used = in_use(items, self.material, True)
        if not used:
            return items
        name = PERSON if PERSON in used and self.chance.random() < 0.8 else self.chance.choice(sorted(used))
        one = self.chance.choice(used[name])
        about = [each for each in items if self._names(each, name, one)]
        times = 1
        if self.material.counts and self.chance.random() < 0.5:
            times = (
                self.chance.choice(self.material.counts) + self.chance.choice((-1, 0, 1)) - len(used[name])
            )
        names = list(used[name])
        made = list(items)
        for _ in range(min(max(times, 1), MOST_PEOPLE)):
            new = fresh(Type(name), names)
            names.append(new)
            made += renamed(about, self.material, name, {one: new})
        return made

    def remove(self, items: list[Item], day: datetime.date) -> list[Item]:
        """One thing fewer, with all that is said of it."""
        used = in_use(items, self.material, True)
        if not used:
            return items
        name = self.chance.choice(sorted(used))
        one = self.chance.choice(used[name])
        return [each for each in items if not self._names(each, name, one)]

    def reword(self, items: list[Item], day: datetime.date) -> list[Item]:
        """Another sentence of the same kind, about the same."""
        if not items:
            return items
        at = self.chance.randrange(len(items))
        item, types = items[at], self.material.types(items[at])
        entry = next((found for each in self.material.readers if (found := each.entry(item.says))), None)
        forms = self.material.forms.get(entry.predicate, []) if entry is not None else []
        if item.status == "answer" or types is None or not forms:
            return items
        says = self.chance.choice(forms)
        new = Item(item.status, says, ("",) * len(slots_of(says)))
        used = in_use(items, self.material)
        left = list(zip(types, item.values, strict=True))
        values = []
        for each in self.material.types(new) or ():
            same = next((pair for pair in left if pair[0] == each), None)
            if same is not None:
                left.remove(same)
            values.append(same[1] if same else self.material.value(each, used, self.chance, day))
        return [*items[:at], attrs.evolve(new, values=tuple(values)), *items[at + 1 :]]

    def answer(self, items: list[Item], day: datetime.date) -> list[Item]:
        """An answer more, or another one."""
        given = [at for at, each in enumerate(items) if each.status == "answer"]
        if given and self.chance.random() < 0.4:
            at = self.chance.choice(given)
            item = items[at]
            if self.chance.random() < 0.5:
                turned = attrs.evolve(item, answer="no" if item.answer == "yes" else "yes")
            else:
                turned = attrs.evolve(item, when=self.material.day([], self.chance, day).isoformat())
            return [*items[:at], turned, *items[at + 1 :]]
        if not self.material.questions:
            return items
        question = self.chance.choice(self.material.questions)
        made = Item("answer", question, (), self.chance.choice(("yes", "yes", "no")))
        types = self.material.types(made)
        if types is None:
            return items
        used = in_use(items, self.material)
        values = tuple(self.material.value(each, used, self.chance, day) for each in types)
        return [*items, attrs.evolve(made, values=values)]

    def settle(self, items: list[Item], day: datetime.date) -> list[Item]:
        """What is left open said outright, or what is denied left out."""
        held = [at for at, each in enumerate(items) if each.status in ("not recorded", "not", "not asked")]
        if not held:
            return self.add(items, day)
        at = self.chance.choice(held)
        if items[at].status == "not asked" or self.chance.random() < 0.3:
            return [*items[:at], *items[at + 1 :]]
        return [*items[:at], attrs.evolve(items[at], status=""), *items[at + 1 :]]

    def deny(self, items: list[Item], day: datetime.date) -> list[Item]:
        """A statement denied, or what another sentence of its kind says of the same."""
        said = [each for each in items if not each.status]
        if not said:
            return items
        item = self.chance.choice(said)
        if self.chance.random() < 0.5:
            item = self.reword([item], day)[0]
        return [*items, attrs.evolve(item, status="not")] if self.chance.random() < 0.7 else [*items, item]

    def settling(self, items: Sequence[Item]) -> Iterator[Item]:
        """Statements that may settle what some leave open: more of the same records, and answers."""
        used = in_use(items, self.material, True)
        for question in self.material.questions:
            types = self.material.types(Item("answer", question)) or ()
            for values in itertools.islice(
                itertools.product(*(used.get(each.name, ()) for each in types)), 6
            ):
                for answer in ("yes", "no"):
                    yield Item("answer", question, values, answer)
        for item in items:
            entry = next((found for each in self.material.readers if (found := each.entry(item.says))), None)
            known = dict(zip(entry.positions, item.values, strict=False)) if entry is not None else {}
            for says in self.material.forms.get(entry.predicate, ()) if entry is not None else ():
                other = next(found for each in self.material.readers if (found := each.entry(says)))
                if other.fixed and all(each in known for each in other.positions):
                    values = tuple(known[each] for each in other.positions)
                    yield Item("", says, values)
                    yield Item("not", says, values)

    def more(self, items: list[Item], day: datetime.date) -> list[Item]:
        """What something that the file asks for takes, beside what there is."""
        return [*items, *self.anew()[0]]

    def _names(self, item: Item, type_: str, value: str) -> bool:
        types = self.material.types(item) or ()
        return any(
            each.name == type_ and said == value for each, said in zip(types, item.values, strict=False)
        )


WAYS = (
    "drop", "drop", "add", "add", "alter", "alter", "nudge", "swap", "merge", "clone", "clone",
    "remove", "reword", "answer", "answer", "settle", "deny", "more", "day",
)  # fmt: skip


def in_use(items: Sequence[Item], material: Material, things: bool = False) -> dict[str, list[str]]:
    """The values in some items by type, each once; of things alone if so wanted."""
    found: dict[str, dict[str, None]] = {}
    for each in items:
        for type_, value in zip(material.types(each) or (), each.values, strict=False):
            if not type_.choices and (type_.is_thing or not things):
                found.setdefault(type_.name, {})[value] = None
    return {name: list(values) for name, values in found.items()}


def renamed(items: Sequence[Item], material: Material, type_: str, names: dict[str, str]) -> list[Item]:
    """Items with other names for things of a type."""
    found = []
    for each in items:
        types = material.types(each) or ()
        values = tuple(
            names.get(value, value) if at < len(types) and types[at].name == type_ else value
            for at, value in enumerate(each.values)
        )
        found.append(attrs.evolve(each, values=values) if values != each.values else each)
    return found
