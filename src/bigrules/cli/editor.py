"""`bigrules new editor`: completion and hints for rule files, in VS Code and editors like it."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bigrules.cli.helpers import CONFORMS, load, print_lines
from bigrules.cli.words import Refused

if TYPE_CHECKING:
    from bigrules.tools.editor import Settings


def add_parser(editor: argparse.ArgumentParser) -> None:
    """Its options."""
    editor.add_argument(
        "rules", nargs="+", metavar="RULES", help="directories of rulebooks or amendments below this folder"
    )
    editor.add_argument(
        "--scenarios",
        metavar="FOLDER",
        action="append",
        default=[],
        help="folder of scenarios; may be given again",
    )


def new_editor(args: argparse.Namespace) -> int:
    """Write the schemas of rulebooks, and the setting that names them."""
    from bigrules.render.text import Line
    from bigrules.tools.editor import SETTINGS, settings_for, with_settings, write_whole

    named = [_inside(each) for each in args.rules]
    given = tuple(_inside(each) for each in args.scenarios)
    found = []
    for number, (rules, folder) in enumerate(zip(args.rules, named, strict=True)):
        # Those that are named are written in the words of the rulebook that is named first.
        own = (given if number == 0 else ()) if given else _scenarios_of(folder, named)
        found.append(settings_for(load(rules).model, folder, own))
    path = Path(SETTINGS)
    text: str | None = path.read_text(encoding="utf-8") if path.exists() else ""
    for one in found:
        text = text if text is None else with_settings(text, one)
    for one in found:
        for name, schema in one.schemas.items():
            write_whole(Path(name), json.dumps(schema, ensure_ascii=False) + "\n")
    if text is None:
        lines = [f"{SETTINGS} holds comments or is no JSON, so it is left as it is. Add this to it:", ""]
        print_lines([Line(each, keep=True) for each in [*lines, *_to_add(found)]])
        return CONFORMS
    write_whole(path, text)
    files = sum(len(one.schemas) for one in found)
    said = f"{SETTINGS} names {files} schemas for {', '.join(args.rules)}."
    again = "Run this again when there is a new kind of fact, definition or clause."
    print_lines([Line(said), Line(again)])
    return CONFORMS


def _scenarios_of(folder: str, named: list[str]) -> tuple[str, ...]:
    """The folder of scenarios beside a rulebook: `scenarios/ours`, or `scenarios` where it stands alone."""
    beside = PurePosixPath(folder).parent / "scenarios"
    own = beside / PurePosixPath(folder).name
    alone = [each for each in named if PurePosixPath(each).parent == beside.parent] == [folder]
    for each in (own, *([beside] if alone else ())):
        if folder and os.path.isdir(each):
            return (str(each),)
    return ()


def _to_add(found: list[Settings]) -> list[str]:
    whole: dict[str, list[str]] = {}
    for one in found:
        whole.update(one.as_json()["yaml.schemas"])
    return json.dumps({"yaml.schemas": whole}, indent=2, ensure_ascii=False).splitlines()


def _inside(folder: str) -> str:
    """A directory relative to this one, with `/`; editors know only what is below the folder that is open."""
    from bigrules.diagnostics import DataPath, Diagnostic

    path = os.path.relpath(folder)
    if path.startswith(".."):
        message = f"`{folder}` does not stand below this folder"
        help_ = "go to the folder that you open in the editor, and name a directory in it"
        raise Refused(Diagnostic("BR544", "outside-of-folder", message, DataPath("command line"), help_))
    return "" if path == "." else path.replace(os.sep, "/")
