"""Readings: a file as it would read if somebody understood it in another way."""

from __future__ import annotations

import pickle
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

from bigrules.language import load, readings_of, shipped_path, with_readings
from bigrules.language.assembly import assemble
from bigrules.language.book import said_by
from bigrules.language.faults import Faults
from bigrules.language.files import Sources
from bigrules.language.model import All, AnyOf, Atom, Const, Limit, NoneOf, Rulebook, Type

from .books import VOCABULARY, book, write

RULE = """
rule: Something
force: must
required:
  number of: <person>
  among:
    - <person> is a member
    - <person> has a vote
  at least: 8
adopted reading: {name: eight, because: It says so.}
other readings:
  - name: more than ten
    because: It may mean so.
    change: {at least: 8}
    to: {more than: 10}
    differs when:
      - <1 to 8> has a vote
  - name: everyone
    change: <person> has a vote
    to: nothing
  - name: not everyone
    change: <person> has a vote
    to: {unless: <person> has a vote}
  - name: both
    change: [<person> has a vote, <person> is a member]
    to: [<person> has no vote, <person> and <any other> are recorded as <any kind>]
  - name: old ones
    add to: among
    condition: <person> was born on <any day>
  - name: forbidden
    change: {required: {number of: <person>, among: [<person> is a member, <person> has a vote], at least: 8}}
    to: {not allowed: <any person> is a member}
  - name: should
    stated only: yes
examples:
  - given: [<1 to 8> has a vote]
    then: met
"""


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    """A rulebook whose one rule has readings of every sort."""
    return book(tmp_path, {"size.yaml": RULE})


def under(rulebook: Rulebook, **readings: str) -> Rulebook:
    """The rulebook under readings that can be taken."""
    found, faults = with_readings(rulebook, readings)
    assert found is not None, faults
    assert faults == []
    return found


def test_an_entry_becomes_another(rulebook: Rulebook) -> None:
    """In place of the entry under `change` stands the one under `to`, with another key if it likes."""
    limit = under(rulebook, size="more than ten").rules["size"].condition
    assert isinstance(limit, Limit)
    assert (limit.op, limit.bound) == ("more than", Fraction(10))
    before = rulebook.rules["size"].condition
    assert isinstance(before, Limit)
    assert (before.op, before.bound) == ("at least", Fraction(8))


def among(rulebook: Rulebook) -> list[str]:
    """What the rule counts among, in words."""
    limit = rulebook.rules["size"].condition
    assert isinstance(limit, Limit)
    formula = limit.measure.among
    parts = formula.parts if isinstance(formula, All) else (formula,)
    return [
        each.text if isinstance(each, Atom) else f"unless {each.part.text}"
        for each in parts
        if isinstance(each, Atom) or (isinstance(each, NoneOf) and isinstance(each.part, Atom))
    ]


def test_a_text_is_taken_out(rulebook: Rulebook) -> None:
    """`to: nothing` leaves the rest of the list."""
    assert among(under(rulebook, size="everyone")) == ["<person> is a member"]


def test_a_text_becomes_another(rulebook: Rulebook) -> None:
    """A condition in place of a text, or several texts at once."""
    assert among(under(rulebook, size="not everyone")) == [
        "<person> is a member",
        "unless <person> has a vote",
    ]
    both = among(under(rulebook, size="both"))
    assert both == ["<person> and <any other> are recorded as <any kind>", "unless <person> has no vote"]


def test_a_condition_is_added(rulebook: Rulebook) -> None:
    """`add to` adds one to the list under a key."""
    assert among(under(rulebook, size="old ones"))[-1] == "<person> was born on <any day>"


def test_a_rule_takes_another_form(rulebook: Rulebook) -> None:
    """A whole mapping can be changed, to another key."""
    rule = under(rulebook, size="forbidden").rules["size"]
    assert rule.form == "not allowed"
    assert isinstance(rule.condition, Atom)


def test_everything_else_stays(rulebook: Rulebook) -> None:
    """Readings, examples and the digest are those of the files."""
    found = under(rulebook, size="more than ten")
    assert found.rules["size"].examples == rulebook.rules["size"].examples
    assert found.rules["size"].other_readings == rulebook.rules["size"].other_readings
    assert found.digest == rulebook.digest
    assert found != rulebook
    again = under(found, size="everyone")
    assert again.rules["size"].condition != found.rules["size"].condition


def test_the_adopted_reading_changes_nothing(rulebook: Rulebook) -> None:
    """The name of the adopted reading is one to choose, too."""
    assert under(rulebook, size="eight") is rulebook


