"""The hooks of `.pre-commit-hooks.yaml`, run as pre-commit runs them; with pre-commit itself where it is installed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bigrules.cli import main

TOP = Path(__file__).parents[2]
HOOKS = TOP / ".pre-commit-hooks.yaml"
BOOK = Path(__file__).parents[1] / "language" / "readable"

pytestmark = pytest.mark.skipif(not HOOKS.exists(), reason="only a checkout has .pre-commit-hooks.yaml")


def hooks() -> dict[str, dict[str, Any]]:
    found = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    return {each["id"]: each for each in found}


def run(id: str, *files: str) -> int:
    """What pre-commit does: the entry, its arguments, and the files unless the hook wants none."""
    hook = hooks()[id]
    words = [*shlex.split(hook["entry"]), *hook.get("args", [])]
    assert words.pop(0) == "bigrules"
    return main([*words, *(files if hook.get("pass_filenames", True) else ())])


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(BOOK, tmp_path / "rules")
    (tmp_path / "settings.yaml").write_text("a:    1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_they_say_what_pre_commit_has_to_know() -> None:
    assert set(hooks()) == {"bigrules-fmt", "bigrules-test"}
    for hook in hooks().values():
        assert hook["language"] == "python" and hook["types"] == ["yaml"]
        assert hook["name"] and hook["description"].endswith(".")
    # Two at once would write one file.
    assert hooks()["bigrules-fmt"]["require_serial"] is True


def test_the_hook_that_lays_out(repository: Path) -> None:
    """It is given every YAML file that changes, and touches those of the rulebook."""
    rule = repository / "rules" / "criteria" / "minimum-size.yaml"
    text = rule.read_text()
    rule.write_text(text.replace("force: must\n", "") + "force: must\n")
    assert run("bigrules-fmt", "settings.yaml", "rules/criteria/minimum-size.yaml") == 0
    assert rule.read_text() == text
    assert (repository / "settings.yaml").read_text() == "a:    1\n"
    assert run("bigrules-fmt", "settings.yaml") == 0


def test_the_hook_that_tests(repository: Path) -> None:
    """One file changes, and the whole rulebook is tested."""
    assert run("bigrules-test", "rules/criteria/minimum-size.yaml") == 0
    rule = repository / "rules" / "criteria" / "minimum-size.yaml"
    rule.write_text(rule.read_text().replace("at least: 8", "at least: 9"))
    assert run("bigrules-test", "rules/vocabulary.yaml") == 1


@pytest.mark.skipif(
    os.environ.get("BIGRULES_PROFILE") != "long" or not shutil.which("pre-commit"),
    reason="installs bigrules: only in the long profile, and where pre-commit is on the PATH",
)
def test_with_pre_commit_itself(repository: Path) -> None:
    """It installs the hooks from this checkout, as last committed, and a rule that contradicts its example stops it."""

    def said(*words: str) -> tuple[int, str]:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    assert said("git", "init", "-q")[0] == 0
    assert main(["fmt", "rules"]) == 0
    said("git", "add", "-A")
    tried = ("pre-commit", "try-repo", str(TOP), "--all-files", "--verbose")
    status, text = said(*tried)
    assert status == 0, text
    assert "8 rules and 1 definition: 9 examples ran, no faults" in text
    rule = repository / "rules" / "criteria" / "minimum-size.yaml"
    rule.write_text(rule.read_text().replace("at least: 8", "at least: 9"))
    status, text = said(*tried)
    assert status == 1 and "BR320 example-contradicted" in text
