"""The vocabulary: kinds of fact as data."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from bigrules.language.model import Blank, Field, Kind, Sentence, Type

from .books import book

TEXT = """
people:
  lists: person
  fields:
    person: {is: person, help: The name.}
homes:
  dated: yes
  one for each: person
  no row means: nothing is known
  asks: Where do they live?
  help: One row for each home.
  fields:
    person: {is: person, nobody: [vacant, nobody], blank means: required}
    inside: {is: yes or no, blank means: No, asks: Is the home of <person> inside?}
    rooms: {is: whole number, from: 1, to: 9}
    rent: {is: number, blank means: 1/2}
    sort: {one of: [flat, house]}
    seen: {is: date, happened: yes, blank means: unknown}
    from: {is: date, blank means: required, help: The first day.}
  key: [person, rooms]
  sentences:
    - <person> has a home
    - says: <owner> rents from <from> for <rent>
      slots: {owner: person}
      with: {inside: yes, rooms: 3}
      otherwise: for <rent> <owner> does not rent from <from>
kinship:
  fields: {parent: {is: person}, child: {is: person}}
  sentences:
    - says: <parent> is a parent of <child>
      no cycles: yes
"""


def kinds(folder: Path) -> dict[str, Kind]:
    """The kinds of the vocabulary above."""
    vocabulary = book(folder, {"vocabulary.yaml": TEXT}).vocabulary
    assert vocabulary.things == ("person",)
    return vocabulary.kinds


def test_a_kind_has_its_parts(tmp_path: Path) -> None:
    """What is said of a kind is kept, in the order of the file."""
    found = kinds(tmp_path)
    assert list(found) == ["people", "homes", "kinship"]
    homes = found["homes"]
    assert (homes.dated, homes.lists, homes.key, homes.one_for_each) == (
        True,
        "",
        ("person", "rooms"),
        "person",
    )
    assert (homes.no_row, homes.asks, homes.help) == (
        "nothing is known",
        "Where do they live?",
        "One row for each home.",
    )
    assert homes.happened == "seen"
    assert found["people"].lists == "person"
    assert (homes.place.file, homes.place.line) == ("vocabulary.yaml", 6)


def test_fields_have_types_and_what_a_blank_means(tmp_path: Path) -> None:
    """Each type, with choices and bounds; `from` and `until` come last in a dated kind."""
    assert kinds(tmp_path)["homes"].fields == (
        Field("person", Type("person"), Blank("required"), nobody=("vacant", "nobody")),
        Field(
            "inside",
            Type("yes or no", ("yes", "no")),
            Blank("value", "no"),
            "Is the home of <person> inside?",
        ),
        Field("rooms", Type("whole number", (), 1, 9)),
        Field("rent", Type("number"), Blank("value", Fraction(1, 2))),
        Field("sort", Type("one of", ("flat", "house"))),
        Field("seen", Type("date"), happened=True),
        Field("from", Type("date"), Blank("required"), help="The first day."),
        Field("until", Type("date"), Blank("nothing")),
    )


def test_from_is_by_now_where_it_is_blank(tmp_path: Path) -> None:
    """A dated kind that says nothing of its days has the usual ones."""
    text = "homes:\n  dated: yes\n  fields: {person: {is: person}, from: {help: The first day.}}\n"
    homes = book(tmp_path, {"vocabulary.yaml": text}).vocabulary.kinds["homes"]
    assert homes.fields[1:] == (
        Field("from", Type("date"), Blank("by now"), help="The first day."),
        Field("until", Type("date"), Blank("nothing")),
    )


def test_sentences_know_their_fields(tmp_path: Path) -> None:
    """Slots stand for fields, by their own name or by that of `slots`; fixed fields have values."""
    homes, kinship = kinds(tmp_path)["homes"], kinds(tmp_path)["kinship"]
    assert homes.sentences == (
        Sentence("<person> has a home", ("person",)),
        Sentence(
            "<owner> rents from <from> for <rent>",
            ("person", "from", "rent"),
            (("inside", "yes"), ("rooms", 3)),
            "for <rent> <owner> does not rent from <from>",
        ),
    )
    assert kinship.sentences[0].acyclic
