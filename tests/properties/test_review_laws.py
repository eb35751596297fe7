"""Laws of the yearly review: its window, what is sent and answered, who is described, what has to be told."""

from __future__ import annotations

import datetime
from typing import Any

import attrs
import pytest
from hypothesis import given as tried_with
from hypothesis import settings
from hypothesis import strategies as st

from bigrules.facts.case import Answer, Case, Fact
from bigrules.findings.report import Outcome
from partnerships import record
from properties.evaluators import ENGINES, found, law, shipped
from quick_partnerships import case_of, given, numbers, plain, quick

MET, BREACHED, NOT_APPLICABLE = Outcome.MET, Outcome.BREACHED, Outcome.NOT_APPLICABLE
UNDECIDED = Outcome.UNDECIDED
ONE_DAY = datetime.timedelta(days=1)

SENT = "review/sent-in-window"
CHANNEL = "review/through-channel"
SIGNED = "review/every-member-signed"
DESCRIBED = "review/members-described"
TELL = "review/say-what-will-be-done"
REFLECTS = "criteria/reflects-the-area"
ANSWERS = {
    "review/answers-reflects": "reflects the community",
    "review/answers-policies": "followed its own policies",
    "review/answers-values": "in line with ethos and values",
    "review/answers-conflicts": "conforms to the conflicts guidance",
}
OF_YEARS = [SENT, *ANSWERS]

# Leap years are among them; the first review is that of 2017.
years = st.integers(2017, 2060)


def window(year: int) -> tuple[datetime.date, datetime.date]:
    """First and last day on which a review may be sent."""
    return datetime.date(year, 9, 1), datetime.date(year, 12, 31)


def days_of(year: int) -> st.SearchStrategy[datetime.date]:
    """A day of a year or about it; the ends of the window and of February mostly."""
    first, last = window(year)
    ends = [first - ONE_DAY, first, last, last + ONE_DAY, datetime.date(year, 3, 1) - ONE_DAY]
    return st.sampled_from(ends) | st.dates(datetime.date(year, 1, 1), datetime.date(year + 1, 3, 1))


def sent(year: int, day: datetime.date, channel: str = "Big Local Community") -> Fact:
    """A review that was sent."""
    return record(shipped(), "reviews", year=year, day=day, channel=channel)


def answered(year: int, question: str, day: datetime.date, answer: str = "yes") -> Fact:
    """A question of the review that was answered."""
    fields: dict[str, Any] = {"year": year, "question": question, "day": day, "answer": answer, "why": ""}
    return record(shipped(), "review answers", **fields)


def of_year(evaluator: str, rule: str, year: int, facts: list[Fact], day: datetime.date) -> Outcome | None:
    """What a rule finds about a year, as of a day; None where that is no review year."""
    outcomes = found(evaluator, case_of(shipped(), facts, day=day), [rule])
    return outcomes.get((rule, (("year", year),)))


def which_years(evaluator: str, day: datetime.date) -> set[int]:
    """The years of which a review is asked for on a day."""
    outcomes = found(evaluator, case_of(shipped(), [], day=day), [SENT])
    return {int(str(subject[0][1])) for _, subject in outcomes if isinstance(subject, tuple) and subject}


# ---------------------------------------------------------------- which years, and when


@law(*ENGINES, times=0.3)
def test_the_review_years_are_the_last_that_has_closed_and_the_one_that_is_open(
    evaluator: str, data: st.DataObject
) -> None:
    """From 1 January to 31 August the year before; from 1 September on this year too; none before 2017."""
    at = data.draw(st.integers(2015, 2060))
    first, last = window(at)
    for day in (first - ONE_DAY, first, last, last + ONE_DAY, data.draw(days_of(at))):
        expected = {day.year - 1} | ({day.year} if day.month >= 9 else set())
        assert which_years(evaluator, day) == {year for year in expected if year >= 2017}


@law(*ENGINES, times=0.3)
def test_nothing_sent_is_open_to_the_last_day_of_the_window_and_a_breach_after_it(
    evaluator: str, data: st.DataObject
) -> None:
    """On every day of the window, the last included, it may still be sent."""
    year = data.draw(years)
    first, last = window(year)
    within = data.draw(st.sampled_from([first, last]) | st.dates(first, last))
    assert of_year(evaluator, SENT, year, [], within) is UNDECIDED
    over = data.draw(
        st.sampled_from([last + ONE_DAY]) | st.dates(last + ONE_DAY, datetime.date(year + 1, 12, 31))
    )
    assert of_year(evaluator, SENT, year, [], over) is BREACHED


@law(*ENGINES, times=0.3)
def test_one_that_was_sent_counts_just_if_it_was_in_the_window(evaluator: str, data: st.DataObject) -> None:
    """1 September and 31 December are in it, 31 August and 1 January are not; leap years are as others."""
    year = data.draw(years)
    first, last = window(year)
    day = data.draw(days_of(year))
    expected = MET if first <= day <= last else BREACHED
    assert of_year(evaluator, SENT, year, [sent(year, day)], datetime.date(year + 1, 8, 31)) is expected