def test_readings_survive_pickling(rulebook: Rulebook) -> None:
    """A rulebook that was sent to another process can be read otherwise there."""
    copy = pickle.loads(pickle.dumps(rulebook))
    assert under(copy, size="everyone") == under(rulebook, size="everyone")


def test_readings_know_what_they_change(rulebook: Rulebook) -> None:
    """What a reading changes, and when it differs, is there to be shown."""
    first = rulebook.rules["size"].other_readings[0]
    assert (first.change, first.to, first.runs) == ({"at least": "8"}, {"more than": "10"}, True)
    assert len(first.differs_when) == 8
    assert rulebook.rules["size"].other_readings[-1].runs is False
    assert readings_of(rulebook) == {
        "size": ["more than ten", "everyone", "not everyone", "both", "old ones", "forbidden"]
    }


@pytest.mark.parametrize(
    ("readings", "message", "help"),
    [
        ({"siz": "eight"}, "there is no rule or definition `siz`", "did you mean `size`?"),
        ({"size": "everybody"}, "`size` has no reading `everybody`", "did you mean `everyone`?"),
        (
            {"size": "should"},
            "the reading `should` of `size` is stated only, and cannot be run",
            "it is about force or wording, and changes no outcome",
        ),
        ({"vocabulary": "x"}, "`vocabulary` has no reading `x`", "it has no other readings"),
    ],
)
def test_a_reading_that_there_is_not(
    rulebook: Rulebook, readings: dict[str, str], message: str, help: str
) -> None:
    """A name that is not there is a diagnostic, with what may have been meant."""
    found, (fault,) = with_readings(rulebook, readings)
    assert found is None
    assert (fault.code, fault.message, fault.help) == ("BR311", message, help)


def test_a_kind_has_readings(tmp_path: Path) -> None:
    """A reading of the vocabulary changes one kind, and everything is read anew with it."""
    more = """
  other readings:
    - name: nobody votes
      change: {voting: {is: yes or no}}
      to: {voting: {is: yes or no, blank means: no}}
      differs when: [<ann> is a member, not: <ann> has a vote]
"""
    vocabulary = VOCABULARY.replace("relations:\n", more.strip("\n") + "\nrelations:\n", 1)
    rulebook = book(tmp_path, {"vocabulary.yaml": vocabulary, "size.yaml": RULE})
    found = under(rulebook, vocabulary="nobody votes", size="everyone")
    (reading,) = rulebook.vocabulary.kinds["memberships"].other_readings
    assert [each.text for each in reading.differs_when] == ["<ann> is a member", "<ann> has a vote"]  # type: ignore[attr-defined]
    field = found.vocabulary.kinds["memberships"].field("voting")
    assert (field.blank.meaning, field.blank.value) == ("value", "no")
    assert rulebook.vocabulary.kinds["memberships"].field("voting").blank.meaning == "unknown"
    assert among(found) == ["<person> is a member"]
    assert found.rules["size"].examples == rulebook.rules["size"].examples


def test_a_definition_whose_types_change_is_read_everywhere(tmp_path: Path) -> None:
    """Where a reading changes what a definition is about, what uses it is read again."""
    files = {
        "one.yaml": """
            definition: <it> counts
            holds when: <it> is a member
            other readings:
              - {name: grants, change: <it> is a member, to: <it> had <any number> votes}
            """,
        "two.yaml": "definition: <it> matters\nholds when: <it> counts\n",
    }
    rulebook = book(tmp_path, files)
    assert rulebook.definitions["two"].types[0].name == "person"
    assert under(rulebook, one="grants").definitions["two"].types[0].name == "grant"


def test_every_shipped_reading_can_be_taken() -> None:
    """Each reading of the shipped rulebook that runs makes a rulebook, and one that is different."""
    rulebook, _ = load(shipped_path())
    assert rulebook is not None
    names = readings_of(rulebook)
    assert names
    for id, each in names.items():
        for name in each:
            found, faults = with_readings(rulebook, {id: name})
            assert found is not None, (id, name, faults)
            assert found != rulebook, (id, name)


def test_a_reading_that_breaks_another_file_is_found_at_once(tmp_path: Path) -> None:
    """What a reading makes of a file is built when the rulebook is, unless that is not wanted."""
    files = {
        "one.yaml": """
            definition: <it> counts
            holds when: <it> is a member
            other readings:
              - {name: grants, change: <it> is a member, to: <it> had <any number> votes}
            """,
        "two.yaml": "definition: <it> matters\nholds when: [<it> counts, <it> has a vote]\n",
    }
    path = write(tmp_path, files)
    rulebook, found = load(path)
    assert rulebook is None
    assert [each.name for each in found if each.severity == "error"] == ["types-cannot-meet"]
    assert found[-1].message.endswith("(in the reading `grants`)")
    assert load(path, thorough=False)[0] is not None


