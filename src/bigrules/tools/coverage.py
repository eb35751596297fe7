"""How much of a rule or definition file its own examples reach: each outcome, each branch, both sides of each limit."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Final

import attrs

from bigrules.diagnostics import InputError
from bigrules.facts.case import Case, Fact
from bigrules.facts.examples import EXAMPLE_DAY, example_case
from bigrules.facts.known import last_day
from bigrules.findings.judge import judge
from bigrules.findings.report import Finding
from bigrules.findings.wording import count
from bigrules.language import in_force
from bigrules.language.model import (
    Atom,
    Definition,
    Example,
    Field,
    Kind,
    Rule,
    Rulebook,
    Sentence,
    Slot,
    Type,
    Vocabulary,
)
from bigrules.program.compile import compile_program
from bigrules.program.formulas import walk
from bigrules.tools.coverage_probes import Probe, Probes
from bigrules.tools.mutants_built import document_of
from bigrules.tools.mutants_same import file_sense, sense

# A kind of fact that holds what the examples of a definition state; no author can write two spaces.
_ASKED: Final = "stated  "
_DAY: Final = datetime.timedelta(days=1)


@attrs.frozen
class Branch:
    """Something of a file that an example reaches, or that none does.

    Args:
        file: The file.
        line: The line of it.
        misses: What no example does where it is not reached.
        reached: Whether an example reaches it.
    """

    file: str
    line: int
    misses: str
    reached: bool


def coverage(rulebook: Rulebook, id: str) -> tuple[Branch, ...]:
    """What the examples of a rule or definition ought to reach, and whether they do, in the order of the lines.

    Args:
        rulebook: A rulebook whose examples come out as they say.
        id: Id of the rule or definition.
    """
    if id in rulebook.rules:
        rule = rulebook.rules[id]
        _, document = document_of(rulebook, id)
        always = Probes(rulebook, rule, rule.types, None, document).always()
        found = [*_outcomes(rule, always), *_in_time(rule), *_probed(rulebook, rule, rule.types, None)]
    else:
        definition = rulebook.definitions[id]
        types = _slot_types(rulebook, definition)
        # What has no slots is stated of the case as a whole.
        asked = Atom(_ASKED, tuple(map(Slot, definition.slots))) if definition.slots else None
        found = [*_stated(definition), *_probed(rulebook, definition, types, asked)]
    own = (rulebook.rules.get(id) or rulebook.definitions[id]).place.file
    unique: dict[tuple[str, int, str], Branch] = {}
    for each in found:
        before = unique.get((each.file, each.line, each.misses))
        if before is None or not each.reached:
            unique[each.file, each.line, each.misses] = each
    return tuple(sorted(unique.values(), key=lambda each: (each.file != own, each.file, each.line)))


# ---------------------------------------------------------------- what examples say themselves


def _outcomes(rule: Rule, always: bool) -> Iterator[Branch]:
    """Each outcome that a rule can have when everything is known.

    Args:
        rule: The rule.
        always: Whether its condition holds for whatever it is about.
    """
    wanted = ["met", "breached"]
    if always:
        wanted.remove("met" if rule.form == "not allowed" else "breached")
    if rule.form == "ask":
        wanted.append("judgement")
    if rule.given is not None or rule.exceptions:
        wanted.append("not applicable")
    said = {each.then for each in rule.examples}
    for each in wanted:
        yield Branch(*_first(rule), f"no example comes out as `{each}`", each in said)


def _first(file: Rule | Definition) -> tuple[str, int]:
    return file.place.file, file.place.line


def _stated(definition: Definition) -> Iterator[Branch]:
    """That it holds and does not hold of what an example states."""
    said = {
        each.status
        for example in definition.examples
        for each in example.holds
        if each.predicate == definition.id
    }
    yield Branch(*_first(definition), "no example says that it holds", "true" in said)
    yield Branch(*_first(definition), "no example says that it does not hold", "false" in said)


def _in_time(rule: Rule) -> Iterator[Branch]:
    """The last day on which an answer counts that is asked again, and the first on which it does not."""
    if rule.asked_again_after is None:
        return
    counts_last = lapsed_first = False
    for example in rule.examples:
        day = example.as_of or EXAMPLE_DAY
        for each in example.given:
            if each.status == "answer" and each.predicate == rule.id:
                given = each.when or day
                # On the day, and of an answer of the day before or after: no day has it as its last in some months.
                last, before, after = (
                    last_day(rule.asked_again_after, given + by * _DAY) for by in (0, -1, 1)
                )
                counts_last |= last == day or before < day <= last
                lapsed_first |= last + _DAY == day or last < day <= after
    length = count(*rule.asked_again_after)
    says = f"`asked again after: {length}`: no example has an answer on"
    yield Branch(*_first(rule), f"{says} the last day on which it counts", counts_last)
    yield Branch(*_first(rule), f"{says} the first day on which it no longer does", lapsed_first)


# ---------------------------------------------------------------- what an engine is asked for


def _probed(
    rulebook: Rulebook, file: Rule | Definition, types: dict[str, Type], asked: Atom | None
) -> list[Branch]:
    """What is reached by the examples as an engine finds it."""
    books: dict[int, Rulebook] = {}
    _, document = document_of(rulebook, file.id)
    probes = list(Probes(rulebook, file, types, asked, document).found())
    reached = [False] * len(probes)
    # What is not known takes a search: examples that know everything come first, and mostly reach all there is.
    for example in sorted(file.examples, key=_is_open):
        left = [at for at, done in enumerate(reached) if not done]
        if not left:
            break
        of_the_day = in_force(rulebook, example.as_of or EXAMPLE_DAY)
        # Where another text of the file is in force, the example is not about this one.
        case = _case(of_the_day, file, example) if _has(of_the_day, file) else None
        if case is None:
            continue
        book = books.get(id(of_the_day))
        if book is None:
            book = books[id(of_the_day)] = of_the_day if asked is None else _with_asked(of_the_day, file)
        for at, findings in _asked_for(book, [probes[each] for each in left], case).items():
            reached[left[at]] = probes[left[at]].reached(findings, case.as_of)
    return [
        Branch(*(each.where if each.where[1] else _first(file)), each.misses, done)
        for each, done in zip(probes, reached, strict=True)
    ]


def _has(rulebook: Rulebook, file: Rule | Definition) -> bool:
    """Whether a rulebook has just this text of a rule or definition."""
    theirs = rulebook.rules.get(file.id) or rulebook.definitions.get(file.id)
    return theirs is file or (theirs is not None and sense(rulebook, file.id) == file_sense(rulebook, file))


def _is_open(example: Example) -> bool:
    return any(each.status in ("unknown", "not asked") for each in example.given)


def _asked_for(book: Rulebook, probes: list[Probe], case: Case) -> dict[int, list[Finding]]:
    """What an engine finds for some probes, by their number."""
    rules = {each.rule.id: each.rule for each in probes}
    order = {id: at for at, id in enumerate(rules)}
    # Rules that a probe speaks about stay.
    with_probes = attrs.evolve(book, rules={**book.rules, **rules})
    found: dict[int, list[Finding]] = {at: [] for at in order.values()}
    for each in judge(with_probes, compile_program(with_probes, list(rules)), case):
        if each.rule in order:
            found[order[each.rule]].append(each)
    return found


def _case(rulebook: Rulebook, file: Rule | Definition, example: Example) -> Case | None:
    try:
        case = example_case(rulebook, example)
    except InputError:
        return None
    if isinstance(file, Rule) or not file.slots:
        return case
    stated = []
    for each in example.holds:
        if each.predicate == file.id:
            stated.append(each.values)
            if file.symmetric:
                stated.append((each.values[1], each.values[0], *each.values[2:]))
    facts = tuple(Fact(_ASKED, each) for each in dict.fromkeys(stated))
    return attrs.evolve(case, facts=(*case.facts, *facts), asked=case.asked | {_ASKED})


def _with_asked(rulebook: Rulebook, definition: Rule | Definition) -> Rulebook:
    """A rulebook with a kind of fact that holds what the examples of a definition state."""
    assert isinstance(definition, Definition)
    fields = tuple(map(Field, definition.slots, definition.types))
    says = " ".join(["stated", *(f"<{each}>" for each in definition.slots)])
    kind = Kind(_ASKED, fields, (Sentence(says, definition.slots),))
    vocabulary = Vocabulary({**rulebook.vocabulary.kinds, _ASKED: kind}, rulebook.vocabulary.things)
    return attrs.evolve(rulebook, vocabulary=vocabulary)


def _slot_types(rulebook: Rulebook, definition: Definition) -> dict[str, Type]:
    """The types of the slots of a definition, those that are only used inside of it too."""
    types: dict[str, Type] = {}
    for formula in (definition.holds, definition.people_decide):
        for each in walk(formula) if formula is not None else ():
            if isinstance(each, Atom):
                for term, type in zip(each.terms, rulebook.types(each.predicate), strict=True):
                    if isinstance(term, Slot):
                        types.setdefault(term.name, type)
    return {**types, **dict(zip(definition.slots, definition.types, strict=True))}
