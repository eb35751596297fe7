"""Which predicates are kept as spans of days, on predicates of which that is plain."""

from __future__ import annotations

import pytest

from bigrules.language.model import THE_DAY, Const, Slot, Term
from bigrules.language.model import Test as Computed
from bigrules.program.core import Asked, Clause, Literal_, Predicate
from bigrules.program.spans import spans_of
from oracle.hand import DATE, PERSON

P, D, E = Slot("p"), Slot("d"), Slot("e")


def table(name: str, *, base: bool = False, mode: str = "now", day: bool = True) -> Predicate:
    """A table of people, on a day or not."""
    columns, types = (("person", THE_DAY), (PERSON, DATE)) if day else (("person",), (PERSON,))
    return Predicate(name, columns, types, name, base=base, mode=mode)  # type: ignore[arg-type]


PREDICATES = {
    each.name: each
    for each in (
        table("job @on", base=True, mode="on"), table("post", base=True), table("paid @on"), table("above @on"),
        table("person", base=True, day=False), table("plain", day=False), table("unused @on"),
    )
}  # fmt: skip
JOB = Literal_("job @on", (P, D))


def clause(head: str, *body: Literal_, **more: object) -> Clause:
    """Somebody on a day, because of a body."""
    return Clause(head, Literal_(head, (P, D)), body, **more)  # type: ignore[arg-type]


def test_what_rests_on_records_of_that_day_alone_is_kept_as_spans() -> None:
    """Through another definition too; what has no day, no clause, or is no record on days, is not."""
    above = clause("above @on", Literal_("paid @on", (P, D)), Literal_("person", (P,)))
    clauses = [
        clause("paid @on", JOB),
        above,
        Clause("c", Literal_("plain", (P,)), (Literal_("person", (P,)),)),
    ]
    assert spans_of(PREDICATES, clauses, []) == {"job @on", "paid @on", "above @on"}
    # Two patterns of the same day are so on the days of both; a test on something else is no matter.
    both = clause("paid @on", JOB, JOB, tests=(Computed("is", (P, Const("ann"))),), asked=Asked("q", (P,)))
    assert "paid @on" in spans_of(PREDICATES, [both], [])
    none = clause("paid @on", JOB, absent=(Literal_("person", (P,)),))
    assert "paid @on" in spans_of(PREDICATES, [none], [])


@pytest.mark.parametrize(
    "wrong",
    [
        clause("paid @on", JOB, tests=(Computed("before", (D, Const("x"))),)),
        clause("paid @on", JOB, absent=(Literal_("person", (D,)),)),
        clause("paid @on", JOB, asked=Asked("q", (P, D))),
        clause("paid @on", JOB, Literal_("post", (P, D))),
        clause("paid @on", JOB, Literal_("job @on", (D, E))),
        clause("paid @on", Literal_("job @on", (D, D))),
        clause("paid @on", Literal_("job @on", (P, E))),
        Clause("c", Literal_("paid @on", (D, D)), (JOB,)),
        Clause("c", Literal_("paid @on", (P, Const("x"))), (JOB,)),
    ],
)  # fmt: skip
def test_where_anything_else_speaks_of_the_day_each_day_has_its_row(wrong: Clause) -> None:
    """And so has what rests on it."""
    above = clause("above @on", Literal_("paid @on", (P, D)))
    assert spans_of(PREDICATES, [clause("paid @on", JOB), wrong, above], []) == {"job @on"}


def test_what_is_read_whole_or_must_be_absent_is_not_kept_as_spans() -> None:
    """Nor what rests on it."""
    paid, above = clause("paid @on", JOB), clause("above @on", Literal_("paid @on", (P, D)))
    assert spans_of(PREDICATES, [paid, above], ["above @on"]) == {"job @on", "paid @on"}
    assert spans_of(PREDICATES, [paid, above], ["paid @on"]) == {"job @on"}
    gone = Clause(
        "c", Literal_("plain", (P,)), (Literal_("person", (P,)),), absent=(Literal_("paid @on", (P, D)),)
    )
    assert spans_of(PREDICATES, [paid, above, gone], []) == {"job @on"}


def test_no_term_stands_for_the_day_by_chance() -> None:
    """A pattern with the day in another column than the last is no reading on that day."""
    terms: tuple[Term, ...] = (D, P)
    assert spans_of(PREDICATES, [clause("paid @on", Literal_("job @on", terms))], []) == {"job @on"}


def test_the_day_stands_nowhere_but_at_the_end_of_wider_tables_too() -> None:
    """In the second of three columns it is as wrong as in the first."""
    wide = Predicate("wide @on", ("a", "b", THE_DAY), (PERSON, DATE, DATE), "wide", base=True, mode="on")
    made = Predicate("made @on", ("a", "b", THE_DAY), (PERSON, DATE, DATE), "made")
    predicates = {each.name: each for each in (wide, made)}
    for head, body, found in (
        ((P, E, D), (P, E, D), {"wide @on", "made @on"}), ((P, D, D), (P, E, D), {"wide @on"}),
        ((P, E, D), (P, D, D), {"wide @on"}), ((P, E, D), (P, D, E), {"wide @on"}),
    ):  # fmt: skip
        clauses = [Clause("c", Literal_("made @on", head), (Literal_("wide @on", body),))]
        assert spans_of(predicates, clauses, []) == found
