"""What a check takes, held against the function that is written by hand."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

import bigrules
from benchmarks import adapters, cases, hand_written
from benchmarks.table import Line, bar, told
from benchmarks.timing import Measured, Times, exponent, in_turn, once, ratio

SIZES = (10, 30, 100, 300, 1_000, 3_000, 10_000)
CHAINS = (100, 1_000, 10_000)


@attrs.frozen
class Setting:
    """What is measured, made ready beforehand.

    Args:
        rounds: How often each function is run in turn.
        seconds: For about so long it is repeated in each run.
        sizes: Numbers of members for the growth.
        chains: Numbers of members for the families.
        checks: How many checks the memory is watched over.
    """

    rounds: int = 20
    seconds: float = 0.02
    sizes: Sequence[int] = SIZES
    chains: Sequence[int] = CHAINS
    checks: int = 100_000

    @property
    def rulebook(self) -> bigrules.Rulebook:
        """The core rules, which are written by hand too, compiled."""
        return adapters.core_rulebook()

    @property
    def whole(self) -> bigrules.Rulebook:
        """The whole shipped rulebook, compiled."""
        return _whole()

    def case(
        self, plain: Mapping[str, Any] | None = None, rulebook: bigrules.Rulebook | None = None
    ) -> bigrules.Case:
        """The partnership of twelve, structured."""
        return (rulebook or self.rulebook).read(
            cases.twelve() if plain is None else plain, as_of=adapters.AS_OF
        )


@functools.cache
def _whole() -> bigrules.Rulebook:
    rulebook = bigrules.load_rulebook()
    adapters.structured(rulebook)
    return rulebook


def beside(times: Times, hand: Times, both: tuple[float, float]) -> str:
    """The times behind a ratio."""
    return f"{micro(times)} against {micro(hand)} by hand; median of the rounds {both[1]:,.2f} ×"


def micro(times: Times) -> str:
    """The least time, in microseconds."""
    return f"{times.least / 1e3:,.1f} µs"


def by_hand(case: bigrules.Case) -> Measured:
    """The function written by hand, on a case."""
    make = adapters.anew(case)
    return Measured(hand_written.check, lambda: cases.register_of(make()))


def ours(call: Callable[[Any], object], given: object, rulebook: bigrules.Rulebook | None = None) -> Measured:
    """What bigrules does, on a case or on plain data; with the core rules where no rulebook is given."""
    return Measured(call, adapters.anew(given, rulebook or adapters.core_rulebook()))


def against_hand(
    setting: Setting, what: str, measured: Measured, *limits: tuple[str, float]
) -> Iterator[Line]:
    """How many times as long as the function written by hand something takes on the partnership of twelve."""
    hand, times = in_turn([by_hand(setting.case()), measured], setting.rounds, setting.seconds)
    both = ratio(times, hand)
    if not limits:
        yield told(what, f"{both[0]:,.2f} ×", beside(times, hand, both))
    for more, limit in limits:
        yield bar(f"{what}{more}", both[0], limit, "×", beside(times, hand, both))


def structured(setting: Setting) -> Iterator[Line]:
    """A structured case to findings with the people concerned."""
    case, call = setting.case(), adapters.structured(setting.rulebook)
    agree(setting, case)
    what = "`compiled`, 12 members, structured, findings with people concerned"
    yield from against_hand(setting, what, ours(call, case), ("", 1.5))
    report = adapters.report(setting.rulebook)
    yield from against_hand(setting, "the same as a report (`Rulebook.check`)", ours(report, case))


def agree(setting: Setting, case: bigrules.Case) -> None:
    """Both find the same: what finds less would be faster."""
    found = adapters.structured(setting.rulebook)(case)
    one = {
        (each.rule, "".join(str(value) for _, value in each.subject), str(each.outcome),
         frozenset(way.concerned for way in each.witnesses))
        for each in found
    }  # fmt: skip
    hand = hand_written.check(cases.register_of(case))
    other = {(rule, subject, outcome, frozenset(people)) for rule, subject, outcome, people in hand}
    assert one == other, f"what is compared does not find the same: {sorted(map(str, one ^ other))}"


def readings(setting: Setting) -> Iterator[Line]:
    """With readings chosen, and a day given."""
    case = attrs.evolve(setting.case(), as_of=adapters.OTHER_DAY)
    call, every = adapters.with_readings(setting.rulebook), adapters.each_reading(setting.rulebook)
    yield from against_hand(setting, "with readings chosen and `as_of` given", ours(call, case), ("", 2.5))
    report = adapters.report_with_readings(setting.rulebook)
    yield from against_hand(setting, "the same as a report, readings chosen", ours(report, case))
    fewer = attrs.evolve(setting, rounds=min(5, setting.rounds))
    yield from against_hand(fewer, "with every other reading tried, one at a time", ours(every, case))


def derivations(setting: Setting) -> Iterator[Line]:
    """With the derivation of each finding."""
    case, call = setting.case(), adapters.with_derivations(setting.rulebook)
    breached = adapters.with_derivations(setting.rulebook, breached=True)
    yield from against_hand(setting, "with the derivations of all findings", ours(call, case), ("", 2.5))
    what = "with the derivations of the breached findings alone"
    yield from against_hand(setting, what, ours(breached, case))


def plain(setting: Setting) -> Iterator[Line]:
    """From a plain dict, validated."""
    what = "from a plain dict, validated"
    core = ours(adapters.from_plain(setting.rulebook), cases.twelve())
    whole = ours(adapters.from_plain(setting.whole), cases.twelve(), setting.whole)
    yield from against_hand(setting, what, core, (", core rules", 2.5))
    yield from against_hand(setting, what, whole, (", whole shipped rulebook", 4))
    structured = ours(adapters.structured(setting.whole), setting.case(rulebook=setting.whole), setting.whole)
    yield from against_hand(setting, "structured, whole shipped rulebook, against the core rules", structured)


def unknowns(setting: Setting) -> Iterator[Line]:
    """Three unknowns in the case against none."""
    call = adapters.structured(setting.rulebook)
    plains = (cases.twelve(), cases.three_unknowns(), cases.one_list_not_known())
    measured = [ours(call, setting.case(each)) for each in plains]
    none, three, a_list = in_turn(measured, setting.rounds, setting.seconds)
    both = ratio(three, none)
    says = f"{micro(three)} against {micro(none)} without; median of the rounds {both[1]:,.2f} ×"
    yield bar("three unknowns (a home, a relation, a household) against none", both[0], 1.5, "×", says)
    what = "one list of one person not complete, against none"
    yield told(what, f"{ratio(a_list, none)[0]:,.2f} ×", micro(a_list))


def durable(setting: Setting) -> Iterator[Line]:
    """The second engine on the same case."""
    what = "`durable`, 12 members, structured, findings with people concerned"
    why_not = adapters.durable_missing()
    if why_not:
        yield told(what, "not measured", why_not)
        return
    call = adapters.structured(setting.rulebook, "durable")
    (times,) = in_turn([ours(call, setting.case())], setting.rounds, setting.seconds)
    yield bar(what, times.least / 1e6, 1, "ms", f"median {times.middle / 1e6:,.2f} ms")


def growth(setting: Setting) -> Iterator[Line]:
    """How time grows with the number of members."""
    call = adapters.structured(setting.rulebook)
    taken: list[float] = []
    hands: list[float] = []
    for size in setting.sizes:
        case = cases.grown(setting.rulebook.model, size)
        rounds = max(2, min(setting.rounds, 3_000 // size))
        times, hand = in_turn([ours(call, case), by_hand(case)], rounds, setting.seconds)
        taken.append(times.least)
        hands.append(hand.least)
    steps = ", ".join(
        f"{size:,}: {time / 1e6:,.2f} ms" for size, time in zip(setting.sizes, taken, strict=True)
    )
    what = f"growth with members, {setting.sizes[0]:,} to {setting.sizes[-1]:,}, exponent"
    says = f"{steps}; by hand {exponent(setting.sizes, hands):.2f}"
    yield bar(what, exponent(setting.sizes, taken), 1.2, "", says)
    top = exponent(setting.sizes[-3:], taken[-3:])
    beyond = f"{taken[-1] / hands[-1]:,.1f} × by hand at {setting.sizes[-1]:,}"
    yield told("the same over the three greatest sizes alone", f"{top:.2f}", beyond)


def chains(setting: Setting) -> Iterator[Line]:
    """A family of a quarter of the members, recorded in different orders."""
    call = adapters.structured(setting.rulebook)
    worst, parts = 0.0, []
    for size in setting.chains:
        made = [cases.grown(setting.rulebook.model, size, order) for order in cases.ORDERS]
        rounds = max(2, min(setting.rounds, 3_000 // size))
        times = in_turn([ours(call, each) for each in made], rounds, setting.seconds)
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
    taken = [
        once(Measured(lambda _: adapters.load_and_compile(), lambda: None))
        for _ in range(max(3, setting.rounds // 2))
    ]
    yield told("the same again in one process", f"{min(taken) / 1e6:,.1f} ms")
