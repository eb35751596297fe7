"""The rulebook as objects: the core form that every surface form of a rule file desugars to.

The forms are those of the semantics: atom, test, all of, any of, none of, measure (inside a limit),
definition, rule. Nothing here reads files or evaluates anything.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import attrs

from bigrules.diagnostics import Span

if TYPE_CHECKING:
    from bigrules.language.pack import Review
    from bigrules.language.shown import Show

# A value as rules and facts hold it: things and choices and text are str ("yes"/"no" for yes or no),
# dates are datetime.date, numbers are int or Fraction. None stands for an open `from` or `until`.
Value = str | int | Fraction | datetime.date | None

BUILT_IN_TYPES = ("text", "number", "whole number", "date", "yes or no")


# ---------------------------------------------------------------- vocabulary


@attrs.frozen
class Type:
    """The type of a field or slot.

    Args:
        name: A built-in type, the name of a thing such as `person`, or `one of` for a choice.
        choices: The values of a choice in order, else empty; (`yes`, `no`) for `yes or no`.
        least: Least value of a number, or None.
        greatest: Greatest value of a number, or None.
    """

    name: str
    choices: tuple[str, ...] = ()
    least: int | None = None
    greatest: int | None = None

    @property
    def is_thing(self) -> bool:
        """Whether values are things that facts are about, such as people."""
        return self.name not in BUILT_IN_TYPES and self.name != "one of"

    @property
    def is_finite(self) -> bool:
        """Whether all values are known in advance."""
        return bool(self.choices) or (self.least is not None and self.greatest is not None)


# What a blank field means: `unknown`; `nothing` (allowed for `until`: no end); `by now` (a beginning that is not
# written down, but not after the day of judging); `required` (a blank is a fault); or a value.
@attrs.frozen
class Blank:
    """What it means that a field was left blank.

    Args:
        meaning: `unknown`, `nothing`, `by now`, `required`, or `value`.
        value: The value, where meaning is `value`.
    """

    meaning: Literal["unknown", "nothing", "by now", "required", "value"] = "unknown"
    value: Value = None


@attrs.frozen
class Field:
    """One field of a kind of fact.

    Args:
        name: As written in the vocabulary; lower case words.
        type: Its type.
        blank: What a blank means.
        asks: The question to put where it is not known, with slots named after fields, or "".
        nobody: Words that say that a row is about no one (`vacant`); such a row is not read.
        help: One sentence for the person who fills it in.
        happened: Whether this date is the day on which the fact happened: facts that happened
            after the day of judging are not read.
    """

    name: str
    type: Type
    blank: Blank = Blank()
    asks: str = ""
    nobody: tuple[str, ...] = ()
    help: str = ""
    happened: bool = False


@attrs.frozen
class Sentence:
    """One way to say a kind of fact.

    Args:
        says: The sentence with its slots, such as `<person> voted in <decision>`.
        fields: The field that each slot of the sentence stands for, in order of the slots.
        fixed: Fields with a fixed value, as pairs.
        negative: How its absence is said, or "" ("<person> does not live in the area").
        acyclic: Whether a chain of it never comes back to where it began ("<person> is a parent
            of <other>"), from its first slot to its second; a register that has such a chain is at fault.
    """

    says: str
    fields: tuple[str, ...]
    fixed: tuple[tuple[str, Value], ...] = ()
    negative: str = ""
    acyclic: bool = False


@attrs.frozen
class WorkedOut:
    """How the records of a kind follow from another list: one for each of its records in which a field is known.

    Args:
        list: Name of the other kind.
        known: Fields of it that have to be known.
    """

    list: str
    known: tuple[str, ...]


@attrs.frozen
class Window:
    """How the records of a kind follow from the day of judging: a year for each window that counts on it.

    The latest year whose window has closed counts, and the one whose window is open.

    Args:
        days: Month and day on which the window opens, and on which it closes.
        since: The first year that has one.
    """

    days: tuple[int, int, int, int]
    since: int


@attrs.frozen
class Kind:
    """A kind of fact.

    Args:
        name: Its name, which is also that of its sheet.
        fields: Its fields in order; a dated kind ends in `from` and `until`.
        sentences: The sentences that say it.
        dated: Whether it is in force from a day until a day.
        lists: The thing whose list it is (one row for each, named by its first field), or "".
        key: Fields of which two rows may not have the same values, or ().
        one_for_each: Field of a thing of which every one is known to have a row; one that has
            none on a day has a row that is not known. Or "".
        no_row: What it means that something has no row, said in reports as a default, or "".
        asks: The question to put where the kind was not asked, or "".
        help: One sentence for the person who fills it in.
        place: Where it stands.
        adopted: How it is read, where the guidance is open, or None.
        other_readings: Other ways to read it; their file id is `vocabulary`.
        worked_out: How its records follow from others, from the day or from `rulebook.yaml`; None where a register
            gives them.
    """

    name: str
    fields: tuple[Field, ...]
    sentences: tuple[Sentence, ...] = ()
    dated: bool = False
    lists: str = ""
    key: tuple[str, ...] = ()
    one_for_each: str = ""
    no_row: str = ""
    asks: str = ""
    help: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)
    adopted: Reading | None = None
    other_readings: tuple[Reading, ...] = ()
    worked_out: WorkedOut | Window | Parameter | None = None

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if there is none."""
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def happened(self) -> str:
        """Name of the field that holds the day on which the fact happened, or ""."""
        return next((each.name for each in self.fields if each.happened), "")


@attrs.frozen
class Vocabulary:
    """The kinds of fact that there are.

    Args:
        kinds: By name, in the order of the file.
        things: Names of the things that facts are about, such as `person`.
        given: Those kinds that a register may hold; the others are worked out.
    """

    kinds: dict[str, Kind]
    things: tuple[str, ...]
    given: dict[str, Kind] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        given = {name: kind for name, kind in self.kinds.items() if kind.worked_out is None}
        object.__setattr__(self, "given", given)

    def asked_under(self, kind: str) -> str:
        """The list that a register would have to hold for a kind to be known."""
        made = self.kinds[kind].worked_out if kind in self.kinds else None
        return made.list if isinstance(made, WorkedOut) else kind


# ---------------------------------------------------------------- conditions


@attrs.frozen
class Slot:
    """A word in angle brackets: the same word is the same thing throughout a file."""

    name: str


@attrs.frozen
class Const:
    """A value that stands in a rule file."""

    value: Value


Term = Slot | Const

# The slot that is bound to the rule's own day in every rule.
THE_DAY = "the day"


@attrs.frozen
class Day:
    """The day on which dated facts are read.

    Args:
        mode: `now` for the day the case is judged as of, `ever` for any day, `on` for a slot's.
        slot: The slot that holds the day, where mode is `on`.
    """

    mode: Literal["now", "ever", "on"] = "now"
    slot: str = ""


@attrs.frozen
class Atom:
    """A sentence of a kind of fact or of a definition, read on a day.

    Args:
        predicate: Name of the kind, or id of the definition.
        terms: One for each column of the predicate (all fields of a kind, or head slots of a
            definition); None where the sentence does not mention it or says `<any …>`.
        day: When it is read.
        future: Name of the date slot in it that may lie after the day of judging because a
            deadline that has not passed bounds it, or "".
        text: The sentence as written, for explanations.
        place: Where it stands.
    """

    predicate: str
    terms: tuple[Term | None, ...]
    day: Day = Day()
    future: str = ""
    text: str = attrs.field(default="", eq=False)
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class Test:
    """A computed condition over bound slots.

    Args:
        op: See `TESTS`.
        terms: What is tested; for `one of` the first is tested against the others.
        amount: Number of days, months or years where the test has one (for `window`: unused).
        window: First month, first day, last month, last day, for `window`.
        text: As written.
        place: Where it stands.
    """

    op: str
    terms: tuple[Term, ...]
    amount: int = 0
    window: tuple[int, int, int, int] = (1, 1, 12, 31)
    text: str = attrs.field(default="", eq=False)
    place: Span = attrs.field(default=Span(""), eq=False)


# Each test by name, as a sentence: the surface form, and what it says about its terms a, b, c.
TESTS = {
    "same": "<a> is the same as <b>",
    "different": "<a> and <b> are different",
    "one of": "<a> is one of x, y, z",
    "not one of": "<a> is not one of x, y, z",
    "is": "<a> is x",
    "at least": "<a> is at least <b>",
    "at most": "<a> is at most <b>",
    "more than": "<a> is more than <b>",
    "less than": "<a> is less than <b>",
    "before": "<a> is before <b>",
    "after": "<a> is after <b>",
    "on or before": "<a> is on or before <b>",
    "on or after": "<a> is on or after <b>",
    "within days": "<a> is within N days of <b>",  # |a − b| ≤ N
    "within days after": "<a> is within N days after <b>",  # 0 ≤ a − b ≤ N
    "within days before": "<a> is within N days before <b>",  # 0 ≤ b − a ≤ N
    "years before": "<a> is at least N years before <b>",  # a's Nth anniversary is on or before b
    "not years before": "<a> is less than N years before <b>",  # the negation of it
    "more years before": "<a> is more than N years before <b>",  # a's Nth anniversary is before b
    "not more years before": "<a> is at most N years before <b>",  # the negation of it
    "months before": "<a> is at least N months before <b>",
    "not months before": "<a> is less than N months before <b>",
    "more months before": "<a> is more than N months before <b>",
    "not more months before": "<a> is at most N months before <b>",
    "window": "<a> is from 1 September to 31 December of <b>",  # b is a year, a number
    "in year": "<a> is in the year <b>",
}


@attrs.frozen
class All:
    """All of the parts hold."""

    parts: tuple[Formula, ...]


@attrs.frozen
class AnyOf:
    """One of the parts holds; exports only the slots that every branch binds."""

    parts: tuple[Formula, ...]


@attrs.frozen
class NoneOf:
    """The part holds for nothing."""

    part: Formula


@attrs.frozen
class OutcomeIs:
    """The outcome of another rule, over all its findings, in the same completion.

    Args:
        rule: Id of the rule.
        outcome: `breached`, `met` or `not applicable`.
        place: Where it stands.
    """

    rule: str
    outcome: Literal["breached", "met", "not applicable"]
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class Measure:
    """A number taken over facts.

    Args:
        aggregate: What is taken.
        key: Slot that is counted (distinct values), or that a value is taken for.
        among: Whom it is taken among; its slots are seen in the rest of the measure.
        where: Which of them count, or None for all; for `share` the numerator.
        value: Slot of the value, for total, least, greatest; weight, for a weighted share; else "".
        sharing: Slot of the shared value, for `group sharing`; else "".
        link: Condition that links `key` with `other`, for `group linked`; else None.
        other: The second slot of the link; ranges over `among` too unless `through_anyone`.
        through_anyone: Whether links may run through those who are not among.
        place: Where it stands.
    """

    aggregate: Literal["number", "share", "total", "least", "greatest", "group sharing", "group linked"]
    key: str
    among: Formula
    where: Formula | None = None
    value: str = ""
    sharing: str = ""
    link: Formula | None = None
    other: str = ""
    through_anyone: bool = False
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class Limit:
    """A measure held against a limit.

    Args:
        measure: What is measured.
        op: How it is held against the bound.
        bound: The number, or a slot that is bound outside (a number).
        of: Measure that the bound is a fraction of, or None.
        rounding: How bound × of is rounded before it is compared.
        of_nobody: What it means that the measure is of nobody; `natural`: a number or total of
            nobody is 0, a group of nobody is 0, a share, least or greatest of nobody is not applicable.
        text: As written, in words, for explanations.
        place: Where it stands.
        value: Where the bound is a parameter whose value changed with time: the sentence that binds its
            slot, which stands beside the limit too.
    """

    measure: Measure
    op: Literal["at least", "at most", "more than", "less than", "exactly"]
    bound: Fraction | Slot
    of: Measure | None = None
    rounding: Literal["", "up", "down", "nearest"] = ""
    of_nobody: Literal["natural", "met", "breached"] = "natural"
    text: str = attrs.field(default="", eq=False)
    place: Span = attrs.field(default=Span(""), eq=False)
    value: Atom | None = None


Formula = Atom | Test | All | AnyOf | NoneOf | OutcomeIs | Limit

# ---------------------------------------------------------------- rules and definitions


@attrs.frozen
class Exception_:
    """Something that takes a rule, or another exception, out of play.

    Args:
        id: Unique within the rulebook, such as `criteria/x unless 1`.
        when: The condition; sees the slots of the rule's `for each`.
        because: In words, or "".
        source: Clause or authority, or "".
        unless: Exceptions to this exception.
        place: Where it stands.
        instead: Id of the rule that applies where it does, or "".
        by_amendment: Whether it was made by an amendment, or by a rule that replaces another.
    """

    id: str
    when: Formula
    because: str = ""
    source: str = ""
    unless: tuple[Exception_, ...] = ()
    place: Span = attrs.field(default=Span(""), eq=False)
    instead: str = ""
    by_amendment: bool = False


@attrs.frozen
class Reading:
    """One documented way to understand an open clause.

    Args:
        name: Unique within its file.
        because: Why one would read it so, or "".
        change: What the file says now: pairs of key path and old text, as written in `change`.
        to: What it says instead.
        runs: Whether it can be run (it has a change), or is only stated.
        differs_when: Example statements (`Statement`) on which the outcome differs.
        place: Where it stands.
    """

    name: str
    because: str = ""
    change: object = None
    to: object = None
    runs: bool = False
    differs_when: tuple[object, ...] = ()
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class Amended:
    """What an amendment does to one file.

    Args:
        id: Path of the file that says so, without ending.
        title: What it says, in one sentence.
        target: Id of what it amends: a rule, a definition, an exception, `vocabulary/kind` or `parameter/name`.
        operation: What it does.
        by: By what authority, or "".
        start: First day on which it is in force, or None.
        end: Last day on which it is in force, or None.
        because: Why, or "".
        before: What stood there, as plain texts, lists and mappings.
        after: What stands there instead.
        amendment: Name of the amendment that it belongs to; "" where it stands in the rulebook itself.
        place: Where it stands.
    """

    id: str
    title: str
    target: str
    operation: Literal["change", "add", "disapply", "substitute", "replace"]
    by: str = ""
    start: datetime.date | None = None
    end: datetime.date | None = None
    because: str = ""
    before: object = None
    after: object = None
    amendment: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class Example:
    """A small case in a rule file with the outcome that it must have.

    Args:
        name: In words, or "".
        given: Statements, see `Statement`.
        then: Outcome of the rule (of the worst finding), for a rule.
        holds: Statements that must hold (or, negated, must not; or must be open), for a definition.
        concerns: Sets of names that the witnesses must be, or None where nothing is said.
        as_of: Day of judging; None for the rulebook's own example day.
        place: Where it stands.
    """

    name: str
    given: tuple[Statement, ...]
    then: str = ""
    holds: tuple[Statement, ...] = ()
    concerns: tuple[frozenset[str], ...] | None = None
    as_of: datetime.date | None = None
    place: Span = attrs.field(default=Span(""), eq=False)


# Without a slot for weak references, so that it can be made from a draft.
@attrs.frozen(weakref_slot=False)
class Statement:
    """A sentence with values in its slots, in an example.

    Args:
        status: `true`, `false` (`not:`), `unknown` (`not recorded:`), or `not asked` (a kind).
        predicate: Name of a kind or id of a definition.
        values: One for each column; None where the sentence says nothing of it.
        text: As written.
        place: Where it stands.
        fixed: Names of the fields that the sentence itself fixes, such as `voting` for "has a vote".
        answer: For `answer`: `yes` or `no`; its predicate is the question, its values what it is about.
        when: For `answer`: the day on which it was given, or None.
    """

    status: Literal["true", "false", "unknown", "not asked", "answer"]
    predicate: str
    values: tuple[Value, ...] = ()
    text: str = attrs.field(default="", eq=False)
    place: Span = attrs.field(default=Span(""), eq=False)
    fixed: tuple[str, ...] = ()
    answer: str = ""
    when: datetime.date | None = None


@attrs.frozen
class Definition:
    """A file that derives a new kind of fact.

    Args:
        id: Path of its file without ending, such as `definitions/related`.
        says: Its sentence with slots.
        slots: The head slots in order: its columns.
        types: Their types.
        source: Clause ids.
        holds: When it holds for certain, or None.
        people_decide: When people decide whether it holds, or None.
        ask: The question to people, with slots, or "".
        symmetric: Whether it holds in both directions.
        irreflexive: Whether it never holds of one and itself.
        shown: Slots of the body that are shown with it and are no part of its key.
        negative: How its absence is said, or "".
        adopted, other_readings, examples, note, place, start, end, by, amended: As in `Rule`.
    """

    id: str
    says: str
    slots: tuple[str, ...]
    types: tuple[Type, ...]
    source: tuple[str, ...] = ()
    holds: Formula | None = None
    people_decide: Formula | None = None
    ask: str = ""
    symmetric: bool = False
    irreflexive: bool = False
    shown: tuple[str, ...] = ()
    negative: str = ""
    adopted: Reading | None = None
    other_readings: tuple[Reading, ...] = ()
    examples: tuple[Example, ...] = ()
    note: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)
    start: datetime.date | None = None
    end: datetime.date | None = None
    by: str = ""
    amended: tuple[Amended, ...] = ()


