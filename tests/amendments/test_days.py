"""What is in force on a day: the day before, the first day, the last day and the day after."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from amendments.society import (
    AMENDMENT,
    BASE,
    FIVE,
    base,
    faults,
    found,
    holding,
    layer,
    loaded,
    members,
    outcome,
    used,
    write,
)
from bigrules.language import in_force
from bigrules.tools.examples import run_examples

DAYS = ("2018-03-31", "2018-04-01", "2018-06-30", "2018-07-01")
SPELLS = {
    "": (True, True, True, True),
    "from: 2018-04-01\n": (False, True, True, True),
    "until: 2018-06-30\n": (True, True, True, False),
    "from: 2018-04-01\nuntil: 2018-06-30\n": (False, True, True, False),
    "from: 2018-04-01\nuntil: 2018-04-01\n": (False, True, False, False),
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The rulebook."""
    return base(tmp_path)


@pytest.mark.parametrize("spell", SPELLS)
@pytest.mark.parametrize("where", ["file", "amendment"])
def test_a_change_on_its_days(book: Path, tmp_path: Path, spell: str, where: str) -> None:
    """Both days belong to it, whether the file says so or the whole amendment."""
    manifest = "amendment: North\nformat: 1\nversion: 0.1.0\nover: ../book\n"
    manifest, change = (manifest, FIVE + spell) if where == "file" else (manifest + spell, FIVE)
    north = used(layer(tmp_path, manifest=manifest, five=change))
    said = [outcome(north, "size", day, memberships=members(4)) for day in DAYS]
    assert said == ["breached" if each else "met" for each in SPELLS[spell]]


def test_days_of_a_file_and_of_all_of_it(book: Path, tmp_path: Path) -> None:
    """It is in force on the days that are in both."""
    manifest = AMENDMENT.rstrip(" ") + "    from: 2018-04-01\n"
    north = used(layer(tmp_path, manifest=manifest, five=FIVE + "from: 2017-01-01\nuntil: 2018-06-30\n"))
    assert [outcome(north, "size", day, memberships=members(4)) for day in DAYS] == [
        "met",
        "breached",
        "breached",
        "met",
    ]
    [amended] = north.model.amended
    assert (str(amended.start), str(amended.end)) == ("2018-04-01", "2018-06-30")


@pytest.mark.parametrize("spell", SPELLS)
def test_a_disapplication_on_its_days(book: Path, tmp_path: Path, spell: str) -> None:
    """Outside of its days the rule applies."""
    north = used(layer(tmp_path, none="amendment: No size\namends: size\ndisapply: yes\n" + spell))
    said = [outcome(north, "size", day, memberships=members(3)) for day in DAYS]
    assert said == ["not applicable" if each else "breached" for each in SPELLS[spell]]


@pytest.mark.parametrize("spell", SPELLS)
def test_another_rule_in_its_place_on_its_days(book: Path, tmp_path: Path, spell: str) -> None:
    """On its days the one applies, on others the other, and never both or none."""
    one = """\
amendment: A junior holds at most one plot
amends: plots
when: [<person> is a member as <kind>, <kind> is junior]
change: {at most: most plots}
to: {at most: 1}
examples: [{given: [], then: not applicable}]
"""
    north = used(layer(tmp_path, juniors=one + spell))
    given = {"memberships": members(1, "junior"), "plots": holding("p1", "ab")}
    for day, is_in_force in zip(DAYS, SPELLS[spell], strict=True):
        said = found(north, day, **given)
        assert said["plots"] == [("p1", "not applicable" if is_in_force else "met")]
        assert said["juniors"] == ([("p1", "breached")] if is_in_force else [("", "not applicable")])


@pytest.mark.parametrize("spell", SPELLS)
def test_a_rule_that_replaces_on_its_days(book: Path, tmp_path: Path, spell: str) -> None:
    """The old rule applies again when the new one has ended."""
    new = (
        BASE["size.yaml"]
        .replace("        rule:", "        replaces: size\n        rule:")
        .replace("at least: 4", "at least: 5")
    )
    new = "\n".join(line[8:] for line in new.split("other readings")[0].splitlines())
    north = used(
        layer(tmp_path, five=f"{new}\n{spell}examples: [{{given: [], as of: 2018-04-01, then: breached}}]\n")
    )
    for day, is_in_force in zip(DAYS, SPELLS[spell], strict=True):
        said = found(north, day, memberships=members(4))
        assert said["size"] == [("", "not applicable" if is_in_force else "met")]
        assert said["five"] == [("", "breached" if is_in_force else "not applicable")]


