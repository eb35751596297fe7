"""An example of a rule file → Case: what it states is so, and nothing else is."""

from __future__ import annotations

import datetime
from typing import Final

import attrs

from bigrules.diagnostics import Diagnostic, InputError, Place
from bigrules.facts.case import BY_NOW, UNKNOWN, Answer, Assumed, ByNow, Case, Fact, Unknown
from bigrules.facts.codes import diagnostic
from bigrules.facts.values import Unusable, blank_value, shown
from bigrules.facts.worked_out import with_worked_out
from bigrules.language.model import Example, Field, Kind, Rulebook, Statement, Type, Value

# The day of judging of an example that names none.
EXAMPLE_DAY: Final = datetime.date(2018, 6, 1)


@attrs.define
class _Row:
    """A row that statements make up together.

    Args:
        kind: Its kind.
        stated: What is said of it, by field.
        place: The first statement of it.
        possible: Whether it is only possible that there is this record.
    """

    kind: Kind
    stated: dict[str, Value | Unknown]
    place: Place
    possible: bool = False

    def fact(self) -> Fact:
        values = (self.stated.get(each.name, _unmentioned(each)) for each in self.kind.fields)
        return Fact(self.kind.name, tuple(values), self.possible, self.place)


def example_case(rulebook: Rulebook, example: Example) -> Case:
    """The case that an example describes.

    Kinds that no statement takes out are asked, and what no statement says is not so: `one for
    each` adds no rows. Fields that a statement does not mention are blank, except that `from` and
    `until` are open. Everything that is named and has a list is in it.

    Args:
        rulebook: The rulebook that the example belongs to.
        example: The example.

    Returns:
        The case.

    Raises:
        InputError: Statements of the example contradict each other.
    """
    return _Building(rulebook, example).case()


