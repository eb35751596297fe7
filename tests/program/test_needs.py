"""What a program asks of a case: values it compares with, columns it looks at, days it reads on."""

from __future__ import annotations

import datetime
from fractions import Fraction

from bigrules.language.model import THE_DAY, Const, Slot
from bigrules.language.model import Test as Computed
from bigrules.program.compile import compile_program
from bigrules.program.core import (
    ALWAYS,
    TODAY,
    Clause,
    LimitStep,
    Literal_,
    MeasureTable,
    Predicate,
    ProgramRule,
)
from bigrules.program.needs import columns_read, constants, day_columns, whole_tables
from oracle.hand import DATE, NUMBER, PERSON, all_of, atom, kind, limit, rule, rulebook

P, Q, D, E = Slot("p"), Slot("q"), Slot("d"), Slot("e")
KIN = ("person", "other", "how")


def table(name: str, *columns: str, base: bool = True, mode: str = "now", source: str = "") -> Predicate:
    """A table; a column is a person."""
    types = tuple(DATE if each in (THE_DAY, "day") else PERSON for each in columns)
    return Predicate(name, columns, types, source or name, base=base, mode=mode)  # type: ignore[arg-type]


def clause(
    head: Literal_, *body: Literal_, tests: tuple[Computed, ...] = (), absent: tuple[Literal_, ...] = ()
) -> Clause:
    return Clause("a clause", head, body, tests, absent)


def test_constants_stand_in_tests_patterns_and_absences() -> None:
    """By type, each once, in order of how they are written."""
    day = datetime.date(2018, 6, 1)
    rules = [
        clause(
            Literal_("head", (P,)),
            Literal_("kin", (P, Const("ann"))),
            tests=(Computed("before", (D, Const(day))), Computed("is", (P, Const("bob")))),
            absent=(Literal_("age", (P, Const(18))), Literal_("age", (P, Const(9)))),
        ),
        clause(Literal_("head", (P,)), Literal_("kin", (P, Const("ann")))),
    ]
    assert constants(rules) == (("date", (day,)), ("int", (18, 9)), ("str", ("ann", "bob")))


def test_columns_read_are_those_with_a_slot_or_a_value() -> None:
    """A column that does not matter is not read, nor is the day of a table that is read on days."""
    predicates = {
        "kin": table("kin", *KIN), "kin @on": table("kin @on", *KIN, THE_DAY, mode="on", source="kin"),
        "job": table("job", "person", "title"), "home": table("home", "person", "place"),
        "member": table("member", "person", "since"), "head": table("head", "person", base=False),
    }  # fmt: skip
    clauses = [
        clause(Literal_("head", (P,)), Literal_("kin", (P, None, None)), absent=(Literal_("job", (None, Const("x"))),)),
        clause(Literal_("head", (P,)), Literal_("kin @on", (P, Q, None, D)), Literal_("head", (Q,))),
    ]  # fmt: skip
    bites = ProgramRule("a rule", ("p",), (PERSON,), "member", "required", ok="head")
    found = columns_read(predicates, clauses, [], [bites])
    assert found == {"kin": {0, 1}, "job": {1}, "member": {0, 1}}
    # What is read whole is read with every column but the day.
    on = ProgramRule("a rule", (), (), "kin @on", "required", ok="head")
    assert columns_read(predicates, [], [], [on]) == {"kin": {0, 1, 2}}


def test_tables_that_limits_and_rules_read_are_read_whole() -> None:
    """The demand, what is counted and among, links, of both measures; no table without a name."""
    names = ["of", "linked", "counted", "among", "demand", "given", "hit", "other"]
    predicates = {each: table(each, "person") for each in names}
    measure, other = (
        MeasureTable("group linked", (), "among", "counted", "linked"),
        MeasureTable("number", (), "", "of"),
    )
    some = LimitStep("kept", "void", "demand", (), measure, "at most", Fraction(1), other)
    bites = ProgramRule("a rule", (), (), "given", "not allowed", hit="hit")
    found = [each.name for each in whole_tables(predicates, [some], [bites])]
    assert found == ["among", "counted", "demand", "given", "hit", "linked", "of"]


