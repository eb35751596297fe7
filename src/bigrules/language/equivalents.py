"""What a file says of changes that make no difference to it, for `bigrules test --deep`."""

from __future__ import annotations

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import Faults
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Mapping, Node

EQUIVALENT_KEYS = ("change", "to", "because")


@attrs.frozen(eq=False)
class Equivalent:
    """A change of a file of which the file says that it makes no difference.

    Args:
        node: The change as it stands in the file: `change` and `to`, as in a reading.
        because: Why it makes none.
        place: Where it stands.
    """

    node: Mapping
    because: str
    place: Span


def read_equivalents(shape: Shape, node: Node) -> tuple[Equivalent, ...]:
    """What stands under `equivalent`.

    Args:
        shape: Reads the nodes of the file.
        node: A list of changes.
    """
    found = []
    for each in shape.items(node, "`equivalent`"):
        keys = shape.mapping(each, "an equivalent change", EQUIVALENT_KEYS)
        if keys is None or not isinstance(each, Mapping):
            continue
        missing = [key for key in EQUIVALENT_KEYS if key not in keys]
        if missing:
            if shape.lacks(each, *missing):
                message = f"this equivalent change has no `{missing[0]}`"
                help = "it says what would be changed, to what, and because of what that makes no difference"
                shape.faults.add("missing-key", message, shape.span(each), help)
            continue
        because = shape.text(keys["because"][1], "`because`")
        if because:
            found.append(Equivalent(each, because, shape.span(each)))
    return tuple(found)


def equivalents_of(document: Document) -> tuple[Equivalent, ...]:
    """The changes of which a file that was loaded says that they make no difference to it."""
    node = document.root.get("equivalent") if isinstance(document.root, Mapping) else None
    return () if node is None else read_equivalents(Shape(document, Faults()), node)
