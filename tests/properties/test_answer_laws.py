"""Laws of what people say, and of what becomes known: it settles what was open, and nothing else."""

from __future__ import annotations

import random

import attrs
from hypothesis import assume, reject
from hypothesis import strategies as st

from bigrules.facts.case import UNKNOWN, Answer, Case, Fact
from bigrules.findings.report import Outcome
from oracle import FURTHER
from oracle.reads import reads
from partnerships import ONE_DAY, once_each, random_row
from properties.agree import TooLong, at_most
from properties.evaluators import ENGINES, Found, findings, found, law, shipped
from quick_partnerships import case_of, given, numbers, questions, quick, some_answers

MET, BREACHED, NOT_APPLICABLE = Outcome.MET, Outcome.BREACHED, Outcome.NOT_APPLICABLE
OPEN = (Outcome.UNDECIDED, Outcome.JUDGEMENT)
# Met and not applicable are both no breach: which of them it is may turn on what becomes known.
FINE = (MET, NOT_APPLICABLE)
# Several lists that were not asked may take an engine longer than a test should: such a case is left.
SECONDS = 0.2
OF_THE_CASE = [each for each, types in questions(shipped()).items() if not types]


def people_of(case: Case) -> list[str]:
    """Everybody in a case."""
    return [str(each.values[0]) for each in case.facts if each.kind == "people"]


def keeps(before: Found, after: Found) -> None:
    """What was settled is as it was."""
    for key, outcome in before.items():
        then = after.get(key, NOT_APPLICABLE)
        if key[1] == FURTHER or outcome in OPEN:
            continue
        if outcome is BREACHED:
            assert then is BREACHED, key
        else:
            assert then in FINE, key
    for key, outcome in after.items():
        if outcome is BREACHED and key not in before and key[1] != FURTHER:
            # A new finding is one that was not certain to be made: it stood among what is not recorded.
            assert (key[0], FURTHER) in before or (key[0], ()) in before, key


# ---------------------------------------------------------------- answers


@law(*ENGINES, times=0.25)
def test_answers_never_unsettle_what_the_facts_have_settled(evaluator: str, data: st.DataObject) -> None:
    """Whatever anybody says to whatever is asked."""
    case = quick(shipped(), data.draw(numbers), unknown=data.draw(st.sampled_from([0, 2])))
    chance = random.Random(data.draw(numbers))
    said = some_answers(shipped(), people_of(case), case.as_of, chance)
    keeps(found(evaluator, case), found(evaluator, attrs.evolve(case, answers=said)))


@law(*ENGINES, times=0.25)
def test_answers_touch_no_rule_that_asks_nothing(evaluator: str, data: st.DataObject) -> None:
    """Those that ask are found by what they read."""
    asks = set(questions(shipped()))
    rules = []
    for rule in shipped().rules:
        read = reads(shipped(), {rule})
        if not asks & {*read.rules, *read.modes}:
            rules.append(rule)
    assert len(rules) > 15
    case = quick(shipped(), data.draw(numbers), unknown=1)
    said = some_answers(shipped(), people_of(case), case.as_of, random.Random(data.draw(numbers)))
    before, after = found(evaluator, case), found(evaluator, attrs.evolve(case, answers=said))
    assert {key: each for key, each in before.items() if key[0] in rules} == {
        key: each for key, each in after.items() if key[0] in rules
    }


@law(*ENGINES, times=0.25)
def test_the_latest_answer_counts_and_one_of_a_later_day_is_not_read(
    evaluator: str, data: st.DataObject
) -> None:
    """Older answers to what has been answered since, and answers that are yet to be given, change nothing."""
    case = quick(shipped(), data.draw(numbers), answers=True)
    chance = random.Random(data.draw(numbers))
    latest = {(each.question, each.subject): each for each in case.answers}
    case = attrs.evolve(case, answers=tuple(latest.values()))
    other = {"yes": "no", "no": "yes"}
    older = [
        attrs.evolve(each, answer=other[each.answer], when=case.as_of - ONE_DAY) for each in case.answers
    ]
    later = some_answers(shipped(), people_of(case), case.as_of + ONE_DAY, chance)
    every = [*case.answers, *older, *later]
    again = attrs.evolve(case, answers=tuple(chance.sample(every, len(every))))
    symmetric = {each.id for each in shipped().definitions.values() if each.symmetric}
    # Of a pair that is answered both ways round on one day neither is the latest.
    pairs = [(each.question, frozenset(each.subject)) for each in case.answers if each.question in symmetric]
    assume(len(pairs) == len(set(pairs)))
    assert found(evaluator, again) == found(evaluator, case)