@pytest.mark.parametrize("spell", SPELLS)
def test_a_parameter_on_its_days(book: Path, tmp_path: Path, spell: str) -> None:
    """It has the other value on the days of the change, and its own on all others."""
    north = used(layer(tmp_path, most="amendment: One\nparameter: most plots\nchange: 2\nto: 1\n" + spell))
    given = {"memberships": members(1), "plots": holding("p1", "ab")}
    assert [outcome(north, "plots", day, **given) for day in DAYS] == [
        "breached" if each else "met" for each in SPELLS[spell]
    ]


def test_a_parameter_with_days_below(book: Path, tmp_path: Path) -> None:
    """One that changed with time already is changed on the days on which it has the old value."""
    write(book, {"rulebook.yaml": BASE["rulebook.yaml"].replace(
        "{most plots: 2}", "{most plots: [{value: 1, until: 2018-03-31}, {value: 2, from: 2018-04-01}]}")})  # fmt: skip
    north = used(
        layer(tmp_path, most="amendment: Three\nparameter: most plots\nchange: 2\nto: 3\nfrom: 2018-07-01\n")
    )
    for day, most in zip(DAYS, (1, 2, 2, 3), strict=True):
        given = {"memberships": members(1), "plots": holding("p1", "abcd"[:most])}
        assert outcome(north, "plots", day, **given) == "met"
        given["plots"] = holding("p1", "abcd"[: most + 1])
        assert outcome(north, "plots", day, **given) == "breached"
    early = layer(tmp_path, "early", most="amendment: Three\nparameter: most plots\nchange: 2\nto: 3\n")
    [gone] = faults(tmp_path, early)
    assert gone.code == "BR352"
    assert gone.message == "`most plots` is not `2` until 2018-03-31: it is `1`"


# ---------------------------------------------------------------- rules with a day of their own

TWO = "amendment: Two are enough\namends: quorum\nchange: {at least: 3}\nto: {at least: 2}\n"
MEETINGS = [{"meeting": f"m{at}", "day": day} for at, day in enumerate(DAYS)]
COMING = [{"person": person, "meeting": each["meeting"]} for each in MEETINGS for person in ("p1", "p2")]


@pytest.mark.parametrize("spell", SPELLS)
def test_a_rule_of_its_own_day(book: Path, tmp_path: Path, spell: str) -> None:
    """Each meeting is judged by what was in force on its day, whatever the day of judging."""
    north = used(layer(tmp_path, two=TWO + spell))
    given = {"memberships": members(2), "meetings": MEETINGS, "attending": COMING}
    for as_of in ("2018-07-01", "2019-01-01"):
        said: dict[str, list[str]] = {}
        for rule, findings in found(north, as_of, **given).items():
            for about, out in findings:
                if rule.startswith("quorum") and out != "not applicable":
                    said.setdefault(about.split(", ")[-1], []).append(out)
        assert said == {f"m{at}": ["met" if each else "breached"] for at, each in enumerate(SPELLS[spell])}


@pytest.mark.parametrize("spell", SPELLS)
@pytest.mark.parametrize("day", DAYS)
def test_the_outcome_of_a_rule_with_several_texts(book: Path, tmp_path: Path, spell: str, day: str) -> None:
    """Another rule that asks for its outcome is told that of the text that was in force."""
    north = used(layer(tmp_path, two=TWO + spell))
    at = DAYS.index(day)
    given = {"memberships": members(2), "meetings": MEETINGS[at : at + 1], "attending": COMING}
    given["attending"] = [each for each in COMING if each["meeting"] == f"m{at}"]
    missed = not SPELLS[spell][at]
    assert outcome(north, "warned", "2019-01-01", **given) == ("breached" if missed else "not applicable")


