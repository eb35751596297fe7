"""Evidence: what a rule asks to be shown beside its findings, taken when somebody asks for it.

It is compiled and evaluated as rules of its own that nobody sees, so that the figures and the listings come
from the same engine as the findings. It is no part of what a rule is judged by, and changes no outcome.
"""

from __future__ import annotations

import datetime
import itertools
import threading
import weakref
from collections.abc import Mapping, Sequence

import attrs

from bigrules.engines.base import Candidate, Condition
from bigrules.facts.case import Case
from bigrules.findings.answers import answers_to
from bigrules.findings.completions import NotSettled, Search
from bigrules.findings.counting import Counting
from bigrules.findings.derive import Deriver
from bigrules.findings.judge import FindingsOf, evaluate
from bigrules.findings.names import NameMode, names_of
from bigrules.findings.profile import Count, Profile, profile_of
from bigrules.findings.report import Figure, Finding, Outcome
from bigrules.findings.solve import Reads
from bigrules.findings.wording import natural
from bigrules.language.model import Formula, Limit, Rule, Rulebook, Type, Value
from bigrules.language.shown import Show, ShowEach, ShowFindings, ShowMeasure, ShowProfile, formulas_of
from bigrules.program.compile import compile_program
from bigrules.program.core import Program

# So many ways are looked into to learn whether something rests on a record that is there.
MOST_TRIED = 200


@attrs.frozen
class Measured:
    """A figure.

    Args:
        says: What it is.
        figure: The figure; no limit stands beside it.
    """

    says: str
    figure: Figure


@attrs.frozen
class Instance:
    """One thing, or several together, that a condition holds for.

    Args:
        binding: Slot and value.
        certain: Whether it is so in every completion.
    """

    binding: tuple[tuple[str, Value], ...]
    certain: bool = True


@attrs.frozen
class Listed:
    """Everything that a condition holds for.

    Args:
        says: What it is.
        found: What is recorded of it.
        not_asked: Lists that it may stand in and that were not asked.
        incomplete: Lists of which perhaps not all is recorded.
    """

    says: str
    found: tuple[Instance, ...]
    not_asked: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()


@attrs.frozen
class Contradiction:
    """Somebody said one thing, and another was found.

    Args:
        answer: What was said: `yes` or `no`.
        recorded: Whether it is the recorded answer to the rule's own question.
        rules: Ids of the rules for which it was found otherwise.
    """

    answer: str
    recorded: bool
    rules: tuple[str, ...]


@attrs.frozen
class FoundElsewhere:
    """What was found for other rules.

    Args:
        outcomes: Id and outcome of each.
        said: What is said of them: `yes`, `no`, both or nothing.
        contradictions: Where what is said and what was found contradict each other.
    """

    outcomes: tuple[tuple[str, Outcome], ...]
    said: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


Evidence = Profile | Measured | Listed | FoundElsewhere
Binding = tuple[tuple[str, Value], ...]


def hidden_id(rule: str, number: int, name: str) -> str:
    """The id of the hidden rule for a condition of an item; no file can have it, since it has spaces.

    >>> hidden_id("criteria/reflects-the-area", 0, "limit")
    'criteria/reflects-the-area show 1 limit'
    """
    return f"{rule} show {number + 1} {name}"


def hidden_rules(rule: Rule) -> dict[str, Rule]:
    """The hidden rules that give the evidence of a rule, by their ids."""
    found: dict[str, Rule] = {}

    def add(number: int, name: str, formula: Formula, types: dict[str, Type]) -> None:
        id = hidden_id(rule.id, number, name)
        found[id] = Rule(
            id, rule.title, given=rule.given, subject=rule.subject, types={**rule.types, **types},
            form="required" if isinstance(formula, Limit) else "not allowed",
            condition=formula, on=rule.on, place=rule.place,
        )  # fmt: skip

    for number, show in enumerate(rule.show):
        for name, formula in formulas_of(show):
            add(number, name, formula, show.types)
        if isinstance(show, ShowProfile):
            add(number, "among", show.limit.measure.among, show.types)
    return found


# Of a rulebook, the hidden rules of its rules and their program; kept as long as the rulebook is.
_prepared: dict[int, dict[str, tuple[Rulebook, Program]]] = {}
_lock = threading.Lock()


def prepared(rulebook: Rulebook, rule: str) -> tuple[Rulebook, Program]:
    """The rulebook with the hidden rules of a rule, and the program of these alone."""
    with _lock:
        mine = _prepared.get(id(rulebook))
        if mine is None:
            mine = _prepared[id(rulebook)] = {}
            weakref.finalize(rulebook, _prepared.pop, id(rulebook), None).atexit = False
        if rule not in mine:
            hidden = hidden_rules(rulebook.rules[rule])
            book = attrs.evolve(rulebook, rules={**rulebook.rules, **hidden}, sources=None)
            mine[rule] = (book, compile_program(book, hidden))
        return mine[rule]


