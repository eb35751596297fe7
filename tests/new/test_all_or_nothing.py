"""All files or none: what goes wrong on the way, and what is added to files as authors write them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bigrules.diagnostics import InputError
from bigrules.language import load
from bigrules.tools import new_files, new_trial
from bigrules.tools.new_rule import new_rule
from bigrules.tools.new_rulebook import new_rulebook
from new.desk import club, holds, refusal, what_is_said

SOURCE = Path(new_files.__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return club(tmp_path / "club")


def elsewhere(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


_FULL = """
import resource, signal, sys
from bigrules.diagnostics import InputError
from bigrules.tools.new_rule import new_rule
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    new_rule("a/b/c", sys.argv[1])
except InputError as error:
    print(error.diagnostics[0].code, error.diagnostics[0].message)
"""


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no limit on the size of files to stand for a full disk"
)
@pytest.mark.parametrize("room", ["the rule does not fit", "the ledger is cut off"])
def test_a_disk_that_runs_full(root: Path, room: str) -> None:
    before = holds(root)
    ledger = root / "clauses.yaml"
    # The ledger is longer than the rule, so that a part of what is added to it is written.
    ledger.write_bytes(ledger.read_bytes() + b"\n# and so on" * 1_000 + b"\n")
    before = holds(root)
    limit = 100 if room == "the rule does not fit" else ledger.stat().st_size + 20
    done = elsewhere(_FULL, str(root), str(limit))
    assert done.stdout.startswith("BR537") and "cannot be written, and nothing was" in done.stdout, (
        done.stderr
    )
    assert holds(root) == before


_LOCKED = """
import os, sys
from bigrules.cli import main
root, scratch = sys.argv[1:]
# Everything is imported now; whoever is nobody may not read the program.
assert main(["new", "rule", "a/b", "--rules", scratch]) == 0
assert main(["new", "rule", "a/b", "--rules", scratch]) == 2
if os.geteuid() == 0:
    os.seteuid(65_534)
