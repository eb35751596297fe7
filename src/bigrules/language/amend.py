"""Files that amend others: what each changes, and the document that it makes of another."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from typing import Any, cast

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.language.faults import CODES, Faults, in_words
from bigrules.language.model import THE_DAY, Amended
from bigrules.language.readings import INSTEAD, patch
from bigrules.language.rules import EVERYWHERE
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Listing, Mapping, Node, Text, plain
from bigrules.language.spells import Spell, read_spell

CHANGE_KEYS = (
    "amendment", "by", "from", "until", "amends", "parameter", "when", "change", "to", "add to", "condition",
    "entries", "disapply", "because", "examples", "note",
)  # fmt: skip
OPERATIONS = ("change", "add to", "disapply")
# What a rule that stands in place of another for some does not take over: it is about the other.
_NOT_TAKEN_OVER = (
    "rule",
    "from",
    "until",
    "by",
    "adopted reading",
    "other readings",
    "equivalent",
    "examples",
    "note",
)
_DONE = {"disapply": "disapplied", "substitute": "changed for some with `when`"}
_EXCEPTION = re.compile(r"(\S+)((?: unless [1-9]\d{0,3})+)")


@attrs.frozen(eq=False)
class Change:
    """A file that amends another.

    Args:
        amended: What it does, as people are told of it.
        document: The file.
        root: What stands in it.
        spell: When it is in force.
        layer: Number of its layer: 0 for the rulebook itself.
    """

    amended: Amended
    document: Document
    root: Mapping
    spell: Spell
    layer: int

    @property
    def target(self) -> str:
        """Id of what it amends."""
        return self.amended.target

    @property
    def file(self) -> str:
        """The id of the file that it amends, where it amends an exception in it."""
        return exception_of(self.target)[0]

    @property
    def done(self) -> str:
        """What it does to what it amends, as a participle."""
        return _DONE.get(self.amended.operation, "changed")

    @property
    def takes_out(self) -> bool:
        """Whether it takes a rule out of play for everybody."""
        is_whole = not exception_of(self.target)[1] and self.root.get("when") is None
        return self.amended.operation == "disapply" and is_whole

    def note(self, faults: Faults, key: str, name: str, message: str, help: str | None) -> None:
        """Note something at the value of a key of it, or at all of it."""
        node = self.root.get(key)
        faults.add(name, message, self.document.span(node) if node is not None else self.amended.place, help)

    def __str__(self) -> str:
        return f"`{self.document.file}`"


def is_change(document: Document) -> bool:
    """Whether a file amends another."""
    root = document.root
    return isinstance(root, Mapping) and root.get("amendment") is not None


def exception_of(target: str) -> tuple[str, tuple[int, ...]]:
    """The file that a target is in, and the numbers of the exception in it; () for the file itself.

    >>> exception_of("conflicts/a unless 2 unless 1")
    ('conflicts/a', (2, 1))
    """
    match = _EXCEPTION.fullmatch(target)
    if match is None:
        return target, ()
    return match[1], tuple(int(each) for each in match[2].split() if each.isdigit())


def read_change(
    document: Document, id: str, layer: int, name: str, by: str, within: Spell, faults: Faults
) -> Change | None:
    """What a file amends; None where it cannot be used.

    Args:
        document: The file.
        id: Its id.
        layer: Number of its layer.
        name: Name of the amendment that it belongs to, or "".
        by: The authority where it names none.
        within: When the amendment that it belongs to is in force.
        faults: Where to note what is wrong.
    """
    shape = Shape(document, faults)
    before = len(faults.found)
    keys = shape.mapping(document.root, "an amendment", CHANGE_KEYS)
    if keys is None or not isinstance(document.root, Mapping):
        return None
    place = shape.span(document.root)
    texts = {
        key: shape.text(keys[key][1], f"`{key}`") if key in keys else ""
        for key in ("amendment", "by", "because")
    }
    operation = _operation(shape, keys, document.root)
    target = _target(shape, keys, document.root)
    spell = read_spell(shape, keys, place, "this amendment")
    if len(faults.found) > before or not operation or not target or spell is None:
        return None
    both = spell.within(within)
    if both is None:
        message = (
            f"this is in force {spell.in_words()}, and the amendment that it belongs to {within.in_words()}"
        )
        faults.add("wrong-value", message, place, "let the days of this file lie within those of all of it")
        return None
    old = "change" if "change" in keys else "add to"
    new = next((key for key in ("to", "condition", "entries") if key in keys), "")
    amended = Amended(
        id, texts["amendment"], target, cast(Any, operation), texts["by"] or by, both.start, both.end,
        texts["because"], plain(keys[old][1]) if old in keys else None, plain(keys[new][1]) if new else None,
        name, place,
    )  # fmt: skip
    return Change(amended, document, document.root, both, layer)


def _operation(shape: Shape, keys: Map[str, tuple[Text, Node]], root: Node) -> str:
    """What is done: one thing, with what belongs to it."""
    done = [each for each in OPERATIONS if each in keys]
    one_thing = "give it `change` and `to`, or `add to` and `condition`, or `disapply: yes`"

    def wrong(place: Node, message: str, help: str = one_thing) -> str:
        shape.faults.add("one-operation", message, shape.span(place), help)
        return ""

    if len(done) != 1:
        if done:
            return wrong(keys[done[1]][0], f"an amendment cannot do two things: {in_words(done, 'and')}")
        return (
            wrong(root, "this amendment does not say what it changes")
            if shape.lacks(root, *OPERATIONS)
            else ""
        )
    for key, needed in (("change", ("to",)), ("add to", ("condition", "entries"))):
        if key not in done:
            stray = next((each for each in needed if each in keys), None)
            if stray:
                return wrong(keys[stray][0], f"`{stray}` goes with `{key}`")
        elif sum(each in keys for each in needed) != 1:
            return wrong(
                keys[key][0],
                f"`{key}` needs {in_words(needed)}, and one of them"
                if len(needed) > 1
                else f"`{key}` needs `to`",
            )
    if done == ["disapply"] and not shape.yes(keys["disapply"][1], "`disapply`"):
        return wrong(
            keys["disapply"][1], "what is not disapplied needs no amendment", "write `disapply: yes`"
        )
    if "parameter" in keys:
        if done != ["change"] or "when" in keys:
            stray = "when" if "when" in keys else done[0]
            return wrong(
                keys[stray][0], f"`{stray}` does not go with a parameter", "give it `change` and `to`"
            )
    elif "when" in keys and done == ["add to"]:
        return wrong(
            keys["when"][0], "`when` does not go with `add to`", "change the whole list, or take `when` out"
        )
    if done == ["change"] and "when" in keys:
        return "substitute"
    return {"change": "change", "add to": "add", "disapply": "disapply"}[done[0]]


def _target(shape: Shape, keys: Map[str, tuple[Text, Node]], root: Node) -> str:
    named = [each for each in ("amends", "parameter") if each in keys]
    if len(named) == 1:
        text = shape.text(keys[named[0]][1], f"`{named[0]}`")
        return f"parameter/{text}" if text and named[0] == "parameter" else text
    if named or shape.lacks(root, "amends", "parameter"):
        help = "write `amends:` and the path of a rule or definition without `.yaml`"
        message = "this amends two things" if named else "this amendment does not say what it amends"
        shape.faults.add("missing-key", message, shape.span(root), help)
    return ""


# ---------------------------------------------------------------- what it makes of another file


def changed_node(
    whole: Document, node: Node, change: Change, root: Mapping
) -> tuple[Node | None, list[Diagnostic]]:
    """What a change makes of a node, or None and why it makes nothing of it.

    Args:
        whole: The document that the node stands in, with the lines of the change.
        node: All of a rule or definition, or one kind of the vocabulary.
        change: What is done.
        root: What stands in its file, as it stands in `whole`.
    """
    trial = Faults()
    shape = Shape(whole, trial)
    entries = root.get("entries")
    new = patch(shape, node, root) if entries is None else _with_entries(shape, node, root, entries)
    return new, [_of_amendment(each, change) for each in trial.found]


def _of_amendment(found: Diagnostic, change: Change) -> Diagnostic:
    """What is wrong with a patch, as it is said of an amendment."""
    if found.name != "reading-changes-nothing":
        return found
    message, help = (
        each.replace("the file", f"`{change.target}`") for each in (found.message, found.help or "")
    )
    if change.amended.operation == "add" and change.amended.before in ("only if", "unless"):
        # What has no such key yet gets it in another way.
        help = "let it be disapplied where it is not to apply, with `disapply: yes` and `when:`"
    return attrs.evolve(
        found, code=CODES["old-value-gone"], name="old-value-gone", message=message, help=help
    )


def _with_entries(shape: Shape, node: Node, root: Mapping, more: Node) -> Node | None:
    """Entries more in the mapping under a key, such as fields of a kind."""
    key = root.get("add to")
    name = shape.text(key, "`add to`") if key is not None else ""
    if not isinstance(node, Mapping) or not isinstance(more, Mapping):
        shape.wrong(more, "`entries` must be a mapping of keys to values")
        return None
    found = node.get(name)
    if not isinstance(found, Mapping):
        there = [each.text for each, value in node.entries if isinstance(value, Mapping)]
        help = f"entries can be added to {in_words(there)}" if there else "use `change` and `to`"
        shape.faults.add(
            "reading-changes-nothing",
            f"there is no mapping `{name}` in the file",
            shape.span(key or more),
            help,
        )
        return None
    for each, _ in more.entries:
        if found.get(each.text) is not None:
            help = "change it with `change` and `to`, or call this one otherwise"
            shape.faults.add(
                "already-there", f"there is `{each.text}` under `{name}` already", shape.span(each), help
            )
            return None
    return with_entry(node, name, attrs.evolve(found, entries=(*found.entries, *more.entries)))


def with_entry(node: Mapping, key: str, value: Node | None, at: Node | None = None) -> Mapping:
    """A mapping with another value under a key; None takes it out, and a key that is new comes last.

    Args:
        node: The mapping.
        key: The key.
        value: What stands under it then.
        at: Where a new key is said to stand; without it, where its value does.
    """
    found = False
    entries: list[tuple[Text, Node]] = []
    for name, old in node.entries:
        if name.text != key:
            entries.append((name, old))
            continue
        found = True
        if value is not None:
            entries.append((name, value))
    if not found and value is not None:
        entries.append((text_at(key, at or value), value))
    return attrs.evolve(node, entries=tuple(entries))


def text_at(text: str, node: Node) -> Text:
    """A text that is said to stand where a node begins."""
    while not isinstance(node, Text):
        inside = [name for name, _ in node.entries] if isinstance(node, Mapping) else list(node.items)
        if not inside:
            break
        node = inside[0]
    return Text(text, node.line, node.column, node.end_line, node.end_column)


def listing(items: list[Node], at: Node) -> Listing:
    """A list that is said to stand where a node does."""
    return Listing(tuple(items), at.line, at.column, at.end_line, at.end_column)


def mapping(entries: Map[str, Node], at: Node) -> Mapping:
    """A mapping that is said to stand where a node does."""
    found = tuple((text_at(key, at), value) for key, value in entries.items())
    return Mapping(found, at.line, at.column, at.end_line, at.end_column)


def in_spell(spell: Spell, at: Node) -> list[Node]:
    """Conditions that the day on which something is read is one of some days."""
    words = (("on or after", spell.start), ("on or before", spell.end))
    return [text_at(f"<{THE_DAY}> is {op} {day}", at) for op, day in words if day is not None]


def with_spell(root: Mapping, spell: Spell, at: Node) -> Mapping:
    """A rule or definition that is in force on some days only."""
    for key, day in (("from", spell.start), ("until", spell.end)):
        root = with_entry(root, key, None if day is None else text_at(str(day), at), at)
    return root


def conditions(node: Node | None) -> list[Node]:
    """The conditions that stand under a key."""
    if node is None:
        return []
    return list(node.items) if isinstance(node, Listing) else [node]


def with_exception(
    root: Node,
    numbers: tuple[int, ...],
    title: Text,
    by: str,
    when: Node | None,
    spell: Spell,
    instead: str = "",
) -> Node | None:
    """A rule with an exception more; None where it is one to an exception that there is not.

    Args:
        root: The rule, or an exception of it.
        numbers: Which exception of it the new one belongs to; () for the rule itself.
        title: What the exception says.
        by: By what authority.
        when: When it applies, or None for everywhere.
        spell: On which days.
        instead: Id of the rule that applies where it does, or "".
    """
    if not isinstance(root, Mapping):
        return None
    there = exceptions_under(root.get("unless"))
    if numbers:
        if numbers[0] > len(there):
            return None
        inner = with_exception(there[numbers[0] - 1], numbers[1:], title, by, when, spell, instead)
        if inner is None:
            return None
        there[numbers[0] - 1] = inner
        return with_entry(root, "unless", listing(there, title))
    holds: list[Node] = [text_at(EVERYWHERE, title), *in_spell(spell, title)]
    new: dict[str, Node] = {"when": listing(holds + conditions(when), title), "because": title}
    if by:
        new["source"] = text_at(by, title)
    new[INSTEAD] = text_at(instead, title)
    return with_entry(root, "unless", listing([*there, mapping(new, title)], title), title)


def exceptions_under(node: Node | None) -> list[Node]:
    """What stands under `unless`, as a list of exceptions."""
    items = conditions(node)
    if not items or any(isinstance(each, Mapping) and each.get("when") is not None for each in items):
        return items
    assert node is not None
    return [mapping({"when": node}, node)]


def substitute_of(root: Mapping, change: Mapping, title: Text, by: str, spell: Spell) -> Mapping:
    """The rule that applies in place of another where a condition holds.

    Args:
        root: The other rule, as changed.
        change: The file that says so.
        title: What the rule says.
        by: By what authority.
        spell: On which days.
    """
    entries: list[tuple[Text, Node]] = [(text_at("rule", title), title)]
    entries += [(key, value) for key, value in root.entries if key.text not in _NOT_TAKEN_OVER]
    made = attrs.evolve(root, entries=tuple(entries))
    only = [*conditions(root.get("only if")), *conditions(change.get("when"))]
    made = with_entry(made, "only if", listing(only, title), title)
    if by:
        made = with_entry(made, "by", text_at(by, title), title)
    examples = change.get("examples")
    if examples is not None:
        made = with_entry(made, "examples", examples, examples)
    return with_spell(made, spell, title)