OUTCOMES = {
    "met": "only if: [rule quorum is met]",
    "breached": "only if: [rule quorum is breached]",
    "not applicable": "only if: [rule quorum is not applicable]",
}


@pytest.mark.parametrize("asked", OUTCOMES)
@pytest.mark.parametrize("held", [(), (0,), (1,), (0, 1), (1, 0)])
def test_what_a_rule_with_several_texts_comes_to(
    book: Path, tmp_path: Path, asked: str, held: tuple[int, ...]
) -> None:
    """Breached where one of them is, met where none is and one is met, and else not applicable."""
    write(book, {"warned.yaml": f"""
        rule: A rule that follows
        force: must
        {OUTCOMES[asked]}
        required: <any person> founded the society
        examples: [{{given: [], then: {"breached" if asked == "not applicable" else "not applicable"}}}]
        """})  # fmt: skip
    north = used(layer(tmp_path, two=TWO + "from: 2018-04-01\n"))
    # Two come to each: that is too few on the day before the change, and enough from then on.
    given = {"memberships": members(2), "meetings": [MEETINGS[each] for each in held],
             "attending": [each for each in COMING if each["meeting"] in {f"m{at}" for at in held}]}  # fmt: skip
    comes_to = "breached" if 0 in held else "met" if 1 in held else "not applicable"
    expected = "breached" if asked == comes_to else "not applicable"
    assert outcome(north, "warned", "2019-01-01", **given) == expected


def test_a_rule_of_its_own_day_that_has_ended(book: Path, tmp_path: Path) -> None:
    """A change that begins after the last day of the rule leaves it as it was, and it once."""
    write(book, {"quorum.yaml": BASE["quorum.yaml"].rstrip(" ") + "        until: 2018-03-31\n"})
    north = used(layer(tmp_path, two=TWO + "from: 2018-06-30\n"))
    given = {"memberships": members(2), "meetings": MEETINGS[:2], "attending": COMING[:4]}
    said = found(north, "2019-01-01", **given)
    assert [each for each in said if each.startswith("quorum")] == ["quorum"]
    assert {about.split(", ")[-1]: out for about, out in said["quorum"]}.get("m0") == "breached"


# ---------------------------------------------------------------- definitions

JUNIORS = "amendment: A junior is active\namends: definitions/active\n"
JUNIORS += "change: <kind> is full\nto: <kind> is one of full, junior\n"


@pytest.mark.parametrize("spell", SPELLS)
def test_a_definition_on_the_day_of_judging(book: Path, tmp_path: Path, spell: str) -> None:
    """It is read on the day of judging in a rule without a day of its own."""
    north = used(layer(tmp_path, juniors=JUNIORS + spell))
    said = [outcome(north, "size", day, memberships=members(4, "junior")) for day in DAYS]
    assert said == ["met" if each else "breached" for each in SPELLS[spell]]


@pytest.mark.parametrize("spell", SPELLS)
def test_a_definition_on_the_own_day_of_a_rule(book: Path, tmp_path: Path, spell: str) -> None:
    """And on its own day in a rule that has one, all of them in one case."""
    north = used(layer(tmp_path, juniors=JUNIORS + spell))
    rows = [{"person": f"p{at}", "meeting": each["meeting"]} for each in MEETINGS for at in (1, 2, 3)]
    given = {"memberships": members(3, "junior"), "meetings": MEETINGS, "attending": rows}
    said = {about.split(", ")[-1]: out for about, out in found(north, "2019-01-01", **given)["quorum"]}
    assert said == {f"m{at}": "met" if each else "breached" for at, each in enumerate(SPELLS[spell])}


@pytest.mark.parametrize("spell", SPELLS)
def test_a_definition_that_is_read_ever(book: Path, tmp_path: Path, spell: str) -> None:
    """Under `ever` facts are read whatever their days, and the definition as it stands on the day of judging."""
    write(book, {"once.yaml": """
        rule: Somebody has been active
        force: must
        required: {ever: <any person> is active}
        examples: [{given: [], then: breached}]
        """})  # fmt: skip
    north = used(layer(tmp_path, juniors=JUNIORS + spell))
    rows = [{**each, "from": "2010-01-01", "until": "2010-12-31"} for each in members(1, "junior")]
    said = [outcome(north, "once", day, memberships=rows) for day in DAYS]
    assert said == ["met" if each else "breached" for each in SPELLS[spell]]


