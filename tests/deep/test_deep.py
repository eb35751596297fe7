"""The examples of a rulebook tested in depth: what is left, what a file may excuse, and what the command says."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import attrs
import pytest

from bigrules.cli import deep as cli_deep
from bigrules.cli import main
from bigrules.language import load, shipped_path
from bigrules.language.model import Example, Rulebook
from bigrules.tools.coverage import coverage
from bigrules.tools.deep import DeepFile, deep_file, deep_test
from bigrules.tools.examples import run_examples
from bigrules.tools.mutants import mutants
from bigrules.tools.mutants_tried import Examples
from cli.conftest import Run
from language.books import book, underlined, write

LONG = os.environ.get("BIGRULES_PROFILE") == "long"
# So many cases find what these small files turn on.
CASES = 200

EIGHT = """\
rule: There are at least eight
force: must
required:
  number of: <person>
  among: <person> is a member
  at least: 8
{equivalent}examples:
  - {{name: nobody, given: [], then: breached}}
  - {{name: nine, given: [<1 to 9> is a member], then: met}}
"""
BELONGS = """\
definition: <person> belongs
holds when: <person> is a member
examples:
  - {given: [<ann> is a member], then: [<ann> belongs, not: <bob> belongs]}
"""
VOTES = """\
definition: <person> votes
holds when:
  - <person> belongs
  - <person> has a vote
{equivalent}examples:
  - {{name: ann, given: [<ann> has a vote], then: [<ann> votes]}}
  - {{name: bob, given: [<bob> is a member, <bob> has no vote], then: [not: <bob> votes]}}
"""
FOLLOWS = """\
equivalent:
  - change: <person> belongs
    to: nothing
    because: Whoever has a vote is a member.
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "100")
    return Run(capsys)


def in_depth(folder: Path, text: str, equivalent: str = "", cases: int = CASES) -> DeepFile:
    files = {"file.yaml": text.format(equivalent=equivalent), "belongs.yaml": BELONGS}
    rulebook = book(folder, files)
    assert run_examples(rulebook)[0] == []
    return deep_file(rulebook, "file", cases)


def left(found: DeepFile) -> list[str]:
    return [f"{each.line}: {each.before} -> {each.after}" for each in found.survivors]


def test_what_no_example_notices_is_shown_with_a_case_that_would(tmp_path: Path) -> None:
    """With nobody and with nine, it could as well be more than eight, seven or nine."""
    found = in_depth(tmp_path, EIGHT)
    assert left(found) == [
        "6: at least: 8 -> more than: 8",
        "6: at least: 8 -> at least: 9",
        "6: at least: 8 -> at least: 7",
    ]
    # The fourth, less than eight, is noticed by either example.
    assert (found.mutants, found.killed, found.not_built, found.equivalent) == (4, 1, 1, 0)
    cases = [each.case for each in found.survivors]
    assert [(each.before, each.after) for each in cases if each] == [
        ("met", "breached"), ("met", "breached"), ("breached", "met"),
    ]  # fmt: skip


def test_the_cases_that_are_shown_put_it_right(tmp_path: Path) -> None:
    """Pasted under the examples, they are right, and nothing is left."""
    found = in_depth(tmp_path, EIGHT)
    more = "".join(each.case.as_example("made", "before") for each in found.survivors if each.case)
    again = in_depth(tmp_path / "more", EIGHT + more.replace("{", "{{").replace("}", "}}"))
    assert left(again) == []
    assert again.killed == again.mutants == 4


def test_a_condition_that_follows_from_another_may_be_excused(tmp_path: Path) -> None:
    """Without the word on it, it is shown, with how it would be named; none found is no claim."""
    found = in_depth(tmp_path, VOTES)
    assert left(found) == ["3: <person> belongs -> nothing"]
    assert found.survivors[0].case is None
    assert found.survivors[0].tried == CASES
    assert found.survivors[0].entry == "  - change: <person> belongs\n    to: nothing"
    missed = [each.misses for each in found.branches if not each.reached]
    assert missed == ["`<person> belongs` always holds with all beside it"]
    excused = in_depth(tmp_path / "excused", VOTES, FOLLOWS)
    assert left(excused) == []
    assert (excused.equivalent, excused.faults) == (1, ())
    # What makes no difference where it is taken out cannot fail to hold by itself.
    assert all(each.reached for each in excused.branches)
    assert len(excused.branches) == len(found.branches) - 1


