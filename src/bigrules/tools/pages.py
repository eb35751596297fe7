"""The page on each diagnostic, so that whoever has a code need not look for it elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from bigrules.diagnostics import DataPath, Diagnostic, InputError
from bigrules.language.faults import did_you_mean

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_CODE = re.compile(r"br\d+")


def pages_path() -> Path:
    """Where the pages stand."""
    here = Path(__file__).resolve()
    installed = here.parents[1] / "pages"
    # In a checkout they stand among the docs.
    return installed if installed.is_dir() else here.parents[3] / "docs" / "diagnostics"


def page(written: str | None) -> str:
    """The page on a diagnostic.

    Args:
        written: Its code or its name, or None for the list of all.

    Raises:
        InputError: There is no such code.
    """
    folder = pages_path()
    if written is None:
        listed = _text(folder / "index.md")
        return re.sub(r"\n```\{toctree\}.*?```\n", "", listed, flags=re.DOTALL)
    by_code = {each.stem: each for each in sorted(folder.glob("BR*.md"))}
    wanted = written.strip().casefold()
    found = [path for code, path in by_code.items() if code.casefold() == wanted]
    if not found:
        names = {path: _text(path).partition("\n")[0].split()[-1] for path in by_code.values()}
        # Two codes may go by one name: what is wrong is alike in a rulebook and in a register.
        found = [path for path, name in names.items() if name == wanted]
        if not found:
            near = None if _CODE.fullmatch(wanted) else did_you_mean(wanted, names.values())
            help = near or "write the code that a message begins with; without one, all of them are listed"
            message = f"there is no diagnostic `{written.strip()}`"
            raise InputError([Diagnostic("BR508", "no-such-code", message, DataPath("command line"), help)])
    return "\n".join(map(_text, found))


def _text(path: Path) -> str:
    """A page, with the words of its links alone."""
    return _LINK.sub(r"\1", path.read_text(encoding="utf-8"))
