"""From plain data to a case: names, repeated rows, blanks, defaults, questions."""

from __future__ import annotations

import dataclasses
import datetime
import pickle
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from bigrules.diagnostics import DataPath
from bigrules.facts import read_register
from bigrules.facts.case import BY_NOW, UNKNOWN, Answer, Case, Default, Fact, Incomplete
from bigrules.facts.records import rulebook_records
from bigrules.language.model import Rulebook

if TYPE_CHECKING:
    from conftest import Read

JUNE = datetime.date(2018, 6, 1)


def test_a_tidy_register(rulebook: Rulebook) -> None:
    """A tidy register is read to the letter."""
    data = {
        "name": "Riverside",
        "as of": "2018-06-01",
        "people": [{"person": "Ann"}, {"person": "Bob", "born": "1980-05-01"}],
        "memberships": [{"person": "Ann", "capacity": "observer", "voting": "no", "from": "2017-01-01"}],
        "relations": [],
    }
    case, found = read_register(rulebook, data)
    assert found == []
    assert case == Case(
        name="Riverside",
        as_of=JUNE,
        facts=(
            Fact("people", ("Ann", UNKNOWN)),
            Fact("people", ("Bob", datetime.date(1980, 5, 1))),
            Fact("memberships", ("Ann", "observer", "no", datetime.date(2017, 1, 1), None)),
        ),
        asked=frozenset({"people", "memberships", "relations"}),
        source="data",
    )
    assert case.facts[2].place == DataPath("data", "memberships[0]")
    assert pickle.loads(pickle.dumps(case)) == case


def test_an_untidy_register(read: Read) -> None:
    """Case, spacing, number, order, padding and repeated rows do not matter."""
    result = read(
        {
            "PEOPLE ": ["  Ann  Example", "bob", "Bob "],
            "Membership": [
                {"Voting?": "Y", " PERSON": "ann example", "From": "1 March 2017", "until": ""},
                {"person": "Ann Example ", "from": datetime.date(2017, 3, 1), "voting": True},
                {"person": "Vacant", "capacity": "member"},
                {"person": None, "capacity": " ", "voting": None},
                {"person": "BOB", "voting": "?", "from": "-"},
            ],
        }
    )
    assert result.found == []
    assert result.facts("people") == [("Ann Example", UNKNOWN), ("bob", UNKNOWN)]
    assert result.facts("memberships") == [
        ("Ann Example", "member", "yes", datetime.date(2017, 3, 1), None),
        ("bob", "member", UNKNOWN, BY_NOW, None),
    ]


def test_the_day_of_judging(rulebook: Rulebook) -> None:
    """The argument wins over the register; without either it is today, and that is said."""
    data = {"people": ["Ann"], "as of": "1/6/2018"}
    assert read_register(rulebook, data, "2019-01-01")[0].as_of == datetime.date(2019, 1, 1)  # type: ignore[union-attr]
    given = read_register(rulebook, data)[0]
    assert given is not None and given.as_of == JUNE and given.day_given
    today = read_register(rulebook, {"people": ["Ann"]})[0]
    assert today is not None and today.as_of == datetime.date.today() and not today.day_given
    case, found = read_register(rulebook, data, "31/2/2018")
    assert case is None and [each.name for each in found] == ["no-such-date"]


def test_the_register_about_itself(read: Read) -> None:
    """The name and the day may stand under `register`."""
    result = read(
        {"register": {"Name of the partnership": "Riverside", "as at": "1/6/2018"}, "people": []}, None
    )
    assert result.case is not None
    assert (result.case.name, result.case.as_of) == ("Riverside", JUNE)


# ---------------------------------------------------------------- who is who


