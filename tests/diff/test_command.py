"""`bigrules diff`, as it is typed: what it prints, in which form, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bigrules.cli import main
from bigrules.render.diff import diff_schema
from language.books import write

SIZE = """rule: There are at least three members
force: must
required: {number of: <person>, among: <person> is a member, at least: 3}
examples:
  - name: three
    given: [<1 to 3> is a member]
    then: met
"""
REGISTER = """as of: 2018-06-01
people: [{person: Ada Example}, {person: Bo Sample}, {person: Cy Specimen}]
memberships: [{person: Ada Example}, {person: Bo Sample}, {person: Cy Specimen}]
"""
AMENDMENT = "amendment: At least four\nformat: 1\nversion: 1.0.0\nover: ../old\nby: the members\n"
FOUR = "amendment: At least four\namends: size\nchange: {at least: 3}\nto: {at least: 4}\n"


class Run:
    """Runs the command in a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def book(self, name: str, **files: str) -> str:
        """A rulebook, by its folder."""
        return str(
            write(
                self.folder / name, {each.replace("_", ".") + ".yaml": text for each, text in files.items()}
            )
        )

    def __call__(self, *words: str) -> tuple[int, str]:
        status = main(["diff", *words])
        out, err = self.capsys.readouterr()
        self.err = err
        return status, out

    def data(self, *words: str) -> Any:
        """What is printed as JSON, as its schema has it."""
        _, out = self(*words, "--format", "json")
        data = json.loads(out)
        jsonschema.validate(data, diff_schema())
        return data


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "100")
    return Run(tmp_path, capsys)


def test_a_change_is_told_before_and_after(run: Run) -> None:
    old = run.book("old", size=SIZE)
    new = run.book("new", size=SIZE.replace("at least: 3", "at least: 4").replace("<1 to 3>", "<1 to 4>"))
    status, out = run(old, new)
    assert status == 1
    assert "size · rule · must · changed · stricter" in out
    assert "    - limit, before: at least 3 of <person>\n    - limit, now: at least 4 of <person>\n" in out
    assert "    A made case, met before and breached now:\n      - <ann> is a member\n" in out
    assert "A major step of the version is due, and no step was taken (A book: 1.0.0 to 1.0.0)." in out


def test_a_step_that_is_too_small_below_one(run: Run) -> None:
    """From 0.1.0 to 0.1.1 it is the third number that was raised, and it is said why that is a minor step."""
    books = [
        run.book(
            name,
            size=SIZE.replace("at least: 3", f"at least: {least}").replace("<1 to 3>", f"<1 to {least}>"),
        )
        for name, least in (("old", 3), ("new", 4))
    ]
    for path, version in zip(books, ("0.1.0", "0.1.1"), strict=True):
        manifest = Path(path) / "rulebook.yaml"
        manifest.write_text(manifest.read_text().replace("1.0.0", version))
    status, out = run(*books)
    assert status == 1
    said = " ".join(out.split())
    assert (
        "and a minor step is too small (A book: 0.1.0 to 0.1.1; below 1.0.0 the second number counts as the first)"
        in said
    )


def test_the_same_is_the_same(run: Run) -> None:
    old = run.book("old", size=SIZE)
    status, out = run(old, old)
    assert status == 0
    assert "Nothing differs" in out


def test_wording_leaves_the_status(run: Run) -> None:
    old, new = run.book("old", size=SIZE), run.book("new", size=SIZE.replace("There are", "There must be"))
    status, out = run(old, new)
    assert (status, "Only wording, as far as is known (1)" in out) == (0, True)


def test_none_found_is_no_more_than_that(run: Run) -> None:
    """Without any made case a change is still one; and nothing is said of there being none."""
    old = run.book("old", size=SIZE)
    new = run.book("new", size=SIZE.replace("at least: 3", "more than: 2"))
    status, out = run(old, new, "--made", "40")
    assert status == 1
    assert "No case on which it comes out otherwise: none found in 40 cases." in out


