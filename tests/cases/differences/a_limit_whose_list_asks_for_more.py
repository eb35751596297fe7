"""A limit is taken only for what all of its list binds: one sentence with the same slots is not enough."""

from oracle.hand import NUMBER, PERSON, all_of, atom, case, fact, kind, limit, rule, rulebook

RULEBOOK = rulebook(
    [
        kind("given", number=NUMBER),
        kind("one", number=NUMBER, person=PERSON),
        kind("two", person=PERSON),
        kind("three", number=NUMBER, person=PERSON, other=PERSON),
    ],
    [
        rule(
            "r",
            condition=all_of(
                atom("one", "<n>", "<p>"),
                atom("two", "<p>"),
                limit("number", "q", atom("three", "<n>", "<p>", "<q>"), "at most", 1),
            ),
            given=atom("given", "<n>"),
            subject=("n",),
            types={"n": NUMBER, "p": PERSON, "q": PERSON},
        )
    ],
)
CASE = case(RULEBOOK, fact("given", 0), fact("one", 0, "a"), fact("one", 0, "b"), fact("two", "b"))
