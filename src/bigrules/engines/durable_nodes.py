"""Nodes of a ground program: what a fact rests on, and how that is simplified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from bigrules.engines.base import Assignment
from bigrules.facts.layout import Site, When

if TYPE_CHECKING:
    from bigrules.engines.durable_ground import Component

# Three values in order of truth, so that `and` is the least and `or` the greatest of them.
FALSE: Final = 0
OPEN: Final = 1
TRUE: Final = 2
# The value of a condition under an assignment.
State = Callable[["Truth"], int]


class Node:
    """Something that holds in some completions and, as far as is seen, not in all.

    It holds where one of its ways does. A way is a triple: nodes that hold, nodes that do not, and what sites
    must be. The condition of a tuple, a subject or a breach is such a node.
    """

    __slots__ = ("component", "number", "size", "support", "sure", "ways")

    # Whether its ways say all that there is to it.
    plain = True

    def __init__(self, number: int) -> None:
        self.number = number
        self.ways: list[Way] = []
        # Found out later that it holds in every completion.
        self.sure = False
        self.component: Component | None = None
        self.support: frozenset[int] | None = None
        self.size: int | None = None

    def make_sure(self) -> None:
        """It holds in every completion after all."""
        self.sure = True
        self.ways = [((), (), ())]

    def needs(self) -> Iterable[Node]:
        """The nodes that it is computed from."""
        for holds, fails, _ in self.ways:
            yield from holds
            yield from fails

    def sites(self) -> Iterable[int]:
        """The sites that it reads itself."""
        for _, _, when in self.ways:
            for site, _ in when:
                yield site

    def compute(self, values: Sequence[int], assignment: Assignment) -> int:
        """Its value, given those of the nodes that it needs."""
        best = FALSE
        for holds, fails, when in self.ways:
            value = TRUE
            for site, allowed in when:
                chosen = assignment.get(site)
                if chosen is None:
                    value = OPEN
                elif chosen not in allowed:
                    value = FALSE
                    break
            if value <= best:
                continue
            for node in holds:
                other = values[node.number]
                if other < value:
                    value = other
                    if value <= best:
                        break
            else:
                for node in fails:
                    other = TRUE - values[node.number]
                    if other < value:
                        value = other
                        if value <= best:
                            break
            if value > best:
                best = value
                if best == TRUE:
                    break
        return best


Way = tuple[tuple[Node, ...], tuple[Node, ...], When]

# What is known of a fact without looking further: True if it holds in every completion.
Truth = Node | bool


def components(starts: Iterable[Node], known: Callable[[Node], bool]) -> Iterator[list[Node]]:
    """Nodes that need each other, each lot after those that it needs (Tarjan).

    Args:
        starts: Nodes to begin with.
        known: Whether a node is to be left out.

    Yields:
        The nodes of one component.
    """
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    left: list[Node] = []
    inside: set[int] = set()
    for start in starts:
        if start.number in order or known(start):
            continue
        work = [(start, iter(tuple(start.needs())))]
        order[start.number] = low[start.number] = len(order)
        left.append(start)
        inside.add(start.number)
        while work:
            node, needs = work[-1]
            for other in needs:
                if other.number in order:
                    if other.number in inside:
                        low[node.number] = min(low[node.number], order[other.number])
                elif not known(other):
                    order[other.number] = low[other.number] = len(order)
                    left.append(other)
                    inside.add(other.number)
                    work.append((other, iter(tuple(other.needs()))))
                    break
            else:
                work.pop()
                if work:
                    above = work[-1][0].number
                    low[above] = min(low[above], low[node.number])
                if low[node.number] == order[node.number]:
                    nodes = [left.pop()]
                    while nodes[-1] is not node:
                        nodes.append(left.pop())
                    inside.difference_update(each.number for each in nodes)
                    yield nodes


def simplify(node: Node, sites: Sequence[Site]) -> None:
    """Take out of the ways of a node what does not matter, so that what holds whatever a site is is seen to.

    Args:
        node: A node; those that it needs, itself apart, are settled.
        sites: The sites of the case.
    """
    if not node.plain:
        return
    grouped: dict[
        tuple[frozenset[int], frozenset[int]], tuple[tuple[Node, ...], tuple[Node, ...], list[_Sites]]
    ] = {}
    for way in node.ways:
        opened = _opened(node, way, sites)
        if opened is not None:
            holds, fails, chosen = opened
            key = (frozenset(each.number for each in holds), frozenset(each.number for each in fails))
            grouped.setdefault(key, (holds, fails, []))[2].append(chosen)
    ways: list[Way] = []
    for holds, fails, choices in grouped.values():
        ways.extend((holds, fails, tuple(sorted(each.items()))) for each in _merged(choices, sites))
    if any(not holds and not fails and not when for holds, fails, when in ways):
        node.make_sure()
    else:
        node.ways = ways


# What each site must be, one of these values.
_Sites = dict[int, frozenset[int]]


def _opened(
    node: Node, way: Way, sites: Sequence[Site]
) -> tuple[tuple[Node, ...], tuple[Node, ...], _Sites] | None:
    """A way with what depends on sites alone put in its place; None if it holds nowhere."""
    chosen: _Sites = {}

    def narrow(site: int, allowed: frozenset[int]) -> bool:
        here = chosen.get(site)
        if here is not None:
            allowed = allowed & here
        if here is not None or len(allowed) < len(sites[site].values):
            chosen[site] = allowed
        return bool(allowed)

    if not all(narrow(site, allowed) for site, allowed in way[2]):
        return None
    holds: dict[int, Node] = {}
    fails: dict[int, Node] = {}
    for each in way[0]:
        if each.sure:
            continue
        if each is node:
            return None
        if each.plain and not each.ways:
            return None
        if each.plain and len(each.ways) == 1 and not each.ways[0][0] and not each.ways[0][1]:
            if not all(narrow(site, allowed) for site, allowed in each.ways[0][2]):
                return None
        else:
            holds[each.number] = each
    for each in way[1]:
        if each.sure:
            return None
        # It fails where none of its ways holds; of ways that rest on one site each, the sites say that.
        if each.plain and all(not one and not two and len(when) == 1 for one, two, when in each.ways):
            for _, _, ((site, allowed),) in each.ways:
                if not narrow(site, frozenset(range(len(sites[site].values))) - allowed):
                    return None
        else:
            fails[each.number] = each
    return tuple(holds.values()), tuple(fails.values()), chosen


def _merged(choices: list[_Sites], sites: Sequence[Site]) -> list[_Sites]:
    """Fewer alternatives that say the same: those that differ in one site alone are put together.

    For each site only those are looked at that say something of it: one joins others that say the same of all other
    sites, and goes where an alternative says just that and nothing of the site.
    """
    if len(choices) < 2:
        return choices
    # In their order; a dictionary is an ordered set.
    left: dict[_Items, None] = dict.fromkeys(frozenset(each.items()) for each in choices)
    before = 0
    while len(left) > 1 and len(left) != before:
        before = len(left)
        naming: dict[int, list[_Items]] = {}
        for each in left:
            for site, _ in each:
                naming.setdefault(site, []).append(each)
        for site in sorted(naming):
            _merge(left, site, naming, frozenset(range(len(sites[site].values))))
            if len(left) == 1:
                break
    return [dict(each) for each in left]


# The same as a set, which can be looked up.
_Items = frozenset[tuple[int, frozenset[int]]]


def _merge(
    left: dict[_Items, None], site: int, naming: dict[int, list[_Items]], every: frozenset[int]
) -> None:
    """Put alternatives together that differ in one site alone."""
    alike: dict[_Items, list[_Items]] = {}
    # One that was made anew may have been there before.
    for each in dict.fromkeys(naming[site]):
        if each in left:
            rest = frozenset(item for item in each if item[0] != site)
            alike.setdefault(rest, []).append(each)
    for rest, found in alike.items():
        allowed = frozenset().union(*(value for each in found for name, value in each if name == site))
        whole = rest in left or allowed == every
        if len(found) == 1 and not whole:
            continue
        for each in found:
            del left[each]
        made = rest if whole else rest | {(site, allowed)}
        left[made] = None
        for name, _ in made:
            # What is made may be put together with others by a site that comes later.
            if name > site:
                naming[name].append(made)


def settle_loop(nodes: list[Node]) -> None:
    """Mark which of the nodes that need each other hold in every completion, and which in none."""
    values = {node.number: FALSE for node in nodes}

    def look(node: Node) -> int:
        return values.get(node.number, TRUE if node.sure else OPEN)

    changed = True
    while changed:
        changed = False
        for node in nodes:
            for holds, fails, when in node.ways:
                value = OPEN if when or fails else TRUE
                value = min([value, *(look(each) for each in holds)])
                if value > values[node.number]:
                    values[node.number] = value
                    changed = True
    for node in nodes:
        if values[node.number] == TRUE:
            node.make_sure()
        elif values[node.number] == FALSE:
            node.ways = []
