"""What things are called, what is asked about what is not known, and how conditions are said."""

from __future__ import annotations

import datetime
from typing import Any

import attrs
import pytest

from bigrules.diagnostics import Cell
from bigrules.facts.case import BY_NOW, UNKNOWN, Answer, Assumed, Incomplete
from bigrules.facts.domains import Fresh
from bigrules.findings.basis import Basis
from bigrules.findings.derive import Deriver
from bigrules.findings.formulas import (
    best_sentence,
    matched,
    outcomes_in,
    place_in_file,
    respelled,
    spell_in_words,
)
from bigrules.findings.judge import evaluate
from bigrules.findings.names import Names, names_of, things_of
from bigrules.findings.questions import Question, Questions
from bigrules.findings.report import Finding, Missing, Outcome
from bigrules.language.model import (
    AnyOf,
    Const,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Rulebook,
    Sentence,
    Slot,
    Type,
)
from bigrules.language.model import Test as Computed
from bigrules.program.compile import compile_program
from oracle.hand import (
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
    rule,
    rulebook,
)

TEXT, OFFICE = Type("text"), Type("one of", choices=("chair", "clerk"))
MET, BREACHED, UNDECIDED, JUDGEMENT = Outcome.MET, Outcome.BREACHED, Outcome.UNDECIDED, Outcome.JUDGEMENT


def book() -> Rulebook:
    """Homes, offices and votes with sentences; two definitions that ask and a rule that does."""
    homes = kind("homes", person=PERSON, household=HOUSEHOLD, inside=YES_NO, dated=True)
    lives = Sentence("<person> lives in <household>", ("person", "household"))
    is_inside = Sentence("<person> lives inside", ("person",), (("inside", "yes"),), "<person> lives outside")
    fields = tuple(
        attrs.evolve(each, asks="With whom does <person> live?") if each.name == "household" else each
        for each in homes.fields
    )
    homes = attrs.evolve(homes, fields=fields, sentences=(is_inside, lives), asks="Where do they live?")
    offices = kind("offices", person=PERSON, office=OFFICE, note=TEXT)
    votes = attrs.evolve(kind("votes", person=PERSON, number=NUMBER), sentences=())
    close = attrs.evolve(
        definition("close", "one other", (PERSON, PERSON), people_decide=atom("votes", "<one>", "_"), symmetric=True),
        says="<one> and <other> are close", negative="<one> and <other> are strangers",
        ask="Are <one> and <other> close",
    )  # fmt: skip
    near = definition("near", "p", (PERSON,), holds=atom("homes", "<p>", "_", "yes", "_", "_"))
    near = attrs.evolve(near, says="<p> is near")
    types = {"p": PERSON, "d": DATE}
    asks = rule(
        "asks", form="ask", given=atom("votes", "<p>", "_"), subject=("p",), types=types, ask="Is <p> kind?"
    )
    plain = attrs.evolve(asks, id="plain", ask="", title="Everybody is kind")
    return rulebook([homes, offices, votes], [asks, plain], [close, near])


def deriver(*facts: Any, mode: Any = "full", **more: Any) -> Deriver:
    """A deriver over a case of that rulebook."""
    made = case(
        book(),
        *facts,
        **{key: each for key, each in more.items() if key in ("asked", "incomplete", "answers")},
    )
    made = attrs.evolve(made, **{key: each for key, each in more.items() if key in ("names", "assumed")})
    whole = evaluate(book(), compile_program(book()), made)
    return Deriver(book(), made, whole, Basis(book(), made).names(mode), {})


# ---------------------------------------------------------------- names


def test_every_thing_that_a_case_speaks_of_has_a_name() -> None:
    """In records, in what is stated, answered or not complete, and in the list of names; other values have none."""
    made = attrs.evolve(
        case(
            book(), fact("homes", "a", "mill", "yes", None, None), fact("offices", "b", "chair", "said"),
            fact("votes", UNKNOWN, 3),
            incomplete=(Incomplete("votes", "person", "c"), Incomplete("homes", "", None)),
            answers=(Answer("close", ("d", "e"), "yes"), Answer("asks", ("f",), "no"), Answer("gone", ("z",), "no")),
        ),
        assumed=(Assumed("near", ("g",)),), names={("person", "h"): "Hal", ("household", "mill"): "The Mill"},
    )  # fmt: skip
    assert things_of(book(), made) == {"household": ["mill"], "person": list("abcdefgh")}


