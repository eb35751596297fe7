"""What examples ought to reach: for each sort of branch, examples that leave just that one out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bigrules.tools.coverage import coverage
from bigrules.tools.examples import run_examples
from language.books import book

EIGHT = """\
rule: There are at least eight
force: must
required:
  number of: <person>
  among: <person> is a member
  at least: 8
examples:
"""
MET_8 = "  - {given: [<1 to 8> is a member], then: met}\n"
NOBODY = "  - {given: [], then: breached}\n"
BREACHED_7 = "  - {given: [<1 to 7> is a member], then: breached}\n"
HALF = """\
rule: At least half have a vote
force: must
required:
  share of: <person>
  among: <person> is a member
  where: <person> has a vote
  at least: 50%
examples:
  - {given: [], then: not applicable}
"""
VOTES = "  - {{given: [<1 to {0}> is a member, <1 to {1}> has a vote, not: <{2} to {0}> has a vote], then: {3}}}\n"
NONE_VOTES = "  - {given: [ann is a member], then: breached}\n"
ONE = """\
rule: No parent votes beside a child
force: must
not allowed:
  - <one> has a vote
  - <one> is a parent of <other>
  - <other> has a vote
examples:
"""
BOTH = "  - {given: [<ann> is a parent of <bob>, <ann> has a vote, <bob> has a vote], then: breached}\n"
NOT_PARENT = "  - {given: [<ann> has a vote, <bob> has a vote], then: met}\n"
ONLY_ANN = "  - {given: [<ann> is a parent of <bob>, <ann> has a vote, <bob> has no vote], then: met}\n"
ONLY_BOB = "  - {given: [<ann> is a parent of <bob>, <bob> has a vote, <ann> has no vote], then: met}\n"
ANY = """\
rule: Somebody votes or writes
force: must
only if: <any person> is a member
required:
  any of:
    - <any person> has a vote
    - <any person> wrote on <any day>
examples:
"""
VOTE = "  - {given: [<ann> is a member, <ann> has a vote], then: met}\n"
WROTE = "  - {given: [<ann> is a member, <ann> has no vote, <bob> wrote on <2018-05-01>], then: met}\n"
NEITHER = "  - {given: [<ann> is a member, <ann> has no vote], then: breached}\n"
NO_MEMBER = "  - {given: [<bob> wrote on <2018-05-01>], then: not applicable}\n"
EXCEPT = """\
rule: Members have a vote
force: must
for each: <person> is a member
required: <person> has a vote
unless:
  - when: <person> wrote on <any day>
    unless:
      - when: <person> is a parent of <any other>
  - when: <any other> is a parent of <person>
examples:
  - {given: [<ann> is a member, <ann> has a vote], then: met}
  - {given: [<ann> is a member, <ann> has no vote], then: breached}
