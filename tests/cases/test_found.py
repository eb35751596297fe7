"""Cases in which the engines once claimed too much or too little, each with its cause."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bigrules
from bigrules import Report

MANIFEST = "rulebook: B\nformat: 1\nversion: 1.0.0\nedition: e\nbody: b\n"


def checked(folder: Path, vocabulary: str, rule: str, register: Any) -> Report:
    """What a rulebook of one rule finds on a register, with both engines."""
    files = {"rulebook.yaml": MANIFEST, "vocabulary.yaml": vocabulary, "one.yaml": rule}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    rulebook = bigrules.load_rulebook(folder)
    return rulebook.check(rulebook.read(register, as_of="2018-06-01"), confirm=True)


def test_choices_without_a_clause(tmp_path: Path) -> None:
    """Two of three colours may be flown.

    A base table that a measure reads without a clause leaves no signature, so all choices are one (domains.told_apart).
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
flags: {fields: {colour: {one of: [red, green, blue]}}, sentences: [<colour> is flown]}
"""
    rule = """
rule: Something
force: must
required: {number of: <colour>, among: <colour> is flown, at most: 1}
"""
    report = checked(tmp_path, vocabulary, rule, {"people": []})
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_figures_that_no_completion_has(tmp_path: Path) -> None:
    """One unknown link joins one more person, never four.

    Figures are intervals, and one site that makes two links at once is counted as two.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
members: {fields: {person: {is: person}}, sentences: [<person> is a member]}
friends: {fields: {person: {is: person}, other: {is: person}}, sentences: [<person> likes <other>]}
"""
    rule = """
rule: Something
force: must
required: {largest group of: <person>, among: <person> is a member, linked by: <person> likes <other>, at most: 2}
"""
    report = checked(
        tmp_path,
        vocabulary,
        rule,
        {
            "people": [{"person": each} for each in "abcdef"],
            "members": [{"person": each} for each in "abcdef"],
            "friends": [{"person": "a", "other": "b"}, {"person": "b", "other": "?"}],
        },
    )
    finding = report["one"].findings[0]
    assert (finding.figures[0].least, finding.figures[0].greatest) == (2, 3)


def test_fresh_capped_at_64(tmp_path: Path) -> None:
    """A list that was not asked may hold eighty.

    domains.fresh_for gives at most 64 fresh people, however high the limit is.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
members: {fields: {person: {is: person}}, sentences: [<person> is a member]}
"""
    rule = """
rule: Something
force: must
required: {number of: <person>, among: <person> is a member, at least: 80}
"""
    report = checked(tmp_path, vocabulary, rule, {"people": []})
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_fresh_for_a_join(tmp_path: Path) -> None:
    """Three different people may be members.

    domains.fresh_for counts the fields of the kind, not the slots of a clause that must be different people.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
members: {fields: {person: {is: person}}, sentences: [<person> is a member]}
"""
    rule = """
rule: Something
force: must
not allowed:
  - <a> is a member
  - <b> is a member
  - <c> is a member
  - <a> and <b> are different
  - <a> and <c> are different
  - <b> and <c> are different
"""
    report = checked(tmp_path, vocabulary, rule, {"people": []})
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_fresh_for_a_slot_bound(tmp_path: Path) -> None:
    """A forum that needs six may have six.

    domains.fresh_for takes a limit that stands in a slot to be 3.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
forums: {lists: forum, fields: {forum: {is: forum}, least: {is: whole number}}, sentences: [<forum> needs <least>]}
sits: {fields: {person: {is: person}, forum: {is: forum}}, sentences: [<person> sits on <forum>]}
"""
    rule = """
rule: Something
force: must
for each: <forum> needs <least>
required: {number of: <person>, among: <person> sits on <forum>, at least: <least>}
"""
    report = checked(tmp_path, vocabulary, rule, {"people": [], "forums": [{"forum": "f", "least": 6}]})
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_fresh_for_the_of_measure(tmp_path: Path) -> None:
    """Twelve members, who were not asked about, would be enough for four workers.

    domains.fresh_for looks at the measure only, not at the one that its limit is a fraction of (step.of).
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
members: {fields: {person: {is: person}}, sentences: [<person> is a member]}
workers: {fields: {person: {is: person}}, sentences: [<person> is a worker]}
"""
    rule = """
rule: Something
force: must
required:
  number of: <person>
  among: <person> is a worker
  at most: 1/3
  of: {number of: <person>, among: <person> is a member}
"""
    report = checked(
        tmp_path,
        vocabulary,
        rule,
        {"people": [{"person": each} for each in "abcd"], "workers": [{"person": each} for each in "abcd"]},
    )
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_fresh_for_two_limits(tmp_path: Path) -> None:
    """Four people on four forums, one on each, is enough.

    Fresh forums come from the fields of the kind, although a limit on people needs one for each of them.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
