"""Every engine and the oracle find the same, on random rulebooks and on the shipped one."""

from __future__ import annotations

import functools
import runpy
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs
import pytest
from hypothesis import event, given, note
from hypothesis import strategies as st

import compact
from bigrules.facts.case import Case
from bigrules.facts.examples import example_case
from bigrules.language import load, with_readings
from bigrules.language.model import Atom, Rule, Rulebook
from oracle import TooMany
from oracle.reads import parts, reads
from partnerships import JUDGED, partnerships
from properties.agree import FURTHER_RECORDS, differences, oracle_findings
from properties.evaluators import ENGINES, shipped
from properties.long_run import examples, repeated
from random_rulebooks import amended, rulebook_of, rulebooks
from strategies import KNOWN, MIXED, cases

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
def other_readings(rule: str) -> list[Rulebook]:
    """The shipped rulebook with one reading changed, for each that can be run and that the rule could notice."""
    read = reads(shipped(), {rule})
    found = []
    for file in (*shipped().definitions.values(), *shipped().rules.values()):
        for reading in file.other_readings:
            if reading.runs and (file.id in read.modes or file.id in read.rules):
                changed, diagnostics = with_readings(shipped(), {file.id: reading.name})
                assert changed is not None, diagnostics
                found.append(changed)
    for kind in read.columns:
        for reading in shipped().vocabulary.kinds[kind].other_readings:
            changed, diagnostics = with_readings(shipped(), {"vocabulary": reading.name})
            assert changed is not None, diagnostics
            found.append(changed)
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


def about(rulebook: Rulebook, rule: str, others: Sequence[str]) -> tuple[Rulebook, list[str]]:
    """The rulebook with one rule, those that it asks about and some others; and the lists that the one reads."""
    wanted = reads(rulebook, {rule, *others}).rules
    lists = dict.fromkeys(rulebook.vocabulary.asked_under(each) for each in reads(rulebook, {rule}).columns)
    few = {id_: each for id_, each in rulebook.rules.items() if id_ in wanted}
    return attrs.evolve(rulebook, rules=few), [each for each in lists if each in rulebook.vocabulary.given]


@pytest.mark.parametrize("engine", ENGINES)
def test_each_shipped_rule_on_small_cases(engine: str) -> None:
    """The same on the rules that are shipped, on cases with the facts that a rule reads, on days about a window."""
    every = list(shipped().vocabulary.given)

    def tried_on(rule: str) -> Callable[[], None]:
        @examples(3 if engine == "compiled" else 1)
        @given(st.data())
        def tried(data: st.DataObject) -> None:
            rulebook = data.draw(st.just(shipped()) | st.sampled_from([shipped(), *other_readings(rule)]))
            others = data.draw(st.lists(st.sampled_from(list(rulebook.rules)), max_size=2))
            few, lists = about(rulebook, rule, others)
            held = [*lists, *data.draw(st.lists(st.sampled_from(every), max_size=2))]
            sorts = data.draw(st.sampled_from((KNOWN, *MIXED)))
            day = data.draw(st.sampled_from(JUDGED))
            case = data.draw(cases(rulebook, people=(2, 3), rows=3, sorts=sorts, kinds=held, as_of=day))
            agree(few, case, engine, 100, "shipped rules")

        return tried

    for rule in shipped().rules:
        repeated(tried_on(rule), weight=10 / len(shipped().rules))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_shipped_rules_on_whole_partnerships(engine: str) -> None:
    """All rules at once on partnerships in which conflicts are likely, everything known or a few things not."""

    @examples(8 if engine == "compiled" else 3)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        unknown = data.draw(st.sampled_from([0, 0, 2]))
        case = data.draw(partnerships(shipped(), members=(0, 9), unknown=unknown, days=JUDGED))
        agree(shipped(), case, engine, 60, "shipped rules on whole partnerships")

    repeated(tried, weight=3)


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


def further_of(rule: Rule) -> int:
    """So many further records of a list, if it was not asked, that all may be there that a rule requires at once."""
    required = [each for each in parts(rule.condition) if isinstance(each, Atom)]
    return max(FURTHER_RECORDS, *Counter(each.predicate for each in required).values(), 0)


def test_every_example_of_the_shipped_rules_comes_out_in_the_oracle() -> None:
    """The examples in the rule files are worked out by hand: the oracle agrees with them."""
    tried = 0
    for rule in shipped().rules.values():
        for example in rule.examples:
            try:
                case = example_case(shipped(), example)
                found, followed = oracle_findings(shipped(), case, 500, [rule.id], further_of(rule))
            except TooMany:
                continue
            if not followed or not example.then:
                continue
            tried += 1
            outcomes = {str(each.outcome) for each in found.values()}
            worst = next(each for each in ORDER if each in outcomes)
            assert worst == example.then, f"{rule.id}: {example.name}"
    assert tried > 50
