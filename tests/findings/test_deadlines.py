"""What may still happen is asked for with the last day on which it may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import bigrules
from bigrules.findings.deadlines import last_day
from bigrules.language.model import Const, Slot
from bigrules.language.model import Test as Computed
from oracle.hand import DATE, all_of, atom, day, rule

STRESS = Path(__file__).parents[1] / "language" / "stress"


def told(book: str, register: dict[str, Any], as_of: str, rule_id: str) -> str:
    """All that is told about a rule."""
    rulebook = bigrules.load_rulebook(STRESS / book)
    report = rulebook.check(rulebook.read(register, as_of=as_of))
    return "\n".join(str(each.why()) for each in report[rule_id].findings)


def test_of_a_window_it_is_the_last_day_of_it() -> None:
    """Asked on the last day itself; on the day after it is breached and nothing is asked."""
    register = {"years": [{"season": "autumn", "year": 2018}], "reviews": []}
    asked = (
        "Will there still be a record under reviews by 31 December 2018? If there is none, it is breached."
    )
    for as_of in ("2018-08-31", "2018-12-30", "2018-12-31"):
        assert asked in told("a-window-each-year", register, as_of, "rules/sent-in-autumn")
    after = told("a-window-each-year", register, "2019-01-01", "rules/sent-in-autumn")
    assert "is breached" in after
    assert "Will there" not in after


@pytest.mark.parametrize(("held", "as_of", "by"), [
    ("2018-04-01", "2018-04-29", "29 April 2018"),
    ("2016-02-10", "2016-02-29", "9 March 2016"),
    ("2015-02-10", "2015-03-10", "10 March 2015"),
])  # fmt: skip
def test_of_so_many_days_it_is_the_last_of_them(held: str, as_of: str, by: str) -> None:
    """Counted from what stands in the register, over 29 February too."""
    register = {"meetings": [{"meeting": "spring", "day": held}], "minutes": []}
    found = told("within-28-days", register, as_of, "rules/minutes-in-time")
    assert f"Will there still be a record under minutes by {by}?" in found


def test_of_several_the_earliest_and_of_what_is_not_one_none() -> None:
    """Two tests of one day leave the earlier; two ways, or a day that nothing binds, leave none that could be said."""
    sent = atom("sent", "<s>", future="s")
    window = Computed("window", (Slot("s"), Const(2018)), window=(9, 1, 12, 31))
    soon = Computed("within days after", (Slot("s"), Slot("d")), 28)
    both = rule("r", condition=all_of(sent, window, soon), types={"s": DATE, "d": DATE})
    assert last_day(both, "sent", {"d": day("2018-11-01")}) == day("2018-11-29")
    assert last_day(both, "sent", {"d": day("2018-12-20")}) == day("2018-12-31")
    assert last_day(both, "sent", {}) == day("2018-12-31")
    assert last_day(both, "other", {"d": day("2018-11-01")}) is None
    alone = rule("r", condition=all_of(sent, soon), types={"s": DATE, "d": DATE})
    assert last_day(alone, "sent", {}) is None
    two = rule("r", condition=all_of(sent, window, atom("sent", "<s>", future="s")), types={"s": DATE})
    assert last_day(two, "sent", {}) is None
    near = Computed("within days", (Slot("d"), Slot("s")), 3)
    turned = rule("r", condition=all_of(sent, near), types={"s": DATE, "d": DATE})
    assert last_day(turned, "sent", {"d": day("2016-02-27")}) == day("2016-03-01")
