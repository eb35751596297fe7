"""What is compiled once is taken again only where it is the same; and of very long conditions a part comes first."""

from __future__ import annotations

import gc
import itertools
import weakref
from typing import Any

import attrs
import pytest

from bigrules.language.model import Const, Slot
from bigrules.language.model import Test as Computed
from bigrules.program import compile as compiling
from bigrules.program import parts
from bigrules.program.compile import compile_program
from bigrules.program.core import Literal_
from bigrules.program.parts import Parts, parts_of
from bigrules.program.shorten import MOST_JOINED, MOST_TESTED, begun, is_long, slots_of
from oracle.hand import DATE, PERSON, YES_NO, all_of, atom, definition, kind, rule, rulebook

JOB = kind("job", person=PERSON, paid=YES_NO, dated=True)
SEEN = kind("seen", person=PERSON, day=DATE)
TYPES = {"p": PERSON, "d": DATE}
PAID = definition("paid", "p", (PERSON,), holds=atom("job", "<p>", "yes", "_", "_"))
ALWAYS_PAID = definition("paid", "p", (PERSON,), holds=atom("job", "<p>", "yes", "_", "_", ever=True))
WORKER = definition("worker", "p", (PERSON,), holds=atom("paid", "<p>"))


def book(*definitions: Any) -> Any:
    """Nobody is a worker now; nor is anybody on a day on which they were seen."""
    now = rule("now", form="not allowed", condition=atom("worker", "<p>"), types=TYPES)
    then = rule(
        "then", form="not allowed", condition=atom("worker", "<p>", on="d"), types=TYPES, on="d",
        given=atom("seen", "_", "<d>"), subject=("d",),
    )  # fmt: skip
    return rulebook([JOB, SEEN], [now, then], list(definitions))


def told(program: Any) -> Any:
    """All that is in a program."""
    return program.predicates, program.strata, program.rules


def test_a_rulebook_compiled_again_is_the_same() -> None:
    """From what was kept of its parts; in another order too."""
    made = book(PAID, WORKER)
    first = compile_program(made)
    assert told(compile_program(made)) == told(first)
    fresh = attrs.evolve(made, vocabulary=attrs.evolve(made.vocabulary))
    assert told(compile_program(fresh)) == told(first)


def test_a_part_is_compiled_anew_where_what_it_reads_is_another() -> None:
    """Whoever was ever paid does not hang on the day: the worker is then not read on days of their own."""
    made = book(PAID, WORKER)
    compile_program(made)
    changed = attrs.evolve(made, definitions={"paid": ALWAYS_PAID, "worker": WORKER})
    fresh = attrs.evolve(changed, vocabulary=attrs.evolve(made.vocabulary))
    assert told(compile_program(changed)) == told(compile_program(fresh))
    assert "worker @on" in compile_program(made).predicates
    assert "worker @on" not in compile_program(changed).predicates


def test_parts_are_kept_as_long_as_their_vocabulary() -> None:
    """One for each, and the same one."""
    made = book(PAID, WORKER)
    vocabulary = attrs.evolve(made.vocabulary)
    kept = parts_of(vocabulary)
    assert parts_of(vocabulary) is kept
    assert parts_of(made.vocabulary) is not kept
    alive, number = weakref.ref(kept), id(vocabulary)
    assert number in parts._parts
    del kept, vocabulary
    gc.collect()
    assert alive() is None
    assert number not in parts._parts


