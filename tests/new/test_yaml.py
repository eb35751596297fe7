"""Texts as YAML: every reader takes them for the text that they are."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from ruamel.yaml import YAML

from bigrules.tools.new_yaml import block, comment, flow, scalar
from new.desk import ODD, WORDS


def read(text: str) -> list[object]:
    """What PyYAML and a reader of YAML 1.2 make of it."""
    return [yaml.safe_load(text), YAML(typ="safe", pure=True).load(text)]


def held(text: str) -> None:
    text = " ".join(text.split())
    for written in (f"a: {scalar(text)}", f"{{a: {scalar(text, True)}}}", "\n".join(block({"a": text}))):
        if text in ("yes", "no") or text[:1].isdigit():
            continue  # values of the language, which stand as they are in what is no free text
        assert read(written) == [{"a": text}] * 2, written
    assert read(f"a: {scalar(text)}") == [{"a": text}] * 2
    assert read(f"- {scalar(text)}") == [[text]] * 2
    assert read(f"{scalar(text)}: a") == [{text: "a"}] * 2


@pytest.mark.parametrize("text", [each for each in ODD if each.split()])
def test_odd_texts(text: str) -> None:
    held(text)


@given(WORDS)
def test_any_text(text: str) -> None:
    held(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"at least": "8"}, "{at least: 8}"),
        (["a, b", "<1 to 2> is a member"], '["a, b", <1 to 2> is a member]'),
        (
            {"from": "2018-04-01", "share": "51%", "third": "1/3"},
            "{from: 2018-04-01, share: 51%, third: 1/3}",
        ),
        ("a: b", '"a: b"'),
    ],
)
def test_values_of_the_language_stand_as_they_are(value: object, expected: str) -> None:
    assert flow(value) == expected


def test_a_remark_has_no_long_lines() -> None:
    lines = comment("so " * 80)
    assert len(lines) == 3 and all(each.startswith("# so") and len(each) <= 96 for each in lines)
