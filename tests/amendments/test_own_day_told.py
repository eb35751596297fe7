"""Reasons of a rule with a day of its own speak of that day, and not of the day of judging."""

from __future__ import annotations

from pathlib import Path

from amendments.society import KINDS, base, layer, used

FROM = "2018-04-01"
HELD = {
    "meetings": [{"meeting": "old", "day": "2018-03-31"}, {"meeting": "new", "day": FROM}],
    "attending": [{"person": f"p{at}", "meeting": each} for at in (1, 2, 3) for each in ("old", "new")],
    "memberships": [{"person": f"p{at}", "kind": "full", "from": "2010-01-01"} for at in (1, 2, 3)],
}


def reasons(source: Path, as_of: str) -> dict[str, tuple[str, ...]]:
    """What is said of each meeting."""
    book = used(source)
    people = [{"person": f"p{at}"} for at in (1, 2, 3)]
    register = {"people": people, **{kind: [] for kind in KINDS}, **HELD}
    found = book.check(book.read(register, as_of=as_of)).findings
    return {
        f"{each.rule} {dict(each.subject).get('meeting', '')}": each.why(names="full").sentences()
        for each in found
        if each.rule.startswith("quorum")
    }


def test_a_text_with_days_says_on_which_day_of_the_meeting_it_was_in_force(tmp_path: Path) -> None:
    """It said that 1 June was before 31 March, or that no meeting was recorded."""
    base(tmp_path)
    four = (
        "amendment: Four come\nfrom: 2018-04-01\namends: quorum\nchange: {at least: 3}\nto: {at least: 4}\n"
    )
    said = reasons(layer(tmp_path, four=four), "2018-06-01")
    assert set(said) == {"quorum@until-2018-03-31 old", "quorum new"}
    assert "31 March 2018 is on or before 31 March 2018." in said["quorum@until-2018-03-31 old"]
    assert "1 April 2018 is on or after 1 April 2018." in said["quorum new"]
    told = [each for one in said.values() for each in one]
    assert any(each.startswith("Old was held on 31 March 2018") for each in told)
    assert not any("1 June 2018" in each or "nothing of the kind" in each for each in told)


def test_an_exception_with_days_says_so_too(tmp_path: Path) -> None:
    """A rule that is disapplied from a day on is so for what happened from that day on."""
    base(tmp_path)
    none = "amendment: No quorum\nfrom: 2018-04-01\namends: quorum\ndisapply: yes\n"
    said = reasons(layer(tmp_path, none=none), "2018-06-01")
    assert set(said) == {"quorum old", "quorum new"}
    assert said["quorum old"][0].startswith("The rule “Three active members come to each meeting” is met")
    assert "is not applicable" in said["quorum new"][0]
    assert "1 April 2018 is on or after 1 April 2018." in said["quorum new"]
    assert not any("1 June 2018" in each for one in said.values() for each in one)
