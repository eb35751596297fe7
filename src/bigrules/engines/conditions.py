"""Conditions over sites, as a shared graph: in which completions something holds.

A condition is a small integer: 0 never, 1 always, any other a node. What is certain never makes a
node, so that a case without unknowns pays nothing. Conditions on facts are known from incomplete
databases as c-tables (Imieliński and Lipski, JACM 1984).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bigrules.facts.layout import Layout, When

NEVER, ALWAYS = 0, 1

# So many rows may be gone through while deriving from what is only possible.
MOST_ROWS = 500_000

# Up to so many alternatives are held against each other for being one.
MOST_MERGED = 48

Value3 = bool | None
NO, OPEN, YES = 0, 1, 2
WORDS: tuple[Value3, ...] = (False, None, True)
Valuation = Callable[[int], Value3]


class TooMuch(Exception):
    """What is possible leads to more than can be derived in reasonable time."""


class Conditions:
    """The conditions of one evaluation.

    Args:
        layout: Whose sites they are over.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        # Nodes: ("site", index, allowed) ("and", ids) ("or", ids) ("not", id) ("loop", [ids], group)
        # ("measure", function, ids): function takes a valuation of ids and gives a value.
        self.nodes: list[tuple[Any, ...]] = [("never",), ("always",)]
        self._known: dict[tuple[Any, ...], int] = {}
        self._support: dict[int, frozenset[int]] = {}
        self._sizes: dict[int, int] = {}
        self._orders: dict[int, tuple[int, ...] | None] = {}
        self._allowed: dict[int, list[frozenset[int]]] = {}
        # What is written down is gone through to the end; only what might be is bounded.
        bounded = any(site.group is not None for site in layout.sites)
        self.left: float = MOST_ROWS if bounded else math.inf

    def spend(self, rows: int) -> None:
        """Count rows that are gone through.

        Raises:
            TooMuch: More than may be.
        """
        self.left -= rows
        if self.left < 0:
            raise TooMuch

    def _node(self, *node: Any) -> int:
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = len(self.nodes)
            self.nodes.append(node)
        return found

    def site(self, index: int, allowed: frozenset[int]) -> int:
        """The site has one of these values."""
        if len(allowed) == len(self.layout.sites[index].values):
            return ALWAYS
        if not allowed:
            return NEVER
        before = len(self.nodes)
        found = self._node("site", index, allowed)
        if len(self.nodes) > before:
            self._allowed.setdefault(index, []).append(allowed)
        return found

    def told_apart(self, index: int) -> list[int]:
        """Values of a site, without those that no condition tells from one before them."""
        sets = self._allowed.get(index, ())
        found: dict[tuple[bool, ...], int] = {}
        for number in range(len(self.layout.sites[index].values)):
            found.setdefault(tuple(number in each for each in sets), number)
        return list(found.values())

    def when(self, when: When) -> int:
        """All that a row depends on."""
        condition = ALWAYS
        for index, allowed in when:
            condition = self.both(condition, self.site(index, allowed))
        return condition

    def both(self, left: int, right: int) -> int:
        """Both hold."""
        if left == ALWAYS or right == NEVER:
            return right
        if right == ALWAYS or left in (NEVER, right):
            return left
        parts = self._parts("and", left) | self._parts("and", right)
        return self._join("and", parts)

    def either(self, left: int, right: int) -> int:
        """One of them holds."""
        return self.any_of((left, right))

    def any_of(self, conditions: Iterable[int]) -> int:
        """One of many holds."""
        parts: set[int] = set()
        for each in conditions:
            if each == ALWAYS:
                return ALWAYS
            if each != NEVER:
                parts |= self._parts("or", each)
        if 1 < len(parts) <= MOST_MERGED:
            parts = self._merged(parts)
            if ALWAYS in parts:
                return ALWAYS
        return self._join("or", frozenset(parts)) if parts else NEVER

    def _merged(self, parts: set[int]) -> set[int]:
        """Alternatives that differ in what they say of one site are one: whichever value it has."""
        changed = True
        while changed:
            changed = False
            alike: dict[tuple[int, frozenset[int]], list[tuple[int, int]]] = {}
            for each in parts:
                children = self._parts("and", each)
                for child in children:
                    if self.nodes[child][0] == "site":
                        alike.setdefault((self.nodes[child][1], children - {child}), []).append((each, child))
            for (site, rest), found in alike.items():
                if len(found) > 1:
                    allowed = frozenset().union(*(self.nodes[child][2] for _, child in found))
                    merged = self._join("and", rest | {self.site(site, allowed)} - {ALWAYS}) if rest else None
                    made = self.site(site, allowed) if merged is None else merged
                    parts = (parts - {each for each, _ in found}) | {made}
                    changed = True
                    break
        return parts

    def negated(self, condition: int) -> int:
        """It does not hold."""
        if condition <= ALWAYS:
            return ALWAYS - condition
        node = self.nodes[condition]
        if node[0] == "not":
            return int(node[1])
        if node[0] == "site":
            rest = frozenset(range(len(self.layout.sites[node[1]].values))) - node[2]
            return self.site(node[1], rest)
        return self._node("not", condition)

    def measured(
        self, function: Callable[[Valuation], Value3], reads: Iterable[int], sense: bool | None = None
    ) -> int:
        """Something computed from conditions; settled at once if they are all certain.

        Args:
            function: Computes it from a valuation.
            reads: The conditions that it depends on.
            sense: Whether it tends to hold if more of them do, or fewer; None if neither. A hint.
        """
        ids = frozenset(each for each in reads if each > ALWAYS)
        if not ids:
            value = function(lambda each: each == ALWAYS)
            assert value is not None
            return ALWAYS if value else NEVER
        self.nodes.append(("measure", function, ids, sense))
        return len(self.nodes) - 1

    def loop(self, group: int) -> int:
        """A place for the condition of a recursive fact, to which its reasons are added later."""
        self.nodes.append(("loop", [], group))
        return len(self.nodes) - 1

    def _parts(self, op: str, condition: int) -> frozenset[int]:
        node = self.nodes[condition]
        return node[1] if node[0] == op else frozenset((condition,))

    def _join(self, op: str, parts: frozenset[int]) -> int:
        # What is said of one site is said once: in one of these values.
        sites: dict[int, frozenset[int]] = {}
        rest: set[int] = set()
        for each in parts:
            node = self.nodes[each]
            if node[0] != "site":
                rest.add(each)
            elif node[1] not in sites:
                sites[node[1]] = node[2]
            else:
                sites[node[1]] = sites[node[1]] & node[2] if op == "and" else sites[node[1]] | node[2]
        neutral, final = (ALWAYS, NEVER) if op == "and" else (NEVER, ALWAYS)
        for index, allowed in sites.items():
            condition = self.site(index, allowed)
            if condition == final:
                return final
            rest.add(condition)
        if len(rest) == 1:
            return rest.pop()
        return self._node(op, frozenset(rest)) if rest else neutral

    # ------------------------------------------------------------ reading them

    def size(self, condition: int) -> int:
        """How many nodes a condition is made of, itself included."""
        found = self._sizes.get(condition)
        if found is None:
            seen = {condition}
            todo = [condition]
            while todo:
                node = self.nodes[todo.pop()]
                if node[0] in ("never", "always", "site"):
                    continue
                children = (node[1],) if node[0] == "not" else node[2] if node[0] == "measure" else node[1]
                fresh = [each for each in children if each not in seen]
                seen.update(fresh)
                todo += fresh
            found = self._sizes[condition] = len(seen)
        return found

    def support(self, condition: int) -> frozenset[int]:
        """Sites that a condition reads."""
        if condition <= ALWAYS:
            return frozenset()
        found = self._support.get(condition)
        if found is not None:
            return found
        sites: set[int] = set()
        seen: set[int] = set()
        todo = [condition]
        while todo:
            each = todo.pop()
            if each <= ALWAYS or each in seen:
                continue
            seen.add(each)
            known = self._support.get(each)
            if known is not None:
                sites |= known
                continue
            node = self.nodes[each]
            if node[0] == "site":
                sites.add(node[1])
            elif node[0] == "not":
                todo.append(node[1])
            elif node[0] == "measure":
                todo += node[2]
            else:
                todo += node[1]
        found = self._support[condition] = frozenset(sites)
        return found

    def restricted(self, condition: int, assignment: Mapping[int, int]) -> int:
        """The condition with some sites known: the same for every completion that agrees, and smaller."""
        value = self.valuation(assignment)
        made: dict[int, int] = {}

        def restrict(each: int) -> int:
            if each in made:
                return made[each]
            held = value(each)
            node = self.nodes[each]
            if held is not None:
                result = ALWAYS if held else NEVER
            elif node[0] in ("site", "loop"):
                result = each
            elif node[0] == "not":
                result = self.negated(restrict(node[1]))
            elif node[0] == "or":
                result = self.any_of([restrict(child) for child in node[1]])
            elif node[0] == "and":
                result = ALWAYS
                for child in node[1]:
                    result = self.both(result, restrict(child))
            else:
                inner = {child: restrict(child) for child in node[2]}

                function = _through(node[1], inner)
                result = self.measured(function, inner.values(), node[3])
            made[each] = result
            return result

        return restrict(condition)

    def suggest(self, condition: int, wanted: bool, value: Valuation) -> tuple[int, int] | None:
        """A site and a value that may bring a condition to what is wanted.

        Follows what is not settled down to a site, as test generators for circuits do (Goel,
        "An implicit enumeration algorithm to generate tests for combinational logic circuits", 1981).
        """
        seen: set[int] = set()
        while True:
            if condition in seen or value(condition) is not None:
                return None
            seen.add(condition)
            node = self.nodes[condition]
            if node[0] == "site":
                count = len(self.layout.sites[node[1]].values)
                for number in range(count):
                    if (number in node[2]) == wanted:
                        return int(node[1]), number
                return None
            if node[0] == "not":
                condition, wanted = node[1], not wanted
                continue
            if node[0] == "measure":
                wanted = wanted if node[3] is None else wanted == node[3]
                children = node[2]
            else:
                children = node[1]
            open_children = [each for each in children if value(each) is None and each not in seen]
            if not open_children:
                return None
            # The smallest reason is the one that needs least.
            condition = min(open_children, key=lambda each: (len(self.support(each)), each))

    def preferences(
        self, condition: int, wanted: bool, value: Valuation, avoid: int | None = None
    ) -> dict[int, int]:
        """A value for every open site of a condition that pulls it towards what is wanted.

        If the condition reads every site in one direction only, these values together reach it if
        anything does. Where there is a choice, a site that is to be avoided is not taken.
        """
        found: dict[int, int] = {}
        seen: set[tuple[int, bool]] = set()
        todo = [(condition, wanted)]
        while todo:
            each, want = todo.pop()
            if (each, want) in seen or value(each) is not None:
                continue
            seen.add((each, want))
            node = self.nodes[each]
            if node[0] == "site":
                if node[1] not in found:
                    for number in range(len(self.layout.sites[node[1]].values)):
                        if (number in node[2]) == want:
                            found[node[1]] = number
                            break
            elif node[0] == "not":
                todo.append((node[1], not want))
            elif node[0] == "measure":
                want = want if node[3] is None else want == node[3]
                todo += [(child, want) for child in sorted(node[2], reverse=True)]
            elif (node[0] == "and") == want:
                todo += [(child, want) for child in sorted(node[1], reverse=True)]
            else:
                # One of them does; a plain site is the least that can be asked for.
                open_children = [child for child in node[1] if value(child) is None]
                if open_children:
                    todo.append((min(open_children, key=lambda child: self._least(child, avoid)), want))
        return found

    def _least(self, condition: int, avoid: int | None) -> tuple[bool, bool, int]:
        """Sorts what can be asked for: a plain site first, one that is to be avoided last."""
        node = self.nodes[condition]
        is_site = node[0] == "site"
        return (is_site and node[1] == avoid, not is_site, condition)

    def beside(
        self, condition: int, sites: frozenset[int], value: Valuation
    ) -> tuple[int, list[int], list[int]] | None:
        """What has to be so beside one way from some sites to a condition, for a site to decide it.

        Args:
            condition: The condition.
            sites: The sites; the condition reads one of them.
            value: What is known.

        Returns:
            The site that the way ends at; what has to hold, and what must not. None beyond a measure, and where
            something is recursive.
        """
        hold: list[int] = []
        not_hold: list[int] = []
        while True:
            node = self.nodes[condition]
            if node[0] == "site":
                return node[1], hold, not_hold
            if node[0] == "not":
                condition = node[1]
                continue
            if node[0] not in ("and", "or"):
                return None
            open_ = [each for each in node[1] if value(each) is None]
            reading = [each for each in open_ if not sites.isdisjoint(self.support(each))]
            if not reading:
                return None
            way = min(reading, key=lambda each: (len(self.support(each)), each))
            (hold if node[0] == "and" else not_hold).extend(sorted(each for each in open_ if each != way))
            condition = way

    def valuation(self, assignment: Mapping[int, int]) -> Valuation:
        """A function that gives the value of any condition under an assignment, remembering all.

        What a condition is made of is gone through once, from the sites up: no is 0, open 1 and yes 2, so that
        "and" is the least and "or" the greatest of its parts.
        """
        nodes, known = self.nodes, {NEVER: NO, ALWAYS: YES}
        of = known.__getitem__
        recursive: list[Valuation] = []

        def value(condition: int) -> Value3:
            if condition in known:
                return WORDS[known[condition]]
            order = self._order(condition)
            if order is None:
                if not recursive:
                    recursive.append(self._recursive_valuation(assignment))
                return recursive[0](condition)
            for each in order:
                if each in known:
                    continue
                node = nodes[each]
                kind = node[0]
                if kind == "site":
                    chosen = assignment.get(node[1])
                    known[each] = OPEN if chosen is None else YES if chosen in node[2] else NO
                elif kind == "and":
                    known[each] = min(map(of, node[1]))
                elif kind == "or":
                    known[each] = max(map(of, node[1]))
                elif kind == "not":
                    known[each] = YES - known[node[1]]
                else:
                    known[each] = WORDS.index(node[1](value))
            return WORDS[known[condition]]

        return value

    def _order(self, condition: int) -> tuple[int, ...] | None:
        """What a condition is made of, parts before wholes; None if something in it is recursive."""
        if condition not in self._orders:
            seen = {NEVER, ALWAYS, condition}
            todo = [condition]
            found: tuple[int, ...] | None = None
            while todo:
                node = self.nodes[todo.pop()]
                if node[0] == "loop":
                    break
                if node[0] != "site":
                    parts = (node[1],) if node[0] == "not" else node[2] if node[0] == "measure" else node[1]
                    fresh = [each for each in parts if each not in seen]
                    seen.update(fresh)
                    todo += fresh
            else:
                # A node is made after its parts, but for what is recursive.
                found = tuple(sorted(seen))
            self._orders[condition] = found
        return self._orders[condition]

    def _recursive_valuation(self, assignment: Mapping[int, int]) -> Valuation:
        """The same where something is recursive: from the whole down, and each knot at once."""
        known: dict[int, Value3] = {NEVER: False, ALWAYS: True}
        low: dict[int, bool] = {}
        high: dict[int, bool] = {}
        nodes = self.nodes

        def value(condition: int) -> Value3:
            if condition in known:
                return known[condition]
            node = nodes[condition]
            kind = node[0]
            result: Value3
            if kind == "site":
                chosen = assignment.get(node[1])
                result = None if chosen is None else chosen in node[2]
            elif kind == "and":
                result = True
                for each in node[1]:
                    part = value(each)
                    if part is False:
                        result = False
                        break
                    if part is None:
                        result = None
            elif kind == "or":
                result = False
                for each in node[1]:
                    part = value(each)
                    if part is True:
                        result = True
                        break
                    if part is None:
                        result = None
            elif kind == "not":
                part = value(node[1])
                result = None if part is None else not part
            elif kind == "measure":
                result = node[1](value)
            else:
                settle(condition)
                result = True if low[condition] else (None if high[condition] else False)
            known[condition] = result
            return result

        def settle(condition: int) -> None:
            """Least fixpoint of everything recursive that the condition reaches, unknown as no and as yes."""
            members: list[int] = []
            todo = [condition]
            seen: set[int] = set()
            while todo:
                each = todo.pop()
                if each <= ALWAYS or each in seen:
                    continue
                seen.add(each)
                node = nodes[each]
                if node[0] == "loop":
                    if each in high:
                        continue
                    members.append(each)
                    todo += node[1]
                elif node[0] in ("and", "or"):
                    todo += node[1]
            for settled, sure in ((low, True), (high, False)):
                # What is not recursive with these may settle some of them on the way: each has its own copy.
                bound = dict.fromkeys(members, False)
                changed = True
                while changed:
                    changed = False
                    # What did not hold may hold in the next round: a round is the last if nothing was added in it.
                    seen_so: dict[int, bool] = {}
                    for each in members:
                        if not bound[each] and any(
                            holds(child, bound, sure, seen_so) for child in nodes[each][1]
                        ):
                            bound[each] = changed = True
                settled.update(bound)

        def holds(condition: int, bound: dict[int, bool], sure: bool, seen: dict[int, bool]) -> bool:
            if condition in bound:
                return bound[condition]
            if condition not in seen:
                node = nodes[condition]
                if node[0] == "and":
                    found = all(holds(each, bound, sure, seen) for each in node[1])
                elif node[0] == "or":
                    found = any(holds(each, bound, sure, seen) for each in node[1])
                else:
                    result = value(condition)
                    found = result is True if sure else result is not False
                seen[condition] = found
            return seen[condition]

        return value


def _through(
    function: Callable[[Valuation], Value3], inner: Mapping[int, int]
) -> Callable[[Valuation], Value3]:
    """A function of a valuation, given other conditions in place of those that it reads."""
    return lambda value: function(lambda each: value(inner.get(each, each)))
