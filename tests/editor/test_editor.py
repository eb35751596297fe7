"""`bigrules new editor` writes the settings of VS Code, and with them its YAML server offers what can be written.

The second half needs that server: `npm install yaml-language-server` in any folder, and BIGRULES_YAML_LS set to
`node_modules/.bin/yaml-language-server` in it, or the server on the PATH. It is left out where there is none.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bigrules.cli import main
from bigrules.language import shipped_path
from editor.lsp import Server

SERVER = os.environ.get("BIGRULES_YAML_LS") or shutil.which("yaml-language-server")
SMALL = Path(__file__).parents[1] / "language" / "readable"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as somebody opens it in an editor, with a rulebook in it."""
    shutil.copytree(SMALL, tmp_path / "ours")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder: Path) -> dict[str, list[str]]:
    found = json.loads((folder / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    assert isinstance(found, dict)
    return found


def schemas_of(folder: Path, file: str) -> list[str]:
    """The schemas that an editor takes for a file, by their names."""
    taken = []
    for schema, patterns in settings(folder).items():
        wanted = [each.replace("**/*", "*") for each in patterns if not each.startswith("!")]
        unwanted = [each[1:].replace("**", "*") for each in patterns if each.startswith("!")]
        if any(fnmatch(file, each) for each in wanted) and not any(fnmatch(file, each) for each in unwanted):
            taken.append(schema.rpartition("/")[2].removesuffix(".schema.json"))
    return taken


def test_each_file_has_one_schema_and_it_is_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "scenarios").mkdir()
    assert main(["new", "editor", "ours"]) == 0
    assert ".vscode/settings.json names 6 schemas for ours." in capsys.readouterr().out
    for file, schema in {
        "ours/rulebook.yaml": "rulebook",
        "ours/vocabulary.yaml": "vocabulary",
        "ours/clauses.yaml": "clauses",
        "ours/amendment.yaml": "amendment",
        "ours/review.yaml": "rules",
        "ours/criteria/minimum-size.yaml": "rules",
        "ours/deep/er/rule.yaml": "rules",
        "scenarios/homes.yaml": "scenarios",
    }.items():
        assert schemas_of(folder, file) == [schema], file
    assert schemas_of(folder, "mkdocs.yaml") == []
    for schema in settings(folder):
        assert json.loads((folder / schema).read_text(encoding="utf-8"))["$schema"]


def test_what_is_offered_has_places_to_fill_in(folder: Path) -> None:
    """Everything that the schema for all editors offers, and nothing that it would not take."""
    from bigrules.language import load
    from bigrules.language.schema import schema_of

    assert main(["new", "editor", "ours"]) == 0
    rulebook, _ = load(SMALL)
    assert rulebook is not None
    plain = schema_of("rules", rulebook)["$defs"]
    written = json.loads((folder / ".vscode/bigrules/ours/rules.schema.json").read_text(encoding="utf-8"))[
        "$defs"
    ]
    for name in ("sentence", "test", "outcome"):
        offered = written[name]["defaultSnippets"]
        assert [each["label"] for each in offered] == plain[name]["anyOf"][0]["enum"]
        for each in offered:
            assert re.search(written[name]["pattern"], each["label"]), each["label"]
            assert re.sub(r"\$\{\d+:([^}]*)\}", r"\1", each["body"]) == each["label"]
    bodies = [each["body"] for each in written["sentence"]["defaultSnippets"]]
    assert "<${1:person}> is a member" in bodies
    assert "<${1:person}> and <${2:other}> are related" in bodies


def test_several_rulebooks_each_with_its_own(folder: Path) -> None:
    """Two of one name do not share their schemas, and scenarios go with the rulebook that they are called after."""
    for name in ("a/ours", "b/ours", "b/theirs"):
        shutil.copytree(SMALL, folder / name)
    for name in ("a/scenarios", "b/scenarios/ours"):
        (folder / name).mkdir(parents=True)
    assert main(["new", "editor", "a/ours", "b/ours", "b/theirs"]) == 0
    assert len(settings(folder)) == 17
    taken = {
        file: [
            schema.split("/")[3]
            for schema, patterns in settings(folder).items()
            if any(fnmatch(file, each.replace("**/*", "*")) for each in patterns if not each.startswith("!"))
        ]
        for file in (
            "a/scenarios/x.yaml",
            "b/scenarios/ours/x.yaml",
            "b/ours/clauses.yaml",
            "b/scenarios/x.yaml",
        )
    }
    assert taken["a/scenarios/x.yaml"] == ["a-ours"]
    assert taken["b/scenarios/ours/x.yaml"] == ["b-ours"]
    assert set(taken["b/ours/clauses.yaml"]) == {"b-ours"}
    assert taken["b/scenarios/x.yaml"] == []


def test_what_stands_in_the_settings_stays(folder: Path) -> None:
    """Other settings, schemas of other programs; ours are written anew."""
    (folder / ".vscode").mkdir()
    before = {"editor.rulers": [110], "yaml.schemas": {"./mine.json": ["a.yaml"]}}
    (folder / ".vscode" / "settings.json").write_text(json.dumps(before))
    assert main(["new", "editor", "ours"]) == 0
    assert main(["new", "editor", "ours"]) == 0
    after = json.loads((folder / ".vscode" / "settings.json").read_text())
    assert after["editor.rulers"] == [110]
    assert after["yaml.schemas"].pop("./mine.json") == ["a.yaml"]
    assert len(after["yaml.schemas"]) == 5


def test_settings_with_comments_are_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What there is to add is printed; the schemas are there."""
    (folder / ".vscode").mkdir()
    text = '{\n  // mine\n  "editor.rulers": [110]\n}\n'
    (folder / ".vscode" / "settings.json").write_text(text)
    assert main(["new", "editor", "ours"]) == 0
    assert (folder / ".vscode" / "settings.json").read_text() == text
    said = capsys.readouterr().out
    added = json.loads(said[said.index("{") :])
    assert len(added["yaml.schemas"]) == 5
    assert all((folder / each).is_file() for each in added["yaml.schemas"])


def test_only_what_is_below_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "open").mkdir()
    monkeypatch.chdir(folder / "open")
    assert main(["new", "editor", "../ours"]) == 2
    assert "BR544 outside-of-folder" in capsys.readouterr().err
    assert os.listdir(folder / "open") == []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that VS Code runs, with the shipped rulebook open."""
    if not SERVER:
        pytest.skip("yaml-language-server is not here; see the top of this file")
    folder = tmp_path_factory.mktemp("open")
    shutil.copytree(shipped_path(), folder / "rules")
    shutil.copytree(Path(__file__).parents[1] / "scenarios", folder / "scenarios")
    here = os.getcwd()
    os.chdir(folder)
    try:
        assert main(["new", "editor", "rules"]) == 0
    finally:
        os.chdir(here)
    with Server(SERVER, folder) as started:
        yield started


def test_shipped_files_have_no_faults_in_an_editor(server: Server) -> None:
    seen = 0
    for path in sorted(server.folder.rglob("*.yaml")):
        name = str(path.relative_to(server.folder))
        assert server.open(name, path.read_text(encoding="utf-8")) == [], name
        server.close(name)
        seen += 1
    assert seen > 100


HEAD = "rule: x\nforce: must\n"


@pytest.mark.parametrize(
    ("file", "text", "wanted"),
    [
        ("rules/a/b.yaml", f"{HEAD}required: |\n", ["<person> is a member", "number of … at least …"]),
        ("rules/a/b.yaml", f"{HEAD}required:\n  - |\n", ["<person> is a member", "any of"]),
        ("rules/a/b.yaml", f"{HEAD}required:\n  - <person> is a m|\n", ["<person> is a member"]),
        ("rules/a/b.yaml", f"{HEAD}only if: |\n", ["rule criteria/minimum-size is breached"]),
        ("rules/a/b.yaml", f"{HEAD}required:\n  number of: <a>\n  |\n", ["among", "at least"]),
        ("rules/a/b.yaml", f"{HEAD}source: |\n", ["criteria.4"]),
        ("rules/a/b.yaml", "rule: x\nforce: |\n", ["must", "should", "expected"]),
        ("rules/a/b.yaml", "rule: x\n|\n", ["force", "for each", "required", "examples", "from", "replaces"]),
        ("rules/a/b.yaml", "|", ["rule", "a rule", "a definition"]),
        ("rules/a/b.yaml", "definition: x\n|\n", ["holds when", "in both directions"]),
        ("rules/a/b.yaml", "definition: x\nholds when: |\n", ["<person> is a member"]),
        (
            "rules/a/b.yaml",
            f"{HEAD}examples:\n  - given:\n      - |\n",
            ["<person> is a member", "not asked"],
        ),
        ("rules/a/b.yaml", f"{HEAD}examples:\n  - then: |\n", ["met", "breached", "undecided"]),
        ("rules/a/b.yaml", "amendment: x\namends: |\n", ["criteria/minimum-size", "vocabulary/memberships"]),
        ("rules/review.yaml", "review: x\nmembers:\n  each: |\n", ["<person> is a member"]),
        ("rules/vocabulary.yaml", "|", ["a kind of fact"]),
        ("rules/vocabulary.yaml", "a:\n  fields:\n    b:\n      |\n", ["is", "one of", "blank means"]),
        ("rules/clauses.yaml", "a.1:\n  section: s\n  treatment: |\n", ["judgement", "permission"]),
        ("rules/rulebook.yaml", "rulebook: x\n|\n", ["format", "edition", "parameters"]),
        ("scenarios/a.yaml", "- scenario: a\n  rule: |\n", ["criteria/minimum-size"]),
    ],
)
def test_what_an_editor_offers(server: Server, file: str, text: str, wanted: list[str]) -> None:
    """`|` is where somebody asks."""
    offered = server.offered(file, text)
    assert [each for each in wanted if each not in offered] == []


def test_what_an_editor_says(server: Server) -> None:
    """Of a key that somebody hovers over, of a misspelt key, and of a sentence that there is not."""
    assert "How strong it is" in server.told("rules/a/b.yaml", "rule: x\nfor|ce: must\n")
    among = server.told("rules/a/b.yaml", f"{HEAD}required:\n  am|ong: <person> is a member\n")
    assert "Who or what is counted." in among and "is related" not in among
    assert "second bullet" in server.told("rules/a/b.yaml", "rule: x\nsource: criteria|.4\nforce: must\n")
    found = server.open("rules/a/b.yaml", "rule: x\nforce: must\nrequird: <person> is a member\n")
    assert "Property requird is not allowed." in [each["message"] for each in found]
    server.close("rules/a/b.yaml")
    found = server.open("rules/a/b.yaml", f"{HEAD}required: <person> is a membr\n")
    assert [each["range"]["start"]["line"] for each in found] == [2]
    assert found[0]["message"] == "no sentence says this; `bigrules test` says what was probably meant"
    server.close("rules/a/b.yaml")
