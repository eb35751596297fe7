"""Plain data in plain order → Case, without a word: whatever is unusual is left to `structure`, which says what it is.

Here nothing is tidied, forgiven or explained. A value is taken if reading it in full finds nothing to say of it,
and a name if it stands in its list. An object that is equal to a text, and hashes as it does, is taken for it.
"""

from __future__ import annotations

import datetime
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from bigrules.diagnostics import DataPath
from bigrules.facts.case import UNKNOWN, Case, Default, Fact
from bigrules.facts.known import Known
from bigrules.facts.plain_rows import Odd, Rows, Values
from bigrules.facts.readers import MAX_COLUMNS, MAX_LISTS
from bigrules.facts.values import NO_BEGINNING, Unusable, in_full, is_blank, plain_names, read_date
from bigrules.facts.words import heading
from bigrules.language.model import Field, Kind, Rulebook, Vocabulary

Source = Mapping[Any, Any]

DATA = "data"
NOT_ASKED = "not asked"
# Names of what is no list, or of no kind of the vocabulary; and of columns that every list may have.
_NO_KINDS = frozenset({"register", "name", "as of", "as at", "choices", "answers", "incomplete"})
_NO_FIELDS = frozenset({"certain", "possible", "id"})


def read_plain(rulebook: Rulebook, source: object, as_of: str | datetime.date | None = None) -> Case | None:
    """A case from plain data in which nothing is out of the ordinary.

    Args:
        rulebook: Gives the vocabulary.
        source: A mapping of kinds of fact to lists of mappings or of records.
        as_of: The day of judging; wins over the one that the register names.

    Returns:
        The case that `structure` would give, or None where there might be anything to say.
    """
    return _reader(rulebook.vocabulary).read(rulebook.body, source, as_of)


# As with the record classes: those of the last few vocabularies are kept, beside the vocabulary.
_MOST_KEPT = 16
_KEPT: dict[int, _Reader] = {}
_LOCK = threading.Lock()


def _reader(vocabulary: Vocabulary) -> _Reader:
    found = _KEPT.get(id(vocabulary))
    if found is None:
        with _LOCK:
            while len(_KEPT) >= _MOST_KEPT:
                del _KEPT[next(iter(_KEPT))]
            found = _KEPT[id(vocabulary)] = _Reader(vocabulary)
    return found


