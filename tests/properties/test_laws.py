"""Laws that the shipped rules keep for every case, with every engine and the oracle."""

from __future__ import annotations

import datetime
import random
from collections import Counter

import attrs
from hypothesis import assume, event
from hypothesis import strategies as st

from bigrules.facts.case import UNKNOWN, Answer, Case, Fact
from bigrules.findings.report import Outcome
from bigrules.language import with_readings
from bigrules.program.compile import compile_program
from oracle import FURTHER
from partnerships import MUTUAL, NEVER, core, joined, left, partnerships, record, row_of, with_facts
from properties.evaluators import ENGINES, WHOLE, Found, findings, found, law, shipped

MET, BREACHED, NOT_APPLICABLE = Outcome.MET, Outcome.BREACHED, Outcome.NOT_APPLICABLE

SIZE = "criteria/minimum-size"
MAJORITY = "criteria/resident-majority"
CASE = ()
# These ask whether there ever was a plan: one that is over matters to them.
OF_PLANS = (
    *("role/oversees-delivery", "role/collects-evidence", "role/reviews-plan", "role/follow-on-plan"),
)


def conflicts() -> list[str]:
    """The rules about conflicts."""
    return [rule for rule in shipped().rules if rule.startswith("conflicts/")]


@st.composite
def several(draw: st.DrawFn, each: st.SearchStrategy[Fact]) -> list[Fact]:
    """One record, a few, or so many that whatever could make a difference is likely among them."""
    count = draw(st.sampled_from([1, 4, 25]))
    return draw(st.lists(each, min_size=count, max_size=count))


def people_of(case: Case) -> list[str]:
    """Everybody in a case."""
    return [str(each.values[0]) for each in case.facts if each.kind == "people"]


# ---------------------------------------------------------------- composition


@law()
def test_a_non_resident_who_joins_never_mends_the_majority(evaluator: str, data: st.DataObject) -> None:
    """Breached before, breached after."""
    case = data.draw(partnerships(shipped(), members=(1, 12)))
    assume(found(evaluator, case, [MAJORITY])[MAJORITY, CASE] is BREACHED)
    after = found(evaluator, joined(shipped(), case, resident=False), [MAJORITY])
    assert after[MAJORITY, CASE] is BREACHED


@law()
def test_a_resident_who_joins_never_breaks_the_majority(evaluator: str, data: st.DataObject) -> None:
    """Not breached before, met after."""
    case = data.draw(partnerships(shipped(), members=(0, 12)))
    assume(found(evaluator, case, [MAJORITY])[MAJORITY, CASE] is not BREACHED)
    after = found(evaluator, joined(shipped(), case, resident=True), [MAJORITY])
    assert after[MAJORITY, CASE] is MET


@law()
def test_joining_never_breaks_the_size(evaluator: str, data: st.DataObject) -> None:
    """Met before, met after."""
    case = data.draw(partnerships(shipped(), members=(6, 12)))
    assume(found(evaluator, case, [SIZE])[SIZE, CASE] is MET)
    after = found(evaluator, joined(shipped(), case, resident=data.draw(st.booleans())), [SIZE])
    assert after[SIZE, CASE] is MET


@law()
def test_leaving_never_mends_the_size(evaluator: str, data: st.DataObject) -> None:
    """Breached before, breached after."""
    case = data.draw(partnerships(shipped(), members=(1, 9)))
    assume(found(evaluator, case, [SIZE])[SIZE, CASE] is BREACHED)
    after = found(evaluator, left(case, data.draw(st.sampled_from(people_of(case)))), [SIZE])
    assert after[SIZE, CASE] is BREACHED


