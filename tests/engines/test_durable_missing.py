"""What is said where durable-rules is not there, is broken, or cannot take a rulebook on: one engine alone runs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

import bigrules
from bigrules.engines import durable, durable_rounds, durable_session
from durable_programs import layout, program

HERE = f"Python {sys.version_info.major}.{sys.version_info.minor}"
RENDER = Path(__file__).parents[1] / "render"
BOOK, HALL = RENDER / "book", RENDER / "hall.yaml"
needs_durable = pytest.mark.skipif(
    importlib.util.find_spec(durable_session.MODULE) is None, reason="durable-rules is not installed"
)


def checked_alone(why: str, book: Path = BOOK) -> None:
    """A check with both engines gives what one alone finds, and says why the other did not run."""
    rulebook = bigrules.load_rulebook(book)
    case = rulebook.read(HALL)
    alone, report = rulebook.check(case), rulebook.check(case, confirm=True)
    assert report.rests_on.engines == ("compiled",)
    (note,) = report.rests_on.notes
    assert note == f"one engine alone ran, because {why}"
    assert report.findings == alone.findings
    assert len(report.findings) > 5


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, durable_session.MODULE, None)
    assert durable.available() == "durable-rules is not installed"
    with pytest.raises(ImportError, match="durable-rules is not installed"):
        durable.evaluate(program(), layout({}))
    checked_alone("durable-rules is not installed")


@pytest.mark.parametrize(
    "error",
    [
        ImportError("undefined symbol: PyEval_CallObject"),
        OSError("cannot map the library"),
        SystemError("initialization failed without raising"),
        AttributeError("module 'collections' has no attribute 'Mapping'"),
        RuntimeError("broken"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_installed_but_not_to_be_imported(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise error

    monkeypatch.setattr(durable_session.importlib, "import_module", refuse)
    why = f"durable-rules cannot be imported on {HERE} ({type(error).__name__})"
    assert durable.available() == why
    with pytest.raises(ImportError, match="cannot be imported"):
        durable.evaluate(program(), layout({}))
    checked_alone(why)


@needs_durable
def test_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_session, "_version", lambda file: "2.0.27")
    checked_alone("durable-rules 2.0.27 is installed, and only 2.0.28 is known to be right")


def test_the_version_is_read_from_what_stands_beside_the_module(tmp_path: Path) -> None:
    module = tmp_path / "durable_rules_engine.so"
    assert durable_session._version(str(module)) is None
    assert durable_session._version(str(tmp_path / "archive.zip" / "durable_rules_engine.so")) is None
    (tmp_path / "durable_rules_engine-9.dist-info").mkdir()
    (tmp_path / "durable_rules-2.0.26.dist-info").mkdir()
    assert durable_session._version(str(tmp_path / "other.so")) == "2.0.26"


@needs_durable
def test_here_it_is_the_version_that_was_measured() -> None:
    module = importlib.util.find_spec(durable_session.MODULE)
    assert module is not None and module.origin is not None
    assert durable_session._version(module.origin) in (None, durable_session.VERSION)
    assert durable.available() is None


def on_the_command_line(before: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`bigrules check` where another folder stands first on the path."""
    path = os.pathsep.join([str(before), *filter(None, [os.environ.get("PYTHONPATH", "")])])
    command = [sys.executable, "-m", "bigrules", "check", str(HALL), "--rulebook", str(BOOK), *words]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path, "COLUMNS": "200"}
    )


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("so", b"\x7fELF this is no library", f"durable-rules cannot be imported on {HERE} (ImportError)"),
        ("py", b"raise OSError('gone')", f"durable-rules cannot be imported on {HERE} (OSError)"),
    ],
    ids=["broken library", "cannot be loaded"],
)
def test_a_broken_installation_is_said_in_the_report(
    file: str, text: bytes, why: str, tmp_path: Path
) -> None:
    """A file that is found before the library, if there is one."""
    ending = sysconfig.get_config_var("EXT_SUFFIX") if file == "so" else ".py"
    (tmp_path / f"{durable_session.MODULE}{ending}").write_bytes(text)
    done = on_the_command_line(tmp_path)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert f"one engine alone ran, because {why}." in " ".join(done.stdout.split())


# ---------------------------------------------------------------- what it cannot take on


def with_a_rule(folder: Path, condition: str) -> Path:
    """The rulebook of the hall with one rule more."""
    book = folder / "book"
    shutil.copytree(BOOK, book)
    text = f"rule: Something goes too far\nsource: hall.5\nforce: must\nnot allowed:\n{condition}"
    (book / "rules" / "too-far.yaml").write_text(text, encoding="utf-8")
    return book


@needs_durable
def test_a_rulebook_over_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clauses are joined in steps of less than durable-rules holds, so that it takes a lower limit to be over it."""
    monkeypatch.setattr(durable_session, "MOST_PATTERNS", 4)
    circle = "".join(f"  - <p{at}> is a parent of <p{(at + 1) % 5}>\n" for at in range(5))
    limits = "a clause joins 5 patterns, durable-rules is relied on for 4"
    checked_alone(f"the durable engine cannot take this on: {limits}", with_a_rule(tmp_path, circle))


@needs_durable
@pytest.mark.parametrize("parents", [15, 16, 40])
def test_a_rulebook_that_is_long_is_joined_in_steps(tmp_path: Path, parents: int) -> None:
    """A circle of more parents than the fifteen patterns that durable-rules holds."""
    circle = "".join(f"  - <p{at}> is a parent of <p{(at + 1) % parents}>\n" for at in range(parents))
    rulebook = bigrules.load_rulebook(with_a_rule(tmp_path, circle))
    assert rulebook.check(rulebook.read(HALL), confirm=True).rests_on.engines == ("compiled", "durable")


@needs_durable
@pytest.mark.parametrize(
    ("where", "name", "value", "why"),
    [
        (durable_session, "fnv1a", lambda name: 7, "durable-rules cannot tell "),
        (durable_rounds, "MOST_FACTS", 1, "more than 1 facts in one join"),
        (durable_rounds, "MOST_MATCHES", 0, "the facts of one join may match more than 0 times"),
        (durable_rounds, "MOST_OPEN", 0, "too much is possible in this case"),
    ],
)
def test_what_comes_up_in_a_case(
    where: Any, name: str, value: Any, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rulebook = bigrules.load_rulebook(BOOK)
    case = rulebook.read(HALL)
    monkeypatch.setattr(where, name, value)
    report = rulebook.check(case, confirm=True)
    assert report.rests_on.engines == ("compiled",)
    (note,) = report.rests_on.notes
    assert note.startswith(f"one engine alone ran, because the durable engine cannot take this on: {why}")
    monkeypatch.undo()
    assert rulebook.check(case, confirm=True).findings == report.findings


@needs_durable
def test_a_fault_of_the_module_is_said_in_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = bigrules.load_rulebook(BOOK)
    case = rulebook.read(HALL)
    engine = importlib.import_module(durable_session.MODULE)
    monkeypatch.setattr(engine, "assert_facts", lambda handle, facts: (301, 0))
    report = rulebook.check(case, confirm=True)
    assert report.rests_on.engines == ("compiled",)
    (note,) = report.rests_on.notes
    assert note.endswith("durable-rules reported code 301 when facts were asserted")
    # The next check has sessions that are sound.
    monkeypatch.undo()
    assert rulebook.check(case, confirm=True).rests_on.engines == ("compiled", "durable")


def test_importing_the_engine_does_not_import_durable_rules() -> None:
    asked = f"import sys; import bigrules.engines.durable; print({durable_session.MODULE!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
