"""What a register says besides facts: what people decided, and which lists are known to be incomplete."""

from __future__ import annotations

import datetime
import itertools

import attrs

from bigrules.diagnostics import Diagnostic
from bigrules.facts.case import Answer, Incomplete
from bigrules.facts.codes import diagnostic
from bigrules.facts.directory import Directory
from bigrules.facts.raw import RawCell
from bigrules.facts.sheets import Row, Sheet, find_name
from bigrules.facts.values import (
    Unusable,
    in_full,
    is_blank,
    read_date,
    read_value,
    read_yes_or_no,
    shown,
)
from bigrules.facts.words import did_you_mean, fold, listing, says_not_known, tidy
from bigrules.language.model import Rulebook, Type, Value, Vocabulary

# Into so many pieces a text may fall at its semicolons to be put together again.
MOST_PIECES = 12


@attrs.frozen
class Question:
    """A question that a rulebook puts to people.

    Args:
        id: Id of the rule or definition.
        slots: What it is about.
        types: Their types.
        symmetric: Whether the order of the two does not matter.
    """

    id: str
    slots: tuple[str, ...]
    types: tuple[Type, ...]
    symmetric: bool = False


def questions(rulebook: Rulebook) -> dict[str, Question]:
    """The questions of a rulebook, by the id of the rule or definition that asks."""
    found: dict[str, Question] = {}
    for rule in rulebook.rules.values():
        if rule.form == "ask":
            types = tuple(rule.types.get(each, Type("text")) for each in rule.subject)
            found[rule.id] = Question(rule.id, rule.subject, types)
    for each in rulebook.definitions.values():
        if each.people_decide is not None:
            found[each.id] = Question(each.id, each.slots, each.types, each.symmetric)
    return found


def read_answers(
    rulebook: Rulebook, sheet: Sheet | None, directory: Directory, day: datetime.date, found: list[Diagnostic]
) -> tuple[Answer, ...]:
    """The answers of a register: the latest to each question that was given by the day of judging.

    Args:
        rulebook: Whose questions they answer.
        sheet: The list `answers`, or None.
        directory: Who is who.
        day: The day of judging.
        found: Where to note what is wrong.
    """
    asking = questions(rulebook)
    latest: dict[tuple[str, object], Answer] = {}
    for row in sheet.rows if sheet is not None else ():
        answer = _answer(rulebook, asking, row, directory, found)
        if answer is None:
            continue
        if answer.when is not None and answer.when > day:
            message = f"this was decided on {shown(answer.when)}, after the day of judging, and is not read"
            help = "mend the day, or judge the register as of a later one"
            found.append(diagnostic("later-answer", message, answer.place, help))
            continue
        subject: object = frozenset(answer.subject) if asking[answer.question].symmetric else answer.subject
        before = latest.get((answer.question, subject))
        if before is not None and before.answer != answer.answer and before.when == answer.when:
            for one, other in ((before, answer), (answer, before)):
                message = f"two answers to `{answer.question}` contradict each other"
                help = f"the other one is at {other.place}; with days under `when` the later one counts"
                found.append(diagnostic("conflicting-answers", message, one.place, help))
        # An answer without a day is older than one with a day: it may have been given any time.
        if before is None or (before.when or datetime.date.min) <= (answer.when or datetime.date.min):
            latest[(answer.question, subject)] = answer
    return tuple(latest.values())


def _answer(
    rulebook: Rulebook, asking: dict[str, Question], row: Row, directory: Directory, found: list[Diagnostic]
) -> Answer | None:
    before = len(found)
    cells = row.cells

    def text(name: str) -> str:
        cell = cells.get(name)
        return "" if cell is None or is_blank(cell.value) else in_full(cell.value)

    def fault(error: Unusable, cell: RawCell | None) -> None:
        place = cell.place if cell is not None else row.place
        found.append(diagnostic(error.name, error.message, place, error.help))

    written, answer, when = text("question"), "", None
    question = _question(rulebook, asking, written)
    if question is None:
        close = did_you_mean(written, asking) if written else None
        help = (
            close or f"the questions are {listing(asking)}"
            if asking
            else "no rule or definition asks anything"
        )
        message = (
            f"`{shown(written)}` is no question" if written else "this answer does not name its question"
        )
        fault(Unusable("unknown-question", message, help), cells.get("question"))
    subject: tuple[Value, ...] = ()
    if question is not None:
        subject = _subject(question, cells.get("about"), row, directory, found)
    try:
        if is_blank(cells["answer"].value if "answer" in cells else None):
            raise Unusable("blank-required", "`answer` is blank", "write yes or no, or take the row out")
        # What nobody has decided has no row: here a `?`, which says so in every other list, is no help.
        undecided = "write yes or no, or take the row out until people have decided"
        if says_not_known(text("answer")):
            raise Unusable("blank-required", "`answer` is not decided", undecided)
        answer = read_yes_or_no(cells["answer"].value, "answer", undecided)
    except Unusable as error:
        fault(error, cells.get("answer"))
    if text("when") and not says_not_known(text("when")):
        try:
            when = read_date(cells["when"].value)
        except Unusable as error:
            fault(error, cells["when"])
    if question is None or len(found) > before:
        return None
    return Answer(question.id, subject, answer, text("who"), when, text("why"), row.place)


