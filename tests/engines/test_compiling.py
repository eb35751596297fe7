"""Compiling: which day a definition is read on, and what programs of one rulebook share."""

from __future__ import annotations

import attrs
import pytest

from bigrules.findings.judge import evaluate, judge, judge_evaluation
from bigrules.language import load, readings_of, shipped_path, with_readings
from bigrules.language.model import AnyOf, Rulebook
from bigrules.program.compile import compile_program
from bigrules.program.parts import parts_of
from oracle.evaluate import evaluate as by_oracle
from oracle.hand import DATE, PERSON, all_of, atom, case, day, definition, fact, kind, rule, rulebook


def book(first: str, second: str) -> Rulebook:
    """Near is who is a member or far; far is who is linked to somebody near. Nobody far takes part in a decision."""
    kinds = [
        kind("member", person=PERSON, dated=True),
        kind("link", person=PERSON, other=PERSON),
        kind("decision", person=PERSON, on=DATE, happened="on"),
    ]
    near = definition(
        "near", "p", (PERSON,), holds=AnyOf((atom("far", "<p>"), atom("member", "<p>", "_", "_")))
    )
    far = definition("far", "p", (PERSON,), holds=all_of(atom("link", "<p>", "<q>"), atom("near", "<q>")))
    types = {"p": PERSON, "q": PERSON, "day": DATE}
    wrong = rule(
        "r",
        form="not allowed",
        given=atom("decision", "<p>", "<day>"),
        subject=("p", "day"),
        on="day",
        condition=all_of(atom(first, "<p>", on="day"), atom(second, "<p>", on="day")),
        types=types,
    )
    return rulebook(kinds, [wrong], [near, far])


@pytest.mark.parametrize(("first", "second"), [("near", "far"), ("far", "near")])
def test_a_recursive_definition_is_read_on_the_rules_own_day(first: str, second: str) -> None:
    """Whichever of the two is asked for first: one that was asked for second was read on the day of judging."""
    made = book(first, second)
    facts = [
        fact("member", "q", None, day("2018-03-01")),
        fact("link", "p", "q"),
        fact("decision", "p", day("2018-02-01")),
    ]
    register = case(made, *facts)
    program = compile_program(made)
    assert {"near @on", "far @on"} <= set(program.predicates)
    (finding,) = judge(made, program, register)
    assert finding.outcome == "breached"
    (other,) = judge_evaluation(evaluate(made, program, register))
    assert other.outcome == "breached"
    ((_, said),) = by_oracle(made, register).items()
    assert said.outcome == "breached"


def test_a_file_is_compiled_once_for_all_readings_of_others() -> None:
    """And anew where what it reads is read otherwise."""
    made = book("near", "far")
    program = compile_program(made)
    parts = dict(parts_of(made.vocabulary).compiled)
    assert len(parts) == 3
    again = compile_program(made)
    assert again == program
    clauses = {each.id: each for stratum in program.strata for each in stratum.clauses}
    assert all(clauses[each.id] is each for stratum in again.strata for each in stratum.clauses)
    assert parts_of(made.vocabulary).compiled == parts
    # Far without near does not depend on the day any more, and is read now, also by what is as it was.
    far = attrs.evolve(made.definitions["far"], holds=atom("link", "<p>", "_"))
    other = attrs.evolve(made, definitions={**made.definitions, "far": far})
    mixed = compile_program(other)
    assert "far" in mixed.predicates
    assert "far @on" not in mixed.predicates
    fresh = attrs.evolve(other, vocabulary=attrs.evolve(other.vocabulary))
    assert compile_program(fresh) == mixed


def test_programs_do_not_hang_on_what_was_compiled_before() -> None:
    """Of the shipped rulebook each reading comes out as it does where nothing was compiled before."""
    shipped, _ = load(shipped_path())
    assert shipped is not None
    compile_program(shipped)
    for id, names in readings_of(shipped).items():
        for name in names:
            other, _ = with_readings(shipped, {id: name})
            assert other is not None
            alone = attrs.evolve(other, vocabulary=attrs.evolve(other.vocabulary))
            assert compile_program(other) == compile_program(alone)
