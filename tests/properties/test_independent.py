"""What a rule does not read does not touch it, and two registers do not touch each other."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, note, reject
from hypothesis import strategies as st

import compact
from bigrules.cli import main
from bigrules.facts.case import UNKNOWN, Answer, Case, Incomplete
from bigrules.findings.check import Rulebook
from bigrules.findings.report import Finding
from partnerships import JUDGED, once_each, random_row, record, worked_out
from properties.agree import TooLong, at_most
from properties.effects import EFFECTS
from properties.evaluators import ENGINES, findings, shipped
from properties.long_run import examples, repeated
from quick_partnerships import case_of, less_known, numbers, plain, quick
from quick_partnerships import given as given_rows

# A list that was not asked may take an engine longer than a test should: such a case is left.
SECONDS = 0.4
# Whoever stands in a list is listed for every rule that has one of each: that list is for all of them.
KINDS = [each for each in shipped().vocabulary.given if each != "people"]


def changed(case: Case, kind: str, number: int) -> Case:
    """The case with one list changed in any way: other rows, none, less known, incomplete, or not asked at all."""
    chance = random.Random(number)
    people = [str(each.values[0]) for each in case.facts if each.kind == "people"]
    rows = [each for each in given_rows(shipped(), case) if each.kind == kind]
    rest = [each for each in given_rows(shipped(), case) if each.kind != kind]
    how = chance.choice(["other", "more", "none", "less known", "incomplete", "not asked"])
    new = [random_row(shipped(), kind, people, chance) for _ in range(chance.choice([1, 5, 20]))]
    if how in ("other", "more", "less known"):
        rows = once_each(shipped(), [*(rows if how == "more" else ()), *new])
    elif how in ("none", "not asked"):
        rows = []
    if how == "less known":
        for _ in range(3):
            less_known(shipped(), rows, chance)
    other = case_of(shipped(), [*rest, *rows], like=case)
    if how == "incomplete":
        other = attrs.evolve(other, incomplete=(Incomplete(kind),))
    if how == "not asked":
        other = attrs.evolve(other, asked=case.asked - {kind})
    return worked_out(shipped(), other)


def seen(finding: Finding) -> Any:
    """Outcome, people, figures and gaps of a finding."""
    return (
        finding.outcome,
        {(each.concerned, each.certain) for each in finding.witnesses},
        [(each.text, each.least, each.greatest, each.of_least, each.of_greatest) for each in finding.figures],
        {(each.sort, each.kind, each.subject) for each in finding.missing},
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_rule_is_as_it_was_whatever_becomes_of_a_list_that_it_does_not_read(engine: str, kind: str) -> None:
    """Whatever else is known or not known of the case; which lists a rule reads stands in the table."""
    rules = {rule for rule, effects in EFFECTS.items() if kind not in effects}

    @examples(2 if engine == "compiled" else 1)
    @given(numbers, numbers, st.sampled_from([0, 0, 2]), st.booleans())
    def tried(number: int, other: int, unknown: int, answers: bool) -> None:
        case = quick(shipped(), number, unknown=unknown, answers=answers)
        after = changed(case, kind, other)
        try:
            with at_most(SECONDS):
                old, new = findings(case, engine), findings(after, engine)
        except TooLong:
            reject()
        note(compact.text(case))
        note(compact.text(after))
        assert {key: seen(each) for key, each in new.items() if key[0] in rules} == {
            key: seen(each) for key, each in old.items() if key[0] in rules
        }

    repeated(tried, weight=0.2)


def test_what_is_only_expected_never_changes_the_outcome_of_a_case() -> None:
    """A case comes out as it would without those rules; and each counts where one asks for that."""
    book = Rulebook(shipped())
    must = {id_: each for id_, each in shipped().rules.items() if each.force != "expected"}
    assert len(must) < len(shipped().rules)
    without = Rulebook(attrs.evolve(shipped(), rules=must))

    # In this one nothing that must or should be is missing, so that only what is expected is left to count.
    good = plain(shipped(), 9, 9)
    good += [record(shipped(), "budget", **{"for": each}) for each in ("training", "volunteer costs")]
    said = tuple(Answer(each, (), "yes", when=JUDGED[0]) for each in shipped().rules)
    kinds = ["activities", "partners", "concerns", "membership forms", "reviews", "decisions"]
    options: dict[str, Any] = {"confirm": False, "readings": "adopted"}

    @examples(6)
    @given(numbers, st.booleans())
    def tried(number: int, in_order: bool) -> None:
        case = quick(shipped(), number)
        if in_order:
            rows = [each for each in given_rows(shipped(), case) if each.kind in kinds]
            case = attrs.evolve(case_of(shipped(), [*good, *rows], day=JUDGED[0]), answers=said)
        outcome = book.check(case, **options).outcome
        assert outcome is without.check(case, **options).outcome
        assert outcome == "conforms" or not in_order
        strict = book.check(case, fail_on="expected", **options)
        assert (strict.outcome == "conforms") == all(
            each.outcome in ("met", "not applicable") for each in strict.findings
        )

    tried()


# ---------------------------------------------------------------- two registers in one folder


def as_register(case: Case) -> str:
    """A case as a register that somebody would write; a date as text, `?` where a field is not known."""
    lists: dict[str, list[dict[str, object]]] = {each: [] for each in sorted(case.asked)}
    for fact in given_rows(shipped(), case):
        fields = shipped().vocabulary.kinds[fact.kind].fields
        row = {
            field.name: "?" if value is UNKNOWN else value if isinstance(value, int) else str(value)
            for field, value in zip(fields, fact.values, strict=True)
            if value is not None
        }
        lists.setdefault(fact.kind, []).append({**row, **({"certain": "no"} if fact.possible else {})})
    asked = {each: rows for each, rows in lists.items() if each in shipped().vocabulary.given}
    return json.dumps({"as of": str(case.as_of), **asked})


def reports(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[Any]]:
    """What `check` says of some registers."""
    options = ["--format", "json", "--names", "full", "--readings", "adopted", "--no-confirm"]
    status = main(["check", *words, *options])
    return status, json.loads(capsys.readouterr().out)["reports"]


def test_registers_in_one_folder_do_not_touch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each gives what it gives alone, the same people in all; one that cannot be used changes no other."""

    @examples(1)
    @given(st.tuples(numbers, numbers))
    def tried(chosen: tuple[int, int]) -> None:
        for old in tmp_path.iterdir():
            old.unlink()
        files = []
        for at, number in enumerate(chosen):
            files.append(tmp_path / f"r{at}.json")
            files[-1].write_text(as_register(quick(shipped(), number, unknown=at)), encoding="utf-8")
        files.insert(1, tmp_path / "r0 broken.json")
        files[1].write_text('{"people": [{"person": "p00", "age": 7}], "relations": 5}', encoding="utf-8")
        files.sort()
        alone = [reports(capsys, str(each)) for each in files]
        status, together = reports(capsys, str(tmp_path))
        assert together == [report for _, each in alone for report in each]
        assert [each for each, _ in alone].count(2) == 1
        assert status in {each for each, _ in alone}

    tried()
