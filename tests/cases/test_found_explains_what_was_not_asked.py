"""Groups, or that there are none, were stated over what is not known."""

from __future__ import annotations

from found import finding

PEOPLE = [{"person": each} for each in "abc"]


def test_households_that_were_not_asked() -> None:
    """That nobody shares a household is not so where nobody asked."""
    found = finding(
        "conflicts/household-limit", not_asked="households", people=PEOPLE, memberships=PEOPLE
    ).why()
    assert found.reasons == ("Not asked, so that anything may be so: households.",)
    assert [(each.text, each.where) for each in found.questions] == [
        ("Which people live together?", "households: not asked")
    ]


def test_households_that_are_not_known() -> None:
    """With `?` for all three they may share one, and do not yet."""
    unknown = [{**each, "household": "?"} for each in PEOPLE]
    found = finding("conflicts/household-limit", people=PEOPLE, memberships=PEOPLE, households=unknown)
    assert found.why().reasons == (
        "May share a household that is not recorded (3): a, b and c "
        "(memberships, records 1 to 3; households, records 1 to 3).",
    )


def test_a_household_that_is_not_known_beside_two_that_are() -> None:
    """Whose household is not known is perhaps in each, and certainly in none."""
    people = [{"person": each} for each in "abcde"]
    homes = dict(zip("abcde", "hh?gg", strict=True))
    households = [{"person": one, "household": home} for one, home in homes.items()]
    told = finding(
        "conflicts/household-limit", people=people, memberships=people, households=households
    ).why()
    assert [each.partition(" (memb")[0] for each in told.reasons] == [
        "Share household g (2): d and e",
        "Perhaps too in household g (1): c",
        "Share household h (2): a and b",
        "Perhaps too in household h (1): c",
    ]


def test_relations_that_were_not_asked() -> None:
    """That all are one family is not so where nobody asked."""
    found = finding("conflicts/family-limit", not_asked="relations", people=PEOPLE, memberships=PEOPLE)
    assert found.why().reasons == ("Not asked, so that anything may be so: relations.",)


def test_a_family_that_may_be_one() -> None:
    """Two are one group; three would be if a relation were what it may be."""
    relations = [
        {"person": "a", "other": "b", "kind": "married"},
        {"person": "b", "other": "c", "kind": "?"},
    ]
    told = finding("conflicts/family-limit", people=PEOPLE, memberships=PEOPLE, relations=relations).why()
    assert told.reasons == (
        "A and b are one group.",
        "A and b are related, because a is married to b (relations, record 1).",
        "A, b and c would be one group, if all that may be so is so.",
        "It may be that b and c are related, because perhaps b is married to c (relations, record 2).",
    )
