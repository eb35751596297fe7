"""`bigrules fmt`: what it makes of a file, and what it leaves alone."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from bigrules.cli import main
from bigrules.language import load
from bigrules.tools import fmt
from bigrules.tools.fmt import format_text
from bigrules.tools.fmt_layout import LAYOUTS
from bigrules.tools.fmt_tree import Odd

UNTIDY = """\
# What this file is about.

force: must  # how strong
# about the clause
source: criteria.3

rule:   "There are at least
  eight members"
# in numbers
required:
    at least: 8
    # who counts
    among: '<person> is a member'     # members
    number of: <person>
    # nothing else counts


note: >
    A remark that
    runs on.
examples:
- then: met
  # the name
  name: eight
  given: [ <1 to 8> is a member ,   # eight of them
           <9> lives in the area ]
- given: [<1 to 7> is a member]
  then: breached

# the end
"""
TIDY = """\
# What this file is about.

rule: There are at least eight members
# about the clause
source: criteria.3
force: must  # how strong

# in numbers
required:
  number of: <person>
  # who counts
  among: <person> is a member  # members
  at least: 8
  # nothing else counts

examples:
  # the name
  - name: eight
    given:
      - <1 to 8> is a member  # eight of them
      - <9> lives in the area
    then: met
  - given: [<1 to 7> is a member]
    then: breached

note: >-
  A remark that
  runs on.

