"""The mutants of a module: the operators of mutmut, put one at a time into the function that they change."""

from __future__ import annotations

import difflib
import random
import sys
import types
from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

import attrs

SRC = Path(__file__).parents[2] / "src"


@attrs.frozen
class Mutant:
    """One change to one function.

    Args:
        module: Name of the module.
        function: The function or method, such as `Search.find`.
        number: Its place in the list of all mutants of the function.
        source: The top-level function or class with the change.
        change: The lines that differ.
    """

    module: str
    function: str
    number: int
    source: str
    change: str

    @property
    def name(self) -> str:
        """What it is called in the table of results."""
        return f"{self.module}:{self.function}:{self.number}"


def path_of(module: str) -> Path:
    """The file of a module."""
    return SRC / (module.replace(".", "/") + ".py")


def sample(module: str, size: int, seed: int, only: Container[str] = ()) -> tuple[list[Mutant], int]:
    """So many mutants of a module, drawn at random in a way that can be repeated, and how many there are.

    Args:
        module: Its name.
        size: How many to draw.
        seed: What decides which.
        only: Names of the mutants to make in place of those that are drawn.
    """
    import libcst as cst
    from mutmut.mutation.file_mutation import create_mutations, deep_replace

    text = path_of(module).read_text(encoding="utf-8")
    tree, found, _, _ = create_mutations(str(path_of(module)), text)
    functions = {id(node): (name, outer, node) for name, outer, node in _functions(tree)}
    every: list[tuple[str, int, Any]] = []
    numbers: Counter[str] = Counter()
    for each in found:
        if id(each.contained_by_top_level_function) in functions:
            name = functions[id(each.contained_by_top_level_function)][0]
            every.append((name, numbers[name], each))
            numbers[name] += 1
    if only:
        drawn = [each for each in every if f"{module}:{each[0]}:{each[1]}" in only]
    else:
        drawn = random.Random(f"{seed} {module}").sample(every, min(size, len(every)))
    made = []
    for name, number, each in drawn:
        _, outer, node = functions[id(each.contained_by_top_level_function)]
        changed = deep_replace(node, each.original_node, each.mutated_node)
        assert isinstance(changed, cst.FunctionDef)
        before, after = tree.code_for_node(node).splitlines(), tree.code_for_node(changed).splitlines()
        diff = difflib.unified_diff(before, after, lineterm="", n=0)
        change = [line for line in diff if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        alone = changed if outer is node else _with_only(outer, changed)
        made.append(Mutant(module, name, number, tree.code_for_node(alone), "\n".join(change)))
    return made, len(every)


def _with_only(outer: Any, method: Any) -> Any:
    """A class that has nothing but a method: what it is in decides how names in it are read."""
    return outer.with_changes(
        body=outer.body.with_changes(body=[method]), decorators=[], bases=[], keywords=[]
    )


def _functions(tree: Any) -> Iterator[tuple[str, Any, Any]]:
    """The functions of a module and the methods of its classes: name, statement of the module, node."""
    import libcst as cst

    for statement in tree.body:
        if isinstance(statement, cst.FunctionDef):
            yield statement.name.value, statement, statement
        elif isinstance(statement, cst.ClassDef) and isinstance(statement.body, cst.IndentedBlock):
            for inner in statement.body.body:
                if isinstance(inner, cst.FunctionDef):
                    yield f"{statement.name.value}.{inner.name.value}", statement, inner


def put_in(mutant: Mutant) -> bool:
    """Give the function that is in memory the code of the mutant; whether it differs at all."""
    module = sys.modules[mutant.module]
    owner: Any = module
    *classes, name = mutant.function.split(".")
    for each in classes:
        owner = vars(owner)[each]
    function = vars(owner)[name]
    function = getattr(function, "__func__", function)
    assert isinstance(function, types.FunctionType)
    # Annotations stay text, as in the module.
    code = compile(
        mutant.source, str(path_of(mutant.module)), "exec", annotations.compiler_flag, dont_inherit=True
    )
    new = _code_of(code, mutant.function)
    assert new.co_freevars == function.__code__.co_freevars
    same = _plain(new) == _plain(function.__code__)
    function.__code__ = new
    if same:
        # The change is in a default.
        before = (function.__defaults__, function.__kwdefaults__)
        scope = dict(vars(module))
        exec(code, scope)
        remade: Any = scope[classes[0]] if classes else scope[name]
        remade = vars(remade)[name] if classes else remade
        remade = getattr(remade, "__func__", remade)
        function.__defaults__, function.__kwdefaults__ = remade.__defaults__, remade.__kwdefaults__
        return before != (function.__defaults__, function.__kwdefaults__)
    return True


def _code_of(code: types.CodeType, function: str) -> types.CodeType:
    for name in function.split("."):
        code = next(
            each for each in code.co_consts if isinstance(each, types.CodeType) and each.co_name == name
        )
    return code


def _plain(code: types.CodeType) -> tuple[object, ...]:
    """What a code object does, without its place in the file."""
    constants = tuple(
        _plain(each) if isinstance(each, types.CodeType) else (type(each), repr(each))
        for each in code.co_consts
    )
    return code.co_code, constants, code.co_names, code.co_varnames, code.co_cellvars
