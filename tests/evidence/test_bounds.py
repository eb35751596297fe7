"""Figures over what is not known: held against every way in which a register can be filled in."""

from __future__ import annotations

import copy
import itertools
import os
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import bigrules
from bigrules.findings.evidence import Evidence, Listed, Measured
from bigrules.findings.profile import Profile

from .society import members, report

NAMES = ("Ann", "Bob", "Cid", "Dee")
LONG = os.environ.get("BIGRULES_PROFILE") == "long"
# More than this is not filled in in every way.
MOST_OPEN = 4 if LONG else 3

NEAR = st.sampled_from(["yes", "no", "?"])
TAKEN_BY = st.sampled_from(["the society", "others alone", "?"])
GENDER = st.sampled_from(["woman", "man", "Woman", "?", "prefers not to say"])


@st.composite
def registers(draw: st.DrawFn) -> dict[str, Any]:
    """Some members, certain and possible ones, where they live, what they say, and some decisions."""
    names = NAMES[: draw(st.integers(0, 4))]
    made = members(*names)
    for row in made["memberships"]:
        row["certain"] = draw(st.sampled_from(["yes", "yes", "no"]))
    made["homes"] = [{"person": each, "near": draw(NEAR)} for each in names]
    made["profiles"] = [{"person": each, "gender": draw(GENDER)} for each in names if draw(st.booleans())]
    made["area profile"] = [{"characteristic": "gender", "group": "woman", "percent": 51}]
    made["decisions"] = [
        {"decision": f"d{number}", "day": "2018-05-01", "taken by": draw(TAKEN_BY)}
        for number in range(draw(st.integers(0, 2)))
    ]
    # Beyond so much that is open, the rest is known.
    for kind, number, key in open_in(made)[MOST_OPEN:]:
        made[kind][number][key] = "yes" if key != "taken by" else "others alone"
    return made


def open_in(register: dict[str, Any]) -> list[tuple[str, int, str]]:
    """What is not known, but for what members say of themselves: that is counted as not known."""
    found = [
        ("memberships", at, "certain")
        for at, row in enumerate(register["memberships"])
        if row["certain"] == "no"
    ]
    for kind, key in (("homes", "near"), ("decisions", "taken by")):
        found += [(kind, at, key) for at, row in enumerate(register[kind]) if row[key] == "?"]
    return found


def filled_in(register: dict[str, Any]) -> list[dict[str, Any]]:
    """The register in every way in which it can be filled in."""
    open_ = open_in(register)
    choices = {"certain": (True, False), "near": ("yes", "no"), "taken by": ("the society", "others alone")}
    made = []
    for values in itertools.product(*(choices[key] for _, _, key in open_)):
        one = copy.deepcopy(register)
        for (kind, at, key), value in zip(open_, values, strict=True):
            one[kind][at][key] = value
        one["memberships"] = [
            {"person": row["person"]} for row in one["memberships"] if row["certain"] in ("yes", True)
        ]
        made.append(one)
    return made


def evidence(register: dict[str, Any]) -> tuple[Profile, Measured, Listed, Measured]:
    """The profile and the share of one rule, the listing and the number of another."""
    made = report(register)
    found: list[Evidence] = [*made["rules/open-to-all"].findings[0].evidence]
    found += made["rules/runs-itself"].findings[0].evidence[:2]
    profile, share, listed, number = found
    assert isinstance(profile, Profile) and isinstance(share, Measured)
    assert isinstance(listed, Listed) and isinstance(number, Measured)
    return profile, share, listed, number


def known(figure: Any) -> Any:
    assert (figure.least, figure.of_least) == (figure.greatest, figure.of_greatest)
    return figure.least


def groups(profile: Profile) -> dict[str, tuple[int, int | None]]:
    (gender,) = [each for each in profile.characteristics if each.name == "gender"]
    found = {each.name.casefold(): (each.count.least, each.count.greatest) for each in gender.groups}
    return {**found, "": (gender.not_known.least, gender.not_known.greatest)}


@settings(max_examples=100 if LONG else 10)
@given(registers())
def test_bounds_are_those_of_all_completions(register: dict[str, Any]) -> None:
    """Each figure is what the least and the greatest of the completions have, and nothing certain is not so in one."""
    profile, share, listed, number = evidence(register)
    ways = [evidence(each) for each in filled_in(register)]
    numbers = [known(each.figure) for _, _, _, each in ways]
    assert (number.figure.least, number.figure.greatest) == (min(numbers), max(numbers))
    assert (profile.count.least, profile.count.greatest) == (min(numbers), max(numbers))
    shares = [known(each.figure) for _, each, _, _ in ways]
    real = [each for each in shares if each is not None]
    if real and all(row["certain"] == "yes" for row in register["memberships"]):
        assert (share.figure.least, share.figure.greatest) == (min(real), max(real))
    elif real:
        # Where it is open of how many it is a share, the bounds may be wider, and are not wrong.
        least, greatest = share.figure.least, share.figure.greatest
        greatest = least if greatest is None else greatest
        assert isinstance(least, int | Fraction) and isinstance(greatest, int | Fraction)
        assert least <= min(real) and max(real) <= greatest
    else:
        assert (share.figure.least, share.figure.greatest) == (None, None)
    every = [{one.binding for one in each.found} for _, _, each, _ in ways]
    certain = {each.binding for each in listed.found if each.certain}
    possible = {each.binding for each in listed.found}
    assert certain == set.intersection(*every)
    assert possible == set.union(*every)
    seen = [groups(each) for each, _, _, _ in ways]
    for name, (least, greatest) in groups(profile).items():
        values = [each.get(name, (0, 0))[0] for each in seen]
        assert (least, greatest) == (min(values), max(values)), name


def test_what_is_drawn_is_open_and_known() -> None:
    """The strategy above is worth something: several ways, and some members of whom nothing is known."""
    register = members("Ann", "Bob")
    register["memberships"] = [{"person": "Ann", "certain": "yes"}, {"person": "Bob", "certain": "no"}]
    register |= {"homes": [{"person": "Ann", "near": "?"}], "decisions": []}
    register |= {"profiles": [], "area profile": []}
    ways = filled_in(register)
    assert [(len(each["memberships"]), each["homes"][0]["near"]) for each in ways] == [
        (2, "yes"), (2, "no"), (1, "yes"), (1, "no"),
    ]  # fmt: skip
    assert isinstance(report(ways[0]), bigrules.Report)
