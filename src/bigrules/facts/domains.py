"""Values that something that is not known may have, so that every test can come out either way."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction

import attrs

from bigrules.facts import calendar
from bigrules.facts.case import UNKNOWN, Case
from bigrules.language.model import Const, Kind, Rulebook, Slot, Type
from bigrules.program.core import Clause, Literal_, Program


@attrs.frozen
class Fresh:
    """A thing that no record names.

    Args:
        type: Its type.
        number: Which of them.
    """

    type: str
    number: int

    def __str__(self) -> str:
        return f"a {self.type} that is not recorded"


class Domains:
    """Values for one program and case.

    Args:
        program: What is going to read them.
        rulebook: The rulebook that the program was compiled from.
        case: The case.
        further: At most so many further records of a list that is not complete; None for any number.
    """

    def __init__(self, program: Program, rulebook: Rulebook, case: Case, further: int | None) -> None:
        self.program = program
        self.rulebook = rulebook
        self.case = case
        self.further = further
        self.kinds = rulebook.vocabulary.kinds
        self._dates: list[datetime.date] | None = None

    def things(self, name: str) -> list[object]:
        """Every thing of a type that is in use in the case, in a stable order."""
        found: dict[object, None] = {}
        for fact in self.case.facts:
            for field, value in zip(self.kinds[fact.kind].fields, fact.values, strict=True):
                if field.type.name == name and isinstance(value, str):
                    found[value] = None
        for assumed in self.case.assumed:
            for type, value in zip(self.rulebook.types(assumed.predicate), assumed.values, strict=True):
                if type.name == name and value is not None:
                    found[value] = None
        return sorted(found, key=str)

    def _unknown_fields(self, name: str) -> int:
        return sum(
            value is UNKNOWN
            for fact in self.case.facts
            for field, value in zip(self.kinds[fact.kind].fields, fact.values, strict=True)
            if field.type.name == name
        )

    def _plain(self, type: Type) -> list[object]:
        """Values in use of numbers or texts, and some that are not."""
        found: set[object] = set()
        for fact in self.case.facts:
            for field, value in zip(self.kinds[fact.kind].fields, fact.values, strict=True):
                if field.type.name == type.name and value is not UNKNOWN and value is not None:
                    found.add(value)
        constants = dict(self.program.constants)
        if type.name == "text":
            found |= set(constants.get("str", ()))
            count = max(1, self._unknown_fields("text"))
            return [*sorted(found, key=str), *(Fresh("text", number + 1) for number in range(count))]
        for key in ("int", "Fraction"):
            found |= set(constants.get(key, ()))
        found |= {day.year for day in self._all_dates() if self.program.windows or self._years_read()}
        for stratum in self.program.strata:
            for step in stratum.limits:
                if isinstance(step.bound, Fraction):
                    found.add(step.bound)
        numbers = sorted(found) or [0]  # type: ignore[type-var]
        spread = {*numbers, numbers[0] - 1, numbers[-1] + 1}  # type: ignore[operator]
        if type.least is not None:
            spread = {each for each in spread if each >= type.least} or {type.least}  # type: ignore[operator]
        if type.greatest is not None:
            spread = {each for each in spread if each <= type.greatest} or {type.greatest}  # type: ignore[operator]
        return sorted(spread)  # type: ignore[type-var]

    def _years_read(self) -> bool:
        return any(
            test.op == "in year" for s in self.program.strata for clause in s.clauses for test in clause.tests
        )

    def _all_dates(self) -> set[datetime.date]:
        found = {self.case.as_of}
        for fact in self.case.facts:
            found |= {value for value in fact.values if isinstance(value, datetime.date)}
        for assumed in self.case.assumed:
            found |= {value for value in assumed.values if isinstance(value, datetime.date)}
        found |= {
            each for each in dict(self.program.constants).get("date", ()) if isinstance(each, datetime.date)
        }
        return found

    def dates(self) -> list[datetime.date]:
        """One day for each stretch between the days that rules compare."""
        if self._dates is None:
            known = self._all_dates()
            moved = set(known)
            for day in known:
                for amount in self.program.date_offsets:
                    moved |= {calendar.days(day, amount), calendar.days(day, -amount)}
                for amount in self.program.month_offsets:
                    moved |= {calendar.months(day, amount), calendar.months(day, -amount)}
                for amount in self.program.year_offsets:
                    moved |= {calendar.months(day, 12 * amount), calendar.months(day, -12 * amount)}
            years = {day.year for day in known}
            years |= {value for value in self._numbers_in_use() if 1 < value < 9999}
            for window in self.program.windows:
                for year in years:
                    moved |= set(calendar.window(window, year))
            if self._years_read():
                moved |= {datetime.date(year, 1, 1) for year in years} | {
                    datetime.date(year, 12, 31) for year in years
                }
            moved |= {calendar.days(day, step) for day in tuple(moved) for step in (-1, 1)}
            self._dates = sorted(moved)
        return self._dates

    def _numbers_in_use(self) -> set[int]:
        found = {value for fact in self.case.facts for value in fact.values if isinstance(value, int)}
        return found | {
            value for value in dict(self.program.constants).get("int", ()) if isinstance(value, int)
        }

    def values(self, type: Type, happened: bool = False) -> list[object]:
        """Every value that an unknown field of a type may be given."""
        if type.choices:
            return list(type.choices)
        if type.least is not None and type.greatest is not None:
            return list(range(type.least, type.greatest + 1))
        if type.name == "date":
            return list(self.dates())
        if type.is_thing:
            fresh = [Fresh(type.name, number + 1) for number in range(self._unknown_fields(type.name))]
            return [*self.things(type.name), *(fresh or [Fresh(type.name, 1)])]
        return self._plain(type)

    def told_apart(self, kind: Kind, column: int, choices: tuple[str, ...]) -> list[object]:
        """Choices, without those that do the same in every clause as one before them."""
        signatures: dict[str, set[object]] = {each: set() for each in choices}
        for clause in [each for stratum in self.program.strata for each in stratum.clauses]:
            patterns = [("body", number, each) for number, each in enumerate(clause.body)]
            patterns += [("absent", number, each) for number, each in enumerate(clause.absent)]
            for part, number, literal in patterns:
                predicate = self.program.predicates[literal.predicate]
                if not predicate.base or predicate.source != kind.name:
                    continue
                term = literal.terms[column]
                if isinstance(term, Const):
                    # Two values that stand in clauses that are otherwise the same are interchangeable.
                    terms = (*literal.terms[:column], *literal.terms[column + 1 :])
                    rest = [each for each in patterns if each[:2] != (part, number)]
                    shape = (
                        part,
                        literal.predicate,
                        terms,
                        tuple(rest),
                        clause.head,
                        clause.tests,
                        clause.asked,
                    )
                    signatures[str(term.value)].add(shape)
                elif isinstance(term, Slot):
                    if not self._only_tested(clause, literal, term):
                        return list[object](choices)
                    for test in clause.tests:
                        if term in test.terms:
                            constants = {each.value for each in test.terms if isinstance(each, Const)}
                            for each in choices:
                                signatures[each].add((clause.id, number, test.op, each in constants))
        found: dict[frozenset[object], str] = {}
        for choice in choices:
            found.setdefault(frozenset(signatures[choice]), choice)
        return list[object](found.values())

    @staticmethod
    def _only_tested(clause: Clause, literal: Literal_, term: Slot) -> bool:
        """Whether a slot goes nowhere but into tests against constants."""
        others = (clause.head, *(each for each in (*clause.body, *clause.absent) if each is not literal))
        if any(term in each.terms for each in others) or sum(each == term for each in literal.terms) > 1:
            return False
        if clause.asked is not None and term in clause.asked.terms:
            return False
        tests = [test for test in clause.tests if term in test.terms]
        return all(each == term or isinstance(each, Const) for test in tests for each in test.terms)

    def fresh_for(self, kind: Kind, type: Type) -> int:
        """How many things that no record names a further record may speak of."""
        fields = sum(field.type.name == type.name for field in kind.fields)
        if self.further is not None:
            return self.further * fields
        need = fields + 1
        in_use = len(self.things(type.name))
        for stratum in self.program.strata:
            for step in stratum.limits:
                if step.measure.key_type.name != type.name:
                    continue
                if kind.name not in self._cone(step.measure.counted) | self._cone(step.measure.among):
                    continue
                bound = step.bound if isinstance(step.bound, Fraction) else Fraction(3)
                if step.measure.aggregate == "share":
                    small = min(bound, 1 - bound)
                    need = max(
                        need, 2 + (math.ceil(in_use * (1 - small) / small) if small > 0 else in_use + 2)
                    )
                else:
                    need = max(need, math.ceil(bound) + 1 if step.of is None else in_use + 2)
        return min(need, 64)

    def _cone(self, predicate: str) -> set[str]:
        """Every kind that a predicate depends on."""
        heads: dict[str, set[str]] = {}
        for stratum in self.program.strata:
            for clause in stratum.clauses:
                heads.setdefault(clause.head.predicate, set()).update(
                    each.predicate for each in (*clause.body, *clause.absent)
                )
        seen: set[str] = set()
        todo = [predicate]
        kinds: set[str] = set()
        while todo:
            name = todo.pop()
            if name in seen or name not in self.program.predicates:
                continue
            seen.add(name)
            if self.program.predicates[name].base:
                kinds.add(self.program.predicates[name].source)
            todo += heads.get(name, ())
        return kinds