"""


def missed(folder: Path, text: str, id: str = "rule") -> set[str]:
    """What no example of a file reaches, each with its line."""
    rulebook = book(folder, {f"{id}.yaml": text})
    assert run_examples(rulebook)[0] == []
    found = coverage(rulebook, id)
    assert all(each.file == f"{id}.yaml" for each in found)
    return {f"{each.line}: {each.misses}" for each in found if not each.reached}


def test_a_file_without_examples_reaches_nothing(tmp_path: Path) -> None:
    assert missed(tmp_path, EIGHT.removesuffix("examples:\n")) == {
        "1: no example comes out as `met`",
        "1: no example comes out as `breached`",
        "5: `<person> is a member` never holds",
        "5: `<person> is a member` always holds",
        "6: `at least: 8` is never kept",
        "6: `at least: 8` is never broken",
        "6: `at least: 8`: no example has the least that is enough",
        "6: `at least: 8`: no example has the most that is too few",
    }


@pytest.mark.parametrize(
    ("examples", "expected"),
    [
        (MET_8 + NOBODY + BREACHED_7, set()),
        (MET_8 + NOBODY, {"6: `at least: 8`: no example has the most that is too few"}),
        (MET_8 + BREACHED_7, {"5: `<person> is a member` always holds"}),
        (MET_8.replace("8", "9") + NOBODY + BREACHED_7, {
            "6: `at least: 8`: no example has the least that is enough",
        }),
    ],
)  # fmt: skip
def test_a_number(tmp_path: Path, examples: str, expected: set[str]) -> None:
    assert missed(tmp_path, EIGHT + examples) == expected


@pytest.mark.parametrize(
    ("met", "breached", "expected"),
    [
        # Two of four are just half, and one of four is the first that is not.
        ((4, 2), (4, 1), set()),
        # Three of four: with one fewer it would still be half.
        ((4, 3), (4, 1), {"7: `at least: 50%`: no example has the least that is enough"}),
        # One of five: with one more it would still be less than half.
        ((4, 2), (5, 1), {"7: `at least: 50%`: no example has the most that is too few"}),
        # Two of three are kept and one of three are not: half itself cannot be had of three.
        ((3, 2), (3, 1), set()),
    ],
)
def test_a_share(tmp_path: Path, met: tuple[int, int], breached: tuple[int, int], expected: set[str]) -> None:
    examples = ""
    for (of, voting), then in ((met, "met"), (breached, "breached")):
        examples += VOTES.format(of, voting, voting + 1, then)
    assert missed(tmp_path, HALF + examples) == expected


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        ("", set()),
        (BOTH, {
            "1: no example comes out as `breached`",
            "4: `<one> has a vote` never holds with all beside it",
            "5: `<one> is a parent of <other>` never holds with all beside it",
            "6: `<other> has a vote` never holds with all beside it",
        }),
        # Ann is a parent of bob, and bob, who has a vote too, is none of ann: both sides are in one example.
        (NOT_PARENT, set()),
        (ONLY_ANN, {"6: `<other> has a vote` always holds with all beside it"}),
        (ONLY_BOB, {"4: `<one> has a vote` always holds with all beside it"}),
    ],
    ids=["none", "both", "no parent", "only ann", "only bob"],
)  # fmt: skip
def test_conditions_of_a_list(tmp_path: Path, left_out: str, expected: set[str]) -> None:
    examples = [each for each in (BOTH, NOT_PARENT, ONLY_ANN, ONLY_BOB) if each != left_out]
    assert missed(tmp_path, ONE + "".join(examples)) == expected


def test_one_person_is_not_two(tmp_path: Path) -> None:
    """Ann has a vote and is no parent of herself: that is nothing about two who both have one."""
    alone = "  - {given: [<ann> has a vote], then: met}\n"
    assert "5: `<one> is a parent of <other>` always holds with all beside it" in missed(
        tmp_path, ONE + alone
    )


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        ("", set()),
        (VOTE, {"6: `<any person> has a vote` is never the only branch of `any of` that holds"}),
        (WROTE, {"7: `<any person> wrote on <any day>` is never the only branch of `any of` that holds"}),
        (NEITHER, {
            "1: no example comes out as `breached`",
            "6: one of `any of`, from `<any person> has a vote` on, always holds",
        }),
        (NO_MEMBER, {
            "1: no example comes out as `not applicable`",
            "3: `<any person> is a member` always holds",
        }),
    ],
    ids=["none", "vote", "wrote", "neither", "no member"],
)  # fmt: skip
def test_branches_of_any_of(tmp_path: Path, left_out: str, expected: set[str]) -> None:
    examples = [each for each in (VOTE, WROTE, NEITHER, NO_MEMBER) if each != left_out]
    assert missed(tmp_path, ANY + "".join(examples)) == expected


def test_two_branches_that_hold_together_are_not_each_alone(tmp_path: Path) -> None:
    both = "  - {given: [<ann> is a member, <ann> has a vote, <ann> wrote on <2018-05-01>], then: met}\n"
    assert missed(tmp_path, ANY + both + NEITHER + NO_MEMBER) == {
        "6: `<any person> has a vote` is never the only branch of `any of` that holds",
        "7: `<any person> wrote on <any day>` is never the only branch of `any of` that holds",
    }


ALL_EXCEPTIONS = """\
  - {given: [<bob> wrote on <2018-05-01>], then: not applicable}
  - {given: [<ann> is a member, <ann> has no vote, <ann> wrote on <2018-05-01>], then: not applicable}
  - given: [<ann> is a member, <ann> has no vote, <ann> wrote on <2018-05-01>, <ann> is a parent of <bob>]
    then: breached
  - {given: [<ann> is a member, <ann> has no vote, <bob> is a parent of <ann>], then: not applicable}
