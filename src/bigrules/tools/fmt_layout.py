"""How the files of a rulebook are laid out: the order of their keys, and which stand together."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from bigrules.language.conditions import AGGREGATES, LIMITS
from bigrules.language.ledger import CLAUSE_KEYS
from bigrules.tools.fmt_tree import Branch, Child, Tree, split_head

# Keys that stand together; there is a blank line between two groups.
Groups = Sequence[Sequence[str]]


@attrs.frozen(eq=False)
class Layout:
    """How one mapping is written, or each mapping of a list.

    Args:
        order: Its keys in order; empty where the order is the author's, and may mean something.
        inside: The layouts of what stands under its keys; "" is for every key that is not named.
        groups: Number of the group of a key, where there is a blank line between groups.
        apart: Whether there is a blank line between all entries or items.
    """

    order: tuple[str, ...] = ()
    inside: dict[str, Layout] = attrs.field(factory=dict)
    groups: dict[str, int] = attrs.field(factory=dict)
    apart: bool = False

    def under(self, key: str) -> Layout:
        """The layout of what stands under a key."""
        return self.inside.get(key) or self.inside.get("") or AS_IT_IS


AS_IT_IS = Layout()


def _layout(order: str, **inside: Layout) -> Layout:
    """A layout from its keys in one line, `·` between them."""
    names = {key.replace("_", " "): value for key, value in inside.items()}
    return Layout(tuple(order.split(" · ")), names)


_MEASURE = (
    *AGGREGATES, "among", "where", "linked by", "through", "sharing", "weighted by", "per",
    *LIMITS, "of", "rounded", "of nobody",
)  # fmt: skip
CONDITION = Layout(("when", "because", "source", "on", "ever", *_MEASURE, "all of", "any of", "unless"))
CONDITION.inside[""] = CONDITION
_BOUND = dict.fromkeys(("among", "where", "linked by"), CONDITION)
SHOWN = Layout(
    ("says", "each", "profile of", *AGGREGATES, "among", "from", "by", "beside", *_MEASURE[7:],
     "findings of", "said yes", "said no"),
    {**_BOUND, "each": CONDITION, "said yes": CONDITION, "said no": CONDITION},
)  # fmt: skip
STATEMENT = _layout(
    "not · not recorded · not asked · answer", answer=_layout("question · about · answer · when")
)
EXAMPLE = _layout("name · as of · given · then · concerns · note", given=STATEMENT, then=STATEMENT)
# What stands under `change` and `to` belongs together by its place.
READING = _layout(
    "name · because · change · to · add to · condition · stated only · differs when · note",
    condition=CONDITION,
    differs_when=STATEMENT,
)
FIELD = _layout("is · one of · from · to · happened · nobody · blank means · asks · help · note")
KIND = _layout(
    "lists · dated · one for each · key · worked out from · fields · sentences · no row means · adopted reading · "
    "other readings · asks · help · note",
    fields=Layout((), {"": FIELD}),
    sentences=_layout("says · no cycles · with · otherwise · slots"),
    worked_out_from=_layout("list · known · window · since"),
    adopted_reading=READING,
    other_readings=READING,
)
PARAMETERS = Layout((), {"": _layout("value · from · until · source · note")})

_FILE: Groups = (
    ("rule", "definition", "amendment", "otherwise", "source", "by", "force", "from", "until", "replaces"),
    ("amends", "parameter", "on", "for each", "only if", "only if any of", "required", "not allowed",
     "holds when", "holds when any of", "people decide when", "people decide when any of", "ask", "asked again after",
     "in both directions", "never with oneself", "shown", "unless", "when", "change", "to", "add to", "condition",
     "entries", "disapply", "because", "may be the same", "show"),
    ("adopted reading", "other readings", "equivalent"),
    ("examples",),
    ("note",),
)  # fmt: skip
_REVIEW: Groups = (
    ("review", "of", "window"), ("members",), ("questions",), ("criteria",), ("actions",), ("sent",), ("note",),
)  # fmt: skip
_WAY = _layout("when · shows · missing", when=CONDITION)


def _groups(groups: Groups, **inside: Layout) -> Layout:
    names = {key.replace("_", " "): value for key, value in inside.items()}
    numbers = {key: number for number, group in enumerate(groups) for key in group}
    return Layout(tuple(numbers), names, numbers)


LAYOUTS = {
    "rule": attrs.evolve(
        _groups(
            _FILE,
            unless=CONDITION,
            show=SHOWN,
            adopted_reading=READING,
            other_readings=READING,
            equivalent=_layout("change · to · because"),
            examples=EXAMPLE,
            condition=CONDITION,
            entries=Layout((), {"": FIELD}),
        )
    ),
    "rulebook": _layout(
        "rulebook · format · version · edition · body · parameters · note",
        parameters=PARAMETERS,
        edition=_layout("edition · from · until · note"),
    ),
    "amendment": _layout(
        "amendment · format · version · over · by · from · until · parameters · note", parameters=PARAMETERS
    ),
    "vocabulary": Layout((), {"": KIND}, apart=True),
    "clauses": Layout((), {"": Layout(CLAUSE_KEYS)}, apart=True),
    "review": _groups(
        _REVIEW,
        members=_layout(
            "heading · each · columns",
            each=CONDITION,
            columns=_layout("heading · shows · first of · missing", first_of=_WAY),
        ),
        questions=_layout(
            "heading · entries",
            entries=_layout("question · yes · no · shows · missing · beside", yes=CONDITION, no=CONDITION),
        ),
        criteria=_layout("heading · rules"),
        actions=_layout("heading · rule · entries", entries=_layout("says · when · shows · missing", when=CONDITION)),
        sent=_layout("heading · when · shows · beside", when=CONDITION),
    ),
    "scenarios": attrs.evolve(
        _layout(
            "scenario · clause · rule · as of · given · then · concerns · because · note", given=STATEMENT
        ),
        apart=True,
    ),
}  # fmt: skip
for _key in _FILE[1]:
    LAYOUTS["rule"].inside.setdefault(_key, AS_IT_IS if _key in ("change", "to") else CONDITION)


def sort_of(name: str, is_root: bool, root: Branch) -> str | None:
    """Which layout a file has, or None where it is none of a rulebook.

    Args:
        name: Its name.
        is_root: Whether it stands at the top of a rulebook or an amendment, and not in a folder of it.
        root: What stands in it.
    """
    stem = name.rpartition(".")[0]
    if is_root and stem in ("rulebook", "amendment", "vocabulary", "clauses", "review") and root.is_map:
        return stem
    if root.is_map:
        keys = {each.key.text for each in root.children if each.key is not None}
        return "rule" if keys & {"rule", "definition", "amendment", "amends"} else None
    return "scenarios" if is_scenarios(root) else None


def is_scenarios(root: Branch) -> bool:
    """Whether a list is one of scenarios: each of its items has the key `scenario`, or the first of them."""
    first = root.children[0].value if not root.is_map and root.children else None
    return isinstance(first, Branch) and any(
        each.key and each.key.text == "scenario" for each in first.children
    )


def arrange(tree: Tree, layout: Layout) -> None:
    """Put the keys of a tree into their order, with what belongs to them."""
    todo = [(tree.root, layout)]
    while todo:
        branch, own = todo.pop()
        if branch.is_map and own.order:
            branch.children = _in_order(branch.children, own.order)
        for child in branch.children:
            if isinstance(child.value, Branch):
                todo.append((child.value, own.under(child.key.text) if child.key else own))
    _gather(tree.root)
    split_head(tree)


def _in_order(children: list[Child], order: tuple[str, ...]) -> list[Child]:
    """Entries in an order; one that the order does not know stays behind the one that it stood behind."""
    rank, ranked = -1, []
    for child in children:
        key = child.key.text if child.key else ""
        rank = order.index(key) if key in order else rank
        ranked.append((rank, child))
    return [child for _, child in sorted(ranked, key=lambda each: each[0])]


def _gather(root: Branch) -> None:
    """What stands above the first entry of an item stands above the item: there is no line between them."""
    todo = [root]
    found = []
    while todo:
        branch = todo.pop()
        found.append(branch)
        todo += [each.value for each in branch.children if isinstance(each.value, Branch)]
    for branch in reversed(found):
        for child in branch.children:
            value = child.value
            if child.key is None and isinstance(value, Branch) and value.children:
                first = value.children[0]
                child.before += [each for each in first.before if each]
                first.before = []
