"""Every form of rule and measure, on many random registers: what is known is found as with conditions."""

from __future__ import annotations

import datetime
import itertools
import random
from typing import Any

import attrs
import pytest

from bigrules.facts.case import BY_NOW, UNKNOWN, Answer, Case, Fact
from bigrules.findings.fused import fused_program
from bigrules.findings.judge import evaluate, judge_evaluation
from bigrules.findings.report import Outcome
from bigrules.language.model import (
    THE_DAY,
    AnyOf,
    Const,
    Day,
    Exception_,
    Formula,
    Measure,
    NoneOf,
    Rule,
    Rulebook,
    Slot,
)
from bigrules.language.model import Test as Computed
from bigrules.program.compile import compile_program
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
    definition,
    fact,
    kind,
    limit,
    rule,
    rulebook,
)
from properties.agree import differences

MEMBER = kind("member", person=PERSON, voting=YES_NO)
VOTES = kind("votes", person=PERSON, number=NUMBER)
HOME = kind("home", one_for_each="person", person=PERSON, household=HOUSEHOLD)
KIN = kind("kin", person=PERSON, other=PERSON)
BOARD = kind("board", board=HOUSEHOLD, person=PERSON)
JOB = kind("job", person=PERSON, paid=YES_NO, dated=True)
SEEN = kind("seen", person=PERSON, day=DATE)
KINDS = [MEMBER, VOTES, HOME, KIN, BOARD, JOB, SEEN]
TYPES = {"p": PERSON, "q": PERSON, "h": HOUSEHOLD, "b": HOUSEHOLD, "n": NUMBER, "d": DATE}
OPS = ("at least", "at most", "more than", "less than", "exactly")
IS_MEMBER, ON_BOARD = atom("member", "<p>", "_"), atom("board", "<b>", "<p>")
SHAPES: list[tuple[str, dict[str, Any], Formula | None]] = [
    ("number", {}, None), ("total", {"value": "n"}, atom("votes", "<p>", "<n>")),
    ("least", {"value": "n"}, atom("votes", "<p>", "<n>")), ("greatest", {"value": "n"}, atom("votes", "<p>", "<n>")),
    ("share", {"where": atom("member", "<p>", "yes")}, None),
    ("share", {"value": "n", "where": atom("member", "<p>", "yes")}, atom("votes", "<p>", "<n>")),
    ("group sharing", {"sharing": "h"}, atom("home", "<p>", "<h>")),
    ("group linked", {"link": atom("kin", "<p>", "<q>"), "other": "q"}, None),
    ("group linked", {"link": atom("kin", "<p>", "<q>"), "other": "q", "through_anyone": True}, None),
]  # fmt: skip
DAYS = [datetime.date(2018, month, 1) for month in (1, 3, 5)]


def register(chance: random.Random, book: Rulebook, unknown: bool = False) -> Case:
    """A few records of each kind, over four people, of which everything is known or not."""

    def one(*values: Any) -> Any:
        return UNKNOWN if unknown and chance.random() < 0.15 else chance.choice(values)

    people = "abcd"
    facts: list[Fact] = []
    for each in people:
        if chance.random() < 0.7:
            facts.append(fact("member", each, one("yes", "no")))
        # Whoever has no home has one that is not known.
        if chance.random() < 0.7 or not unknown:
            facts.append(fact("home", each, one("x", "y")))
        if chance.random() < 0.6:
            facts.append(fact("votes", each, one(0, 1, 2, 3)))
        if chance.random() < 0.5:
            until = chance.choice([None, *DAYS[1:]])
            facts.append(fact("job", each, one("yes", "no"), one(BY_NOW, *DAYS[:2]), until))
        if chance.random() < 0.5:
            facts.append(fact("seen", each, one(*DAYS)))
    facts += [fact("kin", *chance.sample(people, 2)) for _ in range(chance.randint(0, 4))]
    facts += [fact("board", one("r", "s"), chance.choice(people)) for _ in range(chance.randint(0, 4))]
    answers = tuple(
        Answer("asks", (each,), one("yes", "no")) for each in people if not unknown or chance.random() < 0.7
    )
    return case(book, *facts, answers=tuple(each for each in answers if each.answer is not UNKNOWN))


