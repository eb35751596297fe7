"""Parameters whose value changed with time: how they are loaded, on which day they are read, and where they stand."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

import bigrules
from bigrules.diagnostics import errors
from bigrules.facts.examples import example_case
from bigrules.facts.parameters import with_parameters
from bigrules.findings.judge import judge
from bigrules.findings.report import Finding
from bigrules.language import load
from bigrules.language.model import Atom, Const, Day, Limit, Parameter, Rule, Rulebook, Slot
from bigrules.language.model import Test as Computed
from bigrules.language.parameters import kind_name, value_on
from bigrules.language.schema import json_schema
from bigrules.program.compile import compile_program
from bigrules.tools import show
from oracle.formulas import flat

from .books import book, write

D = datetime.date
MANIFEST = """
    rulebook: A book
    format: 1
    version: 1.0.0
    edition: 2020
    parameters:
      most: [{value: 10, until: 2017-12-31, source: a.1}, {value: 12, from: 2018-01-01}]
      always: [{value: 3, source: a.2}]
      part: [{value: 1/2, until: 2016-02-28}, {value: 51%, from: 2016-02-29}]
"""


def made(folder: Path, body: str, name: str = "rule") -> Rulebook:
    """A rulebook with one rule, or definition, beside these parameters."""
    lead = "rule: Something\nforce: must\n" if name == "rule" else ""
    return book(folder, {"rulebook.yaml": MANIFEST, f"{name}.yaml": lead + body})


def values(rule: Rule) -> list[Atom]:
    """The sentences that bind the values of parameters, in what a rule requires."""
    assert rule.condition is not None
    return [
        each
        for each in flat(rule.condition)
        if isinstance(each, Atom) and each.predicate.startswith("rulebook.yaml/")
    ]


def test_values_in_the_order_of_time(tmp_path: Path) -> None:
    """Each with its days and its source; one that never changed is a number."""
    found = made(tmp_path, "required: <any person> is a member").parameters
    assert found["always"] == Parameter("always", Fraction(3), "a.2")
    most = found["most"]
    assert most.value is None
    assert [(each.value, each.start, each.end, each.source) for each in most.values] == [
        (10, None, D(2017, 12, 31), "a.1"),
        (12, D(2018, 1, 1), None, ""),
    ]
    days = [(D(1, 1, 1), 10), (D(2017, 12, 31), 10), (D(2018, 1, 1), 12), (D(9999, 12, 31), 12)]
    assert [value_on(most, each).value for each, _ in days] == [number for _, number in days]
    assert value_on(found["part"], D(2016, 2, 28)).value == Fraction(1, 2)
    assert value_on(found["part"], D(2016, 2, 29)).value == Fraction(51, 100)


@pytest.mark.parametrize("order", ["most", "turned"])
def test_in_whatever_order_they_are_written(tmp_path: Path, order: str) -> None:
    """The values are told apart by their days."""
    both = ["{value: 10, until: 2017-12-31}", "{value: 12, from: 2018-01-01}"]
    listed = ", ".join(both if order == "most" else both[::-1])
    text = f"rulebook: A book\nformat: 1\nversion: 1.0.0\nedition: 2020\nparameters: {{most: [{listed}]}}\n"
    files = {"rulebook.yaml": text, "rule.yaml": "rule: r\nforce: must\nrequired: <any person> is a member\n"}
    values = book(tmp_path, files).parameters["most"].values
    assert [each.value for each in values] == [10, 12]


def test_a_limit_has_a_slot_and_what_binds_it_beside_it(tmp_path: Path) -> None:
    """In a rule without a day of its own it is read on the day of judging."""
    found = made(tmp_path, "required: {number of: <p>, among: <p> is a member, at most: most}\n").rules[
        "rule"
    ]
    (value,) = values(found)
    assert (value.predicate, value.day) == (kind_name("most"), Day())
    (limit,) = [each for each in flat(found.condition) if isinstance(each, Limit)]  # type: ignore[arg-type]
    assert (limit.bound, limit.value, limit.text) == (value.terms[0], value, "at most most")


def test_it_is_read_on_the_own_day_of_a_rule(tmp_path: Path) -> None:
    """In `for each`, in what is required and inside `ever` and `on` alike."""
    body = """