def test_an_unknown_person_is_said_once_with_did_you_mean(read: Read) -> None:
    """A name that is in no list is a fault at its first place in each list of rows."""
    result = read(
        {
            "people": ["Ann Example", "Bob"],
            "homes": [{"person": "Anne Exmaple"}, {"person": "Anne Exmaple"}, {"person": "Bob"}],
        }
    )
    assert result.case is None
    assert result.only.name == "unknown-name"
    assert result.only.place == DataPath("data", "homes[0].person", "Anne Exmaple")
    assert result.only.help == "did you mean `Ann Example`?"
    assert "1 more" in result.only.message


def test_the_same_person_twice_is_merged_where_the_rows_agree(read: Read) -> None:
    """A blank contradicts nothing."""
    result = read(
        {
            "people": [
                {"person": "Ann"},
                {"person": "ann ", "born": "1/5/1980"},
                {"person": "Ann", "born": "?"},
            ]
        }
    )
    assert result.found == []
    assert result.facts("people") == [("Ann", datetime.date(1980, 5, 1))]


def test_the_same_person_twice_is_a_fault_at_both_places_where_they_differ(read: Read) -> None:
    """Two days of birth cannot be one person's."""
    result = read({"people": [{"person": "Ann", "born": "1/5/1980"}, {"person": "ann", "born": "2/5/1980"}]})
    assert result.case is None
    assert result.names == ["conflicting-rows", "conflicting-rows"]
    assert [str(each.place) for each in result.found] == ["data: people[0]", "data: people[1]"]
    assert "data: people[1]" in (result.found[0].help or "")


def test_two_people_of_one_name_are_told_apart_by_their_ids(read: Read) -> None:
    """A name that two have is a fault that names both rows; an id, or a name that one has, is none."""
    people = [
        {"id": "A1", "person": "Ann Example"},
        {"id": "A2", "person": "Ann Example"},
        {"id": "B1", "person": "Bob"},
    ]
    result = read({"people": people, "homes": [{"person": "a2", "in the area": "y"}, {"person": "bob"}]})
    assert result.found == []
    assert [each[0] for each in result.facts("people")] == ["A1", "A2", "B1"]
    assert [each[0] for each in result.facts("homes")] == ["A2", "B1"]
    assert result.case is not None
    assert result.case.names == {
        ("person", "A1"): "Ann Example",
        ("person", "A2"): "Ann Example",
        ("person", "B1"): "Bob",
    }

    result = read({"people": people, "homes": [{"person": "Ann Example"}]})
    assert result.only.name == "ambiguous-name"
    assert "people[0]" in (result.only.help or "") and "people[1]" in (result.only.help or "")


def test_an_id_that_two_have(read: Read) -> None:
    """An id belongs to one."""
    result = read({"people": [{"id": "1", "person": "Ann"}, {"id": "1", "person": "Bob"}]})
    assert "id-twice" in result.names


def test_a_name_may_be_long(rulebook: Rulebook) -> None:
    """Longer than what a message quotes, and alike so far as that goes."""
    ann, bob = (f"{'The Honourable ' * 6}{each} Example" for each in ("Ann", "Bob"))
    data = {
        "name": f"The Partnership of {ann}",
        "people": [{"person": ann, "id": "a" * 99}, {"person": bob}],
        "memberships": [{"person": ann}, {"person": bob}],
        "incomplete": [{"kind": "relations", "about": bob}],
        "relations": [],
    }
    case, found = read_register(rulebook, data, JUNE)
    assert found == []
    assert case is not None
    assert case.name == data["name"]
    assert [each.values[0] for each in case.facts if each.kind == "memberships"] == ["a" * 99, bob]
    assert {each.value for each in case.incomplete} == {bob}


def test_things_without_a_list_keep_their_first_spelling(read: Read) -> None:
    """Households are the same whatever the case and spacing."""
    result = read(
        {
            "people": ["Ann", "Bob"],
            "households": [
                {"person": "Ann", "household": "1 High  Street"},
                {"person": "Bob", "household": "1 HIGH street "},
            ],
        }
    )
    assert {each[1] for each in result.facts("households")} == {"1 High Street"}


