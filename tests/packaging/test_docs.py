"""Every block in the docs is true: files load, Python runs, commands print what the page says.

A page is worked through from top to bottom in a folder of its own that holds a copy of `rules/` and `examples/`;
what becomes of each block is said in `workshop`. The pages of `docs/diagnostics` have a test of their own.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import bigrules
from bigrules.cli.commands import COMMANDS
from bigrules.cli.words import parser
from workshop import ROOT, Block, Workshop, blocks, printing

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(each for each in (ROOT / "docs").rglob("*.md") if "diagnostics" not in each.parts),
]
# Its blocks are parts of files; tests/language/test_format_page.py loads them.
ONLY_PARSED = {"format.md"}


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def shipped() -> bigrules.Rulebook:
    """A rulebook that somebody has is not read again by each command."""
    return bigrules.load_rulebook()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_block_is_true(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: bigrules.Rulebook
) -> None:
    for folder in ("rules", "examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = {*sys.modules}
    workshop = Workshop(tmp_path, page, page.name in ONLY_PARSED)
    for block in blocks(page):
        workshop.work(block)
    # What a page imports from its folder is not there for the next one.
    for name in {*sys.modules} - before:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith((str(tmp_path), ".")):
            del sys.modules[name]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_in_a_sentence_are_commands(page: Path) -> None:
    """`bigrules …` within a line names a command that there is, and options that it takes."""
    (subparsers,) = [each for each in parser()._actions if isinstance(each.choices, dict)]
    assert isinstance(subparsers.choices, dict)
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        for each in token.children or ():
            if each.type != "code_inline" or not each.content.startswith("bigrules "):
                continue
            command, *rest = each.content.split()[1:]
            if command.startswith("-") or command == "…" or command.isupper():
                continue
            assert command in COMMANDS, each.content
            known = options(subparsers.choices[command], rest)
            for word in rest:
                if word.startswith("--"):
                    assert word.partition("=")[0] in known, each.content


def options(command: object, words: list[str]) -> set[str]:
    """The options of a command, and of what stands behind it, as `register` behind `new`."""
    found: set[str] = set()
    for action in command._actions:  # type: ignore[attr-defined]
        found.update(action.option_strings)
        if isinstance(action.choices, dict):
            for name, other in action.choices.items():
                found.update(options(other, words) if name in words else ())
    return found


def test_a_command_prints_the_same_as_a_process() -> None:
    """What the pages are held against, printed here and by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bigrules", "show", "schema", "--of", "report"],
        cwd=ROOT / "src", capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    workshop = Workshop(ROOT, ROOT / "README.md")
    assert workshop.run(["bigrules", "show", "schema", "--of", "report"], "") == done.stdout


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (Block("ruby", "puts 1\n", 3), "says nothing of what is done"),
        (Block("", "rules/\n", 3), "says nothing of what is done"),
        (Block("yaml", "a: 1\n", 3), "say in a first line"),
        (Block("text", "words\n", 3), "say in a first line"),
        (Block("json", '{"a": 1}\n', 3), "say in a first line"),
        (Block("json", "// a.json\n{'a': 1}\n", 3), "property name"),
        (Block("toml", "# a.toml\na = \n", 3), "Invalid value"),
        (Block("yaml", "# a.yaml (part)\na: 2\n", 3), "a.yaml says otherwise"),
        (Block("yaml", "# b.yaml (added)\na: 2\n", 3), "not there"),
        (Block("text", "# folder/ (holds)\na.yaml\nb.yaml  what it is\n", 3), "there is no folder/b.yaml"),
        (Block("python", "assert 1 == 2, 'it is not'\n", 3), "it is not"),
        (Block("console", "bigrules --version\n", 3), "begins with"),
        (Block("console", "$ bigrules --version\nbigrules 99\n", 3), "prints otherwise"),
        (Block("console", "$ bigrules --help\nexit status:\n…\nusage:\n", 3), "prints otherwise"),
        (Block("console", "$ rm -r rules\n", 3), "is not run by this test"),
        (Block("bash", "bigrules --version\nmake nothing-of-the-kind\n", 3), "no target"),
    ],
    ids=lambda each: each.text.splitlines()[0] if isinstance(each, Block) else "",
)
def test_what_is_not_true_is_noticed(
    block: Block, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for name in ("a.yaml", "folder/a.yaml"):
        (tmp_path / name).write_text("a: 1\n", encoding="utf-8")
    with pytest.raises((AssertionError, ValueError), match=said):
        Workshop(tmp_path, ROOT / "page.md").work(block)


@pytest.mark.parametrize("text", ["Words.\n\n    indented code\n", "<pre>code</pre>\n"])
def test_code_that_says_nothing_of_itself_is_noticed(text: str, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError, match=r"page\.md, line"):
        blocks(tmp_path / "page.md")


def test_blocks_within_lists_are_found(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("1. Do:\n\n   ```console\n   $ make\n   ```\n", encoding="utf-8")
    assert blocks(tmp_path / "page.md") == [Block("console", "$ make\n", 4)]


def test_what_is_true_is_let_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    workshop = Workshop(tmp_path, ROOT / "page.md")
    for block in [
        Block("json", '// .vscode/settings.json\n{"a": 1}\n', 1),
        Block("text", "# guidance.txt\nAll meet.\n", 1),
        Block("text", "# ./ (holds)\nguidance.txt   the text\n.vscode/…   of the editor\n", 1),
        Block("console", "$ bigrules \\\n    --version\nbigrules …\n$ echo $?\n0\n", 1),
    ]:
        workshop.work(block)
    assert (tmp_path / ".vscode" / "settings.json").read_text("utf-8") == '{"a": 1}\n'
    assert (tmp_path / "guidance.txt").read_text("utf-8") == "All meet.\n"


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_printing_is_kept_apart() -> None:
    with printing() as (out, err):
        print("found")
        print("wrong", file=sys.stderr)
    assert (out.getvalue(), err.getvalue()) == ("found\n", "wrong\n")
