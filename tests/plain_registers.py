"""Registers as plain data, in plain order and spoiled; and how the short way is held against the full one."""

from __future__ import annotations

import copy
import datetime
import math
import pickle
import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.facts.case import BY_NOW, UNKNOWN, Case
from bigrules.facts.known import Known, known_of
from bigrules.facts.plain import read_plain
from bigrules.facts.readers.objects import read_objects
from bigrules.facts.structure import structure
from bigrules.language.model import Field, Kind, Rulebook

DAY = datetime.date(2018, 6, 1)
Plain = dict[str, Any]


def full_way(rulebook: Rulebook, source: object, as_of: object = DAY) -> tuple[Case | None, list[Diagnostic]]:
    """What is read without the short way."""
    found: list[Diagnostic] = []
    raw = read_objects(source, rulebook.vocabulary, found)
    if raw is None:
        return None, found
    case, noticed = structure(rulebook, raw, as_of)  # type: ignore[arg-type]
    return case, [*found, *noticed]


def parts(known: Known) -> Plain:
    """Everything that is kept by kinds, to be compared."""
    return {each.name: getattr(known, each.name) for each in attrs.fields(Known)}


def held_against_the_full_way(rulebook: Rulebook, source: Plain, as_of: object = DAY) -> Case | None:
    """The case that the short way gives, if any; it must be that of the full way to the last detail."""
    before = copy.deepcopy(source)
    short = read_plain(rulebook, source, as_of)  # type: ignore[arg-type]
    assert repr(source) == repr(before), "what is handed over is left as it was"
    if short is None:
        return None
    kept = short.known
    full, found = full_way(rulebook, source, as_of)
    assert not found and full is not None, found
    assert short == full
    for one, other in zip(short.facts, full.facts, strict=True):
        assert (one.place, list(map(type, one.values))) == (other.place, list(map(type, other.values)))
    if kept is not None:
        assert parts(kept) == parts(known_of(full, rulebook.vocabulary))
    assert pickle.loads(pickle.dumps(short)) == full
    return short


def taken(rulebook: Rulebook, source: Plain, as_of: object = DAY) -> Case:
    """As above, where the short way must be taken."""
    case = held_against_the_full_way(rulebook, source, as_of)
    assert case is not None, "the short way is not taken"
    return case


def people(*names: str) -> list[Plain]:
    return [{"person": each, "born": "1980-05-01"} for each in names]


PARENT = {"person": "Ann", "other": "Bob", "kind": "parent"}
GOOD: Plain = {
    "people": people("Ann", "Bob"),
    "memberships": [{"person": "Ann", "capacity": "member", "voting": "yes", "from": "2017-04-01"}],
    "relations": [PARENT],
    "seats": [{"seat": 3, "person": "Ann", "votes": 1, "remark": "by the window"}],
}
# ---------------------------------------------------------------- at random

NAMES = ("Ann Example", "Bob Sample", "Zoë Curtain", "O’Neill", "12 Weir Street", "Example: a name", "4")
# What spoils a value, or is a value in some other words, or is known to be none.
SPOILED: tuple[Any, ...] = (
    None, "", " ", "-", "–", "?", "??", "not known", UNKNOWN, BY_NOW, True, False, 1, 0, 1.0, 12, 3.5, math.nan,
    Decimal("1.0"), Fraction(1, 2), [], ["Ann Example"], {}, b"yes", " Ann Example", "ANN EXAMPLE", "Ann  Example",
    "Ann\u200bExample", "Ann\nExample", "Zoe\u0308 Curtain", "ＡＮＮ", "Nobody Listed", "vacant", "Vacancy.", "a | b",
    "example: Ann", "e.g. : x", "n/a", "none", "always", "no end", "present", "31/02/2017", "2017-13-01", "2016-W09-2",
    "20160301", "2017-04-01T10:00", "1/3/2017", "1 March 2017", "42430", 42430, "£1,250.50", "1e3", "yes ", "YES", "y",
    "TRUE", "Member", "co-opted_member", "membr", "x" * 70, datetime.date(2017, 3, 1), datetime.date(9999, 12, 31),
    datetime.date(1066, 10, 14), datetime.datetime(2017, 3, 1, 9, 30), datetime.time(9, 30), ("a",), frozenset({1}),
)  # fmt: skip
KEYS: tuple[Any, ...] = (
    "Person",
    " person",
    "persons",
    "certain",
    "possible",
    "id",
    "unheard of",
    "",
    3,
    None,
)
LISTS: tuple[Any, ...] = (
    None, "none", "not asked", "?", "", 7, {}, {"person": "Ann Example"}, ["Ann Example"], [[]], [None], ({},), [{}],
)  # fmt: skip
BESIDE: tuple[tuple[Any, Any], ...] = (
    ("name", "Riverside"), ("name", " "), ("name", 7), ("as of", "2018-06-01"), ("as of", "nonsense"), ("as of", None),
    ("as of", datetime.date(2018, 6, 1)), ("register", {"name": "Riverside", "as of": "1/6/2018"}), ("register", {}),
    ("register", {"relations": "yes"}), ("register", []), ("answers", []), ("incomplete", [{"kind": "homes"}]),
    ("Homes", []), ("home", []), ("unheard of", []), (3, []), ("_", None),
)  # fmt: skip