def test_people_without_a_list_are_listed_with_a_warning(read: Read) -> None:
    """Where nobody made a list, names are taken as they stand; the list still counts as not asked."""
    result = read({"memberships": [{"person": "Ann"}, {"person": "ann"}]})
    assert result.names == ["names-without-list"]
    assert result.found[0].severity == "warning"
    assert result.facts("people") == [("Ann", UNKNOWN)]
    assert result.case is not None and result.case.asked == {"memberships"}


# ---------------------------------------------------------------- rows


def test_possible_records(read: Read) -> None:
    """`certain: no` or `?` makes a record possible; `possible: yes` says the same; certain rows win."""
    relation = {"person": "Ann", "other": "Bob"}
    result = read(
        {
            "people": ["Ann", "Bob"],
            "relations": [
                {**relation, "kind": "married", "certain": "?"},
                {**relation, "kind": "parent", "Certain": "No"},
                {**relation, "kind": "child", "possible": "Y"},
                {**relation, "kind": "friends", "certain": "no"},
                {**relation, "kind": "friends", "certain": "yes"},
            ],
        }
    )
    assert result.found == []
    assert result.case is not None
    possible = [(each.values[2], each.possible) for each in result.case.facts if each.kind == "relations"]
    assert possible == [("married", True), ("parent", True), ("child", True), ("friends", False)]


def test_keys(read: Read) -> None:
    """Rows of one key are merged where they agree, and a fault at both places where they do not."""
    people = ["Ann", "Bob"]
    result = read({"people": people, "seats": [{"seat": 1, "person": "Ann"}, {"seat": "1", "votes": "2.5"}]})
    assert result.facts("seats") == [(1, "Ann", pytest.approx(2.5), UNKNOWN)]
    result = read({"people": people, "seats": [{"seat": 1, "person": "Ann"}, {"seat": 1.0, "person": "Bob"}]})
    assert result.names == ["conflicting-key", "conflicting-key"]
    assert "differ in `person`" in result.found[0].message


def test_an_end_before_its_beginning(read: Read) -> None:
    """A spell cannot end before it begins; one day is a spell."""
    spell = {"person": "Ann", "from": "2/1/2018", "until": "1/1/2018"}
    result = read({"people": ["Ann"], "homes": [spell]})
    assert result.only.name == "end-before-beginning"
    assert "01/01/2018" in result.only.message
    assert read({"people": ["Ann"], "homes": [{**spell, "until": "2/1/2018"}]}).found == []


def test_a_relation_with_oneself(read: Read) -> None:
    """Both ends of a relation cannot be one person."""
    result = read({"people": ["Ann"], "relations": [{"person": "Ann", "other": "ANN", "kind": "friends"}]})
    assert result.only.name == "with-oneself"


def test_a_cycle_of_parents(read: Read) -> None:
    """Nobody is their own ancestor, whichever way round the parents are recorded."""
    rows = [
        {"person": "Ann", "other": "Bob", "kind": "parent"},
        {"person": "Cy", "other": "Bob", "kind": "child"},
        {"person": "Cy", "other": "Ann", "kind": "parent"},
        {"person": "Cy", "other": "Dee", "kind": "parent"},
    ]
    result = read({"people": ["Ann", "Bob", "Cy", "Dee"], "relations": rows})
    assert result.case is None
    assert result.only.name == "cycle"
    assert result.only.message.endswith("`Ann` → `Bob` → `Cy` → `Ann`")
    assert str(result.only.place) == "data: relations[2]"
    assert "relations[0]" in (result.only.help or "") and "relations[1]" in (result.only.help or "")
    # Without the closing row, or where it is only possible, there is none; marriages may well go both ways.
    assert read({"people": ["Ann", "Bob", "Cy", "Dee"], "relations": [*rows[:2], rows[3]]}).found == []
    assert (
        read(
            {"people": ["Ann", "Bob", "Cy", "Dee"], "relations": [*rows[:2], {**rows[2], "certain": "?"}]}
        ).found
        == []
    )
    married = [{"person": a, "other": b, "kind": "married"} for a, b in (("Ann", "Bob"), ("Bob", "Ann"))]
    assert read({"people": ["Ann", "Bob"], "relations": married}).found == []


