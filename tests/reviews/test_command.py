"""`bigrules review`: its exit status, its forms, where it writes, and what it refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bigrules.cli import main
from bigrules.render.review_json import review_schema

from .conftest import CLUB, register

Ran = tuple[int, str, str]
OTHER_BOOK = Path(__file__).parents[1] / "render" / "book"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    monkeypatch.setenv("COLUMNS", "80")

    def ran(*words: object, rulebook: Path = CLUB) -> Ran:
        status = main(["review", "--rulebook", str(rulebook), "--no-confirm", *map(str, words)])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return ran


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Writes the register of the club, with changes, to a file."""

    def written(*changes: Callable[[dict[str, Any]], object], name: str = "club.yaml") -> Path:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml.safe_dump(register(*changes), allow_unicode=True), encoding="utf-8")
        return file

    return written


def no_forms(data: dict[str, Any]) -> None:
    data["forms"] = []


def too_few(data: dict[str, Any]) -> None:
    data["memberships"].pop()


# ---------------------------------------------------------------- the exit status


def test_nothing_is_missing(run: Callable[..., Ran], put: Callable[..., Path]) -> None:
    status, out, err = run(put(), "--year", "2018")
    assert (status, err) == (0, "")
    assert "Nothing is missing. Every criterion is met." in out


def test_something_is_missing(run: Callable[..., Ran], put: Callable[..., Path]) -> None:
    status, out, _ = run(put(no_forms), "--year", "2018", "--names", "full")
    assert status == 1
    assert "1 thing is missing before it can be sent." in out
    said = "- Have each of Ann Example, Bob Sample and Cid Mock sign. (forms, a new row for each)"
    assert said in " ".join(out.split())


def test_a_criterion_that_is_not_met_can_be_sent_once_it_is_told_what_will_be_done(
    run: Callable[..., Ran], put: Callable[..., Path]
) -> None:
    def told(data: dict[str, Any]) -> None:
        data["promises"] = [{"what": what, "day": "2018-03-12"} for what in ("deed", "date")]

    assert run(put(too_few), "--year", "2018")[0] == 1
    status, out, _ = run(put(too_few, told), "--year", "2018")
    assert status == 0
    assert "Nothing is missing. 1 criterion is not met." in out


def test_a_register_that_cannot_be_used(run: Callable[..., Ran], tmp_path: Path) -> None:
    status, out, err = run(tmp_path / "nowhere.yaml")
    assert (status, out) == (2, "")
    assert "nowhere.yaml" in err


def test_a_rulebook_without_a_review(run: Callable[..., Ran], put: Callable[..., Path]) -> None:
    status, out, err = run(put(), rulebook=OTHER_BOOK)
    assert (status, out) == (2, "")
    assert "error[BR520 no-review]: `Village hall` describes no review" in err
    assert "help: add `review.yaml` to it" in err


@pytest.mark.parametrize("year", ["18", "20188", "next", "0000", "-2018", "２０１８", "2018.5"])
def test_a_year_that_is_none(run: Callable[..., Ran], put: Callable[..., Path], year: str) -> None:
    status, out, err = run(put(), f"--year={year}")
    assert (status, out) == (2, "")
    assert f"error[BR523 no-such-year]: `{year}` is no year" in err


# ---------------------------------------------------------------- the day


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Judged as of 15 March 2018, the day that the register gives."),
        (["--as-of", "2018-02-28"], "Judged as of 28 February 2018."),
    ],
)
def test_where_the_day_is_from(
    run: Callable[..., Ran], put: Callable[..., Path], words: list[str], said: str
) -> None:
    assert f"  - {said}\n" in run(put(), *words)[1]


def test_no_day_at_all(run: Callable[..., Ran], put: Callable[..., Path]) -> None:
    out = run(put(lambda data: data["register"].pop("as of")), "--year", "2018")[1]
    assert "; no day was given, so that it is the day on which this was run." in " ".join(out.split())


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2018-02-28", "It can be sent from 1 March 2018 to 30 April 2018; it is not yet time"),
        ("2018-04-30", "It can be sent now, until 30 April 2018."),
        ("2018-05-01", "It could be sent from 1 March 2018 to 30 April 2018, which is over"),
    ],
)
def test_the_window(run: Callable[..., Ran], put: Callable[..., Path], day: str, said: str) -> None:
    assert said in " ".join(run(put(), "--as-of", day)[1].split())


