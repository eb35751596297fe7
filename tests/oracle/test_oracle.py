"""The oracle itself, on cases worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bigrules.facts.case import BY_NOW, UNKNOWN, Answer, Incomplete
from bigrules.findings.report import Outcome
from bigrules.language.model import (
    AnyOf,
    Exception_,
    Measure,
    NoneOf,
    OutcomeIs,
    Rulebook,
    Slot,
)
from bigrules.language.model import Test as Computed
from oracle import FURTHER, TooMany, completions, evaluate, outcomes
from oracle.hand import (
    AS_OF,
    DATE,
    HOUSEHOLD,
    NUMBER,
    PERSON,
    YES_NO,
    all_of,
    atom,
    case,
    day,
    definition,
    fact,
    kind,
    limit,
    rule,
    rulebook,
    term,
)

P = {"p": PERSON, "q": PERSON}
MEMBER = kind("member", person=PERSON)
HOME = kind("home", one_for_each="person", person=PERSON, inside=YES_NO)
KIN = kind("kin", person=PERSON, other=PERSON)

MET, BREACHED = Outcome.MET, Outcome.BREACHED
UNDECIDED, JUDGEMENT, NOT_APPLICABLE = Outcome.UNDECIDED, Outcome.JUDGEMENT, Outcome.NOT_APPLICABLE


def computed(op: str, *terms: object, **more: object) -> Computed:
    """A test of the language."""
    return Computed(op, tuple(term(each) for each in terms), **more)


def only(found: dict) -> object:
    """The outcome of the one finding that there is."""
    (finding,) = found.values()
    return finding.outcome


def members(*names: str) -> list:
    return [fact("member", name) for name in names]


def homes(**inside: object) -> list:
    return [fact("home", name, value) for name, value in inside.items()]


# ---------------------------------------------------------------- numbers and shares

SIZE = rulebook(
    [MEMBER], [rule("size", condition=limit("number", "p", atom("member", "<p>"), "at least", 2), types=P)]
)


def majority(of_nobody: str = "natural") -> Rulebook:
    inside = atom("home", "<p>", "yes")
    share = limit("share", "p", atom("member", "<p>"), "at least", "0.51", where=inside, of_nobody=of_nobody)
    return rulebook([MEMBER, HOME], [rule("majority", condition=share, types=P)])


def test_a_number_counts_distinct_values():
    """The same person twice is one."""
    assert only(outcomes(SIZE, case(SIZE, *members("a", "b")))) is MET
    assert only(outcomes(SIZE, case(SIZE, *members("a", "a")))) is BREACHED


def test_a_possible_record_leaves_a_number_open():
    """One member and one who may be."""
    found = outcomes(SIZE, case(SIZE, fact("member", "a"), fact("member", "b", possible=True)))
    assert found["size", ()].outcome is UNDECIDED
    assert found["size", ()].figures == ((1, 2, None, None),)
    assert found["size", ()].sites == {("record", 1)}


def test_a_kind_that_was_not_asked_may_hold_further_records():
    """One member is there, and two more may be."""
    found = outcomes(SIZE, case(SIZE, *members("a"), asked=set()))
    assert found["size", ()].outcome is UNDECIDED
    assert found["size", ()].figures == ((1, 3, None, None),)
    assert only(outcomes(SIZE, case(SIZE, *members("a", "b"), asked=set()))) is MET


def test_a_share_of_nobody():
    """Not applicable, unless the rule says what it means."""
    assert only(outcomes(majority(), case(majority()))) is NOT_APPLICABLE
    for says, outcome in [("met", MET), ("breached", BREACHED)]:
        assert only(outcomes(majority(says), case(majority(says)))) is outcome


def test_a_share_is_exact():
    """Half is not 51 in a hundred; two of three are."""
    book = majority()
    half = case(book, *members("a", "b"), *homes(a="yes", b="no"))
    most = case(book, *members("a", "b", "c"), *homes(a="yes", b="no", c="yes"))
    assert only(outcomes(book, half)) is BREACHED
    assert only(outcomes(book, most)) is MET
    assert evaluate(book, most)["majority", ()].figures == ((Fraction(2, 3), 3),)


def test_somebody_without_a_row_has_a_home_that_is_not_known():
    """One of two is known to live inside: it turns on the other."""
    book = majority()
    found = outcomes(book, case(book, *members("a", "b"), *homes(a="yes")))["majority", ()]
    assert found.outcome is UNDECIDED
    assert found.sites == {("row", "home", "b", AS_OF)}
    assert found.figures == ((Fraction(1, 2), 1, 2, 2),)


def test_an_unknown_field_that_cannot_matter_leaves_the_finding_settled():
    """Two of three live inside whatever the third home is."""
    book = majority()
    settled = case(book, *members("a", "b", "c"), *homes(a="yes", b="yes", c=UNKNOWN))
    assert only(outcomes(book, settled)) is MET


def test_a_limit_that_is_a_fraction_of_another_measure_is_rounded():
    """At most a third of four, rounded down, is one; rounded up, two."""
    officer = kind("officer", person=PERSON)
    third = Measure("number", "p", atom("member", "<p>"))
    facts = [*members("a", "b", "c", "d"), fact("officer", "a"), fact("officer", "b")]
    for rounding, outcome in [("down", BREACHED), ("up", MET), ("nearest", BREACHED), ("", BREACHED)]:
        held = limit("number", "p", atom("officer", "<p>"), "at most", "1/3", of=third, rounding=rounding)
        book = rulebook([MEMBER, officer], [rule("third", condition=held, types=P)])
        assert only(outcomes(book, case(book, *facts))) is outcome


def test_a_number_that_is_exceeded_concerns_those_counted():
    """Three where two are allowed."""
    book = rulebook(
        [MEMBER], [rule("few", condition=limit("number", "p", atom("member", "<p>"), "at most", 2), types=P)]
    )
    found = outcomes(book, case(book, *members("a", "b", "c")))["few", ()]
    assert found.concerned == found.certain == {frozenset("abc")}


def test_totals_weights_least_and_greatest():
    """Values are added up over distinct pairs of key and value."""
    votes = kind("votes", person=PERSON, number=NUMBER)
    facts = [fact("votes", "a", 3), fact("votes", "b", 1), fact("votes", "b", 1)]
    among = atom("votes", "<p>", "<n>")
    is_a = computed("is", "<p>", "a")
    for aggregate, op, bound, where, outcome in [
        ("total", "exactly", 4, None, MET),
        ("least", "exactly", 1, None, MET),
        ("greatest", "exactly", 3, None, MET),
        ("share", "exactly", "3/4", is_a, MET),
        ("share", "more than", "3/4", is_a, BREACHED),
    ]:
        held = limit(aggregate, "p", among, op, Fraction(bound), value="n", where=where)
        book = rulebook([votes], [rule("r", condition=held, types={"p": PERSON, "n": NUMBER})])
        assert only(outcomes(book, case(book, *facts))) is outcome, aggregate


# ---------------------------------------------------------------- groups

KIN_LINK = atom("kin", "<p>", "<q>")


def families(through_anyone: bool = False) -> Rulebook:
    held = limit(
        "group linked",
        "p",
        atom("member", "<p>"),
        "at most",
        2,
        link=KIN_LINK,
        other="q",
        through_anyone=through_anyone,
    )
    return rulebook([MEMBER, KIN], [rule("family", condition=held, types=P)])


def test_a_group_by_a_link_is_a_chain_among_those_counted():
    """A chain of three is too large, whichever way its links are written."""
    book = families()
    chain = [fact("kin", "a", "b"), fact("kin", "c", "b")]
    found = outcomes(book, case(book, *members("a", "b", "c", "d"), *chain))["family", ()]
    assert (found.outcome, found.certain) == (BREACHED, {frozenset("abc")})


def test_a_chain_through_somebody_who_is_not_among_counts_only_where_it_says_so():
    """x links the three and is no member."""
    links = [fact("kin", "x", "a"), fact("kin", "x", "b"), fact("kin", "x", "c")]
    facts = [*members("a", "b", "c"), *links]
    for through, outcome in [(False, MET), (True, BREACHED)]:
        book = families(through)
        assert only(outcomes(book, case(book, *facts))) is outcome


def test_two_unknown_households_may_be_one_that_is_not_in_use():
    """Three members whose households are not known may share one that nobody has named."""
    lives = kind("lives", person=PERSON, household=HOUSEHOLD)
    held = limit("group sharing", "p", atom("lives", "<p>", "<h>"), "at most", 2, sharing="h")
    book = rulebook([lives], [rule("home", condition=held, types={"p": PERSON, "h": HOUSEHOLD})])
    facts = [fact("lives", name, UNKNOWN) for name in "abc"]
    found = outcomes(book, case(book, *facts))["home", ()]
    assert found.outcome is UNDECIDED
    assert found.completions == 27
    assert found.figures == ((1, 3, None, None),)
    assert only(outcomes(book, case(book, *facts[:2], fact("lives", "c", "h")))) is UNDECIDED
    assert only(outcomes(book, case(book, *facts[:2]))) is MET


# ---------------------------------------------------------------- not allowed, scope

NO_KIN = rule(
    "no kin", "not allowed", all_of(atom("member", "<p>"), atom("member", "<q>"), KIN_LINK), types=P
)


def test_each_set_of_people_is_one_witness():
    """Both directions concern the same two."""
    book = rulebook([MEMBER, KIN], [NO_KIN])
    facts = [*members("a", "b", "c"), fact("kin", "a", "b"), fact("kin", "b", "a"), fact("kin", "c", "x")]
    found = evaluate(book, case(book, *facts))["no kin", ()]
    assert (found.outcome, found.concerned) == (BREACHED, {frozenset("ab")})


def test_slots_that_only_stand_in_unless_are_local_to_it():
    """Everybody who is related to nobody at all."""
    condition = all_of(NoneOf(atom("kin", "<p>", "<q>")), atom("member", "<p>"))
    book = rulebook([MEMBER, KIN], [rule("alone", "not allowed", condition, types=P)])
    found = evaluate(book, case(book, *members("a", "b"), fact("kin", "a", "x")))["alone", ()]
    assert found.concerned == {frozenset("b")}


def test_any_of_exports_what_every_branch_binds():
    """p is bound by both branches and joins; q is local to the first."""
    either = AnyOf((atom("kin", "<p>", "<q>"), atom("home", "<p>", "yes")))
    condition = all_of(either, atom("member", "<p>"), NoneOf(atom("member", "<q>")))
    book = rulebook([MEMBER, KIN, HOME], [rule("r", "not allowed", condition, types=P)])
    facts = [fact("kin", "a", "b"), fact("kin", "x", "b"), *homes(c="yes", d="no")]
    found = outcomes(book, case(book, *members("a", "c", "d"), *facts, *homes(a="no")))["r", ()]
    # `unless <q> is a member` sees no q: it holds for nothing, as there is a member.
    assert found.outcome is MET
    book = rulebook([MEMBER, KIN, HOME], [rule("r", "not allowed", all_of(*condition.parts[:2]), types=P)])
    found = outcomes(book, case(book, *members("a", "c", "d"), *facts, *homes(a="no")))["r", ()]
    assert found.certain == {frozenset("a"), frozenset("c")}


def test_for_each_has_one_finding_for_each_subject():
    """Two members, one without a home inside."""
    each = rule(
        "in", condition=atom("home", "<p>", "yes"), given=atom("member", "<p>"), subject=("p",), types=P
    )
    book = rulebook([MEMBER, HOME], [each])
    found = outcomes(book, case(book, *members("a", "b"), *homes(a="yes", b="no")))
    assert {key[1]: each.outcome for key, each in found.items()} == {("a",): MET, ("b",): BREACHED}
    assert found["in", ("b",)].certain == {frozenset("b")}


def test_subjects_that_are_not_recorded_are_one_finding():
    """Members were not asked: the one in use may be one, and so may somebody who is not recorded."""
    each = rule(
        "in", condition=atom("home", "<p>", "yes"), given=atom("member", "<p>"), subject=("p",), types=P
    )
    book = rulebook([MEMBER, HOME], [each])
    found = outcomes(book, case(book, *homes(a="no"), asked={"home"}), further=1)
    assert {key[1]: each.outcome for key, each in found.items()} == {("a",): UNDECIDED, FURTHER: UNDECIDED}


# ---------------------------------------------------------------- exceptions, rules about rules


def test_an_exception_to_an_exception_brings_the_rule_back():
    """Excused, unless the excuse is withdrawn."""
    excused, withdrawn = kind("excused", person=PERSON), kind("withdrawn", person=PERSON)
    inner = Exception_("r unless 1 unless 1", atom("withdrawn", "<p>"))
    outer = Exception_("r unless 1", atom("excused", "<p>"), unless=(inner,))
    each = rule(
        "r",
        condition=atom("home", "<p>", "yes"),
        given=atom("member", "<p>"),
        subject=("p",),
        exceptions=(outer,),
        types=P,
    )
    book = rulebook([MEMBER, HOME, excused, withdrawn], [each])
    facts = [*members("a", "b"), *homes(a="no", b="no"), fact("excused", "a"), fact("excused", "b")]
    found = outcomes(book, case(book, *facts, fact("withdrawn", "b")))
    assert found["r", ("a",)].outcome is NOT_APPLICABLE
    assert found["r", ("b",)].outcome is BREACHED


def test_a_rule_may_turn_on_another_in_the_same_completion():
    """Where the size is not kept, somebody must have been told."""
    told = kind("told", person=PERSON)
    size = SIZE.rules["size"]
    second = rule("tell", condition=atom("told", "_"), given=OutcomeIs("size", "breached"))
    book = rulebook([MEMBER, told], [size, second])
    assert outcomes(book, case(book, *members("a")))["tell", ()].outcome is BREACHED
    assert outcomes(book, case(book, *members("a", "b")))["tell", ()].outcome is NOT_APPLICABLE
    maybe = fact("member", "b", possible=True)
    assert outcomes(book, case(book, *members("a"), maybe))["tell", ()].outcome is UNDECIDED
    assert outcomes(book, case(book, *members("a"), maybe, fact("told", "x")))["tell", ()].outcome is MET


# ---------------------------------------------------------------- definitions and questions


def test_a_recursive_definition_reaches_along_a_chain():
    """Ancestors over three generations."""
    parent = kind("parent", person=PERSON, other=PERSON)
    step = all_of(atom("parent", "<p>", "<x>"), atom("ancestor", "<x>", "<q>"))
    ancestor = definition(
        "ancestor", "p q", (PERSON, PERSON), holds=AnyOf((atom("parent", "<p>", "<q>"), step))
    )
    bad = rule("r", "not allowed", atom("ancestor", "<p>", "d"), types=P)
    book = rulebook([parent], [bad], [ancestor])
    facts = [fact("parent", *pair) for pair in ("ab", "bc", "cd", "xy")]
    found = evaluate(book, case(book, *facts))["r", ()]
    assert found.concerned == {frozenset(each) for each in "abc"}


def friends_book() -> Rulebook:
    friends = kind("friends", person=PERSON, other=PERSON)
    close = definition(
        "close",
        "p q",
        (PERSON, PERSON),
        holds=KIN_LINK,
        people_decide=atom("friends", "<p>", "<q>"),
        ask="close?",
        symmetric=True,
        irreflexive=True,
    )
    return rulebook([KIN, friends], [rule("r", "not allowed", atom("close", "<p>", "<q>"), types=P)], [close])


def test_a_question_about_a_pair_is_one_question():
    """Recorded in both directions, asked once; an answer in either direction settles it."""
    book = friends_book()
    facts = [fact("friends", "a", "b"), fact("friends", "b", "a"), fact("friends", "a", "a")]
    found = outcomes(book, case(book, *facts))["r", ()]
    assert (found.outcome, found.completions) == (JUDGEMENT, 2)
    for answer, outcome in [("yes", BREACHED), ("no", MET)]:
        for subject in [("a", "b"), ("b", "a")]:
            answered = case(book, *facts, answers=(Answer("close", subject, answer),))
            assert only(outcomes(book, answered)) is outcome


def test_a_fact_and_a_question_together_are_undecided():
    """Whether they are friends is not known, and if they are, people decide."""
    book = friends_book()
    found = outcomes(book, case(book, fact("friends", "a", "b", possible=True)))["r", ()]
    assert found.outcome is UNDECIDED
    assert found.sites == {("record", 0), ("question", "close", ("a", "b"))}


def test_an_answer_counts_for_its_time():
    """A year to the day still counts; a day more does not; one given later is not read."""
    ask = rule("ask", "ask", ask="well?", asked_again_after=(1, "year"))
    book = rulebook([MEMBER], [ask])
    for when, outcome in [
        ("2017-06-01", MET),
        ("2017-05-31", JUDGEMENT),
        ("2018-06-01", MET),
        ("2018-06-02", JUDGEMENT),
    ]:
        answer = Answer("ask", (), "yes", when=day(when))
        assert only(outcomes(book, case(book, answers=(answer,)))) is outcome


def test_an_answer_without_a_day_counts_where_it_is_not_asked_again():
    """Of an answer without a day it cannot be shown that it is in time."""
    for after, outcome in [(None, MET), ((1, "year"), JUDGEMENT)]:
        book = rulebook([MEMBER], [rule("ask", "ask", ask="well?", asked_again_after=after)])
        assert only(outcomes(book, case(book, answers=(Answer("ask", (), "yes"),)))) is outcome


# ---------------------------------------------------------------- days

SPELL = kind("spell", dated=True, person=PERSON)


def test_first_and_last_day_count():
    """In force from the first day to the last."""
    book = rulebook([SPELL], [rule("r", condition=atom("spell", "a", "_", "_"))])
    for begins, ends, outcome in [
        ("2018-06-01", "2018-06-01", MET),
        ("2018-05-01", "2018-05-31", BREACHED),
        ("2018-06-02", "2018-07-01", BREACHED),
    ]:
        found = outcomes(book, case(book, fact("spell", "a", day(begins), day(ends))))
        assert only(found) is outcome
    assert only(outcomes(book, case(book, fact("spell", "a", BY_NOW, None)))) is MET
    assert only(outcomes(book, case(book, fact("spell", "a", UNKNOWN, None)))) is UNDECIDED
    assert only(outcomes(book, case(book, fact("spell", "a", BY_NOW, day("2010-01-01"))))) is BREACHED


def test_a_rule_with_a_day_of_its_own_reads_that_day():
    """A definition read on a day reads the atoms of its body on it."""
    decided = kind("decided", happened="day", what=HOUSEHOLD, day=DATE)
    serving = definition("serving", "p", (PERSON,), holds=atom("spell", "<p>", "_", "_"))
    each = rule(
        "r",
        "not allowed",
        atom("serving", "<p>", on="d"),
        given=atom("decided", "<x>", "<d>"),
        subject=("x", "d"),
        on="d",
        types={"p": PERSON, "x": HOUSEHOLD, "d": DATE},
    )
    book = rulebook([SPELL, decided], [each], [serving])
    facts = [
        fact("spell", "a", day("2018-01-01"), day("2018-01-31")),
        fact("decided", "x", day("2018-01-15")),
        fact("decided", "y", day("2018-02-01")),
        fact("decided", "z", day("2018-06-02")),
    ]
    found = outcomes(book, case(book, *facts))
    # z happens after the day of judging and is not read.
    assert {key[1][0]: each.outcome for key, each in found.items()} == {"x": BREACHED, "y": MET}


def test_a_deadline_that_has_not_passed_leaves_a_requirement_open():
    """Something within 28 days of the meeting: open up to and including the last day, 2 June; breached after it."""
    meeting = kind("meeting", happened="day", day=DATE)
    sent = kind("sent", happened="on", on=DATE)
    condition = all_of(
        atom("sent", "<s>", future="s"), computed("within days after", "<s>", "<d>", amount=28)
    )
    each = rule(
        "r", condition=condition, given=atom("meeting", "<d>"), subject=("d",), types={"d": DATE, "s": DATE}
    )
    book = rulebook([meeting, sent], [each])
    for judged, outcome in [("2018-06-01", UNDECIDED), ("2018-06-02", UNDECIDED), ("2018-06-03", BREACHED)]:
        found = outcomes(book, case(book, fact("meeting", day("2018-05-05")), as_of=day(judged)))
        assert only(found) is outcome
    both = [fact("meeting", day("2018-05-05")), fact("sent", day("2018-05-20"))]
    assert only(outcomes(book, case(book, *both))) is MET
    ahead = [fact("meeting", day("2018-05-05")), fact("sent", day("2018-06-02"))]
    assert only(outcomes(book, case(book, *ahead))) is UNDECIDED


def test_calendar_tests_count_both_ends():
    """Anniversaries of 29 February fall on 1 March; windows hold their first and last day."""
    from oracle.calendar import holds

    def it(op: str, *values: object, amount: int = 0, window: tuple = (9, 1, 12, 31)) -> bool:
        test = Computed(op, tuple(term("<x>") for _ in values), amount, window)
        return holds(test, [day(each) if isinstance(each, str) else each for each in values])

    assert it("within days", "2018-01-29", "2018-01-01", amount=28)
    assert not it("within days", "2018-01-30", "2018-01-01", amount=28)
    assert not it("within days after", "2017-12-31", "2018-01-01", amount=28)
    assert it("within days before", "2017-12-04", "2018-01-01", amount=28)
    assert it("years before", "2000-02-29", "2018-03-01", amount=18)
    assert not it("years before", "2000-02-29", "2018-02-28", amount=18)
    assert it("months before", "2018-01-31", "2018-03-01", amount=1)
    assert not it("months before", "2018-01-31", "2018-02-28", amount=1)
    assert it("not more years before", "2012-02-29", "2017-03-01", amount=5)
    assert it("more years before", "2012-02-29", "2017-03-02", amount=5)
    assert it("not months before", "2018-01-31", "2018-02-28", amount=1)
    assert it("not more months before", "2018-01-31", "2018-03-01", amount=1)
    assert it("more months before", "2018-01-31", "2018-03-02", amount=1)
    assert it("window", "2018-09-01", 2018)
    assert it("window", "2018-12-31", 2018)
    assert not it("window", "2018-12-31", 2019)
    assert it("in year", "2018-12-31", 2018)
    assert not it("before", None, "2018-12-31")


# ---------------------------------------------------------------- not known


def test_a_list_that_is_incomplete_for_one_key():
    """b's kin are known to be incomplete: b may be related to a, c cannot be."""
    book = rulebook([MEMBER, KIN], [NO_KIN])
    incomplete = (Incomplete("kin", "person", "b"),)
    found = outcomes(book, case(book, *members("a", "b"), incomplete=incomplete))["no kin", ()]
    assert found.outcome is UNDECIDED
    assert found.sites == {("list", "kin", "person", "b")}
    incomplete = (Incomplete("kin", "person", "x"),)
    assert only(outcomes(book, case(book, *members("a", "b"), incomplete=incomplete))) is MET


