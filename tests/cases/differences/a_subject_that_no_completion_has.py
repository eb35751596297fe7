"""A subject whose `for each` cannot hold in any completion is none: the rule bites on nothing."""

from bigrules.language.model import NoneOf
from oracle.hand import PERSON, all_of, atom, case, fact, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("one", person=PERSON), kind("two", person=PERSON)],
    [
        rule(
            "r",
            condition=atom("one", "<p>"),
            given=all_of(
                atom("one", "<p>"), atom("two", "_"), NoneOf(all_of(atom("two", "<q>"), atom("one", "<p>")))
            ),
            subject=("p",),
            types={"p": PERSON, "q": PERSON},
        )
    ],
)
CASE = case(RULEBOOK, fact("one", "a"), asked={"one"})
