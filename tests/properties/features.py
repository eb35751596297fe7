"""Which parts of the language a rulebook uses, and what is not known in a case: to see that all come up."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from bigrules.facts.case import BY_NOW, UNKNOWN, Case
from bigrules.language.model import (
    THE_DAY,
    AnyOf,
    Atom,
    Const,
    Definition,
    Exception_,
    Formula,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Rule,
    Rulebook,
    Slot,
    Test,
)
from bigrules.language.parameters import is_value
from oracle.formulas import flat
from oracle.reads import all_formulas, definition_parts, parts

# Four weeks after it is the day of judging of most cases.
FOUR_WEEKS_BEFORE = datetime.date(2018, 5, 4)
AGGREGATES = ("number", "share", "total", "least", "greatest", "group sharing", "group linked")
OPS = (
    *("same", "different", "one of", "not one of", "is", "at least", "at most", "more than", "less than"),
    *("before", "after", "on or before", "on or after", "within days", "within days after"),
    *("within days before", "years before", "not years before", "more years before", "not more years before"),
    *("months before", "not months before", "more months before", "not more months before"),
    *("window", "in year"),
)

OF_RULEBOOKS = frozenset(
    [
        *("kind: dated", "kind: happened", "kind: one for each", "kind: key", "kind: no people"),
        *("field: thing", "field: choice", "field: small number", "field: number", "field: fraction"),
        *("field: date", "field: text"),
        *("definition: recursive", "definition: through another", "definition: over absence"),
        *("definition: left to people", "definition: left to people alone", "definition: in both directions"),
        *("definition: never with oneself", "definition: over a measure", "definition: over an outcome"),
        *("rule: required", "rule: not allowed", "rule: ask", "rule: must", "rule: should", "rule: expected"),
        *("rule: for the case", "rule: for each thing", "rule: for each value that is no thing"),
        *("rule: on its own day", "rule: deadline that ends on the day of judging"),
        *("parameter: as a limit", "parameter: in a test", "parameter: on a day of its own"),
        *("measure: the day in a rule with a day",),
        *("rule: thing and another slot", "rule: asked again", "rule: exception", "rule: two exceptions"),
        *("rule: exception to an exception", "rule: deadline", "rule: required list with a limit"),
        *("condition: any of", "condition: unless", "condition: unless in unless", "condition: ever"),
        *(
            "condition: on a slot",
            "condition: the day",
            "condition: constant",
            "condition: slot twice in an atom",
        ),
        *(f"outcome: {each}" for each in ("breached", "met", "not applicable")),
        *(f"test: {each}" for each in OPS),
        *(f"measure: {each}" for each in (*AGGREGATES, "weighted share", "where", "through anyone")),
        *("measure: over other things", "limit: slot", "limit: fraction of a measure", "limit: rounded"),
        *(f"limit: {each}" for each in ("at least", "at most", "more than", "less than", "exactly")),
        *("limit: of nobody met", "limit: of nobody breached", "limit: inside a condition"),
        *("limit: uses a slot of its list", "limit: inside a measure"),
    ]
)
OF_CASES = frozenset(
    [
        *("everything known", "field", "field: from", "field: until", "field: date", "field: thing"),
        *("blank from", "possible record", "kind not asked", "list incomplete", "list incomplete for a key"),
        *("no row where one for each", "question", "answer that counts", "answer too old or too late"),
    ]
)  # fmt: skip


def of_rulebook(rulebook: Rulebook) -> set[str]:
    """Every feature that a rulebook uses."""
    found = set(_of_kinds(rulebook))
    for definition in rulebook.definitions.values():
        found |= set(_of_definition(rulebook, definition))
    for rule in rulebook.rules.values():
        found |= set(_of_rule(rule))
    for formula in all_formulas(rulebook):
        found |= set(_of_part(formula))
    return found


def _of_kinds(rulebook: Rulebook) -> Iterator[str]:
    for kind in rulebook.vocabulary.given.values():
        yield from (
            f"kind: {each}"
            for each, is_so in (
                ("dated", kind.dated),
                ("happened", kind.happened),
                ("one for each", kind.one_for_each),
                ("key", kind.key),
                ("no people", all(field.type.name != "person" for field in kind.fields)),
            )
            if is_so
        )
        for field in kind.fields:
            if field.name not in ("from", "until"):
                small = field.type.least is not None and field.type.greatest is not None
                words = {"date": "date", "text": "text", "number": "fraction"}
                if field.type.is_thing:
                    yield "field: thing"
                elif field.type.choices:
                    yield "field: choice"
                elif field.type.name == "whole number":
                    yield "field: small number" if small else "field: number"
                else:
                    yield f"field: {words[field.type.name]}"


def _of_definition(rulebook: Rulebook, definition: Definition) -> Iterator[str]:
    inside = list(definition_parts(rulebook, definition.id))
    used = {part.predicate for part in inside if isinstance(part, Atom)}
    if definition.id in used:
        yield "definition: recursive"
    for other in used & rulebook.definitions.keys() - {definition.id}:
        back = definition_parts(rulebook, other)
        if any(isinstance(part, Atom) and part.predicate == definition.id for part in back):
            yield "definition: through another"
    sorts = {type(part) for part in inside}
    yield from ("definition: over absence" for each in sorts if each is NoneOf)
    yield from ("definition: over a measure" for each in sorts if each is Limit)
    yield from ("definition: over an outcome" for each in sorts if each is OutcomeIs)
    if definition.people_decide is not None:
        yield "definition: left to people" + (" alone" if definition.holds is None else "")
    if definition.symmetric:
        yield "definition: in both directions"
    if definition.irreflexive:
        yield "definition: never with oneself"


def _of_rule(rule: Rule) -> Iterator[str]:
    yield f"rule: {rule.form}"
    yield f"rule: {rule.force}"
    things = [slot for slot in rule.subject if rule.types[slot].is_thing]
    if not rule.subject:
        yield "rule: for the case"
    elif not things:
        yield "rule: for each value that is no thing"
    else:
        yield "rule: for each thing"
        if len(things) < len(rule.subject):
            yield "rule: thing and another slot"
    if rule.on:
        yield "rule: on its own day"
    if rule.asked_again_after:
        yield "rule: asked again"
    if rule.exceptions:
        yield "rule: exception"
        if len(rule.exceptions) > 1:
            yield "rule: two exceptions"
        if any(_has_unless(each) for each in rule.exceptions):
            yield "rule: exception to an exception"
    items = flat(rule.condition) if rule.condition is not None else ()
    if any(isinstance(part, Atom) and part.future for part in items):
        yield "rule: deadline"
        tests = [each for each in items if isinstance(each, Test)]
        if any(each.window == (5, 1, 6, 1) or Const(FOUR_WEEKS_BEFORE) in each.terms for each in tests):
            yield "rule: deadline that ends on the day of judging"
    if rule.on and any(_names_the_day(part) for part in rule_formulas(rule)):
        yield "measure: the day in a rule with a day"
    limits = [each for each in items if isinstance(each, Limit)]
    if rule.form == "required" and limits and len(items) > len(limits):
        yield "rule: required list with a limit"
        bound = {name for item in items if isinstance(item, Atom) for name in _slots(item)}
        if any((_words(limit) & bound) - set(rule.subject) for limit in limits):
            yield "limit: uses a slot of its list"


def rule_formulas(rule: Rule) -> Iterator[Formula]:
    """Every condition in a rule but those of its exceptions."""
    yield from parts(rule.given)
    yield from parts(rule.condition)


def _names_the_day(part: Formula) -> bool:
    """Whether it is a limit with a measure that names the day."""
    inside = parts(part) if isinstance(part, Limit) else ()
    return any(isinstance(each, Atom | Test) and Slot(THE_DAY) in each.terms for each in inside)


def _has_unless(exception: Exception_) -> bool:
    return bool(exception.unless)


def _slots(atom: Atom) -> set[str]:
    return {term.name for term in atom.terms if isinstance(term, Slot)}


def _words(limit: Limit) -> set[str]:
    found = {limit.bound.name} if isinstance(limit.bound, Slot) else set()
    return found | {name for part in parts(limit) if isinstance(part, Atom) for name in _slots(part)}


def _of_part(part: Formula) -> Iterator[str]:
    if isinstance(part, AnyOf):
        yield "condition: any of"
        if any(isinstance(each, Limit) for each in parts(part)):
            yield "limit: inside a condition"
    elif isinstance(part, NoneOf):
        yield "condition: unless"
        if any(isinstance(each, Limit) for each in parts(part)):
            yield "limit: inside a condition"
        if any(isinstance(each, NoneOf) for each in parts(part.part)):
            yield "condition: unless in unless"
    elif isinstance(part, OutcomeIs):
        yield f"outcome: {part.outcome}"
    elif isinstance(part, Test):
        yield f"test: {part.op}"
        if any(isinstance(term, Slot) and is_value(term.name) for term in part.terms):
            yield "parameter: in a test"
        if Slot(THE_DAY) in part.terms:
            yield "condition: the day"
    elif isinstance(part, Atom):
        if part.day.mode != "now":
            yield "condition: ever" if part.day.mode == "ever" else "condition: on a slot"
        names = [term.name for term in part.terms if isinstance(term, Slot)]
        if len(names) > len(set(names)):
            yield "condition: slot twice in an atom"
        if any(isinstance(term, Const) for term in part.terms):
            yield "condition: constant"
        if Slot(THE_DAY) in part.terms:
            yield "condition: the day"
    elif isinstance(part, Limit):
        yield from _of_limit(part)


def _of_limit(limit: Limit) -> Iterator[str]:
    yield f"limit: {limit.op}"
    if limit.value is not None:
        yield "parameter: as a limit"
        if limit.value.day.mode == "on":
            yield "parameter: on a day of its own"
    elif isinstance(limit.bound, Slot):
        yield "limit: slot"
    if limit.of is not None:
        yield "limit: fraction of a measure"
    if limit.rounding:
        yield "limit: rounded"
    if limit.of_nobody != "natural":
        yield f"limit: of nobody {limit.of_nobody}"
    for measure in (limit.measure, limit.of):
        if measure is not None:
            yield from _of_measure(measure)


def _of_measure(measure: Measure) -> Iterator[str]:
    yield f"measure: {measure.aggregate}"
    if measure.aggregate == "share" and measure.value:
        yield "measure: weighted share"
    if measure.where is not None:
        yield "measure: where"
    if measure.through_anyone:
        yield "measure: through anyone"
    if measure.key in "ghi":
        yield "measure: over other things"
    inside = [*parts(measure.among), *parts(measure.where)]
    if any(isinstance(each, Limit) for each in inside):
        yield "limit: inside a measure"


def of_case(rulebook: Rulebook, case: Case) -> set[str]:
    """Every sort of thing that is not known in a case, and what people answered."""
    found: set[str] = set()
    kinds = rulebook.vocabulary.given
    for fact in case.facts:
        if fact.possible:
            found.add("possible record")
        for field, value in zip(kinds[fact.kind].fields, fact.values, strict=True):
            if value is BY_NOW:
                found.add("blank from")
            if value is UNKNOWN:
                found.add("field")
                found |= {f"field: {field.name}"} & OF_CASES
                found |= {"field: thing"} if field.type.is_thing else {f"field: {field.type.name}"} & OF_CASES
    if case.asked != frozenset(kinds):
        found.add("kind not asked")
    for each in case.incomplete:
        found.add("list incomplete for a key" if each.field else "list incomplete")
    for kind in kinds.values():
        if kind.one_for_each:
            at = [each.name for each in kind.fields].index(kind.one_for_each)
            there = {
                value
                for fact in case.facts
                for field, value in zip(kinds[fact.kind].fields, fact.values, strict=True)
                if field.type == kind.fields[at].type
            }
            if there - {fact.values[at] for fact in case.facts if fact.kind == kind.name}:
                found.add("no row where one for each")
    if not found:
        found.add("everything known")
    if any(each.people_decide is not None for each in rulebook.definitions.values()) or any(
        each.form == "ask" for each in rulebook.rules.values()
    ):
        found.add("question")
    for answer in case.answers:
        late = answer.when is not None and answer.when > case.as_of
        rule = rulebook.rules.get(answer.question)
        after = rule.asked_again_after if rule is not None else None
        old = after is not None and answer.when is not None and (case.as_of - answer.when).days > 366
        found.add("answer too old or too late" if late or old else "answer that counts")
    return found
