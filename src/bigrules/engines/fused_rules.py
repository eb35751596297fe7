"""Where the findings of a rule are read off what holds, for what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from bigrules.engines.fused_lines import is_bare
from bigrules.program.core import ExceptionNode, Program, ProgramRule

Row = tuple[Any, ...]


# Whether the answer to (question, whether order makes no difference) about a subject is yes, or None.
Ask = Callable[[tuple[str, bool], Row], bool | None]


class NotAnswered(Exception):
    """What is left to people has no answer yet."""


@attrs.define
class Subject:
    """A subject of a rule.

    Args:
        values: Values of the subject columns.
        applicable: Whether the rule applies to it.
        breached: Whether it is breached.
        without_exceptions: Whether it would be breached if no exception applied.
        given: Whether the rule would apply to it, exceptions left aside.
        exempt: Ids of the exceptions that apply.
    """

    values: Row
    applicable: bool
    breached: bool
    without_exceptions: bool
    given: bool
    exempt: tuple[str, ...]


class RuleReader:
    """One rule of a program.

    Args:
        program: The program.
        rule: The rule.
        numbers: Number of each predicate's table.
    """

    def __init__(self, program: Program, rule: ProgramRule, numbers: Mapping[str, int]) -> None:
        self.rule = rule
        self.numbers = numbers
        self.bare = {name: is_bare(program, name) for name in numbers}
        self.width = len(rule.subject)
        self.is_plain = not rule.void and not rule.exceptions

    def rows(self, tables: Mapping[int, Any], name: str) -> Iterable[Row]:
        """Rows of a table as tuples."""
        rows = tables[self.numbers[name]]
        return ((each,) for each in rows) if self.bare[name] else rows

    def hits(self, tables: Mapping[int, Any]) -> dict[Row, list[Row]]:
        """For a `not allowed` rule: the witness columns of every match, by subject."""
        found: dict[Row, list[Row]] = {}
        for row in self.rows(tables, self.rule.hit):
            found.setdefault(row[: self.width], []).append(row[self.width :])
        return found

    def subjects(self, tables: Mapping[int, Any], ask: Ask) -> Iterator[Subject]:
        """Every subject of the rule; `NotAnswered` where people have not decided yet."""
        rule = self.rule
        has = {
            name: set(self.rows(tables, name))
            for name in (rule.ok, *rule.void, *_tables(rule.exceptions))
            if name
        }
        hits = self.hits(tables) if rule.form == "not allowed" else {}
        for subject in dict.fromkeys(self.rows(tables, rule.given)):
            given = not any(subject in has[name] for name in rule.void)
            exempt = tuple(each.id for each in rule.exceptions if _applies(each, subject, has))
            if rule.form == "ask":
                answer = ask((rule.id, False), subject)
                if answer is None:
                    raise NotAnswered
                wrong = not answer
            else:
                wrong = subject in hits if rule.form == "not allowed" else subject not in has[rule.ok]
            applicable = given and not exempt
            yield Subject(subject, applicable, applicable and wrong, given and wrong, given, exempt)

    def outcome(self, tables: Mapping[int, Any], ask: Ask) -> str:
        """`breached`, `met` or `not applicable` over all subjects; "" where people have not decided yet."""
        try:
            subjects = list(self.subjects(tables, ask))
        except NotAnswered:
            return ""
        if any(each.breached for each in subjects):
            return "breached"
        return "met" if any(each.applicable for each in subjects) else "not applicable"


def _tables(exceptions: Iterable[ExceptionNode]) -> Iterator[str]:
    for each in exceptions:
        yield each.when
        yield from _tables(each.unless)


def _applies(node: ExceptionNode, subject: Row, has: Mapping[str, set[Row]]) -> bool:
    return subject in has[node.when] and not any(_applies(each, subject, has) for each in node.unless)