class Gathering:
    """The evidence of one rule on one case.

    Args:
        rulebook: The rulebook.
        rule: Id of the rule.
        case: The case.
        outcomes: What was found for every rule.
        engine: `compiled` or `durable`.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        rule: str,
        case: Case,
        outcomes: Mapping[str, Outcome],
        engine: str = "compiled",
    ) -> None:
        self.rule = rulebook.rules[rule]
        self.case, self.outcomes = case, outcomes
        self.rulebook, self.program = prepared(rulebook, rule)
        self.evaluation = evaluate(self.rulebook, self.program, case, engine)
        self.search = Search(self.evaluation)
        self._derivers: dict[NameMode, Deriver] = {}
        self._found: dict[object, tuple[tuple[Show, Evidence], ...]] = {}

    def deriver(self, mode: NameMode = "ids") -> Deriver:
        """Finds words for it."""
        if mode not in self._derivers:
            names = names_of(self.rulebook, self.case, mode)
            self._derivers[mode] = Deriver(self.rulebook, self.case, self.evaluation, names, self.outcomes)
        return self._derivers[mode]

    def of(self, finding: Finding) -> tuple[tuple[Show, Evidence], ...]:
        """The evidence that goes with a finding of the rule, each beside what asks for it."""
        if finding.further or finding.outcome is Outcome.NOT_APPLICABLE:
            return ()
        if finding.subject not in self._found:
            self._found[finding.subject] = tuple(self._gathered(finding))
        return self._found[finding.subject]

    def _gathered(self, finding: Finding) -> list[tuple[Show, Evidence]]:
        found: list[tuple[Show, Evidence]] = []
        for number, show in enumerate(self.rule.show):
            if isinstance(show, ShowProfile):
                found += [(show, each) for each in self._profile(show, number, finding)]
            elif isinstance(show, ShowMeasure):
                figures = self._figures(number, show.limit, finding)
                found += [(show, Measured(show.says, each)) for each in dict.fromkeys(figures)]
            elif isinstance(show, ShowEach):
                found.append((show, self._listed(show, number, finding)))
            else:
                found.append((show, self._of_rules(show, number, finding)))
        return found

    # ------------------------------------------------------------ what the engine found

    def _candidates(self, number: int, name: str, finding: Finding) -> tuple[FindingsOf, Sequence[Candidate]]:
        of = FindingsOf(self.evaluation, self.program.rule(hidden_id(self.rule.id, number, name)))
        return of, of.groups()[0].get(finding.subject, ())

    def _holds(self, conditions: Sequence[Condition]) -> bool | None:
        """Whether one of the conditions holds in all completions, in none, or in some."""
        held = self.search.value(conditions)
        if held is not None:
            return held
        try:
            if self.search.find(conditions, True) is None:
                return False
            return True if self.search.find(conditions, False) is None else None
        except NotSettled:
            return None

    def _hits(self, number: int, name: str, finding: Finding) -> dict[Binding, list[Condition]]:
        """Every binding of a condition, and in which completions it holds; without those that no record names."""
        of, candidates = self._candidates(number, name, finding)
        slots, types = (*of.rule.subject, *of.rule.witness), (*of.rule.types, *of.rule.witness_types)
        is_stranger = self.evaluation.layout.is_stranger
        found: dict[Binding, list[Condition]] = {}
        for candidate in candidates:
            for hit in candidate.hits:
                values = (*candidate.subject, *hit.values)
                pairs = zip(types, values, strict=True)
                if not any(type.is_thing and is_stranger(type, value) for type, value in pairs):
                    found.setdefault(tuple(zip(slots, values, strict=True)), []).append(hit.holds)
        return found

    def _reads(self, binding: Mapping[str, object]) -> Reads:
        day = binding.get(self.rule.on) if self.rule.on else None
        return day if isinstance(day, datetime.date) else "now"

    def _may_hold_more(self, formula: Formula) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Which lists that a condition reads were not asked, and of which perhaps not all is recorded."""
        under = self.rulebook.vocabulary.asked_under
        read = {under(each) for each in self.deriver().kinds_of(formula)}
        absent = read - self.case.asked
        partly = {under(each.kind) for each in self.case.incomplete} & read - absent
        order = [each for each in self.rulebook.vocabulary.kinds if each in read]
        return tuple(each for each in order if each in absent), tuple(
            each for each in order if each in partly
        )

    # ------------------------------------------------------------ figures

    def _figures(self, number: int, limit: Limit, finding: Finding) -> list[Figure]:
        of, candidates = self._candidates(number, "limit", finding)
        counting, made = Counting(self.deriver()), []
        too_large = self.deriver().kinds_of(limit) & self.evaluation.layout.too_large
        for candidate in candidates:
            subject = dict(zip(of.rule.subject, candidate.subject, strict=True))
            for figure in of.figures([candidate]):
                figure = counting.without_bound(figure, limit, subject, self._reads(subject))
                if too_large:
                    # What such a list may hold was not laid out.
                    of_greatest = None if figure.of_least is not None else figure.of_greatest
                    figure = attrs.evolve(figure, greatest=None, of_greatest=of_greatest)
                made.append(attrs.evolve(figure, op="", bound=None, text=""))
        return made

    def _profile(self, show: ShowProfile, number: int, finding: Finding) -> list[Profile]:
        by_person: dict[str, list[Condition]] = {}
        for binding, holds in self._hits(number, "among", finding).items():
            by_person.setdefault(str(dict(binding)[show.limit.measure.key]), []).extend(holds)
        certain: list[str] = []
        possible: list[str] = []
        for each, conditions in sorted(by_person.items()):
            held = self._holds(conditions)
            subject = {**dict(finding.subject), show.limit.measure.key: each}
            if held or (held is None and self._by_record(show.limit.measure.among, subject)):
                (certain if held else possible).append(each)
        figures = self._figures(number, show.limit, finding)
        count = _count(figures) if figures else Count()
        return [profile_of(show, self.rulebook, self.case, certain, possible, count)] if figures else []

    def _by_record(self, formula: Formula, binding: Mapping[str, object]) -> bool:
        """Whether a condition may hold by what is in the register, and not only by what may be missing from it."""
        deriver = self.deriver()
        for one in itertools.islice(deriver.solve(formula, binding, self._reads(binding)), MOST_TRIED):
            if not any(each.supposed and each.sort != "test" for each in deriver.of_steps(one)):
                return True
        return False

    # ------------------------------------------------------------ listings

    def _listed(self, show: ShowEach, number: int, finding: Finding) -> Listed:
        types = {**self.rule.types, **show.types}
        by_things: dict[Binding, dict[Binding, list[Condition]]] = {}
        for binding, holds in self._hits(number, "each", finding).items():
            things = tuple(pair for pair in binding if types[pair[0]].is_thing) or binding
            by_things.setdefault(things, {})[binding] = holds
        found: list[Instance] = []
        for ways in by_things.values():
            certain = [each for each, holds in ways.items() if self._holds(holds)]
            if certain:
                found += [Instance(each) for each in certain]
                continue
            # What differs between the ways, such as a day that is not known, is left out.
            same = tuple(pair for pair in next(iter(ways)) if all(pair in each for each in ways))
            held = self._holds([each for holds in ways.values() for each in holds])
            if held or (held is None and self._by_record(show.each, dict(same))):
                found.append(Instance(same, held is True))
        not_asked, incomplete = self._may_hold_more(show.each)
        order = sorted(dict.fromkeys(found), key=lambda each: (not each.certain, natural(str(each.binding))))
        return Listed(show.says, tuple(order), not_asked, incomplete)

    # ------------------------------------------------------------ findings of other rules

    def _of_rules(self, show: ShowFindings, number: int, finding: Finding) -> FoundElsewhere:
        outcomes = tuple((each, self.outcomes[each]) for each in show.rules)
        said = []
        for name, _ in formulas_of(show):
            holds = [each for ways in self._hits(number, name, finding).values() for each in ways]
            if holds and self._holds(holds):
                said.append("yes" if name == "said_yes" else "no")
        contradictions = [
            Contradiction(each, False, rules) for each in said if (rules := _against(each, outcomes))
        ]
        answer = self._recorded(finding)
        # Whoever says no may know of more than these rules.
        if answer == "yes" and (rules := _against(answer, outcomes)):
            contradictions.append(Contradiction(answer, True, rules))
        return FoundElsewhere(outcomes, tuple(said), tuple(contradictions))

    def _recorded(self, finding: Finding) -> str:
        """The recorded answer to the rule's own question, if it counts."""
        found = answers_to(self.rulebook, self.case, finding)
        return next((each.answer for each in found if each.counts), "") if self.rule.form == "ask" else ""


def _against(said: str, outcomes: Sequence[tuple[str, Outcome]]) -> tuple[str, ...]:
    """The rules that were found otherwise than somebody says.

    >>> _against("no", [("a", Outcome.MET), ("b", Outcome.NOT_APPLICABLE)])
    ('a',)
    >>> _against("no", [("a", Outcome.MET), ("b", Outcome.UNDECIDED)])
    ()
    """
    if said == "yes":
        return tuple(rule for rule, outcome in outcomes if outcome is Outcome.BREACHED)
    if any(outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE) for _, outcome in outcomes):
        return ()
    return tuple(rule for rule, outcome in outcomes if outcome is Outcome.MET)


def _count(figures: Sequence[Figure]) -> Count:
    """One count for all values of what the rule is about beside things."""
    least = [each.least if isinstance(each.least, int) else 0 for each in figures]
    greatest = [each.greatest for each in figures]
    known = [each for each in greatest if isinstance(each, int)]
    return Count(min(least), max(known) if len(known) == len(greatest) else None)
