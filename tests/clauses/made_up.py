"""A guidance that does not exist, and typesetting: the same words in every form that a copy may have."""

from __future__ import annotations

import random
import re
from pathlib import Path

import attrs

from bigrules.language.fingerprint import fingerprint
from bigrules.language.model import Clause


@attrs.frozen
class Block:
    """A heading, a paragraph, a bullet or a numbered item.

    Args:
        kind: Which of these it is.
        sentences: Its sentences; those of a bullet or an item are one clause.
    """

    kind: str
    sentences: tuple[str, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        """What each of its clauses says."""
        return (" ".join(self.sentences),) if self.kind in ("bullet", "item") else self.sentences


GARDEN = (
    Block("heading", ("Meadow Lane garden",)),
    Block("heading", ("1 May 2019",)),
    Block(
        "paragraph",
        (
            "A garden is kept by at least six gardeners - for example, neighbours.",
            "They're people who live within 2.5 miles of it, e.g. Placeholder Row, and pay £1m or less.",
        ),
    ),
    Block("heading", ("Who keeps the garden",)),
    Block("heading", ("Show more",)),
    Block("heading", ("Show less",)),
    Block("paragraph", ("Gardeners look after beds, paths, sheds etc. that are theirs.", "They:")),
    Block("bullet", ("water the well-established beds and decide together what is sown",)),
    Block("bullet", ("keep the gardeners' tools in order; borrowers bring them back by 31 Oct. 2019",)),
    Block("bullet", ("Share what grows. This could be with anyone who asks. Nobody pays",)),
    Block("paragraph", ("Is that too much for you?", "Dr. Sample, the warden, gives advice!")),
    Block("heading", ("What happens in winter",)),
    Block("heading", ("Show more",)),
    Block("heading", ("Show less",)),
    Block(
        "paragraph",
        ("The garden sleeps ‘in its own right’, which means that nobody digs.", "The following help:"),
    ),
    Block("item", ("A bonfire and/or soup.",)),
    Block("item", ("Straw for the roots. Order it in time.",)),
    Block("item", ("Advice at",)),
    Block("paragraph", ("Whoever digs all the same must fill the hole again.",)),
    Block("heading", ("Got it",)),
)


def clauses_of(blocks: tuple[Block, ...]) -> list[str]:
    """What the clauses of a text say, in order."""
    return [each for block in blocks for each in block.clauses]


def ledger_of(blocks: tuple[Block, ...]) -> list[Clause]:
    """A ledger of a text; each clause has a made-up id, and headings belong to the page."""
    made = []
    for number, block in enumerate(blocks, 1):
        for at, says in enumerate(block.clauses, 1):
            treatment = "page" if block.kind == "heading" else "rule"
            made.append(
                Clause(f"{number}.{at}", f"Block {number}", f"sentence {at}", fingerprint(says), treatment)
            )
    return made


def plain(blocks: tuple[Block, ...]) -> str:
    """A text as a web page gives it: each block on a line of its own, with a blank line after it."""
    marks = {"bullet": "  • ", "item": "  1. "}
    return "\n\n".join(marks.get(each.kind, "") + " ".join(each.sentences) for each in blocks) + "\n"


HYPHENS = "-‐\u00ad"
QUOTES = {"'": "'’‘`´′", "’": "'’", "‘": "'‘“\"«", '"': '"“”„'}


def typeset(blocks: tuple[Block, ...], luck: random.Random) -> str:
    """A text in some typesetting; the words stay what they are.

    Args:
        blocks: The text.
        luck: What the typesetting is drawn with.
    """
    parts = luck.choice(("\n\n", "\n\n\n", "\n", " "))  # a blank line, a line end, nothing between blocks
    is_flat = parts == " "
    bullet = luck.choice(
        ("• ", "•", "- ", "– ", "* ", "▪\t", "") if is_flat else ("• ", "•", "- ", "o ", "‣\n", "")
    )
    number = luck.choice(("{}. ", "{}) ", "({}) ", ""))
    width = luck.choice((None, None, 20, 45, 72, "anywhere"))
    dash = luck.choice((" - ", " – ", " — ", "—", " -- ", "\u00a0– "))
    hyphen = luck.choice("-‐‑")
    spaces = luck.choice((" ", "  ", "\u00a0", "\t", "\u2003"))
    may_part = luck.random() < 0.5
    written, item = [], 0
    for block in blocks:
        item = item + 1 if block.kind == "item" else 0
        mark = {"bullet": bullet, "item": number.format(item)}.get(block.kind, "")
        text = mark + " ".join(block.sentences).replace(" - ", dash)
        text = re.sub(r"(?<=\w)-(?=\w)", lambda _: hyphen, text)
        text = "".join(luck.choice(QUOTES[each]) if each in QUOTES else each for each in text)
        if luck.random() < 0.3:
            text = text.replace("fi", "ﬁ").replace("...", "…")
        written.append(broken(text, width, may_part, luck))
    text = parts.join(written)
    if is_flat:
        text = broken(text, width, may_part, luck)
    text = re.sub(" ", lambda _: luck.choice((" ", spaces)), text)
    return luck.choice(("", "\ufeff")) + text.replace("\n", luck.choice(("\n", "\r\n", "\r")))


def broken(text: str, width: int | str | None, may_part: bool, luck: random.Random) -> str:
    """A text with its lines broken at a width, or anywhere; long words may be parted at the end of a line."""
    if width is None:
        return text
    lines, line = [], ""
    for word in text.split(" "):
        is_full = len(line) + len(word) >= width if isinstance(width, int) else luck.random() < 0.2
        if line and is_full:
            cut = luck.randrange(3, len(word) - 2) if may_part and re.fullmatch("[a-z]{8,}", word) else 0
            if cut:
                line, word = f"{line} {word[:cut]}{luck.choice(HYPHENS)}", word[cut:]
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


def real() -> Path | None:
    """The copy of the guidance that stands beside the checkout, where it does."""
    path = Path(__file__).parents[3] / "shared" / "guidance" / "big-local-partnerships-2017-07.txt"
    return path if path.is_file() else None