@attrs.frozen
class Rule:
    """A file that encodes a clause, or a part of one.

    Args:
        id: Path of its file without ending, such as `criteria/minimum-size`.
        title: What it says, in one sentence.
        source: Clause ids.
        force: How strong it is.
        given: `for each` and `only if` together, or None. Slots that it exports and that stand
            in `for each` are the subject.
        subject: Subject slots in order; () for the case as a whole.
        types: Type of every slot in the rule, by name.
        form: Which of the three it has.
        condition: What is required or not allowed; None for `ask`.
        ask: The question, for `ask`, with slots of the subject.
        exceptions: The tree of exceptions.
        on: The slot with the rule's own day, or "".
        asked_again_after: How long a recorded answer counts, as (number, unit), or None.
        show: Evidence that goes with its findings; never changes an outcome.
        adopted: The reading that it takes, or None.
        other_readings: The others.
        examples: Small cases with their outcomes.
        note: A remark for readers.
        place: Where it stands.
        start: First day on which it is in force, or None: it applies to nothing before.
        end: Last day on which it is in force, or None.
        by: By what authority, where that is not the guidance, or "".
        amended: What amendments have done to it, in the order in which they were laid.
        replaces: Id of the rule in whose place it stands, or "".
    """

    id: str
    title: str
    source: tuple[str, ...] = ()
    force: Literal["must", "should", "expected"] = "must"
    given: Formula | None = None
    subject: tuple[str, ...] = ()
    types: dict[str, Type] = attrs.field(factory=dict, eq=False)
    form: Literal["required", "not allowed", "ask"] = "required"
    condition: Formula | None = None
    ask: str = ""
    exceptions: tuple[Exception_, ...] = ()
    on: str = ""
    asked_again_after: tuple[int, str] | None = None
    show: tuple[Show, ...] = ()
    adopted: Reading | None = None
    other_readings: tuple[Reading, ...] = ()
    examples: tuple[Example, ...] = ()
    note: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)
    start: datetime.date | None = None
    end: datetime.date | None = None
    by: str = ""
    amended: tuple[Amended, ...] = ()
    replaces: str = ""