@law(*ENGINES)
def test_joining_and_leaving_keep_their_laws_where_something_is_not_known(
    evaluator: str, data: st.DataObject
) -> None:
    """The same, over cases with unknown fields, possible records and kinds that were not asked."""
    case = data.draw(partnerships(shipped(), members=(5, 12), unknown=3, not_asked=1))
    before = found(evaluator, case, [SIZE, MAJORITY])
    stranger = found(evaluator, joined(shipped(), case, resident=False), [SIZE, MAJORITY])
    neighbour = found(evaluator, joined(shipped(), case, resident=True), [SIZE, MAJORITY])
    if before[MAJORITY, CASE] is BREACHED:
        assert "homes" not in case.asked or stranger[MAJORITY, CASE] is BREACHED
    if before[MAJORITY, CASE] is MET:
        assert neighbour[MAJORITY, CASE] is MET
    if before[SIZE, CASE] is MET:
        assert stranger[SIZE, CASE] is neighbour[SIZE, CASE] is MET


# ---------------------------------------------------------------- what makes no difference


def renamed(case: Case, names: dict[str, str]) -> Case:
    """The case with other names for people."""

    def fact(each: Fact) -> Fact:
        types = [field.type.name for field in shipped().vocabulary.kinds[each.kind].fields]
        row = (
            names.get(str(value), value) if type_ == "person" and isinstance(value, str) else value
            for type_, value in zip(types, each.values, strict=True)
        )
        return attrs.evolve(each, values=tuple(row))

    return attrs.evolve(case, facts=tuple(fact(each) for each in case.facts))


def reversed_relations(case: Case) -> Case:
    """The case with the two people of each mutual relation the other way round."""
    facts = tuple(
        attrs.evolve(each, values=(each.values[1], each.values[0], *each.values[2:]))
        if each.kind == "relations" and each.values[2] in MUTUAL
        else each
        for each in case.facts
    )
    return attrs.evolve(case, facts=facts)


@law(*WHOLE, times=0.15)
def test_names_and_order_and_repeats_and_directions_make_no_difference(
    evaluator: str, data: st.DataObject
) -> None:
    """Renaming, reordering, repeating facts, and reversing a mutual relation."""
    known = evaluator == "oracle"
    case = data.draw(partnerships(shipped(), unknown=0 if known else 3, not_asked=0 if known else 1))
    before = found(evaluator, case)
    people = people_of(case)
    order = random.Random(data.draw(st.integers(0, 9_999)))
    names = dict(zip(people, [f"p {each}" for each in order.sample(people, len(people))], strict=True))
    shuffled = attrs.evolve(case, facts=tuple(order.sample(case.facts, len(case.facts))))
    # A possible record, or one with something not known, is another unknown when it stands there twice.
    plain = [each for each in case.facts if not each.possible and UNKNOWN not in each.values]
    repeated = with_facts(case, *data.draw(st.lists(st.sampled_from(plain), max_size=5)))
    for other in (shuffled, repeated):
        assert found(evaluator, other) == before
    # A finding about people is about them by their other names, and one about a pair whichever comes first.
    assert unordered(found(evaluator, renamed(case, names)), {}) == unordered(before, names)
    assert unordered(found(evaluator, reversed_relations(case)), {}) == unordered(before, {})


def called(key: tuple[str, object], names: dict[str, str]) -> tuple[str, object]:
    """What a finding is about, by the other names of its people."""
    rule, subject = key
    if not isinstance(subject, tuple):
        return key
    return rule, tuple((slot, names.get(value, value)) for slot, value in subject)


def unordered(outcomes: Found, names: dict[str, str]) -> Counter[object]:
    """What is found, by the other names of people, whichever of two a finding names first."""
    keys = [(called(key, names), each) for key, each in outcomes.items()]
    return Counter((rule, frozenset(about), each) for (rule, about), each in keys)  # type: ignore[call-overload]


