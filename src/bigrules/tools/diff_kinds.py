"""What changed in the vocabulary, the ledger, the parameters and the manifest, as parts before and after."""

from __future__ import annotations

from collections.abc import Iterable

from bigrules.findings.wording import listed, number_in_words
from bigrules.language.model import Blank, Field, Kind, Parameter, Type, WorkedOut
from bigrules.tools.diff_parts import Part


def kind_parts(old: Kind, new: Kind) -> list[Part]:
    """What changed in a kind of fact."""
    found: list[Part] = []
    before, after = ({each.name: each for each in kind.fields} for kind in (old, new))
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            found.append(Part("field", _field(one), _field(other)))
        elif one != other:
            found += _fields(name, one, other)
    if list(before) != list(after) and sorted(before) == sorted(after):
        found.append(Part("order of the fields", listed(before), listed(after), True))
    for sentence in _changed((each.says for each in old.sentences), (each.says for each in new.sentences)):
        found.append(Part("sentence", *sentence))
    sentences = [{each.says: each for each in kind.sentences} for kind in (old, new)]
    for says in sentences[0].keys() & sentences[1].keys():
        one_, other_ = (each[says] for each in sentences)
        if (one_.fixed, one_.acyclic) != (other_.fixed, other_.acyclic):
            found.append(Part(f"what “{says}” says", _fixed(one_.fixed), _fixed(other_.fixed)))
        elif one_.negative != other_.negative:
            found.append(Part("sentence for the contrary", one_.negative, other_.negative, True))
    for what, one_text, other_text in (
        ("dated", _yes(old.dated), _yes(new.dated)),
        ("lists", old.lists, new.lists),
        ("key", listed(old.key), listed(new.key)),
        ("one for each", old.one_for_each, new.one_for_each),
        ("worked out from", _worked_out(old), _worked_out(new)),
    ):
        if one_text != other_text:
            found.append(Part(what, one_text, other_text))
    for what, one_text, other_text in (
        ("what a missing row means", old.no_row, new.no_row),
        ("question", old.asks, new.asks),
        ("help", old.help, new.help),
    ):
        if one_text != other_text:
            found.append(Part(what, one_text, other_text, True))
    if (old.adopted, old.other_readings) != (new.adopted, new.other_readings):
        names = [[each.name for each in kind.other_readings] for kind in (old, new)]
        found.append(Part("readings", listed(names[0]), listed(names[1]), True))
    return found


def _fields(name: str, old: Field, new: Field) -> list[Part]:
    """What changed in a field."""
    found = []
    for what, one, other in (
        ("what it holds", type_said(old.type), type_said(new.type)),
        ("what a blank means", _blank(old.blank), _blank(new.blank)),
        ("whether it is the day on which it happened", _yes(old.happened), _yes(new.happened)),
        ("words for nobody", listed(old.nobody), listed(new.nobody)),
    ):
        if one != other:
            found.append(Part(f"{name}: {what}", one, other))
    for what, one, other in (("question", old.asks, new.asks), ("help", old.help, new.help)):
        if one != other:
            found.append(Part(f"{name}: {what}", one, other, True))
    return found


def _changed(old: Iterable[str], new: Iterable[str]) -> list[tuple[str, str]]:
    before, after = list(old), list(new)
    gone = [(each, "") for each in before if each not in after]
    return [*gone, *(("", each) for each in after if each not in before)]


def _field(field: Field | None) -> str:
    return f"{field.name}: {type_said(field.type)}" if field is not None else ""


def type_said(type_: Type) -> str:
    """What a field may hold.

    >>> type_said(Type("whole number", (), 0, 9))
    'whole number from 0 to 9'
    """
    if type_.name == "one of":
        return f"one of {', '.join(type_.choices)}"
    least = f" from {type_.least}" if type_.least is not None else ""
    return type_.name + least + (f" to {type_.greatest}" if type_.greatest is not None else "")


def _blank(blank: Blank) -> str:
    return str(blank.value) if blank.meaning == "value" else blank.meaning


def _fixed(fixed: tuple[tuple[str, object], ...]) -> str:
    return listed(f"{name}: {value}" for name, value in fixed)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _worked_out(kind: Kind) -> str:
    if isinstance(kind.worked_out, WorkedOut):
        return f"{kind.worked_out.list}, where {listed(kind.worked_out.known)} is known"
    return "" if kind.worked_out is None else str(kind.worked_out)


def parameter_said(parameter: Parameter) -> str:
    """The value of a parameter, or its values in time."""
    if parameter.value is not None:
        return number_in_words(parameter.value)
    said = []
    for each in parameter.values:
        since = f" from {each.start}" if each.start else ""
        until = f" until {each.end}" if each.end else ""
        said.append(f"{number_in_words(each.value)}{since}{until}")
    return listed(said)