def test_registers_that_come_out_otherwise(run: Run) -> None:
    old = run.book("old", size=SIZE)
    new = run.book("new", size=SIZE.replace("at least: 3", "at least: 4").replace("<1 to 3>", "<1 to 4>"))
    cases = run.folder / "cases"
    cases.mkdir()
    (cases / "ours.yaml").write_text(REGISTER, encoding="utf-8")
    data = run.data(old, new, "--cases", str(cases))
    (case,) = data["cases"]
    assert (case["before"], case["after"], case["as of"]) == ("conforms", "breached", "2018-06-01")
    (finding,) = case["findings"]
    assert (finding["rule"], finding["before"], finding["after"]) == ("size", "met", "breached")
    assert finding["why after"][0] == "Figures: 3; at least 4 are needed."
    assert "Ada" not in json.dumps(data)
    assert data["version"]["because"][-1] == "1 register comes out otherwise"


def test_names_are_initials_unless_asked_for(run: Run) -> None:
    kin = (
        "rule: Members have no vote\nforce: must\nnot allowed: [<person> is a member, <person> has a vote]\n"
        "examples: [{name: one, given: [<ann> is a member], then: undecided}]\n"
    )
    old = run.book("old", kin=kin)
    new = run.book(
        "new",
        kin=kin.replace("[<person> is a member, <person> has a vote]", "[<person> is a member]").replace(
            "<person> is a member]", "<person> is a member, <person> was born on <any day>]"
        ),
    )
    register = run.folder / "ours.yaml"
    text = REGISTER.replace("{person: Ada Example}", "{person: Ada Example, born: 2000-01-01}", 1)
    register.write_text(
        text.replace("memberships: [{person: Ada Example}", "memberships: [{person: Ada Example, voting: no}")
    )
    _, out = run(old, new, "--cases", str(register))
    assert "A. E." in out and "Ada" not in out
    _, out = run(old, new, "--cases", str(register), "--names", "full")
    assert "Ada Example" in out


def test_a_register_that_one_of_them_cannot_read(run: Run) -> None:
    old = run.book("old", size=SIZE)
    new = run.book("new", size=SIZE)
    vocabulary = run.folder / "new" / "vocabulary.yaml"
    vocabulary.write_text(
        vocabulary.read_text().replace(
            "    voting: {is: yes or no}\n", "    voting: {is: yes or no, blank means: required}\n"
        )
    )
    register = run.folder / "ours.yaml"
    register.write_text(REGISTER)
    data = run.data(old, new, "--cases", str(register))
    assert (data["cases"][0]["before"], data["cases"][0]["after"]) == ("conforms", "unusable")
    assert data["diagnostics"] != []


def test_an_amendment_laid_over_a_rulebook(run: Run) -> None:
    """By itself it names what it is laid over; or it is laid over OLD."""
    old = run.book("old", size=SIZE)
    folder = run.folder / "four"
    folder.mkdir()
    (folder / "amendment.yaml").write_text(AMENDMENT)
    (folder / "more.yaml").write_text(FOUR)
    for words in (
        (old, str(folder)),
        (old, "--amendment", str(folder)),
        (old, old, "--amendment", str(folder)),
    ):
        status, out = run(*words)
        assert status == 1
        assert "size · rule · must · changed · stricter" in out
        assert "by the members: “at least: 4” in place of “at least: 3”" in " ".join(out.split())
        assert "not two versions of one" in " ".join(out.split())


def test_two_versions_of_an_amendment(run: Run) -> None:
    """What it is laid over is the same, so that its own versions are compared."""
    run.book("old", size=SIZE)
    for name, version, least in (("four", "1.0.0", "4"), ("five", "1.0.1", "5")):
        folder = run.folder / name
        folder.mkdir()
        (folder / "amendment.yaml").write_text(AMENDMENT.replace("1.0.0", version))
        (folder / "more.yaml").write_text(FOUR.replace("at least: 4", f"at least: {least}"))
    data = run.data(str(run.folder / "four"), str(run.folder / "five"))
    (change,) = data["changes"]
    assert [(each["before"], each["after"]) for each in change["parts"] if each["what"] == "limit"] == [
        ("at least 4 of <person>", "at least 5 of <person>")
    ]
    assert change["direction"] == "stricter"
    assert (data["version"]["step"], data["version"]["taken"], data["version"]["enough"]) == (
        "major",
        "patch",
        False,
    )


