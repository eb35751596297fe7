"""A text that stands in a rule, and in no record, is fresh in a subject: what is not recorded."""

from bigrules.language.model import Type
from oracle.hand import PERSON, atom, case, kind, rule, rulebook

TEXT = Type("text")
RULEBOOK = rulebook(
    [kind("one", text=TEXT, person=PERSON), kind("two", text=TEXT)],
    [
        rule(
            "r",
            condition=atom("two", "x"),
            given=atom("one", "<t>", "_"),
            subject=("t",),
            types={"t": TEXT},
        )
    ],
)
CASE = case(RULEBOOK, asked={"two"})