def _question(rulebook: Rulebook, asking: dict[str, Question], written: str) -> Question | None:
    """The question of that id, or in those words."""
    word = fold(written).replace("\\", "/")
    for id, question in asking.items():
        rule, definition = rulebook.rules.get(id), rulebook.definitions.get(id)
        words = [id, rule.title, rule.ask] if rule is not None else []
        words += [id, definition.says, definition.ask] if definition is not None else []
        if word and word in {fold(each) for each in words}:
            return question
    return None


def _subject(
    question: Question, about: RawCell | None, row: Row, directory: Directory, found: list[Diagnostic]
) -> tuple[Value, ...]:
    """The values that a question was asked about."""
    parts: list[RawCell] = []
    if about is not None and not is_blank(about.value):
        if isinstance(about.value, list | tuple):
            parts = [
                each if isinstance(each, RawCell) else RawCell(each, about.place) for each in about.value
            ]
        elif isinstance(about.value, str) and len(question.slots) != 1:
            texts = [tidy(each) for each in about.value.split(";") if each.strip()]
            if len(texts) > len(question.slots) > 0:
                texts = _with_semicolons(question, about, directory) or texts
            parts = [RawCell(each, about.place) for each in texts]
        else:
            parts = [about]
    place = about.place if about is not None else row.place
    if len(parts) != len(question.slots):
        wanted = " ; ".join(f"<{each}>" for each in question.slots)
        given = f"{len(parts)} {'is' if len(parts) == 1 else 'are'} given here"
        message = f"`{question.id}` is asked about {len(question.slots) or 'nothing by name'}, and {given}"
        help = f"write `{wanted}`" if wanted else "leave `about` blank: the question is about the whole"
        found.append(diagnostic("wrong-subject", message, place, help))
        return ()
    values: list[Value] = []
    for slot, type, part in zip(question.slots, question.types, parts, strict=True):
        try:
            value = read_value(type, part.value, slot)
            if type.is_thing:
                value = directory.find(type.name, str(value), part.place)
            values.append(value)
        except Unusable as error:
            found.append(diagnostic(error.name, error.message, part.place, error.help))
    return tuple(values)


def _with_semicolons(question: Question, about: RawCell, directory: Directory) -> list[str]:
    """What a question was asked about, where names hold a `;` themselves; [] where that is not clear."""
    pieces = str(about.value).split(";")
    fitting = []
    if len(pieces) > MOST_PIECES:
        return []
    for ends in itertools.combinations(range(1, len(pieces)), len(question.slots) - 1):
        bounds = itertools.pairwise((0, *ends, len(pieces)))
        texts = [tidy(";".join(pieces[start:end])) for start, end in bounds]
        try:
            for slot, type, text in zip(question.slots, question.types, texts, strict=True):
                value = read_value(type, text, slot)
                if type.is_thing:
                    directory.find(type.name, str(value), about.place)
        except Unusable:
            continue
        fitting.append(texts)
    return fitting[0] if len(fitting) == 1 else []


def read_incomplete(
    vocabulary: Vocabulary, sheet: Sheet | None, directory: Directory, found: list[Diagnostic]
) -> tuple[Incomplete, ...]:
    """Which lists are known to be incomplete, as a whole or of one thing.

    Args:
        vocabulary: The kinds.
        sheet: The list `incomplete`, or None.
        directory: Who is who.
        found: Where to note what is wrong.
    """
    result: dict[Incomplete, None] = {}
    for row in sheet.rows if sheet is not None else ():
        cell = row.cells.get("kind")
        written = "" if cell is None or is_blank(cell.value) else in_full(cell.value)
        name = find_name(written, vocabulary.given) if written else None
        if name is None:
            message = (
                f"`{shown(written)}` is no kind of fact"
                if written
                else "this row does not name a kind of fact"
            )
            help = did_you_mean(written, vocabulary.given) or f"the kinds are {listing(vocabulary.given)}"
            found.append(diagnostic("unknown-kind", message, (cell or RawCell(None, row.place)).place, help))
            continue
        about = row.cells.get("about")
        if about is None or is_blank(about.value):
            result[Incomplete(name)] = None
            continue
        for each in _gaps(vocabulary, name, about, directory, found):
            result[each] = None
    return tuple(result)


def _gaps(
    vocabulary: Vocabulary, name: str, about: RawCell, directory: Directory, found: list[Diagnostic]
) -> list[Incomplete]:
    """A gap in each field that the thing may stand in: relations of Ann may name her first or second."""
    kind = vocabulary.kinds[name]
    written = in_full(about.value)
    things = list(dict.fromkeys(each.type.name for each in kind.fields if each.type.is_thing))
    # Things with a list go first: a name that is in none of them may be that of anything else.
    things.sort(key=lambda each: not directory.has_list(each))
    first: Unusable | None = None
    for thing in things:
        try:
            id = directory.find(thing, written, about.place)
        except Unusable as error:
            first = first or error
            continue
        return [Incomplete(name, each.name, id) for each in kind.fields if each.type.name == thing]
    fault = first or Unusable(
        "not-a-value", f"`{name}` is about nothing that has a name", "leave `about` blank"
    )
    found.append(diagnostic(fault.name, fault.message, about.place, fault.help))
    return []