class Register:
    """A random register in plain order, for any vocabulary; then spoiled in some places."""

    def __init__(self, rulebook: Rulebook, chance: random.Random) -> None:
        self.kinds, self.chance = rulebook.vocabulary.kinds, chance
        # In some everything is known, so that what is kept by kinds is there from the first.
        self.blank = chance.choice((0.0, 0.3))
        self.names = {
            thing: chance.sample(NAMES[:5], chance.randint(1, 5)) for thing in rulebook.vocabulary.things
        }

    def tidy(self) -> Plain:
        """Values in one form each; names that are listed; no two rows that are the same, or of one key."""
        listed = {each.lists for each in self.kinds.values()}
        source = {}
        for kind in self.kinds.values():
            if kind.lists or self.chance.random() < 0.8:
                rows = [self.row(kind, name) for name in self.names[kind.lists]] if kind.lists else []
                rows = rows or [self.row(kind) for _ in range(self.chance.randint(0, 4))]
                alike = kind.key or [each.name for each in kind.fields]
                by_key = {tuple([str(row.get(each)) for each in alike]): row for row in rows}
                source[kind.name] = list(by_key.values())
        assert listed
        names = list(source)
        self.chance.shuffle(names)
        return {name: source[name] for name in names}

    def row(self, kind: Kind, name: str = "") -> Plain:
        fields = [*kind.fields]
        self.chance.shuffle(fields)
        first = kind.fields[0]
        row = {
            each.name: self.value(each)
            for each in fields
            if each is first
            or self.chance.random()
            >= {"required": 0, "unknown": self.blank, "by now": self.blank}.get(each.blank.meaning, 0.3)
        }
        row = {**row, first.name: name} if name else row
        # Two of a sort in one row are mostly two.
        for each in kind.fields[1:]:
            others = [name for name in self.names.get(each.type.name, ()) if name != row.get(first.name)]
            if each.type == first.type and each.name in row and others:
                row[each.name] = self.chance.choice(others)
        return row

    def value(self, field: Field) -> Any:
        type_ = field.type
        year = {"from": 2015, "until": 2018}.get(field.name, 2017) + self.chance.randint(0, 2)
        day = datetime.date(year, self.chance.randint(1, 12), 1)
        if type_.is_thing:
            return self.chance.choice(self.names[type_.name])
        if type_.choices:
            return self.chance.choice(type_.choices)
        if type_.name == "date":
            return self.chance.choice((day, day.isoformat()))
        if type_.name == "text":
            return self.chance.choice(("a remark", "Ann Example", "7"))
        return self.chance.choice((type_.least or 1, str(type_.greatest or 3)))

    def spoil(self, source: Plain) -> None:
        """Change something in one place."""
        chance = self.chance
        lists = [
            each for each in source.values() if isinstance(each, list) and each and isinstance(each[0], dict)
        ]
        do = chance.random()
        if do < 0.1 or not lists:
            key, value = chance.choice(BESIDE)
            source[key] = copy.copy(value)
        elif do < 0.2:
            source[chance.choice(list(source))] = copy.deepcopy(chance.choice(LISTS))
        elif do < 0.3:
            rows = chance.choice(lists)
            rows.append(chance.choice([{**rows[0]}, {}, "Ann Example", None, OddRow(rows[0])]))
        elif do < 0.4:
            row = chance.choice(chance.choice(lists))
            if isinstance(row, dict):
                row[chance.choice(KEYS)] = chance.choice((None, "yes", "x"))
        else:
            row = chance.choice(chance.choice(lists))
            if isinstance(row, dict) and row:
                key = chance.choice(list(row))
                if do < 0.5:
                    del row[key]
                else:
                    row[key] = copy.copy(chance.choice(SPOILED))


class OddRow(Mapping[str, Any]):
    """A mapping that is no dictionary."""

    def __init__(self, row: object) -> None:
        self.row = row if isinstance(row, dict) else {}

    def __getitem__(self, key: str) -> Any:
        return self.row[key]

    def __iter__(self) -> Any:
        return iter(self.row)

    def __len__(self) -> int:
        return len(self.row)

    def __repr__(self) -> str:
        return f"OddRow({self.row!r})"

    def __deepcopy__(self, memo: object) -> OddRow:
        return OddRow(copy.deepcopy(self.row))
