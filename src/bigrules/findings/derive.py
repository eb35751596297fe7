"""Derivations, made again on demand: from which facts, by which definitions, something holds.

An engine keeps what holds and not why. Here the why is found again, by reading the rule's own
conditions over the tables of an evaluation, so that it is said in the words of the rule files.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Literal

import attrs

from bigrules.engines.base import Evaluation
from bigrules.engines.computed import function_for
from bigrules.facts.case import UNKNOWN, Assumed, Case
from bigrules.findings import wording
from bigrules.findings.report import Outcome
from bigrules.findings.wording import Names
from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Const,
    Definition,
    Formula,
    Kind,
    Limit,
    NoneOf,
    OutcomeIs,
    Rulebook,
    Sentence,
    Slot,
    Term,
    Test,
    Type,
)

Sort = Literal["fact", "stated", "definition", "absence", "test", "match", "limit", "outcome", "answer", "question"]

# On which day something is read: `now`, `ever`, or a day.
Reads = Literal["now", "ever"] | datetime.date
Tuple = tuple[object, ...]

# Tests that only pick values out; what they pick is seen in the sentence beside them.
QUIET = ("same", "different", "one of", "not one of", "is")


@attrs.frozen
class Derivation:
    """Why something holds: a fact, or a condition with what it holds because of.

    Args:
        says: What holds, in words.
        sort: What stands behind it.
        certain: Whether it holds whatever the facts that are not known turn out to be.
        where: Where in the register it stands, in words, or "".
        source: Id of the definition or rule that it comes from, or "".
        because: What it holds because of.
        supposed: Whether it rests on a record that is not in the register and only may be missing from it.
    """

    says: str
    sort: Sort
    certain: bool = True
    where: str = ""
    source: str = ""
    because: tuple[Derivation, ...] = ()
    supposed: bool = False


@attrs.frozen
class Entry:
    """A tuple of a table, for certain or not, with the number of the fact behind it."""

    values: Tuple
    certain: bool
    fact: int | None = None


@attrs.frozen
class Step:
    """A part of a condition that holds, and the entry that it was matched with."""

    part: Formula
    entry: Entry | None
    reads: Reads
    certain: bool


@attrs.frozen
class Solution:
    """One way in which a condition holds."""

    binding: Mapping[str, object]
    certain: bool = True
    steps: tuple[Step, ...] = ()


@attrs.frozen
class Proof:
    """How a definition holds of something.

    Args:
        solution: How its condition holds.
        asked: Whether it is the condition that leaves the answer to people.
    """

    solution: Solution
    asked: bool = False


class Deriver:
    """Finds derivations over one evaluation.

    Args:
        rulebook: Where the conditions stand.
        case: The facts, for where they stand.
        evaluation: What holds.
        names: What things are called.
        outcomes: Outcomes of rules, for conditions on them.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        case: Case,
        evaluation: Evaluation,
        names: Names,
        outcomes: Mapping[str, Outcome] | None = None,
    ) -> None:
        self.rulebook, self.case, self.evaluation, self.names = rulebook, case, evaluation, names
        self.outcomes = outcomes or {}
        self._tables: dict[tuple[str, Reads, bool], list[Entry]] = {}
        self._groups: dict[str, frozenset[str]] = {}
        self._ranks: dict[tuple[frozenset[str], Reads], dict[tuple[str, Tuple], tuple[int, Proof | None]]] = {}
        self._below: tuple[tuple[frozenset[str], Reads], int] | None = None

    # ------------------------------------------------------------ tables

    def entries(self, predicate: str, reads: Reads, future: bool = False) -> list[Entry]:
        """Everything that holds, or may hold, of a kind or definition read so."""
        key = (predicate, reads, future)
        if key not in self._tables:
            self._tables[key] = list(self._read(predicate, reads, future))
        return self._tables[key]

    def _read(self, predicate: str, reads: Reads, future: bool) -> Iterator[Entry]:
        suffix = " @soon" if future else {"now": "", "ever": " @ever"}.get(str(reads), " @on")
        name = predicate + suffix if predicate + suffix in self.evaluation.program.predicates else predicate
        on = reads if name.endswith(" @on") else None
        if predicate in self.rulebook.vocabulary.kinds:
            for row in self.evaluation.layout.tables.get(name, ()):
                values = tuple(row.values)
                if on is not None:
                    if values[-1] != on:
                        continue
                    values = values[:-1]
                yield Entry(values, not row.when, row.fact)
            return
        if name not in self.evaluation.program.predicates:
            return
        columns = len(self.rulebook.definitions[predicate].slots)
        truth_of = self.evaluation.valuation({})
        for values, condition in self.evaluation.table(name).items():
            if on is not None and values[-1] != on:
                continue
            truth = truth_of(condition)
            if truth is not False:
                yield Entry(values[:columns], truth is True)

    # ------------------------------------------------------------ conditions

    def solve(self, formula: Formula, binding: Mapping[str, object], reads: Reads = "now") -> Iterator[Solution]:
        """Every way in which a condition holds, or may hold, under a binding of slots."""
        start = dict(binding)
        start.setdefault(THE_DAY, reads if isinstance(reads, datetime.date) else self.case.as_of)
        yield from self._parts(flat(formula), Solution(start), reads)

    def first(self, formula: Formula, binding: Mapping[str, object], reads: Reads = "now") -> Solution | None:
        """A way in which it holds for certain, if there is one; else one in which it may."""
        best: Solution | None = None
        for number, each in enumerate(self.solve(formula, binding, reads)):
            if each.certain:
                return each
            best = best or each
            if number > 5_000:
                break
        return best

    def _parts(self, parts: list[Formula], so_far: Solution, reads: Reads) -> Iterator[Solution]:
        if not parts:
            yield so_far
            return
        index = min(range(len(parts)), key=lambda each: (self._cost(parts[each], so_far.binding), each))
        rest = parts[:index] + parts[index + 1 :]
        for each in self._one(parts[index], so_far, reads):
            yield from self._parts(rest, each, reads)

    def _cost(self, part: Formula, binding: Mapping[str, object]) -> int:
        # Tests as soon as they can be taken; absence and measures when everything else is bound.
        if isinstance(part, Test):
            return 0 if all(not isinstance(term, Slot) or term.name in binding for term in part.terms) else 90
        if isinstance(part, Atom):
            if part.day.mode == "on" and part.day.slot not in binding:
                return 80
            unbound = sum(isinstance(term, Slot) and term.name not in binding for term in part.terms)
            bound = sum(isinstance(term, Slot) and term.name in binding for term in part.terms)
            return 10 + unbound - (5 if bound else 0)
        return {OutcomeIs: 1, AnyOf: 50}.get(type(part), 95)

    def _one(self, part: Formula, so_far: Solution, reads: Reads) -> Iterator[Solution]:
        binding = so_far.binding
        if isinstance(part, All):
            yield from self._parts(flat(part), so_far, reads)
        elif isinstance(part, AnyOf):
            for branch in part.parts:
                yield from self._parts(flat(branch), so_far, reads)
        elif isinstance(part, Atom):
            yield from self._atom(part, so_far, reads)
        elif isinstance(part, Test):
            values = [value(term, binding) for term in part.terms]
            if UNKNOWN in values:
                yield self._with(so_far, Step(part, None, reads, False))
            elif function_for(part)(*values):
                yield self._with(so_far, Step(part, None, reads, True))
        else:
            truth = self._settled(part, binding, reads)
            if truth is not False:
                yield self._with(so_far, Step(part, None, reads, truth is True))

    def _settled(self, part: Formula, binding: Mapping[str, object], reads: Reads) -> bool | None:
        if isinstance(part, NoneOf):
            found = self.first(part.part, binding, reads)
            return True if found is None else (False if found.certain else None)
        if isinstance(part, OutcomeIs):
            known = self.outcomes.get(part.rule)
            if known in (Outcome.UNDECIDED, Outcome.JUDGEMENT, None):
                return None
            return str(known) == part.outcome
        assert isinstance(part, Limit)
        for stratum in self.evaluation.program.strata:
            for step in stratum.limits:
                if step.text == part.text and step.op == part.op:
                    key = tuple(binding.get(each) for each in step.outer)
                    condition = self.evaluation.table(step.holds).get(key)  # type: ignore[arg-type]
                    return False if condition is None else self.evaluation.valuation({})(condition)
        return None

    def _atom(self, part: Atom, so_far: Solution, reads: Reads) -> Iterator[Solution]:
        binding = so_far.binding
        if part.day.mode == "ever":
            reads = "ever"
        elif part.day.mode == "on":
            day = binding.get(part.day.slot)
            if not isinstance(day, datetime.date):
                return
            reads = day
        for entry in self.entries(part.predicate, reads, bool(part.future)):
            if self._below is not None and not self._allowed(part.predicate, reads, entry):
                continue
            extended = matched(part.terms, entry.values, binding)
            if extended is not None:
                step = Step(part, entry, reads, entry.certain)
                yield Solution(extended, so_far.certain and entry.certain, (*so_far.steps, step))

    @staticmethod
    def _with(so_far: Solution, step: Step) -> Solution:
        return Solution(so_far.binding, so_far.certain and step.certain, (*so_far.steps, step))

    # ------------------------------------------------------------ derivations

    def derive(self, predicate: str, values: Tuple, reads: Reads = "now") -> Derivation:
        """Why a fact or a definition holds of these values.

        Args:
            predicate: Name of the kind or id of the definition.
            values: One for each of its columns; None matches anything.
            reads: On which day it is read.
        """
        for entry in self.entries(predicate, reads):
            if all(mine is None or theirs is None or mine == theirs for mine, theirs in zip(values, entry.values, strict=True)):
                return self._entry(predicate, entry, reads, "", {})
        return Derivation(wording.negated(self.say(predicate, values)), "absence")

    def of_steps(self, solution: Solution) -> tuple[Derivation, ...]:
        """The derivation of each part of a condition, in the order in which the rule has them."""
        order = {id(step): number for number, step in enumerate(solution.steps)}
        steps = sorted(solution.steps, key=lambda step: (_line(step.part), order[id(step)]))
        return tuple(self._step(step, solution.binding) for step in steps)

    def _step(self, step: Step, binding: Mapping[str, object]) -> Derivation:
        part = step.part
        if isinstance(part, Atom):
            assert step.entry is not None
            return self._entry(part.predicate, step.entry, step.reads, part.text, binding)
        if isinstance(part, Test):
            sort: Sort = "match" if part.op in QUIET else "test"
            return Derivation(self.fill(part.text, part, binding), sort, step.certain)
        if isinstance(part, NoneOf):
            return Derivation(self.absence(part, binding), "absence", step.certain)
        if isinstance(part, OutcomeIs):
            title = self.rulebook.rules[part.rule].title
            return Derivation(f"the rule that says “{title}” is {part.outcome}", "outcome", step.certain, source=part.rule)
        assert isinstance(part, Limit)
        words = {each: self.names.of(None, found) for each, found in binding.items()}
        return Derivation(wording.fill(part.text, words), "limit", step.certain)

    def _entry(self, predicate: str, entry: Entry, reads: Reads, text: str, binding: Mapping[str, object]) -> Derivation:
        if predicate in self.rulebook.vocabulary.kinds:
            return self._fact(self.rulebook.vocabulary.kinds[predicate], entry, text)
        definition = self.rulebook.definitions[predicate]
        says = self._head(definition, entry.values, text)
        if self._stated(predicate, entry.values) is not None:
            return Derivation(says, "stated", entry.certain, source=predicate)
        proof = self._proof(definition, entry.values, reads)
        because = self.of_steps(proof.solution) if proof else ()
        if proof is None or proof.asked:
            because = (*because, *self._asked(definition, entry.values))
        supposed = any(each.supposed for each in because)
        return Derivation(says, "definition", entry.certain, source=predicate, because=because, supposed=supposed)

    def _asked(self, definition: Definition, values: Tuple) -> tuple[Derivation, ...]:
        for answer in self.case.answers:
            if answer.question == definition.id and tuple(answer.subject) in self._directions(definition, values):
                who = f" by {answer.who}" if answer.who and self.names.mode == "full" else ""
                when = f" on {wording.day_in_words(answer.when)}" if answer.when else ""
                where = wording.where_from(answer.place)
                return (Derivation(f"it was decided{who}{when} that it is so", "answer", True, where),)
        question = self.question(definition, values)
        return (Derivation(f"people decide: {question}", "question", False),) if question else ()

    def question(self, definition: Definition, values: Tuple) -> str:
        """The question that a definition puts to people."""
        words = {slot: self.names.of(type_, each)
                 for slot, type_, each in zip(definition.slots, definition.types, values, strict=False)}  # fmt: skip
        return wording.fill(definition.ask, words)

    def _directions(self, definition: Definition, values: Tuple) -> tuple[Tuple, ...]:
        return (values, (values[1], values[0], *values[2:])) if definition.symmetric else (values,)

    def _stated(self, predicate: str, values: Tuple) -> Assumed | None:
        definition = self.rulebook.definitions[predicate]
        for each in self.case.assumed:
            if each.predicate == predicate and tuple(each.values) in self._directions(definition, values):
                return each
        return None

    def _proof(self, definition: Definition, values: Tuple, reads: Reads) -> Proof | None:
        """How it holds, and whether by what people decide; what holds because of itself is no reason."""
        group = self._group(definition.id)
        if not group:
            return self._attempt(definition, values, reads)
        # Each tuple of a recursive definition may rest only on those that were found before it.
        key = (group, reads)
        if key not in self._ranks:
            self._rank(key)
        return self._ranks[key].get((definition.id, values), (0, None))[1]

    def _attempt(self, definition: Definition, values: Tuple, reads: Reads) -> Proof | None:
        possible: Proof | None = None
        for asked, formula in ((False, definition.holds), (True, definition.people_decide)):
            for each in self._directions(definition, values) if formula is not None else ():
                assert formula is not None
                found = self.first(formula, dict(zip(definition.slots, each, strict=True)), reads)
                if found is not None and found.certain:
                    return Proof(found, asked)
                if found is not None and possible is None:
                    possible = Proof(found, asked)
        return possible

    def _rank(self, key: tuple[frozenset[str], Reads]) -> None:
        group, reads = key
        ranks = self._ranks.setdefault(key, {})
        waiting = [(id_, entry.values) for id_ in sorted(group) for entry in self.entries(id_, reads)]
        for id_, values in waiting:
            if self._stated(id_, values) is not None:
                ranks[id_, values] = (0, None)
        outer, level = self._below, 0
        while True:
            waiting = [each for each in waiting if each not in ranks]
            self._below = (key, level)
            found = {each: self._attempt(self.rulebook.definitions[each[0]], each[1], reads) for each in waiting}
            added = {each: proof for each, proof in found.items() if proof is not None}
            level += 1
            ranks.update({each: (level, proof) for each, proof in added.items()})
            if not added:
                break
        self._below = outer

    def _allowed(self, predicate: str, reads: Reads, entry: Entry) -> bool:
        assert self._below is not None
        key, level = self._below
        if predicate not in key[0]:
            return True
        rank = self._ranks[key].get((predicate, entry.values))
        return rank is not None and rank[0] <= level

    def _group(self, id_: str) -> frozenset[str]:
        """The definitions that rest on each other with this one; empty where it is not recursive."""
        if id_ not in self._groups:
            mine = self._uses(id_)
            own = {each for each in mine if each in self.rulebook.definitions and id_ in self._uses(each)}
            self._groups[id_] = frozenset(own)
        return self._groups[id_]

    def _uses(self, id_: str) -> set[str]:
        found: set[str] = set()
        todo = [id_]
        while todo:
            definition = self.rulebook.definitions.get(todo.pop())
            if definition is None:
                continue
            for formula in (definition.holds, definition.people_decide):
                for atom in atoms(formula) if formula is not None else ():
                    if atom.predicate not in found:
                        found.add(atom.predicate)
                        todo.append(atom.predicate)
        return found

    def kinds_of(self, formula: Formula) -> set[str]:
        """The kinds of fact that a condition reads, directly or through definitions."""
        direct = {atom.predicate for atom in atoms(formula)}
        found = direct | {each for one in direct for each in self._uses(one)}
        return found & self.rulebook.vocabulary.kinds.keys()

    # ------------------------------------------------------------ words

    def _fact(self, kind: Kind, entry: Entry, text: str) -> Derivation:
        values, place = list(entry.values), ""
        if entry.fact is not None:
            fact = self.case.facts[entry.fact]
            place = wording.where_from(fact.place, kind.name)
            # The table may leave out columns that no rule reads; the record has them all.
            values = [mine if mine is not None else theirs for mine, theirs in zip(values, fact.values, strict=True)]
        says = self._say_kind(kind, values, text)
        if kind.dated:
            spell = dict(zip((field.name for field in kind.fields), values, strict=True))
            says += _since(spell.get("from"), spell.get("until"), says)
        return Derivation(says, "fact", entry.certain, place, supposed=entry.fact is None and not entry.certain)

    def _say_kind(self, kind: Kind, values: list[object], text: str) -> str:
        fields = {field.name: (field.type, value) for field, value in zip(kind.fields, values, strict=True)}
        chosen = next((each for each in kind.sentences if text and wording.shape(each.says) == wording.shape(text)), None)
        if chosen is None:
            chosen = best_sentence(kind, {name: value for name, (_, value) in fields.items()})
        if chosen is None:
            parts = [f"{name} {self.names.of(*pair)}" for name, pair in fields.items() if pair[1] not in (None, UNKNOWN)]
            return f"{kind.name}: {', '.join(parts)}"
        slots = wording.slots_of(chosen.says)
        words = {slot: self.names.of(*fields[field]) for slot, field in zip(slots, chosen.fields, strict=True)}
        return wording.fill(chosen.says, words)

    def _head(self, definition: Definition, values: Tuple, text: str) -> str:
        slots = wording.slots_of(text or definition.says)
        if len(slots) != len(definition.slots):
            slots, text = definition.slots, definition.says
        words = {slot: self.names.of(type_, value)
                 for slot, type_, value in zip(slots, definition.types, values, strict=True)}  # fmt: skip
        return wording.fill(text or definition.says, words)

    def say(self, predicate: str, values: Tuple) -> str:
        """What a kind or definition says of these values."""
        if predicate in self.rulebook.vocabulary.kinds:
            return self._say_kind(self.rulebook.vocabulary.kinds[predicate], list(values), "")
        return self._head(self.rulebook.definitions[predicate], values, "")

    def fill(self, text: str, part: Formula, binding: Mapping[str, object]) -> str:
        """The text of a condition with the values of its slots; types come from the rulebook."""
        types = slot_types(self.rulebook, part)
        words = {slot: self.names.of(types.get(slot), found) for slot, found in binding.items()}
        return wording.fill(text, words)

    def absence(self, part: NoneOf, binding: Mapping[str, object]) -> str:
        """What an `unless` says where it holds for nothing."""
        inner = flat(part.part)
        if len(inner) == 1 and isinstance(inner[0], Atom):
            atom = inner[0]
            return self.fill(wording.negated(atom.text, self._negative(atom)), atom, binding)
        said = wording.listed([self.condition(each, binding) for each in inner])
        return f"nothing recorded says that {said}"

    def _negative(self, atom: Atom) -> str:
        if atom.predicate in self.rulebook.definitions:
            definition = self.rulebook.definitions[atom.predicate]
            return _respell(definition.negative, definition.says, atom.text)
        for each in self.rulebook.vocabulary.kinds[atom.predicate].sentences:
            if wording.shape(each.says) == wording.shape(atom.text):
                return _respell(each.negative, each.says, atom.text)
        return ""

    def negative(self, atom: Atom, binding: Mapping[str, object]) -> str:
        """How it is said that an atom does not hold."""
        return self.fill(wording.negated(atom.text, self._negative(atom)), atom, binding)

    def condition(self, part: Formula, binding: Mapping[str, object]) -> str:
        """A condition in words, with the values that are known and plain words for the rest."""
        if isinstance(part, Atom | Test):
            return self.fill(part.text, part, binding)
        if isinstance(part, All):
            return wording.listed([self.condition(each, binding) for each in flat(part)])
        if isinstance(part, AnyOf):
            return wording.listed([self.condition(each, binding) for each in part.parts], "or")
        if isinstance(part, NoneOf):
            return self.absence(part, binding)
        if isinstance(part, OutcomeIs):
            return f"the rule that says “{self.rulebook.rules[part.rule].title}” is {part.outcome}"
        return self.fill(part.text, part, binding)


