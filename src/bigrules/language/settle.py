"""Settling a condition once the types of its slots are known: values get their types, links their second slot."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Set
from fractions import Fraction

import attrs

from bigrules.language.faults import Faults, in_words
from bigrules.language.model import (
    All,
    AnyOf,
    Const,
    Formula,
    Limit,
    Measure,
    NoneOf,
    Parameter,
    Slot,
    Term,
    Test,
    Type,
)
from bigrules.language.scope import bound
from bigrules.language.sentences import Sentences
from bigrules.language.shape import convert, type_words
from bigrules.language.tests import NUMBER_OPS, ORDER_OPS, SPAN_OPS, SURFACES, YEAR_OPS
from bigrules.language.types import NUMBERS, meet


class Settle:
    """Settles the conditions of one file.

    Args:
        types: The types of its slots.
        parameters: Named numbers.
        sentences: Every sentence, for "did you mean".
        faults: Where to note what is wrong.

    Attributes:
        failed: Whether something could not be settled.
    """

    def __init__(
        self,
        types: Map[str, Type],
        parameters: Map[str, Parameter],
        sentences: Sentences,
        faults: Faults,
    ) -> None:
        self.types = types
        self.parameters = parameters
        self.sentences = sentences
        self.faults = faults
        self.failed = False

    def formula(self, formula: Formula, outer: Set[str]) -> Formula:
        """A condition, settled; what does not fit is noted and left as it is.

        Args:
            formula: The condition.
            outer: The slots that are bound outside of it.
        """
        if isinstance(formula, Test):
            settled = settle_test(formula, self.types, self.parameters, self.sentences, self.faults)
            if settled is None:
                self.failed = True
                return formula
            return settled
        if isinstance(formula, (All, AnyOf)):
            inside = outer | bound(formula) if isinstance(formula, All) else outer
            parts = tuple(self.formula(each, inside) for each in formula.parts)
            if all(new is old for new, old in zip(parts, formula.parts, strict=True)):
                return formula
            return attrs.evolve(formula, parts=parts)
        if isinstance(formula, NoneOf):
            part = self.formula(formula.part, outer)
            return formula if part is formula.part else NoneOf(part)
        if isinstance(formula, Limit):
            of = None if formula.of is None else self.measure(formula.of, outer)
            return attrs.evolve(formula, measure=self.measure(formula.measure, outer), of=of)
        return formula

    def measure(self, measure: Measure, outer: Set[str]) -> Measure:
        """A measure, settled; a link gets its second slot."""
        inside = outer | bound(measure.among)
        among = self.formula(measure.among, outer)
        where = None if measure.where is None else self.formula(measure.where, inside)
        link, other = None, ""
        if measure.link is not None:
            link = self.formula(measure.link, inside)
            further = sorted(bound(link) - inside)
            mine = self.types.get(measure.key)
            alike = [each for each in further if mine is None or self.types.get(each) == mine]
            if len(alike) == 1 and measure.key in bound(link):
                other = alike[0]
            elif not self.failed:
                self.failed = True
                found = (
                    f"binds {in_words((f'<{each}>' for each in alike), 'and')}"
                    if alike
                    else "binds no second slot"
                )
                message = f"the link {found}, and must link `<{measure.key}>` with one other"
                help = f"write it with two slots, such as `<{measure.key}> and <other> are related`"
                self.faults.add("bad-slot", message, measure.place, help)
        return attrs.evolve(measure, among=among, where=where, link=link, other=other)


def settle_test(
    test: Test,
    types: Map[str, Type],
    parameters: Map[str, Parameter],
    sentences: Sentences,
    faults: Faults,
) -> Test | None:
    """A test with its values converted to the types of its slots; None where they do not fit.

    Args:
        test: As `parse_test` left it.
        types: The types of the slots of the file.
        parameters: Named numbers.
        sentences: Every sentence, for "did you mean".
        faults: Where to note what is wrong.
    """
    left = test.terms[0]
    assert isinstance(left, Slot)
    mine = types.get(left.name)
    if test.op == "is" and (mine is None or mine.is_thing):
        _no_sentence(test, sentences, faults)
        return None
    if mine is None:
        return test  # bound nowhere, which is noted elsewhere
    if not _left_fits(test, left, mine, faults):
        return None
    wanted = mine
    if test.op in NUMBER_OPS:
        wanted = Type("number")
    elif test.op in YEAR_OPS:
        wanted = Type("whole number")
    terms: list[Term] = [left]
    for term in test.terms[1:]:
        if isinstance(term, Slot):
            if test.op == "is":
                help = f"write `<{left.name}> is the same as <{term.name}>`"
                faults.add("unknown-sentence", f"`{test.text}` is not a test", test.place, help)
                return None
            other = types.get(term.name)
            if other is not None and meet(wanted, other) is None:
                message = f"`<{left.name}>` is {type_words(mine)} and `<{term.name}>` is {type_words(other)}"
                if test.op in YEAR_OPS:
                    message = f"`<{term.name}>` is {type_words(other)}, and here a year is wanted"
                faults.add("types-cannot-meet", message, test.place, "compare what is of one type")
                return None
            terms.append(term)
            continue
        text = str(term.value)
        if wanted.name in NUMBERS and text in parameters:
            number = parameters[text].value
            if number is None:
                message = f"`{text}` changed with time, and cannot stand here"
                help = f"hold `<{left.name}>` against it with {in_words(f'is {each}' for each in NUMBER_OPS)}"
                faults.add("wrong-value", message, test.place, help)
                return None
            terms.append(Const(_whole(number)))
            continue
        value, advice = convert(text, wanted)
        if value is None:
            _no_value(test, left, mine, text, advice, sentences, faults)
            return None
        terms.append(Const(value))
    return attrs.evolve(test, terms=tuple(terms))


def _whole(value: Fraction) -> int | Fraction:
    return int(value) if value.denominator == 1 else value


def _left_fits(test: Test, left: Slot, mine: Type, faults: Faults) -> bool:
    """Whether the slot on the left can be tested so."""
    wanted = None
    if test.op in NUMBER_OPS and mine.name not in NUMBERS:
        wanted = "a number"
    elif test.op in (*ORDER_OPS, *SPAN_OPS, *YEAR_OPS) and mine.name != "date":
        wanted = "a date"
    if wanted is None:
        return True
    help = "of a date say `is before`, `is on or after`"
    if mine.name != "date":
        help = "say `is one of`, `is the same as` or `are different`, or test another slot"
    if mine.name in NUMBERS and wanted == "a date":
        help = "of a number say `is at least`, `is less than`"
    message = f"`<{left.name}>` is {type_words(mine)}, and this test wants {wanted}"
    faults.add("types-cannot-meet", message, test.place, help)
    return False


def _no_sentence(test: Test, sentences: Sentences, faults: Faults) -> None:
    help = sentences.help(test.text, SURFACES)
    if help is not None:
        faults.add("unknown-sentence", f"no sentence says `{test.text}`", test.place, help)


def _no_value(
    test: Test, left: Slot, mine: Type, text: str, help: str | None, sentences: Sentences, faults: Faults
) -> None:
    """Note that a value does not fit, and what may have been meant."""
    if test.op == "is":
        near = sentences.like(test.text, SURFACES)
        if near:
            help = f"did you mean `{near}`?"
        elif text.startswith("not ") and mine.choices and convert(text[4:], mine)[0] is not None:
            help = f"write `<{left.name}> is not one of {text[4:]}`"
        elif mine.name in NUMBERS:
            help = f"write {in_words(f'is {each}' for each in NUMBER_OPS)} and a number"
        elif mine.name == "date":
            help = "write `is the same as`, `is before` or `is on or after` and a date"
    message = f"`<{left.name}>` cannot be `{text}`; it is {type_words(mine)}"
    if test.op in YEAR_OPS:
        message, help = f"`{text}` is no year", "write a year such as `2018`, or a slot that holds one"
    place = test.place
    at = place.text.rfind(text, place.column - 1, place.end_column - 1)
    if at >= 0:
        place = attrs.evolve(place, column=at + 1, end_column=at + 1 + len(text))
    faults.add("wrong-value", message, place, help)
