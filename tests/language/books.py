"""Small rulebooks for tests of the language."""

from __future__ import annotations

import textwrap
from pathlib import Path

from bigrules.diagnostics import Diagnostic, Span
from bigrules.language import load
from bigrules.language.model import Definition, Rule, Rulebook

MANIFEST = "rulebook: A book\nformat: 1\nversion: 1.0.0\nedition: 2020\nparameters: {most: 12}\n"
VOCABULARY = """
people:
  lists: person
  fields:
    person: {is: person}
    born: {is: date}
  sentences:
    - <person> was born on <born>
memberships:
  dated: yes
  fields:
    person: {is: person}
    voting: {is: yes or no}
  sentences:
    - <person> is a member
    - says: <person> has a vote
      with: {voting: yes}
      otherwise: <person> has no vote
    - <person> is a member from <from>
relations:
  fields:
    person: {is: person}
    other: {is: person}
    kind: {one of: [married, siblings, parent]}
  sentences:
    - <person> and <other> are recorded as <kind>
    - says: <person> is a parent of <other>
      with: {kind: parent}
      no cycles: yes
grants:
  lists: grant
  fields:
    grant: {is: grant}
    day: {is: date, happened: yes}
    votes: {is: whole number, from: 0, to: 99}
  sentences:
    - <grant> was made on <day>
    - <grant> had <votes> votes
letters:
  fields:
    person: {is: person}
    sent: {is: date, happened: yes}
  sentences:
    - <person> wrote on <sent>
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write a rulebook with some files beside its manifest and vocabulary."""
    for name, text in {"rulebook.yaml": MANIFEST, "vocabulary.yaml": VOCABULARY, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def book(folder: Path, files: dict[str, str]) -> Rulebook:
    """A rulebook without errors."""
    rulebook, found = load(write(folder, files))
    assert rulebook is not None, "\n".join(str(each) for each in found)
    return rulebook


def rule(folder: Path, body: str, **files: str) -> Rule:
    """The rule that a body makes."""
    text = "rule: Something\nforce: must\n" + textwrap.dedent(body)
    return book(folder, {"rule.yaml": text, **files}).rules["rule"]


def definition(folder: Path, body: str) -> Definition:
    """The definition that a file makes."""
    return book(folder, {"one.yaml": body}).definitions["one"]


def underlined(diagnostic: Diagnostic) -> str:
    """The text that a diagnostic underlines."""
    place = diagnostic.place
    assert isinstance(place, Span)
    return place.text[place.column - 1 : place.end_column - 1]
