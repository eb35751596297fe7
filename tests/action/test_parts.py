"""The parts of the action by themselves: what is asked for, Markdown, the comment, and the files that GitHub reads."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from action.github import GitHub

ACTION = Path(__file__).parents[2] / "action"
sys.path.insert(0, str(ACTION))
try:
    import asked
    import comments
    import words
finally:
    sys.path.remove(str(ACTION))

BODY = "<!-- bigrules: rules -->\n# Rules\n"


def settings(url: str = "", **more: str) -> Any:
    """What was asked for on pull request 7."""
    made = asked.Settings(
        {"GITHUB_API_URL": url, "GITHUB_REPOSITORY": "club/rules", "BIGRULES_TOKEN": "t", **more}
    )
    made.number = 7
    return made


# ---------------------------------------------------------------- the comment


def test_one_of_many_comments_is_written_anew() -> None:
    with GitHub() as github:
        for number in range(250):
            github.add(f"comment {number}")
        own = github.add(BODY)
        github.add(BODY.replace("rules", "others"))
        assert comments.comment(settings(github.url), BODY + "new", True) == ""
        assert github.comments[own - 1]["body"] == BODY + "new" and len(github.comments) == 252


def test_a_comment_of_somebody_else_is_left_alone() -> None:
    with GitHub() as github:
        github.add(BODY, {"login": "mallory", "type": "User"})
        assert comments.comment(settings(github.url), BODY + "new", True) == ""
        assert [each["body"] for each in github.comments] == [BODY, BODY + "new"]


def test_where_nothing_is_to_say_only_an_old_comment_is_written_anew() -> None:
    with GitHub() as github:
        assert comments.comment(settings(github.url), BODY, False) == ""
        assert github.comments == []
        github.add(BODY)
        comments.comment(settings(github.url), BODY + "now", False)
        assert [each["body"] for each in github.comments] == [BODY + "now"]


@pytest.mark.parametrize(
    ("method", "answers", "said"),
    [
        ("GET", [403], "the token has no right to write"),
        ("POST", [403], "the token has no right to write"),
        ("POST", [422], "GitHub answered 422"),
        ("POST", [502], ""),
    ],
)
def test_what_github_refuses(
    monkeypatch: pytest.MonkeyPatch, method: str, answers: list[int], said: str
) -> None:
    monkeypatch.setattr(comments.time, "sleep", lambda seconds: None)
    with GitHub() as github:
        github.refuses[method] = answers
        why = comments.comment(settings(github.url), BODY, True)
        assert why.startswith(said) and bool(why) == bool(said)
        assert len(github.comments) == (not said)


def test_github_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments.time, "sleep", lambda seconds: None)
    assert comments.comment(settings("http://127.0.0.1:1"), BODY, True) == "GitHub did not answer"
    without = settings("http://127.0.0.1:1", BIGRULES_TOKEN="")
    assert comments.comment(without, BODY, True) == "there is no token"


# ---------------------------------------------------------------- texts


@given(st.text(st.sampled_from("a\n`~é\U0001f9d1 "), max_size=300), st.integers(60, 300))
def test_no_text_is_too_long_and_no_block_is_left_open(text: str, most: int) -> None:
    kept = words.within(text, most, "The rest.", words.characters)
    assert words.characters(kept) <= most
    assert kept == text or kept.endswith("\nThe rest.\n")
    assert kept == text or text.startswith(kept.removesuffix("\n\nThe rest.\n").rstrip("`~\n"))


def test_a_block_that_is_cut_is_closed() -> None:
    text = "first\n```yaml\n" + "- item\n" * 20 + "```\nlast\n"
    kept = words.within(text, 80, "The rest.", len)
    assert kept.endswith("- item\n```\n\nThe rest.\n") and kept.count("```") == 2
    assert words.within(text, 1_000, "The rest.", len) == text


def test_characters_beyond_the_first_plane_count_twice() -> None:
    assert words.characters("a\U0001f9d1") == 3 and words.octets("é") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a*b_c", "a\\*b\\_c"),
        ("<script>", "\\<script\\>"),
        ("no sentence says `<x> is *y*`", "no sentence says `<x> is *y*`"),
        ("a | b", "a \\| b"),
        ("@team", "@\u200bteam"),
        ("a\nb", "a b"),
    ],
)
def test_texts_stay_texts(text: str, expected: str) -> None:
    assert words.escaped(text) == expected


def test_no_text_speaks_to_the_runner() -> None:
    assert words.data("50%\r\n::error::x") == "50%25%0D%0A::error::x"
    assert words.property_("a,b: c\n") == "a%2Cb%3A c%0A"


def test_no_command_has_the_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BIGRULES_TOKEN", "secret")
    monkeypatch.setenv("BIGRULES_NAMES", "none")
    done = asked.run_command([sys.executable, "-c", "import os; print(sorted(os.environ))"], tmp_path)
    assert "BIGRULES_NAMES" in done.out and "BIGRULES_TOKEN" not in done.out


@pytest.mark.parametrize(
    ("name", "value"),
    [("FAIL_ON", "never"), ("COMMENT", "perhaps"), ("NAMES", "all")],
)
def test_what_cannot_be_asked_for(name: str, value: str) -> None:
    with pytest.raises(asked.Stop):
        settings(**{f"BIGRULES_{name}": value})


def test_a_path_is_never_an_option() -> None:
    made = settings(BIGRULES_RULES="--version", BIGRULES_CASES="-x")
    assert (made.rules, made.cases, made.guidance) == ("./--version", "./-x", "")
    assert re.fullmatch(r"<!-- bigrules: [^<>]* -->", settings(BIGRULES_RULES="a --> b").marker)


# ---------------------------------------------------------------- what GitHub reads


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ACTION / "action.yml").read_text(encoding="utf-8"))
    return found


def test_nothing_that_somebody_wrote_stands_in_a_script() -> None:
    for step in action()["runs"]["steps"]:
        if "run" in step:
            assert "${{" not in step["run"] and step["shell"] == "bash"
        # Nothing of the event is used at all: a title of a pull request may hold anything.
        assert "github.event" not in str(step) and "github.head_ref" not in str(step)
    for script in (*ACTION.glob("*.sh"), *ACTION.glob("*.py")):
        assert "${{" not in script.read_text(encoding="utf-8")


def test_only_actions_of_github_are_used_and_pinned() -> None:
    used = [step["uses"] for step in action()["runs"]["steps"] if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", each) for each in used)


def test_every_input_is_passed_on_and_read() -> None:
    data = action()
    passed = {}
    for step in data["runs"]["steps"]:
        passed |= {**step.get("env", {}), **step.get("with", {})}
    for name in data["inputs"]:
        assert f"${{{{ inputs.{name} }}}}" in passed.values(), name
    scripts = "".join(
        each.read_text(encoding="utf-8") for each in (*ACTION.glob("*.sh"), ACTION / "asked.py")
    )
    for variable in passed:
        if variable.startswith("BIGRULES_"):
            assert variable in scripts or f'"{variable.removeprefix("BIGRULES_")}"' in scripts, variable
    assert {
        "rules",
        "cases",
        "guidance",
        "scenarios",
        "version",
        "fail-on",
        "python-version",
        "comment",
    } <= set(data["inputs"])
    assert data["inputs"]["fail-on"]["default"] in asked.FAIL_ON


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
@pytest.mark.parametrize(
    "version", ["0.1; touch pwned", "$(touch pwned)", "--index-url=x", "git+https://x", "0.1 evil", "x"]
)
def test_nothing_but_a_version_is_installed(tmp_path: Path, version: str) -> None:
    done = subprocess.run(
        ["bash", str(ACTION / "install.sh")], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env={"PATH": "/usr/bin:/bin", "RUNNER_TEMP": str(tmp_path), "GITHUB_ENV": str(tmp_path / "env"),
             "BIGRULES_PYTHON": "/nowhere/python", "BIGRULES_VERSION": version},
    )  # fmt: skip
    assert done.returncode == 2 and "version has to be a version" in done.stdout
    assert list(tmp_path.iterdir()) == []


def workflow() -> str:
    """The workflow that the page on the action shows."""
    page = (ACTION.parent / "docs" / "action.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(# \.github/workflows/.*?)```", page, re.DOTALL)
    assert found
    return found[1]


def test_the_workflow_that_is_shown_asks_for_no_more_than_it_needs() -> None:
    data = yaml.load(workflow(), Loader=yaml.BaseLoader)
    assert set(data["on"]) == {"pull_request"}
    assert data["permissions"] == {"contents": "read", "pull-requests": "write"}
    first, second = data["jobs"]["rules"]["steps"]
    assert (
        re.match(r"actions/checkout@[0-9a-f]{40}", first["uses"])
        and first["with"]["persist-credentials"] == "false"
    )
    assert set(second["with"]) <= set(action()["inputs"])


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not here")
def test_the_script_is_sound() -> None:
    done = subprocess.run(
        ["shellcheck", str(ACTION / "install.sh")], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not here")
def test_the_workflow_is_sound(tmp_path: Path) -> None:
    steps = action()["runs"]["steps"]
    inputs = {name: {"type": "string"} for name in action()["inputs"]}
    called = {
        "on": {"workflow_call": {"inputs": inputs}},
        "jobs": {"a": {"runs-on": "ubuntu-latest", "steps": steps}},
    }
    (tmp_path / "shown.yml").write_text(workflow(), encoding="utf-8")
    (tmp_path / "called.yml").write_text(yaml.safe_dump(called), encoding="utf-8")
    done = subprocess.run(
        ["actionlint", str(tmp_path / "shown.yml"), str(tmp_path / "called.yml")],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
