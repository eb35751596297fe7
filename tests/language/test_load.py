"""Loading a rulebook: which files belong to it, and what its manifest and clauses say."""

from __future__ import annotations

import pickle
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from bigrules.diagnostics import errors
from bigrules.language import load, shipped_path
from bigrules.language.model import Clause, Parameter

from .books import book, write

RULE = "rule: Something\nforce: must\nrequired: <any person> is a member\nexamples: [{given: [], then: breached}]\n"


@pytest.mark.parametrize(
    ("make", "name", "message"),
    [
        (lambda path: None, "missing-file", "there is no `{}`"),
        (lambda path: path.mkdir(), "empty-directory", "`{}` is an empty directory"),
        (
            lambda path: path.write_text("x"),
            "not-a-rulebook",
            "`{}` is a file, and a rulebook is a directory",
        ),
        (
            lambda path: (path.mkdir(), (path / "a.yaml").write_text(RULE)),
            "not-a-rulebook",
            "`{}` is not a rulebook: it holds neither `rulebook.yaml` nor `vocabulary.yaml`",
        ),
    ],
)
def test_a_path_that_is_no_rulebook(tmp_path: Path, make: object, name: str, message: str) -> None:
    """What is no rulebook is one diagnostic that names the path."""
    path = tmp_path / "book"
    make(path)  # type: ignore[operator]
    rulebook, (found,) = load(path)
    assert rulebook is None
    assert (found.name, found.message) == (name, message.format(path))


def test_a_path_with_a_null_is_told_about() -> None:
    """Even a path that no system accepts is a diagnostic."""
    rulebook, (found,) = load("a\0b")
    assert rulebook is None
    assert found.name in ("missing-file", "unreadable")


def test_ids_are_paths_without_ending(tmp_path: Path) -> None:
    """Both endings will do, in folders at any depth; hidden files and other files are left alone."""
    files = dict.fromkeys(("a.yaml", "b/c.yml", "b/d/e.yaml", ".hidden.yaml", "b/_draft.yaml"), RULE)
    rulebook = book(tmp_path, {**files, "README.md": "words", "b/notes.txt": "words"})
    assert list(rulebook.rules) == ["a", "b/c", "b/d/e"]


@pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="names of files do not differ by capitals there"
)
def test_ids_do_not_differ_by_capitals_alone(tmp_path: Path) -> None:
    """A rulebook must be the same on systems that do not tell capitals apart."""
    rulebook, found = load(write(tmp_path, {"a.yaml": RULE, "A.yaml": RULE}))
    assert rulebook is None
    (one,) = errors(found)
    assert (one.code, one.message) == ("BR305", "`a.yaml` has the same id as `A.yaml`")


def test_rules_stand_in_the_order_of_their_clauses(tmp_path: Path) -> None:
    """Rules follow the ledger, then their paths; those without a clause come last."""
    files = {
        "clauses.yaml": (
            'z.1: {section: Z, place: first, fingerprint: "sha256:000000000000000a", treatment: rule}\n'
            "z.2: {section: Z}\n"
        ),
        "a.yaml": RULE,
        "b.yaml": RULE + "source: z.2\n",
        "c.yaml": RULE + "source: [z.2, z.1]\n",
        "d.yaml": RULE + "source: z.1\n",
    }
    rulebook = book(tmp_path, files)
    assert list(rulebook.rules) == ["c", "d", "b", "a"]
    assert rulebook.clauses["z.1"] == Clause("z.1", "Z", "first", "sha256:000000000000000a", "rule")
    assert rulebook.rules["c"].source == ("z.2", "z.1")


def test_the_manifest_is_read(tmp_path: Path) -> None:
    """Name, version, edition, body and parameters come from rulebook.yaml."""
    manifest = """
        rulebook: Village hall
        format: 1
        version: 2.0
        edition: 2017-07
        body: the hall
        parameters:
          most members: {value: 12, source: constitution 4.1}
          a third: 1/3
        """
    rulebook = book(tmp_path, {"rulebook.yaml": manifest})
    assert (rulebook.name, rulebook.version, rulebook.edition) == ("Village hall", "2.0", "2017-07")
    assert (rulebook.body, rulebook.format) == ("the hall", 1)
    assert rulebook.parameters == {
        "most members": Parameter("most members", Fraction(12), "constitution 4.1"),
        "a third": Parameter("a third", Fraction(1, 3)),
    }


