"""A small rulebook of an allotment society, amendments to lay over it, and what is found then."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import bigrules
from bigrules.diagnostics import Diagnostic, render
from bigrules.language import load, model

BASE = {
    "rulebook.yaml": """
        rulebook: The allotment society
        format: 1
        version: 1.0.0
        edition: "2016"
        parameters: {most plots: 2}
        """,
    "vocabulary.yaml": """
        people:
          lists: person
          fields:
            person: {is: person}
        memberships:
          dated: yes
          fields:
            person: {is: person}
            kind: {one of: [full, junior], blank means: full}
          sentences:
            - <person> is a member
            - <person> is a member as <kind>
        plots:
          dated: yes
          fields:
            person: {is: person}
            plot: {is: plot}
          sentences:
            - <person> holds <plot>
        founders:
          fields:
            person: {is: person}
          sentences:
            - <person> founded the society
        owing:
          fields:
            person: {is: person}
          sentences:
            - <person> owes rent
        meetings:
          lists: meeting
          fields:
            meeting: {is: meeting}
            day: {is: date, happened: yes}
          sentences:
            - <meeting> was held on <day>
        attending:
          fields:
            person: {is: person}
            meeting: {is: meeting}
          sentences:
            - <person> came to <meeting>
        """,
    "clauses.yaml": """
        society.1: {section: Rules of the society, place: rule 1}
        society.2: {section: Rules of the society, place: rule 2}
        society.3: {section: Rules of the society, place: rule 3}
        """,
    "definitions/active.yaml": """
        definition: <person> is active
        source: society.1
        holds when:
          - <person> is a member as <kind>
          - <kind> is full
        examples:
          - name: a junior is not
            given:
              - <1> is a member as <full>
              - <2> is a member as <junior>
            then: [<1> is active, not: <2> is active]
        """,
    "size.yaml": """
        rule: There are at least four active members
        source: society.1
        force: must
        required:
          number of: <person>
          among: <person> is active
          at least: 4
        other readings:
          - name: five
            because: Four and the chair.
            change: {at least: 4}
            to: {at least: 5}
          - name: members of any kind
            because: A junior is a member too.
            change: {among: <person> is active}
            to: {among: <person> is a member}
            differs when:
              - <1 to 3> is a member as <full>
              - <4> is a member as <junior>
        examples:
          - name: four
            given: [<1 to 4> is a member as <full>]
            then: met
          - name: three
            given: [<1 to 3> is a member as <full>]
            then: breached
        """,
    "plots.yaml": """
        rule: Nobody holds more plots than the most
        source: society.2
        force: must
        for each: <person> is a member
        required:
          number of: <plot>
          among: <person> holds <plot>
          at most: most plots
        unless:
          - when: <person> founded the society
            because: Founders keep what they have
            unless:
              - when: <person> owes rent
                because: Whoever owes rent keeps nothing
        examples:
          - name: two plots
            given: [<1> is a member, <1> holds <a>, <1> holds <b>]
            then: met
          - name: three plots
            given: [<1> is a member, <1> holds <a>, <1> holds <b>, <1> holds <c>]
            then: breached
        """,
    "quorum.yaml": """
        rule: Three active members come to each meeting
        source: society.3
        force: should
        on: <day>
        for each: <meeting> was held on <day>
        required:
          number of: <person>
          among:
            - <person> came to <meeting>
            - <person> is active
          at least: 3
        examples:
          - name: three
            given: [<m> was held on <2018-05-01>, <1 to 3> is a member as <full>, <1 to 3> came to <m>]
            then: met
          - name: two
            given: [<m> was held on <2018-05-01>, <1 to 2> is a member as <full>, <1 to 2> came to <m>]
            then: breached
        """,
    "warned.yaml": """
        rule: Where a quorum is missed, there are five members
        source: society.3
        force: expected
        only if: rule quorum is breached
        required:
          number of: <person>
          among: <person> is a member
          at least: 5
        examples:
          - name: missed, with two members
            given: [<m> was held on <2018-05-01>, <1 to 2> is a member as <full>, <1 to 2> came to <m>]
            then: breached
        """,
}
AMENDMENT = """
    amendment: Rules of the north side
    format: 1
    version: 0.1.0
    over: ../book
    by: north side 1
    """
FIVE = """\
amendment: There are at least five active members
amends: size
change: {at least: 4}
to: {at least: 5}
"""
KINDS = ("memberships", "plots", "founders", "owing", "meetings", "attending")


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files below a folder; an empty text takes one out."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        else:
            path.unlink()
    return folder


def base(folder: Path, **more: str) -> Path:
    """The rulebook, with some files more or otherwise, whose names have `_` for `/`."""
    return write(folder / "book", {**BASE, **{_file(name): text for name, text in more.items()}})


def layer(folder: Path, name: str = "north", manifest: str = AMENDMENT, **files: str) -> Path:
    """An amendment; names of files have `_` for `/`, and no ending."""
    return write(
        folder / name, {"amendment.yaml": manifest, **{_file(name): text for name, text in files.items()}}
    )


def _file(name: str) -> str:
    return f"{name.replace('__', '/').replace('_', '-')}.yaml"


def used(source: Path, *amendments: Path) -> bigrules.Rulebook:
    """A rulebook in use."""
    return bigrules.load_rulebook(source, amendments)


def loaded(source: Path, *amendments: Path) -> model.Rulebook:
    """A rulebook as objects, of which nothing is said."""
    book, found = load(source, amendments=amendments)
    assert book is not None and not found, "\n".join(render(each) for each in found)
    return book


def faults(folder: Path, *amendments: Path, source: Path | None = None) -> list[Diagnostic]:
    """What is said where amendments are laid over the rulebook of a folder."""
    book, found = load(source or folder / "book", amendments=amendments)
    assert (book is None) == any(each.severity == "error" for each in found)
    return found


def told(folder: Path, *amendments: Path, source: Path | None = None) -> str:
    """The same as text, with paths as from the folder."""
    found = faults(folder, *amendments, source=source)
    return "\n\n".join(render(each) for each in found).replace(f"{folder}/", "")


Found = dict[str, list[tuple[str, str]]]


def found(book: bigrules.Rulebook, as_of: str = "2018-06-01", confirm: bool = False, **given: Any) -> Found:
    """What is found on a register in which all lists are asked: by rule, each subject with its outcome.

    Args:
        book: The rulebook.
        as_of: The day of judging.
        confirm: Whether the second engine has to find the same.
        given: The lists that are not empty.
    """
    register = {**{kind: [] for kind in KINDS}, **given}
    named = dict.fromkeys(row["person"] for rows in given.values() for row in rows if "person" in row)
    case = book.read({"people": [{"person": each} for each in named], **register}, as_of=as_of)
    report = book.check(case, confirm=confirm)
    said: Found = {}
    for each in report.findings:
        about = ", ".join(str(value) for _, value in each.subject)
        said.setdefault(each.rule, []).append((about, str(each.outcome)))
    return said


def outcome(book: bigrules.Rulebook, rule: str, as_of: str = "2018-06-01", **given: Any) -> str:
    """The outcome of a rule that has one finding."""
    [(_, said)] = found(book, as_of, **given)[rule]
    return said


def members(count: int, kind: str = "full") -> list[dict[str, str]]:
    """So many members, since long ago."""
    return [{"person": f"p{at}", "kind": kind, "from": "2010-01-01"} for at in range(1, count + 1)]


def holding(person: str, plots: Iterable[str]) -> list[dict[str, str]]:
    """The plots of a person."""
    return [{"person": person, "plot": each} for each in plots]
