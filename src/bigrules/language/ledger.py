"""The clause ledger: what became of each sentence of the guidance."""

from __future__ import annotations

import re

from bigrules.language.faults import Faults
from bigrules.language.model import Clause, Shown
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Listing, Mapping, Node, Text

# What becomes of a clause, and what that means: the page on the format says the same.
TREATMENTS = {
    "rule": "a rule decides it from facts",
    "definition": "a definition says what its words mean",
    "judgement": "people are asked",
    "record": "a rule checks that something was written down or sent",
    "permission": "it allows something, which examples show",
    "explanation": "it binds nobody",
    "page": "it belongs to the page and not to the text",
}
CLAUSE_KEYS = ("section", "place", "fingerprint", "treatment", "because", "shown by", "note")
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{16}")
_HOW = "without `fingerprint` and `treatment`, `bigrules trace --guidance FILE` says what to write"
_EXAMPLES = (
    "name examples of rules, each as `- folder/rule: name of the example`, or scenarios by their names"
)


def read_clauses(document: Document | None, faults: Faults) -> dict[str, Clause] | None:
    """The clause ledger, or None where there is none that can be used."""
    if document is None:
        return None
    shape = Shape(document, faults)
    entries = shape.mapping(document.root, "clauses.yaml")
    if entries is None:
        return None
    # A ledger without any fingerprint is of a text that nobody has a copy of to hold against it.
    printed = any(isinstance(node, Mapping) and node.get("fingerprint") for _, node in entries.values())
    return {key.text: _clause(key, node, printed, shape) for key, node in entries.values()}


def _clause(key: Text, node: Node, printed: bool, shape: Shape) -> Clause:
    at = shape.span(key)
    keys = shape.mapping(node, "a clause", CLAUSE_KEYS)
    if keys is None:
        return Clause(key.text, "", "", "", "", at=at)  # it is there, whatever is wrong with it

    def text(name: str) -> str:
        return shape.text(keys[name][1], f"`{name}`") if name in keys else ""

    def lacks(name: str, of: str, help: str) -> None:
        if shape.lacks(node, name):
            shape.faults.add("missing-key", f"the clause `{key.text}` {of} has no `{name}`", at, help)

    if "section" not in keys:
        shape.faults.add("missing-key", f"the clause `{key.text}` has no `section`", at)
    fingerprint = text("fingerprint")
    if fingerprint and not _FINGERPRINT.fullmatch(fingerprint):
        help = f"write `sha256:` and 16 of the digits 0 to 9 and a to f; {_HOW}"
        place = shape.span(keys["fingerprint"][1])
        shape.faults.add("wrong-value", f"`fingerprint` cannot be `{fingerprint}`", place, help)
    treatment = shape.choice(keys["treatment"][1], "`treatment`", TREATMENTS) if "treatment" in keys else ""
    if treatment:
        of = f"with the treatment `{treatment}`"
        if printed:
            lacks("fingerprint", of, f"add the fingerprint of its sentence; {_HOW}")
        if treatment == "explanation":
            lacks("because", of, "say why it binds nobody")
        if treatment == "permission":
            lacks("shown by", of, _EXAMPLES)
    for name, fitting in (("because", ("explanation", "page")), ("shown by", ("permission",))):
        if name in keys and treatment and treatment not in fitting:
            message = f"`{name}` does not go with the treatment `{treatment}`"
            shape.faults.add("unknown-key", message, shape.span(keys[name][0]), "write a `note` instead")
    shown = _shown(keys["shown by"][1], shape) if "shown by" in keys else ()
    return Clause(
        key.text, text("section"), text("place"), fingerprint, treatment, text("note"), text("because"), shown, at
    )  # fmt: skip


def _shown(node: Node, shape: Shape) -> tuple[Shown, ...]:
    """What shows a permission: each `folder/rule: name of an example`, or the name of a scenario."""
    found: list[Shown] = []
    if isinstance(node, Listing) and not node.items:
        shape.wrong(node, "`shown by` is an empty list", _EXAMPLES)
    for item in node.items if isinstance(node, Listing) else (node,):
        if isinstance(item, Mapping):
            found += [
                Shown(shape.text(name, "what `shown by` names"), rule.text, shape.span(name))
                for rule, name in item.entries
            ]
        elif name := shape.text(item, "what `shown by` names"):
            found.append(Shown(name, "", shape.span(item)))
    return tuple(found)
