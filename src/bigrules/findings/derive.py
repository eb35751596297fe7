"""Derivations, made again on demand: from which facts, by which definitions, something holds.

An engine keeps what holds and not why. Here the why is found again, by reading the rule's own
conditions over the tables of an evaluation, so that it is said in the words of the rule files.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Literal

import attrs

from bigrules.engines.base import Evaluation
from bigrules.facts.case import BY_NOW, UNKNOWN, Assumed, Case
from bigrules.findings import wording
from bigrules.findings.formulas import (
    atoms,
    best_sentence,
    place_in_file,
    respelled,
    slot_types,
    spell_in_words,
)
from bigrules.findings.names import Names
from bigrules.findings.report import Outcome
from bigrules.findings.solve import Entry, Reads, Solution, Solver, Step, Tuple
from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Definition,
    Formula,
    Kind,
    Limit,
    NoneOf,
    OutcomeIs,
    Parameter,
    Rulebook,
    Sentence,
    Test,
    Type,
)
from bigrules.program.formulas import flat

Sort = Literal[
    "fact", "stated", "definition", "absence", "test", "match", "limit", "outcome", "answer", "question"
]

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
        spell: From when until when the record is in force, in words, or "".
        source: Id of the definition or rule that it comes from, or "".
        because: What it holds because of.
        supposed: Whether it rests on a record that is not in the register and only may be missing from it.
        predicate: Name of the kind or id of the definition that holds, or "".
        values: Of what it holds, one for each of its columns; None where a column is not read.
        reads: On which day it was read.
    """

    says: str
    sort: Sort
    certain: bool = True
    where: str = ""
    spell: str = ""
    source: str = ""
    because: tuple[Derivation, ...] = ()
    supposed: bool = False
    predicate: str = ""
    values: Tuple = ()
    reads: Reads = "now"


@attrs.frozen
class Proof:
    """How a definition holds of something.

    Args:
        solution: How its condition holds.
        asked: Whether it is the condition that leaves the answer to people.
    """

    solution: Solution
    asked: bool = False


