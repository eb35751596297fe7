"""Rule files → Rulebook: reading, building and checking what authors write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bigrules.language.book import edition_on, in_force, load, readings_of, texts_of, with_readings
from bigrules.language.model import Rulebook


def shipped_path() -> Path:
    """Where the rulebook that is shipped with bigrules stands."""
    here = Path(__file__).resolve()
    installed = here.parents[1] / "rules"
    # In a checkout the rules stand at its root, beside `src`.
    return installed if installed.is_dir() else here.parents[3] / "rules"


def json_schema(rulebook: Rulebook) -> dict[str, Any]:
    """A JSON Schema of the rule files of a rulebook, for editors."""
    # Most who load a rulebook never ask for it.
    from bigrules.language import schema

    return schema.json_schema(rulebook)


__all__ = ["edition_on", "in_force", "json_schema", "load", "readings_of", "shipped_path", "texts_of", "with_readings"]
