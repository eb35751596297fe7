"""How well the examples of a rulebook test it: what they reach, and which small changes they would notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.language.earlier import is_earlier
from bigrules.language.equivalents import Equivalent, equivalents_of
from bigrules.language.model import Definition, Rule, Rulebook
from bigrules.language.source import Document, plain
from bigrules.tools.coverage import Branch, coverage
from bigrules.tools.made import MadeCase, told_apart
from bigrules.tools.mutants import Mutant, mutants
from bigrules.tools.mutants_built import built, document_of
from bigrules.tools.mutants_entry import as_changed, entry, texts_in, told
from bigrules.tools.mutants_same import sense
from bigrules.tools.mutants_tried import Examples, readers

# What an entry of `equivalent` may have wrong.
CODES = {
    "no-such-mutant": "BR380",
    "equivalent-told-by-example": "BR381",
    "equivalent-told-by-made-case": "BR382",
}
# So many cases are made at most for each mutant that no example tells apart.
CASES = 2_000
# And for so long: a rule that follows chains of what is not known can take seconds for one case.
SECONDS = 60.0


@attrs.frozen
class Survivor:
    """A mutant that no example of its file tells apart.

    Args:
        file: The file that it changes.
        line: The line.
        sort: What sort of change it is, a key of `mutants.SORTS`.
        before: What stands there.
        after: What stands there instead.
        loose: Slots that are used once then, and so do not matter.
        entry: The entry of `equivalent` that would name it, but for why; "" where none can.
        of: Id of the rule or definition that the case is of: of another where that reads this one on another day.
        case: A made case that tells it apart, or None where none was found.
        tried: How many cases were made.
    """

    file: str
    line: int
    sort: str
    before: str
    after: str
    loose: tuple[str, ...]
    entry: str
    of: str
    case: MadeCase | None
    tried: int


@attrs.frozen
class DeepFile:
    """How well the examples of one file test it.

    Args:
        id: Id of the rule or definition.
        file: Its file.
        branches: What its examples ought to reach.
        mutants: How many mutants it has.
        killed: How many of them an example tells apart.
        equivalent: How many of the others its file says to make no difference.
        not_built: How many small changes make no rulebook; they are no mutants.
        survivors: The mutants that are left.
        faults: What is wrong with its entries of `equivalent`.
    """

    id: str
    file: str
    branches: tuple[Branch, ...]
    mutants: int
    killed: int
    equivalent: int
    not_built: int
    survivors: tuple[Survivor, ...]
    faults: tuple[Diagnostic, ...]


@attrs.frozen
class Deep:
    """How well the examples of a rulebook, or of some of its files, test it.

    Args:
        files: One for each file, in order.
    """

    files: tuple[DeepFile, ...]

    @property
    def branches(self) -> tuple[int, int]:
        """How many branches are reached, and how many there are."""
        found = [each for file in self.files for each in file.branches]
        return sum(each.reached for each in found), len(found)

    @property
    def mutants(self) -> tuple[int, int]:
        """How many mutants are told apart, and how many there are but for those that are said to be equivalent."""
        left = sum(each.mutants - each.equivalent for each in self.files)
        return sum(each.killed for each in self.files), left

    @property
    def coverage(self) -> Fraction:
        """The share of branches that is reached; 1 where there are none."""
        return _share(self.branches)

    @property
    def score(self) -> Fraction:
        """The share of mutants that is told apart; 1 where there are none."""
        return _share(self.mutants)

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the entries of `equivalent`."""
        return tuple(each for file in self.files for each in file.faults)


def _share(counted: tuple[int, int]) -> Fraction:
    return Fraction(*counted) if counted[1] else Fraction(1)


def deep_test(
    rulebook: Rulebook,
    only: Iterable[str] | None = None,
    cases: int = CASES,
    jobs: int = 1,
    progress: Callable[[int, int, str], None] | None = None,
) -> Deep:
    """Look how well the examples of a rulebook test it.

    The same comes out however many jobs there are.

    Args:
        rulebook: A rulebook whose examples come out as they say.
        only: Ids of rules and definitions, or None for all; with amendments, for all that the last of them
            adds or changes.
        cases: How many cases are made at most for each mutant that no example tells apart.
        jobs: How many processes share the work.
        progress: Told before each file: its number from 1, how many there are, its id.
    """
    files: list[Rule | Definition] = [*rulebook.definitions.values(), *rulebook.rules.values()]
    ids = [each.id for each in files if _is_own(rulebook, each)]
    if only is not None:
        wanted = set(only)
        ids = [each.id for each in files if each.id in wanted]
    found: list[DeepFile] = []
    if jobs < 2 or len(ids) < 2:
        for number, id in enumerate(ids, 1):
            if progress is not None:
                progress(number, len(ids), id)
            found.append(deep_file(rulebook, id, cases))
        return Deep(tuple(found))
    # A fresh process each, as threads of this one could hold what a fork would copy.
    with ProcessPoolExecutor(
        min(jobs, len(ids)), get_context("spawn"), initializer=_begin, initargs=(rulebook, cases)
    ) as pool:
        for number, (id, each) in enumerate(zip(ids, pool.map(_one, ids), strict=True), 1):
            if progress is not None:
                progress(number, len(ids), id)
            found.append(each)
    return Deep(tuple(found))


