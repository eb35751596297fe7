"""The profile in which durable-rules is right: what is outside of it is refused, and nothing else is asked of it."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

pytest.importorskip("durable_rules_engine", exc_type=ImportError)

import durable_rules_engine

from bigrules import load_rulebook
from bigrules.engines import durable, durable_rounds, durable_session
from bigrules.engines.durable_clauses import plan_program
from bigrules.engines.durable_partners import Partners, seating
from bigrules.engines.durable_session import (
    ITS_OWN_WORDS,
    MOST_COLUMNS,
    MOST_FACTS,
    MOST_JOINS,
    MOST_PATTERNS,
    MOST_RULES,
    OutsideProfile,
    Pattern,
    fact_format,
    fnv1a,
    ruleset,
)
from durable_programs import check, clause, layout, limit, lit, measure, program, stratum, when
from many_cases import ManyCases

PAIR = (Pattern(0), Pattern(1, ((0, 0, 1),)))
TRIPLE = (Pattern(0), Pattern(1, ((0, 0, 0),)), Pattern(2, ((0, 1, 1),)))


@pytest.fixture(autouse=True)
def _own_rulesets() -> Iterator[None]:
    """Rulesets that are made ready for one test are not met by another."""
    kept = dict(durable_session._idle)
    durable_session._idle.clear()
    yield
    durable_session._idle.clear()
    durable_session._idle.update(kept)


# ---------------------------------------------------------------- what is refused

CHAIN = tuple(Pattern(at, ((0, at - 1, 0),) if at else ()) for at in range(MOST_PATTERNS + 1))
WIDE = (Pattern(0), Pattern(1, tuple((at, 0, at) for at in range(MOST_JOINS + 1))))
BUSY = (
    Pattern(0),
    *(Pattern(1, tuple((at, 0, at) for at in range(MOST_JOINS - 1))) for _ in range(3)),
)
BROAD = (
    Pattern(0),
    *(
        Pattern(at, tuple((own, 0, at * MOST_JOINS + own) for own in range(MOST_JOINS)))
        for at in range(1, 2 + MOST_COLUMNS // MOST_JOINS)
    ),
)


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({0: CHAIN}, "a clause joins 16 patterns, durable-rules is relied on for 15"),
        ({0: WIDE}, "a pattern joins 26 columns, durable-rules is relied on for 25"),
        ({0: BUSY}, "a clause makes 77 tests on one kind of fact, durable-rules is relied on for 60"),
        ({0: BROAD}, "a clause joins 225 columns of one kind of fact, durable-rules is relied on for 200"),
        (dict.fromkeys(range(30), PAIR), "a ruleset makes 62 tests on one kind of fact"),
        (
            {at: (Pattern(2 * at), Pattern(2 * at + 1)) for at in range(MOST_RULES + 1)},
            "a ruleset has 201 rules, durable-rules is relied on for 200",
        ),
        # These two numbers are hashed to one.
        ({693596: TRIPLE, 1170850: PAIR}, "cannot tell `c693596` from `c1170850`"),
    ],
)
def test_what_is_too_much_is_refused(rules: dict[int, Any], why: str) -> None:
    with pytest.raises(OutsideProfile, match=re.escape(why)):
        ruleset(rules)


@pytest.mark.parametrize(
    "rule",
    [
        (Pattern(0), Pattern(1, ((0, 2, 0),)), Pattern(2)),
        (Pattern(0), Pattern(1, ((0, 1, 0),))),
        (Pattern(0, ((0, 0, 0),)), Pattern(1)),
        (Pattern(0), Pattern(1, ((0, -1, 0),))),
        (Pattern(0), Pattern(1, ((-1, 0, 0),))),
    ],
    ids=["later", "itself", "first", "none", "no column"],
)
def test_a_join_with_a_pattern_that_is_not_there_is_refused(rule: Any) -> None:
    """durable-rules takes an alias that it does not know, and never matches."""
    with pytest.raises(ValueError, match="is joined with column"):
        ruleset({0: rule})


def test_just_within_the_limits_it_is_right() -> None:
    """The longest chain, the widest join, and as many tests on one kind as are allowed: each finds what is there."""
    chain = [lit(f"p{at}", f"?s{at}", f"?s{at + 1}") for at in range(MOST_PATTERNS)]
    slots = [f"?s{at}" for at in range(MOST_JOINS)]
    wide = [lit("q", *slots, "?left"), lit("r", *slots, "?right")]
    # A table of as many columns as may be joined, each with one of several others.
    broad = [f"?b{at}" for at in range(MOST_COLUMNS)]
    parts = [broad[at : at + MOST_JOINS] for at in range(0, MOST_COLUMNS, MOST_JOINS)]
    across = [lit("t", *broad), *(lit(f"u{at}", *each) for at, each in enumerate(parts))]
    star = [lit("s", "?x", f"?y{at}") for at in range(MOST_PATTERNS)]
    made = program(
        stratum(
            clause(lit("chain", "?s0", f"?s{MOST_PATTERNS}"), *chain),
            clause(lit("wide", "?left", "?right"), *wide),
            clause(lit("across", broad[0], broad[-1]), *across),
            clause(lit("star", *(f"?y{at}" for at in range(MOST_PATTERNS))), *star),
        )
    )
    row = tuple(range(MOST_JOINS))
    found = durable.evaluate(
        made,
        layout(
            {
                **{f"p{at}": [(at, at + 1), (at, 99)] for at in range(MOST_PATTERNS)},
                "q": [(*row, "l"), (*row[:-1], 99, "m")],
                "r": [(*row, "r"), (*row[:-1], 98, "n")],
                "s": [("a", 1), ("b", 2), ("b", 3)],
                "t": [tuple(range(MOST_COLUMNS)), (*range(MOST_COLUMNS - 1), 0)],
                **{f"u{at}": [tuple(range(25 * at, 25 * at + 25))] for at in range(8)},
            }
        ),
    )
    assert set(found.table("chain")) == {(0, MOST_PATTERNS), (0, 99)}
    assert set(found.table("wide")) == {("l", "r")}
    assert set(found.table("across")) == {(0, MOST_COLUMNS - 1)}
    expected = {(1,) * MOST_PATTERNS, *product((2, 3), repeat=MOST_PATTERNS)}
    assert set(found.table("star")) == expected


def test_more_facts_than_there_are_ids_for_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = program(stratum(clause(lit("h", "?x"), lit("p", "?x", "?y"), lit("q", "?y"))))
    laid = layout({"p": [(at, 0) for at in range(20)], "q": [(0,)]})
    monkeypatch.setattr(durable_rounds, "MOST_FACTS", 21)
    assert len(durable.evaluate(made, laid).table("h")) == 20
    monkeypatch.setattr(durable_rounds, "MOST_FACTS", 20)
    with pytest.raises(OutsideProfile, match="more than 20 facts"):
        durable.evaluate(made, laid)


def test_a_join_that_matches_too_often_is_refused_before_it_fills_the_memory() -> None:
    made = program(
        stratum(
            clause(
                lit("h", "?x", "?y"), lit("p", "?x"), lit("p", "?y"), tests=[check("different", "?x", "?y")]
            )
        )
    )
    with pytest.raises(OutsideProfile, match="may match more than 1000000 times"):
        durable.evaluate(made, layout({"p": [(at,) for at in range(1_001)]}))


def test_a_join_of_many_that_matches_seldom_is_not() -> None:
    made = program(stratum(clause(lit("h", "?x", "?z"), lit("p", "?x", "?y"), lit("p", "?y", "?z"))))
    found = durable.evaluate(made, layout({"p": [(at, at + 1) for at in range(3_000)]}))
    assert len(found.table("h")) == 2_999


@pytest.mark.parametrize("seed", range(20))
def test_how_often_a_join_may_match_is_never_put_too_low(seed: int) -> None:
    rng = random.Random(seed)
    rule = (
        Pattern(0),
        Pattern(1, ((0, 0, 1),)),
        Pattern(0, ((0, 1, 1),)),
        Pattern(1, ((0, 0, 1), (1, 2, 1))),
    )
    rows: list[set[tuple[int, int]]] = [
        {(rng.randrange(5), rng.randrange(5)) for _ in range(rng.randrange(1, 15))} for _ in range(2)
    ]
    matches = 0
    for chosen in product(*(rows[each.kind] for each in rule)):
        matches += all(
            chosen[at][own] == chosen[other][column]
            for at, each in enumerate(rule)
            for own, other, column in each.joins
        )
    partners = Partners(seating(rule), rows)
    partners.ready({})
    assert partners.most_matches(0) >= matches
    assert partners.most_matches(10**9) >= matches


# ---------------------------------------------------------------- names and hashes


def test_the_hash_is_that_of_durable_rules() -> None:
    """Numbers that stand in its source."""
    words = {
        "id": 926444256,
        "sid": 3593476751,
        "all": 321211332,
        "dist": 1281379241,
        "$ex": 373481198,
        "$i": 1622948014,
    }
    assert {word: fnv1a(word) for word in words} == words


def test_durable_rules_does_take_names_of_one_hash_for_each_other() -> None:
    """Why they are refused: with `costarring` and `liquid`, a fact that has one matches what asks for the other."""
    rules = {
        "asks": {"all": [{"m": {"liquid": 1}}]},
        "rest": {"all": [{"m": {"$ex": {"t": 1}}}], "pri": 1},
    }
    handle = durable_rules_engine.create_ruleset("one hash", json.dumps(rules))
    _, state = durable_rules_engine.assert_facts(handle, '[{"id":"#0","sid":"0","t":0,"costarring":1}]')
    _, message = durable_rules_engine.start_action_for_state(handle, state)
    assert message.startswith('{"asks"')
    durable_rules_engine.delete_state(handle, "0")


def test_no_two_names_that_are_ever_used_share_a_hash() -> None:
    names = ["id", "sid", "t", "one", "m", "rest", "sid-0", *ITS_OWN_WORDS]
    names += [f"a{at}" for at in range(MOST_PATTERNS)]
    names += [f"f{at}" for at in range(10_000)]
    names += [f"c{at}" for at in range(10_000)]
    assert len({fnv1a(name) for name in names}) == len(set(names))
    assert 0 not in {fnv1a(name) for name in names}


def test_no_two_ids_that_are_ever_used_share_a_hash() -> None:
    """Nor does one with `sid-0`, which is what durable-rules calls the fact of the session."""
    digits = [ord(digit) for digit in "0123456789"]
    level = [fnv1a(f"#{first}") for first in range(1, 10)]
    ids = [fnv1a("#0"), *level]
    while len(ids) < MOST_FACTS:
        level = [((number ^ digit) * 16777619) & 0xFFFFFFFF for number in level for digit in digits]
        ids += level
    assert len(ids) == MOST_FACTS
    assert ids[-1] == fnv1a(f"#{MOST_FACTS - 1}")
    assert len({fnv1a("sid-0"), *ids}) == MOST_FACTS + 1


def test_names_of_one_hash_in_a_program_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the name of a column and that of a pattern were hashed to one."""
    real = durable_session.fnv1a
    monkeypatch.setattr(durable_session, "fnv1a", lambda name: real("a1" if name == "f0" else name))
    made = program(stratum(clause(lit("h", "?x"), lit("p", "?x", "?y"), lit("q", "?y"))))
    with pytest.raises(OutsideProfile, match="cannot tell `a1` from `f0`"):
        durable.evaluate(made, layout({"p": [(1, 2)], "q": [(2,)]}))


