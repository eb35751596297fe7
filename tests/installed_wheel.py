"""The wheel, unpacked into a folder of its own, and its command run from elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import attrs

ROOT = Path(__file__).parents[1]


@attrs.frozen
class Installed:
    """bigrules as its wheel installs it.

    Args:
        site: The folder that it was unpacked into.
        elsewhere: The folder that commands are run in.
    """

    site: Path
    elsewhere: Path

    @property
    def rules(self) -> Path:
        """The rules that it is shipped with."""
        return self.site / "bigrules" / "rules"

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs Python where the wheel is found before anything else."""
        # What it imports besides stands in this environment; an editable install comes after `site`.
        environment = {**os.environ, "PYTHONPATH": str(self.site), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.elsewhere, env=environment, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs the command line; no traceback may ever be printed."""
        done = self.python("-m", "bigrules", *words)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done

    def outcomes(self, register: str, rules: Path, *words: str) -> dict[str, list[str]]:
        """The outcomes of each rule's findings."""
        done = self.run("check", register, "--rulebook", str(rules), "--format", "json", *words)
        data: dict[str, Any] = json.loads(done.stdout)
        outcomes: dict[str, list[str]] = {}
        for rule in data["reports"][0]["rules"]:
            outcomes[rule["rule"]] = [each["outcome"] for each in rule["findings"]]
        return outcomes


def unpack_wheel(folder: Path) -> Installed:
    """Builds the wheel and unpacks it."""
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder / "dist")],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = (folder / "dist").glob("bigrules-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    (folder / "elsewhere").mkdir()
    return Installed(folder / "site", folder / "elsewhere")