BEFORE = """\
definition: <person> had written
holds when:
  - <person> wrote on <day>
  - <day> is on or before <the day>
examples:
  - {given: [<ann> wrote on <2018-05-01>], then: [<ann> had written, not: <bob> had written]}
"""
ON_THE_DAY = """\
rule: Grants are made when somebody has written
force: must
for each: <grant> was made on <made>
on: <made>
required: <any person> had written
examples:
  - name: before
    given: [<ann> wrote on <2018-04-30>, <fair> was made on <2018-05-01>]
    then: met
"""
THROUGH = """\
definition: somebody had written
holds when: <any person> had written
examples: [{given: [<ann> wrote on <2018-05-01>], then: [somebody had written]}]
"""
AFTER = """\
  - name: after
    given: [<ann> wrote on <2018-05-02>, <fair> was made on <2018-05-01>]
    then: breached
"""


def test_what_a_definition_says_on_another_day_shows_in_the_rule_that_reads_it_so(tmp_path: Path) -> None:
    """On the day of judging nothing has happened later; on the day of the grant somebody may write later."""
    books = [
        book(tmp_path / name, {"before.yaml": BEFORE, "rule.yaml": rule})
        for name, rule in (("one", ON_THE_DAY), ("two", ON_THE_DAY + AFTER))
    ]
    without, with_after = (deep_file(each, "before", CASES) for each in books)
    dropped = [each for each in without.survivors if each.after == "nothing"]
    assert [(each.before, each.of) for each in dropped] == [("<day> is on or before <the day>", "rule")]
    assert dropped[0].case is not None
    assert (dropped[0].case.before, dropped[0].case.after) == ("breached", "met")
    assert "nothing" not in [each.after for each in with_after.survivors]
    # The same where the rule reads it through another definition.
    rule = (ON_THE_DAY + AFTER).replace("<any person> had", "somebody had")
    through = book(tmp_path / "three", {"before.yaml": BEFORE, "through.yaml": THROUGH, "rule.yaml": rule})
    assert "nothing" not in [each.after for each in deep_file(through, "before", 1).survivors]


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ("{at least: 8}\n    to: {more than: 9}", "BR380", "this change is no mutant of the file"),
        ("{at most: 8}\n    to: {less than: 8}", "BR380", "this change is no mutant of the file"),
        ("{at least: 8}\n    to: {less than: 8}", "BR381", "the example `nobody` tells this change apart, so that"),
        ("{at least: 8}\n    to: {more than: 8}", "BR382", "this change makes a difference: met becomes breached in a"),
    ],
)  # fmt: skip
def test_a_word_on_a_change_that_is_wrong_is_a_fault_at_its_line(
    tmp_path: Path, change: str, code: str, message: str
) -> None:
    entry = f"equivalent:\n  - change: {change}\n    because: It is the same.\n"
    found = in_depth(tmp_path, EIGHT, entry)
    (fault,) = found.faults
    assert (fault.code, fault.severity) == (code, "error")
    assert fault.message.startswith(message)
    assert underlined(fault) == "change"
    assert found.equivalent == 0


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{change: {at least: 8}, to: {at least: 9}}", "this equivalent change has no `because`"),
        ("{to: nothing, because: why}", "this equivalent change has no `change`"),
        ("{change: x, to: nothing, because: why, name: x}", "an equivalent change has no key `name`"),
        ("nothing", "an equivalent change must be a mapping of keys to values"),
    ],
)
def test_what_stands_under_equivalent_is_read_with_the_file(tmp_path: Path, entry: str, message: str) -> None:
    rulebook, found = load(
        write(tmp_path, {"file.yaml": EIGHT.format(equivalent=f"equivalent: [{entry}]\n")})
    )
    assert rulebook is None or any(each.severity == "error" for each in found)
    assert message in [each.message for each in found if each.severity == "error"]


def test_readings_and_other_changes_leave_the_key_alone(tmp_path: Path) -> None:
    """`at least: 8` stands under `equivalent` too, and yet a reading finds the one that counts."""
    entry = "equivalent:\n  - {change: {at least: 8}, to: {at least: 7}, because: Why not.}\n"
    entry += "other readings:\n  - {name: nine, change: {at least: 8}, to: {at least: 9}}\n"
    assert in_depth(tmp_path, EIGHT, entry).mutants == 4