on: <day>
for each:
  - <grant> was made on <day>
  - {number of: <p>, among: <p> is a member, at most: most}
required:
  - <grant> had <votes> votes
  - <votes> is at least always
  - <votes> is less than most
  - {ever: [{number of: <q>, among: <q> is a member, more than: most}]}
  - <any r> was born on <born>
  - {on: <born>, all of: [{number of: <s>, among: <s> is a member, exactly: most}]}
"""
    rule = made(tmp_path, body).rules["rule"]
    own = Day("on", "day")
    assert [each.day for each in values(rule)] == [own, own, own]
    assert rule.given is not None
    given = [each for each in flat(rule.given) if isinstance(each, Atom) and "/" in each.predicate]
    assert [each.day for each in given] == [own]
    # What an author did not write is no part of what a finding is about.
    assert rule.subject == ("grant", "day")
    tests = [each for each in flat(rule.condition) if isinstance(each, Computed)]  # type: ignore[arg-type]
    assert tests[0].terms[1] == Const(3)
    assert isinstance(tests[1].terms[1], Slot)
    assert tests[1].terms[1] in [each.terms[0] for each in values(rule)]


def test_each_use_has_a_slot_of_its_own(tmp_path: Path) -> None:
    """So that nothing joins by them."""
    body = """
required:
  - {number of: <p>, among: <p> is a member, at most: most}
  - {number of: <q>, among: <q> has a vote, at most: most}
