"""The action on a real repository with two revisions, with a stand-in for GitHub's API."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import bigrules
from action.github import GitHub
from new.desk import LONG, club

ACTION = Path(__file__).parents[2] / "action"
sys.path.insert(0, str(ACTION))
try:
    import asked
    import pull_request
finally:
    sys.path.remove(str(ACTION))
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
_CASE = "as of: 2018-06-01\npeople:\n  - {person: Ann}\n  - {person: Bob}\n  - {person: Cem}\n" + (
    "memberships:\n  - {person: Ann}\n  - {person: Bob}\n  - {person: Cem}\noffices: []\n"
)


@attrs.frozen
class Ran:
    """What the action did."""

    status: int
    out: str
    summary: str
    outputs: dict[str, str]


@attrs.define
class Repository:
    """A repository with a rulebook in it, and a pull request."""

    root: Path
    github: GitHub
    rules: str = "rules"
    runs: int = 0

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", *words],
            cwd=self.root, capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a revision")
        return self.git("rev-parse", "HEAD")

    def change(self, old: str, new: str, file: str = "members/enough-members.yaml") -> None:
        path = self.root / self.rules / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, base: str, fork: bool = False, **asked: str) -> Ran:
        """Runs the script as the action does."""
        self.runs += 1
        place = self.root.parent / f"run-{self.runs}"
        place.mkdir()
        pull = {
            "number": 7,
            "base": {"sha": base, "repo": {"full_name": "club/rules"}},
            "head": {"repo": {"full_name": "somebody/rules" if fork else "club/rules"}},
        }
        (place / "event.json").write_text(json.dumps({"pull_request": pull}), encoding="utf-8")
        environment = {
            **{
                key: value
                for key, value in os.environ.items()
                if not key.startswith(("GITHUB_", "BIGRULES_"))
            },
            "PYTHONPATH": str(Path(bigrules.__file__).parents[1]),
            "GITHUB_API_URL": self.github.url,
            "GITHUB_REPOSITORY": "club/rules",
            "GITHUB_EVENT_PATH": str(place / "event.json"),
            "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
            "GITHUB_OUTPUT": str(place / "outputs"),
            "GITHUB_WORKSPACE": str(self.root),
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_RUN_ID": "12",
            "RUNNER_TEMP": str(place),
            "BIGRULES_TOKEN": "the token",
            "BIGRULES_RULES": self.rules,
            **{f"BIGRULES_{key.upper()}": value for key, value in asked.items()},
        }
        done = subprocess.run(
            [sys.executable, str(ACTION / "pull_request.py")],
            cwd=self.root, env=environment, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        # Nothing is left: neither a checkout nor the folder that it was in.
        assert len(self.git("worktree", "list").splitlines()) == 1
        assert {each.name for each in place.iterdir()} <= {"event.json", "summary.md", "outputs"}
        summary = (place / "summary.md").read_text(encoding="utf-8")
        outputs = (place / "outputs").read_text(encoding="utf-8")
        pairs = dict(line.split("=", 1) for line in outputs.splitlines())
        return Ran(done.returncode, done.stdout, summary, pairs)


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    root = tmp_path / "work"
    club(root / "rules")
    (root / "cases").mkdir()
    (root / "cases" / "ours.yaml").write_text(_CASE, encoding="utf-8")
    with GitHub() as github:
        made = Repository(root, github)
        made.git("init", "--quiet", "--initial-branch=main")
        yield made


def test_a_changed_rule_is_told_in_one_comment_that_is_kept_up_to_date(repository: Repository) -> None:
    base = repository.commit()
    repository.change(
        "rule: There are at least three members",
        'rule: "There are at least four members, @everybody <img src=x>"',
    )
    repository.change("at least: 3", "at least: 4")
    repository.change("<1 to 3> is a member\n    then: met", "<1 to 4> is a member\n    then: met")
    repository.change(
        "<1 to 2> is a member\n      - not recorded: <3>", "<1 to 3> is a member\n      - not recorded: <4>"
    )
    repository.commit()
    ran = repository.run(base, cases="cases")
    assert (ran.status, ran.outputs) == (0, {"faults": "0", "changes": "yes"})
    (only,) = repository.github.comments
    body = only["body"]
    assert body.startswith("<!-- bigrules: rules -->\n# Rules in `rules`\n")
    # Each changed rule as a sentence before and after, and the case that comes out otherwise: by hand, three
    # members were enough and are too few now.
    for said in (
        "There are at least three members",
        "There are at least four members",
        "at least 3",
        "at least 4",
    ):
        assert said in body
    assert "cases/ours.yaml" in body and "met" in body and "breached" in body
    assert "| test | 4 examples ran, no faults |" in body and "| trace | 1 clause, no faults |" in body
    # Whatever somebody wrote calls nobody, and is no HTML.
    assert "everybody" in body and "@everybody" not in body and "<img" not in body.replace("\\<img", "")
    # Who they are is not told, not even by initials.
    assert "person 1" in body and "Ann" not in body and "A., " not in body
    assert body.strip() in ran.summary
    assert repository.github.tokens == {"Bearer the token"}
    assert str(repository.root) not in body and "run-1" not in body
    # Somebody takes it back: the same comment says so, and there is no new one.
    repository.git("revert", "--quiet", "--no-edit", "HEAD")
    ran = repository.run(base, cases="cases")
    (only,) = repository.github.comments
    assert (ran.status, ran.outputs["changes"]) == (0, "no")
    assert "| diff | no rule file changed |" in only["body"] and "four members" not in only["body"]
    assert [method for method, _ in repository.github.asked] == ["GET", "POST", "GET", "PATCH"]


def test_faults_stand_at_their_lines_and_a_fork_has_the_summary_alone(
    repository: Repository,
) -> None:
    rules = "our rules; touch pwned $(touch pwned) `touch pwned`"
    shutil.move(repository.root / "rules", repository.root / rules)
    repository.rules = rules
    base = repository.commit()
    evil = 'rule: "::error::x ::stop-commands::y @everybody <b>!</b> $(touch pwned) `touch pwned` -->"'
    repository.change("rule: There are at least three members", evil)
    repository.change("<1 to 3> is a member\n    then: met", "<1 to 3> is a membr\n    then: met")
    for name in ("yaml.py", "attr.py", "json.py", "bigrules.py"):
        (repository.root / name).write_text("open('pwned', 'w')", encoding="utf-8")
    repository.commit()
    repository.github.refuses["POST"] = [403]
    ran = repository.run(base, fork=True)
    assert (ran.status, ran.outputs) == (1, {"faults": "1", "changes": "unknown"})
    commands = [line for line in ran.out.splitlines() if line.startswith("::")]
    (error,) = [each for each in commands if each.startswith("::error ")]
    line = (
        (repository.root / rules / "members" / "enough-members.yaml").read_text(encoding="utf-8").splitlines()
    )
    number = next(at for at, each in enumerate(line, 1) if "membr" in each)
    assert error.startswith(f"::error file={rules}/members/enough-members.yaml,line={number},col=")
    assert "no sentence says `<1 to 3> is a membr`" in error and "did you mean" in error
    assert all(
        each.startswith(("::error ", "::stop-commands::")) or each.count("::") == 2 for each in commands
    )
    assert repository.github.comments == []
    assert (
        "There is no comment on the pull request: a pull request from a fork has no right to write."
        in ran.summary
    )
    assert any(each.startswith("::notice::There is no comment") for each in commands)
    assert "What is wrong (1)" in ran.summary and "BR204" in ran.summary
    assert ran.summary.split("\n")[0].count("-->") == 1
    assert not list(repository.root.rglob("pwned"))


@pytest.mark.skipif(not LONG, reason="runs all of it once more; its parts are tried by themselves")
def test_what_stays_as_it_is_needs_no_comment(repository: Repository) -> None:
    base = repository.commit()
    (repository.root / "README.md").write_text("Rules", encoding="utf-8")
    repository.commit()
    ran = repository.run(base, fail_on="changes")
    assert (ran.status, ran.outputs, repository.github.comments) == (0, {"faults": "0", "changes": "no"}, [])


# ---------------------------------------------------------------- the comparison by itself


def compared(repository: Repository, base: str, **asked_for: str) -> Any:
    """The comparison, without what `test` and `trace` say."""
    settings = asked.Settings(
        {"GITHUB_WORKSPACE": str(repository.root), "BIGRULES_RULES": repository.rules,
         **{f"BIGRULES_{key.upper()}": value for key, value in asked_for.items()}},
    )  # fmt: skip
    settings.base = base
    report = pull_request.Report(settings)
    made = asked.Base(settings)
    try:
        report.compare(made)
    finally:
        made.close()
    assert len(repository.git("worktree", "list").splitlines()) == 1
    return report


def test_what_others_did_on_the_base_since_then_is_left_out(repository: Repository) -> None:
    first = repository.commit()
    repository.git("switch", "--quiet", "--create", "theirs")
    repository.change("three", "3")
    base = repository.commit()
    repository.git("switch", "--quiet", "--create", "ours", first)
    (repository.root / "README.md").write_text("Rules", encoding="utf-8")
    repository.commit()
    report = compared(repository, base)
    assert (report.rows, report.is_changed) == ([("diff", "no rule file changed")], False)
    assert not report.has_changed_files


def test_a_new_rulebook_has_nothing_to_be_compared_with(repository: Repository) -> None:
    base = repository.commit()
    club(repository.root / "more")
    repository.rules = "more"
    report = compared(repository, base)
    assert (report.rows, report.is_changed) == ([("diff", "`more` is new")], None)


def test_a_commit_that_is_not_there_is_said(repository: Repository) -> None:
    repository.commit()
    report = compared(repository, "0" * 40)
    said = "not compared: the commit 000000000000 is not there (check out with `fetch-depth: 0`)"
    assert (report.rows, report.is_changed, report.status) == ([("diff", said)], None, 0)
    assert compared(repository, "").rows == [("diff", "not compared: this is no pull request")]


def test_changes_fail_where_they_are_to(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(bigrules.__file__).parents[1]))
    base = repository.commit()
    repository.change("at least: 3", "at least: 2")
    report = compared(repository, base, fail_on="changes")
    assert report.is_changed and report.status == 1
    report.settings.fail_on = "faults"
    assert report.status == 0
    report.faults = [{"severity": "error"}]
    assert report.status == 1
    report.settings.fail_on = "nothing"
    assert report.status == 0


def test_what_a_command_says_does_not_speak_to_the_runner(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    report = pull_request.Report(asked.Settings({}))
    report._log(asked.Done(2, "", "::error::not ours"))
    first, said, last = capsys.readouterr().out.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert len(token) == 32 and (said, last) == ("::error::not ours", f"::{token}::")