# the end
"""


def test_one_way_to_write_a_rule() -> None:
    """Keys, indentation, blank lines, quotation marks and comments, all at once; worked out by hand."""
    assert format_text(UNTIDY, "rule") == TIDY
    assert format_text(TIDY, "rule") == TIDY


@pytest.mark.parametrize(
    ("sort", "text", "wanted"),
    [
        pytest.param("rule", 'rule: "12"\n', 'rule: "12"\n', id="a number keeps its quotation marks"),
        pytest.param("rule", "rule: 'no'\n", 'rule: "no"\n', id="so does what is a no elsewhere"),
        pytest.param("rule", "rule: '51%'\n", "rule: 51%\n", id="a percentage needs none"),
        pytest.param("rule", "rule: 'a: b'\n", 'rule: "a: b"\n', id="a colon needs them"),
        pytest.param("rule", "rule: 'say \"a: b\"'\n", "rule: 'say \"a: b\"'\n", id="double ones inside"),
        pytest.param("rule", "rule: 'a # b'\n", 'rule: "a # b"\n', id="a mark of a comment needs them"),
        pytest.param("rule", 'rule: "- x"\n', 'rule: "- x"\n', id="so does a dash"),
        pytest.param("rule", 'rule: ""\n', 'rule: ""\n', id="a text that is empty"),
        pytest.param("rule", "rule:\n", "rule:\n", id="a text that is missing"),
        pytest.param("rule", 'rule: "a\\x07"\n', 'rule: "a\\U00000007"\n', id="what nobody can see"),
        pytest.param("rule", "rule: a\r\nforce: b", "rule: a\nforce: b\n", id="line ends of Windows"),
        pytest.param("rule", "\ufeffrule: a\n", "rule: a\n", id="a byte order mark"),
        pytest.param("rule", "---\nrule: a\n...\n", "rule: a\n", id="marks of a document"),
        pytest.param(
            "rule", "rule: a\nfors: b\nsource: c\n", "rule: a\nfors: b\nsource: c\n", id="a slip stays"
        ),
        # Comments at the top without a blank line below them were once written twice.
        pytest.param("rule", "# a\n# b\nrule: c\n", "# a\n# b\nrule: c\n", id="comments on the first key"),
        pytest.param(
            "rule", "# a\n\n# b\n\n# c\nrule: d\n", "# a\n\n# b\n\n# c\nrule: d\n", id="comments on the file"
        ),
        pytest.param(
            "rule",
            "rule: a\nexamples:\n  -  # b\n    then: met\n",
            "rule: a\n\nexamples:\n  # b\n  - then: met\n",
            id="a comment behind a dash",
        ),
        pytest.param(
            "rule",
            "rule: a\nshown: [\n  # b\n]\n",
            "rule: a\n\n# b\nshown: []\n",
            id="a comment in brackets with nothing in them",
        ),
        pytest.param(
            "rule",
            "rule: a\nnote:\n  # b\nforce: c\n",
            "rule: a\nforce: c\n\n# b\nnote:\n",
            id="a comment in place of a value",
        ),
        pytest.param(
            "rule",
            "rule: a\nnote: |2\n    b\n   c\n",
            "rule: a\n\nnote: |2-\n   b\n  c\n",
            id="a first line that is indented",
        ),
        pytest.param(
            "rule",
            "rule: a\nexamples:\n- {then: met}\n",
            "rule: a\n\nexamples:\n  - then: met\n",
            id="one entry",
        ),
        pytest.param(
            "rule",
            "rule: a\nchange: {b: 1, a: 2}\nto: {d: 1, c: 2}\n",
            "rule: a\n\nchange: {b: 1, a: 2}\nto: {d: 1, c: 2}\n",
            id="what is changed keeps its order",
        ),
        pytest.param(
            "rule",
            "rule: a\nother readings:\n  - to: {at most: 9}\n    change: {at least: 8}\n    name: b\n",
            "rule: a\n\nother readings:\n  - name: b\n    change: {at least: 8}\n    to: {at most: 9}\n",
            id="a reading",
        ),
        pytest.param(
            "rule",
            "rule: a\nunless:\n  - source: c\n    when: d\n    unless: [e, f]\n    because: g\n",
            "rule: a\n\nunless:\n  - when: d\n    because: g\n    source: c\n    unless: [e, f]\n",
            id="an exception",
        ),
        pytest.param(
            "rule",
            f"rule: a\nshown: [{'b' * 60}, {'c' * 60}]\n",
            f"rule: a\n\nshown:\n  - {'b' * 60}\n  - {'c' * 60}\n",
            id="brackets that are too long",
        ),
        pytest.param(
            "rule",
            f"rule: {'a' * 60}\n  {'b' * 60}\n",
            f"rule: >-\n  {'a' * 60}\n  {'b' * 60}\n",
            id="a text that is too long",
        ),
        pytest.param(
            "rule",
            "rule: a\nnote: |\n   b\n     c\n\n   d\n\n",
            "rule: a\n\nnote: |-\n  b\n    c\n\n  d\n",
            id="lines stay lines",
        ),
        pytest.param(
            "rule",
            "amends: x\nto: {b: 2}\nby: me\namendment: a\nchange: {b: 1}\n",
            "amendment: a\nby: me\n\namends: x\nchange: {b: 1}\nto: {b: 2}\n",
            id="an amendment",
        ),
        pytest.param(
            "vocabulary",
            "b:\n  help: h\n  fields:\n    d: {help: h, is: date}\n    c: {is: no}\n  dated: yes\na: {fields: {}}\n",
            "b:\n  dated: yes\n  fields:\n    d: {is: date, help: h}\n    c: {is: no}\n  help: h\n\na: {fields: {}}\n",
            id="fields and kinds keep their order",
        ),
        pytest.param(
            "clauses",
            "b.2:\n  place: p\n  section: s\n\n\na.1: {section: s}\n",
            "b.2:\n  section: s\n  place: p\n\na.1: {section: s}\n",
            id="clauses keep their order",
        ),
        pytest.param(
            "rulebook",
            "version: 1\nformat: 1\nparameters: {b: {source: s, value: 2}, a: 1}\nrulebook: r\n",
            "rulebook: r\nformat: 1\nversion: 1\nparameters: {b: {value: 2, source: s}, a: 1}\n",
            id="a manifest",
        ),
        pytest.param(
            "amendment",
            "over: ../rules\nby: us\nversion: 1\nformat: 1\namendment: a\n",
            "amendment: a\nformat: 1\nversion: 1\nover: ../rules\nby: us\n",
            id="a manifest of an amendment",
        ),
        pytest.param(
            "scenarios",
            "- rule: r\n  scenario: s\n- {scenario: t, rule: q}\n",
            "- scenario: s\n  rule: r\n\n- {scenario: t, rule: q}\n",
            id="scenarios",
        ),
        pytest.param(
            "review",
            "window: w\nreview: r\nmembers: {columns: [{shows: s, heading: h}], heading: m}\n",
            "review: r\nwindow: w\n\nmembers: {heading: m, columns: [{heading: h, shows: s}]}\n",
            id="a review",
        ),
    ],
)
def test_small_files(sort: str, text: str, wanted: str) -> None:
    """One thing each, worked out by hand."""
    assert format_text(text.removeprefix("\ufeff"), sort) == wanted
    assert format_text(wanted, sort) == wanted


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("rule: &a b\n", "anchor"),
        ("rule: !b c\n", "tag"),
        ("%YAML 1.1\n---\nrule: a\n", "directive"),
        ("? [a, b]\n: c\n", "key"),
    ],
)
def test_what_would_be_lost_is_left_alone(text: str, word: str) -> None:
    with pytest.raises(Odd, match=word):
        format_text(text, "rule")


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("# the name", "# a name", "comment"),
        ("  # the name\n", "", "comment"),
        ("at least: 8", "at most: 8", "mean something else"),
        ("at least: 8", "at least: [8", "read again"),
        ("  # who counts\n  among", "  among", "comment"),
    ],
)
def test_it_looks_at_what_it_made(monkeypatch: pytest.MonkeyPatch, old: str, new: str, word: str) -> None:
    """If the writer were wrong, the file would be left alone."""
    right = fmt.write_tree
    monkeypatch.setattr(fmt, "write_tree", lambda tree, layout: right(tree, layout).replace(old, new))
    with pytest.raises(Odd, match=word):
        format_text(UNTIDY, "rule")


def test_it_looks_at_an_order_that_may_mean_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands under `change` and `to` belongs together by its place."""
    right = fmt.write_tree
    text = "amendment: a\n\namends: b\nchange: {c: 1, d: 2}\nto: {e: 1, f: 2}\n"
    assert format_text(text, "rule") == text
    swapped = ("{c: 1, d: 2}", "{d: 2, c: 1}")
    monkeypatch.setattr(fmt, "write_tree", lambda tree, layout: right(tree, layout).replace(*swapped))
    with pytest.raises(Odd, match="mean something else"):
        format_text(text, "rule")


