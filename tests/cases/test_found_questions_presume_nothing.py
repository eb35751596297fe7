"""Questions about what may stand in a list that was not asked were put as if it stood there."""

from __future__ import annotations

from found import finding


def test_questions_presume_nothing() -> None:
    """Nobody is asked about the other office of somebody who has none on record."""
    people = [{"person": each} for each in "ab"]
    married = [{"person": "a", "other": "b", "kind": "married"}]
    found = finding("conflicts/officers-not-related", not_asked="offices", people=people, relations=married)
    assert [each.text for each in found.why().questions] == [
        "Who holds an office, such as chair, vice-chair, secretary or treasurer?"
    ]


def test_an_office_on_record_is_asked_about() -> None:
    """Where an office is recorded, and not which, it may be another one, of which people would decide."""
    people = [{"person": each} for each in "ab"]
    offices = [{"person": "a", "office": "chair"}, {"person": "b", "office": "?"}]
    married = [{"person": "a", "other": "b", "kind": "married"}]
    found = finding("conflicts/officers-not-related", people=people, relations=married, offices=offices)
    assert [each.text for each in found.why().questions] == [
        "Which office does b hold?",
        "Is the other office that b holds a position of power or influence?",
    ]


def test_a_list_that_was_not_asked_is_one_question() -> None:
    """Homes that nobody asked about are asked about together, and in the words of the vocabulary."""
    people = [{"person": each} for each in "abcdefgh"]
    found = finding("criteria/resident-majority", not_asked="homes", people=people, memberships=people)
    assert [(each.text, each.where) for each in found.why().questions] == [
        ("Where do the people live, inside the boundary or outside?", "homes: not asked")
    ]


def test_strangers_have_no_home_to_ask_about() -> None:
    """Only the home of somebody who is recorded is asked about."""
    found = finding("criteria/resident-majority", not_asked="memberships", people=[{"person": "a"}])
    assert [each.text for each in found.why().questions] == [
        "Who are the members of the partnership, and since when?",
        "Is the home of a within the boundary of the Big Local area?",
    ]


def test_what_may_be_missing_is_not_counted() -> None:
    """Pairs by whom a rule may be breached through lists that were not asked are not `more like this`."""
    people = [{"person": each} for each in "abcdefgh"]
    told = finding("conflicts/officers-not-related", not_asked="relations, offices", people=people).why()
    assert told.reasons == ()
