"""A new kind of fact: its fields, and the sentences that say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import attrs

from bigrules.diagnostics import errors
from bigrules.facts.sheets import BUILT_IN, CHOICES_SHEET, REGISTER
from bigrules.findings.wording import negated
from bigrules.language import load
from bigrules.language.faults import Faults, did_you_mean
from bigrules.language.files import VOCABULARY
from bigrules.language.model import BUILT_IN_TYPES, Field, Type, Vocabulary
from bigrules.language.sentences import does_not_matter, slots_of
from bigrules.language.source import read_document
from bigrules.language.vocabulary import build_vocabulary
from bigrules.tools.new_files import Made, added, one_line, refused, written
from bigrules.tools.new_sentences import Said
from bigrules.tools.new_trial import Failed, place, would_fail
from bigrules.tools.new_yaml import comment, flow, laid_out, scalar

_NAME = re.compile(r"\w+(?:[ -]\w+)*")
_LONGEST = 60
_BOUNDS = re.compile(r"whole number from (-?\d+) to (-?\d+)")
_RESERVED = (REGISTER, CHOICES_SHEET, *BUILT_IN)


@attrs.frozen
class Column:
    """A field of the new kind.

    Args:
        name: Its name.
        keys: Its type, as the vocabulary writes it.
        type: The type itself.
    """

    name: str
    keys: dict[str, object]
    type: Type


def new_fact(
    name: str,
    rules: str = ".",
    *,
    fields: Sequence[str] = (),
    says: str = "",
    otherwise: str = "",
    lists: str = "",
    dated: bool = False,
    asks: str = "",
) -> Made:
    """Add a kind of fact to a vocabulary.

    Args:
        name: Its name, which is also that of its sheet.
        rules: The directory of the rulebook or amendment.
        fields: Each as `name: type`.
        says: A sentence that says it, with fields in its slots.
        otherwise: How its absence is said.
        lists: The thing that it is the list of, such as `person`.
        dated: Whether it is in force from a day until a day.
        asks: The question that is put where nobody was asked.

    Raises:
        InputError: It cannot be made; then nothing was.
    """
    name = one_line(name, "NAME")
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or name.casefold() in _RESERVED:
        help = f"at most {_LONGEST} letters, digits, spaces and `-`, and not {', '.join(_RESERVED)}"
        raise refused("bad-id", f"a kind of fact cannot be called `{name}`", "command line", help)
    says = one_line(says, "--says") if says else ""
    otherwise = one_line(otherwise, "--otherwise") if otherwise else ""
    lists = one_line(lists, "--lists") if lists else ""
    root = place(rules)
    rulebook, found = load(root, thorough=False)
    path = root / VOCABULARY
    vocabulary = rulebook.vocabulary if rulebook is not None else Vocabulary({}, ())
    for kind in vocabulary.kinds:
        if kind.casefold() == name.casefold():
            help = "choose another name, or add fields and sentences to it in `vocabulary.yaml`"
            raise refused("already-there", f"there is a kind of fact `{kind}` already", "command line", help)
    if rulebook is None and path.is_file():
        # Whoever wrote the rule first lacks just this kind of fact: what is wrong with rules does not matter here.
        document, _ = read_document(path, VOCABULARY, Faults())
        faults = Faults()
        if document is not None:
            vocabulary, _ = build_vocabulary(document, faults)
        if document is None or errors(faults.found):
            message = "`vocabulary.yaml` has faults, beside which nothing new can be tried"
            help = f"mend first what `bigrules test {rules}` says"
            raise refused("faults-first", message, "--rules", help)
    columns = _columns(fields, says, lists, dated, vocabulary.things)
    sentences = _sentences(name, columns, says, otherwise)
    lines = comment(f"{name}: say what a row is under `help`, and what is asked under `asks`.")
    lines.append(f"{scalar(name)}:")
    lines += [f"  lists: {scalar(lists)}"] if lists else []
    lines += ["  dated: yes"] if dated else []
    lines.append("  fields:")
    lines += [f"    {scalar(each.name)}: {flow(each.keys)}" for each in columns]
    lines.append("  sentences:")
    for own, absent in sentences:
        lines += (
            [f"    - says: {scalar(own)}", f"      otherwise: {scalar(absent)}"]
            if absent
            else [f"    - {scalar(own)}"]
        )
    lines.append(
        f"  asks: {scalar(one_line(asks or f'What is there to write down about {name}?', '--asks'))}"
    )
    lines.append(f"  help: {scalar(f'One row for each entry of {name}.')}")
    more = {path: added(path, name, laid_out("\n".join(lines) + "\n", "vocabulary"))}
    try:
        with written({}, more):
            after, now = load(root, thorough=False)
            # Of a rulebook with faults only what the new entry itself does is looked at.
            new = [
                each
                for each in now
                if each not in found
                and (rulebook is not None or getattr(each.place, "file", "").rpartition("/")[2] == VOCABULARY)
            ]
            if new or (rulebook is not None and after is None):
                raise Failed(new)
    except Failed as failed:
        raise would_fail(failed, "kind of fact", str(path)) from None
    example = _said(sentences[0][0], columns).stated({})
    notes = (f"A rule can say `{sentences[0][0]}`, and an example `{example}`.",)
    return Made((), ((str(path), name),), ("bigrules", "test", rules), notes)


def _columns(
    fields: Sequence[str], says: str, lists: str, dated: bool, things: Sequence[str]
) -> list[Column]:
    written = [_field(each, things) for each in fields]
    if not fields:
        slots = [each for each in dict.fromkeys(slots_of(says)) if not (dated and each in ("from", "until"))]
        written = [_guessed(each, things) for each in slots]
    if lists and not any(each.type.name == lists for each in written):
        written.insert(0, _column(lists, {"is": lists}, Type(lists)))
    if not written:
        thing = "person" if "person" in things or not things else things[0]
        written = [_column(thing, {"is": thing}, Type(thing))]
    names = [each.name.casefold() for each in written]
    for each in written:
        if names.count(each.name.casefold()) > 1:
            raise refused("bad-field", f"the field `{each.name}` stands twice", "--fields", "name each once")
        if dated and each.name in ("from", "until"):
            help = "leave it out: `--dated` adds it"
            raise refused("bad-field", f"a dated kind has a field `{each.name}` already", "--fields", help)
    first = written[0]
    if "one of" not in first.keys and first.name not in ("from", "until"):
        # A row of which nobody knows whom it is about says nothing.
        written[0] = attrs.evolve(first, keys={**first.keys, "blank means": "required"})
    return written


def _field(text: str, things: Sequence[str]) -> Column:
    """A field as it is written on the command line: `name: type`."""
    name, _, type_ = one_line(text, "--fields").partition(":")
    name, type_ = name.strip(), type_.strip()
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or not type_:
        help = "write it as `name: type`, such as `person: person`, `day: date` or `level: one of low, high`"
        raise refused("bad-field", f"`{text}` is no field", "--fields", help)
    if type_.startswith("one of "):
        choices = [each.strip() for each in type_.removeprefix("one of ").split(",")]
        if not all(choices) or len({each.casefold() for each in choices}) < len(choices) or len(choices) < 2:
            help = "write two or more different choices with commas between them"
            raise refused("bad-field", f"`{type_}` are no choices", "--fields", help)
        return _column(name, {"one of": choices}, Type("one of", tuple(choices)))
    if type_ == "happened":
        return _column(name, {"is": "date", "happened": "yes"}, Type("date"))
    if bounds := _BOUNDS.fullmatch(type_):
        least, greatest = int(bounds[1]), int(bounds[2])
        if least > greatest:
            raise refused("bad-field", f"`{type_}` holds no number", "--fields", "swap the two")
        keys = {"is": "whole number", "from": bounds[1], "to": bounds[2]}
        return _column(name, keys, Type("whole number", (), least, greatest))
    known = [*BUILT_IN_TYPES, "yes or no", *things]
    if not _NAME.fullmatch(type_) or " or " in type_.replace("yes or no", ""):
        otherwise = "write text, number, whole number, date, happened, yes or no, one of a, b, or a thing"
        help = did_you_mean(type_, known, otherwise) or otherwise
        raise refused("bad-field", f"there is no type `{type_}`", "--fields", help)
    if type_ == "yes or no":
        return _column(name, {"is": type_}, Type(type_, ("yes", "no")))
    return _column(name, {"is": type_}, Type(type_))


def _guessed(slot: str, things: Sequence[str]) -> Column:
    """The field that a slot of a sentence stands for, where nothing else is said."""
    if slot in things or (slot == "person" and "person" not in things):
        return _column(slot, {"is": slot}, Type(slot))
    if slot == "day" or slot.endswith(" day") or slot == "date":
        return _column(slot, {"is": "date"}, Type("date"))
    return _column(slot, {"is": "text"}, Type("text"))


def _column(name: str, keys: dict[str, object], type_: Type) -> Column:
    return Column(name, keys, type_)


def _sentences(name: str, columns: list[Column], says: str, otherwise: str) -> list[tuple[str, str]]:
    """The sentences, each with how its absence is said or ""."""
    if says:
        absent = otherwise or negated(says)
        fits = sorted(slots_of(absent)) == sorted(slots_of(says)) and not absent.startswith("it is not so")
        return [(says, absent if otherwise or fits else "")]
    usable = [each.name for each in columns if not does_not_matter(each.name) and each.name != "the day"]
    if not usable:
        return [(f"something is listed under {name}", f"nothing is listed under {name}")]
    first, *rest = usable
    found = [(f"<{first}> is listed under {name}", otherwise or f"<{first}> is not listed under {name}")]
    if rest:
        more = f"{name} with {_listed(rest)}"
        found.append((f"<{first}> is listed under {more}", f"<{first}> is not listed under {more}"))
    return found


def _listed(names: Iterable[str]) -> str:
    *others, last = [f"<{each}>" for each in names]
    return f"{', '.join(others)} and {last}" if others else last


def _said(sentence: str, columns: list[Column]) -> Said:
    by_name = {each.name: each for each in columns}
    fields = []
    for slot in slots_of(sentence):
        column = by_name.get(slot)
        fields.append(
            Field(slot, column.type if column else Type("date" if slot in ("from", "until") else "text"))
        )
    return Said(sentence, tuple(fields), "")