def test_the_digest_follows_every_file(tmp_path: Path) -> None:
    """The digest changes with any file or name, and with nothing else."""
    first = book(tmp_path / "1", {"a.yaml": RULE}).digest
    assert book(tmp_path / "2", {"a.yaml": RULE}).digest == first
    assert book(tmp_path / "3", {"b.yaml": RULE}).digest != first
    assert book(tmp_path / "4", {"a.yaml": RULE + "# more\n"}).digest != first


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("required:\n" + "  - <any p> is a member\n" * 1001, "this file has more than 1000 conditions"),
        (
            "required: <any p> is a member\nexamples:\n  - then: met\n    given:\n"
            + "      - <1 to 999> is a member\n" * 30,
            "the examples of this file hold more than 20000 statements",
        ),
        (
            "required: <any p> is a member\nother readings:\n"
            + "".join(f"  - {{name: r{i}, stated only: yes}}\n" for i in range(101)),
            "this file has more than 100 readings",
        ),
    ],
    ids=["conditions", "statements", "readings"],
)
def test_what_is_too_much_for_one_file(tmp_path: Path, body: str, message: str) -> None:
    """A file that would take minutes is refused in one sentence."""
    rulebook, found = load(write(tmp_path, {"a.yaml": "rule: x\nforce: must\n" + body}))
    assert rulebook is None
    assert [(each.code, each.message) for each in errors(found)] == [("BR109", message)]


def test_a_long_text_is_not_repeated_in_full(tmp_path: Path) -> None:
    """A message stays a sentence, whatever stands in the file."""
    _, found = load(write(tmp_path, {"a.yaml": f"rule: x\nforce: must\nrequired: {'word ' * 1000}\n"}))
    (one,) = errors(found)
    assert len(one.message) == 400
    assert one.message.startswith("no sentence says `word word")
    assert one.message.endswith("…`")


def test_warnings_do_not_stop_the_work(tmp_path: Path) -> None:
    """A rule without examples is a warning, and the rulebook is there."""
    rulebook, (found,) = load(write(tmp_path, {"a.yaml": RULE.partition("examples")[0]}))
    assert rulebook is not None
    assert (found.code, found.severity, found.message) == ("BR310", "warning", "`a` has no examples")


def test_a_rulebook_pickles(tmp_path: Path) -> None:
    """A rulebook can be sent to another process, readings and all."""
    rulebook = book(tmp_path, {"a.yaml": RULE})
    assert pickle.loads(pickle.dumps(rulebook)) == rulebook


def test_the_shipped_rulebook_has_no_faults() -> None:
    """Nothing is said about the rules that come with the package, warnings included."""
    rulebook, found = load(shipped_path())
    assert found == []
    assert rulebook is not None
    assert rulebook.rules


def test_what_is_in_use_is_not_read_twice(tmp_path: Path) -> None:
    """The same files give the same rulebook; one letter more, or as many others, and it is another."""
    files = {"a.yaml": RULE + "source: z.1\n", "clauses.yaml": "z.1: {section: Z}\n"}
    one, found = load(write(tmp_path, files))
    assert one is not None
    again, _ = load(tmp_path)
    # Only what there is nothing to say about is kept.
    assert (again is one) == (not found)
    text = (tmp_path / "a.yaml").read_text("utf-8")
    (tmp_path / "a.yaml").write_text(text.replace("rule: ", "rule: X", 1), encoding="utf-8")
    other, _ = load(tmp_path)
    assert other is not None and other is not one and other.digest != one.digest


def test_the_shipped_rulebook_is_read_once() -> None:
    """For as long as somebody has it."""
    one, _ = load(shipped_path())
    other, _ = load(shipped_path())
    assert one is other is not None


def test_a_rule_may_be_called_as_a_kind_is(tmp_path: Path) -> None:
    """A rule that measures records of the kind with its own name depends on no rule, nor on itself."""
    text = "rule: Something\nforce: must\nrequired: {number of: <person>, among: <person> is a member, at least: 1}\n"
    more = "examples: [{given: [], then: breached}]\n"
    assert "memberships" in book(tmp_path, {"memberships.yaml": text + more}).rules


def test_a_definition_is_not_called_as_a_kind_is(tmp_path: Path) -> None:
    """Else a sentence of the one would be read in the records of the other."""
    text = "definition: <person> counts\nholds when: <person> is a member\nexamples: [{given: [], then: []}]\n"
    found, said = load(write(tmp_path, {"memberships.yaml": text}))
    assert found is None
    assert [each.message for each in said] == ["there is a kind of fact that is called `memberships` too"]
