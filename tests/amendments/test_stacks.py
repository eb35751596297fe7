"""Amendments over amendments: each is laid over what those below it have made, whatever its files are called."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from amendments.society import (
    AMENDMENT,
    FIVE,
    base,
    faults,
    found,
    holding,
    layer,
    loaded,
    members,
    outcome,
    told,
    used,
    write,
)

SIX = "amendment: There are at least six active members\namends: size\nchange: {at least: 5}\nto: {at least: 6}\n"
JUNIORS = """
    amendment: A junior holds at most one plot
    amends: plots
    when: [<person> is a member as <kind>, <kind> is junior]
    change: {at most: most plots}
    to: {at most: 1}
    examples:
      - name: a junior with two
        given: [<1> is a member as <junior>, <1> holds <a>, <1> holds <b>]
        then: breached
    """
SOUTH = "amendment: Rules of the south side\nformat: 1\nversion: 0.1.0\nover: ../north\nby: south side 1\n"
OWING = "amendment: Whoever owes rent keeps theirs\namends: plots unless 1 unless 1\ndisapply: yes\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The rulebook."""
    return base(tmp_path)


def test_the_upper_one_sees_what_the_lower_one_made(book: Path, tmp_path: Path) -> None:
    """Four become five, and five become six; six cannot be made of four."""
    north, south = layer(tmp_path, five=FIVE), layer(tmp_path, "south", SOUTH, six=SIX)
    for stack in (used(south), used(book, north, south), used(north, south), used(book, south)):
        assert stack.amendments == ("Rules of the north side", "Rules of the south side")
        assert outcome(stack, "size", memberships=members(5)) == "breached"
        assert outcome(stack, "size", memberships=members(6)) == "met"
    alone = layer(tmp_path, "alone", AMENDMENT, six=SIX)
    [gone] = faults(tmp_path, source=alone)
    assert (gone.code, gone.message) == ("BR352", "`at least: 5` does not stand in `size`")
    assert gone.help == "what `size` says now is `at least: 4`"


def test_an_upper_change_leaves_what_applies_instead(book: Path, tmp_path: Path) -> None:
    """What stands in place of a rule for some was made of the rule as it stood below."""
    north = layer(tmp_path, juniors=JUNIORS)
    more = "amendment: At most four\namends: plots\nchange: {at most: most plots}\nto: {at most: 4}\n"
    south = used(layer(tmp_path, "south", SOUTH, more=more))
    for kind, plots, rule, said in (
        ("full", "abcd", "plots", "met"),
        ("full", "abcde", "plots", "breached"),
        ("junior", "a", "juniors", "met"),
        ("junior", "ab", "juniors", "breached"),
    ):
        given = {"memberships": members(1, kind), "plots": holding("p1", plots)}
        assert found(south, **given)[rule] == [("p1", said)]
    assert loaded(north).rules["juniors"].condition == south.model.rules["juniors"].condition


def test_what_applies_instead_can_be_amended_above(book: Path, tmp_path: Path) -> None:
    """It is a rule, by the path of the file that makes it."""
    layer(tmp_path, juniors=JUNIORS)
    two = "amendment: A junior holds at most two\namends: juniors\nchange: {at most: 1}\nto: {at most: 2}\n"
    south = used(layer(tmp_path, "south", SOUTH, two=two))
    given = {"memberships": members(1, "junior"), "plots": holding("p1", "ab")}
    assert outcome(south, "juniors", **given) == "met"
    assert outcome(south, "plots", **given) == "not applicable"
    given["plots"] = holding("p1", "abc")
    assert outcome(south, "juniors", **given) == "breached"


@pytest.mark.parametrize("first, second", [("a", "b"), ("b", "a")])
def test_names_of_files_do_not_matter(book: Path, tmp_path: Path, first: str, second: str) -> None:
    """What applies instead has the exceptions of the rule as the whole amendment leaves them."""
    layer(tmp_path, **{first: JUNIORS, second: OWING})
    given = {"memberships": members(1, "junior"), "plots": holding("p1", "abc"),
             "founders": [{"person": "p1"}], "owing": [{"person": "p1"}]}  # fmt: skip
    assert outcome(used(tmp_path / "north"), first, **given) == "not applicable"
    given["founders"] = []
    assert outcome(used(tmp_path / "north"), first, **given) == "breached"


