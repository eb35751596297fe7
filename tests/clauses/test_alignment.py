"""Copies of a text against its ledger: typesetting is no difference, and every other one is told for what it is."""

from __future__ import annotations

import random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigrules.language.guidance import copy_of
from bigrules.tools.alignment import Alignment, align

from .made_up import GARDEN, Block, clauses_of, ledger_of, plain, typeset

LEDGER = ledger_of(GARDEN)
SAID = clauses_of(GARDEN)
LUCK = st.integers(0, 2**32).map(random.Random)
# Which block and sentence each clause is; bullets and items are one clause.
WHERE = [(at, each) for at, block in enumerate(GARDEN) for each in range(len(block.clauses))]


def held(text: str) -> Alignment:
    """A text against the ledger of the garden."""
    return align(copy_of(text), LEDGER)


def said(alignment: Alignment) -> list[tuple[str, tuple[str, ...]]]:
    """The differences: what happened, and the clauses that it happened to."""
    return [(each.sort, tuple(SAID[at] for at in each.clauses)) for each in alignment.differences]


def changed(clause: int, says: str) -> tuple[Block, ...]:
    """The garden with other words in place of a clause; none takes it out."""
    at, number = WHERE[clause]
    block = GARDEN[at]
    parts = [each if other != number else says for other, each in enumerate(block.clauses)]
    new = attrs.evolve(block, sentences=tuple(each for each in parts if each))
    return (*GARDEN[:at], *((new,) if new.sentences else ()), *GARDEN[at + 1 :])


def test_the_copy_that_the_ledger_was_made_from() -> None:
    """Each clause stands where it should, and nothing is different."""
    copy = copy_of(plain(GARDEN))
    alignment = align(copy, LEDGER)
    assert alignment.differences == ()
    texts = [copy.text(*alignment.found[at]) for at in range(len(LEDGER))]
    assert [each.removeprefix("1. ") for each in texts] == SAID


@given(luck=LUCK)
def test_typesetting_is_no_difference(luck: random.Random) -> None:
    """Spaces, line ends, quotation marks, dashes, bullets, numbers of items and parted words do not matter."""
    text = typeset(GARDEN, luck)
    alignment = held(text)
    assert said(alignment) == [], text
    ends = [alignment.found[at] for at in range(len(LEDGER))]
    assert ends == sorted(ends)


@given(luck=LUCK, clause=st.integers(0, len(LEDGER) - 1))
def test_a_changed_word_is_told(luck: random.Random, clause: int) -> None:
    """Another word anywhere in a clause is a change of that clause and of no other, however the copy is set."""
    words = SAID[clause].split()
    at = luck.choice([number for number, each in enumerate(words) if each.strip("-")])
    words[at] = luck.choice(("newts", words[at] + "s", words[at] + " not"))
    text = typeset(changed(clause, " ".join(words)), luck)
    assert said(held(text)) == [("changed", (SAID[clause],))], text


@given(luck=LUCK, clause=st.integers(0, len(LEDGER) - 1))
def test_a_clause_that_is_taken_out_is_told(luck: random.Random, clause: int) -> None:
    """A clause that is not there is removed, however the copy is set."""
    alignment = held(typeset(changed(clause, ""), luck))
    assert said(alignment) == [("removed", (SAID[clause],))]
    # The very clause, also where others say the same.
    assert alignment.differences[0].clauses == (clause,)


@given(luck=LUCK, clause=st.integers(0, len(LEDGER) - 1), behind=st.integers(0, len(GARDEN)))
def test_a_clause_that_stands_twice_is_told(luck: random.Random, clause: int, behind: int) -> None:
    """A clause that is repeated as a paragraph of its own is added, and it is said which it is."""
    more = Block("paragraph", (SAID[clause],))
    text = typeset((*GARDEN[:behind], more, *GARDEN[behind:]), luck)
    assert said(held(text)) == [("added", (SAID[clause],))], text


@given(behind=st.integers(0, len(GARDEN)))
def test_a_new_sentence_is_told(behind: int) -> None:
    """A sentence that the ledger does not have is added, and its place is that of the sentence."""
    blocks = (*GARDEN[:behind], Block("paragraph", ("Newts are welcome.",)), *GARDEN[behind:])
    copy = copy_of(plain(blocks))
    (one,) = align(copy, LEDGER).differences
    assert (one.sort, one.clauses, copy.text(one.start, one.end)) == ("added", (), "Newts are welcome.")
    assert copy.place(one.start, one.end).text == "Newts are welcome."


