"""Every block in the docs is true: YAML loads, Python runs, commands print what the page says.

A page is worked through from top to bottom in a folder of its own that holds a copy of `rules/` and
`examples/`. What a block's first line says, as a comment, is what becomes of it:

    # ours/criteria/size.yaml          the block is written there
    # ours/vocabulary.yaml (added)     the block is added at the end
    # rules/vocabulary.yaml (part)     all of it stands in that file
    anything else                      it is only parsed

In a `console` block each `$ bigrules …` is run, and what stands under it must be printed, in that order;
`…` leaves something out: lines where it stands alone, else the rest of a line.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r"# (\S+\.yaml)(?: \((added|part)\))?\n")
LANGUAGES = {"yaml", "python", "console", ""}


@attrs.frozen
class Block:
    """A fenced block of a page."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(each[1], each[2], text.count("\n", 0, each.start()) + 2) for each in FENCE.finditer(text)]


def texts(parsed: Any) -> Any:
    """Parsed YAML as plain lists, mappings and texts."""
    if isinstance(parsed, dict):
        return {texts(key): texts(value) for key, value in parsed.items()}
    if isinstance(parsed, list):
        return [texts(each) for each in parsed]
    return "" if parsed is None else str(parsed)


def parse(text: str) -> Any:
    """What PyYAML and a YAML 1.2 parser, as editors have, both read."""
    first = texts(yaml.load(text, Loader=yaml.BaseLoader))
    assert first == texts(YAML(typ="base", pure=True).load(text)), "editors would read it otherwise"
    return first


def is_part(part: Any, whole: Any) -> bool:
    """Whether everything in `part` stands in `whole`."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and is_part(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(is_part(each, other) for other in whole) for each in part)
    return bool(part == whole)


@attrs.define
class Workshop:
    """The folder that a page is worked through in."""

    folder: Path
    page: Path
    names: dict[str, Any] = attrs.field(factory=dict)
    status: int = 0

    def work(self, block: Block) -> None:
        assert block.language in LANGUAGES, f"line {block.line}: say what `{block.language}` blocks are for here"
        if block.language == "yaml":
            self.yaml(block)
        elif block.language == "python":
            code = compile("\n" * (block.line - 1) + block.text, str(self.page), "exec")
            exec(code, self.names)
        elif block.language == "console":
            self.console(block)

    def yaml(self, block: Block) -> None:
        parsed = parse(block.text)
        title = TITLE.match(block.text)
        if title is None:
            return
        file = self.folder / title[1]
        if title[2] == "part":
            whole = parse(file.read_text(encoding="utf-8"))
            assert is_part(parsed, whole), f"line {block.line}: {title[1]} says otherwise"
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a" if title[2] else "w", encoding="utf-8") as stream:
            stream.write(("\n" if title[2] else "") + block.text[title.end() :])

    def console(self, block: Block) -> None:
        steps = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
        assert not steps[0].strip(), f"line {block.line}: a console block begins with `$ `"
        for step in steps[1:]:
            command, _, expected = step.partition("\n")
            printed = self.run(shlex.split(command, comments=True), block)
            place = 0
            for passage in re.split(r"^ *…\n", expected, flags=re.MULTILINE):
                passage = passage.strip("\n")
                wanted = re.escape(passage).replace("…", ".*")
                found = re.compile(wanted).search(printed, place)
                assert found, f"line {block.line}: `{command}` prints otherwise:\n{printed[place:]}\n-- not:\n{passage}"
                place = found.end()

    def run(self, words: list[str], block: Block) -> str:
        """Runs a command as far as that makes sense in a test; what it prints."""
        match words:
            case ["bigrules", *_]:
                done = subprocess.run(
                    [sys.executable, "-m", *words],
                    cwd=self.folder, capture_output=True, encoding="utf-8", check=False,
                    env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"},
                )  # fmt: skip
                self.status = done.returncode
                assert "Traceback" not in done.stderr, done.stderr
                return done.stdout + done.stderr
            case ["echo", "$?"]:
                return str(self.status)
            case ["cp", "-r", source, target]:
                shutil.copytree(self.folder / source, self.folder / target)
                return ""
            case ["make", *targets]:
                makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
                for each in targets:
                    assert "=" in each or re.search(f"^{each}:", makefile, re.MULTILINE), f"no target {each}"
                return ""
            case [".", activate]:
                makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
                assert f"VENV ?= {activate.removesuffix('/bin/activate')}\n" in makefile, activate
                return ""
            case ["pip", "install", asked]:
                extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
                wanted = re.fullmatch(r"(?:bigrules|\.)(?:\[(.*)\])?", asked)
                assert wanted and set((wanted[1] or "all").split(",")) <= set(extras), asked
                return ""
        raise AssertionError(f"line {block.line}: `{shlex.join(words)}` is not run by this test")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_true(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("rules", "examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    workshop = Workshop(tmp_path, page)
    for block in blocks(page):
        workshop.work(block)


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name}: {target}"
