"""Evaluation → findings: the outcome of every rule for every subject over all completions."""

from __future__ import annotations

import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from bigrules.engines import compiled
from bigrules.engines.base import Candidate, Condition, Evaluation, Taken
from bigrules.engines.conditions import TooMuch
from bigrules.facts.case import Case
from bigrules.facts.domains import Fresh
from bigrules.facts.layout import Site, lay_out
from bigrules.facts.parameters import with_parameters
from bigrules.findings.completions import NotSettled, Search
from bigrules.findings.fused import fused_program
from bigrules.findings.report import Choice, Figure, Finding, Missing, Outcome, Witness
from bigrules.findings.strangers import Strangers
from bigrules.language.model import Rulebook, Type, Value
from bigrules.program.compile import compile_program
from bigrules.program.core import Program, ProgramRule
from bigrules.program.strata import cones, rule_tables

# People are the things of this type.
PERSON = "person"

# Up to so many sites, each is asked about if it matters in any completion.
MOST_SITES = 64

# So many completions are tried to learn whether some people breach a rule in all of them.
MOST_TRIALS_EACH = 512

Subject = tuple[tuple[str, Value], ...]

# A figure is narrowed by so many steps at the most, with so many trials each.
MOST_STEPS = 16
MOST_TRIALS_FIGURES = 128
# How many nodes may be looked at to see whether one thing more is missing.
MOST_WORK_EACH = 400_000

# So much is looked at to leave out of an open finding whom it cannot be about.
MOST_TRIALS_WHO = 256
MOST_WORK_WHO = 200_000
# Of more sets of people it is not looked whether each could be concerned: each two of a dozen, say, of whom
# nothing is known but that lists were not asked. Nobody reads them one by one.
MOST_WHO = 40

# Of what could not be settled in time, so much is asked about.
MOST_UNSURE = 8

# So many answers to a question are tried one by one.
MOST_ANSWERS = 24


def judge(
    rulebook: Rulebook,
    program: Program,
    case: Case,
    engine: str = "compiled",
    further: int | None = None,
    brief: bool = False,
) -> tuple[Finding, ...]:
    """Findings of a program on a case.

    Args:
        rulebook: The rulebook.
        program: The program that was compiled from it.
        case: The case.
        engine: `compiled` or `durable`.
        further: At most so many further records of a list that is not complete; None for any number.
        brief: Whether outcomes are all that is wanted.

    Returns:
        The findings, in the order of the rules and of their subjects.

    Raises:
        ImportError: The engine cannot be used here.
    """
    case = with_parameters(rulebook, case)
    from bigrules.findings.apart import Evaluations

    found: dict[str, list[Finding]] = {}
    left = [rule.id for rule in program.rules]
    if engine == "compiled" and not case.assumed:
        found, left = fused_program(program, rulebook).findings(rulebook, case)
    if left:
        found.update(Evaluations(rulebook, program, case, engine, further).judge(left, brief))
    return tuple([each for rule in program.rules for each in found[rule.id]])


def evaluate(
    rulebook: Rulebook, program: Program, case: Case, engine: str = "compiled", further: int | None = None
) -> Evaluation:
    """Run an engine on a case; arguments as for `judge`."""
    case = with_parameters(rulebook, case)
    too_large: frozenset[str] = frozenset()
    while True:
        layout = lay_out(program, rulebook, case, further, too_large)
        try:
            if engine == "compiled":
                return compiled.evaluate(program, layout)
            from bigrules.engines import durable  # an extra: imported when used

            return durable.evaluate(program, layout)
        except TooMuch:
            # The longest list of what may exist is left out, and what reads it is not settled.
            lengths = Counter(site.kind for site in layout.sites if site.sort in ("list", "future"))
            if not lengths:
                raise
            too_large |= {max(sorted(lengths), key=lambda kind: lengths[kind])}


