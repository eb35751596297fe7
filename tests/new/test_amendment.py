"""What `bigrules new amendment` makes passes `bigrules test` as it stands, and shows its change from both sides."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from bigrules.diagnostics import InputError
from bigrules.language import load
from bigrules.tools.deep import deep_test
from bigrules.tools.new_amendment import Wanted, new_amendment
from bigrules.tools.new_fact import new_fact
from bigrules.tools.new_rule import FORMS, new_definition, new_rule
from new.desk import LONG, WORDS, as_fmt_writes, club, holds, refusal, text_at, what_is_said

ENOUGH = "members/enough-members"
MORE = Wanted(ENOUGH, change="at least: 3", to="at least: 5")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return club(tmp_path / "club")


def outcomes(root: Path, rule: str) -> dict[str, str]:
    """What each example of the amendment says comes out."""
    book, _ = load(root)
    assert book is not None
    return {
        each.name: each.then for each in book.rules[rule].examples if each.place.file.startswith(f"{root}/")
    }


def test_a_limit_is_changed_and_shown_from_both_sides(base: Path, tmp_path: Path) -> None:
    root = tmp_path / "ours"
    before = holds(base)
    made = new_amendment(str(root), str(base), by="meeting of 3 May", wanted=MORE)
    assert made.files == (str(root / "amendment.yaml"), str(root / "amendments" / "enough-members.yaml"))
    assert holds(base) == before
    assert what_is_said(root) == []
    assert text_at(root / "amendment.yaml", "over") == "../club"
    assert text_at(root / "amendment.yaml", "by") == "meeting of 3 May"
    # By hand: three were enough and are too few now; five are enough, four are not.
    found = outcomes(root, "members/enough-members")
    assert found.pop("met before the amendment") == "breached"
    assert found.pop("met before and after") == "met"
    assert set(found.values()) <= {"breached", "met"}
    book, _ = load(root)
    assert book is not None
    deep = deep_test(book)
    assert (deep.coverage, deep.score) == (1, 1)
    assert as_fmt_writes(root / "amendments" / "enough-members.yaml", "rule")
    assert as_fmt_writes(root / "amendment.yaml", "amendment")


def test_a_rule_is_disapplied_for_some_days(base: Path, tmp_path: Path) -> None:
    root = tmp_path / "ours"
    wanted = Wanted(ENOUGH, disapply=True, start="2018-04-01", end="2018-09-30")
    new_amendment(str(root), str(base), wanted=wanted)
    assert what_is_said(root) == []
    file = root / "amendments" / "enough-members.yaml"
    assert (text_at(file, "from"), text_at(file, "until")) == ("2018-04-01", "2018-09-30")
    found = outcomes(root, "members/enough-members")
    assert found["breached before the amendment"] == "not applicable"
    # On days on which it is not in force, the rule is what it was.
    assert found["breached before and after"] == "breached"


def test_a_definition_is_changed(base: Path, tmp_path: Path) -> None:
    new_definition("busy", str(base), says="<person> is busy")
    root = tmp_path / "ours"
    change = text_at(base / "definitions" / "busy.yaml", "holds when")
    assert change == "<person> is a member"
    wanted = Wanted(amends="definitions/busy", change=change, to="<person> holds the office of <any office>")
    new_amendment(str(root), str(base), wanted=wanted)
    assert what_is_said(root) == []
    book, _ = load(root)
    assert book is not None and len(book.definitions["definitions/busy"].examples) >= 2


def test_a_parameter_is_changed(base: Path, tmp_path: Path) -> None:
    with (base / "rulebook.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write("parameters:\n  most members: {value: 12}\n")
    root = tmp_path / "ours"
    new_amendment(str(root), str(base), wanted=Wanted(parameter="most members", change="12", to="14"))
    assert what_is_said(root) == []
    file = root / "amendments" / "most-members.yaml"
    assert text_at(file, "amendment") == "Most members: 14 in place of 12"
    assert text_at(file, "parameter") == "most members"


def test_a_kind_of_fact_is_changed(base: Path, tmp_path: Path) -> None:
    root = tmp_path / "ours"
    wanted = Wanted(
        amends="vocabulary/offices",
        change="one of: [chair, secretary, treasurer, other]",
        to="one of: [chair, other]",
    )
    new_amendment(str(root), str(base), wanted=wanted)
    assert what_is_said(root) == []
    book, _ = load(root)
    assert book is not None
    fields = {each.name: each.type.choices for each in book.vocabulary.kinds["offices"].fields}
    assert fields["office"] == ("chair", "other")


def test_rules_facts_and_definitions_in_an_amendment_over_an_amendment(base: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    new_amendment(str(first), str(base), wanted=MORE)
    new_amendment(str(second), str(first))
    assert text_at(second / "amendment.yaml", "over") == "../first"
    below = holds(base) | holds(first)
    new_fact("trainings", str(second), says="<person> was trained on <day>")
    new_definition("trained", str(second), says="<person> is trained")
    for form in FORMS:
        new_rule(f"own/{form}", str(second), form=form, for_each=["<person> is a member"])
        new_rule(f"own/{form}-of-all", str(second), form=form)
    assert what_is_said(second) == []
    assert holds(base) | holds(first) == below
    book, _ = load(second)
    assert book is not None and len(book.rules) == 9 and len(book.laid) == 2
    assert "own.ask" in book.clauses and text_at(second / "clauses.yaml", "own.ask", "section") == "Own"


@pytest.mark.skipif(not LONG, reason="loads the shipped rules often; the page on `bigrules new` does it too")
def test_over_the_shipped_rules_by_their_name(tmp_path: Path) -> None:
    root = tmp_path / "ours"
    wanted = Wanted(
        amends="criteria/minimum-size", change="at least: 8", to="at least: 10", title="Ten: at least"
    )
    new_amendment(str(root), wanted=wanted)
    assert text_at(root / "amendment.yaml", "over") == "Big Local partnerships"
    assert what_is_said(root) == []
    book, _ = load(root)
    assert book is not None and book.rules["criteria/minimum-size"].title == "Ten: at least"


@settings(max_examples=settings.default.max_examples // 20)
@given(WORDS, WORDS, WORDS)
def test_whatever_it_is_called(name: str, by: str, title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = club(Path(folder) / "a club #1, ours")
        root = Path(folder) / "no"
        new_amendment(str(root), str(base), name=name, by=by)
        wanted = Wanted(amends=MORE.amends, disapply=True, title=title)
        new_amendment(str(root / "_x"), str(root), wanted=wanted)
        assert what_is_said(root) == [] and what_is_said(root / "_x") == []
        book, _ = load(root)
        assert book is not None
        assert (book.laid[0].name, book.laid[0].by) == (" ".join(name.split()), " ".join(by.split()))
        assert text_at(root / "_x" / "amendments" / "enough-members.yaml", "amendment") == " ".join(
            title.split()
        )


@pytest.mark.parametrize(
    ("over", "wanted", "code", "said", "help_"),
    [
        ("nowhere", None, "BR532", "there is no rulebook `nowhere`", "name its directory"),
        ("", Wanted(change="a: b", to="c: d"), "BR539", "changes one thing", "--amends"),
        ("club", Wanted("members/enough-membrs", disapply=True), "BR539", "no `members/enough-membrs`", "did you mean"),
        ("club", Wanted(parameter="most", change="1", to="2"), "BR539", "no parameter `most`", "rulebook.yaml"),
        ("club", Wanted(ENOUGH), "BR539", "does one thing", "--disapply"),
        ("club", Wanted(ENOUGH, change="at least: 3"), "BR539", "does one thing", "--to"),
        ("club", Wanted(ENOUGH, change="a: [", to="b"), "BR539", "cannot be read", "at least: 8"),
        ("club", Wanted(ENOUGH, change="at least: 4", to="at least: 5"), "BR538", "does not stand", "at least: 3"),
        ("club", Wanted(ENOUGH, disapply=True, start="May"), "BR533", "`May` is no day", "2018-06-01"),
        ("club", Wanted(ENOUGH, disapply=True, start="2018-05-02", end="2018-05-01"), "BR538", "", ""),
        ("club", Wanted(amends="members/enough-members unless 1", disapply=True), "BR538", "", ""),
    ],
    ids=range(11),
)  # fmt: skip
def test_what_cannot_be_made(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    over: str, wanted: Wanted | None, code: str, said: str, help_: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    before = holds(tmp_path)
    with pytest.raises(InputError) as error:
        new_amendment("ours", over, wanted=wanted)
    found, message, help = refusal(error.value)
    assert (found, said in message, help_ in help) == (code, True, True), (message, help)
    assert holds(tmp_path) == before


def test_an_amendment_inside_what_it_is_laid_over(base: Path) -> None:
    with pytest.raises(InputError) as error:
        new_amendment(str(base / "ours"), str(base))
    assert refusal(error.value)[0] == "BR532"
