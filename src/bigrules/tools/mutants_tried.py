"""Which mutants the examples of a file tell apart from it."""

from __future__ import annotations

from bigrules.facts.examples import EXAMPLE_DAY
from bigrules.findings.readings import formulas
from bigrules.language import in_force, texts_of
from bigrules.language.model import Atom, Example, Rulebook
from bigrules.language.types import parts_of
from bigrules.program.compile import compile_program
from bigrules.program.core import Program
from bigrules.tools.examples import against_definition, held_against
from bigrules.tools.mutants import Mutant


class Examples:
    """The examples of one rule or definition, to be held against its mutants.

    Those of a file that is amended hold of what it was before: only those count that come out as they say.

    Args:
        rulebook: The rulebook.
        id: Id of the rule or definition.
    """

    def __init__(self, rulebook: Rulebook, id: str) -> None:
        self.id = id
        self.is_rule = id in rulebook.rules
        file = rulebook.rules[id] if self.is_rule else rulebook.definitions[id]
        programs: dict[int, Program] = {}
        # Whichever told the last mutant apart is tried first: neighbours are mostly told apart by the same one.
        self.examples = [each for each in file.examples if not self._differs(rulebook, each, programs)]

    def telling(self, mutant: Mutant) -> Example | None:
        """An example that comes out differently with a mutant, or None."""
        programs: dict[int, Program] = {}
        for at, example in enumerate(self.examples):
            if self._differs(mutant.rulebook, example, programs):
                self.examples.insert(0, self.examples.pop(at))
                return example
        return None

    def _differs(self, rulebook: Rulebook, example: Example, programs: dict[int, Program]) -> bool:
        """Whether an example comes out otherwise than it says, by the rules of its day."""
        book = in_force(rulebook, example.as_of or EXAMPLE_DAY)
        if not self.is_rule:
            return bool(against_definition(book, book.definitions[self.id], example))
        if id(book) not in programs:
            programs[id(book)] = compile_program(book, texts_of(book, self.id))
        return bool(held_against(book, programs[id(book)], book.rules[self.id], example))


def readers(rulebook: Rulebook, id: str) -> list[str]:
    """The rules and definitions that read a definition on another day than that of judging, or through another one.

    What it says on other days shows in their examples alone.
    """
    found: list[str] = []
    todo, seen = [id], {id}
    while todo:
        read = todo.pop()
        for each in (*rulebook.definitions, *rulebook.rules):
            modes = {
                part.day.mode
                for formula in formulas(rulebook, each)
                for part in parts_of(formula)
                if isinstance(part, Atom) and part.predicate == read
            }
            if modes - {"now"} and each != id and each not in found:
                found.append(each)
            if "now" in modes and each in rulebook.definitions and each not in seen:
                seen.add(each)
                todo.append(each)
    return found
