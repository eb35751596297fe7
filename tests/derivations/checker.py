"""Whether a derivation is right, from nothing but the rules and the facts of a case.

It knows no engine. Where a step rests on an absence, a measure or the outcome of a rule, the oracle says
whether that is so.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from bigrules.facts.case import Case
from bigrules.findings.derive import Derivation
from bigrules.language.model import THE_DAY, AnyOf, Atom, Definition, Formula, Rulebook, Slot
from oracle import calendar
from oracle.cases import recorded_answers
from oracle.evaluate import closed_world
from oracle.formulas import Env, check, flat, value
from oracle.world import EVER, Mode, Need, World, in_force


class Checker:
    """Checks derivations about one case of which everything is known.

    Args:
        rulebook: The rules.
        case: The facts.
    """

    def __init__(self, rulebook: Rulebook, case: Case) -> None:
        self.rulebook, self.case = rulebook, case
        self.world: World = closed_world(rulebook, case)
        self.answers = recorded_answers(rulebook, case)

    def faults(self, step: Derivation) -> Iterator[str]:
        """What is wrong with a derivation, at any depth."""
        if step.sort == "fact" and not self.recorded(step):
            yield f"nothing in the register says: {step.says}"
        if step.sort == "stated" and step.values not in self.world.assumed.get(step.predicate, ()):
            yield f"no statement says: {step.says}"
        if step.sort == "definition" and not self.follows(self.rulebook.definitions[step.predicate], step):
            yield f"it does not follow from what is given for it: {step.says}"
        for each in step.because:
            yield from self.faults(each)

    def recorded(self, step: Derivation) -> bool:
        """Whether a record says it, in force on the day on which it was read and happened by the day of judging."""
        kind = self.rulebook.vocabulary.kinds[step.predicate]
        rows = [each.values for each in self.case.facts if each.kind == kind.name and not each.possible]
        return any(row == step.values and in_force(kind, row, self.mode(step)) for row in rows) and not any(
            field.happened and isinstance(day, datetime.date) and day > self.case.as_of
            for field, day in zip(kind.fields, step.values, strict=True)
        )

    def mode(self, step: Derivation) -> Mode:
        """The day on which it was read."""
        return {"now": self.case.as_of, "ever": EVER}.get(str(step.reads), step.reads)  # type: ignore[return-value]

    def follows(self, definition: Definition, step: Derivation) -> bool:
        """Whether a definition holds because of the steps below it."""
        directions = [step.values]
        if definition.symmetric:
            one, other, *more = step.values
            directions.append((other, one, *more))
        if definition.irreflexive and step.values[0] == step.values[1]:
            return False
        for values in directions:
            env = dict(zip(definition.slots, values, strict=True))
            if definition.holds is not None and self.holds(
                definition.holds, env, self.mode(step), step.because
            ):
                return True
            answers = {self.answers.get((definition.id, each)) for each in directions}
            # What nobody has answered may be so, and is told as a question.
            wanted = "answer" if "yes" in answers else "question" if "no" not in answers else ""
            decided = definition.people_decide
            if decided is not None and wanted and self.holds(decided, env, self.mode(step), step.because):
                return any(each.sort == wanted for each in step.because) and step.certain == (
                    wanted == "answer"
                )
        return False

    def holds(self, formula: Formula, env: Env, mode: Mode, below: Sequence[Derivation]) -> bool:
        """Whether a condition holds with each of its sentences said by one of the steps below it."""
        start = {THE_DAY: self.case.as_of if mode == EVER else mode, **env}
        return any(
            all(self.rest(item, bound, mode) for item in items if not isinstance(item, Atom))
            for items in self.branches(flat(formula))
            for bound in self.said([item for item in items if isinstance(item, Atom)], start, mode, below)
        )

    def branches(self, items: Sequence[Formula]) -> Iterator[list[Formula]]:
        """The lists that one gets by taking one branch of each `any of`."""
        at = next((at for at, item in enumerate(items) if isinstance(item, AnyOf)), None)
        if at is None:
            yield list(items)
            return
        for branch in items[at].parts:  # type: ignore[union-attr]
            yield from self.branches([*items[:at], *flat(branch), *items[at + 1 :]])

    def said(self, atoms: list[Atom], env: Env, mode: Mode, below: Sequence[Derivation]) -> Iterator[Env]:
        """Every binding under which each sentence is said by a step."""
        if not atoms:
            yield env
            return
        ready = [each for each in atoms if each.day.mode != "on" or each.day.slot in env]
        if not ready:
            return
        atom = ready[0]
        rest = [each for each in atoms if each is not atom]
        day = EVER if atom.day.mode == "ever" else env[atom.day.slot] if atom.day.mode == "on" else mode
        for step in below:
            if step.predicate == atom.predicate and self.reads_as(atom, step, day):  # type: ignore[arg-type]
                bound = self.matched(atom, step.values, env)
                if bound is not None:
                    yield from self.said(rest, bound, mode, below)

    def reads_as(self, atom: Atom, step: Derivation, day: Mode) -> bool:
        """Whether a step was read on the day on which a sentence is."""
        kind = self.rulebook.vocabulary.kinds.get(atom.predicate)
        return (kind is not None and not kind.dated) or self.mode(step) == day

    @staticmethod
    def matched(atom: Atom, values: Sequence[object], env: Env) -> Env | None:
        """The slots with those that a step binds; None where it says something else."""
        bound = dict(env)
        for term, held in zip(atom.terms, values, strict=True):
            if term is not None:
                known = not isinstance(term, Slot) or term.name in bound
                if known and value(term, bound) != held:
                    return None
                if isinstance(term, Slot):
                    bound[term.name] = held
        return bound

    def rest(self, item: Formula, bound: Env, mode: Mode) -> bool:
        """Whether a test, absence, measure or outcome holds, as the facts have it."""
        if hasattr(item, "op") and hasattr(item, "terms"):
            return calendar.holds(item, [value(term, bound) for term in item.terms])
        try:
            return check(self.world, item, bound, mode)
        except Need:
            # It hangs on a question that nobody has answered: then it may hold.
            return True


def leaves(steps: Sequence[Derivation]) -> Iterator[Derivation]:
    """The facts that derivations rest on."""
    for each in steps:
        if each.sort == "fact":
            yield each
        yield from leaves(each.because)
