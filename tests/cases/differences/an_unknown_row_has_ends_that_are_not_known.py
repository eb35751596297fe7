"""The row of a thing that has none is in force on the day, and it is not known since when or until when."""

import datetime

from bigrules.language.model import Test
from oracle.hand import DATE, PERSON, YES_NO, all_of, atom, case, fact, kind, rule, rulebook, term

BEFORE = Test("before", (term("<d>"), term(datetime.date(2016, 1, 1))))
RULEBOOK = rulebook(
    [
        kind("member", person=PERSON),
        kind("home", one_for_each="person", dated=True, person=PERSON, inside=YES_NO),
    ],
    [
        rule(
            "r",
            condition=all_of(atom("home", "<p>", "_", "<d>", "_"), BEFORE),
            given=atom("member", "<p>"),
            subject=("p",),
            types={"p": PERSON, "d": DATE},
        )
    ],
)
CASE = case(RULEBOOK, fact("member", "a"))