def test_every_fault_of_a_register_at_once(read: Read) -> None:
    """Nothing stops at the first fault, and each has its path."""
    result = read(
        {
            "people": ["Ann"],
            "memberships": [
                {"person": "Ann", "voting": "perhaps", "from": "31/2/2018", "capacity": "bserver"}
            ],
            "relations": [{"person": "Ann", "kind": "married"}],
            "seats": [{"seat": 21, "votes": "many"}],
        }
    )
    assert result.case is None
    assert [(each.name, str(each.place)) for each in result.found] == [
        ("not-a-choice", "data: memberships[0].capacity"),
        ("not-yes-or-no", "data: memberships[0].voting"),
        ("no-such-date", "data: memberships[0].from"),
        ("blank-required", "data: relations[0]"),
        ("out-of-range", "data: seats[0].seat"),
        ("not-a-number", "data: seats[0].votes"),
    ]


# ---------------------------------------------------------------- lists and columns


def test_extra_columns_and_lists_are_warnings(read: Read) -> None:
    """What the vocabulary does not know is not read, and said once each."""
    result = read(
        {
            "people": ["Ann"],
            "homes": [
                {"person": "Ann", "in the aera": "yes", "Notes": "nice"},
                {"person": "Ann", "notes": "x"},
            ],
            "relatons": [{"person": "Ann"}],
            "Sheet1": [],
        }
    )
    assert result.case is not None
    assert sorted(result.names) == ["extra-column", "extra-column", "extra-sheet"]
    assert {each.severity for each in result.found} == {"warning"}
    helps = {each.help for each in result.found}
    assert "did you mean `in the area`?" in helps and "did you mean `relations`?" in helps
    assert result.case.asked == {"people", "homes"}


def test_one_column_or_list_twice(read: Read) -> None:
    """Two lists of one kind, and two spellings of one column in a row, are faults."""
    result = read(
        {"people": ["Ann"], "homes": [{"person": "Ann", "in the area": "y", "In_The_Area": "n"}], "Home": []}
    )
    assert sorted(result.names) == ["column-twice", "sheet-twice"]


def test_asked_and_not_asked(read: Read) -> None:
    """A list that is absent was not asked; one that is there and empty says none."""
    result = read({"people": [], "relations": None, "homes": "not asked", "seats": "none"})
    assert result.case is not None
    assert result.case.asked == {"people", "relations", "seats"}


@pytest.mark.parametrize("value", ["Ann", {"person": "Ann"}, 5, [["Ann"]]])
def test_what_is_no_list_of_rows(read: Read, value: object) -> None:
    """A list of rows is a list of rows."""
    result = read({"people": value})
    assert result.case is None and result.names == ["wrong-shape"]


def test_a_cell_with_more_than_one_value(read: Read) -> None:
    """A list cannot stand where one value belongs."""
    result = read({"people": [{"person": ["Ann", "Bob"]}]})
    assert result.case is None and "not-a-value" in result.names


@pytest.mark.parametrize("source", [{}, {"nothing": []}, 5, None, [], b"x"])
def test_what_is_no_register(read: Read, source: object) -> None:
    """Nothing to read is a diagnostic, not an empty case."""
    result = read(source)
    assert result.case is None and result.names


def test_a_row_that_names_nobody_in_a_list_of_people(read: Read) -> None:
    """Each row of a list names something."""
    result = read({"people": [{"person": "?", "born": "1/1/1980"}]})
    assert result.only.name == "blank-required"


# ---------------------------------------------------------------- defaults, answers, gaps