"""


def test_what_may_be_is_not_reached(tmp_path: Path) -> None:
    """Whether ann has a vote is not known: she may be the one who does, and nobody may."""
    open_ = "  - {given: [<ann> is a member], then: undecided}\n"
    assert missed(tmp_path, ANY + VOTE + WROTE + open_ + NO_MEMBER) == {
        "1: no example comes out as `breached`",
        "6: one of `any of`, from `<any person> has a vote` on, always holds",
    }
    assert missed(tmp_path / "vote", ANY + WROTE + open_ + NEITHER + NO_MEMBER) == {
        "6: `<any person> has a vote` is never the only branch of `any of` that holds",
    }


def test_where_an_exception_applies_the_condition_makes_no_difference(tmp_path: Path) -> None:
    """Ann has no vote, but has written, so that the rule is not applicable."""
    breached = "  - {given: [<ann> is a member, <ann> has no vote], then: breached}\n"
    given = "<ann> is a member, <ann> has no vote, <ann> wrote on <2018-05-01>"
    wrote = f"  - {{given: [{given}], then: not applicable}}\n"
    found = missed(tmp_path, EXCEPT.replace(breached, wrote))
    assert "4: `<person> has a vote` always holds with all beside it" in found


def test_exceptions_and_exceptions_to_them(tmp_path: Path) -> None:
    assert missed(tmp_path, EXCEPT) == {
        "1: no example comes out as `not applicable`",
        "3: `<person> is a member` always holds",
        "6: `<person> wrote on <any day>` never holds with all beside it",
        "6: this exception never applies by itself",
        "8: `<person> is a parent of <any other>` never holds with all beside it",
        "8: `<person> is a parent of <any other>` always holds with all beside it",
        "8: this exception never applies by itself",
        "8: this exception always applies",
        "9: `<any other> is a parent of <person>` never holds with all beside it",
        "9: this exception never applies by itself",
    }
    assert missed(tmp_path / "all", EXCEPT + ALL_EXCEPTIONS) == set()


WINDOW = """\
rule: Letters are written in the autumn
force: must
for each: <person> wrote on <day>
required: <day> is from 1 September to 30 November of 2017
examples:
  - {given: [], then: not applicable}
"""
LETTER = "  - {{given: [<ann> wrote on <{0}>], then: {1}}}\n"


def test_both_ends_of_a_window(tmp_path: Path) -> None:
    """The first and the last day count; the days beside them do not."""
    days = {"2017-09-01": "met", "2017-08-31": "breached", "2017-11-30": "met", "2017-12-01": "breached"}
    says = "4: `<day> is from 1 September to 30 November of 2017`: no example has the"
    expected = {
        "2017-09-01": f"{says} first day on which it holds",
        "2017-08-31": f"{says} day before the first on which it holds",
        "2017-11-30": f"{says} last day on which it holds",
        "2017-12-01": f"{says} day after the last on which it holds",
    }
    for left_out in ("", *days):
        examples = "".join(LETTER.format(day, then) for day, then in days.items() if day != left_out)
        assert missed(tmp_path / f"x{left_out}", WINDOW + examples) == (
            {expected[left_out]} if left_out else set()
        )


def test_a_day_of_its_own_and_an_age(tmp_path: Path) -> None:
    """A rule with `on:` is read on that day: 16 years to the day, and one day short of it."""
    text = """\
        rule: Whoever writes is sixteen
        force: must
        for each: <person> wrote on <day>
        on: <day>
        required:
          - <person> was born on <birth>
          - <birth> is at least 16 years before <the day>
        examples:
          - {given: [], then: not applicable}
          - {given: [<ann> wrote on <2018-05-01>, <ann> was born on <2002-05-01>], then: met}
          - {given: [<ann> wrote on <2018-05-01>, <ann> was born on <2002-05-03>], then: breached}
        """
    says = "7: `<birth> is at least 16 years before <the day>`"
    # That somebody has no day of birth is not asked for: whoever is named is listed, and has one, known or not.
    assert missed(tmp_path, text) == {f"{says}: no example has the day after the last on which it holds"}
    assert missed(tmp_path / "day", text.replace("<2002-05-03>", "<2002-05-02>")) == set()


ASK = """\
rule: Members get on with each other
force: must
ask: Do they?
asked again after: 6 months
examples:
  - {given: [answer: {question: rule, answer: yes, when: 2018-05-01}], then: met}
  - {given: [answer: {question: rule, answer: no, when: 2018-05-01}], then: breached}
  - {given: [], then: judgement}
"""


def test_an_answer_that_is_asked_again(tmp_path: Path) -> None:
    last = "1: `asked again after: 6 months`: no example has an answer on the last day on which it counts"
    first = "1: `asked again after: 6 months`: no example has an answer on the first day on which it no longer does"
    assert missed(tmp_path, ASK) == {last, first}
    on_the_last = "  - {given: [answer: {question: rule, answer: yes, when: 2017-12-01}], then: met}\n"
    assert missed(tmp_path / "last", ASK + on_the_last) == {first}
    day_after = "  - {given: [answer: {question: rule, answer: yes, when: 2017-11-30}], then: judgement}\n"
    assert missed(tmp_path / "both", ASK + on_the_last + day_after) == set()


CLOSE = """\
definition: <person> and <other> are close
in both directions: yes
never with oneself: yes
holds when: <person> and <other> are recorded as <any kind>
people decide when:
  - <person> wrote on <day>
  - <other> wrote on <day>