sits: {fields: {person: {is: person}, forum: {is: forum}}, sentences: [<person> sits on <forum>]}
"""
    rule = """
rule: Something
force: must
required:
  number of: <person>
  among:
    - <person> sits on <forum>
    - number of: <other>
      among: <other> sits on <forum>
      at most: 1
  at least: 4
"""
    report = checked(tmp_path, vocabulary, rule, {"people": []})
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_implied_fresh_household(tmp_path: Path) -> None:
    """Three people whose households are not recorded need not live together.

    Rows that `one for each` implies count for no fresh thing (domains._unknown_fields), so all share one.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
homes:
  one for each: person
  fields: {person: {is: person}, household: {is: household}}
  sentences: [<person> lives in <household>]
"""
    rule = """
rule: Something
force: must
required: {largest group of: <person>, among: <person> lives in <household>, sharing: <household>, at most: 2}
"""
    report = checked(
        tmp_path, vocabulary, rule, {"people": [{"person": each} for each in "abc"], "homes": []}
    )
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_incomplete_key_in_use(tmp_path: Path) -> None:
    """Zed may be tall, as that list is incomplete, and old, as nobody asked.

    domains.things leaves out what stands in the key of an incomplete list only.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
tall: {fields: {house: {is: house}}, sentences: [<house> is tall]}
old: {fields: {house: {is: house}}, sentences: [<house> is old]}
"""
    rule = """
rule: Something
force: must
not allowed:
  - <house> is tall
  - <house> is old
"""
    report = checked(
        tmp_path,
        vocabulary,
        rule,
        {"people": [], "tall": [], "incomplete": [{"kind": "tall", "about": "zed"}]},
    )
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_share_of_weights_that_cancel(tmp_path: Path) -> None:
    """A limit of nobody is not applicable.

    A limit that is a fraction of a share whose weights cancel has no value: an AssertionError.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
w:
  key: [person]
  fields: {person: {is: person}, n: {is: whole number}, good: {is: yes or no}}
  sentences: [<person> weighs <n>, {says: <person> is good, with: {good: yes}}]
"""
    rule = """
rule: Something
force: must
required:
  number of: <person>
  among: <person> is good
  at least: 2
  of: {share of: <person>, among: <person> weighs <n>, where: <person> is good, weighted by: <n>}
"""
    report = checked(
        tmp_path,
        vocabulary,
        rule,
        {
            "people": [{"person": each} for each in "ab"],
            "w": [{"person": "a", "n": -1, "good": "yes"}, {"person": "b", "n": 1, "good": "no"}],
        },
    )
    finding = report["one"].findings[0]
    assert finding.outcome == "not applicable"


def test_thing_in_a_sentence(tmp_path: Path) -> None:
    """An organisation that is not known may be the council.

    domains.things leaves out things that stand in a rule, here through `with` of a sentence.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
works:
  fields: {person: {is: person}, org: {is: organisation}}
  sentences: [<person> works for <org>, {says: <person> works for the council, with: {org: council}}]
"""
    rule = """
rule: Something
force: must
not allowed:
  - <person> works for the council
  - <person> is listed
"""
    report = checked(
        tmp_path, vocabulary, rule, {"people": [{"person": "a"}], "works": [{"person": "a", "org": "?"}]}
    )
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_three_unknown_dates(tmp_path: Path) -> None:
    """Three people may have begun one after the other.

    Only two days stand for a stretch between known days (domains.dates), so three in a row have no room.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
starts: {fields: {person: {is: person}, day: {is: date}}, sentences: [<person> began on <day>]}
"""
    rule = """
rule: Something
force: must
not allowed:
  - <x> began on <a>
  - <y> began on <b>
  - <z> began on <c>
  - <a> is after 2018-01-10
  - <a> is before <b>
  - <b> is before <c>
  - <c> is before 2018-02-20
  - <x> and <y> are different
  - <y> and <z> are different
may be the same: [<x>, <z>]
"""
    report = checked(
        tmp_path,
        vocabulary,
        rule,
        {
            "people": [{"person": each} for each in "abc"],
            "starts": [{"person": each, "day": "?"} for each in "abc"],
        },
    )
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_unknown_number_between(tmp_path: Path) -> None:
    """More than 3 and less than 10 is possible, so it cannot be met.

    An unknown number is tried beside the ends of all numbers in use only (domains._plain), not beside each.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
scores: {fields: {person: {is: person}, n: {is: whole number}}, sentences: [<person> scored <n>]}
"""
    rule = """
rule: Something
force: must
not allowed:
  - <any person> scored <n>
  - <n> is more than 3
  - <n> is less than 10