def test_an_unknown_date_takes_a_value_for_each_stretch():
    """Whether it was before a day that stands in the rule."""
    born = kind("born", person=PERSON, day=DATE)
    condition = all_of(atom("born", "<p>", "<d>"), computed("before", "<d>", day("2000-01-01")))
    each = rule("r", condition=condition, types={"p": PERSON, "d": DATE})
    book = rulebook([born], [each])
    assert only(outcomes(book, case(book, fact("born", "a", UNKNOWN)))) is UNDECIDED
    assert (
        only(outcomes(book, case(book, fact("born", "a", UNKNOWN), fact("born", "b", day("1999-12-31")))))
        is MET
    )


def test_fields_that_no_rule_reads_are_left_out():
    """The guard counts only what can matter, unless it is told to fill in everything."""
    notes = kind("member", person=PERSON, colour=HOUSEHOLD)
    count = limit("number", "p", atom("member", "<p>", "_"), "at least", 1)
    book = rulebook([notes], [rule("r", condition=count, types=P)])
    it = case(book, fact("member", "a", UNKNOWN), fact("member", "b", UNKNOWN))
    assert len(list(completions(book, it))) == 1
    assert len(list(completions(book, it, relevant_only=False))) == 4
    with pytest.raises(TooMany):
        list(completions(book, it, relevant_only=False, limit=3))


def test_a_completion_is_a_case_of_which_everything_is_known():
    """Evaluating the case of a completion gives the findings of the completion."""
    book = majority()
    it = case(book, *members("a", "b"), fact("member", "c", possible=True), *homes(a="yes", b=UNKNOWN))
    tried = list(completions(book, it))
    assert len(tried) == 2 * 2 * 2
    for each in tried:
        assert evaluate(book, each.case) == each.findings


def test_a_bound_may_be_a_slot():
    """Each body has a number that it needs."""
    needs = kind("needs", number=NUMBER)
    held = limit("number", "p", atom("member", "<p>"), "at least", Slot("n"))
    each = rule(
        "r", condition=held, given=atom("needs", "<n>"), subject=("n",), types={"p": PERSON, "n": NUMBER}
    )
    book = rulebook([MEMBER, needs], [each])
    assert only(outcomes(book, case(book, *members("a", "b"), fact("needs", 2)))) is MET
    assert only(outcomes(book, case(book, *members("a", "b"), fact("needs", 3)))) is BREACHED