def test_it_writes_nothing_that_it_would_write_otherwise_again(monkeypatch: pytest.MonkeyPatch) -> None:
    right, ends = fmt.write_tree, iter(["\n", ""])
    monkeypatch.setattr(fmt, "write_tree", lambda tree, layout: right(tree, layout) + next(ends))
    with pytest.raises(Odd, match="another way"):
        format_text(UNTIDY, "rule")


def test_every_key_of_the_loader_has_its_place() -> None:
    """A key that the order does not know would stay wherever it was written."""
    from bigrules.language.amend import CHANGE_KEYS
    from bigrules.language.definitions import DEFINITION_KEYS
    from bigrules.language.ledger import CLAUSE_KEYS
    from bigrules.language.review import REVIEW_KEYS
    from bigrules.language.rules import RULE_KEYS
    from bigrules.language.scenarios import KEYS
    from bigrules.language.vocabulary import FIELD_KEYS, KIND_KEYS, SENTENCE_KEYS

    kind = LAYOUTS["vocabulary"].under("homes")
    for order, keys in [
        (LAYOUTS["rule"].order, (*RULE_KEYS, *DEFINITION_KEYS, *CHANGE_KEYS)),
        (LAYOUTS["clauses"].under("a").order, CLAUSE_KEYS),
        (LAYOUTS["review"].order, REVIEW_KEYS),
        (LAYOUTS["scenarios"].order, KEYS),
        (kind.order, KIND_KEYS),
        (kind.under("fields").under("person").order, FIELD_KEYS),
        (kind.under("sentences").order, SENTENCE_KEYS),
    ]:
        assert set(keys) <= set(order)
        assert len(order) == len(set(order))


