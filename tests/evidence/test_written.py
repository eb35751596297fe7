"""What authors write under `show`, and what becomes of it: objects, the core form, the schema for editors."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from bigrules.diagnostics import errors
from bigrules.language import json_schema, load, shipped_path, with_readings
from bigrules.language.model import All, Atom, Const, Limit, Measure, OutcomeIs, Rule, Slot, Type
from bigrules.language.model import Test as Check  # pytest collects what begins with Test
from bigrules.language.shown import ShowEach, ShowFindings, ShowMeasure, ShowProfile, formulas_of
from bigrules.tools.show import core

from .society import BOOK, rulebook

HEAD = "rule: Something\nsource: plots.1\nforce: must\n"
END = "examples:\n  - given: []\n    then: not applicable\n"
PERSON = Slot("person")
IS_MEMBER = Atom("memberships", (PERSON, None, None, None))


def book_with(folder: Path, body: str) -> Path:
    """The society's rulebook with one more rule."""
    for path in BOOK.rglob("*.yaml"):
        target = folder / path.relative_to(BOOK)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    (folder / "rules" / "more.yaml").write_text(HEAD + body + END, encoding="utf-8")
    return folder


def rule(folder: Path, body: str) -> Rule:
    """The further rule, with which nothing is wrong."""
    made, found = load(book_with(folder, body))
    assert [each for each in found if each.name != "never-holds"] == []
    assert made is not None
    return made.rules["rules/more"]


ASK = "ask: Is it so?\n"


def test_a_profile(tmp_path: Path) -> None:
    show = "show: {profile of: <person>, among: <person> is a member, from: profiles, by: gender}\n"
    (found,) = rule(tmp_path, ASK + show).show
    everyone = Limit(Measure("number", "person", IS_MEMBER), "at least", Fraction(0))
    assert found == ShowProfile(everyone, "profiles", "person", ("gender",), "")
    assert found.types["person"] == Type("person")


def test_where_a_profile_comes_from_need_not_be_said(tmp_path: Path) -> None:
    """As long as the fields stand in one kind of fact only."""
    body = "profile of: <person>\n  among: <person> is a member\n  by: [gender, age band]\n  beside: area profile"
    (found,) = rule(tmp_path, f"{ASK}show:\n  {body}\n").show
    assert isinstance(found, ShowProfile)
    assert (found.kind, found.by, found.beside) == ("profiles", ("gender", "age band"), "area profile")


def test_a_figure_is_a_measure_of_which_nothing_is_asked(tmp_path: Path) -> None:
    body = (
        "says: Votes\n  total of: <votes>\n  per: <person>\n  among: <person> is a member with <votes> votes"
    )
    (found,) = rule(tmp_path, f"{ASK}show:\n  {body}\n").show
    among = Atom("memberships", (PERSON, Slot("votes"), None, None))
    measure = Measure("total", "person", among, value="votes")
    assert found == ShowMeasure("Votes", Limit(measure, "at least", Fraction(0)))


def test_a_listing_reads_conditions_as_rules_do(tmp_path: Path) -> None:
    """Lists, tests with values of their types, and outcomes of rules."""
    body = (
        "says: Late\n  each:\n    - <decision> was taken on <day>\n    - <day> is after 2018-01-01\n"
        "    - rule rules/at-least-two is breached"
    )
    (found,) = rule(tmp_path, f"{ASK}show:\n  {body}\n").show
    import datetime

    taken = Atom("decisions", (Slot("decision"), Slot("day"), None))
    after = Check("after", (Slot("day"), Const(datetime.date(2018, 1, 1))))
    assert found == ShowEach("Late", All((taken, after, OutcomeIs("rules/at-least-two", "breached"))))


def test_findings_of_one_rule_or_several(tmp_path: Path) -> None:
    body = (
        "show:\n  - findings of: rules/no-relatives\n"
        "  - findings of: [rules/no-relatives, rules/at-least-two]\n"
        "    said yes: the secretary said for <any year> that all is well\n"
    )
    one, several = rule(tmp_path, ASK + body).show
    assert one == ShowFindings(("rules/no-relatives",))
    said = Atom("yearly answers", (None, Const("yes")))
    assert several == ShowFindings(("rules/no-relatives", "rules/at-least-two"), said)
    assert formulas_of(several) == (("said_yes", said),)


def test_evidence_sees_what_the_rule_is_about(tmp_path: Path) -> None:
    """The slots of `for each`, on the rule's own day; its own words mean nothing outside of it."""
    body = (
        "for each: <decision> was taken on <day>\non: <day>\n"
        "required: {number of: <other>, among: <other> is a member, at least: 2}\n"
        "show:\n  - says: Members when <decision> was taken\n    number of: <other>\n    among: <other> is a member\n"
        "  - says: Others\n    each: <other> was taken by others alone\n"
    )
    members, others = rule(tmp_path, body).show
    assert isinstance(members, ShowMeasure) and isinstance(others, ShowEach)
    among = members.limit.measure.among
    assert isinstance(among, Atom) and (among.day.mode, among.day.slot) == ("on", "day")
    assert (members.types["other"], others.types["other"]) == (Type("person"), Type("decision"))
    assert members.types["decision"] == others.types["decision"] == Type("decision")


