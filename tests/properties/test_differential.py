"""Every engine and the oracle find the same, on random rulebooks and on the shipped one."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from hypothesis import event, given, note, settings
from hypothesis import strategies as st

import compact
from bigrules.facts.case import Case
from bigrules.facts.examples import example_case
from bigrules.language.model import Rulebook
from oracle import TooMany
from properties.agree import differences, oracle_findings
from properties.evaluators import ENGINES, fewer, shipped
from random_rulebooks import rulebooks
from strategies import KNOWN, Sorts, cases

CASES = sorted((Path(__file__).parents[1] / "cases" / "differences").glob("*.py"))
ORDER = ("breached", "undecided", "judgement", "met", "not applicable")


def agree(rulebook: Rulebook, case: Case, engine: str, limit: int) -> None:
    """Fail where an engine and the oracle differ, with what is needed to see it again."""
    lines, followed = differences(rulebook, case, engine, limit)
    event(f"rules compared: {len(followed)}")
    if lines:
        note(compact.text(rulebook.vocabulary.kinds))
        note(compact.text(rulebook.definitions))
        note(compact.text({line.split(" for ")[0]: rulebook.rules[line.split(" for ")[0]] for line in lines}))
        note(compact.text(case))
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("engine", ENGINES)
def test_random_rulebooks_on_cases_of_which_everything_is_known(engine: str) -> None:
    """Outcomes, people concerned and figures."""

    @settings(max_examples=settings.default.max_examples * (2 if engine == "compiled" else 1))
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        rulebook = data.draw(rulebooks())
        agree(rulebook, data.draw(cases(rulebook, sorts=KNOWN)), engine, limit=600)

    tried()


@pytest.mark.parametrize("engine", ENGINES)
def test_random_rulebooks_on_cases_with_every_sort_of_unknown(engine: str) -> None:
    """No outcome contradicts a completion, and undecided is never said where all completions agree."""

    @settings(max_examples=settings.default.max_examples // (1 if engine == "compiled" else 3))
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        rulebook = data.draw(rulebooks())
        agree(rulebook, data.draw(cases(rulebook)), engine, limit=250)

    tried()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_shipped_rules_on_small_cases(engine: str) -> None:
    """The same on the rules that are shipped."""
    sorts = Sorts(unknown=2, not_asked=1, incomplete=1, no_row=True, answers=True)

    @fewer(3)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        every = list(shipped().vocabulary.kinds)
        held = data.draw(st.lists(st.sampled_from(every), min_size=3, max_size=6, unique=True))
        case = data.draw(cases(shipped(), people=(2, 3), rows=2, sorts=sorts, kinds=held))
        agree(shipped(), case, engine, limit=100)

    tried()


@pytest.mark.parametrize("path", CASES, ids=[each.stem for each in CASES])
@pytest.mark.parametrize("engine", ENGINES)
def test_what_once_differed_agrees(engine: str, path: Path) -> None:
    """Each file under `tests/cases/differences` holds a rulebook and a case on which an engine was once wrong."""
    made = runpy.run_path(str(path))
    lines, followed = differences(made["RULEBOOK"], made["CASE"], engine, limit=5_000)
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
