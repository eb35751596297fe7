"""The outcome of a rule that is several rules by now, said as a condition on all of them."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping as Map
from collections.abc import Sequence

import attrs

from bigrules.language.amend import listing, mapping, text_at
from bigrules.language.source import Listing, Node, Text

# Lists of rules: the evidence of a rule, and those of `review.yaml`.
_LISTS = ("findings of", "rules", "beside")
_OUTCOME = re.compile(r"rule (\S+) is (breached|met|not applicable)")


def of_all_texts(node: Node, split: Map[str, Sequence[str]], key: str = "") -> Node:
    """What stands in a file, where each outcome of a rule is said of all its texts, and of what stands in its place.

    Args:
        node: What stands there.
        split: The ids of the other rules that each such rule is too.
        key: The key that it stands under.
    """
    # What stands beside a profile is a kind of fact, and may be called as a rule is.
    is_kind = key == "beside" and isinstance(node, Text) and "/" not in node.text
    if isinstance(node, Text) and key in _LISTS and node.text in split and not is_kind:
        return listing([text_at(each, node) for each in (node.text, *split[node.text])], node)
    if isinstance(node, Text):
        match = _OUTCOME.fullmatch(node.text)
        if match is None or match[1] not in split:
            return node
        return _of_any([match[1], *split[match[1]]], match[2], node)
    if isinstance(node, Listing):
        items: list[Node] = []
        for each in node.items:
            items.append(of_all_texts(each, split))
            if key in _LISTS and isinstance(each, Text):
                items += [text_at(other, each) for other in split.get(each.text, ())]
        same = len(items) == len(node.items) and all(map(operator.is_, items, node.items))
        return node if same else attrs.evolve(node, items=tuple(items))
    entries = []
    for name, value in node.entries:
        left = name.text in ("examples", "other readings", "change", "to")
        entries.append((name, value if left else of_all_texts(value, split, name.text)))
    same = all(new is old for (_, new), (_, old) in zip(entries, node.entries, strict=True))
    return node if same else attrs.evolve(node, entries=tuple(entries))


def _of_any(ids: list[str], outcome: str, at: Text) -> Node:
    """The outcome of several rules of which one applies at a time, or to each subject."""

    def all_say(said: str) -> Node:
        return listing([text_at(f"rule {id} is {said}", at) for id in ids], at)

    if outcome == "not applicable":
        return mapping({"all of": all_say(outcome)}, at)
    any_says = mapping({"any of": all_say(outcome)}, at)
    if outcome == "breached":
        return any_says
    none_breached = mapping({"unless": mapping({"any of": all_say("breached")}, at)}, at)
    return mapping({"all of": listing([any_says, none_breached], at)}, at)