def test_an_edition_that_changes_on_a_day(run: Run) -> None:
    """What is told of a change says on which days it is so, and the made case is of such a day."""
    old = run.book("old", size=SIZE)
    run.book("new", size=SIZE)
    (run.folder / "new" / "more.yaml").write_text(FOUR.replace("amends", "from: 2018-04-01\namends"))
    data = run.data(old, str(run.folder / "new"))
    change = next(each for each in data["changes"] if each["id"] == "size")
    limit = next(each for each in change["parts"] if each["what"].startswith("limit"))
    assert limit == {
        "what": "limit, from 1 April 2018",
        "before": "at least 3 of <person>",
        "after": "at least 4 of <person>",
        "wording": False,
    }
    assert change["direction"] == "stricter"
    assert (change["made case"]["before"], change["made case"]["after"]) == ("met", "breached")


def test_a_change_until_a_day_long_ago(run: Run) -> None:
    """The made case is judged as of a day on which the two differ, also far from that of the examples."""
    old = run.book("old", size=SIZE)
    run.book("new", size=SIZE)
    (run.folder / "new" / "more.yaml").write_text(FOUR.replace("amends", "until: 2009-12-31\namends"))
    data = run.data(old, str(run.folder / "new"))
    made = next(each for each in data["changes"] if each["id"] == "size")["made case"]
    assert (made["as of"], made["before"], made["after"]) == ("2009-12-31", "met", "breached")


def test_a_definition_that_changes_on_a_day_is_told_once(run: Run) -> None:
    """It is written out for its days in one condition, which nobody wrote; the amendment says it shorter."""
    counts = "definition: <person> counts\nholds when any of: [<person> is a member, <person> has a vote]\n"
    use = "rule: Nobody counts\nforce: must\nnot allowed: <any person> counts\n"
    old = run.book("old", counts=counts, use=use)
    run.book("new", counts=counts, use=use)
    change = "amendment: Votes do not count\namends: counts\nfrom: 2018-01-01\nby: the members\n"
    change += "change: <person> has a vote\nto: nothing\n"
    (run.folder / "new" / "more.yaml").write_text(change)
    changes = {each["id"]: each for each in run.data(old, str(run.folder / "new"))["changes"]}
    assert changes["counts"]["parts"] == []
    assert changes["counts"]["amended"] == [
        "As amended from 1 January 2018 by the members: “<person> has a vote” was taken out."
    ]
    assert changes["use"]["through"] == ["counts"]


def test_clauses_that_came_and_reasons_beyond_a_dozen_are_counted(run: Run) -> None:
    """A rulebook without anything beside one with thirteen rules and two clauses."""
    ledger = "".join(f'"one.{at}": {{section: One, place: sentence {at}}}\n' for at in (1, 2))
    rules = {f"rule{at}": SIZE for at in range(13)}
    status, out = run(run.book("old"), run.book("new", clauses=ledger, **rules), "--made", "0")
    assert status == 1
    assert (
        "2 clauses added in the ledger\n    - one.1 (One: sentence 1)\n    - one.2 (One: sentence 2)\n" in out
    )
    assert "  - And 1 more change of that kind.\n" in out


def test_markdown_for_a_comment(run: Run) -> None:
    old = run.book("old", size=SIZE)
    new = run.book("new", size=SIZE.replace("at least: 3", "at least: 4").replace("<1 to 3>", "<1 to 4>"))
    status, out = run(old, new, "--format", "markdown")
    assert status == 1
    assert "- limit, before: at least 3 of \\<person\\>\n- limit, now: at least 4 of \\<person\\>\n" in out
    assert "```yaml\n- name: made case\n  given:\n    - <ann> is a member\n" in out
    assert "  then: breached\n```\n" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{old}"], "only one rulebook is named"),
        (["{old}", "{old}", "--made", "many"], "`many` is no number of cases"),
        (["{old}", "{old}", "--cases", "{empty}"], "it should hold CSV files"),
        (["{old}", "{missing}"], "missing"),
    ],
)
def test_what_cannot_be_used(run: Run, words: list[str], said: str) -> None:
    old = run.book("old", size=SIZE)
    (run.folder / "empty").mkdir()
    names = {"old": old, "empty": str(run.folder / "empty"), "missing": str(run.folder / "missing")}
    status, _ = run(*(each.format(**names) for each in words))
    assert status == 2
    assert said in run.err
