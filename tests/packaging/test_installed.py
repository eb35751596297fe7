"""The installed package, without the checkout: what it holds, and that its rules are edited as files alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from installed_wheel import ROOT, Installed, unpack_wheel

NINE = """\
register:
  as of: 2018-06-01
people:
{people}
memberships:
{people}
homes: []
households: []
relations: []
offices: []
work: []
decisions: []
taking part: []
candidates: []
interests: []
"""
TEN = """\
examples:
  - name: ten are enough
    given:
      - <1 to 10> is a member
    then: met
  - name: nine are too few
    given:
      - <1 to 9> is a member
    then: breached
"""
TRAINING = """\

trainings:
  fields:
    person: {is: person, blank means: required}
    subject: {one of: [conflicts of interest, first aid]}
    day: {is: date, happened: yes, blank means: required}
  sentences:
    - <person> was trained in <subject> on <day>
  asks: Who was trained in what, and when?
  help: One row for each training that a person finished.
"""
TRAINED = """\
rule: Every member was trained in conflicts of interest
source: criteria.3
force: should

for each: <person> is a member
required:
  - <person> was trained in <subject> on <any day>
  - <subject> is conflicts of interest

examples:
  - given:
      - <ann> is a member
      - <ann> was trained in <conflicts of interest> on <2018-02-01>
    then: met
  - given:
      - <ann> is a member
      - <ann> was trained in <first aid> on <2018-02-01>
    then: breached
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return unpack_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture()
def ours(installed: Installed, tmp_path: Path) -> Path:
    """A copy of the shipped rules."""
    return Path(shutil.copytree(installed.rules, tmp_path / "ours"))


def nine_members(folder: Path, more: str = "") -> str:
    people = "\n".join(f"  - {{person: Member {number}}}" for number in range(1, 10))
    register = folder / "register.yaml"
    register.write_text(NINE.format(people=people) + more, encoding="utf-8")
    return str(register)


def test_it_is_the_wheel_that_runs(installed: Installed) -> None:
    where = "import bigrules, bigrules.language; print(bigrules.__file__, bigrules.language.shipped_path(), sep='\\n')"
    package, rules = installed.python("-c", where).stdout.splitlines()
    assert Path(package).is_relative_to(installed.site)
    assert Path(rules) == installed.rules


def test_the_wheel_holds_the_rules_and_the_types(installed: Installed) -> None:
    shipped = {each.relative_to(installed.rules) for each in installed.rules.rglob("*") if each.is_file()}
    assert shipped == {each.relative_to(ROOT / "rules") for each in (ROOT / "rules").rglob("*.yaml")}
    assert (installed.site / "bigrules" / "py.typed").is_file()


def test_it_asks_for_little(installed: Installed) -> None:
    (metadata,) = installed.site.glob("bigrules-*.dist-info/METADATA")
    lines = metadata.read_text("utf-8").splitlines()
    asked = [each.removeprefix("Requires-Dist: ") for each in lines if each.startswith("Requires-Dist: ")]
    always = {each.split(">")[0] for each in asked if "extra ==" not in each}
    assert always == {"attrs", "cattrs", "pyyaml"}


def test_starting_imports_nothing_heavy(installed: Installed) -> None:
    heavy = ["attrs", "cattrs", "yaml", "openpyxl", "rich", "durable", "hypothesis", "asyncio", "importlib.metadata"]
    held = f"print(*[each for each in {heavy} if each in sys.modules])"
    assert installed.python("-c", f"import bigrules, sys; {held}").stdout.split() == []
    loaded = installed.python("-c", f"import bigrules, sys; bigrules.load_rulebook(); {held}").stdout.split()
    assert not {*loaded} & {"openpyxl", "rich", "durable"}


def test_the_pages_on_messages_are_there(installed: Installed) -> None:
    done = installed.run("show", "code", "BR204")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "# BR204 unknown-sentence"), done.stderr
    assert (installed.site / "bigrules" / "pages" / "BR204.md").is_file()


def test_the_shipped_rules_are_in_order(installed: Installed) -> None:
    done = installed.run("test")
    assert done.returncode == 0, done.stderr
    assert "no faults" in done.stdout


def test_eight_becomes_ten(installed: Installed, ours: Path, tmp_path: Path) -> None:
    register, rule = nine_members(tmp_path), ours / "criteria" / "minimum-size.yaml"
    assert installed.outcomes(register, ours)["criteria/minimum-size"] == ["met"]

    text = rule.read_text(encoding="utf-8")
    assert text.count("at least: 8\n") == 1
    rule.write_text(text.replace("eight", "ten").replace("at least: 8\n", "at least: 10\n"), encoding="utf-8")
    assert installed.outcomes(register, ours)["criteria/minimum-size"] == ["breached"]
    said = installed.run("check", register, "--rulebook", str(ours))
    assert said.returncode == 1
    assert "There are at least ten members" in said.stdout
    assert "at least 10 are needed" in said.stdout

    # The examples of the file still say eight, and its author is told so, at their lines.
    told = installed.run("test", str(ours))
    assert told.returncode == 1
    assert "minimum-size.yaml" in told.stderr

    kept = rule.read_text(encoding="utf-8").split("examples:\n")[0]
    rule.write_text(kept + TEN, encoding="utf-8")
    mended = installed.run("test", str(ours))
    # Its own examples say ten now. Those of the rule that reads its outcome rest on eight, and say so.
    places = [line.split("--> ")[1].split(":")[0] for line in mended.stderr.splitlines() if "--> " in line]
    assert set(places) == {"review/say-what-will-be-done.yaml"}, mended.stderr