@pytest.mark.parametrize(
    ("mode", "person", "other", "household"),
    [
        ("full", "Ann Example (1)", "Ann Example (2)", "The Mill"),
        ("initials", "A. E. (1)", "A. E. (2)", "household 1"),
        ("none", "person 1", "person 2", "household 1"), ("ids", "person-1", "person-2", "household-1"),
    ],
)  # fmt: skip
def test_names_are_shown_as_is_asked(mode: Any, person: str, other: str, household: str) -> None:
    """Two people never look like one; households give people away."""
    called = {("person", "a"): "Ann Example", ("person", "b"): "Ann Example", ("household", "m"): "The Mill"}
    names = deriver(names=called, mode=mode).names
    assert [names.of(PERSON, "a"), names.of(PERSON, "b"), names.of(HOUSEHOLD, "m")] == [
        person,
        other,
        household,
    ]
    assert names.person("a") == person
    assert names.person("nobody") == "nobody"
    assert names.of(TEXT, "Ann did it") == ("Ann did it" if mode == "full" else "(text)")
    assert (names.of(OFFICE, "chair"), names.of(None, "so")) == ("chair", "so")
    with pytest.raises(
        ValueError, match="`names` is one of `full`, `initials`, `none`, `ids`, and not 'some'"
    ):
        names_of(book(), case(book()), "some")  # type: ignore[arg-type]


def test_other_values_are_said_in_words() -> None:
    """What is not known by what it would be; days and numbers; what no record names."""
    names = Names("full", {})
    assert [names.of(each, UNKNOWN) for each in (None, OFFICE, TEXT, YES_NO, PERSON, DATE)] == [
        "not known", "not known", "not known", "not known", "a person that is not known", "a day that is not known",
    ]  # fmt: skip
    assert names.of(Type("office"), UNKNOWN) == "an office that is not known"
    assert (names.of(DATE, BY_NOW), names.of(DATE, None)) == ("some day before", "open")
    assert (names.of(DATE, day("2018-06-01")), names.of(NUMBER, 3)) == ("1 June 2018", "3")
    assert names.of(PERSON, Fresh("person", 0)) == "a person who is not recorded"
    assert names.of(HOUSEHOLD, Fresh("household", 0)) == "a household that is not recorded"
    two = ["p10", Fresh("person", 0), "p9", Fresh("person", 1)]
    assert names.several(PERSON, two) == ["p9", "p10", "people who are not recorded"]
    assert names.several(PERSON, two[:3]) == ["p9", "p10", "a person who is not recorded"]
    fresh = [Fresh("forum", 0), Fresh("forum", 1)]
    assert names.several(Type("forum"), fresh) == ["forums that are not recorded"]
    assert names.any_number(None) == "any number of people who are not recorded"
    assert names.any_number(HOUSEHOLD) == "any number of households that are not recorded"


def test_a_thing_is_called_with_what_it_is_in_front() -> None:
    """But where things are numbered, or not recorded, that is said already."""
    names = Names("full", {("decision", "x"): "decision 3", ("decision", "y"): "roof"})
    decision = Type("decision")
    assert [names.called("choice", decision, each) for each in ("x", "y", Fresh("decision", 0))] == [
        "decision 3", "choice roof", "a decision that is not recorded",
    ]  # fmt: skip
    assert names.called("choice", None, "x") == "choice x"


# ---------------------------------------------------------------- questions


def asked(missing: Missing, *facts: Any, **more: Any) -> Question:
    """What is missing, as a question."""
    return Questions(deriver(*facts, **more)).question(missing)


SUBJECT = (("person", "ann"), ("household", "mill"))
AT = Cell("ours.xlsx", "homes", "B3")


