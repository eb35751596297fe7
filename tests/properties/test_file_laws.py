"""Laws about the files of a rulebook: their order, the order in them, and core form, make no difference."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bigrules.facts.case import Case
from bigrules.findings.judge import judge
from bigrules.findings.report import Outcome
from bigrules.language import load, shipped_path
from bigrules.language.model import Rulebook
from bigrules.program.compile import compile_program
from bigrules.tools.examples import run_examples
from properties.agree import FURTHER_RECORDS
from strategies import KNOWN, MIXED, cases

STRESS = Path(__file__).parents[1] / "language" / "stress"
BOOKS = [Path(shipped_path()), *sorted(path.parent for path in STRESS.glob("*/rulebook.yaml"))]
# Under these keys a list holds conditions of which the order does not matter.
CONDITIONS = (
    *("for each", "only if", "required", "not allowed", "among", "where", "holds when", "people decide when"),
    *("any of", "all of", "unless", "ever", "when"),
)
# What stands under these is no condition of the rule itself.
OTHER = ("examples", "other readings", "adopted reading", "show")


def shuffled(thing: Any, order: random.Random, key: str = "") -> Any:
    """A file with its keys and its lists of conditions in another order."""
    if isinstance(thing, dict):
        keys = order.sample(list(thing), len(thing))
        # What a recorded answer is about is named in the order of `for each`: there it means something.
        left = (*OTHER, "for each") if "ask" in thing else OTHER
        return {each: thing[each] if each in left else shuffled(thing[each], order, each) for each in keys}
    if isinstance(thing, list):
        items = [shuffled(each, order, key) for each in thing]
        return order.sample(items, len(items)) if key in CONDITIONS else items
    return thing


def absent(thing: Any, _: random.Random) -> Any:
    """A rule that allows none of something, as one that requires that there is none of it."""
    given = thing.get("for each", [])
    # Where `for each` asks for just what is not allowed, that there be none of it can never hold, and loading says so.
    if "not allowed" not in thing or thing["not allowed"] in ([given] if isinstance(given, str) else given):
        return thing
    changed = dict(thing)
    # A change of another reading is found by the text of what it changes, which is no more beside that key.
    changed.pop("other readings", None)
    changed.pop("adopted reading", None)
    changed["required"] = [{"unless": changed.pop("not allowed")}]
    changed["examples"] = [
        {name: each for name, each in example.items() if name != "concerns"}
        for example in changed.get("examples", [])
    ]
    return changed


def rewritten(book: Path, folder: Path, change: Any, order: random.Random) -> Rulebook:
    """A rulebook whose files are written again, one after the other in another order, and loaded."""
    files = sorted(book.rglob("*.yaml"))
    for path in order.sample(files, len(files)):
        with path.open(encoding="utf-8") as stream:
            content = yaml.load(stream, yaml.BaseLoader)
        is_rule = isinstance(content, dict) and ("rule" in content or "definition" in content)
        if is_rule:
            content = change(content, order)
        target = folder / path.relative_to(book)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10_000)
        target.write_text(text, encoding="utf-8")
    rulebook, found = load(folder)
    assert rulebook is not None, "\n".join(map(str, found))
    assert [str(each) for each in found] == []
    return rulebook


def same_findings(one: Rulebook, other: Rulebook, people: bool) -> None:
    """Both find the same on random cases."""
    programs = [(book, compile_program(book)) for book in (one, other)]
    kinds = list(one.vocabulary.kinds)

    def found(book: Rulebook, program: Any, case: Case) -> dict[object, object]:
        made = judge(book, program, case, further=FURTHER_RECORDS)
        return {
            (each.rule, each.subject, each.further): (
                each.outcome,
                {witness.concerned for witness in each.witnesses} if people else None,
                [
                    (figure.least, figure.greatest, figure.of_least, figure.of_greatest)
                    for figure in each.figures
                ],
            )
            for each in made
            if each.settled and (people or each.outcome is not Outcome.NOT_APPLICABLE)
        }

    @settings(max_examples=max(4, settings.default.max_examples // 15))
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        held = data.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=6, unique=True))
        sorts = data.draw(st.sampled_from((KNOWN, *MIXED[:2])))
        case = data.draw(cases(one, people=(2, 3), rows=2, sorts=sorts, kinds=held))
        first, second = (found(*each, case) for each in programs)
        assert first == second

    tried()


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_the_order_of_files_keys_and_lists_makes_no_difference(book: Path, tmp_path: Path) -> None:
    """The rulebook loads without a word, its examples come out, and it finds the same on random cases."""
    original, _ = load(book)
    assert original is not None
    other = rewritten(book, tmp_path / "book", shuffled, random.Random(7))
    faults, ran = run_examples(other)
    assert [str(each) for each in faults] == []
    assert ran == run_examples(original)[1]
    same_findings(original, other, people=True)


WITH_BANS = [
    each
    for each in BOOKS
    if any("\nnot allowed:" in path.read_text("utf-8") for path in each.rglob("*.yaml"))
]


@pytest.mark.parametrize("book", WITH_BANS, ids=lambda path: path.name)
def test_what_is_not_allowed_may_be_written_as_what_there_must_be_none_of(book: Path, tmp_path: Path) -> None:
    """The examples come out, and the outcomes are the same; who is concerned is told by the form that names them."""
    original, _ = load(book)
    assert original is not None
    other = rewritten(book, tmp_path / "book", absent, random.Random(7))
    faults, ran = run_examples(other)
    assert [str(each) for each in faults] == []
    assert ran >= 4
    same_findings(original, other, people=False)