# Of a program, the programs of some of its rules, by the ids of these; kept as long as the program is.
_parts: dict[int, dict[frozenset[str], Program]] = {}
_parts_lock = threading.Lock()
MOST_PARTS = 256


def program_for(rulebook: Rulebook, program: Program, rules: frozenset[str]) -> Program:
    """The program of some rules alone, and of what they speak about."""
    if len(rules) == len(program.rules):
        return program
    with _parts_lock:
        parts = _parts.get(id(program))
        if parts is None:
            parts = _parts[id(program)] = {}
            weakref.finalize(program, _parts.pop, id(program), None).atexit = False
        found = parts.get(rules)
        if found is None:
            while len(parts) >= MOST_PARTS:
                del parts[next(iter(parts))]
            wanted = [each.id for each in program.rules if each.id in rules]
            found = parts[rules] = compile_program(rulebook, wanted)
        return found


def judge_evaluation(
    evaluation: Evaluation, brief: bool = False, wanted: Iterable[str] | None = None
) -> tuple[Finding, ...]:
    """Findings of an evaluation, in the order of the rules and of their subjects.

    Args:
        evaluation: The evaluation.
        brief: Whether outcomes are all that is wanted.
        wanted: Ids of the rules, or None for all.
    """
    findings: list[Finding] = []
    rules = {each.id: each for each in evaluation.program.rules}
    depends: dict[str, set[str]] = {}
    if evaluation.layout.too_large:
        depends = cones(evaluation.program.strata, rules)
    strangers = Strangers(evaluation)
    for rule in evaluation.program.rules:
        if wanted is not None and rule.id not in wanted:
            continue
        mine = list(FindingsOf(evaluation, rule, brief, strangers.absent(rule)).findings())
        if evaluation.layout.too_large:
            mine = _not_settled(evaluation, rule, mine, depends)
        findings += mine
    return tuple(findings)


def _not_settled(
    evaluation: Evaluation, rule: ProgramRule, findings: list[Finding], depends: dict[str, set[str]]
) -> list[Finding]:
    """What reads a list that is too large to be completed is left open."""
    predicates = evaluation.program.predicates
    read = {name for table in rule_tables(rule) for name in depends.get(table, {table})}
    kinds = sorted(
        {predicates[name].source for name in read if predicates[name].base} & evaluation.layout.too_large
    )
    if not kinds:
        return findings
    missing = tuple(Missing(f"list {kind}", "list", kind) for kind in kinds)
    return [
        attrs.evolve(each, outcome=Outcome.UNDECIDED, missing=(*each.missing, *missing), settled=False)
        for each in findings
    ]


