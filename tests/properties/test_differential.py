"""Every engine and the oracle find the same, on random rulebooks and on the shipped one."""

from __future__ import annotations

import functools
import runpy
from pathlib import Path

import pytest
from hypothesis import event, given, note
from hypothesis import strategies as st

import compact
from bigrules.facts.case import Case
from bigrules.facts.examples import example_case
from bigrules.language import load, with_readings
from bigrules.language.model import Rulebook
from oracle import TooMany
from properties.agree import differences, oracle_findings
from properties.evaluators import ENGINES, shipped
from properties.long_run import examples, repeated
from random_rulebooks import amended, rulebook_of, rulebooks
from strategies import KNOWN, MIXED, Sorts, cases

CASES = sorted((Path(__file__).parents[1] / "cases" / "differences").glob("*.py"))
STRESS = sorted(
    path.parent for path in (Path(__file__).parents[1] / "language" / "stress").glob("*/rulebook.yaml")
)
ORDER = ("breached", "undecided", "judgement", "met", "not applicable")


def agree(rulebook: Rulebook, case: Case, engine: str, limit: int, test: str) -> None:
    """Fail where an engine and the oracle differ, with what is needed to see it again."""
    lines, followed = differences(rulebook, case, engine, limit, test)
    event(f"rules compared: {len(followed)}")
    if lines:
        note(compact.text(rulebook.vocabulary.kinds))
        note(compact.text(rulebook.definitions))
        note(compact.text({line.split(" for ")[0]: rulebook.rules[line.split(" for ")[0]] for line in lines}))
        note(compact.text(case))
    assert not lines, "\n".join(lines)


@functools.cache
def other_readings() -> list[Rulebook]:
    """The shipped rulebook with one reading changed, for each reading that can be run."""
    found = []
    for file in (*shipped().definitions.values(), *shipped().rules.values()):
        for reading in file.other_readings:
            if reading.runs:
                changed, diagnostics = with_readings(shipped(), {file.id: reading.name})
                assert changed is not None, diagnostics
                found.append(changed)
    assert found
    return found


# Half are drawn so that a failure can be made smaller; half are drawn fast, and are more various.
any_rulebook = rulebooks() | st.integers(0, 2**60).map(rulebook_of)


@pytest.mark.parametrize("engine", ENGINES)
def test_random_rulebooks_on_cases_of_which_everything_is_known(engine: str) -> None:
    """Outcomes, people concerned and figures."""

    @examples(60 if engine == "compiled" else 30)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        rulebook = data.draw(any_rulebook)
        agree(rulebook, data.draw(cases(rulebook, sorts=KNOWN)), engine, 600, "everything known")

    repeated(tried, weight=12)


@pytest.mark.parametrize("engine", ENGINES)
def test_random_rulebooks_on_cases_with_every_sort_of_unknown(engine: str) -> None:
    """No outcome contradicts a completion, and undecided is never said where all completions agree."""

    @examples(20 if engine == "compiled" else 8)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        rulebook = data.draw(any_rulebook)
        sorts = data.draw(st.sampled_from(MIXED))
        agree(rulebook, data.draw(cases(rulebook, sorts=sorts)), engine, 250, "with every sort of unknown")

    repeated(tried, weight=18)


@pytest.mark.parametrize("engine", ENGINES)
def test_rulebooks_as_amended(engine: str) -> None:
    """A rulebook in which something is as an amendment, or another reading, would have it."""

    @examples(12 if engine == "compiled" else 5)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        rulebook = data.draw(any_rulebook)
        amended_ = data.draw(amended(rulebook))
        case = data.draw(cases(rulebook, sorts=data.draw(st.sampled_from((KNOWN, *MIXED)))))
        agree(amended_, case, engine, 250, "as amended")

    repeated(tried, weight=5)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_shipped_rules_on_small_cases(engine: str) -> None:
    """The same on the rules that are shipped, with any of their readings."""
    sorts = Sorts(unknown=2, not_asked=1, incomplete=1, no_row=True, answers=True)

    @examples(10)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        every = list(shipped().vocabulary.kinds)
        held = data.draw(st.lists(st.sampled_from(every), min_size=3, max_size=6, unique=True))
        case = data.draw(cases(shipped(), people=(2, 3), rows=2, sorts=sorts, kinds=held))
        rulebook = data.draw(st.just(shipped()) | st.sampled_from(other_readings()))
        agree(rulebook, case, engine, 100, "shipped rules")

    repeated(tried, weight=5)


@pytest.mark.parametrize("book", STRESS, ids=lambda path: path.name)
@pytest.mark.parametrize("engine", ENGINES)
def test_rulebooks_unlike_the_guidance_on_small_cases(engine: str, book: Path) -> None:
    """The same on the rulebooks that are there to show what the language can say."""
    loaded, _ = load(book)
    assert loaded is not None

    @examples(2)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        case = data.draw(cases(loaded, people=(2, 3), rows=3, sorts=data.draw(st.sampled_from(MIXED))))
        agree(loaded, case, engine, 150, "stress rulebooks")

    repeated(tried, weight=0.25)


@pytest.mark.parametrize("path", CASES, ids=[each.stem for each in CASES])
@pytest.mark.parametrize("engine", ENGINES)
def test_what_once_differed_agrees(engine: str, path: Path) -> None:
    """Each file under `tests/cases/differences` holds a rulebook and a case on which an engine was once wrong."""
    made = runpy.run_path(str(path))
    lines, followed = differences(made["RULEBOOK"], made["CASE"], engine, limit=5_000, test="kept cases")
    assert followed
    if made.get("WAITS"):
        pytest.xfail(made["WAITS"]) if lines else pytest.fail("it agrees now: take `WAITS` out")
    assert not lines, "\n".join(lines)


def test_every_example_of_the_shipped_rules_comes_out_in_the_oracle() -> None:
    """The examples in the rule files are worked out by hand: the oracle agrees with them."""
    tried = 0
    for rule in shipped().rules.values():
        for example in rule.examples:
            try:
                found, followed = oracle_findings(
                    shipped(), example_case(shipped(), example), 2_000, [rule.id]
                )
            except TooMany:
                continue
            if not followed or not example.then:
                continue
            tried += 1
            outcomes = {str(each.outcome) for each in found.values()}
            worst = next(each for each in ORDER if each in outcomes)
            assert worst == example.then, f"{rule.id}: {example.name}"
    assert tried > 50
