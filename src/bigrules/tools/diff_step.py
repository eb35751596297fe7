"""Which step of the version is due: major where a register could come out otherwise, minor, or patch."""

from __future__ import annotations

import re
from typing import Literal

import attrs

from bigrules.language.model import Rulebook

Step = Literal["none", "patch", "minor", "major"]
ORDER: tuple[Step, ...] = ("none", "patch", "minor", "major")
_VERSION = re.compile(r"\d+(\.\d+)*")


@attrs.frozen
class Due:
    """The step of the version that is due, and the one that was taken.

    Args:
        step: The step that is due.
        because: Why, a sentence for each change that makes for it.
        taken: The step that was taken, or "" where the versions do not say.
        old: The old version.
        new: The new one.
        what: Whose versions these are.
    """

    step: Step
    because: tuple[str, ...]
    taken: Step | Literal["", "back"]
    old: str
    new: str
    what: str

    @property
    def enough(self) -> bool | None:
        """Whether the step that was taken is great enough; None where the versions do not say."""
        if not self.taken:
            return None
        return self.taken != "back" and ORDER.index(self.taken) >= ORDER.index(self.step)


def due(old: Rulebook, new: Rulebook, steps: list[tuple[Step, str]]) -> Due:
    """The step that is due.

    Args:
        old: The old rulebook.
        new: The new one.
        steps: For each change the step that it makes for, and why.
    """
    reached = [each for each, _ in steps]
    step: Step = max(reached, key=ORDER.index) if reached else "none"
    because = tuple(dict.fromkeys(why for each, why in steps if each == step)) if step != "none" else ()
    before, after, what = versions(old, new)
    return Due(step, because, taken(before, after) if what else "", before, after, what)


def versions(old: Rulebook, new: Rulebook) -> tuple[str, str, str]:
    """The versions that are compared, and whose they are; "" where other things are compared than two versions of one.

    Where the same amendments are laid over both, the last of them that changed is what was worked on.
    """
    names = [[each.name for each in book.laid] for book in (old, new)]
    if old.name != new.name or names[0] != names[1]:
        return old.version, new.version, ""
    if old.version != new.version or not old.laid:
        return old.version, new.version, old.name
    pairs = [
        (one, other)
        for one, other in zip(old.laid, new.laid, strict=True)
        if (one.version, one.digest) != (other.version, other.digest)
    ]
    if not pairs:
        return old.version, new.version, old.name
    return pairs[-1][0].version, pairs[-1][1].version, pairs[-1][1].name


def taken(old: str, new: str) -> Step | Literal["", "back"]:
    """The step from one version to another; before 1.0 the second number counts as the first does after it.

    >>> taken("1.4.2", "2.0.0"), taken("1.4.2", "1.5.0"), taken("1.4.2", "1.4.3")
    ('major', 'minor', 'patch')
    >>> taken("0.4.2", "0.5.0"), taken("0.4.2", "0.4.3"), taken("0.4.2", "1.0.0")
    ('major', 'minor', 'major')
    >>> taken("1.0", "1.0"), taken("1.1", "1.0"), taken("spring", "summer")
    ('none', 'back', '')
    """
    if not _VERSION.fullmatch(old) or not _VERSION.fullmatch(new):
        return "none" if old == new else ""
    one, other = (tuple(map(int, each.split("."))) for each in (old, new))
    length = max(len(one), len(other), 3)
    one, other = (each + (0,) * (length - len(each)) for each in (one, other))
    if other == one:
        return "none"
    if other < one:
        return "back"
    at = next(number for number in range(length) if one[number] != other[number])
    if one[0] == other[0] == 0:
        # Nothing below 1.0 has a place for patches: its last number is for what is not major.
        return "major" if at == 1 else "minor"
    return "major" if at == 0 else "minor" if at == 1 else "patch"