def test_days_are_followed_back_to_the_columns_that_they_come_from() -> None:
    """From a slot that holds the day, through a definition, to a column of a kind; today is none of them."""
    predicates = {
        "job @on": table("job @on", "person", THE_DAY, mode="on", source="job"),
        "decision": table("decision", "person", "day"), "taken": table("taken", "day", "person", base=False),
        "member": table("member", "person", "day"), TODAY: table(TODAY, "day"),
        "head": table("head", "person", base=False), "again @on": table("again @on", "person", THE_DAY, base=False),
    }  # fmt: skip
    clauses = [
        clause(Literal_("taken", (D, P)), Literal_("decision", (P, D))),
        clause(Literal_("head", (P,)), Literal_("job @on", (P, D)), Literal_("taken", (D, Q))),
    ]
    assert day_columns(clauses, predicates, []) == {("decision", 1)}
    start = (Literal_("member", (P, D)),)
    assert day_columns(clauses, predicates, [(start, "d")]) == {("decision", 1), ("member", 1)}
    today = [clause(Literal_("head", (P,)), Literal_("job @on", (P, D)), Literal_(TODAY, (D,)))]
    assert day_columns(today, predicates, []) == set()
    # A pattern on a day that a value names, or over a table whose last column is no day, asks for nothing.
    fixed = [
        clause(Literal_("head", (P,)), Literal_("job @on", (P, Const("x"))), Literal_("decision", (P, D)))
    ]
    assert day_columns(fixed, predicates, []) == set()
    # A day that a definition takes from where it is asked for comes from nowhere further.
    handed = [
        clause(Literal_("again @on", (P, D)), Literal_("job @on", (P, D))),
        clause(Literal_("head", (P,)), Literal_("again @on", (P, D)), Literal_("member", (Q, D))),
    ]
    assert day_columns(handed, predicates, []) == {("member", 1)}


def test_a_day_is_followed_through_a_definition_that_rests_on_itself() -> None:
    """And once only."""
    predicates = {
        "job @on": table("job @on", "person", THE_DAY, mode="on", source="job"),
        "decision": table("decision", "person", "day"),
        "taken": table("taken", "day", "person", base=False), "head": table("head", "person", base=False),
    }  # fmt: skip
    clauses = [
        clause(Literal_("taken", (D, P)), Literal_("taken", (D, Q)), Literal_("decision", (P, E))),
        clause(Literal_("taken", (D, P)), Literal_("decision", (P, D))),
        clause(Literal_("head", (P,)), Literal_("job @on", (P, D)), Literal_("taken", (D, Q))),
    ]
    assert day_columns(clauses, predicates, []) == {("decision", 1)}


def test_what_a_rulebook_compares_dates_with_is_said_to_the_case() -> None:
    """Days, months, years and windows that tests speak of, each once and in order, and nothing of other tests."""
    seen = kind("seen", person=PERSON, day=DATE, year=NUMBER)
    tests = [
        Computed("within days after", (D, E), amount=28), Computed("within days before", (D, E), amount=7),
        Computed("within days", (D, E), amount=28), Computed("months before", (D, E), amount=3),
        Computed("years before", (D, E), amount=2), Computed("not years before", (D, E), amount=5),
        Computed("before", (D, E), amount=99), Computed("window", (D, Slot("y")), window=(9, 1, 12, 31)),
    ]  # fmt: skip
    types = {"p": PERSON, "d": DATE, "e": DATE, "y": NUMBER}
    said = [atom("seen", "<p>", "<d>", "_"), atom("seen", "<p>", "<e>", "<y>")]
    rules = [
        rule(f"r{number}", form="not allowed", condition=all_of(*said, test), types=types)
        for number, test in enumerate(tests)
    ]
    program = compile_program(rulebook([seen], rules))
    assert program.date_offsets == (7, 28)
    assert (program.month_offsets, program.year_offsets) == ((3,), (2, 5))
    assert program.windows == ((9, 1, 12, 31),)
    assert program.columns_read["seen"] == {0, 1, 2}
    assert program.read_whole == {ALWAYS}
    # A number of all of a kind is taken from the table as it is.
    few = rule(
        "few", condition=limit("number", "p", atom("seen", "<p>", "<d>", "<y>"), "at most", 1), types=types
    )
    assert compile_program(rulebook([seen], [few])).read_whole == {ALWAYS}
    member = kind("member", person=PERSON)
    size = rule("size", condition=limit("number", "p", atom("member", "<p>"), "at least", 1), types=types)
    assert compile_program(rulebook([member], [size])).read_whole == {ALWAYS, "member"}
