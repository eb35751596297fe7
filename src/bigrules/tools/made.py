"""Made cases: small cases on which rulebooks come to something else, found by changing those that there are.

What is found is checked once more in the ordinary way, as an example of the file would be. Where nothing is found,
nothing is known: a difference may show in cases that were not tried.
"""

from __future__ import annotations

import datetime
import itertools
import random
import time
from collections.abc import Callable, Iterator, Sequence

import attrs

from bigrules.findings.wording import natural
from bigrules.language import in_force
from bigrules.language.model import Example, Rulebook
from bigrules.language.shape import Shape
from bigrules.language.source import Listing, Mapping
from bigrules.language.statements import Statements
from bigrules.tools.examples import against_definition
from bigrules.tools.made_changes import Maker
from bigrules.tools.made_items import Item, document_of, in_ranges, inside, quoted
from bigrules.tools.made_material import DAY, Material, Start, day_of, material
from bigrules.tools.made_shrink import Shrinking
from bigrules.tools.made_trial import Seen, Trial

__all__ = ["MadeCase", "Seen", "Tally", "search", "tally", "told_apart"]

Wanted = Callable[[tuple[Seen, ...]], bool]
# Cases that led somewhere new and are changed further.
MOST_KEPT = 150
MOST_DATED = 200
# A case in which something is open, or in which no breach comes or goes, has to wait for so many others.
MOST_WAITED = 200
# So many statements, and so many by twos, are tried to settle what is open in one.
MOST_SETTLING, MOST_SETTLING_TWO = 80, 14
# So often what was found may turn out to be something else when it is read again.
MOST_MISSES = 8


@attrs.frozen
class MadeCase:
    """A small case that was made to tell two rulebooks apart.

    Args:
        statements: Items as they stand under `given:`.
        as_of: The day of judging, where it is not that of examples that name none.
        before: The outcome in the old rulebook; of a definition what holds, as under `then:`.
        after: The same in the new one.
        concerns_before: The people concerned in the old rulebook, each set in order.
        concerns_after: The same in the new one.
        kind: Whether it is of a `rule` or of a `definition`.
    """

    statements: tuple[str, ...]
    as_of: datetime.date | None
    before: str
    after: str
    concerns_before: tuple[tuple[str, ...], ...] = ()
    concerns_after: tuple[tuple[str, ...], ...] = ()
    kind: str = "rule"

    def as_example(self, name: str, then: str) -> str:
        """The case as one item of `examples:`, ready to paste.

        Args:
            name: What the example is called.
            then: Which outcome it has: `before` or `after`.

        Raises:
            ValueError: `then` is neither.
        """
        if then not in ("before", "after"):
            raise ValueError(f"an example has the outcome before or after, and not {then}")
        is_before = then == "before"
        outcome = self.before if is_before else self.after
        concerns = self.concerns_before if is_before else self.concerns_after
        lines = [f"  - name: {quoted(name)}"]
        lines += [f"    as of: {self.as_of.isoformat()}"] if self.as_of else []
        lines += ["    given:", *(f"      - {each}" for each in self.statements)]
        if not self.statements:
            lines[-1] = "    given: []"
        if self.kind == "definition":
            lines += ["    then:", f"      - {outcome}"]
        else:
            lines += [f"    then: {outcome}"]
        if concerns:
            sets = ", ".join(f"[{', '.join(map(inside, each))}]" for each in concerns)
            lines.append(f"    concerns: [{sets}]")
        return "\n".join(lines) + "\n"


def told_apart(
    old: Rulebook,
    new: Rulebook,
    id: str,
    *,
    cases: int = 2_000,
    seed: int = 0,
    deadline: float | None = None,
) -> tuple[MadeCase | None, int]:
    """A small case on which a rule or definition comes to something else in one rulebook than in another.

    Args:
        old: The old rulebook.
        new: The new one.
        id: Id of the rule or definition; both have it.
        cases: How many cases are tried at the most.
        seed: The same seed tries the same cases.
        deadline: Seconds after which no further case is tried, or None.

    Returns:
        The case, or None where none was found, which does not say that there is none; and how many were tried.
        None are tried of what is a rule in one and a definition in the other, or a definition about other things.

    Raises:
        KeyError: One of them has no such rule or definition.
    """
    for book in (old, new):
        if id not in book.rules and id not in book.definitions:
            raise KeyError(id)
    heads = [book.definitions[id].types if id in book.definitions else None for book in (old, new)]
    if heads[0] != heads[1]:
        return None, 0

    def differ(seen: tuple[Seen, ...]) -> bool:
        return seen[0].differs(seen[1])

    found, tried = search((old, new), id, differ, cases=cases, seed=seed, deadline=deadline)
    return found, tried


@attrs.frozen
class Tally:
    """In how many made cases a rule is stricter, and in how many it is looser.

    Args:
        stricter: Cases with a graver outcome in the new rulebook.
        looser: Cases with a graver outcome in the old one.
        tried: How many cases both could be asked about.
    """

    stricter: int
    looser: int
    tried: int


