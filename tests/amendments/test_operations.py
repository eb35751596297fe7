"""What each operation of an amendment does: each on a case that turns on it, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from amendments.society import FIVE, base, found, holding, layer, loaded, members, outcome, told, used
from bigrules.tools.examples import run_examples

THREE = {"memberships": members(1), "plots": holding("p1", "abc")}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The rulebook."""
    return base(tmp_path)


def test_a_change_puts_another_value(book: Path, tmp_path: Path) -> None:
    """A limit of five in place of four: four are too few, and the rulebook itself stays as it is."""
    north = layer(tmp_path, five=FIVE)
    for count, below, above in ((3, "breached", "breached"), (4, "met", "breached"), (5, "met", "met")):
        assert outcome(used(book), "size", memberships=members(count)) == below
        assert outcome(used(book, north), "size", memberships=members(count)) == above
        assert outcome(used(north), "size", memberships=members(count)) == above


def test_a_change_of_a_condition(book: Path, tmp_path: Path) -> None:
    """A text that is written down is a whole condition, in a definition too."""
    change = """
        amendment: A junior is active
        amends: definitions/active
        change: <kind> is full
        to: <kind> is one of full, junior
        """
    north = layer(tmp_path, juniors=change)
    assert outcome(used(book), "size", memberships=members(4, "junior")) == "breached"
    assert outcome(used(north), "size", memberships=members(4, "junior")) == "met"


def test_a_change_to_nothing_takes_out(book: Path, tmp_path: Path) -> None:
    """Without the second condition, any kind of member is active."""
    change = """
        amendment: Whoever is a member is active
        amends: definitions/active
        change: [<person> is a member as <kind>, <kind> is full]
        to: [<person> is a member, nothing]
        """
    north = layer(tmp_path, all=change)
    assert outcome(used(north), "size", memberships=members(4, "junior")) == "met"
    assert outcome(used(north), "size", memberships=members(3, "junior")) == "breached"


def test_a_change_of_several_keys(book: Path, tmp_path: Path) -> None:
    """Entries stand in place of entries one by one, under other keys too."""
    change = """
        amendment: There are more than four members
        amends: size
        change: {at least: 4, among: <person> is active}
        to: {more than: 4, among: <person> is a member}
        """
    north = layer(tmp_path, more=change)
    assert outcome(used(north), "size", memberships=members(4, "junior")) == "breached"
    assert outcome(used(north), "size", memberships=members(5, "junior")) == "met"


def test_a_condition_is_added(book: Path, tmp_path: Path) -> None:
    """One condition more in a list: whoever owes rent is not active."""
    add = """
        amendment: Whoever owes rent is not active
        amends: definitions/active
        add to: holds when
        condition: {unless: <person> owes rent}
        """
    north = used(layer(tmp_path, owing=add))
    four = {"memberships": members(4)}
    assert outcome(north, "size", **four) == "met"
    assert outcome(north, "size", **four, owing=[{"person": "p4"}]) == "breached"
    assert outcome(used(book), "size", **four, owing=[{"person": "p4"}]) == "met"


def test_a_condition_is_added_to_what_was_no_list(book: Path, tmp_path: Path) -> None:
    """A single condition becomes a list of two."""
    add = """
        amendment: Who founded the society does not count
        amends: size
        add to: among
        condition: {unless: <person> founded the society}
        """
    north = used(layer(tmp_path, founders=add))
    assert outcome(north, "size", memberships=members(4)) == "met"
    assert outcome(north, "size", memberships=members(4), founders=[{"person": "p1"}]) == "breached"


def test_fields_are_added_to_a_kind(book: Path, tmp_path: Path) -> None:
    """A new field of a kind that there is, and a sentence that says it."""
    north = layer(
        tmp_path,
        field="""
        amendment: Membership records say who pays
        amends: vocabulary/memberships
        add to: fields
        entries:
          pays: {is: yes or no, blank means: yes}
        """,
        says="""
        amendment: Who pays can be said
        amends: vocabulary/memberships
        add to: sentences
        condition: {says: <person> pays, with: {pays: yes}}
        """,
        pays="""
        rule: Every member pays
        source: society.1
        force: must
        for each: <person> is a member
        required: <person> pays
        examples:
          - name: a blank is a yes
            given: [<1> is a member]
            then: met
        """,
    )
    assert told(tmp_path, north) == ""
    assert run_examples(loaded(north)) == ([], 1)
    rows = [{"person": "p1"}, {"person": "p2", "pays": "no"}]
    assert found(used(north), memberships=rows)["pays"] == [("p1", "met"), ("p2", "breached")]