def test_any_of_keeps_its_branches(tmp_path: Path) -> None:
    """Adding to a list of branches adds a branch."""
    file = """
        definition: <person> counts
        holds when any of:
          - <person> is a member
          - <person> has a vote
        other readings:
          - {name: more, add to: holds when any of, condition: <person> was born on <any day>}
        """
    holds = under(book(tmp_path, {"one.yaml": file}), one="more").definitions["one"].holds
    assert isinstance(holds, AnyOf)
    assert len(holds.parts) == 3


def test_a_reading_is_built_once_for_a_rulebook_and_for_no_other() -> None:
    book, _ = load(shipped_path())
    assert book is not None
    choice = {"criteria/resident-majority": "more than half"}
    one, _ = with_readings(book, choice)
    assert one is not None
    assert with_readings(book, choice)[0] is one
    fewer = {id: each for id, each in book.rules.items() if id.startswith("criteria/")}
    other, _ = with_readings(attrs.evolve(book, rules=fewer), choice)
    assert other is not None
    assert list(other.rules) == list(fewer)
    sent = pickle.loads(pickle.dumps(book))
    assert not sent._sources.tried
    assert with_readings(sent, choice)[0] == one


CHAIN = """
definition: <person> leads to <other>
holds when any of:
  - <person> is a parent of <other>
  - all of:
      - <person> is a parent of <middle>
      - <middle> leads to <other>
other readings:
  - name: {name}
    change: {change}
    to: {to}
examples:
  - given: [<a> is a parent of <b>]
    then: [<a> leads to <b>]
"""


@pytest.mark.parametrize(
    ("change", "to", "closes"),
    [
        # It uses itself already, but not in what must not be.
        ("<middle> leads to <other>", "{unless: <middle> leads to <other>}", True),
        # It uses what uses it.
        ("<person> is a parent of <middle>", "{unless: <middle> is followed by <person>}", True),
        ("<middle> leads to <other>", "<middle> is a parent of <other>", False),
        ("<middle> leads to <other>", "[<middle> leads to <other>, <other> leads to <middle>]", False),
    ],
)
def test_a_reading_that_closes_a_cycle_is_found_at_once(
    tmp_path: Path, change: str, to: str, closes: bool
) -> None:
    """Only what now depends on something else is looked at, and that is all that can close one."""
    to = f"{{all of: {to}}}" if to.startswith("[") else to
    chain = CHAIN.format(name="other", change=change, to=to)
    after = """
definition: <person> is followed by <other>
holds when: <other> leads to <person>
examples:
  - given: [<a> is a parent of <b>]
    then: [<b> is followed by <a>]
"""
    _, faults = load(write(tmp_path, {"definitions/chain.yaml": chain, "definitions/after.yaml": after}))
    assert ("cycle" in {each.name for each in faults}) is closes, faults


def test_another_vocabulary_is_as_if_everything_were_built_again() -> None:
    """Where it says the same, files are not read again; what comes out is what reading them gives."""
    book, _ = load(shipped_path())
    assert book is not None
    ((name,),) = [names for id, names in readings_of(book).items() if id == "vocabulary"]
    short = under(book, vocabulary=name)
    sources = short._sources
    assert isinstance(sources, Sources)
    faults = Faults()
    assert short == assemble(sources, faults, book)
    assert not faults.found
    assert short.vocabulary != book.vocabulary
    assert short.rules is book.rules
    # What is said otherwise may be read otherwise.
    kind = book.vocabulary.kinds["memberships"]
    for other in (
        attrs.evolve(kind, sentences=kind.sentences[1:]),
        attrs.evolve(kind, fields=kind.fields[1:]),
        attrs.evolve(kind, dated=not kind.dated),
        attrs.evolve(kind, fields=(attrs.evolve(kind.fields[0], type=Type("text")), *kind.fields[1:])),
    ):
        kinds = {**book.vocabulary.kinds, "memberships": other}
        assert said_by(attrs.evolve(book.vocabulary, kinds=kinds)) != said_by(book.vocabulary)


def test_a_reading_of_a_sentence_is_read_everywhere(tmp_path: Path) -> None:
    """A vocabulary that says something else is built with all that is said with it."""
    reading = """
  other readings:
    - name: voters
      change: {voting: yes}
      to: {voting: no}
"""
    files = {
        "size.yaml": RULE,
        "vocabulary.yaml": VOCABULARY.replace("relations:", f"{reading[1:]}relations:", 1),
    }
    found = under(book(tmp_path, files), vocabulary="voters").rules["size"].condition
    assert isinstance(found, Limit)
    assert isinstance(found.measure.among, All)
    assert Const("no") in found.measure.among.parts[1].terms