def test_of_what_is_amended_only_the_amendment_counts(tmp_path: Path) -> None:
    """The file below has a word on a change that is none any more, and an example that does not hold."""
    entry = "equivalent:\n  - {change: {at least: 8}, to: {more than: 7}, because: They are counted.}\n"
    write(tmp_path / "below", {"size.yaml": EIGHT.format(equivalent=entry)})
    folder = tmp_path / "ten"
    folder.mkdir()
    (folder / "amendment.yaml").write_text(
        "amendment: More\nformat: 1\nversion: 0.1.0\nover: ../below\nby: statutes\n", encoding="utf-8"
    )
    (folder / "ten.yaml").write_text(
        "amendment: There are at least ten\namends: size\nchange: {at least: 8}\nto: {at least: 10}\n"
        "examples:\n  - {name: nine, given: [<1 to 9> is a member], then: breached}\n",
        encoding="utf-8",
    )
    rulebook, found = load(folder)
    assert rulebook is not None, found
    (file,) = deep_test(rulebook, cases=CASES).files
    # Nine are one too few; that ten are enough is in no example.
    assert left(file) == ["4: at least: 10 -> more than: 10", "4: at least: 10 -> at least: 11"]
    assert file.faults == ()
    assert {each.misses for each in file.branches if not each.reached} == {
        "`at least: 10`: no example has the least that is enough",
        "`at least: 10` is never kept",
    }


# ---------------------------------------------------------------- the command


@pytest.fixture
def two(tmp_path: Path) -> str:
    """A rulebook of two files with something left, and one with nothing."""
    texts = {"rules/eight.yaml": EIGHT.format(equivalent=""), "votes.yaml": VOTES.format(equivalent="")}
    return str(write(tmp_path, {**texts, "belongs.yaml": BELONGS}))


def test_the_command_tells_what_is_left_and_fails_only_where_more_is_asked(run: Run, two: str) -> None:
    ran = run("test", two, "--deep", "--cases", str(CASES))
    assert ran.status == 0
    assert "line 6: no example notices when `at least: 8` becomes `more than: 8`" in ran.said
    assert f"None found in {CASES} cases that were made." in ran.said
    assert "Coverage 83.3%: examples reach 15 of 18 branches." in ran.said
    assert "Score 55.5%: examples notice 5 of 9 small changes. 3 could not be built" in ran.said
    enough = ("--min-coverage", "83.3%", "--min-score", "55%")
    assert run("test", two, "--deep", "--cases", "1", *enough).status == 0
    ran = run("test", two, "--deep", "--cases", "1", "--min-coverage", "83.4%")
    assert ran.status == 1
    assert "The coverage is 83.3%, and at least 83.4% is asked for." in ran.said
    ran = run("test", two, "--deep", "--cases", "1", "--min-score", "55.6%")
    assert (ran.status, "The score is 55.5%, and at least 55.6% is asked for." in ran.said) == (1, True)


