"""A kind may be called anything: one called `always` or `the day` was taken for a table that every case has."""

import datetime

from bigrules.language.model import NoneOf
from oracle.hand import DATE, PERSON, all_of, atom, case, fact, kind, rule, rulebook

NAMES = ("always", "the day", "days read")
RULEBOOK = rulebook(
    [*(kind(name, person=PERSON) for name in NAMES), kind("met", person=PERSON, day=DATE)],
    [
        rule(
            f"r {number}",
            "not allowed",
            all_of(atom(name, "<p>"), NoneOf(atom("met", "<p>", "<the day>"))),
            types={"p": PERSON},
        )
        for number, name in enumerate(NAMES)
    ],
)
CASE = case(
    RULEBOOK,
    *(fact(name, who) for name in NAMES for who in "ab"),
    fact("met", "a", datetime.date(2018, 6, 1)),
)