# ---------------------------------------------------------------- several registers


def test_a_line_for_each_of_a_folder(
    run: Callable[..., Ran], put: Callable[..., Path], tmp_path: Path
) -> None:
    put(name="many/a.yaml")
    put(no_forms, too_few, name="many/b.yaml")
    (tmp_path / "many" / "c.yaml").write_text("people: 3\n", encoding="utf-8")
    status, out, err = run(tmp_path / "many", "--year", "2018")
    assert status == 2 and "c.yaml" in err
    assert out.splitlines() == [
        f"{tmp_path / 'many' / 'a.yaml'}: Rook & Pawn, 2018: ready (nothing is missing)",
        f"{tmp_path / 'many' / 'b.yaml'}: Rook & Pawn, 2018: not ready (3 things missing, 1 criterion not met)",
        f"{tmp_path / 'many' / 'c.yaml'}: unusable",
    ]
    (tmp_path / "many" / "c.yaml").unlink()
    assert run(tmp_path / "many")[0] == 1
    (tmp_path / "many" / "b.yaml").unlink()
    assert run(tmp_path / "many")[0] == 0


def test_a_folder_of_one_register_is_a_line_too(
    run: Callable[..., Ran], put: Callable[..., Path], tmp_path: Path
) -> None:
    put(name="many/a.yaml")
    said = f"{tmp_path / 'many' / 'a.yaml'}: Rook & Pawn, 2018: ready (nothing is missing)\n"
    assert run(tmp_path / "many")[1] == said


def test_markdown_is_of_one_register(
    run: Callable[..., Ran], put: Callable[..., Path], tmp_path: Path
) -> None:
    put(name="many/a.yaml")
    status, out, err = run(tmp_path / "many", "--format", "markdown")
    assert (status, out) == (2, "")
    assert "error[BR521 one-register]" in err


# ---------------------------------------------------------------- files


def test_the_ending_says_the_form(run: Callable[..., Ran], put: Callable[..., Path], tmp_path: Path) -> None:
    file = put()
    forms = {}
    for ending in ("md", "json", "txt"):
        target = tmp_path / f"pack.{ending}"
        assert run(file, "--output", target)[:2] == (0, "")
        forms[ending] = target.read_text(encoding="utf-8")
    assert forms["md"].startswith("# Letter to the town, 2018\n")
    assert json.loads(forms["json"])["reviews"][0]["title"] == "Letter to the town"
    assert forms["txt"].startswith("Letter to the town, 2018\n")


def test_a_file_is_not_written_over(
    run: Callable[..., Ran], put: Callable[..., Path], tmp_path: Path
) -> None:
    file, target = put(), tmp_path / "pack.md"
    target.write_text("mine", encoding="utf-8")
    status, _, err = run(file, "--output", target)
    assert (status, target.read_text(encoding="utf-8")) == (2, "mine")
    assert "error[BR522 file-exists]" in err and "--force" in err
    assert run(file, "--output", target, "--force")[0] == 0
    assert target.read_text(encoding="utf-8").startswith("# Letter")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["club.yaml", "pack.md"]


def test_the_register_is_never_written_over(run: Callable[..., Ran], put: Callable[..., Path]) -> None:
    file = put()
    before = file.read_bytes()
    status, _, err = run(file, "--output", file, "--force", "--format", "markdown")
    assert (status, file.read_bytes()) == (2, before)
    assert "is the register itself" in " ".join(err.split())


def test_a_folder_is_no_file(run: Callable[..., Ran], put: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    for words in ([], ["--force"]):
        status, _, err = run(put(), "--output", tmp_path / "packs", *words)
        assert status == 2 and "is a folder" in " ".join(err.split())
    assert sorted(each.name for each in tmp_path.iterdir()) == ["club.yaml", "packs"]


def test_a_folder_that_is_not_there(
    run: Callable[..., Ran], put: Callable[..., Path], tmp_path: Path
) -> None:
    for words in ([], ["--force"]):
        status, _, err = run(put(), "--output", tmp_path / "no" / "pack.md", *words)
        assert status == 2 and "BR505" in err


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["--format", "markdown"], True),
        (["--format", "markdown", "--names", "initials"], False),
        (["--format", "text"], False),
        (["--format", "text", "--names", "full"], True),
        (["--format", "json"], False),
        (["--format", "json", "--names", "full"], True),
        (["--format", "json", "--names", "none"], False),
    ],
)
def test_names(run: Callable[..., Ran], put: Callable[..., Path], words: list[str], shown: bool) -> None:
    """The pack in Markdown is made to be sent to somebody who asks for names; all else holds them back."""
    out = run(put(), "--year", "2018", *words)[1]
    assert ("Bob Sample" in out, "everybody got a turn" in out) == (shown, shown)


