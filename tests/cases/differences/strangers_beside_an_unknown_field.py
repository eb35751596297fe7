"""Further records may speak of others than an unknown field does: with two of them there may be three members."""

from bigrules.facts.case import UNKNOWN, Incomplete
from oracle.hand import PERSON, atom, case, fact, kind, limit, rule, rulebook

RULEBOOK = rulebook(
    [kind("member", person=PERSON)],
    [rule("r", condition=limit("number", "p", atom("member", "<p>"), "at least", 3), types={"p": PERSON})],
)
CASE = case(RULEBOOK, fact("member", UNKNOWN), incomplete=(Incomplete("member"),))