class FindingsOf:
    """One rule of an evaluation, on its way to findings.

    Args:
        evaluation: The evaluation.
        rule: The rule.
        brief: Whether outcomes are all that is wanted.
        absent: Sites that make no difference to the rule, each with the choice that is taken for it.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        rule: ProgramRule,
        brief: bool = False,
        absent: Mapping[int, int] | None = None,
    ) -> None:
        self.brief = brief
        self.absent = dict(absent or {})
        self.evaluation = evaluation
        self.rule = rule
        self.sites = evaluation.layout.sites
        # What it has found once it knows.
        self.search = Search(evaluation, self.absent)
        things = [number for number, type in enumerate(rule.types) if type.is_thing]
        # A finding is about things: a day or a kind in `for each` only says more about them.
        self.key = things or list(range(len(rule.subject)))

    def groups(self) -> tuple[dict[Subject, list[Candidate]], list[Candidate]]:
        """Candidates by what their finding is about, and those that are about what is not recorded."""
        groups: dict[Subject, list[Candidate]] = {}
        further: list[Candidate] = []
        is_stranger = self.evaluation.layout.is_stranger
        for candidate in self.evaluation.candidates(self.rule):
            named = tuple((self.rule.subject[each], candidate.subject[each]) for each in self.key)
            types = (self.rule.types[each] for each in self.key)
            if any(is_stranger(type, value) for type, (_, value) in zip(types, named, strict=True)):
                further.append(candidate)
            else:
                groups.setdefault(named, []).append(candidate)
        return groups, further

    def findings(self) -> Iterable[Finding]:
        groups, further = self.groups()
        found = False
        for subject in sorted(groups, key=lambda each: in_order([value for _, value in each])):
            groups[subject].sort(key=lambda each: in_order(each.subject))
            made = self._finding(subject, groups[subject], False)
            if made.outcome is Outcome.NOT_APPLICABLE and not self._is_subject(groups[subject]):
                continue
            found = True
            yield made
        if further:
            made = self._finding((), further, True)
            if made.outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT):
                yield made
                return
        if not found:
            yield Finding(self.rule.id, (), Outcome.NOT_APPLICABLE)

    def _is_subject(self, candidates: Sequence[Candidate]) -> bool:
        """Whether the rule is about it in some completion; what only seemed possible is no subject."""
        there = tuple(each.there for each in candidates)
        held = self.search.value(there)
        try:
            return held is True or (held is None and self.search.find(there, True) is not None)
        except NotSettled:
            return True

    def _finding(self, subject: Subject, candidates: Sequence[Candidate], further: bool) -> Finding:
        breached = tuple(each.breached for each in candidates)
        applicable = tuple(each.applicable for each in candidates)
        outcome, settled = self.outcome(breached, applicable, {})
        missing: tuple[Missing, ...] = ()
        completions: tuple[tuple[Choice, ...], ...] = ()
        if self.brief:
            return Finding(self.rule.id, subject, outcome, settled=settled, further=further)
        if outcome in (Outcome.UNDECIDED, Outcome.JUDGEMENT):
            missing = self._missing(breached, applicable)
            completions = self._completions(breached) if settled else ()
        exception, would_be = self._exempt(candidates, outcome)
        return Finding(
            rule=self.rule.id,
            subject=subject,
            outcome=outcome,
            witnesses=self._witnesses(candidates, outcome),
            figures=self.figures(candidates),
            missing=missing,
            exception=exception,
            would_be=would_be,
            settled=settled,
            further=further,
            completions=completions,
        )

    def _completions(self, breached: tuple[Condition, ...]) -> tuple[tuple[Choice, ...], ...]:
        """A completion in which it is breached, and one in which it is not."""
        search = self.search
        found = []
        for wanted in (True, False):
            choices = search.find(breached, wanted)
            assert choices is not None
            found.append(tuple(self._choice(self.sites[each], choices[each]) for each in sorted(choices)))
        return tuple(found)

    @staticmethod
    def _choice(site: Site, index: int) -> Choice:
        return Choice(
            site.sort, site.kind, site.field, site.subject, _answer(site, index), (site.index, index)
        )

    # ------------------------------------------------------------ outcome

    def outcome(
        self, breached: tuple[Condition, ...], applicable: tuple[Condition, ...], fixed: dict[int, int]
    ) -> tuple[Outcome, bool]:
        """The outcome over all completions that agree with what is fixed, and whether it was settled."""
        search = Search(self.evaluation, {**self.absent, **fixed}) if fixed else self.search
        wrong = search.value(breached)
        try:
            if wrong is None:
                if search.find(breached, True) is None:
                    wrong = False
                elif search.find(breached, False) is None:
                    wrong = True
            if wrong is True:
                return Outcome.BREACHED, True
            if wrong is False:
                applies = search.value(applicable)
                if applies is None:
                    applies = search.find(applicable, True) is not None
                return (Outcome.MET if applies else Outcome.NOT_APPLICABLE), True
            return self._open(breached, fixed, search), True
        except NotSettled:
            return Outcome.UNDECIDED, False

    def _support(self, conditions: Iterable[Condition], fixed: dict[int, int]) -> dict[Any, frozenset[int]]:
        """What the conditions read, with all records of one list as one."""
        found: dict[Any, set[int]] = {}
        for condition in conditions:
            for site in self.evaluation.support(condition):
                if site not in fixed and site not in self.absent:
                    group = self.sites[site].group
                    found.setdefault(("list", group) if group is not None else ("site", site), set()).add(
                        site
                    )
        return {key: frozenset(found[key]) for key in sorted(found, key=lambda key: (key[0], key[1]))}

    def _open(self, breached: tuple[Condition, ...], fixed: dict[int, int], search: Search) -> Outcome:
        """Undecided or for judgement, where both are possible."""
        support = self._support(breached, fixed)
        facts = [sites for sites in support.values() if self.sites[min(sites)].sort != "question"]
        if len(facts) == len(support):
            return Outcome.UNDECIDED
        # Where every site that matters is a question, people decide.
        unsure = False
        for sites in facts:
            try:
                if search.matters(breached, sites):
                    return Outcome.UNDECIDED
            except NotSettled:
                unsure = True
        if unsure:
            raise NotSettled
        return Outcome.JUDGEMENT

    # ------------------------------------------------------------ what is missing

    def _missing(
        self, breached: tuple[Condition, ...], applicable: tuple[Condition, ...]
    ) -> tuple[Missing, ...]:
        support = self._support(breached, {})
        lists = [key for key in support if key[0] == "list"]
        fixed: dict[int, int] = {}
        if lists and sum(map(len, support.values())) > MOST_SITES:
            # Beside a whole list that was not asked, only what matters were it complete is worth asking.
            fixed = {site: 0 for key in lists for site in support[key]}
        found: list[Missing] = []
        complete = Search(self.evaluation, {**self.absent, **fixed}, trials=512)
        still_open = complete.value(breached) is None
        inner = tuple(self.evaluation.restricted(each, fixed) for each in breached) if fixed else breached
        for key, sites in support.items():
            if key[0] != "list" and not still_open:
                continue
            try:
                search, conditions = (self.search, breached) if key[0] == "list" else (complete, inner)
                # That something is missing is settled already; what else there is may only take so long to find.
                budget = MOST_WORK_EACH if found else None
                if not search.matters(conditions, sites, budget):
                    continue
            except NotSettled:
                # It may matter: better to ask than to keep silent, but not about everything.
                if len(found) >= MOST_UNSURE:
                    continue
            found.append(self._gap(key, sites, breached, applicable))
        return tuple(found)

    def _gap(
        self, key: tuple[str, int], sites: frozenset[int],
        breached: tuple[Condition, ...], applicable: tuple[Condition, ...],
    ) -> Missing:  # fmt: skip
        sort, number = key
        if sort == "list":
            incomplete = self.evaluation.layout.lists[number]
            nothing = self.outcome(breached, applicable, dict.fromkeys(sites, 0))[0]
            subject = ((incomplete.field, incomplete.value),) if incomplete.field else ()
            first = self.sites[min(sites)]
            return Missing(
                f"list {incomplete.kind} {incomplete.value or ''}".strip(), first.sort, incomplete.kind, "", subject,
                (("nothing further", nothing),),
            )  # fmt: skip
        site = self.sites[number]
        answers: tuple[tuple[str, Outcome], ...] = ()
        if len(site.values) <= MOST_ANSWERS and not any(isinstance(each, tuple) for each in site.values):
            answers = tuple(
                (_answer(site, index), self.outcome(breached, applicable, {number: index})[0])
                for index in range(len(site.values))
            )
        return Missing(f"site {number}", site.sort, site.kind, site.field, site.subject, answers, site.place)

    # ------------------------------------------------------------ who and how many

    def _witnesses(self, candidates: Sequence[Candidate], outcome: Outcome) -> tuple[Witness, ...]:
        if outcome not in (Outcome.BREACHED, Outcome.UNDECIDED, Outcome.JUDGEMENT):
            return ()
        rule = self.rule
        value = self.evaluation.valuation(self.absent)
        found: dict[frozenset[str], Witness] = {}
        always = (
            self.certain(candidates) if outcome is Outcome.BREACHED and rule.form == "not allowed" else set()
        )

        def add(names: Sequence[str], types: Sequence[Type], values: Sequence[Value], certain: bool) -> None:
            people = people_of(types, values)
            before = found.get(people)
            if before is None or (certain and not before.certain):
                found[people] = Witness(people, tuple(zip(names, values, strict=True)), certain)

        # What is breached in every completion is certain, though no one condition may say so.
        breached = outcome is Outcome.BREACHED
        over = {} if rule.form != "required" else {id(each): self._over(each) for each in candidates}
        open_: dict[frozenset[str], list[Condition]] = {}
        for candidate in candidates:
            sure = value(candidate.breached) is True or (breached and len(candidates) == 1)
            if value(candidate.breached) is False:
                continue
            if rule.form == "not allowed":
                names, types = (*rule.subject, *rule.witness), (*rule.types, *rule.witness_types)
                for hit in sorted(candidate.hits, key=lambda each: in_order(each.values)):
                    if value(hit.holds) is not False:
                        values = (*candidate.subject, *hit.values)
                        people = people_of(types, values)
                        add(names, types, values, people in always)
                        open_.setdefault(people, []).append(hit.holds)
                continue
            groups = over.get(id(candidate), [])
            for group, certain in groups:
                values = (*candidate.subject, *group)
                group_types = (*rule.types, *([Type(PERSON)] * len(group)))
                add((*rule.subject, *([""] * len(group))), group_types, values, certain and sure)
            if not groups:
                sole = breached and not any(over.values())
                add(rule.subject, rule.types, candidate.subject, sure or sole)
        for people in self._never(open_, found):
            del found[people]
        return tuple(sorted(found.values(), key=lambda each: (not each.certain, sorted(each.concerned))))

    def _never(
        self, open_: Mapping[frozenset[str], list[Condition]], found: Mapping[frozenset[str], Witness]
    ) -> list[frozenset[str]]:
        """Sets of people whom no completion has, though each condition by itself seems open."""
        if len(open_) > MOST_WHO:
            return []
        search = Search(self.evaluation, self.absent, trials=MOST_TRIALS_WHO, work=MOST_WORK_WHO)
        never = []
        for people, conditions in open_.items():
            try:
                held = not found[people].certain and search.value(conditions) is None
                if held and search.find(conditions, True) is None:
                    never.append(people)
            except NotSettled:
                pass
        # Somebody is open where the finding is: where nobody seems to be, it was asked for too little.
        return never if len(never) < len(found) else []

    def certain(self, candidates: Sequence[Candidate]) -> set[frozenset[str]]:
        """Sets of people who breach a `not allowed` rule in every completion."""
        types = (*self.rule.types, *self.rule.witness_types)
        value = self.evaluation.valuation(self.absent)
        holding: dict[frozenset[str], list[Condition]] = {}
        for candidate in candidates:
            hits = [
                (people_of(types, (*candidate.subject, *hit.values)), hit.holds)
                for hit in candidate.hits
                if value(hit.holds) is not False
            ]
            if len({people for people, _ in hits}) == 1:
                holding.setdefault(hits[0][0], []).append(candidate.breached)
            elif not self.rule.exceptions or value(candidate.applicable) is True or len(candidates) == 1:
                # A match is about whom the rule is about; where an exception may apply it is not certain.
                for people, holds in hits:
                    holding.setdefault(people, []).append(holds)
        found = set()
        for people, conditions in holding.items():
            search = Search(self.evaluation, self.absent, trials=MOST_TRIALS_EACH)
            try:
                held = search.value(conditions)
                if held is True or (held is None and search.find(conditions, False) is None):
                    found.add(people)
            except NotSettled:
                pass
        return found

    def _over(self, candidate: Candidate) -> list[tuple[tuple[Value, ...], bool]]:
        """Sets of people that make a measure too great."""
        found: list[tuple[tuple[Value, ...], bool]] = []
        for taken in self.evaluation.taken(self.rule, candidate, self.absent):
            step = taken.step
            if step.measure.key_type.name != PERSON or step.op not in ("at most", "less than", "exactly"):
                continue
            if step.measure.aggregate in ("group sharing", "group linked"):
                found += taken.groups
            elif step.measure.aggregate == "number" and _exceeds(step.op, taken.greatest, taken.bound):
                # Where it is open who else is counted, those who certainly are make the certain witness.
                certain = _exceeds(step.op, taken.least, taken.bound)
                found.append((tuple(sorted(taken.sure if certain else taken.counted, key=str)), certain))
        return found

    def figures(self, candidates: Sequence[Candidate]) -> tuple[Figure, ...]:
        """The measures of the rule as they were taken for some candidates."""
        if not self.rule.limits:
            return ()
        return tuple(
            figure_of(self._narrowed(candidate, taken))
            for candidate in candidates
            for taken in self.evaluation.taken(self.rule, candidate, self.absent)
        )

    def _narrowed(self, candidate: Candidate, taken: Taken) -> Taken:
        """A whole number between the least and greatest that a completion really has."""
        least, greatest = taken.least, taken.greatest
        if (
            not isinstance(least, int)
            or not isinstance(greatest, int)
            or not 0 < greatest - least <= MOST_STEPS
        ):
            return taken
        if self.evaluation.value(candidate.given, self.absent) is not True:
            return taken
        search = Search(self.evaluation, self.absent, trials=MOST_TRIALS_FIGURES)

        def reached(op: str, number: int) -> bool:
            condition = self.evaluation.held_against(taken, op, number)
            return condition is None or search.find([condition], True) is not None

        try:
            while least < greatest and not reached("at most", least):
                least += 1
            while least < greatest and not reached("at least", greatest):
                greatest -= 1
        except NotSettled:
            pass  # The wider figure is not wrong, only less precise.
        return attrs.evolve(taken, least=least, greatest=greatest)

    def _exempt(self, candidates: Sequence[Candidate], outcome: Outcome) -> tuple[str, Outcome | None]:
        """The exception because of which the rule does not apply, and what would have been found."""
        if outcome != Outcome.NOT_APPLICABLE:
            return "", None
        value = self.evaluation.valuation(self.absent)
        for candidate in candidates:
            for each in candidate.exempt:
                if value(each.applies) is not False:
                    without = tuple(other.without_exceptions for other in candidates)
                    given = tuple(other.given for other in candidates)
                    return each.id, self.outcome(without, given, {})[0]
        return "", None


def in_order(values: Iterable[object]) -> tuple[str, ...]:
    """What rows are sorted by, whatever is in them."""
    return tuple([str(each) for each in values])


def people_of(types: Sequence[Type], values: Sequence[Value]) -> frozenset[str]:
    """The people among some values; things that no record names are left out.

    >>> sorted(people_of([Type("person"), Type("date")], ["ann", "2018"]))
    ['ann']
    """
    named = zip(types, values, strict=True)
    return frozenset(str(each) for type, each in named if type.name == PERSON and isinstance(each, str))


def figure_of(taken: Taken) -> Figure:
    """A measure as it is reported."""
    step = taken.step
    return Figure(
        step.measure.aggregate, taken.least, taken.greatest, taken.of_least, taken.of_greatest,
        step.op, taken.bound, step.text,
    )  # fmt: skip


def _exceeds(op: str, number: Any, bound: Any) -> bool:
    if number is None or bound is None:
        return False
    return bool(number >= bound if op == "less than" else number > bound)


def _answer(site: Site, index: int) -> str:
    value = site.values[index]
    if site.sort == "record":
        return "yes" if value else "no"
    return "none of these" if isinstance(value, Fresh) else str(value)