@law(*ENGINES, times=0.25)
def test_who_said_it_and_why_make_no_difference(evaluator: str, data: st.DataObject) -> None:
    """Nor in which order answers are written down."""
    case = quick(shipped(), data.draw(numbers), answers=True)
    latest = {(each.question, frozenset(each.subject)): each for each in case.answers}
    told = [attrs.evolve(each, who="the meeting", why="so and so") for each in latest.values()]
    one = attrs.evolve(case, answers=tuple(latest.values()))
    assert found(evaluator, attrs.evolve(case, answers=tuple(reversed(told)))) == found(evaluator, one)


@law(*ENGINES, times=0.25)
def test_a_question_to_people_comes_out_as_they_say_for_a_year(evaluator: str, data: st.DataObject) -> None:
    """Yes is met and no is breached, up to the same day a year later; on the next day it is asked again."""
    rule = data.draw(st.sampled_from(OF_THE_CASE))
    case = quick(shipped(), data.draw(numbers))
    open_ = found(evaluator, case, [rule])[rule, ()]
    assert open_ in (Outcome.JUDGEMENT, NOT_APPLICABLE)
    said = data.draw(st.sampled_from(["yes", "no"]))
    a_year_before = case.as_of.replace(year=case.as_of.year - 1)
    when = data.draw(st.sampled_from([case.as_of, a_year_before, a_year_before - ONE_DAY, None]))
    in_time = when is not None and when >= a_year_before
    expected = {"yes": MET, "no": BREACHED}[said] if in_time else Outcome.JUDGEMENT
    outcome = found(evaluator, attrs.evolve(case, answers=(Answer(rule, (), said, when=when),)), [rule])
    assert outcome[rule, ()] is (open_ if open_ is NOT_APPLICABLE else expected)


@law(*ENGINES, times=0.25)
def test_what_is_left_to_people_is_settled_as_soon_as_they_have_said_it_all(
    evaluator: str, data: st.DataObject
) -> None:
    """All questions that a judgement names, answered in any way, leave no judgement open on them."""
    case = quick(shipped(), data.draw(numbers))
    judged = [each for each in findings(case, evaluator).values() if each.outcome is Outcome.JUDGEMENT]
    asked = {(gap.kind, tuple(value for _, value in gap.subject)) for each in judged for gap in each.missing}
    said = tuple(
        Answer(question, subject, data.draw(st.sampled_from(["yes", "no"])), when=case.as_of)
        for question, subject in sorted(asked, key=repr)
    )
    after = found(evaluator, attrs.evolve(case, answers=said))
    for each in judged:
        if not each.further:
            assert after.get((each.rule, each.subject), NOT_APPLICABLE) not in OPEN, each.rule


# ---------------------------------------------------------------- what becomes known


def gaps(case: Case) -> list[tuple[str, int, int]]:
    """What is not known of a case: fields, and whether there are some records."""
    rows = given(shipped(), case)
    found_gaps = [("record", at, 0) for at, each in enumerate(rows) if each.possible]
    for at, each in enumerate(rows):
        found_gaps += [("field", at, i) for i, value in enumerate(each.values) if value is UNKNOWN]
    return found_gaps


def fillings(case: Case, gap: tuple[str, int, int], chance: random.Random) -> list[list[Fact]]:
    """The records of a case with one gap filled in, in each way of a choice, in some of anything else."""
    sort, at, column = gap
    rows = given(shipped(), case)
    if sort == "record":
        certain = attrs.evolve(rows[at], possible=False)
        return [[*rows[:at], certain, *rows[at + 1 :]], [*rows[:at], *rows[at + 1 :]]]
    field = shipped().vocabulary.kinds[rows[at].kind].fields[column]
    values: list[object] = list(field.type.choices)
    if not values:
        like = [random_row(shipped(), rows[at].kind, people_of(case), chance) for _ in range(4)]
        values = list(dict.fromkeys(each.values[column] for each in like))
    return [
        [
            *rows[:at],
            attrs.evolve(rows[at], values=(*rows[at].values[:column], value, *rows[at].values[column + 1 :])),
            *rows[at + 1 :],
        ]
        for value in values
    ]


