"""A rulebook in use: read a register, check it, and get a report that can be asked why."""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from bigrules.diagnostics import DataPath, Diagnostic, InputError, errors
from bigrules.facts.case import Case
from bigrules.facts.parameters import with_parameters
from bigrules.findings.basis import Basis, FailOn, Report, assemble
from bigrules.findings.report import Finding
from bigrules.language.model import Value

if TYPE_CHECKING:
    from bigrules.engines.base import Evaluation
    from bigrules.facts.records import RecordTypes
    from bigrules.findings.apart import Evaluations
    from bigrules.findings.names import NameMode
    from bigrules.findings.pack import Pack
    from bigrules.language import model
    from bigrules.program.core import Program

Readings = Literal["adopted", "each", "all"]
READINGS, FAIL_ON = get_args(Readings), get_args(FailOn)


class EnginesDisagree(Exception):
    """Two engines found something different, so that nothing is reported.

    Args:
        rule: Id of the rule.
        subject: What the finding is about, as text.
        found: Name of each engine, with what it found.
    """

    def __init__(self, rule: str, subject: str, found: tuple[tuple[str, str], ...]) -> None:
        super().__init__(rule, subject, found)
        self.rule, self.subject, self.found = rule, subject, found

    def __str__(self) -> str:
        about = f" for {self.subject}" if self.subject else ""
        said = ", ".join(f"{engine} says {outcome}" for engine, outcome in self.found)
        return f"the engines disagree on {self.rule}{about}: {said}"


