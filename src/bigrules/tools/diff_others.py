"""What changed beside rules and definitions: kinds of fact, parameters, the ledger, the manifest, the review."""

from __future__ import annotations

import attrs

from bigrules.findings.wording import day_in_words
from bigrules.language.model import Rulebook
from bigrules.tools.diff_files import Files
from bigrules.tools.diff_kinds import kind_parts, parameter_said
from bigrules.tools.diff_parts import Part
from bigrules.tools.diff_sense import reads_same, usable_as_before
from bigrules.tools.diff_step import Step
from bigrules.tools.diff_told import Change, How, Sort


def other_changes(
    old: Rulebook, new: Rulebook, files: Files
) -> tuple[list[Change], list[tuple[Step, str]], list[str]]:
    """What changed beside rules and definitions.

    Args:
        old: The old rulebook.
        new: The new one.
        files: Their files.

    Returns:
        The changes; for each the step that it makes for, and why; and the kinds that mean something else to what
        reads them, as `vocabulary:kind`.
    """
    others = _Others(old, new, files)
    found = [*others.manifest(), *others.parameters(), *others.kinds(), *others.clauses(), *others.review()]
    return found, others.steps, others.touched


@attrs.define(eq=False)
class _Others:
    old: Rulebook
    new: Rulebook
    files: Files
    steps: list[tuple[Step, str]] = attrs.field(factory=list)
    touched: list[str] = attrs.field(factory=list)

    def step(self, step: Step, why: str) -> None:
        """Note what a change makes for."""
        self.steps.append((step, why))

    def kinds(self) -> list[Change]:
        """Kinds of fact; what rules read of them reaches these."""
        old, new = self.old.vocabulary.given, self.new.vocabulary.given
        every = {**self.old.vocabulary.kinds, **self.new.vocabulary.kinds}
        found: list[Change] = []
        for name in every:
            before, after = (each.vocabulary.kinds.get(name) for each in (self.old, self.new))
            if not reads_same(before, after) and before is not None and after is not None:
                self.touched.append(f"vocabulary:{name}")
            if name.startswith("rulebook.yaml/"):
                continue
            if before is None or after is None:
                how: How = "added" if before is None else "removed"
                if before is None:
                    self.step("minor", f"the kind `{name}` is new: no register has it")
                else:
                    self.step("major", f"the kind `{name}` is gone: a register that has it cannot be read")
                found.append(Change("kind", name, how))
                continue
            parts = kind_parts(before, after)
            if not parts:
                continue
            wording = all(each.wording for each in parts)
            if name in old and name in new and not usable_as_before(before, after):
                self.step(
                    "major", f"the kind `{name}` has other fields: some register could not be read any more"
                )
            elif f"vocabulary:{name}" in self.touched:
                self.step("major", f"the kind `{name}` means something else to what reads it")
            else:
                self.step("patch" if wording else "minor", f"the kind `{name}` says more, and means the same")
            found.append(Change("kind", name, "changed", parts=tuple(parts), wording=wording))
        return found

    def parameters(self) -> list[Change]:
        """Parameters; the rules that name one are told by themselves."""
        old, new = self.old.parameters, self.new.parameters
        found: list[Change] = []
        for name in dict.fromkeys((*old, *new)):
            one = parameter_said(old[name]) if name in old else ""
            other = parameter_said(new[name]) if name in new else ""
            if one == other:
                continue
            how: How = "added" if not one else "removed" if not other else "changed"
            self.step("minor", f"the parameter `{name}` is {how}; what names it is told by itself")
            found.append(Change("parameter", name, how, parts=(Part("value", one, other),)))
        return found

    def clauses(self) -> list[Change]:
        """The clause ledger: it decides nothing."""
        old, new = self.old.clauses, self.new.clauses
        found: list[Change] = []
        for id in dict.fromkeys((*old, *new)):
            one, other = old.get(id), new.get(id)
            if one == other:
                continue
            how: How = "added" if one is None else "removed" if other is None else "changed"
            parts = [
                Part(name.replace("_", " "), str(getattr(one, name)), str(getattr(other, name)), True)
                for name in ("section", "place", "treatment", "note", "because", "fingerprint")
                if one is not None and other is not None and getattr(one, name) != getattr(other, name)
            ]
            shown = other or one
            assert shown is not None
            self.step("patch", f"the ledger has other words on {id}")
            title = ": ".join(each for each in (shown.section, shown.place) if each)
            found.append(Change("clause", id, how, title, parts=tuple(parts), wording=True))
        return found

    def manifest(self) -> list[Change]:
        """What the rulebook is called, its editions, and what a case is called."""
        editions = [
            ", ".join(
                f"{each.name}{f' from {day_in_words(each.start)}' if each.start else ''}"
                for each in book.editions
            )
            or book.edition
            for book in (self.old, self.new)
        ]
        pairs: list[tuple[Sort, str, str, str]] = [
            ("edition", "edition", editions[0], editions[1]),
            ("manifest", "name", self.old.name, self.new.name),
            ("manifest", "what a case is called", self.old.body, self.new.body),
        ]
        found = []
        for sort, what, one, other in pairs:
            if one != other:
                self.step("patch", f"the {what} is told otherwise")
                found.append(
                    Change(sort, what, "changed", other, parts=(Part(what, one, other, True),), wording=True)
                )
        return found

    def review(self) -> list[Change]:
        """What is sent in each year: it decides nothing."""
        if not self.files.review_changed:
            return []
        self.step("minor", "the pack of the yearly review is another one")
        return [Change("review", "review.yaml", "changed", "The pack of the yearly review", wording=True)]