@pytest.mark.parametrize(
    "form", ["required: <any person> is a member", "not allowed: <any person> is a member"]
)
def test_evidence_goes_with_every_form(form: str, tmp_path: Path) -> None:
    body = f"{form}\nshow: {{says: Members, number of: <person>, among: <person> is a member}}\n"
    assert len(rule(tmp_path, body).show) == 1


def test_a_reading_leaves_evidence_as_it_is(tmp_path: Path) -> None:
    """A sentence that stands in the rule and in its evidence too is changed in the rule alone."""
    reading = (
        "adopted reading: {name: near by, because: So.}\nother readings:\n  - name: far away\n    because: So.\n"
        "    change: <person> lives near by\n    to: <person> does not live near by\n"
    )
    body = (
        "not allowed:\n  - <person> is a member\n  - <person> lives near by\n"
        "show:\n  says: Who lives near by\n  each: <person> lives near by\n"
    )
    made, found = load(book_with(tmp_path, body + reading))
    assert errors(found) == []
    assert made is not None
    other, found = with_readings(made, {"rules/more": "far away"})
    assert errors(found) == []
    assert other is not None
    before, after = made.rules["rules/more"], other.rules["rules/more"]
    assert before.condition != after.condition
    assert before.show == after.show != ()


def test_the_core_form_has_evidence() -> None:
    """Each sort, apart from what is required."""
    text = core(rulebook().model)
    for expected in (
        "  ask again after 1 year Are the members like the people of the area?\n"
        "  show profile from profiles of its person by age band, gender beside area profile\n"
        "    number[<person>]\n    among\n      memberships(<person>, _, _, _)\n",
        "  show (Members who live near by)\n    share[<person>]\n",
        "  show each (Decisions that others took alone)\n    decisions(<decision>, _, others alone)\n",
        "  show findings of rules/no-relatives, rules/at-least-two\n    said yes where\n"
        "      yearly answers(<year>, yes)\n    said no where\n      yearly answers(<year>, no)\n",
    ):
        assert expected in text


# ---------------------------------------------------------------- the schema for editors


def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    return jsonschema.Draft202012Validator(json_schema(rulebook().model))


def file_of(rule: str) -> Any:
    text = (BOOK / "rules" / f"{rule}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)


@pytest.mark.parametrize("path", sorted((BOOK / "rules").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_takes_what_the_loader_takes(path: Path) -> None:
    assert [each.message for each in validator().iter_errors(file_of(path.stem))] == []


@pytest.mark.parametrize(
    ("which", "spoil"),
    [
        ("open-to-all", lambda show: show[0].update({"from": "memberships"})),
        ("open-to-all", lambda show: show[0].update({"by": ["age bend"]})),
        ("open-to-all", lambda show: show[0].pop("by")),
        ("open-to-all", lambda show: show[0].update({"beside": "nothing"})),
        ("open-to-all", lambda show: show[0].update({"says": "x"})),
        ("open-to-all", lambda show: show[1].pop("says")),
        ("open-to-all", lambda show: show[1].pop("among")),
        ("open-to-all", lambda show: show[1].update({"at least": "2"})),
        ("open-to-all", lambda show: show[1].update({"number of": "<person>"})),
        ("open-to-all", lambda show: show[1].update({"where": "<person> lives near"})),
        ("runs-itself", lambda show: show[0].update({"each": "<decision> was taken alone"})),
        ("runs-itself", lambda show: show[0].pop("says")),
        ("runs-itself", lambda show: show[2].update({"findings of": ["rules/at-least-tow"]})),
        ("runs-itself", lambda show: show[2].update({"said perhaps": "<person> is a member"})),
        ("runs-itself", lambda show: show.append({})),
        ("runs-itself", lambda show: show.clear()),
    ],
)
def test_the_schema_notices_slips(which: str, spoil: Callable[[Any], None], tmp_path: Path) -> None:
    """And the loader has a word on each of them too."""
    check, sound = validator(), file_of(which)
    assert check.is_valid(sound)
    spoiled = copy.deepcopy(sound)
    spoil(spoiled["show"])
    assert not check.is_valid(spoiled)
    made, found = load(book_with(tmp_path, yaml.safe_dump({"ask": "Is it so?", "show": spoiled["show"]})))
    assert made is None
    assert {each.place.file for each in errors(found)} == {"rules/more.yaml"}  # type: ignore[union-attr]


# ---------------------------------------------------------------- the page about the format


def test_the_evidence_on_the_page_is_taken_by_the_shipped_rulebook(tmp_path: Path) -> None:
    """Every sort of evidence that the page shows, as it stands there."""
    page = (Path(__file__).parents[2] / "docs" / "format.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(show:\n.*?)^```", page, re.DOTALL | re.MULTILINE)
    shutil.copytree(shipped_path(), tmp_path / "rules")
    clause = next(iter(load(shipped_path())[0].clauses))  # type: ignore[union-attr]
    text = f"rule: Something\nsource: {clause}\nforce: must\nask: Is it so?\n{block}{END}"
    (tmp_path / "rules" / "criteria" / "more.yaml").write_text(text, encoding="utf-8")
    made, found = load(tmp_path / "rules")
    assert errors(found) == []
    assert made is not None
    assert [type(each) for each in made.rules["criteria/more"].show] == [
        ShowProfile,
        ShowMeasure,
        ShowEach,
        ShowFindings,
    ]
