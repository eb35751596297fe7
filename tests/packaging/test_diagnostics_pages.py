"""There is a page for each diagnostic, and each shows a mistake, what is printed for it, and how it is put right.

A page has a section `## Wrong` and behind it one `## Put right`, or several such pairs with a word behind
the heading. Each pair is worked through in a folder of its own, which holds the rulebook `hall`, the register
`ours.yaml` and the text `guidance.txt` of `docs/diagnostics`. The first line of a block says what becomes of it:

    # hall/size.yaml               the block is that file
    # ours.yaml (added)            the block is added to it at the end
    # ours.yaml (in latin-1)       it is written in another encoding
    # ours.xlsx, sheet people      the block is a sheet of a workbook: a line for each row, `,` between the cells

Under `Put right` a file that has a block is first put back as it was. Where no command stands there, those of
`Wrong` are run again. What stands under a command is all that it prints; `…` leaves something out.
"""

from __future__ import annotations

import ast
import contextlib
import csv
import errno
import io
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import bigrules.cli.review
import bigrules.findings.confirm
from bigrules.cli import main
from bigrules.findings.check import Rulebook
from bigrules.findings.confirm import Disagreement

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "diagnostics"
PAGES = sorted(DOCS.glob("BR*.md"))
STORE = ("hall", "constitution", "ours.yaml", "guidance.txt")

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^## (Wrong|Put right)\b.*$", re.MULTILINE)
HEADING = re.compile(r"^## .*$", re.MULTILINE)
TITLE = re.compile(r"# ([^\s,()]+)(?:, sheet ([\w ]+))?(?: \((added|in [\w-]+)\))?\n")
PRINTED = re.compile(r"^(?:error|warning)\[(BR\d{3}) ([\w-]+)\]", re.MULTILINE)

# ---------------------------------------------------------------- what no block of a page can show


def _locked(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """A file that the system does not open."""
    opened = Path.open

    def refuse(self: Path, *args: Any, **options: Any) -> Any:
        if self.name == "size.yaml":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args, **options)

    patch.setattr(Path, "open", refuse)


def _with(file: str, content: str | bytes) -> Callable[[pytest.MonkeyPatch, Path], None]:
    """A file that is too long for a page, or no text."""

    def write(_: pytest.MonkeyPatch, folder: Path) -> None:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())

    return write


