"""What the patterns of clauses select: rows of one table, looked at and cut before Rete sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import Any

import attrs

from bigrules.engines.computed import function_for
from bigrules.engines.durable_partners import Cut, Tuple, cut_to
from bigrules.language.model import Const, Slot, Test
from bigrules.program.core import Literal_

# Whether a computed test holds of the values of its terms.
Check = Callable[..., bool]


@attrs.frozen(eq=False)
class Selection:
    """What one pattern can match, whatever the rest of its clause: rows of one table, cut to some columns.

    Constants, and tests on one row alone, are looked at before a row is given to the Rete engine: it then
    has fewer tests to make, and no value of a rule file in it. Columns that nothing looks at are left out,
    so that "somebody" is matched once and not by everybody.

    Args:
        number: Its number in the stratum: the kind of fact that Rete sees.
        predicate: The table.
        constants: Columns that must have a value.
        equal: Pairs of columns that must have the same value.
        checks: Computed tests with their terms: a column, or None with a value.
        columns: The columns that are kept.
        cut: Cuts a row to them.
        whole: Whether no two rows that are selected become one.
        by_value: Whether all that it selects by is a value of one column.
        every: Whether it takes every row.
        plain: Whether it takes every row, as it is.
    """

    number: int
    predicate: str
    constants: tuple[tuple[int, Any], ...]
    equal: tuple[tuple[int, int], ...]
    checks: tuple[tuple[Check, tuple[tuple[int | None, Any], ...]], ...]
    columns: tuple[int, ...]
    cut: Cut
    whole: bool
    by_value: bool
    every: bool
    plain: bool

    def takes(self, row: Tuple) -> bool:
        """Whether a row of the table is selected."""
        for column, value in self.constants:
            if row[column] != value:
                return False
        for one, other in self.equal:
            if row[one] != row[other]:
                return False
        for holds, terms in self.checks:
            if not holds(*[value if column is None else row[column] for column, value in terms]):
                return False
        return True


class Selections:
    """The selections of one stratum; patterns that select the same share one."""

    def __init__(self) -> None:
        self.known: dict[object, Selection] = {}
        self.reads: dict[str, list[Selection]] = {}

    def selection(
        self, literal: Literal_, tests: Iterable[Test], kept: Set[str]
    ) -> tuple[Selection, dict[str, int]]:
        """The selection of a pattern, and where in it each slot stands that is kept."""
        where: dict[str, int] = {}
        constants, equal = [], []
        for column, term in enumerate(literal.terms):
            if isinstance(term, Const):
                constants.append((column, term.value))
            elif isinstance(term, Slot):
                if term.name in where:
                    equal.append((where[term.name], column))
                where.setdefault(term.name, column)
        checks: list[tuple[Test, tuple[tuple[int | None, Any], ...]]] = []
        for test in tests:
            terms = [(None, t.value) if isinstance(t, Const) else (where[t.name], None) for t in test.terms]
            checks.append((test, tuple(terms)))
        columns = tuple(sorted(column for name, column in where.items() if name in kept))
        told = {*columns, *(column for column, _ in constants)}
        told |= {column for first, column in equal if first in told}
        key = (
            literal.predicate,
            tuple(constants),
            tuple(equal),
            tuple((test.op, test.amount, test.window, terms) for test, terms in checks),
            columns,
        )
        if key not in self.known:
            self.known[key] = Selection(
                number=len(self.known),
                predicate=literal.predicate,
                constants=tuple(constants),
                equal=tuple(equal),
                checks=tuple((function_for(test), terms) for test, terms in checks),
                columns=columns,
                cut=cut_to(columns, len(literal.terms)),
                whole=len(told) == len(literal.terms),
                by_value=len(constants) == 1 and not (equal or checks),
                every=not (constants or equal or checks),
                plain=not (constants or equal or checks) and columns == tuple(range(len(literal.terms))),
            )
            self.reads.setdefault(literal.predicate, []).append(self.known[key])
        return self.known[key], {name: columns.index(where[name]) for name in where if name in kept}
