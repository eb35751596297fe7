"""Settings for editors: schemas of the files of a rulebook, and which of them is for which file."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import attrs

from bigrules.language.model import Rulebook
from bigrules.language.schema import SORTS, schema_of

SETTINGS = ".vscode/settings.json"
SCHEMAS = ".vscode/bigrules"
# Files that a rulebook has one of, at its top; a review has the schema of rules, which knows it.
_ONE_OF = ("vocabulary", "clauses", "rulebook", "amendment")


@attrs.frozen
class Settings:
    """What there is to write.

    Args:
        schemas: Each schema by its path in the workspace, with `/`.
        files: For each schema, the files that it is for, as VS Code wants them.
    """

    schemas: dict[str, dict[str, Any]]
    files: dict[str, list[str]]

    def as_json(self) -> dict[str, Any]:
        """The setting as it stands in `settings.json`."""
        return {"yaml.schemas": {f"./{schema}": files for schema, files in self.files.items()}}


def settings_for(rulebook: Rulebook, folder: str, scenarios: tuple[str, ...] = ()) -> Settings:
    """The settings for one rulebook or amendment.

    Args:
        rulebook: The rulebook, with the amendment laid over it.
        folder: Its directory, relative to the workspace, with `/`; "" for the workspace itself.
        scenarios: Folders of scenarios, as `folder`.
    """
    name = folder.replace("/", "-") or "rules"
    top = f"{folder}/" if folder else ""
    schemas: dict[str, dict[str, Any]] = {}
    files: dict[str, list[str]] = {}
    for sort in SORTS:
        path = f"{SCHEMAS}/{name}/{sort}.schema.json"
        if sort in _ONE_OF:
            files[path] = [f"{top}{sort}.yaml"]
        elif sort == "rules":
            others = [f"!{top}{each}.yaml" for each in _ONE_OF]
            files[path] = [f"{top}**/*.yaml", *others, *(f"!{each}/**" for each in scenarios)]
        elif scenarios:
            files[path] = [f"{each}/**/*.yaml" for each in scenarios]
        else:
            continue
        schemas[path] = _with_snippets(schema_of(sort, rulebook))
    return Settings(schemas, files)


# What conditions are made of. As a list of values all of them would be told whenever somebody hovers or errs.
_OFFERED = {
    "sentence": "no sentence says this",
    "test": "this is no sentence, and no test over slots",
    "outcome": "this is not the outcome of a rule",
}


def _with_snippets(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that offers conditions with their slots to fill in, and has one word for what is none."""
    defs = dict(schema["$defs"])
    for name, wrong in _OFFERED.items():
        if name not in defs:
            continue
        offered, *forms = defs[name]["anyOf"]
        defs[name] = {
            "title": defs[name]["title"],
            "type": "string",
            "pattern": "|".join(each["pattern"] for each in forms),
            "patternErrorMessage": f"{wrong}; `bigrules test` says what was probably meant",
            "defaultSnippets": [{"label": each, "body": _to_fill_in(each)} for each in offered["enum"]],
        }
    return {**schema, "$defs": defs}


def _to_fill_in(sentence: str) -> str:
    """A sentence with a place to fill in for each of its slots; the same slot is filled in once.

    >>> _to_fill_in("<a> is next to <b>")
    '<${1:a}> is next to <${2:b}>'
    """
    slots: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        number = slots.setdefault(found[1], len(slots) + 1)
        return f"<${{{number}:{found[1]}}}>"

    return re.sub(r"<([^<>]*)>", place, re.sub(r"([\\$}])", r"\\\1", sentence))


def with_settings(text: str, new: Settings) -> str | None:
    """The text of `settings.json` with ours in it, or None where it cannot be read: it may hold comments.

    Args:
        text: What stands there, or "".
        new: What is to stand there too; what was written for the same schemas is replaced.
    """
    try:
        data = json.loads(text) if text.strip() else {}
    except ValueError:
        return None
    schemas = data.setdefault("yaml.schemas", {}) if isinstance(data, dict) else None
    if not isinstance(schemas, dict):
        return None
    schemas.update(new.as_json()["yaml.schemas"])
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def write_whole(path: Path, text: str) -> None:
    """Write a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
