"""Whoever an unknown field stands for has a row where a kind has one for each, though they are not recorded."""

from bigrules.facts.case import UNKNOWN
from oracle.hand import PERSON, YES_NO, all_of, atom, case, fact, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("member", person=PERSON), kind("home", one_for_each="person", person=PERSON, inside=YES_NO)],
    [
        rule(
            "r",
            "not allowed",
            all_of(atom("home", "<p>", "no")),
            given=atom("member", "<p>"),
            subject=("p",),
            types={"p": PERSON},
        )
    ],
)
CASE = case(RULEBOOK, fact("member", UNKNOWN))
