"""Words for what comes out: names, values and places, and the sentences of rules filled with them.

No sentence about a rule is written here: what a rule or a kind of fact says stands in the rulebook, and
this module only fills its slots.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

import attrs

from bigrules.diagnostics import Cell, DataPath, Place, Span
from bigrules.facts.case import BY_NOW, UNKNOWN, Case
from bigrules.facts.domains import Fresh
from bigrules.findings.report import Figure
from bigrules.language.model import Rulebook, Type

NameMode = Literal["full", "initials", "none", "ids"]

PERSON = "person"
# Things whose names tell who people are, and are hidden with them.
PRIVATE = (PERSON, "household")
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
    >>> where_from(Span("ours.yaml", 7), "homes")
    'homes, line 7'
    """
    if isinstance(place, Cell):
        sheet = place.sheet or kind or _base(place.file).rsplit(".", 1)[0]
        row = re.search(r"\d+", place.cell)
        return f"{sheet}, row {row.group()}" if row else sheet
    if isinstance(place, DataPath):
        record = re.match(r"([^\[\].]+)\[(\d+)\]", place.path)
        return f"{record.group(1)}, record {int(record.group(2)) + 1}" if record else place.path
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
        return f"{_article(slot) if first else 'the'} {slot}" if not slot.startswith("the ") else slot

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


# ---------------------------------------------------------------- names


@attrs.frozen
class Names:
    """What each thing is called in what is printed.

    Args:
        mode: `full`, `initials`, `none` (people are numbered) or `ids` (those of the JSON form).
        shown: The words for each thing, by type and id.
    """

    mode: NameMode
    shown: dict[tuple[str, str], str]

    def of(self, type_: Type | None, value: object) -> str:
        """A value in words.

        Args:
            type_: Its type, or None where it is not known; then only its form tells.
            value: A value of a fact.
        """
        if value is UNKNOWN:
            return f"{_article(noun)} {noun} that is not known" if (noun := _noun(type_)) else "not known"
        if value is BY_NOW:
            return "some day before"
        if value is None:
            return "open"
        if isinstance(value, Fresh):
            return (
                f"{_article(value.type)} {value.type} who is not recorded"
                if value.type == PERSON
                else str(value)
            )
        if isinstance(value, datetime.date):
            return day_in_words(value)
        if isinstance(value, str):
            if type_ is not None and type_.is_thing:
                return self.shown.get((type_.name, value), value)
            return self._hidden(value) if type_ is not None and type_.name == "text" else value
        return number_in_words(value)

    def person(self, id_: str) -> str:
        """A person in words."""
        return self.shown.get((PERSON, id_), id_)

    def _hidden(self, text: str) -> str:
        # Free text may name people; where names are held back, so is it.
        return text if self.mode == "full" else "(text)"


def _noun(type_: Type | None) -> str:
    if type_ is None or type_.name in ("one of", "text", "yes or no"):
        return ""
    return "day" if type_.name == "date" else type_.name


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeiou" else "a"


def things_of(rulebook: Rulebook, case: Case) -> dict[str, list[str]]:
    """The ids of all things in a case by type, sorted, so that numbering does not hang on order."""
    found: dict[str, set[str]] = {}

    def note(types: Iterable[Type], values: Iterable[object]) -> None:
        for type_, value in zip(types, values, strict=False):
            if type_.is_thing and isinstance(value, str):
                found.setdefault(type_.name, set()).add(value)

    for fact in case.facts:
        note(rulebook.types(fact.kind), fact.values)
    for stated in case.assumed:
        note(rulebook.types(stated.predicate), stated.values)
    for answer in case.answers:
        if answer.question in rulebook.definitions:
            note(rulebook.types(answer.question), answer.subject)
        elif answer.question in rulebook.rules:
            rule = rulebook.rules[answer.question]
            note((rule.types.get(each, Type("text")) for each in rule.subject), answer.subject)
    for incomplete in case.incomplete:
        if incomplete.field:
            note(
                (rulebook.vocabulary.kinds[incomplete.kind].field(incomplete.field).type,),
                (incomplete.value,),
            )
    for type_name, id_ in case.names:
        found.setdefault(type_name, set()).add(id_)
    return {name: sorted(ids) for name, ids in sorted(found.items())}


def names_of(rulebook: Rulebook, case: Case, mode: NameMode = "full") -> Names:
    """What each thing of a case is called.

    Args:
        rulebook: Tells which fields hold things.
        case: The case.
        mode: How much of names is shown.
    """
    shown: dict[tuple[str, str], str] = {}
    for type_name, ids in things_of(rulebook, case).items():
        full = {each: case.names.get((type_name, each), each) for each in ids}
        numbered = {each: f"{type_name} {number}" for number, each in enumerate(ids, 1)}
        if mode == "ids":
            words = {each: word.replace(" ", "-") for each, word in numbered.items()}
        elif mode == "none" or (mode == "initials" and type_name in PRIVATE and type_name != PERSON):
            words = numbered
        elif mode == "initials" and type_name == PERSON:
            words = _apart({each: initials(name) for each, name in full.items()})
        else:
            words = _apart(full)
        shown.update({(type_name, each): word for each, word in words.items()})
    return Names(mode, shown)


