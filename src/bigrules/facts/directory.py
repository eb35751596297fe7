"""Who is who: which names there are of each thing, and which thing each name stands for."""

from __future__ import annotations

import attrs

from bigrules.diagnostics import Place
from bigrules.facts.values import Unusable
from bigrules.facts.words import fold, listing, near

# Looking for what was meant takes time: so many names are compared in all, whoever they are taken for.
MOST_COMPARED = 100_000


@attrs.frozen
class Listed:
    """One thing in its list.

    Args:
        id: What facts hold.
        name: Its name as the list has it.
        place: The row.
    """

    id: str
    name: str
    place: Place


class Directory:
    """The names of things.

    A thing that has a list is found by its name (or id) in it; of any other the first spelling
    that is met is kept, and others that differ in case and spacing alone are the same thing.
    """

    def __init__(self) -> None:
        self._listed: dict[str, dict[str, list[Listed]]] = {}
        self._ids: dict[str, dict[str, Listed]] = {}
        self._used: dict[str, dict[str, Listed]] = {}
        self._broken: set[str] = set()
        self._patience = MOST_COMPARED

    def open_list(self, thing: str, is_broken: bool = False) -> None:
        """Says that a thing has a list in this register, or one that cannot be read."""
        self._listed.setdefault(thing, {})
        self._ids.setdefault(thing, {})
        if is_broken:
            self._broken.add(thing)

    def has_list(self, thing: str) -> bool:
        """Whether the thing has a list in this register."""
        return thing in self._listed

    def add(self, thing: str, listed: Listed) -> None:
        """Adds one of a list."""
        names = self._listed[thing].setdefault(fold(listed.name), [])
        if all(each.id != listed.id for each in names):
            names.append(listed)
        self._ids[thing].setdefault(fold(listed.id), listed)

    def by_id(self, thing: str, id: str) -> Listed | None:
        """The one of that id in the list, if any."""
        return self._ids[thing].get(fold(id))

    def by_name(self, thing: str, name: str) -> list[Listed]:
        """Those of that name in the list."""
        return self._listed[thing].get(fold(name), [])

    def all(self, thing: str) -> list[Listed]:
        """Everything that is listed, or, of a thing without a list, that was named."""
        if thing in self._listed:
            return list(self._ids[thing].values())
        return list(self._used.get(thing, {}).values())

    def find(self, thing: str, name: str, place: Place) -> str:
        """The id that a name stands for.

        Args:
            thing: What it is the name of.
            name: The name as written.
            place: Where it is written.

        Raises:
            Unusable: Nothing, or more than one, of that name is listed.
        """
        if thing not in self._listed:
            return self._used.setdefault(thing, {}).setdefault(fold(name), Listed(name, name, place)).id
        named = self.by_name(thing, name)
        same_id = self.by_id(thing, name)
        if len(named) == 1 and same_id in (None, named[0]):
            return named[0].id
        if same_id is not None and not named:
            return same_id.id
        if named:
            both = [*named, *([same_id] if same_id is not None and same_id not in named else [])]
            where = " and ".join(str(each.place) for each in both)
            raise Unusable(
                "ambiguous-name",
                f"`{name}` may be {'either' if len(both) == 2 else 'any'} of {len(both)} in the list",
                f"they stand at {where}: write the id, {listing((each.id for each in both), 'or')}",
            )
        if thing in self._broken:
            return name  # that its list cannot be read has been said
        self._patience -= len(self._ids[thing])
        names = [each.name for each in self._ids[thing].values()] if self._patience >= 0 else []
        meant = near(name, names, 0.65)
        raise Unusable(
            "unknown-name",
            f"`{name}` is no {thing} in the list",
            f"did you mean `{meant}`?"
            if meant
            else f"add a row for this {thing} to the list, or mend the name",
        )
