"""The schema for editors takes what the loader takes, and notices slips."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bigrules.language import json_schema, load, shipped_path
from bigrules.language.definitions import DEFINITION_KEYS
from bigrules.language.model import Rulebook
from bigrules.language.rules import RULE_KEYS
from bigrules.language.schema import SORTS, schema_of

HERE = Path(__file__).parent
BOOKS = [
    shipped_path(),
    HERE / "readable",
    HERE.parent / "bad" / "base",
    *sorted((HERE / "stress").glob("*/")),
]
RESIDENTS = HERE / "readable" / "criteria" / "resident-majority.yaml"

jsonschema = pytest.importorskip("jsonschema")


@cache
def loaded(book: Path = BOOKS[0]) -> Rulebook:
    """A sound rulebook, read once for all tests."""
    rulebook, _ = load(book, thorough=False)
    assert rulebook is not None
    return rulebook


@cache
def validator(book: Path) -> Any:
    """The schema of a rulebook, ready to be used."""
    schema = json_schema(loaded(book))
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


@cache
def of_sort(sort: str, book: Path = BOOKS[0]) -> Any:
    """The schema of one sort of file, ready to be used."""
    schema = schema_of(sort, loaded(book))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", ["vocabulary", "clauses", "rulebook"])
@pytest.mark.parametrize("book", BOOKS[:3], ids=lambda book: book.name)
def test_what_stands_beside_the_rules_is_taken_too(book: Path, name: str) -> None:
    """The vocabulary, clauses and manifest of every sound rulebook here, as text and as editors see it."""
    check = of_sort(name, book)
    path = book / f"{name}.yaml"
    if name == "clauses" and not path.exists():
        return
    text = path.read_text(encoding="utf-8")
    # The other reader takes long over the shipped files, which are written as the others are.
    seen = [as_editors_see(text)] if book != BOOKS[0] else []
    for value in (yaml.load(text, Loader=yaml.BaseLoader), *seen):
        assert [each.message for each in check.iter_errors(value)] == []


VOCABULARY = """
trainings:
  dated: yes
  fields:
    person: {is: person, blank means: required}
    day: {is: date, happened: yes}
  sentences:
    - <person> is in training
    - {says: <person> was trained on <day>, otherwise: <person> was not trained on <day>}
  asks: Who was trained?
"""
CLAUSES = """
criteria.1: {section: Criteria, place: first, fingerprint: "sha256:0123456789abcdef", treatment: rule}
constitution.4: {section: Constitution}
"""
RULEBOOK = """
rulebook: Ours
format: 1
version: 0.1.0
edition: [{edition: 2017-07, from: 2017-07-01}, {edition: 2018-04, from: 2018-04-01}]
parameters:
  most members: 12
  least residents: [{value: 50%, until: 2017-06-30}, {value: 51%, from: 2017-07-01, source: the rules}]
"""
AMENDMENT = """
amendment: Constitution of a partnership
format: 1
version: 0.1.0
over: Big Local partnerships
by: constitution
from: 2018-04-01
parameters: {most members: 12}
"""
CHANGE = """
amendment: There are at least ten members
by: constitution 4.1
from: 2018-04-01
amends: criteria/minimum-size
change: {at least: 8}
to: {at least: 10}
examples:
  - given: [<1 to 10> is a member]
    then: met
"""
RULE = """
rule: There are at least nine members
by: constitution 4
force: must
from: 2018-04-01
until: 2020-03-31
replaces: criteria/minimum-size
required: {number of: <person>, among: <person> is a member, at least: 9}
equivalent:
  - {change: {at least: 9}, to: {more than: 8}, because: they are counted}
examples:
  - given: [<1 to 9> is a member]
    then: met
