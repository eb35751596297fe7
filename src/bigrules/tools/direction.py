"""Whether a change makes a rule stricter or looser, where that follows from its form alone.

A rule is stricter if in every completion of every case each subject that was breached is breached still. That
follows from its form as follows. A condition *narrows* if it holds in no completion in which it did not hold before,
for no values of its slots; it *widens* the other way round.

- What is the same neither narrows nor widens. One condition more narrows a list; one alternative more widens an
  `any of`; under `unless` it is the other way round. A list, an alternative, a measure takes over what its parts do.
- A number or a share of those who count does not grow where those who count narrow, and no group does; so `at least`
  narrows with them, and `at most` widens. Of a total nothing is said, as a value may be less than nothing, nor of
  least and greatest, nor where those change among whom a share is taken.
- A limit that moves, a test with another constant, a shorter list of choices compare as numbers, days and sets do.
- A definition that narrows narrows each sentence that it says. That is so for one that uses itself too, since no
  definition uses itself through an absence or a measure.
- What stands under `unless`, and a measure, uses the slots that the list around it binds. So nothing is said of a list
  in which another set of these is bound than before.

A subject is breached where it is given, no exception applies, and what is required does not hold or what is not
allowed does. So a rule is stricter where what is given or not allowed widens, or where what is required or an
exception narrows, and nothing goes the other way. Nothing is said where a requirement may be of nobody in another way.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

import attrs

from bigrules.language import in_force
from bigrules.language.earlier import EARLIER, is_earlier
from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Const,
    Definition,
    Exception_,
    Formula,
    Kind,
    Limit,
    Measure,
    NoneOf,
    Rule,
    Rulebook,
    Test,
)
from bigrules.program.formulas import exported, flat, may_be_void, measure_parts, slots, walk

Way = Literal["same", "narrows", "widens", "neither"]
Word = Literal["same", "stricter", "looser", ""]

_TURNED: dict[Way, Way] = {"same": "same", "narrows": "widens", "widens": "narrows", "neither": "neither"}
# How strong a force is, as far as the outcome of a case goes.
_COUNTS = {"must": 1, "should": 1, "expected": 0}
# The tests that hold for more the greater their last term is, and those that hold for fewer.
_GROWING = ("at most", "less than", "before", "on or before")
_SHRINKING = ("at least", "more than", "after", "on or after")
# Of two tests on the same terms the first implies the second.
_IMPLIES = {
    ("more than", "at least"), ("less than", "at most"), ("before", "on or before"), ("after", "on or after"),
    ("exactly", "at least"), ("exactly", "at most"), ("is", "one of"), ("same", "at least"), ("same", "at most"),
    ("within days after", "within days"), ("within days before", "within days"),
}  # fmt: skip


def direction(old: Rulebook, new: Rulebook, id: str) -> Word:
    """Whether a rule is `stricter`, `looser` or the `same` by its form; "" where that does not follow.

    A rule that one of the rulebooks does not have breaches nothing there.

    Args:
        old: The old rulebook.
        new: The new one.
        id: Id of the rule.
    """
    if id in _split(old) or id in _split(new):
        return ""
    starts = {each.start for book in (old, new) for each in book.versions if each.start is not None}
    # What holds on every day is so; a rule that is stricter for a time and looser for another is neither.
    ways = [_on_a_day(in_force(old, day), in_force(new, day), id) for day in {datetime.date.min, *starts}]
    words: dict[Way, Word] = {"same": "same", "widens": "stricter", "narrows": "looser", "neither": ""}
    return words[together(ways)]


def _on_a_day(old: Rulebook, new: Rulebook, id: str) -> Way:
    before, after = old.rules.get(id), new.rules.get(id)
    if before is None or after is None:
        return "same" if before is after else "widens" if before is None else "narrows"
    force = _COUNTS[after.force] - _COUNTS[before.force]
    forced: Way = "widens" if force > 0 else "narrows" if force < 0 else "same"
    return together([Comparing(old, new).rules(before, after), forced])


def _split(book: Rulebook) -> set[str]:
    """Rules with a day of their own that have a text for some days and another for others."""
    return {each.partition(EARLIER)[0] for each in book.rules if is_earlier(each)}


def together(ways: Iterable[Way]) -> Way:
    """What some parts do together.

    >>> together(["same", "narrows"]), together(["narrows", "widens"]), together([])
    ('narrows', 'neither', 'same')
    """
    found = set(ways) - {"same"}
    return "same" if not found else found.pop() if len(found) == 1 else "neither"


@attrs.define(eq=False)
class Comparing:
    """Two rulebooks that are held against each other.

    Args:
        old: The old rulebook.
        new: The new one.
        predicates: What has become of each kind and definition, as far as it has been asked.
    """

    old: Rulebook
    new: Rulebook
    predicates: dict[str, Way] = attrs.field(factory=dict)

    # ------------------------------------------------------------ files

    def rules(self, old: Rule, new: Rule) -> Way:
        """Whether the breaches of a rule widen or narrow."""
        heads = [
            (each.form, each.subject, each.on, each.asked_again_after, each.start, each.end, each.replaces)
            for each in (old, new)
        ]
        if heads[0] != heads[1] or {slot: old.types.get(slot) for slot in old.subject} != {
            slot: new.types.get(slot) for slot in new.subject
        }:
            return "neither"
        # What `for each` binds is the subject; what `only if` binds is seen nowhere else.
        bound = set(old.subject)
        given = self.formulas(old.given, new.given, set())
        exceptions = self.exceptions(old.exceptions, new.exceptions, bound)
        condition = self.formulas(old.condition, new.condition, bound)
        if old.form == "required":
            if not self._same_nobody(old.condition, new.condition):
                return "neither"
            condition = _TURNED[condition]
        return together([given, _TURNED[exceptions], condition])

    def _same_nobody(self, old: Formula | None, new: Formula | None) -> bool:
        """Whether limits that stand directly in a requirement are of nobody in the same cases."""
        found: list[tuple[object, ...]] = []
        for each in (old, new):
            items = flat(each) if each is not None else []
            limits = [one for one in items if isinstance(one, Limit)]
            binding = {name for one in items for name in exported(one)}
            # What is taken for each of what the list binds: then the rest of the list must stay as it is.
            outer = any(slots(one) & binding for one in limits)
            rest = [one for one in items if not isinstance(one, Limit)] if outer else []
            void = [(one.measure.among, one.of) for one in limits if may_be_void(one)]
            found.append((outer, rest, void))
        same = found[0] == found[1]
        reads = {each.predicate for one in (old, new) if one for each in walk(one) if isinstance(each, Atom)}
        changed = any(self.predicate(each) != "same" for each in reads)
        return same and not (changed and any(outer or void for outer, _, void in found))

    def exceptions(self, old: Sequence[Exception_], new: Sequence[Exception_], bound: set[str]) -> Way:
        """Whether some exception applies in more cases, or in fewer."""
        return self.formulas(_applies(old), _applies(new), bound, empty="nothing")

    def definitions(self, old: Definition, new: Definition) -> Way:
        """Whether a definition holds of more, or of fewer."""
        heads = [
            (each.slots, each.types, each.symmetric, each.irreflexive, each.start, each.end)
            for each in (old, new)
        ]
        if heads[0] != heads[1]:
            return "neither"
        bound = set(old.slots)
        parts = [
            self.formulas(one, other, bound, empty="nothing")
            for one, other in ((old.holds, new.holds), (old.people_decide, new.people_decide))
        ]
        return together(parts)

    def predicate(self, name: str) -> Way:
        """What has become of a kind or definition: whether its sentence holds of more, or of fewer."""
        if name not in self.predicates:
            # A definition that uses itself is compared as if it had not changed where it does.
            self.predicates[name] = "same"
            old, new = self.old.definitions.get(name), self.new.definitions.get(name)
            if old is not None and new is not None:
                self.predicates[name] = self.definitions(old, new)
            elif old is not new:
                self.predicates[name] = "neither"
            else:
                kinds = [each.vocabulary.kinds.get(name) for each in (self.old, self.new)]
                self.predicates[name] = "same" if same_kind(*kinds) else "neither"
        return self.predicates[name]

    # ------------------------------------------------------------ conditions

    def formulas(
        self,
        old: Formula | None,
        new: Formula | None,
        bound: set[str],
        empty: Literal["all", "nothing"] = "all",
    ) -> Way:
        """What has become of a condition; what is not there holds for all, or for nothing."""
        if old is None or new is None:
            if old is new:
                return "same"
            missing: Way = "narrows" if old is None else "widens"
            return missing if empty == "all" else _TURNED[missing]
        if isinstance(old, AnyOf) or isinstance(new, AnyOf):
            return self.lists(_branches(old), _branches(new), bound, "any")
        if isinstance(old, All) or isinstance(new, All):
            return self.conditions(flat(old), flat(new), bound)
        if type(old) is not type(new):
            return "neither"
        if isinstance(old, Atom) and isinstance(new, Atom):
            return self.predicate(old.predicate) if _as_atom(old) == _as_atom(new) else "neither"
        if isinstance(old, Test) and isinstance(new, Test):
            return tests(old, new)
        if isinstance(old, NoneOf) and isinstance(new, NoneOf):
            return _TURNED[self.formulas(old.part, new.part, bound)]
        if isinstance(old, Limit) and isinstance(new, Limit):
            return self.limits(old, new, bound)
        # The outcome of another rule: nothing is said unless nothing at all has changed.
        return (
            "same"
            if old == new and self.old.rules == self.new.rules and self._nothing_changed()
            else "neither"
        )

    def _nothing_changed(self) -> bool:
        return self.old.definitions == self.new.definitions and self.old.vocabulary == self.new.vocabulary

    def conditions(self, old: list[Formula], new: list[Formula], bound: set[str]) -> Way:
        """What has become of a list of which all must hold."""
        binds = [bound | {name for each in items for name in exported(each)} for items in (old, new)]
        parts = (part for each in (*old, *new) for part in walk(each))
        if any(slots(each) & (binds[0] ^ binds[1]) for each in parts if isinstance(each, NoneOf | Limit)):
            return "neither"
        return self.lists(old, new, binds[0], "all")

    def lists(
        self, old: list[Formula], new: list[Formula], bound: set[str], how: Literal["all", "any"]
    ) -> Way:
        """Items paired off: those that are the same first, then one of each sort; what is left over decides too."""
        left, right = list(old), list(new)
        ways: list[Way] = []
        for wanted in (("same",), ("narrows", "widens")):
            for one in list(left):
                for other in list(right):
                    way = self.formulas(one, other, bound)
                    if way in wanted:
                        ways.append(way)
                        left.remove(one)
                        right.remove(other)
                        break
        more: Way = "narrows" if how == "all" else "widens"
        ways += [_TURNED[more] for _ in left] + [more for _ in right]
        return together(ways)

    # ------------------------------------------------------------ measures

    def limits(self, old: Limit, new: Limit, bound: set[str]) -> Way:
        """What has become of a limit: of its measure, and of what it is held against."""
        same = ("of_nobody", "rounding", "value")
        if any(getattr(old, each) != getattr(new, each) for each in same):
            return "neither"
        if (old.of is None) != (new.of is None):
            return "neither"
        if old.of is not None and new.of is not None and self.measures(old.of, new.of, bound) != "same":
            return "neither"
        measure = self.measures(old.measure, new.measure, bound)
        held = bounds(old, new)
        up = {old.op, new.op} <= {"at least", "more than"}
        down = {old.op, new.op} <= {"at most", "less than"}
        if measure != "same":
            # Fewer are counted: a least number is reached in fewer cases, a greatest one kept in more.
            measure = measure if up else _TURNED[measure] if down else "neither"
        return together([measure, held])

    def measures(self, old: Measure, new: Measure, bound: set[str]) -> Way:
        """Whether a measure grows (`widens`) or shrinks."""
        if _as_measure(old) != _as_measure(new):
            return "neither"
        binds = [bound | exported(each.among).keys() for each in (old, new)]
        inside = [part for each in (old, new) for part in measure_parts(each)[1:]]
        if any(slots(each) & binds[0] != slots(each) & binds[1] for each in inside):
            return "neither"
        among = self.formulas(old.among, new.among, bound)
        where = self.formulas(old.where, new.where, binds[0])
        link = self.formulas(old.link, new.link, binds[0])
        if together([among, where, link]) == "same":
            return "same"
        if old.aggregate == "share":
            return where if among == "same" and not old.value else "neither"
        if old.aggregate in ("number", "group sharing", "group linked"):
            return together([among, where, link])
        return "neither"


def _applies(exceptions: Sequence[Exception_]) -> Formula | None:
    """When one of some exceptions applies, as a condition."""
    parts: list[Formula] = []
    for each in exceptions:
        inner = _applies(each.unless)
        parts.append(each.when if inner is None else All((*flat(each.when), NoneOf(inner))))
    return None if not parts else parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _branches(formula: Formula) -> list[Formula]:
    return list(formula.parts) if isinstance(formula, AnyOf) else [formula]


def _as_atom(atom: Atom) -> object:
    return (atom.predicate, atom.terms, atom.day, atom.future)


def _as_measure(measure: Measure) -> object:
    names = ("aggregate", "key", "value", "sharing", "other", "through_anyone")
    return tuple(getattr(measure, each) for each in names)


def bounds(old: Limit, new: Limit) -> Way:
    """What has become of what a measure is held against, the measure left aside.

    An `of` is never less than nothing where it is a number, a share or a group; of others nothing is said.
    """
    if old.op == new.op and old.bound == new.bound:
        return "same"
    scaled = old.of is not None and old.of.aggregate in ("total", "least", "greatest")
    plain = isinstance(old.bound, Fraction) and isinstance(new.bound, Fraction)
    if old.bound != new.bound and (scaled or not plain):
        return "neither"
    ways: list[Way] = []
    if old.bound != new.bound:
        assert isinstance(old.bound, Fraction) and isinstance(new.bound, Fraction)
        greater = new.bound > old.bound
        if {old.op, new.op} <= {"at least", "more than"}:
            ways.append("narrows" if greater else "widens")
        elif {old.op, new.op} <= {"at most", "less than"}:
            ways.append("widens" if greater else "narrows")
        else:
            return "neither"
    if old.op != new.op:
        ways.append(_by_op(old.op, new.op))
    return together(ways)


def _by_op(old: str, new: str) -> Way:
    return "narrows" if (new, old) in _IMPLIES else "widens" if (old, new) in _IMPLIES else "neither"


def tests(old: Test, new: Test) -> Way:
    """What has become of a test."""
    if (old.op, old.terms, old.amount, old.window) == (new.op, new.terms, new.amount, new.window):
        return "same"
    if old.terms[0] != new.terms[0]:
        return "neither"
    ops = {old.op, new.op}
    if ops <= {"is", "one of"} or ops == {"not one of"}:
        mine, its = (set(one.terms[1:]) for one in (old, new))
        way: Way = (
            "same" if mine == its else "widens" if mine < its else "narrows" if its < mine else "neither"
        )
        return way if ops <= {"is", "one of"} else _TURNED[way]
    if old.op == new.op and old.terms == new.terms and old.window == new.window:
        # The first day of an anniversary moves with its number: the more years, the fewer are so old.
        longer: Way = "widens" if "within" in old.op or old.op == "not years before" else "narrows"
        return longer if new.amount > old.amount else _TURNED[longer]
    if old.terms == new.terms and old.op != new.op and old.amount == new.amount:
        return _by_op(old.op, new.op)
    if old.op == "window" and new.op == "window" and old.terms == new.terms:
        starts, ends = [each.window[:2] for each in (old, new)], [each.window[2:] for each in (old, new)]
        ways: list[Way] = [
            "same" if starts[0] == starts[1] else "narrows" if starts[1] > starts[0] else "widens",
            "same" if ends[0] == ends[1] else "narrows" if ends[1] < ends[0] else "widens",
        ]
        return together(ways)
    return _constants(old, new)


def _constants(old: Test, new: Test) -> Way:
    """Tests of order with another constant."""
    one, other = old.terms[-1], new.terms[-1]
    if (
        not isinstance(one, Const)
        or not isinstance(other, Const)
        or len(old.terms) != 2
        or old.amount != new.amount
    ):
        return "neither"
    if one.value is None or other.value is None or isinstance(one.value, str) or isinstance(other.value, str):
        return "neither"
    # One test takes values of one type: both are numbers, or both are days.
    greater = other.value > one.value  # type: ignore[operator]
    moved: Way
    if {old.op, new.op} <= set(_GROWING):
        moved = "widens" if greater else "narrows"
    elif {old.op, new.op} <= set(_SHRINKING):
        moved = "narrows" if greater else "widens"
    else:
        return "neither"
    if one.value == other.value:
        moved = "same"
    return together([moved, "same" if old.op == new.op else _by_op(old.op, new.op)])


def same_kind(old: Kind | None, new: Kind | None) -> bool:
    """Whether two kinds mean the same: all but help, questions, readings, and what is only said of a missing row."""
    if old is None or new is None:
        return old is new

    def core(kind: Kind) -> Kind:
        fields = tuple(attrs.evolve(each, asks="", help="") for each in kind.fields)
        return attrs.evolve(
            kind, fields=fields, sentences=(), asks="", help="", no_row="", adopted=None, other_readings=()
        )

    return core(old) == core(new)
