"""Nothing in the tree names a machine: no paths of one, no addresses of package indexes."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".json", ".csv", ".txt", ".cfg", ".sh", ".stdout", ".stderr", ""}
# Put together, so that this file does not find itself.
MACHINE = re.compile(
    "|".join(
        [
            r"(?<![\w.~\-])/(" + "|".join(["work", "root", "home", "Users", "farm", "tmp", "mnt"]) + r")/\w",
            r"\b[A-Z]:\\" + "Users",
            r"\bpypi" + r"\.org|" + r"files\.python" + r"hosted",
        ]
    )
)


def tracked() -> list[Path]:
    """The files of the project: those git knows or would know, or all where there is no git."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if asked.returncode == 0:
        names = [os.fsdecode(each) for each in asked.stdout.split(b"\0") if each]
    else:
        folders = ["src", "rules", "tests", "benchmarks", "docs", "examples"]
        names = [str(path) for folder in folders for path in (ROOT / folder).rglob("*")]
    return [ROOT / each for each in names if (ROOT / each).is_file()]


def test_no_machine_is_named() -> None:
    found = []
    for file in tracked():
        if file.suffix not in TEXT:
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a register or rule file that is kept for being unreadable
        for number, line in enumerate(text.splitlines(), 1):
            if match := MACHINE.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {match[0]}")
    assert not found


@pytest.mark.parametrize(
    "line", ["see /" + "work/x", "'/" + "home/ann/ours.xlsx'", "C:\\" + "Users\\ann", "https://pypi" + ".org/simple"]
)
def test_a_machine_would_be_found(line: str) -> None:
    assert MACHINE.search(line)


@pytest.mark.parametrize("line", ["docs/home/page", "either/or", "~/tmp", "and/tmp/of", "a.yaml and tmp/b.yaml"])
def test_what_is_no_machine_is_left_alone(line: str) -> None:
    assert not MACHINE.search(line)
