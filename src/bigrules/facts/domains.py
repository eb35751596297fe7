"""Values that something that is not known may have, so that every test can come out either way."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction
from typing import Any, Final

import attrs

from bigrules.facts import calendar
from bigrules.facts.case import BY_NOW, UNKNOWN, Case, Fact
from bigrules.language.model import Const, Kind, Rulebook, Slot, Type
from bigrules.program.core import Clause, LimitStep, Literal_, Program, ProgramRule
from bigrules.program.strata import cones

# Numbers and whole numbers share their values.
NUMBER: Final = "number"
# Of whole numbers with bounds so many are all tried; of more, as of others, those that tests tell apart.
MOST_COUNTED: Final = 60


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
        self._in_use: dict[str, set[object]] | None = None
        self._cones: dict[str, set[str]] = {}

    def things(self, name: str) -> list[object]:
        """Every thing of a type that is in use in the case, in a stable order."""
        return sorted(self.in_use().get(name, ()), key=str)

    def in_use(self) -> dict[str, set[object]]:
        """Values that stand in the case, by the name of their type; numbers of both types together."""
        if self._in_use is None:
            found: dict[str, set[object]] = {}
            named: list[tuple[Type, object]] = []
            for fact in self.case.facts:
                named += zip((each.type for each in self.kinds[fact.kind].fields), fact.values, strict=True)
            for assumed in self.case.assumed:
                named += zip(self.rulebook.types(assumed.predicate), assumed.values, strict=True)
            for incomplete in self.case.incomplete:
                if incomplete.field:
                    named.append((self.kinds[incomplete.kind].field(incomplete.field).type, incomplete.value))
            for type, value in named:
                if value is not None and value is not UNKNOWN and value is not BY_NOW:
                    found.setdefault(NUMBER if type.name == "whole number" else type.name, set()).add(value)
            self._in_use = found
        return self._in_use

    def is_stranger(self, type: Type, value: object) -> bool:
        """Whether a value stands in no record of the case."""
        if isinstance(value, Fresh):
            return True
        if value is None or type.is_finite or value == self.case.as_of:
            return False
        name = NUMBER if type.name == "whole number" else type.name
        return value not in self.in_use().get(name, ())

    def _in_rules(self, name: str) -> set[object]:
        """Things or texts of a type that stand in a rule."""
        found: set[object] = set()
        for clause in [each for stratum in self.program.strata for each in stratum.clauses]:
            types: dict[str, set[str]] = {}
            for literal in (*clause.body, *clause.absent):
                for type, term in zip(
                    self.program.predicates[literal.predicate].types, literal.terms, strict=True
                ):
                    if isinstance(term, Slot):
                        types.setdefault(term.name, set()).add(type.name)
                    elif isinstance(term, Const) and type.name == name:
                        found.add(term.value)
            for test in clause.tests:
                if any(isinstance(term, Slot) and name in types.get(term.name, ()) for term in test.terms):
                    found |= {term.value for term in test.terms if isinstance(term, Const)}
        return found

    def _unknown_fields(self, name: str) -> int:
        """How many fields of a type are not known, those of rows that nobody wrote down among them."""
        count = sum(
            value is UNKNOWN
            for fact in self.case.facts
            for field, value in zip(self.kinds[fact.kind].fields, fact.values, strict=True)
            if field.type.name == name
        )
        for kind in self.kinds.values():
            if not kind.one_for_each or self.case.closed or kind.name not in self.program.columns_read:
                continue
            owner = next(number for number, each in enumerate(kind.fields) if each.name == kind.one_for_each)
            fields = sum(each.type.name == name for number, each in enumerate(kind.fields) if number != owner)
            if fields:
                lasting = {
                    fact.values[owner]
                    for fact in self.case.facts
                    if fact.kind == kind.name and _is_always(fact, kind.dated)
                }
                owners = self.in_use().get(kind.fields[owner].type.name, set()) - lasting
                count += fields * len(owners)
        return count

    def _plain(self, type: Type) -> list[object]:
        """Values in use of numbers or texts, and some that are not."""
        if type.name == "text":
            count = max(1, self._unknown_fields("text"))
            known = sorted(self.in_use().get("text", set()) | self._in_rules("text"), key=str)
            return [*known, *(Fresh("text", number + 1) for number in range(count))]
        found: set[Any] = set(self.in_use().get(NUMBER, ()))
        constants = dict(self.program.constants)
        found |= {each for key in ("int", "Fraction") for each in constants.get(key, ())}
        if self.program.windows or self._years_read():
            found |= {day.year for day in self._all_dates()}
        sums: set[Any] = set()
        for stratum in self.program.strata:
            for step in stratum.limits:
                valued = [each for each in (step.measure, step.of) if each is not None and each.has_value]
                if valued and isinstance(step.bound, Fraction):
                    found.add(step.bound)
                if any(each.aggregate in ("total", "share") for each in valued):
                    sums.add(step.bound if isinstance(step.bound, Fraction) else Fraction(1))
        found |= self._for_sums(found, sums)
        spread: set[Any] = {number + step for number in found or {0} for step in (-1, 0, 1)}
        spread |= {each for each in (type.least, type.greatest) if each is not None}
        if type.name == "whole number":
            spread = {whole for each in spread for whole in (math.floor(each), math.ceil(each))}
        return sorted(
            each
            for each in spread
            if (type.least is None or each >= type.least) and (type.greatest is None or each <= type.greatest)
        )

    def _for_sums(self, found: set[Any], bounds: set[Any]) -> set[Any]:
        """Numbers so small and so great that a sum with them is on either side of its limit, or on it."""
        if not bounds:
            return set()
        whole = sum((abs(each) for each in self._all_numbers()), Fraction(0)) + max(
            abs(each) for each in found | {1}
        )
        far = set()
        for bound in bounds:
            away = abs(bound) + whole
            # Of a share, so much that it outweighs all the others whichever side it is on.
            factor = max(1 / bound, 1 / (1 - bound)) if 0 < bound < 1 else 1
            far |= {away * factor + 1, -away * factor - 1, bound - sum(self._all_numbers(), Fraction(0))}
        return far

    def _all_numbers(self) -> list[Any]:
        return [
            value
            for fact in self.case.facts
            for value in fact.values
            if isinstance(value, int | Fraction) and not isinstance(value, bool)
        ]

    def _years_read(self) -> bool:
        return any(
            test.op == "in year" for s in self.program.strata for clause in s.clauses for test in clause.tests
        )

    def _all_dates(self) -> set[datetime.date]:
        found = {self.case.as_of}
        read = self.program.columns_read
        # What is not read is compared with nothing; but a finding may be about a day, whatever names it.
        all_kinds = any(_is_about_days(each) for each in self.program.rules)
        for fact in self.case.facts:
            if all_kinds or fact.kind in read:
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
            # In each stretch there is room for all days that one clause may put in a row.
            room = range(1, max(2, min(self._dates_in_a_row(), self._unknown_dates())))
            moved |= {
                calendar.days(day, sign * step) for day in tuple(moved) for sign in (-1, 1) for step in room
            }
            self._dates = sorted(moved)
        return self._dates

    def _dates_in_a_row(self) -> int:
        """How many dates clauses put in an order at the most, taken together."""
        count = 0
        for clause in [each for stratum in self.program.strata for each in stratum.clauses]:
            dates = {
                term
                for literal in clause.body
                for term, type in zip(
                    literal.terms, self.program.predicates[literal.predicate].types, strict=True
                )
                if type.name == "date"
            }
            tested = {term for test in clause.tests for term in test.terms if isinstance(term, Slot)}
            count += len(dates & tested)
        return count

    def _unknown_dates(self) -> int:
        """How many dates are not known; of a list that is not complete there may be any number."""
        kinds = [each for each in self.kinds.values() if each.name in self.program.columns_read]
        dated = {each.name for each in kinds if any(field.type.name == "date" for field in each.fields)}
        if dated - self.case.asked or any(each.kind in dated for each in self.case.incomplete):
            return 64
        return sum(
            (value is UNKNOWN or value is BY_NOW) and field.type.name == "date"
            for fact in self.case.facts
            for field, value in zip(self.kinds[fact.kind].fields, fact.values, strict=True)
        )

    def _numbers_in_use(self) -> set[int]:
        found = {value for fact in self.case.facts for value in fact.values if isinstance(value, int)}
        return found | {
            value for value in dict(self.program.constants).get("int", ()) if isinstance(value, int)
        }

    def values(self, type: Type, happened: bool = False) -> list[object]:
        """Every value that an unknown field of a type may be given."""
        if type.choices:
            return list(type.choices)
        if type.least is not None and type.greatest is not None and type.greatest - type.least < MOST_COUNTED:
            return list(range(type.least, type.greatest + 1))
        if type.name == "date":
            return list(self.dates())
        if type.is_thing:
            fresh = [Fresh(type.name, number + 1) for number in range(self._unknown_fields(type.name))]
            known = sorted(self.in_use().get(type.name, set()) | self._in_rules(type.name), key=str)
            return [*known, *(fresh or [Fresh(type.name, 1)])]
        return self._plain(type)

    def told_apart(self, kind: Kind, column: int, choices: tuple[str, ...]) -> list[object]:
        """Choices, without those that do the same in every clause as one before them."""
        if kind.name in self.program.read_whole:
            return list[object](choices)
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
        """How many things that no record names a further record may speak of.

        So many that nothing would come out otherwise with more: one for each slot that a finding may
        bind at once, and as many as it takes to bring any measure to the other side of its limit.
        """
        if self.further is not None:
            # Beside these there is whoever an unknown field stands for.
            mine = sum(field.type.name == type.name for field in kind.fields)
            return self.further * mine + self._unknown_fields(type.name)
        need = self._slots_at_once(kind.name, type.name)
        in_use = max((len(each) for each in self.in_use().values()), default=0)
        for stratum in self.program.strata:
            for step in stratum.limits:
                measures = [each for each in (step.measure, step.of) if each is not None]
                tables = [
                    table for each in measures for table in (each.counted, each.among, each.link) if table
                ]
                if any(kind.name in self._cone(table) for table in tables):
                    need = max(need, self._to_the_limit(step, in_use))
        return need

    def _to_the_limit(self, step: LimitStep, in_use: int) -> int:
        """How many it takes to bring a measure to the other side of its limit."""
        if isinstance(step.bound, str):
            numbers = [each for each in self._plain(Type(NUMBER)) if isinstance(each, int | Fraction)]
            bound = Fraction(max(numbers, default=0))
        else:
            bound = abs(step.bound)
        if step.measure.aggregate == "share" or step.of is not None:
            # At most `in_use` are counted already; beside bound × n of them there must be room for n.
            small = min(each for each in (bound, abs(1 - bound), Fraction(1)) if each > 0)
            return 2 + math.ceil((in_use + 1) * max(1 / small, bound))
        return math.ceil(bound) + 1

    def _slots_at_once(self, kind: str, type: str) -> int:
        """How many things of a type stand in one derivation at the most, of those that read a kind."""
        clauses = [each for stratum in self.program.strata for each in stratum.clauses]
        by_head: dict[str, list[Clause]] = {}
        for clause in clauses:
            by_head.setdefault(clause.head.predicate, []).append(clause)

        def inside(predicate: str, above: frozenset[str]) -> int:
            if predicate in above:
                return 1  # Once round a circle: a longer way round says no more.
            return max((own(each, above | {predicate}) for each in by_head.get(predicate, ())), default=0)

        def own(clause: Clause, above: frozenset[str]) -> int:
            slots = {
                term
                for literal in clause.body
                for term, each in zip(
                    literal.terms, self.program.predicates[literal.predicate].types, strict=True
                )
                if isinstance(term, Slot) and each.name == type
            } - set(clause.head.terms)
            wild = sum(
                term is None and each.name == type
                for literal in clause.body
                for term, each in zip(
                    literal.terms, self.program.predicates[literal.predicate].types, strict=True
                )
            )
            below = sum(inside(each.predicate, above) for each in (*clause.body, *clause.absent))
            return len(slots) + wild + below

        found = [
            own(clause, frozenset((clause.head.predicate,)))
            + sum(
                each.name == type
                for term, each in zip(
                    clause.head.terms, self.program.predicates[clause.head.predicate].types, strict=True
                )
                if isinstance(term, Slot)
            )
            for clause in clauses
            if kind in self._cone(clause.head.predicate)
        ]
        return max([*found, sum(field.type.name == type for field in self.kinds[kind].fields)]) + 1

    def _cone(self, predicate: str) -> set[str]:
        """Every kind that a predicate depends on."""
        if not self._cones:
            rules = {each.id: each for each in self.program.rules}
            self._cones = cones(self.program.strata, rules)
        names = self._cones.get(predicate, {predicate})
        return {self.program.predicates[each].source for each in names if self.program.predicates[each].base}


def _is_about_days(rule: ProgramRule) -> bool:
    """Whether a day is a subject of its own: where there are things too, it only says more about them."""
    return any(each.name == "date" for each in rule.types) and not any(each.is_thing for each in rule.types)


def _is_always(fact: Fact, dated: bool) -> bool:
    """Whether a record is there on every day, whatever else is not known."""
    return not fact.possible and (not dated or (fact.values[-2] is None and fact.values[-1] is None))
