"""What differs between two rulebooks: each file as sentences before and after, cases on which they differ, and why."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.findings.amended import amended_in_words
from bigrules.findings.readings import files_of
from bigrules.findings.wording import count
from bigrules.language import in_force
from bigrules.language.earlier import is_earlier
from bigrules.language.model import Definition, Rule, Rulebook
from bigrules.tools.diff_cases import CaseChange
from bigrules.tools.diff_files import Files, compare_files
from bigrules.tools.diff_kinds import parameter_said
from bigrules.tools.diff_others import other_changes
from bigrules.tools.diff_sense import same_sense, stretches
from bigrules.tools.diff_step import Step, due
from bigrules.tools.diff_told import Change, Diff
from bigrules.tools.direction import direction
from bigrules.tools.made import MadeCase, search, tally, told_apart
from bigrules.tools.made_trial import Seen

__all__ = ["Change", "Diff", "compare", "with_cases"]

# So many cases are tried to see whether what is only wording is no more than that.
TRIED_FOR_WORDING = 200
# So many are tried to say whether a rule is stricter or looser where its form does not tell.
TRIED_FOR_DIRECTION = 400


def compare(
    old: Rulebook,
    new: Rulebook,
    *,
    cases: int = 1_000,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> Diff:
    """What differs between two rulebooks, registers left aside.

    Args:
        old: The old rulebook.
        new: The new one.
        cases: How many cases are made for each rule at the most; 0 for none.
        seed: The same seed makes the same cases.
        progress: Is told what is being looked at.
    """
    comparing = _Comparing(old, new, cases, seed, progress or (lambda _: None))
    changes, steps = comparing.run()
    return Diff(old, new, tuple(changes), (), due(old, new, steps))


def with_cases(found: Diff, cases: Sequence[CaseChange], diagnostics: Sequence[Diagnostic] = ()) -> Diff:
    """What differs, with registers under both rulebooks.

    Args:
        found: What differs between the rulebooks.
        cases: The registers.
        diagnostics: What is wrong with these.
    """
    changed = [each for each in cases if each.changed]
    step = found.due
    if changed:
        why = f"{count(len(changed), 'register')} {'comes' if len(changed) == 1 else 'come'} out otherwise"
        because = (*step.because, why) if step.step == "major" else (why,)
        step = attrs.evolve(step, step="major", because=because)
    return attrs.evolve(found, cases=tuple(cases), due=step, diagnostics=tuple(diagnostics))


class _Comparing:
    """Two rulebooks on the way to what differs between them; arguments as for `compare`."""

    def __init__(
        self, old: Rulebook, new: Rulebook, cases: int, seed: int, progress: Callable[[str], None]
    ) -> None:
        self.old, self.new = old, new
        self.cases, self.seed, self.progress = cases, seed, progress
        self.files: Files = compare_files(old, new)
        self.steps: list[tuple[Step, str]] = []
        # What means something else than before: files by id, kinds as `vocabulary:kind`.
        self.touched: dict[str, str] = {}

    def run(self) -> tuple[list[Change], list[tuple[Step, str]]]:
        """Everything that changed, and the step of the version that each change makes for."""
        others, steps, touched = other_changes(self.old, self.new, self.files)
        self.steps += steps
        self.touched |= dict.fromkeys(touched, "kind")
        definitions = self.definitions()
        rules = self.rules()
        return [*rules, *definitions, *others], self.steps

    def step(self, step: Step, why: str) -> None:
        """Note what a change makes for."""
        self.steps.append((step, why))

    # ------------------------------------------------------------ rules

    def rules(self) -> list[Change]:
        """Rules, those that mean something else first noted, so that rules which read their outcome are reached."""
        new = [each for each in self.new.rules if not is_earlier(each)]
        old = [each for each in self.old.rules if not is_earlier(each)]
        renamed = {now: was for was, now in self.files.renamed.items()}
        for id in new:
            was = renamed.get(id, id)
            if was in self.old.rules and not same_sense(self.old, self.new, id, was, self.files.renamed):
                self.touched[id] = "rule"
        found: list[Change] = []
        for id in new:
            rule, was = self.new.rules[id], renamed.get(id, id)
            if was not in self.old.rules:
                found.append(self.added(rule))
                continue
            change = self.rule(rule, was)
            if change is not None:
                found.append(change)
        gone = [each for each in old if each not in self.new.rules and each not in self.files.renamed]
        return [*found, *(self.removed(self.old.rules[each]) for each in gone)]

    def added(self, rule: Rule) -> Change:
        """A rule that was not there."""
        if rule.force == "expected":
            self.step("minor", f"{rule.id} is new, and is only expected: no outcome of a case rests on it")
        else:
            self.step("major", f"{rule.id} is new, and a case may be in breach of it, or open")
        made, tried = self.breached(self.new, rule.id)
        if made is not None:
            made = attrs.evolve(made, before="", concerns_before=())
        return Change(
            "rule",
            rule.id,
            "added",
            rule.title,
            force=rule.force,
            made=made,
            tried=tried,
            direction="stricter",
        )

    def removed(self, rule: Rule) -> Change:
        """A rule that is there no more."""
        self.step("major", f"{rule.id} is gone, and what was in breach of it is so no more")
        made, tried = self.breached(self.old, rule.id)
        if made is not None:
            made = attrs.evolve(made, after="", concerns_after=())
        return Change(
            "rule",
            rule.id,
            "removed",
            rule.title,
            force=rule.force,
            made=made,
            tried=tried,
            direction="looser",
        )

    def breached(self, book: Rulebook, id: str) -> tuple[MadeCase | None, int]:
        """A small case that a rule finds breached."""
        if not self.cases:
            return None, 0
        self.progress(id)

        def wanted(seen: tuple[Seen, ...]) -> bool:
            return seen[0].outcome == "breached"

        return search((book,), id, wanted, cases=min(self.cases, 500), seed=self.seed)

    def rule(self, rule: Rule, was: str) -> Change | None:
        """A rule that both have; None where nothing about it changed."""
        before = self.old.rules[was]
        parts = self.files.parts(rule.id)
        own = rule.id in self.touched
        through = self.through(rule.id, was)
        named = was != rule.id
        change = Change(
            "rule", rule.id, "renamed" if named else "changed" if parts else "reached", rule.title,
            was if named else "", tuple(parts), through, force=rule.force, amended=self.amended(rule.id, was),
        )  # fmt: skip
        if not (own or through or parts or named):
            return None
        if named:
            self.renamed(rule, was)
        counted = {before.force, rule.force}
        if "expected" in counted and len(counted) == 2:
            self.step("major", f"{rule.id} is {rule.force} now, and was {before.force}: it counts otherwise")
        elif len(counted) == 2:
            self.step("minor", f"{rule.id} is {rule.force} now, and was {before.force}; both count alike")
        if named:
            # Cases are made for a rule by its id, which is another one in each rulebook.
            if own or through:
                self.step("major", f"{rule.id} means something else than {was} did")
            return attrs.evolve(change, wording=not (own or through))
        return self.tried(change, own or bool(through), len(counted) == 1)

    def tried(self, change: Change, otherwise: bool, same_force: bool) -> Change:
        """A change with a made case on which it tells, and its direction."""
        id = change.id
        self.progress(id)
        most = self.cases if otherwise else min(self.cases, TRIED_FOR_WORDING)
        made, tried = (None, 0)
        if most:
            made, tried = told_apart(self.old, self.new, id, cases=most, seed=self.seed)
        if made is not None:
            self.step("major", f"{id} comes out otherwise in a made case")
        elif otherwise:
            self.step("major", f"{id} means something else, and some register could come out otherwise")
        elif change.parts:
            self.step("patch", f"{id} has other words, and means the same")
        word = direction(self.old, self.new, id)
        shown = None
        if made is not None and word not in ("stricter", "looser"):
            word = ""
            shown = tally(self.old, self.new, id, cases=min(self.cases, TRIED_FOR_DIRECTION), seed=self.seed)
        wording = made is None and not otherwise and same_force
        return attrs.evolve(
            change, made=made, tried=tried, wording=wording, shown=shown,
            direction=word if made is not None or otherwise or not same_force else "",
        )  # fmt: skip

    def renamed(self, file: Rule | Definition, was: str) -> None:
        """What another id makes for."""
        asks = file.form == "ask" if isinstance(file, Rule) else file.people_decide is not None
        if asks:
            self.step("major", f"{file.id} was {was}, and answers in registers name it so")
        else:
            self.step("minor", f"{file.id} was {was}: reports name it otherwise")

    def through(self, id: str, was: str) -> tuple[str, ...]:
        """What a file reads, directly or not, that means something else than before."""
        read: dict[str, None] = {}
        for _, before, after in stretches(self.old, self.new):
            for book, name in ((before, was), (after, id)):
                if name in book.rules or name in book.definitions:
                    read.update(dict.fromkeys(sorted(files_of(book, name))))
        found = [each for each in read if each in self.touched and each != id]
        if id in self.touched and not self.files.parts(id):
            # The words are the same, and a parameter in them is not.
            texts = self.files.texts(id)
            found += [f"parameter {each}" for each in self.changed_parameters() if each in texts]
        return tuple(each.replace("vocabulary:", "vocabulary/") for each in found)

    def amended(self, id: str, was: str) -> tuple[str, ...]:
        """What amendments make of a file in the new rulebook and not in the old one, on any day."""
        said: list[dict[str, None]] = [{}, {}]
        for at, (book, name) in enumerate(((self.old, was), (self.new, id))):
            days = {datetime.date.min, *(each.start for each in book.versions if each.start is not None)}
            for each in book.amended:
                days |= {each.start or datetime.date.min}
                days |= {each.end + datetime.timedelta(days=1)} if each.end is not None else set()
            for day in sorted(days):
                version = in_force(book, day)
                file = version.rules.get(name) or version.definitions.get(name)
                if file is not None:
                    said[at].update(dict.fromkeys(amended_in_words(version, file, day)))
        return tuple(each for each in said[1] if each not in said[0])

    def changed_parameters(self) -> list[str]:
        """Parameters with another value than before."""
        return [
            each
            for each in self.new.parameters
            if each in self.old.parameters
            and parameter_said(self.old.parameters[each]) != parameter_said(self.new.parameters[each])
        ]

    # ------------------------------------------------------------ definitions

    def definitions(self) -> list[Change]:
        """Definitions; those that mean something else reach the rules that read them."""
        renamed = {now: was for was, now in self.files.renamed.items()}
        for id in self.new.definitions:
            was = renamed.get(id, id)
            if was in self.old.definitions and not same_sense(
                self.old, self.new, id, was, self.files.renamed
            ):
                self.touched[id] = "definition"
        found: list[Change] = []
        for id, definition in self.new.definitions.items():
            was = renamed.get(id, id)
            if was not in self.old.definitions:
                self.step("minor", f"{id} is new; what reads it is told by itself")
                found.append(Change("definition", id, "added", definition.says))
                continue
            change = self.definition(definition, was)
            if change is not None:
                found.append(change)
        for id, definition in self.old.definitions.items():
            if id not in self.new.definitions and id not in self.files.renamed:
                asks = definition.people_decide is not None
                self.step(
                    "major" if asks else "minor", f"{id} is gone{', and answers may name it' if asks else ''}"
                )
                found.append(Change("definition", id, "removed", definition.says))
        return found

    def definition(self, definition: Definition, was: str) -> Change | None:
        """A definition that both have; None where nothing about it changed."""
        id = definition.id
        parts = self.files.parts(id)
        own, named = id in self.touched, was != id
        if not (parts or own or named):
            return None
        if any(each.target == id and (each.start or each.end) for each in self.new.amended):
            # It is written out for its days in one condition; what the amendments make of it says it shorter.
            parts = [each for each in parts if each.what not in ("when it holds", "when people decide")]
        change = Change(
            "definition", id, "renamed" if named else "changed" if parts else "reached", definition.says,
            was if named else "", tuple(parts), self.through(id, was), wording=not own,
            amended=self.amended(id, was),
        )  # fmt: skip
        if named:
            self.renamed(definition, was)
        if not own:
            self.step("patch", f"{id} has other words, and means the same")
            return change
        self.step("minor", f"{id} means something else; what reads it is told by itself")
        if named or not self.cases:
            return change
        self.progress(id)
        made, tried = told_apart(self.old, self.new, id, cases=self.cases, seed=self.seed)
        return attrs.evolve(change, made=made, tried=tried)
