"""A deadline for a record that is also in force on days: it counts if it is in force on the own day of the rule."""

import datetime

from bigrules.language.model import Test
from oracle.hand import DATE, PERSON, all_of, atom, case, fact, kind, rule, rulebook, term

REPORT = atom("report", "<e>", "<p>", "_", "_", on="d", future="e")
RULEBOOK = rulebook(
    [
        kind("decision", person=PERSON, date=DATE),
        kind("report", happened="date", dated=True, date=DATE, person=PERSON),
    ],
    [
        rule(
            "r",
            condition=all_of(REPORT, Test("within days", (term("<e>"), term("<d>")), 28)),
            given=atom("decision", "<p>", "<d>"),
            subject=("p", "d"),
            types={"p": PERSON, "d": DATE, "e": DATE},
            on="d",
        )
    ],
)
CASE = case(
    RULEBOOK,
    fact("decision", "a", datetime.date(2018, 5, 4)),
    fact("report", datetime.date(2018, 5, 8), "a", datetime.date(2018, 5, 10), None),
)