@attrs.frozen
class Shown:
    """What shows that a permission stays met.

    Args:
        name: Name of an example or a scenario.
        rule: The rule that the example belongs to; "" for a scenario.
        place: Where it is named.
    """

    name: str
    rule: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class Clause:
    """One entry of the clause ledger.

    Args:
        id: Such as `criteria.3`.
        section: Heading of its section.
        place: Where in the section, such as `first bullet`.
        fingerprint: Hash of the normalised sentence.
        treatment: What became of it; "" where it is of another document than the guidance.
        note: A remark, or "".
        because: Why it binds nobody, or "".
        shown: What shows the permission that it gives.
        at: Where it stands in the ledger.
    """

    id: str
    section: str
    place: str
    fingerprint: str
    treatment: str
    note: str = ""
    because: str = ""
    shown: tuple[Shown, ...] = ()
    at: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class ParameterValue:
    """A value that a parameter had, or has, for some time.

    Args:
        value: The value.
        start: The first day on which it counts; None for all days until its end.
        end: The last day on which it counts; None for all days from its start.
        source: Clause or authority.
        place: Where it stands.
    """

    value: Fraction
    start: datetime.date | None = None
    end: datetime.date | None = None
    source: str = ""
    place: Span = attrs.field(default=Span(""), eq=False)


