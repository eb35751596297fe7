"""Words for what comes out: names, values and places, and the sentences of rules filled with them.

No sentence about a rule is written here: what a rule or a kind of fact says stands in the rulebook, and
this module only fills its slots.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from bigrules.diagnostics import Cell, DataPath, Place, Span
from bigrules.language.model import Rulebook

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SLOT = re.compile(r"<([^<>]+)>")
_VERB = re.compile(r"(>\s+)(is|are|was|were|has been|have been)\s(?!not\b)")


# ---------------------------------------------------------------- small words


def day_in_words(day: datetime.date) -> str:
    """A date as people write it.

    >>> day_in_words(datetime.date(2018, 3, 1))
    '1 March 2018'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Several things in one phrase.

    >>> listed(["Ann", "Bob", "Cid"])
    'Ann, Bob and Cid'
    """
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts as people do.

    >>> sorted(["person 10", "person 9"], key=natural)
    ['person 9', 'person 10']
    """
    return tuple((int(part) if part.isdigit() else -1, part) for part in re.split(r"(\d+)", text))


def sentence(text: str) -> str:
    """The text with a capital at the front and a full stop at the end.

    >>> sentence("nobody is related")
    'Nobody is related.'
    >>> sentence("person-1 is related")
    'person-1 is related.'
    """
    text = text.strip()
    if not text:
        return ""
    # The ids of the JSON form stay as they are.
    text = text if re.match(r"[a-z-]+-\d+\b", text) else text[0].upper() + text[1:]
    return text if text[-1] in ".?!:" else text + "."


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "rule"), count(3, "rule")
    ('1 rule', '3 rules')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def number_in_words(value: object) -> str:
    """A number without loss, as short as it goes.

    >>> number_in_words(Fraction(51, 100)), number_in_words(Fraction(1, 3)), number_in_words(Fraction(8))
    ('0.51', '1/3', '8')
    """
    if not isinstance(value, Fraction):
        return str(value)
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1 and value.denominator <= 10**6:
        return f"{float(value):.10f}".rstrip("0")
    return f"{value.numerator}/{value.denominator}"


def percent(value: Fraction, beside: object = None) -> str:
    """A fraction as a percentage, with as many places as keep it apart from the limit.

    >>> percent(Fraction(51, 100)), percent(Fraction(4, 9))
    ('51%', '44.4%')
    >>> percent(Fraction(50999, 100000), Fraction(51, 100))
    '50.999%'
    """
    exact = value * 100
    for places in range(7):
        shown = f"{float(exact):.{places}f}"
        if Fraction(shown) == exact:
            return shown + "%"
        if places and not (isinstance(beside, Fraction) and Fraction(shown) == beside * 100):
            return shown + "%"
    return number_in_words(value)


def where_from(place: Place | None, kind: str = "") -> str:
    """Where a fact stands in a register, as people would look it up.

    >>> where_from(Cell("ours.xlsx", "memberships", "C4"))
    'memberships, row 4'
    >>> where_from(DataPath("ours.json", "memberships[3].person"))
    'memberships, record 4'
    >>> where_from(DataPath("ours.json", '["taking part"][0].person'))
    'taking part, record 1'
    >>> where_from(Span("ours.yaml", 7), "homes")
    'homes, line 7'
    """
    if isinstance(place, Cell):
        sheet = place.sheet or kind or _base(place.file).rsplit(".", 1)[0]
        row = re.search(r"\d+", place.cell)
        return f"{sheet}, row {row.group()}" if row else sheet
    if isinstance(place, DataPath):
        record = re.match(r'(?:\["([^"]+)"\]|([^\[\].]+))\[(\d+)\]', place.path)
        if record is None:
            return place.path
        return f"{record.group(1) or record.group(2)}, record {int(record.group(3)) + 1}"
    if isinstance(place, Span) and place.file:
        return f"{kind or _base(place.file)}, line {place.line}"
    return ""


def _base(file: str) -> str:
    return re.split(r"[/\\]", file)[-1]


def clause_in_words(rulebook: Rulebook, source: Iterable[str]) -> str:
    """Each clause by its section and its place in it."""
    sections: dict[str, list[str]] = {}
    for each in source:
        clause = rulebook.clauses.get(each)
        places = sections.setdefault(clause.section if clause else each, [])
        if clause and clause.place:
            places.append(clause.place)
    return "; ".join(
        ": ".join(each for each in (section, listed(places)) if each) for section, places in sections.items()
    )


# ---------------------------------------------------------------- sentences


def with_dates(text: str) -> str:
    """A text with the dates in it as people write them.

    >>> with_dates("before 2016-01-01")
    'before 1 January 2016'
    """

    def said(found: re.Match[str]) -> str:
        try:
            return day_in_words(datetime.date.fromisoformat(found.group()))
        except ValueError:
            return found.group()

    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", said, text)


def fill(text: str, slots: Mapping[str, str], keep: bool = False) -> str:
    """A sentence with its slots filled; a slot that nothing fills stays a word, or is kept as it is.

    >>> fill("<person> holds <any office>", {"person": "Ann"})
    'Ann holds any office'
    """
    return SLOT.sub(lambda found: slots.get(found.group(1), found.group() if keep else found.group(1)), text)


def articled(text: str) -> str:
    """A sentence with words in place of its slots: "a worker" where one is named first, then "the worker".

    >>> articled("<decision> is about a grant and <decision> was taken on <any day>")
    'a decision is about a grant and the decision was taken on any day'
    """
    seen: set[str] = set()

    def said(found: re.Match[str]) -> str:
        slot = found.group(1)
        if slot.startswith("any "):
            return slot
        first = slot not in seen
        seen.add(slot)
        if slot == "other":
            return "another" if first else "the other"
        return f"{article(slot) if first else 'the'} {slot}" if not slot.startswith("the ") else slot

    return SLOT.sub(said, text)


def slots_of(text: str) -> tuple[str, ...]:
    """The slots of a sentence in order.

    >>> slots_of("<worker> and <officer> are related")
    ('worker', 'officer')
    """
    return tuple(SLOT.findall(text))


def shape(text: str) -> str:
    """A sentence with its slots blanked, to look it up by.

    >>> shape("<a>  and <b> are Related")
    '<> and <> are related'
    """
    return " ".join(SLOT.sub("<>", text).lower().split())


def negated(text: str, negative: str = "") -> str:
    """How the absence of a sentence is said, slots unfilled.

    >>> negated("<a> and <b> are related")
    '<a> and <b> are not related'
    >>> negated("<person> holds a membership")
    'it is not so that <person> holds a membership'
    """
    if negative:
        return negative
    changed, times = _VERB.subn(lambda found: f"{found.group(1)}{_not(found.group(2))} ", text, count=1)
    return changed if times else f"it is not so that {text}"


def _not(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    return f"{first} not {rest}".strip()


def about(text: str, key: str) -> str:
    """What a sentence says of the slot it begins with.

    >>> about("<person> lives in the area", "person")
    'lives in the area'
    """
    start = f"<{key}> "
    return fill(text.removeprefix(start), {})


def article(noun: str) -> str:
    """The article that goes before a noun."""
    return "an" if noun[:1] in "aeiou" else "a"
