"""The short way of reading plain data: where it gives a case, the full way gives the same and has nothing to say."""

from __future__ import annotations

import copy
import datetime
import enum
import math
import pickle
import random
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml
from hypothesis import event, given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks import cases
from bigrules.diagnostics import DataPath, Diagnostic
from bigrules.facts import read_register
from bigrules.facts.case import BY_NOW, UNKNOWN, Case, Default, Fact
from bigrules.facts.known import Known, known_of
from bigrules.facts.plain import read_plain
from bigrules.facts.plain_rows import Rows
from bigrules.facts.readers import MAX_ROWS
from bigrules.facts.readers.objects import read_objects
from bigrules.facts.records import rulebook_records
from bigrules.facts.structure import structure
from bigrules.language.model import Blank, Field, Kind, Rulebook, Sentence, Type, Vocabulary
from properties.evaluators import shipped
from random_rulebooks import rulebook_of

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


def test_registers_in_plain_order(rulebook: Rulebook) -> None:
    """Whatever is in plain order, and of which there is nothing to say, is read in the short way."""

    def check(seed: int) -> bool:
        source = Register(rulebook, random.Random(seed)).tidy()
        case = held_against_the_full_way(rulebook, source)
        if case is None:
            assert full_way(rulebook, source)[1], f"the short way is not taken with {seed}"
        return case is not None

    # Of some there is something to say: a circle of parents, a row that contradicts another.
    assert sum(map(check, range(200))) > 150


@given(seed=st.integers(0, 2**32), much=st.integers(1, 4))
def test_spoiled_registers(rulebook: Rulebook, seed: int, much: int) -> None:
    """However a register is spoiled, the short way gives what the full way gives, or leaves it to that."""
    register = Register(rulebook, random.Random(seed))
    for _ in range(5):
        source = register.tidy()
        for _ in range(much):
            register.spoil(source)
        for as_of in (DAY, None, "2018-06-01"):
            short = held_against_the_full_way(rulebook, source, as_of)
        event("the short way" if short is not None else "the full way")


@given(seed=st.integers(0, 2**32), much=st.integers(0, 2))
def test_any_vocabulary(seed: int, much: int) -> None:
    """The same with kinds of fact that were made up at random."""
    rulebook = rulebook_of(seed)
    register = Register(with_lists(rulebook), random.Random(seed))
    source = register.tidy()
    for _ in range(much):
        register.spoil(source)
    short = held_against_the_full_way(with_lists(rulebook), source)
    event("the short way" if short is not None else "the full way")


def with_lists(rulebook: Rulebook) -> Rulebook:
    """A random rulebook with a list of people."""
    people = Kind("people", (Field("person", Type("person"), Blank("required")),), lists="person")
    kinds = {"people": people, **rulebook.vocabulary.kinds}
    return attrs.evolve(rulebook, vocabulary=Vocabulary(kinds, rulebook.vocabulary.things))


# ---------------------------------------------------------------- what must be read in the short way


def test_the_partnership_that_is_measured() -> None:
    """The short way is taken, and nothing but findings is wanted of it: the facts are not even made."""
    case = taken(shipped(), cases.twelve())
    assert len(case.facts) == 110
    case = read_register(shipped(), cases.twelve(), DAY)[0]  # type: ignore[assignment]
    assert case.promised is not None and case.known is not None


def test_the_example_register() -> None:
    """The example too, once what only the full way reads is taken out."""
    text = (Path(__file__).parents[2] / "examples" / "riverside.yaml").read_text("utf-8")
    source = {key: value for key, value in yaml.safe_load(text).items() if key != "answers"}
    for name, rows in source.items():
        if name != "register":
            source[name] = [row for row in rows if "certain" not in row and row.get("person") != "vacant"]
    case = taken(shipped(), source, None)
    assert (case.name, case.as_of, case.day_given) == ("Riverside Big Local (made up)", DAY, True)
    assert any(UNKNOWN in each.values for each in case.facts)


def people(*names: str) -> list[Plain]:
    return [{"person": each, "born": "1980-05-01"} for each in names]


