"""Plain data in plain order → Case, without a word: whatever is unusual is left to `structure`, which says what it is.

Here nothing is tidied, forgiven or explained. A value is taken if reading it in full finds nothing to say of it,
and a name if it stands in its list. An object that is equal to a text, and hashes as it does, is taken for it.
"""

from __future__ import annotations

import contextlib
import datetime
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any

import attrs

from bigrules.diagnostics import DataPath
from bigrules.facts.case import UNKNOWN, Case, Default, Fact
from bigrules.facts.known import Known, known_of
from bigrules.facts.plain_rows import Odd, Rows, Values
from bigrules.facts.readers import MAX_COLUMNS, MAX_LISTS
from bigrules.facts.values import (
    FIRST_YEAR,
    LAST_YEAR,
    NO_BEGINNING,
    Unusable,
    in_full,
    is_blank,
    plain_names,
    read_date,
)
from bigrules.facts.words import heading
from bigrules.facts.worked_out import rows_of, with_worked_out, worked_out_kinds
from bigrules.language.model import Field, Kind, Rulebook, Vocabulary, WorkedOut

Source = Mapping[Any, Any]

DATA = "data"
# Names of other lists, and of columns that every list may have.
_NO_KINDS = frozenset({"answers", "incomplete"})
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
# So many sets of kinds that were asked are kept beside a vocabulary.
_MOST_RESTS = 64
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
        kinds = vocabulary.given.values()
        lists = [each.lists for each in kinds if each.lists]
        words = Counter(heading(each.name) for each in kinds)
        self.kinds = {
            each.name: each
            for each in kinds
            if words[heading(each.name)] == 1 and heading(each.name) not in _NO_KINDS and _is_plain(each)
        }
        # A thing with two lists, or one that cannot be plain, is beyond this.
        self.is_possible = len({*lists}) == len(lists) and all(
            each.name in self.kinds for each in kinds if each.lists
        )
        nobody = {heading(word) for each in kinds for one in each.fields for word in one.nobody}
        self.nobody = {each: each.partition(" ")[0] for each in nobody}
        self.worked_out = worked_out_kinds(vocabulary)
        self.strict = Rows(self.kinds.values(), True)
        self.lenient = Rows(self.kinds.values(), False)
        self.rest: dict[frozenset[str], dict[str, Any]] = {}
        self.each_has_one = {each.field(each.one_for_each).type.name for each in kinds if each.one_for_each}

    def read(self, body: str, source: object, as_of: str | datetime.date | None) -> Case | None:
        """See `read_plain`."""
        if type(source) is not dict or not source or len(source) > MAX_LISTS or not self.is_possible:
            return None
        try:
            entries: Source = {}
            if not source.keys() <= self.kinds.keys():
                source, entries = self._without_entries(source, body)
            day = _day(as_of if as_of is not None else entries.get("as of"))
        except Odd:
            return None
        name = entries.get("name", "")
        try:
            return self._case(self.strict, source, name, day)
        except (Odd, KeyError, TypeError):
            pass
        try:
            tidied = {each: self._tidied(each, rows) for each, rows in source.items()}
        except (Odd, TypeError):
            return None
        for way in (self.strict, self.lenient):
            with contextlib.suppress(Odd, KeyError, TypeError):
                return self._case(way, tidied, name, day)
        return None

    def _case(self, way: Rows, source: Source, name: str, given: datetime.date | None) -> Case:
        day = given if given is not None else datetime.date.today()
        taken, happened, number, listed, unlisted, defaults, links = way.take(source, day)
        if number != len(source) or not number or {*map(type, source)} != {str}:
            raise Odd
        if not way.strict:
            unlisted = {each: names - {UNKNOWN} for each, names in unlisted.items()}
        self._check_names([*listed.values(), *unlisted.values()])
        if links and _may_come_back(links):
            raise Odd
        if len(defaults) > 1:
            # They are said in the order in which the lists stand.
            order = {each: at for at, each in enumerate(source)}
            defaults.sort(key=lambda each: order[each[0]])
        asked = frozenset(source)
        if self.worked_out:
            asked = self._work_out(taken, asked, day)
        said = tuple([Default(text, count) for _, text, count in defaults])
        case = Case(name, day, (), asked, (), (), {}, (), said, given is not None, DATA)
        known = None
        if way.strict:
            things = {
                each: {*listed[each]} if each in listed else unlisted.get(each, set())
                for each in self.each_has_one
            }
            known = self._known(case, {**taken, **happened} if happened else taken, things)
        case.promise(_Facts(self.vocabulary, taken, day), known)
        return case

    def _work_out(
        self, taken: dict[str, list[Values]], asked: frozenset[str], day: datetime.date
    ) -> frozenset[str]:
        """Add the rows that follow from others or from the day, and say what counts as asked then."""
        for kind in self.worked_out:
            if isinstance(kind.worked_out, WorkedOut):
                if kind.worked_out.list not in asked:
                    continue
                rows = taken.get(kind.worked_out.list, [])
            else:
                rows = []
            taken[kind.name] = rows_of(kind, self.vocabulary, rows, day)
            asked |= {kind.name}
        return asked

    def _check_names(self, names: list[Collection[Any]]) -> None:
        """Whether names are names as they stand, and those of one sort of thing are told apart."""
        # All in one go, which is faster; that a person is called as some household is no fault.
        if not plain_names([*chain.from_iterable(names)], self.nobody) and not all(
            plain_names([*each], self.nobody) for each in names
        ):
            raise Odd

    def _known(self, case: Case, rows: dict[str, list[Values]], things: dict[str, set[Any]]) -> Known:
        """What `known_of` makes of facts in which everything is known."""
        rest = self.rest.get(case.asked)
        if rest is None:
            # What does not depend on facts is that of a case without any.
            none = known_of(Case(case.name, case.as_of, asked=case.asked), self.vocabulary)
            rest = attrs.asdict(none, recurse=False)
            if len(self.rest) >= _MOST_RESTS:
                self.rest.clear()
            self.rest[case.asked] = rest
        return Known(**{**rest, "rows": rows, "things": things})

    def _without_entries(self, source: Source, body: str) -> tuple[Source, Source]:
        """The lists alone, and what the register says about itself."""
        lists: dict[Any, Any] = {}
        entries: dict[Any, Any] = {}
        for name, rows in source.items():
            if name in self.kinds:
                lists[name] = rows
            else:
                entries.update(_entries(name, rows, body))
        return lists, entries

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

    __slots__ = ("day", "taken", "vocabulary")

    def __init__(self, vocabulary: Vocabulary, taken: Mapping[str, list[Values]], day: datetime.date) -> None:
        self.vocabulary, self.taken, self.day = vocabulary, taken, day

    def __call__(self) -> tuple[Fact, ...]:
        from bigrules.facts.readers.json_file import join

        facts: list[Fact] = []
        for name in self.vocabulary.given:
            path = join("", name)
            for number, values in enumerate(self.taken.get(name, ())):
                facts.append(Fact(name, values, place=DataPath(DATA, f"{path}[{number}]")))
        return with_worked_out(self.vocabulary, facts, self.day, frozenset())[0]


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
    if type(given) is datetime.date and FIRST_YEAR <= given.year <= LAST_YEAR:
        return given
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