class Deriver(Solver):
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
        super().__init__(rulebook, case, evaluation, outcomes)
        self.names = names
        self._groups: dict[str, frozenset[str]] = {}
        self._ranks: dict[
            tuple[frozenset[str], Reads], dict[tuple[str, Tuple], tuple[int, Proof | None]]
        ] = {}
        self._proofs: dict[tuple[str, Tuple, Reads], Proof | None] = {}
        self._below: tuple[tuple[frozenset[str], Reads], int] | None = None

    # ------------------------------------------------------------ derivations

    def derive(self, predicate: str, values: Tuple, reads: Reads = "now") -> Derivation:
        """Why a fact or a definition holds of these values.

        Args:
            predicate: Name of the kind or id of the definition.
            values: One for each of its columns; None matches anything.
            reads: On which day it is read.
        """
        for entry in self.entries(predicate, reads):
            if all(
                mine is None or theirs is None or mine == theirs
                for mine, theirs in zip(values, entry.values, strict=True)
            ):
                return self._entry(predicate, entry, reads, "")
        return Derivation(wording.negated(self.say(predicate, values)), "absence")

    def of_steps(self, solution: Solution, certain: bool = True) -> tuple[Derivation, ...]:
        """The derivation of each part of a condition, in the order in which the rule has them.

        Args:
            solution: The way in which it holds.
            certain: Whether what was bound before is so for certain.
        """
        order = {id(step): number for number, step in enumerate(solution.steps)}
        steps = sorted(solution.steps, key=lambda step: (place_in_file(step.part), order[id(step)]))
        made = [self._step(step, solution.binding) for step in steps]
        # A test on a value that is only tried out says nothing.
        return tuple(
            attrs.evolve(each, supposed=True)
            if each.sort == "test" and not (certain and solution.certain)
            else each
            for each in made
        )

    def _step(self, step: Step, binding: Mapping[str, object]) -> Derivation:
        part = step.part
        if isinstance(part, Atom):
            assert step.entry is not None
            return self._entry(part.predicate, step.entry, step.reads, self.forms(part)[0])
        if isinstance(part, Test):
            sort: Sort = "match" if part.op in QUIET else "test"
            return Derivation(wording.articled(self.filled(part.text, part, binding)), sort, step.certain)
        if isinstance(part, NoneOf):
            return Derivation(self.absence(part, binding), "absence", step.certain)
        if isinstance(part, OutcomeIs):
            title = self.rulebook.rules[part.rule].title
            return Derivation(
                f"the rule “{title}” is {part.outcome}", "outcome", step.certain, source=part.rule
            )
        assert isinstance(part, Limit)
        words = {each: self.names.of(None, found) for each, found in binding.items()}
        return Derivation(wording.fill(part.text, words), "limit", step.certain)

    def _entry(self, predicate: str, entry: Entry, reads: Reads, text: str) -> Derivation:
        made = self._of_entry(predicate, entry, reads, text)
        return attrs.evolve(made, predicate=predicate, values=entry.values, reads=reads)

    def _of_entry(self, predicate: str, entry: Entry, reads: Reads, text: str) -> Derivation:
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
        supposed = any(each.supposed and each.sort != "test" for each in because)
        return Derivation(
            says, "definition", entry.certain, source=predicate, because=because, supposed=supposed
        )

    def _asked(self, definition: Definition, values: Tuple) -> tuple[Derivation, ...]:
        for answer in self.case.answers:
            if answer.question == definition.id and tuple(answer.subject) in self._directions(
                definition, values
            ):
                who = f" by {answer.who}" if answer.who and self.names.mode == "full" else ""
                when = f" on {wording.day_in_words(answer.when)}" if answer.when else ""
                where = wording.where_from(answer.place)
                return (Derivation(f"it was decided{who}{when} that it is so", "answer", where=where),)
        question = self.question(definition, values)
        return (Derivation(f"people decide: {question}", "question", False),) if question else ()

    def question(self, definition: Definition, values: Tuple) -> str:
        """The question that a definition puts to people."""
        words = {
            slot: self.names.of(type_, each)
            for slot, type_, each in zip(definition.slots, definition.types, values, strict=False)
        }
        return wording.fill(definition.ask, words)

    def _directions(self, definition: Definition, values: Tuple) -> tuple[Tuple, ...]:
        return (values, (values[1], values[0], *values[2:])) if definition.symmetric else (values,)

    def is_recorded(self, formula: Formula, definition: Definition, values: Tuple, reads: Reads) -> bool:
        """Whether a condition of a definition holds, or may hold, by what is in the register."""
        for each in self._directions(definition, values):
            binding = dict(zip(definition.slots, each, strict=True))
            for one in itertools.islice(self.solve(formula, binding, reads), 200):
                if not any(made.supposed and made.sort != "test" for made in self.of_steps(one)):
                    return True
        return False

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
            if self._below is not None:
                return self._attempt(definition, values, reads)
            held = (definition.id, values, reads)
            if held not in self._proofs:
                self._proofs[held] = self._attempt(definition, values, reads)
            return self._proofs[held]
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
            found = {
                each: self._attempt(self.rulebook.definitions[each[0]], each[1], reads) for each in waiting
            }
            added = {each: proof for each, proof in found.items() if proof is not None}
            level += 1
            ranks.update({each: (level, proof) for each, proof in added.items()})
            if not added:
                break
        self._below = outer

    def allowed(self, predicate: str, entry: Entry) -> bool:
        """Whether an entry was found before what is being ranked; always, where nothing is."""
        if self._below is None or predicate not in self._below[0][0]:
            return True
        key, level = self._below
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

    def beside(
        self, formula: Formula, binding: Mapping[str, object], leave_out: Formula | None = None
    ) -> list[str]:
        """Where the register says something else of the same things: the records that a condition reads."""
        kinds = self.kinds_of(formula) - (self.kinds_of(leave_out) if leave_out is not None else set())
        types = slot_types(self.rulebook, formula)
        things = {
            (types[slot], value) for slot, value in binding.items() if slot in types and types[slot].is_thing
        }
        places = []
        for fact in self.case.facts if things else ():
            held = set(zip(self.rulebook.types(fact.kind), fact.values, strict=True))
            if fact.kind in kinds and things <= held:
                places.append(wording.where_from(fact.place, fact.kind))
        return [each for each in places if each]

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
            # The table may leave out columns that no rule reads, and try values for those that are not known.
            values = [
                theirs if mine is None or theirs is UNKNOWN or theirs is BY_NOW else mine
                for mine, theirs in zip(values, fact.values, strict=True)
            ]
        says = self._say_kind(kind, values, text)
        spell = ""
        if kind.dated:
            ends = dict(zip((field.name for field in kind.fields), values, strict=True))
            spell = spell_in_words(ends.get("from"), ends.get("until"), says)
        supposed = entry.fact is None and not entry.certain
        certain = entry.certain or (entry.fact is not None and self._is_open_only(kind, entry, text, values))
        return Derivation(says, "fact", certain, place, spell, supposed=supposed)

    def _is_open_only(self, kind: Kind, entry: Entry, text: str, values: list[object]) -> bool:
        """Whether all that is not known of a record is what its sentence says is not known."""
        sentence = self._sentence(kind, values, text)
        if sentence is None:
            return False
        own = dict(zip((each.name for each in kind.fields), values, strict=True))
        said = {name for name in sentence.fields if own[name] is UNKNOWN}
        # What it does not speak of is not known either way, unless the record is there by it.
        ends = ("from", "until", "from and until") if kind.dated else ()
        spoken = {*sentence.fields, *(name for name, _ in sentence.fixed), *ends}
        spoken |= {each.name for each in kind.fields if each.happened}
        sites = [self.evaluation.layout.sites[number] for number, _ in entry.when]
        return all(
            each.sort == "field"
            and each.kind == kind.name
            and (each.field in said or each.field not in spoken)
            for each in sites
        )

    @staticmethod
    def _sentence(kind: Kind, values: list[object], text: str) -> Sentence | None:
        """The sentence of a kind that a rule uses, else the one that says the most of a record."""
        for each in kind.sentences if text else ():
            if wording.shape(each.says) == wording.shape(text):
                return each
        return best_sentence(kind, dict(zip((field.name for field in kind.fields), values, strict=True)))

    def _say_kind(self, kind: Kind, values: list[object], text: str) -> str:
        fields = {field.name: (field.type, value) for field, value in zip(kind.fields, values, strict=True)}
        chosen = self._sentence(kind, values, text)
        if chosen is None:
            parts = [
                f"{name} {self.names.of(*pair)}"
                for name, pair in fields.items()
                if pair[1] not in (None, UNKNOWN)
            ]
            return f"{kind.name}: {', '.join(parts)}"
        slots = wording.slots_of(chosen.says)
        words = {
            slot: self.names.of(*fields[field]) for slot, field in zip(slots, chosen.fields, strict=True)
        }
        return wording.fill(chosen.says, words)

    def _head(self, definition: Definition, values: Tuple, text: str) -> str:
        slots = wording.slots_of(text or definition.says)
        if len(slots) != len(definition.slots):
            slots, text = definition.slots, definition.says
        words = {
            slot: self.names.of(type_, value)
            for slot, type_, value in zip(slots, definition.types, values, strict=True)
        }
        return wording.fill(text or definition.says, words)

    def say(self, predicate: str, values: Tuple) -> str:
        """What a kind or definition says of these values."""
        if predicate in self.rulebook.vocabulary.kinds:
            return self._say_kind(self.rulebook.vocabulary.kinds[predicate], list(values), "")
        return self._head(self.rulebook.definitions[predicate], values, "")

    def say_not(self, definition: Definition, values: Tuple) -> str:
        """How it is said that a definition does not hold of these values."""
        pairs = zip(definition.slots, definition.types, values, strict=True)
        words = {slot: self.names.of(type_, each) for slot, type_, each in pairs}
        return wording.fill(wording.negated(definition.says, definition.negative), words)

    def filled(
        self, text: str, part: Formula, binding: Mapping[str, object], days: Mapping[str, str] | None = None
    ) -> str:
        """The text of a condition with the values of its slots; slots without a value are kept."""
        types = slot_types(self.rulebook, part)
        words = {slot: self.names.of(types.get(slot), found) for slot, found in binding.items()}
        words |= self._days(part, binding) if days is None else days
        return wording.fill(wording.with_dates(text), words, keep=True)

    def _days(self, part: Formula, binding: Mapping[str, object]) -> dict[str, str]:
        """Words for slots of days without a value: they are named after what happened, and read badly as nouns."""
        date = Type("date")
        unbound = [
            slot
            for slot, type_ in slot_types(self.rulebook, part).items()
            if type_ == date and slot not in binding and not slot.startswith("any ")
        ]
        return {
            slot: f"<{word}>" for slot, word in zip(unbound, ("day", "second day", "third day"), strict=False)
        }

    def absence(self, part: NoneOf, binding: Mapping[str, object]) -> str:
        """What an `unless` says where it holds for nothing."""
        return wording.articled(self._absence(part, binding, self._days(part, binding)))

    def _absence(self, part: NoneOf, binding: Mapping[str, object], days: Mapping[str, str]) -> str:
        inner = flat(part.part)
        if len(inner) == 1 and isinstance(inner[0], Atom):
            return self.filled(self.forms(inner[0])[1], inner[0], binding, days)
        return f"it is not recorded that {self._condition(part.part, binding, days)}"

    def forms(self, atom: Atom) -> tuple[str, str]:
        """How an atom is said, and how it is said that it does not hold, with the rule's own slots."""
        if atom.predicate in self.rulebook.definitions:
            definition = self.rulebook.definitions[atom.predicate]
            known = [(definition.says, definition.negative)]
        else:
            known = [
                (each.says, each.negative)
                for each in self.rulebook.vocabulary.kinds[atom.predicate].sentences
            ]
        wanted = wording.shape(atom.text)
        for says, negative in known:
            negative = wording.negated(says, negative)
            for form in (says, negative):
                if wording.shape(form) == wanted:
                    return respelled(says, form, atom.text), respelled(negative, form, atom.text)
        return atom.text, wording.negated(atom.text)

    def negative(self, atom: Atom, binding: Mapping[str, object]) -> str:
        """How it is said that an atom does not hold."""
        return wording.articled(self.filled(self.forms(atom)[1], atom, binding))

    def condition(self, part: Formula, binding: Mapping[str, object]) -> str:
        """A condition in words, with the values that are known and plain words for the rest."""
        return wording.articled(self._condition(part, binding, self._days(part, binding)))

    def _is_parameter(self, part: Formula) -> bool:
        kind = self.rulebook.vocabulary.kinds.get(part.predicate) if isinstance(part, Atom) else None
        return kind is not None and isinstance(kind.worked_out, Parameter)

    def _condition(self, part: Formula, binding: Mapping[str, object], days: Mapping[str, str]) -> str:
        if isinstance(part, All):
            # The value of a parameter is in no words of its own: what names it says it.
            said = (each for each in flat(part) if not self._is_parameter(each))
            return wording.listed(self._condition(each, binding, days) for each in said)
        if isinstance(part, AnyOf):
            parts = (self._condition(each, binding, days) for each in part.parts)
            return "either " + wording.listed(parts, "or")
        if isinstance(part, NoneOf):
            return self._absence(part, binding, days)
        if isinstance(part, OutcomeIs):
            return f"the rule “{self.rulebook.rules[part.rule].title}” is {part.outcome}"
        text = self.forms(part)[0] if isinstance(part, Atom) else part.text
        return self.filled(text, part, binding, days)