def test_blanks_and_defaults(rulebook: Rulebook) -> None:
    """What is not there is what a blank means, and is counted, in the order of the lists."""
    source = {
        "households": [{"person": "Ann", "household": "12 Weir Street"}],
        "memberships": [
            {"person": "Ann", "voting": "yes", "from": "2017-04-01"},
            {"person": "Bob", "capacity": None, "voting": "?", "until": datetime.date(2018, 5, 1)},
        ],
        "people": people("Ann", "Bob", "Cara"),
    }
    case = taken(rulebook, source)
    assert [each.values for each in case.facts if each.kind == "memberships"] == [
        ("Ann", "member", "yes", datetime.date(2017, 4, 1), None),
        ("Bob", "member", UNKNOWN, BY_NOW, datetime.date(2018, 5, 1)),
    ]
    assert case.defaults == (
        Default("somebody without a household lives alone", 2),
        Default("`capacity` is blank in memberships: read as `member`", 2),
        Default("`from` is blank in memberships: it had begun by the day of judging", 1),
    )
    assert case.asked == {"people", "memberships", "households"}
    assert case.facts[3].place == DataPath("data", "memberships[0]")


def test_records(rulebook: Rulebook) -> None:
    """Records are rows; one of which it is only possible that it is there is left to the full way."""
    types = rulebook_records(rulebook.vocabulary)
    home, seat = types["homes"], types["seats"]
    source = {
        "people": people("Ann"),
        "homes": [home(person="Ann", in_the_area="yes", from_=None)],
        "seats": [seat(seat=3, person="Ann", votes=Fraction(1, 2), remark="by the window")],
    }
    case = taken(rulebook, source)
    assert case.facts[1].values == ("Ann", "yes", None, None)
    source["homes"] = [home(person="Ann", possible=True)]
    assert read_plain(rulebook, source, DAY) is None
    read, found = read_register(rulebook, source, DAY)
    assert read is not None and not found and read.facts[1].possible


def test_what_is_still_to_come_is_a_fact_and_not_known(rulebook: Rulebook) -> None:
    days = {"a": "2018-06-01", "b": "2018-06-02"}
    source = {"decisions": [{"decision": name, "day": day, "about": "grant"} for name, day in days.items()]}
    case = taken(rulebook, source)
    assert case.known is not None
    assert case.known.rows["decisions"] == [("a", DAY, "grant")]
    assert [each.values[0] for each in case.facts] == ["a", "b"]


def test_texts_of_an_enumeration(rulebook: Rulebook) -> None:
    """An enumeration whose choices are texts is read as those texts, in the full way too."""

    class Vote(str, enum.Enum):  # noqa: UP042 - one that prints itself as `Vote.yes`
        yes = "yes"
        no = "no"

    class Column(enum.StrEnum):
        person = "person"

    source = {
        "people": [{Column.person: "Ann"}],
        "memberships": [{"person": "Ann", "voting": Vote.yes, "from": "2017-04-01"}],
    }
    taken(rulebook, {**source, "memberships": [{"person": "Ann", "voting": "yes", "from": "2017-04-01"}]})
    case = taken(rulebook, source)
    assert case.facts[1].values[2] == "yes"

    class Person(enum.StrEnum):
        ann = "Ann"

    assert read_plain(rulebook, {"people": people(Person.ann)}, DAY) is None
    assert type(read_register(rulebook, {"people": people(Person.ann)}, DAY)[0].facts[0].values[0]) is str

    class Lists(str, enum.Enum):  # noqa: UP042
        people = "people"

    read, found = read_register(rulebook, {Lists.people: people("Ann")}, DAY)
    assert read is not None and not found and {*map(type, read.asked)} == {str}


# ---------------------------------------------------------------- what must not


