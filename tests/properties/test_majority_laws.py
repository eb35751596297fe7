"""Laws of numbers: the size, the majority, families and households, however large a partnership is."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import attrs
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from bigrules.facts.case import UNKNOWN, Case, Fact
from bigrules.findings.report import Outcome
from partnerships import JUDGED, MUTUAL, record
from properties.evaluators import ENGINES, WHOLE, Found, findings, found, law, shipped
from quick_partnerships import case_of, given, numbers, plain, quick

MET, BREACHED, NOT_APPLICABLE = Outcome.MET, Outcome.BREACHED, Outcome.NOT_APPLICABLE
UNDECIDED, JUDGEMENT = Outcome.UNDECIDED, Outcome.JUDGEMENT

SIZE = "criteria/minimum-size"
MAJORITY = "criteria/resident-majority"
FAMILY = "conflicts/family-limit"
HOUSEHOLD = "conflicts/household-limit"
CASE = ()
# From best to worst.
WORSE = (NOT_APPLICABLE, MET, JUDGEMENT, UNDECIDED, BREACHED)
# The rules that a partnership keeps or breaks as its parts do, which have nobody and nothing in common.
OF_PARTS = (
    *(FAMILY, HOUSEHOLD, "conflicts/officers-not-related", "conflicts/worker-related-to-officer"),
    *("conflicts/worker-not-voting-member", "conflicts/worker-not-decision-maker"),
    *("conflicts/decision-direct-interest", "conflicts/decision-indirect-interest"),
    "conflicts/decision-divided-loyalty",
)

sizes = st.integers(1, 40)


def residents_of(members: int) -> st.SearchStrategy[int]:
    """How many of so many members live in the area; about the limit mostly."""
    at = -(-51 * members // 100)
    near = st.sampled_from([each for each in (at - 2, at - 1, at, at + 1) if 0 <= each <= members])
    return near | st.integers(0, members)


def majority(evaluator: str, members: int, residents: int, open_homes: int = 0) -> Outcome:
    """What the majority comes to where so many are members, and so many of them live in the area."""
    case = case_of(shipped(), plain(shipped(), members, residents, open_homes))
    return found(evaluator, case, [MAJORITY])[MAJORITY, CASE]


def size(evaluator: str, facts: list[Fact]) -> Outcome:
    """What the size comes to."""
    return found(evaluator, case_of(shipped(), facts), [SIZE])[SIZE, CASE]


def share(case: Case) -> Fraction:
    """The share of residents that is shown; nothing is unknown."""
    (figure,) = findings(case, rules=[MAJORITY])[MAJORITY, CASE].figures
    assert figure.least == figure.greatest
    assert isinstance(figure.least, int | Fraction)
    return Fraction(figure.least)


@st.composite
def partnership(draw: st.DrawFn) -> tuple[int, int]:
    """Members, and how many of them live in the area."""
    members = draw(sizes)
    return members, draw(residents_of(members))


# ---------------------------------------------------------------- threshold


@law(times=0.5)
def test_51_of_a_hundred_rounded_up_are_enough_and_one_fewer_is_not(
    evaluator: str, data: st.DataObject
) -> None:
    """Of n members the least number that is not below 51n/100, in whole numbers."""
    members = data.draw(st.integers(1, 120))
    enough = next(each for each in range(members + 1) if 100 * each >= 51 * members)
    assert majority(evaluator, members, enough) is MET
    assert majority(evaluator, members, enough - 1) is BREACHED


@law(times=0.5)
def test_the_share_that_is_shown_is_residents_of_members(evaluator: str, data: st.DataObject) -> None:
    """And the outcome is what it says of 51%."""
    members, residents = data.draw(partnership())
    case = case_of(shipped(), plain(shipped(), members, residents))
    (figure,) = findings(case, rules=[MAJORITY])[MAJORITY, CASE].figures
    assert (figure.least, figure.of_least) in ((residents, members), (Fraction(residents, members), members))
    outcome = found(evaluator, case, [MAJORITY])[MAJORITY, CASE]
    assert outcome is (MET if Fraction(residents, members) >= Fraction(51, 100) else BREACHED)


@law(times=0.5)
def test_with_homes_that_are_not_known_it_is_open_just_between_its_bounds(
    evaluator: str, data: st.DataObject
) -> None:
    """Met if the certain residents are enough, breached if all who may live there are too few, else open."""
    members = data.draw(st.integers(1, 9 if evaluator == "oracle" else 40))
    residents = data.draw(residents_of(members))
    open_ = data.draw(st.integers(0, min(6, members - residents)))
    enough, possible = 100 * residents >= 51 * members, 100 * (residents + open_) >= 51 * members
    expected = MET if enough else UNDECIDED if possible else BREACHED
    assert majority(evaluator, members, residents, open_) is expected


@law(times=0.5)
def test_with_two_homes_it_is_for_people_just_between_its_bounds(evaluator: str, data: st.DataObject) -> None:
    """Whoever has a home inside and another outside is a resident if people say so."""
    members = data.draw(st.integers(1, 9 if evaluator == "oracle" else 40))
    residents = data.draw(residents_of(members))
    both = data.draw(st.integers(0, min(6, members - residents)))
    second = [
        record(shipped(), "homes", person=f"p{at}", in_the_area="yes")
        for at in range(residents, residents + both)
    ]
    case = case_of(shipped(), [*plain(shipped(), members, residents), *second])
    enough, possible = 100 * residents >= 51 * members, 100 * (residents + both) >= 51 * members
    expected = MET if enough else JUDGEMENT if possible else BREACHED
    assert found(evaluator, case, [MAJORITY])[MAJORITY, CASE] is expected


@law(times=0.5)
def test_eight_are_enough_and_those_who_may_be_members_leave_it_open(
    evaluator: str, data: st.DataObject
) -> None:
    """Met with eight certain members, breached with fewer than eight possible ones, else open."""
    near = st.sampled_from([6, 7, 7, 8])
    members, possible = data.draw(near | st.integers(0, 12)), data.draw(st.sampled_from([0, 1, 2, 4]))
    facts = plain(shipped(), members + possible, 0)
    for at, each in enumerate(facts):
        if each.kind == "memberships" and int(str(each.values[0])[1:]) >= members:
            facts[at] = attrs.evolve(each, possible=True)
    expected = MET if members >= 8 else UNDECIDED if members + possible >= 8 else BREACHED
    assert size(evaluator, facts) is expected


# ---------------------------------------------------------------- scale


@law(times=0.5)
def test_copies_keep_the_majority(evaluator: str, data: st.DataObject) -> None:
    """So many partnerships alike, taken together, are as one of them is."""
    members, residents = data.draw(partnership())
    times = data.draw(st.integers(2, 5))
    assert majority(evaluator, times * members, times * residents) is majority(evaluator, members, residents)


@law(times=0.5)
def test_a_hundred_more_of_whom_51_are_residents_keep_it_as_it_was(
    evaluator: str, data: st.DataObject
) -> None:
    """Whoever joins in just the share that is asked for neither mends nor breaks it."""
    members, residents = data.draw(partnership())
    assert majority(evaluator, members + 100, residents + 51) is majority(evaluator, members, residents)


@law(times=0.5)
def test_a_hundred_more_of_whom_50_are_residents_never_mend_it(evaluator: str, data: st.DataObject) -> None:
    """Half of those who join is not enough, however many they are."""
    members, residents = data.draw(partnership())
    assume(100 * residents < 51 * members)
    times = data.draw(st.integers(1, 2))
    assert majority(evaluator, members + 100 * times, residents + 50 * times) is BREACHED


@law(times=0.5)
def test_a_resident_and_a_stranger_together_never_mend_it(evaluator: str, data: st.DataObject) -> None:
    """One of two is less than 51%."""
    members, residents = data.draw(partnership())
    if majority(evaluator, members, residents) is BREACHED:
        assert majority(evaluator, members + 2, residents + 1) is BREACHED


# ---------------------------------------------------------------- mediant


@law(times=0.5)
def test_two_that_have_a_majority_have_one_together_and_two_that_have_none_have_none(
    evaluator: str, data: st.DataObject
) -> None:
    """The share of both together lies between the shares of each."""
    one, other = data.draw(partnership()), data.draw(partnership())
    outcomes = {majority(evaluator, *one), majority(evaluator, *other)}
    together = majority(evaluator, one[0] + other[0], one[1] + other[1])
    assert together in outcomes


@law("compiled")
def test_the_share_of_both_lies_between_the_shares_of_each(evaluator: str, data: st.DataObject) -> None:
    """As figures, of any two random partnerships with nobody in common."""
    one, other = data.draw(partnership()), data.draw(partnership())
    parts = [plain(shipped(), *each, prefix=name) for each, name in ((one, "p"), (other, "q"))]
    shares = [share(case_of(shipped(), each)) for each in parts]
    together = share(case_of(shipped(), [*parts[0], *parts[1]]))
    assert min(shares) <= together <= max(shares)
    assert min(shares) == max(shares) or min(shares) < together < max(shares)


# ---------------------------------------------------------------- one more, one fewer


@law(times=0.5)
def test_one_resident_more_never_makes_it_worse_and_one_stranger_more_never_better(
    evaluator: str, data: st.DataObject
) -> None:
    """Whatever is not known of the others."""
    members = data.draw(st.integers(1, 8 if evaluator == "oracle" else 40))
    residents = data.draw(residents_of(members))
    open_ = data.draw(st.integers(0, min(4, members - residents)))
    facts = plain(shipped(), members, residents, open_)
    before = WORSE.index(found(evaluator, case_of(shipped(), facts), [MAJORITY])[MAJORITY, CASE])
    for inside, prefix in ((1, "r"), (0, "s")):
        more = [*facts, *plain(shipped(), 1, inside, prefix=prefix)]
        after = WORSE.index(found(evaluator, case_of(shipped(), more), [MAJORITY])[MAJORITY, CASE])
        assert after <= before if inside else after >= before


@law(times=0.5)
def test_who_moves_into_the_area_never_breaks_it_and_who_moves_out_never_mends_it(
    evaluator: str, data: st.DataObject
) -> None:
    """With the same members."""
    members, residents = data.draw(partnership())
    before = majority(evaluator, members, residents)
    if residents < members and before is MET:
        assert majority(evaluator, members, residents + 1) is MET
    if residents and before is BREACHED:
        assert majority(evaluator, members, residents - 1) is BREACHED


@law(times=0.5)
def test_a_stranger_who_leaves_never_breaks_it_and_a_resident_who_leaves_never_mends_it(
    evaluator: str, data: st.DataObject
) -> None:
    """As long as somebody stays."""
    members, residents = data.draw(partnership())
    assume(members > 1)
    before = majority(evaluator, members, residents)
    if residents < members and before is MET:
        assert majority(evaluator, members - 1, residents) is MET
    if residents and before is BREACHED:
        assert majority(evaluator, members - 1, residents - 1) is BREACHED


@law(times=0.5)
def test_observers_and_organisations_and_votes_and_repeated_rows_do_not_count(
    evaluator: str, data: st.DataObject
) -> None:
    """Size and majority are of persons, each once, with a vote or without one."""
    # So few that one more would be enough, and residents at the limit.
    members = data.draw(st.sampled_from([7, 7, 3, 20]))
    residents = data.draw(st.sampled_from([-(-51 * members // 100), -(-51 * members // 100) - 1]))
    facts = plain(shipped(), members, residents)
    more = []
    for at, capacity in enumerate(data.draw(st.permutations(["observer", "organisation"]))):
        more += [record(shipped(), "people", person=f"o{at}")]
        more += [record(shipped(), "memberships", person=f"o{at}", capacity=capacity, voting="yes")]
        more += [
            record(shipped(), "homes", person=f"o{at}", in_the_area=data.draw(st.sampled_from(["yes", "no"])))
        ]
    again = data.draw(st.integers(0, members - 1))
    more += [record(shipped(), "memberships", person=f"p{again}", capacity="co-opted member", voting="no")]
    rules = [SIZE, MAJORITY]
    assert found(evaluator, case_of(shipped(), [*facts, *more]), rules) == found(
        evaluator, case_of(shipped(), facts), rules
    )


# ---------------------------------------------------------------- families and households


def chain(length: int, kind: str) -> list[Fact]:
    """Relations that link so many of the first members, one after the other."""
    return [
        record(shipped(), "relations", person=f"p{at}", other=f"p{at + 1}", kind=kind)
        for at in range(length - 1)
    ]


@law(times=0.5)
def test_a_chain_of_relatives_is_one_family_and_three_of_one_are_too_many(
    evaluator: str, data: st.DataObject
) -> None:
    """Two are allowed, whatever listed relation it is; a relation that is not listed makes no family."""
    kind = data.draw(st.sampled_from(["married", "parent", "siblings", "unmarried partners", "cousins"]))
    for length in range(1, 5):
        facts = [*plain(shipped(), 8, 8), *chain(length, kind)]
        expected = BREACHED if length > 2 and kind != "cousins" else MET
        assert found(evaluator, case_of(shipped(), facts), [FAMILY])[FAMILY, CASE] is expected


@law(times=0.5)
def test_a_household_of_three_members_is_too_many_and_those_who_are_none_do_not_count(
    evaluator: str, data: st.DataObject
) -> None:
    """Two members and any number of other people may share a household."""
    inside, strangers = data.draw(st.integers(2, 4)), data.draw(st.integers(0, 3))
    facts = plain(shipped(), 8, 8)
    for person in [f"p{at}" for at in range(inside)] + [f"s{at}" for at in range(strangers)]:
        if person.startswith("s"):
            facts.append(record(shipped(), "people", person=person))
        facts.append(record(shipped(), "households", person=person, household="h", separate_flat="no"))
    expected = BREACHED if inside > 2 else MET
    assert found(evaluator, case_of(shipped(), facts), [HOUSEHOLD])[HOUSEHOLD, CASE] is expected


def called_otherwise(case: Case, suffix: str) -> list[Fact]:
    """The records with other names for every person, household, decision, organisation and concern."""
    rows = []
    for each in given(shipped(), case):
        fields = shipped().vocabulary.kinds[each.kind].fields
        values = (
            f"{value}{suffix}" if field.type.is_thing and isinstance(value, str) else value
            for field, value in zip(fields, each.values, strict=True)
        )
        rows.append(attrs.evolve(each, values=tuple(values)))
    return rows


def worst(evaluator: str, case: Case) -> dict[str, Outcome]:
    """The worst outcome of each rule of which a whole is as bad as the worse of its parts."""
    outcomes: dict[str, Outcome] = {}
    for (rule, _), each in found(evaluator, case, OF_PARTS).items():
        outcomes[rule] = max(outcomes.get(rule, NOT_APPLICABLE), each, key=WORSE.index)
    return outcomes


@law(*WHOLE, times=0.3)
def test_two_partnerships_with_nothing_in_common_are_together_as_the_worse_of_them(
    evaluator: str, data: st.DataObject
) -> None:
    """For each rule about conflicts: ties never cross from one to the other."""
    one, other = quick(shipped(), data.draw(numbers)), quick(shipped(), data.draw(numbers))
    other = attrs.evolve(other, as_of=one.as_of)
    together = case_of(shipped(), [*given(shipped(), one), *called_otherwise(other, "'")], like=one)
    each = [worst(evaluator, one), worst(evaluator, other)]
    assert worst(evaluator, together) == {
        rule: max(each[0][rule], each[1][rule], key=WORSE.index) for rule in OF_PARTS
    }


@law(*ENGINES, times=0.25)
def test_copies_keep_every_conflict(evaluator: str, data: st.DataObject) -> None:
    """Whether there is a conflict does not turn on how many there are."""
    case = quick(shipped(), data.draw(numbers))
    copies = [row for at in range(3) for row in called_otherwise(case, "'" * at)]
    assert worst(evaluator, case_of(shipped(), copies, like=case)) == worst(evaluator, case)


# ---------------------------------------------------------------- names and directions


@law(*WHOLE, times=0.25)
def test_other_names_for_anything_make_no_difference(evaluator: str, data: st.DataObject) -> None:
    """For every person, household, decision, organisation and concern at once, and in every rule."""
    case = quick(shipped(), data.draw(numbers), unknown=0 if evaluator == "oracle" else 2)
    other = case_of(shipped(), called_otherwise(case, "'"), like=case)
    assert found(evaluator, other) == {
        key: outcome
        for (rule, subject), outcome in found(evaluator, case).items()
        for key in [(rule, renamed(subject))]
    }


def renamed(subject: object) -> object:
    """A subject by the other names of its things."""
    if not isinstance(subject, tuple):
        return subject
    return tuple((slot, f"{value}'" if isinstance(value, str) else value) for slot, value in subject)


@law(*ENGINES, times=0.25)
def test_either_direction_of_a_mutual_relation_says_the_same(evaluator: str, data: st.DataObject) -> None:
    """To every rule, whatever is not known; people who are asked about are the same pair."""
    case = quick(shipped(), data.draw(numbers), unknown=2)
    turned = [
        attrs.evolve(each, values=(each.values[1], each.values[0], *each.values[2:]))
        if each.kind == "relations" and each.values[2] in MUTUAL and UNKNOWN not in each.values
        else each
        for each in given(shipped(), case)
    ]

    assert unordered(found(evaluator, case)) == unordered(
        found(evaluator, case_of(shipped(), turned, like=case))
    )


@pytest.mark.parametrize("evaluator", WHOLE)
def test_each_mutual_relation_says_the_same_either_way_round(evaluator: str) -> None:
    """Of two officers of whom one decides on a contract for the other, with a third who is paid."""
    facts = plain(shipped(), 3, 3)
    facts += [
        record(shipped(), "offices", person="p0", office="chair"),
        record(shipped(), "offices", person="p1", office="treasurer"),
        record(shipped(), "work", person="p2", pay="wage", route="other"),
        record(shipped(), "relations", person="p1", other="p2", kind="parent"),
        record(shipped(), "taking part", person="p0", decision="d", how="voted"),
        record(shipped(), "candidates", decision="d", organisation="o", chosen="no"),
        record(shipped(), "interests", person="p1", organisation="o", how="owner"),
    ]
    day = {"day": JUDGED[0], "taken_by": "the partnership", "recorded": "yes", "communicated": "yes"}
    facts.append(record(shipped(), "decisions", decision="d", about="grant", **day))
    for kind in MUTUAL:
        one, other = (
            found(
                evaluator,
                case_of(shipped(), [*facts, record(shipped(), "relations", person=a, other=b, kind=kind)]),
            )
            for a, b in (("p0", "p1"), ("p1", "p0"))
        )
        assert unordered(one) == unordered(other), kind


def unordered(outcomes: Found) -> Counter[object]:
    """What is found, whichever of two people a finding about a pair names first."""
    return Counter(
        (rule, frozenset(value for _, value in subject) if isinstance(subject, tuple) else subject, outcome)
        for (rule, subject), outcome in outcomes.items()
    )
