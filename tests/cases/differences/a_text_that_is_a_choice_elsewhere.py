"""A text that stands in a rule is no subject, though a choice of the same name stands in a record."""

from bigrules.facts.case import UNKNOWN
from bigrules.language.model import Type
from oracle.hand import PERSON, atom, case, fact, kind, rule, rulebook

TEXT, CHOICE = Type("text"), Type("one of", choices=("x", "y"))
RULEBOOK = rulebook(
    [kind("one", text=TEXT, person=PERSON), kind("two", person=PERSON, choice=CHOICE)],
    [
        rule(
            "r",
            condition=atom("two", "<p>", "_"),
            given=atom("one", "<t>", "<p>"),
            subject=("t",),
            types={"t": TEXT, "p": PERSON},
        ),
        rule("other", "not allowed", atom("one", "x", "_"), types={}),
    ],
)
CASE = case(RULEBOOK, fact("one", UNKNOWN, "b"), fact("two", "a", "x"))