PARENT = {"person": "Ann", "other": "Bob", "kind": "parent"}
GOOD: Plain = {
    "people": people("Ann", "Bob"),
    "memberships": [{"person": "Ann", "capacity": "member", "voting": "yes", "from": "2017-04-01"}],
    "relations": [PARENT],
    "seats": [{"seat": 3, "person": "Ann", "votes": 1, "remark": "by the window"}],
}
BAD: dict[str, Plain] = {
    "a name that is not listed": {"memberships": [{"person": "Cara", "voting": "yes", "from": "2017-04-01"}]},
    "a name twice": {"people": people("Ann", "Bob", "Ann")},
    "a name in capitals": {"people": people("Ann", "Bob", "ANN")},
    "a padded name": {"people": people("Ann", "Bob", " Cara")},
    "a name that is not known": {"people": people("Ann", "Bob", "? ?")},
    "a name with what is not seen in it": {"people": people("Ann", "Bob", "Ca\u200bra")},
    "a name that is composed in another way": {"people": people("Ann", "Bob", "Zoe\u0308")},
    "a name in capitals, beside one that looks like two": {"people": people("Ann", "Bob", "x | y", "Zed", "ZED")},
    "a name that is none": {"people": people("Ann", "Bob", "n/a")},
    "an example": {"people": people("Ann", "Bob", "example: Cara")},
    "nobody": {"people": people("Ann", "Bob", "Vacant")},
    "no list of people": {"people": "not asked"},
    "the same row twice": {"memberships": GOOD["memberships"] * 2},
    "the same key twice": {"seats": [{"seat": 3, "person": "Ann"}, {"seat": 3, "person": "Bob"}]},
    "a kind in the singular": {"home": []},
    "a heading in capitals": {"people": [{"Person": "Ann"}, {"person": "Bob"}]},
    "a column too many": {"people": [{"person": "Ann", "shoe size": 7}, {"person": "Bob"}]},
    "an end before its beginning": {"memberships": [{"person": "Ann", "from": "2017-04-01", "until": "2017-03-31"}]},
    "somebody related to herself": {"relations": [{**PARENT, "other": "Ann"}]},
    "a circle": {"relations": [PARENT, {"person": "Bob", "other": "Ann", "kind": "parent"}]},
    "a circle told in two ways": {"relations": [{**PARENT, "kind": each} for each in ("parent", "child")]},
    "a number out of range": {"seats": [{"seat": 21, "person": "Ann"}]},
    "a date that is none": {"memberships": [{"person": "Ann", "from": "2017-04-31"}]},
    "what must be there is not": {"seats": [{"person": "Ann"}]},
    "a blank in a word": {"memberships": [{**GOOD["memberships"][0], "capacity": "-"}]},
    "a list in a cell": {"memberships": [{"person": "Ann", "voting": ["yes"]}]},
    "an answer": {"answers": []},
    "an id": {"people": [{"person": "Ann", "id": "P1"}, {"person": "Bob"}]},
    "what is only possible": {"relations": [{**PARENT, "certain": "no"}]},
    "a list that may be asked or not": {"households": None},
    "a household that is none": {"households": [{"person": "Ann", "household": "n/a"}]},
    "a household in two spellings": {
        "households": [{"person": "Ann", "household": "Weir"}, {"person": "Bob", "household": "WEIR"}]
    },
    "rows that are no rows": {"homes": {"person": "Ann"}},
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_left_to_the_full_way(rulebook: Rulebook, what: str) -> None:
    """The register is in order but for one thing."""
    taken(rulebook, GOOD)
    assert read_plain(rulebook, {**GOOD, **BAD[what]}, DAY) is None


def test_rows_that_can_be_gone_through_only_once(rulebook: Rulebook) -> None:
    """They are left as they are for the full way."""
    source = {"people": (each for each in people("Ann")), "memberships": [{"person": "Nobody Listed"}]}
    case, found = read_register(rulebook, source, DAY)
    assert case is None and [each.name for each in found] == ["unknown-name"]
    for first, second in (("people", "memberships"), ("memberships", "people")):
        source = {first: iter([{"person": "Ann"}]), second: iter([{"person": "Ann"}])}
        case, found = read_register(rulebook, source, DAY)
        assert case is not None and not found and len(case.facts) == 2


def test_what_is_wrong_is_said_though_something_else_is_too(rulebook: Rulebook) -> None:
    """Rows that can be gone through only once are left for the full way when something before them is odd."""
    wrong = [{"person": "Cara"}]
    found = read_register(
        rulebook, {"people": people("Ann"), "memberships": wrong, "homes": iter(wrong)}, DAY
    )[1]
    assert [each.place for each in found] == [
        DataPath("data", "memberships[0].person", "Cara"), DataPath("data", "homes[0].person", "Cara")
    ]  # fmt: skip


def test_two_lists_of_one_thing(rulebook: Rulebook) -> None:
    """Who has no row is counted over both lists, which the full way does."""
    changed = with_kind(rulebook, Kind("folk", (Field("person", PERSON),), lists="person"))
    source = {"people": people("Ann", "Bob"), "folk": [{"person": "Ann"}], "households": []}
    assert read_plain(changed, source, DAY) is None
    case = read_register(changed, source, DAY)[0]
    assert case is not None and case.defaults == (Default("somebody without a household lives alone", 2),)


def test_nothing_is_put_into_a_row(rulebook: Rulebook) -> None:
    """A row that fills itself with what is asked of it is not asked."""
    for kind, filled in (
        ("people", {"name": "Ann"}),
        ("memberships", {"person": "Ann", "voting": "yes", "shoe size": "7"}),
    ):
        row: dict[str, str] = defaultdict(str, filled)
        assert read_plain(rulebook, {"people": people("Ann"), kind: [row]}, DAY) is None
        assert dict(row) == filled


@pytest.mark.parametrize("source", [{}, [], None, OddRow({}), {"name": "Riverside"}, {"people": "not asked"}])
def test_no_register(rulebook: Rulebook, source: object) -> None:
    assert read_plain(rulebook, source, DAY) is None


def test_a_day_that_is_none(rulebook: Rulebook) -> None:
    for day in ("nonsense", datetime.date(1066, 10, 14)):
        assert read_plain(rulebook, GOOD, day) is None
    assert taken(rulebook, GOOD, datetime.datetime(2018, 6, 1, 12)).as_of == DAY


# ---------------------------------------------------------------- vocabularies


def with_kind(rulebook: Rulebook, *kinds: Kind) -> Rulebook:
    every = {**rulebook.vocabulary.kinds, **{each.name: each for each in kinds}}
    return attrs.evolve(rulebook, vocabulary=Vocabulary(every, (*rulebook.vocabulary.things, "household")))


PERSON, TEXT, YES_OR_NO = Type("person"), Type("text"), Type("yes or no", ("yes", "no"))
GONE = Field("until", Type("one of", ("present", "gone")))
HAS_ONE = Sentence("<person> has a pet", ("person",))


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        # `possible` is a column of its own; two fields that are one heading; a kind that is another in other spelling.
        (Kind("pets", (Field("person", PERSON), Field("Possible", TEXT))), {"person": "Ann", "Possible": "yes"}),
        (Kind("pets", (Field("pet-name", TEXT), Field("pet name", TEXT))), {"pet-name": "Rex", "pet name": "Rex"}),
        (Kind("taking-part", (Field("person", PERSON),)), {"person": "Ann"}),
        (Kind("register", (Field("person", PERSON),)), {"person": "Ann"}),
        (Kind("as of", (Field("person", PERSON),)), {"person": "Ann"}),
        (Kind("answers", (Field("person", PERSON),)), {"person": "Ann"}),
        (Kind("Answers", (Field("person", PERSON),)), {"person": "Ann"}),
        # Words that say that a row is about no one, and an end, may be choices and texts too.
        (Kind("pets", (Field("pet", Type("one of", ("none yet", "dog")), nobody=("none yet",)),)), {"pet": "none yet"}),
        (Kind("pets", (Field("pet", TEXT, nobody=("none",)),)), {"pet": "None"}),
        (Kind("pets", (Field("pet", TEXT), GONE)), {"pet": "x", "until": "present"}),
        (Kind("pets", (Field("pet", TEXT),)), {"pet": "example: Rex"}),
        (Kind("pets", (Field("pet", Type("one of", ("example: dog", "?"))),)), {"pet": "example: dog"}),
        (Kind("pets", (Field("pet", Type("one of", ("?", "dog"))),)), {"pet": "?"}),
        (Kind("pets", (Field("certainty", YES_OR_NO), Field("from", TEXT))), {"certainty": "yes", "from": "always"}),
        (Kind("folk", (Field("person", PERSON),), lists="person"), {"person": "Ann"}),
        (Kind("none", ()), {}),
        (Kind("pets", (Field("person", PERSON),), (HAS_ONE,), one_for_each="person"), {"person": "Ann"}),
        (Kind("pets", (Field("home", Type("household")),), one_for_each="home"), {"home": "Kennel"}),
    ],
)  # fmt: skip
def test_odd_vocabularies(rulebook: Rulebook, kind: Kind, row: Plain) -> None:
    """What a register says under names that mean something else too is what the full way says it is."""
    changed = with_kind(rulebook, kind)
    for rows in ([row], []):
        held_against_the_full_way(changed, {"people": people("Ann"), kind.name: rows})