@law(*ENGINES, times=0.3)
def test_of_several_one_in_the_window_is_enough(evaluator: str, data: st.DataObject) -> None:
    """Whenever the others were sent, of whatever years, and in whatever order they are written down."""
    year = data.draw(years)
    first, last = window(year)
    others = data.draw(
        st.lists(st.tuples(st.sampled_from([year - 1, year, year + 1]), days_of(year)), max_size=4)
    )
    good = sent(year, data.draw(st.sampled_from([first, last]) | st.dates(first, last)))
    rows = data.draw(st.permutations([good, *(sent(of, day) for of, day in others)]))
    after = datetime.date(year + 1, 3, 2)
    assert of_year(evaluator, SENT, year, list(dict.fromkeys(rows)), after) is MET
    without = [
        each
        for each in dict.fromkeys(rows)
        if not (each.values[0] == year and first <= each.values[1] <= last)
    ]  # type: ignore[operator]
    assert of_year(evaluator, SENT, year, without, after) is BREACHED


@law(*ENGINES, times=0.3)
def test_one_that_is_recorded_for_a_later_day_has_not_been_sent(evaluator: str, data: st.DataObject) -> None:
    """On the day before it is as if it were not written down, on the day it is there."""
    year = data.draw(years)
    first, last = window(year)
    day = data.draw(st.dates(first + ONE_DAY, last))
    assert of_year(evaluator, SENT, year, [sent(year, day)], day - ONE_DAY) is UNDECIDED
    assert of_year(evaluator, SENT, year, [sent(year, day)], day) is MET


@law(*ENGINES, times=0.3)
def test_a_review_of_another_year_is_no_review_of_this_one(evaluator: str, data: st.DataObject) -> None:
    """Though it was sent in this year's window."""
    year = data.draw(years)
    other = data.draw(st.integers(year - 3, year + 3).filter(lambda each: each != year))
    day = data.draw(st.dates(*window(year)))
    after = datetime.date(year + 1, 1, 1)
    assert of_year(evaluator, SENT, year, [sent(other, day)], after) is BREACHED
    assert of_year(evaluator, CHANNEL, year, [sent(other, day)], after) is None


@law(*ENGINES, times=0.3)
def test_the_same_some_years_later_comes_out_the_same_of_a_review(
    evaluator: str, data: st.DataObject
) -> None:
    """All days and years of reviews and answers moved by whole years, the day of judging too."""
    case = quick(shipped(), data.draw(numbers))
    by = data.draw(st.integers(1, 30))

    def later(value: Any) -> Any:
        if isinstance(value, datetime.date):
            return value.replace(year=value.year + by)
        return value + by if isinstance(value, int) and 2000 < value < 2100 else value

    moved = [attrs.evolve(row, values=tuple(map(later, row.values))) for row in given(shipped(), case)]
    other = case_of(shipped(), moved, day=later(case.as_of))
    rules = [*OF_YEARS, CHANNEL]
    assert found(evaluator, other, rules) == {
        (
            rule,
            tuple((slot, later(value)) for slot, value in subject) if isinstance(subject, tuple) else subject,
        ): each
        for (rule, subject), each in found(evaluator, case, rules).items()
    }


@law(*ENGINES, times=0.3)
def test_one_through_the_channel_is_enough_and_none_sent_is_no_matter_of_it(
    evaluator: str, data: st.DataObject
) -> None:
    """Whatever else was sent otherwise."""
    year = data.draw(years)
    channels = data.draw(
        st.lists(st.sampled_from(["Big Local Community", "email", "post", "other"]), max_size=4)
    )
    rows = [sent(year, datetime.date(year, 10, 1 + at), each) for at, each in enumerate(channels)]
    expected = None if not rows else MET if "Big Local Community" in channels else BREACHED
    assert of_year(evaluator, CHANNEL, year, rows, datetime.date(year + 1, 1, 1)) is expected


# ---------------------------------------------------------------- the four questions


@pytest.mark.parametrize("rule", ANSWERS)
def test_an_answer_counts_just_if_it_is_to_the_question_and_of_the_year(rule: str) -> None:
    """Yes or no, on any day of the year; to another question, or of another year, it does not."""

    @settings(max_examples=6)
    @tried_with(st.data())
    def tried(data: st.DataObject) -> None:
        year = data.draw(years)
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        day = data.draw(st.sampled_from([first, last, first - ONE_DAY, last + ONE_DAY]) | days_of(year))
        answer = data.draw(st.sampled_from(["yes", "no"]))
        question = data.draw(st.sampled_from([ANSWERS[rule], ANSWERS[rule], *ANSWERS.values()]))
        of = data.draw(st.sampled_from([year, year, year - 1]))
        after = datetime.date(year + 1, 8, 31)
        right = of == year and question == ANSWERS[rule] and first <= day <= last
        outcome = of_year("compiled", rule, year, [answered(of, question, day, answer)], after)
        assert outcome is (MET if right else BREACHED)
        assert of_year("compiled", rule, year, [], last) is UNDECIDED

    tried()


