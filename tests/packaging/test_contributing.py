"""CONTRIBUTING.md names the commands that are run before anything lands, and where everything is."""

from __future__ import annotations

import re

from workshop import ROOT, blocks

PAGE = ROOT / "CONTRIBUTING.md"
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
CI = (ROOT / ".ci" / "run").read_text("utf-8")
MAKE = re.compile(r"\bmake (?:--[\w-]+ )*([a-z][\w-]*)")


def commands() -> list[list[str]]:
    """The commands of each console block."""
    return [
        [line[2:] for line in block.text.splitlines() if line.startswith("$ ")]
        for block in blocks(PAGE)
        if block.language == "console"
    ]


def test_the_first_commands_are_those_that_are_run_before_anything_lands() -> None:
    everything, steps, *_ = commands()
    assert everything == [".ci/run"]
    # `say` and `passed` name what is run, and run nothing.
    run = [line for line in CI.splitlines() if not re.match(r"\s*(say|passed|failed|#)", line)]
    assert {each.removeprefix("make ") for each in steps} == set(MAKE.findall("\n".join(run)))


def test_every_target_is_named() -> None:
    """But those that others are made of, and `help`, which names them too."""
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    text = PAGE.read_text("utf-8")
    named = {each.split()[1] for each in re.findall(r"(?:`|^\$ )(make [a-z][\w-]*)", text, re.MULTILINE)}
    assert set(phony.split()) - named == {"help", "ruff", "types", "install", "clean"}
    assert named <= set(phony.split())


def test_the_map_has_every_folder() -> None:
    (block,) = [each for each in blocks(PAGE) if each.title == ("src/bigrules/", "holds")]
    told = [line.partition(" ")[0].rstrip("/") for line in block.body.splitlines()]
    source = ROOT / "src" / "bigrules"
    folders = {each.name for each in source.iterdir() if each.is_dir() and list(each.glob("*.py"))}
    assert set(told) == {*folders, "diagnostics.py"}
    # As tests/packaging/test_layers.py has them.
    layers = (ROOT / "tests" / "packaging" / "test_layers.py").read_text("utf-8")
    (flow,) = re.findall(r"^FLOW = (\[.*\])$", layers, re.MULTILINE)
    assert [each.removesuffix(".py") for each in told] == re.findall(r'"(\w+)"', flow)


def test_files_that_are_named_are_there() -> None:
    for each in re.findall(
        r"`((?:src|tests|docs|rules|examples|benchmarks|cli|action)/[\w./-]*)`", PAGE.read_text("utf-8")
    ):
        file = ROOT / ("src/bigrules/" + each if each.startswith("cli/") else each)
        assert file.exists(), each