def test_compiling_again_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in the parts is not made again."""
    made = book(PAID, WORKER)
    made = attrs.evolve(made, vocabulary=attrs.evolve(made.vocabulary))
    first = compile_program(made)
    calls = []
    plain = compiling.alternatives
    monkeypatch.setattr(compiling, "alternatives", lambda *given: calls.append(given) or plain(*given))
    assert told(compile_program(made)) == told(first)
    assert calls == []
    monkeypatch.undo()


def test_only_so_many_are_kept_and_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of files and of days alike."""
    monkeypatch.setattr(parts, "MOST_PARTS", 2)
    kept = Parts()
    some = [definition(each, "p", (PERSON,), holds=atom("job", "<p>", "_", "_", "_")) for each in "abc"]
    assert kept.day_of(some[0]) is None
    for each in some:
        kept.keep_days(each, each.id == "b", (each.id,))
        kept.keep(parts.Part(each), "now")
    assert [kept.day_of(each) for each in some] == [None, (True, ("b",)), (False, ("c",))]
    assert [part.file.id for part in kept.compiled.values()] == ["b", "c"]
    assert (id(some[2]), "now") in kept.compiled


P = [Slot(f"p{number}") for number in range(MOST_JOINED + 3)]
CHAIN = [Literal_("kin", (P[number], P[number + 1])) for number in range(MOST_JOINED + 2)]


@pytest.mark.parametrize(
    ("literals", "tests", "absent", "long"),
    [
        (MOST_JOINED, 0, 0, False), (MOST_JOINED + 1, 0, 0, True), (1, MOST_TESTED, 0, False),
        (1, MOST_TESTED + 1, 0, True), (1, 0, MOST_TESTED + 1, True), (1, MOST_TESTED, 1, True),
        (1, MOST_TESTED - 1, 1, False),
    ],
)  # fmt: skip
def test_a_clause_is_long_where_python_could_not_nest_it(
    literals: int, tests: int, absent: int, long: bool
) -> None:
    """By what it joins, or by what it asks."""
    test = Computed("different", (P[0], P[1]))
    assert is_long(CHAIN[:1] * literals, [test] * tests, CHAIN[:1] * absent) is long


def test_what_shares_most_is_joined_first() -> None:
    """A chain from where it begins, and never what shares nothing before what does."""
    apart = Literal_("other", (Slot("x"), Const("ann"), None))
    first, tests, absent = begun([CHAIN[0], apart, *reversed(CHAIN[1:])], [], [])
    assert first == CHAIN[:MOST_JOINED]
    assert (tests, absent) == ([], [])
    both = Literal_("both", (P[0], P[1]))
    assert begun([CHAIN[0], CHAIN[1], both, apart], [], [])[0] == [CHAIN[0], both, CHAIN[1], apart]


def test_only_what_is_bound_is_asked_of_what_is_joined_first() -> None:
    """And of that so much as fits."""
    inside, outside = Computed("different", (P[0], P[2])), Computed("different", (P[0], P[MOST_JOINED + 1]))
    gone, later = Literal_("gone", (P[1], None, Const("x"))), Literal_("gone", (P[MOST_JOINED + 1],))
    _, tests, absent = begun(CHAIN, [inside, outside], [later, gone])
    assert (tests, absent) == ([inside], [gone])
    _, tests, absent = begun(CHAIN, [inside] * (MOST_TESTED + 5), [gone])
    assert (len(tests), absent) == (MOST_TESTED, [])
    _, tests, absent = begun(CHAIN, [inside] * (MOST_TESTED - 2), [gone] * 5)
    assert (len(tests), len(absent)) == (MOST_TESTED - 2, 2)
    assert slots_of((P[0], Const("x"), None)) == {"p0"}


def test_a_rule_of_a_long_chain_reads_all_of_it() -> None:
    """Nothing of a condition that is joined in steps is lost."""
    types = {each.name: PERSON for each in P}
    kin = kind("kin", person=PERSON, other=PERSON)
    links = [atom("kin", f"<{one.name}>", f"<{other.name}>") for one, other in itertools.pairwise(P)]
    made = rulebook([kin], [rule("chain", form="not allowed", condition=all_of(*links), types=types)])
    program = compile_program(made)
    bodies = [each.body for stratum in program.strata for each in stratum.clauses]
    assert max(map(len, bodies)) <= MOST_JOINED
    assert sum(each.predicate == "kin" for body in bodies for each in body) == len(links)
