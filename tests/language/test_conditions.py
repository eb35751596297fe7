"""Conditions: what authors write becomes the core form."""

from __future__ import annotations

import datetime
import textwrap
from fractions import Fraction
from pathlib import Path

import pytest

from bigrules.diagnostics import errors
from bigrules.language import load
from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Const,
    Day,
    Formula,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Rule,
    Slot,
    Type,
)
from bigrules.language.model import Test as Check  # pytest collects what begins with Test

from .books import book, definition, rule, write

PERSON, OTHER, DAY, GRANT, BORN = (Slot(each) for each in ("person", "other", "day", "grant", "born"))
IS_MEMBER = Atom("memberships", (PERSON, None, None, None))
HAS_VOTE = Atom("memberships", (PERSON, Const("yes"), None, None))
MADE = Atom("grants", (GRANT, DAY, None))


def test_a_sentence_is_an_atom_with_a_term_for_each_column(tmp_path: Path) -> None:
    """Slots, fixed values, and nothing where the sentence says nothing."""
    found = rule(
        tmp_path, "for each: <who> has a vote\nrequired: <who> and <any other> are recorded as <any kind>\n"
    )
    assert found.given == Atom("memberships", (Slot("who"), Const("yes"), None, None))
    assert found.condition == Atom("relations", (Slot("who"), None, None))
    assert found.subject == ("who",)
    assert found.types["who"] == Type("person")


def test_case_and_space_do_not_matter_outside_slots(tmp_path: Path) -> None:
    """A sentence is found whatever its capitals and spaces."""
    assert rule(tmp_path, "not allowed: '<any person>  Is a MEMBER'\n").condition == Atom(
        "memberships", (None,) * 4
    )


def test_a_dated_sentence_can_name_its_days(tmp_path: Path) -> None:
    """`from` and `until` are fields like any other."""
    found = rule(
        tmp_path, "not allowed:\n  - <any person> is a member from <from>\n  - <from> is after <the day>\n"
    )
    assert found.condition == All(
        (
            Atom("memberships", (None, None, Slot("from"), None)),
            Check("after", (Slot("from"), Slot("the day"))),
        )
    )


