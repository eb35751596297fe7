"""Reading a copy of the guidance: where its sentences begin and end, what its words are, and what is no text."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigrules.diagnostics import InputError
from bigrules.language.fingerprint import Stretch, fingerprint, joined, normalise, words
from bigrules.language.guidance import copy_of, read_copy


def sentences(text: str) -> list[str]:
    """The sentences that can be seen in a text."""
    copy = copy_of(text)
    return [copy.text(*each) for each in copy.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They share tools, sheds etc. that are theirs. They may sell.", 2),
        ("They share tools, sheds etc. They may sell.", 2),
        ("Those who help, e.g. Ann, are asked, i.e. Ann is. So is Bob.", 2),
        ("It costs £1m. £2m is too much.", 2),
        ("It grew by 2.5 metres in 1.5 years.", 1),
        ("On 2 Jan. 2019 it rained. In Jan. It rained too.", 3),
        ("Dr. A. Sample and Cllr. Placeholder agree (see p. 4 and fig. 2).", 1),
        ("Really? Yes! They did… And more.", 4),
        ("They agreed (all of them.) Nobody left.", 2),
        ("He said ‘never.’ Nobody left.", 2),
        ("“Never.” “Always.”", 2),
        ("It ends. and goes on in small letters.", 1),
        ("At least 51% of them. 51% of nine are five.", 2),
        ("No. 5 is theirs. No. It is ours.", 2),
        ("A line without a full stop", 1),
        ("Dig. 2. Sow. 3. Rest.", 3),
    ],
)
def test_where_sentences_end(text: str, expected: int) -> None:
    """A sentence ends at its mark where the next begins as one, and not at an abbreviation or within a number."""
    assert len(sentences(text)) == expected, sentences(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A heading\n\nA text. More.", ["A heading", "A text.", "More."]),
        ("They:\n • dig. Often\n   and long\n • sow\nAfter.", ["They:", "dig. Often and long", "sow After."]),
        ("They:\n - dig\n – sow\n * rest", ["They:", "dig", "sow", "rest"]),
        (
            "1. Dig. Twice.\n2) Sow.\n(3) Rest.\n(a) Long.",
            ["1. Dig. Twice.", "2) Sow.", "(3) Rest.", "(a) Long."],
        ),
        ("o dig\no sow", ["o dig", "o sow"]),
        # A dash that goes on with the sentence is no bullet.
        ("They dig in the garden\n- for example, holes.", ["They dig in the garden - for example, holes."]),
        # Links and headings under each other, in a text with long lines.
        (
            f"Show more\nShow less\n{'They dig ' * 12}.",
            ["Show more", "Show less", f"{'They dig ' * 12}.".strip()],
        ),
        # Two lines of a paragraph that was broken at its width.
        (
            "All that they dig they\nLike, and sow. Then\nthey rest.",
            ["All that they dig they Like, and sow.", "Then they rest."],
        ),
        ("One page.\fAnother\x0bpage.", ["One page.", "Another page."]),
        ("", []),
        ("•\n\n -- \n", []),
    ],
)
def test_blocks(text: str, expected: list[str]) -> None:
    """Blank lines, bullets and numbers part a text; the sentences of one bullet stay together."""
    assert sentences(text) == expected


def test_words_have_places() -> None:
    """A place is the line and column in the file, in characters, of what stands on the first line of a sentence."""
    copy = copy_of("\ufeffSo.\r\n\r\n  • A\u200bb\tcd\r\n    ef.\r\n")
    (_, (start, end)) = copy.sentences
    place = copy.place(start, end)
    assert (place.line, place.column, place.end_column, place.text) == (3, 5, 11, "  • A\u200bb\tcd")
    assert copy.text(start, end) == "A\u200bb cd ef."
    assert (copy.place(0, 1).column, copy.place(0, 1).text) == (1, "So.")
    assert [each.forms for each in copy.words[start:end]] == [("ab",), ("cd",), ("ef.",)]


def test_a_word_that_a_line_end_parts() -> None:
    """What a hyphen parts at the end of a line has the fingerprint of the whole word, and of one with a hyphen."""
    copy = copy_of("a part-\nnership and a well-\nKept one - \nor none")
    assert copy.fingerprints(0, 4) == [fingerprint("a partnership and")]
    assert copy.fingerprints(0, 4) == [fingerprint("a part-nership and")]
    place = copy.place(1, 3)
    assert (place.line, place.column, place.end_column) == (1, 3, 8)


def test_the_number_of_an_item_is_taken_both_ways() -> None:
    """What may be the number of an item is a word or none; with very many of them not all ways are tried."""
    stretch = Stretch()
    for forms in (("so",), ("1.", ""), ("on",)):
        stretch.take(forms)
    assert stretch.fingerprints() == [fingerprint("so 1. on"), fingerprint("so on")]
    figures = Stretch()
    for forms in (("8",), ("1.", ""), ("10",)):
        figures.take(forms)
    assert figures.fingerprints() == [fingerprint("8 1. 10"), fingerprint("8 10")]
    assert normalise("1.") == "1."
    for _ in range(50):
        stretch.take(("a", ""))
    assert len(stretch.fingerprints()) == Stretch.most


@given(st.lists(st.text("a1.,-' \n", min_size=1), min_size=1))
def test_words_one_by_one_have_the_fingerprint_of_the_sentence(parts: list[str]) -> None:
    """A stretch of words has the fingerprint that they have together, figures next to figures too."""
    text = "x " + " ".join(parts)
    stretch = Stretch()
    for each in words(text):
        stretch.take((each,))
    assert stretch.fingerprints() == [fingerprint(text)]


@pytest.mark.parametrize(
    "copy",
    [
        "The partnership's long-term plan - all of it!",
        "the PARTNERSHIP’S long‑term plan — all of it!",
        "  • The partnership´s\u00a0long–term\tplan—all of it!\n",
        "1. The partnership's long term plan -- all of it!",
        "(a) “The partnership's long-term plan”, all of it!".replace("”,", "”"),
        "\ufeffThe part\u00adnership's long-term\r\nplan all\u200b of it!",
        "Ｔｈｅ partnership's long-term ｐｌａｎ - all of it！",
    ],
)
def test_typesetting_has_one_fingerprint(copy: str) -> None:
    """Copies that differ in typesetting alone have one fingerprint."""
    assert normalise(copy) == "thepartnership'slongtermplanallofit!"


@pytest.mark.parametrize(
    "other",
    [
        "The partnerships long-term plan - all of it!",
        "The partnership's long-term plan - al lof it? !",
        "The partnership's long-term plan - all of it.",
        "The partnership's long-term plans - all of it!",
        "The partnership's long-term - all of it!",
        "The partnership's plan long-term - all of it!",
        "The the partnership's long-term plan - all of it!",
    ],
)
def test_other_words_have_another_fingerprint(other: str) -> None:
    """A word, a letter, their order, an apostrophe inside a word and a mark at the end matter."""
    assert fingerprint(other) != fingerprint("The partnership's long-term plan - all of it!")


def test_figures_are_not_joined() -> None:
    """A dash or space between two figures is one all the same, and neither is nothing: 8-10 is not 810."""
    assert fingerprint("8-10 of 2.5") == fingerprint("8 – 10 of 2.5")
    assert len({fingerprint(each) for each in ("8-10 of 25", "810 of 25", "8 1 0 of 25", "8-10 of 2 5")}) == 4


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings(encoding: str, tmp_path: Path) -> None:
    """A copy is read in every encoding that word processors save."""
    text = "They’re “paid” £5 – or café.\r\nSo they are."
    (tmp_path / "copy.txt").write_bytes(text.encode(encoding))
    copy = read_copy(str(tmp_path / "copy.txt"))
    assert copy.text(0, len(copy.words)) == " ".join(text.split())
    assert copy.words[0].forms == ("they're",)


def test_latin_1(tmp_path: Path) -> None:
    """Bytes that the Western code page does not have are read as Latin-1, so that no text is refused for them."""
    (tmp_path / "copy.txt").write_bytes(b"caf\xe9 \x81 \xa35")
    assert [each.forms[0] for each in read_copy(str(tmp_path / "copy.txt")).words] == ["café", "\x81", "£5"]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", "BR102", "is empty"),
        (b" \r\n\t\xef\xbb\xbf", "BR102", "is empty"),
        (b"\xef\xbb\xbf", "BR102", "is empty"),
        (b"%PDF-1.7 \xff", "BR340", "is a PDF, and only plain text is read"),
        (b"PK\x03\x04docx", "BR340", "a word processor's file or an archive"),
        (b"\xd0\xcf\x11\xe0\xa1", "BR340", "a word processor's file"),
        (b"{\\rtf1 x}", "BR340", "an RTF file"),
        (b"\n<!DOCTYPE html><p>x", "BR340", "a web page with its tags"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "BR340", "is not text"),
        (b"text with \0 in it", "BR340", "is not text"),
        (b"\xff\xfea", "BR340", "is not text"),
        (b"a " * 1_000_001, "BR109", "is too large"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, code: str, said: str, tmp_path: Path) -> None:
    """What holds no text is told about, with what to do."""
    path = tmp_path / "copy.txt"
    path.write_bytes(data)
    with pytest.raises(InputError) as refused:
        read_copy(str(path))
    (one,) = refused.value.diagnostics
    assert one.code == code
    assert said in one.message
    assert one.help


@pytest.mark.parametrize(("name", "code"), [("none.txt", "BR101"), ("", "BR103"), ("a\0b", "BR115")])
def test_what_is_no_file_is_refused(name: str, code: str, tmp_path: Path) -> None:
    """A file that is not there, a directory, and a name that no file can have."""
    with pytest.raises(InputError) as refused:
        read_copy(str(tmp_path / name) if name else str(tmp_path))
    assert [each.code for each in refused.value.diagnostics] == [code]


@given(st.text() | st.text("aB.•-1) \n\t\r\x0b\u2028e.g ’"))
def test_any_text_is_parted_into_sentences(text: str) -> None:
    """Every word has its place in the lines, and each belongs to one sentence."""
    copy = copy_of(text)
    assert [at for start, end in copy.sentences for at in range(start, end)] == list(range(len(copy.words)))
    for each in copy.words:
        assert copy.lines[each.line - 1][each.column - 1 : each.end_column - 1] == each.raw
        assert words(each.raw) and joined(words(each.raw)) == each.forms[0]
    assert joined(each for word in copy.words for each in words(word.raw)) == joined(words(text))
    place = copy.place(0, len(copy.words))
    assert place.line <= max(len(copy.lines), 1)


@given(st.binary() | st.text().map(lambda text: text.encode("utf-16")))
def test_any_file_is_read_or_refused(data: bytes) -> None:
    """Whatever a file holds, it is a copy or is told about."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.txt"
        path.write_bytes(data)
        try:
            copy = read_copy(str(path))
        except InputError as refused:
            assert [each.help for each in refused.diagnostics] != [None]
        else:
            assert copy.words or copy.lines
