"""Which mutants the examples of a file tell apart from it."""

from __future__ import annotations

from bigrules.language import texts_of
from bigrules.language.model import Example, Rulebook
from bigrules.program.compile import compile_program
from bigrules.tools.examples import against_definition, held_against
from bigrules.tools.mutants import Mutant


class Examples:
    """The examples of one rule or definition, to be held against its mutants.

    Args:
        rulebook: The rulebook.
        id: Id of the rule or definition.
    """

    def __init__(self, rulebook: Rulebook, id: str) -> None:
        self.id = id
        self.is_rule = id in rulebook.rules
        file = rulebook.rules[id] if self.is_rule else rulebook.definitions[id]
        # Whichever told the last mutant apart is tried first: neighbours are mostly told apart by the same one.
        self.examples = list(file.examples)

    def telling(self, mutant: Mutant) -> Example | None:
        """An example that comes out differently with a mutant, or None."""
        book = mutant.rulebook
        program = compile_program(book, texts_of(book, self.id)) if self.is_rule and self.examples else None
        for at, example in enumerate(self.examples):
            if program is not None:
                found = held_against(book, program, book.rules[self.id], example)
            else:
                found = against_definition(book, book.definitions[self.id], example)
            if found:
                self.examples.insert(0, self.examples.pop(at))
                return example
        return None
