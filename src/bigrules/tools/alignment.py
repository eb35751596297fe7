"""A copy of the guidance held against the fingerprints of its clauses: what is changed, moved, added or removed.

A clause is looked for in every stretch of words that begins where a sentence or a line does, or where another clause
ends, since a copy may have lost its blank lines and bullets. Of all that is found so, that counts which leaves the
fewest words over, in the order of the ledger. What is left is looked through once more; only then it is a difference.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

import attrs

from bigrules.language.fingerprint import Stretch, hash_in
from bigrules.language.guidance import Copy
from bigrules.language.model import Clause

# No clause has so many words.
LONGEST = 200
# Among more words than these, a clause is looked for only where a sentence, a line or another clause ends.
SMALL = 1_000
# So many words are looked at in a gap at most, each time that one is taken on; a text with more is another text.
EFFORT = 400_000


@attrs.frozen
class Difference:
    """One way in which a copy differs from the ledger.

    Args:
        sort: What happened to it.
        clauses: Positions in the ledger of the clauses that it is about; for `added`, of the one that it repeats.
        start: Position in the copy of its first word; where it is removed, of the word that it stood before.
        end: One past its last word.
        sentences: How many sentences of the copy stand there.
    """

    sort: Literal["changed", "moved", "added", "removed"]
    clauses: tuple[int, ...]
    start: int
    end: int
    sentences: int = 1


@attrs.frozen
class Alignment:
    """What of a copy is what clause.

    Args:
        found: For each clause that is word for word in the copy, its first word and one past its last.
        differences: The differences, in the order of the copy.
    """

    found: dict[int, tuple[int, int]]
    differences: tuple[Difference, ...]


@attrs.frozen
class _Match:
    """Words of the copy that are a clause."""

    start: int
    end: int
    clause: int


@attrs.frozen
class _Gap:
    """Words between two matches, and the clauses between those that they match."""

    start: int
    end: int
    clauses: tuple[int, ...]


def align(copy: Copy, clauses: Sequence[Clause]) -> Alignment:
    """Hold a copy against the clauses of a ledger, in order.

    Args:
        copy: The copy.
        clauses: The clauses; those without a fingerprint are passed over.
    """
    return _Aligner(copy, clauses).align()


class _Aligner:
    def __init__(self, copy: Copy, clauses: Sequence[Clause]) -> None:
        self.copy = copy
        self.clauses = clauses
        self.all = [at for at, each in enumerate(clauses) if each.fingerprint]
        self.starts = set(copy.starts)
        # Where a sentence may begin or end, as far as the typesetting goes.
        self.edges = (
            self.starts | {at for at, each in enumerate(copy.words) if each.is_first} | {len(copy.words)}
        )

    def align(self) -> Alignment:
        wanted = self._by_fingerprint(self.all)
        seen = [
            _Match(start, end, clause)
            for start, end in self.copy.sentences
            for each in set(self.copy.fingerprints(start, end)) & wanted.keys()
            for clause in wanted[each]
        ]
        matches = _chain(seen + self._stretches(0, len(self.copy.words), self.all, most=0))
        for gap in self._gaps(matches):
            matches += _chain(self._stretches(gap.start, gap.end, gap.clauses))
        gaps = self._gaps(matches)
        found = {each.clause: (each.start, each.end) for each in matches}
        moved = self._elsewhere(gaps, [each for gap in gaps for each in gap.clauses], [], once=True)
        again = self._elsewhere(gaps, found, moved, once=False)
        differences = [Difference("moved", (each.clause,), each.start, each.end) for each in moved]
        differences += [Difference("added", (each.clause,), each.start, each.end) for each in again]
        elsewhere = {each.clause for each in moved}
        for gap in gaps:
            missing = [each for each in gap.clauses if each not in elsewhere]
            differences += self._between(gap, missing, self._pieces(gap, moved + again), found)
        found |= {each.clause: (each.start, each.end) for each in moved}
        return Alignment(found, tuple(sorted(differences, key=lambda each: (each.start, each.clauses))))

    def _by_fingerprint(self, clauses: Iterable[int]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for each in clauses:
            found.setdefault(self.clauses[each].fingerprint, []).append(each)
        return found

    def _gaps(self, matches: list[_Match]) -> list[_Gap]:
        """What lies between matches that are in the order of the copy and of the ledger."""
        matches.sort(key=lambda each: each.start)
        last = self.all[-1] + 1 if self.all else 0
        gaps, word, clause = [], 0, -1
        for each in [*matches, _Match(len(self.copy.words), 0, last)]:
            inside = tuple(
                self.all[bisect.bisect(self.all, clause) : bisect.bisect_left(self.all, each.clause)]
            )
            if word < each.start or inside:
                gaps.append(_Gap(word, each.start, inside))
            word, clause = each.end, each.clause
        return gaps

    def _stretches(self, start: int, end: int, clauses: Collection[int], most: int = SMALL) -> list[_Match]:
        """The stretches of some words that are one of some clauses, wherever the copy has its sentences begin.

        Each begins or ends where a sentence or line does, or where another one ends or begins: what stands in the
        midst of a sentence is not the heading that it sounds like. Of more than `most` words, those that only end so
        are left out.
        """
        wanted = {hash_in(name): some for name, some in self._by_fingerprint(clauses).items()}
        if not wanted:
            return []
        edges = self.edges | {start, end}
        begin = [at for at in range(start, end) if end - start <= most or at in edges]
        longest = min(LONGEST, EFFORT // max(len(begin), 1))
        found: list[_Match] = []
        reached = set(edges)
        heapq.heapify(begin)
        left = 2 * EFFORT
        while begin and left > 0:
            first = heapq.heappop(begin)
            if begin and begin[0] == first:
                continue
            stretch = Stretch()
            left -= longest
            for at in range(first, min(end, first + longest)):
                stretch.take(self.copy.words[at].forms)
                for name in stretch.among(wanted):
                    found += [_Match(first, at + 1, clause) for clause in wanted[name]]
                    if first in reached and at + 1 not in reached and at + 1 < end:
                        reached.add(at + 1)
                        heapq.heappush(begin, at + 1)
        reached = set(edges)
        for each in reversed(found):  # from the last that begins to the first
            if each.end in reached:
                reached.add(each.start)
        ahead = set(edges)
        for each in found:
            if each.start in ahead:
                ahead.add(each.end)
        return [each for each in found if each.start in ahead or each.end in reached]

    def _elsewhere(
        self, gaps: list[_Gap], clauses: Iterable[int], taken: list[_Match], once: bool
    ) -> list[_Match]:
        """Which of some clauses stand as a whole in the gaps: where they do not belong, or once more.

        Args:
            gaps: The gaps.
            clauses: Those that are looked for.
            taken: What of the gaps is known already.
            once: Whether each of them can stand there only once.
        """
        wanted = self._by_fingerprint(clauses)
        known = {at for each in taken for at in range(each.start, each.end)}
        found: list[_Match] = []
        used: set[int] = set()
        for gap in gaps if wanted else ():
            fitting: dict[tuple[int, int], list[int]] = {}
            for each in self._stretches(
                gap.start, gap.end, [each for some in wanted.values() for each in some]
            ):
                fitting.setdefault((each.start, each.end), []).append(each.clause)
            # The most words, in whatever order the ledger has them.
            spans = _chain(_Match(start, end, start) for start, end in fitting)
            for span in _whole(spans, self.edges | {gap.start, gap.end}):
                free = [each for each in fitting[span.start, span.end] if not once or each not in used]
                if free and span.start not in known:
                    found.append(attrs.evolve(span, clause=free[0]))
                    used.add(free[0])
        return found

    def _between(
        self, gap: _Gap, missing: list[int], pieces: list[tuple[int, int]], found: dict[int, tuple[int, int]]
    ) -> list[Difference]:
        """The differences in a gap; a clause that words were added to is no longer found."""
        if len(missing) > len(pieces) > 0:
            # What belongs to the page comes and goes with the page, so that other clauses are more likely changed.
            of_text = [each for each in missing if self.clauses[each].treatment != "page"]
            if len(of_text) == len(pieces):
                gone = [each for each in missing if each not in of_text]
                before = [_removed(each, gap.end if each > of_text[-1] else gap.start) for each in gone]
                return before + self._pairs(of_text, pieces)
        if len(missing) == len(pieces):
            return self._pairs(missing, pieces)
        if not pieces:
            return [_removed(each, gap.end) for each in missing]
        if missing:
            return [Difference("changed", tuple(missing), pieces[0][0], pieces[-1][1], len(pieces))]
        return [self._added(start, end, found) for start, end in pieces]

    @staticmethod
    def _pairs(clauses: list[int], pieces: list[tuple[int, int]]) -> list[Difference]:
        return [Difference("changed", (each,), *piece) for each, piece in zip(clauses, pieces, strict=True)]

    def _pieces(self, gap: _Gap, taken: list[_Match]) -> list[tuple[int, int]]:
        """The sentences in a gap, without what is known to be another clause, and without mere numbers of items."""
        inside = [each for each in taken if gap.start <= each.start < gap.end]
        cuts = {gap.start, gap.end, *(at for each in inside for at in (each.start, each.end))}
        cuts.update(
            self.copy.starts[
                bisect.bisect(self.copy.starts, gap.start) : bisect.bisect_left(self.copy.starts, gap.end)
            ]
        )
        known = {at for each in inside for at in range(each.start, each.end)}
        return [
            (start, end)
            for start, end in itertools.pairwise(sorted(cuts))
            if start not in known and any("" not in each.forms for each in self.copy.words[start:end])
        ]

    def _added(self, start: int, end: int, found: dict[int, tuple[int, int]]) -> Difference:
        """A sentence that no clause is missing for, or words that were added to one that is there."""
        is_whole = end in self.edges and (start in self.starts or self.copy.words[start].begins)
        for clause, (first, last) in found.items() if not is_whole else ():
            if (last == start and start not in self.starts) or (first == end and end not in self.edges):
                del found[clause]
                return Difference("changed", (clause,), min(first, start), max(last, end))
        return Difference("added", (), start, end)


def _whole(spans: list[_Match], edges: set[int]) -> list[_Match]:
    """The spans that begin and end at an edge, or where another one ends or begins."""
    while True:
        ends = Counter(at for each in spans for at in (each.start, each.end))
        kept = [each for each in spans if all(at in edges or ends[at] > 1 for at in (each.start, each.end))]
        if len(kept) == len(spans):
            return kept
        spans = kept


def _removed(clause: int, at: int) -> Difference:
    return Difference("removed", (clause,), at, at, 0)


def _chain(matches: Iterable[_Match]) -> list[_Match]:
    """The matches with the most words that follow each other both in the copy and in the ledger."""
    ordered = sorted(set(matches), key=lambda each: (each.start, each.end, each.clause))
    places = sorted({each.clause for each in ordered})
    best: list[tuple[int, int]] = [(0, -1)] * (
        len(places) + 1
    )  # prefix maxima (a Fenwick tree) of what has ended
    ending: list[tuple[int, int]] = []
    value = [0] * len(ordered)
    before = [-1] * len(ordered)
    for number, each in enumerate(ordered):
        while ending and ending[0][0] <= each.start:
            _, ended = heapq.heappop(ending)
            at = bisect.bisect_left(places, ordered[ended].clause) + 1
            while at < len(best):
                best[at] = max(best[at], (value[ended], -1 - ended), key=lambda pair: pair[0])
                at += at & -at
        at, most, last = bisect.bisect_left(places, each.clause), 0, -1
        while at:
            if best[at][0] > most:
                most, last = best[at][0], -1 - best[at][1]
            at -= at & -at
        value[number], before[number] = most + each.end - each.start, last
        heapq.heappush(ending, (each.end, number))
    at = max(range(len(ordered)), key=value.__getitem__, default=-1)
    found = []
    while at >= 0:
        found.append(ordered[at])
        at = before[at]
    return found[::-1]