def test_the_negative_of_a_sentence_is_its_absence(tmp_path: Path) -> None:
    """What `otherwise` says means `unless` and the sentence."""
    found = rule(tmp_path, "for each: <person> is a member\nnot allowed: <person> has no vote\n")
    assert found.condition == NoneOf(HAS_VOTE)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[<person> is a member, <person> has a vote]", All((IS_MEMBER, HAS_VOTE))),
        ("[[<person> is a member], {all of: [<person> has a vote]}]", All((IS_MEMBER, HAS_VOTE))),
        ("[<person> is a member]", IS_MEMBER),
        ("{any of: [<person> is a member, <person> has a vote]}", AnyOf((IS_MEMBER, HAS_VOTE))),
        ("{any of: [<person> is a member]}", IS_MEMBER),
        ("{unless: <person> has a vote}", NoneOf(HAS_VOTE)),
        ("{unless: [<person> is a member, <person> has a vote]}", NoneOf(All((IS_MEMBER, HAS_VOTE)))),
        ("{ever: <person> is a member}", Atom("memberships", (PERSON, None, None, None), Day("ever"))),
        (
            "[<person> was born on <born>, {on: <born>, all of: [<person> is a member]}]",
            All(
                (
                    Atom("people", (PERSON, BORN)),
                    Atom("memberships", (PERSON, None, None, None), Day("on", "born")),
                )
            ),
        ),
        (
            "[<person> was born on <born>, {ever: {on: <born>, all of: [<person> is a member]}}]",
            All(
                (
                    Atom("people", (PERSON, BORN)),
                    Atom("memberships", (PERSON, None, None, None), Day("on", "born")),
                )
            ),
        ),
    ],
)
def test_brackets(tmp_path: Path, written: str, expected: Formula) -> None:
    """Lists and brackets, in lists and brackets."""
    found = rule(
        tmp_path, f"for each: <person> and <any other> are recorded as <any kind>\nrequired: {written}\n"
    )
    assert found.condition == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<born> and <day> are different", Check("different", (BORN, DAY))),
        ("<born> is the same as <day>", Check("same", (BORN, DAY))),
        ("<born> is the same as 2000-02-29", Check("same", (BORN, Const(datetime.date(2000, 2, 29))))),
        (
            "<kind> is one of married, siblings",
            Check("one of", (Slot("kind"), Const("married"), Const("siblings"))),
        ),
        ("<kind> is not one of parent", Check("not one of", (Slot("kind"), Const("parent")))),
        ("<kind> is married", Check("is", (Slot("kind"), Const("married")))),
        ("<kind> is Married", Check("is", (Slot("kind"), Const("married")))),
        ("<votes> is at least 3", Check("at least", (Slot("votes"), Const(3)))),
        ("<votes> is at most 7/2", Check("at most", (Slot("votes"), Const(Fraction(7, 2))))),
        ("<votes> is more than 2.5", Check("more than", (Slot("votes"), Const(Fraction(5, 2))))),
        ("<votes> is less than most", Check("less than", (Slot("votes"), Const(12)))),
        ("<born> is before 2016-01-01", Check("before", (BORN, Const(datetime.date(2016, 1, 1))))),
        ("<born> is after <day>", Check("after", (BORN, DAY))),
        ("<born> is on or before <the day>", Check("on or before", (BORN, Slot("the day")))),
        ("<born> is on or after <day>", Check("on or after", (BORN, DAY))),
        ("<born> is within 28 days of <day>", Check("within days", (BORN, DAY), 28)),
        ("<born> is within 1 day after <day>", Check("within days after", (BORN, DAY), 1)),
        ("<born> is within 28 days before <day>", Check("within days before", (BORN, DAY), 28)),
        ("<born> is at least 16 years before <day>", Check("years before", (BORN, DAY), 16)),
        ("<born> is at least 1 year before <day>", Check("years before", (BORN, DAY), 1)),
        ("<born> is less than 16 years before <day>", Check("not years before", (BORN, DAY), 16)),
        ("<born> is more than 1 year before <day>", Check("more years before", (BORN, DAY), 1)),
        ("<born> is at most 16 years before <day>", Check("not more years before", (BORN, DAY), 16)),
        ("<born> is at least 6 months before <day>", Check("months before", (BORN, DAY), 6)),
        ("<born> is less than 6 months before <day>", Check("not months before", (BORN, DAY), 6)),
        ("<born> is more than 6 months before <day>", Check("more months before", (BORN, DAY), 6)),
        ("<born> is at most 1 month before <day>", Check("not more months before", (BORN, DAY), 1)),
        (
            "<born> is from 1 September to 31 December of <votes>",
            Check("window", (BORN, Slot("votes")), window=(9, 1, 12, 31)),
        ),
        (
            "<born> is from 29 february to 1 March of 2018",
            Check("window", (BORN, Const(2018)), window=(2, 29, 3, 1)),
        ),
        ("<born> is in the year 2018", Check("in year", (BORN, Const(2018)))),
        ("<born> is in the year <votes>", Check("in year", (BORN, Slot("votes")))),
    ],
)
def test_tests(tmp_path: Path, written: str, expected: Check) -> None:
    """Each test of the fixed list, with its values converted by the type of the slot on its left."""
    body = f"""
        not allowed:
          - <any person> was born on <born>
          - <any grant> was made on <day>
          - <any grant> had <votes> votes
          - <any person> and <any other> are recorded as <kind>
          - {written}
          - <born> is on or before <day>
          - <kind> is not one of parent
          - <votes> is at least 1
        """
    assert isinstance(rule(tmp_path, body).condition, All)
    assert expected in rule(tmp_path, body).condition.parts  # type: ignore[union-attr]