"""


@pytest.mark.parametrize(
    ("sort", "text", "was", "slip"),
    [
        ("vocabulary", VOCABULARY, "dated: yes", "datd: yes"),
        ("vocabulary", VOCABULARY, "dated: yes", "dated: always"),
        ("vocabulary", VOCABULARY, "happened: yes", "hapened: yes"),
        ("vocabulary", VOCABULARY, "says: <person>", "sayz: <person>"),
        ("clauses", CLAUSES, "treatment: rule", "treatment: rul"),
        ("clauses", CLAUSES, "section: Constitution", "place: Constitution"),
        ("clauses", CLAUSES, "0123456789abcdef", "0123456789abcdeg"),
        ("rulebook", RULEBOOK, "version: 0.1.0", "vresion: 0.1.0"),
        ("rulebook", RULEBOOK, "until: 2017-06-30", "until: last year"),
        ("rulebook", RULEBOOK, "edition: 2018-04, from", "edition: 2018-04, form"),
        ("amendment", AMENDMENT, "over: Big Local partnerships", "on: Big Local partnerships"),
        ("amendment", AMENDMENT, "format: 1", "format: 2"),
        ("rules", CHANGE, "amends: criteria/minimum-size", "amends: criteria/minimal-size"),
        ("rules", CHANGE, "amends: criteria/minimum-size", "parameter: criteria/minimum-size"),
        ("rules", CHANGE, "amends: criteria/minimum-size", "note: criteria/minimum-size"),
        ("rules", CHANGE, "to: {at least: 10}", "disapply: yes"),
        ("rules", CHANGE, "to: {at least: 10}", "to: [{at least: 10}]"),
        ("rules", CHANGE, "from: 2018-04-01", "from: April"),
        ("rules", RULE, "replaces: criteria/minimum-size", "replaces: criteria/minimum"),
        ("rules", RULE, "until: 2020-03-31", "untill: 2020-03-31"),
        ("rules", RULE, "until: 2020-03-31", "until: last March"),
        ("rules", RULE, "by: constitution 4", "by: [constitution 4]"),
        ("rules", RULE, "because: they", "why: they"),
    ],
)
def test_slips_in_every_sort_of_file(sort: str, text: str, was: str, slip: str) -> None:
    """What is written well is valid, and one slip in it is not."""
    check = of_sort(sort)
    assert [each.message for each in check.iter_errors(as_editors_see(text))] == []
    assert text.count(was) == 1
    assert not check.is_valid(as_editors_see(text.replace(was, slip)))


@pytest.mark.parametrize("name", ["rule", "definition"])
def test_every_key_says_what_it_is(name: str) -> None:
    """Whoever hovers over a key is told something, with no marks where the text is plain."""
    properties = schema_of("rules", loaded())["$defs"][name]["properties"]
    assert list(properties) == list(RULE_KEYS if name == "rule" else DEFINITION_KEYS)
    for key, each in properties.items():
        assert each["markdownDescription"].endswith((".", "`.")), key
        assert "`" not in each["description"]


def test_amendments_know_what_they_can_amend() -> None:
    """Rules, their exceptions, definitions and kinds of fact are offered, and nothing else."""
    rulebook = loaded()
    amends = schema_of("rules", rulebook)["$defs"]["amendment"]["properties"]["amends"]["enum"]
    assert {"criteria/minimum-size", "definitions/related", "vocabulary/memberships"} <= set(amends)
    excepted = [each for each in rulebook.rules.values() if each.exceptions]
    assert all(f"{each.id} unless 1" in amends for each in excepted)
    assert len(amends) == len(set(amends))


@pytest.mark.parametrize("sort", SORTS)
def test_no_part_of_a_schema_is_missing(sort: str) -> None:
    """Everything that a schema refers to stands in it."""
    schema = schema_of(sort, loaded())
    text = json.dumps(schema)
    named = {each.split('"')[0] for each in text.split('"$ref": "#/$defs/')[1:]}
    assert named
    assert named <= set(schema["$defs"])


@pytest.mark.parametrize("number", [0, 1])
def test_whole_files_that_are_offered_can_be_loaded(number: int, tmp_path: Path) -> None:
    """As they stand; each place to fill in has a number of its own, for those with one are filled in as one."""
    book = HERE / "readable"
    body = json.dumps(schema_of("rules", loaded(book))["defaultSnippets"][number]["body"])
    places = re.findall(r"\$\{(\d+):", body)
    assert places == [str(each) for each in range(1, len(places) + 1)]
    ours = tmp_path / "ours"
    shutil.copytree(book, ours)
    (ours / "criteria" / "new.yaml").write_text(re.sub(r"\$\{\d+:([^}]*)\}", r"\1", body))
    rulebook, found = load(ours, thorough=False)
    assert rulebook is not None and found == []
    assert "criteria/new" in {**rulebook.rules, **rulebook.definitions}
