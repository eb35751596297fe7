"""Names from files are data: whatever they hold, the code that is generated and run is the same.

Every text that is compiled or run while a rulebook is loaded and a register is checked is caught, whoever
generates it: the engines, attrs or cattrs. With hostile names it must be, letter for letter, what it is with
plain ones; so nothing of a name is in it, and nothing of a name can be run.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bigrules.diagnostics import render
from bigrules.engines import generate
from bigrules.findings.check import Rulebook, try_load

PLAIN = "plain"
HOSTILE = {
    "single quote": "a'b",
    "double quote": 'a"b',
    "three quotes": "'''\"\"\"",
    "backslash": "a\\",
    "new line": "a\nb\rc",
    "other line ends": "a\u2028b\u2029c\x85d",
    "import": "__import__('os').system('x')",
    "end of a text": "'] or print('x') or ['",
    "braces": "{0.__class__} {x!r} {{}} %s %(x)s $x",
    "very long": "a" * 10_000,
    "right to left": "\u202eabc\u2066\u200f",
    "zero": "a\x00b",
    "comment": "# x",
    "keyword": "lambda",
    "number": "0",
    "dunder": "__builtins__",
    "half a character": "a\ud800b",
    "tabs and semicolons": "a;\tb; import os",
    "not ASCII": "é日本🙂",
}


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that are compiled, evaluated or run."""
    texts: list[str] = []

    def catching(name: str) -> Callable[..., Any]:
        true = getattr(builtins, name)

        def catch(source: Any, *arguments: Any, **named: Any) -> Any:
            if isinstance(source, str | bytes):
                texts.append(source if isinstance(source, str) else source.decode("utf-8", "replace"))
            return true(source, *arguments, **named)

        return catch

    for name in ("compile", "exec", "eval"):
        monkeypatch.setattr(builtins, name, catching(name))
    # What was generated before is not compiled again, and would not be caught.
    monkeypatch.setattr(generate, "_functions", {})
    yield texts


VOCABULARY = """\
people:
  lists: person
  fields:
    person: {is: person}
  sentences: [<person> is here]
KIND:
  fields:
    person: {is: person}
    place: {is: place}
    how: {one of: [CHOICE, other]}
    votes: {is: whole number}
    since: {is: date}
    remark: {is: text}
  sentences:
    - says: SAYS <person> of <place> as <how>
      otherwise: not SAYS <person> of <place> as <how>
    - SAYS <person> and <votes> votes
    - SAYS <person> since <since>
    - says: SAYS <person> leads <place>
      with: {how: CHOICE}
"""
DEFINITION = """\
definition: HEAD <person> is linked with <other>
source: CLAUSE
in both directions: yes
holds when any of:
  - all of: [SAYS <person> of <place> as <how>, SAYS <other> of <place> as <how>]
  - all of: [HEAD <person> is linked with <SLOT>, HEAD <SLOT> is linked with <other>]
people decide when:
  - SAYS <person> of <any place> as <how>
  - <how> is one of CHOICE
  - SAYS <other> leads <any place>
ask: Is it ASK?
"""
RULES = {
    "limit": """\
rule: TITLE
source: CLAUSE
force: must
required:
  largest group of: <SLOT>
  among: <SLOT> is here
  linked by: HEAD <SLOT> is linked with <other>
  at most: PARAMETER
adopted reading: {name: READING, because: BECAUSE}
other readings:
  - {name: another READING, because: BECAUSE, change: {at most: PARAMETER}, to: {at most: 1}}
""",
    "share": """\
rule: TITLE
source: CLAUSE
force: should
for each: SAYS <SLOT> since <since>
required:
  share of: <person>
  among: SAYS <person> of <any place> as <how>
  where: [SAYS <person> and <votes> votes, <votes> is at least 2, <how> is one of CHOICE]
  at least: 51%
unless:
  - because: BECAUSE
    source: CLAUSE
    when: <since> is before 2000-01-01
""",
    "not": """\
rule: TITLE
source: CLAUSE
force: must
not allowed:
  - SAYS <SLOT> of <place> as <how>
  - <how> is CHOICE
  - unless: SAYS <SLOT> leads <place>
  - HEAD <SLOT> is linked with <any other>
""",
    "about": "rule: TITLE\nsource: CLAUSE\nforce: must\nrequired: rule FOLDER/limit is met\n",
    "asks": "rule: TITLE\nsource: CLAUSE\nforce: must\nask: Is it ASK?\n",
}
WHERE = (
    "KIND",
    "CHOICE",
    "SAYS",
    "HEAD",
    "SLOT",
    "CLAUSE",
    "ASK",
    "TITLE",
    "PARAMETER",
    "READING",
    "BECAUSE",
)


