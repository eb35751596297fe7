"""Groups of things by links between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any


def most_linked(
    counted: Collection[Any], links: Iterable[tuple[Any, Any]], through_anyone: bool, both_ways: bool = False
) -> int:
    """How many are in the largest group of those who are counted, by links.

    Args:
        counted: Who is counted.
        links: Pairs.
        through_anyone: Whether links also run through those who are not counted.
        both_ways: Whether each pair of texts is there in both directions, so that one of them will do.

    >>> most_linked({"ann", "bob", "cat"}, [("ann", "cat"), ("cat", "dan"), ("dan", "bob")], False)
    2
    """
    if not counted:
        return 0
    if both_ways:
        links = [pair for pair in links if pair[0] < pair[1]]
    return max(1, _linked(counted, links, through_anyone, {}))


def _linked(
    counted: Collection[Any], links: Iterable[tuple[Any, Any]], through_anyone: bool, parent: dict[Any, Any]
) -> int:
    """Join groups by links, and say how many of those counted are in the largest that was joined."""
    size: dict[Any, int] = {}
    most = 0
    if not through_anyone:
        links = [pair for pair in links if pair[0] in counted and pair[1] in counted]
    for left, right in links:
        while (above := parent.get(left, left)) != left:
            parent[left] = parent.get(above, above)
            left = above
        while (above := parent.get(right, right)) != right:
            parent[right] = parent.get(above, above)
            right = above
        if left != right:
            one = size.get(left) or int(left in counted)
            other = size.get(right) or int(right in counted)
            # Smaller into larger, or a long chain takes quadratic time.
            if one < other:
                left, right = right, left
            parent[right] = left
            size[left] = one + other
            most = max(most, one + other)
    return most


def linked_groups(
    counted: Collection[Any], links: Iterable[tuple[Any, Any]], through_anyone: bool
) -> list[list[Any]]:
    """Groups of those who are counted, by links; arguments as for `most_linked`.

    >>> linked_groups({"ann", "bob", "cat"}, [("ann", "cat")], False)
    [['ann', 'cat'], ['bob']]
    """
    parent: dict[Any, Any] = {}
    _linked(counted, links, through_anyone, parent)
    groups: dict[Any, list[Any]] = {}
    for each in sorted(counted, key=str):
        root = each
        while parent.get(root, root) != root:
            root = parent[root]
        groups.setdefault(root, []).append(each)
    return list(groups.values())
