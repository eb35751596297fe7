"""What differs between two rulebooks: worked by hand, turned round, and held against the oracle."""

from __future__ import annotations

import shutil
from pathlib import Path

import attrs
import pytest

from bigrules.language import load, shipped_path
from bigrules.language.model import Rulebook
from bigrules.tools.diff import Change, Diff, compare
from bigrules.tools.diff_parts import Part
from bigrules.tools.diff_step import Due, due, taken
from language.books import MANIFEST, VOCABULARY, write
from made.changing import by_the_oracle, read, shipped

SIZE = """rule: There are at least three members
force: must
required: {number of: <person>, among: <person> is a member, at least: 3}
"""
KIN = """rule: Members are not related
force: should
not allowed:
  - <person> is a member
  - <other> is a member
  - <person> and <other> are recorded as <any kind>
"""
COUNTS = """definition: <person> counts
holds when: <person> is a member
"""
USE = """rule: Nobody counts who was born before 2000
force: must
not allowed:
  - <person> counts
  - <person> was born on <day>
  - <day> is before 2000-01-01
"""
FILES = {"size.yaml": SIZE, "kin.yaml": KIN, "counts.yaml": COUNTS, "use.yaml": USE}


def loaded(folder: Path, files: dict[str, str]) -> Rulebook:
    """A rulebook without errors."""
    book, found = load(write(folder, {**FILES, **files}))
    assert book is not None, "\n".join(map(str, found))
    return book


@pytest.fixture
def old(tmp_path: Path) -> Rulebook:
    return loaded(tmp_path / "old", {})


def changed(tmp_path: Path, files: dict[str, str]) -> Rulebook:
    """The rulebook with other files."""
    return loaded(tmp_path / "new", files)


def only(found: Diff) -> Change:
    """The one change that there is."""
    (change,) = found.changes
    return change


def by_id(found: Diff) -> dict[str, Change]:
    return {each.id: each for each in found.changes}


# ---------------------------------------------------------------- each sort of change


def test_a_rulebook_does_not_differ_from_itself(old: Rulebook) -> None:
    found = compare(old, old)
    assert found.changes == ()
    assert (found.due.step, found.differs) == ("none", False)


def test_a_limit_that_moved(tmp_path: Path, old: Rulebook) -> None:
    new = changed(tmp_path, {"size.yaml": SIZE.replace("at least: 3", "at least: 4")})
    change = only(compare(old, new))
    assert (change.id, change.how, change.direction, change.wording) == ("size", "changed", "stricter", False)
    assert change.parts == (Part("limit", "at least 3 of <person>", "at least 4 of <person>"),)
    assert change.made is not None
    assert (change.made.before, change.made.after, len(change.made.statements)) == ("met", "breached", 3)


def test_other_words_are_wording(tmp_path: Path, old: Rulebook) -> None:
    """Another title, another word in a slot, conditions in another order: the same is said."""
    other = KIN.replace("<other>", "<neighbour>").replace("are not related", "must not be related")
    found = compare(old, changed(tmp_path, {"kin.yaml": other}))
    change = only(found)
    assert (change.made, change.tried, change.wording) == (None, 200, True)
    assert change.parts[0] == Part(
        "what it says", "Members are not related", "Members must not be related", True
    )
    turned = KIN.replace(
        "  - <person> is a member\n  - <other> is a member\n",
        "  - <other> is a member\n  - <person> is a member\n",
    )
    found = compare(old, changed(tmp_path / "turned", {"kin.yaml": turned}))
    assert only(found).wording
    assert (found.due.step, found.differs) == ("patch", False)


def test_a_condition_taken_out_and_an_exception_put_in(tmp_path: Path, old: Rulebook) -> None:
    text = KIN + "  - <person> has a vote\n"
    before = loaded(tmp_path / "voting", {"kin.yaml": text})
    other = KIN + "unless:\n  - when: <any grant> had <any votes> votes\n    because: they vote\n"
    change = only(compare(before, changed(tmp_path, {"kin.yaml": other})))
    assert change.parts == (
        Part("what is not allowed", "<person> has a vote", ""),
        Part("exception", "", "<any grant> had <any votes> votes, because they vote"),
    )
    # One of the two makes it stricter, and the other looser; made cases show whichever they come upon.
    assert change.direction == ""
    assert change.shown is not None and change.shown.stricter and change.shown.looser