@pytest.mark.parametrize("heading", ["## A rule", "## A definition"])
def test_the_page_on_the_format_shows_this_order(heading: str) -> None:
    page = Path(__file__).parents[2] / "docs" / "format.md"
    if not page.exists():
        pytest.skip("only a checkout has the docs")
    block = page.read_text(encoding="utf-8").split(f"{heading}\n")[1].split("```")[1]
    keys = re.findall(r"^([a-z][a-z ]*):", block, re.MULTILINE)
    order = LAYOUTS["rule"].order
    assert len(keys) > 8
    assert keys == sorted(keys, key=order.index)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A rulebook with one untidy rule."""
    (tmp_path / "ours" / "criteria").mkdir(parents=True)
    (tmp_path / "ours" / "rulebook.yaml").write_text("rulebook: r\nformat: 1\nversion: 1\nedition: 1\n")
    (tmp_path / "ours" / "vocabulary.yaml").write_text(
        "people:\n  lists: person\n  fields:\n    person: {is: person}\n"
    )
    (tmp_path / "ours" / "criteria" / "size.yaml").write_text(UNTIDY)
    return tmp_path / "ours"


def rule_of(book: Path) -> Path:
    return book / "criteria" / "size.yaml"


def test_check_and_diff_write_nothing(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", str(book), "--check"]) == 1
    assert capsys.readouterr().out == f"{rule_of(book)} would be laid out anew\n3 files: 1 would change\n"
    assert main(["fmt", str(book), "--diff"]) == 0
    shown = capsys.readouterr().out
    assert "-force: must  # how strong\n" in shown and "+rule: There are at least eight members\n" in shown
    assert main(["fmt", str(book), "--diff", "--check"]) == 1
    assert rule_of(book).read_text() == UNTIDY


def test_what_is_written(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file, with its permissions, and nothing beside it; a second time there is nothing to do."""
    rule_of(book).chmod(0o640)
    assert main(["fmt", str(rule_of(book))]) == 0
    assert rule_of(book).read_text() == TIDY
    assert stat.S_IMODE(rule_of(book).stat().st_mode) == 0o640
    assert os.listdir(book / "criteria") == ["size.yaml"]
    capsys.readouterr()
    before = rule_of(book).stat().st_mtime_ns
    assert main(["fmt", str(book), "--check"]) == 0
    assert main(["fmt", str(book)]) == 0
    assert rule_of(book).stat().st_mtime_ns == before
    assert capsys.readouterr().out == "3 files: 0 would change\n3 files: 0 changed\n"