@law(*WHOLE, times=0.4)
def test_a_fact_in_force_on_no_day_that_is_read_makes_no_difference(
    evaluator: str, data: st.DataObject
) -> None:
    """Between the days of the decisions, before them, and after the day of judging."""
    known = evaluator == "oracle"
    case = data.draw(partnerships(shipped(), unknown=0 if known else 3))
    dated = [name for name, kind in shipped().vocabulary.kinds.items() if kind.dated]
    extra = st.sampled_from(dated).flatmap(lambda kind: row_of(shipped(), kind, core(people_of(case))))
    never = st.tuples(extra, st.sampled_from(NEVER)).map(
        lambda pair: attrs.evolve(pair[0], values=(*pair[0].values[:-2], *pair[1]))
    )
    more = data.draw(several(never))
    after, before = found(evaluator, with_facts(case, *more)), found(evaluator, case)
    assert {key: each for key, each in after.items() if key[0] not in OF_PLANS} == {
        key: each for key, each in before.items() if key[0] not in OF_PLANS
    }


# ---------------------------------------------------------------- conflicts


@law(*WHOLE, times=1)
def test_more_ties_never_mend_a_conflict(evaluator: str, data: st.DataObject) -> None:
    """More kinship, offices, interests or participants: what was breached stays breached."""
    known = evaluator == "oracle"
    case = data.draw(partnerships(shipped(), members=(3, 8), unknown=0 if known else 2))
    before = {key for key, each in found(evaluator, case, conflicts()).items() if each is BREACHED}
    assume(before)
    # Mostly about those who are concerned: about others there is little that could mend anything.
    concerned = {
        person
        for key, each in findings(case).items()
        if key in before
        for witness in each.witnesses
        for person in witness.concerned
    }
    people = list(dict.fromkeys([*sorted(concerned), *people_of(case)[-2:]]))
    kinds = ["relations", "offices", "interests", "taking part"]
    more = st.sampled_from(kinds).flatmap(lambda kind: row_of(shipped(), kind, people))
    extra = data.draw(several(more))
    after = found(evaluator, with_facts(case, *extra), conflicts())
    assert all(after[key] is BREACHED for key in before)


# ---------------------------------------------------------------- 51% and more than half


