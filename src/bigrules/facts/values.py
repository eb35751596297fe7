"""From what stands in a cell to a value of a declared type, forgiving of how people write."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from bigrules.facts.case import BY_NOW, UNKNOWN, ByNow, Unknown
from bigrules.facts.raw import Broken
from bigrules.facts.words import (
    NO_NAMES,
    did_you_mean,
    fold,
    folded_apart,
    heading,
    is_example,
    is_placeholder,
    listing,
    says_not_known,
    says_nothing,
    tidy,
)
from bigrules.language.model import Field, Type, Value

_YES: Final = frozenset({"yes", "y", "true", "1", "✓", "✔"})
_NO: Final = frozenset({"no", "n", "false", "0", "✗", "✘"})
# `from` and `until` may be open: these words say so where a blank would mean something else.
NO_BEGINNING: Final = "always"
NO_END: Final = "no end"
_NO_BEGINNING: Final = frozenset({NO_BEGINNING, "no beginning"})
_NO_END: Final = frozenset({NO_END, "present", "ongoing", "to date", "current", "still"})
_NO_NAMES: Final = NO_NAMES | _NO_BEGINNING | _NO_END

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sep sept", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

# Outside of these a year is a slip of the keyboard (and day arithmetic could run out of the calendar).
FIRST_YEAR: Final = 1700
LAST_YEAR: Final = 2300

_DATE_HELP: Final = "write the day as 31/12/2017 or 2017-12-31, or `?` where it is not known"


class Unusable(ValueError):
    """A cell does not hold a value of its type.

    Args:
        name: Name of the diagnostic.
        message: Its message.
        help: Its help, or None.
    """

    def __init__(self, name: str, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.name, self.message, self.help = name, message, help


def shown(raw: object) -> str:
    """A raw value as it is quoted in a message.

    >>> shown(datetime.date(2017, 12, 31)), shown(3.0)
    ('31/12/2017', '3')
    """
    if isinstance(raw, datetime.date):
        return raw.strftime("%d/%m/") + str(raw.year)
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    # A choice of an enumeration that is a text is that text, however it would print itself.
    text = tidy(str.__str__(raw) if isinstance(raw, str) else str(raw))
    return text if len(text) <= 60 else f"{text[:57]}…"


def in_full(raw: object) -> str:
    """A raw value as the text that it is, however long; `shown` is for messages alone.

    >>> in_full(12.0), len(in_full("x" * 99)), len(shown("x" * 99))
    ('12', 99, 58)
    """
    return tidy(raw) if isinstance(raw, str) else shown(raw)


def is_blank(raw: object) -> bool:
    """Whether the cell is blank: nothing, spaces or a dash; or what a table of numbers holds where it is blank.

    >>> [is_blank(each) for each in (None, " ", "-", float("nan"), 0)]
    [True, True, True, True, False]
    """
    if isinstance(raw, str):
        return says_nothing(raw)
    # Not a number, and not a time: the one value that is not equal to itself.
    return raw is None or (isinstance(raw, float | datetime.datetime) and raw != raw)


def field_value(field: Field, raw: object) -> Value | Unknown | ByNow:
    """What a field's cell holds: a value, UNKNOWN, or what a blank in it means.

    Args:
        field: The field.
        raw: What stands in the cell.

    Raises:
        Unusable: It is no value of the field's type.

    >>> field_value(Field("in the area", Type("yes or no", ("yes", "no"))), " Y")
    'yes'
    """
    if raw is UNKNOWN:
        return UNKNOWN
    if raw is BY_NOW and field.name == "from":
        return BY_NOW
    if is_blank(raw):
        return blank_value(field)
    if isinstance(raw, str):
        if says_not_known(raw) and fold(raw) not in {fold(each) for each in field.type.choices}:
            return UNKNOWN
        if field.name == "from" and fold(raw) in _NO_BEGINNING:
            return None
        if field.name == "until" and fold(raw) in _NO_END:
            return None
    if field.name == "until" and isinstance(raw, datetime.date) and raw.year >= 9000:
        return None  # a day in 9999 is how other systems write that there is no end
    try:
        return read_value(field.type, raw, field.name)
    except Unusable as error:
        if error.name == "placeholder" and field.nobody:
            help = f"write `{field.nobody[0]}` where it is about no one, or `?` where it is not known"
        elif error.name == "placeholder" and field.blank.meaning == "required":
            help = "take the row out if it is about no one, or write `?` where it is not known"
        else:
            raise
        raise Unusable(error.name, error.message, help) from None


def blank_value(field: Field) -> Value | Unknown | ByNow:
    """What a blank means.

    Raises:
        Unusable: The field may not be blank.
    """
    match field.blank.meaning:
        case "unknown":
            return UNKNOWN
        case "nothing":
            return None
        case "by now":
            return BY_NOW
        case "value":
            return field.blank.value
        case "required":
            nobody = f", or `{field.nobody[0]}` where it is about no one" if field.nobody else ""
            help = f"fill it in; write `?` where it is not known{nobody}"
            raise Unusable("blank-required", f"`{field.name}` is blank", help)


def read_value(type: Type, raw: object, name: str = "") -> Value:
    """A value of the type.

    Args:
        type: The declared type.
        raw: What stands in the cell; neither blank nor "not known".
        name: Name of the field, for messages.

    Raises:
        Unusable: It is no value of the type.
    """
    if isinstance(raw, bool | str | int | float | Decimal | Fraction | datetime.date):
        if type.name == "yes or no":
            return read_yes_or_no(raw, name)
        if type.choices:
            return read_choice(type, raw, name)
        if type.name == "date":
            return read_date(raw)
        if type.name in ("number", "whole number"):
            return read_number(type, raw, name)
        if type.name == "text":
            return in_full(raw)
        return read_name(type, raw)
    if isinstance(raw, Broken):
        raise Unusable(raw.name, raw.message, raw.help)
    what = (
        "a list" if isinstance(raw, list | tuple | set) else "a mapping" if isinstance(raw, dict) else "this"
    )
    help = "write one value in each place"
    if isinstance(raw, datetime.time):
        what = f"the time `{raw:%H:%M}`"
        help = _DATE_HELP if type.name == "date" else "format the cell as text and type it again"
    raise Unusable("not-a-value", f"{what} cannot stand in `{name}`", help)


def read_yes_or_no(
    raw: object, name: str = "", help: str = "write yes or no, or `?` where it is not known"
) -> str:
    """`yes` or `no`, however it is written; `help` is said of what is neither.

    >>> read_yes_or_no("TRUE"), read_yes_or_no(0.0)
    ('yes', 'no')
    """
    word = fold(shown(raw))
    if word in _YES:
        return "yes"
    if word in _NO:
        return "no"
    about = f" in `{name}`" if name else ""
    raise Unusable(
        "not-yes-or-no",
        f"`{shown(raw)}` is neither yes nor no{about}",
        did_you_mean(word, ("yes", "no"), 0.6) or help,
    )


def read_choice(type: Type, raw: object, name: str = "") -> str:
    """One of the choices, whatever its case and spacing."""
    if isinstance(raw, str) and raw in type.choices:
        return type.choices[type.choices.index(raw)]
    words = {fold(each): each for each in type.choices}
    word = fold(in_full(raw))
    if word in words:
        return words[word]
    loose = {each.replace("-", " ").replace("_", " "): choice for each, choice in words.items()}
    if word.replace("-", " ").replace("_", " ") in loose:
        return loose[word.replace("-", " ").replace("_", " ")]
    if isinstance(raw, bool) and {"yes", "no"} <= set(words):
        return words["yes" if raw else "no"]
    about = f" of `{name}`" if name else ""
    # `partner` is no slip of one kind of partners: each of them may be meant.
    within = [choice for each, choice in words.items() if len(word) > 2 and word in each]
    help = (
        f"did you mean {listing(within, 'or')}?" if len(within) > 1 else did_you_mean(word, type.choices, 0.6)
    )
    help = help or f"write one of {listing(type.choices, 'or')}, or `?`"
    raise Unusable("not-a-choice", f"`{shown(raw)}` is none of the choices{about}", help)


def read_number(type: Type, raw: object, name: str = "") -> int | Fraction:
    """An exact number; text may have thousands separators and a currency sign.

    >>> read_number(Type("number"), "£1,250.50"), read_number(Type("whole number"), 3.0)
    (Fraction(2501, 2), 3)
    """
    about = f" in `{name}`" if name else ""
    wrong = Unusable(
        "not-a-number", f"`{shown(raw)}` is no number{about}", "write digits alone, such as 12 or 12.5"
    )
    if isinstance(raw, bool | datetime.date) or (isinstance(raw, float) and not math.isfinite(raw)):
        raise wrong
    text = tidy(raw).replace(" ", "") if isinstance(raw, str) else str(raw)
    text = text.lstrip("£€$")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    parts = re.fullmatch(r"([+-]?(?:\d{1,40}(?:\.\d{1,40})?|\.\d{1,40}))(?:[eE]([+-]?\d{1,2}))?(%)?", text)
    if parts is not None:
        # The text of a float is what was typed: 0.1 is a tenth and not its binary neighbour.
        number = Fraction(parts[1]) * Fraction(10) ** int(parts[2] or 0) / (100 if parts[3] else 1)
    elif re.fullmatch(r"[+-]?\d{1,40}/0*[1-9]\d{0,39}", text):
        number = Fraction(text)
    else:
        raise wrong
    if type.name == "whole number" and number.denominator != 1:
        help = "write one without a fraction, such as 3, or `?` where it is not known"
        raise Unusable("not-a-whole-number", f"`{shown(raw)}` is no whole number{about}", help)
    if type.least is not None and number < type.least:
        raise Unusable("out-of-range", f"`{shown(raw)}` is less than {type.least}{about}")
    if type.greatest is not None and number > type.greatest:
        raise Unusable("out-of-range", f"`{shown(raw)}` is more than {type.greatest}{about}")
    return int(number) if number.denominator == 1 else number


def read_name(type: Type, raw: object) -> str:
    """The name of a thing, tidied; which thing it is, is settled later."""
    if isinstance(raw, datetime.date):
        raise Unusable(
            "not-a-value",
            f"the date `{shown(raw)}` stands where the name of a {type.name} should be",
            "a spreadsheet may have made a date of it: format the cell as text and type it again",
        )
    if isinstance(raw, bool):
        help = "write the name, or `?` where it is not known"
        raise Unusable("not-a-value", f"`{raw}` stands where the name of a {type.name} should be", help)
    text = in_full(raw)
    if is_placeholder(text):
        raise Unusable(
            "placeholder",
            f"`{text}` is not the name of a {type.name}",
            "leave it blank if there is none, or write `?` where it is not known",
        )
    return text


def plain_names(names: Collection[str], nobody: Mapping[str, str]) -> bool:
    """Whether each is the name of one thing as it stands, whatever field it stands in; False if in doubt.

    Args:
        names: The names, no two of them equal.
        nobody: Words that say that a row is about no one, as headings, each with its first word.

    >>> plain_names(["Ann Example", "Bob Sample"], {"vacant seat": "vacant"})
    True
    >>> plain_names(["Ann Example", "ANN Example"], {})
    False
    >>> [plain_names([each], {"vacant seat": "vacant"}) for each in ("?", "n/a", " Ann", "Vacant_seat.")]
    [False, False, False, False]
    """
    if not names:
        return True
    folded = folded_apart(names) if {*map(type, names)} == {str} else None
    if folded is None or not _NO_NAMES.isdisjoint(folded):
        return False
    text = "|".join(folded)
    if "?" in text or (":" in text and any(is_example(each) for each in names)):
        return False
    # Headings are slow to make, and hardly ever needed.
    first = [each for each in nobody.values() if each in text]
    return not first or not any(heading(each) in nobody for each in names)


def read_date(raw: object) -> datetime.date:
    """A day, from a date or from text with the day first.

    >>> read_date("31.12.2017") == read_date("31 December 2017") == read_date("2017-12-31")
    True
    """
    if isinstance(raw, datetime.datetime):
        return _in_range(raw.date(), raw)
    if isinstance(raw, datetime.date):
        return _in_range(raw, raw)
    if isinstance(raw, str) and re.fullmatch(r"[2-7]\d{4}(\.\d{1,12})?", tidy(raw)):
        raw = float(tidy(raw))  # what is left of a date in a list that was saved as text
    if not isinstance(raw, str):
        if isinstance(raw, int | float) and not isinstance(raw, bool) and 20000 <= raw <= 80000:
            day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(raw))
            raise Unusable(
                "not-a-date",
                f"the number `{shown(raw)}` stands where a date should be",
                f"if it is a spreadsheet's number for {shown(day)}, format the cell as a date",
            )
        raise Unusable("not-a-date", f"`{shown(raw)}` is not a date", _DATE_HELP)
    if len(raw) == 10 and raw[4] == "-" == raw[7]:
        try:
            return _in_range(datetime.date.fromisoformat(raw), raw)
        except ValueError as error:
            if isinstance(error, Unusable):
                raise
    text = fold(raw).replace(",", " ")
    text = re.sub(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\.? +", "", text)
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([t ]\d{1,2}:\d{2}.*)?", text):
        return _day(raw, int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(\d{4})( \d{1,2}:\d{2}.*)?", text):
        return _day(raw, int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -]*([a-z]{3,})\.?[ -]*(\d{4})", text):
        if found[2] in _MONTHS:
            return _day(raw, int(found[3]), _MONTHS[found[2]], int(found[1]))
        raise Unusable(
            "not-a-date", f"`{shown(raw)}` names no month", did_you_mean(found[2], _MONTHS) or _DATE_HELP
        )
    if found := re.fullmatch(r"([a-z]{3,})\.? (\d{1,2})(?:st|nd|rd|th)? +(\d{4})", text):
        month = _MONTHS.get(found[1])
        if month is not None:
            return _day(raw, int(found[3]), month, int(found[2]))
    if re.fullmatch(r"\d{1,2} ?[-/. ] ?(\d{1,2}|[a-z]{3,}) ?[-/. ] ?'?\d{2}", text):
        raise Unusable(
            "two-digit-year",
            f"the year of `{shown(raw)}` has two digits",
            "write all four: a spreadsheet and a person may guess different centuries",
        )
    if re.fullmatch(r"([a-z]{3,}|\d{1,2})[ /.-]?\d{4}|\d{4}(-\d{2})?", text):
        raise Unusable("not-a-date", f"`{shown(raw)}` does not say which day", _DATE_HELP)
    raise Unusable("not-a-date", f"`{shown(raw)}` is not a date", _DATE_HELP)


def _day(raw: object, year: int, month: int, day: int) -> datetime.date:
    if not 1 <= month <= 12:
        turned = f"the day comes first, then the month: {month}/{day}/{year}"
        help = turned if 1 <= day <= 12 and month <= 31 else _DATE_HELP
        raise Unusable("no-such-date", f"there is no month {month}, in `{shown(raw)}`", help)
    try:
        return _in_range(datetime.date(year, month, day), raw)
    except ValueError as error:
        if isinstance(error, Unusable):
            raise
        raise Unusable("no-such-date", f"there is no day `{shown(raw)}`", _DATE_HELP) from None


def _in_range(day: datetime.date, raw: object) -> datetime.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unusable(
            "out-of-range",
            f"the year of `{shown(raw)}` cannot be meant",
            f"a year lies between {FIRST_YEAR} and {LAST_YEAR}",
        )
    return day
