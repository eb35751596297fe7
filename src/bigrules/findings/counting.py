"""Who is counted: what stands behind a number, a share or a group, with where each fact stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

import attrs

from bigrules.facts.domains import Fresh
from bigrules.findings import wording
from bigrules.findings.derive import Derivation, Deriver
from bigrules.findings.formulas import slot_types
from bigrules.findings.narrate import merged, narrate, places_of
from bigrules.findings.report import Figure, Finding, Outcome
from bigrules.findings.solve import Reads, Solution
from bigrules.language.model import All, Atom, Formula, Limit, Measure, Type
from bigrules.program.formulas import flat

# More groups than this are not written out, and more names than this are counted.
MOST_GROUPS = 12
MOST_NAMES = 40

# What grows with the number of those who are counted.
COUNTED = ("number", "total", "group sharing", "group linked")


@attrs.frozen
class Counted:
    """Something that is counted, or may be.

    Args:
        certain: Whether it is, whatever the facts that are not known turn out to be.
        places: Where in the register that stands.
        supposed: Whether it rests on records that are not in the register and only may be missing from it.
    """

    certain: bool
    places: tuple[str, ...] = ()
    supposed: bool = False

    def better_than(self, other: Counted | None) -> bool:
        return other is None or (self.certain, not self.supposed) > (other.certain, not other.supposed)


class Counting:
    """Tells who is counted.

    Args:
        deriver: Finds derivations.
    """

    def __init__(self, deriver: Deriver) -> None:
        self.deriver, self.rulebook, self.names = deriver, deriver.rulebook, deriver.names

    def told(self, limit: Limit, finding: Finding, subject: Mapping[str, object], reads: Reads) -> list[str]:
        """Who is counted: first what is certain, then what may be, and which lists were not asked."""
        measure = limit.measure
        counting = All((measure.among, measure.where)) if measure.where is not None else measure.among
        if measure.aggregate == "group linked":
            told = self._groups(limit, finding, counting, subject, reads)
        elif measure.sharing:
            told = self._sharing(limit, finding, counting, subject, reads)
        elif measure.where is None:
            told = self._among(measure, subject, reads)
        else:
            told = self._where(measure, measure.where, counting, subject, reads)
        not_asked = self._not_asked(limit, finding, counting)
        if not told and not not_asked and measure.sharing:
            return [f"No two are recorded with the same {measure.sharing}."]
        if not told and not not_asked and measure.link is not None:
            return ["No two of those who are counted are recorded as linked."]
        return told + not_asked

    def without_bound(
        self, figure: Figure, limit: Limit, subject: Mapping[str, object], reads: Reads
    ) -> Figure:
        """A figure without its greatest value where any number of people may be counted whom no record names."""
        grows = limit.measure.aggregate in COUNTED and figure.least != figure.greatest
        if grows and self._any_number(limit.measure, subject, reads):
            figure = attrs.evolve(figure, greatest=None)
        if figure.of_least != figure.of_greatest:
            among = attrs.evolve(limit.of or limit.measure, where=limit.of.where if limit.of else None)
            if self._any_number(among, subject, reads):
                figure = attrs.evolve(figure, of_greatest=None)
        return figure

    def _any_number(self, measure: Measure, subject: Mapping[str, object], reads: Reads) -> bool:
        formulas = [All((measure.among, measure.where)) if measure.where is not None else measure.among]
        # In a group of those who are linked, a stranger who is linked to nobody is one alone.
        formulas += [measure.link] if measure.link is not None else []
        return all(
            any(
                isinstance(one.binding.get(measure.key), Fresh) and _is_supposed(self.deriver.of_steps(one))
                for one in self.deriver.solve(each, subject, reads)
            )
            for each in formulas
        )

    def _not_asked(self, limit: Limit, finding: Finding, counting: Formula) -> list[str]:
        """Which lists might hold more, where the finding does not stand without them."""
        if finding.outcome is Outcome.BREACHED:
            return []
        formulas = [counting, *([limit.measure.link] if limit.measure.link is not None else [])]
        read = {kind for each in formulas for kind in self.deriver.kinds_of(each)}
        kinds = [each for each in self.rulebook.vocabulary.kinds if each in read]
        absent = [each for each in kinds if each not in self.deriver.case.asked]
        open_ = {each.kind for each in self.deriver.case.incomplete}
        partly = [each for each in kinds if each in open_ and each not in absent]
        told = [f"Not asked, so that anything may be so: {wording.listed(absent)}."] if absent else []
        return told + ([f"Perhaps not all is recorded: {wording.listed(partly)}."] if partly else [])

    def _among(self, measure: Measure, subject: Mapping[str, object], reads: Reads) -> list[str]:
        keys = self._keys(measure.among, measure.key, subject, reads)
        sure, perhaps = _parted(keys)
        type_ = slot_types(self.rulebook, measure.among).get(measure.key)
        return [
            *self._tell("counted", sure, type_, measure.key),
            *self._tell("perhaps too" if sure else "perhaps counted", perhaps, type_, measure.key),
        ]

    def _where(
        self, measure: Measure, where: Formula, counting: Formula, subject: Mapping[str, object], reads: Reads
    ) -> list[str]:
        among = self._keys(measure.among, measure.key, subject, reads)
        counted = self._keys(counting, measure.key, subject, reads, where)
        type_ = slot_types(self.rulebook, measure.among).get(measure.key)
        positive, negative = self._about(where, measure.key, subject)
        sure, open_ = _parted(counted)
        rest = {
            key: Counted(True, tuple(self.deriver.beside(where, {measure.key: key}, measure.among)))
            for key in among
            if key not in counted and not isinstance(key, Fresh)
        }
        return [
            *self._tell(positive, sure, type_, measure.key),
            *self._tell("not known", open_, type_, measure.key),
            *self._tell(negative, rest, type_, measure.key),
        ]

    def _about(self, where: Formula, key: str, subject: Mapping[str, object]) -> tuple[str, str]:
        """What holds of those who count, and of the others."""
        parts = flat(where)
        others = "the others"
        if len(parts) != 1 or not isinstance(parts[0], Atom):
            return f"of these it holds that {self.deriver.condition(where, subject)}", others
        positive, negative = (
            self.deriver.filled(each, parts[0], subject) for each in self.deriver.forms(parts[0])
        )
        begins = negative.startswith(f"<{key}> ")
        return wording.about(positive, key), wording.about(negative, key) if begins else others

    def _keys(
        self,
        formula: Formula,
        key: str,
        subject: Mapping[str, object],
        reads: Reads,
        shown: Formula | None = None,
    ) -> dict[object, Counted]:
        """Each key for which a condition holds, whether for certain, and where that (or what is shown) stands."""
        parts = {id(each) for each in flat(shown)} if shown is not None else None
        found: dict[object, Counted] = {}
        for solution in self.deriver.solve(formula, subject, reads):
            one = solution.binding.get(key)
            if one not in found or not found[one].certain:
                counted = self._counted(solution, parts)
                if counted.better_than(found.get(one)):
                    found[one] = counted
        return dict(sorted(found.items(), key=lambda each: str(each[0])))

    def _counted(self, solution: Solution, parts: set[int] | None = None) -> Counted:
        made = self.deriver.of_steps(solution)
        steps = tuple(each for each in solution.steps if parts is None or id(each.part) in parts)
        shown = made if parts is None else self.deriver.of_steps(attrs.evolve(solution, steps=steps))
        return Counted(solution.certain, tuple(places_of(shown)), _is_supposed(made))

    def _tell(self, lead: str, keys: Mapping[object, Counted], type_: Type | None, word: str) -> list[str]:
        if not keys:
            return []
        # Of those whom only a record that is not there would name there may be any number.
        further = any(isinstance(key, Fresh) and each.supposed for key, each in keys.items())
        told = [key for key, each in keys.items() if not (isinstance(key, Fresh) and each.supposed)]
        names = self.names.several(type_, told)
        if len(names) > MOST_NAMES:
            names = [wording.count(len(names), word)]
        number = f" ({len(told)})" if not any(isinstance(key, Fresh) for key in keys) else ""
        if further:
            names.append(self.names.any_number(type_))
        places = merged(place for each in keys.values() for place in each.places)
        said = f"{lead}{number}: {wording.listed(names)}"
        return [wording.sentence(said + (f" ({places})" if places else ""))]

    # ------------------------------------------------------------ groups

    def _sharing(
        self, limit: Limit, finding: Finding, counting: Formula, subject: Mapping[str, object], reads: Reads
    ) -> list[str]:
        measure = limit.measure
        types = slot_types(self.rulebook, counting)
        key_type, shared_type = types.get(measure.key), types.get(measure.sharing)
        groups: dict[object, dict[object, Counted]] = {}
        for solution in self.deriver.solve(counting, subject, reads):
            shared, key = solution.binding.get(measure.sharing), solution.binding.get(measure.key)
            group = groups.setdefault(shared, {})
            if key not in group or not group[key].certain:
                counted = self._counted(solution)
                if not counted.supposed and counted.better_than(group.get(key)):
                    group[key] = counted
        too_large = _too_large(limit)
        # Where a group is certainly too large, it is the reason, and the others are none.
        is_certain = finding.outcome is Outcome.BREACHED and any(
            too_large(len(_parted(keys)[0])) for keys in groups.values()
        )
        told: list[str] = []
        nowhere_recorded = False
        ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), str(each[0])))
        for shared, keys in ordered:
            sure, perhaps = _parted(keys)
            may_be = len(keys) > 1 and too_large(len(keys))
            if is_certain and not too_large(len(sure)):
                continue
            if (len(sure) < 2 and not may_be) or len(told) >= 2 * MOST_GROUPS:
                continue
            if isinstance(shared, Fresh):
                # Whichever of them it is, it is told once.
                if nowhere_recorded:
                    continue
                nowhere_recorded = True
            what = self.names.called(measure.sharing, shared_type, shared)
            if len(sure) > 1:
                told += self._tell(f"share {what}", sure, key_type, measure.key)
                if may_be:
                    told += self._tell(f"perhaps too in {what}", perhaps, key_type, measure.key)
            else:
                told += self._tell(f"may share {what}", keys, key_type, measure.key)
        return told

    def _groups(
        self, limit: Limit, finding: Finding, counting: Formula, subject: Mapping[str, object], reads: Reads
    ) -> list[str]:
        measure = limit.measure
        assert measure.link is not None
        every = self._keys(counting, measure.key, subject, reads)
        keys = {key: each for key, each in every.items() if not each.supposed}
        type_ = slot_types(self.rulebook, counting).get(measure.key)
        links: dict[frozenset[object], Solution] = {}
        for solution in self.deriver.solve(measure.link, subject, reads):
            pair = frozenset((solution.binding.get(measure.key), solution.binding.get(measure.other)))
            if len(pair) < 2 or not (measure.through_anyone or pair <= set(keys)):
                continue
            if pair in links and (links[pair].certain or not solution.certain):
                continue
            if solution.certain or not _is_supposed(self.deriver.of_steps(solution)):
                links[pair] = solution
        sure = {key for key, each in keys.items() if each.certain}
        known = {
            pair: each
            for pair, each in links.items()
            if each.certain and (measure.through_anyone or pair <= sure)
        }
        too_large = _too_large(limit)
        told: list[str] = []
        seen: set[str] = set()
        certain = _joined(known, sure)
        is_certain = finding.outcome is Outcome.BREACHED and any(too_large(len(each)) for each, _ in certain)
        for members, tree in certain[:MOST_GROUPS]:
            if is_certain and not too_large(len(members)):
                continue
            told.append(
                wording.sentence(f"{wording.listed(self.names.several(type_, members))} are one group")
            )
            for solution in tree:
                told += narrate(self.deriver.of_steps(solution), seen)
        for members, tree in _joined(links, set(keys))[:MOST_GROUPS]:
            # Not what is certain again, and not what would be allowed.
            if any(set(members) == set(each) for each, _ in certain) or not too_large(len(members)):
                continue
            names = wording.listed(self.names.several(type_, members))
            told.append(wording.sentence(f"{names} would be one group, if all that may be so is so"))
            unsure = {one: keys[one] for one in members if one not in sure}
            told += self._tell("perhaps counted", unsure, type_, measure.key)
            for solution in tree:
                told += narrate(self.deriver.of_steps(solution), seen)
        return told


def _is_supposed(made: Iterable[Derivation]) -> bool:
    return any(each.supposed and each.sort != "test" for each in made)


def _parted(keys: Mapping[object, Counted]) -> tuple[dict[object, Counted], dict[object, Counted]]:
    """Those that are certain, and the others."""
    sure = {key: each for key, each in keys.items() if each.certain}
    return sure, {key: each for key, each in keys.items() if not each.certain}


def _joined(
    links: Mapping[frozenset[object], Solution], counted: set[object]
) -> list[tuple[list[object], list[Solution]]]:
    """Those of the counted whom links join, two or more together, the most first; with links that suffice."""
    top: dict[object, object] = {}

    def root(one: object) -> object:
        while top.setdefault(one, one) != one:
            one = top[one]
        return one

    trees: dict[object, list[Solution]] = {}
    # What is certain joins first, so that what is only possible is told where it is needed.
    for pair in sorted(links, key=lambda each: (not links[each].certain, sorted(map(str, each)))):
        one, other = sorted((root(each) for each in pair), key=str)
        if one != other:
            top[other] = one
            trees[one] = [*trees.get(one, []), *trees.pop(other, []), links[pair]]
    groups: dict[object, list[object]] = {}
    for each in sorted(counted, key=str):
        groups.setdefault(root(each), []).append(each)
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), str(each[0])))
    return [(members, trees.get(one, [])) for one, members in ordered if len(members) > 1]


def _too_large(limit: Limit) -> Callable[[int], bool]:
    """Which sizes of a group go beyond a limit; where that is not seen, each is worth telling."""
    bound = limit.bound
    if not isinstance(bound, Fraction) or limit.of is not None:
        return lambda size: True
    if limit.op == "at most":
        return lambda size: size > bound
    if limit.op == "less than":
        return lambda size: size >= bound
    return lambda size: True