@attrs.frozen
class Parameter:
    """A named number that rules use as a limit and an amendment can set.

    Args:
        name: Its name.
        value: Its value; None where it changed with time.
        source: Clause or authority.
        values: Where it changed with time, each value in the order of time: every day has exactly one.
    """

    name: str
    value: Fraction | None
    source: str = ""
    values: tuple[ParameterValue, ...] = ()


@attrs.frozen
class Edition:
    """An edition of what a rulebook encodes, and when it was in force.

    Args:
        name: Such as `2017-07`.
        start: The first day on which it was in force; None for all days until the next.
    """

    name: str
    start: datetime.date | None = None


@attrs.frozen
class Laid:
    """An amendment that was laid over a rulebook.

    Args:
        name: What it is called.
        version: Its version.
        by: By what authority, or "".
        path: Where it was read from.
        shown: What its files are called by in places: `shown/file`.
        digest: Hash over its files.
        start: First day on which it is in force, or None.
        end: Last day on which it is in force, or None.
    """

    name: str
    version: str
    by: str
    path: str
    shown: str
    digest: str
    start: datetime.date | None = None
    end: datetime.date | None = None


@attrs.frozen
class Version:
    """A rulebook as it stands on some days.

    Args:
        start: The first of the days, or None.
        rulebook: The rulebook; it has no versions itself.
    """

    start: datetime.date | None
    rulebook: Rulebook


