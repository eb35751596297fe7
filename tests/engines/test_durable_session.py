"""The safe profile: what durable-rules is given, what it is never given, and what becomes of a session."""

from __future__ import annotations

import gc
import json
import random
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import product

import pytest

pytest.importorskip("durable_rules_engine", exc_type=ImportError)

import durable_rules_engine

from bigrules.engines import durable, durable_session
from bigrules.engines.durable_clauses import plan_program
from bigrules.engines.durable_session import (
    MOST_PATTERNS,
    MOST_TESTS,
    OutsideProfile,
    Pattern,
    Session,
    check_names,
    close_all,
    fact_format,
    fnv1a,
    live_tests,
    ruleset,
    ruleset_text,
)
from durable_programs import clause, layout, lit, program, stratum

PAIR = (Pattern(0), Pattern(1, ((0, 0, 1),)))
LEFT, RIGHT = fact_format(0, [0, 1]), fact_format(1, [0, 1])


@pytest.fixture(autouse=True)
def _own_rulesets() -> Iterator[None]:
    """Rulesets that a test spoils are not met by another."""
    kept = dict(durable_session._idle)
    durable_session._idle.clear()
    yield
    durable_session._idle.clear()
    durable_session._idle.update(kept)


def test_a_session_gives_each_match_once_with_its_facts() -> None:
    with Session(ruleset({4: PAIR})) as session:
        facts = [LEFT % (0, 1, 2), LEFT % (1, 1, 3), RIGHT % (2, 2, 9), RIGHT % (3, 2, 8)]
        assert sorted(session.fire(facts)) == [(4, [0, 2]), (4, [0, 3])]


def test_what_is_asserted_later_is_joined_with_what_was_there() -> None:
    with Session(ruleset({0: PAIR})) as session:
        assert session.fire([LEFT % (0, 1, 2)]) == []
        assert session.fire([RIGHT % (1, 2, 0), RIGHT % (2, 3, 0)]) == [(0, [0, 1])]
        assert session.fire([LEFT % (3, 7, 3)]) == [(0, [3, 2])]


def test_a_session_leaves_nothing_to_the_next() -> None:
    rules = ruleset({0: PAIR})
    with Session(rules) as session:
        assert len(session.fire([LEFT % (0, 1, 2), RIGHT % (1, 2, 0)])) == 1
    with Session(rules) as session:
        assert session.fire([RIGHT % (0, 2, 0)]) == []


def test_a_session_without_facts_can_be_left() -> None:
    with Session(ruleset({0: PAIR})):
        pass


def test_any_code_but_nought_throws_the_ruleset_away() -> None:
    """Two facts with one id: the module reports code 2, and nothing is known about its state."""
    rules = ruleset({0: PAIR})
    with pytest.raises(OutsideProfile, match="code 2"), Session(rules) as session:
        session.fire([LEFT % (0, 1, 2), LEFT % (0, 1, 3)])
    assert rules.text not in durable_session._idle
    with Session(rules) as session:
        assert len(session.fire([LEFT % (0, 1, 2), RIGHT % (1, 2, 0)])) == 1