class Terminal(io.StringIO):
    """What is printed to a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_is_told_how_far_the_work_is(
    two: str, colour: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By a bar, or by lines where no colour is wanted; what is printed to a file holds nothing of it."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(cli_deep, "EACH_SECONDS", 0)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm" if colour else "dumb")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["test", two, "--deep", "--cases", "1"]) == 0
    told = terminal.getvalue()
    # A bar is drawn now and then, and at last as it stands at the end.
    assert all(each in told for each in (["rules/eight"] if colour else ["belongs", "votes", "rules/eight"]))
    assert ("1 of 3: belongs\n" in told) is not colour
    assert "rules/eight\n" not in capsys.readouterr().out


def test_the_command_looks_at_single_files(run: Run, two: str) -> None:
    ran = run("test", two, "--deep", "--only", "eight", "--cases", "1", "--format", "json")
    data = json.loads(ran.out)["deep"]
    (file,) = data["files"]
    assert (file["id"], file["file"]) == ("rules/eight", "rules/eight.yaml")
    assert data["coverage"] == {"reached": 6, "branches": 8}
    assert data["mutants"] == {"noticed": 1, "counted": 4, "equivalent": 0, "not built": 1}
    assert [each["entry"] for each in file["left"]] == [
        "  - change: {at least: 8}\n    to: {more than: 8}",
        "  - change: {at least: 8}\n    to: {at least: 9}",
        "  - change: {at least: 8}\n    to: {at least: 7}",
    ]


def test_with_a_fault_nothing_is_looked_at_in_depth(run: Run, tmp_path: Path) -> None:
    text = (
        EIGHT.format(equivalent="")
        .replace("nine, given", "nine, as of: 2018-05-01, given")
        .replace("met", "breached")
    )
    ran = run("test", str(write(tmp_path, {"file.yaml": text})), "--deep")
    assert ran.status == 1
    assert "Nothing is looked at in depth while there are faults." in ran.said
    assert "Coverage" not in ran.said


def test_a_fault_under_equivalent_fails(run: Run, tmp_path: Path) -> None:
    entry = "equivalent:\n  - {change: {at least: 8}, to: {at least: 12}, because: Why not.}\n"
    ran = run(
        "test", str(write(tmp_path, {"file.yaml": EIGHT.format(equivalent=entry)})), "--deep", "--cases", "1"
    )
    assert ran.status == 1
    assert "error[BR380 no-such-mutant]" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--deep", "--min-score", "90"), "`90` is no share"),
        (("--deep", "--min-score", "101%"), "`101%` is no share"),
        (("--deep", "--min-coverage", "much"), "`much` is no share"),
        (("--deep", "--jobs", "0"), "`0` is no number of jobs"),
        (("--deep", "--cases", "-1"), "`-1` is no number of cases"),
        (("--deep", "--only", "nine"), "there is no rule `nine`"),
        (("--min-score", "90%"), "`--min-score` goes with `--deep`"),
        (("--only", "eight"), "`--only` goes with `--deep`"),
    ],
)
def test_the_command_line_is_refused_where_it_says_nothing(
    run: Run, two: str, words: tuple[str, ...], said: str
) -> None:
    ran = run("test", two, *words)
    assert ran.status == 2
    assert said in ran.said


@pytest.mark.skipif(not LONG, reason="starts processes, which takes some seconds")
def test_many_processes_find_what_one_finds(two: str) -> None:
    rulebook, _ = load(Path(two))
    assert rulebook is not None
    assert deep_test(rulebook, cases=20, jobs=2) == deep_test(rulebook, cases=20)


# ---------------------------------------------------------------- the shipped rulebook


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    rulebook, _ = load(shipped_path())
    assert rulebook is not None
    return rulebook


# Each has something that others have not: a number, a share, groups, a window, `any of`, an answer, a word on a change.
FEW = (
    "criteria/minimum-size", "criteria/resident-majority", "conflicts/household-limit", "review/sent-in-window",
    "definitions/ties-with-others", "expectations/own-rules", "definitions/voting-member",
)  # fmt: skip


def test_a_few_shipped_files_leave_nothing(shipped: Rulebook) -> None:
    found = deep_test(shipped, FEW, 100)
    assert [each.id for each in found.files if each.survivors or each.faults] == []
    assert [each for file in found.files for each in file.branches if not each.reached] == []
    assert (found.coverage, found.score) == (1, 1)
    assert found.mutants[0] > 5 * len(FEW)


@pytest.mark.skipif(not LONG, reason="takes half a minute")
def test_the_shipped_rulebook_leaves_nothing(shipped: Rulebook) -> None:
    """Full coverage, and no mutant that no example notices without a word in its file on why that is so."""
    found = deep_test(shipped)
    assert [(each.id, left(each)) for each in found.files if each.survivors] == []
    assert found.faults == ()
    assert [each for file in found.files for each in file.branches if not each.reached] == []
    assert len(found.files) == len(shipped.rules) + len(shipped.definitions)


def with_examples(rulebook: Rulebook, id: str, examples: tuple[Example, ...]) -> Rulebook:
    """A rulebook in which one file has some of its examples only."""
    if id in rulebook.rules:
        rule = attrs.evolve(rulebook.rules[id], examples=examples)
        return attrs.evolve(rulebook, rules={**rulebook.rules, id: rule})
    definition = attrs.evolve(rulebook.definitions[id], examples=examples)
    return attrs.evolve(rulebook, definitions={**rulebook.definitions, id: definition})


def reached(rulebook: Rulebook, id: str) -> set[tuple[int, str]]:
    """What the examples of a file reach."""
    return {(each.line, each.misses) for each in coverage(rulebook, id) if each.reached}


@pytest.mark.parametrize("id", ["criteria/minimum-size", "definitions/voting-member"])
def test_without_examples_nothing_is_reached_or_noticed(shipped: Rulebook, id: str) -> None:
    bare = with_examples(shipped, id, ())
    found, _ = mutants(bare, id)
    examples = Examples(bare, id)
    assert len(found) > 3
    assert [each for each in found if examples.telling(each)] == []
    assert reached(bare, id) == set()


def some_files() -> list[str]:
    """Files of the shipped rulebook: all in the long profile."""
    rulebook, _ = load(shipped_path())
    assert rulebook is not None
    return [*rulebook.rules, *rulebook.definitions] if LONG else [FEW[0], FEW[-1]]


@pytest.mark.parametrize("id", some_files())
def test_an_example_less_never_reaches_more(shipped: Rulebook, id: str) -> None:
    """And all of them reach what each does: none gets in the way of another."""
    examples = {**shipped.rules, **shipped.definitions}[id].examples
    everything = reached(shipped, id)
    alone: set[tuple[int, str]] = set()
    for each in examples:
        alone |= reached(with_examples(shipped, id, (each,)), id)
        fewer = tuple(one for one in examples if one is not each)
        assert reached(with_examples(shipped, id, fewer), id) <= everything
    assert alone == everything
