"""A page of the docs worked through as a reader would: files are written, commands run, Python executed.

Each block of a page says by its language, and by its first line as a comment, what becomes of it:

    # ours/criteria/size.yaml          the block is written there; so in any language of `FILES`
    # ours/vocabulary.yaml (added)     the block is added at the end
    # rules/vocabulary.yaml (part)     all of it stands in that file
    # rules/ (holds)                   a `text` block: each path that begins a line is there
    // .vscode/settings.json           as `#`, in JSON

Python without such a line is executed; YAML without one is a fault, but on a page with a test of its own. In a
`console` block each `$ command` is run, and what stands under it must be printed, in that order; `…` leaves
something out: lines where it stands alone, else the rest of a line. `bash` is the same without `$` and without
what is printed.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from bigrules.cli import main

ROOT = Path(__file__).parents[1]
TITLE = re.compile(r"(?:#|//) (\S+)(?: \((added|part|holds)\))?\n")
FILES = {"yaml", "toml", "json", "text", "python", "csv"}
COMMANDS = {"console", "bash"}
# What a page installs is there already, so that nothing has to be fetched.
NO_NET = ("--no-index", "--no-deps")
# What Sphinx replaces by something else; tests/packaging/test_site.py holds that it can.
DIRECTIVES = {"{toctree}", "{include}", "{eval-rst}"}


@attrs.frozen
class Block:
    """A fenced block of a page; `line` is that of its first line."""

    language: str
    text: str
    line: int

    @property
    def title(self) -> tuple[str, str]:
        """The file that its first line names, and what is done with it; both "" where it names none."""
        found = TITLE.match(self.text)
        is_file = found and ("." in found[1].rpartition("/")[2] or found[2] == "holds")
        return (found[1], found[2] or "written") if found and is_file else ("", "")

    @property
    def body(self) -> str:
        """Its text without the title."""
        return self.text.partition("\n")[2] if self.title[0] else self.text


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, those within lists and quotes too."""
    found = []
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "fence":
            found.append(Block(token.info.partition(" ")[0], token.content, line + 1))
        # Neither says what it is, so that nothing could try it.
        assert token.type != "code_block", (
            f"{page.name}, line {line}: put this code between ``` and say what it is"
        )
        assert token.type != "html_block", f"{page.name}, line {line}: no HTML, please"
    return found


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
        return isinstance(whole, dict) and all(
            key in whole and is_part(part[key], whole[key]) for key in part
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(is_part(each, other) for other in whole) for each in part)
    return bool(part == whole)


