"""The short way of reading plain data: where it gives a case, the full way gives the same and has nothing to say."""

from __future__ import annotations

import copy
import datetime
import enum
import random
import sys
import threading
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
from bigrules.diagnostics import DataPath
from bigrules.facts import read_register
from bigrules.facts.case import BY_NOW, UNKNOWN, Case, Default, Fact
from bigrules.facts.plain import read_plain
from bigrules.facts.plain_rows import Rows
from bigrules.facts.readers import MAX_ROWS
from bigrules.facts.records import rulebook_records
from bigrules.language.model import Blank, Field, Kind, Rulebook, Type, Vocabulary
from plain_registers import (
    DAY,
    GOOD,
    PARENT,
    Register,
    full_way,
    held_against_the_full_way,
    people,
    taken,
)
from properties.evaluators import shipped
from random_rulebooks import rulebook_of


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
    assert sum(each.kind in shipped().vocabulary.given for each in case.facts) == 150
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


def test_what_is_equal_but_read_in_another_way(rulebook: Rulebook) -> None:
    """`Decimal("1.0")` is equal to `True`, and is no way to write yes; a text field takes it to the letter."""
    member = {"person": "Ann", "from": "2017-04-01"}
    for voting in (True, 1, "yes", Decimal(1)):
        case = held_against_the_full_way(rulebook, {**GOOD, "memberships": [{**member, "voting": voting}]})
        assert case is None or case.facts[2].values[2] == "yes"
    assert read_plain(rulebook, {**GOOD, "memberships": [{**member, "voting": Decimal("1.0")}]}, DAY) is None
    case = taken(rulebook, {**GOOD, "seats": [{"seat": 3, "person": "Ann", "remark": True}]})
    assert case.facts[-1].values[3] == "True"


def test_what_was_learnt_is_bounded(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many ways to write a day a program has, few of them are kept; and no names at all."""
    monkeypatch.setattr("bigrules.facts.plain_rows.MOST_LEARNT", 20)
    rows = Rows(rulebook.vocabulary.kinds.values(), False)
    for first in range(1900, 2000, 10):
        born = [{"person": f"P{year}", "born": f"{year}-05-01"} for year in range(first, first + 10)]
        taken, *_ = rows.take({"people": born}, DAY)
        assert taken["people"][9] == (f"P{first + 9}", datetime.date(first + 9, 5, 1))
    assert 10 <= len(rows.learnt["people", "born"]) <= 30
    assert ("people", "person") not in rows.learnt


def test_chains_with_somebody_who_is_not_known(rulebook: Rulebook) -> None:
    """A parent who is not known is not the child who is not known."""
    rows = [{**PARENT, "other": "?"}, {**PARENT, "person": "?", "other": "Ann"}]
    assert taken(rulebook, {**GOOD, "relations": rows}).facts[3].values == ("Ann", UNKNOWN, "parent")


def test_what_the_register_says_about_itself(rulebook: Rulebook) -> None:
    """Its name is tidied; where its body is called `as of`, that is what its name stands behind."""
    assert taken(rulebook, {**GOOD, "name": " Riverside  Big Local "}).name == "Riverside Big Local"
    assert taken(rulebook, {**GOOD, "register": {"name": "-", "as of": "1/6/2018"}}, None).name == ""
    changed = attrs.evolve(rulebook, body="as of")
    source = {**GOOD, "as of": "Riverside"}
    held_against_the_full_way(changed, source)
    case = read_register(changed, source, DAY)[0]
    assert case is not None and case.name == "Riverside"
