"""Somebody whose list is incomplete, and who stands in no record, may stand in a kind that was not asked.

The key of an incomplete list is a value in use: `d` may be both, and only `d` may be in the first.
"""

from bigrules.facts.case import Incomplete
from oracle.hand import PERSON, all_of, atom, case, kind, rule, rulebook

RULEBOOK = rulebook(
    [kind("one", person=PERSON), kind("two", person=PERSON)],
    [rule("r", "not allowed", all_of(atom("one", "<p>"), atom("two", "<p>")), types={"p": PERSON})],
)
CASE = case(RULEBOOK, asked={"one"}, incomplete=(Incomplete("one", "person", "d"),))