# ---------------------------------------------------------------- what is asked of it


class Spy:
    """Keeps what the module is given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rulesets: dict[int, dict[str, Any]] = {}
        self.batches: list[tuple[int, str]] = []
        create, assert_ = durable_rules_engine.create_ruleset, durable_rules_engine.assert_facts

        def create_ruleset(name: str, text: str) -> int:
            handle: int = create(name, text)
            assert re.fullmatch(r"r\d+", name)
            self.rulesets[handle] = json.loads(text)
            return handle

        def assert_facts(handle: int, text: str) -> tuple[int, int]:
            self.batches.append((handle, text))
            result: tuple[int, int] = assert_(handle, text)
            return result

        def never(*_: object) -> None:
            raise AssertionError("this is outside of the profile")

        monkeypatch.setattr(durable_rules_engine, "create_ruleset", create_ruleset)
        monkeypatch.setattr(durable_rules_engine, "assert_facts", assert_facts)
        for name, each in list(vars(durable_rules_engine).items()):
            if name not in USED and not name.startswith("__") and not isinstance(each, type):
                monkeypatch.setattr(durable_rules_engine, name, never)


USED = {
    "create_ruleset", "delete_ruleset", "assert_facts", "start_action_for_state", "complete_and_start_action",
    "delete_state", "error",
}  # fmt: skip


def fields_of(handle_rules: dict[str, Any]) -> dict[int, set[str]]:
    """Of each kind, the fields that some test looks at; each rule is held against the grammar of the profile."""
    rest = handle_rules.pop("rest")
    assert rest == {"all": [{"m": {"$ex": {"t": 1}}}], "pri": 1}
    looked: dict[int, set[str]] = {}
    for name, rule in handle_rules.items():
        assert re.fullmatch(r"c\d+", name)
        assert set(rule) == {"all", "dist"} and rule["dist"] == 0
        kinds: list[int] = []
        for position, pattern in enumerate(rule["all"]):
            ((alias, condition),) = pattern.items()
            assert alias == f"a{position}"
            if position == 0:
                assert set(condition) == {"t"} and type(condition["t"]) is int
                kinds.append(condition["t"])
                looked.setdefault(kinds[-1], set())
                continue
            assert set(condition) == {"$and"}
            first, *joins, last = condition["$and"]
            assert last == {"one": {"a0": "one"}}
            assert set(first) == {"t"} and type(first["t"]) is int
            kinds.append(first["t"])
            looked.setdefault(kinds[-1], set())
            for each in joins:
                ((own, other),) = each.items()
                ((alias, column),) = other.items()
                assert re.fullmatch(r"f\d+", own) and re.fullmatch(r"f\d+", column)
                earlier = int(alias.removeprefix("a"))
                assert earlier < position
                looked[kinds[-1]].add(own)
                looked.setdefault(kinds[earlier], set()).add(column)
    return looked


def test_nothing_but_the_profile_is_ever_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """On cases with everything in them: absence, measures, exceptions, questions, recursion and what is not known."""
    spy = Spy(monkeypatch)
    rulebook = load_rulebook()
    made = ManyCases(rulebook.model, seed=4)
    for _ in range(60):
        assert rulebook.check(made.case(), confirm=True).rests_on.engines == ("compiled", "durable")
    mixed = program(
        stratum(
            clause(lit("r", "?x", "?z"), lit("r", "?x", "?y"), lit("e", "?y", "?z")),
            clause(lit("r", "?x", "?y"), lit("e", "?x", "?y")),
            recursive=True,
        ),
        stratum(
            clause(lit("c", "?x"), lit("r", "?x", "?y"), lit("e", "?y", "?y"), absent=[lit("v", "?x")]),
            limits=[limit("k", measure("number", "c"), "at least", 1)],
        ),
    )
    hostile = ["one", "a0", "$not", '"}', "\x00", 10**30, True, 1, 1.0, None]
    rows = [*product(hostile[:6], repeat=2), *((each, each) for each in hostile)]
    durable.evaluate(mixed, layout({"e": [*rows, when(("z", "z"), (0, [1]))], "v": [("one",)]}, sites=[2]))

    assert len(spy.batches) > 100
    fields = {handle: fields_of(rules) for handle, rules in spy.rulesets.items()}
    assert len(fields) > 5
    for handle, text in spy.batches:
        for fact in json.loads(text):
            assert list(fact)[:4] == ["id", "sid", "t", "one"]
            assert re.fullmatch(r"#\d+", fact["id"]) and fact["sid"] == "0" and fact["one"] == 1
            # Every field that a test looks at is there, and is a small whole number.
            assert set(fact) - {"id", "sid", "t", "one"} == fields[handle][fact["t"]]
            numbers = [value for name, value in fact.items() if name not in ("id", "sid")]
            assert all(type(value) is int and 0 <= value < 2**31 for value in numbers)


def test_every_fact_of_a_session_has_an_id_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy(monkeypatch)
    monkeypatch.setattr(durable_rounds, "BATCH", 7)
    edges = [(at, at + 1) for at in range(30)]
    made = program(
        stratum(
            clause(lit("r", "?x", "?y"), lit("e", "?x", "?y")),
            clause(lit("r", "?x", "?z"), lit("r", "?x", "?y"), lit("e", "?y", "?z")),
            recursive=True,
        )
    )
    found = durable.evaluate(made, layout({"e": edges}))
    assert len(found.table("r")) == 30 * 31 // 2
    (handle,) = spy.rulesets
    ids = Counter(fact["id"] for number, text in spy.batches for fact in json.loads(text) if number == handle)
    assert len(spy.batches) > 30
    assert set(ids.values()) == {1}


def test_neither_its_host_nor_its_threads_are_used() -> None:
    """Its host starts threads of its own and hides what goes wrong."""
    asked = (
        "import sys, threading, bigrules; "
        "book = bigrules.load_rulebook(); "
        "case = book.read({'people': [{'person': 'Ann Example'}]}, as_of='2018-06-01'); "
        "print(book.check(case, confirm=True).rests_on.engines, threading.active_count(), "
        "sorted(name for name in sys.modules if name.split('.')[0].startswith('durable')))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "('compiled', 'durable') 1 ['durable_rules_engine']"


def test_a_fact_has_what_it_is_asked_for_and_nothing_else() -> None:
    """Two clauses that join one table on different columns do not share facts."""
    made = program(
        stratum(
            clause(lit("h", "?x"), lit("p", "?x", "_", "?z"), lit("q", "?z")),
            clause(lit("g", "?x"), lit("p", "?x", "?y", "_"), lit("q", "?y")),
        )
    )
    (plan,) = plan_program(made)
    assert [sorted(join.formats.values()) for join in plan.joins] == [
        [fact_format(0, [0]), fact_format(1, [0])]
    ] * 2
    found = durable.evaluate(made, layout({"p": [("a", 1, 2), ("b", 2, 1)], "q": [(1,)]}))
    assert set(found.table("h")) == {("b",)}
    assert set(found.table("g")) == {("a",)}


def test_a_thread_that_forks_waits_until_no_session_is_open() -> None:
    """A child takes over neither a lock that nobody opens nor a session that is half-way through."""
    if not hasattr(os, "fork"):
        pytest.skip("there is no fork here")
    opened, close = threading.Event(), threading.Event()

    def hold() -> None:
        with durable_session.Session(ruleset({0: PAIR})) as session:
            session.fire([fact_format(0, [1]) % (0, 1)])
            opened.set()
            close.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert opened.wait(10)
    threading.Timer(0.2, close.set).start()
    with warnings.catch_warnings():
        # Newer versions of Python warn of forking beside threads.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        signal.alarm(20)
        made = program(stratum(clause(lit("h", "?x"), lit("p", "?x", "?y"), lit("q", "?y"))))
        right = set(durable.evaluate(made, layout({"p": [(1, 2)], "q": [(2,)]})).table("h")) == {(1,)}
        os._exit(0 if right else 1)
    was_closed = close.is_set()
    thread.join()
    assert was_closed
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_facts_that_have_nothing_to_be_joined_with_are_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact costs more than all else: of these, three can match, and none does where one kind has no partner."""
    spy = Spy(monkeypatch)
    made = program(stratum(clause(lit("h", "?x"), lit("p", "?x", "?y"), lit("q", "?y"))))
    found = durable.evaluate(made, layout({"p": [(1, 2), (3, 2), (5, 6)], "q": [(2,), (8,)]}))
    assert set(found.table("h")) == {(1,), (3,)}
    assert [len(json.loads(text)) for _, text in spy.batches] == [3]
    three = [lit("p", "?x", "?y"), lit("q", "?y"), lit("r", "?x")]
    made = program(stratum(clause(lit("h", "?x"), *three)))
    found = durable.evaluate(made, layout({"p": [(1, 2), (3, 2)], "q": [(2,)], "r": [(9,)]}))
    assert not found.table("h")
    assert len(spy.batches) == 1


def test_each_fact_is_given_once_when_it_has_all_its_partners() -> None:
    rule = (Pattern(0), Pattern(1, ((0, 0, 1),)), Pattern(2, ((0, 1, 1),)))
    rows: list[dict[tuple[int, ...], bool]] = [{(1, 2): True}, {(2, 3): True}, {(9,): True}]
    partners = Partners(seating(rule), rows)
    # Nothing can match before there is a `3` of the last kind; then all that leads to it can.
    assert partners.ready({}) == []
    assert partners.ready({2: [(3,)]}) == [(0, (1, 2)), (1, (2, 3)), (2, (3,))]
    assert partners.ready({0: [(4, 2), (4, 5)]}) == [(0, (4, 2))]
    assert partners.ready({1: [(5, 7)]}) == [(0, (4, 5))]
    assert partners.ready({2: [(7,), (3,)]}) == [(1, (5, 7)), (2, (7,))]
    assert partners.ready({0: [(1, 2)]}) == []
    assert partners.ready({3: [(1, 2)]}) == []