# ---------------------------------------------------------------- from and until in a rulebook


@pytest.mark.parametrize("spell", SPELLS)
def test_a_rule_with_days(tmp_path: Path, spell: str) -> None:
    """A rule applies on its days, and to nothing on others."""
    size = BASE["size.yaml"].split("other readings")[0].rstrip() + "\n        as_of\n"
    lines = "".join(f"        {line}\n" for line in spell.splitlines())
    own = size.replace(
        "        as_of\n", lines + "        examples: [{as of: 2018-04-01, given: [], then: breached}]\n"
    )
    book = used(base(tmp_path, size=own))
    said = [outcome(book, "size", day, memberships=members(3)) for day in DAYS]
    assert said == ["breached" if each else "not applicable" for each in SPELLS[spell]]


@pytest.mark.parametrize("spell", SPELLS)
def test_a_rule_of_its_own_day_with_days(tmp_path: Path, spell: str) -> None:
    """Of a rule with a day of its own that day counts."""
    lines = "".join(f"        {line}\n" for line in spell.splitlines())
    book = used(base(tmp_path, quorum=BASE["quorum.yaml"].rstrip(" ") + lines))
    given = {"memberships": members(2), "meetings": MEETINGS, "attending": COMING}
    said = {about.split(", ")[-1]: out for about, out in found(book, "2019-01-01", **given)["quorum"]}
    assert {about for about, out in said.items() if out == "breached"} == {
        f"m{at}" for at, each in enumerate(SPELLS[spell]) if each
    }


@pytest.mark.parametrize("spell", SPELLS)
def test_a_definition_with_days(tmp_path: Path, spell: str) -> None:
    """Outside of its days a definition holds for nothing."""
    lines = "".join(f"        {line}\n" for line in spell.splitlines())
    book = used(base(tmp_path, definitions__active=BASE["definitions/active.yaml"].rstrip(" ") + lines))
    said = [outcome(book, "size", day, memberships=members(4)) for day in DAYS]
    assert said == ["met" if each else "breached" for each in SPELLS[spell]]


def test_the_same_day_everywhere_is_the_same_object(book: Path, tmp_path: Path) -> None:
    """A rulebook that does not change with time is one object; another has one for each stretch of days."""
    plain = loaded(book)
    assert in_force(plain, datetime.date(1900, 1, 1)) is plain
    north = loaded(layer(tmp_path, five=FIVE + "from: 2018-04-01\nuntil: 2018-06-30\n"))
    versions = [in_force(north, datetime.date.fromisoformat(each)) for each in DAYS]
    assert versions[1] is versions[2] and versions[3].rules is north.rules
    assert len({id(each) for each in versions}) == 3


# ---------------------------------------------------------------- days of records that are not known


def test_a_day_that_is_not_known(book: Path, tmp_path: Path) -> None:
    """A meeting on a day that nobody knows is open where what was in force on it decides."""
    north = used(layer(tmp_path, two=TWO + "from: 2018-04-01\n"))
    rows = [{"meeting": "m0", "day": "?"}]
    # Nobody was a member before 2010, so that three who came are too few if it was held then.
    for count, before, after in (
        (1, "undecided", "undecided"),
        (2, "undecided", "met"),
        (3, "undecided", "met"),
    ):
        coming = [{"person": f"p{at}", "meeting": "m0"} for at in range(1, count + 1)]
        said = found(north, "2019-01-01", memberships=members(3), meetings=rows, attending=coming)
        assert said["quorum@until-2018-03-31"] == [("m0", before)]
        assert said["quorum"] == [("m0", after)]


# ---------------------------------------------------------------- examples, each by its day