def test_an_exception_that_was_put_in_is_not_what_a_change_means(book: Path, tmp_path: Path) -> None:
    """The condition of a disapplication says the same as the rule; a change above means the one of the rule."""
    disapply = """
        amendment: Founders have no quorum
        amends: size
        when: {number of: <person>, among: <person> is active, at least: 9}
        disapply: yes
        """
    layer(tmp_path, many=disapply)
    change = "amendment: Any member counts\namends: size\n"
    change += "change: {among: <person> is active}\nto: {among: <person> is a member}\n"
    south = used(layer(tmp_path, "south", SOUTH, any=change))
    assert outcome(south, "size", memberships=members(4, "junior")) == "met"
    assert outcome(south, "size", memberships=members(3, "junior")) == "breached"
    assert outcome(south, "size", memberships=members(9)) == "not applicable"


def test_what_was_put_into_an_exception_is_not_what_a_change_means(book: Path, tmp_path: Path) -> None:
    """The same condition stands in an exception of the rule, and in what took the one around it out below."""
    layer(
        tmp_path,
        no="amendment: Not who owes\namends: plots unless 1\nwhen: <person> owes rent\ndisapply: yes\n",
    )
    change = "amendment: Who came loses all\namends: plots\nchange: <person> owes rent\n"
    change += "to: <person> came to <any meeting>\n"
    south = used(layer(tmp_path, "south", SOUTH, change=change))
    given = {"memberships": members(1), "plots": holding("p1", "abc"), "founders": [{"person": "p1"}]}
    came = {
        "meetings": [{"meeting": "m", "day": "2018-05-01"}],
        "attending": [{"person": "p1", "meeting": "m"}],
    }
    assert outcome(south, "plots", **given) == "not applicable"
    assert outcome(south, "plots", **given, **came) == "breached"
    assert outcome(south, "plots", **given, owing=[{"person": "p1"}]) == "breached"


def test_an_exception_below_is_taken_out_above(book: Path, tmp_path: Path) -> None:
    """The exception that was disapplied below is no longer there."""
    layer(tmp_path, none="amendment: No founders\namends: plots unless 1\ndisapply: yes\n")
    out = """
        amendment: Nobody is excepted
        amends: plots
        change:
          unless:
            - when: <person> founded the society
              because: Founders keep what they have
              unless:
                - when: <person> owes rent
                  because: Whoever owes rent keeps nothing
        to: nothing
        """
    south = loaded(layer(tmp_path, "south", SOUTH, out=out))
    assert south.rules["plots"].exceptions == ()


def test_what_applies_instead_has_the_exceptions_of_amendments_below(book: Path, tmp_path: Path) -> None:
    """Who owes no rent was taken out below, and the rule for juniors is that rule as changed: so it is there too."""
    no_most = "amendment: No most\namends: plots\nwhen: {unless: <person> owes rent}\ndisapply: yes\n"
    layer(tmp_path, no_most=no_most)
    south = used(
        layer(tmp_path, "south", SOUTH, juniors=JUNIORS.replace("holds <b>]", "holds <b>, <1> owes rent]"))
    )
    given = {"memberships": members(1, "junior"), "plots": holding("p1", "ab")}
    assert found(south, **given)["juniors"] == [("p1", "not applicable")]
    assert found(south, **given, owing=[{"person": "p1"}])["juniors"] == [("p1", "breached")]
    # In one amendment nobody knows whether the one was meant for the other.
    together = layer(tmp_path, "together", AMENDMENT, no_most=no_most, juniors=JUNIORS)
    assert [each.code for each in faults(tmp_path, together)] == ["BR356"]


def test_below_and_above(book: Path, tmp_path: Path) -> None:
    """A rule of an upper amendment cannot be amended by a lower one."""
    late = "amendment: No juniors\namends: juniors\ndisapply: yes\n"
    layer(tmp_path, late=late)
    south = layer(tmp_path, "south", SOUTH, juniors=JUNIORS)
    assert told(tmp_path, source=south) == (
        "error[BR354 unknown-target]: `juniors` comes with `Rules of the south side`, which is laid over this one\n"
        " --> north/late.yaml:2:9\n  |\n2 | amends: juniors\n  |         ^^^^^^^\n"
        "help: amend it in `Rules of the south side`, or lay this over that"
    )