def test_a_definition_reaches_the_rule_that_reads_it(tmp_path: Path, old: Rulebook) -> None:
    found = compare(old, changed(tmp_path, {"counts.yaml": COUNTS.replace("is a member", "has a vote")}))
    changes = by_id(found)
    assert set(changes) == {"counts", "use"}
    rule, definition = changes["use"], changes["counts"]
    assert (rule.how, rule.through, rule.parts) == ("reached", ("counts",), ())
    assert rule.made is not None and "breached" in (rule.made.before, rule.made.after)
    assert definition.made is not None and definition.made.kind == "definition"
    assert definition.parts == (Part("when it holds", "<person> is a member", "<person> has a vote"),)
    assert found.due.step == "major"


def test_a_parameter_reaches_the_rule_that_names_it(tmp_path: Path) -> None:
    size = SIZE.replace("at least: 3", "at most: most")
    before = loaded(tmp_path / "old", {"size.yaml": size})
    after = changed(
        tmp_path, {"size.yaml": size, "rulebook.yaml": MANIFEST.replace("{most: 12}", "{most: 13}")}
    )
    changes = by_id(compare(before, after))
    assert set(changes) == {"size", "most"}
    assert changes["most"].parts == (Part("value", "12", "13"),)
    rule = changes["size"]
    assert (rule.how, rule.through, rule.direction) == ("reached", ("parameter most",), "looser")
    assert rule.made is not None
    assert rule.made.statements == ("<1 to 13> is a member",)


def test_a_new_field_that_nothing_reads_is_minor(tmp_path: Path, old: Rulebook) -> None:
    more = VOCABULARY.replace(
        "    voting: {is: yes or no}\n", "    voting: {is: yes or no}\n    seat: {is: text}\n"
    )
    found = compare(old, changed(tmp_path, {"vocabulary.yaml": more}))
    change = only(found)
    assert (change.sort, change.id) == ("kind", "memberships")
    assert change.parts == (Part("field", "", "seat: text"),)
    assert (found.due.step, found.differs) == ("minor", False)


def test_another_meaning_of_a_blank_is_major(tmp_path: Path, old: Rulebook) -> None:
    """Nobody need have a vote any more for whom nothing is written."""
    other = VOCABULARY.replace("voting: {is: yes or no}", "voting: {is: yes or no, blank means: no}")
    vote = "rule: Nobody votes\nforce: must\nnot allowed: <any person> has a vote\n"
    before = loaded(tmp_path / "old", {"vote.yaml": vote})
    found = compare(before, changed(tmp_path, {"vote.yaml": vote, "vocabulary.yaml": other}), cases=100)
    changes = by_id(found)
    assert changes["vote"].through == ("vocabulary/memberships",)
    assert changes["vote"].made is not None
    assert changes["vote"].made.after == "met"
    assert found.due.step == "major"


def test_new_and_old_rules(tmp_path: Path, old: Rulebook) -> None:
    extra = SIZE.replace("at least: 3", "at most: 20").replace("at least three", "at most twenty")
    found = compare(old, changed(tmp_path, {"most.yaml": extra}))
    change = only(found)
    assert (change.how, change.direction, found.due.step) == ("added", "stricter", "major")
    assert change.made is not None
    assert (change.made.before, change.made.after) == ("", "breached")
    expected = extra.replace("force: must", "force: expected")
    found = compare(old, changed(tmp_path / "more", {"most.yaml": expected}), cases=0)
    assert (only(found).how, found.due.step, found.differs) == ("added", "minor", False)
    turned = compare(changed(tmp_path / "again", {"most.yaml": extra}), old, cases=0)
    assert (only(turned).how, only(turned).direction, turned.due.step) == ("removed", "looser", "major")


def test_a_file_under_another_name(tmp_path: Path, old: Rulebook) -> None:
    new = loaded(tmp_path / "new", {"number.yaml": SIZE})
    (tmp_path / "new" / "size.yaml").unlink()
    again, _ = load(tmp_path / "new")
    assert again is not None and new is not None
    found = compare(old, again)
    change = only(found)
    assert (change.how, change.id, change.was, change.wording) == ("renamed", "number", "size", True)
    assert found.due.step == "minor"


def test_a_definition_under_another_name_leaves_rules_as_they_are(tmp_path: Path, old: Rulebook) -> None:
    loaded(tmp_path / "new", {"who-counts.yaml": COUNTS.replace("counts", "reckons"), "use.yaml": USE})
    folder = tmp_path / "new"
    (folder / "counts.yaml").rename(folder / "who-counts.yaml")
    again, faults = load(folder)
    assert again is not None, faults
    assert {(each.id, each.how, each.wording) for each in compare(old, again).changes} == {
        ("who-counts", "renamed", True)
    }


