"""What a definition reads on a day of its own was held against the day on which the definition is read."""

import datetime

from oracle.hand import DATE, PERSON, all_of, atom, case, definition, fact, kind, rule, rulebook

PAIR = (PERSON, PERSON)
RULEBOOK = rulebook(
    [
        kind("feast", day=DATE),
        kind("met", person=PERSON, day=DATE),
        kind("member", dated=True, person=PERSON),
        kind("bound", dated=True, person=PERSON, other=PERSON),
    ],
    [
        rule(
            name,
            "not allowed",
            atom(name, "<p>", *more, on="d"),
            given=atom("met", "<p>", "<d>"),
            subject=("p", "d"),
            types={"p": PERSON, "d": DATE},
            on="d",
        )
        for name, more in (("tied", ("_",)), ("good", ()))
    ],
    [
        definition(
            "tied",
            "p q",
            PAIR,
            holds=all_of(
                atom("member", "<p>", "_", "_"),
                atom("feast", "<e>"),
                atom("bound", "<p>", "<q>", "_", "_", on="e"),
            ),
        ),
        definition(
            "good",
            "p",
            (PERSON,),
            holds=all_of(
                atom("member", "<p>", "_", "_"),
                atom("feast", "<e>"),
                atom("member", "<p>", "_", "_", on="e"),
            ),
        ),
    ],
)
FEAST = datetime.date(2017, 1, 10)
SINCE = datetime.date(2018, 1, 1)
CASE = case(
    RULEBOOK,
    fact("feast", FEAST),
    *(fact("member", who, SINCE, None) for who in "ab"),
    fact("member", "c", datetime.date(2016, 1, 1), None),
    fact("bound", "a", "b", datetime.date(2017, 1, 1), datetime.date(2017, 2, 1)),
    fact("bound", "b", "a", SINCE, None),
    *(fact("met", who, datetime.date(2018, 3, 1)) for who in "abc"),
)