def test_defaults_that_were_used(read: Read) -> None:
    """Blanks with a meaning and missing rows are counted, in plain words."""
    result = read(
        {
            "people": ["Ann", "Bob", "Cy", "Dee"],
            "memberships": [{"person": "Ann"}, {"person": "Bob", "capacity": "member", "from": "always"}],
            "households": [{"person": "Ann", "household": "1"}],
            "incomplete": [{"kind": "households", "about": "dee"}],
        }
    )
    assert result.case is not None
    assert result.case.defaults == (
        Default("`capacity` is blank in memberships: read as `member`", 1),
        Default("`from` is blank in memberships: it had begun by the day of judging", 1),
        Default("somebody without a household lives alone", 2),
    )
    assert result.facts("memberships")[1][3] is None


def test_no_default_for_a_list_that_was_not_asked(read: Read) -> None:
    """Nobody is said to live alone where nobody asked."""
    result = read({"people": ["Ann"]})
    assert result.case is not None and result.case.defaults == ()


def test_incomplete_lists(read: Read) -> None:
    """A list may be incomplete as a whole, or of one thing wherever that may stand in it."""
    result = read(
        {
            "people": ["Ann"],
            "decisions": ["Playground"],
            "incomplete": [
                "homes",
                {"kind": "Relation", "about": "ANN"},
                {"kind": "taking part", "about": "playground"},
            ],
        }
    )
    assert result.found == []
    assert result.case is not None
    assert result.case.incomplete == (
        Incomplete("homes"),
        Incomplete("relations", "person", "Ann"),
        Incomplete("relations", "other", "Ann"),
        Incomplete("taking part", "decision", "Playground"),
    )


def test_incomplete_lists_that_make_no_sense(read: Read) -> None:
    """A gap in nothing, or about nobody, is a fault."""
    result = read(
        {"people": ["Ann"], "incomplete": [{"kind": "relatoins"}, {"kind": "relations", "about": "Bnn"}]}
    )
    assert sorted(result.names) == ["unknown-kind", "unknown-name"]


ANSWER: dict[str, Any] = {"question": "definitions/related", "about": ["ann", "Bob"], "answer": "Y"}


def test_answers(read: Read) -> None:
    """What people decided is found by id, sentence or title; `about` is a list or has semicolons."""
    result = read(
        {
            "people": ["Ann", "Bob"],
            "decisions": ["A; B"],
            "answers": [
                {**ANSWER, "who": "the rep", "when": "1/5/2018", "why": "they grew up together"},
                {"question": "members reflect the area", "answer": "no"},
                {"question": "conflicts/fair", "about": "a; b", "answer": False},
            ],
        }
    )
    assert result.found == []
    assert result.case is not None
    assert result.case.answers == (
        Answer(
            "definitions/related",
            ("Ann", "Bob"),
            "yes",
            "the rep",
            datetime.date(2018, 5, 1),
            "they grew up together",
        ),
        Answer("criteria/reflects", (), "no"),
        Answer("conflicts/fair", ("A; B",), "no"),
    )


def test_the_latest_answer_counts(read: Read) -> None:
    """A question may be asked again; what was decided after the day of judging is not read."""
    base = {"people": ["Ann", "Bob"]}
    rows = [
        {**ANSWER, "answer": "no", "when": "1/5/2018"},
        {**ANSWER, "about": "Bob; Ann", "when": "1/5/2017"},
        {**ANSWER, "when": "1/7/2018"},
    ]
    result = read({**base, "answers": rows})
    assert result.names == ["later-answer"]
    assert result.case is not None
    assert [each.answer for each in result.case.answers] == ["no"]
    conflicting = read({**base, "answers": [rows[0], {**rows[1], "when": "1/5/2018"}]})
    assert conflicting.names == ["conflicting-answers", "conflicting-answers"]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({**ANSWER, "question": "definitions/relatd"}, "unknown-question"),
        ({**ANSWER, "question": "definitions/member"}, "unknown-question"),
        ({**ANSWER, "question": None}, "unknown-question"),
        ({**ANSWER, "about": "Ann"}, "wrong-subject"),
        ({**ANSWER, "about": "Ann; Bbo"}, "unknown-name"),
        ({**ANSWER, "answer": "perhaps"}, "not-yes-or-no"),
        ({**ANSWER, "answer": ""}, "blank-required"),
        ({**ANSWER, "answer": "?"}, "blank-required"),
        ({**ANSWER, "when": "31/2/2018"}, "no-such-date"),
    ],
)
def test_answers_that_cannot_be_used(read: Read, row: dict[str, Any], name: str) -> None:
    """An answer belongs to a question, is about its subject, and is yes or no."""
    result = read({"people": ["Ann", "Bob"], "answers": [row]})
    assert result.case is None and result.names == [name]