def _without_extras(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setitem(sys.modules, "openpyxl", None)


def _no_memory(patch: pytest.MonkeyPatch, folder: Path) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise MemoryError

    patch.setattr(Rulebook, "try_read", refuse)


def _refused(what: str, number: int, words: str) -> Callable[[pytest.MonkeyPatch, Path], None]:
    """The system refuses something."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(number, words)

    return lambda patch, _: patch.setattr(what, refuse)


def _full_disk(patch: pytest.MonkeyPatch, folder: Path) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device", "pack.md")

    patch.setattr(bigrules.cli.review, "_give", refuse)


def _disagreeing(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """What findings are held against first says something else, so that this needs no second engine."""
    found = [Disagreement("size", (), "breached", "met")]
    patch.setattr(bigrules.findings.confirm, "held_against", lambda *_: found)


def _broken(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.delenv("BIGRULES_TRACEBACK", raising=False)
    patch.setattr(Rulebook, "check", lambda *_, **__: 1 / 0)


# How the file of a workbook begins that is encrypted, or of the old format.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
ANN = "people: [Ann Example]\ncommittee: []\n"

FAKES: dict[str, Callable[[pytest.MonkeyPatch, Path], None]] = {
    "BR109": _with("ours.yaml", "#" * 10_000_001),
    "BR115": _locked,
    "BR116": _with(
        "ours.yaml", "people: [Ann Example]\ncommittee:\n" + "  - {person: Ann Example, role: none}\n" * 1_001
    ),
    "BR404": _without_extras,
    "BR406": _with("ours.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")),
    "BR407": _with("ours.xlsx", OLE + "Workbook".encode("utf-16-le")),
    "BR412": _with("ours/people.csv", "person\n" + "".join(f"Person {each}\n" for each in range(20_001))),
    "BR415": _with("ours.yaml", ANN + "".join(f"list {each}: []\n" for each in range(499))),
    "BR416": _with(
        "ours/people.csv",
        ",".join(["person", *(f"column {each}" for each in range(256))]) + "\nAnn Example\n",
    ),
    "BR504": _no_memory,
    "BR537": _refused("bigrules.tools.new_files._create", errno.ENOSPC, "No space left on device"),
    "BR542": _refused("bigrules.tools.fmt.tempfile.mkstemp", errno.EACCES, "Permission denied"),
    "BR505": _full_disk,
    "BR510": _disagreeing,
    "BR599": _broken,
    "BR417": _with("ours/people.csv", "person\n" + "a" * 32_768 + "\n"),
}

# What is said beside a code by its nature.
ALONGSIDE = {"BR116": {"BR431"}, "BR508": {"BR204"}}

# Codes of which a page has no example, and why.
WITHOUT_EXAMPLE = {
    "BR470": "only a program that makes a case of an example gets it: `test` says BR321 or BR324 in its place",
}

# ---------------------------------------------------------------- the codes


def trees() -> dict[Path, ast.Module]:
    """The modules of the package in which a code stands."""
    texts = {
        each: each.read_text(encoding="utf-8") for each in sorted((ROOT / "src" / "bigrules").rglob("*.py"))
    }
    return {path: ast.parse(text) for path, text in texts.items() if re.search(r"BR\d{3}", text)}


def codes() -> dict[str, set[str]]:
    """Every code that stands in the package, with the names that stand beside it."""
    found: dict[str, set[str]] = {}
    for tree in TREES.values():
        for node in ast.walk(tree):
            parts: list[tuple[ast.expr | None, ast.expr | None]] = []
            if isinstance(node, ast.Dict):
                parts = [(value, key) for key, value in zip(node.keys, node.values, strict=True)]
            elif isinstance(node, ast.Call):
                parts = list(zip(node.args, node.args[1:], strict=False))
            elif isinstance(node, ast.Tuple):
                parts = list(zip(node.elts, node.elts[1:], strict=False))
            for code, name in parts:
                if is_code(code) and isinstance(code, ast.Constant) and isinstance(name, ast.Constant):
                    found.setdefault(str(code.value), set()).add(str(name.value))
    return found


def is_code(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and re.fullmatch(r"BR\d{3}", str(node.value)) is not None


TREES = trees()
CODES = codes()


def test_every_code_is_found_with_its_name() -> None:
    """No code stands in the package where the test does not see which name belongs to it."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if is_code(node) and isinstance(node, ast.Constant):
                assert node.value in CODES, f"{path.name}:{node.lineno}"
    for code, names in CODES.items():
        assert len(names) == 1, f"{code} has several names: {names}"


def test_there_is_a_page_for_every_code_and_for_no_other() -> None:
    assert [each.stem for each in PAGES] == sorted(CODES)


def test_the_list_holds_each_code_with_its_page() -> None:
    """The list is complete, in order, and in step with the pages."""
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    rows = re.findall(r"^- \[(BR\d{3})\]\((BR\d{3})\.md\) `([\w-]+)`: (.+)$", index, re.MULTILINE)
    assert [row[0] for row in rows] == sorted(CODES)
    assert all(code == page and {name} == CODES[code] for code, page, name, _ in rows)
    assert len({line for *_, line in rows}) == len(rows), "two codes are told apart by nothing"
    assert index.count("](BR") == len(rows), "a line is written otherwise"


# ---------------------------------------------------------------- one page


@attrs.frozen
class Part:
    """A section of a page: its blocks, each with its language, text and line."""

    blocks: tuple[tuple[str, str, int], ...]

    @property
    def commands(self) -> list[tuple[list[str], str, int]]:
        """Each command, what it prints, and its line."""
        found = []
        for language, text, line in self.blocks:
            if language == "console":
                before, *steps = re.split(r"^\$ ", text, flags=re.MULTILINE)
                assert not before.strip(), f"line {line}: a console block begins with `$ `"
                for each in steps:
                    command, _, printed = each.partition("\n")
                    found.append((shlex.split(command), printed, line))
        return found


@attrs.frozen
class Page:
    """A page: its code and name, and its mistakes, each with how it is put right."""

    code: str
    name: str
    pairs: tuple[tuple[Part, Part], ...]


def page_of(path: Path) -> Page:
    text = path.read_text(encoding="utf-8")
    title = re.match(r"# (BR\d{3}) ([\w-]+)\n\n\S", text)
    assert title, "a page begins with its code, its name, and what it means"
    assert title[1] == path.stem
    parts: list[tuple[str, Part]] = []
    for heading in SECTION.finditer(text):
        rest = HEADING.search(text, heading.end())
        end = rest.start() if rest else len(text)
        fences = list(FENCE.finditer(text, heading.end(), end))
        blocks = tuple((each[1], each[2], text.count("\n", 0, each.start()) + 2) for each in fences)
        parts.append((heading[1], Part(blocks)))
    kinds = [kind for kind, _ in parts]
    assert kinds == ["Wrong", "Put right"] * (len(kinds) // 2), "each `Wrong` is followed by `Put right`"
    pairs = [(parts[at][1], parts[at + 1][1]) for at in range(0, len(parts), 2)]
    return Page(title[1], title[2], tuple(pairs))


@attrs.define
class Workshop:
    """The folder that a mistake is made in."""

    folder: Path

    def fresh(self) -> None:
        for each in self.folder.iterdir():
            shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
        for name in STORE:
            store = DOCS / name
            (shutil.copytree if store.is_dir() else shutil.copyfile)(store, self.folder / name)

    def write(self, part: Part, put_back: bool) -> None:
        """Write the files that a section shows."""
        sheets: dict[str, dict[str, list[list[str]]]] = {}
        back: set[str] = set()
        for language, text, line in part.blocks:
            title = TITLE.match(text)
            assert language == "console" or title, f"line {line}: which file is this?"
            if language == "console" or title is None:
                continue
            name, sheet, how = title[1], title[2], title[3] or ""
            file, body = self.folder / name, text[title.end() :]
            file.parent.mkdir(parents=True, exist_ok=True)
            if put_back and name not in back:
                back.add(name)
                file.unlink(missing_ok=True)
                if (DOCS / name).exists():
                    shutil.copyfile(DOCS / name, file)
            if sheet:
                sheets.setdefault(name, {})[sheet] = list(
                    csv.reader(io.StringIO(body), skipinitialspace=True)
                )
            elif how == "added":
                file.write_text(file.read_text(encoding="utf-8") + "\n" + body, encoding="utf-8")
            else:
                file.write_bytes(body.encode(how.removeprefix("in ") or "utf-8"))
        for name, rows in sheets.items():
            workbook(self.folder / name, rows)

    def run(self, words: list[str]) -> str:
        """Run a command; what it prints."""
        match words:
            case ["bigrules", *rest]:
                if rest[:2] == ["new", "register"]:
                    pytest.importorskip("openpyxl")
                out = io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                    main(rest)
                return out.getvalue()
            case ["rm", file]:
                (self.folder / file).unlink()
            case ["rm", "-r", file]:
                shutil.rmtree(self.folder / file)
            case ["mv", old, new]:
                (self.folder / old).rename(self.folder / new)
            case ["cp", old, new]:
                shutil.copyfile(self.folder / old, self.folder / new)
            case ["mkdir", new]:
                (self.folder / new).mkdir()
            case _:
                raise AssertionError(f"`{shlex.join(words)}` is not run by this test")
        return ""


def workbook(file: Path, sheets: dict[str, list[list[str]]]) -> None:
    """A workbook as a spreadsheet writes it; what looks like a number is one."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([int(each) if each.isdigit() else each or None for each in row])
    book.save(file)


def is_printed(expected: str, printed: str) -> bool:
    """Whether this is all that is printed; `…` alone in a line leaves lines out, elsewhere the rest of a line."""
    lines = expected.splitlines(keepends=True)
    wanted = "".join(
        "(?:.*\n)*?" if each.strip() == "…" else re.escape(each).replace("…", ".*") for each in lines
    )
    return re.fullmatch(wanted, printed) is not None


def workings(
    path: Path, workshop: Workshop, patch: pytest.MonkeyPatch
) -> Iterator[tuple[bool, list[str], str, str, int]]:
    """Work a page through: whether it is wrong, the command, what the page says, what is printed, the line."""
    page = page_of(path)
    for wrong, right in page.pairs:
        workshop.fresh()
        workshop.write(wrong, put_back=False)
        with patch.context() as faked:
            if page.code in FAKES:
                FAKES[page.code](faked, workshop.folder)
            for words, printed, line in wrong.commands:
                yield True, words, printed, workshop.run(words), line
        workshop.write(right, put_back=True)
        again = [(words, "…\n", line) for words, _, line in wrong.commands if words[0] == "bigrules"]
        for words, printed, line in right.commands or again:
            yield False, words, printed, workshop.run(words), line


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_true(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mistake gives this code and no other, in the words of the page; put right, it gives none."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    page = page_of(path)
    assert {page.name} == CODES[page.code]
    assert bool(page.pairs) != (page.code in WITHOUT_EXAMPLE), "a page has an example, or a word on why not"
    told: set[str] = set()
    for is_wrong, words, expected, printed, line in workings(path, Workshop(tmp_path), monkeypatch):
        assert is_printed(expected, printed), (
            f"line {line}: `{shlex.join(words)}` prints otherwise:\n{printed}"
        )
        seen = {code for code, _ in PRINTED.findall(printed)} - ALONGSIDE.get(page.code, set())
        assert seen <= ({page.code} if is_wrong else set()), f"line {line}: `{shlex.join(words)}`:\n{printed}"
        told |= seen
    assert told == ({page.code} if page.pairs else set())


@pytest.mark.parametrize("asked", ["BR204", "br204", "unknown-sentence"])
def test_a_page_is_printed(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By its code or its name, as it is but for links."""
    assert main(["show", "code", asked]) == 0
    printed, page = capsys.readouterr().out, (DOCS / "BR204.md").read_text(encoding="utf-8")
    assert printed.splitlines()[:3] == page.splitlines()[:3]
    assert len(printed.splitlines()) == len(page.splitlines())
    assert "another matter:\nBR302." in printed


def test_the_list_and_pages_of_one_name_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["show", "code"])
    printed = capsys.readouterr().out
    assert "- BR204 `unknown-sentence`: " in printed and "toctree" not in printed
    main(["show", "code", "cycle"])
    printed = capsys.readouterr().out
    assert "# BR304 cycle\n" in printed and "# BR456 cycle\n" in printed


def test_links_lead_somewhere() -> None:
    for page in sorted(DOCS.glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_what_the_mistakes_are_made_in_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rulebook, register and text in which mistakes are made are sound."""
    monkeypatch.chdir(tmp_path)
    workshop = Workshop(tmp_path)
    workshop.fresh()
    for command in (
        "test hall",
        "test constitution",
        "check ours.yaml --rulebook hall",
        "trace --rulebook hall --guidance guidance.txt",
        "fmt --check hall constitution",
    ):
        printed = workshop.run(["bigrules", *command.split()])
        assert printed and not PRINTED.search(printed), printed


def test_no_text_stands_in_two_pages() -> None:
    """A page is written for its code, and not filled in: no sentence of some length stands in several."""
    stands: dict[str, str] = {}
    for page in PAGES:
        prose = FENCE.sub("", page.read_text(encoding="utf-8"))
        for each in re.split(r"(?<=[.:?])\s+|\n\n", prose):
            sentence = " ".join(each.split())
            if len(sentence) > 60:
                assert stands.setdefault(sentence, page.stem) == page.stem, f"{page.stem}: {sentence}"
