"""How the earlier texts of a rule with a day of its own are called: `id@until-2018-03-31`."""

from __future__ import annotations

# Between the id of the rule and the last day of the text.
EARLIER = "@until-"


def is_earlier(id: str) -> bool:
    """Whether an id, or the name of a file, is that of an earlier text of a rule.

    >>> is_earlier("conflicts/votes@until-2018-03-31"), is_earlier("conflicts/votes")
    (True, False)
    """
    return EARLIER in id
