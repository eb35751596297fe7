"""What `bigrules new` makes passes `bigrules test` as it stands, whatever it is called, and loses nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bigrules.diagnostics import InputError
from bigrules.language import load
from bigrules.tools.deep import deep_test
from bigrules.tools.new_amendment import new_amendment
from bigrules.tools.new_fact import new_fact
from bigrules.tools.new_rule import FORMS, new_definition, new_rule
from bigrules.tools.new_rulebook import new_rulebook
from bigrules.tools.trace import trace
from new.desk import IDS, LONG, WORDS, as_fmt_writes, club, holds, refusal, shipped, text_at, what_is_said

# Each takes some hundredths of a second.
SOME = settings(max_examples=settings.default.max_examples // 8)


@pytest.fixture(scope="module")
def ours() -> Iterator[Path]:
    """A copy of the shipped rules, that every test leaves as it was."""
    with tempfile.TemporaryDirectory() as folder:
        yield shipped(Path(folder) / "ours")


def plain(text: str) -> str:
    return " ".join(text.split())


@st.composite
def rules(draw: st.DrawFn) -> dict[str, object]:
    """What is asked for in a rule."""
    asked: dict[str, object] = {"form": draw(st.sampled_from(FORMS))}
    for key in ("title", "section", "place"):
        if draw(st.booleans()):
            asked[key] = draw(WORDS)
    asked["source"] = draw(st.lists(WORDS, max_size=2, unique_by=lambda text: plain(text).casefold()))
    asked["force"] = draw(st.sampled_from(["must", "should", "expected"]))
    return asked


@SOME
@given(
    IDS, rules(), st.sampled_from([[], ["<member> is a member"], ["<x> holds the office of <any office>"]])
)
def test_a_rule_in_a_new_rulebook(id: str, asked: dict[str, object], each: list[str]) -> None:
    assume(all(part.casefold() not in ("con", "prn", "aux", "nul") for part in id.split("/")))
    assume(id.casefold() not in ("rulebook", "vocabulary", "clauses", "review", "amendment"))
    with tempfile.TemporaryDirectory() as folder:
        root = club(Path(folder) / "club")
        before = holds(root)
        new_rule(id, str(root), for_each=each, **asked)  # type: ignore[arg-type]
        assert what_is_said(root) == []
        book, _ = load(root)
        assert book is not None
        rule = book.rules[id]
        sources = [plain(each) for each in asked["source"]] or [id.replace("/", ".")]  # type: ignore[attr-defined]
        assert rule.source == tuple(sources)
        assert (rule.force, rule.subject) == (asked["force"], rule.subject)
        if "title" in asked:
            assert rule.title == plain(str(asked["title"]))
            # An editor, which knows more types than text, reads a text too.
            assert yaml.safe_load((root / f"{id}.yaml").read_bytes())["rule"] == plain(str(asked["title"]))
        outcomes = {each.then for each in rule.examples}
        assert outcomes >= {"met", "breached"} if asked["form"] != "ask" else {"judgement", "met", "breached"}
        for source in sources:
            assert source in book.clauses
            if "place" in asked and source != "members.1":
                assert book.clauses[source].place == plain(str(asked["place"]))
        file = root / f"{id}.yaml"
        assert as_fmt_writes(file, "rule") and as_fmt_writes(root / "clauses.yaml", "clauses")
        # Nothing else is touched, and every byte of the ledger stands where it stood.
        after = holds(root)
        assert after["clauses.yaml"].startswith(before["clauses.yaml"])  # type: ignore[union-attr, arg-type]
        folders = {parent.as_posix() for parent in Path(f"{id}.yaml").parents} - {"."}
        assert set(after) - set(before) == {f"{id}.yaml", *(folders - set(before))}
        assert {key: each for key, each in after.items() if key in before and key != "clauses.yaml"} == {
            key: each for key, each in before.items() if key != "clauses.yaml"
        }


_TYPES = [
    "person",
    "text",
    "number",
    "whole number",
    "date",
    "happened",
    "yes or no",
    "club",
    "one of no, null, a: b",
]
_FIELDS = st.lists(
    st.tuples(st.sampled_from(["person", "other", "day", "kind of thing", "no", "12", "é"]), st.sampled_from(_TYPES)),
    max_size=4,
    unique_by=lambda pair: pair[0],
).filter(lambda pairs: sum(type_ == "happened" for _, type_ in pairs) <= 1)  # fmt: skip


@SOME
@given(
    st.sampled_from(
        ["trainings", "no", "null", "12", "Mitgliedschaften älterer", "kinds of day", "a-b", "日本"]
    ),
    _FIELDS,
    st.booleans(),
    st.sampled_from(FORMS),
)
def test_a_fact_and_a_rule_that_reads_it(
    name: str, fields: list[tuple[str, str]], dated: bool, form: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = club(Path(folder) / "club")
        before = holds(root)
        new_fact(name, str(root), fields=[f"{key}: {type_}" for key, type_ in fields], dated=dated)
        assert what_is_said(root) == []
        after = holds(root)
        assert after["vocabulary.yaml"].startswith(before["vocabulary.yaml"])  # type: ignore[union-attr, arg-type]
        assert after | {"vocabulary.yaml": None} == before | {"vocabulary.yaml": None}
        assert as_fmt_writes(root / "vocabulary.yaml", "vocabulary")
        book, _ = load(root)
        assert book is not None
        kind = book.vocabulary.kinds[name]
        written = [each.name for each in kind.fields if not (dated and each.name in ("from", "until"))]
        assert written == ([key for key, _ in fields] or ["person"])
        says = kind.sentences[0].says
        new_rule("a/b", str(root), form=form, for_each=[says])
        new_definition("c", str(root))
        assert what_is_said(root) == []


@SOME
@given(WORDS, WORDS, WORDS)
def test_a_rulebook(name: str, body: str, edition: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "new" / "club"
        new_rulebook(str(root), name, body=body, edition=edition)
        assert what_is_said(root) == []
        book, _ = load(root)
        assert book is not None
        assert (book.name, book.body) == (plain(name), plain(body))
        assert text_at(root / "rulebook.yaml", "edition") == plain(edition)
        for file, sort in (("rulebook", "rulebook"), ("vocabulary", "vocabulary"), ("clauses", "clauses")):
            assert as_fmt_writes(root / f"{file}.yaml", sort)
        assert as_fmt_writes(root / "members" / "enough-members.yaml", "rule")


_DECISION = ["<decision> was taken on <day>"]


@pytest.mark.skipif(not LONG, reason="loads the shipped rules for each form; in the long profile")
@pytest.mark.parametrize(
    ("form", "each"),
    [("required", []), ("not-allowed", _DECISION), ("ask", _DECISION), ("measure", _DECISION)],
)
def test_a_rule_beside_the_shipped_ones(ours: Path, form: str, each: list[str]) -> None:
    before = holds(ours)
    new_rule("own/rule", str(ours), form=form, for_each=each, source=["criteria.4", "constitution: 4"])
    try:
        book, found = load(ours, thorough=False)
        assert book is not None and not found
        assert book.rules["own/rule"].source == ("criteria.4", "constitution: 4")
        added = (ours / "clauses.yaml").read_bytes().removeprefix(before["clauses.yaml"] or b"")
        assert added.startswith(b"\n# ") and added.count(b"section:") == 1
    finally:
        (ours / "own" / "rule.yaml").unlink()
        (ours / "own").rmdir()
        (ours / "clauses.yaml").write_bytes(before["clauses.yaml"] or b"")


def test_a_fact_a_definition_and_a_rule_beside_the_shipped_ones(tmp_path: Path) -> None:
    ours = shipped(tmp_path / "ours")
    new_fact("trainings", str(ours), says="<person> was trained on <day>")
    made = new_definition("trained", str(ours), says="<person> is trained")
    assert made.entries == ((str(ours / "clauses.yaml"), "definitions.trained"),)
    # The words of the id choose the sentence.
    assert text_at(ours / "definitions" / "trained.yaml", "holds when") == "<person> was trained on <any day>"
    new_rule("expectations/every-member-is-trained", str(ours), for_each=["<person> is a member"])
    rule = ours / "expectations" / "every-member-is-trained.yaml"
    assert text_at(rule, "required") == "<person> is trained"
    assert text_at(rule, "rule") == "Every member is trained"
    book, found = load(ours, thorough=False)
    assert book is not None and not found


def test_two_people_may_be_one_where_that_has_to_be_said(tmp_path: Path) -> None:
    root = club(tmp_path / "club")
    knows = "<person> knows <other>"
    new_fact("contacts", str(root), fields=["person: person", "other: person"], says=knows)
    new_definition("pals", str(root), says="<a> and <b> know each other")
    file = root / "definitions" / "pals.yaml"
    assert text_at(file, "holds when") == "<a> knows <b>"
    assert "may be the same: [<a>, <b>]" in file.read_text(encoding="utf-8")
    for form in FORMS:
        new_rule(f"each/{form}", str(root), form=form, for_each=[knows])
    new_rule("each/somebody", str(root), title="Everybody knows somebody", for_each=["<person> is a member"])
    # Nothing has to be said where one of the two does not matter.
    somebody = (root / "each" / "somebody.yaml").read_text(encoding="utf-8")
    assert "required: <person> knows <any other>" in somebody and "may be the same" not in somebody
    assert what_is_said(root) == []


def test_a_sentence_that_leaves_the_other_open_is_not_taken(tmp_path: Path) -> None:
    root = club(tmp_path / "club")
    vocabulary = root / "vocabulary.yaml"
    text = vocabulary.read_text(encoding="utf-8")
    text = text[: text.index("offices:")].replace(
        "  sentences:\n",
        "    voting: {is: yes or no}\n  sentences:\n    - says: <person> votes\n      with: {voting: yes}\n",
    )
    vocabulary.write_text(text, encoding="utf-8")
    assert what_is_said(root) == []
    before = holds(root)
    # Of a member of whom nothing is said of a vote, it is not known whether they vote: the rule is never breached.
    with pytest.raises(InputError) as error:
        new_rule("a/b", str(root), for_each=["<person> is a member"])
    code, message, help_ = refusal(error.value)
    assert (code, message) == ("BR538", "the vocabulary has no sentence that a rule of this form could use")
    assert "new fact" in help_ and holds(root) == before
    new_fact("trainings", str(root), says="<person> was trained on <day>")
    new_rule("a/b", str(root), for_each=["<person> is a member"])
    assert what_is_said(root) == []


def test_what_there_was_to_say_before_stops_nothing(tmp_path: Path) -> None:
    root = club(tmp_path / "club")
    (root / "bare.yaml").write_text(
        "rule: A\nsource: members.1\nforce: must\nask: Is it?\n", encoding="utf-8"
    )
    before = [each.code for each in what_is_said(root)]
    assert before == ["BR310"]
    new_rule("a/b", str(root))
    new_fact("trainings", str(root))
    assert [each.code for each in what_is_said(root)] == before


def test_a_fact_of_an_amendment_with_faults_is_looked_at_too(tmp_path: Path) -> None:
    base, root = club(tmp_path / "club"), tmp_path / "ours"
    new_amendment(str(root), str(base))
    (root / "trained.yaml").write_text(
        "rule: A\nsource: members.1\nforce: must\nrequired: <any person> was trained\nexamples: []\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as error:
        new_fact("trainings", str(root), says="<person> is a member", fields=["person: person"])
    assert refusal(error.value)[0] == "BR538"
    new_fact("trainings", str(root), says="<person> was trained")
    assert what_is_said(root) == []


def test_what_a_rule_says_is_taken_from_what_it_is_called(tmp_path: Path) -> None:
    root = club(tmp_path / "club")
    new_rule("offices/no-member-is-chair", str(root), form="not-allowed", title="No member holds an office")
    file = root / "offices" / "no-member-is-chair.yaml"
    assert text_at(file, "for each") == "<person> is a member"
    assert text_at(file, "not allowed") == "<person> holds the office of <any office>"


def test_a_fact_can_be_made_for_a_rule_that_was_written_first(tmp_path: Path) -> None:
    root = club(tmp_path / "club")
    (root / "trained.yaml").write_text(
        "rule: Trained\nsource: members.1\nforce: must\nfor each: <person> is a member\n"
        "required: <person> was trained on <any day>\nexamples: []\n",
        encoding="utf-8",
    )
    assert [each.code for each in what_is_said(root)] == ["BR204"]
    with pytest.raises(InputError) as error:
        new_rule("other", str(root))
    code, message, help_ = refusal(error.value)
    assert code == "BR536" and "no sentence says `<person> was trained on <any day>`" in message
    assert help_ == f"mend first what `bigrules test {root}` says"
    new_fact("trainings", str(root), says="<person> was trained on <day>")
    assert what_is_said(root) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (["person: person"], "{is: person, blank means: required}"),
        (["level: one of low, high"], "{one of: [low, high]}"),
        (["mark: whole number from 1 to 5"], "{is: whole number, from: 1, to: 5, blank means: required}"),
        (["day: happened"], "{is: date, happened: yes, blank means: required}"),
    ],
)
def test_fields_as_they_are_written(tmp_path: Path, fields: list[str], expected: str) -> None:
    root = club(tmp_path / "club")
    new_fact("x", str(root), fields=fields)
    line = f"    {fields[0].partition(':')[0]}: {expected}\n"
    assert line in (root / "vocabulary.yaml").read_text(encoding="utf-8")


def test_the_examples_reach_every_branch_and_notice_every_small_change(tmp_path: Path) -> None:
    root = club(tmp_path / "club")
    new_fact("trainings", str(root), says="<person> was trained on <day>")
    new_definition("trained", str(root), says="<person> is trained")
    for form in FORMS:
        new_rule(f"all/{form}", str(root), form=form)
        new_rule(f"each/{form}", str(root), form=form, for_each=["<person> is a member"])
    book, _ = load(root)
    assert book is not None
    assert trace(book).diagnostics == ()
    deep = deep_test(book)
    assert len(deep.files) == 10
    assert [(each.id, each.survivors) for each in deep.files if each.survivors] == []
    assert [(each.id, one) for each in deep.files for one in each.branches if not one.reached] == []
    assert deep.branches[1] > 30 and deep.mutants[1] > 20
