"""What comes out: findings, what they rest on, and the outcome of the case."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import attrs

from bigrules.diagnostics import Place
from bigrules.language.model import Laid, Value

if TYPE_CHECKING:
    from bigrules.findings.basis import Basis
    from bigrules.findings.evidence import Evidence
    from bigrules.findings.explain import Explanation
    from bigrules.findings.names import NameMode


class Outcome(StrEnum):
    """The outcome of one rule for one subject, or of a rule over all its findings."""

    MET = "met"
    BREACHED = "breached"
    UNDECIDED = "undecided"
    JUDGEMENT = "judgement"
    NOT_APPLICABLE = "not applicable"


class CaseOutcome(StrEnum):
    """The outcome of a case."""

    CONFORMS = "conforms"
    BREACHED = "breached"
    OPEN = "open"


# The outcome of a rule with several findings is the first of these that one of them has.
ORDER = (
    Outcome.BREACHED,
    Outcome.UNDECIDED,
    Outcome.JUDGEMENT,
    Outcome.MET,
    Outcome.NOT_APPLICABLE,
)


def _told_apart(answers: tuple[tuple[str, Outcome], ...]) -> tuple[tuple[str, Outcome], ...]:
    """Answers that read the same are one; where they lead apart, it stays undecided."""
    found: dict[str, Outcome] = {}
    for answer, outcome in answers:
        found[answer] = outcome if found.get(answer, outcome) is outcome else Outcome.UNDECIDED
    return tuple(found.items())


@attrs.frozen
class Missing:
    """Something that is not known and on which a finding turns.

    Args:
        id: Stable within a report.
        sort: `field`, `record`, `list`, `future`, or `question` for one that people decide.
        kind: Kind of fact, or id of the rule or definition that asks.
        field: Name of the field, or "".
        subject: The values of the record or question that are known, by column, where known.
        answers: For each answer, what the finding would then be: `open` outcomes included.
        place: Where in the register the gap is, or None.
    """

    id: str
    sort: str
    kind: str
    field: str = ""
    subject: tuple[tuple[str, Value], ...] = ()
    answers: tuple[tuple[str, Outcome], ...] = attrs.field(default=(), converter=_told_apart)
    place: Place | None = None


# Without a slot for weak references, here and below, so that it can be made from a draft: see `_draft_of`.
@attrs.frozen(weakref_slot=False)
class Figure:
    """A measure of a finding, held against its limit.

    Args:
        aggregate: `number`, `share`, `total`, `least`, `greatest`, `group sharing`, `group linked`.
        least: Least value over all completions, None where the measure is of nobody.
        greatest: Greatest value, None where there is no bound.
        of_least: For a share, or a limit that is a fraction: least of whom it is taken among.
        of_greatest: Greatest of whom it is taken among.
        op: How it is held against the limit.
        bound: The limit (of a share: a fraction).
        text: The limit in words.
    """

    aggregate: str
    least: object
    greatest: object
    of_least: object = None
    of_greatest: object = None
    op: str = ""
    bound: object = None
    text: str = ""


@attrs.frozen(weakref_slot=False)
class Witness:
    """One way in which a rule is, or may be, breached.

    Args:
        concerned: Ids of the people concerned.
        binding: Slot and value of everything that takes part, in the order of the rule.
        certain: Whether it is so in every completion.
    """

    concerned: frozenset[str]
    binding: tuple[tuple[str, Value], ...] = ()
    certain: bool = True


@attrs.frozen
class Choice:
    """What one completion says about one thing that is not known.

    Args:
        sort: As in `Missing`.
        kind: As in `Missing`.
        field: As in `Missing`.
        subject: As in `Missing`.
        value: What it is in this completion.
        site: Number of the site and of its value, for engines.
    """

    sort: str
    kind: str
    field: str
    subject: tuple[tuple[str, Value], ...]
    value: str
    site: tuple[int, int] = attrs.field(default=(0, 0), eq=False, repr=False)


@attrs.frozen
class Turn:
    """Another reading under which a finding comes out differently.

    Args:
        file: Id of the rule, definition or vocabulary whose reading it is.
        reading: Its name.
        outcome: What the finding is then.
    """

    file: str
    reading: str
    outcome: Outcome


@attrs.frozen(weakref_slot=False)
class Finding:
    """The outcome of one rule for one subject.

    Args:
        rule: Id of the rule.
        subject: Slot and value for each subject slot; () for the case as a whole.
        outcome: Its outcome.
        witnesses: The breaches, or possible breaches, one for each distinct set of people.
        figures: Measures of the rule.
        missing: What it turns on where it is open.
        exception: Id of the exception that applies, or "".
        would_be: What would have been found without the exception, or None.
        turns: Readings under which it is otherwise.
        settled: False where it was too large to be settled.
        further: Whether it is about things that are not recorded at all.
        basis: What its explanation is made from, in a report; else None.
    """

    rule: str
    subject: tuple[tuple[str, Value], ...]
    outcome: Outcome
    witnesses: tuple[Witness, ...] = ()
    figures: tuple[Figure, ...] = ()
    missing: tuple[Missing, ...] = ()
    exception: str = ""
    would_be: Outcome | None = None
    turns: tuple[Turn, ...] = ()
    settled: bool = True
    further: bool = False
    completions: tuple[tuple[Choice, ...], ...] = ()
    basis: Basis | None = attrs.field(default=None, eq=False, repr=False)

    def why(self, names: NameMode = "full") -> Explanation:
        """The reasons, as sentences and as a tree.

        Args:
            names: How much of the names of people is shown.

        Raises:
            ValueError: The finding is not part of a report.
        """
        if self.basis is None:
            raise ValueError("only a finding of a report can say why")
        return self.basis.explain(self, names)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What its rule asks to be shown beside it; taken when it is asked for.

        Raises:
            ValueError: The finding is not part of a report.
        """
        if self.basis is None:
            raise ValueError("only a finding of a report has evidence")
        return self.basis.evidence(self)


