"""A date that stands in no record is fresh in a subject: what is not recorded; an open end is a subject."""

from bigrules.facts.case import Incomplete
from oracle.hand import DATE, PERSON, atom, case, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("one", person=PERSON), kind("two", dated=True, person=PERSON)],
    [
        rule(
            "r",
            condition=atom("one", "_"),
            given=atom("two", "_", "_", "<d>"),
            subject=("d",),
            types={"d": DATE},
        )
    ],
)
CASE = case(RULEBOOK, incomplete=(Incomplete("two"),))