def test_examples_run_by_their_day(book: Path, tmp_path: Path) -> None:
    """Examples of an amendment are judged by what is in force on their day, also when it has ended."""
    examples = """\
from: 2018-04-01
until: 2018-06-30
examples:
  - {as of: 2018-03-31, given: [<1 to 4> is a member as <full>], then: met}
  - {as of: 2018-04-01, given: [<1 to 4> is a member as <full>], then: breached}
  - {as of: 2018-06-30, given: [<1 to 4> is a member as <full>], then: breached}
  - {as of: 2018-07-01, given: [<1 to 4> is a member as <full>], then: met}
"""
    assert run_examples(loaded(layer(tmp_path, five=FIVE + examples))) == ([], 4)
    wrong = examples.replace("2018-07-01", "2018-06-29")
    found_, ran = run_examples(loaded(layer(tmp_path, "wrong", AMENDMENT, five=FIVE + wrong)))
    assert ran == 4
    assert [(each.code, each.message) for each in found_] == [
        ("BR320", "this example says `met` and its rule says `breached`")
    ]
    assert found_[0].place.file.endswith("wrong/five.yaml")
    assert found_[0].place.line == 11


def test_examples_of_what_is_below_do_not_run_again(book: Path, tmp_path: Path) -> None:
    """They hold without the amendment: only those of the layer that was laid last run."""
    north = loaded(
        layer(tmp_path, five=FIVE + "examples: [{given: [<1 to 4> is a member], then: breached}]\n")
    )
    assert run_examples(north) == ([], 1)
    assert len(north.rules["size"].examples) == 3


@pytest.mark.parametrize("spell", SPELLS)
@pytest.mark.parametrize("own", ["", "from: 2018-06-30\n"])
def test_new_files_have_the_days_of_all_of_it(book: Path, tmp_path: Path, spell: str, own: str) -> None:
    """A rule and a definition that an amendment brings are in force on its days, and on their own among these."""
    manifest = "amendment: North\nformat: 1\nversion: 0.1.0\nover: ../book\n" + spell
    rule = "rule: Somebody is old\nforce: must\nrequired: <any person> is active\n"
    rule += "examples: [{given: [], then: breached}]\n"
    said_ = "definition: <person> is welcome\nholds when: <person> is a member\nexamples: [{given: [], then: []}]\n"
    reads = "rule: Somebody is welcome\nforce: must\nrequired: <any person> is welcome\n"
    reads += "examples: [{given: [], then: breached}]\n"
    days = [
        each for each, ok in zip(DAYS, SPELLS[spell], strict=True) if ok and (not own or each >= "2018-06-30")
    ]
    if own and not days:
        return  # Days that are in none of both are told about: see `tests/bad/amendments`.
    files = {"old": rule + own, "definitions__welcome": said_ + own, "greeted": reads}
    north = used(layer(tmp_path, manifest=manifest, **files))
    for day in DAYS:
        found_ = found(north, day, memberships=members(1))
        # The rule that reads the definition has only the days of all of it.
        is_in_force = SPELLS[spell][DAYS.index(day)]
        greeted = "not applicable" if not is_in_force else "met" if day in days else "breached"
        assert found_["greeted"] == [("", greeted)]
        assert found(north, day)["old"] == [("", "breached" if day in days else "not applicable")]


@pytest.mark.parametrize("written", ["[quorum]", "quorum"])
def test_findings_of_a_rule_with_several_texts_are_shown(book: Path, tmp_path: Path, written: str) -> None:
    """What a question shows of a rule is what all of its texts have found."""
    write(book, {"asked.yaml": f"""
        rule: The quorum is looked after
        force: expected
        ask: Is the quorum looked after?
        show: {{findings of: {written}}}
        examples: [{{given: [{{answer: {{question: asked, about: [], answer: yes}}}}], then: met}}]
        """})  # fmt: skip
    north = used(layer(tmp_path, two=TWO + "from: 2018-04-01\n"))
    given = {"people": [{"person": "p1"}, {"person": "p2"}], "memberships": members(2), "plots": [], "founders": [],
             "owing": [], "meetings": MEETINGS[:2], "attending": COMING[:4]}  # fmt: skip
    report = north.check(north.read(given, as_of="2019-01-01"))
    [asked] = report["asked"].findings
    [shown] = asked.evidence
    assert {id: str(outcome_) for id, outcome_ in shown.outcomes} == {
        "quorum": "met",
        "quorum@until-2018-03-31": "breached",
    }
