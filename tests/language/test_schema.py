"""The schema for editors takes what the loader takes, and notices slips."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bigrules.language import json_schema, load, shipped_path

HERE = Path(__file__).parent
BOOKS = [
    shipped_path(),
    HERE / "readable",
    HERE.parent / "bad" / "base",
    *sorted((HERE / "stress").glob("*/")),
]
RESIDENTS = HERE / "readable" / "criteria" / "resident-majority.yaml"

jsonschema = pytest.importorskip("jsonschema")


def validator(book: Path) -> Any:
    """The schema of a rulebook, ready to be used."""
    rulebook, _ = load(book)
    assert rulebook is not None
    schema = json_schema(rulebook)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def as_editors_see(text: str) -> Any:
    """A file as an editor with YAML 1.2 reads it."""
    ruamel = pytest.importorskip("ruamel.yaml")
    return json.loads(json.dumps(ruamel.YAML(typ="safe").load(text), default=str))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_what_the_loader_takes_the_schema_takes(book: Path) -> None:
    """Every rule and definition of every sound rulebook here is valid, as text and as editors see it."""
    check = validator(book)
    names = ("rulebook.yaml", "vocabulary.yaml", "clauses.yaml")
    files = [path for path in sorted(book.rglob("*.yaml")) if path.name not in names]
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        for value in (yaml.load(text, Loader=yaml.BaseLoader), as_editors_see(text)):
            assert [f"{path}: {each.message}" for each in check.iter_errors(value)] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rule: rule.update(forse="must"),
        lambda rule: rule.pop("force"),
        lambda rule: rule.update(force="shall"),
        lambda rule: rule.update(ask="Is it so?"),
        lambda rule: rule.pop("required"),
        lambda rule: rule.update(required="<person> is a membr"),
        lambda rule: rule.update(required={"unless": "<person> is a membr"}),
        lambda rule: rule["required"].pop("at least"),
        lambda rule: rule["required"].update({"at most": "8"}),
        lambda rule: rule["required"].update({"at least": "many"}),
        lambda rule: rule["required"].update(amogn="x"),
        lambda rule: rule["required"].pop("among"),
        lambda rule: rule["examples"][0].update(then="brached"),
        lambda rule: rule["examples"][0]["given"].append("<1> is a membr"),
        lambda rule: rule["examples"][0]["given"].append({"not asked": "homs"}),
        lambda rule: rule["other readings"][0].pop("name"),
    ],
)
def test_the_schema_notices_slips(spoil: Callable[[Any], None]) -> None:
    """A wrong key, value, sentence or shape is not valid, and the loader has a word on it too."""
    check = validator(HERE / "readable")
    rule = yaml.load(RESIDENTS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert check.is_valid(rule)
    spoiled = copy.deepcopy(rule)
    spoil(spoiled)
    assert not check.is_valid(spoiled)


def test_the_schema_offers_sentences_to_complete() -> None:
    """What can be said stands in the schema word for word, as editors need it to offer it."""
    rulebook, _ = load(HERE / "readable")
    assert rulebook is not None
    offered = json_schema(rulebook)["$defs"]["sentence"]["anyOf"][0]["enum"]
    assert "<person> is a member" in offered
    assert "<person> and <other> are related" in offered
    assert "the rep told Local Trust by when" in offered