@attrs.frozen
class Rulebook:
    """A rulebook after all checks.

    One whose rules were amended on a day has several versions, and is itself the last of them; `in_force` gives
    the one of a day.

    Args:
        name: In words.
        format: Version of the format.
        version: Its own version.
        edition: Edition of the guidance; the last, where there are several.
        digest: Hash over its files.
        body: What a case is called, such as `the partnership`.
        vocabulary: The kinds of fact.
        definitions: By id.
        rules: By id, in the order of the clauses they encode.
        clauses: The ledger by id.
        parameters: By name.
        path: Where it was read from.
        review: What the pack holds that is sent in each year, or None where nothing is said of one.
        editions: The editions in the order of time, where there are several.
        laid: The amendments that were laid over it, in their order.
        amended: What they do to single files; what the rulebook itself does on a day comes first.
        versions: As it stands at different times, in the order of time; () where it is always the same.
    """

    name: str
    format: int
    version: str
    edition: str
    digest: str
    body: str
    vocabulary: Vocabulary
    definitions: dict[str, Definition]
    rules: dict[str, Rule]
    clauses: dict[str, Clause]
    parameters: dict[str, Parameter] = attrs.field(factory=dict)
    path: str = ""
    # What it was built from, so that a reading can be tried without reading the files again.
    _sources: object = attrs.field(default=None, eq=False, repr=False)
    review: Review | None = None
    editions: tuple[Edition, ...] = ()
    laid: tuple[Laid, ...] = ()
    amended: tuple[Amended, ...] = ()
    versions: tuple[Version, ...] = attrs.field(default=(), eq=False, repr=False)

    def columns(self, predicate: str) -> tuple[str, ...]:
        """Names of the columns of a kind of fact or a definition.

        Raises:
            KeyError: There is no such predicate.
        """
        if predicate in self.vocabulary.kinds:
            return tuple(each.name for each in self.vocabulary.kinds[predicate].fields)
        return self.definitions[predicate].slots

    def types(self, predicate: str) -> tuple[Type, ...]:
        """Types of the columns of a kind of fact or a definition.

        Raises:
            KeyError: There is no such predicate.
        """
        if predicate in self.vocabulary.kinds:
            return tuple(each.type for each in self.vocabulary.kinds[predicate].fields)
        return self.definitions[predicate].types
