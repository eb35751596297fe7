"""A stranger who may stand in a kind that the rule does not read has no row for it: another rule changes nothing."""

from oracle.hand import PERSON, YES_NO, atom, case, fact, kind, limit, rule, rulebook

RULEBOOK = rulebook(
    [
        kind("home", one_for_each="person", person=PERSON, inside=YES_NO),
        kind("other", person=PERSON),
    ],
    [
        rule(
            "r",
            condition=limit("number", "p", atom("home", "<p>", "_"), "at most", 1),
            types={"p": PERSON},
        ),
        rule("s", "not allowed", atom("other", "<p>"), types={"p": PERSON}),
    ],
)
CASE = case(RULEBOOK, fact("home", "a", "yes"), asked={"home"})
