"""What a finding says to people: the reasons, the figures, what is missing, and what each answer leads to."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from bigrules.findings import answers, wording
from bigrules.findings.amended import amended_in_words, why_amended
from bigrules.findings.answers import RecordedAnswer
from bigrules.findings.counting import Counting
from bigrules.findings.derive import Derivation, Deriver
from bigrules.findings.evidence import Evidence
from bigrules.findings.evidence_words import Told
from bigrules.findings.figures import figure_in_words
from bigrules.findings.formulas import spell_in_words
from bigrules.findings.names import PERSON
from bigrules.findings.narrate import answers_in_words, merged, narrate, would_be
from bigrules.findings.nearly import nearly
from bigrules.findings.questions import Question, Questions
from bigrules.findings.report import Figure, Finding, Outcome
from bigrules.findings.solve import Reads, Solution
from bigrules.language.model import (
    All,
    AnyOf,
    Atom,
    Exception_,
    Formula,
    Limit,
    NoneOf,
    Parameter,
    ParameterValue,
    Rule,
    Slot,
    Test,
)
from bigrules.language.parameters import value_on
from bigrules.program.formulas import bites_on, flat

# More ways than this in which one finding is breached are counted and not written out.
MOST_WITNESSES = 12
# So many ways are looked into to count them.
MOST_TRIED = 200


@attrs.frozen
class Explanation:
    """A finding in words.

    Args:
        rule: Id of the rule.
        title: What the rule says.
        clause: The clause that it encodes, by section and place.
        force: How strong it is.
        outcome: The outcome.
        subject: What the finding is about, in words, or "" for the case.
        concerned: Names of the people concerned, a group for each way in which it is breached.
        figures: Measures and what is needed of them.
        reasons: Sentences.
        questions: What is not known and decides it.
        exceptions: Sentences about exceptions, and what would have been found without.
        turns: Sentences about other readings under which it comes out otherwise.
        notes: Anything else, such as that it was too large to be settled.
        derivations: The reasons as trees.
        measures: Each figure, and what it is in words.
        answers: Sentences about what people decided: who, when and why, and what is asked again.
        recorded: The same as it is recorded.
        shown: Evidence in words.
        evidence: The same as it was found.
        amended: Sentences about what amendments have made of the rule, and since when it is in force.
    """

    rule: str
    title: str
    clause: str
    force: str
    outcome: Outcome
    subject: str = ""
    concerned: tuple[tuple[str, ...], ...] = ()
    figures: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    exceptions: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    derivations: tuple[Derivation, ...] = attrs.field(default=(), repr=False)
    measures: tuple[tuple[Figure, str], ...] = attrs.field(default=(), repr=False)
    answers: tuple[str, ...] = ()
    recorded: tuple[RecordedAnswer, ...] = attrs.field(default=(), repr=False)
    shown: tuple[Told, ...] = ()
    evidence: tuple[Evidence, ...] = attrs.field(default=(), repr=False)
    amended: tuple[str, ...] = ()

    def sentences(self) -> tuple[str, ...]:
        """All of it as sentences, in the order in which one would tell it."""
        about = f" for {self.subject}" if self.subject else ""
        told = [
            wording.sentence(f"the rule “{self.title}” is {self.outcome}{about}")
            if self.outcome is not Outcome.JUDGEMENT
            else wording.sentence(f"the rule “{self.title}” is for people to decide{about}")
        ]
        told += [
            wording.sentence(f"concerned: {wording.listed(each)}")
            for each in self.concerned
            if each != (self.subject,)
        ]
        told += [wording.sentence(f"figures: {each}") for each in self.figures]
        told += self.reasons
        told += self.answers
        told += [
            " ".join(
                [each.text, *([f"({each.where})"] if each.where else []), *answers_in_words(each.answers)]
            )
            for each in self.questions
            if not each.later
        ]
        told += [sentence for each in self.shown for sentence in each.sentences()]
        return (*told, *self.exceptions, *self.amended, *self.turns, *self.notes)

    def __str__(self) -> str:
        return "\n".join(self.sentences())


class Explainer:
    """Explains the findings of one evaluation.

    Args:
        deriver: Finds derivations over it.
    """

    def __init__(self, deriver: Deriver) -> None:
        self.deriver = deriver
        self.rulebook = deriver.rulebook
        self.names = deriver.names

    def explain(self, finding: Finding) -> Explanation:
        """A finding in words, with its derivations."""
        rule = self.rulebook.rules[finding.rule]
        subject: dict[str, object] = dict(finding.subject)
        bites = bites_on(rule)
        given = self.deriver.first(bites, subject) if bites is not None else None
        if given is not None:
            subject |= {slot: given.binding[slot] for slot in rule.subject if slot in given.binding}
        reads = self._day(rule, subject)
        derivations, reasons = self._reasons(rule, finding, subject, given)
        measures = self._measures(rule, finding, subject, reads)
        recorded = answers.of_finding(self.deriver, finding)
        return Explanation(
            rule=rule.id,
            title=rule.title,
            clause=wording.clause_in_words(self.rulebook, rule.source),
            force=rule.force,
            outcome=finding.outcome,
            subject=self._subject(rule, finding),
            concerned=self._concerned(finding, certain=True),
            figures=tuple(dict.fromkeys(said for _, said in measures)),
            reasons=tuple(dict.fromkeys(reasons)),
            questions=Questions(self.deriver).of(finding),
            exceptions=self._exceptions(rule, finding, subject, reads),
            turns=tuple(
                f"It turns on a reading: as “{each.reading}” has it ({each.file}), it {would_be(each.outcome)}."
                for each in finding.turns
            ),
            notes=self._notes(finding),
            derivations=derivations,
            measures=measures,
            answers=tuple(answers.in_words(each, self.deriver) for each in recorded),
            recorded=recorded,
            amended=amended_in_words(self.rulebook, rule, self.deriver.case.as_of),
        )

    @staticmethod
    def _day(rule: Rule, binding: Mapping[str, object]) -> Reads:
        day = binding.get(rule.on) if rule.on else None
        return day if isinstance(day, datetime.date) else "now"

    # ------------------------------------------------------------ what it is about

    def _subject(self, rule: Rule, finding: Finding) -> str:
        if finding.further:
            return "what is not recorded"
        parts = []
        for slot, value in finding.subject:
            type_ = rule.types.get(slot)
            is_person = type_ is not None and type_.name == PERSON
            parts.append(self.names.of(type_, value) if is_person else self.names.called(slot, type_, value))
        return wording.listed(parts)

    def _concerned(self, finding: Finding, certain: bool) -> tuple[tuple[str, ...], ...]:
        groups = [
            tuple(sorted((self.names.person(each) for each in witness.concerned), key=wording.natural))
            for witness in finding.witnesses
            if witness.certain is certain and witness.concerned
        ]
        return tuple(dict.fromkeys(sorted(groups)))

    def _measures(
        self, rule: Rule, finding: Finding, subject: Mapping[str, object], reads: Reads
    ) -> tuple[tuple[Figure, str], ...]:
        limits = [each for each in flat(rule.condition) if isinstance(each, Limit)] if rule.condition else []
        told = []
        for figure in finding.figures:
            limit = _limit_of(figure, limits)
            weighted = bool(limit and limit.measure.value and limit.measure.aggregate == "share")
            value = self._value(limit, figure, reads)
            bound = limit.bound if limit else None
            fraction = value.value if value else bound if isinstance(bound, Fraction) else Fraction(1)
            rounding = limit.rounding if limit else ""
            if limit is not None:
                figure = Counting(self.deriver).without_bound(figure, limit, subject, reads)
            said = figure_in_words(figure, fraction, rounding, weighted)
            told.append((figure, f"{said} {_since(value)}" if value else said))
        return tuple(told)

    def _value(self, limit: Limit | None, figure: Figure, reads: Reads) -> ParameterValue | None:
        """Of a limit that changed with time: the value that a figure was held against."""
        if limit is None or limit.value is None:
            return None
        parameter = self.rulebook.vocabulary.kinds[limit.value.predicate].worked_out
        assert isinstance(parameter, Parameter)
        day = reads if isinstance(reads, datetime.date) else self.deriver.case.as_of
        alike = [each for each in parameter.values if limit.of is not None or each.value == figure.bound]
        return next((each for each in alike if each == value_on(parameter, day)), next(iter(alike), None))

    def _notes(self, finding: Finding) -> tuple[str, ...]:
        told = []
        perhaps = self._concerned(finding, certain=False)
        if finding.outcome is Outcome.BREACHED and any(each.certain for each in finding.witnesses):
            told += [wording.sentence(f"it may also concern {wording.listed(each)}") for each in perhaps]
        if finding.settled:
            return tuple(told)
        return (
            *told,
            "Too much is not known for this to be settled: it may turn out to be met or breached either way.",
        )

    # ------------------------------------------------------------ reasons

    def _reasons(
        self, rule: Rule, finding: Finding, subject: Mapping[str, object], given: Solution | None
    ) -> tuple[tuple[Derivation, ...], list[str]]:
        made: list[Derivation] = []
        told: list[str] = []
        seen: set[str] = set()
        bites = bites_on(rule)
        if bites is not None and not finding.further:
            if given is not None and finding.outcome is not Outcome.NOT_APPLICABLE:
                made += self.deriver.of_steps(given)
            elif given is None:
                in_words = self.deriver.condition(bites, subject)
                told.append(
                    wording.sentence(
                        f"the rule speaks of this, and nothing of the kind is recorded: {in_words}"
                    )
                )
        told += narrate(made, seen)
        if finding.outcome is Outcome.NOT_APPLICABLE or rule.condition is None or finding.further:
            return tuple(made), told
        how = self._not_allowed if rule.form == "not allowed" else self._required
        more, said = how(rule, finding, subject, self._day(rule, subject), seen)
        return (*made, *more), told + said

    def _not_allowed(
        self, rule: Rule, finding: Finding, subject: Mapping[str, object], reads: Reads, seen: set[str]
    ) -> tuple[list[Derivation], list[str]]:
        assert rule.condition is not None
        made: list[Derivation] = []
        told: list[str] = []
        witnesses = sorted(finding.witnesses, key=lambda each: (not each.certain, sorted(each.concerned)))
        if finding.outcome is Outcome.BREACHED and any(each.certain for each in witnesses):
            witnesses = [each for each in witnesses if each.certain]
        written = more = 0
        for witness in witnesses[:MOST_TRIED]:
            binding = {**subject, **{slot: value for slot, value in witness.binding if slot}}
            solution = self.deriver.first(rule.condition, binding, self._day(rule, binding))
            steps = self.deriver.of_steps(solution, witness.certain) if solution is not None else ()
            if not narrate(steps, set()):
                # It rests on nothing but what may be missing from the register.
                continue
            if written == MOST_WITNESSES:
                more += 1
                continue
            written += 1
            made += steps
            told += narrate(steps, seen)
        if more:
            beyond = "at least " if len(witnesses) > MOST_TRIED else ""
            told.append(f"There {'is' if more == 1 and not beyond else 'are'} {beyond}{more} more like this.")
        if not witnesses:
            told += self._nothing_found(rule.condition, subject, reads)
        return made, told

    def _nothing_found(self, condition: Formula, subject: Mapping[str, object], reads: Reads) -> list[str]:
        """Why a combination that is not allowed was not found: what there is of each of its parts."""
        told: list[str] = []
        parts = flat(condition)
        for part in parts:
            if not isinstance(part, Atom):
                continue
            solutions = list(itertools.islice(self.deriver.solve(part, subject, reads), 4))
            if not solutions:
                return [wording.sentence(f"it is not recorded that {self.deriver.condition(part, subject)}")]
            if len(parts) > 1 and len(solutions) < 4:
                steps = [each for one in solutions for each in self.deriver.of_steps(one)]
                told += narrate(steps, set(), deep=False)
        if len(parts) > 1:
            told.append(
                wording.sentence(
                    f"it is not recorded that all of this holds: {self.deriver.condition(condition, subject)}"
                )
            )
        return told

    def _required(
        self, rule: Rule, finding: Finding, subject: Mapping[str, object], reads: Reads, seen: set[str]
    ) -> tuple[list[Derivation], list[str]]:
        assert rule.condition is not None
        parts = flat(rule.condition)
        values = [each.value for each in parts if isinstance(each, Limit)]
        told: list[str] = []
        for part in parts:
            if isinstance(part, Limit):
                told += Counting(self.deriver).told(part, finding, subject, reads)
        # The value of a limit that changed with time is told with its figure.
        rest = [each for each in parts if not isinstance(each, Limit) and each not in values]
        solution = self.deriver.first(All(tuple(rest)), subject, reads) if rest else None
        if solution is None:
            return [], [*told, *(self._not_kept(rest, subject, reads) if rest else [])]
        if finding.outcome is Outcome.BREACHED and solution.certain:
            return [], told
        steps = list(self.deriver.of_steps(solution))
        return steps, [*told, *narrate(steps, seen)]

    def _not_kept(self, parts: Sequence[Formula], subject: Mapping[str, object], reads: Reads) -> list[str]:
        """Why something that is required is not so: what comes near it, and what is lacking."""
        told: list[str] = []
        for part in parts:
            if not isinstance(part, Test) and not any(self._recorded(part, subject, reads)):
                places = merged(self.deriver.beside(part, subject))
                told.append(
                    wording.sentence(self._lacking(part, subject) + (f" ({places})" if places else ""))
                )
                told += nearly(self.deriver, part, subject, reads)
        if told:
            return told
        near = All(tuple(each for each in parts if not isinstance(each, Test)))
        for one in itertools.islice(self._recorded(near, subject, reads), 3):
            told += narrate(self.deriver.of_steps(one), set())
            said = [self.deriver.condition(each, one.binding) for each in parts if isinstance(each, Test)]
            told += [wording.sentence(f"it is not so that {wording.listed(said)}")] if said else []
        return told or [
            wording.sentence(f"it is not recorded that {self.deriver.condition(All(tuple(parts)), subject)}")
        ]

    def _recorded(self, formula: Formula, subject: Mapping[str, object], reads: Reads) -> Iterator[Solution]:
        """The ways in which a condition holds by what is in the register, or may hold by it."""
        for one in itertools.islice(self.deriver.solve(formula, subject, reads), 200):
            if not any(each.supposed and each.sort != "test" for each in self.deriver.of_steps(one)):
                yield one

    def _lacking(self, part: Formula, binding: Mapping[str, object]) -> str:
        if isinstance(part, Atom):
            return self.deriver.negative(part, binding)
        if isinstance(part, NoneOf):
            return f"it is recorded that {self.deriver.condition(part.part, binding)}"
        if isinstance(part, AnyOf):
            return wording.listed([self._lacking(each, binding) for each in part.parts])
        return f"it does not hold that {self.deriver.condition(part, binding)}"

    # ------------------------------------------------------------ exceptions

    def _exceptions(
        self, rule: Rule, finding: Finding, subject: Mapping[str, object], reads: Reads
    ) -> tuple[str, ...]:
        told = self._steps(rule.exceptions, subject, reads, "an exception") if not finding.further else []
        if finding.would_be is not None:
            said = would_be(finding.would_be).replace("would be", "would have been")
            # It is what comes out where no exception applies at all.
            there = [] if finding.further else rule.exceptions
            several = sum(self.deriver.first(each.when, subject, reads) is not None for each in there) > 1
            told.append(f"Without {'any of them' if several else 'it'}, this {said}.")
        return tuple(told)

    def _steps(
        self, exceptions: Iterable[Exception_], subject: Mapping[str, object], reads: Reads, what: str
    ) -> list[str]:
        """Each exception that there is reason for, with what keeps it from applying."""
        told: list[str] = []
        for each in exceptions:
            solution = self.deriver.first(each.when, subject, reads)
            if solution is None:
                continue
            clause = wording.clause_in_words(self.rulebook, (each.source,)) if each.source else ""
            because = (f": {each.because}" if each.because else "") + (f" ({clause})" if clause else "")
            further = self._steps(each.unless, subject, reads, "an exception to it")
            verb = "applies" if self._applies(each, subject, reads) else "would apply"
            told.append(wording.sentence(f"{what} {verb if solution.certain else 'may apply'}{because}"))
            reason = why_amended(self.rulebook, each) if each.by_amendment else ""
            told += [wording.sentence(reason)] if reason else []
            told += narrate(self.deriver.of_steps(solution), set())
            if each.instead in self.rulebook.rules:
                told.append(
                    f"What applies instead is “{self.rulebook.rules[each.instead].title}” ({each.instead})."
                )
            told += [f"But {further[0][0].lower()}{further[0][1:]}", *further[1:]] if further else []
        return told

    def _applies(self, exception: Exception_, subject: Mapping[str, object], reads: Reads) -> bool:
        holds = self.deriver.first(exception.when, subject, reads) is not None
        return holds and not any(self._applies(each, subject, reads) for each in exception.unless)


def _since(value: ParameterValue) -> str:
    """Since when, or until when, a limit was what it is."""
    if value.start is not None and value.end is None:
        return f"since {wording.day_in_words(value.start)}"
    return spell_in_words(value.start, value.end, "")


def _limit_of(figure: Figure, limits: Iterable[Limit]) -> Limit | None:
    candidates = [
        each for each in limits if each.measure.aggregate == figure.aggregate and each.op == figure.op
    ]
    exact = [each for each in candidates if each.text == figure.text]
    same_bound = [each for each in candidates if isinstance(each.bound, Slot) or each.bound == figure.bound]
    return next(iter(exact or same_bound or candidates), None)
