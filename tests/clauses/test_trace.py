"""The ledger beside the rules, and beside a copy: what is left out or stale is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bigrules.diagnostics import Diagnostic, Span, render
from bigrules.language import load
from bigrules.language.fingerprint import fingerprint
from bigrules.tools.trace import Trace, trace

from .books import FILES, garden, ledger, write
from .made_up import GARDEN, plain

SOUND = plain(GARDEN)


def copy(folder: Path, text: str = SOUND) -> str:
    """A copy of the guidance as a file."""
    (folder / "copy.txt").write_text(text, encoding="utf-8")
    return str(folder / "copy.txt")


def told(found: tuple[Diagnostic, ...]) -> list[tuple[str, str, int]]:
    """Name and message of each diagnostic, and its line."""
    lines = []
    for each in found:
        assert each.help and each.code[:3] in ("BR3", "BR1")
        assert render(each)
        assert isinstance(each.place, Span)
        lines.append((each.name, each.message, each.place.line))
    return lines


def line(of: str, text: str = SOUND) -> int:
    """The line of some text."""
    (at,) = [number for number, each in enumerate(text.splitlines(), 1) if of in each]
    return at


def state(traced: Trace, clause: str) -> tuple[str, str]:
    """How a clause stands in the copy, and what stands there."""
    (one,) = [each for each in traced.clauses if each.clause.id == clause]
    return one.state, one.text


# ---------------------------------------------------------------- what is sound


def test_a_sound_rulebook_leaves_nothing_out(tmp_path: Path) -> None:
    """Each clause has what encodes it beside it, in the order of the ledger, and its text where there is a copy."""
    traced = trace(garden(tmp_path))
    assert told(traced.diagnostics) == []
    assert [each.clause.id for each in traced.clauses][:5] == ["1.1", "2.1", "3.1", "3.2", "4.1"]
    encoded = {each.clause.id: [file.id for file in each.encoded_by] for each in traced.clauses}
    assert {id: files for id, files in encoded.items() if files} == {
        "3.1": ["rules/six"],
        "3.2": ["definitions/gardener"],
        "7.1": ["rules/care"],
        "8.1": ["rules/watered"],
    }
    assert {each.state for each in traced.clauses} == {""}
    traced = trace(garden(tmp_path), copy(tmp_path))
    assert told(traced.diagnostics) == []
    assert {each.state for each in traced.clauses} == {"word for word"}
    assert state(traced, "12.1") == ("word for word", "What happens in winter")
    (place,) = [each.place for each in traced.clauses if each.clause.id == "11.2"]
    assert place is not None
    assert (place.line, place.text[place.column - 1 : place.end_column - 1]) == (
        line("Dr. Sample"),
        "Dr. Sample, the warden, gives advice!",
    )


# ---------------------------------------------------------------- the ledger beside the rules


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"six": "source: 3.1\n => ", "watered": "8.1 => [8.1, 3.1]"},
            ("no-clause", "the rule `rules/six` has no clause"),
        ),
        (
            {"gardener": "source: 3.2\n => ", "clauses": "treatment: definition => treatment: page"},
            ("no-clause", "the definition `definitions/gardener` has no clause"),
        ),
        (
            {"six": "source: 3.1 => source: 8.1"},
            (
                "not-encoded",
                "`3.1` is marked `rule`, and no rule with `required` or `not allowed` encodes it",
            ),
        ),
        (
            {"six": "source: 3.1 => source: 8.1", "care": "source: 7.1 => source: [7.1, 3.1]"},
            (
                "not-encoded",
                "`3.1` is marked `rule`, and no rule with `required` or `not allowed` encodes it, only `rules/care`",
            ),
        ),
        (
            {"care": "source: 7.1 => source: 3.1"},
            (
                "not-encoded",
                "`7.1` is marked `judgement`, and no rule or definition that asks people encodes it",
            ),
        ),
        (
            {"care": "source: 7.1 => source: 3.1", "six": "source: 3.1 => source: [3.1, 7.1]"},
            (
                "not-encoded",
                "`7.1` is marked `judgement`, and no rule or definition that asks people encodes it, only `rules/six`",
            ),
        ),
        (
            {"watered": "source: 8.1 => source: 3.1"},
            (
                "not-encoded",
                "`8.1` is marked `record`, and no rule with `required` or `not allowed` encodes it",
            ),
        ),
        (
            {"gardener": "source: 3.2 => source: 3.1"},
            ("not-encoded", "`3.2` is marked `definition`, and no definition encodes it"),
        ),
        (
            {"six": "source: 3.1 => source: [3.1, 7.2]"},
            ("binds-nobody", "`rules/six` encodes `7.2`, which is marked `explanation` and binds nobody"),
        ),
        (
            {"gardener": "source: 3.2 => source: [3.2, 4.1]"},
            ("binds-nobody", "`definitions/gardener` encodes `4.1`, which is marked `page` and binds nobody"),
        ),
        (
            {"clauses": "  treatment: judgement\n => "},
            ("no-treatment", "the clause `7.1` has no treatment"),
        ),
        (
            {"clauses": "seven => sevn"},
            ("not-shown", "the rule `rules/six` has no example `sevn`"),
        ),
        (
            {"clauses": "seven => five"},
            ("not-shown", "the example `five` of `rules/six` is not met"),
        ),
        (
            {"clauses": "{rules/six: seven} => {rules/sx: seven}"},
            ("not-shown", "there is no rule `rules/sx`"),
        ),
        (
            {"clauses": "six in winter => six in wintr"},
            ("not-shown", "there is no scenario `six in wintr`"),
        ),
        (
            {"clauses": "six in winter => five in winter"},
            ("not-shown", "the scenario `five in winter` is not met"),
        ),
        # It says that it is met, and is not.
        ({"clauses": "six in winter => a slip"}, ("not-shown", "the scenario `a slip` is not met")),
        (
            {"six": "<1 to 7> is a gardener\n    then: met => <1 to 4> is a gardener\n    then: met"},
            ("not-shown", "the example `seven` of `rules/six` is not met"),
        ),
    ],
)
def test_what_does_not_fit_is_told(
    changes: dict[str, str], expected: tuple[str, str], tmp_path: Path
) -> None:
    """What is not encoded, not shown or of no clause is one diagnostic each, at its place in the rulebook."""
    found = trace(garden(tmp_path, **changes)).diagnostics
    assert [(name, message) for name, message, _ in told(found)] == [expected]
    assert all(each.severity == "error" for each in found)


def test_the_place_of_what_does_not_fit(tmp_path: Path) -> None:
    """A clause that is not encoded is told in the ledger, and what encodes what binds nobody in its file."""
    (one,) = trace(garden(tmp_path / "a", watered="source: 8.1 => source: 3.1")).diagnostics
    assert str(one.place).startswith("clauses.yaml:")
    assert isinstance(one.place, Span)
    assert one.place.text == '"8.1":'
    (one,) = trace(garden(tmp_path / "b", six="source: 3.1 => source: [3.1, 7.2]")).diagnostics
    assert str(one.place).startswith("rules/six.yaml:")


def test_a_clause_of_another_document(tmp_path: Path) -> None:
    """An entry with a section alone is of another document: not held against the copy, but encoded."""
    book = garden(
        tmp_path / "a", clauses='"4.1": => ours.1: {section: Ours}\n"4.1":', six="3.1 => [3.1, ours.1]"
    )
    assert told(trace(book, copy(tmp_path)).diagnostics) == []
    book = garden(tmp_path / "b", clauses='"4.1": => ours.1: {section: Ours}\n"4.1":')
    assert [(name, message) for name, message, _ in told(trace(book).diagnostics)] == [
        ("no-treatment", "the clause `ours.1` has no treatment")
    ]


def test_a_definition_that_asks_people_encodes_a_judgement(tmp_path: Path) -> None:
    """What a definition leaves to people is for judgement as much as what a rule asks."""
    asks = "source: 3.2 => source: [3.2, 7.1]\nask: Is <person>?\npeople decide when: <person> lives near"
    book = garden(tmp_path, gardener=asks, care="source: 7.1 => source: 3.1")
    assert told(trace(book).diagnostics) == []


def test_the_clause_of_an_exception_encodes_it(tmp_path: Path) -> None:
    """A clause that only an exception to an exception names is encoded by its rule."""
    unless = (
        "8.1 => 8.1\nunless:\n  - when: <any one> is in the book of gardeners\n    unless:\n"
        "      - when: <any other> lives near\n        source: 3.1"
    )
    book = garden(tmp_path, watered=unless, six="source: 3.1 => source: 8.1")
    assert told(trace(book).diagnostics) == []


def test_scenarios_that_are_not_here_are_a_warning(tmp_path: Path) -> None:
    """Where the scenarios are not installed with the rulebook, what they show cannot be looked up; that is said."""
    book = garden(tmp_path)
    for each in (tmp_path / "tests" / "scenarios").iterdir():
        each.rename(tmp_path / each.name)
    (tmp_path / "tests" / "scenarios").rmdir()
    (one,) = trace(book).diagnostics
    assert (one.severity, one.name) == ("warning", "not-shown")
    assert one.message == "the scenarios that show permissions are not here: `six in winter`"
    assert told(trace(book, scenarios=tmp_path / "winter.yaml").diagnostics) == []
    missing = trace(book, scenarios=tmp_path / "nowhere").diagnostics
    assert [each.code for each in missing] == ["BR101", "BR347"]


# ---------------------------------------------------------------- the ledger beside a copy


@pytest.mark.parametrize(
    ("old", "new", "expected", "help"),
    [
        (
            "at least six",
            "at least seven",
            ("changed-clause", "`3.1` has changed: other words stand here"),
            "it stood in `Block 3`, sentence 1; look again at `rules/six`; if it is treated as before, write `fing",
        ),
        (
            "Is that too much for you? ",
            "",
            ("removed-clause", "`11.1` is not there: it stood before this"),
            "it stood in `Block 11`, sentence 1; take it out of `clauses.yaml` if that is right; nothing encodes it",
        ),
        (
            "Is that too much for you?",
            "Is that too much for you? Newts are welcome.",
            ("no-treatment", "this sentence has no treatment: no clause of the ledger is like it"),
            "enter it in `clauses.yaml` where it stands in the text, and say what becomes of it: fingerprint: sha256:",
        ),
        (
            "Is that too much for you?",
            "Is that too much for you? Is that too much for you?",
            ("no-treatment", "this sentence is `11.1` once more"),
            "enter it in `clauses.yaml`",
        ),
        (
            "A garden is kept by at least six gardeners - for example, neighbours. They're people who live within 2.5 "
            "miles of it, e.g. Placeholder Row, and pay £1m or less.",
            "They're people who live within 2.5 miles of it, e.g. Placeholder Row, and pay £1m or less. A garden is "
            "kept by at least six gardeners - for example, neighbours.",
            ("moved-clause", "`3.1` has moved: it stands after `3.2` here, and after `2.1` in the ledger"),
            "it stood in `Block 3`, sentence 1; move it in `clauses.yaml` if that is right",
        ),
        (
            "Is that too much for you? Dr. Sample, the warden, gives advice!",
            "Ask.",
            ("changed-clause", "`11.1` and `11.2` have changed: 1 other sentence stands in place of them"),
            "it stood in `Block 11`, sentence 1 and `Block 11`, sentence 2; nothing encodes it",
        ),
        (
            "Is that too much for you?",
            "Is it much? Or more?",
            ("changed-clause", "`11.1` has changed: 2 other sentences stand in place of it"),
            "it stood in `Block 11`, sentence 1; nothing encodes it",
        ),
    ],
)  # fmt: skip
def test_a_difference_is_told(
    old: str, new: str, expected: tuple[str, str], help: str, tmp_path: Path
) -> None:
    """A difference is told at its line in the copy, with the place that the ledger gives."""
    assert SOUND.count(old) == 1
    text = SOUND.replace(old, new)
    traced = trace(garden(tmp_path), copy(tmp_path, text))
    ((name, message, at),) = told(traced.diagnostics)
    assert (name, message) == expected
    assert at == line(old[:10])
    assert (traced.diagnostics[0].help or "").startswith(help)


def test_what_encodes_a_changed_clause_is_named(tmp_path: Path) -> None:
    """A change of the text says which files to look at; what was changed is shown beside the clause."""
    traced = trace(garden(tmp_path), copy(tmp_path, SOUND.replace("at least six", "at least seven")))
    assert "; look again at `rules/six`; " in (traced.diagnostics[0].help or "")
    assert state(traced, "3.1") == (
        "changed",
        "A garden is kept by at least seven gardeners - for example, neighbours.",
    )
    traced = trace(garden(tmp_path), copy(tmp_path, SOUND.replace("Got it\n", "")))
    assert state(traced, "20.1") == ("gone", "")


def test_the_fingerprint_that_is_given_mends_it(tmp_path: Path) -> None:
    """The fingerprint in the help is the one to write: with it nothing is different any more."""
    path = copy(tmp_path, SOUND.replace("at least six", "at least seven"))
    book = garden(tmp_path)
    (one,) = trace(book, path).diagnostics
    new = (one.help or "").partition("`fingerprint: ")[2][: len("sha256:") + 16]
    old = book.clauses["3.1"].fingerprint
    assert told(trace(garden(tmp_path, clauses=f"{old} => {new}"), path).diagnostics) == []


@pytest.mark.parametrize("less", [3, 4, 9])
def test_a_copy_that_is_not_of_the_page(less: int, tmp_path: Path) -> None:
    """Where a third of what belongs to the page is not there, or more, that is one warning."""
    pages = [each.sentences[0] for each in GARDEN if each.kind == "heading"]
    assert len(pages) == 9
    text = SOUND
    for each in pages[:less]:
        text = text.replace(f"{each}\n", "\n", 1)
    (one,) = trace(garden(tmp_path), copy(tmp_path, text)).diagnostics
    assert (one.severity, one.code) == ("warning", "BR344")
    assert one.message == f"{less} of the 9 clauses that belong to the page are not in this copy"


def test_the_fingerprint_of_an_item_is_without_its_number(tmp_path: Path) -> None:
    """The fingerprint to write leaves out the number in front of an item, and no figure of its text."""
    text = SOUND.replace("A bonfire and/or soup.", "It takes at 1. Then comes part-\ntwo.")
    (one,) = trace(garden(tmp_path), copy(tmp_path, text)).diagnostics
    assert f"`fingerprint: {fingerprint('It takes at 1. Then comes parttwo.')}`" in (one.help or "")


def test_a_copy_that_lacks_a_heading(tmp_path: Path) -> None:
    """Where less of what belongs to the page is not there, each is an error as of any clause."""
    text = SOUND.replace("Got it\n", "").replace("What happens in winter\n", "")
    found = trace(garden(tmp_path), copy(tmp_path, text)).diagnostics
    assert [(each.severity, each.message) for each in found] == [
        ("error", "`12.1` is not there: it stood before this"),
        ("error", "`20.1` is not there: it stood here"),
    ]


def test_a_sentence_that_is_gone_with_the_page_is_an_error(tmp_path: Path) -> None:
    """What is gone of the text is told by itself, also in a copy that is not of the page."""
    text = SOUND.replace("Is that too much for you? ", "")
    for each in [each.sentences[0] for each in GARDEN if each.kind == "heading"]:
        text = text.replace(f"{each}\n", "\n", 1)
    found = trace(garden(tmp_path), copy(tmp_path, text)).diagnostics
    assert [(each.severity, each.message[:15]) for each in found] == [
        ("warning", "9 of the 9 clau"),
        ("error", "`11.1` is not t"),
    ]


def test_of_very_many_clauses_some_are_named(tmp_path: Path) -> None:
    """Where one sentence stands in place of many, nobody reads all of their names."""
    before, _, rest = SOUND.partition("Gardeners look after")
    text = f"{before}Ask the warden.\n\n{rest.partition('gives advice!')[2]}"
    (one,) = trace(garden(tmp_path), copy(tmp_path, text)).diagnostics
    assert (
        one.message
        == "`7.1`, `7.2`, `8.1` and 4 others have changed: 1 other sentence stands in place of them"
    )


def test_the_only_clause_of_the_page(tmp_path: Path) -> None:
    """One clause alone tells nothing about where a copy is from."""
    head, _, tail = ledger().rpartition("treatment: page")
    head = head.replace("treatment: page", "treatment: explanation\n  because: names what follows")
    book, found = load(write(tmp_path, {"clauses.yaml": f"{head}treatment: page{tail}"}))
    assert book is not None, found
    (one,) = trace(book, copy(tmp_path, SOUND.replace("Got it\n", ""))).diagnostics
    assert (one.severity, one.message) == ("error", "`20.1` is not there: it stood here")


def test_another_text(tmp_path: Path) -> None:
    """A text of which nothing is in the ledger is told once."""
    (one,) = trace(garden(tmp_path), copy(tmp_path, "Goats climb. " * 50)).diagnostics
    assert (one.code, one.message) == (
        "BR349",
        f"nothing of the guidance stands in `{tmp_path / 'copy.txt'}`",
    )


def test_a_ledger_that_is_begun_from_a_text(tmp_path: Path) -> None:
    """Where no clause has a fingerprint yet, each sentence is told; what is told, entered, is the whole ledger.

    It was said only that the ledger has no sentences, and that each is to be entered with its fingerprint, which
    nothing told.
    """
    nothing = {name: "" for name in FILES if name.startswith(("rules/", "definitions/"))}
    text = "The club\n\nAll members pay. They pay in spring.\n- Children pay half.\n"
    bare, _ = load(write(tmp_path / "bare", {**nothing, "clauses.yaml": "ours.1: {section: Ours}\n"}))
    assert bare is not None
    found = [
        each for each in trace(bare, copy(tmp_path, text)).diagnostics if each.place.file.endswith(".txt")
    ]
    assert [(each.code, each.place.text) for each in found if isinstance(each.place, Span)] == [
        ("BR341", "The club"),
        ("BR341", "All members pay. They pay in spring."),
        ("BR341", "All members pay. They pay in spring."),
        ("BR341", "- Children pay half."),
    ]
    ledger = ""
    for number, each in enumerate(found, 1):
        assert each.help is not None
        entry = each.help.rpartition(": fingerprint: ")[2]
        ledger += f"club.{number}:\n  section: Club\n  treatment: page\n  fingerprint: {entry}\n"
    begun, _ = load(write(tmp_path / "begun", {**nothing, "clauses.yaml": ledger}))
    assert begun is not None
    traced = trace(begun, copy(tmp_path, text))
    assert traced.diagnostics == ()
    assert {each.state for each in traced.clauses} == {"word for word"}


def test_very_many_differences_are_cut_off(tmp_path: Path) -> None:
    """Nobody reads more than a thousand; what is left is said to be there."""
    text = SOUND + "".join(f"\nNewt {number} is here.\n" for number in range(1_200))
    found = trace(garden(tmp_path), copy(tmp_path, text)).diagnostics
    assert found[-1].name == "too-many-faults"
    assert len(found) == 1_001
