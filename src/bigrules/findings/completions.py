"""What holds over all completions: searches for completions that show that a finding can go either way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from bigrules.engines.base import Condition, Evaluation

Valuation = Callable[[Condition], bool | None]
Pair = tuple[dict[int, int], dict[int, int]]

# So many sites are chosen one after the other at the most.
DEEPEST = 400

# After so many trials a search gives up, and the finding says that it was not settled.
MOST_TRIALS = 4096

# Nor may all searches about one finding look at more nodes of conditions than this: about a second.
MOST_WORK = 3_000_000


class NotSettled(Exception):
    """A search gave up."""


@attrs.frozen
class Goal:
    """A condition that is to come out in a certain way in one completion.

    Args:
        conditions: One of these (`any`) is what it is about.
        wanted: Whether it is to hold.
        copy: Which of two completions it is about, where two are sought that differ in some sites only.
    """

    conditions: tuple[Condition, ...]
    wanted: bool
    copy: int = 0


class Search:
    """Searches for completions of one evaluation.

    Args:
        evaluation: The evaluation.
        fixed: Sites that are taken to be known: index of site to index of value.
        trials: How many assignments may be tried in one search.
        work: How many nodes of conditions may be looked at in all searches together.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        fixed: Mapping[int, int] | None = None,
        trials: int = MOST_TRIALS,
        work: int = MOST_WORK,
    ) -> None:
        self.evaluation = evaluation
        self.sites = evaluation.layout.sites
        self.limit = evaluation.layout.group_limit
        self.fixed = dict(fixed or {})
        self.trials = trials
        self.work = work
        self._known: dict[tuple[object, ...], Pair | None] = {}
        self._start: Valuation | None = None

    def value(self, conditions: Iterable[Condition]) -> bool | None:
        """Whether one of the conditions holds, with no more known than what is fixed."""
        return _any(conditions, self._valuation(self.fixed))

    def _valuation(self, assignment: dict[int, int]) -> Valuation:
        """The values of conditions; where nothing is chosen yet they are worked out once for all searches."""
        if assignment != self.fixed:
            return self.evaluation.valuation(assignment)
        if self._start is None:
            self._start = self.evaluation.valuation(self.fixed)
        return self._start

    def find(self, conditions: Sequence[Condition], wanted: bool) -> dict[int, int] | None:
        """A choice of sites in which one of the conditions holds (or none, if not wanted); None if there is none.

        Raises:
            NotSettled: It was not found in the trials allowed.
        """
        found = self._solved([Goal(tuple(conditions), wanted)], frozenset())
        return None if found is None else found[0]

    def matters(
        self, conditions: Sequence[Condition], sites: frozenset[int], work: int | None = None
    ) -> bool:
        """Whether two completions that differ in these sites alone differ in one of the conditions holding.

        Args:
            conditions: The conditions.
            sites: The sites.
            work: How many nodes may be looked at for this, where that is less than for all searches together.

        Raises:
            NotSettled: It was not found in the trials allowed.
        """
        goals = [Goal(tuple(conditions), True, 0), Goal(tuple(conditions), False, 1)]
        if work is None or work >= self.work:
            return self._solved(goals, sites) is not None
        rest, self.work = self.work - work, work
        try:
            return self._solved(goals, sites) is not None
        finally:
            self.work += rest

    def _solved(self, goals: list[Goal], private: frozenset[int]) -> Pair | None:
        key = (*goals, private)
        if key not in self._known:
            self._known[key] = self.solve(goals, private)
        return self._known[key]

    def solve(self, goals: Sequence[Goal], private: frozenset[int]) -> Pair | None:
        """Two completions, the same but for the private sites, in which every goal is reached.

        Args:
            goals: What is wanted, of the one or the other.
            private: Sites in which the two may differ.

        Returns:
            The sites that were chosen in each; None if there are no such completions.

        Raises:
            NotSettled: Neither was shown in the trials allowed.
        """
        left = [self.trials]
        size = sum({each: self.evaluation.size(each) for goal in goals for each in goal.conditions}.values())

        def tried(one: dict[int, int], two: dict[int, int]) -> tuple[list[Goal], list[Valuation]] | None:
            """Goals that are still open, and valuations; None if a goal cannot be reached any more."""
            if left[0] <= 0 or self.work <= 0:
                raise NotSettled
            left[0] -= 1
            self.work -= size
            value = [self._valuation(one)]
            value.append(value[0] if one == two else self._valuation(two))
            open_goals = []
            for goal in goals:
                result = _any(goal.conditions, value[goal.copy])
                if result is None:
                    open_goals.append(goal)
                elif result != goal.wanted:
                    return None
            return open_goals, value

        def attempt(one: dict[int, int], two: dict[int, int], depth: int) -> Pair | None:
            state = tried(one, two)
            if state is None:
                return None
            open_goals, value = state
            if not open_goals:
                return one, two
            for pair in self._pulled(open_goals, value, one, two, private):
                bold = tried(*pair)
                if bold is not None and not bold[0]:
                    return pair
            if depth >= DEEPEST:
                raise NotSettled
            assignments = (one, two)
            site, first, copy = self._next(open_goals[0], value, assignments)
            others = [each for each in self.evaluation.told_apart(site) if each != first]
            for number in [first, *others]:
                if not self._room(site, number, assignments[copy]):
                    continue
                if site in private:
                    pair = ({**one, site: number}, two) if copy == 0 else (one, {**two, site: number})
                else:
                    if not self._room(site, number, assignments[1 - copy]):
                        continue
                    pair = ({**one, site: number}, {**two, site: number})
                found = attempt(*pair, depth + 1)
                if found is not None:
                    return found
            return None

        return attempt(dict(self.fixed), dict(self.fixed), 0)

    def _pulled(
        self,
        goals: Sequence[Goal],
        value: Sequence[Valuation],
        one: dict[int, int],
        two: dict[int, int],
        private: frozenset[int],
    ) -> Iterator[Pair]:
        """Bold guesses: open sites pulled towards one goal, and what that leaves open towards the next."""
        starts: list[Pair] = [(one, two)]
        if private and len(goals) > 1:
            clear = (dict(one), dict(two))
            self._clear(goals[0], value[goals[0].copy], clear, private)
            if clear != (one, two):
                starts.insert(0, clear)
        for start in starts:
            for first in range(len(goals)):
                pair = (dict(start[0]), dict(start[1]))
                values = list(value)
                for number, goal in enumerate((goals[first], *goals[:first], *goals[first + 1 :])):
                    if number or start != (one, two):
                        values = [self.evaluation.valuation(each) for each in pair]
                    self._pull(goal, values[goal.copy], pair, private)
                if pair != (one, two):
                    yield pair

    def _clear(self, goal: Goal, value: Valuation, pair: Pair, private: frozenset[int]) -> None:
        """Assign what lets a private site decide: all that stands beside its way to the top gives way.

        As the sensitised paths of test generators for circuits (Roth, "Diagnosis of automata failures: a calculus
        and a method", 1966).
        """
        open_ = [each for each in goal.conditions if value(each) is None]
        reading = [each for each in open_ if not private.isdisjoint(self.evaluation.support(each))]
        if not reading:
            return
        way = min(reading, key=lambda each: len(self.evaluation.support(each)))
        found = self.evaluation.beside(way, private, value)
        if found is None:
            return
        site, hold, not_hold = found
        # What has to hold goes first: it needs more than what only has to give way.
        self._assign(hold, True, value, pair, site)
        value = self.evaluation.valuation(pair[goal.copy])
        self._assign([*(each for each in open_ if each != way), *not_hold], False, value, pair, site)

    def _assign(
        self, conditions: Iterable[Condition], wanted: bool, value: Valuation, pair: Pair, free: int
    ) -> None:
        """Pull conditions towards what is wanted, in both completions alike; one site stays free."""
        for condition in conditions:
            for site, number in self.evaluation.preferences(condition, wanted, value, free).items():
                if site != free and all(site not in each and self._room(site, number, each) for each in pair):
                    for each in pair:
                        each[site] = number

    def _pull(self, goal: Goal, value: Valuation, pair: Pair, private: frozenset[int]) -> None:
        """Assign what pulls a goal, where there is room for it."""
        for condition in goal.conditions:
            if value(condition) is not None:
                continue
            for site, number in self.evaluation.preferences(condition, goal.wanted, value).items():
                copies = (goal.copy,) if site in private else (0, 1)
                if all(site not in pair[each] and self._room(site, number, pair[each]) for each in copies):
                    for each in copies:
                        pair[each][site] = number

    def _next(
        self,
        goal: Goal,
        value: Sequence[Valuation],
        assignments: Pair,
    ) -> tuple[int, int, int]:
        """The site to try next, its first value, and in which of the two completions."""
        mine = assignments[goal.copy]
        for condition in goal.conditions:
            if value[goal.copy](condition) is None:
                hint = self.evaluation.suggest(condition, goal.wanted, value[goal.copy])
                if hint is not None and hint[0] not in mine:
                    return hint[0], hint[1], goal.copy
        for condition in goal.conditions:
            if value[goal.copy](condition) is None:
                for site in sorted(self.evaluation.support(condition)):
                    if site not in mine:
                        return site, 0, goal.copy
        raise AssertionError("a condition is open although all its sites are assigned")

    def _room(self, site: int, number: int, assignment: Mapping[int, int]) -> bool:
        """Whether a list may have one more record, where their number is bounded."""
        group = self.sites[site].group
        if group is None or number == 0 or self.limit is None or site in assignment:
            return True
        used = sum(1 for each, chosen in assignment.items() if chosen and self.sites[each].group == group)
        return used < self.limit


def _any(conditions: Iterable[Condition], value: Callable[[Condition], bool | None]) -> bool | None:
    result: bool | None = False
    for each in conditions:
        held = value(each)
        if held is True:
            return True
        if held is None:
            result = None
    return result