def test_what_goes_wrong_in_the_module_throws_the_ruleset_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt in the midst of a call is such a thing."""
    rules = ruleset({0: PAIR})
    deleted: list[int] = []
    monkeypatch.setattr(durable_rules_engine, "delete_ruleset", deleted.append)

    def interrupted(handle: int, state: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(durable_rules_engine, "start_action_for_state", interrupted)
    with pytest.raises(KeyboardInterrupt), Session(rules) as session:
        session.fire([LEFT % (0, 1, 2)])
    assert rules.text not in durable_session._idle
    assert deleted == []


def test_what_goes_wrong_outside_of_the_module_costs_nothing() -> None:
    rules = ruleset({0: PAIR})
    with pytest.raises(ZeroDivisionError), Session(rules) as session:
        session.fire([LEFT % (0, 1, 2), RIGHT % (1, 2, 0)])
        raise ZeroDivisionError
    assert durable_session._idle[rules.text] == [session._handle]
    with Session(rules) as again:
        assert again._handle == session._handle
        assert again.fire([RIGHT % (0, 2, 0)]) == []


def test_a_fault_of_the_module_is_reported_as_such() -> None:
    with pytest.raises(OutsideProfile, match="fault"), Session(ruleset({0: PAIR})) as session:
        durable_rules_engine.delete_ruleset(session._handle)
        session.fire([LEFT % (0, 1, 2)])


def test_rulesets_are_kept_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    deleted: list[int] = []
    delete = durable_rules_engine.delete_ruleset

    def spy(handle: int) -> None:
        deleted.append(handle)
        delete(handle)

    monkeypatch.setattr(durable_rules_engine, "delete_ruleset", spy)
    monkeypatch.setattr(durable_session, "MOST_RULESETS", 3)
    for number in range(8):
        with Session(ruleset({number: PAIR})) as session:
            session.fire([LEFT % (0, 1, 2), RIGHT % (1, 2, 0)])
        assert sum(map(len, durable_session._idle.values())) <= 3
    assert ruleset({7: PAIR}).text in durable_session._idle
    assert len(set(deleted)) == 5


def test_sessions_that_are_open_at_once_do_not_share_a_ruleset() -> None:
    """Nor is one that is open ever deleted to make room, however few are kept."""
    rules = ruleset({0: PAIR})
    with Session(rules) as one, Session(rules) as other:
        assert one._handle != other._handle
        assert one.fire([LEFT % (0, 1, 2)]) == []
        assert other.fire([RIGHT % (0, 2, 0)]) == []
        assert one.fire([RIGHT % (1, 2, 0)]) == [(0, [0, 1])]
    handles = {one._handle, other._handle}
    assert set(durable_session._idle[rules.text]) == handles
    with Session(rules) as again:
        assert again._handle in handles
        assert again.fire([RIGHT % (0, 2, 0)]) == []


def test_where_one_session_cannot_be_closed_the_others_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise no other thread would ever have a session again."""
    rules = ruleset({0: PAIR})
    sessions = [Session(rules).open() for _ in range(3)]
    for each in sessions:
        assert each.fire([LEFT % (0, 1, 2)]) == []
    delete = durable_rules_engine.delete_state

    def refuse(handle: int, sid: str) -> None:
        if handle == sessions[1]._handle:
            raise RuntimeError("a fault")
        delete(handle, sid)

    monkeypatch.setattr(durable_rules_engine, "delete_state", refuse)
    with pytest.raises(RuntimeError, match="a fault"):
        close_all(sessions)
    assert durable_session._idle[rules.text] == [sessions[0]._handle, sessions[2]._handle]
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(durable_session._lock.acquire, timeout=5).result()
        assert pool.submit(durable_session._lock.release).result() is None


def test_more_sessions_than_are_kept_may_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_session, "MOST_RULESETS", 2)
    with ExitStack() as stack:
        sessions = [stack.enter_context(Session(ruleset({0: PAIR}))) for _ in range(6)]
        for each in sessions:
            assert each.fire([LEFT % (0, 1, 2)]) == []
        for each in sessions:
            assert each.fire([RIGHT % (1, 2, 0)]) == [(0, [0, 1])]
    assert sum(map(len, durable_session._idle.values())) == 2


# ---------------------------------------------------------------- what it is given


def test_every_joined_pattern_ends_in_an_equality_and_there_is_a_catch_all() -> None:
    rules = json.loads(ruleset_text({0: PAIR, 3: (Pattern(0), Pattern(5))}))
    assert rules.pop("rest") == {"all": [{"m": {"$ex": {"t": 1}}}], "pri": 1}
    assert set(rules) == {"c0", "c3"}
    for each in rules.values():
        assert each["dist"] == 0
        _, *later = each["all"]
        for pattern in later:
            (condition,) = pattern.values()
            assert condition["$and"][-1] == {"one": {"a0": "one"}}


def test_names_of_one_hash_are_refused() -> None:
    check_names(["costarring", "costarring", "solid"])
    with pytest.raises(OutsideProfile, match="`liquid`"):
        check_names(["costarring", "liquid"])


def test_ids_of_facts_do_not_share_a_hash() -> None:
    assert len({fnv1a(f"#{number}") for number in range(100_000)}) == 100_000
    assert fnv1a("#1279192") == fnv1a("#1062789")
    assert durable_session.MOST_FACTS <= 1_062_789


def test_a_clause_of_fifteen_patterns_is_held_and_one_of_sixteen_is_not() -> None:
    def made(count: int) -> durable.Evaluation:
        body = [lit(f"p{at}", f"?s{at}", f"?s{at + 1}") for at in range(count)]
        rules = program(stratum(clause(lit("h", "?s0", f"?s{count}"), *body)))
        return durable.evaluate(rules, layout({f"p{at}": [(at, at + 1)] for at in range(count)}))

    assert set(made(MOST_PATTERNS).table("h")) == {(0, MOST_PATTERNS)}
    with pytest.raises(OutsideProfile, match="joins 16 patterns"):
        made(MOST_PATTERNS + 1)


def test_a_clause_with_too_many_tests_on_one_kind_is_refused() -> None:
    slots = [f"?s{at}" for at in range(6)]
    body = [lit("p", f"?own{at}", *slots) for at in range(12)]
    rules = program(stratum(clause(lit("h", *(f"?own{at}" for at in range(12))), *body)))
    with pytest.raises(OutsideProfile, match="tests on one kind"):
        durable.evaluate(rules, layout({"p": [(0,) * 7]}))


