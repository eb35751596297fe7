"""The ground program: what every fact rests on, evaluated under a partial assignment in three values."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

from bigrules.engines.base import Assignment
from bigrules.engines.durable_nodes import (
    FALSE,
    OPEN,
    TRUE,
    Node,
    Truth,
    Way,
    components,
    settle_loop,
    simplify,
)
from bigrules.facts.layout import Site, When

_NOT_YET: Final = 3

# How many assignments are remembered with what was found under them.
REMEMBERED = 8


class Component:
    """Nodes that are computed together, because each needs all others.

    Args:
        nodes: The nodes.
        needs: Nodes of other components that they are computed from.
        loops: Whether they need themselves.
    """

    __slots__ = ("loops", "needs", "nodes")

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        inside = {node.number for node in nodes}
        needs = {other.number: other for node in nodes for other in node.needs()}
        self.needs = [other for number, other in needs.items() if number not in inside]
        self.loops = len(self.needs) < len(needs)


class Ground:
    """All nodes of one case, and what was found of them under the last few assignments.

    Args:
        sites: The sites of the case; questions are added to them as they come up.
    """

    def __init__(self, sites: Sequence[Site]) -> None:
        self.nodes: list[Node] = []
        self._sites = sites
        self._seen: OrderedDict[frozenset[tuple[int, int]], Under] = OrderedDict()
        # What holds whatever is chosen is asked for all the time.
        self._nothing = Under(self, {})

    def node(self) -> Node:
        """A new node that holds nowhere as yet."""
        made = Node(len(self.nodes))
        self.nodes.append(made)
        return made

    def add(self, node: Node) -> None:
        """Take in a node that was made elsewhere, numbered `len(nodes)`."""
        self.nodes.append(node)

    def every(self, holds: Iterable[Truth], fails: Iterable[Truth] = (), when: When = ()) -> Truth:
        """What holds where all of these do, none of those does, and the sites are so."""
        wanted, against = [], []
        for each in holds:
            if isinstance(each, Node) and not each.sure:
                wanted.append(each)
            elif not each:
                return False
        for each in fails:
            if isinstance(each, Node) and not each.sure:
                against.append(each)
            elif each:
                return False
        if not wanted and not against and not when:
            return True
        if len(wanted) == 1 and not against and not when:
            return wanted[0]
        return self._made([(tuple(wanted), tuple(against), when)])

    def some(self, parts: Iterable[Truth]) -> Truth:
        """What holds where one of these does."""
        found: list[Node] = []
        for each in parts:
            if isinstance(each, Node) and not each.sure:
                found.append(each)
            elif each:
                return True
        if len(found) < 2:
            return found[0] if found else False
        return self._made([((each,), (), ()) for each in found])

    def settle(self, start: int) -> None:
        """Simplify the nodes from number `start` on: all that is derived of them has been added.

        A node that turns out to hold everywhere is marked as sure; one that holds nowhere has no ways left.
        """
        for nodes in components(self.nodes[start:], lambda node: node.number < start):
            for node in nodes:
                simplify(node, self._sites)
            if len(nodes) > 1 or nodes[0] in nodes[0].needs():
                settle_loop(nodes)

    def _made(self, ways: list[Way]) -> Truth:
        made = self.node()
        made.ways = ways
        simplify(made, self._sites)
        if made.sure:
            return True
        return made if made.ways else False

    def under(self, assignment: Assignment) -> Under:
        """Values under an assignment; what was found under the last few is remembered."""
        if not assignment:
            return self._nothing
        key = frozenset(assignment.items())
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = Under(self, dict(assignment))
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        else:
            self._seen.move_to_end(key)
        return found

    def support(self, condition: Truth) -> frozenset[int]:
        """Every site that a condition reads, at any depth."""
        if not isinstance(condition, Node) or condition.sure:
            return frozenset()
        if condition.support is None:
            seen = {condition.number}
            todo = [condition]
            found: set[int] = set()
            while todo:
                node = todo.pop()
                if node.support is not None:
                    found |= node.support
                    continue
                found.update(node.sites())
                for other in node.needs():
                    if other.number not in seen and not other.sure:
                        seen.add(other.number)
                        todo.append(other)
            condition.support = frozenset(found)
        return condition.support

    def size(self, condition: Truth) -> int:
        """How many nodes and ways are looked at for the value of a condition, at the most; 1 is the least."""
        if not isinstance(condition, Node) or condition.sure:
            return 1
        if condition.size is None:
            seen = {condition.number}
            todo = [condition]
            size = 0
            while todo:
                node = todo.pop()
                size += 1 + len(node.ways)
                for other in node.needs():
                    if other.number not in seen:
                        seen.add(other.number)
                        todo.append(other)
            condition.size = size
        return condition.size

    def connect(self, start: Node) -> None:
        """Find the components of everything that a node needs."""
        for nodes in components([start], lambda node: node.component is not None):
            made = Component(nodes)
            for member in nodes:
                member.component = made


class Under:
    """The values of conditions under one assignment.

    What holds with everything that is open taken as false is TRUE; what does not hold with everything that is
    open taken as true is FALSE.

    Args:
        ground: The ground program.
        assignment: The choice of some sites.
    """

    def __init__(self, ground: Ground, assignment: dict[int, int]) -> None:
        self.assignment = assignment
        self._ground = ground
        self._values: list[int] = []

    def __call__(self, condition: Truth) -> bool | None:
        """Whether a condition holds, as an engine says it."""
        value = self.state(condition)
        return None if value == OPEN else value == TRUE

    def state(self, condition: Truth) -> int:
        """TRUE, OPEN or FALSE."""
        if condition is True:
            return TRUE
        if condition is False:
            return FALSE
        values = self._values
        if condition.number >= len(values):
            values.extend([_NOT_YET] * (len(self._ground.nodes) - len(values)))
        value = values[condition.number]
        if value == _NOT_YET:
            self._solve(condition, values)
            value = values[condition.number]
        return value

    def _solve(self, wanted: Node, values: list[int]) -> None:
        if wanted.component is None:
            self._ground.connect(wanted)
        assignment = self.assignment
        stack = [wanted]
        while stack:
            node = stack[-1]
            if values[node.number] != _NOT_YET:
                stack.pop()
                continue
            component = node.component
            assert component is not None
            waiting = [other for other in component.needs if values[other.number] == _NOT_YET]
            if waiting:
                stack += waiting
                continue
            stack.pop()
            if not component.loops:
                values[node.number] = node.compute(values, assignment)
                continue
            # The least fixpoint: nothing holds until something makes it hold.
            for each in component.nodes:
                values[each.number] = FALSE
            changed = True
            while changed:
                changed = False
                for each in component.nodes:
                    value = each.compute(values, assignment)
                    if value > values[each.number]:
                        values[each.number] = value
                        changed = True
