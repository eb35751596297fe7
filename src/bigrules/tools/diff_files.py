"""The files of two rulebooks, paired off: which are new, gone, renamed, and what changed in the others."""

from __future__ import annotations

import datetime

import attrs

from bigrules.findings.wording import day_in_words
from bigrules.language.assembly import identify
from bigrules.language.earlier import EARLIER, is_earlier
from bigrules.language.files import CLAUSES, MANIFEST, REVIEW, VOCABULARY, Sources
from bigrules.language.model import Rulebook
from bigrules.language.source import Document, Listing, Mapping, Node, Text, plain
from bigrules.tools.diff_parts import Part, parts_of
from bigrules.tools.diff_sense import stretches

Roots = dict[str, Node]


@attrs.define(eq=False)
class Files:
    """The files of two rulebooks.

    Args:
        times: Both as they stand at different times: the first day of each, and what stands in their files by id.
        renamed: Files with the same content under another id: the new one by the old one.
        review_changed: Whether the pack of a yearly review is described otherwise.
    """

    times: list[tuple[datetime.date | None, Roots, Roots]]
    renamed: dict[str, str]
    review_changed: bool

    def parts(self, id: str) -> list[Part]:
        """What changed in a file that both have; () where nothing did."""
        was = next((old for old, new in self.renamed.items() if new == id), id)
        each_time = []
        for start, old, new in self.times:
            found: list[Part] = []
            for text in _texts(id, old, was, new):
                one, other = old.get(text[0]), new.get(text[1])
                if one is not None and other is not None:
                    found += parts_of(one, other)
                elif one is not None or other is not None:
                    days = (text[0] if one is not None else text[1]).partition(EARLIER)[2]
                    what = f"text until {day_in_words(datetime.date.fromisoformat(days))}"
                    found.append(Part(what, _first(one), _first(other)))
            each_time.append((start, found))
        return _over_time(each_time)

    def texts(self, id: str) -> set[str]:
        """Every text that stands in a file of the new rulebook."""
        found: set[str] = set()
        todo: list[Node] = [new[id] for _, _, new in self.times if id in new]
        while todo:
            node = todo.pop()
            if isinstance(node, Text):
                found.add(node.text)
            elif isinstance(node, Listing):
                todo += node.items
            else:
                todo += [value for _, value in node.entries]
        # A test names a parameter at the end of its sentence.
        return (
            found
            | {each.rpartition(" is at most ")[2] for each in found}
            | {
                each.rpartition(f" {word} ")[2]
                for each in found
                for word in ("at least", "more than", "less than")
            }
        )


def _texts(id: str, old: Roots, was: str, new: Roots) -> list[tuple[str, str]]:
    """The texts of a file: its own, and those for earlier days where it has a day of its own."""
    earlier = {each.partition(EARLIER)[2] for each in old if each.startswith(f"{was}{EARLIER}")}
    earlier |= {each.partition(EARLIER)[2] for each in new if each.startswith(f"{id}{EARLIER}")}
    return [(was, id), *((f"{was}{EARLIER}{each}", f"{id}{EARLIER}{each}") for each in sorted(earlier))]


def _first(node: Node | None) -> str:
    """What a text of a rule requires, in short."""
    if not isinstance(node, Mapping):
        return ""
    from bigrules.tools.diff_parts import said

    wanted = ("required", "not allowed", "holds when", "ask")
    return next((f"{key.text}: {said(value)}" for key, value in node.entries if key.text in wanted), "")


def _over_time(each_time: list[tuple[datetime.date | None, list[Part]]]) -> list[Part]:
    """What changed, with the days from which on or until which it is so, where that is not for all time."""
    if all(found == each_time[0][1] for _, found in each_time):
        return each_time[0][1]
    always = [each for each in each_time[0][1] if all(each in found for _, found in each_time)]
    each_time = [(start, [each for each in found if each not in always]) for start, found in each_time]
    parts: list[Part] = []
    for at, (start, found) in enumerate(each_time):
        if at and found == each_time[at - 1][1]:
            continue
        end = next((day for day, more in each_time[at + 1 :] if more != found), None)
        days = [f"from {day_in_words(start)}"] if start is not None else []
        if end is not None:
            days.append(f"until {day_in_words(end - datetime.timedelta(days=1))}")
        parts += [attrs.evolve(each, what=f"{each.what}, {' '.join(days)}") for each in found]
    return [*parts, *always]


def compare_files(old: Rulebook, new: Rulebook) -> Files:
    """The files of two rulebooks, paired off."""
    times = [(start, roots_of(before), roots_of(after)) for start, before, after in stretches(old, new)]
    last_old, last_new = times[-1][1], times[-1][2]
    gone = {
        id: repr(plain(root)) for id, root in last_old.items() if id not in last_new and not is_earlier(id)
    }
    come = {
        id: repr(plain(root)) for id, root in last_new.items() if id not in last_old and not is_earlier(id)
    }
    renamed: dict[str, str] = {}
    for id, text in gone.items():
        same = [each for each, other in come.items() if other == text and each not in renamed.values()]
        if same:
            renamed[id] = same[0]
    reviews = [plain(each.root) if (each := documents_of(book).get(REVIEW)) else None for book in (old, new)]
    return Files(times, renamed, reviews[0] != reviews[1])


def documents_of(book: Rulebook) -> dict[str, Document]:
    """The documents of a rulebook; none where it was not read from files."""
    sources = book._sources
    return dict(sources.documents) if isinstance(sources, Sources) else {}


def roots_of(book: Rulebook) -> Roots:
    """What stands in the files of rules and definitions, by id."""
    others = (MANIFEST, VOCABULARY, CLAUSES, REVIEW)
    found = {identify(file): each.root for file, each in documents_of(book).items() if file not in others}
    return {id: root for id, root in found.items() if id in book.rules or id in book.definitions}
