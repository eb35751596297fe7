"""Spells that overlap are one: of many that were joined with many there were soon too many."""

import datetime

from oracle.hand import DATE, PERSON, all_of, atom, case, definition, fact, kind, rule, rulebook

PAIR = (PERSON, PERSON)
RULEBOOK = rulebook(
    [kind("paid", dated=True, person=PERSON), kind("met", person=PERSON, day=DATE)],
    [
        rule(
            "r",
            "not allowed",
            atom("closer", "<p>", "<q>", on="d"),
            given=atom("met", "<p>", "<d>"),
            subject=("p", "d"),
            types={"p": PERSON, "q": PERSON, "d": DATE},
            on="d",
        )
    ],
    [
        definition(
            "close", "p q", PAIR, holds=all_of(atom("paid", "<p>", "_", "_"), atom("paid", "<q>", "_", "_"))
        ),
        definition(
            "closer", "p q", PAIR, holds=all_of(atom("close", "<p>", "<x>"), atom("close", "<x>", "<q>"))
        ),
    ],
)


def on(month: int, day: int) -> datetime.date:
    """A day of the year."""
    return datetime.date(2018, month, day)


CASE = case(
    RULEBOOK,
    *(fact("paid", who, on(1, first), on(2, first)) for who in ("a", "b") for first in (1, 9, 17)),
    fact("paid", "b", on(4, 1), None),
    fact("met", "a", on(2, 12)),
    fact("met", "b", on(3, 1)),
    fact("met", "b", on(4, 1)),
)