# ---------------------------------------------------------------- formulas


def flat(formula: Formula) -> list[Formula]:
    """The parts of a condition, nested lists taken apart."""
    return [each for part in formula.parts for each in flat(part)] if isinstance(formula, All) else [formula]


def atoms(formula: Formula) -> Iterator[Atom]:
    """Every atom in a formula, at any depth."""
    if isinstance(formula, Atom):
        yield formula
    elif isinstance(formula, All | AnyOf):
        for part in formula.parts:
            yield from atoms(part)
    elif isinstance(formula, NoneOf):
        yield from atoms(formula.part)
    elif isinstance(formula, Limit):
        for measure in (formula.measure, formula.of):
            for part in (measure.among, measure.where, measure.link) if measure else ():
                if part is not None:
                    yield from atoms(part)


def outcomes_in(formula: Formula | None) -> Iterator[str]:
    """Ids of the rules whose outcome a formula reads."""
    if isinstance(formula, OutcomeIs):
        yield formula.rule
    elif isinstance(formula, All | AnyOf):
        for part in formula.parts:
            yield from outcomes_in(part)
    elif isinstance(formula, NoneOf):
        yield from outcomes_in(formula.part)
    elif isinstance(formula, Limit):
        for measure in (formula.measure, formula.of):
            for each in (measure.among, measure.where, measure.link) if measure else ():
                yield from outcomes_in(each)


