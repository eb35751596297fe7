"""Words as people write them: what counts as the same word, and what was probably meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

# Zero-width characters and the like that come with text copied from web pages; marks that turn the
# direction of what follows; control characters, which a terminal would obey.
_INVISIBLE = dict.fromkeys(
    [
        *map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *(code for code in range(0xA0) if not chr(code).isprintable() and not chr(code).isspace()),
    ]
)
_HALF = re.compile("[\ud800-\udfff]")

_NOT_KNOWN = frozenset({"not known", "unknown", "not recorded", "don't know", "dont know", "not sure"})
_DASHES = frozenset({"-", "–", "—", "--"})
# Read as names these would make one household, or one person, out of everybody who has none.
_PLACEHOLDERS = frozenset(
    {"n/a", "n.a.", "na", "none", "nil", "null", "tbc", "tba", "tbd", "to be confirmed", "nobody", "no one"}
)
# None of these is a name, whatever else it may be.
NO_NAMES = _NOT_KNOWN | _DASHES | _PLACEHOLDERS
_IRREGULAR = {"people": "person", "children": "child", "persons": "person"}


def tidy(text: str) -> str:
    """The text without padding, doubled spaces and invisible characters.

    >>> tidy("  Ann \\u00a0 Example ")
    'Ann Example'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = printable(text)
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


def printable(text: str) -> str:
    """The text so that it can be written anywhere, such as the name of a file whose bytes are no text."""
    return _HALF.sub("\ufffd", text)


def fold(text: str) -> str:
    """What two spellings of one name have in common: case and spacing do not count.

    >>> fold(" ANN  Example") == fold("Ann example")
    True
    """
    return _folded(tidy(text))


def _folded(tidied: str) -> str:
    if tidied.isascii():
        return tidied.lower()
    return unicodedata.normalize("NFKC", tidied).casefold().replace("’", "'")


def folded_apart(texts: Collection[str]) -> set[str] | None:
    """What `fold` makes of each text, if `tidy` leaves all as they are and no two are the same; else None.

    >>> sorted(folded_apart(["Ann Example", "Café"]))
    ['ann example', 'café']
    >>> [folded_apart(each) for each in (["Ann", "ANN"], [""], [" Ann"], ["Ann  Example"], ["Ann\u200b"])]
    [None, None, None, None, None]
    """
    # What does not stand in all of them together stands in none; a space at an end is a second one here.
    text = " | ".join(["", *texts, ""])
    if "  " in text or not text.isprintable():
        return None
    odd: list[str] = []
    if not text.isascii():
        if not unicodedata.is_normalized("NFC", text):
            return None
        odd = [_folded(each) for each in texts if not each.isascii()]
        text = " | ".join(["", *[each for each in texts if each.isascii()], ""])
    folded = [*text.lower()[3:-3].split(" | "), *odd] if len(odd) < len(texts) else odd
    # More of them than texts: what stands between them here stands in one of them.
    return apart if len(apart := {*folded}) == len(folded) == len(texts) else None


def heading(text: str) -> str:
    """What two spellings of one heading have in common: `_` and `-` are spaces, a closing `:` or `?` is nothing.

    >>> heading(" In_the-Area? ")
    'in the area'
    """
    spaced = fold(text).replace("_", " ").replace("-", " ").replace("–", " ")
    return " ".join(spaced.rstrip(" :?*.").split())


def singular(text: str) -> str:
    """The heading in the singular, roughly: enough to match `membership` with `memberships`.

    >>> [singular(each) for each in ("memberships", "people", "policies", "taking part")]
    ['membership', 'person', 'policy', 'taking part']
    """
    *first, last = heading(text).split(" ")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif last.endswith("s") and not last.endswith("ss"):
        last = last[:-1]
    return " ".join([*first, last])


def says_not_known(text: str) -> bool:
    """Whether the text says that something is not known.

    >>> [says_not_known(each) for each in ("?", " Not known", "no")]
    [True, True, False]
    """
    folded = fold(text)
    return folded in _NOT_KNOWN or (bool(folded) and not folded.strip("? "))


def says_nothing(text: str) -> bool:
    """Whether the text is a blank: nothing, spaces, or a dash.

    >>> [says_nothing(each) for each in ("", "  ", "–", "0")]
    [True, True, True, False]
    """
    folded = tidy(text)
    return not folded or folded in _DASHES


def is_placeholder(text: str) -> bool:
    """Whether the text stands where a name should and is none, such as `n/a`."""
    return fold(text) in _PLACEHOLDERS


def is_example(text: str) -> bool:
    """Whether the text marks an example row, which is not read.

    >>> [is_example(each) for each in ("example: Ann", "Example : Ann", "Ann Example")]
    [True, True, False]
    """
    return re.match(r"(example|for example|e\.g\.) ?:", fold(text)) is not None


def near(word: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """What was probably meant by a word that is none of the known ones.

    >>> near("memberhsips", ["people", "memberships"])
    'memberships'
    >>> near("Example, Ann", ["Ann Example", "Bob Sample"])
    'Ann Example'
    """
    from difflib import get_close_matches

    by_fold = {fold(each): each for each in known}
    turned = {" ".join(sorted(each.replace(",", " ").split())): by_fold[each] for each in by_fold}
    same_words = turned.get(" ".join(sorted(fold(word).replace(",", " ").split())))
    if same_words is not None:
        return same_words
    # A list of thousands of names would make every slip slow; the first few thousand are tried.
    found = get_close_matches(fold(word), list(by_fold)[:5000], 1, cutoff)
    return by_fold[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """`did you mean …?` for a near miss, else None.

    >>> did_you_mean("voetd", ["voted", "absent"])
    'did you mean `voted`?'
    """
    found = near(word, known, cutoff)
    return f"did you mean `{found}`?" if found is not None else None


def listing(words: Iterable[object], last: str = "and") -> str:
    """Words as a list in a sentence.

    >>> listing(["a", "b", "c"])
    '`a`, `b` and `c`'
    """
    quoted = [f"`{each}`" for each in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
