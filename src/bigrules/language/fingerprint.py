"""Fingerprints of clauses, by which a rulebook points at sentences that it does not copy."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Characters that copies of one text differ in without saying anything else.
_UNIFIED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys(
            "\u00ad\u200b\u200c\u200d\u2060\ufeff", None
        ),  # soft hyphen, zero width, byte order mark
    }
)
_BULLET = re.compile(r"^(?:[•◦‣⁃∙·▪●○*]|- |\d{1,2}[.)] )\s*")


def normalise(sentence: str) -> str:
    """The sentence as it is fingerprinted.

    Compatibility characters are folded (Unicode NFKC), quotes and dashes unified, a bullet or number in
    front taken off, white space folded and case ignored, so that a copy from a web page, a PDF or
    a word processor has the same form. Words and other punctuation stay as they are.

    Args:
        sentence: A sentence or bullet of the guidance, as it stands in somebody's copy.

    Returns:
        The form that two copies of one sentence share.

    >>> normalise("  •  The partnership’s policy – as\\n agreed. ")
    "the partnership's policy - as agreed."
    """
    # Before and after: NFKC takes some quotes apart, and makes others.
    text = unicodedata.normalize("NFKC", sentence.translate(_UNIFIED)).translate(_UNIFIED)
    text = " ".join(text.split())
    return _BULLET.sub("", text).strip().casefold()


def fingerprint(sentence: str) -> str:
    """A short hash of a sentence that does not depend on how a copy of it was typeset.

    Args:
        sentence: A sentence or bullet of the guidance, as it stands in somebody's copy.

    Returns:
        `sha256:` and the first 16 hexadecimal digits of the hash of the normalised sentence in UTF-8.

    >>> fingerprint("• It’s agreed  –  in writing.") == fingerprint("It's agreed - in\\nwriting.")
    True
    >>> fingerprint("It's agreed in writing.") == fingerprint("It's agreed - in writing.")
    False
    >>> fingerprint("It's agreed in writing.")
    'sha256:8e1ffaf7a3740c74'
    """
    digest = hashlib.sha256(normalise(sentence).encode()).hexdigest()
    return f"sha256:{digest[:16]}"
