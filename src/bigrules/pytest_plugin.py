"""`pytest rules/`: each example of a rulebook, each reading and each scenario as a test of its own.

pytest finds it where bigrules is installed; `-p no:bigrules` switches it off. Of bigrules nothing else is
imported before a file of a rulebook is found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest._code.code import ReprFileLocation, TerminalRepr

if TYPE_CHECKING:
    from bigrules.diagnostics import Diagnostic
    from bigrules.language.model import Rulebook
    from bigrules.language.scenarios import Scenario

_ENDINGS = (".yaml", ".yml")
_MANIFESTS = ("rulebook.yaml", "amendment.yaml")
_SCENARIOS = "scenarios"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings that it knows."""
    parser.addini(
        "bigrules_ignore",
        "directories with rulebooks that are not tested, relative to the file with this setting",
        "linelist",
    )
    parser.addini(
        "bigrules_scenarios",
        "folders of scenarios that stand elsewhere, each as `folder = rulebook`, relative to the same file",
        "linelist",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take a file that belongs to a rulebook, to an amendment, or to the scenarios of one."""
    if not file_path.name.endswith(_ENDINGS):
        return None
    books = _books(parent.config)
    if books.is_left_out(file_path):
        return None
    top = books.top_of(file_path.parent)
    if top is not None:
        return RuleFile.from_parent(parent, path=file_path, top=top)
    found = books.scenarios_of(file_path)
    if found is None:
        return None
    return ScenarioFile.from_parent(parent, path=file_path, folder=found[0], tops=found[1])


class _Books:
    """The rulebooks that were met in a run, each read once."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        base = config.inipath.parent if config.inipath else config.rootpath
        self.ignored = [base / each for each in config.getini("bigrules_ignore")]
        self.named: dict[Path, Path] = {}
        for line in config.getini("bigrules_scenarios"):
            folder, sign, book = line.partition("=")
            if not sign:
                raise pytest.UsageError(f"bigrules_scenarios: `{line}` is not `folder = rulebook`")
            self.named[Path(os.path.normpath(base / folder.strip()))] = base / book.strip()
        self.tops: dict[Path, Path | None] = {}
        self.bases: dict[Path, Path] = {}
        self.read: dict[Path, tuple[Rulebook | None, list[Diagnostic]]] = {}
        self.first: dict[Path, Path] = {}
        self.run: dict[Path, dict[Path, list[_Part]]] = {}
        self.scenarios: dict[tuple[Path, Path], tuple[list[Scenario], list[Diagnostic]]] = {}

    def is_left_out(self, file: Path) -> bool:
        return any(file.is_relative_to(each) for each in self.ignored)

    def top_of(self, folder: Path) -> Path | None:
        """The directory of the rulebook or amendment around a directory, or None."""
        if folder not in self.tops:
            found: Path | None = None
            if any((folder / each).is_file() for each in _MANIFESTS):
                found = folder
            elif folder.parent != folder:
                found = self.top_of(folder.parent)
            self.tops[folder] = found
        return self.tops[folder]

    def scenarios_of(self, file: Path) -> tuple[Path, list[Path]] | None:
        """The folder of scenarios that a file stands in, and the rulebooks that they may be of."""
        for folder in file.parents:
            if folder in self.named:
                return folder, [self.named[folder]]
            if folder.name == _SCENARIOS:
                beside = [each for each in sorted(folder.parent.iterdir()) if self._is_top(each)]
                inside = file.relative_to(folder).parts[0]
                # `scenarios/ours/…` are those of `ours`, where several stand beside each other.
                same = [each for each in beside if each.name == inside]
                if same:
                    return folder / inside, same
                return (folder, beside) if beside else None
        return None

    def _is_top(self, folder: Path) -> bool:
        return folder.is_dir() and any((folder / each).is_file() for each in _MANIFESTS)

    def load(self, top: Path) -> tuple[Rulebook | None, list[Diagnostic]]:
        """A rulebook, and everything that is wrong with it; it is None where it cannot be used."""
        if top not in self.read:
            from bigrules.diagnostics import errors
            from bigrules.language import load

            rulebook, found = load(top)
            wrong = errors(found)
            self.read[top] = (None if wrong else rulebook, wrong)
        return self.read[top]

    def parts(self, top: Path, rulebook: Rulebook) -> dict[Path, list[_Part]]:
        """What is run of a rulebook, by file."""
        if top not in self.run:
            from bigrules.tools.examples import parts

            found: dict[Path, list[_Part]] = {}
            for each in parts(rulebook):
                number = len(found.setdefault(self.file_of(each.place, top), [])) + 1
                name = each.name or f"{each.what} {number}"
                said = f"reading: {name}" if each.what == "reading" else name
                found[self.file_of(each.place, top)].append((said, each.place.line, each.run))
            self.run[top] = found
        return self.run[top]

    def file_of(self, place: Any, top: Path) -> Path:
        """The file that a place is in: of an amendment told in full, of a rulebook relative to its directory."""
        file = Path(os.path.normpath(self.base_of(top) / place.file))
        if file.is_file():
            return file
        return next((top / each for each in _MANIFESTS if (top / each).is_file()), top)

    def base_of(self, top: Path) -> Path:
        """The directory of the rulebook that an amendment is laid over in the end."""
        if top not in self.bases:
            from bigrules.language.faults import Faults
            from bigrules.language.layers import MAX_LAYERS, find, is_amendment, read_layer

            found: Path | None = top
            for _ in range(MAX_LAYERS):
                if found is None or not is_amendment(found):
                    break
                layer = read_layer(found, str(found), Faults())
                found = find(layer) if layer is not None else None
            self.bases[top] = found or top
        return self.bases[top]

    def read_scenarios(
        self, folder: Path, top: Path, rulebook: Rulebook
    ) -> tuple[list[Scenario], list[Diagnostic]]:
        """All scenarios of a folder at once: a name may be used once in all its files."""
        key = (folder, top)
        if key not in self.scenarios:
            from bigrules.language.scenarios import read_scenarios

            self.scenarios[key] = read_scenarios(rulebook, folder)
        return self.scenarios[key]

    def faults_for(self, file: Path, top: Path, faults: list[Diagnostic]) -> list[Diagnostic]:
        """The faults that are told as tests of a file: its own, and those of files that are not collected."""
        first = self.first.setdefault(top, file) == file
        return [
            each
            for each in faults
            if (own := self.file_of(each.place, top)) == file or (first and not self.is_collected(own))
        ]

    def is_collected(self, file: Path) -> bool:
        """Whether pytest comes by a file, as far as can be said beforehand."""
        option = self.config.getoption
        if any(option(each, None) for each in ("ignore", "ignore_glob", "deselect")) or self.is_left_out(
            file
        ):
            return False
        here = self.config.invocation_params.dir
        named = [Path(os.path.normpath(here / each.split("::")[0])) for each in self.config.args]
        return any(file.is_relative_to(each) for each in named)


_Part = tuple[str, int, "Callable[[], list[Diagnostic]]"]
_KEY: pytest.StashKey[_Books] = pytest.StashKey()


def _books(config: pytest.Config) -> _Books:
    if _KEY not in config.stash:
        config.stash[_KEY] = _Books(config)
    return config.stash[_KEY]


class _File(pytest.File):
    """A file whose parts are tests."""

    def tests(self, found: Iterable[_Part], top: Path) -> Iterator[pytest.Item]:
        """A test for each part; a name that stands twice gets a number."""
        names: dict[str, int] = {}
        for name, line, run in found:
            # pytest divides node ids there.
            name = name.replace("::", ":")
            names[name] = number = names.get(name, 0) + 1
            said = f"{name} ({number})" if number > 1 else name
            yield Check.from_parent(self, name=said, line=line, run=run, top=top)

    def fault_tests(self, faults: Iterable[Diagnostic], top: Path) -> Iterator[pytest.Item]:
        """A failing test for each fault."""

        def part(each: Diagnostic) -> _Part:
            file, line = _books(self.config).file_of(each.place, top), getattr(each.place, "line", 1)
            elsewhere = "" if file == self.path else f" of {file.name}"
            return f"{each.name} in line {line}{elsewhere}", line, lambda: [each]

        yield from self.tests(map(part, faults), top)


class RuleFile(_File):
    """A file of a rulebook or an amendment."""

    def __init__(self, top: Path, **more: Any) -> None:
        super().__init__(**more)
        self.top = top

    def collect(self) -> Iterator[pytest.Item]:
        """Its examples and readings, or what is wrong with it."""
        books = _books(self.config)
        rulebook, faults = books.load(self.top)
        if rulebook is None:
            yield from self.fault_tests(books.faults_for(self.path, self.top, faults), self.top)
        else:
            yield from self.tests(books.parts(self.top, rulebook).get(self.path, []), self.top)


class ScenarioFile(_File):
    """A file of scenarios."""

    def __init__(self, folder: Path, tops: list[Path], **more: Any) -> None:
        super().__init__(**more)
        self.folder, self.tops = folder, tops

    def collect(self) -> Iterator[pytest.Item]:
        """Its scenarios, or what is wrong with it."""
        if len(self.tops) > 1:
            names = ", ".join(each.name for each in self.tops)
            help_ = "write `scenarios = rulebook` under `bigrules_scenarios` in the settings of pytest"
            raise self.CollectError(f"several rulebooks stand beside these scenarios: {names}; {help_}")
        top = self.tops[0]
        books = _books(self.config)
        rulebook, faults = books.load(top)
        if rulebook is None:
            what = f"the rulebook {top.name} of these scenarios has {len(faults)} faults"
            raise self.CollectError(f"{what}, the first of them: {faults[0]}")
        scenarios, faults = books.read_scenarios(self.folder, top, rulebook)
        yield from self.fault_tests((each for each in faults if self.is_here(each.place)), top)
        yield from self.tests(
            (
                (each.example.name, each.example.place.line, _runner(rulebook, each))
                for each in scenarios
                if self.is_here(each.example.place)
            ),
            top,
        )

    def is_here(self, place: Any) -> bool:
        return Path(place.file) == self.path


def _runner(rulebook: Rulebook, scenario: Scenario) -> Callable[[], list[Diagnostic]]:
    def run() -> list[Diagnostic]:
        from bigrules.facts.examples import EXAMPLE_DAY
        from bigrules.language import in_force
        from bigrules.tools.scenarios import run_scenario

        return run_scenario(in_force(rulebook, scenario.example.as_of or EXAMPLE_DAY), scenario)

    return run


class Wrong(Exception):
    """What is wrong with an example, a scenario or a file."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("\n".join(str(each) for each in diagnostics))
        self.diagnostics = diagnostics


class Check(pytest.Item):
    """One example, reading, scenario or fault."""

    def __init__(self, line: int, run: Callable[[], list[Diagnostic]], top: Path, **more: Any) -> None:
        super().__init__(**more)
        self.line, self.run, self.top = line, run, top

    def runtest(self) -> None:
        """Run it.

        Raises:
            Wrong: Something is wrong with it.
        """
        from bigrules.diagnostics import errors

        found = errors(self.run())
        if found:
            raise Wrong(found)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """What is wrong, at its line, as `bigrules test` says it."""
        if isinstance(excinfo.value, Wrong):
            return _Said([self.placed(each) for each in excinfo.value.diagnostics])
        return super().repr_failure(excinfo, style)

    def placed(self, found: Diagnostic) -> Diagnostic:
        """A diagnostic whose file is called as somebody sees it who stands where pytest was started."""
        import attrs

        file = _books(self.config).file_of(found.place, self.top)
        shown = os.path.relpath(file, self.config.invocation_params.dir)
        return attrs.evolve(found, place=attrs.evolve(found.place, file=shown.replace(os.sep, "/")))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands, and its headline, which must not end as its id does: pytest would alter stops in it."""
        return self.path, self.line - 1, f"{self.path.name}: {self.name}"


class _Said(TerminalRepr):
    """A failure as text, without a traceback."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        from bigrules.diagnostics import render

        self.text = "\n\n".join(render(each) for each in diagnostics)
        first = diagnostics[0]
        place: Any = first.place
        self.reprcrash = ReprFileLocation(place.file, getattr(place, "line", 1), first.message)

    def toterminal(self, tw: Any) -> None:
        """Write it."""
        tw.line(self.text)

    def __str__(self) -> str:
        return self.text