@pytest.mark.parametrize(
    ("missing", "text"),
    [
        (Missing("1", "field", "homes", "household", (("person", "ann"),)), "With whom does ann live?"),
        (Missing("1", "field", "homes", "inside", SUBJECT), "Is it so that ann lives inside?"),
        (Missing("1", "field", "homes", "from", SUBJECT), "Since when is it so that ann lives in mill?"),
        (Missing("1", "field", "homes", "until", SUBJECT), "Until when is it so that ann lives in mill?"),
        (Missing("1", "field", "homes", "from", (("household", "mill"), ("until", day("2018-01-01")))),
         "Since when is there the record of mill under homes?"),
        (Missing("1", "field", "homes", "", SUBJECT), "From when until when is it so that ann lives in mill?"),
        (Missing("1", "field", "offices", "office", (("person", "ann"), ("note", None))), "What is the office of ann?"),
        (Missing("1", "field", "offices", "office"), "What is the office of offices?"),
        (Missing("1", "record", "homes", "", SUBJECT), "Is it so that ann lives in mill?"),
        (Missing("1", "record", "homes", "", (("person", "ann"), ("inside", "yes"))),
         "Is it so that ann lives inside?"),
        (Missing("1", "record", "homes", "", (("person", "ann"), ("inside", "no"))),
         "Is there such a record under homes: ann and no?"),
        (Missing("1", "future", "homes", "", (("person", "ann"),)),
         "Will there still be a record under homes for ann?"),
        (Missing("1", "future", "homes"), "Will there still be a record under homes?"),
        (Missing("1", "list", "homes"), "Where do they live?"), (Missing("1", "list", "votes"), "What are the votes?"),
        (Missing("1", "list", "homes", "", (("person", "ann"),)), "Is there anything more under homes for ann?"),
        (Missing("1", "question", "close", "", (("one", "ann"), ("other", "bob"))), "Are ann and bob close?"),
        (Missing("1", "record", "close", "", (("one", "ann"), ("other", "bob"))),
         "Is it so that ann and bob are close?"),
        (Missing("1", "question", "near", "", (("p", "ann"),)), "Is it so that ann is near?"),
        (Missing("1", "question", "asks", "", (("p", "ann"),)), "Is ann kind?"),
        (Missing("1", "question", "plain", "", (("p", "ann"),)), "Everybody is kind?"),
    ],
)  # fmt: skip
def test_what_is_missing_is_put_as_a_question(missing: Missing, text: str) -> None:
    """In the words of the vocabulary, with what is known of it."""
    assert asked(missing).text == text


def test_a_question_says_where_its_answer_goes_and_what_it_leads_to() -> None:
    """A cell; a list; the sheet of answers. People are called by name in it."""
    both = (("yes", MET), ("no", BREACHED))
    field = asked(
        Missing("1", "field", "homes", "household", SUBJECT, (("mill", MET),), AT),
        names={("household", "mill"): "M"},
    )
    assert (field.where, field.answers, field.for_people) == ("homes, row 3", (("M", MET),), False)
    some = asked(Missing("1", "field", "homes", "inside", SUBJECT, both))
    assert (some.where, some.answers) == ("", both)
    future = asked(Missing("1", "future", "homes", "", (), (("nothing further", BREACHED),)))
    assert future.answers == (("there is none", BREACHED),)
    nothing = (("nothing further", MET),)
    absent = asked(Missing("1", "list", "homes", "", (), nothing), asked={"votes"})
    assert (absent.where, absent.answers) == ("homes: not asked", (("there is none", MET),))
    partly = asked(Missing("1", "list", "homes", "", (), nothing))
    assert (partly.where, partly.answers) == (
        "homes: the list is not complete",
        (("there is nothing more", MET),),
    )
    people = asked(
        Missing("1", "question", "close", "", (("one", "a"), ("other", "b")), both),
        names={("person", "a"): "Ann"},
    )
    assert (people.where, people.for_people) == ("answers: close, about Ann; b", True)
    assert asked(Missing("1", "question", "asks", "", (("p", "a"),))).where == "answers: asks, about a"
    assert asked(Missing("1", "question", "asks")).where == "answers: asks"
    assert asked(Missing("1", "question", "asks", "", (("p", Fresh("person", 0)),))).where == "answers: asks"  # type: ignore[arg-type]


