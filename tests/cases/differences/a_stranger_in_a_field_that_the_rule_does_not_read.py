"""Who stands in a field is a stranger to a rule that does not look at it, though another rule does.

`r` asks only whether there is a meeting at all; in `s`, which looks at who led it, a stranger has a home too.
"""

from bigrules.facts.case import UNKNOWN
from oracle.hand import PERSON, YES_NO, all_of, atom, case, fact, kind, limit, rule, rulebook

HOMES = limit("number", "p", atom("home", "<p>", "_"), "at most", 1)
RULEBOOK = rulebook(
    [
        kind("home", one_for_each="person", person=PERSON, inside=YES_NO),
        kind("meeting", leader=PERSON, minutes=PERSON),
        kind("guest", person=PERSON),
    ],
    [
        rule("r", condition=HOMES, given=atom("meeting", "_", "_"), types={"p": PERSON}),
        rule(
            "s",
            "not allowed",
            all_of(atom("meeting", "<q>", "_"), atom("home", "<q>", "no")),
            types={"q": PERSON},
        ),
        rule("t", condition=HOMES, given=atom("guest", "_"), types={"p": PERSON}),
    ],
)
CASE = case(
    RULEBOOK,
    fact("home", "a", "yes"),
    fact("meeting", UNKNOWN, "a"),
    fact("guest", UNKNOWN),
)
