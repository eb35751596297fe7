"""Single values as people write them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from bigrules.facts.case import BY_NOW, UNKNOWN
from bigrules.facts.sheets import find_name
from bigrules.facts.values import Unusable, field_value, read_date, read_value
from bigrules.facts.words import near, tidy
from bigrules.language.model import Blank, Field, Type

YES_OR_NO = Type("yes or no", ("yes", "no"))
DAY = datetime.date(2017, 12, 31)


@pytest.mark.parametrize("raw", ["Yes", "Y", "yes ", "TRUE", "true", "1", True, 1, 1.0, " yEs\u00a0"])
def test_yes_however_it_is_written(raw: object) -> None:
    """A yes is a yes in any case, with padding, as a number or a tick."""
    assert read_value(YES_OR_NO, raw) == "yes"


@pytest.mark.parametrize("raw", ["No", "N", "no ", "FALSE", "0", False, 0, 0.0])
def test_no_however_it_is_written(raw: object) -> None:
    """A no is a no likewise."""
    assert read_value(YES_OR_NO, raw) == "no"


@pytest.mark.parametrize(
    "raw",
    [
        "31/12/2017", "2017-12-31", "31.12.2017", "31 December 2017", "31 Dec 2017", "31st December, 2017",
        "Sunday 31 December 2017", "December 31, 2017", "31-12-2017", "31-Dec-2017", " 31 / 12 / 2017 ",
        "2017-12-31T00:00:00", "2017-12-31 00:00", "2017/12/31",
        datetime.date(2017, 12, 31), datetime.datetime(2017, 12, 31, 9, 30),
    ],
)  # fmt: skip
def test_a_day_however_it_is_written(raw: object) -> None:
    """A date is read with the day first, as text or as a real date."""
    assert read_date(raw) == DAY


def test_the_day_comes_first() -> None:
    """The first of December is not the twelfth of January."""
    assert read_date("1/12/2017") == datetime.date(2017, 12, 1)


@pytest.mark.parametrize(
    ("raw", "name", "help"),
    [
        ("31/12/17", "two-digit-year", "all four"),
        ("1 March 17", "two-digit-year", "all four"),
        ("30/2/2018", "no-such-date", "write the day"),
        ("29 February 2017", "no-such-date", "write the day"),
        ("2018-06-31", "no-such-date", "write the day"),
        ("12/31/2017", "no-such-date", "the day comes first"),
        ("March 2017", "not-a-date", "write the day"),
        ("2017", "not-a-date", "write the day"),
        ("1 Mrach 2017", "not-a-date", "did you mean `march`?"),
        ("soon", "not-a-date", "write the day"),
        (43100, "not-a-date", "31/12/2017"),
        (True, "not-a-date", "write the day"),
        ("1/1/0217", "out-of-range", "between"),
        (datetime.date(9999, 12, 31), "out-of-range", "between"),
    ],
)
def test_what_is_no_day(raw: object, name: str, help: str) -> None:
    """What is no day of the calendar is a fault with help, and never guessed."""
    with pytest.raises(Unusable) as caught:
        read_date(raw)
    assert caught.value.name == name
    assert help in (caught.value.help or "")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("3", 3), (3.0, 3), ("1,250", 1250), ("£1,250.50", Fraction(2501, 2)), (0.1, Fraction(1, 10)),
        ("1/3", Fraction(1, 3)), ("51%", Fraction(51, 100)), (Decimal("2.5"), Fraction(5, 2)), ("-4", -4),
        ("1e3", 1000),
    ],
)  # fmt: skip
def test_numbers_are_exact(raw: object, value: object) -> None:
    """A number is what was typed, never its binary neighbour."""
    assert read_value(Type("number"), raw) == value


@pytest.mark.parametrize(
    "raw", ["three", "1,5", "1/0", float("nan"), float("inf"), True, "1e999", "9" * 50, "", "0x1"]
)
def test_what_is_no_number(raw: object) -> None:
    """What is no number is a fault, however large it would be."""
    with pytest.raises(Unusable) as caught:
        read_value(Type("number"), raw)
    assert caught.value.name == "not-a-number"


def test_whole_numbers_and_their_range() -> None:
    """A whole number lies in its range."""
    seats = Type("whole number", (), 1, 20)
    assert read_value(seats, "20") == 20
    for raw, name in ((2.5, "not-a-whole-number"), (0, "out-of-range"), (21, "out-of-range")):
        with pytest.raises(Unusable) as caught:
            read_value(seats, raw)
        assert caught.value.name == name


def test_choices_in_any_case_with_did_you_mean() -> None:
    """A choice is found whatever its case and hyphens; a near miss gets a suggestion."""
    capacity = Type("one of", ("member", "co-opted member"))
    assert read_value(capacity, "CO OPTED  Member") == "co-opted member"
    with pytest.raises(Unusable) as caught:
        read_value(capacity, "membr", "capacity")
    assert (caught.value.name, caught.value.help) == ("not-a-choice", "did you mean `member`?")


@pytest.mark.parametrize("raw", ["?", " ?? ", "not known", "Unknown", "NOT RECORDED", "don’t know", UNKNOWN])
def test_not_known(raw: object) -> None:
    """In any cell a few words say that it is not known."""
    assert field_value(Field("voting", YES_OR_NO), raw) is UNKNOWN


def test_a_choice_may_be_longer_than_what_is_quoted() -> None:
    """A message cuts a text off after 60 characters; that must not cut what is compared."""
    long = Type("one of", ("so " * 30 + "yes", "so " * 30 + "no"))
    assert read_value(long, "So " * 30 + "NO") == "so " * 30 + "no"


def test_a_choice_may_be_called_unknown() -> None:
    """A choice of the vocabulary goes before the words for not known."""
    assert field_value(Field("how", Type("one of", ("known", "unknown"))), "Unknown") == "unknown"


@pytest.mark.parametrize("raw", [None, "", "  ", "-", "–"])
def test_what_a_blank_means(raw: object) -> None:
    """A blank means what the field says."""
    date = Type("date")
    assert field_value(Field("a", date), raw) is UNKNOWN
    assert field_value(Field("from", date, Blank("by now")), raw) is BY_NOW
    assert field_value(Field("until", date, Blank("nothing")), raw) is None
    assert field_value(Field("capacity", Type("text"), Blank("value", "member")), raw) == "member"
    with pytest.raises(Unusable) as caught:
        field_value(Field("a", date, Blank("required")), raw)
    assert caught.value.name == "blank-required"


def test_nobody_has_a_word_where_the_field_gives_one() -> None:
    """An office that nobody holds is not left blank, and is not `n/a`."""
    seat = Field("person", Type("person"), Blank("required"), nobody=("vacant", "vacancy"))
    for raw in (None, "n/a"):
        with pytest.raises(Unusable) as caught:
            field_value(seat, raw)
        assert "`vacant` where it is about no one" in (caught.value.help or "")
    with pytest.raises(Unusable) as caught:
        field_value(Field("person", Type("person"), Blank("required")), "n/a")
    assert (caught.value.help or "").startswith("take the row out")


@pytest.mark.parametrize("type", ["person", "date", "number", "yes or no"])
def test_what_is_not_a_number_is_a_blank(type: str) -> None:
    """As it stands in the blank cells of a table of numbers; nobody is called `nan`."""
    assert field_value(Field("a", Type(type)), float("nan")) is UNKNOWN


def test_open_spells_in_words() -> None:
    """`always` is a spell without a beginning; words and the year 9999 say that there is no end."""
    date = Type("date")
    assert field_value(Field("from", date, Blank("by now")), "always") is None
    for raw in ("ongoing", "present", "no end", datetime.date(9999, 12, 31)):
        assert field_value(Field("until", date, Blank("nothing")), raw) is None


@pytest.mark.parametrize(
    ("raw", "help"),
    [
        ("Partner", "did you mean `civil partners` or `former partners`?"),
        ("sibling", "did you mean `siblings`?"),
        ("marrid", "did you mean `married`?"),
        ("Husband", "write one of `married`, `civil partners`, `former partners` or `siblings`, or `?`"),
    ],
)
def test_a_choice_that_may_be_several_is_not_guessed(raw: str, help: str) -> None:
    kinds = Type("one of", ("married", "civil partners", "former partners", "siblings"))
    with pytest.raises(Unusable) as caught:
        read_value(kinds, raw, "kind")
    assert caught.value.help == help


@pytest.mark.parametrize("raw", ["n/a", "None", "TBC"])
def test_placeholders_are_no_names(raw: str) -> None:
    """Two people whose household is `n/a` do not live together."""
    with pytest.raises(Unusable) as caught:
        read_value(Type("household"), raw)
    assert caught.value.name == "placeholder"


def test_names_that_a_spreadsheet_made_dates_of() -> None:
    """A flat `1/2` that became the first of February is a fault, not a name."""
    with pytest.raises(Unusable) as caught:
        read_value(Type("household"), datetime.datetime(2018, 2, 1))
    assert "format the cell as text" in (caught.value.help or "")
    assert read_value(Type("household"), 12.0) == "12"


@pytest.mark.parametrize("raw", [["a"], {"a": 1}, datetime.time(9, 30), object(), b"x"])
def test_what_cannot_stand_in_a_cell(raw: object) -> None:
    """Lists, mappings, times and other objects are faults, not values."""
    with pytest.raises(Unusable) as caught:
        read_value(Type("text"), raw, "remark")
    assert caught.value.name == "not-a-value"


def test_text_is_tidied() -> None:
    """Padding, invisible and control characters go; half a character becomes a whole one."""
    assert tidy(" Ann\u200b \x1b[31m\u202eExample\t ") == "Ann [31mExample"
    assert tidy("a\ud800b").encode() == "a\ufffdb".encode()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Taking_Part", "taking part"),
        ("TAKING-PART ", "taking part"),
        ("Membership", "memberships"),
        ("Person", "people"),
        ("mmbrs", None),
    ],
)
def test_names_of_lists(written: str, name: str | None) -> None:
    """A list is found whatever the case, spacing and number of its name."""
    assert find_name(written, ["people", "memberships", "taking part"]) == name


def test_long_names_of_lists_are_cut_by_workbooks() -> None:
    """A sheet's name has at most 31 characters."""
    kind = "everything that anybody ever said to anyone"
    assert find_name(kind[:31], [kind, "people"]) == kind


def test_a_name_the_other_way_round() -> None:
    """`Example, Ann` is near `Ann Example`."""
    assert near("Example, Ann", ["Bob Sample", "Ann Example"]) == "Ann Example"
