"""A limit is taken for what the list binds, whatever the outcome beside it: of nobody the rule is not applicable.

`s` is of nobody, though `r` is met and not breached; `t` has its figures, though it is breached by the outcome alone.
"""

from bigrules.language.model import OutcomeIs
from oracle.hand import PERSON, YES_NO, all_of, atom, case, fact, kind, limit, rule, rulebook

OUTCOME = OutcomeIs("r", "breached")
MEMBER, HOME = atom("member", "<p>"), atom("home", "<q>", "<y>")
TYPES = {"p": PERSON, "q": PERSON, "y": YES_NO}
RULEBOOK = rulebook(
    [kind("member", person=PERSON), kind("home", person=PERSON, inside=YES_NO), kind("vote", said=YES_NO)],
    [
        rule("r", condition=atom("member", "_")),
        rule(
            "s",
            condition=all_of(
                OUTCOME, atom("vote", "<y>"), limit("share", "q", HOME, "at least", "1/2", where=MEMBER)
            ),
            types=TYPES,
        ),
        rule(
            "t",
            condition=all_of(OUTCOME, atom("home", "_", "<y>"), limit("number", "q", HOME, "at most", 1)),
            types=TYPES,
        ),
    ],
)
CASE = case(RULEBOOK, fact("member", "a"), fact("home", "a", "no"), fact("vote", "yes"))
