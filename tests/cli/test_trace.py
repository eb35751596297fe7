"""`bigrules trace`: what it prints, its exit status, and what may be wrong with what it is given."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .conftest import RENDER, Ran, Run

LEDGER = """
intro.1:
  section: The committee
  place: first sentence
  fingerprint: sha256:{intro}
  treatment: explanation
  because: says what the committee is for
hall.1:
  section: The committee
  place: second sentence
  fingerprint: sha256:{size}
  treatment: rule
"""
BOOK = {
    "rulebook.yaml": "rulebook: A hall\nformat: 1\nversion: 1.0.0\nedition: 2020\n",
    "vocabulary.yaml": "keys:\n  fields: {person: {is: person}}\n  sentences: [<person> has a key]\n",
    "rules/size.yaml": "rule: Two people have a key\nsource: hall.1\nforce: must\n"
    "required: {number of: <person>, among: <person> has a key, at least: 2}\n"
    "examples: [{given: <1 to 2> has a key, then: met}]\n",
}
TEXT = "The committee looks after the hall. Two of it have a key."


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A rulebook of one rule, whose guidance has two sentences; its copy stands beside it."""
    from bigrules.language.fingerprint import fingerprint

    first, second = (
        fingerprint(each)[7:] for each in ("The committee looks after the hall.", "Two of it have a key.")
    )
    for name, text in {**BOOK, "clauses.yaml": LEDGER.format(intro=first, size=second)}.items():
        path = tmp_path / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "copy.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "book"


def traced(run: Run, book: Path, *words: str) -> Ran:
    """A trace of the rulebook."""
    return run("trace", "--rules", str(book), *words)


def test_the_rulebook_is_named_as_in_check_too(run: Run, book: Path) -> None:
    """Whoever came from `check --rulebook` was told that there is no such option."""
    assert run("trace", "--rulebook", str(book)).out == traced(run, book).out


def test_the_ledger_beside_the_rules(run: Run, book: Path) -> None:
    ran = traced(run, book)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "The committee\n"
        "  intro.1 · first sentence · explanation\n"
        "    Binds nobody: says what the committee is for.\n"
        "  hall.1 · second sentence · rule\n"
        "    - Two people have a key (rules/size, must)\n"
        "\n"
        "2 clauses: 1 rule and 1 explanation.\n"
        "1 rule and 0 definitions beside them.\n"
        "Not held against the text: name your copy of it with --guidance FILE.\n"
        "Nothing is left out.\n"
    )


def test_the_copy_beside_the_ledger(run: Run, book: Path) -> None:
    ran = traced(run, book, "--guidance", str(book.parent / "copy.txt"))
    assert (ran.status, ran.err) == (0, "")
    assert (
        "  hall.1 · second sentence · rule\n"
        "    “Two of it have a key.”\n"
        "    - Two people have a key (rules/size, must)\n" in ran.out
    )
    assert "2 of 2 stand word for word, and in their place, in" in ran.said


def test_a_changed_word(run: Run, book: Path) -> None:
    (book.parent / "copy.txt").write_text(TEXT.replace("Two", "Three"), encoding="utf-8")
    ran = traced(run, book, "--guidance", str(book.parent / "copy.txt"))
    assert ran.status == 1
    assert "  hall.1 · second sentence · rule · changed\n    “Three of it have a key.”\n" in ran.out
    assert ran.out.endswith("1 fault.\n")
    assert "error[BR342 changed-clause]: `hall.1` has changed: other words stand here" in ran.err
    assert "copy.txt:1:37" in ran.said.replace(" ", "")
    assert "look again at `rules/size`" in ran.said


