"""A reader's copy of the guidance → its words with their places, and where its sentences begin and end.

Where sentences end cannot be told for certain: a copy may have lost its blank lines, or have its lines broken
anywhere. What is said here is what can be seen; who holds it against a ledger may join and part it anew.
"""

from __future__ import annotations

import codecs
import itertools
import re
import stat
from pathlib import Path

import attrs

from bigrules.diagnostics import DataPath, Diagnostic, InputError, Span
from bigrules.language.fingerprint import Stretch, is_number, joined, words

# A guidance of this size has far more words than any that is held against rules.
MAX_BYTES = 2_000_000
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Files that hold text, and are none.
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a word processor's file or an archive"),
    (b"\xd0\xcf\x11\xe0", "a word processor's file"),
    (b"{\\rtf", "an RTF file"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_ITEM = re.compile(
    r"\s*(?:[•◦‣⁃∙·▪▫●○■□◆◇►▶➢➤❖✓✔*\uf0b7\uf0a7\uf0d8\uf02d]|[-–—o]\s|\(?\d{1,2}[.)]\s|\([a-z]\)\s)"
)
_END = re.compile(r"[.!?…][)\]\"'’”»]*$")
_BEGIN = re.compile(r"[(\[\"'‘“«]*[^\W_a-zß-öø-ÿ]|[(\[\"'‘“«]*[£$€]")
# What ends with a full stop in the middle of a sentence, whatever comes after it.
_SHORT = frozenset(
    (
        "e.g", "i.e", "cf", "vs", "viz", "approx", "incl", "mr", "mrs", "ms", "dr", "prof", "rev", "cllr", "hon", "st",
        "no", "nos", "p", "pp", "para", "paras", "fig", "figs", "ch", "sec", "art", "vol", "ed", "eds",
    )
)  # fmt: skip
# These only before a number.
_MONTHS = frozenset(("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"))
_DASHES = "-–—"


@attrs.frozen
class Word:
    """One word of a copy.

    Args:
        forms: What it may be as it is compared; "" too where it may be the number of an item, which is no word.
        raw: As it was written.
        line: Its line, from 1.
        column: Column of its first character, from 1.
        end_column: One past its last character.
        is_first: Whether a line begins with it.
    """

    forms: tuple[str, ...]
    raw: str
    line: int
    column: int
    end_column: int
    is_first: bool = False

    @property
    def begins(self) -> bool:
        """Whether a line begins with it, as a sentence does."""
        return self.is_first and _BEGIN.match(self.raw) is not None


@attrs.frozen
class Copy:
    """A reader's copy of the guidance.

    Args:
        file: What to call it.
        lines: Its lines.
        words: Its words, in order.
        starts: Where its sentences begin, as far as can be seen: positions of words, in order.
    """

    file: str
    lines: tuple[str, ...]
    words: tuple[Word, ...]
    starts: tuple[int, ...]

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """Its sentences, as the position of their first word and one past that of their last."""
        return list(itertools.pairwise([*self.starts, len(self.words)]))

    def text(self, start: int, end: int) -> str:
        """What some words say, as they were written, on one line."""
        if start >= end:
            return ""
        first, last = self.words[start], self.words[end - 1]
        parts = []
        for number in range(first.line, last.line + 1):
            line = self._line(number)
            begin = first.column - 1 if number == first.line else 0
            parts.append(line[begin : last.end_column - 1] if number == last.line else line[begin:])
        return " ".join(" ".join(parts).split())

    def fingerprints(self, start: int, end: int) -> list[str]:
        """What the fingerprint of some words may be."""
        stretch = Stretch()
        for each in self.words[start:end]:
            stretch.take(each.forms)
        return stretch.fingerprints()

    def place(self, start: int, end: int) -> Span:
        """Where some words stand: all of them that are on their first line."""
        if not self.words:
            return Span(self.file)
        first = self.words[min(start, len(self.words) - 1)]
        if start >= len(self.words):  # behind the last
            return Span(self.file, first.line, first.end_column, first.end_column + 1, self._line(first.line))
        last = first
        for each in self.words[start:end]:
            if each.line == first.line:
                last = each
        return Span(self.file, first.line, first.column, last.end_column, self._line(first.line))

    def _line(self, number: int) -> str:
        return self.lines[number - 1]


def read_copy(path: str) -> Copy:
    """A reader's copy of the guidance from its file.

    Args:
        path: A text file, in UTF-8, UTF-16 or the Western code page.

    Raises:
        InputError: It cannot be read, or is no text.
    """
    return copy_of(_decoded(_bytes(path), path), path)


def _refuse(code: str, name: str, file: str, message: str, help: str) -> InputError:
    return InputError([Diagnostic(code, name, message, DataPath(file), help)])


def _bytes(path: str) -> bytes:
    try:
        found = Path(path).stat()
        if not stat.S_ISREG(found.st_mode):
            what = "a directory" if stat.S_ISDIR(found.st_mode) else "not an ordinary file"
            help = "name the text file that holds the guidance"
            raise _refuse("BR103", "not-a-file", path, f"`{path}` is {what}", help)
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        help = "look at its spelling, and at the folder that you are in"
        raise _refuse("BR101", "missing-file", path, f"there is no `{path}`", help) from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        help = "see that it is there and may be read"
        raise _refuse("BR115", "unreadable", path, f"`{path}` cannot be read: {why}", help) from None
    if len(data) > MAX_BYTES:
        help = f"a copy of the guidance has at most {MAX_BYTES // 1_000_000} MB: keep the text alone"
        raise _refuse("BR109", "too-large", path, f"`{path}` is too large", help)
    return data


def _decoded(data: bytes, path: str) -> str:
    for start, what in _OTHERS:
        if data.startswith(start):
            raise _no_text(path, what)
    if _MARKUP.match(data):
        raise _no_text(path, "a web page with its tags")
    text = _text(data)
    # Form feeds part the pages of a printed text; no other control character stands in one.
    if text is None or any(each < " " and each not in "\t\n\r\f\v\x1c\x1d\x1e" for each in text):
        raise _no_text(path, "not text")
    if not any(map(str.isalnum, text)):
        help = "name the text file that holds the guidance"
        raise _refuse("BR102", "empty-file", path, f"`{path}` is empty", help)
    return text


def _no_text(path: str, what: str) -> InputError:
    help = "open it, and save its text as a plain text file (.txt)"
    return _refuse("BR340", "no-text", path, f"`{path}` is {what}, and only plain text is read", help)


def _text(data: bytes) -> str | None:
    """Bytes as text, or None where no encoding makes text of them."""
    encodings = [next((name for mark, name in _MARKS if data.startswith(mark)), "")]
    if not encodings[0]:
        # Without a mark, half of the bytes of UTF-16 still give it away.
        half = len(data) // 4
        low, high = data[1::2].count(0), data[::2].count(0)
        encodings = (
            ["utf-16-le"] if low > half else ["utf-16-be"] if high > half else ["utf-8", "cp1252", "latin-1"]
        )
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def copy_of(text: str, file: str = "guidance") -> Copy:
    """A reader's copy of the guidance from its text.

    Args:
        text: All of it.
        file: What to call it.

    >>> copy = copy_of("Who may join\\n\\nAnyone, e.g. Ann. They\\ncan:\\n • vote. Often\\n • speak")
    >>> [copy.text(*each) for each in copy.sentences]
    ['Who may join', 'Anyone, e.g. Ann.', 'They can:', 'vote. Often', 'speak']
    """
    lines = tuple(text.removeprefix("\ufeff").splitlines())
    found: list[Word] = []
    starts: list[int] = []
    width = max(map(len, lines), default=0)
    # In an item, one that a dash begins; in a paragraph or an item.
    is_item = in_dashes = is_open = False
    for number, line in enumerate(lines, 1):
        made = _words(line, number)
        if not line.strip():
            is_open = is_item = False
            continue
        begins = _ITEM.match(line) is not None
        if begins and is_open and not (is_item and in_dashes) and _goes_on(found, line):
            begins = False
        if begins or not is_open:
            is_item, in_dashes = begins, line.lstrip()[:1] in _DASHES
            _start(starts, len(found))
            is_open = True
        elif not is_item and found and made and _is_short(lines, found[-1], made[0], width):
            _start(starts, len(found))
        for each in made:
            if not is_item and len(found) not in starts[-1:] and _ends(found, starts[-1], each.raw):
                _start(starts, len(found))
            found.append(each)
    return Copy(file, lines, tuple(found), tuple(each for each in starts if each < len(found)))


def _start(starts: list[int], at: int) -> None:
    if not starts or starts[-1] != at:
        starts.append(at)


def _is_short(lines: tuple[str, ...], last: Word, first: Word, width: int) -> bool:
    """Whether a line ends long before it is full, and the next begins as a sentence does: a heading does so."""
    room = width * 0.6 - len(lines[last.line - 1])
    return room > len(first.raw) and last.raw[-1] not in ",;-" and bool(_BEGIN.match(first.raw))


def _goes_on(found: list[Word], line: str) -> bool:
    """Whether a dash that begins a line is one inside a sentence: nothing ends before it, and no capital follows."""
    rest = line.lstrip().lstrip(_DASHES).lstrip()
    is_dash = line.lstrip()[:1] in _DASHES
    return is_dash and bool(found) and not re.search(r"[.:;!?]$", found[-1].raw) and rest[:1].islower()


def _words(line: str, number: int) -> list[Word]:
    made: list[Word] = []
    written = [(match, words(match[0])) for match in re.finditer(r"\S+", line)]
    written = [each for each in written if each[1]]
    for at, (match, folded) in enumerate(written):
        is_first = not made
        after = written[at + 1][0][0] if at + 1 < len(written) else ""
        # The items of a list may have been run together, and the lines be broken anew.
        is_figure = folded[0].lstrip("(")[:1].isdigit() and (not after or bool(_BEGIN.match(after)))
        may_be_item = is_first or is_figure
        is_item = may_be_item and is_number(folded[0])
        forms = (joined(folded), "") if is_item else (joined(folded),)
        made.append(Word(forms, match[0], number, match.start() + 1, match.end() + 1, is_first))
    return made


def _ends(found: list[Word], start: int, after: str) -> bool:
    """Whether a sentence that began at a word ends before what comes after it in its paragraph."""
    if len(found) - start == 1 and is_number(found[start].forms[0]):
        return False  # the number of an item
    return is_end(found[-1].raw, after)


def is_end(word: str, after: str) -> bool:
    """Whether a sentence ends between two words of a paragraph, as they are written.

    >>> [is_end(*each.split()) for each in ("up. The", "etc. that", "e.g. Ann", "J. Smith", "Jan. 2", "(up.) £1m")]
    [True, False, False, False, False, True]
    """
    if not _END.search(word) or not _BEGIN.match(after):
        return False
    bare = word.strip("()[]\"'‘’“”«»").removesuffix(".").casefold()
    if not word.rstrip(")]\"'’”»").endswith("."):
        return True
    if bare in _MONTHS:
        return not after[:1].isdigit()
    # A single capital is an initial.
    return bare not in _SHORT and not (len(bare) == 1 and bare.isalpha())
