"""Rows held against each other: repeated rows, keys, beginnings and ends, relations with oneself, cycles."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.facts.case import BY_NOW, UNKNOWN, ByNow, Fact, Unknown
from bigrules.facts.codes import diagnostic
from bigrules.facts.values import shown
from bigrules.language.model import Kind, Value, Vocabulary


@attrs.frozen
class Read:
    """A fact with the fields that were blank in its row.

    Args:
        fact: The fact.
        blank: Names of the fields that were blank: whatever they mean, they contradict nothing.
    """

    fact: Fact
    blank: frozenset[str] = frozenset()


def check_fact(kind: Kind, fact: Fact, found: list[Diagnostic]) -> None:
    """What can be wrong with one row by itself: an end before its beginning, a relation with oneself."""
    values = dict(zip((each.name for each in kind.fields), fact.values, strict=True))
    start, end = values.get("from"), values.get("until")
    if isinstance(start, datetime.date) and isinstance(end, datetime.date) and end < start:
        message = f"it ends on {shown(end)}, before it begins on {shown(start)}"
        found.append(diagnostic("end-before-beginning", message, fact.place, "swap or mend the two days"))
    for one, other in pairs_of_one_thing(kind):
        value = values[one]
        if isinstance(value, str) and value == values[other]:
            message = f"`{one}` and `{other}` are both `{value}`"
            help = "a record between two needs two: mend one of the names"
            found.append(diagnostic("with-oneself", message, fact.place, help))


def pairs_of_one_thing(kind: Kind) -> list[tuple[str, str]]:
    """Pairs of fields that hold one sort of thing and stand in one sentence: who is related to whom."""
    pairs: dict[tuple[str, str], None] = {}
    things = [each.type.name for each in kind.fields if each.type.is_thing]
    if len({*things}) == len(things):
        return []  # Most kinds have no two fields of a sort, and this is asked of each row.
    for sentence in kind.sentences:
        fields = [kind.field(each) for each in sentence.fields]
        for number, one in enumerate(fields):
            for other in fields[number + 1 :]:
                if one.type.is_thing and one.type == other.type and one.name != other.name:
                    pairs.setdefault(min((one.name, other.name), (other.name, one.name)))
    return list(pairs)


def merge_same(reads: Iterable[Read]) -> list[Read]:
    """One for each fact that stands more than once; a certain row wins over a possible one."""
    by_values: dict[tuple[str, tuple[object, ...]], Read] = {}
    for each in reads:
        identity = (each.fact.kind, each.fact.values)
        before = by_values.get(identity)
        if before is None or (before.fact.possible and not each.fact.possible):
            by_values[identity] = each
        elif before.blank != each.blank and before.fact.possible == each.fact.possible:
            by_values[identity] = attrs.evolve(before, blank=before.blank & each.blank)
    return list(by_values.values())


def merge_by(
    kind: Kind, key: tuple[str, ...], reads: list[Read], name: str, found: list[Diagnostic]
) -> list[Read]:
    """Makes one of the rows that agree on the key; rows that contradict each other are a fault at both.

    Args:
        kind: Their kind.
        key: The fields that tell them apart.
        reads: The rows.
        name: Name of the diagnostic for those that contradict each other.
        found: Where to note it.
    """
    at = [number for number, field in enumerate(kind.fields) if field.name in key]
    by_key: dict[tuple[object, ...], Read] = {}
    for number, each in enumerate(reads):
        values = tuple(each.fact.values[index] for index in at)
        # What is not known cannot be the same as something else.
        identity = values if not any(value is UNKNOWN for value in values) else (number, *values)
        before = by_key.get(identity)
        if before is None:
            by_key[identity] = each
            continue
        merged = _merged(kind, before, each)
        if isinstance(merged, Read):
            by_key[identity] = merged
            continue
        about = ", ".join(f"`{_said(value)}`" for value in values)
        for one, other in ((before, each), (each, before)):
            message = f"two rows for {about} differ in `{merged}`"
            help = f"the other one is at {other.fact.place}; mend or remove one of them"
            found.append(diagnostic(name, message, one.fact.place, help))
    return list(by_key.values())


def _said(value: object) -> str:
    return "not known" if value is UNKNOWN else "blank" if value is None or value is BY_NOW else shown(value)


def _merged(kind: Kind, one: Read, other: Read) -> Read | str:
    """Both in one, or the field in which they contradict each other."""
    values: list[Value | Unknown | ByNow] = []
    for field, a, b in zip(kind.fields, one.fact.values, other.fact.values, strict=True):
        if a == b or field.name in other.blank or (b is UNKNOWN and field.name not in one.blank):
            values.append(a)
        elif field.name in one.blank or a is UNKNOWN:
            values.append(b)
        else:
            return field.name
    possible = one.fact.possible and other.fact.possible
    return Read(attrs.evolve(one.fact, values=tuple(values), possible=possible), one.blank & other.blank)


def check_cycles(vocabulary: Vocabulary, facts: Iterable[Fact], found: list[Diagnostic]) -> None:
    """Chains that come back to where they began, of sentences that say that they never do."""
    edges: dict[str, dict[str, dict[str, Fact]]] = {}
    for fact in facts:
        if fact.possible:
            continue
        kind = vocabulary.kinds[fact.kind]
        values = dict(zip((each.name for each in kind.fields), fact.values, strict=True))
        for sentence in kind.sentences:
            if not sentence.acyclic or len(sentence.fields) < 2:
                continue
            one, other = values[sentence.fields[0]], values[sentence.fields[1]]
            fixed = all(values[name] == value for name, value in sentence.fixed)
            if fixed and isinstance(one, str) and isinstance(other, str) and one != other:
                # Two ways to say one relation ("is a parent of", "is a child of" turned round) are one chain.
                edges.setdefault(_wording(sentence.says), {}).setdefault(one, {}).setdefault(other, fact)
    for graph in edges.values():
        for chain in _cycles(graph):
            names = " → ".join(f"`{each}`" for each in (*chain, chain[0]))
            links = [graph[one][other] for one, other in zip(chain, [*chain[1:], chain[0]], strict=True)]
            where = ", ".join(str(each.place) for each in links[:-1])
            message = f"this comes back to where it began: {names}"
            found.append(diagnostic("cycle", message, links[-1].place, f"one of these is wrong too: {where}"))


def _wording(says: str) -> str:
    """The sentence without the words in its slots."""
    import re

    return re.sub(r"<[^>]*>", "<>", says)


def _cycles(graph: dict[str, dict[str, Fact]]) -> list[list[str]]:
    """One chain for each place where the graph closes; each thing is in at most one of them."""
    done: set[str] = set()
    chains: list[list[str]] = []
    for start, others in graph.items():
        if start in done:
            continue
        path: list[str] = [start]
        on_path = {start: 0}
        stack = [iter(others)]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
                done.add(path[-1])
                del on_path[path.pop()]
            elif following in on_path:
                chain = path[on_path[following] :]
                if not any(set(chain) & set(other) for other in chains):
                    chains.append(chain)
            elif following not in done and following in graph:
                path.append(following)
                on_path[following] = len(path) - 1
                stack.append(iter(graph[following]))
    return chains