def finding(*missing: Missing) -> Finding:
    """A finding on which that is missing."""
    return Finding("asks", (), UNDECIDED, missing=missing)


def test_of_a_list_that_was_not_asked_only_the_list_is_asked_for() -> None:
    """Once; a row that stands somewhere is asked about all the same, and nobody who is not recorded."""
    row = Missing("1", "field", "homes", "inside", (("person", "a"),))
    placed, other = attrs.evolve(row, place=AT), attrs.evolve(row, id="2")
    listed = Missing("list homes", "list", "homes")
    made = Questions(deriver(asked={"votes"}))
    assert made.worth_asking(finding(row, other)) == (listed,)
    assert made.worth_asking(finding(listed, row)) == (listed,)
    assert made.worth_asking(finding(placed)) == (placed,)
    assert Questions(deriver()).worth_asking(finding(row, other)) == (row, other)
    nobody = attrs.evolve(row, subject=(("person", Fresh("person", 0)),))  # type: ignore[arg-type]
    assert Questions(deriver()).worth_asking(finding(row, nobody)) == (row,)
    assert Questions(deriver()).worth_asking(finding(nobody)) == (nobody,)


def test_people_are_asked_only_where_a_record_gives_reason_to() -> None:
    """Whether two are close is asked of those who have votes, either way round."""
    reason = Missing("1", "question", "close", "", (("one", "a"), ("other", "b")))
    none = Missing("2", "question", "close", "", (("one", "c"), ("other", "d")))
    made = Questions(deriver(fact("votes", "b", 3)))
    assert made.worth_asking(finding(reason, none)) == (reason,)


def test_what_comes_up_only_later_is_asked_last() -> None:
    """A question for people that alone settles nothing, beside a fact that is not known."""
    row = Missing("1", "field", "homes", "inside", (("person", "a"),), (("yes", MET), ("no", BREACHED)))
    open_ = Missing("2", "question", "asks", "", (("p", "a"),), (("yes", UNDECIDED), ("no", JUDGEMENT)))
    settles = Missing("3", "question", "plain", "", (("p", "a"),), (("yes", MET), ("no", UNDECIDED)))
    made = Questions(deriver())
    told = [(each.text, each.later) for each in made.of(finding(open_, settles, row))]
    assert told == [
        ("Is it so that a lives inside?", False),
        ("Everybody is kind?", False),
        ("Is a kind?", True),
    ]
    assert [each.later for each in made.of(finding(open_))] == [False]
    assert len(made.of(finding(row, row))) == 1


# ---------------------------------------------------------------- conditions in words


def said(condition: Any, binding: dict[str, object] | None = None) -> str:
    """A condition in words."""
    return deriver().condition(condition, binding or {})


