"""<The day> in a measure is the rule's own day: it was taken over all days that are read, as if it named none."""

import datetime

from bigrules.language.model import THE_DAY, Slot
from bigrules.language.model import Test as Computed
from oracle.hand import DATE, PERSON, all_of, atom, case, fact, kind, limit, rule, rulebook

TYPES = {"p": PERSON, "q": PERSON, "d": DATE, "e": DATE}
SEEN_BEFORE = all_of(atom("seen", "<p>", "<e>"), Computed("before", (Slot("e"), Slot(THE_DAY))))

RULEBOOK = rulebook(
    [kind("seen", person=PERSON, day=DATE), kind("held", person=PERSON, day=DATE)],
    [
        rule(
            "somebody was seen before",
            condition=limit("number", "p", SEEN_BEFORE, "at least", 1),
            given=atom("held", "<q>", "<d>"),
            subject=("q", "d"),
            types=TYPES,
            on="d",
        )
    ],
)
CASE = case(
    RULEBOOK,
    fact("seen", "a", datetime.date(2018, 3, 1)),
    fact("held", "q", datetime.date(2018, 2, 1)),
    fact("held", "r", datetime.date(2018, 4, 1)),
)
