"""On an open end nothing dated is in force; what has no days, and a definition rests on, holds on it too."""

import datetime

from bigrules.language.model import AnyOf
from oracle.hand import DATE, PERSON, atom, case, definition, fact, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("listed", person=PERSON), kind("term", dated=True, person=PERSON)],
    [
        rule(
            "r",
            condition=atom("word", "<p>", on="d"),
            given=atom("term", "<p>", "_", "<d>"),
            subject=("p", "d"),
            types={"p": PERSON, "d": DATE},
            on="d",
        )
    ],
    [definition("word", "p", (PERSON,), holds=AnyOf((atom("listed", "<p>"), atom("term", "<p>", "_", "_"))))],
)
CASE = case(RULEBOOK, fact("listed", "a"), fact("term", "a", datetime.date(2016, 1, 1), None))