def agree(book: Rulebook, made: Case) -> tuple[set[str], set[str]]:
    """Fail where a rule is found to be something else with conditions; the rules that were found, and the rest."""
    program = compile_program(book)
    found, left = fused_program(program, book).findings(book, made)
    evaluated = judge_evaluation(evaluate(book, program, made))
    for id_, mine in found.items():
        theirs = [each for each in evaluated if each.rule == id_]
        assert mine == theirs or not all(each.settled for each in theirs), id_
    return set(found), set(left or ())


def measured(chance: random.Random, number: int) -> Rule:
    """A rule that requires something of a measure: of the whole, or of each board."""
    aggregate, more, also = chance.choice(SHAPES)
    each_board = chance.random() < 0.4
    among = ON_BOARD if each_board else IS_MEMBER
    among = all_of(among, also) if also is not None else among
    share = aggregate == "share"
    bound = f"{chance.randint(0, 4)}/4" if share else f"{chance.randint(0, 6)}/2"
    of = None
    if not share and chance.random() < 0.3:
        of = Measure("number", "q", atom("member", "<q>", "_")) if chance.random() < 0.5 else Measure(
            "greatest", "q", atom("votes", "<q>", "<m>"), value="m"
        )  # fmt: skip
    held: Any = limit(
        aggregate, "p", among, chance.choice(OPS), bound, of=of,
        rounding=chance.choice(("", "", "up", "down", "nearest")),
        of_nobody=chance.choice(("natural", "met", "breached")), **more,
    )  # fmt: skip
    if chance.random() < 0.2 and not share and of is None:
        held = all_of(atom("votes", "a", "<k>"), attrs.evolve(held, bound=Slot("k")))
    given = {"given": atom("board", "<b>", "_"), "subject": ("b",)} if each_board else {}
    types = {**TYPES, "m": NUMBER, "k": NUMBER}
    return rule(f"r{number}", condition=held, types=types, **given)


def other_forms() -> list[Rule]:
    """What is not allowed, required and asked, of the whole, of a pair and on a day; with exceptions to exceptions."""
    exempt = Exception_(
        "outer", atom("votes", "<p>", "_"), unless=(Exception_("inner", atom("board", "r", "<p>")),)
    )
    second = Exception_("second", atom("member", "<p>", "no"))
    given: dict[str, Any] = {"given": IS_MEMBER, "subject": ("p",)}
    on_day = {"given": atom("seen", "<p>", "<d>"), "subject": ("p", "d"), "on": "d"}
    job = atom("job", "<p>", "yes", "_", "_")
    made = [
        rule("kin", form="not allowed", condition=atom("kin", "<p>", "<q>")),
        rule("kin of each", form="not allowed", condition=atom("kin", "<p>", "<q>"), **given),
        rule("kin unless", form="not allowed", condition=atom("kin", "<p>", "<q>"), exceptions=(exempt, second),
             **given),
        rule("pairs", form="not allowed", condition=atom("home", "<p>", "x"), given=atom("kin", "<p>", "<q>"),
             subject=("p", "q")),
        rule("home", condition=atom("home", "<p>", "x"), **given),
        rule("home unless", condition=atom("home", "<p>", "x"), exceptions=(exempt, second), **given),
        rule("somebody", condition=atom("kin", "_", "_")),
        rule("given", condition=atom("kin", "_", "_"), given=atom("votes", "_", 3)),
        rule("paid", form="not allowed", condition=job),
        rule("ever paid", form="not allowed", condition=atom("job", "<p>", "yes", "_", "_", ever=True)),
        rule("paid then", form="not allowed", condition=attrs.evolve(job, day=Day("on", "d")), **on_day),
        rule("works then", condition=atom("job", "<p>", "_", "_", "_", on="d"), **on_day),
        rule("asks", form="ask", exceptions=(second,), **given),
    ]  # fmt: skip
    return [attrs.evolve(each, types=TYPES) for each in made]