MEMBERS = "among: <person> is a member"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            f"{{number of: <person>, {MEMBERS}, at least: 8}}",
            Limit(Measure("number", "person", IS_MEMBER), "at least", Fraction(8)),
        ),
        (
            f"{{number of: <person>, {MEMBERS}, where: <person> has a vote, exactly: most}}",
            Limit(Measure("number", "person", IS_MEMBER, HAS_VOTE), "exactly", Fraction(12)),
        ),
        (
            f"{{share of: <person>, {MEMBERS}, where: <person> has a vote, more than: 51%, of nobody: met}}",
            Limit(
                Measure("share", "person", IS_MEMBER, HAS_VOTE),
                "more than",
                Fraction(51, 100),
                of_nobody="met",
            ),
        ),
        (
            "{share of: <grant>, among: <grant> had <votes> votes, where: <grant> was made on <any day>, "
            "weighted by: <votes>, less than: 1/2}",
            Limit(
                Measure(
                    "share",
                    "grant",
                    Atom("grants", (GRANT, None, Slot("votes"))),
                    Atom("grants", (GRANT, None, None)),
                    "votes",
                ),
                "less than",
                Fraction(1, 2),
            ),
        ),
        (
            "{total of: <votes>, per: <grant>, among: <grant> had <votes> votes, at most: 100}",
            Limit(
                Measure("total", "grant", Atom("grants", (GRANT, None, Slot("votes"))), value="votes"),
                "at most",
                Fraction(100),
            ),
        ),
        (
            f"{{number of: <person>, {MEMBERS}, where: <person> has a vote, at most: 1/3, rounded: down, "
            f"of: {{number of: <other>, among: <other> is a member}}}}",
            Limit(
                Measure("number", "person", IS_MEMBER, HAS_VOTE),
                "at most",
                Fraction(1, 3),
                Measure("number", "other", Atom("memberships", (OTHER, None, None, None))),
                "down",
            ),
        ),
        (
            f"{{largest group of: <person>, {MEMBERS}, linked by: <other> is a parent of <person>, at most: 2}}",
            Limit(
                Measure(
                    "group linked",
                    "person",
                    IS_MEMBER,
                    link=Atom("relations", (OTHER, PERSON, Const("parent"))),
                    other="other",
                ),
                "at most",
                Fraction(2),
            ),
        ),
        (
            "{largest group of: <person>, among: [<person> is a member, <person> was born on <born>], "
            "sharing: <born>, at most: 2}",
            Limit(
                Measure(
                    "group sharing",
                    "person",
                    All((IS_MEMBER, Atom("people", (PERSON, BORN)))),
                    sharing="born",
                ),
                "at most",
                Fraction(2),
            ),
        ),
    ],
)
def test_measures(tmp_path: Path, written: str, expected: Limit) -> None:
    """Each measure with its limit."""
    assert rule(tmp_path, f"required: {written}\n").condition == expected


def test_a_link_may_run_through_anyone_and_through_something_else(tmp_path: Path) -> None:
    """The second slot of a link is the one of the same type as the first, whatever else it names."""
    body = """
        required:
          largest group of: <person>
          among: <person> is a member
          linked by:
            - <person> was born on <born>
            - <other> was born on <born>
          through: anyone
          at most: 2
        """
    limit = rule(tmp_path, body).condition
    assert isinstance(limit, Limit)
    assert (limit.measure.other, limit.measure.through_anyone) == ("other", True)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("at least: 51%", "at least 51%"),
        ("at most: most", "at most 12 (most)"),
        (
            "more than: 1/3, of: {number of: <x>, among: <x> is a member}",
            "more than 1/3 of the number of <x>",
        ),
        (
            "exactly: 1/3, rounded: up, of: {number of: <x>, among: <x> is a member}",
            "exactly 1/3 of the number of <x>, rounded up",
        ),
    ],
)
def test_a_limit_says_itself_in_words(tmp_path: Path, written: str, text: str) -> None:
    """The words of a limit are there to be shown."""
    limit = rule(tmp_path, f"required: {{number of: <p>, among: <p> has a vote, {written}}}\n").condition
    assert isinstance(limit, Limit)
    assert limit.text == text


def test_a_limit_may_be_a_slot(tmp_path: Path) -> None:
    """What `for each` binds can be what a measure is held against."""
    required = "required: {number of: <p>, among: <p> is a member, at least: <votes>}\n"
    body = f"for each: <any grant> had <votes> votes\n{required}"
    limit = rule(tmp_path, body).condition
    assert isinstance(limit, Limit)
    assert limit.bound == Slot("votes")


