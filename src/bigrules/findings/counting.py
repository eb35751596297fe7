"""Who is counted: what stands behind a number, a share or a group, with where each fact stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import attrs

from bigrules.facts.domains import Fresh
from bigrules.findings import wording
from bigrules.findings.derive import Deriver
from bigrules.findings.formulas import flat, slot_types
from bigrules.findings.narrate import merged, narrate, places_of
from bigrules.findings.report import Finding, Outcome
from bigrules.findings.solve import Reads, Solution
from bigrules.language.model import All, Atom, Formula, Limit

# More groups than this are not written out, and more names than this are counted.
MOST_GROUPS = 12
MOST_NAMES = 40


class Counting:
    """Tells who is counted.

    Args:
        deriver: Finds derivations.
    """

    def __init__(self, deriver: Deriver) -> None:
        self.deriver, self.rulebook, self.names = deriver, deriver.rulebook, deriver.names

    def told(self, limit: Limit, finding: Finding, subject: Mapping[str, object], reads: Reads) -> list[str]:
        measure = limit.measure
        if measure.aggregate == "group linked":
            return self._groups(limit, finding, subject, reads)
        counting = All((measure.among, measure.where)) if measure.where is not None else measure.among
        among = self._keys(measure.among, measure.key, subject, reads)
        counted = self._keys(counting, measure.key, subject, reads, measure.where)
        types = slot_types(self.rulebook, All((measure.among,)))
        word = f"{measure.key}"
        told: list[str] = []
        if measure.sharing:
            return self._sharing(limit, finding, counting, subject, reads)
        if measure.where is None:
            sure = {key: each for key, each in among.items() if each[0]}
            perhaps = {key: each for key, each in among.items() if not each[0]}
            told += self._tell("counted", sure, types.get(measure.key), word)
            told += self._tell("perhaps too", perhaps, types.get(measure.key), word)
            return told
        positive, negative = self._about(measure.where, measure.key, subject)
        told += self._tell(
            positive, {key: each for key, each in counted.items() if each[0]}, types.get(measure.key), word
        )
        open_ = {key: each for key, each in counted.items() if not each[0]}
        told += self._tell("not known", open_, types.get(measure.key), word)
        rest = {
            key: (True, tuple(self.deriver.beside(measure.where, {measure.key: key}, measure.among)))
            for key in among
            if key not in counted
        }
        told += self._tell(negative, rest, types.get(measure.key), word)
        return told

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
    ) -> dict[object, tuple[bool, tuple[str, ...]]]:
        """Each key for which a condition holds, whether for certain, and where that (or what is shown) stands."""
        parts = {id(each) for each in flat(shown)} if shown is not None else None
        found: dict[object, tuple[bool, tuple[str, ...]]] = {}
        for solution in self.deriver.solve(formula, subject, reads):
            one = solution.binding.get(key)
            if one not in found or (solution.certain and not found[one][0]):
                steps = tuple(each for each in solution.steps if parts is None or id(each.part) in parts)
                places = tuple(places_of(self.deriver.of_steps(attrs.evolve(solution, steps=steps))))
                found[one] = (solution.certain, places)
        return dict(sorted(found.items(), key=lambda each: str(each[0])))

    def _tell(
        self, lead: str, keys: Mapping[object, tuple[bool, tuple[str, ...]]], type_: object, word: str
    ) -> list[str]:
        if not keys:
            return []
        names = self.names.several(type_, keys)  # type: ignore[arg-type]
        places = merged(place for _, where in keys.values() for place in where)
        shown = wording.listed(names) if len(names) <= MOST_NAMES else wording.count(len(names), word)
        # Those who are not recorded are not counted: there may be any number of them.
        recorded = sum(not isinstance(each, Fresh) for each in keys)
        number = f" ({recorded})" if recorded else ""
        return [wording.sentence(f"{lead}{number}: {shown}" + (f" ({places})" if places else ""))]

    def _sharing(
        self, limit: Limit, finding: Finding, counting: Formula, subject: Mapping[str, object], reads: Reads
    ) -> list[str]:
        measure = limit.measure
        types = slot_types(self.rulebook, All((counting,)))
        groups: dict[object, dict[object, tuple[bool, tuple[str, ...]]]] = {}
        for solution in self.deriver.solve(counting, subject, reads):
            shared, key = solution.binding.get(measure.sharing), solution.binding.get(measure.key)
            group = groups.setdefault(shared, {})
            if key not in group or (solution.certain and not group[key][0]):
                group[key] = (solution.certain, tuple(places_of(self.deriver.of_steps(solution))))
        told = []
        too_large = _too_large(limit, finding)
        ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), str(each[0])))
        shown = [each for each in ordered if too_large(sum(sure for sure, _ in each[1].values()))] or ordered
        for shared, keys in shown[:MOST_GROUPS]:
            if len(keys) < 2:
                break
            sure = {key: each for key, each in keys.items() if each[0]}
            lead = f"share {measure.sharing} {self.names.of(types.get(measure.sharing), shared)}"
            told += self._tell(lead, sure, types.get(measure.key), measure.key) if len(sure) > 1 else []
        return told or [f"No two are recorded with the same {measure.sharing}."]

    def _groups(
        self, limit: Limit, finding: Finding, subject: Mapping[str, object], reads: Reads
    ) -> list[str]:
        measure = limit.measure
        assert measure.link is not None
        counting = All((measure.among, measure.where)) if measure.where is not None else measure.among
        keys = self._keys(counting, measure.key, subject, reads)
        counted = set(keys)
        types = slot_types(self.rulebook, counting)
        links: dict[frozenset[object], Solution] = {}
        for solution in self.deriver.solve(measure.link, subject, reads):
            pair = frozenset((solution.binding.get(measure.key), solution.binding.get(measure.other)))
            if len(pair) < 2 or not (measure.through_anyone or pair <= counted):
                continue
            if pair not in links or (solution.certain and not links[pair].certain):
                links[pair] = solution
        told: list[str] = []
        seen: set[str] = set()
        ordered = sorted(links.items(), key=lambda each: (not each[1].certain, sorted(map(str, each[0]))))
        parent: dict[object, object] = {}
        tree: dict[object, list[Solution]] = {}

        def root(one: object) -> object:
            while parent.get(one, one) != one:
                one = parent[one]
            return one

        for pair, solution in ordered:
            a, b = (root(one) for one in sorted(pair, key=str))
            if a != b and (solution.certain or finding.outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT)):
                parent[b] = a
                tree.setdefault(a, []).extend([*tree.pop(b, []), solution])
        groups: dict[object, list[object]] = {}
        for one in sorted(counted, key=str):
            groups.setdefault(root(one), []).append(one)
        too_large = _too_large(limit, finding)
        ordered_groups = sorted(groups.items(), key=lambda each: (-len(each[1]), str(each[0])))
        shown = [each for each in ordered_groups if too_large(len(each[1]))] or ordered_groups
        for top, members in shown[:MOST_GROUPS]:
            if len(members) < 2:
                break
            names = wording.listed(self.names.several(types.get(measure.key), members))
            certain = all(keys[one][0] for one in members) and all(each.certain for each in tree.get(top, ()))
            told.append(wording.sentence(f"{names} {'are' if certain else 'may be'} one group"))
            for solution in tree.get(top, ()):
                told += narrate(self.deriver.of_steps(solution), seen)
        return told or ["No two of those who are counted are linked."]


def _too_large(limit: Limit, finding: Finding) -> Callable[[int], bool]:
    """Which sizes of a group are the reason of a breach; of any other finding each is worth telling."""
    bound = limit.bound
    if finding.outcome is not Outcome.BREACHED or not isinstance(bound, Fraction) or limit.of is not None:
        return lambda size: True
    if limit.op == "at most":
        return lambda size: size > bound
    if limit.op == "less than":
        return lambda size: size >= bound
    return lambda size: True