WORDS = frozenset(
    re.findall(
        r"\w+",
        """def take source day return get asked taken happened listed unlisted defaults links rows names append update
        setdefault keys zip dict set sum len type isinstance date raise Odd if else for in is not and or None
        L D U N MOST a b f k l n r v x""",
    )
)


def test_nothing_of_a_vocabulary_stands_in_what_is_generated(rulebook: Rulebook) -> None:
    """Names that would break out of a text, or call something, are handed over and never written."""
    hostile = ('"', "'", "\n", "__import__('os')", "]", "\\", "\x00", "x" * 10_000, "\u202e")
    fields = tuple(
        Field(f"a{text}{number}", Type("one of", (f"{text}b", "other")), Blank("value", f"{text}b"))
        for number, text in enumerate(hostile)
    )
    kind = Kind(
        "k'\"\n]", (Field("person", PERSON), *fields), lists="", no_row="'\"\n]", key=(fields[0].name,)
    )
    for strict in (True, False):
        rows = Rows([*rulebook.vocabulary.kinds.values(), kind], strict)
        rows.take({kind.name: []}, DAY)
        words = set(re.findall(r"[^\W\d]+", rows.source))
        assert words <= WORDS, words - WORDS
        assert not re.search(r"""['"\\]|__""", rows.source)
    changed = with_kind(rulebook, kind)
    row = {"person": "Ann", **{each.name: each.type.choices[1] for each in fields[:4]}}
    taken(changed, {"people": people("Ann"), kind.name: [row]})


