"""Whoever stands in no record of a completion has no row in it: they are no subject there."""

from oracle.hand import PERSON, YES_NO, atom, case, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("member", person=PERSON), kind("home", one_for_each="person", person=PERSON, inside=YES_NO)],
    [
        rule(
            "r",
            condition=atom("member", "<p>"),
            given=atom("home", "<p>", "_"),
            subject=("p",),
            types={"p": PERSON},
        )
    ],
)
CASE = case(RULEBOOK, asked={"home"})
