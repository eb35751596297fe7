"""What a check takes, held against the function that is written by hand."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

import bigrules
from benchmarks import adapters, cases, hand_written
from benchmarks.table import Line, bar, told
from benchmarks.timing import Times, exponent, in_turn, once, ratio

SIZES = (10, 30, 100, 300, 1_000, 3_000, 10_000)
CHAINS = (100, 1_000, 10_000)


@attrs.frozen
class Setting:
    """What is measured, made ready beforehand.

    Args:
        rounds: How often each function is run in turn.
        sizes: Numbers of members for the growth.
        chains: Numbers of members for the families.
        checks: How many checks the memory is watched over.
    """

    rounds: int = 20
    sizes: Sequence[int] = SIZES
    chains: Sequence[int] = CHAINS
    checks: int = 100_000

    @property
    def rulebook(self) -> bigrules.Rulebook:
        """The shipped rulebook, compiled."""
        return _rulebook()

    def case(self, plain: Mapping[str, Any] | None = None) -> bigrules.Case:
        """The partnership of twelve, structured."""
        return self.rulebook.read(cases.twelve() if plain is None else plain, as_of=adapters.AS_OF)


@functools.cache
def _rulebook() -> bigrules.Rulebook:
    rulebook = bigrules.load_rulebook()
    adapters.structured(rulebook)
    return rulebook


def beside(times: Times, hand: Times, both: tuple[float, float]) -> str:
    """The times behind a ratio."""
    return f"{micro(times)} against {micro(hand)} by hand; median of the rounds {both[1]:,.2f} ×"


def micro(times: Times) -> str:
    """The least time, in microseconds."""
    return f"{times.least / 1e3:,.1f} µs"


def against_hand(
    setting: Setting, what: str, call: Callable[[], object], *limits: tuple[str, float]
) -> Iterator[Line]:
    """How many times as long as the function written by hand something takes on the partnership of twelve."""
    register = cases.register_of(setting.case())
    hand, times = in_turn([lambda: hand_written.check(register), call], setting.rounds)
    both = ratio(times, hand)
    if not limits:
        yield told(what, f"{both[0]:,.2f} ×", beside(times, hand, both))
    for more, limit in limits:
        yield bar(f"{what}{more}", both[0], limit, "×", beside(times, hand, both))


def structured(setting: Setting) -> Iterator[Line]:
    """A structured case to findings with the people concerned."""
    case, call = setting.case(), adapters.structured(setting.rulebook)
    agree(setting, case)
    yield from against_hand(
        setting,
        "`compiled`, 12 members, structured, findings with people concerned",
        lambda: call(case),
        ("", 1.5),
    )
    report = adapters.report(setting.rulebook)
    yield from against_hand(setting, "the same as a report (`Rulebook.check`)", lambda: report(case))


def agree(setting: Setting, case: bigrules.Case) -> None:
    """Both find the same: what finds less would be faster."""
    found = adapters.structured(setting.rulebook)(case)
    one = {
        (each.rule, "".join(str(value) for _, value in each.subject), str(each.outcome),
         frozenset(way.concerned for way in each.witnesses))
        for each in found
    }  # fmt: skip
    by_hand = hand_written.check(cases.register_of(case))
    other = {(rule, subject, outcome, frozenset(people)) for rule, subject, outcome, people in by_hand}
    assert one == other, f"what is compared does not find the same: {sorted(map(str, one ^ other))}"


def readings(setting: Setting) -> Iterator[Line]:
    """With readings chosen, and a day given."""
    case = attrs.evolve(setting.case(), as_of=adapters.OTHER_DAY)
    call = adapters.with_readings(setting.rulebook)
    yield from against_hand(
        setting, "with readings chosen and `as_of` given, as a report", lambda: call(case), ("", 2.5)
    )
    every = adapters.each_reading(setting.rulebook)
    yield from against_hand(
        attrs.evolve(setting, rounds=min(5, setting.rounds)),
        "with every other reading tried, one at a time", lambda: every(case),
    )  # fmt: skip


def derivations(setting: Setting) -> Iterator[Line]:
    """With the derivation of each finding."""
    case = setting.case()
    call, breached = (
        adapters.with_derivations(setting.rulebook),
        adapters.with_derivations(setting.rulebook, True),
    )
    yield from against_hand(setting, "with the derivations of all findings", lambda: call(case), ("", 2.5))
    yield from against_hand(
        setting, "with the derivations of the breached findings alone", lambda: breached(case)
    )


def plain(setting: Setting) -> Iterator[Line]:
    """From a plain dict, validated."""
    data, call = cases.twelve(), adapters.from_plain(setting.rulebook)
    yield from against_hand(
        setting, "from a plain dict, validated", lambda: call(data),
        (", core rules", 2.5), (", whole shipped rulebook (at present the core rules)", 4),
    )  # fmt: skip


def unknowns(setting: Setting) -> Iterator[Line]:
    """Three unknowns in the case against none."""
    call = adapters.structured(setting.rulebook)
    none, three = setting.case(), setting.case(cases.three_unknowns())
    further = setting.case(cases.one_list_not_known())
    known, times, listed = in_turn(
        [lambda: call(none), lambda: call(three), lambda: call(further)], setting.rounds
    )
    both = ratio(times, known)
    says = f"{micro(times)} against {micro(known)} without; median of the rounds {both[1]:,.2f} ×"
    yield bar("three unknowns (a home, a relation, a household) against none", both[0], 1.5, "×", says)
    yield told(
        "one list of one person not complete, against none",
        f"{ratio(listed, known)[0]:,.2f} ×",
        micro(listed),
    )


def durable(setting: Setting) -> Iterator[Line]:
    """The second engine on the same case."""
    what = "`durable`, 12 members, structured, findings with people concerned"
    why_not = adapters.durable_missing()
    if why_not:
        yield told(what, "not measured", why_not)
        return
    case, call = setting.case(), adapters.structured(setting.rulebook, "durable")
    (times,) = in_turn([lambda: call(case)], setting.rounds)
    yield bar(what, times.least / 1e6, 1, "ms", f"median {times.middle / 1e6:,.2f} ms")


def growth(setting: Setting) -> Iterator[Line]:
    """How time grows with the number of members."""
    call = adapters.structured(setting.rulebook)
    ours: list[float] = []
    hands: list[float] = []
    for size in setting.sizes:
        case = cases.grown(setting.rulebook.model, size)
        register = cases.register_of(case)
        rounds = max(2, min(setting.rounds, 3_000 // size))
        our, hand = in_turn(
            [lambda case=case: call(case), lambda register=register: hand_written.check(register)],
            rounds,
            0.01,
        )
        ours.append(our.least)
        hands.append(hand.least)
    steps = ", ".join(
        f"{size:,}: {time / 1e6:,.2f} ms" for size, time in zip(setting.sizes, ours, strict=True)
    )
    slope = exponent(setting.sizes, ours)
    what = f"growth with members, {setting.sizes[0]:,} to {setting.sizes[-1]:,}, exponent"
    yield bar(what, slope, 1.2, "", f"{steps}; by hand {exponent(setting.sizes, hands):.2f}")
    top = exponent(setting.sizes[-3:], ours[-3:])
    yield told(
        "the same over the greatest sizes alone", f"{top:.2f}", f"{ours[-1] / hands[-1]:,.1f} × by hand there"
    )


def chains(setting: Setting) -> Iterator[Line]:
    """A family of a quarter of the members, recorded in different orders."""
    call = adapters.structured(setting.rulebook)
    worst, parts = 0.0, []
    for size in setting.chains:
        made = [cases.grown(setting.rulebook.model, size, order) for order in cases.ORDERS]
        calls = [lambda case=case: call(case) for case in made]
        times = in_turn(calls, max(2, min(setting.rounds, 3_000 // size)), 0.01)
        ratios = [ratio(each, times[0])[0] for each in times[1:]]
        worst = max(worst, *ratios)
        orders = ", ".join(
            f"{order} {each:.2f} ×" for order, each in zip(cases.ORDERS[1:], ratios, strict=True)
        )
        parts.append(f"{size:,}: {orders}, of {times[0].least / 1e6:,.1f} ms")
    yield bar(
        "a family chain of n/4 in any order, against the ascending one", worst, 1.5, "×", "; ".join(parts)
    )


def loading(setting: Setting) -> Iterator[Line]:
    """Loading and compiling again, in a process that has done so before."""
    taken = [once(adapters.load_and_compile) for _ in range(max(3, setting.rounds // 2))]
    yield told("the same again in one process", f"{min(taken) / 1e6:,.1f} ms")