def test_51_percent_and_more_than_half_first_differ_at_51_members() -> None:
    """They agree for every partnership of up to fifty, and at 51 where 26 live in the area."""
    from bigrules.findings.judge import judge

    other, diagnostics = with_readings(shipped(), {MAJORITY: "more than half"})
    assert other is not None, diagnostics
    programs = [(book, compile_program(book, [MAJORITY])) for book in (shipped(), other)]

    def outcomes_of(members: int, residents: int) -> list[Outcome]:
        facts = []
        for at in range(members):
            person = f"p{at}"
            facts.append(record(shipped(), "people", person=person))
            facts.append(record(shipped(), "memberships", person=person, capacity="member", voting="yes"))
            home = "yes" if at < residents else "no"
            facts.append(record(shipped(), "homes", person=person, in_the_area=home))
        case = Case("n", datetime.date(2018, 6, 1), tuple(facts), frozenset(shipped().vocabulary.kinds))
        every = [judge(book, program, case) for book, program in programs]
        return [next(each.outcome for each in some if each.rule == MAJORITY) for some in every]

    for members in range(1, 51):
        # Away from the half neither can be near its limit; about it all are tried.
        for residents in range(max(0, members // 2 - 2), min(members, members // 2 + 3) + 1):
            one, two = outcomes_of(members, residents)
            assert one is two, (members, residents)
    assert outcomes_of(51, 26) == [BREACHED, MET]
    assert outcomes_of(51, 27) == [MET, MET]
    assert outcomes_of(51, 25) == [BREACHED, BREACHED]


# ---------------------------------------------------------------- learning


@st.composite
def learned(draw: st.DrawFn, case: Case) -> Case:
    """The case with one thing known that was not."""
    kinds = shipped().vocabulary.kinds
    facts = list(case.facts)
    gaps: list[tuple[str, int, int]] = [("possible", at, 0) for at, each in enumerate(facts) if each.possible]
    for at, each in enumerate(facts):
        gaps += [("field", at, i) for i, value in enumerate(each.values) if value is UNKNOWN]
    gaps += [("kind", at, 0) for at, name in enumerate(kinds) if name not in case.asked]
    homes = {each.values[0] for each in facts if each.kind == "homes"}
    gaps += [("home", at, 0) for at, each in enumerate(people_of(case)) if each not in homes]
    assume(gaps)
    sort, at, column = draw(st.sampled_from(gaps))
    event(sort)
    if sort == "possible":
        facts[at] = attrs.evolve(facts[at], possible=False)
        if draw(st.booleans()):
            del facts[at]
    elif sort == "field":
        like = (
            draw(row_of(shipped(), facts[at].kind, people_of(case)))
            if facts[at].kind != "decisions"
            else None
        )
        row = list(facts[at].values)
        row[column] = draw(st.sampled_from(["contract", "other"])) if like is None else like.values[column]
        facts[at] = attrs.evolve(facts[at], values=tuple(row))
    elif sort == "kind":
        name = list(kinds)[at]
        facts += draw(st.lists(row_of(shipped(), name, people_of(case)), max_size=2))
        return attrs.evolve(case, facts=tuple(facts), asked=case.asked | {name})
    else:
        inside = draw(st.sampled_from(["yes", "no"]))
        facts.append(record(shipped(), "homes", person=people_of(case)[at], in_the_area=inside))
    return attrs.evolve(case, facts=tuple(facts))


@law(*ENGINES, times=0.3)
def test_learning_something_never_turns_met_into_breached_or_back(
    evaluator: str, data: st.DataObject
) -> None:
    """What was settled stays as it was, whatever a gap turns out to be."""
    case = data.draw(partnerships(shipped(), members=(2, 10), unknown=3, not_asked=1))
    after_case = data.draw(learned(case))
    before, after = found(evaluator, case), found(evaluator, after_case)
    for key, outcome in before.items():
        then = after.get(key, NOT_APPLICABLE)
        if outcome is MET:
            assert then in (MET, NOT_APPLICABLE), key
        if outcome in (BREACHED, NOT_APPLICABLE) and key[1] != FURTHER:
            # A rule that bit on nothing has one finding for the case, and its subjects none.
            assert then is outcome or (outcome is NOT_APPLICABLE and key not in after), key


@law(*ENGINES, times=0.3)
def test_an_answer_settles_a_judgement(evaluator: str, data: st.DataObject) -> None:
    """Where all questions of a judgement are answered it is settled, and an answer never unsettles."""
    case = data.draw(partnerships(shipped(), members=(2, 8)))
    open_ = [each for each in findings(case, evaluator).values() if each.outcome is Outcome.JUDGEMENT]
    assume(open_)
    assert all(each.missing and {gap.sort for gap in each.missing} == {"question"} for each in open_)
    questions = {
        (gap.kind, tuple(value for _, value in gap.subject)) for each in open_ for gap in each.missing
    }
    answers = [
        Answer(question, subject, data.draw(st.sampled_from(["yes", "no"])), when=case.as_of)
        for question, subject in sorted(questions, key=repr)
    ]
    before = found(evaluator, case)
    after = found(evaluator, attrs.evolve(case, answers=tuple(answers)))
    for key, outcome in before.items():
        # An answer may also settle that there is nothing to judge.
        then = after.get(key, NOT_APPLICABLE)
        if outcome is Outcome.JUDGEMENT:
            assert then in (MET, BREACHED, NOT_APPLICABLE), key
        else:
            assert then is outcome or (outcome is MET and then is NOT_APPLICABLE), key


def test_the_laws_are_about_rules_that_there_are() -> None:
    """A rule that is renamed takes its laws with it."""
    assert {SIZE, MAJORITY} <= set(shipped().rules)
    assert len(conflicts()) >= 9