"""
    report = checked(
        tmp_path, vocabulary, rule, {"people": [{"person": "a"}], "scores": [{"person": "a", "n": "?"}]}
    )
    finding = report["one"].findings[0]
    assert finding.outcome == "undecided"


def test_weights_that_are_not_known(tmp_path: Path) -> None:
    """One member may have more votes than all the others; likewise totals held against totals.

    An unknown weight is tried up to one more than the greatest in use, so a sum can never come near the limit.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
votes:
  key: [person]
  fields: {person: {is: person}, group: {is: group}, votes: {is: whole number, from: 0}}
  sentences: [<person> has <votes> votes, <person> sits for <group>]
"""
    rule = """
rule: Something
force: must
required:
  share of: <person>
  among: <person> has <votes> votes
  where: <person> sits for <group>
  weighted by: <votes>
  at most: 49%
for each: <any one> sits for <group>
"""
    report = checked(
        tmp_path,
        vocabulary,
        rule,
        {
            "people": [{"person": each} for each in "abcde"],
            "votes": [
                {"person": each, "group": each, "votes": "?" if each == "e" else 10} for each in "abcde"
            ],
        },
    )
    finding = report["one"].findings[0]
    finding = report["one"].findings[-1]
    assert finding.outcome == "undecided"


def test_weights_that_cancel(tmp_path: Path) -> None:
    """A share of a weight of nothing is of nobody.

    Contributions.nobody asks whether a weight is not 0; docs/semantics.md says that the sum is 0.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
w:
  key: [person]
  fields: {person: {is: person}, n: {is: whole number}, good: {is: yes or no}}
  sentences: [<person> weighs <n>, {says: <person> is good, with: {good: yes}}]
"""
    rule = """
rule: Something
force: must
required: {share of: <person>, among: <person> weighs <n>, where: <person> is good, weighted by: <n>, at least: 1/2}
"""
    report = checked(
        tmp_path,
        vocabulary,
        rule,
        {
            "people": [{"person": each} for each in "ab"],
            "w": [{"person": "a", "n": -1, "good": "yes"}, {"person": "b", "n": 1, "good": "no"}],
        },
    )
    finding = report["one"].findings[0]
    assert finding.outcome == "not applicable"


def test_who_is_certainly_too_many(tmp_path: Path) -> None:
    """Who only may be a member is not certainly one of too many.

    judge._over names all who may be counted as certain.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
members: {fields: {person: {is: person}}, sentences: [<person> is a member]}
"""
    rule = """
rule: Something
force: must
required: {number of: <person>, among: <person> is a member, at most: 2}
"""
    report = checked(
        tmp_path,
        vocabulary,
        rule,
        {
            "people": [{"person": each} for each in "abcd"],
            "members": [*({"person": each} for each in "abc"), {"person": "d", "possible": "yes"}],
        },
    )
    finding = report["one"].findings[0]
    assert [each.concerned for each in finding.witnesses if each.certain and "d" in each.concerned] == []


def test_who_is_in_a_group_of_a_fraction(tmp_path: Path) -> None:
    """The group that is too large is named.

    compiled._taken leaves out the groups where the limit is a fraction of another measure.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
members:
  fields: {person: {is: person}, house: {is: house}}
  sentences: [<person> is a member, <person> lives in <house>]
"""
    rule = """
rule: Something
force: must
required:
  largest group of: <person>
  among: <person> lives in <house>
  sharing: <house>
  at most: 1/3
  of: {number of: <person>, among: <person> is a member}
"""
    report = checked(
        tmp_path,
        vocabulary,
        rule,
        {
            "people": [{"person": each} for each in "abcdef"],
            "members": [{"person": each, "house": "h" if each in "abc" else each} for each in "abcdef"],
        },
    )
    finding = report["one"].findings[0]
    assert [each.concerned for each in finding.witnesses] == [frozenset("abc")]


def test_whole_numbers_stay_whole(tmp_path: Path) -> None:
    """The total of whole numbers is never 5/2.

    domains._plain gives a whole number values such as 49/100, taken from any limit.
    """
    vocabulary = """
people: {lists: person, fields: {person: {is: person}}, sentences: [<person> is listed]}
scores: {fields: {person: {is: person}, n: {is: whole number}}, sentences: [<person> scored <n>]}
"""
    rule = """
rule: Something
force: must
not allowed: {total of: <n>, per: <person>, among: <person> scored <n>, exactly: 5/2}
"""
    report = checked(
        tmp_path, vocabulary, rule, {"people": [{"person": "a"}], "scores": [{"person": "a", "n": "?"}]}
    )
    finding = report["one"].findings[0]
    assert finding.outcome == "met"