def test_conditions_are_said_with_what_is_known() -> None:
    """Lists, alternatives, absences, outcomes and tests."""
    near = attrs.evolve(atom("near", "<p>"), text="<p> is near")
    close = attrs.evolve(atom("close", "<p>", "<q>"), text="<p> and <q> are close")
    assert said(near, {"p": "ann"}) == "ann is near"
    assert said(near) == "a p is near"
    assert said(all_of(near, close), {"p": "ann"}) == "ann is near and ann and a q are close"
    assert (
        said(AnyOf((near, close)), {"p": "ann", "q": "bob"}) == "either ann is near or ann and bob are close"
    )
    assert said(NoneOf(close), {"p": "ann", "q": "bob"}) == "ann and bob are strangers"
    assert said(NoneOf(near), {"p": "ann"}) == "ann is not near"
    both = NoneOf(all_of(near, close))
    assert (
        said(both, {"p": "ann", "q": "bob"})
        == "it is not recorded that ann is near and ann and bob are close"
    )
    assert said(OutcomeIs("plain", "breached")) == "the rule “Everybody is kind” is breached"
    later = Computed("before", (Slot("d"), Const(day("2018-01-01"))), text="<d> is before 2018-01-01")
    assert said(later, {"d": day("2017-01-31")}) == "31 January 2017 is before 1 January 2018"
    assert deriver().negative(near, {"p": "ann"}) == "ann is not near"
    # A rule may say a thing by its negative, and with slots of its own.
    apart = attrs.evolve(atom("close", "<x>", "<y>"), text="<x> and <y> are strangers")
    assert deriver().forms(apart) == ("<x> and <y> are close", "<x> and <y> are strangers")
    inside = attrs.evolve(atom("homes", "<x>", "_", "yes", "_", "_"), text="<x> lives outside")
    assert deriver().forms(inside) == ("<x> lives inside", "<x> lives outside")
    own = attrs.evolve(atom("homes", "<x>", "_", "_", "_", "_"), text="<x> is housed")
    assert deriver().forms(own) == ("<x> is housed", "<x> is not housed")


def test_facts_are_said_by_the_sentence_that_says_most() -> None:
    """What has none is said by its fields; what holds nowhere is said not to."""
    made = deriver(fact("homes", "ann", "mill", "yes", None, None), fact("votes", "ann", 3))
    assert made.say("homes", ("ann", "mill", "no", None, None)) == "ann lives in mill"
    assert made.say("homes", ("ann", None, "yes", None, None)) == "ann lives inside"
    assert made.say("votes", ("ann", 3)) == "votes: person ann, number 3"
    assert made.say("votes", ("ann", UNKNOWN)) == "votes: person ann"
    assert made.say("near", ("ann",)) == "ann is near"
    assert made.derive("votes", ("ann", None)).says == "votes: person ann, number 3"
    none = made.derive("near", ("bob",))
    assert (none.says, none.sort) == ("it is not so that bob is near", "absence")


def test_the_best_sentence_fits_and_says_most() -> None:
    """Fixed values before fields; none where nothing fits."""
    homes = book().vocabulary.kinds["homes"]
    inside, lives = homes.sentences
    assert best_sentence(homes, {"person": "a", "household": "m", "inside": "yes"}) is inside
    assert best_sentence(homes, {"person": "a", "household": "m", "inside": "no"}) is lives
    assert best_sentence(homes, {"person": "a", "household": UNKNOWN, "inside": "no"}) is None
    assert best_sentence(homes, {"person": None, "household": "m"}) is None


def test_conditions_are_looked_into() -> None:
    """Outcomes, bindings, slots, places."""
    assert list(outcomes_in(all_of(OutcomeIs("a", "met"), NoneOf(OutcomeIs("b", "met"))))) == ["a", "b"]
    assert list(outcomes_in(None)) == []
    terms = (Slot("p"), Const(3), None, Slot("p"))
    assert matched(terms, ("a", 3, "x", "a"), {"q": "b"}) == {"q": "b", "p": "a"}
    assert matched(terms, ("a", 4, "x", "a"), {}) is None
    assert matched(terms, ("a", 3, "x", "b"), {}) is None
    assert matched(terms, (None, None, "x", "b"), {}) == {"p": "b"}
    assert matched(terms, ("a", None, "x", None), {}) == {"p": "a"}
    assert (
        respelled("<a> lives with <b>", "<a> and <b> live together", "<x> and <y> live together")
        == "<x> lives with <y>"
    )
    assert (
        spell_in_words(datetime.date(2018, 3, 1), datetime.date(2018, 4, 1), "x")
        == "from 1 March 2018 until 1 April 2018"
    )
    assert spell_in_words(None, datetime.date(2018, 4, 1), "until 1 April 2018") == ""
    limit = Limit(Measure("number", "p", atom("votes", "<p>", "_")), "at most", Slot("n"))
    assert place_in_file(limit) == (1, 1)
    assert place_in_file(AnyOf((OutcomeIs("a", "met"),))) == (1_000_000, 0)
