"""The texts that a file has in time: as amendments change it, each for its days."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Map

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.language.amend import Change, changed_node, conditions, in_spell, listing, mapping, with_entry
from bigrules.language.definitions import CONDITION_KEYS
from bigrules.language.faults import Faults, in_words
from bigrules.language.readings import patch, reading_nodes
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Listing, Mapping, Node, plain
from bigrules.language.spells import DAY, Spell

# Each text of a file with its days, in the order of time.
Texts = list[tuple[Spell, Document]]


def texts_in_time(
    whole: Document, changes: Sequence[Change], roots: Map[int, Mapping], faults: Faults
) -> Texts | None:
    """The texts of a file, each with its days; None where a change cannot be made.

    Args:
        whole: The file, with the lines of what changes it.
        changes: What changes it, in order.
        roots: What each of them says, as it stands in `whole`, by its identity.
        faults: Where to note what is wrong.
    """
    before = len(faults.found)
    found: Texts = []
    noted: set[int] = set()
    for spell in stretches(each.spell for each in changes):
        mine = [each for each in changes if each.spell.meets(spell)]
        contradictions(mine, lambda some: as_changed(whole, some, roots)[0] is not None, faults, noted)
        node, wrong, culprit = as_changed(whole, mine, roots)
        if node is None:
            if culprit is not None and id(culprit) not in noted:
                noted.add(id(culprit))
                faults.found += said_of(wrong, culprit, changes, spell)
            continue
        for each in changes:
            # Those of what is no longer, or not yet, in force have days of their own.
            node = with_examples(node, roots[id(each)])
        found.append((spell, without_lost_readings(attrs.evolve(whole, root=node))))
    return found if len(faults.found) == before else None


def is_of_text(change: Change) -> bool:
    """Whether it changes what a file says, and takes nothing out of play."""
    return change.amended.operation in ("change", "add")


def said_of(
    wrong: Iterable[Diagnostic], change: Change, changes: Sequence[Change], days: Spell
) -> list[Diagnostic]:
    """What is wrong with a change, with the help who has changed before what is not there any more.

    Args:
        wrong: What is wrong with it.
        change: The change.
        changes: All changes of the file.
        days: Days on which it cannot be made.
    """
    earlier = [
        each
        for each in changes
        if each is not change
        and is_of_text(each)
        and each.layer <= change.layer
        and each.spell.meets(change.spell)
    ]
    said = []
    for each in wrong:
        if each.name != "old-value-gone":
            said.append(each)
            continue
        message, help = each.message, each.help or "write down what stands there now"
        first = days.within(change.spell)
        if first is not None and first != change.spell:
            # On other days it may well stand there: whoever is told what stands there now would go round in circles.
            message, help = f"{message} {first.in_words()}", help.replace(" now ", " then ")
        always = dict.fromkeys(one.document.file for one in earlier if one.spell.is_always)
        changed = [f"{in_words(always, 'and')} changed it"] if always else []
        changed += [f"{one} changes it {one.spell.in_words()}" for one in earlier if not one.spell.is_always]
        said.append(attrs.evolve(each, message=message, help="; ".join([help, *changed])))
    return said


def contradictions(
    changes: Sequence[Change], works: Callable[[list[Change]], bool], faults: Faults, noted: set[int]
) -> None:
    """`amendments-contradict`: two changes of one layer that are in force together and do not go together.

    Args:
        changes: Changes of one file, in order.
        works: Whether some of them can be made one after the other.
        faults: Where to note what is found.
        noted: Changes, by their identity, of which something was noted.
    """
    for one, other in itertools.combinations(changes, 2):
        both = one.spell.within(other.spell)
        if one.layer != other.layer or both is None or id(other) in noted:
            continue
        below = [each for each in changes if each.layer < one.layer and each.spell.meets(both)]
        if not works([*below, one]):
            continue  # That is a fault of its own.
        alone, after = works([*below, other]), works([*below, one, other])
        if one.spell.first == other.spell.first:
            # Files have no order: whichever is taken first, both have to fit.
            if not (alone or after) or (alone and after and works([*below, other, one])):
                continue
        elif after or not alone:
            continue
        noted.add(id(other))
        days = "" if both.is_always else f", and are in force {both.in_words()}"
        message = f"this and {one} contradict each other: both change the same of `{other.target}`{days}"
        help = "take one of them out, say both in one file, or let one end on the day before the other begins"
        faults.add("amendments-contradict", message, other.amended.place, help)


def without_lost_readings(document: Document) -> Document:
    """The text without readings of what is not there any more."""
    root = document.root
    assert isinstance(root, Mapping)
    lost = {
        id(node)
        for _, node in reading_nodes(root)
        if node.get("stated only") is None and patch(Shape(document, Faults()), root, node) is None
    }
    listed = root.get("other readings")
    if not lost or not isinstance(listed, Listing):
        return document
    left = [each for each in listed.items if id(each) not in lost]
    new = listing(left, listed) if left else None
    return attrs.evolve(document, root=with_entry(root, "other readings", new))


def written_out(
    whole: Document, segments: Texts, changes: Sequence[Change], old: Document, faults: Faults
) -> Document | None:
    """A definition with all its texts, each for the days on which it is read so; None where it has no such form.

    Args:
        whole: The file, with the lines of what changes it.
        segments: Its texts.
        changes: What changes it.
        old: The file as it stands in the rulebook.
        faults: Where to note what is wrong.
    """
    if len(segments) == 1:
        return segments[0][1]
    assert isinstance(old.root, Mapping)
    roots = [each.root for _, each in segments]
    rests = [
        {
            key: each
            for key, each in plain(root).items()
            if key not in (*CONDITION_KEYS, "other readings", "examples")
        }
        for root in roots
    ]
    if any(each != rests[0] for each in rests):
        keys = sorted(
            {key for each in rests for key in each if each.get(key) != rests[0].get(key)}
            | {key for key in rests[0] if any(key not in each for each in rests)}
        )
        message = (
            f"with days only the conditions of a definition can be changed, and not {in_words(keys, 'and')}"
        )
        help = "take the days out, or define it in a file of its own with a sentence of its own"
        faults.add("not-with-days", message, changes[0].amended.place, help)
        return None
    root = segments[-1][1].root
    assert isinstance(root, Mapping)
    at = old.root.entries[0][0]
    for key in ("holds when", "people decide when"):
        branches: list[Node] = []
        for spell, document in segments:
            assert isinstance(document.root, Mapping)
            found = [*conditions(document.root.get(key))]
            any_of = document.root.get(f"{key} any of")
            if any_of is not None:
                found.append(mapping({"any of": any_of}, any_of))
            if found:
                branches.append(
                    mapping({"all of": listing([*in_spell(spell, at), *found], found[0])}, found[0])
                )
        root = with_entry(root, key, None)
        root = with_entry(root, f"{key} any of", None)
        if branches:
            root = with_entry(root, f"{key} any of", listing(branches, branches[0]))
    # A reading of a part that now stands there once for each text cannot be taken any more.
    return without_lost_readings(attrs.evolve(whole, root=root))


def stretches(spells: Iterable[Spell]) -> list[Spell]:
    """All days, cut wherever one of some spells begins or ends.

    >>> [each.in_words() for each in stretches([Spell(datetime.date(2018, 4, 1))])]
    ['until 2018-03-31', 'from 2018-04-01']
    """
    cuts: set[datetime.date] = set()
    for each in spells:
        cuts.update([each.start] if each.start is not None and each.start > datetime.date.min else [])
        cuts.update([each.end + DAY] if each.end is not None and each.end < datetime.date.max else [])
    days = sorted(cuts)
    starts: list[datetime.date | None] = [None, *days]
    ends: list[datetime.date | None] = [*(each - DAY for each in days), None]
    return [Spell(start, end) for start, end in zip(starts, ends, strict=True)]


def joined(document: Document, changes: Sequence[Change]) -> tuple[Document, dict[int, Mapping]]:
    """A document with the lines of all that change it, and what they say as it stands in it."""
    roots: dict[int, Mapping] = {}
    for change in changes:
        document, root = document.with_lines_of(change.document)
        assert isinstance(root, Mapping)
        roots[id(change)] = root
    return document, roots


def as_changed(
    whole: Document, changes: Sequence[Change], roots: Map[int, Mapping]
) -> tuple[Mapping | None, list[Diagnostic], Change | None]:
    """What changes make of a file one after the other; or None, why, and which cannot be made.

    Args:
        whole: The file, with the lines of the changes.
        changes: The changes, of the text alone.
        roots: What each of them says, as it stands in `whole`, by its identity.
    """
    node: Node = whole.root
    for change in changes:
        root = roots[id(change)]
        new, wrong = changed_node(whole, node, change, root)
        if not isinstance(new, Mapping):
            return None, wrong, change
        title = root.get("amendment")
        if new.get("rule") is not None and title is not None and _same(new.get("rule"), node):
            # What it said before is no longer so.
            new = with_entry(new, "rule", title)
        node = new
    assert isinstance(node, Mapping)
    return node, [], None


def _same(title: Node | None, before: Node) -> bool:
    return isinstance(before, Mapping) and plain(title) == plain(before.get("rule"))


def with_examples(node: Mapping, change: Mapping) -> Mapping:
    """A file with the examples of what changes it behind its own."""
    more = change.get("examples")
    if more is None:
        return node
    own = node.get("examples")
    if not isinstance(own, Listing) or not isinstance(more, Listing):
        return with_entry(node, "examples", more, more)
    return with_entry(node, "examples", attrs.evolve(own, items=(*own.items, *more.items)))