# ---------------------------------------------------------------- members


@law(times=0.3)
def test_every_member_has_signed_just_if_there_are_as_many_as_members(
    evaluator: str, data: st.DataObject
) -> None:
    """One finding for each member, met for those who signed on any day up to the day of judging."""
    members, day = data.draw(st.integers(1, 9)), datetime.date(2018, 10, 1)
    facts, signed = plain(shipped(), members, members), set()
    for at in range(members):
        when = data.draw(st.sampled_from([None, day, day + ONE_DAY, datetime.date(2001, 1, 1)]))
        if when is not None:
            facts.append(record(shipped(), "membership forms", person=f"p{at}", day=when))
            if when <= day:
                signed.add(f"p{at}")
    outcomes = found(evaluator, case_of(shipped(), facts, day=day), [SIGNED])
    assert outcomes == {
        (SIGNED, (("person", f"p{at}"),)): MET if f"p{at}" in signed else BREACHED for at in range(members)
    }


@law(times=0.3)
def test_a_member_is_described_just_if_it_is_recorded_where_they_live(
    evaluator: str, data: st.DataObject
) -> None:
    """Inside or outside makes no difference to that: only a home that is not recorded does."""
    members = data.draw(st.integers(1, 6))
    open_ = data.draw(st.integers(0, min(2, members)))
    residents = data.draw(st.integers(0, members - open_))
    case = case_of(shipped(), plain(shipped(), members, residents, open_))
    outcomes = found(evaluator, case, [DESCRIBED])
    assert outcomes == {
        (DESCRIBED, (("person", f"p{at}"),)): MET if at < members - open_ else BREACHED
        for at in range(members)
    }


# ---------------------------------------------------------------- what will be done

WORDS = [(by, what) for by in ("the partnership", "the rep") for what in ("actions", "timeline")]


def telling(draw: Any) -> tuple[list[Fact], set[tuple[str, str]]]:
    """What Local Trust was told by the day of judging, and the records of it."""
    said = draw(st.lists(st.sampled_from(WORDS), max_size=8))
    said += draw(st.sampled_from([[], WORDS, WORDS[:3]]))
    fields: dict[str, Any] = {"day": datetime.date(2018, 5, 1), "words": "so and so"}
    rows = [record(shipped(), "told Local Trust", by=by, what=what, **fields) for by, what in said]
    return list(dict.fromkeys(rows)), set(said)


def tell(evaluator: str, case: Case) -> Outcome:
    """What the duty to say what will be done comes to."""
    return found(evaluator, case, [TELL])[TELL, ()]


@law(times=0.3)
def test_where_a_criterion_is_not_met_both_have_to_tell_both(evaluator: str, data: st.DataObject) -> None:
    """Whichever criterion it is; all four things told, or it is breached."""
    rows, said = telling(data.draw)
    members, residents, reflects = data.draw(
        st.sampled_from([(7, 7, "yes"), (8, 4, "yes"), (8, 8, "no"), (5, 0, "no"), (0, 0, "yes")])
    )
    said_so = (Answer(REFLECTS, (), reflects, when=datetime.date(2018, 5, 30)),)
    case = case_of(shipped(), [*plain(shipped(), members, residents), *rows])
    assert tell(evaluator, attrs.evolve(case, answers=said_so)) is (MET if said >= set(WORDS) else BREACHED)


@law(times=0.3)
def test_where_every_criterion_is_met_nothing_has_to_be_told(evaluator: str, data: st.DataObject) -> None:
    """And to have told it all the same is no fault."""
    rows, _ = telling(data.draw)
    members = data.draw(st.integers(8, 12))
    said_so = (Answer(REFLECTS, (), "yes", when=datetime.date(2018, 5, 30)),)
    case = case_of(shipped(), [*plain(shipped(), members, members), *rows])
    assert tell(evaluator, attrs.evolve(case, answers=said_so)) is NOT_APPLICABLE


@law(times=0.3)
def test_while_nobody_has_said_whether_it_reflects_the_area_the_duty_is_for_people(
    evaluator: str, data: st.DataObject
) -> None:
    """Where the two other criteria are met it turns on that question, unless all was told anyway."""
    rows, said = telling(data.draw)
    case = case_of(shipped(), [*plain(shipped(), 9, 9), *rows])
    assert tell(evaluator, case) is (MET if said >= set(WORDS) else Outcome.JUDGEMENT)
