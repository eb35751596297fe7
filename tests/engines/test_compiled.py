"""The compiled engine: what it generates, and that nothing from a file gets into it."""

from __future__ import annotations

import datetime
import gc
import linecache
import weakref
from fractions import Fraction

import pytest

import bigrules.engines.generate as generate_module
from bigrules.engines import compiled
from bigrules.engines.conditions import ALWAYS, NEVER
from bigrules.engines.generate import generate
from bigrules.engines.measures import Contributions, Held, compare, rounded
from bigrules.facts.layout import lay_out
from bigrules.findings.judge import judge
from bigrules.findings.report import Outcome
from bigrules.language.model import AnyOf, Atom, Formula, Rulebook, Slot
from bigrules.language.model import Test as Computed
from bigrules.program.compile import compile_program
from bigrules.program.core import MeasureTable
from oracle.hand import PERSON, all_of, atom, case, definition, fact, kind, rule, rulebook

KIN = kind("kin", person=PERSON, other=PERSON)

HOSTILE = [
    'a"b', "a'b", "a\nb", "__import__('os').system('x')", "a" * 10_000, "\u202eabc", "a\x00b", "\\", "{x}", "%s",
    "'''", '"""', "#", "\u2028", "None", "0",
]  # fmt: skip


def chain() -> Rulebook:
    """Ancestors, by recursion; nobody may be their own."""
    says = {"p": PERSON, "q": PERSON, "r": PERSON}
    parent: Formula = atom("kin", "<p>", "<q>")
    ancestor = definition(
        "ancestor",
        "p q",
        (PERSON, PERSON),
        holds=AnyOf((parent, all_of(atom("kin", "<p>", "<r>"), atom("ancestor", "<r>", "<q>")))),
    )
    wrong = rule("no circle", form="not allowed", condition=atom("ancestor", "<p>", "<p>"), types=says)
    return rulebook([KIN], [wrong], [ancestor])


def test_recursion_reaches_all_that_follows() -> None:
    book = chain()
    pairs = [("a", "b"), ("b", "c"), ("c", "d")]
    open_chain = case(book, *(fact("kin", *pair) for pair in pairs))
    (finding,) = judge(book, compile_program(book), open_chain)
    assert finding.outcome is Outcome.MET
    closed = case(book, *(fact("kin", *pair) for pair in [*pairs, ("d", "a")]))
    (finding,) = judge(book, compile_program(book), closed)
    assert finding.outcome is Outcome.BREACHED
    assert {each.concerned for each in finding.witnesses} == {frozenset(name) for name in "abcd"}


def test_recursion_over_what_is_only_possible_stays_open() -> None:
    book = chain()
    facts = [fact("kin", "a", "b"), fact("kin", "b", "a", possible=True)]
    (finding,) = judge(book, compile_program(book), case(book, *facts))
    assert finding.outcome is Outcome.UNDECIDED
    assert [(each.sort, each.kind) for each in finding.missing] == [("record", "kin")]
    assert dict(finding.missing[0].answers) == {
        "yes": Outcome.BREACHED, "no": Outcome.MET,
    }  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_names(name: str) -> None:
    """Whatever stands in names of people, kinds, rules and slots, nothing of it is in the generated text."""
    hostile = kind(name, person=PERSON, other=PERSON)
    types = {name: PERSON, "q": PERSON}
    wrong = rule(name, form="not allowed", condition=Atom(name, (Slot(name), Slot("q"))), types=types)
    book = rulebook([hostile], [wrong])
    program = compile_program(book)
    register = case(book, fact(name, name, "bob"))
    (finding,) = judge(book, program, register)
    assert finding.outcome is Outcome.BREACHED
    assert {each.concerned for each in finding.witnesses} == {frozenset((name, "bob"))}
    names = {each: number for number, each in enumerate(program.predicates)}
    for stratum in program.strata:
        for conditional in (False, True):
            source = generate(program, stratum, names, conditional).source
            assert source.isascii()
            if len(name) > 4:
                assert name not in source


def test_constants_are_handed_over_and_not_written() -> None:
    text = "'; import os; '"
    types = {"p": PERSON}
    job = kind("job", person=PERSON, title=PERSON)
    wrong = rule("r", form="not allowed", condition=atom("job", "<p>", text), types=types)
    book = rulebook([job], [wrong])
    program = compile_program(book)
    assert judge(book, program, case(book, fact("job", "a", text)))[0].outcome is Outcome.BREACHED
    assert judge(book, program, case(book, fact("job", "a", "b")))[0].outcome is Outcome.MET
    names = {each: number for number, each in enumerate(program.predicates)}
    assert all("import" not in generate(program, each, names, True).source for each in program.strata)


