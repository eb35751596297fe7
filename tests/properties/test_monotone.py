"""What one record more can do to a rule, and what it can not: every rule in every kind of fact that it reads."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

import compact
from bigrules.facts.case import Case
from bigrules.findings.report import Outcome
from bigrules.language.model import Kind
from partnerships import core, once_each, random_row
from properties.effects import BREAKS, EFFECTS, EITHER, MENDS, NOTHING, Effect, lists_read
from properties.evaluators import ENGINES, findings, shipped
from properties.long_run import LONG, examples, repeated
from quick_partnerships import case_of, numbers, quick
from quick_partnerships import given as given_rows

# How bad an outcome is: what is open lies between.
RANK = {
    Outcome.NOT_APPLICABLE: 0,
    Outcome.MET: 0,
    Outcome.JUDGEMENT: 1,
    Outcome.UNDECIDED: 1,
    Outcome.BREACHED: 2,
}
# What may not become of how bad it was.
WRONG = {
    BREAKS: lambda old, new: new < old,
    MENDS: lambda old, new: new > old,
    NOTHING: lambda old, new: new != old,
}
KINDS = sorted({kind for effects in EFFECTS.values() for kind in effects})


Part = tuple[str, str]


def parts_of(kind: str) -> list[Part]:
    """The sorts of record of a kind that some rule tells apart: a field and one value in it; and all records."""
    found = {
        (each.field, value)
        for effects in EFFECTS.values()
        for each in effects.get(kind, ())
        for value in each.values
    }
    return sorted(found | {("", "")})


def told(kind: str, part: Part) -> list[tuple[str, Effect]]:
    """What the table says of records of such a sort."""
    return [
        (rule, each)
        for rule, effects in EFFECTS.items()
        for each in effects.get(kind, ())
        if each.way != EITHER and (not each.field or (each.field == part[0] and part[1] in each.values))
    ]


def without_one(case: Case, kind: Kind, number: int) -> Case:
    """The case, of a kind that lists things without the row of one of them, so that it can be the one more."""
    names = [each.values[0] for each in case.facts if each.kind == kind.name]
    if not kind.lists or not names:
        return case
    gone = random.Random(number).choice(names)
    kept = [each for each in given_rows(shipped(), case) if (each.kind, each.values[0]) != (kind.name, gone)]
    return case_of(shipped(), kept, like=case)


def further(case: Case, kind: Kind, part: Part, number: int) -> Case:
    """The case with one certain record more of such a sort, or some, or so many that one is likely to matter."""
    chance = random.Random(number)
    people = [str(each.values[0]) for each in case.facts if each.kind == "people"]
    some = core(people) if chance.random() < 0.7 else people
    fixed = {part[0].replace(" ", "_"): part[1]} if part[0] else {}
    count = chance.choice([1, 4, 20])
    more = [random_row(shipped(), kind.name, some, chance, **fixed) for _ in range(count)]
    return case_of(shipped(), once_each(shipped(), [*given_rows(shipped(), case), *more]), like=case)


def ranks(engine: str, case: Case, kind: str) -> Counter[tuple[str, object]]:
    """How bad each rule that reads a kind comes out for each subject; of what there is no finding, nothing is wrong."""
    rules = tuple(rule for rule, effects in EFFECTS.items() if kind in effects)
    return Counter({key: RANK[each.outcome] for key, each in findings(case, engine, rules).items()})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_record_more_never_does_what_the_table_says_it_never_does(engine: str, kind: str) -> None:
    """On random partnerships of which everything is known, or some of it is not."""
    parts = parts_of(kind)

    @examples(4 + len(parts) if engine == "compiled" else 1 + len(parts) // 6)
    @given(numbers, numbers, st.sampled_from([0, 0, 1]), st.booleans())
    def tried(number: int, other: int, unknown: int, answers: bool) -> None:
        some = random.Random(other).sample(parts, min(len(parts), 3))
        what = shipped().vocabulary.kinds[kind]
        case = quick(shipped(), number, unknown=unknown, answers=answers)
        before = without_one(case, what, other)
        old = ranks(engine, before, kind)
        for part in some:
            new = ranks(engine, further(before, what, part, other), kind)
            for rule, effect in told(kind, part):
                for key in (each for each in {*old, *new} if each[0] == rule):
                    wrong = WRONG[effect.way](old[key], new[key])
                    if wrong:
                        note(compact.text(before))
                    assert not wrong, f"{kind} of {part} {effect.way}: {key} was {old[key]}, is {new[key]}"

    repeated(tried, weight=0.2)


def test_each_rule_and_each_kind_of_fact_that_it_reads_is_in_the_table() -> None:
    """A new rule has to be entered, and a kind that a rule reads from now on."""
    read = {rule: lists_read(shipped(), rule) for rule in shipped().rules}
    assert {rule: set(effects) for rule, effects in EFFECTS.items()} == read


def test_what_turns_on_the_values_of_a_field_names_every_value() -> None:
    """And what may do either says why."""
    for rule, effects in EFFECTS.items():
        for kind, each in effects.items():
            fields = {effect.field for effect in each}
            assert len(fields) == 1, (rule, kind)
            (field,) = fields
            if field:
                values = [value for effect in each for value in effect.values]
                type_ = shipped().vocabulary.kinds[kind].field(field).type
                assert sorted(values) == sorted(type_.choices), (rule, kind)
            for effect in each:
                assert (effect.way == EITHER) == bool(effect.because), (rule, kind)


@pytest.mark.skipif(not LONG, reason="what the table claims is seen to happen in the long profile")
def test_what_the_table_says_may_happen_does_happen() -> None:
    """A kind that never breaks a rule that it may break would be a claim about nothing."""
    unseen = {
        (rule, kind, effect)
        for rule, effects in EFFECTS.items()
        for kind, each in effects.items()
        for effect in each
        if effect.way in (BREAKS, MENDS)
    }
    for number in range(3_000):
        before = quick(shipped(), number, unknown=number % 3, answers=number % 2 == 0)
        for kind in sorted({kind for _, kind, _ in unseen}):
            what = shipped().vocabulary.kinds[kind]
            without = without_one(before, what, number)
            old = ranks("compiled", without, kind)
            left = {
                (each.field, value) for _, of, each in unseen if of == kind for value in each.values or ("",)
            }
            for part in random.Random(number).sample(sorted(left), min(len(left), 2)):
                new = ranks("compiled", further(without, what, part, number), kind)
                for rule, effect in told(kind, part):
                    differs = any(new[key] != old[key] for key in {*old, *new} if key[0] == rule)
                    if differs:
                        unseen.discard((rule, kind, effect))
    assert not unseen, "\n".join(map(str, sorted(unseen, key=str)))
