"""A limit that uses no slot of its list is of nobody whatever else the list asks for."""

from oracle.hand import PERSON, all_of, atom, case, definition, fact, kind, limit, rule, rulebook

P = {"p": PERSON, "q": PERSON}
RULEBOOK = rulebook(
    [kind("one", person=PERSON), kind("two", person=PERSON)],
    [
        rule(
            "r",
            condition=all_of(
                limit("share", "q", all_of(atom("one", "<q>"), atom("d", "_")), "at most", 1), atom("d", "_")
            ),
            given=atom("one", "<p>"),
            subject=("p",),
            types=P,
        )
    ],
    [definition("d", "p", (PERSON,), holds=atom("two", "<p>"))],
)
CASE = case(RULEBOOK, fact("one", "a"))
