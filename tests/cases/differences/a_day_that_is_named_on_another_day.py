"""What is read on one day names another, on which something else is read: that day was not laid out."""

import datetime

from bigrules.language.model import NoneOf
from oracle.hand import DATE, PERSON, all_of, atom, case, fact, kind, rule, rulebook

TYPES = {"p": PERSON, "d": DATE, "e": DATE}
NAMED = atom("told", "<p>", "<e>", "_", "_", on="d")
RULEBOOK = rulebook(
    [
        kind("met", person=PERSON, day=DATE),
        kind("told", dated=True, person=PERSON, day=DATE),
        kind("paid", dated=True, person=PERSON),
    ],
    [
        rule(
            name,
            "not allowed",
            condition,
            given=atom("met", "<p>", "<d>"),
            subject=("p", "d"),
            types=TYPES,
        )
        for name, condition in (
            ("paid", all_of(NAMED, atom("paid", "<p>", "_", "_", on="e"))),
            ("not paid", all_of(NAMED, NoneOf(atom("paid", "<p>", "_", "_", on="e")))),
        )
    ],
)
JANUARY = datetime.date(2017, 1, 5)
CASE = case(
    RULEBOOK,
    fact("met", "a", datetime.date(2018, 4, 1)),
    fact("told", "a", JANUARY, datetime.date(2018, 1, 1), None),
    fact("paid", "a", datetime.date(2017, 1, 1), datetime.date(2017, 1, 31)),
    fact("met", "b", datetime.date(2018, 4, 1)),
    fact("told", "b", JANUARY, datetime.date(2018, 1, 1), None),
    fact("paid", "b", datetime.date(2018, 1, 1), None),
)