# ---------------------------------------------------------------- rules


def test_a_rule_has_its_parts(tmp_path: Path) -> None:
    """Head, force, sources and notes are those that are written."""
    found = rule(tmp_path, "source: a.1\nask: Is <person> kind?\nfor each: <person> is a member\nnote: x\n"
                 "asked again after: 6 months\n")  # fmt: skip
    assert (found.title, found.force, found.source, found.form) == ("Something", "must", ("a.1",), "ask")
    assert (found.ask, found.asked_again_after, found.note) == ("Is <person> kind?", (6, "month"), "x")
    assert (found.show, found.condition) == ((), None)


def test_for_each_binds_the_subject_in_the_order_of_the_words(tmp_path: Path) -> None:
    """Subject slots stand as they are read, not as the columns stand."""
    each = "for each:\n  - <a> and <b> are recorded as <any kind>\n  - <c> is a member\n"
    body = f"{each}not allowed: <b> is a parent of <c>\n"
    assert rule(tmp_path, body).subject == ("a", "b", "c")


def test_only_if_stands_beside_for_each(tmp_path: Path) -> None:
    """What `only if` binds is no subject."""
    body = """
        for each: <person> is a member
        only if any of:
          - <any grant> was made on <any day>
          - rule other is not applicable
        only if: <any other> has a vote
        required: <person> has a vote
        """
    found = rule(tmp_path, body, **{"other.yaml": "rule: x\nforce: must\nask: Well?\n"})
    assert found.given == All(
        (
            IS_MEMBER,
            Atom("memberships", (None, Const("yes"), None, None)),
            AnyOf((Atom("grants", (None, None, None)), OutcomeIs("other", "not applicable"))),
        )
    )
    assert found.subject == ("person",)


def test_everything_outside_for_each_is_read_on_the_day_of_the_rule(tmp_path: Path) -> None:
    """`on:` moves conditions, exceptions and `only if`, and neither `for each` nor `ever`."""
    body = """
        for each: [<grant> was made on <day>, <other> is a member]
        on: <day>
        only if: <other> has a vote
        not allowed:
          - <person> is a member
          - ever: <person> has a vote
          - <person> and <other> are different
          - on: <the day>
            all of: [<person> has no vote]
        unless: <other> has no vote
        """
    found = rule(tmp_path, body)
    on = Day("on", "day")
    assert found.on == "day"
    assert found.given == All(
        (
            MADE,
            Atom("memberships", (OTHER, None, None, None)),
            Atom("memberships", (OTHER, Const("yes"), None, None), on),
        )
    )
    assert isinstance(found.condition, All)
    days = [each.day for each in found.condition.parts if isinstance(each, Atom)]
    assert days == [on, Day("ever")]
    assert found.condition.parts[-1] == NoneOf(Atom("memberships", (PERSON, Const("yes"), None, None), on))
    assert found.exceptions[0].when == NoneOf(Atom("memberships", (OTHER, Const("yes"), None, None), on))


def test_exceptions_are_a_tree(tmp_path: Path) -> None:
    """An exception has an id, and exceptions of its own."""
    body = """
        for each: <person> is a member
        required: <person> has a vote
        unless:
          - when: <person> was born on <any day>
            because: of that
            source: a.1
            unless:
              - when: <person> is a parent of <any child>
          - when: [<any other> is a parent of <person>]
        """
    first, second = rule(tmp_path, body).exceptions
    assert (first.id, first.because, first.source) == ("rule unless 1", "of that", "a.1")
    assert [each.id for each in first.unless] == ["rule unless 1 unless 1"]
    assert second.when == Atom("relations", (None, PERSON, Const("parent")))


def test_one_condition_under_unless_is_one_exception(tmp_path: Path) -> None:
    """A list of sentences is one exception, of which all must hold."""
    body = "for each: <person> is a member\nrequired: <person> has a vote\nunless: [{}, {}]\n"
    (found,) = rule(
        tmp_path, body.format("<person> was born on <any day>", "<person> is a parent of <any x>")
    ).exceptions
    assert isinstance(found.when, All)


