"""Two open ends join, and so `is the same as` holds of them: the oracle said that it holds of no open end."""

from bigrules.language.model import Test
from oracle.hand import DATE, PERSON, all_of, atom, case, day, fact, kind, rule, rulebook, term

UNTIL = all_of(atom("paid", "<p>", "_", "<a>", ever=True), atom("paid", "<q>", "_", "<b>", ever=True))
RULEBOOK = rulebook(
    [kind("paid", dated=True, person=PERSON)],
    [
        rule(
            op,
            "not allowed",
            all_of(
                UNTIL, Test(op, (term("<a>"), term("<b>"))), Test("different", (term("<p>"), term("<q>")))
            ),
            types={"p": PERSON, "q": PERSON, "a": DATE, "b": DATE},
        )
        for op in ("same", "different")
    ],
)
CASE = case(
    RULEBOOK,
    fact("paid", "a", day("2018-01-01"), None),
    fact("paid", "b", day("2018-02-01"), None),
    fact("paid", "c", day("2018-02-01"), day("2018-03-01")),
)
