"""What the examples of a file ought to reach, as conditions that the engine is asked for: one for each branch.

A condition counts where it makes the difference: all that stands beside it holds, and it holds in one example
and does not in another.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, cast

import attrs

from bigrules.engines.computed import function_for
from bigrules.findings.report import Finding, Outcome
from bigrules.language.files import Sources
from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Const,
    Definition,
    Exception_,
    Formula,
    Limit,
    NoneOf,
    OutcomeIs,
    Parameter,
    Rule,
    Rulebook,
    Slot,
    Term,
    Test,
    Type,
)
from bigrules.language.scope import bound, names_in
from bigrules.language.source import Document, Mapping, Text
from bigrules.tools.coverage_edges import Edge, edges_of_limit, edges_of_test, has_edges, possible
from bigrules.tools.coverage_formulas import (
    Where,
    as_recorded,
    first_text,
    implied,
    is_listed,
    mappings_in,
    orders_in,
    others_in,
    parts_in,
    renamed,
    standing,
    where,
)

Findings = Sequence[Finding]


@attrs.frozen(eq=False)
class Probe:
    """Something that an example may reach.

    Args:
        where: File and line that it is about.
        misses: What no example does where it is not reached.
        rule: What the engine is asked for, or None where the example itself says it.
        reached: Whether it is reached, from what the engine found and the day of judging.
    """

    where: Where
    misses: str
    rule: Rule
    reached: Callable[[Findings, object], bool]


class Probes:
    """The probes of one rule or definition.

    Args:
        rulebook: The rulebook.
        file: The rule or definition.
        types: The types of its slots.
        asked: The sentence that holds for what an example of a definition states, or None for a rule.
        document: The file as it was read.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        file: Rule | Definition,
        types: dict[str, Type],
        asked: Atom | None,
        document: Document,
    ) -> None:
        self.rulebook, self.file, self.types, self.asked = rulebook, file, types, asked
        setting = cast(Sources, rulebook._sources).setting
        self.sentences = setting.sentences if setting is not None else None
        self.document = document
        self.kinds = rulebook.vocabulary.kinds
        self.mappings = list(mappings_in(document.root))
        self.number = 0

    def found(self) -> Iterator[Probe]:
        """All of them, in the order of the file as far as it goes."""
        if isinstance(self.file, Definition):
            around: list[Formula] = [self.asked] if self.asked is not None else []
            if self.file.holds is not None:
                yield from self.whole(self.file.holds, around)
            if self.file.people_decide is not None:
                yield from self.whole(self.file.people_decide, around)
                parts = [*around, self.file.people_decide]
                if self.file.holds is not None:
                    parts.append(NoneOf(self.file.holds))
                yield self.simple(("", 0), "nothing is left for people to decide", parts)
            return
        given = list(parts_in(self.plain(self.file.given)))
        exceptions = [self.active(each) for each in self.file.exceptions]
        yield from self.all_of(given, [])
        free = [*given, *(NoneOf(each) for each in exceptions)]
        if self.file.condition is not None:
            yield from self.whole(self.plain(self.file.condition), free)
        yield from self.exceptions(self.file.exceptions, given)

    # ------------------------------------------------------------ conditions

    def whole(self, formula: Formula, around: list[Formula]) -> Iterator[Probe]:
        """A condition, or a list of them, beside others."""
        yield from self.all_of(list(parts_in(self.plain(formula))), around)

    def all_of(self, parts: list[Formula], around: list[Formula]) -> Iterator[Probe]:
        """Each condition of a list, with all others of it."""
        for at, part in enumerate(parts):
            yield from self.part(part, [*around, *parts[:at], *parts[at + 1 :]])

    def part(self, part: Formula, around: list[Formula]) -> Iterator[Probe]:
        """A condition, where all around it holds."""
        if isinstance(part, All):
            yield from self.all_of(list(part.parts), around)
        elif isinstance(part, NoneOf):
            inner = parts_in(part.part)
            if len(inner) == 1 and not isinstance(inner[0], NoneOf):
                yield from self.part(inner[0], around)
                return
            line, words = where(part), f"what is under `unless`, with {first_text(part)}"
            yield self.simple(line, f"{words}, never holds", [*around, part.part])
            yield self.simple(line, f"{words}, always holds", self.without(around, part.part))
            yield from self.all_of(list(inner), around)
        elif isinstance(part, AnyOf):
            yield from self.any_of(part, around)
        elif not self.is_value(part):
            yield from self.leaf(part, around)

    def any_of(self, part: AnyOf, around: list[Formula]) -> Iterator[Probe]:
        """Each branch by itself, and none of them."""
        for at, branch in enumerate(part.parts):
            others: list[Formula] = [NoneOf(each) for each in (*part.parts[:at], *part.parts[at + 1 :])]
            yield self.simple(
                where(branch),
                f"{first_text(branch)} is never the only branch of `any of` that holds",
                [*around, branch, *others],
            )
            yield from self.inside_branch(branch, [*around, *others])
        line = where(part)
        yield self.simple(
            line, f"one of `any of`, from {first_text(part)} on, always holds", self.without(around, part)
        )

    def inside_branch(self, branch: Formula, around: list[Formula]) -> Iterator[Probe]:
        """What a branch of several conditions holds, or of one with a limit."""
        if isinstance(branch, All):
            yield from self.all_of(list(branch.parts), around)
        elif isinstance(branch, AnyOf):
            yield from self.any_of(branch, around)
        elif isinstance(branch, Limit | Test):
            yield from self.edges(branch, around)
        elif isinstance(branch, NoneOf) and len(parts_in(branch.part)) > 1:
            yield from self.all_of(list(parts_in(branch.part)), around)

    def leaf(self, part: Formula, around: list[Formula]) -> Iterator[Probe]:
        """A sentence, a test, the outcome of a rule, or a limit: it holds, and it does not."""
        says, turned = self.said(part)
        line = self.line_of(part)
        beside = "" if all(each is self.asked for each in around) else " with all beside it"
        never, always = (
            ("is never kept", "is never broken")
            if isinstance(part, Limit)
            else (f"never holds{beside}", f"always holds{beside}")
        )
        if turned:
            never, always = always, never
        yield self.simple(line, f"`{says}` {never}", [*around, part])
        rest = standing(around, bound(All((*around, part))))
        is_there = not others_in(around, rest) and (
            self.follows(part, rest) or is_listed(self.kinds, part, rest)
        )
        if not is_there and self.can_fail(part, around):
            yield self.simple(line, f"`{says}` {always}", self.without(around, part))
        if isinstance(part, Limit | Test):
            yield from self.edges(part, around)
        if isinstance(part, Limit):
            yield from self.measured(part, around)

    def measured(self, limit: Limit, around: list[Formula]) -> Iterator[Probe]:
        """What stands in a measure: each condition of whom it is taken among, and of which of them count."""
        for measure in (limit.measure, limit.of):
            if measure is None:
                continue
            among = list(parts_in(measure.among))
            yield from self.all_of(among, around)
            if measure.where is not None:
                yield from self.all_of(list(parts_in(measure.where)), [*around, *among])
            if measure.link is not None:
                yield from self.all_of(list(parts_in(measure.link)), [*around, *among])

    # ------------------------------------------------------------ exceptions

    def active(self, exception: Exception_) -> Formula:
        """That an exception applies."""
        inner = [NoneOf(self.active(each)) for each in exception.unless]
        return All((*parts_in(self.plain(exception.when)), *inner))

    def exceptions(self, found: tuple[Exception_, ...], around: list[Formula]) -> Iterator[Probe]:
        """Each exception where no other applies, and each exception to it."""
        for at, each in enumerate(found):
            others: list[Formula] = [NoneOf(self.active(one)) for one in (*found[:at], *found[at + 1 :])]
            beside = [*around, *others]
            line = (each.place.file, each.place.line)
            yield self.simple(line, "this exception never applies by itself", [*beside, self.active(each)])
            yield self.simple(line, "this exception always applies", self.without(beside, self.active(each)))
            inner: list[Formula] = [NoneOf(self.active(one)) for one in each.unless]
            yield from self.all_of(list(parts_in(self.plain(each.when))), [*beside, *inner])
            yield from self.exceptions(each.unless, [*beside, *parts_in(self.plain(each.when))])

    # ------------------------------------------------------------ edges

    def edges(self, part: Limit | Test, around: list[Formula]) -> Iterator[Probe]:
        """Both sides of a limit, or of a test that holds up to a value."""
        if isinstance(part, Test):
            if has_edges(part):
                first = self.types.get(cast(Slot, part.terms[0]).name, Type("date"))
                for edge in edges_of_test(part, first):
                    if self.can_be(part, around, edge.reached):
                        yield self.edge(part, around, edge, part.terms)
            return
        value = self.types.get(part.measure.value) if part.measure.value else None
        for edge in edges_of_limit(part, value):
            yield self.edge(part, around, edge, None)

    def edge(
        self, part: Limit | Test, around: list[Formula], edge: Edge, terms: tuple[Term, ...] | None
    ) -> Probe:
        says, _ = self.said(part)
        everything = [*around, *([part.value] if isinstance(part, Limit) and part.value else [])]
        rest = standing(everything, bound(All(tuple(everything))))
        used = names_in(part) - {THE_DAY}
        subject = tuple(sorted(used & bound(All(tuple(rest)))))
        form: Literal["required", "not allowed"] = "required" if isinstance(part, Limit) else "not allowed"
        rule = self.rule(form, part, rest, subject)

        def reached(findings: Findings, day: object) -> bool:
            if terms is None:
                return any(edge.reached(figure) for each in findings for figure in each.figures)
            settled = (Outcome.MET, Outcome.BREACHED)
            return any(
                edge.reached(_values(terms, each, day))
                for each in findings
                if each.outcome in settled and not each.further
            )

        return Probe(self.line_of(part), f"`{says}`: no example has {edge.says}", rule, reached)

    # ------------------------------------------------------------ making probes

    def simple(self, where: Where, misses: str, parts: Sequence[Formula]) -> Probe:
        """A probe that some conditions hold together for something, for certain."""
        rule = self.rule("not allowed", All(tuple(parts)), [], ())
        return Probe(where, misses, rule, _certain)

    def rule(
        self,
        form: Literal["required", "not allowed"],
        condition: Formula,
        given: list[Formula],
        subject: tuple[str, ...],
    ) -> Rule:
        self.number += 1
        return Rule(
            f"probe {self.number}",
            "a probe",
            form=form,
            condition=condition,
            given=All(tuple(given)) if given else None,
            subject=subject,
            types=self.types,
        )

    def without(self, around: list[Formula], part: Formula) -> list[Formula]:
        """What is around a condition, as far as it can stand without it, and that the condition does not hold."""
        rest = standing(around, bound(All((*around, part))))
        others = others_in(around, rest)
        absent = NoneOf(All((part, *others)) if others else part)
        return [*rest, *self.apart(part, rest), absent, *self.other_way(part)]

    def can_fail(self, part: Formula, around: list[Formula]) -> bool:
        """Whether a test can fail to hold, as far as the days in it go; what is no test can."""
        if not isinstance(part, Test) or len(part.terms) != 2:
            return True
        holds = function_for(part)
        return self.can_be(part, around, lambda values: not holds(*values))

    def can_be(self, part: Test, around: list[Formula], wanted: Callable[[tuple[Any, ...]], bool]) -> bool:
        """Whether two days can be as is wanted: what is read on a day has begun and not ended, or has happened."""
        orders = {order for each in around if isinstance(each, Atom) for order in orders_in(self.kinds, each)}
        for at, pair in enumerate((part.terms, part.terms[::-1])):
            if pair in orders and not possible(part, wanted, at):
                return False
        return True

    def follows(self, part: Formula, around: list[Formula]) -> bool:
        """Whether the same as a sentence is said around it."""
        return implied(part, around, lambda name: name not in self.kinds or self.kinds[name].dated)

    def always(self) -> bool:
        """Whether what a rule requires, or does not allow, holds for whatever it is about."""
        if not isinstance(self.file, Rule) or self.file.condition is None:
            return False
        given = list(parts_in(self.plain(self.file.given)))
        return all(self.follows(each, given) for each in parts_in(self.plain(self.file.condition)))

    def other_way(self, part: Formula) -> Iterator[Formula]:
        """That a condition on both of a definition that holds in both directions does not hold turned round either."""
        heads = self.file.slots[:2] if isinstance(self.file, Definition) and self.file.symmetric else ()
        if heads and set(heads) <= names_in(part):
            yield NoneOf(renamed(part, dict(zip(heads, reversed(heads), strict=True))))

    def apart(self, part: Formula, around: list[Formula]) -> Iterator[Formula]:
        """That two things of one sort of which a sentence speaks are two: of one and itself it hardly ever holds."""
        there = bound(All(tuple(around)))
        slots = [each for each in part.terms if isinstance(each, Slot)] if isinstance(part, Atom) else []
        for one, other in itertools.combinations(dict.fromkeys(slots), 2):
            types = self.types.get(one.name), self.types.get(other.name)
            if {one.name, other.name} <= there and types[0] == types[1] and types[0] and types[0].is_thing:
                yield Test("different", (one, other))

    def is_value(self, part: Formula) -> bool:
        """Whether it only binds the value of a parameter."""
        if not isinstance(part, Atom):
            return False
        kind = self.kinds.get(part.predicate)
        return kind is not None and isinstance(kind.worked_out, Parameter)

    def plain(self, formula: Formula | None) -> Formula:
        """A condition of the rule as it is read on what is recorded, with its own day by its slot."""
        if formula is None:
            return All(())
        on = self.file.on if isinstance(self.file, Rule) else ""
        return as_recorded(formula, on)

    # ------------------------------------------------------------ words

    def said(self, part: Formula) -> tuple[str, bool]:
        """A condition as it is written, and whether that says that it is not so."""
        if isinstance(part, Limit):
            return f"{part.op}: {part.text.removeprefix(part.op).strip()}", False
        if isinstance(part, OutcomeIs):
            return f"rule {part.rule} is {part.outcome}", False
        if (key := self.spell_key(part)) is not None:
            return f"{key.text}: {cast(Const, cast(Test, part).terms[1]).value}", False
        text = cast(Atom | Test, part).text
        entry = self.sentences.find(text) if self.sentences is not None else None
        return text, entry is not None and entry.negated

    def spell_key(self, part: Formula) -> Text | None:
        """The key `from` or `until` of the file, where a test is what it means."""
        if (
            not isinstance(part, Test)
            or part.place != self.file.place
            or not isinstance(self.document.root, Mapping)
        ):
            return None
        name = {"on or after": "from", "on or before": "until"}.get(part.op)
        return next((key for key, _ in self.document.root.entries if key.text == name), None)

    def line_of(self, part: Formula) -> Where:
        """Where a condition stands; of a limit where the limit itself does, and not its measure."""
        if (found := self.spell_key(part)) is not None:
            place = self.document.span(found)
            return place.file, place.line
        if isinstance(part, Limit):
            for node in self.mappings:
                key = node.entries[0][0]
                place = self.document.span(key)
                if (place.file, place.line, place.column) == (
                    part.place.file,
                    part.place.line,
                    part.place.column,
                ):
                    limit = next((each for each, _ in node.entries if each.text == part.op), key)
                    place = self.document.span(limit)
                    return place.file, place.line
        return where(part)


def _certain(findings: Findings, day: object) -> bool:
    return any(each.outcome is Outcome.BREACHED for each in findings)


def _values(terms: tuple[Term, ...], finding: Finding, day: object) -> tuple[object, ...]:
    """The values of the terms of a test in a finding."""
    values = {**dict(finding.subject), THE_DAY: day}
    return tuple(values.get(each.name) if isinstance(each, Slot) else each.value for each in terms)