class Rulebook:
    """A rulebook in use. Made by `load_rulebook`; safe in threads.

    Args:
        model: The rulebook as objects.
    """

    def __init__(self, model: model.Rulebook) -> None:
        self.model = model
        self._lock = threading.RLock()
        # By the digest of a version of it, where it has several, with readings and rules.
        self._programs: dict[tuple[int, tuple[tuple[str, str], ...], frozenset[str] | None], Any] = {}
        self._tried: dict[tuple[int, tuple[tuple[str, str], ...], bool], Any] = {}
        self._facts: RecordTypes | None = None

    def __repr__(self) -> str:
        return f"<Rulebook {self.name!r}, version {self.version}, {len(self.model.rules)} rules>"

    def __getstate__(self) -> model.Rulebook:
        return self.model

    def __setstate__(self, state: model.Rulebook) -> None:
        self.__init__(state)  # type: ignore[misc]

    @property
    def name(self) -> str:
        """What the rulebook is called."""
        return self.model.name

    @property
    def version(self) -> str:
        """Its version."""
        return self.model.version

    @property
    def edition(self) -> str:
        """The edition of the guidance that it encodes; the last, where there are several."""
        return self.model.edition

    @property
    def amendments(self) -> tuple[str, ...]:
        """Names of the amendments that are laid over it, in their order."""
        return tuple(each.name for each in self.model.laid)

    @property
    def digest(self) -> str:
        """A hash over its files."""
        return self.model.digest

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of its rules, in the order of the clauses."""
        return tuple(self.model.rules)

    @property
    def facts(self) -> RecordTypes:
        """The record classes made from the vocabulary, by kind (`facts["homes"]`) or name (`facts.Home`)."""
        with self._lock:
            if self._facts is None:
                from bigrules.facts.records import rulebook_records

                self._facts = rulebook_records(self.model.vocabulary)
            return self._facts

    # ------------------------------------------------------------ reading

    def read(self, source: Any, as_of: datetime.date | str | None = None) -> Case:
        """Read a register.

        Args:
            source: Path of a workbook, a folder of CSV, a YAML or JSON file; or plain data or records.
            as_of: The day to judge as of, such as `2018-06-01`; without it, the register's own, else today.

        Returns:
            The case.

        Raises:
            InputError: The register cannot be used; carries every fault with its place.
        """
        case, diagnostics = self.try_read(source, as_of)
        if case is None or errors(diagnostics):
            raise InputError(diagnostics)
        return case

    def try_read(
        self, source: Any, as_of: datetime.date | str | None = None
    ) -> tuple[Case | None, tuple[Diagnostic, ...]]:
        """As `read`, with the diagnostics in place of an error: warnings are among them too."""
        from bigrules.facts import read_register

        case, diagnostics = read_register(self.model, source, _day(as_of))
        return case, tuple(diagnostics)

    # ------------------------------------------------------------ checking

    def check(
        self,
        case: Case,
        *,
        confirm: bool = False,
        readings: Readings = "adopted",
        reading: Mapping[str, str] | None = None,
        fail_on: FailOn = "should",
    ) -> Report:
        """Check a case.

        Args:
            case: From `read`.
            confirm: Whether the `durable` engine has to find the same; where it is not installed the
                report says so.
            readings: `adopted` applies the adopted readings; `each` also tries every other reading that
                can be run, one at a time, and says which findings turn on it; `all` tries them together too.
            reading: Readings to apply in place of the adopted ones: file id to name.
            fail_on: Whether rules that are only `expected` count for the outcome of the case.

        Returns:
            The report.

        Raises:
            EnginesDisagree: The engines found something different.
            InputError: There is no such reading.
            TypeError, ValueError: An argument is nothing of what it may be.
        """
        if not isinstance(case, Case):
            raise TypeError(f"a case is checked, as `read` gives it, and no {type(case).__name__}")
        if reading is not None and not (
            isinstance(reading, Mapping)
            and all(isinstance(each, str) for pair in reading.items() for each in pair)
        ):
            raise TypeError("`reading` maps the id of a file to the name of a reading")
        _is_one_of("readings", readings, READINGS)
        _is_one_of("fail_on", fail_on, FAIL_ON)
        chosen = tuple(sorted((reading or {}).items()))
        rulebook, program = self._prepared(chosen, day=case.as_of)
        case = with_parameters(rulebook, case)
        findings, evaluations, known = _judged(rulebook, program, case)
        engines: tuple[str, ...] = ("compiled",)
        notes: list[str] = []
        if confirm:
            ran, notes = confirmed(findings, known, evaluations)
            engines = (*engines, "durable") if ran else engines
        basis = Basis(rulebook, case, evaluations)
        if readings != "adopted":
            from bigrules.findings.readings import turned

            findings, more = turned(self, rulebook, case, findings, chosen, readings == "all", known)
            notes += more
        return assemble(rulebook, case, findings, basis, fail_on, engines, tuple(notes), chosen)

    def review(
        self,
        case: Case,
        year: int | None = None,
        *,
        names: NameMode = "full",
        confirm: bool = False,
        reading: Mapping[str, str] | None = None,
    ) -> Pack:
        """Fill in the pack that is sent in a year.

        Args:
            case: From `read`; it is judged as of its day, whatever the year.
            year: The year; None for that of the day of judging.
            names: How much of the names of people is shown in it.
            confirm, reading: As for `check`.

        Returns:
            The pack.

        Raises:
            EnginesDisagree: The engines found something different.
            InputError: The rulebook describes no review, or there is no such reading.
            TypeError, ValueError: An argument is nothing of what it may be.
        """
        from bigrules.findings.names import NameMode
        from bigrules.findings.review import fill_in, no_review

        if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
            raise TypeError(f"a year is a whole number, and no {type(year).__name__}")
        if year is not None and not 1 <= year <= 9999:
            raise ValueError(f"a year is from 1 to 9999, and not {year}")
        _is_one_of("names", names, get_args(NameMode))
        if self.model.review is None:
            raise InputError([no_review(self.model)])
        report = self.check(case, confirm=confirm, reading=reading)
        return fill_in(report, case.as_of.year if year is None else year, names, confirm=confirm)

    def _prepared(
        self,
        chosen: tuple[tuple[str, str], ...],
        rules: frozenset[str] | None = None,
        day: datetime.date | None = None,
    ) -> tuple[model.Rulebook, Program]:
        """The rulebook as it stands on a day with readings chosen, and its program; each is made once."""
        number = self._version(day)
        key = (number, chosen, rules)
        made: tuple[model.Rulebook, Program] | None = self._programs.get(key)
        if made is not None:
            return made
        with self._lock:
            if key not in self._programs:
                from bigrules.program.compile import compile_program

                rulebook: model.Rulebook | None = self.model
                if number:
                    rulebook = self.model.versions[-1 - number].rulebook
                if chosen:
                    from bigrules.language import with_readings

                    assert rulebook is not None
                    rulebook, diagnostics = with_readings(rulebook, dict(chosen))
                    if rulebook is None or errors(diagnostics):
                        raise InputError(diagnostics)
                assert rulebook is not None
                wanted = None if rules is None else [each for each in rulebook.rules if each in rules]
                self._programs[key] = (rulebook, compile_program(rulebook, wanted))
            made = self._programs[key]
            return made

    def _version(self, day: datetime.date | None) -> int:
        """Which version of it is in force on a day, counted back from the last."""
        versions = self.model.versions
        if day is None or not versions:
            return 0
        for number, each in enumerate(reversed(versions)):
            if each.start is None or each.start <= day:
                return number
        return len(versions) - 1

    def _choices(
        self, adopted: model.Rulebook, chosen: tuple[tuple[str, str], ...], together: bool, day: datetime.date
    ) -> Any:
        """Readings to be tried beside those that were chosen; found once."""
        key = (self._version(day), chosen, together)
        if key not in self._tried:
            from bigrules.findings.readings import choices_of

            self._tried[key] = choices_of(adopted, chosen, together)
        return self._tried[key]


def _judged(
    rulebook: model.Rulebook, program: Program, case: Case
) -> tuple[tuple[Finding, ...], Evaluations, frozenset[str]]:
    """The findings; evaluations of what is not known; and rules that needed none."""
    from bigrules.findings.apart import Evaluations
    from bigrules.findings.fused import fused_program

    found: dict[str, list[Finding]] = {}
    left = [rule.id for rule in program.rules]
    if not case.assumed:
        found, left = fused_program(program, rulebook).findings(rulebook, case)
    known = frozenset(found)
    evaluations = Evaluations(rulebook, program, case)
    if left:
        found.update(evaluations.judge(left))
    return tuple([each for rule in program.rules for each in found[rule.id]]), evaluations, known


def confirmed(
    findings: tuple[Finding, ...], known: frozenset[str], evaluations: Evaluations
) -> tuple[bool, list[str]]:
    """Holds findings against evaluations, and these against the other engine.

    Args:
        findings: What was found.
        known: Rules of which it was found without an evaluation.
        evaluations: What the first engine evaluates.

    Returns:
        Whether the other engine ran, and what is to be noted.

    Raises:
        EnginesDisagree: Something different was found.
    """
    from bigrules.engines import durable
    from bigrules.findings.confirm import confirm, held_against
    from bigrules.findings.judge import evaluate, judge_evaluation, program_for

    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    to_hold: list[tuple[list[Finding], Evaluation]] = []
    for group in evaluations.groups(by_rule):
        evaluation = evaluations.of(min(group))
        mine = group & known
        found = [each for rule in mine for each in by_rule[rule]]
        left = [each for rule in group - known for each in by_rule[rule]]
        evaluated = judge_evaluation(evaluation, wanted=mine)
        if not held_against(found, evaluated):
            to_hold.append(([*evaluated, *left], evaluation))
        else:
            # What other rules read may speak of somebody new, who has rows in what these read: they are tried alone.
            program = program_for(evaluations.rulebook, evaluations.program, mine)
            alone = evaluate(evaluations.rulebook, program, evaluations.case)
            evaluated = judge_evaluation(alone, wanted=mine)
            to_hold += [([*evaluated], alone), (left, evaluation)]
        for each in held_against(found, evaluated):
            raise EnginesDisagree(
                each.rule,
                _about(each.subject),
                (("compiled", each.first), ("compiled with conditions", each.second)),
            )
    why_not = durable.available()
    if why_not is not None:
        return False, [f"one engine alone ran, because {why_not}"]
    disagreements, unsure = [], []
    try:
        for each_found, each_evaluation in to_hold:
            rules = {each.rule for each in each_found}
            second = durable.evaluate(each_evaluation.program, each_evaluation.layout)
            differ, open = confirm(each_found, second)
            disagreements += [each for each in differ if each.rule in rules]
            unsure += open
    except durable.OutsideProfile as outside:
        return False, [f"one engine alone ran, because the durable engine cannot take this on: {outside}"]
    for each in disagreements:
        raise EnginesDisagree(
            each.rule, _about(each.subject), (("compiled", each.first), ("durable", each.second))
        )
    return True, [
        f"too much is not known for the durable engine to try every possibility for {rule}"
        for rule in dict.fromkeys(unsure)
    ]


def _about(subject: tuple[tuple[str, Value], ...]) -> str:
    return ", ".join(f"{slot} {value}" for slot, value in subject)


def _day(as_of: datetime.date | str | None) -> datetime.date | None:
    """The day of judging, written in any way in which a register may write a day."""
    if not isinstance(as_of, str):
        return as_of
    from bigrules.facts.values import Unusable, read_date

    try:
        return read_date(as_of)
    except Unusable as error:
        help = "write it as year, month, day, such as 2018-06-01, or as 1/6/2018"
        found = Diagnostic("BR506", "no-such-day", error.message, DataPath("as of"), help=help)
        raise InputError([found]) from None


def _is_one_of(what: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        said = ", ".join(f"`{each}`" for each in choices)
        raise ValueError(f"`{what}` is one of {said}, and not {value!r}")


def load_rulebook(
    source: str | os.PathLike[str] | None = None, amendments: Sequence[str | os.PathLike[str]] = ()
) -> Rulebook:
    """Load a rulebook.

    Args:
        source: Directory of a rulebook, or the name under which another package offers one
            (entry point `bigrules.rulebooks`); None for the one that comes with bigrules. The directory of
            an amendment brings the rulebook that it is laid over.
        amendments: Directories of amendments to lay over it, in their order.

    Returns:
        The rulebook.

    Raises:
        InputError: It cannot be used; carries every fault with its place.

    >>> load_rulebook().name
    'Big Local partnerships'
    """
    rulebook, diagnostics = try_load(source, amendments)
    if rulebook is None or errors(diagnostics):
        raise InputError(diagnostics)
    return rulebook


def try_load(
    source: str | os.PathLike[str] | None = None, amendments: Sequence[str | os.PathLike[str]] = ()
) -> tuple[Rulebook | None, tuple[Diagnostic, ...]]:
    """As `load_rulebook`, with the diagnostics in place of an error: warnings are among them too."""
    from bigrules.language import load, shipped_path

    if isinstance(amendments, str | bytes | os.PathLike):
        raise TypeError(f"amendments are several, as in `amendments=[{os.fspath(amendments)!r}]`")
    path = os.fspath(source) if source is not None else os.fspath(shipped_path())
    if not os.path.exists(path):
        from bigrules.language.layers import offered_path

        path = offered_path(path) or path
    model, diagnostics = load(path, amendments=amendments)
    return (Rulebook(model) if model is not None else None), tuple(diagnostics)