"""
    slots = [each.terms[0] for each in values(made(tmp_path, body).rules["rule"])]
    assert len(slots) == len(set(slots)) == 2


@pytest.mark.parametrize(
    "test", ["<votes> is most", "<votes> is the same as most", "<votes> is one of 1, most"]
)
def test_where_it_cannot_stand(tmp_path: Path, test: str) -> None:
    """As one of several values, or as a value that is the same, it is a fault that says what to write."""
    body = f"rule: r\nforce: must\nrequired: [<any grant> had <votes> votes, '{test}']\n"
    found, diagnostics = load(write(tmp_path, {"rulebook.yaml": MANIFEST, "rule.yaml": body}))
    assert found is None
    (only,) = errors(diagnostics)
    assert only.name == "wrong-value"
    assert "`most` changed with time" in only.message
    assert "is at least" in (only.help or "")


def test_no_file_says_it_and_no_register_holds_it(tmp_path: Path) -> None:
    """It is named in rules, and is neither a sentence nor a list."""
    rulebook = made(tmp_path, "required: {number of: <p>, among: <p> is a member, at most: most}\n")
    assert kind_name("most") not in rulebook.vocabulary.given
    assert "“most”" not in str(json_schema(rulebook))
    said = show.vocabulary(rulebook)
    assert "as rulebook.yaml says: 10 until 2017-12-31 and 12 from 2018-01-01" in said
    assert "rulebook.yaml/most" in show.core(rulebook)
    register = {"rulebook.yaml/most": [{"value": 99}], "memberships": []}
    case, found = bigrules.Rulebook(rulebook).try_read(register, as_of="2018-06-01")
    assert found
    assert case is None or kind_name("most") not in {*case.asked, *(each.kind for each in case.facts)}


def test_a_case_is_judged_by_the_values_of_the_rulebook_that_judges_it(tmp_path: Path) -> None:
    """Not by those of the one that it was read with, and not by both."""
    one = made(
        tmp_path / "one",
        "required: {number of: <p>, among: <p> is a member, at most: most}\n"
        "examples: [{given: [<1 to 12> is a member], then: met}]\n",
    )
    case = example_case(one, one.rules["rule"].examples[0])
    (found,) = judge(one, compile_program(one), case)
    assert str(found.outcome) == "met"
    fewer = attrs.evolve(
        one.parameters["most"],
        values=tuple(attrs.evolve(each, value=Fraction(11)) for each in one.parameters["most"].values),
    )
    other = attrs.evolve(one, parameters={**one.parameters, "most": fewer})
    (found,) = judge(other, compile_program(other), with_parameters(one, case))
    assert str(found.outcome) == "breached"
    held = with_parameters(one, case)
    assert with_parameters(one, held) is held


MEMBERS = "among: <p> is a member"
LINKED = "linked by: <p> and <q> are recorded as <any kind>"
OF_MEMBERS = "{number of: <q>, among: <q> is a member}"
PARENT = "<any person> is a parent of <any other>"
LISTS = {
    "number": f"required: [{PARENT}, {{number of: <p>, {MEMBERS}, at most: LIMIT}}]",
    "share": f"required: [{PARENT}, {{share of: <p>, {MEMBERS}, where: <p> has a vote, at least: LIMIT}}]",
    "any of": f"required: {{any of: [{{number of: <p>, {MEMBERS}, more than: LIMIT}}, {PARENT}]}}",
    "unless": f"required: {{unless: [{{number of: <p>, {MEMBERS}, more than: LIMIT}}]}}",
    "each": "for each: <grant> had <votes> votes\nrequired: <votes> is at most LIMIT",
    "exception": f"not allowed: <any person> has a vote\nunless: {{number of: <p>, {MEMBERS}, at most: LIMIT}}",
    "of": f"required: {{number of: <p>, among: <p> has a vote, at least: LIMIT, of: {OF_MEMBERS}, rounded: up}}",
    "group": f"required: {{largest group of: <p>, {MEMBERS}, {LINKED}, at most: LIMIT}}",
}
GIVEN = (
    "[]",
    "[<1 to 2> is a member, <g> had <3> votes]",
    "[<1 to 3> has a vote, <1> is a parent of <2>, not recorded: <4> is a member, <g> had <4> votes]",
    "[not asked: memberships, <1> is a parent of <2>]",
)  # fmt: skip


def told(finding: Finding) -> object:
    """What is found; how many strangers there may be beside so many is the layout's own business."""
    people = [(each.concerned, each.certain) for each in finding.witnesses]
    figures = [
        [
            min(n, 4)
            for n in (each.least, each.greatest, each.of_least, each.of_greatest, each.bound)
            if n is not None
        ]
        for each in finding.figures
    ]
    return str(finding.outcome), people, figures


@pytest.mark.parametrize("form", LISTS)
def test_it_comes_out_as_the_number_that_it_is_on_the_day(tmp_path: Path, form: str) -> None:
    """Outcome, people and figures are those of the same rule with the number in place of the name."""
    for day, number, part in (("2017-12-31", "2", "1/2"), ("2018-01-01", "3", "2/3")):
        name = "part" if form in ("share", "of") else "most"
        found = []
        for limit in (name, part if name == "part" else number):
            folder = tmp_path / f"{day} {limit.replace('/', ' ')}"
            examples = "\nexamples:\n" + "".join(
                f"  - {{as of: {day}, given: {given}, then: met}}\n" for given in GIVEN
            )
            text = LISTS[form].replace("LIMIT", limit) + examples
            manifest = MANIFEST.replace("value: 10", "value: 2").replace("value: 12", "value: 3")
            manifest = (
                manifest.replace("51%", "2/3")
                .replace("2016-02-28", "2017-12-31")
                .replace("2016-02-29", "2018-01-01")
            )
            files = {"rulebook.yaml": manifest, "rule.yaml": "rule: r\nforce: must\n" + text}
            rulebook = book(folder, files)
            rule = rulebook.rules["rule"]
            program = compile_program(rulebook)
            judged = [judge(rulebook, program, example_case(rulebook, each)) for each in rule.examples]
            found.append([told(each) for findings in judged for each in findings])
        assert found[0] == found[1]
        assert len(found[0]) >= len(GIVEN)
