"""A sentence that names the day of the rule is held against it: the program once took it for a slot like any other."""

import datetime

from oracle.hand import DATE, PERSON, atom, case, fact, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("one", person=PERSON, date=DATE)],
    [rule("r", condition=atom("one", "_", "<the day>"), types={"d": DATE})],
)
CASE = case(RULEBOOK, fact("one", "a", datetime.date(2017, 12, 31)))
