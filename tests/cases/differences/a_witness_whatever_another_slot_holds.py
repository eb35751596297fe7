"""The subject is a person and a number that is not known: who is concerned is certain whatever the number is."""

from bigrules.language.model import Type
from oracle.hand import PERSON, atom, case, fact, kind, rule, rulebook

SMALL = Type("whole number", least=0, greatest=2)

RULEBOOK = rulebook(
    [kind("one", one_for_each="person", person=PERSON, number=SMALL), kind("two", person=PERSON)],
    [
        rule(
            "r",
            "not allowed",
            atom("two", "<q>"),
            given=atom("one", "<p>", "<m>"),
            subject=("m", "p"),
            types={"p": PERSON, "q": PERSON, "m": SMALL},
        )
    ],
)
CASE = case(RULEBOOK, fact("two", "a"), fact("two", "c"))