def test_a_rule_with_a_new_kind_of_fact(installed: Installed, ours: Path, tmp_path: Path) -> None:
    with (ours / "vocabulary.yaml").open("a", encoding="utf-8") as vocabulary:
        vocabulary.write(TRAINING)
    (ours / "expectations").mkdir(exist_ok=True)
    (ours / "expectations" / "trained.yaml").write_text(TRAINED, encoding="utf-8")
    tested = installed.run("test", str(ours))
    assert tested.returncode == 0, tested.stderr

    trainings = "".join(
        f"  - {{person: Member {number}, subject: {subject}, day: 2018-03-0{number}}}\n"
        for number, subject in [(1, "conflicts of interest"), (2, "first aid"), (3, '"?"')]
    )
    register = nine_members(tmp_path, "trainings:\n" + trainings)
    # The first was trained, of the third it is not known in what, all others were not.
    outcomes = installed.outcomes(register, ours)["expectations/trained"]
    assert sorted(outcomes) == ["breached"] * 7 + ["met", "undecided"]
    asked = installed.outcomes(nine_members(tmp_path), ours)["expectations/trained"]
    assert asked == ["undecided"] * 9

    # The workbook has a sheet for the new kind, without a line of code.
    pytest.importorskip("openpyxl")
    made = installed.run("new", "register", str(tmp_path / "ours.xlsx"), "--rulebook", str(ours))
    assert made.returncode == 0, made.stderr
    import openpyxl

    assert "trainings" in [each.casefold() for each in openpyxl.load_workbook(tmp_path / "ours.xlsx").sheetnames]


def test_a_rule_that_says_what_the_vocabulary_cannot(installed: Installed, ours: Path) -> None:
    """Without the new kind of fact, the author is told at the sentence."""
    (ours / "expectations").mkdir(exist_ok=True)
    (ours / "expectations" / "trained.yaml").write_text(TRAINED, encoding="utf-8")
    told = installed.run("test", str(ours))
    assert told.returncode == 1
    assert "trained.yaml:7:5" in told.stderr
    assert "unknown-sentence" in told.stderr


def test_the_path_of_a_newcomer(installed: Installed, tmp_path: Path) -> None:
    """An empty workbook, filled in as people do, checked and explained."""
    openpyxl = pytest.importorskip("openpyxl")
    file = tmp_path / "ours.xlsx"
    made = installed.run("new", "register", str(file))
    assert made.returncode == 0, made.stderr
    assert installed.run("new", "register", str(file)).returncode == 2  # nothing is overwritten

    book = openpyxl.load_workbook(file)
    names = [f"Member {number}" for number in range(1, 10)]
    for name in names:
        book["people"].append([name])
        book["memberships"].append([f" {name.upper()}", "", "Y"])
    for number, name in enumerate(names):
        book["homes"].append([name, "?" if number == 0 else "Yes" if number < 5 else "no"])
    book.save(file)

    checked = installed.run("check", str(file), "--as-of", "2018-06-01", "--names", "full")
    assert checked.returncode == 3, checked.stdout + checked.stderr
    said = " ".join(checked.stdout.split())
    assert "4 or 5 of 9; at least 5 are needed" in said
    assert "Is the home of Member 1 within the boundary of the Big Local area?" in said
    # The example rows are not read, and a sheet that nobody filled in was not asked: it does not say "none".
    assert "Ann Example" not in said
    assert "Which of the people are relatives, partners or friends of one another?" in said
    assert "No more than two members are of the same family" in said.split("For people to decide")[0]

    explained = installed.run("explain", str(file), "minimum-size", "--as-of", "2018-06-01", "--names", "full")
    assert explained.returncode == 0, explained.stderr
    assert "There are at least eight members" in explained.stdout
    assert "is met" in explained.stdout
    assert "memberships, rows 3 to 11" in " ".join(explained.stdout.split())


@pytest.mark.parametrize("name", ["constitution", "neighbourhood-forum"])
def test_the_examples_need_no_checkout(installed: Installed, tmp_path: Path, name: str) -> None:
    """Each is a folder of rule files and no code, and the installed package runs all that is written about it."""
    ours = shutil.copytree(ROOT / "examples" / name, tmp_path / "ours")
    assert {each.suffix for each in ours.rglob("*") if each.is_file()} == {".yaml"}
    scenarios = shutil.copytree(ROOT / "examples" / "scenarios" / name, tmp_path / "scenarios")
    tested = installed.run("test", str(ours), "--scenarios", str(scenarios))
    assert tested.returncode == 0, tested.stderr
    assert "scenarios ran, no faults" in tested.stdout
