"""The clause ledger beside the rules, and beside a reader's own copy of the guidance: is anything left out?"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import attrs

from bigrules.diagnostics import Diagnostic, Enough, Found, Place, Severity, Span, errors
from bigrules.facts.examples import EXAMPLE_DAY
from bigrules.findings.wording import count, listed
from bigrules.language import in_force, texts_of
from bigrules.language.faults import cut, did_you_mean
from bigrules.language.files import CLAUSES
from bigrules.language.fingerprint import fingerprint
from bigrules.language.guidance import Copy, read_copy
from bigrules.language.model import Clause, Definition, Exception_, Rule, Rulebook, Shown
from bigrules.language.scenarios import read_scenarios
from bigrules.program.compile import compile_program
from bigrules.tools.alignment import Alignment, Difference, align
from bigrules.tools.examples import held_against
from bigrules.tools.scenarios import run_scenario

CODES = {
    "no-treatment": "BR341",
    "changed-clause": "BR342",
    "moved-clause": "BR343",
    "removed-clause": "BR344",
    "no-clause": "BR345",
    "not-encoded": "BR346",
    "not-shown": "BR347",
    "binds-nobody": "BR348",
    "other-text": "BR349",
}
State = Literal["", "word for word", "changed", "moved", "gone"]
_MOST_NAMED = 4
_DECIDES = "rule with `required` or `not allowed`"


def _asks(file: Rule | Definition) -> bool:
    return file.form == "ask" if isinstance(file, Rule) else file.people_decide is not None


# Which files encode a clause of each treatment, and how they are called.
_ENCODERS: dict[str, tuple[str, Callable[[Rule | Definition], bool]]] = {
    "rule": (_DECIDES, lambda file: isinstance(file, Rule) and file.form != "ask"),
    "record": (_DECIDES, lambda file: isinstance(file, Rule) and file.form != "ask"),
    "judgement": ("rule or definition that asks people", _asks),
    "definition": ("definition", lambda file: isinstance(file, Definition)),
}


@attrs.frozen
class Traced:
    """A clause, and what there is to it.

    Args:
        clause: Its entry in the ledger.
        encoded_by: The rules and definitions that name it as their source.
        state: How it stands in the reader's copy; "" where there is none.
        text: What stands there, as it is written; "" where it is not there, or there is no copy.
        place: Where that is.
    """

    clause: Clause
    encoded_by: tuple[Rule | Definition, ...]
    state: State = ""
    text: str = ""
    place: Span | None = None


@attrs.frozen
class Trace:
    """The whole ledger, traced.

    Args:
        rulebook: The rulebook.
        clauses: Its clauses, in the order of the ledger.
        guidance: The reader's copy, or "" where there is none.
        diagnostics: What is left out or does not agree.
    """

    rulebook: Rulebook
    clauses: tuple[Traced, ...]
    guidance: str
    diagnostics: tuple[Diagnostic, ...]


def trace(
    rulebook: Rulebook,
    guidance: str | None = None,
    scenarios: str | os.PathLike[str] | None = None,
) -> Trace:
    """Hold the ledger of a rulebook against its rules, and against a copy of the guidance.

    Args:
        rulebook: The rulebook.
        guidance: The reader's copy, a text file.
        scenarios: Where scenarios are that show permissions; None for those that belong to the rulebook,
            in `tests/scenarios` beside its directory.

    Raises:
        InputError: The copy cannot be read, or is no text.
    """
    copy = read_copy(guidance) if guidance is not None else None
    tracer = _Tracer(rulebook, copy, scenarios)
    with contextlib.suppress(Enough):
        tracer.run()
    return Trace(rulebook, tuple(tracer.traced), guidance or "", tuple(tracer.found))


class _Tracer:
    def __init__(
        self, rulebook: Rulebook, copy: Copy | None, scenarios: str | os.PathLike[str] | None
    ) -> None:
        self.rulebook = rulebook
        self.copy = copy
        self.scenarios = scenarios
        self.found = Found()
        self.clauses = list(rulebook.clauses.values())
        self.encoders: dict[str, list[Rule | Definition]] = {}
        self.files: list[Rule | Definition] = [*rulebook.rules.values(), *rulebook.definitions.values()]
        for file in self.files:
            for each in dict.fromkeys(_sources(file)):
                self.encoders.setdefault(each, []).append(file)
        self.traced = [Traced(each, self._encoders(each)) for each in self.clauses]

    def _encoders(self, clause: Clause) -> tuple[Rule | Definition, ...]:
        return tuple(self.encoders.get(clause.id, ()))

    def _add(self, name: str, message: str, place: Place, help: str, severity: Severity = "error") -> None:
        self.found.append(Diagnostic(CODES[name], name, cut(message), place, cut(help, 1_000), severity))

    def run(self) -> None:
        """Look for everything that is wrong."""
        self._files()
        for each in self.clauses:
            self._clause(each)
        self._permissions()
        if self.copy is not None:
            self._copy(self.copy)

    # ------------------------------------------------------------ the ledger beside the rules

    def _files(self) -> None:
        for file in self.files:
            if not any(each in self.rulebook.clauses for each in file.source):
                what = "rule" if isinstance(file, Rule) else "definition"
                help = "write under `source` which clause it encodes; one that is not of the guidance is entered too"
                self._add("no-clause", f"the {what} `{file.id}` has no clause", file.place, help)

    def _clause(self, clause: Clause) -> None:
        encoders = self._encoders(clause)
        if not clause.treatment:
            # An amendment may say by what clause it changes a parameter, or a kind of fact.
            named = any(each.by == clause.id for each in self.rulebook.amended)
            if clause.fingerprint or not (encoders or named):
                help = "write under `treatment` what becomes of it"
                self._add("no-treatment", f"the clause `{clause.id}` has no treatment", clause.at, help)
            return
        if clause.treatment in _ENCODERS:
            what, fits = _ENCODERS[clause.treatment]
            if not any(map(fits, encoders)):
                others = f", only {listed(_few([f'`{each.id}`' for each in encoders]))}" if encoders else ""
                message = f"`{clause.id}` is marked `{clause.treatment}`, and no {what} encodes it{others}"
                help = f"write `source: {clause.id}` in the one that does, or mark the clause as what it is"
                self._add("not-encoded", message, clause.at, help)
        if clause.treatment in ("explanation", "page"):
            for each in encoders:
                message = f"`{each.id}` encodes `{clause.id}`, which is marked `{clause.treatment}` and binds nobody"
                help = "name another clause as its source, or mark this one as what it is"
                self._add("binds-nobody", message, each.place, help)

    def _permissions(self) -> None:
        shown = [each for clause in self.clauses if clause.treatment == "permission" for each in clause.shown]
        scenarios = {}
        if any(not each.rule for each in shown):
            path = Path(self.scenarios) if self.scenarios is not None else _beside(self.rulebook)
            if path is None:
                names = [f"`{each.name}`" for each in shown if not each.rule]
                message = f"the scenarios that show permissions are not here: {listed(_few(names))}"
                help = "name their directory with --scenarios"
                self._add("not-shown", message, Span(CLAUSES), help, "warning")
            else:
                read, found = read_scenarios(self.rulebook, path)
                # What is wrong with single scenarios is for `bigrules test` to say.
                self.found += [each for each in errors(found) if each.code.startswith("BR1")]
                scenarios = {each.name: each for each in read}
            shown = [each for each in shown if each.rule or path is not None]
        for each in shown:
            if each.rule:
                self._example(each)
            elif each.name not in scenarios:
                near = did_you_mean(
                    each.name, scenarios, "look at its spelling, and whether `bigrules test` reads it"
                )
                self._add("not-shown", f"there is no scenario `{each.name}`", each.place, near or "")
            else:
                one = scenarios[each.name]
                is_met = one.example.then == "met" and not run_scenario(self.rulebook, one)
                self._met(each, is_met, f"the scenario `{each.name}`")

    def _example(self, shown: Shown) -> None:
        rule = self.rulebook.rules.get(shown.rule)
        if rule is None:
            near = did_you_mean(shown.rule, self.rulebook.rules, "write the path of its file without `.yaml`")
            self._add("not-shown", f"there is no rule `{shown.rule}`", shown.place, near or "")
            return
        examples = {each.name: each for each in rule.examples if each.name}
        if shown.name not in examples:
            near = did_you_mean(shown.name, examples, "write the `name` of one of its examples")
            message = f"the rule `{rule.id}` has no example `{shown.name}`"
            self._add("not-shown", message, shown.place, near or "")
            return
        example = examples[shown.name]
        book = in_force(self.rulebook, example.as_of or EXAMPLE_DAY)
        program = compile_program(book, texts_of(book, rule.id))
        is_met = example.then == "met" and not held_against(book, program, book.rules[rule.id], example)
        self._met(shown, is_met, f"the example `{shown.name}` of `{rule.id}`")

    def _met(self, shown: Shown, is_met: bool, what: str) -> None:
        if is_met:
            return
        laid = self.rulebook.laid
        if laid and isinstance(shown.place, Span) and not shown.place.file.startswith(f"{laid[-1].shown}/"):
            names = listed([f"“{each.name}”" for each in laid])
            help = "the amendment takes away what this clause permits; mend it if that is not meant"
            self._add("not-shown", f"{what} is not met under {names}", shown.place, help, "warning")
            return
        help = "a permission is shown by what stays met: name another one"
        self._add("not-shown", f"{what} is not met", shown.place, help)

    # ------------------------------------------------------------ the ledger beside a copy

    def _copy(self, copy: Copy) -> None:
        alignment = align(copy, self.clauses)
        # A ledger that is only begun has no fingerprint yet: each sentence is told, with the one to enter.
        if not alignment.found and any(each.fingerprint for each in self.clauses):
            help = "name a copy of the guidance that the rulebook is made from"
            self._add("other-text", f"nothing of the guidance stands in `{copy.file}`", Span(copy.file), help)
            return
        self._stands(copy, alignment)
        # A copy from elsewhere than the page has none of its links and notices, and nobody need be told of each.
        gone = [each for each in alignment.differences if each.sort == "removed" and self._is_page(each)]
        pages = sum(each.treatment == "page" for each in self.clauses)
        if len(gone) * 3 >= pages and len(gone) > 1:
            message = f"{len(gone)} of the {pages} clauses that belong to the page are not in this copy"
            help = "they bind nobody; a copy that is not of the web page has no need of them"
            self._add("removed-clause", message, Span(copy.file), help, "warning")
        else:
            gone = []
        for each in alignment.differences:
            if each not in gone:
                self._difference(copy, alignment, each)

    def _is_page(self, difference: Difference) -> bool:
        return all(self.clauses[each].treatment == "page" for each in difference.clauses)

    def _stands(self, copy: Copy, alignment: Alignment) -> None:
        """Put beside each clause what stands in the copy."""
        states: dict[int, tuple[State, int, int]] = {
            at: ("word for word", start, end) for at, (start, end) in alignment.found.items()
        }
        for each in alignment.differences:
            for at in each.clauses if each.sort != "added" else ():
                state: State = (
                    "gone" if each.sort == "removed" else "moved" if each.sort == "moved" else "changed"
                )
                states[at] = (state, each.start, each.end)
        for at, (state, start, end) in states.items():
            place = copy.place(start, end) if start < end else None
            # One text in place of several clauses is not the text of any.
            text = copy.text(start, end) if state != "gone" else ""
            self.traced[at] = attrs.evolve(self.traced[at], state=state, text=text, place=place)

    def _difference(self, copy: Copy, alignment: Alignment, found: Difference) -> None:
        place = copy.place(found.start, found.end)
        named, stood, files = self._named(found.clauses), self._stood(found.clauses), self._files_of(found)
        look = f"look again at {files}" if files else "nothing encodes it"
        if found.sort == "added":
            help = "enter it in `clauses.yaml` where it stands in the text, and say what becomes of it"
            message = "this sentence has no treatment: no clause of the ledger is like it"
            if found.clauses:
                message, help = f"this sentence is {named} once more", f"{help}, or take it out of the copy"
            self._add("no-treatment", message, place, f"{help}: {self._print(copy, found)}")
        elif found.sort == "removed":
            message = (
                f"{named} is not there: it stood {'before this' if found.start < len(copy.words) else 'here'}"
            )
            help = f"it stood in {stood}; take it out of `clauses.yaml` if that is right; {look}"
            self._add("removed-clause", message, place, help)
        elif found.sort == "moved":
            now, before = self._neighbour(alignment, found), self._before(found.clauses[0])
            message = f"{named} has moved: it stands {now} here, and {before} in the ledger"
            help = f"it stood in {stood}; move it in `clauses.yaml` if that is right"
            self._add("moved-clause", message, place, help)
        elif len(found.clauses) == 1 == found.sentences:
            message = f"{named} has changed: other words stand here"
            help = (
                f"it stood in {stood}; {look}; if it is treated as before, write `{self._print(copy, found)}`"
            )
            self._add("changed-clause", message, place, help)
        else:
            many = (
                "1 other sentence stands"
                if found.sentences == 1
                else f"{found.sentences} other sentences stand"
            )
            is_one = len(found.clauses) == 1
            message = f"{named} {'has' if is_one else 'have'} changed: {many} in place of {'it' if is_one else 'them'}"
            self._add("changed-clause", message, place, f"it stood in {stood}; {look}")

    def _named(self, clauses: Iterable[int]) -> str:
        return listed(_few([f"`{self.clauses[each].id}`" for each in clauses]))

    def _stood(self, clauses: Iterable[int]) -> str:
        found = [self.clauses[each] for each in clauses]
        return listed(
            _few([", ".join(part for part in (f"`{each.section}`", each.place) if part) for each in found])
        )

    @staticmethod
    def _print(copy: Copy, found: Difference) -> str:
        return f"fingerprint: {fingerprint(copy.text(found.start, found.end))}"

    def _files_of(self, found: Difference) -> str:
        files = [f"`{file.id}`" for at in found.clauses for file in self.traced[at].encoded_by]
        return listed(_few(list(dict.fromkeys(files))))

    def _before(self, at: int) -> str:
        earlier = [each for each in self.clauses[:at] if each.fingerprint]
        return f"after `{earlier[-1].id}`" if earlier else "at the beginning"

    def _neighbour(self, alignment: Alignment, found: Difference) -> str:
        ended = [(end, at) for at, (_, end) in alignment.found.items() if end <= found.start]
        return f"after `{self.clauses[max(ended)[1]].id}`" if ended else "at the beginning"


def _few(words: list[str]) -> list[str]:
    """Words to name, without those that nobody would read."""
    if len(words) <= _MOST_NAMED:
        return words
    return [*words[: _MOST_NAMED - 1], count(len(words) - _MOST_NAMED + 1, "other")]


def _sources(file: Rule | Definition) -> list[str]:
    """The clauses that a file names, those of its exceptions and of what amends it too."""
    found = [*file.source, file.by, *(each.by for each in file.amended)]
    todo: list[Exception_] = list(file.exceptions) if isinstance(file, Rule) else []
    while todo:
        each = todo.pop()
        found.append(each.source)
        todo += each.unless
    return found


def _beside(rulebook: Rulebook) -> Path | None:
    """The scenarios that belong to a rulebook, where they are there."""
    path = Path(rulebook.path).resolve().parent / "tests" / "scenarios"
    return path if path.is_dir() else None
