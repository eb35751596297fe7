"""Rule files → Rulebook: reading, building and checking what authors write."""

from __future__ import annotations

from pathlib import Path

from bigrules.language.book import load, readings_of, with_readings


def shipped_path() -> Path:
    """Where the rulebook that is shipped with bigrules stands."""
    here = Path(__file__).resolve()
    installed = here.parents[1] / "rules"
    # In a checkout the rules stand at its root, beside `src`.
    return installed if installed.is_dir() else here.parents[3] / "rules"


__all__ = ["load", "readings_of", "shipped_path", "with_readings"]
