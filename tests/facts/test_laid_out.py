"""What a list that was not asked is laid out as: as little as can make a difference, and no less."""

from __future__ import annotations

import datetime
import itertools

from hypothesis import given
from hypothesis import strategies as st

from bigrules.facts import calendar, read_register
from bigrules.facts.layout import lay_out
from bigrules.language import load, shipped_path
from bigrules.language.model import Rulebook
from bigrules.program.compile import compile_program

TODAY = datetime.date(2018, 6, 1)


def shipped() -> Rulebook:
    """The shipped rulebook."""
    found, diagnostics = load(shipped_path())
    assert found is not None, [str(each) for each in diagnostics]
    return found


@given(st.sets(st.integers(-400, 400), max_size=6), st.booleans())
def test_every_end_that_is_seen_is_there(offsets: set[int], begins: bool) -> None:
    """Whatever record there may be, one is laid out that looks the same: its end that is read, in force or not."""
    days = sorted({TODAY, *(TODAY + datetime.timedelta(each) for each in offsets)})
    days = [days[0] - datetime.timedelta(1), *days, days[-1] + datetime.timedelta(1)]

    def seen(first: datetime.date, last: datetime.date | None) -> tuple[datetime.date | None, bool]:
        return first if begins else last, first <= TODAY and (last is None or last >= TODAY)

    pairs = calendar.ends_seen(days, TODAY, begins)
    assert all(last is None or first <= last for first, last in pairs)
    every = [
        (first, last)
        for first, last in itertools.product(days, [*days, None])
        if last is None or first <= last
    ]
    assert {seen(*each) for each in pairs} == {seen(*each) for each in every}
    assert len(pairs) == len({seen(*each) for each in pairs})


def sites(members: int, rule: str) -> int:
    """How much is laid out for a rule where so many members have joined on days of their own, and no more is known."""
    rulebook = shipped()
    names = [f"member {number}" for number in range(members)]
    joined = [TODAY - datetime.timedelta(3 * number + 1) for number in range(members)]
    source = {
        "people": [{"person": each} for each in names],
        "memberships": [{"person": name, "from": str(day)} for name, day in zip(names, joined, strict=True)],
    }
    case, found = read_register(rulebook, source, TODAY)
    assert case is not None, [str(each) for each in found]
    return len(lay_out(compile_program(rulebook, [rule]), rulebook, case).sites)


def test_dates_that_nothing_reads_are_not_tried() -> None:
    """Members who joined on many days make no more plans or reports possible than one who joined on one."""
    for rule in ("role/follow-on-plan", "expectations/misuse-reported"):
        assert 0 < sites(1, rule) == sites(200, rule)