sys.exit(main(["new", "rule", "a/b", "--rules", root]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
@pytest.mark.parametrize("locked", ["directory", "ledger"])
def test_what_may_not_be_written(tmp_path: Path, locked: str) -> None:
    # Root may write everywhere, so that it takes on the rights of nobody, in a place that all may enter.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = club(Path(folder) / "club")
        for each in root.rglob("*"):
            each.chmod(0o777 if each.is_dir() else 0o666)
        root.chmod(0o555 if locked == "directory" else 0o777)
        (root / "clauses.yaml").chmod(0o444)
        before = holds(root)
        done = elsewhere(_LOCKED, str(root), str(club(tmp_path / "scratch")))
        root.chmod(0o755)
        assert done.returncode == 2
        assert "BR537" in done.stderr and "permission denied" in " ".join(done.stderr.split())
        assert holds(root) == before


@pytest.mark.parametrize("fault", [KeyboardInterrupt, MemoryError, OSError(5, "Input/output error")])
def test_what_goes_wrong_after_writing(
    root: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    before = holds(root)
    seen = []
    real = load

    def stopped(*arguments: object, **options: object) -> object:
        if (root / "a" / "b.yaml").exists():
            seen.append(holds(root) != before)
            raise fault
        return real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(new_trial, "load", stopped)
    with pytest.raises(fault if isinstance(fault, type) else OSError):
        new_rule("a/b", str(root))
    assert seen == [True] and holds(root) == before


def test_a_ledger_that_was_changed_meanwhile(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = root / "clauses.yaml"
    real = new_files._create

    def change(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        ledger.write_bytes(ledger.read_bytes() + b"# mine\n")

    monkeypatch.setattr(new_files, "_create", change)
    with pytest.raises(InputError) as error:
        new_rule("a/b", str(root))
    assert refusal(error.value)[0] == "BR537" and "was changed just now" in refusal(error.value)[1]
    assert ledger.read_bytes().endswith(b"# mine\n") and not (root / "a").exists()


def test_a_rule_that_appears_meanwhile_is_not_overwritten(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = new_files._folders

    def appear(folder: Path, undo: list[object]) -> None:
        real(folder, undo)  # type: ignore[arg-type]
        (folder / "b.yaml").write_text("mine", encoding="utf-8")

    monkeypatch.setattr(new_files, "_folders", appear)
    with pytest.raises(InputError) as error:
        new_rule("a/b", str(root))
    assert refusal(error.value)[0] == "BR531"
    assert (root / "a" / "b.yaml").read_text(encoding="utf-8") == "mine"


def test_a_rulebook_that_cannot_be_finished_leaves_no_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def fails(path: Path, *arguments: object, **options: object) -> object:
        if path.name == "enough-members.yaml":
            raise OSError(28, "No space left on device")
        return real(path, *arguments, **options)  # type: ignore[arg-type, call-overload]

    monkeypatch.setattr(Path, "open", fails)
    with pytest.raises(InputError) as error:
        new_rulebook(str(tmp_path / "a" / "b"), "x")
    assert refusal(error.value)[0] == "BR537" and "no space left on device" in refusal(error.value)[1]
    assert holds(tmp_path) == {}


# ---------------------------------------------------------------- files as authors write them

_ENTRY = b"members.1:\n  section: Members\n"


@pytest.mark.parametrize(
    "ledger",
    [
        _ENTRY,
        _ENTRY.rstrip(b"\n"),
        _ENTRY + b"\n\n\n",
        _ENTRY + b"# the rest follows",
        _ENTRY.replace(b"\n", b"\r\n"),
        _ENTRY.replace(b"\n", b"\r\n").rstrip(b"\r\n"),
        b"\xef\xbb\xbf" + _ENTRY,
        b"  members.1:\n    section: Members\n",
        b"%YAML 1.1\n---\n" + _ENTRY,
        b"members.1:\n  section: Members\n  note: |+\n    so\n\n    on\n\n",
        b"members.1:\n  section: Members\n  note: >\n    so\n    on",
        b"members.1:\n  section: Members\n  note: 'so\n    on'",
        b'members.1: {section: Members, note: "so"}',
        b"members.1:\n  section: Members\n  note: so\n    on\n",
        b"? members.1\n: section: Members\n",
        b'"members.1":\n  section: Members   # here\n',
    ],
    ids=range(16),
)
def test_what_stands_in_the_ledger_keeps_every_byte(root: Path, ledger: bytes) -> None:
    (root / "clauses.yaml").write_bytes(ledger)
    new_rule("a/b", str(root))
    now = (root / "clauses.yaml").read_bytes()
    assert now.startswith(ledger) and len(now) > len(ledger)
    # All lines end as the first one does.
    assert now.count(b"\r\n") == (now.count(b"\n") if b"\r\n" in ledger else 0)
    assert what_is_said(root) == []
    book, _ = load(root)
    assert book is not None and list(book.clauses) == ["members.1", "a.b"]
    assert book.clauses["members.1"].section == "Members"


def test_a_ledger_that_is_not_there_is_made(root: Path) -> None:
    (root / "clauses.yaml").unlink()
    rule = root / "members" / "enough-members.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("source: members.1\n", ""), encoding="utf-8")
    new_rule("a/b", str(root))
    assert what_is_said(root) == []


@pytest.mark.parametrize(
    "ledger",
    [b"{members.1: {section: Members}}\n", _ENTRY + b"...\n", b"--- {members.1: {section: Members}}\n"],
)
def test_a_ledger_that_nothing_can_be_added_to(root: Path, ledger: bytes) -> None:
    (root / "clauses.yaml").write_bytes(ledger)
    before = holds(root)
    with pytest.raises(InputError) as error:
        new_rule("a/b", str(root))
    code, message, help_ = refusal(error.value)
    assert (code, message) == ("BR538", "nothing can be added to `clauses.yaml` as it is written")
    assert help_.endswith("or add `a.b` by hand")
    assert holds(root) == before
