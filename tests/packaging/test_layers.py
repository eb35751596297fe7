"""A module imports only from the folders that stand before it in the flow, so that no step looks back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "bigrules"
FLOW = ["diagnostics", "language", "program", "facts", "engines", "findings", "tools", "render", "cli"]
# `__init__` gives the public names of everything, and only what starts the program asks it for anything.
LAST = {"__init__", "__main__", "testing", "pytest_plugin"}
MODULES = sorted(SOURCE.rglob("*.py"))


def layer(parts: tuple[str, ...]) -> str:
    """The folder or module directly under `bigrules` that a dotted name lies in."""
    return parts[1] if len(parts) > 1 else "__init__"


def imported(file: Path) -> list[tuple[int, str]]:
    """Line and layer of everything of bigrules that a file imports, inside functions and for types too."""
    package = ("bigrules", *file.relative_to(SOURCE).parts[:-1])
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [tuple(each.name.split(".")) for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module.split(".") if node.module else ()))
            # `from bigrules import facts` names a folder; `from bigrules import Case` a public name.
            names = (
                [(*module, each.name) if each.name in FLOW else module for each in node.names]
                if module == ("bigrules",)
                else [module]
            )
        else:
            continue
        found += [(node.lineno, layer(each)) for each in names if each[0] == "bigrules"]
    return found


def test_every_module_has_its_place() -> None:
    places = {file.relative_to(SOURCE).parts[0].removesuffix(".py") for file in MODULES}
    assert places <= {*FLOW, *LAST}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_imports_only_from_what_stands_before(file: Path) -> None:
    own = layer(("bigrules", *file.relative_to(SOURCE).with_suffix("").parts))
    if own in LAST:
        return
    allowed = {*FLOW[: FLOW.index(own) + 1], *({"__init__"} if own == "cli" else ())}
    back = [f"line {line}: {name}" for line, name in imported(file) if name not in allowed]
    assert not back


def test_the_flow_is_read_as_it_is_written() -> None:
    """The reading of imports itself, on lines whose layer is known."""
    assert "diagnostics" in {name for _, name in imported(SOURCE / "facts" / "__init__.py")}
    assert "findings" in {name for _, name in imported(SOURCE / "cli" / "commands.py")}
    assert "program" in {name for _, name in imported(SOURCE / "engines" / "compiled.py")}