@given(luck=LUCK, first=st.integers(0, len(GARDEN) - 1), second=st.integers(0, len(GARDEN) - 1))
def test_blocks_that_change_places_have_moved(luck: random.Random, first: int, second: int) -> None:
    """Two blocks that change places are moves and nothing else, and without what moved all is in order."""
    blocks = list(GARDEN)
    blocks[first], blocks[second] = blocks[second], blocks[first]
    alignment = held(typeset(tuple(blocks), luck))
    assert {each.sort for each in alignment.differences} <= {"moved"}
    assert len(alignment.found) == len(LEDGER)
    moved = {at for each in alignment.differences for at in each.clauses}
    stay = [alignment.found[at] for at in range(len(LEDGER)) if at not in moved]
    assert stay == sorted(stay)
    same = GARDEN[first].clauses == GARDEN[second].clauses
    assert bool(moved) == (not same)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # One sentence moves, and the shorter way to say so is that it did, and not all that it passed.
        (
            "Is that too much for you? Dr. Sample, the warden, gives advice!",
            "Dr. Sample, the warden, gives advice! Is that too much for you?",
            [("moved", ("Is that too much for you?",))],
        ),
        # Two sentences become one: only the first ends otherwise, and the second is there word for word.
        (
            "for you? Dr. Sample,",
            "for you, Dr. Sample,",
            [("changed", ("Is that too much for you?",))],
        ),
        # Words are added before and behind a sentence that stands there otherwise as it did.
        ("Is that too", "Well: is that too", [("changed", ("Is that too much for you?",))]),
        (
            "gives advice!",
            "gives advice! if asked",
            [("changed", ("Dr. Sample, the warden, gives advice!",))],
        ),
        # A figure and a single letter are words too.
        ("least six", "least 6", [("changed", (SAID[2],))]),
        ("2.5 miles", "2,5 miles", [("changed", (SAID[3],))]),
        ("£1m", "£1n", [("changed", (SAID[3],))]),
        # A mark that is not typesetting.
        ("what is sown", "what is sown?", [("changed", (SAID[9],))]),
        # Two changes side by side are two.
        (
            "for you? Dr. Sample, the warden",
            "for us? Dr. Sample, the guard",
            [("changed", (SAID[12],)), ("changed", (SAID[13],))],
        ),
        # One sentence in place of two: nobody can say which one it was.
        (
            "Is that too much for you? Dr. Sample, the warden, gives advice!",
            "Ask for advice.",
            [("changed", (SAID[12], SAID[13]))],
        ),
        # Two in place of one.
        ("Is that too much for you?", "Is it much? Is it more?", [("changed", (SAID[12],))]),
    ],
)
def test_what_happened_is_told(old: str, new: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    """Each change of the text is told in the fewest words, and for the clause that it is about."""
    text = plain(GARDEN)
    assert text.count(old) == 1
    alignment = held(text.replace(old, new))
    assert said(alignment) == expected
    # What has changed is not found word for word.
    assert not {at for each in alignment.differences if each.sort == "changed" for at in each.clauses} & {
        *alignment.found
    }


def test_a_change_beside_a_heading_that_is_gone() -> None:
    """Where fewer sentences stand than clauses, what belongs to the page is gone and the other clause changed."""
    text = plain(GARDEN).replace("Show more\n\nShow less\n\nGardeners look", "Gardeners care")
    gone = [("removed", ("Show more",)), ("removed", ("Show less",))]
    assert said(held(text)) == [*gone, ("changed", (SAID[7],))]


def test_a_text_that_is_another_has_nothing_of_the_ledger() -> None:
    """Nothing is found in another text."""
    text = "Goats climb on every mountain that there is. " * 1_000
    alignment = held(text)
    assert alignment.found == {}
    assert [each.sort for each in alignment.differences] == ["changed"]


def test_a_heading_is_not_found_in_the_midst_of_a_changed_sentence() -> None:
    """A heading that is gone is not taken for its words in a sentence that changed beside it."""
    text = plain(GARDEN).replace("Got it\n", "").replace("the hole again.", "what they got it from again.")
    assert said(held(text)) == [("changed", (SAID[-2],)), ("removed", ("Got it",))]


def test_a_heading_is_not_found_at_the_end_of_a_changed_sentence() -> None:
    """A heading that is gone is not taken for the words with which a changed bullet ends."""
    text = plain(GARDEN).replace("Got it\n", "").replace("decide together what is sown", "decide who got it")
    assert said(held(text)) == [("changed", (SAID[9],)), ("removed", ("Got it",))]


def test_clauses_that_say_the_same_are_told_apart_by_where_they_stand() -> None:
    """Of two that say the same, the one that can be seen is not taken for the one that is run together with others."""
    blocks = tuple(Block("heading", (each,)) for each in ("Alpha beta", "Show", "Gamma delta", "Show"))
    text = "Alpha beta Show Gamma delta\n\nShow"
    assert align(copy_of(text), ledger_of(blocks)).differences == ()


def test_a_sentence_that_stands_twice_belongs_where_more_fits_to_it() -> None:
    """Of two that are the same, the one is the clause between the clauses of which it stands; the other is added."""
    said_twice = SAID[17]
    flat = " ".join(SAID).replace(f" {SAID[20]}", f" {said_twice} {SAID[20]}")
    assert flat.count(said_twice) == 2
    assert said(held(flat)) == [("added", (said_twice,))]
    assert held(flat).differences[0].start > held(flat).found[19][0]


def test_a_long_text_without_line_ends() -> None:
    """Clauses without full stops are found one behind the other, in a text of more words than a page has."""
    blocks = tuple(Block("heading", (f"Nobody keeps newt number {at} here",)) for at in range(300))
    text = " ".join(each.sentences[0] for each in blocks)
    assert align(copy_of(text), ledger_of(blocks)).differences == ()


def test_the_place_of_what_is_gone() -> None:
    """What is gone is looked for before the words that followed it, and at the end where none do."""
    text = plain(changed(WHERE.index((10, 0)), ""))
    copy = copy_of(text)
    (one,) = align(copy, LEDGER).differences
    assert copy.place(one.start, one.end).text == "Dr. Sample, the warden, gives advice!"
    text = plain(GARDEN[:-1])
    copy = copy_of(text)
    (one,) = align(copy, LEDGER).differences
    place = copy.place(one.start, one.end)
    assert (place.line, place.column) == (len(copy.lines), len(copy.lines[-1]) + 1)


def test_clauses_of_another_document_are_passed_over() -> None:
    """A clause without a fingerprint is not looked for."""
    ledger = [attrs.evolve(each, fingerprint="") if at == 4 else each for at, each in enumerate(LEDGER)]
    alignment = align(copy_of(plain(GARDEN)), ledger)
    assert 4 not in alignment.found
    assert [(each.sort, each.clauses) for each in alignment.differences] == [("added", ())]
    assert align(copy_of(plain(GARDEN)), []).found == {}
