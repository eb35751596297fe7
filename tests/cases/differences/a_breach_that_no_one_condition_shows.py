"""What cannot be kept in any completion is breached for certain, though each part of it may hold in some."""

from bigrules.facts.case import Incomplete
from bigrules.language.model import NoneOf
from oracle.hand import PERSON, all_of, atom, case, fact, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("one", person=PERSON), kind("two", person=PERSON)],
    [
        rule(
            "r",
            condition=all_of(atom("one", "_"), NoneOf(all_of(atom("two", "_"), atom("one", "_")))),
            given=atom("two", "<p>"),
            subject=("p",),
            types={"p": PERSON},
        )
    ],
)
CASE = case(RULEBOOK, fact("two", "c"), incomplete=(Incomplete("one", "person", "b"),))
