"""The page about the format says what the loader takes: every example on it, and every key."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from bigrules.diagnostics import Span, errors
from bigrules.language import load
from bigrules.language.conditions import AGGREGATES, BRACKETS, LIMITS
from bigrules.language.definitions import DEFINITION_KEYS
from bigrules.language.model import TESTS
from bigrules.language.readings import READING_KEYS
from bigrules.language.rules import EXCEPTION_KEYS, RULE_KEYS
from bigrules.language.statements import EXAMPLE_KEYS
from bigrules.language.tests import parse_test
from bigrules.language.vocabulary import FIELD_KEYS, KIND_KEYS, SENTENCE_KEYS

from .books import write

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
READABLE = Path(__file__).parent / "readable"


def block(start: str) -> str:
    """The example that begins with a text."""
    (found,) = [each for each in BLOCKS if each.lstrip().startswith(start)]
    return found


def plain(text: str) -> Any:
    """An example as text, lists and dicts."""
    return yaml.load(text, Loader=yaml.BaseLoader)


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: text.strip().splitlines()[0][:30])
def test_every_example_is_yaml_for_editors_too(text: str) -> None:
    """Each example is read alike by PyYAML and by a parser of YAML 1.2, as editors have."""
    ruamel = pytest.importorskip("ruamel.yaml")
    other = ruamel.YAML(typ="safe", pure=True).load(text)
    assert texts(other) == texts(plain(text))


def texts(value: Any) -> Any:
    """Data with the shape that it has, and only the texts that no parser converts."""
    if isinstance(value, dict):
        return {str(key).lower(): texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [texts(each) for each in value]
    return value if isinstance(value, str) and re.search(r"[a-z<]{4}", value) else None


@pytest.mark.parametrize("start", ["rulebook:", "people:", "criteria.4:"])
def test_whole_files_on_the_page_load(start: str, tmp_path: Path) -> None:
    """The manifest, the vocabulary and the ledger of the page are a rulebook without faults."""
    name = {"rulebook:": "rulebook.yaml", "people:": "vocabulary.yaml", "criteria.4:": "clauses.yaml"}[start]
    rulebook, found = load(write(tmp_path, {name: block(start)}))
    assert found == []
    assert rulebook is not None


def test_the_examples_of_conditions_on_the_page_load(tmp_path: Path) -> None:
    """The measure and the statements that the page shows are taken."""
    files = {
        "vocabulary.yaml": block("people:").replace("- <person> holds a membership", "- <person> is a member")
        + "area:\n  fields: {person: {is: person}}\n  sentences: [<person> lives in the area]\n"
        + "relations:\n  fields: {person: {is: person}, other: {is: person}, kind: {one of: [married]}}\n"
        + "  sentences: [<person> and <other> are recorded as <kind>]\n",
        "definitions/related.yaml": "definition: <person> and <other> are related\n"
        "people decide when: <person> and <other> are recorded as <any kind>\nask: Are they?\n",
        "a.yaml": "rule: x\nforce: must\nrequired:\n"
        + textwrap.indent(block("number of:"), "  ")
        + block("examples:"),
    }
    rulebook, found = load(write(tmp_path, files))
    assert errors(found) == []
    assert rulebook is not None
    assert len(rulebook.rules["a"].examples[0].given) == 9 + 4 + 1 + 4 + 1 + 1 + 1


def test_rules_as_clean_as_they_must_read_load() -> None:
    """The rules by which the format was designed load without a word."""
    rulebook, found = load(READABLE)
    assert found == []
    assert rulebook is not None
    assert (len(rulebook.rules), len(rulebook.definitions)) == (8, 1)


def test_the_page_shows_every_key_of_a_rule_and_a_definition() -> None:
    """A key that the loader takes is on the page, and one that is on the page is taken."""
    shown = plain(block("rule:"))
    assert set(shown) | {"only if any of"} == set(RULE_KEYS)
    assert set(shown["unless"][0]) == set(EXCEPTION_KEYS)
    keys = set().union(*shown["other readings"]) | {"add to", "condition"}
    assert keys | {"note"} == set(READING_KEYS)
    # What a definition shares with a rule is not shown twice.
    shared = {"adopted reading", "other readings", "equivalent", "examples", "note", "by", "from", "until"}
    further = {"holds when any of", "people decide when any of"}
    assert set(plain(block("definition:"))) | shared | further == set(DEFINITION_KEYS)
    assert set(plain(block("examples:"))["examples"][0]) | {"note"} == set(EXAMPLE_KEYS)


@pytest.mark.parametrize(
    "keys",
    [KIND_KEYS, FIELD_KEYS, SENTENCE_KEYS, tuple(AGGREGATES), LIMITS, BRACKETS],
    ids=lambda keys: keys[0],
)
def test_the_page_names_every_key(keys: tuple[str, ...]) -> None:
    """Every key of kinds, fields, sentences, measures, limits and brackets is explained."""
    for key in keys:
        if key != "note":
            assert re.search(rf"[`{{ ]{key}[`: ]", PAGE), key


def test_the_page_shows_every_test() -> None:
    """Each test of the fixed list is in the table, and each form in the table is a test."""
    table = PAGE.partition("Tests, over slots")[2].partition("`<the day>` is")[0]
    found = set()
    for line in table.splitlines():
        first = ""
        for text in re.findall(r"`([^`]+)`", line.split("|")[1] if line.startswith("|") else ""):
            first = text if text.startswith("<") else first
            # A form may be shortened to what differs from the one before it in the line.
            whole = text if text.startswith("<") else shortened(first, text)
            test = parse_test(whole, Span(""))
            assert test is not None, whole
            found.add(test.op)
    assert found == set(TESTS)


def shortened(first: str, text: str) -> str:
    """A form that is written as what differs from the first of its line."""
    slot, rest = first.split(" is ", 1)
    tail = re.search(r"(<\w+>|3|2016-01-01|married, siblings)$", rest)
    end = "" if tail is None or text.endswith(">") else tail[0]
    return f"{slot} {text if text.startswith('is ') else f'is {text}'} {end}".strip()
