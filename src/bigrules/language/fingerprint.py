"""Fingerprints of clauses, by which a rulebook points at sentences that it does not copy."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable, Sequence

# Characters that copies of one text differ in without saying anything else.
_UNIFIED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys('“”„‟″«»"', None),
        **dict.fromkeys("-‐‑‒–—―−⁃﹘﹣－", " "),
        **dict.fromkeys("•◦‣∙·▪▫●○■□◆◇►▶➢➤❖✓✔*\uf0b7\uf0a7\uf0d8\uf02d", " "),
        # soft hyphen, zero width, byte order mark
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
# What is left of a quotation: an apostrophe stands inside a word.
_QUOTE = re.compile(r"(?<![^\W_])'|'(?![^\W_])")
# The number of a list item, or the letter that a word processor makes of a hollow bullet.
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|o")


def words(text: str) -> list[str]:
    """The words of a text, with what is typesetting taken off them.

    Compatibility characters are folded (Unicode NFKC) and case is ignored; dashes, hyphens and bullets are
    spaces, and quotation marks nothing, so that a copy from a web page, a PDF or a word processor has the same
    words. Their letters, figures and all other punctuation stay.

    Args:
        text: Some text of the guidance, as it stands in somebody's copy.

    >>> words("•  The partnership’s “long–term” plan – £1m!")
    ['the', "partnership's", 'long', 'term', 'plan', '£1m!']
    """
    # Before and after: NFKC takes some quotes apart, and makes others.
    text = unicodedata.normalize("NFKC", text.translate(_UNIFIED)).translate(_UNIFIED)
    return _QUOTE.sub("", text).casefold().split()


def joined(words: Iterable[str]) -> str:
    """Words without the spaces between them, which stay only where they part two figures.

    A copy may have lost spaces, and others may stand where a word was parted at the end of a line.

    >>> joined(["part", "nership,", "2017", "18"])
    'partnership,2017 18'
    """
    made = ""
    for each in words:
        made += f" {each}" if made[-1:].isdigit() and each[:1].isdigit() else each
    return made


def is_number(word: str) -> bool:
    """Whether a word at the beginning of a line may be the number of a list item.

    >>> [is_number(each) for each in ("1.", "12)", "(a)", "iv.", "o", "2017.", "1.5", "a")]
    [True, True, True, True, True, False, False, False]
    """
    return _NUMBER.fullmatch(word) is not None


def normalise(sentence: str) -> str:
    """The sentence as it is fingerprinted: its words, joined, without the number of a list item in front.

    Args:
        sentence: A sentence or bullet of the guidance, as it stands in somebody's copy.

    Returns:
        The form that two copies of one sentence share.

    >>> normalise("  •  The partnership’s policy – as\\n agreed. ")
    "thepartnership'spolicyasagreed."
    >>> normalise("2. Check for details.")
    'checkfordetails.'
    """
    found = words(sentence)
    return joined(found[1:] if len(found) > 1 and is_number(found[0]) else found)


def fingerprint(sentence: str) -> str:
    """A short hash of a sentence that does not depend on how a copy of it was typeset.

    Args:
        sentence: A sentence or bullet of the guidance, as it stands in somebody's copy.

    Returns:
        `sha256:` and the first 16 hexadecimal digits of the hash of the normalised sentence in UTF-8.

    >>> fingerprint("• It’s agreed  –  in writing.") == fingerprint("It's agreed - in\\nwriting.")
    True
    >>> fingerprint("It's agreed in writing.") == fingerprint("It's agreed in speaking.")
    False
    >>> fingerprint("It's agreed in writing.")
    'sha256:2fd5c8b596fa1a8a'
    """
    return _named(hashlib.sha256(normalise(sentence).encode()).hexdigest())


def _named(digest: str) -> str:
    return f"sha256:{digest[:16]}"


class Stretch:
    """The fingerprint of words that are taken on one by one.

    Where a copy leaves open whether something is a word or the number of an item, it is taken on both ways.
    """

    # More open words than any sentence has are not worth the time.
    most = 16

    def __init__(self) -> None:
        self._ways = [(hashlib.sha256(), "")]

    def take(self, forms: Sequence[str]) -> None:
        """Take on one more word.

        Args:
            forms: What it may be; "" where it may be no word of the sentence.
        """
        ways = []
        for way, last in self._ways:
            for form in forms:
                # Copies take longer than words, and are needed only where there are several ways.
                taken = way if form is forms[-1] else way.copy()
                if form:
                    # As `joined` joins them.
                    taken.update((f" {form}" if last.isdigit() and form[0].isdigit() else form).encode())
                ways.append((taken, form[-1:] or last))
        self._ways = ways[: self.most]

    def among(self, known: Container[bytes]) -> list[bytes]:
        """Which of some hashes the words that were taken on have: each is `hash_in` of a fingerprint."""
        return [each for way, _ in self._ways if (each := way.digest()[:8]) in known]

    def fingerprints(self) -> list[str]:
        """What the words that were taken on may have as their fingerprint."""
        return [_named(each.hexdigest()) for each, _ in self._ways]


def hash_in(fingerprint: str) -> bytes:
    """The hash in a fingerprint.

    >>> hash_in("sha256:00ff00ff00ff00ff").hex()
    '00ff00ff00ff00ff'
    """
    return bytes.fromhex(fingerprint.removeprefix("sha256:"))