# The graver an outcome is, the greater.
_GRAVE = {"breached": 2, "undecided": 1, "judgement": 1}


def tally(old: Rulebook, new: Rulebook, id: str, *, cases: int = 400, seed: int = 0) -> Tally:
    """In how many made cases a rule is stricter or looser in one rulebook than in another.

    Args:
        old: The old rulebook.
        new: The new one.
        id: Id of the rule; both have it.
        cases: How many cases are tried.
        seed: The same seed tries the same cases.
    """
    stricter = looser = tried = 0
    for _, (before, after) in Search((old, new), id, lambda _: False, cases, seed, None).cases_seen():
        tried += 1
        step = _GRAVE.get(after.outcome, 0) - _GRAVE.get(before.outcome, 0)
        stricter += step > 0
        looser += step < 0
    return Tally(stricter, looser, tried)


def search(
    books: Sequence[Rulebook],
    id: str,
    wanted: Wanted,
    *,
    cases: int = 2_000,
    seed: int = 0,
    deadline: float | None = None,
) -> tuple[MadeCase | None, int]:
    """A small case that is wanted, by what one or two rulebooks say of it.

    Args:
        books: One rulebook or two; each has the rule or definition.
        id: Id of the rule or definition.
        wanted: Whether a case is what is looked for, by what each rulebook says of it.
        cases, seed, deadline: As for `told_apart`.

    Returns:
        The case, or None; and how many cases were tried. What is before and after is what the first and the
        last of the rulebooks say.
    """
    return Search(books, id, wanted, cases, seed, deadline).run()


class Search:
    """One search; its arguments are those of `search`."""

    def __init__(
        self,
        books: Sequence[Rulebook],
        id: str,
        wanted: Wanted,
        cases: int,
        seed: int,
        deadline: float | None,
    ) -> None:
        self.wanted, self.id, self.cases = wanted, id, cases
        self.material: Material = material(books, id)
        self.trials = [
            Trial(book, id, reader) for book, reader in zip(books, self.material.readers, strict=True)
        ]
        # Text as a seed is hashed by its letters, and so the same in every process.
        self.maker = Maker(self.material, random.Random(f"{seed} {id}"))
        self.end = None if deadline is None else time.monotonic() + deadline
        self.tried = 0
        self.misses = 0

    def run(self) -> tuple[MadeCase | None, int]:
        """What was found, and how many cases were tried."""
        waiting: tuple[Start, tuple[Seen, ...]] | None = None
        waits_until = self.cases
        for start, seen in self.cases_seen():
            if self.wanted(seen):
                if is_plain(seen):
                    made = self._made(start, seen)
                    if made is not None:
                        return made, self.tried
                    self.misses += 1
                elif waiting is None:
                    closed = self._closed(start)
                    made = closed and self._made(*closed)
                    if made:
                        return made, self.tried
                    # Better one where nothing is open, and a breach comes or goes; but not at any price.
                    waiting, waits_until = (start, seen), self.tried + MOST_WAITED
            if self.misses >= MOST_MISSES or self.tried >= waits_until:
                break
        return (None if waiting is None else self._made(*waiting)), self.tried

    def cases_seen(self) -> Iterator[tuple[Start, tuple[Seen, ...]]]:
        """Cases one after another, with what each rulebook says of them."""
        material, chance = self.material, self.maker.chance
        tried: set[Start] = set()
        own = list(material.own)
        kept: list[Start] = []
        marks: set[object] = set()
        # The file's own cases on the days on which something changes too, and on the days before these.
        days = [each for start in material.changes for each in (start - DAY, start)]
        dated = [(items, day) for items, _ in own for day in days]
        first = iter([*own, *material.near, ((), None), *dated[:MOST_DATED]])
        while self.tried < self.cases and (self.end is None or time.monotonic() < self.end):
            start = next(first, None)
            if start is None:
                roll = chance.random()
                if roll < 0.3 or not (own or kept or material.near):
                    start = self.maker.anew()
                elif kept and roll < 0.6:
                    start = self.maker.changed(chance.choice(kept))
                elif own and roll < 0.9:
                    start = self.maker.changed(chance.choice(own))
                else:
                    start = self.maker.changed(chance.choice(material.near or own or kept))
            self.tried += 1
            if start in tried:
                continue
            tried.add(start)
            seen = self.see(start)
            if seen is None:
                continue
            mark = tuple((each.outcome, len(each.people), len(each.holds), len(each.open)) for each in seen)
            if mark not in marks or (len(kept) < MOST_KEPT and chance.random() < 0.1):
                marks.add(mark)
                kept.append(start)
            yield start, seen

    def see(self, start: Start) -> tuple[Seen, ...] | None:
        """What each rulebook says of a case, or None where one cannot."""
        found = []
        for each in self.trials:
            seen = each.see(*start)
            if seen is None:
                return None
            found.append(seen)
        return tuple(found)

    # ------------------------------------------------------------ what was found

    def _made(self, start: Start, seen: tuple[Seen, ...]) -> MadeCase | None:
        """The case made small, and read once more as it is written; None where that says something else."""
        outcomes = [each.outcome for each in seen]
        settled = all(each.settled for each in seen)

        def keeps(tried: Start) -> bool:
            now = self.see(tried)
            return (
                now is not None
                and self.wanted(now)
                and ([each.outcome for each in now] == outcomes or not settled)
                and (all(each.settled for each in now) or not settled)
            )

        shrinking = Shrinking(self.material, keeps)
        small = shrinking.smallest(start)
        named = shrinking.named(small)
        for each in (named, small):
            made = self._written(each)
            if made is not None:
                return made
        return None

    def _closed(self, start: Start) -> tuple[Start, tuple[Seen, ...]] | None:
        """A case like one in which something is open, with a statement or two more that settle it."""
        items, as_of = start
        more = list(itertools.islice(self.maker.settling(items), MOST_SETTLING))
        for each in (*((one,) for one in more), *itertools.combinations(more[:MOST_SETTLING_TWO], 2)):
            tried = (tuple(dict.fromkeys((*items, *each))), as_of)
            seen = self.see(tried)
            if seen is not None and self.wanted(seen) and is_plain(seen):
                return tried, seen
        return None

    def _written(self, start: Start) -> MadeCase | None:
        """The case as it is written, by what is read back from that."""
        items, as_of = start
        ranged = in_ranges(items, {each: self.material.types(each) for each in items})
        statements = tuple(each.text() for each in ranged)
        made = MadeCase(statements, as_of, "met", "met")
        seen = []
        for trial in self.trials:
            read = read_again(made, trial)
            if read is None:
                return None
            seen.append(read)
        if not self.wanted(tuple(seen)):
            return None
        first, last = seen[0], seen[-1]
        if self.id not in self.trials[0].rulebook.definitions:
            return attrs.evolve(
                made,
                before=first.outcome,
                after=last.outcome,
                concerns_before=in_order(first.people),
                concerns_after=in_order(last.people),
            )
        before, after = self._held(made, first, last)
        return attrs.evolve(made, before=before, after=after, kind="definition") if before else None

    def _held(self, made: MadeCase, first: Seen, last: Seen) -> tuple[str, str]:
        """What holds before and after, as under `then:`, of the first thing in which they differ."""
        ends = (self.trials[0], self.trials[-1])
        every = first.holds | first.open | last.holds | last.open
        for values in sorted(every, key=lambda each: tuple(map(str, each))):
            if None in values:
                continue
            texts = tuple(map(str, values))
            said = [
                next((text for text in self._ways(trial, texts) if holds_again(made, text, trial)), "")
                for trial in ends
            ]
            if all(said) and (len(self.trials) == 1 or len({_status(each) for each in said}) > 1):
                return said[0], said[1]
        return "", ""

    def _ways(self, trial: Trial, values: tuple[str, ...]) -> list[str]:
        """That the definition holds, does not, and is open, of the same."""
        says = trial.rulebook.definitions[self.id].says
        return [Item(each, says, values).text() for each in ("", "not", "not recorded")]