def test_a_fact_that_is_joined_on_too_many_columns_is_refused() -> None:
    slots = [f"?s{at}" for at in range(26)]
    rules = program(stratum(clause(lit("h", "?s0"), lit("p", *slots), lit("q", *slots))))
    with pytest.raises(OutsideProfile, match="joins 26 columns"):
        durable.evaluate(rules, layout({"p": [(0,) * 26], "q": [(0,) * 26]}))


def test_each_join_has_a_ruleset_of_its_own_however_many_clauses_there_are() -> None:
    """Six hundred joins on one kind: one ruleset with all of them would crash, 255 on one test are its end."""
    count = 600
    clauses = [clause(lit(f"h{at}", "?x"), lit("p", "?x", "?y"), lit("p", "?y", at)) for at in range(count)]
    rules = program(stratum(*clauses))
    (plan,) = plan_program(rules)
    assert len(plan.joins) == count
    for join in plan.joins:
        (only,) = join.ruleset.rules.values()
        assert max(live_tests([only]).values()) <= MOST_TESTS
    found = durable.evaluate(rules, layout({"p": [("a", "b"), *(("b", at) for at in range(count))]}))
    assert all(set(found.table(f"h{at}")) == {("a",)} for at in range(count))
    assert sum(map(len, durable_session._idle.values())) <= durable_session.MOST_RULESETS


def test_joins_of_one_shape_share_what_is_made_ready() -> None:
    """Names of tables, numbers of clauses and columns that nothing is joined on do not make a shape."""
    rules = program(
        stratum(
            clause(lit("h", "?x"), lit("p", "?x", "?y"), lit("q", "?y")),
            clause(lit("g", "?x", "?z"), lit("r", "?z", "?x", "?y"), lit("s", "?y", "_")),
        )
    )
    (plan,) = plan_program(rules)
    one, other = plan.joins
    assert one.ruleset.text == other.ruleset.text
    found = durable.evaluate(
        rules, layout({"p": [(1, 2), (3, 4)], "q": [(2,)], "r": [(5, 6, 7)], "s": [(7, 8)]})
    )
    assert set(found.table("h")) == {(1,)}
    assert set(found.table("g")) == {(6, 5)}


def test_many_joins_may_feed_each_other() -> None:
    joined = [
        clause(lit("reach", "?x", "?z", at), lit("reach", "?x", "?y", at), lit("edge", "?y", "?z", at))
        for at in range(40)
    ]
    start = clause(lit("reach", "?x", "?y", "?k"), lit("edge", "?x", "?y", "?k"))
    rules = program(stratum(start, *joined, recursive=True))
    edges = [(node, node + 1, at) for at in range(40) for node in range(4)]
    found = durable.evaluate(rules, layout({"edge": edges}))
    assert len(found.table("reach")) == 40 * 10


# ---------------------------------------------------------------- long runs


def test_joins_are_those_of_plain_loops() -> None:
    """Random facts in random order, several batches, three patterns."""
    rng = random.Random(7)
    rule = (Pattern(0), Pattern(1, ((0, 0, 1),)), Pattern(0, ((0, 1, 1), (1, 0, 0))))
    rules = ruleset({0: rule})
    for _ in range(60):
        facts = [(rng.randrange(2), rng.randrange(4), rng.randrange(4)) for _ in range(rng.randrange(1, 20))]
        texts = [(RIGHT if kind else LEFT) % (at, one, two) for at, (kind, one, two) in enumerate(facts)]
        expected = sorted(
            (0, [a, b, c])
            for a, b, c in product(range(len(facts)), repeat=3)
            if facts[a][0] == 0 and facts[b][0] == 1 and facts[c][0] == 0
            and facts[b][1] == facts[a][2] and facts[c][1] == facts[b][2] and facts[c][2] == facts[a][1]
        )  # fmt: skip
        cut = rng.randrange(len(texts))
        with Session(rules) as session:
            found = [match for batch in (texts[:cut], texts[cut:]) if batch for match in session.fire(batch)]
        assert sorted(found) == expected


def test_sessions_do_not_grow_memory() -> None:
    rules = program(stratum(clause(lit("h", "?x", "?z"), lit("p", "?x", "?y"), lit("p", "?y", "?z"))))
    laid = layout({"p": [(each, each + 1) for each in range(10)]})

    def many(count: int) -> int:
        for _ in range(count):
            durable.evaluate(rules, laid)
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = many(500)
    assert many(3_000) - before < 2_000  # kilobytes; a session that is not freed holds about 60


def test_plans_go_with_their_program() -> None:
    from bigrules.engines import durable_clauses

    before = len(durable_clauses._plans)
    rules = program(stratum(clause(lit("h", "?x"), lit("p", "?x"))))
    assert plan_program(rules) is plan_program(rules)
    assert len(durable_clauses._plans) == before + 1
    del rules
    gc.collect()
    assert len(durable_clauses._plans) == before