def filled(template: Any, names: dict[str, str]) -> Any:
    """A file with names in its places."""
    if isinstance(template, dict):
        return {filled(key, names): filled(value, names) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(each, names) for each in template]
    for place, name in names.items():
        template = template.replace(place, name)
    return template


def as_json(text: str, names: dict[str, str]) -> str:
    """The YAML file as JSON, which is YAML too: in it any name can be written without changing its shape."""
    import yaml

    # Conditions hold `<`, `>` and spaces, which YAML takes for text; `a: b` in braces is what it looks like.
    text = json.dumps(filled(yaml.load(text, Loader=yaml.BaseLoader), names))
    # JSON writes what is beyond 16 bits in two halves, and YAML in one.
    return re.sub(
        r"\\ud[89ab]..\\ud[c-f]..",
        lambda each: f"\\U{ord(json.loads(chr(34) + each[0] + chr(34))):08x}",
        text,
    )


def make(folder: Path, **given: str) -> None:
    """A rulebook with names in those places, and plain ones in all others."""
    names = {place: given.get(place, f"{PLAIN} {place.lower()}") for place in WHERE} | {"FOLDER": "rules"}
    manifest = (
        "{rulebook: TITLE, format: 1, version: 1, edition: BECAUSE, body: ASK, parameters: {PARAMETER: 2}}"
    )
    files = {"rulebook": manifest, "vocabulary": VOCABULARY, "definitions/linked": DEFINITION}
    files |= {f"rules/{name}": text for name, text in RULES.items()}
    files["clauses"] = (
        '{CLAUSE: {section: BECAUSE, place: ASK, fingerprint: "sha256:0123456789abcdef", treatment: rule}}'
    )
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_json(text, names), encoding="utf-8")


def load(folder: Path) -> Rulebook:
    rulebook, found = try_load(str(folder))
    assert rulebook is not None, "\n".join(render(each) for each in found)
    return rulebook


def register(name: str, choice: str, kind: str = f"{PLAIN} kind") -> dict[str, Any]:
    """A register in which people, places, texts and the register itself have that name."""
    own = name if name.strip() else "x"
    rows = [
        {"person": own, "place": own, "how": choice, "votes": 3, "since": "2018-01-01", "remark": name},
        {"person": "Bob Sample", "place": own, "how": "other", "votes": 1, "since": "?", "remark": ""},
        {"person": "Cy Specimen", "place": "?", "how": choice, "votes": "?", "since": "2017-01-01"},
    ]
    people = [{"person": own}, {"person": "Bob Sample"}, {"person": "Cy Specimen"}]
    answers = [
        {"question": "definitions/linked", "about": [own, "Cy Specimen"], "answer": "yes", "why": name}
    ]
    return {"register": {"name": name}, "people": people, kind: rows, "answers": answers}


def outcomes(rulebook: Rulebook, data: dict[str, Any], confirm: bool = False) -> list[tuple[str, str]]:
    """What comes out."""
    report = rulebook.check(rulebook.read(data, as_of="2018-06-01"), confirm=confirm)
    return sorted((finding.rule.rsplit("/", 1)[-1], str(finding.outcome)) for finding in report.findings)


# What is run for plain names and what comes out; the same for every test.
PLAIN_RUN: list[tuple[list[str], list[tuple[str, str]]]] = []


