"""What an example states of a definition holds on every day, and on an open end: nothing there says that it ends."""

import datetime

import attrs

from bigrules.facts.case import Assumed
from bigrules.language.model import AnyOf, NoneOf
from oracle.hand import DATE, PERSON, all_of, atom, case, definition, fact, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("listed", person=PERSON), kind("term", dated=True, person=PERSON)],
    [
        rule(
            "r",
            condition=all_of(atom("word", "<p>", on="d"), NoneOf(atom("other", "<p>", on="d"))),
            given=atom("term", "<p>", "_", "<d>"),
            subject=("p", "d"),
            types={"p": PERSON, "d": DATE},
            on="d",
        )
    ],
    [
        definition("word", "p", (PERSON,), holds=atom("term", "<p>", "_", "_")),
        definition(
            "other",
            "p",
            (PERSON,),
            holds=AnyOf((all_of(atom("listed", "<p>"), NoneOf(atom("term", "<p>", "_", "_"))),)),
        ),
    ],
)
CASE = attrs.evolve(
    case(
        RULEBOOK,
        fact("listed", "b"),
        fact("term", "a", datetime.date(2016, 1, 1), None),
        fact("term", "b", datetime.date(2016, 1, 1), None),
        fact("term", "c", datetime.date(2016, 1, 1), datetime.date(2018, 6, 1)),
    ),
    assumed=(Assumed("word", ("a",)), Assumed("word", ("b",))),
)