def slot_types(rulebook: Rulebook, formula: Formula) -> dict[str, Type]:
    """The type of each slot, from the columns in which it stands."""
    found: dict[str, Type] = {}
    for atom in atoms(formula):
        for term, type_ in zip(atom.terms, rulebook.types(atom.predicate), strict=True):
            if isinstance(term, Slot):
                found.setdefault(term.name, type_)
    return found


def value(term: Term, binding: Mapping[str, object]) -> object:
    """What a term stands for under a binding."""
    return term.value if isinstance(term, Const) else binding.get(term.name)


def matched(
    terms: tuple[Term | None, ...], values: Tuple, binding: Mapping[str, object]
) -> Mapping[str, object] | None:
    """The binding extended so that the terms are these values, or None where they cannot be."""
    extended = dict(binding)
    for term, found in zip(terms, values, strict=True):
        if term is None or (found is None and not isinstance(term, Slot)):
            continue
        if isinstance(term, Const):
            if term.value != found:
                return None
        elif term.name not in extended or extended[term.name] is None:
            extended[term.name] = found
        elif found is not None and extended[term.name] != found:
            return None
    return extended


def best_sentence(kind: Kind, values: Mapping[str, object]) -> Sentence | None:
    """The sentence of a kind that says the most of a record."""
    fitting = [each for each in kind.sentences
               if all(values.get(name) == fixed for name, fixed in each.fixed)
               and all(values.get(name) not in (None, UNKNOWN) for name in each.fields)]  # fmt: skip
    return max(fitting, key=lambda each: (len(each.fixed), len(each.fields)), default=None)


def _respell(negative: str, says: str, text: str) -> str:
    # The vocabulary names slots in its own way; the rule's names go in their place.
    if not negative:
        return ""
    names = dict(zip(wording.slots_of(says), wording.slots_of(text), strict=False))
    return wording.SLOT.sub(lambda found: f"<{names.get(found.group(1), found.group(1))}>", negative)


def _since(start: object, end: object, says: str) -> str:
    words = ""
    for lead, day in (("from", start), ("until", end)):
        said = f" {lead} {wording.day_in_words(day)}" if isinstance(day, datetime.date) else ""
        words += said if said not in says else ""
    return words


def _line(part: Formula) -> tuple[int, int]:
    if isinstance(part, Atom | Test | OutcomeIs | Limit):
        return (part.place.line, part.place.column)
    first = next(atoms(part), None)
    return (first.place.line, first.place.column) if first else (1_000_000, 0)
