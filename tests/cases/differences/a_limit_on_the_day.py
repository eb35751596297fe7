"""A limit that uses the day, and no slot of its list, is taken once, and does not wait for what else the list asks."""

from oracle.hand import DATE, PERSON, all_of, atom, case, kind, limit, rule, rulebook

RULEBOOK = rulebook(
    [kind("one", person=PERSON), kind("two", person=PERSON, date=DATE)],
    [
        rule(
            "r",
            condition=all_of(
                atom("one", "_"), limit("number", "p", atom("two", "<p>", "<the day>"), "less than", 3)
            ),
            types={"p": PERSON, "d": DATE},
        )
    ],
)
CASE = case(RULEBOOK)
