"""Laws of days: what is over, what is still to come, the first and the last day, and the same some years later."""

from __future__ import annotations

import datetime
from typing import Any

import attrs
from hypothesis import strategies as st

from bigrules.facts.case import BY_NOW, Case, Fact
from bigrules.findings.report import Outcome
from bigrules.language import model
from oracle.reads import reads
from partnerships import DECIDED, JUDGED, ONE_DAY, core, record, row_of
from properties.evaluators import ENGINES, WHOLE, Found, found, law, shipped
from quick_partnerships import case_of, given, numbers, quick

NOT_APPLICABLE = Outcome.NOT_APPLICABLE
DATED = [name for name, kind in shipped().vocabulary.given.items() if kind.dated]
HAPPENED = [
    name for name, kind in shipped().vocabulary.given.items() if any(field.happened for field in kind.fields)
]
# The rules about what people did in a decision.
ON_THEIR_DAY = (
    *("conflicts/decision-direct-interest", "conflicts/decision-indirect-interest"),
    *("conflicts/decision-divided-loyalty", "conflicts/worker-not-decision-maker"),
)
# Tests that look at the calendar, and not only at which of two days is first.
OF_THE_CALENDAR = ("window", "in year", "within days", "within days after", "within days before")


def people_of(case: Case) -> list[str]:
    """Some of the people in a case."""
    return core([str(each.values[0]) for each in case.facts if each.kind == "people"])


def of_rules(outcomes: Found, rules: list[str]) -> Found:
    """What is found by some rules."""
    return {key: each for key, each in outcomes.items() if key[0] in rules}


def names_the_days(kind: str) -> set[str]:
    """The rules that ask when a record of a kind began or ended, or that read it on other days than the case's."""
    named = set()
    for rule in shipped().rules:
        read = reads(shipped(), {rule})
        for each in read.columns:
            if shipped().vocabulary.asked_under(each) != kind:
                continue
            count = len(shipped().vocabulary.kinds[each].fields)
            if read.columns[each] & {count - 2, count - 1} or read.modes[each] != {"now"}:
                named.add(rule)
    return named


def spell(row: Fact, since: Any, until: Any) -> Fact:
    """The record with another first and last day."""
    return attrs.evolve(row, values=(*row.values[:-2], since, until))


@st.composite
def with_a_row(draw: st.DrawFn) -> tuple[Case, list[Fact], Fact]:
    """A case, its records without one that is in force whatever the day, and that one."""
    case = quick(shipped(), draw(numbers))
    kind = draw(st.sampled_from(DATED))
    rows = [each for each in given(shipped(), case) if each.kind == kind]
    row = draw(st.sampled_from(rows)) if rows else draw(row_of(shipped(), kind, people_of(case)))
    return case, [each for each in given(shipped(), case) if each != row], spell(row, None, None)


# ---------------------------------------------------------------- what is still to come, and what is over


@law(*WHOLE, times=0.25)
def test_what_begins_or_happens_later_changes_nothing_that_is_found_before(
    evaluator: str, data: st.DataObject
) -> None:
    """However much is written down for days after the day of judging."""
    case = quick(shipped(), data.draw(numbers))
    later = case.as_of + ONE_DAY * data.draw(st.sampled_from([1, 1, 30, 400]))
    rows = []
    for kind in data.draw(st.lists(st.sampled_from([*DATED, *HAPPENED]), min_size=1, max_size=8)):
        row = data.draw(row_of(shipped(), kind, people_of(case)))
        fields = shipped().vocabulary.kinds[kind].fields
        row = spell(row, later, None) if kind in DATED else row
        values = [later if field.happened else value for field, value in zip(fields, row.values, strict=True)]
        if shipped().vocabulary.kinds[kind].lists:
            values[0] = f"later {len(rows)}"
        rows.append(attrs.evolve(row, values=tuple(values)))
    keys = shipped().vocabulary.kinds
    more = [row for row in rows if not keys[row.kind].key]
    assert found(evaluator, case_of(shipped(), [*given(shipped(), case), *more], like=case)) == found(
        evaluator, case
    )


