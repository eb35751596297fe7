"""Which findings turn on how a word is read: on a rulebook of which every reading is worked out by hand."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bigrules.diagnostics import InputError
from bigrules.facts.case import Fact
from bigrules.findings import readings
from bigrules.findings.judge import judge
from bigrules.findings.readings import choices_of, files_of, turned
from bigrules.findings.report import Outcome
from bigrules.language.model import AnyOf, Exception_, NoneOf, OutcomeIs, Reading, Rulebook
from bigrules.program.compile import compile_program
from oracle.hand import PERSON, all_of, atom, case, definition, fact, kind, limit, rule, rulebook

TYPES = {"p": PERSON, "q": PERSON}
MET, BREACHED, NOT_APPLICABLE = Outcome.MET, Outcome.BREACHED, Outcome.NOT_APPLICABLE


def reading(name: str, runs: bool = True) -> Reading:
    """A reading with that name."""
    return Reading(name, runs=runs)


def book(chosen: dict[str, str]) -> Rulebook:
    """Three must count; each who counts wears a badge, except helpers. Visitors may count, and two be enough."""
    import attrs

    member, visitor = kind("member", person=PERSON), kind("visitor", person=PERSON)
    badge, helper, unread = (kind(each, person=PERSON) for each in ("badge", "helper", "unread"))
    badge = attrs.evolve(
        badge, other_readings=(reading("everybody wears one"), reading("said only", runs=False))
    )
    unread = attrs.evolve(unread, other_readings=(reading("of no matter"),))
    counting = AnyOf((atom("member", "<p>"), atom("visitor", "<p>")))
    counts = definition(
        "counts", "p", (PERSON,),
        holds=counting if chosen.get("counts") == "visitors too" else atom("member", "<p>"),
        other_readings=(reading("visitors too"), reading("cannot be read")),
    )  # fmt: skip
    enough = {"two are enough": 2, "one is enough": 1}.get(chosen.get("size", ""), 3)
    size = rule(
        "size", condition=limit("number", "p", atom("counts", "<p>"), "at least", enough), types=TYPES,
        other_readings=(reading("two are enough"), reading("one is enough"), reading("said only", runs=False)),
    )  # fmt: skip
    wears = atom("badge", "<p>") if chosen.get("vocabulary") is None else atom("counts", "<p>")
    badges = rule(
        "badges", given=atom("counts", "<p>"), condition=wears, subject=("p",), types=TYPES,
        exceptions=(Exception_("helpers", atom("helper", "<p>")),),
    )  # fmt: skip
    alone = rule("alone", form="not allowed", condition=atom("helper", "<p>"), types=TYPES)
    return rulebook([member, visitor, badge, helper, unread], [size, badges, alone], [counts])


class Prepared:
    """Rulebooks with readings, as the real one prepares them; and what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[tuple[str, str], ...], frozenset[str]]] = []

    def _choices(
        self, adopted: Rulebook, chosen: tuple[tuple[str, str], ...], together: bool, day: datetime.date
    ) -> Any:
        return choices_of(adopted, chosen, together)

    def _prepared(
        self, chosen: tuple[tuple[str, str], ...], rules: frozenset[str], day: datetime.date
    ) -> Any:
        self.asked.append((chosen, rules))
        if ("counts", "cannot be read") in chosen:
            raise InputError(())
        made = book(dict(chosen))
        return made, compile_program(made, [each for each in made.rules if each in rules])


def turns(
    *facts: Fact, chosen: tuple[tuple[str, str], ...] = (), together: bool = False, sure: bool = True
) -> tuple[dict[str, Any], list[str], Prepared]:
    """What each finding is and turns on, and notes."""
    adopted, prepared = book(dict(chosen)), Prepared()
    made = case(adopted, *facts)
    findings = judge(adopted, compile_program(adopted), made)
    known = frozenset(adopted.rules) if sure else frozenset[str]()
    found, notes = turned(prepared, adopted, made, findings, chosen, together, known)  # type: ignore[arg-type]
    told = {
        f"{each.rule} {''.join(str(value) for _, value in each.subject)}".strip(): (
            each.outcome, [(turn.file, turn.reading, turn.outcome) for turn in each.turns],
        )
        for each in found
    }  # fmt: skip
    return told, notes, prepared


UNREAD = "the reading “cannot be read” (counts) could not be tried"


