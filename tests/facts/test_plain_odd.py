"""What the short way of reading plain data leaves to the full way, which says what it is."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict

import attrs
import pytest

from bigrules.diagnostics import DataPath
from bigrules.facts import read_register
from bigrules.facts.case import Default
from bigrules.facts.plain import read_plain
from bigrules.facts.plain_rows import Rows
from bigrules.language.model import Blank, Field, Kind, Rulebook, Sentence, Type, Vocabulary
from plain_registers import (
    DAY,
    GOOD,
    PARENT,
    OddRow,
    Plain,
    held_against_the_full_way,
    people,
    taken,
)

# ---------------------------------------------------------------- what must not


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
    held_against_the_full_way(changed, {"people": people("Ann", "Ann"), "folk": [{"person": "Ann"}]})


def test_nothing_is_put_into_a_row(rulebook: Rulebook) -> None:
    """A row that fills itself with what is asked of it is not asked."""
    for kind, filled in (
        ("people", {"name": "Ann"}),
        ("memberships", {"person": "Ann", "voting": "yes", "shoe size": "7"}),
    ):
        row: dict[str, str] = defaultdict(str, filled)
        assert read_plain(rulebook, {"people": people("Ann"), kind: [row]}, DAY) is None
        assert dict(row) == filled


@pytest.mark.parametrize(
    "source",
    [{}, [], [{"people": []}], "people", None, OddRow({}), {"name": "Riverside"}, {"people": "not asked"}],
)
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
