"""What differs between two rulebooks, as it is found: each change, registers, and the step of the version."""

from __future__ import annotations

from typing import Literal

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.language.model import Rulebook
from bigrules.tools.diff_cases import CaseChange
from bigrules.tools.diff_parts import Part
from bigrules.tools.diff_step import Due
from bigrules.tools.direction import Word
from bigrules.tools.made import MadeCase, Tally

Sort = Literal["rule", "definition", "kind", "parameter", "clause", "edition", "manifest", "review"]
How = Literal["added", "removed", "renamed", "changed", "reached"]


@attrs.frozen
class Change:
    """What became of one thing.

    Args:
        sort: What it is.
        id: Its id or name, in the new rulebook where that has it.
        how: `changed` in itself; `reached` where only something that it reads changed; or what else became of it.
        title: What it says, in the new rulebook where that has it.
        was: Its id in the old rulebook, where it was renamed.
        parts: What changed, before and after.
        through: What it reads that changed.
        wording: Whether only wording changed, as far as is known.
        force: Its force, for a rule.
        made: A small case on which it comes out otherwise, or None.
        tried: How many cases were tried for that.
        direction: `stricter` or `looser` where that follows from the form of the change; "" where it does not.
        shown: What made cases show of it where the form does not tell; None where none were tried.
        amended: What amendments have newly made of it, as sentences.
    """

    sort: Sort
    id: str
    how: How
    title: str = ""
    was: str = ""
    parts: tuple[Part, ...] = ()
    through: tuple[str, ...] = ()
    wording: bool = False
    force: str = ""
    made: MadeCase | None = None
    tried: int = 0
    direction: Word = ""
    shown: Tally | None = None
    amended: tuple[str, ...] = ()


@attrs.frozen
class Diff:
    """What differs between two rulebooks.

    Args:
        old: The old rulebook.
        new: The new one.
        changes: What became of each thing that is not as it was.
        cases: Registers under both.
        due: The step of the version that is due.
        diagnostics: What is wrong with the registers.
    """

    old: Rulebook
    new: Rulebook
    changes: tuple[Change, ...]
    cases: tuple[CaseChange, ...]
    due: Due
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether some register comes out otherwise, or could."""
        return self.due.step == "major"
