"""Laws that any rulebook keeps on any case, with each engine: what makes no difference to a finding."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

import compact
from bigrules.facts.case import BY_NOW, UNKNOWN, Case, Fact
from bigrules.findings.judge import judge
from bigrules.findings.report import Finding, Outcome
from bigrules.language.model import Blank, Field, Kind, Rule, Rulebook, Type
from bigrules.program.compile import compile_program
from oracle import FURTHER
from oracle.cases import in_use
from properties import rewrite, tally
from properties.agree import FURTHER_RECORDS, OPEN, TooLong, at_most
from properties.evaluators import ENGINES
from properties.long_run import LONG, examples, repeated
from random_rulebooks import rulebook_of
from strategies import KNOWN, MIXED, cases

Key = tuple[str, object]
Law = Callable[[st.DataObject, Rulebook, Case, str], None]
# A pair on which an engine takes longer, or cannot settle a finding, is left: how far it gets may hang on the order.
SECONDS = 1 if LONG else 0.5
# Cases with open lists take long: in every run most are of those that are quick.
SORTS = (KNOWN, KNOWN, *MIXED) if LONG else (KNOWN, KNOWN, KNOWN, KNOWN, MIXED[0], MIXED[3])
MET, BREACHED, NOT_APPLICABLE = Outcome.MET, Outcome.BREACHED, Outcome.NOT_APPLICABLE


class PassedOver(Exception):
    """An engine takes too long, or cannot settle a finding."""


@attrs.frozen
class Seen:
    """All of a finding that a law is about.

    Args:
        outcome: The outcome.
        certain: Who certainly is concerned.
        possible: Who is, or may be.
        figures: The figures, by the text of their limit.
        exempt: What would have been found without an exception, or None.
    """

    outcome: Outcome
    certain: frozenset[frozenset[str]]
    possible: frozenset[frozenset[str]]
    figures: frozenset[tuple[Any, int]]
    exempt: Outcome | None


def seen(finding: Finding) -> Seen:
    """What a law holds of a finding."""
    figures = Counter(
        (each.text, each.op, each.bound, each.least, each.greatest, each.of_least, each.of_greatest)
        for each in finding.figures
    )
    return Seen(
        finding.outcome,
        frozenset(each.concerned for each in finding.witnesses if each.certain),
        frozenset(each.concerned for each in finding.witnesses),
        frozenset(figures.items()),
        finding.would_be,
    )


def found(rulebook: Rulebook, case: Case, engine: str) -> dict[Key, Seen]:
    """What an engine finds, by rule and subject."""
    try:
        with at_most(SECONDS):
            findings = judge(
                rulebook, compile_program(rulebook), case, engine=engine, further=FURTHER_RECORDS
            )
    except TooLong:
        raise PassedOver from None
    if not all(each.settled for each in findings):
        raise PassedOver
    keys = [(each.rule, FURTHER if each.further else tuple(v for _, v in each.subject)) for each in findings]
    assert len(keys) == len(set(keys))
    return {key: seen(each) for key, each in zip(keys, findings, strict=True)}


def law(
    name: str, when: Callable[[Rulebook], object] = lambda _: True
) -> Callable[[Law], Callable[[str], None]]:
    """A law tried with each engine, on random rulebooks and cases with every sort of unknown.

    Args:
        name: What is counted in the tally.
        when: Which rulebooks it says something about.
    """

    def with_it(seed: int) -> Rulebook:
        while not when(rulebook := rulebook_of(seed)):
            seed += 1
        return rulebook

    def made(function: Law) -> Callable[[str], None]:
        @pytest.mark.parametrize("engine", ENGINES)
        def test(engine: str) -> None:
            @examples(10 if engine == "compiled" else 3)
            @given(st.data())
            def tried(data: st.DataObject) -> None:
                rulebook = data.draw(st.integers(0, 2**60).map(with_it))
                case = data.draw(cases(rulebook, sorts=data.draw(st.sampled_from(SORTS))))
                note(compact.text(rulebook.vocabulary.kinds))
                note(compact.text(rulebook.definitions))
                note(compact.text(rulebook.rules))
                note(compact.text(case))
                try:
                    function(data, rulebook, case, engine)
                except PassedOver:
                    tally.count(f"law: {name}", engine, tally.TOO_LONG)
                else:
                    tally.count(f"law: {name}", engine, tally.PAIRS)

            repeated(tried, weight=2)

        test.__doc__ = function.__doc__
        return test

    return made


def chance(data: st.DataObject) -> random.Random:
    """A generator of random numbers, cheaper than drawing each."""
    return random.Random(data.draw(st.integers(0, 99_999)))


# ---------------------------------------------------------------- order, names, repeats


@law("order")
def test_the_order_makes_no_difference(
    data: st.DataObject, rulebook: Rulebook, case: Case, engine: str
) -> None:
    """Of kinds, definitions, rules, lists, alternatives, exceptions, facts and gaps."""
    before = found(rulebook, case, engine)
    order = chance(data)
    other = attrs.evolve(
        case,
        facts=tuple(order.sample(case.facts, len(case.facts))),
        incomplete=tuple(order.sample(case.incomplete, len(case.incomplete))),
    )
    assert found(rewrite.reordered(rulebook, order), other, engine) == before


@law("names")
def test_names_make_no_difference(data: st.DataObject, rulebook: Rulebook, case: Case, engine: str) -> None:
    """Of people and other things, slots, kinds, fields, definitions and rules."""
    before = found(rulebook, case, engine)
    types = {each.name for each in all_types(rulebook) if each.is_thing}
    things = {value for name, values in in_use(rulebook, case).items() if name in types for value in values}
    things |= {value for each in case.answers for value in each.subject if isinstance(value, str)}
    things -= {choice for each in all_types(rulebook) for choice in each.choices}
    names = rewrite.renaming(rulebook, things, chance(data))
    after = found(names.rulebook(rulebook), names.case(rulebook, case), engine)

    def renamed(sets: frozenset[frozenset[str]]) -> frozenset[frozenset[str]]:
        return frozenset(frozenset(names.things[each] for each in people) for people in sets)

    def key(rule: str, subject: object) -> Key:
        if subject == FURTHER:
            return names.rules[rule], subject
        it = rulebook.rules[rule]
        of_things = [each for each in it.subject if it.types[each].is_thing]
        types = [it.types[each] for each in of_things or it.subject]
        return names.rules[rule], names.values(types, subject) if subject else ()  # type: ignore[arg-type]

    expected = {
        key(*each): attrs.evolve(it, certain=renamed(it.certain), possible=renamed(it.possible))
        for each, it in before.items()
    }
    assert after == expected


def all_types(rulebook: Rulebook) -> set[Type]:
    """The types of all fields."""
    return {field.type for kind in rulebook.vocabulary.kinds.values() for field in kind.fields}


@law("repeats")
def test_repeated_facts_make_no_difference(
    data: st.DataObject, rulebook: Rulebook, case: Case, engine: str
) -> None:
    """A possible record, or one with a gap, is another one when it stands there twice."""
    plain = [
        each
        for each in case.facts
        if not each.possible and not any(value is UNKNOWN or value is BY_NOW for value in each.values)
    ]
    assume(plain)
    again = data.draw(st.lists(st.sampled_from(plain), min_size=1, max_size=5))
    other = attrs.evolve(case, facts=(*again, *case.facts))
    assert found(rulebook, other, engine) == found(rulebook, case, engine)


@law("a kind nobody reads")
def test_a_kind_that_nobody_reads_makes_no_difference(
    data: st.DataObject, rulebook: Rulebook, case: Case, engine: str
) -> None:
    """Whatever is recorded, open or not asked of it, of people that are in use anyway."""
    person = Type("person")
    role = Type("one of", choices=("x", "y", "z"))
    date = Type("date")
    fields = (Field("whom", person), Field("other", person), Field("what", role))
    ends = (Field("from", date, Blank("by now")), Field("until", date, Blank("nothing")))
    dated = data.draw(st.booleans())
    kind = Kind(
        "nobody reads this",
        (*fields, *(ends if dated else ())),
        dated=dated,
        one_for_each=data.draw(st.sampled_from(["", "whom"])),
    )
    people = sorted(map(str, in_use(rulebook, case).get("person", ())))
    more: list[Fact] = []
    for _ in range(data.draw(st.integers(0, 4)) if people else 0):
        pair = (data.draw(st.sampled_from(people)), data.draw(st.sampled_from([*people, UNKNOWN])))
        row = (*pair, data.draw(st.sampled_from(["x", "y", UNKNOWN])), *((None, None) if dated else ()))
        more.append(Fact(kind.name, row, possible=data.draw(st.booleans())))
    kinds = {kind.name: kind, **rulebook.vocabulary.kinds}
    wider = attrs.evolve(rulebook, vocabulary=attrs.evolve(rulebook.vocabulary, kinds=kinds))
    asked = case.asked | ({kind.name} if data.draw(st.booleans()) else set())
    other = attrs.evolve(case, facts=(*case.facts, *more), asked=asked)
    assert found(wider, other, engine) == found(rulebook, case, engine)


# ---------------------------------------------------------------- split in two


def subjects_to_split(rulebook: Rulebook) -> list[Rule]:
    """Rules about things whose outcome nothing asks for."""
    return [
        rule
        for rule in rulebook.rules.values()
        if any(rule.types[slot].is_thing for slot in rule.subject)
        and rule.form != "ask"
        and not rewrite.asked_for(rulebook, rule.id)
    ]


def parts_to_split(rulebook: Rulebook) -> list[tuple[Rule, tuple[Rule, Rule]]]:
    """Rules that can be split in two by what they require, with the two."""
    return [
        (rule, halves)
        for rule in rulebook.rules.values()
        if (halves := rewrite.split_by_part(rule)) and not rewrite.asked_for(rulebook, rule.id)
    ]


@law("split by subject", when=subjects_to_split)
def test_a_rule_about_some_and_one_about_all_others_find_what_one_rule_finds(
    data: st.DataObject, rulebook: Rulebook, case: Case, engine: str
) -> None:
    """`for each` with `is one of` and `is not one of`: each subject has its finding, as it was, in one of the two."""
    rule = data.draw(st.sampled_from(subjects_to_split(rulebook)))
    slot = next(each for each in rule.subject if rule.types[each].is_thing)
    names = sorted(map(str, in_use(rulebook, case).get(rule.types[slot].name, ())))
    assume(names)
    some = tuple(data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True)))
    halves = rewrite.split_by_subject(rule, some)
    rules = {**rulebook.rules, **{each.id: each for each in halves}}
    del rules[rule.id]
    after = found(attrs.evolve(rulebook, rules=rules), case, engine)
    ids = {each.id for each in halves}
    joined = {(rule.id if key[0] in ids else key[0], key[1]): it for key, it in after.items()}
    before = found(rulebook, case, engine)
    # A rule that bites on nobody has one finding for the case.
    nobody = (rule.id, ())
    if nobody not in before:
        joined.pop(nobody, None)
    assert joined == before


@law("split by part", when=parts_to_split)
def test_two_rules_that_require_a_part_each_are_breached_just_where_one_rule_is(
    data: st.DataObject, rulebook: Rulebook, case: Case, engine: str
) -> None:
    """`required` with a list of which no two parts share a slot: met where both are, breached where one is."""
    rule, halves = data.draw(st.sampled_from(parts_to_split(rulebook)))
    rules = {**rulebook.rules, **{each.id: each for each in halves}}
    del rules[rule.id]
    after = found(attrs.evolve(rulebook, rules=rules), case, engine)
    for (id_, subject), it in found(rulebook, case, engine).items():
        if id_ != rule.id or subject == FURTHER:
            continue
        outcomes = [after[each.id, subject].outcome for each in halves]
        if BREACHED in outcomes:
            assert it.outcome is BREACHED
        elif set(outcomes) & set(OPEN):
            assert it.outcome in (*OPEN, BREACHED)
        else:
            assert it.outcome is outcomes[0] is outcomes[1]


# ---------------------------------------------------------------- in core form


def outcomes_of(findings: dict[Key, Seen]) -> dict[Key, Outcome]:
    """The outcomes alone."""
    return {key: each.outcome for key, each in findings.items()}


@law("not allowed as none of", when=lambda it: any(each.form == "not allowed" for each in it.rules.values()))
def test_what_is_not_allowed_is_required_to_be_none(
    data: st.DataObject, rulebook: Rulebook, case: Case, engine: str
) -> None:
    """The same outcomes and subjects; who is concerned is told by the form that names them."""
    banned = [each.id for each in rulebook.rules.values() if each.form == "not allowed"]
    rules = {id_: rewrite.absence(it) if id_ in banned else it for id_, it in rulebook.rules.items()}
    after = found(attrs.evolve(rulebook, rules=rules), case, engine)
    before = found(rulebook, case, engine)
    assert outcomes_of(after) == outcomes_of(before)
    assert all(after[key] == it for key, it in before.items() if key[0] not in banned)


@law("exceptions as given", when=lambda it: any(each.exceptions for each in it.rules.values()))
def test_an_exception_is_a_part_of_what_a_rule_is_given(
    data: st.DataObject, rulebook: Rulebook, case: Case, engine: str
) -> None:
    """Whom an exception takes out is no subject; every other finding is as it was, figures and people too."""
    rules = {id_: rewrite.exceptions_in_given(it) for id_, it in rulebook.rules.items()}
    after = found(attrs.evolve(rulebook, rules=rules), case, engine)
    before = found(rulebook, case, engine)

    def biting(findings: dict[Key, Seen]) -> dict[Key, Seen]:
        return {key: each for key, each in findings.items() if each.outcome is not NOT_APPLICABLE}

    assert outcomes_of(biting(after)) == outcomes_of(biting(before))
    for key, it in biting(before).items():
        assert after[key].certain == it.certain


def alternatives_first(rulebook: Rulebook) -> Rulebook:
    """The rulebook with each list that has alternatives as alternatives of lists."""

    def mended(formula: Any) -> Any:
        return (
            formula if formula is None or rewrite.has_direct_limit(formula) else rewrite.distributed(formula)
        )

    rules = {
        id_: attrs.evolve(it, given=mended(it.given), condition=mended(it.condition))
        for id_, it in rulebook.rules.items()
    }
    definitions = {id_: attrs.evolve(it, holds=mended(it.holds)) for id_, it in rulebook.definitions.items()}
    return attrs.evolve(rulebook, rules=rules, definitions=definitions)


def shares_as_numbers(rulebook: Rulebook) -> Rulebook:
    """The rulebook with each share that is met of nobody as a number held against a fraction of another."""
    rules = {id_: rewrite.rewritten(it, rewrite.share_as_numbers) for id_, it in rulebook.rules.items()}
    definitions = {
        id_: rewrite.rewritten(it, rewrite.share_as_numbers) for id_, it in rulebook.definitions.items()
    }
    return attrs.evolve(rulebook, rules=rules, definitions=definitions)


@law("alternatives first", when=lambda it: alternatives_first(it) != it)
def test_a_list_with_alternatives_is_an_alternative_of_lists(
    data: st.DataObject, rulebook: Rulebook, case: Case, engine: str
) -> None:
    """A and (B or C) is (A and B) or (A and C): every finding is as it was."""
    other = alternatives_first(rulebook)
    assert found(other, case, engine) == found(rulebook, case, engine)


@law("shares as numbers", when=lambda it: shares_as_numbers(it) != it)
def test_a_share_is_a_number_held_against_a_fraction_of_another(
    data: st.DataObject, rulebook: Rulebook, case: Case, engine: str
) -> None:
    """Of nobody both are met. The same outcomes; the figures are those of the form."""
    other = shares_as_numbers(rulebook)
    assert outcomes_of(found(other, case, engine)) == outcomes_of(found(rulebook, case, engine))
