"""What is not known about a case, and rows that depend on it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import attrs

from bigrules.diagnostics import Place
from bigrules.facts.case import Case, Incomplete
from bigrules.language.model import Type, Value


@attrs.frozen
class Site:
    """Something that is not known; a completion gives it one of its values.

    Args:
        index: Its number in the layout.
        sort: `field`, `record` (possible), `list` (a further record), `future` (a further record that
            happens later) or `question`.
        kind: Kind of fact; for a question, id of the rule or definition that asks.
        field: Field that is not known, or "".
        subject: What is known about the record or question, by column.
        values: Its values; (False, True) for records, (no, yes) for questions.
        group: For `list` and `future`: number of the list, all members of which are one site for people;
            else None.
        place: Where in the register the gap is, or None.
    """

    index: int
    sort: str
    kind: str
    field: str
    subject: tuple[tuple[str, Value], ...]
    values: tuple[object, ...]
    group: int | None = None
    place: Place | None = None


# All of these must hold for a row to be there: each site has one of the values (by index).
When = tuple[tuple[int, frozenset[int]], ...]


@attrs.frozen
class Row:
    """A row of a base table.

    Args:
        values: One for each column; None where it does not matter or an end is open.
        when: On which sites it depends; () if it is certain.
        fact: Number of the fact in the case behind it, or None.
    """

    values: tuple[object, ...]
    when: When = ()
    fact: int | None = None


@attrs.define
class Layout:
    """A case as tables, with the sites on which their rows depend.

    Args:
        case: The case.
        tables: Rows by name of predicate: base tables, and definitions that an example states.
        sites: Everything that is not known and that the program may read.
        days: The days on which something is read, other than the day of judging.
        group_limit: At most so many further records of one list, or None for any number.
        too_large: Kinds of which there may be further records, but too many to try.
        is_stranger: Whether a value of a type stands in no record of the case.
        lists: For each group of sites, what is not complete: (kind, field, key).
        everybody: Kinds that are read and of which everything of a type has a row, strangers too.
    """

    case: Case
    tables: dict[str, list[Row]] = attrs.field(factory=dict)
    sites: list[Site] = attrs.field(factory=list)
    days: tuple[datetime.date, ...] = ()
    group_limit: int | None = None
    too_large: frozenset[str] = frozenset()
    lists: list[Incomplete] = attrs.field(factory=list)
    everybody: frozenset[str] = frozenset()
    is_stranger: Callable[[Type, object], bool] = attrs.field(default=lambda type, value: False, repr=False)
    _questions: dict[tuple[str, tuple[object, ...]], bool | int] = attrs.field(factory=dict, repr=False)

    def question(self, asked: str, subject: tuple[object, ...], symmetric: bool = False) -> bool | int:
        """The answer to a question to people, or the site that stands for it.

        Args:
            asked: Id of the rule or definition that asks.
            subject: What it is asked about.
            symmetric: Whether the order of the first two does not matter.

        Returns:
            True or False where an answer is recorded; else the index of a site whose second value is yes.
        """
        if symmetric:
            subject = (*sorted(subject[:2], key=str), *subject[2:])
        found = self._questions.get((asked, subject))
        if found is None:
            named = tuple((str(number), value) for number, value in enumerate(subject))
            found = self.add(Site(len(self.sites), "question", asked, "", named, ("no", "yes")))  # type: ignore[arg-type]
            self._questions[(asked, subject)] = found
        return found

    def add(self, site: Site) -> int:
        """Keep a site; its index."""
        self.sites.append(site)
        return site.index
