"""Whether two rulebooks mean the same by a rule, a definition or a kind, whatever words they use for it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterable, Iterator

import attrs

from bigrules.language import in_force, texts_of
from bigrules.language.model import (
    THE_DAY,
    All,
    AnyOf,
    Atom,
    Definition,
    Exception_,
    Formula,
    Kind,
    Limit,
    Measure,
    NoneOf,
    OutcomeIs,
    Rule,
    Rulebook,
    Slot,
    Test,
)
from bigrules.program.formulas import substitute, walk
from bigrules.tools.mutants_same import file_sense

_Side = tuple[Rulebook, Rulebook, Rule | Definition, dict[str, str]]
# Two rulebooks from some day on, or for all time.
Stretch = tuple[datetime.date | None, Rulebook, Rulebook]


def stretches(old: Rulebook, new: Rulebook) -> list[Stretch]:
    """Both rulebooks as they stand at different times, beginning with the earliest."""
    days = sorted({each.start for book in (old, new) for each in book.versions if each.start is not None})
    first: Stretch = (None, in_force(old, datetime.date.min), in_force(new, datetime.date.min))
    return [first, *((day, in_force(old, day), in_force(new, day)) for day in days)]


def same_sense(
    old: Rulebook, new: Rulebook, id: str, was: str = "", renamed: dict[str, str] | None = None
) -> bool:
    """Whether a rule or definition means the same by itself, on every day.

    Args:
        old: The old rulebook.
        new: The new one.
        id: Its id in the new one.
        was: Its id in the old one, where that was another.
        renamed: Ids of files that were renamed: the new id by the old one.
    """
    for _, before, after in stretches(old, new):
        files = [
            [book.rules.get(text) or book.definitions.get(text) for text in texts]
            for book, texts in ((before, _texts(before, was or id)), (after, _texts(after, id)))
        ]
        if len(files[0]) != len(files[1]):
            return False
        for one, other in zip(*files, strict=True):
            if one is None or other is None:
                if one is not other:
                    return False
                continue
            pairs: tuple[_Side, _Side] = ((before, after, one, renamed or {}), (after, before, other, {}))
            same = (
                _sense(*pairs[0], renumber=each) == _sense(*pairs[1], renumber=each) for each in (False, True)
            )
            if not any(same):
                return False
    return True


def _texts(book: Rulebook, id: str) -> tuple[str, ...]:
    return texts_of(book, id) if id in book.rules else (id,)


def _sense(
    book: Rulebook, other: Rulebook, file: Rule | Definition, names: dict[str, str], *, renumber: bool
) -> Hashable:
    """What a file means, with columns by their names; and slots by their order, if so wanted."""

    def by_name(atom: Atom) -> Atom:
        here, there = (_columns(each, atom.predicate) for each in (book, other))
        terms = dict(zip(here, atom.terms, strict=True))
        every = sorted({*here, *there}) if atom.predicate in book.vocabulary.kinds else list(here)
        predicate = names.get(atom.predicate, atom.predicate)
        return attrs.evolve(atom, predicate=predicate, terms=tuple(terms.get(each) for each in every))

    def outcome(part: OutcomeIs) -> OutcomeIs:
        return attrs.evolve(part, rule=names.get(part.rule, part.rule))

    book = attrs.evolve(book, definitions={**book.definitions, **_under(book, names)})
    if renumber:
        file = _renumbered(file)
    if isinstance(file, Rule):
        file = attrs.evolve(
            file,
            given=rewritten(file.given, by_name, outcome),
            condition=rewritten(file.condition, by_name, outcome),
            exceptions=tuple(_exception(each, by_name, outcome) for each in file.exceptions),
        )
        return (file_sense(book, file), file.start, file.end)
    file = attrs.evolve(
        file,
        holds=rewritten(file.holds, by_name, outcome),
        people_decide=rewritten(file.people_decide, by_name, outcome),
    )
    heads = (file.slots, file.types, file.symmetric, file.irreflexive, file.start, file.end)
    return (file_sense(book, file), heads)


def _renumbered(file: Rule | Definition) -> Rule | Definition:
    """A file with slots called by the order in which it names them, whatever they are called in it."""
    if isinstance(file, Definition):
        new = _numbers(file.slots, (file.holds, file.people_decide))
        return attrs.evolve(
            file,
            slots=tuple(new[each] for each in file.slots),
            holds=None if file.holds is None else substitute(file.holds, new),
            people_decide=None if file.people_decide is None else substitute(file.people_decide, new),
        )
    new = _numbers((), (file.given, file.condition, *(each.when for each in _every(file.exceptions))))
    return attrs.evolve(
        file,
        given=None if file.given is None else substitute(file.given, new),
        condition=None if file.condition is None else substitute(file.condition, new),
        subject=tuple(new.get(each, each) for each in file.subject),
        on=new.get(file.on, file.on),
        exceptions=tuple(
            _exception(each, lambda atom: atom, lambda part: part, new) for each in file.exceptions
        ),
    )


def _numbers(first: Iterable[str], formulas: Iterable[Formula | None]) -> dict[str, str]:
    """A number for each slot, in the order in which conditions name them."""
    order = dict.fromkeys(first)
    for formula in formulas:
        for part in walk(formula) if formula is not None else ():
            if isinstance(part, Atom | Test):
                order.update(dict.fromkeys(each.name for each in part.terms if isinstance(each, Slot)))
            elif isinstance(part, Limit):
                measures = [each for each in (part.measure, part.of) if each is not None]
                order.update(dict.fromkeys(each.key for each in measures))
    return {name: f"slot {at}" for at, name in enumerate(order) if name != THE_DAY}


def _every(exceptions: Iterable[Exception_]) -> Iterator[Exception_]:
    for each in exceptions:
        yield each
        yield from _every(each.unless)


def _under(book: Rulebook, names: dict[str, str]) -> dict[str, Definition]:
    """Definitions that were renamed, by their new ids."""
    return {names[id]: each for id, each in book.definitions.items() if id in names}


def _columns(book: Rulebook, predicate: str) -> tuple[str, ...]:
    kinds = book.vocabulary.kinds
    if predicate in kinds:
        return tuple(each.name for each in kinds[predicate].fields)
    return book.definitions[predicate].slots if predicate in book.definitions else ()


Atoms = Callable[[Atom], Atom]
Outcomes = Callable[[OutcomeIs], OutcomeIs]


def _exception(
    each: Exception_, atoms: Atoms, outcomes: Outcomes, slots: dict[str, str] | None = None
) -> Exception_:
    when = _rewritten(substitute(each.when, slots or {}), atoms, outcomes)
    unless = tuple(_exception(one, atoms, outcomes, slots) for one in each.unless)
    return attrs.evolve(each, when=when, unless=unless)


def rewritten(formula: Formula | None, atoms: Atoms, outcomes: Outcomes) -> Formula | None:
    """A condition with each sentence, and each outcome of a rule, changed."""
    return None if formula is None else _rewritten(formula, atoms, outcomes)


def _rewritten(formula: Formula, atoms: Atoms, outcomes: Outcomes) -> Formula:
    def inner(each: Formula) -> Formula:
        return _rewritten(each, atoms, outcomes)

    def measure(each: Measure) -> Measure:
        return attrs.evolve(
            each,
            among=inner(each.among),
            where=None if each.where is None else inner(each.where),
            link=None if each.link is None else inner(each.link),
        )

    if isinstance(formula, Atom):
        return atoms(formula)
    if isinstance(formula, OutcomeIs):
        return outcomes(formula)
    if isinstance(formula, All | AnyOf):
        return attrs.evolve(formula, parts=tuple(map(inner, formula.parts)))
    if isinstance(formula, NoneOf):
        return NoneOf(inner(formula.part))
    if isinstance(formula, Limit):
        of = None if formula.of is None else measure(formula.of)
        return attrs.evolve(formula, measure=measure(formula.measure), of=of)
    return formula


def reads_same(old: Kind | None, new: Kind | None) -> bool:
    """Whether what rules read of a kind means the same: a field more, that nothing read before, does not count."""
    if old is None or new is None:
        return old is new
    after = {each.name: each for each in new.fields}
    for field in old.fields:
        other = after.get(field.name)
        if other is None or (field.type, field.blank, field.happened) != (
            other.type,
            other.blank,
            other.happened,
        ):
            return False
        if field.nobody != other.nobody:
            return False
    heads = [(each.dated, each.lists, each.key, each.one_for_each, each.worked_out) for each in (old, new)]
    return heads[0] == heads[1]


def usable_as_before(old: Kind, new: Kind) -> bool:
    """Whether a register that could be read can be read still: no field is gone, and none must be filled in now."""
    before, after = ({each.name: each for each in kind.fields} for kind in (old, new))
    gone = before.keys() - after.keys()
    needed = [name for name in after.keys() - before.keys() if after[name].blank.meaning == "required"]
    return not gone and not needed