def _status(said: str) -> str:
    """What a statement begins with that says that something is not so, or not recorded."""
    return next((each for each in ("not recorded: ", "not: ") if said.startswith(each)), "")


def is_plain(seen: tuple[Seen, ...]) -> bool:
    """Whether nothing is open, and one of two outcomes that differ is a breach, or something else holds."""
    if not all(each.settled for each in seen):
        return False
    outcomes = {each.outcome for each in seen}
    differ = len({(each.outcome, each.holds) for each in seen}) > 1
    return len(seen) < 2 or (differ and ("breached" in outcomes or outcomes == {""}))


def in_order(people: frozenset[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    """Sets of people, each in order, and the sets in order."""
    groups = [tuple(sorted(each, key=natural)) for each in people]
    return tuple(sorted(groups, key=lambda group: [natural(each) for each in group]))


def read_again(made: MadeCase, trial: Trial) -> Seen | None:
    """What a rulebook says of a case as it is written, read as the examples of a file are."""
    example = read_example(made, trial)
    return trial.of_example(example) if example is not None else None


def holds_again(made: MadeCase, then: str, trial: Trial) -> bool:
    """Whether an example of a definition says what the definition says."""
    book = in_force(trial.rulebook, day_of(made.as_of))
    example = read_example(attrs.evolve(made, before=then, kind="definition"), trial)
    return example is not None and not against_definition(book, book.definitions[trial.id], example)


def read_example(made: MadeCase, trial: Trial) -> Example | None:
    """A made case as the example that it is in a file, with the outcome before; None where that has a fault."""
    document, faults = document_of("examples:\n" + made.as_example("made", "before"))
    node = document.root.get("examples") if document and isinstance(document.root, Mapping) else None
    if document is None or not isinstance(node, Listing):
        return None
    read = Statements(Shape(document, faults), trial.reader.known).examples(node, made.kind == "rule")
    return read[0] if len(read) == 1 and not faults.found else None
