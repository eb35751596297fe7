"""Hints for a search: which sites to choose how, so that a condition comes out as wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bigrules.engines.durable_ground import Under
from bigrules.engines.durable_limits import LimitNode
from bigrules.engines.durable_nodes import OPEN, TRUE, Node, Truth, Way
from bigrules.facts.layout import Site


def pulled(start: Node, wanted: bool, under: Under, sites: Sequence[Site]) -> dict[int, int]:
    """Values of sites that are open, which together pull a condition towards what is wanted.

    Args:
        start: The condition.
        wanted: Whether it is to hold.
        under: Values under what is chosen already.
        sites: The sites of the case.

    Returns:
        Index of a site to index of a value. A hint only: it may not be enough, and need not be possible.
    """
    found: dict[int, int] = {}
    seen: set[tuple[int, bool]] = set()
    todo: list[tuple[Truth, bool]] = [(start, wanted)]
    while todo:
        node, want = todo.pop()
        if not isinstance(node, Node) or (node.number, want) in seen or under.state(node) != OPEN:
            continue
        seen.add((node.number, want))
        if isinstance(node, LimitNode):
            todo.extend(reversed(list(node.pulls(want))))
            continue
        ways = [way for way in node.ways if _open(way, under)]
        if want:
            # The way that asks for least: few facts, and those that rest on sites alone first.
            best = min(ways, key=lambda way: (len(way[0]) + len(way[1]), len(way[2])))
            for site, allowed in best[2]:
                if site not in under.assignment:
                    found.setdefault(site, min(allowed))
            todo.extend((each, True) for each in reversed(best[0]))
            todo.extend((each, False) for each in reversed(best[1]))
            continue
        for way in ways:
            _break(way, under, sites, found, todo)
    return found


def _open(way: Way, under: Under) -> bool:
    """Whether a way may still come to hold."""
    holds, fails, when = way
    return (
        all(under.assignment.get(site, -1) in (-1, *allowed) for site, allowed in when)
        and all(under.state(each) for each in holds)
        and all(under.state(each) != TRUE for each in fails)
    )


def _break(
    way: Way, under: Under, sites: Sequence[Site], found: dict[int, int], todo: list[tuple[Truth, bool]]
) -> None:
    """Ask for one thing that keeps a way from holding."""
    holds, fails, when = way
    for site, allowed in when:
        if site not in under.assignment:
            if site not in found:
                others: Iterable[int] = (
                    each for each in range(len(sites[site].values)) if each not in allowed
                )
                found[site] = next(iter(others))
            return
    for each in holds:
        if under.state(each) == OPEN:
            todo.append((each, False))
            return
    for each in fails:
        if under.state(each) == OPEN:
            todo.append((each, True))
            return
