"""A rule and what amends it → its texts in time, and those of rules that stand in its place for some.

It is amended layer by layer, each as if it were laid over what those below it have made. In one layer first comes what
changes the text, then what takes an exception out of play, then what takes out the rule itself or puts it as changed in
its place for some; so the names of files never matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping as Map
from collections.abc import Sequence

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.language.amend import (
    Change,
    changed_node,
    exception_of,
    exceptions_under,
    substitute_of,
    with_exception,
)
from bigrules.language.faults import CODES, Faults
from bigrules.language.source import Document, Mapping, Text
from bigrules.language.spells import Spell
from bigrules.language.texts import (
    Texts,
    as_changed,
    contradictions,
    is_of_text,
    joined,
    said_of,
    stretches,
    with_examples,
)

_STEPS = ("change", "add", "disapply", "substitute")


@attrs.frozen(eq=False)
class RuleTexts:
    """What became of a rule.

    Args:
        texts: Its texts.
        instead: What stands in its place for some: the change that says so, and the texts of the rule that it makes.
    """

    texts: Texts
    instead: tuple[tuple[Change, Texts], ...]


def rule_in_time(
    document: Document, within: Spell, changes: Sequence[Change], faults: Faults
) -> RuleTexts | None:
    """The texts of a rule, each with its days; None where a change cannot be made.

    Args:
        document: The rule.
        within: The days on which it has this text.
        changes: What amends it, a layer after those below it, and in one layer by the first day.
        faults: Where to note what is wrong.
    """
    before = len(faults.found)
    whole, roots = joined(document, changes)
    steps = sorted(changes, key=lambda each: (each.layer, _STEPS.index(each.amended.operation)))
    found: Texts = []
    instead: dict[int, Texts] = {}
    noted: set[int] = set()
    for stretch in stretches(each.spell for each in changes if is_of_text(each)):
        days = stretch.within(within)
        if days is None:
            continue
        there = [each for each in steps if each.spell.meets(days)]
        contradictions(
            [each for each in there if is_of_text(each)],
            lambda some: as_changed(whole, some, roots)[0] is not None,
            faults,
            noted,
        )
        walk = _Walk(whole, roots, there, steps)
        root = walk.through()
        if root is None:
            if walk.culprit is not None and id(walk.culprit) not in noted:
                noted.add(id(walk.culprit))
                faults.found += said_of(walk.wrong, walk.culprit, changes, days)
            continue
        for each in changes:
            # Those of what is no longer, or not yet, in force have days of their own.
            root = root if each.amended.operation == "substitute" else with_examples(root, roots[id(each)])
        found.append((days, attrs.evolve(whole, root=root)))
        for each, made in walk.made:
            instead.setdefault(id(each), []).append((days, attrs.evolve(whole, root=made)))
    if len(faults.found) > before:
        return None
    return RuleTexts(found, tuple((each, instead[id(each)]) for each in steps if id(each) in instead))


@attrs.frozen(eq=False)
class _Out:
    """What takes a rule out of play for some, or an exception that such a one has made.

    Args:
        change: The change that says so.
        target: The change that has made the exception; None where it is about the rule itself.
        inner: Which exception of that exception, in numbers.
    """

    change: Change
    target: Change | None = None
    inner: tuple[int, ...] = ()


class _Walk:
    """One text of a rule, through all layers.

    Attributes:
        below: For each exception that amendments have made, in the order in which they are counted, what made it.
        made: What stands in its place for some, by what says so.
        culprit: The change that cannot be made.
        wrong: Why it cannot.
    """

    def __init__(
        self, whole: Document, roots: Map[int, Mapping], steps: Sequence[Change], all_steps: Sequence[Change]
    ) -> None:
        self.whole = whole
        self.roots = roots
        self.steps = steps
        # On all days, so that an exception has one number on each of them.
        self.below = [each for each in all_steps if not is_of_text(each) and not exception_of(each.target)[1]]
        self.made: list[tuple[Change, Mapping]] = []
        self.culprit: Change | None = None
        self.wrong: list[Diagnostic] = []

    def through(self) -> Mapping | None:
        """The text in the end, or None."""
        node = self.whole.root
        assert isinstance(node, Mapping)
        # What takes the rule itself out comes behind its own exceptions, so that these keep their numbers. What applies
        # instead has what came below: of what stands beside it nobody knows whether it was meant there too.
        out: list[_Out] = []
        for _, layer in itertools.groupby(self.steps, key=lambda each: each.layer):
            mine, below = list(layer), list(out)
            texts = [each for each in mine if is_of_text(each)]
            new, wrong, culprit = as_changed(attrs.evolve(self.whole, root=node), texts, self.roots)
            if new is None:
                self.culprit, self.wrong = culprit, wrong
                return None
            node = new
            for each in mine:
                numbers = exception_of(each.target)[1]
                if each.amended.operation != "disapply":
                    continue
                if not numbers:
                    out.append(_Out(each))
                    continue
                own = len(exceptions_under(node.get("unless")))
                if numbers[0] > own:
                    if not self.exception_below(node, each, numbers[0] - own - 1, numbers[1:], out):
                        return None
                    continue
                deeper = self.with_out(node, each, numbers)
                if deeper is None:
                    self.no_exception(each)
                    return None
                node = deeper
            substitutes = [each for each in mine if each.amended.operation == "substitute"]
            if not all(self.substitute(node, each, below) for each in substitutes):
                return None
            out += [_Out(each) for each in substitutes]
        return self.with_all(node, out)

    def exception_below(
        self, node: Mapping, change: Change, at: int, inner: tuple[int, ...], out: list[_Out]
    ) -> bool:
        """Keep what takes an exception out of play that an amendment below has made; False where there is none."""
        below = [each for each in self.below if each.layer < change.layer]
        target = below[at] if at < len(below) else None
        if target is None:
            self.no_exception(change)
            return False
        if target.amended.operation == "substitute":
            self.no_exception(change, f"what applies instead is `{target.amended.id}`: amend that")
            return False
        if target not in self.steps:
            return True  # On these days there is no such exception.
        out.append(_Out(change, target, inner))
        if self.with_all(node, out) is None:
            self.no_exception(change)
            return False
        return True

    def with_out(self, node: Mapping, change: Change, numbers: tuple[int, ...] = ()) -> Mapping | None:
        """A rule with what takes it, or an exception of it, out of play."""
        root = self.roots[id(change)]
        title = root.get("amendment")
        assert isinstance(title, Text)
        instead = change.amended.id if change.amended.operation == "substitute" else ""
        made = with_exception(
            node, numbers, title, change.amended.by, root.get("when"), change.spell, instead
        )
        return made if isinstance(made, Mapping) else None

    def with_all(self, node: Mapping, out: Sequence[_Out]) -> Mapping | None:
        """A rule with all that amendments have made exceptions; None where one is of an exception that there is not."""
        numbers: dict[int, int] = {}
        for each in out:
            if each.target is None:
                numbers[id(each.change)] = len(exceptions_under(node.get("unless"))) + 1
            at = () if each.target is None else (numbers[id(each.target)], *each.inner)
            made = self.with_out(node, each.change, at)
            if made is None:
                return None
            node = made
        return node

    def no_exception(self, change: Change, help: str = "") -> None:
        at = change.root.get("amends")
        assert at is not None
        message = f"`{change.file}` has no exception `{change.target.removeprefix(change.file).strip()}`"
        if help:
            message = f"`{change.target}` cannot be disapplied"
        help = help or (
            "count the exceptions under `unless` from 1, in their order, and behind them those of amendments "
            "that are laid below"
        )
        self.culprit = change
        self.wrong = [
            Diagnostic(CODES["unknown-target"], "unknown-target", message, change.document.span(at), help)
        ]

    def substitute(self, node: Mapping, change: Change, out: Sequence[_Out]) -> bool:
        """Keep the rule as changed, which stands in its place for some; False where it cannot be changed so."""
        root = self.roots[id(change)]
        title = root.get("amendment")
        assert isinstance(title, Text)
        new, wrong = changed_node(self.whole, node, change, root)
        if not isinstance(new, Mapping):
            self.culprit, self.wrong = change, wrong
            return False
        rest = self.with_all(new, out)
        assert rest is not None
        made = substitute_of(rest, root, title, change.amended.by, change.spell)
        self.made.append((change, made))
        return True