@pytest.mark.parametrize(
    ("one", "other", "step"),
    [("must", "should", "minor"), ("must", "expected", "major"), ("expected", "should", "major")],
)
def test_force(tmp_path: Path, one: str, other: str, step: str) -> None:
    before = loaded(tmp_path / "old", {"size.yaml": SIZE.replace("must", one)})
    found = compare(before, changed(tmp_path, {"size.yaml": SIZE.replace("must", other)}))
    assert only(found).parts == (Part("force", one, other),)
    assert found.due.step == step


def test_examples_and_notes_are_wording(tmp_path: Path, old: Rulebook) -> None:
    text = (
        SIZE
        + "note: counted once\nexamples:\n  - name: three\n    given: [<1 to 3> is a member]\n    then: met\n"
    )
    found = compare(old, changed(tmp_path, {"size.yaml": text}))
    assert {each.what for each in only(found).parts} == {"note", "examples"}
    assert (only(found).wording, found.due.step) == (True, "patch")


def test_an_edition_is_told(tmp_path: Path, old: Rulebook) -> None:
    found = compare(old, changed(tmp_path, {"rulebook.yaml": MANIFEST.replace("2020", "2021")}))
    assert only(found).parts == (Part("edition", "2020", "2021", True),)
    assert found.due.step == "patch"


# ---------------------------------------------------------------- the step of the version


def stepped(tmp_path: Path, one: str, other: str, files: dict[str, str]) -> Due:
    before = loaded(tmp_path / "old", {"rulebook.yaml": MANIFEST.replace("1.0.0", one)})
    after = loaded(tmp_path / "new", {"rulebook.yaml": MANIFEST.replace("1.0.0", other), **files})
    return compare(before, after, cases=300).due


def test_a_step_that_is_too_small(tmp_path: Path) -> None:
    files = {"size.yaml": SIZE.replace("at least: 3", "at least: 4")}
    found = stepped(tmp_path, "1.0.0", "1.1.0", files)
    assert (found.step, found.taken, found.enough) == ("major", "minor", False)
    assert found.because == ("size comes out otherwise in a made case",)


def test_a_step_that_is_great_enough(tmp_path: Path) -> None:
    files = {"size.yaml": SIZE.replace("There are at least", "There must be at least")}
    found = stepped(tmp_path, "1.0.0", "1.0.1", files)
    assert (found.step, found.taken, found.enough) == ("patch", "patch", True)


def test_no_step_where_something_changed(tmp_path: Path) -> None:
    files = {"size.yaml": SIZE.replace("There are at least", "There must be at least")}
    assert stepped(tmp_path, "1.0.0", "1.0.0", files).enough is False


def test_versions_that_are_words_say_nothing(old: Rulebook) -> None:
    found = due(attrs.evolve(old, version="spring"), attrs.evolve(old, version="autumn"), [("major", "why")])
    assert (found.step, found.taken, found.enough) == ("major", "", None)


def test_a_step_back() -> None:
    assert taken("2.0.0", "1.9.9") == "back"


# ---------------------------------------------------------------- laws


def edited(tmp_path: Path, file: str, one: str, other: str) -> Rulebook:
    """The shipped rulebook with a text changed where it stands first."""
    folder = tmp_path / "rules"
    shutil.copytree(shipped_path(), folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert one in text
    (folder / file).write_text(text.replace(one, other, 1), encoding="utf-8")
    book, found = load(folder, thorough=False)
    assert book is not None, found
    return book


def test_the_shipped_rulebook_and_a_few_changes(tmp_path: Path) -> None:
    """What changed is told and nothing else; turned round it is told the other way; the oracle agrees."""
    new = edited(tmp_path, "criteria/minimum-size.yaml", "at least: 8", "at least: 9")
    there, back = compare(shipped(), new, cases=30), compare(new, shipped(), cases=30)
    # The second rule reads the outcome of the first.
    assert {(each.id, each.how) for each in there.changes} == {
        ("criteria/minimum-size", "changed"),
        ("review/say-what-will-be-done", "reached"),
    }
    assert by_id(there)["criteria/minimum-size"].direction == "stricter"
    assert by_id(back)["criteria/minimum-size"].direction == "looser"
    for one, other in zip(there.changes, back.changes, strict=True):
        assert one.id == other.id
        assert [(each.what, each.before, each.after) for each in one.parts] == [
            (each.what, each.after, each.before) for each in other.parts
        ]
    for found in (there, back):
        for change in found.changes:
            assert change.made is not None
            for book, then in ((found.old, "before"), (found.new, "after")):
                said = by_the_oracle(book, change.id, read(book, change.id, change.made, then))
                assert said in (None, getattr(change.made, then))
