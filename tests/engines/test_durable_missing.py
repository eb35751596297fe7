"""What is said where durable-rules is not there, or cannot be imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bigrules.engines import durable, durable_session
from durable_programs import layout, program


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, durable_session.MODULE, None)
    assert durable.available() == "durable-rules is not installed"
    with pytest.raises(ImportError, match="durable-rules is not installed"):
        durable.evaluate(program(), layout({}))


def test_installed_but_not_to_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ImportError("undefined symbol: PyEval_CallObject")

    monkeypatch.setattr(durable_session.importlib, "import_module", refuse)
    here = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    assert durable.available() == f"durable-rules cannot be imported on {here}"


def test_importing_the_engine_does_not_import_durable_rules() -> None:
    asked = f"import sys; import bigrules.engines.durable; print({durable_session.MODULE!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
