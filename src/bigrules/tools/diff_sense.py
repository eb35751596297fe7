"""Whether two rulebooks mean the same by a rule, a definition or a kind, whatever words they use for it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable

import attrs

from bigrules.language import in_force, texts_of
from bigrules.language.model import (
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
)
from bigrules.tools.mutants_same import file_sense

# A rulebook from some day on, or for all time.
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
        senses = []
        for book, other, name, names in ((before, after, was or id, renamed or {}), (after, before, id, {})):
            found = []
            for text in texts_of(book, name) if name in book.rules else (name,):
                file = book.rules.get(text) or book.definitions.get(text)
                found.append(None if file is None else _sense(book, other, file, names))
            senses.append(found)
        if senses[0] != senses[1]:
            return False
    return True


def _sense(book: Rulebook, other: Rulebook, file: Rule | Definition, names: dict[str, str]) -> Hashable:
    """What a file means, with columns by their names."""

    def by_name(atom: Atom) -> Atom:
        here, there = (_columns(each, atom.predicate) for each in (book, other))
        terms = dict(zip(here, atom.terms, strict=True))
        every = sorted({*here, *there}) if atom.predicate in book.vocabulary.kinds else list(here)
        predicate = names.get(atom.predicate, atom.predicate)
        return attrs.evolve(atom, predicate=predicate, terms=tuple(terms.get(each) for each in every))

    def outcome(part: OutcomeIs) -> OutcomeIs:
        return attrs.evolve(part, rule=names.get(part.rule, part.rule))

    book = attrs.evolve(book, definitions={**book.definitions, **_under(book, names)})
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


def _exception(each: Exception_, atoms: Atoms, outcomes: Outcomes) -> Exception_:
    when = rewritten(each.when, atoms, outcomes)
    assert when is not None
    return attrs.evolve(
        each, when=when, unless=tuple(_exception(one, atoms, outcomes) for one in each.unless)
    )


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