def _draft_of(frozen: type) -> type:
    """A class with the same slots that is not frozen; what is made of it becomes frozen at the end.

    That is five times as fast as the constructor of a frozen class, which sets each field through `object`.
    """
    slots = tuple(each.name for each in attrs.fields(frozen))
    return type(f"_Draft{frozen.__name__}", (), {"__slots__": slots})


_DraftFinding, _DraftWitness, _DraftFigure = _draft_of(Finding), _draft_of(Witness), _draft_of(Figure)


def finding(
    rule: str,
    subject: tuple[tuple[str, Value], ...],
    outcome: Outcome,
    figures: tuple[Figure, ...] = (),
    witnesses: tuple[Witness, ...] = (),
) -> Finding:
    """A finding of which everything is known; arguments as in `Finding`.

    >>> finding("criteria/size", (), Outcome.MET) == Finding("criteria/size", (), Outcome.MET)
    True
    """
    made: Any = _DraftFinding()
    made.rule, made.subject, made.outcome, made.figures, made.witnesses = (
        rule,
        subject,
        outcome,
        figures,
        witnesses,
    )
    made.missing = made.turns = made.completions = ()
    made.exception, made.settled, made.further = "", True, False
    made.would_be = made.basis = None
    made.__class__ = Finding
    frozen: Finding = made
    return frozen


def in_report(found: Finding, basis: Basis) -> Finding:
    """A finding as it stands in a report.

    Args:
        found: The finding as it was judged.
        basis: What its explanation is made from.
    """
    made: Any = _DraftFinding()
    made.rule, made.subject, made.outcome = found.rule, found.subject, found.outcome
    made.witnesses, made.figures, made.missing = found.witnesses, found.figures, found.missing
    made.exception = found.exception
    made.would_be, made.settled, made.further = found.would_be, found.settled, found.further
    made.completions, made.turns, made.basis = found.completions, found.turns, basis
    made.__class__ = Finding
    frozen: Finding = made
    return frozen


def witness(concerned: frozenset[str], binding: tuple[tuple[str, Value], ...]) -> Witness:
    """A witness that is certain; arguments as in `Witness`.

    >>> witness(frozenset({"ann"}), (("person", "ann"),)) == Witness(frozenset({"ann"}), (("person", "ann"),))
    True
    """
    made: Any = _DraftWitness()
    made.concerned, made.binding, made.certain = concerned, binding, True
    made.__class__ = Witness
    frozen: Witness = made
    return frozen


def figure(aggregate: str, value: object, of: object, op: str, bound: object, text: str) -> Figure:
    """A measure of which everything is known; arguments as in `Figure`.

    >>> figure("number", 9, None, "at least", 8, "8") == Figure("number", 9, 9, None, None, "at least", 8, "8")
    True
    """
    made: Any = _DraftFigure()
    made.aggregate, made.least, made.greatest, made.of_least, made.of_greatest = (
        aggregate,
        value,
        value,
        of,
        of,
    )
    made.op, made.bound, made.text = op, bound, text
    made.__class__ = Figure
    frozen: Figure = made
    return frozen


@attrs.frozen
class RestsOn:
    """What a report rests on.

    Args:
        rulebook: Its name.
        version: Its version.
        edition: Edition of the guidance that was in force on the day.
        digest: Hash over its files.
        as_of: The day of judging.
        day_given: Whether that day was given, and not taken from the clock.
        given: Kinds of fact that were asked, with the number of records.
        not_asked: Kinds that were not asked.
        defaults: Which defaults were used, with how often.
        engines: Which engines ran, such as ("compiled", "durable").
        notes: Such as why an engine did not run.
        reading: Readings other than the adopted ones that were chosen, as (file, name).
        source: The register as the user named it.
        amendments: The amendments that are laid over the rulebook, in their order.
    """

    rulebook: str
    version: str
    edition: str
    digest: str
    as_of: datetime.date
    day_given: bool
    given: tuple[tuple[str, int], ...]
    not_asked: tuple[str, ...]
    defaults: tuple[tuple[str, int], ...] = ()
    engines: tuple[str, ...] = ("compiled",)
    notes: tuple[str, ...] = ()
    reading: tuple[tuple[str, str], ...] = ()
    source: str = ""
    amendments: tuple[Laid, ...] = ()
