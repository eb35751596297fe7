"""A number that stands in a rule, and in no record, is fresh in a subject: what is not recorded."""

from bigrules.facts.case import UNKNOWN
from oracle.hand import NUMBER, PERSON, atom, case, fact, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("one", number=NUMBER), kind("two", number=NUMBER, person=PERSON)],
    [
        rule(
            "r",
            condition=atom("two", "<n>", "_"),
            given=atom("one", "<n>"),
            subject=("n",),
            types={"n": NUMBER, "p": PERSON},
        ),
        rule("other", "not allowed", atom("one", 7), types={}),
    ],
)
CASE = case(RULEBOOK, fact("one", UNKNOWN), fact("two", 3, "a"))