def plain_run(folder: Path, caught: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    if not PLAIN_RUN:
        make(folder)
        del caught[:]
        came_out = outcomes(load(folder), register("Ann Example", f"{PLAIN} choice"))
        PLAIN_RUN.append((list(caught), came_out))
    return PLAIN_RUN[0]


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_register_with_hostile_names(name: str, tmp_path: Path, caught: list[str]) -> None:
    """Names of people, places, texts and the register itself are in nothing that is run."""
    texts, came_out = plain_run(tmp_path / "plain", caught)
    assert texts, "what is generated was caught"
    make(tmp_path / "book")
    rulebook = load(tmp_path / "book")
    del caught[:]
    assert outcomes(rulebook, register(name, f"{PLAIN} choice")) == came_out
    assert [each for each in caught if each not in texts] == []


IS_LONG = os.environ.get("BIGRULES_PROFILE") == "long"
WORST = {each: name for each, name in HOSTILE.items() if IS_LONG or each == "end of a text"}
# Every name everywhere at once, and the worst of them in one place after another; in the long profile, all.
PAIRS = [("", each) for each in HOSTILE] + [(place, each) for place in WHERE for each in WORST]


@pytest.mark.parametrize("name", [HOSTILE[each] for each in ("import", "very long", "zero", "three quotes")])
def test_the_second_engine_with_hostile_names(name: str, tmp_path: Path, caught: list[str]) -> None:
    """It is given numbers too: both engines agree, whatever things are called."""
    pytest.importorskip("durable")
    _, came_out = plain_run(tmp_path / "plain", caught)
    make(tmp_path / "book", **dict.fromkeys(("CHOICE", "ASK", "TITLE", "SAYS", "HEAD"), name))
    choice = " ".join(name.split())
    assert outcomes(load(tmp_path / "book"), register(name, choice), confirm=True) == came_out


@pytest.mark.parametrize(("place", "each"), PAIRS)
def test_a_rulebook_with_hostile_names(place: str, each: str, tmp_path: Path, caught: list[str]) -> None:
    """In each place where a rulebook has names: it is refused and told about, or what is run is the same."""
    texts, came_out = plain_run(tmp_path / "plain", caught)
    name = HOSTILE[each]
    # Slots and kinds are refused where they are no words, so that not every place can have every name at once.
    everywhere = ("CLAUSE", "ASK", "TITLE", "READING", "BECAUSE", "SAYS", "HEAD")
    make(tmp_path / "hostile", **({place: name} if place else dict.fromkeys(everywhere, name)))
    del caught[:]
    rulebook, found = try_load(str(tmp_path / "hostile"))
    if rulebook is None:
        assert found and all(each.help for each in found if each.severity == "error")
    else:
        choice = " ".join(name.split()) if place == "CHOICE" else f"{PLAIN} choice"
        kind = " ".join(name.split()) if place == "KIND" else f"{PLAIN} kind"
        assert outcomes(rulebook, register("Ann Example", choice, kind)) == came_out
    # The class of a kind has the kind's name as an identifier in it, and nothing else does.
    mine = texts if place != "KIND" else [each for each in texts if "PlainKind" not in each]
    others = [each for each in caught if each not in mine]
    assert others == [] or place == "KIND"
    for text in others:
        check_names(text, name)


def check_names(text: str, name: str) -> None:
    """Code that has an identifier made of a name has nothing else of it."""
    tree = ast.parse(text)
    strings = [
        each.value
        for each in ast.walk(tree)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    assert all(name not in each for each in strings if len(name) > 4), name
    calls = {
        each.func.id
        for each in ast.walk(tree)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
    }
    assert not calls & {"__import__", "print", "system", "eval", "exec", "open"}


@pytest.mark.parametrize(
    "name",
    ["a'b+__import__('os').system('x')\n\u202e", "{x}%s", '"""', "n" * 200, "\\N{BULLET}"],
    ids=["code", "braces", "quotes", "long", "backslash"],
)
def test_files_with_hostile_names(name: str, tmp_path: Path, caught: list[str]) -> None:
    """The name of a file is the id of its rule: it is in nothing that is run."""
    if os.name == "nt":
        pytest.skip("files cannot have such names here")
    texts, came_out = plain_run(tmp_path / "plain", caught)
    make(tmp_path / "hostile")
    (tmp_path / "hostile" / "rules" / "asks.yaml").rename(tmp_path / "hostile" / "rules" / f"{name}.yaml")
    del caught[:]
    found = outcomes(load(tmp_path / "hostile"), register("Ann Example", f"{PLAIN} choice"))
    assert [outcome for _, outcome in found] != [] and sorted(o for _, o in found) == sorted(
        o for _, o in came_out
    )
    assert [each for each in caught if each not in texts] == []


FIELDS = [
    "x' in [print('x')] or 'x", 'a"b', "a\\", "{x}", "a.b", "a" * 61, "-a", "a[0]", "\u202ea",
    "a\x00b", "a;b", "#",
]  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_called_in_words(name: str, tmp_path: Path, caught: list[str]) -> None:
    """A field becomes an attribute and a key of generated code, so that its name is letters, digits, spaces and `-`.

    Versions of cattrs write the key into that code between quotes as it stands.
    """
    make(tmp_path)
    path = tmp_path / "vocabulary.yaml"
    vocabulary = json.loads(path.read_text(encoding="utf-8"))
    vocabulary["people"]["fields"][name] = {"is": "text"}
    path.write_text(json.dumps(vocabulary), encoding="utf-8")
    del caught[:]
    rulebook, found = try_load(str(tmp_path))
    assert rulebook is None
    assert any("a field cannot be called" in each.message and each.help for each in found) or name in (
        "a\nb",
        "a\x00b",
    )
    assert caught == []


def test_what_is_run_is_caught(caught: list[str]) -> None:
    """A text that is run does not get past."""
    exec("1 + 1")
    eval("2 + 2")
    compile("3 + 3", "x", "eval")
    assert caught == ["1 + 1", "2 + 2", "3 + 3"]
