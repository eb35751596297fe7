"""Every bad amendment under `tests/bad/amendments` is told about in exactly the words that stand beside it.

A folder is one amendment, or holds several that are laid over each other in the order of their names. `make reset-bad`
writes the words anew; read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bigrules.diagnostics import errors, render
from bigrules.language import load
from bigrules.language.faults import CODES
from language.test_bad_files import BAD, compare

CASES = sorted(path for path in (BAD / "amendments").iterdir() if path.is_dir())


def said(path: Path) -> str:
    """All that is said about an amendment, or about several."""
    layers = [path] if (path / "amendment.yaml").is_file() else sorted(path.iterdir())
    if len(layers) == 1 and layers[0] == path:
        rulebook, found = load(path)
    else:
        rulebook, found = load(BAD / "base", amendments=layers)
    assert (rulebook is None) == bool(errors(found))
    text = "\n\n".join(render(each) for each in found) + "\n"
    return text.replace(f"{path}/", "").replace(str(path), path.name).replace(f"{path.parent}/", "")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_a_bad_amendment_is_told_about(path: Path) -> None:
    """A bad amendment gets the diagnostics that stand beside it, and no others."""
    text = said(path)
    assert text.strip(), "a bad amendment must be told about"
    assert "Traceback" not in text and str(BAD) not in text
    compare(text, path.with_suffix(".txt"))


def test_every_diagnostic_of_amendments_is_among_them() -> None:
    """Each code that can be said of an amendment is said of one at least."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (BAD / "amendments").glob("*.txt"))
    codes = {code for code in CODES.values() if "BR350" <= code <= "BR359"}
    assert codes == set(re.findall(r"BR35\d", text))
