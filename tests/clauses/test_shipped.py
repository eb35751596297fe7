"""The ledger that is shipped: every sentence of the guidance is in it, and something became of each."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bigrules.language import load, shipped_path
from bigrules.language.fingerprint import words
from bigrules.language.guidance import Copy, copy_of, read_copy
from bigrules.language.model import Clause
from bigrules.tools.alignment import align
from bigrules.tools.trace import trace

from .made_up import Block, real, typeset

REAL = real()
HERE = pytest.mark.skipif(REAL is None, reason="no copy of the guidance stands in ../shared/guidance")
LUCK = st.integers(0, 2**32).map(random.Random)
# A text of two thousand words takes longer than the made-up one, on which the same laws are tried more often.
SOME = settings(max_examples=settings.default.max_examples // 4)

# How many clauses each section has, counted by hand in the text: prose, bullets and items, lead-ins included.
SECTIONS = {
    "opening": 3,
    "role": 9,
    "expectations": 9,
    "delivering": 6,
    "criteria": 8,
    "conflicts": 12,
    "conflicts.workers": 5,
    "conflicts.families": 6,
    "conflicts.power": 4,
    "conflicts.procurement": 5,
    "review": 12,
    "support": 7,
    # Title, date, 11 headings, 14 links under them, and what stands above and below the text.
    "page": 36,
}


def ledger() -> list[Clause]:
    """The shipped ledger."""
    rulebook, found = load(shipped_path())
    assert rulebook is not None, [str(each) for each in found]
    return list(rulebook.clauses.values())


LEDGER = ledger()


def text() -> Copy:
    """The copy that stands beside the checkout."""
    assert REAL is not None
    return read_copy(str(REAL))


def blocks() -> tuple[Block, ...]:
    """The guidance as blocks: in its text each stands on a line of its own."""
    copy, made = text(), []
    for at, (start, end) in enumerate(copy.sentences):
        raw, line = copy.text(start, end), copy.words[start].line
        if made and made[-1][0] == line:
            made[-1][2].append(raw)
            continue
        before = copy.lines[line - 1].lstrip()[:1]
        kind = "bullet" if before == "•" else "item" if re.match(r"\d\. ", raw) else "paragraph"
        made.append((line, kind, [re.sub(r"^\d\. ", "", raw) if kind == "item" else raw]))
        assert LEDGER[at].fingerprint in copy.fingerprints(start, end)
    return tuple(Block(kind, tuple(says)) for _, kind, says in made)


def test_the_ledger_has_every_clause_of_every_section() -> None:
    """The ids of each section are numbered from 1 without a gap, in the order of the text."""
    counted: dict[str, list[int]] = {}
    for clause in LEDGER:
        section, _, number = clause.id.rpartition(".")
        counted.setdefault(section, []).append(int(number))
    assert counted == {section: list(range(1, number + 1)) for section, number in SECTIONS.items()}


@HERE
def test_no_sentence_of_the_guidance_is_copied() -> None:
    """What the rulebook says is said in its own words: no sentence of the guidance stands in any of its files."""
    copy = text()
    says = [" ".join(words(copy.text(*each))) for each in copy.sentences]
    # Of fewer words are headings, which name sections, and what anybody says.
    sentences = [each for each in says if len(each.split()) > 6]
    assert len(sentences) > 70
    headings = {" ".join(words(each.section.rpartition(", ")[2])) for each in LEDGER}
    for path in shipped_path().rglob("*.yaml"):
        file = " ".join(words(path.read_text(encoding="utf-8")))
        copied = [each for each in sentences if each in file]
        assert [each for each in copied if each not in headings] == [], path


def test_nothing_is_left_out_of_the_rules() -> None:
    """Every clause is encoded as its treatment says, every permission is shown, and every file has its clause."""
    rulebook, _ = load(shipped_path())
    assert rulebook is not None
    assert [str(each) for each in trace(rulebook).diagnostics] == []


@HERE
def test_every_sentence_of_the_guidance_is_in_the_ledger() -> None:
    """The copy beside the checkout is word for word what the ledger was made from, in its order."""
    rulebook, _ = load(shipped_path())
    assert rulebook is not None
    traced = trace(rulebook, str(REAL))
    assert [str(each) for each in traced.diagnostics] == []
    assert {each.state for each in traced.clauses} == {"word for word"}
    # No letter of the copy is outside of what was found.
    seen = "".join(each.text for each in traced.clauses)
    everything = Path(str(REAL)).read_text(encoding="utf-8")
    assert letters(seen) == letters(everything)


def letters(text: str) -> str:
    """A text without its spaces and bullets."""
    return re.sub(r"[\s•]", "", text)


@HERE
@SOME
@given(luck=LUCK)
def test_typesetting_of_the_guidance_is_no_difference(luck: random.Random) -> None:
    """However the guidance is typeset, its clauses are found in it."""
    assert align(copy_of(typeset(blocks(), luck)), LEDGER).differences == ()


@HERE
@SOME
@given(
    luck=LUCK,
    at=st.integers(0, len(LEDGER) - 1),
    what=st.sampled_from(["changed", "removed", "added", "moved"]),
)
def test_one_edit_of_the_guidance_is_one_difference(luck: random.Random, at: int, what: str) -> None:
    """A clause that is changed, taken out, repeated, or changes places with the next, is told, and nothing else."""
    copy = text()
    spans = copy.sentences
    says = [copy.text(*each) for each in spans]
    same = [other for other, each in enumerate(LEDGER) if each.fingerprint == LEDGER[at].fingerprint]
    if what == "changed":
        words = says[at].split()
        words[luck.randrange(len(words))] = "newts"
        says[at] = " ".join(words)
        if re.match(r"\d\. ", says[at]) is None and re.match(r"newts ", says[at]):
            says[at] = "Newts" + says[at][5:]
    elif what == "removed":
        del says[at]
    elif what == "added":
        says.insert(at, says[at])
    else:
        at = min(at, len(says) - 2)
        says[at : at + 2] = says[at + 1], says[at]
    differences = align(copy_of("\n\n".join(says)), LEDGER).differences
    assert [each.sort for each in differences] == [what]
    (clause,) = differences[0].clauses
    if what == "moved":
        assert clause in (at, at + 1)
    elif what == "added":
        assert clause in same
    else:
        assert clause == at


@HERE
def test_a_copy_in_every_encoding(tmp_path: Path) -> None:
    """A copy that a word processor saved is word for word too."""
    everything = Path(str(REAL)).read_text(encoding="utf-8").replace("\n", "\r\n")
    for encoding in ("utf-8-sig", "utf-16", "utf-16-be", "cp1252"):
        path = tmp_path / encoding
        path.write_bytes(everything.encode(encoding))
        assert align(read_copy(str(path)), LEDGER).differences == ()


def test_the_treatments_are_as_they_were_agreed() -> None:
    """What binds is not called an explanation: each clause of these is encoded."""
    became = {each.id: each.treatment for each in LEDGER}
    sorts = {"rule", "definition", "judgement", "record"}
    binding: dict[str, list[int]] = {}
    for id, sort in became.items():
        if sort in sorts:
            section, _, number = id.rpartition(".")
            binding.setdefault(section, []).append(int(number))
    assert binding == {
        "opening": [3],
        "role": [4, 5, 6, 7, 8, 9],
        "expectations": [2, 3, 4, 5, 6, 7, 8],
        "delivering": [4, 5],
        "criteria": [2, 3, 4, 5, 6],
        "conflicts": [2, 6, 7, 8, 9, 10, 11, 12],
        "conflicts.workers": [2, 5],
        "conflicts.families": [5, 6],
        "conflicts.power": [1, 2, 3, 4],
        "conflicts.procurement": [1, 2, 3, 4, 5],
        "review": [2, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        "support": [4],
    }
    assert {id for id, sort in became.items() if sort == "permission"} == {
        "delivering.1", "delivering.2", "delivering.3", "criteria.7", "criteria.8"
    }  # fmt: skip


def test_every_explanation_and_permission_has_its_word() -> None:
    """What binds nobody says why, and what is allowed is shown by something."""
    for each in LEDGER:
        assert bool(each.because) == (each.treatment == "explanation")
        assert bool(each.shown) == (each.treatment == "permission")
        assert each.section and each.place and each.fingerprint
