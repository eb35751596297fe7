"""Which exceptions are seen to be apart: what is said to exclude each other never holds of one subject."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import bigrules
from amendments.society import write
from bigrules.language.meeting import apart

VOCABULARY = """
    people:
      lists: person
      fields:
        person: {is: person}
    seats:
      fields:
        person: {is: person}
        role: {one of: [chair, clerk, plain]}
        votes: {is: whole number, from: 0, to: 4}
        since: {is: date}
        paid: {is: yes or no}
      sentences:
        - <person> sits as <role> with <votes> votes since <since>
        - <person> has a seat as <role>
        - says: <person> is paid
          with: {paid: yes}
          otherwise: <person> is not paid
    """
SEATS = "<person> sits as <role> with <votes> votes since <since>"
CONDITIONS = (
    "<role> is chair", "<role> is one of chair, clerk", "<role> is not one of chair, clerk", "<role> is plain",
    "<votes> is at least 2", "<votes> is less than 2", "<votes> is at most 2", "<votes> is more than 2",
    "<since> is before 2018-01-01", "<since> is on or after 2018-01-01", "<since> is on or before 2018-01-01",
    "<since> is after 2018-01-01", "<person> is paid", "<person> is not paid",
    "<person> has a seat as <any role>", "{unless: <person> has a seat as <any role>}",
    "{any of: [<role> is chair, <person> is paid]}", "{unless: [<person> is paid, <role> is chair]}",
    "{any of: [<role> is plain, <role> is clerk]}",
)  # fmt: skip
APART = [
    ("<role> is chair", "<role> is not one of chair, clerk"), ("<role> is one of chair, clerk", "<role> is plain"),
    ("<votes> is at least 2", "<votes> is less than 2"), ("<votes> is at most 2", "<votes> is more than 2"),
    ("<since> is before 2018-01-01", "<since> is on or after 2018-01-01"),
    ("<since> is on or before 2018-01-01", "<since> is after 2018-01-01"),
    ("<person> is paid", "<person> is not paid"),
    ("<person> has a seat as <any role>", "{unless: <person> has a seat as <any role>}"),
    ("<role> is chair", "{any of: [<role> is plain, <role> is clerk]}"),
]  # fmt: skip
TOGETHER = [
    ("<votes> is at least 2", "<votes> is at most 2"), ("<role> is one of chair, clerk", "<role> is chair"),
    ("<since> is on or before 2018-01-01", "<since> is on or after 2018-01-01"),
    ("<role> is chair", "{any of: [<role> is chair, <person> is paid]}"),
]  # fmt: skip


def test_what_is_apart_never_meets(tmp_path: Path) -> None:
    """On random registers no subject meets both of two conditions that are said to be apart."""
    files = {
        "rulebook.yaml": "rulebook: Seats\nformat: 1\nversion: 1.0.0\nedition: '2018'\n",
        "vocabulary.yaml": VOCABULARY,
        **{
            f"rules/r{at}.yaml": f"rule: Not so\nforce: must\nfor each: {SEATS}\nnot allowed:\n  - {each}\n"
            "examples: [{given: [], then: not applicable}]\n"
            for at, each in enumerate(CONDITIONS)
        },
    }
    book = bigrules.load_rulebook(write(tmp_path / "seats", files))
    rules = {each: book.model.rules[f"rules/r{at}"] for at, each in enumerate(CONDITIONS)}
    said = {}
    for one, other in itertools.permutations(CONDITIONS, 2):
        first, second = rules[one].condition, rules[other].condition
        assert first is not None and second is not None
        said[one, other] = apart(rules[one], first, second)
    assert all(said[pair] == said[pair[::-1]] for pair in said)
    assert [pair for pair in APART if not said[pair]] == []
    assert [pair for pair in TOGETHER if said[pair]] == []
    rng = random.Random("seats")
    met = set()
    for _ in range(60):
        rows: list[dict[str, Any]] = [
            {"person": each, "role": rng.choice(("chair", "clerk", "plain")), "votes": rng.randrange(5),
             "since": rng.choice(("2017-12-31", "2018-01-01", "2018-01-02")), "paid": rng.choice(("yes", "no"))}
            for each in rng.choice(("a", "ab"))
        ]  # fmt: skip
        report = book.check(
            book.read({"people": [{"person": each} for each in "ab"], "seats": rows}, as_of="2018-06-01")
        )
        holds = {
            each: {one.subject for one in report[rule.id].findings if str(one.outcome) == "breached"}
            for each, rule in rules.items()
        }
        for one, other in said:
            if holds[one] & holds[other]:
                assert not said[one, other], (one, other, rows)
                met.add((one, other))
    # Nearly all that are not said to be apart do meet.
    assert len(met) > (len(said) - sum(said.values())) * 0.8