@law(*WHOLE, times=0.25)
def test_an_earlier_day_is_judged_as_the_register_stood_on_it(evaluator: str, data: st.DataObject) -> None:
    """Without the records that came later, and without the ends that had not come yet."""
    case = attrs.evolve(quick(shipped(), data.draw(numbers)), as_of=data.draw(st.sampled_from(JUDGED)))
    stood = []
    for row in given(shipped(), case):
        kind = shipped().vocabulary.kinds[row.kind]
        happened = [value for field, value in zip(kind.fields, row.values, strict=True) if field.happened]
        if any(isinstance(each, datetime.date) and each > case.as_of for each in happened):
            continue
        if kind.dated:
            since, until = row.values[-2:]
            if isinstance(since, datetime.date) and since > case.as_of:
                continue
            if isinstance(until, datetime.date) and until > case.as_of:
                row = spell(row, since, None)
        stood.append(row)
    case = case_of(shipped(), given(shipped(), case), like=case)
    assert found(evaluator, case_of(shipped(), stood, like=case)) == found(evaluator, case)


@law(*WHOLE, times=2)
def test_a_decision_is_judged_as_of_its_own_day_whenever_that_is_done(
    evaluator: str, data: st.DataObject
) -> None:
    """What comes or ends after it, of offices, work and interests, and the day of judging make no difference."""
    case = quick(shipped(), data.draw(numbers), day=DECIDED[0])
    day = data.draw(st.sampled_from(JUDGED) | st.dates(DECIDED[0], datetime.date(2030, 1, 1)))
    other = case_of(shipped(), given(shipped(), case), day=day)

    def of_the_first(outcomes: Found) -> Found:
        return {key: each for key, each in outcomes.items() if key[1] == (("decision", "d1"),)}

    assert of_the_first(found(evaluator, other, ON_THEIR_DAY)) == of_the_first(
        found(evaluator, case, ON_THEIR_DAY)
    )


@law(*WHOLE, times=0.25)
def test_a_decision_that_has_not_been_taken_yet_is_judged_by_no_rule(
    evaluator: str, data: st.DataObject
) -> None:
    """The day before it there is no finding about it, and on the day there is."""
    case = quick(shipped(), data.draw(numbers))
    case = case_of(shipped(), given(shipped(), case), day=DECIDED[1] - ONE_DAY)
    on_the_day = case_of(shipped(), given(shipped(), case), day=DECIDED[1])

    def about(of: Case) -> set[object]:
        return {subject for _, subject in found(evaluator, of) if subject == (("decision", "d2"),)}

    assert not about(case)
    assert about(on_the_day)


# ---------------------------------------------------------------- first and last day


@law(*WHOLE, times=0.25)
def test_the_last_day_counts_and_the_day_after_does_not(evaluator: str, data: st.DataObject) -> None:
    """Of any record of a spell: as if it had no end on that day, as if it were not there on the next."""
    case, rest, row = data.draw(with_a_row())
    rules = sorted(set(shipped().rules) - names_the_days(row.kind))
    ended = [*rest, spell(row, None, case.as_of)]
    assert of_rules(found(evaluator, case_of(shipped(), ended, like=case)), rules) == of_rules(
        found(evaluator, case_of(shipped(), [*rest, row], like=case)), rules
    )
    after = attrs.evolve(case, as_of=case.as_of + ONE_DAY)
    assert of_rules(found(evaluator, case_of(shipped(), ended, like=after)), rules) == of_rules(
        found(evaluator, case_of(shipped(), rest, like=after)), rules
    )


@law(*WHOLE, times=0.25)
def test_the_first_day_counts_and_the_day_before_does_not(evaluator: str, data: st.DataObject) -> None:
    """Of any record of a spell."""
    case, rest, row = data.draw(with_a_row())
    rules = sorted(set(shipped().rules) - names_the_days(row.kind))
    begun = [*rest, spell(row, case.as_of, None)]
    assert of_rules(found(evaluator, case_of(shipped(), begun, like=case)), rules) == of_rules(
        found(evaluator, case_of(shipped(), [*rest, row], like=case)), rules
    )
    before = attrs.evolve(case, as_of=case.as_of - ONE_DAY)
    assert of_rules(found(evaluator, case_of(shipped(), begun, like=before)), rules) == of_rules(
        found(evaluator, case_of(shipped(), rest, like=before)), rules
    )