# ---------------------------------------------------------------- JSON


@pytest.fixture
def valid() -> Callable[[object], None]:
    jsonschema = pytest.importorskip("jsonschema")
    schema = review_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    def check(data: object) -> None:
        assert [each.message for each in validator.iter_errors(data)] == []

    return check


@pytest.mark.parametrize("changes", [[], [no_forms, too_few], [lambda data: data.pop("memberships")]])
def test_json_is_as_its_schema_says(
    run: Callable[..., Ran],
    put: Callable[..., Path],
    valid: Callable[[object], None],
    changes: list[Callable[[dict[str, Any]], object]],
) -> None:
    data = json.loads(run(put(*changes), "--format", "json")[1])
    valid(data)


def test_json_of_a_register_that_cannot_be_used(
    run: Callable[..., Ran], valid: Callable[[object], None], tmp_path: Path
) -> None:
    status, out, _ = run(tmp_path / "nowhere.yaml", "--format", "json")
    data = json.loads(out)
    valid(data)
    assert (status, data["reviews"][0]["outcome"]) == (2, "unusable")


def test_json_of_a_rulebook_without_a_review(
    run: Callable[..., Ran], put: Callable[..., Path], valid: Callable[[object], None]
) -> None:
    status, out, _ = run(put(), "--format", "json", rulebook=OTHER_BOOK)
    data = json.loads(out)
    valid(data)
    assert (status, data["reviews"][0]["diagnostics"][0]["code"]) == (2, "BR520")


def test_what_cannot_be_used_is_not_written(run: Callable[..., Ran], tmp_path: Path) -> None:
    for ending in ("json", "md", "txt"):
        target = tmp_path / f"pack.{ending}"
        target.write_text("mine", encoding="utf-8")
        assert run(tmp_path / "nowhere.yaml", "--output", target, "--force")[0] == 2
        assert target.read_text(encoding="utf-8") == "mine"


def test_a_reading_is_taken(run: Callable[..., Ran], put: Callable[..., Path]) -> None:
    """A definition that is read otherwise changes what stands in the columns, and what is found."""
    words = (put(), "--year", "2018", "--names", "full")
    assert "Bob Sample; player; elsewhere;" in run(*words)[1]
    out = run(*words, "--reading", "definitions/townsfolk=any home will do")[1]
    assert "Bob Sample; player; in town;" in out
    assert "Reading chosen: “any home will do” (definitions/townsfolk)." in out
    status, _, err = run(*words, "--reading", "definitions/townsfolk=no such")
    assert status == 2 and "BR311" in err


def test_json_holds_names_once(run: Callable[..., Ran], put: Callable[..., Path]) -> None:
    out = run(put(no_forms), "--format", "json", "--names", "full")[1]
    (pack,) = json.loads(out)["reviews"]
    assert out.count("Bob Sample") == 1
    assert pack["people"]["person-2"]["name"] == "Bob Sample"
    assert [each["person"] for each in pack["members"]] == ["person-1", "person-2", "person-3"]
    assert pack["missing"][0]["people"] == ["person-1", "person-2", "person-3"]


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "schema", "--of", "review"]) == 0
    assert json.loads(capsys.readouterr().out) == review_schema()


def test_a_register_as_a_folder_of_csv(
    run: Callable[..., Ran], put: Callable[..., Path], tmp_path: Path
) -> None:
    """A register that is a folder is one register, and not a folder of them."""
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "people.csv").write_text("person\nAnn Example\n", encoding="utf-8")
    (folder / "memberships.csv").write_text("person\nAnn Example\n", encoding="utf-8")
    out = run(folder, "--year", "2018")[1]
    assert out.startswith("Letter to the town, 2018\n")
    shutil.rmtree(folder)
