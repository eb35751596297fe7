"""A day that stands in a list which the rule does not read is a day in use: what happened on it is a finding."""

import datetime

from bigrules.facts.case import UNKNOWN
from oracle.hand import DATE, PERSON, atom, case, fact, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("held", day=DATE), kind("member", person=PERSON), kind("letter", day=DATE)],
    [
        rule(
            "r",
            condition=atom("member", "<p>"),
            given=atom("held", "<d>"),
            subject=("d",),
            types={"d": DATE, "p": PERSON},
        )
    ],
)
CASE = case(RULEBOOK, fact("held", UNKNOWN), fact("member", "a"), fact("letter", datetime.date(2018, 1, 15)))