# ---------------------------------------------------------------- deadlines


def deadline(tmp_path: Path, condition: str, form: str = "required") -> Rule:
    """A rule about a letter that follows each grant."""
    return rule(
        tmp_path, f"for each: <grant> was made on <day>\n{form}:\n{textwrap.indent(condition, '  ')}\n"
    )


@pytest.mark.parametrize(
    "test",
    [
        "<sent> is within 28 days of <day>",
        "<day> is within 28 days of <sent>",
        "<sent> is within 28 days after <day>",
        "<sent> is from 1 September to 31 December of 2018",
    ],
)
def test_what_a_deadline_bounds_may_still_happen(tmp_path: Path, test: str) -> None:
    """In what is required, a day that a deadline bounds may lie after the day of judging."""
    found = deadline(tmp_path, f"- <any person> wrote on <sent>\n- {test}").condition
    assert isinstance(found, All)
    assert found.parts[0] == Atom("letters", (None, Slot("sent")), future="sent")


@pytest.mark.parametrize(
    ("condition", "form"),
    [
        ("- <any person> wrote on <sent>\n- <sent> is after <day>", "required"),
        ("- <any person> wrote on <sent>\n- <day> is within 28 days after <sent>", "required"),
        ("- <any person> wrote on <sent>\n- <sent> is within 28 days of <day>", "not allowed"),
        ("- <any person> was born on <sent>\n- <sent> is within 28 days of <day>", "required"),
    ],
)
def test_what_no_deadline_bounds_has_happened_or_not(tmp_path: Path, condition: str, form: str) -> None:
    """Without a deadline, in a prohibition, or for a kind that has not happened on a day, nothing is open."""
    found = deadline(tmp_path, condition, form).condition
    assert isinstance(found, All)
    assert isinstance(found.parts[0], Atom)
    assert found.parts[0].future == ""


def test_a_branch_can_have_a_deadline_of_its_own(tmp_path: Path) -> None:
    """A deadline inside `any of` marks what stands beside it."""
    branch = "[<any person> wrote on <sent>, <sent> is within 28 days after <day>]"
    condition = f"- any of:\n    - {branch}\n    - <any p> has a vote"
    found = deadline(tmp_path, condition).condition
    assert isinstance(found, AnyOf)
    assert isinstance(found.parts[0], All)
    assert found.parts[0].parts[0] == Atom("letters", (None, Slot("sent")), future="sent")


# ---------------------------------------------------------------- definitions


def test_a_definition_has_its_parts(tmp_path: Path) -> None:
    """Sentence, directions, question and what is shown."""
    found = definition(
        tmp_path,
        """
        definition: <person> and <other> are close
        otherwise: <other> and <person> are not close
        in both directions: yes
        never with oneself: yes
        holds when: [<person> and <other> are recorded as <kind>, <kind> is married]
        holds when any of: [<person> is a parent of <other>, <other> is a parent of <person>]
        people decide when: [<person> and <other> are recorded as <kind>, <kind> is siblings]
        ask: Are <person> and <other>, who are <kind>, close?
        shown: <kind>
        """,
    )
    assert found.slots == ("person", "other")
    assert found.types == (Type("person"), Type("person"))
    assert (found.symmetric, found.irreflexive, found.shown) == (True, True, ("kind",))
    assert found.negative == "<other> and <person> are not close"
    assert isinstance(found.holds, All)
    assert isinstance(found.holds.parts[-1], AnyOf)
    assert isinstance(found.people_decide, All)


def test_definitions_may_use_each_other_in_any_order_and_themselves(tmp_path: Path) -> None:
    """The types of a definition follow from what it uses, round a circle too."""
    files = {
        "a.yaml": "definition: <x> comes from <y>\nholds when any of:\n  - <x> is a child of <y>\n"
        "  - all of: [<x> comes from <z>, <z> comes from <y>]\nmay be the same: [<x>, <y>, <z>]\n",
        "b.yaml": "definition: <x> is a child of <y>\nholds when: <y> is a parent of <x>\n",
        "c.yaml": "definition: <n> is a result\nholds when any of:\n"
        "  - <any grant> had <n> votes\n  - <n> is a result\n",
    }
    found = book(tmp_path, files).definitions
    assert found["a"].types == found["b"].types == (Type("person"), Type("person"))
    assert found["c"].types == (Type("whole number", (), 0, 99),)