def initials(name: str) -> str:
    """The initials of a name.

    >>> initials("Ann-Marie Example")
    'A. M. E.'
    """
    letters = [part[0].upper() for part in re.split(r"[\s\-]+", name) if part and part[0].isalnum()]
    return " ".join(f"{letter}." for letter in letters) or "?"


def _apart(words: dict[str, str]) -> dict[str, str]:
    # Two people must never look like one.
    same: dict[str, list[str]] = {}
    for id_, word in words.items():
        same.setdefault(word, []).append(id_)
    for word, ids in same.items():
        if len(ids) > 1:
            words.update({id_: f"{word} ({number})" for number, id_ in enumerate(ids, 1)})
    return words


# ---------------------------------------------------------------- figures


def between(least: object, greatest: object) -> str:
    """The values that a measure may have.

    >>> between(7, 7), between(7, 8), between(5, 9), between(5, None)
    ('7', '7 or 8', '5 to 9', '5 or more')
    """
    if greatest is None:
        return f"{number_in_words(least)} or more"
    low, high = number_in_words(least), number_in_words(greatest)
    if low == high:
        return low
    next_one = isinstance(least, (int, Fraction)) and greatest == least + 1
    return f"{low} or {high}" if next_one else f"{low} to {high}"


def needed(op: str, bound: Fraction, whole: bool) -> str:
    """What a limit asks for; whole numbers are worked out where only those can come.

    >>> needed("at least", Fraction("4.59"), whole=True)
    'at least 5 are needed'
    >>> needed("less than", Fraction(3), whole=True)
    'no more than 2 are allowed'
    >>> needed("at least", Fraction(51, 100), whole=False)
    'at least 0.51 is needed'
    """
    if not whole:
        verb = "allowed" if op in ("at most", "less than") else "needed"
        return f"{op} {number_in_words(bound)} is {verb}"
    if op in ("at least", "more than"):
        number = math.ceil(bound) if op == "at least" else math.floor(bound) + 1
        return f"at least {number} {_are(number)} needed"
    if op in ("at most", "less than"):
        number = math.floor(bound) if op == "at most" else math.ceil(bound) - 1
        return f"no more than {number} {_are(number)} allowed" if number > 0 else "none is allowed"
    return f"exactly {number_in_words(bound)} {_are(bound)} needed"


def _are(number: object) -> str:
    return "is" if number == 1 else "are"


def figure_in_words(
    figure: Figure, fraction: Fraction = Fraction(1), rounding: str = "", weighted: bool = False
) -> str:
    """A measure and what is needed of it.

    Args:
        figure: The figure of a finding.
        fraction: Where its limit is a fraction of another measure, that fraction.
        rounding: How that is rounded.
        weighted: Whether a share adds up a weight and counts nothing.

    >>> share = Figure("share", Fraction(4, 9), Fraction(5, 9), 9, 9, "at least", Fraction(51, 100))
    >>> figure_in_words(share)
    '4 or 5 of 9; at least 5 are needed'
    """
    if figure.least is None and figure.greatest is None:
        return "there is nobody to take it of"
    bound = figure.bound if isinstance(figure.bound, Fraction) else Fraction(str(figure.bound or 0))
    whole = figure.aggregate in ("number", "group sharing", "group linked")
    if figure.aggregate == "share":
        return _share(figure, bound, weighted)
    values = between(figure.least if figure.least is not None else 0, figure.greatest)
    lead = {
        "group sharing": "the largest group has ",
        "group linked": "the largest group has ",
        "total": "the total is ",
        "least": "the least is ",
        "greatest": "the greatest is ",
    }
    said = lead.get(figure.aggregate, "") + values
    if figure.of_least is None:
        return f"{said}; {needed(figure.op, bound, whole)}"
    of_whom = f"{said}, where the other number is {between(figure.of_least, figure.of_greatest)}"
    if figure.of_least == figure.of_greatest:
        return f"{of_whom}; {needed(figure.op, bound, whole)}"
    verb = "allowed" if figure.op in ("at most", "less than") else "needed"
    said = f"{of_whom}; {figure.op} {number_in_words(fraction)} of that is {verb}"
    return f"{said}, rounded {rounding}" if rounding else said


def _share(figure: Figure, bound: Fraction, weighted: bool) -> str:
    low = Fraction(0) if figure.least is None else Fraction(str(figure.least))
    high = low if figure.greatest is None else Fraction(str(figure.greatest))
    of_whom = between(figure.of_least, figure.of_greatest)
    if figure.of_least == figure.of_greatest and isinstance(figure.of_least, (int, Fraction)):
        size = Fraction(figure.of_least)
        counted = between(low * size, high * size)
        return f"{counted} of {of_whom}; {needed(figure.op, bound * size, not weighted)}"
    words = percent(low, bound) if low == high else f"{percent(low, bound)} to {percent(high, bound)}"
    verb = "allowed" if figure.op in ("at most", "less than") else "needed"
    return f"{words} of {of_whom}; {figure.op} {percent(bound)} is {verb}"
