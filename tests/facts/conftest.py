"""A small rulebook by hand, so that these tests stand whatever the shipped rules say."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from bigrules.diagnostics import Diagnostic
from bigrules.facts import read_register
from bigrules.facts.case import Case
from bigrules.language.model import (
    Atom,
    Blank,
    Definition,
    Field,
    Kind,
    Rule,
    Rulebook,
    Sentence,
    Type,
    Vocabulary,
)

PERSON, DECISION, HOUSEHOLD = Type("person"), Type("decision"), Type("household")
YES_OR_NO = Type("yes or no", ("yes", "no"))
DATE = Type("date")
FROM, UNTIL = Field("from", DATE, Blank("by now")), Field("until", DATE, Blank("nothing"))


def choice(*words: str) -> Type:
    return Type("one of", words)


def make_rulebook() -> Rulebook:
    kinds = (
        Kind("people", (Field("person", PERSON), Field("born", DATE)), lists="person", help="The people."),
        Kind(
            "memberships",
            (
                Field("person", PERSON, nobody=("vacant", "vacancy")),
                Field("capacity", choice("member", "co-opted member", "observer"), Blank("value", "member")),
                Field("voting", YES_OR_NO, asks="Does <person> have a vote?"),
                FROM,
                UNTIL,
            ),
            (
                Sentence("<person> holds a membership", ("person",)),
                Sentence("<person> has a vote", ("person",), (("voting", "yes"),)),
            ),
            dated=True,
            asks="Who are the members?",
        ),
        Kind(
            "homes",
            (Field("person", PERSON), Field("in the area", YES_OR_NO), FROM, UNTIL),
            (Sentence("<person> has a home inside the area", ("person",), (("in the area", "yes"),)),),
            dated=True,
            one_for_each="person",
        ),
        Kind(
            "households",
            (Field("person", PERSON), Field("household", HOUSEHOLD)),
            (Sentence("<person> belongs to <household>", ("person", "household")),),
            no_row="somebody without a household lives alone",
        ),
        Kind(
            "relations",
            (
                Field("person", PERSON, Blank("required")),
                Field("other", PERSON, Blank("required")),
                Field("kind", choice("married", "parent", "child", "friends")),
            ),
            (
                Sentence("<person> and <other> are recorded as <kind>", ("person", "other", "kind")),
                Sentence(
                    "<person> is a parent of <other>",
                    ("person", "other"),
                    (("kind", "parent"),),
                    acyclic=True,
                ),
                Sentence(
                    "<other> is a parent of <person>", ("other", "person"), (("kind", "child"),), acyclic=True
                ),
            ),
        ),
        Kind(
            "decisions",
            (
                Field("decision", DECISION),
                Field("day", DATE, happened=True),
                Field("about", choice("contract", "grant", "other")),
            ),
            (
                Sentence("<decision> was taken on <day>", ("decision", "day")),
                Sentence("<decision> is about a grant", ("decision",), (("about", "grant"),)),
            ),
            lists="decision",
        ),
        Kind(
            "taking part",
            (Field("person", PERSON), Field("decision", DECISION), Field("how", choice("voted", "absent"))),
            (Sentence("<person> voted in <decision>", ("person", "decision"), (("how", "voted"),)),),
        ),
        Kind(
            "seats",
            (
                Field("seat", Type("whole number", (), 1, 20), Blank("required")),
                Field("person", PERSON),
                Field("votes", Type("number")),
                Field("remark", Type("text")),
            ),
            (Sentence("<person> has seat <seat>", ("person", "seat")),),
            key=("seat",),
        ),
    )
    asked = Atom("relations", ())
    return Rulebook(
        name="A rulebook for tests",
        format=1,
        version="1",
        edition="1",
        digest="",
        body="the partnership",
        vocabulary=Vocabulary({each.name: each for each in kinds}, ("person", "decision", "household")),
        definitions={
            "definitions/related": Definition(
                "definitions/related",
                "<person> and <other> are related",
                ("person", "other"),
                (PERSON, PERSON),
                people_decide=asked,
                ask="Do <person> and <other> count as family here?",
                symmetric=True,
            ),
            "definitions/member": Definition(
                "definitions/member", "<person> is a member", ("person",), (PERSON,)
            ),
        },
        rules={
            "criteria/reflects": Rule(
                "criteria/reflects", "Members reflect the area", form="ask", ask="Do they?"
            ),
            "conflicts/fair": Rule(
                "conflicts/fair",
                "Each decision is fair",
                subject=("decision",),
                types={"decision": DECISION},
                form="ask",
                ask="Is <decision> fair?",
            ),
        },
        clauses={},
    )


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return make_rulebook()


@attrs.frozen
class Result:
    """What reading gave."""

    case: Case | None
    found: list[Diagnostic]

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.found]

    @property
    def only(self) -> Diagnostic:
        assert len(self.found) == 1, "\n".join(map(str, self.found))
        return self.found[0]

    def facts(self, kind: str) -> list[tuple[Any, ...]]:
        assert self.case is not None, "\n".join(map(str, self.found))
        return [each.values for each in self.case.facts if each.kind == kind]


Read = Callable[..., Result]


@pytest.fixture(scope="session")
def read(rulebook: Rulebook) -> Read:
    """Reads a register; judged as of 1 June 2018 where nothing else is said."""

    def reads(source: object, as_of: str | datetime.date | None = "2018-06-01") -> Result:
        return Result(*read_register(rulebook, source, as_of))

    return reads