def test_the_negative_of_a_definition_keeps_its_slots(tmp_path: Path) -> None:
    """What `otherwise` says may name the slots in another order."""
    files = {
        "a.yaml": "definition: <x> knows <y>\notherwise: <y> is a stranger to <x>\n"
        "holds when: <x> is a parent of <y>\n",
        "b.yaml": "rule: x\nforce: must\nfor each: <p> is a parent of <q>\nnot allowed: <q> is a stranger to <p>\n",
    }
    assert book(tmp_path, files).rules["b"].condition == NoneOf(Atom("a", (Slot("p"), Slot("q"))))


def test_a_definition_may_have_no_slot(tmp_path: Path) -> None:
    """Something that is so of the case as a whole."""
    files = {
        "a.yaml": "definition: grants are made\nholds when: <any grant> was made on <any day>\n",
        "b.yaml": "rule: x\nforce: must\nonly if: grants are made\nrequired: <any p> is a member\n",
    }
    assert book(tmp_path, files).rules["b"].given == Atom("a", ())


# ---------------------------------------------------------------- slots


def names(path: Path, body: str) -> list[str]:
    """The names of the errors of a rule."""
    text = "rule: Something\nforce: must\n" + textwrap.dedent(body)
    return [each.name for each in errors(load(write(path, {"rule.yaml": text}))[1])]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("not allowed: <p> is a member", ["slot-used-once"]),
        ("not allowed: <any p> is a member", []),
        ("for each: <p> is a member\nrequired: <any q> has a vote", []),
        ("not allowed: [<p> is a member, <p> has a vote]", []),
        ("not allowed: [<p> is a member, {unless: <p> has a vote}]", []),
        ("not allowed: {unless: <p> is a member}", ["slot-used-once"]),
        ("not allowed: {any of: [<p> is a member, <p> has a vote]}", ["slot-used-once"]),
        ("not allowed: [<p> was born on <d>, <d> is after 2000-01-01, <p> is a member]", []),
        ("not allowed: [<p> is a member, <d> is after 2000-01-01]", ["slot-used-once", "slot-bound-nowhere"]),
        ("not allowed: [{unless: <p> was born on <d>}, <d> is after 2000-01-01, <p> is a member]",
         ["slot-bound-nowhere"]),
        ("for each: <p> is a member\nnot allowed: {unless: [<p> was born on <d>, <d> is after <the day>]}", []),
        ("required: {number of: <p>, among: <p> is a member, at least: 2}", []),
        ("required: {number of: <p>, among: <p> is a member, at least: <n>}", ["slot-bound-nowhere"]),
    ],
)  # fmt: skip
def test_slots_are_bound_and_used(tmp_path: Path, body: str, expected: list[str]) -> None:
    """A slot is used more than once, and something binds it where it is tested."""
    assert sorted(names(tmp_path, body)) == sorted(expected)