@pytest.mark.parametrize("answer", ["?", "not known", "perhaps"])
def test_nobody_is_told_to_answer_with_a_question_mark(read: Read, answer: str) -> None:
    """Who wrote `?` was told that it is neither yes nor no, and to write `?`."""
    result = read({"people": ["Ann", "Bob"], "answers": [{**ANSWER, "answer": answer}]})
    assert [each.help for each in result.found] == [
        "write yes or no, or take the row out until people have decided"
    ]


# ---------------------------------------------------------------- Python objects


@dataclasses.dataclass
class Home:
    person: str
    in_the_area: bool
    from_: datetime.date | None = None


@attrs.define
class Register:
    people: list[str]
    homes: list[Home]


def test_attrs_and_dataclass_objects(read: Read) -> None:
    """Objects of an app are read by the names of their attributes."""
    result = read(Register(["Ann"], [Home("Ann", True, datetime.date(2017, 1, 1))]))
    assert result.found == []
    assert result.facts("homes") == [("Ann", "yes", datetime.date(2017, 1, 1), None)]


def test_records_made_from_the_vocabulary(rulebook: Rulebook, read: Read) -> None:
    """Typed records are rows; what is left out of one is what a blank means, and None is meant."""
    types = rulebook_records(rulebook.vocabulary)
    membership = types.Membership
    rows = [membership(person="Ann"), membership(person="Bob", from_=None, voting="yes", possible=True)]
    result = read(
        {"people": ["Ann", "Bob"], "memberships": rows, "homes": [Fact("homes", ("Ann", "no", None, None))]}
    )
    assert result.found == []
    assert result.facts("memberships") == [
        ("Ann", "member", UNKNOWN, BY_NOW, None),
        ("Bob", "member", "yes", None, None),
    ]
    assert result.case is not None and [
        each.possible for each in result.case.facts if each.kind == "memberships"
    ] == [False, True]
    assert result.facts("homes") == [("Ann", "no", None, None)]


def test_a_kind_of_a_long_name(rulebook: Rulebook) -> None:
    """The name of a list is compared whole, however much of it a message would quote."""
    name = "the remarks about what has been said and done by everybody who was there"
    # Another begins like it, for longer than a message would quote.
    other = name.replace("was there", "was absent")
    kinds = rulebook.vocabulary.kinds
    further = {each: attrs.evolve(kinds["taking part"], name=each) for each in (name, other)}
    book = attrs.evolve(rulebook, vocabulary=attrs.evolve(rulebook.vocabulary, kinds={**kinds, **further}))
    data = {"people": ["Ann"], "decisions": ["Lease"], name: [{"person": "Ann", "decision": "Lease"}]}
    case, found = read_register(book, {**data, "incomplete": [{"kind": name}]}, "2018-06-01")
    assert case is not None and found == []
    assert [each.kind for each in case.facts].count(name) == 1
    assert [each.kind for each in case.incomplete] == [name]


@pytest.mark.parametrize("blank", [None, "", "-"])
def test_an_unknown_column_is_told_about_though_it_is_blank(read: Read, blank: object) -> None:
    """A short way of reading passed it over where another cell of the row was blank too."""
    row = {"person": "Ann", "voting": "yes", "until": "", "votng": blank}
    assert read({"people": ["Ann"], "memberships": [row]}).names == ["extra-column"]
    assert read({"people": [{"person": "Ann"}], "memberships": [row]}).names == ["extra-column"]