def test_the_order_is_that_in_which_they_are_laid(book: Path, tmp_path: Path) -> None:
    """Two that change the same are laid one after the other, and the second has to know the first."""
    north = layer(tmp_path, five=FIVE)
    west = layer(tmp_path, "west", AMENDMENT.replace("north", "west"), five=SIX)
    assert outcome(used(book, north, west), "size", memberships=members(5)) == "breached"
    assert [each.code for each in faults(tmp_path, west, north)] == ["BR352"]


def test_the_same_amendment_twice_is_laid_once(book: Path, tmp_path: Path) -> None:
    """Also where it is named another way, or comes with another one."""
    north = layer(tmp_path, five=FIVE)
    south = layer(tmp_path, "south", SOUTH, six=SIX)
    other = Path(os.path.relpath(north))
    for stack in (
        used(book, north, other),
        used(north, north),
        used(south, north),
        used(book, north, south, north),
    ):
        assert stack.amendments[:1] == ("Rules of the north side",)
        assert len(stack.amendments) == len(set(stack.amendments))


def test_over_names_the_rulebook_or_an_amendment(book: Path, tmp_path: Path) -> None:
    """By its name in any case, or by a path that is seen from it."""
    layer(tmp_path, five=FIVE)
    named = AMENDMENT.replace("../book", "The Allotment Society")
    assert used(book, layer(tmp_path, "named", named)).amendments == ("Rules of the north side",)
    by_name = SOUTH.replace("../north", "rules of the north side")
    south = layer(tmp_path, "south", by_name, six=SIX)
    assert outcome(used(book, tmp_path / "north", south), "size", memberships=members(5)) == "breached"
    deep = layer(tmp_path, "a/b/deep", AMENDMENT.replace("../book", "../../../book"), five=FIVE)
    assert outcome(used(deep), "size", memberships=members(4)) == "breached"


def test_the_shipped_rulebook_is_found_by_its_name(tmp_path: Path) -> None:
    """Wherever the amendment stands."""
    ten = "amendment: Ten\namends: criteria/minimum-size\nchange: {at least: 8}\nto: {at least: 10}\n"
    ours = layer(tmp_path, "ours", AMENDMENT.replace("../book", "Big Local partnerships"), ten=ten)
    assert used(ours).name == "Big Local partnerships"
    assert used(ours).model.rules["criteria/minimum-size"].title == "Ten"


def test_a_rulebook_may_amend_itself(book: Path, tmp_path: Path) -> None:
    """Files that amend may stand in it: from a day on it says something else."""
    write(book, {"five.yaml": FIVE + "from: 2018-01-01\n"})
    for day, said in (("2017-12-31", "met"), ("2018-01-01", "breached")):
        assert outcome(used(book), "size", day, memberships=members(4)) == said
    north = layer(tmp_path, six=SIX + "from: 2019-01-01\n")
    for day, least in (("2017-12-31", 4), ("2018-12-31", 5), ("2019-01-01", 6)):
        assert outcome(used(north), "size", day, memberships=members(least)) == "met"
        assert outcome(used(north), "size", day, memberships=members(least - 1)) == "breached"


def test_in_any_order_they_amount_to_the_same(book: Path, tmp_path: Path) -> None:
    """Files that do not touch each other do the same in one amendment, or in several in any order."""
    files = {
        "five": FIVE,
        "juniors": JUNIORS,
        "most": "amendment: Three\nparameter: most plots\nchange: 2\nto: 3\n",
    }
    together = layer(tmp_path, "together", AMENDMENT, **files).resolve()
    apart = [layer(tmp_path, f"only-{name}", AMENDMENT.replace("north", name), **{name: text})
             for name, text in files.items()]  # fmt: skip
    given = {"memberships": [*members(3), {"person": "p4", "kind": "junior"}],
             "plots": [*holding("p1", "abc"), *holding("p4", "ab")]}  # fmt: skip
    expected = found(used(together), **given)
    assert expected["plots"] == [("p1", "met"), ("p2", "met"), ("p3", "met"), ("p4", "not applicable")]
    assert expected["juniors"] == [("p4", "breached")]
    for order in itertools.permutations(apart):
        assert found(used(book, *order), **given) == expected
