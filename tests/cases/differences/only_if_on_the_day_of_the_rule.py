"""In `only if`, too, the day is the rule's own, and not the day of judging."""

import datetime

from bigrules.language.model import Test
from oracle.hand import DATE, PERSON, all_of, atom, case, fact, kind, rule, rulebook, term

EARLY = Test("before", (term("<the day>"), term(datetime.date(2018, 1, 1))))
RULEBOOK = rulebook(
    [kind("decision", person=PERSON, date=DATE), kind("one", person=PERSON)],
    [
        rule(
            "r",
            condition=atom("one", "<p>"),
            given=all_of(atom("decision", "<p>", "<d>"), EARLY),
            subject=("p", "d"),
            types={"p": PERSON, "d": DATE},
            on="d",
        )
    ],
)
CASE = case(
    RULEBOOK,
    fact("decision", "a", datetime.date(2017, 5, 5)),
    fact("decision", "b", datetime.date(2018, 5, 5)),
)