SAME = "could-be-the-same"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("not allowed: [<a> is a member, <a> and <b> are recorded as <any x>, <b> has a vote]", [SAME]),
        ("not allowed: [<a> is a member, <b> is a member, <a> and <b> are different]", []),
        ("not allowed: [<a> is a member, <b> is a member, {unless: <a> is the same as <b>}]", []),
        ("not allowed: [<a> is a parent of <b>, <b> has a vote, <a> has a vote]", []),
        ("not allowed: [<a> is a parent of <b>, <b> is a parent of <c>, <a> has a vote, <c> has a vote]", []),
        ("not allowed: [<a> is a parent of <b>, <c> is a parent of <b>, <a> has a vote, <c> has a vote]", [SAME]),
        ("may be the same: [<a>, <b>]\nnot allowed: [<a> is a member, <a> and <b> are recorded as <any x>, "
         "<b> has a vote]", []),
        ("may be the same: [[a, c], [a, b]]\nnot allowed: [<a> is a member, <a> and <b> are recorded as <any x>, "
         "<b> has a vote, <b> is a parent of <c>, <c> has a vote]", []),
        ("for each: <a> is a member\nnot allowed: [<b> has a vote, <b> is a parent of <any c>]", [SAME]),
        ("for each: <a> is a member\nnot allowed: [<b> has a vote, <a> and <b> are different]", []),
        ("for each: <a> is a member\nnot allowed: [<b> has a vote, {any of: [<a> and <b> are different, "
         "<a> is a parent of <b>]}]", []),
        ("for each: <a> is a member\nrequired: {number of: <b>, among: [<b> has a vote, <a> is a parent of <b>], "
         "at least: 1}", []),
        ("not allowed: [<g> had <any x> votes, <h> had <any y> votes, <g> was made on <d>, <h> was made on <d>]",
         [SAME]),
    ],
)  # fmt: skip
def test_two_slots_that_could_be_one_person(tmp_path: Path, body: str, expected: list[str]) -> None:
    """A warning asks whether two slots for one sort of thing may be one, unless something says."""
    text = "rule: Something\nforce: must\nexamples: [{given: [], then: met}]\n" + body
    rulebook, found = load(write(tmp_path, {"rule.yaml": text}))
    assert rulebook is not None, found
    assert [each.name for each in found] == expected


def test_what_for_each_binds_has_happened(tmp_path: Path) -> None:
    """A day that is given is not one that may still come, even if a deadline bounds it."""
    body = """
        for each: [<any person> wrote on <sent>, <any grant> was made on <day>]
        required: [<any other> wrote on <sent>, <sent> is within 28 days after <day>]
        """
    found = rule(tmp_path, body).condition
    assert isinstance(found, All)
    assert found.parts[0] == Atom("letters", (None, Slot("sent")))


def test_what_branches_bind_may_be_what_any_of_them_binds(tmp_path: Path) -> None:
    """A slot of `any of` can have the values of every branch; one of a list only those that all allow."""
    files = {
        "vocabulary.yaml": "a:\n  fields: {x: {one of: [one, two]}}\n  sentences: [a is <x>]\n"
        "b:\n  fields: {x: {one of: [two, three]}}\n  sentences: [b is <x>]\n",
        "either.yaml": "definition: either is <x>\nholds when any of: [a is <x>, b is <x>]\n",
        "both.yaml": "definition: both are <x>\nholds when: [a is <x>, b is <x>]\n",
    }
    found = book(tmp_path, files).definitions
    assert found["either"].types[0].choices == ("one", "two", "three")
    assert found["both"].types[0].choices == ("two",)


def test_a_link_must_name_one_other(tmp_path: Path) -> None:
    """With two slots that could be the second one, it is not clear what is linked."""
    link = "[<a> and <b> are recorded as <any x>, <b> and <c> are recorded as <any y>, <a> has a vote, <c> has a vote]"
    body = f"required: {{largest group of: <a>, among: <a> is a member, linked by: {link}, at most: 2}}\n"
    assert names(tmp_path, body) == ["bad-slot"]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("holds when: {any of: [<x> is a member, <x> is fine]}", []),
        ("holds when: [<x> is a member, {unless: <x> is fine}]", ["cycle"]),
        ("holds when: [<x> is a member, {number of: <y>, among: <y> is fine, at least: 1}]", ["cycle"]),
        ("holds when: [<x> is a member, rule rule is met]", ["cycle"]),
    ],
)
def test_a_definition_may_use_itself_only_as_it_stands(
    tmp_path: Path, definition: str, expected: list[str]
) -> None:
    """Not through absence, a measure, or the outcome of a rule that uses it."""
    files = {
        "one.yaml": f"definition: <x> is fine\n{definition}\n",
        "rule.yaml": "rule: x\nforce: must\nrequired: <any x> is fine\n",
    }
    assert [each.name for each in errors(load(write(tmp_path, files))[1])] == expected