def test_what_a_blank_means_is_changed(book: Path, tmp_path: Path) -> None:
    """The vocabulary is changed as a rule is."""
    change = """
        amendment: Who is not said to be full is junior
        amends: vocabulary/memberships
        change: {blank means: full}
        to: {blank means: junior}
        """
    rows = [{"person": each["person"]} for each in members(4)]
    assert outcome(used(book), "size", memberships=rows) == "met"
    assert outcome(used(layer(tmp_path, junior=change)), "size", memberships=rows) == "breached"


def test_a_rule_is_disapplied(book: Path, tmp_path: Path) -> None:
    """It never applies, and still tells what it would have found."""
    north = layer(
        tmp_path,
        no_most='amendment: There is no most\namends: plots\ndisapply: yes\nbecause: "There is land."\n',
    )
    report = used(north).check(
        used(north).read({"people": [{"person": "p1"}], "founders": [], "owing": [], "meetings": [],
                          "attending": [], **THREE}, as_of="2018-06-01")
    )  # fmt: skip
    [finding] = report["plots"].findings
    assert str(finding.outcome) == "not applicable"
    assert str(finding.would_be) == "breached"
    assert "An exception applies: There is no most (north side 1).\nThere is land.\n" in str(finding.why())
    assert found(used(book), **THREE)["plots"] == [("p1", "breached")]


def test_a_rule_is_disapplied_for_some(book: Path, tmp_path: Path) -> None:
    """Where the condition holds it does not apply; elsewhere nothing changes, and the exceptions stay too."""
    no_most = """
        amendment: Who owes no rent holds what he likes
        amends: plots
        when: {unless: <person> owes rent}
        disapply: yes
        """
    north = used(layer(tmp_path, no_most=no_most))
    rows = [*holding("p1", "abc"), *holding("p2", "def"), *holding("p3", "ghi")]
    given = {"memberships": members(3), "plots": rows, "founders": [{"person": "p3"}],
             "owing": [{"person": "p2"}, {"person": "p3"}]}  # fmt: skip
    assert found(used(book), **given)["plots"] == [("p1", "breached"), ("p2", "breached"), ("p3", "breached")]
    assert found(north, **given)["plots"] == [
        ("p1", "not applicable"),
        ("p2", "breached"),
        ("p3", "breached"),
    ]


FOUNDER = {**THREE, "founders": [{"person": "p1"}]}
OWING = {**FOUNDER, "owing": [{"person": "p1"}]}


@pytest.mark.parametrize(
    "target, holds, owes",
    [
        ("", "not applicable", "breached"),
        ("plots unless 1", "breached", "breached"),
        ("plots unless 1 unless 1", "not applicable", "not applicable"),
    ],
)
def test_an_exception_is_disapplied(book: Path, tmp_path: Path, target: str, holds: str, owes: str) -> None:
    """Without the exception the rule applies to founders; without the exception to it, to no founder."""
    text = f"amendment: Not so here\namends: {target}\ndisapply: yes\n" if target else FIVE
    north = used(layer(tmp_path, other=text))
    assert outcome(north, "plots", **FOUNDER) == holds
    assert outcome(north, "plots", **OWING) == owes
    assert outcome(north, "plots", **THREE) == "breached"


def test_an_exception_is_disapplied_for_some(book: Path, tmp_path: Path) -> None:
    """Those who founded it and have no junior membership lose the exception."""
    only = """
        amendment: Juniors alone keep what they have
        amends: plots unless 1
        when: [<person> is a member as <kind>, <kind> is full]
        disapply: yes
        """
    north = used(layer(tmp_path, only=only))
    assert outcome(north, "plots", **FOUNDER) == "breached"
    assert outcome(north, "plots", **{**FOUNDER, "memberships": members(1, "junior")}) == "not applicable"


def test_another_rule_stands_in_place_for_some(book: Path, tmp_path: Path) -> None:
    """Juniors hold at most one plot: the rule does not apply to them, the rule as changed does."""
    one = """
        amendment: A junior holds at most one plot
        amends: plots
        when: [<person> is a member as <kind>, <kind> is junior]
        change: {at most: most plots}
        to: {at most: 1}
        examples:
          - name: a junior with two
            given: [<1> is a member as <junior>, <1> holds <a>, <1> holds <b>]
            then: breached
          - name: somebody full with two
            given: [<1> is a member as <full>, <1> holds <a>, <1> holds <b>]
            then: not applicable
        """
    north = layer(tmp_path, juniors=one)
    assert run_examples(loaded(north)) == ([], 2)
    for kind, plots, old, new in (
        ("full", "ab", "met", None),
        ("full", "abc", "breached", None),
        ("junior", "a", "not applicable", "met"),
        ("junior", "ab", "not applicable", "breached"),
    ):
        said = found(used(north), memberships=members(1, kind), plots=holding("p1", plots))
        assert said["plots"] == [("p1", old)]
        # Of a case in which it is about nobody it has one finding, about the case.
        assert said["juniors"] == ([("p1", new)] if new else [("", "not applicable")])
    # The exception of the rule holds of what stands in its place too.
    given = {
        "memberships": members(1, "junior"),
        "plots": holding("p1", "ab"),
        "founders": [{"person": "p1"}],
    }
    assert outcome(used(north), "juniors", **given) == "not applicable"