# ---------------------------------------------------------------- facts that are made later


def test_facts_are_made_once_whoever_asks(rulebook: Rulebook) -> None:
    """Eight threads that ask at once all get the facts."""
    expected = full_way(rulebook, GOOD)[0]
    assert expected is not None
    for _ in range(50):
        case = read_plain(rulebook, GOOD, DAY)
        assert case is not None
        start = threading.Barrier(8)
        got: list[tuple[Fact, ...]] = []

        def ask(case: Case = case, start: threading.Barrier = start, got: Any = got) -> None:
            start.wait()
            got.append(case.facts)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert got == [expected.facts] * 8
        assert case.facts is case.facts and case.promised is None
        # Whoever found none, and comes too late to make them, gets those that are there.
        assert case.__getattr__("facts") is case.facts


def test_a_case_is_what_it_was_though_the_data_change(rulebook: Rulebook) -> None:
    """What was read stays, whatever becomes of the data."""
    source = copy.deepcopy(GOOD)
    case = read_plain(rulebook, source, DAY)
    assert case is not None
    source["people"][0]["person"] = "Zoë Curtain"
    source["relations"].clear()
    assert case == full_way(rulebook, GOOD)[0]
    assert attrs.evolve(case, name="x").facts == case.facts
    with pytest.raises(AttributeError, match="no attribute `fact`"):
        _ = case.fact  # type: ignore[attr-defined]


def test_a_list_that_is_too_long(rulebook: Rulebook) -> None:
    """As many rows as a list may have are read, and not one more."""
    rows = [{"person": f"P{number}"} for number in range(MAX_ROWS + 1)]
    assert read_plain(rulebook, {"people": rows}, DAY) is None
    case = read_plain(rulebook, {"people": rows[1:]}, DAY)
    assert case is not None and len(case.facts) == MAX_ROWS


def test_two_who_are_not_known_are_not_one(rulebook: Rulebook) -> None:
    case = taken(rulebook, {**GOOD, "relations": [{"person": "?", "other": "?", "kind": "friends"}]})
    assert case.facts[3].values == (UNKNOWN, UNKNOWN, "friends")
