"""What the action was asked for, and the commands that it runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FAIL_ON = ("faults", "changes", "nothing")
_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


class Stop(Exception):
    """What was asked for cannot be done."""


class Settings:
    """What was asked for, and what GitHub says.

    Args:
        environment: The variables.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        def asked(name: str, otherwise: str = "") -> str:
            return environment.get(f"BIGRULES_{name}", "").strip() or otherwise

        self.rules = _path(asked("RULES", "rules"))
        self.cases = _path(asked("CASES"))
        self.guidance = _path(asked("GUIDANCE"))
        self.scenarios = _path(asked("SCENARIOS"))
        self.fail_on = asked("FAIL_ON", "faults")
        self.names = asked("NAMES", "none")
        comment = asked("COMMENT", "yes")
        self.comment = comment in ("yes", "true")
        self.token = asked("TOKEN")
        if self.fail_on not in FAIL_ON:
            raise Stop(f"fail-on has to be one of {', '.join(FAIL_ON)}")
        if comment not in ("yes", "true", "no", "false"):
            raise Stop("comment has to be yes or no")
        if self.names not in ("none", "initials", "full"):
            raise Stop("names has to be one of none, initials, full")
        self.api = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
        self.repository = environment.get("GITHUB_REPOSITORY", "")
        self.summary = environment.get("GITHUB_STEP_SUMMARY", "")
        self.outputs = environment.get("GITHUB_OUTPUT", "")
        self.workspace = Path(environment.get("GITHUB_WORKSPACE") or ".")
        self.temporary = environment.get("RUNNER_TEMP") or None
        server, run = environment.get("GITHUB_SERVER_URL", ""), environment.get("GITHUB_RUN_ID", "")
        self.run = f"{server}/{self.repository}/actions/runs/{run}" if server and run else ""
        event: Any = {}
        if environment.get("GITHUB_EVENT_PATH"):
            event = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
        pull = event.get("pull_request") or {}
        self.number = int(pull.get("number") or 0)
        self.base = str((pull.get("base") or {}).get("sha") or "")
        head = (pull.get("head") or {}).get("repo") or {}
        # A fork that is gone has no repository any more.
        self.is_fork = bool(pull) and head.get("full_name") != self.repository
        if self.base and not _SHA.fullmatch(self.base):
            raise Stop("the event names no commit to compare with")

    @property
    def marker(self) -> str:
        """What tells the comment of this rulebook from others."""
        return f"<!-- bigrules: {re.sub('[^A-Za-z0-9._/ -]', '-', self.rules).replace('--', '-')} -->"


def _path(text: str) -> str:
    """A path that no command takes for an option."""
    return f"./{text}" if text.startswith("-") else text


# ---------------------------------------------------------------- running bigrules and git


class Done:
    """What a command did."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    def data(self) -> dict[str, Any]:
        """What it printed as JSON; nothing where it printed something else."""
        try:
            found = json.loads(self.out)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def run_command(words: Sequence[str], folder: Path) -> Done:
    # The token is for the comment alone.
    environment = {key: value for key, value in os.environ.items() if key != "BIGRULES_TOKEN"}
    environment |= {"PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", "GIT_TERMINAL_PROMPT": "0"}
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, encoding="utf-8", errors="replace"
    )
    return Done(done.returncode, done.stdout, done.stderr)


def bigrules(settings: Settings, *words: str) -> Done:
    # `-P`: a module that lies in the repository is not imported in place of one of these.
    return run_command([sys.executable, "-P", "-m", "bigrules", *words], settings.workspace)


def git(folder: Path, *words: str) -> Done:
    # Nothing that stands in the repository is run, and whoever owns the checkout does not matter.
    safe = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "safe.directory=*")
    return run_command(["git", *safe, *words], folder)


class Base:
    """The commit that the pull request is compared with, checked out beside it.

    Args:
        settings: What was asked for.
    """

    def __init__(self, settings: Settings) -> None:
        self.workspace = settings.workspace
        self.place = ""
        self.why = ""
        self.commit = settings.base
        if not self.commit:
            self.why = "this is no pull request"
            return
        if git(self.workspace, "cat-file", "-e", f"{self.commit}^{{commit}}").status:
            git(self.workspace, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", self.commit)
        # Where the history is there, what others did on the base since then is left out.
        fork = git(self.workspace, "merge-base", self.commit, "HEAD")
        if fork.status == 0 and _SHA.fullmatch(fork.out.strip()):
            self.commit = fork.out.strip()
        self.folder = tempfile.mkdtemp(prefix="bigrules-", dir=settings.temporary)
        place = os.path.join(self.folder, "base")
        done = git(self.workspace, "worktree", "add", "--quiet", "--detach", "--force", place, self.commit)
        if done.status:
            self.why = f"the commit {self.commit[:12]} is not there (check out with `fetch-depth: 0`)"
        else:
            self.place = place

    def changed(self) -> bool:
        """Whether any YAML file differs from the base; an amendment may be laid over any of them."""
        names = ("*.yaml", "*.yml")
        done = git(self.workspace, "diff", "--quiet", self.commit, "--", *names)
        new = git(self.workspace, "ls-files", "--others", "--exclude-standard", "--", *names)
        return done.status != 0 or bool(new.out.strip())

    def close(self) -> None:
        """Take the checkout away again."""
        if self.place:
            git(self.workspace, "worktree", "remove", "--force", self.place)
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)