def test_a_rule_replaces_another(book: Path, tmp_path: Path) -> None:
    """The old one never applies, and the new one does."""
    new = """
        rule: Nobody holds more than three plots
        source: society.2
        force: must
        replaces: plots
        for each: <person> is a member
        required: {number of: <plot>, among: <person> holds <plot>, at most: 3}
        examples:
          - name: three
            given: [<1> is a member, <1> holds <a>, <1> holds <b>, <1> holds <c>]
            then: met
        """
    north = layer(tmp_path, three_plots=new)
    assert run_examples(loaded(north)) == ([], 1)
    for plots, outcome_ in (("abc", "met"), ("abcd", "breached")):
        said = found(used(north), memberships=members(1), plots=holding("p1", plots))
        assert (said["plots"], said["three-plots"]) == ([("p1", "not applicable")], [("p1", outcome_)])


def test_a_parameter_is_changed(book: Path, tmp_path: Path) -> None:
    """A limit that names it takes the other value."""
    most = "amendment: At most three plots\nparameter: most plots\nchange: 2\nto: 3\n"
    north = used(layer(tmp_path, most=most))
    for plots, below, above in (("abc", "breached", "met"), ("abcd", "breached", "breached")):
        given = {"memberships": members(1), "plots": holding("p1", plots)}
        assert outcome(used(book), "plots", **given) == below
        assert outcome(north, "plots", **given) == above


def test_all_that_can_be_new(book: Path, tmp_path: Path) -> None:
    """A kind of fact, a clause, a parameter, a definition and a rule that no rulebook below knows."""
    manifest = """
        amendment: Rules of the north side
        format: 1
        version: 0.1.0
        over: ../book
        parameters: {most keys: 1}
        """
    north = layer(
        tmp_path,
        manifest=manifest,
        vocabulary="""
        keys:
          fields:
            person: {is: person}
            door: {is: door}
          sentences: [<person> has a key to <door>]
        """,
        clauses="north.1: {section: Rules of the north side, place: rule 1}",
        definitions__keyholder="""
        definition: <person> is a keyholder
        source: north.1
        holds when: <person> has a key to <any door>
        examples:
          - given: [<1> has a key to <a>, <2> is a member]
            then: [<1> is a keyholder, not: <2> is a keyholder]
        """,
        keys="""
        rule: Nobody has more keys than the most
        source: north.1
        force: must
        for each: <person> is a keyholder
        required: {number of: <door>, among: <person> has a key to <door>, at most: most keys}
        examples:
          - name: one
            given: [<1> has a key to <a>]
            then: met
        """,
    )
    assert told(tmp_path, north) == ""
    assert run_examples(loaded(north)) == ([], 2)
    keys = [{"person": "p1", "door": "a"}, {"person": "p2", "door": "a"}, {"person": "p2", "door": "b"}]
    assert found(used(north), keys=keys)["keys"] == [("p1", "met"), ("p2", "breached")]
    assert "keys" not in loaded(book).vocabulary.kinds
    assert loaded(north).clauses["north.1"].section == "Rules of the north side"


def test_who_says_so(book: Path, tmp_path: Path) -> None:
    """A file has the authority that it names, else that of the whole amendment."""
    own = FIVE + "by: rule 7 of the north side\n"
    north = loaded(
        layer(tmp_path, five=own, most="amendment: More\nparameter: most plots\nchange: 2\nto: 3\n")
    )
    assert [each.by for each in north.amended] == ["rule 7 of the north side", "north side 1"]
    assert [each.target for each in north.amended] == ["size", "parameter/most plots"]


def test_what_is_amended_says_so_in_its_title(book: Path, tmp_path: Path) -> None:
    """A rule that was changed is called by what the amendment says; one that was disapplied keeps its sentence."""
    north = loaded(layer(tmp_path, five=FIVE, no_most="amendment: No most\namends: plots\ndisapply: yes\n"))
    assert north.rules["size"].title == "There are at least five active members"
    assert north.rules["plots"].title == "Nobody holds more plots than the most"