def test_as_data(run: Run, book: Path) -> None:
    copy = str(book.parent / "copy.txt")
    data = json.loads(traced(run, book, "--guidance", copy, "--format", "json").out)
    assert (data["format"], data["rulebook"], data["edition"], data["guidance"]) == (
        1,
        "A hall",
        "2020",
        copy,
    )
    assert data["diagnostics"] == []
    assert data["clauses"][1] == {
        "clause": "hall.1",
        "section": "The committee",
        "place": "second sentence",
        "fingerprint": data["clauses"][1]["fingerprint"],
        "treatment": "rule",
        "because": None,
        "shown by": [],
        "note": None,
        "encoded by": [
            {
                "file": "rules/size",
                "sort": "rule",
                "says": "Two people have a key",
                "force": "must",
                "form": "required",
            }
        ],
        "state": "word for word",
        "text": "Two of it have a key.",
        "line": 1,
        "column": 37,
    }
    (book / "rules" / "size.yaml").unlink()
    ran = traced(run, book, "--format", "json")
    assert ran.status == 1
    data = json.loads(ran.out)
    assert [each["name"] for each in data["diagnostics"]] == ["not-encoded"]
    assert (data["clauses"][0]["text"], data["clauses"][0]["state"], data["clauses"][0]["line"]) == (
        None,
        None,
        None,
    )


def test_the_schema_fits_what_is_printed(run: Run, book: Path) -> None:
    """The published schema takes every trace, and nothing that lacks a key or has another treatment."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(run("show", "schema", "--of", "trace").out)
    check = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    copy = str(book.parent / "copy.txt")
    printed = [
        json.loads(traced(run, book, "--format", "json", *words).out)
        for words in ((), ("--guidance", copy), ("--guidance", "nowhere.txt"))
    ]
    printed += [json.loads(run("trace", "--format", "json").out)]
    for each in printed:
        assert [error.message for error in check.iter_errors(each)] == []
    printed[0]["clauses"][0]["treatment"] = "lead-in"
    assert list(check.iter_errors(printed[0]))
    del printed[1]["clauses"][0]["state"]
    assert list(check.iter_errors(printed[1]))
    del printed[3]["guidance"]
    assert list(check.iter_errors(printed[3]))


def test_a_rulebook_that_cannot_be_used(run: Run, book: Path) -> None:
    assert traced(run, book / "nowhere").status == 2
    ledger = book / "clauses.yaml"
    ledger.write_text(
        ledger.read_text(encoding="utf-8").replace("treatment: rule", "treatment: rle"), encoding="utf-8"
    )
    ran = traced(run, book)
    assert (ran.status, ran.out) == (1, "")
    assert "did you mean `rule`?" in ran.err
    data = json.loads(traced(run, book, "--format", "json").out)
    assert [each["code"] for each in data["diagnostics"]] == ["BR205"]


@pytest.mark.parametrize(
    ("data", "code"), [(None, "BR101"), (b"", "BR102"), (b"%PDF-1.4", "BR340"), (b"\0\1", "BR340")]
)
def test_a_copy_that_cannot_be_used(run: Run, book: Path, data: bytes | None, code: str) -> None:
    copy = book.parent / "other.txt"
    if data is not None:
        copy.write_bytes(data)
    ran = traced(run, book, "--guidance", str(copy))
    assert (ran.status, ran.out) == (2, "")
    assert f"error[{code} " in ran.err
    assert "help: " in ran.err
    ran = traced(run, book, "--guidance", str(copy), "--format", "json")
    assert ran.status == 2
    assert [each["code"] for each in json.loads(ran.out)["diagnostics"]] == [code]


def test_what_is_not_quite_right_about_the_rules_is_said_too(run: Run, book: Path) -> None:
    """A warning about a rule file is printed, and does not change the exit status."""
    rule = book / "rules" / "size.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").partition("examples")[0], encoding="utf-8")
    ran = traced(run, book)
    assert ran.status == 0
    assert "warning[BR310 no-example]" in ran.err
    ran = traced(run, book, "--format", "json")
    assert [each["code"] for each in json.loads(ran.out)["diagnostics"]] == ["BR310"]


def test_a_rulebook_without_a_ledger(run: Run, tmp_path: Path) -> None:
    """Rules without clauses are told one by one."""
    shutil.copytree(RENDER / "book", tmp_path / "book")
    (tmp_path / "book" / "clauses.yaml").unlink()
    ran = traced(run, tmp_path / "book")
    assert ran.status == 1
    assert "0 clauses." in ran.out
    assert "error[BR345 no-clause]: the rule `rules/size` has no clause" in ran.err


def test_the_shipped_rulebook_is_traced_without_words(run: Run) -> None:
    ran = run("trace")
    assert (ran.status, ran.err) == (0, "")
    assert "\nCriteria for Big Local partnerships\n" in ran.out
    assert ran.out.endswith("Nothing is left out.\n")
