"""Every small change of a file that there is, by hand; and what is no change because the language reads it alike."""

from __future__ import annotations

import textwrap
from pathlib import Path

import attrs
import pytest

from bigrules.diagnostics import Span
from bigrules.language import load, shipped_path
from bigrules.language.equivalents import Equivalent
from bigrules.language.faults import Faults
from bigrules.language.model import Parameter, Rulebook
from bigrules.language.shape import number
from bigrules.language.source import Mapping, parse, plain
from bigrules.tools.mutants import mutants
from bigrules.tools.mutants_built import document_of
from bigrules.tools.mutants_entry import as_changed, entry, told
from bigrules.tools.mutants_text import as_test, by_one, length_by_one, of_test
from language.books import book

SHIPPED = shipped_path()

ADULT = """\
definition: <person> is of age
holds when:
  - <person> was born on <day>
  - <day> is at least 18 years before <the day>
"""
CLOSE = """\
definition: <person> and <other> are close
in both directions: yes
holds when any of:
  - <person> is a parent of <other>
  - all of:
      - <parent> is a parent of <person>
      - <parent> is a parent of <other>
"""


def changes(folder: Path, body: str, **files: str) -> tuple[list[str], int]:
    """Each mutant of a rule as `line: before -> after`, and how many could not be built."""
    text = "rule: Something\nforce: must\n" + textwrap.dedent(body)
    rulebook = book(folder, {"rule.yaml": text, **{f"{name}.yaml": each for name, each in files.items()}})
    return as_told(rulebook, "rule")


def as_told(rulebook: Rulebook, id: str) -> tuple[list[str], int]:
    found, not_built = mutants(rulebook, id)
    lines = []
    for each in found:
        before, after = told(each.change)
        more = f" with any {', '.join(each.loose)}" if each.loose else ""
        lines.append(f"{each.change.place.line}: {before} -> {after}{more}")
    return lines, not_built


def test_a_limit(tmp_path: Path) -> None:
    """With or without the limit, by one, and the other way round; the slot is bound by `among` alone."""
    found, not_built = changes(
        tmp_path,
        """\
        required:
          number of: <person>
          among: <person> is a member
          at least: 8
        """,
    )
    assert found == [
        "3: required: {number of: <person>, among: <person> is a member, at least: 8} -> "
        "required: {number of: <person>, among: <person> is a member, less than: 8}",
        "6: at least: 8 -> more than: 8",
        "6: at least: 8 -> at least: 9",
        "6: at least: 8 -> at least: 7",
    ]
    # That nobody is a member binds no slot to count.
    assert not_built == 1


def test_where_of_a_measure_can_be_dropped(tmp_path: Path) -> None:
    found, _ = changes(
        tmp_path,
        """\
        required:
          number of: <person>
          among: <person> is a member
          where: <person> has a vote
          at most: most
        """,
    )
    assert "6: where: <person> has a vote -> nothing" in found
    assert "6: where: <person> has a vote -> where: {unless: <person> has a vote}" in found
    # The parameter stands at 12 in the manifest.
    assert [each for each in found if each.startswith("7:")] == [
        "7: at most: most -> less than: most",
        "7: at most: most -> at most: 13",
        "7: at most: most -> at most: 11",
    ]


def test_conditions_of_a_list(tmp_path: Path) -> None:
    """Each dropped and negated; a slot that is then used once does not matter."""
    found, not_built = changes(
        tmp_path,
        """\
        not allowed:
          - <one> is a member
          - <one> is a parent of <other>
          - unless: <other> is a member
        """,
    )
    assert found == [
        "3: not allowed: [<one> is a member, <one> is a parent of <other>, {unless: <other> is a member}] -> "
        "not allowed: {unless: [<one> is a member, <one> is a parent of <other>, {unless: <other> is a member}]}",
        "3: not allowed: [<one> is a member, <one> is a parent of <other>, {unless: <other> is a member}] -> "
        "not allowed: {any of: [<one> is a member, <one> is a parent of <other>, {unless: <other> is a member}]}"
        " with any one, other",
        "4: <one> is a member -> nothing with any one",
        "4: <one> is a member -> {unless: <one> is a member}",
        "5: <one> is a parent of <other> -> <other> is a parent of <one>",
        "5: <one> is a parent of <other> -> {unless: <one> is a parent of <other>} with any other",
        "6: {unless: <other> is a member} -> nothing with any other",
        "6: {unless: <other> is a member} -> <other> is a member",
    ]
    # Without the relation nothing joins `<one>` and `<other>`: each would be used once, one of them by `unless` alone.
    assert not_built == 1