@contextlib.contextmanager
def printing() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """What is printed meanwhile, to stdout and to stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield out, err


@attrs.define
class Workshop:
    """The folder that a page is worked through in; it is the working directory.

    Args:
        folder: Where it is.
        page: The page.
        only_parsed: Whether YAML that names no file may stand in it.
    """

    folder: Path
    page: Path
    only_parsed: bool = False
    names: dict[str, Any] = attrs.field(factory=dict)
    status: int = 0
    environment: Path | None = None

    def work(self, block: Block) -> None:
        """Does what a block says."""
        where = f"{self.page.name}, line {block.line}"
        if block.language in DIRECTIVES:
            return
        if block.language in COMMANDS:
            steps = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
            if block.language == "bash":
                steps = ["", *block.text.strip().splitlines()]
            assert not steps[0].strip(), f"{where}: a console block begins with `$ `"
            for step in steps[1:]:
                self.step(step, where)
            return
        assert block.language in FILES, (
            f"{where}: `{block.language}` says nothing of what is done with this block"
        )
        name, how = block.title
        if block.language == "yaml":
            parsed = parse(block.body)
            if how == "part":
                assert is_part(parsed, parse(self.read(name))), f"{where}: {name} says otherwise"
                return
            assert name or self.only_parsed, f"{where}: say in a first line which file this is"
        elif block.language == "toml":
            tomllib.loads(block.body)
        elif block.language == "json":
            parsed = json.loads(block.body)
            if how == "part":
                assert is_part(parsed, json.loads(self.read(name))), f"{where}: {name} says otherwise"
                return
        elif block.language == "python":
            code = compile("\n" * (block.line - 1) + block.text, str(self.page), "exec")
            if not name:
                exec(code, self.names)
        if how == "holds":
            # A page for contributors speaks of what stands in the project only.
            base = self.folder if (self.folder / name).exists() else ROOT
            for line in block.body.splitlines():
                path = line.partition(" ")[0].rstrip("…")
                assert (base / name / path).exists(), f"{where}: there is no {name}{path}"
        elif name:
            assert how in ("written", "added"), f"{where}: `{how}` is for YAML and JSON"
            self.write(name, block.body, added=how == "added")
        else:
            assert block.language in ("yaml", "python"), f"{where}: say in a first line which file this is"

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str, added: bool) -> None:
        file = self.folder / name
        assert not added or file.exists(), f"{name} is not there, so that nothing can be added to it"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a" if added else "w", encoding="utf-8") as stream:
            stream.write(("\n" if added else "") + text)

    def step(self, step: str, where: str) -> None:
        """Runs a command, and looks for what the page says that it prints."""
        while (head := step.partition("\n"))[0].endswith("\\"):
            step = head[0][:-1] + " " + head[2].lstrip()
        command, _, expected = step.partition("\n")
        printed = self.run(shlex.split(command, comments=True), where)
        place = 0
        for passage in re.split(r"^ *…\n?", expected, flags=re.MULTILINE):
            passage = passage.strip("\n")
            wanted = re.escape(passage).replace("…", ".*")
            found = re.compile(wanted).search(printed, place)
            assert found, f"{where}: `{command}` prints otherwise:\n{printed[place:]}\n-- not:\n{passage}"
            place = found.end()

    def run(self, words: list[str], where: str) -> str:
        """Runs a command as far as that makes sense in a test; what it prints."""
        match words:
            case ["bigrules", *rest] if self.environment is None:
                with printing() as (out, err):
                    self.status = main(rest)
                assert "Traceback" not in err.getvalue(), err.getvalue()
                return out.getvalue() + err.getvalue()
            case ["bigrules" | "python" as name, *rest] if self.environment is not None:
                return self.process([str(self.environment / "bin" / name), *rest])
            case ["pip", "install", *rest] if self.environment is not None:
                python = str(self.environment / "bin" / "python")
                return self.process(
                    [sys.executable, "-m", "pip", "--python", python, "install", *NO_NET, *rest]
                )
            case ["pytest", *rest]:
                # Its own plugin alone, whether bigrules is installed here or not; others take longer than the page.
                plugin = ["-p", "bigrules.pytest_plugin", "-p", "no:cacheprovider"]
                return self.process(
                    [sys.executable, "-m", "pytest", *plugin, *rest], PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
                )
            case ["python", "-m", "venv", folder]:
                return self.process([sys.executable, "-m", "venv", "--without-pip", folder])
            case ["pip", "wheel", *_]:
                pytest.importorskip(
                    "hatchling"
                )  # part of what the tests need, and not of what the library does
                return self.process([sys.executable, "-m", *words, *NO_NET, "--no-build-isolation"])
            case [".", activate]:
                if (self.folder / activate).exists():
                    self.environment = (self.folder / activate).parents[1]
                    self.make_ready(self.environment)
                    return ""
                makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
                assert f"VENV ?= {activate.removesuffix('/bin/activate')}\n" in makefile, activate
                return ""
            case ["pip", "install", asked]:
                extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
                    "optional-dependencies"
                ]
                wanted = re.fullmatch(r"(?:bigrules|\.)(?:\[(.*)\])?", asked)
                assert wanted and set((wanted[1] or "all").split(",")) <= set(extras), asked
                return ""
            case ["make", *targets]:
                makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
                for each in targets:
                    assert "=" in each or re.search(f"^{each}:", makefile, re.MULTILINE), f"no target {each}"
                return ""
            case [".ci/run"]:
                assert os.access(ROOT / ".ci" / "run", os.X_OK)
                return ""
            case ["git", *_]:
                return self.process(words)
            case ["echo", "$?"]:
                return f"{self.status}\n"
            case ["cp", "-r", source, target]:
                shutil.copytree(self.folder / source, self.folder / target)
                return ""
            case ["cp", *files, target] if files and (self.folder / target).is_dir():
                for each in files:
                    shutil.copy(self.folder / each, self.folder / target)
                return ""
            case ["mkdir", target]:
                (self.folder / target).mkdir()
                return ""
            case ["cat", file]:
                return self.read(file)
        raise AssertionError(f"{where}: `{shlex.join(words)}` is not run by this test")

    def process(self, words: list[str], **variables: str) -> str:
        """Runs another program; what it prints."""
        path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        with_source = {"PYTHONPATH": path} if self.environment is None else {"PYTHONPATH": ""}
        done = subprocess.run(
            words, cwd=self.folder, capture_output=True, encoding="utf-8", check=False,
            env={
                **os.environ, **with_source, **variables,
                "PYTHONIOENCODING": "utf-8", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            },
        )  # fmt: skip
        self.status = done.returncode
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr

    def make_ready(self, environment: Path) -> None:
        """Has bigrules in an environment, as a reader has installed it; nothing is fetched."""
        (site,) = environment.glob("lib/python*/site-packages")
        needed = [ROOT / "src", *[each for each in sys.path if each.endswith("site-packages")]]
        (site / "here.pth").write_text("".join(f"{each}\n" for each in needed), encoding="utf-8")
        command = environment / "bin" / "bigrules"
        command.write_text(
            f"#!{environment / 'bin' / 'python'}\nimport sys\nfrom bigrules.cli import main\nsys.exit(main())\n",
            encoding="utf-8",
        )
        command.chmod(0o755)
