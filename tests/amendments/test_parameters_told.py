"""A rule says who changed a parameter in its limit, or a definition that it rests on, and since when."""

from __future__ import annotations

from pathlib import Path

import pytest

from amendments.society import KINDS, base, layer, used

MORE = "amendment: Three plots\nby: meeting of May\n{days}parameter: most plots\nchange: 2\nto: 3\n"
MAY = "“most plots: 3” in place of “most plots: 2”."


def told(source: Path, rule: str, as_of: str = "2018-06-01") -> list[str]:
    """What is said of amendments in the reasons of a rule."""
    book = used(source)
    register = {"people": [{"person": "p1"}], **{kind: [] for kind in KINDS}}
    register["memberships"] = [{"person": "p1", "from": "2010-01-01"}]
    report = book.check(book.read(register, as_of=as_of))
    return [
        each
        for one in report[rule].findings
        for each in one.why().sentences()
        if each.startswith("As amended")
    ]


@pytest.mark.parametrize(
    ("days", "as_of", "said"),
    [
        ("", "2018-06-01", [f"As amended by meeting of May: {MAY}"]),
        ("from: 2018-04-01\n", "2018-04-01", [f"As amended from 1 April 2018 by meeting of May: {MAY}"]),
        ("from: 2018-04-01\n", "2018-03-31", []),
        ("until: 2018-06-01\n", "2018-06-01", [f"As amended until 1 June 2018 by meeting of May: {MAY}"]),
        ("until: 2018-06-01\n", "2018-06-02", []),
    ],
)
def test_whose_value_a_limit_has(tmp_path: Path, days: str, as_of: str, said: list[str]) -> None:
    """The figure alone said how many are allowed, and not by what authority."""
    base(tmp_path)
    north = layer(tmp_path, more=MORE.format(days=days))
    assert told(north, "plots", as_of) == said
    assert told(north, "size", as_of) == [], "no limit of it is that parameter"


def test_who_changed_a_definition(tmp_path: Path) -> None:
    """Its rule has the words that it had, and means something else by them."""
    base(tmp_path)
    text = (
        "amendment: Juniors are active\nby: meeting of May\nfrom: 2018-04-01\namends: definitions/active\n"
        "change: <kind> is full\nto: <kind> is one of full, junior\n"
    )
    north = layer(tmp_path, juniors=text)
    said = (
        "As amended from 1 April 2018 by meeting of May: “<kind> is one of full, junior” in place of "
        "“<kind> is full” (definitions/active)."
    )
    assert told(north, "size", "2018-04-01") == [said]
    assert told(north, "size", "2018-03-31") == []
    assert told(north, "plots", "2018-04-01") == [], "it does not rest on it"