def test_exceptions_are_removed_one_by_one(tmp_path: Path) -> None:
    found, _ = changes(
        tmp_path,
        """\
        for each: <person> is a member
        required: <person> has a vote
        unless:
          - when: <person> wrote on <any day>
            because: They wrote.
            unless:
              - when: <person> is a parent of <any other>
          - when: <person> was born on <any day>
        """,
    )
    assert [each for each in found if each.split(":")[0] in ("6", "8", "10")] == [
        "6: {when: <person> wrote on <any day>, because: They wrote., "
        "unless: [{when: <person> is a parent of <any other>}]} -> nothing",
        "6: when: <person> wrote on <any day> -> when: {unless: <person> wrote on <any day>}",
        "8: unless: [{when: <person> is a parent of <any other>}] -> nothing",
        "10: {when: <person> was born on <any day>} -> nothing",
        "10: when: <person> was born on <any day> -> when: {unless: <person> was born on <any day>}",
    ]
    assert (
        "9: when: <person> is a parent of <any other> -> when: <any other> is a parent of <person>" in found
    )


def test_any_and_all(tmp_path: Path) -> None:
    found, _ = changes(
        tmp_path,
        """\
        only if any of:
          - <any person> is a member
          - <any person> wrote on <any day>
        required:
          any of:
            - <any person> has a vote
            - all of:
                - <one> has no vote
                - <one> is a parent of <any other>
        """,
    )
    assert (
        "3: only if any of: [<any person> is a member, <any person> wrote on <any day>] -> "
        + ("only if: [<any person> is a member, <any person> wrote on <any day>]")
        in found
    )
    assert any(each.startswith("7: any of: ") and "-> all of: " in each for each in found)
    assert any(each.startswith("9: all of: ") and "-> any of: " in each for each in found)
    # Below the keys themselves there is one change of each list.
    assert sum("-> all of:" in each for each in found) == 1


def test_what_holds_both_ways_is_not_turned(tmp_path: Path) -> None:
    """In a definition that holds in both directions, turning a whole branch says the same; half of one does not."""
    found, _ = as_told(book(tmp_path, {"close.yaml": CLOSE}), "close")
    assert [each for each in found if each.split(": ")[0] in ("4", "6", "7")] == [
        "4: <person> is a parent of <other> -> nothing",
        # Swapped in one sentence: each of the two is as good as the other, so that it is one mutant.
        "6: <parent> is a parent of <person> -> <person> is a parent of <parent>",
    ]
    sentence = "not allowed:\n  - <a> and <b> are close\n  - <a> is a member\n  - <b> is a member\n"
    told_, _ = changes(tmp_path / "more", sentence, close=CLOSE)
    assert not any("<b> and <a>" in each for each in told_)


def test_what_stands_beside_something_that_holds_both_ways_may_be_turned(tmp_path: Path) -> None:
    """Turned as a whole it is what it was: whether they are close is the same either way."""
    text = """\
        definition: <person> and <other> are close and of one family
        in both directions: yes
        holds when:
          - <person> is a parent of <other>
          - <person> and <other> are close
        """
    found, _ = as_told(book(tmp_path, {"close.yaml": CLOSE, "both.yaml": text}), "both")
    assert found
    assert not any("<other> is a parent of <person>" in each for each in found)


def test_a_link_is_not_turned(tmp_path: Path) -> None:
    found, _ = changes(
        tmp_path,
        """\
        required:
          largest group of: <person>
          among: <person> is a member
          linked by: <person> is a parent of <other>
          at most: 2
        """,
    )
    assert not any("<other> is a parent of <person>" in each for each in found)
    assert "7: at most: 2 -> at most: 3" in found


def test_a_definition(tmp_path: Path) -> None:
    found, _ = as_told(book(tmp_path, {"adult.yaml": ADULT}), "adult")
    assert found == [
        "4: <day> is at least 18 years before <the day> -> nothing with any day",
        "4: <day> is at least 18 years before <the day> -> <day> is more than 18 years before <the day>",
        "4: <day> is at least 18 years before <the day> -> <day> is at least 19 years before <the day>",
        "4: <day> is at least 18 years before <the day> -> <day> is at least 17 years before <the day>",
        "4: <day> is at least 18 years before <the day> -> <the day> is at least 18 years before <day>",
        "4: <day> is at least 18 years before <the day> -> {unless: <day> is at least 18 years before <the day>}",
    ]