class _Reader:
    """How plain data are read with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        kinds = vocabulary.kinds.values()
        listing = [each for each in kinds if each.lists]
        self.lists = {each.lists: number for number, each in enumerate(listing)}
        words = Counter(heading(each.name) for each in kinds)
        self.kinds = {
            each.name: each
            for each in kinds
            if len(self.lists) == len(listing)
            and words[heading(each.name)] == 1
            and heading(each.name) not in _NO_KINDS
            and _is_plain(each)
        }
        self.listing = [(each.name, each.fields[0].name) for each in listing]
        self.nobody = frozenset(heading(word) for each in kinds for one in each.fields for word in one.nobody)
        self.strict = {name: Rows(each, self.lists, True) for name, each in self.kinds.items()}
        self.lenient = {name: Rows(each, self.lists, False) for name, each in self.kinds.items()}
        self.may_be_open = frozenset(each.name for each in kinds if not each.one_for_each)
        self.each_has_one = [each.field(each.one_for_each).type.name for each in kinds if each.one_for_each]
        # Days after which nothing has happened yet, by kind; an end in that part is left to `known_of`.
        self.happened = {
            each.name: [number for number, one in enumerate(each.fields) if one.happened]
            for each in kinds
            if each.happened
        }
        self.without_row = {
            each.name: next((n for n, one in enumerate(each.fields) if one.type.name in self.lists), None)
            for each in kinds
            if each.no_row
        }

    def read(self, body: str, source: object, as_of: str | datetime.date | None) -> Case | None:
        """See `read_plain`."""
        if type(source) is not dict or not source or len(source) > MAX_LISTS:
            return None
        case = self._tried(self.strict, body, source, as_of)
        if case is None:
            try:
                tidied = {key: self._tidied(key, rows) for key, rows in source.items()}
            except (Odd, KeyError, TypeError):
                return None
            case = self._tried(self.strict, body, tidied, as_of) or self._tried(
                self.lenient, body, tidied, as_of
            )
        return case

    def _tried(
        self, kinds: Mapping[str, Rows], body: str, source: Source, as_of: str | datetime.date | None
    ) -> Case | None:
        try:
            return self._case(kinds, body, source, as_of)
        except (Odd, KeyError, TypeError):
            return None

    def _case(
        self, kinds: Mapping[str, Rows], body: str, source: Source, as_of: str | datetime.date | None
    ) -> Case:
        strict = kinds is self.strict
        lists = [self._list(source.get(name, ()), field, strict) for name, field in self.listing]
        taken: dict[str, list[Values]] = {}
        asked: list[str] = []
        unlisted: dict[str, set[Any]] = {}
        links: list[tuple[Any, Any]] = []
        defaults: list[Default] = []
        entries: Source = {}
        for name, rows in source.items():
            kind = kinds.get(name)
            if type(name) is not str or (type(rows) is not list and type(rows) is not tuple):
                if rows == NOT_ASKED and kind is not None:
                    continue
                entries = {**entries, **_entries(name, rows, body)}
                continue
            if kind is None:
                raise Odd
            asked.append(name)
            values: list[Values] = []
            if rows:
                values, counts = kind.take(rows, lists)
                taken[name] = values
                for (_, text), count in zip(kind.defaults, counts, strict=True):
                    if count:
                        defaults.append(Default(text, count))
                for number, thing in kind.unlisted:
                    unlisted.setdefault(thing, set()).update([row[number] for row in values])
                for one, other, column, told in kind.links:
                    links += [
                        (row[one], row[other]) for row in values if column is None or row[column] in told
                    ]
            if name in self.without_row:
                count = self._without_row(name, values, lists)
                if count:
                    defaults.append(Default(kind.kind.no_row, count))
        if not asked or _may_come_back(links):
            raise Odd
        for names in unlisted.values():
            self._check_names(names if strict else names - {UNKNOWN})
        day = _day(as_of if as_of is not None else entries.get("as of"))
        case = Case(
            name=entries.get("name", ""),
            as_of=day or datetime.date.today(),
            asked=frozenset(asked),
            defaults=tuple(defaults),
            day_given=day is not None,
            source=DATA,
        )
        case.promise(_Facts(self.vocabulary, taken))
        if strict:
            object.__setattr__(case, "known", self._known(case, taken, lists, unlisted))
        return case

    # ------------------------------------------------------------ names

    def _list(self, rows: Any, field: str, strict: bool) -> dict[Any, Any]:
        """The names in a list, each with itself; that rows have the right shape is seen when they are taken."""
        if rows == NOT_ASKED or not rows:
            return {}
        if {*map(type, rows)} != {dict}:
            raise Odd
        names = [row[field] for row in rows]
        found = dict(zip(names, names, strict=True))
        if len(found) != len(names):
            raise Odd
        self._check_names(found)
        return found if strict else {**found, UNKNOWN: UNKNOWN}

    def _check_names(self, names: Iterable[Any]) -> None:
        if not plain_names([*names], self.nobody):
            raise Odd

    def _without_row(self, name: str, rows: list[Values], lists: list[dict[Any, Any]]) -> int:
        """How many listed things have no row in a kind where that means something."""
        at = self.without_row[name]
        if at is None:
            return 0
        listed = lists[self.lists[self.vocabulary.kinds[name].fields[at].type.name]]
        return len(listed.keys() - {row[at] for row in rows} - {UNKNOWN})

    # ------------------------------------------------------------ what is known

    def _known(
        self,
        case: Case,
        taken: Mapping[str, list[Values]],
        lists: list[dict[Any, Any]],
        unlisted: Mapping[str, set[Any]],
    ) -> Known:
        """What `known_of` makes of facts in which everything is known."""
        rows = dict(taken)
        for name, columns in self.happened.items():
            for number in columns if name in rows else ():
                rows[name] = [row for row in rows[name] if row[number] is None or row[number] <= case.as_of]
        things = {
            type: set(lists[self.lists[type]]) if type in self.lists else unlisted.get(type, set())
            for type in self.each_has_one
        }
        open = {*self.may_be_open} - case.asked
        return Known(self.vocabulary, rows, open=open, things=things, plain=not open)

    # ------------------------------------------------------------ what is not quite in order

    def _tidied(self, name: object, rows: object) -> object:
        """A list with what is easily put in order: records as rows, blanks left out, truth values in words."""
        kind = self.vocabulary.kinds.get(name) if isinstance(name, str) else None
        if kind is None or (type(rows) is not list and type(rows) is not tuple):
            return rows
        fields = {each.name: each for each in kind.fields}
        return [
            {
                key: _in_words(fields.get(key), value)
                for key, value in _pairs(kind, row)
                # What is under no heading of the kind is odd, and stays to be found so, though it be blank.
                if key not in fields or (value is not None and not (type(value) is str and not value))
            }
            for row in rows
        ]


class _Facts:
    """The facts of a case that nobody has asked for yet."""

    __slots__ = ("taken", "vocabulary")

    def __init__(self, vocabulary: Vocabulary, taken: Mapping[str, list[Values]]) -> None:
        self.vocabulary, self.taken = vocabulary, taken

    def __call__(self) -> tuple[Fact, ...]:
        from bigrules.facts.readers.json_file import join

        facts: list[Fact] = []
        for name in self.vocabulary.kinds:
            path = join("", name)
            for number, values in enumerate(self.taken.get(name, ())):
                facts.append(Fact(name, values, place=DataPath(DATA, f"{path}[{number}]")))
        return tuple(facts)


def _is_plain(kind: Kind) -> bool:
    """Whether a name that is written as the vocabulary writes it is that of a field, and of no other column."""
    words = {heading(each.name) for each in kind.fields}
    return (
        0 < len(kind.fields) <= MAX_COLUMNS
        and len(words) == len(kind.fields)
        and words.isdisjoint(_NO_FIELDS)
        and (not kind.lists or kind.fields[0].type.name == kind.lists)
    )


def _entries(name: object, value: object, body: str) -> Source:
    """What a register says about itself: its name, and its day."""
    if name == "register" and type(value) is dict:
        return dict(chain.from_iterable(_entries(key, each, body).items() for key, each in value.items()))
    if type(name) is not str or "as of" in heading(body):
        raise Odd
    if name == "name" and type(value) is str:
        return {"name": "" if is_blank(value) else in_full(value)}
    if name == "as of" and (type(value) is str or type(value) is datetime.date):
        return {"as of": value}
    raise Odd


def _day(given: object) -> datetime.date | None:
    if given is None or is_blank(given):
        return None
    try:
        return read_date(given)
    except Unusable:
        raise Odd from None


def _may_come_back(links: list[tuple[Any, Any]]) -> bool:
    """Whether chains of links come back to where they began, whatever sort of links they are."""
    if {one for one, _ in links}.isdisjoint([other for _, other in links]):
        return False
    from graphlib import CycleError, TopologicalSorter

    sorter: TopologicalSorter[Any] = TopologicalSorter()
    for one, other in links:
        if one is not UNKNOWN and other is not UNKNOWN:
            sorter.add(one, other)
    try:
        sorter.prepare()
    except CycleError:
        return True
    return False


def _pairs(kind: Kind, row: object) -> Iterable[tuple[Any, Any]]:
    """Names of fields and values of a row."""
    if type(row) is dict:
        return row.items()
    from bigrules.facts.records import kind_of, record_fields

    if kind_of(row) != kind.name or getattr(row, "possible", False):
        raise Odd
    named = [(field.name, getattr(row, attribute)) for attribute, field in record_fields(row)]
    # In a typed record None was meant, whereas in a plain row it is a blank.
    return [(name, NO_BEGINNING if name == "from" and value is None else value) for name, value in named]


def _in_words(field: Field | None, value: Any) -> Any:
    if field is not None and type(value) is bool and field.type.name == "yes or no":
        return "yes" if value else "no"
    if field is not None and field.type.is_thing and type(value) is str and value == "?":
        return UNKNOWN
    return value