def test_what_programs_have_in_common_is_generated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text depends on neither names nor numbers, so that other readings cost only what they change."""
    monkeypatch.setattr(generate_module, "_functions", functions := {})
    program = compile_program(chain())
    names = {each: number for number, each in enumerate(program.predicates)}
    for moved in (0, 100):
        for stratum in program.strata:
            generate(program, stratum, {each: number + moved for each, number in names.items()}, True)
        made = dict(functions)
    assert made
    assert functions == made
    monkeypatch.setattr(generate_module, "MOST_KEPT", 1)
    generate(program, program.strata[0], names, False)
    assert len(functions) == 1
    kept = {each for each in linecache.cache if each.startswith("<bigrules clauses")}
    assert functions.popitem()[1].__code__.co_filename in kept
    assert not {each.__code__.co_filename for each in made.values()} & kept


def test_a_machine_is_made_once_and_goes_with_its_program() -> None:
    program = compile_program(chain())
    made = compiled.machine(program)
    assert compiled.machine(program) is made
    alive = weakref.ref(made)
    del program, made
    gc.collect()
    assert alive() is None


def test_a_case_without_unknowns_makes_no_nodes() -> None:
    book = chain()
    program = compile_program(book)
    evaluation = compiled.evaluate(program, lay_out(program, book, case(book, fact("kin", "a", "b"))))
    assert isinstance(evaluation, compiled.CompiledEvaluation)
    assert not evaluation.conditional
    assert len(evaluation.conditions.nodes) == 2


# ---------------------------------------------------------------- measures


def value_of(known: dict[int, bool | None]):  # type: ignore[no-untyped-def]
    return lambda condition: {NEVER: False, ALWAYS: True}.get(condition, known.get(condition))


def people(*conditions: int) -> dict[tuple[object, object, object], int]:
    return {(number, None, None): condition for number, condition in enumerate(conditions)}


def test_a_share_is_exact_where_intervals_would_not_be() -> None:
    """Two residents, one other and somebody who may be a member and, if so, lives here.

    Of three it is 2/3, of four 3/4. Numerator 2 to 3 and denominator 3 to 4 would allow 2/4.
    """
    table = MeasureTable("share", (), "among", "counted")
    share = Contributions(table, counted=people(1, 1, NEVER, 5), among=people(1, 1, 1, 5))
    assert share.share_against("more than", Fraction(1, 2), value_of({})) is True
    least, greatest = share.interval(value_of({}))
    assert least is not None and greatest == Fraction(3, 4)


def test_a_group_in_any_order_of_links() -> None:
    """A chain of 2,000, links from the far end first."""
    table = MeasureTable("group linked", (), "", "counted", link="link")
    count = 2_000
    links = [(number, number + 1, ALWAYS) for number in reversed(range(count - 1))]
    group = Contributions(table, counted=people(*[ALWAYS] * count), links=links)
    assert group.interval(value_of({})) == (count, count)


def test_links_run_through_those_who_are_not_counted_only_if_said() -> None:
    links = [("a", "x", ALWAYS), ("x", "b", ALWAYS)]
    counted = {("a", None, None): ALWAYS, ("b", None, None): ALWAYS}
    among = Contributions(MeasureTable("group linked", (), "", "c", link="l"), counted=counted, links=links)
    anyone = Contributions(
        MeasureTable("group linked", (), "", "c", link="l", through_anyone=True), counted=counted, links=links
    )
    assert among.interval(value_of({})) == (1, 1)
    assert anyone.interval(value_of({})) == (2, 2)


@pytest.mark.parametrize(
    ("op", "left", "right", "expected"),
    [
        ("at least", (4, 4), (4, 4), True), ("at least", (3, 3), (4, 4), False), ("at least", (3, 4), (4, 4), None),
        ("at most", (4, 4), (4, 4), True), ("at most", (5, 5), (4, 4), False), ("at most", (4, 5), (4, 4), None),
        ("more than", (4, 4), (4, 4), False), ("more than", (5, 5), (4, 4), True), ("more than", (4, 5), (4, 4), None),
        ("less than", (4, 4), (4, 4), False), ("less than", (3, 3), (4, 4), True), ("less than", (3, 4), (4, 4), None),
        ("exactly", (4, 4), (4, 4), True), ("exactly", (5, 6), (4, 4), False), ("exactly", (4, 5), (4, 4), None),
    ],
)  # fmt: skip
def test_both_sides_of_every_limit(
    op: str, left: tuple[int, int], right: tuple[int, int], expected: bool | None
) -> None:
    assert compare(op, left, right) is expected


@pytest.mark.parametrize(
    ("number", "how", "expected"),
    [
        ("13/3", "down", 4),
        ("13/3", "up", 5),
        ("13/3", "nearest", 4),
        ("9/2", "nearest", 5),
        ("13/3", "", "13/3"),
    ],
)
def test_rounding(number: str, how: str, expected: object) -> None:
    assert rounded(Fraction(number), how) == Fraction(expected)  # type: ignore[arg-type]


def test_least_of_nobody_is_not_applicable_unless_the_rule_says_what_it_means() -> None:
    nobody = Contributions(MeasureTable("least", (), "", "counted", has_value=True))
    natural, met = Held(nobody, "at least", 16), Held(nobody, "at least", 16, of_nobody="met")
    breached = Held(nobody, "at least", 16, of_nobody="breached")
    value = value_of({})
    assert (natural.void(value), natural.kept(value)) == (True, False)
    assert (met.void(value), met.kept(value)) == (False, True)
    assert (breached.void(value), breached.kept(value)) == (False, False)


def test_least_and_greatest_hold_dates_too() -> None:
    first, last = datetime.date(2018, 1, 1), datetime.date(2018, 2, 1)
    table = MeasureTable("greatest", (), "", "counted", has_value=True)
    greatest = Contributions(table, counted={("a", first, None): ALWAYS, ("b", last, None): 7})
    assert greatest.interval(value_of({})) == (first, last)
    assert greatest.interval(value_of({7: True})) == (last, last)


def test_a_test_of_order_is_not_satisfied_by_an_open_end() -> None:
    from bigrules.engines.computed import function_for

    before = function_for(Computed("before", (Slot("a"), Slot("b"))))
    assert before(datetime.date(2018, 1, 1), datetime.date(2018, 1, 2))
    assert not before(datetime.date(2018, 1, 1), None)
    assert not before(None, datetime.date(2018, 1, 1))
