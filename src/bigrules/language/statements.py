"""Examples: sentences with values in their slots."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping as Map
from typing import Any, Literal, cast

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import did_you_mean
from bigrules.language.model import Example, Statement, Type, Value
from bigrules.language.sentences import Entry, Sentences, slots_of
from bigrules.language.shape import Shape, convert, date, type_words
from bigrules.language.source import Listing, Mapping, Node, Text

OUTCOMES = ("met", "breached", "undecided", "judgement", "not applicable")
EXAMPLE_KEYS = ("name", "as of", "given", "then", "concerns", "note")
_STATUS = {"not": "false", "not recorded": "unknown"}
_RANGE = re.compile(r"(\d+) to (\d+)")
_RANGE_SLOT = re.compile(r"<\s*\d+ to \d+\s*>")
MAX_RANGE = 1_000
MAX_STATEMENTS = 20_000


@attrs.frozen
class Question:
    """Something that people can be asked: a rule with `ask`, or a definition that people decide.

    Args:
        types: The types of what it is asked about.
    """

    types: tuple[Type, ...]


@attrs.frozen
class Known:
    """What statements are read with.

    Args:
        sentences: Every sentence.
        columns: Names of the columns of each kind and definition.
        types: Their types.
        kinds: Names of the kinds of fact.
        questions: By the id of the rule or definition.
        under_a_reading: Whether it is for another reading than the adopted ones.
        worked_out: Names of the kinds that follow from others, and cannot be stated.
    """

    sentences: Sentences
    columns: Map[str, tuple[str, ...]]
    types: Map[str, tuple[Type, ...]]
    kinds: frozenset[str]
    questions: Map[str, Question]
    under_a_reading: bool = False
    worked_out: frozenset[str] = frozenset()


class Statements:
    """Reads the statements of one file."""

    def __init__(self, shape: Shape, known: Known) -> None:
        self.shape = shape
        self.faults = shape.faults
        self.known = known
        self.count = 0

    def examples(self, node: Node, is_rule: bool) -> tuple[Example, ...]:
        """The examples of a file."""
        found = [self.example(each, is_rule) for each in self.shape.items(node, "`examples`")]
        return tuple(each for each in found if each is not None)

    def example(self, node: Node, is_rule: bool) -> Example | None:
        """One example of a rule, or of a definition."""
        shape = self.shape
        keys = shape.mapping(node, "an example", EXAMPLE_KEYS)
        if keys is None:
            return None
        name = shape.text(keys["name"][1], "`name`") if "name" in keys else ""
        return self.case_with(node, keys, name, "this example", is_rule)

    def case_with(
        self, node: Node, keys: Map[str, tuple[Text, Node]], name: str, what: str, is_rule: bool
    ) -> Example:
        """What is given, and what comes out of it, as keys of a mapping say."""
        shape = self.shape
        as_of = self.day(keys["as of"][1]) if "as of" in keys else None
        given = self.statements(keys["given"][1]) if "given" in keys else ()
        then = ""
        holds: tuple[Statement, ...] = ()
        if "then" not in keys:
            help = "say what comes out"
            self.faults.add("missing-key", f"{what} has no `then`", shape.span(node), help)
        elif is_rule:
            then = shape.choice(keys["then"][1], "`then`", OUTCOMES)
        else:
            holds = self.statements(keys["then"][1], "`then`")
        concerns = None
        if "concerns" in keys:
            sets = []
            for each in shape.items(keys["concerns"][1], "`concerns`"):
                if isinstance(each, Text):
                    shape.wrong(each, "`concerns` is a list of lists of names", f"write `[[{each.text}]]`")
                else:
                    sets.append(frozenset(name.text for name in shape.texts(each, "`concerns`")))
            concerns = tuple(sets)
            if not is_rule:
                shape.wrong(
                    keys["concerns"][0], "an example of a definition has no `concerns`", "take it out"
                )
        return Example(name, given, then, holds, concerns, as_of, shape.span(node))

    def day(self, node: Node) -> datetime.date | None:
        """A date."""
        text = self.shape.text(node, "a date")
        found = date(text)
        if text and found is None:
            help = "write a date of the calendar, such as `2018-06-01`"
            self.faults.add("wrong-value", f"`{text}` is no date", self.shape.span(node), help)
        return found

    def statements(self, node: Node, what: str = "`given`") -> tuple[Statement, ...]:
        """A list of statements."""
        if isinstance(node, (Text, Mapping)):
            return tuple(self.statement(node))
        return tuple(each for item in self.shape.items(node, what) for each in self.statement(item))

    def statement(self, node: Node) -> list[Statement]:
        """One item of such a list, which may stand for several."""
        if isinstance(node, Text):
            return self.say(node, "true")
        if isinstance(node, Mapping) and len(node.entries) == 1:
            key, value = node.entries[0]
            if key.text in _STATUS:
                items = value.items if isinstance(value, Listing) else (value,)
                return [each for item in items for each in self.say(item, _STATUS[key.text])]
            if key.text == "not asked":
                return self.not_asked(value)
            if key.text == "answer":
                return self.answer(value)
            self.shape.unknown_key(key, "a statement", (*_STATUS, "not asked", "answer"))
            return []
        self.shape.wrong(
            node,
            "a statement is a sentence, or one of `not`, `not recorded`, `not asked`, `answer`",
            "write a sentence, or one of these with a `:` and a sentence behind it",
        )
        return []

    def not_asked(self, node: Node) -> list[Statement]:
        """Kinds of fact that were not asked."""
        found = []
        for each in self.shape.texts(node, "`not asked`"):
            if each.text in self.known.kinds:
                place = self.shape.span(each)
                found.append(Statement("not asked", each.text, (), f"not asked: {each.text}", place))
            else:
                help = did_you_mean(each.text, self.known.kinds, "write the name of a kind of fact")
                self.faults.add(
                    "unknown-kind", f"there is no kind `{each.text}`", self.shape.span(each), help
                )
        return found

    def answer(self, node: Node) -> list[Statement]:
        """What people decided."""
        shape = self.shape
        keys = shape.mapping(node, "an answer", ("question", "about", "answer", "when"))
        if keys is None:
            return []
        for key in ("question", "answer"):
            if key not in keys:
                self.faults.add("missing-key", f"this answer has no `{key}`", shape.span(node))
                return []
        question = shape.text(keys["question"][1], "`question`")
        answer = shape.choice(keys["answer"][1], "`answer`", ("yes", "no"))
        when = self.day(keys["when"][1]) if "when" in keys else None
        asked = self.known.questions.get(question)
        if asked is None:
            help = did_you_mean(
                question, self.known.questions, "write the id of a rule or definition that asks"
            )
            self.faults.add(
                "unknown-question", f"`{question}` does not ask people", shape.span(keys["question"][1]), help
            )
            return []
        listed = keys["about"][1] if "about" in keys else None
        empty = listed is None or (isinstance(listed, Listing) and not listed.items)
        about = [] if listed is None or empty else shape.texts(listed, "`about`")
        if len(about) != len(asked.types):
            message = f"`{question}` is asked about {len(asked.types)} and not about {len(about)}"
            help = "write `about: []`" if not asked.types else "write a value for each slot of the question"
            shape.wrong(keys["about"][1] if "about" in keys else node, message, help)
            return []
        values: list[Value] = []
        for each, type in zip(about, asked.types, strict=True):
            value, help = convert(each.text, type)
            if value is None:
                message = f"`{each.text}` is not {type_words(type)}"
                self.faults.add("wrong-value", message, shape.span(each), help)
                return []
            values.append(value)
        if not answer:
            return []
        text = (
            f"{question} of {', '.join(each.text for each in about)}: {answer}"
            if about
            else f"{question}: {answer}"
        )
        place = shape.span(node)
        return [Statement("answer", question, tuple(values), text, place, (), answer, when)]

    def say(self, node: Node, status: str) -> list[Statement]:
        """A sentence with values in its slots; a range in a slot is several."""
        if not isinstance(node, Text):
            help = "write one sentence with values in its slots, and an item of its own for each"
            self.shape.wrong(node, "a statement must be a sentence", help)
            return []
        text, place = node.text, self.shape.span(node)
        if self.count > MAX_STATEMENTS:
            return []
        entry = self.known.sentences.find(text)
        if entry is None:
            near = self.known.sentences.help(text)
            if near is not None:
                self.faults.add("unknown-sentence", f"no sentence says `{text}`", place, near)
            return []
        if entry.predicate in self.known.worked_out:
            help = "state what it follows from, or the day under `as of`"
            message = f"`{entry.predicate}` is worked out, and cannot be stated"
            self.faults.add("wrong-value", message, place, help)
            return []
        if entry.negated:
            if status != "true":
                help = "say what is so, without the `not` in either place"
                self.faults.add("wrong-value", "this says twice that it is not so", place, help)
                return []
            status = "false"
        written = slots_of(text)
        if sum(1 for each in written if _RANGE.fullmatch(each)) > 1:
            help = "write a statement for each of them"
            self.faults.add("bad-slot", "only one slot of a sentence can hold a range", place, help)
            return []
        found = self.fill(node, entry, written, status, place)
        self.count += len(found)
        if self.count > MAX_STATEMENTS:
            message = f"the examples of this file hold more than {MAX_STATEMENTS} statements"
            self.faults.add("too-large", message, place, "an example is best when it is small")
        return found

    def fill(
        self, node: Text, entry: Entry, written: tuple[str, ...], status: str, place: Span
    ) -> list[Statement]:
        """The statements for the values that are written in the slots."""
        types = self.known.types[entry.predicate]
        values: list[Value] = [None] * entry.columns
        for position, const in entry.fixed:
            values[position] = const.value
        spread: tuple[int, range] | None = None
        complete = True
        for slot, position in zip(written, entry.positions, strict=True):
            type = types[position]
            match = _RANGE.fullmatch(slot)
            if match and type.is_thing:
                first, last = (int(each[:10]) for each in match.groups())
                if last < first or last - first >= MAX_RANGE:
                    help = f"a range goes from the lesser to the greater, and over at most {MAX_RANGE}"
                    where = self.shape.document.within(node, f"<{slot}>")
                    self.faults.add("bad-slot", f"`{slot}` is no range", where, help)
                    complete = False
                spread = (position, range(first, last + 1))
                continue
            value, advice = convert(slot, type) if slot else (None, "write a value between `<` and `>`")
            if value is None:
                name = self.known.columns[entry.predicate][position]
                message = f"`<{slot}>` does not fit `<{name}>`, which is {type_words(type)}"
                where = self.shape.document.within(node, f"<{slot}>")
                self.faults.add("wrong-value", message, where, advice)
                complete = False
            values[position] = value
        if not complete:
            return []
        columns = self.known.columns[entry.predicate]
        fixed = tuple(columns[position] for position, _ in entry.fixed)
        kind = cast(Literal["true", "false", "unknown"], status)
        if spread is None:
            return [Statement(kind, entry.predicate, tuple(values), node.text, place, fixed)]
        found = []
        position, among = spread
        before, after = tuple(values[:position]), tuple(values[position + 1 :])
        around = _RANGE_SLOT.split(node.text)
        for name in map(str, among):
            # As its constructor makes it, which takes three times as long: a range makes many.
            made: Any = _DraftStatement()
            made.status, made.predicate, made.values = kind, entry.predicate, (*before, name, *after)
            made.text, made.place, made.fixed = f"<{name}>".join(around), place, fixed
            made.answer, made.when = "", None
            made.__class__ = Statement
            found.append(made)
        return found


class _DraftStatement:
    __slots__ = tuple(each.name for each in attrs.fields(Statement))
