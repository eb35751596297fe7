"""Scenario files → scenarios: small cases that stand apart from the rules which they are held against."""

from __future__ import annotations

import os
from pathlib import Path

import attrs

from bigrules.diagnostics import Diagnostic, Enough, Span, errors
from bigrules.language.build import Setting
from bigrules.language.faults import Faults, did_you_mean
from bigrules.language.files import MAX_ALL_BYTES, Sources, yaml_files
from bigrules.language.model import Example, Rulebook, Type
from bigrules.language.shape import Shape
from bigrules.language.source import Document, Node, parse, read_bytes
from bigrules.language.statements import Known, Question, Statements

NEEDED = ("scenario", "clause", "rule", "given", "then", "because")
KEYS = (*NEEDED, "as of", "concerns", "note")


@attrs.frozen
class Scenario:
    """A small case, the rule that is held against it, and what must come out.

    Args:
        name: In words; no two scenarios have the same.
        clauses: Ids of the clauses that it is about.
        rule: Id of the rule.
        example: What is given, and the outcome and people that the rule must come to.
        because: How the outcome follows from the clause.
    """

    name: str
    clauses: tuple[str, ...]
    rule: str
    example: Example
    because: str


def read_scenarios(
    rulebook: Rulebook, path: str | os.PathLike[str]
) -> tuple[list[Scenario], list[Diagnostic]]:
    """Read scenario files.

    Args:
        rulebook: A rulebook that `load` returned; its sentences are what the scenarios are written in.
        path: A file, or a directory with files.

    Returns:
        The scenarios that can be run, and everything that is wrong with them, in the order of their files.
    """
    faults = Faults()
    found: list[Scenario] = []
    try:
        known = knowledge_of(rulebook)
        names: dict[str, Span] = {}
        for document in _documents(Path(path), faults):
            found += _of_document(document, rulebook, known, names, faults)
    except Enough:
        pass
    return found, faults.sorted()


def _documents(path: Path, faults: Faults) -> list[Document]:
    shown = str(path)
    try:
        if path.is_dir():
            files = [path / each for each in yaml_files(path, faults, "the folder")]
            if not files and not errors(faults.found):
                help = "scenarios stand in files that end in `.yaml`"
                faults.add("empty-directory", f"`{shown}` holds no scenarios", Span(shown), help)
        else:
            files = [path]
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        faults.add("unreadable", f"`{shown}` cannot be read: {why}", Span(shown))
        return []
    found, size = [], 0
    for each in files:
        data = read_bytes(each, str(each), faults)
        size += len(data or b"")
        if size > MAX_ALL_BYTES:
            help = f"all files together have at most {MAX_ALL_BYTES // 1_000_000} MB"
            faults.add("too-large", "there are too many scenarios", Span(shown), help)
            break
        document = parse(data, str(each), faults) if data is not None else None
        if document is not None:
            found.append(document)
    return found


def _of_document(
    document: Document, rulebook: Rulebook, known: Known, names: dict[str, Span], faults: Faults
) -> list[Scenario]:
    shape = Shape(document, faults)
    statements = Statements(shape, known)
    found = []
    for node in shape.items(document.root, "a file of scenarios"):
        one = _scenario(node, shape, statements, rulebook, names)
        if one is not None:
            found.append(one)
    return found


def _scenario(
    node: Node, shape: Shape, statements: Statements, rulebook: Rulebook, names: dict[str, Span]
) -> Scenario | None:
    before = len(errors(shape.faults.found))
    keys = shape.mapping(node, "a scenario", KEYS)
    if keys is None:
        return None
    for key in NEEDED:
        if key != "then" and shape.lacks(node, key):
            shape.faults.add("missing-key", f"this scenario has no `{key}`", shape.span(node))
    name, rule, because = (
        shape.text(keys[key][1], f"`{key}`") if key in keys else "" for key in ("scenario", "rule", "because")
    )
    if name:
        place = shape.span(keys["scenario"][1])
        if name.casefold() in names:
            message = f"there are two scenarios `{name}`"
            help = f"the other one is at {names[name.casefold()]}; give one of them another name"
            shape.faults.add("duplicate-name", message, place, help)
        names.setdefault(name.casefold(), place)
    if rule and rule not in rulebook.rules:
        near = did_you_mean(rule, rulebook.rules, "write the id of a rule: its path without the ending")
        shape.faults.add("unknown-rule", f"there is no rule `{rule}`", shape.span(keys["rule"][1]), near)
    clauses = shape.texts(keys["clause"][1], "`clause`") if "clause" in keys else []
    for each in clauses:
        if rulebook.clauses and each.text not in rulebook.clauses:
            near = did_you_mean(each.text, rulebook.clauses, "write the id of a clause in `clauses.yaml`")
            shape.faults.add("unknown-clause", f"there is no clause `{each.text}`", shape.span(each), near)
    example = statements.case_with(node, keys, name, "this scenario", is_rule=True)
    if len(errors(shape.faults.found)) > before:
        return None
    return Scenario(name, tuple(each.text for each in clauses), rule, example, because)


def knowledge_of(rulebook: Rulebook) -> Known:
    """What statements about a rulebook that is done are read with.

    Raises:
        ValueError: It was not read from files, so that its sentences are not there.
    """
    sources = rulebook._sources
    setting = sources.setting if isinstance(sources, Sources) else None
    if not isinstance(setting, Setting):
        raise ValueError("this rulebook was not read from files")
    predicates = (*rulebook.vocabulary.kinds, *rulebook.definitions)
    text, given = Type("text"), frozenset(rulebook.vocabulary.given)
    questions = {
        id: Question(each.types)
        for id, each in rulebook.definitions.items()
        if each.people_decide is not None
    }
    for id, rule in rulebook.rules.items():
        if rule.form == "ask":
            questions[id] = Question(tuple(rule.types.get(slot, text) for slot in rule.subject))
    return Known(
        setting.sentences,
        {each: rulebook.columns(each) for each in predicates},
        {each: rulebook.types(each) for each in predicates},
        given,
        questions,
        worked_out=frozenset(rulebook.vocabulary.kinds) - given,
    )
