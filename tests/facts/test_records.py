"""Typed records made from the vocabulary."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Literal, get_args

import attrs
import pytest
from cattrs import ClassValidationError

from bigrules.facts.case import BY_NOW, UNKNOWN, ByNow, Fact, Unknown
from bigrules.facts.records import fact_of, faults, make_converter, record_of, rulebook_records
from bigrules.language.model import Rulebook


def test_one_class_for_each_kind(rulebook: Rulebook) -> None:
    """Classes are found by kind and by name; their attributes are the fields, typed."""
    types = rulebook_records(rulebook.vocabulary)
    assert list(types) == list(rulebook.vocabulary.kinds)
    assert types["taking part"] is types.TakingPart
    hints = {each.name: each.type for each in attrs.fields(types.Membership)}
    assert list(hints) == ["person", "capacity", "voting", "from_", "until", "possible"]
    assert get_args(hints["voting"]) == (Literal["yes", "no"], Unknown)
    assert get_args(hints["from_"]) == (datetime.date, Unknown, ByNow, type(None))
    assert set(get_args(attrs.fields(types.Seat).votes.type)) == {int, Fraction, Unknown}
    with pytest.raises(AttributeError):
        _ = types.Nothing


def test_records_are_frozen_and_have_defaults(rulebook: Rulebook) -> None:
    """What is left out is what a blank means; what may not be blank must be given."""
    types = rulebook_records(rulebook.vocabulary)
    record = types.Membership(person="Ann")
    assert (record.capacity, record.voting, record.from_, record.until) == ("member", UNKNOWN, BY_NOW, None)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        record.person = "Bob"
    with pytest.raises(TypeError):
        types.Relation(person="Ann")


def test_all_faults_of_a_row_at_once(rulebook: Rulebook) -> None:
    """The converter gathers every fault of a row with its attribute."""
    types = rulebook_records(rulebook.vocabulary)
    converter = make_converter(types)
    row = {"person": "n/a", "voting": "Yse", "from": "30/2/2017", "until": "1/1/17", "certain": "maybe"}
    with pytest.raises(ClassValidationError) as caught:
        converter.structure(row, types.Membership)
    assert [(attribute, fault.name) for attribute, fault in faults(caught.value)] == [
        ("person", "placeholder"),
        ("voting", "not-yes-or-no"),
        ("from_", "no-such-date"),
        ("until", "two-digit-year"),
        ("possible", "not-yes-or-no"),
    ]
    with pytest.raises(ClassValidationError) as caught:
        converter.structure({"person": "Ann"}, types.Relation)
    assert [(attribute, fault.name) for attribute, fault in faults(caught.value)] == [
        ("other", "blank-required")
    ]


def test_records_and_rows_and_facts(rulebook: Rulebook) -> None:
    """A record becomes a fact and a plain row, and comes back from both."""
    types = rulebook_records(rulebook.vocabulary)
    converter = make_converter(types)
    fact = Fact("memberships", ("Ann", UNKNOWN, "yes", None, datetime.date(2018, 1, 1)), possible=True)
    record = record_of(types, fact)
    assert fact_of(record) == fact
    row = converter.unstructure(record)
    assert row == {
        "person": "Ann",
        "capacity": "?",
        "voting": "yes",
        "from": "always",
        "until": datetime.date(2018, 1, 1),
        "certain": "no",
    }
    assert converter.structure(row, types.Membership) == record
    with pytest.raises(TypeError):
        fact_of("Ann")