def test_a_link_stays_a_link(book: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text(UNTIDY)
    rule_of(book).unlink()
    rule_of(book).symlink_to(real)
    assert main(["fmt", str(book)]) == 0
    assert rule_of(book).is_symlink() and real.read_text() == TIDY


def test_what_is_no_yaml_is_left_alone(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said as the loader says it; the other files are laid out."""
    (book / "criteria" / "bad.yaml").write_text("rule: [a\nforce: must\n")
    (book / "criteria" / "twice.yaml").write_text("rule: a\nrule: b\n")
    assert main(["fmt", str(book)]) == 2
    said = capsys.readouterr()
    assert "error[BR107 not-yaml]" in said.err and "error[BR111 duplicate-key]" in said.err
    assert (book / "criteria" / "bad.yaml").read_text() == "rule: [a\nforce: must\n"
    assert (book / "criteria" / "twice.yaml").read_text() == "rule: a\nrule: b\n"
    assert rule_of(book).read_text() == TIDY


def test_an_anchor_is_told(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule_of(book).write_text("force: must\nrule: &a b\n")
    assert main(["fmt", str(book)]) == 2
    assert "error[BR541 left-alone]" in capsys.readouterr().err
    assert rule_of(book).read_text() == "force: must\nrule: &a b\n"


def test_what_somebody_changes_meanwhile_is_theirs(book: Path) -> None:
    """Between reading and writing; nothing of either is lost."""
    made = fmt.format_file(rule_of(book), "size.yaml", book)
    rule_of(book).write_text("rule: mine\n")
    fault = fmt.write(made)
    assert fault is not None and fault.code == "BR541"
    assert rule_of(book).read_text() == "rule: mine\n"
    assert os.listdir(book / "criteria") == ["size.yaml"]


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may write anywhere"
)
def test_what_cannot_be_written_is_told(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (book / "criteria").chmod(0o500)
    assert main(["fmt", str(book)]) == 2
    assert "BR542" in capsys.readouterr().err


def test_a_failed_write_leaves_nothing(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is whole and nothing stands beside it when the disk is full at the last moment."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert main(["fmt", str(book)]) == 2
    assert rule_of(book).read_text() == UNTIDY
    assert os.listdir(book / "criteria") == ["size.yaml"]


def test_other_files_are_not_touched(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Registers, settings of other programs, and what is not below what was named."""
    others = {
        "mkdocs.yml": "nav:   [a]\n",
        "register.yaml": "people:   [{person: Ann}]\n",
        "bad.yaml": "a: [\n",
    }
    for name, text in others.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "a.yaml").write_text("- rule: r\n  scenario: s\n")
    assert main(["fmt", str(tmp_path)]) == 0
    assert {name: (tmp_path / name).read_text() for name in others} == others
    assert (tmp_path / "scenarios" / "a.yaml").read_text() == "- scenario: s\n  rule: r\n"
    assert rule_of(book).read_text() == TIDY
    capsys.readouterr()
    assert main(["fmt", *(str(tmp_path / name) for name in others)]) == 0
    assert "warning[BR543 nothing-to-format]" in capsys.readouterr().err


def test_without_a_path_it_is_this_folder(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(book.parent)
    assert main(["fmt"]) == 0
    assert rule_of(book).read_text() == TIDY
    assert main(["fmt", "nowhere"]) == 2


def test_amendments_are_laid_out_too(tmp_path: Path) -> None:
    """A directory with amendment.yaml: its manifest, vocabulary and files."""
    top = tmp_path / "constitution"
    top.mkdir()
    (top / "amendment.yaml").write_text("over: ../rules\namendment: a\nformat: 1\nversion: 1\n")
    (top / "size.yaml").write_text("amends: criteria/x\namendment: b\ndisapply: yes\n")
    assert main(["fmt", str(top)]) == 0
    assert (top / "amendment.yaml").read_text() == "amendment: a\nformat: 1\nversion: 1\nover: ../rules\n"
    assert (top / "size.yaml").read_text() == "amendment: b\n\namends: criteria/x\ndisapply: yes\n"


def test_a_rulebook_reads_the_same_after_it(tmp_path: Path) -> None:
    """Each file with its keys in another order, and its texts folded, comes back as the very rulebook."""
    import shutil

    import yaml

    book, ours = Path(__file__).parents[1] / "language" / "readable", tmp_path / "ours"
    shutil.copytree(book, ours)
    for path in sorted(ours.glob("*/*.yaml")):
        data = yaml.load(path.read_text(), Loader=yaml.BaseLoader)
        path.write_text(yaml.dump(dict(sorted(data.items())), sort_keys=False, width=40))
    assert main(["fmt", str(ours)]) == 0
    assert main(["fmt", str(ours), "--check"]) == 0
    old, _ = load(book, thorough=False)
    new, found = load(ours, thorough=False)
    assert old is not None and new is not None and found == []
    assert len(new.rules) == 8 and new.rules == old.rules and new.vocabulary == old.vocabulary
