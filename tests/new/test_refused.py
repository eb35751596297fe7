"""What `bigrules new` cannot make it says in one sentence with what to do, and leaves everything as it was."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bigrules.diagnostics import InputError
from bigrules.tools.new_fact import new_fact
from bigrules.tools.new_rule import new_definition, new_rule
from bigrules.tools.new_rulebook import new_rulebook
from new.desk import club, holds, refusal


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return club(tmp_path / "club")


def refused(root: Path, make: Callable[[], object]) -> tuple[str, str, str]:
    """What is said, once it is certain that nothing was changed."""
    before = holds(root.parent)
    with pytest.raises(InputError) as error:
        make()
    assert holds(root.parent) == before
    code, message, help_ = refusal(error.value)
    assert message and help_ and not message.endswith(".") and "\n" not in message
    return code, message, help_


@pytest.mark.parametrize(
    ("id", "said", "help_"),
    [
        ("../outside", "a rule cannot have the id `../outside`", "such as `outside`"),
        ("a/../../b", "a rule cannot have the id", "such as `a/b`"),
        ("/etc/rule", "a rule cannot have the id `/etc/rule`", "such as `etc/rule`"),
        ("a//b", "a rule cannot have the id", "such as `a/b`"),
        ("./a", "a rule cannot have the id", "such as `a`"),
        ("a/", "a rule cannot have the id", "such as `a`"),
        ("", "a rule cannot have the id", "of letters, digits and `-`"),
        (".", "a rule cannot have the id", "of letters, digits and `-`"),
        ("C:\\rules\\a", "a rule cannot have the id", "such as `C/rules/a`"),
        ("a\\b", "a rule cannot have the id", "such as `a/b`"),
        ("criteria/minimum size", "a rule cannot have the id", "such as `criteria/minimum-size`"),
        ("con", "a rule cannot have the id `con`", "such as `con-1`"),
        ("x/NUL", "a rule cannot have the id", "such as `x/NUL-1`"),
        ("aux.yaml", "a rule cannot have the id `aux.yaml`", "such as `aux-1`"),
        ("com1/x", "a rule cannot have the id", "such as `com1-1/x`"),
        (".hidden", "a rule cannot have the id", "such as `hidden`"),
        ("_draft/x", "a rule cannot have the id", "such as `draft/x`"),
        ("x.yaml/y", "a rule cannot have the id", "such as `x-yaml/y`"),
        ("vocabulary", "a rule cannot have the id `vocabulary`", "such as `vocabulary-1`"),
        ("Rulebook.yaml", "a rule cannot have the id", "such as `Rulebook-1`"),
        ("a\x00b", "a rule cannot have the id", "such as `a-b`"),
        ("a\nb", "a rule cannot have the id", "such as `a-b`"),
        ("a" * 300, "is too long", "at most 12 parts"),
        ("/".join("abcdefghijklm"), "is too long", "at most 12 parts"),
        ("x unless 1", "a rule cannot have the id", "such as `x-unless-1`"),
    ],
)
def test_an_id_that_is_none(root: Path, id: str, said: str, help_: str) -> None:
    code, message, help = refused(root, lambda: new_rule(id, str(root)))
    assert code == "BR530" and said in message and help_ in help


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("members/enough-members", "there is `members/enough-members` already"),
        (
            "members/Enough-Members",
            "there is `members/enough-members` already, and ids do not differ by capitals alone",
        ),
        ("Members/more", "there is a folder `Members`".replace("Members", "members")),
    ],
)
def test_an_id_that_is_taken(root: Path, id: str, said: str) -> None:
    code, message, help_ = refused(root, lambda: new_rule(id, str(root)))
    assert code == "BR531" and said in message
    assert id != "Members/more" or help_ == "did you mean `members/more`?"


def test_a_file_that_the_rulebook_does_not_read_is_not_overwritten(root: Path) -> None:
    (root / "later").mkdir()
    (root / "later" / "Size.yml").write_text("rule: x\nforce: must\nask: Is it?\n", encoding="utf-8")
    code, message, _ = refused(root, lambda: new_rule("later/size", str(root)))
    assert code == "BR531" and "there is `later/Size` already" in message


def test_a_folder_that_is_a_file_or_a_link(root: Path, tmp_path: Path) -> None:
    (root / "notes").write_text("mine", encoding="utf-8")
    assert refused(root, lambda: new_rule("notes/x", str(root)))[0] == "BR532"
    (tmp_path / "elsewhere").mkdir()
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    code, message, _ = refused(root, lambda: new_rule("linked/x", str(root)))
    # The loader has its own word on a link to a folder, which is a fault of the rulebook.
    assert code == "BR536" and "is a link to a directory" in message


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ({"title": "   "}, "BR533", "`--title` is left empty"),
        ({"title": "x" * 301}, "BR533", "`--title` has 301 characters"),
        ({"title": "a\x07b"}, "BR533", "(U+0007)"),
        ({"title": "a\udc80b"}, "BR533", "(U+DC80)"),
        ({"title": "a\uffffb"}, "BR533", "(U+FFFF)"),
        ({"source": ["\x1b[0m"]}, "BR533", "(U+001B)"),
        ({"for_each": ["<person> is a membr"]}, "BR535", "no sentence says `<person> is a membr`"),
        ({"for_each": ["<person> is not a member"]}, "BR535", "no sentence says `<person> is not a member`"),
    ],
)
def test_words_that_cannot_be_taken(root: Path, options: dict[str, object], code: str, said: str) -> None:
    found, message, help_ = refused(root, lambda: new_rule("a/b", str(root), **options))  # type: ignore[arg-type]
    assert found == code and said in message
    assert code != "BR535" or help_ == "did you mean `<person> is a member`?"


def test_the_slots_of_a_slip_are_kept(root: Path) -> None:
    _, _, help_ = refused(root, lambda: new_rule("a/b", str(root), for_each=["<treasurer> is a membr"]))
    assert help_ == "did you mean `<treasurer> is a member`?"


@pytest.mark.parametrize("directory", ["nowhere", "club/members", "club/rulebook.yaml", ""])
def test_a_directory_that_is_no_rulebook(
    root: Path, directory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for make in (lambda: new_rule("a", directory), lambda: new_fact("a", directory)):
        code, message, help_ = refused(root, make)
        assert (
            code == "BR532" and "holds neither a rulebook nor an amendment" in message and "--rules" in help_
        )


def test_a_clause_that_binds_nobody(root: Path) -> None:
    with (root / "clauses.yaml").open("a", encoding="utf-8") as ledger:
        ledger.write(
            "\nintro.1:\n  section: Intro\n  fingerprint: sha256:0123456789abcdef\n"
            "  treatment: explanation\n  because: x\n"
        )
    code, message, _ = refused(root, lambda: new_rule("a/b", str(root), source=["intro.1"]))
    assert code == "BR539" and message == "the clause `intro.1` is marked `explanation`, and binds nobody"


@pytest.mark.parametrize(
    ("name", "options", "code", "said"),
    [
        ("a/b", {}, "BR530", "a kind of fact cannot be called `a/b`"),
        ("answers", {}, "BR530", "cannot be called `answers`"),
        ("Register", {}, "BR530", "cannot be called `Register`"),
        ("x" * 61, {}, "BR530", "cannot be called"),
        ("memberships", {}, "BR531", "there is a kind of fact `memberships` already"),
        ("Memberships", {}, "BR531", "there is a kind of fact `memberships` already"),
        ("a", {"fields": ["person"]}, "BR534", "`person` is no field"),
        ("a", {"fields": ["x: one of a"]}, "BR534", "are no choices"),
        ("a", {"fields": ["x: one of a, A"]}, "BR534", "are no choices"),
        ("a", {"fields": ["x: whole number from 5 to 1"]}, "BR534", "holds no number"),
        ("a", {"fields": ["x: text or so"]}, "BR534", "there is no type `text or so`"),
        ("a", {"fields": ["x: text", "X: date"]}, "BR534", "stands twice"),
        ("a", {"fields": ["from: date"], "dated": True}, "BR534", "has a field `from` already"),
        ("a", {"fields": ["x: persn"]}, "BR538", "there is no type `persn`"),
        ("a", {"fields": ["x: happened", "y: happened"]}, "BR538", "only one field of `a` can be the day"),
        ("a", {"fields": ["certain: text"]}, "BR538", "cannot be called `certain`"),
        ("a", {"says": "<person> is a member"}, "BR538", "is said by"),
        (
            "a",
            {"says": "<person> is on <day>", "fields": ["person: person"]},
            "BR538",
            "there is no field `day`",
        ),
    ],
)
def test_a_fact_that_cannot_be_made(
    root: Path, name: str, options: dict[str, object], code: str, said: str
) -> None:
    found, message, _ = refused(root, lambda: new_fact(name, str(root), **options))  # type: ignore[arg-type]
    assert (found, said in message) == (code, True), message


def test_a_vocabulary_that_cannot_be_read(root: Path) -> None:
    (root / "vocabulary.yaml").write_text("people: {fields: [", encoding="utf-8")
    code, message, _ = refused(root, lambda: new_fact("a", str(root)))
    assert code == "BR536" and message.startswith("`vocabulary.yaml` has faults")


def test_a_definition_of_what_is_said_already(root: Path) -> None:
    code, message, _ = refused(root, lambda: new_definition("x", str(root), says="<person> is a member"))
    assert code == "BR538" and "is said by" in message


def test_a_vocabulary_without_sentences(root: Path) -> None:
    (root / "members" / "enough-members.yaml").unlink()
    (root / "vocabulary.yaml").write_text(
        "people:\n  lists: person\n  fields: {person: {is: person}}\n", encoding="utf-8"
    )
    for form in ("required", "not-allowed", "measure"):
        code, message, help_ = refused(root, lambda form=form: new_rule("a", str(root), form=form))  # type: ignore[misc]
        assert code == "BR535" and "no sentence that the rule could use" in message and "new fact" in help_
    new_rule("a", str(root), form="ask")


@pytest.mark.parametrize(
    ("directory", "code", "said"),
    [
        ("club", "BR531", "is there and not empty"),
        ("club/rulebook.yaml", "BR532", "is a file"),
        ("club/rulebook.yaml/x", "BR532", "is a file"),
        ("club/inner", "BR532", "lies inside the rulebook"),
        ("club/members/deep/inner", "BR532", "lies inside the rulebook"),
        ("", "BR532", "is no name of a directory"),
        ("a\x00b", "BR532", "is no name of a directory"),
        ("aux", "BR532", "that some machines cannot hold"),
        ("new/com1.d/x", "BR532", "that some machines cannot hold"),
        ("what?", "BR532", "that some machines cannot hold"),
        ("dots.", "BR532", "that some machines cannot hold"),
        ("n" * 300, "BR53", ""),
    ],
)
def test_a_place_where_no_rulebook_can_be_made(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, directory: str, code: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found, message, _ = refused(root, lambda: new_rulebook(directory, "x"))
    assert found.startswith(code) and said in message


def test_an_empty_directory_and_one_that_is_not_read_can_be_used(root: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    new_rulebook(str(tmp_path / "empty"), "x")
    assert (tmp_path / "empty" / "rulebook.yaml").is_file()
    new_rulebook(str(root / "_drafts" / "x"), "x")
    assert os.listdir(root / "_drafts" / "x")
