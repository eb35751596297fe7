"""What a rulebook compiles to: on days of their own, in steps, with names that are told apart."""

from __future__ import annotations

from typing import Any

import pytest

from bigrules.findings.judge import evaluate, judge, judge_evaluation
from bigrules.findings.report import Outcome
from bigrules.language.model import THE_DAY, AnyOf, NoneOf, Slot
from bigrules.language.model import Test as Computed
from bigrules.program.compile import compile_program
from oracle.hand import (
    DATE,
    NUMBER,
    PERSON,
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
)

SEEN = kind("seen", person=PERSON, day=DATE)
HELD = kind("held", person=PERSON, day=DATE)
JOB = kind("job", person=PERSON, dated=True)
TYPES = {"p": PERSON, "q": PERSON, "d": DATE, "e": DATE, "n": NUMBER, THE_DAY: DATE}
MET, BREACHED = Outcome.MET, Outcome.BREACHED
NOW = Slot(THE_DAY)


def outcomes(book: Any, *facts: Any) -> list[Outcome]:
    """What is found, at once and with conditions."""
    program, made = compile_program(book), case(book, *facts)
    found = [each.outcome for each in judge(book, program, made)]
    assert found == [each.outcome for each in judge_evaluation(evaluate(book, program, made))]
    return found


def on_the_day(condition: Any, *definitions: Any) -> Any:
    """A rule about each time that something was held, on that day."""
    given = {"given": atom("held", "<q>", "<d>"), "subject": ("q", "d"), "on": "d"}
    only = rule("r", form="not allowed", condition=condition, types=TYPES, **given)
    return rulebook([SEEN, HELD, JOB], [only], list(definitions))


SAW = fact("seen", "a", day("2018-03-01"))
BEFORE, AFTER = fact("held", "q", day("2018-02-01")), fact("held", "r", day("2018-04-01"))


def test_a_definition_that_speaks_of_the_day_is_worked_out_for_each_day_on_which_it_is_read() -> None:
    """Seen in March is earlier than what was held in April, and not than what was in February."""
    earlier = definition(
        "earlier",
        "p",
        (PERSON,),
        holds=all_of(atom("seen", "<p>", "<e>"), Computed("before", (Slot("e"), NOW))),
    )
    book = on_the_day(atom("earlier", "<p>", on="d"), earlier)
    assert outcomes(book, SAW, BEFORE, AFTER) == [MET, BREACHED]
    assert outcomes(book, SAW, AFTER) == [BREACHED]
    # Through another definition, and in an alternative.
    other = definition(
        "other", "p", (PERSON,), holds=AnyOf((atom("earlier", "<p>"), atom("job", "<p>", "_", "_")))
    )
    book = on_the_day(atom("other", "<p>", on="d"), earlier, other)
    assert outcomes(book, SAW, BEFORE, AFTER) == [MET, BREACHED]
    # A rule without a day of its own reads it on the day of judging.
    plain = rulebook(
        [SEEN], [rule("r", form="not allowed", condition=atom("earlier", "<p>"), types=TYPES)], [earlier]
    )
    assert outcomes(plain, SAW) == [BREACHED]
    assert outcomes(plain, fact("seen", "a", day("2018-06-01"))) == [MET]


def test_a_test_of_a_rule_with_a_day_is_on_that_day() -> None:
    """In a condition, an absence and a measure."""
    test = all_of(atom("seen", "<p>", "<e>"), Computed("before", (Slot("e"), NOW)))
    assert outcomes(on_the_day(test), SAW, BEFORE, AFTER) == [MET, BREACHED]
    assert outcomes(on_the_day(NoneOf(test)), SAW, BEFORE, AFTER) == [BREACHED, MET]
    few = limit("number", "p", test, "at least", 1)
    assert outcomes(on_the_day(all_of(atom("held", "<q>", "_"), few)), SAW, BEFORE, AFTER) == [MET, BREACHED]


def test_what_is_in_force_is_read_on_the_day_of_the_rule() -> None:
    """From March on; the same through a definition, and not where any day counts."""
    works = definition("works", "p", (PERSON,), holds=atom("job", "<p>", "_", "_"))
    job = fact("job", "a", day("2018-03-01"), None)
    for condition in (atom("job", "<p>", "_", "_", on="d"), atom("works", "<p>", on="d")):
        assert outcomes(on_the_day(condition, works), job, BEFORE, AFTER) == [MET, BREACHED]
        assert outcomes(on_the_day(NoneOf(condition), works), job, BEFORE, AFTER) == [BREACHED, MET]
    ever = atom("job", "<p>", "_", "_", ever=True)
    assert outcomes(on_the_day(ever), job, BEFORE, AFTER) == [BREACHED, BREACHED]


def test_clauses_have_ids_and_helpers_names_of_their_own() -> None:
    """Numbered where one predicate has several; what is made for a rule says of which it is."""
    condition = all_of(
        AnyOf((atom("seen", "<p>", "<e>"), atom("held", "<p>", "<e>"))), NoneOf(all_of(atom("job", "<p>", "_", "_"))),
        limit("number", "q", atom("seen", "<q>", "<e>"), "at most", 2),
    )  # fmt: skip
    book = rulebook([SEEN, HELD, JOB], [rule("a rule", condition=condition, types=TYPES)])
    program = compile_program(book)
    clauses = [each for stratum in program.strata for each in stratum.clauses]
    ids = [each.id for each in clauses]
    assert len(set(ids)) == len(ids)
    assert all(each.id.startswith(f"{each.head.predicate} / ") for each in clauses)
    assert {each.source for each in clauses} == {"a rule"}
    helpers = [each for each in program.predicates.values() if not each.base]
    assert {each.source for each in helpers} == {"a rule"}
    assert all("of a rule" in each.name for each in helpers)
    assert {"kept", "limit", "counted"} <= {each.name.split()[0] for each in helpers}
    assert program.rules[0].ok.startswith("kept ")
    assert program.rules[0].limits[0].source == "a rule"


@pytest.mark.parametrize("wanted", [["second"], ["first", "second"], None])
def test_only_what_is_wanted_is_compiled_in_the_order_of_the_rulebook(wanted: list[str] | None) -> None:
    """Each rule with what it reads."""
    rules = [
        rule("first", form="not allowed", condition=atom("seen", "<p>", "_"), types=TYPES),
        rule("second", form="not allowed", condition=atom("held", "<p>", "_"), types=TYPES),
    ]
    program = compile_program(rulebook([SEEN, HELD], rules), wanted[::-1] if wanted else None)
    assert [each.id for each in program.rules] == (wanted or ["first", "second"])
    assert ("seen" in program.predicates) is ("first" in (wanted or ["first"]))
    with pytest.raises(KeyError, match="third"):
        program.rule("third")
