"""The schema of scenarios for editors takes what is read, and notices slips."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bigrules.language import load, shipped_path
from bigrules.language.schema import scenarios_schema

HERE = Path(__file__).parents[1] / "scenarios"
jsonschema = pytest.importorskip("jsonschema")


@cache
def validator() -> Any:
    """The schema for the shipped rulebook, ready to be used."""
    rulebook, _ = load(shipped_path(), thorough=False)
    assert rulebook is not None
    schema = scenarios_schema(rulebook)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


# One file of many sentences is enough: `test_scenarios.py` reads them all.
def test_what_is_read_the_schema_takes() -> None:
    """As text, and as an editor with YAML 1.2 sees it."""
    ruamel = pytest.importorskip("ruamel.yaml")
    text = (HERE / "judgement.yaml").read_text(encoding="utf-8")
    seen = json.loads(json.dumps(ruamel.YAML(typ="safe").load(text), default=str))
    for value in (yaml.load(text, Loader=yaml.BaseLoader), seen):
        assert len(value) > 20
        assert [each.message for each in validator().iter_errors(value)] == []


GOOD = {
    "scenario": "seven are too few",
    "clause": "criteria.3",
    "rule": "criteria/minimum-size",
    "as of": "2018-06-01",
    "given": ["<1 to 7> is recorded as <member>"],
    "then": "breached",
    "concerns": [],
    "because": "Seven is less than eight.",
}  # fmt: skip
SLIPS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a key": lambda it: it.update(becuase="so"),
    "nothing said of why": lambda it: it.pop("because"),
    "no rule": lambda it: it.pop("rule"),
    "a rule that is not there": lambda it: it.update(rule="criteria/minimum-sise"),
    "a clause that is not there": lambda it: it.update(clause=["criteria.3", "criteria.33"]),
    "an outcome": lambda it: it.update(then="broken"),
    "a day": lambda it: it.update({"as of": "1 June 2018"}),
    "a sentence": lambda it: it.update(given=["<1 to 7> is recorded <member>"]),
    "people as one list": lambda it: it.update(concerns=["ann"]),
}


def test_a_good_one_is_taken() -> None:
    assert list(validator().iter_errors([GOOD])) == []
    assert list(validator().iter_errors(GOOD)), "scenarios are a list"


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_are_noticed(slip: str) -> None:
    spoilt = copy.deepcopy(GOOD)
    SLIPS[slip](spoilt)
    assert list(validator().iter_errors([spoilt]))