class _Building:
    """One example on its way to a case."""

    def __init__(self, rulebook: Rulebook, example: Example) -> None:
        self.rulebook, self.example = rulebook, example
        self.kinds = rulebook.vocabulary.kinds
        self.found: list[Diagnostic] = []
        self.rows: dict[str, list[_Row]] = {name: [] for name in self.kinds}
        self.assumed: dict[Assumed, Statement] = {}
        self.answers: list[Answer] = []
        self.not_asked: set[str] = set()
        # Every thing that is named, with the first place that names it.
        self.named: dict[tuple[str, str], Place] = {}

    def case(self) -> Case:
        """The case; see `example_case`."""
        negated: list[Statement] = []
        for each in self.example.given:
            if each.status == "not asked":
                self.not_asked.add(each.predicate)
            elif each.status == "answer":
                self._answer(each)
            elif each.predicate in self.kinds:
                self._name(each, self.rulebook.types(each.predicate))
                if each.status == "false":
                    negated.append(each)
                else:
                    self._state(each)
            else:
                self._name(each, self.rulebook.types(each.predicate))
                self._assume(each)
        for each in negated:
            self._deny(each)
        self._list_named()
        if self.found:
            raise InputError(self.found)
        facts = dict.fromkeys(row.fact() for name in self.kinds for row in self.rows[name])
        certain = {(each.kind, each.values) for each in facts if not each.possible}
        as_of = self.example.as_of or EXAMPLE_DAY
        stated = [each for each in facts if not (each.possible and (each.kind, each.values) in certain)]
        given = frozenset(self.rulebook.vocabulary.given) - self.not_asked
        everything, asked, incomplete = with_worked_out(self.rulebook.vocabulary, stated, as_of, given)
        return Case(
            name=self.example.name,
            as_of=as_of,
            facts=everything,
            asked=asked,
            incomplete=incomplete,
            answers=tuple(self.answers),
            assumed=tuple(self.assumed),
            source=str(self.example.place),
            closed=True,
        )

    def _name(self, statement: Statement, types: tuple[Type, ...]) -> None:
        for type, value in zip(types, statement.values, strict=True):
            if type.is_thing and isinstance(value, str):
                self.named.setdefault((type.name, value), statement.place)

    def _answer(self, statement: Statement) -> None:
        types: tuple[Type, ...] = ()
        rule = self.rulebook.rules.get(statement.predicate)
        if rule is not None:
            types = tuple(rule.types.get(each, Type("text")) for each in rule.subject)
        elif statement.predicate in self.rulebook.definitions:
            types = self.rulebook.definitions[statement.predicate].types
        self._name(statement, types)
        when = statement.when
        if when is None and rule is not None and rule.asked_again_after is not None:
            # An answer that is asked again counts by its day; in an example it was given on the day itself.
            when = self.example.as_of or EXAMPLE_DAY
        self.answers.append(
            Answer(statement.predicate, statement.values, statement.answer, when=when, place=statement.place)
        )

    def _assume(self, statement: Statement) -> None:
        """A sentence of a definition is taken as it stands; what is denied is not stated at all."""
        values, known = statement.values, statement.status == "true"
        denied = statement.status == "false"
        for before in list(self.assumed):
            same = before.predicate == statement.predicate and before.values == values
            if same and (denied or before.known != known):
                self._contradicts(statement, self.assumed[before])
        if not denied:
            self.assumed.setdefault(Assumed(statement.predicate, values, known), statement)

    def _state(self, statement: Statement) -> None:
        """A sentence of a kind: a row, or more of a row that stands already."""
        kind = self.kinds[statement.predicate]
        stated: dict[str, Value | Unknown] = {
            field.name: value
            for field, value in zip(kind.fields, statement.values, strict=True)
            if value is not None
        }
        possible = False
        if statement.status == "unknown":
            # "not recorded: <ann> has a vote" leaves open whether; without fixed fields the record itself is.
            possible = not statement.fixed
            stated.update(dict.fromkeys(statement.fixed, UNKNOWN))
        row = self._same_row(kind, stated)
        if row is None:
            self.rows[kind.name].append(_Row(kind, stated, statement.place, possible))
            return
        for name, value in stated.items():
            if row.stated.setdefault(name, value) != value:
                self.found.append(
                    diagnostic(
                        "contradictory-example",
                        f"`{name}` is both `{_said(row.stated[name])}` and `{_said(value)}` in this example",
                        statement.place,
                        f"the other one is at {row.place}; take one of them out",
                    )
                )
        row.possible = row.possible and possible

    def _same_row(self, kind: Kind, stated: dict[str, Value | Unknown]) -> _Row | None:
        """The row of the same listed thing, or of the same key, if there is one already."""
        keys: list[tuple[str, ...]] = [(kind.fields[0].name,)] if kind.lists else []
        if kind.key:
            keys.append(kind.key)
        for row in self.rows[kind.name]:
            for key in keys:
                values = [stated.get(each) for each in key]
                if UNKNOWN not in values and values == [row.stated.get(each) for each in key]:
                    return row
        return None

    def _deny(self, statement: Statement) -> None:
        """`not:` a sentence adds no row; where a row leaves open what the sentence fixes, it says no."""
        kind = self.kinds[statement.predicate]
        said = {
            field.name: value
            for field, value in zip(kind.fields, statement.values, strict=True)
            if value is not None and field.name not in statement.fixed
        }
        fixed = {
            field.name: value
            for field, value in zip(kind.fields, statement.values, strict=True)
            if field.name in statement.fixed
        }
        for row in self.rows[kind.name]:
            if any(row.stated.get(name) != value for name, value in said.items()) or row.possible:
                continue
            if all(row.stated.get(name) == value for name, value in fixed.items()):
                self._contradicts(statement, row)
            elif len(fixed) == 1:
                ((name, value),) = fixed.items()
                if kind.field(name).type.name == "yes or no" and name not in row.stated:
                    row.stated[name] = "no" if value == "yes" else "yes"

    def _contradicts(self, statement: Statement, other: Statement | _Row) -> None:
        message = f"the example denies what it says: `{statement.text}`"
        help = f"the other statement is at {other.place}; take one of them out"
        self.found.append(diagnostic("contradictory-example", message, statement.place, help))

    def _list_named(self) -> None:
        """Everything that is named is in its list."""
        for kind in self.kinds.values():
            if not kind.lists or kind.name in self.not_asked:
                continue
            first = kind.fields[0].name
            there = {row.stated.get(first) for row in self.rows[kind.name]}
            for (thing, value), place in self.named.items():
                if thing == kind.lists and value not in there:
                    self.rows[kind.name].append(_Row(kind, {first: value}, place))


def _unmentioned(field: Field) -> Value | Unknown | ByNow:
    """What a field holds that no statement mentions: what a blank means, but spells are open."""
    if field.name in ("from", "until") and field.type.name == "date":
        return None
    try:
        value = blank_value(field)
    except Unusable:
        return UNKNOWN
    return UNKNOWN if value is BY_NOW else value


def _said(value: object) -> str:
    return "not known" if value is UNKNOWN else shown(value)