@pytest.mark.parametrize("sure", [True, False])
def test_each_reading_is_tried_alone(sure: bool) -> None:
    """Two members without badges: two would be enough, and so would one; without visitors these count for nothing."""
    told, notes, prepared = turns(fact("member", "a"), fact("member", "b"), fact("badge", "a"), sure=sure)
    assert told == {
        "size": (BREACHED, [("size", "one is enough", MET), ("size", "two are enough", MET)]),
        "badges a": (MET, []),
        "badges b": (BREACHED, [("vocabulary", "everybody wears one", MET)]),
        "alone": (MET, []),
    }
    assert notes == [UNREAD]
    # Each is tried for the rules that hang on it, and for no other; what is only said is not tried.
    assert sorted(prepared.asked) == [
        ((("counts", "cannot be read"),), {"size", "badges"}), ((("counts", "visitors too"),), {"size", "badges"}),
        ((("size", "one is enough"),), {"size"}), ((("size", "two are enough"),), {"size"}),
        ((("vocabulary", "everybody wears one"),), {"badges"}),
    ]  # fmt: skip


def test_whom_a_rule_is_about_may_turn_on_a_reading() -> None:
    """The visitor is nobody whom the rule is about, unless visitors count; a helper is exempt either way."""
    facts = [
        fact("member", "a"),
        fact("badge", "a"),
        fact("visitor", "v"),
        fact("visitor", "h"),
        fact("helper", "h"),
    ]
    told, _, _ = turns(*facts)
    assert told == {
        "size": (BREACHED, [("counts", "visitors too", MET), ("size", "one is enough", MET)]),
        "badges a": (MET, []),
        "badges v": (NOT_APPLICABLE, [("counts", "visitors too", BREACHED)]),
        "alone": (BREACHED, []),
    }


def test_of_readings_together_only_what_none_of_them_brings_about_alone_is_told() -> None:
    """A member and a visitor: two are enough if visitors count; that one is enough needs nothing more."""
    facts = [fact("member", "a"), fact("badge", "a"), fact("visitor", "v"), fact("badge", "v")]
    alone, _, _ = turns(*facts)
    assert alone["size"] == (BREACHED, [("size", "one is enough", MET)])
    told, notes, prepared = turns(*facts, together=True)
    both = ("counts and size", "visitors too and two are enough", MET)
    assert told["size"] == (BREACHED, [("size", "one is enough", MET), both])
    assert [len(choice) for choice, _ in prepared.asked] == sorted(
        len(choice) for choice, _ in prepared.asked
    )
    assert ((("counts", "visitors too"), ("size", "two are enough")), {"size"}) in prepared.asked
    assert notes[0] == UNREAD
    assert "the reading “cannot be read” (counts) and “two are enough” (size) could not be tried" in notes
    assert len(set(notes)) == len(notes)


def test_readings_that_were_chosen_stay() -> None:
    """Two are enough, and others are tried beside that."""
    facts = [fact("member", "a"), fact("badge", "a"), fact("visitor", "v"), fact("badge", "v")]
    told, _, prepared = turns(*facts, chosen=(("size", "two are enough"),))
    assert told["size"] == (BREACHED, [("counts", "visitors too", MET)])
    assert all(("size", "two are enough") in choice for choice, _ in prepared.asked)
    assert not any(("size", "one is enough") in choice for choice, _ in prepared.asked)


def test_only_so_many_are_tried_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """And that is said, once for each rule."""
    monkeypatch.setattr(readings, "MOST_TOGETHER", 2)
    _, notes, prepared = turns(fact("member", "a"), together=True)
    said = [each for each in notes if "together" in each]
    assert said == [f"of the readings of {each} together, 2 were tried and not all" for each in ("size",)]
    assert sum(len(choice) > 1 and "size" in rules for choice, rules in prepared.asked) == 2
    monkeypatch.setattr(readings, "MOST_TOGETHER", 4)
    _, notes, _ = turns(fact("member", "a"), together=True)
    assert not any("together" in each for each in notes)


def test_all_files_that_an_outcome_hangs_on() -> None:
    """Definitions, kinds, rules that are asked about, exceptions and exceptions to them, at any depth."""
    kinds = [kind(each, person=PERSON) for each in ("one", "two", "three", "four", "five", "six", "other")]
    inner = definition("inner", "p", (PERSON,), people_decide=atom("two", "<p>"))
    outer = definition(
        "outer", "p", (PERSON,), holds=all_of(atom("inner", "<p>"), NoneOf(atom("three", "<p>")))
    )
    tree = (Exception_("e", atom("four", "<p>"), unless=(Exception_("f", atom("five", "<p>")),)),)
    first = rule(
        "first", condition=atom("outer", "<p>"), given=atom("one", "<p>"), exceptions=tree, types=TYPES
    )
    second = rule("second", form="not allowed", condition=OutcomeIs("first", "breached"), types=TYPES)
    asks = rule("asks", form="ask", given=atom("six", "<p>"), subject=("p",), types=TYPES)
    made = rulebook(kinds, [first, second, asks], [inner, outer])
    mine = {
        "first",
        "outer",
        "inner",
        *(f"vocabulary:{each}" for each in ("one", "two", "three", "four", "five")),
    }
    assert files_of(made, "first") == mine
    assert files_of(made, "second") == mine | {"second"}
    assert files_of(made, "asks") == {"asks", "vocabulary:six"}
