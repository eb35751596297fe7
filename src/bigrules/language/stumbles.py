"""What the YAML parser stumbles over, in plain words: what it says, what we say, what to do."""

from __future__ import annotations

import re

# What the parser words as begun in one place and found wrong in a later one.
BEGUN = ("simple key", "quoted scalar", "flow node", "flow sequence", "flow mapping")
_NO_SPACE = re.compile(r"\s*[\w ]+:(?=\S)")
_NO_COLON = "write `key: value`; a text that goes on is indented further than its key"
_BEHIND = {
    **dict.fromkeys("]}", "put a text that begins with `[` or `{` in quotes"),
    **dict.fromkeys("\"'", "put all of the text in quotes of the other sort, or none of it"),
}
_OTHERWISE = (
    "look for a bracket, quote, `:` or `-` too many or too few here or above; or put the text in quotes"
)
# What the parser says, what we say, what to do.
_PROBLEMS = (
    (
        "mapping values are not allowed",
        "a `:` stands where none can stand",
        "put the text in quotes if the `:` belongs to it, or indent this line like those beside it",
    ),
    ("unknown escape", "a `\\` in double quotes begins nothing that is known", "use single quotes, or none"),
    ("quoted scalar", "a quote is opened and not closed", "end the text with the same quote"),
    ("flow node", "a `[` or `{` is opened and not closed", "end it with `]` or `}`"),
    ("flow sequence", "a `[` is opened and not closed", "end the list with `]`, and put a `,` between its items"),
    ("flow mapping", "a `{` is opened and not closed", "end it with `}`, and put a `,` between its entries"),
    ("cannot start any token", "a text cannot begin like this", "put the text in quotes"),
    ("could not find expected ':'", "a `:` is missing after this key", _NO_COLON),
    ("while scanning a simple key", "a `:` is missing after this key", _NO_COLON),
    ("block mapping", "this line is not indented like those beside it", "entries of one mapping begin in one column"),
    ("block collection", "this line is not indented like those beside it", "items of one list begin in one column"),
    ("block sequence", "this line is not indented like those beside it", "items of one list begin in one column"),
    ("document start", "this line is not indented like those beside it", "what belongs together begins in one column"),
    ("undefined alias", "an alias stands here", "write the value out in full"),
    ("anchor", "`&` and `*` begin an anchor or alias", "put the text in quotes"),
    ("alias", "`&` and `*` begin an anchor or alias", "put the text in quotes"),
    ("tag handle", "`!` begins a tag", "put the text in quotes"),
    ("block scalar", "`|` and `>` begin a text of several lines", "put the text in quotes"),
    ("scanning a tag", "`!` begins a tag", "put the text in quotes"),
    ("directive", "`%` begins a directive", "put the text in quotes"),
)  # fmt: skip


def in_plain_words(problem: str, before: str, above: str) -> tuple[str, str, int]:
    """What is wrong, what to do, and the column in the line above that it is about, or 0.

    Args:
        problem: What the parser says.
        before: What stands in the line before the place that it names.
        above: The line above.

    >>> in_plain_words("mapping values are not allowed", "", "rule:Enough")[0]
    'a space is missing after this `:`'
    """
    if "block" in problem and before.endswith(tuple(_BEHIND)):
        return f"text stands behind a `{before[-1]}`", _BEHIND[before[-1]], 0
    if "mapping values" in problem and (found := _NO_SPACE.match(above)) and ": " not in above:
        return "a space is missing after this `:`", "write `key: value`", found.end()
    for part, said, advice in _PROBLEMS:
        if part in problem:
            return said, advice, 0
    return "this cannot be read as YAML", _OTHERWISE, 0