def _is_own(rulebook: Rulebook, file: Rule | Definition) -> bool:
    """Whether the amendment that was laid last says something of a file; of a rulebook without any each is its own."""
    if not rulebook.laid:
        return not is_earlier(file.id)
    inside = f"{rulebook.laid[-1].shown}/"
    amended = any(each.place.file.startswith(inside) for each in file.amended)
    return amended or file.place.file.startswith(inside)


_shared: list[tuple[Rulebook, int]] = []


def _begin(rulebook: Rulebook, cases: int) -> None:
    _shared[:] = [(rulebook, cases)]


def _one(id: str) -> DeepFile:
    rulebook, cases = _shared[0]
    return deep_file(rulebook, id, cases)


def deep_file(rulebook: Rulebook, id: str, cases: int = CASES) -> DeepFile:
    """Look how well the examples of one file test it.

    Args:
        rulebook: A rulebook whose examples come out as they say.
        id: Id of a rule or definition.
        cases: How many cases are made at most for each mutant that no example tells apart.
    """
    file, document = document_of(rulebook, id)
    found, not_built = mutants(rulebook, id)
    # What stands below an amendment has examples of its own, which are run without it.
    inside = f"{rulebook.laid[-1].shown}/" if rulebook.laid else ""
    found = [each for each in found if document.span(each.change.place).file.startswith(inside)]
    examples = Examples(rulebook, id)
    telling = [examples.telling(each) for each in found]
    others = (
        [Examples(rulebook, each) for each in readers(rulebook, id)] if id in rulebook.definitions else []
    )
    for at, mutant in enumerate(found):
        if telling[at] is None:
            telling[at] = next((example for each in others if (example := each.telling(mutant))), None)
    said = [each for each in equivalents_of(document) if each.place.file.startswith(inside)]
    named = [_named(rulebook, id, file, document, each, found) for each in said]
    faults: list[Diagnostic] = []
    excused: set[int] = set()
    for each, number in zip(said, named, strict=True):
        if number is None:
            faults.append(_no_such(each))
            continue
        example = telling[number]
        if example is not None:
            what = f"the example `{example.name}`" if example.name else "an example"
            message = f"{what} tells this change apart, so that it makes a difference"
            faults.append(_fault("equivalent-told-by-example", message, each, "take this entry out"))
            continue
        _, case, _ = _made(rulebook, [id, *(each.id for each in others)], found[number], cases)
        if case is None:
            excused.add(number)
            continue
        message = f"this change makes a difference: {case.before} becomes {case.after} in a small case"
        # The case has several lines: it is shown with the mutant, where it can be copied.
        help = "take this entry out, and put the case that is shown for this change into the examples"
        faults.append(_fault("equivalent-told-by-made-case", message, each, help))
    survivors = []
    for number, mutant in enumerate(found):
        if telling[number] is None and number not in excused:
            ids = [id, *(each.id for each in others)]
            survivors.append(_survivor(rulebook, ids, document, mutant, cases))
    # What may be taken out without a difference need not be reached by itself.
    excused_places = {
        (place.file, place.line)
        for mutant in [found[each] for each in excused]
        if mutant.change.sort == "dropped"
        for text in texts_in(mutant.change.before)
        for place in [document.span(text)]
    }
    return DeepFile(
        id=id,
        file=document.file,
        branches=tuple(
            each
            for each in coverage(rulebook, id)
            if each.file.startswith(inside) and (each.reached or (each.file, each.line) not in excused_places)
        ),
        mutants=len(found),
        killed=sum(each is not None for each in telling),
        equivalent=len(excused),
        not_built=not_built,
        survivors=tuple(survivors),
        faults=tuple(faults),
    )


def _survivor(rulebook: Rulebook, ids: list[str], document: Document, mutant: Mutant, cases: int) -> Survivor:
    id, case, tried = _made(rulebook, ids, mutant, cases)
    before, after = told(mutant.change)
    place = document.span(mutant.change.place)
    written = entry(document, mutant.document.root, mutant.change)
    return Survivor(
        place.file, place.line, mutant.change.sort, before, after, mutant.loose, written, id, case, tried
    )


def _made(rulebook: Rulebook, ids: list[str], mutant: Mutant, cases: int) -> tuple[str, MadeCase | None, int]:
    """A made case that tells a mutant apart, by the first of some files that does, and how many were tried."""
    tried = 0
    for id in ids:
        case, more = told_apart(rulebook, mutant.rulebook, id, cases=cases, deadline=SECONDS)
        tried += more
        if case is not None:
            return id, case, tried
    return ids[0], None, tried


def _named(
    rulebook: Rulebook, id: str, file: str, document: Document, said: Equivalent, found: Sequence[Mutant]
) -> int | None:
    """The number of the mutant that an entry names, or None."""
    root = as_changed(document, said)
    if root is None:
        return None
    written = repr(plain(root))
    for number, each in enumerate(found):
        if repr(plain(each.document.root)) == written:
            return number
    # It may be written otherwise and say the same.
    book = built(rulebook, file, attrs.evolve(document, root=root))
    if book is None:
        return None
    meant = sense(book, id)
    return next((at for at, each in enumerate(found) if sense(each.rulebook, id) == meant), None)


def _no_such(said: Equivalent) -> Diagnostic:
    help = "without it `test --deep` shows the mutants that are left, each with the entry that names it"
    return _fault("no-such-mutant", "this change is no mutant of the file", said, help)


def _fault(name: str, message: str, said: Equivalent, help: str) -> Diagnostic:
    return Diagnostic(CODES[name], name, message, said.place, help)