def test_measures_of_every_form_where_all_is_known() -> None:
    """Outcomes, people and figures; each aggregate against each operator comes up, of the whole and of each."""
    seen = set()
    for seed in range(40):
        chance = random.Random(seed)
        book = rulebook(KINDS, [measured(chance, number) for number in range(12)])
        found, left = agree(book, register(chance, book))
        assert not left
        for each in book.rules.values():
            for item in getattr(each.condition, "parts", (each.condition,)):
                if hasattr(item, "measure"):
                    seen.add((item.measure.aggregate, item.op))
        assert found == set(book.rules)
    assert seen == set(itertools.product({each[0] for each in SHAPES}, OPS))


def test_rules_of_every_form_where_all_is_known() -> None:
    """Of the whole and of each, with exceptions, on days of their own, and asked."""
    outcomes = set()
    for seed in range(60):
        chance = random.Random(seed)
        book = rulebook(KINDS, other_forms())
        made = register(chance, book)
        agree(book, made)
        found, _ = fused_program(compile_program(book), book).findings(book, made)
        outcomes |= {(each.rule, each.outcome) for mine in found.values() for each in mine}
    for each in other_forms():
        assert {(each.id, Outcome.BREACHED), (each.id, Outcome.MET)} <= outcomes or each.id == "pairs"


def test_what_rests_on_something_unknown_is_left_to_conditions() -> None:
    """Wherever it is; what was found all the same is as with conditions."""
    kept = set()
    for seed in range(25):
        chance = random.Random(seed)
        book = rulebook(KINDS, other_forms())
        found, left = agree(book, register(chance, book, unknown=True))
        assert found | left == set(book.rules)
        kept |= found & {each.id for each in other_forms()}
    assert kept == {each.id for each in other_forms()}


@pytest.mark.parametrize("rules", [["paid"], ["ever paid"], ["paid then"], ["works then"]])
def test_a_beginning_by_now_is_known_where_it_makes_no_difference(rules: list[str]) -> None:
    """Today it has begun; on earlier days that is open."""
    book = rulebook(KINDS, [each for each in other_forms() if each.id in rules])
    made = case(book, fact("job", "a", "yes", BY_NOW, None), fact("seen", "a", AS_OF))
    earlier = case(book, fact("job", "a", "yes", BY_NOW, None), fact("seen", "a", DAYS[0]))
    on_day = rules[0].endswith("then")
    for each, known in ((made, not on_day), (earlier, not on_day)):
        found, left = agree(book, each)
        assert (set(rules) == found) is known
        assert (set(rules) == left) is not known


