"""What a new register says to those who fill it in: help on each column, sample rows, the first sheet."""

from __future__ import annotations

import datetime

from bigrules.facts.values import NO_BEGINNING
from bigrules.language.model import Field, Kind, Rulebook, Value

CERTAIN_HELP = "Blank or yes: it is so. Write no, or ?, where it is only possible that there is this record."
BUILT_IN_HELP = {
    "answers": {
        "question": "Which question: the name that the report gives it.",
        "about": "Whom or what it was asked about, as the report says; several with ; between them; blank: the whole.",
        "answer": "What was decided.",
        "who": "Who decided it.",
        "when": "On which day; without it, a question that is asked again after a time is asked again at once.",
        "why": "For what reason.",
    },
    "incomplete": {
        "kind": "Which list is known not to hold everything.",
        "about": "Of whom the list is incomplete; blank: as a whole.",
    },
}


def how_to(rulebook: Rulebook) -> list[str]:
    """How to fill a register in, line by line."""
    kinds = rulebook.vocabulary.given.values()
    # People are what most sheets name; a vocabulary without them may list something else.
    lists = next(
        (each for each in sorted(kinds, key=lambda kind: kind.lists != "person") if each.lists), None
    )
    lines = [
        "Each list has a sheet. Point at a heading, or click on a cell, to see what belongs there.",
        "Grey rows that begin with `example:` are never read. Write below them; they may stay.",
        "A list that nobody has asked about: leave its sheet as it is, or delete it. It counts as not asked, "
        "and whatever it might hold stays open.",
        "A list that was asked about and has nothing in it: write yes beside it under `Asked?`. "
        "Only then does the empty sheet say that there are none.",
        "A list that has rows counts as asked. If it is not finished, write no beside it; if it lacks "
        "something about one person alone, say so on the sheet `incomplete`.",
        "Write ? in any cell where something is not known. Point at its heading to see what a blank means.",
        "A column `certain` may be added to any sheet: no or ? in it says that the row is only possible.",
        "What people have decided goes on the sheet `answers`, beside the question that the report asks.",
    ]
    if lists is not None:
        named = f"Every {lists.lists} that another sheet names stands on `{lists.name}`, by the same name."
        lines.insert(1, named)
    return lines


def field_help(kind: Kind, field: Field) -> str:
    """What to write under a heading: help, type, and what a blank means.

    Args:
        kind: The kind that the field belongs to.
        field: The field.
    """
    parts = [field.help or {"from": "The first day.", "until": "The last day."}.get(field.name, "")]
    match field.type.name:
        case "yes or no":
            parts.append("yes or no.")
        case "one of":
            parts.append(f"One of: {', '.join(field.type.choices)}.")
        case "date":
            parts.append("A date such as 31/12/2017.")
        case "whole number":
            parts.append("A whole number.")
        case "number":
            parts.append("A number.")
    match field.blank.meaning:
        case "required":
            parts.append("Must be filled in.")
        case "nothing":
            parts.append("Blank: no end.")
        case "by now":
            parts.append(f"Blank: it had begun by the day of judging. `{NO_BEGINNING}`: it was always so.")
        case "value":
            parts.append(f"Blank: {text_of(field.blank.value)}.")
        case "unknown":
            parts.append(
                "Must be filled in." if kind.lists and field is kind.fields[0] else "Blank: not known."
            )
    if field.nobody:
        parts.append(f"Write {field.nobody[0]} where it is about no one.")
    return " ".join(each for each in parts if each)


def sample_row(kind: Kind) -> dict[str, Value]:
    """The example row of a kind: a value for each field, marked so that it is not read."""
    seen: dict[str, int] = {}
    row = {each.name: sample(each, seen) for each in kind.fields}
    first = kind.fields[0].name
    row[first] = f"example: {text_of(row[first])}"
    return row


def sample(field: Field, seen: dict[str, int]) -> Value:
    """A value for the example row; the second of one sort of thing has another name."""
    type = field.type
    if type.name == "yes or no":
        return "yes"
    if type.choices:
        return type.choices[0]
    if type.name == "date":
        return None if field.name == "until" else datetime.date(2017, 4, 1)
    if type.name in ("number", "whole number"):
        return type.least if type.least is not None else 1
    seen[type.name] = seen.get(type.name, 0) + 1
    if type.name == "person":
        return ("Ann Example", "Bob Sample", "Cy Specimen")[min(seen[type.name], 3) - 1]
    return f"{type.name if type.is_thing else 'words'} {seen[type.name]}"


def sheet_title(kind: str) -> str:
    """The name of a kind as a workbook allows it: at most 31 characters, and not all of them."""
    return "".join(" " if each in r"[]:*?/\'" else each for each in kind)[:31].strip()


def text_of(value: object) -> str:
    """A value as it is written in a text."""
    return value.strftime("%d/%m/%Y") if isinstance(value, datetime.date) else str(value)