def test_the_days_on_which_a_file_is_in_force(tmp_path: Path) -> None:
    found, _ = changes(tmp_path, "from: 2018-04-01\nuntil: 2018-12-31\nask: Is it?\n")
    assert found == [
        "3: from: 2018-04-01 -> from: 2018-04-02",
        "3: from: 2018-04-01 -> from: 2018-03-31",
        "4: until: 2018-12-31 -> until: 2019-01-01",
        "4: until: 2018-12-31 -> until: 2018-12-30",
    ]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("8", ["9", "7"]),
        ("0", ["1"]),
        ("51%", ["52%", "50%"]),
        ("50.5%", ["51.5%", "49.5%"]),
        ("2.5", ["2.6", "2.4"]),
        ("1/3", ["2/3", "0/3"]),
        ("-2", ["-1", "-3"]),
        ("most", ["13", "11"]),
        ("a third", ["2/3", "0/3"]),
        ("half", ["51%", "49%"]),
        ("<n>", []),
    ],
)
def test_limits_by_one_in_their_own_unit(limit: str, expected: list[str]) -> None:
    values = {"most": "12", "a third": "1/3", "half": "0.5"}
    assert by_one(limit, {name: Parameter(name, number(text)) for name, text in values.items()}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<n> is at least 3", ["is more than 3", "is at least 4", "is at least 2"]),
        ("<d> is before 2016-01-01", ["is on or before 2016-01-01", "is before 2016-01-02", "is before 2015-12-31"]),
        ("<d> is on or after <e>", ["is after <e>", "<e> is on or after <d>"]),
        ("<d> is within 1 day of <e>", ["is within 2 days of <e>", "is within 0 days of <e>"]),
        ("<d> is less than 1 year before <e>", [
            "is at most 1 year before <e>", "is less than 2 years before <e>", "is less than 0 years before <e>",
            "<e> is less than 1 year before <d>",
        ]),
        ("<d> is from 1 September to 31 December of <y>", [
            "is from 2 September to 31 December of <y>", "is from 31 August to 31 December of <y>",
            "is from 1 September to 1 January of <y>", "is from 1 September to 30 December of <y>",
            "<y> is from 1 September to 31 December of <d>",
        ]),
        ("<d> is in the year 2018", ["is in the year 2019", "is in the year 2017"]),
        ("<k> is one of a, b, c", ["is one of b, c", "is one of a, c", "is one of a, b"]),
        ("<a> and <b> are different", []),
        ("<k> is siblings", []),
    ],
)  # fmt: skip
def test_tests_by_their_form(text: str, expected: list[str]) -> None:
    made = [after for _, after in of_test(text, attrs.evolve(as_test(text, Span("")) or pytest.fail()), {})]
    first = text.split(" is ")[0]
    assert made == [each if each.startswith("<") else f"{first} {each}" for each in expected]


def test_a_length_of_time() -> None:
    assert length_by_one("6 months") == ["7 months", "5 months"]
    assert length_by_one("1 day") == ["2 days", "0 days"]


@pytest.mark.parametrize(
    "id", ["definitions/seems-a-conflict", "conflicts/family-limit", "review/sent-in-window"]
)
def test_each_mutant_has_an_entry_that_names_it_and_no_other(id: str) -> None:
    """What is shown to be pasted under `equivalent` changes just what the mutant changes."""
    rulebook, _ = load(SHIPPED)
    assert rulebook is not None
    _, document = document_of(rulebook, id)
    found, _ = mutants(rulebook, id)
    assert found
    for each in found:
        written = entry(document, each.document.root, each.change)
        node = parse(f"equivalent:\n{written}\n    because: it is".encode(), "x.yaml", Faults())
        assert node is not None and isinstance(node.root, Mapping)
        (item,) = node.root.get("equivalent").items  # type: ignore[union-attr]
        changed = as_changed(document, Equivalent(item, "it is", Span("")))
        assert changed is not None
        assert plain(changed) == plain(each.document.root)
        assert plain(changed) != plain(document.root)
