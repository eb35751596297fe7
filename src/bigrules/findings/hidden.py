"""Rules that nobody sees: the conditions of evidence, compiled and evaluated as those of any other rule."""

from __future__ import annotations

import datetime
import itertools
import threading
import weakref
from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from bigrules.engines.base import Candidate, Condition, Evaluation
from bigrules.facts.case import Case
from bigrules.facts.sites import Site
from bigrules.findings.completions import NotSettled, Search
from bigrules.findings.counting import Counting
from bigrules.findings.derive import Deriver
from bigrules.findings.judge import FindingsOf
from bigrules.findings.names import names_of
from bigrules.findings.report import Figure, Finding, Outcome
from bigrules.findings.solve import Reads
from bigrules.language.model import Formula, Limit, Measure, Rule, Rulebook, Type, Value
from bigrules.language.shown import ShowProfile, formulas_of
from bigrules.language.types import NUMBERS
from bigrules.program.compile import compile_program
from bigrules.program.core import Program

# So many ways are looked into to learn whether something rests on a record that is there.
MOST_TRIED = 200

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


class Hidden:
    """One hidden rule on one case.

    Args:
        rulebook: The rulebook with the hidden rule.
        id: Id of the hidden rule.
        case: The case.
        evaluation: What it is found by.
        outcomes: What was found for every rule.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        id: str,
        case: Case,
        evaluation: Evaluation,
        outcomes: Mapping[str, Outcome],
    ) -> None:
        self.rule, self.evaluation = rulebook.rules[id], evaluation
        self.kinds = rulebook.vocabulary.kinds
        self.findings = FindingsOf(evaluation, evaluation.program.rule(id))
        self.search = Search(evaluation)
        self.deriver = Deriver(rulebook, case, evaluation, names_of(rulebook, case, "ids"), outcomes)
        self.groups = self.findings.groups()[0]
        # A list that could hold too much was not laid out, so that nothing that reads it is certain.
        read = [each for each in (self.rule.given, self.rule.condition) if each is not None]
        kinds = set[str]().union(*(self.deriver.kinds_of(each) for each in read))
        self.settled = not kinds & evaluation.layout.too_large

    def candidates(self, finding: Finding) -> Sequence[Candidate]:
        """What the engine found for what a finding is about."""
        return self.groups.get(finding.subject, ())

    def holds(self, conditions: Sequence[Condition]) -> bool | None:
        """Whether one of the conditions holds in all completions, in none, or in some."""
        if not self.settled:
            return None
        held = self.search.value(conditions)
        if held is not None:
            return held
        try:
            if self.search.find(conditions, True) is None:
                return False
            return True if self.search.find(conditions, False) is None else None
        except NotSettled:
            return None

    def hits(self, finding: Finding) -> dict[Binding, list[Condition]]:
        """Every binding of its condition, and in which completions it holds; without those that no record names."""
        rule = self.findings.rule
        slots, types = (*rule.subject, *rule.witness), (*rule.types, *rule.witness_types)
        is_stranger = self.evaluation.layout.is_stranger
        found: dict[Binding, list[Condition]] = {}
        for candidate in self.candidates(finding):
            for hit in candidate.hits:
                values = (*candidate.subject, *hit.values)
                pairs = zip(types, values, strict=True)
                if not any(type.is_thing and is_stranger(type, value) for type, value in pairs):
                    found.setdefault(tuple(zip(slots, values, strict=True)), []).append(hit.holds)
        return found

    def by_record(self, binding: Mapping[str, object]) -> bool:
        """Whether its condition may hold by what is in the register, and not only by what may be missing from it."""
        assert self.rule.condition is not None
        ways = self.deriver.solve(self.rule.condition, binding, self._reads(binding))
        for one in itertools.islice(ways, MOST_TRIED):
            if not any(each.supposed and each.sort != "test" for each in self.deriver.of_steps(one)):
                return True
        return False

    def figures(self, finding: Finding) -> list[tuple[Figure, bool]]:
        """The figures of its limit, held against nothing; and whether each can be relied on."""
        limit = self.rule.condition
        assert isinstance(limit, Limit)
        counting, made = Counting(self.deriver), []
        for candidate in self.candidates(finding):
            subject = dict(zip(self.rule.subject, candidate.subject, strict=True))
            for figure in self.findings.figures([candidate]):
                figure = counting.without_bound(figure, limit, subject, self._reads(subject))
                figure, sound = self._without_samples(figure, limit.measure)
                made.append((attrs.evolve(figure, op="", bound=None, text=""), sound and self.settled))
        return list(dict.fromkeys(made))

    def _without_samples(self, figure: Figure, measure: Measure) -> tuple[Figure, bool]:
        """A figure without bounds that only stand for any number: nothing is known of how large one may be.

        To judge a limit, numbers around it are enough; here there is none.
        """
        exact = figure.least == figure.greatest and figure.of_least == figure.of_greatest
        type = self.rule.types.get(measure.value)
        if exact or type is None or (type.least is not None and type.greatest is not None):
            return figure, True
        if not any(map(self._is_any_number, self.evaluation.layout.sites)):
            return figure, True
        if type.least is None or type.least < 0:
            return figure, False
        if measure.aggregate == "share":
            return attrs.evolve(figure, least=Fraction(0), greatest=Fraction(1), of_greatest=None), True
        return attrs.evolve(figure, greatest=None), True

    def _is_any_number(self, site: Site) -> bool:
        """Whether it stands for a number that is not known, or for a record that may hold one."""
        if site.sort in ("list", "future"):
            return any(each.type.name in NUMBERS for each in self.kinds[site.kind].fields)
        values = [one for each in site.values for one in (each if isinstance(each, tuple) else (each,))]
        return any(isinstance(each, int | Fraction) and not isinstance(each, bool) for each in values)

    def _reads(self, binding: Mapping[str, object]) -> Reads:
        day = binding.get(self.rule.on) if self.rule.on else None
        return day if isinstance(day, datetime.date) else "now"
