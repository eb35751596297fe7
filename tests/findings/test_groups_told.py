"""Who is counted and who belongs together, in words: what is certain first, what may be next, and nothing twice."""

from __future__ import annotations

from typing import Any

from found import finding

NAMES = ("Ann", "Bob", "Cat", "Dan", "Eve", "Fay", "Gil", "Hal", "Zoe")
PEOPLE = [{"person": each} for each in NAMES]
# Zoe is no member.
MEMBERS = [{"person": each, "from": "2017-01-01"} for each in NAMES[:-1]]
HOW = (
    "If married, civil partners, unmarried partners, parent, adoptive parent, grandparent, siblings or half-siblings, "
    "it is breached; if step-parent or step-sibling, it is for people to decide; if in-laws, aunt or uncle, cousins, "
    "other relative, former partners, friends or close friends, it is met."
)


def families(*relations: tuple[str, str, str]) -> list[str]:
    """Why the rule about families came out so, without the line that says what it is about."""
    rows = [{"person": one, "other": other, "kind": kind} for one, other, kind in relations]
    found = finding("conflicts/family-limit", people=PEOPLE, memberships=MEMBERS, relations=rows)
    return str(found.why()).splitlines()[1:]


def households(memberships: list[dict[str, Any]], *homes: tuple[str, str]) -> list[str]:
    """Why the rule about households came out so, likewise."""
    rows = [{"person": one, "household": home} for one, home in homes]
    found = finding("conflicts/household-limit", people=PEOPLE, memberships=memberships, households=rows)
    return str(found.why()).splitlines()[1:]


def test_where_a_family_is_too_large_the_others_are_no_reason() -> None:
    """Dan and Eve are two."""
    assert families(("Bob", "Ann", "siblings"), ("Cat", "Bob", "parent"), ("Dan", "Eve", "married")) == [
        "Concerned: Ann, Bob and Cat.",
        "Figures: the largest group has 3; no more than 2 are allowed.",
        "Ann, Bob and Cat are one group.",
        "Bob and Ann are related, because Bob is a brother or sister of Ann (relations, record 1).",
        "Cat and Bob are related, because Cat is a parent of Bob (relations, record 2).",
    ]


def test_two_families_may_be_one() -> None:
    """Through a relation of which the kind is not known."""
    assert families(("Bob", "Ann", "siblings"), ("Dan", "Eve", "married"), ("Eve", "Bob", "?")) == [
        "Figures: the largest group has 2 to 4; no more than 2 are allowed.",
        "Ann and Bob are one group.",
        "Bob and Ann are related, because Bob is a brother or sister of Ann (relations, record 1).",
        "Dan and Eve are one group.",
        "Dan and Eve are related, because Dan is married to Eve (relations, record 2).",
        "Ann, Bob, Dan and Eve would be one group, if all that may be so is so.",
        "It may be that Eve and Bob are related, because perhaps Eve is married to Bob (relations, record 3).",
        f"How are Eve and Bob related? (relations, record 3) {HOW}",
    ]


def test_as_many_links_are_told_as_join_a_family() -> None:
    """Bob and Cat are siblings too, which joins nobody; Dan may join, and there may be another family."""
    told = families(
        ("Bob", "Ann", "siblings"), ("Ann", "Cat", "siblings"), ("Bob", "Cat", "siblings"), ("Cat", "Dan", "?"),
        ("Eve", "Fay", "siblings"), ("Fay", "Gil", "?"),
    )  # fmt: skip
    assert told[:6] == [
        "Concerned: Ann, Bob and Cat.",
        "Figures: the largest group has 3 or 4; no more than 2 are allowed.",
        "Ann, Bob and Cat are one group.",
        "Bob and Ann are related, because Bob is a brother or sister of Ann (relations, record 1).",
        "Ann and Cat are related, because Ann is a brother or sister of Cat (relations, record 2).",
        "Ann, Bob, Cat and Dan would be one group, if all that may be so is so.",
    ]
    assert "Eve, Fay and Gil would be one group, if all that may be so is so." in told
    assert told[-1] == "It may also concern Eve, Fay and Gil."


