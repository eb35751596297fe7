"""The rows of the table of figures still measure what they say; the figures themselves are no matter of tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.table import bar, row, told
from benchmarks.timing import Measured, Times, exponent, in_turn, ratio

from benchmarks import adapters, cases, checking, hand_written

ONCE = checking.Setting(rounds=1, seconds=0.0, sizes=(10, 20, 30), chains=(16,))


@pytest.mark.parametrize(
    ("measure", "bars"),
    [
        (checking.structured, ["≤ 1.5 ×"]),
        (checking.readings, ["≤ 2.5 ×"]),
        (checking.derivations, ["≤ 2.5 ×"]),
        (checking.plain, ["≤ 2.5 ×", "≤ 4 ×"]),
        (checking.unknowns, ["≤ 1.5 ×"]),
        (checking.growth, ["≤ 1.2 "]),
        (checking.chains, ["≤ 1.5 ×"]),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_row_is_measured_and_held_against_its_bar(measure: object, bars: list[str]) -> None:
    """What is measured runs, and stands beside the bar that was set for it."""
    lines = list(measure(ONCE))
    assert [each.bar for each in lines if each.bar] == bars
    # How time grows over two sizes as small as these is chance, and may come out below nothing.
    held = [each.over for each in lines if each.bar]
    assert all(each is not None and (each > 0 or measure is checking.growth) for each in held)


def test_finding_less_is_no_way_to_be_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared has to find the same people."""
    check = hand_written.check
    monkeypatch.setattr(hand_written, "check", lambda register: [(*each[:3], []) for each in check(register)])
    with pytest.raises(AssertionError, match="does not find the same"):
        checking.agree(ONCE, ONCE.case())


def test_data_is_made_anew_for_each_call() -> None:
    """No call is given what an earlier one was given."""
    given: list[object] = []
    make = adapters.anew(ONCE.case())
    in_turn([Measured(given.append, make)], rounds=2, seconds=0.0)
    assert len({id(each) for each in given}) == len(given) > 2
    assert all(each == ONCE.case() for each in given)


def test_every_derivation_is_asked_for() -> None:
    """Of each finding with all of them, and else of each that is breached."""
    case, rulebook = ONCE.case(), ONCE.rulebook
    breached = adapters.with_derivations(rulebook, breached=True)(case)
    assert [each.outcome for each in breached] == ["breached"] * 5
    assert all(each.reasons for each in breached)
    assert len(adapters.with_derivations(rulebook)(case)) == len(hand_written.check(cases.register_of(case)))


def test_readings_that_are_measured_are_applied() -> None:
    """A report under them says so."""
    report = adapters.report_with_readings(ONCE.rulebook)(ONCE.case())
    assert dict(report.rests_on.reading) == adapters.READINGS
    assert adapters.with_readings(ONCE.rulebook)(ONCE.case()) == report.findings


def test_verdicts() -> None:
    """A figure at its bar keeps it, one beyond misses it by so much."""
    assert bar("a", 1.5, 1.5, "×").verdict == "kept"
    assert bar("a", 4.5, 1.5, "×").verdict == "missed, 3 × the bar"
    assert row(bar("a", 4.5, 1.5, "×", "slow")) == "| a | 4.50 × | ≤ 1.5 × | missed, 3 × the bar | slow |"
    assert row(told("b", "2 ms")) == "| b | 2 ms |  |  |  |"


def test_figures_are_taken_so() -> None:
    """The ratio of the least times, the median of the rounds' own ratios, and the slope through the logarithms."""
    assert ratio(Times((6.0, 9.0, 8.0)), Times((2.0, 4.0, 3.0))) == (3.0, 8 / 3)
    assert exponent([10, 100, 1_000], [3.0, 300.0, 30_000.0]) == pytest.approx(2)
