"""Evidence: what a rule asks to be shown beside its findings, taken when somebody asks for it.

It is compiled and evaluated as rules of its own that nobody sees, so that the figures and the listings come
from the same engine as the findings. It is no part of what a rule is judged by, and changes no outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from bigrules.engines.base import Condition
from bigrules.facts.case import Case
from bigrules.findings.answers import answers_to
from bigrules.findings.apart import Evaluations
from bigrules.findings.derive import Deriver
from bigrules.findings.hidden import Binding, Hidden, hidden_id, prepared
from bigrules.findings.judge import evaluate
from bigrules.findings.names import NameMode, names_of
from bigrules.findings.profile import Count, Profile, profile_of
from bigrules.findings.report import Figure, Finding, Outcome
from bigrules.findings.wording import natural
from bigrules.language.model import Formula, Rulebook
from bigrules.language.shown import Show, ShowEach, ShowFindings, ShowMeasure, ShowProfile, formulas_of


@attrs.frozen
class Measured:
    """A figure.

    Args:
        says: What it is.
        figure: The figure; no limit stands beside it.
        settled: False where too much is not known to take it: the figure is nothing to rely on then.
    """

    says: str
    figure: Figure
    settled: bool = True


@attrs.frozen
class Instance:
    """One thing, or several together, that a condition holds for.

    Args:
        binding: Slot and value.
        certain: Whether it is so in every completion.
    """

    binding: Binding
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
        # Each by itself where a list is not complete: what may stand in it must not matter to the others.
        self.evaluations = Evaluations(self.rulebook, self.program, case, engine)
        self._hidden: dict[str, Hidden] = {}
        self._words: dict[NameMode, Deriver] = {}
        self._found: dict[object, tuple[tuple[Show, Evidence], ...]] = {}

    def deriver(self, mode: NameMode = "ids") -> Deriver:
        """Finds words for it."""
        if mode not in self._words:
            first = next(iter(self.program.rules), None)
            nothing = (
                self.evaluations.of(first.id) if first else evaluate(self.rulebook, self.program, self.case)
            )
            names = names_of(self.rulebook, self.case, mode)
            self._words[mode] = Deriver(self.rulebook, self.case, nothing, names, self.outcomes)
        return self._words[mode]

    def hidden(self, number: int, name: str) -> Hidden:
        """The hidden rule for a condition of an item."""
        id = hidden_id(self.rule.id, number, name)
        if id not in self._hidden:
            evaluation = self.evaluations.of(id)
            self._hidden[id] = Hidden(self.rulebook, id, self.case, evaluation, self.outcomes)
        return self._hidden[id]

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
                figures = self.hidden(number, "limit").figures(finding)
                found += [(show, Measured(show.says, each, settled)) for each, settled in figures]
            elif isinstance(show, ShowEach):
                found.append((show, self._listed(show, number, finding)))
            else:
                found.append((show, self._of_rules(show, number, finding)))
        return found

    def _profile(self, show: ShowProfile, number: int, finding: Finding) -> list[Profile]:
        figures = self.hidden(number, "limit").figures(finding)
        if not figures:
            return []
        among, key = self.hidden(number, "among"), show.limit.measure.key
        by_person: dict[str, list[Condition]] = {}
        for binding, holds in among.hits(finding).items():
            by_person.setdefault(str(dict(binding)[key]), []).extend(holds)
        certain: list[str] = []
        possible: list[str] = []
        for each, conditions in sorted(by_person.items()):
            held = among.holds(conditions)
            if held or (held is None and among.by_record({**dict(finding.subject), key: each})):
                (certain if held else possible).append(each)
        count = _count([each for each, _ in figures]) if among.settled else Count(0, None)
        return [profile_of(show, self.rulebook, self.case, certain, possible, count)]

    def _listed(self, show: ShowEach, number: int, finding: Finding) -> Listed:
        types, each_of = {**self.rule.types, **show.types}, self.hidden(number, "each")
        by_things: dict[Binding, dict[Binding, list[Condition]]] = {}
        for binding, holds in each_of.hits(finding).items():
            things = tuple(pair for pair in binding if types[pair[0]].is_thing) or binding
            by_things.setdefault(things, {})[binding] = holds
        found: list[Instance] = []
        for ways in by_things.values():
            certain = [each for each, holds in ways.items() if each_of.holds(holds)]
            if certain:
                found += [Instance(each) for each in certain]
                continue
            # What differs between the ways, such as a day that is not known, is left out.
            same = tuple(pair for pair in next(iter(ways)) if all(pair in each for each in ways))
            held = each_of.holds([each for holds in ways.values() for each in holds])
            if held or (held is None and each_of.by_record(dict(same))):
                found.append(Instance(same, held is True))
        not_asked, incomplete = self._may_hold_more(show.each)
        order = sorted(dict.fromkeys(found), key=lambda each: (not each.certain, natural(str(each.binding))))
        # Ann and Bob are the same as Bob and Ann, as they are in a finding.
        once: dict[object, Instance] = {}
        for each in order:
            named = frozenset(value for slot, value in each.binding if types[slot].is_thing)
            rest = tuple(pair for pair in each.binding if not types[pair[0]].is_thing)
            once.setdefault((named, rest), each)
        return Listed(show.says, tuple(once.values()), not_asked, incomplete)

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

    def _of_rules(self, show: ShowFindings, number: int, finding: Finding) -> FoundElsewhere:
        outcomes = tuple((each, self.outcomes[each]) for each in show.rules)
        said = []
        for name, _ in formulas_of(show):
            hidden = self.hidden(number, name)
            holds = [each for ways in hidden.hits(finding).values() for each in ways]
            if holds and hidden.holds(holds):
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