@pytest.mark.parametrize("pair", [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("symmetric", [True, False])
def test_a_question_about_a_pair_is_one_whichever_way_round(pair: tuple[str, str], symmetric: bool) -> None:
    """People have said of a and b that they are close; of b and a that is not said, unless it is the same."""
    close = definition(
        "close", "p q", (PERSON, PERSON), people_decide=atom("kin", "<p>", "<q>"), symmetric=symmetric
    )
    far = rule("far", form="not allowed", condition=atom("close", "<p>", "<q>"), types=TYPES)
    book = rulebook(KINDS, [far], [close])
    for said, outcome in (("yes", Outcome.BREACHED), ("no", Outcome.MET)):
        made = case(book, fact("kin", *pair), answers=(Answer("close", ("a", "b"), said),))
        found, left = agree(book, made)
        answered = symmetric or pair == ("a", "b")
        assert (found, left) == (({"far"}, set()) if answered else (set(), {"far"}))
        if answered:
            mine, _ = fused_program(compile_program(book), book).findings(book, made)
            assert [each.outcome for each in mine["far"]] == [outcome]


def definitions() -> list[Any]:
    """Definitions over others: what two have in common, with a test, an absence and a question; on days; recursive."""
    own, named = (PERSON,), {"first": atom("member", "<p>", "_"), "second": atom("votes", "<p>", "_")}
    both = all_of(atom("first", "<p>"), atom("second", "<p>"))
    apart = Computed("different", (Slot("p"), Slot("q")))
    job, works = atom("job", "<p>", "yes", "_", "_"), atom("works", "<p>")
    held = {
        **named, "third": atom("board", "r", "<p>"), "both": both,
        "tested": all_of(both, Computed("one of", (Slot("p"), Const("a"), Const("b")))),
        "without": all_of(both, NoneOf(atom("third", "<p>"))), "either": AnyOf((both, atom("third", "<p>"))),
        "works": job, "works unpaid": atom("job", "<p>", "no", "_", "_"),
        "works as member": all_of(works, atom("first", "<p>")),
        "works twice": all_of(works, atom("works unpaid", "<p>")),
        "works or not": AnyOf((works, atom("works unpaid", "<p>"))),
        "works and is not unpaid": all_of(works, NoneOf(atom("works unpaid", "<p>"))),
        "works since then": all_of(atom("seen", "<p>", "<d>"), atom("works", "<p>", on="d"), works),
        "works when seen": all_of(atom("seen", "<p>", "<d>"), atom("works", "<p>", on="d")),
        "worked when seen, paid": all_of(atom("seen", "<p>", "<d>"), atom("job", "<p>", "yes", "_", "_", on="d")),
        "seen before": all_of(atom("seen", "<p>", "<d>"), Computed("before", (Slot("d"), Slot(THE_DAY)))),
    }  # fmt: skip
    made = [definition(id_, "p", own, holds=each) for id_, each in held.items()]
    made.append(definition("asked", "p", own, people_decide=both))
    pairs = {
        "near": atom("kin", "<p>", "<q>"),
        "far": AnyOf((atom("kin", "<p>", "<q>"), all_of(atom("kin", "<p>", "<r>"), atom("far", "<r>", "<q>")))),
        "live together": all_of(atom("home", "<p>", "<h>"), atom("home", "<q>", "<h>"), apart),
        "near and far": all_of(atom("near", "<p>", "<q>"), atom("far", "<p>", "<q>")),
        "near, but apart": all_of(atom("near", "<p>", "<q>"), atom("far", "<p>", "<q>"), apart),
        "back": all_of(atom("near", "<q>", "<p>"), atom("far", "<p>", "<q>")),
        "colleagues": all_of(atom("works", "<p>"), atom("works", "<q>"), apart),
        "near at work": all_of(atom("near", "<p>", "<q>"), atom("works", "<p>"), atom("works unpaid", "<q>")),
    }  # fmt: skip
    made += [definition(id_, "p q", (PERSON, PERSON), holds=each) for id_, each in pairs.items()]
    made.append(
        definition("kind", "p q", (PERSON, PERSON), holds=pairs["near"], symmetric=True, irreflexive=True)
    )
    return made


def test_definitions_of_every_form_where_all_is_known() -> None:
    """Each now, and on the day of something that happened; most come out both ways."""
    given: dict[str, Any] = {"given": atom("seen", "<q>", "<d>"), "subject": ("q", "d"), "on": "d"}
    rules = []
    for each in definitions():
        slots = [f"<{slot}>" for slot in ("p", "x")[: len(each.slots)]]
        says, said_then = atom(each.id, *slots), atom(each.id, *slots, on="d")
        types = {**TYPES, "x": PERSON}
        rules.append(rule(f"{each.id} now", form="not allowed", condition=says, types=types))
        rules.append(rule(f"{each.id} then", form="not allowed", condition=said_then, types=types, **given))
    book = rulebook(KINDS, rules, definitions())
    outcomes = set()
    for seed in range(40):
        chance = random.Random(seed)
        made = register(chance, book)
        answers = tuple(Answer("asked", (each,), chance.choice(("yes", "no"))) for each in "abcd")
        made = attrs.evolve(made, answers=answers)
        agree(book, made)
        found, _ = fused_program(compile_program(book), book).findings(book, made)
        outcomes |= {(each.rule, each.outcome) for mine in found.values() for each in mine}
        if seed < 8:
            lines, followed = differences(book, made)
            assert (lines, followed) == ([], set(book.rules))
    both = {each.id for each in rules if {(each.id, Outcome.BREACHED), (each.id, Outcome.MET)} <= outcomes}
    # Somebody is always a member, and nobody has two jobs at once.
    assert len(both) >= len(rules) * 3 / 5