ask: Are <person> and <other> close?
examples:
"""


def test_a_definition_counts_by_what_its_examples_state(tmp_path: Path) -> None:
    """That cal is related to dee is no matter as long as no example says what follows."""
    given = "<ann> is a parent of <bob>, <cal> wrote on <2018-05-01>, <dee> wrote on <2018-05-01>"
    text = CLOSE + f"  - given: [{given}]\n    then: [<ann> and <bob> are close]\n"
    assert missed(tmp_path, text, "close") == {
        "1: no example says that it does not hold",
        "1: nothing is left for people to decide",
        "4: `<person> and <other> are recorded as <any kind>` always holds",
        "6: `<person> wrote on <day>` never holds with all beside it",
        "6: `<person> wrote on <day>` always holds with all beside it",
        "7: `<other> wrote on <day>` never holds with all beside it",
        "7: `<other> wrote on <day>` always holds with all beside it",
    }
    text += f"  - given: [{given}]\n    then: [not recorded: <cal> and <dee> are close]\n"
    text += f"  - given: [{given}]\n    then: [not: <ann> and <cal> are close]\n"
    assert missed(tmp_path / "more", text, "close") == set()


def test_days_that_cannot_be_are_no_branch(tmp_path: Path) -> None:
    """What is in force began by that day: nobody joins tomorrow and is a member today."""
    text = """\
        rule: New members have written
        force: must
        for each:
          - <person> is a member from <joined>
          - <the day> is within 27 days after <joined>
        required: <person> wrote on <any day>
        examples:
          - {given: [<ann> is a member from <2018-06-01>, <ann> wrote on <2018-05-01>], then: met}
        """
    found = missed(tmp_path, text)
    says = "5: `<the day> is within 27 days after <joined>`"
    assert f"{says} always holds with all beside it" in found
    assert {each for each in found if "no example has" in each} == {
        f"{says}: no example has the last day on which it holds",
        f"{says}: no example has the day after the last on which it holds",
    }


OTHER = """\
rule: One votes at most
force: must
not allowed:
  - <one> has a vote
  - <other> is a member
  - <one> and <other> are different
examples:
  - {given: [<ann> is a member, <bob> is a member, <ann> has a vote, <bob> has no vote], then: breached}
"""


def test_another_one_is_another_one(tmp_path: Path) -> None:
    """That no other member is there is so where one votes alone: the one is no other."""
    missing = "5: `<other> is a member` always holds with all beside it"
    assert missing in missed(tmp_path, OTHER)
    alone = "  - {given: [<ann> is a member, <ann> has a vote], then: met}\n"
    assert missing not in missed(tmp_path / "alone", OTHER + alone)


def test_the_days_on_which_a_file_is_in_force(tmp_path: Path) -> None:
    """Its first and last day, and the days beside them, are told by its keys."""
    text = (
        EIGHT.replace("required:", "from: 2018-04-01\nuntil: 2018-12-31\nrequired:")
        + MET_8
        + NOBODY
        + BREACHED_7
    )
    found = {each for each in missed(tmp_path, text) if each[0] in "34"}
    assert found == {
        "3: `from: 2018-04-01` always holds with all beside it",
        "3: `from: 2018-04-01`: no example has the first day on which it holds",
        "3: `from: 2018-04-01`: no example has the day before the first on which it holds",
        "4: `until: 2018-12-31` always holds with all beside it",
        "4: `until: 2018-12-31`: no example has the last day on which it holds",
        "4: `until: 2018-12-31`: no example has the day after the last on which it holds",
    }
    days = {
        "2018-04-01": "met",
        "2018-03-31": "not applicable",
        "2018-12-31": "met",
        "2019-01-01": "not applicable",
    }
    for day, then in days.items():
        text += f"  - {{as of: {day}, given: [<1 to 8> is a member], then: {then}}}\n"
    assert missed(tmp_path / "days", text) == set()


def test_what_is_never_allowed_is_never_met(tmp_path: Path) -> None:
    """Whoever writes breaches it, so that nobody can be found to whom it applies and who keeps it."""
    text = """\
        rule: Nobody writes
        force: must
        for each: <person> wrote on <day>
        not allowed: <person> wrote on <day>
        unless: <person> is a member
        examples:
          - {given: [<ann> wrote on <2018-05-01>], then: breached}
          - {given: [<ann> wrote on <2018-05-01>, <ann> is a member], then: not applicable}
          - {given: [<ann> is a member], then: not applicable}
        """
    assert missed(tmp_path, text) == set()
