"""Rulebooks and sentences, spoiled: a rulebook or diagnostics, never both, never an exception, never without end."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from spoiling import FEW, HOSTILE, bounded, check_said, in_text, spoiled

from bigrules.diagnostics import Place, errors
from bigrules.language import load
from bigrules.language.model import Slot
from bigrules.language.sentences import Entry, Sentences, blank, does_not_matter, slots_of
from bigrules.program.compile import compile_program

TESTS = Path(__file__).parents[1]
BOOKS = {
    folder.name: {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))
    }
    for folder in (
        TESTS / "bad" / "base",
        TESTS / "bad" / "society",
        TESTS / "language" / "readable",
        TESTS / "render" / "book",
    )
}


def check(files: dict[str, bytes]) -> None:
    """Load a rulebook; one that is sound can be compiled."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        with bounded():
            rulebook, found = load(folder)
    assert (rulebook is None) == bool(errors(found)), found

    def within(place: Place) -> bool:
        return in_text(files[place.file])(place) if place.file in files else True

    check_said(found, within)
    if rulebook is not None:
        compile_program(rulebook)


@FEW
@given(book=st.sampled_from(sorted(BOOKS)), data=st.data())
def test_spoiled_bytes_of_a_rulebook(book: str, data: st.DataObject) -> None:
    """One file of a rulebook, be it a rule, a definition, the vocabulary, the ledger or the manifest, spoiled."""
    files = dict(BOOKS[book])
    name = data.draw(st.sampled_from(sorted(files)))
    files[name] = data.draw(spoiled(files[name]))
    check(files)


LINES = sorted(
    {
        line
        for files in BOOKS.values()
        for text in files.values()
        for line in text.splitlines()
        if line.strip()
    }
)


@FEW
@given(book=st.sampled_from(sorted(BOOKS)), data=st.data())
def test_lines_of_other_files(book: str, data: st.DataObject) -> None:
    """Lines of one file stand in another, or where they do not belong."""
    files = dict(BOOKS[book])
    name = data.draw(st.sampled_from(sorted(files)))
    lines = files[name].split(b"\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = data.draw(st.sampled_from(LINES))
        if data.draw(st.booleans()):
            line = lines[at][: len(lines[at]) - len(lines[at].lstrip())] + line.lstrip()
        lines[at : at + data.draw(st.integers(0, 1))] = [line]
    files[name] = b"\n".join(lines)
    check(files)


# ---------------------------------------------------------------- the sentence matcher

SAID = [
    "<person> is a member", "<person> voted in <decision>", "<person> and <other> are recorded as <kind>",
    "<decision> was taken on <day>", "<person> is recorded as <capacity> with a vote until <until>",
    "the hall is open", "<person> has a key to the <door> door",
]  # fmt: skip


def matcher() -> Sentences:
    sentences = Sentences()
    for number, says in enumerate(SAID):
        count = len(slots_of(says))
        assert sentences.add(Entry(f"kind {number}", says, count, tuple(range(count)))) is None
    return sentences


WORDS = sorted({word for says in SAID for word in says.split()})
WORDS += ["<", ">", "<>", "<any>", "<any person>", "><", "<<a>>"]
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(HOSTILE)), max_size=12).map(" ".join),
    st.sampled_from(SAID).flatmap(
        lambda says: spoiled(says.encode()).map(lambda data: data.decode("utf-8", "replace"))
    ),
)


@given(text=TEXTS)
def test_any_text_is_looked_up(text: str) -> None:
    """A text is found exactly if with its slots blanked it is one that is said; else help names one that is."""
    sentences = matcher()
    with bounded():
        entry, help = sentences.find(text), sentences.help(text)
    same = [says for says in SAID if blank(says) == blank(text)]
    assert (entry is not None) == bool(same)
    if entry is not None:
        assert [entry.says] == same and len(entry.terms(slots_of(text))) == entry.columns
    assert help
    if help.startswith("did you mean"):
        meant = help.removeprefix("did you mean `").removesuffix("`?")
        assert sentences.find(meant) is not None, meant


SLOTS = st.one_of(
    st.text(max_size=12), st.sampled_from(HOSTILE), st.sampled_from(["any", "any one", "a" * 10_000])
).filter(lambda word: "<" not in word and ">" not in word)


@given(says=st.sampled_from(SAID), data=st.data())
def test_any_word_may_stand_in_a_slot(says: str, data: st.DataObject) -> None:
    """Whatever stands between the brackets is the slot, and never changes what is said."""
    words: list[str] = []
    parts: list[str] = []
    for part in says.replace("<", "\0<").replace(">", ">\0").split("\0"):
        if part.startswith("<"):
            words.append(data.draw(SLOTS))
            parts.append(f"<{words[-1]}>")
        else:
            parts.append(part)
    text = "".join(parts)
    entry = matcher().find(text)
    assert entry is not None and entry.says == says
    tidy = tuple(" ".join(word.split()) for word in words)
    expected: tuple[Any, ...] = tuple(None if does_not_matter(word) else Slot(word) for word in tidy)
    assert slots_of(text) == tidy and entry.terms(tidy) == expected


@given(text=st.text(max_size=60))
def test_blanking_is_done_once(text: str) -> None:
    """What has been blanked stays as it is, and has as many slots."""
    once = blank(text)
    assert blank(once) == once
    assert len(slots_of(once)) == len(slots_of(text))
