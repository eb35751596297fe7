"""A condition of more than twenty sentences, or of a hundred that must not hold, was more than Python nests."""

from bigrules.language.model import NoneOf
from oracle.hand import PERSON, all_of, atom, case, fact, kind, rule, rulebook

CHAIN = [atom("likes", f"<p{number}>", f"<p{number + 1}>") for number in range(24)]
ABSENT = [
    NoneOf(all_of(atom("likes", "<p>", "a"), atom("likes", "a", "<p>"), atom("shy", str(number))))
    for number in range(99)
]
ALONE = [NoneOf(atom("likes", "a", f"z{number}")) for number in range(120)]
RULEBOOK = rulebook(
    [kind("likes", person=PERSON, other=PERSON), kind("shy", person=PERSON), kind("loud", person=PERSON)],
    [
        rule(
            "chain",
            "not allowed",
            all_of(*CHAIN, NoneOf(atom("shy", "<p3>"))),
            types={f"p{number}": PERSON for number in range(25)},
        ),
        rule("nobody", "not allowed", all_of(*ALONE), types={}),
        rule(
            "absent",
            "not allowed",
            all_of(*ABSENT),
            given=atom("loud", "<p>"),
            subject=("p",),
            types={"p": PERSON},
        ),
    ],
)
CASE = case(
    RULEBOOK,
    fact("likes", "a", "b"),
    fact("likes", "b", "c"),
    fact("likes", "c", "a"),
    fact("shy", "b"),
    fact("loud", "b"),
    fact("loud", "c"),
)