def test_whoever_is_no_member_joins_nobody() -> None:
    """Bob and Ann are both siblings of Zoe, and that makes no family of members."""
    assert families(("Bob", "Zoe", "siblings"), ("Zoe", "Gil", "friends"), ("Ann", "Cat", "married")) == [
        "Figures: the largest group has 2; no more than 2 are allowed.",
        "Ann and Cat are one group.",
        "Ann and Cat are related, because Ann is married to Cat (relations, record 3).",
    ]
    assert families(("Ann", "Zoe", "married")) == [
        "Figures: the largest group has 1; no more than 2 are allowed.",
        "No two of those who are counted are recorded as linked.",
    ]


def test_somebody_with_two_memberships_is_counted_by_the_one_that_is_certain() -> None:
    """Whichever stands first: of the other it is not known in which capacity, or since when."""
    doubtful = {"person": "Ann", "from": "?", "capacity": "?"}
    for memberships, records in (([doubtful, *MEMBERS[:3]], "2 to 4"), ([*MEMBERS[:3], doubtful], "1 to 3")):
        assert households(memberships, ("Ann", "x"), ("Bob", "x"), ("Cat", "x")) == [
            "Concerned: Ann, Bob and Cat.",
            "Figures: the largest group has 3; no more than 2 are allowed.",
            f"Share household x (3): Ann, Bob and Cat (memberships, records {records}; households, records 1 to 3).",
        ]


def test_a_record_that_is_enough_is_the_reason_and_not_one_that_may_say_something_else() -> None:
    """Ann is a member by her second record, whatever the first says, and whether she has a vote or not."""
    memberships = [{"person": "Ann", "capacity": "?"}, {"person": "Ann"}, {"person": "Bob", "capacity": "?"}]
    found = finding("criteria/minimum-size", people=PEOPLE, memberships=memberships)
    assert str(found.why()).splitlines()[2:] == [
        "Counted (1): Ann (memberships, record 2).",
        "Perhaps too (1): Bob (memberships, record 3).",
    ]


def test_a_household_that_is_too_large_comes_before_what_may_be() -> None:
    """Three for certain, and a fourth perhaps; two and the same fourth are none too many until that is so."""
    told = households(
        MEMBERS, ("Ann", "x"), ("Bob", "x"), ("Cat", "?"), ("Dan", "y"), ("Eve", "y"), ("Fay", "y")
    )
    assert told == [
        "Concerned: Dan, Eve and Fay.",
        "Figures: the largest group has 3 or 4; no more than 2 are allowed.",
        "Share household y (3): Dan, Eve and Fay (memberships, records 4 to 6; households, records 4 to 6).",
        "Perhaps too in household y (1): Cat (memberships, record 3; households, record 3).",
        "It may also concern Ann, Bob and Cat.",
    ]


def test_the_largest_household_comes_first() -> None:
    """Each that may be too large with those who may live there."""
    homes = [("Ann", "x"), ("Bob", "x"), ("Cat", "y"), ("Dan", "?"), ("Eve", "?"), ("Fay", "z")]
    told = households([*MEMBERS[:4], MEMBERS[4], MEMBERS[5]], *homes)
    assert told[:5] == [
        "Figures: the largest group has 2 to 4; no more than 2 are allowed.",
        "Share household x (2): Ann and Bob (memberships, records 1 and 2; households, records 1 and 2).",
        "Perhaps too in household x (2): Dan and Eve (memberships, records 4 and 5; households, records 4 and 5).",
        "May share household y (3): Cat, Dan and Eve (memberships, records 3 to 5; households, records 3 to 5).",
        "May share household z (3): Dan, Eve and Fay (memberships, records 4 to 6; households, records 4 to 6).",
    ]


def test_places_are_told_together() -> None:
    """Two that are not beside each other, and one alone."""
    homes = [("Ann", "x"), ("Bob", "y"), ("Cat", "x"), ("Dan", "x")]
    assert households(MEMBERS[:4], *homes)[-1] == (
        "Share household x (3): Ann, Cat and Dan (memberships, records 1, 3 and 4; households, records 1, 3 and 4)."
    )