@law(*ENGINES, times=0.3)
def test_learning_anything_never_unsettles_a_finding(evaluator: str, data: st.DataObject) -> None:
    """A field, whether there is a record, or a list that was not asked, of any kind of fact."""
    case = quick(shipped(), data.draw(numbers), unknown=4)
    chance = random.Random(data.draw(numbers))
    every = gaps(case)
    if data.draw(st.booleans()):
        # Homes that were not asked leave each person's not known, and say nothing of who has two.
        kind = chance.choice([each for each in shipped().vocabulary.given if each not in ("people", "homes")])
        rows = [each for each in given(shipped(), case) if each.kind != kind]
        more = [random_row(shipped(), kind, people_of(case), chance) for _ in range(chance.randint(0, 3))]
        after = case_of(shipped(), once_each(shipped(), [*rows, *more]), like=case)
        before = attrs.evolve(case_of(shipped(), rows, like=case), asked=case.asked - {kind})
        before = case_of(shipped(), rows, like=attrs.evolve(before, asked=before.asked - derived(kind)))
    else:
        assume(every)
        before = case
        after = case_of(shipped(), chance.choice(fillings(case, chance.choice(every), chance)), like=case)
    keeps(found(evaluator, before), found(evaluator, after))


def derived(kind: str) -> set[str]:
    """The kinds that are worked out from a list."""
    return {each for each in shipped().vocabulary.kinds if shipped().vocabulary.asked_under(each) == kind}


@law(*ENGINES, times=0.3)
def test_one_gap_is_open_just_where_the_ways_to_fill_it_in_differ(
    evaluator: str, data: st.DataObject
) -> None:
    """Of a choice or a record that is only possible: breached in each way is breached, in none of them is not."""
    case = quick(shipped(), data.draw(numbers), unknown=1)
    chance = random.Random(data.draw(numbers))
    every = [
        (sort, at, column)
        for sort, at, column in gaps(case)
        if sort == "record"
        or shipped().vocabulary.kinds[given(shipped(), case)[at].kind].fields[column].type.choices
    ]
    assume(len(every) == 1 and len(gaps(case)) == 1)
    # What is recorded at all follows from what is known: a gap there is none of the rules that read it.
    kind = given(shipped(), case)[every[0][1]].kind
    skip = {
        rule for rule in shipped().rules if (derived(kind) - {kind}) & set(reads(shipped(), {rule}).columns)
    }
    ways = [
        found(evaluator, case_of(shipped(), each, like=case)) for each in fillings(case, every[0], chance)
    ]
    for key, outcome in found(evaluator, case).items():
        seen = {way.get(key, NOT_APPLICABLE) for way in ways}
        if key[0] in skip or key[1] == FURTHER or seen & set(OPEN):
            continue
        expected = (BREACHED,) if seen == {BREACHED} else (Outcome.UNDECIDED,) if BREACHED in seen else FINE
        assert outcome in expected, (key, seen)


@law(*ENGINES, times=0.25)
def test_several_lists_that_were_not_asked_settle_nothing_otherwise_than_a_register_that_has_them(
    evaluator: str, data: st.DataObject
) -> None:
    """What is settled without them is so with them, whatever they hold."""
    full = quick(shipped(), data.draw(numbers))
    kinds = [each for each in shipped().vocabulary.given if each not in ("people", "homes")]
    left_out = set(data.draw(st.lists(st.sampled_from(kinds), min_size=2, max_size=4, unique=True)))
    rows = [each for each in given(shipped(), full) if each.kind not in left_out]
    asked = full.asked & set(shipped().vocabulary.given) - left_out
    try:
        with at_most(SECONDS):
            before = found(evaluator, case_of(shipped(), rows, like=attrs.evolve(full, asked=asked)))
    except TooLong:
        reject()
    keeps(before, found(evaluator, full))


def test_every_question_about_the_whole_partnership_is_asked_again_after_a_year() -> None:
    """Each is about a state that changes."""
    assert len(OF_THE_CASE) >= 10
    assert {shipped().rules[each].asked_again_after for each in OF_THE_CASE} == {(1, "year")}
