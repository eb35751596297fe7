"""A case: all facts about one body, what is not known about them, and the day it is judged as of."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, Final

import attrs

from bigrules.diagnostics import DataPath, Place
from bigrules.language.model import Value


class Unknown:
    """The one value that stands for "not known"; see `UNKNOWN`."""

    _one: Unknown | None = None

    def __new__(cls) -> Unknown:
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class ByNow:
    """Stands for a beginning that is not written down but is not after the day of judging; see `BY_NOW`."""

    _one: ByNow | None = None

    def __new__(cls) -> ByNow:
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one

    def __repr__(self) -> str:
        return "BY_NOW"

    def __reduce__(self) -> str:
        return "BY_NOW"


BY_NOW: Final = ByNow()


@attrs.frozen
class Fact:
    """One record of a register.

    Args:
        kind: Name of its kind.
        values: One for each field of the kind, in order. UNKNOWN where it is not known; None only
            for an open `from` or `until` (a `from` of None has no beginning). BY_NOW only for `from`.
        possible: Whether it is only possible that there is this record.
        place: Where it came from.
    """

    kind: str
    values: tuple[Value | Unknown | ByNow, ...]
    possible: bool = False
    place: Place = attrs.field(default=DataPath("data"), eq=False)


@attrs.frozen
class Answer:
    """What people decided, recorded in the register.

    Args:
        question: Id of the rule or definition that asks.
        subject: What it was asked about: the values of the subject or head slots.
        answer: `yes` (it is as required; the definition holds) or `no`.
        who: Who decided, or "".
        when: The day on which it was decided, or None.
        why: The reason that was given, or "".
        place: Where it came from.
    """

    question: str
    subject: tuple[Value, ...]
    answer: str
    who: str = ""
    when: datetime.date | None = None
    why: str = ""
    place: Place = attrs.field(default=DataPath("data"), eq=False)


@attrs.frozen
class Assumed:
    """A fact of a definition that an example states outright.

    Args:
        predicate: Id of the definition.
        values: One for each head slot.
        known: False where the example says that it is not recorded.
    """

    predicate: str
    values: tuple[Value, ...]
    known: bool = True


@attrs.frozen
class Incomplete:
    """A kind of fact of which there may be further records for one key.

    Args:
        kind: Name of the kind.
        field: Field that the key stands in, or "" for any record.
        value: The key, such as a person.
    """

    kind: str
    field: str = ""
    value: Value = None


@attrs.frozen
class Default:
    """A blank, or a missing row, that was read as the vocabulary says.

    Args:
        text: What was assumed, in one sentence.
        count: How often.
    """

    text: str
    count: int = 1


@attrs.frozen
class Case:
    """All facts about one body, and the day they are judged as of.

    Args:
        name: What the register calls the body, or "".
        as_of: The day of judging.
        facts: The records.
        asked: The kinds of fact that were asked; any other may hold anything.
        incomplete: Kinds that are known to be incomplete.
        answers: What people decided.
        names: Names of things by id, where a register has both: (thing, id) to name.
        assumed: Facts of definitions, in examples.
        defaults: Which defaults were used.
        day_given: Whether the day was given, and not taken from the clock.
        source: The register as the user named it.
        closed: Whether `one for each` adds no rows, as in examples: what is not stated is not so.
        known: The facts by kind, once something has asked for them; see `facts.known`.
        promised: Makes the facts when somebody asks for them, or None where they are there.
    """

    name: str
    as_of: datetime.date
    facts: tuple[Fact, ...] = ()
    asked: frozenset[str] = frozenset()
    incomplete: tuple[Incomplete, ...] = ()
    answers: tuple[Answer, ...] = ()
    names: dict[tuple[str, str], str] = attrs.field(factory=dict)
    assumed: tuple[Assumed, ...] = ()
    defaults: tuple[Default, ...] = ()
    day_given: bool = True
    source: str = ""
    closed: bool = False
    known: Any = attrs.field(default=None, init=False, eq=False, repr=False)
    promised: Any = attrs.field(default=None, init=False, eq=False, repr=False)

    def promise(self, facts: Callable[[], tuple[Fact, ...]], known: Any) -> None:
        """Leave the facts to be made when they are first asked for: what is known of them may be enough."""
        object.__delattr__(self, "facts")
        object.__setattr__(self, "known", known)
        object.__setattr__(self, "promised", facts)

    def __getattr__(self, name: str) -> Any:
        # Called for what is not there: the facts, as long as they are only promised.
        if name != "facts":
            raise AttributeError(f"a case has no attribute `{name}`", name=name, obj=self)
        promised = self.promised
        if promised is None:
            # Another thread has made them meanwhile.
            return object.__getattribute__(self, name)
        facts = promised()
        # What two threads make is the same; the promise goes last, so that one of both is always there.
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "promised", None)
        return facts