@law(*WHOLE, times=0.25)
def test_a_spell_may_be_written_as_two_that_follow_each_other(evaluator: str, data: st.DataObject) -> None:
    """On every day one of the two is in force."""
    case, rest, row = data.draw(with_a_row())
    named = {
        rule
        for rule in shipped().rules
        for each, columns in reads(shipped(), {rule}).columns.items()
        if each == row.kind and columns & {len(row.values) - 2, len(row.values) - 1}
    }
    rules = sorted(set(shipped().rules) - named)
    last = data.draw(st.sampled_from([case.as_of, case.as_of - ONE_DAY, DECIDED[0], DECIDED[1] - ONE_DAY]))
    two = [spell(row, None, last), spell(row, last + ONE_DAY, None)]
    assert of_rules(found(evaluator, case_of(shipped(), [*rest, *two], like=case)), rules) == of_rules(
        found(evaluator, case_of(shipped(), [*rest, row], like=case)), rules
    )


@law(*ENGINES, times=0.25)
def test_a_beginning_that_is_not_written_down_is_none_to_what_is_read_now(
    evaluator: str, data: st.DataObject
) -> None:
    """It had begun by the day of judging: only a rule about an earlier day has to ask since when."""
    case, rest, row = data.draw(with_a_row())
    rules = sorted(set(shipped().rules) - names_the_days(row.kind))
    by_now = case_of(shipped(), [*rest, spell(row, BY_NOW, None)], like=case)
    always = case_of(shipped(), [*rest, row], like=case)
    assert of_rules(found(evaluator, by_now), rules) == of_rules(found(evaluator, always), rules)


# ---------------------------------------------------------------- some years later


def later_by(years: int, value: Any) -> Any:
    """A day, so many years later."""
    return value.replace(year=value.year + years) if isinstance(value, datetime.date) else value


@law(*WHOLE, times=0.25)
def test_the_same_some_years_later_comes_out_the_same(evaluator: str, data: st.DataObject) -> None:
    """All days moved by whole years, the day of judging too: of all rules that do not look at the calendar."""
    rules = []
    for rule in shipped().rules:
        read = reads(shipped(), {rule})
        looks = any(isinstance(part, model.Test) and part.op in OF_THE_CALENDAR for part in read.formulas)
        if not looks and "review years" not in read.columns:
            rules.append(rule)
    assert len(rules) > 20
    case = quick(shipped(), data.draw(numbers))
    years = data.draw(st.integers(-10, 30).filter(bool))
    moved = [
        attrs.evolve(row, values=tuple(later_by(years, value) for value in row.values))
        for row in given(shipped(), case)
    ]
    other = case_of(shipped(), moved, day=later_by(years, case.as_of))
    assert of_rules(found(evaluator, other), rules) == of_rules(found(evaluator, case), rules)


@law(times=0.5)
def test_who_leaves_and_comes_back_is_a_member_but_for_the_days_between(
    evaluator: str, data: st.DataObject
) -> None:
    """Eight members of whom one was away: too few on each day between, enough on each other day."""
    gone = data.draw(st.dates(datetime.date(2015, 1, 1), datetime.date(2020, 1, 1)))
    back = gone + ONE_DAY * data.draw(st.integers(2, 800))
    facts = []
    for at in range(8):
        facts.append(record(shipped(), "people", person=f"p{at}"))
        row = record(shipped(), "memberships", person=f"p{at}", capacity="member", voting="yes")
        facts += [spell(row, None, gone), spell(row, back, None)] if at == 0 else [row]
    near = [gone, gone + ONE_DAY, back - ONE_DAY, back]
    day = data.draw(st.sampled_from(near) | st.dates(datetime.date(2014, 1, 1), datetime.date(2023, 1, 1)))
    outcome = found(evaluator, case_of(shipped(), facts, day=day), ["criteria/minimum-size"])
    expected = Outcome.BREACHED if gone < day < back else Outcome.MET
    assert outcome["criteria/minimum-size", ()] is expected
