"""A limit beside `any of` is one limit with one figure, and not one for each of the alternatives."""

from bigrules.language.model import AnyOf
from oracle.hand import PERSON, all_of, atom, case, fact, kind, limit, rule, rulebook

EITHER = AnyOf((atom("one", "<p>"), atom("two", "<p>")))
RULEBOOK = rulebook(
    [kind("one", person=PERSON), kind("two", person=PERSON), kind("three", person=PERSON, other=PERSON)],
    [
        rule(
            "for each that the list binds",
            condition=all_of(EITHER, limit("number", "q", atom("three", "<p>", "<q>"), "at most", 1)),
            types={"p": PERSON, "q": PERSON},
        ),
        rule(
            "for all",
            condition=all_of(EITHER, limit("number", "q", atom("three", "_", "<q>"), "at most", 1)),
            types={"p": PERSON, "q": PERSON},
        ),
    ],
)
CASE = case(
    RULEBOOK,
    *(fact("one", "a"), fact("two", "a"), fact("two", "b")),
    *(fact("three", "a", "c"), fact("three", "a", "d"), fact("three", "b", "c")),
)
