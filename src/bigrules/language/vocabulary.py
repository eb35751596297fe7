"""vocabulary.yaml → Vocabulary: the kinds of fact, their fields, and the sentences that say them."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from typing import Any

import attrs

from bigrules.diagnostics import Span
from bigrules.language.faults import Faults, in_words, nearest
from bigrules.language.model import (
    BUILT_IN_TYPES,
    Blank,
    Const,
    Field,
    Kind,
    Reading,
    Sentence,
    Type,
    Value,
    Vocabulary,
)
from bigrules.language.sentences import Entry, Sentences, slots_of
from bigrules.language.shape import Shape, convert, number, type_words
from bigrules.language.source import Document, Listing, Mapping, Node, Text
from bigrules.language.worked_out import read_worked_out

KIND_KEYS = (
    "fields", "sentences", "dated", "lists", "key", "one for each", "no row means", "asks", "help",
    "worked out from", "adopted reading", "other readings", "note",
)  # fmt: skip
FIELD_KEYS = ("is", "one of", "from", "to", "blank means", "happened", "nobody", "asks", "help")
SENTENCE_KEYS = ("says", "with", "otherwise", "slots", "no cycles")
YES_OR_NO = Type("yes or no", ("yes", "no"))
DATE = Type("date")


def build_vocabulary(document: Document, faults: Faults) -> tuple[Vocabulary, dict[str, Span]]:
    """The vocabulary that a document describes, as far as it can be understood.

    Args:
        document: `vocabulary.yaml`.
        faults: Where to note what is wrong.

    Returns:
        The vocabulary, and where each of its sentences stands.
    """
    builder = _Builder(document, faults)
    return builder.build(), builder.places


def index_vocabulary(
    vocabulary: Vocabulary, places: Map[str, Span], sentences: Sentences, faults: Faults
) -> None:
    """Enter every sentence of a vocabulary; the same sentence twice is a fault."""
    for kind in vocabulary.kinds.values():
        columns = {each.name: at for at, each in enumerate(kind.fields)}
        for sentence in kind.sentences:
            if any(name not in columns for name in sentence.fields):
                continue  # noted already
            fixed = tuple((columns[name], Const(value)) for name, value in sentence.fixed)
            positions = tuple(columns[name] for name in sentence.fields)
            place = places.get(sentence.says, kind.place)
            entry = Entry(kind.name, sentence.says, len(columns), positions, fixed, False, place)
            enter(entry, sentences, faults)
            if sentence.negative:
                order = slots_of(sentence.says)
                at = tuple(positions[order.index(each)] for each in slots_of(sentence.negative))
                place = places.get(sentence.negative, kind.place)
                entry = Entry(kind.name, sentence.negative, len(columns), at, fixed, True, place)
                enter(entry, sentences, faults)


def enter(entry: Entry, sentences: Sentences, faults: Faults) -> None:
    """Enter one sentence; a fault where it is said already."""
    other = sentences.add(entry)
    if other is not None:
        where = f"`{other.predicate}` ({other.place.file}:{other.place.line})"
        message = f"`{entry.says}` is said by `{entry.predicate}` and by {where}"
        faults.add("same-sentence", message, entry.place, "let one of them say it in other words")


_NAME = re.compile(r"\w+(?:[ -]\w+)*")
_LONGEST_NAME = 60


class _Builder:
    def __init__(self, document: Document, faults: Faults) -> None:
        self.document = document
        self.faults = faults
        self.shape = Shape(document, faults)
        self.listed: set[str] = set()
        self.things: dict[str, None] = {}
        self.places: dict[str, Span] = {}

    def build(self) -> Vocabulary:
        kinds: dict[str, Kind] = {}
        worked_out: dict[str, Node] = {}
        entries = self.shape.mapping(self.document.root, "the vocabulary") or {}
        for _, node in entries.values():
            listed = node.get("lists") if isinstance(node, Mapping) else None
            if isinstance(listed, Text) and listed.text:
                self.listed.add(listed.text)
        folded: dict[str, str] = {}
        for name, (key, node) in entries.items():
            if name.casefold() in folded:
                message = f"`{name}` and `{folded[name.casefold()]}` are the same name but for capitals"
                self.faults.add("duplicate-name", message, self.shape.span(key))
                continue
            folded[name.casefold()] = name
            kind = self.kind(key, node)
            if kind is not None:
                kinds[name] = kind
                made = node.get("worked out from") if isinstance(node, Mapping) else None
                if made is not None:
                    worked_out[name] = made
        for name, made in worked_out.items():
            # Only now is it known which other kinds there are.
            how = read_worked_out(self.shape, kinds, kinds[name], made, worked_out)
            kinds[name] = attrs.evolve(kinds[name], worked_out=how)
        return Vocabulary(kinds, tuple(self.things))

    def kind(self, key: Text, node: Node) -> Kind | None:
        keys = self.shape.mapping(node, "a kind of fact", KIND_KEYS)
        if keys is None:
            return None
        shape, name = self.shape, key.text
        if "fields" not in keys:
            help = "give it `fields`, each with its type"
            self.faults.add("missing-key", f"`{name}` has no `fields`", shape.span(key), help)
        fields = self.fields(keys["fields"][1]) if "fields" in keys else []
        dated = "dated" in keys and shape.yes(keys["dated"][1], "`dated`")
        if dated:
            fields = self.dated(fields)
        by_name = {each.name: each for each in fields}
        happened = [each.name for each in fields if each.happened]
        if len(happened) > 1:
            message = f"only one field of `{name}` can be the day on which it happened"
            self.faults.add("wrong-value", message, shape.span(key), "take `happened` out of the others")
        lists = shape.text(keys["lists"][1], "`lists`") if "lists" in keys else ""
        if lists:
            self.things.setdefault(lists)
            if not fields or fields[0].type.name != lists:
                message = f"the first field of `{name}` must be a `{lists}`, since it lists them"
                help = f"begin its fields with one such as `{lists}: {{is: {lists}}}`"
                self.faults.add("wrong-value", message, shape.span(keys["lists"][1]), help)
        unique = self.names(keys, "key", by_name)
        one = self.names(keys, "one for each", by_name)
        if one and not by_name[one[0]].type.is_thing:
            message = f"`{one[0]}` is no thing that can be listed"
            help = "name a field that holds a thing, such as a person"
            self.faults.add("wrong-value", message, shape.span(keys["one for each"][1]), help)
        sentences: list[Sentence] = []
        if "sentences" in keys:
            listing = keys["sentences"][1]
            for item in listing.items if isinstance(listing, Listing) else (listing,):
                sentence = self.sentence(item, by_name)
                if sentence is not None:
                    sentences.append(sentence)
        adopted, others = self.readings(keys)
        return Kind(
            name,
            tuple(fields),
            tuple(sentences),
            dated,
            lists,
            tuple(unique),
            one[0] if one else "",
            self.words(keys, "no row means"),
            self.words(keys, "asks"),
            self.words(keys, "help"),
            shape.span(key),
            adopted,
            others,
        )

    def words(self, keys: dict[str, tuple[Text, Node]], key: str) -> str:
        """The text under a key, or ""."""
        return self.shape.text(keys[key][1], f"`{key}`") if key in keys else ""

    def readings(self, keys: dict[str, tuple[Text, Node]]) -> tuple[Reading | None, tuple[Reading, ...]]:
        from bigrules.language.readings import read_adopted, read_readings

        adopted = read_adopted(self.shape, keys["adopted reading"][1]) if "adopted reading" in keys else None
        others = read_readings(self.shape, keys["other readings"][1]) if "other readings" in keys else ()
        return adopted, others

    def names(self, keys: dict[str, tuple[Text, Node]], key: str, fields: dict[str, Field]) -> list[str]:
        """Names of fields under a key."""
        if key not in keys:
            return []
        found = []
        for each in self.shape.texts(keys[key][1], f"`{key}`"):
            if each.text in fields:
                found.append(each.text)
            else:
                self.no_field(each, fields)
        return found

    def no_field(self, node: Text, fields: dict[str, Field], part: str = "") -> None:
        word = part or node.text
        near = nearest(word, fields)
        help = (
            f"did you mean `{near}`?"
            if near
            else f"its fields are {in_words(fields, 'and')}"
            if fields
            else "give the kind `fields`, each with its type"
        )
        place = self.document.within(node, f"<{part}>") if part else self.shape.span(node)
        self.faults.add("slot-is-no-field", f"there is no field `{word}`", place, help)

    def dated(self, fields: list[Field]) -> list[Field]:
        """The fields with `from` and `until`, which an author may give a help or a question."""
        ends = {"from": Field("from", DATE, Blank("by now")), "until": Field("until", DATE, Blank("nothing"))}
        rest = []
        for each in fields:
            if each.name in ends and each.type.name in ("date", "text"):
                given = each.blank if each.blank != Blank() else ends[each.name].blank
                ends[each.name] = attrs.evolve(each, type=DATE, blank=given)
            else:
                rest.append(each)
        return [*rest, ends["from"], ends["until"]]

    def fields(self, node: Node) -> list[Field]:
        keys = self.shape.mapping(node, "`fields`") or {}
        found = []
        for key, value in keys.values():
            field = self.field(key, value)
            if field is not None:
                found.append(field)
        return found

    def field(self, key: Text, node: Node) -> Field | None:
        # It becomes an attribute and a key in code that libraries generate: nothing in it may end a text there.
        if not _NAME.fullmatch(key.text) or len(key.text) > _LONGEST_NAME:
            help = f"at most {_LONGEST_NAME} letters, digits, spaces and `-`; the `help` of the field can say more"
            self.shape.wrong(key, f"a field cannot be called `{key.text}`", help)
            return None
        keys = self.shape.mapping(node, "a field", FIELD_KEYS)
        if keys is None:
            return None
        type = self.type(key, keys)
        if key.text.casefold() == "certain":
            help = "every list has a column of that name: it says whether there is the record at all"
            self.faults.add("wrong-value", "a field cannot be called `certain`", self.shape.span(key), help)
        blank = self.blank(key, keys, type)
        happened = "happened" in keys and self.shape.yes(keys["happened"][1], "`happened`")
        if happened and type.name != "date":
            message = f"`{key.text}` must be a date to have happened"
            self.faults.add(
                "wrong-value", message, self.shape.span(key), "write `is: date`, or take `happened` out"
            )
        nobody = self.shape.texts(keys["nobody"][1], "`nobody`") if "nobody" in keys else []
        asks = self.shape.text(keys["asks"][1], "`asks`") if "asks" in keys else ""
        help = self.shape.text(keys["help"][1], "`help`") if "help" in keys else ""
        return Field(key.text, type, blank, asks, tuple(each.text for each in nobody), help, happened)

    def type(self, key: Text, keys: dict[str, tuple[Text, Node]]) -> Type:
        shape = self.shape
        least = self.bound(keys, "from")
        greatest = self.bound(keys, "to")
        if "one of" in keys:
            choices = [each.text for each in shape.texts(keys["one of"][1], "`one of`")]
            if len({each.casefold() for each in choices}) < len(choices):
                shape.wrong(keys["one of"][1], f"`{key.text}` has the same choice twice", "keep one of them")
            if "is" in keys:
                shape.wrong(keys["is"][0], f"`{key.text}` has both `is` and `one of`", "keep one of them")
            return Type("one of", tuple(choices)) if choices else Type("text")
        if "is" not in keys:
            if key.text in ("from", "until"):
                return DATE
            help = "say what it `is`, or that it is `one of` some choices"
            self.faults.add("missing-key", f"`{key.text}` has no type", shape.span(key), help)
            return Type("text")
        name = shape.text(keys["is"][1], "`is`")
        if name == "yes or no":
            return YES_OR_NO
        if name in BUILT_IN_TYPES:
            if (least is not None or greatest is not None) and name not in ("whole number", "number"):
                help = "take them out: only a `whole number` has them"
                self.shape.wrong(key, f"`from` and `to` do not go with `{name}`", help)
            if name == "number" and (least is not None or greatest is not None):
                help = "make it a `whole number`, or leave `from` and `to` out"
                self.shape.wrong(key, "only a `whole number` has `from` and `to`", help)
                return Type("number")
            if least is not None and greatest is not None and least > greatest:
                message = f"`{key.text}` can be nothing: `from` is more than `to`"
                self.shape.wrong(keys["from"][1], message, "swap them")
            return Type(name, (), least, greatest)
        if name not in self.listed:
            near = nearest(name, [*BUILT_IN_TYPES, *self.listed]) if name else None
            if near or not name or " or " in name:
                help = (
                    f"did you mean `{near}`?" if near else f"it can be {in_words(BUILT_IN_TYPES)}, or a thing"
                )
                message = f"there is no type `{name}`"
                self.faults.add("unknown-type", message, shape.span(keys["is"][1]), help)
                return Type("text")
        self.things.setdefault(name)
        return Type(name)

    def bound(self, keys: dict[str, tuple[Text, Node]], key: str) -> int | None:
        if key not in keys:
            return None
        text = self.shape.text(keys[key][1], f"`{key}`")
        value = number(text)
        if value is None or value.denominator != 1:
            if text:
                self.shape.wrong(keys[key][1], f"`{text}` is not a whole number", "write it like `12`")
            return None
        return int(value)

    def blank(self, key: Text, keys: dict[str, tuple[Text, Node]], type: Type) -> Blank:
        if "blank means" not in keys:
            return Blank()
        node = keys["blank means"][1]
        text = self.shape.text(node, "`blank means`")
        if text in ("", "unknown"):
            return Blank()
        if text == "required":
            return Blank("required")
        if text == "nothing" and key.text == "until":
            return Blank("nothing")
        if text == "by now" and key.text == "from":
            return Blank("by now")
        value, help = convert(text, type)
        if value is None or type.is_thing:
            message = f"a blank `{key.text}` cannot mean `{text}`"
            self.faults.add(
                "wrong-value", message, self.shape.span(node), help or "write `unknown` or `required`"
            )
            return Blank()
        return Blank("value", value)

    def sentence(self, node: Node, fields: dict[str, Field]) -> Sentence | None:
        """One sentence of a kind."""
        keys: dict[str, tuple[Text, Node]] = {}
        if isinstance(node, Text):
            says_node: Node = node
        else:
            keys = self.shape.mapping(node, "a sentence", SENTENCE_KEYS) or {}
            if "says" not in keys:
                self.faults.add("missing-key", "this sentence has no `says`", self.shape.span(node))
                return None
            says_node = keys["says"][1]
        says = self.shape.text(says_node, "a sentence")
        if not says or not isinstance(says_node, Text):
            return None
        words: dict[str, str] = {}
        if "slots" in keys:
            for key, value in (self.shape.mapping(keys["slots"][1], "`slots`") or {}).values():
                field = self.shape.text(value, "a slot")
                if f"<{key.text}>" not in says:
                    message = f"`{says}` has no slot `<{key.text}>`"
                    help = "a key of `slots` is a word that stands in the sentence between `<` and `>`"
                    self.faults.add("bad-slot", message, self.shape.span(key), help)
                elif isinstance(value, Text) and field and field not in fields:
                    self.no_field(value, fields)
                words[key.text] = field
        found, complete = [], True
        for slot in slots_of(says):
            name = words.get(slot, slot)
            if name not in fields:
                complete = False
                if slot not in words:
                    self.no_field(says_node, fields, slot)
            found.append(name)
        if len(set(found)) < len(found):
            message = f"`{says}` has one field in two slots"
            help = "give each slot a field of its own, by its word or under `slots`"
            self.faults.add("bad-slot", message, self.shape.span(says_node), help)
            complete = False
        fixed = self.fixed(keys, fields, found)
        self.places[says] = self.shape.span(says_node)
        otherwise = self.words(keys, "otherwise")
        if otherwise:
            place = self.places[otherwise] = self.shape.span(keys["otherwise"][1])
            if sorted(slots_of(otherwise)) != sorted(slots_of(says)):
                message = f"`{otherwise}` has not the slots of `{says}`"
                help = f"write {in_words((f'<{each}>' for each in slots_of(says)), 'and')}"
                self.faults.add("bad-slot", message, place, help)
                otherwise = ""
        acyclic = "no cycles" in keys and self.shape.yes(keys["no cycles"][1], "`no cycles`")
        if acyclic and complete and (len(found) < 2 or fields[found[0]].type != fields[found[1]].type):
            message = "`no cycles` needs a sentence whose first two slots are of one type"
            help = "take it out, or say it of a sentence such as `<person> is a parent of <other>`"
            self.shape.wrong(keys["no cycles"][0], message, help)
            acyclic = False
        return Sentence(says, tuple(found), fixed, otherwise, acyclic) if complete else None

    def fixed(
        self, keys: dict[str, tuple[Text, Node]], fields: dict[str, Field], found: list[str]
    ) -> tuple[tuple[str, Value], ...]:
        """The fields that the sentence gives a value."""
        if "with" not in keys:
            return ()
        values: list[tuple[str, Any]] = []
        for key, node in (self.shape.mapping(keys["with"][1], "`with`") or {}).values():
            text = self.shape.text(node, f"`{key.text}`")
            if key.text not in fields:
                self.no_field(key, fields)
                continue
            if key.text in found:
                self.shape.wrong(key, f"`{key.text}` stands in a slot and under `with`", "keep one of them")
            type = fields[key.text].type
            value, help = convert(text, type)
            if text and value is None:
                message = f"`{key.text}` cannot be `{text}`; it is {type_words(type)}"
                self.faults.add("wrong-value", message, self.shape.span(node), help)
            else:
                values.append((key.text, value))
        return tuple(values)
